//! The words of what people fill in, as a workbook has them in either language.

use std::sync::LazyLock;

use inspector_report_model::TriageField;

use crate::{Lang, Localizer};

/// The keys of the texts of states.
pub const TRIAGE_STATES: [&str; 4] =
    ["triage-state-todo", "triage-state-doing", "triage-state-accepted", "triage-state-done"];

/// The words that workbooks of earlier versions have, and lists that people keep themselves.
const OTHER_HEADINGS: [(&str, TriageField); 4] = [
    ("対応者", TriageField::Assigned),
    ("主担当者", TriageField::Assigned),
    ("対応期限", TriageField::Due),
    ("予定日", TriageField::Due),
];
const OTHER_STATES: [(&str, &str); 2] = [("対応しない", TRIAGE_STATES[2]), ("対応済", TRIAGE_STATES[3])];

/// The column to fill in that has this heading, in any language and case. Where a sheet has the headings of this version
/// ([`triage_field_now`]), those of others are none: 対応期限 is what is computed there.
pub fn triage_field(heading: &str) -> Option<TriageField> {
    let other = || OTHER_HEADINGS.iter().find(|(known, _)| *known == heading.trim()).map(|(_, field)| *field);
    triage_field_now(heading).or_else(other)
}

/// The same, by the headings of this version alone.
pub fn triage_field_now(heading: &str) -> Option<TriageField> {
    static HEADINGS: LazyLock<Vec<(String, TriageField)>> = LazyLock::new(|| {
        let of = |texts: &Localizer| TriageField::ALL.map(|field| (texts.get(field.key()).to_lowercase(), field));
        Lang::ALL.map(Localizer::shared).into_iter().flat_map(of).collect()
    });
    let heading = heading.trim().to_lowercase();
    HEADINGS.iter().find(|(known, _)| *known == heading).map(|(_, field)| *field)
}

/// The key of a state of the list, in whichever language it is.
pub fn triage_state(text: &str) -> Option<&'static str> {
    static STATES: LazyLock<Vec<(String, &'static str)>> = LazyLock::new(|| {
        let of = |texts: &Localizer| TRIAGE_STATES.map(|key| (texts.get(key), key));
        Lang::ALL.map(Localizer::shared).into_iter().flat_map(of).collect()
    });
    let other = || OTHER_STATES.iter().find(|(known, _)| *known == text).map(|(_, key)| *key);
    STATES.iter().find(|(known, _)| known == text).map(|(_, key)| *key).or_else(other)
}

//! The words of what people fill in, as a workbook has them in either language.

use std::sync::LazyLock;

use inspector_report_model::TriageField;

use crate::{Lang, Localizer};

/// The keys of the texts of states.
pub const TRIAGE_STATES: [&str; 4] =
    ["triage-state-todo", "triage-state-doing", "triage-state-accepted", "triage-state-done"];

/// The column to fill in that has this heading, in any language and case.
pub fn triage_field(heading: &str) -> Option<TriageField> {
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
    STATES.iter().find(|(known, _)| known == text).map(|(_, key)| *key)
}

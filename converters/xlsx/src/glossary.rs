//! The sheet that says what the words of the others mean.

use inspector_report_analysis::{Priorities, Priority};
use inspector_report_localizer::{Args, Localizer};
use inspector_report_model::{
    Column, View,
    value::{FindingType, Severity, Status},
};
use rust_xlsxwriter::{Workbook, Worksheet, XlsxError};

use crate::{cell::Cuts, columns::Columns, format::Formats, table::Sheet};

/// Writes the sheet: severities, statuses, finding types, the figures of the lists, and the columns of this report.
pub(crate) fn write(
    workbook: &mut Workbook,
    report: &View,
    texts: &Localizer,
    formats: &Formats,
    cuts: &mut Cuts,
) -> Result<Worksheet, XlsxError> {
    let mut lines: Vec<[String; 3]> = Vec::new();
    let mut line = |kind: &str, term: String, meaning: String| lines.push([texts.get(kind), term, meaning]);
    let meaning = |key: Option<&str>| key.map(|key| texts.get(&format!("{key}.meaning"))).unwrap_or_default();
    for severity in Severity::KNOWN {
        line("column-severity", texts.severity(*severity), meaning(severity.key()));
    }
    let policy = Priorities::of(report).policy();
    for priority in Priority::ALL {
        let days = policy
            .days(priority)
            .map(|days| texts.format("priority-days", &Args::new().text("days", &texts.number(u64::from(days)))));
        let meaning = texts.get(&format!("{}.meaning", priority.key()));
        let meaning = [Some(meaning), days].into_iter().flatten().collect::<Vec<_>>().join(&texts.get("between"));
        line("priority", policy.label(priority, texts), meaning);
    }
    for rule in policy.rules_in_words(texts) {
        let said = Args::new().text("condition", &rule.condition).text("source", &rule.source);
        let term =
            texts.format("xlsx-rule", &Args::new().count("number", u64::from(rule.number)).text("label", &rule.label));
        line("xlsx-term-rule", term, texts.format("xlsx-rule-text", &said));
    }
    for note in policy.notes_in_words(texts) {
        line("xlsx-term-rule", String::new(), note);
    }
    for status in Status::KNOWN {
        line("column-status", texts.status(*status), meaning(status.key()));
    }
    for finding_type in FindingType::KNOWN {
        line("column-finding-type", texts.finding_type(*finding_type), meaning(finding_type.key()));
    }
    for key in [
        "reasons",
        "figure-due",
        "figure-overdue",
        "figure-open",
        "figure-exploit",
        "figure-fix",
        "figure-action",
        "xlsx-owner",
        "figure-oldest",
    ] {
        line("xlsx-term-figure", texts.get(key), texts.get(&format!("{key}.meaning")));
    }
    let known = Column::ALL.iter().copied().filter(|column| report.has_column(*column));
    for column in known {
        line("xlsx-term-column", texts.column(column), texts.column_meaning(column));
    }
    let columns = Columns::<[String; 3]>::new(texts)
        .wrapped("xlsx-term-kind", 22.0, |line| line[0].clone())
        .wrapped("xlsx-term", 34.0, |line| line[1].clone())
        .wrapped("xlsx-meaning", 110.0, |line| line[2].clone());
    let sheet = Sheet { name: texts.get("xlsx-glossary"), frozen: 2, texts, formats, cuts };
    columns.write_on(Worksheet::new(), workbook, sheet, "Glossary", lines.into_iter())
}

//! What every reader asks of headings: how many are Inspector's, and whether those are there that a report needs.

use inspector_report_core::{Column, Header};

use super::error::ReadErrorKind;

/// How many headings of Inspector's a row must have to be the one with the headings.
pub(super) const FEWEST: usize = 2;

/// How many of Inspector's columns these headings are; one that stands twice counts once.
pub(super) fn known<T: AsRef<str>>(headings: impl IntoIterator<Item = T>) -> usize {
    let mut columns: Vec<Column> = Vec::new();
    for column in headings.into_iter().filter_map(|heading| Column::from_heading(heading.as_ref())) {
        if !columns.contains(&column) {
            columns.push(column);
        }
    }
    columns.len()
}

/// Whether the columns are there without which there is nothing to report: how bad, what and where. `line` is that of
/// the headings, from 1.
pub(super) fn check(header: &Header, line: u64) -> Result<(), ReadErrorKind> {
    let has = |column| header.columns().iter().any(|c| c.column == Some(column));
    let mut missing = Vec::new();
    missing.extend((!has(Column::Severity)).then_some(Column::Severity.name()));
    missing.extend((!has(Column::ResourceId)).then_some(Column::ResourceId.name()));
    missing.extend((!has(Column::Title) && !has(Column::VulnerabilityId)).then_some(Column::VulnerabilityId.name()));
    if missing.is_empty() { Ok(()) } else { Err(ReadErrorKind::MissingColumns { line, missing }) }
}

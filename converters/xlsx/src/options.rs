//! What can be set about workbooks: which sheets, which columns in sight, columns to fill in.

use inspector_report_format::{Setting, Settings};
use inspector_report_localizer::DerivedColumn;
use inspector_report_model::{Column, ReportColumn, View};

use crate::layout::Slot;

const SHEETS: &str = "sheets";
const COLUMNS: &str = "columns";
const TRIAGE: &str = "triage";
const SORT: &str = "sort";

/// The settings of workbooks.
pub(crate) const SETTINGS: [Setting; 4] = [
    Setting::value(
        SHEETS,
        "LIST",
        |list| parse_sheets(list).map(drop),
        "Sheets of workbooks: summary, actions, owners, vulnerabilities, resources, critical, high, medium, low, \
         informational, untriaged, other, accepted, changes, problems, glossary; `severities` for all of these severities \
         [default: all]",
    ),
    Setting::value(
        COLUMNS,
        "LIST",
        |list| parse_columns(list).map(drop),
        "Columns of findings in workbooks that are in sight, in their order; the others follow in a closed group. \
         @FILE reads the names from a file",
    ),
    Setting::value(
        SORT,
        "ORDER",
        |order| parse_sort(order).map(drop),
        "Order of findings on the sheets of workbooks: priority (then due date, EPSS, score, resource), or input, as the \
         report has them [default: priority]",
    ),
    Setting::switch(
        TRIAGE,
        "Add columns to fill in to workbooks: assigned to, due date, state (a drop-down list), notes. With --previous, \
         what the earlier workbook has in them comes over",
    ),
];

/// The sheets, as they are named on the command line. Those of severities are at [`SEVERITIES`], by rank.
const NAMES: [&str; 16] = [
    "summary",
    "actions",
    "owners",
    "vulnerabilities",
    "resources",
    "critical",
    "high",
    "medium",
    "low",
    "informational",
    "untriaged",
    "other",
    "accepted",
    "changes",
    "problems",
    "glossary",
];

const SEVERITIES: std::ops::Range<usize> = 5..12;

const ALL_SEVERITIES: &str = "severities";

fn is_sheet(name: &str) -> bool {
    NAMES.iter().chain([&ALL_SEVERITIES]).any(|known| known.eq_ignore_ascii_case(name))
}

fn parse_sheets(list: &str) -> Result<Vec<String>, String> {
    match list.split(',').map(str::trim).find(|name| !is_sheet(name)) {
        Some(name) => Err(format!("no sheet {name:?}; there are severities, {}", NAMES.join(", "))),
        None => Ok(names(list).map(str::to_owned).collect()),
    }
}

/// The order of findings on a sheet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Sort {
    /// What to act on first before the rest.
    #[default]
    Priority,
    /// That of the report.
    Input,
}

fn parse_sort(order: &str) -> Result<Sort, String> {
    match order {
        "priority" => Ok(Sort::Priority),
        "input" => Ok(Sort::Input),
        _ => Err("must be priority or input".to_owned()),
    }
}

fn parse_columns(list: &str) -> Result<Vec<String>, String> {
    let columns: Vec<String> = names(list).map(str::to_owned).collect();
    if columns.is_empty() { Err("no column is named".to_owned()) } else { Ok(columns) }
}

/// The names in a list that is separated by commas or line ends.
fn names(list: &str) -> impl Iterator<Item = &str> {
    list.split([',', '\n']).map(str::trim).filter(|name| !name.is_empty())
}

/// The settings of workbooks, parsed.
#[derive(Debug, Default)]
pub(crate) struct Options {
    /// Sheets by their name on the command line; empty for all.
    sheets: Vec<String>,
    /// Columns by their headings; empty for those that people read first.
    columns: Vec<String>,
    /// The order of findings.
    pub(crate) sort: Sort,
    /// Whether there are columns to fill in.
    pub(crate) triage: bool,
}

impl Options {
    pub(crate) fn new(settings: &Settings) -> Result<Options, String> {
        Ok(Options {
            sheets: settings.parse(SHEETS, parse_sheets)?.unwrap_or_default(),
            columns: settings.parse(COLUMNS, parse_columns)?.unwrap_or_default(),
            sort: settings.parse(SORT, parse_sort)?.unwrap_or_default(),
            triage: settings.is_on(TRIAGE),
        })
    }

    /// Whether a sheet is wanted.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.sheets.is_empty() || self.sheets.iter().any(|sheet| sheet.eq_ignore_ascii_case(name))
    }

    /// Whether the sheet of a severity is wanted, by rank.
    pub(crate) fn has_severity(&self, rank: usize) -> bool {
        self.has(ALL_SEVERITIES) || NAMES[SEVERITIES].get(rank).is_some_and(|name| self.has(name))
    }

    /// The columns that are to be in sight, if that was said.
    pub(crate) fn columns(&self, columns: &[ReportColumn]) -> Option<Vec<Slot>> {
        let mut slots = Vec::new();
        for slot in self.columns.iter().filter_map(|name| find(columns, name)) {
            if !slots.contains(&slot) {
                slots.push(slot);
            }
        }
        (!slots.is_empty()).then_some(slots)
    }

    /// What was asked for and is not there.
    pub(crate) fn note(&self, report: &View) -> Option<String> {
        let missing: Vec<&str> =
            self.columns.iter().map(String::as_str).filter(|name| find(report.columns(), name).is_none()).collect();
        (!missing.is_empty()).then(|| format!("--columns: the report has no {}", missing.join(", ")))
    }
}

/// A column, by its heading, by any name of one of Inspector's, or by the heading of one that is computed.
fn find(columns: &[ReportColumn], name: &str) -> Option<Slot> {
    let known = Column::from_heading(name);
    let as_written = |column: &ReportColumn| column.heading.trim().to_lowercase() == name.to_lowercase();
    let place = columns.iter().position(|column| known.is_some() && column.column == known || as_written(column));
    place.map(Slot::Input).or_else(|| DerivedColumn::from_heading(name).map(Slot::Derived))
}

#[cfg(test)]
mod tests {
    use inspector_report_model::Report;

    use super::*;

    fn check(name: &str, value: &str) -> Result<(), String> {
        (SETTINGS.iter().find(|setting| setting.name == name).unwrap().check)(value)
    }

    #[test]
    fn sheets_are_known_by_name() {
        assert_eq!(check(SHEETS, "summary, Severities,GLOSSARY"), Ok(()));
        assert!(check(SHEETS, "summary,history").unwrap_err().contains("\"history\""));
        assert!(check(COLUMNS, " ,\n").is_err());
        let mut settings = Settings::default();
        settings.set(SHEETS, "severities,Actions");
        let options = Options::new(&settings).unwrap();
        assert!(options.has("actions") && !options.has("summary"));
        assert!((0..7).all(|rank| options.has_severity(rank)));
        settings.set(SHEETS, "high");
        let options = Options::new(&settings).unwrap();
        assert_eq!((0..7).filter(|rank| options.has_severity(*rank)).collect::<Vec<_>>(), [1]);
    }

    #[test]
    fn columns_are_found_by_any_name_of_theirs() {
        let report = View::of(Report::from_rows("made", &["Severity", "Ticket", "AWS Account Id"], [["HIGH", "", ""]]));
        let mut settings = Settings::default();
        settings.set(COLUMNS, "ticket\nAWSアカウントID,awsAccountId,CVE,ticket,対応優先度");
        let options = Options::new(&settings).unwrap();
        let expected = vec![Slot::Input(1), Slot::Input(2), Slot::Derived(DerivedColumn::Priority)];
        assert_eq!(options.columns(report.columns()), Some(expected));
        assert!(options.note(&report).unwrap().contains("CVE"));
    }
}

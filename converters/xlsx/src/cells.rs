//! What the cells of the large sheets hold: for each column the distinct values, found once, and numbered strings.

use std::{
    borrow::Cow,
    collections::{HashMap, hash_map::Entry},
};

use inspector_report_analysis::Triage;
use inspector_report_localizer::{DerivedColumn, Localizer};
use inspector_report_model::{Column, Finding, Kind, TriageField, View, jiff::tz::TimeZone, value};
use rayon::prelude::*;

use crate::{
    cell::fit,
    derived::{self, Derived},
    layout::{Order, Slot},
    link,
    serial::serial,
    triage::Filled,
};

/// Digits that a number of Excel keeps (Microsoft, "Excel specifications and limits").
const MOST_DIGITS: usize = 15;

/// What a cell holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Value {
    Blank,
    Number(f64),
    /// A text that many cells have.
    Shared(Shared),
}

/// A text of a column, by its numbers there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Shared {
    /// The place in `strings`.
    pub(crate) string: u32,
    /// The place in `pages`, if the text leads to a page.
    pub(crate) page: Option<u32>,
    pub(crate) is_formula: bool,
    pub(crate) is_cut: bool,
}

/// A column of the large sheets.
pub(crate) struct ColumnCells<'a> {
    /// Its place in the report; none of what is filled in.
    place: Option<usize>,
    /// Its place on the sheets, from 0.
    pub(crate) at: u16,
    pub(crate) heading: Cow<'a, str>,
    column: Option<Column>,
    /// Whether its numbers are days.
    has_days: bool,
    /// How long the texts of what was filled in are, by their place in `values`.
    lengths: Vec<usize>,
    /// Of each finding, the place of its value in `values`. `None` if the values are not shared.
    keys: Option<Cow<'a, [u32]>>,
    zone: &'a TimeZone,
    values: Vec<Value>,
    /// The distinct texts, in the order in which the sheets have them.
    pub(crate) strings: Vec<Cow<'a, str>>,
    /// The number that the first of them has in the workbook.
    pub(crate) first_string: u32,
    pub(crate) pages: Vec<Cow<'a, str>>,
    /// Whether a text of it did not fit.
    pub(crate) has_cuts: bool,
}

/// The value of one cell.
pub(crate) enum CellValue<'a> {
    Value(Value),
    /// A text that only this finding has.
    Own(Cow<'a, str>),
}

impl<'a> ColumnCells<'a> {
    fn new(report: &'a View, zone: &'a TimeZone, at: u16, place: usize, rows: &[&[u32]]) -> ColumnCells<'a> {
        let column = &report.columns()[place];
        let mut cells = ColumnCells {
            place: Some(place),
            at,
            heading: Cow::Borrowed(&*column.heading),
            column: column.column,
            has_days: false,
            lengths: Vec::new(),
            keys: report.shared_cells(place),
            zone,
            values: Vec::new(),
            strings: Vec::new(),
            first_string: 0,
            pages: Vec::new(),
            has_cuts: false,
        };
        let findings = rows.iter().flat_map(|rows| *rows).filter_map(|row| report.finding(*row as usize));
        match report.shared_cells(place) {
            Some(keys) => cells.fill(&keys, findings),
            None => {
                let too_long = |finding: Finding<'_>| match cells.own(finding) {
                    CellValue::Own(text) => fit(&text).1,
                    CellValue::Value(_) => false,
                };
                cells.has_cuts = findings.into_iter().any(too_long);
            }
        }
        cells
    }

    /// What was filled in.
    fn filled(
        report: &'a View,
        texts: &'a Localizer,
        at: u16,
        field: TriageField,
        triage: &Triage,
        rows: &[&[u32]],
    ) -> ColumnCells<'a> {
        let mut cells = ColumnCells {
            place: None,
            at,
            heading: Cow::Owned(texts.get(field.key())),
            column: None,
            has_days: field == TriageField::Due,
            // The first value is that of what is blank.
            lengths: vec![0],
            keys: None,
            zone: texts.zone().0,
            values: vec![Value::Blank],
            strings: Vec::new(),
            first_string: 0,
            pages: Vec::new(),
            has_cuts: false,
        };
        let mut keys = vec![0; report.len()];
        let mut strings = HashMap::new();
        for row in rows.iter().flat_map(|rows| *rows) {
            let row = *row as usize;
            let value = match Filled::new(triage.finding(row), field, texts) {
                Filled::Blank => continue,
                Filled::Day(day) => {
                    cells.lengths.push(0);
                    Value::Number(day)
                }
                Filled::Text(text) => {
                    let (value, length) = cells.text(&text, &mut strings);
                    cells.lengths.push(length);
                    value
                }
            };
            if let Some(key) = keys.get_mut(row) {
                *key = cells.values.len() as u32;
            }
            cells.values.push(value);
        }
        cells.keys = Some(Cow::Owned(keys));
        cells
    }

    /// What is computed.
    fn derived(
        report: &'a View,
        texts: &'a Localizer,
        at: u16,
        column: DerivedColumn,
        rows: &[&[u32]],
    ) -> ColumnCells<'a> {
        let (keys, values) = derived::values(column, report, texts, rows);
        let mut cells = ColumnCells {
            place: None,
            at,
            heading: Cow::Owned(texts.get(column.key())),
            column: None,
            has_days: column == DerivedColumn::Due,
            lengths: Vec::new(),
            keys: Some(Cow::Owned(keys)),
            zone: texts.zone().0,
            values: Vec::new(),
            strings: Vec::new(),
            first_string: 0,
            pages: Vec::new(),
            has_cuts: false,
        };
        let mut strings = HashMap::new();
        for value in values {
            let (value, length) = match value {
                Derived::Blank => (Value::Blank, 0),
                Derived::Number(number) => (Value::Number(number), 0),
                Derived::Text(text) => cells.text(&text, &mut strings),
            };
            cells.values.push(value);
            cells.lengths.push(length);
        }
        cells
    }

    /// A text that is not of the report, and how long it is.
    fn text(&mut self, text: &str, strings: &mut HashMap<Cow<'a, str>, u32>) -> (Value, usize) {
        let (fitting, is_cut) = fit(text);
        self.has_cuts |= is_cut;
        let is_formula = value::starts_like_a_formula(&fitting);
        let string = number(Cow::Owned(fitting.into_owned()), strings, &mut self.strings);
        (Value::Shared(Shared { string, page: None, is_formula, is_cut }), text.chars().count())
    }

    fn fill(&mut self, keys: &[u32], findings: impl Iterator<Item = Finding<'a>>) {
        let mut strings: HashMap<Cow<'a, str>, u32> = HashMap::new();
        let mut pages: HashMap<Cow<'a, str>, u32> = HashMap::new();
        let mut seen = Vec::new();
        for finding in findings {
            let key = keys.get(finding.row()).copied().unwrap_or(0) as usize;
            if seen.len() <= key {
                seen.resize(key + 1, false);
                self.values.resize(key + 1, Value::Blank);
            }
            if !std::mem::replace(&mut seen[key], true) {
                self.values[key] = self.value(finding, &mut strings, &mut pages);
            }
        }
    }

    fn value(
        &mut self,
        finding: Finding<'a>,
        strings: &mut HashMap<Cow<'a, str>, u32>,
        pages: &mut HashMap<Cow<'a, str>, u32>,
    ) -> Value {
        let text = match self.own(finding) {
            CellValue::Value(value) => return value,
            CellValue::Own(text) => text,
        };
        let page = match self.column {
            Some(Column::VulnerabilityId) => finding.vulnerability().and_then(|vulnerability| vulnerability.page()),
            Some(Column::VendorAdvisory) => Some(text.clone()),
            _ => None,
        };
        let page = page.filter(|page| link::is_web(page)).map(|page| number(page, pages, &mut self.pages));
        let (fitting, is_cut) = match fit(&text) {
            (Cow::Owned(cut), is_cut) => (Cow::Owned(cut), is_cut),
            (Cow::Borrowed(_), is_cut) => (text, is_cut),
        };
        self.has_cuts |= is_cut;
        let is_formula = value::starts_like_a_formula(&fitting);
        Value::Shared(Shared { string: number(fitting, strings, &mut self.strings), page, is_formula, is_cut })
    }

    fn kind(&self) -> Kind {
        self.column.map_or(Kind::Text, Column::kind)
    }

    /// Whether it says how severe findings are.
    pub(crate) fn is_severity(&self) -> bool {
        self.column == Some(Column::Severity)
    }

    /// Whether its numbers are days.
    pub(crate) fn has_days(&self) -> bool {
        self.has_days
    }

    /// The characters of the text of a finding, before it was cut.
    pub(crate) fn length(&self, finding: Finding<'_>) -> usize {
        match (self.place, &self.keys) {
            (Some(place), _) => finding.cell(place).chars().count(),
            (None, Some(keys)) => {
                let key = keys.get(finding.row()).copied().unwrap_or(0);
                self.lengths.get(key as usize).copied().unwrap_or(0)
            }
            (None, None) => 0,
        }
    }

    /// Whether its numbers are times.
    pub(crate) fn has_times(&self) -> bool {
        self.kind() == Kind::Timestamp
    }

    /// The cell of a finding.
    pub(crate) fn get<'r>(&self, finding: Finding<'r>) -> CellValue<'r> {
        let Some(keys) = &self.keys else { return self.own(finding) };
        let key = keys.get(finding.row()).copied().unwrap_or(0);
        CellValue::Value(self.values.get(key as usize).copied().unwrap_or(Value::Blank))
    }

    /// The cell of a finding, of its own.
    fn own<'r>(&self, finding: Finding<'r>) -> CellValue<'r> {
        if self.has_times()
            && let Some(time) = self.column.and_then(|column| finding.timestamp(column))
            && let Some(serial) = serial(time, self.zone)
        {
            return CellValue::Value(Value::Number(serial));
        }
        // It goes with First Seen, which in a comparison is that of both reports.
        if self.column == Some(Column::AgeDays)
            && finding.first_seen() != finding.first_observed_at()
            && let Some(days) = finding.age_days()
        {
            return CellValue::Value(Value::Number(days));
        }
        let text = self.place.map_or(Cow::Borrowed(""), |place| finding.cell(place));
        if text.is_empty() {
            return CellValue::Value(Value::Blank);
        }
        match exact_number(&text).filter(|_| self.kind() == Kind::Number) {
            Some(number) => CellValue::Value(Value::Number(number)),
            None => CellValue::Own(text),
        }
    }
}

/// The columns of the large sheets, with what their cells hold.
pub(crate) struct Cells<'a> {
    pub(crate) columns: Vec<ColumnCells<'a>>,
    /// How many strings they have.
    pub(crate) strings: u32,
}

impl<'a> Cells<'a> {
    /// Of the findings of some sheets, in the order of the sheets.
    pub(crate) fn new(
        report: &'a View,
        order: &Order,
        texts: &'a Localizer,
        triage: Option<&Triage>,
        rows: &[&[u32]],
    ) -> Cells<'a> {
        let slots: Vec<(u16, Slot)> = (0..).zip(order.slots.iter().copied()).collect();
        let column = |(at, slot)| match (slot, triage) {
            (Slot::Input(place), _) => Some(ColumnCells::new(report, texts.zone().0, at, place, rows)),
            (Slot::Derived(column), _) => Some(ColumnCells::derived(report, texts, at, column, rows)),
            (Slot::Triage(field), Some(triage)) => Some(ColumnCells::filled(report, texts, at, field, triage, rows)),
            (Slot::Triage(_), None) => None,
        };
        let mut columns: Vec<ColumnCells<'a>> = slots.into_par_iter().filter_map(column).collect();
        let mut strings = 0;
        for column in &mut columns {
            column.first_string = strings;
            strings += column.strings.len() as u32;
        }
        Cells { columns, strings }
    }

    /// The string with this number.
    pub(crate) fn string(&self, number: u32) -> &str {
        let column = self.columns.partition_point(|column| column.first_string <= number);
        let column = column.checked_sub(1).and_then(|place| self.columns.get(place));
        let text = column.and_then(|column| column.strings.get((number - column.first_string) as usize));
        text.map_or("", Cow::as_ref)
    }
}

/// The number of a text among those that came before it.
fn number<'a>(text: Cow<'a, str>, numbers: &mut HashMap<Cow<'a, str>, u32>, all: &mut Vec<Cow<'a, str>>) -> u32 {
    match numbers.entry(text) {
        Entry::Occupied(entry) => *entry.get(),
        Entry::Vacant(entry) => {
            all.push(entry.key().clone());
            *entry.insert(all.len() as u32 - 1)
        }
    }
}

/// A number that Excel keeps to the last digit.
fn exact_number(text: &str) -> Option<f64> {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    if digits > MOST_DIGITS { None } else { value::number(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_a_number_only_if_no_digit_is_lost() {
        assert_eq!(
            [exact_number("7.5"), exact_number("0.00042"), exact_number("120")],
            [Some(7.5), Some(0.00042), Some(120.0)]
        );
        assert_eq!([exact_number("1234567890123456"), exact_number("n/a"), exact_number("1e400")], [None; 3]);
    }
}

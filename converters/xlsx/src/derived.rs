//! Columns of what is computed of a finding: how urgent it is, where, whose, until when.

use std::collections::HashMap;

use inspector_report_analysis::Priorities;
use inspector_report_localizer::{DerivedColumn, Localizer};
use inspector_report_model::{Finding, View, jiff::tz::TimeZone};

use crate::serial::serial;

/// The width of a column, in characters.
pub(crate) fn width(column: DerivedColumn) -> f64 {
    match column {
        DerivedColumn::Priority => 12.0,
        DerivedColumn::Resource => 28.0,
        DerivedColumn::Owner => 16.0,
        DerivedColumn::Due => 12.0,
        DerivedColumn::Overdue => 11.0,
        DerivedColumn::Reasons => 30.0,
        DerivedColumn::Row => 11.0,
    }
}

/// What a cell holds.
pub(crate) enum Derived {
    Blank,
    /// A number, or a day as Excel counts days.
    Number(f64),
    Text(String),
}

/// What the cells of a column hold: of each finding the place of its value. Findings that are alike in what the column tells
/// share one.
pub(crate) fn values(
    column: DerivedColumn,
    report: &View,
    texts: &Localizer,
    rows: &[&[u32]],
) -> (Vec<u32>, Vec<Derived>) {
    let priorities = Priorities::of(report);
    let mut keys = vec![0; report.len()];
    let mut values = vec![Derived::Blank];
    let mut known: HashMap<Alike, u32> = HashMap::new();
    for row in rows.iter().flat_map(|rows| *rows) {
        let Some(finding) = report.finding(*row as usize) else { continue };
        let Some(alike) = Alike::new(column, finding, priorities) else { continue };
        let key = *known.entry(alike).or_insert_with(|| {
            values.push(value(column, finding, priorities, texts));
            values.len() as u32 - 1
        });
        if let Some(of_row) = keys.get_mut(*row as usize) {
            *of_row = key;
        }
    }
    (keys, values)
}

/// Findings that are equal here have the same value.
#[derive(PartialEq, Eq, Hash)]
enum Alike {
    Number(u64),
    Reasons(inspector_report_analysis::priority::Reasons, usize, u64),
}

impl Alike {
    /// Nothing where there is no value.
    fn new(column: DerivedColumn, finding: Finding<'_>, priorities: &Priorities) -> Option<Alike> {
        let number = |number: usize| Some(Alike::Number(number as u64));
        match column {
            DerivedColumn::Priority => number(priorities.priority(finding)?.rank()),
            DerivedColumn::Resource | DerivedColumn::Owner => number(finding.resource().index() as usize),
            DerivedColumn::Due => {
                let date = priorities.due(finding)?.date;
                let day = i64::from(date.year()) * 372 + i64::from(date.month()) * 31 + i64::from(date.day());
                Some(Alike::Number(day as u64))
            }
            DerivedColumn::Overdue => {
                let due = priorities.due(finding).filter(|due| due.is_overdue())?;
                Some(Alike::Number(due.overdue_days as u64))
            }
            DerivedColumn::Reasons => {
                let epss = priorities.epss(finding).map_or(0, f64::to_bits);
                Some(Alike::Reasons(priorities.decision(finding)?.reasons, finding.severity().rank(), epss))
            }
            DerivedColumn::Row => number(finding.row_in_report()),
        }
    }
}

fn value(column: DerivedColumn, finding: Finding<'_>, priorities: &Priorities, texts: &Localizer) -> Derived {
    let text = |text: &str| if text.is_empty() { Derived::Blank } else { Derived::Text(text.to_owned()) };
    match column {
        DerivedColumn::Priority => match priorities.priority(finding) {
            Some(priority) => Derived::Text(priorities.policy().label(priority, texts)),
            None => Derived::Blank,
        },
        DerivedColumn::Resource => text(&finding.resource().name()),
        DerivedColumn::Owner => text(priorities.owner(finding)),
        DerivedColumn::Due => {
            let day = priorities.due(finding).and_then(|due| TimeZone::UTC.to_timestamp(due.date.into()).ok());
            day.and_then(|day| serial(day, &TimeZone::UTC)).map_or(Derived::Blank, Derived::Number)
        }
        DerivedColumn::Overdue => {
            let due = priorities.due(finding).filter(|due| due.is_overdue());
            due.map_or(Derived::Blank, |due| Derived::Number(f64::from(due.overdue_days)))
        }
        DerivedColumn::Reasons => text(&priorities.reasons(finding, texts).join(&texts.get("reason-separator"))),
        DerivedColumn::Row => Derived::Number(finding.row_in_report() as f64 + 1.0),
    }
}

//! Columns for people to fill in: who does it, until when, how far it is.

use std::borrow::Cow;

use inspector_report_analysis::{Triage, triage_shown};
use inspector_report_localizer::{Localizer, TRIAGE_STATES};
use inspector_report_model::{TriageEntry, TriageField, View, jiff::tz::TimeZone};
use rust_xlsxwriter::{DataValidation, Worksheet, XlsxError};

use crate::serial::serial;

/// Days as Excel counts them, from 1954 to 2119: a number instead of a day is a day whose format was changed.
const DAYS: std::ops::Range<f64> = 20_000.0..80_000.0;

/// How much of what people filled in does not come over into a new workbook.
pub(crate) fn notes(view: &View) -> Vec<String> {
    let triage = Triage::of(view);
    let filtered = if view.filtered_out() > 0 { ", or that a filter leaves out" } else { "" };
    let left = match triage.left() {
        0 => None,
        1 => Some(format!("1 filled-in row belongs to a finding or action that is not in this report{filtered}")),
        left => {
            Some(format!("{left} filled-in rows belong to findings or actions that are not in this report{filtered}"))
        }
    };
    let joined = Some(triage.joined()).filter(|joined| *joined > 0).map(|joined| {
        format!(
            "{joined} filled-in rows of actions are joined with others of the same action: all names and notes, the \
             earliest date, and the state that is least finished"
        )
    });
    left.into_iter().chain(joined).collect()
}

/// The width of a column, in characters.
pub(crate) fn width(field: TriageField) -> f64 {
    match field {
        TriageField::Assigned => 20.0,
        TriageField::Due => 13.0,
        TriageField::State => 15.0,
        TriageField::Notes => 40.0,
    }
}

/// Makes the cells of a column ready to be filled in: rows 1 to `last_row` of a sheet.
pub(crate) fn prepare(
    field: TriageField,
    sheet: &mut Worksheet,
    column: u16,
    last_row: u32,
    texts: &Localizer,
) -> Result<(), XlsxError> {
    if field == TriageField::State {
        let options = DataValidation::new().allow_list_strings(&TRIAGE_STATES.map(|state| texts.get(state)))?;
        sheet.add_data_validation(1, column, last_row.max(1), column, &options)?;
    }
    Ok(())
}

/// What a cell is filled with.
pub(crate) enum Filled<'a> {
    Blank,
    /// As Excel counts days.
    Day(f64),
    Text(Cow<'a, str>),
}

impl<'a> Filled<'a> {
    /// With what was filled in before.
    pub(crate) fn new(entry: Option<&'a TriageEntry>, field: TriageField, texts: &Localizer) -> Filled<'a> {
        let Some(entry) = entry.filter(|entry| !entry.get(field).is_empty()) else { return Filled::Blank };
        let day = || {
            let number = entry.get(field).parse().ok().filter(|number| DAYS.contains(number));
            number.or_else(|| serial(TimeZone::UTC.to_timestamp(entry.due()?).ok()?, &TimeZone::UTC))
        };
        match if field == TriageField::Due { day() } else { None } {
            Some(day) => Filled::Day(day),
            None => Filled::Text(triage_shown(entry, field, texts)),
        }
    }
}

//! Columns for people to fill in: who does it, until when, how far it is.

use inspector_report_core::Texts;
use rust_xlsxwriter::{DataValidation, Worksheet, XlsxError};

/// A column for people to fill in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Triage {
    Owner,
    DueDate,
    State,
    Notes,
}

impl Triage {
    pub(crate) const ALL: [Triage; 4] = [Triage::Owner, Triage::DueDate, Triage::State, Triage::Notes];

    /// The key of its heading, and its width in characters.
    pub(crate) fn heading(self) -> (&'static str, f64) {
        match self {
            Triage::Owner => ("xlsx-triage-owner", 20.0),
            Triage::DueDate => ("xlsx-triage-due", 13.0),
            Triage::State => ("xlsx-triage-state", 15.0),
            Triage::Notes => ("xlsx-triage-notes", 40.0),
        }
    }

    /// Makes the cells of a column ready to be filled in: rows 1 to `last_row` of a sheet.
    pub(crate) fn prepare(
        self,
        sheet: &mut Worksheet,
        column: u16,
        last_row: u32,
        texts: &Texts,
    ) -> Result<(), XlsxError> {
        if self == Triage::State {
            let states = ["todo", "doing", "accepted", "done"].map(|state| texts.get(&format!("xlsx-state-{state}")));
            let choice = DataValidation::new().allow_list_strings(&states)?;
            sheet.add_data_validation(1, column, last_row.max(1), column, &choice)?;
        }
        Ok(())
    }
}

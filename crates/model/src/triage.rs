//! What people fill in beside findings and actions: who does it, until when, how far it is, notes.

use jiff::civil::DateTime;

/// A column to fill in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TriageField {
    /// Who does it.
    Assigned,
    /// Until when.
    Due,
    /// How far it is: mostly one of a list.
    State,
    /// Whatever else is to be said.
    Notes,
}

impl TriageField {
    /// All of them, in the order of the columns.
    pub const ALL: [TriageField; 4] = [TriageField::Assigned, TriageField::Due, TriageField::State, TriageField::Notes];

    /// The key of its heading.
    pub const fn key(self) -> &'static str {
        match self {
            TriageField::Assigned => "triage-owner",
            TriageField::Due => "triage-due",
            TriageField::State => "triage-state",
            TriageField::Notes => "triage-notes",
        }
    }
}

/// What was filled in of one finding or action.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TriageEntry([String; 4]);

impl TriageEntry {
    /// Of the texts of the cells, in the order of [`TriageField::ALL`].
    pub fn new(cells: [String; 4]) -> TriageEntry {
        TriageEntry(cells.map(|cell| cell.trim().to_owned()))
    }

    /// Whether nothing was filled in.
    pub fn is_blank(&self) -> bool {
        self.0.iter().all(String::is_empty)
    }

    /// What was filled in, as it was written.
    pub fn get(&self, field: TriageField) -> &str {
        self.0.get(field as usize).map_or("", String::as_str)
    }

    /// The day and time until when, if that is one.
    pub fn due(&self) -> Option<DateTime> {
        self.get(TriageField::Due).replace('/', "-").parse().ok()
    }

    /// The same, with what `earlier` has where nothing was filled in.
    #[must_use]
    pub fn or(mut self, earlier: &TriageEntry) -> TriageEntry {
        for (cell, before) in self.0.iter_mut().zip(&earlier.0).filter(|(cell, _)| cell.is_empty()) {
            cell.clone_from(before);
        }
        self
    }
}

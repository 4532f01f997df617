//! A findings report in memory, as it was read.

use std::{
    borrow::Cow,
    sync::{Arc, OnceLock},
};

use jiff::Timestamp;

use crate::{
    Finding, InputCoverage, Problem, ReportColumn, Resource, TriageEntry, Vulnerability,
    column::{Column, Export},
    header::Cells,
    repeated::Repeated,
    store::{Store, at},
};

/// A findings report: vulnerabilities, resources and packages, and the findings that refer to them.
///
/// A report is read once and does not change. A [`View`](crate::View) adds triage, an earlier report and filters.
///
/// A report keeps every cell of its input as it was written ([`Finding::cell`]), and gives the same facts typed
/// ([`Finding::severity`], [`Vulnerability::epss`], ...). What many findings share is kept once; a finding itself takes
/// about a hundred bytes.
#[derive(Clone, Debug, Default)]
pub struct Report {
    pub(crate) source: Arc<str>,
    pub(crate) columns: Vec<ReportColumn>,
    pub(crate) store: Store,
    pub(crate) problems: Vec<Problem>,
    pub(crate) rows_read: u64,
    pub(crate) notes: Vec<String>,
    /// Found on first use.
    pub(crate) data_date: OnceLock<Option<Timestamp>>,
    /// The rows behind those that count, in the input's order.
    pub(crate) repeated_rows: Vec<Repeated>,
    pub(crate) coverage: Vec<InputCoverage>,
    /// What was filled in beside the actions of a workbook, by their words there.
    pub(crate) action_triage: Vec<(String, TriageEntry)>,
}

impl Report {
    /// The name of the input, as it stands in messages.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The name of the input without its folder: what an output may tell, which people hand on.
    pub fn file_name(&self) -> &str {
        self.source.rsplit(['/', '\\']).next().unwrap_or(&self.source)
    }

    /// The columns, in the input's order.
    pub fn columns(&self) -> &[ReportColumn] {
        &self.columns
    }

    /// Whether the input has this column.
    pub fn has_column(&self, column: Column) -> bool {
        self.columns.iter().any(|c| c.column == Some(column))
    }

    /// How many findings there are.
    pub fn len(&self) -> usize {
        self.store.len() - self.repeated_rows.len()
    }

    /// Whether there are no findings.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The findings, in the input's order, as the input alone tells of them: nobody has accepted any.
    pub fn findings(&self) -> impl ExactSizeIterator<Item = Finding<'_>> + DoubleEndedIterator + Clone {
        (0..self.len()).map(|row| Finding::read(self, row))
    }

    /// The finding at this place, counted from 0.
    pub fn finding(&self, row: usize) -> Option<Finding<'_>> {
        (row < self.len()).then(|| Finding::read(self, row))
    }

    /// Every distinct set of facts about a vulnerability, by [`Vulnerability::index`].
    ///
    /// Network and code findings, which have no vulnerability id, have an entry too. One id can have several entries,
    /// when the input says different things of it (another vendor on another platform, say).
    pub fn vulnerabilities(&self) -> impl ExactSizeIterator<Item = Vulnerability<'_>> {
        (0..self.store.vulnerabilities.len() as u32).map(|index| Vulnerability { report: self, index })
    }

    /// Every distinct set of facts about a resource, by [`Resource::index`]; see [`vulnerabilities`](Report::vulnerabilities).
    pub fn resources(&self) -> impl ExactSizeIterator<Item = Resource<'_>> {
        (0..self.store.resources.len() as u32).map(|index| Resource { report: self, index })
    }

    /// What could not be read as it should, in the input's order.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// How many rows the input had: findings, rows that [repeat](Report::repeated) a finding, and rows lost to problems.
    pub fn rows_read(&self) -> u64 {
        self.rows_read
    }

    /// How many rows could not be read, as far as that is known; each is in a problem.
    pub fn rows_lost(&self) -> u64 {
        self.problems.iter().filter(|problem| problem.code.loses_row()).map(|problem| problem.count).sum()
    }

    /// How the input was read, where that was not plain to see: an encoding that was found out, say. Each a sentence in
    /// English for the terminal.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// What was filled in beside the actions of a workbook, by their words there, which are of the workbook's language.
    pub fn action_triage(&self) -> &[(String, TriageEntry)] {
        &self.action_triage
    }

    /// The report with another of its [notes](Report::notes).
    pub fn with_note(mut self, note: String) -> Report {
        self.notes.push(note);
        self
    }

    /// The report with what was filled in beside actions, for a reader that has met it.
    pub fn with_action_triage(mut self, entries: Vec<(String, TriageEntry)>) -> Report {
        self.action_triage = entries;
        self
    }

    /// The report with a problem that was met outside of its rows.
    pub fn with_problem(mut self, problem: Problem) -> Report {
        self.lose(&problem);
        let place = self.problems.partition_point(|other| other.line <= problem.line);
        self.problems.insert(place, problem);
        self
    }

    /// The report with its problems changed by `locate`, for a reader that knows more precisely where they are.
    pub fn with_problems_located(mut self, locate: impl FnMut(&mut Problem)) -> Report {
        self.problems.iter_mut().for_each(locate);
        self
    }

    /// The report without the columns that no finding has anything in. Inspector's own export keeps its columns.
    pub fn without_blank_columns(mut self) -> Report {
        let columns = std::mem::take(&mut self.columns);
        let is_blank = |column: &ReportColumn| match column.cells {
            Cells::Inspector(known) => known.export() == Export::Api && self.store.is_blank(known),
            Cells::Other(place) => self.store.extras.is_blank(place),
            Cells::AccountAsWritten | Cells::Accepted => false,
        };
        self.columns = columns.into_iter().filter(|column| !is_blank(column)).collect();
        self
    }

    /// A report of some of the findings alone, by their places, as if the input had no others.
    pub fn rows(&self, rows: &[u32]) -> Report {
        let (all, repeated_rows) = self.with_repeated(rows);
        let mut part = Report {
            source: self.source.clone(),
            columns: self.columns.clone(),
            store: self.store.part(&all),
            problems: self.problems.clone(),
            rows_read: all.len() as u64 + self.rows_lost(),
            notes: self.notes.clone(),
            data_date: OnceLock::new(),
            repeated_rows,
            coverage: self.coverage.clone(),
            action_triage: self.action_triage.clone(),
        };
        let places = part.cover().places;
        part.coverage.iter_mut().for_each(|input| input.places.retain(|place| places.contains(place)));
        part
    }

    /// The bytes of memory that findings and texts take, without what the allocator adds.
    pub fn memory(&self) -> usize {
        self.store.memory()
    }

    /// The cell of a row, in a column that the input has or that reading has added.
    pub(crate) fn cell(&self, row: usize, column: &ReportColumn) -> Cow<'_, str> {
        match column.cells {
            Cells::Inspector(known) => self.store.known(row, known),
            Cells::Other(place) => Cow::Borrowed(self.store.extras.cell(at(&self.store.extra, row), place)),
            Cells::AccountAsWritten => Cow::Borrowed(self.store.account_as_written(at(&self.store.resource, row))),
            Cells::Accepted => Cow::Borrowed(""),
        }
    }
}

//! A findings report in memory, and how it is built.

use std::{
    borrow::Cow,
    collections::HashSet,
    ops::Range,
    sync::{Arc, OnceLock},
};

use jiff::Timestamp;

use crate::{
    Acceptance, Comparison, Figures, Finding, InputCoverage, Problem, ProblemCode, Resource, Scope, TriageEntry,
    Vulnerability,
    accept::Accepted,
    account,
    column::{Column, Kind, Part},
    data_date,
    figures::SEVERITIES,
    intern::{Interner, Tuples},
    packed::{Packed, PackedArn},
    repeated::Repeated,
    timestamp::{self, DateOrders},
    value,
};

/// A column of a report: its heading as the input has it, and which of Inspector's columns it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportColumn {
    /// The heading, as written.
    pub heading: Arc<str>,
    /// Inspector's column, unless the heading is none of Inspector's (or the second of its name).
    pub column: Option<Column>,
    /// For a column that is not Inspector's: its place among those, from 0, or [`ACCEPTED`] or [`ACCOUNT_AS_WRITTEN`].
    extra: usize,
}

impl ReportColumn {
    /// Whether the input has the column; the others say what became of its cells.
    pub(crate) fn is_written(&self) -> bool {
        self.column.is_some() || self.extra < ACCOUNT_AS_WRITTEN
    }
}

/// Marks a column that the input does not have: it says what is accepted.
const ACCEPTED: usize = usize::MAX;

/// Marks a column that the input does not have: it has the account ids that were repaired, as they were written.
const ACCOUNT_AS_WRITTEN: usize = usize::MAX - 1;

/// A findings report: vulnerabilities, resources and packages, and the findings that refer to them.
///
/// A report keeps every cell of its input as it was written ([`Finding::cell`]), and gives the same facts typed
/// ([`Finding::severity`], [`Vulnerability::epss`], ...). What many findings share is kept once; a finding itself takes
/// about a hundred bytes.
#[derive(Clone, Debug, Default)]
pub struct Report {
    pub(crate) source: Arc<str>,
    pub(crate) columns: Vec<ReportColumn>,
    pub(crate) store: Store,
    problems: Vec<Problem>,
    rows_read: u64,
    filtered_out: u64,
    open_left_out: [u64; SEVERITIES],
    is_part: bool,
    filters: Vec<String>,
    notes: Vec<String>,
    pub(crate) figures: OnceLock<Figures>,
    pub(crate) data_date: OnceLock<Option<Timestamp>>,
    comparison: Option<Box<Comparison>>,
    pub(crate) accepted: Accepted,
    /// The rows behind those that count, in the input's order.
    pub(crate) repeated_rows: Vec<Repeated>,
    pub(crate) repeated: u64,
    pub(crate) coverage: Vec<InputCoverage>,
    /// What was filled in beside the actions of a workbook, by their words there.
    action_triage: Vec<(String, TriageEntry)>,
}

/// Where cells are kept. One vector for each thing that a finding has, all of the same length.
#[derive(Clone, Debug, Default)]
pub(crate) struct Store {
    pub(crate) vulnerabilities: Tuples,
    pub(crate) resources: Tuples,
    pub(crate) packages: Tuples,
    pub(crate) assessments: Tuples,
    /// The cells of columns that are not Inspector's.
    pub(crate) extras: Tuples,
    /// Texts of cells in `arns` and `own`.
    pub(crate) texts: Interner,

    pub(crate) vulnerability: Vec<u32>,
    pub(crate) resource: Vec<u32>,
    pub(crate) package: Vec<u32>,
    pub(crate) assessment: Vec<u32>,
    pub(crate) extra: Vec<u32>,
    pub(crate) arns: Vec<PackedArn>,
    /// One vector for each column of [`Part::Own`], empty when the report lacks the column.
    pub(crate) own: Vec<Vec<Packed>>,
}

impl Report {
    /// A report of rows that are in memory already. A row with too few fields reads as if the rest were blank; in
    /// problems, bytes and lines count rows as if each took one line of one byte behind a header.
    ///
    /// ```
    /// # use inspector_report_model::{Report, value::Severity};
    /// let report = Report::from_rows("made", &["Severity", "Owner"], [["HIGH", "web team"]]);
    /// let finding = report.finding(0).unwrap();
    /// assert_eq!((finding.severity(), finding.cell(1).as_ref()), (Severity::High, "web team"));
    /// ```
    pub fn from_rows<'a, R: AsRef<[&'a str]>>(
        source: &str,
        headings: &[&str],
        rows: impl IntoIterator<Item = R>,
    ) -> Report {
        let mut builder = ReportBuilder::new(Arc::new(Header::new(headings.iter().copied())));
        for (row, cells) in rows.into_iter().enumerate() {
            builder.push(row as u64 + 1, |place| cells.as_ref().get(place).copied().unwrap_or(""));
        }
        let locate = |rows: &[Range<u64>]| {
            let location =
                |row: &Range<u64>| Location { byte: row.start, line: row.start + 1, last_line: row.start + 1 };
            Ok::<_, std::convert::Infallible>(rows.iter().map(location).collect())
        };
        match builder.finish(source.into(), locate) {
            Ok(report) => report,
            Err(never) => match never {},
        }
    }

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
        self.store.assessment.len() - self.repeated_rows.len()
    }

    /// Whether there are no findings.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The findings, in the input's order.
    pub fn findings(&self) -> impl ExactSizeIterator<Item = Finding<'_>> + DoubleEndedIterator + Clone {
        (0..self.len()).map(|row| Finding { report: self, row })
    }

    /// The finding at this place, counted from 0.
    pub fn finding(&self, row: usize) -> Option<Finding<'_>> {
        (row < self.len()).then_some(Finding { report: self, row })
    }

    /// Every distinct set of facts about a vulnerability, by [`Vulnerability::index`].
    ///
    /// Network and code findings, which have no vulnerability id, have an entry too. One id can have several entries,
    /// when the input says different things of it (another vendor on another platform, say). After
    /// [`retain`](Report::retain) there can be entries that no finding refers to.
    pub fn vulnerabilities(&self) -> impl ExactSizeIterator<Item = Vulnerability<'_>> {
        (0..self.store.vulnerabilities.len() as u32).map(|index| Vulnerability { report: self, index })
    }

    /// Every distinct set of facts about a resource, by [`Resource::index`]; see [`vulnerabilities`](Report::vulnerabilities).
    pub fn resources(&self) -> impl ExactSizeIterator<Item = Resource<'_>> {
        (0..self.store.resources.len() as u32).map(|index| Resource { report: self, index })
    }

    /// Of the finding at a place and another one the place of that which comes first in the order of [`Finding::compare`].
    pub(crate) fn first_of(&self, row: usize, finding: Finding<'_>) -> usize {
        match self.finding(row) {
            Some(known) if known.row() != finding.row() && finding.compare(known).is_lt() => finding.row(),
            _ => row,
        }
    }

    /// For a column whose cells many findings share: of each finding, the number of its cell, by the finding's place.
    /// Findings with the same number have the same cell there. `None` for a column that differs in nearly every row (the
    /// ARN, times), and for a place where there is no column.
    pub fn shared_cells(&self, column: usize) -> Option<&[u32]> {
        let store = &self.store;
        let column = self.columns.get(column)?;
        let numbers = match column.column.map(Column::part) {
            Some(Part::Vulnerability) => &store.vulnerability,
            Some(Part::Resource) => &store.resource,
            Some(Part::Packages) => &store.package,
            Some(Part::Assessment) => &store.assessment,
            Some(Part::Arn | Part::Own) => return None,
            None if column.extra == ACCEPTED => &self.accepted.of,
            None if column.extra == ACCOUNT_AS_WRITTEN => &store.resource,
            None => &store.extra,
        };
        numbers.get(..self.len())
    }

    /// What could not be read as it should, in the input's order.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// How many rows the input had: findings, filtered-out findings, rows that [repeat](Report::repeated) a finding, and
    /// rows lost to problems.
    pub fn rows_read(&self) -> u64 {
        self.rows_read
    }

    /// How many findings [`retain`](Report::retain) removed.
    pub fn filtered_out(&self) -> u64 {
        self.filtered_out
    }

    /// How many rows could not be read, as far as that is known; each is in a problem.
    pub fn rows_lost(&self) -> u64 {
        self.problems.iter().filter(|problem| problem.code.loses_row()).map(|problem| problem.count).sum()
    }

    /// Marks findings that someone has decided to live with: `which` gives the place of the acceptance for each, if any.
    /// They are not open any more, and a column `Accepted` says why. What is not open needs no acceptance and gets none.
    /// Comparisons come after it.
    pub fn accept(&mut self, all: Vec<Acceptance>, which: impl Fn(Finding<'_>) -> Option<usize> + Sync) {
        let number = |finding: Finding<'_>| match finding.status().is_open() {
            true => which(finding).map_or(0, |place| place as u32 + 1),
            false => 0,
        };
        let of: Vec<u32> = self.findings().map(number).collect();
        if of.iter().all(|number| *number == 0) {
            return;
        }
        self.set_accepted(all, of);
    }

    /// Marks findings as accepted: `of` has for each 0, or the place of its acceptance counted from 1.
    pub(crate) fn set_accepted(&mut self, all: Vec<Acceptance>, of: Vec<u32>) {
        self.accepted = Accepted::new(all, of);
        self.figures = OnceLock::new();
        self.columns.retain(|column| column.extra != ACCEPTED || column.column.is_some());
        self.columns.push(ReportColumn { heading: "Accepted".into(), column: None, extra: ACCEPTED });
    }

    /// How many open findings [`retain`](Report::retain) removed, by rank of severity: they are not absent.
    pub fn open_left_out(&self) -> &[u64; SEVERITIES] {
        &self.open_left_out
    }

    /// What figures of the report are of.
    pub fn scope(&self) -> Scope {
        match (self.is_part, self.filters.len() > usize::from(self.is_part)) {
            (_, true) => Scope::Filtered,
            (true, false) => Scope::Part,
            (false, false) => Scope::All,
        }
    }

    /// The filters that were applied, as the person who set them would write them.
    pub fn filters(&self) -> &[String] {
        &self.filters
    }

    /// How the input was read, where that was not plain to see: an encoding that was found out, say. Each a sentence in
    /// English for the terminal.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// Adds to [`notes`](Report::notes).
    pub fn add_note(&mut self, note: String) {
        self.notes.push(note);
    }

    /// What was filled in beside the actions of a workbook, by their words there, which are of the workbook's language.
    pub fn action_triage(&self) -> &[(String, TriageEntry)] {
        &self.action_triage
    }

    /// Remembers what was filled in beside actions, for a reader that has met it.
    pub fn set_action_triage(&mut self, entries: Vec<(String, TriageEntry)>) {
        self.action_triage = entries;
    }

    /// Adds a problem that was met before the input was read as rows.
    pub fn add_problem(&mut self, problem: Problem) {
        self.lose(&problem);
        let place = self.problems.partition_point(|other| other.line <= problem.line);
        self.problems.insert(place, problem);
    }

    /// The problems, for a reader that knows more precisely where they are.
    pub fn problems_mut(&mut self) -> &mut [Problem] {
        &mut self.problems
    }

    /// Takes columns off the list that no finding has anything in. Inspector's own export keeps its columns.
    pub fn hide_blank_columns(&mut self) {
        let columns = std::mem::take(&mut self.columns);
        let is_blank = |column: &ReportColumn| match column.column {
            Some(known) => !known.is_in_csv() && self.store.is_blank(known),
            None => column.extra < ACCOUNT_AS_WRITTEN && self.store.extras.is_blank(column.extra),
        };
        self.columns = columns.into_iter().filter(|column| !is_blank(column)).collect();
    }

    /// The date of the data: the newest time at which a finding of the input was last seen or updated, whatever filters
    /// left of it; up to then ages are counted. A time that is years ahead of all others is passed over.
    pub fn data_date(&self) -> Option<Timestamp> {
        *self.data_date.get_or_init(|| data_date::find(self).date)
    }

    /// The counts that every summary shows. Computed on first use.
    pub fn figures(&self) -> &Figures {
        self.figures.get_or_init(|| Figures::compute(self))
    }

    /// Compares with an earlier report: from now on outputs tell what became of its findings. Filters come after it: what
    /// they leave out is in both reports all the same.
    pub fn compare_with(&mut self, earlier: Report) {
        self.comparison = Some(Box::new(Comparison::new(self, earlier)));
        // First Seen is that of both reports from now on.
        self.figures = OnceLock::new();
    }

    /// What became of the findings of an earlier report, if there is one.
    pub fn comparison(&self) -> Option<&Comparison> {
        self.comparison.as_deref()
    }

    /// Keeps the findings for which `keep` holds, and remembers the filters for the outputs to state.
    pub fn retain(&mut self, filters: Vec<String>, keep: impl Fn(Finding<'_>) -> bool) {
        let kept: Vec<bool> = self.findings().map(&keep).collect();
        let before = self.len();
        let mut left_out = self.open_left_out;
        let data_date = self.data_date();
        let comparison = self.comparison.take();
        let rows: Vec<u32> = (0..).zip(&kept).filter(|(_, kept)| **kept).map(|(row, _)| row).collect();
        for (finding, _) in self.findings().zip(&kept).filter(|(finding, kept)| !**kept && finding.is_open()) {
            left_out[finding.severity().rank()] += 1;
        }
        self.open_left_out = left_out;
        let (all, repeated) = self.with_repeated(&rows);
        self.store.reorder(&all);
        self.repeated_rows = repeated;
        retain(&mut self.accepted.of, &kept);
        self.filtered_out += (before - self.len()) as u64;
        self.filters.extend(filters);
        self.figures = OnceLock::new();
        self.data_date = OnceLock::from(data_date);
        self.comparison = comparison.map(|comparison| Box::new(comparison.part(self, &rows, keep)));
    }

    /// A report of some of the rows alone, as if the input had no others.
    pub fn rows(&self, rows: &[u32]) -> Report {
        let mut part = self.part(String::new(), rows, |_| true);
        part.filters = self.filters.clone();
        part.is_part = self.is_part;
        part.filtered_out = 0;
        part.repeated = part.repeated_rows.len() as u64;
        let places = part.cover().places;
        part.coverage.iter_mut().for_each(|input| input.places.retain(|place| places.contains(place)));
        part.rows_read = part.store.assessment.len() as u64 + part.rows_lost();
        part.data_date = OnceLock::new();
        part
    }

    /// A report of some of the findings, by their places in this one; `filter` says which, for the outputs to state.
    /// The problems of the input are those of every part of it. `keep` says which findings of an earlier report would be
    /// in this part.
    pub fn part(&self, filter: String, rows: &[u32], keep: impl Fn(Finding<'_>) -> bool) -> Report {
        let left_out = (self.len() - rows.len()) as u64;
        let (all, repeated_rows) = self.with_repeated(rows);
        let mut part = Report {
            source: self.source.clone(),
            columns: self.columns.clone(),
            store: self.store.part(&all),
            problems: self.problems.clone(),
            rows_read: self.rows_read,
            filtered_out: self.filtered_out + left_out,
            open_left_out: self.open_left_out,
            is_part: true,
            filters: [self.filters.as_slice(), &[filter]].concat(),
            notes: self.notes.clone(),
            figures: OnceLock::new(),
            data_date: OnceLock::from(self.data_date()),
            comparison: None,
            accepted: Accepted { of: pick(&self.accepted.of, rows), ..self.accepted.clone() },
            repeated_rows,
            repeated: self.repeated,
            coverage: self.coverage.clone(),
            action_triage: self.action_triage.clone(),
        };
        part.comparison = self.comparison.as_ref().map(|comparison| Box::new(comparison.part(&part, rows, keep)));
        part
    }

    /// Fills in the ages that the input does not tell.
    fn compute_ages(&mut self) {
        let Some(date) = self.data_date() else { return };
        let Store { own, texts, .. } = &mut self.store;
        let first_seen = own.get(Column::FirstSeen.slot()).cloned().unwrap_or_default();
        let Some(ages) = own.get_mut(Column::AgeDays.slot()) else { return };
        for (cell, first_seen) in ages.iter_mut().zip(first_seen) {
            let since = data_date::known_since(first_seen.timestamp(texts), Some(date));
            if let (true, Some(since)) = (*cell == Packed::default(), since) {
                let days = (date.duration_since(since).as_secs() / 86_400).max(0);
                *cell = Packed::new(&days.to_string(), texts);
            }
        }
    }

    /// The bytes of memory that findings and texts take, without what the allocator adds.
    pub fn memory(&self) -> usize {
        self.store.memory()
    }

    pub(crate) fn cell(&self, row: usize, column: usize) -> Cow<'_, str> {
        match self.columns.get(column) {
            Some(ReportColumn { column: Some(known), .. }) => self.store.known(row, *known),
            Some(ReportColumn { extra: ACCEPTED, .. }) => Cow::Borrowed(self.accepted.line(row)),
            Some(ReportColumn { extra: ACCOUNT_AS_WRITTEN, .. }) => {
                Cow::Borrowed(self.store.account_as_written(at(&self.store.resource, row)))
            }
            Some(ReportColumn { extra, .. }) => {
                Cow::Borrowed(self.store.extras.cell(at(&self.store.extra, row), *extra))
            }
            None => Cow::Borrowed(""),
        }
    }
}

/// The number at a row; 0 past the end.
pub(crate) fn at(numbers: &[u32], row: usize) -> u32 {
    numbers.get(row).copied().unwrap_or(0)
}

impl Store {
    /// The cell of one of Inspector's columns.
    pub(crate) fn known(&self, row: usize, column: Column) -> Cow<'_, str> {
        match column.part() {
            Part::Arn => self.arns.get(row).map_or(Cow::Borrowed(""), |arn| arn.text(&self.texts)),
            Part::Own => self.own(row, column).text(&self.texts),
            _ => Cow::Borrowed(self.shared(row, column)),
        }
    }

    /// The cell of a column that findings share; empty for the columns of the ARN and of times.
    pub(crate) fn shared(&self, row: usize, column: Column) -> &str {
        let (tuples, ids) = match column.part() {
            Part::Vulnerability => (&self.vulnerabilities, &self.vulnerability),
            Part::Resource => (&self.resources, &self.resource),
            Part::Packages => (&self.packages, &self.package),
            Part::Assessment => (&self.assessments, &self.assessment),
            Part::Arn | Part::Own => return "",
        };
        tuples.cell(at(ids, row), column.slot())
    }

    /// The cell of a column of [`Part::Own`].
    pub(crate) fn own(&self, row: usize, column: Column) -> Packed {
        self.own.get(column.slot()).and_then(|cells| cells.get(row)).copied().unwrap_or_default()
    }

    /// Whether no finding has anything in one of Inspector's columns.
    fn is_blank(&self, column: Column) -> bool {
        let slot = column.slot();
        match column.part() {
            Part::Vulnerability => self.vulnerabilities.is_blank(slot),
            Part::Resource => self.resources.is_blank(slot),
            Part::Packages => self.packages.is_blank(slot),
            Part::Assessment => self.assessments.is_blank(slot),
            Part::Arn => self.arns.is_empty(),
            Part::Own => self.own.get(slot).is_none_or(|cells| cells.iter().all(|cell| *cell == Packed::default())),
        }
    }

    /// Puts the findings in this order; those that are not named go.
    pub(crate) fn reorder(&mut self, rows: &[u32]) {
        for numbers in
            [&mut self.vulnerability, &mut self.resource, &mut self.package, &mut self.assessment, &mut self.extra]
        {
            *numbers = pick(numbers, rows);
        }
        self.arns = pick(&self.arns, rows);
        self.own.iter_mut().for_each(|cells| *cells = pick(cells, rows));
    }

    /// The cell of the account of a resource as it was written, where that was repaired.
    pub(crate) fn account_as_written(&self, resource: u32) -> &str {
        self.resources.cell(resource, Part::Resource.columns().count())
    }

    /// A store with some of the findings. What findings share comes along whole, under its numbers.
    fn part(&self, rows: &[u32]) -> Store {
        Store {
            vulnerabilities: self.vulnerabilities.clone(),
            resources: self.resources.clone(),
            packages: self.packages.clone(),
            assessments: self.assessments.clone(),
            extras: self.extras.clone(),
            texts: self.texts.clone(),
            vulnerability: pick(&self.vulnerability, rows),
            resource: pick(&self.resource, rows),
            package: pick(&self.package, rows),
            assessment: pick(&self.assessment, rows),
            extra: pick(&self.extra, rows),
            arns: pick(&self.arns, rows),
            own: self.own.iter().map(|cells| pick(cells, rows)).collect(),
        }
    }

    /// Takes in the findings of another store behind its own; gives the new numbers of the other's tuples.
    fn append(&mut self, other: &Store) -> Renumbered {
        let new = Renumbered {
            vulnerabilities: self.vulnerabilities.append(&other.vulnerabilities),
            resources: self.resources.append(&other.resources),
            packages: self.packages.append(&other.packages),
            assessments: self.assessments.append(&other.assessments),
        };
        let extras = self.extras.append(&other.extras);
        let texts = self.texts.append(&other.texts);
        for (numbers, others, map) in [
            (&mut self.vulnerability, &other.vulnerability, &new.vulnerabilities),
            (&mut self.resource, &other.resource, &new.resources),
            (&mut self.package, &other.package, &new.packages),
            (&mut self.assessment, &other.assessment, &new.assessments),
            (&mut self.extra, &other.extra, &extras),
        ] {
            numbers.extend(others.iter().map(|id| renumber(map, *id).0));
        }
        self.arns.extend(other.arns.iter().map(|arn| arn.renumbered(|id| renumber(&texts, id).0)));
        for (cells, others) in self.own.iter_mut().zip(&other.own) {
            cells.extend(others.iter().map(|cell| match cell.text_id() {
                Some(id) => Packed::with_text_id(renumber(&texts, id).0),
                None => *cell,
            }));
        }
        new
    }

    fn freeze(&mut self) {
        for tuples in [
            &mut self.vulnerabilities,
            &mut self.resources,
            &mut self.packages,
            &mut self.assessments,
            &mut self.extras,
        ] {
            tuples.freeze();
        }
        self.texts.freeze();
        for numbers in
            [&mut self.vulnerability, &mut self.resource, &mut self.package, &mut self.assessment, &mut self.extra]
        {
            numbers.shrink_to_fit();
        }
        self.arns.shrink_to_fit();
        self.own.iter_mut().for_each(Vec::shrink_to_fit);
    }

    fn memory(&self) -> usize {
        let tuples = [&self.vulnerabilities, &self.resources, &self.packages, &self.assessments, &self.extras]
            .map(Tuples::memory);
        let numbers =
            [&self.vulnerability, &self.resource, &self.package, &self.assessment, &self.extra].map(Vec::capacity);
        tuples.iter().sum::<usize>()
            + self.texts.memory()
            + numbers.iter().sum::<usize>() * size_of::<u32>()
            + self.arns.capacity() * size_of::<PackedArn>()
            + self.own.iter().map(Vec::capacity).sum::<usize>() * size_of::<Packed>()
    }
}

struct Renumbered {
    vulnerabilities: Vec<(u32, bool)>,
    resources: Vec<(u32, bool)>,
    packages: Vec<(u32, bool)>,
    assessments: Vec<(u32, bool)>,
}

fn renumber(map: &[(u32, bool)], id: u32) -> (u32, bool) {
    map.get(id as usize).copied().unwrap_or((id, false))
}

/// The values at these places; of a column that is not there, none.
pub(crate) fn pick<T: Copy>(values: &[T], rows: &[u32]) -> Vec<T> {
    rows.iter().filter_map(|row| values.get(*row as usize)).copied().collect()
}

fn retain<T>(values: &mut Vec<T>, kept: &[bool]) {
    let mut kept = kept.iter();
    values.retain(|_| kept.next().copied().unwrap_or(false));
}

/// The header of an input, understood: which column goes where. Shared by all builders of one report.
#[derive(Debug)]
pub struct Header {
    columns: Vec<ReportColumn>,
    parts: [Vec<Option<usize>>; 4],
    extras: Vec<usize>,
    arn: Option<usize>,
    own: Vec<Option<usize>>,
    account: Option<usize>,
    resource_id: Option<usize>,
}

/// The parts that are kept as tuples, in the order of [`Header::parts`].
const TUPLE_PARTS: [Part; 4] = [Part::Vulnerability, Part::Resource, Part::Packages, Part::Assessment];

/// The place of resources among them.
const RESOURCE: usize = 1;

/// The heading of the column with the account ids that were repaired, as they were written.
const ACCOUNT_AS_WRITTEN_HEADING: &str = "AWS Account Id as Written";

impl Header {
    /// Understands the headings of an input. Of two columns with the same heading the first is Inspector's.
    pub fn new<'a>(headings: impl IntoIterator<Item = &'a str>) -> Header {
        let mut columns: Vec<ReportColumn> = Vec::new();
        let mut extras = Vec::new();
        let mut known = HashSet::new();
        for (place, heading) in headings.into_iter().enumerate() {
            let column = Column::from_heading(heading).filter(|found| known.insert(*found));
            columns.push(ReportColumn { heading: heading.into(), column, extra: extras.len() });
            if column.is_none() {
                extras.push(place);
            }
        }
        let place = |column: Column| columns.iter().position(|c| c.column == Some(column));
        let places = |part: Part| part.columns().map(place).collect::<Vec<_>>();
        // Columns behind the last one that is there need no blank cell in every tuple.
        let present = |part: Part| {
            let mut places = places(part);
            places.truncate(places.iter().rposition(Option::is_some).map_or(0, |last| last + 1));
            places
        };
        Header {
            parts: TUPLE_PARTS.map(present),
            own: places(Part::Own),
            arn: place(Column::FindingArn),
            account: place(Column::AwsAccountId),
            resource_id: place(Column::ResourceId),
            extras,
            columns,
        }
    }

    /// How many fields a row must have.
    pub fn len(&self) -> usize {
        self.columns.len()
    }

    /// Whether there are no columns.
    pub fn is_empty(&self) -> bool {
        self.columns.is_empty()
    }

    /// The columns, in the input's order.
    pub fn columns(&self) -> &[ReportColumn] {
        &self.columns
    }
}

/// Builds a report, or a part of one, row by row.
///
/// Parts of an input can be built at the same time on several threads and put together in order with
/// [`append`](ReportBuilder::append): the result is the same, to the number of each tuple, as one builder gives.
#[derive(Debug)]
pub struct ReportBuilder {
    header: Arc<Header>,
    store: Store,
    rows_read: u64,
    lost_rows: Vec<LostRow>,
    cell_problems: Vec<CellProblem>,
    suspects: Vec<Suspect>,
    /// Where each row begins.
    starts: Vec<u64>,
    computes_ages: bool,
    foreign: ForeignForms,
}

/// What cells that could not be read tell of the country that a spreadsheet saved them for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ForeignForms {
    /// Dates whose order the column must tell, for each column and separator.
    pub dates: Vec<ForeignDates>,
    /// The places of columns of numbers that have decimal commas.
    pub commas: Vec<usize>,
}

/// Dates of one column, without a year of four digits in front, that have one separator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ForeignDates {
    /// The place of the column.
    pub place: usize,
    /// What stands between their numbers.
    pub separator: char,
    /// The orders in which all of them are dates.
    pub orders: DateOrders,
}

impl ForeignForms {
    /// Takes in a cell that is not what its column should hold.
    fn see(&mut self, code: ProblemCode, place: usize, text: &str) {
        match code {
            ProblemCode::NotATime | ProblemCode::AmbiguousTime => {
                let Some(date) = timestamp::NumericDate::new(text) else { return };
                self.see_dates(ForeignDates { place, separator: date.separator, orders: date.orders() });
            }
            ProblemCode::NotANumber => {
                let is_new = !self.commas.contains(&place) && value::with_decimal_point(text).is_some();
                self.commas.extend(is_new.then_some(place));
            }
            _ => {}
        }
    }

    fn see_dates(&mut self, dates: ForeignDates) {
        let key = |dates: &ForeignDates| (dates.place, dates.separator);
        match self.dates.binary_search_by_key(&key(&dates), key) {
            Ok(at) => self.dates[at].orders = self.dates[at].orders.and(dates.orders),
            Err(at) => self.dates.insert(at, dates),
        }
    }

    fn append(&mut self, other: ForeignForms) {
        other.dates.into_iter().for_each(|dates| self.see_dates(dates));
        self.commas.extend(other.commas);
        self.commas.sort_unstable();
        self.commas.dedup();
    }
}

/// Where a row of an input is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Location {
    /// Its first byte, from 0.
    pub byte: u64,
    /// The line of that byte, from 1, as an editor counts.
    pub line: u64,
    /// The line of the row's last byte.
    pub last_line: u64,
}

/// Rows that are not in the report.
#[derive(Debug)]
struct LostRow {
    code: ProblemCode,
    bytes: Range<u64>,
    count: u64,
    message: String,
}

/// The same problem in cells of one column, by the first of them; without a column, in rows that are no findings.
#[derive(Debug)]
struct CellProblem {
    code: ProblemCode,
    place: Option<usize>,
    byte: u64,
    count: u64,
    example: String,
}

/// A tuple with a cell that is not what its column should hold. How many findings have it is counted at the end.
#[derive(Debug)]
struct Suspect {
    part: usize,
    id: u32,
    code: ProblemCode,
    place: usize,
    byte: u64,
}

impl ReportBuilder {
    /// A builder without rows.
    pub fn new(header: Arc<Header>) -> ReportBuilder {
        let store = Store { own: header.own.iter().map(|_| Vec::new()).collect(), ..Store::default() };
        ReportBuilder {
            header,
            store,
            rows_read: 0,
            lost_rows: Vec::new(),
            cell_problems: Vec::new(),
            suspects: Vec::new(),
            starts: Vec::new(),
            computes_ages: false,
            foreign: ForeignForms::default(),
        }
    }

    /// What cells that could not be read tell of their form.
    pub fn foreign_forms(&self) -> &ForeignForms {
        &self.foreign
    }

    /// Adds a row. `cell` gives the text of a field by its place, from 0; `byte` is where the row begins in the input.
    pub fn push<'a>(&mut self, byte: u64, cell: impl Fn(usize) -> &'a str) {
        self.rows_read += 1;
        self.starts.push(byte);
        let header = Arc::clone(&self.header);
        let get = |place: &Option<usize>| place.map_or("", &cell);
        let account = get(&header.account);
        let repaired = match account::is_account(account) {
            true => None,
            false => account::repair(account, [get(&header.arn), get(&header.resource_id)]),
        };
        let store = &mut self.store;
        let tuples = [&mut store.vulnerabilities, &mut store.resources, &mut store.packages, &mut store.assessments];
        let numbers = [&mut store.vulnerability, &mut store.resource, &mut store.package, &mut store.assessment];
        for (part, (tuples, numbers)) in tuples.into_iter().zip(numbers).enumerate() {
            let cells = header.parts[part].iter().map(get);
            let (id, new) = match &repaired {
                Some(repaired) if part == RESOURCE => tuples.intern(with_account(cells, repaired, account)),
                _ => tuples.intern(cells),
            };
            numbers.push(id);
            if new {
                let known = self.suspects.len();
                inspect(&header, part, id, byte, &cell, repaired.is_some(), &mut self.suspects);
                for suspect in self.suspects.get(known..).unwrap_or_default() {
                    self.foreign.see(suspect.code, suspect.place, cell(suspect.place));
                }
            }
        }
        if !header.extras.is_empty() {
            store.extra.push(store.extras.intern(header.extras.iter().map(|place| cell(*place))).0);
        }
        if header.arn.is_some() {
            // Blanks around it make no other finding of it.
            let text = get(&header.arn).trim();
            let arn = PackedArn::new(text, &mut store.texts);
            store.arns.push(arn);
            if arn.has_run_together(text) {
                let code = ProblemCode::NotAnArn;
                let problem = CellProblem { code, place: header.arn, byte, count: 1, example: text.into() };
                note(&mut self.cell_problems, problem);
            }
        }
        for (column, (place, cells)) in Part::Own.columns().zip(header.own.iter().zip(&mut store.own)) {
            let Some(place) = *place else { continue };
            let text = cell(place);
            let packed = Packed::new(text, &mut store.texts);
            cells.push(packed);
            let wrong = if packed.is(column.kind()) { None } else { wrong(column, text, packed, &store.texts) };
            if let Some(code) = wrong {
                self.foreign.see(code, place, text);
                let problem = CellProblem { code, place: Some(place), byte, count: 1, example: text.into() };
                note(&mut self.cell_problems, problem);
            }
        }
    }

    /// Says that the row in these bytes of the input could not be read.
    pub fn push_lost_row(&mut self, code: ProblemCode, bytes: Range<u64>, message: String) {
        self.push_lost_rows(code, bytes, 1, message);
    }

    /// Says that as many rows in these bytes of the input could not be read.
    pub fn push_lost_rows(&mut self, code: ProblemCode, bytes: Range<u64>, count: u64, message: String) {
        self.rows_read += count;
        self.lost_rows.push(LostRow { code, bytes, count, message });
    }

    /// Says that an unknown number of rows is, or may be, missing where these bytes of the input are.
    pub fn push_gap(&mut self, code: ProblemCode, bytes: Range<u64>, message: String) {
        self.lost_rows.push(LostRow { code, bytes, count: 1, message });
    }

    /// Says that a cell of the row that was added last held bytes that are not UTF-8.
    pub fn push_not_utf8(&mut self, place: usize, byte: u64, example: &str) {
        let code = ProblemCode::NotUtf8;
        let problem = CellProblem { code, place: Some(place), byte, count: 1, example: example.into() };
        note(&mut self.cell_problems, problem);
    }

    /// Says that the header line stands again at this byte. It is no row.
    pub fn push_repeated_header(&mut self, byte: u64) {
        let code = ProblemCode::RepeatedHeader;
        note(&mut self.cell_problems, CellProblem { code, place: None, byte, count: 1, example: String::new() });
    }

    /// Says that the column at this place has the heading of a column before it; `byte` is where the headings are.
    pub fn push_repeated_heading(&mut self, place: usize, byte: u64) {
        let code = ProblemCode::RepeatedHeading;
        let example = self.header.columns.get(place).map_or_else(String::new, |column| column.heading.to_string());
        note(&mut self.cell_problems, CellProblem { code, place: Some(place), byte, count: 1, example });
    }

    /// Says that text stands behind the closing quote of a field of the row at this byte; `example` is the row's text.
    pub fn push_stray_quote(&mut self, byte: u64, example: &str) {
        let code = ProblemCode::StrayQuote;
        note(&mut self.cell_problems, CellProblem { code, place: None, byte, count: 1, example: example.into() });
    }

    /// Fills in, when the building ends, the ages that the input does not tell, in whole days: from First Seen to the date
    /// of the data ([`Report::data_date`]). (Inspector's export counts up to the moment of the export.)
    pub fn compute_ages(&mut self) {
        self.computes_ages = true;
    }

    /// Takes in what another builder has read, which comes behind this one's rows in the input.
    pub fn append(&mut self, other: ReportBuilder) {
        let new = self.store.append(&other.store);
        let maps = [&new.vulnerabilities, &new.resources, &new.packages, &new.assessments];
        for suspect in other.suspects {
            let (id, is_new) = renumber(maps[suspect.part], suspect.id);
            if is_new {
                self.suspects.push(Suspect { id, ..suspect });
            }
        }
        for problem in other.cell_problems {
            note(&mut self.cell_problems, problem);
        }
        self.lost_rows.extend(other.lost_rows);
        self.starts.extend(other.starts);
        self.computes_ages |= other.computes_ages;
        self.rows_read += other.rows_read;
        self.foreign.append(other.foreign);
    }

    /// Ends the building. `locate` finds out where rows are: it gets the bytes of some rows, in the input's order (for a
    /// row that was read, an empty range at its start), and gives a [`Location`] for each.
    ///
    /// # Errors
    /// Those of `locate`, which may have to read the input once more. It is not called when there is no problem.
    pub fn finish<E>(
        mut self,
        source: Arc<str>,
        locate: impl FnOnce(&[Range<u64>]) -> Result<Vec<Location>, E>,
    ) -> Result<Report, E> {
        self.count_suspects();
        let lost_rows = std::mem::take(&mut self.lost_rows);
        let mut cell_problems = std::mem::take(&mut self.cell_problems);
        let starts = std::mem::take(&mut self.starts);
        let (header, rows_read, computes_ages) = (Arc::clone(&self.header), self.rows_read, self.computes_ages);
        let mut report = self.build(Arc::clone(&source), Vec::new(), rows_read);
        report.part_repeated();
        let found = data_date::find(&report);
        report.data_date = OnceLock::from(found.date);
        if computes_ages {
            report.compute_ages();
        }
        let ahead = if found.has_ahead { data_date::ahead(&report) } else { Vec::new() };
        for ahead in ahead {
            let position = report.all_rows().position(|finding| finding.row() == ahead.row);
            let byte = position.and_then(|position| starts.get(position)).copied().unwrap_or_default();
            let place = header.columns.iter().position(|column| column.column == Some(ahead.column));
            let example = report.store.own(ahead.row, ahead.column).text(&report.store.texts).into_owned();
            let code = ProblemCode::TimeAhead;
            note(&mut cell_problems, CellProblem { code, place, byte, count: ahead.count, example });
        }
        report.problems = problems(&header, &source, lost_rows, cell_problems, locate)?;
        report.coverage = vec![report.cover()];
        Ok(report)
    }

    /// Ends the building where the problems of the rows are known already, and what they cover is for the caller to say.
    /// What repeats a finding is not put apart yet.
    pub(crate) fn build(mut self, source: Arc<str>, problems: Vec<Problem>, rows_read: u64) -> Report {
        let mut columns = self.header.columns.clone();
        // A column that says so for the accounts that were repaired, if there are any.
        if (0..self.store.resources.len() as u32).any(|resource| !self.store.account_as_written(resource).is_empty()) {
            let heading = Arc::from(ACCOUNT_AS_WRITTEN_HEADING);
            columns.push(ReportColumn { heading, column: None, extra: ACCOUNT_AS_WRITTEN });
        }
        self.store.freeze();
        Report { source, columns, store: self.store, problems, rows_read, ..Report::default() }
    }

    /// Turns suspects into problems with the number of findings that have them.
    fn count_suspects(&mut self) {
        let store = &self.store;
        let numbers = [&store.vulnerability, &store.resource, &store.package, &store.assessment];
        let tuples = [&store.vulnerabilities, &store.resources, &store.packages, &store.assessments];
        for (part, (numbers, tuples)) in numbers.into_iter().zip(tuples).enumerate() {
            let suspects: Vec<&Suspect> = self.suspects.iter().filter(|suspect| suspect.part == part).collect();
            if suspects.is_empty() {
                continue;
            }
            let mut uses = vec![0u64; tuples.len()];
            for id in numbers {
                if let Some(uses) = uses.get_mut(*id as usize) {
                    *uses += 1;
                }
            }
            for suspect in suspects {
                let slot = self.header.parts[part].iter().position(|place| *place == Some(suspect.place));
                let example = match suspect.code {
                    ProblemCode::AccountIdRepaired => store.account_as_written(suspect.id),
                    _ => slot.map_or("", |slot| tuples.cell(suspect.id, slot)),
                };
                let example = example.to_owned();
                let count = uses.get(suspect.id as usize).copied().unwrap_or(0);
                let Suspect { code, place, byte, .. } = *suspect;
                note(&mut self.cell_problems, CellProblem { code, place: Some(place), byte, count, example });
            }
        }
    }
}

/// What was met while reading, in the input's order.
fn problems<E>(
    header: &Header,
    source: &Arc<str>,
    lost_rows: Vec<LostRow>,
    cell_problems: Vec<CellProblem>,
    locate: impl FnOnce(&[Range<u64>]) -> Result<Vec<Location>, E>,
) -> Result<Vec<Problem>, E> {
    let new = |code, message: String| Problem::new(code, Arc::clone(source), message);
    let rows = lost_rows.into_iter();
    let rows = rows.map(|row| (row.bytes, Problem { count: row.count, ..new(row.code, row.message) }));
    let cells = cell_problems.into_iter().map(|cell| {
        let column = cell.place.and_then(|place| header.columns.get(place));
        let column = column.map(|column| Arc::clone(&column.heading));
        let message = cell_message(cell.code, &cell.example);
        let example = shown(&cell.example);
        (cell.byte..cell.byte, Problem { column, count: cell.count, example, ..new(cell.code, message) })
    });
    let mut problems: Vec<(Range<u64>, Problem)> = rows.chain(cells).collect();
    if problems.is_empty() {
        return Ok(Vec::new());
    }
    problems.sort_by(|(a, x), (b, y)| (a.start, x.code, &x.column).cmp(&(b.start, y.code, &y.column)));
    let bytes: Vec<Range<u64>> = problems.iter().map(|(bytes, _)| bytes.clone()).collect();
    let locations = locate(&bytes)?;
    let located = problems.into_iter().zip(locations).map(|((_, problem), location)| {
        let Location { byte, line, last_line } = location;
        Problem { byte, line, last_line, ..problem }
    });
    Ok(located.collect())
}

/// Adds a cell problem to those known, where one of the same column may be already.
fn note(problems: &mut Vec<CellProblem>, problem: CellProblem) {
    match problems.iter_mut().find(|known| known.code == problem.code && known.place == problem.place) {
        Some(known) if problem.byte < known.byte => {
            *known = CellProblem { count: known.count + problem.count, ..problem }
        }
        Some(known) => known.count += problem.count,
        None => problems.push(problem),
    }
}

/// Looks for cells of a new tuple that are not what their columns should hold.
fn inspect<'a>(
    header: &Header,
    part: usize,
    id: u32,
    byte: u64,
    cell: impl Fn(usize) -> &'a str,
    is_repaired: bool,
    suspects: &mut Vec<Suspect>,
) {
    for (column, place) in TUPLE_PARTS[part].columns().zip(&header.parts[part]) {
        let Some(place) = *place else { continue };
        let text = cell(place);
        let code = match column.kind() {
            _ if is_repaired && header.account == Some(place) => ProblemCode::AccountIdRepaired,
            _ if value::is_none(text) => continue,
            Kind::Number if value::number(text).is_none() => ProblemCode::NotANumber,
            Kind::Timestamp if timestamp::parse(text).is_none() => not_a_time(text),
            _ if header.account == Some(place) && account::is_lost(text) => ProblemCode::AccountIdLost,
            _ => continue,
        };
        suspects.push(Suspect { part, id, code, place, byte });
    }
}

/// What is wrong with a cell of a column of [`Part::Own`], if anything.
fn wrong(column: Column, text: &str, packed: Packed, texts: &Interner) -> Option<ProblemCode> {
    match column.kind() {
        _ if value::is_none(text) => None,
        Kind::Timestamp => packed.timestamp(texts).is_none().then(|| not_a_time(text)),
        Kind::Number => packed.number(texts).is_none().then_some(ProblemCode::NotANumber),
        Kind::Text => None,
    }
}

/// What is wrong with a text that is no time in a known form.
fn not_a_time(text: &str) -> ProblemCode {
    match timestamp::NumericDate::new(text) {
        Some(date) if date.orders().only().is_none() => ProblemCode::AmbiguousTime,
        _ => ProblemCode::NotATime,
    }
}

/// The cells of a resource with another account than was written; what was written stands behind them all.
fn with_account<'a>(
    cells: impl Iterator<Item = &'a str>,
    account: &'a str,
    written: &'a str,
) -> impl Iterator<Item = &'a str> {
    let slot = Column::AwsAccountId.slot();
    let columns = Part::Resource.columns().count();
    let all = cells.chain(std::iter::repeat("")).take(columns).enumerate();
    all.map(move |(place, cell)| if place == slot { account } else { cell }).chain([written])
}

/// As much of a value as messages show.
fn shown(example: &str) -> String {
    example.chars().take(60).collect()
}

fn cell_message(code: ProblemCode, example: &str) -> String {
    let example = shown(example);
    match code {
        ProblemCode::NotUtf8 => format!(
            "bytes that are not UTF-8 were replaced in \"{example}\"; save the report as UTF-8 to keep the text"
        ),
        ProblemCode::NotATime => format!("\"{example}\" is not a time in a known form; it is kept as text"),
        ProblemCode::NotANumber => format!("\"{example}\" is not a number; it is kept as text"),
        ProblemCode::AccountIdLost => format!(
            "\"{example}\" was an account id until a spreadsheet made it a number; digits of it are lost, so export the report again"
        ),
        ProblemCode::AccountIdRepaired if example.trim().is_empty() => {
            "an account id was blank; it is taken from the ARN of the row".to_owned()
        }
        ProblemCode::AccountIdRepaired => format!(
            "an account id was changed to \"{example}\", as spreadsheets do; it is repaired from the ARN of the row or from \
             its own digits"
        ),
        ProblemCode::RepeatedHeader => "the header line stands here again; it is left out".to_owned(),
        ProblemCode::StrayQuote => {
            format!("text stands behind a closing quote (\"{example}\"); the fields of the row may be cut wrongly")
        }
        ProblemCode::RepeatedHeading => "this heading stands twice; the first column counts".to_owned(),
        ProblemCode::TimeAhead => {
            format!(
                "\"{example}\" lies ahead of the other times of the report; the date of the data is counted without it"
            )
        }
        ProblemCode::AmbiguousTime => format!(
            "\"{example}\" may be a date in more than one order of day, month and year; it is kept as text, so save the report with times as \
             Inspector writes them"
        ),
        ProblemCode::NotAnArn => format!(
            "\"{example}\" is longer than the ARN of a finding; rows may have run together here, so export or copy the report \
             again"
        ),
        ProblemCode::FieldCount
        | ProblemCode::OpenQuote
        | ProblemCode::NotAFinding
        | ProblemCode::ReportLost
        | ProblemCode::CutOff
        | ProblemCode::MayBeCut
        | ProblemCode::RowsInField
        | ProblemCode::PagesMissing => String::new(),
    }
}

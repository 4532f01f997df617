//! A view of a report: its findings with triage, a comparison with an earlier report, and filters.

use std::{any::Any, borrow::Cow, fmt, sync::Arc};

use jiff::Timestamp;

use crate::{
    Acceptances, Column, Comparison, Finding, InputCoverage, Loss, Problem, Report, ReportColumn, Resource,
    TriageEntry, Vulnerability, column::Part, header::Cells, memo::Memo, store::pick, value::SEVERITIES,
};

/// A report with triage, a comparison and filters: what analyses and converters work on.
///
/// Views share their report, so a part of a view copies none of its texts. A view does not change. Its builder takes
/// triage, the earlier report and the filters in any order:
///
/// ```
/// # use inspector_report_model::{Report, View, value::Severity};
/// let headings = ["Severity", "Resource ID"];
/// let report = Report::from_rows("now", &headings, [["HIGH", "i-1"], ["LOW", "i-2"]]);
/// let earlier = Report::from_rows("before", &headings, [["HIGH", "i-1"]]);
/// let view = View::builder(report)
///     .filter(vec!["--severity HIGH".to_owned()], |finding| finding.severity() == Severity::High)
///     .compare_with(earlier)
///     .build();
/// assert_eq!((view.len(), view.filtered_out()), (1, 1));
/// assert!(view.comparison().is_some());
/// ```
#[derive(Clone, Debug)]
pub struct View {
    report: Arc<Report>,
    columns: Vec<ReportColumn>,
    /// The rows of its findings, in the input's order. `None` for all that count.
    rows: Option<Arc<[u32]>>,
    /// The rows that repeat one of its findings, in the input's order. `None` for all.
    repeated: Option<Arc<[u32]>>,
    acceptances: Arc<Acceptances>,
    comparison: Option<Comparison>,
    filters: Vec<String>,
    is_part: bool,
    open_left_out: [u64; SEVERITIES],
    /// What the person who hands the report on has decided, for the analyses that know its type.
    policy: Option<Policy>,
    /// What analyses have computed. It is shared by copies of the view.
    memo: Arc<Memo>,
    /// What they have computed of the whole report with its triage. It is shared by all parts.
    memo_of_whole: Arc<Memo>,
}

/// A value whose type an analysis knows.
#[derive(Clone)]
struct Policy(Arc<dyn Any + Send + Sync>);

impl fmt::Debug for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Policy")
    }
}

/// What a [`View`] is made of.
pub struct ViewBuilder<'f> {
    report: Arc<Report>,
    acceptances: Acceptances,
    earlier: Option<View>,
    policy: Option<Policy>,
    words: Vec<String>,
    filters: Vec<Predicate<'f>>,
}

type Predicate<'f> = Box<dyn Fn(Finding<'_>) -> bool + 'f>;

impl fmt::Debug for ViewBuilder<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ViewBuilder { report, acceptances: _, earlier, policy: _, words, filters: _ } = self;
        let earlier = earlier.as_ref().map(View::source);
        f.debug_struct("ViewBuilder")
            .field("report", &report.source())
            .field("earlier", &earlier)
            .field("filters", words)
            .finish_non_exhaustive()
    }
}

impl<'f> ViewBuilder<'f> {
    /// Says which findings someone has decided to live with. They are not open, and a column `Accepted` says why.
    pub fn accept(mut self, acceptances: Acceptances) -> Self {
        self.acceptances = acceptances;
        self
    }

    /// Says how findings are judged, by a value whose type an analysis knows ([`View::policy`]).
    pub fn policy<T: Any + Send + Sync>(mut self, policy: Arc<T>) -> Self {
        self.policy = Some(Policy(policy));
        self
    }

    /// Compares with an earlier report: the view tells what became of its findings. What filters leave out of the later
    /// report is in both all the same, so that it is neither new nor fixed.
    pub fn compare_with(mut self, earlier: impl Into<View>) -> Self {
        self.earlier = Some(earlier.into());
        self
    }

    /// Leaves out the findings for which `keep` does not hold. `words` say so as the person who set the filter would write
    /// it, for outputs to state. With several filters all must hold.
    pub fn filter(mut self, words: Vec<String>, keep: impl Fn(Finding<'_>) -> bool + 'f) -> Self {
        self.words.extend(words);
        self.filters.push(Box::new(keep));
        self
    }

    /// The view.
    pub fn build(self) -> View {
        let mut view = View::of(self.report);
        if !self.acceptances.is_empty() {
            view.columns.push(ReportColumn::added("Accepted", Cells::Accepted));
        }
        view.acceptances = Arc::new(self.acceptances);
        view.policy = self.policy;
        if let Some(earlier) = self.earlier {
            view.comparison = Some(Comparison::new(&view, earlier.whole()));
        }
        if self.filters.is_empty() {
            return view;
        }
        let keep = |finding: Finding<'_>| self.filters.iter().all(|keep| keep(finding));
        let mut rows = Vec::new();
        let mut left_out = [0; SEVERITIES];
        for finding in view.findings() {
            match keep(finding) {
                true => rows.push(finding.stored as u32),
                false => left_out[finding.severity().rank()] += u64::from(finding.is_open()),
            }
        }
        View { filters: self.words, open_left_out: left_out, ..view.of_rows(rows, keep) }
    }
}

impl View {
    /// All of a report, by itself.
    pub fn of(report: impl Into<Arc<Report>>) -> View {
        let report = report.into();
        View {
            columns: report.columns().to_vec(),
            report,
            rows: None,
            repeated: None,
            acceptances: Arc::default(),
            comparison: None,
            filters: Vec::new(),
            is_part: false,
            open_left_out: [0; SEVERITIES],
            policy: None,
            memo: Arc::default(),
            memo_of_whole: Arc::default(),
        }
    }

    /// Begins a view of a report.
    pub fn builder<'f>(report: impl Into<Arc<Report>>) -> ViewBuilder<'f> {
        ViewBuilder {
            report: report.into(),
            acceptances: Acceptances::default(),
            earlier: None,
            policy: None,
            words: Vec::new(),
            filters: Vec::new(),
        }
    }

    /// A part of the view: the findings at these places. `words` say which, for the outputs to state; `keep` says
    /// which findings of an earlier report would be in this part. The problems of the input are those of every part of it.
    pub fn part(&self, words: String, places: &[u32], keep: impl Fn(Finding<'_>) -> bool) -> View {
        let mut rows: Vec<u32> = match &self.rows {
            Some(rows) => pick(rows, places),
            None => places.iter().copied().filter(|place| (*place as usize) < self.len()).collect(),
        };
        rows.sort_unstable();
        rows.dedup();
        View { filters: [self.filters.as_slice(), &[words]].concat(), is_part: true, ..self.of_rows(rows, keep) }
    }

    /// A view of these rows alone. They are in the input's order.
    fn of_rows(&self, rows: Vec<u32>, keep: impl Fn(Finding<'_>) -> bool) -> View {
        let replaced = self.report.repeated_rows.iter().zip(self.report.len() as u32..);
        let repeats = replaced.filter(|(repeated, _)| rows.binary_search(&repeated.counts).is_ok());
        let mut part = View {
            report: Arc::clone(&self.report),
            columns: self.columns.clone(),
            repeated: Some(repeats.map(|(_, row)| row).collect()),
            rows: Some(rows.into()),
            acceptances: Arc::clone(&self.acceptances),
            comparison: None,
            filters: self.filters.clone(),
            is_part: self.is_part,
            open_left_out: self.open_left_out,
            policy: self.policy.clone(),
            memo: Arc::default(),
            memo_of_whole: Arc::clone(&self.memo_of_whole),
        };
        part.comparison = self.comparison.as_ref().map(|comparison| comparison.part(&part, keep));
        part
    }

    /// The whole report with its triage, without filters and without a comparison.
    pub fn whole(&self) -> View {
        let mut whole = View::of(Arc::clone(&self.report));
        whole.columns.clone_from(&self.columns);
        whole.acceptances = Arc::clone(&self.acceptances);
        whole.policy.clone_from(&self.policy);
        whole.memo_of_whole = Arc::clone(&self.memo_of_whole);
        whole
    }

    /// For each finding of the report, whether it is in the view. Empty where all are.
    pub fn kept(&self) -> Vec<bool> {
        let Some(rows) = &self.rows else { return Vec::new() };
        let mut kept = vec![false; self.report.len()];
        for row in rows.iter() {
            if let Some(kept) = kept.get_mut(*row as usize) {
                *kept = true;
            }
        }
        kept
    }

    /// The report, as it was read.
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// What is accepted, of all findings of the report.
    pub fn acceptances(&self) -> &Acceptances {
        &self.acceptances
    }

    /// The name of the input, as it stands in messages.
    pub fn source(&self) -> &str {
        self.report.source()
    }

    /// The name of the input without its folder: what an output may tell, which people hand on.
    pub fn file_name(&self) -> &str {
        self.report.file_name()
    }

    /// The columns: those of the input in its order, then what is added.
    pub fn columns(&self) -> &[ReportColumn] {
        &self.columns
    }

    /// Whether the input has this column.
    pub fn has_column(&self, column: Column) -> bool {
        self.report.has_column(column)
    }

    /// How many findings there are.
    pub fn len(&self) -> usize {
        self.rows.as_ref().map_or(self.report.len(), |rows| rows.len())
    }

    /// Whether there are no findings.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The findings, in the input's order.
    pub fn findings(&self) -> impl ExactSizeIterator<Item = Finding<'_>> + DoubleEndedIterator + Clone {
        let rows = self.rows.as_deref();
        (0..self.len()).map(move |place| Finding::viewed(self, row_at(rows, place), place))
    }

    /// The finding at this place, counted from 0.
    pub fn finding(&self, place: usize) -> Option<Finding<'_>> {
        (place < self.len()).then(|| Finding::viewed(self, row_at(self.rows.as_deref(), place), place))
    }

    /// Every row, in the input's order, those among them that do not count ([`Finding::is_repeated`]).
    pub fn all_rows(&self) -> impl Iterator<Item = Finding<'_>> {
        let counting = self.report.len();
        let (mut place, mut repeated) = (0, 0);
        self.report.row_order().filter_map(move |row| {
            let (rows, next) = match row < counting {
                true => (&self.rows, &mut place),
                false => (&self.repeated, &mut repeated),
            };
            if rows.as_ref().is_some_and(|rows| rows.get(*next) != Some(&(row as u32))) {
                return None;
            }
            *next += 1;
            let at = if row < counting { *next - 1 } else { self.len() + *next - 1 };
            Some(Finding::viewed(self, row, at))
        })
    }

    /// The rows that do not count, each with the place of the finding that counts instead, the newest first.
    pub fn replaced(&self) -> Vec<(usize, Finding<'_>)> {
        let place = |row: usize| match &self.rows {
            Some(rows) => rows.binary_search(&(row as u32)).ok(),
            None => Some(row),
        };
        let replaced = self.report.replaced().into_iter();
        replaced.filter_map(|(counts, row)| Some((place(counts)?, Finding::viewed(self, row, row)))).collect()
    }

    /// Every distinct set of facts about a vulnerability in the report, by [`Vulnerability::index`]. There can be some that
    /// no finding of the view refers to.
    pub fn vulnerabilities(&self) -> impl ExactSizeIterator<Item = Vulnerability<'_>> {
        self.report.vulnerabilities()
    }

    /// Every distinct set of facts about a resource in the report, by [`Resource::index`]; see
    /// [`vulnerabilities`](View::vulnerabilities).
    pub fn resources(&self) -> impl ExactSizeIterator<Item = Resource<'_>> {
        self.report.resources()
    }

    /// The place of whichever comes first in the order of [`Finding::compare`]: the finding at `place`, or the other one.
    pub fn first_of(&self, place: usize, finding: Finding<'_>) -> usize {
        match self.finding(place) {
            Some(known) if known.row() != finding.row() && finding.compare(known).is_lt() => finding.row(),
            _ => place,
        }
    }

    /// For a column whose cells many findings share: of each finding, the number of its cell, by the finding's place.
    /// Findings with the same number have the same cell there. `None` for a column that differs in nearly every row (the
    /// ARN, times), and for a place where there is no column.
    pub fn shared_cells(&self, column: usize) -> Option<Cow<'_, [u32]>> {
        let store = &self.report.store;
        let numbers = match self.columns.get(column)?.cells {
            Cells::Inspector(column) => match column.part() {
                Part::Vulnerability => &store.vulnerability,
                Part::Resource => &store.resource,
                Part::Packages => &store.package,
                Part::Assessment => &store.assessment,
                Part::Arn | Part::Own => return None,
            },
            Cells::Accepted => self.acceptances.numbers(),
            Cells::AccountAsWritten => &store.resource,
            Cells::Other(_) => &store.extra,
        };
        match &self.rows {
            None => numbers.get(..self.len()).map(Cow::Borrowed),
            Some(rows) => Some(Cow::Owned(pick(numbers, rows))),
        }
    }

    /// What could not be read as it should, in the input's order.
    pub fn problems(&self) -> &[Problem] {
        self.report.problems()
    }

    /// How many rows the input had: findings, filtered-out findings, rows that [repeat](View::repeated) a finding, and rows
    /// lost to problems.
    pub fn rows_read(&self) -> u64 {
        self.report.rows_read()
    }

    /// How many findings of the report are not in the view.
    pub fn filtered_out(&self) -> u64 {
        (self.report.len() - self.len()) as u64
    }

    /// How many rows could not be read, as far as that is known; each is in a problem.
    pub fn rows_lost(&self) -> u64 {
        self.report.rows_lost()
    }

    /// How many open findings filters leave out, by rank of severity: they are not absent.
    pub fn open_left_out(&self) -> &[u64; SEVERITIES] {
        &self.open_left_out
    }

    /// How many rows of the report are not counted because another row of the same finding is. Filters do not change it.
    pub fn repeated(&self) -> u64 {
        self.report.repeated()
    }

    /// What each input covers. Filters do not change it.
    pub fn coverage(&self) -> &[InputCoverage] {
        self.report.coverage()
    }

    /// What is missing of the report: the worst of its inputs.
    pub fn loss(&self) -> Loss {
        self.report.loss()
    }

    /// Whether nothing is missing of the report, as far as can be told: what it does not have is absent from what it covers.
    pub fn is_whole(&self) -> bool {
        self.report.is_whole()
    }

    /// What figures of the view are of.
    pub fn scope(&self) -> Scope {
        match (self.is_part, self.filters.len() > usize::from(self.is_part)) {
            (_, true) => Scope::Filtered,
            (true, false) => Scope::Part,
            (false, false) => Scope::All,
        }
    }

    /// The filters, as the person who set them would write them.
    pub fn filters(&self) -> &[String] {
        &self.filters
    }

    /// How the input was read, where that was not plain to see. Each a sentence in English for the terminal.
    pub fn notes(&self) -> &[String] {
        self.report.notes()
    }

    /// What was filled in beside the actions of a workbook, by their words there, which are of the workbook's language.
    pub fn action_triage(&self) -> &[(String, TriageEntry)] {
        self.report.action_triage()
    }

    /// The date of the data ([`Report::data_date`]), whatever filters leave of it.
    pub fn data_date(&self) -> Option<Timestamp> {
        self.report.data_date()
    }

    /// What an analysis computes of the view, one value of each type. It is computed on first use, once for all formats.
    pub fn memo<T: Any + Send + Sync>(&self, compute: impl Fn(&View) -> T) -> &T {
        self.memo.get_or_compute(|| compute(self))
    }

    /// What an analysis computes of the whole report with its triage, whatever the view has of it: one value of each type,
    /// computed on first use, once for all views of the report that have the same triage. It knows findings by
    /// [`Finding::row_in_report`].
    pub fn memo_of_whole<T: Any + Send + Sync>(&self, compute: impl Fn(&View) -> T) -> &T {
        self.memo_of_whole.get_or_compute(|| compute(&self.whole()))
    }

    /// How findings are judged, if that was said with a value of this type.
    pub fn policy<T: Any>(&self) -> Option<&T> {
        self.policy.as_ref()?.0.downcast_ref()
    }

    /// What became of the findings of an earlier report, if there is one.
    pub fn comparison(&self) -> Option<&Comparison> {
        self.comparison.as_ref()
    }
}

/// What a view has of its report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Every finding of the report.
    All,
    /// What filters leave of it.
    Filtered,
    /// A part of it, which is split by account or owner.
    Part,
}

impl Scope {
    /// The word that texts know it by.
    pub const fn key(self) -> &'static str {
        match self {
            Scope::All => "all",
            Scope::Filtered => "filtered",
            Scope::Part => "part",
        }
    }
}

/// The row of the finding at a place.
fn row_at(rows: Option<&[u32]>, place: usize) -> usize {
    rows.map_or(place, |rows| rows.get(place).map_or(place, |row| *row as usize))
}

impl From<Report> for View {
    fn from(report: Report) -> View {
        View::of(report)
    }
}

impl AsRef<Report> for View {
    fn as_ref(&self) -> &Report {
        &self.report
    }
}

impl AsRef<Report> for Report {
    fn as_ref(&self) -> &Report {
        self
    }
}

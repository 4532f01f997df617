//! What became of the findings of an earlier report. Which findings are the same, [`identity`](crate::identity) says.

use std::{
    collections::{BTreeSet, HashMap},
    hash::BuildHasher,
    sync::Arc,
};

use crate::{
    Finding, Loss, Place, Resource, View,
    identity::{Key, in_order, key},
    value::SEVERITIES,
};

/// What became of a finding since the earlier report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Change {
    /// It is open, and the earlier report does not have it.
    New,
    /// It is open, and was suppressed or closed.
    Reopened,
    /// It is open and was open, with another severity.
    SeverityChanged,
    /// It is open and was open.
    StillOpen,
    /// It was open, and is suppressed now.
    Suppressed,
    /// It was open, and is closed now or not in the report any more.
    Fixed,
    /// It was open and is not in the report, of which something is missing: it may be there.
    Unknown,
}

impl Change {
    /// Every kind of change, in the order in which reports show them.
    pub const ALL: [Change; 7] = [
        Change::New,
        Change::Reopened,
        Change::SeverityChanged,
        Change::StillOpen,
        Change::Suppressed,
        Change::Fixed,
        Change::Unknown,
    ];

    /// The key of its text.
    pub const fn key(self) -> &'static str {
        match self {
            Change::New => "change-new",
            Change::Reopened => "change-reopened",
            Change::SeverityChanged => "change-severity",
            Change::StillOpen => "change-still-open",
            Change::Suppressed => "change-suppressed",
            Change::Fixed => "change-fixed",
            Change::Unknown => "change-unknown",
        }
    }
}

/// An earlier report, and what became of its findings.
#[derive(Clone, Debug)]
pub struct Comparison {
    earlier: Arc<View>,
    /// Of each finding of the later report, by its row, the place of the same one in the earlier.
    pairs: Arc<[Option<u32>]>,
    /// The open findings of the earlier report that the later one does not have, by their places.
    gone: Vec<u32>,
    /// Those of them of which it is not known whether the later report should have them.
    unknown: Vec<u32>,
    counts: [[u64; SEVERITIES]; Change::ALL.len()],
}

impl Comparison {
    /// Compares whole reports. Triage is part of both.
    pub(crate) fn new(later: &View, earlier: View) -> Comparison {
        let (pairs, gone) = pair(later, &earlier);
        let absence = Absence::new(later, &earlier);
        let is_certain = |row: &u32| earlier.finding(*row as usize).is_some_and(|f| absence.is_certain(f.resource()));
        let (gone, unknown) = gone.into_iter().partition(is_certain);
        Comparison { earlier: Arc::new(earlier), pairs: pairs.into(), gone, unknown, counts: Default::default() }
            .counted(later)
    }

    /// Counts what became of the findings of `later`.
    fn counted(mut self, later: &View) -> Comparison {
        let mut counts: [[u64; SEVERITIES]; Change::ALL.len()] = Default::default();
        for finding in later.findings() {
            if let Some(change) = self.change(finding) {
                // What is fixed counts by how bad it was.
                let counted = if change == Change::Fixed { self.before(finding).unwrap_or(finding) } else { finding };
                counts[change as usize][counted.severity().rank()] += 1;
            }
        }
        for finding in self.gone() {
            counts[Change::Fixed as usize][finding.severity().rank()] += 1;
        }
        for finding in self.unknown() {
            counts[Change::Unknown as usize][finding.severity().rank()] += 1;
        }
        self.counts = counts;
        self
    }

    /// The comparison with a part of the later report; of those that are gone it has what `keep` says. What is in the later
    /// report but not in the part is neither new nor gone.
    pub(crate) fn part(&self, part: &View, keep: impl Fn(Finding<'_>) -> bool) -> Comparison {
        let kept = |rows: &[u32]| {
            rows.iter().copied().filter(|row| self.earlier.finding(*row as usize).is_some_and(&keep)).collect()
        };
        let (gone, unknown) = (kept(&self.gone), kept(&self.unknown));
        let (earlier, pairs) = (Arc::clone(&self.earlier), Arc::clone(&self.pairs));
        Comparison { earlier, pairs, gone, unknown, counts: Default::default() }.counted(part)
    }

    /// The earlier report, with the triage that holds for it.
    pub fn earlier(&self) -> &View {
        &self.earlier
    }

    /// The same finding in the earlier report.
    pub fn before(&self, finding: Finding<'_>) -> Option<Finding<'_>> {
        let place = self.pairs.get(finding.stored).copied().flatten()?;
        self.earlier.finding(place as usize)
    }

    /// What became of a finding of the later report. `None` where nothing did that anyone would want to know: it was
    /// and is suppressed or closed, or the earlier report does not have it and it is not open.
    pub fn change(&self, finding: Finding<'_>) -> Option<Change> {
        let before = self.before(finding);
        let was_open = before.map(|before| before.is_open());
        match (finding.is_open(), was_open) {
            (true, None) => Some(Change::New),
            (true, Some(false)) => Some(Change::Reopened),
            (true, Some(true)) => {
                let same = before.is_some_and(|before| before.severity() == finding.severity());
                Some(if same { Change::StillOpen } else { Change::SeverityChanged })
            }
            (false, Some(true)) if finding.status() == crate::value::Status::Closed => Some(Change::Fixed),
            (false, Some(true)) => Some(Change::Suppressed),
            (false, _) => None,
        }
    }

    /// The open findings of the earlier report that the later one does not have any more: they are fixed, as far as
    /// the later report covers their accounts and Regions.
    pub fn gone(&self) -> impl ExactSizeIterator<Item = Finding<'_>> + Clone {
        self.gone.iter().map(|row| Finding::viewed(&self.earlier, *row as usize, *row as usize))
    }

    /// The open findings of the earlier report that the later one does not have, and of which nothing is known: something is
    /// missing of what the later report should have of their accounts and Regions.
    pub fn unknown(&self) -> impl ExactSizeIterator<Item = Finding<'_>> + Clone {
        self.unknown.iter().map(|row| Finding::viewed(&self.earlier, *row as usize, *row as usize))
    }

    /// How many findings changed so, by [rank](crate::value::Severity::rank) of severity; what is fixed by the severity
    /// that it had.
    pub fn counts(&self, change: Change) -> &[u64; SEVERITIES] {
        &self.counts[change as usize]
    }

    /// The accounts with Regions that only the earlier report has findings of, and how many of these count as fixed. It
    /// may be that all of them are; or that the later report does not cover the account and Region.
    pub fn not_covered(&self, later: &View) -> Vec<(String, String, u64)> {
        let covered: BTreeSet<(&str, &str)> =
            later.report().findings().map(Finding::resource).map(|of| (of.account(), of.region())).collect();
        let mut missing: std::collections::BTreeMap<(&str, &str), u64> = std::collections::BTreeMap::new();
        for resource in self.gone().map(Finding::resource) {
            let place = (resource.account(), resource.region());
            if !covered.contains(&place) {
                *missing.entry(place).or_default() += 1;
            }
        }
        missing.into_iter().map(|((account, region), count)| (account.to_owned(), region.to_owned(), count)).collect()
    }
}

/// Whether it means anything that a report does not have a finding of an earlier one.
struct Absence {
    /// Whether nothing is missing of the report.
    is_whole: bool,
    /// Of each place of which the report was read whole, although something else is missing of it: how many inputs name it
    /// less how many named it before.
    whole: HashMap<Place, i64>,
}

impl Absence {
    fn new(later: &View, earlier: &View) -> Absence {
        let mut whole: HashMap<Place, i64> = HashMap::new();
        for input in later.coverage() {
            input.places.iter().for_each(|place| *whole.entry(place.clone()).or_default() += 1);
        }
        for place in earlier.coverage().iter().flat_map(|input| &input.places) {
            whole.entry(place.clone()).and_modify(|count| *count -= 1);
        }
        let broken = later.coverage().iter().filter(|input| input.loss != Loss::None);
        for place in broken.flat_map(|input| &input.places) {
            whole.remove(place);
        }
        Absence { is_whole: later.is_whole(), whole }
    }

    /// Whether a finding on this resource would be in the report, were it there.
    fn is_certain(&self, resource: Resource<'_>) -> bool {
        self.is_whole || self.whole.get(&Place::of(resource)).is_some_and(|more| *more >= 0)
    }
}

/// Pairs the findings of two reports: for each of the later the place in the earlier, and the places of the earlier
/// ones that are open and left over.
fn pair(later: &View, earlier: &View) -> (Vec<Option<u32>>, Vec<u32>) {
    let hasher = hashbrown::DefaultHashBuilder::default();
    let hash = |arn: &str| hasher.hash_one(arn);
    let mut by_arn: HashMap<u64, u32> = HashMap::with_capacity(earlier.len());
    for finding in earlier.findings() {
        let arn = finding.arn();
        if !arn.is_empty() {
            by_arn.entry(hash(&arn)).or_insert(finding.row() as u32);
        }
    }
    let mut taken = vec![false; earlier.len()];
    let mut pairs: Vec<Option<u32>> = vec![None; later.len()];
    for finding in later.findings() {
        let arn = finding.arn();
        let place = if arn.is_empty() { None } else { by_arn.get(&hash(&arn)) };
        // Two ARNs could have the same hash.
        if let Some(place) = place.filter(|place| earlier.finding(**place as usize).is_some_and(|f| f.arn() == arn))
            && !std::mem::replace(&mut taken[*place as usize], true)
        {
            pairs[finding.row()] = Some(*place);
        }
    }
    drop(by_arn);
    let left: Vec<Finding<'_>> = earlier.findings().filter(|finding| !taken[finding.row()]).collect();
    let new: Vec<Finding<'_>> = later.findings().filter(|finding| pairs[finding.row()].is_none()).collect();
    if !left.is_empty() && !new.is_empty() {
        let mut waiting: HashMap<Key, Vec<u32>> = HashMap::new();
        for finding in in_order(left) {
            waiting.entry(key(finding)).or_default().push(finding.row() as u32);
        }
        waiting.values_mut().for_each(|rows| rows.reverse());
        for finding in in_order(new) {
            if let Some(place) = waiting.get_mut(&key(finding)).and_then(Vec::pop) {
                pairs[finding.row()] = Some(place);
                taken[place as usize] = true;
            }
        }
    }
    let gone = earlier.findings().filter(|finding| !taken[finding.row()] && finding.is_open());
    (pairs, gone.map(|finding| finding.row() as u32).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Report;

    const HEADINGS: [&str; 8] = [
        "Finding ARN",
        "Severity",
        "Status",
        "Resource ID",
        "Vulnerability Id",
        "Affected Packages",
        "First Seen",
        "Resource Type",
    ];

    fn report(rows: &[[&str; 8]]) -> View {
        View::of(Report::from_rows("made", &HEADINGS, rows.iter()))
    }

    fn row<'a>(arn: &'a str, severity: &'a str, status: &'a str, id: &'a str) -> [&'a str; 8] {
        [arn, severity, status, id, "CVE-1", "curl", "2026-01-01T00:00:00Z", "AWS_EC2_INSTANCE"]
    }

    #[test]
    fn every_kind_of_change_is_told() {
        let earlier = report(&[
            row("a1", "HIGH", "ACTIVE", "i-1"),
            row("a2", "HIGH", "ACTIVE", "i-2"),
            row("a3", "HIGH", "SUPPRESSED", "i-3"),
            row("a4", "HIGH", "ACTIVE", "i-4"),
            row("a5", "CRITICAL", "ACTIVE", "i-5"),
            row("a6", "LOW", "ACTIVE", "i-6"),
            row("a7", "LOW", "CLOSED", "i-7"),
            row("a8", "LOW", "SUPPRESSED", "i-8"),
        ]);
        let later = report(&[
            row("a2", "MEDIUM", "ACTIVE", "i-2"),
            row("a1", "HIGH", "ACTIVE", "i-1"),
            row("a3", "HIGH", "ACTIVE", "i-3"),
            row("a4", "HIGH", "SUPPRESSED", "i-4"),
            row("a6", "INFORMATIONAL", "CLOSED", "i-6"),
            row("a8", "LOW", "SUPPRESSED", "i-8"),
            row("a9", "LOW", "ACTIVE", "i-9"),
            row("a10", "LOW", "CLOSED", "i-10"),
        ]);
        let comparison = Comparison::new(&later, earlier);
        let changes: Vec<Option<Change>> = later.findings().map(|finding| comparison.change(finding)).collect();
        use Change::*;
        assert_eq!(
            changes,
            [
                Some(SeverityChanged),
                Some(StillOpen),
                Some(Reopened),
                Some(Suppressed),
                Some(Fixed),
                None,
                Some(New),
                None
            ]
        );
        assert_eq!(comparison.gone().map(|finding| finding.arn().into_owned()).collect::<Vec<_>>(), ["a5"]);
        assert_eq!(comparison.counts(Fixed), &[1, 0, 0, 1, 0, 0, 0], "by the severity that it had");
        assert_eq!(comparison.counts(SeverityChanged), &[0, 0, 1, 0, 0, 0, 0]);
        assert_eq!(comparison.before(later.finding(0).unwrap()).unwrap().arn(), "a2");
    }

    #[test]
    fn a_push_keeps_findings_and_each_is_paired_once() {
        let image = |digest: char| {
            format!("arn:aws:ecr:us-east-1:1:repository/shop/api/sha256:{}", digest.to_string().repeat(64))
        };
        let (a, b, c) = (image('a'), image('b'), image('c'));
        fn on<'a>(arn: &'a str, id: &'a str, packages: &'a str, seen: &'a str) -> [&'a str; 8] {
            [arn, "HIGH", "ACTIVE", id, "CVE-1", packages, seen, "AWS_ECR_CONTAINER_IMAGE"]
        }
        let (first, second, third) = ("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z");
        let earlier = || report(&[on("n2", &b, "x, y", second), on("n1", &a, "y, x", first)]);
        let later = report(&[on("n3", &c, "x, y", third), on("n4", &c, "x", third), on("n2", &b, "x, y", second)]);
        let comparison = Comparison::new(&later, earlier());
        let before = |row| comparison.before(later.finding(row).unwrap()).map(|finding| finding.arn().into_owned());
        assert_eq!([before(0), before(1), before(2)], [Some("n1".into()), None, Some("n2".into())]);
        assert_eq!(comparison.gone().len(), 0);
        let later = View::builder(later.report().clone()).compare_with(earlier()).build();
        assert_eq!(later.finding(0).unwrap().first_seen(), crate::timestamp::parse(first));
    }

    #[test]
    fn what_a_filter_leaves_out_is_not_fixed() {
        let earlier = report(&[
            row("a1", "CRITICAL", "ACTIVE", "i-1"),
            row("a2", "CRITICAL", "ACTIVE", "i-2"),
            row("a3", "LOW", "ACTIVE", "i-3"),
        ]);
        let later = report(&[row("a1", "LOW", "ACTIVE", "i-1"), row("a4", "CRITICAL", "ACTIVE", "i-4")]);
        let later = View::builder(later.report().clone())
            .filter(vec!["--severity critical".into()], |finding| finding.severity().rank() == 0)
            .compare_with(earlier)
            .build();
        let comparison = later.comparison().unwrap();
        assert_eq!(comparison.counts(Change::Fixed), &[1, 0, 0, 0, 0, 0, 0], "a2, and not a1 or a3");
        assert_eq!(comparison.counts(Change::New), &[1, 0, 0, 0, 0, 0, 0]);
        assert_eq!(comparison.change(later.finding(0).unwrap()), Some(Change::New));
    }

    fn lost(report: Report, code: crate::ProblemCode, source: &str) -> Report {
        report.with_problem(crate::Problem::new(code, source, ""))
    }

    #[test]
    fn what_an_incomplete_report_does_not_have_is_unknown() {
        use crate::ProblemCode;
        let headings = ["Severity", "Status", "Resource ID", "AWS Account Id", "Region"];
        let of = |name: &str, account: &'static str, ids: &[&'static str]| {
            let rows: Vec<[&str; 5]> = ids.iter().map(|id| ["HIGH", "ACTIVE", *id, account, "r"]).collect();
            Report::from_rows(name, &headings, rows)
        };
        let earlier =
            || Report::merge("all", vec![of("1.csv", "1", &["i-1", "i-2"]), of("2.csv", "2", &["i-3", "i-4"])]);
        let counts = |later: Report| {
            let comparison = Comparison::new(&later.into(), earlier().into());
            [Change::StillOpen, Change::Fixed, Change::Unknown].map(|change| comparison.counts(change)[1])
        };
        let merged = |one: Report, two: Report| Report::merge("all", vec![one, two]);
        assert_eq!(counts(merged(of("1.csv", "1", &["i-1"]), of("2.csv", "2", &["i-3"]))), [2, 2, 0]);
        let broken = lost(of("2.csv", "2", &["i-3"]), ProblemCode::OpenQuote, "2.csv");
        assert_eq!(counts(merged(of("1.csv", "1", &["i-1"]), broken)), [2, 1, 1], "of account 2 nothing is known");
        let without = merged(of("1.csv", "1", &["i-1"]), of("3.csv", "3", &["i-9"]));
        let without = lost(without, ProblemCode::ReportLost, "2.csv");
        assert_eq!(counts(without), [1, 1, 2]);
        // One of two halves of an account: the other one is lost.
        let half = lost(of("1a.csv", "1", &["i-1"]), ProblemCode::ReportLost, "1b.csv");
        let halves = Report::merge("all", vec![of("1a.csv", "1", &["i-1"]), of("1b.csv", "1", &["i-2"])]);
        let comparison = Comparison::new(&half.into(), halves.into());
        assert_eq!((comparison.gone().len(), comparison.unknown().len()), (0, 1));
    }

    #[test]
    fn an_account_that_is_not_covered_is_named() {
        let rows = |account| [["HIGH", "ACTIVE", "i-1", account, "us-east-1"]];
        let headings = ["Severity", "Status", "Resource ID", "AWS Account Id", "Region"];
        let of = |account| View::of(Report::from_rows("made", &headings, rows(account)));
        let later = of("1");
        let comparison = Comparison::new(&later, of("2"));
        assert_eq!(comparison.not_covered(&later), [("2".to_owned(), "us-east-1".to_owned(), 1)]);
        assert!(Comparison::new(&later, of("1")).not_covered(&later).is_empty());
    }
}

//! What is worst: the one order of findings, and of what is counted of them, that every format shows.

use std::cmp::Ordering;

use inspector_report_model::{
    Finding,
    jiff::civil::Date,
    value::{ExploitAvailable, SEVERITIES},
};

use crate::priority::{PRIORITIES, Priorities, Reason};

/// The worst of these findings in their order, at most so many, and how many more there are.
pub fn worst<'a>(findings: impl Iterator<Item = Finding<'a>>, most: usize) -> (Vec<Finding<'a>>, usize) {
    // Twice as many are kept as are wanted, so that each is moved a few times at most.
    let room = most.saturating_mul(2).max(64);
    let (mut ranked, mut all) = (Vec::new(), 0);
    let cut = |ranked: &mut Vec<Ranked<'a>>| {
        if ranked.len() > most {
            ranked.select_nth_unstable_by(most, Ranked::cmp);
            ranked.truncate(most);
        }
    };
    for finding in findings {
        ranked.push(Ranked::new(finding));
        all += 1;
        if ranked.len() >= room {
            cut(&mut ranked);
        }
    }
    cut(&mut ranked);
    ranked.sort_unstable_by(Ranked::cmp);
    (ranked.into_iter().map(|ranked| ranked.finding).collect(), all - all.min(most))
}

/// Puts findings into their order, equals by what comes with each.
pub fn sort_worst_first<T: Ord + Copy>(findings: &mut [(Finding<'_>, T)]) {
    findings.sort_by_cached_key(|(finding, with)| (Ranked::new(*finding), *with));
}

/// A finding in the order of findings, what to act on first before the rest: by priority, then by due date, then what is used
/// by ransomware, then what is known to be exploited, then by severity, EPSS score, exploit, Inspector score, resource and
/// title. What is equal in all of that is put in order by [`Finding::compare`], so that the order of rows has no part in it.
/// What is compared first is looked up once.
///
/// A finding of a report that nobody views has no priority, and no due date.
#[derive(Clone, Copy)]
pub(crate) struct Ranked<'a> {
    key: Key,
    epss: f64,
    has_no_exploit: bool,
    score: f64,
    pub(crate) finding: Finding<'a>,
}

/// The rank of the priority; the due date, none last; whether ransomware does not use it, and nobody; the rank of the severity.
type Key = (usize, (bool, Option<Date>), bool, bool, usize);

impl PartialEq for Ranked<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Ranked<'_> {}

impl PartialOrd for Ranked<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Ranked<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        let (a, b) = (self.finding, other.finding);
        self.key
            .cmp(&other.key)
            .then_with(|| other.epss.total_cmp(&self.epss))
            .then_with(|| self.has_no_exploit.cmp(&other.has_no_exploit))
            .then_with(|| other.score.total_cmp(&self.score))
            .then_with(|| a.resource().id().cmp(b.resource().id()))
            .then_with(|| a.title().cmp(b.title()))
            .then_with(|| a.compare(b))
    }
}

impl<'a> Ranked<'a> {
    pub(crate) fn new(finding: Finding<'a>) -> Ranked<'a> {
        let priorities = finding.view().map(Priorities::of);
        let decision = priorities.and_then(|priorities| priorities.decision(finding));
        let due = priorities.and_then(|priorities| priorities.due(finding)).map(|due| due.date);
        let has = |reason| decision.is_some_and(|decision| decision.reasons.has(reason));
        Ranked {
            key: (
                decision.map_or(PRIORITIES, |decision| decision.priority.rank()),
                (due.is_none(), due),
                !has(Reason::Ransomware),
                !has(Reason::KnownExploited),
                finding.severity().rank(),
            ),
            epss: priorities.and_then(|priorities| priorities.epss(finding)).unwrap_or(-1.0),
            has_no_exploit: finding.exploit_available() != ExploitAvailable::Yes,
            score: finding.inspector_score().and_then(|cvss| cvss.score).unwrap_or(-1.0),
            finding,
        }
    }
}

/// Counts of findings by rank of severity, the worst first: those with more critical ones, then with more high ones, and so
/// on.
pub fn counts_worst_first(a: &[u64; SEVERITIES], b: &[u64; SEVERITIES]) -> Ordering {
    b.cmp(a)
}

/// Named counts, the worst first; equals by their names.
pub fn groups_worst_first<'a>(
    groups: impl IntoIterator<Item = (&'a str, [u64; SEVERITIES])>,
) -> Vec<(String, [u64; SEVERITIES])> {
    let mut groups: Vec<_> = groups.into_iter().map(|(name, counts)| (name.to_owned(), counts)).collect();
    groups.sort_by(|a, b| counts_worst_first(&a.1, &b.1).then_with(|| a.0.cmp(&b.0)));
    groups
}

/// The rank of the worst severity that counts have something of.
pub fn worst_rank(by_severity: &[u64; SEVERITIES]) -> usize {
    by_severity.iter().position(|count| *count > 0).unwrap_or(SEVERITIES)
}

#[cfg(test)]
mod tests {
    use inspector_report_model::Report;

    use super::*;

    #[test]
    fn findings_are_in_one_order_whatever_the_order_of_rows() {
        let headings = ["Severity", "Exploit Available", "Inspector Score", "Title", "Resource ID"];
        let rows = [
            ["LOW", "YES", "9.9", "a", "i-1"],
            ["HIGH", "NO", "7.0", "b", "i-2"],
            ["HIGH", "NO", "7.0", "b", "i-1"],
            ["HIGH", "NO", "7.0", "a", "i-9"],
            ["HIGH", "NO", "8.8", "c", "i-1"],
            ["HIGH", "NO", "", "a", "i-1"],
            ["HIGH", "YES", "", "z", "i-1"],
            ["CRITICAL", "NO", "", "z", "i-1"],
        ];
        let sorted = |report: &Report| {
            let mut findings: Vec<_> = report.findings().map(|finding| (finding, ())).collect();
            sort_worst_first(&mut findings);
            let findings: Vec<Finding<'_>> = findings.into_iter().map(|(finding, ())| finding).collect();
            for most in 0..=findings.len() {
                let (found, more) = worst(report.findings(), most);
                let rows = |findings: &[Finding<'_>]| findings.iter().map(|f| f.row()).collect::<Vec<_>>();
                assert_eq!((rows(&found), more), (rows(&findings[..most]), findings.len() - most));
            }
            let cell =
                |finding: &Finding<'_>| (0..5).map(|at| finding.cell(at).into_owned()).collect::<Vec<_>>().join(" ");
            findings.iter().map(cell).collect::<Vec<_>>()
        };
        let expected = [
            "CRITICAL NO  z i-1",
            "HIGH YES  z i-1",
            "HIGH NO 8.8 c i-1",
            "HIGH NO 7.0 b i-1",
            "HIGH NO 7.0 b i-2",
            "HIGH NO 7.0 a i-9",
            "HIGH NO  a i-1",
            "LOW YES 9.9 a i-1",
        ];
        for turn in 0..rows.len() {
            let mut turned = rows;
            turned.rotate_left(turn);
            assert_eq!(sorted(&Report::from_rows("made", &headings, turned)), expected);
        }
        assert_eq!(counts_worst_first(&[1, 0, 0, 0, 0, 0, 0], &[0, 9, 9, 0, 0, 0, 0]), Ordering::Less);
    }
}

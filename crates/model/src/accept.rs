//! Findings that someone has decided to live with: the triage that is kept outside of Amazon Inspector.

use jiff::civil::Date;

use crate::Finding;

/// A decision to live with findings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Acceptance {
    /// What it is for, as the person who decided wrote it: `CVE-2024-3094 on repository/shop/*`.
    pub subject: String,
    /// Why.
    pub reason: String,
    /// The first day on which it holds: when it was decided. `None` if that is not told.
    pub since: Option<Date>,
    /// The last day on which it holds, `2026-12-31`; empty if it holds for good.
    pub until: String,
    /// Who decided; empty if that is not told.
    pub by: String,
}

impl Acceptance {
    /// All of it in one line: the reason, and in brackets since when, until when and by whom.
    pub fn line(&self) -> String {
        let since = self.since.map(|since| format!("since {since}"));
        let until = Some(format!("until {}", self.until)).filter(|_| !self.until.is_empty());
        let by = Some(format!("by {}", self.by)).filter(|_| !self.by.is_empty());
        let more: Vec<String> = since.into_iter().chain(until).chain(by).collect();
        match more.is_empty() {
            true => self.reason.clone(),
            false => format!("{} ({})", self.reason, more.join(", ")),
        }
    }
}

/// The acceptances of a report, and which findings they are for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Accepted {
    pub(crate) all: Vec<Acceptance>,
    /// Each in one line, behind an empty text for the findings that are not accepted.
    pub(crate) lines: Vec<String>,
    /// Of each finding 0, or the place of its acceptance counted from 1. Empty if none is accepted.
    pub(crate) of: Vec<u32>,
}

impl Accepted {
    pub(crate) fn new(all: Vec<Acceptance>, of: Vec<u32>) -> Accepted {
        let lines = std::iter::once(String::new()).chain(all.iter().map(Acceptance::line)).collect();
        Accepted { all, lines, of }
    }

    /// The line of a finding.
    pub(crate) fn line(&self, row: usize) -> &str {
        let number = crate::report::at(&self.of, row) as usize;
        self.lines.get(number).map_or("", String::as_str)
    }
}

impl<'a> Finding<'a> {
    /// The place of that decision among those that the report was given.
    pub fn acceptance_number(self) -> Option<usize> {
        (crate::report::at(&self.report.accepted.of, self.row) as usize).checked_sub(1)
    }

    /// The decision to live with it, if there is one.
    pub fn acceptance(self) -> Option<&'a Acceptance> {
        self.report.accepted.all.get(self.acceptance_number()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Change, Report};

    fn report() -> Report {
        let headings = ["Severity", "Status", "Resource ID", "Ticket"];
        let rows = [
            ["CRITICAL", "ACTIVE", "i-1", "T-1"],
            ["HIGH", "ACTIVE", "i-2", ""],
            ["HIGH", "CLOSED", "i-3", ""],
            ["LOW", "ACTIVE", "i-4", "T-4"],
        ];
        Report::from_rows("made", &headings, rows)
    }

    fn acceptances() -> Vec<Acceptance> {
        let of =
            |reason: &str, until: &str| Acceptance { reason: reason.into(), until: until.into(), ..Default::default() };
        vec![of("isolated", "2026-12-31"), of("no fix", "")]
    }

    #[test]
    fn what_is_accepted_is_not_open_and_says_why() {
        let mut report = report();
        report.accept(acceptances(), |finding| match finding.resource().id() {
            "i-1" => Some(1),
            "i-3" => Some(0),
            "i-4" => Some(0),
            _ => None,
        });
        let open: Vec<bool> = report.findings().map(Finding::is_open).collect();
        assert_eq!(open, [false, true, false, false]);
        let cells: Vec<String> = report.findings().map(|finding| finding.cell(4).into_owned()).collect();
        assert_eq!(cells, ["no fix", "", "", "isolated (until 2026-12-31)"], "what is closed needs no acceptance");
        assert_eq!(report.columns()[4].heading.as_ref(), "Accepted");
        assert_eq!(report.shared_cells(4), Some(&[2, 0, 0, 1][..]));
        let total = report.figures().total;
        assert_eq!((total.findings, total.open, total.closed, total.accepted), (4, 1, 1, 2));
        report.retain(Vec::new(), |finding| finding.resource().id() != "i-1");
        assert_eq!(report.finding(2).unwrap().acceptance().unwrap().reason, "isolated");
        let part = report.part(String::new(), &[2], |_| true);
        assert_eq!(part.finding(0).unwrap().cell(4), "isolated (until 2026-12-31)");
        assert_eq!(part.finding(0).unwrap().cell(3), "T-4");
    }

    #[test]
    fn nothing_is_added_where_nothing_is_accepted() {
        let mut report = report();
        report.accept(acceptances(), |_| None);
        assert_eq!(report.columns().len(), 4);
    }

    #[test]
    fn to_accept_is_no_fix() {
        let mut later = report();
        later.accept(acceptances(), |finding| (finding.resource().id() == "i-1").then_some(0));
        later.compare_with(report());
        let comparison = later.comparison().unwrap();
        assert_eq!(comparison.change(later.finding(0).unwrap()), Some(Change::Suppressed));
        assert_eq!(comparison.counts(Change::Fixed), &[0; 7]);
    }
}

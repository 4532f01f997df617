//! Findings that someone has decided to live with: the triage that is kept outside of Amazon Inspector.

use jiff::civil::Date;

use crate::{Finding, Report, store::at};

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
pub struct Acceptances {
    all: Vec<Acceptance>,
    /// Each in one line, behind an empty text for the findings that are not accepted.
    lines: Vec<String>,
    /// Of each finding 0, or the place of its acceptance counted from 1. Empty if none is accepted.
    of: Vec<u32>,
}

impl Acceptances {
    /// Those of a report: `which` gives the place of the acceptance among `all` for each finding, if any. What is not open
    /// needs no acceptance and gets none.
    pub fn new(report: &Report, all: Vec<Acceptance>, which: impl Fn(Finding<'_>) -> Option<usize>) -> Acceptances {
        let number = |finding: Finding<'_>| match finding.status().is_open() {
            true => which(finding).filter(|place| *place < all.len()).map_or(0, |place| place as u32 + 1),
            false => 0,
        };
        let of = report.findings().map(number).collect();
        Acceptances::numbered(all, of)
    }

    /// `of` has for each finding 0, or the place of its acceptance counted from 1.
    pub(crate) fn numbered(all: Vec<Acceptance>, of: Vec<u32>) -> Acceptances {
        if of.iter().all(|number| *number == 0) {
            return Acceptances { all, ..Acceptances::default() };
        }
        let lines = std::iter::once(String::new()).chain(all.iter().map(Acceptance::line)).collect();
        Acceptances { all, lines, of }
    }

    /// All acceptances, also those that are for no finding.
    pub fn all(&self) -> &[Acceptance] {
        &self.all
    }

    /// How many findings each is for.
    pub fn counts(&self) -> Vec<u64> {
        let mut counts = vec![0; self.all.len()];
        for number in &self.of {
            if let Some(count) = (*number as usize).checked_sub(1).and_then(|place| counts.get_mut(place)) {
                *count += 1;
            }
        }
        counts
    }

    /// Whether no finding is accepted.
    pub fn is_empty(&self) -> bool {
        self.of.is_empty()
    }

    /// The place of the acceptance of the finding in a row of the report.
    pub(crate) fn number(&self, row: usize) -> Option<usize> {
        (at(&self.of, row) as usize).checked_sub(1)
    }

    /// The acceptance of the finding in a row of the report, in one line.
    pub(crate) fn line(&self, row: usize) -> &str {
        self.lines.get(at(&self.of, row) as usize).map_or("", String::as_str)
    }

    /// Of each finding of the report the number of its line.
    pub(crate) fn numbers(&self) -> &[u32] {
        &self.of
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Change, View};

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

    /// A view with these acceptances, by the ids of the resources that they are for.
    fn accepted(of: &[(&str, usize)]) -> View {
        let which =
            |finding: Finding<'_>| of.iter().find(|(id, _)| *id == finding.resource().id()).map(|(_, number)| *number);
        let acceptances = Acceptances::new(&report(), acceptances(), which);
        View::builder(report()).accept(acceptances).build()
    }

    fn acceptances() -> Vec<Acceptance> {
        let of =
            |reason: &str, until: &str| Acceptance { reason: reason.into(), until: until.into(), ..Default::default() };
        vec![of("isolated", "2026-12-31"), of("no fix", "")]
    }

    #[test]
    fn what_is_accepted_is_not_open_and_says_why() {
        let report = accepted(&[("i-1", 1), ("i-3", 0), ("i-4", 0)]);
        assert_eq!(report.acceptances().counts(), [1, 1]);
        let open: Vec<bool> = report.findings().map(Finding::is_open).collect();
        assert_eq!(open, [false, true, false, false]);
        let cells: Vec<String> = report.findings().map(|finding| finding.cell(4).into_owned()).collect();
        assert_eq!(cells, ["no fix", "", "", "isolated (until 2026-12-31)"], "what is closed needs no acceptance");
        assert_eq!(report.columns()[4].heading.as_ref(), "Accepted");
        assert_eq!(report.shared_cells(4).as_deref(), Some(&[2, 0, 0, 1][..]));
        let part = report.part(String::new(), &[1, 2, 3], |_| true);
        assert_eq!(part.finding(2).unwrap().acceptance().unwrap().reason, "isolated");
        assert_eq!(part.shared_cells(4).as_deref(), Some(&[0, 0, 1][..]));
        let part = part.part(String::new(), &[2], |_| true);
        assert_eq!(part.finding(0).unwrap().cell(4), "isolated (until 2026-12-31)");
        assert_eq!(part.finding(0).unwrap().cell(3), "T-4");
    }

    #[test]
    fn nothing_is_added_where_nothing_is_accepted() {
        assert_eq!(accepted(&[]).columns().len(), 4);
    }

    #[test]
    fn to_accept_is_no_fix() {
        let which = |finding: Finding<'_>| (finding.resource().id() == "i-1").then_some(0);
        let later = View::builder(report())
            .compare_with(report())
            .accept(Acceptances::new(&report(), acceptances(), which))
            .build();
        let comparison = later.comparison().unwrap();
        assert_eq!(comparison.change(later.finding(0).unwrap()), Some(Change::Suppressed));
        assert_eq!(comparison.counts(Change::Fixed), &[0; 7]);
    }
}

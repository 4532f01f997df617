//! The findings that are written: of the report, and for readers of baselines those of an earlier one that are gone.

use inspector_report_format::FileSystem;
use inspector_report_model::{Change, Comparison, Finding, Resource, View, value::Status};

use crate::{
    options::{Options, Profile},
    place::Places,
    rule_id::RuleNumber,
};

/// A report of which findings are written.
#[derive(Debug)]
pub(crate) struct Source<'a> {
    pub(crate) report: &'a View,
    pub(crate) places: Places<'a>,
    /// Whether it is the report itself, and not the earlier one.
    pub(crate) is_later: bool,
    only_mapped: bool,
    /// The places of the findings that are written.
    rows: Vec<u32>,
    /// The rule of each of them.
    pub(crate) rules: Vec<RuleNumber>,
    pub(crate) left_out: LeftOut,
}

/// How many findings are not written, and why.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct LeftOut {
    pub(crate) suppressed: u64,
    /// Neither, and someone has decided to live with them.
    pub(crate) accepted: u64,
    pub(crate) closed: u64,
    pub(crate) unmapped: u64,
}

impl<'a> Source<'a> {
    /// All that findings come from.
    pub(crate) fn all(report: &'a View, options: &'a Options, files: &'a dyn FileSystem) -> Vec<Source<'a>> {
        let mut sources =
            vec![Source::new(report, Places::new(report, &options.locations, files), options, true, report.findings())];
        // GitHub would show what is gone as open.
        if let Some(comparison) = report.comparison().filter(|_| options.profile == Profile::Full) {
            // Those that are closed now are absent too, unless they are written as what they are.
            let closed = report
                .findings()
                .filter(|finding| !options.closed && comparison.change(*finding) == Some(Change::Fixed));
            let closed = closed.filter_map(|finding| comparison.before(finding));
            let earlier = comparison.earlier();
            let places = Places::new(earlier, &options.locations, files);
            sources.push(Source::new(earlier, places, options, false, comparison.gone().chain(closed)));
        }
        sources
    }

    fn new(
        report: &'a View,
        places: Places<'a>,
        options: &Options,
        is_later: bool,
        findings: impl Iterator<Item = Finding<'a>>,
    ) -> Source<'a> {
        let mut left_out = LeftOut::default();
        let mut rows = Vec::new();
        for finding in findings {
            if !options.has_status(finding) {
                *match finding.status() {
                    Status::Closed => &mut left_out.closed,
                    Status::Suppressed => &mut left_out.suppressed,
                    _ => &mut left_out.accepted,
                } += 1;
            } else if options.only_mapped && !places.is_mapped(finding.resource()) {
                left_out.unmapped += 1;
            } else {
                rows.push(finding.row() as u32);
            }
        }
        Source { report, places, is_later, only_mapped: options.only_mapped, rows, rules: Vec::new(), left_out }
    }

    /// The findings that are written.
    pub(crate) fn findings(&self) -> impl Iterator<Item = Finding<'a>> + use<'_, 'a> {
        self.rows.iter().filter_map(|row| self.report.finding(*row as usize))
    }

    /// The rows of the findings that are written.
    pub(crate) fn rows(&self) -> &[u32] {
        &self.rows
    }

    /// How many they are.
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// One of them, with its rule.
    pub(crate) fn finding(&self, place: usize) -> Option<(Finding<'a>, RuleNumber)> {
        Some((self.report.finding(*self.rows.get(place)? as usize)?, *self.rules.get(place)?))
    }

    /// Whether findings on a resource are written, if there are any.
    pub(crate) fn covers(&self, resource: Resource<'_>) -> bool {
        !self.only_mapped || self.places.is_mapped(resource)
    }

    /// What became of the findings since the earlier report, if there is one to compare with.
    pub(crate) fn comparison(&self) -> Option<&'a Comparison> {
        self.report.comparison()
    }
}

#[cfg(test)]
mod tests {
    use inspector_report_format::NO_FILES;
    use inspector_report_model::Report;

    use super::*;

    #[test]
    fn of_a_finding_that_stands_twice_the_newest_row_counts() {
        const A: &str = "arn:aws:inspector2:us-east-1:000123456789:finding/a";
        const B: &str = "arn:aws:inspector2:us-east-1:000123456789:finding/b";
        let headings = ["Finding ARN", "Last Updated", "Status"];
        let rows = [
            [A, "2026-01-02T00:00:00Z", "ACTIVE"],
            [B, "", "ACTIVE"],
            [A, "2026-01-01T00:00:00Z", "ACTIVE"],
            ["-", "", "ACTIVE"],
            ["-", "", "ACTIVE"],
            [B, "", "CLOSED"],
        ];
        let report = View::of(Report::from_rows("made", &headings, rows));
        let options = Options::default();
        let source = &Source::all(&report, &options, &NO_FILES)[0];
        // Of rows with the same time, the open one counts.
        let arns: Vec<_> = source.findings().map(Finding::arn).collect();
        assert_eq!(arns, [A, B, "-", "-"]);
        assert_eq!((report.repeated(), source.left_out.closed), (2, 0));
    }
}

//! Many reports as one: accounts and Regions that were exported one by one.

use std::{borrow::Cow, collections::HashMap, sync::Arc};

use crate::{
    Acceptances, Column, Header, Problem, Report, ReportBuilder, ReportColumn, View, repeated::is_arn, store::at,
};

impl Report {
    /// One report of all the findings of several, in their order, with the name `source`.
    ///
    /// A finding that stands in several of them, or twice in one, counts once, as everywhere ([`Report::repeated`]).
    /// Findings are told apart by their ARN; rows without one are all different. Columns are those of the first report,
    /// then those that the others have besides.
    pub fn merge(source: &str, reports: Vec<Report>) -> Report {
        Report::merge_rows(source, reports).0
    }

    /// The same, and for each of its rows where it stood among the rows of all.
    fn merge_rows<R: AsRef<Report>>(source: &str, reports: Vec<R>) -> (Report, Vec<u32>) {
        let mut headings: Vec<Arc<str>> = Vec::new();
        let mut places: HashMap<String, usize> = HashMap::new();
        let mut maps: Vec<Vec<Option<usize>>> = Vec::new();
        for (number, report) in reports.iter().map(AsRef::as_ref).enumerate() {
            // Columns that are not the input's are made anew.
            let columns = report.columns().iter().enumerate().filter(|(_, column)| column.is_written());
            for (place, column) in columns {
                let name = column.column.map_or_else(|| column.heading.to_lowercase(), |known| known.name().to_owned());
                let at = *places.entry(name).or_insert_with(|| {
                    headings.push(Arc::clone(&column.heading));
                    headings.len() - 1
                });
                maps.resize_with(headings.len(), || vec![None; reports.len()]);
                // Of two columns of one name in a report the first counts, as everywhere.
                maps[at][number].get_or_insert(place);
            }
        }
        let header = Arc::new(Header::new(headings.iter().map(AsRef::as_ref)));
        let mut builder = ReportBuilder::new(header);
        let mut problems: Vec<Problem> = Vec::new();
        let mut notes: Vec<String> = Vec::new();
        let mut coverage = Vec::new();
        let mut action_triage = Vec::new();
        let mut rows_read = 0;
        // Each is let go of as soon as it is taken in.
        for (number, report) in reports.into_iter().enumerate() {
            let report = report.as_ref();
            let own: Vec<Option<&ReportColumn>> =
                maps.iter().map(|places| report.columns().get(places[number]?)).collect();
            let account = own.iter().position(|column| column.is_some_and(|c| c.column == Some(Column::AwsAccountId)));
            for finding in report.all_rows() {
                let cell = |column: &Option<&ReportColumn>| {
                    column.map_or(Cow::Borrowed(""), |column| report.cell(finding.stored, column))
                };
                let mut cells: Vec<Cow<'_, str>> = own.iter().map(cell).collect();
                // What was repaired is repaired again, from what was written.
                if let (Some(place), Some(written)) = (account, finding.resource().account_as_written()) {
                    cells[place] = Cow::Borrowed(written);
                }
                builder.push(0, |place| cells.get(place).map_or("", AsRef::as_ref));
            }
            coverage.extend_from_slice(report.coverage());
            action_triage.extend_from_slice(report.action_triage());
            problems.extend_from_slice(report.problems());
            notes.extend(report.notes().iter().map(|note| format!("{}: {note}", report.source())));
            rows_read += report.rows_read();
        }
        let mut merged = builder.build(source.into(), problems, rows_read);
        let order = merged.part_repeated();
        merged.notes = notes;
        merged.coverage = coverage;
        merged.action_triage = action_triage;
        (merged, order)
    }

    /// How many findings have no ARN of their own, by which it could be told whether they stand in a report twice.
    pub fn without_arn(&self) -> u64 {
        match self.has_column(Column::FindingArn) {
            true => self.findings().filter(|finding| !is_arn(&finding.arn())).count() as u64,
            false => self.len() as u64,
        }
    }
}

impl View {
    /// One view of the reports of several, in their order: what is accepted or left out in the row that counts of a finding
    /// stays so.
    pub fn merge(source: &str, views: Vec<View>) -> View {
        let (mut all, mut numbers, mut kept) = (Vec::new(), Vec::new(), Vec::new());
        for view in &views {
            let of = view.acceptances();
            let keeps = view.kept();
            for row in view.report().row_order() {
                numbers.push(of.number(row).map_or(0, |number| (all.len() + number + 1) as u32));
                kept.push(keeps.get(row).copied().unwrap_or(true));
            }
            all.extend_from_slice(of.all());
        }
        let (report, order) = Report::merge_rows(source, views);
        let counting = order.get(..report.len()).unwrap_or_default();
        let numbers = counting.iter().map(|position| at(&numbers, *position as usize)).collect();
        let kept: Vec<bool> =
            counting.iter().map(|position| kept.get(*position as usize).copied().unwrap_or(true)).collect();
        let builder = View::builder(report).accept(Acceptances::numbered(all, numbers));
        match kept.contains(&false) {
            true => builder.filter(Vec::new(), |finding| kept.get(finding.stored).copied().unwrap_or(true)).build(),
            false => builder.build(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Finding, ProblemCode};

    const A: &str = "arn:aws:inspector2:us-east-1:000123456789:finding/a";
    const B: &str = "arn:aws:inspector2:us-east-1:000123456789:finding/b";

    fn all(report: &Report) -> Vec<Vec<String>> {
        let row = |finding: Finding<'_>| (0..report.columns().len()).map(|at| finding.cell(at).into_owned()).collect();
        report.all_rows().map(row).collect()
    }

    #[test]
    fn columns_are_those_of_all_and_the_newest_row_of_a_finding_counts() {
        let first = Report::from_rows(
            "in/one.csv",
            &["Finding ARN", "Severity", "Ticket", "Last Updated"],
            [[A, "HIGH", "T-1", "2026-01-02T00:00:00Z"], ["", "LOW", "", "yesterday"]],
        );
        let second = Report::from_rows(
            "in/two.csv",
            &["severity", "Last Updated", "Finding ARN", "Region", "ticket"],
            [
                ["LOW", "2026-01-01T00:00:00Z", A, "us-east-1", ""],
                ["LOW", "2026-01-03T00:00:00Z", B, "us-east-1", "T-3"],
                ["", "", "", "", ""],
            ],
        );
        let merged = Report::merge("all", vec![first, second]);
        let headings: Vec<&str> = merged.columns().iter().map(|column| column.heading.as_ref()).collect();
        assert_eq!(headings, ["Finding ARN", "Severity", "Ticket", "Last Updated", "Region"]);
        assert_eq!(
            all(&merged),
            [
                [A, "HIGH", "T-1", "2026-01-02T00:00:00Z", ""],
                ["", "LOW", "", "yesterday", ""],
                [A, "LOW", "", "2026-01-01T00:00:00Z", "us-east-1"],
                [B, "LOW", "T-3", "2026-01-03T00:00:00Z", "us-east-1"],
                ["", "", "", "", ""],
            ]
        );
        assert_eq!((merged.rows_read(), merged.repeated(), merged.without_arn()), (5, 1, 2));
        assert_eq!(merged.source(), "all");
        let problems: Vec<(&str, ProblemCode, u64)> =
            merged.problems().iter().map(|p| (p.file_name(), p.code, p.line)).collect();
        assert_eq!(problems, [("one.csv", ProblemCode::NotATime, 3)], "once, and where it is");
    }

    #[test]
    fn nothing_comes_of_nothing() {
        assert!(Report::merge("all", Vec::new()).is_empty());
    }
}

//! What tests compare of two reports.

use inspector_report_model::{Finding, Report};

/// Cells, problems, rows read, and the numbers of vulnerabilities and resources.
pub(super) type Seen = (Vec<Vec<String>>, Vec<String>, u64, Vec<(u32, u32)>);

/// All that can be seen of a report, but for the name of its source.
pub(super) fn all(report: &Report) -> Seen {
    let cells =
        |finding: Finding<'_>| (0..report.columns().len()).map(|column| finding.cell(column).into_owned()).collect();
    let problems = report.problems().iter().map(|problem| {
        let text = problem.to_string();
        format!("{} {}", problem.byte, text.strip_prefix(report.source()).unwrap_or(&text))
    });
    let numbers = report.findings().map(|f| (f.vulnerability_facts().index(), f.resource().index()));
    (report.findings().map(cells).collect(), problems.collect(), report.rows_read(), numbers.collect())
}

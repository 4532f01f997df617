//! A series of reports for the tests of every format that shows trends.

use inspector_report_analysis::{Snapshot, Trend, TrendBuilder, TrendBy, trend::Targets};
use inspector_report_model::Report;

const HEADINGS: [&str; 11] = [
    "Finding ARN",
    "Severity",
    "Status",
    "AWS Account Id",
    "Region",
    "Resource ID",
    "Vulnerability Id",
    "Title",
    "First Seen",
    "Last Updated",
    "Resource Tags",
];

/// Three reports in two months: one finding is fixed, one comes, one is suppressed, an account vanishes.
pub fn sample() -> Trend {
    let (seen, status) = (["2026-01-01T00:00:00Z", "2026-02-02T00:00:00Z"], ["ACTIVE", "SUPPRESSED"]);
    let old = |status| {
        ["a", "CRITICAL", status, "1", "r", "i-1", "CVE-2026-11111", "<b>old</b> | x", seen[0], "", "Owner:web"]
    };
    let row =
        |arn, account, status, seen| [arn, "HIGH", status, account, "r", "i-2", "CVE-2026-22222", "two", seen, "", ""];
    let at = |time| ["t", "LOW", "CLOSED", "1", "r", "i-9", "", "clock", "", time, ""];
    let reports = [
        (
            "jan.csv",
            vec![
                old(status[0]),
                row("b", "2", status[0], seen[0]),
                row("d", "1", status[0], seen[0]),
                at("2026-01-10T00:00:00Z"),
            ],
        ),
        (
            "feb.csv",
            vec![
                old(status[0]),
                row("c", "1", status[0], seen[1]),
                row("d", "1", status[1], seen[0]),
                at("2026-02-10T00:00:00Z"),
            ],
        ),
        ("end.csv", vec![old(status[0]), row("d", "1", status[1], seen[0]), at("2026-02-12T00:00:00Z")]),
    ];
    let mut builder = TrendBuilder::new(TrendBy::USUAL.to_vec());
    for (name, rows) in &reports {
        let report = Report::from_rows(name, &HEADINGS, rows.iter());
        builder.add(&Snapshot::new(&report).unwrap(), report);
    }
    let mut trend = builder.finish(&Targets::parse("critical=7,high=30").unwrap()).unwrap();
    trend.undated = vec!["none.csv".to_owned()];
    trend.unread = vec![("bad.csv".to_owned(), "it is no report".to_owned())];
    trend.filters = vec!["--severity critical,high".to_owned()];
    trend
}

//! What a series of reports comes to, as a whole output.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use inspector_report_core::{
    Converter, Lang, Memory, Options, Report, Settings, Snapshot, Texts, Trend, TrendBuilder, TrendBy, trend::Targets,
};
use inspector_report_markdown::Markdown;

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
fn sample() -> Trend {
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
        builder.add(&Snapshot::new(&report).unwrap(), &report);
    }
    let mut trend = builder.finish(&Targets::parse("critical=7,high=30").unwrap()).unwrap();
    trend.undated = vec!["none.csv".to_owned()];
    trend.unread = vec![("bad.csv".to_owned(), "it is no report".to_owned())];
    trend.filters = vec!["--severity critical,high".to_owned()];
    trend
}

fn written(converter: &dyn Converter, lang: Lang, set: &[&str]) -> Vec<u8> {
    let texts = Texts::new(lang);
    let mut settings = Settings::default();
    set.iter().for_each(|name| settings.switch_on(name));
    let mut memory = Memory::default();
    let options = Options { settings: &settings, ..Options::new(&texts, "0") };
    converter.convert_trend(&sample(), &options, &mut memory).unwrap();
    memory.files.remove(0).into_inner()
}

fn page(lang: Lang, set: &[&str]) -> String {
    String::from_utf8(written(&Markdown, lang, set)).unwrap()
}

#[test]
fn the_summary_in_english() {
    insta::assert_snapshot!(page(Lang::En, &[]));
}

#[test]
fn the_summary_in_japanese() {
    insta::assert_snapshot!(page(Lang::Ja, &[]));
}

#[test]
fn plain_markdown_has_tables_alone() {
    let plain = page(Lang::En, &["plain"]);
    assert!(!plain.contains("mermaid") && !plain.contains("<details>") && plain.contains("| 2026-02 |"));
}

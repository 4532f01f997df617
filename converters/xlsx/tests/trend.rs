//! What a series of reports comes to, as a whole output.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use calamine::{Data, Reader, Xlsx as Book};
use inspector_report_core::{
    Converter, Lang, Memory, Options, Report, Settings, Snapshot, Texts, Trend, TrendBuilder, TrendBy, trend::Targets,
};
use inspector_report_xlsx::Xlsx;

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

/// The cells of a sheet, as text.
fn cells(lang: Lang, sheet: &str) -> Vec<Vec<String>> {
    let mut book: Book<_> = Book::new(std::io::Cursor::new(written(&Xlsx, lang, &[]))).unwrap();
    let range = book.worksheet_range(sheet).unwrap();
    let text = |cell: &Data| match cell {
        Data::DateTime(time) => time.as_f64().to_string(),
        cell => cell.to_string(),
    };
    range.rows().map(|row| row.iter().map(text).collect()).collect()
}

#[test]
fn the_sheets_are_there_in_both_languages() {
    let names = |lang| Book::new(std::io::Cursor::new(written(&Xlsx, lang, &[]))).unwrap().sheet_names();
    assert_eq!(
        names(Lang::En),
        ["Overview", "Over time", "Months", "Days to fix", "Groups", "Open findings", "Overdue", "Reports", "Problems"]
    );
    assert_eq!(names(Lang::Ja).len(), 9);
}

#[test]
fn the_figures_are_numbers_and_days() {
    // 2026-01-10 is day 46032 of Excel. Three open; then the one of account 2 is gone, one new, one suppressed.
    let series = cells(Lang::En, "Over time");
    assert_eq!(series[0][..4], ["Day", "Open", "Critical", "High"]);
    assert_eq!(series[1][..4], ["46032", "3", "1", "2"]);
    assert_eq!(series[2][..4], ["46063", "2", "1", "1"]);
    assert_eq!(series[3][..4], ["46065", "1", "1", "0"]);
    let months = cells(Lang::En, "Months");
    assert_eq!(months[1][..7], ["46023", "0", "0", "0", "0", "0", "3"]);
    assert_eq!(months[2][..7], ["46054", "1", "0", "2", "1", "0", "1"]);
    // b: January 1 to February 10 are 40 days, c: February 2 to 12 are 10.
    let fix = cells(Lang::En, "Days to fix");
    assert_eq!(fix[2], ["High", "2", "2", "25", "40", "30", "1", "0"]);
    // a is open since January 1: 42 days, 35 more than 7.
    let overdue = cells(Lang::En, "Overdue");
    assert_eq!((overdue.len(), overdue[1][8..11].join(" ")), (2, "42 7 35".to_owned()));
    assert_eq!(cells(Lang::En, "Reports").len(), 4);
    assert_eq!(cells(Lang::En, "Problems").len(), 4, "one unread, one undated, one account that vanished");
}

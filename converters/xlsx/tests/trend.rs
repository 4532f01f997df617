//! What a series of reports comes to, as a whole output.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use calamine::{Data, Reader, Xlsx as Book};
use inspector_report_format::{Context, Format, MemoryOutputs, Settings};
use inspector_report_localizer::Lang;
use inspector_report_testkit::trend::sample;
use inspector_report_xlsx::Xlsx;

fn written(format: &dyn Format, lang: Lang, set: &[&str]) -> Vec<u8> {
    let texts = inspector_report_xlsx::localizer(lang);
    let mut settings = Settings::default();
    set.iter().for_each(|name| settings.switch_on(name));
    let mut memory = MemoryOutputs::default();
    let context = Context::new(&texts, "0");
    format.converter(&settings).unwrap().trends().unwrap().write_trend(&sample(), &context, &mut memory).unwrap();
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

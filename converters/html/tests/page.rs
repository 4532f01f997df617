//! The page as a whole, in both languages, and what text of a report can do to it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use inspector_report_format::{Context, Format, MemoryOutputs, Settings};
use inspector_report_html::Html;
use inspector_report_localizer::Lang;
use inspector_report_model::Report;
use proptest::prelude::*;

const HEADINGS: [&str; 8] = [
    "Severity",
    "Vulnerability Id",
    "Title",
    "Resource ID",
    "AWS Account Id",
    "Affected Packages",
    "Fixed in Version",
    "Exploit Available",
];

fn page(report: &Report, lang: Lang, set: &[(&str, &str)]) -> String {
    let texts = inspector_report_html::localizer(lang);
    let mut settings = Settings::default();
    set.iter().for_each(|(name, value)| settings.set(name, value));
    let mut memory = MemoryOutputs::default();
    Html.converter(&settings).unwrap().write(&report.clone().into(), &Context::new(&texts, "0"), &mut memory).unwrap();
    String::from_utf8(memory.files.remove(0).into_inner()).unwrap()
}

fn sample() -> Report {
    let rows = [
        ["LOW", "CVE-2026-11111", "CVE-2026-11111 - curl", "i-1", "000000000001", "curl", "8.0", "NO"],
        ["CRITICAL", "GHSA-jfh8-c2jp-5v3q", "x", "i-2", "000000000002", "log4j", "2.17", "YES"],
    ];
    Report::from_rows("made.csv", &HEADINGS, rows)
}

/// The page without its style and script, which do not depend on the report.
fn body(page: &str) -> String {
    let (head, rest) = page.split_once("<style>").unwrap();
    let (_, rest) = rest.split_once("</style>").unwrap();
    format!("{head}{}", rest.split_once("<script>").unwrap().0)
}

#[test]
fn the_page_in_english() {
    insta::assert_snapshot!(body(&page(&sample(), Lang::En, &[])));
}

#[test]
fn the_page_in_japanese() {
    insta::assert_snapshot!(body(&page(&sample(), Lang::Ja, &[])));
}

#[test]
fn the_table_has_so_many_findings_and_says_how_many_there_are() {
    let rows =
        |page: &str| page.split("class=\"sortable\"").nth(1).map_or(0, |table| table.matches("<tr>").count() - 1);
    let whole = page(&sample(), Lang::En, &[]);
    assert!(whole.contains("<h2>All 2 open findings</h2>") && rows(&whole) == 2);
    let one = page(&sample(), Lang::En, &[("html-findings", "1")]);
    assert!(
        one.contains("<h2>The worst 1 of 2 open findings</h2>")
            && one.contains("1 less severe finding is not")
            && rows(&one) == 1
    );
    assert!(one.split("class=\"sortable\"").nth(1).unwrap().contains("GHSA-jfh8"), "the worst is there");
    assert_eq!(rows(&page(&sample(), Lang::En, &[("html-findings", "0")])), 0);
}

/// The elements of a page, in order.
fn elements(page: &str) -> Vec<&str> {
    page.split('<').skip(1).map(|tag| tag.split([' ', '>', '\n']).next().unwrap()).collect()
}

fn assert_harmless(text: &str) {
    let of = |text: &str| {
        let report = Report::from_rows(text, &HEADINGS, [["HIGH", text, text, text, text, text, text, text]]);
        page(&report, Lang::En, &[])
    };
    let (page, plain) = (of(text), of("abc"));
    let is_same = |a: &&str| !matches!(*a, "span" | "/span");
    // A long text has an element more, which shows the whole.
    let (found, expected): (Vec<_>, Vec<_>) =
        (elements(&page).into_iter().filter(is_same).collect(), elements(&plain).into_iter().filter(is_same).collect());
    assert_eq!(found, expected, "{text:?}");
}

#[test]
fn hostile_text_adds_no_element() {
    for text in [
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "' onmouseover='x",
        "--><b>",
        "&lt;i&gt;",
        "</main>",
    ] {
        assert_harmless(text);
    }
    assert_harmless(&"<b>".repeat(500));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_text_adds_no_element(text in "[a-c<>&\"'/=! -]{1,40}[a-c]") {
        assert_harmless(&text);
    }
}

//! Where a summary goes: how much fits, what is left out, what is compared, in which notation.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use inspector_report_format::{Context, Format, MemoryOutputs, Settings, Summary};
use inspector_report_localizer::{Lang, Localizer};
use inspector_report_markdown::Markdown;
use inspector_report_model::{Report, View};

const HEADINGS: [&str; 8] = [
    "Severity",
    "Vulnerability Id",
    "Title",
    "Resource ID",
    "AWS Account Id",
    "Affected Packages",
    "Fixed in Version",
    "Finding ARN",
];

fn report(count: usize) -> Report {
    let severities = ["LOW", "CRITICAL", "MEDIUM", "HIGH", "UNTRIAGED", "INFORMATIONAL"];
    let rows: Vec<[String; 8]> = (0..count)
        .map(|n| {
            [
                severities[n % 6].to_owned(),
                format!("CVE-2026-{:05}", n % 7_919),
                format!("CVE-2026-{n} - 日本語 🔒 | <b>"),
                format!("i-{:05x}", n % 3_001),
                format!("{:012}", n % 300),
                format!("pkg-{}", n % 500),
                "1.2".to_owned(),
                format!("arn:{n}"),
            ]
        })
        .collect();
    let rows: Vec<[&str; 8]> = rows.iter().map(|row| row.each_ref().map(String::as_str)).collect();
    Report::from_rows("made.csv", &HEADINGS, rows.iter())
}

fn render<R: Clone + Into<View>>(report: &R, lang: Lang, set: &[(&str, &str)]) -> (String, Summary) {
    let texts = Localizer::new(lang);
    let mut settings = Settings::default();
    set.iter().for_each(|(name, value)| settings.set(name, value));
    let mut memory = MemoryOutputs::default();
    let context = Context::new(&texts, "0");
    let summary = Markdown.converter(&settings).unwrap().write(&report.clone().into(), &context, &mut memory).unwrap();
    (String::from_utf8(memory.files.remove(0).into_inner()).unwrap(), summary)
}

#[test]
fn every_limit_is_kept_for_reports_of_any_size() {
    for count in [0, 1, 100, 100_000] {
        let report = View::of(report(count));
        for (lang, tops) in [(Lang::En, &["10", "1000"][..]), (Lang::Ja, &["10"])] {
            for top in tops {
                let (whole, _) = render(&report, lang, &[("top", top)]);
                for bytes in [1, 10, 150, 3_333, 20_000, 100_001] {
                    let (text, _) = render(&report, lang, &[("markdown-limit", &bytes.to_string()), ("top", top)]);
                    assert!(text.len() <= bytes, "{} bytes of {bytes}, {count} findings", text.len());
                    // Room is used: what was left out would not have fitted. A row has no more than 400 bytes.
                    let is_whole = text == whole;
                    assert!(is_whole || bytes < 3_000 || text.len() + 600 > bytes, "{} of {bytes}", text.len());
                }
                for (target, most) in [("github-comment", 65_536), ("slack", 4_000)] {
                    let (text, _) = render(&report, lang, &[("markdown-limit", target), ("top", top)]);
                    assert!(text.encode_utf16().count() <= most, "{target}, {count}");
                }
            }
        }
        let (text, _) = render(&report, Lang::En, &[("markdown-limit", "github-step-summary"), ("top", "20000")]);
        assert!(text.len() <= 1 << 20);
    }
}

#[test]
fn the_least_severe_rows_go_first_and_are_counted() {
    let report = report(600);
    let (whole, summary) = render(&report, Lang::En, &[("top", "1000")]);
    assert!(summary.notes.is_empty());
    let half = (whole.len() / 2).to_string();
    let (text, summary) = render(&report, Lang::En, &[("top", "1000"), ("markdown-limit", &half)]);
    let rows = |text: &str, severity: &str| text.matches(&format!("| {severity} |")).count();
    assert_eq!(rows(&text, "Critical"), rows(&whole, "Critical"), "none of the worst is missing");
    assert_eq!(rows(&text, "Untriaged"), 1, "the counts stay, the vulnerabilities go");
    // The number that is told is that of the rows that are not there.
    let tables = |text: &str| text.lines().filter(|line| line.starts_with("| ")).count();
    let said: usize = text
        .lines()
        .find_map(|line| line.split_once(" rows, the least severe, found no room here"))
        .map(|(number, _)| number.replace(',', "").parse().unwrap())
        .unwrap();
    let heads = |text: &str| text.lines().filter(|line| line.starts_with("| ---")).count();
    assert_eq!(tables(&whole) - tables(&text), said + 2 * (heads(&whole) - heads(&text)));
    assert!(summary.notes[0].starts_with(&format!("{said} rows")), "{:?}", summary.notes);
}

#[test]
fn what_changed_is_told_in_both_languages() {
    let later = View::builder(report(20)).compare_with(report(30)).build();
    let (text, _) = render(&later, Lang::En, &[]);
    assert!(text.contains("## Since the earlier report"), "{text}");
    assert!(text.contains("| Still open | 20 | 4 | 3 | 3 | 10 |"), "{text}");
    assert!(text.contains("| Fixed or gone | 10 | 1 | 2 | 2 | 5 |"), "{text}");
    assert!(text.contains("The worst that are gone:") && !text.contains("The worst that are new"), "{text}");
    let (text, _) = render(&later, Lang::Ja, &[]);
    assert!(text.contains("| 継続 | 20 |"), "{text}");
}

#[test]
fn plain_has_neither_chart_nor_folding() {
    let report = report(50);
    let (rich, _) = render(&report, Lang::En, &[]);
    assert!(rich.contains("```mermaid\npie showData\n") && rich.contains("<details>"));
    assert!(rich.contains("    \"Critical\" : 9\n"), "{rich}");
    let (plain, _) = render(&report, Lang::En, &[("plain", "")]);
    assert!(!plain.contains("mermaid") && !plain.contains("<details>") && plain.contains("## By account (50)"));
}

#[test]
fn slack_has_its_own_notation() {
    let (text, _) = render(&report(5), Lang::En, &[("markdown-limit", "slack")]);
    assert!(text.starts_with("*Amazon Inspector findings*\n"), "{text}");
    assert!(text.contains("<https://nvd.nist.gov/vuln/detail/CVE-2026-00001|CVE-2026-00001>"), "{text}");
    assert!(!text.contains("| ---") && !text.contains('#') && !text.contains("<b>"), "{text}");
}

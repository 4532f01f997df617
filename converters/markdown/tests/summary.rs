//! Whole summaries, in both languages.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::sync::Arc;

use inspector_report_format::{Context, Format, MemoryOutputs, Settings};
use inspector_report_localizer::{Lang, Localizer};
use inspector_report_markdown::Markdown;
use inspector_report_model::{Header, Location, ProblemCode, Report, ReportBuilder, View};
use proptest::prelude::*;
use pulldown_cmark::{CodeBlockKind, Event, Options as Extensions, Parser, Tag, TagEnd};

fn summary<R: Clone + Into<View>>(report: &R, lang: Lang) -> String {
    let texts = Localizer::new(lang);
    let mut memory = MemoryOutputs::default();
    Markdown
        .converter(&Settings::new())
        .unwrap()
        .write(&report.clone().into(), &Context::new(&texts, "0"), &mut memory)
        .unwrap();
    String::from_utf8(memory.files.remove(0).into_inner()).unwrap()
}

const HEADINGS: [&str; 18] = [
    "Severity",
    "Status",
    "Finding Type",
    "Vulnerability Id",
    "Title",
    "Affected Packages",
    "Fixed in Version",
    "Fix Available",
    "Exploit Available",
    "Epss Score",
    "Inspector Score",
    "Resource ID",
    "Resource Type",
    "Resource Tags",
    "AWS Account Id",
    "Region",
    "First Seen",
    "Port Range",
];

const EC2: &str = "AWS_EC2_INSTANCE";
const ECR: &str = "AWS_ECR_CONTAINER_IMAGE";
const IMAGE: &str = "arn:aws:ecr:us-east-1:111122223333:repository/shop/api/sha256:0a1b2c3d4e5f60718293a4b5c6d7e8f9";
const FUNCTION: &str = "arn:aws:lambda:us-east-1:000123456789:function:resize:$LATEST";
const PACKAGE: &str = "PACKAGE_VULNERABILITY";

fn sample() -> View {
    let rows = [
        [
            "CRITICAL",
            "ACTIVE",
            PACKAGE,
            "CVE-2024-11111",
            "CVE-2024-11111 - libfoo, libfoo-dev",
            "libfoo, libfoo-dev",
            "1.2.3, 1.2.3",
            "YES",
            "YES",
            "0.42",
            "9.8",
            "i-0001",
            EC2,
            "Name:web-1,Owner:platform",
            "000123456789",
            "ap-northeast-1",
            "2026-01-02T03:04:05.678Z",
            "",
        ],
        [
            "CRITICAL",
            "ACTIVE",
            PACKAGE,
            "CVE-2024-11111",
            "CVE-2024-11111 - libfoo, libfoo-dev",
            "libfoo, libfoo-dev",
            "1.2.3, 1.2.3",
            "YES",
            "YES",
            "0.42",
            "9.8",
            "i-0002",
            EC2,
            "",
            "000123456789",
            "ap-northeast-1",
            "2026-01-12T03:04:05.678Z",
            "",
        ],
        [
            "HIGH",
            "ACTIVE",
            PACKAGE,
            "GHSA-jfh8-c2jp-5v3q",
            "GHSA-jfh8-c2jp-5v3q - @scope/pkg",
            "@scope/pkg",
            "NotAvailable",
            "NO",
            "NO",
            "0.00012",
            "7.5",
            IMAGE,
            ECR,
            "",
            "111122223333",
            "us-east-1",
            "2026-02-02T03:04:05.678Z",
            "",
        ],
        [
            "HIGH",
            "SUPPRESSED",
            PACKAGE,
            "CVE-2023-2222",
            "CVE-2023-2222",
            "",
            "",
            "YES",
            "NO",
            "",
            "",
            "i-0001",
            EC2,
            "Name:web-1,Owner:platform",
            "000123456789",
            "ap-northeast-1",
            "2025-01-02T03:04:05.678Z",
            "",
        ],
        [
            "MEDIUM",
            "ACTIVE",
            "NETWORK_REACHABILITY",
            "",
            "Port 22 is reachable from an Internet Gateway - TCP",
            "",
            "",
            "",
            "",
            "",
            "",
            "i-0002",
            EC2,
            "",
            "000123456789",
            "ap-northeast-1",
            "2026-03-02T03:04:05.678Z",
            "22-22",
        ],
        [
            "LOW",
            "CLOSED",
            "CODE_VULNERABILITY",
            "",
            "CWE-117 - Log injection",
            "",
            "",
            "",
            "",
            "",
            "",
            FUNCTION,
            "AWS_LAMBDA_FUNCTION",
            "",
            "000123456789",
            "us-east-1",
            "2026-03-02T03:04:05.678Z",
            "",
        ],
        [
            "UNTRIAGED",
            "ACTIVE",
            PACKAGE,
            "CVE-2026-3333",
            "CVE-2026-3333 - kernel",
            "kernel",
            "",
            "PARTIAL",
            "NO",
            "",
            "",
            "i-0001",
            EC2,
            "Name:web-1,Owner:platform",
            "000123456789",
            "ap-northeast-1",
            "soon",
            "",
        ],
        [
            "SEVERE",
            "ACTIVE",
            PACKAGE,
            "x](http://evil)|`@team` #1",
            "hostile",
            "<b>|a",
            "1|2",
            "YES",
            "NO",
            "",
            "",
            "i-0003",
            EC2,
            "Name:![x](y)| @team",
            "000123456789",
            "ap-northeast-1",
            "",
            "",
        ],
    ];
    let report = Report::from_rows("in/sample.csv", &HEADINGS, rows);
    View::builder(report).filter(vec!["--tag a=b|c".into()], |_| true).build()
}

#[test]
fn the_summary_in_english() {
    insta::assert_snapshot!(summary(&sample(), Lang::En));
}

#[test]
fn the_summary_in_japanese() {
    insta::assert_snapshot!(summary(&sample(), Lang::Ja));
}

#[test]
fn an_empty_report_says_so() {
    let report = Report::from_rows("empty.csv", &HEADINGS, [[""; 0]; 0]);
    insta::assert_snapshot!(summary(&report, Lang::En));
}

/// Nothing left to show is not the same as nothing open.
#[test]
fn a_report_of_which_nothing_is_left_says_why() {
    let report = Report::from_rows("a.csv", &["Severity"], [["HIGH"], ["LOW"]]);
    let report = View::builder(report).filter(vec!["--severity critical".into()], |_| false).build();
    assert!(summary(&report, Lang::En).contains(
        "**No finding matches the filters; all 2 in the report were left out. The filters leave out 2 open findings (0 \
             critical, 1 high).**"
    ));
    assert!(summary(&report, Lang::Ja).contains(
        "**フィルター条件に合う検出結果はありません (レポートの 2 件はすべて除外されました)。フィルターで除外した"
    ));

    let mut builder = ReportBuilder::new(Arc::new(Header::new(["Severity"])));
    builder.push_lost_row(ProblemCode::FieldCount, 1..2, "2 fields where 1 should be".into());
    let locate = |rows: &[std::ops::Range<u64>]| {
        Ok::<_, std::io::Error>(rows.iter().map(|row| Location { byte: row.start, line: 2, last_line: 2 }).collect())
    };
    let text = summary(&builder.finish("a.csv".into(), locate).unwrap(), Lang::En);
    assert!(text.contains("1 row could not be read: this does not mean that nothing is open."), "{text}");
    assert!(text.contains("1 read = 0 in this summary + 0 left out by filters + 1 that could not be read"), "{text}");
}

/// Each block of a page as a reader sees it: tables as rows of cells, list items; and where its links go.
fn read(markdown: &str) -> (Vec<Vec<Vec<String>>>, Vec<String>, Vec<String>) {
    let (mut tables, mut items, mut links) = (Vec::<Vec<Vec<String>>>::new(), Vec::new(), Vec::new());
    let (mut cell, mut rest) = (None::<String>, String::new());
    for event in Parser::new_ext(markdown, Extensions::all() - Extensions::ENABLE_SMART_PUNCTUATION) {
        match event {
            Event::Start(Tag::Table(_)) => tables.push(Vec::new()),
            Event::Start(Tag::TableRow | Tag::TableHead) => tables.last_mut().unwrap().push(Vec::new()),
            Event::Start(Tag::TableCell) => cell = Some(String::new()),
            Event::End(TagEnd::TableCell) => {
                tables.last_mut().unwrap().last_mut().unwrap().push(cell.take().unwrap());
            }
            Event::Start(Tag::Item) => rest.clear(),
            Event::End(TagEnd::Item) => items.push(std::mem::take(&mut rest)),
            Event::Start(Tag::Link { dest_url, .. }) => links.push(dest_url.to_string()),
            Event::Text(text) => cell.as_mut().unwrap_or(&mut rest).push_str(&text.replace('\u{2060}', "")),
            // Around dollar signs, against mathematics.
            Event::InlineHtml(html) => assert!(matches!(&*html, "<span>" | "</span>"), "{html}"),
            Event::Html(html) => {
                let html = html.trim();
                assert!(
                    matches!(html, "<details>" | "</details>")
                        || html.starts_with("<summary>") && html.ends_with("</summary>"),
                    "{html}"
                );
            }
            Event::Start(Tag::CodeBlock(kind)) => {
                assert!(matches!(&kind, CodeBlockKind::Fenced(name) if &**name == "mermaid"), "{kind:?}");
            }
            Event::Start(Tag::Paragraph | Tag::Heading { .. } | Tag::Strong | Tag::List(None) | Tag::HtmlBlock)
            | Event::End(_)
            | Event::Rule
            | Event::SoftBreak => {}
            other => panic!("{other:?}"),
        }
    }
    (tables, items, links)
}

#[test]
fn every_link_is_one_of_ours() {
    let (tables, _, links) = read(&summary(&sample(), Lang::En));
    assert_eq!(tables.len(), 8);
    assert_eq!(
        links,
        [
            "https://nvd.nist.gov/vuln/detail/CVE-2024-11111",
            "https://github.com/advisories/GHSA-jfh8-c2jp-5v3q",
            "https://nvd.nist.gov/vuln/detail/CVE-2026-3333"
        ]
    );
}

/// The same text in every cell, and in the name of the file: nothing of it does anything, all of it is shown.
fn assert_harmless(text: &str) {
    let row: Vec<&str> = HEADINGS
        .iter()
        .map(|heading| match *heading {
            "Status" => "ACTIVE",
            "Finding Type" => PACKAGE,
            "Fix Available" => "YES",
            _ => text,
        })
        .collect();
    let report = Report::from_rows(text, &HEADINGS, [row]);
    let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    for lang in Lang::ALL {
        let markdown = summary(&report, lang);
        let (tables, items, links) = read(&markdown);
        assert_eq!(links, [""; 0], "{markdown}");
        for table in &tables {
            assert!(table.iter().all(|row| row.len() == table[0].len()), "{markdown}");
        }
        let id = one_line(text);
        assert!(tables.iter().flatten().flatten().any(|cell| one_line(cell) == id), "{id:?}\n{markdown}");
        let name = one_line(report.file_name());
        assert!(items.iter().any(|item| one_line(item).starts_with(&name)), "{name:?}\n{markdown}");
    }
}

#[test]
fn hostile_text_breaks_no_table_and_makes_no_link() {
    for text in [
        "a | b",
        "`code`",
        "<img src=x onerror=alert(1)>",
        "</details><script>alert(1)</script>",
        "[link](https://evil.example)",
        "![image](https://evil.example/p.png)",
        "@team and @org/team",
        "#1 GH-2 owner/repo#3",
        "**bold** _it_ ~~no~~",
        "$\\sqrt{x}$ and $y$ :smile:",
        "https://evil.example www.evil.example a@evil.example",
        "line\nbreak\r\nand | more",
        "1. one.csv",
        "    code.csv",
        "- [x] task",
        "[^1]: note",
        "&lt;b&gt; &#64;team",
    ] {
        assert_harmless(text);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_text_breaks_no_table(text in "[a-c0-9@#|<>&`*_\\[\\]()!$^~:.=+-][a-c0-9@#|<>&`*_\\[\\]()!$^~:.=+ \n\\\\/-]{0,40}") {
        assert_harmless(&text);
    }
}

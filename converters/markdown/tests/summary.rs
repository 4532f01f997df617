//! Whole summaries, in both languages.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::io::{Cursor, Seek, SeekFrom, Write};

use inspector_report_core::{Converter, Lang, Options, Output, Outputs, Report, Texts};
use inspector_report_markdown::Markdown;
use pulldown_cmark::{Event, Options as Extensions, Parser, Tag};

#[derive(Default)]
struct Memory(Cursor<Vec<u8>>);

struct Handle<'a>(&'a mut Cursor<Vec<u8>>);

impl Write for Handle<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.write(bytes)
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Seek for Handle<'_> {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        self.0.seek(to)
    }
}

impl Outputs for Memory {
    fn create(&mut self) -> std::io::Result<Box<dyn Output + '_>> {
        Ok(Box::new(Handle(&mut self.0)))
    }
}

fn summary(report: &Report, lang: Lang) -> String {
    let texts = Texts::new(lang);
    let mut memory = Memory::default();
    Markdown.convert(report, &Options { texts: &texts, version: "0" }, &mut memory).unwrap();
    String::from_utf8(memory.0.into_inner()).unwrap()
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

fn sample() -> Report {
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
    let mut report = Report::from_rows("in/sample.csv", &HEADINGS, rows);
    report.retain(vec!["--tag a=b|c".into()], |_| true);
    report
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

/// Every table is well-formed, and every link is one of ours.
#[test]
fn hostile_text_breaks_no_table_and_makes_no_link() {
    let text = summary(&sample(), Lang::En);
    let (mut cells, mut rows, mut links) = (0, Vec::new(), Vec::new());
    for event in Parser::new_ext(&text, Extensions::all() - Extensions::ENABLE_SMART_PUNCTUATION) {
        match event {
            Event::Start(Tag::TableRow | Tag::TableHead) => cells = 0,
            Event::Start(Tag::TableCell) => cells += 1,
            Event::End(pulldown_cmark::TagEnd::TableRow) => rows.push(cells),
            Event::Start(Tag::Link { dest_url, .. }) => links.push(dest_url.to_string()),
            Event::Start(Tag::Image { .. }) | Event::Code(_) | Event::InlineHtml(_) => panic!("{event:?}"),
            Event::Html(html) => assert!(html.contains("details") || html.contains("summary"), "{html}"),
            _ => {}
        }
    }
    // Severities with suppressed and closed, the total and "Other"; actions; vulnerabilities; resources; groups.
    assert_eq!(rows.iter().filter(|cells| **cells == 9).count(), 8);
    assert_eq!(
        links,
        [
            "https://nvd.nist.gov/vuln/detail/CVE-2024-11111",
            "https://github.com/advisories/GHSA-jfh8-c2jp-5v3q",
            "https://nvd.nist.gov/vuln/detail/CVE-2026-3333"
        ]
    );
}

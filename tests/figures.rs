//! Statistics depend on what is in the inputs, and on nothing else: not on the order of rows, files or members of archives,
//! nor on how often a row was delivered. What is missing of an input is never fixed.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::{fs, io::Write};

use inspector_report::{
    Lang, ReadOptions, Report, View, Watch, convert,
    core::{Change, Settings, Snapshot, TrendBuilder, TrendBy, trend::Targets},
    format, read, read_each,
};
use proptest::prelude::*;

const HEADINGS: &str = "AWS Account Id,Severity,Fix Available,Finding Type,Title,Finding ARN,First Seen,Last Seen,Last Updated,\
                        Resource ID,Region,Affected Packages,Package Installed Version,Fixed in Version,Inspector Score,Status,\
                        Vulnerability Id,Epss Score,Exploit Available,Resource Type,Resource Tags,Owner";

/// A row of a report from small sets of everything, so that rows meet.
fn row() -> impl Strategy<Value = String> {
    let one = |values: &'static [&'static str]| prop::sample::select(values);
    let facts = (
        one(&["111122223333", "000000000044"]),
        one(&["CRITICAL", "HIGH", "LOW", "UNTRIAGED", "NEW"]),
        one(&["YES", "NO", "PARTIAL", ""]),
        0u8..12,
        1u8..9,
        1u8..9,
        one(&["ACTIVE", "ACTIVE", "SUPPRESSED", "CLOSED"]),
        one(&["CVE-2026-1", "CVE-2026-2", "CVE-2026-3", ""]),
        one(&["YES", "NO"]),
        (one(&["curl", "openssl", "\"curl, openssl\"", ""]), one(&["1.2", "NotAvailable", ""])),
        (one(&["i-1", "i-2", "arn:aws:lambda:us-east-1:1:function:f:$LATEST"]), one(&["Owner:web", "Team:data", ""])),
        (one(&["7.5", "9.8", ""]), one(&["us-east-1", "eu-west-1"])),
    );
    facts.prop_map(|(account, severity, fix, id, first, updated, status, vulnerability, exploit, package, on, (score, region))| {
        // Some rows have no ARN: they are findings of their own.
        let arn = match id {
            0 => String::new(),
            _ => format!("arn:aws:inspector2:{region}:{account}:finding/{id:032x}"),
        };
        let time = |day: u8| format!("2026-03-0{day}T00:00:00.000Z");
        let last = time(first.max(updated));
        let ((packages, fixed), (resource, tags)) = (package, on);
        let (first, updated) = (time(first), time(updated));
        format!(
            "{account},{severity},{fix},PACKAGE_VULNERABILITY,{vulnerability} - x,{arn},{first},{last},{updated},{resource},\
             {region},{packages},1.0,{fixed},{score},{status},{vulnerability},0.1,{exploit},AWS_EC2_INSTANCE,{tags},o"
        )
    })
}

fn rows() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec(row(), 1..24)
}

fn text(rows: &[String]) -> String {
    format!("{HEADINGS}\n{}\n", rows.join("\n"))
}

fn read_text(name: &str, text: &str) -> Report {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, text).unwrap();
    let report = read(&path).unwrap();
    // Its name is not what is compared.
    Report::merge("all", vec![report])
}

/// What summaries and SARIF say of a report, in both languages.
fn said(report: &Report) -> Vec<String> {
    let (view, mut said) = (View::of(report.clone()), Vec::new());
    for (name, lang) in [("markdown", Lang::En), ("html", Lang::Ja), ("sarif", Lang::En)] {
        let mut out = Vec::new();
        convert(&view, format(name).unwrap(), &Settings::new(), lang, &mut out).unwrap();
        said.push(String::from_utf8(out).unwrap());
    }
    said
}

/// The first lines that differ.
fn difference(one: &[String], other: &[String]) -> Option<(String, String)> {
    let lines = |said: &[String]| said.iter().flat_map(|text| text.lines().map(str::to_owned)).collect::<Vec<_>>();
    let (one, other) = (lines(one), lines(other));
    let pair = one.iter().zip(&other).find(|(a, b)| a != b).map(|(a, b)| (a.clone(), b.clone()));
    pair.or_else(|| (one.len() != other.len()).then(|| ("more".to_owned(), "lines".to_owned())))
}

/// The lines but for those that tell of rows.
fn without_rows(said: &[String]) -> Vec<String> {
    let is_of_rows = |line: &&str| line.contains("rows") || line.contains("Rows") || line.contains("行");
    said.iter().map(|text| text.lines().filter(|line| !is_of_rows(line)).collect::<Vec<_>>().join("\n")).collect()
}

fn shuffled<T: Clone>(items: &[T], seed: u64) -> Vec<T> {
    let mut keyed: Vec<(u64, T)> = items
        .iter()
        .enumerate()
        .map(|(place, item)| {
            (
                (place as u64 + 1).wrapping_mul(seed | 1).rotate_left(31).wrapping_mul(0x9e37_79b9_7f4a_7c15),
                item.clone(),
            )
        })
        .collect();
    keyed.sort_by_key(|(key, _)| *key);
    keyed.into_iter().map(|(_, item)| item).collect()
}

/// A zip archive with these texts.
fn zipped(members: &[(String, String)]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in members {
        archive.start_file(name.as_str(), zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

fn merged_archive(members: &[(String, String)]) -> Report {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("all.zip");
    fs::write(&path, zipped(members)).unwrap();
    let mut reports = Vec::new();
    read_each(&path, &ReadOptions::default(), &Watch::new(), |_, report| reports.push(report.unwrap()));
    Report::merge("all", reports)
}

fn open_and_fixed(reports: &[Report]) -> (Vec<u64>, u64) {
    let mut builder = TrendBuilder::new(TrendBy::USUAL.to_vec());
    let mut dated: Vec<(Snapshot, &Report)> =
        reports.iter().map(|report| (Snapshot::new(report).unwrap(), report)).collect();
    dated.sort_by_key(|(snapshot, _)| snapshot.date);
    dated.iter().for_each(|(snapshot, report)| builder.add(snapshot, (*report).clone()));
    let trend = builder.finish(&Targets::default()).unwrap();
    (trend.open().to_vec(), trend.all_fix_times.fixed)
}

/// Rows without an ARN are findings of their own. What they say tells them apart, not their order.
#[test]
fn rows_without_an_arn_are_numbered_by_what_they_say() {
    let row = |score: &str| {
        let times = "2026-03-08T00:00:00.000Z,2026-03-08T00:00:00.000Z,2026-03-01T00:00:00.000Z";
        format!(
            "000000000044,CRITICAL,YES,PACKAGE_VULNERABILITY,CVE-2026-3 - x,,{times},i-1,us-east-1,curl,1.0,1.2,{score},ACTIVE,\
             CVE-2026-3,0.1,YES,AWS_EC2_INSTANCE,Owner:web,o"
        )
    };
    let said_in = |scores: [&str; 3]| said(&read_text("a.csv", &text(&scores.map(row))));
    let expected = said_in(["7.5", "9.8", ""]);
    for scores in [["9.8", "7.5", ""], ["", "9.8", "7.5"], ["9.8", "", "7.5"]] {
        assert_eq!(difference(&said_in(scores), &expected), None);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_order_of_rows_changes_a_figure(rows in rows(), seed: u64) {
        let (one, other) = (read_text("a.csv", &text(&rows)), read_text("a.csv", &text(&shuffled(&rows, seed))));
        prop_assert_eq!(difference(&said(&one), &said(&other)), None);
    }

    #[test]
    fn no_order_of_files_or_members_changes_a_figure(rows in rows(), files in 2usize..5, seed: u64) {
        let size = rows.len().div_ceil(files);
        let members: Vec<(String, String)> =
            rows.chunks(size).enumerate().map(|(number, rows)| (format!("{number}.csv"), text(rows))).collect();
        let reports = |members: &[(String, String)]| {
            Report::merge("all", members.iter().map(|(name, text)| read_text(name, text)).collect())
        };
        let (one, other) = (reports(&members), reports(&shuffled(&members, seed)));
        let expected = said(&one);
        prop_assert_eq!(difference(&said(&other), &expected), None);
        prop_assert_eq!(difference(&said(&merged_archive(&shuffled(&members, seed))), &expected), None);
        prop_assert_eq!(difference(&said(&read_text("a.csv", &text(&rows))), &expected), None, "as one file");
    }

    #[test]
    fn a_row_that_is_delivered_twice_changes_no_figure(rows in rows(), index: prop::sample::Index) {
        let again = index.get(&rows).clone();
        prop_assume!(again.contains(":finding/"));
        let twice: Vec<String> = rows.iter().cloned().chain([again]).collect();
        let (one, other) = (read_text("a.csv", &text(&rows)), read_text("a.csv", &text(&twice)));
        prop_assert_eq!(other.repeated(), one.repeated() + 1);
        prop_assert_eq!(difference(&without_rows(&said(&other)), &without_rows(&said(&one))), None);
    }

    /// Of what is cut off nothing counts as fixed, in a comparison and in a trend. Only a file that ends behind a row cannot
    /// be known to be cut.
    #[test]
    fn what_is_cut_off_is_not_fixed(rows in rows(), at: prop::sample::Index) {
        let whole = text(&rows);
        let cut = &whole[..HEADINGS.len() + 1 + at.index(whole.len() - HEADINGS.len() - 1)];
        prop_assume!(!cut.ends_with('\n'));
        let (earlier, later) = (read_text("a.csv", &whole), read_text("b.csv", cut));
        prop_assert!(!later.is_whole());
        if Snapshot::new(&later).is_some() {
            // Both are of the same days: as if the one were of a later week.
            let later = read_text("b.csv", &cut.replace("2026-03-", "2026-04-"));
            let closed = later.findings().filter(|finding| finding.status().as_str() == "CLOSED").count() as u64;
            prop_assert!(open_and_fixed(&[read_text("a.csv", &whole), later]).1 <= closed);
        }
        let view = View::builder(later).compare_with(earlier).build();
        let comparison = view.comparison().unwrap();
        prop_assert_eq!(comparison.gone().len(), 0);
        let unknown: u64 = comparison.counts(Change::Unknown).iter().sum();
        prop_assert_eq!(unknown, comparison.unknown().len() as u64);
    }
}

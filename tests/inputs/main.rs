//! Every kind of input that people have: each gives the same findings, or is refused in one clear sentence.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod any_form;
mod json;
mod limits;

use std::{
    collections::BTreeMap,
    fs,
    io::{Cursor, Write},
    path::{Path, PathBuf},
};

use inspector_report::{
    Encoding, ReadErrorKind, ReadOptions, Report, View, Watch,
    core::Statistics,
    core::{Column, Export, Kind, Lang, Localizer, Loss, ProblemCode},
    read, read_each,
};
use proptest::prelude::*;

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name)
}

/// What each member of a file gave: its name behind the file's, its outputs' name, and the report or the error.
fn read_all(path: &Path, options: &ReadOptions) -> Vec<(String, String, Result<Report, ReadErrorKind>)> {
    let mut all = Vec::new();
    read_each(path, options, &Watch::new(), |source, report| {
        let output = source.output().to_str().unwrap().replace('\\', "/");
        all.push((source.members.join("!"), output, report.map_err(|error| error.kind)));
    });
    all
}

fn read_fixture(name: &str) -> Report {
    let mut all = read_all(&fixture(name), &ReadOptions::default());
    assert_eq!(all.len(), 1, "{name}");
    all.pop().unwrap().2.unwrap()
}

/// The cells of Inspector's own columns, by finding.
fn cells(report: &Report) -> Vec<BTreeMap<&'static str, String>> {
    let cell = |finding: inspector_report::core::Finding<'_>, column: Column| {
        let mut text = finding.get(column).into_owned();
        // No command for any package: said once, or once for each.
        if column == Column::PackageRemediation && text.split(", ").all(|item| item == "NotAvailable") {
            text = "NotAvailable".to_owned();
        }
        // A spreadsheet shows minutes; what it hides it has not lost, but a CSV saved from it has.
        match finding.timestamp(column) {
            Some(time) if column.kind() == Kind::Timestamp => time.to_string(),
            _ => text,
        }
    };
    let columns = || Column::ALL.iter().filter(|column| column.export() == Export::Csv);
    report.findings().map(|f| columns().map(|column| (column.name(), cell(f, *column))).collect()).collect()
}

#[track_caller]
fn assert_same(name: &str, found: &Report, expected: &Report) {
    assert_eq!(found.len(), expected.len(), "{name}");
    for (row, (found, expected)) in cells(found).into_iter().zip(cells(expected)).enumerate() {
        for (column, text) in expected {
            // JSON has no ages; a test of their own looks at those that are computed.
            if name.starts_with("json/") && column == "Age (Days)" {
                continue;
            }
            assert_eq!(found[column], text, "{name}, row {row}, {column}");
        }
    }
}

#[test]
fn every_disguise_of_a_report_gives_its_findings() {
    let expected = read_fixture("layout-d.csv");
    for name in [
        "edited/utf-16-tab.txt",
        "edited/semicolon.csv",
        "edited/tab.tsv",
        "edited/preamble.csv",
        "edited/headings-ja.csv",
        "edited/headings-renamed.csv",
        "edited/put-together.csv",
        "edited/saved-by-excel.xlsx",
        "json/report.json",
        "json/one-line.json",
        "json/list-findings.json",
        "json/array.json",
        "json/lines.ndjson",
        "packed/report.csv.gz",
        "packed/two-streams.csv.gz",
        "packed/report.csv.zst",
        "packed/report.csv.bz2",
        "packed/report.csv.xz",
        "packed/reports.tar.gz",
        "packed/japanese-name.zip",
    ] {
        assert_same(name, &read_fixture(name), &expected);
    }
}

#[test]
fn what_an_edited_report_has_lost_is_all_that_differs() {
    let expected = read_fixture("layout-d.csv");
    let minutes = read_fixture("edited/excel-dates.csv");
    for (found, expected) in minutes.findings().zip(expected.findings()) {
        let (found, expected) = (found.first_seen().unwrap(), expected.first_seen().unwrap());
        assert!((0..60_000).contains(&(expected.as_millisecond() - found.as_millisecond())));
    }
    // The code page of Japanese Windows has no padlock and no é; the rest is whole.
    let japanese = read_fixture("edited/cp932.csv");
    assert!(japanese.problems().is_empty());
    assert!(japanese.notes()[0].contains("Shift_JIS"));
    let tags =
        |report: &Report| cells(report).into_iter().map(|mut cells| cells.remove("Resource Tags")).collect::<Vec<_>>();
    assert_eq!(tags(&japanese), tags(&expected));
}

/// The moments that a column holds in the first row.
fn first_times(report: &Report) -> Vec<String> {
    let finding = report.finding(0).unwrap();
    let columns = [Column::FirstSeen, Column::LastSeen, Column::LastUpdated];
    columns.iter().map(|column| finding.timestamp(*column).map_or_else(String::new, |time| time.to_string())).collect()
}

#[test]
fn dates_and_numbers_of_spreadsheets_are_read() {
    let us = read_fixture("edited/dates-us.csv");
    assert_eq!(first_times(&us), ["2026-03-20T14:05:00Z", "2026-04-01T09:07:00Z", "2026-04-01T21:07:00Z"]);
    assert_eq!(us.finding(0).unwrap().get(Column::FirstSeen), "2026-03-20T14:05:00.000Z");
    assert_eq!(us.notes(), ["times in First Seen, Last Seen, Last Updated are read as month/day/year, in UTC"]);
    assert!(us.problems().is_empty(), "{:?}", us.problems());

    let de = read_fixture("edited/dates-de.csv");
    assert_eq!(first_times(&de), ["2026-03-20T14:05:00Z", "2026-04-01T09:07:00Z", "2026-04-01T09:07:11Z"]);
    let first = de.finding(0).unwrap();
    assert_eq!((first.number(Column::InspectorScore), first.age_days()), (Some(5.3), Some(195.0)));
    assert_eq!(first.vulnerability().unwrap().epss(), Some(0.01644));
    assert!(de.problems().is_empty(), "{:?}", de.problems());
    assert!(de.notes().iter().any(|note| note.contains("day.month.year")), "{:?}", de.notes());
    assert!(de.notes().iter().any(|note| note.contains("with decimal commas")), "{:?}", de.notes());
}

#[test]
fn short_japanese_text_is_read_as_such() {
    for (name, owner) in [("edited/cp932-half-width.csv", "ｶﾌﾞｼｷｶﾞｲｼｬ"), ("edited/cp932-signs.csv", "Ⅲ㎝")]
    {
        let report = read_fixture(name);
        assert_eq!(report.finding(0).unwrap().resource().owner().unwrap(), owner, "{name}");
        assert!(report.notes()[0].contains("Shift_JIS"), "{name}");
    }
}

#[test]
fn an_open_quote_does_not_swallow_the_rows_behind_it() {
    let report = read_fixture("open-quote-swallows.csv");
    let titles: Vec<&str> = report.findings().map(|finding| finding.title()).collect();
    assert_eq!(titles, ["T1", "T3", "T4"]);
    assert_eq!((report.rows_read(), report.rows_lost(), report.is_whole()), (4, 1, false));
    let found: Vec<_> = report.problems().iter().map(|p| (p.code.as_str(), p.line, p.last_line)).collect();
    assert_eq!(found, [("open-quote", 3, 3)]);
}

#[test]
fn any_form_of_unicode_is_read_and_its_cut_end_seen() {
    let text = "Severity,Title,Resource ID\r\nHIGH,あ🔒,i-1\r\nLOW,b,i-2\r\n";
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("report.csv");
    let utf_16 = |bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(bytes).collect::<Vec<u8>>();
    let utf_32 = |bytes: fn(u32) -> [u8; 4]| text.chars().flat_map(|c| bytes(u32::from(c))).collect::<Vec<u8>>();
    for (bytes, end) in [
        (text.as_bytes().to_vec(), 1),
        (utf_16(u16::to_le_bytes), 2),
        (utf_16(u16::to_be_bytes), 2),
        (utf_32(u32::to_le_bytes), 4),
        (utf_32(u32::to_be_bytes), 4),
    ] {
        for cut in 0..4 * end {
            fs::write(&path, &bytes[..bytes.len() - cut]).unwrap();
            let report = read(&path).unwrap();
            assert_eq!(report.finding(0).unwrap().title(), "あ🔒");
            assert_eq!(report.is_whole(), cut == 0, "{cut} of {end}: {:?}", report.problems());
        }
    }
}

#[test]
fn members_of_archives_are_named_and_get_outputs_of_their_own() {
    let names = |name: &str| {
        let all = read_all(&fixture(&format!("packed/{name}")), &ReadOptions::default());
        all.into_iter()
            .map(|(member, output, report)| (member, output, report.map_or(0, |report| report.len())))
            .collect::<Vec<_>>()
    };
    let expect = |name: &str, expected: &[(&str, &str, usize)]| {
        let found = names(name);
        let found: Vec<_> = found.iter().map(|(a, b, c)| (a.as_str(), b.as_str(), *c)).collect();
        assert_eq!(found, expected, "{name}");
    };
    expect(
        "reports.zip",
        &[
            ("may/report.csv", "reports/may/report", 12),
            ("june/report.json", "reports/june/report", 3),
            ("readme.txt", "reports/readme", 0),
        ],
    );
    expect(
        "reports.tar",
        &[("may/report.csv", "reports/may/report", 12), ("june/report.json.gz", "reports/june/report", 3)],
    );
    expect("nested.zip", &[("inner.tar.gz!report.csv", "nested/inner/report", 12), ("top.csv", "nested/top", 12)]);
    expect(
        "slip.zip",
        &[
            ("../../evil.csv", "slip/evil", 12),
            ("/abs.csv", "slip/abs", 12),
            (r"C:\win\con.csv", "slip/C_/win/_con", 12),
        ],
    );
    expect("japanese-name.zip", &[("脆弱性.csv", "japanese-name/脆弱性", 12)]);
}

#[test]
fn what_cannot_be_unpacked_is_refused() {
    let error = |name: &str, options: &ReadOptions| {
        let mut all = read_all(&fixture(&format!("packed/{name}")), options);
        assert_eq!(all.len(), 1, "{name}");
        all.pop().unwrap().2.unwrap_err().to_string()
    };
    let default = ReadOptions::default();
    assert!(error("locked.zip", &default).contains("password"));
    assert!(error("twice.csv.gz", &default).contains("compressed twice"));
    assert!(error("too-deep.zip", &default).contains("archive inside an archive inside an archive"));
    assert!(error("no-report.zip", &default).contains("holds no report"));
    let small = ReadOptions { max_expanded: 1_000_000, ..default };
    assert_eq!(error("bomb.csv.gz", &small), "unpacks to more than 976.6 KiB (--max-expanded)");
    // All members together count.
    let two = ReadOptions { max_expanded: 20_000, ..small };
    let all = read_all(&fixture("packed/slip.zip"), &two);
    assert!(all[0].2.is_ok() && matches!(all[1].2, Err(ReadErrorKind::TooLarge(_))) && all.len() == 2);
    let workbook = read_all(&fixture("edited/saved-by-excel.xlsx"), &two).pop().unwrap().2;
    assert!(matches!(workbook, Err(ReadErrorKind::TooLarge(_))));
}

#[test]
fn other_files_are_named_for_what_they_are() {
    for (name, what) in [
        ("asff.json", "Security Hub (ASFF)"),
        ("ocsf.json", "OCSF"),
        ("cyclonedx.json", "CycloneDX"),
        ("inspector-scan.json", "SBOM"),
        ("spdx.json", "SPDX"),
        ("trivy.json", "Trivy"),
        ("grype.json", "Grype"),
        ("sarif.json", "SARIF"),
        ("ecr-scan.json", "Amazon ECR"),
        ("other.json", "its fields are \"users\""),
        ("not-json.json", "line 1 has text outside"),
        ("scan-action.csv", "scan action"),
        ("page.csv", "web page"),
        ("binary.csv", "binary data"),
        ("budget.xlsx", "without a sheet of findings"),
    ] {
        let error = read(fixture(&format!("foreign/{name}"))).unwrap_err();
        assert!(error.kind.to_string().contains(what), "{error}");
        assert!(!error.kind.help().is_empty());
    }
    // Bytes that begin like a format and end there.
    let folder = tempfile::tempdir().unwrap();
    for start in [
        "\u{1f}\u{8b}",
        "PK\u{3}\u{4}",
        "PK\u{5}\u{6}",
        "BZh91AY&SY",
        "\u{feff}",
        "\u{feff}{",
        "[",
        "{",
        "\"",
        "\0\0",
        "%PDF-1.7",
    ] {
        let path = folder.path().join("start");
        let bytes: Vec<u8> = start
            .chars()
            .flat_map(|c| if u32::from(c) < 256 { vec![c as u8] } else { c.to_string().into_bytes() })
            .collect();
        fs::write(&path, &bytes).unwrap();
        let nothing = read(&path).map_or(true, |report| report.is_empty() && report.rows_lost() == 1);
        assert!(nothing, "{start:?}");
    }
}

#[test]
fn what_may_stand_for_a_report_is_no_other_file() {
    let folder = tempfile::tempdir().unwrap();
    let error = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        read(&path).unwrap_err()
    };
    let arn = "arn:aws:inspector2:us-east-1:123456789012:finding/0123456789abcdef0123456789abcdef";
    for (name, text) in [
        ("no-headings.csv", format!("123456789012,HIGH,{arn}\n").as_str()),
        (
            "error.csv",
            "\nAn error occurred (ExpiredTokenException) when calling the ListFindings operation: expired\n"
                .trim_start(),
        ),
        ("s3.csv", "<Error><Code>AccessDenied</Code></Error>"),
        ("error.json", r#"{"message":"The security token included in the request is expired"}"#),
        ("type.json", r#"{"__type":"AccessDenied","Message":null}"#),
        ("wrapped.json", &format!(r#"{{"data":{{"items":[{{"findingArn":"{arn}"}}]}}}}"#)),
    ] {
        let error = error(name, text);
        assert!(!error.is_other_file(), "{name}: {error}");
        assert!(!error.kind.help().is_empty());
    }
    for (name, text) in [("notes.csv", "name,owner\nweb,team\n"), ("package.json", r#"{"name":"x","version":"1"}"#)] {
        assert!(error(name, text).is_other_file(), "{name}");
    }
}

#[test]
fn an_arn_tells_that_rows_have_run_together_and_blanks_around_it_tell_nothing() {
    let id = "0123456789abcdef0123456789abcdef";
    let arn = format!("arn:aws:inspector2:us-east-1:123456789012:finding/{id}");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("report.csv");
    let read_arns = |arns: &[&str]| {
        let rows: String = arns.iter().map(|arn| format!("HIGH,t,i-1,{arn}\n")).collect();
        fs::write(&path, format!("Severity,Title,Resource ID,Finding ARN\n{rows}")).unwrap();
        read(&path).unwrap()
    };
    let report = read_arns(&[&format!(" {arn}"), &arn, &format!("{arn}\t"), "arn:1"]);
    assert_eq!((report.len(), report.repeated(), report.is_whole()), (2, 2, true));
    let report = read_arns(&[&format!("{arn}ab"), &arn, &format!("arn:aws:insp{arn}")]);
    let found: Vec<_> = report.problems().iter().map(|p| (p.code.as_str(), p.code.loss(), p.line, p.count)).collect();
    assert_eq!(found, [("not-an-arn", Loss::Possible, 2, 2)]);
}

/// What a test compares of problems: code, first and last line.
fn lines(report: &Report) -> Vec<(&'static str, u64, u64)> {
    report.problems().iter().map(|problem| (problem.code.as_str(), problem.line, problem.last_line)).collect()
}

fn finding(id: u32) -> String {
    let arn = format!("arn:aws:inspector2:us-east-1:111122223333:finding/{id:032x}");
    format!(
        r#"{{"findingArn": "{arn}", "awsAccountId": "111122223333", "severity": "HIGH", "title": "a {{[\" b", "updatedAt": "2026-01-0{}T00:00:00Z", "resources": [{{"id": "i-{id}", "tags": {{"a": "b"}}}}]}}"#,
        1 + id % 9
    )
}

/// What a test compares of findings.
fn rows(report: &Report) -> Vec<[String; 4]> {
    let row = |f: inspector_report::core::Finding<'_>| {
        [Column::FindingArn, Column::Title, Column::LastUpdated, Column::ResourceId]
            .map(|column| f.get(column).into_owned())
    };
    report.findings().map(row).collect()
}

#[test]
fn one_date_in_the_future_moves_nothing() {
    let report = read_fixture("one-date-in-the-future.csv");
    assert_eq!(report.data_date(), Some("2026-02-01T00:00:00Z".parse().unwrap()));
    let ahead: Vec<_> = report.problems().iter().filter(|problem| problem.code == ProblemCode::TimeAhead).collect();
    assert_eq!(ahead.len(), 1);
    assert_eq!((ahead[0].column.as_deref(), ahead[0].count, ahead[0].line), (Some("First Seen"), 2, 2));
    assert_eq!(Statistics::of(&View::of(report.clone())).total.ages, [0, 3, 0, 0, 2]);
    assert!(report.is_whole());

    // In JSON, where ages are computed.
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ahead.json");
    let finding = |first: &str, last: &str| {
        format!(
            r#"{{"severity":"HIGH","resources":[{{"id":"i-1"}}],"firstObservedAt":{first},"lastObservedAt":{last},"updatedAt":null}}"#
        )
    };
    let all = [
        finding("\"2026-01-01T00:00:00Z\"", "1769904000.0"),
        finding("\"2026-01-30T00:00:00Z\"", "\"2036-02-01T00:00:00Z\""),
        finding("\"2027-01-01T00:00:00Z\"", "1769904000000"),
        finding("\"2026-01-31T12:00:00Z\"", "\"0001-01-01T00:00:00Z\""),
    ];
    fs::write(&path, format!("{{\"findings\":[\n{}]}}", all.join(",\n"))).unwrap();
    let report = read(&path).unwrap();
    assert_eq!(report.data_date(), Some("2026-02-01T00:00:00Z".parse().unwrap()));
    let ages: Vec<Option<f64>> = report.findings().map(|finding| finding.age_days()).collect();
    assert_eq!(ages, [Some(31.0), Some(2.0), None, Some(0.0)]);
    assert_eq!(lines(&report), [("time-ahead", 3, 3), ("time-ahead", 4, 4)]);
}

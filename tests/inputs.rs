//! Every kind of input that people have: each gives the same findings, or is refused in one clear sentence.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

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
fn a_last_line_of_ndjson_without_a_line_break_may_be_cut() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("report.ndjson");
    let line = r#"{"severity":"HIGH","title":"t","resources":[{"id":"i-1"}]}"#;
    let page = format!(r#"{{"findings":[{line}]}}"#);
    for (text, is_said) in [
        (format!("{line}\n{line}"), true),
        (format!("{line}\r\n{line}\r\n{line}"), true),
        (format!("{page}\n{page}  "), true),
        (format!("{line}\n{line}\n"), false),
        (format!("{line}\r\n{line}\r\n \n"), false),
        (format!("{line}{line}"), false),
        (line.to_owned(), false),
        (page.clone(), false),
    ] {
        fs::write(&path, &text).unwrap();
        let report = read(&path).unwrap();
        let found: Vec<_> = report.problems().iter().map(|p| p.code).collect();
        assert_eq!(found, vec![ProblemCode::MayBeCut; usize::from(is_said)], "{text:?}");
        let last = text.lines().filter(|line| !line.trim().is_empty()).count() as u64;
        assert!(report.problems().iter().all(|problem| problem.line == last));
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

#[test]
fn broken_json_loses_what_is_broken_and_says_where() {
    let problems = |name: &str| {
        let report = read_fixture(name);
        let of = |p: &inspector_report::core::Problem| (p.code.as_str(), p.line, p.last_line, p.message.clone());
        (report.len(), report.rows_lost(), report.problems().iter().map(of).collect::<Vec<_>>())
    };
    let (findings, lost, found) = problems("json/broken-findings.json");
    assert_eq!((findings, lost), (2, 2));
    assert!(found[0].3.contains("expected a text") && found[1].3.contains("invalid escape"), "{found:?}");
    // The lines of the two elements, counted in the file.
    let text = fs::read_to_string(fixture("json/broken-findings.json")).unwrap();
    let starts: Vec<u64> =
        (1..).zip(text.lines()).filter(|(_, line)| *line == "  {").map(|(number, _)| number).collect();
    assert_eq!((found[0].1, found[1].1), (starts[1], starts[3]));
    let (findings, lost, found) = problems("json/cut-off.json");
    assert_eq!((findings, lost, found.len()), (11, 1, 2));
    assert!(found[0].3.contains("cut off") && found[1].0 == "cut-off" && found[1].3.contains("is not known"));
}

#[test]
fn odd_json_and_csv_are_read_or_refused_with_a_reason() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("odd");
    let read_bytes = |bytes: &[u8]| {
        fs::write(&path, bytes).unwrap();
        read(&path).map(|report| (report.len(), report.rows_lost())).map_err(|error| error.kind.to_string())
    };
    let finding = r#"{"severity":"HIGH","title":"t","resources":[{"id":"i-1"}]}"#;
    let json = format!(r#"{{"findings":[{finding}]}}"#);
    let utf16: Vec<u8> = format!("\u{feff}{json}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    for bytes in [format!("\u{feff}{json}").as_bytes(), &utf16, format!("\n\n{json}\n\u{feff}").as_bytes()] {
        assert_eq!(read_bytes(bytes), Ok((1, 0)));
    }
    let nulls = r#"{"findings":[{"severity":"HIGH","title":null,"epss":null,"resources":[{"id":"i-1","details":null,"tags":null}],
        "packageVulnerabilityDetails":null,"networkReachabilityDetails":{"networkPath":null}}],"nextToken":null}"#;
    assert_eq!(read_bytes(nulls.as_bytes()), Ok((1, 0)));
    assert_eq!(read_bytes(format!("{json} and more").as_bytes()), Ok((1, 1)));
    let broken = json.replace("\"t\"", r#""\ud83d""#);
    assert!(read_bytes(broken.as_bytes()).unwrap_err().contains("nothing in its list is a finding"));
    assert_eq!(read_bytes("[".repeat(100_000).as_bytes()), Ok((0, 1)));
    // A row with NULs one behind the other is damaged; with one among the headings, nothing is a table.
    assert_eq!(read_bytes(b"Severity,Title,Resource ID\nHIGH,a\0\0b,i-1\n"), Ok((0, 1)));
    assert_eq!(read_bytes(b"Severity,Title,Resource ID\nHIGH,a\0b,i-1\n"), Ok((1, 0)));
    assert!(read_bytes(b"Severity\0,Title,Resource ID\nHIGH,a,i-1\n").unwrap_err().contains("binary data"));
}

#[test]
fn every_encoding_of_a_time_is_read() {
    let report = read_fixture("json/dates.json");
    let times: Vec<_> =
        report.findings().map(|finding| finding.first_seen().map(|time| time.as_millisecond())).collect();
    let expected = Some(1_780_301_700_123);
    assert_eq!(times, [expected, expected, expected, expected, expected, Some(1_780_301_700_000), None]);
    assert_eq!(report.finding(6).unwrap().get(Column::FirstSeen), "whenever");
}

#[test]
fn what_only_the_json_has_is_in_the_model() {
    let report = read_fixture("json/report.json");
    let code = report.findings().find(|finding| finding.lines().is_some()).unwrap();
    assert_eq!(code.lines(), Some((41, 43)));
    assert_eq!(code.remediation_url(), Some("https://docs.example/detectors/log-injection"));
    assert!(code.weaknesses().all(|cwe| cwe.starts_with("CWE-")) && code.weaknesses().count() > 0);
    let network = report.findings().find(|finding| !finding.get(Column::Protocol).is_empty()).unwrap();
    assert_eq!(network.protocol(), Some("TCP"));
    let image = report.findings().find(|finding| !finding.get(Column::ImageDigest).is_empty()).unwrap();
    assert!(image.get(Column::ImageDigest).starts_with("sha256:"));
    assert_eq!(image.get(Column::ImageArchitecture), "arm64");
    // Blank columns of the JSON's own are not shown, and there is no column for unknown fields without any.
    assert!(!report.has_column(Column::NvdCvss4Score) && report.has_column(Column::ImageLastInUseAt));
    assert!(report.columns().iter().all(|column| column.column.is_some()));

    let unknown = read_fixture("json/unknown.json");
    let finding = unknown.finding(0).unwrap();
    assert_eq!(finding.severity().as_str(), "SEVERE");
    assert_eq!(finding.resource().resource_type().as_str(), "GCP_X");
    let cvss = finding.vulnerability().unwrap().scores().next().unwrap();
    assert_eq!((cvss.version, cvss.score), ("4.0", Some(9.3)));
    let other = unknown.columns().iter().position(|column| column.heading.as_ref() == "Other Fields").unwrap();
    let expected = r#"{"resources.details.gcpX":{"zone": "a"},"newField":{"a": [1]}}"#;
    let plain = |text: &str| text.split_whitespace().collect::<String>();
    assert_eq!(plain(&finding.cell(other)), plain(expected));
}

#[test]
fn the_age_that_json_lacks_is_computed() {
    let report = read_fixture("json/report.json");
    let newest = report.findings().filter_map(|finding| finding.last_updated().max(finding.last_seen())).max().unwrap();
    for finding in report.findings() {
        let days = newest.duration_since(finding.first_seen().unwrap()).as_secs() / 86_400;
        assert_eq!(finding.age_days(), Some(days as f64));
    }
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
fn a_line_of_json_that_is_cut_is_one_lost_row() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("lines.ndjson");
    let all: Vec<String> = (0..60).map(finding).collect();
    for cut in [2, 20, 60, 100, 150, 180, 200] {
        let mut lines_of_file = all.clone();
        lines_of_file[4].truncate(cut);
        fs::write(&path, lines_of_file.join("\n") + "\n").unwrap();
        let report = read(&path).unwrap();
        assert_eq!((report.len(), report.rows_lost(), report.loss()), (59, 1, Loss::Rows), "{cut}");
        assert_eq!(lines(&report), [("not-a-finding", 5, 5)], "{cut}");
        // In a list nothing tells how many were there.
        fs::write(&path, format!("{{\"findings\": [\n{}\n]}}", lines_of_file.join(",\n"))).unwrap();
        let report = read(&path).unwrap();
        assert_eq!((report.len(), report.loss()), (59, Loss::Unknown), "{cut}");
        assert!(lines(&report).iter().all(|(_, first, last)| *first == 6 && *last <= 7), "{cut} {:?}", lines(&report));
        // The cells of the others are whole.
        let ids: Vec<String> = report.findings().map(|finding| finding.resource().id().to_owned()).collect();
        let expected: Vec<String> = (0..60).filter(|id| *id != 4).map(|id| format!("i-{id}")).collect();
        assert_eq!(ids, expected, "{cut}");
    }
}

#[test]
fn json_that_is_cut_anywhere_is_never_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cut.json");
    let all: Vec<String> = (0..3).map(finding).collect();
    let list = format!("{{\"findings\": [{}], \"nextToken\": null}}", all.join(", "));
    let pretty = format!("[\n  {}\n]\n", all.join(",\n  "));
    let ndjson = all.join("\n") + "\n";
    for whole in [&list, &pretty, &ndjson] {
        fs::write(&path, whole).unwrap();
        let expected = rows(&read(&path).unwrap());
        assert_eq!(expected.len(), 3);
        for end in 1..whole.trim_end().len() {
            fs::write(&path, &whole[..end]).unwrap();
            let Ok(report) = read(&path) else { continue };
            let found = rows(&report);
            assert!(expected.starts_with(&found), "{}", &whole[..end]);
            // Nothing tells that one document is one of several lines.
            let (first, second) = (all[0].len(), all[0].len() + 1 + all[1].len());
            let at_end_of_line = whole == &ndjson && [first, first + 1, second + 1].contains(&end);
            assert_eq!(report.is_whole(), at_end_of_line, "{}", &whole[..end]);
        }
    }
}

#[test]
fn a_hole_in_json_is_no_single_row() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("hole.json");
    let all: Vec<String> = (0..9).map(finding).collect();
    let whole = format!("{{\"findings\":[{}]}}", all.join(","));
    let ids = |report: &Report| report.findings().map(|f| f.resource().id().to_owned()).collect::<Vec<_>>();
    let length = all[0].len();
    for from in (20..length).step_by(7) {
        for to in (2 * length..4 * length).step_by(13) {
            for filling in ["", "\0\0\0", "x", "\u{fffd}"] {
                fs::write(&path, format!("{}{filling}{}", &whole[..13 + from], &whole[13 + to..])).unwrap();
                let report = read(&path).unwrap();
                let found = ids(&report);
                // The halves may fit together to one that is a finding, as far as anyone can tell.
                let text = fs::read_to_string(&path).unwrap();
                let fits = serde_json::from_str::<serde_json::Value>(&text).is_ok();
                assert!(fits || report.loss() >= Loss::Rows, "{text}");
                let last = found.iter().rev().take(4).rev().collect::<Vec<_>>();
                assert_eq!(last, ["i-5", "i-6", "i-7", "i-8"], "{text}");
            }
        }
    }
    let cut = format!("{}{}", &whole[..13 + 30], &whole[13 + 4 * length..]);
    fs::write(&path, cut).unwrap();
    assert_eq!(read(&path).unwrap().loss(), Loss::Unknown);
}

#[test]
fn one_wrong_byte_in_json_is_told_and_costs_little() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("wrong.json");
    let all: Vec<String> = (0..4).map(finding).collect();
    let list = format!("{{\"findings\":[{}]}}", all.join(","));
    let pretty = format!("[\n  {}\n]\n", all.join(",\n  "));
    let ndjson = all.join("\n") + "\n";
    for whole in [&list, &pretty, &ndjson] {
        fs::write(&path, whole).unwrap();
        let expected = rows(&read(&path).unwrap());
        for at in (1..whole.len()).step_by(7) {
            for byte in
                [None, Some(b'"'), Some(b'{'), Some(b'}'), Some(b'['), Some(b']'), Some(b','), Some(b'\n'), Some(0)]
            {
                let mut text = whole.clone().into_bytes();
                match byte {
                    None => drop(text.remove(at)),
                    Some(byte) => text[at] = byte,
                }
                fs::write(&path, &text).unwrap();
                let is_json = serde_json::Deserializer::from_slice(&text)
                    .into_iter::<serde_json::Value>()
                    .all(|document| document.is_ok());
                let Ok(report) = read(&path) else { continue };
                let shown = String::from_utf8_lossy(&text);
                let same = rows(&report).iter().filter(|row| expected.contains(row)).count();
                assert!(same >= 3 - usize::from(at < 15), "{same} of {}: {shown}", rows(&report).len());
                assert!(is_json || !report.is_whole() || rows(&report) == expected, "{shown}");
            }
        }
    }
}

#[test]
fn a_page_that_has_more_behind_it_is_not_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("page.json");
    let page = |token: &str| format!("{{\"findings\": [{}], \"nextToken\": {token}}}\n", finding(1));
    fs::write(&path, page("\"abc==\"")).unwrap();
    let report = read(&path).unwrap();
    assert_eq!((report.len(), report.rows_lost(), report.loss()), (1, 0, Loss::Unknown));
    assert_eq!(lines(&report), [("pages-missing", 1, 1)]);
    assert!(report.problems()[0].message.contains("--no-paginate"));
    for whole in [page("null"), page("\"\""), page("\"abc==\"") + &page("null")] {
        fs::write(&path, whole).unwrap();
        assert!(read(&path).unwrap().is_whole());
    }
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

/// The model does not depend on how a report is written down.
mod any_form {
    use super::*;

    #[derive(Clone, Copy, Debug)]
    enum Text {
        Utf8,
        Utf8Mark,
        Utf16Le,
        Utf16Be,
        ShiftJis,
    }

    #[derive(Clone, Copy, Debug)]
    enum Packed {
        No,
        Gzip,
        Zstd,
        Bzip2,
        Xz,
        Zip,
        Tar,
        TarGzip,
    }

    fn encode(text: &str, encoding: Text) -> Vec<u8> {
        let marked = || format!("\u{feff}{text}");
        match encoding {
            Text::Utf8 => text.as_bytes().to_vec(),
            Text::Utf8Mark => marked().into_bytes(),
            Text::Utf16Le => marked().encode_utf16().flat_map(u16::to_le_bytes).collect(),
            Text::Utf16Be => marked().encode_utf16().flat_map(u16::to_be_bytes).collect(),
            Text::ShiftJis => Encoding::for_label(b"shift_jis").unwrap().encode(text).0.into_owned(),
        }
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn tar(bytes: &[u8]) -> Vec<u8> {
        let mut archive = tar::Builder::new(Vec::new());
        let mut header = tar::Header::new_ustar();
        header.set_size(bytes.len() as u64);
        archive.append_data(&mut header, "a/report.csv", bytes).unwrap();
        archive.into_inner().unwrap()
    }

    fn pack(bytes: &[u8], packed: Packed) -> Vec<u8> {
        match packed {
            Packed::No => bytes.to_vec(),
            Packed::Gzip => gzip(bytes),
            Packed::Zstd => ruzstd::encoding::compress_to_vec(bytes, ruzstd::encoding::CompressionLevel::Fastest),
            Packed::Bzip2 => {
                let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
                encoder.write_all(bytes).unwrap();
                encoder.finish().unwrap()
            }
            Packed::Xz => {
                let options = lzma_rust2::XzOptions::with_preset(0);
                let mut encoder = lzma_rust2::XzWriter::new(Vec::new(), options).unwrap();
                encoder.write_all(bytes).unwrap();
                encoder.finish().unwrap()
            }
            Packed::Zip => {
                let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
                archive.start_file("a/report.csv", zip::write::SimpleFileOptions::default()).unwrap();
                archive.write_all(bytes).unwrap();
                archive.finish().unwrap().into_inner()
            }
            Packed::Tar => tar(bytes),
            Packed::TarGzip => gzip(&tar(bytes)),
        }
    }

    const CSV: &str = "Severity,Title,Resource ID,Status\nHIGH,one,i-1,ACTIVE\nLOW,two,i-2,SUPPRESSED\n\
        CRITICAL,\"three, and\nmore\",i-3,ACTIVE\nLOW,four,i-4,CLOSED\n";

    fn tar_of(members: &[(&str, &str)]) -> Vec<u8> {
        let mut archive = tar::Builder::new(Vec::new());
        for (name, content) in members {
            let mut header = tar::Header::new_ustar();
            header.set_size(content.len() as u64);
            archive.append_data(&mut header, name, content.as_bytes()).unwrap();
        }
        archive.into_inner().unwrap()
    }

    fn read_bytes(bytes: &[u8]) -> Vec<(String, String, Result<Report, ReadErrorKind>)> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("packed");
        fs::write(&path, bytes).unwrap();
        read_all(&path, &ReadOptions::default())
    }

    #[test]
    fn what_is_packed_and_cut_anywhere_is_never_whole() {
        let json = format!("[{},\n{}]", super::finding(1), super::finding(2));
        let two = tar_of(&[("a.csv", CSV), ("b.csv", CSV)]);
        // Blocks of zeros end an archive; one says it, the others fill it up.
        let end_of_two = two.len() - 512;
        let mut inputs: Vec<(String, Vec<u8>, usize)> = vec![
            ("two members".to_owned(), two.clone(), end_of_two),
            ("two members in gzip".to_owned(), gzip(&two), usize::MAX),
        ];
        for packed in [Packed::Gzip, Packed::Zstd, Packed::Bzip2, Packed::Xz, Packed::Zip, Packed::TarGzip] {
            for text in [CSV, &json] {
                inputs.push((format!("{packed:?} {}", &text[..2]), pack(text.as_bytes(), packed), usize::MAX));
            }
        }
        let cells =
            |report: &Report| super::cells(report).into_iter().map(|cells| format!("{cells:?}")).collect::<Vec<_>>();
        for (what, bytes, enough) in inputs {
            let whole: Vec<Vec<String>> =
                read_bytes(&bytes).into_iter().map(|(.., report)| cells(&report.unwrap())).collect();
            for end in 1..bytes.len().min(enough) {
                let all = read_bytes(&bytes[..end]);
                let is_clean = all.iter().all(|(.., report)| report.as_ref().is_ok_and(Report::is_whole));
                assert!(!is_clean && !all.is_empty(), "{what}, cut at {end} of {}", bytes.len());
                // What is read is as it was.
                for (report, whole) in all.iter().filter_map(|(.., report)| report.as_ref().ok()).zip(&whole) {
                    assert!(whole.starts_with(&cells(report)), "{what}, cut at {end}");
                }
            }
        }
    }

    #[test]
    fn what_can_be_unpacked_of_a_damaged_file_is_read() {
        // In a stream without compression each byte stands where it stood.
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::none());
        encoder.write_all(CSV.as_bytes()).unwrap();
        let mut bytes = encoder.finish().unwrap();
        let of = |bytes: &[u8]| read_bytes(bytes).pop().unwrap().2;
        let cut = of(&bytes[..bytes.len() - 20]).unwrap();
        assert_eq!((cut.len(), cut.loss()), (3, Loss::Unknown));
        let problem = cut.problems().last().unwrap();
        assert_eq!((problem.code, problem.line), (ProblemCode::CutOff, 5), "{problem}");
        assert!(problem.message.contains("cut off"), "{problem}");
        let end = bytes.len() - 8;
        bytes[end] ^= 1;
        let wrong = of(&bytes).unwrap();
        assert_eq!((wrong.len(), wrong.loss()), (4, Loss::Unknown));
        assert!(wrong.problems().last().unwrap().message.contains("checksum"));
        // So little that it is no report.
        assert!(of(&bytes[..20]).unwrap_err().to_string().contains("cut off"));
    }

    #[test]
    fn a_member_with_a_wrong_checksum_or_size_is_not_whole() {
        let packed = pack(CSV.as_bytes(), Packed::Zip);
        let directory = packed.windows(4).rposition(|bytes| bytes == b"PK\x01\x02").unwrap();
        // In the list of members: 4 bytes of the checksum, of the packed size, and of the size.
        for (place, what) in [(16, "checksum"), (24, "size")] {
            let mut bytes = packed.clone();
            bytes[directory + place] ^= 1;
            let report = read_bytes(&bytes).pop().unwrap().2;
            match report {
                Ok(report) => {
                    assert_eq!(report.loss(), Loss::Unknown, "{what}");
                    assert!(report.problems().last().unwrap().message.contains(what) || what == "size");
                }
                Err(error) => assert!(matches!(error, ReadErrorKind::Damaged(_)), "{what} {error}"),
            }
        }
    }

    #[test]
    fn a_workbook_with_a_wrong_checksum_is_not_whole() {
        let mut workbook =
            zip::ZipArchive::new(Cursor::new(fs::read(fixture("edited/saved-by-excel.xlsx")).unwrap())).unwrap();
        let mut copy = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for place in 0..workbook.len() {
            let mut part = workbook.by_index(place).unwrap();
            let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
            copy.start_file(part.name().unwrap(), options).unwrap();
            std::io::copy(&mut part, &mut copy).unwrap();
        }
        let mut bytes = copy.finish().unwrap().into_inner();
        assert!(read_bytes(&bytes).pop().unwrap().2.unwrap().is_whole());
        let cell = bytes.windows(10).position(|bytes| bytes == b">CRITICAL<").unwrap();
        bytes[cell + 1..cell + 9].copy_from_slice(b"HARMLESS");
        let report = read_bytes(&bytes).pop().unwrap().2.unwrap();
        assert_eq!(report.loss(), Loss::Unknown);
        assert!(report.problems()[0].message.contains("checksum of its part xl/worksheets/sheet1.xml"));
    }

    #[test]
    fn a_tar_archive_that_ends_between_members_is_told() {
        let bytes = tar_of(&[("a.csv", CSV), ("b.csv", CSV)]);
        let all = read_bytes(&bytes[..1024]);
        assert!(all[0].2.as_ref().unwrap().is_whole());
        let (member, _, error) = &all[1];
        assert!(member.is_empty() && error.as_ref().unwrap_err().to_string().contains("members may be missing"));
        // Inside the second: what is there of it is read.
        let all = read_bytes(&bytes[..1024 + 512 + 60]);
        assert_eq!(all.len(), 3);
        assert_eq!(all[1].2.as_ref().unwrap().loss(), Loss::Unknown);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.tar");
        fs::write(&path, &bytes[..1024]).unwrap();
        assert!(matches!(read(&path).unwrap_err().kind, ReadErrorKind::Damaged(_)), "alone, or not at all");
    }

    #[test]
    fn members_of_one_name_are_all_read() {
        let seen = |all: Vec<(String, String, Result<Report, ReadErrorKind>)>| {
            let of = |report: Report| report.findings().map(|f| f.severity().as_str().to_owned()).collect::<Vec<_>>();
            all.into_iter().map(|(member, output, report)| (member, output, of(report.unwrap()))).collect::<Vec<_>>()
        };
        let expected = |folder: &str, second: &str| {
            let of = |member: &str, severity: &str| {
                let output = format!("{folder}/{}", member.trim_end_matches(".csv"));
                (member.to_owned(), output, vec![severity.to_owned()])
            };
            [of("a.csv", "CRITICAL"), of("a (2).csv", second)]
        };
        let zip = seen(read_all(&fixture("packed/one-name.zip"), &ReadOptions::default()));
        let severities = [&zip[0].2, &zip[1].2];
        assert!(severities.iter().any(|of| of[0] == "CRITICAL") && severities.iter().any(|of| of[0] == "LOW"));
        assert_eq!((zip[0].0.as_str(), zip[1].0.as_str()), ("a.csv", "a (2).csv"));
        assert_eq!((zip[0].1.as_str(), zip[1].1.as_str()), ("one-name/a", "one-name/a (2)"));
        let row = |severity: &str| format!("Severity,Title,Resource ID\n{severity},t,i-1\n");
        let tar = tar_of(&[("a.csv", &row("CRITICAL")), ("a.csv", &row("MEDIUM"))]);
        assert_eq!(seen(read_bytes(&tar)), expected("packed", "MEDIUM"));
    }

    /// A heading as people change it.
    fn heading(column: Column, style: u8, japanese: &Localizer) -> String {
        match style {
            0 => column.name().to_owned(),
            1 => column.name().to_uppercase(),
            2 => format!(" {} ", column.name().replace(' ', "  ")),
            3 => column.name().to_lowercase().replace(' ', "_"),
            _ => japanese.column(column),
        }
    }

    fn cell(column: Column) -> BoxedStrategy<String> {
        match (column, column.kind()) {
            (Column::Severity, _) => {
                prop::sample::select(vec!["HIGH", "LOW", "CRITICAL"]).prop_map(str::to_owned).boxed()
            }
            (Column::FindingArn, _) => "arn:aws:inspector2:us-east-1:000123456789:finding/[0-9a-f]{32}".boxed(),
            (Column::AwsAccountId, _) => "[0-9]{12}".boxed(),
            (_, Kind::Number) => "[0-9]\\.[0-9]".boxed(),
            (_, Kind::Timestamp) => "2026-0[1-9]-1[0-9]T0[0-9]:[0-5][0-9]:[0-5][0-9]\\.[0-9]{3}Z".boxed(),
            // What Shift_JIS has too, in whole words, since a guess from a few letters may be wrong.
            _ => "(細工されたリクエストにより|基盤チーム|[a-zA-Z0-9,;|\"\\t /:.-]{0,12}|アプリ\\n開発部){1,3}".boxed(),
        }
    }

    fn report() -> impl Strategy<Value = (Vec<Column>, Vec<Vec<String>>)> {
        let columns = prop::sample::subsequence(Column::ALL[..57].to_vec(), 20..57).prop_map(|mut columns| {
            for needed in [Column::Severity, Column::Title, Column::ResourceId, Column::ResourceTags] {
                if !columns.contains(&needed) {
                    columns.push(needed);
                }
            }
            columns
        });
        columns.prop_shuffle().prop_flat_map(|columns| {
            let row = columns.iter().map(|column| cell(*column)).collect::<Vec<_>>();
            (Just(columns), prop::collection::vec(row, 1..6))
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]

        #[test]
        fn gives_the_same_model(
            (columns, rows) in report(),
            delimiter in prop::sample::select(vec![b',', b';', b'\t', b'|']),
            encoding in prop::sample::select(vec![Text::Utf8, Text::Utf8Mark, Text::Utf16Le, Text::Utf16Be, Text::ShiftJis]),
            packed in prop::sample::select(vec![
                Packed::No, Packed::Gzip, Packed::Zstd, Packed::Bzip2, Packed::Xz, Packed::Zip, Packed::Tar, Packed::TarGzip,
            ]),
            styles in prop::collection::vec(0u8..5, 61),
            crlf: bool,
            above in prop::sample::select(vec!["", "Findings of May\n\n"]),
        ) {
            let japanese = Localizer::new(Lang::Ja);
            let mut writer = csv::WriterBuilder::new()
                .delimiter(delimiter)
                .terminator(if crlf { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') })
                .from_writer(above.as_bytes().to_vec());
            writer.write_record(columns.iter().zip(&styles).map(|(c, style)| heading(*c, *style, &japanese))).unwrap();
            rows.iter().for_each(|row| writer.write_record(row).unwrap());
            let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("report");
            fs::write(&path, pack(&encode(&text, encoding), packed)).unwrap();
            let report = read(&path).unwrap();
            prop_assert_eq!(report.len(), rows.len(), "{}", text);
            for (finding, row) in report.findings().zip(&rows) {
                for (column, cell) in columns.iter().zip(row) {
                    prop_assert_eq!(&finding.get(*column), cell, "{:?}", column);
                }
            }
        }
    }
}

//! Formats that other programs read, and the way back.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use inspector_report::{
    Lang, Report, convert,
    core::{Column, Settings},
    format, read,
};
use serde_json::Value;

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name)
}

fn records(text: &[u8]) -> Vec<Vec<String>> {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text);
    reader.into_records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
}

fn to(report: &Report, name: &str, lang: Lang) -> Vec<u8> {
    let mut out = Vec::new();
    let mut settings = Settings::new();
    settings.set("sort", "input");
    convert(&report.clone().into(), format(name).unwrap(), &settings, lang, &mut out).unwrap();
    out
}

fn program(folder: &Path, args: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_inspector-report")).args(args).current_dir(folder).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{said}");
    said
}

const REPORTS: [&str; 12] = [
    "findings.csv",
    "layout-a.csv",
    "layout-b.csv",
    "layout-c.csv",
    "layout-d.csv",
    "crlf.csv",
    "bom.csv",
    "quote-all.csv",
    "shuffled-columns.csv",
    "unknown-column.csv",
    "unknown-values.csv",
    "header-only.csv",
];

#[test]
fn csv_comes_out_as_it_went_in() {
    for name in
        REPORTS.iter().chain(&["odd-dates.csv", "formulas.csv", "hostile-markdown.csv", "account-scientific.csv"])
    {
        let input = fs::read(fixture(name)).unwrap();
        assert_eq!(records(&to(&read(fixture(name)).unwrap(), "csv", Lang::Ja)), records(&input), "{name}");
    }
}

#[test]
fn csv_has_a_mark_and_neutral_formulas_where_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("in.csv");
    fs::write(&path, "Severity,Title,Resource ID,Inspector Score\nHIGH,=1+1,@a/b,-1.5\nLOW,+x,i-1,7.5\n").unwrap();
    let said = program(folder.path(), &["convert", "in.csv", "-f", "csv", "-o", "plain"]);
    assert!(said.contains("3 cells begin like a formula") && said.contains("--csv-neutralize"), "{said}");
    assert_eq!(fs::read(folder.path().join("plain/in.csv")).unwrap(), fs::read(&path).unwrap());
    let said =
        program(folder.path(), &["convert", "in.csv", "-f", "csv", "-o", "safe", "--csv-neutralize", "--csv-bom"]);
    assert!(said.contains("3 cells that a spreadsheet"), "{said}");
    let expected = "\u{feff}Severity,Title,Resource ID,Inspector Score\nHIGH,'=1+1,'@a/b,-1.5\nLOW,'+x,i-1,7.5\n";
    assert_eq!(fs::read_to_string(folder.path().join("safe/in.csv")).unwrap(), expected);
}

/// From CSV to a workbook and back nothing is lost: the same rows, in the order of the sheets.
#[test]
fn a_workbook_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    for lang in Lang::ALL {
        for name in REPORTS.iter().filter(|name| **name != "header-only.csv") {
            let report = read(fixture(name)).unwrap();
            let path = folder.path().join("report.xlsx");
            fs::write(&path, to(&report, "xlsx", lang)).unwrap();
            let back = read(&path).unwrap();
            assert!(back.problems().len() == report.problems().len(), "{name} {:?}", back.problems());
            let mut rows = records(&fs::read(fixture(name)).unwrap());
            let headings = rows.remove(0);
            let severity = headings.iter().position(|heading| Column::from_heading(heading) == Some(Column::Severity));
            let rank =
                |row: &Vec<String>| inspector_report::core::value::Severity::parse(&row[severity.unwrap()]).rank();
            rows.sort_by_key(rank);
            rows.insert(0, headings);
            // The workbook has the columns that people read first.
            let found = records(&to(&back, "csv", lang));
            let order: Vec<usize> =
                rows[0].iter().map(|heading| found[0].iter().position(|other| other == heading).unwrap()).collect();
            assert_eq!((found.len(), found[0].len()), (rows.len(), rows[0].len()), "{name} {lang:?}");
            let found: Vec<Vec<String>> =
                found.iter().map(|row| order.iter().map(|place| row[*place].clone()).collect()).collect();
            for (found, row) in found.iter().zip(&rows) {
                for (place, (found, cell)) in found.iter().zip(row).enumerate() {
                    // A number is the same with fewer zeros at its end: `0.92110`.
                    let number = |text: &str| text.contains('.').then(|| text.parse::<f64>().ok()).flatten();
                    if number(cell).is_some() && number(found) == number(cell) {
                        continue;
                    }
                    // XML has no carriage return at the end of a line.
                    assert_eq!(found, &cell.replace("\r\n", "\n"), "{name} {lang:?} {}", rows[0][place]);
                }
            }
        }
    }
}

/// Columns with one heading stay apart, and what has no heading is named.
#[test]
fn a_workbook_with_odd_columns_loses_nothing_silently() {
    let rows = [["HIGH", "t", "i-1", "first", "second"], ["LOW", "t", "i-2", "", "other"]];
    let headings = ["Severity", "Title", "Resource ID", "Owner", "Owner"];
    let report = Report::from_rows("a.csv", &headings, rows);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.xlsx");
    fs::write(&path, to(&report, "xlsx", Lang::En)).unwrap();
    let expected: Vec<Vec<String>> = [headings]
        .iter()
        .chain(&rows)
        .map(|row| [1, 0, 2, 3, 4].map(|at: usize| row[at].to_owned()).to_vec())
        .collect();
    assert_eq!(records(&to(&read(&path).unwrap(), "csv", Lang::En)), expected);

    let nameless = Report::from_rows("a.csv", &["Severity", "Title", "Resource ID", ""], [["HIGH", "t", "i-1", "x"]]);
    fs::write(&path, to(&nameless, "xlsx", Lang::En)).unwrap();
    let notes = read(&path).unwrap().notes().to_vec();
    assert_eq!(notes, ["1 cells in columns without a heading were left out, the first in sheet High, row 2"]);
}

#[test]
fn json_and_ndjson_have_every_finding_of_any_input() {
    for name in ["findings.csv", "json/report.json", "edited/cp932.csv", "ragged-rows.csv"] {
        let report = read(fixture(name)).unwrap();
        let json: Value = serde_json::from_slice(&to(&report, "json", Lang::En)).unwrap();
        assert_eq!(json["findings"].as_array().unwrap().len(), report.len());
        assert_eq!(json["problems"].as_array().unwrap().len(), report.problems().len());
        assert_eq!(json["source"]["rowsRead"], report.rows_read());
        let lines = to(&report, "jsonl", Lang::En);
        assert_eq!(String::from_utf8(lines).unwrap().lines().count(), report.len());
    }
}

/// The same findings as CSV and as JSON: where the CSV has a fact, every output says the same.
#[test]
fn csv_and_json_say_the_same() {
    let (csv, json) = (read(fixture("layout-d.csv")).unwrap(), read(fixture("json/report.json")).unwrap());
    for lang in Lang::ALL {
        let lines = |report: &Report| {
            let text = String::from_utf8(to(report, "markdown", lang)).unwrap();
            text.lines()
                .filter(|line| !line.contains("layout-d.csv") && !line.contains("report.json"))
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };
        assert_eq!(lines(&csv), lines(&json));
    }
    let runs = |report: &Report| {
        let log: Value = serde_json::from_slice(&to(report, "sarif", Lang::En)).unwrap();
        let mut facts = BTreeMap::new();
        for run in log["runs"].as_array().unwrap() {
            let category = run["automationDetails"]["id"].to_string();
            for rule in run["tool"]["driver"]["rules"].as_array().unwrap() {
                let mut rule = rule.clone();
                // What only the JSON knows: where the detector's page is.
                for (field, extra) in [("help", ""), ("helpUri", "")] {
                    if rule["name"] == "CodeVulnerability" {
                        rule[field] = extra.into();
                    }
                }
                facts.insert(format!("{category} rule {}", rule["id"]), rule);
            }
            for result in run["results"].as_array().unwrap() {
                let mut result = result.clone();
                result["locations"][0]["physicalLocation"]["region"] = Value::Null;
                let properties = result["properties"].as_object_mut().unwrap();
                for only_json in [
                    "imageDigest",
                    "imageArchitecture",
                    "protocol",
                    "detectorId",
                    "inspectorRuleId",
                    "cwes",
                    "remediationUrl",
                ] {
                    properties.remove(only_json);
                }
                facts.insert(format!("{category} result {}", properties["findingArn"].clone()), result);
            }
        }
        facts
    };
    let (csv, json) = (runs(&csv), runs(&json));
    assert!(csv.len() > 10);
    assert_eq!(csv.keys().collect::<Vec<_>>(), json.keys().collect::<Vec<_>>());
    for (key, fact) in &csv {
        assert_eq!(fact, &json[key], "{key}");
    }
}

/// A weakness in code is where the JSON says it is; the CSV has no line.
#[test]
fn sarif_has_the_lines_that_json_has() {
    let report = read(fixture("json/report.json")).unwrap();
    let log: Value = serde_json::from_slice(&to(&report, "sarif", Lang::En)).unwrap();
    let results = log["runs"].as_array().unwrap().iter().flat_map(|run| run["results"].as_array().unwrap());
    let code = results.into_iter().find(|result| result["properties"].get("detectorId").is_some()).unwrap();
    let region = &code["locations"][0]["physicalLocation"]["region"];
    assert_eq!((&region["startLine"], &region["endLine"]), (&41.into(), &43.into()));
    assert!(log.to_string().contains("https://docs.example/detectors/log-injection"));
}

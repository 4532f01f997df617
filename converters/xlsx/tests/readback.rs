//! Opens workbooks with another reader (calamine), and compares every cell with the report.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::io::{Cursor, Read};

use calamine::{Data, Range, Reader, Xlsx as Workbook, open_workbook_from_rs};
use inspector_report_format::{Context, Format, MemoryOutputs, Settings, Summary};
use inspector_report_localizer::{Lang, Localizer};
use inspector_report_model::{Column, Kind, Report, View, timestamp};
use inspector_report_xlsx::Xlsx;
use proptest::prelude::*;

fn convert<R: Clone + Into<View>>(report: &R, lang: Lang) -> (Vec<u8>, Summary) {
    let texts = inspector_report_xlsx::localizer(lang);
    let mut memory = MemoryOutputs::default();
    let summary = Xlsx
        .converter(&in_order_of_input())
        .unwrap()
        .write(&report.clone().into(), &Context::new(&texts, "0.0.0"), &mut memory)
        .unwrap();
    (memory.files.remove(0).into_inner(), summary)
}

fn in_order_of_input() -> Settings {
    let mut settings = Settings::new();
    settings.set("sort", "input");
    settings
}

/// Converts with settings made; a setting without a value is a switch.
fn convert_set<R: Clone + Into<View>>(report: &R, texts: &Localizer, set: &[(&str, &str)]) -> (Vec<u8>, Summary) {
    let mut settings = in_order_of_input();
    set.iter().for_each(|(name, value)| settings.set(name, value));
    let context = Context::new(texts, "0.0.0");
    let mut memory = MemoryOutputs::default();
    let summary = Xlsx.converter(&settings).unwrap().write(&report.clone().into(), &context, &mut memory).unwrap();
    (memory.files.remove(0).into_inner(), summary)
}

struct Opened(Workbook<Cursor<Vec<u8>>>);

impl Opened {
    fn new(bytes: Vec<u8>) -> Opened {
        Opened(open_workbook_from_rs(Cursor::new(bytes)).unwrap())
    }

    fn names(&self) -> Vec<String> {
        self.0.sheet_names()
    }

    fn sheet(&mut self, name: &str) -> Range<Data> {
        self.0.worksheet_range(name).unwrap()
    }
}

fn part(bytes: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

/// What calamine must find for a cell of the input: nothing, a number, a date or the text.
fn matches(found: Option<&Data>, text: &str, kind: Kind, offset_hours: i64) -> bool {
    let found = found.unwrap_or(&Data::Empty);
    if text.is_empty() {
        return matches!(found, Data::Empty) || matches!(found, Data::String(text) if text.is_empty());
    }
    match (kind, found) {
        (Kind::Number, Data::Float(number)) => text.parse::<f64>() == Ok(*number),
        (Kind::Timestamp, Data::DateTime(date)) => {
            let expected = inspector_report_model::timestamp::parse(text).unwrap().as_millisecond();
            let serial = (date.as_f64() - 25_569.0) * 86_400_000.0 - (offset_hours * 3_600_000) as f64;
            (serial.round() as i64) == expected
        }
        (_, Data::String(found)) => found == text,
        _ => false,
    }
}

/// The place of a column by its heading; those of times have their zone behind it.
fn place_of(sheet: &calamine::Range<Data>, heading: &str) -> u32 {
    let is = |cell: &Data| {
        let text = cell.to_string();
        text == heading || ["UTC", "JST"].iter().any(|zone| text == format!("{heading} ({zone})"))
    };
    sheet.rows().next().unwrap().iter().position(is).unwrap_or_else(|| panic!("no column {heading}")) as u32
}

const HEADINGS: [&str; 9] = [
    "Severity",
    "AWS Account Id",
    "Title",
    "First Seen",
    "Inspector Score",
    "Description",
    "Resource ID",
    "Owner",
    "Age (Days)",
];

fn every_cell_is_there(report: &Report, lang: Lang) {
    let (bytes, summary) = convert(report, lang);
    assert_eq!(summary.findings, report.len() as u64);
    let mut workbook = Opened::new(bytes);
    let names = workbook.names();
    let offset = if lang == Lang::Ja { 9 } else { 0 };
    let mut seen = 0;
    for rank in 0..=6 {
        let rows: Vec<_> = report.findings().filter(|finding| finding.severity().rank() == rank).collect();
        let texts = inspector_report_xlsx::localizer(lang);
        let known = inspector_report_model::value::Severity::KNOWN.get(rank);
        let name = known.map_or_else(|| texts.get("other-severity"), |severity| texts.severity(*severity));
        assert_eq!(names.contains(&name), !rows.is_empty(), "{name}");
        if rows.is_empty() {
            continue;
        }
        let sheet = workbook.sheet(&name);
        assert_eq!(sheet.height(), rows.len() + 1);
        for (row, finding) in rows.iter().enumerate() {
            for (place, column) in report.columns().iter().enumerate() {
                let text = finding.cell(place);
                let kind = column.column.map_or(Kind::Text, Column::kind);
                let heading = match column.column {
                    Some(known) if lang == Lang::Ja => texts.column(known),
                    _ => column.heading.to_string(),
                };
                let found = sheet.get_value((row as u32 + 1, place_of(&sheet, &heading)));
                assert!(matches(found, &text, kind, offset), "{name} {row} {}: {text:?} is {found:?}", column.heading);
                seen += 1;
            }
        }
    }
    assert_eq!(seen, report.len() * report.columns().len());
}

fn report(rows: &[[&str; 9]]) -> Report {
    Report::from_rows("folder/made.csv", &HEADINGS, rows)
}

#[test]
fn cells_have_their_real_types() {
    let report = report(&[[
        "HIGH",
        "000123456789",
        "CVE-2024-1 - openssl",
        "2024-02-02T16:30:33.045Z",
        "7.5",
        "two\nlines",
        "i-1",
        "web team",
        "12",
    ]]);
    let (bytes, _) = convert(&report, Lang::En);
    let sheet = Opened::new(bytes).sheet("High");
    let cell = |heading: &str| sheet.get_value((1, place_of(&sheet, heading))).unwrap();
    assert_eq!(cell("AWS Account Id"), &Data::String("000123456789".into()));
    assert!(matches!(cell("First Seen"), Data::DateTime(_)));
    assert_eq!([cell("Inspector Score"), cell("Age (Days)")], [&Data::Float(7.5), &Data::Float(12.0)]);
    assert_eq!(cell("Description"), &Data::String("two\nlines".into()));
    every_cell_is_there(&report, Lang::En);
    every_cell_is_there(&report, Lang::Ja);
}

/// Text that a careless writer would turn into something else, or that would make the workbook unreadable.
#[test]
fn hostile_text_comes_back_as_it_was() {
    let texts = [
        "=1+1",
        "=cmd|' /C calc'!A0",
        "+1",
        "-1",
        "@babel/traverse",
        "<r>x & <b></r>",
        "<r></r>",
        "_x000D_",
        "_x005F_x000D_",
        "a\u{1}b\u{8}",
        "  around  ",
        "https://example.com/a b?c=<d>&e",
        "mailto:x@example.com",
        "internal:Sheet1!A1",
        "\u{FFFE}",
        "𠮷野家 🔒",
        "\t",
        "'quoted",
    ];
    let rows: Vec<[&str; 9]> =
        texts.iter().map(|text| ["LOW", "1", text, "soon", "n/a", text, "i-1", text, "1e5"]).collect();
    let report = report(&rows);
    let (bytes, _) = convert(&report, Lang::En);
    let sheet = Opened::new(bytes).sheet("Low");
    for (row, text) in texts.iter().enumerate() {
        let cell = |heading: &str| sheet.get_value((row as u32 + 1, place_of(&sheet, heading)));
        for heading in ["Title", "Description", "Owner"] {
            assert_eq!(cell(heading), Some(&Data::String((*text).into())), "{text:?}");
        }
        assert_eq!(cell("First Seen"), Some(&Data::String("soon".into())));
    }
}

#[test]
fn a_text_that_does_not_fit_is_cut_marked_and_listed() {
    let long = "x".repeat(40_000);
    let (bytes, summary) = convert(&report(&[["LOW", "1", "t", "", "", &long, "i-1", "", ""]]), Lang::En);
    assert!(summary.notes[0].starts_with("1 values were cut"));
    let mut workbook = Opened::new(bytes);
    let sheet = workbook.sheet("Low");
    let place = place_of(&sheet, "Description");
    let Some(Data::String(cell)) = sheet.get_value((1, place)).cloned() else { panic!() };
    assert!(cell.len() <= 32_767 + 4 && cell.ends_with("[cut]"));
    let problems = workbook.sheet("Problems");
    let row: Vec<String> = problems.rows().nth(1).unwrap().iter().map(ToString::to_string).collect();
    assert_eq!(row[..4], ["Text cut", "Low", "2", "Description"]);
    assert!(row[5].contains("40,000 characters"));
}

#[test]
fn sheets_come_in_order_and_are_named_in_the_language() {
    let rows = ["SEVERE", "LOW", "CRITICAL", ""].map(|severity| [severity, "", "t", "soon", "", "", "i-1", "", ""]);
    let report = report(&rows);
    let (bytes, _) = convert(&report, Lang::En);
    assert_eq!(
        Opened::new(bytes).names(),
        ["Summary", "Actions", "Resources", "Critical", "Low", "Other", "Problems", "Glossary"]
    );
    let (bytes, _) = convert(&report, Lang::Ja);
    assert_eq!(
        Opened::new(bytes).names(),
        ["概要", "対応一覧", "リソース一覧", "緊急 (CRITICAL)", "低 (LOW)", "その他", "入力ファイルの問題", "用語集"]
    );
}

#[test]
fn data_sheets_are_frozen_and_filtered_over_all_rows() {
    let rows = [["HIGH", "1", "a", "", "", "", "i-1", "", ""]; 3];
    let (bytes, _) = convert(&report(&rows), Lang::En);
    let sheet = part(&bytes, "xl/worksheets/sheet4.xml");
    assert!(sheet.contains(r#"<pane xSplit="2" ySplit="1" topLeftCell="C2""#), "{}", &sheet[..900]);
    assert!(sheet.contains(r#"<autoFilter ref="A1:N4"/>"#));
    let workbook = part(&bytes, "xl/workbook.xml");
    assert!(workbook.contains(r#"<definedName name="Findings_High">'High'!$A$1:$N$4</definedName>"#), "{workbook}");
}

#[test]
fn formula_like_text_carries_the_quote_prefix() {
    let (bytes, _) = convert(&report(&[["HIGH", "1", "@babel/core", "", "", "", "i-1", "", ""]]), Lang::En);
    let styles = part(&bytes, "xl/styles.xml");
    let formats: Vec<&str> = styles.split("<cellXfs").nth(1).unwrap().split("<xf ").skip(1).collect();
    let sheet = part(&bytes, "xl/worksheets/sheet4.xml");
    let style: usize = sheet.split(r#"<c r="D2" s=""#).nth(1).unwrap().split('"').next().unwrap().parse().unwrap();
    assert!(formats[style].contains(r#"quotePrefix="1""#), "{}", formats[style]);
}

#[test]
fn the_summary_adds_up() {
    let row = |severity, status| [severity, "1", "t", "", "", "", "i-1", "", status];
    let headings = [
        "Severity",
        "AWS Account Id",
        "Title",
        "First Seen",
        "Inspector Score",
        "Description",
        "Resource ID",
        "Owner",
        "Status",
    ];
    let rows = [row("CRITICAL", "ACTIVE"), row("HIGH", "SUPPRESSED"), row("HIGH", "ACTIVE"), row("LOW", "CLOSED")];
    let report = View::builder(Report::from_rows("folder/made.csv", &headings, rows))
        .filter(vec!["--severity CRITICAL,HIGH".into()], |finding| finding.severity().rank() < 2)
        .build();
    let (bytes, _) = convert(&report, Lang::En);
    let summary = Opened::new(bytes).sheet("Summary");
    let cells: Vec<Vec<String>> = summary.rows().map(|row| row.iter().map(ToString::to_string).collect()).collect();
    let row = |name: &str| cells.iter().find(|row| row[0] == name).unwrap_or_else(|| panic!("{name}")).clone();
    assert_eq!(row("Source")[1], "made.csv");
    assert_eq!(
        row("Rows")[1],
        "4 read = 3 counted in this workbook + 1 left out by filters + 0 that could not be read"
    );
    assert_eq!(row("Filters")[1], "--severity CRITICAL,HIGH");
    assert_eq!(row("High")[1..], ["1", "0", "1", "0", "0", "", "1", "0", "2"]);
    assert_eq!(row("Total")[1..], ["2", "0", "1", "0", "0", "", "1", "0", "3"]);
    assert!(
        cells[1][0].starts_with(
            "Of the findings that the filters leave: 1 critical finding is open, and 1 of high severity, among 2 open findings"
        ),
        "{}",
        cells[1][0]
    );
}

#[test]
fn the_sheets_that_are_asked_for_are_written() {
    let rows = [["HIGH", "1", "a", "", "", "", "i-1", "", ""], ["LOW", "1", "a", "", "", "", "i-1", "", ""]];
    let (report, texts) = (report(&rows), inspector_report_xlsx::localizer(Lang::En));
    let names = |sheets| {
        let (bytes, summary) = convert_set(&report, &texts, &[("sheets", sheets)]);
        (Opened::new(bytes).names().join(" "), summary.findings)
    };
    assert_eq!(names("severities"), ("High Low".to_owned(), 2));
    assert_eq!(names("glossary, Low,resources"), ("Resources Low Glossary".to_owned(), 1));
    let (bytes, _) = convert_set(&report, &texts, &[("sheets", "summary")]);
    assert!(Opened::new(bytes).sheet("Summary").rows().all(|row| row[0] != "Sheets"), "a heading over nothing");
    // A workbook must have a sheet.
    assert_eq!(names("problems"), ("Summary".to_owned(), 2));
}

#[test]
fn where_no_sheet_is_left_the_summary_stands_in_and_a_note_says_so() {
    let report = Report::from_rows("a.csv", &["Severity", "Resource ID"], [["HIGH", "i-1"]]);
    let (bytes, summary) =
        convert_set(&report, &inspector_report_xlsx::localizer(Lang::En), &[("sheets", "other,low")]);
    assert_eq!(Opened::new(bytes).names(), ["Summary"]);
    assert!(summary.notes.iter().any(|note| note.contains("none of the sheets")), "{:?}", summary.notes);
}

#[test]
fn the_columns_that_are_asked_for_come_first_and_the_rest_is_folded_away() {
    let row = ["HIGH", "000000000001", "a", "2024-02-02T16:30:33.045Z", "7.5", "text", "i-1", "web", "12"];
    let report = report(&[row]);
    let texts = inspector_report_xlsx::localizer(Lang::En);
    let asked = [("columns", "owner\nTitle,resource id,No Such"), ("sheets", "severities")];
    let (bytes, summary) = convert_set(&report, &texts, &asked);
    assert_eq!(summary.notes, ["--columns: the report has no No Such"]);
    let xml = part(&bytes, "xl/worksheets/sheet1.xml");
    for column in 1..=9 {
        let col = xml.split("<col ").find(|col| col.starts_with(&format!("min=\"{column}\""))).unwrap();
        assert_eq!(col.contains("hidden=\"1\"") && col.contains("outlineLevel=\"1\""), column > 3, "{col}");
    }
    let sheet = Opened::new(bytes).sheet("High");
    let cells: Vec<String> = sheet.rows().nth(1).unwrap().iter().map(ToString::to_string).collect();
    assert_eq!(cells[..3], ["web", "a", "i-1"]);
    for (heading, text) in HEADINGS.iter().zip(row) {
        let kind = Column::from_heading(heading).map_or(Kind::Text, Column::kind);
        assert!(matches(sheet.get_value((1, place_of(&sheet, heading))), text, kind, 0), "{heading}");
    }
}

#[test]
fn there_are_columns_to_fill_in_where_that_is_asked_for() {
    let report = Report::from_rows(
        "a.csv",
        &["Severity", "Title", "Resource ID", "Finding Type", "Detector Name", "Description"],
        [["HIGH", "a", "i-1", "CODE_VULNERABILITY", "SQL injection", "text"]],
    );
    let (bytes, _) = convert_set(&report, &inspector_report_xlsx::localizer(Lang::Ja), &[("triage", "")]);
    let blank = ["作業担当者", "対応予定日", "対応状況", "備考"];
    let actions = inspector_report_xlsx::localizer(Lang::Ja).get("xlsx-actions");
    for sheet in ["高 (HIGH)", &actions] {
        let sheet = Opened::new(bytes.clone()).sheet(sheet);
        let headings: Vec<String> = sheet.rows().next().unwrap().iter().map(ToString::to_string).collect();
        let place = headings.iter().position(|heading| heading == blank[0]).unwrap();
        assert_eq!(headings[place..place + 4], blank);
        assert!((place..place + 4).all(|place| matches!(sheet.get((1, place)), None | Some(Data::Empty))));
    }
    let xml = part(&bytes, "xl/worksheets/sheet4.xml");
    let choice = xml.split("<dataValidation ").nth(1).unwrap();
    assert!(choice.contains("sqref=\"H2\"") && choice.contains("\"未対応,対応中,リスク受容,対応済み\""), "{choice}");
}

#[test]
fn vulnerabilities_and_advisories_are_links_to_the_web_alone() {
    let headings = ["Severity", "Vulnerability Id", "Vendor Advisory", "Resource ID"];
    let rows = [
        ["HIGH", "CVE-2026-1001", "https://alas.example/1", "i-1"],
        ["HIGH", "GHSA-jfh8-c2jp-5v3q", "javascript:alert(1)", "i-1"],
        ["HIGH", "CVE-2026-1001/../x", "file:///etc/passwd", "i-1"],
        ["HIGH", "ALAS-1", "http://b.example/?a=1&b=2", "i-1"],
    ];
    let report = Report::from_rows("a.csv", &headings, rows);
    let (bytes, _) = convert_set(&report, &inspector_report_xlsx::localizer(Lang::En), &[("sheets", "severities")]);
    let links = part(&bytes, "xl/worksheets/_rels/sheet1.xml.rels");
    let mut targets: Vec<&str> = links.split("Target=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    targets.sort();
    targets.dedup();
    let expected = [
        "http://b.example/?a=1&amp;b=2",
        "https://alas.example/1",
        "https://github.com/advisories/GHSA-jfh8-c2jp-5v3q",
        "https://nvd.nist.gov/vuln/detail/CVE-2026-1001",
    ];
    assert_eq!(targets, expected);
    let sheet = Opened::new(bytes).sheet("High");
    for (row, cells) in rows.iter().enumerate() {
        for (heading, text) in headings.iter().zip(cells) {
            let found = sheet.get_value((row as u32 + 1, place_of(&sheet, heading))).unwrap();
            assert_eq!(found, &Data::String((*text).to_owned()));
        }
    }
}

/// Excel repairs, that is damages, a sheet with more than 65,530 links.
#[test]
fn links_end_where_excel_stops_to_read_them() {
    let rows = vec![["HIGH", "CVE-2026-1001", "i-1"]; 65_533];
    let report = Report::from_rows("a.csv", &["Severity", "Vulnerability Id", "Resource ID"], rows);
    let (bytes, summary) =
        convert_set(&report, &inspector_report_xlsx::localizer(Lang::En), &[("sheets", "summary,high")]);
    assert_eq!(summary.notes, ["3 addresses are text and no links: a sheet of Excel holds 65530 links"]);
    assert_eq!(part(&bytes, "xl/worksheets/sheet2.xml").matches("<hyperlink ").count(), 65_530);
    let mut workbook = Opened::new(bytes);
    let limits = workbook.sheet("Summary").rows().find(|row| row[0] == "Limits of Excel").unwrap()[1].clone();
    assert_eq!(limits.to_string().trim(), "3 addresses are text and no links");
    let sheet = workbook.sheet("High");
    assert!(sheet.rows().skip(1).all(|row| row[place_of(&sheet, "Vulnerability Id") as usize] == "CVE-2026-1001"));
}

#[test]
fn times_are_told_in_the_zone_that_is_asked_for() {
    let times = ["2024-02-02T16:30:00Z", "2024-07-02T16:30:00Z"];
    let rows = times.map(|time| ["HIGH", "1", "a", time, "", "", "i-1", "", ""]);
    let (zone, name) = timestamp::zone("america/new_york").unwrap();
    let texts = inspector_report_xlsx::localizer(Lang::Ja).with_zone(zone, &name);
    let sheet = Opened::new(convert_set(&report(&rows), &texts, &[]).0).sheet("高 (HIGH)");
    let place = sheet.rows().next().unwrap().iter().position(|cell| cell.to_string().ends_with(" (America/New_York)"));
    let shown = |row| match sheet.get_value((row, place.unwrap() as u32)) {
        Some(Data::DateTime(time)) => (time.as_f64().fract() * 24.0 * 60.0).round(),
        other => panic!("{other:?}"),
    };
    // 16:30 UTC is 11:30 in winter, 12:30 in summer.
    assert_eq!([shown(1), shown(2)], [690.0, 750.0]);
}

#[test]
fn the_summary_counts_ages_and_shares() {
    let day = |days: i64| {
        let now: inspector_report_model::jiff::Timestamp = "2026-03-31T12:00:00Z".parse().unwrap();
        timestamp::write(now - inspector_report_model::jiff::SignedDuration::from_hours(24 * days))
    };
    // Whole days: 30 is not older than 30, 31 is.
    let ages = [0, 30, 31, 60, 61, 90, 91, 400];
    let dates: Vec<String> = ages.iter().map(|age| day(*age)).collect();
    let mut rows: Vec<[&str; 6]> =
        dates.iter().map(|date| ["HIGH", "i-1", "ACTIVE", date.as_str(), "YES", "NO"]).collect();
    rows.push(["CRITICAL", "i-2", "ACTIVE", "", "NO", "YES"]);
    rows.push(["CRITICAL", "i-2", "CLOSED", &dates[7], "YES", "YES"]);
    let headings = ["Severity", "Resource ID", "Status", "First Seen", "Fix Available", "Exploit Available"];
    let report = Report::from_rows("a.csv", &headings, rows);
    let (bytes, _) = convert(&report, Lang::En);
    let summary = Opened::new(bytes).sheet("Summary");
    let rows: Vec<Vec<String>> = summary.rows().map(|row| row.iter().map(ToString::to_string).collect()).collect();
    let all = |name: &str| rows.iter().filter(|row| row[0] == name).cloned().collect::<Vec<_>>();
    // Critical, High, Medium, Low, Informational, Untriaged, all, share.
    for (age, high, critical, share) in [
        ("up to 30", 2, 0, 2.0),
        ("31 to 60", 2, 0, 2.0),
        ("61 to 90", 2, 0, 2.0),
        ("over 90", 2, 0, 2.0),
        ("not known", 0, 1, 1.0),
    ] {
        let found = &all(age)[0];
        assert_eq!(found[1..8], [critical, high, 0, 0, 0, 0, critical + high].map(|n| n.to_string()), "{age}");
        assert_eq!(found[8].parse::<f64>().unwrap(), share / 9.0, "{age}");
    }
    // Open, fix, exploit, older than 30, 60 and 90 days.
    assert_eq!(all("High")[1][1..], ["8", "1", "0", "6", "0.75", "4", "0.5", "2", "0.25"]);
    assert_eq!(all("Critical")[1][1..], ["1", "0", "1", "0", "0", "0", "0", "0", "0"]);
    let sentence = &rows.iter().find(|row| row[0].contains("more than 90 days")).unwrap()[0];
    assert_eq!(
        sentence,
        "• 2 findings (22 %) have been open for more than 90 days; the oldest for 400 days, since 2025-02-24. The age of 1 more is not known."
    );
}

/// What a filter leaves out is nowhere counted as none.
#[test]
fn ages_and_shares_of_what_filters_leave_out_are_no_numbers() {
    let headings = ["Severity", "Resource ID", "Status", "First Seen"];
    let row = |severity| [severity, "i-1", "ACTIVE", "2026-01-01T00:00:00Z"];
    let report = View::builder(Report::from_rows("a.csv", &headings, ["CRITICAL", "HIGH"].map(row)))
        .filter(vec!["--severity HIGH".into()], |finding| finding.severity().rank() == 1)
        .build();
    let summary = Opened::new(convert(&report, Lang::En).0).sheet("Summary");
    let rows: Vec<Vec<String>> = summary.rows().map(|row| row.iter().map(ToString::to_string).collect()).collect();
    let all = |name: &str| rows.iter().filter(|row| row[0] == name).cloned().collect::<Vec<_>>();
    // Of the first of the columns: critical, high, medium.
    for age in ["up to 30", "31 to 60", "61 to 90", "over 90"] {
        assert_eq!(all(age)[0][1..4].iter().map(|cell| cell == "left out").collect::<Vec<_>>(), [true, false, false]);
    }
    let critical = all("Critical");
    assert_eq!(critical.len(), 2, "by severity, and shares");
    assert!(critical.iter().all(|row| row[1] == "left out" && row[2..].iter().all(String::is_empty)), "{critical:?}");
    assert_eq!(all("Medium")[1][1], "0", "there is none");
}

#[test]
fn an_empty_report_is_a_workbook_with_its_summary() {
    for lang in Lang::ALL {
        let (bytes, _) = convert(&Report::from_rows("a.csv", &HEADINGS, [[""; 0]; 0]), lang);
        assert_eq!(Opened::new(bytes).names().len(), 2, "the summary and the glossary");
    }
}

#[test]
fn the_same_report_gives_the_same_bytes() {
    let rows = [["HIGH", "1", "a", "2024-02-02T16:30:33.045Z", "7", "", "i-1", "", "1"]; 5];
    assert!(convert(&report(&rows), Lang::En).0 == convert(&report(&rows), Lang::En).0);
}

/// Rows are made in pieces; each has rows of every kind, and a text that comes again only in a later piece.
#[test]
fn rows_in_many_pieces_are_all_there_whatever_the_number_of_threads() {
    let cells: Vec<[String; 9]> = (0..5_000)
        .map(|row| {
            let severity = ["HIGH", "LOW"][usize::from(row % 7 == 0)].to_owned();
            let time = format!("2024-02-{:02}T16:30:{:02}Z", row % 28 + 1, row % 60);
            let text = |many: usize| format!("text {} & <{}>", row % many, row % many);
            [
                severity,
                format!("{}", row % 11),
                text(2_500),
                time,
                text(3),
                format!("{row}.5"),
                text(4_999),
                text(2),
                text(1),
            ]
        })
        .collect();
    let rows: Vec<[&str; 9]> = cells.iter().map(|row| row.each_ref().map(String::as_str)).collect();
    every_cell_is_there(&report(&rows), Lang::En);
    let bytes = [1, 2, 5].map(|threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| convert(&report(&rows), Lang::En).0)
    });
    assert!(bytes[0] == bytes[1] && bytes[1] == bytes[2]);
}

#[test]
fn a_link_has_its_fragment_and_is_there_once_for_all_cells() {
    let headings = ["Severity", "Vendor Advisory", "Resource ID"];
    let rows = [["HIGH", "https://a.example/x?b=%2F&c#d", "i-1"], ["HIGH", "https://a.example/x?b=%2F&c#d", "i-2"]];
    let report = Report::from_rows("a.csv", &headings, rows);
    let (bytes, _) = convert_set(&report, &inspector_report_xlsx::localizer(Lang::En), &[("sheets", "severities")]);
    let links = part(&bytes, "xl/worksheets/_rels/sheet1.xml.rels");
    assert_eq!(links.matches("<Relationship ").count(), 1);
    assert!(links.contains("Target=\"https://a.example/x?b=%2F&amp;c\" TargetMode=\"External\""), "{links}");
    let sheet = part(&bytes, "xl/worksheets/sheet1.xml");
    let found: Vec<&str> = sheet.split("<hyperlink ").skip(1).map(|link| link.split("/>").next().unwrap()).collect();
    let expected = ["2", "3"].map(|row| format!("ref=\"C{row}\" r:id=\"rId1\" location=\"d\""));
    let letters = place_of(&Opened::new(bytes).sheet("High"), "Vendor Advisory");
    assert_eq!(found, expected.map(|link| link.replace('C', &char::from(b'A' + letters as u8).to_string())));
}

#[test]
fn a_text_of_one_finding_alone_is_cut_like_any_other() {
    let arn = "a".repeat(40_000);
    let report = Report::from_rows("a.csv", &["Severity", "Finding ARN"], [["HIGH", "arn:1"], ["HIGH", &arn]]);
    let (bytes, summary) = convert(&report, Lang::En);
    assert!(summary.notes[0].starts_with("1 values were cut"), "{:?}", summary.notes);
    let mut workbook = Opened::new(bytes);
    let sheet = workbook.sheet("High");
    let cut = sheet.get_value((2, place_of(&sheet, "Finding ARN"))).unwrap().to_string();
    assert!(cut.starts_with("aaa") && cut.ends_with(" … [cut]") && cut.len() < 32_800);
    let listed = workbook.sheet("Problems");
    let line = listed.rows().nth(1).unwrap();
    assert_eq!([line[1].to_string(), line[2].to_string(), line[3].to_string()], ["High", "3", "Finding ARN"]);
}

#[test]
fn an_address_that_xml_cannot_hold_is_text_and_breaks_nothing() {
    let headings = ["Severity", "Vendor Advisory", "Vulnerability Id", "Resource ID"];
    let address = "https://a.example/\u{FFFE}";
    let report = Report::from_rows("a.csv", &headings, [["HIGH", address, "CVE-x", "i-1"]]);
    let (bytes, _) = convert(&report, Lang::En);
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes.as_slice())).unwrap();
    for at in 0..archive.len() {
        let mut text = String::new();
        archive.by_index(at).unwrap().read_to_string(&mut text).unwrap();
        assert!(!text.contains('\u{FFFE}'), "part {at}");
    }
    let mut workbook = Opened::new(bytes);
    let sheet = workbook.sheet("High");
    // The cell has it in the form in which Excel escapes what XML has no place for.
    assert!(
        sheet
            .get_value((1, place_of(&sheet, "Vendor Advisory")))
            .unwrap()
            .to_string()
            .starts_with("https://a.example/")
    );
}

/// Whether the cell of a sheet's XML has a format with the quote prefix.
fn is_quoted(bytes: &[u8], sheet: usize, cell: &str) -> bool {
    let xml = part(bytes, &format!("xl/worksheets/sheet{sheet}.xml"));
    let found = xml.split_once(&format!("<c r=\"{cell}\" ")).unwrap_or_else(|| panic!("no cell {cell}")).1;
    let style: usize = found.split_once("s=\"").unwrap().1.split('"').next().unwrap().parse().unwrap();
    let styles = part(bytes, "xl/styles.xml");
    let formats: Vec<&str> = styles.split_once("<cellXfs").unwrap().1.split("<xf ").skip(1).collect();
    formats[style].contains(r#"quotePrefix="1""#)
}

#[test]
fn what_looks_like_a_formula_is_marked_on_every_sheet() {
    let headings = ["Severity", "Resource ID", "AWS Account Id", "=HYPERLINK(1)", "Inspector Score"];
    let report = Report::from_rows(
        "a.csv",
        &headings,
        [["=SEVERE", "=cmd|1", "-1", "x", "=1+1"], ["HIGH", "i-1", "2", "y", ""]],
    );
    let (bytes, _) = convert(&report, Lang::En);
    let mut workbook = Opened::new(bytes.clone());
    let names = workbook.names();
    let mut formulas = 0;
    for (number, name) in names.iter().enumerate() {
        let range = workbook.sheet(name);
        let (top, left) = range.start().unwrap();
        for (row, column, value) in range.used_cells() {
            let Data::String(text) = value else { continue };
            if text.starts_with(['=', '-', '+', '@']) {
                let letter = char::from(b'A' + (left as usize + column) as u8);
                let cell = format!("{letter}{}", top as usize + row + 1);
                assert!(is_quoted(&bytes, number + 1, &cell), "{name}!{cell} {text}");
                formulas += 1;
            }
        }
    }
    assert!(formulas >= 8, "{formulas}: on the summary, lists, findings, problems");
}

#[test]
fn links_of_lists_that_find_no_room_are_counted() {
    let ids: Vec<String> = (0..33_000).map(|n| format!("CVE-2024-{n:05}")).collect();
    let rows = ids.iter().map(|id| ["LOW", id.as_str(), "https://a.example/x", "i-1"]);
    let report = Report::from_rows("a.csv", &["Severity", "Vulnerability Id", "Vendor Advisory", "Resource ID"], rows);
    let (_, summary) =
        convert_set(&report, &inspector_report_xlsx::localizer(Lang::En), &[("sheets", "vulnerabilities")]);
    let expected = format!("{} addresses are text", 66_000 - 65_530);
    assert!(summary.notes.iter().any(|note| note.starts_with(&expected)), "{:?}", summary.notes);
}

#[test]
fn problems_are_told_in_the_language_of_the_workbook() {
    let rows = [["HIGH", "i-1", "n/a?", "1"]];
    let report =
        Report::from_rows("a.csv", &["Severity", "Resource ID", "Inspector Score", "Inspector Score Vector"], rows);
    let (bytes, _) = convert(&report, Lang::Ja);
    let sheet = Opened::new(bytes).sheet("入力ファイルの問題");
    let line: Vec<String> = sheet.rows().nth(1).unwrap().iter().map(Data::to_string).collect();
    assert_eq!(line[3], inspector_report_xlsx::localizer(Lang::Ja).column(Column::InspectorScore));
    assert!(line[5].starts_with("「n/a?」は数値ではない"), "{line:?}");
}

#[test]
fn the_summary_names_accounts_without_open_findings_too() {
    let headings = ["Severity", "Status", "AWS Account Id", "Region", "Resource ID"];
    let rows = [["HIGH", "CLOSED", "000000000001", "us-east-1", "i-1"], ["HIGH", "ACTIVE", "000000000002", "", ""]];
    let (bytes, _) = convert(&Report::from_rows("a.csv", &headings, rows), Lang::En);
    let sheet = Opened::new(bytes).sheet("Summary");
    let cells: Vec<String> = sheet.used_cells().map(|(.., value)| value.to_string()).collect();
    assert!(cells.contains(&"000000000002, 000000000001".to_owned()) && cells.contains(&"us-east-1".to_owned()));
    assert!(!cells.iter().any(|cell| cell.contains("in account :")), "{cells:?}");
}

#[test]
fn too_many_columns_are_refused() {
    let headings: Vec<String> = (0..16_385).map(|i| format!("c{i}")).collect();
    let headings: Vec<&str> = headings.iter().map(String::as_str).collect();
    let report = View::of(Report::from_rows("a.csv", &headings, [["x"]]));
    let texts = inspector_report_xlsx::localizer(Lang::En);
    let error = Xlsx
        .converter(&Settings::new())
        .unwrap()
        .write(&report, &Context::new(&texts, "0"), &mut MemoryOutputs::default())
        .unwrap_err();
    assert!(error.to_string().contains("16,384 columns"), "{error}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_text_comes_back(rows in prop::collection::vec(("CRITICAL|HIGH|odd", "\\PC{0,20}", "[0-9]{1,18}(\\.[0-9]{1,3})?", "[<>r/&x_0-9D\"'\n ]{0,12}"), 1..12)) {
        let rows: Vec<[&str; 9]> =
            rows.iter().map(|(severity, text, number, odd)| [severity, number, text, text, number, odd, odd, text, number]).map(|row| row.map(|x: &String| x.as_str())).collect();
        every_cell_is_there(&report(&rows), Lang::En);
    }
}

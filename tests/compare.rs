//! What became of findings between two reports, and which of them are accepted.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use std::{collections::BTreeMap, fs};

use inspector_report::{
    core::{Finding, TriageEntry, TriageField, triage_places},
    read,
};
use serde_json::Value;
use support::Folder;

const HEADER: &str = "Finding ARN,Severity,Status,Resource ID,Title,Vulnerability Id,First Seen,Last Updated\n";

fn report(rows: &[(&str, &str, &str, &str)]) -> String {
    let row = |(name, severity, status, seen): &(&str, &str, &str, &str)| {
        format!(
            "arn:aws:inspector2:r:1:finding/{name},{severity},{status},i-{name},title {name},CVE-2026-1,{seen}T00:00:00Z,{seen}T00:00:00Z\n"
        )
    };
    HEADER.to_owned() + &rows.iter().map(row).collect::<String>()
}

fn two() -> Folder {
    let folder = Folder::new();
    folder.write(
        "old.csv",
        &report(&[
            ("same", "HIGH", "ACTIVE", "2026-01-01"),
            ("worse", "HIGH", "ACTIVE", "2026-01-02"),
            ("gone", "LOW", "ACTIVE", "2026-01-03"),
            ("closed", "MEDIUM", "ACTIVE", "2026-01-04"),
            ("back", "LOW", "SUPPRESSED", "2026-01-05"),
            ("hidden", "LOW", "ACTIVE", "2026-01-06"),
        ]),
    );
    folder.write(
        "new.csv",
        &report(&[
            ("same", "HIGH", "ACTIVE", "2026-02-01"),
            ("worse", "CRITICAL", "ACTIVE", "2026-02-01"),
            ("closed", "MEDIUM", "CLOSED", "2026-01-04"),
            ("back", "LOW", "ACTIVE", "2026-01-05"),
            ("hidden", "LOW", "SUPPRESSED", "2026-01-06"),
            ("fresh", "MEDIUM", "ACTIVE", "2026-02-02"),
        ]),
    );
    folder
}

#[test]
fn every_format_tells_what_became_of_findings() {
    let folder = two();
    folder.run(&["compare", "old.csv", "new.csv", "-o", "out", "-f", "xlsx,sarif,markdown,json"]).expect(0);
    assert_eq!(
        folder.files(),
        [
            "new.csv",
            "old.csv",
            "out/new.changes.json",
            "out/new.changes.md",
            "out/new.changes.sarif",
            "out/new.changes.xlsx"
        ]
    );
    let json: Value = serde_json::from_str(&fs::read_to_string(folder.path("out/new.changes.json")).unwrap()).unwrap();
    let changes: BTreeMap<&str, &str> = json["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| (&finding["title"].as_str().unwrap()[6..], finding["change"].as_str().unwrap()))
        .collect();
    let expected = [
        ("same", "still-open"),
        ("worse", "severity-changed"),
        ("closed", "fixed"),
        ("back", "reopened"),
        ("hidden", "suppressed"),
        ("fresh", "new"),
    ];
    assert_eq!(changes, BTreeMap::from(expected));
    assert_eq!(json["gone"][0]["title"], "title gone");
    assert_eq!(json["findings"][1]["before"]["severity"], "HIGH");
    assert_eq!(json["findings"][0]["firstSeenEver"], "2026-01-01T00:00:00.000Z");
    let counts = &json["comparison"]["counts"];
    assert_eq!(
        (&counts["fixed"]["low"], &counts["fixed"]["medium"], &counts["new"]["medium"]),
        (&1.into(), &1.into(), &1.into())
    );
    let sarif: Value =
        serde_json::from_str(&fs::read_to_string(folder.path("out/new.changes.sarif")).unwrap()).unwrap();
    let mut states: BTreeMap<String, usize> = BTreeMap::new();
    for run in sarif["runs"].as_array().unwrap() {
        for result in run["results"].as_array().unwrap() {
            *states.entry(result["baselineState"].as_str().unwrap().to_owned()).or_default() += 1;
        }
    }
    // What is closed is as absent as what is gone.
    let expected = [("absent", 2), ("new", 1), ("unchanged", 1), ("updated", 3)];
    assert_eq!(states, expected.map(|(state, count)| (state.to_owned(), count)).into());
    assert!(fs::read_to_string(folder.path("out/new.changes.md")).unwrap().contains("Since the earlier report"));
}

#[test]
fn a_pipeline_fails_for_what_is_new_or_worse() {
    let folder = two();
    let run = |fail_on: &str| {
        folder.run(&["compare", "old.csv", "new.csv", "-o", "out", "-f", "markdown", "--fail-on", fail_on]).status()
    };
    assert_eq!(run("new-critical"), 5, "it was high before");
    folder.write(
        "new.csv",
        &report(&[("same", "HIGH", "ACTIVE", "2026-02-01"), ("fresh", "MEDIUM", "ACTIVE", "2026-02-01")]),
    );
    assert_eq!([run("new-high"), run("new-medium"), run("high"), run("critical")], [0, 5, 5, 0]);
    assert_eq!(run("newest-high"), 2);
    let compared = |fail_on: &str| {
        let args = ["convert", "new.csv", "-f", "markdown", "-o", "out", "--previous", "old.csv", "--fail-on", fail_on];
        folder.run(&args).status()
    };
    assert_eq!([compared("new-high"), compared("new-medium")], [0, 5]);
}

#[test]
fn what_cannot_be_compared_is_named() {
    let folder = two();
    folder.run(&["compare", "old.csv"]).expect(2);
    assert!(folder.run(&["compare", "missing.csv", "new.csv"]).expect(1).stderr().contains("missing.csv"));
    folder.run(&["compare", "old.csv", "new.csv", "-o", "-"]).expect(2);
    let out = folder.run(&["compare", "old.csv", "new.csv", "-o", "-", "-f", "markdown"]).expect(0);
    assert!(out.stdout().contains("Since the earlier report"));
}

#[test]
fn the_triage_file_of_our_own_name_comes_before_that_of_other_tools() {
    let folder = two();
    let entry = |resource: &str| format!("[[accept]]\nresource = \"{resource}\"\nreason = \"x\"\n");
    let accepts = |name: &str| {
        let run = folder.run(&["convert", "new.csv", "-o", "out", "-f", "csv", "--force"]).expect(0);
        assert!(run.stderr().contains(&format!("{name} says")), "{}", run.stderr());
    };
    folder.write("ignore.toml", "this is of another tool");
    folder.write("inspector-ignore.toml", &entry("i-same"));
    accepts("inspector-ignore.toml");
    fs::remove_file(folder.path("inspector-ignore.toml")).unwrap();
    folder.write("ignore.toml", &entry("i-same"));
    accepts("ignore.toml");
}

#[test]
fn what_is_accepted_is_told_in_every_output_and_not_open() {
    let folder = two();
    folder.write(
        "ignore.toml",
        "[[accept]]\nresource = \"i-worse\"\nreason = \"Isolated network\"\nuntil = 2026-12-31\nby = \"Mai\"\n\n\
         [[accept]]\nresource = \"i-same\"\nreason = \"old\"\nuntil = 2026-01-31\n\n\
         [[accept]]\nvulnerability = \"CVE-1999-*\"\nreason = \"none\"\n",
    );
    let run = folder.run(&[
        "convert",
        "new.csv",
        "-o",
        "out",
        "-f",
        "xlsx,csv,json,markdown,html,sarif",
        "--sarif-profile",
        "full",
        "--fail-on",
        "critical",
    ]);
    let run = run.expect(0);
    let said = run.stderr();
    assert!(said.contains("findings are accepted as") && said.contains("ignore.toml says"), "{said}");
    assert!(said.contains("line 7: on i-same: expired on 2026-01-31"), "{said}");
    assert!(said.contains("line 12: CVE-1999-*: matches no open finding"), "{said}");
    assert!(!said.contains("line 1:"), "{said}");
    let line = "Isolated network (until 2026-12-31, by Mai)";
    let text = |name: &str| fs::read_to_string(folder.path(&format!("out/new.{name}"))).unwrap();
    let accepted = |finding: Finding<'_>| finding.cell(8) == line;
    let csv = read(folder.path("out/new.csv")).unwrap();
    assert_eq!(csv.columns()[8].heading.as_ref(), "Accepted");
    assert_eq!(csv.findings().filter(|finding| accepted(*finding)).count(), 1);
    let json: Value = serde_json::from_str(&text("json")).unwrap();
    assert_eq!(
        json["findings"][1]["accepted"],
        serde_json::json!({"reason": "Isolated network", "until": "2026-12-31", "by": "Mai"})
    );
    let sarif = text("sarif");
    assert!(sarif.contains(&format!("\"justification\":\"{line}\"")), "{sarif}");
    assert!(text("md").contains("| Critical | 0 |") && text("md").contains("Accepted"), "{}", text("md"));
    assert!(text("html").contains("Accepted"));
    let workbook = read(folder.path("out/new.xlsx")).unwrap();
    assert!(workbook.findings().any(|finding| finding.resource().id() == "i-worse"), "it is still on its sheet");
    // GitHub shows what is suppressed as open.
    let github = folder.run(&["convert", "new.csv", "-o", "github", "-f", "sarif"]).expect(0);
    assert!(github.stderr().contains("1 accepted findings, which GitHub would show as open"), "{}", github.stderr());
    assert!(!fs::read_to_string(folder.path("github/new.sarif")).unwrap().contains("i-worse"));
    folder.write("ignore.toml", "[[accept]]\nresource = \"i-worse\"\n");
    assert!(folder.run(&["convert", "new.csv"]).expect(2).stderr().contains("there is no reason"));
    folder.run(&["convert", "new.csv", "--ignore", "missing.toml"]).expect(2);
}

#[test]
fn a_folder_is_compared_with_what_was_so_on_a_day() {
    let folder = Folder::new();
    let of = |account: &str, day: &str, names: &[&str]| {
        let row = |name: &&str| {
            format!(
                "arn:{account}:finding/{name},HIGH,ACTIVE,{account},us-east-1,i-{name},x,CVE-2026-1,2026-01-01T00:00:00Z,{day}T00:00:00Z\n"
            )
        };
        let header = "Finding ARN,Severity,Status,AWS Account Id,Region,Resource ID,Title,Vulnerability Id,First Seen,Last Seen\n";
        header.to_owned() + &names.iter().map(row).collect::<String>()
    };
    // Two accounts whose reports come apart, on different days; what is newest in the folder is not last by name.
    folder.write("in/z.csv", &of("1", "2026-05-01", &["a", "b"]));
    folder.write("in/y.csv", &of("2", "2026-05-03", &["c"]));
    folder.write("in/x.csv", &of("1", "2026-05-08", &["a", "d"]));
    folder.write("in/w.csv", &of("2", "2026-05-10", &["c"]));
    folder.write("in/v.csv", &of("1", "2026-05-15", &["a", "d", "e"]));
    let counts = |day: &str| {
        folder.run(&["compare", "in", "--since", day, "-o", "out", "-f", "json"]).expect(0);
        let json: Value =
            serde_json::from_str(&fs::read_to_string(folder.path("out/v.changes.json")).unwrap()).unwrap();
        let counts = &json["comparison"]["counts"];
        let all = ["new", "stillOpen", "fixed"].map(|change| counts[change]["high"].as_u64().unwrap());
        (all, json["source"]["rowsRead"].as_u64().unwrap())
    };
    // The newest of account 1 is a, d, e; of account 2 it is c.
    assert_eq!(counts("2026-05-01"), ([3, 1, 1], 4), "of account 2 nothing was known");
    assert_eq!(counts("2026-05-07"), ([2, 2, 1], 4));
    assert_eq!(counts("2026-05-08"), ([1, 3, 0], 4));
    for day in ["2026-04-30", "2026-05-15"] {
        let none = folder.run(&["compare", "in", "--since", day]).expect(2);
        assert!(none.stderr().contains("there are reports of 2026-05-01 to 2026-05-15"), "{}", none.stderr());
    }
    folder.run(&["compare", "in"]).expect(2);
    folder.run(&["compare", "in/x.csv", "in/v.csv", "--since", "2026-05-01"]).expect(2);
}

#[test]
fn our_own_workbooks_come_back_once() {
    let folder = two();
    folder.write("ignore.toml", "[[accept]]\nresource = \"i-fresh\"\nreason = \"x\"\n");
    for lang in ["en", "ja"] {
        let args = ["convert", "new.csv", "-o", lang, "-f", "xlsx", "--previous", "old.csv", "--lang", lang];
        folder.run(&args).expect(0);
        let back = read(folder.path(&format!("{lang}/new.xlsx"))).unwrap();
        assert_eq!(back.len(), 6, "the sheets of changes tell of the same findings");
        folder.run(&["compare", "old.csv", "new.csv", "-o", lang, "-f", "xlsx", "--lang", lang]).expect(0);
        assert!(read(folder.path(&format!("{lang}/new.changes.xlsx"))).is_err(), "it has not every finding");
    }
}

#[test]
fn a_finding_that_stands_twice_is_neither_new_nor_fixed() {
    let folder = Folder::new();
    let once = report(&[("a", "HIGH", "ACTIVE", "2026-01-01")]);
    let twice = report(&[("a", "HIGH", "ACTIVE", "2026-01-01"), ("a", "HIGH", "ACTIVE", "2026-01-01")]);
    folder.write("once.csv", &once);
    folder.write("twice.csv", &twice);
    for (old, new) in [("once", "twice"), ("twice", "once")] {
        let (old, name) = (format!("{old}.csv"), format!("{new}.csv"));
        folder.run(&["compare", &old, &name, "-o", "out", "-f", "json", "--fail-on", "new-low"]).expect(0);
        let path = folder.path(&format!("out/{new}.changes.json"));
        let json: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
        let counts = &json["comparison"]["counts"];
        let of = |change: &str| counts[change]["high"].as_u64().unwrap();
        assert_eq!([of("new"), of("stillOpen"), of("fixed")], [0, 1, 0]);
    }
}

#[test]
fn rows_that_were_lost_are_told_where_they_falsify() {
    let folder = two();
    let old = fs::read_to_string(folder.path("old.csv")).unwrap();
    folder.write("old.csv", &format!("{old}a,b\n"));
    folder.run(&["compare", "old.csv", "new.csv", "-o", "out", "-f", "markdown,xlsx"]).expect(3);
    let markdown = fs::read_to_string(folder.path("out/new.changes.md")).unwrap();
    assert!(markdown.contains("1 row of the earlier report could not be read"), "{markdown}");
}

const TO_FIX: &str = "Severity,Title,Resource ID,Vulnerability Id,Affected Packages,Fixed in Version,Finding Type,\
                      Finding ARN,First Seen,Last Seen\n";

fn to_fix(rows: &[(&str, &str, &str)]) -> String {
    let row = |(arn, package, fixed): &(&str, &str, &str)| {
        format!(
            "HIGH,title {arn},i-{arn},CVE-2026-{arn},{package},{fixed},PACKAGE_VULNERABILITY,arn:x:finding/{arn},2026-05-01T00:00:00Z,2026-05-04T00:00:00Z\n"
        )
    };
    TO_FIX.to_owned() + &rows.iter().map(row).collect::<String>()
}

/// Fills in rows of a workbook, as someone does in Excel: `row` gives what stands behind the last cell of a row that has a
/// text. A number is a day.
fn fill_in(folder: &Folder, name: &str, rows: &[(&str, char, [&str; 4])]) {
    let bytes = fs::read(folder.path(name)).unwrap();
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut out = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let mut parts: BTreeMap<String, String> = BTreeMap::new();
    for place in 0..archive.len() {
        let mut part = archive.by_index(place).unwrap();
        let mut text = String::new();
        std::io::Read::read_to_string(&mut part, &mut text).unwrap();
        parts.insert(part.name().unwrap().into_owned(), text);
    }
    let strings: Vec<String> =
        parts["xl/sharedStrings.xml"].split("<si>").skip(1).map(|string| string.replace("</si>", "")).collect();
    for (words, first, cells) in rows {
        let numbers =
            || (0..).zip(&strings).filter(|(_, string)| string.contains(words)).map(|(number, _): (usize, _)| number);
        for (_, text) in parts.iter_mut().filter(|(name, _)| name.starts_with("xl/worksheets/sheet")) {
            let is_it =
                |row: &str| row.contains(words) || numbers().any(|number| row.contains(&format!("<v>{number}</v>")));
            // The heading of the first column to fill in, as a text of the sheet or as the number of one.
            let heading = text.split(&format!("<c r=\"{first}1\"")).nth(1).and_then(|cell| cell.split("</c>").next());
            let has_columns = heading.is_some_and(|cell| {
                let shared = |number: usize| cell.contains(&format!("<v>{number}</v>"));
                let mut ours = (0..).zip(&strings).filter(|(_, string)| string.contains("Assigned to"));
                cell.contains("Assigned to") || ours.any(|(number, _)| shared(number))
            });
            let Some(row) = text.split("<row ").find(|row| has_columns && is_it(row)).map(str::to_owned) else {
                continue;
            };
            let number = row.split('"').nth(1).unwrap();
            let place = (*first as u8 - b'A' + 1) + 1;
            let style = text.split("<col ").find(|col| col.contains(&format!("min=\"{place}\""))).unwrap();
            let style = style.split("style=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
            let cell = |(at, cell): (u8, &&str)| {
                let column = (*first as u8 + at) as char;
                match cell.parse::<f64>() {
                    _ if cell.is_empty() => String::new(),
                    Ok(day) => format!("<c r=\"{column}{number}\" s=\"{style}\"><v>{day}</v></c>"),
                    Err(_) => format!("<c r=\"{column}{number}\" t=\"inlineStr\"><is><t>{cell}</t></is></c>"),
                }
            };
            let filled: String = (0..).zip(cells).map(cell).collect();
            *text = text.replace(&row, &row.replacen("</row>", &format!("{filled}</row>"), 1));
        }
    }
    for (name, text) in parts {
        out.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        std::io::Write::write_all(&mut out, text.as_bytes()).unwrap();
    }
    fs::write(folder.path(name), out.finish().unwrap().into_inner()).unwrap();
}

fn read_part(archive: &mut zip::ZipArchive<fs::File>, name: &str) -> String {
    let mut text = String::new();
    std::io::Read::read_to_string(&mut archive.by_name(name).unwrap(), &mut text).unwrap();
    text
}

/// By title, what is filled in of each finding of a workbook.
fn filled(folder: &Folder, name: &str) -> BTreeMap<String, [String; 4]> {
    let report = read(folder.path(name)).unwrap();
    let places = triage_places(report.columns()).map(Option::unwrap);
    assert_eq!(report.columns().len(), 14, "no column stands twice");
    let of = |finding: Finding<'_>| (finding.title().to_owned(), places.map(|at| finding.cell(at).into_owned()));
    report.findings().map(of).collect()
}

#[test]
fn what_people_filled_in_comes_over_to_the_next_workbook() {
    let folder = Folder::new();
    folder.write(
        "week1.csv",
        &to_fix(&[("1", "curl", "8.1"), ("2", "zlib", "1.3"), ("3", "xz", "5.6"), ("4", "bash", "6")]),
    );
    // 2 has another fix, and 3 is gone.
    folder.write("week2.csv", &to_fix(&[("5", "git", "2.5"), ("2", "zlib", "1.4"), ("1", "curl", "8.1")]));
    let columns = "severity,title,resource id,vulnerability id,affected packages,fixed in version,finding type,finding arn,\
         first seen,last seen";
    let convert = |args: &[&str]| {
        folder.run(&[&["convert", "-f", "xlsx", "--triage", "--columns", columns, "-o", "out"], args].concat())
    };
    convert(&["week1.csv"]).expect(0);
    fill_in(
        &folder,
        "out/week1.xlsx",
        &[
            ("title 1", 'K', ["Mai", "46204", "In progress", "=asked the vendor"]),
            ("title 2", 'K', ["", "next week", "waits", ""]),
            ("title 3", 'K', ["Ken", "", "Done", ""]),
            ("Update curl to 8.1", 'Q', ["Platform", "46204", "To do", "all at once"]),
            ("Update zlib to 1.3", 'Q', ["Al", "", "", ""]),
            ("Update xz to 5.6", 'Q', ["", "", "Done", ""]),
        ],
    );
    let first = filled(&folder, "out/week1.xlsx");
    let row = |cells: [&str; 4]| cells.map(str::to_owned);
    assert_eq!(first["title 1"], row(["Mai", "2026-07-01", "In progress", "=asked the vendor"]));
    let run = convert(&["week2.csv", "--previous", "out/week1.xlsx", "--lang", "ja"]).expect(0);
    assert!(
        run.stderr()
            .contains("note: week2.csv: 2 filled-in rows belong to findings or actions that are not in this report"),
        "{}",
        run.stderr()
    );
    let second = filled(&folder, "out/week2.xlsx");
    assert_eq!(
        second["title 1"],
        row(["Mai", "2026-07-01", "対応中", "=asked the vendor"]),
        "a day, and a state of the list"
    );
    assert_eq!(second["title 2"], row(["", "next week", "waits", ""]));
    assert_eq!(second["title 5"], row([""; 4]));
    let actions = |name: &str| -> BTreeMap<String, [String; 4]> {
        let of = |field: &TriageEntry| TriageField::ALL.map(|at| field.get(at).to_owned());
        read(folder.path(name))
            .unwrap()
            .action_triage()
            .iter()
            .map(|(words, entry)| (words.clone(), of(entry)))
            .collect()
    };
    let all: Vec<[String; 4]> = actions("out/week2.xlsx").into_values().collect();
    assert_eq!(all.len(), 2, "{all:?}");
    assert!(
        all.contains(&row(["Platform", "2026-07-01", "未対応", "all at once"]))
            && all.contains(&row(["Al", "", "", ""]))
    );
    // Lists of what is open for longest have it too, as the newest report that has anything does.
    folder
        .run(&["trend", "out/week1.xlsx", "out/week2.xlsx", "-f", "xlsx", "-o", "trend", "--sla", "high=1"])
        .expect(0);
    let mut trend = zip::ZipArchive::new(fs::File::open(folder.path("trend/trend.xlsx")).unwrap()).unwrap();
    let mut sheets = Vec::new();
    for place in 0..trend.len() {
        let name = trend.by_index(place).unwrap().name().unwrap().into_owned();
        sheets.extend(name.contains("worksheets/sheet").then(|| read_part(&mut trend, &name)));
    }
    let strings = read_part(&mut trend, "xl/sharedStrings.xml");
    let numbers = |words: &str| {
        let at = strings.split("<si>").skip(1).position(|string| string.contains(&format!(">{words}<"))).unwrap();
        format!("<v>{at}</v>")
    };
    let (title, who, state) = (numbers("title 1"), numbers("Mai"), numbers("In progress"));
    let rows: Vec<&str> =
        sheets.iter().flat_map(|sheet| sheet.split("<row ")).filter(|row| row.contains(&title)).collect();
    assert!(
        rows.iter().filter(|row| row.contains(&who) && row.contains(&state)).count() >= 2,
        "open, and overdue: {rows:?}"
    );
    assert!(rows.iter().filter(|row| row.contains("<v>46204")).count() >= 2, "{rows:?}");
    // Back into English; what was filled in stands in the workbook that is given, and nothing stands twice.
    convert(&["out/week2.xlsx", "--name", "{stem}-again"]).expect(0);
    assert_eq!(filled(&folder, "out/week2-again.xlsx")["title 1"], first["title 1"]);
    assert_eq!(
        actions("out/week2-again.xlsx")["Update curl to 8.1"],
        row(["Platform", "2026-07-01", "To do", "all at once"])
    );
    // The filled workbook may be at the place of the new one: it is kept, and read.
    fs::copy(folder.path("out/week1.xlsx"), folder.path("out/week2.xlsx")).unwrap();
    let run = convert(&["week2.csv", "--previous", "out/week2.xlsx"]).expect(0);
    assert!(run.stderr().contains("the new output is out/week2.new.xlsx"), "{}", run.stderr());
    assert_eq!(filled(&folder, "out/week2.new.xlsx")["title 1"], first["title 1"]);
    assert_eq!(fs::read(folder.path("out/week1.xlsx")).unwrap(), fs::read(folder.path("out/week2.xlsx")).unwrap());
}

/// Takes something out of a part of a workbook, as other programs do that save it.
fn without(folder: &Folder, name: &str, (part, from, to): (&str, &str, &str)) {
    let mut archive = zip::ZipArchive::new(fs::File::open(folder.path(name)).unwrap()).unwrap();
    let names: Vec<String> =
        (0..archive.len()).map(|at| archive.by_index(at).unwrap().name().unwrap().into_owned()).collect();
    let mut out = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for name in names {
        let mut text = read_part(&mut archive, &name);
        if name == part {
            let (start, end) = (text.find(from).unwrap(), text.find(to).unwrap() + to.len());
            text.replace_range(start..end, "");
        }
        out.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        std::io::Write::write_all(&mut out, text.as_bytes()).unwrap();
    }
    fs::write(folder.path(name), out.finish().unwrap().into_inner()).unwrap();
}

#[test]
fn actions_are_found_without_the_name_of_their_range_and_what_a_filter_leaves_out_is_told() {
    let folder = Folder::new();
    folder.write("a.csv", &to_fix(&[("1", "curl", "8.1"), ("2", "zlib", "1.3")]));
    let convert = |args: &[&str]| folder.run(&[&["convert", "a.csv", "-f", "xlsx", "--triage"], args].concat());
    convert(&["-o", "out"]).expect(0);
    fill_in(&folder, "out/a.xlsx", &[("Update curl to 8.1", 'Q', ["Platform", "46204", "To do", "all at once"])]);
    without(&folder, "out/a.xlsx", ("xl/workbook.xml", "<definedNames>", "</definedNames>"));
    convert(&["-o", "next", "--previous", "out/a.xlsx"]).expect(0);
    for name in ["out/a.xlsx", "next/a.xlsx"] {
        let report = read(folder.path(name)).unwrap();
        let entries: Vec<_> = report.action_triage().iter().map(|(words, entry)| (words.as_str(), entry)).collect();
        assert!(
            matches!(entries[..], [("Update curl to 8.1", entry)] if entry.get(TriageField::Notes) == "all at once"),
            "{name}: {entries:?}"
        );
    }
    let run = convert(&["-o", "filtered", "--previous", "out/a.xlsx", "--severity", "low"]).expect(0);
    let what = "1 filled-in row belongs to a finding or action that is not in this report, or that a filter leaves out";
    assert!(run.stderr().contains(what), "{}", run.stderr());
}

#[test]
fn a_filled_workbook_put_together_with_a_newer_export_keeps_what_was_filled_in() {
    let folder = Folder::new();
    let arn = "arn:aws:inspector2:us-east-1:000123456789:finding/0";
    let head = "Finding ARN,Severity,Title,Resource ID,Last Updated,Notes,Assigned to\n";
    folder.write("old.csv", &format!("{head}{arn},HIGH,title 1,i-1,2026-01-01T00:00:00Z,asked,Mai\n"));
    folder.write("new.csv", &format!("{head}{arn},HIGH,title 1,i-1,2026-01-08T00:00:00Z,,\n"));
    folder.run(&["convert", "old.csv", "new.csv", "--merge", "all", "-f", "xlsx", "--triage", "-o", "out"]).expect(0);
    let report = read(folder.path("out/all.xlsx")).unwrap();
    let places = triage_places(report.columns()).map(Option::unwrap);
    let cells: Vec<_> = report.findings().map(|finding| places.map(|at| finding.cell(at).into_owned())).collect();
    assert_eq!(cells, [["Mai", "", "", "asked"].map(str::to_owned)]);
}

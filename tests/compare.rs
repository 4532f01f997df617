//! What became of findings between two reports, and which of them are accepted.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use std::{collections::BTreeMap, fs};

use inspector_report::{core::Finding, read};
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

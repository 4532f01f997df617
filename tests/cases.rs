//! Inputs that gave wrong figures once, each with what is right, in every command that reads it.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::fs;

use inspector_report::{
    Report, View,
    core::{Column, Statistics},
    read,
};
use serde_json::Value;
use support::{Folder, fixture_path};

fn folder(cases: &[&str]) -> Folder {
    let folder = Folder::new();
    for case in cases {
        fs::copy(fixture_path(&format!("cases/{case}")), folder.path(case)).unwrap();
    }
    folder
}

fn text(folder: &Folder, name: &str) -> String {
    fs::read_to_string(folder.path(name)).unwrap()
}

fn total(report: &Report) -> Statistics {
    Statistics::of(&View::of(report.clone())).clone()
}

fn open(report: &Report) -> u64 {
    total(report).total.open
}

/// Seven events of three findings, delivered again and out of order: by the newest `updatedAt` one is open, a critical one.
#[test]
fn events_that_are_delivered_again_are_one_finding_in_every_command() {
    let folder = folder(&["events.json"]);
    let lines: Vec<String> = text(&folder, "events.json").lines().map(str::to_owned).collect();
    assert_eq!(lines.len(), 7);
    for turn in 0..lines.len() {
        let mut turned = lines.clone();
        turned.rotate_left(turn);
        turned.reverse();
        folder.write("in/events.json", &(turned.join("\n") + "\n"));
        let report = read(folder.path("in/events.json")).unwrap();
        let critical = total(&report).by_severity[0].open;
        assert_eq!((open(&report), critical, report.len(), report.repeated()), (1, 1, 3, 4), "{turn}");

        let run = folder.run(&["convert", "in/events.json", "-o", "out", "-f", "markdown,sarif,csv,json"]).expect(0);
        assert!(run.stderr().contains("7 rows read: 1 critical open; 2 suppressed, accepted or closed; 4 rows repeat"));
        assert!(text(&folder, "out/events.md").contains("among 1 open finding in all"));
        assert_eq!(text(&folder, "out/events.sarif").matches("\"partialFingerprints\"").count(), 1);
        // The input is given back whole, and what does not count is marked.
        assert_eq!(text(&folder, "out/events.json").matches("\"repeated\":true").count(), 4);
        assert_eq!(text(&folder, "out/events.csv").lines().filter(|line| line.ends_with(",YES")).count(), 4);

        folder.run(&["convert", "in/events.json", "-o", "out", "--merge", "merged", "-f", "markdown"]).expect(0);
        assert!(text(&folder, "out/merged.md").contains("among 1 open finding in all"));
        let run = folder.run(&["trend", "in/events.json", "-o", "out", "-f", "json"]).expect(0);
        assert!(run.stderr().contains("1 finding open, 0 fixed"), "{}", run.stderr());
        let run = folder.run(&["compare", "in/events.json", "in/events.json", "-o", "out", "-f", "markdown"]).expect(0);
        assert!(run.stderr().contains("1 critical open"), "{}", run.stderr());
        folder.run(&["convert", "in/events.json", "-o", "out", "-f", "csv", "--fail-on", "critical"]).expect(5);
    }
}

/// Monday's and Tuesday's export in one file: each finding once, as on Tuesday.
#[test]
fn exports_of_two_days_in_one_file_are_one() {
    let report = read(fixture_path("cases/two-days-joined.csv")).unwrap();
    assert_eq!((open(&report), report.len(), report.repeated()), (5, 6, 6));
    let tuesday = "2026-09-02T00:00:00Z".parse().ok();
    assert_eq!(report.data_date(), tuesday);
}

/// Accounts of 11 digits, as spreadsheets leave them: the ARN has all 12.
#[test]
fn an_account_that_lost_its_zero_comes_from_the_arn() {
    let folder = folder(&["leading-zero-lost.csv"]);
    let report = read(folder.path("leading-zero-lost.csv")).unwrap();
    for finding in report.findings() {
        let (arn, account) = (finding.arn(), finding.resource().account());
        assert!(account.len() == 12 && arn.contains(account), "{account} of {arn}");
        assert_eq!(finding.resource().account_as_written(), Some(account.trim_start_matches('0')));
    }
    let problems: Vec<(&str, u64)> = report.problems().iter().map(|p| (p.code.as_str(), p.count)).collect();
    assert_eq!(problems, [("account-id-repaired", 6)]);
    let args = ["convert", "leading-zero-lost.csv", "-f", "sarif,csv", "--account", "054049963077", "-o", "out"];
    let run = folder.run(&args).expect(0);
    assert!(run.stderr().contains("left out by filters"), "{}", run.stderr());
    assert!(text(&folder, "out/leading-zero-lost.sarif").contains("\"aws/054049963077/us-east-1/"));
    let csv = text(&folder, "out/leading-zero-lost.csv");
    assert!(csv.lines().next().unwrap().ends_with(",AWS Account Id as Written"), "what was written is kept");
    assert!(
        csv.lines().nth(1).unwrap().starts_with("054049963077,")
            && csv.lines().nth(1).unwrap().ends_with(",54049963077")
    );
}

/// An image that was pushed again between two reports: First Seen is 2 January in sheets, headline, ages and charts.
#[test]
fn first_seen_is_that_of_both_reports_everywhere() {
    let folder = folder(&["pushed-old.json", "pushed-new.json"]);
    let args = ["compare", "pushed-old.json", "pushed-new.json", "-f", "markdown,xlsx,json", "-o", "out"];
    folder.run(&[&args[..], &["--sheets", "summary,severities,changes"]].concat()).expect(0);
    let page = text(&folder, "out/pushed-new.changes.md");
    assert!(
        page.contains(
            "1 finding (100 %) has been open for more than 90 days; the oldest for 157 days, since 2026-01-02."
        )
    );
    assert!(page.contains("| High | 1 | 1 | 1 | 1 | 0 | 2026-01-02 |"), "{page}");
    let book = read(folder.path("out/pushed-new.changes.xlsx")).unwrap();
    let finding = book.finding(0).unwrap();
    assert_eq!(finding.get(Column::FirstSeen), "2026-01-02T08:00:00.000Z");
    assert_eq!(finding.get(Column::AgeDays), "157");
}

/// An image is pushed again, with the library in a file of another name.
#[test]
fn an_alert_goes_on_when_only_the_version_in_a_file_name_changes() {
    let finding = |digest: char, version: &str| {
        let id =
            format!("arn:aws:ecr:eu-west-1:011122223333:repository/shop/api/sha256:{}", digest.to_string().repeat(64));
        format!(
            "AWS Account Id,Region,Severity,Status,Finding Type,Vulnerability Id,Resource Type,Resource ID,Affected Packages,\
             Package Installed Version,File Path,Title,Finding ARN\n011122223333,eu-west-1,HIGH,ACTIVE,PACKAGE_VULNERABILITY,\
             CVE-2025-50002,AWS_ECR_CONTAINER_IMAGE,{id},org.acme:logx,{version},opt/app/lib/logx-{version}.jar,\
             CVE-2025-50002 - logx,arn:aws:inspector2:eu-west-1:011122223333:finding/{}\n",
            digest.to_string().repeat(32)
        )
    };
    let folder = Folder::new();
    folder.write("a.csv", &finding('a', "2.14.1"));
    folder.write("b.csv", &finding('b', "2.15.0"));
    folder.run(&["convert", "a.csv", "b.csv", "-f", "sarif", "-o", "out"]).expect(0);
    let alert = |name: &str| {
        let log: Value = serde_json::from_str(&text(&folder, name)).unwrap();
        let result = &log["runs"][0]["results"][0];
        let uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].to_string();
        (result["ruleId"].to_string(), uri, result["partialFingerprints"].to_string())
    };
    assert_eq!(alert("out/a.sarif"), alert("out/b.sarif"));
    let alert = alert("out/a.sarif").1;
    assert_eq!(alert, "\"aws/011122223333/eu-west-1/ecr-container-image/shop/api/opt/app/lib/logx.jar\"");
    // A comparison knows it again, too.
    folder.run(&["compare", "a.csv", "b.csv", "-f", "json", "-o", "changes"]).expect(0);
    let changes: Value = serde_json::from_str(&text(&folder, "changes/b.changes.json")).unwrap();
    assert_eq!(changes["findings"][0]["change"], "still-open", "{}", changes["findings"][0]);
}

//! Priorities, owners and due dates as a user asks for them.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use std::fs;

use serde_json::Value;
use support::Folder;

const HEADINGS: &str = "AWS Account Id,Severity,Status,Title,Resource ID,Resource Tags,Vulnerability Id,Exploit Available,\
                        Fix Available,First Seen,Last Seen,Epss Score\n";

/// A critical finding with an exploit, a high one, a medium one, and a low one that is suppressed.
fn findings(folder: &Folder) {
    let row = |number: usize, severity: &str, status: &str, exploit: &str, tags: &str| {
        format!(
            "111122223333,{severity},{status},title {number},i-{number},{tags},CVE-2026-000{number},{exploit},YES,\
             2026-10-01T00:00:00Z,2026-11-25T00:00:00Z,0.01\n"
        )
    };
    let rows = [
        row(1, "CRITICAL", "ACTIVE", "YES", "Owner:web"),
        row(2, "HIGH", "ACTIVE", "NO", ""),
        row(3, "MEDIUM", "ACTIVE", "NO", "Team:data"),
        row(4, "LOW", "SUPPRESSED", "NO", ""),
    ];
    folder.write("a.csv", &format!("{HEADINGS}{}", rows.concat()));
}

fn json(folder: &Folder, name: &str) -> Vec<Value> {
    let report: Value = serde_json::from_slice(&fs::read(folder.path(name)).unwrap()).unwrap();
    report["findings"].as_array().unwrap().clone()
}

fn of<'f>(findings: &'f [Value], field: &str) -> Vec<&'f str> {
    findings.iter().map(|finding| finding[field].as_str().unwrap_or("-")).collect()
}

#[test]
fn a_configuration_decides_and_options_come_before_it() {
    let folder = Folder::new();
    findings(&folder);
    let convert = ["convert", "a.csv", "-f", "json", "-o", "out"];
    folder.run(&convert).expect(0);
    let usual = json(&folder, "out/a.json");
    assert_eq!(of(&usual, "priority"), ["act-now", "planned", "routine", "-"]);
    assert_eq!(of(&usual, "owner"), ["web", "-", "data", "-"]);
    assert_eq!((of(&usual, "due"), of(&usual, "kev")), (vec!["-"; 4], vec!["not-checked"; 4]));

    folder.write(
        "kev.csv",
        "cveID,dateAdded,dueDate,knownRansomwareCampaignUse\nCVE-2026-0003,2026-11-20,2026-12-11,Known\nx,,,\n",
    );
    folder.write(
        "epss.csv",
        "#model_version:v2026.06.15,score_date:2026-10-04T12:00:21Z\ncve,epss,percentile\nCVE-2026-0002,0.42,0.9\n",
    );
    folder.write(
        "inspector-report.toml",
        "[priority.rules]\n4 = \"soon\"\n[sla]\npreset = \"severity\"\n[owner.accounts]\n\"111122223333\" = \"platform\"\n\
         [intelligence]\nkev = \"kev.csv\"\n",
    );
    let run = folder.run(&[&convert[..], &["--epss", "epss.csv", "--sla", "priority"]].concat()).expect(0);
    assert!(run.stderr().contains("kev.csv: 1 entry is left out: it has no CVE id"), "{}", run.stderr());
    let judged = json(&folder, "out/a.json");
    // The exploit is soon by the rule that was changed; EPSS reaches 0.10; ransomware uses the third.
    assert_eq!(of(&judged, "priority"), ["soon", "soon", "act-now", "-"]);
    assert_eq!(of(&judged, "owner"), ["web", "platform", "data", "platform"]);
    assert_eq!(of(&judged, "due"), ["2026-10-15", "2026-10-15", "2026-11-23", "-"]);
    assert_eq!((&judged[2]["kevDue"], &judged[2]["overdueDays"]), (&"2026-12-11".into(), &2.into()));
    assert_eq!((&judged[1]["vulnerability"]["epss"], &judged[1]["reasons"][0]), (&0.42.into(), &"epss".into()));

    // Another catalogue is another conversion.
    folder.write("kev.csv", "cveID,dateAdded\nCVE-2026-0001,2026-11-20\n");
    folder.run(&[&convert[..], &["--epss", "epss.csv", "--sla", "priority"]].concat()).expect(0);
    assert_eq!(of(&json(&folder, "out/a.json"), "kev"), ["listed", "not-listed", "not-listed", "not-listed"]);
    let table = folder.run(&["priority"]).expect(0);
    assert!(table.stdout().contains("Set by the configuration (usually: Act now)"), "{}", table.stdout());
    let table = folder.run(&["priority", "--lang", "ja", "--sla", "priority"]).expect(0);
    assert!(table.stdout().contains("即時対応") && table.stdout().contains("3 日以内"), "{}", table.stdout());
}

#[test]
fn runs_fail_on_priorities_and_due_dates() {
    let folder = Folder::new();
    findings(&folder);
    let convert = |more: &[&str]| folder.run(&[&["convert", "a.csv", "-f", "csv", "-o", "out"], more].concat());
    convert(&["--fail-on", "act-now"]).expect(5);
    // The next time nothing is written, and the status is the same.
    convert(&["--fail-on", "act-now"]).expect(5);
    convert(&["--severity", "high", "--fail-on", "act-now"]).expect(0);
    convert(&["--severity", "high", "--fail-on", "planned"]).expect(5);
    convert(&["--sla", "high=30", "--fail-on", "overdue"]).expect(5);
    convert(&["--sla", "high=365", "--fail-on", "overdue"]).expect(0);
    let run = convert(&["--fail-on", "overdue"]).expect(2);
    assert!(run.stderr().contains("--sla"), "{}", run.stderr());
    let run = folder.run(&["compare", "a.csv", "a.csv", "-f", "json", "-o", "out", "--fail-on", "overdue"]).expect(2);
    assert!(run.stderr().contains("--sla"), "{}", run.stderr());
    folder
        .run(&["compare", "a.csv", "a.csv", "-f", "json", "-o", "out", "--sla", "severity", "--fail-on", "overdue"])
        .expect(5);
    let run = folder.run(&["trend", "a.csv", "-o", "out", "--sla", "act-now=3"]).expect(2);
    assert!(run.stderr().contains("by severity"), "{}", run.stderr());
}

#[test]
fn findings_are_filtered_and_divided_by_what_is_decided() {
    let folder = Folder::new();
    findings(&folder);
    folder.write("inspector-report.toml", "[owner]\ntags = [\"Team\"]\n[owner.resources]\n\"i-2\" = \"ops\"\n");
    folder.run(&["convert", "a.csv", "-f", "json", "-o", "out", "--priority", "ACT-NOW,routine"]).expect(0);
    assert_eq!(of(&json(&folder, "out/a.json"), "priority"), ["act-now", "routine"]);
    folder.run(&["convert", "a.csv", "-f", "csv", "-o", "parts", "--split-by", "owner"]).expect(0);
    let names: Vec<String> = folder.files().into_iter().filter(|name| name.starts_with("parts/")).collect();
    assert_eq!(names, ["parts/a.data.csv", "parts/a.none.csv", "parts/a.ops.csv"]);
}

#[test]
fn csv_has_what_is_decided_where_that_is_asked_for() {
    let folder = Folder::new();
    findings(&folder);
    let columns = ["-f", "csv", "-o", "out", "--derived-columns", "--sla", "critical=30"];
    folder.run(&[&["convert", "a.csv"], &columns[..]].concat()).expect(0);
    let text = fs::read_to_string(folder.path("out/a.csv")).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[0].ends_with("Epss Score,Priority,Reason,Owner,Due,Overdue by (days)"), "{}", lines[0]);
    let expected = "0.01,act-now,\"public exploit, critical, fix available\",web,2026-10-31,25";
    assert!(lines[1].ends_with(expected), "{}", lines[1]);
    assert!(lines[3].ends_with(",0.01,routine,\"medium, fix available\",data,,"), "{}", lines[3]);
    assert!(lines[4].ends_with(",0.01,,,,,"), "{}", lines[4]);
    // What it is made of again stands once.
    fs::rename(folder.path("out/a.csv"), folder.path("b.csv")).unwrap();
    folder.run(&[&["convert", "b.csv"], &columns[..]].concat()).expect(0);
    assert_eq!(fs::read_to_string(folder.path("out/b.csv")).unwrap(), text);
}

#[test]
fn what_is_wrong_with_a_configuration_is_said() {
    let folder = Folder::new();
    findings(&folder);
    for (text, words) in [
        ("[priority]\nepss = 7\n", "inspector-report.toml: [priority] epss: must be a score"),
        ("[sla]\nhigh = 1\nsoon = 1\n", "inspector-report.toml: [sla] targets are by severity or by priority"),
        ("[intelligence]\nkev = \"a.csv\"\n", "a.csv: is not CISA's catalogue"),
        ("[intelligence]\nepss = \"none.csv\"\n", "none.csv: cannot be read"),
        ("[owners]\n", "there is no table \"owners\""),
    ] {
        folder.write("inspector-report.toml", text);
        let run = folder.run(&["convert", "a.csv", "-f", "csv", "-o", "out"]).expect(2);
        assert!(run.stderr().contains(words), "{}", run.stderr());
        assert!(!folder.path("out").exists());
    }
}

//! The command `trend` as a user runs it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::{
    fs,
    process::{Command, Output},
};

use tempfile::TempDir;

const HEAD: &str =
    "Finding ARN,Severity,Status,AWS Account Id,Region,Resource ID,Vulnerability Id,First Seen,Last Seen\n";

/// A folder with a series: three reports, named against their order; one finding is fixed, one comes.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let row = |arn: &str, severity: &str, day: &str| {
        format!(
            "{arn},{severity},ACTIVE,000000000001,us-east-1,i-{arn},CVE-2026-1,2026-01-01T00:00:00Z,{day}T00:00:00Z\n"
        )
    };
    let write = |name: &str, rows: &[String]| {
        fs::create_dir_all(folder.path().join("archive")).unwrap();
        fs::write(folder.path().join("archive").join(name), format!("{HEAD}{}", rows.concat())).unwrap();
    };
    write("c.csv", &[row("a", "CRITICAL", "2026-01-10"), row("b", "HIGH", "2026-01-10")]);
    write("a.csv", &[row("a", "CRITICAL", "2026-01-20"), row("b", "HIGH", "2026-01-20")]);
    write("b.csv", &[row("a", "CRITICAL", "2026-01-30")]);
    folder
}

fn run(folder: &TempDir, args: &[&str]) -> (i32, String, String) {
    let Output { status, stdout, stderr } = Command::new(env!("CARGO_BIN_EXE_inspector-report"))
        .arg("trend")
        .args(args)
        .current_dir(folder.path())
        .output()
        .unwrap();
    (status.code().unwrap(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

fn json(folder: &TempDir, args: &[&str]) -> serde_json::Value {
    let (_, out, errors) = run(folder, &[args, &["-f", "json", "-o", "-"]].concat());
    serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {out}{errors}"))
}

#[test]
fn reports_are_put_in_order_of_their_dates() {
    let folder = folder();
    let (status, _, errors) = run(&folder, &["archive", "-o", "out"]);
    assert_eq!(status, 0, "{errors}");
    assert!(errors.contains("3 reports of 2026-01-10 to 2026-01-30: 1 finding open, 1 fixed; wrote"), "{errors}");
    let mut files: Vec<_> =
        fs::read_dir(folder.path().join("out")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    files.sort();
    assert_eq!(files, ["trend.html", "trend.md", "trend.xlsx"]);
    let json = json(&folder, &["archive"]);
    let names: Vec<&str> = json["reports"].as_array().unwrap().iter().map(|r| r["file"].as_str().unwrap()).collect();
    assert_eq!(names, ["c.csv", "a.csv", "b.csv"]);
    assert_eq!((&json["before"]["critical"], &json["months"][0]["fixed"]["high"]), (&1.into(), &1.into()));
    assert_eq!(json["oldest"][0]["days"], 29.0);
}

#[test]
fn outputs_in_the_folder_of_the_reports_are_no_reports() {
    let folder = folder();
    for _ in 0..2 {
        let (status, _, errors) = run(&folder, &["archive", "-o", "archive", "-f", "json,xlsx,markdown,html"]);
        assert_eq!(status, 0, "{errors}");
        assert!(errors.contains("3 reports"), "{errors}");
    }
    let (status, _, errors) = run(&folder, &["archive/trend.json", "-o", "archive", "-f", "json"]);
    assert_eq!(status, 2, "{errors}");
}

#[test]
fn what_is_overdue_fails_if_that_is_asked() {
    let folder = folder();
    assert_eq!(run(&folder, &["archive", "--sla", "critical=29", "--fail-on", "overdue"]).0, 0);
    let (status, _, errors) = run(&folder, &["archive", "--sla", "critical=28", "--fail-on", "overdue"]);
    assert_eq!(status, 5, "{errors}");
    assert!(errors.contains("1 overdue"), "{errors}");
    assert_eq!(run(&folder, &["archive", "--sla", "critical=28"]).0, 0);
    assert_eq!(run(&folder, &["archive", "--fail-on", "overdue"]).0, 2, "without targets");
    assert_eq!(run(&folder, &["archive", "--sla", "critical"]).0, 2);
}

#[test]
fn what_cannot_be_placed_or_read_is_named() {
    let folder = folder();
    fs::write(folder.path().join("archive/empty.csv"), HEAD).unwrap();
    let (status, _, errors) = run(&folder, &["archive"]);
    assert_eq!(status, 0, "{errors}");
    assert!(errors.contains("empty.csv: no finding has a time"), "{errors}");
    fs::write(folder.path().join("archive/bad.json"), "{ \"findings\": [").unwrap();
    let (status, _, errors) = run(&folder, &["archive"]);
    assert_eq!(status, 3, "{errors}");
    assert!(fs::read_to_string(folder.path().join("trend.md")).unwrap().contains("bad.json"), "outputs tell it too");
    fs::create_dir(folder.path().join("none")).unwrap();
    assert_eq!(run(&folder, &["archive/empty.csv"]).0, 1);
    assert_eq!(run(&folder, &["none"]).0, 4);
}

/// A figure that says fixed must not count what only another severity has taken out of sight.
#[test]
fn what_leaves_a_filter_is_not_fixed() {
    let folder = folder();
    let text = fs::read_to_string(folder.path().join("archive/b.csv")).unwrap();
    fs::write(folder.path().join("archive/b.csv"), text.replace("CRITICAL", "HIGH")).unwrap();
    let json = json(&folder, &["archive", "--severity", "critical"]);
    let sum = |what: &str| -> u64 {
        let count = |month: &serde_json::Value| {
            month[what].as_object().unwrap().values().map(|n| n.as_u64().unwrap()).sum::<u64>()
        };
        json["months"].as_array().unwrap().iter().map(count).sum()
    };
    assert_eq!((sum("fixed"), sum("setAside")), (0, 1));
}

#[test]
fn filters_and_groups_hold() {
    let folder = folder();
    let json = json(&folder, &["archive", "--severity", "critical", "--by", "region", "--by", "tag:App"]);
    assert_eq!((&json["reports"][0]["findings"], &json["reports"][0]["open"]), (&2.into(), &1.into()));
    let by: Vec<&str> = json["groups"].as_array().unwrap().iter().map(|group| group["by"].as_str().unwrap()).collect();
    assert_eq!(by, ["region", "tag:App"]);
    assert_eq!(json["groups"][0]["values"][0]["open"]["critical"], 1);
    assert!(json.get("targets").is_none());
    assert_eq!(run(&folder, &["archive", "--by", "team"]).0, 2);
    assert_eq!(run(&folder, &["archive", "-f", "sarif"]).0, 2);
    assert_eq!(run(&folder, &["archive", "--name", "../x"]).0, 2);
}

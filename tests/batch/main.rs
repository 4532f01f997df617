//! Many reports at once, again and again.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod guard;
#[path = "../support/mod.rs"]
mod support;

use std::{
    collections::BTreeMap,
    fs,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant, SystemTime},
};

use serde_json::Value;
use support::{Folder, PROGRAM, SMALL};

/// A folder of reports, of which one is broken.
fn archive() -> Folder {
    let folder = Folder::new();
    folder.write("in/2025/a.csv", SMALL);
    folder.write("in/2026/b.csv", &SMALL.replace("CRITICAL", "MEDIUM"));
    folder.write("in/2026/lost.csv", &format!("{SMALL}HIGH,too,many,ACTIVE,fields\n"));
    folder.write("in/broken.csv", "");
    folder
}

const CONVERT: [&str; 8] = ["convert", "in", "-o", "out", "-f", "markdown,sarif", "--summary", "summary.json"];

fn summary(folder: &Folder) -> Value {
    serde_json::from_str(&fs::read_to_string(folder.path("summary.json")).unwrap()).unwrap()
}

/// Of each input its status, and whether it was skipped.
fn statuses(folder: &Folder) -> Vec<(String, String, bool)> {
    let text = |value: &Value| value.as_str().unwrap().replace('\\', "/");
    let inputs = summary(folder)["inputs"].as_array().unwrap().clone();
    inputs.iter().map(|i| (text(&i["input"]), text(&i["status"]), i["skipped"].as_bool().unwrap())).collect()
}

fn skipped(folder: &Folder) -> Vec<String> {
    statuses(folder).into_iter().filter(|(.., skipped)| *skipped).map(|(input, ..)| input).collect()
}

/// When each output was written.
fn times(folder: &Folder) -> BTreeMap<String, SystemTime> {
    let outputs = folder.files().into_iter().filter(|file| file.starts_with("out/"));
    outputs.map(|file| (file.clone(), fs::metadata(folder.path(&file)).unwrap().modified().unwrap())).collect()
}

#[test]
fn what_is_unchanged_is_left_alone_and_says_the_same() {
    let folder = archive();
    folder.run(&CONVERT).expect(3);
    let first = statuses(&folder);
    let before = times(&folder);
    assert_eq!(before.len(), 6);
    let again = folder.run(&CONVERT).expect(3);
    assert_eq!(times(&folder), before);
    let second = statuses(&folder);
    assert!(second.iter().all(|(.., skipped)| *skipped));
    let plain = |all: &[(String, String, bool)]| all.iter().map(|(i, s, _)| (i.clone(), s.clone())).collect::<Vec<_>>();
    assert_eq!(plain(&first), plain(&second));
    assert!(again.stderr().contains("failed: in/broken.csv: is empty"), "{}", again.stderr());
    assert!(again.stderr().contains("in part: in/2026/lost.csv: 1 row could not be read"), "{}", again.stderr());
    assert!(again.stderr().contains("nothing to do: all inputs are unchanged"), "{}", again.stderr());
    let outputs = |summary: &Value| summary["inputs"][1]["outputs"].clone();
    assert_eq!(outputs(&summary(&folder)), serde_json::json!(["out/2026/b.md", "out/2026/b.sarif"]).clone());
}

#[test]
fn content_counts_and_not_time() {
    let folder = archive();
    folder.run(&CONVERT).expect(3);
    fs::File::open(folder.path("in/2025/a.csv")).unwrap().set_modified(SystemTime::now()).unwrap();
    // The same length, and the same time as before.
    let time = fs::metadata(folder.path("in/2026/b.csv")).unwrap().modified().unwrap();
    folder.write("in/2026/b.csv", &SMALL.replace("CRITICAL", "MEDIUM").replace("one", "eno"));
    let file = fs::OpenOptions::new().write(true).open(folder.path("in/2026/b.csv")).unwrap();
    file.set_modified(time).unwrap();
    folder.run(&CONVERT).expect(3);
    assert_eq!(skipped(&folder), ["in/2025/a.csv", "in/2026/lost.csv", "in/broken.csv"]);
    assert!(fs::read_to_string(folder.path("out/2026/b.md")).unwrap().contains("i-1"));
}

#[test]
fn what_is_gone_or_asked_for_otherwise_is_done_again() {
    let folder = archive();
    folder.run(&CONVERT).expect(3);
    fs::remove_file(folder.path("out/2025/a.md")).unwrap();
    folder.run(&CONVERT).expect(3);
    assert!(!skipped(&folder).contains(&"in/2025/a.csv".to_owned()) && folder.path("out/2025/a.md").exists());
    let with = |more: &[&str]| {
        folder.run(&[&CONVERT, more].concat());
        skipped(&folder).len()
    };
    assert_eq!(with(&[]), 4);
    assert_eq!(with(&["--force"]), 0);
    assert_eq!(with(&["--lang", "ja"]), 0);
    assert_eq!(with(&["--severity", "high"]), 0);
    assert_eq!(with(&["--severity", "high"]), 4);
    // The outputs are those of another run now.
    assert_eq!(with(&["--lang", "ja"]), 1, "but for what cannot be read in any language");
    folder.write("ignore.toml", "[[accept]]\nresource = \"i-1\"\nreason = \"x\"\n");
    assert_eq!(with(&["--lang", "ja"]), 0);
    folder.write("ignore.toml", "[[accept]]\nresource = \"i-1\"\nreason = \"y\"\n");
    assert_eq!(with(&["--lang", "ja"]), 0);
}

#[test]
fn formats_of_their_own_runs_do_not_undo_each_other() {
    let folder = archive();
    let run = |format: &str| {
        folder.run(&["convert", "in", "-o", "out", "-f", format, "--summary", "summary.json"]);
        skipped(&folder).len()
    };
    assert_eq!([run("markdown"), run("sarif"), run("markdown"), run("sarif")], [0, 0, 4, 4]);
}

#[test]
fn a_state_is_kept_every_time() {
    let folder = Folder::new();
    folder.write("a.csv", SMALL);
    let args =
        ["convert", "a.csv", "-o", "out", "-f", "sarif", "--sarif-state", "state.json", "--summary", "summary.json"];
    folder.run(&args).expect(0);
    folder.run(&args).expect(0);
    assert!(skipped(&folder).is_empty());
}

#[test]
fn a_failing_severity_fails_the_next_run_too() {
    let folder = Folder::new();
    folder.write("a.csv", SMALL);
    let run = |severity: &str| folder.run(&["convert", "a.csv", "-o", "out", "-f", "markdown", "--fail-on", severity]);
    run("critical").expect(5);
    run("critical").expect(5);
    folder.write("a.csv", &SMALL.replace("CRITICAL", "LOW"));
    run("critical").expect(0);
    run("critical").expect(0);
    run("high").expect(5);
}

#[test]
fn a_killed_run_is_gone_on_with() {
    let folder = Folder::new();
    let header = SMALL.lines().next().unwrap();
    let rows: String = (0..4_000).map(|row| format!("HIGH,title {row},i-{row},ACTIVE\n")).collect();
    for number in 0..30 {
        folder.write(&format!("in/{number:02}.csv"), &format!("{header}\n{rows}LOW,x,i-{number},ACTIVE\n"));
    }
    let args = ["convert", "in", "-o", "out", "-f", "xlsx,markdown", "--summary", "summary.json"];
    let mut run = Command::new(PROGRAM).args(args).current_dir(folder.0.path()).stderr(Stdio::null()).spawn().unwrap();
    let until = Instant::now() + Duration::from_secs(30);
    while !folder.path("out/05.xlsx").exists() && Instant::now() < until {
        thread::sleep(Duration::from_millis(5));
    }
    run.kill().unwrap();
    run.wait().unwrap();
    for file in folder.files().iter().filter(|file| file.ends_with(".xlsx")) {
        inspector_report::read(folder.path(file)).unwrap();
    }
    folder.run(&args).expect(0);
    let (done, all) = (skipped(&folder).len(), statuses(&folder).len());
    assert!((3..30).contains(&done) && all == 30, "{done} of {all}");
    assert_eq!(times(&folder).len(), 60);
    let hidden = fs::read_dir(folder.path("out")).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap());
    let left: Vec<String> = hidden.filter(|name| name.ends_with(".tmp")).collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn many_threads_and_little_memory_give_the_same() {
    let folder = archive();
    folder.run(&[&CONVERT[..], &["--jobs", "4", "--memory", "1MB"]].concat()).expect(3);
    let outputs = |folder: &Folder| -> BTreeMap<String, Vec<u8>> {
        times(folder).into_keys().map(|file| (file.clone(), fs::read(folder.path(&file)).unwrap())).collect()
    };
    let several = outputs(&folder);
    let records = statuses(&folder);
    folder.run(&[&CONVERT[..], &["--jobs", "1", "--force"]].concat()).expect(3);
    assert_eq!(outputs(&folder), several);
    assert_eq!(statuses(&folder), records, "in the order of the inputs");
    folder.run(&[&CONVERT[..], &["--memory", "lots"]].concat()).expect(2);
}

#[test]
fn names_are_made_of_what_is_in_reports() {
    let folder = Folder::new();
    let report = |account: &str, seen: &str| {
        format!("Severity,Title,Resource ID,AWS Account Id,Last Seen\nHIGH,x,i-1,{account},{seen}\n")
    };
    folder.write("in/1/findings.csv", &report("111122223333", "2026-05-04T00:00:00Z"));
    folder.write("in/2/findings.csv", &report("444455556666", "2026-05-11T00:00:00Z"));
    let args = ["convert", "in/1/findings.csv", "in/2/findings.csv", "-o", "out", "-f", "markdown"];
    let clash = folder.run(&args).expect(2);
    assert!(clash.stderr().contains("--name"), "{}", clash.stderr());
    let named = |template: &str| folder.run(&[&args[..], &["--name", template]].concat());
    named("{account}/{date}-{stem}").expect(0);
    assert_eq!(
        folder.files().into_iter().filter(|file| file.starts_with("out")).collect::<Vec<_>>(),
        ["out/111122223333/2026-05-04-findings.md", "out/444455556666/2026-05-11-findings.md"]
    );
    // A name that both would have is given once, and the other report is named.
    let one = named("{region}").expect(3);
    assert!(one.stderr().contains("another report was written to out/none.*"), "{}", one.stderr());
    assert!(named("{regoin}").expect(2).stderr().contains("{region}"));
    assert!(named("same").expect(2).stderr().contains("same name"));
}

#[test]
fn reports_become_one_in_which_each_finding_is_once() {
    let folder = Folder::new();
    let arn = "arn:aws:inspector2:us-east-1:111122223333:finding/a";
    let header = "Finding ARN,Severity,Resource ID,Title,Last Updated,Status";
    folder.write(
        "in/1.csv",
        &format!("{header}\n{arn},HIGH,i-1,one,2026-05-04T00:00:00Z,ACTIVE\n,LOW,i-2,two,,ACTIVE\n"),
    );
    folder.write("in/2.csv", &format!("{header}\n{arn},HIGH,i-1,one,2026-05-11T00:00:00Z,CLOSED\n"));
    folder.write("in/3.csv", "");
    let args = ["convert", "in", "--merge", "all", "-o", "out", "-f", "markdown,json", "--summary", "summary.json"];
    let run = folder.run(&args).expect(3);
    assert_eq!(
        folder.files().into_iter().filter(|file| file.starts_with("out")).collect::<Vec<_>>(),
        ["out/all.json", "out/all.md"]
    );
    let json: Value = serde_json::from_str(&fs::read_to_string(folder.path("out/all.json")).unwrap()).unwrap();
    let rows: Vec<(&str, bool)> = json["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| (finding["status"].as_str().unwrap(), finding["repeated"] == true))
        .collect();
    assert_eq!(rows, [("ACTIVE", true), ("ACTIVE", false), ("CLOSED", false)]);
    assert_eq!((json["source"]["rowsRead"].as_u64(), json["source"]["repeated"].as_u64()), (Some(3), Some(1)));
    assert_eq!(json["problems"][0]["code"], "report-lost");
    let markdown = fs::read_to_string(folder.path("out/all.md")).unwrap();
    assert!(markdown.contains("+ 1 that repeats a finding, of which the newest row counts"), "{markdown}");
    assert!(markdown.contains("this report could not be read"), "{markdown}");
    assert!(markdown.contains("1 report could not be read and is not counted"), "{markdown}");
    assert!(run.stderr().contains("1 findings have no ARN"), "{}", run.stderr());
    folder.run(&["convert", "in", "--merge", "a/b", "-o", "out"]).expect(2);
}

#[cfg(unix)]
#[test]
fn links_do_not_lead_out_of_a_folder() {
    let folder = archive();
    folder.write("secret/s.csv", SMALL);
    let link = |target: &str, name: &str| std::os::unix::fs::symlink(folder.path(target), folder.path(name)).unwrap();
    link("secret/s.csv", "in/out.csv");
    link("secret", "in/folder");
    link("in/2025/a.csv", "in/inside.csv");
    let run = folder.run(&CONVERT).expect(3);
    let inputs: Vec<String> = statuses(&folder).into_iter().map(|(input, ..)| input).collect();
    assert_eq!(inputs, ["in/2025/a.csv", "in/2026/b.csv", "in/2026/lost.csv", "in/broken.csv", "in/inside.csv"]);
    assert!(
        run.stderr().contains("in/out.csv: is a link to a folder, or to a file outside of this one"),
        "{}",
        run.stderr()
    );
}

/// What is the same of many inputs is said once, and what is well is in the table.
#[test]
fn many_inputs_are_told_in_few_lines() {
    let folder = Folder::new();
    for number in 0..60 {
        let account = format!("{number:012}");
        folder.write(&format!("in/{number:02}.csv"), &DATED.replace(",1,", &format!(",{account},")));
    }
    folder.write("in/98.csv", &format!("{DATED}too,few\n"));
    folder.write("in/99.csv", "");
    folder.write("ignore.toml", "[[accept]]\nresource = \"*\"\nreason = \"x\"\n");
    let args = ["convert", "in", "-o", "out", "-f", "sarif"];
    let run = folder.run(&args).expect(3);
    let lines = run.stderr().lines().count();
    assert!(lines < 20, "{lines}: {}", run.stderr());
    // The one that has lost a row closes nothing.
    let same = "note: sarif: no finding is open: the files close the alerts of the categories that they name, and of no \
                others (60 inputs, the first is in/00.csv)";
    assert_eq!(run.stderr().matches(same).count(), 1, "{}", run.stderr());
    assert_eq!(run.stderr().matches("which GitHub would show as open").count(), 1, "with the numbers of 61");
    assert!(run.stderr().contains("error: in/99.csv: is empty") && run.stderr().contains("in/98.csv: 2 rows read"));
    let all = folder.run(&[&args[..], &["--verbose", "--force"]].concat()).expect(3);
    assert!(all.stderr().lines().filter(|line| line.contains("no problems; wrote")).count() == 60);
}

#[test]
fn what_arrives_is_converted_until_the_end() {
    let folder = archive();
    let mut run = Command::new(PROGRAM)
        .args(["convert", "in", "-o", "out", "-f", "markdown", "--watch"])
        .current_dir(folder.0.path())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let wait = |name: &str| {
        let until = Instant::now() + Duration::from_secs(30);
        while !folder.path(name).exists() {
            assert!(Instant::now() < until, "{name} does not come");
            thread::sleep(Duration::from_millis(20));
        }
    };
    wait("out/2026/b.md");
    folder.write("in/new.csv", SMALL);
    wait("out/new.md");
    run.kill().unwrap();
    run.wait().unwrap();
    folder.run(&["convert", "in", "--watch"]).expect(2);
    folder.run(&["convert", "in/2025/a.csv", "-o", "out", "--watch"]).expect(2);
}

fn out_files(folder: &Folder) -> Vec<String> {
    folder.files().into_iter().filter(|file| file.starts_with("out")).collect()
}

const DATED: &str = "Severity,Title,Resource ID,AWS Account Id,Last Seen\nHIGH,x,i-1,1,2026-05-04T00:00:00Z\n";

#[test]
fn a_name_that_is_taken_stays_taken_when_its_owner_is_skipped() {
    let folder = Folder::new();
    folder.write("in/a.csv", DATED);
    let args = ["convert", "in", "-o", "out", "--name", "{date}", "-f", "markdown"];
    folder.run(&args).expect(0);
    let before = fs::read(folder.path("out/2026-05-04.md")).unwrap();
    folder.write("in/b.csv", &DATED.replace("HIGH", "LOW"));
    for _ in 0..2 {
        let run = folder.run(&args).expect(3);
        assert!(run.stderr().contains("in/b.csv: another report was written to out/2026-05-04.*"), "{}", run.stderr());
        assert_eq!(fs::read(folder.path("out/2026-05-04.md")).unwrap(), before);
    }
}

#[test]
fn parts_of_one_report_do_not_replace_another() {
    let folder = Folder::new();
    let header = "Severity,Title,Resource ID,AWS Account Id,Region\n";
    // 21 runs are more than a file of SARIF takes.
    let rows: String = (0..21).map(|n| format!("HIGH,x,i-{n},{n},us-east-1\n")).collect();
    folder.write("in/r.csv", &format!("{header}{rows}"));
    folder.write("in/r.001.csv", &format!("{header}LOW,only here,i-1,1,us-east-1\n"));
    let by = ["--sarif-category-by", "account"];
    let args = ["convert", "in", "-o", "out", "-f", "sarif", "--summary", "summary.json"];
    let run = folder.run(&[&args[..], &by].concat()).expect(3);
    assert!(run.stderr().contains("another report was written to"), "{}", run.stderr());
    let outputs: Vec<Value> = summary(&folder)["inputs"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|i| i["outputs"].as_array().unwrap().clone())
        .collect();
    let distinct: std::collections::BTreeSet<&str> = outputs.iter().map(|output| output.as_str().unwrap()).collect();
    assert_eq!(distinct.len(), outputs.len(), "{outputs:?}");
}

#[test]
fn what_another_kind_of_run_wrote_is_not_current() {
    let folder = Folder::new();
    folder.write("a.csv", SMALL);
    folder.write("old.csv", &SMALL.replace("i-1", "i-9"));
    let run = |more: &[&str]| {
        folder.run(&[&["convert", "a.csv", "-o", "out", "-f", "markdown"][..], more].concat());
        fs::read_to_string(folder.path("out/a.md")).unwrap()
    };
    let plain = run(&[]);
    assert_ne!(run(&["--previous", "old.csv"]), plain);
    assert_eq!(run(&[]), plain);
    // A run that failed in part has written all the same.
    fs::create_dir(folder.path("out/a.html")).unwrap();
    let failing = ["convert", "a.csv", "-o", "out", "-f", "markdown,html", "--lang", "ja"];
    folder.run(&failing).expect(3);
    assert_eq!(run(&[]), plain);
    // What someone has worked on is kept, and said.
    fs::write(folder.path("out/a.md"), "my notes").unwrap();
    let kept = folder.run(&["convert", "a.csv", "-o", "out", "-f", "markdown"]).expect(0);
    assert!(kept.stderr().contains("out/a.md: was changed since it was written"), "{}", kept.stderr());
    assert_eq!(fs::read_to_string(folder.path("out/a.md")).unwrap(), "my notes");
    assert_eq!(run(&["--force"]), plain);
}

#[test]
fn no_report_leads_out_of_the_output_folder() {
    let folder = Folder::new();
    folder.write("in/a.csv", &DATED.replace(",1,", ",..,"));
    folder.run(&["convert", "in", "-o", "out", "--name", "{account}", "-f", "markdown"]).expect(0);
    assert_eq!(folder.files(), ["in/a.csv", "out/none.md"]);
}

#[test]
fn a_watched_folder_with_its_outputs_in_it_comes_to_rest() {
    let folder = Folder::new();
    folder.write("in/a.csv", DATED);
    let args = ["convert", "in", "-o", "in", "-f", "csv", "--name", "{stem}-{date}", "--watch"];
    let mut run = Command::new(PROGRAM).args(args).current_dir(folder.0.path()).stderr(Stdio::null()).spawn().unwrap();
    thread::sleep(Duration::from_secs(8));
    run.kill().unwrap();
    run.wait().unwrap();
    assert_eq!(folder.files(), ["in/a-2026-05-04.csv", "in/a.csv"]);
}

#[test]
fn whose_findings_are_all_fixed_has_a_part_too() {
    let folder = Folder::new();
    let header = "Finding ARN,Severity,Title,Resource ID,Region\n";
    folder.write("old.csv", &format!("{header}a1,HIGH,x,i-1,us-east-1\na2,HIGH,x,i-2,eu-west-1\n"));
    folder.write("new.csv", &format!("{header}a1,HIGH,x,i-1,us-east-1\n"));
    let args = ["convert", "new.csv", "-o", "out", "-f", "json", "--split-by", "region", "--previous", "old.csv"];
    folder.run(&args).expect(0);
    assert_eq!(out_files(&folder), ["out/new.eu-west-1.json", "out/new.us-east-1.json"]);
    let json: Value =
        serde_json::from_str(&fs::read_to_string(folder.path("out/new.eu-west-1.json")).unwrap()).unwrap();
    assert_eq!((json["findings"].as_array().unwrap().len(), json["gone"].as_array().unwrap().len()), (0, 1));
}

#[test]
fn a_list_of_nothing_and_a_gate_without_a_comparison_are_refused() {
    let folder = Folder::new();
    folder.write("a.csv", SMALL);
    folder.write("list.txt", "\n");
    let empty = folder.run(&["convert", "--files-from", "list.txt"]).expect(4);
    assert!(empty.stderr().contains("list.txt: names no input"), "{}", empty.stderr());
    let gate = folder.run(&["convert", "a.csv", "--fail-on", "new-high"]).expect(2);
    assert!(gate.stderr().contains("--previous"), "{}", gate.stderr());
}

//! The program as a user runs it: outputs, messages, exit statuses.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use std::{fs, path::Path, process::Command};

use support::{Folder, PROGRAM, Run, SMALL, fixture_path};

#[test]
fn one_command_writes_all_formats_beside_the_input() {
    let folder = Folder::new().with("findings.csv");
    let run = folder.run(&["convert", "findings.csv"]).expect(0);
    assert_eq!(folder.files(), ["findings.csv", "findings.md", "findings.sarif", "findings.xlsx"]);
    assert_eq!(run.stdout(), "");
    let line = run.stderr().lines().find(|line| line.starts_with("findings.csv: ")).unwrap();
    assert!(line.contains("rows read") && line.contains("no problems"), "{line}");
    assert!(line.contains("wrote findings.xlsx, findings.sarif, findings.md"), "{line}");
}

#[test]
fn reports_are_written_in_parts_for_those_who_are_responsible() {
    let folder = Folder::new();
    folder.write(
        "a.csv",
        "Severity,Title,Resource ID,AWS Account Id,Resource Tags\n\
         HIGH,one,i-1,000000000001,Owner:web/shop\nLOW,two,i-2,000000000002,Team:WEB_SHOP\n\
         HIGH,three,i-3,000000000001,\nHIGH,four,i-4,000000000002,Owner:web/shop\n",
    );
    let run = folder.run(&["convert", "-f", "csv", "--split-by", "owner-tag", "-o", "out", "a.csv"]).expect(0);
    assert_eq!(folder.files(), ["a.csv", "out/a.WEB_SHOP.csv", "out/a.none.csv", "out/a.web_shop-2.csv"]);
    assert!(
        run.stderr().contains("wrote out/a.WEB_SHOP.csv, out/a.none.csv, out/a.web_shop-2.csv"),
        "{}",
        run.stderr()
    );
    let titles = |name: &str| {
        let text = fs::read_to_string(folder.path(name)).unwrap();
        text.lines().skip(1).map(|line| line.split(',').nth(1).unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(titles("out/a.web_shop-2.csv"), ["one", "four"]);
    assert_eq!(titles("out/a.none.csv"), ["three"]);

    // Uploaded to one repository, SARIF of one owner would close the alerts of the other.
    for (split_by, warned) in [("owner-tag", true), ("account", false)] {
        let run = folder.run(&["convert", "-f", "sarif", "--split-by", split_by, "-o", "sarif", "a.csv"]).expect(0);
        assert_eq!(run.stderr().contains("warning: "), warned, "{}", run.stderr());
    }

    folder.run(&["convert", "-f", "md", "--split-by", "account", "-o", "md", "a.csv"]).expect(0);
    let page = fs::read_to_string(folder.path("md/a.000000000001.md")).unwrap();
    assert!(page.contains("split-by account (000000000001)"), "{page}");
    let run = folder.run(&["convert", "-f", "md", "--split-by", "account", "-o", "-", "a.csv"]).expect(2);
    assert!(run.stderr().contains("--output"), "{}", run.stderr());
}

#[test]
fn settings_are_checked_before_anything_is_done() {
    let folder = Folder::new();
    folder.write("a.csv", SMALL);
    folder.write("columns.txt", "\u{feff}Title\r\nSeverity\r\n");
    for (option, value, word) in [
        ("--sheets", "summary,sumary", "\"sumary\""),
        ("--columns", "@missing.txt", "missing.txt"),
        ("--timezone", "Mars/Base", "IANA"),
        ("--split-by", "team", "owner"),
    ] {
        let run = folder.run(&["convert", "a.csv", option, value]).expect(2);
        assert!(run.stderr().contains(word), "{}", run.stderr());
    }
    assert_eq!(folder.files(), ["a.csv", "columns.txt"]);
    let args = ["--columns", "@columns.txt", "--timezone", "Asia/Tokyo", "-f", "xlsx"];
    folder.run(&[&["convert", "a.csv"], args.as_slice()].concat()).expect(0);
    let run = folder.run(&["convert", "-f", "csv", "-o", "-", "a.xlsx"]).expect(0);
    assert!(run.stdout().starts_with("Title,Severity,"), "{}", run.stdout());
}

#[test]
fn outputs_have_the_permissions_of_any_new_file() {
    let folder = Folder::new();
    folder.write("a.csv", SMALL);
    folder.run(&["convert", "-f", "md", "a.csv"]).expect(0);
    let permissions = |name| fs::metadata(folder.path(name)).unwrap().permissions();
    assert_eq!(permissions("a.md"), permissions("a.csv"));
}

#[test]
fn a_folder_is_walked_and_its_tree_is_kept() {
    let folder = Folder::new();
    folder.write("in/b/x.csv", SMALL);
    folder.write("in/a.CSV", SMALL);
    folder.write("in/.hidden/y.csv", SMALL);
    folder.write("in/notes.txt", "not a report");
    folder.run(&["convert", "in", "-f", "markdown", "-o", "out"]).expect(0);
    let outputs: Vec<String> = folder.files().into_iter().filter(|name| name.starts_with("out/")).collect();
    assert_eq!(outputs, ["out/a.md", "out/b/x.md"]);
}

#[test]
fn standard_output_takes_one_format_of_one_input() {
    let folder = Folder::new();
    folder.write("a.csv", SMALL);
    let run = folder.run(&["convert", "a.csv", "-f", "sarif", "-o", "-"]).expect(0);
    assert!(run.stdout().trim_start().starts_with('{') && run.stdout().contains("\"2.1.0\""));
    assert_eq!(folder.files(), ["a.csv"]);
    folder.run(&["convert", "a.csv", "-o", "-"]).expect(2);
    folder.run(&["convert", "a.csv", "a.csv", "-f", "md", "-o", "-"]).expect(2);
}

/// The table of exit statuses in the README and in the help.
#[test]
fn exit_statuses_are_those_of_the_table() {
    let folder = Folder::new().with("ragged-rows.csv").with("not-a-report.csv").with("empty-file.csv");
    folder.write("good.csv", SMALL);
    folder.write("none/readme.txt", "");
    for (status, args) in [
        (0, &["convert", "good.csv"][..]),
        (0, &["check", "good.csv"]),
        (0, &["columns"]),
        (0, &["--help"]),
        (0, &["convert", "good.csv", "--fail-on", "critical", "--severity", "high"]),
        (1, &["convert", "not-a-report.csv"]),
        (1, &["convert", "not-a-report.csv", "missing.csv"]),
        (1, &["check", "empty-file.csv"]),
        (2, &["convert"]),
        (2, &["convert", "good.csv", "--severity", "severe"]),
        (2, &["convert", "good.csv", "--min-score", "11"]),
        (2, &["convert", "good.csv", "none/../good.csv", "-o", "out"]),
        (3, &["convert", "ragged-rows.csv"]),
        (3, &["check", "ragged-rows.csv"]),
        (3, &["convert", "good.csv", "not-a-report.csv"]),
        (3, &["check", "good.csv", "missing.csv"]),
        (4, &["convert", "none"]),
        (4, &["convert", "missing.csv"]),
        (5, &["convert", "good.csv", "--fail-on", "high"]),
        (5, &["convert", "ragged-rows.csv", "good.csv", "--fail-on", "CRITICAL"]),
    ] {
        let run = folder.run(args);
        assert_eq!(run.status(), status, "{args:?}: {}", run.stderr());
    }
    let help = folder.run(&["convert", "--help"]);
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    for status in [0, 1, 2, 3, 4, 5, 130] {
        assert!(help.stdout().lines().any(|line| line.trim_start().starts_with(&format!("{status} "))), "{status}");
        assert!(readme.contains(&format!("| {status} | ")), "{status}");
    }
}

#[test]
fn suppressed_and_closed_findings_do_not_fail_a_pipeline() {
    let folder = Folder::new();
    folder.write("a.csv", "Severity,Title,Resource ID,Status\nCRITICAL,x,i-1,SUPPRESSED\nHIGH,y,i-2,CLOSED\n");
    folder.run(&["convert", "-f", "md", "a.csv", "--fail-on", "untriaged"]).expect(0);
}

#[test]
fn errors_say_what_where_and_what_to_do() {
    let folder = Folder::new().with("empty-file.csv").with("missing-columns.csv").with("not-a-report.csv");
    folder.write("none/readme.txt", "");
    for (args, parts) in [
        (&["convert", "empty-file.csv"][..], &["error: empty-file.csv: is empty", "help: "][..]),
        (&["convert", "missing-columns.csv"], &["line 1 lacks the column \"Severity\"", "inspector-report columns"]),
        (&["convert", "not-a-report.csv"], &["is not a findings report", "create-findings-report"]),
        (&["convert", "gone.csv"], &["error: gone.csv: ", "Check the name"]),
        (&["convert", "none"], &["none: holds no report", "ending .csv"]),
    ] {
        let run = folder.run(args);
        for part in parts {
            assert!(run.stderr().contains(part), "{args:?} lacks {part}: {}", run.stderr());
        }
    }
}

#[test]
fn problems_name_file_line_and_reason_and_good_rows_go_on() {
    let folder = Folder::new();
    folder.write("a.csv", "Severity,Title,Resource ID\nHIGH,\"x\ny\",i-1\nLOW,too few\nLOW,z,i-2\n");
    let run = folder.run(&["convert", "-f", "md", "a.csv"]).expect(3);
    let problem = "error: a.csv:4: this row has 2 fields, the header has 3; the row is left out [field-count]";
    assert!(run.stderr().contains(problem), "{}", run.stderr());
    assert!(
        run.stderr().contains("3 rows read: 1 high, 1 low open; 1 problem (1 row could not be read)"),
        "{}",
        run.stderr()
    );
    assert!(folder.path("a.md").exists());
}

#[test]
fn check_lists_every_problem_and_convert_the_first_ten() {
    let folder = Folder::new();
    folder.write("a.csv", &format!("Severity,Title,Resource ID\nHIGH,x,i-1\n{}", "LOW\n".repeat(25)));
    let lines = |run: &Run| run.stderr().lines().filter(|line| line.starts_with("error: ")).count();
    let run = folder.run(&["convert", "-f", "md", "a.csv"]).expect(3);
    assert_eq!(lines(&run), 10);
    assert!(run.stderr().contains("and 15 more problems; `inspector-report check a.csv`"));
    assert_eq!(lines(&folder.run(&["check", "a.csv"]).expect(3)), 25);
    assert_eq!(folder.run(&["convert", "-q", "-f", "md", "a.csv"]).expect(3).stderr(), "");
}

#[test]
fn nothing_is_written_when_outputs_would_clash() {
    let folder = Folder::new();
    folder.write("a/findings.csv", SMALL);
    folder.write("b/Findings.csv", SMALL);
    let run = folder.run(&["convert", "a/findings.csv", "b/Findings.csv", "-o", "out"]).expect(2);
    assert!(run.stderr().contains("would both be written to"), "{}", run.stderr());
    assert_eq!(folder.files(), ["a/findings.csv", "b/Findings.csv"]);
    folder.write("report.md", SMALL);
    assert!(folder.run(&["convert", "report.md"]).expect(2).stderr().contains("is an input"));
    assert_eq!(fs::read_to_string(folder.path("report.md")).unwrap(), SMALL);
}

#[test]
fn an_output_that_cannot_be_written_leaves_the_others_and_no_trace() {
    let folder = Folder::new();
    folder.write("a.csv", SMALL);
    fs::create_dir(folder.path("a.sarif")).unwrap();
    let run = folder.run(&["convert", "a.csv"]).expect(3);
    assert!(run.stderr().contains("a.sarif: cannot be written"), "{}", run.stderr());
    assert_eq!(folder.files(), ["a.csv", "a.md", "a.xlsx"]);
}

#[test]
fn filters_are_applied_and_stated() {
    let folder = Folder::new();
    folder.write("a.csv", SMALL);
    let run =
        folder.run(&["convert", "-f", "md", "a.csv", "--severity", "critical,LOW", "--status", "active"]).expect(0);
    assert!(run.stderr().contains("4 rows read: 1 critical open; 3 left out by filters"), "{}", run.stderr());
    let summary = fs::read_to_string(folder.path("a.md")).unwrap();
    assert!(summary.contains("severity CRITICAL,LOW"), "{summary}");
}

#[test]
fn the_number_of_threads_does_not_change_the_outputs() {
    let folder = Folder::new();
    let mut text = "Severity,Title,Resource ID,Description,Finding ARN,Notes\n".to_owned();
    for i in 0..6000 {
        let severity = ["CRITICAL", "HIGH", "MEDIUM", "LOW", "UNTRIAGED"][i % 5];
        text.push_str(&format!(
            "{severity},title {},i-{},\"line 1\nsaid \"\"no\"\", {} 漢字\",arn:aws:inspector2:us-east-1:000123456789:finding/{i:032x},6\" pipe {i}\n",
            i % 37,
            i % 11,
            "x".repeat(i % 200),
        ));
    }
    folder.write("a.csv", &text);
    let mut outputs = Vec::new();
    for jobs in ["1", "2", "5"] {
        folder.run(&["convert", "a.csv", "-o", jobs, "-j", jobs]).expect(0);
        let files = ["a.xlsx", "a.sarif", "a.md"];
        outputs.push(files.map(|name| fs::read(folder.path(jobs).join(name)).unwrap_or_default()));
    }
    assert!(outputs[0] == outputs[1] && outputs[1] == outputs[2]);
}

#[test]
fn columns_completions_and_man_print_to_standard_output() {
    let folder = Folder::new();
    let columns = folder.run(&["columns"]).expect(0);
    assert_eq!(
        columns.stdout().lines().filter(|line| !line.starts_with(' ')).count(),
        inspector_report::core::Column::ALL.len()
    );
    assert!(folder.run(&["columns", "--lang", "ja"]).expect(0).stdout().contains("Severity (重大度)"));
    for shell in ["bash", "zsh", "fish", "powershell"] {
        assert!(folder.run(&["completions", shell]).expect(0).stdout().contains("inspector-report"));
    }
    assert!(folder.run(&["man"]).expect(0).stdout().contains(".TH inspector-report"));
}

#[test]
fn an_archive_gives_outputs_in_a_folder_of_its_name() {
    let folder = Folder::new();
    for name in ["reports.zip", "slip.zip", "clash.zip", "locked.zip"] {
        fs::copy(fixture_path(&format!("packed/{name}")), folder.path(name)).unwrap();
    }
    let run = folder.run(&["convert", "reports.zip", "-f", "md", "-o", "out"]).expect(0);
    assert!(run.stderr().contains("reports.zip!may/report.csv: 12 rows read"), "{}", run.stderr());
    assert!(run.stderr().contains("warning: reports.zip!readme.txt: was left out"), "{}", run.stderr());
    // Beside the archive, too, and never outside of its folder.
    folder.run(&["convert", "reports.zip", "slip.zip", "-f", "md"]).expect(0);
    let outputs: Vec<String> = folder.files().into_iter().filter(|name| name.ends_with(".md")).collect();
    let expected = [
        "out/reports/june/report.md",
        "out/reports/may/report.md",
        "reports/june/report.md",
        "reports/may/report.md",
        "slip/C_/win/_con.md",
        "slip/abs.md",
        "slip/evil.md",
    ];
    assert_eq!(outputs, expected);

    let run = folder.run(&["convert", "clash.zip", "-f", "md", "-o", "out"]).expect(3);
    assert!(run.stderr().contains("clash.zip!A/Report.json: another report was written to"), "{}", run.stderr());
    let run = folder.run(&["convert", "locked.zip"]).expect(1);
    assert!(run.stderr().contains("locked.zip!report.csv: cannot be unpacked: it is locked"), "{}", run.stderr());
    let run = folder.run(&["convert", "reports.zip", "-f", "md", "-o", "-"]).expect(3);
    assert!(run.stdout().contains("# Amazon Inspector findings"));
    assert!(run.stderr().contains("standard output takes one report"), "{}", run.stderr());
}

#[test]
fn what_is_guessed_can_be_said() {
    let folder = Folder::new();
    fs::copy(fixture_path("edited/cp932.csv"), folder.path("cp932.csv")).unwrap();
    fs::copy(fixture_path("packed/bomb.csv.gz"), folder.path("bomb.csv.gz")).unwrap();
    let run = folder.run(&["check", "cp932.csv"]).expect(0);
    assert!(run.stderr().contains("note: cp932.csv: the text was read as Shift_JIS"), "{}", run.stderr());
    let run = folder.run(&["check", "cp932.csv", "--encoding", "cp932"]).expect(0);
    assert!(!run.stderr().contains("note:"), "{}", run.stderr());
    let run = folder.run(&["check", "cp932.csv", "--encoding", "utf-8"]).expect(0);
    assert!(run.stderr().contains("[not-utf-8]"), "{}", run.stderr());
    let run = folder.run(&["check", "cp932.csv", "--delimiter", "tab"]).expect(1);
    assert!(run.stderr().contains("none of its first lines"), "{}", run.stderr());
    let run = folder.run(&["check", "bomb.csv.gz", "--max-expanded", "1MB"]).expect(1);
    assert!(run.stderr().contains("unpacks to more than"), "{}", run.stderr());
    let run = folder.run(&["convert", "cp932.csv", "--csv-bom"]).expect(2);
    assert!(run.stderr().contains("--csv-bom is for --format csv"), "{}", run.stderr());
    for wrong in [["--encoding", "klingon"], ["--delimiter", "ab"], ["--max-expanded", "much"]] {
        folder.run(&["check", "cp932.csv", wrong[0], wrong[1]]).expect(2);
    }
}

/// What an earlier run left beside the reports is no report.
#[test]
fn outputs_in_a_folder_are_not_read_again() {
    let folder = Folder::new();
    folder.write("r/a.csv", "Severity,Title,Resource ID\nHIGH,t,i-1\n");
    folder.write("r/b.json", "[]");
    let formats = "xlsx,sarif,md,ndjson";
    folder.run(&["convert", "r/a.csv", "-f", formats]).expect(0);
    fs::rename(folder.path("r/a.ndjson"), folder.path("r/c.ndjson")).unwrap();
    let run = folder.run(&["check", "r"]).expect(0);
    let lines: Vec<&str> = run.stderr().lines().collect();
    assert_eq!(lines.len(), 3, "{}", run.stderr());
    assert_eq!(lines[0], "note: 2 files of inspector-report itself were left out");
    assert!(lines[1].starts_with("r/a.csv: 1 row read") && lines[2].starts_with("r/b.json: 0 rows"));
    let run = folder.run(&["check", "r", "--verbose"]).expect(0);
    assert!(run.stderr().contains("r/a.xlsx: is a workbook that inspector-report wrote, and is left out"));
}

/// A run that is stopped leaves no half-written file and says so by its status.
#[cfg(unix)]
#[test]
fn an_interrupted_run_leaves_no_half_written_file() {
    let folder = Folder::new();
    let row = format!("HIGH,title,i-1,{}\n", "x".repeat(900));
    folder.write("a.csv", &format!("Severity,Title,Resource ID,Description\n{}", row.repeat(60_000)));
    folder.write("a.md", "the old one");
    let mut child = Command::new(PROGRAM)
        .args(["convert", "a.csv", "-j", "1"])
        .current_dir(folder.0.path())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    // As soon as an output has begun, on whatever machine.
    let incomplete = || folder.files().iter().any(|name| name.ends_with(".tmp"));
    while !incomplete() && child.try_wait().unwrap().is_none() {
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    let status = child.wait().unwrap().code();
    assert!(!incomplete(), "{:?}", folder.files());
    // A fast machine may have been done already; then all of it must be there.
    match status {
        Some(130) => {}
        Some(0) => {
            assert!(folder.path("a.xlsx").exists() && folder.path("a.002.sarif").exists(), "{:?}", folder.files())
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn settings_of_formats_come_from_a_file_of_this_folder_or_one_that_holds_it() {
    let folder = Folder::new().with("findings.csv");
    folder.write("inspector-report.toml", "[sarif]\ncategory = \"team/prod\"\n");
    fs::create_dir_all(folder.path("a/b")).unwrap();
    let run = |args: &[&str]| {
        let mut command = Command::new(PROGRAM);
        Run(command.args(args).current_dir(folder.path("a/b")).output().unwrap())
    };
    let found = run(&["convert", "../../findings.csv", "-f", "sarif", "-o", "."]);
    assert_eq!(found.status(), 0, "{}", found.stderr());
    assert!(found.stderr().contains("settings are taken from"), "{}", found.stderr());
    let written = || fs::read_to_string(folder.path("a/b/findings.sarif")).unwrap();
    assert!(written().contains("\"id\":\"team/prod/"));
    // The command line has the last word.
    assert_eq!(
        run(&["convert", "../../findings.csv", "-q", "-f", "sarif", "-o", ".", "--sarif-category", "mine"]).status(),
        0
    );
    assert!(written().contains("\"id\":\"mine/"));
    // Settings of a format that is not written are no mistake in a file.
    assert_eq!(run(&["convert", "../../findings.csv", "-q", "-f", "markdown", "-o", "."]).status(), 0);
    folder.write("inspector-report.toml", "[sarif]\ncategori = \"x\"\n");
    let wrong = run(&["convert", "../../findings.csv", "-f", "sarif", "-o", "other"]);
    assert_eq!(wrong.status(), 2);
    assert!(wrong.stderr().contains("[sarif] categori: no such setting"), "{}", wrong.stderr());
    assert!(!folder.path("a/b/other").exists());
    let none = run(&["convert", "../../findings.csv", "-f", "sarif", "-o", "other", "--config", "none.toml"]);
    assert!(none.status() == 2 && none.stderr().contains("none.toml: "), "{}", none.stderr());
}

#[test]
fn a_state_is_written_with_the_outputs_and_for_one_report() {
    let folder = Folder::new().with("findings.csv").with("layout-a.csv");
    let run = folder.run(&["convert", "findings.csv", "-f", "sarif", "-o", "out", "--sarif-state", "state.json"]);
    assert_eq!(run.status(), 0, "{}", run.stderr());
    assert!(fs::read_to_string(folder.path("state.json")).unwrap().contains("amazon-inspector/"));
    // What it knows, but for what it knew before.
    let known = || {
        let mut state: serde_json::Value =
            serde_json::from_slice(&fs::read(folder.path("state.json")).unwrap()).unwrap();
        state.as_object_mut().unwrap().remove("before");
        state
    };
    let state = known();
    let convert = ["convert", "findings.csv", "-f", "sarif", "-o", "out", "--sarif-state", "state.json"];
    let filtered = folder.run(&[&convert[..], &["--severity", "critical"]].concat());
    assert_eq!((filtered.status(), known() == state), (1, true));
    assert!(filtered.stderr().contains("run once with --sarif-allow-emptying"), "{}", filtered.stderr());
    assert!(!filtered.stderr().contains("Leave findings out"), "{}", filtered.stderr());
    // The file of the earlier run is still there, and an upload of all files would take it.
    let earlier = "out/findings.sarif is of an earlier run; do not upload it again";
    assert!(filtered.stderr().contains(earlier), "{}", filtered.stderr());
    let several = folder.run(&[&convert[..], &["--severity", "critical", "-f", "markdown"]].concat());
    assert_eq!(several.status(), 3, "{}", several.stderr());
    assert!(several.stderr().contains(earlier), "{}", several.stderr());
    let whole = fs::read_to_string(folder.path("findings.csv")).unwrap();
    folder.write("findings.csv", &format!("{whole}cut,"));
    let cut = folder.run(&convert);
    assert_eq!((cut.status(), known() == state), (3, true));
    assert!(
        cut.stderr().contains("no SARIF file is written")
            && cut.stderr().contains("out/findings.sarif seems to be left")
    );
    folder.write("findings.csv", &whole);
    let several = folder.run(&["convert", "findings.csv", "layout-a.csv", "-f", "sarif", "--sarif-state", "s.json"]);
    assert_eq!(several.status(), 2);
    let stderr = several.stderr();
    assert!(stderr.contains("--sarif-state is for one report") && stderr.contains("--merge"), "{stderr}");
    let parts =
        folder.run(&["convert", "findings.csv", "-f", "sarif", "--sarif-state", "s.json", "--split-by", "region"]);
    assert_eq!(parts.status(), 2);
    let stdout = folder.run(&["convert", "findings.csv", "-f", "sarif", "-o", "-", "--sarif-state", "s.json"]);
    assert!(stdout.status() != 0 && stdout.stderr().contains("give a folder"), "{}", stdout.stderr());
    folder.write("state.json", "spoilt");
    fs::remove_dir_all(folder.path("out")).unwrap();
    let spoilt = folder.run(&["convert", "findings.csv", "-f", "sarif", "-o", "out", "--sarif-state", "state.json"]);
    assert_eq!(spoilt.status(), 1);
    assert!(spoilt.stderr().contains("not a file that --sarif-state wrote"), "{}", spoilt.stderr());
    assert!(!folder.path("s.json").exists() && !folder.files().iter().any(|file| file.starts_with("out/")));
}

#[test]
fn a_report_is_compared_with_an_earlier_one() {
    let folder = Folder::new().with("findings.csv").with("layout-a.csv");
    let all = fs::read_to_string(folder.path("findings.csv")).unwrap();
    folder.write("none.csv", &format!("{}\n", all.lines().next().unwrap()));
    let run = |previous: &str| {
        let args = ["convert", "findings.csv", "-f", "sarif", "-o", "out", "--previous", previous];
        let run = folder.run(&args);
        (
            run.status(),
            run.stderr().to_owned(),
            fs::read_to_string(folder.path("out/findings.sarif")).unwrap_or_default(),
        )
    };
    let (status, _, text) = run("findings.csv");
    assert!(status == 0 && text.contains("\"unchanged\"") && !text.contains("\"new\""));
    let (status, _, text) = run("none.csv");
    assert!(status == 0 && text.contains("\"new\"") && !text.contains("\"unchanged\""));
    assert_eq!(run("missing.csv").0, 1);
    let several = folder.run(&["convert", "findings.csv", "layout-a.csv", "--previous", "findings.csv"]);
    assert_eq!(several.status(), 2);
    // What the earlier report alone covers counts as fixed, which may be wrong.
    folder.write("small.csv", "Severity,Resource ID,Title,AWS Account Id,Region\nHIGH,i-1,x,1,us-east-1\n");
    let other = folder.run(&["convert", "small.csv", "-f", "sarif", "--previous", "findings.csv"]);
    assert!(
        other.stderr().contains("count as fixed, which is wrong if the export does not cover it"),
        "{}",
        other.stderr()
    );
}

#[test]
fn a_summary_is_appended_to_that_of_the_job() {
    let folder = Folder::new().with("findings.csv");
    folder.write("job.md", "# Before\n\n");
    let run = |variable: &str| {
        let mut command = Command::new(PROGRAM);
        let args = ["convert", "findings.csv", "-f", "markdown", "-o", "out", "--github-summary"];
        Run(command.args(args).env("GITHUB_STEP_SUMMARY", variable).current_dir(folder.0.path()).output().unwrap())
    };
    run("job.md").expect(0);
    let whole = fs::read_to_string(folder.path("out/findings.md")).unwrap();
    let job = || fs::read_to_string(folder.path("job.md")).unwrap();
    assert_eq!(job(), format!("# Before\n\n{whole}"));
    // What is there already counts: GitHub takes a megabyte of a step.
    folder.write("job.md", &"x".repeat((1 << 20) - 3_000));
    let said = run("job.md").expect(0);
    assert!(job().len() <= 1 << 20 && job().len() > (1 << 20) - 3_000, "{}", job().len());
    assert!(said.stderr().contains("found no room in the summary of the job"), "{}", said.stderr());
    folder.write("job.md", "no end of line");
    run("job.md").expect(0);
    assert!(job().starts_with("no end of line\n\n# Amazon"), "{}", job());
    folder.write("job.md", &"x".repeat(1 << 20));
    let full = run("job.md").expect(0);
    assert!(job().len() == 1 << 20 && full.stderr().contains("the summary of the job is full"), "{}", full.stderr());
    let unset = run("");
    assert!(unset.status() == 2 && unset.stderr().contains("GITHUB_STEP_SUMMARY"), "{}", unset.stderr());
}

#[test]
fn settings_that_formats_share_are_for_any_of_them() {
    let folder = Folder::new().with("findings.csv");
    folder.run(&["convert", "findings.csv", "-f", "html", "--top", "3", "-o", "out"]).expect(0);
    folder.run(&["convert", "findings.csv", "-f", "markdown", "--group-by", "package", "-o", "out"]).expect(0);
    let idle = folder.run(&["convert", "findings.csv", "-f", "sarif", "--top", "3", "-o", "out"]).expect(2);
    assert!(idle.stderr().contains("--top is for --format markdown or html"), "{}", idle.stderr());
    folder.run(&["convert", "findings.csv", "-f", "html", "--top", "0", "-o", "out"]).expect(2);
}

/// A folder of reports, some of them broken.
fn archive() -> Folder {
    let folder = Folder::new();
    folder.write("in/2025/a.csv", SMALL);
    folder.write("in/2026/b.csv", SMALL);
    folder.write("in/2026/old/c.csv", SMALL);
    folder.write("in/2026/broken.csv", "");
    folder.write("in/.hidden/d.csv", SMALL);
    folder
}

fn read_in(run: &Run) -> Vec<String> {
    let arrow = |line: &str| line.split_once(" -> ").map(|(input, _)| input.replace('\\', "/"));
    run.stderr().lines().filter_map(arrow).collect()
}

#[test]
fn files_of_folders_are_chosen_by_patterns() {
    let folder = archive();
    let plan = |more: &[&str]| {
        let run = folder.run(&[&["convert", "in", "-f", "markdown", "-o", "out", "--dry-run"], more].concat());
        assert_eq!(run.status(), 0, "{}", run.stderr());
        read_in(&run)
    };
    let all = ["in/2025/a.csv", "in/2026/b.csv", "in/2026/broken.csv", "in/2026/old/c.csv"];
    assert_eq!(plan(&[]), all);
    assert_eq!(plan(&["--include", "[ac].csv"]), ["in/2025/a.csv", "in/2026/old/c.csv"]);
    assert_eq!(plan(&["--include", "2026/*.csv"]), ["in/2026/b.csv", "in/2026/broken.csv"]);
    assert_eq!(plan(&["--include", "2026/**"]), all[1..]);
    assert_eq!(plan(&["--exclude", "broken*", "--exclude", "old/"]), ["in/2025/a.csv", "in/2026/b.csv"]);
    assert_eq!(folder.run(&["convert", "in", "--no-recursive", "--dry-run"]).status(), 4);
    let none = folder.run(&["convert", "in", "--include", "*.json", "--dry-run"]);
    assert!(none.status() == 4 && none.stderr().contains("--include and --exclude"), "{}", none.stderr());
    assert_eq!(folder.run(&["convert", "in", "--include", "[a"]).status(), 2);
    assert!(!folder.path("out").exists(), "nothing was done");
    folder.write("list.txt", "in/2025/a.csv\n\nin/2026\n");
    let listed = folder.run(&["convert", "--files-from", "list.txt", "-o", "out", "--dry-run"]).expect(0);
    assert_eq!(read_in(&listed), all);
    folder.run(&["convert"]).expect(2);
}

#[test]
fn one_broken_file_does_not_stop_the_rest_and_the_summary_says_what_became_of_each() {
    let folder = archive();
    let run = folder.run(&["convert", "in", "-f", "markdown", "-o", "out", "--summary", "summary.json"]).expect(3);
    assert!(run.stderr().contains("in/2026/broken.csv"), "{}", run.stderr());
    let summary: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(folder.path("summary.json")).unwrap()).unwrap();
    let counts =
        ["summaryVersion", "exitStatus", "converted", "partial", "failed"].map(|key| summary[key].as_u64().unwrap());
    assert_eq!(counts, [1, 3, 3, 0, 1]);
    let inputs = summary["inputs"].as_array().unwrap();
    let status = |name: &str| inputs.iter().find(|input| input["input"] == name).unwrap();
    assert_eq!(status("in/2026/old/c.csv")["outputs"][0], "out/2026/old/c.md");
    assert_eq!(status("in/2025/a.csv")["rowsRead"], 4);
    assert!(status("in/2026/broken.csv")["errors"][0].as_str().is_some_and(|error| !error.is_empty()));

    let folder = archive();
    folder.write("in/0.csv", "");
    folder.run(&["convert", "in", "-f", "markdown", "-o", "out", "--fail-fast", "--jobs", "1"]).expect(1);
    assert!(folder.files().iter().all(|file| !file.starts_with("out")), "it stopped at the first");
}

#[test]
fn a_report_of_someone_else_at_the_place_of_an_output_stays() {
    let folder = Folder::new();
    let json = r#"{"findings":[{"severity":"HIGH","title":"a","resources":[{"id":"i-1"}],"status":"ACTIVE","type":"NETWORK_REACHABILITY"}]}"#;
    folder.write("r.json", json);
    folder.write("r.csv", SMALL);
    folder.write("s.csv", SMALL);
    folder.write("s.json", json);
    let convert = |args: &[&str]| folder.run(&[&["convert"], args].concat());
    for _ in 0..2 {
        let run = convert(&["r.json", "-f", "csv"]).expect(0);
        assert!(run.stderr().contains("the new output is r.new.csv"), "{}", run.stderr());
        let run = convert(&["s.csv", "-f", "json"]).expect(0);
        assert!(run.stderr().contains("the new output is s.new.json"), "{}", run.stderr());
    }
    let text = |name: &str| fs::read_to_string(folder.path(name)).unwrap();
    assert_eq!((text("r.csv"), text("s.json")), (SMALL.to_owned(), json.to_owned()));
    assert_eq!(folder.files(), ["r.csv", "r.json", "r.new.csv", "s.csv", "s.json", "s.new.json"], "no third ones");

    // What the program wrote itself is replaced: known by the headings, by the beginning, or from the manifest.
    fs::remove_file(folder.path("r.csv")).unwrap();
    fs::rename(folder.path("s.new.json"), folder.path("s.json")).unwrap();
    for _ in 0..2 {
        let run = convert(&["r.json", "-f", "csv"]).expect(0);
        assert!(!run.stderr().contains("warning"), "{}", run.stderr());
        let run = convert(&["s.csv", "-f", "json"]).expect(0);
        assert!(!run.stderr().contains("warning"), "{}", run.stderr());
    }
    convert(&["s.csv", "-f", "csv", "-o", "out"]).expect(0);
    folder.write("s.csv", &SMALL.replace("Status", "State"));
    let run = convert(&["s.csv", "-f", "csv", "-o", "out"]).expect(0);
    assert!(!run.stderr().contains("warning: out"), "{}", run.stderr());
    assert!(text("out/s.csv").contains("State"));

    // A summary replaces summaries alone.
    folder.write("book.xlsx", "PK");
    for name in ["book.xlsx", "r.json"] {
        let run = convert(&["s.csv", "-f", "markdown", "--summary", name]).expect(2);
        assert!(run.stderr().contains("is no summary, and would be overwritten"), "{}", run.stderr());
    }
    assert_eq!((text("book.xlsx"), text("r.json")), ("PK".to_owned(), json.to_owned()));
    for _ in 0..2 {
        convert(&["s.csv", "-f", "markdown", "--summary", "summary.json"]).expect(0);
    }
}

//! What stands where outputs go, and what lies beside inputs.

use super::*;

/// Writes a workbook anew, as other programs do when they save, with another text in all of its parts.
fn save(folder: &Folder, from: &str, to: &str, (old, new): (&str, &str)) {
    let bytes = fs::read(folder.path(from)).unwrap();
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut other = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for place in 0..archive.len() {
        let mut part = archive.by_index(place).unwrap();
        let name = part.name().unwrap().into_owned();
        let mut text = String::new();
        std::io::Read::read_to_string(&mut part, &mut text).unwrap();
        other.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        std::io::Write::write_all(&mut other, text.replace(old, new).as_bytes()).unwrap();
    }
    fs::write(folder.path(to), other.finish().unwrap().into_inner()).unwrap();
}

/// Works on a workbook: one of the titles becomes another text.
fn edit(folder: &Folder, name: &str) {
    save(folder, name, name, ("two", "two, for Mai"));
}

/// With and without a folder for outputs, with changed input or the same, for every command that writes workbooks.
#[test]
fn a_workbook_that_someone_has_worked_on_is_never_overwritten() {
    let folder = Folder::new();
    let second = SMALL.replace("three", "tres");
    folder.write("old.csv", SMALL);
    for (name, args) in [
        ("a.xlsx", &["convert", "a.csv", "-f", "xlsx,markdown"][..]),
        ("out/a.xlsx", &["convert", "a.csv", "-f", "xlsx,markdown", "-o", "out"]),
        ("cmp/a.changes.xlsx", &["compare", "old.csv", "a.csv", "-f", "xlsx", "-o", "cmp"]),
    ] {
        folder.write("a.csv", SMALL);
        let aside = |number: &str| name.replace(".xlsx", &format!(".new{number}.xlsx"));
        folder.run(args).expect(0);
        let unworked = folder.run(args).expect(0);
        assert!(!unworked.stderr().contains("warning"), "{}", unworked.stderr());
        edit(&folder, name);
        let edited = fs::read(folder.path(name)).unwrap();
        for (input, number, is_new) in [(SMALL, "", name != "out/a.xlsx"), (&second, "", true), (SMALL, "", true)] {
            folder.write("a.csv", input);
            let run = folder.run(args).expect(0);
            assert_eq!(fs::read(folder.path(name)).unwrap(), edited, "{name}: {}", run.stderr());
            assert_eq!(folder.path(&aside(number)).exists(), is_new, "{name}: {}", run.stderr());
            if is_new {
                let words = format!(
                    "{name}: someone has worked on it since it was written, so it stays; the new output is {}; --force replaces it",
                    aside(number)
                );
                assert!(run.stderr().contains(&words), "{}", run.stderr());
            }
        }
        // What was written beside is current, and may be worked on too.
        edit(&folder, &aside(""));
        let second_edit = fs::read(folder.path(&aside(""))).unwrap();
        folder.write("a.csv", &second);
        folder.run(args).expect(0);
        assert!(folder.path(&aside("-2")).exists(), "{name}");
        assert_eq!(fs::read(folder.path(&aside(""))).unwrap(), second_edit);
        let forced = folder.run(&[args, &["--force"]].concat()).expect(0);
        assert!(!forced.stderr().contains("so it stays"), "{}", forced.stderr());
        assert_ne!(fs::read(folder.path(name)).unwrap(), edited);
        let again = folder.run(args).expect(0);
        assert!(!again.stderr().contains("so it stays"), "{}", again.stderr());
    }
}

#[test]
fn what_was_written_beside_is_remembered() {
    let folder = Folder::new();
    folder.write("in/a.csv", SMALL);
    let args = ["convert", "in", "-f", "xlsx,markdown", "-o", "out", "--summary", "summary.json"];
    folder.run(&args).expect(0);
    edit(&folder, "out/a.xlsx");
    let kept = folder.run(&args).expect(0);
    assert_eq!(skipped(&folder), ["in/a.csv"]);
    assert!(kept.stderr().contains("out/a.xlsx: was changed since it was written"), "{}", kept.stderr());
    folder.write("in/a.csv", &SMALL.replace("one", "eins"));
    for is_skipped in [false, true] {
        folder.run(&args).expect(0);
        assert_eq!(!skipped(&folder).is_empty(), is_skipped);
        assert_eq!(summary(&folder)["inputs"][0]["outputs"], serde_json::json!(["out/a.new.xlsx", "out/a.md"]));
    }
    // When the edited one is away, the next one has the usual name again.
    fs::remove_file(folder.path("out/a.xlsx")).unwrap();
    fs::remove_file(folder.path("out/a.new.xlsx")).unwrap();
    folder.run(&args).expect(0);
    assert_eq!(out_files(&folder), ["out/a.md", "out/a.xlsx"]);
}

#[test]
fn a_file_of_someone_else_at_the_place_of_a_workbook_stays() {
    let folder = Folder::new();
    folder.write("a.csv", SMALL);
    folder.write("a.xlsx", "locked with a password, say");
    folder.write("trend.xlsx", "mine");
    let run = folder.run(&["convert", "a.csv", "-f", "xlsx"]).expect(0);
    assert!(
        run.stderr().contains("a.xlsx: was not written by this program, so it stays; the new output is a.new.xlsx")
    );
    folder.write("dated.csv", DATED);
    folder.run(&["trend", "dated.csv", "-f", "xlsx"]).expect(0);
    assert_eq!(folder.files(), ["a.csv", "a.new.xlsx", "a.xlsx", "dated.csv", "trend.new.xlsx", "trend.xlsx"]);
    assert_eq!(fs::read_to_string(folder.path("trend.xlsx")).unwrap(), "mine");
    folder.run(&["trend", "dated.csv", "-f", "xlsx", "--force"]).expect(0);
    assert_ne!(fs::read(folder.path("trend.xlsx")).unwrap(), b"mine");
}

#[test]
fn what_is_no_report_in_a_folder_is_named_once_and_does_not_count() {
    let folder = Folder::new();
    folder.write("in/a.csv", SMALL);
    for number in 0..12 {
        folder.write(&format!("in/other/{number:02}.csv"), "name,price\npear,2\n");
    }
    folder.write("in/page.csv", "<!DOCTYPE html><html>");
    folder.write("in/cut.zip", "no archive");
    folder.write("in/empty.json", "");
    let args = ["convert", "in", "-o", "out", "-f", "markdown", "--summary", "summary.json"];
    let first = folder.run(&args).expect(3);
    let named = |run: &support::Run| run.stderr().lines().filter(|line| line.starts_with("no report: ")).count();
    assert_eq!(named(&first), 10, "{}", first.stderr());
    assert!(first.stderr().contains("... and 2 more files that are no reports"), "{}", first.stderr());
    let failed: Vec<String> =
        statuses(&folder).into_iter().filter(|(_, status, _)| status == "failed").map(|(input, ..)| input).collect();
    assert_eq!(failed, ["in/cut.zip", "in/empty.json", "in/page.csv"], "these may have been reports");
    for name in &failed {
        fs::remove_file(folder.path(name)).unwrap();
    }
    let second = folder.run(&args).expect(0);
    assert_eq!(named(&second), 0, "{}", second.stderr());
    assert!(second.stderr().lines().any(|line| line.starts_with("not reports      12")), "{}", second.stderr());
    assert_eq!((summary(&folder)["notReports"].as_u64(), summary(&folder)["failed"].as_u64()), (Some(12), Some(0)));
    assert_eq!(summary(&folder)["inputs"][1]["status"], "not-a-report");
    folder.run(&[&args[..], &["--strict"]].concat()).expect(3);
    folder.run(&args).expect(0);
    // What was named should be a report, whatever was found out before.
    folder.run(&["convert", "in/other/00.csv", "in/a.csv", "-o", "out", "-f", "markdown"]).expect(3);
    folder.run(&["check", "in"]).expect(0);
    folder.run(&["check", "in", "--strict"]).expect(3);
    folder.run(&["convert", "in/other", "-o", "none", "-f", "markdown"]).expect(4);
}

#[test]
fn our_own_files_are_left_out_of_folders() {
    let folder = Folder::new();
    folder.write("in/a.csv", DATED);
    let made = ["convert", "in/a.csv", "-o", "in", "-f", "xlsx,sarif,json,ndjson", "--sarif-state", "in/state.json"];
    folder.run(&[&made[..], &["--summary", "in/summary.json"]].concat()).expect(0);
    folder.run(&["trend", "in/a.csv", "-o", "in", "-f", "json,xlsx"]).expect(0);
    fs::copy(folder.path("in/.inspector-report.manifest"), folder.path("in/manifest.json")).unwrap();
    fs::remove_file(folder.path("in/.inspector-report.manifest")).unwrap();
    let args = ["convert", "in", "-o", "out", "-f", "markdown", "--summary", "summary.json"];
    let run = folder.run(&args).expect(0);
    assert!(run.stderr().contains("note: 8 files of inspector-report itself were left out"), "{}", run.stderr());
    assert_eq!(statuses(&folder), [("in/a.csv".to_owned(), "converted".to_owned(), false)]);
}

#[test]
fn a_first_run_works_though_old_workbooks_lie_beside_reports() {
    let folder = Folder::new();
    folder.write("in/a.csv", SMALL);
    folder.write("in/b.csv", SMALL);
    folder.write("in/c.csv", SMALL);
    folder.write("in/c.json", "{\"findings\":[]}");
    folder.run(&["convert", "in/a.csv", "-f", "xlsx"]).expect(0);
    save(&folder, "in/a.xlsx", "in/a.xlsx", ("inspector-report", "Mai"));
    save(&folder, "in/a.xlsx", "in/saved.xlsx", ("two", "zwei"));
    let before = fs::read(folder.path("in/a.xlsx")).unwrap();
    let run = folder.run(&["convert", "in", "--summary", "summary.json"]).expect(3);
    let said = run.stderr();
    assert!(
        said.contains(
            "warning: in/a.xlsx: is where the workbook of in/a.csv goes, so it is not read; if it is a report"
        ),
        "{said}"
    );
    assert!(said.contains("error: in/c.json: would be written to in/c.xlsx, as in/c.csv is"), "{said}");
    let of = |name: &str| statuses(&folder).into_iter().find(|(input, ..)| input == name).map(|(_, status, _)| status);
    let converted = Some("converted".to_owned());
    assert_eq!(
        [of("in/a.csv"), of("in/b.csv"), of("in/c.csv"), of("in/saved.xlsx")],
        [(); 4].map(|()| converted.clone())
    );
    assert_eq!((of("in/a.xlsx"), of("in/c.json")), (None, Some("failed".to_owned())));
    assert_eq!(fs::read(folder.path("in/a.xlsx")).unwrap(), before);
    assert!(folder.path("in/a.new.xlsx").exists() && folder.path("in/saved.new.xlsx").exists());
    fs::remove_file(folder.path("in/c.json")).unwrap();
    folder.run(&["convert", "in"]).expect(0);
    assert_eq!(folder.files().iter().filter(|file| file.ends_with(".xlsx")).count(), 6, "{:?}", folder.files());
}

/// What someone saved as a workbook is a report; only our own are left out of folders.
#[test]
fn workbooks_of_others_are_read_in_folders() {
    let folder = archive();
    folder.run(&["convert", "in/2025/a.csv", "-f", "xlsx"]).expect(0);
    let args = ["convert", "in", "-o", "out", "-f", "markdown", "--summary", "summary.json"];
    folder.run(&args);
    assert_eq!(statuses(&folder).len(), 4, "ours is left out");
    // A workbook of another program has another author.
    save(&folder, "in/2025/a.xlsx", "in/2026/other.xlsx", ("inspector-report", "Mai"));
    folder.write("in/2026/cut.xlsx", "no workbook");
    folder.write("in/2026/~$other.xlsx", "what Excel keeps while it is open");
    folder.run(&args).expect(3);
    let of = |name: &str| statuses(&folder).into_iter().find(|(input, ..)| input == name).map(|(_, status, _)| status);
    assert_eq!(of("in/2026/other.xlsx"), Some("converted".to_owned()));
    assert_eq!(of("in/2026/cut.xlsx"), Some("failed".to_owned()));
    assert_eq!(statuses(&folder).len(), 6);
}

#[test]
fn outputs_inside_of_the_archive_are_not_read() {
    let folder = archive();
    let run = |output: &str| {
        folder.run(&["convert", "in", "-o", output, "-f", "csv,json", "--summary", "summary.json"]);
        statuses(&folder).len()
    };
    assert_eq!([run("in/converted"), run("in/converted")], [4, 4]);
    fs::remove_dir_all(folder.path("in/converted")).unwrap();
    // CSV beside CSV of the same name would be written over its input.
    let over = folder.run(&["convert", "in", "-o", "in", "-f", "csv"]).expect(1);
    assert!(over.stderr().contains("in/2025/a.csv is read in this run, and would be overwritten"), "{}", over.stderr());
    folder.run(&["convert", "in/2025/a.csv", "-o", "in/2025", "-f", "csv"]).expect(2);
    let named = |n: usize| {
        let args = ["convert", "in", "-o", "in", "-f", "csv", "--name", "{stem}-again", "--summary", "summary.json"];
        folder.run(&args);
        assert_eq!(statuses(&folder).len(), 4, "run {n}");
    };
    named(1);
    named(2);
}

#[test]
fn nothing_that_is_read_is_written_over() {
    let folder = Folder::new();
    for name in ["k/a.csv", "k/b.csv", "k/2026-05-04.csv", "k/o/a.csv"] {
        folder.write(name, DATED);
    }
    let run = |args: &[&str]| folder.run(&[&["convert"][..], args].concat()).status();
    assert_eq!(run(&["./k/a.csv", "-o", "k", "-f", "csv"]), 2);
    assert_eq!(run(&["k/a.csv", "k/b.csv", "--merge", "a", "-f", "csv", "-o", "k"]), 1);
    assert_eq!(run(&["k/a.csv", "k/2026-05-04.csv", "--name", "{date}", "-f", "csv", "-o", "k"]), 1);
    assert_eq!(run(&["k/a.csv", "-o", "k/o", "-f", "csv", "--previous", "k/o/a.csv"]), 2);
    assert_eq!(run(&["k/a.csv", "-o", "out", "-f", "csv", "--summary", "k/a.csv"]), 2);
    assert_eq!(run(&["k/a.csv", "-o", "out", "-f", "csv", "--summary", "none/s.json"]), 2);
    fs::copy(folder.path("k/a.csv"), folder.path("k/b.changes.csv")).unwrap();
    assert_eq!(folder.run(&["compare", "k/b.changes.csv", "k/b.csv", "-f", "csv"]).status(), 1);
    for name in ["k/a.csv", "k/b.csv", "k/2026-05-04.csv", "k/o/a.csv", "k/b.changes.csv"] {
        assert_eq!(fs::read_to_string(folder.path(name)).unwrap(), DATED, "{name}");
    }
}

/// What is no report has no outputs, and so is in nobody's way.
#[test]
fn a_file_that_is_no_report_beside_one_of_its_name_is_no_clash() {
    let folder = Folder::new();
    folder.write("in/a.csv", SMALL);
    folder.write("in/a.json", r#"{"budget":[1]}"#);
    folder.write("in/b.csv", "what,costs\nx,1\n");
    folder.write("in/b.json", r#"{"budget":[1]}"#);
    folder.write("in/c.csv", "what,costs\nx,1\n");
    folder.write("in/c.ndjson", "{\"severity\":\"HIGH\",\"title\":\"a\",\"resources\":[{\"id\":\"i-1\"}]}\n");
    for again in [false, true] {
        let run = folder.run(&["convert", "in", "-o", "out", "-f", "markdown"]).expect(0);
        assert!(!run.stderr().contains("would be written"), "{again}: {}", run.stderr());
    }
    let outputs: Vec<String> = folder.files().into_iter().filter(|name| name.starts_with("out/")).collect();
    assert_eq!(outputs, ["out/a.md", "out/c.md"]);
    // Two reports are one still.
    folder.write(
        "in/a.json",
        "{\"findings\":[{\"severity\":\"HIGH\",\"title\":\"a\",\"resources\":[{\"id\":\"i-1\"}]}]}\n",
    );
    let run = folder.run(&["convert", "in", "-o", "out", "-f", "markdown"]).expect(3);
    assert!(run.stderr().contains("in/a.json: would be written to out/a.md, as in/a.csv is"), "{}", run.stderr());
}

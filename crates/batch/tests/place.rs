//! Where outputs go: into their folder, whatever names, links and members there are, and never over what is read.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::{
    collections::BTreeMap,
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use common::{Heard, request};
use inspector_report_batch::{
    CompareOptions, ConvertOptions, Ending, Events, Host, Request, Selection, SplitBy, Template, TrendOptions, compare,
    convert, trend,
};
use inspector_report_format::Format;
use inspector_report_reader::{InputLocation, Watch};
use proptest::prelude::*;

const CSV: &dyn Format = &inspector_report_csv::Csv;
const MARKDOWN: &dyn Format = &inspector_report_markdown::Markdown;
const JSON: &dyn Format = &inspector_report_json::Json;
const SARIF: &dyn Format = &inspector_report_sarif::Sarif;

fn run(request: Request, options: ConvertOptions) -> (Ending, String) {
    let heard = Arc::new(Heard::default());
    let events: Arc<dyn Events> = Arc::clone(&heard) as Arc<dyn Events>;
    let ending = convert(request, options, Host { stop: Arc::new(Watch::new()), events });
    let heard = heard.0.lock().unwrap().clone();
    (ending, heard)
}

fn inputs(path: &Path) -> ConvertOptions {
    let selection = Selection { inputs: vec![InputLocation::from(path)], ..Selection::default() };
    ConvertOptions { selection, ..ConvertOptions::default() }
}

fn report(title: &str) -> String {
    format!("Severity,Title,Resource ID,Status,AWS Account Id\nHIGH,{title},i-1,ACTIVE,000000000001\n")
}

fn zip(members: &[(String, String)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in members {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// Every file below a folder, with what is in it.
fn all(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let files = walkdir::WalkDir::new(folder).into_iter().flatten().filter(|entry| entry.file_type().is_file());
    files.map(|entry| (entry.path().to_owned(), fs::read(entry.path()).unwrap())).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Whatever the names of files and members are, nothing outside of the output folder changes, and nothing that is read.
    #[test]
    fn nothing_but_the_output_folder_changes(
        names in prop::collection::btree_set("[ .]{0,3}(|a|b|\\.\\.)[ .]{0,3}\\.csv", 1..4),
        members in prop::collection::vec("(\\.\\./|/|a/|\\. /| /){0,3}[ .]{0,3}(|a|b)[ .]{0,3}\\.(csv|json)", 0..4),
        is_beside in any::<bool>(),
        split in any::<bool>(),
        template in prop::option::of("(\\.\\./|/| ){0,2}\\{(stem|account)\\}( |\\.){0,2}"),
    ) {
        let root = tempfile::tempdir().unwrap();
        let (given, output) = (root.path().join("given/in"), root.path().join("given/out"));
        fs::create_dir_all(&given).unwrap();
        for name in names.iter().filter(|name| *name != ".csv") {
            fs::write(given.join(name), report(name.trim())).unwrap();
        }
        let members: Vec<_> = members.into_iter().map(|name| (name.clone(), report("member"))).collect();
        let distinct: std::collections::HashSet<_> = members.iter().map(|(name, _)| name).collect();
        if distinct.len() == members.len() {
            fs::write(given.join("z.zip"), zip(&members)).unwrap();
        }
        for path in ["given/.csv", "given/.md", "given/a.md", ".md", "unnamed.md"] {
            fs::write(root.path().join(path), "a file of someone").unwrap();
        }
        let before = all(root.path());
        let options = ConvertOptions {
            split_by: split.then_some(SplitBy::Account),
            name: template.and_then(|template| Template::parse(&template).ok()),
            ..inputs(&given)
        };
        let (_, heard) = run(request(&[MARKDOWN, CSV], (!is_beside).then(|| output.clone())), options);
        let after = all(root.path());
        for (path, text) in &before {
            prop_assert_eq!(after.get(path), Some(text), "{} {}", path.display(), heard);
        }
        let place = if is_beside { &given } else { &output };
        for path in after.keys().filter(|path| !before.contains_key(*path)) {
            prop_assert!(path.starts_with(place), "{} is not in {}", path.display(), place.display());
            prop_assert!(path.file_stem().is_some_and(|stem| !stem.is_empty()));
        }
    }
}

/// What is asked for.
#[derive(Clone, Copy, Debug)]
enum Command {
    Convert,
    Merge,
    Split,
    Compare,
    Trend,
}

/// Where a link of the output folder stands, and where it leads.
const LINKS: [(&str, &str); 5] = [
    ("out/a.md", "elsewhere/file"),
    ("out/a.json", "in/a.csv"),
    ("out/sub", "elsewhere"),
    ("out/.inspector-report.manifest", "elsewhere/file"),
    ("out/state.json", "elsewhere/file"),
];

#[cfg(unix)]
proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// Whatever the command is, and whatever links and named files there are: what is read stays, and what is outside of the
    /// output folder; what is replaced keeps its permissions.
    #[test]
    fn no_command_changes_what_is_read_or_is_not_its_own(
        command in prop::sample::select(
            vec![Command::Convert, Command::Merge, Command::Split, Command::Compare, Command::Trend],
        ),
        links in prop::sample::subsequence(LINKS.to_vec(), 0..3),
        output in prop::sample::select(vec!["out", "in", "in/sub", "other/deep"]),
        summary in prop::option::of(prop::sample::select(vec!["in/a.csv", "out/a.json", "out/s.json", "elsewhere/file", "in/b.json"])),
        state in prop::option::of(prop::sample::select(vec!["in/a.csv", "out/a.md", "out/state.json", "elsewhere/file"])),
        force: bool,
    ) {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let root = tempfile::tempdir().unwrap();
        let path = |name: &str| root.path().join(name);
        for folder in ["in/sub", "out", "elsewhere"] {
            fs::create_dir_all(path(folder)).unwrap();
        }
        let dated = |title: &str, day: u8| {
            format!(
                "Severity,Title,Resource ID,Status,AWS Account Id,Last Seen\n\
                 HIGH,{title},i-1,ACTIVE,000000000001,2026-05-{day:02}T00:00:00Z\n"
            )
        };
        for (at, name) in ["in/a.csv", "in/b.csv", "in/sub/a.csv"].into_iter().enumerate() {
            fs::write(path(name), dated(name, at as u8 + 1)).unwrap();
        }
        fs::write(path("elsewhere/file"), "a file of someone").unwrap();
        for (at, leads_to) in &links {
            symlink(path(leads_to), path(at)).unwrap();
        }
        let private = ["out/b.md", "out/b.json"];
        for name in private {
            fs::write(path(name), if force { "old" } else { "" }).unwrap();
            fs::set_permissions(path(name), fs::Permissions::from_mode(0o600)).unwrap();
        }
        let before = all(root.path());
        let mut request = Request { force, ..request(&[MARKDOWN, JSON, SARIF], Some(path(output))) };
        if let Some(state) = state {
            request.settings.set("sarif-state", path(state).to_str().unwrap());
        }
        let selection = Selection { inputs: vec![InputLocation::from(&path("in"))], ..Selection::default() };
        let heard = Arc::new(Heard::default());
        let host = Host { stop: Arc::new(Watch::new()), events: Arc::clone(&heard) as Arc<dyn Events> };
        let convert_options = ConvertOptions { selection: selection.clone(), summary: summary.map(path), ..Default::default() };
        match command {
            Command::Convert => convert(request, convert_options, host),
            Command::Merge => convert(request, ConvertOptions { merge: Some("a".to_owned()), ..convert_options }, host),
            Command::Split => {
                convert(request, ConvertOptions { split_by: Some(SplitBy::Account), ..convert_options }, host)
            }
            Command::Compare => {
                let reports = vec![path("in/a.csv"), path("in/b.csv")];
                compare(request, CompareOptions { reports, ..Default::default() }, host)
            }
            Command::Trend => {
                let (by, targets, fails_on_overdue) = Default::default();
                trend(request, TrendOptions { selection, name: "a".to_owned(), by, targets, fails_on_overdue }, host)
            }
        };
        let heard = heard.0.lock().unwrap().clone();
        let after = all(root.path());
        let is_named = |name: &Path| [summary, state].into_iter().flatten().any(|named| path(named) == name);
        for (name, text) in &before {
            // What is no report may be named as the file to write.
            let is_foreign =
                name.starts_with(path("in")) || (name.starts_with(path("elsewhere")) && !is_named(name));
            if is_foreign {
                prop_assert_eq!(after.get(name), Some(text), "{:?} {}: {}", command, name.display(), heard);
            }
        }
        for name in after.keys().filter(|name| !before.contains_key(*name)) {
            prop_assert!(name.starts_with(path(output)) || is_named(name), "{:?} {}: {}", command, name.display(), heard);
            prop_assert!(!name.starts_with(path("elsewhere")), "{}", name.display());
        }
        for name in private {
            prop_assert_eq!(fs::metadata(path(name)).unwrap().permissions().mode() & 0o777, 0o600, "{}", name);
        }
    }
}

#[cfg(unix)]
#[test]
fn links_in_the_output_folder_lead_nothing_out_of_it() {
    let root = tempfile::tempdir().unwrap();
    let path = |name: &str| root.path().join(name);
    fs::create_dir_all(path("in/sub")).unwrap();
    fs::create_dir_all(path("out")).unwrap();
    fs::create_dir_all(path("elsewhere")).unwrap();
    fs::write(path("in/sub/a.csv"), report("a")).unwrap();
    std::os::unix::fs::symlink(path("elsewhere"), path("out/sub")).unwrap();
    let (ending, heard) = run(request(&[MARKDOWN], Some(path("out"))), inputs(&path("in")));
    assert_eq!(ending, Ending::Failure, "{heard}");
    assert!(heard.contains("is not in the folder of the outputs"), "{heard}");
    assert!(all(&path("elsewhere")).is_empty());
    // A manifest, too.
    fs::remove_file(path("out/sub")).unwrap();
    for name in walkdir::WalkDir::new(path("out")).into_iter().flatten().filter(|entry| entry.file_type().is_file()) {
        fs::remove_file(name.path()).unwrap();
    }
    fs::write(path("elsewhere/log"), "").unwrap();
    let manifest = ".inspector-report.manifest";
    std::os::unix::fs::symlink(path("elsewhere/log"), path("out").join(manifest)).unwrap();
    let (ending, heard) = run(request(&[MARKDOWN], Some(path("out"))), inputs(&path("in")));
    assert_eq!(fs::read(path("elsewhere/log")).unwrap(), b"", "{heard}");
    assert_eq!(ending, Ending::Failure, "{heard}");
}

#[cfg(unix)]
#[test]
fn an_output_keeps_the_permissions_of_the_file_that_it_replaces() {
    use std::os::unix::fs::PermissionsExt;
    let root = tempfile::tempdir().unwrap();
    let path = |name: &str| root.path().join(name);
    fs::write(path("a.csv"), report("a")).unwrap();
    let convert = || run(Request { force: true, ..request(&[MARKDOWN], Some(path("out"))) }, inputs(&path("a.csv"))).0;
    assert_eq!(convert(), Ending::Success);
    fs::set_permissions(path("out/a.md"), fs::Permissions::from_mode(0o600)).unwrap();
    assert_eq!(convert(), Ending::Success);
    assert_eq!(fs::metadata(path("out/a.md")).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn what_arrives_while_a_folder_is_watched_is_not_written_over() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("w");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("old.csv.gz"), "").unwrap();
    let stop = Arc::new(Watch::new());
    let heard = Arc::new(Heard::default());
    let host = Host { stop: Arc::clone(&stop), events: Arc::clone(&heard) as Arc<dyn Events> };
    let text = format!("{}LOW,b,i-2,ACTIVE,000000000002\n", report("a"));
    let filter = inspector_report_batch::Filter { account: vec!["000000000001".to_owned()], ..Default::default() };
    let request = Request { filter, ..request(&[CSV], Some(folder.clone())) };
    let options = ConvertOptions { watch: true, ..inputs(&folder) };
    let running = thread::spawn(move || convert(request, options, host));
    let until = Instant::now() + Duration::from_secs(60);
    let said = |what: &str| heard.0.lock().unwrap().contains(what);
    while !said("waiting for more") && Instant::now() < until {
        thread::sleep(Duration::from_millis(20));
    }
    fs::write(folder.join("new.csv"), &text).unwrap();
    while !said("would be overwritten") && Instant::now() < until {
        thread::sleep(Duration::from_millis(20));
    }
    stop.stop();
    running.join().unwrap();
    assert_eq!(fs::read_to_string(folder.join("new.csv")).unwrap(), text);
    assert!(said("would be overwritten"), "{}", heard.0.lock().unwrap());
}

#[test]
fn a_file_that_is_named_besides_is_no_output_too() {
    let root = tempfile::tempdir().unwrap();
    let path = |name: &str| root.path().join(name);
    fs::write(path("a.csv"), report("a")).unwrap();
    fs::create_dir(path("out")).unwrap();
    // The summary at the place of an output.
    let options = ConvertOptions { summary: Some(path("out/./a.json")), ..inputs(&path("a.csv")) };
    let (ending, heard) = run(request(&[JSON, MARKDOWN], Some(path("out"))), options);
    assert_eq!(ending, Ending::Partial, "{heard}");
    let summary = fs::read_to_string(path("out/a.json")).unwrap();
    assert!(summary.contains("summaryVersion"), "{summary}");
    // The file that a setting was read from.
    fs::write(path("out/a.md"), "Severity\nTitle\n").unwrap();
    let request = Request { also_read: vec![path("out/a.md")], ..request(&[MARKDOWN], Some(path("out"))) };
    let (_, heard) = run(request, inputs(&path("a.csv")));
    assert_eq!(fs::read_to_string(path("out/a.md")).unwrap(), "Severity\nTitle\n", "{heard}");
}

#[test]
fn what_is_remembered_of_uploads_is_no_output_too() {
    let root = tempfile::tempdir().unwrap();
    let path = |name: &str| root.path().join(name);
    fs::write(path("a.csv"), report("a")).unwrap();
    // Whichever of them comes first, the other is refused, and said to be.
    for name in ["out/a.md", "out/./a.md", "out/a.sarif"] {
        let mut request = request(&[MARKDOWN, SARIF], Some(path("out")));
        request.settings.set("sarif-state", path(name).to_str().unwrap());
        let (ending, heard) = run(request, inputs(&path("a.csv")));
        assert!(matches!(ending, Ending::Failure | Ending::Partial), "{name} {ending:?} {heard}");
        assert!(heard.contains("cannot be written") && heard.contains("out"), "{name} {heard}");
        fs::remove_dir_all(path("out")).unwrap();
    }
}

#[test]
fn a_manifest_hides_no_report_that_has_but_the_name_of_an_output() {
    let root = tempfile::tempdir().unwrap();
    let path = |name: &str| root.path().join(name);
    fs::create_dir_all(path("in")).unwrap();
    fs::write(path("in/a.csv.json"), "").unwrap();
    fs::write(path("first.csv"), report("first")).unwrap();
    // An earlier run wrote `in/first.csv`.
    assert_eq!(run(request(&[CSV], Some(path("in"))), inputs(&path("first.csv"))).0, Ending::Success);
    let read = || {
        let (_, heard) = run(request(&[MARKDOWN], Some(path("out"))), inputs(&path("in")));
        (path("out/first.md").exists(), heard)
    };
    let (is_read, heard) = read();
    assert!(!is_read && heard.contains("first.csv: is an output of an earlier run, and is left out"), "{heard}");
    // As it was, but touched: still an output.
    let text = fs::read(path("in/first.csv")).unwrap();
    fs::write(path("in/first.csv"), &text).unwrap();
    assert!(!read().0);
    // A report of someone else of this name, even of the same size.
    fs::write(path("in/first.csv"), String::from_utf8(text).unwrap().replace("first", "other")).unwrap();
    let (is_read, heard) = read();
    assert!(is_read, "{heard}");
}

#[test]
fn what_is_said_is_clean() {
    let root = tempfile::tempdir().unwrap();
    let path = |name: &str| root.path().join(name);
    let hostile = "\u{1b}]0;owned\u{7}\r::stop-commands::x";
    let text =
        format!("Severity,Title,Resource ID,First Seen\n\"{hostile}\",a,i-1,\"{hostile}\n::error::x\"\nHIGH,b\n");
    fs::write(path("a.csv"), text).unwrap();
    let members = [(format!("{hostile}.csv"), report("x")), ("b\n::warning::.csv".to_owned(), "no report".to_owned())];
    fs::write(path("b.zip"), zip(&members)).unwrap();
    #[cfg(unix)]
    fs::write(path("c\u{1b}[31m\n::debug::.csv"), report("y")).unwrap();
    let (_, heard) = run(request(&[MARKDOWN], Some(path("out"))), inputs(root.path()));
    for line in heard.lines() {
        assert!(!line.chars().any(char::is_control) && !line.trim_start().starts_with("::"), "{line:?}");
    }
    assert!(heard.contains(r"\u{1b}"), "{heard}");
}

//! The engine as a library: what it writes, and what it leaves alone.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use common::Heard;
use inspector_report_batch::{
    CompareOptions, ConvertOptions, Destination, Ending, Events, Host, MemoryFolder, OutputLocation, Plan, Request,
    Selection, Step, TrendOptions, compare, convert, trend,
};
use inspector_report_format::{Format, Settings};
use inspector_report_reader::{InputLocation, Watch};
use tempfile::TempDir;

struct Bench {
    folder: TempDir,
    heard: Arc<Heard>,
}

impl Bench {
    fn new() -> Bench {
        Bench { folder: tempfile::tempdir().unwrap(), heard: Arc::default() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a report with a finding of this title, seen on a day.
    fn report(&self, name: &str, title: &str, day: u8) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let text = format!(
            "Severity,Title,Resource ID,Status,First Seen,Last Seen\n\
             HIGH,{title},i-1,ACTIVE,2026-01-01T00:00:00Z,2026-01-{day:02}T00:00:00Z\n"
        );
        fs::write(path, text).unwrap();
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_default()
    }

    fn host(&self) -> Host {
        Host { stop: Arc::new(Watch::new()), events: Arc::clone(&self.heard) as Arc<dyn Events> }
    }

    fn request(&self, formats: &[&'static dyn Format], output: &str) -> Request {
        common::request(formats, Some(self.path(output)))
    }

    fn selection(&self, input: &str) -> Selection {
        Selection { inputs: vec![InputLocation::from(&self.path(input))], ..Selection::default() }
    }

    fn convert(&self, input: &str, output: &str) -> Ending {
        let options = ConvertOptions { selection: self.selection(input), ..ConvertOptions::default() };
        convert(self.request(&[MARKDOWN], output), options, self.host())
    }

    fn plan(&self, request: Request, input: &str) -> Result<Plan, Ending> {
        let options = ConvertOptions { selection: self.selection(input), ..ConvertOptions::default() };
        Plan::new(request, options, self.host())
    }

    fn trend(&self, formats: &[&'static dyn Format], input: &str, output: &str, force: bool) -> Ending {
        let options = TrendOptions {
            selection: self.selection(input),
            name: "trend".to_owned(),
            by: Vec::new(),
            targets: Default::default(),
            fails_on_overdue: false,
        };
        trend(Request { force, ..self.request(formats, output) }, options, self.host())
    }

    fn heard(&self) -> String {
        std::mem::take(&mut *self.heard.0.lock().unwrap())
    }
}

const MARKDOWN: &dyn Format = &inspector_report_markdown::Markdown;
const JSON: &dyn Format = &inspector_report_json::Json;

#[test]
fn what_is_current_is_left_and_what_is_not_is_written_again() {
    let bench = Bench::new();
    bench.report("in/a.csv", "one", 1);
    bench.report("in/b.csv", "two", 2);
    assert_eq!(bench.convert("in", "out"), Ending::Success);
    assert!(bench.read("out/a.md").contains("a.csv") && bench.read("out/b.md").contains("b.csv"));
    bench.heard();
    bench.report("in/b.csv", "three", 3);
    assert_eq!(bench.convert("in", "out"), Ending::Success);
    let heard = bench.heard();
    assert!(heard.contains("a.csv: unchanged") && !heard.contains("b.csv: unchanged"), "{heard}");
}

#[test]
fn a_plan_says_where_inputs_go_and_writes_nothing() {
    let bench = Bench::new();
    bench.report("in/a.csv", "one", 1);
    bench.report("in/2026/b.csv", "two", 2);
    let request = || bench.request(&[MARKDOWN, JSON], "out");
    let plan = bench.plan(request(), "in").unwrap();
    let files = |name: &str| {
        Destination::Files(["md", "json"].map(|ending| bench.path(&format!("out/{name}.{ending}"))).to_vec())
    };
    let step = |input: &str, destination| Step { input: bench.path(input), destination };
    assert_eq!(plan.steps(), [step("in/2026/b.csv", files("2026/b")), step("in/a.csv", files("a"))]);
    assert!(!bench.path("out").exists());
    assert_eq!(plan.run(), Ending::Success);
    bench.report("in/a.csv", "other", 1);
    let plan = bench.plan(request(), "in").unwrap();
    assert_eq!(plan.steps(), [step("in/2026/b.csv", Destination::Unchanged), step("in/a.csv", files("a"))]);
}

#[test]
fn settings_that_do_not_go_together_stop_a_plan_before_anything_is_read() {
    let bench = Bench::new();
    let mut settings = Settings::new();
    settings.set("markdown-limit", "huge");
    let request = Request { settings, ..bench.request(&[MARKDOWN], "out") };
    assert_eq!(bench.plan(request, "nowhere").err(), Some(Ending::Usage));
    assert!(bench.heard().contains("error: --markdown-limit \"huge\": a number of bytes, or github-comment"));
}

/// A trend that has the name of a report's output.
#[test]
fn a_trend_leaves_the_outputs_of_a_conversion_alone() {
    let bench = Bench::new();
    bench.report("in/trend.csv", "one", 1);
    assert_eq!(bench.convert("in", "out"), Ending::Success);
    let document = bench.read("out/trend.md");
    bench.heard();
    assert_eq!(bench.trend(&[MARKDOWN], "in", "out", false), Ending::Failure);
    let heard = bench.heard();
    assert!(heard.contains("trend.md is an output of trend.csv, and would be overwritten"), "{heard}");
    assert!(heard.contains("--output") && heard.contains("--name"), "{heard}");
    assert_eq!(bench.read("out/trend.md"), document);
    assert_eq!(bench.convert("in", "out"), Ending::Success);
    assert!(bench.heard().contains("unchanged"));
    // Forced, it takes the place; the next conversion knows, and writes its own document again.
    assert_eq!(bench.trend(&[MARKDOWN], "in", "out", true), Ending::Success);
    assert_ne!(bench.read("out/trend.md"), document);
    bench.heard();
    assert_eq!(bench.convert("in", "out"), Ending::Success);
    let heard = bench.heard();
    assert!(!heard.contains("was changed since it was written"), "{heard}");
    assert_eq!(bench.read("out/trend.md"), document);
}

#[test]
fn a_trend_does_not_replace_what_it_reads() {
    let bench = Bench::new();
    fs::create_dir_all(bench.path("in")).unwrap();
    let report = r#"{"findings":[{"severity":"HIGH","title":"one","lastObservedAt":"2026-01-01T00:00:00Z"}]}"#;
    fs::write(bench.path("in/trend.json"), report).unwrap();
    assert_eq!(bench.trend(&[JSON], "in", "in", true), Ending::Usage);
    assert!(bench.heard().contains("trend.json is an input; it would be overwritten"));
    assert_eq!(bench.read("in/trend.json"), report);
}

#[test]
fn a_trend_is_written_again_into_its_own_folder() {
    let bench = Bench::new();
    bench.report("in/a.csv", "one", 1);
    assert_eq!(bench.trend(&[MARKDOWN, JSON], "in", "out", false), Ending::Success);
    bench.report("in/b.csv", "two", 20);
    assert_eq!(bench.trend(&[MARKDOWN, JSON], "in", "out", false), Ending::Success);
    assert!(bench.read("out/trend.md").contains("b.csv"));
}

#[test]
fn a_comparison_leaves_the_outputs_of_a_conversion_alone() {
    let bench = Bench::new();
    bench.report("in/new.changes.csv", "one", 1);
    assert_eq!(bench.convert("in", "out"), Ending::Success);
    let document = bench.read("out/new.changes.md");
    bench.report("old.csv", "one", 1);
    bench.report("new.csv", "two", 2);
    let options =
        || CompareOptions { reports: vec![bench.path("old.csv"), bench.path("new.csv")], ..Default::default() };
    assert_eq!(compare(bench.request(&[MARKDOWN], "out"), options(), bench.host()), Ending::Failure);
    assert!(bench.heard().contains("is an output of new.changes.csv"));
    assert_eq!(bench.read("out/new.changes.md"), document);
    assert_eq!(compare(bench.request(&[MARKDOWN], "other"), options(), bench.host()), Ending::Success);
    assert!(Path::new(&bench.path("other/new.changes.md")).is_file());
}

#[test]
fn a_run_that_is_stopped_leaves_nothing_half_written() {
    let bench = Bench::new();
    bench.report("in/a.csv", "one", 1);
    let host = bench.host();
    host.stop.stop();
    let options = ConvertOptions { selection: bench.selection("in"), ..ConvertOptions::default() };
    assert_eq!(convert(bench.request(&[MARKDOWN], "out"), options, host), Ending::Interrupted);
    let left: Vec<_> =
        fs::read_dir(bench.path("out")).into_iter().flatten().flatten().map(|entry| entry.file_name()).collect();
    assert!(left.iter().all(|name| name.to_string_lossy().starts_with(".inspector-report.")), "{left:?}");
}

#[test]
fn a_run_from_memory_to_memory_makes_the_same_and_touches_no_disk() {
    let bench = Bench::new();
    let content = "Severity,Title,Resource ID,Status\nHIGH,one,i-1,ACTIVE\n".to_owned();
    let formats: [&'static dyn Format; 2] = [&inspector_report_csv::Csv, &inspector_report_json::Json];
    fs::create_dir(bench.path("in")).unwrap();
    fs::write(bench.path("in/report.csv"), &content).unwrap();
    let run = |inputs, output| {
        let selection = Selection { inputs, ..Selection::default() };
        let options = ConvertOptions { selection, ..ConvertOptions::default() };
        let request = Request { output, ..common::request(&formats, None) };
        convert(request, options, Host::silent())
    };
    let in_files = OutputLocation::Folder(bench.path("out"));
    assert_eq!(run(vec![InputLocation::from(&bench.path("in/report.csv"))], in_files), Ending::Success);
    let files = || walkdir::WalkDir::new(bench.folder.path()).into_iter().count();
    let before = files();

    let folder = MemoryFolder::default();
    let one = InputLocation::memory("report.csv", content.clone().into_bytes());
    assert_eq!(run(vec![one.clone()], OutputLocation::Memory(folder.clone())), Ending::Success);
    let outputs = folder.take();
    let names: Vec<_> = outputs.keys().map(|path| path.display().to_string()).collect();
    assert_eq!(names, ["report.csv", "report.json"]);
    for (name, bytes) in &outputs {
        assert!(*bytes == fs::read(bench.path("out").join(name)).unwrap(), "{}", name.display());
    }
    // Two of one name get in each other's way.
    let both = vec![one, InputLocation::memory("report.csv", content.replace("HIGH", "LOW").into_bytes())];
    assert_eq!(run(both, OutputLocation::Memory(folder.clone())), Ending::Usage);
    assert!(folder.take().is_empty());
    assert_eq!(files(), before);
}

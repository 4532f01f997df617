//! What can be set: the state from one delivery to the next, places in the repository, the profile for other readers.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use common::{Row, all, arn, category, check, report, results, uri, with_settings};
use inspector_report_format::Settings;
use inspector_report_model::View;
use serde_json::Value;
use serde_sarif::sarif;

/// A file of its own for a test, which is removed in the end.
struct State(PathBuf);

impl State {
    fn new(name: &str) -> State {
        let path = std::env::temp_dir().join(format!("inspector-report-{name}-{}.json", std::process::id()));
        let _ = std::fs::remove_file(&path);
        State(path)
    }

    /// Converts as one night's run does; gives how many results each category has.
    fn night(&self, rows: &[Row]) -> BTreeMap<String, usize> {
        let mut settings = Settings::default();
        settings.set("sarif-state", self.0.to_str().unwrap());
        let (files, memory, _) = with_settings(&report(rows), &settings).unwrap();
        check(&files);
        assert!(memory.named.keys().map(PathBuf::as_path).eq([self.0.as_path()]));
        std::fs::write(&self.0, memory.named[&self.0].get_ref()).unwrap();
        let runs = files.iter().flat_map(|file| &file.runs);
        runs.map(|run| (category(run).to_owned(), results(run).len())).collect()
    }
}

impl Drop for State {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

fn in_base(name: &str) -> String {
    format!("amazon-inspector/012345678901/{name}/")
}

#[test]
fn a_category_that_is_split_closes_the_whole_one_and_stays_split() {
    let state = State::new("split");
    let rows = |count: usize| -> Vec<Row> {
        let row = |n: usize| {
            let id = format!("i-{:03x}", n % 50);
            Row::new().arn(n).with("Resource ID", &id).with("Vulnerability Id", &format!("CVE-2024-{n:05}"))
        };
        (0..count).map(row).collect()
    };
    let base = "amazon-inspector/".to_owned();
    assert_eq!(state.night(&rows(5_000)), BTreeMap::from([(base.clone(), 5_000)]));
    let split = state.night(&rows(5_100));
    assert_eq!(split.get(&base), Some(&0), "its alerts are in the parts now");
    assert_eq!(split.values().sum::<usize>(), 5_100);
    let smaller = state.night(&rows(4_200));
    assert_eq!(smaller.get(&base), Some(&0));
    assert_eq!(smaller.keys().collect::<Vec<_>>(), split.keys().collect::<Vec<_>>(), "no alert moves back");
}

#[test]
fn categories_of_another_prefix_are_left_alone() {
    let state = State::new("prefixes");
    let night = |prefix: &str| {
        let mut settings = Settings::default();
        settings.set("sarif-state", state.0.to_str().unwrap());
        settings.set("sarif-category", prefix);
        let (files, memory, _) = with_settings(&report(&[Row::new().arn(1)]), &settings).unwrap();
        std::fs::write(&state.0, memory.named[&state.0].get_ref()).unwrap();
        files.iter().map(|file| file.runs.len()).sum::<usize>()
    };
    assert_eq!([night("one"), night("two"), night("one")], [1, 1, 1]);
    let text = std::fs::read_to_string(&state.0).unwrap();
    assert!(text.contains("\"one/") && text.contains("\"two/"), "{text}");
}

#[test]
fn what_is_remembered_of_a_rule_that_is_shared_out_is_written() {
    let state = State::new("shared");
    let rows = |count: usize| -> Vec<Row> {
        (0..count).map(|n| Row::new().arn(n).with("Resource ID", &format!("i-{n:05x}"))).collect()
    };
    let split = state.night(&rows(5_100));
    let smaller = state.night(&rows(4_200));
    let filled = |runs: &BTreeMap<String, usize>| {
        runs.iter().filter(|(_, count)| **count > 0).map(|(name, _)| name.clone()).collect::<Vec<_>>()
    };
    assert_eq!(filled(&split), filled(&smaller), "no alert moves back");
    assert!(filled(&split).len() > 1);
}

#[test]
fn a_state_that_is_none_is_refused() {
    let state = State::new("wrong");
    std::fs::write(&state.0, "{\"runs\": []}").unwrap();
    let mut settings = Settings::default();
    settings.set("sarif-state", state.0.to_str().unwrap());
    let error = with_settings(&report(&[Row::new()]), &settings).unwrap_err().to_string();
    assert!(error.contains("not a file that --sarif-state wrote"), "{error}");
    assert!(error.contains("nothing is held back in the next run"), "{error}");
}

#[test]
fn the_prefix_begins_every_category() {
    let mut settings = Settings::default();
    settings.set("sarif-category", "team-a/prod");
    for rows in [vec![], vec![Row::new()]] {
        let (files, ..) = with_settings(&report(&rows), &settings).unwrap();
        assert!(files.iter().flat_map(|file| &file.runs).all(|run| category(run).starts_with("team-a/prod/")));
    }
}

fn mapped(only: bool) -> Settings {
    let mut settings = Settings::default();
    settings.set("sarif-locations", r#"{"instance": {"i-1*": "infra/web servers.tf"}}"#);
    settings.set_folder(Path::new("/nowhere").to_owned());
    if only {
        settings.switch_on("sarif-only-mapped");
    }
    settings
}

#[test]
fn a_mapped_resource_is_at_its_file_and_known_by_the_same_fingerprint() {
    let rows = [
        Row::new().arn(1).with("Resource ID", "i-1a"),
        Row::new().arn(2).with("Resource ID", "i-1b"),
        Row::new().arn(3).with("Resource ID", "i-2"),
    ];
    let hashes = |settings: &Settings| -> BTreeMap<String, (String, String)> {
        let (files, ..) = with_settings(&report(&rows), settings).unwrap();
        all(&files)
            .map(|(_, result)| (arn(result).to_owned(), (uri(result).to_owned(), common::hash(result).to_owned())))
            .collect()
    };
    let (plain, mapped) = (hashes(&Settings::default()), hashes(&mapped(false)));
    let uris: Vec<&str> = mapped.values().map(|(uri, _)| uri.as_str()).collect();
    let file = "infra/web%20servers.tf";
    assert_eq!(uris, [file, file, "aws/012345678901/us-east-1/ec2-instance/i-2"]);
    assert!(plain.values().map(|(_, hash)| hash).eq(mapped.values().map(|(_, hash)| hash)));
    let distinct: BTreeSet<&(String, String)> = mapped.values().collect();
    assert_eq!(distinct.len(), 3, "two instances of one file are two alerts");
}

#[test]
fn only_what_is_mapped_is_written_and_the_rest_counted() {
    let rows = [
        Row::new().arn(1).with("Resource ID", "i-1a"),
        Row::new().arn(2).with("Resource ID", "i-2"),
        Row::new().arn(3).with("Resource ID", "i-2").with("Region", "eu-west-1"),
        Row::new().arn(4).with("Resource ID", "i-1c").with("Region", "sa-east-1").with("Status", "CLOSED"),
    ];
    let (files, _, summary) = with_settings(&report(&rows), &mapped(true)).unwrap();
    assert_eq!(all(&files).map(|(_, result)| arn(result).to_owned()).collect::<Vec<_>>().len(), 1);
    let categories: Vec<&str> = files[0].runs.iter().map(category).collect();
    assert_eq!(categories, [in_base("us-east-1"), in_base("sa-east-1")], "others may be another upload's");
    let note = &summary.notes[0];
    assert!(note.contains("0 suppressed and 1 closed") && note.contains("2 findings on resources that"), "{note}");
}

fn full(closed: bool) -> Settings {
    let mut settings = Settings::default();
    settings.set("sarif-profile", "full");
    if closed {
        settings.switch_on("sarif-closed");
    }
    settings
}

fn state(result: &sarif::Result) -> &str {
    result.baseline_state.as_ref().and_then(Value::as_str).unwrap_or("-")
}

#[test]
fn other_readers_get_what_is_suppressed_closed_and_gone() {
    let old = [
        Row::new().arn(1),
        Row::new().arn(2).with("Vulnerability Id", "CVE-2"),
        Row::new().arn(3).with("Vulnerability Id", "CVE-3"),
        Row::new().arn(6).with("Vulnerability Id", "CVE-6"),
    ];
    let new = [
        Row::new().arn(1),
        Row::new().arn(2).with("Vulnerability Id", "CVE-2").with("Severity", "LOW"),
        Row::new().arn(3).with("Vulnerability Id", "CVE-3").with("Status", "SUPPRESSED"),
        Row::new().arn(4).with("Vulnerability Id", "CVE-4"),
        Row::new().arn(5).with("Vulnerability Id", "CVE-5").with("Status", "CLOSED"),
    ];
    let both = View::builder(report(&new)).compare_with(report(&old)).build();
    let of = |settings: &Settings| -> Vec<(usize, String, bool, bool)> {
        let (files, ..) = with_settings(&both, settings).unwrap();
        check(&files);
        let number = |result: &sarif::Result| usize::from_str_radix(&arn(result)[arn(result).len() - 1..], 16).unwrap();
        let mut seen: Vec<_> = all(&files)
            .map(|(_, result)| {
                let suppressed =
                    result.suppressions.as_ref().is_some_and(|all| all[0].status == Some("accepted".into()));
                (number(result), state(result).to_owned(), suppressed, result.kind == Some(sarif::ResultKind::Pass))
            })
            .collect();
        seen.sort();
        seen
    };
    let row = |number, state: &str, suppressed, passed| (number, state.to_owned(), suppressed, passed);
    let open = [row(1, "unchanged", false, false), row(2, "updated", false, false), row(4, "new", false, false)];
    assert_eq!(of(&Settings::default()), open, "GitHub would show all others as open");
    let more = [row(3, "updated", true, false), row(6, "absent", false, false)];
    let mut expected = [&open[..], &more].concat();
    expected.sort();
    assert_eq!(of(&full(false)), expected);
    expected.push(row(5, "new", false, true));
    expected.sort();
    assert_eq!(of(&full(true)), expected);
    let (files, ..) = with_settings(&report(&new), &Settings::default()).unwrap();
    assert!(all(&files).all(|(_, result)| state(result) == "-"), "nothing to compare with");
}

#[test]
fn weaknesses_are_a_taxonomy() {
    let code = |n, title: &str| {
        let row = Row::new().arn(n).with("Vulnerability Id", "").with("Finding Type", "CODE_VULNERABILITY");
        row.with("Title", title).with("Detector Name", &title[title.len() - 1..])
    };
    let rows = [code(1, "CWE-117,93 - a"), code(2, "CWE-79 - b"), Row::new().arn(3)];
    let (files, ..) = with_settings(&report(&rows), &Settings::default()).unwrap();
    let run = &files[0].runs[0];
    let taxonomy = &run.taxonomies.as_ref().unwrap()[0];
    let taxa: Vec<&str> = taxonomy.taxa.as_ref().unwrap().iter().map(|taxon| taxon.id.as_str()).collect();
    assert_eq!((taxonomy.name.as_str(), taxa.as_slice()), ("CWE", &["CWE-79", "CWE-93", "CWE-117"][..]));
    let mut related = 0;
    for rule in run.tool.driver.rules.as_ref().unwrap() {
        for relationship in rule.relationships.iter().flatten() {
            let target = &relationship.target;
            let place = usize::try_from(target.index.unwrap()).unwrap();
            assert_eq!(target.id.as_deref(), Some(taxa[place]));
            related += 1;
        }
    }
    assert_eq!(related, 3);
    let (files, ..) = with_settings(&report(&rows[2..]), &Settings::default()).unwrap();
    assert!(files[0].runs[0].taxonomies.is_none());
}

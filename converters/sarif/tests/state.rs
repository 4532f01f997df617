//! Nights one after another with `--sarif-state`: no alert closes because an input was broken, missing, narrower or
//! filtered.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod common;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
    sync::atomic::{AtomicU32, Ordering},
};

use common::{HEADINGS, Row, category, check, results};
use inspector_report_format::Settings;
use inspector_report_model::{Problem, ProblemCode, Report, View};
use inspector_report_sarif::{Sent, UploadState};
use proptest::prelude::*;
use serde_json::{Value, json};

/// A file that is kept from night to night.
struct State(PathBuf);

/// What a night wrote.
#[derive(Debug, PartialEq, Eq)]
struct Night {
    files: usize,
    /// How many results each category has.
    runs: BTreeMap<String, u64>,
    notes: Vec<String>,
}

impl Night {
    fn empty(&self) -> Vec<&str> {
        self.runs.iter().filter(|(_, count)| **count == 0).map(|(name, _)| name.as_str()).collect()
    }

    fn note(&self, part: &str) -> &str {
        let note = self.notes.iter().find(|note| note.contains(part));
        note.unwrap_or_else(|| panic!("no note says {part:?}: {:#?}", self.notes))
    }
}

impl State {
    fn new() -> State {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("inspector-report-nights-{}-{number}.json", std::process::id()));
        let _ = std::fs::remove_file(&path);
        State(path)
    }

    fn night<R: Clone + Into<View>>(&self, report: &R) -> Night {
        self.with(report, &[]).unwrap()
    }

    /// A night with settings; a switch has no value.
    fn with<R: Clone + Into<View>>(&self, report: &R, more: &[(&str, &str)]) -> Result<Night, String> {
        let mut settings = Settings::default();
        settings.set("sarif-state", self.0.to_str().unwrap());
        settings.set("sarif-category-by", "account,region,resource-type");
        more.iter().for_each(|(name, value)| settings.set(name, value));
        let (files, memory, summary) = common::with_settings(report, &settings).map_err(|error| error.to_string())?;
        check(&files);
        std::fs::write(&self.0, memory.named[&self.0].get_ref()).unwrap();
        let runs = files.iter().flat_map(|file| &file.runs);
        let runs = runs.map(|run| (category(run).to_owned(), results(run).len() as u64)).collect();
        Ok(Night { files: files.len(), runs, notes: summary.notes })
    }

    fn file(&self) -> Value {
        serde_json::from_slice(&std::fs::read(&self.0).unwrap()).unwrap()
    }

    /// What it knows if all of it arrived.
    fn json(&self) -> Value {
        let mut state = self.file();
        for uploads in ["before", "uploads"] {
            state.as_object_mut().unwrap().remove(uploads);
        }
        state
    }

    /// How many alerts each category has.
    fn alerts(&self) -> BTreeMap<String, u64> {
        let state = self.json();
        let categories = state["categories"].as_object().unwrap().iter();
        let sum = |known: &Value| known["alerts"].as_object().unwrap().values().filter_map(Value::as_u64).sum();
        categories.map(|(name, known)| (name.clone(), sum(known))).collect()
    }
}

impl Drop for State {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

fn input(name: &str, rows: &[Row]) -> Report {
    let rows: Vec<Vec<&str>> = rows.iter().map(|row| row.0.iter().map(String::as_str).collect()).collect();
    Report::from_rows(name, &HEADINGS, rows)
}

fn problem(code: ProblemCode, source: &str) -> Problem {
    Problem::new(code, source, "something")
}

fn broken(report: Report, code: ProblemCode) -> Report {
    let problem = problem(code, report.source());
    report.with_problem(problem)
}

const REGIONS: [&str; 2] = ["us-east-1", "eu-west-1"];
const TYPES: [&str; 3] = ["AWS_EC2_INSTANCE", "AWS_LAMBDA_FUNCTION", "AWS_ECR_CONTAINER_IMAGE"];
/// How many findings there are of each type.
const FINDINGS: [usize; 3] = [10, 5, 2];

fn account(number: usize) -> String {
    format!("{number:012}")
}

fn base(number: usize, region: &str, kind: &str) -> String {
    format!("amazon-inspector/{}/{region}/{kind}/", account(number))
}

/// The rows of an account: two Regions, three types of resources in each.
fn rows(number: usize) -> Vec<Row> {
    let mut rows = Vec::new();
    for region in REGIONS {
        for (kind, count) in TYPES.iter().zip(FINDINGS) {
            for finding in 0..count {
                let arn = format!(
                    "arn:aws:inspector2:{region}:{}:finding/{:032x}",
                    account(number),
                    (rows.len() + 1) * 1_000 + number
                );
                rows.push(
                    Row::new()
                        .with("AWS Account Id", &account(number))
                        .with("Region", region)
                        .with("Resource Type", kind)
                        .with("Resource ID", &format!("resource-{finding}"))
                        .with("Finding ARN", &arn),
                );
            }
        }
    }
    rows
}

fn file(number: usize) -> String {
    format!("accounts/{number:02}.csv")
}

fn accounts(numbers: impl IntoIterator<Item = usize>) -> Vec<Report> {
    numbers.into_iter().map(|number| input(&file(number), &rows(number))).collect()
}

fn merged(reports: Vec<Report>) -> Report {
    Report::merge("all", reports)
}

/// A state after a night with 30 whole inputs, of 180 categories and 1,020 alerts.
fn after_a_whole_night() -> State {
    let state = State::new();
    let night = state.night(&merged(accounts(1..=30)));
    assert_eq!((night.runs.len(), night.empty().len()), (180, 0));
    assert_eq!(night.runs.values().sum::<u64>(), 1_020);
    state
}

#[test]
fn a_damaged_input_holds_back_what_it_covers() {
    for code in [ProblemCode::CutOff, ProblemCode::MayBeCut, ProblemCode::PagesMissing, ProblemCode::FieldCount] {
        let state = after_a_whole_night();
        let before = state.json();
        // Cut in the second Region: the first is there, but nothing says that it is all there.
        let mut reports = accounts(1..=30);
        reports[4] = broken(input(&file(5), &rows(5)[..20]), code);
        let night = state.night(&merged(reports));
        assert_eq!((night.runs.len(), night.empty()), (174, vec![]), "{code:?}");
        assert!(!night.runs.keys().any(|name| name.contains(&account(5))));
        let note = night.note("held back, since");
        let expected = "6 categories are held back, since accounts/05.csv ";
        assert!(note.starts_with(expected) && note.ends_with("read whole: their alerts stay as they are"), "{note}");
        assert!(night.note("left out").contains("20 findings of categories that are held back"));
        assert_eq!(state.json(), before, "nothing has changed");
    }
}

#[test]
fn what_was_cut_off_before_its_first_row_is_held_back() {
    let state = after_a_whole_night();
    let mut reports = accounts(1..=30);
    reports[4] = broken(input(&file(5), &[]), ProblemCode::CutOff);
    let night = state.night(&merged(reports));
    assert_eq!((night.runs.len(), night.empty()), (174, vec![]));
    assert!(night.note("held back").starts_with("6 categories are held back, since accounts/05.csv could not be"));
}

#[test]
fn an_input_that_cannot_be_read_or_is_missing_closes_nothing() {
    let state = after_a_whole_night();
    let before = state.json();
    let without = || merged(accounts((1..=30).filter(|number| *number != 5)));
    let unread = without().with_problem(problem(ProblemCode::ReportLost, &file(5)));
    let night = state.night(&unread);
    assert_eq!((night.runs.len(), night.empty()), (174, vec![]));
    assert!(night.note("held back").starts_with("6 categories are held back, since accounts/05.csv could not be"));
    let night = state.night(&without());
    assert_eq!((night.runs.len(), night.empty()), (174, vec![]));
    let note = night.note("does not cover");
    let regions = format!("({0}/eu-west-1, {0}/us-east-1)", account(5));
    assert!(note.starts_with("6 categories of accounts and Regions that") && note.contains(&regions), "{note}");
    assert_eq!(state.json(), before);
}

#[test]
fn a_missing_input_is_not_made_up_for_by_another_that_names_its_account() {
    let state = State::new();
    let rows = rows(1);
    let halves = || vec![input("in/a.csv", &rows[..17]), input("in/b.csv", &[&rows[5..17], &rows[17..]].concat())];
    assert_eq!(state.night(&merged(halves())).runs.len(), 6);
    let night = state.night(&merged(halves().split_off(1)));
    assert_eq!(night.runs.len(), 3, "{:?}", night.runs);
    assert!(night.runs.keys().all(|name| name.contains("eu-west-1")));
    let note = night.note("are not in this run");
    assert!(note.starts_with("3 categories are held back, since a.csv covered them before"), "{note}");
    // Under another name it is all there.
    let night = state.night(&merged(vec![input("c.csv", &rows[..17]), halves().remove(1)]));
    assert_eq!(night.runs.len(), 6, "{:?}", night.notes);
}

#[test]
fn a_broken_input_of_a_new_name_may_be_any_that_is_missing() {
    let one = |count: usize, numbers: std::ops::RangeInclusive<usize>| -> Vec<Row> {
        numbers.flat_map(|number| rows(number).into_iter().take(count)).collect()
    };
    let state = State::new();
    // Names are ids of reports: new ones every night.
    state.night(&merged(vec![input("u1.csv", &one(10, 1..=8)), input("u2.csv", &one(5, 2..=8))]));
    let before = state.json();
    let report = merged(vec![input("u4.csv", &one(5, 1..=8))]);
    let report = report.with_problem(problem(ProblemCode::ReportLost, "u3.csv"));
    let night = state.night(&report);
    assert_eq!(night.runs.len(), 0, "{:?}", night.runs);
    night.note("8 categories are held back, since u3.csv could not be read whole");
    assert_eq!(state.json(), before);
    let night = state.night(&merged(vec![input("u5.csv", &one(10, 1..=8)), input("u6.csv", &one(5, 2..=8))]));
    assert_eq!((night.runs.len(), night.runs[&base(1, "us-east-1", "ec2-instance")]), (8, 10));
}

#[test]
fn an_input_that_names_a_place_no_more_is_narrower() {
    let state = State::new();
    let all: Vec<Row> = (1..=3).flat_map(rows).collect();
    let (images, rest): (Vec<Row>, Vec<Row>) =
        all.into_iter().partition(|row| row.0.iter().any(|cell| cell == TYPES[2]));
    let night = |images: &[Row]| state.night(&merged(vec![input("images.csv", images), input("rest.csv", &rest)]));
    assert_eq!(night(&images).runs.len(), 18);
    let before = state.json();
    // One Region alone: the others are named by the other input, which has no images.
    let of_region: Vec<Row> =
        images.iter().filter(|row| row.0.iter().any(|cell| cell == REGIONS[0])).cloned().collect();
    let narrow = night(&of_region);
    assert_eq!((narrow.runs.len(), narrow.empty()), (9, vec![]));
    let note = narrow.note("held back, since");
    assert!(
        note.starts_with("9 categories are held back, since inputs that covered")
            && note.contains(&format!("images.csv without {}/eu-west-1", account(1))),
        "{note}"
    );
    // The heading alone.
    assert_eq!(night(&[]).runs.len(), 0);
    assert_eq!(state.json(), before);
    let vouched = merged(vec![input("images.csv", &of_region), input("rest.csv", &rest)]);
    assert_eq!(state.with(&vouched, &[("sarif-allow-emptying", "")]).unwrap().empty().len(), 3);
    assert!(night(&of_region).runs.len() == 18 && night(&images).runs.len() == 18);
}

#[test]
fn names_that_come_again_hold_nothing_back() {
    let all = || -> Vec<Row> { (1..=12).flat_map(rows).collect() };
    let without: Vec<Row> = (2..=12).flat_map(rows).collect();
    let state = State::new();
    assert_eq!(state.night(&input("mon.csv", &all())).runs.len(), 72);
    for week in 0..3 {
        let tuesday = state.night(&input("tue.csv", &without));
        assert_eq!(tuesday.runs.len(), 66, "{week}: {:?}", tuesday.notes);
        let replaced = &state.json()["deliveries"]["amazon-inspector"]["replaced"];
        assert_eq!(replaced, &json!(["mon.csv"]), "account 1 still has it");
        let monday = state.night(&input("mon.csv", &all()));
        let is_held = monday.notes.iter().any(|note| note.contains("held back"));
        assert_eq!((monday.runs.len(), is_held), (72, false), "{week}: {:?}", monday.notes);
    }
    // One that was missing, and that no other came in place of, is not new when it is back.
    let state = State::new();
    let (a, b) = (input("a.csv", &rows(1)[..10]), input("b.csv", &rows(1)[10..17]));
    state.night(&merged(vec![input("a.csv", &rows(1)[..10]), input("b.csv", &rows(1)[10..17])]));
    assert_eq!((state.night(&a).runs.len(), state.night(&b).runs.len()), (0, 0));
}

#[test]
fn a_report_of_a_single_account_or_region_closes_nothing_else() {
    let state = State::new();
    let all: Vec<Row> = (1..=30).flat_map(rows).collect();
    assert_eq!(state.night(&input("findings.csv", &all)).runs.len(), 180);
    let before = state.json();
    let night = state.night(&input("findings.csv", &rows(5)));
    assert_eq!((night.runs.len(), night.empty()), (6, vec![]));
    let note = night.note("does not cover");
    assert!(note.starts_with("174 categories of accounts and Regions") && note.contains("and 53 more)"), "{note}");
    let region: Vec<Row> = all.into_iter().filter(|row| row.0.iter().any(|cell| cell == "us-east-1")).collect();
    let night = state.night(&input("findings.csv", &region));
    assert_eq!((night.runs.len(), night.empty()), (90, vec![]));
    assert!(night.note("does not cover").starts_with("90 categories"));
    assert_eq!(state.json(), before);
}

#[test]
fn where_nothing_may_be_written_there_is_no_file() {
    let state = after_a_whole_night();
    let before = state.json();
    let night = state.night(&input("findings.csv", &[]));
    assert_eq!((night.files, night.runs.len()), (0, 0));
    night.note("no SARIF file is written");
    assert!(night.note("does not cover").starts_with("180 categories"));
    assert!(!night.notes.iter().any(|note| note.contains("no finding is open")), "{:?}", night.notes);
    assert_eq!(state.json(), before, "it is written all the same");
}

#[test]
fn other_filters_stop_the_run() {
    let state = after_a_whole_night();
    let before = state.json();
    let filtered = |filters: &[&str]| {
        let names = filters.iter().map(|filter| (*filter).to_owned()).collect();
        View::builder(merged(accounts(1..=30)))
            .filter(names, |finding| finding.resource().resource_type().as_str() != TYPES[2])
            .build()
    };
    let types = "--resource-type AWS_EC2_INSTANCE,AWS_LAMBDA_FUNCTION";
    let error = state.with(&filtered(&[types]), &[]).unwrap_err();
    for part in [
        "knows a delivery with no filter",
        &format!("and this one has {types}"),
        "at least 120 of 1020 alerts (11.8%) and leave 0 of 60 accounts and Regions without any (0.0%)",
        "--sarif-allow-emptying",
        "nothing was written",
    ] {
        assert!(error.contains(part), "{part}: {error}");
    }
    // Also where more may close, or nothing does; and other settings are such a case.
    assert!(state.with(&filtered(&[types]), &[("sarif-max-emptying", "100")]).is_err());
    assert!(state.with(&filtered(&["--severity high"]), &[]).is_err());
    let error = state.with(&merged(accounts(1..=30)), &[("sarif-profile", "full")]).unwrap_err();
    assert!(error.contains("and this one has --sarif-profile full"), "{error}");
    assert_eq!(state.json(), before);
    // Meant: from now on these filters are the usual ones.
    let night = state.with(&filtered(&[types]), &[("sarif-allow-emptying", "")]).unwrap();
    assert_eq!((night.runs.len(), night.empty().len()), (180, 60));
    assert_eq!(state.json()["deliveries"]["amazon-inspector"]["filters"], json!([types]));
    let turned = "--resource-type AWS_LAMBDA_FUNCTION,AWS_EC2_INSTANCE";
    assert_eq!(state.night(&filtered(&[turned])).empty().len(), 60);
    assert!(state.with(&merged(accounts(1..=30)), &[]).is_err());
}

#[test]
fn a_category_that_is_clean_is_emptied_three_times_and_forgotten() {
    let state = after_a_whole_night();
    let gone = base(5, "us-east-1", "ecr-container-image");
    let mended = || {
        let mut reports = accounts(1..=30);
        reports[4] = input(&file(5), &[&rows(5)[..15], &rows(5)[17..]].concat());
        merged(reports)
    };
    for times in 1..=3 {
        let night = state.night(&mended());
        assert_eq!(night.empty(), [gone.as_str()]);
        night.note("1 category of an earlier time has no findings any more");
        assert_eq!(state.json()["categories"][&gone]["timesEmpty"][""].as_u64(), (times < 3).then_some(times));
    }
    let night = state.night(&mended());
    assert_eq!((night.runs.len(), night.empty()), (179, vec![]), "it is forgotten");
    assert_eq!(state.night(&merged(accounts(1..=30))).runs.len(), 180, "it comes back");
}

#[test]
fn more_than_a_fifth_stops_unless_it_is_allowed() {
    let state = after_a_whole_night();
    let before = state.json();
    // Of this many accounts, one Region is clean: 17 alerts each.
    let mended = |count: usize| {
        let mut reports = accounts(count + 1..=30);
        reports.extend((1..=count).map(|number| {
            let closed: Vec<Row> = rows(number)[17..].iter().map(|row| row.clone().with("Status", "CLOSED")).collect();
            input(&file(number), &[&rows(number)[..17], &closed].concat())
        }));
        merged(reports)
    };
    let error = state.with(&mended(13), &[]).unwrap_err();
    for part in [
        "at least 221 of 1020 alerts (21.7%) and leave 13 of 60 accounts and Regions without any (21.7%)",
        &format!("{}/eu-west-1", account(1)),
        "and 8 more",
        "more than 20% of either",
        "--sarif-allow-emptying",
        "run once with --sarif-max-emptying 22%, or with --sarif-allow-emptying",
    ] {
        assert!(error.contains(part), "{part}: {error}");
    }
    assert_eq!(state.json(), before);
    assert!(state.with(&mended(1), &[("sarif-max-emptying", "0")]).is_err());
    assert!(state.with(&mended(13), &[("sarif-max-emptying", "21%")]).is_err());
    // Alerts count as accounts and Regions do.
    let fewer = |each: usize| {
        let few = |number| input(&file(number), &rows(number).into_iter().step_by(each).collect::<Vec<_>>());
        merged((1..=30).map(few).collect())
    };
    let error = state.with(&fewer(2), &[]).unwrap_err();
    assert!(error.contains("at least 510 of 1020 alerts (50.0%) and leave 0 of 60"), "{error}");
    assert_eq!(state.json(), before);
    assert!(error.contains("--sarif-max-emptying 50%"), "{error}");
    assert_eq!(state.with(&mended(13), &[("sarif-max-emptying", "22%")]).unwrap().empty().len(), 39);
    // 12 of 60 are a fifth, and not more.
    let state = after_a_whole_night();
    assert_eq!(state.night(&mended(12)).empty().len(), 36);
}

#[test]
fn somebody_may_vouch_for_the_report() {
    let state = after_a_whole_night();
    let mut reports = accounts(1..=3);
    reports[0] = broken(input(&file(1), &rows(1)[..20]), ProblemCode::CutOff);
    let night = state.with(&merged(reports), &[("sarif-allow-emptying", "")]).unwrap();
    assert_eq!((night.runs.len(), night.empty().len()), (180, 27 * 6 + 2));
    assert_eq!(night.runs[&base(1, "eu-west-1", "ec2-instance")], 3);
    assert!(!night.notes.iter().any(|note| note.contains("held back")), "{:?}", night.notes);
    let alerts = state.alerts();
    assert_eq!(alerts.values().sum::<u64>(), 20 + 2 * 34);
    // An upload can fail: what was emptied is written empty twice more, though no report covers it any more.
    for _ in 0..2 {
        let night = state.night(&merged(accounts(2..=3)));
        assert_eq!((night.runs.len(), night.empty().len()), (12 + 27 * 6 + 2, 27 * 6 + 2));
    }
    assert_eq!(state.night(&merged(accounts(2..=3))).runs.len(), 12);
}

#[test]
fn an_incomplete_report_has_no_empty_run_and_says_what_it_closes() {
    let rows = [
        Row::new().arn(1),
        Row::new().arn(2).with("Region", "eu-west-1").with("Status", "CLOSED"),
        Row::new().arn(3).with("Region", "sa-east-1"),
    ];
    let convert = |report: &Report| common::with_settings(report, &Settings::default()).unwrap();
    let names = |files: &[serde_sarif::sarif::Sarif]| -> Vec<String> {
        files.iter().flat_map(|file| &file.runs).map(|run| category(run).to_owned()).collect()
    };
    let whole = input("in/a.csv", &rows);
    assert_eq!(names(&convert(&whole).0).len(), 3);
    let cut = broken(input("in/a.csv", &rows), ProblemCode::CutOff);
    let (files, _, summary) = convert(&cut);
    check(&files);
    assert_eq!(names(&files).len(), 2, "a run without results closes alerts");
    let warning = summary.notes.iter().find(|note| note.starts_with("WARNING")).unwrap();
    assert!(warning.contains("incomplete: a.csv could not be read whole") && warning.contains("--sarif-state"));
    assert!(warning.contains("closes the alerts of what is missing") && warning.contains("(1)"), "{warning}");
    let (files, _, summary) = convert(&broken(input("a.csv", &[]), ProblemCode::CutOff));
    assert!(files.is_empty() && summary.notes.iter().any(|note| note.contains("no SARIF file is written")));
    // The first time with a state, nothing is known either.
    let state = State::new();
    let night = state.night(&cut);
    assert_eq!(night.runs.len(), 2);
    assert!(night.note("WARNING").contains("does not know them yet"));
    // Then it knows these, which were not whole.
    assert_eq!(state.night(&whole).runs.len(), 3);
    // The one that had no alerts then has none to lose.
    let night = state.night(&cut);
    assert_eq!((night.runs.len(), night.empty()), (1, vec!["amazon-inspector/012345678901/eu-west-1/ec2-instance/"]));
}

#[test]
fn every_run_of_an_incomplete_report_says_so() {
    let rows = [Row::new().arn(1), Row::new().arn(2).with("Region", "eu-west-1")];
    let levels = |report: &Report| -> Vec<Vec<(String, String)>> {
        let (files, ..) = common::with_settings(report, &Settings::default()).unwrap();
        let runs = files.iter().flat_map(|file| &file.runs);
        runs.map(|run| {
            let invocation = &run.invocations.as_ref().unwrap()[0];
            assert!(invocation.execution_successful, "GitHub would store nothing");
            let notifications = invocation.tool_execution_notifications.iter().flatten();
            let told = notifications.map(|told| {
                let id = told.descriptor.as_ref().and_then(|descriptor| descriptor.id.clone()).unwrap();
                (told.level.as_ref().unwrap().as_str().unwrap().to_owned(), id)
            });
            told.collect()
        })
        .collect()
    };
    let pair = |level: &str, id: &str| (level.to_owned(), id.to_owned());
    assert_eq!(levels(&input("a.csv", &rows)), [[], []]);
    let incomplete = pair("error", "incomplete-report");
    assert_eq!(
        levels(&broken(input("a.csv", &rows), ProblemCode::CutOff)),
        [vec![incomplete.clone(), pair("error", "cut-off")], vec![incomplete]]
    );
    let may_be = pair("warning", "incomplete-report");
    assert_eq!(
        levels(&broken(input("a.csv", &rows), ProblemCode::MayBeCut)),
        [vec![may_be.clone(), pair("warning", "may-be-cut")], vec![may_be]]
    );
}

#[test]
fn a_state_of_version_1_is_taken_over() {
    let state = State::new();
    let names: Vec<String> = (1..=6)
        .flat_map(|number| REGIONS.into_iter().map(move |region| base(number, region, "ec2-instance")))
        .collect();
    let mut categories: BTreeMap<&str, u32> = names.iter().map(|name| (name.as_str(), 0)).collect();
    let gone = base(2, "us-east-1", "code-repository");
    let nearly = base(2, "us-east-1", "lambda-function").replace("lambda", "other");
    categories.insert(&gone, 0);
    categories.insert(&nearly, 2);
    categories.insert("other/000000000001/us-east-1/ec2-instance/", 1);
    let text = json!({ "sarifCategories": 1, "categories": categories, "sharedOut": ["0123456789abcdef"] });
    std::fs::write(&state.0, text.to_string()).unwrap();
    // With which filters these were written is not known, so one with any stops.
    let filtered = || {
        let report = merged(accounts(1..=5));
        View::builder(report).filter(vec!["--severity critical".to_owned()], |_| false).build()
    };
    let error = state.with(&filtered(), &[]).unwrap_err();
    assert!(
        error.contains("categories were made with, and this run has --severity critical: how many alerts")
            && error.contains("--sarif-allow-emptying"),
        "{error}"
    );
    assert!(state.with(&merged(accounts(1..=5)), &[("sarif-profile", "full")]).is_err());
    // Nothing is known of what covered them: nothing is emptied while any input is broken.
    let mut reports = accounts(1..=5);
    reports[0] = broken(input(&file(1), &rows(1)[..3]), ProblemCode::CutOff);
    let night = state.night(&merged(reports));
    assert_eq!(night.empty(), [nearly.as_str()], "it had no alerts any more");
    assert!(night.note("held back, since").starts_with("13 categories"), "{:?}", night.notes);
    night.note("does not know yet how many alerts there are");
    assert_eq!(
        state.json()["categories"][&gone],
        json!({"prefix": "amazon-inspector", "account": account(2), "region": "us-east-1", "timesEmpty": {"": 0}})
    );
    // Those of the account that is not there stay; that which is clean is emptied.
    let night = state.night(&merged(accounts(1..=5)));
    assert_eq!(night.empty(), [gone.as_str()]);
    assert!(night.note("does not cover").starts_with("2 categories"));
    assert!(!night.notes.iter().any(|note| note.contains("does not know yet")), "{:?}", night.notes);
    let json = state.json();
    assert_eq!(
        (&json["sarifCategories"], &json["sharedOut"]),
        (&json!(3), &json!(null)),
        "what was shared out was by another hash"
    );
    let by = "account,region,resource-type";
    let delivery = json!({"categoryBy": by, "filters": [], "profile": "github", "onlyMapped": false});
    assert_eq!(json["deliveries"], json!({"amazon-inspector": delivery}));
    let known = &json["categories"];
    assert_eq!(
        known[base(3, "eu-west-1", "ec2-instance")],
        json!({
            "prefix": "amazon-inspector",
            "account": account(3),
            "region": "eu-west-1",
            "alerts": {format!("{}/eu-west-1", account(3)): 10},
            "timesEmpty": {"": 0},
            "inputs": ["03.csv"]
        })
    );
    assert_eq!(known[&gone]["timesEmpty"][""], 1);
    assert!(known.get(&nearly).is_none(), "three times are enough");
    assert_eq!(known["other/000000000001/us-east-1/ec2-instance/"]["timesEmpty"][""], 1);
}

#[test]
fn a_prefix_that_begins_another_has_nothing_to_do_with_it() {
    let state = State::new();
    let night = |prefix: &str| state.with(&merged(accounts(1..=2)), &[("sarif-category", prefix)]).unwrap();
    for prefix in ["team", "team/prod", "team"] {
        let night = night(prefix);
        assert_eq!((night.runs.len(), night.empty().len(), night.notes.len()), (12, 0, 0), "{:?}", night.notes);
    }
    assert_eq!(state.alerts().len(), 24);
}

#[test]
fn a_category_and_its_parts_are_held_back_as_one() {
    let row = |n: usize| {
        let row = Row::new().arn(n).with("Resource ID", &format!("i-{:03x}", n % 50));
        row.with("Vulnerability Id", &format!("CVE-2024-{n:05}"))
    };
    let many: Vec<Row> = (0..5_100).map(row).collect();
    let state = State::new();
    let small: Vec<Row> = (1..=5).flat_map(rows).collect();
    let report = |many: &[Row]| merged(vec![input("many.csv", many), input("small.csv", &small)]);
    let night = state.night(&report(&many[..5_000]));
    assert_eq!(night.runs.len(), 31);
    let night = state.night(&report(&many));
    let whole = "amazon-inspector/012345678901/us-east-1/ec2-instance/";
    assert_eq!(night.empty(), [whole], "its alerts are in the parts now");
    let before = state.json();
    let cut = merged(vec![broken(input("many.csv", &many[..300]), ProblemCode::CutOff), input("small.csv", &small)]);
    let night = state.night(&cut);
    assert_eq!((night.runs.len(), night.empty()), (30, vec![]));
    night.note("1 category is held back, since many.csv could not be read whole: its alerts stay as they are");
    assert_eq!(state.json(), before);
    let error = state.with(&report(&many[..300]), &[]).unwrap_err();
    assert!(error.contains("at least 4800 of 5270 alerts"), "{error}");
}

/// The names of all categories and parts that the file of a state speaks of, without the slash at their end.
fn all_names(file: &Value) -> BTreeSet<String> {
    let mut names: BTreeSet<String> = BTreeSet::new();
    for categories in [&file["categories"], &file["before"]["categories"]] {
        for (name, known) in categories.as_object().into_iter().flatten() {
            let part = |bits: &String| if bits.is_empty() { name.clone() } else { format!("{name}part-{bits}/") };
            names.extend(known["timesEmpty"].as_object().unwrap().keys().map(part));
        }
    }
    names.iter().map(|name| name.trim_end_matches('/').to_owned()).collect()
}

/// Lets a state know of an upload. What `sent` has nothing of was not sent.
fn record(state: &State, sent: impl Fn(&str) -> Option<Sent>) {
    let bytes = std::fs::read(&state.0).unwrap();
    let names = all_names(&serde_json::from_slice(&bytes).unwrap());
    let sent = names.into_iter().filter_map(|name| sent(&name).map(|sent| (name, sent))).collect();
    let mut file = UploadState::new(&bytes).unwrap();
    file.record(None, &sent);
    std::fs::write(&state.0, file.to_json().unwrap()).unwrap();
}

/// What the night after an upload takes for granted, given that it has the same report: what it finds in the state, before
/// it writes its own.
fn after(state: &State, report: &Report, sent: impl Fn(&str) -> Option<Sent>) -> Value {
    let copy = State::new();
    std::fs::copy(&state.0, &copy.0).unwrap();
    record(&copy, |name| sent(&format!("{name}/")));
    copy.with(report, &[("sarif-allow-emptying", "")]).unwrap();
    let file = copy.file();
    file.get("before").unwrap_or(&file).clone()
}

#[test]
fn after_an_upload_a_state_knows_what_arrived_and_of_the_rest_what_it_knew() {
    let state = State::new();
    let report = |number: usize| merged(accounts((1..=10).filter(|other| *other != number)));
    let all = |sent| move |_: &str| Some(sent);
    let known = |value: &Value| (value["categories"].clone(), value["deliveries"].clone());
    state.night(&report(0));
    let first = state.json();
    let whole = after(&state, &report(0), all(Sent::Arrived));
    assert_eq!(known(&whole), known(&first));
    let nothing = after(&state, &report(0), all(Sent::Refused));
    assert_eq!(known(&nothing), (json!({}), json!({})), "as if it had not been");
    assert_eq!(known(&after(&state, &report(0), all(Sent::Perhaps))), known(&first), "it may all be there");
    assert_eq!(known(&after(&state, &report(0), |_| None)), known(&first), "a repeated upload may follow");
    let one = base(1, "us-east-1", "ec2-instance");
    let of_one = |sent, other| {
        let one = one.clone();
        move |name: &str| Some(if name == one { sent } else { other })
    };
    let alone = after(&state, &report(0), of_one(Sent::Arrived, Sent::Refused));
    assert_eq!(alone["categories"].as_object().unwrap().keys().collect::<Vec<_>>(), [&one]);
    assert!(alone["deliveries"].get("amazon-inspector").is_some());

    // A category that is written empty, and does not arrive so, counts as it did before.
    let allow = [("sarif-allow-emptying", "")];
    state.with(&report(5), &allow).unwrap();
    let second = state.json();
    let gone = base(5, "us-east-1", "ec2-instance");
    assert_eq!(second["categories"][&gone]["timesEmpty"][""], 1);
    for sent in [Some(Sent::Refused), Some(Sent::Perhaps), None] {
        let after = after(&state, &report(5), |name| if name == gone { sent } else { Some(Sent::Arrived) });
        assert_eq!(after["categories"][&gone]["timesEmpty"][""], 0, "{sent:?}");
        assert_eq!(after["categories"][&gone]["alerts"], first["categories"][&gone]["alerts"]);
    }
    assert_eq!(known(&after(&state, &report(5), all(Sent::Refused))), known(&first));
    assert_eq!(known(&after(&state, &report(5), all(Sent::Arrived))), known(&second));
    // One that has findings again, and may have arrived, has alerts.
    let again = State::new();
    again.night(&report(0));
    again.with(&report(5), &allow).unwrap();
    again.night(&report(0));
    let times = |sent| after(&again, &report(0), all(sent))["categories"][&gone]["timesEmpty"][""].clone();
    assert_eq!([Sent::Arrived, Sent::Perhaps, Sent::Refused].map(times), [0, 0, 1]);
    // One that would be forgotten is not, while GitHub refuses it.
    for _ in 0..2 {
        state.night(&report(5));
    }
    assert!(state.json()["categories"].get(&gone).is_none());
    assert_eq!(after(&state, &report(5), all(Sent::Refused))["categories"][&gone]["timesEmpty"][""], 2);
    // Nothing has changed, and nothing is to be taken back.
    let before = state.json();
    state.night(&report(5));
    assert_eq!(state.json(), before);
    assert_eq!(known(&after(&state, &report(5), all(Sent::Refused))), known(&before));
}

#[test]
fn files_that_are_uploaded_in_turn_or_again_add_up() {
    let report = |number: usize| merged(accounts((1..=10).filter(|other| *other != number)));
    let state = State::new();
    state.night(&report(0));
    let first = state.json();
    let all: Vec<String> = all_names(&first).into_iter().collect();
    // One file after the other, the last of them refused at first.
    for name in &all[1..] {
        record(&state, |other| (other == name).then_some(Sent::Arrived));
    }
    record(&state, |other| (*other == all[0]).then_some(Sent::Refused));
    let known = after(&state, &report(0), |_| None);
    assert_eq!(known["categories"].as_object().unwrap().len(), all.len() - 1);
    record(&state, |other| (*other == all[0]).then_some(Sent::Arrived));
    assert!(state.file().get("before").is_none(), "all of it has arrived");
    assert_eq!(after(&state, &report(0), |_| None)["categories"], first["categories"]);
    // What arrived once is there, even if it is sent again and refused.
    record(&state, |_| Some(Sent::Refused));
    assert_eq!(after(&state, &report(0), |_| None)["categories"], first["categories"]);

    // Nights without an upload empty nothing, and forget nothing.
    let gone = base(5, "us-east-1", "ec2-instance");
    for _ in 0..4 {
        let night = state.with(&report(5), &[("sarif-allow-emptying", "")]).unwrap();
        assert!(night.empty().contains(&gone.as_str()));
        assert_eq!(state.json()["categories"][&gone]["timesEmpty"][""], 1);
    }
    for times in 1..=2 {
        assert_eq!(state.json()["categories"][&gone]["timesEmpty"][""], times);
        record(&state, |_| Some(Sent::Arrived));
        state.night(&report(5));
    }
    assert!(state.json()["categories"].get(&gone).is_none(), "it was emptied three times");
}

/// It may be there with what it was written with, and so what covered it then covers it.
#[test]
fn what_may_have_arrived_is_covered_by_the_inputs_that_it_was_written_with() {
    let by = [("sarif-category-by", "report")];
    let of = |names: &[&str]| {
        let reports = names.iter().map(|name| input(name, &rows(if *name == "a.csv" { 1 } else { 2 })));
        merged(reports.collect())
    };
    for sent in [Some(Sent::Perhaps), None] {
        let state = State::new();
        state.with(&of(&["a.csv"]), &by).unwrap();
        record(&state, |_| Some(Sent::Arrived));
        state.with(&of(&["a.csv", "c.csv"]), &by).unwrap();
        record(&state, |_| sent);
        for missing in [&["a.csv"][..], &["c.csv"]] {
            let copy = State::new();
            std::fs::copy(&state.0, &copy.0).unwrap();
            copy.with(&of(missing), &by).unwrap().note("held back");
        }
    }
    // What was refused is as it was: the alerts of a wrong report do not count.
    let state = State::new();
    state.with(&of(&["a.csv"]), &by).unwrap();
    record(&state, |_| Some(Sent::Arrived));
    let before = state.json()["categories"].clone();
    state.with(&of(&["a.csv", "c.csv"]), &by).unwrap();
    record(&state, |_| Some(Sent::Refused));
    assert_eq!(after(&state, &of(&["a.csv"]), |_| None)["categories"].as_object().unwrap().len(), 1);
    state.with(&of(&["a.csv"]), &by).unwrap();
    assert_eq!(state.json()["categories"], before);
}

#[test]
fn what_is_uploaded_after_another_delivery_was_written_counts() {
    let (state, one, other) = (State::new(), input("1.csv", &rows(1)), input("2.csv", &rows(2)));
    let of = |prefix| [("sarif-category", prefix), ("sarif-category-by", "report")];
    for (prefix, report) in [("a", &one), ("b", &other)] {
        state.with(report, &of(prefix)).unwrap();
        record(&state, |_| Some(Sent::Arrived));
    }
    // Both are written, then both are uploaded; one is refused.
    let empty = input("none.csv", &[]);
    let allow = |prefix| [of(prefix).to_vec(), vec![("sarif-allow-emptying", "")]].concat();
    for prefix in ["a", "b"] {
        state.with(&empty, &allow(prefix)).unwrap();
    }
    record(&state, |name| (name == "a").then_some(Sent::Arrived));
    record(&state, |name| (name == "b").then_some(Sent::Refused));
    for (prefix, times) in [("a", 2), ("b", 1)] {
        state.with(&empty, &allow(prefix)).unwrap();
        assert_eq!(state.json()["categories"][format!("{prefix}/")]["timesEmpty"][""], times, "{prefix}");
    }
}

#[test]
fn a_refused_category_is_not_held_back_for_an_input_in_whose_place_another_came() {
    let state = State::new();
    let night = |name: &str| merged(vec![input(name, &rows(1)), input("b.csv", &rows(2))]);
    state.night(&night("monday.csv"));
    record(&state, |_| Some(Sent::Arrived));
    let refused = base(1, "us-east-1", "ec2-instance");
    state.night(&night("tuesday.csv"));
    record(&state, |name| Some(if format!("{name}/") == refused { Sent::Refused } else { Sent::Arrived }));
    let wednesday = state.night(&night("tuesday.csv"));
    assert!(!wednesday.notes.iter().any(|note| note.contains("held back")), "{:?}", wednesday.notes);
    record(&state, |_| Some(Sent::Arrived));
    // Monday is remembered for no longer than something is of it.
    state.night(&night("tuesday.csv"));
    assert!(!state.json().to_string().contains("monday"));
}

/// Where the report is the category, it says all there is to know of it.
#[test]
fn in_the_category_of_the_report_an_account_that_is_not_named_is_clean() {
    let by = [("sarif-category-by", "report")];
    let all = |count: usize| -> Vec<Row> { (1..=count).flat_map(rows).collect() };
    let state = State::new();
    let night = state.with(&input("a.csv", &all(10)), &by).unwrap();
    assert_eq!(night.runs, BTreeMap::from([("amazon-inspector/".to_owned(), 340)]));
    let night = state.with(&input("a.csv", &all(9)), &by).unwrap();
    assert_eq!(night.runs, BTreeMap::from([("amazon-inspector/".to_owned(), 306)]));
    let note = night.note("taken as clean");
    assert!(note.contains(&format!("{0}/eu-west-1, {0}/us-east-1", account(10))) && note.contains("(34)"), "{note}");
    // More than a fifth is no chance; nor is a report of one of the accounts.
    let before = state.json();
    let error = state.with(&input("a.csv", &rows(1)), &by).unwrap_err();
    assert!(
        error.contains("at least 272 of 306 alerts") && error.contains("--sarif-category-by account,region"),
        "{error}"
    );
    // What is broken or missing holds all of it back.
    let cut = broken(input("a.csv", &all(9)[..300]), ProblemCode::CutOff);
    let night = state.with(&cut, &by).unwrap();
    assert_eq!(night.files, 0);
    night.note("1 category is held back, since a.csv could not be read whole");
    assert_eq!(state.json(), before);
}

/// What a category stands for changes: none of the alerts is lost or left, and what is not covered stays.
#[test]
fn what_categories_stood_for_before_is_written_empty() {
    let state = after_a_whole_night();
    let by = |by: &'static str| [("sarif-category-by", by)];
    let mut reports = accounts(1..=30);
    reports[4] = broken(input(&file(5), &rows(5)[..20]), ProblemCode::CutOff);
    let night = state.with(&merged(reports), &by("region")).unwrap();
    let filled: Vec<(&str, u64)> =
        night.runs.iter().filter(|(_, count)| **count > 0).map(|(name, count)| (name.as_str(), *count)).collect();
    assert_eq!(filled, [("amazon-inspector/eu-west-1/", 29 * 17 + 3), ("amazon-inspector/us-east-1/", 510)]);
    assert_eq!(night.empty().len(), 174, "those of the account whose input is broken stay as they are");
    night.note("categories stand for region from now on, and stood for account,region,resource-type before");
    night.note("6 categories are held back");
    for _ in 0..3 {
        state.with(&merged(accounts(1..=30)), &by("region")).unwrap();
    }
    let night = state.with(&merged(accounts(1..=30)), &by("region")).unwrap();
    assert_eq!((night.runs.len(), state.alerts().len()), (2, 2), "the old ones are forgotten");
    assert_eq!(state.alerts().values().sum::<u64>(), 1_020);
}

#[derive(Clone, Copy, Debug)]
enum Mishap {
    /// Rows are lost, and a problem says so.
    Cut(ProblemCode),
    /// It cannot be read at all.
    Unread,
    Missing,
    /// All other inputs have names that were not known before, too.
    MissingAmongNew,
    /// A filter leaves the rows out.
    Filtered,
}

fn mishap() -> impl Strategy<Value = Mishap> {
    let codes = vec![ProblemCode::CutOff, ProblemCode::MayBeCut, ProblemCode::FieldCount, ProblemCode::PagesMissing];
    prop_oneof![
        4 => prop::sample::select(codes).prop_map(Mishap::Cut),
        1 => Just(Mishap::Unread),
        1 => Just(Mishap::Missing),
        1 => Just(Mishap::MissingAmongNew),
        1 => Just(Mishap::Filtered),
    ]
}

/// A finding: account, Region and type.
fn finding() -> impl Strategy<Value = (usize, usize, usize)> {
    (1..4_usize, 0..2_usize, 0..3_usize)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, ..ProptestConfig::default() })]

    /// Whatever inputs cover, and whichever of them is not all there: no category that it covered is written with fewer
    /// results than before.
    #[test]
    fn nothing_closes_for_what_is_missing(
        inputs in prop::collection::vec(prop::collection::vec(finding(), 0..8), 1..5),
        which in any::<prop::sample::Index>(),
        kept in prop::collection::vec(any::<bool>(), 8),
        mishap in mishap(),
        nights in 1..3_usize,
    ) {
        let which = which.index(inputs.len());
        let rows: Vec<Vec<Row>> = inputs.iter().enumerate().map(|(number, findings)| {
            findings.iter().enumerate().map(|(place, (number_of, region, kind))| {
                Row::new()
                    .arn(number * 100 + place)
                    .with("AWS Account Id", &account(*number_of))
                    .with("Region", REGIONS[*region])
                    .with("Resource Type", TYPES[*kind])
                    .with("Vulnerability Id", &format!("CVE-2024-{number}{place:02}"))
            }).collect()
        }).collect();
        let name = |number: usize| format!("in/{number}.csv");
        let state = State::new();
        state.night(&merged(rows.iter().enumerate().map(|(number, rows)| input(&name(number), rows)).collect()));
        let before = state.alerts();
        for _ in 0..nights {
            let mut reports = Vec::new();
            for (number, rows) in rows.iter().enumerate() {
                let left: Vec<Row> =
                    rows.iter().zip(&kept).filter(|(_, kept)| **kept).map(|(row, _)| row.clone()).collect();
                match mishap {
                    Mishap::Cut(code) if number == which => reports.push(broken(input(&name(number), &left), code)),
                    Mishap::Unread | Mishap::Missing | Mishap::MissingAmongNew if number == which => {}
                    Mishap::MissingAmongNew => reports.push(input(&format!("new/new-{number}.csv"), rows)),
                    _ => reports.push(input(&name(number), rows)),
                }
            }
            let report = merged(reports);
            let report = match mishap {
                Mishap::Unread => View::of(report.with_problem(problem(ProblemCode::ReportLost, &name(which)))),
                Mishap::Filtered => View::builder(report)
                    .filter(vec!["--region us-east-1".to_owned()], |finding| finding.resource().region() == REGIONS[0])
                    .build(),
                _ => View::of(report),
            };
            // A run that stops writes nothing at all, and stops again.
            let Ok(night) = state.with(&report, &[("sarif-max-emptying", "100")]) else {
                prop_assert!(matches!(mishap, Mishap::Filtered));
                prop_assert_eq!(&state.alerts(), &before);
                continue;
            };
            for (category, count) in &night.runs {
                prop_assert!(before.get(category).is_none_or(|alerts| count >= alerts), "{} has {}", category, count);
            }
            let after = state.alerts();
            let known: BTreeSet<&String> = before.keys().collect();
            prop_assert!(known.is_subset(&after.keys().collect()), "a category is forgotten");
        }
        // In the end all is there, and all is written; but what stayed knows the old names, so that none of them is new.
        if !matches!(mishap, Mishap::MissingAmongNew) {
            let whole = rows.iter().enumerate().map(|(number, rows)| input(&name(number), rows)).collect();
            let all: usize = rows.iter().map(Vec::len).sum();
            prop_assert_eq!(state.night(&merged(whole)).runs.values().sum::<u64>(), all as u64);
        }
    }
}

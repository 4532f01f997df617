//! Two weeks of nights, as GitHub tracks the alerts of what is uploaded: each alert is opened once, closed once, and is in
//! one category at a time, whatever becomes of the categories.
//!
//! What GitHub does is of its documentation: an alert is known by rule, path and fingerprint, whatever the category; it is
//! open while any category has it (GitHub Docs, "About code scanning alerts"); an upload of a category replaces the one
//! before. Files are uploaded one after the other, in the order of their numbers.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod common;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

use common::{HEADINGS, Row, category, check, hash, results, uri};
use inspector_report_format::Settings;
use inspector_report_model::Report;

/// An alert: rule, path and fingerprint.
type Alert = (String, String, String);

/// The code scanning alerts of a repository.
#[derive(Default)]
struct Repository {
    categories: BTreeMap<String, BTreeSet<Alert>>,
    /// How many times each alert was opened, and closed.
    opened: BTreeMap<Alert, u32>,
    closed: BTreeMap<Alert, u32>,
}

impl Repository {
    fn open(&self) -> BTreeSet<Alert> {
        self.categories.values().flatten().cloned().collect()
    }

    /// Takes a file, as a whole.
    fn upload(&mut self, file: &serde_sarif::sarif::Sarif) {
        let before = self.open();
        for run in &file.runs {
            let alerts = results(run)
                .iter()
                .map(|result| (result.rule_id.clone().unwrap(), uri(result).to_owned(), hash(result).to_owned()));
            self.categories.insert(category(run).to_owned(), alerts.collect());
        }
        let after = self.open();
        after.difference(&before).for_each(|alert| *self.opened.entry(alert.clone()).or_default() += 1);
        before.difference(&after).for_each(|alert| *self.closed.entry(alert.clone()).or_default() += 1);
    }

    /// No alert is in two categories, and none was opened or closed twice.
    fn assert_calm(&self, night: usize) {
        let all: usize = self.categories.values().map(BTreeSet::len).sum();
        assert_eq!(all, self.open().len(), "night {night}: an alert is in two categories");
        for (what, times) in [("opened", &self.opened), ("closed", &self.closed)] {
            let again = times.iter().find(|(_, times)| **times > 1);
            assert_eq!(again, None, "night {night}: {what} more than once");
        }
    }
}

/// What is found on a night, and how it is grouped.
struct Night {
    rows: Vec<Row>,
    settings: Vec<(&'static str, &'static str)>,
}

/// Uploads night after night; gives how many runs each took, and the repository.
fn nights(name: &str, nights: impl IntoIterator<Item = Night>) -> (Vec<usize>, Repository) {
    let state = std::env::temp_dir().join(format!("inspector-report-tracking-{name}-{}.json", std::process::id()));
    let _ = std::fs::remove_file(&state);
    let mut repository = Repository::default();
    let mut runs = Vec::new();
    for (number, night) in nights.into_iter().enumerate() {
        let mut settings = Settings::default();
        settings.set("sarif-state", state.to_str().unwrap());
        settings.set("sarif-max-emptying", "60");
        night.settings.iter().for_each(|(name, value)| settings.set(name, value));
        let rows: Vec<Vec<&str>> = night.rows.iter().map(|row| row.0.iter().map(String::as_str).collect()).collect();
        let report = Report::from_rows("findings.csv", &HEADINGS, rows);
        let (files, memory, summary) = common::with_settings(&report, &settings).unwrap();
        check(&files);
        std::fs::write(&state, memory.named[&PathBuf::from(&state)].get_ref()).unwrap();
        files.iter().for_each(|file| repository.upload(file));
        repository.assert_calm(number);
        assert_eq!(repository.open().len(), night.rows.len(), "night {number}: {:?}", summary.notes);
        runs.push(files.iter().map(|file| file.runs.len()).sum());
    }
    let _ = std::fs::remove_file(&state);
    (runs, repository)
}

/// An image that is pushed every night: its findings have other ids, digests and tags.
fn image(account: usize, night: usize, finding: usize) -> Row {
    let digest = format!("{:064x}", night * 1_000 + account);
    let id = format!("arn:aws:ecr:us-east-1:{account:012}:repository/shop/api/sha256:{digest}");
    Row::new()
        .arn((night * 100 + account) * 100 + finding)
        .with("AWS Account Id", &format!("{account:012}"))
        .with("Resource Type", "AWS_ECR_CONTAINER_IMAGE")
        .with("Resource ID", &id)
        .with("Container Image Tags", &format!("v{night}"))
        .with("Vulnerability Id", &format!("CVE-2025-{finding:05}"))
}

/// A finding on an instance of an account, of one of `rules` rules.
fn instance(account: usize, region: &str, finding: usize, rules: usize) -> Row {
    Row::new()
        .arn(10_000_000 + account * 100_000 + finding)
        .with("AWS Account Id", &format!("{account:012}"))
        .with("Region", region)
        .with("Resource ID", &format!("i-{:05x}", finding / 40))
        .with("Vulnerability Id", &format!("CVE-2024-{:05}", finding % rules))
        .with("Affected Packages", &format!("package-{}", finding % 40))
}

/// Images that are pushed, accounts that come and go, a finding that is mended now and then, and so many findings in an
/// account that grows.
fn rows(night: usize, growing: usize, rules: usize) -> Vec<Row> {
    let mut rows = Vec::new();
    for account in 1..=6 {
        // The fifth goes for good, and the sixth comes late.
        if (account == 5 && night >= 6) || (account == 6 && night < 4) {
            continue;
        }
        rows.extend((0..10).filter(|finding| finding % 10 >= night / 2).map(|finding| image(account, night, finding)));
        rows.extend((night..night + 30).map(|finding| instance(account, "eu-west-1", finding, rules)));
    }
    rows.extend((0..growing).map(|finding| instance(9, "us-east-1", finding, rules)));
    rows
}

/// A category grows over 5,000 results, further, and shrinks again.
const GROWTH: [usize; 14] =
    [4_000, 4_600, 4_990, 5_400, 9_800, 11_000, 12_500, 12_500, 9_000, 6_000, 4_900, 3_000, 2_900, 2_800];

#[test]
fn an_alert_is_opened_once_and_closed_once() {
    for (name, rules, by) in
        [("many", 700, "report"), ("few", 3, "report"), ("one", 1, "region"), ("accounts", 90, "account,region")]
    {
        let all = GROWTH.iter().enumerate().map(|(night, growing)| Night {
            rows: rows(night, *growing, rules),
            settings: match night {
                // Where each account is a category, one that is not there may be clean or left out: somebody says which.
                6 if by.contains("account") => vec![("sarif-category-by", by), ("sarif-allow-emptying", "")],
                _ => vec![("sarif-category-by", by)],
            },
        });
        let (runs, repository) = nights(name, all);
        assert!(repository.closed.len() > 5_000 && runs[0] < runs[7], "{name}: {runs:?}");
    }
}

#[test]
fn an_alert_outlives_that_categories_stand_for_something_else() {
    let ways = ["account,region,resource-type", "account,region", "region", "report", "region", "account"];
    let all = (0..14).map(|night| Night {
        rows: rows(night, 5_500, 300),
        settings: vec![("sarif-category-by", ways[(night / 2).min(ways.len() - 1)])],
    });
    let (runs, _) = nights("ways", all);
    // What categories stood for before is written empty three times, and then no more.
    assert!(runs[13] < runs[10], "{runs:?}");
}

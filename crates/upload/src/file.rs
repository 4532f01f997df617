//! A SARIF file: what is in it, and what GitHub would reject it for.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::Write,
};

use base64::{Engine, prelude::BASE64_STANDARD};
use flate2::{Compression, write::GzEncoder};
use inspector_report_sarif::limits;
use serde::Deserialize;

/// A SARIF file that GitHub would take, as far as can be told.
#[derive(Clone, Debug)]
pub struct SarifFile {
    name: String,
    tool: String,
    runs: Vec<Run>,
    is_incomplete: bool,
    packed: Vec<u8>,
}

/// A run of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// Its category: its id up to the last slash.
    pub category: String,
    /// Its whole id.
    pub id: String,
    /// How many results it has.
    pub results: u64,
    /// The ids of its rules.
    pub rules: Vec<String>,
}

#[derive(Deserialize)]
struct Log {
    version: String,
    runs: Vec<LogRun>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct LogRun {
    tool: Tool,
    automation_details: Option<AutomationDetails>,
    #[serde(default)]
    invocations: Vec<Invocation>,
    results: Option<Vec<LogResult>>,
}

#[derive(Deserialize)]
struct Tool {
    driver: Driver,
}

#[derive(Deserialize)]
struct Driver {
    name: String,
    #[serde(default)]
    rules: Vec<Rule>,
}

#[derive(Deserialize)]
struct Rule {
    id: String,
}

#[derive(Deserialize)]
struct AutomationDetails {
    id: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Invocation {
    execution_successful: Option<bool>,
    #[serde(default)]
    tool_execution_notifications: Vec<Notification>,
}

#[derive(Deserialize)]
struct Notification {
    descriptor: Option<AutomationDetails>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct LogResult {
    rule_id: Option<String>,
    #[serde(default)]
    locations: Vec<Location>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    physical_location: Option<PhysicalLocation>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: Option<ArtifactLocation>,
}

#[derive(Deserialize)]
struct ArtifactLocation {
    uri: Option<String>,
}

impl SarifFile {
    /// Reads a file; `name` is how messages call it.
    ///
    /// # Errors
    /// When it is no SARIF, or GitHub would reject or cut it. The text names the run and the rule.
    pub fn new(name: &str, bytes: &[u8]) -> Result<SarifFile, String> {
        let log: Log =
            serde_json::from_slice(bytes).map_err(|error| format!("is no SARIF that can be read: {error}"))?;
        if log.version != "2.1.0" {
            return Err(format!("is SARIF {:?}, and GitHub takes 2.1.0", log.version));
        }
        if log.runs.is_empty() {
            return Err("has no run, and GitHub rejects a file without one".to_owned());
        }
        if log.runs.len() > limits::RUNS_A_FILE {
            return Err(format!("has {} runs, and GitHub takes {} at a time", log.runs.len(), limits::RUNS_A_FILE));
        }
        let tool = log.runs.first().map(|run| run.tool.driver.name.clone()).unwrap_or_default();
        let is_incomplete = log.runs.iter().flat_map(|run| &run.invocations).any(Invocation::is_incomplete);
        let mut categories: BTreeSet<(String, String)> = BTreeSet::new();
        let mut runs = Vec::new();
        for run in log.runs {
            let id = run.automation_details.and_then(|details| details.id).unwrap_or_default();
            let category = id.rsplit_once('/').map_or("", |(category, _)| category).to_owned();
            if !categories.insert((run.tool.driver.name.clone(), category.clone())) {
                return Err(format!("has two runs of the category {category:?}, which GitHub rejects"));
            }
            let results = run.results.ok_or_else(|| format!("run {id:?} has no results, not even an empty list"))?;
            let rules: Vec<String> = run.tool.driver.rules.into_iter().map(|rule| rule.id).collect();
            let of_run = |what: String| Err(format!("run {id:?} {what}"));
            if run.invocations.iter().any(|invocation| invocation.execution_successful == Some(false)) {
                return of_run(
                    "says that its tool failed (executionSuccessful): GitHub stores nothing of it".to_owned(),
                );
            }
            if results.len() > limits::RESULTS_A_RUN {
                return of_run(format!(
                    "has {} results, of which GitHub keeps {}",
                    results.len(),
                    limits::RESULTS_A_RUN
                ));
            }
            if rules.len() > limits::RULES_A_RUN {
                return of_run(format!("has {} rules, and GitHub takes {}", rules.len(), limits::RULES_A_RUN));
            }
            for (number, result) in results.iter().enumerate() {
                let rule = result.rule_id.as_deref().unwrap_or_default();
                let location = result.locations.first().and_then(|location| location.physical_location.as_ref());
                let file = location.and_then(|location| location.artifact_location.as_ref());
                let uri = file.and_then(|file| file.uri.as_deref()).unwrap_or_default();
                let what = match () {
                    () if rule.is_empty() => "names no rule",
                    () if uri.is_empty() => "has no location, and GitHub rejects the file for it",
                    () if has_scheme(uri) => "has an absolute location, and GitHub rejects the file for it",
                    () => continue,
                };
                return of_run(format!("result {number} of rule {rule:?} {what}"));
            }
            runs.push(Run { category, id, results: results.len() as u64, rules });
        }
        let packed = packed(bytes);
        if packed.len() as u64 > limits::BYTES_GITHUB_TAKES {
            return Err(format!("has {} bytes compressed, and GitHub takes 10 MB", packed.len()));
        }
        Ok(SarifFile { name: name.to_owned(), tool, runs, is_incomplete, packed })
    }

    /// How messages call it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its runs.
    pub fn runs(&self) -> &[Run] {
        &self.runs
    }

    /// How many results it has.
    pub fn results(&self) -> u64 {
        self.runs.iter().map(|run| run.results).sum()
    }

    /// Its size, compressed, in bytes.
    pub fn compressed(&self) -> u64 {
        self.packed.len() as u64
    }

    /// Whether the report that it was made of could not be read whole: the alerts of what is missing would close.
    pub fn is_incomplete(&self) -> bool {
        self.is_incomplete
    }

    /// The body of the request that uploads it.
    pub(crate) fn body(&self, commit: &str, reference: &str) -> Vec<u8> {
        let body = BTreeMap::from([
            ("commit_sha", commit.to_owned()),
            ("ref", reference.to_owned()),
            ("sarif", BASE64_STANDARD.encode(&self.packed)),
            ("tool_name", self.tool.clone()),
        ]);
        serde_json::to_vec(&body).unwrap_or_default()
    }

    /// The runs and rules that a text names, for people to find them.
    pub(crate) fn named_in(&self, text: &str) -> Vec<String> {
        let mut named = Vec::new();
        for run in &self.runs {
            let rule = run.rules.iter().find(|rule| names(text, rule));
            if rule.is_some() || (!run.category.is_empty() && text.contains(&run.category)) {
                named.push(format!("run {:?}", run.id));
            }
            named.extend(rule.map(|rule| format!("rule {rule:?}")));
        }
        named.truncate(6);
        named
    }
}

impl Invocation {
    fn is_incomplete(&self) -> bool {
        let ids = self.tool_execution_notifications.iter().filter_map(|told| told.descriptor.as_ref()?.id.as_deref());
        ids.into_iter().any(|id| id == "incomplete-report")
    }
}

/// Whether a text has a name that is no part of a longer one.
fn names(text: &str, name: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '-';
    !name.is_empty()
        && text
            .match_indices(name)
            .any(|(at, _)| !text[..at].ends_with(is_part) && !text[at + name.len()..].starts_with(is_part))
}

/// What stands before a colon in the first segment is taken for a scheme.
fn has_scheme(uri: &str) -> bool {
    let first = uri.split('/').next().unwrap_or_default();
    first.contains(':') || uri.starts_with('/')
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    // Writing to memory does not fail.
    let _ = encoder.write_all(bytes);
    encoder.finish().unwrap_or_default()
}

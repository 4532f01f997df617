//! One file after the other: posted, processed, proven.

use std::{collections::BTreeMap, time::Duration};

use inspector_report_sarif::Sent;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;

use crate::{
    answer,
    api::{Api, CallError, Host},
    file::SarifFile,
    http::{Http, Token},
    target::Target,
};

/// The waits before GitHub is asked whether it has processed a file, which takes some seconds, and for large ones minutes.
const WAITS: [u64; 9] = [3, 5, 10, 20, 30, 60, 120, 240, 300];

/// Between two files: GitHub wants a second between requests that write.
const BETWEEN: Duration = Duration::from_secs(1);

/// How often analyses are asked for that GitHub has processed and does not show yet.
const SHOWN: u32 = 4;

/// The most analyses on a page; a file has fewer.
const PAGE: u32 = 100;

/// How an upload ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ending {
    /// All of it arrived.
    #[default]
    Arrived,
    /// It is not known whether it did.
    Unknown,
    /// GitHub refused it, or has not all of it.
    Refused,
    /// The program is to stop.
    Stopped,
}

/// What became of an upload.
#[derive(Clone, Debug, Default)]
pub struct Delivery {
    /// The worst of all files.
    pub ending: Ending,
    /// What became of each category. A category that is not here was not sent.
    pub categories: BTreeMap<String, Sent>,
    /// What went wrong, and what to do: lines in English.
    pub errors: Vec<String>,
}

#[derive(Deserialize)]
struct Repository {
    default_branch: String,
}

#[derive(Deserialize)]
struct Commit {
    sha: String,
}

#[derive(Deserialize)]
struct Posted {
    id: String,
}

#[derive(Deserialize)]
struct Status {
    processing_status: Option<String>,
    errors: Option<Vec<String>>,
}

/// What GitHub has of a run.
#[derive(Deserialize)]
struct Analysis {
    category: Option<String>,
    results_count: Option<u64>,
    #[serde(default)]
    error: Option<String>,
    #[serde(default)]
    warning: Option<String>,
}

/// The target with its ref and commit: those that are known, else the head of the ref or of the default branch.
///
/// # Errors
/// When GitHub does not say them. Nothing is sent then.
pub fn resolve(target: &Target, token: &Token, http: &dyn Http, host: &dyn Host) -> Result<Target, Box<Delivery>> {
    let upload = Upload { api: Api { http, token, host }, target };
    let place = upload.place();
    place
        .map(|(reference, commit)| Target { reference: Some(reference), commit: Some(commit), ..target.clone() })
        .map_err(|error| {
            let mut delivery = Delivery::default();
            upload.fail(&mut delivery, None, &error);
            Box::new(delivery)
        })
}

/// Uploads files, one after the other, and waits for each. After one that is refused the others are uploaded all the same,
/// unless what is refused is the upload as such. A file that empties categories is not: their findings may have moved into
/// the one that did not arrive.
pub fn deliver(files: &[SarifFile], target: &Target, token: &Token, http: &dyn Http, host: &dyn Host) -> Delivery {
    let upload = Upload { api: Api { http, token, host }, target };
    let mut delivery = Delivery::default();
    let (reference, commit) = match upload.place() {
        Ok(place) => place,
        Err(error) => {
            upload.fail(&mut delivery, None, &error);
            return delivery;
        }
    };
    for (number, file) in files.iter().enumerate() {
        if number > 0 && !host.wait(BETWEEN) {
            delivery.ending = Ending::Stopped;
        }
        if delivery.ending == Ending::Stopped {
            break;
        }
        // Findings that moved must be where they are now before they leave where they were.
        if delivery.ending != Ending::Arrived && file.runs().iter().any(|run| run.results == 0) {
            delivery.errors.push(format!(
                "{}: not sent: it empties categories whose findings may have moved to an earlier file, which did not \
                 arrive; upload all files again",
                file.name()
            ));
            continue;
        }
        match upload.file(file, &reference, &commit) {
            Ok(proof) => upload.judge(file, proof, &mut delivery),
            Err(error) => {
                upload.fail(&mut delivery, Some(file), &error);
                // What is said of the token, the repository or the commit holds for all files.
                if matches!(error, CallError::Refused { status: 401 | 403 | 404 | 410 | 422, .. }) {
                    break;
                }
            }
        }
    }
    delivery
}

/// What GitHub said of a file that it took.
enum Proof {
    /// The analyses that it has.
    Complete(Vec<Analysis>),
    /// Why it processed nothing, or a part alone, and what it has, if it says that.
    Failed(Vec<String>, Option<Vec<Analysis>>),
    /// What it has is not known.
    Unknown(String),
}

struct Upload<'a> {
    api: Api<'a>,
    target: &'a Target,
}

impl Upload<'_> {
    /// The ref and the commit: those that are known, else the head of the ref or of the default branch.
    fn place(&self) -> Result<(String, String), CallError> {
        let reference = match &self.target.reference {
            Some(reference) => reference.clone(),
            None => {
                let repository: Repository = self.api.get(&self.target.url(""))?;
                format!("refs/heads/{}", repository.default_branch)
            }
        };
        let commit = match &self.target.commit {
            Some(commit) => commit.clone(),
            None => {
                let name = reference.strip_prefix("refs/").unwrap_or(&reference);
                let commit: Commit = self.api.get(&self.target.url(&format!("/commits/{}", segment(name))))?;
                commit.sha
            }
        };
        Ok((reference, commit))
    }

    fn file(&self, file: &SarifFile, reference: &str, commit: &str) -> Result<Proof, CallError> {
        let (name, host) = (file.name(), self.api.host);
        let url = self.target.url("/code-scanning/sarifs");
        let Posted { id } = self.api.post(&url, &file.body(commit, reference))?;
        host.say(&format!("{name}: sent ({id}), {} bytes", file.compressed()));
        let url = format!("{url}/{}", segment(&id));
        for wait in WAITS {
            if !host.wait(Duration::from_secs(wait)) {
                return Err(CallError::Stopped);
            }
            let status: Status = match self.api.get(&url) {
                Ok(status) => status,
                // It was taken a moment ago, and may not show yet.
                Err(CallError::Refused { status: 404, .. }) => continue,
                Err(CallError::Stopped) => return Err(CallError::Stopped),
                Err(error) => return Ok(Proof::Unknown(format!("its state cannot be asked for: {error}"))),
            };
            match status.processing_status.as_deref() {
                Some("complete") => {
                    return match self.analyses(file, &id) {
                        Ok(analyses) => Ok(Proof::Complete(analyses)),
                        Err(CallError::Stopped) => Err(CallError::Stopped),
                        // It was taken: that a token may not read is no refusal.
                        Err(error) => Ok(Proof::Unknown(format!("its analyses cannot be asked for: {error}"))),
                    };
                }
                Some("failed") => {
                    return Ok(Proof::Failed(status.errors.unwrap_or_default(), self.analyses(file, &id).ok()));
                }
                _ => {}
            }
        }
        Ok(Proof::Unknown(format!("GitHub is still working on it ({id})")))
    }

    /// The analyses that GitHub has of an upload; asked for again while some are missing.
    fn analyses(&self, file: &SarifFile, id: &str) -> Result<Vec<Analysis>, CallError> {
        let url = self.target.url(&format!("/code-scanning/analyses?sarif_id={}&per_page={PAGE}", segment(id)));
        let mut analyses: Vec<Analysis> = self.api.get(&url)?;
        for _ in 1..SHOWN {
            if analyses.len() >= file.runs().len() {
                break;
            }
            if !self.api.host.wait(Duration::from_secs(5)) {
                return Err(CallError::Stopped);
            }
            analyses = self.api.get(&url)?;
        }
        Ok(analyses)
    }

    /// Compares what GitHub has with what was sent.
    fn judge(&self, file: &SarifFile, proof: Proof, delivery: &mut Delivery) {
        let name = file.name();
        let shown = |text: &str| answer::shown(text, self.api.token);
        let (analyses, is_complete) = match proof {
            Proof::Complete(analyses) => (Some(analyses), true),
            Proof::Failed(errors, analyses) => {
                let said = if errors.is_empty() { "no reason was given".to_owned() } else { shown(&errors.join("; ")) };
                let mut named = file.named_in(&said);
                if named.is_empty() {
                    named = file.runs().iter().take(3).map(|run| format!("run {:?}", run.id)).collect();
                }
                let cure = answer::cure(0, &said);
                delivery.errors.push(format!("{name}: GitHub refused it ({}): {said}; {cure}", named.join(", ")));
                delivery.ending = delivery.ending.max(Ending::Refused);
                (analyses, false)
            }
            Proof::Unknown(why) => {
                delivery.errors.push(format!("{name}: it is not known whether it arrived: {why}; upload it again"));
                delivery.ending = delivery.ending.max(Ending::Unknown);
                for run in file.runs() {
                    delivery.categories.insert(run.category.clone(), Sent::Perhaps);
                }
                return;
            }
        };
        let mut wrong = Vec::new();
        for run in file.runs() {
            let of_run = |analysis: &&Analysis| {
                let category = analysis.category.as_deref().unwrap_or_default();
                category.trim_end_matches('/') == run.category.trim_end_matches('/')
            };
            let analysis = analyses.iter().flatten().find(of_run);
            let fault = match analysis {
                None => Some("GitHub has no analysis of it".to_owned()),
                Some(analysis) => {
                    let said = [&analysis.error, &analysis.warning].into_iter().flatten().find(|said| !said.is_empty());
                    match (said, analysis.results_count) {
                        (Some(said), _) => Some(shown(said)),
                        (None, Some(count)) if count != run.results => {
                            Some(format!("GitHub has {count} of {} results", run.results))
                        }
                        (None, None) => Some("GitHub does not say how many results it has".to_owned()),
                        (None, Some(_)) => None,
                    }
                }
            };
            let sent = match &fault {
                None => Sent::Arrived,
                Some(_) if is_complete || analyses.is_none() || analysis.is_some() => Sent::Perhaps,
                Some(_) => Sent::Refused,
            };
            delivery.categories.insert(run.category.clone(), sent);
            wrong.extend(fault.filter(|_| is_complete).map(|fault| format!("run {:?}: {fault}", run.id)));
        }
        if !wrong.is_empty() {
            let more = wrong.len().saturating_sub(3);
            let mut text = wrong.into_iter().take(3).collect::<Vec<_>>().join("; ");
            if more > 0 {
                text.push_str(&format!("; and {more} more"));
            }
            delivery.errors.push(format!("{name}: not all of it arrived: {text}; upload it again"));
            delivery.ending = delivery.ending.max(Ending::Refused);
        } else if is_complete {
            let (results, runs) = (file.results(), file.runs().len());
            self.api.host.say(&format!("{name}: uploaded, {results} results in {runs} runs, all of them arrived"));
        }
    }

    fn fail(&self, delivery: &mut Delivery, file: Option<&SarifFile>, error: &CallError) {
        let what = file.map_or(self.target.repository.as_str(), SarifFile::name);
        let (ending, sent, line) = match error {
            // A gateway that gives up says nothing of what is behind it.
            CallError::Refused { status: 500.., .. } => {
                (Ending::Unknown, Sent::Perhaps, format!("{what}: GitHub has a fault ({error}); try again later"))
            }
            CallError::Refused { status, said } => (
                Ending::Refused,
                Sent::Refused,
                format!("{what}: GitHub refused it ({error}); {}", answer::cure(*status, said)),
            ),
            CallError::Lost(said) => (
                Ending::Unknown,
                Sent::Perhaps,
                format!("{what}: GitHub cannot be reached at {}: {said}; try again later", self.target.api),
            ),
            CallError::Stopped => (Ending::Stopped, Sent::Perhaps, format!("{what}: interrupted")),
        };
        delivery.errors.push(line);
        delivery.ending = delivery.ending.max(ending);
        for run in file.into_iter().flat_map(SarifFile::runs) {
            delivery.categories.insert(run.category.clone(), sent);
        }
    }
}

/// What stands in an address as it is.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// A name as a part of an address.
fn segment(name: &str) -> impl std::fmt::Display {
    utf8_percent_encode(name, RESERVED)
}

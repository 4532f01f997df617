//! What a state knows of uploads: of what arrived, what was written; of the rest, what it knew before.
//!
//! The file of a delivery has both, and beside them what became of each category, so that an upload that GitHub refuses,
//! today or three nights in a row, forgets nothing that is still open there, and one that is repeated, or sends one file
//! after the other, makes up for it. The next delivery settles which holds ([`File::settled`]).
//!
//! As long as no upload of this program brought the file up to date, something else uploads, and all counts as arrived.
//! From then on, what no upload speaks of may have arrived or not.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Delivery, File, Known, Memory, VERSION};
use crate::category;

/// What became of a category that was written. Of several uploads, the least counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Sent {
    /// GitHub has all of it.
    Arrived,
    /// It is not known whether GitHub has it.
    Perhaps,
    /// GitHub has not taken it.
    Refused,
}

/// What uploads made known since the delivery was written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Uploads {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    target: Option<UploadTarget>,
    /// By the names of categories and their parts, without the slash at their end.
    #[serde(default)]
    pub(super) categories: BTreeMap<String, Sent>,
}

/// Where alerts are. What is known of one place says nothing of another.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UploadTarget {
    /// The repository, by its address in the API.
    pub repository: String,
    /// A whole ref, such as `refs/heads/main`.
    #[serde(rename = "ref")]
    pub reference: String,
}

/// The file of `--sarif-state`, as an upload sees it.
#[derive(Debug)]
pub struct UploadState(File);

impl UploadState {
    /// Reads the file that a delivery wrote.
    ///
    /// # Errors
    /// When it is no file that this version wrote.
    pub fn new(bytes: &[u8]) -> Result<UploadState, String> {
        let wrong = |error: serde_json::Error| format!("not a file that --sarif-state wrote: {error}");
        let file: File = serde_json::from_slice(bytes).map_err(wrong)?;
        match file.version {
            VERSION => Ok(UploadState(file)),
            _ => Err("written by another version of this program".to_owned()),
        }
    }

    /// Where the alerts are that it knows, as far as uploads told.
    pub fn target(&self) -> Option<&UploadTarget> {
        self.0.uploads.as_ref()?.target.as_ref()
    }

    /// Whether the delivery could hold this category back, since alerts with its prefix were known before, and an upload was
    /// recorded if this program uploads. Of those that nothing was known of, a report that is not whole closes alerts.
    pub fn guards(&self, category: &str) -> bool {
        let before = self.0.before.as_ref().map_or(&self.0.categories, |before| &before.categories);
        let is_of = |prefix: &&String| {
            let rest = category.strip_prefix(prefix.as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        // A prefix may begin another: team, and team/prod.
        let Some(prefix) = self.0.deliveries.keys().filter(is_of).max_by_key(|prefix| prefix.len()) else {
            return false;
        };
        let has_uploaded = self.0.uploads.as_ref().is_none_or(|uploads| uploads.target.is_some());
        has_uploaded && before.values().any(|known| known.prefix == *prefix)
    }

    /// Takes in what became of categories, by their names without the slash at the end. Of those that are not there,
    /// nothing new is known.
    pub fn record(&mut self, target: Option<UploadTarget>, sent: &BTreeMap<String, Sent>) {
        let uploads = self.0.uploads.get_or_insert_default();
        uploads.target = target.or(uploads.target.take());
        for (name, sent) in sent {
            let known = uploads.categories.entry(name.clone()).or_insert(*sent);
            *known = (*known).min(*sent);
        }
        let all_arrived = self.0.before.as_ref().is_some_and(|before| self.0.all_arrived(before));
        if all_arrived {
            self.0.before = None;
            self.0.uploads.get_or_insert_default().categories.clear();
        }
    }

    /// The file.
    ///
    /// # Errors
    /// When it cannot be written as JSON.
    pub fn to_json(&self) -> Result<Vec<u8>, String> {
        let mut json = serde_json::to_vec_pretty(&self.0).map_err(|error| error.to_string())?;
        json.push(b'\n');
        Ok(json)
    }
}

impl File {
    /// Whether GitHub has all that is other than it was before.
    fn all_arrived(&self, before: &Memory) -> bool {
        let sent = |name: &str| self.uploads.as_ref()?.categories.get(name.trim_end_matches('/')).copied();
        let mut names = before.categories.keys().chain(self.categories.keys());
        names.all(|name| {
            let (old, new) = (before.categories.get(name), self.categories.get(name));
            let mut parts = [old, new].into_iter().flatten().flat_map(|known| known.names(name));
            old == new || parts.all(|part| sent(&part) == Some(Sent::Arrived))
        })
    }

    /// What GitHub has, as far as it is known.
    pub(super) fn settled(&self) -> Memory {
        let mut settled = Memory { deliveries: self.deliveries.clone(), categories: self.categories.clone() };
        let (Some(before), Some(uploads)) = (&self.before, &self.uploads) else { return settled };
        let sent = |name: &str| uploads.categories.get(name.trim_end_matches('/')).copied().unwrap_or(Sent::Perhaps);
        let names: BTreeSet<&String> = before.categories.keys().chain(self.categories.keys()).collect();
        let mut arrived: BTreeSet<&str> = BTreeSet::new();
        for name in names {
            let (old, new) = (before.categories.get(name), self.categories.get(name));
            for known in [old, new].into_iter().flatten() {
                if known.names(name).any(|part| sent(&part) != Sent::Refused) {
                    arrived.insert(&known.prefix);
                }
            }
            match merged(name, old, new, &sent, &self.deliveries) {
                Some(known) => drop(settled.categories.insert(name.clone(), known)),
                None => drop(settled.categories.remove(name)),
            }
        }
        // Of a delivery of which nothing arrived, nothing is known.
        let of_before = |prefix: &str| before.deliveries.get(prefix);
        settled.deliveries.retain(|prefix, _| arrived.contains(prefix.as_str()) || of_before(prefix).is_some());
        for (prefix, delivery) in &before.deliveries {
            if !arrived.contains(prefix.as_str()) {
                settled.deliveries.insert(prefix.clone(), delivery.clone());
            }
        }
        settled
    }
}

/// What is known of a category after uploads.
fn merged(
    name: &str,
    old: Option<&Known>,
    new: Option<&Known>,
    sent: &dyn Fn(&str) -> Sent,
    deliveries: &BTreeMap<String, Delivery>,
) -> Option<Known> {
    if old == new {
        return new.cloned();
    }
    let bits: BTreeSet<&String> = [old, new].into_iter().flatten().flat_map(|known| known.times_empty.keys()).collect();
    let mut times_empty = BTreeMap::new();
    let mut has_arrived = true;
    let mut is_refused = true;
    for bits in bits {
        let [old, new] = [old, new].map(|known| known.and_then(|known| known.times_empty.get(bits)).copied());
        let times = match sent(&category::part(name, bits)) {
            Sent::Arrived => new,
            // The fewer, the longer it is remembered: with alerts, if it may have some.
            Sent::Perhaps => [old, new].into_iter().flatten().min(),
            Sent::Refused => old,
        };
        has_arrived &= sent(&category::part(name, bits)) == Sent::Arrived;
        is_refused &= sent(&category::part(name, bits)) == Sent::Refused;
        times_empty.extend(times.map(|times| (bits.clone(), times)));
    }
    if times_empty.is_empty() {
        return None;
    }
    let known = match (old, new) {
        (_, Some(new)) if has_arrived => new.clone(),
        (Some(old), Some(_)) if is_refused => old.clone(),
        (Some(old), Some(new)) => Known {
            inputs: inputs(old, new, deliveries.get(&new.prefix)),
            // As many as it may have.
            alerts: old.alerts.clone().zip(new.alerts.clone()).map(|(mut alerts, new)| {
                for (place, count) in new {
                    let known = alerts.entry(place).or_default();
                    *known = count.max(*known);
                }
                alerts
            }),
            ..old.clone()
        },
        (old, new) => old.or(new)?.clone(),
    };
    Some(Known { times_empty, ..known })
}

/// The inputs that covered a category which may have arrived: those that it was written with, and those before that nothing
/// came in place of.
fn inputs(old: &Known, new: &Known, delivery: Option<&Delivery>) -> Option<Vec<String>> {
    let (old, mut all) = (old.inputs.as_ref()?, new.inputs.clone()?);
    let is_replaced = |name: &String| delivery.is_some_and(|delivery| delivery.replaced.names.contains(name));
    let others: Vec<String> = old.iter().filter(|name| !all.contains(name) && !is_replaced(name)).cloned().collect();
    all.extend(others);
    all.sort_unstable();
    Some(all)
}

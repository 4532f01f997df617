//! What is remembered from one delivery to the next.
//!
//! GitHub closes alerts when their category is uploaded without them, and keeps those of a category that is not uploaded
//! any more open for ever. So a category that has become empty must be written once more, without results; but only where
//! the run covers it, which is judged by what is remembered here ([`coverage`](crate::coverage)).
//!
//! The file, in version 2:
//!
//! ```json
//! {
//!   "sarifCategories": 2,
//!   "deliveries": {
//!     "amazon-inspector": { "filters": ["--severity critical,high"], "profile": "github", "onlyMapped": false }
//!   },
//!   "categories": {
//!     "amazon-inspector/012345678901/us-east-1/ec2-instance/": {
//!       "account": "012345678901",
//!       "region": "us-east-1",
//!       "alerts": 12,
//!       "timesEmpty": 0,
//!       "inputs": ["findings.csv"]
//!     }
//!   },
//!   "sharedOut": ["0123456789abcdef"]
//! }
//! ```
//!
//! | name | holds |
//! | --- | --- |
//! | `deliveries` | by the prefix of its categories, what decides which findings a delivery has: filters as options, profile, whether only what is mapped; `replaced`, the inputs in whose place others came, where categories that are held back still have them |
//! | `categories` | by its name, parts apart: the account and the Region; how many alerts it was last written with; how many times it was written empty, one after the other; the inputs that named the account and Region, without folders |
//! | `sharedOut` | resources whose findings were shared out among parts, by a hash in hexadecimal digits |
//!
//! What is not known is left out. A file of version 1 has categories as numbers, that of the times that each was written
//! empty, and nothing of deliveries.

use std::{
    collections::{BTreeMap, BTreeSet},
    io,
    path::Path,
};

use inspector_report_format::{ConvertError, FileSystem};
use inspector_report_model::Place;
use serde::{Deserialize, Serialize};

use crate::{category, options::Profile};

mod next;

/// How many times a category is written empty before it is forgotten: an upload can fail, and the next one makes up
/// for it.
const TIMES: u32 = 3;

const VERSION: u32 = 2;

/// What every version of the file has.
#[derive(Debug, Deserialize)]
struct Version {
    #[serde(rename = "sarifCategories")]
    version: u32,
}

/// The file of version 1.
#[derive(Debug, Deserialize)]
struct First {
    categories: BTreeMap<String, u32>,
    #[serde(default, rename = "sharedOut")]
    shared_out: BTreeSet<String>,
}

/// The file.
#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct File {
    #[serde(rename = "sarifCategories")]
    version: u32,
    #[serde(default)]
    deliveries: BTreeMap<String, Delivery>,
    categories: BTreeMap<String, Known>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    shared_out: BTreeSet<String>,
}

/// What decides which findings a delivery has.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Delivery {
    /// The filters, as options.
    pub(crate) filters: Vec<String>,
    pub(crate) profile: Profile,
    pub(crate) only_mapped: bool,
    /// The names of inputs in whose place others came, as far as categories that were held back still have them.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub(crate) replaced: BTreeSet<String>,
}

/// What is known of a category, or of a part of one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct Known {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    account: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    region: Option<String>,
    /// How many alerts it was last written with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    alerts: Option<u64>,
    /// How many times it was written empty, one after the other.
    #[serde(default)]
    times_empty: u32,
    /// The inputs that covered it, one as often as there were of its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    inputs: Option<Vec<String>>,
}

impl Known {
    fn new(place: Option<&Place>, alerts: u64, times_empty: u32, inputs: Vec<String>) -> Known {
        Known {
            account: place.map(|place| place.account.to_string()),
            region: place.map(|place| place.region.to_string()),
            alerts: Some(alerts),
            times_empty,
            inputs: Some(inputs),
        }
    }
}

/// What is known of a category with all of its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Former {
    pub(crate) place: Option<Place>,
    /// How many alerts it has, if that is known.
    pub(crate) alerts: Option<u64>,
    /// The inputs that covered it, if they are known.
    pub(crate) inputs: Option<Vec<String>>,
}

impl Former {
    fn new(known: &Known, name: &str, prefix: &str) -> Former {
        let place = match (&known.account, &known.region) {
            (Some(account), Some(region)) => {
                Some(Place { account: account.as_str().into(), region: region.as_str().into() })
            }
            _ => category::place(name, prefix),
        };
        Former { place, alerts: known.alerts, inputs: known.inputs.clone() }
    }

    /// Takes another part of the same category in.
    fn add(&mut self, other: Former) {
        self.place = self.place.take().or(other.place);
        self.alerts = self.alerts.zip(other.alerts).map(|(one, two)| one + two);
        self.inputs = self.inputs.take().zip(other.inputs).map(|(one, two)| union(one, two));
    }

    /// Whether it may have alerts.
    pub(crate) fn has_alerts(&self) -> bool {
        self.alerts != Some(0)
    }
}

/// The names of both, each as often as that has it which has it more often.
fn union(mut one: Vec<String>, two: Vec<String>) -> Vec<String> {
    let mut rest = one.clone();
    for name in two {
        match rest.iter().position(|other| *other == name) {
            Some(place) => drop(rest.swap_remove(place)),
            None => one.push(name),
        }
    }
    one.sort_unstable();
    one
}

/// The deliveries before this one.
#[derive(Debug, Default)]
pub(crate) struct State {
    categories: BTreeMap<String, Known>,
    deliveries: BTreeMap<String, Delivery>,
    /// Categories that were in parts.
    split: BTreeSet<String>,
    shared_out: BTreeSet<u64>,
}

impl State {
    /// Reads the file; there is none the first time.
    pub(crate) fn read(path: &Path, files: &dyn FileSystem) -> Result<State, ConvertError> {
        let bytes = match files.read(path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(State::default()),
            Err(error) => return Err(io::Error::new(error.kind(), format!("{}: {error}", path.display())).into()),
        };
        let wrong = |what: &str| {
            let help = "restore it from before, or remove it, and the guard with it: alerts of what vanished since then \
                        stay open, and nothing is held back in the next run";
            ConvertError::Stopped(format!("{}: {what}; {help}", path.display()))
        };
        let none = |_| wrong("not a file that --sarif-state wrote");
        let Version { version } = serde_json::from_slice(&bytes).map_err(none)?;
        let (categories, deliveries, shared_out) = match version {
            1 => {
                let First { categories, shared_out } = serde_json::from_slice(&bytes).map_err(none)?;
                // A category that was written empty had no alerts.
                let known =
                    |times: u32| Known { alerts: (times > 0).then_some(0), times_empty: times, ..Known::default() };
                let categories = categories.into_iter().map(|(name, times)| (name, known(times))).collect();
                (categories, BTreeMap::new(), shared_out)
            }
            VERSION => {
                let file: File = serde_json::from_slice(&bytes).map_err(none)?;
                (file.categories, file.deliveries, file.shared_out)
            }
            _ => return Err(wrong("written by another version of this program")),
        };
        let split = categories.keys().flat_map(|name| category::wholes(name)).collect();
        let shared_out = shared_out.iter().filter_map(|hash| u64::from_str_radix(hash, 16).ok()).collect();
        Ok(State { categories, deliveries, split, shared_out })
    }

    /// Whether this category, or part of one, was in parts: it stays so, or all of its alerts would move.
    pub(crate) fn was_split(&self, category: &str) -> bool {
        self.split.contains(category)
    }

    /// Whether the findings of a resource were shared out among parts: they stay so.
    pub(crate) fn was_shared_out(&self, resource: u64) -> bool {
        self.shared_out.contains(&resource)
    }

    /// Whether those of any resource were.
    pub(crate) fn has_shared_out(&self) -> bool {
        !self.shared_out.is_empty()
    }

    /// What the last delivery with this prefix was made of.
    pub(crate) fn delivery(&self, prefix: &str) -> Option<&Delivery> {
        self.deliveries.get(prefix)
    }

    /// The categories with this prefix, each with its parts as one.
    pub(crate) fn formers(&self, prefix: &str) -> BTreeMap<&str, Former> {
        let mut formers: BTreeMap<&str, Former> = BTreeMap::new();
        for (name, known) in self.of(prefix).filter(|(name, _)| **name != category::nothing(prefix)) {
            let former = Former::new(known, name, prefix);
            match formers.get_mut(category::base(name)) {
                Some(other) => other.add(former),
                None => drop(formers.insert(category::base(name), former)),
            }
        }
        formers
    }

    /// The names of all inputs that covered categories with this prefix, but for those in whose place others came.
    pub(crate) fn inputs(&self, prefix: &str) -> BTreeSet<&str> {
        let is_replaced = |name: &&String| self.delivery(prefix).is_some_and(|last| last.replaced.contains(*name));
        let all = self.of(prefix).flat_map(|(_, known)| known.inputs.iter().flatten());
        all.filter(|name| !is_replaced(name)).map(String::as_str).collect()
    }

    fn of(&self, prefix: &str) -> impl Iterator<Item = (&String, &Known)> {
        self.categories.iter().filter(move |(name, _)| category::has_prefix(name, prefix))
    }

    /// The categories with this prefix, and parts of such, that were written before and are not now.
    pub(crate) fn vanished(&self, prefix: &str, written: &BTreeSet<&str>) -> Vec<&str> {
        let names = self.of(prefix).map(|(name, _)| name.as_str());
        names.filter(|name| !written.contains(name) && *name != category::nothing(prefix)).collect()
    }
}

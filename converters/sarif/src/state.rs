//! What is remembered from one delivery to the next.
//!
//! GitHub closes alerts when their category is uploaded without them, and keeps those of a category that is not uploaded
//! any more open for ever. So a category that has become empty must be written once more, without results; but only where
//! the run covers it, which is judged by what is remembered here ([`coverage`](crate::coverage)).
//!
//! The file, in version 3:
//!
//! ```json
//! {
//!   "sarifCategories": 3,
//!   "deliveries": {
//!     "amazon-inspector": {
//!       "categoryBy": "region",
//!       "filters": ["--severity critical,high"],
//!       "profile": "github",
//!       "onlyMapped": false
//!     }
//!   },
//!   "categories": {
//!     "amazon-inspector/us-east-1/": {
//!       "prefix": "amazon-inspector",
//!       "region": "us-east-1",
//!       "alerts": { "012345678901/us-east-1": 12 },
//!       "inputs": ["findings.csv"],
//!       "timesEmpty": { "": 1, "0": 0, "1": 0 }
//!     }
//!   },
//!   "sharedOut": ["0123456789abcdef"]
//! }
//! ```
//!
//! | name | holds |
//! | --- | --- |
//! | `deliveries` | by the prefix of its categories, what decides which findings a delivery has: what a category stands for, filters as options, profile, whether only what is mapped; `replaced` and `replacing`, the inputs in whose place others came, and these, as long as a category has one of the former |
//! | `categories` | by its name without parts: its prefix; the account and the Region, where it is of one; how many alerts it was last written with of each account and Region; the inputs that covered it, without folders, one as often as there were of its name; by the bits of each part, none for the whole, how many times it was written empty, one after the other |
//! | `before` | `deliveries` and `categories` as they were before, as far as they were others: module [`upload`] |
//! | `uploads` | what `upload` made known of these since then: `target`, the repository and the ref; by category and part, whether it arrived |
//! | `sharedOut` | rules and resources whose findings were shared out among parts, by a hash in hexadecimal digits |
//!
//! What is not known is left out. Files of earlier versions are taken over: module [`earlier`].

use std::{
    collections::{BTreeMap, BTreeSet},
    io,
    path::Path,
};

use inspector_report_format::{ConvertError, FileSystem};
use inspector_report_model::Place;
use serde::{Deserialize, Serialize};

use crate::{
    category::{self, CategoryBy, Scope},
    coverage::Replaced,
    options::Profile,
    uri,
};

mod earlier;
mod next;
mod upload;

use upload::Uploads;

pub use upload::{Sent, UploadState, UploadTarget};

/// How many times a category is written empty before it is forgotten: an upload can fail, and the next one makes up
/// for it.
const TIMES: u32 = 3;

const VERSION: u32 = 3;

/// What every version of the file has.
#[derive(Debug, Deserialize)]
struct Version {
    #[serde(rename = "sarifCategories")]
    version: u32,
}

/// The file.
#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct File {
    #[serde(rename = "sarifCategories")]
    version: u32,
    #[serde(default)]
    deliveries: BTreeMap<String, Delivery>,
    categories: BTreeMap<String, Known>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    shared_out: BTreeSet<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    before: Option<Memory>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    uploads: Option<Uploads>,
}

/// What is known of deliveries and their categories.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct Memory {
    #[serde(default)]
    deliveries: BTreeMap<String, Delivery>,
    #[serde(default)]
    categories: BTreeMap<String, Known>,
}

/// What decides which findings a delivery has.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Delivery {
    /// What its categories stand for.
    #[serde(default = "earlier::category_by")]
    pub(crate) category_by: CategoryBy,
    /// The filters, as options.
    pub(crate) filters: Vec<String>,
    pub(crate) profile: Profile,
    pub(crate) only_mapped: bool,
    #[serde(flatten)]
    pub(crate) replaced: Replaced,
}

/// What is known of a category, with all of its parts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Known {
    /// What its name begins with.
    prefix: String,
    /// What it covers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    account: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    region: Option<String>,
    /// How many alerts it was last written with, by account and Region ([`place_name`]).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    alerts: Option<BTreeMap<String, u64>>,
    /// The inputs that covered it, one as often as there were of its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    inputs: Option<Vec<String>>,
    /// How many times each of its parts was written empty, one after the other.
    #[serde(default)]
    times_empty: BTreeMap<String, u32>,
}

impl Known {
    /// What it covers.
    pub(crate) fn scope(&self) -> Scope {
        let part = |part: &Option<String>| part.as_deref().map(Into::into);
        Scope { account: part(&self.account), region: part(&self.region) }
    }

    /// How many alerts it has, by account and Region ([`place_name`]), if that is known.
    pub(crate) fn alerts(&self) -> Option<&BTreeMap<String, u64>> {
        self.alerts.as_ref()
    }

    /// The inputs that covered it, if they are known.
    pub(crate) fn inputs(&self) -> Option<&[String]> {
        self.inputs.as_deref()
    }

    /// Whether it may have alerts.
    pub(crate) fn has_alerts(&self) -> bool {
        self.alerts.as_ref().is_none_or(|alerts| alerts.values().any(|count| *count > 0))
    }

    /// The names of all parts of a category of this name.
    fn names<'k>(&'k self, base: &'k str) -> impl Iterator<Item = String> + 'k {
        self.times_empty.keys().map(|bits| category::part(base, bits))
    }
}

/// An account and a Region as the file has them: `012345678901/us-east-1`.
pub(crate) fn place_name(place: &Place) -> String {
    let mut name = String::new();
    uri::push_segment(&mut name, &place.account);
    uri::push_segment(&mut name, &place.region);
    name
}

/// The deliveries before this one.
#[derive(Debug, Default)]
pub(crate) struct State {
    /// What GitHub has, as far as it is known.
    categories: BTreeMap<String, Known>,
    deliveries: BTreeMap<String, Delivery>,
    /// The file as it was: what it has of other prefixes stays as it is.
    file: File,
    /// Categories that were in parts, and parts that were.
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
        let file: File = match version {
            1 | 2 => earlier::read(&bytes, version).map_err(none)?,
            VERSION => serde_json::from_slice(&bytes).map_err(none)?,
            _ => return Err(wrong("written by another version of this program")),
        };
        let Memory { categories, deliveries } = file.settled();
        let names = categories.iter().flat_map(|(name, known)| known.names(name));
        let split = names.flat_map(|name| category::wholes(&name)).collect();
        let shared_out = file.shared_out.iter().filter_map(|hash| u64::from_str_radix(hash, 16).ok()).collect();
        Ok(State { categories, deliveries, file, split, shared_out })
    }

    /// Whether this category, or part of one, was in parts: it stays so, or its alerts would move.
    pub(crate) fn was_split(&self, category: &str) -> bool {
        self.split.contains(category)
    }

    /// Whether the findings of a rule or resource were shared out among parts: they stay so.
    pub(crate) fn was_shared_out(&self, hash: u64) -> bool {
        self.shared_out.contains(&hash)
    }

    /// Whether those of any rule or resource were.
    pub(crate) fn has_shared_out(&self) -> bool {
        !self.shared_out.is_empty()
    }

    /// What the last delivery with this prefix was made of.
    pub(crate) fn delivery(&self, prefix: &str) -> Option<&Delivery> {
        self.deliveries.get(prefix)
    }

    /// The categories with this prefix.
    pub(crate) fn of<'s, 'p>(&'s self, prefix: &'p str) -> impl Iterator<Item = (&'s str, &'s Known)> + use<'s, 'p> {
        let ours = self.categories.iter().filter(move |(_, known)| known.prefix == prefix);
        ours.map(|(name, known)| (name.as_str(), known))
    }

    /// The names of all inputs that covered categories with this prefix, but for those in whose place others came.
    pub(crate) fn inputs(&self, prefix: &str) -> BTreeSet<&str> {
        let is_replaced =
            |name: &&String| self.delivery(prefix).is_some_and(|last| last.replaced.names.contains(*name));
        let all = self.of(prefix).flat_map(|(_, known)| known.inputs.iter().flatten());
        all.filter(|name| !is_replaced(name)).map(String::as_str).collect()
    }

    /// The categories with this prefix, and parts of such, that were written before and are not now.
    pub(crate) fn vanished(&self, prefix: &str, written: &BTreeSet<String>) -> Vec<String> {
        let names = self.of(prefix).flat_map(|(name, known)| known.names(name));
        names.filter(|name| !written.contains(name)).collect()
    }
}

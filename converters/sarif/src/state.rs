//! What is remembered from one delivery to the next: the categories that were written.
//!
//! GitHub closes alerts when their category is uploaded without them, and keeps those of a category that is not uploaded
//! any more open for ever. So a category that has become empty must be written once more, without results.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::Path,
};

use inspector_report_core::{ConvertError, Outputs};
use serde::{Deserialize, Serialize};

use crate::plan::Runs;

/// How many times a category is written empty before it is forgotten: an upload can fail, and the next one makes up
/// for it.
const TIMES: u32 = 3;

const VERSION: u32 = 1;

/// The file.
#[derive(Debug, Deserialize, Serialize)]
struct File {
    #[serde(rename = "sarifCategories")]
    version: u32,
    /// Each category with how many times it was written empty, one after the other.
    categories: BTreeMap<String, u32>,
    /// Resources whose findings were shared out among parts, by a hash in hexadecimal digits.
    #[serde(default, rename = "sharedOut", skip_serializing_if = "BTreeSet::is_empty")]
    shared_out: BTreeSet<String>,
}

/// The categories of earlier deliveries.
#[derive(Debug, Default)]
pub(crate) struct State {
    categories: BTreeMap<String, u32>,
    /// Categories that were in parts.
    split: BTreeSet<String>,
    shared_out: BTreeSet<u64>,
}

impl State {
    /// Reads the file; there is none the first time.
    pub(crate) fn read(path: &Path) -> Result<State, ConvertError> {
        let bytes = match fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(State::default()),
            Err(error) => return Err(io::Error::new(error.kind(), format!("{}: {error}", path.display())).into()),
        };
        let wrong = |what: &str| {
            let help = "name another file, or remove this one; categories that have become empty are then not known";
            ConvertError::Format(format!("{}: {what}; {help}", path.display()))
        };
        let file: File = serde_json::from_slice(&bytes).map_err(|_| wrong("not a file that --sarif-state wrote"))?;
        if file.version != VERSION {
            return Err(wrong("written by another version of this program"));
        }
        let split = file.categories.keys().flat_map(|name| crate::category::wholes(name)).collect();
        let shared_out = file.shared_out.iter().filter_map(|hash| u64::from_str_radix(hash, 16).ok()).collect();
        Ok(State { categories: file.categories, split, shared_out })
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

    /// The categories with this prefix that were written before and are not now.
    pub(crate) fn vanished<'s>(
        &'s self,
        prefix: &'s str,
        written: &'s BTreeSet<String>,
    ) -> impl Iterator<Item = &'s str> {
        let is_ours = move |name: &&String| has_prefix(name, prefix);
        self.categories.keys().filter(is_ours).filter(|name| !written.contains(*name)).map(String::as_str)
    }

    /// Writes the file for the next time. What it has of other prefixes stays.
    pub(crate) fn write(
        &self,
        path: &Path,
        prefix: &str,
        runs: &Runs<'_, '_>,
        outputs: &mut dyn Outputs,
    ) -> Result<(), ConvertError> {
        let (filled, empty) = runs.categories();
        let others = self.categories.iter().filter(|(name, _)| !has_prefix(name, prefix));
        let mut categories: BTreeMap<String, u32> = others.map(|(name, times)| (name.clone(), *times)).collect();
        categories.extend(filled.iter().map(|name| (name.clone(), 0)));
        for name in empty {
            let times = self.categories.get(name).copied().unwrap_or(0) + 1;
            if times < TIMES {
                categories.insert(name.clone(), times);
            }
        }
        let mut out = outputs.create_at(path)?;
        let shared_out = runs.shared_out().union(&self.shared_out).map(|hash| format!("{hash:016x}")).collect();
        serde_json::to_writer_pretty(&mut out, &File { version: VERSION, categories, shared_out })
            .map_err(io::Error::from)?;
        out.write_all(b"\n")?;
        out.flush()?;
        Ok(())
    }
}

fn has_prefix(category: &str, prefix: &str) -> bool {
    category.strip_prefix(prefix).is_some_and(|rest| rest.starts_with('/'))
}

//! What a state knows after an upload: of what arrived, what was written; of the rest, what it knew before.
//!
//! The file of a delivery has both, so that an upload that GitHub refuses, today or three nights in a row, forgets nothing
//! that is still open there.

use std::collections::{BTreeMap, BTreeSet};

use super::{File, Known, VERSION};
use crate::category;

/// What became of a category that was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sent {
    /// GitHub has all of it.
    Arrived,
    /// It is not known whether GitHub has it.
    Perhaps,
    /// GitHub has not taken it.
    Refused,
}

/// The state after an upload, given that which the delivery wrote. `sent` has what became of each category, by its name
/// without the slash at its end; what is not there was not sent.
///
/// # Errors
/// When `state` is no file that this version wrote.
pub fn after_upload(state: &[u8], sent: &BTreeMap<String, Sent>) -> Result<Vec<u8>, String> {
    let wrong = |error: serde_json::Error| format!("not a file that --sarif-state wrote: {error}");
    let mut file: File = serde_json::from_slice(state).map_err(wrong)?;
    if file.version != VERSION {
        return Err("written by another version of this program".to_owned());
    }
    if let Some(before) = file.before.take() {
        let sent = |name: &str| sent.get(name.trim_end_matches('/')).copied().unwrap_or(Sent::Refused);
        let names: BTreeSet<String> = before.categories.keys().chain(file.categories.keys()).cloned().collect();
        let mut arrived: BTreeSet<String> = BTreeSet::new();
        for name in names {
            let (old, new) = (before.categories.get(&name), file.categories.get(&name));
            for known in [old, new].into_iter().flatten() {
                if known.names(&name).any(|part| sent(&part) != Sent::Refused) {
                    arrived.insert(known.prefix.clone());
                }
            }
            let after = merged(&name, old, new, &sent);
            match after {
                Some(known) => drop(file.categories.insert(name, known)),
                None => drop(file.categories.remove(&name)),
            }
        }
        // Of a delivery of which nothing arrived, nothing is known.
        file.deliveries.retain(|prefix, _| arrived.contains(prefix) || before.deliveries.contains_key(prefix));
        for (prefix, delivery) in before.deliveries.into_iter().filter(|(prefix, _)| !arrived.contains(prefix)) {
            file.deliveries.insert(prefix, delivery);
        }
    }
    let mut json = serde_json::to_vec_pretty(&file).map_err(wrong)?;
    json.push(b'\n');
    Ok(json)
}

/// What is known of a category after an upload.
fn merged(name: &str, old: Option<&Known>, new: Option<&Known>, sent: &dyn Fn(&str) -> Sent) -> Option<Known> {
    if old == new {
        return new.cloned();
    }
    let bits: BTreeSet<&String> = [old, new].into_iter().flatten().flat_map(|known| known.times_empty.keys()).collect();
    let mut times_empty = BTreeMap::new();
    let mut has_arrived = true;
    for bits in bits {
        let [old, new] = [old, new].map(|known| known.and_then(|known| known.times_empty.get(bits)).copied());
        let times = match sent(&category::part(name, bits)) {
            Sent::Arrived => new,
            // The fewer, the longer it is remembered: with alerts, if it may have some.
            Sent::Perhaps => [old, new].into_iter().flatten().min(),
            Sent::Refused => old,
        };
        has_arrived &= sent(&category::part(name, bits)) == Sent::Arrived;
        times_empty.extend(times.map(|times| (bits.clone(), times)));
    }
    if times_empty.is_empty() {
        return None;
    }
    let known = match (old, new) {
        (_, Some(new)) if has_arrived => new.clone(),
        (Some(old), Some(new)) => Known {
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

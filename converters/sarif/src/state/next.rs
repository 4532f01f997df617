//! What is remembered for the next delivery.

use std::{
    collections::{BTreeMap, BTreeSet},
    io,
    path::Path,
};

use inspector_report_format::{ConvertError, Outputs};

use super::{Delivery, File, Known, Memory, State, TIMES, Uploads, VERSION, place_name};
use crate::{
    category::{self, CategoryBy},
    plan::Runs,
};

impl State {
    /// Writes the file for the next time. What it has of other prefixes stays, and what is held back.
    pub(crate) fn write(
        &self,
        path: &Path,
        mut delivery: Delivery,
        runs: &Runs<'_, '_>,
        outputs: &mut dyn Outputs,
    ) -> Result<(), ConvertError> {
        let (guard, prefix) = (runs.guard(), runs.prefix());
        let held = self.categories.iter().filter(|(name, known)| known.prefix == prefix && guard.is_held(name));
        let held: Vec<(String, Known)> = held.map(|(name, known)| (name.clone(), known.clone())).collect();
        let Others { memory: Memory { mut deliveries, mut categories }, mut before, uploads } = self.others(prefix);
        categories.extend(held);
        // What is divided is written empty each time that its parts are.
        let divided: BTreeSet<String> = runs.categories().keys().flat_map(|name| category::wholes(name)).collect();
        for (name, alerts) in runs.categories().iter().filter(|(name, _)| !divided.contains(*name)) {
            let (base, bits) = (category::base(name), category::bits(name));
            let before = self.categories.get(base).and_then(|known| known.times_empty.get(bits));
            let times = if *alerts > 0 { 0 } else { before.map_or(0, |times| *times) + 1 };
            let names_nothing = base == category::report(prefix) && delivery.category_by != CategoryBy::REPORT;
            if times >= TIMES || (names_nothing && before.is_none()) {
                continue;
            }
            let known = categories.entry(base.to_owned()).or_insert_with(|| {
                let scope = guard.scope(base);
                let alerts = guard.alerts(base).filter(|(_, count)| **count > 0);
                Known {
                    prefix: prefix.to_owned(),
                    account: scope.account.as_deref().map(str::to_owned),
                    region: scope.region.as_deref().map(str::to_owned),
                    alerts: Some(alerts.map(|(place, count)| (place_name(place), *count)).collect()),
                    inputs: Some(guard.inputs(&scope)),
                    times_empty: BTreeMap::new(),
                }
            });
            known.times_empty.insert(bits.to_owned(), times);
        }
        let known = self.of(prefix).map(|(name, known)| (name.to_owned(), known.clone()));
        before.categories.extend(known);
        before.deliveries.extend(self.delivery(prefix).map(|delivery| (prefix.to_owned(), delivery.clone())));
        delivery.replaced = guard.replaced();
        // What an upload does not bring to GitHub still is of the inputs that it was of.
        let ours = categories.values().chain(before.categories.values()).filter(|known| known.prefix == prefix);
        let names: BTreeSet<&String> = ours.flat_map(|known| known.inputs.iter().flatten()).collect();
        delivery.replaced.names.retain(|name| names.contains(name));
        if delivery.replaced.names.is_empty() {
            delivery.replaced.by.clear();
        }
        deliveries.insert(prefix.to_owned(), delivery);
        let shared_out = runs.shared_out().union(&self.shared_out).map(|hash| format!("{hash:016x}")).collect();
        let before = Some(before).filter(|before| before.deliveries != deliveries || before.categories != categories);
        let file = File { version: VERSION, deliveries, categories, shared_out, before, uploads };
        let mut out = outputs.create_at(path)?;
        serde_json::to_writer_pretty(&mut out, &file).map_err(io::Error::from)?;
        out.write_all(b"\n")?;
        out.flush()?;
        Ok(())
    }

    /// What the file has of other prefixes, as it has it: what uploads will still tell of these is not lost.
    fn others(&self, prefix: &str) -> Others {
        let File { deliveries, categories, before, uploads, .. } = &self.file;
        let of = |deliveries: &BTreeMap<String, Delivery>, categories: &BTreeMap<String, Known>| {
            let mut memory = Memory { deliveries: deliveries.clone(), categories: categories.clone() };
            memory.deliveries.remove(prefix);
            memory.categories.retain(|_, known| known.prefix != prefix);
            memory
        };
        let memory = of(deliveries, categories);
        let before =
            before.as_ref().map_or_else(|| memory.clone(), |before| of(&before.deliveries, &before.categories));
        let known = memory.categories.iter().chain(&before.categories);
        let names: BTreeSet<String> = known.flat_map(|(name, known)| known.names(name)).collect();
        let names: BTreeSet<&str> = names.iter().map(|name| name.trim_end_matches('/')).collect();
        let mut uploads = uploads.clone();
        if let Some(uploads) = &mut uploads {
            uploads.categories.retain(|name, _| names.contains(name.as_str()));
        }
        Others { memory, before, uploads }
    }
}

/// What a file has of the prefixes that a delivery does not write.
struct Others {
    memory: Memory,
    before: Memory,
    uploads: Option<Uploads>,
}

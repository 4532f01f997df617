//! What is remembered for the next delivery.

use std::{
    collections::{BTreeMap, BTreeSet},
    io,
    path::Path,
};

use inspector_report_format::{ConvertError, Outputs};

use super::{Before, Delivery, File, Known, State, TIMES, VERSION, place_name};
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
        let stays = |name: &str, known: &Known| known.prefix != prefix || guard.is_held(name);
        let others = self.categories.iter().filter(|(name, known)| stays(name, known));
        let mut categories: BTreeMap<String, Known> =
            others.map(|(name, known)| (name.clone(), known.clone())).collect();
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
        delivery.replaced = guard.replaced(self.delivery(prefix));
        let ours = categories.values().filter(|known| known.prefix == prefix);
        let names: BTreeSet<&String> = ours.flat_map(|known| known.inputs.iter().flatten()).collect();
        delivery.replaced.retain(|name| names.contains(name));
        let mut deliveries = self.deliveries.clone();
        deliveries.insert(prefix.to_owned(), delivery);
        let shared_out = runs.shared_out().union(&self.shared_out).map(|hash| format!("{hash:016x}")).collect();
        let before = Before { deliveries: self.deliveries.clone(), categories: self.categories.clone() };
        let before = Some(before).filter(|before| before.deliveries != deliveries || before.categories != categories);
        let mut out = outputs.create_at(path)?;
        serde_json::to_writer_pretty(&mut out, &File { version: VERSION, deliveries, categories, shared_out, before })
            .map_err(io::Error::from)?;
        out.write_all(b"\n")?;
        out.flush()?;
        Ok(())
    }
}

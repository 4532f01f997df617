//! What is remembered for the next delivery.

use std::{
    collections::{BTreeMap, BTreeSet},
    io,
    path::Path,
};

use inspector_report_format::{ConvertError, Outputs};

use super::{Delivery, File, Known, State, TIMES, VERSION};
use crate::{category, plan::Runs};

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
        let stays = |name: &str| !category::has_prefix(name, prefix) || guard.is_held(category::base(name));
        let others = self.categories.iter().filter(|(name, _)| stays(name));
        let mut categories: BTreeMap<String, Known> =
            others.map(|(name, known)| (name.clone(), known.clone())).collect();
        // Version 1 has the place in the name alone.
        for (name, known) in categories.iter_mut().filter(|(_, known)| known.account.is_none()) {
            if let Some(place) = guard.place(category::base(name)) {
                (known.account, known.region) = (Some(place.account.to_string()), Some(place.region.to_string()));
            }
        }
        for (name, alerts) in runs.categories() {
            let before = self.categories.get(name).map_or(0, |known| known.times_empty);
            let times = if *alerts > 0 { 0 } else { before + 1 };
            if times < TIMES && *name != category::nothing(prefix) {
                let place = guard.place(category::base(name));
                categories.insert(name.clone(), Known::new(place, *alerts, times, guard.inputs(place)));
            }
        }
        delivery.replaced = guard.replaced(self.delivery(prefix));
        let ours = categories.iter().filter(|(name, _)| category::has_prefix(name, prefix));
        let names: BTreeSet<&String> = ours.flat_map(|(_, known)| known.inputs.iter().flatten()).collect();
        delivery.replaced.retain(|name| names.contains(name));
        let mut deliveries = self.deliveries.clone();
        deliveries.insert(prefix.to_owned(), delivery);
        let shared_out = runs.shared_out().union(&self.shared_out).map(|hash| format!("{hash:016x}")).collect();
        let mut out = outputs.create_at(path)?;
        serde_json::to_writer_pretty(&mut out, &File { version: VERSION, deliveries, categories, shared_out })
            .map_err(io::Error::from)?;
        out.write_all(b"\n")?;
        out.flush()?;
        Ok(())
    }
}

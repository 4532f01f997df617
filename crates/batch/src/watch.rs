//! Going on after all is done: what arrives in the folders is converted, `--watch`.
//!
//! The folders are looked through again and again, which works on every file system, shares on the network among them.

use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant, SystemTime},
};

use crate::{
    host::Host,
    inputs::{self, Input},
    pool::{Batch, Converted},
    request::Selection,
};

/// How long to wait between two looks.
const PAUSE: Duration = Duration::from_secs(2);

/// How large a file is, and when it was changed.
type Stamp = (u64, Option<SystemTime>);

/// Converts what arrives, until interrupted. `known` was converted already, and came to `all`; `end` is called with what
/// has come of all when something was done.
pub(crate) fn watch(
    batch: &Batch<'_>,
    selection: &Selection,
    known: Vec<Input>,
    mut all: Converted,
    end: impl Fn(&Converted),
) {
    let mut done: HashMap<PathBuf, Stamp> =
        known.iter().filter_map(|input| Some((input.path.clone(), stamp(&input.path)?))).collect();
    // Files are written bit by bit: one is taken when it has not changed from one look to the next.
    let mut seen: HashMap<PathBuf, Stamp> = HashMap::new();
    let host = batch.job.host();
    if !batch.job.verbosity.quiet {
        host.events.say("waiting for more; interrupt to end\n");
    }
    while pause(host) {
        let cache = batch.known.as_ref().map(|known| &known.cache);
        let found = inputs::find(selection, batch.job.output.as_deref(), cache);
        // What has arrived is read, now or later: no output of another may take its place.
        batch.job.writer.protect(inputs::protected(&found.inputs, std::iter::empty()));
        let mut ready = Vec::new();
        let mut now = HashMap::new();
        for input in found.inputs {
            let Some(stamp) = stamp(&input.path) else { continue };
            if done.get(&input.path) == Some(&stamp) {
                continue;
            }
            match seen.get(&input.path) == Some(&stamp) {
                true => ready.push((input, stamp)),
                false => drop(now.insert(input.path, stamp)),
            }
        }
        seen = now;
        if ready.is_empty() {
            continue;
        }
        let (inputs, stamps): (Vec<Input>, Vec<Stamp>) = ready.into_iter().unzip();
        all.add(batch.run(&inputs));
        end(&all);
        done.extend(inputs.into_iter().map(|input| input.path).zip(stamps));
    }
}

fn stamp(path: &Path) -> Option<Stamp> {
    let metadata = fs::metadata(path).ok()?;
    Some((metadata.len(), metadata.modified().ok()))
}

/// Waits; false when it is time to end.
fn pause(host: &Host) -> bool {
    let until = Instant::now() + PAUSE;
    while Instant::now() < until && !host.is_stopped() {
        thread::sleep(Duration::from_millis(50));
    }
    !host.is_stopped()
}

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

use super::{
    WATCH,
    args::Selection,
    batch::{Batch, Done},
    inputs::{self, Input},
};

/// How long to wait between two looks.
const PAUSE: Duration = Duration::from_secs(2);

/// How large a file is, and when it was changed.
type Stamp = (u64, Option<SystemTime>);

/// Converts what arrives, until interrupted. `known` was converted already, and came to `all`; `end` is called with what
/// has come of all when something was done.
pub(super) fn watch(batch: &Batch<'_>, selection: &Selection, known: Vec<Input>, mut all: Done, end: impl Fn(&Done)) {
    let mut done: HashMap<PathBuf, Stamp> =
        known.iter().filter_map(|input| Some((input.path.clone(), stamp(&input.path)?))).collect();
    // Files are written bit by bit: one is taken when it has not changed from one look to the next.
    let mut seen: HashMap<PathBuf, Stamp> = HashMap::new();
    if !batch.job.talk.quiet {
        eprintln!("waiting for more; interrupt to end");
    }
    while pause() {
        let manifest = batch.memo.as_ref().map(|memo| &memo.manifest);
        let found = inputs::find(selection, batch.job.output.as_deref(), manifest);
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
fn pause() -> bool {
    let until = Instant::now() + PAUSE;
    while Instant::now() < until && !WATCH.is_stopped() {
        thread::sleep(Duration::from_millis(50));
    }
    !WATCH.is_stopped()
}

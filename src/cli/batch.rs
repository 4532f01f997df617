//! Many inputs: at the same time as far as memory goes, those that were done before left out, and what is said and
//! recorded in the order of the inputs.

use std::{
    collections::{BTreeMap, HashSet},
    fs, io,
    path::Path,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread,
    time::SystemTime,
};

use rayon::prelude::*;

use super::{
    WATCH,
    inputs::Input,
    job::{Job, Outcome},
    manifest::{Entry, Key, Manifest, Past, hash_file},
    memory::{Memory, estimate},
    record::{Record, Status, add_counts},
    say::Alike,
};

/// How inputs are gone through.
pub(super) struct Batch<'a> {
    pub(super) job: &'a Job,
    pub(super) memory: Memory,
    pub(super) memo: Option<Memo>,
    pub(super) fail_fast: bool,
    /// Whether one input after the other is done: where a file is added to that all share.
    pub(super) in_order: bool,
}

/// What an output folder knows of earlier runs.
pub(super) struct Memo {
    pub(super) manifest: Manifest,
    /// The hash of the options of this run.
    pub(super) options: String,
    /// Whether what was done before is left out. If not, what is done is remembered all the same.
    pub(super) skips: bool,
}

/// What came of all inputs.
#[derive(Debug, Default)]
pub(super) struct Done {
    pub(super) records: Vec<Record>,
    /// How many findings each entry of the triage file matched.
    pub(super) accepted: Vec<u64>,
    /// What was said of inputs and may hold of several.
    pub(super) alike: Alike,
    /// Whether inputs with which all is well are told in the table at the end alone.
    folds: bool,
}

/// The most inputs of which each gets a line, though nothing is wrong with it.
const TOLD: usize = 20;

impl Batch<'_> {
    /// Goes through all inputs.
    ///
    /// All work is done in the one pool of threads. As many inputs are begun as it has threads, each by a thread that
    /// only waits: for memory, and for the pool. So a thread of the pool never waits for memory that another input holds.
    pub(super) fn run(&self, inputs: &[Input]) -> Done {
        self.job.next_pass();
        // First of all, so that nobody takes the names of outputs that are there and current.
        let known: Vec<Option<Past>> = match &self.memo {
            Some(memo) if memo.skips && !memo.manifest.is_empty() => {
                in_pool(|| inputs.par_iter().map(|input| memo.manifest.find(&memo.key(input).ok()?)).collect())
            }
            _ => inputs.iter().map(|_| None).collect(),
        };
        let known: Vec<Option<Outcome<'_>>> =
            inputs.iter().zip(known).map(|(input, past)| self.again(input, past?)).collect();
        let next = Mutex::new(inputs.iter().zip(known).enumerate());
        let has_failed = AtomicBool::new(false);
        let (tell, told) = mpsc::channel::<(usize, Outcome<'_>)>();
        let shown = self.job.progress.inputs(inputs.len());
        let mut done = Done { folds: inputs.len() > TOLD, ..Done::default() };
        let at_once = if self.in_order { 1 } else { rayon::current_num_threads() };
        thread::scope(|scope| {
            for _ in 0..at_once.min(inputs.len()) {
                let (next, has_failed, tell) = (&next, &has_failed, tell.clone());
                scope.spawn(move || {
                    loop {
                        // The lock must not be held while the input is converted.
                        let Some((number, (input, known))) = next.lock().unwrap_or_else(PoisonError::into_inner).next()
                        else {
                            break;
                        };
                        if WATCH.is_stopped() || has_failed.load(Ordering::Relaxed) {
                            break;
                        }
                        let outcome = known.unwrap_or_else(|| self.input(input));
                        let is_bad = |record: &Record| {
                            record.status != Status::NotAReport
                                && (record.status == Status::Failed || !record.errors.is_empty())
                        };
                        if self.fail_fast && outcome.records.iter().any(is_bad) {
                            has_failed.store(true, Ordering::Relaxed);
                        }
                        if tell.send((number, outcome)).is_err() {
                            break;
                        }
                    }
                });
            }
            drop(tell);
            let mut waiting = BTreeMap::new();
            let mut turn = 0;
            for (number, outcome) in told {
                waiting.insert(number, outcome);
                while let Some(outcome) = waiting.remove(&turn) {
                    turn += 1;
                    shown.next();
                    shown.aside(|| done.take(outcome));
                }
            }
            // Where a run was stopped, inputs before these are missing.
            waiting.into_values().for_each(|outcome| shown.aside(|| done.take(outcome)));
        });
        done
    }

    /// Converts an input.
    fn input(&self, input: &Input) -> Outcome<'_> {
        let stamp = stamp(&input.path);
        let mut outcome = Outcome::new(self.job.talk);
        // What cannot be hashed cannot be read either: the reader says why.
        outcome.remembered = self.memo.as_ref().and_then(|memo| Some((&memo.manifest, memo.key(input).ok()?)));
        let mut taken = self.memory.take(estimate(&input.path));
        in_pool(|| self.job.input(input, &mut taken, &mut outcome));
        drop(taken);
        // It may have grown meanwhile.
        outcome.is_lasting &= stamp == self::stamp(&input.path);
        self.remember(&input.path.display().to_string(), &mut outcome);
        outcome
    }

    /// What came of an input in an earlier run. Nothing that counts, where its outputs have names that another input has
    /// taken.
    fn again(&self, input: &Input, past: Past) -> Option<Outcome<'_>> {
        let mut outcome = Outcome::new(self.job.talk);
        let manifest = &self.memo.as_ref()?.manifest;
        for known in &past.entry.records {
            let inside = known.input.strip_prefix(&past.entry.named).unwrap_or_default();
            let path = |output: &String| manifest.absolute(output).display().to_string();
            let record = Record {
                input: format!("{}{inside}", input.path.display()),
                skipped: true,
                outputs: known.outputs.iter().map(path).collect(),
                seconds: 0.0,
                ..known.clone()
            }
            .judged(self.job.must_be_report(input));
            let bases = past.entry.bases.iter().filter(|base| {
                known.outputs.iter().any(|output| output.strip_prefix(*base).is_some_and(|rest| rest.starts_with('.')))
            });
            let is_free = |output: &String| self.job.claim_path(Path::new(output), &record.input);
            if !record.outputs.iter().all(is_free)
                || !bases.into_iter().all(|base| self.job.claim_base(&manifest.absolute(base), &record.input))
            {
                return None;
            }
            outcome.said.detail(format_args!("{}: unchanged since it was converted", record.input));
            outcome.records.push(record);
        }
        for output in &past.edited {
            let what = "was changed since it was written, and is left as it is; --force writes it again";
            outcome.said.warning_of(output.display(), what);
        }
        outcome.accepted.clone_from(&past.entry.accepted);
        Some(outcome)
    }

    /// Remembers what came of an input.
    pub(super) fn remember(&self, named: &str, outcome: &mut Outcome<'_>) {
        let Some((manifest, key)) = outcome.remembered.take() else { return };
        let entry = Entry {
            key,
            named: named.to_owned(),
            records: outcome.records.clone(),
            is_lasting: outcome.is_lasting,
            accepted: outcome.accepted.clone(),
            ..Entry::default()
        };
        if let Err(error) = manifest.remember(entry, &outcome.bases, &outcome.stamps) {
            outcome.said.warning(format_args!("{named}: will be converted again the next time: the manifest: {error}"));
        }
    }
}

impl Memo {
    /// What identifies the conversion of an input.
    pub(super) fn key(&self, input: &Input) -> io::Result<Key> {
        let name = input.below.join(input.path.file_name().unwrap_or_default());
        Ok(Key {
            input: name.display().to_string(),
            content: in_pool(|| hash_file(&input.path))?,
            options: self.options.clone(),
        })
    }
}

impl Done {
    /// Takes in what came of other inputs, or of some of these once more.
    pub(super) fn add(&mut self, other: Done) {
        let again: HashSet<&str> = other.records.iter().map(|record| record.input.as_str()).collect();
        self.records.retain(|record| !again.contains(record.input.as_str()));
        self.records.extend(other.records);
        add_counts(&mut self.accepted, &other.accepted);
        // What was said is said.
        self.alike = other.alike;
    }

    /// Says what is to be said of an input, and takes in what came of it.
    pub(super) fn take(&mut self, outcome: Outcome<'_>) {
        let folds = self.folds || outcome.said.well() > TOLD;
        outcome.said.print_among(&mut self.alike, folds);
        self.records.extend(outcome.records);
        add_counts(&mut self.accepted, &outcome.accepted);
    }
}

/// How large a file is, and when it was changed.
fn stamp(path: &Path) -> Option<(u64, SystemTime)> {
    let metadata = fs::metadata(path).ok()?;
    Some((metadata.len(), metadata.modified().ok()?))
}

/// Does something in the pool of threads, and waits for it.
fn in_pool<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    rayon::scope(|_| work())
}

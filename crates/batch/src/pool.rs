//! Many inputs: at the same time as far as memory goes, those that were done before left out, and what is said and
//! recorded in the order of the inputs.

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
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

use crate::{
    cache::{Cache, CachedConversion, Entry, Key, bases_of, hash},
    inputs::Input,
    job::{Job, Outcome},
    memory::{Memory, estimate},
    messages::Alike,
    record::{Record, Status, add_counts},
};

/// How inputs are gone through.
pub(crate) struct Batch<'a> {
    pub(crate) job: &'a Job,
    pub(crate) memory: Memory,
    pub(crate) known: Option<KnownOutputs>,
    pub(crate) fail_fast: bool,
    /// Whether one input after the other is done: where a file is added to that all share.
    pub(crate) in_order: bool,
}

/// What an output folder knows of earlier runs.
pub(crate) struct KnownOutputs {
    pub(crate) cache: Cache,
    /// The hash of the options of this run.
    pub(crate) options: String,
    /// Whether what was done before is left out. If not, what is done is remembered all the same.
    pub(crate) skips: bool,
}

/// What came of all inputs.
#[derive(Debug, Default)]
pub(crate) struct Converted {
    pub(crate) records: Vec<Record>,
    /// How many findings each entry of the triage file matched.
    pub(crate) accepted: Vec<u64>,
    /// What was said of inputs and may hold of several.
    pub(crate) alike: Alike,
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
    pub(crate) fn run(&self, inputs: &[Input]) -> Converted {
        self.job.writer.next_pass();
        // First of all, so that nobody takes the names of outputs that are there and current.
        let known: Vec<Option<CachedConversion>> = match &self.known {
            Some(known) if known.skips && !known.cache.is_empty() => {
                in_pool(|| inputs.par_iter().map(|input| known.cache.find(&known.key(input).ok()?)).collect())
            }
            _ => inputs.iter().map(|_| None).collect(),
        };
        let known: Vec<Option<Outcome<'_>>> =
            inputs.iter().zip(known).map(|(input, past)| self.again(input, past?)).collect();
        let next = Mutex::new(inputs.iter().zip(known).enumerate());
        let has_failed = AtomicBool::new(false);
        let (tell, told) = mpsc::channel::<(usize, Outcome<'_>)>();
        let events = &self.job.host().events;
        let shown = events.inputs(inputs.len());
        let mut done = Converted { folds: inputs.len() > TOLD, ..Converted::default() };
        let at_once = match rayon::current_thread_index() {
            // This thread is one of the pool, perhaps the only one: others would wait for it, and it for them.
            Some(_) => 0,
            None if self.in_order => 1,
            None => rayon::current_num_threads(),
        };
        let step = || {
            // The lock must not be held while the input is converted.
            let (number, (input, known)) = next.lock().unwrap_or_else(PoisonError::into_inner).next()?;
            if self.job.host().is_stopped() || has_failed.load(Ordering::Relaxed) {
                return None;
            }
            let outcome = known.unwrap_or_else(|| self.input(input));
            let is_bad = |record: &Record| {
                record.status != Status::NotAReport && (record.status == Status::Failed || !record.errors.is_empty())
            };
            if self.fail_fast && outcome.records.iter().any(is_bad) {
                has_failed.store(true, Ordering::Relaxed);
            }
            Some((number, outcome))
        };
        thread::scope(|scope| {
            let mut is_alone = true;
            for _ in 0..at_once.min(inputs.len()) {
                let (step, tell) = (&step, tell.clone());
                let work = move || {
                    while let Some(outcome) = step() {
                        if tell.send(outcome).is_err() {
                            break;
                        }
                    }
                };
                // Where the system has no thread left, those that there are do all; without any, this one.
                is_alone &= thread::Builder::new().spawn_scoped(scope, work).is_err();
            }
            drop(tell);
            let mut waiting = BTreeMap::new();
            let mut turn = 0;
            let own = std::iter::from_fn(|| if is_alone { step() } else { None });
            for (number, outcome) in told.into_iter().chain(own) {
                waiting.insert(number, outcome);
                while let Some(outcome) = waiting.remove(&turn) {
                    turn += 1;
                    events.input_done();
                    events.say(&done.take(outcome));
                }
            }
            // Where a run was stopped, inputs before these are missing.
            waiting.into_values().for_each(|outcome| events.say(&done.take(outcome)));
        });
        drop(shown);
        done
    }

    /// Converts an input.
    fn input(&self, input: &Input) -> Outcome<'_> {
        let stamp = stamp(&input.path);
        let mut outcome = Outcome::new(self.job.verbosity);
        // What cannot be hashed cannot be read either: the reader says why.
        outcome.remembered = self.known.as_ref().and_then(|known| Some((&known.cache, known.key(input).ok()?)));
        let mut taken = self.memory.take(estimate(&input.location()));
        in_pool(|| self.job.input(input, &mut taken, &mut outcome));
        drop(taken);
        // It may have grown meanwhile.
        outcome.is_lasting &= stamp == self::stamp(&input.path);
        remember(&input.path.display().to_string(), &mut outcome);
        outcome
    }

    /// What came of an input in an earlier run. Nothing that counts, where its outputs have names that another input has
    /// taken.
    fn again(&self, input: &Input, past: CachedConversion) -> Option<Outcome<'_>> {
        let mut outcome = Outcome::new(self.job.verbosity);
        let cache = &self.known.as_ref()?.cache;
        let bases: HashSet<&str> = past.entry.bases.iter().map(String::as_str).collect();
        for known in &past.entry.records {
            let inside = known.input.strip_prefix(&past.entry.named).unwrap_or_default();
            let path = |output: &String| cache.absolute(output).display().to_string();
            let record = Record {
                input: format!("{}{inside}", input.path.display()),
                skipped: true,
                outputs: known.outputs.iter().map(path).collect(),
                seconds: 0.0,
                ..known.clone()
            }
            .judged(self.job.must_be_report(input));
            let own: BTreeSet<&str> = known.outputs.iter().flat_map(|output| bases_of(output, &bases)).collect();
            let is_free = |output: &String| self.job.writer.claim_path(Path::new(output), &record.input);
            if !record.outputs.iter().all(is_free)
                || !own.into_iter().all(|base| self.job.writer.claim_base(&cache.absolute(base), &record.input))
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
}

/// Remembers what came of an input.
pub(crate) fn remember(named: &str, outcome: &mut Outcome<'_>) {
    let Some((cache, key)) = outcome.remembered.take() else { return };
    let entry = Entry {
        key,
        named: named.to_owned(),
        records: outcome.records.clone(),
        is_lasting: outcome.is_lasting,
        accepted: outcome.accepted.clone(),
        ..Entry::default()
    };
    if let Err(error) = cache.remember(entry, &outcome.bases, &outcome.stamps) {
        outcome.said.warning(format_args!("{named}: will be converted again the next time: the manifest: {error}"));
    }
}

impl KnownOutputs {
    /// What identifies the conversion of an input.
    pub(crate) fn key(&self, input: &Input) -> io::Result<Key> {
        let name = input.below.join(input.path.file_name().unwrap_or_default());
        Ok(Key {
            input: name.display().to_string(),
            content: in_pool(|| hash(input.location().open()?))?,
            options: self.options.clone(),
        })
    }
}

impl Converted {
    /// Takes in what came of other inputs, or of some of these once more.
    pub(crate) fn add(&mut self, other: Converted) {
        let again: HashSet<&str> = other.records.iter().map(|record| record.input.as_str()).collect();
        self.records.retain(|record| !again.contains(record.input.as_str()));
        self.records.extend(other.records);
        add_counts(&mut self.accepted, &other.accepted);
        // What was said is said.
        self.alike = other.alike;
    }

    /// Takes in what came of an input. Gives what is to be said of it now.
    pub(crate) fn take(&mut self, outcome: Outcome<'_>) -> String {
        let folds = self.folds || outcome.said.well() > TOLD;
        let said = outcome.said.into_text_among(&mut self.alike, folds);
        self.records.extend(outcome.records);
        add_counts(&mut self.accepted, &outcome.accepted);
        said
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

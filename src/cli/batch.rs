//! Many inputs: at the same time as far as memory goes, those that were done before left out, and what is said and
//! recorded in the order of the inputs.

use std::{
    collections::BTreeMap,
    fs,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread,
    time::SystemTime,
};

use super::{
    WATCH,
    inputs::Input,
    job::{Job, Outcome},
    manifest::{Entry, Key, Manifest, hash_file},
    memory::{Memory, estimate},
    record::{self, Record},
};

/// How inputs are gone through.
pub(super) struct Batch<'a> {
    pub(super) job: &'a Job,
    pub(super) memory: Memory,
    pub(super) past: Option<Past>,
    pub(super) fail_fast: bool,
}

/// What an output folder knows of earlier runs.
pub(super) struct Past {
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
}

impl Batch<'_> {
    /// Goes through all inputs.
    ///
    /// All work is done in the one pool of threads. As many inputs are begun as it has threads, each by a thread that
    /// only waits: for memory, and for the pool. So a thread of the pool never waits for memory that another input holds.
    pub(super) fn run(&self, inputs: &[Input]) -> Done {
        let next = Mutex::new(inputs.iter().enumerate());
        let has_failed = AtomicBool::new(false);
        let (tell, told) = mpsc::channel::<(usize, Outcome)>();
        let shown = self.job.progress.inputs(inputs.len());
        let mut done = Done::default();
        thread::scope(|scope| {
            for _ in 0..rayon::current_num_threads().min(inputs.len()) {
                let (next, has_failed, tell) = (&next, &has_failed, tell.clone());
                scope.spawn(move || {
                    loop {
                        // The lock must not be held while the input is converted.
                        let Some((number, input)) = next.lock().unwrap_or_else(PoisonError::into_inner).next() else {
                            break;
                        };
                        if WATCH.is_stopped() || has_failed.load(Ordering::Relaxed) {
                            break;
                        }
                        let outcome = self.input(input);
                        if self.fail_fast && record::has_failed(&outcome.records) {
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

    /// Converts an input, unless that was done before.
    fn input(&self, input: &Input) -> Outcome {
        // What cannot be hashed cannot be read either: the reader says why.
        let stamp = stamp(input);
        let key = self.past.as_ref().and_then(|past| past.key(input).ok());
        let known = self.past.as_ref().filter(|past| past.skips).zip(key.as_ref());
        if let Some(outcome) = known.and_then(|(past, key)| self.again(past, key, input)) {
            return outcome;
        }
        let mut taken = self.memory.take(estimate(&input.path));
        let mut outcome = in_pool(|| self.job.input(input, &mut taken));
        drop(taken);
        if let (Some(past), Some(key)) = (&self.past, key)
            && outcome.is_lasting
            // It may have grown meanwhile.
            && stamp == self::stamp(input)
        {
            past.remember(&key, &input.path.display().to_string(), &mut outcome);
        }
        outcome
    }

    /// Remembers whose the outputs of a report are that is not one input's, so that nothing is left out for their sake.
    pub(super) fn remember_outputs(&self, name: &str, outcome: &mut Outcome) {
        let Some(past) = &self.past else { return };
        let key = Key { input: name.to_owned(), content: String::new(), options: past.options.clone() };
        past.remember(&key, name, outcome);
    }

    /// What came of an input in an earlier run.
    fn again(&self, past: &Past, key: &Key, input: &Input) -> Option<Outcome> {
        let entry = past.manifest.find(key)?;
        let mut outcome = Outcome::new(self.job.talk);
        for known in &entry.records {
            let inside = known.input.strip_prefix(&entry.named).unwrap_or_default();
            let path = |output: &String| past.manifest.absolute(output).display().to_string();
            let record = Record {
                input: format!("{}{inside}", input.path.display()),
                skipped: true,
                outputs: known.outputs.iter().map(path).collect(),
                seconds: 0.0,
                ..known.clone()
            };
            outcome.said.detail(format_args!("{}: unchanged since it was converted", record.input));
            outcome.records.push(record);
        }
        outcome.accepted.clone_from(&entry.accepted);
        Some(outcome)
    }
}

impl Past {
    /// What identifies the conversion of an input.
    pub(super) fn key(&self, input: &Input) -> std::io::Result<Key> {
        let name = input.below.join(input.path.file_name().unwrap_or_default());
        Ok(Key {
            input: name.display().to_string(),
            content: in_pool(|| hash_file(&input.path))?,
            options: self.options.clone(),
        })
    }

    /// Remembers what came of an input.
    fn remember(&self, key: &Key, named: &str, outcome: &mut Outcome) {
        let mut records = outcome.records.clone();
        for record in &mut records {
            let relative = record.outputs.iter().map(|output| self.manifest.relative(output.as_ref()));
            let Some(relative) = relative.collect::<Option<Vec<String>>>() else { return };
            record.outputs = relative;
        }
        let entry = Entry { key: key.clone(), named: named.to_owned(), records, accepted: outcome.accepted.clone() };
        if let Err(error) = self.manifest.add(&entry) {
            let named = entry.named;
            outcome.said.warning(format_args!("{named}: will be converted again the next time: the manifest: {error}"));
        }
    }
}

impl Done {
    pub(super) fn take(&mut self, outcome: Outcome) {
        outcome.said.print();
        self.records.extend(outcome.records);
        self.accepted.resize(self.accepted.len().max(outcome.accepted.len()), 0);
        self.accepted.iter_mut().zip(outcome.accepted).for_each(|(sum, count)| *sum += count);
    }
}

/// How large an input is, and when it was changed.
fn stamp(input: &Input) -> Option<(u64, SystemTime)> {
    let metadata = fs::metadata(&input.path).ok()?;
    Some((metadata.len(), metadata.modified().ok()?))
}

/// Does something in the pool of threads, and waits for it.
fn in_pool<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    rayon::scope(|_| work())
}

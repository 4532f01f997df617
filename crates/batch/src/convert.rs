//! The command `convert`.

use std::{
    path::{Path, PathBuf},
    time::Instant,
};

use crate::{
    InputLocation, ReadOptions, Report, Source,
    cache::Key,
    clean::clean,
    core::{
        Problem, ProblemCode,
        jiff::{Timestamp, civil::Date},
        timestamp::utc_day,
    },
    ending::Ending,
    host::Host,
    inputs::{self, Input},
    job::Outcome,
    memory::Memory,
    messages::{Messages, Verbosity},
    plan::{ConvertOptions, Destination, Plan, Step},
    pool::{self, Batch, Converted},
    read_each,
    record::{self, Record},
    request::Request,
    watch,
};

/// Converts inputs: plans what is to be done, and does it.
pub fn convert(request: Request, options: ConvertOptions, host: Host) -> Ending {
    match Plan::new(request, options, host) {
        Ok(plan) => plan.run(),
        Err(ending) => ending,
    }
}

impl Plan {
    /// Converts the inputs; of a dry run, says alone what would be done.
    pub fn run(mut self) -> Ending {
        if self.options.dry_run {
            return self.say();
        }
        if let Some(known) = self.known.as_mut().filter(|_| !self.inputs.is_empty() || self.options.watch)
            && let Err(error) = known.cache.begin()
        {
            return self.cannot_write(&error);
        }
        let fail_fast = self.options.fail_fast;
        let inputs = std::mem::take(&mut self.inputs);
        let missing = std::mem::take(&mut self.missing);
        let stops = fail_fast && !missing.is_empty();
        let inputs = if stops { Vec::new() } else { inputs };
        let batch = Batch {
            job: &self.job,
            memory: Memory::new(self.options.memory),
            known: self.known.take(),
            fail_fast,
            in_order: self.reaches_out(),
        };
        let mut done = match &self.options.merge {
            Some(name) => self.merge(name, &inputs, &missing, &batch),
            None => batch.run(&inputs),
        };
        done.records.splice(0..0, missing);
        let exit = self.end(&done);
        if self.options.watch && !self.job.host().is_stopped() {
            watch::watch(&batch, &self.options.selection, inputs, done, |done| {
                self.end(done);
            });
            // To be interrupted is how it ends when all is well.
            return Ending::Success;
        }
        if let Some(known) = batch.known {
            known.cache.close();
        }
        exit
    }

    /// Says what would be read and where it would go. What an archive holds shows only when it is read.
    fn say(&self) -> Ending {
        let steps = self.steps();
        let unchanged = steps.iter().filter(|step| step.destination == Destination::Unchanged).count();
        let line = |step: &Step| {
            let line = format!("{} -> {}", step.input.display(), step.destination);
            format!("{}\n", clean(&line))
        };
        let mut lines: String = steps.iter().map(line).collect();
        match unchanged {
            0 => lines.push_str(&format!("{} inputs would be read; nothing was done\n", steps.len())),
            _ => lines.push_str(&format!(
                "{} inputs would be read, {unchanged} are unchanged; nothing was done\n",
                steps.len() - unchanged
            )),
        }
        self.job.host().events.say(&lines);
        match (steps.is_empty(), self.missing.is_empty()) {
            (true, _) => Ending::NoInput,
            (false, true) => Ending::Success,
            (false, false) => Ending::Partial,
        }
    }

    /// Reads all inputs, and writes what is in them as one report.
    fn merge(&self, name: &str, inputs: &[Input], missing: &[Record], batch: &Batch<'_>) -> Converted {
        let started = Instant::now();
        let job = &self.job;
        let mut done = Converted::default();
        let mut reports = Vec::new();
        let mut lost: Vec<Problem> = missing.iter().map(lost_report).collect();
        let lost_before = lost.len();
        for input in inputs {
            if job.host().is_stopped() || (self.options.fail_fast && lost.len() > lost_before) {
                return done;
            }
            let host = job.host();
            let shown = host.reading(&input.path);
            let mut said = Messages::new(job.verbosity);
            read_each(input.location(), &job.reading, &job.host().stop, |_, report| match report {
                Ok(report) => {
                    said.notes(&report);
                    reports.push(report);
                }
                Err(error) => {
                    if let Some(record) = said.read_error(&error, job.must_be_report(input), host.is_stopped()) {
                        lost.extend((record.status == record::Status::Failed).then(|| lost_report(&record)));
                        done.records.push(record);
                    }
                }
            });
            drop(shown);
            job.host().say(said);
        }
        if reports.is_empty() || job.host().is_stopped() {
            return done;
        }
        let mut outcome = Outcome::new(job.verbosity);
        outcome.remembered = batch.known.as_ref().map(|known| {
            (&known.cache, Key { input: name.to_owned(), options: known.options.clone(), ..Key::default() })
        });
        let count = reports.len();
        let report = lost.into_iter().fold(Report::merge(name, reports), Report::with_problem);
        outcome.said.note(format_args!("{name}: {count} reports were put together"));
        let without = report.without_arn();
        if without > 0 {
            outcome.said.warning(format_args!(
                "{name}: {without} findings have no ARN; those of them that stand in several reports count several times"
            ));
        }
        let folder = job.output.clone().unwrap_or_default();
        // The ending is taken off again where outputs are named.
        let source = Source { path: PathBuf::from(format!("{name}.csv")), members: Vec::new() };
        job.report(&folder, &source, report, started, &mut outcome);
        // It is made of many inputs, and made anew each time: what counts is that the outputs are no other's any more.
        outcome.is_lasting = false;
        pool::remember(name, &mut outcome);
        let said = done.take(outcome);
        job.host().events.say(&said);
        done
    }

    /// What is said and written when all is done.
    fn end(&self, done: &Converted) -> Ending {
        let mut said = Messages::new(self.job.verbosity);
        done.alike.say(&mut said);
        // Nothing read, nothing matched.
        if let Some(ignore) = self.job.ignore.as_ref().filter(|_| done.records.iter().any(|record| record.findings > 0))
        {
            let newest = done.records.iter().filter_map(|record| record.data_date).max().and_then(day);
            said.ignored(ignore, &done.accepted, newest);
        }
        let skipped = done.records.iter().filter(|record| record.skipped).count();
        record::others(&done.records).iter().for_each(|line| said.tell(line));
        if done.records.len() > 1 {
            said.tell_lines(&record::table(&done.records));
        }
        if skipped > 0 && skipped == done.records.len() {
            said.tell("nothing to do: all inputs are unchanged since they were last converted or tried; --force does it again");
        }
        let mut exit = if self.job.host().is_stopped() {
            Ending::Interrupted
        } else {
            record::exit(&done.records, self.options.fail_on)
        };
        if exit == Ending::Interrupted && !self.options.watch {
            said.always("interrupted; outputs named above are complete, no other was changed");
        }
        if let Some(path) = &self.options.summary
            && let Err(error) = record::write(path, &done.records, exit.status())
        {
            said.error(
                format_args!("{}: cannot be written: {error}", path.display()),
                "Name another file with --summary.",
            );
            exit = if exit == Ending::Success { Ending::Partial } else { exit };
        }
        self.job.host().say(said);
        exit
    }
}

/// The day of a moment, in UTC.
pub(crate) fn day(seconds: i64) -> Option<Date> {
    Timestamp::from_second(seconds).ok().map(utc_day)
}

/// That a report of several is not there must show in what is made of them.
pub(crate) fn lost_report(record: &Record) -> Problem {
    let message = format!("this report could not be read, and is not in here: it {}", record.errors.join("; "));
    Problem::new(ProblemCode::ReportLost, record.input.as_str(), message)
}

/// Reads a file that must hold one report; `what` is the argument that named it.
pub(crate) fn read_one(
    path: &Path,
    reading: &ReadOptions,
    what: &str,
    verbosity: Verbosity,
    host: &Host,
) -> Result<Report, Ending> {
    let mut reports = Vec::new();
    // Why it cannot be read is told as that of any file.
    let location = inputs::locate(path, None).unwrap_or_else(|_| InputLocation::from(path));
    read_each(location, reading, &host.stop, |_, report| {
        if !report.as_ref().is_err_and(|error| error.kind.is_left_out()) {
            reports.push(report);
        }
    });
    let mut said = Messages::new(verbosity);
    match (reports.pop(), reports.is_empty()) {
        (Some(Ok(report)), true) => {
            if let Some(missing) = Messages::missing(&report) {
                said.warning(format_args!(
                    "{}: {missing}; what an earlier report lacks counts as new, what a later one lacks as not known",
                    report.source()
                ));
            }
            host.say(said);
            Ok(report)
        }
        (Some(Err(error)), true) => {
            said.read_error(&error, true, host.is_stopped());
            host.say(said);
            Err(if host.is_stopped() { Ending::Interrupted } else { Ending::Failure })
        }
        (last, _) => {
            // A damaged archive may seem to hold several.
            let mut damaged = reports.iter().chain(&last).filter_map(|report| report.as_ref().err()).peekable();
            if damaged.peek().is_none() {
                return Err(
                    host.usage(&format!("{}: {what} takes one report, and it holds several or none", path.display()))
                );
            }
            damaged.for_each(|error| drop(said.read_error(error, true, host.is_stopped())));
            host.say(said);
            Err(Ending::Failure)
        }
    }
}

/// Says that the run was interrupted.
pub(crate) fn interrupted(host: &Host) -> Ending {
    host.events.say("interrupted\n");
    Ending::Interrupted
}

//! The commands `convert` and `check`.

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
    sync::Mutex,
    time::Instant,
};

use bytesize::ByteSize;

use crate::{
    Format, ReadErrorKind, ReadOptions, Report, Source, SplitBy,
    cache::{Cache, Key},
    core::{
        Problem, ProblemCode, Settings, Standing,
        jiff::{Timestamp, civil::Date},
        timestamp::utc_day,
    },
    ending::Ending,
    files::standing,
    host::Host,
    inputs::{self, Clash, Input},
    job::{Job, Outcome},
    memory::Memory,
    messages::{Messages, Verbosity},
    names::Template,
    own::Own,
    pool::{self, Batch, Converted, KnownOutputs},
    read_each,
    record::{self, FailOn, Record},
    request::{Request, Selection},
    spec::ConversionSpec,
    watch,
    writer::without_links,
};

/// The options of a conversion, besides those of every request.
#[derive(Debug, Default)]
pub struct ConvertOptions {
    /// Which files to read.
    pub selection: Selection,
    /// What outputs are named after; after their inputs if nothing is said.
    pub name: Option<Template>,
    /// What the findings of a part have in common, where each report is divided.
    pub split_by: Option<SplitBy>,
    /// The name of the one report that is made of all inputs.
    pub merge: Option<String>,
    /// The most memory that inputs may take together; half of what there is if nothing is said.
    pub memory: Option<ByteSize>,
    /// Whether to go on with what arrives later, until stopped.
    pub watch: bool,
    /// Whether to stop at the first input that fails.
    pub fail_fast: bool,
    /// Whether to say alone what would be done.
    pub dry_run: bool,
    /// Where what became of each input is written; `-` for standard output.
    pub summary: Option<PathBuf>,
    /// Which open findings fail the run.
    pub fail_on: Option<FailOn>,
    /// The report to compare with.
    pub previous: Option<PathBuf>,
}

/// Converts inputs.
pub fn convert(request: Request, options: ConvertOptions, host: Host) -> Ending {
    match Run::new(request, options, host) {
        Ok(run) => run.go(),
        Err(ending) => ending,
    }
}

/// A run of `convert`, all that it is asked for looked through.
struct Run {
    job: Job,
    options: ConvertOptions,
    also_read: Vec<PathBuf>,
}

impl Run {
    fn new(request: Request, options: ConvertOptions, host: Host) -> Result<Run, Ending> {
        let formats = &request.formats;
        if request.to_stdout && (formats.len() != 1 || options.split_by.is_some() || options.watch) {
            return Err(host.usage(TO_STDOUT));
        }
        let converters = request.converters().map_err(|what| host.usage(&what))?;
        if let Some(split_by) = options.split_by.filter(|_| !request.verbosity.quiet) {
            let warnings = converters.iter().filter_map(|converter| converter.warning_of_parts(split_by.as_str()));
            warnings.for_each(|what| host.events.say(&format!("warning: {what}\n")));
        }
        if let Some(FailOn { is_new: true, .. }) = options.fail_on.filter(|_| options.previous.is_none()) {
            return Err(host.usage(
                "--fail-on new-...: only a comparison tells what is new; name the earlier report with --previous",
            ));
        }
        let previous = match options.previous.as_deref().filter(|_| !options.dry_run) {
            Some(path) => Some(read_one(path, &request.reading, "--previous", request.verbosity, &host)?),
            None => None,
        };
        let one_report =
            one_report_setting(formats, &request.settings).or(options.previous.as_ref().map(|_| "previous"));
        if let Some(name) = one_report.filter(|name| *name != "previous" && options.split_by.is_some()) {
            return Err(host.usage(&for_one_report(name)));
        }
        let also_read = request.also_read.clone();
        let job = Job {
            name: options.name.clone(),
            split_by: options.split_by,
            one_report,
            strict: options.selection.strict,
            previous: Mutex::new(previous),
            previous_path: options.previous.clone(),
            ..Job::new(request, host, HashSet::new())?
        };
        Ok(Run { job, options, also_read })
    }

    fn go(mut self) -> Ending {
        let mut known = match self.known() {
            Ok(known) => known,
            Err(error) => return self.cannot_write(&error),
        };
        let cache = known.as_ref().map(|known| &known.cache);
        let found = inputs::find(&self.options.selection, self.job.output.as_deref(), cache);
        let mut said = Messages::new(self.job.verbosity);
        let mut missing = found.say(&mut said);
        self.job.writer.protected = self.protected(&found.inputs);
        if let Err(what) = self.check(&found.inputs) {
            return self.job.host().usage(&what);
        }
        let inputs = match self.settle(found.inputs, &mut said) {
            Ok((inputs, clashing)) => {
                missing.extend(clashing);
                inputs
            }
            Err(what) => return self.job.host().usage(&what),
        };
        self.job.host().say(said);
        if self.options.dry_run {
            return self.say_plan(&inputs, &missing, known.as_ref());
        }
        if let Some(known) = known.as_mut().filter(|_| !inputs.is_empty() || self.options.watch)
            && let Err(error) = known.cache.begin()
        {
            return self.cannot_write(&error);
        }
        let fail_fast = self.options.fail_fast;
        let stops = fail_fast && !missing.is_empty();
        let inputs = if stops { Vec::new() } else { inputs };
        let batch = Batch {
            job: &self.job,
            memory: Memory::new(self.options.memory),
            known,
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

    fn cannot_write(&self, error: &std::io::Error) -> Ending {
        let folder = self.job.output.as_deref().unwrap_or(Path::new("")).display();
        let mut said = Messages::new(self.job.verbosity);
        let what = format_args!("{folder}: cannot be written to: {error}");
        said.error(what, "Choose a folder that you may write to with --output.");
        self.job.host().say(said);
        Ending::Failure
    }

    /// What the output folder knows of earlier runs.
    fn known(&self) -> std::io::Result<Option<KnownOutputs>> {
        let Some(folder) = &self.job.output else { return Ok(None) };
        let cache = Cache::read(folder)?;
        // What depends on more than the report and the options, or does more than write outputs, is done every time.
        let skips = !self.job.writer.force && self.options.previous.is_none() && !self.reaches_out();
        Ok(Some(KnownOutputs { cache, options: ConversionSpec::of(&self.job).hash(), skips }))
    }

    /// Whether a setting has to do with more than the report and its outputs.
    fn reaches_out(&self) -> bool {
        let mut settings = self.job.formats.iter().flat_map(|format| format.settings());
        settings.any(|setting| setting.reaches_out && self.job.settings.is_on(setting.name))
    }

    /// What is read in this run, and so must not be written over.
    fn protected(&self, inputs: &[Input]) -> HashSet<PathBuf> {
        let named = [&self.options.previous, &self.options.selection.files_from];
        inputs::protected(inputs, named.into_iter().flatten().chain(&self.also_read))
    }

    /// Looks whether the inputs go together with what is asked for.
    fn check(&self, inputs: &[Input]) -> Result<(), String> {
        let job = &self.job;
        let is_one = inputs.len() <= 1 || self.options.merge.is_some();
        if job.writer.to_stdout && !is_one {
            return Err(TO_STDOUT.to_owned());
        }
        if let Some(name) = job.one_report.filter(|_| !is_one) {
            return Err(for_one_report(name));
        }
        if self.options.watch && self.options.selection.inputs.iter().any(|path| !path.is_dir()) {
            return Err("--watch takes folders".to_owned());
        }
        if let Some(path) = self.options.summary.as_ref().filter(|path| path.as_path() != Path::new("-")) {
            let name = path.display();
            match without_links(path) {
                None => return Err(format!("--summary {name}: there is no such folder")),
                Some(path) if job.writer.protected.contains(&path) => {
                    return Err(format!("--summary {name}: is read in this run, and would be overwritten"));
                }
                Some(path) if is_foreign_summary(&path) => {
                    return Err(format!(
                        "--summary {name}: is no summary, and would be overwritten; name another file"
                    ));
                }
                Some(_) => {}
            }
        }
        Ok(())
    }

    /// Leaves out inputs that get in the way of others, and says so. Gives the others, and the records of those that
    /// cannot be converted.
    fn settle(&mut self, inputs: Vec<Input>, said: &mut Messages) -> Result<(Vec<Input>, Vec<Record>), String> {
        let job = &self.job;
        // Names that are made of what is in the reports show only when they are read.
        let is_known = job.name.as_ref().is_none_or(Template::is_stem_alone);
        if job.writer.to_stdout || self.options.merge.is_some() || !is_known {
            return Ok((inputs, Vec::new()));
        }
        let name = |source: &Source| job.name.as_ref().map_or_else(|| source.output(), |name| name.fill_stem(source));
        // The parts of reports have names of their own.
        let formats = if job.split_by.is_some() { &[][..] } else { &job.formats };
        let is_kept =
            |path: &Path, format: &dyn Format| !job.writer.force && standing(path, format) != Standing::AsWritten;
        let is_report = |input: &Input| {
            let mut has_one = false;
            read_each(&input.path, &job.reading, &job.host().stop, |_, report| has_one |= report.is_ok());
            has_one
        };
        let output = job.output.as_deref();
        let (inputs, clashes) =
            inputs::settle(inputs, output, name, formats, &job.writer.protected, is_kept, is_report)?;
        let mut records = Vec::new();
        let mut left_out = Vec::new();
        for Clash { input, what, is_sibling } in clashes {
            let name = input.path.display().to_string();
            if is_sibling {
                said.warning(format_args!(
                    "{name}: {what}, so it is not read; if it is a report of its own, give it another name, or convert it \
                     by itself with --output"
                ));
                left_out.extend(input.path.canonicalize());
            } else {
                said.error(
                    format_args!("{name}: {what}"),
                    "Convert it by itself into another folder with --output, or give one of the files another name.",
                );
                records.push(Record::failed(name, what));
            }
        }
        // What is not read is kept by what it is.
        self.job.writer.protected.retain(|path| !left_out.contains(path));
        Ok((inputs, records))
    }

    /// Says what would be read and where it would go. What an archive holds shows only when it is read.
    fn say_plan(&self, inputs: &[Input], missing: &[Record], known: Option<&KnownOutputs>) -> Ending {
        let job = &self.job;
        let (mut unchanged, mut lines) = (0, String::new());
        for input in inputs {
            let skipping = known.filter(|known| known.skips && self.options.merge.is_none());
            let is_unchanged =
                skipping.is_some_and(|known| known.key(input).is_ok_and(|key| known.cache.find(&key).is_some()));
            unchanged += usize::from(is_unchanged);
            let folder = input.output_folder(job.output.as_deref());
            let names = |name: &Path| {
                let path = |format: &&'static dyn Format| inputs::output_path(&folder, name, format.extension());
                job.formats.iter().map(|format| path(format).display().to_string()).collect::<Vec<_>>().join(", ")
            };
            let to = match (is_unchanged, job.writer.to_stdout, &self.options.merge, &job.name) {
                (true, ..) => "nothing to do: unchanged since it was converted".to_owned(),
                (_, true, ..) => "standard output".to_owned(),
                (_, _, Some(name), _) => names(Path::new(name)),
                (_, _, _, Some(_)) => format!("into {}, named by what is in it", folder.display()),
                _ => names(&input.source().output()),
            };
            lines.push_str(&format!("{} -> {to}\n", input.path.display()));
        }
        match unchanged {
            0 => lines.push_str(&format!("{} inputs would be read; nothing was done\n", inputs.len())),
            _ => lines.push_str(&format!(
                "{} inputs would be read, {unchanged} are unchanged; nothing was done\n",
                inputs.len() - unchanged
            )),
        }
        job.host().events.say(&lines);
        match (inputs.is_empty(), missing.is_empty()) {
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
            let shown = host.events.reading(&input.path.display().to_string(), &host.stop);
            let mut said = Messages::new(job.verbosity);
            read_each(&input.path, &job.reading, &job.host().stop, |_, report| match report {
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
            said.tell(record::table(&done.records).trim_end());
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

/// Whether a file that a summary is to replace is something else: a workbook, or what may be a report.
fn is_foreign_summary(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    let is_something = std::fs::metadata(path).is_ok_and(|metadata| metadata.is_file() && metadata.len() > 0);
    is_something && crate::may_be_report(&name) && Own::of(path) != Some(Own::Summary)
}

const TO_STDOUT: &str = "standard output takes one format of one input, and no parts of it; name the format with \
                         --format, or a folder with --output";

fn for_one_report(name: &str) -> String {
    format!(
        "--{name} is for one report; make one of them with --merge, or convert each with a file of its own, without --split-by"
    )
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

/// A setting that is for one report alone, if there is one among those that were made.
fn one_report_setting(formats: &[&dyn Format], settings: &Settings) -> Option<&'static str> {
    let mut all = formats.iter().flat_map(|format| format.settings());
    all.find(|setting| setting.one_report && settings.is_on(setting.name)).map(|setting| setting.name)
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
    read_each(path, reading, &host.stop, |_, report| {
        let by_name = |error: &crate::ReadError| matches!(error.kind, ReadErrorKind::NotByName);
        if !report.as_ref().is_err_and(by_name) {
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

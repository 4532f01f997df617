//! The commands `convert` and `check`.

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
    sync::Mutex,
    time::Instant,
};

use inspector_report::{
    CONVERTERS, Converter, Ignore, ReadErrorKind, ReadOptions, Report, Source, SplitBy, VERSION, View,
    core::{
        Localizer, Loss, Problem, ProblemCode, Settings, Standing,
        jiff::{Timestamp, civil::Date},
        timestamp::utc_day,
    },
    read_each, standing,
};

use super::{
    WATCH,
    args::{self, Selection, Talk},
    batch::{Batch, Done, Memo},
    config::{self, Config},
    exit::Exit,
    inputs::{self, Clash, Input},
    job::{Job, Outcome, without_links},
    manifest::{Key, Manifest, hash_text},
    memory::Memory,
    names::Template,
    own::Own,
    progress::Progress,
    record::{self, Record},
    say::{Said, usage},
    watch,
};

/// Converts what the arguments name.
pub(super) fn convert(args: args::Convert) -> Exit {
    match Run::new(args) {
        Ok(run) => run.go(),
        Err(exit) => exit,
    }
}

/// A run of `convert`, all that the command line says looked through.
struct Run {
    job: Job,
    selection: Selection,
    merge: Option<String>,
    memory: Option<inspector_report::ByteSize>,
    force: bool,
    watch: bool,
    fail_fast: bool,
    dry_run: bool,
    summary: Option<PathBuf>,
    fail_on: Option<args::FailOn>,
    /// The report to compare with.
    previous: Option<PathBuf>,
    files: args::SettingFiles,
}

impl Run {
    fn new(args: args::Convert) -> Result<Run, Exit> {
        let formats = formats(args.format);
        let (settings, ignore) = settings(&formats, args.settings.0, Settings::new(), &args.files, args.talk)?;
        let to_stdout = args.output.as_deref() == Some(Path::new("-"));
        let output = args.output.filter(|_| !to_stdout);
        if to_stdout && (formats.len() != 1 || args.split_by.is_some() || args.watch) {
            return Err(usage(TO_STDOUT));
        }
        if let (Some(SplitBy::OwnerTag), Some(_)) = (args.split_by, formats.iter().find(|f| f.name() == "sarif"))
            && !args.talk.quiet
        {
            eprintln!(
                "warning: the parts of different owners have SARIF of the same categories; upload each to a repository \
                 of its own, or one replaces the other"
            );
        }
        let reading: ReadOptions = args.reading.options(args.lang.lang);
        if let Some(args::FailOn { is_new: true, .. }) = args.fail_on.filter(|_| args.previous.is_none()) {
            return Err(usage(
                "--fail-on new-...: only a comparison tells what is new; name the earlier report with --previous",
            ));
        }
        let previous = match args.previous.as_deref().filter(|_| !args.dry_run) {
            Some(path) => Some(read_one(path, &reading, "--previous", args.talk)?),
            None => None,
        };
        let one_report = one_report_setting(&formats, &settings).or(args.previous.as_ref().map(|_| "previous"));
        if let Some(name) = one_report.filter(|name| *name != "previous" && args.split_by.is_some()) {
            return Err(usage(&for_one_report(name)));
        }
        let job = Job {
            formats,
            output,
            to_stdout,
            name: args.name,
            suffix: "",
            texts: texts(&args.lang, args.zone),
            split_by: args.split_by,
            settings,
            one_report,
            reading,
            ignore,
            filter: args.filters.into(),
            strict: args.selection.strict,
            force: args.force,
            talk: args.talk,
            progress: Progress::new(args.talk.quiet),
            previous: Mutex::new(previous),
            protected: HashSet::new(),
            claims: Mutex::default(),
        };
        Ok(Run {
            job,
            selection: args.selection,
            merge: args.merge,
            memory: args.memory,
            force: args.force,
            watch: args.watch,
            fail_fast: args.fail_fast,
            dry_run: args.dry_run,
            summary: args.summary,
            fail_on: args.fail_on,
            previous: args.previous,
            files: args.files,
        })
    }

    fn go(mut self) -> Exit {
        let mut memo = match self.memo() {
            Ok(memo) => memo,
            Err(error) => return self.cannot_write(&error),
        };
        let found = inputs::find(&self.selection, self.job.output.as_deref(), memo.as_ref().map(|memo| &memo.manifest));
        let mut said = Said::new(self.job.talk);
        let mut missing = found.say(&mut said);
        self.job.protected = self.protected(&found.inputs);
        if let Err(what) = self.check(&found.inputs) {
            return usage(&what);
        }
        let inputs = match self.settle(found.inputs, &mut said) {
            Ok((inputs, clashing)) => {
                missing.extend(clashing);
                inputs
            }
            Err(what) => return usage(&what),
        };
        said.print();
        if self.dry_run {
            return self.say_plan(&inputs, &missing, memo.as_ref());
        }
        if let Some(memo) = memo.as_mut().filter(|_| !inputs.is_empty() || self.watch)
            && let Err(error) = memo.manifest.begin()
        {
            return self.cannot_write(&error);
        }
        let fail_fast = self.fail_fast;
        let stops = fail_fast && !missing.is_empty();
        let inputs = if stops { Vec::new() } else { inputs };
        let batch =
            Batch { job: &self.job, memory: Memory::new(self.memory), memo, fail_fast, in_order: self.reaches_out() };
        let mut done = match &self.merge {
            Some(name) => self.merge(name, &inputs, &missing, &batch),
            None => batch.run(&inputs),
        };
        done.records.splice(0..0, missing);
        let exit = self.end(&done);
        if self.watch && !WATCH.is_stopped() {
            watch::watch(&batch, &self.selection, inputs, done, |done| {
                self.end(done);
            });
            // To be interrupted is how it ends when all is well.
            return Exit::Success;
        }
        if let Some(memo) = batch.memo {
            memo.manifest.close();
        }
        exit
    }

    fn cannot_write(&self, error: &std::io::Error) -> Exit {
        let folder = self.job.output.as_deref().unwrap_or(Path::new("")).display();
        let mut said = Said::new(self.job.talk);
        let what = format_args!("{folder}: cannot be written to: {error}");
        said.error(what, "Choose a folder that you may write to with --output.");
        said.print();
        Exit::Failure
    }

    /// What the output folder knows of earlier runs.
    fn memo(&self) -> std::io::Result<Option<Memo>> {
        let Some(folder) = &self.job.output else { return Ok(None) };
        let manifest = Manifest::read(folder)?;
        // What depends on more than the report and the options, or does more than write outputs, is done every time.
        let skips = !self.force && self.previous.is_none() && !self.reaches_out();
        Ok(Some(Memo { manifest, options: self.fingerprint(), skips }))
    }

    /// Whether a setting has to do with more than the report and its outputs.
    fn reaches_out(&self) -> bool {
        inspector_report::settings().any(|setting| setting.reaches_out && self.job.settings.is_on(setting.name))
    }

    /// The hash of all that outputs depend on besides the report.
    fn fingerprint(&self) -> String {
        let job = &self.job;
        let formats: Vec<&str> = job.formats.iter().map(|format| format.name()).collect();
        let stated = std::env::var_os("SOURCE_DATE_EPOCH");
        hash_text(&format!(
            "{VERSION} {formats:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {stated:?} {:?}",
            job.texts.lang(),
            job.texts.zone(),
            job.split_by,
            job.name,
            job.settings,
            job.reading,
            job.filter,
            job.ignore,
            self.previous,
        ))
    }

    /// What is read in this run, and so must not be written over.
    fn protected(&self, inputs: &[Input]) -> HashSet<PathBuf> {
        let named = [&self.previous, &self.files.config, &self.files.ignore, &self.selection.files_from];
        inputs::protected(inputs, named.into_iter().flatten())
    }

    /// Looks whether the inputs go together with what is asked for.
    fn check(&self, inputs: &[Input]) -> Result<(), String> {
        let job = &self.job;
        let is_one = inputs.len() <= 1 || self.merge.is_some();
        if job.to_stdout && !is_one {
            return Err(TO_STDOUT.to_owned());
        }
        if let Some(name) = job.one_report.filter(|_| !is_one) {
            return Err(for_one_report(name));
        }
        if self.watch && self.selection.inputs.iter().any(|path| !path.is_dir()) {
            return Err("--watch takes folders".to_owned());
        }
        if let Some(path) = self.summary.as_ref().filter(|path| path.as_path() != Path::new("-")) {
            let name = path.display();
            match without_links(path) {
                None => return Err(format!("--summary {name}: there is no such folder")),
                Some(path) if job.protected.contains(&path) => {
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
    fn settle(&mut self, inputs: Vec<Input>, said: &mut Said) -> Result<(Vec<Input>, Vec<Record>), String> {
        let job = &self.job;
        // Names that are made of what is in the reports show only when they are read.
        let is_known = job.name.as_ref().is_none_or(Template::is_stem_alone);
        if job.to_stdout || self.merge.is_some() || !is_known {
            return Ok((inputs, Vec::new()));
        }
        let name = |source: &Source| job.name.as_ref().map_or_else(|| source.output(), |name| name.fill_stem(source));
        // The parts of reports have names of their own.
        let formats = if job.split_by.is_some() { &[][..] } else { &job.formats };
        let is_kept = |path: &Path, format: &dyn Converter| !job.force && standing(path, format) != Standing::AsWritten;
        let is_report = |input: &Input| {
            let mut has_one = false;
            read_each(&input.path, &job.reading, &WATCH, |_, report| has_one |= report.is_ok());
            has_one
        };
        let output = job.output.as_deref();
        let (inputs, clashes) = inputs::settle(inputs, output, name, formats, &job.protected, is_kept, is_report)?;
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
        self.job.protected.retain(|path| !left_out.contains(path));
        Ok((inputs, records))
    }

    /// Says what would be read and where it would go. What an archive holds shows only when it is read.
    fn say_plan(&self, inputs: &[Input], missing: &[Record], memo: Option<&Memo>) -> Exit {
        let job = &self.job;
        let mut unchanged = 0;
        for input in inputs {
            let known = memo.filter(|memo| memo.skips && self.merge.is_none());
            let is_unchanged =
                known.is_some_and(|memo| memo.key(input).is_ok_and(|key| memo.manifest.find(&key).is_some()));
            unchanged += usize::from(is_unchanged);
            let folder = input.output_folder(job.output.as_deref());
            let names = |name: &Path| {
                let path = |format: &&'static dyn Converter| inputs::output_path(&folder, name, format.extension());
                job.formats.iter().map(|format| path(format).display().to_string()).collect::<Vec<_>>().join(", ")
            };
            let to = match (is_unchanged, job.to_stdout, &self.merge, &job.name) {
                (true, ..) => "nothing to do: unchanged since it was converted".to_owned(),
                (_, true, ..) => "standard output".to_owned(),
                (_, _, Some(name), _) => names(Path::new(name)),
                (_, _, _, Some(_)) => format!("into {}, named by what is in it", folder.display()),
                _ => names(&input.source().output()),
            };
            eprintln!("{} -> {to}", input.path.display());
        }
        match unchanged {
            0 => eprintln!("{} inputs would be read; nothing was done", inputs.len()),
            _ => eprintln!(
                "{} inputs would be read, {unchanged} are unchanged; nothing was done",
                inputs.len() - unchanged
            ),
        }
        match (inputs.is_empty(), missing.is_empty()) {
            (true, _) => Exit::NoInput,
            (false, true) => Exit::Success,
            (false, false) => Exit::Partial,
        }
    }

    /// Reads all inputs, and writes what is in them as one report.
    fn merge(&self, name: &str, inputs: &[Input], missing: &[Record], batch: &Batch<'_>) -> Done {
        let started = Instant::now();
        let job = &self.job;
        let mut done = Done::default();
        let mut reports = Vec::new();
        let mut lost: Vec<Problem> = missing.iter().map(lost_report).collect();
        let lost_before = lost.len();
        for input in inputs {
            if WATCH.is_stopped() || (self.fail_fast && lost.len() > lost_before) {
                return done;
            }
            let shown = job.progress.reading(&input.path.display().to_string(), &WATCH);
            let mut said = Said::new(job.talk);
            read_each(&input.path, &job.reading, &WATCH, |_, report| match report {
                Ok(report) => {
                    said.notes(&report);
                    reports.push(report);
                }
                Err(error) => {
                    if let Some(record) = said.read_error(&error, job.must_be_report(input)) {
                        lost.extend((record.status == record::Status::Failed).then(|| lost_report(&record)));
                        done.records.push(record);
                    }
                }
            });
            drop(shown);
            said.print();
        }
        if reports.is_empty() || WATCH.is_stopped() {
            return done;
        }
        let mut outcome = Outcome::new(job.talk);
        outcome.remembered = batch.memo.as_ref().map(|memo| {
            (&memo.manifest, Key { input: name.to_owned(), options: memo.options.clone(), ..Key::default() })
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
        batch.remember(name, &mut outcome);
        done.take(outcome);
        done
    }

    /// What is said and written when all is done.
    fn end(&self, done: &Done) -> Exit {
        let mut said = Said::new(self.job.talk);
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
        let mut exit = if WATCH.is_stopped() { Exit::Interrupted } else { record::exit(&done.records, self.fail_on) };
        if exit == Exit::Interrupted && !self.watch {
            said.always("interrupted; outputs named above are complete, no other was changed");
        }
        if let Some(path) = &self.summary
            && let Err(error) = record::write(path, &done.records, exit as u8)
        {
            said.error(
                format_args!("{}: cannot be written: {error}", path.display()),
                "Name another file with --summary.",
            );
            exit = if exit == Exit::Success { Exit::Partial } else { exit };
        }
        said.print();
        exit
    }
}

/// Whether a file that a summary is to replace is something else: a workbook, or what may be a report.
fn is_foreign_summary(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    let is_something = std::fs::metadata(path).is_ok_and(|metadata| metadata.is_file() && metadata.len() > 0);
    is_something && inspector_report::may_be_report(&name) && Own::of(path) != Some(Own::Summary)
}

const TO_STDOUT: &str = "standard output takes one format of one input, and no parts of it; name the format with \
                         --format, or a folder with --output";

fn for_one_report(name: &str) -> String {
    format!(
        "--{name} is for one report; make one of them with --merge, or convert each with a file of its own, without --split-by"
    )
}

/// The day of a moment, in UTC.
pub(super) fn day(seconds: i64) -> Option<Date> {
    Timestamp::from_second(seconds).ok().map(utc_day)
}

/// That a report of several is not there must show in what is made of them.
pub(super) fn lost_report(record: &Record) -> Problem {
    let message = format!("this report could not be read, and is not in here: it {}", record.errors.join("; "));
    Problem::new(ProblemCode::ReportLost, record.input.as_str(), message)
}

/// The formats to write: those that were named, each once, or the usual ones.
pub(super) fn formats(named: Vec<&'static dyn Converter>) -> Vec<&'static dyn Converter> {
    let mut formats: Vec<&'static dyn Converter> = Vec::new();
    for format in named {
        if formats.iter().all(|other| other.name() != format.name()) {
            formats.push(format);
        }
    }
    match formats.is_empty() {
        true => CONVERTERS.iter().copied().filter(|format| format.is_default()).collect(),
        false => formats,
    }
}

/// The settings of the command line and of files, checked; `usual` are those that hold where nothing is said.
pub(super) fn settings(
    formats: &[&'static dyn Converter],
    mut settings: Settings,
    usual: Settings,
    files: &args::SettingFiles,
    talk: Talk,
) -> Result<(Settings, Option<Ignore>), Exit> {
    if let Some(what) = idle_setting(formats, &settings) {
        return Err(usage(&what));
    }
    let config = Config::find(files.config.as_deref()).map_err(|what| usage(&what))?;
    let ignore = config::ignore(files.ignore.as_deref()).map_err(|what| usage(&what))?;
    let mut said = Said::new(talk);
    if let Some(path) = &config.path {
        said.note(format_args!("settings are taken from {}", path.display()));
    }
    if let Some((path, _)) = &ignore {
        said.note(format_args!("findings are accepted as {} says", path.display()));
    }
    said.print();
    settings.or(config.settings);
    settings.or(usual);
    if let Some(what) = formats.iter().find_map(|format| format.check(&settings).err()) {
        return Err(usage(&what));
    }
    Ok((settings, ignore.map(|(_, ignore)| ignore)))
}

/// The texts of a language, with the zone that was asked for.
pub(super) fn texts(lang: &args::Language, zone: args::Zone) -> Localizer {
    let texts = Localizer::new(lang.lang);
    match zone.timezone {
        Some((zone, name)) => texts.with_zone(zone, &name),
        None => texts,
    }
}

/// A setting that does nothing, since no format that it is for is written.
fn idle_setting(formats: &[&dyn Converter], settings: &Settings) -> Option<String> {
    let has =
        |format: &&'static dyn Converter, name: &str| format.settings().iter().any(|setting| setting.name == name);
    let idle = |name: &str| {
        !CONVERTERS.iter().any(|format| has(format, name) && formats.iter().any(|f| f.name() == format.name()))
    };
    let name =
        inspector_report::settings().map(|setting| setting.name).find(|name| settings.is_on(name) && idle(name))?;
    let of: Vec<&str> = CONVERTERS.iter().filter(|format| has(format, name)).map(|format| format.name()).collect();
    Some(format!("--{name} is for --format {}, which is not written", of.join(" or ")))
}

/// A setting that is for one report alone, if there is one among those that were made.
fn one_report_setting(formats: &[&dyn Converter], settings: &Settings) -> Option<&'static str> {
    let mut all = formats.iter().flat_map(|format| format.settings());
    all.find(|setting| setting.one_report && settings.is_on(setting.name)).map(|setting| setting.name)
}

/// Reads a file that must hold one report; `what` is the argument that named it.
pub(super) fn read_one(path: &Path, reading: &ReadOptions, what: &str, talk: Talk) -> Result<Report, Exit> {
    let mut reports = Vec::new();
    read_each(path, reading, &WATCH, |_, report| {
        let by_name = |error: &inspector_report::ReadError| matches!(error.kind, ReadErrorKind::NotByName);
        if !report.as_ref().is_err_and(by_name) {
            reports.push(report);
        }
    });
    let mut said = Said::new(talk);
    match (reports.pop(), reports.is_empty()) {
        (Some(Ok(report)), true) => {
            if let Some(missing) = Said::missing(&report) {
                said.warning(format_args!(
                    "{}: {missing}; what an earlier report lacks counts as new, what a later one lacks as not known",
                    report.source()
                ));
            }
            said.print();
            Ok(report)
        }
        (Some(Err(error)), true) => {
            said.read_error(&error, true);
            said.print();
            Err(if WATCH.is_stopped() { Exit::Interrupted } else { Exit::Failure })
        }
        (last, _) => {
            // A damaged archive may seem to hold several.
            let mut damaged = reports.iter().chain(&last).filter_map(|report| report.as_ref().err()).peekable();
            if damaged.peek().is_none() {
                return Err(usage(&format!(
                    "{}: {what} takes one report, and it holds several or none",
                    path.display()
                )));
            }
            damaged.for_each(|error| drop(said.read_error(error, true)));
            said.print();
            Err(Exit::Failure)
        }
    }
}

/// Says that the run was interrupted.
pub(super) fn interrupted() -> Exit {
    eprintln!("interrupted");
    Exit::Interrupted
}

/// Reads what the arguments name, and says every problem.
pub(super) fn check(args: args::Check) -> Exit {
    let progress = Progress::new(args.talk.quiet);
    let reading: ReadOptions = args.reading.options(inspector_report::Lang::En);
    let found = inputs::find(&args.selection, None, None);
    let mut said = Said::new(args.talk);
    let mut records = found.say(&mut said);
    said.print();
    for input in &found.inputs {
        if WATCH.is_stopped() {
            break;
        }
        let mut shown = progress.reading(&input.path.display().to_string(), &WATCH);
        let mut started = Instant::now();
        read_each(&input.path, &reading, &WATCH, |_, report| {
            drop(shown.take());
            let mut said = Said::new(args.talk);
            match report {
                Ok(report) => {
                    said.notes(&report);
                    said.all_problems(&report, usize::MAX);
                    let view = View::of(report);
                    said.summary(&view, "", started.elapsed(), true);
                    let status =
                        if view.loss() >= Loss::Rows { record::Status::Partial } else { record::Status::Converted };
                    records.push(Record { status, ..Record::default() });
                }
                Err(error) => {
                    records.extend(said.read_error(&error, args.selection.strict || input.is_named));
                }
            }
            said.print();
            (shown, started) = (progress.reading(&input.path.display().to_string(), &WATCH), Instant::now());
        });
    }
    let mut said = Said::new(args.talk);
    record::others(&records).iter().for_each(|line| said.tell(line));
    said.print();
    match WATCH.is_stopped() {
        true => interrupted(),
        false => record::exit(&records, None),
    }
}

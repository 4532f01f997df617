//! The commands `convert` and `check`.

use std::{
    collections::HashSet,
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use inspector_report::{
    CONVERTERS, ConvertError, Converter, Files, Filter, ReadError, ReadErrorKind, ReadOptions, Report, Source, SplitBy,
    Stream, Summary, VERSION,
    core::{Options, Settings, Texts, value::Severity},
    read_each,
};
use rayon::prelude::*;

use super::{
    WATCH,
    args::{self, Selection, Talk},
    config::Config,
    exit::Exit,
    inputs::{self, Input},
    progress::Progress,
    record::{self, Record, Status},
};

/// How many problems of an input are shown when not all are asked for.
const PROBLEMS_SHOWN: usize = 10;

/// What became of the inputs so far.
#[derive(Debug, Default)]
pub(super) struct Tally {
    /// Inputs that were named and are not there.
    missing: usize,
    /// Inputs that could not be read, or of which nothing could be written.
    pub(super) failed: usize,
    /// Inputs of which something was done.
    pub(super) done: usize,
    /// Whether a row was lost or an output not written.
    pub(super) incomplete: bool,
    /// Whether there are findings at or over `--fail-on`.
    pub(super) too_bad: bool,
    /// The outputs without their endings, in lower case: names that differ in case alone are one file on Windows and
    /// macOS.
    outputs: HashSet<String>,
    /// What became of each input.
    records: Vec<Record>,
}

impl Tally {
    fn exit(&self) -> Exit {
        if WATCH.is_stopped() {
            Exit::Interrupted
        } else if self.done == 0 {
            if self.failed == 0 { Exit::NoInput } else { Exit::Failure }
        } else if self.too_bad {
            Exit::Findings
        } else if self.incomplete || self.missing + self.failed > 0 {
            Exit::Partial
        } else {
            Exit::Success
        }
    }
}

impl Tally {
    /// Whether an input could not be converted, or not wholly.
    fn has_failed(&self) -> bool {
        self.missing + self.failed > 0 || self.incomplete
    }

    /// How a run ends that does nothing.
    fn exit_of_plan(&self, inputs: &[Input]) -> Exit {
        match (inputs.is_empty(), self.missing + self.failed) {
            (true, _) => Exit::NoInput,
            (false, 0) => Exit::Success,
            (false, _) => Exit::Partial,
        }
    }
}

/// Converts what the arguments name.
pub(super) fn convert(args: args::Convert) -> Exit {
    let mut formats = args.format;
    if formats.is_empty() {
        formats = CONVERTERS.iter().copied().filter(|format| format.is_default()).collect();
    }
    formats.dedup_by_key(|format| format.name());
    if let Some(what) = idle_setting(&formats, &args.settings.0) {
        return usage(&what);
    }
    let config = match Config::find(args.config.as_deref()) {
        Ok(config) => config,
        Err(what) => return usage(&what),
    };
    if let Some(path) = config.path.as_ref().filter(|_| !args.talk.quiet) {
        eprintln!("note: settings are taken from {}", path.display());
    }
    let mut settings = args.settings.0;
    settings.or(config.settings);
    let to_stdout = args.output.as_deref() == Some(Path::new("-"));
    let output = args.output.as_deref().filter(|_| !to_stdout);
    let mut tally = Tally::default();
    let inputs = find(&args.selection, &mut tally);
    if to_stdout && (formats.len() != 1 || inputs.len() > 1 || args.split_by.is_some()) {
        let what = "standard output takes one format of one input, and no parts of it; name the format with --format, \
                    or a folder with --output";
        return usage(what);
    }
    if let Some(what) = formats.iter().find_map(|format| format.check(&settings).err()) {
        return usage(&what);
    }
    let one_report = one_report_setting(&formats, &settings);
    if let Some(name) = one_report.filter(|_| inputs.len() > 1 || args.split_by.is_some()) {
        return usage(&format!(
            "--{name} is for one report; convert each with a file of its own, and without --split-by"
        ));
    }
    if !to_stdout && let Err(clash) = inputs::check_clashes(&inputs, output, &formats) {
        return usage(&clash);
    }
    if args.split_by == Some(SplitBy::OwnerTag)
        && formats.iter().any(|format| format.name() == "sarif")
        && !args.talk.quiet
    {
        eprintln!(
            "warning: the parts of different owners have SARIF of the same categories; upload each to a repository of its \
             own, or one replaces the other"
        );
    }
    if args.dry_run {
        say_plan(&inputs, output, &formats, to_stdout);
        return tally.exit_of_plan(&inputs);
    }
    if args.previous.is_some() && inputs.len() > 1 {
        return usage("--previous is for one report; convert each with its own");
    }
    let reading: ReadOptions = args.reading.into();
    let filter: Filter = args.filters.into();
    let mut previous = match args.previous.as_deref().map(|path| read_previous(path, &reading, args.talk)).transpose() {
        Ok(previous) => previous,
        Err(exit) => return exit,
    };
    let texts = Texts::new(args.lang.lang);
    let texts = match args.timezone {
        Some((zone, name)) => texts.with_zone(zone, &name),
        None => texts,
    };
    let job = Job {
        formats,
        output: output.map(Path::to_owned),
        to_stdout,
        texts,
        split_by: args.split_by,
        settings,
        one_report: one_report.or(previous.is_some().then_some("previous")),
        reading,
        filter,
        fail_on: args.fail_on,
        talk: args.talk,
        progress: Progress::new(args.talk.quiet),
    };
    for input in &inputs {
        if WATCH.is_stopped() || (args.fail_fast && tally.has_failed()) {
            break;
        }
        read(input, &job.reading, &job.progress, |source, report, started| match report {
            Ok(report) => job.convert(input, source, report, started, &mut previous, &mut tally),
            Err(error) => say_read_error(&error, args.talk, &mut tally),
        });
    }
    let exit = finish(&tally);
    if let Some(path) = &args.summary
        && let Err(error) = record::write(path, &tally.records, exit as u8)
    {
        say_error(&format!("{}: cannot be written: {error}", path.display()), "Name another file with --summary.");
        return if exit == Exit::Success { Exit::Partial } else { exit };
    }
    exit
}

/// Says what would be read and where it would go. What an archive holds shows only when it is read.
fn say_plan(inputs: &[Input], output: Option<&Path>, formats: &[&dyn Converter], to_stdout: bool) {
    for input in inputs {
        let to = match to_stdout {
            true => "standard output".to_owned(),
            false => {
                let name = input.source().output();
                let paths = formats.iter().map(|format| {
                    inputs::output_path(&input.output_folder(output), &name, format.extension()).display().to_string()
                });
                paths.collect::<Vec<_>>().join(", ")
            }
        };
        eprintln!("{} -> {to}", input.path.display());
    }
    eprintln!("{} inputs would be read; nothing was done", inputs.len());
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

/// Reads the report to compare with.
fn read_previous(path: &Path, reading: &ReadOptions, talk: Talk) -> Result<Report, Exit> {
    let mut reports = Vec::new();
    read_each(path, reading, &WATCH, |_, report| reports.push(report));
    match (reports.pop(), reports.is_empty()) {
        (Some(Ok(report)), true) => {
            if report.rows_lost() > 0 && !talk.quiet {
                eprintln!(
                    "warning: {}: {} rows could not be read; what they say counts as new, not as still open",
                    report.source(),
                    report.rows_lost()
                );
            }
            Ok(report)
        }
        (Some(Err(error)), true) => {
            say_error(&error.to_string(), error.kind.help());
            Err(if WATCH.is_stopped() { Exit::Interrupted } else { Exit::Failure })
        }
        _ => Err(usage(&format!("{}: --previous takes one report, and it holds several or none", path.display()))),
    }
}

/// Reads what the arguments name, and says every problem.
pub(super) fn check(args: args::Check) -> Exit {
    let mut tally = Tally::default();
    let progress = Progress::new(args.talk.quiet);
    let reading = args.reading.into();
    for input in find(&args.selection, &mut tally) {
        if WATCH.is_stopped() {
            break;
        }
        read(&input, &reading, &progress, |_, report, started| match report {
            Ok(report) => {
                tally.done += 1;
                tally.incomplete |= report.rows_lost() > 0;
                say_notes(&report, args.talk);
                say_problems(&report, usize::MAX);
                if !args.talk.quiet {
                    say_line(&report, "", started.elapsed());
                }
            }
            Err(error) => say_read_error(&error, args.talk, &mut tally),
        });
    }
    finish(&tally)
}

pub(super) fn find(selection: &Selection, tally: &mut Tally) -> Vec<Input> {
    let (inputs, missing) = inputs::find(selection);
    tally.missing = missing.len();
    for missing in missing {
        // A folder that may not be read is there all the same.
        if missing.error.kind() != io::ErrorKind::NotFound {
            tally.failed += 1;
            tally.missing -= 1;
        }
        let help = match missing.error.raw_os_error() {
            Some(_) => ReadErrorKind::Io(io::Error::from(missing.error.kind())).help(),
            None => "Name the files themselves, or give reports the ending .csv or .json.",
        };
        say_error(&format!("{}: {}", missing.path.display(), missing.error), help);
        tally.records.push(Record::failed(missing.path.display().to_string(), missing.error.to_string()));
    }
    inputs
}

pub(super) fn usage(what: &str) -> Exit {
    eprintln!("error: {what}\n\nFor more information, try '--help'.");
    Exit::Usage
}

pub(super) fn finish(tally: &Tally) -> Exit {
    let exit = tally.exit();
    if exit == Exit::Interrupted {
        eprintln!("interrupted; outputs named above are complete, no other was changed");
    }
    exit
}

/// What is the same for every input of a run.
struct Job {
    formats: Vec<&'static dyn Converter>,
    output: Option<PathBuf>,
    to_stdout: bool,
    texts: Texts,
    split_by: Option<SplitBy>,
    settings: Settings,
    /// The setting that only one report may have, if there is one.
    one_report: Option<&'static str>,
    reading: ReadOptions,
    filter: Filter,
    fail_on: Option<Severity<'static>>,
    talk: Talk,
    progress: Progress,
}

/// What became of an output.
struct Written {
    /// Its path without the ending.
    output: PathBuf,
    format: &'static dyn Converter,
    result: Result<Done, ConvertError>,
}

/// An output that is complete.
struct Done {
    paths: Vec<PathBuf>,
    leftovers: Vec<PathBuf>,
    summary: Summary,
    time: Duration,
}

impl Job {
    fn convert(
        &self,
        input: &Input,
        source: &Source,
        mut report: Report,
        started: Instant,
        previous: &mut Option<Report>,
        tally: &mut Tally,
    ) {
        let read_in = started.elapsed();
        let output = input.output_folder(self.output.as_deref()).join(source.output());
        if let Err(what) = self.claim(&output, tally) {
            tally.failed += 1;
            tally.records.push(Record::failed(source.name(), what.clone()));
            return say_error(
                &format!("{}: {what}", source.name()),
                "Unpack the archive, and convert the reports apart.",
            );
        }
        say_notes(&report, self.talk);
        if let Some(previous) = previous.take() {
            report.compare_with(previous);
            say_not_covered(&report, self.talk);
        }
        if !self.filter.is_empty() {
            report.retain(self.filter.describe(), |finding| self.filter.matches(finding));
        }
        let shown = self.progress.writing(&self.formats.iter().map(|f| f.name()).collect::<Vec<_>>().join(", "));
        let results = match self.split_by {
            None => self.write_all(&output, &report),
            Some(split_by) => {
                let mut results = Vec::new();
                for part in split_by.parts(&report) {
                    let mut name = output.clone().into_os_string();
                    name.push(format!(".{}", part.name));
                    let output = PathBuf::from(name);
                    if let Err(what) = self.claim(&output, tally) {
                        tally.incomplete = true;
                        say_error(
                            &format!("{}: {what}", source.name()),
                            "Convert the reports apart, into folders of their own.",
                        );
                        continue;
                    }
                    let filter = format!("--split-by {split_by} ({})", part.value);
                    let report = report.part(filter, &part.rows, |gone| split_by.value(gone.resource()) == part.value);
                    results.extend(self.write_all(&output, &report));
                }
                results
            }
        };
        drop(shown);
        if WATCH.is_stopped() && results.iter().all(|written| written.result.is_err()) {
            return;
        }
        tally.incomplete |= report.rows_lost() > 0;
        if let Some(fail_on) = self.fail_on {
            let bad = report.findings().any(|f| f.severity().rank() <= fail_on.rank() && f.is_open());
            tally.too_bad |= bad;
        }
        say_problems(&report, if self.talk.quiet { 0 } else { self.problems_shown() });
        self.say_results(&report, results, started, read_in, tally);
    }

    /// Writes a report in every format.
    fn write_all(&self, output: &Path, report: &Report) -> Vec<Written> {
        let write = |format: &&'static dyn Converter| {
            let result = self.write(output, report, *format);
            Written { output: output.to_owned(), format: *format, result }
        };
        self.formats.par_iter().map(write).collect()
    }

    fn problems_shown(&self) -> usize {
        if self.talk.verbose { usize::MAX } else { PROBLEMS_SHOWN }
    }

    /// Takes a name for outputs. What other files are named was compared before; what archives hold shows only here.
    fn claim(&self, output: &Path, tally: &mut Tally) -> Result<(), String> {
        let is_new = tally.outputs.insert(output.display().to_string().to_lowercase());
        match is_new {
            false => Err(format!("another report was written to {}.*", output.display())),
            true if tally.outputs.len() > 1
                && self.split_by.is_none()
                && (self.to_stdout || self.one_report.is_some()) =>
            {
                let what = self.one_report.map_or("standard output".to_owned(), |name| format!("--{name}"));
                Err(format!("{what} takes one report; the archive has several"))
            }
            true => Ok(()),
        }
    }

    fn write(&self, output: &Path, report: &Report, format: &dyn Converter) -> Result<Done, ConvertError> {
        let started = Instant::now();
        let options = Options { texts: &self.texts, version: VERSION, settings: &self.settings };
        if self.to_stdout {
            let mut stream = Stream::new(&WATCH);
            let summary = format.convert(report, &options, &mut stream)?;
            match stream.copy_to(&mut io::stdout().lock()) {
                Err(error) if error.kind() != io::ErrorKind::BrokenPipe => return Err(error.into()),
                _ => {}
            }
            return Ok(Done { paths: Vec::new(), leftovers: Vec::new(), summary, time: started.elapsed() });
        }
        let folder = output.parent().unwrap_or(Path::new(""));
        let stem = output.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        if !folder.as_os_str().is_empty() {
            fs::create_dir_all(folder)?;
        }
        let mut files = Files::new(folder, &stem, format.extension(), &WATCH);
        let summary = format.convert(report, &options, &mut files)?;
        if WATCH.is_stopped() {
            return Err(io::Error::other("interrupted").into());
        }
        let committed = files.commit()?;
        Ok(Done { paths: committed.paths, leftovers: committed.leftovers, summary, time: started.elapsed() })
    }

    fn say_results(
        &self,
        report: &Report,
        results: Vec<Written>,
        started: Instant,
        read_in: Duration,
        tally: &mut Tally,
    ) {
        let mut written = Vec::new();
        let mut errors = Vec::new();
        let mut any = false;
        for Written { output, format, result } in results {
            match result {
                Ok(done) => {
                    any = true;
                    if !self.talk.quiet {
                        done.summary.notes.iter().for_each(|note| eprintln!("note: {}: {note}", format.name()));
                    }
                    for path in &done.leftovers {
                        let path = path.display();
                        eprintln!(
                            "warning: {path} seems to be left from an earlier run; remove it, or it may be used as a part of this one"
                        );
                    }
                    if self.talk.verbose {
                        let (name, time) = (format.name(), done.time.as_secs_f64());
                        eprintln!("{name}: {} findings in {time:.2} s", done.summary.findings);
                    }
                    written.extend(done.paths.iter().map(|path| path.display().to_string()));
                }
                Err(_) if WATCH.is_stopped() => {}
                Err(error) => {
                    tally.incomplete = true;
                    let name = inputs::output_path(Path::new(""), &output, format.extension());
                    let name = if self.to_stdout { "standard output".to_owned() } else { name.display().to_string() };
                    say_error(&format!("{name}: cannot be written: {error}"), write_help(&error));
                    errors.push(format!("{name}: cannot be written: {error}"));
                }
            }
        }
        *(if any { &mut tally.done } else { &mut tally.failed }) += 1;
        tally.records.push(Record {
            input: report.source().to_owned(),
            status: match (any, report.rows_lost() > 0 || !errors.is_empty()) {
                (false, _) => Status::Failed,
                (true, true) => Status::Partial,
                (true, false) => Status::Converted,
            },
            rows_read: report.rows_read(),
            rows_lost: report.rows_lost(),
            filtered_out: report.filtered_out(),
            findings: report.len() as u64,
            problems: report.problems().len() as u64,
            outputs: written.clone(),
            seconds: (started.elapsed().as_secs_f64() * 1000.0).round() / 1000.0,
            errors,
        });
        if self.talk.verbose {
            eprintln!("read in {:.2} s, {} bytes of memory", read_in.as_secs_f64(), report.memory());
        }
        if !self.talk.quiet {
            let written = if written.is_empty() { String::new() } else { format!("; wrote {}", written.join(", ")) };
            say_line(report, &written, started.elapsed());
        }
    }
}

/// Reads the reports of an input, and gives them to `each` as they come, with the moment at which each was begun.
pub(super) fn read(
    input: &Input,
    options: &ReadOptions,
    progress: &Progress,
    mut each: impl FnMut(&Source, Result<Report, ReadError>, Instant),
) {
    let show = || progress.reading(&input.path.display().to_string(), &WATCH);
    let (mut shown, mut started) = (show(), Instant::now());
    read_each(&input.path, options, &WATCH, |source, report| {
        drop(shown.take());
        each(source, report, started);
        (shown, started) = (show(), Instant::now());
    });
}

pub(super) fn say_read_error(error: &ReadError, talk: Talk, tally: &mut Tally) {
    if let ReadErrorKind::NotByName = error.kind {
        if !talk.quiet {
            eprintln!("warning: {error}");
        }
        return;
    }
    tally.failed += 1;
    if !WATCH.is_stopped() {
        tally.records.push(Record::failed(error.name.clone(), error.kind.to_string()));
        say_error(&error.to_string(), error.kind.help());
    }
}

pub(super) fn say_notes(report: &Report, talk: Talk) {
    if !talk.quiet {
        report.notes().iter().for_each(|note| eprintln!("note: {}: {note}", report.source()));
    }
}

/// Warns of accounts that seem to be fixed altogether.
fn say_not_covered(report: &Report, talk: Talk) {
    let Some(comparison) = report.comparison().filter(|_| !talk.quiet) else { return };
    for (account, region, count) in comparison.not_covered(report) {
        eprintln!(
            "warning: {}: nothing of account {account}, Region {region} is in the report; {count} findings of the earlier \
             one count as fixed, which is wrong if the export does not cover it",
            report.source()
        );
    }
}

pub(super) fn say_problems(report: &Report, most: usize) {
    let problems = report.problems();
    for problem in problems.iter().take(most) {
        let kind = if problem.code.loses_row() { "error" } else { "warning" };
        eprintln!("{kind}: {problem}");
    }
    if most > 0 && problems.len() > most {
        let more = problems.len() - most;
        eprintln!("... and {more} more problems; `inspector-report check {}` lists them all", report.source());
    }
}

/// The one line that every input gets.
fn say_line(report: &Report, written: &str, time: Duration) {
    let texts = Texts::new(inspector_report::Lang::En);
    let mut counts = [0u64; Severity::KNOWN.len() + 1];
    report.findings().for_each(|finding| counts[finding.severity().rank()] += 1);
    let names = Severity::KNOWN.iter().map(|severity| severity.as_str().to_lowercase()).chain(["other".to_owned()]);
    let by_severity: Vec<String> = names
        .zip(counts)
        .filter(|(_, count)| *count > 0)
        .map(|(name, count)| format!("{} {name}", texts.number(count)))
        .collect();
    let mut line = format!("{}: {} rows read", report.source(), texts.number(report.rows_read()));
    if !by_severity.is_empty() {
        line.push_str(&format!(": {}", by_severity.join(", ")));
    }
    if !report.filters().is_empty() {
        line.push_str(&format!("; {} left out by filters", texts.number(report.filtered_out())));
    }
    match report.problems().len() as u64 {
        0 => line.push_str("; no problems"),
        1 => line.push_str("; 1 problem"),
        problems => line.push_str(&format!("; {} problems", texts.number(problems))),
    }
    match report.rows_lost() {
        0 => {}
        1 => line.push_str(" (1 row could not be read)"),
        lost => line.push_str(&format!(" ({} rows could not be read)", texts.number(lost))),
    }
    // A closed standard error is no reason to stop.
    let _ = writeln!(io::stderr(), "{line}{written}; {:.1} s", time.as_secs_f64());
}

pub(super) fn say_error(what: &str, help: &str) {
    eprintln!("error: {what}\n  help: {help}");
}

pub(super) fn write_help(error: &ConvertError) -> &'static str {
    match error {
        ConvertError::Io(error) => match error.kind() {
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                "Choose a folder that you may write to with --output, or close the file in other programs."
            }
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                "Free some space, or choose another folder with --output."
            }
            io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => "Name a folder with --output, not a file.",
            _ => "Check the folder, or choose another with --output.",
        },
        _ => {
            "Leave findings out with the filters (`inspector-report convert --help` lists them), or choose another format."
        }
    }
}

//! What is the same for every input of a run, and how one report becomes its outputs.

use std::{
    collections::HashSet,
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use rayon::prelude::*;

use crate::{
    ConvertError, Converter, Filter, Format, Ignore, ReadErrorKind, ReadOptions, Report, Source, SplitBy, View,
    cache::{Cache, Key, Stamp},
    core::{Change, Comparison, Finding, Localizer, Loss, Outputs, Priorities, Priority, Settings, jiff::Timestamp},
    ending::Ending,
    host::Host,
    inputs::{self, Input},
    memory::{self, Taken},
    messages::{Messages, Verbosity, write_help},
    names::Template,
    policy::Judging,
    read_each,
    record::{Record, Status, add_counts},
    request::{Request, context},
    writer::{Target, Writer, WrittenOutput},
};

/// What is the same for every input of a run.
pub(crate) struct Job {
    pub(crate) formats: Vec<&'static dyn Format>,
    /// The converter of each format.
    pub(crate) converters: Vec<Box<dyn Converter>>,
    /// The folder for outputs; beside each input if there is none.
    pub(crate) output: Option<PathBuf>,
    pub(crate) name: Option<Template>,
    /// What stands between the name of the input and the ending: `.changes`.
    pub(crate) suffix: &'static str,
    pub(crate) texts: Localizer,
    pub(crate) split_by: Option<SplitBy>,
    pub(crate) settings: Settings,
    /// The setting that only one report may have, if there is one.
    pub(crate) one_report: Option<&'static str>,
    pub(crate) reading: ReadOptions,
    pub(crate) ignore: Option<Ignore>,
    pub(crate) judging: Judging,
    pub(crate) filter: Filter,
    /// Whether what lies in folders must be reports.
    pub(crate) strict: bool,
    pub(crate) verbosity: Verbosity,
    /// The report to compare with, until it is needed.
    pub(crate) previous: Mutex<Option<Report>>,
    /// Its path.
    pub(crate) previous_path: Option<PathBuf>,
    pub(crate) source_date_epoch: Option<String>,
    pub(crate) writer: Writer,
    /// How many reports have taken a name.
    pub(crate) reports: Mutex<usize>,
    /// Whether outputs of other conversions stay.
    pub(crate) is_guest: bool,
}

/// What came of an input.
#[derive(Debug)]
pub(crate) struct Outcome<'a> {
    pub(crate) said: Messages,
    pub(crate) records: Vec<Record>,
    /// How many findings each entry of the triage file matched.
    pub(crate) accepted: Vec<u64>,
    /// Whether the same will come of the same input: nothing went wrong that had to do with this run alone.
    pub(crate) is_lasting: bool,
    /// The names of its outputs, less their endings.
    pub(crate) bases: Vec<PathBuf>,
    /// Its outputs as they were written.
    pub(crate) stamps: Vec<(PathBuf, Stamp)>,
    /// Where it is remembered, and as what.
    pub(crate) remembered: Option<(&'a Cache, Key)>,
}

impl Outcome<'_> {
    pub(crate) fn new(verbosity: Verbosity) -> Self {
        Outcome {
            said: Messages::new(verbosity),
            records: Vec::new(),
            accepted: Vec::new(),
            is_lasting: true,
            bases: Vec::new(),
            stamps: Vec::new(),
            remembered: None,
        }
    }

    /// What the output folder knows of earlier runs.
    fn cache(&self) -> Option<&(&Cache, Key)> {
        self.remembered.as_ref()
    }
}

/// What outputs are of.
#[derive(Clone, Copy)]
struct Origin<'a> {
    /// The folder that they must stay in.
    root: &'a Path,
    /// The input, as it stands in messages.
    owner: &'a str,
}

/// What became of an output.
struct Written {
    /// Its path without the ending.
    output: PathBuf,
    format: &'static dyn Format,
    result: Result<WrittenOutput, ConvertError>,
}

impl Job {
    /// The job of a request. Nothing is named, divided or compared.
    ///
    /// # Errors
    /// When settings do not go together; it is said already.
    pub(crate) fn new(request: Request, host: Host, protected: HashSet<PathBuf>) -> Result<Job, Ending> {
        let converters = request.converters().map_err(|what| host.usage(&what))?;
        let Request {
            formats,
            settings,
            ignore,
            judging,
            reading,
            filter,
            texts,
            output,
            force,
            verbosity,
            also_read: _,
            source_date_epoch,
        } = request.with_texts_of_formats();
        Ok(Job {
            formats,
            converters,
            output: output.root().map(Path::to_owned),
            name: None,
            suffix: "",
            texts,
            split_by: None,
            settings,
            one_report: None,
            reading,
            ignore,
            judging,
            filter,
            strict: false,
            verbosity,
            previous: Mutex::default(),
            previous_path: None,
            source_date_epoch,
            writer: Writer::new(host, output, force, protected),
            reports: Mutex::default(),
            is_guest: false,
        })
    }

    /// What stops the run, and who is told of it.
    pub(crate) fn host(&self) -> &Host {
        &self.writer.host
    }

    /// Whether an input must be a report: one that was named, but not whatever lies in a folder.
    pub(crate) fn must_be_report(&self, input: &Input) -> bool {
        self.strict || input.is_named
    }

    /// Reads an input and writes what is in it.
    pub(crate) fn input(&self, input: &Input, taken: &mut Taken<'_>, outcome: &mut Outcome<'_>) {
        let host = self.host();
        let show = || host.reading(&input.path);
        let (mut shown, mut started) = (show(), Instant::now());
        read_each(input.location(), &self.reading, &host.stop, |source, report| {
            drop(shown.take());
            match report {
                Ok(report) => {
                    taken.correct(memory::of_report(report.memory(), report.len()));
                    self.report(&input.output_folder(self.output.as_deref()), source, report, started, outcome);
                }
                Err(error) => {
                    // What the system does not give today it may give tomorrow.
                    outcome.is_lasting &= !matches!(error.kind, ReadErrorKind::Io(_) | ReadErrorKind::Changed);
                    outcome.records.extend(outcome.said.read_error(
                        &error,
                        self.must_be_report(input),
                        host.is_stopped(),
                    ));
                }
            }
            (shown, started) = (show(), Instant::now());
        });
        outcome.is_lasting &= !host.is_stopped();
    }

    /// Writes the outputs of a report.
    pub(crate) fn report(
        &self,
        folder: &Path,
        source: &Source,
        report: Report,
        started: Instant,
        outcome: &mut Outcome<'_>,
    ) {
        let read_in = started.elapsed();
        let name = match &self.name {
            Some(template) => template.fill(source, &report),
            None => source.output(),
        };
        let output = with_suffix(&folder.join(name), self.suffix);
        if let Err(what) = self.claim(&output, &source.name()) {
            outcome.is_lasting = false;
            outcome.records.push(Record::failed(source.name(), what.clone()));
            let help = match &self.name {
                Some(_) => "Put something into --name that tells the reports apart, such as {stem}.",
                None => "Unpack the archive, and convert the reports apart.",
            };
            return outcome.said.error(format_args!("{}: {what}", source.name()), help);
        }
        outcome.said.notes(&report);
        let view = &self.view(report, &mut outcome.accepted);
        outcome.said.not_covered(view);
        let notes = self.converters.iter().flat_map(|converter| converter.notes(view));
        notes.for_each(|what| outcome.said.note_of(view.source(), what));
        let shown = self.host().events.writing(&self.formats.iter().map(|f| f.name()).collect::<Vec<_>>().join(", "));
        let origin = Origin { root: self.output.as_deref().unwrap_or(folder), owner: &source.name() };
        let results = match self.split_by {
            None => {
                self.begin(&output, outcome);
                self.write_all(&output, origin, view, outcome.cache())
            }
            Some(split_by) => self.write_parts(split_by, &output, origin, view, outcome),
        };
        drop(shown);
        if self.host().is_stopped() && results.iter().all(|written| written.result.is_err()) {
            return;
        }
        outcome.said.problems(view.report());
        self.results(view, results, started, read_in, outcome);
    }

    /// Says that outputs of this name are about to be written.
    fn begin(&self, output: &Path, outcome: &mut Outcome<'_>) {
        outcome.bases.push(output.to_owned());
        if let Some((cache, key)) = &outcome.remembered
            && let Err(error) = self.writer.announce((cache, key), output, &self.formats, self.is_guest)
        {
            outcome.said.warning(format_args!("the manifest of the output folder cannot be written: {error}"));
        }
    }

    /// What is looked at of a report. `counts` grows by how many findings each entry of the triage file matches.
    fn view(&self, report: Report, counts: &mut Vec<u64>) -> View {
        let report = Arc::new(report);
        let policy = || Arc::clone(&self.judging.policy);
        let mut view = View::builder(Arc::clone(&report)).policy(policy());
        if let Some(ignore) = &self.ignore {
            let acceptances = ignore.acceptances(&report);
            add_counts(counts, &acceptances.counts());
            view = view.accept(acceptances);
        }
        if let Some(previous) = self.previous.lock().unwrap_or_else(PoisonError::into_inner).take() {
            let acceptances = self.ignore.as_ref().map(|ignore| ignore.acceptances(&previous)).unwrap_or_default();
            view = view.compare_with(View::builder(previous).policy(policy()).accept(acceptances).build());
        }
        if !self.filter.is_empty() {
            view = view.filter(self.filter.describe(), |finding| self.filter.matches(finding));
        }
        view.build()
    }

    fn write_parts(
        &self,
        split_by: SplitBy,
        output: &Path,
        origin: Origin<'_>,
        report: &View,
        outcome: &mut Outcome<'_>,
    ) -> Vec<Written> {
        let mut results = Vec::new();
        for part in split_by.parts(report) {
            let output = with_suffix(output, &format!(".{}", part.name));
            if let Err(what) = self.claim(&output, origin.owner) {
                outcome.is_lasting = false;
                outcome.records.push(Record::failed(format!("{} ({})", origin.owner, part.value), what.clone()));
                outcome.said.error(
                    format_args!("{}: {what}", origin.owner),
                    "Convert the reports apart, into folders of their own.",
                );
                continue;
            }
            let filter = format!("--split-by {split_by} ({})", part.value);
            let report = report
                .part(filter, &part.rows, |gone| split_by.value(gone.resource(), &self.judging.policy) == part.value);
            self.begin(&output, outcome);
            results.extend(self.write_all(&output, origin, &report, outcome.cache()));
        }
        results
    }

    /// Writes a report in every format.
    fn write_all(
        &self,
        output: &Path,
        origin: Origin<'_>,
        report: &View,
        known: Option<&(&Cache, Key)>,
    ) -> Vec<Written> {
        let write = |(format, converter): (&&'static dyn Format, &dyn Converter)| {
            let result = self.write(output, origin, report, (*format, converter), known);
            Written { output: output.to_owned(), format: *format, result }
        };
        self.formats.par_iter().zip(self.converters.par_iter().map(AsRef::as_ref)).map(write).collect()
    }

    /// Takes a name for outputs. What other files are named was compared before; what archives hold, and what names are
    /// made of, shows only here.
    fn claim(&self, output: &Path, owner: &str) -> Result<(), String> {
        let is_new = self.writer.claim_base(output, owner);
        let mut reports = self.reports.lock().unwrap_or_else(PoisonError::into_inner);
        *reports += usize::from(is_new);
        let is_only = *reports <= 1 || self.split_by.is_some();
        match (is_new, self.one_report) {
            (false, _) => Err(format!("another report was written to {}.*", output.display())),
            (true, Some(name)) if !is_only => Err(format!("--{name} takes one report; the archive has several")),
            (true, None) if !is_only && self.writer.output.is_standard_output() => {
                Err("standard output takes one report; the archive has several".to_owned())
            }
            (true, _) => Ok(()),
        }
    }

    fn write(
        &self,
        output: &Path,
        Origin { root, owner }: Origin<'_>,
        view: &View,
        (format, converter): (&dyn Format, &dyn Converter),
        known: Option<&(&Cache, Key)>,
    ) -> Result<WrittenOutput, ConvertError> {
        let context = context(&self.texts, self.source_date_epoch.as_deref());
        let (cache, key) = known.map(|(cache, key)| (*cache, key)).unzip();
        let guest = key.filter(|_| self.is_guest);
        let target = Target { output, root, format, owner, cache, guest };
        self.writer.write(&target, |outputs: &mut dyn Outputs| converter.write(view, &context, outputs))
    }

    fn results(
        &self,
        report: &View,
        results: Vec<Written>,
        started: Instant,
        read_in: Duration,
        outcome: &mut Outcome<'_>,
    ) {
        let mut written = Vec::new();
        let mut errors = Vec::new();
        let mut any = false;
        let said = &mut outcome.said;
        for Written { output, format, result } in results {
            match result {
                Ok(done) => {
                    any = true;
                    let input = report.source();
                    let note = |note: &String| said.note_of(input, format_args!("{}: {note}", format.name()));
                    done.summary.notes.iter().for_each(note);
                    for detail in &done.summary.details {
                        said.detail(format_args!("{input}: {}: {detail}", format.name()));
                    }
                    said.kept(&done.kept, &done.paths);
                    for path in &done.leftovers {
                        said.warning(format_args!(
                            "{} seems to be left from an earlier run; remove it, or it may be used as a part of this one",
                            path.display()
                        ));
                    }
                    let (name, time) = (format.name(), done.time.as_secs_f64());
                    said.detail(format_args!("{name}: {} findings in {time:.2} s", done.summary.findings));
                    self.writer.host.events.written(format.name(), &done.paths);
                    outcome.stamps.extend(done.stamps);
                    written.extend(done.paths.iter().map(|path| path.display().to_string()));
                }
                Err(_) if self.writer.host.is_stopped() => errors.push("interrupted".to_owned()),
                Err(error) => {
                    let name = inputs::output_path(Path::new(""), &output, format.extension());
                    let location = &self.writer.output;
                    let is_stdout = location.is_standard_output();
                    let name = if is_stdout { "standard output".to_owned() } else { name.display().to_string() };
                    let has_files = location.has_files();
                    let left = if has_files { of_earlier_run(&output, format, &error) } else { String::new() };
                    let what = format!("{name}: cannot be written: {error}{left}");
                    said.error(&what, write_help(&error));
                    errors.push(what);
                }
            }
        }
        outcome.is_lasting &= errors.is_empty();
        said.detail(format_args!(
            "read in {:.2} s, {} bytes of memory",
            read_in.as_secs_f64(),
            report.report().memory()
        ));
        let paths = if written.is_empty() { String::new() } else { format!("; wrote {}", written.join(", ")) };
        said.summary(report, &paths, started.elapsed(), errors.is_empty());
        let open = || report.findings().filter(|finding| finding.is_open());
        let rank = |finding: Finding<'_>| finding.severity().rank();
        let priorities = Priorities::of(report);
        // What an earlier report has lost is new in this one.
        let is_lost = |report: &View| report.loss() >= Loss::Rows;
        let lost = is_lost(report) || report.comparison().is_some_and(|c| is_lost(c.earlier()));
        let new = |comparison: &Comparison| open().filter(|finding| is_new(comparison, *finding)).map(rank).min();
        outcome.records.push(Record {
            input: report.source().to_owned(),
            status: match (any, lost || !errors.is_empty()) {
                (false, _) => Status::Failed,
                (true, true) => Status::Partial,
                (true, false) => Status::Converted,
            },
            rows_read: report.rows_read(),
            rows_lost: report.rows_lost(),
            incomplete: report.loss() == Loss::Unknown,
            filtered_out: report.filtered_out(),
            findings: report.len() as u64,
            open: open().count() as u64,
            repeated: report.repeated(),
            problems: report.problems().len() as u64,
            outputs: written,
            seconds: (started.elapsed().as_secs_f64() * 1000.0).round() / 1000.0,
            errors,
            worst_open: open().map(rank).min(),
            worst_new: report.comparison().and_then(new),
            most_urgent: open().filter_map(|finding| priorities.priority(finding)).min().map(Priority::rank),
            overdue: open().filter_map(|finding| priorities.due(finding)).filter(|due| due.is_overdue()).count() as u64,
            data_date: report.data_date().map(Timestamp::as_second),
            ..Record::default()
        });
    }
}

/// Of an output that could not be written: that a file of an earlier run is still there, if it is.
fn of_earlier_run(output: &Path, format: &dyn Format, error: &ConvertError) -> String {
    // What was not to be replaced is no output of an earlier run.
    if matches!(error, ConvertError::Io(error) if error.kind() == io::ErrorKind::InvalidInput) {
        return String::new();
    }
    let path = |ending: &str| inputs::output_path(Path::new(""), output, &format!("{ending}{}", format.extension()));
    match (["", "001."].map(path).into_iter().find(|path| path.is_file()), format.metadata().of_earlier_run) {
        (Some(path), "") => format!("; {} is not of this run", path.display()),
        (Some(path), what) => format!("; {} is of an earlier run; {what}", path.display()),
        (None, _) => String::new(),
    }
}

/// Whether an open finding is worse than the earlier report had it, or was not open there.
fn is_new(comparison: &Comparison, finding: Finding<'_>) -> bool {
    let worse = |before: Finding<'_>| finding.severity().rank() < before.severity().rank();
    match comparison.change(finding) {
        Some(Change::New | Change::Reopened) => true,
        Some(Change::SeverityChanged) => comparison.before(finding).is_some_and(worse),
        _ => false,
    }
}

/// A path with something behind its name, which may hold dots of its own.
fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.to_owned().into_os_string();
    name.push(suffix);
    PathBuf::from(name)
}

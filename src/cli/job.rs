//! What is the same for every input of a run, and how one report becomes its outputs.

use std::{
    collections::{HashMap, HashSet},
    fs,
    io::{self},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use inspector_report::{
    Committed, ConvertError, Converter, Files, Filter, Ignore, ReadOptions, Report, Source, SplitBy, Stream, Summary,
    VERSION, View,
    core::{
        Change, Comparison, Finding, Localizer, Loss, Options, Outputs, Settings, Standing, Triage, jiff::Timestamp,
    },
    first_line, read_each, standing,
};
use rayon::prelude::*;

use super::{
    WATCH,
    args::Talk,
    inputs::{self, Input},
    manifest::{Key, Manifest, Stamp, stamp},
    memory::{self, Taken},
    names::Template,
    own::Own,
    progress::Progress,
    record::{Record, Status, add_counts},
    say::{Said, write_help},
};

/// What is the same for every input of a run.
pub(super) struct Job {
    pub(super) formats: Vec<&'static dyn Converter>,
    /// The folder for outputs; beside each input if there is none.
    pub(super) output: Option<PathBuf>,
    pub(super) to_stdout: bool,
    pub(super) name: Option<Template>,
    /// What stands between the name of the input and the ending: `.changes`.
    pub(super) suffix: &'static str,
    pub(super) texts: Localizer,
    pub(super) split_by: Option<SplitBy>,
    pub(super) settings: Settings,
    /// The setting that only one report may have, if there is one.
    pub(super) one_report: Option<&'static str>,
    pub(super) reading: ReadOptions,
    pub(super) ignore: Option<Ignore>,
    pub(super) filter: Filter,
    /// Whether what lies in folders must be reports.
    pub(super) strict: bool,
    /// Whether outputs replace also what someone has worked on.
    pub(super) force: bool,
    pub(super) talk: Talk,
    pub(super) progress: Progress,
    /// The report to compare with, until it is needed.
    pub(super) previous: Mutex<Option<Report>>,
    /// The files that must not be written over, without links in their paths: what is read.
    pub(super) protected: HashSet<PathBuf>,
    /// Whose the names of outputs are.
    pub(super) claims: Mutex<Claims>,
}

/// Whose the names of outputs are.
#[derive(Debug, Default)]
pub(super) struct Claims {
    /// How often inputs have been gone through.
    pass: usize,
    /// How many reports have taken a name.
    reports: usize,
    /// By name, in lower case (names that differ in case alone are one file on Windows and macOS): who has it, and since
    /// which pass.
    names: HashMap<String, (String, usize)>,
}

impl Claims {
    /// Takes a name, unless another has it. In a later pass a report may write its outputs once more.
    fn take(&mut self, name: String, owner: &str) -> bool {
        match self.names.get(&name) {
            Some((other, pass)) if other != owner || *pass == self.pass => false,
            _ => {
                self.names.insert(name, (owner.to_owned(), self.pass));
                true
            }
        }
    }
}

/// What came of an input.
#[derive(Debug)]
pub(super) struct Outcome<'a> {
    pub(super) said: Said,
    pub(super) records: Vec<Record>,
    /// How many findings each entry of the triage file matched.
    pub(super) accepted: Vec<u64>,
    /// Whether the same will come of the same input: nothing went wrong that had to do with this run alone.
    pub(super) is_lasting: bool,
    /// The names of its outputs, less their endings.
    pub(super) bases: Vec<PathBuf>,
    /// Its outputs as they were written.
    pub(super) stamps: Vec<(PathBuf, Stamp)>,
    /// Where it is remembered, and as what.
    pub(super) remembered: Option<(&'a Manifest, Key)>,
}

impl Outcome<'_> {
    pub(super) fn new(talk: Talk) -> Self {
        Outcome {
            said: Said::new(talk),
            records: Vec::new(),
            accepted: Vec::new(),
            is_lasting: true,
            bases: Vec::new(),
            stamps: Vec::new(),
            remembered: None,
        }
    }

    /// What the output folder knows of earlier runs.
    fn manifest(&self) -> Option<&Manifest> {
        self.remembered.as_ref().map(|(manifest, _)| *manifest)
    }

    /// Says that outputs of this name are about to be written: what was known of them does not hold any more.
    fn begin(&mut self, base: &Path, formats: &[&dyn Converter]) {
        self.bases.push(base.to_owned());
        let endings: Vec<&str> = formats.iter().map(|format| format.extension()).collect();
        if let Some((manifest, key)) = &self.remembered
            && let Err(error) = manifest.announce(key, base, &endings)
        {
            // Then nothing that is remembered of them can be relied upon.
            self.said.warning(format_args!("the manifest of the output folder cannot be written: {error}"));
        }
    }
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
    stamps: Vec<(PathBuf, Stamp)>,
    leftovers: Vec<PathBuf>,
    kept: Vec<(PathBuf, Standing)>,
    summary: Summary,
    time: Duration,
}

impl Job {
    fn claims(&self) -> MutexGuard<'_, Claims> {
        self.claims.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Inputs are gone through once more.
    pub(super) fn next_pass(&self) {
        self.claims().pass += 1;
    }

    /// Takes a name of outputs, less their endings, for an owner.
    pub(super) fn claim_base(&self, base: &Path, owner: &str) -> bool {
        // No file has such a name.
        self.claims().take(format!("{}.*", base.display().to_string().to_lowercase()), owner)
    }

    /// Takes the name of a file for an owner.
    pub(super) fn claim_path(&self, path: &Path, owner: &str) -> bool {
        self.claims().take(path.display().to_string().to_lowercase(), owner)
    }

    /// Whether an input must be a report: one that was named, but not whatever lies in a folder.
    pub(super) fn must_be_report(&self, input: &Input) -> bool {
        self.strict || input.is_named
    }

    /// Reads an input and writes what is in it.
    pub(super) fn input(&self, input: &Input, taken: &mut Taken<'_>, outcome: &mut Outcome<'_>) {
        let show = || self.progress.reading(&input.path.display().to_string(), &WATCH);
        let (mut shown, mut started) = (show(), Instant::now());
        read_each(&input.path, &self.reading, &WATCH, |source, report| {
            drop(shown.take());
            match report {
                Ok(report) => {
                    taken.correct(memory::of_report(report.memory(), report.len()));
                    self.report(&input.output_folder(self.output.as_deref()), source, report, started, outcome);
                }
                Err(error) => {
                    // What the system does not give today it may give tomorrow.
                    outcome.is_lasting &= !matches!(error.kind, inspector_report::ReadErrorKind::Io(_));
                    outcome.records.extend(outcome.said.read_error(&error, self.must_be_report(input)));
                }
            }
            (shown, started) = (show(), Instant::now());
        });
        outcome.is_lasting &= !WATCH.is_stopped();
    }

    /// Writes the outputs of a report.
    pub(super) fn report(
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
        self.say_what_is_left(view, &mut outcome.said);
        let shown = self.progress.writing(&self.formats.iter().map(|f| f.name()).collect::<Vec<_>>().join(", "));
        let results = match self.split_by {
            None => {
                outcome.begin(&output, &self.formats);
                self.write_all(&output, &source.name(), view, outcome.manifest())
            }
            Some(split_by) => self.write_parts(split_by, &output, source, view, outcome),
        };
        drop(shown);
        if WATCH.is_stopped() && results.iter().all(|written| written.result.is_err()) {
            return;
        }
        outcome.said.problems(view.report());
        self.results(view, results, started, read_in, outcome);
    }

    /// Says how much of what people filled in does not come over into a new workbook.
    fn say_what_is_left(&self, report: &View, said: &mut Said) {
        let is_written = self.settings.is_on("triage") && self.formats.iter().any(|format| format.name() == "xlsx");
        if !is_written {
            return;
        }
        let triage = Triage::new(report);
        let filtered = if report.filtered_out() > 0 { ", or that a filter leaves out" } else { "" };
        let left = match triage.left() {
            0 => None,
            1 => Some(format!("1 filled-in row belongs to a finding or action that is not in this report{filtered}")),
            left => Some(format!(
                "{left} filled-in rows belong to findings or actions that are not in this report{filtered}"
            )),
        };
        let joined = Some(triage.joined()).filter(|joined| *joined > 0).map(|joined| {
            format!(
                "{joined} filled-in rows of actions are joined with others of the same action: all names and notes, the \
                 earliest date, and the state that is least finished"
            )
        });
        left.into_iter().chain(joined).for_each(|what| said.note_of(report.source(), what));
    }

    /// What is looked at of a report. `counts` grows by how many findings each entry of the triage file matches.
    fn view(&self, report: Report, counts: &mut Vec<u64>) -> View {
        let report = Arc::new(report);
        let mut view = View::builder(Arc::clone(&report));
        if let Some(ignore) = &self.ignore {
            let acceptances = ignore.acceptances(&report);
            add_counts(counts, &acceptances.counts());
            view = view.accept(acceptances);
        }
        if let Some(previous) = self.previous.lock().unwrap_or_else(PoisonError::into_inner).take() {
            let acceptances = self.ignore.as_ref().map(|ignore| ignore.acceptances(&previous)).unwrap_or_default();
            view = view.compare_with(View::builder(previous).accept(acceptances).build());
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
        source: &Source,
        report: &View,
        outcome: &mut Outcome<'_>,
    ) -> Vec<Written> {
        let mut results = Vec::new();
        for part in split_by.parts(report) {
            let output = with_suffix(output, &format!(".{}", part.name));
            if let Err(what) = self.claim(&output, &source.name()) {
                outcome.is_lasting = false;
                outcome.records.push(Record::failed(format!("{} ({})", source.name(), part.value), what.clone()));
                outcome.said.error(
                    format_args!("{}: {what}", source.name()),
                    "Convert the reports apart, into folders of their own.",
                );
                continue;
            }
            let filter = format!("--split-by {split_by} ({})", part.value);
            let report = report.part(filter, &part.rows, |gone| split_by.value(gone.resource()) == part.value);
            outcome.begin(&output, &self.formats);
            results.extend(self.write_all(&output, &source.name(), &report, outcome.manifest()));
        }
        results
    }

    /// Writes a report in every format.
    fn write_all(&self, output: &Path, owner: &str, report: &View, known: Option<&Manifest>) -> Vec<Written> {
        let write = |format: &&'static dyn Converter| {
            let result = self.write(output, owner, report, *format, known);
            Written { output: output.to_owned(), format: *format, result }
        };
        self.formats.par_iter().map(write).collect()
    }

    /// Takes a name for outputs. What other files are named was compared before; what archives hold, and what names are
    /// made of, shows only here.
    fn claim(&self, output: &Path, owner: &str) -> Result<(), String> {
        let is_new = self.claim_base(output, owner);
        let mut claims = self.claims();
        claims.reports += usize::from(is_new);
        let is_only = claims.reports <= 1 || self.split_by.is_some();
        match (is_new, self.one_report) {
            (false, _) => Err(format!("another report was written to {}.*", output.display())),
            (true, Some(name)) if !is_only => Err(format!("--{name} takes one report; the archive has several")),
            (true, None) if !is_only && self.to_stdout => {
                Err("standard output takes one report; the archive has several".to_owned())
            }
            (true, _) => Ok(()),
        }
    }

    fn write(
        &self,
        output: &Path,
        owner: &str,
        report: &View,
        format: &dyn Converter,
        known: Option<&Manifest>,
    ) -> Result<Done, ConvertError> {
        let started = Instant::now();
        let options = Options { texts: &self.texts, version: VERSION, settings: &self.settings };
        let convert = |outputs: &mut dyn Outputs| format.convert(report, &options, outputs);
        if self.to_stdout {
            let summary = write_to_stdout(convert)?;
            return Ok(Done {
                paths: Vec::new(),
                stamps: Vec::new(),
                leftovers: Vec::new(),
                kept: Vec::new(),
                summary,
                time: started.elapsed(),
            });
        }
        let may_write = |path: &Path| self.may_write(path, owner);
        let is_known = |path: &Path| known.is_some_and(|manifest| manifest.has_output(path));
        let WrittenFiles { committed, kept, summary } =
            write_known_files(output, format, convert, may_write, is_known, self.force)?;
        let Committed { paths, leftovers } = committed;
        let stamps = paths.iter().filter_map(|path| Some((path.clone(), stamp(path)?))).collect();
        Ok(Done { paths, stamps, leftovers, kept, summary, time: started.elapsed() })
    }

    /// Whether a file may be replaced.
    fn may_write(&self, path: &Path, owner: &str) -> io::Result<()> {
        let what = match (without_links(path).is_some_and(|path| self.protected.contains(&path)), path.display()) {
            (true, name) => format!("{name} is read in this run, and would be overwritten"),
            _ if self.claim_path(path, owner) => return Ok(()),
            (_, name) => format!("another report was written to {name}"),
        };
        Err(io::Error::new(io::ErrorKind::InvalidInput, what))
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
                    said.kept(&done.kept, &done.paths);
                    for path in &done.leftovers {
                        said.warning(format_args!(
                            "{} seems to be left from an earlier run; remove it, or it may be used as a part of this one",
                            path.display()
                        ));
                    }
                    let (name, time) = (format.name(), done.time.as_secs_f64());
                    said.detail(format_args!("{name}: {} findings in {time:.2} s", done.summary.findings));
                    outcome.stamps.extend(done.stamps);
                    written.extend(done.paths.iter().map(|path| path.display().to_string()));
                }
                Err(_) if WATCH.is_stopped() => errors.push("interrupted".to_owned()),
                Err(error) => {
                    let name = inputs::output_path(Path::new(""), &output, format.extension());
                    let name = if self.to_stdout { "standard output".to_owned() } else { name.display().to_string() };
                    let left = if self.to_stdout { String::new() } else { of_earlier_run(&output, format, &error) };
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
            data_date: report.data_date().map(Timestamp::as_second),
            ..Record::default()
        });
    }
}

/// Of an output that could not be written: that a file of an earlier run is still there, if it is.
fn of_earlier_run(output: &Path, format: &dyn Converter, error: &ConvertError) -> String {
    // What was not to be replaced is no output of an earlier run.
    if matches!(error, ConvertError::Io(error) if error.kind() == io::ErrorKind::InvalidInput) {
        return String::new();
    }
    let path = |ending: &str| inputs::output_path(Path::new(""), output, &format!("{ending}{}", format.extension()));
    match (["", "001."].map(path).into_iter().find(|path| path.is_file()), format.extension()) {
        (Some(path), "sarif") => format!("; {} is of an earlier run; do not upload it again", path.display()),
        (Some(path), _) => format!("; {} is not of this run", path.display()),
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

/// Writes what `convert` makes to standard output. That nobody reads it any more is no error.
pub(super) fn write_to_stdout(
    convert: impl FnOnce(&mut dyn Outputs) -> Result<Summary, ConvertError>,
) -> Result<Summary, ConvertError> {
    let mut stream = Stream::new(&WATCH);
    let summary = convert(&mut stream)?;
    match stream.copy_to(&mut io::stdout().lock()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(summary),
    }
}

/// What was written to files.
pub(super) struct WrittenFiles {
    pub(super) committed: Committed,
    /// What stands at the names that the outputs would have had, and was kept.
    pub(super) kept: Vec<(PathBuf, Standing)>,
    pub(super) summary: Summary,
}

/// Writes what `convert` makes to files named `output`, with the ending of the format behind it, if `may_write` has
/// nothing against any of them. What someone has worked on stays: where it stands at the name of an output, and `force`
/// does not say that it may go, the output gets a name beside it.
pub(super) fn write_files(
    output: &Path,
    format: &dyn Converter,
    convert: impl FnOnce(&mut dyn Outputs) -> Result<Summary, ConvertError>,
    may_write: impl Fn(&Path) -> io::Result<()>,
    force: bool,
) -> Result<WrittenFiles, ConvertError> {
    write_known_files(output, format, convert, may_write, |_| false, force)
}

/// The same, where `is_known` says which files are certainly outputs of earlier runs.
fn write_known_files(
    output: &Path,
    format: &dyn Converter,
    convert: impl FnOnce(&mut dyn Outputs) -> Result<Summary, ConvertError>,
    may_write: impl Fn(&Path) -> io::Result<()>,
    is_known: impl Fn(&Path) -> bool,
    force: bool,
) -> Result<WrittenFiles, ConvertError> {
    let folder = output.parent().unwrap_or(Path::new(""));
    let stem = output.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    if !folder.as_os_str().is_empty() {
        fs::create_dir_all(folder)?;
    }
    let mut files = Files::new(folder, &stem, format.extension(), &WATCH);
    let summary = convert(&mut files)?;
    if WATCH.is_stopped() {
        return Err(io::Error::other("interrupted").into());
    }
    let heading = files.first_line();
    let what_stands = |path: &Path| match standing(path, format) {
        Standing::AsWritten if !is_known(path) && is_foreign(path, &heading) => Standing::Foreign,
        standing => standing,
    };
    let is_kept = |path: &Path| !force && what_stands(path) != Standing::AsWritten;
    let kept: Vec<_> = files.paths().into_iter().filter(|path| is_kept(path)).collect();
    match kept.is_empty() {
        true => files.paths().iter().try_for_each(|path| may_write(path))?,
        false => files.step_aside(|path| is_kept(path) || may_write(path).is_err()),
    }
    let kept = kept.into_iter().map(|path| (what_stands(&path), path)).map(|(what, path)| (path, what)).collect();
    Ok(WrittenFiles { committed: files.commit()?, kept, summary })
}

/// Whether a file at the place of an output may be a report that someone put there. JSON of ours is known by its beginning;
/// CSV of ours is a report like any other: it is taken for ours where it has the headings that the new one has too.
fn is_foreign(path: &Path, heading: &[u8]) -> bool {
    let ending = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    let is_something = || fs::metadata(path).is_ok_and(|metadata| metadata.is_file() && metadata.len() > 0);
    match ending.as_str() {
        "csv" => is_something() && first_line(path) != heading,
        "json" | "ndjson" => is_something() && !matches!(Own::of(path), Some(Own::Json | Own::Trend)),
        _ => false,
    }
}

/// A path without links in it, of a file that need not be there.
pub(super) fn without_links(path: &Path) -> Option<PathBuf> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    Some(folder.canonicalize().ok()?.join(path.file_name()?))
}

/// A path with something behind its name, which may hold dots of its own.
fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.to_owned().into_os_string();
    name.push(suffix);
    PathBuf::from(name)
}

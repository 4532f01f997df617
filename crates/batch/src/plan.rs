//! What a conversion does, before it does it: which inputs are read, and where each goes.

use std::{
    collections::HashSet,
    fmt,
    path::{Path, PathBuf},
    sync::Mutex,
};

use bytesize::ByteSize;

use crate::{
    Format, Source, SplitBy,
    cache::Cache,
    convert::read_one,
    core::{Settings, Standing},
    ending::Ending,
    files::{standing, without_links},
    host::Host,
    inputs::{self, Clash, Input},
    job::Job,
    messages::Messages,
    names::Template,
    own::Own,
    pool::KnownOutputs,
    read_each,
    record::{FailOn, Record},
    request::{Request, Selection},
    spec::ConversionSpec,
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
    /// Whether what is unchanged is converted again all the same, since more is done with the outputs than to write them.
    pub again: bool,
}

/// What a conversion does: its inputs, found and told apart, and where each goes. Nothing is written before it
/// [runs](Plan::run).
pub struct Plan {
    pub(crate) job: Job,
    pub(crate) options: ConvertOptions,
    also_read: Vec<PathBuf>,
    pub(crate) known: Option<KnownOutputs>,
    pub(crate) inputs: Vec<Input>,
    /// What is not there, or in the way of others.
    pub(crate) missing: Vec<Record>,
}

/// What is done with an input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The input.
    pub input: PathBuf,
    /// Where it goes.
    pub destination: Destination,
}

/// Where an input goes.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Destination {
    /// Nowhere: its outputs are there, of the same input and the same options.
    Unchanged,
    /// To standard output.
    StandardOutput,
    /// To these files, for each format one; for an archive, what is in it goes beside them.
    Files(Vec<PathBuf>),
    /// Into this folder, named by what is in the report.
    Folder(PathBuf),
}

impl fmt::Display for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Destination::Unchanged => f.write_str("nothing to do: unchanged since it was converted"),
            Destination::StandardOutput => f.write_str("standard output"),
            Destination::Files(paths) => {
                let names: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
                f.write_str(&names.join(", "))
            }
            Destination::Folder(folder) => write!(f, "into {}, named by what is in it", folder.display()),
        }
    }
}

impl fmt::Debug for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.steps()).finish()
    }
}

impl Plan {
    /// Finds the inputs of a conversion, and tells which get in the way of which.
    ///
    /// # Errors
    /// When what is asked for does not go together, or the folder of the outputs cannot be read; it is said already.
    pub fn new(request: Request, options: ConvertOptions, host: Host) -> Result<Plan, Ending> {
        let formats = &request.formats;
        if request.output.is_standard_output() && (formats.len() != 1 || options.split_by.is_some() || options.watch) {
            return Err(host.usage(TO_STDOUT));
        }
        let wrong = |fail_on: FailOn| fail_on.wrong(options.previous.is_some(), &request.judging);
        if let Some(what) = options.fail_on.and_then(wrong) {
            return Err(host.usage(what));
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
        if let Some(split_by) = job.split_by.filter(|_| !job.verbosity.quiet) {
            let warnings = job.converters.iter().filter_map(|converter| converter.warning_of_parts(split_by.as_str()));
            warnings.for_each(|what| job.host().events.say(&format!("warning: {what}\n")));
        }
        let mut plan = Plan { job, options, also_read, known: None, inputs: Vec::new(), missing: Vec::new() };
        plan.known = plan.known().map_err(|error| plan.cannot_write(&error))?;
        plan.find()?;
        Ok(plan)
    }

    /// Finds the inputs, and looks whether they go together with what is asked for.
    fn find(&mut self) -> Result<(), Ending> {
        let cache = self.known.as_ref().map(|known| &known.cache);
        let found = inputs::find(&self.options.selection, self.job.output.as_deref(), cache);
        let mut said = Messages::new(self.job.verbosity);
        self.missing = found.say(&mut said);
        self.job.writer.protect(self.protected(&found.inputs));
        let usage = |plan: &Plan, what: &str| plan.job.host().usage(what);
        self.check(&found.inputs).map_err(|what| usage(self, &what))?;
        let settled = self.settle(found.inputs, &mut said);
        let (inputs, clashing) = settled.map_err(|what| usage(self, &what))?;
        self.inputs = inputs;
        self.missing.extend(clashing);
        self.job.host().say(said);
        Ok(())
    }

    /// What is done with each input.
    pub fn steps(&self) -> Vec<Step> {
        let step = |input: &Input| Step { input: input.path.clone(), destination: self.destination(input) };
        self.inputs.iter().map(step).collect()
    }

    fn destination(&self, input: &Input) -> Destination {
        let job = &self.job;
        let skipping = self.known.as_ref().filter(|known| known.skips && self.options.merge.is_none());
        let is_unchanged =
            skipping.is_some_and(|known| known.key(input).is_ok_and(|key| known.cache.find(&key).is_some()));
        let folder = input.output_folder(job.output.as_deref());
        let files = |name: &Path| {
            let path = |format: &&'static dyn Format| inputs::output_path(&folder, name, format.extension());
            Destination::Files(job.formats.iter().map(path).collect())
        };
        match (is_unchanged, job.writer.output.is_standard_output(), &self.options.merge, &job.name) {
            (true, ..) => Destination::Unchanged,
            (_, true, ..) => Destination::StandardOutput,
            (_, _, Some(name), _) => files(Path::new(name)),
            (_, _, _, Some(_)) => Destination::Folder(folder),
            _ => files(&input.source().output()),
        }
    }

    pub(crate) fn cannot_write(&self, error: &std::io::Error) -> Ending {
        let folder = self.job.output.as_deref().unwrap_or(Path::new("")).display();
        let mut said = Messages::new(self.job.verbosity);
        let what = format_args!("{folder}: cannot be written to: {error}");
        said.error(what, "Choose a folder that you may write to with --output.");
        self.job.host().say(said);
        Ending::Failure
    }

    /// What the output folder knows of earlier runs.
    fn known(&self) -> std::io::Result<Option<KnownOutputs>> {
        let Some(folder) = self.job.writer.output.folder() else { return Ok(None) };
        let cache = Cache::read(folder)?;
        // What depends on more than the report and the options, or does more than write outputs, is done every time.
        let again = self.job.writer.force || self.options.again;
        let skips = !again && self.options.previous.is_none() && !self.reaches_out();
        Ok(Some(KnownOutputs { cache, options: ConversionSpec::of(&self.job).hash(), skips }))
    }

    /// Whether a setting has to do with more than the report and its outputs.
    pub(crate) fn reaches_out(&self) -> bool {
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
        if job.writer.output.is_standard_output() && !is_one {
            return Err(TO_STDOUT.to_owned());
        }
        if let Some(name) = job.one_report.filter(|_| !is_one) {
            return Err(for_one_report(name));
        }
        if self.options.watch && self.options.selection.inputs.iter().any(|input| !input.path().is_dir()) {
            return Err("--watch takes folders".to_owned());
        }
        if let Some(path) = self.options.summary.as_ref().filter(|path| path.as_path() != Path::new("-")) {
            let name = path.display();
            match without_links(path) {
                None => return Err(format!("--summary {name}: there is no such folder")),
                Some(path) if job.writer.protected().contains(&path) => {
                    return Err(format!("--summary {name}: is read in this run, and would be overwritten"));
                }
                Some(path) if is_foreign_summary(&path) => {
                    return Err(format!(
                        "--summary {name}: is no summary, and would be overwritten; name another file"
                    ));
                }
                // No output may take its place.
                Some(path) => drop(job.writer.claim_path(&path, "--summary")),
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
        if job.writer.output.is_standard_output() || self.options.merge.is_some() || !is_known {
            return Ok((inputs, Vec::new()));
        }
        let name = |source: &Source| job.name.as_ref().map_or_else(|| source.output(), |name| name.fill_stem(source));
        // The parts of reports have names of their own.
        let formats = if job.split_by.is_some() { &[][..] } else { &job.formats };
        let has_files = job.writer.output.has_files();
        let is_kept = |path: &Path, format: &dyn Format| {
            has_files && !job.writer.force && standing(path, format) != Standing::AsWritten
        };
        let is_report = |input: &Input| {
            let mut has_one = false;
            read_each(input.location(), &job.reading, &job.host().stop, |_, report| has_one |= report.is_ok());
            has_one
        };
        let output = job.output.as_deref();
        // No file is written over where none is written.
        let none = HashSet::new();
        let (inputs, clashes) = {
            let protected = job.writer.protected();
            let protected = if has_files { &*protected } else { &none };
            inputs::settle(inputs, output, name, formats, protected, is_kept, is_report)?
        };
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
        self.job.writer.leave(&left_out);
        Ok((inputs, records))
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

/// A setting that is for one report alone, if there is one among those that were made.
fn one_report_setting(formats: &[&dyn Format], settings: &Settings) -> Option<&'static str> {
    let mut all = formats.iter().flat_map(|format| format.settings());
    all.find(|setting| setting.one_report && settings.is_on(setting.name)).map(|setting| setting.name)
}

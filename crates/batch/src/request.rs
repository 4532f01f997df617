//! What the commands of the engine are asked for.

use std::path::PathBuf;

use crate::{
    Converter, Filter, Format, Ignore, InputLocation, ReadOptions, VERSION,
    core::{Context, LocalFiles, Localizer, Settings, jiff::Timestamp},
    messages::Verbosity,
    output::OutputLocation,
    policy::Judging,
};

/// What the requests to convert, compare and follow a trend have in common.
#[derive(Debug)]
pub struct Request {
    /// The formats to write, each once.
    pub formats: Vec<&'static dyn Format>,
    /// What was set of them.
    pub settings: Settings,
    /// Which findings are accepted.
    pub ignore: Option<Ignore>,
    /// How findings are judged.
    pub judging: Judging,
    /// How inputs are read.
    pub reading: ReadOptions,
    /// Which findings are kept.
    pub filter: Filter,
    /// The texts of the language of the outputs, with their time zone.
    pub texts: Localizer,
    /// Where outputs go.
    pub output: OutputLocation,
    /// Whether outputs replace also what someone has worked on.
    pub force: bool,
    /// How much is said.
    pub verbosity: Verbosity,
    /// Files that are read besides the inputs: that of the settings, say. No output replaces them.
    pub also_read: Vec<PathBuf>,
    /// `SOURCE_DATE_EPOCH`, which outputs may state as the time that they were made.
    pub source_date_epoch: Option<String>,
}

impl Request {
    /// A request for formats, with nothing else asked for: `Request { output, ..Request::new(formats, texts) }`.
    pub fn new(formats: Vec<&'static dyn Format>, texts: Localizer) -> Request {
        Request {
            formats,
            settings: Settings::new(),
            ignore: None,
            judging: Judging::default(),
            reading: ReadOptions::default(),
            filter: Filter::default(),
            texts,
            output: OutputLocation::default(),
            force: false,
            verbosity: Verbosity::default(),
            also_read: Vec::new(),
            source_date_epoch: None,
        }
    }

    /// Looks whether one format alone goes to standard output, if anything does.
    pub(crate) fn check_standard_output(&self) -> Result<(), &'static str> {
        match self.output.is_standard_output() && self.formats.len() != 1 {
            true => Err("standard output takes one format; name it with --format, or a folder with --output"),
            false => Ok(()),
        }
    }

    /// The converter of each format.
    pub(crate) fn converters(&self) -> Result<Vec<Box<dyn Converter>>, String> {
        self.formats.iter().map(|format| format.converter(&self.settings)).collect()
    }

    /// The request with the texts of its formats.
    pub(crate) fn with_texts_of_formats(mut self) -> Request {
        self.texts = self.formats.iter().fold(self.texts, |texts, format| texts.with_texts(format.metadata().texts));
        self
    }
}

/// What converters must know besides the report.
pub(crate) fn context<'a>(texts: &'a Localizer, source_date_epoch: Option<&str>) -> Context<'a> {
    let made_at = source_date_epoch.and_then(|seconds| Timestamp::from_second(seconds.parse().ok()?).ok());
    Context::new(texts, VERSION).made_at(made_at).with_files(&LocalFiles)
}

/// Which files to read.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Reports, or folders of them.
    pub inputs: Vec<InputLocation>,
    /// The name of what comes through a pipe, with the ending of what it is.
    pub input_name: Option<String>,
    /// A file with the names of more, one on a line; `-` for standard input.
    pub files_from: Option<PathBuf>,
    /// In folders, what is read; all if nothing is said.
    pub include: Vec<globset::Glob>,
    /// In folders, what is left out, files or whole folders.
    pub exclude: Vec<globset::Glob>,
    /// Whether folders in folders are left out.
    pub no_recursive: bool,
    /// Whether files in folders that are no reports are errors.
    pub strict: bool,
}

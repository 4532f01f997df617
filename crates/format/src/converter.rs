//! What an output format implements: the whole contract between the pipeline and a format.

use std::{
    collections::BTreeMap,
    fmt,
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use inspector_report_analysis::Trend;
use inspector_report_localizer::Localizer;
use inspector_report_model::{View, jiff::Timestamp};

use crate::{Metadata, Outputs, Setting, Settings};

/// An output format: what is known of it, and the converter that its settings make.
pub trait Format: Sync {
    /// What is known of the format.
    fn metadata(&self) -> &'static Metadata;

    /// The converter that writes as the settings say. They are parsed here, once, before anything is read. Without
    /// settings there always is one.
    ///
    /// # Errors
    /// A sentence that says which setting is wrong, or which do not go together.
    fn converter(&self, settings: &Settings) -> Result<Box<dyn Converter>, String>;

    /// What a file is that stands where an output is to go. Formats that people work in can tell; what others wrote
    /// is replaced.
    ///
    /// # Errors
    /// When the file cannot be read.
    fn standing(&self, _file: File) -> io::Result<Standing> {
        Ok(Standing::AsWritten)
    }
}

/// Writes a format, as its settings say.
///
/// A converter sees a view of a report and a place to write to. It does not know where the report came from, what other
/// formats there are, or who asked for it. It reads no environment and no clock, and no file but through
/// [`Context::files`].
pub trait Converter: Send + Sync {
    /// Writes a report.
    ///
    /// # Errors
    /// When the output cannot be written, or the format cannot hold the report. The caller throws away what was written
    /// until then.
    fn write(&self, view: &View, context: &Context, outputs: &mut dyn Outputs) -> Result<Summary, ConvertError>;

    /// What to say of a report as a whole, before it is written or divided into parts. Each is a sentence in English.
    fn notes(&self, _view: &View) -> Vec<String> {
        Vec::new()
    }

    /// A warning about what becomes of parts by `split_by` (`account`, `region`, `owner`), if there is one.
    fn warning_of_parts(&self, _split_by: &str) -> Option<&'static str> {
        None
    }

    /// How it shows what a series of reports comes to, if it can.
    fn trends(&self) -> Option<&dyn TrendConverter> {
        None
    }
}

/// A format that can show what a series of reports comes to.
pub trait TrendConverter {
    /// Writes what a series of reports comes to.
    ///
    /// # Errors
    /// Those of [`Converter::write`].
    fn write_trend(&self, trend: &Trend, context: &Context, outputs: &mut dyn Outputs)
    -> Result<Summary, ConvertError>;
}

/// What every converter must know besides the report.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Context<'a> {
    /// The texts of the language to write in, with its way to write numbers and times.
    pub texts: &'a Localizer,
    /// The version of the program, for formats that name the tool that wrote them.
    pub version: &'static str,
    /// The time that outputs state as that of their making (`SOURCE_DATE_EPOCH`), if they are not to state that of the
    /// data.
    pub made_at: Option<Timestamp>,
    /// The files that a setting may name: what a format wrote earlier, a checkout of a repository.
    pub files: &'a dyn FileSystem,
}

impl<'a> Context<'a> {
    /// No files to look into, and no stated time.
    pub fn new(texts: &'a Localizer, version: &'static str) -> Context<'a> {
        Context { texts, version, made_at: None, files: &NO_FILES }
    }

    /// The same, but that outputs state this as the time of their making.
    pub fn made_at(self, time: Option<Timestamp>) -> Context<'a> {
        Context { made_at: time, ..self }
    }

    /// The same with files to look into.
    pub fn with_files(self, files: &'a dyn FileSystem) -> Context<'a> {
        Context { files, ..self }
    }
}

/// Files that are there already.
pub trait FileSystem: fmt::Debug + Sync {
    /// What is in a file.
    ///
    /// # Errors
    /// [`io::ErrorKind::NotFound`] when there is none, and whatever keeps it from being read.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;

    /// Whether there is a file of this path.
    fn is_file(&self, path: &Path) -> bool;

    /// Whether there is a folder of this path.
    fn is_folder(&self, path: &Path) -> bool;
}

/// No files at all.
pub static NO_FILES: MemoryFiles = MemoryFiles::new();

/// Files in memory; by default none at all.
#[derive(Clone, Debug, Default)]
pub struct MemoryFiles {
    files: BTreeMap<PathBuf, Vec<u8>>,
}

impl MemoryFiles {
    /// No files.
    pub const fn new() -> MemoryFiles {
        MemoryFiles { files: BTreeMap::new() }
    }

    /// The same with one more.
    pub fn with(mut self, path: impl Into<PathBuf>, content: impl Into<Vec<u8>>) -> MemoryFiles {
        self.files.insert(path.into(), content.into());
        self
    }
}

impl FileSystem for MemoryFiles {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.files.get(path).cloned().ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn is_file(&self, path: &Path) -> bool {
        self.files.contains_key(path)
    }

    fn is_folder(&self, path: &Path) -> bool {
        self.files.keys().any(|file| file != path && file.starts_with(path))
    }
}

/// The files of this machine.
#[derive(Clone, Copy, Debug)]
pub struct LocalFiles;

impl FileSystem for LocalFiles {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        fs::read(path)
    }

    fn is_file(&self, path: &Path) -> bool {
        path.is_file()
    }

    fn is_folder(&self, path: &Path) -> bool {
        path.is_dir()
    }
}

impl dyn Format + '_ {
    /// [`Metadata::name`].
    pub fn name(&self) -> &'static str {
        self.metadata().name
    }

    /// [`Metadata::extension`].
    pub fn extension(&self) -> &'static str {
        self.metadata().extension
    }

    /// [`Metadata::settings`].
    pub fn settings(&self) -> &'static [Setting] {
        self.metadata().settings
    }

    /// Whether it can show what a series of reports comes to.
    pub fn has_trends(&self) -> bool {
        self.converter(&Settings::new()).is_ok_and(|converter| converter.trends().is_some())
    }
}

impl fmt::Debug for dyn Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What a file is that stands where an output is to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It is as this program wrote it, as far as one can tell: nobody loses anything with it.
    AsWritten,
    /// This program wrote it, and someone has saved it since.
    Edited,
    /// It is someone else's.
    Foreign,
}

/// What a converter has done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// How many findings are in the output.
    pub findings: u64,
    /// What the person who gets the output should know: what was left out or cut, how many, and why. Each a sentence
    /// in English for the terminal.
    pub notes: Vec<String>,
    /// What else is of interest to who asks for more: what was chosen, and why.
    pub details: Vec<String>,
}

impl Summary {
    /// So many findings, with notes.
    pub const fn new(findings: u64, notes: Vec<String>) -> Summary {
        Summary { findings, notes, details: Vec::new() }
    }

    /// With what is of interest to who asks for more.
    #[must_use]
    pub fn with_details(self, details: Vec<String>) -> Summary {
        Summary { details, ..self }
    }
}

/// Why a conversion failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConvertError {
    /// The output could not be written.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The format cannot hold the report; the text says why, and what to do.
    #[error("{0}")]
    Format(String),
    /// The output would do harm that nobody said is meant; the text says which, and what to do.
    #[error("{0}")]
    Stopped(String),
}

//! What a converter is: the whole contract between the pipeline and an output format.

use std::{
    collections::BTreeMap,
    fmt,
    fs::File,
    io::{self, Cursor, Seek, Write},
    path::{Path, PathBuf},
};

use inspector_report_analysis::Trend;
use inspector_report_localizer::{Lang, Localizer};
use inspector_report_model::View;

/// What is known of a format before anything is written.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Metadata {
    /// The name on the command line: `xlsx`.
    pub name: &'static str,
    /// Other names for the same.
    pub aliases: &'static [&'static str],
    /// The ending of its files, without the dot.
    pub extension: &'static str,
    /// What it is for, in a sentence for the help.
    pub about: &'static str,
    /// Whether it is written when nobody says which formats to write.
    pub is_default: bool,
    /// What can be set, besides what holds for every format.
    pub settings: &'static [Setting],
    /// What it says itself, in each language: Fluent, with keys that no other format has.
    pub texts: &'static [(Lang, &'static str)],
}

impl Metadata {
    /// A format that is written when it is asked for, has nothing to be set, and says nothing itself.
    pub const fn new(name: &'static str, extension: &'static str, about: &'static str) -> Metadata {
        Metadata { name, aliases: &[], extension, about, is_default: false, settings: &[], texts: &[] }
    }

    /// The same with other names.
    pub const fn aliases(self, aliases: &'static [&'static str]) -> Metadata {
        Metadata { aliases, ..self }
    }

    /// The same, but written when nobody says which formats to write.
    pub const fn by_default(self) -> Metadata {
        Metadata { is_default: true, ..self }
    }

    /// The same with what can be set.
    pub const fn settings(self, settings: &'static [Setting]) -> Metadata {
        Metadata { settings, ..self }
    }

    /// The same with what it says itself.
    pub const fn texts(self, texts: &'static [(Lang, &'static str)]) -> Metadata {
        Metadata { texts, ..self }
    }
}

/// An output format.
///
/// A converter sees a view of a report and a place to write to. It does not know where the report came from, what other
/// formats there are, or who asked for it.
pub trait Converter: Sync {
    /// What is known of the format.
    fn metadata(&self) -> &'static Metadata;

    /// Writes a report.
    ///
    /// # Errors
    /// When the output cannot be written, or the format cannot hold the report. What was written until then is thrown
    /// away by the caller.
    fn write(&self, view: &View, options: &Options, outputs: &mut dyn Outputs) -> Result<Summary, ConvertError>;

    /// Looks whether the settings make sense together, before anything is read.
    ///
    /// # Errors
    /// A sentence that says which do not.
    fn check(&self, _settings: &Settings) -> Result<(), String> {
        Ok(())
    }

    /// What a file is that stands where an output is to go. Formats that people work in can tell; what others wrote
    /// is replaced.
    ///
    /// # Errors
    /// When the file cannot be read.
    fn standing(&self, _file: File) -> io::Result<Standing> {
        Ok(Standing::AsWritten)
    }

    /// How it shows what a series of reports comes to, if it can.
    fn trends(&self) -> Option<&dyn TrendConverter> {
        None
    }
}

/// A format that can show what a series of reports comes to.
pub trait TrendConverter: Sync {
    /// Writes what a series of reports comes to.
    ///
    /// # Errors
    /// Those of [`Converter::write`].
    fn write_trend(&self, trend: &Trend, options: &Options, outputs: &mut dyn Outputs)
    -> Result<Summary, ConvertError>;
}

impl dyn Converter + '_ {
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

impl fmt::Debug for dyn Converter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Something about a format that can be set: `--csv-bom`, or with a value `--sheets LIST`.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// The name on the command line, without the dashes. No two formats have the same.
    pub name: &'static str,
    /// What it takes.
    pub kind: SettingKind,
    /// Says what is wrong with a value, if anything is.
    pub check: fn(&str) -> Result<(), String>,
    /// What it does, in a sentence for the help.
    pub help: &'static str,
    /// Whether it makes sense for a single report alone, and not for each of several.
    pub one_report: bool,
    /// Whether outputs with it depend on more than the report and the settings, or more is done than to write them: a
    /// file is kept from run to run, a checkout is looked into. Such a conversion is never left out as done before.
    pub reaches_out: bool,
}

/// What a [`Setting`] takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SettingKind {
    /// Nothing: it is on or off.
    Switch,
    /// A text; what it is, in capitals.
    Value(&'static str),
    /// A table of the configuration file, as JSON. It is no option of the command line.
    Table,
}

impl Setting {
    /// The same, but that it [reaches out](Setting::reaches_out).
    pub const fn reaching_out(self) -> Setting {
        Setting { reaches_out: true, ..self }
    }

    /// A switch.
    pub const fn switch(name: &'static str, help: &'static str) -> Setting {
        Setting { name, kind: SettingKind::Switch, check: |_| Ok(()), help, one_report: false, reaches_out: false }
    }

    /// Something with a value: `what` it is in capitals, and what is wrong with it.
    pub const fn value(
        name: &'static str,
        what: &'static str,
        check: fn(&str) -> Result<(), String>,
        help: &'static str,
    ) -> Setting {
        Setting { name, kind: SettingKind::Value(what), check, help, one_report: false, reaches_out: false }
    }

    /// A table of the configuration file.
    pub const fn table(name: &'static str, check: fn(&str) -> Result<(), String>, help: &'static str) -> Setting {
        Setting { name, kind: SettingKind::Table, check, help, one_report: false, reaches_out: false }
    }
}

/// The settings that were made, by the name of each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    values: BTreeMap<String, String>,
    folder: Option<PathBuf>,
}

impl Settings {
    /// Nothing set.
    pub const fn new() -> Settings {
        Settings { values: BTreeMap::new(), folder: None }
    }

    /// Sets a switch.
    pub fn switch_on(&mut self, name: &str) {
        self.values.insert(name.to_owned(), String::new());
    }

    /// Sets a value.
    pub fn set(&mut self, name: &str, value: &str) {
        self.values.insert(name.to_owned(), value.to_owned());
    }

    /// Whether a switch is on, or a value set.
    pub fn is_on(&self, name: &str) -> bool {
        self.values.contains_key(name)
    }

    /// A value that was set.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }

    /// What was set, in the order of the names; a switch has an empty value.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.values.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Takes over what `others` have set and these have not.
    pub fn or(&mut self, others: Settings) {
        for (name, value) in others.values {
            self.values.entry(name).or_insert(value);
        }
        self.folder = self.folder.take().or(others.folder);
    }

    /// Says which folder the paths in [tables](SettingKind::Table) are relative to: that of the configuration file.
    pub fn set_folder(&mut self, folder: PathBuf) {
        self.folder = Some(folder);
    }

    /// The folder of the configuration file.
    pub fn folder(&self) -> Option<&Path> {
        self.folder.as_deref()
    }
}

/// What every converter must know besides the report.
#[derive(Clone, Copy, Debug)]
pub struct Options<'a> {
    /// The texts of the language to write in, with its way to write numbers and times.
    pub texts: &'a Localizer,
    /// The version of the program, for formats that name the tool that wrote them.
    pub version: &'static str,
    /// What was set about the formats.
    pub settings: &'a Settings,
}

impl<'a> Options<'a> {
    /// Nothing set.
    pub fn new(texts: &'a Localizer, version: &'static str) -> Options<'a> {
        static NONE: Settings = Settings::new();
        Options { texts, version, settings: &NONE }
    }
}

/// A file being written.
pub trait Output: Write + Seek + Send {}

impl<T: Write + Seek + Send> Output for T {}

/// Gives converters the files to write to.
pub trait Outputs {
    /// Starts a file. Most converters write one.
    ///
    /// A format whose files have a limit writes several: `.001`, `.002`, ... are put before the extension, unless
    /// there is but one.
    ///
    /// # Errors
    /// When the file cannot be made, or a second file is asked for where only one can be (standard output).
    fn create(&mut self) -> io::Result<Box<dyn Output + '_>>;

    /// Starts a file of a name that the person who asked for it chose, such as one with what to remember for the next
    /// time. It is complete together with the others.
    ///
    /// # Errors
    /// When the file cannot be made, or outputs go nowhere that has files.
    fn create_at(&mut self, path: &Path) -> io::Result<Box<dyn Output + '_>> {
        let what = format!("{} cannot be written here; give a folder with --output", path.display());
        Err(io::Error::other(what))
    }

    /// Starts what is put behind all that a file has already, once it is complete.
    ///
    /// # Errors
    /// Those of [`create_at`](Outputs::create_at).
    fn append_to(&mut self, path: &Path) -> io::Result<Box<dyn Output + '_>> {
        self.create_at(path)
    }
}

/// Files in memory, for outputs that go somewhere else than to a disk, and for the tests of converters.
#[derive(Debug, Default)]
pub struct MemoryOutputs {
    /// The files so far, in the order in which they were created.
    pub files: Vec<Cursor<Vec<u8>>>,
    /// Those of a chosen name.
    pub named: BTreeMap<PathBuf, Cursor<Vec<u8>>>,
}

impl Outputs for MemoryOutputs {
    fn create(&mut self) -> io::Result<Box<dyn Output + '_>> {
        self.files.push(Cursor::default());
        self.files.last_mut().map(|file| Box::new(file) as Box<dyn Output>).ok_or_else(|| io::Error::other("no file"))
    }

    fn create_at(&mut self, path: &Path) -> io::Result<Box<dyn Output + '_>> {
        let file = self.named.entry(path.to_owned()).or_default();
        *file = Cursor::default();
        Ok(Box::new(file))
    }
}

/// What a converter has done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// How many findings are in the output.
    pub findings: u64,
    /// What the person who gets the output should know: what was left out or cut, how many, and why. Each a sentence
    /// in English for the terminal.
    pub notes: Vec<String>,
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

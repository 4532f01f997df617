//! What can be set about a format, and what was set.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

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
    /// The variable of the environment that has the value of a switch that is on. Converters do not read it themselves:
    /// whoever makes the settings does.
    pub variable: Option<&'static str>,
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

    /// The same, but that a variable of the environment has the value.
    pub const fn from_variable(self, variable: &'static str) -> Setting {
        Setting { variable: Some(variable), ..self }
    }

    /// A switch.
    pub const fn switch(name: &'static str, help: &'static str) -> Setting {
        Setting {
            name,
            kind: SettingKind::Switch,
            check: |_| Ok(()),
            help,
            one_report: false,
            reaches_out: false,
            variable: None,
        }
    }

    /// Something with a value: `what` it is in capitals, and what is wrong with it.
    pub const fn value(
        name: &'static str,
        what: &'static str,
        check: fn(&str) -> Result<(), String>,
        help: &'static str,
    ) -> Setting {
        Setting {
            name,
            kind: SettingKind::Value(what),
            check,
            help,
            one_report: false,
            reaches_out: false,
            variable: None,
        }
    }

    /// A table of the configuration file.
    pub const fn table(name: &'static str, check: fn(&str) -> Result<(), String>, help: &'static str) -> Setting {
        Setting { name, kind: SettingKind::Table, check, help, one_report: false, reaches_out: false, variable: None }
    }
}

/// The settings that were made, by the name of each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    values: BTreeMap<String, String>,
    folder: Option<PathBuf>,
    files: Vec<PathBuf>,
}

impl Settings {
    /// Nothing set.
    pub const fn new() -> Settings {
        Settings { values: BTreeMap::new(), folder: None, files: Vec::new() }
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

    /// A value that was set, parsed.
    ///
    /// # Errors
    /// What `parse` says of it, with the name of the setting.
    pub fn parse<T>(&self, name: &str, parse: impl FnOnce(&str) -> Result<T, String>) -> Result<Option<T>, String> {
        let parse = |value: &str| parse(value).map_err(|what| format!("--{name} {value:?}: {what}"));
        self.get(name).map(parse).transpose()
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
        self.files.extend(others.files);
    }

    /// Says that a value was read from a file, which no output may replace.
    pub fn add_file(&mut self, path: PathBuf) {
        self.files.push(path);
    }

    /// The files that values were read from.
    pub fn files(&self) -> &[PathBuf] {
        &self.files
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

//! Which files to read, and where their outputs go.

use std::{
    collections::BTreeMap,
    fs,
    io::{self, Read},
    path::{Path, PathBuf},
};

use inspector_report::{Converter, Source, may_be_report};

/// A file to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Input {
    /// The file.
    pub(crate) path: PathBuf,
    /// The folder that it was found in, below the folder that was named; empty for a file that was named.
    pub(crate) below: PathBuf,
}

impl Input {
    /// The folder for its outputs.
    pub(crate) fn output_folder(&self, output: Option<&Path>) -> PathBuf {
        match output {
            Some(folder) => folder.join(&self.below),
            None => self.path.parent().map(Path::to_owned).unwrap_or_default(),
        }
    }

    /// The file itself as a source of a report.
    fn source(&self) -> Source {
        Source { path: self.path.clone(), members: Vec::new() }
    }
}

/// Something that was named and is not there, or a folder that holds no report.
#[derive(Debug)]
pub(crate) struct Missing {
    pub(crate) path: PathBuf,
    pub(crate) error: io::Error,
}

/// The reports that the arguments name, folders walked in the order of their names.
pub(crate) fn find(arguments: &[PathBuf]) -> (Vec<Input>, Vec<Missing>) {
    let (mut inputs, mut missing) = (Vec::new(), Vec::new());
    for path in arguments {
        let before = inputs.len();
        let result = match fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => walk(path, Path::new(""), &mut inputs).and_then(|()| {
                let none = "holds no report: no file in it or below it ends in .csv or .json, packed or not";
                if inputs.len() > before { Ok(()) } else { Err(io::Error::new(io::ErrorKind::NotFound, none)) }
            }),
            Ok(_) => {
                inputs.push(Input { path: path.clone(), below: PathBuf::new() });
                Ok(())
            }
            Err(error) => Err(error),
        };
        missing.extend(result.err().map(|error| Missing { path: path.clone(), error }));
    }
    (inputs, missing)
}

/// Adds the files of a folder that may be reports. Hidden ones are left out, and so are workbooks and what else may be
/// an output of this program; links to folders are not followed.
fn walk(folder: &Path, below: &Path, inputs: &mut Vec<Input>) -> io::Result<()> {
    let mut entries = fs::read_dir(folder)?.collect::<io::Result<Vec<_>>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let (name, path) = (entry.file_name(), entry.path());
        if name.to_string_lossy().starts_with('.') {
            continue;
        }
        if entry.file_type()?.is_dir() {
            walk(&path, &below.join(&name), inputs)?;
        } else if may_be_report(&name.to_string_lossy()) && path.is_file() && !is_output(&path) {
            inputs.push(Input { path, below: below.to_owned() });
        }
    }
    Ok(())
}

/// Whether a file is a workbook, or JSON that this program wrote: an output beside its report is no report of its own.
fn is_output(path: &Path) -> bool {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default();
    let own_json = || {
        let mut start = [0; 300];
        let read = fs::File::open(path).and_then(|mut file| file.read(&mut start)).unwrap_or(0);
        let start = String::from_utf8_lossy(&start[..read]);
        start.contains("\"schemaVersion\"") && !start.contains("\"findings\"")
    };
    match ending.as_str() {
        "xlsx" => true,
        "json" | "ndjson" | "jsonl" => own_json(),
        _ => false,
    }
}

/// Looks for outputs that would overwrite each other or an input, before anything is written.
///
/// # Errors
/// A sentence that names them.
pub(crate) fn check_clashes(inputs: &[Input], output: Option<&Path>, formats: &[&dyn Converter]) -> Result<(), String> {
    let mut taken: BTreeMap<PathBuf, &Path> = BTreeMap::new();
    for input in inputs {
        for format in formats {
            let path = output_path(&input.output_folder(output), &input.source().output(), format.extension());
            let name = path.display().to_string();
            if let Some(source) = inputs.iter().find(|other| other.path == path) {
                return Err(format!(
                    "{name} is an input; it would be overwritten by an output ({})",
                    source.path.display()
                ));
            }
            // Names that differ in case alone are one file on Windows and macOS.
            if let Some(other) = taken.insert(PathBuf::from(name.to_lowercase()), &input.path) {
                let (a, b) = (other.display(), input.path.display());
                return Err(format!(
                    "{a} and {b} would both be written to {name}; convert them into different folders"
                ));
            }
        }
    }
    Ok(())
}

/// The path of an output: an ending behind the name, which may hold dots of its own.
pub(crate) fn output_path(folder: &Path, name: &Path, extension: &str) -> PathBuf {
    let mut path = folder.join(name).into_os_string();
    path.push(".");
    path.push(extension);
    PathBuf::from(path)
}

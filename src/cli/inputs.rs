//! Which files to read, and where their outputs go.

use std::{
    collections::BTreeMap,
    fs,
    io::{self, Read},
    path::{Path, PathBuf},
};

use globset::{Glob, GlobSet, GlobSetBuilder};
use inspector_report::{Converter, Source, may_be_report};

use super::args::Selection;

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
    pub(crate) fn source(&self) -> Source {
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
pub(crate) fn find(selection: &Selection) -> (Vec<Input>, Vec<Missing>) {
    let (mut inputs, mut missing) = (Vec::new(), Vec::new());
    let mut named = selection.inputs.clone();
    if let Some(list) = &selection.files_from {
        match read_list(list) {
            Ok(more) => named.extend(more),
            Err(error) => missing.push(Missing { path: list.clone(), error }),
        }
    }
    let walk = Walk::new(selection);
    for path in named {
        let before = inputs.len();
        let result = match fs::metadata(&path) {
            Ok(metadata) if metadata.is_dir() => walk.folder(&path, Path::new(""), &mut inputs).and_then(|()| {
                let none = match selection.include.is_empty() && selection.exclude.is_empty() {
                    true => "holds no report: no file in it or below it ends in .csv or .json, packed or not",
                    false => "holds no report that --include and --exclude leave",
                };
                if inputs.len() > before { Ok(()) } else { Err(io::Error::new(io::ErrorKind::NotFound, none)) }
            }),
            Ok(_) => {
                inputs.push(Input { path: path.clone(), below: PathBuf::new() });
                Ok(())
            }
            Err(error) => Err(error),
        };
        missing.extend(result.err().map(|error| Missing { path, error }));
    }
    (inputs, missing)
}

/// The paths in a file, one on a line; blank lines say nothing.
fn read_list(path: &Path) -> io::Result<Vec<PathBuf>> {
    let text = if path == Path::new("-") { io::read_to_string(io::stdin())? } else { fs::read_to_string(path)? };
    let text = text.trim_start_matches('\u{feff}');
    Ok(text.lines().filter(|line| !line.trim().is_empty()).map(PathBuf::from).collect())
}

/// Looks for reports in folders.
struct Walk {
    /// `None` includes all.
    include: Option<GlobSet>,
    exclude: GlobSet,
    is_recursive: bool,
}

impl Walk {
    fn new(selection: &Selection) -> Walk {
        let set = |globs: &[Glob]| {
            let mut set = GlobSetBuilder::new();
            for glob in globs {
                set.add(glob.clone());
            }
            set.build().unwrap_or_default()
        };
        Walk {
            include: Some(&selection.include).filter(|globs| !globs.is_empty()).map(|globs| set(globs)),
            exclude: set(&selection.exclude),
            is_recursive: !selection.no_recursive,
        }
    }

    /// Adds the files of a folder that may be reports. Hidden ones are left out, and so are workbooks and what else may
    /// be an output of this program; links to folders are not followed.
    fn folder(&self, folder: &Path, below: &Path, inputs: &mut Vec<Input>) -> io::Result<()> {
        let mut entries = fs::read_dir(folder)?.collect::<io::Result<Vec<_>>>()?;
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let (name, path) = (entry.file_name(), entry.path());
            let inside = below.join(&name);
            if name.to_string_lossy().starts_with('.') || self.exclude.is_match(&inside) {
                continue;
            }
            if entry.file_type()?.is_dir() {
                if self.is_recursive {
                    self.folder(&path, &inside, inputs)?;
                }
                continue;
            }
            let is_included = self.include.as_ref().is_none_or(|include| include.is_match(&inside));
            if is_included && may_be_report(&name.to_string_lossy()) && path.is_file() && !is_output(&path) {
                inputs.push(Input { path, below: below.to_owned() });
            }
        }
        Ok(())
    }
}

/// Whether a file is a workbook, or JSON that this program wrote: an output beside its report is no report of its own.
fn is_output(path: &Path) -> bool {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default();
    let own_json = || {
        let mut start = [0; 300];
        let read = fs::File::open(path).and_then(|mut file| file.read(&mut start)).unwrap_or(0);
        let start = String::from_utf8_lossy(&start[..read]);
        let is_trend = start.contains("\"kind\":\"trend\"");
        start.contains("\"schemaVersion\"") && (is_trend || !start.contains("\"findings\""))
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

//! Which files to read, and where their outputs go.

use std::{
    cell::RefCell,
    collections::{BTreeMap, HashSet},
    fs,
    io::{self, Read},
    path::{Path, PathBuf},
};

use globset::{Glob, GlobSet, GlobSetBuilder};
use inspector_report::{Converter, ReadErrorKind, Source, may_be_report};
use zip::ZipArchive;

use super::{args::Selection, job::without_links, manifest::Manifest, record::Record, say::Said};

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
struct Missing {
    path: PathBuf,
    error: io::Error,
}

/// What the arguments name.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) inputs: Vec<Input>,
    missing: Vec<Missing>,
    /// Links to folders, and those that lead out of the folders that were named.
    outside: Vec<PathBuf>,
}

impl Found {
    /// Says what is not there or is left out; gives the records of what is missing.
    pub(crate) fn say(&self, said: &mut Said) -> Vec<Record> {
        for link in &self.outside {
            said.warning(format_args!(
                "{}: is a link to a folder, or to a file outside of this one, and is not followed; name what it leads to \
                 itself if it should be read",
                link.display()
            ));
        }
        let mut records = Vec::new();
        for Missing { path, error } in &self.missing {
            let help = match error.raw_os_error() {
                Some(_) => ReadErrorKind::Io(io::Error::from(error.kind())).help(),
                None => "Name the files themselves, or give reports the ending .csv or .json.",
            };
            said.error(format_args!("{}: {error}", path.display()), help);
            // A folder that may not be read is there all the same.
            let is_missing = error.kind() == io::ErrorKind::NotFound;
            records.push(Record { is_missing, ..Record::failed(path.display().to_string(), error.to_string()) });
        }
        records
    }
}

/// The reports that the arguments name, folders walked in the order of their names. Left out are the folder of the
/// outputs, where it is inside of one that is walked, and what the manifest knows as outputs.
pub(crate) fn find(selection: &Selection, output: Option<&Path>, manifest: Option<&Manifest>) -> Found {
    let mut found = Found::default();
    let mut named = selection.inputs.clone();
    if let Some(list) = &selection.files_from {
        match read_list(list) {
            Ok(more) => named.extend(more),
            Err(error) => found.missing.push(Missing { path: list.clone(), error }),
        }
    }
    let walk = Walk::new(selection, output, manifest);
    if named.is_empty() && found.missing.is_empty() {
        let path = selection.files_from.clone().unwrap_or_default();
        let error = io::Error::new(io::ErrorKind::NotFound, "names no input");
        found.missing.push(Missing { path, error });
    }
    for path in named {
        let before = found.inputs.len();
        let result = match fs::metadata(&path) {
            Ok(metadata) if metadata.is_dir() => walk.root(&path, &mut found).and_then(|()| {
                let none = match selection.include.is_empty() && selection.exclude.is_empty() {
                    true => "holds no report: no file in it or below it ends in .csv or .json, packed or not",
                    false => "holds no report that --include and --exclude leave",
                };
                if found.inputs.len() > before { Ok(()) } else { Err(io::Error::new(io::ErrorKind::NotFound, none)) }
            }),
            Ok(_) => {
                found.inputs.push(Input { path: path.clone(), below: PathBuf::new() });
                Ok(())
            }
            Err(error) => Err(error),
        };
        found.missing.extend(result.err().map(|error| Missing { path, error }));
    }
    found
}

/// What is read, and so must not be written over: without links in the paths.
pub(crate) fn protected<'a>(inputs: &'a [Input], others: impl Iterator<Item = &'a PathBuf>) -> HashSet<PathBuf> {
    let paths = inputs.iter().map(|input| &input.path).chain(others);
    paths.filter_map(|path| path.canonicalize().ok()).collect()
}

/// The reports in a folder and those below it.
pub(crate) fn find_in(folder: &Path) -> Found {
    let selection = Selection {
        inputs: vec![folder.to_owned()],
        files_from: None,
        include: Vec::new(),
        exclude: Vec::new(),
        no_recursive: false,
    };
    find(&selection, None, None)
}

/// The paths in a file, one on a line; blank lines say nothing.
fn read_list(path: &Path) -> io::Result<Vec<PathBuf>> {
    let text = if path == Path::new("-") { io::read_to_string(io::stdin())? } else { fs::read_to_string(path)? };
    let text = text.trim_start_matches('\u{feff}');
    Ok(text.lines().filter(|line| !line.trim().is_empty()).map(PathBuf::from).collect())
}

/// Looks for reports in folders.
struct Walk<'a> {
    /// `None` includes all.
    include: Option<GlobSet>,
    exclude: GlobSet,
    is_recursive: bool,
    /// The folder of the outputs, without links in its path.
    output: Option<PathBuf>,
    manifest: Option<&'a Manifest>,
    /// Those of folders that are met on the way: what they list is no report of its own.
    met: RefCell<Vec<Manifest>>,
}

impl<'a> Walk<'a> {
    fn new(selection: &Selection, output: Option<&Path>, manifest: Option<&'a Manifest>) -> Walk<'a> {
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
            output: output.and_then(|folder| folder.canonicalize().ok()),
            manifest,
            met: RefCell::default(),
        }
    }

    /// Walks a folder that was named.
    fn root(&self, root: &Path, found: &mut Found) -> io::Result<()> {
        self.folder(root, Path::new(""), &root.canonicalize()?, found)
    }

    /// Adds the files of a folder that may be reports. Hidden ones are left out, and so are workbooks and what else may
    /// be an output of this program; links to folders are not followed.
    fn folder(&self, folder: &Path, below: &Path, root: &Path, found: &mut Found) -> io::Result<()> {
        if Manifest::is_in(folder) {
            self.met.borrow_mut().extend(Manifest::read(folder).ok());
        }
        let mut entries = fs::read_dir(folder)?.collect::<io::Result<Vec<_>>>()?;
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let (name, path) = (entry.file_name(), entry.path());
            let inside = below.join(&name);
            // `~$` is what Excel keeps beside a workbook that is open.
            let is_hidden = [".", "~$"].iter().any(|start| name.to_string_lossy().starts_with(start));
            if is_hidden || self.exclude.is_match(&inside) {
                continue;
            }
            let file_type = entry.file_type()?;
            if file_type.is_dir() {
                if self.is_recursive && !self.is_output_folder(&path) {
                    // One that may not be read does not stop the rest.
                    if let Err(error) = self.folder(&path, &inside, root, found) {
                        found.missing.push(Missing { path, error });
                    }
                }
                continue;
            }
            if file_type.is_symlink() && path.is_dir() {
                found.outside.push(path);
                continue;
            }
            let is_included = self.include.as_ref().is_none_or(|include| include.is_match(&inside));
            if !is_included || !may_be_report(&name.to_string_lossy()) || !path.is_file() || self.is_output(&path) {
                continue;
            }
            match file_type.is_symlink() && !path.canonicalize()?.starts_with(root) {
                true => found.outside.push(path),
                false => found.inputs.push(Input { path, below: below.to_owned() }),
            }
        }
        Ok(())
    }
}

impl Walk<'_> {
    fn is_output_folder(&self, folder: &Path) -> bool {
        self.output.is_some() && folder.canonicalize().ok() == self.output
    }

    fn is_output(&self, path: &Path) -> bool {
        is_output(path)
            || self.manifest.is_some_and(|manifest| manifest.has_output(path))
            || self.met.borrow().iter().any(|manifest| manifest.has_output(path))
    }
}

/// Whether a file is a workbook or JSON that this program wrote: an output beside its report is no report of its own.
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
        "xlsx" => is_own_workbook(path),
        "json" | "ndjson" | "jsonl" => own_json(),
        _ => false,
    }
}

/// Whether a workbook names this program as its author, as it still does when someone has worked on it.
fn is_own_workbook(path: &Path) -> bool {
    /// More than the properties of any document take.
    const MOST: u64 = 64 << 10;
    let properties = || {
        let mut archive = ZipArchive::new(fs::File::open(path).ok()?).ok()?;
        let mut text = String::new();
        archive.by_name("docProps/core.xml").ok()?.take(MOST).read_to_string(&mut text).ok()?;
        Some(text)
    };
    properties().is_some_and(|text| text.contains("<dc:creator>inspector-report</dc:creator>"))
}

/// Looks for outputs that would overwrite each other or an input, before anything is written.
///
/// # Errors
/// A sentence that names them.
pub(crate) fn check_clashes(
    inputs: &[Input],
    output: Option<&Path>,
    name: impl Fn(&Source) -> PathBuf,
    formats: &[&dyn Converter],
    protected: &HashSet<PathBuf>,
) -> Result<(), String> {
    let mut taken: BTreeMap<String, &Path> = BTreeMap::new();
    for input in inputs {
        for format in formats {
            let path = output_path(&input.output_folder(output), &name(&input.source()), format.extension());
            let name = path.display().to_string();
            if without_links(&path).is_some_and(|path| protected.contains(&path)) {
                return Err(format!("{name} is an input; it would be overwritten by an output"));
            }
            // Names that differ in case alone are one file on Windows and macOS.
            if let Some(other) = taken.insert(name.to_lowercase(), &input.path) {
                let (a, b) = (other.display(), input.path.display());
                return Err(format!(
                    "{a} and {b} would both be written to {name}; convert them into different \
                     folders, or tell them apart with --name"
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

//! Which files to read, and where their outputs go.

use std::{
    cell::RefCell,
    collections::{BTreeMap, HashMap, HashSet},
    fs, io,
    path::{Path, PathBuf},
};

use crate::{
    Format, InputLocation, ReadErrorKind, Source, cache::Cache, files::without_links, may_be_report,
    messages::Messages, own::Own, record::Record, request::Selection,
};
use globset::{Glob, GlobSet, GlobSetBuilder};
use walkdir::{DirEntry, WalkDir};

/// A file to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Input {
    /// The file.
    pub(crate) path: PathBuf,
    /// The folder that it was found in, below the folder that was named; empty for a file that was named.
    pub(crate) below: PathBuf,
    /// Whether it was named itself, and not found in a folder.
    pub(crate) is_named: bool,
    /// Where it is, if it is no file: what came through a pipe, or is in memory. The path is its name then.
    pub(crate) elsewhere: Option<InputLocation>,
}

impl Input {
    /// One that was named.
    fn named(location: InputLocation) -> Input {
        let path = location.path().to_owned();
        let elsewhere = Some(location).filter(|location| !matches!(location, InputLocation::File(_)));
        Input { path, below: PathBuf::new(), is_named: true, elsewhere }
    }

    /// Where it is read from.
    pub(crate) fn location(&self) -> InputLocation {
        self.elsewhere.clone().unwrap_or_else(|| InputLocation::from(&self.path))
    }

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
    /// Files of folders that this program wrote itself, and what each is.
    own: Vec<(PathBuf, &'static str)>,
}

impl Found {
    /// Says what is not there or is left out; gives the records of what is missing.
    pub(crate) fn say(&self, said: &mut Messages) -> Vec<Record> {
        for link in &self.outside {
            said.warning(format_args!(
                "{}: is a link to a folder, or to a file outside of this one, and is not followed; name what it leads to \
                 itself if it should be read",
                link.display()
            ));
        }
        for (path, what) in &self.own {
            said.detail(format_args!("{}: is {what}, and is left out", path.display()));
        }
        match self.own.len() {
            0 => {}
            1 => said.note("1 file of inspector-report itself was left out"),
            count => said.note(format_args!("{count} files of inspector-report itself were left out")),
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
/// outputs, where it is inside of one that is walked, and what the cache knows as outputs.
pub(crate) fn find(selection: &Selection, output: Option<&Path>, cache: Option<&Cache>) -> Found {
    let mut found = Found::default();
    let mut named = selection.inputs.clone();
    if let Some(list) = &selection.files_from {
        match read_list(list) {
            Ok(more) => named.extend(more.into_iter().map(InputLocation::File)),
            Err(error) => found.missing.push(Missing { path: list.clone(), error }),
        }
    }
    let walk = Walk::new(selection, output, cache);
    if named.is_empty() && found.missing.is_empty() {
        let path = selection.files_from.clone().unwrap_or_default();
        let error = io::Error::new(io::ErrorKind::NotFound, "names no input");
        found.missing.push(Missing { path, error });
    }
    for location in named {
        let InputLocation::File(path) = location else {
            found.inputs.push(Input::named(location));
            continue;
        };
        let before = found.inputs.len();
        let result = match fs::metadata(&path) {
            Ok(metadata) if metadata.is_dir() => walk.root(&path, &mut found).and_then(|()| {
                let none = match selection.include.is_empty() && selection.exclude.is_empty() {
                    true => "holds no report: no file in it or below it ends in .csv or .json, packed or not",
                    false => "holds no report that --include and --exclude leave",
                };
                if found.inputs.len() > before { Ok(()) } else { Err(io::Error::new(io::ErrorKind::NotFound, none)) }
            }),
            _ => {
                locate(&path, selection.input_name.as_deref()).map(|location| found.inputs.push(Input::named(location)))
            }
        };
        found.missing.extend(result.err().map(|error| Missing { path, error }));
    }
    found
}

/// Where an input is that was named: a file, or what comes through a pipe (`-`, `/dev/stdin`, a FIFO, the substitution of a
/// process), all of which is read here. `name` is what a pipe is called; else its own name, without the folder.
///
/// # Errors
/// When it is not there, or the pipe cannot be read.
pub(crate) fn locate(path: &Path, name: Option<&str>) -> io::Result<InputLocation> {
    let is_stdin = ["-", "/dev/stdin", "/proc/self/fd/0", "/dev/fd/0"].iter().any(|stdin| path == Path::new(stdin));
    let named = || name.map_or_else(|| path.file_name().unwrap_or_default().to_owned(), Into::into);
    match fs::metadata(path) {
        // Standard input may be a file as well.
        _ if is_stdin => InputLocation::spool(name.unwrap_or("stdin"), io::stdin().lock()),
        Ok(metadata) if metadata.is_file() || metadata.is_dir() => Ok(InputLocation::from(path)),
        Ok(_) => InputLocation::spool(PathBuf::from(named()), fs::File::open(path)?),
        Err(error) => Err(error),
    }
}

/// What is read, and so must not be written over: without links in the paths.
pub(crate) fn protected<'a>(inputs: &'a [Input], others: impl Iterator<Item = &'a PathBuf>) -> HashSet<PathBuf> {
    let files = inputs.iter().filter(|input| input.elsewhere.is_none());
    let paths = files.map(|input| &input.path).chain(others);
    paths.filter_map(|path| path.canonicalize().ok()).collect()
}

/// The reports in a folder and those below it.
pub(crate) fn find_in(folder: &Path) -> Found {
    let selection = Selection { inputs: vec![InputLocation::from(folder)], ..Selection::default() };
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
    cache: Option<&'a Cache>,
    /// Those of folders that are met on the way: what they list is no report of its own.
    met: RefCell<Vec<Cache>>,
}

impl<'a> Walk<'a> {
    fn new(selection: &Selection, output: Option<&Path>, cache: Option<&'a Cache>) -> Walk<'a> {
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
            cache,
            met: RefCell::default(),
        }
    }

    /// Adds the files of a folder that was named, and of those below it, that may be reports. Hidden ones are left out, and
    /// so are workbooks and what else may be an output of this program; links to folders are not followed.
    fn root(&self, root: &Path, found: &mut Found) -> io::Result<()> {
        let whole = root.canonicalize()?;
        let mut entries = WalkDir::new(root).sort_by_file_name().into_iter();
        while let Some(entry) = entries.next() {
            let entry = match entry {
                Ok(entry) => entry,
                // One that may not be read does not stop the rest.
                Err(error) if error.depth() > 0 => {
                    let path = error.path().map(Path::to_owned).unwrap_or_default();
                    found.missing.push(Missing { path, error: plain(error) });
                    continue;
                }
                Err(error) => return Err(plain(error)),
            };
            let (path, file_type) = (entry.path(), entry.file_type());
            let inside = path.strip_prefix(root).unwrap_or(path);
            // `~$` is what Excel keeps beside a workbook that is open.
            let is_hidden = [".", "~$"].iter().any(|start| entry.file_name().to_string_lossy().starts_with(start));
            let is_left_out = entry.depth() > 0 && (is_hidden || self.exclude.is_match(inside));
            if file_type.is_dir() {
                let is_entered = self.is_recursive && !self.is_output_folder(path);
                match is_left_out || (entry.depth() > 0 && !is_entered) {
                    true => entries.skip_current_dir(),
                    false if Cache::is_in(path) => self.met.borrow_mut().extend(Cache::read(path).ok()),
                    false => {}
                }
                continue;
            }
            if !is_left_out {
                self.file(&entry, inside, &whole, found)?;
            }
        }
        Ok(())
    }

    /// Adds a file, if it may be a report.
    fn file(&self, entry: &DirEntry, inside: &Path, root: &Path, found: &mut Found) -> io::Result<()> {
        let path = entry.path().to_owned();
        let is_link = entry.path_is_symlink();
        if is_link && path.is_dir() {
            found.outside.push(path);
            return Ok(());
        }
        let is_included = self.include.as_ref().is_none_or(|include| include.is_match(inside));
        if !is_included || !may_be_report(&entry.file_name().to_string_lossy()) || !path.is_file() {
            return Ok(());
        }
        if let Some(what) = self.own(&path) {
            found.own.push((path, what));
            return Ok(());
        }
        match is_link && !path.canonicalize()?.starts_with(root) {
            true => found.outside.push(path),
            false => {
                let below = inside.parent().map(Path::to_owned).unwrap_or_default();
                found.inputs.push(Input { path, below, is_named: false, elsewhere: None });
            }
        }
        Ok(())
    }
}

impl Walk<'_> {
    fn is_output_folder(&self, folder: &Path) -> bool {
        self.output.is_some() && folder.canonicalize().ok() == self.output
    }

    /// What a file of our own is: an output beside its report is no report of its own.
    fn own(&self, path: &Path) -> Option<&'static str> {
        let is_output = || {
            self.cache.is_some_and(|cache| cache.is_output(path))
                || self.met.borrow().iter().any(|cache| cache.is_output(path))
        };
        Own::of(path).map(Own::what).or_else(|| is_output().then_some("an output of an earlier run"))
    }
}

/// An error of walking as the system has it.
fn plain(error: walkdir::Error) -> io::Error {
    error.into_io_error().unwrap_or_else(|| io::Error::other("a link leads back to it"))
}

/// An input that is not converted, since its outputs, or it itself, would get in the way of others.
#[derive(Debug)]
pub(crate) struct Clash {
    pub(crate) input: Input,
    /// What is wrong, as the end of a sentence about it.
    pub(crate) what: String,
    /// Whether it is a workbook beside the report whose workbook it seems to be: that it is left out loses nothing.
    pub(crate) is_sibling: bool,
}

/// Looks for outputs that would overwrite each other or an input, before anything is written. Gives the inputs that can
/// be converted, and those that are left out: of two files of a folder that would give outputs of one name the first is
/// converted; and a workbook beside a report, at the place of the report's own workbook, is left out. A file that was
/// named goes before those that were found, and what is no report (`is_report` reads it) is in nobody's way: it has no
/// outputs.
///
/// # Errors
/// A sentence that names files that were named and get in each other's way.
pub(crate) fn settle(
    inputs: Vec<Input>,
    output: Option<&Path>,
    name: impl Fn(&Source) -> PathBuf,
    formats: &[&dyn Format],
    protected: &HashSet<PathBuf>,
    is_kept: impl Fn(&Path, &dyn Format) -> bool,
    is_report: impl Fn(&Input) -> bool,
) -> Result<(Vec<Input>, Vec<Clash>), String> {
    let places: HashMap<PathBuf, usize> =
        inputs.iter().enumerate().filter_map(|(at, input)| Some((input.path.canonicalize().ok()?, at))).collect();
    let outputs = |input: &Input| {
        let (folder, name) = (input.output_folder(output), name(&input.source()));
        formats.iter().map(move |format| (*format, output_path(&folder, &name, format.extension())))
    };
    let mut clashes: BTreeMap<usize, (String, bool)> = BTreeMap::new();
    for (at, input) in inputs.iter().enumerate() {
        for (format, path) in outputs(input) {
            let Some(whole) = without_links(&path).filter(|whole| protected.contains(whole)) else { continue };
            let shown = path.display();
            match places.get(&whole).map(|other| (*other, &inputs[*other])) {
                Some((other, it)) if other != at && !it.is_named && format.extension() == "xlsx" => {
                    let what = format!("is where the workbook of {} goes", input.path.display());
                    clashes.entry(other).or_insert((what, true));
                }
                // What is not written then is told when it comes to it.
                Some((_, it)) if !(input.is_named && it.is_named) => {}
                None if is_kept(&path, format) => {}
                _ => return Err(format!("{shown} is an input; it would be overwritten by an output")),
            }
        }
    }
    let mut taken: HashMap<String, usize> = HashMap::new();
    let named_first = [true, false]
        .into_iter()
        .flat_map(|is_named| inputs.iter().enumerate().filter(move |(_, input)| input.is_named == is_named));
    for (at, input) in named_first {
        if clashes.contains_key(&at) {
            continue;
        }
        // Names that differ in case alone are one file on Windows and macOS.
        let names: Vec<(String, String)> = outputs(input)
            .map(|(_, path)| path.display().to_string())
            .map(|shown| (shown.to_lowercase(), shown))
            .collect();
        let other = names.iter().find_map(|(name, shown)| Some((*taken.get(name)?, shown)));
        if let Some((other, shown)) = other {
            let (first, shown) = (&inputs[other], shown.clone());
            if input.is_named && first.is_named {
                let (a, b) = (first.path.display(), input.path.display());
                return Err(format!(
                    "{a} and {b} would both be written to {shown}; convert them into different folders, or tell them \
                     apart with --name"
                ));
            }
            if !is_report(input) {
                continue;
            }
            if is_report(first) {
                clashes.insert(at, (format!("would be written to {shown}, as {} is", first.path.display()), false));
                continue;
            }
            taken.retain(|_, holder| *holder != other);
        }
        taken.extend(names.into_iter().map(|(name, _)| (name, at)));
    }
    let mut settled = (Vec::new(), Vec::new());
    for (at, input) in inputs.iter().enumerate() {
        match clashes.remove(&at) {
            None => settled.0.push(input.clone()),
            Some((what, is_sibling)) => settled.1.push(Clash { input: input.clone(), what, is_sibling }),
        }
    }
    Ok(settled)
}

/// The path of an output: an ending behind the name, which may hold dots of its own.
pub(crate) fn output_path(folder: &Path, name: &Path, extension: &str) -> PathBuf {
    let mut path = folder.join(name).into_os_string();
    path.push(".");
    path.push(extension);
    PathBuf::from(path)
}

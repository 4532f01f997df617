//! The one place that writes outputs: it claims their names, guards what is read and what others own, tells the cache, and
//! gives files their names when all of them are complete.

use std::{
    collections::{HashMap, HashSet},
    fs, io,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard},
    time::{Duration, Instant},
};

use crate::{
    Committed, ConvertError, Files, Format, Stream, Summary,
    cache::{Cache, Key, Stamp, stamp},
    core::{MemoryOutputs, Outputs, Standing, below},
    files::{first_line, remove_temporary, standing, without_links},
    host::Host,
    inputs::output_path,
    output::{MemoryFolder, OutputLocation, OutputNames},
    own::Own,
};

/// Writes the outputs of a run.
#[derive(Debug)]
pub(crate) struct Writer {
    pub(crate) host: Host,
    /// Where outputs go.
    pub(crate) output: OutputLocation,
    /// Whether outputs replace also what someone has worked on, and what is another conversion's.
    pub(crate) force: bool,
    /// The files that must not be written over, without links in their paths: what is read.
    protected: RwLock<HashSet<PathBuf>>,
    claims: Mutex<Claims>,
    /// The folders that were looked through for what killed runs have left.
    swept: Mutex<HashSet<PathBuf>>,
}

/// Whose the names of outputs are.
#[derive(Debug, Default)]
struct Claims {
    /// How often inputs have been gone through.
    pass: usize,
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

/// One output to write.
pub(crate) struct Target<'a> {
    /// The path of the output without its ending.
    pub(crate) output: &'a Path,
    /// The folder that it must stay in.
    pub(crate) root: &'a Path,
    pub(crate) format: &'a dyn Format,
    /// The input that it is of, as it stands in messages.
    pub(crate) owner: &'a str,
    /// What is known of the folder.
    pub(crate) cache: Option<&'a Cache>,
    /// The key of the conversion that writes, where it must not replace the outputs of another.
    pub(crate) guest: Option<&'a Key>,
}

/// An output that is complete.
#[derive(Debug, Default)]
pub(crate) struct WrittenOutput {
    pub(crate) paths: Vec<PathBuf>,
    pub(crate) stamps: Vec<(PathBuf, Stamp)>,
    /// Files that an earlier conversion seems to have left.
    pub(crate) leftovers: Vec<PathBuf>,
    /// What stands at the names that the outputs would have had, and was kept.
    pub(crate) kept: Vec<(PathBuf, Standing)>,
    pub(crate) summary: Summary,
    pub(crate) time: Duration,
}

impl Writer {
    pub(crate) fn new(host: Host, output: OutputLocation, force: bool, protected: HashSet<PathBuf>) -> Writer {
        Writer {
            host,
            output,
            force,
            protected: RwLock::new(protected),
            claims: Mutex::default(),
            swept: Mutex::default(),
        }
    }

    /// The files that must not be written over.
    pub(crate) fn protected(&self) -> RwLockReadGuard<'_, HashSet<PathBuf>> {
        self.protected.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds files that must not be written over.
    pub(crate) fn protect(&self, more: HashSet<PathBuf>) {
        self.protected.write().unwrap_or_else(PoisonError::into_inner).extend(more);
    }

    /// These are not read after all.
    pub(crate) fn leave(&self, left_out: &[PathBuf]) {
        self.protected.write().unwrap_or_else(PoisonError::into_inner).retain(|path| !left_out.contains(path));
    }

    fn claims(&self) -> MutexGuard<'_, Claims> {
        self.claims.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Inputs are gone through once more.
    pub(crate) fn next_pass(&self) {
        self.claims().pass += 1;
    }

    /// Takes a name of outputs, less their endings, for an owner.
    pub(crate) fn claim_base(&self, base: &Path, owner: &str) -> bool {
        // No file has such a name.
        self.claims().take(format!("{}.*", base.display().to_string().to_lowercase()), owner)
    }

    /// Takes the name of a file for an owner, whichever way to it the path takes.
    pub(crate) fn claim_path(&self, path: &Path, owner: &str) -> bool {
        let whole = without_links(path);
        self.claims().take(key(whole.as_deref().unwrap_or(path)), owner)
    }

    /// Says that outputs of this name are about to be written: what was known of them does not hold any more. Those that
    /// are another conversion's, and must stay, are left out.
    ///
    /// # Errors
    /// When the cache cannot be written: then nothing that is remembered of them can be relied upon.
    pub(crate) fn announce(
        &self,
        (cache, key): (&Cache, &Key),
        output: &Path,
        formats: &[&dyn Format],
        is_guest: bool,
    ) -> io::Result<()> {
        let may_write = |ending: &&str| {
            let path = output_path(Path::new(""), output, ending);
            !is_guest || self.force || cache.owner(&path).is_none_or(|owner| owner.input == key.input)
        };
        let endings: Vec<&str> = formats.iter().map(|format| format.extension()).filter(may_write).collect();
        if endings.is_empty() { Ok(()) } else { cache.announce(key, output, &endings) }
    }

    /// Writes what `convert` makes. What someone has worked on stays: where it stands at the name of an output, and nothing
    /// forces it away, the output gets a name beside it.
    ///
    /// # Errors
    /// Those of `convert`; and when a file cannot be written, is an input, or is another's.
    pub(crate) fn write(
        &self,
        target: &Target<'_>,
        convert: impl FnOnce(&mut dyn Outputs) -> Result<Summary, ConvertError>,
    ) -> Result<WrittenOutput, ConvertError> {
        let started = Instant::now();
        let mut done = match &self.output {
            OutputLocation::StandardOutput => {
                WrittenOutput { summary: self.write_to_stdout(convert)?, ..WrittenOutput::default() }
            }
            OutputLocation::Memory(folder) => self.write_to_memory(folder, target, convert)?,
            OutputLocation::BesideInputs | OutputLocation::Folder(_) => self.write_files(target, convert)?,
        };
        done.time = started.elapsed();
        Ok(done)
    }

    /// Keeps what `convert` makes in memory.
    fn write_to_memory(
        &self,
        folder: &MemoryFolder,
        target: &Target<'_>,
        convert: impl FnOnce(&mut dyn Outputs) -> Result<Summary, ConvertError>,
    ) -> Result<WrittenOutput, ConvertError> {
        let mut outputs = MemoryOutputs::default();
        let summary = convert(&mut outputs)?;
        self.check_not_stopped()?;
        let names = OutputNames::of(target.output, target.format.extension());
        let may_write = |path: &Path| match self.claims().take(key(path), target.owner) {
            true => Ok(()),
            false => Err(written_before(path)),
        };
        let paths = folder.keep(outputs, &names, may_write)?;
        Ok(WrittenOutput { paths, summary, ..WrittenOutput::default() })
    }

    /// Writes what `convert` makes into files.
    fn write_files(
        &self,
        target: &Target<'_>,
        convert: impl FnOnce(&mut dyn Outputs) -> Result<Summary, ConvertError>,
    ) -> Result<WrittenOutput, ConvertError> {
        let Target { output, root, format, .. } = target;
        check_inside(output, root)?;
        let folder = output.parent().unwrap_or(Path::new(""));
        let names = OutputNames::of(output, format.extension());
        if !folder.as_os_str().is_empty() {
            fs::create_dir_all(folder)?;
        }
        self.sweep(folder);
        let mut files = Files::of(names, &self.host.stop);
        let summary = convert(&mut files)?;
        self.check_not_stopped()?;
        files.named().filter_map(|path| path.parent()).for_each(|folder| self.sweep(folder));
        let heading = files.first_line();
        let is_known = |path: &Path| target.cache.is_some_and(|cache| cache.is_output(path));
        let what_stands = |path: &Path| match standing(path, *format) {
            Standing::AsWritten if !is_known(path) && is_foreign(path, &heading) => Standing::Foreign,
            standing => standing,
        };
        let is_kept = |path: &Path| !self.force && what_stands(path) != Standing::AsWritten;
        let may_write = |path: &Path| self.may_write(path, target);
        let kept: Vec<_> = files.paths().into_iter().filter(|path| is_kept(path)).collect();
        match kept.is_empty() {
            true => files.paths().iter().chain(files.named()).try_for_each(|path| may_write(path))?,
            false => {
                files.step_aside(|path| is_kept(path) || may_write(path).is_err());
                files.named().try_for_each(|path| may_write(path))?;
            }
        }
        let kept = kept.into_iter().map(|path| (what_stands(&path), path)).map(|(what, path)| (path, what)).collect();
        let Committed { paths, leftovers } = files.commit()?;
        let stamps = paths.iter().filter_map(|path| Some((path.clone(), stamp(path)?))).collect();
        Ok(WrittenOutput { paths, stamps, leftovers, kept, summary, ..WrittenOutput::default() })
    }

    /// Looks whether the run goes on.
    ///
    /// # Errors
    /// When it is to end.
    fn check_not_stopped(&self) -> io::Result<()> {
        if self.host.is_stopped() { Err(io::Error::other("interrupted")) } else { Ok(()) }
    }

    /// Removes what killed runs have left in a folder, before this run writes into it.
    fn sweep(&self, folder: &Path) {
        let mut swept = self.swept.lock().unwrap_or_else(PoisonError::into_inner);
        if !swept.contains(folder) {
            remove_temporary(folder);
            swept.insert(folder.to_owned());
        }
    }

    /// Writes what `convert` makes to standard output. That nobody reads it any more is no error.
    fn write_to_stdout(
        &self,
        convert: impl FnOnce(&mut dyn Outputs) -> Result<Summary, ConvertError>,
    ) -> Result<Summary, ConvertError> {
        let mut stream = Stream::new(&self.host.stop);
        let summary = convert(&mut stream)?;
        match stream.copy_to(&mut self.host.events.standard_output()) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
            _ => Ok(summary),
        }
    }

    /// Whether a file may be replaced.
    fn may_write(&self, path: &Path, target: &Target<'_>) -> io::Result<()> {
        let name = path.display();
        let what = if without_links(path).is_some_and(|path| self.protected().contains(&path)) {
            format!("{name} is read in this run, and would be overwritten")
        } else if let Some(input) = self.other_owner(path, target) {
            format!("{name} is an output of {input}, and would be overwritten")
        } else if self.claim_path(path, target.owner) {
            return Ok(());
        } else {
            return Err(written_before(path));
        };
        Err(io::Error::new(io::ErrorKind::InvalidInput, what))
    }

    /// The input of the conversion that a file is an output of, where it must stay.
    fn other_owner(&self, path: &Path, target: &Target<'_>) -> Option<String> {
        let guest = target.guest.filter(|_| !self.force)?;
        target.cache?.owner(path).filter(|owner| owner.input != guest.input).map(|owner| owner.input)
    }
}

/// What claims know a file by.
fn key(path: &Path) -> String {
    path.display().to_string().to_lowercase()
}

/// That another has taken the name of an output.
fn written_before(path: &Path) -> io::Error {
    let what = format!("another report was written to {}, or --summary names it", path.display());
    io::Error::new(io::ErrorKind::InvalidInput, what)
}

/// Looks whether an output is a file in a folder or below it, whatever links there are on the way.
///
/// # Errors
/// When it is not.
fn check_inside(output: &Path, root: &Path) -> io::Result<()> {
    let outside = || {
        let what = format!("{} is not in the folder of the outputs, {}", output.display(), root.display());
        io::Error::new(io::ErrorKind::InvalidInput, what)
    };
    let name = output.strip_prefix(root).map_err(|_| outside())?;
    below(name).map_err(|_| outside())?;
    // What is there already of the way; what is not there yet are folders that are made.
    let whole = |path: &Path| if path.as_os_str().is_empty() { Path::new(".") } else { path }.canonicalize().ok();
    let Some(root) = whole(root) else { return Ok(()) };
    match output.ancestors().skip(1).find_map(whole) {
        Some(folder) if folder.starts_with(&root) => Ok(()),
        _ => Err(outside()),
    }
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

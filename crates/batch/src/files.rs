//! Where outputs go: files that appear whole or not at all, or any writer.

use std::{
    fs,
    io::{self, BufRead, BufReader, BufWriter, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use sysinfo::{Pid, ProcessRefreshKind, ProcessesToUpdate, System};
use tempfile::{NamedTempFile, SpooledTempFile};
use walkdir::WalkDir;

use crate::{
    Format, Watch,
    core::{Output, Outputs, Standing, below, used_before},
    output::OutputNames,
};

/// The end of the names of files that are not complete, behind the number of the process that writes them.
const TEMPORARY: &str = ".inspector-report.tmp";

/// Bytes of the output's name in that of its temporary file.
const MOST_OF_A_NAME: usize = 100;

/// How much of an output for a plain writer is kept in memory before it goes to a temporary file.
const IN_MEMORY: usize = 16 << 20;

/// The files that a converter writes, under temporary names until all of them are complete.
#[derive(Debug)]
pub struct Files<'a> {
    names: OutputNames,
    written: Vec<NamedTempFile>,
    /// Those of names of the format's own, below the folder of the output.
    below: Vec<(PathBuf, NamedTempFile)>,
    named: Vec<(PathBuf, NamedTempFile)>,
    appended: Vec<(PathBuf, SpooledTempFile)>,
    /// What went wrong when the last of an output was written, after its converter was done with it.
    failed: Failed,
    watch: &'a Watch,
}

/// What went wrong with outputs that nobody looks at any more.
type Failed = Arc<Mutex<Option<io::Error>>>;

impl<'a> Files<'a> {
    /// For outputs named `folder/stem.extension`, or `folder/stem.001.extension` and so on. Writing stops with an error
    /// when the watch is stopped.
    pub fn new(folder: &Path, stem: &str, extension: &str, watch: &'a Watch) -> Files<'a> {
        let (stem, extension) = (stem.to_owned(), extension.to_owned());
        Files::of(OutputNames { folder: folder.to_owned(), stem, extension }, watch)
    }

    pub(crate) fn of(names: OutputNames, watch: &'a Watch) -> Files<'a> {
        Files {
            names,
            written: Vec::new(),
            below: Vec::new(),
            named: Vec::new(),
            appended: Vec::new(),
            failed: Failed::default(),
            watch,
        }
    }

    /// The names that the outputs will have, in order: what [`commit`](Files::commit) will replace.
    pub fn paths(&self) -> Vec<PathBuf> {
        let mut paths = self.names.parts(self.written.len());
        paths.extend(self.below.iter().map(|(name, _)| self.names.plain().join(name)));
        paths
    }

    /// The outputs whose names someone chose.
    pub(crate) fn named(&self) -> impl Iterator<Item = &PathBuf> {
        self.named.iter().map(|(path, _)| path)
    }

    /// The beginning of the first output, up to the end of its first line.
    pub fn first_line(&self) -> Vec<u8> {
        self.written.first().map(|file| first_line(file.path())).unwrap_or_default()
    }

    /// Gives the outputs another name, where something stands at theirs that must stay: `stem.new`, or the first of
    /// `stem.new-2`, `stem.new-3`, ... at which nothing is `taken`.
    pub fn step_aside(&mut self, taken: impl Fn(&Path) -> bool) {
        let stem = std::mem::take(&mut self.names.stem);
        self.names.stem = format!("{stem}.new");
        for number in 2.. {
            if !self.paths().iter().any(|path| taken(path)) {
                break;
            }
            self.names.stem = format!("{stem}.new-{number}");
        }
    }

    /// Gives the files their names. What stood there before is replaced.
    ///
    /// # Errors
    /// When a file cannot be completed or renamed.
    pub fn commit(mut self) -> io::Result<Committed> {
        if let Some(error) = self.failed.lock().unwrap_or_else(PoisonError::into_inner).take() {
            return Err(error);
        }
        let mut paths = self.paths();
        let (parts, has_folder) = (self.written.len(), !self.below.is_empty());
        let below = std::mem::take(&mut self.below).into_iter().map(|(_, file)| file);
        for (file, path) in std::mem::take(&mut self.written).into_iter().chain(below).zip(&paths) {
            if let Some(folder) = path.parent().filter(|_| has_folder) {
                fs::create_dir_all(folder)?;
            }
            persist(file, path)?;
        }
        let mut leftovers = Vec::new();
        if has_folder {
            let files = WalkDir::new(self.names.plain()).sort_by_file_name().into_iter().flatten();
            let files = files.filter(|entry| entry.file_type().is_file()).map(walkdir::DirEntry::into_path);
            leftovers.extend(files.filter(|path| !paths.contains(path)));
        } else if !self.names.stem.is_empty() {
            // One alone is the plain one, and no part.
            let (plain, parts) = if parts == 1 { (None, 0) } else { (Some(self.names.plain()), parts) };
            leftovers.extend(plain.filter(|path| path.exists()));
            leftovers.extend((parts + 1..).map(|number| self.names.part(number)).take_while(|path| path.exists()));
        }
        // Last: what they remember must not be ahead of the outputs.
        for (path, file) in self.named {
            persist(file, &path)?;
            paths.push(path);
        }
        for (path, mut file) in self.appended {
            file.seek(SeekFrom::Start(0))?;
            let mut behind = fs::OpenOptions::new().create(true).append(true).open(&path)?;
            io::copy(&mut file, &mut behind)?;
            // What is appended to may be no file at all.
            if behind.metadata().is_ok_and(|metadata| metadata.is_file()) {
                behind.sync_all()?;
            }
        }
        Ok(Committed { paths, leftovers })
    }
}

/// Gives a complete file its name. It gets the permissions of the file that it replaces: what was for its owner alone stays
/// so.
fn persist(file: NamedTempFile, path: &Path) -> io::Result<()> {
    if let Ok(old) = fs::symlink_metadata(path)
        && old.is_file()
    {
        file.as_file().set_permissions(old.permissions())?;
    }
    file.as_file().sync_all()?;
    file.persist(path).map(drop).map_err(|error| error.error)
}

/// What stands at the place of an output of this format. What cannot be looked at may be anyone's work.
pub fn standing(path: &Path, format: &dyn Format) -> Standing {
    match fs::metadata(path) {
        Ok(metadata) if metadata.is_file() => {
            fs::File::open(path).and_then(|file| format.standing(file)).unwrap_or(Standing::Foreign)
        }
        // Nothing, or a folder: there is nothing to lose.
        _ => Standing::AsWritten,
    }
}

/// A path without links in it, of a file that need not be there.
pub(crate) fn without_links(path: &Path) -> Option<PathBuf> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    Some(folder.canonicalize().ok()?.join(path.file_name()?))
}

/// The first line of a file, without a byte order mark and the end of the line; nothing of a file that cannot be read.
pub fn first_line(path: &Path) -> Vec<u8> {
    /// The most of a line that is looked at.
    const MOST: u64 = 1 << 20;
    let mut line = Vec::new();
    if let Ok(file) = fs::File::open(path)
        && BufReader::new(file.take(MOST)).read_until(b'\n', &mut line).is_err()
    {
        line.clear();
    }
    let line = line.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&line);
    line.trim_ascii_end().to_vec()
}

/// What [`Files::commit`] did.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Committed {
    /// The outputs, in order.
    pub paths: Vec<PathBuf>,
    /// Files that an earlier conversion of the same input seems to have left, and that a series of outputs could be
    /// taken together with. They are not removed: they might be someone's.
    pub leftovers: Vec<PathBuf>,
}

impl Outputs for Files<'_> {
    fn create(&mut self) -> io::Result<Box<dyn Output + '_>> {
        let (file, output) = temporary(&self.names.folder, &self.names.stem, &self.failed, self.watch)?;
        self.written.push(file);
        Ok(output)
    }

    fn create_below(&mut self, name: &Path) -> io::Result<Box<dyn Output + '_>> {
        let name = below(name)?;
        // Some file systems do not tell upper from lower case.
        let is_same = |other: &Path| other.to_string_lossy().to_lowercase() == name.to_string_lossy().to_lowercase();
        if self.below.iter().any(|(other, _)| is_same(other)) {
            return Err(used_before(&name));
        }
        let (file, output) = temporary(&self.names.folder, &self.names.stem, &self.failed, self.watch)?;
        self.below.push((name, file));
        Ok(output)
    }

    fn create_at(&mut self, path: &Path) -> io::Result<Box<dyn Output + '_>> {
        let folder = path.parent().unwrap_or(Path::new(""));
        let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        let named = |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", path.display()));
        let (file, output) = temporary(folder, &name, &self.failed, self.watch).map_err(named)?;
        self.named.push((path.to_owned(), file));
        Ok(output)
    }

    fn append_to(&mut self, path: &Path) -> io::Result<Box<dyn Output + '_>> {
        self.appended.push((path.to_owned(), SpooledTempFile::new(IN_MEMORY)));
        let file = self.appended.last_mut().map(|(_, file)| file).ok_or_else(|| io::Error::other("no file"))?;
        Ok(Box::new(Stoppable { inner: file, watch: self.watch }))
    }
}

/// Writes a file that appears whole or not at all.
///
/// # Errors
/// When it cannot be written.
pub fn write_file(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let watch = Watch::new();
    let mut files = Files::new(Path::new(""), "", "", &watch);
    files.create_at(path)?.write_all(bytes)?;
    files.commit().map(drop)
}

/// Removes the incomplete files that killed runs left in a folder. Those of a process that is running stay.
pub fn remove_temporary(folder: &Path) {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let writer = name.strip_prefix('.').and_then(|name| name.strip_suffix(TEMPORARY)?.rsplit_once('.'));
        let is_left = writer.is_some_and(|(_, process)| process.parse().is_ok_and(|process| !is_running(process)));
        if is_left && !is_locked(&entry.path()) {
            // What cannot be removed does no harm: it is hidden, and no output has such a name.
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Whether there is a process of this number.
fn is_running(process: u32) -> bool {
    let process = Pid::from_u32(process);
    let mut system = System::new();
    let what = ProcessRefreshKind::nothing().without_tasks();
    system.refresh_processes_specifics(ProcessesToUpdate::Some(&[process]), true, what);
    system.process(process).is_some()
}

/// Whether someone writes to a temporary file: a process of another container has a number that means nothing here.
fn is_locked(path: &Path) -> bool {
    let file = fs::OpenOptions::new().write(true).open(path);
    file.is_ok_and(|file| matches!(file.try_lock(), Err(fs::TryLockError::WouldBlock)))
}

/// Makes a file beside the place that it will have when it is complete.
fn temporary<'w>(
    folder: &Path,
    name: &str,
    failed: &Failed,
    watch: &'w Watch,
) -> io::Result<(NamedTempFile, Box<dyn Output + 'w>)> {
    let mut builder = tempfile::Builder::new();
    // A name takes 255 bytes at most, and this one has more in it than the output's.
    let most = name.char_indices().take_while(|(at, c)| at + c.len_utf8() <= MOST_OF_A_NAME).last();
    let prefix = format!(".{}.", most.map_or("", |(at, c)| &name[..at + c.len_utf8()]));
    let suffix = format!(".{}{TEMPORARY}", std::process::id());
    builder.prefix(&prefix).suffix(&suffix);
    #[cfg(unix)]
    {
        // Temporary files are for their owner alone; this one becomes an output, with the permissions that a new file
        // gets.
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let file = builder.tempfile_in(if folder.as_os_str().is_empty() { Path::new(".") } else { folder })?;
    // So that nobody takes it for one that was left. Where files cannot be locked, the number of the process says so alone.
    let _ = file.as_file().try_lock();
    let handle = file.as_file().try_clone()?;
    let inner = BufWriter::with_capacity(256 << 10, Stoppable { inner: handle, watch });
    Ok((file, Box::new(Flushed { inner, failed: Arc::clone(failed) })))
}

/// An output whose last bytes are written when it is dropped, if not before; what goes wrong then is not lost.
struct Flushed<W: Write> {
    inner: BufWriter<W>,
    failed: Failed,
}

impl<W: Write> Write for Flushed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.inner.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl<W: Write + Seek> Seek for Flushed<W> {
    fn seek(&mut self, position: SeekFrom) -> io::Result<u64> {
        self.inner.seek(position)
    }
}

impl<W: Write> Drop for Flushed<W> {
    fn drop(&mut self) {
        if let Err(error) = self.inner.flush() {
            self.failed.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
        }
    }
}

/// One output that goes to a plain writer when it is complete.
#[derive(Debug)]
pub struct Stream<'a> {
    file: Option<SpooledTempFile>,
    watch: &'a Watch,
}

impl<'a> Stream<'a> {
    /// Nothing written yet.
    pub fn new(watch: &'a Watch) -> Stream<'a> {
        Stream { file: None, watch }
    }

    /// Passes on what was written.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn copy_to(self, out: &mut dyn Write) -> io::Result<()> {
        if let Some(mut file) = self.file {
            file.seek(SeekFrom::Start(0))?;
            io::copy(&mut Read::take(file, u64::MAX), out)?;
        }
        out.flush()
    }
}

impl Outputs for Stream<'_> {
    fn create(&mut self) -> io::Result<Box<dyn Output + '_>> {
        if self.file.is_some() {
            return Err(io::Error::other("the output needs several files; give a folder with --output"));
        }
        let file = self.file.insert(SpooledTempFile::new(IN_MEMORY));
        Ok(Box::new(Stoppable { inner: file, watch: self.watch }))
    }
}

struct Stoppable<'a, W> {
    inner: W,
    watch: &'a Watch,
}

impl<W: Write> Write for Stoppable<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.watch.is_stopped() {
            return Err(io::Error::other("interrupted"));
        }
        self.inner.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl<W: Seek> Seek for Stoppable<'_, W> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.inner.seek(to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> =
            fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    fn write(folder: &Path, parts: usize) -> Committed {
        let watch = Watch::new();
        let mut files = Files::new(folder, "a.b", "sarif", &watch);
        for part in 0..parts {
            write!(files.create().unwrap(), "{part}").unwrap();
        }
        assert!(names(folder).iter().filter(|name| name.ends_with(".tmp")).count() == parts);
        files.commit().unwrap()
    }

    #[test]
    fn one_file_has_the_plain_name_and_several_are_numbered() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        assert_eq!(write(folder.path(), 1), Committed { paths: vec![path("a.b.sarif")], leftovers: vec![] });
        assert_eq!(names(folder.path()), ["a.b.sarif"]);
        assert_eq!(write(folder.path(), 3).leftovers, [path("a.b.sarif")]);
        assert_eq!(names(folder.path()), ["a.b.001.sarif", "a.b.002.sarif", "a.b.003.sarif", "a.b.sarif"]);
        fs::remove_file(path("a.b.sarif")).unwrap();
        let second = write(folder.path(), 2);
        assert_eq!(second.paths, [path("a.b.001.sarif"), path("a.b.002.sarif")]);
        assert_eq!(second.leftovers, [path("a.b.003.sarif")]);
        assert_eq!(fs::read(path("a.b.002.sarif")).unwrap(), b"1");
        assert_eq!(write(folder.path(), 1).leftovers, [1, 2, 3].map(|part| path(&format!("a.b.00{part}.sarif"))));
        let none = write(folder.path(), 0);
        assert_eq!((none.paths.len(), none.leftovers.len()), (0, 4), "nothing was written, and all is old");
    }

    #[test]
    fn a_format_names_files_below_the_folder_of_its_output() {
        let folder = tempfile::tempdir().unwrap();
        let below = |names: &[&str]| {
            let watch = Watch::new();
            let mut files = Files::new(folder.path(), "a", "parquet", &watch);
            for name in names {
                write!(files.create_below(Path::new(name)).unwrap(), "{name}").unwrap();
            }
            for wrong in ["../x", "/x", "", "x/../y", names[0], &names[0].to_uppercase()] {
                assert!(files.create_below(Path::new(wrong)).is_err(), "{wrong}");
            }
            files.commit().unwrap()
        };
        let path = |name: &str| folder.path().join("a.parquet").join(name);
        let first = below(&["account_id=1/part-0.parquet", "account_id=2/part-0.parquet"]);
        assert_eq!(first.paths, [path("account_id=1/part-0.parquet"), path("account_id=2/part-0.parquet")]);
        assert_eq!(fs::read(path("account_id=2/part-0.parquet")).unwrap(), b"account_id=2/part-0.parquet");
        let second = below(&["account_id=1/part-0.parquet"]);
        assert_eq!(second.leftovers, [path("account_id=2/part-0.parquet")], "a data set is read as a whole");
        assert_eq!(names(folder.path()), ["a.parquet"]);
    }

    #[test]
    fn what_is_not_committed_leaves_the_old_file_and_no_trace() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), 1);
        let watch = Watch::new();
        let mut files = Files::new(folder.path(), "a.b", "sarif", &watch);
        write!(files.create().unwrap(), "half").unwrap();
        watch.stop();
        let mut second = files.create().unwrap();
        assert!(second.write_all(&vec![0; 1 << 20]).is_err());
        drop(second);
        drop(files);
        assert_eq!(names(folder.path()), ["a.b.sarif"]);
        assert_eq!(fs::read(folder.path().join("a.b.sarif")).unwrap(), b"0");
    }

    #[test]
    fn what_a_killed_run_left_is_removed_and_what_is_written_stays() {
        let folder = tempfile::tempdir().unwrap();
        let mut ended = std::process::Command::new(std::env::current_exe().unwrap()).arg("--list").spawn().unwrap();
        ended.wait().unwrap();
        let name = |what: &str, process: u32| folder.path().join(format!(".{what}.{process}{TEMPORARY}"));
        let (left, own) = (name("left.Xy", ended.id()), name("own.Xy", std::process::id()));
        // In another container a process may have any number.
        let locked = name("locked.Xy", ended.id());
        let others = [folder.path().join(format!(".a{TEMPORARY}")), folder.path().join(format!("{}.tmp", ended.id()))];
        for path in [&left, &own, &locked].into_iter().chain(&others) {
            fs::write(path, "half").unwrap();
        }
        let writes = fs::File::open(&locked).unwrap();
        writes.try_lock().unwrap();
        remove_temporary(folder.path());
        assert!(!left.exists() && own.exists() && locked.exists() && others.iter().all(|path| path.exists()));
        drop(writes);
        remove_temporary(folder.path());
        assert!(!locked.exists() && own.exists());
    }

    #[test]
    fn a_stream_takes_one_output() {
        let watch = Watch::new();
        let mut stream = Stream::new(&watch);
        write!(stream.create().unwrap(), "all of it").unwrap();
        assert!(stream.create().is_err());
        let mut out = Vec::new();
        stream.copy_to(&mut out).unwrap();
        assert_eq!(out, b"all of it");
    }
}

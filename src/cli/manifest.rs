//! What was converted already: the manifest of an output folder.
//!
//! It is a file of lines, each of which says that an input of some content was converted with some options, and what
//! came of it. Lines are only ever put behind others, in one write each: a run that is killed leaves at worst half a
//! line, which is passed over, and runs that work on one folder at the same time do not disturb each other. A line holds
//! as long as its outputs are there and no later line is about one of them. Whatever is wrong with the file, the worst
//! that comes of it is that something is converted again.

use std::{
    collections::{BTreeSet, HashMap},
    fs::{self, File, OpenOptions},
    io::{self, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use inspector_report::remove_temporary;
use serde::{Deserialize, Serialize};

use super::record::Record;

/// The names of the manifest, and of the file that is locked by who works on the folder.
const NAME: &str = ".inspector-report.manifest";
const LOCK: &str = ".inspector-report.lock";

/// What identifies a conversion: the same key gives the same outputs.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) struct Key {
    /// The input below the folder that was named: `2026/05/report.csv`.
    pub(super) input: String,
    /// The hash of its content.
    pub(super) content: String,
    /// The hash of the options, with the version of the program.
    pub(super) options: String,
}

/// What came of a conversion.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Entry {
    #[serde(flatten)]
    pub(super) key: Key,
    /// The input as it was named then.
    pub(super) named: String,
    /// With outputs as paths in the folder of the manifest.
    pub(super) records: Vec<Record>,
    /// How many findings each entry of `ignore.toml` matched.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) accepted: Vec<u64>,
}

/// The manifest of an output folder.
#[derive(Debug)]
pub(super) struct Manifest {
    folder: PathBuf,
    entries: HashMap<Key, Entry>,
    /// By output: the key of the last entry about it.
    owners: HashMap<String, Key>,
    /// Lines that were read, those that do not hold any more among them.
    lines: usize,
    /// Where lines are put; `None` when nothing is to be written.
    file: Option<Mutex<File>>,
    /// Held by who works on the folder.
    lock: Option<File>,
}

impl Manifest {
    /// Makes ready to add to the manifest, and the folder if it is not there.
    ///
    /// # Errors
    /// When the folder cannot be written to.
    pub(super) fn begin(&mut self) -> io::Result<()> {
        let folder = &self.folder;
        fs::create_dir_all(folder)?;
        let lock = OpenOptions::new().create(true).truncate(false).write(true).open(folder.join(LOCK))?;
        // Some network folders have no locks: then nothing is tidied up, and all else works.
        self.lock = lock.lock_shared().is_ok().then_some(lock);
        let mut file = OpenOptions::new().create(true).read(true).append(true).open(folder.join(NAME))?;
        end_line(&mut file)?;
        self.file = Some(Mutex::new(file));
        Ok(())
    }

    /// Reads the manifest of a folder, if it has one.
    ///
    /// # Errors
    /// When it is there and cannot be read.
    pub(super) fn read(folder: &Path) -> io::Result<Manifest> {
        let mut manifest = Manifest {
            folder: folder.to_owned(),
            entries: HashMap::new(),
            owners: HashMap::new(),
            lines: 0,
            file: None,
            lock: None,
        };
        let bytes = match fs::read(folder.join(NAME)) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(error),
        };
        for line in bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            manifest.lines += 1;
            if let Ok(entry) = serde_json::from_slice::<Entry>(line) {
                manifest.learn(entry);
            }
        }
        Ok(manifest)
    }

    fn learn(&mut self, entry: Entry) {
        for output in entry.records.iter().flat_map(|record| &record.outputs) {
            self.owners.insert(output.clone(), entry.key.clone());
        }
        self.entries.insert(entry.key.clone(), entry);
    }

    /// What came of the same conversion before, if its outputs are still there.
    pub(super) fn find(&self, key: &Key) -> Option<&Entry> {
        self.entries.get(key).filter(|entry| self.holds(entry))
    }

    fn holds(&self, entry: &Entry) -> bool {
        let mut outputs = entry.records.iter().flat_map(|record| &record.outputs);
        outputs.all(|output| self.owners.get(output) == Some(&entry.key) && self.folder.join(output).is_file())
    }

    /// Whether a file is an output of an earlier run.
    pub(super) fn has_output(&self, path: &Path) -> bool {
        self.relative(path).is_some_and(|path| self.owners.contains_key(&path))
    }

    /// The path of an output as entries have it.
    pub(super) fn relative(&self, path: &Path) -> Option<String> {
        let inside = path.strip_prefix(&self.folder).ok()?;
        let parts: Vec<_> = inside.components().map(|part| part.as_os_str().to_string_lossy()).collect();
        Some(parts.join("/"))
    }

    /// The path of an output of an entry.
    pub(super) fn absolute(&self, output: &str) -> PathBuf {
        self.folder.join(output)
    }

    /// Adds what came of a conversion.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn add(&self, entry: &Entry) -> io::Result<()> {
        let Some(file) = &self.file else { return Ok(()) };
        let mut line = serde_json::to_vec(entry)?;
        line.push(b'\n');
        file.lock().unwrap_or_else(PoisonError::into_inner).write_all(&line)
    }

    /// Tidies up, if no other run works on the folder: takes out what killed runs left half-written in folders with
    /// outputs, and lines that do not hold any more, where they are many.
    pub(super) fn close(self) {
        let Manifest { folder, lock: Some(lock), file, .. } = self else { return };
        drop(file);
        // Nothing here has to succeed: it is done the next time.
        if lock.unlock().is_err() || lock.try_lock().is_err() {
            return;
        }
        let Ok(now) = Manifest::read(&folder) else { return };
        let folders: BTreeSet<PathBuf> = now
            .owners
            .keys()
            .map(|output| folder.join(output))
            .filter_map(|path| Some(path.parent()?.to_owned()))
            .collect();
        folders.iter().for_each(|folder| remove_temporary(folder));
        let valid: Vec<&Entry> = now.entries.values().filter(|entry| now.holds(entry)).collect();
        if now.lines > 100 && now.lines > 2 * valid.len() {
            let _ = rewrite(&folder, &valid);
        }
    }
}

/// Ends the half of a line that a killed run left.
fn end_line(file: &mut File) -> io::Result<()> {
    if file.seek(SeekFrom::End(0))? == 0 {
        return Ok(());
    }
    file.seek(SeekFrom::End(-1))?;
    let mut last = [0];
    file.read_exact(&mut last)?;
    if last != *b"\n" { file.write_all(b"\n") } else { Ok(()) }
}

fn rewrite(folder: &Path, entries: &[&Entry]) -> io::Result<()> {
    let mut lines = Vec::new();
    for entry in entries {
        serde_json::to_writer(&mut lines, entry)?;
        lines.push(b'\n');
    }
    inspector_report::write_file(&folder.join(NAME), &lines)
}

/// The hash of a file's content.
///
/// # Errors
/// When it cannot be read.
pub(super) fn hash_file(path: &Path) -> io::Result<String> {
    let mut hasher = blake3::Hasher::new();
    let mut file = File::open(path)?;
    let mut buffer = vec![0; 256 << 10];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(hasher.finalize().to_hex().to_string()),
            read => hasher.update(&buffer[..read]),
        };
    }
}

/// The hash of a text.
pub(super) fn hash_text(text: &str) -> String {
    blake3::hash(text.as_bytes()).to_hex().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(folder: &Path) -> Manifest {
        let mut manifest = Manifest::read(folder).unwrap();
        manifest.begin().unwrap();
        manifest
    }

    fn entry(input: &str, options: &str, outputs: &[&str]) -> Entry {
        let key = Key { input: input.into(), content: "c".into(), options: options.into() };
        let record = Record { outputs: outputs.iter().map(|o| (*o).to_owned()).collect(), ..Record::default() };
        Entry { key, named: input.into(), records: vec![record], accepted: Vec::new() }
    }

    #[test]
    fn an_entry_holds_while_its_outputs_are_there_and_its_own() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["a.md", "a.xlsx", "b.md"] {
            fs::write(folder.path().join(name), "x").unwrap();
        }
        let (first, other, later) =
            (entry("a", "1", &["a.md", "a.xlsx"]), entry("b", "1", &["b.md"]), entry("a", "2", &["a.xlsx"]));
        let manifest = open(folder.path());
        manifest.add(&first).unwrap();
        manifest.add(&other).unwrap();
        manifest.close();
        let manifest = open(folder.path());
        assert!(manifest.find(&first.key).is_some() && manifest.find(&other.key).is_some());
        assert!(manifest.find(&later.key).is_none());
        manifest.add(&later).unwrap();
        manifest.close();
        let manifest = open(folder.path());
        assert!(manifest.find(&first.key).is_none(), "a.xlsx is another's now");
        assert!(manifest.find(&later.key).is_some() && manifest.find(&other.key).is_some());
        fs::remove_file(folder.path().join("b.md")).unwrap();
        assert!(manifest.find(&other.key).is_none());
    }

    #[test]
    fn half_a_line_spoils_no_other() {
        let folder = tempfile::tempdir().unwrap();
        let manifest = open(folder.path());
        manifest.add(&entry("a", "1", &[])).unwrap();
        drop(manifest);
        let path = folder.path().join(NAME);
        let mut bytes = fs::read(&path).unwrap();
        let line = bytes.clone();
        bytes.extend(&line[..line.len() / 2]);
        fs::write(&path, bytes).unwrap();
        let manifest = open(folder.path());
        manifest.add(&entry("b", "1", &[])).unwrap();
        let again = Manifest::read(folder.path()).unwrap();
        assert_eq!(again.entries.len(), 2);
    }

    #[test]
    fn what_does_not_hold_any_more_is_taken_out() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.md"), "x").unwrap();
        fs::write(folder.path().join(".a.x1y2z3.inspector-report.tmp"), "half").unwrap();
        fs::write(folder.path().join(".other.tmp"), "someone's").unwrap();
        let manifest = open(folder.path());
        for options in 0..200 {
            manifest.add(&entry("a", &options.to_string(), &["a.md"])).unwrap();
        }
        let other = open(folder.path());
        manifest.close();
        let lines = || fs::read_to_string(folder.path().join(NAME)).unwrap().lines().count();
        assert_eq!(lines(), 200, "another run is at work");
        other.close();
        assert_eq!(lines(), 1);
        assert!(Manifest::read(folder.path()).unwrap().find(&entry("a", "199", &[]).key).is_some());
        assert!(!folder.path().join(".a.x1y2z3.inspector-report.tmp").exists());
        assert!(folder.path().join(".other.tmp").exists());
    }
}

//! What was converted already: the manifest of an output folder.
//!
//! It is a log, a line each: that an input of some content is about to be converted with some options, and what came of
//! it. Lines are only ever put behind others, in one write each: a run that is killed leaves at worst half a line, which
//! is passed over, and runs that work on one folder at the same time do not disturb each other. What a conversion came
//! to holds as long as its outputs are there and no other conversion has begun to write them since. Whatever is wrong with
//! the file, the worst that comes of it is that something is converted again.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    fs::{self, File, OpenOptions},
    io::{self, Read, Seek, SeekFrom, Write},
    path::{Component, Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
    time::UNIX_EPOCH,
};

use crate::files::remove_temporary;
use serde::{Deserialize, Serialize};

use crate::record::Record;

/// The names of the manifest, and of the file that is locked by who works on the folder.
const NAME: &str = ".inspector-report.manifest";
const LOCK: &str = ".inspector-report.lock";

/// What identifies a conversion: the same key gives the same outputs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct Key {
    /// The input below the folder that was named: `2026/05/report.csv`.
    pub(crate) input: String,
    /// The hash of its content.
    pub(crate) content: String,
    /// The hash of the options, with the version of the program.
    pub(crate) options: String,
}

/// A line: what came of a conversion, or that it begins.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Entry {
    #[serde(flatten)]
    pub(crate) key: Key,
    /// The input as it was named then.
    pub(crate) named: String,
    /// With outputs as paths in the folder of the manifest.
    #[serde(default)]
    pub(crate) records: Vec<Record>,
    /// The size of each output, and when it was written, in nanoseconds since 1970.
    #[serde(default)]
    pub(crate) stamps: BTreeMap<String, Stamp>,
    /// Whether the same will come of the same again, so that it need not be done.
    #[serde(default)]
    pub(crate) is_lasting: bool,
    /// How many findings each entry of `ignore.toml` matched.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) accepted: Vec<u64>,
    /// The names of the outputs, less their endings.
    #[serde(default)]
    pub(crate) bases: Vec<String>,
    /// Of each output that has nothing in it to tell that it is ours: the hash of what was written.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) hashes: BTreeMap<String, String>,
    /// That outputs of these endings are about to be written.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) begins: Vec<String>,
}

/// What the lines say.
#[derive(Debug, Default)]
struct Known {
    entries: HashMap<Key, Entry>,
    /// By output: the conversion that wrote it last, or began to.
    owners: HashMap<String, Key>,
    /// By the name of outputs less their endings, with the last of these: the conversion that began to write them last.
    begun: HashMap<String, Key>,
    /// By the name of outputs less their endings: the outputs.
    outputs: HashMap<String, BTreeSet<String>>,
    /// By output: as what it was ever written, and by which conversion.
    stamps: HashMap<String, HashMap<Stamp, Key>>,
    /// By output, where nothing in it tells that it is ours: the hashes of what was ever written.
    hashes: HashMap<String, HashSet<String>>,
    /// Lines that were read, those that do not hold any more among them.
    lines: usize,
}

impl Known {
    fn learn(&mut self, entry: Entry) {
        let outputs = || entry.records.iter().flat_map(|record| &record.outputs);
        // What leads out of the folder is none of ours.
        if outputs().chain(&entry.bases).any(|output| !is_inside(output)) {
            return;
        }
        if !entry.begins.is_empty() {
            for base in &entry.bases {
                let begun = entry.begins.iter().map(|ending| (format!("{base}.{ending}"), entry.key.clone()));
                self.begun.extend(begun);
            }
            let is_begun = |output: &&String| entry.begins.iter().any(|ending| output.ends_with(&format!(".{ending}")));
            for output in entry.bases.iter().filter_map(|base| self.outputs.get(base)).flatten().filter(is_begun) {
                self.owners.insert(output.clone(), entry.key.clone());
            }
            return;
        }
        for (output, stamp) in &entry.stamps {
            self.stamps.entry(output.clone()).or_default().insert(*stamp, entry.key.clone());
        }
        for (output, hash) in &entry.hashes {
            self.hashes.entry(output.clone()).or_default().insert(hash.clone());
        }
        let bases: HashSet<&str> = entry.bases.iter().map(String::as_str).collect();
        for output in outputs() {
            // `a.b.md` is of `a.b` where there is such a name, else of `a`.
            if let Some(base) = bases_of(output, &bases).last() {
                self.outputs.entry(base.to_owned()).or_default().insert(output.clone());
                // Of two runs at the same time, the one that began last is believed; if it is not its file that is there,
                // the stamp shows it.
                let ending = output.rsplit_once('.').map_or("", |(_, ending)| ending);
                if let Some(other) = self.begun.get(&format!("{base}.{ending}")).filter(|other| **other != entry.key) {
                    self.owners.insert(output.clone(), other.clone());
                    continue;
                }
            }
            self.owners.insert(output.clone(), entry.key.clone());
        }
        self.entries.insert(entry.key.clone(), entry);
    }
}

/// Those names of outputs, less their endings, that an output may have, the shortest first: a dot stands behind.
pub(crate) fn bases_of<'a>(output: &str, bases: &HashSet<&'a str>) -> impl Iterator<Item = &'a str> {
    output.match_indices('.').filter_map(|(dot, _)| bases.get(&output[..dot]).copied())
}

/// Whether a path of an entry is one below the folder.
fn is_inside(path: &str) -> bool {
    !path.contains('\\') && Path::new(path).components().all(|part| matches!(part, Component::Normal(_)))
}

/// What is known of a conversion.
#[derive(Debug)]
pub(crate) struct CachedConversion {
    pub(crate) entry: Entry,
    /// Outputs that are not as they were written: someone has worked on them.
    pub(crate) edited: Vec<PathBuf>,
}

/// The manifest of an output folder.
#[derive(Debug)]
pub(crate) struct Cache {
    /// Without links in its path, as soon as it is there.
    folder: PathBuf,
    /// As it was named.
    named: PathBuf,
    known: Mutex<Known>,
    /// Where lines are put; `None` when nothing is to be written.
    file: Option<Mutex<File>>,
    /// Held by who works on the folder.
    lock: Option<File>,
}

impl Cache {
    /// Whether a folder has one.
    pub(crate) fn is_in(folder: &Path) -> bool {
        folder.join(NAME).is_file()
    }

    /// The manifest of a folder that conversions have written to, ready to be added to. A folder without one has no outputs
    /// to look out for; what cannot be remembered is written all the same.
    pub(crate) fn of_earlier_runs(folder: &Path) -> Option<Cache> {
        let mut cache = Cache::is_in(folder).then(|| Cache::read(folder).ok())??;
        cache.begin().is_ok().then_some(cache)
    }

    /// Makes ready to add to the manifest, and the folder if it is not there.
    ///
    /// # Errors
    /// When the folder cannot be written to.
    pub(crate) fn begin(&mut self) -> io::Result<()> {
        fs::create_dir_all(&self.named)?;
        self.folder = self.named.canonicalize()?;
        [NAME, LOCK].into_iter().try_for_each(|name| refuse_link(&self.folder.join(name)))?;
        self.lock = lock(&self.folder)?;
        let mut file = OpenOptions::new().create(true).read(true).append(true).open(self.folder.join(NAME))?;
        end_line(&mut file)?;
        self.file = Some(Mutex::new(file));
        Ok(())
    }

    /// Reads the manifest of a folder, if it has one.
    ///
    /// # Errors
    /// When it is there and cannot be read.
    pub(crate) fn read(folder: &Path) -> io::Result<Cache> {
        refuse_link(&folder.join(NAME))?;
        let bytes = match fs::read(folder.join(NAME)) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(error),
        };
        let mut known = Known::default();
        for line in bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            known.lines += 1;
            if let Ok(entry) = serde_json::from_slice::<Entry>(line) {
                known.learn(entry);
            }
        }
        Ok(Cache {
            folder: folder.canonicalize().unwrap_or_else(|_| folder.to_owned()),
            named: folder.to_owned(),
            known: Mutex::new(known),
            file: None,
            lock: None,
        })
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether nothing is known, so that nothing need be looked up.
    pub(crate) fn is_empty(&self) -> bool {
        self.known().entries.is_empty()
    }

    /// What came of the same conversion before, if its outputs are still there.
    pub(crate) fn find(&self, key: &Key) -> Option<CachedConversion> {
        let known = self.known();
        let entry = known.entries.get(key).filter(|entry| entry.is_lasting)?;
        let edited = self.edited(&known, entry)?;
        Some(CachedConversion { entry: entry.clone(), edited })
    }

    /// The outputs of an entry that are not as they were written; `None` where one is not there, or is another's.
    fn edited(&self, known: &Known, entry: &Entry) -> Option<Vec<PathBuf>> {
        let mut edited = Vec::new();
        for output in entry.records.iter().flat_map(|record| &record.outputs) {
            let path = self.folder.join(output);
            let now = stamp(&path)?;
            if known.owners.get(output) != Some(&entry.key) {
                return None;
            }
            if entry.stamps.get(output) == Some(&now) {
                continue;
            }
            // Two runs at the same time: the file may be the other's, whose line came before.
            match known.stamps.get(output).and_then(|stamps| stamps.get(&now)) {
                // It is that of another run of the same conversion.
                Some(key) if *key == entry.key => continue,
                Some(_) => return None,
                None if now.0 == 0 => return None,
                None => {}
            }
            edited.push(self.absolute(output));
        }
        Some(edited)
    }

    /// Whether a file is what an earlier run wrote, or this one: it has the size and the time of then, or its content. A file
    /// that only shares the name of an output is not one.
    pub(crate) fn is_output(&self, path: &Path) -> bool {
        let (Some(name), Some(now)) = (self.relative(path), stamp(path)) else { return false };
        let known = self.known();
        let stamps = known.stamps.get(&name);
        if stamps.is_some_and(|stamps| stamps.contains_key(&now)) {
            return true;
        }
        let has_size = stamps.is_some_and(|stamps| stamps.keys().any(|stamp| stamp.0 == now.0));
        let hashes = known.hashes.get(&name).filter(|_| has_size);
        hashes.is_some_and(|hashes| hash_file(path).is_ok_and(|hash| hashes.contains(&hash)))
    }

    /// The conversion that wrote a file last, or began to.
    pub(crate) fn owner(&self, path: &Path) -> Option<Key> {
        self.known().owners.get(&self.relative(path)?).cloned()
    }

    /// The path of an output as entries have it.
    fn relative(&self, path: &Path) -> Option<String> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let whole = folder.canonicalize().ok()?.join(path.file_name()?);
        let inside = whole.strip_prefix(&self.folder).ok()?;
        let parts: Option<Vec<&str>> = inside.components().map(|part| part.as_os_str().to_str()).collect();
        Some(parts?.join("/"))
    }

    /// The path of an output of an entry, as a run shows it.
    pub(crate) fn absolute(&self, output: &str) -> PathBuf {
        self.named.join(output)
    }

    /// Says that outputs of this name with one of these endings are about to be written. From now on whatever was known of
    /// them does not hold.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(crate) fn announce(&self, key: &Key, base: &Path, endings: &[&str]) -> io::Result<()> {
        // The name that cannot be told is that of no output that is remembered.
        let Some(base) = self.relative(base) else { return Ok(()) };
        let begins = endings.iter().map(|ending| (*ending).to_owned()).collect();
        self.add(Entry { key: key.clone(), bases: vec![base], begins, ..Entry::default() })
    }

    /// Adds what came of a conversion: `bases` are the names of the outputs, less their endings. Where an output is not in
    /// the folder, there is nothing to remember.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(crate) fn remember(&self, mut entry: Entry, bases: &[PathBuf], stamps: &[(PathBuf, Stamp)]) -> io::Result<()> {
        entry.bases = bases.iter().filter_map(|base| self.relative(base)).collect();
        for record in &mut entry.records {
            let relative = record.outputs.iter().map(|output| self.relative(output.as_ref()));
            let Some(relative) = relative.collect::<Option<Vec<String>>>() else { return Ok(()) };
            record.outputs = relative;
        }
        entry.stamps = stamps.iter().filter_map(|(path, stamp)| Some((self.relative(path)?, *stamp))).collect();
        let nameless = stamps.iter().map(|(path, _)| path).filter(|path| path.extension().is_some_and(|e| e == "csv"));
        entry.hashes = nameless.filter_map(|path| Some((self.relative(path)?, hash_file(path).ok()?))).collect();
        self.add(entry)
    }

    fn add(&self, entry: Entry) -> io::Result<()> {
        let Some(file) = &self.file else { return Ok(()) };
        let mut line = serde_json::to_vec(&entry)?;
        line.push(b'\n');
        file.lock().unwrap_or_else(PoisonError::into_inner).write_all(&line)?;
        self.known().learn(entry);
        Ok(())
    }

    /// Tidies up, if no other run works on the folder: takes out what killed runs left half-written in folders with
    /// outputs, and lines that do not hold any more, where they are many.
    pub(crate) fn close(self) {
        let Cache { folder, lock: Some(lock), file, .. } = self else { return };
        drop(file);
        // Nothing here has to succeed: it is done the next time.
        if lock.unlock().is_err() || lock.try_lock().is_err() {
            return;
        }
        let Ok(now) = Cache::read(&folder) else { return };
        let known = now.known();
        let folders: BTreeSet<PathBuf> = known
            .owners
            .keys()
            .map(|output| folder.join(output))
            .filter_map(|path| Some(path.parent()?.to_owned()))
            .collect();
        folders.iter().for_each(|folder| remove_temporary(folder));
        let valid: Vec<&Entry> = known.entries.values().filter(|entry| now.edited(&known, entry).is_some()).collect();
        if known.lines > 100 && known.lines > 3 * valid.len() {
            let _ = rewrite(&folder, &valid);
        }
    }
}

/// Refuses a file of ours that is a link: what is written to it would land elsewhere.
fn refuse_link(path: &Path) -> io::Result<()> {
    match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_symlink() => {
            let what = format!("{} is a link, and would be written through; remove it", path.display());
            Err(io::Error::new(io::ErrorKind::InvalidInput, what))
        }
        _ => Ok(()),
    }
}

/// Locks a folder together with all who write to it. Some network folders have no locks: then nothing is tidied up, and
/// all else works.
fn lock(folder: &Path) -> io::Result<Option<File>> {
    let lock = OpenOptions::new().create(true).truncate(false).write(true).open(folder.join(LOCK))?;
    Ok(lock.lock_shared().is_ok().then_some(lock))
}

/// The size of a file, and when it was written, in nanoseconds since 1970.
pub(crate) type Stamp = (u64, u64);

/// The stamp of a file.
pub(crate) fn stamp(path: &Path) -> Option<Stamp> {
    let metadata = fs::metadata(path).ok().filter(fs::Metadata::is_file)?;
    let written = metadata.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    Some((metadata.len(), u64::try_from(written.as_nanos()).ok()?))
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
    crate::write_file(&folder.join(NAME), &lines)
}

/// The hash of a file's content.
///
/// # Errors
/// When it cannot be read.
pub(crate) fn hash_file(path: &Path) -> io::Result<String> {
    hash(File::open(path)?)
}

/// The hash of what a reader gives.
///
/// # Errors
/// When it cannot be read.
pub(crate) fn hash(mut file: impl Read) -> io::Result<String> {
    let mut hasher = blake3::Hasher::new();
    // As much as it takes for several threads to be worth it.
    let mut buffer = vec![0; 1 << 20];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(hasher.finalize().to_hex().to_string()),
            read => hasher.update_rayon(&buffer[..read]),
        };
    }
}

/// The hash of a text.
pub(crate) fn hash_text(text: &str) -> String {
    blake3::hash(text.as_bytes()).to_hex().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(folder: &Path) -> Cache {
        let mut manifest = Cache::read(folder).unwrap();
        manifest.begin().unwrap();
        manifest
    }

    fn entry(input: &str, options: &str, outputs: &[&str]) -> Entry {
        let key = Key { input: input.into(), content: "c".into(), options: options.into() };
        let record = Record { outputs: outputs.iter().map(|o| (*o).to_owned()).collect(), ..Record::default() };
        Entry { key, named: input.into(), records: vec![record], is_lasting: true, ..Entry::default() }
    }

    /// Remembers an entry, whose outputs are named by their paths in the folder.
    fn remember(manifest: &Cache, entry: &Entry) {
        let mut entry = entry.clone();
        for output in entry.records.iter_mut().flat_map(|record| &mut record.outputs) {
            *output = manifest.folder.join(&*output).display().to_string();
        }
        let bases = entry.records[0].outputs.iter().map(|output| PathBuf::from(output.rsplit_once('.').unwrap().0));
        let bases: Vec<PathBuf> = bases.collect();
        let paths = entry.records[0].outputs.iter().map(PathBuf::from);
        let stamps: Vec<_> = paths.filter_map(|path| Some((path.clone(), stamp(&path)?))).collect();
        manifest.remember(entry, &bases, &stamps).unwrap();
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
        remember(&manifest, &first);
        remember(&manifest, &other);
        manifest.close();
        let manifest = open(folder.path());
        assert!(manifest.find(&first.key).is_some() && manifest.find(&other.key).is_some());
        assert!(manifest.find(&later.key).is_none());
        remember(&manifest, &later);
        manifest.close();
        let manifest = open(folder.path());
        assert!(manifest.find(&first.key).is_none(), "a.xlsx is another's now");
        assert!(manifest.find(&later.key).is_some() && manifest.find(&other.key).is_some());
        fs::remove_file(folder.path().join("b.md")).unwrap();
        assert!(manifest.find(&other.key).is_none());
    }

    #[test]
    fn what_another_began_to_write_is_not_current() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.md"), "x").unwrap();
        fs::write(folder.path().join("a.b.md"), "x").unwrap();
        let (first, second) = (entry("a", "1", &["a.md"]), entry("a.b", "1", &["a.b.md"]));
        let manifest = open(folder.path());
        remember(&manifest, &first);
        remember(&manifest, &second);
        let key = entry("a", "2", &[]).key;
        manifest.announce(&key, &folder.path().join("a"), &["xlsx"]).unwrap();
        assert!(manifest.find(&first.key).is_some(), "that is another file");
        manifest.announce(&key, &folder.path().join("a"), &["md"]).unwrap();
        manifest.close();
        let manifest = open(folder.path());
        assert!(manifest.find(&first.key).is_none());
        assert!(manifest.find(&second.key).is_some(), "its name only begins like the other's");
        // Two runs at the same time: the line that comes last need not be that of the file that is there.
        let third = entry("a", "3", &["a.md"]);
        remember(&manifest, &third);
        fs::write(folder.path().join("a.md"), "longer").unwrap();
        remember(&manifest, &entry("a", "4", &["a.md"]));
        remember(&manifest, &Entry { stamps: BTreeMap::new(), ..third.clone() });
        assert!(manifest.find(&entry("a", "3", &[]).key).is_none_or(|past| past.edited.is_empty()));
    }

    #[test]
    fn what_someone_has_worked_on_is_known_and_kept() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.xlsx"), "x").unwrap();
        let first = entry("a", "1", &["a.xlsx"]);
        let manifest = open(folder.path());
        remember(&manifest, &first);
        assert!(manifest.find(&first.key).unwrap().edited.is_empty());
        fs::write(folder.path().join("a.xlsx"), "filled in").unwrap();
        assert_eq!(manifest.find(&first.key).unwrap().edited, [folder.path().join("a.xlsx")]);
        fs::write(folder.path().join("a.xlsx"), "").unwrap();
        assert!(manifest.find(&first.key).is_none(), "nobody makes a workbook empty");
    }

    #[test]
    fn nothing_outside_of_the_folder_is_believed() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("out")).unwrap();
        fs::write(folder.path().join(".v.1.4294967294.inspector-report.tmp"), "x").unwrap();
        let line = serde_json::to_string(&entry("a", "1", &["../v.md"])).unwrap();
        fs::write(folder.path().join("out").join(NAME), line + "\n{}\nnonsense\n").unwrap();
        let manifest = open(&folder.path().join("out"));
        assert!(manifest.is_empty());
        manifest.close();
        assert!(folder.path().join(".v.1.4294967294.inspector-report.tmp").exists());
    }

    #[test]
    fn half_a_line_spoils_no_other() {
        let folder = tempfile::tempdir().unwrap();
        let manifest = open(folder.path());
        remember(&manifest, &entry("a", "1", &[]));
        drop(manifest);
        let path = folder.path().join(NAME);
        let mut bytes = fs::read(&path).unwrap();
        let line = bytes.clone();
        bytes.extend(&line[..line.len() / 2]);
        fs::write(&path, bytes).unwrap();
        let manifest = open(folder.path());
        remember(&manifest, &entry("b", "1", &[]));
        let again = Cache::read(folder.path()).unwrap();
        assert_eq!(again.known().entries.len(), 2);
    }

    #[test]
    fn what_does_not_hold_any_more_is_taken_out() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.md"), "x").unwrap();
        fs::write(folder.path().join(".a.x1y2z3.4294967294.inspector-report.tmp"), "half").unwrap();
        fs::write(folder.path().join(".other.tmp"), "someone's").unwrap();
        let manifest = open(folder.path());
        for options in 0..200 {
            remember(&manifest, &entry("a", &options.to_string(), &["a.md"]));
        }
        let other = open(folder.path());
        manifest.close();
        let lines = || fs::read_to_string(folder.path().join(NAME)).unwrap().lines().count();
        assert_eq!(lines(), 200, "another run is at work");
        other.close();
        assert_eq!(lines(), 1);
        assert!(Cache::read(folder.path()).unwrap().find(&entry("a", "199", &[]).key).is_some());
        assert!(!folder.path().join(".a.x1y2z3.4294967294.inspector-report.tmp").exists());
        assert!(folder.path().join(".other.tmp").exists());
    }
}

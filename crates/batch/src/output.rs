//! Where the outputs of a run go.

use std::{
    collections::BTreeMap,
    fmt, io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use crate::core::MemoryOutputs;

/// Where the outputs of a run go.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum OutputLocation {
    /// Into files beside their inputs.
    #[default]
    BesideInputs,
    /// Into files of a folder, with a manifest of what they were made of.
    Folder(PathBuf),
    /// The one output to standard output, or what the host has in its place.
    StandardOutput,
    /// Into memory: no file is made, and there is no manifest.
    Memory(MemoryFolder),
}

impl OutputLocation {
    /// What the paths of outputs begin with; `None` for the folder of each input.
    pub(crate) fn root(&self) -> Option<&Path> {
        match self {
            OutputLocation::Folder(folder) => Some(folder),
            OutputLocation::Memory(_) => Some(Path::new("")),
            OutputLocation::BesideInputs | OutputLocation::StandardOutput => None,
        }
    }

    /// The folder that may have a manifest.
    pub(crate) fn folder(&self) -> Option<&Path> {
        match self {
            OutputLocation::Folder(folder) => Some(folder),
            _ => None,
        }
    }

    /// Whether there is one output, and it goes to standard output.
    pub fn is_standard_output(&self) -> bool {
        matches!(self, OutputLocation::StandardOutput)
    }

    /// Whether outputs are files, at whose places something may stand.
    pub(crate) fn has_files(&self) -> bool {
        matches!(self, OutputLocation::BesideInputs | OutputLocation::Folder(_))
    }
}

/// Outputs in memory, each under the path that it would have in a folder. Clones have the same outputs.
#[derive(Clone, Default)]
pub struct MemoryFolder(Arc<Mutex<BTreeMap<PathBuf, Vec<u8>>>>);

impl MemoryFolder {
    /// Takes out what is in it.
    pub fn take(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Keeps what a converter wrote, under the names of the output; `may_write` is asked for each.
    ///
    /// # Errors
    /// Those of `may_write`: then nothing is kept.
    pub(crate) fn keep(
        &self,
        outputs: MemoryOutputs,
        names: &OutputNames,
        may_write: impl Fn(&Path) -> io::Result<()>,
    ) -> io::Result<Vec<PathBuf>> {
        let MemoryOutputs { files, below, named, appended } = outputs;
        let below_paths = below.keys().map(|name| names.plain().join(name));
        let mut paths: Vec<PathBuf> = names.parts(files.len()).into_iter().chain(below_paths).collect();
        paths.extend(named.keys().cloned());
        paths.iter().try_for_each(|path| may_write(path))?;
        let contents = files.into_iter().chain(below.into_values()).chain(named.into_values());
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.extend(paths.iter().cloned().zip(contents.map(io::Cursor::into_inner)));
        for (path, more) in appended {
            kept.entry(path).or_default().extend(more.into_inner());
        }
        Ok(paths)
    }
}

/// Folders are the same where their outputs are, whatever these are at the moment.
impl PartialEq for MemoryFolder {
    fn eq(&self, other: &MemoryFolder) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for MemoryFolder {}

impl fmt::Debug for MemoryFolder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let files = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        f.debug_map().entries(files.iter().map(|(path, bytes)| (path, bytes.len()))).finish()
    }
}

/// The names of an output and its parts.
#[derive(Clone, Debug)]
pub(crate) struct OutputNames {
    pub(crate) folder: PathBuf,
    pub(crate) stem: String,
    pub(crate) extension: String,
}

impl OutputNames {
    /// Of an output whose path is given without the ending.
    pub(crate) fn of(output: &Path, extension: &str) -> OutputNames {
        OutputNames {
            folder: output.parent().map(Path::to_owned).unwrap_or_default(),
            stem: output.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned()),
            extension: extension.to_owned(),
        }
    }

    /// The name of one that is whole.
    pub(crate) fn plain(&self) -> PathBuf {
        self.folder.join(format!("{}.{}", self.stem, self.extension))
    }

    /// The name of a part, from 1.
    pub(crate) fn part(&self, number: usize) -> PathBuf {
        self.folder.join(format!("{}.{number:03}.{}", self.stem, self.extension))
    }

    /// The names of so many files; one alone is no part.
    pub(crate) fn parts(&self, count: usize) -> Vec<PathBuf> {
        match count {
            1 => vec![self.plain()],
            _ => (1..=count).map(|number| self.part(number)).collect(),
        }
    }
}

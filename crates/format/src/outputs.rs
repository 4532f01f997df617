//! Where a converter writes to.

use std::{
    collections::BTreeMap,
    io::{self, Cursor, Seek, Write},
    path::{Component, Path, PathBuf},
};

/// A file being written.
pub trait Output: Write + Seek + Send {}

impl<T: Write + Seek + Send> Output for T {}

/// Gives converters the files to write to.
pub trait Outputs {
    /// Starts a file. Most converters write one.
    ///
    /// A format whose files have a limit writes several: `.001`, `.002`, ... are put before the extension, unless
    /// there is but one.
    ///
    /// # Errors
    /// When the file cannot be made, or a second file is asked for where only one can be (standard output).
    fn create(&mut self) -> io::Result<Box<dyn Output + '_>>;

    /// Starts a file of a name of the format's own, in a folder that has the name of the output: of a data set
    /// `account_id=012345678901/part-0.parquet`, say. It is complete together with the others.
    ///
    /// # Errors
    /// When the file cannot be made, `name` leads out of the folder or was used before, or outputs go where there are no
    /// folders (standard output).
    fn create_below(&mut self, name: &Path) -> io::Result<Box<dyn Output + '_>> {
        let what = format!("{} is a file in a folder; give a folder with --output", name.display());
        Err(io::Error::other(what))
    }

    /// Starts a file of a name that the person who asked for it chose, such as one with what to remember for the next
    /// time. It is complete together with the others.
    ///
    /// # Errors
    /// When the file cannot be made, or outputs go nowhere that has files.
    fn create_at(&mut self, path: &Path) -> io::Result<Box<dyn Output + '_>> {
        let what = format!("{} cannot be written here; give a folder with --output", path.display());
        Err(io::Error::other(what))
    }

    /// Starts what is put behind all that a file has already, once it is complete.
    ///
    /// # Errors
    /// Those of [`create_at`](Outputs::create_at).
    fn append_to(&mut self, path: &Path) -> io::Result<Box<dyn Output + '_>> {
        self.create_at(path)
    }
}

/// Files in memory, for outputs that go somewhere else than to a disk, and for the tests of converters.
#[derive(Debug, Default)]
pub struct MemoryOutputs {
    /// The files so far, in the order in which they were created.
    pub files: Vec<Cursor<Vec<u8>>>,
    /// Those of names of the format's own, in a folder that has the name of the output.
    pub below: BTreeMap<PathBuf, Cursor<Vec<u8>>>,
    /// Those of a chosen name.
    pub named: BTreeMap<PathBuf, Cursor<Vec<u8>>>,
    /// What is put behind all that a file of a chosen name has already.
    pub appended: BTreeMap<PathBuf, Cursor<Vec<u8>>>,
}

impl Outputs for MemoryOutputs {
    fn create(&mut self) -> io::Result<Box<dyn Output + '_>> {
        self.files.push(Cursor::default());
        self.files.last_mut().map(|file| Box::new(file) as Box<dyn Output>).ok_or_else(|| io::Error::other("no file"))
    }

    fn create_below(&mut self, name: &Path) -> io::Result<Box<dyn Output + '_>> {
        match below(name)? {
            name if self.below.contains_key(&name) => Err(used_before(&name)),
            name => Ok(Box::new(self.below.entry(name).or_default())),
        }
    }

    fn create_at(&mut self, path: &Path) -> io::Result<Box<dyn Output + '_>> {
        let file = self.named.entry(path.to_owned()).or_default();
        *file = Cursor::default();
        Ok(Box::new(file))
    }

    fn append_to(&mut self, path: &Path) -> io::Result<Box<dyn Output + '_>> {
        Ok(Box::new(self.appended.entry(path.to_owned()).or_default()))
    }
}

/// The name of a file below a folder, as it is.
///
/// # Errors
/// When it leads out of the folder, or to none of its files.
pub fn below(name: &Path) -> io::Result<PathBuf> {
    let is_plain = |part: Component<'_>| matches!(part, Component::Normal(_));
    match name.components().next().is_some() && name.components().all(is_plain) {
        true => Ok(name.components().collect()),
        false => {
            Err(io::Error::new(io::ErrorKind::InvalidInput, format!("{} is no file below a folder", name.display())))
        }
    }
}

/// That a name was used before.
pub fn used_before(name: &Path) -> io::Error {
    io::Error::new(io::ErrorKind::AlreadyExists, format!("{} was written before", name.display()))
}

//! Where the bytes of a report are: in a file, or in memory.

use std::{
    fs::{self, File},
    io::{self, Cursor, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    sync::Arc,
    time::SystemTime,
};

/// Where a report is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InputLocation {
    /// In a file.
    File(PathBuf),
    /// In memory, under the name that messages and outputs are to have. What is unpacked of it stays in memory too: no
    /// file is made.
    Memory {
        /// The name, with the ending that a file of it would have.
        name: PathBuf,
        /// All of it.
        bytes: Arc<[u8]>,
    },
    /// What came through a pipe, in a file without a name.
    Spooled(Spooled),
}

/// What came through a pipe.
#[derive(Clone, Debug)]
pub struct Spooled {
    name: PathBuf,
    file: Arc<File>,
}

impl PartialEq for Spooled {
    fn eq(&self, other: &Spooled) -> bool {
        Arc::ptr_eq(&self.file, &other.file)
    }
}

impl Eq for Spooled {}

impl InputLocation {
    /// Bytes in memory.
    pub fn memory(name: impl Into<PathBuf>, bytes: impl Into<Arc<[u8]>>) -> InputLocation {
        InputLocation::Memory { name: name.into(), bytes: bytes.into() }
    }

    /// Reads a pipe to its end, under this name. What comes is kept in a file without a name: nothing of it stays when the
    /// program ends, however it ends.
    ///
    /// # Errors
    /// When the pipe cannot be read, or there is no room in the folder for temporary files.
    pub fn spool(name: impl Into<PathBuf>, mut pipe: impl Read) -> io::Result<InputLocation> {
        let mut file = tempfile::tempfile()?;
        io::copy(&mut pipe, &mut file)?;
        Ok(InputLocation::Spooled(Spooled { name: name.into(), file: Arc::new(file) }))
    }

    /// The path of the file, or the name of what is in none.
    pub fn path(&self) -> &Path {
        match self {
            InputLocation::File(path) | InputLocation::Memory { name: path, .. } => path,
            InputLocation::Spooled(spooled) => &spooled.name,
        }
    }

    /// Opens it, to be read from its beginning.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn open(&self) -> io::Result<impl Read + Seek + use<>> {
        Bytes::from(self).open()
    }

    /// How many bytes it has.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn size(&self) -> io::Result<u64> {
        match self {
            InputLocation::File(path) => fs::metadata(path).map(|metadata| metadata.len()),
            other => Bytes::from(other).open()?.size(),
        }
    }
}

impl<P: AsRef<Path> + ?Sized> From<&P> for InputLocation {
    fn from(path: &P) -> InputLocation {
        InputLocation::File(path.as_ref().to_owned())
    }
}

/// Bytes that are read: those of a location, or what was made of them on the way.
#[derive(Clone, Debug)]
pub(crate) enum Bytes {
    File(PathBuf),
    /// A file without a name.
    Temporary(Arc<File>),
    Memory(Arc<[u8]>),
}

impl From<&InputLocation> for Bytes {
    fn from(location: &InputLocation) -> Bytes {
        match location {
            InputLocation::File(path) => Bytes::File(path.clone()),
            InputLocation::Memory { bytes, .. } => Bytes::Memory(Arc::clone(bytes)),
            InputLocation::Spooled(spooled) => Bytes::Temporary(Arc::clone(&spooled.file)),
        }
    }
}

/// By what one sees that a file was changed: its size, and when it was written.
type Stamp = (u64, Option<SystemTime>);

impl Bytes {
    /// Opens them to be read from their beginning. They can be opened several times at once.
    pub(crate) fn open(&self) -> io::Result<Opened> {
        match self {
            Bytes::File(path) => match File::open(path)? {
                file if file.metadata()?.is_dir() => Err(io::Error::from(io::ErrorKind::IsADirectory)),
                file => Ok(Opened::File(file)),
            },
            Bytes::Temporary(file) => Ok(Opened::Shared { file: Arc::clone(file), at: 0 }),
            Bytes::Memory(bytes) => Ok(Opened::Memory(Cursor::new(Arc::clone(bytes)))),
        }
    }

    /// By what one sees that they were changed; `None` for what nobody else can change.
    pub(crate) fn stamp(&self) -> Option<Stamp> {
        let Bytes::File(path) = self else { return None };
        let metadata = fs::metadata(path).ok()?;
        Some((metadata.len(), metadata.modified().ok()))
    }

    /// Takes what stands behind the last line break from a text of lines that is cut off: half a line is none. Only what
    /// was unpacked is ever changed.
    pub(crate) fn keep_whole_lines(self) -> io::Result<Bytes> {
        const BLOCK: u64 = 256 << 10;
        match self {
            Bytes::File(_) => Ok(self),
            Bytes::Memory(bytes) => {
                let end = memchr::memrchr(b'\n', &bytes).map_or(bytes.len(), |at| at + 1);
                Ok(Bytes::Memory(bytes[..end].into()))
            }
            Bytes::Temporary(ref file) => {
                let mut opened = self.open()?;
                let mut end = opened.size()?;
                let mut block = vec![0; BLOCK as usize];
                while end > 0 {
                    let start = end.saturating_sub(BLOCK);
                    let block = &mut block[..(end - start) as usize];
                    opened.seek(SeekFrom::Start(start))?;
                    opened.read_exact(block)?;
                    if let Some(at) = memchr::memrchr(b'\n', block) {
                        file.set_len(start + at as u64 + 1)?;
                        break;
                    }
                    end = start;
                }
                Ok(self)
            }
        }
    }
}

/// Bytes that are being read.
#[derive(Debug)]
pub(crate) enum Opened {
    File(File),
    /// A file that several read at once, each at a place of its own.
    Shared {
        file: Arc<File>,
        at: u64,
    },
    Memory(Cursor<Arc<[u8]>>),
}

/// Reads at a place, without moving that of the file.
#[cfg(unix)]
fn read_at(file: &File, buffer: &mut [u8], at: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, at)
}

#[cfg(windows)]
fn read_at(file: &File, buffer: &mut [u8], at: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buffer, at)
}

#[cfg(not(any(unix, windows)))]
fn read_at(_file: &File, _buffer: &mut [u8], _at: u64) -> io::Result<usize> {
    Err(io::ErrorKind::Unsupported.into())
}

impl Opened {
    /// How many there are.
    pub(crate) fn size(&self) -> io::Result<u64> {
        match self {
            Opened::File(file) => file.metadata().map(|metadata| metadata.len()),
            Opened::Shared { file, .. } => file.metadata().map(|metadata| metadata.len()),
            Opened::Memory(bytes) => Ok(bytes.get_ref().len() as u64),
        }
    }

    /// Where to put what is made of them: a file without a name, or memory for what is in memory.
    pub(crate) fn scratch(&self) -> fn() -> io::Result<Scratch> {
        match self {
            Opened::File(_) | Opened::Shared { .. } => || tempfile::tempfile().map(Scratch::File),
            Opened::Memory(_) => || Ok(Scratch::Memory(Vec::new())),
        }
    }
}

impl Read for Opened {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Opened::File(file) => file.read(buffer),
            Opened::Shared { file, at } => {
                let length = read_at(file, buffer, *at)?;
                *at += length as u64;
                Ok(length)
            }
            Opened::Memory(bytes) => bytes.read(buffer),
        }
    }
}

impl Seek for Opened {
    fn seek(&mut self, position: SeekFrom) -> io::Result<u64> {
        match self {
            Opened::File(file) => file.seek(position),
            Opened::Shared { file, at } => {
                let to = match position {
                    SeekFrom::Start(to) => Some(to),
                    SeekFrom::Current(by) => at.checked_add_signed(by),
                    SeekFrom::End(by) => file.metadata()?.len().checked_add_signed(by),
                };
                *at = to.ok_or(io::ErrorKind::InvalidInput)?;
                Ok(*at)
            }
            Opened::Memory(bytes) => bytes.seek(position),
        }
    }
}

/// What is made of bytes, until all of it is there.
#[derive(Debug)]
pub(crate) enum Scratch {
    /// A file without a name: nothing of it stays when the program ends, however it ends.
    File(File),
    Memory(Vec<u8>),
}

impl Scratch {
    /// All of it, to be read.
    pub(crate) fn finish(self) -> Bytes {
        match self {
            Scratch::File(file) => Bytes::Temporary(Arc::new(file)),
            Scratch::Memory(bytes) => Bytes::Memory(bytes.into()),
        }
    }
}

impl Write for Scratch {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Scratch::File(file) => file.write(bytes),
            Scratch::Memory(all) => all.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Scratch::File(file) => file.flush(),
            Scratch::Memory(_) => Ok(()),
        }
    }
}

//! Where the bytes of a report are: in a file, or in memory.

use std::{
    fs::{File, OpenOptions},
    io::{self, Cursor, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    sync::Arc,
};

use tempfile::{NamedTempFile, TempPath};

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
}

impl InputLocation {
    /// Bytes in memory.
    pub fn memory(name: impl Into<PathBuf>, bytes: impl Into<Arc<[u8]>>) -> InputLocation {
        InputLocation::Memory { name: name.into(), bytes: bytes.into() }
    }

    /// The path of the file, or the name of what is in memory.
    pub fn path(&self) -> &Path {
        match self {
            InputLocation::File(path) | InputLocation::Memory { name: path, .. } => path,
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
    Temporary(Arc<TempPath>),
    Memory(Arc<[u8]>),
}

impl From<&InputLocation> for Bytes {
    fn from(location: &InputLocation) -> Bytes {
        match location {
            InputLocation::File(path) => Bytes::File(path.clone()),
            InputLocation::Memory { bytes, .. } => Bytes::Memory(Arc::clone(bytes)),
        }
    }
}

impl Bytes {
    /// Opens them to be read from their beginning. They can be opened several times at once.
    pub(crate) fn open(&self) -> io::Result<Opened> {
        let open = |path: &Path| match File::open(path)? {
            file if file.metadata()?.is_dir() => Err(io::Error::from(io::ErrorKind::IsADirectory)),
            file => Ok(Opened::File(file)),
        };
        match self {
            Bytes::File(path) => open(path),
            Bytes::Temporary(path) => open(path),
            Bytes::Memory(bytes) => Ok(Opened::Memory(Cursor::new(Arc::clone(bytes)))),
        }
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
            Bytes::Temporary(ref path) => {
                let mut file = OpenOptions::new().read(true).write(true).open(&**path)?;
                let mut end = file.metadata()?.len();
                let mut block = vec![0; BLOCK as usize];
                while end > 0 {
                    let start = end.saturating_sub(BLOCK);
                    let block = &mut block[..(end - start) as usize];
                    file.seek(SeekFrom::Start(start))?;
                    file.read_exact(block)?;
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
    Memory(Cursor<Arc<[u8]>>),
}

impl Opened {
    /// How many there are.
    pub(crate) fn size(&self) -> io::Result<u64> {
        match self {
            Opened::File(file) => file.metadata().map(|metadata| metadata.len()),
            Opened::Memory(bytes) => Ok(bytes.get_ref().len() as u64),
        }
    }

    /// Where to put what is made of them: a temporary file, or memory for what is in memory.
    pub(crate) fn scratch(&self) -> fn() -> io::Result<Scratch> {
        match self {
            Opened::File(_) => || NamedTempFile::new().map(Scratch::File),
            Opened::Memory(_) => || Ok(Scratch::Memory(Vec::new())),
        }
    }
}

impl Read for Opened {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Opened::File(file) => file.read(buffer),
            Opened::Memory(bytes) => bytes.read(buffer),
        }
    }
}

impl Seek for Opened {
    fn seek(&mut self, position: SeekFrom) -> io::Result<u64> {
        match self {
            Opened::File(file) => file.seek(position),
            Opened::Memory(bytes) => bytes.seek(position),
        }
    }
}

/// What is made of bytes, until all of it is there.
#[derive(Debug)]
pub(crate) enum Scratch {
    File(NamedTempFile),
    Memory(Vec<u8>),
}

impl Scratch {
    /// All of it, to be read.
    pub(crate) fn finish(self) -> Bytes {
        match self {
            Scratch::File(file) => Bytes::Temporary(Arc::new(file.into_temp_path())),
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

//! A file that is neither packed nor in another encoding than UTF-8: what the readers read.

use std::io::{self, Read};

use crate::{
    ReadOptions, Watch,
    location::{Bytes, Opened},
};

/// How much of a file is looked at to tell what it is.
const BEGINNING: u64 = 64 << 10;

/// So much of a file as tells what it is.
pub(crate) fn beginning(file: Opened) -> io::Result<Vec<u8>> {
    let mut start = Vec::new();
    file.take(BEGINNING).read_to_end(&mut start)?;
    Ok(start)
}

/// A file that is neither packed nor in another encoding than UTF-8.
pub(crate) struct Plain<'a> {
    pub(crate) bytes: &'a Bytes,
    /// The name in messages.
    pub(crate) name: String,
    pub(crate) options: &'a ReadOptions,
    pub(crate) watch: &'a Watch,
}

impl Plain<'_> {
    pub(crate) fn open(&self) -> io::Result<Opened> {
        self.bytes.open()
    }

    pub(crate) fn size(&self) -> io::Result<u64> {
        self.open()?.size()
    }
}

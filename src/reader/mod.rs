//! Readers: from a file to a [`Report`].

mod csv;
mod error;
mod split;

use std::{
    fmt,
    path::Path,
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
};

use inspector_report_core::Report;

pub use error::{ReadError, ReadErrorKind};

/// Parts of a file smaller than this are not worth a thread of their own.
const SMALLEST_PART: u64 = 256 << 10;

/// What someone who waits for a reader may want to see or to do.
#[derive(Default)]
pub struct Watch {
    read: AtomicU64,
    stop: AtomicBool,
}

impl Watch {
    /// Nothing read yet.
    pub const fn new() -> Watch {
        Watch { read: AtomicU64::new(0), stop: AtomicBool::new(false) }
    }

    /// How many bytes of the input have been read.
    pub fn bytes_read(&self) -> u64 {
        self.read.load(Ordering::Relaxed)
    }

    /// Begins to count bytes again, for another input.
    pub fn restart(&self) {
        self.read.store(0, Ordering::Relaxed);
    }

    /// Asks to stop soon. Reading then ends with [`ReadErrorKind::Interrupted`].
    pub fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }

    /// Whether someone asked to stop.
    pub fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    pub(crate) fn add(&self, bytes: usize) {
        self.read.fetch_add(bytes as u64, Ordering::Relaxed);
    }
}

impl fmt::Debug for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Watch({} bytes)", self.bytes_read())
    }
}

/// Reads a findings report.
///
/// A large file is read in parts on all threads of the current rayon pool; the result does not depend on their number.
/// Rows that cannot be read are in [`Report::problems`].
///
/// # Errors
/// When the file cannot be read or is no findings report.
pub fn read(path: impl AsRef<Path>) -> Result<Report, ReadError> {
    read_watched(path.as_ref(), &Watch::new())
}

/// [`read`], to be watched and stopped from another thread.
///
/// # Errors
/// As [`read`], and when it was asked to stop.
pub fn read_watched(path: &Path, watch: &Watch) -> Result<Report, ReadError> {
    // One part for each thread: what a part has seen is merged once, and the parts share nothing meanwhile.
    let parts = |bytes: u64| (bytes / SMALLEST_PART).clamp(1, rayon::current_num_threads() as u64);
    csv::read(path, watch, parts).map_err(|kind| ReadError {
        path: path.to_owned(),
        kind: if watch.is_stopped() { ReadErrorKind::Interrupted } else { kind },
    })
}

//! How far reading is, and whether it is to stop.

use std::{
    fmt,
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
};

/// What someone who waits for a reader may want to see or to do.
#[derive(Default)]
pub struct Watch {
    total: AtomicU64,
    read: AtomicU64,
    stop: AtomicBool,
}

impl Watch {
    /// Nothing read yet.
    pub const fn new() -> Watch {
        Watch { total: AtomicU64::new(0), read: AtomicU64::new(0), stop: AtomicBool::new(false) }
    }

    /// How many bytes of the file in hand have been read.
    pub fn bytes_read(&self) -> u64 {
        self.read.load(Ordering::Relaxed)
    }

    /// How many bytes the file in hand has. It changes when a packed file has been unpacked.
    pub fn bytes_total(&self) -> u64 {
        self.total.load(Ordering::Relaxed)
    }

    /// Asks to stop soon. Reading then ends with [`ReadErrorKind::Interrupted`](crate::ReadErrorKind::Interrupted).
    pub fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }

    /// Whether someone asked to stop.
    pub fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    pub(crate) fn begin(&self, total: u64) {
        self.total.store(total, Ordering::Relaxed);
        self.read.store(0, Ordering::Relaxed);
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

//! How much memory inputs may take together: those that do not fit wait for others to be done.
//!
//! What an input will take is estimated from its size before it is read, so the bound is one of estimates. They are on
//! the safe side for reports as Inspector writes them, in which many findings share their texts; see
//! [`estimate`].

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use bytesize::ByteSize;
use sysinfo::{MemoryRefreshKind, RefreshKind, System};

use crate::InputLocation;

/// What any input takes, however small: buffers, and what threads keep of memory that was given back.
const FLOOR: u64 = 24 << 20;

/// The memory that inputs share.
#[derive(Debug)]
pub(crate) struct Memory {
    total: u64,
    used: Mutex<u64>,
    freed: Condvar,
    /// Held by who waits: first come, first served, so that a large input is not passed by again and again.
    turn: Mutex<()>,
}

impl Memory {
    /// So many bytes; half of what the machine (or the container that this runs in) has, if nothing is said.
    pub(crate) fn new(total: Option<ByteSize>) -> Memory {
        let total = total.map_or_else(half_of_the_machine, |size| size.as_u64());
        Memory { total, used: Mutex::new(0), freed: Condvar::new(), turn: Mutex::new(()) }
    }

    /// Takes so many bytes, as soon as they are there. Who needs more than there is gets it when nobody else has any.
    pub(crate) fn take(&self, bytes: u64) -> Taken<'_> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let mut used = self.used();
        while *used > 0 && *used + bytes > self.total {
            used = self.freed.wait(used).unwrap_or_else(PoisonError::into_inner);
        }
        *used += bytes;
        Taken { memory: self, bytes }
    }

    fn used(&self) -> MutexGuard<'_, u64> {
        self.used.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Memory that an input has taken, until it is dropped.
#[derive(Debug)]
pub(crate) struct Taken<'a> {
    memory: &'a Memory,
    bytes: u64,
}

impl Taken<'_> {
    /// Corrects an estimate. It does not wait: who has begun must be able to end.
    pub(crate) fn correct(&mut self, bytes: u64) {
        let mut used = self.memory.used();
        *used = *used - self.bytes + bytes;
        self.bytes = bytes;
        self.memory.freed.notify_all();
    }
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        self.correct(0);
    }
}

fn half_of_the_machine() -> u64 {
    let system =
        System::new_with_specifics(RefreshKind::nothing().with_memory(MemoryRefreshKind::nothing().with_ram()));
    let limit = system.cgroup_limits().map_or(u64::MAX, |limits| limits.total_memory);
    match system.total_memory().min(limit) / 2 {
        // A system that does not say: what any machine has that this is run on.
        0 => 1 << 30,
        half => half,
    }
}

/// What converting a file may take at most, before it is read: a part of its size when it is unpacked, since what
/// findings share is kept once.
pub(crate) fn estimate(input: &InputLocation) -> u64 {
    let size = input.size().unwrap_or(0);
    let ending = input.path().extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default();
    let unpacked = match ending.as_str() {
        "csv" | "tsv" | "json" | "jsonl" | "ndjson" => size,
        // Reports get 10 to 20 times smaller.
        _ => size.saturating_mul(15),
    };
    FLOOR + unpacked / 3
}

/// What a report that was read takes until its outputs are written.
pub(crate) fn of_report(bytes: usize, findings: usize) -> u64 {
    FLOOR + 2 * bytes as u64 + 300 * findings as u64
}

#[cfg(test)]
mod tests {
    use std::{
        sync::atomic::{AtomicU64, Ordering},
        thread,
    };

    use super::*;

    #[test]
    fn what_does_not_fit_waits_and_what_never_fits_has_all_for_itself() {
        let memory = Memory::new(Some(ByteSize::b(100)));
        let (used, most) = (AtomicU64::new(0), AtomicU64::new(0));
        thread::scope(|scope| {
            for bytes in [60, 30, 500, 60, 60, 10, 101, 40] {
                let (memory, used, most) = (&memory, &used, &most);
                scope.spawn(move || {
                    let taken = memory.take(bytes);
                    let before = used.fetch_add(bytes, Ordering::SeqCst);
                    assert!(before + bytes <= 100 || before == 0, "{bytes} beside {before}");
                    most.fetch_max(before + bytes, Ordering::SeqCst);
                    thread::yield_now();
                    used.fetch_sub(bytes, Ordering::SeqCst);
                    drop(taken);
                });
            }
        });
        assert_eq!((*memory.used(), most.into_inner()), (0, 500));
    }

    #[test]
    fn a_corrected_estimate_makes_room() {
        let memory = Memory::new(Some(ByteSize::b(100)));
        let mut first = memory.take(90);
        first.correct(20);
        let second = memory.take(80);
        first.correct(50);
        assert_eq!(*memory.used(), 130, "who has begun does not wait");
        drop((first, second));
        assert_eq!(*memory.used(), 0);
    }
}

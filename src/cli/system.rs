//! What the program needs of the operating system: threads, and signals that ask it to stop.

use std::{io, sync::RwLock, thread};

/// Threads besides those that work: for signals, and for what the terminal shows.
const OTHERS: usize = 2;

/// The address space that a thread of the pool and the one that waits beside it may take: stacks, and an arena for each, which
/// the C library of Linux reserves at 64 MiB and aligns to the same size (glibc, `HEAP_MAX_SIZE`).
const OF_A_THREAD: u64 = 256 << 20;

/// Starts the threads that do the work, as many as are asked for or as the machine has cores. Where the system does not give so
/// many, as in a container with a limit, fewer do: then gives what is to be said about it.
///
/// # Errors
/// When the system does not even give those that it had a moment before.
pub(crate) fn start_threads(asked: Option<usize>) -> Result<Option<String>, String> {
    let wanted = asked.unwrap_or_else(|| thread::available_parallelism().map_or(1, usize::from));
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let roomy = address_space_in(&limits).map_or(wanted, |bytes| wanted.min((bytes / OF_A_THREAD) as usize));
    // Each thread of the pool has another that waits for the next input.
    let needed = 2 * roomy + OTHERS;
    let got = if roomy > 0 { try_threads(needed) } else { 0 };
    let has_all = roomy == wanted && got == needed;
    let threads = if got == needed { roomy } else { roomy.min(got.saturating_sub(OTHERS) / 4) };
    let mut pool = rayon::ThreadPoolBuilder::new();
    if asked.is_some() || !has_all {
        pool = pool.num_threads(threads.max(1));
    }
    if threads == 0 {
        pool = pool.use_current_thread();
    }
    pool.build_global().map_err(|error| {
        format!(
            "the system gives no thread: {error}; raise the limit of threads or of memory, or ask for fewer with --jobs"
        )
    })?;
    let threads = threads.max(1);
    Ok((!has_all).then(|| match threads {
        1 => {
            "the system gives few threads, so one does all the work; raise the limit of threads or of memory".to_owned()
        }
        _ => format!(
            "the system gives few threads: {threads} do the work, not {wanted}; see the limits of threads and memory"
        ),
    }))
}

/// The address space that a process may take, in bytes, where it has a limit (Linux, `proc_pid_limits(5)`).
fn address_space_in(limits: &str) -> Option<u64> {
    let limit = limits.lines().find_map(|line| line.strip_prefix("Max address space"))?;
    limit.split_whitespace().next()?.parse().ok()
}

/// How many threads the system gives, up to a number. They end at once.
fn try_threads(most: usize) -> usize {
    let gate = RwLock::new(());
    thread::scope(|scope| {
        let closed = gate.write();
        let wait = || drop(gate.read());
        let got = (0..most).take_while(|_| thread::Builder::new().spawn_scoped(scope, wait).is_ok()).count();
        drop(closed);
        got
    })
}

/// Does something at each signal that asks the program to stop. A signal that is ignored when the program starts stays so:
/// SIGHUP under `nohup`, SIGINT in the background of a shell without job control (POSIX, "Shell Command Language", 2.12).
pub(crate) fn on_signal(asked: impl FnMut() + Send + 'static) {
    // Without a thread for it a signal does what it does by default: it ends the program.
    let _ = listen(asked);
}

#[cfg(unix)]
fn listen(mut asked: impl FnMut() + Send + 'static) -> io::Result<()> {
    use std::sync::mpsc;

    use signal_hook::{
        consts::{SIGHUP, SIGINT, SIGTERM},
        iterator::Signals,
    };
    let ignored = std::fs::read_to_string("/proc/self/status").map_or(0, |status| ignored_in(&status));
    let signals = [SIGHUP, SIGINT, SIGTERM].into_iter().filter(|signal| ignored >> (signal - 1) & 1 == 0);
    let signals: Vec<i32> = signals.collect();
    let (ready, is_ready) = mpsc::channel::<()>();
    // What takes the signals is made by the thread that waits for them, so that none is taken when there is no thread.
    let wait = move || {
        let signals = Signals::new(signals);
        drop(ready);
        if let Ok(mut signals) = signals {
            signals.forever().for_each(|_| asked());
        }
    };
    thread::Builder::new().name("signals".to_owned()).spawn(wait)?;
    // Until then a signal would end the program as it does by default.
    let _ = is_ready.recv();
    Ok(())
}

#[cfg(not(unix))]
fn listen(asked: impl FnMut() + Send + 'static) -> io::Result<()> {
    ctrlc::set_handler(asked).map_err(io::Error::other)
}

/// The signals that a process ignores, a bit for each from the lowest on (Linux, `proc_pid_status(5)`, "SigIgn").
#[cfg(unix)]
fn ignored_in(status: &str) -> u64 {
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threads_are_tried_and_given_back() {
        assert_eq!(try_threads(0), 0);
        for _ in 0..3 {
            assert_eq!(try_threads(5), 5);
        }
    }

    #[test]
    fn a_limit_of_the_address_space_is_read() {
        let limits = |bytes: &str| {
            format!("Limit  Soft Limit  Hard Limit  Units\nMax address space  {bytes}  unlimited  bytes\n")
        };
        assert_eq!(address_space_in(&limits("104857600")), Some(104_857_600));
        assert_eq!([address_space_in(&limits("unlimited")), address_space_in("")], [None, None]);
    }

    #[cfg(unix)]
    #[test]
    fn ignored_signals_are_read_from_the_status_of_the_process() {
        // SIGHUP is 1 and SIGINT 2 on Linux.
        assert_eq!(ignored_in("Name:\tx\nSigBlk:\tffff\nSigIgn:\t0000000000000003\nSigCgt:\t00\n"), 3);
        assert_eq!(ignored_in("Name:\tx\n"), 0);
    }
}

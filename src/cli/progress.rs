//! A progress bar on a terminal; nothing anywhere else.

use std::{
    io::{self, IsTerminal},
    sync::atomic::{AtomicBool, Ordering},
    sync::mpsc::{self, RecvTimeoutError, Sender},
    thread::{self, JoinHandle},
    time::Duration,
};

use indicatif::{ProgressBar, ProgressStyle};
use inspector_report::Watch;

/// What is shown while an input is read, and while its outputs are written.
pub(crate) struct Progress {
    shown: bool,
    /// Whether inputs are counted, and not each shown for itself.
    many: AtomicBool,
}

impl Progress {
    pub(crate) fn new(quiet: bool) -> Progress {
        Progress { shown: !quiet && io::stderr().is_terminal(), many: AtomicBool::new(false) }
    }

    /// Shows how much of an input has been read, until what is returned is dropped.
    pub(crate) fn reading(&self, name: &str, watch: &'static Watch) -> Option<Shown> {
        const TEMPLATE: &str = "reading {msg} [{bar:30}] {bytes}/{total_bytes} {eta}";
        self.shows_one().then(|| {
            Shown::new(ProgressBar::new(0), TEMPLATE, name, move |bar| {
                bar.set_length(watch.bytes_total());
                bar.set_position(watch.bytes_read());
            })
        })
    }

    /// Shows how many of many inputs are done.
    pub(crate) fn inputs(&self, count: usize) -> Many {
        const TEMPLATE: &str = "{pos}/{len} inputs [{bar:30}] {elapsed} {eta}";
        Many((self.shown && count > 1).then(|| {
            self.many.store(true, Ordering::Relaxed);
            Shown::new(ProgressBar::new(count as u64), TEMPLATE, "", |bar| bar.tick())
        }))
    }

    /// Shows that outputs are being written.
    pub(crate) fn writing(&self, name: &str) -> Option<Shown> {
        self.shows_one().then(|| {
            Shown::new(ProgressBar::new_spinner(), "{spinner} writing {msg} {elapsed}", name, ProgressBar::tick)
        })
    }
}

impl Progress {
    fn shows_one(&self) -> bool {
        self.shown && !self.many.load(Ordering::Relaxed)
    }
}

/// A bar that counts inputs, if one is shown.
pub(crate) struct Many(Option<Shown>);

impl Many {
    /// One more is done.
    pub(crate) fn next(&self) {
        if let Some(shown) = &self.0 {
            shown.bar.inc(1);
        }
    }

    /// Does something that writes to the terminal, with the bar out of the way.
    pub(crate) fn aside(&self, write: impl FnOnce()) {
        match &self.0 {
            Some(shown) => shown.bar.suspend(write),
            None => write(),
        }
    }
}

/// A bar that is on the screen.
pub(crate) struct Shown {
    bar: ProgressBar,
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Shown {
    fn new(bar: ProgressBar, template: &str, name: &str, update: impl Fn(&ProgressBar) + Send + 'static) -> Shown {
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.set_message(name.to_owned());
        let (stop, stopped) = mpsc::channel();
        let moving = bar.clone();
        let thread = thread::spawn(move || {
            while stopped.recv_timeout(Duration::from_millis(100)) == Err(RecvTimeoutError::Timeout) {
                update(&moving);
            }
        });
        Shown { bar, stop: Some(stop), thread: Some(thread) }
    }
}

impl Drop for Shown {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // The thread only moves the bar; whatever became of it does not matter here.
            let _ = thread.join();
        }
        self.bar.finish_and_clear();
    }
}

//! A progress bar on a terminal; nothing anywhere else.

use std::{
    io::{self, IsTerminal},
    sync::mpsc::{self, RecvTimeoutError, Sender},
    thread::{self, JoinHandle},
    time::Duration,
};

use indicatif::{ProgressBar, ProgressStyle};
use inspector_report::Watch;

/// What is shown while an input is read, and while its outputs are written.
pub(crate) struct Progress {
    shown: bool,
}

impl Progress {
    pub(crate) fn new(quiet: bool) -> Progress {
        Progress { shown: !quiet && io::stderr().is_terminal() }
    }

    /// Shows how much of an input has been read, until what is returned is dropped.
    pub(crate) fn reading(&self, name: &str, watch: &'static Watch) -> Option<Shown> {
        const TEMPLATE: &str = "reading {msg} [{bar:30}] {bytes}/{total_bytes} {eta}";
        self.shown.then(|| {
            Shown::new(ProgressBar::new(0), TEMPLATE, name, move |bar| {
                bar.set_length(watch.bytes_total());
                bar.set_position(watch.bytes_read());
            })
        })
    }

    /// Shows that outputs are being written.
    pub(crate) fn writing(&self, name: &str) -> Option<Shown> {
        self.shown.then(|| {
            Shown::new(ProgressBar::new_spinner(), "{spinner} writing {msg} {elapsed}", name, ProgressBar::tick)
        })
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

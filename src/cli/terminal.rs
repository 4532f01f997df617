//! What a run tells, on a terminal: lines on standard error, and a progress bar where there is someone to see it.

use std::{
    io::{self, IsTerminal, Write},
    sync::mpsc::{self, RecvTimeoutError, Sender},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread::{self, JoinHandle},
    time::Duration,
};

use indicatif::{ProgressBar, ProgressStyle};
use inspector_report::{
    Watch,
    batch::{Events, Shown},
};

/// The terminal that the program runs in, if it is one.
pub(super) struct Terminal {
    shows_bars: bool,
    /// The bar that counts inputs, while it is on the screen. Then inputs are not shown each for itself.
    inputs: Arc<Mutex<Option<ProgressBar>>>,
}

impl Terminal {
    pub(super) fn new(quiet: bool) -> Terminal {
        Terminal { shows_bars: !quiet && io::stderr().is_terminal(), inputs: Arc::default() }
    }

    fn inputs_bar(&self) -> MutexGuard<'_, Option<ProgressBar>> {
        self.inputs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn shows_one(&self) -> bool {
        self.shows_bars && self.inputs_bar().is_none()
    }
}

impl Events for Terminal {
    /// That nobody listens is no reason to stop.
    fn say(&self, lines: &str) {
        let write = || {
            let _ = io::stderr().write_all(lines.as_bytes());
        };
        match self.inputs_bar().as_ref() {
            Some(bar) => bar.suspend(write),
            None => write(),
        }
    }

    fn reading(&self, name: &str, watch: &Arc<Watch>) -> Option<Shown> {
        const TEMPLATE: &str = "reading {msg} [{bar:30}] {bytes}/{total_bytes} {eta}";
        let watch = Arc::clone(watch);
        self.shows_one().then(|| {
            let bar = Bar::new(ProgressBar::new(0), TEMPLATE, name, move |bar| {
                bar.set_length(watch.bytes_total());
                bar.set_position(watch.bytes_read());
            });
            Box::new(bar) as Shown
        })
    }

    fn writing(&self, formats: &str) -> Option<Shown> {
        const TEMPLATE: &str = "{spinner} writing {msg} {elapsed}";
        self.shows_one()
            .then(|| Box::new(Bar::new(ProgressBar::new_spinner(), TEMPLATE, formats, ProgressBar::tick)) as Shown)
    }

    fn inputs(&self, count: usize) -> Option<Shown> {
        const TEMPLATE: &str = "{pos}/{len} inputs [{bar:30}] {elapsed} {eta}";
        (self.shows_bars && count > 1).then(|| {
            let bar = Bar::new(ProgressBar::new(count as u64), TEMPLATE, "", ProgressBar::tick);
            *self.inputs_bar() = Some(bar.bar.clone());
            Box::new(Inputs { _bar: bar, shown: Arc::clone(&self.inputs) }) as Shown
        })
    }

    fn input_done(&self) {
        if let Some(bar) = self.inputs_bar().as_ref() {
            bar.inc(1);
        }
    }

    fn standard_output(&self) -> Box<dyn Write + '_> {
        Box::new(io::stdout().lock())
    }
}

/// A bar that counts inputs.
struct Inputs {
    _bar: Bar,
    shown: Arc<Mutex<Option<ProgressBar>>>,
}

impl Drop for Inputs {
    fn drop(&mut self) {
        *self.shown.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

/// A bar that is on the screen.
struct Bar {
    bar: ProgressBar,
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Bar {
    fn new(bar: ProgressBar, template: &str, name: &str, update: impl Fn(&ProgressBar) + Send + 'static) -> Bar {
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.set_message(name.to_owned());
        let (stop, stopped) = mpsc::channel();
        let moving = bar.clone();
        let move_on = move || {
            while stopped.recv_timeout(Duration::from_millis(100)) == Err(RecvTimeoutError::Timeout) {
                update(&moving);
            }
        };
        // Without a thread to be had the bar stands still.
        Bar { bar, stop: Some(stop), thread: thread::Builder::new().spawn(move_on).ok() }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // The thread only moves the bar; whatever became of it does not matter here.
            let _ = thread.join();
        }
        self.bar.finish_and_clear();
    }
}

//! What the tests of the engine share.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{path::PathBuf, sync::Mutex};

use inspector_report_batch::{Events, Request, Verbosity};
use inspector_report_format::{Format, Settings};
use inspector_report_localizer::{Lang, Localizer};

/// What was said.
#[derive(Default)]
pub struct Heard(pub Mutex<String>);

impl Events for Heard {
    fn say(&self, lines: &str) {
        self.0.lock().unwrap().push_str(lines);
    }
}

/// A request for formats, with nothing else asked for.
pub fn request(formats: &[&'static dyn Format], output: Option<PathBuf>) -> Request {
    Request {
        formats: formats.to_vec(),
        settings: Settings::new(),
        ignore: None,
        reading: Default::default(),
        filter: Default::default(),
        texts: Localizer::new(Lang::En),
        output,
        to_stdout: false,
        force: false,
        verbosity: Verbosity { quiet: false, verbose: true },
        also_read: Vec::new(),
        source_date_epoch: None,
    }
}

//! What the tests of the engine share.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{path::PathBuf, sync::Mutex};

use inspector_report_batch::{Events, OutputLocation, Request, Verbosity};
use inspector_report_format::Format;
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
    let output = output.map_or(OutputLocation::BesideInputs, OutputLocation::Folder);
    let verbosity = Verbosity { quiet: false, verbose: true };
    Request { output, verbosity, ..Request::new(formats.to_vec(), Localizer::new(Lang::En)) }
}

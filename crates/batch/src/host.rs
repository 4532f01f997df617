//! What the caller hands over: what stops a run, and who is told of it.

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
    sync::Arc,
};

use crate::{Watch, clean::clean, ending::Ending, messages::Messages};

/// What happens in a run, for whoever shows it. Several threads may call it.
pub trait Events: Send + Sync {
    /// Lines for people, each with its end. They come in the order of the inputs.
    fn say(&self, lines: &str);

    /// An input is being read, until what is returned is dropped; the watch tells how far.
    fn reading(&self, _name: &str, _watch: &Arc<Watch>) -> Option<Shown> {
        None
    }

    /// Outputs are being written in these formats, until what is returned is dropped.
    fn writing(&self, _formats: &str) -> Option<Shown> {
        None
    }

    /// So many inputs are gone through, until what is returned is dropped.
    fn inputs(&self, _count: usize) -> Option<Shown> {
        None
    }

    /// One more of them is done.
    fn input_done(&self) {}

    /// Outputs in a format are complete, and have these names; a file that the format keeps for itself is among them.
    fn written(&self, _format: &str, _paths: &[PathBuf]) {}

    /// The writer for an output that goes to standard output.
    fn standard_output(&self) -> Box<dyn Write + '_> {
        Box::new(io::sink())
    }
}

/// What is shown until it is dropped.
pub type Shown = Box<dyn Send>;

/// Nobody is told anything.
#[derive(Clone, Copy, Debug)]
pub struct Silent;

impl Events for Silent {
    fn say(&self, _lines: &str) {}
}

/// What stops a run, and who is told of it.
#[derive(Clone)]
pub struct Host {
    /// When asked to stop, a run ends soon. Complete outputs stay; of the others nothing is left.
    pub stop: Arc<Watch>,
    /// Who is told what happens.
    pub events: Arc<dyn Events>,
}

impl std::fmt::Debug for Host {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Host").field("stop", &self.stop).finish_non_exhaustive()
    }
}

impl Host {
    /// Nobody stops the run, and nobody is told of it.
    pub fn silent() -> Host {
        Host { stop: Arc::new(Watch::new()), events: Arc::new(Silent) }
    }

    /// Says that what was asked for does not go together.
    pub fn usage(&self, what: &str) -> Ending {
        self.events.say(&format!("error: {}\n\nFor more information, try '--help'.\n", clean(what)));
        Ending::Usage
    }

    /// Shows that a file is read, until what it gives is dropped.
    pub(crate) fn reading(&self, path: &Path) -> Option<Shown> {
        self.events.reading(&clean(&path.display().to_string()), &self.stop)
    }

    /// Says what is to be said.
    pub(crate) fn say(&self, messages: Messages) {
        self.events.say(&messages.into_text());
    }

    /// Whether the run is to end.
    pub fn is_stopped(&self) -> bool {
        self.stop.is_stopped()
    }
}

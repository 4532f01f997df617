//! How a run ended, for whoever called the program.

use std::process::ExitCode;

/// The exit statuses. They are a contract: the README and the help list them, and a test compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// All well.
    Success = 0,
    /// Nothing could be converted.
    Failure = 1,
    /// Wrong usage; clap uses the same number.
    Usage = 2,
    /// Some inputs or rows could not be read, or an output not be written; all the rest is done.
    Partial = 3,
    /// There was no input.
    NoInput = 4,
    /// All is done, and there are findings at or over `--fail-on`. Wins over [`Exit::Partial`]: what could be read is
    /// bad enough.
    Findings = 5,
    /// Interrupted from outside (Ctrl-C). What was being written is gone, what was finished is there.
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit as u8)
    }
}

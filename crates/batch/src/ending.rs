//! How a run ended.

/// How a run ended. The numbers are the exit statuses of the program: the README and the help list them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// All well.
    Success = 0,
    /// Nothing could be converted.
    Failure = 1,
    /// What was asked for does not go together; nothing was done.
    Usage = 2,
    /// Some inputs or rows could not be read, or an output not be written; all the rest is done.
    Partial = 3,
    /// There was no input.
    NoInput = 4,
    /// All is done, and there are findings at or over a limit. Wins over [`Ending::Partial`]: what could be read is bad
    /// enough.
    Findings = 5,
    /// An upload was refused, or not all of it arrived.
    Refused = 6,
    /// Stopped from outside. What was being written is gone, what was finished is there.
    Interrupted = 130,
}

impl Ending {
    /// The exit status.
    pub const fn status(self) -> u8 {
        self as u8
    }
}

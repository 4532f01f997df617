//! The command `check`.

use inspector_report::{
    Lang,
    batch::{self, Ending, Host},
};

use super::args;

/// Reads what the arguments name, and says every problem.
pub(super) fn check(args: args::Check, host: &Host) -> Ending {
    batch::check(&args.selection.into(), &args.reading.options(Lang::En), args.verbosity.into(), host)
}

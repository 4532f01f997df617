//! Readers: from a file to [`Report`]s.
//!
//! Whatever is given is first made a plain file on disk: unpacked, and converted to UTF-8. Then it is a workbook, JSON
//! or CSV, and one of three readers builds the report from it.

mod csv;
mod encoding;
mod error;
mod foreign;
mod headings;
mod json;
mod lines;
mod locale;
mod location;
mod options;
mod plain;
mod reference;
#[cfg(test)]
mod seen;
mod source;
mod split;
mod unpack;
mod walk;
mod watch;
mod workbook;

use std::path::Path;

use bytesize::ByteSize;
use inspector_report_model::Report;

pub use error::{Foreign, ReadError, ReadErrorKind};
pub use location::InputLocation;
pub use options::ReadOptions;
pub use reference::{Account, Reference, read_accounts, read_epss, read_kev};
pub use source::{Source, may_be_report, safe_name};
pub use watch::Watch;

use location::Bytes;
use plain::Plain;
use unpack::Budget;
use walk::Walk;

/// The longest row of a CSV report that is read, and the longest finding of a JSON one, in bytes. A finding has a few
/// kilobytes; one of a container image with hundreds of packages has less than a megabyte. What is longer is a quote that is
/// never closed, or made to fill the memory: it is left out, and named in a problem.
pub const LONGEST_FINDING: u64 = 16 << 20;

/// The most columns of a report that is read. Inspector's own reports have about 60, and a worksheet of Excel 16,384; but every
/// row takes a cell of each, also one that is blank.
pub const MOST_COLUMNS: usize = 1_000;

/// Reads a findings report: CSV, JSON or a workbook, also compressed, or alone in an archive.
///
/// A large file is read in parts on all threads of the current rayon pool; the result does not depend on their number.
/// Rows that cannot be read are in [`Report::problems`].
///
/// # Errors
/// When the file cannot be read or is no findings report, or an archive has several.
pub fn read(path: impl AsRef<Path>) -> Result<Report, ReadError> {
    let mut reports = Vec::new();
    read_each(path.as_ref(), &ReadOptions::default(), &Watch::new(), |_, report| reports.push(report));
    let (first, more) = (reports.pop(), !reports.is_empty());
    match first {
        // What is wrong with the archive itself comes last.
        Some(Err(error)) if more && error.is_of_file() => Err(error),
        Some(report) if !more => report,
        _ => {
            let kind = if more { ReadErrorKind::Several } else { ReadErrorKind::NoReportInside };
            Err(error(&Source { path: path.as_ref().to_owned(), members: Vec::new() }, kind))
        }
    }
}

/// Reads every report that a file holds, which is one unless the file is an archive, and gives them to `each` as they
/// come. Stops when the watch is stopped.
///
/// A location is a path, or bytes in memory ([`InputLocation::memory`]).
pub fn read_each(
    location: impl Into<InputLocation>,
    options: &ReadOptions,
    watch: &Watch,
    mut each: impl FnMut(&Source, Result<Report, ReadError>),
) {
    let walk = Walk { options, watch, budget: Budget::new(ByteSize::b(options.max_expanded)) };
    let location = location.into();
    walk.file(&Source { path: location.path().to_owned(), members: Vec::new() }, &Bytes::from(&location), &mut each);
}

pub(crate) fn error(source: &Source, kind: ReadErrorKind) -> ReadError {
    ReadError { path: source.path.clone(), name: source.name(), kind }
}

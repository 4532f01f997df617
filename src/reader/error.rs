//! Why an input could not be read at all.

use std::{io, path::PathBuf};

/// An input that is no findings report, or cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("{}: {kind}", path.display())]
pub struct ReadError {
    /// The input.
    pub path: PathBuf,
    /// What is wrong with it.
    pub kind: ReadErrorKind,
}

/// What is wrong with an input.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadErrorKind {
    /// The operating system does not give the file, or stopped giving it.
    #[error("cannot be read: {0}")]
    Io(#[from] io::Error),
    /// There is nothing in it.
    #[error("is empty")]
    Empty,
    /// It is some other kind of file, known by its first bytes.
    #[error("is {0}, not a findings report in CSV")]
    OtherFormat(&'static str),
    /// Its first line has none of the columns of a findings report.
    #[error("is not a findings report: line 1 has none of Inspector's columns (it begins \"{0}\")")]
    NotAReport(String),
    /// Columns that a findings report cannot do without are not there.
    #[error("line 1 lacks {}", columns(.0))]
    MissingColumns(Vec<&'static str>),
    /// Reading was stopped from outside.
    #[error("was not read to its end: interrupted")]
    Interrupted,
}

impl ReadErrorKind {
    /// What to do about it.
    pub fn help(&self) -> &'static str {
        match self {
            ReadErrorKind::Io(error) => match error.kind() {
                io::ErrorKind::NotFound => "Check the name; in a shell, quote names that contain spaces.",
                io::ErrorKind::PermissionDenied => "Ask the owner of the file for permission to read it.",
                _ => "Check the disk or the network drive that the file is on, then try again.",
            },
            ReadErrorKind::Empty => {
                "The export or the download did not finish. Export the report again (Amazon Inspector console, Findings, \
                 Export findings, CSV)."
            }
            ReadErrorKind::OtherFormat(_) | ReadErrorKind::NotAReport(_) => {
                "Give the CSV file that Amazon Inspector writes (console: Findings, Export findings; CLI: aws inspector2 \
                 create-findings-report --report-format CSV), with its header line."
            }
            ReadErrorKind::MissingColumns(_) => {
                "Put the columns back, or export the report again; `inspector-report columns` lists what each one is."
            }
            ReadErrorKind::Interrupted => "Run the same command again.",
        }
    }
}

fn columns(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
    match quoted.as_slice() {
        [one] => format!("the column {one}"),
        many => format!("the columns {}", many.join(", ")),
    }
}

/// Tells a file that is certainly no CSV by its first bytes.
pub(crate) fn other_format(start: &[u8]) -> Option<&'static str> {
    const SIGNATURES: [(&[u8], &str); 9] = [
        (b"\x1f\x8b", "a gzip file (unpack it first)"),
        (b"\x28\xb5\x2f\xfd", "a Zstandard file (unpack it first)"),
        (b"BZh", "a bzip2 file (unpack it first)"),
        (b"\xfd7zXZ\0", "an xz file (unpack it first)"),
        (b"PK\x03\x04", "a zip archive or an Excel workbook (unpack it, or save the sheet as CSV UTF-8)"),
        (b"\xd0\xcf\x11\xe0", "an old Excel workbook (save the sheet as CSV UTF-8)"),
        (b"%PDF", "a PDF document"),
        (b"\xff\xfe", "UTF-16 text (save it as CSV UTF-8)"),
        (b"\xfe\xff", "UTF-16 text (save it as CSV UTF-8)"),
    ];
    let known = SIGNATURES.iter().find(|(signature, _)| start.starts_with(signature)).map(|(_, name)| *name);
    let text = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start).trim_ascii_start();
    known.or_else(|| match text.first() {
        Some(b'{' | b'[') => Some("JSON (export the report as CSV)"),
        Some(b'<') => Some("XML or HTML"),
        // A cell may hold anything, a heading is text.
        _ => start.split(|byte| *byte == b'\n').next()?.contains(&0).then_some("binary data"),
    })
}

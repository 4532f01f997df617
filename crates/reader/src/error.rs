//! Why an input could not be read at all.

use std::{io, path::PathBuf};

/// An input that is no findings report, or cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("{name}: {kind}")]
pub struct ReadError {
    /// The input.
    pub path: PathBuf,
    /// The name in messages: the path, and in an archive `archive.zip!path/report.csv`.
    pub name: String,
    /// What is wrong with it.
    pub kind: ReadErrorKind,
}

impl ReadError {
    /// Whether it is of the file itself, not of a member of an archive.
    pub(super) fn is_of_file(&self) -> bool {
        self.name == self.path.display().to_string()
    }

    /// Whether the file is certainly no findings report, and none that was damaged, cut off or edited: a document of
    /// another kind among reports, in which there is nothing to lose.
    pub fn is_other_file(&self) -> bool {
        match &self.kind {
            ReadErrorKind::Foreign(foreign) => !may_stand_for_a_report(foreign),
            // What should be a workbook, an archive or JSON, and is text, is damaged.
            ReadErrorKind::NotAReport(_) => crate::source::is_table_by_name(&self.name),
            ReadErrorKind::NoReportInside => true,
            kind => kind.is_left_out(),
        }
    }
}

/// A file of another kind.
#[derive(Debug, PartialEq, Eq)]
pub struct Foreign {
    /// What it is, as the end of "this is ...".
    pub what: String,
    /// What to do.
    pub help: &'static str,
}

pub(super) const EXPORT: &str = "Give the findings report that Amazon Inspector writes, as CSV or JSON (console: Findings, Export \
    findings; CLI: aws inspector2 create-findings-report), or the output of aws inspector2 list-findings.";

/// What a download gives instead of the file that was asked for.
pub(super) const WEB_PAGE: &str = "a web page (the download may have ended at a sign-in)";

pub(super) const XML: &str = "XML";

/// What is left of a file on a disk that failed, say.
pub(super) const NOT_TEXT: &str = "binary data of an unknown kind";

/// What a script writes to a file where a call of AWS fails.
pub(super) const AWS_ERROR: &str = "an error message, as AWS answers";

pub(super) const UNKNOWN_FINDINGS: &str = "JSON with ARNs of Amazon Inspector, but without any finding in a known form";

/// Whether a file of this kind may be there instead of a report.
fn may_stand_for_a_report(foreign: &Foreign) -> bool {
    [WEB_PAGE, XML, NOT_TEXT, AWS_ERROR, UNKNOWN_FINDINGS].contains(&foreign.what.as_str())
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
    /// It is some other kind of file.
    #[error("is {}, not a findings report", .0.what)]
    Foreign(Foreign),
    /// None of its first lines has the columns of a findings report.
    #[error("is not a findings report: none of its first lines has Inspector's columns (it begins \"{0}\")")]
    NotAReport(String),
    /// None of its first lines has the columns of a findings report, and it holds findings of Inspector: its headings may
    /// be lost.
    #[error(
        "is not a findings report: none of its first lines has Inspector's columns, though it holds ARNs of findings (it \
         begins \"{0}\")"
    )]
    NoHeadings(String),
    /// Columns that a findings report cannot do without are not there.
    #[error("line {line} lacks {}", columns(.missing))]
    MissingColumns {
        /// The line of the headings, from 1.
        line: u64,
        /// Their names.
        missing: Vec<&'static str>,
    },
    /// The row with the headings does not end within what is looked through for it.
    #[error("line {line} has headings that are longer than {} together", bytesize::ByteSize::b(*.most))]
    LongHeadings {
        /// The line of the headings, from 1.
        line: u64,
        /// The most bytes of headings, with what stands above them.
        most: u64,
    },
    /// There are more columns than are read.
    #[error("line {line} has {columns} columns, and {most} at most are read")]
    ManyColumns {
        /// The line of the headings, from 1.
        line: u64,
        /// How many columns there are.
        columns: usize,
        /// The most that are read.
        most: usize,
    },
    /// It has a list as a JSON report has one, and nothing in it is a finding.
    #[error("is not a findings report: nothing in its list is a finding; the first is none because {0}")]
    NoFinding(String),
    /// It begins like JSON, and is none.
    #[error("is not JSON: line {0} has text outside of all brackets")]
    NotJson(u64),
    /// A compressed file or an archive is damaged, cut off, or locked.
    #[error("cannot be unpacked: {0}")]
    Damaged(String),
    /// What is packed in it is larger than allowed.
    #[error("unpacks to more than {0} (--max-expanded)")]
    TooLarge(bytesize::ByteSize),
    /// An archive inside an archive inside an archive.
    #[error("is an archive inside an archive inside an archive, which is not read")]
    TooDeep,
    /// An archive has no member that could be a report.
    #[error("holds no report: no file in it ends in .csv, .json or .xlsx")]
    NoReportInside,
    /// A member of an archive that is not read, since its name has the ending of no report.
    #[error("was left out: its name does not end in .csv, .json or .xlsx")]
    NotByName,
    /// A member of an archive that is a link, a device or a pipe, though its name has the ending of a report.
    #[error("was left out: it is a link or a device, not a file")]
    NotAFile,
    /// An archive has several reports where one was asked for.
    #[error("holds several reports")]
    Several,
    /// It was written to while it was read.
    #[error("changed while it was read, so what was read of it may not be all")]
    Changed,
    /// Reading was stopped from outside.
    #[error("was not read to its end: interrupted")]
    Interrupted,
}

impl ReadErrorKind {
    /// Whether it stands for a member of an archive that is not read. That is no failure: a warning names the member.
    pub fn is_left_out(&self) -> bool {
        matches!(self, ReadErrorKind::NotByName | ReadErrorKind::NotAFile)
    }

    /// What to do about it.
    pub fn help(&self) -> &'static str {
        match self {
            ReadErrorKind::Io(error) => match error.kind() {
                io::ErrorKind::NotFound => "Check the name; in a shell, quote names that contain spaces.",
                io::ErrorKind::PermissionDenied => "Ask the owner of the file for permission to read it.",
                io::ErrorKind::StorageFull => {
                    "Packed files are unpacked in the folder for temporary files: free some space there, or name another \
                     folder in the environment variable TMPDIR (on Windows TEMP)."
                }
                _ => "Check the disk or the network drive that the file is on, then try again.",
            },
            ReadErrorKind::Empty => {
                "The export or the download did not finish. Export the report again (Amazon Inspector console, Findings, \
                 Export findings)."
            }
            ReadErrorKind::Foreign(foreign) => foreign.help,
            ReadErrorKind::NoHeadings(_) => {
                "Put the line with the headings back, or export the report again; `inspector-report columns` lists them."
            }
            ReadErrorKind::NotAReport(_) | ReadErrorKind::NoFinding(_) | ReadErrorKind::NoReportInside => EXPORT,
            ReadErrorKind::NotJson(_) => {
                "Download or export the report again; an editor or a copy may have damaged it."
            }
            ReadErrorKind::MissingColumns { .. } => {
                "Put the columns back, or export the report again; `inspector-report columns` lists what each one is."
            }
            ReadErrorKind::LongHeadings { .. } | ReadErrorKind::ManyColumns { .. } => {
                "Remove the columns that are not Inspector's, or export the report again; a quote in the headings may not be \
                 closed."
            }
            ReadErrorKind::Damaged(_) => {
                "Download or copy the file again; if it needs a password, unpack it first with the program that made it."
            }
            ReadErrorKind::TooLarge(_) => "If the file is what it should be, allow more with --max-expanded.",
            ReadErrorKind::NotAFile => "If it is a link to a report, convert the file that it links to.",
            ReadErrorKind::NotByName => "If it is a report, give its name the ending .csv or .json.",
            ReadErrorKind::TooDeep => "Unpack the outer archive first.",
            ReadErrorKind::Several => "Name one of them, or read all with `read_each`.",
            ReadErrorKind::Changed => "Wait until the file is complete, and read it again.",
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

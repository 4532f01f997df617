//! What became of each input, for programs: `--summary FILE`.

use std::{
    io::{self, Write},
    path::Path,
};

use inspector_report::VERSION;
use serde::Serialize;
use tempfile::NamedTempFile;

/// What became of an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Status {
    /// Every row is in every output.
    Converted,
    /// Rows were lost, or an output could not be written; the rest is done.
    Partial,
    /// Nothing was written.
    Failed,
}

/// An input: a report, or a file in which there is none.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Record {
    /// As it stands in messages: `archive.zip!path/report.csv`.
    pub(super) input: String,
    pub(super) status: Status,
    pub(super) rows_read: u64,
    pub(super) rows_lost: u64,
    pub(super) filtered_out: u64,
    pub(super) findings: u64,
    pub(super) problems: u64,
    pub(super) outputs: Vec<String>,
    pub(super) seconds: f64,
    /// Why it failed, or what could not be written.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) errors: Vec<String>,
}

impl Record {
    /// An input that could not be read.
    pub(super) fn failed(input: String, error: String) -> Record {
        Record {
            input,
            status: Status::Failed,
            rows_read: 0,
            rows_lost: 0,
            filtered_out: 0,
            findings: 0,
            problems: 0,
            outputs: Vec::new(),
            seconds: 0.0,
            errors: vec![error],
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Summary<'a> {
    summary_version: u32,
    program_version: &'static str,
    exit_status: u8,
    converted: usize,
    partial: usize,
    failed: usize,
    inputs: &'a [Record],
}

/// Writes the records; the file is there when it is complete.
///
/// # Errors
/// When it cannot be written.
pub(super) fn write(path: &Path, records: &[Record], exit_status: u8) -> io::Result<()> {
    let count = |status| records.iter().filter(|record| record.status == status).count();
    let summary = Summary {
        summary_version: 1,
        program_version: VERSION,
        exit_status,
        converted: count(Status::Converted),
        partial: count(Status::Partial),
        failed: count(Status::Failed),
        inputs: records,
    };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = NamedTempFile::new_in(folder)?;
    serde_json::to_writer_pretty(&mut file, &summary)?;
    file.write_all(b"\n")?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

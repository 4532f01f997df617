//! What became of each input, for people at the end of a run and for programs: `--summary FILE`.

use std::{
    io::{self, Write},
    path::Path,
};

use crate::{
    VERSION,
    clean::clean,
    core::{Lang, Localizer, Priority},
    ending::Ending,
    files::{remove_temporary, write_file},
    policy::Judging,
};
use serde::{Deserialize, Serialize};

/// What became of an input.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Status {
    /// Every row is in every output.
    #[default]
    Converted,
    /// Rows were lost, or an output could not be written; the rest is done.
    Partial,
    /// Nothing was written.
    Failed,
    /// A file of a folder that is no report: nothing was there to be written.
    NotAReport,
}

/// An input: a report, or a file in which there is none.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Record {
    /// As it stands in messages: `archive.zip!path/report.csv`.
    pub(crate) input: String,
    pub(crate) status: Status,
    /// Whether that was found out by an earlier run, and nothing was done in this one.
    #[serde(default)]
    pub(crate) skipped: bool,
    pub(crate) rows_read: u64,
    pub(crate) rows_lost: u64,
    /// More is missing than these, and how much is not known.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) incomplete: bool,
    pub(crate) filtered_out: u64,
    pub(crate) findings: u64,
    /// Of these, the open ones, as every output counts them.
    #[serde(default)]
    pub(crate) open: u64,
    /// Rows that do not count, since another row of the same finding does.
    #[serde(default)]
    pub(crate) repeated: u64,
    pub(crate) problems: u64,
    pub(crate) outputs: Vec<String>,
    pub(crate) seconds: f64,
    /// Why it failed, or what could not be written.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) errors: Vec<String>,
    /// The rank of the worst severity of an open finding; in the manifest alone, as what follows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) worst_open: Option<usize>,
    /// The same of those that are new, open again or worse than in the earlier report.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) worst_new: Option<usize>,
    /// The rank of the most urgent priority.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) most_urgent: Option<usize>,
    /// How many findings are overdue.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(crate) overdue: u64,
    /// The newest time in the report, in seconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) data_date: Option<i64>,
    /// Whether the file is certainly no report; if that is an error depends on how it was given.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) is_other: bool,
    /// Whether there was no such file.
    #[serde(skip)]
    pub(crate) is_missing: bool,
}

impl Record {
    /// An input that could not be read.
    pub(crate) fn failed(input: String, error: String) -> Record {
        Record { input, status: Status::Failed, errors: vec![error], ..Record::default() }
    }

    /// An input that is no report. `is_error` says whether it should be one.
    pub(crate) fn other(input: String, what: String, is_error: bool) -> Record {
        Record { is_other: true, ..Record::failed(input, what) }.judged(is_error)
    }

    /// The same, where it matters again whether a file that is no report should be one.
    pub(crate) fn judged(self, is_error: bool) -> Record {
        match self.is_other {
            true => Record { status: if is_error { Status::Failed } else { Status::NotAReport }, ..self },
            false => self,
        }
    }
}

/// Which open findings fail a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailOn {
    /// Those of a severity or a worse one.
    Severity {
        /// Only those that the earlier report does not have open, or has with a lesser severity.
        is_new: bool,
        /// Their least severity, by rank.
        rank: usize,
    },
    /// Those of a priority or a more urgent one.
    Priority(Priority),
    /// Those that are past their due date.
    Overdue,
}

impl FailOn {
    /// What does not go together with it, if something does not.
    pub(crate) fn wrong(self, has_previous: bool, judging: &Judging) -> Option<&'static str> {
        match self {
            FailOn::Severity { is_new: true, .. } if !has_previous => {
                Some("--fail-on new-...: only a comparison tells what is new; name the earlier report with --previous")
            }
            FailOn::Overdue if judging.policy.targets.is_none() => {
                Some("--fail-on overdue: nothing has a due date; set the days with --sla")
            }
            _ => None,
        }
    }
}

fn is_zero(number: &u64) -> bool {
    *number == 0
}

/// Adds to the numbers of findings that the entries of the triage file matched.
pub(crate) fn add_counts(sums: &mut Vec<u64>, counts: &[u64]) {
    sums.resize(sums.len().max(counts.len()), 0);
    sums.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
}

/// How a run ended, as far as inputs go.
pub(crate) fn exit(records: &[Record], fail_on: Option<FailOn>) -> Ending {
    let is_bad = |record: &Record| {
        fail_on.is_some_and(|fail_on| match fail_on {
            FailOn::Severity { is_new, rank } => {
                let worst = if is_new { record.worst_new } else { record.worst_open };
                worst.is_some_and(|worst| worst <= rank)
            }
            FailOn::Priority(priority) => record.most_urgent.is_some_and(|rank| rank <= priority.rank()),
            FailOn::Overdue => record.overdue > 0,
        })
    };
    // A file that is no report is nothing that went wrong, and nothing that was done.
    let mut reports = records.iter().filter(|record| record.status != Status::NotAReport);
    if reports.clone().all(|record| record.status == Status::Failed) {
        if reports.all(|record| record.is_missing) { Ending::NoInput } else { Ending::Failure }
    } else if records.iter().any(is_bad) {
        Ending::Findings
    } else if has_failed(records) {
        Ending::Partial
    } else {
        Ending::Success
    }
}

/// Whether an input could not be converted, or not wholly.
pub(crate) fn has_failed(records: &[Record]) -> bool {
    records.iter().any(|record| !matches!(record.status, Status::Converted | Status::NotAReport))
}

/// The most files that are no reports that are named.
const OTHERS_NAMED: usize = 10;

/// The files that are no reports, a line each for the first; those that an earlier run has named are not named again.
pub(crate) fn others(records: &[Record]) -> Vec<String> {
    let others = || records.iter().filter(|record| record.status == Status::NotAReport && !record.skipped);
    let line = |record: &Record| format!("no report: {}: {}", record.input, record.errors.join("; "));
    let mut lines: Vec<String> = others().take(OTHERS_NAMED).map(line).collect();
    if let Some(more @ 1..) = others().count().checked_sub(OTHERS_NAMED) {
        lines.push(format!("... and {more} more files that are no reports"));
    }
    lines
}

/// The most inputs that are named at the end.
const NAMED: usize = 100;

/// What became of all inputs, as a table, and under it those that need someone to look.
pub(crate) fn table(records: &[Record]) -> String {
    let texts = Localizer::shared(Lang::En);
    let done = |skipped: bool, status: Status| {
        move |record: &&Record| record.skipped == skipped && record.status == status && !record.is_missing
    };
    let count = |number: u64| texts.number(number);
    let mut lines =
        vec![["".to_owned(), "inputs".into(), "rows".into(), "open".into(), "problems".into(), "outputs".into()]];
    let mut add = |name: &str, of: &[&Record]| {
        let sum = |value: fn(&Record) -> u64| count(of.iter().map(|record| value(record)).sum());
        if !of.is_empty() {
            lines.push([
                name.to_owned(),
                count(of.len() as u64),
                sum(|record| record.rows_read),
                sum(|record| record.open),
                sum(|record| record.problems),
                sum(|record| record.outputs.len() as u64),
            ]);
        }
    };
    for (name, skipped, status) in [
        ("converted", false, Status::Converted),
        ("converted in part", false, Status::Partial),
        ("failed", false, Status::Failed),
        ("unchanged", true, Status::Converted),
        ("unchanged, in part", true, Status::Partial),
        ("unchanged, failed", true, Status::Failed),
    ] {
        add(name, &records.iter().filter(done(skipped, status)).collect::<Vec<_>>());
    }
    add("not reports", &records.iter().filter(|record| record.status == Status::NotAReport).collect::<Vec<_>>());
    add("not found", &records.iter().filter(|record| record.is_missing).collect::<Vec<_>>());
    let widths: [usize; 6] = std::array::from_fn(|at| lines.iter().map(|line| line[at].len()).max().unwrap_or(0));
    let mut out = String::new();
    for line in &lines {
        let [name, figures @ ..] = line;
        let mut text = format!("{name:<width$}", width = widths[0]);
        for (figure, width) in figures.iter().zip(&widths[1..]) {
            text.push_str(&format!("  {figure:>width$}"));
        }
        out.push_str(text.trim_end());
        out.push('\n');
    }
    let is_bad = |record: &&Record| !matches!(record.status, Status::Converted | Status::NotAReport);
    let bad: Vec<&Record> = records.iter().filter(is_bad).collect();
    for record in bad.iter().take(NAMED) {
        let why = match record.errors.first() {
            Some(error) => error.clone(),
            None if record.incomplete => "incomplete: how many rows are missing is not known".to_owned(),
            None if record.rows_lost == 1 => "1 row could not be read".to_owned(),
            None => format!("{} rows could not be read", count(record.rows_lost)),
        };
        let what = if record.status == Status::Failed { "failed" } else { "in part" };
        out.push_str(&format!("{what}: {}: {}\n", clean(&record.input), clean(&why)));
    }
    if bad.len() > NAMED {
        out.push_str(&format!("... and {} more; --summary FILE lists them all\n", count((bad.len() - NAMED) as u64)));
    }
    out
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SummaryFile<'a> {
    summary_version: u32,
    program_version: &'static str,
    exit_status: u8,
    converted: usize,
    partial: usize,
    failed: usize,
    not_reports: usize,
    /// Of all of these, those of which nothing had to be done.
    skipped: usize,
    inputs: &'a [Record],
}

/// Writes the records; the file is there when it is complete.
///
/// # Errors
/// When it cannot be written.
pub(crate) fn write(path: &Path, records: &[Record], exit_status: u8) -> io::Result<()> {
    let count = |status| records.iter().filter(|record| record.status == status).count();
    // What is for the manifest alone is no part of the contract.
    let inputs: Vec<Record> = records
        .iter()
        .map(|record| Record {
            worst_open: None,
            worst_new: None,
            most_urgent: None,
            overdue: 0,
            data_date: None,
            is_other: false,
            ..record.clone()
        })
        .collect();
    let mut text = serde_json::to_vec_pretty(&SummaryFile {
        summary_version: 1,
        program_version: VERSION,
        exit_status,
        converted: count(Status::Converted),
        partial: count(Status::Partial),
        failed: count(Status::Failed),
        not_reports: count(Status::NotAReport),
        skipped: records.iter().filter(|record| record.skipped).count(),
        inputs: &inputs,
    })?;
    text.push(b'\n');
    match path == Path::new("-") {
        true => io::stdout().lock().write_all(&text),
        false => {
            path.parent().into_iter().for_each(remove_temporary);
            write_file(path, &text)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(status: Status, skipped: bool) -> Record {
        Record { input: "a.csv".into(), status, skipped, rows_read: 1_000, ..Record::default() }
    }

    #[test]
    fn the_status_is_that_of_the_worst() {
        let missing = Record { is_missing: true, ..Record::failed("x".into(), "is not there".into()) };
        let failed = Record::failed("x".into(), "is empty".into());
        let good = Record { worst_open: Some(1), worst_new: Some(2), ..record(Status::Converted, false) };
        let on = |is_new, rank| Some(FailOn::Severity { is_new, rank });
        assert_eq!(exit(&[], None), Ending::NoInput);
        assert_eq!(exit(std::slice::from_ref(&missing), None), Ending::NoInput);
        assert_eq!(exit(&[missing.clone(), failed.clone()], None), Ending::Failure);
        assert_eq!(exit(&[missing, good.clone()], None), Ending::Partial);
        assert_eq!(exit(&[failed, good.clone()], on(false, 1)), Ending::Findings);
        assert_eq!(exit(std::slice::from_ref(&good), on(false, 0)), Ending::Success);
        assert_eq!(exit(std::slice::from_ref(&good), on(true, 1)), Ending::Success);
        assert_eq!(exit(std::slice::from_ref(&good), on(true, 2)), Ending::Findings);
        let urgent = Record { most_urgent: Some(1), overdue: 2, ..record(Status::Converted, false) };
        for (record, fail_on, expected) in [
            (&urgent, FailOn::Priority(Priority::Soon), Ending::Findings),
            (&urgent, FailOn::Priority(Priority::ActNow), Ending::Success),
            (&good, FailOn::Priority(Priority::Watch), Ending::Success),
            (&urgent, FailOn::Overdue, Ending::Findings),
            (&good, FailOn::Overdue, Ending::Success),
        ] {
            assert_eq!(exit(std::slice::from_ref(record), Some(fail_on)), expected, "{fail_on:?}");
        }
        assert_eq!(exit(&[record(Status::Partial, true), good], None), Ending::Partial);
    }

    #[test]
    fn what_is_no_report_is_neither_done_nor_failed() {
        let other = |name: &str| Record::other(name.to_owned(), "is a picture".to_owned(), false);
        assert_eq!(exit(&[other("a")], None), Ending::NoInput);
        assert_eq!(exit(&[other("a"), record(Status::Converted, false)], None), Ending::Success);
        assert_eq!(exit(&[other("a"), Record::failed("b".into(), "is empty".into())], None), Ending::Failure);
        assert_eq!(exit(&[other("a").judged(true), record(Status::Converted, false)], None), Ending::Partial);
        assert_eq!(record(Status::Partial, false).judged(true).status, Status::Partial);
        let mut all: Vec<Record> = (0..12).map(|number| other(&number.to_string())).collect();
        assert_eq!(others(&all).len(), 11);
        assert_eq!(others(&all)[10], "... and 2 more files that are no reports");
        all.iter_mut().for_each(|record| record.skipped = true);
        assert!(others(&all).is_empty() && table(&all).contains("not reports"));
    }

    #[test]
    fn the_table_sums_up_and_names_what_failed() {
        let mut lost = record(Status::Partial, true);
        lost.rows_lost = 2;
        let failed = Record::failed("b.csv".into(), "is empty".into());
        let good = record(Status::Converted, false);
        let table = table(&[good.clone(), good, failed, lost]);
        let words: Vec<Vec<&str>> = table.lines().map(|line| line.split_whitespace().collect()).collect();
        assert_eq!(words[1], ["converted", "2", "2,000", "0", "0", "0"]);
        assert_eq!(words[2], ["failed", "1", "0", "0", "0", "0"]);
        assert_eq!(words[3], ["unchanged,", "in", "part", "1", "1,000", "0", "0", "0"]);
        assert!(table.ends_with("failed: b.csv: is empty\nin part: a.csv: 2 rows could not be read\n"), "{table}");
    }
}

//! What is said about inputs while they are converted. It is kept until the turn of the input comes, so that what
//! several threads have to say does not get mixed up.

use std::{
    fmt::{Display, Write as _},
    io::{self, Write as _},
    path::PathBuf,
    time::Duration,
};

use inspector_report::{
    ConvertError, Ignore, ReadError, ReadErrorKind, Report,
    core::{Lang, Standing, Texts, jiff::civil::Date, value::Severity},
};

use super::{WATCH, args::Talk, exit::Exit, record::Record};

/// How many problems of an input are shown when not all are asked for.
const PROBLEMS_SHOWN: usize = 10;

/// What is to be said, a line each.
#[derive(Debug)]
pub(super) struct Said {
    talk: Talk,
    text: String,
}

impl Said {
    pub(super) fn new(talk: Talk) -> Said {
        Said { talk, text: String::new() }
    }

    /// Says it on standard error. That nobody listens is no reason to stop.
    pub(super) fn print(self) {
        let _ = io::stderr().write_all(self.text.as_bytes());
    }

    fn line(&mut self, line: impl Display) {
        // A text takes everything.
        let _ = writeln!(self.text, "{line}");
    }

    /// What is said to who asked for more.
    pub(super) fn detail(&mut self, what: impl Display) {
        if self.talk.verbose {
            self.line(what);
        }
    }

    /// What is said unless nothing but errors may be.
    pub(super) fn tell(&mut self, what: impl Display) {
        if !self.talk.quiet {
            self.line(what);
        }
    }

    /// What is said in any case.
    pub(super) fn always(&mut self, what: impl Display) {
        self.line(what);
    }

    pub(super) fn note(&mut self, what: impl Display) {
        self.tell(format_args!("note: {what}"));
    }

    pub(super) fn warning(&mut self, what: impl Display) {
        self.tell(format_args!("warning: {what}"));
    }

    pub(super) fn error(&mut self, what: impl Display, help: &str) {
        self.line(format_args!("error: {what}\n  help: {help}"));
    }

    /// A file that could not be read, and its record; where that is no failure, there is none.
    pub(super) fn read_error(&mut self, error: &ReadError) -> Option<Record> {
        if let ReadErrorKind::NotByName = error.kind {
            self.warning(error);
            return None;
        }
        if !WATCH.is_stopped() {
            self.error(error, error.kind.help());
        }
        Some(Record::failed(error.name.clone(), error.kind.to_string()))
    }

    pub(super) fn notes(&mut self, report: &Report) {
        report.notes().iter().for_each(|note| self.note(format_args!("{}: {note}", report.source())));
    }

    /// Warns of accounts that seem to be fixed altogether.
    pub(super) fn not_covered(&mut self, report: &Report) {
        let Some(comparison) = report.comparison() else { return };
        for (account, region, count) in comparison.not_covered(report) {
            self.warning(format_args!(
                "{}: nothing of account {account}, Region {region} is in the report; {count} findings of the earlier one \
                 count as fixed, which is wrong if the export does not cover it",
                report.source()
            ));
        }
    }

    /// Warns of what stays where outputs would have gone, and says where they are instead.
    pub(super) fn kept(&mut self, kept: &[(PathBuf, Standing)], written: &[PathBuf]) {
        let written: Vec<String> = written.iter().map(|path| path.display().to_string()).collect();
        for (path, standing) in kept {
            let what = match standing {
                Standing::Foreign => "was not written by this program",
                _ => "someone has worked on it since it was written",
            };
            self.warning(format_args!(
                "{}: {what}, so it stays; the new output is {}; --force replaces it",
                path.display(),
                written.join(", ")
            ));
        }
    }

    /// Warns of entries of the triage file that have expired or match nothing.
    pub(super) fn ignored(&mut self, ignore: &Ignore, counts: &[u64], newest: Option<Date>) {
        ignore.warnings(counts, newest).iter().for_each(|warning| self.warning(format_args!("ignore file: {warning}")));
    }

    /// The problems of a report: the first, or all to who asked for more.
    pub(super) fn problems(&mut self, report: &Report) {
        match (self.talk.quiet, self.talk.verbose) {
            (true, _) => {}
            (_, true) => self.all_problems(report, usize::MAX),
            _ => self.all_problems(report, PROBLEMS_SHOWN),
        }
    }

    pub(super) fn all_problems(&mut self, report: &Report, most: usize) {
        let problems = report.problems();
        for problem in problems.iter().take(most) {
            let kind = if problem.code.loses_row() { "error" } else { "warning" };
            self.line(format_args!("{kind}: {problem}"));
        }
        if problems.len() > most {
            let more = problems.len() - most;
            self.line(format_args!(
                "... and {more} more problems; `inspector-report check {}` lists them all",
                report.source()
            ));
        }
    }

    /// The one line that every input gets.
    pub(super) fn summary(&mut self, report: &Report, written: &str, time: Duration) {
        let texts = Texts::new(Lang::En);
        let mut counts = [0u64; Severity::KNOWN.len() + 1];
        report.findings().for_each(|finding| counts[finding.severity().rank()] += 1);
        let names = Severity::KNOWN.iter().map(|severity| severity.as_str().to_lowercase()).chain(["other".to_owned()]);
        let by_severity: Vec<String> = names
            .zip(counts)
            .filter(|(_, count)| *count > 0)
            .map(|(name, count)| format!("{} {name}", texts.number(count)))
            .collect();
        let mut line = format!("{}: {} rows read", report.source(), texts.number(report.rows_read()));
        if !by_severity.is_empty() {
            line.push_str(&format!(": {}", by_severity.join(", ")));
        }
        if report.repeated() > 0 {
            line.push_str(&format!("; {} stand in several reports and count once", texts.number(report.repeated())));
        }
        if !report.filters().is_empty() {
            line.push_str(&format!("; {} left out by filters", texts.number(report.filtered_out())));
        }
        match report.problems().len() as u64 {
            0 => line.push_str("; no problems"),
            1 => line.push_str("; 1 problem"),
            problems => line.push_str(&format!("; {} problems", texts.number(problems))),
        }
        match report.rows_lost() {
            0 => {}
            1 => line.push_str(" (1 row could not be read)"),
            lost => line.push_str(&format!(" ({} rows could not be read)", texts.number(lost))),
        }
        self.tell(format_args!("{line}{written}; {:.1} s", time.as_secs_f64()));
    }
}

/// Says that the command line is wrong.
pub(super) fn usage(what: &str) -> Exit {
    eprintln!("error: {what}\n\nFor more information, try '--help'.");
    Exit::Usage
}

/// What to do about an output that cannot be written.
pub(super) fn write_help(error: &ConvertError) -> &'static str {
    match error {
        ConvertError::Io(error) => match error.kind() {
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                "Choose a folder that you may write to with --output, or close the file in other programs."
            }
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                "Free some space, or choose another folder with --output."
            }
            io::ErrorKind::InvalidInput => "Choose another folder with --output, or other names with --name.",
            io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => "Name a folder with --output, not a file.",
            _ => "Check the folder, or choose another with --output.",
        },
        _ => {
            "Leave findings out with the filters (`inspector-report convert --help` lists them), or choose another format."
        }
    }
}

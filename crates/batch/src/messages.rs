//! What is said about inputs while they are converted. It is kept until the turn of the input comes, so that what
//! several threads have to say does not get mixed up.

use std::{
    collections::{HashMap, hash_map::Entry},
    fmt::{self, Display},
    io,
    path::PathBuf,
    time::Duration,
};

use crate::{
    ConvertError, Ignore, ReadError, Report, View,
    clean::clean,
    core::{Lang, Localizer, Loss, Standing, jiff::civil::Date, value::Severity},
    record::Record,
};

/// How much is said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Verbosity {
    /// Nothing but errors.
    pub quiet: bool,
    /// Every problem, and how long each step took.
    pub verbose: bool,
}

/// How many problems of an input are shown when not all are asked for.
const PROBLEMS_SHOWN: usize = 10;

/// What is to be said.
#[derive(Debug)]
pub(crate) struct Messages {
    verbosity: Verbosity,
    lines: Vec<Line>,
}

/// A line, or a few that belong together.
#[derive(Debug)]
enum Line {
    Plain(String),
    /// What came of a report, with which nothing is wrong.
    Well(String),
    /// A note or warning about an input, which may hold of others in the same words.
    Of {
        kind: &'static str,
        input: String,
        text: String,
    },
}

impl Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Line::Plain(text) | Line::Well(text) => f.write_str(text),
            Line::Of { kind, input, text } => write!(f, "{kind}: {input}: {text}"),
        }
    }
}

/// What is said, as it can be shown.
fn cleaned(what: impl Display) -> String {
    clean(&what.to_string()).into_owned()
}

fn text<'a>(lines: impl IntoIterator<Item = &'a Line>) -> String {
    lines.into_iter().map(|line| format!("{line}\n")).collect()
}

impl Messages {
    pub(crate) fn new(verbosity: Verbosity) -> Messages {
        Messages { verbosity, lines: Vec::new() }
    }

    /// All lines, each with its end.
    pub(crate) fn into_text(self) -> String {
        text(&self.lines)
    }

    /// How many reports it says that all is well with them.
    pub(crate) fn well(&self) -> usize {
        self.lines.iter().filter(|line| matches!(line, Line::Well(_))).count()
    }

    /// The lines as those of one of many: what may hold of others is put to `alike`, and what is well is left out if it `folds`. Who
    /// asked for more hears all of it.
    pub(crate) fn into_text_among(self, alike: &mut Alike, folds: bool) -> String {
        if self.verbosity.verbose {
            return self.into_text();
        }
        let mut now = Vec::new();
        for line in self.lines {
            match line {
                Line::Of { kind, input, text } => alike.add(kind, input, text),
                Line::Well(_) if folds => {}
                other => now.push(other),
            }
        }
        text(&now)
    }

    fn line(&mut self, line: impl Display) {
        self.lines.push(Line::Plain(cleaned(line)));
    }

    /// What is said to who asked for more.
    pub(crate) fn detail(&mut self, what: impl Display) {
        if self.verbosity.verbose {
            self.line(what);
        }
    }

    /// What is said unless nothing but errors may be.
    pub(crate) fn tell(&mut self, what: impl Display) {
        if !self.verbosity.quiet {
            self.line(what);
        }
    }

    /// Lines that were cleaned one by one.
    pub(crate) fn tell_lines(&mut self, lines: &str) {
        lines.lines().for_each(|line| self.tell(line));
    }

    /// What is said in any case.
    pub(crate) fn always(&mut self, what: impl Display) {
        self.line(what);
    }

    pub(crate) fn note(&mut self, what: impl Display) {
        self.tell(format_args!("note: {what}"));
    }

    pub(crate) fn warning(&mut self, what: impl Display) {
        self.tell(format_args!("warning: {what}"));
    }

    /// A note about an input, which may hold of others in the same words.
    pub(crate) fn note_of(&mut self, input: impl Display, what: impl Display) {
        self.of("note", input, what);
    }

    /// A warning about an input, which may hold of others in the same words.
    pub(crate) fn warning_of(&mut self, input: impl Display, what: impl Display) {
        self.of("warning", input, what);
    }

    fn of(&mut self, kind: &'static str, input: impl Display, what: impl Display) {
        if !self.verbosity.quiet {
            self.lines.push(Line::Of { kind, input: cleaned(input), text: cleaned(what) });
        }
    }

    pub(crate) fn error(&mut self, what: impl Display, help: &str) {
        self.line(format_args!("error: {what}"));
        self.line(format_args!("  help: {help}"));
    }

    /// A file that could not be read, and its record; where that is no failure, there is none. `must_be` says whether the
    /// file should be a report; one that need not be and is none is told at the end, with [`others`](super::record::others).
    pub(crate) fn read_error(&mut self, error: &ReadError, must_be: bool, is_stopped: bool) -> Option<Record> {
        if error.kind.is_left_out() {
            self.warning_of(&error.name, &error.kind);
            return None;
        }
        if error.is_other_file() {
            if must_be {
                self.error(error, error.kind.help());
            }
            return Some(Record::other(error.name.clone(), error.kind.to_string(), must_be));
        }
        if !is_stopped {
            self.error(error, error.kind.help());
        }
        Some(Record::failed(error.name.clone(), error.kind.to_string()))
    }

    pub(crate) fn notes(&mut self, report: &Report) {
        report.notes().iter().for_each(|note| self.note_of(report.source(), note));
    }

    /// Warns of accounts that seem to be fixed altogether.
    pub(crate) fn not_covered(&mut self, report: &View) {
        let Some(comparison) = report.comparison() else { return };
        for (account, region, count) in comparison.not_covered(report) {
            let what = format_args!(
                "nothing of account {account}, Region {region} is in the report; {count} findings of the earlier one \
                 count as fixed, which is wrong if the export does not cover it"
            );
            self.warning_of(report.source(), what);
        }
    }

    /// Warns of what stays where outputs would have gone, and says where they are instead.
    pub(crate) fn kept(&mut self, kept: &[(PathBuf, Standing)], written: &[PathBuf]) {
        let written: Vec<String> = written.iter().map(|path| path.display().to_string()).collect();
        for (path, standing) in kept {
            let what = match standing {
                Standing::Foreign => "was not written by this program",
                _ => "someone has worked on it since it was written",
            };
            let written = written.join(", ");
            let what = format_args!("{what}, so it stays; the new output is {written}; --force replaces it");
            self.warning_of(path.display(), what);
        }
    }

    /// Warns of entries of the triage file that have expired or match nothing.
    pub(crate) fn ignored(&mut self, ignore: &Ignore, counts: &[u64], newest: Option<Date>) {
        ignore.warnings(counts, newest).iter().for_each(|warning| self.warning(format_args!("ignore file: {warning}")));
    }

    /// What is missing of a report, as the end of a sentence; `None` if nothing is.
    pub(crate) fn missing(report: &Report) -> Option<String> {
        match (report.loss(), report.rows_lost()) {
            (Loss::None, _) => None,
            (Loss::Possible, _) => Some("may be incomplete".to_owned()),
            (Loss::Rows, 1) => Some("is incomplete: 1 row could not be read".to_owned()),
            (Loss::Rows, rows) => Some(format!("is incomplete: {rows} rows could not be read")),
            (Loss::Unknown, _) => Some("is incomplete: how many rows are missing is not known".to_owned()),
        }
    }

    /// The problems of a report: the first, or all to who asked for more.
    pub(crate) fn problems(&mut self, report: &Report) {
        match (self.verbosity.quiet, self.verbosity.verbose) {
            (true, _) => {}
            (_, true) => self.all_problems(report, usize::MAX),
            _ => self.all_problems(report, PROBLEMS_SHOWN),
        }
    }

    pub(crate) fn all_problems(&mut self, report: &Report, most: usize) {
        let problems = report.problems();
        for problem in problems.iter().take(most) {
            let kind = if problem.code.loss() >= Loss::Rows { "error" } else { "warning" };
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
    pub(crate) fn summary(&mut self, report: &View, written: &str, time: Duration, is_well: bool) {
        let texts = Localizer::shared(Lang::En);
        // As every output counts: findings that are open, by severity, and rows apart from them.
        let mut counts = [0u64; Severity::KNOWN.len() + 1];
        let open = report.findings().filter(|finding| finding.is_open());
        open.for_each(|finding| counts[finding.severity().rank()] += 1);
        let not_open = report.len() as u64 - counts.iter().sum::<u64>();
        let names = Severity::KNOWN.iter().map(|severity| severity.as_str().to_lowercase()).chain(["other".to_owned()]);
        let by_severity: Vec<String> = names
            .zip(counts)
            .filter(|(_, count)| *count > 0)
            .map(|(name, count)| format!("{} {name}", texts.number(count)))
            .collect();
        let rows = if report.rows_read() == 1 { "row" } else { "rows" };
        let mut line = format!("{}: {} {rows} read", report.source(), texts.number(report.rows_read()));
        match by_severity.is_empty() {
            true => line.push_str(": none open"),
            false => line.push_str(&format!(": {} open", by_severity.join(", "))),
        }
        if not_open > 0 {
            line.push_str(&format!("; {} suppressed, accepted or closed", texts.number(not_open)));
        }
        match report.repeated() {
            0 => {}
            1 => line.push_str("; 1 row repeats a finding and does not count"),
            rows => line.push_str(&format!("; {} rows repeat a finding and do not count", texts.number(rows))),
        }
        if !report.filters().is_empty() {
            line.push_str(&format!("; {} left out by filters", texts.number(report.filtered_out())));
        }
        match report.problems().len() as u64 {
            0 => line.push_str("; no problems"),
            1 => line.push_str("; 1 problem"),
            problems => line.push_str(&format!("; {} problems", texts.number(problems))),
        }
        match (report.rows_lost(), report.loss()) {
            (_, Loss::Unknown) => line.push_str(" (incomplete: how many rows are missing is not known)"),
            (0, Loss::Possible) => line.push_str(" (may be incomplete)"),
            (0, _) => {}
            (1, _) => line.push_str(" (1 row could not be read)"),
            (lost, _) => line.push_str(&format!(" ({} rows could not be read)", texts.number(lost))),
        }
        let line = format!("{line}{written}; {:.1} s", time.as_secs_f64());
        match is_well && report.problems().is_empty() {
            _ if self.verbosity.quiet => {}
            true => self.lines.push(Line::Well(cleaned(line))),
            false => self.lines.push(Line::Plain(cleaned(line))),
        }
    }
}

/// What was said about inputs in the same words, to be said once.
#[derive(Debug, Default)]
pub(crate) struct Alike {
    all: Vec<Told>,
    /// By kind and text, that of notes without its numbers, the place in `all`.
    places: HashMap<(&'static str, String), usize>,
}

/// What was said, in these words.
#[derive(Debug)]
struct Told {
    kind: &'static str,
    text: String,
    /// The first input that it was said of, and the last.
    first: String,
    last: String,
    /// How many inputs.
    count: usize,
    /// Whether the numbers in it are others for others.
    differs: bool,
}

impl Alike {
    fn add(&mut self, kind: &'static str, input: String, text: String) {
        // What is counted is not the same for each. A number in a warning may be that of an account.
        let words = if kind == "note" { without_numbers(&text) } else { text.clone() };
        match self.places.entry((kind, words)) {
            Entry::Vacant(entry) => {
                entry.insert(self.all.len());
                self.all.push(Told { kind, text, first: input.clone(), last: input, count: 1, differs: false });
            }
            Entry::Occupied(entry) => {
                let Some(told) = self.all.get_mut(*entry.get()) else { return };
                told.differs |= told.text != text;
                // Parts of one input come one after the other.
                told.count += usize::from(told.last != input);
                told.last = input;
            }
        }
    }

    /// Says each once, in the order in which they came.
    pub(crate) fn say(&self, said: &mut Messages) {
        for Told { kind, text, first, count, differs, .. } in &self.all {
            match (count, differs) {
                (1, false) => said.tell(format_args!("{kind}: {first}: {text}")),
                (1, true) => said.tell(format_args!(
                    "{kind}: {first}: {text} (the same of its other parts, with their own numbers; --verbose has each)"
                )),
                (_, true) => said.tell(format_args!(
                    "{kind}: {first}: {text} (the same of {count} inputs in all, with their own numbers; --verbose has each)"
                )),
                _ => said.tell(format_args!("{kind}: {text} ({count} inputs, the first is {first})")),
            }
        }
    }
}

/// What to do about an output that cannot be written.
pub(crate) fn write_help(error: &ConvertError) -> &'static str {
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
        ConvertError::Stopped(_) => "Mend the input or the options, or vouch for them as the message says.",
        _ => {
            "Leave findings out with the filters (`inspector-report convert --help` lists them), or choose another format."
        }
    }
}

/// A text with one sign for each number.
fn without_numbers(text: &str) -> String {
    let mut words = String::new();
    for part in text.split_inclusive(|c: char| !c.is_ascii_digit()) {
        let rest = part.trim_start_matches(|c: char| c.is_ascii_digit());
        words.push_str(if rest.len() < part.len() { "#" } else { "" });
        words.push_str(rest);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_the_same_is_said_once_with_a_number() {
        let talk = Verbosity { quiet: false, verbose: false };
        let mut alike = Alike::default();
        for input in ["a.csv", "b.csv", "b.csv", "c.csv"] {
            let mut said = Messages::new(talk);
            said.note_of(input, "sarif: the same");
            said.note_of(input, format_args!("{} of 3 rows", input.len() + usize::from(input == "c.csv")));
            said.warning_of(input, format_args!("of {input} alone"));
            said.into_text_among(&mut alike, true);
        }
        let mut said = Messages::new(talk);
        alike.say(&mut said);
        let lines: Vec<String> = said.lines.iter().map(Line::to_string).collect();
        assert_eq!(
            lines,
            [
                "note: sarif: the same (3 inputs, the first is a.csv)",
                "note: a.csv: 5 of 3 rows (the same of 3 inputs in all, with their own numbers; --verbose has each)",
                "warning: a.csv: of a.csv alone",
                "warning: b.csv: of b.csv alone",
                "warning: c.csv: of c.csv alone"
            ]
        );
    }
}

//! The command `compare`.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    sync::Mutex,
    time::Instant,
};

use inspector_report::{
    Filter, ReadOptions, Report, Source,
    core::{Place, Settings, Snapshot, jiff::civil::Date, latest_reports, timestamp::utc_day},
};

use super::{
    WATCH,
    args::{self, Talk},
    convert::{self, formats, read_one, settings, texts},
    exit::Exit,
    inputs::{self, Input},
    job::{Job, Outcome},
    progress::Progress,
    record::{self, Record},
    say::{Said, usage},
    series::Series,
};

/// What a comparison is about, unless something else is asked for: not every finding, but what became of each; in SARIF
/// with what is gone.
const USUAL: [(&str, &str); 2] = [("sheets", "summary,changes,accepted,problems,glossary"), ("sarif-profile", "full")];

/// Compares what the arguments name.
pub(super) fn compare(args: args::Compare) -> Exit {
    match try_compare(args) {
        Ok(exit) | Err(exit) => exit,
    }
}

/// The reports to compare.
struct Two {
    previous: Report,
    report: Report,
    /// What the outputs are named after.
    path: PathBuf,
    /// The folder for outputs, if none is named.
    folder: PathBuf,
    /// What could not be read on the way.
    records: Vec<Record>,
    /// What was read.
    inputs: Vec<Input>,
}

fn try_compare(args: args::Compare) -> Result<Exit, Exit> {
    let started = Instant::now();
    let formats = formats(args.format);
    let mut usual = Settings::new();
    USUAL.iter().for_each(|(name, value)| usual.set(name, value));
    let (settings, ignore) = settings(&formats, args.settings.0, usual, &args.files, args.talk)?;
    let to_stdout = args.output.as_deref() == Some(Path::new("-"));
    if to_stdout && formats.len() != 1 {
        return Err(usage("standard output takes one format; name it with --format, or a folder with --output"));
    }
    let reading: ReadOptions = args.reading.options(args.lang.lang);
    let progress = Progress::new(args.talk.quiet);
    let two = match (args.reports.as_slice(), args.since) {
        ([old, new], None) if !old.is_dir() && !new.is_dir() => Two {
            previous: read_one(old, &reading, "compare", args.talk)?,
            report: read_one(new, &reading, "compare", args.talk)?,
            path: new.clone(),
            folder: new.parent().map(Path::to_owned).unwrap_or_default(),
            records: Vec::new(),
            inputs: Vec::new(),
        },
        ([folder], Some(day)) if folder.is_dir() => in_folder(folder, day, &reading, args.talk, &progress)?,
        _ => return Err(usage("compare takes two reports, or one folder with --since DAY")),
    };
    let job = Job {
        formats,
        output: args.output.filter(|_| !to_stdout),
        to_stdout,
        name: None,
        suffix: ".changes",
        texts: texts(&args.lang, args.zone),
        split_by: None,
        settings,
        one_report: None,
        reading,
        ignore,
        filter: args.filters.into(),
        strict: true,
        force: args.force,
        talk: args.talk,
        progress,
        previous: Mutex::new(Some(two.previous)),
        protected: inputs::protected(&two.inputs, args.reports.iter()),
        claims: Mutex::default(),
    };
    let folder = job.output.clone().unwrap_or(two.folder);
    let source = Source { path: two.path, members: Vec::new() };
    let mut outcome = Outcome::new(args.talk);
    job.report(&folder, &source, two.report, started, &mut outcome);
    if let Some(ignore) = &job.ignore {
        let newest = outcome.records.iter().filter_map(|record| record.data_date).max().and_then(convert::day);
        outcome.said.ignored(ignore, &outcome.accepted, newest);
    }
    outcome.said.print();
    if WATCH.is_stopped() {
        return Err(convert::interrupted());
    }
    let mut said = Said::new(args.talk);
    record::others(&two.records).iter().for_each(|line| said.tell(line));
    said.print();
    let exit = record::exit(&outcome.records, args.fail_on);
    Ok(if exit == Exit::Success { record::exit(&[two.records, outcome.records].concat(), None) } else { exit })
}

/// What the newest reports of a folder say, and what was so on a day: of each account and Region the last report then
/// that covers it.
fn in_folder(folder: &Path, day: Date, reading: &ReadOptions, talk: Talk, progress: &Progress) -> Result<Two, Exit> {
    let found = inputs::find_in(folder);
    let mut said = Said::new(talk);
    let mut records = found.say(&mut said);
    said.print();
    let inputs = found.inputs;
    let none = Filter::default();
    // What is accepted and what is filtered out is for the comparison to know.
    let mut series = Series::new(&inputs, reading, &none, None, talk, progress, false);
    let snapshots = series.snapshots();
    let is_until = |snapshot: &Snapshot| utc_day(snapshot.date) <= day;
    let until = snapshots.iter().take_while(|snapshot| is_until(snapshot)).count();
    if WATCH.is_stopped() {
        return Err(convert::interrupted());
    }
    if until == 0 || until == snapshots.len() {
        let what = if until == 0 { "of this day or an earlier one" } else { "of a later day" };
        let dates: Vec<String> = [snapshots.first(), snapshots.last()]
            .into_iter()
            .flatten()
            .map(|snapshot| utc_day(snapshot.date).to_string())
            .collect();
        let span =
            if dates.is_empty() { String::new() } else { format!("; there are reports of {}", dates.join(" to ")) };
        return Err(usage(&format!("{}: --since {day}: there is no report {what}{span}", folder.display())));
    }
    let (old, new) = (latest_reports(&snapshots[..until]), latest_reports(&snapshots));
    let wanted: BTreeSet<usize> = old.values().chain(new.values()).flatten().copied().collect();
    let mut parts: [Vec<Report>; 2] = Default::default();
    let mut newest = None;
    series.follow(
        |at| wanted.contains(&at),
        |at, snapshot, view| {
            for (parts, latest) in parts.iter_mut().zip([&old, &new]) {
                parts.extend(part(view.report(), at, latest));
            }
            newest = Some(snapshot.file.clone());
        },
    );
    records.append(&mut series.records);
    if WATCH.is_stopped() {
        return Err(convert::interrupted());
    }
    let [previous, report] = parts.map(one);
    // What could not be read may have been the last word on something.
    let lost = records.iter().filter(|record| record.status == record::Status::Failed);
    let report = lost.map(convert::lost_report).fold(report, Report::with_problem);
    let path = PathBuf::from(newest.unwrap_or_default());
    Ok(Two { previous, report, path, folder: PathBuf::new(), records, inputs })
}

/// The part of a report that is the last word on its accounts and Regions.
fn part(report: &Report, at: usize, latest: &BTreeMap<Place, BTreeSet<usize>>) -> Option<Report> {
    let is_last: Vec<bool> = report
        .resources()
        .map(|resource| latest.get(&Place::of(resource)).is_some_and(|reports| reports.contains(&at)))
        .collect();
    let rows: Vec<u32> = report
        .findings()
        .filter(|finding| is_last.get(finding.resource().index() as usize) == Some(&true))
        .map(|finding| finding.row() as u32)
        .collect();
    (!rows.is_empty()).then(|| report.rows(&rows))
}

/// Several reports as one, with the name of the last.
fn one(reports: Vec<Report>) -> Report {
    let name = match reports.as_slice() {
        [] => String::new(),
        [only] => only.file_name().to_owned(),
        [.., last] => format!("{} (+{})", last.file_name(), reports.len() - 1),
    };
    Report::merge(&name, reports)
}

//! The command `compare`.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    sync::Mutex,
    time::Instant,
};

use crate::{
    Filter, ReadOptions, Report, Source,
    cache::{Cache, Key},
    convert::{self, read_one},
    core::{Place, Snapshot, jiff::civil::Date, latest_reports, timestamp::utc_day},
    ending::Ending,
    host::Host,
    inputs::{self, Input},
    job::{Job, Outcome},
    messages::{Messages, Verbosity},
    pool,
    record::{self, FailOn, Record},
    request::Request,
    series::{Series, SeriesOptions},
    spec::ConversionSpec,
};

/// The options of a comparison, besides those of every request.
#[derive(Debug, Default)]
pub struct CompareOptions {
    /// Two reports, the earlier first; or a folder of them.
    pub reports: Vec<PathBuf>,
    /// Of a folder, the day whose state the newest is compared with.
    pub since: Option<Date>,
    /// Which open findings fail the run.
    pub fail_on: Option<FailOn>,
}

/// Compares two reports, or those of a folder with what they were on a day.
pub fn compare(request: Request, options: CompareOptions, host: Host) -> Ending {
    match try_compare(request, options, host) {
        Ok(ending) | Err(ending) => ending,
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

fn try_compare(request: Request, options: CompareOptions, host: Host) -> Result<Ending, Ending> {
    let started = Instant::now();
    request.check_standard_output().map_err(|what| host.usage(what))?;
    if let Some(what) = options.fail_on.and_then(|fail_on| fail_on.wrong(true, &request.judging)) {
        return Err(host.usage(what));
    }
    let (reading, verbosity) = (&request.reading, request.verbosity);
    let two = match (options.reports.as_slice(), options.since) {
        ([old, new], None) if !old.is_dir() && !new.is_dir() => Two {
            previous: read_one(old, reading, "compare", verbosity, &host)?,
            report: read_one(new, reading, "compare", verbosity, &host)?,
            path: new.clone(),
            folder: new.parent().map(Path::to_owned).unwrap_or_default(),
            records: Vec::new(),
            inputs: Vec::new(),
        },
        ([folder], Some(day)) if folder.is_dir() => in_folder(folder, day, reading, verbosity, &host)?,
        _ => return Err(host.usage("compare takes two reports, or one folder with --since DAY")),
    };
    let protected = inputs::protected(&two.inputs, options.reports.iter().chain(&request.also_read));
    let cache = request.output.folder().and_then(Cache::of_earlier_runs);
    let job = Job {
        suffix: ".changes",
        strict: true,
        previous: Mutex::new(Some(two.previous)),
        is_guest: true,
        ..Job::new(request, host, protected)?
    };
    let folder = job.output.clone().unwrap_or(two.folder);
    let source = Source { path: two.path, members: Vec::new() };
    let mut outcome = Outcome::new(job.verbosity);
    let named = format!("{} (compared)", source.name());
    outcome.remembered = cache
        .as_ref()
        .map(|cache| (cache, Key { input: named.clone(), options: ConversionSpec::of(&job).hash(), ..Key::default() }));
    job.report(&folder, &source, two.report, started, &mut outcome);
    outcome.is_lasting = false;
    pool::remember(&named, &mut outcome);
    if let Some(ignore) = &job.ignore {
        let newest = outcome.records.iter().filter_map(|record| record.data_date).max().and_then(convert::day);
        outcome.said.ignored(ignore, &outcome.accepted, newest);
    }
    let Outcome { said, records, .. } = outcome;
    job.host().say(said);
    if let Some(cache) = cache {
        cache.close();
    }
    if job.host().is_stopped() {
        return Err(convert::interrupted(job.host()));
    }
    let mut said = Messages::new(job.verbosity);
    record::others(&two.records).iter().for_each(|line| said.tell(line));
    job.host().say(said);
    let ending = record::exit(&records, options.fail_on);
    Ok(if ending == Ending::Success { record::exit(&[two.records, records].concat(), None) } else { ending })
}

/// What the newest reports of a folder say, and what was so on a day: of each account and Region the last report then
/// that covers it.
fn in_folder(
    folder: &Path,
    day: Date,
    reading: &ReadOptions,
    verbosity: Verbosity,
    host: &Host,
) -> Result<Two, Ending> {
    let found = inputs::find_in(folder);
    let mut said = Messages::new(verbosity);
    let mut records = found.say(&mut said);
    host.say(said);
    let inputs = found.inputs;
    let none = Filter::default();
    // What is accepted and what is filtered out is for the comparison to know.
    let policy = std::sync::Arc::default();
    let reads = SeriesOptions { reading, filter: &none, ignore: None, policy: &policy, verbosity, strict: false };
    let mut series = Series::new(&inputs, reads, host);
    let snapshots = series.snapshots();
    let is_until = |snapshot: &Snapshot| utc_day(snapshot.date) <= day;
    let until = snapshots.iter().take_while(|snapshot| is_until(snapshot)).count();
    if host.is_stopped() {
        return Err(convert::interrupted(host));
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
        return Err(host.usage(&format!("{}: --since {day}: there is no report {what}{span}", folder.display())));
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
    if host.is_stopped() {
        return Err(convert::interrupted(host));
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

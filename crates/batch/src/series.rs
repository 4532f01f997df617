//! A series of reports: they are looked through for their dates, and given out in order of these.

use std::sync::Arc;

use crate::{
    Filter, Ignore, ReadOptions, Report, Source,
    core::{Loss, Policy, Snapshot, View, jiff::civil::Date, timestamp::utc_day},
    host::Host,
    inputs::Input,
    messages::{Messages, Verbosity},
    read_each,
    record::{Record, Status, add_counts},
};

/// Bytes of reports that are kept in memory between finding out their dates and taking them in. Those that find no room
/// are read once more, so that a series can be larger than memory.
const KEPT: usize = 512 << 20;

/// A report that has a place in the series.
struct Entry {
    /// The input that it is in, by its place.
    input: usize,
    source: Source,
    snapshot: Snapshot,
    /// The report, as long as there is room for it.
    report: Option<Report>,
}

/// What becomes of the reports of a run when they are read, and when they are viewed.
#[derive(Clone, Copy)]
pub(crate) struct SeriesOptions<'a> {
    pub(crate) reading: &'a ReadOptions,
    pub(crate) filter: &'a Filter,
    pub(crate) ignore: Option<&'a Ignore>,
    pub(crate) policy: &'a Arc<Policy>,
    pub(crate) verbosity: Verbosity,
    /// Whether what lies in folders must be reports.
    pub(crate) strict: bool,
}

/// The reports of a run.
pub(crate) struct Series<'a> {
    inputs: &'a [Input],
    filter: &'a Filter,
    ignore: Option<&'a Ignore>,
    policy: &'a Arc<Policy>,
    reading: &'a ReadOptions,
    verbosity: Verbosity,
    host: &'a Host,
    entries: Vec<Entry>,
    /// What could not be read, and what of it was lost.
    pub(crate) records: Vec<Record>,
    /// The names of reports that have no date.
    pub(crate) undated: Vec<String>,
    /// The names of reports that could not be read, and why.
    pub(crate) unread: Vec<(String, String)>,
    /// How many findings each entry of the triage file matched.
    accepted: Vec<u64>,
}

impl<'a> Series<'a> {
    /// Reads all inputs for their dates, and keeps as many as there is room for.
    pub(crate) fn new(inputs: &'a [Input], options: SeriesOptions<'a>, host: &'a Host) -> Series<'a> {
        let SeriesOptions { reading, filter, ignore, policy, verbosity, strict } = options;
        let mut series = Series {
            inputs,
            reading,
            filter,
            ignore,
            policy,
            verbosity,
            host,
            entries: Vec::new(),
            records: Vec::new(),
            undated: Vec::new(),
            unread: Vec::new(),
            accepted: Vec::new(),
        };
        let mut room = KEPT;
        for (number, input) in inputs.iter().enumerate() {
            if host.is_stopped() {
                break;
            }
            let shown = host.reading(&input.path);
            let mut said = Messages::new(verbosity);
            read_each(input.location(), reading, &host.stop, |source, report| match report {
                Ok(report) => series.look_at(number, source, report, &mut room, &mut said),
                Err(error) => {
                    let must_be = strict || input.is_named;
                    let is_none = error.is_other_file() && !must_be;
                    if !error.kind.is_left_out() && !is_none && !host.is_stopped() {
                        let name = error.name.rsplit(['/', '\\']).next().unwrap_or(&error.name);
                        series.unread.push((name.to_owned(), error.kind.to_string()));
                    }
                    series.records.extend(said.read_error(&error, must_be, host.is_stopped()));
                }
            });
            drop(shown);
            host.say(said);
        }
        // Of one date in the order of their names: in which order they were given changes nothing.
        series.entries.sort_by(|a, b| {
            (a.snapshot.date, &a.snapshot.file, &a.source.path).cmp(&(
                b.snapshot.date,
                &b.snapshot.file,
                &b.source.path,
            ))
        });
        series
    }

    fn look_at(&mut self, input: usize, source: &Source, report: Report, room: &mut usize, said: &mut Messages) {
        said.notes(&report);
        if self.verbosity.verbose {
            said.all_problems(&report, usize::MAX);
        }
        if let Some(missing) = Messages::missing(&report) {
            said.warning(format_args!(
                "{}: {missing}; what it does not have does not count as fixed; `inspector-report check` says why",
                report.source()
            ));
        }
        let status = if report.loss() >= Loss::Rows { Status::Partial } else { Status::Converted };
        let date = report.data_date().map(|date| date.as_second());
        let input_name = report.source().to_owned();
        self.records.push(Record { input: input_name, status, data_date: date, ..Record::default() });
        let Some(mut snapshot) = Snapshot::new(&report) else {
            said.warning(format_args!("{}: no finding has a time, so it is left out", report.source()));
            self.undated.push(report.file_name().to_owned());
            return;
        };
        // Reports of a folder for each day may all have one name.
        if let Some(input) = self.inputs.get(input).filter(|input| !input.below.as_os_str().is_empty()) {
            snapshot.file = format!("{}/{}", input.below.display(), snapshot.file);
        }
        let report = keep(report, room);
        self.entries.push(Entry { input, source: source.clone(), snapshot, report });
    }

    /// What the reports are, in order of their dates.
    pub(crate) fn snapshots(&self) -> Vec<Snapshot> {
        self.entries.iter().map(|entry| entry.snapshot.clone()).collect()
    }

    /// Gives out the reports for which `wanted` holds, by their places in the order of dates. One that is not in memory
    /// is read again; what else its archive holds is kept on the way as far as there is room, since it is mostly what
    /// comes next. What is accepted is not open, and so is what the filter leaves out.
    pub(crate) fn follow(&mut self, wanted: impl Fn(usize) -> bool, mut each: impl FnMut(usize, &Snapshot, View)) {
        let used: usize = self.entries.iter().filter_map(|entry| entry.report.as_ref()).map(Report::memory).sum();
        let mut room = KEPT.saturating_sub(used);
        for at in (0..self.entries.len()).filter(|at| wanted(*at)) {
            if self.host.is_stopped() {
                break;
            }
            match &self.entries[at].report {
                None => self.read_again(at, &mut room),
                Some(report) => room += report.memory(),
            }
            let newest = self.newest();
            let entry = &mut self.entries[at];
            match entry.report.take() {
                Some(report) => {
                    let report = Arc::new(report);
                    let mut view = View::builder(Arc::clone(&report)).policy(Arc::clone(self.policy));
                    if let (Some(ignore), Some(newest)) = (self.ignore, newest) {
                        let acceptances = ignore.acceptances_in_series(&report, newest);
                        add_counts(&mut self.accepted, &acceptances.counts());
                        view = view.accept(acceptances);
                    }
                    if !self.filter.is_empty() {
                        view = view.filter(self.filter.describe(), |finding| self.filter.matches(finding));
                    }
                    each(at, &entry.snapshot, view.build());
                }
                None if self.host.is_stopped() => {}
                None => {
                    let name = entry.source.name();
                    let what = "it was there when it was read first, and is not any more";
                    let mut said = Messages::new(self.verbosity);
                    said.error(format_args!("{name}: {what}"), "Let nothing change the reports while they are read.");
                    self.host.say(said);
                    self.unread.push((entry.snapshot.file.clone(), "it changed while it was read".to_owned()));
                    self.records.push(Record::failed(name, what.to_owned()));
                }
            }
        }
    }

    /// The day of the newest report.
    fn newest(&self) -> Option<Date> {
        self.entries.last().map(|entry| utc_day(entry.snapshot.date))
    }

    fn read_again(&mut self, wanted: usize, room: &mut usize) {
        let Some(input) = self.entries.get(wanted).and_then(|entry| self.inputs.get(entry.input)) else { return };
        let Series { reading, host, entries, .. } = self;
        let shown = host.reading(&input.path);
        read_each(input.location(), reading, &host.stop, |source, report| {
            let Ok(report) = report else { return };
            let waiting = entries.iter_mut().enumerate().skip(wanted);
            let Some((at, entry)) = waiting.into_iter().find(|(_, e)| e.report.is_none() && e.source == *source) else {
                return;
            };
            entry.report = if at == wanted { Some(report) } else { keep(report, room) };
        });
        drop(shown);
    }

    /// Warns of entries of the triage file that have expired or match nothing.
    pub(crate) fn say_ignored(&self) {
        let Some(ignore) = self.ignore else { return };
        let newest = self.newest();
        let mut said = Messages::new(self.verbosity);
        said.ignored(ignore, &self.accepted, newest);
        let undated: Vec<String> = ignore.undated().iter().map(usize::to_string).collect();
        if !undated.is_empty() {
            said.note(format_args!(
                "ignore file: entries that do not say since when they hold hold from the newest report on (lines {}); add \
                 since = DAY",
                undated.join(", ")
            ));
        }
        self.host.say(said);
    }
}

/// The report, if there is room for it.
fn keep(report: Report, room: &mut usize) -> Option<Report> {
    *room = room.checked_sub(report.memory())?;
    Some(report)
}

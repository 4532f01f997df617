//! The command `trend`: a series of reports, read one after another in order of their dates.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
    time::Instant,
};

use inspector_report::{
    ConvertError, Converter, Files, Filter, ReadErrorKind, ReadOptions, Report, Source, Stream, VERSION, converter,
    core::{Options, Settings, Snapshot, Texts, Trend, TrendBuilder, TrendBy},
};
use rayon::prelude::*;

use super::{
    WATCH, args,
    convert::{Tally, find, finish, read, say_error, say_notes, say_problems, say_read_error, usage, write_help},
    exit::Exit,
    inputs::{self, Input},
    progress::Progress,
};

/// The formats that are written when nobody says which.
const USUAL: [&str; 3] = ["xlsx", "markdown", "html"];

/// Bytes of reports that are kept in memory between finding out their dates and taking them in. Those that find no room
/// are read once more, so that a series can be larger than memory.
const KEPT: usize = 512 << 20;

/// Doubts of one kind that are named on the terminal.
const DOUBTS_SHOWN: usize = 5;

/// Shows what the reports that the arguments name come to.
pub(super) fn trend(args: args::Trend) -> Exit {
    let started = Instant::now();
    let mut formats = args.format;
    if formats.is_empty() {
        formats = USUAL.into_iter().filter_map(converter).collect();
    }
    formats.dedup_by_key(|format| format.name());
    let to_stdout = args.output.as_deref() == Some(Path::new("-"));
    if to_stdout && formats.len() != 1 {
        return usage("standard output takes one format; name it with --format, or a folder with --output");
    }
    let mut tally = Tally::default();
    let inputs = find(&args.selection, &mut tally);
    let folder = args.output.filter(|_| !to_stdout).unwrap_or_default();
    let path = |format: &dyn Converter| inputs::output_path(&folder, Path::new(&args.name), format.extension());
    if let Some(input) = inputs.iter().find(|input| formats.iter().any(|format| path(*format) == input.path)) {
        return usage(&format!(
            "{} is an input; it would be overwritten by an output. Name the outputs with --name or --output",
            input.path.display()
        ));
    }
    let by = if args.by.is_empty() { TrendBy::USUAL.to_vec() } else { args.by };
    let reading = args.reading.into();
    let mut series = Series {
        inputs: &inputs,
        reading: &reading,
        filter: args.filters.into(),
        talk: args.talk,
        progress: Progress::new(args.talk.quiet),
        entries: Vec::new(),
        undated: Vec::new(),
        unread: Vec::new(),
    };
    series.look(&mut tally);
    let builder = series.follow(TrendBuilder::new(by), &mut tally);
    if WATCH.is_stopped() {
        return finish(&tally);
    }
    let targets = args.sla.unwrap_or_default();
    let Some(mut trend) = builder.finish(&targets) else {
        if !series.undated.is_empty() {
            tally.failed += 1;
            say_error("no report has a date, so there is nothing to put in order", "Give reports with findings.");
        }
        return finish(&tally);
    };
    trend.undated = series.undated;
    trend.unread = series.unread;
    trend.filters = series.filter.describe();
    let texts = Texts::new(args.lang.lang);
    let texts = match args.timezone {
        Some((zone, name)) => texts.with_zone(zone, &name),
        None => texts,
    };
    let mut settings = Settings::default();
    args.top.iter().for_each(|top| settings.set("top", top));
    if !args.talk.quiet {
        say_doubts(&trend);
    }
    tally.done += 1;
    tally.too_bad = args.fail_on.is_some() && !trend.overdue.is_empty();
    let options = Options { texts: &texts, version: VERSION, settings: &settings };
    let shown = series.progress.writing(&formats.iter().map(|f| f.name()).collect::<Vec<_>>().join(", "));
    let results: Vec<_> =
        formats.par_iter().map(|format| write(&trend, *format, &options, &folder, &args.name, to_stdout)).collect();
    drop(shown);
    let mut written = Vec::new();
    for (format, result) in formats.iter().zip(results) {
        match result {
            Ok((paths, notes)) => {
                if !args.talk.quiet {
                    notes.iter().for_each(|note| eprintln!("note: {}: {note}", format.name()));
                }
                written.extend(paths);
            }
            Err(_) if WATCH.is_stopped() => {}
            Err(error) => {
                tally.incomplete = true;
                let name = if to_stdout { PathBuf::from("standard output") } else { path(*format) };
                say_error(&format!("{}: cannot be written: {error}", name.display()), write_help(&error));
            }
        }
    }
    if written.is_empty() && !to_stdout {
        (tally.done, tally.failed) = (0, tally.failed + 1);
    }
    if !args.talk.quiet {
        say_line(&trend, &written, started);
    }
    finish(&tally)
}

/// A report that has a place in the series.
struct Entry {
    /// The input that it is in, by its place.
    input: usize,
    source: Source,
    snapshot: Snapshot,
    /// The report, as long as there is room for it.
    report: Option<Report>,
}

/// The reports of a run.
struct Series<'a> {
    inputs: &'a [Input],
    reading: &'a ReadOptions,
    filter: Filter,
    talk: args::Talk,
    progress: Progress,
    entries: Vec<Entry>,
    undated: Vec<String>,
    unread: Vec<(String, String)>,
}

impl Series<'_> {
    /// Reads all inputs for their dates, and keeps as many as there is room for.
    fn look(&mut self, tally: &mut Tally) {
        let mut room = KEPT;
        for (number, input) in self.inputs.iter().enumerate() {
            if WATCH.is_stopped() {
                return;
            }
            let Series { reading, filter, talk, progress, entries, undated, unread, .. } = &mut *self;
            read(input, reading, progress, |source, report, _| match report {
                Ok(mut report) => {
                    say_notes(&report, *talk);
                    say_problems(&report, if talk.verbose { usize::MAX } else { 0 });
                    if report.rows_lost() > 0 {
                        tally.incomplete = true;
                        if !talk.quiet {
                            let (name, rows) = (report.source(), report.rows_lost());
                            eprintln!(
                                "warning: {name}: {rows} rows could not be read; `inspector-report check` lists them"
                            );
                        }
                    }
                    let Some(snapshot) = Snapshot::new(&report) else {
                        if !talk.quiet {
                            eprintln!("warning: {}: no finding has a time, so it is left out", report.source());
                        }
                        undated.push(report.file_name().to_owned());
                        return;
                    };
                    apply(filter, &mut report);
                    let kept = keep(report, &mut room);
                    entries.push(Entry { input: number, source: source.clone(), snapshot, report: kept });
                }
                Err(error) => {
                    if !matches!(error.kind, ReadErrorKind::NotByName) && !WATCH.is_stopped() {
                        let name = error.name.rsplit(['/', '\\']).next().unwrap_or(&error.name);
                        unread.push((name.to_owned(), error.kind.to_string()));
                    }
                    say_read_error(&error, *talk, tally);
                }
            });
        }
        // Stable: of one date, as they were given.
        self.entries.sort_by_key(|entry| entry.snapshot.date);
    }

    /// Takes in the reports in order of their dates. One that is not in memory is read again; what else its archive holds
    /// is kept on the way as far as there is room, since it is mostly what comes next.
    fn follow(&mut self, mut builder: TrendBuilder, tally: &mut Tally) -> TrendBuilder {
        let used: usize = self.entries.iter().filter_map(|entry| entry.report.as_ref()).map(Report::memory).sum();
        let mut room = KEPT.saturating_sub(used);
        for at in 0..self.entries.len() {
            if WATCH.is_stopped() {
                break;
            }
            if self.entries[at].report.is_none() {
                self.read_again(at, &mut room);
            } else {
                room += self.entries[at].report.as_ref().map_or(0, Report::memory);
            }
            let entry = &mut self.entries[at];
            match entry.report.take() {
                Some(report) => builder.add(&entry.snapshot, &report),
                None if WATCH.is_stopped() => {}
                None => {
                    tally.failed += 1;
                    say_error(
                        &format!("{}: it was there when it was read first, and is not any more", entry.source.name()),
                        "Let nothing change the reports while they are read.",
                    );
                    self.unread.push((entry.snapshot.file.clone(), "it changed while it was read".to_owned()));
                }
            }
        }
        builder
    }

    fn read_again(&mut self, wanted: usize, room: &mut usize) {
        let Some(input) = self.entries.get(wanted).and_then(|entry| self.inputs.get(entry.input)) else { return };
        let Series { reading, filter, progress, entries, .. } = self;
        read(input, reading, progress, |source, report, _| {
            let Ok(mut report) = report else { return };
            let waiting = entries.iter_mut().enumerate().skip(wanted);
            let Some((at, entry)) = waiting.into_iter().find(|(_, e)| e.report.is_none() && e.source == *source) else {
                return;
            };
            apply(filter, &mut report);
            entry.report = if at == wanted { Some(report) } else { keep(report, room) };
        });
    }
}

fn apply(filter: &Filter, report: &mut Report) {
    if !filter.is_empty() {
        report.retain(filter.describe(), |finding| filter.matches(finding));
    }
}

/// The report, if there is room for it.
fn keep(report: Report, room: &mut usize) -> Option<Report> {
    *room = room.checked_sub(report.memory())?;
    Some(report)
}

/// Writes the trend in a format. Gives the paths of the files, and what is to be said about them.
fn write(
    trend: &Trend,
    format: &dyn Converter,
    options: &Options<'_>,
    folder: &Path,
    name: &str,
    to_stdout: bool,
) -> Result<(Vec<PathBuf>, Vec<String>), ConvertError> {
    if to_stdout {
        let mut stream = Stream::new(&WATCH);
        let summary = format.convert_trend(trend, options, &mut stream)?;
        return match stream.copy_to(&mut io::stdout().lock()) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
            _ => Ok((Vec::new(), summary.notes)),
        };
    }
    if !folder.as_os_str().is_empty() {
        fs::create_dir_all(folder)?;
    }
    let mut files = Files::new(folder, name, format.extension(), &WATCH);
    let summary = format.convert_trend(trend, options, &mut files)?;
    if WATCH.is_stopped() {
        return Err(io::Error::other("interrupted").into());
    }
    Ok((files.commit()?.paths, summary.notes))
}

/// Warns of figures that may not be what they seem. What is left out was said when it was met.
fn say_doubts(trend: &Trend) {
    let texts = Texts::new(inspector_report::Lang::En);
    let vanished: Vec<String> = trend.vanished_texts(&texts).map(|(_, text)| text).collect();
    let out_of_sight: Vec<String> = trend.out_of_sight_texts(&texts).collect();
    for doubts in [vanished, out_of_sight] {
        doubts.iter().take(DOUBTS_SHOWN).for_each(|doubt| eprintln!("warning: {doubt}"));
        if let Some(more @ 1..) = doubts.len().checked_sub(DOUBTS_SHOWN) {
            eprintln!("... and {more} more accounts with Regions of which the same is to be said; workbooks list them");
        }
    }
}

/// The one line that every run gets.
fn say_line(trend: &Trend, written: &[PathBuf], started: Instant) {
    let texts = Texts::new(inspector_report::Lang::En);
    let mut line = format!("{} reports of {} to {}", trend.reports.len(), texts.date(trend.from), texts.date(trend.to));
    for (count, what) in [(trend.undated.len(), "without a date"), (trend.unread.len(), "not readable")] {
        if count > 0 {
            line.push_str(&format!("; {count} {what}"));
        }
    }
    let open: u64 = trend.open().iter().sum();
    line.push_str(&format!(
        ": {} findings open, {} fixed",
        texts.number(open),
        texts.number(trend.all_fix_times.fixed)
    ));
    if !trend.targets.is_empty() {
        line.push_str(&format!(", {} overdue", texts.number(trend.overdue.len() as u64)));
    }
    if !written.is_empty() {
        let paths: Vec<String> = written.iter().map(|path| path.display().to_string()).collect();
        line.push_str(&format!("; wrote {}", paths.join(", ")));
    }
    // A closed standard error is no reason to stop.
    let _ = writeln!(io::stderr(), "{line}; {:.1} s", started.elapsed().as_secs_f64());
}

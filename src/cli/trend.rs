//! The command `trend`: a series of reports, followed one after another in order of their dates.

use std::{
    path::{Path, PathBuf},
    time::Instant,
};

use inspector_report::{
    Committed, ConvertError, Converter, Filter, ReadOptions, VERSION, converter,
    core::{Lang, Localizer, Options, Outputs, Settings, Trend, TrendBuilder, TrendBy},
};
use rayon::prelude::*;

use super::{
    WATCH, args, convert,
    exit::Exit,
    inputs,
    job::{WrittenFiles, without_links, write_files, write_to_stdout},
    progress::Progress,
    record::{self, Record},
    say::{Said, usage, write_help},
    series::Series,
};

/// The formats that are written when nobody says which.
const USUAL: [&str; 3] = ["xlsx", "markdown", "html"];

/// Doubts of one kind that are named on the terminal.
const DOUBTS_SHOWN: usize = 5;

/// Shows what the reports that the arguments name come to.
pub(super) fn trend(args: args::Trend) -> Exit {
    match try_trend(args) {
        Ok(exit) | Err(exit) => exit,
    }
}

fn try_trend(args: args::Trend) -> Result<Exit, Exit> {
    let started = Instant::now();
    let formats = match args.format.is_empty() {
        true => USUAL.into_iter().filter_map(converter).collect(),
        false => convert::formats(args.format),
    };
    let none = Settings::new();
    let (mut settings, ignore) = convert::settings(&formats, none.clone(), none, &args.files, args.talk)?;
    args.top.iter().for_each(|top| settings.set("top", top));
    let to_stdout = args.output.as_deref() == Some(Path::new("-"));
    if to_stdout && formats.len() != 1 {
        return Err(usage("standard output takes one format; name it with --format, or a folder with --output"));
    }
    let folder = args.output.filter(|_| !to_stdout).unwrap_or_default();
    let found = inputs::find(&args.selection, Some(&folder), None);
    let mut said = Said::new(args.talk);
    let mut records = found.say(&mut said);
    said.print();
    let path = |format: &dyn Converter| inputs::output_path(&folder, Path::new(&args.name), format.extension());
    let named = [&args.files.config, &args.files.ignore, &args.selection.files_from];
    let protected = inputs::protected(&found.inputs, named.into_iter().flatten());
    let is_read = |path: &PathBuf| without_links(path).is_some_and(|path| protected.contains(&path));
    if let Some(path) = formats.iter().map(|format| path(*format)).find(is_read) {
        return Err(usage(&format!(
            "{} is an input; it would be overwritten by an output. Name the outputs with --name or --output",
            path.display()
        )));
    }
    let by = if args.by.is_empty() { TrendBy::USUAL.to_vec() } else { args.by };
    let (reading, filter): (ReadOptions, Filter) = (args.reading.options(args.lang.lang), args.filters.into());
    let progress = Progress::new(args.talk.quiet);
    let mut series =
        Series::new(&found.inputs, &reading, &filter, ignore.as_ref(), args.talk, &progress, args.selection.strict);
    let texts = convert::texts(&args.lang, args.zone);
    let (zone, zone_name) = texts.zone();
    let mut builder = TrendBuilder::new(by).in_zone(zone.clone(), zone_name);
    series.follow(|_| true, |_, snapshot, report| builder.add(snapshot, report));
    series.say_ignored();
    records.append(&mut series.records);
    if WATCH.is_stopped() {
        return Err(convert::interrupted());
    }
    let mut said = Said::new(args.talk);
    record::others(&records).iter().for_each(|line| said.tell(line));
    let Some(mut trend) = builder.finish(&args.sla.unwrap_or_default()) else {
        if !series.undated.is_empty() {
            said.error("no report has a date, so there is nothing to put in order", "Give reports with findings.");
        }
        said.print();
        return Err(match record::exit(&records, None) {
            Exit::NoInput => Exit::NoInput,
            _ => Exit::Failure,
        });
    };
    trend.undated = series.undated;
    trend.unread = series.unread;
    trend.filters = filter.describe();
    say_doubts(&trend, &mut said);
    said.print();
    let options = Options { texts: &texts, version: VERSION, settings: &settings };
    let shown = progress.writing(&formats.iter().map(|f| f.name()).collect::<Vec<_>>().join(", "));
    let results: Vec<_> = formats
        .par_iter()
        .map(|format| write(&trend, *format, &options, &folder, &args.name, to_stdout, args.force))
        .collect();
    drop(shown);
    let mut said = Said::new(args.talk);
    let mut written = Vec::new();
    for (format, result) in formats.iter().zip(results) {
        match result {
            Ok(WrittenFiles { committed: Committed { paths, .. }, kept, summary }) => {
                said.kept(&kept, &paths);
                summary.notes.iter().for_each(|note| said.note(format_args!("{}: {note}", format.name())));
                written.extend(paths);
            }
            Err(_) if WATCH.is_stopped() => {}
            Err(error) => {
                let name = if to_stdout { PathBuf::from("standard output") } else { path(*format) };
                let what = format!("{}: cannot be written: {error}", name.display());
                said.error(&what, write_help(&error));
                records.push(Record::failed(name.display().to_string(), what));
            }
        }
    }
    said.tell(line(&trend, &written, started));
    said.print();
    Ok(match (WATCH.is_stopped(), written.is_empty() && !to_stdout) {
        (true, _) => convert::interrupted(),
        (_, true) => Exit::Failure,
        _ if args.fail_on.is_some() && !trend.overdue.is_empty() => Exit::Findings,
        _ => record::exit(&records, None),
    })
}

/// Writes the trend in a format.
fn write(
    trend: &Trend,
    format: &dyn Converter,
    options: &Options<'_>,
    folder: &Path,
    name: &str,
    to_stdout: bool,
    force: bool,
) -> Result<WrittenFiles, ConvertError> {
    let convert = |outputs: &mut dyn Outputs| format.convert_trend(trend, options, outputs);
    if to_stdout {
        let summary = write_to_stdout(convert)?;
        return Ok(WrittenFiles { committed: Committed::default(), kept: Vec::new(), summary });
    }
    write_files(&folder.join(name), format, convert, |_| Ok(()), force)
}

/// Warns of figures that may not be what they seem. What is left out was said when it was met.
fn say_doubts(trend: &Trend, said: &mut Said) {
    let texts = Localizer::new(Lang::En);
    let vanished: Vec<String> = trend.vanished_texts(&texts).map(|(_, text)| text).collect();
    let out_of_sight: Vec<String> = trend.out_of_sight_texts(&texts).collect();
    for doubts in [vanished, out_of_sight] {
        doubts.iter().take(DOUBTS_SHOWN).for_each(|doubt| said.warning(doubt));
        if let Some(more @ 1..) = doubts.len().checked_sub(DOUBTS_SHOWN) {
            said.tell(format_args!(
                "... and {more} more accounts with Regions of which the same is to be said; workbooks list them"
            ));
        }
    }
}

/// The one line that every run gets.
fn line(trend: &Trend, written: &[PathBuf], started: Instant) -> String {
    let texts = Localizer::new(Lang::En);
    let count = trend.reports.len();
    let reports = if count == 1 { "report" } else { "reports" };
    let (from, to) = (texts.day(trend.day(trend.from)), texts.day(trend.day(trend.to)));
    let mut line = format!("{count} {reports} of {from} to {to}");
    for (count, what) in [(trend.undated.len(), "without a date"), (trend.unread.len(), "not readable")] {
        if count > 0 {
            line.push_str(&format!("; {count} {what}"));
        }
    }
    let open: u64 = trend.open().iter().sum();
    line.push_str(&format!(
        ": {} {} open, {} fixed",
        texts.number(open),
        if open == 1 { "finding" } else { "findings" },
        texts.number(trend.all_fix_times.fixed)
    ));
    let uncertain: u64 = trend.uncertain.open.iter().sum();
    if uncertain > 0 {
        line.push_str(&format!(", {} of the open ones may be fixed (reports are incomplete)", texts.number(uncertain)));
    }
    if !trend.targets.is_empty() {
        line.push_str(&format!(", {} overdue", texts.number(trend.overdue.len() as u64)));
    }
    if !written.is_empty() {
        let paths: Vec<String> = written.iter().map(|path| path.display().to_string()).collect();
        line.push_str(&format!("; wrote {}", paths.join(", ")));
    }
    format!("{line}; {:.1} s", started.elapsed().as_secs_f64())
}

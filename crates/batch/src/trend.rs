//! The command `trend`: a series of reports, followed one after another in order of their dates.

use std::{
    path::{Path, PathBuf},
    time::Instant,
};

use rayon::prelude::*;

use crate::{
    ConvertError, Converter, Format,
    cache::{Cache, Entry, Key},
    convert,
    core::{Lang, Localizer, Outputs, Trend, TrendBuilder, TrendBy, trend::Targets},
    ending::Ending,
    files::without_links,
    host::Host,
    inputs,
    messages::{Messages, write_help},
    record::{self, Record, Status},
    request::{Request, Selection, context},
    series::{Series, SeriesOptions},
    writer::{Target, Writer, WrittenOutput},
};

/// Doubts of one kind that are named on the terminal.
const DOUBTS_SHOWN: usize = 5;

/// The options of a trend, besides those of every request.
#[derive(Debug)]
pub struct TrendOptions {
    /// Which files to read.
    pub selection: Selection,
    /// What the outputs are named.
    pub name: String,
    /// What findings are grouped by; as usual if nothing is said.
    pub by: Vec<TrendBy>,
    /// Within how many days findings are to be fixed.
    pub targets: Targets,
    /// Whether findings over their target fail the run.
    pub fails_on_overdue: bool,
}

/// Shows what a series of reports comes to, followed one after another in order of their dates.
pub fn trend(request: Request, options: TrendOptions, host: Host) -> Ending {
    match try_trend(request, options, host) {
        Ok(ending) | Err(ending) => ending,
    }
}

fn try_trend(request: Request, options: TrendOptions, host: Host) -> Result<Ending, Ending> {
    let started = Instant::now();
    let request = request.with_texts_of_formats();
    let converters = request.converters().map_err(|what| host.usage(&what))?;
    let Request { formats, ignore, judging, reading, filter, texts, verbosity, output: location, .. } = &request;
    request.check_standard_output().map_err(|what| host.usage(what))?;
    let folder = location.root().map(Path::to_owned).unwrap_or_default();
    let to_stdout = location.is_standard_output();
    let found = inputs::find(&options.selection, Some(&folder), None);
    let mut said = Messages::new(*verbosity);
    let mut records = found.say(&mut said);
    host.say(said);
    let path = |format: &dyn Format| inputs::output_path(&folder, Path::new(&options.name), format.extension());
    let named = request.also_read.iter().chain(&options.selection.files_from);
    let protected = inputs::protected(&found.inputs, named);
    let is_read =
        |path: &PathBuf| location.has_files() && without_links(path).is_some_and(|path| protected.contains(&path));
    if let Some(path) = formats.iter().map(|format| path(*format)).find(is_read) {
        return Err(host.usage(&format!(
            "{} is an input; it would be overwritten by an output. Name the outputs with --name or --output",
            path.display()
        )));
    }
    let by = if options.by.is_empty() { TrendBy::USUAL.to_vec() } else { options.by };
    let strict = options.selection.strict;
    let reads = SeriesOptions {
        reading,
        filter,
        ignore: ignore.as_ref(),
        policy: &judging.policy,
        verbosity: *verbosity,
        strict,
    };
    let mut series = Series::new(&found.inputs, reads, &host);
    let (zone, zone_name) = texts.zone();
    let mut builder = TrendBuilder::new(by).in_zone(zone.clone(), zone_name).owned_by(judging.policy.owners.clone());
    series.follow(|_| true, |_, snapshot, report| builder.add(snapshot, report));
    series.say_ignored();
    records.append(&mut series.records);
    if host.is_stopped() {
        return Err(convert::interrupted(&host));
    }
    let mut said = Messages::new(*verbosity);
    record::others(&records).iter().for_each(|line| said.tell(line));
    let Some(mut trend) = builder.finish(&options.targets) else {
        if !series.undated.is_empty() {
            said.error("no report has a date, so there is nothing to put in order", "Give reports with findings.");
        }
        host.say(said);
        return Err(match record::exit(&records, None) {
            Ending::NoInput => Ending::NoInput,
            _ => Ending::Failure,
        });
    };
    trend.undated = series.undated;
    trend.unread = series.unread;
    trend.filters = filter.describe();
    say_doubts(&trend, &mut said);
    host.say(said);
    let output = folder.join(&options.name);
    let writer = Writer::new(host.clone(), location.clone(), request.force, protected);
    let known = Known::open(&request, &options.name);
    if let Some(cache) = &known.cache {
        // It fails where the folder cannot be written to, and then so do the outputs.
        let _ = writer.announce((cache, &known.key), &output, formats, true);
    }
    let shown = host.events.writing(&formats.iter().map(|f| f.name()).collect::<Vec<_>>().join(", "));
    let write = |(format, converter): (&&'static dyn Format, &dyn Converter)| {
        let (cache, guest) = (known.cache.as_ref(), Some(&known.key));
        let target = Target { output: &output, root: &folder, format: *format, owner: &options.name, cache, guest };
        let context = context(texts, request.source_date_epoch.as_deref());
        let no_trends = || ConvertError::Format(format!("the format {} shows no trends", format.name()));
        writer.write(&target, |outputs: &mut dyn Outputs| {
            converter.trends().ok_or_else(no_trends)?.write_trend(&trend, &context, outputs)
        })
    };
    let results: Vec<_> = formats.par_iter().zip(converters.par_iter().map(AsRef::as_ref)).map(write).collect();
    drop(shown);
    let mut said = Messages::new(*verbosity);
    let mut written = Vec::new();
    let mut stamps = Vec::new();
    for (format, result) in formats.iter().zip(results) {
        match result {
            Ok(WrittenOutput { paths, kept, summary, stamps: of, .. }) => {
                said.kept(&kept, &paths);
                summary.notes.iter().for_each(|note| said.note(format_args!("{}: {note}", format.name())));
                written.extend(paths);
                stamps.extend(of);
            }
            Err(_) if host.is_stopped() => {}
            Err(error) => {
                let name = if to_stdout { PathBuf::from("standard output") } else { path(*format) };
                let what = format!("{}: cannot be written: {error}", name.display());
                said.error(&what, write_help(&error));
                records.push(Record::failed(name.display().to_string(), what));
            }
        }
    }
    known.remember(&output, &written, &stamps);
    said.tell(line(&trend, &written, started));
    host.say(said);
    Ok(match (host.is_stopped(), written.is_empty() && !to_stdout) {
        (true, _) => convert::interrupted(&host),
        (_, true) => Ending::Failure,
        _ if options.fails_on_overdue && !trend.overdue.is_empty() => Ending::Findings,
        _ => record::exit(&records, None),
    })
}

/// What the output folder knows, and what this trend is known as there.
struct Known {
    cache: Option<Cache>,
    key: Key,
}

impl Known {
    /// That of a folder that was named.
    fn open(request: &Request, name: &str) -> Known {
        let cache = request.output.folder().and_then(Cache::of_earlier_runs);
        Known { cache, key: Key { input: format!("{name} (trend)"), ..Key::default() } }
    }

    /// Remembers what was written, so that a folder of reports that is read again knows it for an output.
    fn remember(self, output: &Path, written: &[PathBuf], stamps: &[(PathBuf, (u64, u64))]) {
        let Known { cache: Some(cache), key } = self else { return };
        let outputs = written.iter().map(|path| path.display().to_string()).collect();
        let record = Record { input: key.input.clone(), status: Status::Converted, outputs, ..Record::default() };
        let entry = Entry { named: key.input.clone(), key, records: vec![record], ..Entry::default() };
        // The worst that comes of it is that something is converted again.
        let _ = cache.remember(entry, &[output.to_owned()], stamps);
        cache.close();
    }
}

/// Warns of figures that may not be what they seem. What is left out was said when it was met.
fn say_doubts(trend: &Trend, said: &mut Messages) {
    let texts = Localizer::shared(Lang::En);
    let vanished: Vec<String> = trend.vanished_texts(texts).map(|(_, text)| text).collect();
    let out_of_sight: Vec<String> = trend.out_of_sight_texts(texts).collect();
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
    let texts = Localizer::shared(Lang::En);
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

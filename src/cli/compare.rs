//! The command `compare`.

use std::{path::PathBuf, sync::Mutex, time::Instant};

use inspector_report::{ReadOptions, Source, core::Settings};

use super::{
    WATCH, args,
    convert::{formats, read_one, settings, texts},
    exit::Exit,
    inputs::Input,
    job::{Job, Outcome},
    progress::Progress,
    record,
    say::usage,
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

fn try_compare(args: args::Compare) -> Result<Exit, Exit> {
    let formats = formats(args.format);
    let (mut settings, ignore) = settings(&formats, args.settings.0, &args.files, args.talk)?;
    let mut usual = Settings::new();
    USUAL.iter().for_each(|(name, value)| usual.set(name, value));
    settings.or(usual);
    let to_stdout = args.output.as_deref() == Some(std::path::Path::new("-"));
    if to_stdout && formats.len() != 1 {
        return Err(usage("standard output takes one format; name it with --format, or a folder with --output"));
    }
    let [old, new] = args.reports.as_slice() else { return Err(usage("two reports are compared")) };
    let reading: ReadOptions = args.reading.into();
    let started = Instant::now();
    let previous = read_one(old, &reading, "compare", args.talk)?;
    let report = read_one(new, &reading, "compare", args.talk)?;
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
        talk: args.talk,
        progress: Progress::new(args.talk.quiet),
        previous: Mutex::new(Some(previous)),
        claimed: Mutex::default(),
    };
    let input = Input { path: new.clone(), below: PathBuf::new() };
    let source = Source { path: new.clone(), members: Vec::new() };
    let mut outcome = Outcome::new(args.talk);
    job.report(&input.output_folder(job.output.as_deref()), &source, report, started, &mut outcome);
    outcome.said.print();
    Ok(match WATCH.is_stopped() {
        true => Exit::Interrupted,
        false => record::exit(&outcome.records, args.fail_on),
    })
}

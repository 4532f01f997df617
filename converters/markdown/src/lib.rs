//! Writes a findings report as a summary in GitHub-flavoured Markdown, or in Slack's notation, for someone with one minute.
//! What it says is [`Document`]'s; here is how it looks, and how it fits.

mod choice;
mod escape;
mod fit;
mod github;
mod slack;

use std::{
    env, fs,
    io::{Read, Seek, SeekFrom},
    path::{Path, PathBuf},
};

use inspector_report_analysis::Trend;
use inspector_report_document::Document;
use inspector_report_format::{ConvertError, Converter, Metadata, Options, Outputs, Settings, Summary, TrendConverter};
use inspector_report_localizer::{Args, Localizer};
use inspector_report_model::View;

use choice::{Choice, GITHUB_STEP_SUMMARY};
use fit::{LeftOut, Limit, fit};

/// The converter for Markdown.
#[derive(Clone, Copy, Debug)]
pub struct Markdown;

/// What is known of the format.
const METADATA: Metadata =
    Metadata::new("markdown", "md", "Markdown summary: counts, what to do first, where it is worst")
        .aliases(&["md"])
        .by_default()
        .settings(&choice::SETTINGS);

impl Converter for Markdown {
    fn metadata(&self) -> &'static Metadata {
        &METADATA
    }

    fn check(&self, settings: &Settings) -> Result<(), String> {
        if Choice::new(settings).github_summary { step_summary().map(drop) } else { Ok(()) }
    }

    fn write(&self, report: &View, options: &Options<'_>, outputs: &mut dyn Outputs) -> Result<Summary, ConvertError> {
        let document = Document::new(report, options.texts, options.settings);
        let notes = write(&document, options, outputs)?;
        Ok(Summary { findings: report.len() as u64, notes })
    }

    fn trends(&self) -> Option<&dyn TrendConverter> {
        Some(self)
    }
}

impl TrendConverter for Markdown {
    fn write_trend(
        &self,
        trend: &Trend,
        options: &Options<'_>,
        outputs: &mut dyn Outputs,
    ) -> Result<Summary, ConvertError> {
        let notes = write(&Document::of_trend(trend, options.texts, options.settings), options, outputs)?;
        Ok(Summary { findings: trend.oldest.len() as u64, notes })
    }
}

/// Writes a document to where it is wanted. Gives what is to be said about what found no room.
fn write(document: &Document, options: &Options<'_>, outputs: &mut dyn Outputs) -> Result<Vec<String>, ConvertError> {
    let choice = Choice::new(options.settings);
    let (text, left_out) = match choice.target.is_slack {
        true => {
            fit(document, choice.target.limit, |document, left_out| slack::render(document, left_out, options.texts))
        }
        false => github(document, choice.target.limit, &choice, options.texts),
    };
    {
        let mut out = outputs.create()?;
        out.write_all(text.as_bytes())?;
        out.flush()?;
    }
    let mut notes: Vec<String> = left_out_note(left_out, "the summary").into_iter().collect();
    if choice.github_summary {
        let path = step_summary().map_err(ConvertError::Format)?;
        let (used, ends_in_a_line) = used(&path);
        let end = if ends_in_a_line { "" } else { "\n\n" };
        let limit = Limit::Bytes(GITHUB_STEP_SUMMARY.saturating_sub(used + end.len()));
        let (text, left_out) = github(document, limit, &choice, options.texts);
        if text.is_empty() {
            notes.push("the summary of the job is full (GitHub takes 1 MiB a step); nothing was appended".to_owned());
        } else {
            let mut out = outputs.append_to(&path)?;
            out.write_all(end.as_bytes())?;
            out.write_all(text.as_bytes())?;
            out.flush()?;
            notes.extend(left_out_note(left_out, "the summary of the job"));
        }
    }
    Ok(notes)
}

fn github(document: &Document, limit: Limit, choice: &Choice, texts: &Localizer) -> (String, LeftOut) {
    fit(document, limit, |document, left_out| github::render(document, left_out, choice.is_plain, texts))
}

fn left_out_note(left_out: LeftOut, what: &str) -> Option<String> {
    let LeftOut { rows, sections } = left_out;
    let sections = if sections > 0 { format!(" and {sections} sections") } else { String::new() };
    (!left_out.is_nothing())
        .then(|| format!("{rows} rows, the least severe,{sections} found no room in {what} (--markdown-limit)"))
}

/// The line that says what is not there, and where it is.
fn left_out_text(left_out: LeftOut, texts: &Localizer) -> String {
    let key = if left_out.sections > 0 { "md-left-out-sections" } else { "md-left-out" };
    texts.format(key, &Args::new().count("rows", left_out.rows).count("sections", left_out.sections))
}

/// The file that GitHub Actions shows as the summary of the job.
fn step_summary() -> Result<PathBuf, String> {
    env::var_os("GITHUB_STEP_SUMMARY")
        .filter(|path| !path.is_empty())
        .map(PathBuf::from)
        .ok_or_else(|| "--github-summary needs the variable GITHUB_STEP_SUMMARY, which GitHub Actions sets".to_owned())
}

/// How much a file has already, and whether its last line is ended.
fn used(path: &Path) -> (usize, bool) {
    let Ok(mut file) = fs::File::open(path) else { return (0, true) };
    let size = file.metadata().map_or(0, |data| usize::try_from(data.len()).unwrap_or(usize::MAX));
    let mut last = [b'\n'];
    let is_read = file.seek(SeekFrom::End(-1)).is_ok() && file.read_exact(&mut last).is_ok();
    (size, !is_read || last == [b'\n'])
}

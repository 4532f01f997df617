//! Writes a findings report as a summary in GitHub-flavoured Markdown, or in Slack's notation, for someone with one minute.
//! What it says is [`Document`]'s; here is how it looks, and how it fits.

mod escape;
mod fit;
mod github;
mod options;
mod slack;

use std::path::Path;

use inspector_report_analysis::Trend;
use inspector_report_document::Document;
use inspector_report_format::{
    Context, ConvertError, Converter, FileSystem, Format, Metadata, Outputs, Settings, Summary, TrendConverter,
};
use inspector_report_localizer::{Args, Localizer};
use inspector_report_model::View;

use fit::{LeftOut, Limit, fit};
use options::{GITHUB_STEP_SUMMARY, Options};

/// The format Markdown.
#[derive(Clone, Copy, Debug)]
pub struct Markdown;

/// What is known of the format.
const METADATA: Metadata =
    Metadata::new("markdown", "md", "Markdown summary: counts, what to do first, where it is worst")
        .aliases(&["md"])
        .by_default()
        .by_default_of_trends()
        .settings(&options::SETTINGS);

impl Format for Markdown {
    fn metadata(&self) -> &'static Metadata {
        &METADATA
    }

    fn converter(&self, settings: &Settings) -> Result<Box<dyn Converter>, String> {
        Ok(Box::new(MarkdownConverter { options: Options::new(settings)? }))
    }
}

/// Writes Markdown as its options say.
struct MarkdownConverter {
    options: Options,
}

impl Converter for MarkdownConverter {
    fn write(&self, view: &View, context: &Context<'_>, outputs: &mut dyn Outputs) -> Result<Summary, ConvertError> {
        let document = Document::new(view, context.texts, &self.options.document);
        let notes = write(&document, &self.options, context, outputs)?;
        Ok(Summary::new(view.len() as u64, notes))
    }

    fn trends(&self) -> Option<&dyn TrendConverter> {
        Some(self)
    }
}

impl TrendConverter for MarkdownConverter {
    fn write_trend(
        &self,
        trend: &Trend,
        context: &Context<'_>,
        outputs: &mut dyn Outputs,
    ) -> Result<Summary, ConvertError> {
        let document = Document::of_trend(trend, context.texts, &self.options.document);
        let notes = write(&document, &self.options, context, outputs)?;
        Ok(Summary::new(trend.oldest.len() as u64, notes))
    }
}

/// Writes a document to where it is wanted. Gives what is to be said about what found no room.
fn write(
    document: &Document,
    options: &Options,
    context: &Context<'_>,
    outputs: &mut dyn Outputs,
) -> Result<Vec<String>, ConvertError> {
    let Options { target, is_plain, .. } = *options;
    let (text, left_out) = match target.is_slack {
        true => fit(document, target.limit, |document, left_out| slack::render(document, left_out, context.texts)),
        false => github(document, target.limit, is_plain, context.texts),
    };
    {
        let mut out = outputs.create()?;
        out.write_all(text.as_bytes())?;
        out.flush()?;
    }
    let mut notes: Vec<String> = left_out_note(left_out, "the summary").into_iter().collect();
    if let Some(path) = &options.github_summary {
        let (used, ends_in_a_line) = used(path, context.files);
        let end = if ends_in_a_line { "" } else { "\n\n" };
        let limit = Limit::Bytes(GITHUB_STEP_SUMMARY.saturating_sub(used + end.len()));
        let (text, left_out) = github(document, limit, is_plain, context.texts);
        if text.is_empty() {
            notes.push("the summary of the job is full (GitHub takes 1 MiB a step); nothing was appended".to_owned());
        } else {
            let mut out = outputs.append_to(path)?;
            out.write_all(end.as_bytes())?;
            out.write_all(text.as_bytes())?;
            out.flush()?;
            notes.extend(left_out_note(left_out, "the summary of the job"));
        }
    }
    Ok(notes)
}

fn github(document: &Document, limit: Limit, is_plain: bool, texts: &Localizer) -> (String, LeftOut) {
    fit(document, limit, |document, left_out| github::render(document, left_out, is_plain, texts))
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

/// How much a file has already, and whether its last line is ended.
fn used(path: &Path, files: &dyn FileSystem) -> (usize, bool) {
    let content = files.read(path).unwrap_or_default();
    (content.len(), content.last().is_none_or(|last| *last == b'\n'))
}

//! A run as JSON: rule by rule and result by result, so that no more than one of them is an object at a time.

use std::{
    collections::BTreeSet,
    io::{self, Write},
};

use flate2::{Compression, write::DeflateEncoder};
use inspector_report_model::Loss;
use serde::Serialize;
use serde_sarif::sarif::{
    Conversion, Invocation, Message, Notification, NotificationLevel, ReportingDescriptorReference,
    RunAutomationDetails, Tool, ToolComponent,
};

use crate::{
    context::Context,
    group::Entry,
    incomplete, limits, result,
    rule_id::RuleNumber,
    rule_text, taxonomy,
    text::{clip, line},
};

/// Problems of the report that are told.
const PROBLEMS: usize = 100;

/// How the upload action compresses (`zlib.gzipSync` of Node.js: level 6).
const LEVEL: u32 = 6;

/// A run is written in memory before it is known which file it fits in. A usual one of 5,000 results has 20 MB.
const IN_MEMORY: usize = 128 << 20;

/// A run, written.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) category: String,
    pub(crate) json: Vec<u8>,
    /// Its size when compressed.
    pub(crate) compressed: u64,
    pub(crate) results: u64,
}

/// Writes a run. Gives `None` when it is too large for a file, unless it must fit.
///
/// The problems of the report are told in one run alone, else each would add them to its size.
pub(crate) fn write(
    context: &Context<'_>,
    category: &str,
    entries: &[Entry],
    problems: bool,
    must_fit: bool,
) -> io::Result<Option<Run>> {
    let mut rules: Vec<RuleNumber> = entries.iter().map(|entry| entry.rule).collect();
    rules.sort_unstable();
    rules.dedup();
    let mut out = Measured::new();
    let taxa: BTreeSet<u32> = rules
        .iter()
        .filter_map(|number| context.rules.get(*number))
        .flat_map(|rule| &rule.weaknesses)
        .copied()
        .collect();
    out.text("{\"tool\":{\"driver\":");
    out.open(&driver(context, &taxa))?;
    out.text(",\"rules\":[");
    for (place, number) in rules.iter().enumerate() {
        if let Some(rule) = context.rules.get(*number) {
            out.text(if place > 0 { ",\n" } else { "\n" });
            out.value(&rule_text::descriptor(rule, &taxa, context.texts))?;
        }
        if !must_fit && out.is_too_large() {
            return Ok(None);
        }
    }
    out.text("]}},\"automationDetails\":");
    out.value(&RunAutomationDetails::builder().id(category).build())?;
    out.text(",\"conversion\":");
    out.value(&conversion(context))?;
    out.text(",\"invocations\":[");
    out.value(&invocation(context, problems))?;
    out.text("],\"language\":\"");
    out.text(context.texts.lang().code());
    out.text("\"");
    if !taxa.is_empty() {
        out.text(",\"taxonomies\":[");
        out.value(&taxonomy::taxonomy(&taxa))?;
        out.text("]");
    }
    out.text(",\"results\":[");
    let mut written = 0;
    for entry in entries {
        let Some(rule) = context.rules.get(entry.rule) else { continue };
        let index = rules.binary_search(&entry.rule).unwrap_or_default();
        let Some(result) = result::result(context, entry, rule, index) else { continue };
        out.text(if written > 0 { ",\n" } else { "\n" });
        out.value(&result)?;
        written += 1;
        if !must_fit && out.is_too_large() {
            return Ok(None);
        }
    }
    out.text("]}");
    let (json, compressed) = out.finish()?;
    let fits = must_fit || compressed <= limits::BYTES_A_FILE;
    Ok(fits.then_some(Run { category: category.to_owned(), json, compressed, results: written }))
}

fn driver(context: &Context<'_>, taxa: &BTreeSet<u32>) -> ToolComponent {
    let mut driver = ToolComponent::builder()
        .name("Amazon Inspector")
        .organization("Amazon Web Services")
        .semantic_version(context.version)
        .information_uri("https://docs.aws.amazon.com/inspector/")
        .build();
    driver.supported_taxonomies = Some(vec![taxonomy::reference()]).filter(|_| !taxa.is_empty());
    driver
}

/// This program, which made SARIF of Inspector's report (SARIF 3.22).
fn conversion(context: &Context<'_>) -> Conversion {
    let driver = ToolComponent::builder().name("inspector-report").semantic_version(context.version).build();
    Conversion::builder().tool(Tool::builder().driver(driver).build()).build()
}

fn invocation(context: &Context<'_>, problems: bool) -> Invocation {
    let mut invocation = Invocation::builder().execution_successful(true).build();
    let Some(report) = context.report() else { return invocation };
    // What was left out must be told wherever the results go (SARIF 3.20.3, `arguments`).
    if !report.filters().is_empty() {
        invocation.arguments = Some(report.filters().to_vec());
    }
    // `executionSuccessful` stays true, for GitHub stores nothing of an upload with false, of no category.
    let mut notifications: Vec<Notification> = Vec::new();
    if let Some(what) = incomplete::incomplete(report) {
        let level = if report.loss() == Loss::Possible { NotificationLevel::Warning } else { NotificationLevel::Error };
        let text = format!("The report {what}. What is missing is not among the results, and not known to be fixed.");
        notifications.push(notification(level, "incomplete-report", &text));
    }
    if problems {
        notifications.extend(report.problems().iter().take(PROBLEMS).map(|problem| {
            let is_lost = problem.code.loss() > Loss::Possible;
            let level = if is_lost { NotificationLevel::Error } else { NotificationLevel::Warning };
            // The folder that the report lay in is nobody's business.
            let place = format!("{}:{}: ", problem.file_name(), problem.line);
            let text = format!("{place}{} [{}].", problem.message.trim_end_matches('.'), problem.code.as_str());
            notification(level, problem.code.as_str(), &text)
        }));
    }
    invocation.tool_execution_notifications = Some(notifications).filter(|all| !all.is_empty());
    invocation
}

fn notification(level: NotificationLevel, id: &str, text: &str) -> Notification {
    Notification::builder()
        .level(level.to_string())
        .descriptor(ReportingDescriptorReference::builder().id(id).build())
        .message(Message::builder().text(clip(&line(text), limits::DESCRIPTION).into_owned()).build())
        .build()
}

/// Text that is being written, and how large it is when compressed.
struct Measured {
    text: Vec<u8>,
    measured: usize,
    encoder: DeflateEncoder<Count>,
}

/// How much goes to the compressor at a time.
const BLOCK: usize = 64 << 10;

impl Measured {
    fn new() -> Measured {
        Measured { text: Vec::new(), measured: 0, encoder: DeflateEncoder::new(Count(0), Compression::new(LEVEL)) }
    }

    fn text(&mut self, text: &str) {
        self.text.extend_from_slice(text.as_bytes());
    }

    fn value(&mut self, value: &impl Serialize) -> io::Result<()> {
        serde_json::to_writer(&mut self.text, value)?;
        self.measure(BLOCK)
    }

    /// An object without its closing brace: more members follow.
    fn open(&mut self, object: &impl Serialize) -> io::Result<()> {
        serde_json::to_writer(&mut self.text, object)?;
        self.text.pop();
        Ok(())
    }

    fn measure(&mut self, least: usize) -> io::Result<()> {
        let new = self.text.get(self.measured..).unwrap_or_default();
        if new.len() >= least {
            self.encoder.write_all(new)?;
            self.measured = self.text.len();
        }
        Ok(())
    }

    fn is_too_large(&self) -> bool {
        self.encoder.get_ref().0 > limits::BYTES_A_FILE || self.text.len() > IN_MEMORY
    }

    fn finish(mut self) -> io::Result<(Vec<u8>, u64)> {
        self.measure(0)?;
        Ok((self.text, self.encoder.finish()?.0))
    }
}

struct Count(u64);

impl Write for Count {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

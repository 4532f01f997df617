//! A run as JSON: rule by rule and result by result, so that few of them at a time are objects.

use std::{
    collections::BTreeSet,
    io::{self, Write},
};

use flate2::{Compression, write::DeflateEncoder};
use inspector_report_model::Loss;
use rayon::prelude::*;
use serde::Serialize;
use serde_sarif::sarif::{
    Conversion, Invocation, Message, Notification, NotificationLevel, ReportingDescriptorReference,
    RunAutomationDetails, Tool, ToolComponent,
};

use crate::{
    context::Context,
    group::Entry,
    incomplete, limits,
    logical::LogicalLocations,
    message::Words,
    result,
    rule_id::RuleNumber,
    taxonomy,
    text::{clip, line},
};

/// Problems of the report that are told.
const PROBLEMS: usize = 100;

/// How sizes are measured. The upload action compresses at level 6 with zlib itself, which makes 5 % less of this SARIF than
/// our zlib at level 3, in almost twice the time: what fits by this measure fits there.
const LEVEL: u32 = 3;

/// What fits whatever it compresses to: as much as each of the runs of a file may have.
const SMALL: u64 = limits::BYTES_A_FILE / limits::RUNS_A_FILE as u64;

/// A run is written in memory before it is known which file it fits in. A usual one of 5,000 results has 7 MB.
const IN_MEMORY: u64 = 128 << 20;

/// Rules and results that a thread writes at a time.
const AT_A_TIME: usize = 256;

/// A run, written.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) category: String,
    /// The JSON, in pieces.
    pub(crate) json: Vec<Vec<u8>>,
    /// Its size when compressed, or more.
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
    let mut json = Pieces::default();
    let taxa: BTreeSet<u32> = rules
        .iter()
        .filter_map(|number| context.rules.get(*number))
        .flat_map(|rule| &rule.weaknesses)
        .copied()
        .collect();
    json.text("{\"tool\":{\"driver\":");
    json.open(&driver(context, &taxa))?;
    json.text(",\"rules\":[");
    json.list(&rules, |number, json| context.descriptors.write(*number, context, &taxa, json))?;
    json.text("]}},\"automationDetails\":");
    json.value(&RunAutomationDetails::builder().id(category).build())?;
    json.text(",\"conversion\":");
    json.value(&conversion(context))?;
    json.text(",\"invocations\":[");
    json.value(&invocation(context, problems))?;
    json.text("],\"language\":\"");
    json.text(context.texts.lang().code());
    json.text("\"");
    if !taxa.is_empty() {
        json.text(",\"taxonomies\":[");
        json.value(&taxonomy::taxonomy(&taxa))?;
        json.text("]");
    }
    let (mut logical, mut words) = (LogicalLocations::default(), Words::default());
    for entry in entries {
        if let Some(finding) = context.finding(entry) {
            logical.add(entry.source, finding)?;
            words.add(entry.source, finding, context.texts);
        }
    }
    if let Some(all) = logical.json() {
        json.text(",\"logicalLocations\":");
        json.piece(all);
    }
    if !must_fit && json.len() > IN_MEMORY {
        return Ok(None);
    }
    json.text(",\"results\":[");
    let results = json.list(entries, |entry, json| {
        let index = rules.binary_search(&entry.rule).unwrap_or_default();
        let Some(rule) = context.rules.get(entry.rule) else { return Ok(false) };
        let Some(result) = result::result(context, &logical, &words, entry, rule, index) else { return Ok(false) };
        serde_json::to_writer(json, &result)?;
        Ok(true)
    })?;
    json.text("]}");
    if !must_fit && json.len() > IN_MEMORY {
        return Ok(None);
    }
    let compressed = if json.len() <= SMALL { json.len() } else { json.compressed()? };
    let fits = must_fit || compressed <= limits::BYTES_A_FILE;
    Ok(fits.then(|| Run { category: category.to_owned(), json: json.pieces, compressed, results }))
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

/// JSON that is being written.
#[derive(Debug, Default)]
struct Pieces {
    pieces: Vec<Vec<u8>>,
}

impl Pieces {
    fn len(&self) -> u64 {
        self.pieces.iter().map(|piece| piece.len() as u64).sum()
    }

    fn piece(&mut self, piece: Vec<u8>) {
        self.pieces.push(piece);
    }

    /// The piece that is written on.
    fn last(&mut self) -> &mut Vec<u8> {
        if self.pieces.is_empty() {
            self.pieces.push(Vec::new());
        }
        let last = self.pieces.len() - 1;
        &mut self.pieces[last]
    }

    fn text(&mut self, text: &str) {
        self.last().extend_from_slice(text.as_bytes());
    }

    fn value(&mut self, value: &impl Serialize) -> io::Result<()> {
        Ok(serde_json::to_writer(self.last(), value)?)
    }

    /// An object without its closing brace: more members follow.
    fn open(&mut self, object: &impl Serialize) -> io::Result<()> {
        self.value(object)?;
        self.last().pop();
        Ok(())
    }

    /// The elements of an array, each in a line; gives how many there are. `write` says whether there is one.
    fn list<T: Sync>(
        &mut self,
        all: &[T],
        write: impl Fn(&T, &mut Vec<u8>) -> io::Result<bool> + Sync,
    ) -> io::Result<u64> {
        let chunk = |chunk: &[T]| -> io::Result<(Vec<u8>, u64)> {
            let (mut json, mut count) = (Vec::with_capacity(1_024 * chunk.len()), 0);
            for value in chunk {
                let before = json.len();
                json.extend_from_slice(if count > 0 { b",\n" } else { b"\n" });
                match write(value, &mut json)? {
                    true => count += 1,
                    false => json.truncate(before),
                }
            }
            Ok((json, count))
        };
        let written: io::Result<Vec<(Vec<u8>, u64)>> = all.par_chunks(AT_A_TIME).map(chunk).collect();
        let mut all = 0;
        for (json, count) in written?.into_iter().filter(|(_, count)| *count > 0) {
            if all > 0 {
                self.text(",");
            }
            self.piece(json);
            all += count;
        }
        Ok(all)
    }

    /// The size when compressed, or a little more: each piece alone, on all threads.
    fn compressed(&self) -> io::Result<u64> {
        let sizes = self.pieces.par_iter().map(|piece| {
            let mut encoder = DeflateEncoder::new(Count(0), Compression::new(LEVEL));
            encoder.write_all(piece)?;
            Ok(encoder.finish()?.0)
        });
        sizes.sum()
    }
}

/// A place to write to that counts.
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

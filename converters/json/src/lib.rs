//! Writes a findings report as JSON for other programs: the normalized model, typed, and every cell as it was written.
//!
//! `schema/findings-report-1.schema.json` (JSON Schema, draft 2020-12) is the contract. `schemaVersion` is `1.N`: a
//! reader of 1.0 can read every 1.N, which only adds fields; what would break it gets another first number.
//!
//! - `json` is one object: where the report came from, how it was read, its findings one a line, and its problems.
//! - `ndjson` is one finding a line, each an object of its own with its `schemaVersion` and `source`; problems are not
//!   in it.

mod model;
mod trend;

use std::io::{self, Write};

use inspector_report_analysis::{Priorities, Trend};
use inspector_report_format::{
    Context, ConvertError, Converter, Format, Metadata, Outputs, Settings, Summary, TrendConverter,
};
use inspector_report_model::{Change, View};

use model::{FindingModel, Head, Line, ProblemModel};
use trend::TrendModel;

/// The version of the schema.
pub const SCHEMA_VERSION: &str = "1.3";

/// The version of what a trend says: `schema/trend-1.schema.json`.
const TREND_SCHEMA_VERSION: &str = "1.1";

/// The format JSON.
#[derive(Clone, Copy, Debug)]
pub struct Json;

/// The format newline-delimited JSON.
#[derive(Clone, Copy, Debug)]
pub struct Ndjson;

/// What is known of the format.
const METADATA: Metadata =
    Metadata::new("json", "json", "JSON for other programs: the findings typed, and every cell as it was read");

impl Format for Json {
    fn metadata(&self) -> &'static Metadata {
        &METADATA
    }

    fn converter(&self, _settings: &Settings) -> Result<Box<dyn Converter>, String> {
        Ok(Box::new(Json))
    }
}

impl Converter for Json {
    fn write(&self, report: &View, context: &Context<'_>, outputs: &mut dyn Outputs) -> Result<Summary, ConvertError> {
        let mut out = outputs.create()?;
        // The object's parts are put together by hand, so that the findings are never in memory all at once.
        let head = serde_json::to_string(&Head::new(report, context.version)).map_err(io::Error::from)?;
        write!(out, "{},\n\"findings\":[", head.strip_suffix('}').unwrap_or(&head))?;
        let keys = model::keys(report);
        let priorities = Priorities::of(report);
        for (place, finding) in report.all_rows().enumerate() {
            out.write_all(if place == 0 { b"\n" } else { b",\n" })?;
            let model = FindingModel::new(finding, &keys).judged(finding, priorities);
            let model = model.compared(finding, report.comparison());
            serde_json::to_writer(&mut out, &model).map_err(io::Error::from)?;
        }
        if let Some(comparison) = report.comparison() {
            out.write_all(b"\n],\n\"gone\":[")?;
            let keys = model::keys(comparison.earlier());
            let gone = comparison.gone().map(|finding| (finding, Change::Fixed));
            let gone = gone.chain(comparison.unknown().map(|finding| (finding, Change::Unknown)));
            for (place, (finding, change)) in gone.enumerate() {
                out.write_all(if place == 0 { b"\n" } else { b",\n" })?;
                let model = FindingModel::new(finding, &keys).gone(change);
                serde_json::to_writer(&mut out, &model).map_err(io::Error::from)?;
            }
        }
        out.write_all(b"\n],\n\"problems\":[")?;
        for (place, problem) in report.problems().iter().enumerate() {
            out.write_all(if place == 0 { b"\n" } else { b",\n" })?;
            serde_json::to_writer(&mut out, &ProblemModel::new(problem)).map_err(io::Error::from)?;
        }
        out.write_all(b"\n]}\n")?;
        out.flush()?;
        Ok(Summary::new(report.len() as u64, Vec::new()))
    }

    fn trends(&self) -> Option<&dyn TrendConverter> {
        Some(self)
    }
}

impl TrendConverter for Json {
    fn write_trend(
        &self,
        trend: &Trend,
        context: &Context<'_>,
        outputs: &mut dyn Outputs,
    ) -> Result<Summary, ConvertError> {
        let mut out = outputs.create()?;
        serde_json::to_writer(&mut out, &TrendModel::new(trend, context.version)).map_err(io::Error::from)?;
        out.write_all(b"\n")?;
        out.flush()?;
        Ok(Summary::new(trend.oldest.len() as u64, Vec::new()))
    }
}

/// What is known of the format.
const NDJSON: Metadata =
    Metadata::new("ndjson", "ndjson", "JSON with one finding a line, for log and data tools").aliases(&["jsonl"]);

impl Format for Ndjson {
    fn metadata(&self) -> &'static Metadata {
        &NDJSON
    }

    fn converter(&self, _settings: &Settings) -> Result<Box<dyn Converter>, String> {
        Ok(Box::new(Ndjson))
    }
}

impl Converter for Ndjson {
    fn write(&self, report: &View, _context: &Context<'_>, outputs: &mut dyn Outputs) -> Result<Summary, ConvertError> {
        let mut out = outputs.create()?;
        let keys = model::keys(report);
        let priorities = Priorities::of(report);
        for finding in report.all_rows() {
            let model = FindingModel::new(finding, &keys).judged(finding, priorities);
            let model = model.compared(finding, report.comparison());
            let line = Line::new(report, model);
            serde_json::to_writer(&mut out, &line).map_err(io::Error::from)?;
            out.write_all(b"\n")?;
        }
        out.flush()?;
        let mut notes = match report.problems().len() {
            0 => Vec::new(),
            1 => vec!["a problem of the input is not in it; --format json has it".to_owned()],
            problems => vec![format!("{problems} problems of the input are not in it; --format json has them")],
        };
        if let Some(gone) = report
            .comparison()
            .map(|comparison| comparison.gone().len() + comparison.unknown().len())
            .filter(|gone| *gone > 0)
        {
            notes.push(format!(
                "{gone} findings of the earlier report that are gone are not in it; --format json has them"
            ));
        }
        Ok(Summary::new(report.len() as u64, notes))
    }
}

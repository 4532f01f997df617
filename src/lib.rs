//! Reads Amazon Inspector (v2) findings reports and converts them into Excel workbooks, SARIF and Markdown.
//!
//! ```
//! use inspector_report::{Filter, Lang, View, convert, core::{Settings, value::Severity}, format, read};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let report = read("fixtures/findings.csv")?;
//! let filter = Filter { severity: vec![Severity::Critical, Severity::High], ..Filter::default() };
//! let view = View::builder(report).filter(filter.describe(), |finding| filter.matches(finding)).build();
//! for finding in view.findings().take(3) {
//!     println!("{}: {} on {}", finding.severity(), finding.title(), finding.resource().name());
//! }
//!
//! let mut summary = Vec::new();
//! let markdown = format("markdown").ok_or("built without Markdown")?;
//! convert(&view, markdown, &Settings::new(), Lang::En, &mut summary)?;
//! assert!(String::from_utf8(summary)?.contains("critical"));
//! # Ok(())
//! # }
//! ```
//!
//! [`core`] has the model: [`Report`] and what it is made of, and the traits
//! [`core::Format`] and [`core::Converter`] for formats of your own.

mod formats;

use std::io::Write;

pub use bytesize::ByteSize;
pub use encoding_rs::Encoding;
pub use inspector_report_batch::{Files, Filter, Ignore, SplitBy, Stream, VERSION};

pub use formats::{FORMATS, format, settings};
pub use inspector_report_format::{ConvertError, Converter, Format, Summary};
pub use inspector_report_localizer::Lang;
pub use inspector_report_model::{Report, View};
pub use inspector_report_reader::{
    Foreign, InputLocation, LONGEST_FINDING, MOST_COLUMNS, ReadError, ReadErrorKind, ReadOptions, Source, Watch,
    may_be_report, read, read_each, safe_name,
};

/// The engine: from inputs to outputs, without a terminal.
pub use inspector_report_batch as batch;

/// The model of a report, what is computed of it, and what a format is made of.
pub mod core {
    pub use inspector_report_analysis::*;
    pub use inspector_report_document as document;
    pub use inspector_report_format::*;
    pub use inspector_report_localizer::*;
    pub use inspector_report_model::*;
}

/// Converts a view of a report into one format, and writes the output when it is complete.
///
/// `settings` are those of the format ([`core::Metadata::settings`]); what is not set is as usual.
///
/// # Errors
/// When the settings do not go together, the format cannot hold the report in one file, or the writer fails.
pub fn convert(
    view: &View,
    format: &dyn Format,
    settings: &core::Settings,
    lang: Lang,
    out: &mut dyn Write,
) -> Result<Summary, ConvertError> {
    let converter = format.converter(settings).map_err(ConvertError::Format)?;
    let watch = Watch::new();
    let mut stream = Stream::new(&watch);
    let texts = core::Localizer::new(lang).with_texts(format.metadata().texts);
    let summary = converter.write(view, &core::Context::new(&texts, VERSION), &mut stream)?;
    stream.copy_to(out)?;
    Ok(summary)
}

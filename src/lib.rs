//! Reads Amazon Inspector (v2) findings reports and converts them into Excel workbooks, SARIF and Markdown.
mod reader;
pub use inspector_report_core as core;
pub use inspector_report_core::Report;
pub use reader::{ReadError, ReadErrorKind, Watch, read, read_watched};

//! The engine: from inputs to outputs, without a terminal.
//!
//! [`convert`], [`compare`], [`trend`] and [`check`] are what the commands of those names do. Each takes a request and a
//! [`Host`]: what stops the run, and who is told of it. All outputs go through one writer, which claims names, guards what
//! is read, and gives files their names when they are complete.

mod cache;
mod check;
mod clean;
mod compare;
mod convert;
mod ending;
mod files;
mod filter;
mod host;
mod ignore;
mod inputs;
mod job;
mod memory;
mod messages;
mod names;
mod output;
mod own;
mod plan;
mod policy;
mod pool;
mod record;
mod request;
mod series;
mod spec;
mod split_by;
mod trend;
mod watch;
mod writer;

pub use check::check;
pub use clean::clean;
pub use compare::{CompareOptions, compare};
pub use convert::convert;
pub use ending::Ending;
pub use files::{Committed, Files, Stream, first_line, remove_temporary, standing, write_file};
pub use filter::Filter;
pub use host::{Events, Host, Shown, Silent};
pub use ignore::Ignore;
pub use messages::Verbosity;
pub use names::Template;
pub use output::{MemoryFolder, OutputLocation};
pub use own::Own;
pub use plan::{ConvertOptions, Destination, Plan, Step};
pub use policy::{Judging, JudgingOptions};
pub use record::FailOn;
pub use request::{Request, Selection};
pub use split_by::SplitBy;
pub use trend::{TrendOptions, trend};

pub(crate) use inspector_report_format::{ConvertError, Converter, Format, Summary};
pub(crate) use inspector_report_model::{Report, View};
pub(crate) use inspector_report_reader::{
    InputLocation, ReadError, ReadErrorKind, ReadOptions, Source, Watch, may_be_report, read_each, safe_name,
};

/// The model, and what is computed of it.
pub(crate) mod core {
    pub(crate) use inspector_report_analysis::*;
    pub(crate) use inspector_report_format::*;
    pub(crate) use inspector_report_localizer::*;
    pub(crate) use inspector_report_model::*;
}

/// The version of this program, as outputs state it.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

//! What a summary says, for every format that shows one.

mod cell;
mod document;
mod options;
mod tables;
mod trend;

pub(crate) use cell::LONGEST;
pub use cell::{Block, Cell, Document, Head, Plot, PlotKind, PlotSeries, Row, Section, Table};
pub(crate) use document::vulnerability;
pub use document::{findings, judged_by, thinned};
pub use options::{DOCUMENT_SETTINGS, DocumentOptions, GroupBy};
pub use tables::{Detail, Tables};

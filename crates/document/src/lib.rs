//! What a summary says, for every format that shows one.

mod cell;
mod document;
mod options;
mod trend;

pub use cell::{Block, Cell, Document, Plot, PlotKind, PlotSeries, Row, Section, Table};
pub(crate) use document::{LONGEST, vulnerability};
pub use document::{findings, thinned};
pub use options::{DOCUMENT_SETTINGS, DocumentOptions, GroupBy};

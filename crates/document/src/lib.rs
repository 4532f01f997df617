//! What a summary says, for every format that shows one.

mod cell;
mod document;
mod trend;

pub use cell::{Block, Cell, Document, Plot, PlotKind, PlotSeries, Row, Section, Table};
pub use document::{DOCUMENT_SETTINGS, GroupBy, findings, thinned};
pub(crate) use document::{LONGEST, ROWS, TOP, vulnerability};

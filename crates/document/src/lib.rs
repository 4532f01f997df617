//! What a summary says, for every format that shows one.

mod document;
mod trend;

pub use document::{
    Block, Cell, DOCUMENT_SETTINGS, Document, GroupBy, Plot, PlotKind, PlotSeries, Row, Section, Table, findings,
    thinned,
};
pub(crate) use document::{LONGEST, ROWS, TOP, vulnerability};

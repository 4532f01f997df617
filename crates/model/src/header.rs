//! The header of an input, understood: which of Inspector's columns stands where.

use std::{collections::HashSet, sync::Arc};

use crate::column::{Column, Part};

/// A column of a report: its heading as the input has it, and which of Inspector's columns it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportColumn {
    /// The heading, as written.
    pub heading: Arc<str>,
    /// Inspector's column, unless the heading is none of Inspector's (or the second of its name).
    pub column: Option<Column>,
    pub(crate) cells: Cells,
}

/// Where the cells of a column are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cells {
    /// With those of Inspector's columns.
    Inspector(Column),
    /// Among those that are not Inspector's, at this place from 0.
    Other(usize),
    /// The input does not have the column: it has the account ids that were repaired, as they were written.
    AccountAsWritten,
    /// The input does not have the column: it says which findings are accepted, and why.
    Accepted,
}

impl ReportColumn {
    /// A column that the input does not have.
    pub(crate) fn added(heading: &str, cells: Cells) -> ReportColumn {
        ReportColumn { heading: heading.into(), column: None, cells }
    }

    /// Whether the input has the column; the others say what became of its cells.
    pub(crate) fn is_written(&self) -> bool {
        matches!(self.cells, Cells::Inspector(_) | Cells::Other(_))
    }
}

/// The header of an input, understood: which column goes where. Shared by all builders of one report.
#[derive(Debug)]
pub struct Header {
    pub(crate) columns: Vec<ReportColumn>,
    pub(crate) parts: [Vec<Option<usize>>; 4],
    pub(crate) extras: Vec<usize>,
    pub(crate) arn: Option<usize>,
    pub(crate) own: Vec<Option<usize>>,
    pub(crate) account: Option<usize>,
    pub(crate) resource_id: Option<usize>,
}

/// The parts that are kept as tuples, in the order of [`Header::parts`].
pub(crate) const TUPLE_PARTS: [Part; 4] = [Part::Vulnerability, Part::Resource, Part::Packages, Part::Assessment];

/// The place of resources among them.
pub(crate) const RESOURCE: usize = 1;

impl Header {
    /// Understands the headings of an input. Of two columns with the same heading the first is Inspector's.
    pub fn new<'a>(headings: impl IntoIterator<Item = &'a str>) -> Header {
        let mut columns: Vec<ReportColumn> = Vec::new();
        let mut extras = Vec::new();
        let mut known = HashSet::new();
        for (place, heading) in headings.into_iter().enumerate() {
            let column = Column::from_heading(heading).filter(|found| known.insert(*found));
            let cells = column.map_or(Cells::Other(extras.len()), Cells::Inspector);
            columns.push(ReportColumn { heading: heading.into(), column, cells });
            if column.is_none() {
                extras.push(place);
            }
        }
        let place = |column: Column| columns.iter().position(|c| c.column == Some(column));
        let places = |part: Part| part.columns().map(place).collect::<Vec<_>>();
        // Columns behind the last one that is there need no blank cell in every tuple.
        let present = |part: Part| {
            let mut places = places(part);
            places.truncate(places.iter().rposition(Option::is_some).map_or(0, |last| last + 1));
            places
        };
        Header {
            parts: TUPLE_PARTS.map(present),
            own: places(Part::Own),
            arn: place(Column::FindingArn),
            account: place(Column::AwsAccountId),
            resource_id: place(Column::ResourceId),
            extras,
            columns,
        }
    }

    /// How many fields a row must have.
    pub fn len(&self) -> usize {
        self.columns.len()
    }

    /// Whether there are no columns.
    pub fn is_empty(&self) -> bool {
        self.columns.is_empty()
    }

    /// The columns, in the input's order.
    pub fn columns(&self) -> &[ReportColumn] {
        &self.columns
    }
}

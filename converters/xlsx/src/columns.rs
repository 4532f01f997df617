//! The columns of a list, each declared once: its heading, its width, its kind, and what its cells hold.

use inspector_report_localizer::Localizer;
use inspector_report_model::{
    TriageEntry, TriageField,
    jiff::{Timestamp, civil::Date},
};
use rust_xlsxwriter::{Workbook, Worksheet, XlsxError};

use crate::{
    layout,
    table::{Sheet, Table, TableColumn},
    triage,
};

/// Writes the cell of a row.
type Write<'a, T> = Box<dyn Fn(&mut Table<'_>, &T) -> Result<(), XlsxError> + 'a>;

/// The columns of a list whose rows are made of `T`s. Widths are in characters; a key is that of the heading's text.
pub(crate) struct Columns<'a, T> {
    texts: &'a Localizer,
    columns: Vec<TableColumn>,
    cells: Vec<Write<'a, T>>,
}

impl<'a, T> Columns<'a, T> {
    pub(crate) fn new(texts: &'a Localizer) -> Self {
        Columns { texts, columns: Vec::new(), cells: Vec::new() }
    }

    /// A column of any kind, with its own heading.
    pub(crate) fn cells(
        mut self,
        heading: String,
        width: f64,
        is_figure: bool,
        write: impl Fn(&mut Table<'_>, &T) -> Result<(), XlsxError> + 'a,
    ) -> Self {
        self.columns.push(TableColumn { heading, width, is_figure, triage: None });
        self.cells.push(Box::new(write));
        self
    }

    fn figures(self, key: &str, width: f64, write: impl Fn(&mut Table<'_>, &T) -> Result<(), XlsxError> + 'a) -> Self {
        let heading = self.texts.get(key);
        self.cells(heading, width, true, write)
    }

    fn words(self, key: &str, width: f64, write: impl Fn(&mut Table<'_>, &T) -> Result<(), XlsxError> + 'a) -> Self {
        let heading = self.texts.get(key);
        self.cells(heading, width, false, write)
    }

    /// Texts.
    pub(crate) fn text<S: AsRef<str>>(self, key: &str, width: f64, text: impl Fn(&T) -> S + 'a) -> Self {
        self.words(key, width, move |table, row| table.text(text(row).as_ref()))
    }

    /// Texts of our own, in as many lines as they need.
    pub(crate) fn wrapped<S: AsRef<str>>(self, key: &str, width: f64, text: impl Fn(&T) -> S + 'a) -> Self {
        self.words(key, width, move |table, row| table.wrapped(text(row).as_ref()))
    }

    /// Texts that lead to pages.
    pub(crate) fn link<S: AsRef<str>, A: AsRef<str>>(
        self,
        key: &str,
        width: f64,
        text: impl Fn(&T) -> (S, Option<A>) + 'a,
    ) -> Self {
        self.words(key, width, move |table, row| {
            let (text, address) = text(row);
            table.link(text.as_ref(), address.as_ref().map(AsRef::as_ref))
        })
    }

    /// Severities, by rank; as wide as their names are in the language.
    pub(crate) fn severity(self, key: &str, rank: impl Fn(&T) -> usize + 'a) -> Self {
        let width = layout::severity_width(self.texts);
        self.words(key, width, move |table, row| table.severity(rank(row)))
    }

    /// Counts.
    pub(crate) fn count(self, key: &str, width: f64, count: impl Fn(&T) -> u64 + 'a) -> Self {
        self.figures(key, width, move |table, row| table.count(count(row)))
    }

    /// Counts below a heading that is no text of ours.
    pub(crate) fn count_named(self, heading: String, width: f64, count: impl Fn(&T) -> u64 + 'a) -> Self {
        self.cells(heading, width, true, move |table, row| table.count(count(row)))
    }

    /// Numbers.
    pub(crate) fn number(self, key: &str, width: f64, number: impl Fn(&T) -> Option<f64> + 'a) -> Self {
        self.figures(key, width, move |table, row| table.number(number(row)))
    }

    /// Days with a decimal.
    pub(crate) fn days(self, key: &str, width: f64, days: impl Fn(&T) -> Option<f64> + 'a) -> Self {
        self.figures(key, width, move |table, row| table.days(days(row)))
    }

    /// The days of points in time.
    pub(crate) fn date(self, key: &str, width: f64, time: impl Fn(&T) -> Option<Timestamp> + 'a) -> Self {
        self.figures(key, width, move |table, row| table.date(time(row)))
    }

    /// Points in time.
    pub(crate) fn date_time(self, key: &str, width: f64, time: impl Fn(&T) -> Option<Timestamp> + 'a) -> Self {
        self.figures(key, width, move |table, row| table.date_time(time(row)))
    }

    /// Days of the calendar.
    pub(crate) fn day(self, key: &str, width: f64, day: impl Fn(&T) -> Option<Date> + 'a) -> Self {
        self.figures(key, width, move |table, row| match day(row) {
            Some(day) => table.day(day),
            None => table.date(None),
        })
    }

    /// What people filled in: to be read, or to be filled in.
    pub(crate) fn filled(mut self, is_to_fill_in: bool, entry: impl Fn(&T) -> Option<&'a TriageEntry> + 'a) -> Self {
        for field in TriageField::ALL {
            let (heading, width) = (self.texts.get(field.key()), triage::width(field));
            let triage = is_to_fill_in.then_some(field);
            self.columns.push(TableColumn { heading, width, is_figure: false, triage });
        }
        self.cells.push(Box::new(move |table, row| table.filled(entry(row))));
        self
    }

    /// The same with more columns, if they are wanted.
    pub(crate) fn when(self, is_wanted: bool, more: impl FnOnce(Self) -> Self) -> Self {
        if is_wanted { more(self) } else { self }
    }

    /// Writes a list of these rows, which may be many; its data get the name `range` in the workbook.
    pub(crate) fn write(
        self,
        workbook: &mut Workbook,
        sheet: Sheet<'_>,
        range: &str,
        rows: impl Iterator<Item = T>,
    ) -> Result<Worksheet, XlsxError> {
        let worksheet = workbook.new_worksheet_with_low_memory()?;
        self.write_on(worksheet, workbook, sheet, range, rows)
    }

    /// The same on a worksheet of its own.
    pub(crate) fn write_on(
        self,
        worksheet: Worksheet,
        workbook: &mut Workbook,
        sheet: Sheet<'_>,
        range: &str,
        rows: impl Iterator<Item = T>,
    ) -> Result<Worksheet, XlsxError> {
        let Columns { columns, cells, .. } = self;
        let mut table = Table::new(worksheet, sheet, columns)?;
        for row in rows {
            for write in &cells {
                write(&mut table, &row)?;
            }
            table.next_row()?;
        }
        table.finish(workbook, range)
    }
}

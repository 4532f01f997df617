//! What the sheets of lists share: headings, one row after another, a filter, how they print.

use inspector_report_localizer::{Args, Localizer};
use inspector_report_model::{
    TriageEntry, TriageField,
    jiff::{Timestamp, civil::Date, tz::TimeZone},
};
use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};

use crate::{
    cell::{Cut, Cuts, fit_written, write_text},
    format::Formats,
    layout,
    link::Links,
    serial::serial,
    triage::{self, Filled},
};

/// A column of a list.
pub(crate) struct TableColumn {
    pub(crate) heading: String,
    /// In characters.
    pub(crate) width: f64,
    /// Counts, numbers and dates stand at the right, and so does their heading.
    pub(crate) is_figure: bool,
    /// For people to fill in.
    pub(crate) triage: Option<TriageField>,
}

/// What a list is to be.
pub(crate) struct Sheet<'a> {
    pub(crate) name: String,
    /// How many of its first columns stay in sight.
    pub(crate) frozen: u16,
    pub(crate) texts: &'a Localizer,
    pub(crate) formats: &'a Formats,
    pub(crate) cuts: &'a mut Cuts,
}

/// A sheet that is a list.
pub(crate) struct Table<'a> {
    sheet: Worksheet,
    name: String,
    columns: Vec<TableColumn>,
    /// How many columns stay in sight.
    frozen: u16,
    row: u32,
    column: u16,
    /// The most lines that a cell of the row needs.
    lines: u32,
    links: Links,
    texts: &'a Localizer,
    formats: &'a Formats,
    cuts: &'a mut Cuts,
}

impl<'a> Table<'a> {
    pub(crate) fn new(mut sheet: Worksheet, of: Sheet<'a>, columns: Vec<TableColumn>) -> Result<Table<'a>, XlsxError> {
        let Sheet { name, frozen, texts, formats, cuts } = of;
        sheet.set_name(&name)?;
        sheet.set_zoom(90);
        let lines =
            columns.iter().map(|column| layout::wrapped_lines(&column.heading, column.width)).max().unwrap_or(1);
        sheet.set_row_height(0, f64::from(lines.max(2)) * layout::row_height(texts) + 2.0)?;
        for (place, column) in columns.iter().enumerate() {
            sheet.set_column_width(place as u16, column.width)?;
            let format = match column.triage {
                Some(_) => &formats.header_triage,
                None if column.is_figure => &formats.header_right,
                None => &formats.header_indented,
            };
            write_text(&mut sheet, 0, place as u16, &column.heading, format)?;
        }
        sheet.set_freeze_panes(1, frozen)?;
        Ok(Table {
            sheet,
            name,
            columns,
            frozen,
            row: 1,
            column: 0,
            lines: 1,
            links: Links::default(),
            texts,
            formats,
            cuts,
        })
    }

    /// Ends a row.
    pub(crate) fn next_row(&mut self) -> Result<(), XlsxError> {
        if self.lines > 1 {
            self.sheet.set_row_height(self.row, f64::from(self.lines) * layout::row_height(self.texts))?;
        }
        self.row += 1;
        self.column = 0;
        self.lines = 1;
        Ok(())
    }

    fn advance(&mut self) -> u16 {
        self.column += 1;
        self.column - 1
    }

    fn fitting<'t>(&mut self, column: u16, text: &'t str) -> std::borrow::Cow<'t, str> {
        let (fitting, cut) = fit_written(text);
        if cut {
            let heading = self.columns.get(usize::from(column)).map_or_else(String::new, |c| c.heading.clone());
            let (sheet, row, length) = (self.name.clone(), self.row, text.chars().count());
            self.cuts.add(|| Cut { sheet, row, heading, length });
        }
        fitting
    }

    /// A text from the report.
    pub(crate) fn text(&mut self, text: &str) -> Result<(), XlsxError> {
        let column = self.advance();
        let fitting = self.fitting(column, text);
        write_text(&mut self.sheet, self.row, column, &fitting, &self.formats.listed)
    }

    /// A text of our own, in as many lines as it needs.
    pub(crate) fn wrapped(&mut self, text: &str) -> Result<(), XlsxError> {
        let column = self.advance();
        let fitting = self.fitting(column, text);
        let width = self.columns.get(usize::from(column)).map_or(1.0, |column| column.width);
        self.lines = self.lines.max(layout::lines(text, width));
        write_text(&mut self.sheet, self.row, column, &fitting, &self.formats.wrapped)
    }

    /// A text that leads to a page, if `address` is one of the web.
    pub(crate) fn link(&mut self, text: &str, address: Option<&str>) -> Result<(), XlsxError> {
        if let Some(address) = address.filter(|_| !text.is_empty()) {
            let (place, fitting) = ((self.row, self.column), fit_written(text).0);
            if self.links.write(&mut self.sheet, place, &fitting, address.trim(), &self.formats.link)? {
                let column = self.advance();
                // A text that was cut is counted.
                self.fitting(column, text);
                return Ok(());
            }
        }
        self.text(text)
    }

    /// A count.
    pub(crate) fn count(&mut self, number: u64) -> Result<(), XlsxError> {
        let column = self.advance();
        self.sheet.write_number_with_format(self.row, column, number as f64, &self.formats.count)?;
        Ok(())
    }

    /// A number, or nothing.
    pub(crate) fn number(&mut self, number: Option<f64>) -> Result<(), XlsxError> {
        let column = self.advance();
        if let Some(number) = number {
            self.sheet.write_number_with_format(self.row, column, number, &self.formats.number)?;
        }
        Ok(())
    }

    /// A day, or nothing.
    pub(crate) fn date(&mut self, time: Option<Timestamp>) -> Result<(), XlsxError> {
        let column = self.advance();
        if let Some(serial) = time.and_then(|time| serial(time, self.texts.zone().0)) {
            self.sheet.write_number_with_format(self.row, column, serial, &self.formats.date)?;
        }
        Ok(())
    }

    /// A day of the calendar.
    pub(crate) fn day(&mut self, day: Date) -> Result<(), XlsxError> {
        self.of_calendar(day, |formats| &formats.date)
    }

    /// A month, by its first day.
    pub(crate) fn month(&mut self, first_day: Date) -> Result<(), XlsxError> {
        self.of_calendar(first_day, |formats| &formats.month)
    }

    fn of_calendar(&mut self, day: Date, format: fn(&Formats) -> &Format) -> Result<(), XlsxError> {
        let column = self.advance();
        let time = TimeZone::UTC.to_timestamp(day.at(0, 0, 0, 0)).ok();
        if let Some(serial) = time.and_then(|time| serial(time, &TimeZone::UTC)) {
            self.sheet.write_number_with_format(self.row, column, serial, format(self.formats))?;
        }
        Ok(())
    }

    /// A point in time, or nothing.
    pub(crate) fn date_time(&mut self, time: Option<Timestamp>) -> Result<(), XlsxError> {
        let column = self.advance();
        if let Some(serial) = time.and_then(|time| serial(time, self.texts.zone().0)) {
            self.sheet.write_number_with_format(self.row, column, serial, &self.formats.listed_time)?;
        }
        Ok(())
    }

    /// Days with a decimal, or nothing.
    pub(crate) fn days(&mut self, days: Option<f64>) -> Result<(), XlsxError> {
        let column = self.advance();
        match days {
            Some(days) => self.sheet.write_number_with_format(self.row, column, days, &self.formats.days)?,
            None => self.sheet.write_blank(self.row, column, &self.formats.days)?,
        };
        Ok(())
    }

    /// A severity, by rank.
    pub(crate) fn severity(&mut self, rank: usize) -> Result<(), XlsxError> {
        let column = self.advance();
        let name = self.texts.severity_rank(rank);
        write_text(&mut self.sheet, self.row, column, &name, self.formats.severity(rank))
    }

    /// What was filled in before, in the columns to fill in.
    pub(crate) fn filled(&mut self, entry: Option<&TriageEntry>) -> Result<(), XlsxError> {
        for field in TriageField::ALL {
            let column = self.advance();
            let format = self.formats.triage(field);
            match Filled::new(entry, field, self.texts) {
                Filled::Blank => {}
                Filled::Day(day) => {
                    self.sheet.write_number_with_format(self.row, column, day, format)?;
                }
                Filled::Text(text) => {
                    let fitting = self.fitting(column, &text);
                    write_text(&mut self.sheet, self.row, column, &fitting, format)?;
                }
            }
        }
        Ok(())
    }

    /// The sheet, finished; its data get a name in the workbook, which formulas and pivots can use.
    pub(crate) fn finish(mut self, workbook: &mut Workbook, range: &str) -> Result<Worksheet, XlsxError> {
        let (last_row, last_column) = (self.row.saturating_sub(1), self.columns.len().saturating_sub(1) as u16);
        for (at, column) in (0..).zip(&self.columns) {
            let Some(field) = column.triage else { continue };
            self.sheet.set_column_format(at, self.formats.triage(field))?;
            triage::prepare(field, &mut self.sheet, at, last_row, self.texts)?;
        }
        self.sheet.autofilter(0, 0, last_row, last_column)?;
        layout::print(&mut self.sheet, Some(0))?;
        // Without it a long text of the last column would run on over the page.
        self.sheet.set_print_area(0, 0, last_row, last_column)?;
        layout::print_columns(&mut self.sheet, self.columns.iter().map(|column| column.width), self.frozen)?;
        define_range(workbook, range, &self.name, last_row, last_column)?;
        self.cuts.unlinked += self.links.left;
        Ok(self.sheet)
    }
}

/// Names the range of a sheet's data with its headings.
pub(crate) fn define_range(
    workbook: &mut Workbook,
    range: &str,
    sheet: &str,
    last_row: u32,
    last_column: u16,
) -> Result<(), XlsxError> {
    let column = rust_xlsxwriter::utility::column_number_to_name(last_column);
    let sheet = sheet.replace('\'', "''");
    workbook.define_name(range, &format!("='{sheet}'!$A$1:${column}${}", last_row + 1))?;
    Ok(())
}

/// Names in one cell: all of them, unless the cell would be too long to read or to hold; then the first, and how many
/// more there are.
pub(crate) fn names<T: AsRef<str>>(names: impl IntoIterator<Item = T>, texts: &Localizer) -> String {
    const ROOM: usize = 30_000;
    let mut joined = String::new();
    let mut names = names.into_iter();
    while let Some(name) = names.next() {
        let name = name.as_ref();
        if joined.len() + name.len() > ROOM {
            let more = 1 + names.count() as u64;
            let more = Args::new().count("more", more);
            joined.push_str(&format!("; {}", texts.format("xlsx-names-more", &more)));
            break;
        }
        if !joined.is_empty() {
            joined.push_str(", ");
        }
        joined.push_str(name);
    }
    joined
}

#[cfg(test)]
mod tests {
    use inspector_report_localizer::Lang;

    use super::*;

    #[test]
    fn names_that_do_not_fit_are_counted() {
        let texts = crate::localizer(Lang::En);
        let all = |count: usize| names((0..count).map(|i| format!("resource-{i:04}")), &texts);
        assert_eq!(all(2), "resource-0000, resource-0001");
        let many = all(10_000);
        let shown = many.matches("resource-").count();
        assert!(
            many.len() < 31_000 && many.ends_with(&format!("; and {} more", texts.number(10_000 - shown as u64))),
            "{}",
            &many[many.len() - 60..]
        );
    }
}

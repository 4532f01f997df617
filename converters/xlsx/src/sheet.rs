//! The large sheets: one row for each finding of a severity, with every column of the input.

use std::borrow::Cow;

use inspector_report_core::{
    Column, Finding, Kind, Lang, Report, ReportColumn, Texts,
    jiff::Timestamp,
    value::{self, Severity},
};
use rust_xlsxwriter::{Format, Worksheet, XlsxError};

use crate::{
    cell::{Cut, Cuts, fit, write_plain, write_text},
    format::{self, Formats},
    layout::{self, Order, Slot},
    link::Links,
};

/// The most findings on a sheet: 1,048,576 rows (Microsoft, "Excel specifications and limits") less the header.
const MOST_FINDINGS: usize = 1_048_575;

/// Digits that a number of Excel keeps (the same source).
const MOST_DIGITS: usize = 15;

/// A sheet to be written.
pub(crate) struct Sheet {
    /// The severity of its findings, by rank.
    pub(crate) rank: usize,
    /// Of the sheets of this severity, from 0.
    pub(crate) part: usize,
    /// Its name: the severity, with a number behind it where one sheet is not enough.
    pub(crate) name: String,
    /// The places of its findings in the report.
    pub(crate) rows: Vec<u32>,
}

/// What all sheets of findings have in common.
#[derive(Clone, Copy)]
pub(crate) struct Context<'a> {
    pub(crate) report: &'a Report,
    pub(crate) order: &'a Order,
    pub(crate) texts: &'a Texts,
    pub(crate) formats: &'a Formats,
}

impl Sheet {
    /// The name of the range of its findings, the same in every language: `Findings_High`, `Findings_High_2`.
    pub(crate) fn range(&self) -> String {
        let severity = Severity::KNOWN.get(self.rank).map_or("Other", |severity| severity.as_str());
        let (first, rest) = severity.split_at(1);
        let number = if self.part > 0 { format!("_{}", self.part + 1) } else { String::new() };
        format!("Findings_{first}{}{number}", rest.to_lowercase())
    }
}

/// The sheets that the findings need, the worst severity first.
pub(crate) fn plan(report: &Report, texts: &Texts) -> Vec<Sheet> {
    plan_with(report, texts, MOST_FINDINGS)
}

fn plan_with(report: &Report, texts: &Texts, most: usize) -> Vec<Sheet> {
    let mut by_rank: Vec<Vec<u32>> = vec![Vec::new(); Severity::KNOWN.len() + 1];
    for finding in report.findings() {
        by_rank[finding.severity().rank()].push(finding.row() as u32);
    }
    let mut sheets = Vec::new();
    for (rank, rows) in by_rank.into_iter().enumerate() {
        let name = texts.severity_rank(rank);
        for (part, rows) in rows.chunks(most).enumerate() {
            let name = if part == 0 { name.clone() } else { format!("{name} ({})", part + 1) };
            sheets.push(Sheet { rank, part, name, rows: rows.to_vec() });
        }
    }
    sheets
}

/// A sheet that was written.
pub(crate) struct Written {
    pub(crate) sheet: Worksheet,
    /// How many addresses stayed text, since a sheet holds no more links.
    pub(crate) unlinked: u64,
}

/// Writes a sheet.
pub(crate) fn write(
    mut sheet: Worksheet,
    plan: &Sheet,
    context: Context<'_>,
    cuts: &mut Cuts,
) -> Result<Written, XlsxError> {
    let Context { report, order, texts, formats } = context;
    sheet.set_name(&plan.name)?;
    sheet.set_tab_color(format::fill(plan.rank));
    sheet.set_zoom(90);
    // One line a row: long text stays whole in its cell and does not push the next finding off the screen.
    sheet.set_default_row_height(layout::row_height(texts));
    let columns = report.columns();
    let last_column = u16::try_from(order.slots.len().saturating_sub(1)).map_err(|_| XlsxError::RowColumnLimitError)?;
    sheet.set_row_height(0, 32)?;
    for (at, slot) in order.slots.iter().enumerate() {
        let at = at as u16;
        sheet.set_column_width(at, slot.width(columns))?;
        match slot {
            Slot::Input(place) => {
                let column = &columns[*place];
                sheet.set_column_format(at, column_format(column, formats))?;
                write_text(&mut sheet, 0, at, &fit(&heading(column, texts)).0, &formats.header)?;
            }
            Slot::Triage(triage) => {
                sheet.set_column_format(at, formats.triage(*triage))?;
                write_text(&mut sheet, 0, at, &texts.get(triage.heading().0), &formats.header_triage)?;
                triage.prepare(&mut sheet, at, plan.rows.len() as u32, texts)?;
            }
        }
    }
    if order.shown > 0 && order.shown <= usize::from(last_column) {
        sheet.group_columns_collapsed(order.shown as u16, last_column)?;
    }
    let mut writer = RowWriter { sheet: &mut sheet, plan, context, cuts, links: Links::default() };
    for (row, finding) in plan.rows.iter().enumerate() {
        if let Some(finding) = report.finding(*finding as usize) {
            writer.write(row as u32 + 1, finding)?;
        }
    }
    let unlinked = writer.links.left;
    sheet.set_freeze_panes(1, layout::FROZEN.min(order.shown as u16))?;
    sheet.autofilter(0, 0, plan.rows.len() as u32, last_column)?;
    layout::print(&mut sheet, Some(0))?;
    // What people read; the technical rest and the descriptions would make it many pages.
    if let Some(last) = order.printed.checked_sub(1) {
        sheet.set_print_area(0, 0, plan.rows.len() as u32, last as u16)?;
        let widths = order.slots[..order.printed].iter().map(|slot| slot.width(columns));
        layout::print_columns(&mut sheet, widths, layout::FROZEN)?;
    }
    Ok(Written { sheet, unlinked })
}

/// The heading of a column: in the language of the workbook, and for times with the zone that they are told in, since
/// a cell of Excel has none. The reader of workbooks understands it.
fn heading(column: &ReportColumn, texts: &Texts) -> String {
    let name = match (texts.lang(), column.column) {
        (Lang::En, _) | (_, None) => column.heading.to_string(),
        (_, Some(known)) => texts.column(known),
    };
    match column.column.map(Column::kind) {
        Some(Kind::Timestamp) => format!("{name} ({})", texts.zone().1),
        _ => name,
    }
}

struct RowWriter<'a> {
    sheet: &'a mut Worksheet,
    plan: &'a Sheet,
    context: Context<'a>,
    cuts: &'a mut Cuts,
    links: Links,
}

impl RowWriter<'_> {
    fn write(&mut self, row: u32, finding: Finding<'_>) -> Result<(), XlsxError> {
        let Context { report, order, texts, formats } = self.context;
        for (at, slot) in order.slots.iter().enumerate() {
            let Slot::Input(place) = *slot else { continue };
            let (at, column) = (at as u16, &report.columns()[place]);
            let kind = column.column.map_or(Kind::Text, Column::kind);
            if kind == Kind::Timestamp
                && let Some(serial) = column.column.and_then(|c| finding.timestamp(c)).and_then(|t| serial(t, texts))
            {
                self.sheet.write_number(row, at, serial)?;
                continue;
            }
            let text = finding.cell(place);
            if text.is_empty() {
                continue;
            }
            if kind == Kind::Number
                && let Some(number) = exact_number(&text)
            {
                self.sheet.write_number(row, at, number)?;
                continue;
            }
            let (fitting, cut) = fit(&text);
            if cut {
                let (sheet, heading) = (&self.plan.name, &column.heading);
                let cut =
                    || Cut { sheet: sheet.clone(), row, heading: heading.to_string(), length: text.chars().count() };
                self.cuts.add(cut);
            }
            let page = match column.column {
                Some(Column::VulnerabilityId) => finding.vulnerability().and_then(|vulnerability| vulnerability.page()),
                Some(Column::VendorAdvisory) => Some(Cow::Borrowed(fitting.as_ref())),
                _ => None,
            };
            if let Some(page) = page
                && self.links.write(self.sheet, (row, at), &fitting, &page, &formats.link_plain)?
            {
                continue;
            }
            match column.column {
                Some(Column::Severity) => {
                    write_text(self.sheet, row, at, &fitting, formats.severity(self.plan.rank))?;
                }
                _ if value::starts_like_a_formula(&fitting) => {
                    write_text(self.sheet, row, at, &fitting, &formats.quoted)?;
                }
                _ if kind == Kind::Text => write_plain(self.sheet, row, at, &fitting, &formats.text)?,
                _ => write_text(self.sheet, row, at, &fitting, &formats.text)?,
            }
        }
        Ok(())
    }
}

/// The format that nearly all cells of a column have. None that shows in an empty cell: it is that of the whole column,
/// below the last finding too.
fn column_format<'a>(column: &ReportColumn, formats: &'a Formats) -> &'a Format {
    match column.column.map_or(Kind::Text, Column::kind) {
        Kind::Text => &formats.text,
        Kind::Number => &formats.number,
        Kind::Timestamp => &formats.date_time,
    }
}

/// A number that Excel keeps to the last digit.
fn exact_number(text: &str) -> Option<f64> {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    if digits > MOST_DIGITS { None } else { value::number(text) }
}

/// A point in time as Excel counts: days since the end of 1899, in the zone of the report. Before March 1900 Excel's
/// calendar is off by a day, and such a time stays text.
pub(crate) fn serial(timestamp: Timestamp, texts: &Texts) -> Option<f64> {
    const FIRST: f64 = 61.0;
    const END: f64 = 2_958_466.0;
    const UNIX_EPOCH: f64 = 25_569.0;
    const DAY: f64 = 86_400_000.0;
    let offset = texts.zone().0.to_offset(timestamp).seconds();
    let serial = (timestamp.as_millisecond() as f64 + f64::from(offset) * 1000.0) / DAY + UNIX_EPOCH;
    (FIRST..END).contains(&serial).then_some(serial)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_severity_that_does_not_fit_goes_on_on_another_sheet() {
        let rows = ["HIGH", "LOW", "HIGH", "high", "SEVERE"].map(|severity| [severity]);
        let report = Report::from_rows("made", &["Severity"], rows);
        let sheets = plan_with(&report, &Texts::new(Lang::En), 2);
        let seen: Vec<(&str, &[u32])> =
            sheets.iter().map(|sheet| (sheet.name.as_str(), sheet.rows.as_slice())).collect();
        assert_eq!(seen, [("High", &[0, 2][..]), ("High (2)", &[3]), ("Low", &[1]), ("Other", &[4])]);
    }

    #[test]
    fn a_number_is_a_number_only_if_no_digit_is_lost() {
        assert_eq!(
            [exact_number("7.5"), exact_number("0.00042"), exact_number("120")],
            [Some(7.5), Some(0.00042), Some(120.0)]
        );
        assert_eq!([exact_number("1234567890123456"), exact_number("n/a"), exact_number("1e400")], [None; 3]);
    }

    #[test]
    fn times_are_told_in_the_zone_of_the_report() {
        let time = "2024-02-02T16:30:00Z".parse().unwrap();
        // 2024-02-02 is day 45324 of Excel.
        assert_eq!(serial(time, &Texts::new(Lang::En)), Some(45_324.0 + 16.5 / 24.0));
        assert_eq!(serial(time, &Texts::new(Lang::Ja)), Some(45_325.0 + 1.5 / 24.0));
        assert_eq!(serial("1899-12-31T00:00:00Z".parse().unwrap(), &Texts::new(Lang::En)), None);
    }
}

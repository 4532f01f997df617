//! The large sheets: one row for each finding of a severity, with every column of the input.

use inspector_report_analysis::order::sort_worst_first;
use inspector_report_localizer::{DerivedColumn, Lang, Localizer};
use inspector_report_model::{Column, Kind, ReportColumn, TriageField, View, value::Severity};
use rayon::prelude::*;
use rust_xlsxwriter::{Format, Worksheet, XlsxError};

use crate::{
    cell::{fit_written, write_text},
    format::{self, Formats},
    layout::{self, Order, Slot},
    options::Sort,
    triage,
};

/// The most findings on a sheet: 1,048,576 rows (Microsoft, "Excel specifications and limits") less the header.
const MOST_FINDINGS: usize = 1_048_575;

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
    pub(crate) report: &'a View,
    pub(crate) order: &'a Order,
    pub(crate) texts: &'a Localizer,
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
pub(crate) fn plan(report: &View, texts: &Localizer, sort: Sort) -> Vec<Sheet> {
    plan_with(report, texts, sort, MOST_FINDINGS)
}

fn plan_with(report: &View, texts: &Localizer, sort: Sort, most: usize) -> Vec<Sheet> {
    let mut by_rank: Vec<Vec<u32>> = vec![Vec::new(); Severity::KNOWN.len() + 1];
    for finding in report.findings() {
        by_rank[finding.severity().rank()].push(finding.row() as u32);
    }
    if sort == Sort::Priority {
        by_rank.par_iter_mut().for_each(|rows| {
            let findings = rows.iter().filter_map(|row| Some((report.finding(*row as usize)?, *row)));
            let mut findings: Vec<_> = findings.collect();
            sort_worst_first(&mut findings);
            *rows = findings.into_iter().map(|(_, row)| row).collect();
        });
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

/// A sheet with its headings, widths and filters.
pub(crate) fn without_rows(plan: &Sheet, context: Context<'_>) -> Result<Worksheet, XlsxError> {
    let mut sheet = Worksheet::new();
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
        sheet.set_column_width(at, slot.width(columns, texts))?;
        match slot {
            Slot::Input(place) => {
                let column = &columns[*place];
                sheet.set_column_format(at, column_format(column, formats))?;
                write_text(&mut sheet, 0, at, &fit_written(&heading(column, texts)).0, &formats.header_indented)?;
            }
            Slot::Derived(column) => {
                let format = match column {
                    DerivedColumn::Due => formats.triage(TriageField::Due),
                    DerivedColumn::Overdue | DerivedColumn::Row => &formats.number,
                    _ => &formats.text,
                };
                sheet.set_column_format(at, format)?;
                let heading = column.heading(texts, columns.iter().map(|column| column.heading.as_ref()));
                write_text(&mut sheet, 0, at, &heading, &formats.header_indented)?;
            }
            Slot::Triage(field) => {
                sheet.set_column_format(at, formats.triage(*field))?;
                write_text(&mut sheet, 0, at, &texts.get(field.key()), &formats.header_triage)?;
                triage::prepare(*field, &mut sheet, at, plan.rows.len() as u32, texts)?;
            }
        }
    }
    if order.shown > 0 && order.shown <= usize::from(last_column) {
        sheet.group_columns_collapsed(order.shown as u16, last_column)?;
    }
    sheet.set_freeze_panes(1, layout::FROZEN.min(order.shown as u16))?;
    sheet.autofilter(0, 0, plan.rows.len() as u32, last_column)?;
    layout::print(&mut sheet, Some(0))?;
    // What people read; the technical rest and the descriptions would make it many pages.
    if let Some(last) = order.printed.checked_sub(1) {
        sheet.set_print_area(0, 0, plan.rows.len() as u32, last as u16)?;
        let widths = order.slots[..order.printed].iter().map(|slot| slot.width(columns, texts));
        layout::print_columns(&mut sheet, widths, layout::FROZEN)?;
    }
    Ok(sheet)
}

/// The heading of a column: in the language of the workbook, and for times with the zone that they are told in, since
/// a cell of Excel has none. The reader of workbooks understands it.
fn heading(column: &ReportColumn, texts: &Localizer) -> String {
    let name = match (texts.lang(), column.column) {
        (Lang::En, _) | (_, None) => column.heading.to_string(),
        (_, Some(known)) => texts.column(known),
    };
    match column.column.map(Column::kind) {
        Some(Kind::Timestamp) => format!("{name} ({})", texts.zone().1),
        _ => name,
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

#[cfg(test)]
mod tests {
    use inspector_report_model::Report;

    use super::*;

    #[test]
    fn a_severity_that_does_not_fit_goes_on_on_another_sheet() {
        let rows = ["HIGH", "LOW", "HIGH", "high", "SEVERE"].map(|severity| [severity]);
        let report = View::of(Report::from_rows("made", &["Severity"], rows));
        let sheets = plan_with(&report, &crate::localizer(Lang::En), Sort::Input, 2);
        let seen: Vec<(&str, &[u32])> =
            sheets.iter().map(|sheet| (sheet.name.as_str(), sheet.rows.as_slice())).collect();
        assert_eq!(seen, [("High", &[0, 2][..]), ("High (2)", &[3]), ("Low", &[1]), ("Other", &[4])]);
    }
}

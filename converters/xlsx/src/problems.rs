//! The sheet of what could not be read, and of what did not fit_written.

use inspector_report_localizer::{Args, Localizer};
use inspector_report_model::View;
use rust_xlsxwriter::{Worksheet, XlsxError};

use crate::{
    cell::{Cuts, fit_written, write_text},
    format::Formats,
    layout,
};

/// The most problems listed: all, but for reports so broken that the list would be no help.
const MOST: usize = 100_000;

/// Writes the sheet.
pub(crate) fn write(report: &View, cuts: &Cuts, texts: &Localizer, formats: &Formats) -> Result<Worksheet, XlsxError> {
    let mut sheet = Worksheet::new();
    sheet.set_name(texts.get("xlsx-problems"))?;
    let columns = [("kind", 22.0), ("where", 40.0), ("line", 12.0), ("column", 26.0), ("count", 12.0), ("what", 90.0)];
    for (place, (key, width)) in columns.iter().enumerate() {
        sheet.set_column_width(place as u16, *width)?;
        sheet.write_string_with_format(0, place as u16, texts.get(&format!("xlsx-problem-{key}")), &formats.header)?;
    }
    let mut row = 0;
    let mut line = |sheet: &mut Worksheet, texts: [&str; 4], line: u64, count: u64| -> Result<(), XlsxError> {
        row += 1;
        let [kind, place, column, what] = texts;
        for (at, text) in [(0, kind), (1, place), (3, column), (5, what)] {
            write_text(sheet, row, at, &fit_written(text).0, &formats.wrapped)?;
        }
        sheet.write_number_with_format(row, 2, line as f64, &formats.count)?;
        sheet.write_number_with_format(row, 4, count as f64, &formats.count)?;
        Ok(())
    };
    for problem in report.problems().iter().take(MOST) {
        let kind = if problem.code.loses_row() { "xlsx-problem-row" } else { "xlsx-problem-cell" };
        let column = problem.column.as_deref().map(|heading| texts.heading(heading)).unwrap_or_default();
        line(
            &mut sheet,
            [&texts.get(kind), problem.file_name(), &column, &texts.problem(problem)],
            problem.line,
            problem.count,
        )?;
    }
    for cut in &cuts.first {
        let length = texts.number(cut.length as u64);
        let what = texts.format("xlsx-problem-cut-what", &Args::new().text("length", &length));
        let kind = texts.get("xlsx-problem-cut");
        line(&mut sheet, [&kind, &cut.sheet, &texts.heading(&cut.heading), &what], u64::from(cut.row) + 1, 1)?;
    }
    let listed = report.problems().len().min(MOST) as u64 + cuts.first.len() as u64;
    let all = report.problems().len() as u64 + cuts.count;
    if all > listed {
        let more = texts.format("xlsx-problems-more", &Args::new().count("more", all - listed));
        sheet.write_string_with_format(listed as u32 + 1, 0, more, &formats.text)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    sheet.autofilter(0, 0, listed as u32, columns.len() as u16 - 1)?;
    layout::print(&mut sheet, Some(0))?;
    sheet.set_print_fit_to_pages(1, 0);
    Ok(sheet)
}

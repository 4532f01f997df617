//! Writes a findings report as an Excel workbook: a summary for whoever decides, and a sheet for each severity that
//! occurs with every finding and every column of the input.

mod cell;
mod format;
mod layout;
mod problems;
mod sheet;
mod summary;

use inspector_report_core::{ConvertError, Converter, Options, Outputs, Report, Summary, jiff::Timestamp};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

use cell::Cuts;
use format::Formats;

/// How hard the workbook is compressed, 1 to 9. Level 3 takes half the time of the usual 6, and makes files 13 % larger.
const COMPRESSION: u8 = 3;

/// The converter for Excel workbooks (Office Open XML, `.xlsx`).
#[derive(Clone, Copy, Debug)]
pub struct Xlsx;

impl Converter for Xlsx {
    fn name(&self) -> &'static str {
        "xlsx"
    }

    fn aliases(&self) -> &'static [&'static str] {
        &["excel"]
    }

    fn extension(&self) -> &'static str {
        "xlsx"
    }

    fn about(&self) -> &'static str {
        "Excel workbook: a summary, and a sheet for each severity with every column"
    }

    fn convert(
        &self,
        report: &Report,
        options: &Options<'_>,
        outputs: &mut dyn Outputs,
    ) -> Result<Summary, ConvertError> {
        let mut cuts = Cuts::default();
        let mut workbook = Workbook::new();
        build(&mut workbook, report, options, &mut cuts).map_err(convert_error)?;
        workbook.save_to_writer(outputs.create()?).map_err(convert_error)?;
        Ok(Summary { findings: report.len() as u64, notes: cuts.note().into_iter().collect() })
    }
}

fn build(workbook: &mut Workbook, report: &Report, options: &Options<'_>, cuts: &mut Cuts) -> Result<(), XlsxError> {
    let formats = Formats::new(options.texts);
    workbook.set_zip_compression_level(COMPRESSION);
    if let Some((format, row_height, column_width)) = formats.default() {
        workbook.set_default_format(format, row_height, column_width)?;
    }
    let sheets = sheet::plan(report, options.texts);
    // The large sheets go to temporary files row by row; which values had to be cut is known only behind them.
    let written = sheets
        .iter()
        .map(|sheet| {
            sheet::write(workbook.new_worksheet_with_low_memory()?, report, sheet, options.texts, &formats, cuts)
        })
        .collect::<Result<Vec<_>, _>>()?;
    let problems = problems::write(report, cuts, options.texts, &formats)?;
    workbook.push_worksheet(summary::write(report, &sheets, problems.is_some(), options.texts, &formats)?);
    for sheet in written.into_iter().chain(problems) {
        workbook.push_worksheet(sheet);
    }
    workbook.set_properties(&properties(report, options));
    Ok(())
}

/// What a file manager shows of the workbook. The time is that of the data or of `SOURCE_DATE_EPOCH`, never that of the
/// clock, so that the same report gives the same bytes.
fn properties(report: &Report, options: &Options<'_>) -> DocProperties {
    let stated = std::env::var("SOURCE_DATE_EPOCH").ok().and_then(|text| text.parse().ok());
    let seconds = stated.or(report.figures().data_date.map(Timestamp::as_second)).unwrap_or(0);
    let properties = DocProperties::new()
        .set_title(options.texts.get("title"))
        .set_subject(report.file_name())
        .set_author("inspector-report")
        .set_comment(format!("inspector-report {}", options.version));
    match ExcelDateTime::from_timestamp(seconds) {
        Ok(time) => properties.set_creation_datetime(&time),
        Err(_) => properties,
    }
}

fn convert_error(error: XlsxError) -> ConvertError {
    match error {
        XlsxError::IoError(error) => ConvertError::Io(error),
        XlsxError::RowColumnLimitError => {
            ConvertError::Format("an Excel sheet holds at most 16,384 columns, and the report has more".to_owned())
        }
        other => match other.to_string() {
            text if text.contains("interrupted") => ConvertError::Io(std::io::Error::other(text)),
            text => ConvertError::Format(text),
        },
    }
}

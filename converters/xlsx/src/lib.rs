//! Writes a findings report as an Excel workbook: a summary for whoever decides, and a sheet for each severity that
//! occurs with every finding and every column of the input.

mod cell;
mod format;
mod glossary;
mod layout;
mod lists;
mod problems;
mod sheet;
mod summary;
mod table;

use inspector_report_core::{Args, ConvertError, Converter, Options, Outputs, Report, Summary, jiff::Timestamp};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, Worksheet, XlsxError};

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

/// What writes a list, if there is anything to list.
type List = fn(&mut Workbook, lists::Context<'_>) -> Result<Option<Worksheet>, XlsxError>;

fn build(workbook: &mut Workbook, report: &Report, options: &Options<'_>, cuts: &mut Cuts) -> Result<(), XlsxError> {
    let formats = Formats::new(options.texts);
    workbook.set_zip_compression_level(COMPRESSION);
    if let Some((format, row_height, column_width)) = formats.default() {
        workbook.set_default_format(format, row_height, column_width)?;
    }
    let texts = options.texts;
    let resources = lists::Resources::new(report);
    let mut contents = Vec::new();
    let mut pushed = Vec::new();
    for (list, name) in [
        (lists::actions as List, "actions"),
        (lists::vulnerabilities, "vulnerabilities"),
        (lists::resources, "resources"),
    ] {
        let context = lists::Context { report, resources: &resources, texts, formats: &formats, cuts };
        if let Some(sheet) = list(workbook, context)? {
            contents.push((texts.get(&format!("xlsx-{name}")), texts.get(&format!("xlsx-contents-{name}"))));
            pushed.push(sheet);
        }
    }
    // The large sheets go to temporary files row by row; which values had to be cut is known only behind them.
    for plan in sheet::plan(report, texts) {
        let sheet = workbook.new_worksheet_with_low_memory()?;
        pushed.push(sheet::write(sheet, report, &plan, texts, &formats, cuts)?);
        let last_column = report.columns().len().saturating_sub(1) as u16;
        table::define_range(workbook, &plan.range(), &plan.name, plan.rows.len() as u32, last_column)?;
        let count = Args::new().count("findings", plan.rows.len() as u64);
        contents.push((plan.name, texts.format("xlsx-contents-findings", &count)));
    }
    let glossary = glossary::write(workbook, report, texts, &formats, cuts)?;
    if let Some(sheet) = problems::write(report, cuts, texts, &formats)? {
        contents.push((texts.get("xlsx-problems"), texts.get("xlsx-contents-problems")));
        pushed.push(sheet);
    }
    contents.push((texts.get("xlsx-glossary"), texts.get("xlsx-contents-glossary")));
    pushed.push(glossary);
    workbook.push_worksheet(summary::write(report, &contents, texts, &formats)?);
    for sheet in pushed {
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

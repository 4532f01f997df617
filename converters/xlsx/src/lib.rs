//! Writes a findings report as an Excel workbook: a summary for whoever decides, and a sheet for each severity that
//! occurs with every finding and every column of the input.

mod cell;
mod cells;
mod changes;
mod columns;
mod derived;
mod format;
mod glossary;
mod layout;
mod link;
mod lists;
mod options;
mod package;
mod problems;
mod rows;
mod seal;
mod serial;
mod sheet;
mod summary;
mod table;
mod trend;
mod triage;
mod xml;

use std::{
    cell::OnceCell,
    fs::File,
    io::{self, Seek, SeekFrom, Write},
};

use inspector_report_analysis::{Priorities, Statistics, Trend, Triage};
use inspector_report_format::{
    Context, ConvertError, Converter, Format, Metadata, Outputs, Settings, Standing, Summary, TrendConverter,
};
use inspector_report_localizer::{Args, Lang, Localizer};
use inspector_report_model::{View, jiff::Timestamp};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, Worksheet, XlsxError};

use cell::Cuts;
use cells::Cells;
use format::Formats;
use layout::Order;
use options::Options;
use rows::SheetLinks;

/// How hard the workbook is compressed, 1 to 9. Level 3 takes half the time of the usual 6, and makes files 13 % larger.
const COMPRESSION: u8 = 3;

/// Bytes that may be attached to a mail: Gmail and Exchange Online take messages of 25 and 35 MB, in which an attachment
/// is a third larger (Google, "Send attachments with your Gmail message"; Microsoft, "Exchange Online limits").
const MOST_TO_MAIL: u64 = 18_000_000;

/// The format of Excel workbooks (Office Open XML, `.xlsx`).
#[derive(Clone, Copy, Debug)]
pub struct Xlsx;

/// What the format says itself.
const TEXTS: [(Lang, &str); 2] =
    [(Lang::En, include_str!("../texts/en.ftl")), (Lang::Ja, include_str!("../texts/ja.ftl"))];

/// The texts of a language, those of this format among them.
pub fn localizer(lang: Lang) -> Localizer {
    Localizer::new(lang).with_texts(&TEXTS)
}

/// What is known of the format.
const METADATA: Metadata =
    Metadata::new("xlsx", "xlsx", "Excel workbook: a summary, and a sheet for each severity with every column")
        .aliases(&["excel"])
        .by_default()
        .by_default_of_trends()
        .in_comparisons(&[("sheets", "summary,changes,accepted,problems,glossary")])
        .settings(&options::SETTINGS)
        .texts(&TEXTS);

impl Format for Xlsx {
    fn metadata(&self) -> &'static Metadata {
        &METADATA
    }

    fn converter(&self, settings: &Settings) -> Result<Box<dyn Converter>, String> {
        Ok(Box::new(XlsxConverter { options: Options::new(settings)? }))
    }

    fn standing(&self, file: File) -> io::Result<Standing> {
        seal::standing(file)
    }
}

/// Writes workbooks as its options say.
struct XlsxConverter {
    options: Options,
}

/// What is said where our own rows do not fit into the crate's frames.
const ROWS_BY_CRATE: &str = "the rows were written the slow way: rust_xlsxwriter writes other frames than those that were \
                             expected; please report it";

/// Who writes the rows of findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum RowsBy {
    /// We do, into the frames that the crate makes.
    Us,
    /// The crate does.
    Crate,
}

impl XlsxConverter {
    /// Builds a workbook: all of it, or all but the rows of findings.
    fn build<'a>(
        &self,
        view: &'a View,
        context: &Context<'a>,
        rows_by: RowsBy,
    ) -> Result<(Built<'a>, Vec<u8>), ConvertError> {
        let mut workbook = Workbook::new();
        let built = build(&mut workbook, view, context, &self.options, rows_by).map_err(convert_error)?;
        Ok((built, workbook.save_to_buffer().map_err(convert_error)?))
    }
}

impl Converter for XlsxConverter {
    fn write(&self, view: &View, context: &Context<'_>, outputs: &mut dyn Outputs) -> Result<Summary, ConvertError> {
        let (built, frame) = self.build(view, context, RowsBy::Us)?;
        let mut output = outputs.create()?;
        let mut notes = match built.sheets.fits(&frame)? {
            true => {
                built.sheets.write(&frame, &mut output, COMPRESSION)?;
                built.notes
            }
            false => {
                let (mut built, workbook) = self.build(view, context, RowsBy::Crate)?;
                seal::write(&workbook, &mut output, COMPRESSION)?;
                built.notes.push(ROWS_BY_CRATE.to_owned());
                built.notes
            }
        };
        notes.extend(self.options.note(view));
        notes.extend(size_note(output.seek(SeekFrom::End(0))?));
        Ok(Summary::new(built.findings, notes))
    }

    fn notes(&self, view: &View) -> Vec<String> {
        if self.options.triage { triage::notes(view) } else { Vec::new() }
    }

    fn trends(&self) -> Option<&dyn TrendConverter> {
        Some(self)
    }
}

impl TrendConverter for XlsxConverter {
    fn write_trend(
        &self,
        trend: &Trend,
        context: &Context<'_>,
        outputs: &mut dyn Outputs,
    ) -> Result<Summary, ConvertError> {
        let mut workbook = Workbook::new();
        let notes = trend::build(&mut workbook, trend, context).map_err(convert_error)?;
        let mut output = outputs.create()?;
        // The crate's own writer does: nothing of a trend is as large as the sheets of findings.
        seal::write(&workbook.save_to_buffer().map_err(convert_error)?, &mut output, COMPRESSION)?;
        output.flush()?;
        Ok(Summary::new(trend.oldest.len() as u64, notes))
    }
}

/// A sentence about a workbook that would not go through the mail.
fn size_note(bytes: u64) -> Option<String> {
    (bytes > MOST_TO_MAIL).then(|| {
        format!(
            "the workbook has {} MB, and many mail systems take no more than {} MB; filters such as --severity, \
             --sheets and --split-by make it smaller",
            bytes / 1_000_000,
            MOST_TO_MAIL / 1_000_000,
        )
    })
}

/// What was built.
struct Built<'a> {
    sheets: rows::Findings<'a>,
    /// Findings on the sheets of findings, or in the figures if there are no such sheets.
    findings: u64,
    notes: Vec<String>,
}

/// What writes a list, if there is anything to list.
type List = fn(&mut Workbook, lists::Context<'_>) -> Result<Option<Worksheet>, XlsxError>;

/// Builds a workbook; the rows of findings may go into it when it is written.
fn build<'a>(
    workbook: &mut Workbook,
    report: &'a View,
    context: &Context<'a>,
    options: &Options,
    rows_by: RowsBy,
) -> Result<Built<'a>, XlsxError> {
    let cuts = &mut Cuts::default();
    let formats = Formats::new(context.texts);
    prepare(workbook, &formats)?;
    let texts = context.texts;
    let triage = options.triage.then(|| Triage::of(report));
    let resources = OnceCell::new();
    let mut contents = Vec::new();
    let mut pushed = Vec::new();
    for (list, name) in [
        (lists::actions as List, "actions"),
        (lists::owners, "owners"),
        (lists::vulnerabilities, "vulnerabilities"),
        (lists::resources, "resources"),
    ] {
        if !options.has(name) {
            continue;
        }
        let resources = resources.get_or_init(|| lists::Resources::new(report));
        let context = lists::Context { report, resources, texts, formats: &formats, cuts, triage };
        if let Some(sheet) = list(workbook, context)? {
            contents.push((sheet.name(), texts.get(&format!("xlsx-contents-{name}"))));
            pushed.push(sheet);
        }
    }
    let special = [("changes", report.comparison().is_some()), ("accepted", Statistics::of(report).total.accepted > 0)];
    for (name, _) in special.into_iter().filter(|(name, is_there)| *is_there && options.has(name)) {
        let resources = resources.get_or_init(|| lists::Resources::new(report));
        let mut context = lists::Context { report, resources, texts, formats: &formats, cuts, triage: None };
        let listed = match name {
            "changes" => changes::changes(workbook, &mut context)?,
            _ => changes::accepted(workbook, &mut context)?,
        };
        for (sheet, said) in listed {
            contents.push(said);
            pushed.push(sheet);
        }
    }
    let order = Order::new(report.columns(), options, Priorities::of(report).policy().targets.is_some());
    let of_sheet = sheet::Context { report, order: &order, texts, formats: &formats };
    let plans: Vec<_> =
        sheet::plan(report, texts, options.sort).into_iter().filter(|plan| options.has_severity(plan.rank)).collect();
    let rows: Vec<&[u32]> = plans.iter().map(|plan| plan.rows.as_slice()).collect();
    let cells = Cells::new(report, &order, texts, triage, &rows);
    let (mut findings, mut unlinked) = (0, 0);
    let mut sheets = Vec::new();
    for plan in plans {
        rows::find_cuts(report, &plan, &cells, cuts);
        let links = SheetLinks::new(report, &plan, &cells);
        pushed.push(match rows_by {
            RowsBy::Us => rows::frame(&plan, of_sheet)?,
            RowsBy::Crate => {
                let mut sheet = sheet::without_rows(&plan, of_sheet)?;
                rows::write_by_crate(&mut sheet, report, &plan, (&cells, &links), &formats)?;
                sheet
            }
        });
        unlinked += links.left;
        findings += plan.rows.len() as u64;
        let last_column = order.slots.len().saturating_sub(1) as u16;
        table::define_range(workbook, &plan.range(), &plan.name, plan.rows.len() as u32, last_column)?;
        let count = Args::new().count("findings", plan.rows.len() as u64);
        contents.push((plan.name.clone(), texts.format("xlsx-contents-findings", &count)));
        sheets.push((pushed.len(), plan, links));
    }
    let has_problems = !report.problems().is_empty() || cuts.count > 0;
    if has_problems && options.has("problems") {
        pushed.push(problems::write(report, cuts, texts, &formats)?);
        contents.push((texts.get("xlsx-problems"), texts.get("xlsx-contents-problems")));
    }
    if options.has("glossary") {
        pushed.push(glossary::write(workbook, report, texts, &formats, cuts)?);
        contents.push((texts.get("xlsx-glossary"), texts.get("xlsx-contents-glossary")));
    }
    // A workbook without a sheet is none.
    let stands_in = pushed.is_empty() && !options.has("summary");
    let has_summary = options.has("summary") || stands_in;
    if has_summary {
        let limits = summary::Limits { cut: cuts.count, unlinked: unlinked + cuts.unlinked };
        workbook.push_worksheet(summary::write(report, &contents, limits, texts, &formats)?);
        sheets.iter_mut().for_each(|(number, ..)| *number += 1);
    }
    for sheet in pushed {
        workbook.push_worksheet(sheet);
    }
    workbook.set_properties(&properties(
        &texts.get("title"),
        report.file_name(),
        Statistics::of(report).data_date,
        context,
    ));
    Ok(Built {
        sheets: rows::Findings { report, cells, last_column: order.slots.len().saturating_sub(1) as u16, sheets },
        findings: if findings == 0 { report.len() as u64 } else { findings },
        notes: notes(cuts, unlinked + cuts.unlinked).into_iter().chain(stands_in.then(nothing_asked_for)).collect(),
    })
}

/// What holds for a workbook as a whole.
pub(crate) fn prepare(workbook: &mut Workbook, formats: &Formats) -> Result<(), XlsxError> {
    workbook.set_zip_compression_level(COMPRESSION);
    if let Some((format, row_height, column_width)) = formats.default() {
        workbook.set_default_format(format, row_height, column_width)?;
    }
    Ok(())
}

fn nothing_asked_for() -> String {
    "none of the sheets in --sheets has anything on it; the workbook has the summary instead".to_owned()
}

/// What the person who ran the conversion should know of limits.
fn notes(cuts: &Cuts, unlinked: u64) -> Vec<String> {
    let links = (unlinked > 0).then(|| {
        format!("{unlinked} addresses are text and no links: a sheet of Excel holds {} links", link::MOST_LINKS)
    });
    cuts.note().into_iter().chain(links).collect()
}

/// What a file manager shows of the workbook. The time is that of the data or of `SOURCE_DATE_EPOCH`, never that of the
/// clock, so that the same report gives the same bytes.
pub(crate) fn properties(title: &str, subject: &str, date: Option<Timestamp>, context: &Context<'_>) -> DocProperties {
    let seconds = context.made_at.or(date).map_or(0, Timestamp::as_second);
    let properties = DocProperties::new()
        .set_title(title)
        .set_subject(subject)
        .set_author("inspector-report")
        .set_comment(format!("inspector-report {}", context.version))
        .set_custom_property(seal::PROPERTY, seal::BLANK);
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

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use calamine::{Data, Reader};
    use inspector_report_model::Report;

    use super::*;

    /// The cells of every sheet.
    fn read(workbook: Vec<u8>) -> Vec<(String, Vec<Vec<Data>>)> {
        let mut workbook: calamine::Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(workbook)).unwrap();
        let sheets = workbook.worksheets().into_iter();
        sheets.map(|(name, range)| (name, range.rows().map(<[Data]>::to_vec).collect())).collect()
    }

    #[test]
    fn the_crate_writes_the_same_cells_where_its_frames_are_not_known() {
        let headings =
            ["Severity", "Title", "Vulnerability Id", "First Seen", "Inspector Score", "Description", "Notes"];
        let rows = [
            ["HIGH", "=1+1", "CVE-2024-3094", "2026-01-02T03:04:05Z", "7.5", "<r>rich</r>", "own"],
            ["LOW", "a", "GHSA-jfh8-c2jp-5v3q", "soon", "", "日本語", "own"],
            ["HIGH", "b", "CVE-2024-3094", "2026-01-02T03:04:05Z", "x", "", "-1"],
        ];
        let view = View::of(Report::from_rows("made.csv", &headings, rows));
        let texts = localizer(Lang::En);
        let context = Context::new(&texts, "1");
        let converter = XlsxConverter { options: Options::default() };
        let (built, frame) = converter.build(&view, &context, RowsBy::Us).unwrap();
        assert!(built.sheets.fits(&frame).unwrap());
        let mut ours = Vec::new();
        built.sheets.write(&frame, &mut ours, COMPRESSION).unwrap();
        let (_, workbook) = converter.build(&view, &context, RowsBy::Crate).unwrap();
        assert_eq!(read(workbook), read(ours));
    }
}

//! What all sheets share: how they print, and how wide columns are.

use inspector_report_core::{Column, Kind, Lang, ReportColumn, Texts};
use rust_xlsxwriter::{Worksheet, XlsxError};

/// ISO A4.
const A4: u8 = 9;

/// Prints a sheet in landscape on A4, with its name, the page and the number of pages at the foot.
pub(crate) fn print(sheet: &mut Worksheet, header: Option<u32>) -> Result<(), XlsxError> {
    sheet.set_landscape().set_paper_size(A4).set_margins(0.4, 0.4, 0.5, 0.6, 0.3, 0.3);
    sheet.set_footer("&L&A&R&P / &N");
    if let Some(row) = header {
        sheet.set_repeat_rows(row, row)?;
    }
    Ok(())
}

/// The height of a row of one line, in points.
pub(crate) fn row_height(texts: &Texts) -> f64 {
    if texts.lang() == Lang::Ja { 18.75 } else { 15.0 }
}

/// The width of a column of findings, in characters.
pub(crate) fn width(column: &ReportColumn) -> f64 {
    let Some(known) = column.column else { return 18.0 };
    match known {
        Column::Title => 50.0,
        Column::Description | Column::Remediation => 60.0,
        Column::ResourceId | Column::FindingArn | Column::FilePath | Column::ReferenceUrls => 40.0,
        Column::InspectorScoreVector | Column::NvdCvss3Vector | Column::VendorCvss3Vector => 40.0,
        Column::AffectedPackages | Column::PackageRemediation | Column::VendorAdvisory | Column::ResourceTags => 30.0,
        Column::ResourceType | Column::FindingType => 27.0,
        Column::Severity => 16.0,
        Column::AwsAccountId => 15.0,
        _ => match known.kind() {
            Kind::Timestamp => 17.0,
            Kind::Number => 11.0,
            Kind::Text => 18.0,
        },
    }
}

/// The columns that people read, in the order of their questions: how bad, what, where, what to do, since when, how
/// likely.
const READ_FIRST: [Column; 19] = [
    Column::Severity,
    Column::VulnerabilityId,
    Column::Title,
    Column::ResourceId,
    Column::ResourceType,
    Column::AwsAccountId,
    Column::Region,
    Column::ResourceTags,
    Column::AffectedPackages,
    Column::PackageInstalledVersion,
    Column::FixedInVersion,
    Column::FixAvailable,
    Column::PackageRemediation,
    Column::FirstSeen,
    Column::AgeDays,
    Column::ExploitAvailable,
    Column::EpssScore,
    Column::InspectorScore,
    Column::Status,
];

/// How many columns stay in sight when one scrolls to the right: the severity and what it is.
pub(crate) const FROZEN: u16 = 2;

/// The places of a report's columns in the order in which a sheet of findings has them, and how many of these are
/// always shown: those that people read, those that people have added, and the description, which is long. The technical
/// rest is behind, in a group that opens with a click.
pub(crate) fn order(columns: &[ReportColumn]) -> (Vec<usize>, usize) {
    let place = |wanted: Column| columns.iter().position(|column| column.column == Some(wanted));
    let mut order: Vec<usize> = READ_FIRST.into_iter().filter_map(place).collect();
    order.extend((0..columns.len()).filter(|place| columns[*place].column.is_none()));
    order.extend(place(Column::Description));
    let shown = order.len();
    let rest: Vec<usize> = (0..columns.len()).filter(|place| !order.contains(place)).collect();
    order.extend(rest);
    (order, shown)
}

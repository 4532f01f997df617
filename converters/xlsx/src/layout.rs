//! What all sheets share: how they print, and how wide columns are.

use inspector_report_analysis::triage_places;
use inspector_report_localizer::{DerivedColumn, Lang, Localizer};
use inspector_report_model::{Column, ReportColumn, TriageField, value::SEVERITIES};
use rust_xlsxwriter::{Worksheet, XlsxError};

use crate::{derived, options::Options, triage};

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

/// Prints columns of these widths on as many pages side by side as keep the text of 11 points at 6 or more, the first
/// `repeated` columns on each.
pub(crate) fn print_columns(
    sheet: &mut Worksheet,
    widths: impl Iterator<Item = f64>,
    repeated: u16,
) -> Result<(), XlsxError> {
    /// Characters on a page: 277 mm of A4 are 1,050 pixels, a character is 7, and 6 points are 55 % of 11.
    const PAGE: f64 = 275.0;
    let widths: Vec<f64> = widths.collect();
    let again: f64 = widths.iter().take(usize::from(repeated)).sum();
    let all: f64 = widths.iter().sum();
    let pages = ((all - again) / (PAGE - again).max(PAGE / 2.0)).ceil().max(1.0) as u16;
    sheet.set_print_fit_to_pages(pages, 0);
    if pages > 1 {
        // The pages that lie side by side come one after another.
        sheet.set_page_order(true);
        if repeated > 0 {
            sheet.set_repeat_columns(0, repeated - 1)?;
        }
    }
    Ok(())
}

/// The height of a row of one line, in points.
pub(crate) fn row_height(texts: &Localizer) -> f64 {
    if texts.lang() == Lang::Ja { 18.75 } else { 15.0 }
}

/// How many lines a text takes in a column of this width in characters, about. Not every program finds out by itself how
/// high a row must be. Characters beyond Latin are two wide.
pub(crate) fn lines(text: &str, width: f64) -> u32 {
    let taken: u32 = text.chars().map(|c| if c < '\u{1100}' { 1 } else { 2 }).sum();
    (f64::from(taken) / (width - 2.0).max(1.0)).ceil() as u32
}

/// The same for a text that breaks between words, as a heading does.
pub(crate) fn wrapped_lines(text: &str, width: f64) -> u32 {
    let room = (width - 2.0).max(1.0);
    let (mut lines, mut used) = (1, 0.0);
    for word in text.split_inclusive(' ') {
        let taken: u32 = word.trim_end().chars().map(|c| if c < '\u{1100}' { 1 } else { 2 }).sum();
        let taken = f64::from(taken);
        if used > 0.0 && used + taken > room {
            lines += 1;
            used = 0.0;
        }
        lines += ((taken / room).ceil() as u32).saturating_sub(1);
        used += taken + 1.0;
    }
    lines
}

/// The width of a column of severities with their names in this language, in characters: that of the longest, in bold.
pub(crate) fn severity_width(texts: &Localizer) -> f64 {
    let width = |name: String| -> f64 { name.chars().map(|c| if c < '\u{1100}' { 1.1 } else { 2.1 }).sum() };
    let widths = (0..SEVERITIES).map(|rank| width(texts.severity_rank(rank)));
    widths.fold(0.0, f64::max) + 2.0
}

/// The width of a column of findings, in characters.
fn width(column: &ReportColumn) -> f64 {
    column.column.map_or(18.0, |known| f64::from(known.width()))
}

/// A column that people read.
#[derive(Clone, Copy)]
enum First {
    /// One of Inspector's.
    Known(Column),
    /// One that is computed.
    Derived(DerivedColumn),
}

/// The columns that people read, in the order of their questions: how urgent, where, whose, what, what to do, since and until
/// when, why.
const READ_FIRST: [First; 25] = [
    First::Derived(DerivedColumn::Priority),
    First::Derived(DerivedColumn::Resource),
    First::Derived(DerivedColumn::Owner),
    First::Known(Column::VulnerabilityId),
    First::Known(Column::Title),
    First::Known(Column::AffectedPackages),
    First::Known(Column::PackageInstalledVersion),
    First::Known(Column::FixedInVersion),
    First::Known(Column::FirstSeen),
    First::Known(Column::AgeDays),
    First::Derived(DerivedColumn::Due),
    First::Derived(DerivedColumn::Overdue),
    First::Derived(DerivedColumn::Reasons),
    First::Known(Column::Severity),
    First::Known(Column::FixAvailable),
    First::Known(Column::ExploitAvailable),
    First::Known(Column::EpssScore),
    First::Known(Column::InspectorScore),
    First::Known(Column::Status),
    First::Known(Column::ResourceType),
    First::Known(Column::AwsAccountId),
    First::Known(Column::Region),
    First::Known(Column::ResourceId),
    First::Known(Column::ResourceTags),
    First::Known(Column::PackageRemediation),
];

/// The last of these that is printed.
const LAST_READ: Slot = Slot::Derived(DerivedColumn::Reasons);

/// How many columns stay in sight when one scrolls to the right: the priority, and where it is.
pub(crate) const FROZEN: u16 = 2;

/// What a column of a sheet of findings has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Slot {
    /// The column of the report at this place.
    Input(usize),
    /// What is computed.
    Derived(DerivedColumn),
    /// What people fill in.
    Triage(TriageField),
}

impl Slot {
    /// Its width in characters.
    pub(crate) fn width(self, columns: &[ReportColumn], texts: &Localizer) -> f64 {
        match self {
            Slot::Input(place) => match columns.get(place) {
                Some(column) if column.column == Some(Column::Severity) => severity_width(texts),
                column => column.map_or(0.0, width),
            },
            Slot::Derived(column) => derived::width(column),
            Slot::Triage(field) => triage::width(field),
        }
    }
}

/// The columns of a sheet of findings.
#[derive(Debug)]
pub(crate) struct Order {
    /// In their order.
    pub(crate) slots: Vec<Slot>,
    /// How many of them are always shown. The rest is behind, in a group that opens with a click.
    pub(crate) shown: usize,
    /// How many are printed: those that are shown, but for the description, which is long.
    pub(crate) printed: usize,
}

impl Order {
    /// Shown are the columns that were asked for; else those that people read, those that people have added, and the
    /// description. What is due is there where `has_due`.
    pub(crate) fn new(columns: &[ReportColumn], options: &Options, has_due: bool) -> Order {
        let place = |wanted: Column| columns.iter().position(|column| column.column == Some(wanted));
        // What was filled in is in the columns to fill in, and stands nowhere else.
        let filled = if options.triage { triage_places(columns) } else { [None; 4] };
        let is_there = |slot: &Slot| match slot {
            Slot::Input(place) => !filled.contains(&Some(*place)),
            Slot::Derived(DerivedColumn::Due | DerivedColumn::Overdue) => has_due,
            Slot::Derived(_) | Slot::Triage(_) => true,
        };
        let asked = options.columns(columns);
        let described = if asked.is_none() { place(Column::Description).map(Slot::Input) } else { None };
        let mut slots: Vec<Slot> = asked.unwrap_or_else(|| {
            let added = (0..columns.len()).filter(|place| columns[*place].column.is_none()).map(Slot::Input);
            let first = READ_FIRST.into_iter().filter_map(|first| match first {
                First::Known(column) => place(column).map(Slot::Input),
                First::Derived(column) => Some(Slot::Derived(column)),
            });
            first.chain(added).collect()
        });
        slots.retain(is_there);
        // What is printed is what people read, and what they fill in beside it.
        let last_read = slots.iter().position(|slot| *slot == LAST_READ).filter(|_| options.columns(columns).is_none());
        let mut printed = last_read.map_or(slots.len(), |last| last + 1);
        if options.triage {
            slots.splice(printed..printed, TriageField::ALL.map(Slot::Triage));
            printed += TriageField::ALL.len();
        }
        slots.extend(described);
        let shown = slots.len();
        let rest = (0..columns.len()).map(Slot::Input).chain(DerivedColumn::ALL.map(Slot::Derived));
        let rest: Vec<Slot> = rest.filter(|slot| is_there(slot) && !slots.contains(slot)).collect();
        slots.extend(rest);
        Order { slots, shown, printed }
    }
}

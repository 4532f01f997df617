//! Writes a findings report as CSV: its columns and cells as they were read, whatever file they came from.

use std::{borrow::Cow, io::Write};

use csv::WriterBuilder;
use inspector_report_analysis::Priorities;
use inspector_report_format::{
    Context, ConvertError, Converter, Format, Metadata, Outputs, Setting, Settings, Summary,
};
use inspector_report_localizer::Localizer;
use inspector_report_model::{
    Finding, View,
    value::{number, starts_like_a_formula},
};

/// The switch for a byte order mark.
const BOM: &str = "csv-bom";

/// The switch against formulas.
const NEUTRALIZE: &str = "csv-neutralize";

/// The switch for columns of what is computed.
const DERIVED: &str = "derived-columns";

/// The headings of these.
const DERIVED_HEADINGS: [&str; 5] = ["Priority", "Reason", "Owner", "Due", "Overdue by (days)"];

/// The heading of the column that marks rows which do not count, since another row of the same finding does. It is there
/// when there are such rows.
const REPEATED: &str = "Repeated";

/// The format CSV (RFC 4180, with line feeds).
///
/// Every row is there and every cell is as it was written, so that a report read from CSV and written again is the same,
/// cell for cell.
#[derive(Clone, Copy, Debug)]
pub struct Csv;

/// What can be set.
const SETTINGS: &[Setting] = &[
    Setting::switch(BOM, "Begin CSV with a byte order mark, so that Excel reads Japanese in it"),
    Setting::switch(NEUTRALIZE, "Put a ' before cells of CSV that a spreadsheet would take for a formula"),
    Setting::switch(DERIVED, "Add columns to CSV: priority, reason, owner, and with --sla due date and days overdue"),
];

/// What is known of the format.
const METADATA: Metadata =
    Metadata::new("csv", "csv", "CSV: every column as it was read, from any kind of input").settings(SETTINGS);

impl Format for Csv {
    fn metadata(&self) -> &'static Metadata {
        &METADATA
    }

    fn converter(&self, settings: &Settings) -> Result<Box<dyn Converter>, String> {
        Ok(Box::new(CsvConverter {
            bom: settings.is_on(BOM),
            neutralize: settings.is_on(NEUTRALIZE),
            derived: settings.is_on(DERIVED),
        }))
    }
}

/// Writes CSV as its settings say.
struct CsvConverter {
    /// Whether it begins with a byte order mark.
    bom: bool,
    /// Whether a `'` is put before what a spreadsheet would take for a formula.
    neutralize: bool,
    /// Whether there are columns of what is computed.
    derived: bool,
}

/// What is computed of a finding, in the order of [`DERIVED_HEADINGS`]. The names are those of JSON: other programs read them.
fn derived(finding: Finding<'_>, priorities: &Priorities, texts: &Localizer) -> [String; 5] {
    if finding.is_repeated() {
        return Default::default();
    }
    let due = priorities.due(finding);
    [
        priorities.priority(finding).map(|priority| priority.to_string()).unwrap_or_default(),
        priorities.reasons(finding, texts).join(&texts.get("reason-separator")),
        priorities.owner(finding).to_owned(),
        due.map(|due| due.date.to_string()).unwrap_or_default(),
        due.map(|due| due.overdue_days.max(0).to_string()).unwrap_or_default(),
    ]
}

impl Converter for CsvConverter {
    fn write(&self, report: &View, context: &Context<'_>, outputs: &mut dyn Outputs) -> Result<Summary, ConvertError> {
        let mut out = outputs.create()?;
        if self.bom {
            out.write_all("\u{feff}".as_bytes())?;
        }
        let neutralize = self.neutralize;
        let mut formulas = 0u64;
        let mut writer = WriterBuilder::new().from_writer(out);
        let mut write = |writer: &mut csv::Writer<_>, cell: Cow<'_, str>| {
            let formula = is_formula(&cell);
            formulas += u64::from(formula);
            if formula && neutralize {
                writer.write_field(format!("'{cell}"))
            } else {
                writer.write_field(cell.as_bytes())
            }
        };
        let end = |writer: &mut csv::Writer<_>| writer.write_record(None::<&[u8]>);
        let priorities = self.derived.then(|| Priorities::of(report));
        let headings_of_derived = if self.derived { &DERIVED_HEADINGS[..] } else { &[] };
        // What an earlier conversion marked or computed is marked and computed anew.
        let is_ours = |heading: &str| heading == REPEATED || headings_of_derived.contains(&heading);
        let places: Vec<usize> =
            (0..report.columns().len()).filter(|place| !is_ours(report.columns()[*place].heading.as_ref())).collect();
        let marks = report.all_rows().any(|finding| finding.is_repeated());
        let mark = |text: &'static str| marks.then_some(Cow::Borrowed(text));
        let headings = places.iter().map(|place| Cow::Borrowed(report.columns()[*place].heading.as_ref()));
        let ours = headings_of_derived.iter().map(|heading| Cow::Borrowed(*heading));
        for heading in headings.chain(ours).chain(mark(REPEATED)) {
            write(&mut writer, heading).map_err(io_error)?;
        }
        end(&mut writer).map_err(io_error)?;
        for finding in report.all_rows() {
            let cells = places.iter().map(|place| finding.cell(*place));
            let computed = priorities.map(|priorities| derived(finding, priorities, context.texts));
            let computed = computed.into_iter().flatten().map(Cow::Owned);
            for cell in cells.chain(computed).chain(mark(if finding.is_repeated() { "YES" } else { "" })) {
                write(&mut writer, cell).map_err(io_error)?;
            }
            end(&mut writer).map_err(io_error)?;
        }
        writer.flush()?;
        let note = match (formulas, neutralize) {
            (0, _) => None,
            (_, true) => Some(format!("{formulas} cells that a spreadsheet would take for a formula begin with a '")),
            (_, false) => Some(format!(
                "{formulas} cells begin like a formula (= + - @), as npm packages do; before the file is opened in a \
                 spreadsheet, write it with --{NEUTRALIZE}"
            )),
        };
        let compared = report
            .comparison()
            .map(|_| "CSV does not tell what became of findings since the earlier report; xlsx and json do".to_owned());
        let repeated = marks.then(|| {
            format!(
                "rows that repeat a finding are in it; the column \"{REPEATED}\" has YES for those that do not count"
            )
        });
        let notes = note.into_iter().chain(repeated).chain(compared).collect();
        Ok(Summary::new(report.len() as u64, notes))
    }
}

/// Whether a spreadsheet that opens the file would calculate the cell (OWASP, "CSV Injection"). A number is none.
fn is_formula(cell: &str) -> bool {
    starts_like_a_formula(cell) && number(cell.trim_start_matches('+')).is_none()
}

fn io_error(error: csv::Error) -> ConvertError {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => ConvertError::Io(error),
        other => ConvertError::Format(format!("{other:?}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_no_formula() {
        assert!(["=1+1", "@npm/x", "-a", "+cmd|' /C calc'!A0", "＝1", "-1+2"].iter().all(|cell| is_formula(cell)));
        assert!(["-1.5", "+3", "", "a=1", "'=1"].iter().all(|cell| !is_formula(cell)));
    }
}

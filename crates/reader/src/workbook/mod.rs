//! The reader of workbooks: those that this program wrote, and reports that Excel has opened and saved as .xlsx.

mod parts;

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    io::BufReader,
    panic::{self, AssertUnwindSafe},
    sync::Arc,
};

use calamine::{DataRef, Reader, Xlsx, XlsxError};
use inspector_report_localizer::{Lang, Localizer, derived_places, triage_field, triage_field_now};
use inspector_report_model::{
    Column, Header, Kind, Location, Problem, ProblemCode, Report, ReportBuilder, TriageEntry,
    jiff::{civil::DateTime, tz::TimeZone},
    timestamp,
};

use super::{Plain, error::ReadErrorKind, foreign, headings};
use crate::location::Opened;

/// How many rows of a sheet are looked through for its headings.
const ROWS_BEFORE_HEADINGS: u32 = 50;

/// Digits of an account id.
const ACCOUNT_DIGITS: usize = 12;

/// Instead of a byte, a problem has the number of the sheet in the bits from here up, and that of the row below them.
const SHEET_SHIFT: u32 = 32;

/// Reads a report. The findings are in the order of the sheets.
pub(super) fn read(input: &Plain<'_>) -> Result<Report, ReadErrorKind> {
    // Rows are read up to the last one, and not to the end of the part, where it would show that its checksum is wrong.
    let wrong = parts::check(input)?;
    // A workbook has many parts that may be broken in many ways; should the crate that reads them panic on one, the
    // other inputs are still to be read.
    let read = panic::catch_unwind(AssertUnwindSafe(|| read_sheets(input)));
    let mut report =
        read.unwrap_or_else(|_| Err(ReadErrorKind::Damaged("its parts do not fit together".to_owned())))?;
    if let Some(part) = wrong {
        let message = format!(
            "the workbook is damaged: the checksum of its part {part} is wrong; rows may be missing, and cells may hold \
             something else"
        );
        let problem = Problem::new(ProblemCode::CutOff, report.source(), message);
        report = report.with_problem(problem);
    }
    Ok(report)
}

fn read_sheets(input: &Plain<'_>) -> Result<Report, ReadErrorKind> {
    let mut workbook: Xlsx<BufReader<Opened>> = Xlsx::new(BufReader::new(input.open()?)).map_err(damaged)?;
    let mut sheets = Vec::new();
    let mut nearly = None;
    let told_twice = told_twice(&workbook);
    for name in workbook.sheet_names() {
        if told_twice.contains(&name) {
            continue;
        }
        match Sheet::find(&mut workbook, &name)? {
            Some(sheet) => match headings::check(&Header::new(sheet.headings()), sheet.header_row + 1) {
                Ok(()) => sheets.push(sheet),
                Err(error) => nearly = nearly.or(Some(error)),
            },
            None => continue,
        }
    }
    if sheets.is_empty() {
        return Err(nearly.unwrap_or_else(foreign::workbook));
    }
    let mut keys: Vec<Key<'_>> = Vec::new();
    for key in sheets.iter().flat_map(Sheet::keys) {
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    let header = Arc::new(Header::new(keys.iter().map(|(heading, _)| *heading)));
    let mut builder = ReportBuilder::new(header);
    let (mut homeless, mut first) = (0, None);
    for (number, sheet) in sheets.iter().enumerate() {
        let without = sheet.read(&mut workbook, number as u64, &keys, &mut builder, input)?;
        homeless += without.len();
        first = first.or_else(|| without.first().map(|row| format!("sheet {}, row {}", sheet.name, row + 1)));
    }
    let name = input.name.as_str();
    let mut report = builder.finish(name.into(), |rows| {
        let row = |byte: u64| (byte & ((1 << SHEET_SHIFT) - 1)) + 1;
        let locate = |row: u64, byte| Location { byte, line: row, last_line: row };
        Ok::<_, ReadErrorKind>(rows.iter().map(|bytes| locate(row(bytes.start), bytes.start)).collect())
    })?;
    let in_sheet = |problem: &mut Problem| {
        if let Some(sheet) = sheets.get((problem.byte >> SHEET_SHIFT) as usize) {
            problem.source = format!("{name}!{}", sheet.name).into();
        }
        problem.byte = 0;
    };
    let filled_in = action_triage(&mut workbook, |name| sheets.iter().any(|sheet| sheet.name == name));
    report = report.with_problems_located(in_sheet).with_action_triage(filled_in);
    if let Some(first) = first {
        report = report
            .with_note(format!("{homeless} cells in columns without a heading were left out, the first in {first}"));
    }
    input.watch.add(input.size()? as usize);
    Ok(report)
}

/// The sheets of a workbook of ours that tell again of findings that other sheets have, or of those of an earlier report:
/// what is accepted, and what changed.
fn told_twice(workbook: &Xlsx<BufReader<Opened>>) -> Vec<String> {
    sheets_of_ranges(workbook, |name| {
        let number = name.strip_prefix("Accepted");
        name.starts_with("Changes_") || number.is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()))
    })
}

/// The sheets with these ranges, by which sheets of ours are known: the names of ranges stay when a sheet is renamed.
fn sheets_of_ranges(workbook: &Xlsx<BufReader<Opened>>, is_it: impl Fn(&str) -> bool) -> Vec<String> {
    let sheet = |formula: &str| {
        let (sheet, _) = formula.trim_start_matches('=').rsplit_once('!')?;
        let quoted = sheet.strip_prefix('\'').and_then(|sheet| sheet.strip_suffix('\''));
        Some(quoted.map_or_else(|| sheet.to_owned(), |sheet| sheet.replace("''", "'")))
    };
    let names = workbook.defined_names().iter().filter(|(name, _)| is_it(name));
    names.filter_map(|(_, formula)| sheet(formula)).collect()
}

/// What was filled in beside the actions of a workbook of ours, by the words of the actions. Where the name of their range
/// is gone, as other programs leave it out, it may be any sheet that `has_findings` says nothing of. What cannot be read of
/// that sheet is no part of the report.
fn action_triage(
    workbook: &mut Xlsx<BufReader<Opened>>,
    has_findings: impl Fn(&str) -> bool,
) -> Vec<(String, TriageEntry)> {
    let known = sheets_of_ranges(workbook, |name| name == "Actions");
    if let Some(entries) = known.first().and_then(|sheet| action_triage_of(workbook, sheet)) {
        return entries;
    }
    let others: Vec<String> = workbook.sheet_names().into_iter().filter(|name| !has_findings(name)).collect();
    others.iter().filter_map(|sheet| action_triage_of(workbook, sheet)).flatten().collect()
}

/// The same of a sheet; `None` where it has no heading for actions with columns to fill in beside it.
fn action_triage_of(workbook: &mut Xlsx<BufReader<Opened>>, sheet: &str) -> Option<Vec<(String, TriageEntry)>> {
    let plain = SheetColumn { place: 0, heading: String::new(), column: None, zone: TimeZone::UTC };
    let titles = Lang::ALL.map(|lang| Localizer::shared(lang).get("figure-action"));
    // Of the words of the action, and of each column that is filled in: its place on the sheet.
    let (mut action, mut places, mut is_now) = (None, [None; 4], false);
    let mut rows: BTreeMap<u32, (String, [String; 4])> = BTreeMap::new();
    let mut header = None;
    let mut cells = workbook.worksheet_cells_reader(sheet).ok()?;
    while let Some(cell) = cells.next_cell().ok()? {
        let (row, column) = cell.get_position();
        if header.is_some_and(|header| row > header) && places.iter().all(Option::is_none) {
            // A table of actions with nothing to fill in.
            (action, header) = (None, None);
            rows.clear();
        }
        if header.is_none() && row >= ROWS_BEFORE_HEADINGS {
            return None;
        }
        let mut text = String::new();
        write(&mut text, &plain, cell.get_value());
        if titles.contains(&text) && action.is_none() {
            (action, header) = (Some(column), Some(row));
        } else if header == Some(row) {
            let now = triage_field_now(&text);
            if now.is_some() && !std::mem::replace(&mut is_now, true) {
                // What other versions would call so is something else here.
                places = [None; 4];
            }
            if let Some(field) = if is_now { now } else { triage_field(&text) } {
                places[field as usize].get_or_insert(column);
            }
        } else if header.is_some() {
            let (words, filled) = rows.entry(row).or_default();
            match places.iter().position(|place| *place == Some(column)) {
                Some(at) => filled[at] = text,
                None if action == Some(column) => *words = text,
                None => {}
            }
        }
    }
    places.iter().flatten().next()?;
    let entries = rows.into_values().map(|(words, filled)| (words, TriageEntry::new(filled)));
    Some(entries.filter(|(words, entry)| !words.is_empty() && !entry.is_blank()).collect())
}

fn damaged(error: XlsxError) -> ReadErrorKind {
    match error {
        XlsxError::Io(error) => ReadErrorKind::Io(error),
        XlsxError::Password => ReadErrorKind::Damaged("it is locked with a password".to_owned()),
        other => ReadErrorKind::Damaged(other.to_string()),
    }
}

/// A column by its heading, and how many of that heading stand before it in the sheet.
type Key<'a> = (&'a str, usize);

/// A sheet of findings.
struct Sheet {
    name: String,
    header_row: u64,
    columns: Vec<SheetColumn>,
    /// The places of the columns that this program has computed. They are computed anew.
    derived: HashSet<u32>,
}

/// A column of a sheet.
struct SheetColumn {
    /// Its place in the sheet, from 0.
    place: u32,
    /// Its heading, as Inspector would write it.
    heading: String,
    column: Option<Column>,
    /// The zone that its times are told in.
    zone: TimeZone,
}

impl SheetColumn {
    /// Understands headings: those that this program writes with a zone behind them, or in Japanese, stand for
    /// Inspector's.
    fn all(cells: &[(u32, String)]) -> Vec<SheetColumn> {
        let columns: Vec<_> = cells
            .iter()
            .map(|(place, heading)| {
                let (bare, zone) = split_zone(heading);
                (*place, heading, bare, zone, Column::from_heading(bare))
            })
            .collect();
        // In a Japanese sheet some labels are ASCII too: `AMI`.
        let is_japanese = columns.iter().any(|(_, _, bare, _, column)| column.is_some() && !bare.is_ascii());
        let new = |(place, heading, bare, zone, column): (u32, &String, &str, TimeZone, Option<Column>)| {
            let heading = match column {
                Some(column) if is_japanese => column.name(),
                Some(_) => bare,
                None => heading,
            };
            SheetColumn { place, heading: heading.to_owned(), column, zone }
        };
        columns.into_iter().map(new).collect()
    }
}

impl Sheet {
    /// Finds the row with the headings; `None` when a sheet has none of Inspector's columns.
    fn find(workbook: &mut Xlsx<BufReader<Opened>>, name: &str) -> Result<Option<Sheet>, ReadErrorKind> {
        let mut rows: HashMap<u32, Vec<(u32, String)>> = HashMap::new();
        // A sheet that is a chart has no cells.
        let Ok(mut cells) = workbook.worksheet_cells_reader(name) else { return Ok(None) };
        while let Some(cell) = cells.next_cell().map_err(damaged)? {
            let (row, place) = cell.get_position();
            if row >= ROWS_BEFORE_HEADINGS {
                break;
            }
            let text = match cell.get_value() {
                DataRef::String(text) => text.clone(),
                DataRef::SharedString(text) => (*text).to_owned(),
                _ => continue,
            };
            rows.entry(row).or_default().push((place, text));
        }
        let sheets = rows.into_iter().map(|(row, mut cells)| {
            let places = derived_places(cells.iter().map(|(_, heading)| heading.as_str()));
            let derived: HashSet<u32> = places.iter().filter_map(|place| Some(cells.get(*place)?.0)).collect();
            cells.retain(|(place, _)| !derived.contains(place));
            Sheet { name: name.to_owned(), header_row: u64::from(row), columns: SheetColumn::all(&cells), derived }
        });
        let best = sheets.map(|sheet| (headings::known(sheet.headings()), sheet));
        let best = best.filter(|(known, _)| *known >= headings::FEWEST);
        Ok(best.max_by_key(|(known, sheet)| (*known, std::cmp::Reverse(sheet.header_row))).map(|(_, sheet)| sheet))
    }

    fn headings(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|column| column.heading.as_str())
    }

    /// The keys of the columns, in their order.
    fn keys(&self) -> impl Iterator<Item = Key<'_>> {
        self.columns.iter().enumerate().map(|(place, column)| {
            let before = self.columns[..place].iter().filter(|other| other.heading == column.heading).count();
            (column.heading.as_str(), before)
        })
    }

    /// Adds the rows below the headings; `keys` are those of the whole report. Gives the rows of the cells that stand in
    /// columns without a heading.
    fn read(
        &self,
        workbook: &mut Xlsx<BufReader<Opened>>,
        number: u64,
        keys: &[Key<'_>],
        builder: &mut ReportBuilder,
        input: &Plain<'_>,
    ) -> Result<Vec<u32>, ReadErrorKind> {
        let place_of = |key: Key<'_>| keys.iter().position(|other| *other == key);
        let columns: HashMap<u32, (&SheetColumn, usize)> = self
            .columns
            .iter()
            .zip(self.keys())
            .filter_map(|(column, key)| Some((column.place, (column, place_of(key)?))))
            .collect();
        let mut cells = workbook.worksheet_cells_reader(&self.name).map_err(damaged)?;
        let mut row = vec![String::new(); keys.len()];
        let mut homeless = Vec::new();
        let mut current = 0u32;
        let mut push = |row: &mut Vec<String>, at: u32| {
            if row.iter().all(String::is_empty) {
                return;
            }
            let byte = number << SHEET_SHIFT | u64::from(at);
            let is_header = row.iter().zip(keys).all(|(cell, (heading, _))| cell == heading);
            if is_header {
                builder.push_repeated_header(byte);
            } else {
                builder.push(byte, |place| row.get(place).map_or("", String::as_str));
            }
            row.iter_mut().for_each(String::clear);
        };
        while let Some(cell) = cells.next_cell().map_err(damaged)? {
            let (at, place) = cell.get_position();
            if at != current {
                if input.watch.is_stopped() {
                    return Err(ReadErrorKind::Interrupted);
                }
                push(&mut row, current);
                current = at;
            }
            if u64::from(at) <= self.header_row {
                continue;
            }
            match columns.get(&place) {
                Some((column, place)) => write(&mut row[*place], column, cell.get_value()),
                None if *cell.get_value() != DataRef::Empty && !self.derived.contains(&place) => homeless.push(at),
                None => {}
            }
        }
        push(&mut row, current);
        Ok(homeless)
    }
}

/// The zone at the end of a heading, `First Seen (UTC)`, and the heading without it.
fn split_zone(heading: &str) -> (&str, TimeZone) {
    let inside = heading.trim_end().strip_suffix(')').and_then(|rest| rest.rsplit_once(" ("));
    let known = inside.and_then(|(bare, name)| Some((bare, timestamp::zone(name)?.0)));
    known.unwrap_or((heading, TimeZone::UTC))
}

/// Writes the value of a cell as Inspector would have written it.
fn write(out: &mut String, column: &SheetColumn, value: &DataRef<'_>) {
    let kind = column.column.map_or(Kind::Text, Column::kind);
    match value {
        DataRef::Empty => {}
        DataRef::String(text) => out.push_str(text),
        DataRef::SharedString(text) => out.push_str(text),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => out.push_str(text),
        DataRef::Bool(value) => out.push_str(if *value { "TRUE" } else { "FALSE" }),
        DataRef::Error(error) => out.push_str(&error.to_string()),
        DataRef::Int(number) => write_number(out, column.column, *number as f64),
        // A date whose format was changed to a plain number; no other number stands in a column of times.
        DataRef::Float(number) if kind == Kind::Timestamp && (20_000.0..80_000.0).contains(number) => {
            let serial = calamine::ExcelDateTime::new(*number, calamine::ExcelDateTimeType::DateTime, false);
            write_time(out, column, &serial);
        }
        DataRef::Float(number) => write_number(out, column.column, *number),
        DataRef::DateTime(serial) if serial.is_duration() => out.push_str(&serial.as_f64().to_string()),
        DataRef::DateTime(serial) => write_time(out, column, serial),
    }
}

fn write_number(out: &mut String, column: Option<Column>, number: f64) {
    use std::fmt::Write;
    // Writing to a String does not fail.
    let _ = match column {
        // A spreadsheet made it a number, and dropped the zeros in front.
        Some(Column::AwsAccountId) if number.fract() == 0.0 && (0.0..1e12).contains(&number) => {
            write!(out, "{number:0ACCOUNT_DIGITS$}")
        }
        // Inspector writes scores with one decimal.
        Some(column) if is_score(column) && number.fract() == 0.0 => write!(out, "{number:.1}"),
        _ => write!(out, "{number}"),
    };
}

fn is_score(column: Column) -> bool {
    column != Column::EpssScore && column.kind() == Kind::Number && column.name().ends_with(" Score")
}

/// Writes a moment as Inspector does, or in a column of text as a date of ISO 8601.
fn write_time(out: &mut String, column: &SheetColumn, serial: &calamine::ExcelDateTime) {
    let (year, month, day, hour, minute, second, millisecond) = serial.to_ymd_hms_milli();
    let new = || {
        let nanosecond = i32::from(millisecond) * 1_000_000;
        let (month, day, hour) = (month.try_into().ok()?, day.try_into().ok()?, hour.try_into().ok()?);
        let (minute, second) = (minute.try_into().ok()?, second.try_into().ok()?);
        DateTime::new(year.try_into().ok()?, month, day, hour, minute, second, nanosecond).ok()
    };
    let text = new().and_then(|time: DateTime| match column.column.map_or(Kind::Text, Column::kind) {
        Kind::Timestamp => column.zone.to_timestamp(time).ok().map(timestamp::write),
        _ if hour == 0 && minute == 0 && second == 0 && millisecond == 0 => Some(time.date().to_string()),
        _ => Some(time.to_string()),
    });
    match text {
        Some(text) => out.push_str(&text),
        None => out.push_str(&serial.as_f64().to_string()),
    }
}

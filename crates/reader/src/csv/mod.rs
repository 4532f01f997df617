//! The reader of CSV reports.
//!
//! What a row is, the csv crate says. Where its reading shows that a quote was never closed, so that a field swallows the
//! rows behind it, the record is *mended*: each of its lines that is a row by its shape is read as one, and what is
//! between them is lost and named. Where the headings stand again, in another order or number, the rows behind them are
//! read by those.
//!
//! A file is read in parts on all threads. Where a part begins, and which headings are in force there, is what the part
//! before it ended with; each part is read on the guess that nothing special was before it, and read again where that
//! was wrong. So the result is that of one part.

mod layout;
mod parts;
mod reading;
mod records;
mod table;
mod window;

use std::{
    borrow::Cow,
    collections::{HashSet, VecDeque},
    io::{self, Read, Seek, SeekFrom},
    ops::Range,
    sync::Arc,
};

use csv::{ByteRecord, Reader, ReaderBuilder};
use inspector_report_model::{
    Column, Header, Location, ProblemCode, Report, ReportBuilder,
    value::{FindingType, Severity},
};
use rayon::prelude::*;

use crate::{
    LONGEST_FINDING, MOST_COLUMNS, Plain, Watch,
    error::ReadErrorKind,
    foreign, headings, lines,
    locale::Forms,
    location::Opened,
    split::{self, Quotes},
};

use layout::*;
use parts::*;
use reading::*;
use records::*;
use table::*;
use window::*;

/// How much is read from the file at a time.
const BUFFER: usize = 256 << 10;

/// The part of the longest record, 1 MiB of it, up to which a record is read at once. The fields of a longer one are counted
/// first: each takes a word of memory, so that many small ones would take more than the bytes of the record.
const AT_ONCE: u64 = 16;

/// The longest row that is looked for in a broken record.
const LONGEST_MENDED_ROW: usize = 256 << 10;

/// How often each byte of a broken record may be read to find its rows, and how many bytes may be at least. Only a file
/// made for it needs more.
const MENDING: (u64, u64) = (16, 16 << 20);

/// The longest stretch of lines that are no rows which is taken for one row.
const LONGEST_LOST_ROW: u64 = 64 << 10;

/// How much of a file is looked through for the line with the headings, and how many records of it.
const BEGINNING: u64 = 256 << 10;
const RECORDS_BEFORE_HEADINGS: usize = 50;

/// The delimiters that are looked for, the likeliest first.
const DELIMITERS: [u8; 4] = [b',', b'\t', b';', b'|'];

/// Reads a report. `parts` tells, for the bytes of its rows, in how many parts to read at the same time; there may be
/// fewer.
pub(super) fn read(input: &Plain<'_>, parts: impl FnOnce(u64) -> u64) -> Result<Report, ReadErrorKind> {
    read_limited(input, parts, LONGEST_FINDING)
}

fn read_limited(
    input: &Plain<'_>,
    parts: impl FnOnce(u64) -> u64,
    longest_record: u64,
) -> Result<Report, ReadErrorKind> {
    let mut file = input.open()?;
    let size = file.seek(SeekFrom::End(0))?;
    let table = Table::find(&mut file, input.options.delimiter)?;
    let end = split::end_of_text(&mut file, size)?.max(table.rows);
    let source = Source {
        input,
        delimiter: table.delimiter,
        headings: table.headings,
        end,
        longest_record,
        parts: split::split(&mut file, table.rows..end, table.delimiter, parts(end - table.rows))?,
    };
    let mut whole = source.read(&Forms::default())?;
    let forms = Forms::of(whole.builder.foreign_forms(), &whole.header, table.delimiter);
    if !forms.is_empty() {
        input.watch.begin(size);
        whole = source.read(&forms)?;
    }
    let Whole { header, mut builder, last, switches } = whole;
    for place in headings::repeated(&header) {
        builder.push_repeated_heading(place, table.byte);
    }
    let is_ended = ends_like(&split::bytes(&mut file, end.saturating_sub(2)..end)?, table.line_break);
    let headings = table.byte..table.rows;
    let is_cut = table.is_open || !is_ended;
    end_of_input(&mut builder, last, is_ended, is_cut.then_some(headings), end..size);
    let mut report = builder.finish(input.name.as_str().into(), |rows| lines::locate_records(input.open()?, rows))?;
    if table.line > 1 {
        report =
            report.with_note(format!("the headings are in line {}; what stands above them was left out", table.line));
    }
    if let Some(first) = switches.first() {
        let line = lines::locate_record(input.open()?, first)?.line;
        let more = match switches.len() {
            1 => String::new(),
            many => format!(", and again in {} places", many - 1),
        };
        report = report.with_note(format!("line {line} has other headings{more}; the rows below are read by them"));
    }
    Ok(forms.notes(&header).into_iter().fold(report, Report::with_note))
}

/// Whether a file ends with a line break of its own kind. A lone CR is half of one, unless all lines end so.
fn ends_like(end: &[u8], line_break: LineBreak) -> bool {
    match end.last() {
        Some(b'\n') => true,
        Some(b'\r') => line_break == LineBreak::Cr,
        _ => false,
    }
}

/// Says what the end of the file tells: that it was cut off, or may have been. `headings` are those that the file ends
/// inside of, if no row follows; `zeros` are the zero bytes at its end.
fn end_of_input(
    builder: &mut ReportBuilder,
    last: Option<Last>,
    is_ended: bool,
    headings: Option<Range<u64>>,
    zeros: Range<u64>,
) {
    if !zeros.is_empty() {
        let message = "the file ends with zero bytes, as a copy that was not finished does; what they stand for is \
                       missing, so copy or export it again";
        return builder.push_gap(ProblemCode::CutOff, zeros, message.to_owned());
    }
    let Some(last) = last else {
        if let Some(headings) = headings {
            let message = "the file ends inside its headings; all its rows are missing, so export or download it again";
            builder.push_gap(ProblemCode::CutOff, headings, message.to_owned());
        }
        return;
    };
    if last.is_cut && (last.is_open || !is_ended) {
        let message = "the file ends inside a row; the rows behind it are missing, so export or download it again";
        builder.push_gap(ProblemCode::CutOff, last.bytes, message.to_owned());
    } else if !is_ended {
        let message = "the file ends without a line break, so that rows may be missing behind it; where it is whole, end \
                       its last line";
        builder.push_gap(ProblemCode::MayBeCut, last.bytes, message.to_owned());
    }
}

/// The headings of a table, as written.
type Headings = Arc<[String]>;

fn csv_reader<R: Read>(input: R, delimiter: u8, buffer: usize) -> Reader<R> {
    ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        // A row with another number of fields is a problem of its own, not the end of the report.
        .flexible(true)
        .buffer_capacity(buffer)
        .from_reader(input)
}

fn io_error(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

#[cfg(test)]
mod tests;

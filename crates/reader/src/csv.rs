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

use std::{
    borrow::Cow,
    collections::VecDeque,
    fs::File,
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

use super::{
    Plain, Watch,
    error::ReadErrorKind,
    foreign, headings,
    locale::Forms,
    split::{self, Lines, Quotes},
};

/// How much is read from the file at a time.
const BUFFER: usize = 256 << 10;

/// The longest record that is read as one. A longer one has an open quote.
const LONGEST_RECORD: u64 = 64 << 20;

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
    read_limited(input, parts, LONGEST_RECORD)
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
    let mut report = builder.finish(input.name.as_str().into(), |rows| {
        let lines = Lines::read(input.open()?)?;
        Ok::<_, ReadErrorKind>(rows.iter().map(|row| lines.locate(row)).collect())
    })?;
    if table.line > 1 {
        report =
            report.with_note(format!("the headings are in line {}; what stands above them was left out", table.line));
    }
    if let Some(first) = switches.first() {
        let line = Lines::read(input.open()?)?.locate(first).line;
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

/// How lines end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum LineBreak {
    /// With LF, or CR LF.
    Lf,
    /// With CR alone, as on old Macs.
    Cr,
}

/// The headings of a table, as written.
type Headings = Arc<[String]>;

/// The table in a file: its headings, and where its rows begin.
struct Table {
    delimiter: u8,
    headings: Headings,
    /// The line of the headings, from 1.
    line: u64,
    /// Where it begins.
    byte: u64,
    /// How it ends.
    line_break: LineBreak,
    /// Whether it ends inside quotes.
    is_open: bool,
    /// Where the rows begin.
    rows: u64,
}

impl Table {
    /// Finds the line that has most of Inspector's columns, with the delimiter that makes it so. That settles the
    /// delimiter better than statistics could: no other one cuts a line into these names.
    fn find(file: &mut File, delimiter: Option<u8>) -> Result<Table, ReadErrorKind> {
        let start = split::bytes(file, 0..BEGINNING)?;
        let text = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&start);
        if text.trim_ascii().is_empty() {
            return Err(ReadErrorKind::Empty);
        }
        let first_line = String::from_utf8_lossy(text.split(|byte| *byte == b'\n').next().unwrap_or(text));
        let first_line = first_line.trim_end().to_owned();
        if let Some(foreign) = foreign::table(&first_line) {
            return Err(foreign);
        }
        let given = delimiter.map(|delimiter| [delimiter]);
        let mut best: Option<Best> = None;
        for delimiter in given.as_ref().map_or(DELIMITERS.as_slice(), |given| given) {
            // The csv crate drops a byte order mark, and counts it in its position.
            let mut reader = csv_reader(start.as_slice(), *delimiter, BUFFER);
            let mut record = ByteRecord::new();
            for _ in 0..RECORDS_BEFORE_HEADINGS {
                if !reader.read_byte_record(&mut record).map_err(io_error)? {
                    break;
                }
                // With no more fields than that there cannot be more columns.
                let most = best.as_ref().map_or(0, |best| best.known);
                if record.len() <= most {
                    continue;
                }
                let texts: Vec<String> =
                    record.iter().map(|field| String::from_utf8_lossy(field).into_owned()).collect();
                let known = headings::known(&texts);
                if known > most {
                    let byte = record.position().map_or(0, |position| position.byte());
                    let bytes = byte..reader.position().byte();
                    best = Some(Best { known, delimiter: *delimiter, record: record.clone(), bytes });
                    // Below them are rows, even if more headings follow somewhere.
                    if headings::are_of_a_report(&texts) {
                        break;
                    }
                }
            }
        }
        let Some(Best { delimiter, record, bytes, .. }) = best.filter(|best| best.known >= headings::FEWEST) else {
            let beginning = first_line.chars().take(60).filter(|c| !c.is_control()).collect();
            return Err(match foreign::holds_findings(&start) {
                true => ReadErrorKind::NoHeadings(beginning),
                false => ReadErrorKind::NotAReport(beginning),
            });
        };
        let texts: Vec<_> = record.iter().map(String::from_utf8_lossy).collect();
        let header = Header::new(texts.iter().map(AsRef::as_ref));
        let location = Lines::read(start.as_slice())?.locate(&bytes);
        headings::check(&header, location.line)?;
        let headings = texts.into_iter().map(Cow::into_owned).collect();
        let ends = |at: u64, byte| usize::try_from(at).ok().and_then(|at| start.get(at)) == Some(&byte);
        // With nothing behind it, a CR is half of a line break.
        let is_followed = usize::try_from(bytes.end).is_ok_and(|end| end < start.len());
        let is_cr = bytes.end > 0 && ends(bytes.end - 1, b'\r') && is_followed && !ends(bytes.end, b'\n');
        let line_break = if is_cr { LineBreak::Cr } else { LineBreak::Lf };
        let mut quotes = Quotes::new(delimiter);
        let own = start.get(bytes.start as usize..bytes.end as usize).unwrap_or_default();
        quotes.look(own.strip_prefix(b"\xef\xbb\xbf").unwrap_or(own), |_| {});
        let Location { line, byte, .. } = location;
        Ok(Table { delimiter, headings, line, byte, line_break, is_open: quotes.is_inside(), rows: bytes.end })
    }
}

/// The record that looks most like headings so far.
struct Best {
    /// How many of Inspector's columns it names.
    known: usize,
    delimiter: u8,
    record: ByteRecord,
    /// Where it stands, as the csv crate counts.
    bytes: Range<u64>,
}

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

/// An input, as all its parts see it.
struct Source<'a> {
    input: &'a Plain<'a>,
    delimiter: u8,
    /// The first headings.
    headings: Headings,
    /// Where the text ends.
    end: u64,
    longest_record: u64,
    /// Where the rows are, cut between records.
    parts: Vec<Range<u64>>,
}

/// Where a part begins, and by which headings its first rows are read.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Begin {
    at: u64,
    headings: Headings,
}

/// What a part gave.
struct Part {
    builder: ReportBuilder,
    /// Every line with headings in it, and where it is.
    headings: Vec<(Range<u64>, Headings)>,
    /// Where the next part begins: behind the last row, which may begin here and end there.
    end: u64,
    last: Option<Last>,
}

/// The last record.
struct Last {
    bytes: Range<u64>,
    /// Whether it could not be read, and lacks something.
    is_cut: bool,
    /// Whether it ends inside quotes.
    is_open: bool,
}

/// What all parts gave.
struct Whole {
    header: Arc<Header>,
    builder: ReportBuilder,
    last: Option<Last>,
    /// Where headings other than those before them stand.
    switches: Vec<Range<u64>>,
}

impl Source<'_> {
    /// Reads all parts. Each is read on the guess that it begins where it was cut, with the headings of the first line;
    /// where the parts before it show otherwise, it is read again. The first part is right at once, each other one at the
    /// latest when the one before it is.
    fn read(&self, forms: &Forms) -> Result<Whole, ReadErrorKind> {
        let guess = |range: &Range<u64>| Begin { at: range.start, headings: Arc::clone(&self.headings) };
        let mut begins: Vec<Begin> = self.parts.iter().map(guess).collect();
        let mut read: Vec<Option<Part>> = self.parts.iter().map(|_| None).collect();
        let mut columns = self.headings.to_vec();
        loop {
            let header = Arc::new(Header::new(columns.iter().map(String::as_str)));
            let parts = read.into_par_iter().zip(&self.parts).zip(&begins);
            let parts = parts.map(|((part, range), begin)| match part {
                Some(part) => Ok(part),
                None => self.read_part(range, begin, &header, forms),
            });
            let parts = parts.collect::<Result<Vec<Part>, ReadErrorKind>>()?;
            // What was true at the start of each part.
            let mut state =
                Begin { at: self.parts.first().map_or(0, |part| part.start), headings: Arc::clone(&self.headings) };
            let mut all = vec![Arc::clone(&self.headings)];
            let mut switches = Vec::new();
            let mut is_right = Vec::with_capacity(parts.len());
            for ((part, range), begin) in parts.iter().zip(&self.parts).zip(&mut begins) {
                state.at = state.at.max(range.start);
                is_right.push(*begin == state);
                begin.clone_from(&state);
                for (bytes, headings) in &part.headings {
                    if *headings != state.headings {
                        switches.push(bytes.clone());
                        state.headings = Arc::clone(headings);
                        if !all.contains(headings) {
                            all.push(Arc::clone(headings));
                        }
                    }
                }
                state.at = part.end;
            }
            let union = headings::union(&all);
            let is_same = union == columns;
            if is_same && is_right.iter().all(|is_right| *is_right) {
                let last = parts.iter().rposition(|part| part.last.is_some());
                let mut builder = ReportBuilder::new(Arc::clone(&header));
                let mut whole_last = None;
                for (place, part) in parts.into_iter().enumerate() {
                    if Some(place) == last {
                        whole_last = part.last;
                    }
                    if place == 0 {
                        builder = part.builder;
                    } else {
                        builder.append(part.builder);
                    }
                }
                return Ok(Whole { header, builder, last: whole_last, switches });
            }
            columns = union;
            read =
                parts.into_iter().zip(is_right).map(|(part, is_right)| (is_right && is_same).then_some(part)).collect();
        }
    }

    /// Reads the records that begin in a range.
    fn read_part(
        &self,
        range: &Range<u64>,
        begin: &Begin,
        header: &Arc<Header>,
        forms: &Forms,
    ) -> Result<Part, ReadErrorKind> {
        let builder = ReportBuilder::new(Arc::clone(header));
        let part = Part { builder, headings: Vec::new(), end: begin.at.max(range.end), last: None };
        let layout = Layout::new(header, &begin.headings);
        let mut reading = Reading { source: self, header, forms, layout, part };
        let mut at = begin.at;
        while at < range.end {
            at = reading.read(at..range.end)?;
        }
        reading.part.end = at.max(range.end);
        Ok(reading.part)
    }
}

/// What each field of a row is, by the headings in force.
struct Layout {
    headings: Headings,
    /// Of each column of the report the place of its field; `None` where they are the same.
    fields: Option<Vec<Option<usize>>>,
    severity: Option<usize>,
    finding_type: Option<usize>,
    arn: Option<usize>,
}

impl Layout {
    fn new(header: &Header, headings: &Headings) -> Layout {
        let columns: Vec<&str> = header.columns().iter().map(|column| column.heading.as_ref()).collect();
        let is_same = columns.iter().copied().eq(headings.iter().map(String::as_str));
        let place = |column| headings.iter().position(|heading| Column::from_heading(heading) == Some(column));
        Layout {
            fields: (!is_same).then(|| headings::places(&columns, headings)),
            severity: place(Column::Severity),
            finding_type: place(Column::FindingType),
            arn: place(Column::FindingArn),
            headings: Arc::clone(headings),
        }
    }

    /// The place of the field of a column of the report.
    fn field(&self, column: usize) -> Option<usize> {
        match &self.fields {
            None => Some(column),
            Some(fields) => fields.get(column).copied().flatten(),
        }
    }

    /// The headings that a record has, if it has any. Where files were put together, a byte order mark may stand before
    /// them.
    fn headings_in(&self, record: &ByteRecord) -> Option<Found> {
        let plain = |bytes| <[u8]>::strip_prefix(bytes, b"\xef\xbb\xbf").unwrap_or(bytes);
        // The last field differs first: the first one may be an empty heading.
        let is_same = record.len() == self.headings.len()
            && record.iter().zip(self.headings.iter()).rev().all(|(bytes, heading)| plain(bytes) == heading.as_bytes());
        if is_same {
            return (!self.headings.is_empty()).then(|| Found::Headings(Arc::clone(&self.headings)));
        }
        if record.len() == self.headings.len() && has_severity(cell(record, self.severity)) {
            return None;
        }
        let is_severity = |bytes: &[u8]| {
            (1..64).contains(&bytes.len())
                && std::str::from_utf8(bytes).is_ok_and(|text| Column::from_heading(text) == Some(Column::Severity))
        };
        // The first heading may stand behind a row in its line.
        let first = self.headings.first().map_or("", String::as_str).as_bytes();
        let ends_with_first = |field: &[u8]| {
            !first.is_empty()
                && field.len() > first.len()
                && field.strip_suffix(b"\"").unwrap_or(field).ends_with(first)
        };
        let may_be_heading = |field: &[u8]| (may_be_severity(field) && is_severity(field)) || ends_with_first(field);
        if !record.iter().any(|field| may_be_heading(plain(field))) {
            return None;
        }
        let texts: Vec<String> =
            record.iter().map(|field| String::from_utf8_lossy(plain(field)).into_owned()).collect();
        if let Some(headings) = self.headings_behind_a_row(&texts) {
            return Some(Found::BehindARow(headings.into()));
        }
        headings::are_of_a_report(&texts).then(|| Found::Headings(texts.into()))
    }

    /// The headings in a record that begins as a row: their first one stands at the end of a field of the row.
    fn headings_behind_a_row(&self, texts: &[String]) -> Option<Vec<String>> {
        let first = self.headings.first().filter(|first| Column::from_heading(first).is_some())?;
        let has_row_before = |text: &String| {
            let text = text.strip_suffix('"').unwrap_or(text);
            text.len() > first.len() && text.ends_with(first.as_str()) && Column::from_heading(text).is_none()
        };
        let place = texts.iter().position(has_row_before)?;
        let (row, behind) = (texts.get(..place)?, texts.get(place + 1..)?);
        let headings: Vec<String> = std::iter::once(first).chain(behind).cloned().collect();
        let is_right = headings::known(row) == 0 && !behind.contains(first) && headings::are_of_a_report(&headings);
        is_right.then_some(headings)
    }

    /// Whether a record holds what a row of a report must hold, and is not a piece of a description with commas.
    fn fits(&self, record: &ByteRecord) -> bool {
        if record.len() != self.headings.len() || has_nuls(record) {
            return false;
        }
        match self.arn.map(|place| cell(record, Some(place)).trim()) {
            Some(arn) if arn.starts_with("arn:") => true,
            Some(other) if !matches!(other, "" | "-") => false,
            _ => {
                has_severity(cell(record, self.severity))
                    || !matches!(FindingType::parse(cell(record, self.finding_type)), FindingType::Other(_))
            }
        }
    }
}

impl Layout {
    /// Whether a line, cut at every delimiter, has a severity or an ARN where a row has it.
    fn begins_like_a_row(&self, line: &[u8], delimiter: u8) -> bool {
        let field = |place: usize| {
            let field = line.split(|byte| *byte == delimiter).nth(place).map(<[u8]>::trim_ascii)?;
            std::str::from_utf8(field).ok().map(|field| field.trim_matches('"'))
        };
        self.severity.and_then(field).is_some_and(has_severity)
            || self.arn.and_then(field).is_some_and(|arn| arn.starts_with("arn:"))
    }

    /// Whether a field of several lines has a whole row in one of them. Rows without an ARN are not looked for.
    fn has_rows_inside(&self, record: &ByteRecord, delimiter: u8) -> bool {
        let is_row = |line: &[u8]| {
            let mut inside = ByteRecord::new();
            let is_read = csv_reader(line, delimiter, 4 << 10).read_byte_record(&mut inside);
            is_read.unwrap_or(false) && cell(&inside, self.arn).trim().starts_with("arn:") && self.fits(&inside)
        };
        let has_rows = |field: &[u8]| {
            let Some(end) = memchr::memchr2(b'\n', b'\r', field) else { return false };
            let rest = field.get(end + 1..).unwrap_or_default();
            memchr::memmem::find(rest, b"arn:").is_some()
                && rest.split(|byte| matches!(byte, b'\n' | b'\r')).any(is_row)
        };
        self.arn.is_some() && memchr::memchr2(b'\n', b'\r', record.as_slice()).is_some() && record.iter().any(has_rows)
    }
}

/// What a record has of headings.
enum Found {
    Headings(Headings),
    /// They stand in the same line as the row before them.
    BehindARow(Headings),
}

/// Whether a record holds NUL bytes one behind the other, as where a disk or a transfer has lost a block: it is damaged.
/// A single one may be a control character of a title that the export has handed on.
fn has_nuls(record: &ByteRecord) -> bool {
    memchr::memchr(0, record.as_slice()).is_some()
        && record.iter().any(|field| memchr::memmem::find(field, b"\0\0").is_some())
}

fn cell(record: &ByteRecord, place: Option<usize>) -> &str {
    place.and_then(|place| record.get(place)).and_then(|field| std::str::from_utf8(field).ok()).unwrap_or("")
}

fn has_severity(cell: &str) -> bool {
    !matches!(Severity::parse(cell), Severity::Other(_))
}

/// Whether a field may be the heading of the column Severity: a quick look, before a thorough one.
fn may_be_severity(field: &[u8]) -> bool {
    match field.iter().find(|byte| byte.is_ascii_alphanumeric() || !byte.is_ascii()) {
        Some(b's' | b'S') => field.len() >= "severity".len(),
        Some(byte) => !byte.is_ascii(),
        None => false,
    }
}

/// The reading of a part.
struct Reading<'a> {
    source: &'a Source<'a>,
    header: &'a Header,
    forms: &'a Forms,
    layout: Layout,
    part: Part,
}

/// Why a record cannot be taken as the csv crate reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Broken {
    /// Its last field is in quotes that are still open where the file ends.
    Open,
    /// It is far longer than a row, as behind a quote that is never closed.
    Long,
    /// It has another number of fields than there are headings.
    Fields,
    /// Text stands behind a closing quote.
    Stray,
    /// It holds NUL bytes one behind the other.
    Nul,
}

impl Reading<'_> {
    /// Reads records from the start of a range of them, and gives where to go on: its end, or before a record that the
    /// csv crate does not find there.
    fn read(&mut self, range: Range<u64>) -> Result<u64, ReadErrorKind> {
        let source = self.source;
        let mut file = source.input.open()?;
        file.seek(SeekFrom::Start(range.start))?;
        let input = Watched {
            inner: file.take(range.end - range.start),
            length: range.end - range.start,
            watch: source.input.watch,
            quotes: Quotes::new(source.delimiter),
            stray: VecDeque::new(),
            given: 0,
            allowed: source.longest_record,
            is_held: false,
        };
        let mut reader = csv_reader(input, source.delimiter, BUFFER);
        let mut record = ByteRecord::new();
        while reader.read_byte_record(&mut record).map_err(io_error)? {
            let start = range.start + record.position().map_or(0, |position| position.byte());
            let end = reader.position().byte();
            let longest = source.longest_record;
            let watched = reader.get_mut();
            watched.allowed = end + longest;
            let is_stray = watched.stray_before(end);
            let is_last = end >= watched.given;
            let is_inside = is_last && watched.quotes.is_inside();
            let bytes = start..range.start + end;
            if is_last && (watched.is_held || (is_inside && range.end < source.end)) {
                // It goes on where the range ends, or is too long to be read as one. Line breaks before it do not count.
                let mut file = source.input.open()?;
                let end = split::end_of_record(&mut file, start..source.end, source.delimiter)?;
                let start = split::start_of_text(&mut file, start..end)?;
                if end - start <= longest {
                    return self.read(start..end);
                }
                let next = self.broken(None, start..end, Broken::Long)?;
                return Ok(next.unwrap_or(end));
            }
            if let Some(next) = self.record(&record, bytes, is_stray, is_inside)? {
                return Ok(next);
            }
        }
        // Held between two records, the reader has seen nothing but line breaks of the rest.
        let watched = reader.get_ref();
        Ok(if watched.is_held { range.start + watched.given } else { range.end })
    }

    /// Takes in a record. Where it was mended past its end, gives where to go on.
    fn record(
        &mut self,
        record: &ByteRecord,
        bytes: Range<u64>,
        is_stray: bool,
        is_open: bool,
    ) -> Result<Option<u64>, ReadErrorKind> {
        if is_open {
            return self.broken(Some(record), bytes, Broken::Open);
        }
        if has_nuls(record) {
            return self.broken(Some(record), bytes, Broken::Nul);
        }
        match self.layout.headings_in(record) {
            Some(Found::BehindARow(headings)) => {
                self.lose(ProblemCode::FieldCount, bytes.clone(), GLUED);
                self.last(bytes.clone(), false, false);
                self.switch(bytes, headings);
                return Ok(None);
            }
            Some(Found::Headings(headings)) if !is_stray => {
                self.last(bytes.clone(), false, false);
                self.switch(bytes, headings);
                return Ok(None);
            }
            _ => {}
        }
        if is_stray {
            return self.broken(Some(record), bytes, Broken::Stray);
        }
        if record.len() != self.layout.headings.len() {
            return self.broken(Some(record), bytes, Broken::Fields);
        }
        self.last(bytes.clone(), false, false);
        self.push(record, bytes.start);
        if self.layout.has_rows_inside(record, self.source.delimiter) {
            let message = "whole rows stand inside a quoted field of this row, which is read as it is written; where a quote \
                           is missing, findings are";
            self.part.builder.push_gap(ProblemCode::RowsInField, bytes, message.to_owned());
        }
        Ok(None)
    }

    /// Whether the quotes of a record may still be open where the file ends.
    fn is_open(&self, broken: Broken, end: u64) -> bool {
        matches!(broken, Broken::Open | Broken::Long) && end >= self.source.end
    }

    fn last(&mut self, bytes: Range<u64>, is_cut: bool, is_open: bool) {
        self.part.last = Some(Last { bytes, is_cut, is_open });
    }

    /// From here on rows are read by these headings.
    fn switch(&mut self, bytes: Range<u64>, headings: Headings) {
        self.part.builder.push_repeated_header(bytes.start);
        if headings != self.layout.headings {
            self.layout = Layout::new(self.header, &headings);
        }
        self.part.headings.push((bytes, headings));
    }

    /// Takes in a record that is not right. A quote that is never closed, or closed too late, swallows the rows behind it
    /// into its field; so the lines of a record behind its first are looked through for rows. Without any, the record is
    /// what the csv crate makes of it. Gives where to go on, when that is behind the record.
    fn broken(
        &mut self,
        record: Option<&ByteRecord>,
        bytes: Range<u64>,
        broken: Broken,
    ) -> Result<Option<u64>, ReadErrorKind> {
        let mended = self.mend(bytes.clone(), broken)?;
        if mended.is_some() {
            return Ok(mended.filter(|next| *next != bytes.end));
        }
        let (found, expected) = (record.map_or(0, ByteRecord::len), self.layout.headings.len());
        if let (Some(record), Broken::Stray) = (record, broken)
            && found == expected
        {
            self.last(bytes.clone(), false, false);
            self.push(record, bytes.start);
            let example = record.iter().map(String::from_utf8_lossy).collect::<Vec<_>>().join(" ");
            self.part.builder.push_stray_quote(bytes.start, &example);
            return Ok(None);
        }
        let is_open = self.is_open(broken, bytes.end);
        self.last(bytes.clone(), is_open || found < expected, is_open);
        let (code, what) = match broken {
            Broken::Open => (ProblemCode::OpenQuote, OPEN.to_owned()),
            Broken::Long => (ProblemCode::OpenQuote, LATE.to_owned()),
            Broken::Nul => (ProblemCode::NotAFinding, NUL.to_owned()),
            _ => (ProblemCode::FieldCount, format!("this row has {found} fields, the header has {expected}")),
        };
        self.lose(code, bytes, &what);
        Ok(None)
    }

    /// Says that a row is lost. Where it is too long for one row, nobody knows how many are.
    fn lose(&mut self, code: ProblemCode, bytes: Range<u64>, what: &str) {
        let length = bytes.end - bytes.start;
        self.part.builder.push_lost_row(code, bytes.clone(), format!("{what}; the row is left out"));
        if length > LONGEST_LOST_ROW {
            let length = bytesize::ByteSize::b(length);
            let message = format!("how many rows are lost in these {length} is not known");
            self.part.builder.push_gap(ProblemCode::CutOff, bytes, message);
        }
    }

    /// Reads the rows that begin at lines of a broken record behind its first line, and names what is between them.
    /// Gives where the last of them ends, or the record; `None`, and nothing is done, when there are none.
    fn mend(&mut self, bytes: Range<u64>, broken: Broken) -> Result<Option<u64>, ReadErrorKind> {
        let mut window = Window { file: self.source.input.open()?, at: 0, bytes: Vec::new(), end: self.source.end };
        let Some(mut at) = window.next_line(bytes.start, bytes.end)? else { return Ok(None) };
        let (mut lost, mut spent, mut found) = (bytes.start, 0, 0u64);
        let most = (bytes.end - bytes.start).saturating_mul(MENDING.0).max(MENDING.1);
        while at < bytes.end && spent < most {
            if self.source.input.watch.is_stopped() {
                return Err(ReadErrorKind::Interrupted);
            }
            let candidate = window.record(at, self.source.delimiter)?;
            spent += candidate.length;
            let headings = match self.layout.headings_in(&candidate.record) {
                Some(Found::Headings(headings)) if candidate.is_clean => Some(headings),
                _ => None,
            };
            let is_row = candidate.is_clean && self.layout.fits(&candidate.record);
            if headings.is_none() && !is_row {
                // It may be a row that is broken itself: another one that is lost.
                if self.layout.begins_like_a_row(window.line(at)?, self.source.delimiter) {
                    self.lose_stretch(lost..at, found == 0, broken);
                    found += 1;
                    lost = at;
                }
                at = window.next_line(at, bytes.end)?.unwrap_or(bytes.end);
                continue;
            }
            let end = at + candidate.length;
            self.lose_stretch(lost..at, found == 0, broken);
            self.last(at..end, false, false);
            match headings {
                Some(headings) => self.switch(at..end, headings),
                None => self.push(&candidate.record, at),
            }
            found += 1;
            (at, lost) = (end, end);
        }
        if found == 0 {
            return Ok(None);
        }
        if lost < bytes.end {
            let rest = lost..bytes.end;
            if window.has_text(rest.clone())? {
                let is_open = self.is_open(broken, bytes.end);
                self.last(rest.clone(), true, is_open);
                self.lose_stretch(rest, false, broken);
            }
        }
        Ok(Some(lost.max(bytes.end)))
    }

    /// Names lines of a broken record that are no rows.
    fn lose_stretch(&mut self, bytes: Range<u64>, is_first: bool, broken: Broken) {
        if bytes.is_empty() {
            return;
        }
        match (is_first, broken) {
            (true, Broken::Open | Broken::Long | Broken::Stray) => self.lose(ProblemCode::OpenQuote, bytes, LATE),
            _ => self.lose(ProblemCode::FieldCount, bytes, "these lines are no row with as many fields as the header"),
        }
    }

    /// Adds a record to the report. A record without any text, as spreadsheets leave below a table, is none.
    fn push(&mut self, record: &ByteRecord, start: u64) {
        if record.as_slice().is_empty() {
            return;
        }
        let fields = std::str::from_utf8(record.as_slice()).ok().and_then(|text| {
            // A field may end inside a character that the next one completes: then no field is taken for text unseen.
            let whole = (0..record.len()).all(|i| record.range(i).is_some_and(|range| text.get(range).is_some()));
            whole.then_some(text)
        });
        let Reading { forms, layout, part: Part { builder, .. }, header, .. } = self;
        match fields {
            Some(text) => {
                let field = |i| record.range(i).and_then(|range| text.get(range)).unwrap_or("");
                push(builder, forms, start, |column| layout.field(column).map_or("", field));
            }
            None => {
                let fields: Vec<_> = record.iter().map(String::from_utf8_lossy).collect();
                let field = |i: usize| fields.get(i).map_or("", |field| field.as_ref());
                push(builder, forms, start, |column| layout.field(column).map_or("", field));
                for column in 0..header.len() {
                    let field = layout.field(column).and_then(|place| record.get(place)).unwrap_or_default();
                    if std::str::from_utf8(field).is_err() {
                        builder.push_not_utf8(column, start, &String::from_utf8_lossy(field));
                    }
                }
            }
        }
    }
}

const OPEN: &str = "a quote is opened here and never closed; the file may be cut off";
const LATE: &str = "a quote is opened here and not closed in its row";
const NUL: &str =
    "this row holds NUL bytes, which no text has; the file is damaged here, and rows may have run together";
const GLUED: &str = "this row has no line break at its end, and headings stand behind it; it may be cut off";

fn push<'a>(builder: &mut ReportBuilder, forms: &Forms, start: u64, cell: impl Fn(usize) -> &'a str) {
    if forms.is_empty() {
        return builder.push(start, cell);
    }
    let read = forms.read(&cell);
    builder.push(start, |column| {
        read.iter().find(|(place, _)| *place == column).map_or_else(|| cell(column), |(_, text)| text.as_str())
    });
}

/// A piece of a file that moves forward.
struct Window {
    file: File,
    /// Where `bytes` stand.
    at: u64,
    bytes: Vec<u8>,
    /// Where the text of the file ends.
    end: u64,
}

/// What may be a row of a broken record.
struct Candidate {
    record: ByteRecord,
    length: u64,
    /// Whether it ends, with all its quotes right.
    is_clean: bool,
}

impl Window {
    /// The bytes from a place on: as many as the longest row has, if the file has them.
    fn from(&mut self, at: u64) -> io::Result<&[u8]> {
        let is_there = |end: u64| end <= self.at + self.bytes.len() as u64;
        if at < self.at || !is_there(self.end.min(at + LONGEST_MENDED_ROW as u64)) {
            let end = self.end.min(at + 4 * LONGEST_MENDED_ROW as u64);
            self.bytes = split::bytes(&mut self.file, at..end)?;
            self.at = at;
        }
        let rest = self.bytes.get((at - self.at) as usize..).unwrap_or_default();
        Ok(rest.get(..LONGEST_MENDED_ROW).unwrap_or(rest))
    }

    /// The start of the first line behind the one with the first text from a place on, before an end.
    fn next_line(&mut self, mut at: u64, end: u64) -> io::Result<Option<u64>> {
        let mut has_text = false;
        while at < end {
            let bytes = self.from(at)?;
            if bytes.is_empty() {
                break;
            }
            let length = bytes.len();
            let mut line = 0;
            while let Some(found) = memchr::memchr2(b'\n', b'\r', &bytes[line..]) {
                has_text |= found > 0;
                line += found + 1;
                if has_text {
                    let next = at + line as u64;
                    return Ok((next < end).then_some(next));
                }
            }
            has_text |= line < length;
            at += length as u64;
        }
        Ok(None)
    }

    /// The line at a place, or as much of it as is looked at, without line breaks before and behind it.
    fn line(&mut self, at: u64) -> io::Result<&[u8]> {
        let bytes = self.from(at)?;
        let start = bytes.iter().position(|byte| !matches!(byte, b'\r' | b'\n')).unwrap_or(bytes.len());
        let text = bytes.get(start..).unwrap_or_default();
        Ok(memchr::memchr2(b'\n', b'\r', text).and_then(|end| text.get(..end)).unwrap_or(text))
    }

    /// The record at a place.
    fn record(&mut self, at: u64, delimiter: u8) -> io::Result<Candidate> {
        let end_of_text = self.end;
        let bytes = self.from(at)?;
        let is_end = at + bytes.len() as u64 >= end_of_text;
        let mut reader = csv_reader(bytes, delimiter, 4 << 10);
        let mut record = ByteRecord::new();
        reader.read_byte_record(&mut record).map_err(io_error)?;
        let length = reader.position().byte();
        let own = bytes.get(..length as usize).unwrap_or(bytes);
        let (mut quotes, mut is_stray) = (Quotes::new(delimiter), false);
        quotes.look(own, |_| is_stray = true);
        let is_whole = is_end || own.len() < bytes.len();
        Ok(Candidate { record, length, is_clean: is_whole && !is_stray && !quotes.is_inside() })
    }

    /// Whether anything but line breaks is in a range.
    fn has_text(&mut self, range: Range<u64>) -> io::Result<bool> {
        let mut at = range.start;
        while at < range.end {
            let bytes = self.from(at)?;
            let bytes = bytes.get(..(range.end - at) as usize).unwrap_or(bytes);
            if bytes.is_empty() || bytes.iter().any(|byte| !matches!(byte, b'\r' | b'\n')) {
                return Ok(!bytes.is_empty());
            }
            at += bytes.len() as u64;
        }
        Ok(false)
    }
}

/// Counts what is read, looks at its quotes, and stops when asked to. Gives no more than one record may have.
struct Watched<'a, R> {
    inner: R,
    /// How many bytes there are.
    length: u64,
    watch: &'a Watch,
    quotes: Quotes,
    /// The places behind stray quotes, as far as they are not asked for yet.
    stray: VecDeque<u64>,
    /// How many bytes were given, and how many may be.
    given: u64,
    allowed: u64,
    /// Whether more was asked for than may be given.
    is_held: bool,
}

impl<R> Watched<'_, R> {
    /// Whether there is a stray quote up to a place; those are forgotten.
    fn stray_before(&mut self, end: u64) -> bool {
        let before = self.stray.partition_point(|at| *at < end);
        self.stray.drain(..before);
        before > 0
    }
}

impl<R: Read> Read for Watched<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.watch.is_stopped() {
            return Err(io::Error::other("interrupted"));
        }
        let most = usize::try_from(self.allowed.saturating_sub(self.given)).unwrap_or(usize::MAX);
        if most == 0 {
            self.is_held = self.given < self.length;
            return Ok(0);
        }
        let length = match buffer.get_mut(..most) {
            Some(part) => self.inner.read(part)?,
            None => self.inner.read(buffer)?,
        };
        self.watch.add(length);
        self.given += length as u64;
        let stray = &mut self.stray;
        self.quotes.look(buffer.get(..length).unwrap_or_default(), |at| stray.push_back(at));
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use inspector_report_model::Loss;
    use proptest::prelude::*;

    use super::{
        super::{ReadOptions, seen::all},
        *,
    };

    const HEADINGS: [&str; 7] =
        ["Severity", "Title", "Resource ID", "First Seen", "Inspector Score", "Description", "Owner"];

    fn read_text(text: &[u8], parts: u64) -> Result<Report, ReadErrorKind> {
        read_with_limit(text, parts, LONGEST_RECORD)
    }

    fn read_with_limit(text: &[u8], parts: u64, longest_record: u64) -> Result<Report, ReadErrorKind> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(text).unwrap();
        let (options, watch) = (ReadOptions::default(), Watch::new());
        let input = Plain { path: file.path(), name: "report.csv".into(), options: &options, watch: &watch };
        let report = read_limited(&input, |_| parts, longest_record)?;
        // Every row is a finding, repeats one, or is lost.
        assert_eq!(report.rows_read(), report.len() as u64 + report.rows_lost() + report.repeated());
        Ok(report)
    }

    fn cell() -> impl Strategy<Value = String> {
        prop_oneof![
            Just("HIGH".to_owned()),
            Just("2024-02-02T16:30:33.045Z".to_owned()),
            "[0-9]\\.[0-9]",
            "[\"\n\r,a-c\u{e9}\u{3042}\u{1F512} ]{0,10}",
            "\\PC{0,8}",
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]

        /// Cells as they are read equal cells as they were written, whatever the parts; so does everything else.
        #[test]
        fn any_number_of_parts_gives_the_same_report(
            rows in prop::collection::vec(prop::collection::vec(cell(), 7), 0..30),
            crlf: bool,
            quote_all: bool,
            parts in 2u64..9,
        ) {
            let mut writer = csv::WriterBuilder::new()
                .terminator(if crlf { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') })
                .quote_style(if quote_all { csv::QuoteStyle::Always } else { csv::QuoteStyle::Necessary })
                .from_writer(Vec::new());
            writer.write_record(HEADINGS).unwrap();
            rows.iter().for_each(|row| writer.write_record(row).unwrap());
            let text = writer.into_inner().unwrap();
            let one = all(&read_text(&text, 1).unwrap());
            let blank = |row: &Vec<String>| row.iter().all(String::is_empty);
            prop_assert_eq!(&one.0, &rows.iter().filter(|row| !blank(row)).cloned().collect::<Vec<_>>());
            prop_assert_eq!(all(&read_text(&text, parts).unwrap()), one);
        }

        /// Rows that no program would write: lone quotes, too few or too many fields, broken UTF-8, an open end.
        #[test]
        fn broken_rows_are_the_same_problems_whatever_the_parts(
            rows in prop::collection::vec("HIGH,[\"a\u{3042}]{0,3},i-1,x,7.5,[\"a, ]{0,6},[a\n]{0,3}\n|LOW,t,i-2,,,,\n", 1..30),
            broken in prop::collection::vec(any::<prop::sample::Index>(), 0..3),
            parts in 2u64..9,
        ) {
            let text = format!("{}\n{}", HEADINGS.join(","), rows.concat());
            let mut text = text.into_bytes();
            let start = HEADINGS.join(",").len() + 1;
            for index in broken {
                let at = start + index.index(text.len() - start);
                text[at] = 0xe3;
            }
            let one = all(&read_text(&text, 1).unwrap());
            prop_assert_eq!(all(&read_text(&text, parts).unwrap()), one);
        }
    }

    fn report(rows: &str) -> Report {
        read_text(format!("Severity,Title,Resource ID\n{rows}").as_bytes(), 1).unwrap()
    }

    fn problems(report: &Report) -> Vec<(ProblemCode, u64, u64, u64)> {
        report.problems().iter().map(|p| (p.code, p.byte, p.line, p.last_line)).collect()
    }

    #[test]
    fn a_row_with_another_number_of_fields_is_a_problem_with_its_line() {
        let report = report("HIGH,\"a\nb\",i-1\nLOW,only two\nLOW,x,i-2,more\nHIGH,c,i-3\n");
        assert_eq!(report.len(), 2);
        assert_eq!(report.rows_read(), 4);
        let expected = [(ProblemCode::FieldCount, 42, 4, 4), (ProblemCode::FieldCount, 55, 5, 5)];
        assert_eq!(problems(&report), expected);
        assert!(report.problems()[0].message.contains("2 fields, the header has 3"));
    }

    #[test]
    fn lines_are_exact_with_crlf_and_blank_lines() {
        let text = b"Severity,Title,Resource ID\r\n\r\nHIGH,a,i-1\r\n\r\nLOW,b\r\nLOW,c,i-2\r\n";
        let report = read_text(text, 1).unwrap();
        assert_eq!(problems(&report), [(ProblemCode::FieldCount, 44, 5, 5)]);
        assert_eq!(&text[44..47], b"LOW");
    }

    #[test]
    fn an_open_quote_loses_its_own_row_alone() {
        let report = report("HIGH,a,i-1\nLOW,\"cut,i-2\nHIGH,c,i-3\nLOW,d,i-4\n");
        assert_eq!(problems(&report), [(ProblemCode::OpenQuote, 38, 3, 3)]);
        assert_eq!(titles(&report), ["a", "c", "d"]);
    }

    #[test]
    fn a_file_cut_inside_a_quoted_field_names_the_last_row() {
        let report = report("HIGH,a,i-1\nLOW,b,\"i-2");
        assert_eq!(report.len(), 1);
        assert_eq!(problems(&report), [(ProblemCode::OpenQuote, 38, 3, 3), (ProblemCode::CutOff, 38, 3, 3)]);
    }

    fn titles(report: &Report) -> Vec<String> {
        report.findings().map(|finding| finding.title().to_owned()).collect()
    }

    const ARNS: &str = "Severity,Title,Description,Finding ARN,Resource ID\n";

    #[test]
    fn rows_behind_a_quote_that_is_closed_too_late_are_read() {
        for (rows, expected, lost) in [
            // Row 3 is quoted: its opening quote closes the one of row 2.
            ("C,t2,\"open,arn:2,i\nC,t3,\"closed\",arn:3,i\nL,t4,\"x\",arn:4,i\n", "t1 t3 t4", vec![(3, 3)]),
            // Row 3 has several lines: the csv crate's record ends in the midst of it.
            ("C,t2,\"open,arn:2,i\nC,t3,\"two\nlines\",arn:3,i\nL,t4,\"x\",arn:4,i\n", "t1 t3 t4", vec![(3, 3)]),
            // The open field has several lines of its own.
            ("C,t2,\"open\nand, on,arn:2,i\nC,t3,\"x\",arn:3,i\n", "t1 t3", vec![(3, 4)]),
            // Every field is quoted.
            ("C,t2,\"open,\"arn:2\",\"i\"\n\"C\",\"t3\",\"x\",\"arn:3\",\"i\"\n", "t1 t3", vec![(3, 3)]),
            // Nothing quoted follows, up to the end.
            ("C,t2,\"open,arn:2,i\nC,t3,x,arn:3,i\nC,t4,x,arn:4,i\n", "t1 t3 t4", vec![(3, 3)]),
            // Two of them.
            ("C,t2,\"open,arn:2,i\nC,t3,\"open,arn:3,i\nC,t4,\"x\",arn:4,i\n", "t1 t4", vec![(3, 3), (4, 4)]),
            // Lines between that are no rows.
            ("C,t2,\"open,arn:2,i\nC,t3,x,arn:3,i\nno row\nC,t4,\"x\",arn:4,i\n", "t1 t3 t4", vec![(3, 3), (5, 5)]),
        ] {
            for parts in [1, 2, 3, 7] {
                let report = read_text(format!("{ARNS}H,t1,\"x\",arn:1,i\n{rows}").as_bytes(), parts).unwrap();
                assert_eq!(titles(&report).join(" "), expected, "{rows}");
                let found: Vec<_> = report.problems().iter().map(|p| (p.line, p.last_line)).collect();
                assert_eq!(found, lost, "{rows}");
                assert!(report.problems().iter().all(|p| p.code.loses_row()), "{rows}");
            }
        }
    }

    #[test]
    fn text_behind_a_closing_quote_is_named() {
        let report = report("HIGH,\"a\"b,i-1\nLOW,\"c\nd\"e,i-2\nLOW,6\" pipe,i-3\n");
        assert_eq!(titles(&report), ["ab", "c\nde", "6\" pipe"]);
        assert_eq!(problems(&report), [(ProblemCode::StrayQuote, 27, 2, 2)]);
        assert_eq!((report.problems()[0].count, report.is_whole()), (2, true));
    }

    #[test]
    fn rows_inside_a_very_long_quote_are_read_without_holding_it() {
        let rows: Vec<String> = (0..2000).map(|i| format!("LOW,t{i},text,arn:{i},i-1\n")).collect();
        let closed = "CRITICAL,last,\"x\",arn:x,i-1\n";
        for end in ["", closed] {
            let text = format!("{ARNS}HIGH,\"open,x,arn:0,i-1\n{}{end}", rows.concat());
            let one = read_with_limit(text.as_bytes(), 1, 1000).unwrap();
            assert_eq!(one.len(), 2000 + usize::from(!end.is_empty()));
            assert_eq!((one.rows_lost(), one.problems().len()), (1, 1));
            for (parts, limit) in [(5, 1000), (1, LONGEST_RECORD), (3, LONGEST_RECORD)] {
                assert_eq!(all(&read_with_limit(text.as_bytes(), parts, limit).unwrap()), all(&one));
            }
        }
        // What is in it is no rows of this report: nobody knows how many were lost.
        let text = format!("{ARNS}HIGH,\"open,x,arn:0,i-1\n{}", "a line of something else\n".repeat(4000));
        let report = read_with_limit(text.as_bytes(), 1, 1000).unwrap();
        assert!(report.problems().iter().any(|p| p.code == ProblemCode::CutOff && p.message.contains("not known")));
    }

    #[test]
    fn a_row_with_nul_bytes_is_lost() {
        let report = report(
            "HIGH,a,i-1\nLOW,b\0\0,i-2\nLOW,c,i-3\0\0HIGH,d,i-4\nLOW,\"e\0\0\n\",i-5\nLOW,f\0,i-6\nLOW,\0g,i-7\n",
        );
        assert_eq!(titles(&report), ["a", "f\0", "\0g"]);
        let found: Vec<_> = report.problems().iter().map(|p| (p.line, p.last_line, p.code.loss())).collect();
        assert_eq!(found, [(3, 3, Loss::Rows), (4, 4, Loss::Rows), (5, 6, Loss::Rows)]);
        assert!(report.problems().iter().all(|p| p.message.contains("NUL")), "{:?}", report.problems());
    }

    #[test]
    fn headings_behind_a_row_in_its_line_are_in_force_from_there() {
        let headings = ["Severity,Title,Resource ID", "\"Severity\",\"Title\",\"Resource ID\""];
        for row in ["LOW,b,i-2", "LOW,b,\"i-2\"", "\"LOW\",\"b\",\"i-2", "LOW", "LOW,b,i-2,x", "LOW,b,i-2\u{feff}"] {
            for (heading, parts) in headings.iter().flat_map(|heading| [(heading, 1), (heading, 3)]) {
                let is_open = row.starts_with('"');
                let row = if is_open { format!("{row}\"") } else { row.to_owned() };
                let text = format!("{}\nHIGH,a,i-1\n{row}{heading}\nHIGH,c,i-3\nLOW,d,i-4\n", headings[0]);
                let report = read_text(text.as_bytes(), parts).unwrap();
                assert_eq!(titles(&report), ["a", "c", "d"], "{text}");
                let found: Vec<_> = report.problems().iter().map(|p| (p.code.as_str(), p.line)).collect();
                assert_eq!(found, [("field-count", 3), ("repeated-header", 3)], "{text}");
                assert_eq!(report.rows_lost(), 1);
            }
        }
        // Those of the other file are in another order.
        let text = "Severity,Title,Resource ID\nHIGH,a,i-1Severity,Resource ID,Note,Title\nLOW,i-2,n,b\n";
        let report = read_text(text.as_bytes(), 1).unwrap();
        assert_eq!((titles(&report), report.finding(0).unwrap().cell(2)), (vec!["b".to_owned()], "i-2".into()));
        // A heading that ends like the first one is no row.
        let text = "Severity,Title,Resource ID\nOwn Severity,Severity,Title,Resource ID\nx,LOW,b,i-2\n";
        let report = read_text(text.as_bytes(), 1).unwrap();
        assert_eq!((titles(&report), report.rows_lost()), (vec!["b".to_owned()], 0));
    }

    #[test]
    fn rows_inside_a_field_are_named() {
        let swallowed = "H,t1,\"d,arn:1,i\nC,t2,x,arn:2,i\nC,t3,x,arn:3,i\nL,t4,d\",arn:4,i\n";
        let normal = "H,t5,\"two\nlines with arn:aws:s3:::x,\narn:1,i\n\",arn:5,i\n";
        for parts in [1, 2, 5] {
            let report = read_text(format!("{ARNS}{normal}{swallowed}{normal}").as_bytes(), parts).unwrap();
            assert_eq!(report.rows_read(), 3);
            let found: Vec<_> = report.problems().iter().map(|p| (p.code.as_str(), p.line, p.last_line)).collect();
            assert_eq!(found, [("rows-in-field", 6, 9)]);
            assert!(!report.is_whole());
        }
    }

    #[test]
    fn the_end_of_a_file_tells_whether_it_was_cut() {
        let codes = |text: &str| report(text).problems().iter().map(|p| p.code).collect::<Vec<_>>();
        let (cut, maybe, fields) = (ProblemCode::CutOff, ProblemCode::MayBeCut, ProblemCode::FieldCount);
        assert_eq!(codes("HIGH,a,i-1"), [maybe]);
        assert_eq!(codes("HIGH,a,i-1\nLOW,b"), [fields, cut]);
        assert_eq!(codes("HIGH,a,i-1\nLOW,b\n"), [fields]);
        assert_eq!(codes("HIGH,a,i-1\nLOW,\"b\n"), [ProblemCode::OpenQuote, cut]);
        assert_eq!(codes("HIGH,a,i-1\r"), [maybe], "half a line break");
        assert_eq!(codes("HIGH,a,i-1\n\n\r\n"), []);
        assert_eq!(codes("HIGH,a,i-1\n\0\0\0"), [cut]);
        assert_eq!(codes("HIGH,a,i-1\0\0\0"), [cut]);
        assert_eq!(codes("HIGH,a\0\0\0"), [fields, cut]);
        assert_eq!(codes(""), []);
        let of_file =
            |text: &str| read_text(text.as_bytes(), 1).unwrap().problems().iter().map(|p| p.code).collect::<Vec<_>>();
        for cut in [
            "Severity,Title,Resource ID",
            "Severity;Title;Resource ID\r",
            "\"Severity\",\"Title\",\"Resource ID\"",
            "\u{feff}\"Severity\",\"Title\",\"Resource ID\",\"Finding\n",
            "x\n\nSeverity,Title,Resource ID,Fin",
            "Severity,Title,Resource ID\0\0",
        ] {
            assert_eq!(of_file(cut), [ProblemCode::CutOff], "{cut:?}");
        }
        for whole in ["Severity,Title,Resource ID\n", "\u{feff}\"Severity\",\"Title\",\"Resource ID\"\r\n"] {
            assert_eq!(of_file(whole), [], "{whole:?}");
        }
        assert!(read_text(b"Severity,Title,Resource ID\rHIGH,a,i-1\r", 1).unwrap().is_whole());
    }

    #[test]
    fn rows_are_read_by_the_headings_above_them() {
        let text = "Severity,Title,Resource ID\nHIGH,a,i-1\nResource ID,Severity,Title\ni-2,LOW,b\n\
            Title,Status,Resource ID,Severity,Note\nc,CLOSED,i-3,CRITICAL,n\nSeverity,Title,Resource ID\nLOW,d,i-4\n";
        for parts in 1..9 {
            let report = read_text(text.as_bytes(), parts).unwrap();
            let of = |f: inspector_report_model::Finding<'_>| {
                format!("{} {} {} {}", f.severity(), f.title(), f.resource().id(), f.get(Column::Status))
            };
            let found: Vec<String> = report.findings().map(of).collect();
            assert_eq!(found, ["HIGH a i-1 ", "LOW b i-2 ", "CRITICAL c i-3 CLOSED", "LOW d i-4 "]);
            assert_eq!(report.finding(2).unwrap().cell(4), "n");
            let found: Vec<_> = report.problems().iter().map(|p| (p.code.as_str(), p.line, p.count)).collect();
            assert_eq!(found, [("repeated-header", 3, 3)]);
            assert!(
                report.notes()[0].contains("line 3 has other headings, and again in 2 places"),
                "{:?}",
                report.notes()
            );
        }
    }

    #[test]
    fn headings_that_stand_twice_are_named() {
        let report = read_text(b"Severity,Title,Resource ID,severity,x,x\nHIGH,a,i-1,LOW,1,2\n", 1).unwrap();
        let found: Vec<_> = report.problems().iter().map(|p| (p.code.as_str(), p.line, p.column.as_deref())).collect();
        assert_eq!(found, [("repeated-heading", 1, Some("severity")), ("repeated-heading", 1, Some("x"))]);
        assert_eq!(report.finding(0).unwrap().severity(), Severity::High);
        assert!(report.is_whole());
    }

    #[test]
    fn days_and_months_that_cannot_be_told_apart_are_named_once_a_column() {
        let rows = |last: &str| {
            format!(
                "Severity,Title,Resource ID,First Seen,Last Seen\nHIGH,a,i-1,4/1/2026,5/1/2026\nLOW,b,i-2,4/2/2026,{last}\n"
            )
        };
        let report = read_text(rows("5/2/2026").as_bytes(), 1).unwrap();
        let found: Vec<_> = report.problems().iter().map(|p| (p.code.as_str(), p.column.as_deref(), p.count)).collect();
        assert_eq!(found, [("ambiguous-time", Some("First Seen"), 2), ("ambiguous-time", Some("Last Seen"), 2)]);
        assert_eq!(report.finding(0).unwrap().get(Column::FirstSeen), "4/1/2026");
        for parts in [1, 2] {
            let report = read_text(rows("5/20/2026").as_bytes(), parts).unwrap();
            assert!(report.problems().is_empty());
            assert_eq!(report.finding(0).unwrap().get(Column::FirstSeen), "2026-04-01T00:00:00.000Z");
            assert_eq!(report.notes(), ["times in First Seen, Last Seen are read as month/day/year, in UTC"]);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]

        /// Whatever quotes and headings are broken or change, the number of parts does not matter; no row is lost unsaid.
        #[test]
        fn broken_quotes_and_headings_are_the_same_whatever_the_parts(
            rows in prop::collection::vec(prop_oneof![
                6 => "(HIGH|LOW),t,(\"[a\n]{0,3}\"|[a ]{0,3}),arn:[0-9],i\n",
                3 => "(HIGH|LOW),t,\"[a\n,]{0,4},arn:[0-9],i\n",
                2 => "LOW,\"t\"[a\"]{0,2},\"[a,\n]{0,3}\",arn:[0-9],i\r?\n",
                1 => Just("Finding ARN,Resource ID,Title,Severity,Description\n".to_owned()),
                1 => Just("Severity,Title,Resource ID,Note\n".to_owned()),
                1 => Just("HIGH,t,i,\"n\"\n".to_owned()),
                1 => Just(ARNS.to_owned()),
                1 => "[\",\na]{0,6}\n",
            ], 1..30),
            parts in 2u64..12,
            limit in prop::sample::select(vec![40, 200, LONGEST_RECORD]),
            end in "[a\",]{0,3}|\0{1,3}",
        ) {
            let text = format!("{ARNS}{}{end}", rows.concat());
            let one = all(&read_with_limit(text.as_bytes(), 1, limit).unwrap());
            prop_assert_eq!(all(&read_with_limit(text.as_bytes(), parts, limit).unwrap()), one);
        }

        /// A file that is cut at any byte says so, unless it is cut where a line ends.
        #[test]
        fn a_cut_is_never_unseen(
            rows in prop::collection::vec(("HIGH|LOW", "[a\"\n,\u{3042}]{0,6}", "i-[0-9]"), 1..6),
            crlf: bool,
            cut in any::<prop::sample::Index>(),
        ) {
            let mut writer = csv::WriterBuilder::new()
                .terminator(if crlf { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') })
                .from_writer(b"Severity,Title,Resource ID\n".to_vec());
            let mut ends = Vec::new();
            for (severity, title, resource) in &rows {
                writer.write_record([severity, title, resource]).unwrap();
                writer.flush().unwrap();
                ends.push(writer.get_ref().len());
            }
            let text = writer.into_inner().unwrap();
            let header = "Severity,Title,Resource ID\n".len();
            let cut = cut.index(text.len() + 1);
            // Without the columns that a report must have it is none.
            let Ok(report) = read_text(&text[..cut], 1) else {
                prop_assert!(cut < header - 1);
                return Ok(());
            };
            let whole = ends.iter().filter(|end| **end <= cut).count();
            let is_at_end = cut == header || ends.contains(&cut);
            prop_assert_eq!(report.is_whole(), is_at_end, "{:?}", report.problems());
            // All rows before the cut are there, and at most the one that is cut is besides them, or lost.
            prop_assert!(report.len() >= whole && report.len() <= whole + 1, "{} of {}", report.len(), whole);
            for (finding, row) in report.findings().zip(&rows).take(whole) {
                prop_assert_eq!(finding.cell(1), row.1.as_str());
            }
        }
    }

    #[test]
    fn bytes_that_are_not_utf_8_are_replaced_and_named() {
        let report = read_text(b"Severity,Title,Resource ID\nHIGH,caf\xe9,i-1\nHIGH,\xe3\x81,\x82\n", 1).unwrap();
        assert_eq!(report.finding(0).unwrap().title(), "caf\u{fffd}");
        let columns: Vec<_> = report.problems().iter().map(|p| (p.column.as_deref(), p.line, p.count)).collect();
        assert_eq!(columns, [(Some("Title"), 2, 2), (Some("Resource ID"), 3, 1)]);
    }

    #[test]
    fn cells_of_the_wrong_kind_are_counted_exactly() {
        let rows = "Severity,Title,Resource ID,First Seen,Inspector Score,AWS Account Id\n\
            HIGH,a,i-1,soon,high,1.23457E+11\nHIGH,b,i-2,2024-02-02,high,000000000001\nLOW,c,i-3,never,7.5,1.23457E+11\n";
        for parts in [1, 3] {
            let report = read_text(rows.as_bytes(), parts).unwrap();
            let found: Vec<_> = report.problems().iter().map(|p| (p.code.as_str(), p.line, p.count)).collect();
            assert_eq!(found, [("not-a-time", 2, 2), ("not-a-number", 2, 2), ("account-id-lost", 2, 2)]);
            assert_eq!(report.finding(2).unwrap().get(Column::FirstSeen), "never");
        }
    }

    #[test]
    fn inputs_that_are_no_reports_are_told_apart() {
        let error = |bytes: &[u8]| read_text(bytes, 1).unwrap_err().to_string();
        assert_eq!(error(b""), "is empty");
        assert_eq!(error(b"\xef\xbb\xbf \n"), "is empty");
        assert!(error(b"a,b\n1,2\n").contains("it begins \"a,b\""));
        assert_eq!(error(b"Title,Status,Region\n"), "line 1 lacks the columns \"Severity\", \"Resource ID\"");
        assert_eq!(error(b"x\n\nTitle,Severity\n"), "line 3 lacks the column \"Resource ID\"");
        assert!(error(b"\"#artifact_name:null\",\"Severity\"\n").contains("scan action"));
        assert!(read_text(b"Severity,Title,Resource ID\n", 1).unwrap().is_empty());
    }

    #[test]
    fn the_delimiter_and_the_line_of_the_headings_are_found() {
        for delimiter in [",", ";", "\t", "|"] {
            let row = |cells: [&str; 4]| cells.join(delimiter);
            let table =
                row(["Severity", "Title", "Resource ID", "a b"]) + "\n" + &row(["HIGH", "\"x,;|\t\"", "i-1", ""]);
            for above in ["", "Report of May\n\n", "sep=;\n", "\u{feff}a,b,c;d\n\"two\nlines\"\n"] {
                let text = format!("{above}{table}\n");
                let report = read_text(text.as_bytes(), 1).unwrap();
                assert_eq!(report.len(), 1, "{text}");
                assert_eq!(report.finding(0).unwrap().get(Column::ResourceId), "i-1", "{text}");
                assert_eq!(report.notes().len(), usize::from(!above.is_empty()));
            }
        }
    }

    #[test]
    fn a_header_that_stands_again_among_the_rows_is_no_finding() {
        let report = report("HIGH,a,i-1\nSeverity,Title,Resource ID\nLOW,b,i-2\n\u{feff}Severity,Title,Resource ID\n");
        assert_eq!((report.len(), report.rows_read()), (2, 2));
        let found: Vec<_> = report.problems().iter().map(|p| (p.code.as_str(), p.line, p.count)).collect();
        assert_eq!(found, [("repeated-header", 3, 2)]);
    }

    #[test]
    fn reading_stops_when_asked_to() {
        let watch = Watch::new();
        watch.stop();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        std::fs::write(&path, "Severity,Title,Resource ID\nHIGH,a,i-1\n").unwrap();
        let mut results = Vec::new();
        super::super::read_each(&path, &ReadOptions::default(), &watch, |_, result| results.push(result));
        let error = results.pop().unwrap().unwrap_err();
        assert!(matches!(error.kind, ReadErrorKind::Interrupted));
    }
}

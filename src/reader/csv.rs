//! The reader of CSV reports.

use std::{
    fs::File,
    io::{self, BufReader, Read, Seek, SeekFrom},
    ops::Range,
    path::Path,
    sync::Arc,
};

use csv::{ByteRecord, Reader, ReaderBuilder};
use inspector_report_core::{
    Column, Header, ProblemCode, Report, ReportBuilder,
    value::{FindingType, Severity},
};
use rayon::prelude::*;

use super::{
    Watch,
    error::{ReadErrorKind, other_format},
    split::{self, Lines, State},
};

/// Parts smaller than this are not worth a thread.
const SMALLEST_PART: u64 = 256 << 10;

/// How much is read from the file at a time.
const BUFFER: usize = 256 << 10;

/// The longest stretch of unreadable bytes that is looked through for readable rows.
const LONGEST_SALVAGE: u64 = 64 << 20;

const DELIMITER: u8 = b',';

/// Reads a report in at most `parts` parts at the same time.
pub(super) fn read(path: &Path, watch: &Watch, parts: u64) -> Result<Report, ReadErrorKind> {
    let mut file = File::open(path)?;
    if file.metadata()?.is_dir() {
        return Err(io::Error::from(io::ErrorKind::IsADirectory).into());
    }
    let size = file.seek(SeekFrom::End(0))?;
    let (header, data_start) = read_header(&mut file)?;
    let data = data_start..size;
    let parts = parts.min((size - data_start) / SMALLEST_PART).max(1);
    let ranges = split::split(&mut file, data, DELIMITER, parts)?;
    let source = Source { path, header: Arc::new(header), size, watch };
    let built = ranges.into_par_iter().map(|range| source.read_range(range)).collect::<Result<Vec<_>, _>>()?;
    let mut built = built.into_iter();
    let mut builder = built.next().unwrap_or_else(|| ReportBuilder::new(Arc::clone(&source.header)));
    built.for_each(|part| builder.append(part));
    let name = path.display().to_string();
    builder.finish(name.into(), |rows| {
        let lines = Lines::read(File::open(path)?)?;
        Ok(rows.iter().map(|row| lines.locate(row)).collect())
    })
}

/// Reads the header, and gives the place where the rows begin.
fn read_header(file: &mut File) -> Result<(Header, u64), ReadErrorKind> {
    let start = split::bytes(file, 0..4096)?;
    if start.trim_ascii().is_empty() || start == b"\xef\xbb\xbf" {
        return Err(ReadErrorKind::Empty);
    }
    if let Some(name) = other_format(&start) {
        return Err(ReadErrorKind::OtherFormat(name));
    }
    file.seek(SeekFrom::Start(0))?;
    // The csv crate drops a byte order mark, and counts it in its position.
    let mut reader = csv_reader(&mut *file);
    let mut record = ByteRecord::new();
    reader.read_byte_record(&mut record).map_err(io_error)?;
    let headings: Vec<String> = record.iter().map(|field| String::from_utf8_lossy(field).into_owned()).collect();
    let header = Header::new(headings.iter().map(String::as_str));
    check(&header, &headings)?;
    Ok((header, reader.position().byte()))
}

/// Whether the columns are there without which there is nothing to report: how bad, what and where.
fn check(header: &Header, headings: &[String]) -> Result<(), ReadErrorKind> {
    let has = |column| header.columns().iter().any(|c| c.column == Some(column));
    if header.columns().iter().filter(|column| column.column.is_some()).count() < 2 {
        let mut beginning: String = headings.join(",").chars().take(60).collect();
        beginning.retain(|c| !c.is_control());
        return Err(ReadErrorKind::NotAReport(beginning));
    }
    let mut missing = Vec::new();
    missing.extend((!has(Column::Severity)).then_some(Column::Severity.name()));
    missing.extend((!has(Column::ResourceId)).then_some(Column::ResourceId.name()));
    missing.extend((!has(Column::Title) && !has(Column::VulnerabilityId)).then_some(Column::VulnerabilityId.name()));
    if missing.is_empty() { Ok(()) } else { Err(ReadErrorKind::MissingColumns(missing)) }
}

fn csv_reader<R: Read>(input: R) -> Reader<R> {
    ReaderBuilder::new()
        .delimiter(DELIMITER)
        .has_headers(false)
        // A row with another number of fields is a problem of its own, not the end of the report.
        .flexible(true)
        .buffer_capacity(BUFFER)
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
    path: &'a Path,
    header: Arc<Header>,
    size: u64,
    watch: &'a Watch,
}

impl Source<'_> {
    /// Reads the records of a range of whole records.
    fn read_range(&self, range: Range<u64>) -> Result<ReportBuilder, ReadErrorKind> {
        let mut file = File::open(self.path)?;
        file.seek(SeekFrom::Start(range.start))?;
        let input = Watched { inner: file.take(range.end - range.start), watch: self.watch };
        let mut reader = csv_reader(input);
        let mut builder = ReportBuilder::new(Arc::clone(&self.header));
        let mut record = ByteRecord::new();
        while reader.read_byte_record(&mut record).map_err(io_error)? {
            let start = range.start + record.position().map_or(0, |position| position.byte());
            let end = range.start + reader.position().byte();
            if end >= self.size && self.is_open(start..end)? {
                self.lose(&mut builder, &record, start..end, ProblemCode::OpenQuote)?;
            } else if record.len() != self.header.len() {
                self.lose(&mut builder, &record, start..end, ProblemCode::FieldCount)?;
            } else {
                push(&mut builder, &record, start);
            }
        }
        Ok(builder)
    }

    /// Whether a record, the last of the file, ends inside quotes.
    fn is_open(&self, bytes: Range<u64>) -> io::Result<bool> {
        let mut file = BufReader::new(File::open(self.path)?);
        Ok(split::advance(&split::bytes(&mut file, bytes)?, DELIMITER, State::Outside) == State::Inside)
    }

    /// Reports a record that cannot be read, and reads what else it holds.
    ///
    /// A quote that is never closed, or closed too late, swallows the rows behind it into its field. Such a record has
    /// several lines, and rows may begin at any of them but the first.
    fn lose(
        &self,
        builder: &mut ReportBuilder,
        record: &ByteRecord,
        bytes: Range<u64>,
        code: ProblemCode,
    ) -> Result<(), ReadErrorKind> {
        let rows =
            if bytes.end - bytes.start <= LONGEST_SALVAGE { self.swallowed_rows(bytes.clone())? } else { Vec::new() };
        let (found, expected) = (record.len(), self.header.len());
        let mut message = match code {
            ProblemCode::OpenQuote => "a quote is opened here and never closed; the file may be cut off".to_owned(),
            _ => format!("this row has {found} fields, the header has {expected}"),
        };
        message.push_str("; the row is left out");
        if !rows.is_empty() {
            message.push_str(&format!(", but {} rows inside it could be read", rows.len()));
        }
        builder.push_lost_row(code, bytes, message);
        for (start, row) in rows {
            push(builder, &row, start);
        }
        Ok(())
    }

    /// The rows inside an unreadable record, behind its first line.
    fn swallowed_rows(&self, range: Range<u64>) -> io::Result<Vec<(u64, ByteRecord)>> {
        let bytes = split::bytes(&mut File::open(self.path)?, range.clone())?;
        let bytes_start = bytes.iter().position(|byte| !matches!(byte, b'\r' | b'\n')).unwrap_or(0);
        let Some(line) = memchr::memchr(b'\n', &bytes[bytes_start..]).map(|i| bytes_start + i + 1) else {
            return Ok(Vec::new());
        };
        let mut rows = Vec::new();
        let mut reader = csv_reader(&bytes[line..]);
        let mut record = ByteRecord::new();
        while reader.read_byte_record(&mut record).map_err(io_error)? {
            let start = record.position().map_or(0, |position| position.byte()) as usize + line;
            let end = reader.position().byte() as usize + line;
            let open = end >= bytes.len()
                && split::advance(bytes.get(start..end).unwrap_or(&[]), DELIMITER, State::Outside) == State::Inside;
            if record.len() == self.header.len() && !open && self.looks_like_a_row(&record) {
                rows.push((range.start + start as u64, record.clone()));
            }
        }
        Ok(rows)
    }

    /// Whether a record holds what a row of a report must hold, and is not a piece of a description with commas.
    fn looks_like_a_row(&self, record: &ByteRecord) -> bool {
        let cell = |column| {
            let place = self.header.columns().iter().position(|c| c.column == Some(column));
            place.and_then(|place| record.get(place)).and_then(|field| std::str::from_utf8(field).ok()).unwrap_or("")
        };
        !matches!(Severity::parse(cell(Column::Severity)), Severity::Other(_))
            || !matches!(FindingType::parse(cell(Column::FindingType)), FindingType::Other(_))
    }
}

/// Adds a record to a report. A record without any text, as spreadsheets leave below a table, is none.
fn push(builder: &mut ReportBuilder, record: &ByteRecord, start: u64) {
    if record.as_slice().is_empty() {
        return;
    }
    let fields = std::str::from_utf8(record.as_slice()).ok().and_then(|text| {
        // A field may end inside a character that the next one completes: then no field is taken for text unseen.
        let whole = (0..record.len()).all(|i| record.range(i).is_some_and(|range| text.get(range).is_some()));
        whole.then_some(text)
    });
    match fields {
        Some(text) => builder.push(start, |i| record.range(i).and_then(|range| text.get(range)).unwrap_or("")),
        None => {
            let fields: Vec<_> = record.iter().map(String::from_utf8_lossy).collect();
            builder.push(start, |i| fields.get(i).map_or("", |field| field.as_ref()));
            for (i, field) in record.iter().enumerate().filter(|(_, field)| std::str::from_utf8(field).is_err()) {
                builder.push_not_utf8(i, start, &String::from_utf8_lossy(field));
            }
        }
    }
}

/// Counts what is read, and stops when asked to.
struct Watched<'a, R> {
    inner: R,
    watch: &'a Watch,
}

impl<R: Read> Read for Watched<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.watch.is_stopped() {
            return Err(io::Error::other("interrupted"));
        }
        let length = self.inner.read(buffer)?;
        self.watch.add(length);
        Ok(length)
    }
}

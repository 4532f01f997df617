//! The reader of CSV reports.

use std::{
    fs::File,
    io::{self, BufReader, Read, Seek, SeekFrom},
    ops::Range,
    sync::Arc,
};

use csv::{ByteRecord, Reader, ReaderBuilder};
use inspector_report_core::{
    Column, Header, ProblemCode, Report, ReportBuilder,
    value::{FindingType, Severity},
};
use rayon::prelude::*;

use super::{
    Plain, Watch,
    error::ReadErrorKind,
    foreign, headings,
    split::{self, Lines, State},
};

/// How much is read from the file at a time.
const BUFFER: usize = 256 << 10;

/// The longest stretch of unreadable bytes that is looked through for readable rows.
const LONGEST_SALVAGE: u64 = 64 << 20;

/// How much of a file is looked through for the line with the headings, and how many records of it.
const BEGINNING: u64 = 256 << 10;
const RECORDS_BEFORE_HEADINGS: usize = 50;

/// The delimiters that are looked for, the likeliest first.
const DELIMITERS: [u8; 4] = [b',', b'\t', b';', b'|'];

/// Reads a report. `parts` tells, for the bytes of its rows, in how many parts to read at the same time; there may be
/// fewer.
pub(super) fn read(input: &Plain<'_>, parts: impl FnOnce(u64) -> u64) -> Result<Report, ReadErrorKind> {
    let mut file = input.open()?;
    let size = file.seek(SeekFrom::End(0))?;
    let table = Table::find(&mut file, input.options.delimiter)?;
    let data = table.rows..size;
    let ranges = split::split(&mut file, data, table.delimiter, parts(size - table.rows))?;
    let source = Source { input, header: Arc::new(table.header), delimiter: table.delimiter, size };
    let built = ranges.into_par_iter().map(|range| source.read_range(range)).collect::<Result<Vec<_>, _>>()?;
    let mut built = built.into_iter();
    let mut builder = built.next().unwrap_or_else(|| ReportBuilder::new(Arc::clone(&source.header)));
    built.for_each(|part| builder.append(part));
    let mut report = builder.finish(input.name.as_str().into(), |rows| {
        let lines = Lines::read(input.open()?)?;
        Ok::<_, ReadErrorKind>(rows.iter().map(|row| lines.locate(row)).collect())
    })?;
    if table.line > 1 {
        report.add_note(format!("the headings are in line {}; what stands above them was left out", table.line));
    }
    Ok(report)
}

/// The table in a file: its headings, and where its rows begin.
struct Table {
    delimiter: u8,
    header: Header,
    /// The line of the headings, from 1.
    line: u64,
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
            let mut reader = csv_reader(start.as_slice(), *delimiter);
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
                let known = headings::known(record.iter().map(String::from_utf8_lossy));
                if known > most {
                    let byte = record.position().map_or(0, |position| position.byte());
                    let bytes = byte..reader.position().byte();
                    best = Some(Best { known, delimiter: *delimiter, record: record.clone(), bytes });
                }
            }
        }
        let Some(Best { delimiter, record, bytes, .. }) = best.filter(|best| best.known >= headings::FEWEST) else {
            let beginning = first_line.chars().take(60).filter(|c| !c.is_control()).collect();
            return Err(ReadErrorKind::NotAReport(beginning));
        };
        let texts: Vec<_> = record.iter().map(String::from_utf8_lossy).collect();
        let header = Header::new(texts.iter().map(AsRef::as_ref));
        let line = Lines::read(start.as_slice())?.locate(&bytes).line;
        headings::check(&header, line)?;
        Ok(Table { delimiter, header, line, rows: bytes.end })
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

fn csv_reader<R: Read>(input: R, delimiter: u8) -> Reader<R> {
    ReaderBuilder::new()
        .delimiter(delimiter)
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
    input: &'a Plain<'a>,
    header: Arc<Header>,
    delimiter: u8,
    size: u64,
}

impl Source<'_> {
    /// Reads the records of a range of whole records.
    fn read_range(&self, range: Range<u64>) -> Result<ReportBuilder, ReadErrorKind> {
        let mut file = self.input.open()?;
        file.seek(SeekFrom::Start(range.start))?;
        let input = Watched { inner: file.take(range.end - range.start), watch: self.input.watch };
        let mut reader = csv_reader(input, self.delimiter);
        let mut builder = ReportBuilder::new(Arc::clone(&self.header));
        let mut record = ByteRecord::new();
        while reader.read_byte_record(&mut record).map_err(io_error)? {
            let start = range.start + record.position().map_or(0, |position| position.byte());
            let end = range.start + reader.position().byte();
            if end >= self.size && self.is_open(start..end)? {
                self.lose(&mut builder, &record, start..end, ProblemCode::OpenQuote)?;
            } else if record.len() != self.header.len() {
                self.lose(&mut builder, &record, start..end, ProblemCode::FieldCount)?;
            } else if self.is_header(&record) {
                builder.push_repeated_header(start);
            } else {
                push(&mut builder, &record, start);
            }
        }
        Ok(builder)
    }

    /// Whether a record is the header again. Where files were put together, a byte order mark may stand before it.
    fn is_header(&self, record: &ByteRecord) -> bool {
        let field = |bytes: &[u8], heading: &str| {
            let plain = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
            plain == heading.as_bytes()
        };
        // The last field differs first: the first one may be an empty heading.
        let columns = self.header.columns();
        record.iter().zip(columns).rev().all(|(bytes, column)| field(bytes, &column.heading)) && !columns.is_empty()
    }

    /// Whether a record, the last of the file, ends inside quotes.
    fn is_open(&self, bytes: Range<u64>) -> io::Result<bool> {
        let mut file = BufReader::new(self.input.open()?);
        Ok(split::advance(&split::bytes(&mut file, bytes)?, self.delimiter, State::Outside) == State::Inside)
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
        let bytes = split::bytes(&mut self.input.open()?, range.clone())?;
        let bytes_start = bytes.iter().position(|byte| !matches!(byte, b'\r' | b'\n')).unwrap_or(0);
        let Some(line) = memchr::memchr(b'\n', &bytes[bytes_start..]).map(|i| bytes_start + i + 1) else {
            return Ok(Vec::new());
        };
        let mut rows = Vec::new();
        let mut reader = csv_reader(&bytes[line..], self.delimiter);
        let mut record = ByteRecord::new();
        while reader.read_byte_record(&mut record).map_err(io_error)? {
            let start = record.position().map_or(0, |position| position.byte()) as usize + line;
            let end = reader.position().byte() as usize + line;
            let open = end >= bytes.len()
                && split::advance(bytes.get(start..end).unwrap_or(&[]), self.delimiter, State::Outside)
                    == State::Inside;
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

#[cfg(test)]
mod tests {
    use std::io::Write;

    use proptest::prelude::*;

    use super::{
        super::{ReadOptions, seen::all},
        *,
    };

    const HEADINGS: [&str; 7] =
        ["Severity", "Title", "Resource ID", "First Seen", "Inspector Score", "Description", "Owner"];

    fn read_text(text: &[u8], parts: u64) -> Result<Report, ReadErrorKind> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(text).unwrap();
        let (options, watch) = (ReadOptions::default(), Watch::new());
        let input = Plain { path: file.path(), name: "report.csv".into(), options: &options, watch: &watch };
        read(&input, |_| parts)
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
            let mut text = format!("{}\n{}", HEADINGS.join(","), rows.concat()).into_bytes();
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
        assert_eq!(problems(&report), [(ProblemCode::OpenQuote, 38, 3, 5)]);
        let titles: Vec<&str> = report.findings().map(|finding| finding.title()).collect();
        assert_eq!(titles, ["a", "c", "d"]);
        assert!(report.problems()[0].message.contains("2 rows inside it could be read"));
    }

    #[test]
    fn a_file_cut_inside_a_quoted_field_names_the_last_row() {
        let report = report("HIGH,a,i-1\nLOW,b,\"i-2");
        assert_eq!(report.len(), 1);
        assert_eq!(problems(&report), [(ProblemCode::OpenQuote, 38, 3, 3)]);
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

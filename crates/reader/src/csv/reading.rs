//! Rows of a part, as they are read: what is whole, what is mended, what is lost.

use super::*;

/// The reading of a part.
pub(super) struct Reading<'a> {
    pub(super) source: &'a Source<'a>,
    pub(super) header: &'a Header,
    pub(super) forms: &'a Forms,
    pub(super) layout: Layout,
    pub(super) part: Part,
    /// What broken records are looked through with.
    window: Window,
    records: Records,
}

/// Why a record cannot be taken as the csv crate reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Broken {
    /// Its last field is in quotes that are still open where the file ends.
    Open,
    /// It is longer than a row can be, and has several lines, as behind a quote that is never closed.
    LongQuote,
    /// It is one line, and longer than a row can be.
    Long,
    /// It has this many fields, and there are not as many headings.
    Fields(usize),
    /// Text stands behind a closing quote.
    Stray,
    /// It holds NUL bytes one behind the other.
    Nul,
}

impl<'a> Reading<'a> {
    pub(super) fn new(
        source: &'a Source<'a>,
        header: &'a Header,
        forms: &'a Forms,
        layout: Layout,
        part: Part,
    ) -> io::Result<Reading<'a>> {
        let window = Window { file: source.input.open()?, at: 0, bytes: Vec::new(), end: source.end };
        Ok(Reading { source, header, forms, layout, part, window, records: Records::new(source.delimiter) })
    }

    /// Reads records from the start of a range of them, and gives where to go on: its end, or before a record that the
    /// csv crate does not find there.
    pub(super) fn read(&mut self, range: Range<u64>) -> Result<u64, ReadErrorKind> {
        self.read_records(range, self.source.at_once())
    }

    /// Reads records none of which is longer than that.
    fn read_records(&mut self, range: Range<u64>, longest: u64) -> Result<u64, ReadErrorKind> {
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
            allowed: longest,
            is_held: false,
            at_a_time: FIRST,
        };
        let mut reader = csv_reader(input, source.delimiter, BUFFER);
        let mut record = ByteRecord::new();
        while reader.read_byte_record(&mut record).map_err(io_error)? {
            let start = range.start + record.position().map_or(0, |position| position.byte());
            let end = reader.position().byte();
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
                let why = if end - start > source.longest_record {
                    let has_lines = self.window.next_line(start, end)?.is_some();
                    if has_lines { Broken::LongQuote } else { Broken::Long }
                } else {
                    let is_long = end - start > source.at_once();
                    let fields = if is_long { Some(self.records.count_fields(&mut file, start..end)?) } else { None };
                    match fields.filter(|fields| *fields != self.layout.headings.len()) {
                        None => return self.read_records(start..end, source.longest_record),
                        Some(fields) => Broken::Fields(fields),
                    }
                };
                let next = self.broken(None, start..end, why)?;
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
    pub(super) fn record(
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
            return self.broken(Some(record), bytes, Broken::Fields(record.len()));
        }
        self.last(bytes.clone(), false, false);
        self.push(record, bytes.start);
        if self.layout.has_rows_inside(record, &mut self.records) {
            let message = "whole rows stand inside a quoted field of this row, which is read as it is written; where a quote \
                           is missing, findings are";
            self.part.builder.push_gap(ProblemCode::RowsInField, bytes, message.to_owned());
        }
        Ok(None)
    }

    /// Whether the quotes of a record may still be open where the file ends.
    pub(super) fn is_open(&self, broken: Broken, end: u64) -> bool {
        matches!(broken, Broken::Open | Broken::LongQuote | Broken::Long) && end >= self.source.end
    }

    pub(super) fn last(&mut self, bytes: Range<u64>, is_cut: bool, is_open: bool) {
        self.part.last = Some(Last { bytes, is_cut, is_open });
    }

    /// From here on rows are read by these headings.
    pub(super) fn switch(&mut self, bytes: Range<u64>, headings: Headings) {
        self.part.builder.push_repeated_header(bytes.start);
        if headings != self.layout.headings {
            self.layout = Layout::new(self.header, &headings);
            self.part.headings.push((bytes, headings));
        }
    }

    /// Takes in a record that is not right. A quote that is never closed, or closed too late, swallows the rows behind it
    /// into its field; so the lines of a record behind its first are looked through for rows. Without any, the record is
    /// what the csv crate makes of it. Gives where to go on, when that is behind the record.
    pub(super) fn broken(
        &mut self,
        record: Option<&ByteRecord>,
        bytes: Range<u64>,
        broken: Broken,
    ) -> Result<Option<u64>, ReadErrorKind> {
        let mended = self.mend(bytes.clone(), broken)?;
        if mended.is_some() {
            return Ok(mended.filter(|next| *next != bytes.end));
        }
        let expected = self.layout.headings.len();
        let found = match broken {
            Broken::Fields(found) => found,
            _ => record.map_or(0, ByteRecord::len),
        };
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
            Broken::LongQuote => (ProblemCode::OpenQuote, LATE.to_owned()),
            Broken::Long => {
                let most = bytesize::ByteSize::b(self.source.longest_record);
                (ProblemCode::NotAFinding, format!("this row is longer than {most}, which no finding is"))
            }
            Broken::Nul => (ProblemCode::NotAFinding, NUL.to_owned()),
            _ => (ProblemCode::FieldCount, format!("this row has {found} fields, the header has {expected}")),
        };
        self.lose(code, bytes, &what);
        Ok(None)
    }

    /// Says that a row is lost. Where it is too long for one row, nobody knows how many are.
    pub(super) fn lose(&mut self, code: ProblemCode, bytes: Range<u64>, what: &str) {
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
    pub(super) fn mend(&mut self, bytes: Range<u64>, broken: Broken) -> Result<Option<u64>, ReadErrorKind> {
        let Some(mut at) = self.window.next_line(bytes.start, bytes.end)? else { return Ok(None) };
        let (mut lost, mut spent, mut found) = (bytes.start, 0, 0u64);
        let most = (bytes.end - bytes.start).saturating_mul(MENDING.0).max(MENDING.1);
        while at < bytes.end && spent < most {
            if self.source.input.watch.is_stopped() {
                return Err(ReadErrorKind::Interrupted);
            }
            let candidate = self.window.record(at, self.source.delimiter, &mut self.records)?;
            spent += candidate.length;
            let headings = match self.layout.headings_in(&candidate.record) {
                Some(Found::Headings(headings)) if candidate.is_clean => Some(headings),
                _ => None,
            };
            let is_row = candidate.is_clean && self.layout.fits(&candidate.record);
            if headings.is_none() && !is_row {
                // It may be a row that is broken itself: another one that is lost.
                if self.layout.begins_like_a_row(self.window.line(at)?, self.source.delimiter) {
                    self.lose_stretch(lost..at, found == 0, broken);
                    found += 1;
                    lost = at;
                }
                at = self.window.next_line(at, bytes.end)?.unwrap_or(bytes.end);
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
            if self.window.has_text(rest.clone())? {
                let is_open = self.is_open(broken, bytes.end);
                self.last(rest.clone(), true, is_open);
                self.lose_stretch(rest, false, broken);
            }
        }
        Ok(Some(lost.max(bytes.end)))
    }

    /// Names lines of a broken record that are no rows.
    pub(super) fn lose_stretch(&mut self, bytes: Range<u64>, is_first: bool, broken: Broken) {
        if bytes.is_empty() {
            return;
        }
        match (is_first, broken) {
            (true, Broken::Open | Broken::LongQuote | Broken::Stray) => self.lose(ProblemCode::OpenQuote, bytes, LATE),
            _ => self.lose(ProblemCode::FieldCount, bytes, "these lines are no row with as many fields as the header"),
        }
    }

    /// Adds a record to the report. A record without any text, as spreadsheets leave below a table, is none.
    pub(super) fn push(&mut self, record: &ByteRecord, start: u64) {
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

pub(super) const OPEN: &str = "a quote is opened here and never closed; the file may be cut off";
pub(super) const LATE: &str = "a quote is opened here and not closed in its row";
pub(super) const NUL: &str =
    "this row holds NUL bytes, which no text has; the file is damaged here, and rows may have run together";
pub(super) const GLUED: &str = "this row has no line break at its end, and headings stand behind it; it may be cut off";

pub(super) fn push<'a>(builder: &mut ReportBuilder, forms: &Forms, start: u64, cell: impl Fn(usize) -> &'a str) {
    if forms.is_empty() {
        return builder.push(start, cell);
    }
    let read = forms.read(&cell);
    builder.push(start, |column| {
        read.iter().find(|(place, _)| *place == column).map_or_else(|| cell(column), |(_, text)| text.as_str())
    });
}

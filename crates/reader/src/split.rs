//! Where a CSV file may be cut so that its parts can be read at the same time.
//!
//! A line break ends a record unless it is inside a quoted field, and whether it is inside cannot be seen from the line
//! break. Counting quotes from the start of the file is not enough: a lone quote in an unquoted field (`6" pipe`) is
//! text. The rule is that of the csv crate: *a quote opens a field only where the field starts; inside, a doubled quote
//! is a quote; any other quote closes; every other quote is text.*
//!
//! To learn the state at some place, look back a little and read forward from there twice, once as if outside quotes
//! and once as if inside. A quote that closes in the wrong reading is not at the start of a field and so does not open
//! one in the right reading: after about one quoted field both readings agree, and from there on the state is certain,
//! not guessed. Where they do not agree, look back further; the start of the data is outside by definition.

use std::{
    io::{self, Read, Seek, SeekFrom},
    ops::Range,
};

use memchr::{memchr, memchr2};

/// Whether a place is inside a quoted field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// A quote at the start of a field opens it.
    Outside,
    /// A quote closes the field, unless another follows.
    Inside,
}

/// How far to look back at first. A little more than the longest field that Inspector writes.
const WINDOW: u64 = 4096;

/// How much to read at a time when looking forward for the end of a record.
const BLOCK: u64 = 64 << 10;

/// The state behind `bytes`, which begin at the start of a line in `state` and end behind a line break.
pub(crate) fn advance(bytes: &[u8], delimiter: u8, mut state: State) -> State {
    let mut at = 0;
    while let Some(quote) = bytes.get(at..).and_then(|rest| memchr(b'"', rest)).map(|i| at + i) {
        at = quote + 1;
        match state {
            State::Outside => {
                let before = quote.checked_sub(1).map(|i| bytes[i]);
                if before.is_none_or(|byte| byte == delimiter || byte == b'\n' || byte == b'\r') {
                    state = State::Inside;
                }
            }
            State::Inside if bytes.get(at) == Some(&b'"') => at += 1,
            State::Inside => state = State::Outside,
        }
    }
    state
}

/// Looks through bytes for quotes that close a field although more text of it follows: *stray* quotes. They are the sign
/// that a quote before them was never closed, and that this one was to open a field.
#[derive(Clone, Debug)]
pub(crate) struct Quotes {
    delimiter: u8,
    state: State,
    /// The last byte of the block before; none at the start of a line.
    before: Option<u8>,
    /// How many bytes were looked at.
    at: u64,
    /// Whether the block before ended behind a quote inside quotes: the next byte tells what it is.
    is_pending: bool,
}

impl Quotes {
    /// Begins at the start of a line outside quotes.
    pub(crate) fn new(delimiter: u8) -> Quotes {
        Quotes { delimiter, state: State::Outside, before: None, at: 0, is_pending: false }
    }

    /// Whether the place behind the bytes that were looked at is inside quotes.
    pub(crate) fn is_inside(&self) -> bool {
        self.state == State::Inside && !self.is_pending
    }

    /// Looks at the next bytes; `stray` gets the places behind stray quotes, counted from the start of all.
    pub(crate) fn look(&mut self, bytes: &[u8], mut stray: impl FnMut(u64)) {
        let mut at = 0;
        if self.is_pending && !bytes.is_empty() {
            self.is_pending = false;
            at = self.close(bytes, 0, &mut stray);
        }
        while let Some(quote) = bytes.get(at..).and_then(|rest| memchr(b'"', rest)).map(|i| at + i) {
            at = quote + 1;
            match self.state {
                State::Outside => {
                    let before = quote.checked_sub(1).map_or(self.before, |i| bytes.get(i).copied());
                    if before.is_none_or(|byte| byte == self.delimiter || matches!(byte, b'\n' | b'\r')) {
                        self.state = State::Inside;
                    }
                }
                State::Inside if at < bytes.len() => at = self.close(bytes, at, &mut stray),
                State::Inside => self.is_pending = true,
            }
        }
        self.before = bytes.last().copied().or(self.before);
        self.at += bytes.len() as u64;
    }

    /// Goes on behind a quote inside quotes, at a byte that is there: it is doubled, or it closes the field.
    fn close(&mut self, bytes: &[u8], at: usize, stray: &mut impl FnMut(u64)) -> usize {
        let next = bytes[at];
        if next == b'"' {
            return at + 1;
        }
        self.state = State::Outside;
        if next != self.delimiter && !matches!(next, b'\n' | b'\r') {
            stray(self.at + at as u64);
        }
        at
    }
}

/// The end of the record that begins in `range`, outside quotes: behind the first line break that is in no quotes and
/// not before all text. Reads a block at a time, however long the record is.
///
/// # Errors
/// When the file cannot be read.
pub(crate) fn end_of_record<F: Read + Seek>(file: &mut F, range: Range<u64>, delimiter: u8) -> io::Result<u64> {
    let mut quotes = Quotes::new(delimiter);
    let (mut at, mut has_text) = (range.start, false);
    while at < range.end {
        let block = bytes(file, at..range.end.min(at + BLOCK))?;
        if block.is_empty() {
            break;
        }
        let mut line = 0;
        while line < block.len() {
            let end = memchr2(b'\n', b'\r', &block[line..]).map_or(block.len(), |i| line + i);
            has_text |= end > line;
            quotes.look(&block[line..end], |_| {});
            if end == block.len() {
                break;
            }
            // The line break decides about a quote right before it.
            quotes.look(&block[end..=end], |_| {});
            if has_text && !quotes.is_inside() {
                return Ok(at + end as u64 + 1);
            }
            line = end + 1;
        }
        at += block.len() as u64;
    }
    Ok(range.end)
}

/// The first byte of a range that is no line break, or its end.
///
/// # Errors
/// When the file cannot be read.
pub(crate) fn start_of_text<F: Read + Seek>(file: &mut F, range: Range<u64>) -> io::Result<u64> {
    let mut at = range.start;
    while at < range.end {
        let block = bytes(file, at..range.end.min(at + BLOCK))?;
        match block.iter().position(|byte| !matches!(byte, b'\n' | b'\r')) {
            Some(place) => return Ok(at + place as u64),
            None if block.is_empty() => break,
            None => at += block.len() as u64,
        }
    }
    Ok(range.end)
}

/// Where the text of a file ends: before zero bytes at its end, which a copy that was not finished leaves.
///
/// # Errors
/// When the file cannot be read.
pub(crate) fn end_of_text<F: Read + Seek>(file: &mut F, size: u64) -> io::Result<u64> {
    let mut end = size;
    while end > 0 {
        let start = end.saturating_sub(BLOCK);
        let block = bytes(file, start..end)?;
        match block.iter().rposition(|byte| *byte != 0) {
            Some(last) => return Ok(start + last as u64 + 1),
            None => end = start,
        }
    }
    Ok(0)
}

/// Cuts `data` of a file, which begins outside quotes, into at most `parts` ranges of about the same size, each of
/// whole records. There are fewer where records are longer than a part.
///
/// # Errors
/// When the file cannot be read.
pub(crate) fn split<F: Read + Seek>(
    file: &mut F,
    data: Range<u64>,
    delimiter: u8,
    parts: u64,
) -> io::Result<Vec<Range<u64>>> {
    let size = data.end.saturating_sub(data.start);
    let mut ranges = Vec::new();
    let mut start = data.start;
    for part in 1..parts.max(1) {
        let near = data.start + (u128::from(size) * u128::from(part) / u128::from(parts)) as u64;
        if near <= start {
            continue;
        }
        let cut = boundary(file, start..data.end, near, delimiter, WINDOW)?;
        if cut >= data.end {
            break;
        }
        if cut > start {
            ranges.push(start..cut);
            start = cut;
        }
    }
    ranges.push(start..data.end);
    Ok(ranges)
}

/// The first end of a record behind `near`. `data` begins outside quotes; `window` is how far to look back at first.
fn boundary<F: Read + Seek>(file: &mut F, data: Range<u64>, near: u64, delimiter: u8, window: u64) -> io::Result<u64> {
    let Some(line) = next_line(file, near..data.end)? else { return Ok(data.end) };
    let mut state = state_at(file, data.start, line, delimiter, window)?;
    let mut at = line;
    loop {
        // A place behind a line break and outside quotes is the end of a record. The csv crate drops a byte order mark
        // where reading starts, so no part may start with one.
        if state == State::Outside && !starts_with_bom(file, at)? {
            return Ok(at);
        }
        // As many lines as a block has, or one that is longer.
        let block = bytes(file, at..data.end.min(at + BLOCK))?;
        let Some(lines) = memchr::memrchr(b'\n', &block) else {
            let Some(next) = next_line(file, at..data.end)? else { return Ok(data.end) };
            state = advance(&bytes(file, at..next)?, delimiter, state);
            at = next;
            continue;
        };
        let mut line = 0;
        while line <= lines {
            let next = memchr(b'\n', &block[line..]).map_or(lines + 1, |i| line + i + 1);
            state = advance(&block[line..next], delimiter, state);
            line = next;
            if state == State::Outside {
                break;
            }
        }
        at += line as u64;
    }
}

/// The state at `line`, which is the start of a line. `start` is the start of the data.
fn state_at<F: Read + Seek>(file: &mut F, start: u64, line: u64, delimiter: u8, mut window: u64) -> io::Result<State> {
    loop {
        let from = line.saturating_sub(window).max(start);
        let first = if from == start { Some(start) } else { next_line(file, from..line)? };
        if let Some(first) = first {
            let mut outside = Quotes::new(delimiter);
            let mut inside = Quotes { state: State::Inside, ..Quotes::new(delimiter) };
            let mut at = first;
            while at < line {
                let block = bytes(file, at..line.min(at + BLOCK))?;
                if block.is_empty() {
                    break;
                }
                outside.look(&block, |_| {});
                inside.look(&block, |_| {});
                at += block.len() as u64;
            }
            if from == start || outside.is_inside() == inside.is_inside() {
                return Ok(if outside.is_inside() { State::Inside } else { State::Outside });
            }
        }
        window = window.saturating_mul(4);
    }
}

/// The place behind the first `\n` in a range.
fn next_line<F: Read + Seek>(file: &mut F, range: Range<u64>) -> io::Result<Option<u64>> {
    let mut at = range.start;
    while at < range.end {
        let block = bytes(file, at..range.end.min(at + BLOCK))?;
        if let Some(i) = memchr(b'\n', &block) {
            return Ok(Some(at + i as u64 + 1));
        }
        if block.is_empty() {
            break;
        }
        at += block.len() as u64;
    }
    Ok(None)
}

fn starts_with_bom<F: Read + Seek>(file: &mut F, at: u64) -> io::Result<bool> {
    Ok(bytes(file, at..at + 3)? == b"\xef\xbb\xbf")
}

/// The bytes of a range; fewer where the file ends before.
pub(crate) fn bytes<F: Read + Seek>(file: &mut F, range: Range<u64>) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(range.start))?;
    file.take(range.end.saturating_sub(range.start)).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use proptest::prelude::*;

    use super::*;

    fn records(data: &[u8]) -> Vec<csv::ByteRecord> {
        let reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(data);
        reader.into_byte_records().map(Result::unwrap).collect()
    }

    fn parts_are_whole_records(data: &[u8], parts: u64, window: u64) -> Result<(), TestCaseError> {
        let end = data.len() as u64;
        let mut file = Cursor::new(data);
        let mut cuts = vec![0];
        for part in 1..parts {
            let near = end * part / parts;
            let cut = boundary(&mut file, 0..end, near, b',', window).unwrap();
            if cut > cuts[cuts.len() - 1] {
                cuts.push(cut);
            }
        }
        if cuts[cuts.len() - 1] < end {
            cuts.push(end);
        }
        let split: Vec<_> = cuts.windows(2).flat_map(|cut| records(&data[cut[0] as usize..cut[1] as usize])).collect();
        prop_assert_eq!(split, records(data));
        Ok(())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]

        /// Any bytes, not only well-formed CSV: lone quotes, quotes behind quoted fields, every mix of line ends.
        #[test]
        fn parts_read_as_the_whole(data in "[\",\n\ra\u{3042} ]{0,60}", parts in 1u64..12) {
            parts_are_whole_records(data.as_bytes(), parts, 2)?;
        }
    }

    proptest! {
        /// A report as Inspector writes it: quoted fields with line breaks, commas, doubled quotes and text of any kind.
        #[test]
        fn parts_of_a_report_read_as_the_whole(
            rows in prop::collection::vec(prop::collection::vec("[\"\n,a-c\u{1F512}]{0,12}|[a-z]{0,5}\"[a-z]{0,5}", 4), 1..40),
            crlf: bool,
            parts in 1u64..9,
        ) {
            let end = if crlf { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') };
            let mut writer = csv::WriterBuilder::new().terminator(end).from_writer(Vec::new());
            for row in &rows {
                writer.write_record(row).unwrap();
            }
            parts_are_whole_records(&writer.into_inner().unwrap(), parts, 16)?;
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(5000))]

        /// Wherever blocks cut the bytes, quotes are told apart in the same way, and as the csv crate does.
        #[test]
        fn stray_quotes_are_seen_whatever_the_blocks(data in "[\",\na ]{0,40}", block in 1usize..5) {
            let look = |size: usize| {
                let (mut quotes, mut found) = (Quotes::new(b','), Vec::new());
                data.as_bytes().chunks(size).for_each(|block| quotes.look(block, |at| found.push(at)));
                (found, quotes.is_inside())
            };
            let one = look(1000);
            prop_assert_eq!(&look(block), &one);
            prop_assert_eq!(one.1, advance(data.as_bytes(), b',', State::Outside) == State::Inside);
            let end = data.len() as u64;
            let file = &mut Cursor::new(data.as_bytes());
            let first = end_of_record(file, 0..end, b',').unwrap();
            let (part, whole) = (records(&data.as_bytes()[..first as usize]), records(data.as_bytes()));
            prop_assert_eq!(part.as_slice(), whole.get(..1).unwrap_or_default());
        }
    }

    #[test]
    fn zero_bytes_at_the_end_are_no_text() {
        for (text, zeros) in [("ab\n", 0), ("ab\n", 1), ("", 3), ("a\0b", 200_000)] {
            let data = [text.as_bytes(), &vec![0; zeros]].concat();
            assert_eq!(end_of_text(&mut Cursor::new(&data), data.len() as u64).unwrap(), text.len() as u64);
        }
    }

    #[test]
    fn a_byte_order_mark_inside_the_file_does_not_start_a_part() {
        let data = "a,b\n\u{feff}c,d\ne,f\n";
        assert_eq!(boundary(&mut Cursor::new(data), 0..data.len() as u64, 1, b',', 4).unwrap(), 11);
    }
}

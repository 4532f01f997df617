//! The bytes that the reader has in hand, so that a record can be looked at again.

use super::*;

/// A piece of a file that moves forward.
pub(super) struct Window {
    pub(super) file: Opened,
    /// Where `bytes` stand.
    pub(super) at: u64,
    pub(super) bytes: Vec<u8>,
    /// Where the text of the file ends.
    pub(super) end: u64,
}

/// What may be a row of a broken record.
pub(super) struct Candidate {
    pub(super) record: ByteRecord,
    pub(super) length: u64,
    /// Whether it ends, with all its quotes right.
    pub(super) is_clean: bool,
}

impl Window {
    /// The bytes from a place on: as many as the longest row has, if the file has them.
    pub(super) fn from(&mut self, at: u64) -> io::Result<&[u8]> {
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
    pub(super) fn next_line(&mut self, mut at: u64, end: u64) -> io::Result<Option<u64>> {
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
    pub(super) fn line(&mut self, at: u64) -> io::Result<&[u8]> {
        let bytes = self.from(at)?;
        let start = bytes.iter().position(|byte| !matches!(byte, b'\r' | b'\n')).unwrap_or(bytes.len());
        let text = bytes.get(start..).unwrap_or_default();
        Ok(memchr::memchr2(b'\n', b'\r', text).and_then(|end| text.get(..end)).unwrap_or(text))
    }

    /// The record at a place.
    pub(super) fn record(&mut self, at: u64, delimiter: u8, records: &mut Records) -> io::Result<Candidate> {
        let end_of_text = self.end;
        let bytes = self.from(at)?;
        let is_end = at + bytes.len() as u64 >= end_of_text;
        let mut record = ByteRecord::new();
        let length = records.first(bytes, &mut record) as u64;
        let own = bytes.get(..length as usize).unwrap_or(bytes);
        let (mut quotes, mut is_stray) = (Quotes::new(delimiter), false);
        quotes.look(own, |_| is_stray = true);
        let is_whole = is_end || own.len() < bytes.len();
        Ok(Candidate { record, length, is_clean: is_whole && !is_stray && !quotes.is_inside() })
    }

    /// Whether anything but line breaks is in a range.
    pub(super) fn has_text(&mut self, range: Range<u64>) -> io::Result<bool> {
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
pub(super) struct Watched<'a, R> {
    pub(super) inner: R,
    /// How many bytes there are.
    pub(super) length: u64,
    pub(super) watch: &'a Watch,
    pub(super) quotes: Quotes,
    /// The places behind stray quotes, as far as they are not asked for yet.
    pub(super) stray: VecDeque<u64>,
    /// How many bytes were given, and how many may be.
    pub(super) given: u64,
    pub(super) allowed: u64,
    /// Whether more was asked for than may be given.
    pub(super) is_held: bool,
    /// How many bytes are given at a time: few at first, since many records that are not right each begin a reading anew.
    pub(super) at_a_time: usize,
}

/// How many bytes are given first; so few in tests that they end anywhere in a record.
pub(super) const FIRST: usize = if cfg!(test) { 3 } else { 4 << 10 };

impl<R> Watched<'_, R> {
    /// Whether there is a stray quote up to a place; those are forgotten.
    pub(super) fn stray_before(&mut self, end: u64) -> bool {
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
        let length = match buffer.get_mut(..most.min(self.at_a_time)) {
            Some(part) => self.inner.read(part)?,
            None => self.inner.read(buffer)?,
        };
        self.at_a_time = self.at_a_time.saturating_mul(2);
        self.watch.add(length);
        self.given += length as u64;
        let stray = &mut self.stray;
        self.quotes.look(buffer.get(..length).unwrap_or_default(), |at| stray.push_back(at));
        Ok(length)
    }
}

//! Lines of an input, as an editor counts them: `\n`, `\r\n` and a lone `\r` each end one.

use std::{
    io::{self, Read},
    ops::Range,
};

use inspector_report_model::Location;
use memchr::memchr2;

/// Where records are that the csv crate says are in these bytes: it counts line breaks before a record as part of it. Reads
/// the file from its start, once, and keeps nothing of it.
///
/// # Errors
/// When the file cannot be read.
pub(crate) fn locate_records(file: impl Read, records: &[Range<u64>]) -> io::Result<Vec<Location>> {
    locate(file, records, true)
}

/// Where a single record is.
///
/// # Errors
/// When the file cannot be read.
pub(crate) fn locate_record(file: impl Read, record: &Range<u64>) -> io::Result<Location> {
    locate_one(file, record, true)
}

/// Where these bytes are.
///
/// # Errors
/// When the file cannot be read.
pub(crate) fn locate_bytes(file: impl Read, ranges: &[Range<u64>]) -> io::Result<Vec<Location>> {
    locate(file, ranges, false)
}

/// The line of a byte, from 1.
///
/// # Errors
/// When the file cannot be read.
pub(crate) fn line(file: impl Read, byte: u64) -> io::Result<u64> {
    Ok(locate_one(file, &(byte..byte), false)?.line)
}

fn locate_one(file: impl Read, range: &Range<u64>, skips_blanks: bool) -> io::Result<Location> {
    let found = locate(file, std::slice::from_ref(range), skips_blanks)?;
    Ok(found.first().copied().unwrap_or(Location { byte: range.start, line: 1, last_line: 1 }))
}

fn locate(file: impl Read, ranges: &[Range<u64>], skips_blanks: bool) -> io::Result<Vec<Location>> {
    let mut found: Vec<Location> =
        ranges.iter().map(|range| Location { byte: range.start, line: 1, last_line: 1 }).collect();
    // First bytes and last ones, each with the range that it is of, in the order of the file.
    let mut places: Vec<(u64, bool, usize)> = Vec::with_capacity(2 * ranges.len());
    for (at, range) in ranges.iter().enumerate() {
        places.push((range.start, true, at));
        places.push((range.end.saturating_sub(1).max(range.start), false, at));
    }
    places.sort_unstable();
    let mut places = places.into_iter().peekable();
    // Records that begin at the next line with text.
    let mut waiting: Vec<usize> = Vec::new();
    each_line(file, |line| {
        if !line.is_blank {
            for at in waiting.drain(..) {
                (found[at].byte, found[at].line) = (line.bytes.start, line.number);
            }
        }
        while let Some((byte, is_first, at)) = places.next_if(|(byte, ..)| *byte < line.bytes.end) {
            let location = &mut found[at];
            if !is_first {
                location.last_line = line.number;
                continue;
            }
            location.line = line.number;
            if skips_blanks {
                location.byte = line.bytes.start;
                if line.bytes.start < byte || line.is_blank {
                    waiting.push(at);
                }
            }
        }
        !waiting.is_empty() || places.peek().is_some()
    })?;
    for location in &mut found {
        location.last_line = location.last_line.max(location.line);
    }
    Ok(found)
}

/// A line.
#[derive(Debug, PartialEq, Eq)]
struct Line {
    /// Its number, from 1.
    number: u64,
    /// Its bytes, with its line break; those of the last line go on without an end.
    bytes: Range<u64>,
    is_blank: bool,
}

/// Gives each line of a file, as long as more are wanted. Behind the last line break stands a line, too, which may be blank.
fn each_line(mut file: impl Read, mut each: impl FnMut(Line) -> bool) -> io::Result<()> {
    let mut block = vec![0; 256 << 10];
    let mut offset = 0u64;
    let (mut number, mut start, mut is_blank, mut after_cr) = (1, 0, true, false);
    let mut give = |end: u64, start: &mut u64, is_blank: &mut bool| {
        let goes_on = each(Line { number, bytes: *start..end, is_blank: *is_blank });
        number += 1;
        (*start, *is_blank) = (end, true);
        goes_on
    };
    loop {
        let length = match file.read(&mut block) {
            Ok(0) => break,
            Ok(length) => length,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        let bytes = &block[..length];
        let mut at = 0;
        while at < length {
            // Whether a CR ends a line, or a CR LF does, shows only with the byte behind it.
            if after_cr {
                after_cr = false;
                at += usize::from(bytes[at] == b'\n');
                if !give(offset + at as u64, &mut start, &mut is_blank) {
                    return Ok(());
                }
                continue;
            }
            let end = memchr2(b'\n', b'\r', &bytes[at..]).map_or(length, |found| at + found);
            is_blank &= end == at;
            at = end + 1;
            match bytes.get(end) {
                Some(b'\r') => after_cr = true,
                Some(_) if !give(offset + at as u64, &mut start, &mut is_blank) => return Ok(()),
                _ => {}
            }
        }
        offset += length as u64;
    }
    if after_cr && !give(offset, &mut start, &mut is_blank) {
        return Ok(());
    }
    give(u64::MAX, &mut start, &mut is_blank);
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    struct Slow<'a>(&'a [u8], usize);

    impl Read for Slow<'_> {
        fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
            let length = self.0.len().min(self.1).min(out.len());
            out[..length].copy_from_slice(&self.0[..length]);
            self.0 = &self.0[length..];
            Ok(length)
        }
    }

    proptest! {
        #[test]
        fn lines_are_counted_as_an_editor_does(text in "[a\n\r]{0,40}", block in 1usize..7) {
            // What the count must be: `\r\n` is one end of a line.
            let plain = text.replace("\r\n", "\n").replace('\r', "\n");
            let mut lines = Vec::new();
            each_line(Slow(text.as_bytes(), block), |line| {
                lines.push(line);
                true
            })
            .unwrap();
            let blank: Vec<bool> = lines.iter().map(|line| line.is_blank).collect();
            prop_assert_eq!(blank, plain.split('\n').map(str::is_empty).collect::<Vec<_>>());
            prop_assert!(lines.iter().map(|line| line.number).eq(1..=lines.len() as u64));
            prop_assert!(lines.windows(2).all(|pair| pair[0].bytes.end == pair[1].bytes.start));
            for line in &lines {
                let bytes = &text.as_bytes()[line.bytes.start as usize..text.len().min(line.bytes.end as usize)];
                prop_assert!(bytes.iter().rev().skip(2).all(|byte| !matches!(byte, b'\n' | b'\r')), "{bytes:?}");
            }
        }

        /// However many are asked for, each is where it is when it alone is asked for.
        #[test]
        fn ranges_are_located_one_by_one(
            text in "[a\n\r]{0,40}",
            ranges in prop::collection::vec((0u64..45, 0u64..9), 0..6),
            skips_blanks: bool,
        ) {
            let ranges: Vec<_> = ranges.into_iter().map(|(start, length)| start..start + length).collect();
            let together = locate(text.as_bytes(), &ranges, skips_blanks).unwrap();
            for (range, location) in ranges.iter().zip(together) {
                prop_assert_eq!(&locate(text.as_bytes(), std::slice::from_ref(range), skips_blanks).unwrap()[0], &location);
            }
        }
    }

    #[test]
    fn a_record_is_located_by_its_first_byte_that_is_no_line_break() {
        let text = b"h\r\n\r\nabc\r\nd\re\n";
        let locate = |record: Range<u64>| locate_records(&text[..], &[record]).unwrap()[0];
        // The csv crate says that `abc` begins at the `\n` before it, or at the blank line.
        for start in [2, 3, 4, 5] {
            let location = locate(start..8);
            assert_eq!((location.byte, location.line, location.last_line), (5, 3, 3), "{start}");
        }
        assert_eq!(locate(10..14).last_line, 5);
    }
}

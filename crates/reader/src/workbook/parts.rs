//! Looks through the parts of a workbook before they are read into memory: whether they are as they were packed, and no larger
//! than a workbook has them.

use std::{
    io::{self, BufReader, Read},
    sync::atomic::{AtomicU64, Ordering},
};

use bytesize::ByteSize;
use rayon::prelude::*;
use zip::{ZipArchive, result::ZipError};

use crate::{Plain, error::ReadErrorKind, location::Opened};

/// The most that the shared strings may take: they are read into memory.
const MOST_STRINGS: u64 = 4 << 30;

/// How often the shared strings may be as large as they are packed, where they take much: each is there once, so that no program
/// packs them as small as that.
const MOST_RATIO: u64 = 100;
const MUCH: u64 = 64 << 20;

/// The most that styles, names and relations may take. The 65,490 formats that Excel has at most (Microsoft, "Excel
/// specifications and limits") take less.
const MOST_OF_OTHERS: u64 = 8 << 20;

/// The longest cell, or shared string, with its formats. Excel holds 32,767 characters in a cell (Microsoft, "Excel
/// specifications and limits").
const LONGEST_CELL: u64 = 1 << 20;

/// Looks through the parts that are read. Gives the first with cells or texts in it that is not as it was packed.
///
/// # Errors
/// When a part is larger than it can be.
pub(super) fn check(input: &Plain<'_>) -> Result<Option<String>, ReadErrorKind> {
    let mut archive = open(input)?;
    let mut parts = Vec::new();
    for place in 0..archive.len() {
        let part = archive.by_index_raw(place).map_err(damaged)?;
        parts.extend(Part::new(place, String::from_utf8_lossy(part.name_raw()).into_owned(), part.compressed_size()));
    }
    let total = AtomicU64::new(0);
    let wrong = parts.into_par_iter().map(|part| Ok(if part.check(input, &total)? { None } else { Some(part.name) }));
    let wrong: Vec<Option<String>> = wrong.collect::<Result<_, ReadErrorKind>>()?;
    Ok(wrong.into_iter().flatten().next())
}

fn open(input: &Plain<'_>) -> Result<ZipArchive<BufReader<Opened>>, ReadErrorKind> {
    ZipArchive::new(BufReader::new(input.open()?)).map_err(damaged)
}

fn damaged(error: ZipError) -> ReadErrorKind {
    ReadErrorKind::Damaged(error.to_string())
}

/// A part that is read.
struct Part {
    place: usize,
    name: String,
    packed: u64,
    kind: PartKind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum PartKind {
    Sheet,
    Strings,
    Other,
}

impl Part {
    fn new(place: usize, name: String, packed: u64) -> Option<Part> {
        let kind = match name.as_str() {
            "xl/sharedStrings.xml" => PartKind::Strings,
            "xl/styles.xml" | "xl/workbook.xml" => PartKind::Other,
            name if name.starts_with("xl/worksheets/sheet") => PartKind::Sheet,
            name if name.ends_with(".rels") => PartKind::Other,
            _ => return None,
        };
        Some(Part { place, name, packed, kind })
    }

    /// Whether it is as it was packed. What it takes is counted, not believed: the list of the archive may say anything.
    fn check(&self, input: &Plain<'_>, total: &AtomicU64) -> Result<bool, ReadErrorKind> {
        let mut archive = open(input)?;
        let mut part = archive.by_index(self.place).map_err(damaged)?;
        let mut buffer = vec![0; 256 << 10];
        let (mut cells, mut size) = (Cells::default(), 0u64);
        loop {
            if input.watch.is_stopped() {
                return Err(ReadErrorKind::Interrupted);
            }
            let length = match part.read(&mut buffer) {
                Ok(0) => return Ok(true),
                Ok(length) => length,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(_) => return Ok(self.kind == PartKind::Other),
            };
            size += length as u64;
            let most = input.options.max_expanded;
            if total.fetch_add(length as u64, Ordering::Relaxed) + length as u64 > most {
                return Err(ReadErrorKind::TooLarge(ByteSize::b(most)));
            }
            let (name, most) = (
                &self.name,
                match self.kind {
                    PartKind::Sheet => u64::MAX,
                    PartKind::Other => MOST_OF_OTHERS,
                    PartKind::Strings => MOST_STRINGS.min(MUCH.max(self.packed.saturating_mul(MOST_RATIO))),
                },
            );
            if size > most {
                let most = ByteSize::b(most);
                let what = format!("its part {name} takes more than {most}, more than any workbook needs");
                return Err(ReadErrorKind::Damaged(what));
            }
            if self.kind != PartKind::Other && !cells.look(&buffer[..length]) {
                let what = format!("a text in its part {name} is longer than {}", ByteSize::b(LONGEST_CELL));
                return Err(ReadErrorKind::Damaged(what));
            }
        }
    }
}

/// How long cells and strings are, in XML that comes block by block.
#[derive(Debug, Default)]
struct Cells {
    /// The bytes since the last tag began.
    since_tag: u64,
    /// The bytes since the present cell or string began.
    since_cell: Option<u64>,
    /// The beginning of a tag that may go on in the next block.
    tag: Vec<u8>,
}

impl Cells {
    /// Looks at the next block; `false` when something is too long.
    fn look(&mut self, block: &[u8]) -> bool {
        /// As much of a tag as tells what it is: `</prefix:si>`.
        const NAME: usize = 24;
        let mut at = 0;
        while at < block.len() {
            let rest = &block[at..];
            if !self.tag.is_empty() {
                let more = rest.iter().position(|byte| matches!(byte, b' ' | b'>' | b'\t' | b'\r' | b'\n'));
                let length = more.unwrap_or(rest.len()).min(NAME - self.tag.len());
                self.tag.extend_from_slice(&rest[..length]);
                if more.is_some() || self.tag.len() == NAME {
                    self.name();
                }
                self.pass(length);
                at += length;
                if length > 0 || more.is_none() {
                    continue;
                }
            }
            let next = memchr::memchr(b'<', &block[at..]);
            self.pass(next.map_or(block.len() - at, |next| next + 1));
            if self.since_tag > LONGEST_CELL || self.since_cell.is_some_and(|length| length > LONGEST_CELL) {
                return false;
            }
            let Some(next) = next else { break };
            (self.since_tag, at) = (0, at + next + 1);
            self.tag.push(b'<');
        }
        true
    }

    fn pass(&mut self, length: usize) {
        self.since_tag += length as u64;
        self.since_cell = self.since_cell.map(|passed| passed + length as u64);
    }

    /// The name of a tag is there.
    fn name(&mut self) {
        let tag = self.tag[1..].strip_suffix(b"/").unwrap_or(&self.tag[1..]);
        let is_end = tag.first() == Some(&b'/');
        let name = tag.rsplit(|byte| matches!(byte, b':' | b'/')).next().unwrap_or(tag);
        match name {
            b"c" | b"si" => self.since_cell = (!is_end).then_some(0),
            // A cell may have no end of its own: `<c s="1"/>`.
            b"row" | b"sheetData" | b"sst" => self.since_cell = None,
            _ => {}
        }
        self.tag.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_longer_than_a_cell_is_seen_whatever_the_blocks() {
        let long = "a".repeat(1 << 20);
        let pieces = "<r><t>aaaa</t></r>".repeat(60_000);
        let many = "<c r=\"A1\"><v>1</v></c>".repeat(60_000);
        let links = "<hyperlink ref=\"A1\"/>".repeat(60_000);
        for (xml, is_right) in [
            (format!("<row><c><is><t>{}</t></is></c></row>", &long[..1_000_000]), true),
            (format!("<row><c><is><t>a{long}</t></is></c></row>"), false),
            (format!("<x:si><x:t>{long}</x:t></x:si>"), false),
            (format!("<si>{pieces}</si>"), false),
            (format!("<x:c r=\"A1\">{pieces}</x:c>"), false),
            (format!("<c r=\"A1\" s=\"{long}\"/>"), false),
            (format!("<{long}a/>"), false),
            (format!("<row>{many}<c s=\"1\"/></row></sheetData><hyperlinks>{links}</hyperlinks>"), true),
        ] {
            for block in [1, 7, 4096, xml.len()] {
                let mut cells = Cells::default();
                let found = xml.as_bytes().chunks(block).all(|block| cells.look(block));
                assert_eq!(found, is_right, "{} {block}", &xml[..20]);
            }
        }
    }
}

//! Files that are read besides reports: CISA's catalogue of exploited vulnerabilities, FIRST's scores, and lists of accounts.
//!
//! Each is read whole, in memory, packed with gzip or not. Columns are found by their names, whatever their order. What
//! cannot be read of a file is counted in its notes; a file of which nothing can be read is an error.

use std::io::{self, Read};

use flate2::read::MultiGzDecoder;

mod accounts;
mod epss;
mod kev;

pub use accounts::{Account, read_accounts};
pub use epss::read_epss;
pub use kev::read_kev;

/// The most that a file may hold unpacked: FIRST's, the largest, has 330,000 lines of 30 bytes.
const MOST: u64 = 256 << 20;

/// What is read of a file, with what the person who gave it should know.
#[derive(Clone, Debug, PartialEq)]
pub struct Reference<T> {
    /// What is in it.
    pub value: T,
    /// What could not be read, in English.
    pub notes: Vec<String>,
}

/// The text of a file.
fn text(bytes: &[u8]) -> Result<String, String> {
    let unpacked = match bytes.starts_with(&[0x1f, 0x8b]) {
        true => {
            let mut unpacked = Vec::new();
            let read = MultiGzDecoder::new(bytes).take(MOST + 1).read_to_end(&mut unpacked);
            read.map_err(|error: io::Error| format!("cannot be unpacked: {error}"))?;
            unpacked
        }
        false => bytes.to_vec(),
    };
    if unpacked.len() as u64 > MOST {
        return Err(format!("is too large: it may have {} MB", MOST >> 20));
    }
    let (text, _, is_spoilt) = encoding_rs::UTF_8.decode(&unpacked);
    match is_spoilt {
        false => Ok(text.into_owned()),
        // Lists of accounts are saved by Excel in the encoding of the machine.
        true => {
            let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Allow);
            detector.feed(&unpacked, true);
            Ok(detector.guess(None, chardetng::Utf8Detection::Allow).decode(&unpacked).0.into_owned())
        }
    }
}

/// A reader of CSV that takes rows of any length.
fn csv_reader(text: &str) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes())
}

/// The place of the first column whose heading is one of these, in any case.
fn column(headings: &csv::StringRecord, names: &[&str]) -> Option<usize> {
    headings.iter().position(|heading| names.iter().any(|name| heading.eq_ignore_ascii_case(name)))
}

/// A note on lines that were left out, if any were.
fn left_out(count: u64, of: &str) -> Vec<String> {
    match count {
        0 => Vec::new(),
        1 => vec![format!("1 entry is left out: it has no {of}")],
        count => vec![format!("{count} entries are left out: they have no {of}")],
    }
}

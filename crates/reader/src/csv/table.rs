//! Where the table stands in a file: its headings, its delimiter, its line breaks.

use super::*;

/// How lines end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LineBreak {
    /// With LF, or CR LF.
    Lf,
    /// With CR alone, as on old Macs.
    Cr,
}

/// The table in a file: its headings, and where its rows begin.
pub(super) struct Table {
    pub(super) delimiter: u8,
    pub(super) headings: Headings,
    /// The line of the headings, from 1.
    pub(super) line: u64,
    /// Where it begins.
    pub(super) byte: u64,
    /// How it ends.
    pub(super) line_break: LineBreak,
    /// Whether it ends inside quotes.
    pub(super) is_open: bool,
    /// Where the rows begin.
    pub(super) rows: u64,
}

impl Table {
    /// Finds the line that has most of Inspector's columns, with the delimiter that makes it so. That settles the
    /// delimiter better than statistics could: no other one cuts a line into these names.
    pub(super) fn find(file: &mut Opened, delimiter: Option<u8>) -> Result<Table, ReadErrorKind> {
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
        let location = lines::locate_record(start.as_slice(), &bytes)?;
        let line = location.line;
        if bytes.end >= BEGINNING && file.size()? > BEGINNING {
            return Err(ReadErrorKind::LongHeadings { line, most: BEGINNING });
        }
        if record.len() > MOST_COLUMNS {
            return Err(ReadErrorKind::ManyColumns { line, columns: record.len(), most: MOST_COLUMNS });
        }
        headings::check(&header, line)?;
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
pub(super) struct Best {
    /// How many of Inspector's columns it names.
    pub(super) known: usize,
    pub(super) delimiter: u8,
    pub(super) record: ByteRecord,
    /// Where it stands, as the csv crate counts.
    pub(super) bytes: Range<u64>,
}

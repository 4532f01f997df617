//! Where the columns of a row are, by the headings in force, and whether a row is one by its shape.

use super::*;

/// What each field of a row is, by the headings in force.
pub(super) struct Layout {
    pub(super) headings: Headings,
    /// Of each column of the report the place of its field; `None` where they are the same.
    pub(super) fields: Option<Vec<Option<usize>>>,
    pub(super) severity: Option<usize>,
    pub(super) finding_type: Option<usize>,
    pub(super) arn: Option<usize>,
}

impl Layout {
    pub(super) fn new(header: &Header, headings: &Headings) -> Layout {
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
    pub(super) fn field(&self, column: usize) -> Option<usize> {
        match &self.fields {
            None => Some(column),
            Some(fields) => fields.get(column).copied().flatten(),
        }
    }

    /// The headings that a record has, if it has any. Where files were put together, a byte order mark may stand before
    /// them.
    pub(super) fn headings_in(&self, record: &ByteRecord) -> Option<Found> {
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
    pub(super) fn headings_behind_a_row(&self, texts: &[String]) -> Option<Vec<String>> {
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
    pub(super) fn fits(&self, record: &ByteRecord) -> bool {
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
    pub(super) fn begins_like_a_row(&self, line: &[u8], delimiter: u8) -> bool {
        let field = |place: usize| {
            let field = line.split(|byte| *byte == delimiter).nth(place).map(<[u8]>::trim_ascii)?;
            std::str::from_utf8(field).ok().map(|field| field.trim_matches('"'))
        };
        self.severity.and_then(field).is_some_and(has_severity)
            || self.arn.and_then(field).is_some_and(|arn| arn.starts_with("arn:"))
    }

    /// Whether a field of several lines has a whole row in one of them. Rows without an ARN are not looked for.
    pub(super) fn has_rows_inside(&self, record: &ByteRecord, records: &mut Records) -> bool {
        if self.arn.is_none() || memchr::memchr2(b'\n', b'\r', record.as_slice()).is_none() {
            return false;
        }
        let mut inside = ByteRecord::new();
        let mut is_row = |line: &[u8]| {
            records.first(line, &mut inside);
            cell(&inside, self.arn).trim().starts_with("arn:") && self.fits(&inside)
        };
        record.iter().any(|field| {
            let Some(end) = memchr::memchr2(b'\n', b'\r', field) else { return false };
            let rest = field.get(end + 1..).unwrap_or_default();
            memchr::memmem::find(rest, b"arn:").is_some()
                && rest.split(|byte| matches!(byte, b'\n' | b'\r')).any(&mut is_row)
        })
    }
}

/// What a record has of headings.
pub(super) enum Found {
    Headings(Headings),
    /// They stand in the same line as the row before them.
    BehindARow(Headings),
}

/// Whether a record holds NUL bytes one behind the other, as where a disk or a transfer has lost a block: it is damaged.
/// A single one may be a control character of a title that the export has handed on.
pub(super) fn has_nuls(record: &ByteRecord) -> bool {
    memchr::memchr(0, record.as_slice()).is_some()
        && record.iter().any(|field| memchr::memmem::find(field, b"\0\0").is_some())
}

pub(super) fn cell(record: &ByteRecord, place: Option<usize>) -> &str {
    place.and_then(|place| record.get(place)).and_then(|field| std::str::from_utf8(field).ok()).unwrap_or("")
}

pub(super) fn has_severity(cell: &str) -> bool {
    !matches!(Severity::parse(cell), Severity::Other(_))
}

/// Whether a field may be the heading of the column Severity: a quick look, before a thorough one.
pub(super) fn may_be_severity(field: &[u8]) -> bool {
    match field.iter().find(|byte| byte.is_ascii_alphanumeric() || !byte.is_ascii()) {
        Some(b's' | b'S') => field.len() >= "severity".len(),
        Some(byte) => !byte.is_ascii(),
        None => false,
    }
}

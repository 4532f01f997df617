//! From a file to the reports in it: unpacked, and converted to UTF-8.

use encoding_rs::{Encoding, UTF_8};
use inspector_report_localizer::Lang;
use inspector_report_model::{Problem, ProblemCode, Report};

use crate::{
    ReadError, ReadErrorKind, ReadOptions, Source, Watch, csv, encoding, error, foreign, json, lines,
    location::Bytes,
    may_be_report,
    plain::{Plain, beginning},
    unpack::{self, Budget, Content, Office},
    workbook,
};

/// Parts of a file smaller than this are not worth a thread of their own.
const SMALLEST_PART: u64 = 256 << 10;

type Each<'a> = &'a mut dyn FnMut(&Source, Result<Report, ReadError>);

/// The way from a given file to the plain files in it.
pub(crate) struct Walk<'a> {
    pub(crate) options: &'a ReadOptions,
    pub(crate) watch: &'a Watch,
    pub(crate) budget: Budget,
}

impl Walk<'_> {
    /// Reads the reports in a file, which is these bytes under whatever name.
    pub(crate) fn file(&self, source: &Source, bytes: &Bytes, each: Each<'_>) {
        self.member(source, bytes, None, each);
    }

    /// Reads the reports in a file of which `damage` says why it is not all there.
    fn member(&self, source: &Source, bytes: &Bytes, damage: Option<String>, each: Each<'_>) {
        if let Err(kind) = self.try_file(source, bytes, damage, each) {
            let kind = if self.watch.is_stopped() { ReadErrorKind::Interrupted } else { kind };
            each(source, Err(error(source, kind)));
        }
    }

    fn try_file(
        &self,
        source: &Source,
        bytes: &Bytes,
        damage: Option<String>,
        each: Each<'_>,
    ) -> Result<(), ReadErrorKind> {
        let start = self.begin(bytes)?;
        let content = unpack::content(&start);
        let Content::Compressed(compression) = content else {
            return self.unpacked(source, bytes, &start, content, damage, each);
        };
        let unpacked = unpack::decompress(compression, bytes.open()?, &self.budget, self.watch)?;
        let damage = unpacked.damage.or(damage);
        let start = self.begin(&unpacked.bytes)?;
        match unpack::content(&start) {
            Content::Compressed(_) => Err(ReadErrorKind::Damaged("it is compressed twice".to_owned())),
            content => self.unpacked(source, &unpacked.bytes, &start, content, damage, each),
        }
    }

    fn unpacked(
        &self,
        source: &Source,
        bytes: &Bytes,
        start: &[u8],
        content: Content,
        damage: Option<String>,
        each: Each<'_>,
    ) -> Result<(), ReadErrorKind> {
        if let (Content::Plain, Some(damage)) = (content, damage.clone()) {
            each(source, Ok(self.rest(source, bytes, start, damage)?));
            return Ok(());
        }
        if content == Content::Plain {
            let before = bytes.stamp();
            let report = self.text(source, bytes, start);
            if bytes.stamp() != before {
                return Err(ReadErrorKind::Changed);
            }
            each(source, Ok(report?));
            return Ok(());
        }
        if content == Content::Zip {
            match unpack::office(bytes.open()?)? {
                Some(Office::Workbook) => {
                    each(source, Ok(workbook::read(&self.plain(source, bytes))?));
                    return Ok(());
                }
                Some(Office::Other(what)) => return Err(foreign::office(what)),
                None => {}
            }
        }
        self.archive(source, bytes, content, each)?;
        damage.map_or(Ok(()), |damage| Err(ReadErrorKind::Damaged(damage)))
    }

    /// Reads what is there of a report that is damaged: the report says that it is not all.
    fn rest(&self, source: &Source, bytes: &Bytes, start: &[u8], damage: String) -> Result<Report, ReadErrorKind> {
        let bytes = match !is_json(start) && !start.contains(&0) {
            true => &bytes.clone().keep_whole_lines()?,
            false => bytes,
        };
        // Why the beginning of a report is none is of less use than that it is damaged.
        let mut report = match self.text(source, bytes, start) {
            Err(ReadErrorKind::Interrupted) => return Err(ReadErrorKind::Interrupted),
            Err(_) => return Err(ReadErrorKind::Damaged(damage)),
            Ok(report) => report,
        };
        let end = bytes.open()?.size()?;
        let line = lines::line(bytes.open()?, end.saturating_sub(1))?;
        let message = format!("the packed file is damaged: {damage}; how many findings are missing is not known");
        let problem = Problem::new(ProblemCode::CutOff, report.source(), message);
        report = report.with_problem(Problem { byte: end, line, last_line: line, ..problem });
        Ok(report)
    }

    /// Reads the members of an archive. An archive in an archive is read, one in that is not.
    fn archive(&self, source: &Source, bytes: &Bytes, content: Content, each: Each<'_>) -> Result<(), ReadErrorKind> {
        if source.members.len() > 1 {
            return Err(ReadErrorKind::TooDeep);
        }
        let mut members = 0;
        let left_out = unpack::members(content, bytes.open()?, &self.budget, self.watch, may_be_report, |member| {
            members += 1;
            let mut source = source.clone();
            source.members.push(member.name);
            match member.content {
                Ok(unpacked) => self.member(&source, &unpacked.bytes, unpacked.damage, each),
                Err(kind) => each(&source, Err(error(&source, kind))),
            }
        })?;
        if members == 0 {
            return Err(ReadErrorKind::NoReportInside);
        }
        for (name, why) in left_out {
            let mut source = source.clone();
            source.members.push(name);
            each(&source, Err(error(&source, why)));
        }
        Ok(())
    }

    /// Reads a report in CSV or JSON.
    fn text(&self, source: &Source, bytes: &Bytes, start: &[u8]) -> Result<Report, ReadErrorKind> {
        if let Some(foreign) = foreign::binary(start) {
            return Err(foreign);
        }
        let given = self.options.encoding;
        if let (None, Some(order)) = (given, encoding::utf_32(start)) {
            let converted = encoding::utf_32_to_utf8(bytes.open()?, order, self.watch)?;
            return self.converted(source, converted, "UTF-32", true);
        }
        let certain = given.or_else(|| encoding::of_mark(start));
        if let Some(encoding) = certain.filter(|encoding| *encoding != UTF_8) {
            return self.encoded(source, bytes, encoding, true);
        }
        if let (None, Some(encoding)) = (certain, encoding::of_zeros(start)) {
            return self.encoded(source, bytes, encoding, false);
        }
        // A cell may hold anything, a heading is text; JSON that is damaged somewhere is read around that place.
        if !is_json(start) && start.split(|byte| *byte == b'\n').next().is_some_and(|line| line.contains(&0)) {
            return Err(foreign::not_text());
        }
        let plain = self.plain(source, bytes);
        if given.is_none() && !is_utf_8(start) {
            // Headings in another encoding are not known before they are converted.
            if let Some(encoding) = encoding::of_file(bytes.open()?, self.options.language == Lang::Ja)? {
                return self.encoded(source, bytes, encoding, false);
            }
        }
        let report = read(&plain)?;
        // That a file is not UTF-8 may show first in its last row.
        let is_broken = report.problems().iter().any(|problem| problem.code == ProblemCode::NotUtf8);
        if is_broken
            && given.is_none()
            && let Some(encoding) = encoding::of_file(bytes.open()?, self.options.language == Lang::Ja)?
        {
            return self.encoded(source, bytes, encoding, false);
        }
        Ok(report)
    }

    /// Reads a report in another encoding than UTF-8.
    fn encoded(
        &self,
        source: &Source,
        bytes: &Bytes,
        encoding: &'static Encoding,
        is_certain: bool,
    ) -> Result<Report, ReadErrorKind> {
        let converted = encoding::to_utf8(bytes.open()?, encoding, self.watch)?;
        self.converted(source, converted, encoding.name(), is_certain)
    }

    /// Reads a report that was converted from an encoding of this name.
    fn converted(
        &self,
        source: &Source,
        converted: encoding::Converted,
        name: &str,
        is_certain: bool,
    ) -> Result<Report, ReadErrorKind> {
        let plain = self.plain(source, &converted.bytes);
        self.watch.begin(plain.size()?);
        let mut report = read(&plain)?;
        if !is_certain {
            let how = "the text was read as";
            report =
                report.with_note(format!("{how} {name}; where that is wrong, --encoding says which encoding it is in"));
        }
        if converted.replaced > 0 {
            let (line, count) = (converted.first_line, converted.replaced);
            let message = format!("bytes that have no meaning in {name} were replaced");
            let problem = Problem::new(ProblemCode::NotUtf8, report.source(), message);
            report = report.with_problem(Problem { line, last_line: line, count, ..problem });
        }
        Ok(report)
    }

    /// A plain file, which is these bytes under whatever name.
    fn plain<'p>(&'p self, source: &Source, bytes: &'p Bytes) -> Plain<'p> {
        Plain { bytes, name: source.name(), options: self.options, watch: self.watch }
    }

    /// Begins with a file, and gives its beginning.
    fn begin(&self, bytes: &Bytes) -> Result<Vec<u8>, ReadErrorKind> {
        let file = bytes.open()?;
        self.watch.begin(file.size()?);
        let start = beginning(file)?;
        if start.is_empty() { Err(ReadErrorKind::Empty) } else { Ok(start) }
    }
}

/// Whether a file that begins like this is JSON. No heading of a table begins with a bracket.
fn is_json(start: &[u8]) -> bool {
    let text = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start).trim_ascii_start();
    matches!(text.first(), Some(b'{' | b'['))
}

/// Whether the beginning of a file is UTF-8, but for a character that its end cuts.
fn is_utf_8(start: &[u8]) -> bool {
    std::str::from_utf8(start).map_or_else(|error| error.error_len().is_none(), |_| true)
}

/// Reads a report in JSON or CSV.
fn read(input: &Plain<'_>) -> Result<Report, ReadErrorKind> {
    let start = beginning(input.open()?)?;
    let threads = rayon::current_num_threads() as u64;
    match is_json(&start) {
        true => json::read(input, (input.size()? / (4 * threads)).max(SMALLEST_PART)),
        // One part for each thread: what a part has seen is merged once, and the parts share nothing meanwhile.
        false => csv::read(input, |bytes| (bytes / SMALLEST_PART).clamp(1, threads)),
    }
}

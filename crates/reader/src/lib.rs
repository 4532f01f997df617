//! Readers: from a file to [`Report`]s.
//!
//! Whatever is given is first made a plain file on disk: unpacked, and converted to UTF-8. Then it is a workbook, JSON
//! or CSV, and one of three readers builds the report from it.

mod csv;
mod encoding;
mod error;
mod foreign;
mod headings;
mod json;
mod locale;
#[cfg(test)]
mod seen;
mod split;
mod unpack;
mod workbook;

use std::{
    fmt,
    fs::File,
    io::{self, Read},
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
};

use bytesize::ByteSize;
use encoding_rs::{Encoding, UTF_8};
use inspector_report_localizer::Lang;
use inspector_report_model::{Problem, ProblemCode, Report};

pub use error::{Foreign, ReadError, ReadErrorKind};
use unpack::{Budget, Content, Office};

/// Parts of a file smaller than this are not worth a thread of their own.
const SMALLEST_PART: u64 = 256 << 10;

/// How much of a file is looked at to tell what it is.
const BEGINNING: u64 = 64 << 10;

/// Endings of names that a report can have, in an archive or a folder.
const REPORT_ENDINGS: [&str; 6] = ["csv", "tsv", "json", "jsonl", "ndjson", "xlsx"];

/// Endings of packed files, which may come behind one of those, and of archives.
const PACKED_ENDINGS: [&str; 4] = ["gz", "zst", "bz2", "xz"];
const ARCHIVE_ENDINGS: [&str; 7] = ["zip", "tar", "tgz", "tbz2", "tbz", "txz", "tzst"];

/// How to read.
#[derive(Clone, Debug)]
pub struct ReadOptions {
    /// The encoding of the text. Found out when it is not given.
    pub encoding: Option<&'static Encoding>,
    /// The language that reports are most likely in: it tips the guess of the encoding.
    pub language: Lang,
    /// What stands between the fields of a CSV. Found out when it is not given.
    pub delimiter: Option<u8>,
    /// The most bytes that one packed input may unpack to, all that is in it together.
    pub max_expanded: u64,
}

impl ReadOptions {
    /// 64 GiB, some 40 million findings.
    pub const MAX_EXPANDED: u64 = 64 << 30;
}

impl Default for ReadOptions {
    fn default() -> Self {
        ReadOptions { encoding: None, language: Lang::En, delimiter: None, max_expanded: ReadOptions::MAX_EXPANDED }
    }
}

/// What someone who waits for a reader may want to see or to do.
#[derive(Default)]
pub struct Watch {
    total: AtomicU64,
    read: AtomicU64,
    stop: AtomicBool,
}

impl Watch {
    /// Nothing read yet.
    pub const fn new() -> Watch {
        Watch { total: AtomicU64::new(0), read: AtomicU64::new(0), stop: AtomicBool::new(false) }
    }

    /// How many bytes of the file in hand have been read.
    pub fn bytes_read(&self) -> u64 {
        self.read.load(Ordering::Relaxed)
    }

    /// How many bytes the file in hand has. It changes when a packed file has been unpacked.
    pub fn bytes_total(&self) -> u64 {
        self.total.load(Ordering::Relaxed)
    }

    /// Asks to stop soon. Reading then ends with [`ReadErrorKind::Interrupted`].
    pub fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }

    /// Whether someone asked to stop.
    pub fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    fn begin(&self, total: u64) {
        self.total.store(total, Ordering::Relaxed);
        self.read.store(0, Ordering::Relaxed);
    }

    pub(crate) fn add(&self, bytes: usize) {
        self.read.fetch_add(bytes as u64, Ordering::Relaxed);
    }
}

impl fmt::Debug for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Watch({} bytes)", self.bytes_read())
    }
}

/// Where a report came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The file that was given.
    pub path: PathBuf,
    /// In an archive: the member's name in it; in an archive in it, that one's name comes first.
    pub members: Vec<String>,
}

impl Source {
    /// The name in messages: `archive.zip!path/report.csv`.
    pub fn name(&self) -> String {
        let path = [self.path.display().to_string()];
        path.iter().chain(&self.members).map(String::as_str).collect::<Vec<_>>().join("!")
    }

    /// The name for outputs, without an ending: that of the file, and for a member of an archive a folder of the
    /// archive's name with the member's folders and name in it. Nothing in a member's name leads out of that folder.
    ///
    /// ```
    /// # use inspector_report_reader::Source;
    /// let source = Source { path: "in/2024.tar.gz".into(), members: vec!["../may/findings.csv.gz".into()] };
    /// assert_eq!(source.output(), std::path::Path::new("2024/may/findings"));
    /// ```
    pub fn output(&self) -> PathBuf {
        let file = self.path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        let parts = self.members.iter().flat_map(|member| {
            let parts: Vec<&str> = member.split(['/', '\\']).filter(|part| !part.is_empty()).collect();
            let folders = parts[..parts.len().saturating_sub(1)].iter().map(|folder| (*folder).to_owned());
            let name = stem(parts.last().copied().unwrap_or_default()).to_owned();
            folders.chain([name]).collect::<Vec<_>>()
        });
        std::iter::once(stem(&file).to_owned()).chain(parts).filter_map(|part| safe_name(&part)).collect()
    }
}

/// A name without the endings that say what is in the file.
fn stem(name: &str) -> &str {
    let unpacked = name_before(name, &PACKED_ENDINGS).filter(|stem| !stem.is_empty()).unwrap_or(name);
    // Any ending goes, be it of an archive, a report or anything else: `findings.txt` gives `findings.xlsx`.
    match unpacked.rsplit_once('.') {
        Some((stem, _)) if !stem.is_empty() => stem,
        _ => unpacked,
    }
}

/// What stands before one of these endings, if a name has one.
fn name_before<'n>(name: &'n str, endings: &[&str]) -> Option<&'n str> {
    let (stem, ending) = name.rsplit_once('.')?;
    endings.iter().any(|known| ending.eq_ignore_ascii_case(known)).then_some(stem)
}

/// A text as the name of a file or folder, on every operating system; `None` where nothing is left of it. It must not
/// hold a `/` or `\\`.
pub fn safe_name(part: &str) -> Option<String> {
    let clean: String =
        part.chars().map(|c| if c.is_control() || r#"<>:"|?*"#.contains(c) { '_' } else { c }).collect();
    let clean = clean.trim_end_matches(['.', ' ']).trim_start();
    // The names of devices on Windows (Microsoft, "Naming Files, Paths, and Namespaces").
    let first = clean.split('.').next().unwrap_or_default().to_ascii_uppercase();
    let numbered = first.len() == 4 && (first.starts_with("COM") || first.starts_with("LPT"));
    let is_device = matches!(first.as_str(), "CON" | "PRN" | "AUX" | "NUL") || numbered;
    match clean {
        "" => None,
        _ if is_device => Some(format!("_{clean}")),
        _ => Some(clean.to_owned()),
    }
}

/// Whether a file of this name may be a report, or hold some.
pub fn may_be_report(name: &str) -> bool {
    let unpacked = name_before(name, &PACKED_ENDINGS).unwrap_or(name);
    [&REPORT_ENDINGS[..], &ARCHIVE_ENDINGS].iter().any(|endings| name_before(unpacked, endings).is_some())
}

/// Whether a file of this name should be a table of text, packed or not.
fn is_table_by_name(name: &str) -> bool {
    let unpacked = name_before(name, &PACKED_ENDINGS).unwrap_or(name);
    name_before(unpacked, &["csv", "tsv"]).is_some()
}

/// Reads a findings report: CSV, JSON or a workbook, also compressed, or alone in an archive.
///
/// A large file is read in parts on all threads of the current rayon pool; the result does not depend on their number.
/// Rows that cannot be read are in [`Report::problems`].
///
/// # Errors
/// When the file cannot be read or is no findings report, or an archive has several.
pub fn read(path: impl AsRef<Path>) -> Result<Report, ReadError> {
    let mut reports = Vec::new();
    read_each(path.as_ref(), &ReadOptions::default(), &Watch::new(), |_, report| reports.push(report));
    let (first, more) = (reports.pop(), !reports.is_empty());
    match first {
        // What is wrong with the archive itself comes last.
        Some(Err(error)) if more && error.is_of_file() => Err(error),
        Some(report) if !more => report,
        _ => {
            let kind = if more { ReadErrorKind::Several } else { ReadErrorKind::NoReportInside };
            Err(error(&Source { path: path.as_ref().to_owned(), members: Vec::new() }, kind))
        }
    }
}

/// Reads every report that a file holds, which is one unless the file is an archive, and gives them to `each` as they
/// come. Stops when the watch is stopped.
pub fn read_each(
    path: &Path,
    options: &ReadOptions,
    watch: &Watch,
    mut each: impl FnMut(&Source, Result<Report, ReadError>),
) {
    let walk = Walk { options, watch, budget: Budget::new(ByteSize::b(options.max_expanded)) };
    walk.file(&Source { path: path.to_owned(), members: Vec::new() }, path, &mut each);
}

fn error(source: &Source, kind: ReadErrorKind) -> ReadError {
    ReadError { path: source.path.clone(), name: source.name(), kind }
}

type Each<'a> = &'a mut dyn FnMut(&Source, Result<Report, ReadError>);

/// The way from a given file to the plain files in it.
struct Walk<'a> {
    options: &'a ReadOptions,
    watch: &'a Watch,
    budget: Budget,
}

impl Walk<'_> {
    /// Reads the reports in a file, which `path` holds under whatever name.
    fn file(&self, source: &Source, path: &Path, each: Each<'_>) {
        self.member(source, path, None, each);
    }

    /// Reads the reports in a file of which `damage` says why it is not all there.
    fn member(&self, source: &Source, path: &Path, damage: Option<String>, each: Each<'_>) {
        if let Err(kind) = self.try_file(source, path, damage, each) {
            let kind = if self.watch.is_stopped() { ReadErrorKind::Interrupted } else { kind };
            each(source, Err(error(source, kind)));
        }
    }

    fn try_file(
        &self,
        source: &Source,
        path: &Path,
        damage: Option<String>,
        each: Each<'_>,
    ) -> Result<(), ReadErrorKind> {
        let start = self.begin(path)?;
        let content = unpack::content(&start);
        let Content::Compressed(compression) = content else {
            return self.unpacked(source, path, &start, content, damage, each);
        };
        let unpacked = unpack::decompress(compression, File::open(path)?, &self.budget, self.watch)?;
        let damage = unpacked.damage.or(damage);
        let start = self.begin(&unpacked.path)?;
        match unpack::content(&start) {
            Content::Compressed(_) => Err(ReadErrorKind::Damaged("it is compressed twice".to_owned())),
            content => self.unpacked(source, &unpacked.path, &start, content, damage, each),
        }
    }

    fn unpacked(
        &self,
        source: &Source,
        path: &Path,
        start: &[u8],
        content: Content,
        damage: Option<String>,
        each: Each<'_>,
    ) -> Result<(), ReadErrorKind> {
        if let (Content::Plain, Some(damage)) = (content, damage.clone()) {
            each(source, Ok(self.rest(source, path, start, damage)?));
            return Ok(());
        }
        if content == Content::Plain {
            each(source, Ok(self.text(source, path, start)?));
            return Ok(());
        }
        if content == Content::Zip {
            match unpack::office(File::open(path)?)? {
                Some(Office::Workbook) => {
                    each(source, Ok(workbook::read(&self.plain(source, path))?));
                    return Ok(());
                }
                Some(Office::Other(what)) => return Err(foreign::office(what)),
                None => {}
            }
        }
        self.archive(source, path, content, each)?;
        damage.map_or(Ok(()), |damage| Err(ReadErrorKind::Damaged(damage)))
    }

    /// Reads what is there of a report that is damaged: the report says that it is not all.
    fn rest(&self, source: &Source, path: &Path, start: &[u8], damage: String) -> Result<Report, ReadErrorKind> {
        if !is_json(start) && !start.contains(&0) {
            unpack::keep_whole_lines(path)?;
        }
        // Why the beginning of a report is none is of less use than that it is damaged.
        let mut report = match self.text(source, path, start) {
            Err(ReadErrorKind::Interrupted) => return Err(ReadErrorKind::Interrupted),
            Err(_) => return Err(ReadErrorKind::Damaged(damage)),
            Ok(report) => report,
        };
        let end = File::open(path)?.metadata()?.len();
        let line = split::Lines::read(File::open(path)?)?.exactly(&(end.saturating_sub(1)..end)).line;
        let message = format!("the packed file is damaged: {damage}; how many findings are missing is not known");
        let problem = Problem::new(ProblemCode::CutOff, report.source(), message);
        report = report.with_problem(Problem { byte: end, line, last_line: line, ..problem });
        Ok(report)
    }

    /// Reads the members of an archive. An archive in an archive is read, one in that is not.
    fn archive(&self, source: &Source, path: &Path, content: Content, each: Each<'_>) -> Result<(), ReadErrorKind> {
        if source.members.len() > 1 {
            return Err(ReadErrorKind::TooDeep);
        }
        let mut members = 0;
        let others = unpack::members(content, File::open(path)?, &self.budget, self.watch, may_be_report, |member| {
            members += 1;
            let mut source = source.clone();
            source.members.push(member.name);
            match member.content {
                Ok(unpacked) => self.member(&source, &unpacked.path, unpacked.damage, each),
                Err(kind) => each(&source, Err(error(&source, kind))),
            }
        })?;
        if members == 0 {
            return Err(ReadErrorKind::NoReportInside);
        }
        for other in others.into_iter().filter(|name| !name.ends_with('/')) {
            let mut source = source.clone();
            source.members.push(other);
            each(&source, Err(error(&source, ReadErrorKind::NotByName)));
        }
        Ok(())
    }

    /// Reads a report in CSV or JSON.
    fn text(&self, source: &Source, path: &Path, start: &[u8]) -> Result<Report, ReadErrorKind> {
        if let Some(foreign) = foreign::binary(start) {
            return Err(foreign);
        }
        let given = self.options.encoding;
        if let (None, Some(order)) = (given, encoding::utf_32(start)) {
            let converted = encoding::utf_32_to_utf8(File::open(path)?, order, self.watch)?;
            return self.converted(source, converted, "UTF-32", true);
        }
        let certain = given.or_else(|| encoding::of_mark(start));
        if let Some(encoding) = certain.filter(|encoding| *encoding != UTF_8) {
            return self.encoded(source, path, encoding, true);
        }
        if let (None, Some(encoding)) = (certain, encoding::of_zeros(start)) {
            return self.encoded(source, path, encoding, false);
        }
        // A cell may hold anything, a heading is text; JSON that is damaged somewhere is read around that place.
        if !is_json(start) && start.split(|byte| *byte == b'\n').next().is_some_and(|line| line.contains(&0)) {
            return Err(foreign::not_text());
        }
        let plain = self.plain(source, path);
        if given.is_none() && !is_utf_8(start) {
            // Headings in another encoding are not known before they are converted.
            if let Some(encoding) = encoding::of_file(File::open(path)?, self.options.language == Lang::Ja)? {
                return self.encoded(source, path, encoding, false);
            }
        }
        let report = plain.read()?;
        // That a file is not UTF-8 may show first in its last row.
        let is_broken = report.problems().iter().any(|problem| problem.code == ProblemCode::NotUtf8);
        if is_broken
            && given.is_none()
            && let Some(encoding) = encoding::of_file(File::open(path)?, self.options.language == Lang::Ja)?
        {
            return self.encoded(source, path, encoding, false);
        }
        Ok(report)
    }

    /// Reads a report in another encoding than UTF-8.
    fn encoded(
        &self,
        source: &Source,
        path: &Path,
        encoding: &'static Encoding,
        is_certain: bool,
    ) -> Result<Report, ReadErrorKind> {
        let converted = encoding::to_utf8(File::open(path)?, encoding, self.watch)?;
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
        let plain = self.plain(source, &converted.path);
        self.watch.begin(plain.size()?);
        let mut report = plain.read()?;
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

    /// A plain file, which `path` holds under whatever name.
    fn plain<'p>(&'p self, source: &Source, path: &'p Path) -> Plain<'p> {
        Plain { path, name: source.name(), options: self.options, watch: self.watch }
    }

    /// Begins with a file, and gives its beginning.
    fn begin(&self, path: &Path) -> Result<Vec<u8>, ReadErrorKind> {
        let file = File::open(path)?;
        let metadata = file.metadata()?;
        if metadata.is_dir() {
            return Err(io::Error::from(io::ErrorKind::IsADirectory).into());
        }
        self.watch.begin(metadata.len());
        let start = beginning(file)?;
        if start.is_empty() { Err(ReadErrorKind::Empty) } else { Ok(start) }
    }
}

/// So much of a file as tells what it is.
fn beginning(file: File) -> io::Result<Vec<u8>> {
    let mut start = Vec::new();
    file.take(BEGINNING).read_to_end(&mut start)?;
    Ok(start)
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

/// A file that is neither packed nor in another encoding than UTF-8.
struct Plain<'a> {
    path: &'a Path,
    /// The name in messages.
    name: String,
    options: &'a ReadOptions,
    watch: &'a Watch,
}

impl Plain<'_> {
    fn open(&self) -> io::Result<File> {
        File::open(self.path)
    }

    fn size(&self) -> io::Result<u64> {
        self.open()?.metadata().map(|metadata| metadata.len())
    }

    /// Reads a report in JSON or CSV.
    fn read(&self) -> Result<Report, ReadErrorKind> {
        let start = beginning(self.open()?)?;
        let threads = rayon::current_num_threads() as u64;
        match is_json(&start) {
            true => json::read(self, (self.size()? / (4 * threads)).max(SMALLEST_PART)),
            // One part for each thread: what a part has seen is merged once, and the parts share nothing meanwhile.
            false => csv::read(self, |bytes| (bytes / SMALLEST_PART).clamp(1, threads)),
        }
    }
}

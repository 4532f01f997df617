//! The reader of JSON reports.

mod cells;
mod finding;
mod scan;

use std::{
    collections::BTreeMap,
    io::{self, Read, Seek, SeekFrom},
    ops::Range,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use inspector_report_model::{Header, ProblemCode, Report, ReportBuilder};

use self::{
    cells::Cells,
    finding::{Event, Finding},
    scan::{Damaged, End, Scanner},
};
use crate::{LONGEST_FINDING, Plain, error::ReadErrorKind, foreign, lines, plain::beginning, split};

/// How much is read from the file at a time.
const BUFFER: usize = 1 << 20;

/// How much of the end of an input may be blank and still tells whether its last line ends.
const TAIL: u64 = 64;

/// The most elements that are parsed as one part: small ones take more memory for their places than for their bytes.
const MOST_OF_A_PART: usize = 1 << 16;

/// Reads a report. `part` is how many bytes of findings to parse at a time on one thread, or some more.
pub(super) fn read(input: &Plain<'_>, part: u64) -> Result<Report, ReadErrorKind> {
    let source = Source { input, header: Arc::new(Header::new(cells::headings())) };
    let mut scanner = Scanner::default();
    let assembly = Mutex::new(Assembly { whole: source.part(0), waiting: BTreeMap::new(), next: 0 });
    // How many parts wait to be parsed. Elements are found faster than they are parsed: that many at most, then the thread that
    // finds them parses one, too.
    let (waiting, most) = (AtomicUsize::new(0), 4 * rayon::current_num_threads());
    // In order, so that a part seldom waits for one before it.
    rayon::scope_fifo(|scope| {
        let mut number = 0usize;
        source.scan(&mut scanner, part, |elements| {
            let (source, assembly, waiting, place) = (&source, &assembly, &waiting, number);
            number += 1;
            let parse = move || {
                let part = source.parse(&elements);
                assembly.lock().unwrap_or_else(PoisonError::into_inner).add(place, part);
                waiting.fetch_sub(1, Ordering::Relaxed);
            };
            match waiting.fetch_add(1, Ordering::Relaxed) {
                before if before >= most => parse(),
                _ => scope.spawn_fifo(move |_| parse()),
            }
        })
    })?;
    let assembly = assembly.into_inner().unwrap_or_else(PoisonError::into_inner);
    if let Some(Err(error)) = assembly.waiting.into_values().next() {
        return Err(error);
    }
    let Part { mut builder, elements, findings, reason } = assembly.whole;
    let size = input.size()?;
    if findings == 0 {
        // Nothing in it is a finding: then it is something else, and not a report of which all is broken.
        if let Some(at) = scanner.stray() {
            return Err(source.not_json(at)?);
        }
        if elements > 0 || !scanner.has_array() {
            return Err(foreign::json(
                &beginning(input.open()?)?,
                scanner.keys(),
                scanner.has_array().then_some(reason).flatten(),
            ));
        }
    }
    say_what_is_missing(&mut builder, &scanner, size);
    let tail = split::bytes(&mut input.open()?, size.saturating_sub(TAIL)..size)?;
    if scanner.end() == End::Whole && scanner.has_lines() && !tail[tail.trim_ascii_end().len()..].contains(&b'\n') {
        let message = "the last line ends without a line break, so that findings may be missing behind it; where the file is \
                       whole, end its last line";
        builder.push_gap(ProblemCode::MayBeCut, size.saturating_sub(1)..size, message.to_owned());
    }
    builder.compute_ages();
    let report = builder.finish(input.name.as_str().into(), |rows| lines::locate_bytes(input.open()?, rows))?;
    Ok(report.without_blank_columns())
}

/// Names what the scanner saw to be broken, cut off, or on other pages.
fn say_what_is_missing(builder: &mut ReportBuilder, scanner: &Scanner, size: u64) {
    let lost = ProblemCode::NotAFinding;
    let gap = |builder: &mut ReportBuilder, bytes: Range<u64>, what: &str| {
        builder.push_gap(ProblemCode::CutOff, bytes, format!("{what}; how many findings are missing is not known"));
    };
    for damage in scanner.damages() {
        let bytes = damage.bytes.clone();
        match damage.what {
            Damaged::Line => {
                let message = "this is no finding: it is cut off, and the next one begins; it is left out";
                builder.push_lost_row(lost, bytes, message.to_owned());
            }
            Damaged::Element => {
                let message = "this is no finding: it goes over into another one; it is left out";
                builder.push_lost_row(lost, bytes.clone(), message.to_owned());
                gap(builder, bytes, "the file is damaged here");
            }
            Damaged::Doubtful => gap(builder, bytes, "the file is damaged in this finding"),
            Damaged::Between => gap(builder, bytes, "the file is damaged between findings here"),
            Damaged::Text => {
                let message = "this is no JSON; it is left out, up to the next bracket";
                builder.push_lost_row(lost, bytes, message.to_owned());
            }
        }
    }
    let end = size.saturating_sub(1)..size;
    match scanner.end() {
        End::Whole => {}
        End::InElement(start) => {
            let message = "the file is cut off inside this finding; the finding is left out".to_owned();
            builder.push_lost_row(lost, start..size, message);
            gap(builder, end, "the file ends too early");
        }
        End::InDocument => {
            let message = "the file is cut off here; findings may be missing behind it".to_owned();
            builder.push_lost_row(lost, end.clone(), message);
            gap(builder, end, "the file ends too early");
        }
    }
    if let Some(at) = scanner.next_token() {
        let message = "the list has more pages (nextToken), and they are not in this file; get all of them: the AWS CLI does so \
            by itself unless --no-paginate or --max-items is given";
        builder.push_gap(ProblemCode::PagesMissing, at..at + 1, message.to_owned());
    }
}

/// An input, as all its parts see it.
struct Source<'a> {
    input: &'a Plain<'a>,
    header: Arc<Header>,
}

/// What a part gave.
struct Part {
    builder: ReportBuilder,
    elements: usize,
    findings: u64,
    /// Why the first element that is none is no finding.
    reason: Option<String>,
}

/// The parts so far, put together in the input's order.
struct Assembly {
    whole: Part,
    /// Parts that have come before one that stands before them; from the first error on, all that come.
    waiting: BTreeMap<usize, Result<Part, ReadErrorKind>>,
    next: usize,
}

impl Assembly {
    fn add(&mut self, place: usize, part: Result<Part, ReadErrorKind>) {
        self.waiting.insert(place, part);
        while let Some(Ok(_)) = self.waiting.get(&self.next) {
            let Some(Ok(part)) = self.waiting.remove(&self.next) else { return };
            // The first part's numbers are those of the whole.
            if self.next == 0 {
                self.whole = part;
            } else {
                self.whole.builder.append(part.builder);
                self.whole.elements += part.elements;
                self.whole.findings += part.findings;
                self.whole.reason = self.whole.reason.take().or(part.reason);
            }
            self.next += 1;
        }
    }
}

impl Source<'_> {
    /// A part without anything in it yet, of so many elements.
    fn part(&self, elements: usize) -> Part {
        Part { builder: ReportBuilder::new(Arc::clone(&self.header)), elements, findings: 0, reason: None }
    }

    /// Looks for the elements of the whole input, and gives them away part by part.
    fn scan(
        &self,
        scanner: &mut Scanner,
        part: u64,
        mut give: impl FnMut(Vec<Range<u64>>),
    ) -> Result<(), ReadErrorKind> {
        let mut file = self.input.open()?;
        let mut block = vec![0; BUFFER];
        // The bytes of the file that the block holds, and from where on they are still to be scanned.
        let (mut held, mut next) = (0..0, 0u64);
        let mut elements: Vec<Range<u64>> = Vec::new();
        let mut bytes = 0;
        loop {
            if self.input.watch.is_stopped() {
                break;
            }
            if !held.contains(&next) {
                if next != held.end {
                    file.seek(SeekFrom::Start(next))?;
                }
                let length = match file.read(&mut block) {
                    Ok(length) => length,
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                    Err(error) => return Err(error.into()),
                };
                held = next..next + length as u64;
            }
            let found = |element: Range<u64>| {
                bytes += element.end - element.start;
                elements.push(element);
                if bytes >= part || elements.len() >= MOST_OF_A_PART {
                    bytes = 0;
                    give(std::mem::take(&mut elements));
                }
            };
            let rest = &block[(next - held.start) as usize..(held.end - held.start) as usize];
            let is_end = rest.is_empty();
            let again = if is_end { scanner.finish(found) } else { scanner.scan(rest, found) };
            match again {
                Some(again) => next = again,
                None if is_end => break,
                None => next = held.end,
            }
        }
        if !elements.is_empty() {
            give(elements);
        }
        if self.input.watch.is_stopped() { Err(ReadErrorKind::Interrupted) } else { Ok(()) }
    }

    /// Parses elements, which stand one after another in the input.
    fn parse(&self, elements: &[Range<u64>]) -> Result<Part, ReadErrorKind> {
        let mut part = self.part(elements.len());
        let end = elements.last().map_or(0, |element| element.end);
        let mut file = self.input.open()?;
        let mut buffer = Vec::new();
        let mut held = 0..0;
        for element in elements {
            if self.input.watch.is_stopped() {
                return Err(ReadErrorKind::Interrupted);
            }
            let length = element.end - element.start;
            if length > LONGEST_FINDING {
                let (length, most) = (bytesize::ByteSize::b(length), bytesize::ByteSize::b(LONGEST_FINDING));
                let what = format!("it has {length}, and {most} is the most that is read of a finding");
                let message = format!("this is no finding: {what}; it is left out");
                part.reason.get_or_insert(what);
                part.builder.push_lost_row(ProblemCode::NotAFinding, element.clone(), message);
                continue;
            }
            if !(held.start <= element.start && element.end <= held.end) {
                let most = length.max(BUFFER as u64).min(end - element.start);
                buffer.clear();
                file.seek(SeekFrom::Start(element.start))?;
                (&mut file).take(most).read_to_end(&mut buffer)?;
                held = element.start..element.start + buffer.len() as u64;
                self.input.watch.add(buffer.len());
            }
            let start = (element.start - held.start) as usize;
            let json = buffer.get(start..start + length as usize).unwrap_or_default();
            match parse(json) {
                Ok(finding) => {
                    part.findings += 1;
                    let cells = Cells::new(finding);
                    part.builder.push(element.start, |place| cells.get(place));
                }
                Err(what) => {
                    let message = format!("this is no finding: {what}; it is left out");
                    part.reason.get_or_insert(what);
                    part.builder.push_lost_row(ProblemCode::NotAFinding, element.clone(), message);
                }
            }
        }
        Ok(part)
    }

    /// The error for an input that begins like JSON and is none.
    fn not_json(&self, at: u64) -> io::Result<ReadErrorKind> {
        Ok(ReadErrorKind::NotJson(lines::line(self.input.open()?, at)?))
    }
}

/// Parses an element: a finding, or an event with one in it.
fn parse(json: &[u8]) -> Result<Finding<'_>, String> {
    // Looked through once as a whole, not string by string.
    let json = std::str::from_utf8(json).map_err(|_| "it holds bytes that are not UTF-8".to_owned())?;
    let finding = serde_json::from_str(json).map_err(|error| reason(&error));
    match finding {
        Ok(finding) if is_finding(&finding) => Ok(finding),
        not_plain => {
            // The resources of an event are texts, not objects: it fails above, or has nothing that a finding has.
            let event = serde_json::from_str::<Event<'_>>(json).ok();
            match event.map(|event| serde_json::from_str::<Finding<'_>>(event.detail.get())) {
                Some(Ok(finding)) if is_finding(&finding) => Ok(finding),
                Some(Err(error)) => Err(reason(&error)),
                _ => Err(not_plain.err().unwrap_or_else(|| "it has no severity and no resource".to_owned())),
            }
        }
    }
}

/// Whether an object has what a finding cannot do without.
fn is_finding(finding: &Finding<'_>) -> bool {
    !finding.severity.is_empty() && finding.resources.0.first().is_some_and(|resource| !resource.id.is_empty())
}

/// What a parser says, without its own count of lines, which begins at the element.
fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split(" at line ").next().unwrap_or(&text).to_owned()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{
        super::{
            ReadOptions,
            seen::{Seen, all},
        },
        *,
    };
    use crate::{
        Watch,
        location::{Bytes, InputLocation},
    };

    fn read_all(path: &Path, part: u64, threads: usize) -> Seen {
        let (options, watch) = (ReadOptions::default(), Watch::new());
        let bytes = Bytes::from(&InputLocation::from(path));
        let input = Plain { bytes: &bytes, name: "report.json".into(), options: &options, watch: &watch };
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        all(&pool.install(|| read(&input, part)).unwrap())
    }

    #[test]
    fn any_number_of_parts_and_threads_gives_the_same_report() {
        for name in
            ["report.json", "broken-findings.json", "cut-off.json", "list-findings.json", "lines.ndjson", "dates.json"]
        {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/json").join(name);
            let one = read_all(&path, u64::MAX, 1);
            for (part, threads) in [(1, 1), (1, 4), (4_000, 3), (9_000, 2)] {
                assert_eq!(read_all(&path, part, threads), one, "{name} {part} {threads}");
            }
        }
    }

    #[test]
    fn reading_stops_when_asked_to() {
        let (options, watch) = (ReadOptions::default(), Watch::new());
        watch.stop();
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/json/report.json");
        let bytes = Bytes::from(&InputLocation::from(&path));
        let input = Plain { bytes: &bytes, name: "report.json".into(), options: &options, watch: &watch };
        assert!(matches!(read(&input, 1), Err(ReadErrorKind::Interrupted)));
    }
}

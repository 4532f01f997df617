//! What is wrong with cells and rows of an input, and how a problem says it.

use std::{
    collections::{BTreeMap, btree_map::Entry},
    ops::Range,
    sync::Arc,
};

use crate::{
    Header, Location, Problem, ProblemCode,
    column::{Column, Kind},
    header::TUPLE_PARTS,
    intern::Interner,
    packed::Packed,
    provider::aws::account,
    timestamp, value,
};

/// Rows that are not in the report.
#[derive(Debug)]
pub(crate) struct LostRow {
    pub(crate) code: ProblemCode,
    pub(crate) bytes: Range<u64>,
    pub(crate) count: u64,
    pub(crate) message: String,
}

/// How many losses of an input are named one by one: far more than anyone reads, and few enough for memory. Those behind
/// them are put together by their code.
pub const MOST_LOSSES: usize = 10_000;

/// The losses of an input, in its order.
#[derive(Debug, Default)]
pub(crate) struct Losses {
    named: Vec<LostRow>,
    /// Those behind the ones that are named.
    more: BTreeMap<ProblemCode, LostRow>,
}

impl Losses {
    /// Adds a loss behind all others.
    pub(crate) fn push(&mut self, lost: LostRow) {
        if self.named.len() < MOST_LOSSES {
            return self.named.push(lost);
        }
        match self.more.entry(lost.code) {
            Entry::Vacant(vacant) => drop(vacant.insert(lost)),
            Entry::Occupied(mut known) => {
                let known = known.get_mut();
                known.bytes = known.bytes.start.min(lost.bytes.start)..known.bytes.end.max(lost.bytes.end);
                known.count += lost.count;
            }
        }
    }

    /// Adds the losses of what comes behind.
    pub(crate) fn append(&mut self, other: Losses) {
        other.named.into_iter().chain(other.more.into_values()).for_each(|lost| self.push(lost));
    }

    fn all(self) -> impl Iterator<Item = LostRow> {
        let more = self.more.into_values().map(|lost| {
            if !lost.code.loses_row() {
                return lost;
            }
            let message = format!(
                "{} more rows cannot be read in these lines; the first {MOST_LOSSES} problems are named one by one",
                lost.count
            );
            LostRow { message, ..lost }
        });
        self.named.into_iter().chain(more)
    }
}

/// The same problem in cells of one column, by the first of them; without a column, in rows that are no findings.
#[derive(Debug)]
pub(crate) struct CellProblem {
    pub(crate) code: ProblemCode,
    pub(crate) place: Option<usize>,
    pub(crate) byte: u64,
    pub(crate) count: u64,
    pub(crate) example: String,
}

/// A tuple with a cell that is not what its column should hold. How many findings have it is counted at the end.
#[derive(Debug)]
pub(crate) struct Suspect {
    pub(crate) part: usize,
    pub(crate) id: u32,
    pub(crate) code: ProblemCode,
    pub(crate) place: usize,
    pub(crate) byte: u64,
}

/// What was met while reading, in the input's order.
pub(crate) fn problems<E>(
    header: &Header,
    source: &Arc<str>,
    losses: Losses,
    cell_problems: Vec<CellProblem>,
    locate: impl FnOnce(&[Range<u64>]) -> Result<Vec<Location>, E>,
) -> Result<Vec<Problem>, E> {
    let new = |code, message: String| Problem::new(code, Arc::clone(source), message);
    let rows = losses.all().map(|row| (row.bytes, Problem { count: row.count, ..new(row.code, row.message) }));
    let cells = cell_problems.into_iter().map(|cell| {
        let column = cell.place.and_then(|place| header.columns.get(place));
        let column = column.map(|column| Arc::clone(&column.heading));
        let message = cell_message(cell.code, &cell.example);
        let example = shown(&cell.example);
        (cell.byte..cell.byte, Problem { column, count: cell.count, example, ..new(cell.code, message) })
    });
    let mut problems: Vec<(Range<u64>, Problem)> = rows.chain(cells).collect();
    if problems.is_empty() {
        return Ok(Vec::new());
    }
    problems.sort_by(|(a, x), (b, y)| (a.start, x.code, &x.column).cmp(&(b.start, y.code, &y.column)));
    let bytes: Vec<Range<u64>> = problems.iter().map(|(bytes, _)| bytes.clone()).collect();
    let locations = locate(&bytes)?;
    let located = problems.into_iter().zip(locations).map(|((_, problem), location)| {
        let Location { byte, line, last_line } = location;
        Problem { byte, line, last_line, ..problem }
    });
    Ok(located.collect())
}

/// Adds a cell problem to those known, where one of the same column may be already.
pub(crate) fn note(problems: &mut Vec<CellProblem>, problem: CellProblem) {
    match problems.iter_mut().find(|known| known.code == problem.code && known.place == problem.place) {
        Some(known) if problem.byte < known.byte => {
            *known = CellProblem { count: known.count + problem.count, ..problem }
        }
        Some(known) => known.count += problem.count,
        None => problems.push(problem),
    }
}

/// Looks for cells of a new tuple that are not what their columns should hold.
pub(crate) fn inspect<'a>(
    header: &Header,
    part: usize,
    id: u32,
    byte: u64,
    cell: impl Fn(usize) -> &'a str,
    is_repaired: bool,
    suspects: &mut Vec<Suspect>,
) {
    for (column, place) in TUPLE_PARTS[part].columns().zip(&header.parts[part]) {
        let Some(place) = *place else { continue };
        let text = cell(place);
        let code = match column.kind() {
            _ if is_repaired && header.account == Some(place) => ProblemCode::AccountIdRepaired,
            _ if value::is_none(text) => continue,
            Kind::Number if value::number(text).is_none() => ProblemCode::NotANumber,
            Kind::Timestamp if timestamp::parse(text).is_none() => not_a_time(text),
            _ if header.account == Some(place) && account::is_lost(text) => ProblemCode::AccountIdLost,
            _ => continue,
        };
        suspects.push(Suspect { part, id, code, place, byte });
    }
}

/// What is wrong with a cell of a column of [`Part::Own`], if anything.
pub(crate) fn wrong(column: Column, text: &str, packed: Packed, texts: &Interner) -> Option<ProblemCode> {
    match column.kind() {
        _ if value::is_none(text) => None,
        Kind::Timestamp => packed.timestamp(texts).is_none().then(|| not_a_time(text)),
        Kind::Number => packed.number(texts).is_none().then_some(ProblemCode::NotANumber),
        Kind::Text => None,
    }
}

/// What is wrong with a text that is no time in a known form.
fn not_a_time(text: &str) -> ProblemCode {
    match timestamp::NumericDate::new(text) {
        Some(date) if date.orders().only().is_none() => ProblemCode::AmbiguousTime,
        _ => ProblemCode::NotATime,
    }
}

/// As much of a value as messages show.
fn shown(example: &str) -> String {
    example.chars().take(60).collect()
}

fn cell_message(code: ProblemCode, example: &str) -> String {
    let example = shown(example);
    match code {
        ProblemCode::NotUtf8 => format!(
            "bytes that are not UTF-8 were replaced in \"{example}\"; save the report as UTF-8 to keep the text"
        ),
        ProblemCode::NotATime => format!("\"{example}\" is not a time in a known form; it is kept as text"),
        ProblemCode::NotANumber => format!("\"{example}\" is not a number; it is kept as text"),
        ProblemCode::AccountIdLost => format!(
            "\"{example}\" was an account id until a spreadsheet made it a number; digits of it are lost, so export the report again"
        ),
        ProblemCode::AccountIdRepaired if example.trim().is_empty() => {
            "an account id was blank; it is taken from the ARN of the row".to_owned()
        }
        ProblemCode::AccountIdRepaired => format!(
            "an account id was changed to \"{example}\", as spreadsheets do; it is repaired from the ARN of the row or from \
             its own digits"
        ),
        ProblemCode::RepeatedHeader => "the header line stands here again; it is left out".to_owned(),
        ProblemCode::StrayQuote => {
            format!("text stands behind a closing quote (\"{example}\"); the fields of the row may be cut wrongly")
        }
        ProblemCode::RepeatedHeading => "this heading stands twice; the first column counts".to_owned(),
        ProblemCode::TimeAhead => {
            format!(
                "\"{example}\" lies ahead of the other times of the report; the date of the data is counted without it"
            )
        }
        ProblemCode::AmbiguousTime => format!(
            "\"{example}\" may be a date in more than one order of day, month and year; it is kept as text, so save the report with times as \
             Inspector writes them"
        ),
        ProblemCode::NotAnArn => format!(
            "\"{example}\" is longer than the ARN of a finding; rows may have run together here, so export or copy the report \
             again"
        ),
        ProblemCode::FieldCount
        | ProblemCode::OpenQuote
        | ProblemCode::NotAFinding
        | ProblemCode::ReportLost
        | ProblemCode::CutOff
        | ProblemCode::MayBeCut
        | ProblemCode::RowsInField
        | ProblemCode::PagesMissing => String::new(),
    }
}

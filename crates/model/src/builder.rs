//! Builds a report row by row, also in parts on several threads.

use std::{
    ops::Range,
    sync::{Arc, OnceLock},
};

use crate::{
    Column, ForeignForms, Header, Problem, ProblemCode, Report, ReportColumn,
    cell_problems::{CellProblem, Losses, LostRow, Suspect, inspect, note, problems, wrong},
    column::Part,
    data_date,
    header::{Cells, RESOURCE},
    packed::{Packed, PackedArn},
    provider::aws::account,
    store::{Store, renumber},
};

/// Builds a report, or a part of one, row by row.
///
/// Parts of an input can be built at the same time on several threads and put together in order with
/// [`append`](ReportBuilder::append): the result is the same, to the number of each tuple, as one builder gives.
#[derive(Debug)]
pub struct ReportBuilder {
    header: Arc<Header>,
    store: Store,
    rows_read: u64,
    losses: Losses,
    cell_problems: Vec<CellProblem>,
    suspects: Vec<Suspect>,
    /// Where each row begins.
    starts: Vec<u64>,
    computes_ages: bool,
    foreign: ForeignForms,
}

/// Where a row of an input is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Location {
    /// Its first byte, from 0.
    pub byte: u64,
    /// The line of that byte, from 1, as an editor counts.
    pub line: u64,
    /// The line of the row's last byte.
    pub last_line: u64,
}

impl ReportBuilder {
    /// A builder without rows.
    pub fn new(header: Arc<Header>) -> ReportBuilder {
        let store = Store { own: header.own.iter().map(|_| Vec::new()).collect(), ..Store::default() };
        ReportBuilder {
            header,
            store,
            rows_read: 0,
            losses: Losses::default(),
            cell_problems: Vec::new(),
            suspects: Vec::new(),
            starts: Vec::new(),
            computes_ages: false,
            foreign: ForeignForms::default(),
        }
    }

    /// What cells that could not be read tell of their form.
    pub fn foreign_forms(&self) -> &ForeignForms {
        &self.foreign
    }

    /// Adds a row. `cell` gives the text of a field by its place, from 0; `byte` is where the row begins in the input.
    pub fn push<'a>(&mut self, byte: u64, cell: impl Fn(usize) -> &'a str) {
        self.rows_read += 1;
        self.starts.push(byte);
        let header = Arc::clone(&self.header);
        let get = |place: &Option<usize>| place.map_or("", &cell);
        let account = get(&header.account);
        let repaired = match account::is_account(account) {
            true => None,
            false => account::repair(account, [get(&header.arn), get(&header.resource_id)]),
        };
        let store = &mut self.store;
        let tuples = [&mut store.vulnerabilities, &mut store.resources, &mut store.packages, &mut store.assessments];
        let numbers = [&mut store.vulnerability, &mut store.resource, &mut store.package, &mut store.assessment];
        for (part, (tuples, numbers)) in tuples.into_iter().zip(numbers).enumerate() {
            let cells = header.parts[part].iter().map(get);
            let (id, new) = match &repaired {
                Some(repaired) if part == RESOURCE => tuples.intern(with_account(cells, repaired, account)),
                _ => tuples.intern(cells),
            };
            numbers.push(id);
            if new {
                let known = self.suspects.len();
                inspect(&header, part, id, byte, &cell, repaired.is_some(), &mut self.suspects);
                for suspect in self.suspects.get(known..).unwrap_or_default() {
                    self.foreign.see(suspect.code, suspect.place, cell(suspect.place));
                }
            }
        }
        if !header.extras.is_empty() {
            store.extra.push(store.extras.intern(header.extras.iter().map(|place| cell(*place))).0);
        }
        if header.arn.is_some() {
            // Blanks around it make no other finding of it.
            let text = get(&header.arn).trim();
            let arn = PackedArn::new(text, &mut store.texts);
            store.arns.push(arn);
            if arn.has_run_together(text) {
                let code = ProblemCode::NotAnArn;
                let problem = CellProblem { code, place: header.arn, byte, count: 1, example: text.into() };
                note(&mut self.cell_problems, problem);
            }
        }
        for (column, (place, cells)) in Part::Own.columns().zip(header.own.iter().zip(&mut store.own)) {
            let Some(place) = *place else { continue };
            let text = cell(place);
            let packed = Packed::new(text, &mut store.texts);
            cells.push(packed);
            let wrong = if packed.is(column.kind()) { None } else { wrong(column, text, packed, &store.texts) };
            if let Some(code) = wrong {
                self.foreign.see(code, place, text);
                let problem = CellProblem { code, place: Some(place), byte, count: 1, example: text.into() };
                note(&mut self.cell_problems, problem);
            }
        }
    }

    /// Says that the row in these bytes of the input could not be read.
    pub fn push_lost_row(&mut self, code: ProblemCode, bytes: Range<u64>, message: String) {
        self.push_lost_rows(code, bytes, 1, message);
    }

    /// Says that as many rows in these bytes of the input could not be read.
    pub fn push_lost_rows(&mut self, code: ProblemCode, bytes: Range<u64>, count: u64, message: String) {
        self.rows_read += count;
        self.losses.push(LostRow { code, bytes, count, message });
    }

    /// Says that an unknown number of rows is, or may be, missing where these bytes of the input are.
    pub fn push_gap(&mut self, code: ProblemCode, bytes: Range<u64>, message: String) {
        self.losses.push(LostRow { code, bytes, count: 1, message });
    }

    /// Says that a cell of the row that was added last held bytes that are not UTF-8.
    pub fn push_not_utf8(&mut self, place: usize, byte: u64, example: &str) {
        let code = ProblemCode::NotUtf8;
        let problem = CellProblem { code, place: Some(place), byte, count: 1, example: example.into() };
        note(&mut self.cell_problems, problem);
    }

    /// Says that the header line stands again at this byte. It is no row.
    pub fn push_repeated_header(&mut self, byte: u64) {
        let code = ProblemCode::RepeatedHeader;
        note(&mut self.cell_problems, CellProblem { code, place: None, byte, count: 1, example: String::new() });
    }

    /// Says that the column at this place has the heading of a column before it; `byte` is where the headings are.
    pub fn push_repeated_heading(&mut self, place: usize, byte: u64) {
        let code = ProblemCode::RepeatedHeading;
        let example = self.header.columns.get(place).map_or_else(String::new, |column| column.heading.to_string());
        note(&mut self.cell_problems, CellProblem { code, place: Some(place), byte, count: 1, example });
    }

    /// Says that text stands behind the closing quote of a field of the row at this byte; `example` is the row's text.
    pub fn push_stray_quote(&mut self, byte: u64, example: &str) {
        let code = ProblemCode::StrayQuote;
        note(&mut self.cell_problems, CellProblem { code, place: None, byte, count: 1, example: example.into() });
    }

    /// Fills in, when the building ends, the ages that the input does not tell, in whole days: from First Seen to the date
    /// of the data ([`Report::data_date`]). (Inspector's export counts up to the moment of the export.)
    pub fn compute_ages(&mut self) {
        self.computes_ages = true;
    }

    /// Takes in what another builder has read, which comes behind this one's rows in the input.
    pub fn append(&mut self, other: ReportBuilder) {
        let new = self.store.append(&other.store);
        let maps = [&new.vulnerabilities, &new.resources, &new.packages, &new.assessments];
        for suspect in other.suspects {
            let (id, is_new) = renumber(maps[suspect.part], suspect.id);
            if is_new {
                self.suspects.push(Suspect { id, ..suspect });
            }
        }
        for problem in other.cell_problems {
            note(&mut self.cell_problems, problem);
        }
        self.losses.append(other.losses);
        self.starts.extend(other.starts);
        self.computes_ages |= other.computes_ages;
        self.rows_read += other.rows_read;
        self.foreign.append(other.foreign);
    }

    /// Ends the building. `locate` finds out where rows are: it gets the bytes of some rows, in the input's order (for a
    /// row that was read, an empty range at its start), and gives a [`Location`] for each.
    ///
    /// # Errors
    /// Those of `locate`, which may have to read the input once more. It is not called when there is no problem.
    pub fn finish<E>(
        mut self,
        source: Arc<str>,
        locate: impl FnOnce(&[Range<u64>]) -> Result<Vec<Location>, E>,
    ) -> Result<Report, E> {
        self.count_suspects();
        let losses = std::mem::take(&mut self.losses);
        let mut cell_problems = std::mem::take(&mut self.cell_problems);
        let starts = std::mem::take(&mut self.starts);
        let (header, rows_read, computes_ages) = (Arc::clone(&self.header), self.rows_read, self.computes_ages);
        let mut report = self.build(Arc::clone(&source), Vec::new(), rows_read);
        report.part_repeated();
        let found = data_date::find(&report);
        report.data_date = OnceLock::from(found.date);
        if computes_ages {
            report.compute_ages();
        }
        let ahead = if found.has_ahead { data_date::ahead(&report) } else { Vec::new() };
        for ahead in ahead {
            let position = report.row_order().position(|row| row == ahead.row);
            let byte = position.and_then(|position| starts.get(position)).copied().unwrap_or_default();
            let place = header.columns.iter().position(|column| column.column == Some(ahead.column));
            let example = report.store.own(ahead.row, ahead.column).text(&report.store.texts).into_owned();
            let code = ProblemCode::TimeAhead;
            note(&mut cell_problems, CellProblem { code, place, byte, count: ahead.count, example });
        }
        report.problems = problems(&header, &source, losses, cell_problems, locate)?;
        report.coverage = vec![report.cover()];
        Ok(report)
    }

    /// Ends the building where the problems of the rows are known already, and what they cover is for the caller to say.
    /// What repeats a finding is not put apart yet.
    pub(crate) fn build(mut self, source: Arc<str>, problems: Vec<Problem>, rows_read: u64) -> Report {
        let mut columns = self.header.columns.clone();
        // A column that says so for the accounts that were repaired, if there are any.
        if (0..self.store.resources.len() as u32).any(|resource| !self.store.account_as_written(resource).is_empty()) {
            columns.push(ReportColumn::added("AWS Account Id as Written", Cells::AccountAsWritten));
        }
        self.store.freeze();
        Report { source, columns, store: self.store, problems, rows_read, ..Report::default() }
    }

    /// Turns suspects into problems with the number of findings that have them.
    fn count_suspects(&mut self) {
        let store = &self.store;
        let numbers = [&store.vulnerability, &store.resource, &store.package, &store.assessment];
        let tuples = [&store.vulnerabilities, &store.resources, &store.packages, &store.assessments];
        for (part, (numbers, tuples)) in numbers.into_iter().zip(tuples).enumerate() {
            let suspects: Vec<&Suspect> = self.suspects.iter().filter(|suspect| suspect.part == part).collect();
            if suspects.is_empty() {
                continue;
            }
            let mut uses = vec![0u64; tuples.len()];
            for id in numbers {
                if let Some(uses) = uses.get_mut(*id as usize) {
                    *uses += 1;
                }
            }
            for suspect in suspects {
                let slot = self.header.parts[part].iter().position(|place| *place == Some(suspect.place));
                let example = match suspect.code {
                    ProblemCode::AccountIdRepaired => store.account_as_written(suspect.id),
                    _ => slot.map_or("", |slot| tuples.cell(suspect.id, slot)),
                };
                let example = example.to_owned();
                let count = uses.get(suspect.id as usize).copied().unwrap_or(0);
                let Suspect { code, place, byte, .. } = *suspect;
                note(&mut self.cell_problems, CellProblem { code, place: Some(place), byte, count, example });
            }
        }
    }
}

/// The cells of a resource with another account than was written; what was written stands behind them all.
fn with_account<'a>(
    cells: impl Iterator<Item = &'a str>,
    account: &'a str,
    written: &'a str,
) -> impl Iterator<Item = &'a str> {
    let slot = Column::AwsAccountId.slot();
    let columns = Part::Resource.columns().count();
    let all = cells.chain(std::iter::repeat("")).take(columns).enumerate();
    all.map(move |(place, cell)| if place == slot { account } else { cell }).chain([written])
}

impl Report {
    /// A report of rows that are in memory already. A row with too few fields reads as if the rest were blank; in
    /// problems, bytes and lines count rows as if each took one line of one byte behind a header.
    ///
    /// ```
    /// # use inspector_report_model::{Report, value::Severity};
    /// let report = Report::from_rows("made", &["Severity", "Owner"], [["HIGH", "web team"]]);
    /// let finding = report.finding(0).unwrap();
    /// assert_eq!((finding.severity(), finding.cell(1).as_ref()), (Severity::High, "web team"));
    /// ```
    pub fn from_rows<'a, R: AsRef<[&'a str]>>(
        source: &str,
        headings: &[&str],
        rows: impl IntoIterator<Item = R>,
    ) -> Report {
        let mut builder = ReportBuilder::new(Arc::new(Header::new(headings.iter().copied())));
        for (row, cells) in rows.into_iter().enumerate() {
            builder.push(row as u64 + 1, |place| cells.as_ref().get(place).copied().unwrap_or(""));
        }
        let locate = |rows: &[Range<u64>]| {
            let location =
                |row: &Range<u64>| Location { byte: row.start, line: row.start + 1, last_line: row.start + 1 };
            Ok::<_, std::convert::Infallible>(rows.iter().map(location).collect())
        };
        match builder.finish(source.into(), locate) {
            Ok(report) => report,
            Err(never) => match never {},
        }
    }
}

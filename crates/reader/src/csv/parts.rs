//! A file in parts: where each begins, what it ends with, and how they are put together.

use super::*;

/// An input, as all its parts see it.
pub(super) struct Source<'a> {
    pub(super) input: &'a Plain<'a>,
    pub(super) delimiter: u8,
    /// The first headings.
    pub(super) headings: Headings,
    /// Where the text ends.
    pub(super) end: u64,
    pub(super) longest_record: u64,
    /// Where the rows are, cut between records.
    pub(super) parts: Vec<Range<u64>>,
}

/// Where a part begins, and by which headings its first rows are read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Begin {
    pub(super) at: u64,
    pub(super) headings: Headings,
}

/// What a part gave.
pub(super) struct Part {
    pub(super) builder: ReportBuilder,
    /// Every line with other headings than those before it, and where it is.
    pub(super) headings: Vec<(Range<u64>, Headings)>,
    /// Where the next part begins: behind the last row, which may begin here and end there.
    pub(super) end: u64,
    pub(super) last: Option<Last>,
}

/// The last record.
pub(super) struct Last {
    pub(super) bytes: Range<u64>,
    /// Whether it could not be read, and lacks something.
    pub(super) is_cut: bool,
    /// Whether it ends inside quotes.
    pub(super) is_open: bool,
}

/// What all parts gave.
pub(super) struct Whole {
    pub(super) header: Arc<Header>,
    pub(super) builder: ReportBuilder,
    pub(super) last: Option<Last>,
    /// Where headings other than those before them stand.
    pub(super) switches: Vec<Range<u64>>,
}

impl Source<'_> {
    /// The longest record whose fields are read without counting them first.
    pub(super) fn at_once(&self) -> u64 {
        self.longest_record / AT_ONCE
    }

    /// Reads all parts. Each is read on the guess that it begins where it was cut, with the headings of the first line;
    /// where the parts before it show otherwise, it is read again. The first part is right at once, each other one at the
    /// latest when the one before it is.
    pub(super) fn read(&self, forms: &Forms) -> Result<Whole, ReadErrorKind> {
        let guess = |range: &Range<u64>| Begin { at: range.start, headings: Arc::clone(&self.headings) };
        let mut begins: Vec<Begin> = self.parts.iter().map(guess).collect();
        let mut read: Vec<Option<Part>> = self.parts.iter().map(|_| None).collect();
        let mut columns = self.headings.to_vec();
        loop {
            let header = Arc::new(Header::new(columns.iter().map(String::as_str)));
            let parts = read.into_par_iter().zip(&self.parts).zip(&begins);
            let parts = parts.map(|((part, range), begin)| match part {
                Some(part) => Ok(part),
                None => self.read_part(range, begin, &header, forms),
            });
            let parts = parts.collect::<Result<Vec<Part>, ReadErrorKind>>()?;
            // What was true at the start of each part.
            let mut state =
                Begin { at: self.parts.first().map_or(0, |part| part.start), headings: Arc::clone(&self.headings) };
            let mut all = vec![Arc::clone(&self.headings)];
            let mut seen = HashSet::from([Arc::clone(&self.headings)]);
            let mut switches = Vec::new();
            let mut is_right = Vec::with_capacity(parts.len());
            for ((part, range), begin) in parts.iter().zip(&self.parts).zip(&mut begins) {
                state.at = state.at.max(range.start);
                is_right.push(*begin == state);
                begin.clone_from(&state);
                for (bytes, headings) in &part.headings {
                    if *headings != state.headings {
                        switches.push(bytes.clone());
                        state.headings = Arc::clone(headings);
                        if seen.insert(Arc::clone(headings)) {
                            all.push(Arc::clone(headings));
                        }
                    }
                }
                state.at = part.end;
            }
            let union = headings::union(&all);
            if union.len() > MOST_COLUMNS {
                let last = switches.last().cloned().unwrap_or_default();
                let line = lines::line(self.input.open()?, last.start)?;
                return Err(ReadErrorKind::ManyColumns { line, columns: union.len(), most: MOST_COLUMNS });
            }
            let is_same = union == columns;
            if is_same && is_right.iter().all(|is_right| *is_right) {
                let last = parts.iter().rposition(|part| part.last.is_some());
                let mut builder = ReportBuilder::new(Arc::clone(&header));
                let mut whole_last = None;
                for (place, part) in parts.into_iter().enumerate() {
                    if Some(place) == last {
                        whole_last = part.last;
                    }
                    if place == 0 {
                        builder = part.builder;
                    } else {
                        builder.append(part.builder);
                    }
                }
                return Ok(Whole { header, builder, last: whole_last, switches });
            }
            columns = union;
            read =
                parts.into_iter().zip(is_right).map(|(part, is_right)| (is_right && is_same).then_some(part)).collect();
        }
    }

    /// Reads the records that begin in a range.
    pub(super) fn read_part(
        &self,
        range: &Range<u64>,
        begin: &Begin,
        header: &Arc<Header>,
        forms: &Forms,
    ) -> Result<Part, ReadErrorKind> {
        let builder = ReportBuilder::new(Arc::clone(header));
        let part = Part { builder, headings: Vec::new(), end: begin.at.max(range.end), last: None };
        let layout = Layout::new(header, &begin.headings);
        let mut reading = Reading::new(self, header, forms, layout, part)?;
        let mut at = begin.at;
        while at < range.end {
            at = reading.read(at..range.end)?;
        }
        reading.part.end = at.max(range.end);
        Ok(reading.part)
    }
}

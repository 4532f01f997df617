//! Makes a summary fit: whole rows go, the least severe first, then whole sections.

use inspector_report_document::{Block, Document};

/// The most that a text may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Limit {
    None,
    Bytes(usize),
    /// In code units of UTF-16, of which a character has one or two: nobody says what is counted.
    Characters(usize),
}

impl Limit {
    pub(crate) fn allows(self, text: &str) -> bool {
        match self {
            Limit::None => true,
            Limit::Bytes(most) => text.len() <= most,
            // So few bytes are not more characters.
            Limit::Characters(most) => text.len() <= most || text.encode_utf16().count() <= most,
        }
    }
}

/// What can be left out, in the order in which it goes.
#[derive(Clone, Copy, Debug)]
enum Step {
    /// Of a section, a block, a row.
    Row(usize, usize, usize),
    Section(usize),
    Sentences,
    Facts,
}

fn steps(document: &Document) -> Vec<Step> {
    let mut rows = Vec::new();
    for (s, section) in document.sections.iter().enumerate() {
        for (b, block) in section.blocks.iter().enumerate() {
            let Block::Table(table) = block else { continue };
            let droppable = table.rows.iter().enumerate().filter_map(|(r, row)| Some((row.rank?, s, b, r)));
            rows.extend(droppable);
        }
    }
    // The least severe first; of equals the last.
    rows.sort_unstable_by(|a, b| b.cmp(a));
    let rows = rows.into_iter().map(|(_, s, b, r)| Step::Row(s, b, r));
    let sections = (0..document.sections.len()).rev().map(Step::Section);
    rows.chain(sections).chain([Step::Sentences, Step::Facts]).collect()
}

/// What found no room.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct LeftOut {
    /// Rows of lists.
    pub(crate) rows: u64,
    /// Whole sections of which something was left but for rows.
    pub(crate) sections: u64,
}

impl LeftOut {
    pub(crate) fn is_nothing(self) -> bool {
        self == LeftOut::default()
    }
}

/// The document without what the steps take, and what they took.
fn without(document: &Document, steps: &[Step]) -> (Document, LeftOut) {
    let mut less = document.clone();
    let mut left_out = LeftOut::default();
    let mut gone = vec![false; less.sections.len()];
    for step in steps {
        match *step {
            Step::Row(s, b, r) => {
                if let Some(Block::Table(table)) =
                    less.sections.get_mut(s).and_then(|section| section.blocks.get_mut(b))
                    && let Some(row) = table.rows.get_mut(r)
                {
                    row.cells.clear();
                    table.more += 1;
                    left_out.rows += 1;
                }
            }
            Step::Section(s) => {
                if let Some(gone) = gone.get_mut(s) {
                    *gone = true;
                }
            }
            Step::Sentences => less.sentences.clear(),
            Step::Facts => less.facts.clear(),
        }
    }
    let mut place = 0;
    less.sections.retain_mut(|section| {
        place += 1;
        let mut kept: Vec<Block> = Vec::new();
        for mut block in std::mem::take(&mut section.blocks) {
            if let Block::Table(table) = &mut block {
                let had = table.rows.len();
                table.rows.retain(|row| !row.cells.is_empty());
                if had > 0 && table.rows.is_empty() {
                    // The remark in front is about the table.
                    if matches!(kept.last(), Some(Block::Note(_))) {
                        kept.pop();
                    }
                    continue;
                }
            }
            kept.push(block);
        }
        section.blocks = kept;
        let has_more = !section.blocks.is_empty();
        let is_gone = gone.get(place - 1).copied().unwrap_or(false);
        left_out.sections += u64::from(is_gone && has_more);
        !is_gone && has_more
    });
    (less, left_out)
}

/// Renders as much of a document as the limit allows; gives the text, and what found no room. `render` gets the
/// document and that.
pub(crate) fn fit(
    document: &Document,
    limit: Limit,
    render: impl Fn(&Document, LeftOut) -> String,
) -> (String, LeftOut) {
    let whole = render(document, LeftOut::default());
    if limit.allows(&whole) {
        return (whole, LeftOut::default());
    }
    let steps = steps(document);
    let rendered = |count: usize| {
        let (less, left_out) = without(document, steps.get(..count).unwrap_or(&steps));
        (render(&less, left_out), left_out)
    };
    // The fewest steps that are enough, at a place where one less is not.
    let (mut too_few, mut enough) = (0, steps.len());
    while enough - too_few > 1 {
        let middle = too_few + (enough - too_few) / 2;
        if limit.allows(&rendered(middle).0) {
            enough = middle;
        } else {
            too_few = middle;
        }
    }
    let (text, left_out) = rendered(enough);
    if limit.allows(&text) { (text, left_out) } else { (cut(&document.headline, limit), left_out) }
}

/// As much of a text as the limit allows.
fn cut(text: &str, limit: Limit) -> String {
    let mut cut = text.to_owned();
    while !limit.allows(&format!("{cut}…")) {
        if cut.pop().is_none() {
            return String::new();
        }
    }
    if cut.len() < text.len() { format!("{cut}…") } else { cut }
}

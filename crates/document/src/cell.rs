//! What a document is made of: sections of sentences, tables and plots.

use inspector_report_localizer::Localizer;
use inspector_report_model::{
    Scope,
    jiff::{Timestamp, civil::Date},
};

/// The longest name or title that is shown whole, in characters.
pub(crate) const LONGEST: usize = 120;

/// What stands in a cell of a table, or in a sentence. It is typed, so that a format can give it its own type, or its own
/// way to show it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Cell {
    /// Nothing.
    Empty,
    /// Our own words.
    Own(String),
    /// A text from the report, which may hold anything, and of which a format that is short of room shows so many
    /// characters.
    Text(String, usize),
    /// A name that a configuration may give, with the rank that it is sorted by: a priority.
    Ranked(usize, String),
    /// A vulnerability id from the report, with the page of the database that gives it out, if it can only be one.
    Vulnerability(String, Option<String>),
    /// A severity, by rank.
    Severity(usize),
    /// A count.
    Count(u64),
    /// A part of a whole. Of nothing there is no part.
    Share {
        /// The part.
        part: u64,
        /// The whole.
        whole: u64,
    },
    /// A probability, 0 to 1, if it is known.
    Probability(Option<f64>),
    /// A score, 0 to 10, if it is known.
    Score(Option<f64>),
    /// Days and a part of a day, if they are known.
    Days(Option<f64>),
    /// The day of a point in time, in the zone of the texts, if it is known.
    Date(Option<Timestamp>),
    /// A point in time.
    DateTime(Timestamp),
    /// A day of the calendar, if it is known.
    Day(Option<Date>),
    /// A month of the calendar, by its first day.
    Month(Date),
}

impl Cell {
    /// What it says, as the language writes it. Only texts and ids come from the report; the rest is safe but for the
    /// escaping of our own words.
    pub fn words(&self, texts: &Localizer) -> String {
        match self {
            Cell::Empty => String::new(),
            Cell::Own(text) | Cell::Text(text, _) | Cell::Ranked(_, text) | Cell::Vulnerability(text, _) => {
                text.clone()
            }
            Cell::Severity(rank) => texts.severity_rank(*rank),
            Cell::Count(count) => texts.number(*count),
            Cell::Share { whole: 0, .. } => String::new(),
            Cell::Share { part, whole } => texts.percent(*part, *whole),
            Cell::Probability(probability) => probability.map(percent).unwrap_or_default(),
            Cell::Score(score) => score.map(|score| format!("{score:.1}")).unwrap_or_default(),
            Cell::Days(days) => days.map(|days| texts.decimal(days)).unwrap_or_default(),
            Cell::Date(time) => time.map(|time| texts.date(time)).unwrap_or_default(),
            Cell::DateTime(time) => texts.date_time(*time),
            Cell::Day(day) => day.map(|day| texts.day(day)).unwrap_or_default(),
            Cell::Month(first_day) => texts.month(*first_day),
        }
    }
}

/// A probability in per cent; one that is small is not shown as none.
fn percent(probability: f64) -> String {
    match probability * 100.0 {
        percent if percent > 0.0 && percent < 0.1 => "< 0.1 %".to_owned(),
        percent => format!("{percent:.1} %"),
    }
}

/// A heading of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// What it says.
    pub title: String,
    /// Whether what is below it is figures, which stand at the right.
    pub is_figure: bool,
}

impl Head {
    /// That of a column of texts.
    pub fn text(title: impl Into<String>) -> Head {
        Head { title: title.into(), is_figure: false }
    }

    /// That of a column of figures.
    pub fn figure(title: impl Into<String>) -> Head {
        Head { title: title.into(), is_figure: true }
    }
}

/// A row of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// As many as the table has heads.
    pub cells: Vec<Cell>,
    /// The worst severity that it is about, by rank: where there is no room, the least severe rows go first. `None` for a
    /// row that stays.
    pub rank: Option<usize>,
    /// Whether it is the sum of the others.
    pub is_total: bool,
}

/// A table.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// Its headings.
    pub heads: Vec<Head>,
    /// Its rows, the worst first.
    pub rows: Vec<Row>,
    /// How many more there are that the document does not have.
    pub more: u64,
}

impl Table {
    /// How many of the first columns are texts.
    pub fn texts(&self) -> usize {
        self.heads.iter().take_while(|head| !head.is_figure).count()
    }
}

/// A part of a section.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// A remark in our own words.
    Note(String),
    /// Sentences.
    Sentences(Vec<Cell>),
    /// A table.
    Table(Table),
    /// Open findings by severity, to be drawn: rank, name, count.
    Chart(Vec<(usize, String, u64)>),
    /// Counts over time, to be drawn.
    Plot(Plot),
}

/// Counts over time.
#[derive(Clone, Debug, PartialEq)]
pub struct Plot {
    /// What it shows.
    pub title: String,
    /// How it is drawn.
    pub kind: PlotKind,
    /// The points in time, each with its name and its place between 0 and 1.
    pub points: Vec<(String, f64)>,
    /// What is counted.
    pub series: Vec<PlotSeries>,
}

/// How counts over time are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlotKind {
    /// A line for each series: how things stand.
    Lines,
    /// A column for each series beside the others: what happened in a time.
    Columns,
}

/// One of the things that are counted over time.
#[derive(Clone, Debug, PartialEq)]
pub struct PlotSeries {
    /// What it is.
    pub name: String,
    /// Its colour, and the square that comes closest to it where a picture has no legend.
    pub colour: (u32, &'static str),
    /// As many as there are points.
    pub values: Vec<u64>,
}

/// A section.
#[derive(Clone, Debug, PartialEq)]
pub struct Section {
    /// The heading.
    pub title: String,
    /// Whether only those who ask should see it.
    pub is_folded: bool,
    /// What it has.
    pub blocks: Vec<Block>,
}

/// A summary.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// What it is.
    pub title: String,
    /// The one sentence that must be read.
    pub headline: String,
    /// What it is of.
    pub scope: Scope,
    /// What else must be known, a sentence each.
    pub sentences: Vec<Cell>,
    /// The sections, in order.
    pub sections: Vec<Section>,
    /// Where the figures come from: each a label and what it says.
    pub facts: Vec<(String, Cell)>,
}

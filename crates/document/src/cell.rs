//! What a document is made of: sections of sentences, tables and plots.

use inspector_report_model::Scope;

/// A text of a document.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Our own words, or a number as the language writes it.
    Own(String),
    /// A text from the report, of which so many characters are shown.
    Text(String, usize),
    /// A vulnerability id from the report, with the page of the database that gives it out, if it can only be one.
    Vulnerability(String, Option<String>),
    /// A severity by rank, with its name.
    Severity(usize, String),
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
    pub heads: Vec<String>,
    /// How many of the first columns are texts; the others are numbers.
    pub texts: usize,
    /// Its rows, the worst first.
    pub rows: Vec<Row>,
    /// How many more there are that the document does not have.
    pub more: u64,
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

//! What was wrong with an input, as data: a terminal, a workbook and a summary for machines all show the same.

use std::{fmt, sync::Arc};

/// What kind of problem it is. The code is stable: scripts may rely on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum ProblemCode {
    /// A row has another number of fields than the header. The row is not in the report.
    FieldCount,
    /// A quoted field is still open where the file ends. The row is not in the report.
    OpenQuote,
    /// An element of a JSON report, or a row with NUL bytes, is no finding that can be read. It is not in the report.
    NotAFinding,
    /// The header line stands again among the rows, as where files were put together. It is left out.
    RepeatedHeader,
    /// A cell holds bytes that are not UTF-8, or not of the encoding that the file is read in. They are replaced by
    /// U+FFFD.
    NotUtf8,
    /// A cell of a column of times holds none that can be read. It is kept as text.
    NotATime,
    /// A cell of a column of numbers holds none. It is kept as text.
    NotANumber,
    /// A whole report that should be part of this one could not be read. What is in it is not here.
    ReportLost,
    /// An account id was turned into a number by a spreadsheet, which lost its last digits for good.
    AccountIdLost,
    /// An account id was blank, or a spreadsheet had changed it; it is taken from an ARN of the same row, or its leading
    /// zeros are put back.
    AccountIdRepaired,
    /// The input ends too early. How many rows are missing behind its end is not known.
    CutOff,
    /// The input ends without a line break, which hardly any program that writes reports leaves out: rows may be missing.
    MayBeCut,
    /// The input is a page of a list, and says that there are more pages.
    PagesMissing,
    /// Text stands behind the closing quote of a field. The row is read as the csv crate reads it.
    StrayQuote,
    /// Whole rows stand inside a quoted field, as where a quote is missing: they may be findings.
    RowsInField,
    /// Two columns have the same heading. The first counts.
    RepeatedHeading,
    /// A time lies ahead of all others of the report. It does not move the date of the data.
    TimeAhead,
    /// Days, months and years of a column of times cannot be told apart. They are kept as text.
    AmbiguousTime,
    /// The ARN of a finding is longer than one can be, as where a part of the input is missing and two rows have run
    /// together. It is kept as written.
    NotAnArn,
}

impl ProblemCode {
    /// The code as it is printed.
    pub fn as_str(self) -> &'static str {
        match self {
            ProblemCode::FieldCount => "field-count",
            ProblemCode::OpenQuote => "open-quote",
            ProblemCode::NotAFinding => "not-a-finding",
            ProblemCode::RepeatedHeader => "repeated-header",
            ProblemCode::NotUtf8 => "not-utf-8",
            ProblemCode::NotATime => "not-a-time",
            ProblemCode::NotANumber => "not-a-number",
            ProblemCode::ReportLost => "report-lost",
            ProblemCode::AccountIdLost => "account-id-lost",
            ProblemCode::AccountIdRepaired => "account-id-repaired",
            ProblemCode::CutOff => "cut-off",
            ProblemCode::MayBeCut => "may-be-cut",
            ProblemCode::PagesMissing => "pages-missing",
            ProblemCode::StrayQuote => "stray-quote",
            ProblemCode::RowsInField => "rows-in-field",
            ProblemCode::RepeatedHeading => "repeated-heading",
            ProblemCode::TimeAhead => "time-ahead",
            ProblemCode::AmbiguousTime => "ambiguous-time",
            ProblemCode::NotAnArn => "not-an-arn",
        }
    }

    /// Whether rows were lost to it, [`Problem::count`] of them. Otherwise a cell is not what it should be, and the row is
    /// there; or it is not known whether rows are missing, and how many.
    pub fn loses_row(self) -> bool {
        matches!(self, ProblemCode::FieldCount | ProblemCode::OpenQuote | ProblemCode::NotAFinding)
    }

    /// What it means for the findings that the input should have.
    pub fn loss(self) -> Loss {
        match self {
            ProblemCode::RowsInField => Loss::Possible,
            ProblemCode::CutOff | ProblemCode::PagesMissing | ProblemCode::ReportLost => Loss::Unknown,
            ProblemCode::MayBeCut | ProblemCode::NotAnArn => Loss::Possible,
            _ if self.loses_row() => Loss::Rows,
            _ => Loss::None,
        }
    }
}

/// What is missing of an input. What is missing is neither fixed nor closed nor absent: nothing is known of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Loss {
    /// Nothing.
    #[default]
    None,
    /// Something may be, and nothing tells.
    Possible,
    /// Rows are, and it is known how many.
    Rows,
    /// An unknown number of rows is.
    Unknown,
}

/// Something in an input that could not be read as it should.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What kind of problem.
    pub code: ProblemCode,
    /// The input it was met in.
    pub source: Arc<str>,
    /// Where the row begins: bytes from the start of the input, from 0.
    pub byte: u64,
    /// Where the row begins: the line, from 1, as an editor counts.
    pub line: u64,
    /// The last line of the row, where it has several.
    pub last_line: u64,
    /// The column's heading as written, where the problem is in one cell.
    pub column: Option<Arc<str>>,
    /// How many cells of that column have the same problem; `line` and `byte` are those of the first. For rows that could
    /// not be read how many these are, as far as that can be told from what is left of them.
    pub count: u64,
    /// What is wrong, in a sentence.
    pub message: String,
    /// The value that was met, or the first part of it, where the problem is in one cell.
    pub example: String,
}

impl Problem {
    /// A problem of an input as a whole, which stands at its first line and counts once.
    pub fn new(code: ProblemCode, source: impl Into<Arc<str>>, message: impl Into<String>) -> Problem {
        Problem {
            code,
            source: source.into(),
            byte: 0,
            line: 1,
            last_line: 1,
            column: None,
            count: 1,
            message: message.into(),
            example: String::new(),
        }
    }

    /// The name of the input without its folder, which is nobody's business.
    pub fn file_name(&self) -> &str {
        self.source.rsplit(['/', '\\']).next().unwrap_or(&self.source)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.source, self.line)?;
        if self.last_line > self.line {
            write!(f, "-{}", self.last_line)?;
        }
        write!(f, ": ")?;
        if let Some(column) = &self.column {
            write!(f, "column \"{column}\": ")?;
        }
        write!(f, "{}", self.message)?;
        if self.count > 1 && !self.code.loses_row() {
            let what = if self.column.is_some() { "cells" } else { "places" };
            write!(f, " ({} {what} like this, this is the first)", self.count)?;
        }
        write!(f, " [{}]", self.code.as_str())
    }
}

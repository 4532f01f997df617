//! The rows of the large sheets, written as XML (ECMA-376 part 1, 18.3.1) into the frames that the crate makes.
//!
//! A sheet of a hundred thousand findings has millions of cells, but few distinct values: strings are numbered once for
//! each column, and rows are made and compressed in pieces on all threads.

use std::{
    collections::HashMap,
    io,
    sync::atomic::{AtomicU64, Ordering},
};

use inspector_report_model::{Finding, TriageField, View, value};
use rust_xlsxwriter::{Format, Url, Worksheet, XlsxError, utility::column_number_to_name};

use crate::{
    cell::{Cut, Cuts, fit, write_text},
    cells::{CellValue, Cells, Value},
    format::Formats,
    link::MOST_LINKS,
    package::{Package, Part},
    sheet::{self, Sheet},
    xml,
};

/// The part with the strings.
const STRINGS: &str = "xl/sharedStrings.xml";

/// Rows made at a time: about a megabyte.
const PIECE_ROWS: usize = 1024;

/// Strings made at a time.
const PIECE_STRINGS: usize = 4096;

/// The numbers of the formats that cells of findings have, as the workbook counts them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Styles {
    text: u32,
    quoted: u32,
    link: u32,
    severity: u32,
    number: u32,
    time: u32,
    day: u32,
}

impl Styles {
    /// The formats, in the order in which [`Frame`] reads their numbers.
    fn formats(formats: &Formats, rank: usize) -> [&Format; 7] {
        [
            &formats.text,
            &formats.quoted,
            &formats.link_plain,
            formats.severity(rank),
            &formats.number,
            &formats.date_time,
            formats.triage(TriageField::Due),
        ]
    }
}

/// A sheet without its findings: all that the crate writes for us. Instead of the findings it has one row that shows the
/// numbers of the formats, in the order of [`Styles`].
pub(crate) fn frame(plan: &Sheet, context: sheet::Context<'_>) -> Result<Worksheet, XlsxError> {
    let mut sheet = sheet::without_rows(plan, context)?;
    let styles = Styles::formats(context.formats, plan.rank);
    for (at, format) in styles.into_iter().enumerate() {
        sheet.write_number_with_format(1, at as u16, 0, format)?;
    }
    Ok(sheet)
}

/// A sheet without its findings.
#[derive(Debug)]
struct Frame {
    /// All before the first finding.
    head: String,
    /// The attributes of a row, but for its number.
    row: String,
    styles: Styles,
    /// What follows the findings, up to the links.
    middle: String,
    /// What follows the links.
    tail: String,
}

impl Frame {
    /// Takes a frame apart; `None` if it is not as the crate writes it.
    fn new(xml: &str, last: &str) -> Option<Frame> {
        const ROW: &str = "<row r=\"2\"";
        let (head, rest) = xml.split_once(ROW)?;
        let (row, rest) = rest.split_once('>')?;
        let (cells, rest) = rest.split_once("</row>")?;
        let links = rest.find("<printOptions").or_else(|| rest.find("<pageMargins"))?;
        let (middle, tail) = rest.split_at_checked(links)?;
        // A cell of the workbook's default format names none.
        let mut styles = cells.split("<c ").skip(1).map(|cell| match cell.split_once('>')?.0.split_once(" s=\"") {
            Some((_, style)) => style.split('"').next()?.parse().ok(),
            None => Some(0),
        });
        let mut style = || styles.next().flatten();
        let styles = Styles {
            text: style()?,
            quoted: style()?,
            link: style()?,
            severity: style()?,
            number: style()?,
            time: style()?,
            day: style()?,
        };
        // The range of cells that are in use, which ends with the row that is taken out.
        let (before, dimension) = head.split_once("<dimension ref=\"")?;
        let (_, after) = dimension.split_once('"')?;
        let head = format!("{before}<dimension ref=\"A1:{last}\"{after}");
        Some(Frame { head, row: row.to_owned(), styles, middle: middle.to_owned(), tail: tail.to_owned() })
    }
}

/// The links of a sheet.
#[derive(Debug, Default)]
pub(crate) struct SheetLinks {
    /// Row and column, from 0, and the place of the target.
    links: Vec<(u32, u16, u32)>,
    /// The pages that they lead to, by column and place there.
    targets: Vec<(usize, u32)>,
    /// How many addresses found no room.
    pub(crate) left: u64,
}

impl SheetLinks {
    /// Finds the links of the findings of a sheet.
    pub(crate) fn new(report: &View, plan: &Sheet, cells: &Cells<'_>) -> SheetLinks {
        let mut links = SheetLinks::default();
        let mut places = HashMap::new();
        let linked: Vec<_> = cells.columns.iter().enumerate().filter(|(_, column)| !column.pages.is_empty()).collect();
        for (row, finding) in findings(report, &plan.rows) {
            for (place, column) in &linked {
                let CellValue::Value(Value::Shared(shared)) = column.get(finding) else { continue };
                let Some(page) = shared.page else { continue };
                if links.links.len() == MOST_LINKS {
                    links.left += 1;
                    continue;
                }
                let target = *places.entry((*place, page)).or_insert_with(|| {
                    links.targets.push((*place, page));
                    links.targets.len() as u32 - 1
                });
                links.links.push((row, column.at, target));
            }
        }
        links
    }

    /// Whether a cell with an address is a link.
    fn has(&self, row: u32, at: u16) -> bool {
        self.left == 0 || self.links.last().is_some_and(|last| (row, at) <= (last.0, last.1))
    }

    fn push(&self, out: &mut Vec<u8>, cells: &Cells<'_>) {
        if self.links.is_empty() {
            return;
        }
        out.extend_from_slice(b"<hyperlinks>");
        for (row, at, target) in &self.links {
            let column = column_number_to_name(*at);
            out.extend_from_slice(
                format!("<hyperlink ref=\"{column}{}\" r:id=\"rId{}\"", row + 1, target + 1).as_bytes(),
            );
            if let Some((_, fragment)) = self.page(*target, cells).split_once('#') {
                out.extend_from_slice(b" location=\"");
                xml::push_attribute(out, fragment);
                out.push(b'"');
            }
            out.extend_from_slice(b"/>");
        }
        out.extend_from_slice(b"</hyperlinks>");
    }

    fn page<'c>(&self, target: u32, cells: &'c Cells<'_>) -> &'c str {
        let Some((column, page)) = self.targets.get(target as usize) else { return "" };
        cells.columns.get(*column).and_then(|column| column.pages.get(*page as usize)).map_or("", AsRef::as_ref)
    }

    /// The part with the addresses (ECMA-376 part 2, 9.3), each once.
    fn push_relationships(&self, out: &mut Vec<u8>, cells: &Cells<'_>) {
        const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<Relationships \
                            xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">";
        const KIND: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink";
        out.extend_from_slice(HEAD.as_bytes());
        for target in 0..self.targets.len() as u32 {
            let page = self.page(target, cells);
            let page = page.split_once('#').map_or(page, |(page, _)| page);
            out.extend_from_slice(
                format!("<Relationship Id=\"rId{}\" Type=\"{KIND}\" Target=\"", target + 1).as_bytes(),
            );
            xml::push_attribute(out, &crate::link::target(page));
            out.extend_from_slice(b"\" TargetMode=\"External\"/>");
        }
        out.extend_from_slice(b"</Relationships>");
    }
}

/// Findings by their places, each with its row on the sheet, from 0.
fn findings<'a>(report: &'a View, rows: &[u32]) -> impl Iterator<Item = (u32, Finding<'a>)> {
    rows.iter().zip(1..).filter_map(|(place, row)| Some((row, report.finding(*place as usize)?)))
}

/// Finds what does not fit into the cells of a sheet.
pub(crate) fn find_cuts(report: &View, plan: &Sheet, cells: &Cells<'_>, cuts: &mut Cuts) {
    let columns: Vec<_> = cells.columns.iter().filter(|column| column.has_cuts).collect();
    if columns.is_empty() {
        return;
    }
    for (row, finding) in findings(report, &plan.rows) {
        for column in &columns {
            let is_cut = match column.get(finding) {
                CellValue::Value(Value::Shared(shared)) => shared.is_cut,
                CellValue::Value(_) => false,
                CellValue::Own(text) => fit(&text).1,
            };
            if is_cut {
                let length = || column.length(finding);
                cuts.add(|| Cut {
                    sheet: plan.name.clone(),
                    row,
                    heading: column.heading.clone().into_owned(),
                    length: length(),
                });
            }
        }
    }
}

/// What the rows of a sheet are made of.
struct Rows<'a> {
    report: &'a View,
    cells: &'a Cells<'a>,
    links: &'a SheetLinks,
    frame: Frame,
    /// The names of the columns of `cells`: `A`, `AB`.
    names: Vec<String>,
    /// The number of the first of our strings.
    first_string: u32,
}

impl Rows<'_> {
    /// Appends a row. Gives how many of its cells refer to shared strings.
    fn push(&self, out: &mut Vec<u8>, row: u32, finding: Finding<'_>) -> u64 {
        let styles = &self.frame.styles;
        let number = (row + 1).to_string();
        let mut strings = 0;
        for part in ["<row r=\"", &number, "\"", &self.frame.row, ">"] {
            out.extend_from_slice(part.as_bytes());
        }
        for (column, name) in self.cells.columns.iter().zip(&self.names) {
            let mut open = |style: u32| {
                for part in ["<c r=\"", name, &number, "\" s=\""] {
                    out.extend_from_slice(part.as_bytes());
                }
                push_number(out, style);
            };
            match column.get(finding) {
                CellValue::Value(Value::Blank) => {}
                CellValue::Value(Value::Number(value)) => {
                    open(match () {
                        () if column.has_times() => styles.time,
                        () if column.has_days() => styles.day,
                        () => styles.number,
                    });
                    out.extend_from_slice(b"\"><v>");
                    out.extend_from_slice(value.to_string().as_bytes());
                    out.extend_from_slice(b"</v></c>");
                }
                CellValue::Value(Value::Shared(shared)) => {
                    open(if shared.page.is_some() && self.links.has(row, column.at) {
                        styles.link
                    } else if shared.is_formula {
                        styles.quoted
                    } else if column.is_severity() {
                        styles.severity
                    } else {
                        styles.text
                    });
                    out.extend_from_slice(b"\" t=\"s\"><v>");
                    push_number(out, self.first_string + column.first_string + shared.string);
                    out.extend_from_slice(b"</v></c>");
                    strings += 1;
                }
                CellValue::Own(text) => {
                    let text = fit(&text).0;
                    open(if value::starts_like_a_formula(&text) { styles.quoted } else { styles.text });
                    out.extend_from_slice(b"\" t=\"inlineStr\"><is>");
                    xml::push_t(out, &text);
                    out.extend_from_slice(b"</is></c>");
                }
            }
        }
        out.extend_from_slice(b"</row>");
        strings
    }
}

/// Appends a whole number in decimal digits.
fn push_number(out: &mut Vec<u8>, number: u32) {
    let start = out.len();
    let mut rest = number;
    loop {
        out.push(b'0' + (rest % 10) as u8);
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    if let Some(digits) = out.get_mut(start..) {
        digits.reverse();
    }
}

/// The large sheets of a workbook, to be put into its frames.
pub(crate) struct Findings<'a> {
    pub(crate) report: &'a View,
    pub(crate) cells: Cells<'a>,
    /// The last column, from 0.
    pub(crate) last_column: u16,
    /// Each with the number of its sheet in the workbook, from 1.
    pub(crate) sheets: Vec<(usize, Sheet, SheetLinks)>,
}

impl Findings<'_> {
    /// Whether `frame` is as the crate writes it, so that rows can be put into it. It is, unless the crate is another than
    /// the one that these rows were written for.
    pub(crate) fn fits(&self, frame: &[u8]) -> io::Result<bool> {
        let archive = crate::package::open(frame)?;
        let parts = crate::package::parts(&archive)?;
        let text = |name: &str| parts.iter().find(|part| part.name == name).map(Part::text).transpose();
        let mut fits = text(STRINGS)?.is_some_and(|strings| Strings::new(&strings).is_some());
        for (number, ..) in &self.sheets {
            let sheet = text(&format!("xl/worksheets/sheet{number}.xml"))?;
            fits &= sheet.is_some_and(|xml| Frame::new(&xml, "A1").is_some());
        }
        Ok(fits)
    }

    /// Writes the workbook of which `frame` has all but the findings.
    pub(crate) fn write(&self, frame: &[u8], output: impl io::Write, level: u8) -> io::Result<()> {
        let archive = crate::package::open(frame)?;
        let parts = crate::package::parts(&archive)?;
        let strings = parts.iter().find(|part| part.name == STRINGS).map(Part::text).transpose()?;
        let strings = strings.as_deref().and_then(Strings::new).ok_or_else(unknown)?;
        let used = AtomicU64::new(strings.used);
        let mut package = Package::new(output, level);
        // The strings come last, when it is known how often they are used.
        for part in parts.iter().filter(|part| ![STRINGS, crate::seal::PART].contains(&part.name.as_str())) {
            let number = part.name.strip_prefix("xl/worksheets/sheet").and_then(|name| name.strip_suffix(".xml"));
            let number = number.and_then(|number| number.parse().ok());
            match self.sheets.iter().find(|sheet| Some(sheet.0) == number) {
                None => package.copy(part)?,
                Some((number, plan, links)) => {
                    let last = format!("{}{}", column_number_to_name(self.last_column), plan.rows.len() + 1);
                    let rows = Rows {
                        report: self.report,
                        cells: &self.cells,
                        links,
                        frame: Frame::new(&part.text()?, &last).ok_or_else(unknown)?,
                        names: self.cells.columns.iter().map(|column| column_number_to_name(column.at)).collect(),
                        first_string: strings.unique,
                    };
                    write_sheet(&mut package, &part.name, plan, &rows, &used)?;
                    if !links.targets.is_empty() {
                        let name = format!("xl/worksheets/_rels/sheet{number}.xml.rels");
                        package.write(&name, 1, |_, out| links.push_relationships(out, &self.cells))?;
                    }
                }
            }
        }
        let pieces = (self.cells.strings as usize).div_ceil(PIECE_STRINGS);
        let used = used.into_inner();
        package.write(STRINGS, pieces + 2, |piece, out| match piece.checked_sub(1) {
            None => strings.push(out, used, strings.unique + self.cells.strings),
            Some(piece) if piece == pieces => out.extend_from_slice(b"</sst>"),
            Some(piece) => {
                let first = piece * PIECE_STRINGS;
                for number in first..(first + PIECE_STRINGS).min(self.cells.strings as usize) {
                    out.extend_from_slice(b"<si>");
                    xml::push_t(out, self.cells.string(number as u32));
                    out.extend_from_slice(b"</si>");
                }
            }
        })?;
        crate::seal::finish(package, &parts)
    }
}

/// Writes the rows of a sheet as the crate does: slower, and with more memory, but whatever the crate's frames look like.
pub(crate) fn write_by_crate(
    sheet: &mut Worksheet,
    view: &View,
    plan: &Sheet,
    (cells, links): (&Cells<'_>, &SheetLinks),
    formats: &Formats,
) -> Result<(), XlsxError> {
    for (row, finding) in findings(view, &plan.rows) {
        for column in &cells.columns {
            match column.get(finding) {
                CellValue::Value(Value::Blank) => {}
                CellValue::Value(Value::Number(number)) => {
                    let format = match () {
                        () if column.has_times() => &formats.date_time,
                        () if column.has_days() => formats.triage(TriageField::Due),
                        () => &formats.number,
                    };
                    sheet.write_number_with_format(row, column.at, number, format)?;
                }
                CellValue::Value(Value::Shared(shared)) => {
                    let text = cells.string(column.first_string + shared.string);
                    let page = shared.page.filter(|_| links.has(row, column.at));
                    match page.and_then(|page| column.pages.get(page as usize)) {
                        Some(page) => {
                            let url = Url::new(page.as_ref()).set_text(text);
                            sheet.write_url_with_format(row, column.at, url, &formats.link_plain)?;
                        }
                        None if column.is_severity() => {
                            write_text(sheet, row, column.at, text, formats.severity(plan.rank))?;
                        }
                        None => write_text(sheet, row, column.at, text, &formats.text)?,
                    }
                }
                CellValue::Own(text) => write_text(sheet, row, column.at, &fit(&text).0, &formats.text)?,
            }
        }
    }
    Ok(())
}

fn write_sheet<W: io::Write>(
    package: &mut Package<W>,
    name: &str,
    plan: &Sheet,
    rows: &Rows<'_>,
    used: &AtomicU64,
) -> io::Result<()> {
    let pieces = plan.rows.len().div_ceil(PIECE_ROWS);
    package.write(name, pieces + 2, |piece, out| match piece.checked_sub(1) {
        None => out.extend_from_slice(rows.frame.head.as_bytes()),
        Some(piece) if piece == pieces => {
            out.extend_from_slice(rows.frame.middle.as_bytes());
            rows.links.push(out, rows.cells);
            out.extend_from_slice(rows.frame.tail.as_bytes());
        }
        Some(piece) => {
            let first = piece * PIECE_ROWS;
            let chunk = plan.rows.get(first..plan.rows.len().min(first + PIECE_ROWS)).unwrap_or_default();
            let mut strings = 0;
            for (row, finding) in findings(rows.report, chunk) {
                strings += rows.push(out, first as u32 + row, finding);
            }
            used.fetch_add(strings, Ordering::Relaxed);
        }
    })
}

/// The shared strings of a frame.
struct Strings<'a> {
    used: u64,
    unique: u32,
    /// The elements.
    all: &'a str,
}

impl<'a> Strings<'a> {
    fn new(xml: &'a str) -> Option<Strings<'a>> {
        let (_, rest) = xml.split_once("<sst ")?;
        let (attributes, rest) = rest.split_once('>')?;
        let attribute = |name: &str| attributes.split_once(name)?.1.split('"').next();
        Some(Strings {
            used: attribute(" count=\"")?.parse().ok()?,
            unique: attribute(" uniqueCount=\"")?.parse().ok()?,
            all: rest.strip_suffix("</sst>")?,
        })
    }

    /// Appends the part up to the last of them; `used` and `unique` count what follows too.
    fn push(&self, out: &mut Vec<u8>, used: u64, unique: u32) {
        const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<sst \
                            xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"";
        out.extend_from_slice(format!("{HEAD} count=\"{used}\" uniqueCount=\"{unique}\">").as_bytes());
        out.extend_from_slice(self.all.as_bytes());
    }
}

fn unknown() -> io::Error {
    io::Error::other("a part of the workbook is not as rust_xlsxwriter writes it")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_that_is_not_understood_is_refused() {
        let cells = "<c r=\"A2\"><v>0</v></c>".to_owned()
            + &(3..9).map(|style| format!("<c r=\"B2\" s=\"{style}\"><v>0</v></c>")).collect::<String>();
        let xml = format!(
            "<worksheet><dimension ref=\"A1:F2\"/><sheetData><row r=\"1\"/><row r=\"2\" ht=\"9\">{cells}</row></sheetData>\
             <autoFilter/><pageMargins/></worksheet>"
        );
        let frame = Frame::new(&xml, "C10").unwrap();
        let styles = Styles { text: 0, quoted: 3, link: 4, severity: 5, number: 6, time: 7, day: 8 };
        assert_eq!((frame.styles, frame.row.as_str()), (styles, " ht=\"9\""));
        assert!(frame.head.contains("<dimension ref=\"A1:C10\"/>") && frame.head.ends_with("<row r=\"1\"/>"));
        assert_eq!(
            (frame.middle.as_str(), frame.tail.as_str()),
            ("</sheetData><autoFilter/>", "<pageMargins/></worksheet>")
        );
        for part in ["<row r=\"2\"", "</row><", "<pageMargins/>", "<dimension ref"] {
            assert!(Frame::new(&xml.replacen(part, " ", 1), "C10").is_none(), "{part}");
        }
    }
}

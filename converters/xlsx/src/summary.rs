//! The first sheet: how bad it is, what to do first, and where.

use inspector_report_analysis::{Priorities, Priority, Statistics, order::groups_worst_first};
use inspector_report_document::{Cell, Detail, Table, Tables, judged_by};
use inspector_report_localizer::{Args, Lang, Localizer};
use inspector_report_model::{Column, View, jiff::tz::TimeZone, value::Severity};
use rust_xlsxwriter::{
    Chart, ChartAxisLabelPosition, ChartDataLabel, ChartFont, ChartFormat, ChartLegendPosition, ChartLine, ChartPoint,
    ChartSolidFill, ChartType, Color, Format, Url, Worksheet, XlsxError,
};

use crate::{
    cell::{fit_written, write_text},
    format::{self, Formats},
    layout,
    serial::serial,
};

/// How many actions and resources are shown.
const SHOWN: usize = 10;

/// How many accounts and Regions are named.
const NAMED: usize = 5;

/// The columns of the sheet: one for names, the others for figures.
const LAST_COLUMN: u16 = 9;

/// The widths of the first column and of the last, in characters.
const FIRST_WIDTH: f64 = 58.0;
const LAST_WIDTH: f64 = 22.0;

/// How wide and high the sheet's rows of charts are, in pixels and in rows of 20 pixels.
const CHARTS: (u32, u32) = (1_520, 17);

/// How many rows the charts of resources, accounts and owners have, whose bars all have a name.
const NAMED_CHARTS: u32 = 22;

/// How wide a column of figures is, in characters.
const FIGURE_WIDTH: f64 = 16.5;

/// What did not fit into the workbook as it should.
#[derive(Clone, Copy)]
pub(crate) struct Limits {
    /// Values that were cut.
    pub(crate) cut: u64,
    /// Addresses that are no links.
    pub(crate) unlinked: u64,
}

type BySeverity = [u64; Severity::KNOWN.len() + 1];

/// Writes the sheet.
pub(crate) fn write(
    report: &View,
    contents: &[(String, String)],
    limits: Limits,
    texts: &Localizer,
    formats: &Formats,
) -> Result<Worksheet, XlsxError> {
    let mut sheet = Worksheet::new();
    sheet.set_name(texts.get("xlsx-summary"))?;
    sheet.set_screen_gridlines(false);
    sheet.set_column_width(0, FIRST_WIDTH)?;
    sheet.set_column_range_width(1, LAST_COLUMN - 1, FIGURE_WIDTH)?;
    sheet.set_column_width(LAST_COLUMN, LAST_WIDTH)?;
    let tables = Tables::new(report, texts, SHOWN, Detail::Workbook);
    let mut page = Page { sheet: &mut sheet, row: 0, report, tables, texts, formats };
    page.title()?;
    let has_open = Statistics::of(report).total.open > 0;
    if has_open {
        page.figures()?;
    }
    page.sentences()?;
    if has_open {
        page.priorities()?;
        page.actions()?;
        page.owners()?;
    }
    let second_page = page.row;
    let by_severity = page.severities()?;
    page.changes()?;
    if has_open {
        let first_charts = page.row;
        page.row += CHARTS.1 + 1;
        let by_age = page.ages()?;
        page.row += 1;
        page.charts((first_charts, CHARTS.1), vec![by_severity, by_age])?;
    }
    page.facts(limits)?;
    let printed = page.row;
    page.contents(contents)?;
    page.where_it_is()?;
    layout::print(&mut sheet, None)?;
    // What a manager needs on the first page, how bad it is on the second; where it is is for the screen.
    sheet.set_print_fit_to_pages(1, 2).set_print_area(0, 0, printed, LAST_COLUMN)?;
    sheet.set_page_breaks(&[second_page])?;
    sheet.set_active(true);
    Ok(sheet)
}

/// The columns of findings by severity in the tables of resources, accounts and owners, with the ranks whose colours they
/// have in charts.
const PARTS: [(u16, usize); 4] = [(2, 0), (3, 1), (4, 2), (5, 4)];

/// How the part of a chart for a severity looks.
fn painted(rank: usize) -> ChartFormat {
    let mut format = ChartFormat::new();
    format
        .set_solid_fill(ChartSolidFill::new().set_color(format::fill(rank)))
        .set_border(ChartLine::new().set_color(Color::RGB(0x7F7F7F)));
    format
}

/// Gives a chart its title, in a size that leaves room for the chart.
pub(crate) fn title(chart: &mut Chart, title: &str) {
    chart.title().set_name(title).set_font(ChartFont::new().set_bold().set_size(13));
}

/// The sheet, and the row that is to be written next.
struct Page<'a> {
    sheet: &'a mut Worksheet,
    row: u32,
    report: &'a View,
    tables: Tables<'a>,
    texts: &'a Localizer,
    formats: &'a Formats,
}

/// The rows of a table on the sheet.
#[derive(Clone, Copy)]
struct Placed {
    head: u32,
    first: u32,
    last: u32,
}

impl Page<'_> {
    fn title(&mut self) -> Result<(), XlsxError> {
        self.sheet.set_row_height(0, 30)?;
        self.text(0, &self.texts.get("title"), &self.formats.title)?;
        self.row += 1;
        // The one sentence that must be read is as wide as the page.
        let headline = Statistics::of(self.report).headline(self.report, self.texts);
        // It is larger than the text that widths are counted in, and longer where something is missing or left out.
        let width = FIRST_WIDTH + FIGURE_WIDTH * f64::from(LAST_COLUMN - 1) + LAST_WIDTH;
        let lines = layout::wrapped_lines(&headline, width * 0.8).max(2);
        self.sheet.set_row_height(self.row, 18.0 * f64::from(lines))?;
        self.sheet.merge_range(self.row, 0, self.row, LAST_COLUMN, &headline, &self.formats.headline)?;
        self.row += 1;
        Ok(())
    }

    /// The figures that must be seen, large: each with what it counts below it.
    fn figures(&mut self) -> Result<(), XlsxError> {
        let (statistics, texts) = (Statistics::of(self.report), self.texts);
        let policy = Priorities::of(self.report).policy();
        let label = |priority| policy.label(priority, texts);
        let nobody = statistics.owners.iter().find(|owner| owner.name.is_empty());
        let second = match &statistics.due {
            Some(due) => (texts.get("figure-overdue"), due.overdue),
            None => (label(Priority::Soon), statistics.by_priority[Priority::Soon.rank()]),
        };
        let figures = [
            (label(Priority::ActNow), statistics.by_priority[Priority::ActNow.rank()]),
            second,
            (texts.get("figure-exploit"), statistics.total.exploit),
            (texts.get("figure-no-owner"), nobody.map_or(0, |owner| owner.by_severity.iter().sum())),
        ];
        // The first column is as wide as three others.
        const PLACES: [(u16, u16); 4] = [(0, 0), (1, 3), (4, 6), (7, 9)];
        self.row += 1;
        self.sheet.set_row_height(self.row, 40)?;
        self.sheet.set_row_height(self.row + 1, 20)?;
        for ((name, count), (first, last)) in figures.into_iter().zip(PLACES) {
            let [number, word] = self.formats.large(count > 0);
            if first < last {
                self.sheet.merge_range(self.row, first, self.row, last, "", number)?;
                self.sheet.merge_range(self.row + 1, first, self.row + 1, last, "", word)?;
            }
            self.number(first, count as f64, number)?;
            write_text(self.sheet, self.row + 1, first, &fit_written(&name).0, word)?;
        }
        self.row += 3;
        Ok(())
    }

    /// How much there is to do, and when.
    fn priorities(&mut self) -> Result<(), XlsxError> {
        self.section("section-priorities")?;
        self.table(&self.tables.by_priority())?;
        Ok(())
    }

    /// Who has how much to do, and by when.
    fn owners(&mut self) -> Result<(), XlsxError> {
        let Some(table) = self.tables.owners(SHOWN) else { return Ok(()) };
        self.section("section-owners-due")?;
        self.table(&table)?;
        if table.more > 0 {
            self.text(0, &self.more(table.more), &self.formats.label)?;
            self.row += 1;
        }
        Ok(())
    }

    /// What the tables say, for people who skip them.
    fn sentences(&mut self) -> Result<(), XlsxError> {
        for sentence in Statistics::of(self.report).sentences(self.report, SHOWN, self.texts) {
            let bullet = if self.texts.lang() == Lang::Ja { "・" } else { "• " };
            let line = format!("{bullet}{sentence}");
            self.text(0, &line, &self.formats.text)?;
            self.row += 1;
        }
        self.row += 1;
        Ok(())
    }

    /// Where the figures come from.
    fn facts(&mut self, limits: Limits) -> Result<(), XlsxError> {
        let (report, texts) = (self.report, self.texts);
        let statistics = Statistics::of(report);
        let rows = Args::new()
            .count("read", report.rows_read())
            .count("here", report.len() as u64)
            .count("filtered", report.filtered_out())
            .count("lost", report.rows_lost())
            .count("repeated", report.repeated());
        let names = |names: &[String]| match names.len().checked_sub(NAMED) {
            Some(more) if more > 0 => {
                format!(
                    "{}: {} … (+{})",
                    texts.number(names.len() as u64),
                    names[..NAMED].join(", "),
                    texts.number(more as u64)
                )
            }
            _ => names.join(", "),
        };
        let mut facts = vec![
            ("fact-source", report.file_name().to_owned()),
            ("fact-data-date", statistics.data_date.map(|time| texts.date_time(time)).unwrap_or_default()),
            ("xlsx-rows", texts.format("xlsx-rows-text", &rows)),
            ("xlsx-accounts", names(&statistics.covered_accounts)),
            ("xlsx-regions", names(&statistics.covered_regions)),
            ("xlsx-zone", texts.format("xlsx-zone-text", &Args::new().text("zone", texts.zone().1))),
        ];
        if statistics.total.accepted > 0 {
            let count = Args::new().count("accepted", statistics.total.accepted);
            facts.push(("figure-accepted", texts.format("xlsx-accepted-text", &count)));
        }
        if !report.filters().is_empty() {
            facts.push(("fact-filters", report.filters().join(" ")));
        }
        if !report.problems().is_empty() {
            let count = Args::new().count("problems", report.problems().len() as u64);
            facts.push(("xlsx-problems-fact", texts.format("xlsx-problems-text", &count)));
        }
        if limits.cut + limits.unlinked > 0 {
            let args = Args::new().count("cut", limits.cut).count("unlinked", limits.unlinked);
            facts.push(("xlsx-limits", texts.format("xlsx-limits-text", &args)));
        }
        let facts = facts.into_iter().map(|(key, value)| (texts.get(key), value));
        let judged = judged_by(report, texts).into_iter().map(|(name, cell)| (name, cell.words(texts)));
        self.section("xlsx-section-facts")?;
        for (name, value) in facts.chain(judged).filter(|(_, value)| !value.is_empty()) {
            self.text(0, &name, &self.formats.label)?;
            self.text(1, &value, &self.formats.text)?;
            self.row += 1;
        }
        Ok(())
    }

    /// The counts by severity. Gives a chart of them.
    fn severities(&mut self) -> Result<Chart, XlsxError> {
        self.section("section-severities")?;
        let placed = self.table(&self.tables.severities())?;
        self.note("xlsx-note-open")?;
        Ok(self.severity_chart(placed.first, placed.last - 1))
    }

    /// What became of the findings of an earlier report.
    fn changes(&mut self) -> Result<(), XlsxError> {
        let Some(comparison) = self.report.comparison() else { return Ok(()) };
        self.section("section-changes")?;
        self.table(&self.tables.changes(comparison))?;
        let mut said = self.tables.compared(comparison);
        let (not_covered, more) = self.tables.not_covered(comparison, NAMED);
        said.extend(not_covered);
        said.extend((more > 0).then(|| self.more(more)));
        for sentence in said {
            self.text(0, &sentence, &self.formats.label)?;
            self.row += 1;
        }
        self.row += 1;
        Ok(())
    }

    fn more(&self, more: u64) -> String {
        self.texts.format("xlsx-problems-more", &Args::new().count("more", more))
    }

    /// A remark below a table.
    fn note(&mut self, key: &str) -> Result<(), XlsxError> {
        self.text(0, &self.texts.get(key), &self.formats.label)?;
        self.row += 2;
        Ok(())
    }

    /// Bars in the colours of the severities, with their values: a chart that can go into slides as it is.
    fn severity_chart(&self, first: u32, last: u32) -> Chart {
        let name = self.texts.get("xlsx-summary");
        let points = self.tables.shown().map(|rank| ChartPoint::new().set_format(&mut painted(rank)));
        let mut chart = Chart::new(ChartType::Bar);
        chart
            .add_series()
            .set_categories((name.as_str(), first, 0, last, 0))
            .set_values((name.as_str(), first, 1, last, 1))
            .set_points(&points.collect::<Vec<_>>())
            .set_data_label(ChartDataLabel::new().show_value().set_num_format("#,##0"))
            .set_gap(40);
        title(&mut chart, &self.texts.get("xlsx-chart-title"));
        chart.legend().set_hidden();
        // Bars grow upwards from the axis: reversed, the worst severity is on top, as in the table.
        chart.y_axis().set_reverse();
        chart.x_axis().set_major_gridlines(false).set_hidden(true);
        chart.set_alt_text(fit_alt_text(&Statistics::of(self.report).headline(self.report, self.texts)));
        chart
    }

    /// Bars of which each is a row of a table and each part a column of it, in the colours of severities: `parts` are
    /// the columns with their ranks.
    fn stacked_chart(&self, kind: ChartType, name: &str, placed: Placed, parts: &[(u16, usize)]) -> Chart {
        let sheet = self.texts.get("xlsx-summary");
        let Placed { head, first, last } = placed;
        let mut chart = Chart::new(kind);
        for (column, rank) in parts {
            chart
                .add_series()
                .set_name((sheet.as_str(), head, *column))
                .set_categories((sheet.as_str(), first, 0, last, 0))
                .set_values((sheet.as_str(), first, *column, last, *column))
                .set_format(&mut painted(*rank))
                .set_gap(40)
                .set_overlap(100);
        }
        title(&mut chart, name);
        chart.legend().set_position(ChartLegendPosition::Bottom);
        chart.y_axis().set_major_gridlines(false);
        if kind == ChartType::BarStacked {
            // In a size that leaves every bar its name: programs leave out labels that they find too close.
            chart.y_axis().set_reverse().set_font(ChartFont::new().set_size(8));
            chart.x_axis().set_major_gridlines(false).set_label_position(ChartAxisLabelPosition::High);
            chart.x_axis().set_num_format("#,##0");
        } else {
            chart.y_axis().set_num_format("#,##0");
        }
        chart.set_alt_text(name);
        chart
    }

    /// Puts charts side by side at a row.
    fn charts(&mut self, (row, rows): (u32, u32), charts: Vec<Chart>) -> Result<(), XlsxError> {
        let (width, _) = CHARTS;
        let each = width / u32::try_from(charts.len().max(2)).unwrap_or(2);
        for (mut chart, place) in charts.into_iter().zip(0..) {
            chart.set_width(each - 10).set_height(rows * 20 - 10);
            self.sheet.insert_chart_with_offset(row, 0, &chart, 4 + place * each, 4)?;
        }
        Ok(())
    }

    /// How long findings have been open, and what share of them is old, has a fix, has an exploit. Gives a chart.
    fn ages(&mut self) -> Result<Chart, XlsxError> {
        self.section("section-ages")?;
        let placed = self.table(&self.tables.ages())?;
        self.note("xlsx-note-age")?;
        self.table(&self.tables.shares())?;
        let parts: Vec<(u16, usize)> = (1..).zip(self.tables.shown()).collect();
        let title = self.texts.get("xlsx-chart-age");
        Ok(self.stacked_chart(ChartType::ColumnStacked, &title, placed, &parts))
    }

    /// The worst resources; accounts and owners, where there are several; charts of them.
    fn where_it_is(&mut self) -> Result<(), XlsxError> {
        let (statistics, texts) = (Statistics::of(self.report), self.texts);
        // The charts first, so that no page ends in them; their tables may go on on another.
        let first = self.row;
        if !statistics.resources.is_empty() {
            self.row += NAMED_CHARTS + 1;
        }
        let mut charts = Vec::new();
        charts.extend(self.resources()?);
        if statistics.accounts.len() > 1 {
            charts.push(self.groups(
                &statistics.accounts,
                ["section-accounts", "xlsx-chart-accounts"],
                texts.column(Column::AwsAccountId),
            )?);
        }
        if statistics.owners.len() > 1 {
            let owners = statistics.owners.iter().map(|owner| (owner.name.as_str(), owner.by_severity));
            charts.push(self.groups(
                &groups_worst_first(owners),
                ["section-owners", "xlsx-chart-owners"],
                texts.get("figure-owner"),
            )?);
        }
        self.charts((first, NAMED_CHARTS), charts)
    }

    /// Open findings by something, the worst first. Gives a chart.
    fn groups(
        &mut self,
        groups: &[(String, BySeverity)],
        [section, chart]: [&str; 2],
        heading: String,
    ) -> Result<Chart, XlsxError> {
        self.section(section)?;
        let table = self.tables.groups(heading, groups, "nobody", SHOWN);
        let placed = self.table(&table)?;
        if table.more > 0 {
            self.text(0, &self.more(table.more), &self.formats.label)?;
            self.row += 1;
        }
        self.row += 1;
        Ok(self.stacked_chart(ChartType::BarStacked, &self.texts.get(chart), placed, &PARTS))
    }

    fn actions(&mut self) -> Result<(), XlsxError> {
        let table = self.tables.actions();
        if table.rows.is_empty() {
            return Ok(());
        }
        self.section("section-actions")?;
        let placed = self.table(&table)?;
        // Two lines are enough for nearly all; the whole text is in the cell.
        let line = if self.texts.lang() == Lang::Ja { 50 } else { 60 };
        for (row, what) in (placed.first..).zip(&table.rows) {
            let is_long = what.cells.first().is_some_and(|cell| cell.words(self.texts).chars().count() > line);
            self.sheet.set_row_height(row, if is_long { 34 } else { 18 })?;
        }
        self.row += 1;
        Ok(())
    }

    fn resources(&mut self) -> Result<Option<Chart>, XlsxError> {
        let table = self.tables.resources();
        if table.rows.is_empty() {
            return Ok(None);
        }
        self.section("section-resources")?;
        let placed = self.table(&table)?;
        self.row += 1;
        let title = self.texts.get("xlsx-chart-resources");
        Ok(Some(self.stacked_chart(ChartType::BarStacked, &title, placed, &PARTS)))
    }

    /// Links to the other sheets, with what is on them.
    fn contents(&mut self, contents: &[(String, String)]) -> Result<(), XlsxError> {
        if contents.is_empty() {
            return Ok(());
        }
        self.section("xlsx-section-contents")?;
        for (name, about) in contents {
            self.link(name)?;
            self.text(1, about, &self.formats.text)?;
            self.row += 1;
        }
        Ok(())
    }

    fn section(&mut self, key: &str) -> Result<(), XlsxError> {
        self.row += 1;
        self.sheet.set_row_height(self.row, 24)?;
        self.text(0, &self.texts.get(key), &self.formats.section)?;
        for column in 1..=LAST_COLUMN {
            self.text(column, "", &self.formats.section)?;
        }
        self.row += 1;
        Ok(())
    }

    /// A table, each cell with the type and the format of what it holds.
    fn table(&mut self, table: &Table) -> Result<Placed, XlsxError> {
        let head = self.row;
        let mut lines = 2;
        for (head, at) in table.heads.iter().zip(0..) {
            let format = match head.is_figure {
                true => &self.formats.header_right,
                false => &self.formats.header_indented,
            };
            if at > 0 {
                lines = lines.max(layout::wrapped_lines(&head.title, FIGURE_WIDTH));
            }
            self.text(at, &head.title, format)?;
        }
        self.sheet.set_row_height(self.row, f64::from(lines) * layout::row_height(self.texts) + 2.0)?;
        self.row += 1;
        let first = self.row;
        for row in &table.rows {
            for (cell, at) in row.cells.iter().zip(0..) {
                let is_figure = table.heads.get(usize::from(at)).is_some_and(|head| head.is_figure);
                self.cell(at, cell, is_figure, row.is_total)?;
            }
            self.row += 1;
        }
        Ok(Placed { head, first, last: self.row - 1 })
    }

    fn cell(&mut self, column: u16, cell: &Cell, is_figure: bool, is_total: bool) -> Result<(), XlsxError> {
        let formats = self.formats;
        let of = |usual, total| if is_total { total } else { usual };
        match cell {
            Cell::Empty => Ok(()),
            Cell::Severity(rank) => self.text(column, &cell.words(self.texts), formats.severity(*rank)),
            Cell::Count(number) => self.number(column, *number as f64, of(&formats.count, &formats.total_count)),
            Cell::Share { part, whole } => {
                let format = of(&formats.share, &formats.total_share);
                match whole {
                    0 => self.text(column, "", format),
                    whole => self.number(column, *part as f64 / *whole as f64, format),
                }
            }
            Cell::Date(time) => {
                let format = of(&formats.date, &formats.total_date);
                match time.and_then(|time| serial(time, self.texts.zone().0)) {
                    Some(serial) => self.number(column, serial, format),
                    None => self.text(column, "", format),
                }
            }
            Cell::Day(day) => {
                let time = day.and_then(|day| TimeZone::UTC.to_timestamp(day.into()).ok());
                match time.and_then(|time| serial(time, &TimeZone::UTC)) {
                    Some(serial) => self.number(column, serial, &formats.date),
                    None => self.text(column, "", &formats.date),
                }
            }
            _ => {
                let format = match (column, cell) {
                    (0, _) if is_total => &formats.total,
                    (0, Cell::Text(..)) => &formats.wrapped,
                    (1.., _) if is_figure => &formats.count,
                    _ => &formats.indented,
                };
                self.text(column, &cell.words(self.texts), format)
            }
        }
    }

    fn link(&mut self, name: &str) -> Result<(), XlsxError> {
        let url = Url::new(format!("internal:'{name}'!A1")).set_text(name);
        self.sheet.write_url_with_format(self.row, 0, url, &self.formats.link)?;
        Ok(())
    }

    fn text(&mut self, column: u16, text: &str, format: &Format) -> Result<(), XlsxError> {
        write_text(self.sheet, self.row, column, &fit_written(text).0, format)
    }

    fn number(&mut self, column: u16, number: f64, format: &Format) -> Result<(), XlsxError> {
        self.sheet.write_number_with_format(self.row, column, number, format)?;
        Ok(())
    }
}

/// As much of a text as Excel takes for what a chart shows: whole sentences, else whole words.
fn fit_alt_text(text: &str) -> String {
    const MOST: usize = 255;
    let Some((end, _)) = text.char_indices().nth(MOST) else { return text.to_owned() };
    let fitting = &text[..end];
    let sentence = |(at, sign): (usize, char)| match sign {
        '。' => Some(at + sign.len_utf8()),
        '.' => text[at + 1..].starts_with(' ').then_some(at + 1),
        _ => None,
    };
    let end = fitting.char_indices().rev().find_map(sentence).or_else(|| fitting.rfind(' ')).unwrap_or(end);
    text[..end].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alternative_text_ends_where_a_sentence_or_a_word_does() {
        let words = "word ".repeat(51);
        assert_eq!(fit_alt_text(&"x".repeat(255)).len(), 255);
        assert_eq!(fit_alt_text(&"\u{3042}".repeat(256)).chars().count(), 255);
        assert_eq!(fit_alt_text(&format!("{words}word")), words.trim_end());
        assert_eq!(fit_alt_text(&format!("One of 3.14. Two. {words}")), "One of 3.14. Two.");
        assert_eq!(fit_alt_text(&format!("\u{4e00}\u{3002}{}", "\u{3042}".repeat(255))), "\u{4e00}\u{3002}");
    }
}

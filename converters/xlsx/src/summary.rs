//! The first sheet: how bad it is, what to do first, and where.

use inspector_report_core::{Args, Column, Counts, Lang, Report, Texts, value::Severity};
use rust_xlsxwriter::{
    Chart, ChartDataLabel, ChartFormat, ChartLine, ChartPoint, ChartSolidFill, ChartType, Color, Format, Url,
    Worksheet, XlsxError,
};

use crate::{
    cell::{fit, write_text},
    format::{self, Formats},
    layout,
    sheet::serial,
};

/// How many actions and resources are shown.
const SHOWN: usize = 10;

/// How many accounts and Regions are named.
const NAMED: usize = 5;

/// The columns of the sheet: one for names, the others for figures.
const LAST_COLUMN: u16 = 9;

/// Writes the sheet.
pub(crate) fn write(
    report: &Report,
    contents: &[(String, String)],
    texts: &Texts,
    formats: &Formats,
) -> Result<Worksheet, XlsxError> {
    let mut sheet = Worksheet::new();
    sheet.set_name(texts.get("xlsx-summary"))?;
    sheet.set_screen_gridlines(false);
    sheet.set_column_width(0, 58)?;
    sheet.set_column_range_width(1, LAST_COLUMN - 1, 14)?;
    sheet.set_column_width(LAST_COLUMN, 22)?;
    let mut page = Page { sheet: &mut sheet, row: 0, report, texts, formats };
    page.title()?;
    page.facts()?;
    page.severities()?;
    let second_page = page.row;
    page.actions()?;
    page.resources()?;
    page.contents(contents)?;
    let last = page.row;
    layout::print(&mut sheet, None)?;
    sheet.set_print_fit_to_pages(1, 0).set_print_area(0, 0, last, LAST_COLUMN)?;
    // How bad on the first page, what to do on the second.
    sheet.set_page_breaks(&[second_page])?;
    sheet.set_active(true);
    Ok(sheet)
}

/// The sheet, and the row that is to be written next.
struct Page<'a> {
    sheet: &'a mut Worksheet,
    row: u32,
    report: &'a Report,
    texts: &'a Texts,
    formats: &'a Formats,
}

impl Page<'_> {
    fn title(&mut self) -> Result<(), XlsxError> {
        self.sheet.set_row_height(0, 30)?;
        self.text(0, &self.texts.get("title"), &self.formats.title)?;
        self.row += 1;
        // The one sentence that must be read is as wide as the page.
        let headline = self.report.figures().headline(self.texts);
        self.sheet.set_row_height(self.row, 36)?;
        self.sheet.merge_range(self.row, 0, self.row, LAST_COLUMN, &headline, &self.formats.headline)?;
        self.row += 1;
        Ok(())
    }

    /// Where the figures come from.
    fn facts(&mut self) -> Result<(), XlsxError> {
        let (report, texts) = (self.report, self.texts);
        let figures = report.figures();
        let rows = Args::new()
            .count("read", report.rows_read())
            .count("here", report.len() as u64)
            .count("filtered", report.filtered_out())
            .count("lost", report.rows_lost());
        let names = |groups: &[(String, [u64; Severity::KNOWN.len() + 1])]| {
            let mut names: Vec<&str> =
                groups.iter().map(|(name, _)| name.as_str()).filter(|name| !name.is_empty()).collect();
            let more = names.len().saturating_sub(NAMED);
            names.truncate(NAMED);
            let more = if more > 0 { format!(" … (+{})", texts.number(more as u64)) } else { String::new() };
            format!("{}{more}", names.join(", "))
        };
        let mut facts = vec![
            ("fact-source", report.file_name().to_owned()),
            ("fact-data-date", figures.data_date.map(|time| texts.date_time(time)).unwrap_or_default()),
            ("xlsx-rows", texts.format("xlsx-rows-text", &rows)),
            ("xlsx-accounts", names(&figures.accounts)),
            ("xlsx-regions", names(&figures.regions)),
            ("xlsx-zone", texts.format("xlsx-zone-text", &Args::new().text("zone", texts.zone().1))),
        ];
        if !report.filters().is_empty() {
            facts.push(("fact-filters", report.filters().join(" ")));
        }
        if !report.problems().is_empty() {
            let count = Args::new().count("problems", report.problems().len() as u64);
            facts.push(("xlsx-problems-fact", texts.format("xlsx-problems-text", &count)));
        }
        for (key, value) in facts.into_iter().filter(|(_, value)| !value.is_empty()) {
            self.text(0, &texts.get(key), &self.formats.label)?;
            self.text(1, &value, &self.formats.text)?;
            self.row += 1;
        }
        Ok(())
    }

    /// The counts by severity, and a chart of them.
    fn severities(&mut self) -> Result<(), XlsxError> {
        self.section("section-severities")?;
        let heads =
            ["open", "vulnerabilities", "resources", "fix", "exploit", "oldest", "suppressed", "closed", "findings"];
        self.head("column-severity", &heads)?;
        let figures = self.report.figures();
        let first = self.row;
        let known = Severity::KNOWN.len();
        let shown: Vec<usize> =
            (0..=known).filter(|rank| *rank < known || figures.by_severity[*rank].findings > 0).collect();
        for rank in &shown {
            let name = self.texts.severity_rank(*rank);
            self.text(0, &name, self.formats.severity(*rank))?;
            self.counts(&figures.by_severity[*rank], &self.formats.count, &self.formats.date)?;
            self.row += 1;
        }
        let last = self.row - 1;
        self.text(0, &self.texts.get("total"), &self.formats.total)?;
        self.counts(&figures.total, &self.formats.total_count, &self.formats.total_date)?;
        self.row += 1;
        self.text(0, &self.texts.get("xlsx-note-open"), &self.formats.label)?;
        self.row += 2;
        if figures.total.open > 0 {
            self.chart(first, last, &shown)?;
        }
        Ok(())
    }

    fn counts(&mut self, counts: &Counts, format: &Format, date: &Format) -> Result<(), XlsxError> {
        let numbers = [counts.open, counts.vulnerabilities, counts.resources, counts.fixable(), counts.exploit];
        for (at, number) in numbers.into_iter().enumerate() {
            self.number(at as u16 + 1, number, format)?;
        }
        match counts.oldest.and_then(|time| serial(time, self.texts)) {
            Some(serial) => drop(self.sheet.write_number_with_format(self.row, 6, serial, date)?),
            None => self.text(6, "", date)?,
        }
        for (at, number) in [counts.suppressed, counts.closed, counts.findings].into_iter().enumerate() {
            self.number(at as u16 + 7, number, format)?;
        }
        Ok(())
    }

    /// Bars in the colours of the severities, with their values: a chart that can go into slides as it is.
    fn chart(&mut self, first: u32, last: u32, shown: &[usize]) -> Result<(), XlsxError> {
        const ROWS: u32 = 18;
        let name = self.texts.get("xlsx-summary");
        let points = shown.iter().map(|rank| {
            ChartPoint::new().set_format(
                ChartFormat::new()
                    .set_solid_fill(ChartSolidFill::new().set_color(format::fill(*rank)))
                    .set_border(ChartLine::new().set_color(Color::RGB(0x7F7F7F))),
            )
        });
        let mut chart = Chart::new(ChartType::Bar);
        chart
            .add_series()
            .set_categories((name.as_str(), first, 0, last, 0))
            .set_values((name.as_str(), first, 1, last, 1))
            .set_points(&points.collect::<Vec<_>>())
            .set_data_label(ChartDataLabel::new().show_value().set_num_format("#,##0"))
            .set_gap(40);
        chart.title().set_name(self.texts.get("xlsx-chart-title").as_str());
        chart.legend().set_hidden();
        // Bars grow upwards from the axis: reversed, the worst severity is on top, as in the table.
        // Every bar has its name: Excel leaves out labels that it finds too close.
        chart.y_axis().set_reverse().set_label_interval(1);
        chart.x_axis().set_major_gridlines(false).set_hidden(true);
        chart.set_width(1000).set_height(ROWS * 20 - 20).set_alt_text(self.report.figures().headline(self.texts));
        self.sheet.insert_chart_with_offset(self.row, 0, &chart, 4, 4)?;
        self.row += ROWS;
        Ok(())
    }

    fn actions(&mut self) -> Result<(), XlsxError> {
        let figures = self.report.figures();
        if figures.actions.is_empty() {
            return Ok(());
        }
        self.section("section-actions")?;
        self.head("figure-action", &["settles", "critical", "high", "medium", "other", "exploit", "resources"])?;
        for action in figures.actions.iter().take(SHOWN) {
            let what = action.describe(self.report, self.texts);
            self.text(0, &what, &self.formats.wrapped)?;
            // Two lines are enough for nearly all; the whole text is in the cell.
            self.sheet.set_row_height(
                self.row,
                if what.chars().count() > if self.texts.lang() == Lang::Ja { 50 } else { 60 } { 34 } else { 18 },
            )?;
            let other = action.by_severity[3..].iter().sum();
            let [critical, high, medium, ..] = action.by_severity;
            let numbers = [action.findings(), critical, high, medium, other, action.exploit, action.resources];
            for (at, number) in numbers.into_iter().enumerate() {
                self.number(at as u16 + 1, number, &self.formats.count)?;
            }
            self.row += 1;
        }
        self.row += 1;
        Ok(())
    }

    fn resources(&mut self) -> Result<(), XlsxError> {
        let figures = self.report.figures();
        if figures.resources.is_empty() {
            return Ok(());
        }
        self.section("section-resources")?;
        self.head(
            "figure-resource",
            &["open", "critical", "high", "medium", "other", "exploit", "oldest", "account", "type"],
        )?;
        for resource in figures.resources.iter().take(SHOWN) {
            let Some(finding) = self.report.finding(resource.row) else { continue };
            let what = finding.resource();
            self.text(0, &what.name(), &self.formats.wrapped)?;
            let other = resource.by_severity[3..].iter().sum();
            let [critical, high, medium, ..] = resource.by_severity;
            let numbers = [resource.findings(), critical, high, medium, other, resource.exploit];
            for (at, number) in numbers.into_iter().enumerate() {
                self.number(at as u16 + 1, number, &self.formats.count)?;
            }
            match resource.oldest.and_then(|time| serial(time, self.texts)) {
                Some(serial) => drop(self.sheet.write_number_with_format(self.row, 7, serial, &self.formats.date)?),
                None => self.text(7, "", &self.formats.date)?,
            }
            self.text(8, what.account(), &self.formats.indented)?;
            self.text(9, &self.texts.resource_type(what.resource_type()), &self.formats.indented)?;
            self.row += 1;
        }
        self.row += 1;
        Ok(())
    }

    /// Links to the other sheets, with what is on them.
    fn contents(&mut self, contents: &[(String, String)]) -> Result<(), XlsxError> {
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

    /// The headings of a table: what its rows are, then its figures.
    fn head(&mut self, first: &str, figures: &[&str]) -> Result<(), XlsxError> {
        self.sheet.set_row_height(self.row, if self.texts.lang() == Lang::Ja { 36 } else { 32 })?;
        self.text(0, &self.texts.get(first), &self.formats.header)?;
        for (at, key) in figures.iter().enumerate() {
            let heading = match *key {
                "account" => self.texts.column(Column::AwsAccountId),
                "type" => self.texts.column(Column::ResourceType),
                key => self.texts.get(&format!("figure-{key}")),
            };
            let text = matches!(*key, "account" | "type");
            self.text(
                at as u16 + 1,
                &heading,
                if text { &self.formats.header_indented } else { &self.formats.header_right },
            )?;
        }
        self.row += 1;
        Ok(())
    }

    fn link(&mut self, name: &str) -> Result<(), XlsxError> {
        let url = Url::new(format!("internal:'{name}'!A1")).set_text(name);
        self.sheet.write_url_with_format(self.row, 0, url, &self.formats.link)?;
        Ok(())
    }

    fn text(&mut self, column: u16, text: &str, format: &Format) -> Result<(), XlsxError> {
        write_text(self.sheet, self.row, column, &fit(text).0, format)
    }

    fn number(&mut self, column: u16, number: u64, format: &Format) -> Result<(), XlsxError> {
        self.sheet.write_number_with_format(self.row, column, number as f64, format)?;
        Ok(())
    }
}

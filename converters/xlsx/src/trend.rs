//! A workbook of what a series of reports comes to: an overview with charts, and lists of the figures that they are of.

use inspector_report_analysis::{
    Trend, TrendBy,
    trend::{BySeverity, FixTimes, GroupStatistics, OpenFinding, Overdue, TargetStatistics, TrendMonth, TrendReport},
};
use inspector_report_format::Context;
use inspector_report_localizer::{Args, Lang, Localizer};
use inspector_report_model::{
    Column, Loss,
    jiff::civil::Date,
    value::{LINE_COLOURS, vulnerability_page},
};
use rust_xlsxwriter::{
    Chart, ChartAxisDateUnitType, ChartAxisLabelPosition, ChartFormat, ChartLegendPosition, ChartLine, ChartSolidFill,
    ChartType, Color, Url, Workbook, Worksheet, XlsxError,
};

use crate::{
    cell::{Cuts, fit_written, write_text},
    columns::Columns,
    format::{self, Formats},
    layout, summary,
    table::{Sheet, Table, names},
};

/// The most rows of a list: 1,048,576 (Microsoft, "Excel specifications and limits") less the header.
const MOST_ROWS: usize = 1_048_575;

/// How many columns the overview has, and how wide each is in characters.
const COLUMNS: u16 = 9;
const COLUMN_WIDTH: f64 = 17.0;

/// The size of a chart in pixels, and how many rows of the overview it takes.
const CHART: (u32, u32) = (540, 320);
const CHART_ROWS: u32 = 17;

/// Builds the workbook. Gives what is to be said about it.
pub(crate) fn build(workbook: &mut Workbook, trend: &Trend, context: &Context<'_>) -> Result<Vec<String>, XlsxError> {
    let texts = context.texts;
    let formats = Formats::new(texts);
    crate::prepare(workbook, &formats)?;
    let mut cuts = Cuts::default();
    let mut book = Book { trend, texts, formats: &formats, cuts: &mut cuts };
    let mut sheets = vec![
        ("series", book.series(workbook)?),
        ("months", book.months(workbook)?),
        ("fix", book.fix_times(workbook)?),
        ("groups", book.groups(workbook)?),
        ("oldest", book.oldest(workbook)?),
    ];
    if !trend.targets.is_empty() {
        sheets.push(("overdue", book.overdue(workbook)?));
    }
    sheets.push(("reports", book.reports(workbook)?));
    if let Some(problems) = book.problems(workbook)? {
        sheets.push(("problems", problems));
    }
    let contents: Vec<&str> = sheets.iter().map(|(name, _)| *name).collect();
    workbook.push_worksheet(Overview::write(trend, &contents, texts, &formats)?);
    for (_, sheet) in sheets {
        workbook.push_worksheet(sheet);
    }
    let (title, subject) = (texts.get("trend-title"), trend.period_text(texts));
    workbook.set_properties(&crate::properties(&title, &subject, Some(trend.to), context));
    let most = (trend.oldest.len() > MOST_ROWS).then(|| {
        format!("a sheet of Excel holds {MOST_ROWS} of the {} open findings; JSON has all", trend.oldest.len())
    });
    Ok(cuts.note().into_iter().chain(most).collect())
}

/// What the lists have in common.
struct Book<'a> {
    trend: &'a Trend,
    texts: &'a Localizer,
    formats: &'a Formats,
    cuts: &'a mut Cuts,
}

/// Of a month the findings that something happened to, by severity.
type Event = fn(&TrendMonth) -> &BySeverity;

/// What happens to findings in a month, and what is open at its end: the keys of the headings, in the order of the columns.
const EVENTS: [(&str, Event); 6] = [
    ("trend-opened", |month| &month.opened),
    ("trend-reopened", |month| &month.reopened),
    ("trend-fixed", |month| &month.fixed),
    ("trend-set-aside", |month| &month.set_aside),
    ("trend-unsuppressed", |month| &month.unsuppressed),
    ("trend-open-end", |month| &month.open),
];

impl<'a> Book<'a> {
    /// A sheet, of which the first columns stay in sight.
    fn sheet(&mut self, name: &str, frozen: u16) -> Sheet<'_> {
        let name = self.texts.get(&format!("trend-sheet-{name}"));
        Sheet { name, frozen, texts: self.texts, formats: self.formats, cuts: self.cuts }
    }

    /// The sum of open findings, and a column for each severity.
    fn open<T: 'a>(&self, columns: Columns<'a, T>, open: impl Fn(&T) -> &BySeverity + Copy + 'a) -> Columns<'a, T> {
        let columns = columns.count("trend-open-now", 12.0, move |row| open(row).iter().sum());
        let (width, texts) = (layout::severity_width(self.texts), self.texts);
        self.trend.shown_ranks().fold(columns, |columns, rank| {
            columns.cells(texts.severity_rank(rank), width, true, move |table, row| table.count(open(row)[rank]))
        })
    }

    fn series(&mut self, workbook: &mut Workbook) -> Result<Worksheet, XlsxError> {
        let series = &self.trend.series;
        let columns = Columns::<&(Date, BySeverity)>::new(self.texts).day("trend-day", 14.0, |row| Some(row.0));
        let columns = self.open(columns, |row| &row.1);
        columns.write(workbook, self.sheet("series", 1), "Trend_Series", series.iter().take(MOST_ROWS))
    }

    /// Of each month what happened, in columns for charts and pivots: first the totals, then each kind by severity.
    fn months(&mut self, workbook: &mut Workbook) -> Result<Worksheet, XlsxError> {
        let (trend, texts) = (self.trend, self.texts);
        let month = |table: &mut Table<'_>, row: &&TrendMonth| table.month(row.first_day);
        let mut columns = Columns::<&TrendMonth>::new(texts).cells(texts.get("trend-month"), 12.0, true, month);
        for (key, event) in EVENTS {
            columns = columns.count(key, 15.0, move |row| event(row).iter().sum());
        }
        for (key, event) in EVENTS {
            for rank in trend.shown_ranks() {
                let heading = format!("{}: {}", texts.get(key), texts.severity_rank(rank));
                columns = columns.cells(heading, 18.0, true, move |table, row| table.count(event(row)[rank]));
            }
        }
        columns.write(workbook, self.sheet("months", 1), "Trend_Months", trend.months.iter())
    }

    fn fix_times(&mut self, workbook: &mut Workbook) -> Result<Worksheet, XlsxError> {
        let (trend, texts) = (self.trend, self.texts);
        // A severity, or all.
        type Row<'a> = (Option<usize>, &'a FixTimes);
        let target = |row: &Row<'_>| trend.targets.iter().find(|target| Some(target.rank) == row.0);
        let of_target = |columns: Columns<'a, Row<'a>>, key: &str, width: f64, count: fn(&TargetStatistics) -> u64| {
            columns.cells(texts.get(key), width, true, move |table, row| match target(row) {
                Some(target) => table.count(count(target)),
                None => table.number(None),
            })
        };
        let width = layout::severity_width(texts).max(20.0);
        let columns = Columns::<Row<'_>>::new(texts)
            .cells(texts.column(Column::Severity), width, false, |table, row| match row.0 {
                Some(rank) => table.severity(rank),
                None => table.text(&texts.get("trend-all")),
            })
            .count("trend-fixed", 14.0, |row| row.1.fixed)
            .count("trend-timed", 16.0, |row| row.1.timed)
            .days("trend-mean", 14.0, |row| row.1.mean)
            .days("trend-percentile", 16.0, |row| row.1.percentile90)
            .when(!trend.targets.is_empty(), |columns| {
                let columns = of_target(columns, "trend-target", 14.0, |target| target.days.into());
                let columns = of_target(columns, "trend-in-time", 16.0, |target| target.in_time);
                of_target(columns, "trend-over", 14.0, |target| target.overdue)
            });
        let rows = trend.shown_ranks().map(|rank| (Some(rank), &trend.fix_times[rank]));
        let rows = rows.chain([(None, &trend.all_fix_times)]);
        columns.write(workbook, self.sheet("fix", 1), "Trend_DaysToFix", rows)
    }

    fn groups(&mut self, workbook: &mut Workbook) -> Result<Worksheet, XlsxError> {
        let (trend, texts) = (self.trend, self.texts);
        let columns = Columns::<(&TrendBy, &GroupStatistics)>::new(texts)
            .text("trend-group-kind", 16.0, |(by, _)| by.kind_text(texts))
            .text("trend-group", 34.0, |(by, group)| match (group.name.as_str(), by) {
                ("", TrendBy::Owner) => texts.get("nobody"),
                ("", _) => texts.get("blank"),
                (name, _) => name.to_owned(),
            });
        let columns = self
            .open(columns, |(_, group)| &group.open)
            .count("trend-opened-all", 12.0, |(_, group)| group.opened)
            .count("trend-fixed", 12.0, |(_, group)| group.fixed)
            .days("trend-mean", 12.0, |(_, group)| group.mean_days)
            .when(!trend.targets.is_empty(), |columns| columns.count("trend-over", 12.0, |(_, group)| group.overdue));
        let rows = trend.groups.iter().flat_map(|(by, groups)| groups.iter().map(move |group| (by, group)));
        columns.write(workbook, self.sheet("groups", 2), "Trend_Groups", rows)
    }

    /// The columns of open findings.
    fn findings<T: 'a>(&self, of: impl Fn(&T) -> &'a OpenFinding + Copy + 'a) -> Columns<'a, T> {
        let trend = self.trend;
        Columns::new(self.texts)
            .severity("column-severity", move |row| of(row).rank)
            .link("column-vulnerability-id", 21.0, move |row| {
                let id = of(row).vulnerability.clone();
                let page = vulnerability_page(&id);
                (id, page)
            })
            .text("column-title", 50.0, move |row| &of(row).title)
            .text("figure-resource", 38.0, move |row| &of(row).resource)
            .text("column-aws-account-id", 15.0, move |row| &of(row).account)
            .text("column-region", 17.0, move |row| &of(row).region)
            .text("figure-owner", 22.0, move |row| &of(row).owner)
            .day("trend-since", 14.0, move |row| of(row).since.map(|since| trend.day(since)))
            .days("trend-days", 12.0, move |row| of(row).days)
    }

    /// Those behind them: what people filled in, if anyone did, and the ARN.
    fn behind<T: 'a>(&self, columns: Columns<'a, T>, of: impl Fn(&T) -> &'a OpenFinding + Copy + 'a) -> Columns<'a, T> {
        let is_filled = self.trend.oldest.iter().any(|finding| !finding.triage.is_blank());
        columns.when(is_filled, |columns| columns.filled(false, move |row| Some(&of(row).triage))).text(
            "column-finding-arn",
            50.0,
            move |row| &of(row).arn,
        )
    }

    fn oldest(&mut self, workbook: &mut Workbook) -> Result<Worksheet, XlsxError> {
        let columns = self.findings(|finding: &&'a OpenFinding| *finding);
        let columns = self.behind(columns, |finding| *finding);
        let rows = self.trend.oldest.iter().take(MOST_ROWS);
        columns.write(workbook, self.sheet("oldest", 2), "Trend_Open", rows)
    }

    fn overdue(&mut self, workbook: &mut Workbook) -> Result<Worksheet, XlsxError> {
        let columns = self
            .findings(|overdue: &&'a Overdue| &overdue.finding)
            .count("trend-target", 14.0, |overdue| overdue.target.into())
            .days("trend-days-over", 12.0, |overdue| Some(overdue.days_over));
        let columns = self.behind(columns, |overdue| &overdue.finding);
        let rows = self.trend.overdue.iter().take(MOST_ROWS);
        columns.write(workbook, self.sheet("overdue", 2), "Trend_Overdue", rows)
    }

    fn reports(&mut self, workbook: &mut Workbook) -> Result<Worksheet, XlsxError> {
        let texts = self.texts;
        let date = format!("{} ({})", texts.get("trend-date"), texts.zone().1);
        let columns = Columns::<&TrendReport>::new(texts)
            .text("trend-file", 44.0, |report| report.name(texts))
            .cells(date, 19.0, true, |table, report| table.date_time(Some(report.date)))
            .count("trend-findings", 14.0, |report| report.findings)
            .count("trend-open-now", 12.0, |report| report.open)
            .count("trend-lost", 16.0, |report| report.rows_lost)
            .text("trend-covers-more", 60.0, |report| {
                names(report.covers_more.iter().map(|(account, region)| format!("{account} {region}")), texts)
            });
        let rows = self.trend.reports.iter().take(MOST_ROWS);
        columns.write(workbook, self.sheet("reports", 1), "Trend_Reports", rows)
    }

    /// What was left out, and what may not be as it seems; `None` when there is nothing.
    fn problems(&mut self, workbook: &mut Workbook) -> Result<Option<Worksheet>, XlsxError> {
        let (trend, texts) = (self.trend, self.texts);
        let mut rows: Vec<(String, String)> = Vec::new();
        let unread = trend
            .unread
            .iter()
            .map(|(name, why)| (name.clone(), texts.format("trend-problem-unread", &Args::new().text("why", why))));
        rows.extend(unread);
        rows.extend(trend.undated.iter().map(|name| (name.clone(), texts.get("trend-problem-undated"))));
        let lost = trend.reports.iter().filter(|report| report.loss != Loss::None).map(|report| {
            let rows = texts.format("trend-problem-lost", &Args::new().count("rows", report.rows_lost));
            (report.file.clone(), rows)
        });
        rows.extend(lost);
        rows.extend(trend.vanished_texts(texts));
        rows.extend(trend.out_of_sight_texts(texts).map(|text| (String::new(), text)));
        if rows.is_empty() {
            return Ok(None);
        }
        rows.truncate(MOST_ROWS);
        let columns = Columns::<(String, String)>::new(texts).text("trend-file", 44.0, |row| row.0.clone()).wrapped(
            "xlsx-problem-what",
            110.0,
            |row| row.1.clone(),
        );
        columns.write(workbook, self.sheet("problems", 1), "Trend_Problems", rows.into_iter()).map(Some)
    }
}

/// The first sheet.
struct Overview<'a> {
    sheet: Worksheet,
    row: u32,
    trend: &'a Trend,
    texts: &'a Localizer,
    formats: &'a Formats,
}

impl Overview<'_> {
    /// Writes the sheet; `contents` are the other sheets.
    fn write(trend: &Trend, contents: &[&str], texts: &Localizer, formats: &Formats) -> Result<Worksheet, XlsxError> {
        let mut sheet = Worksheet::new();
        sheet.set_name(texts.get("trend-sheet-overview"))?;
        sheet.set_screen_gridlines(false);
        sheet.set_column_range_width(0, COLUMNS - 1, COLUMN_WIDTH)?;
        let mut page = Overview { sheet, row: 0, trend, texts, formats };
        page.words()?;
        page.charts()?;
        page.contents(contents)?;
        let Overview { mut sheet, row, .. } = page;
        layout::print(&mut sheet, None)?;
        sheet.set_portrait().set_print_fit_to_pages(1, 1).set_print_area(0, 0, row, COLUMNS - 1)?;
        sheet.set_active(true);
        Ok(sheet)
    }

    /// What charts and lists say, in words, and where it comes from.
    fn words(&mut self) -> Result<(), XlsxError> {
        let (trend, texts, formats) = (self.trend, self.texts, self.formats);
        self.sheet.set_row_height(0, 30)?;
        write_text(&mut self.sheet, 0, 0, &texts.get("trend-title"), &formats.title)?;
        self.row = 1;
        self.wide(&trend.headline(texts), true)?;
        let bullet = if texts.lang() == Lang::Ja { "・" } else { "• " };
        for sentence in trend.sentences(texts) {
            self.wide(&format!("{bullet}{sentence}"), false)?;
        }
        self.row += 1;
        let filters = (!trend.filters.is_empty()).then(|| trend.filters.join(" "));
        let zone = texts.format("xlsx-zone-text", &Args::new().text("zone", texts.zone().1));
        let facts = [
            ("trend-fact-period", Some(trend.period_text(texts))),
            ("trend-fact-targets", trend.targets_text(texts)),
            ("fact-filters", filters),
            ("xlsx-zone", Some(zone)),
        ];
        for (key, value) in facts {
            let Some(value) = value else { continue };
            write_text(&mut self.sheet, self.row, 0, &texts.get(key), &formats.label)?;
            write_text(&mut self.sheet, self.row, 1, &fit_written(&value).0, &formats.text)?;
            self.row += 1;
        }
        self.row += 1;
        Ok(())
    }

    /// A sentence over the width of the sheet, in as many lines as it needs.
    fn wide(&mut self, text: &str, is_headline: bool) -> Result<(), XlsxError> {
        let width = COLUMN_WIDTH * f64::from(COLUMNS);
        let format =
            if is_headline { self.formats.headline.clone() } else { self.formats.text.clone().set_text_wrap() };
        // The headline is larger than the text that widths are counted in.
        let (room, height) = if is_headline { (width * 0.8, 20.0) } else { (width, layout::row_height(self.texts)) };
        let lines = layout::lines(text, room).max(1);
        self.sheet.set_row_height(self.row, f64::from(lines) * height + if is_headline { 6.0 } else { 1.0 })?;
        self.sheet.merge_range(self.row, 0, self.row, COLUMNS - 1, &fit_written(text).0, &format)?;
        self.row += 1;
        Ok(())
    }

    fn charts(&mut self) -> Result<(), XlsxError> {
        let charts = [self.open_chart(), self.month_chart(), self.fix_chart()];
        let (width, height) = CHART;
        for (at, chart) in charts.into_iter().flatten().enumerate() {
            let mut chart = chart;
            // The first over the whole width, the others side by side below it.
            let (row, left, width) = match at {
                0 => (self.row, 4, 2 * width + 10),
                at => (self.row + CHART_ROWS, 4 + (at as u32 - 1) * (width + 10), width),
            };
            chart.set_width(width).set_height(height);
            self.sheet.insert_chart_with_offset(row, 0, &chart, left, 4)?;
        }
        self.row += 2 * CHART_ROWS;
        Ok(())
    }

    /// Open findings over time, a layer for each severity, the worst at the bottom where it can be compared.
    fn open_chart(&self) -> Option<Chart> {
        let (trend, texts) = (self.trend, self.texts);
        // A chart without a series is an error, one of a single day shows nothing.
        if trend.series.len() < 2 || trend.series.iter().all(|(_, open)| *open == BySeverity::default()) {
            return None;
        }
        let sheet = texts.get("trend-sheet-series");
        let last = u32::try_from(trend.series.len().min(MOST_ROWS)).ok()?;
        let mut chart = Chart::new(ChartType::AreaStacked);
        for (column, rank) in (2..).zip(trend.shown_ranks()) {
            if trend.series.iter().all(|(_, open)| open[rank] == 0) {
                continue;
            }
            let mut format = ChartFormat::new();
            format
                .set_solid_fill(ChartSolidFill::new().set_color(format::fill(rank)))
                .set_border(ChartLine::new().set_color(Color::RGB(0x7F7F7F)).set_width(0.5));
            chart
                .add_series()
                .set_name((sheet.as_str(), 0, column))
                .set_categories((sheet.as_str(), 1, 0, last, 0))
                .set_values((sheet.as_str(), 1, column, last, column))
                .set_format(&mut format);
        }
        // As far apart as the days are, with the names of about ten.
        let days = trend.to.duration_since(trend.from).as_hours() / 24;
        chart.x_axis().set_date_axis(true).set_num_format(self.day_format());
        chart.x_axis().set_major_unit((days as f64 / 10.0).ceil().max(1.0));
        chart.x_axis().set_major_unit_date_type(ChartAxisDateUnitType::Days);
        chart.y_axis().set_num_format("#,##0");
        self.named(&mut chart, "trend-chart-open");
        Some(chart)
    }

    /// What was opened and fixed each month, side by side.
    fn month_chart(&self) -> Option<Chart> {
        let quiet = |month: &TrendMonth| [month.opened, month.reopened, month.fixed] == [BySeverity::default(); 3];
        if self.trend.months.iter().all(quiet) {
            return None;
        }
        let sheet = self.texts.get("trend-sheet-months");
        let last = u32::try_from(self.trend.months.len()).ok()?;
        let mut chart = Chart::new(ChartType::Column);
        // Columns of the sheet, with the colours that other outputs have too.
        for (column, colour) in [(1, LINE_COLOURS[1].0), (2, LINE_COLOURS[5].0), (3, LINE_COLOURS[3].0)] {
            let is_reopened = column == 2;
            if is_reopened && self.trend.months.iter().all(|month| month.reopened == BySeverity::default()) {
                continue;
            }
            let mut format = ChartFormat::new();
            format.set_solid_fill(ChartSolidFill::new().set_color(Color::RGB(colour)));
            chart
                .add_series()
                .set_name((sheet.as_str(), 0, column))
                .set_categories((sheet.as_str(), 1, 0, last, 0))
                .set_values((sheet.as_str(), 1, column, last, column))
                .set_format(&mut format)
                .set_gap(60);
        }
        let format = self.day_format();
        chart.x_axis().set_num_format(format.get(..7).unwrap_or(format));
        chart.y_axis().set_num_format("#,##0");
        self.named(&mut chart, "trend-chart-months");
        Some(chart)
    }

    /// Mean and 90th percentile of the days that fixes took, with the targets; nothing where nothing was fixed.
    fn fix_chart(&self) -> Option<Chart> {
        let trend = self.trend;
        trend.all_fix_times.mean?;
        let sheet = self.texts.get("trend-sheet-fix");
        let last = trend.shown_ranks().count() as u32;
        // Lying, since the names of severities are long in Japanese; the worst on top, as in the table.
        let mut chart = Chart::new(ChartType::Bar);
        let target = (!trend.targets.is_empty()).then_some((5, 0x808080));
        for (column, colour) in [(3, LINE_COLOURS[3].0), (4, 0x1F3864)].into_iter().chain(target) {
            let mut format = ChartFormat::new();
            format.set_solid_fill(ChartSolidFill::new().set_color(Color::RGB(colour)));
            chart
                .add_series()
                .set_name((sheet.as_str(), 0, column))
                .set_categories((sheet.as_str(), 1, 0, last, 0))
                .set_values((sheet.as_str(), 1, column, last, column))
                .set_format(&mut format)
                .set_gap(60);
        }
        chart.y_axis().set_reverse();
        chart.x_axis().set_num_format("#,##0").set_label_position(ChartAxisLabelPosition::High);
        self.named(&mut chart, "trend-chart-fix");
        Some(chart)
    }

    fn day_format(&self) -> &'static str {
        if self.texts.lang() == Lang::Ja { "yyyy/mm/dd" } else { "yyyy-mm-dd" }
    }

    fn named(&self, chart: &mut Chart, key: &str) {
        let name = self.texts.get(key);
        summary::title(chart, &name);
        chart.legend().set_position(ChartLegendPosition::Bottom);
        chart.set_alt_text(name);
    }

    /// Links to the other sheets, with what is on them.
    fn contents(&mut self, contents: &[&str]) -> Result<(), XlsxError> {
        let (texts, formats) = (self.texts, self.formats);
        self.row += 1;
        write_text(&mut self.sheet, self.row, 0, &texts.get("xlsx-section-contents"), &formats.section)?;
        for column in 1..COLUMNS {
            write_text(&mut self.sheet, self.row, column, "", &formats.section)?;
        }
        let all = self.trend.oldest.len();
        for sheet in contents {
            self.row += 1;
            let name = texts.get(&format!("trend-sheet-{sheet}"));
            let about = match *sheet {
                "oldest" if all > MOST_ROWS => {
                    let args = Args::new().count("shown", MOST_ROWS as u64).count("all", all as u64);
                    texts.format("trend-contents-oldest-some", &args)
                }
                sheet => texts.get(&format!("trend-contents-{sheet}")),
            };
            let url = Url::new(format!("internal:'{name}'!A1")).set_text(&name);
            self.sheet.write_url_with_format(self.row, 0, url, &formats.link)?;
            write_text(&mut self.sheet, self.row, 2, &about, &formats.text)?;
        }
        Ok(())
    }
}

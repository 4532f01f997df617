//! What a summary of a series of reports says.

use inspector_report_analysis::{
    Trend, TrendBy,
    trend::{BySeverity, FixTimes, GroupStatistics, OpenFinding},
    worst_rank,
};
use inspector_report_localizer::{Args, Localizer};
use inspector_report_model::{Column, jiff::Timestamp, value::LINE_COLOURS};

use crate::{
    Block, Cell, Document, DocumentOptions, Head, LONGEST, Plot, PlotKind, PlotSeries, Row, Section, Table,
    tables::counts, thinned, vulnerability,
};

/// Rows of the table beside the lines.
const DAYS: usize = 12;

/// The colours of what is opened and what is fixed.
const OPENED: usize = 1;
const FIXED: usize = 3;

impl Document {
    /// What a summary of a series of reports says.
    pub fn of_trend(trend: &Trend, texts: &Localizer, options: &DocumentOptions) -> Document {
        let top = options.top;
        let writer = Writer { trend, texts, top };
        let mut sections = vec![writer.series(), writer.months(), writer.fix_times()];
        sections.extend(writer.overdue());
        sections.extend(trend.groups.iter().filter_map(|(by, values)| writer.group(by, values)));
        sections.extend(writer.oldest());
        sections.push(writer.reports());
        let mut facts = vec![(texts.get("trend-fact-period"), Cell::Text(trend.period_text(texts), LONGEST))];
        facts.extend(trend.targets_text(texts).map(|targets| (texts.get("trend-fact-targets"), Cell::Own(targets))));
        if !trend.filters.is_empty() {
            facts.push((texts.get("fact-filters"), Cell::Text(trend.filters.join(" "), 2_000)));
        }
        Document {
            title: texts.get("trend-title"),
            headline: trend.headline(texts),
            scope: trend.scope(),
            sentences: trend.sentences(texts).into_iter().map(|sentence| Cell::Text(sentence, 1_000)).collect(),
            sections,
            facts,
        }
    }
}

/// The headings of counts by severity.
const COUNT_HEADS: [&str; 5] =
    ["trend-open-now", "severity-critical", "severity-high", "severity-medium", "figure-other"];

struct Writer<'a> {
    trend: &'a Trend,
    texts: &'a Localizer,
    top: usize,
}

impl Writer<'_> {
    fn day(&self, time: Option<Timestamp>) -> Cell {
        Cell::Day(time.map(|time| self.trend.day(time)))
    }

    /// Headings of figures.
    fn figures(&self, keys: &[&str]) -> Vec<Head> {
        keys.iter().map(|key| Head::figure(self.texts.get(key))).collect()
    }

    /// A heading of texts.
    fn text(&self, key: &str) -> Head {
        Head::text(self.texts.get(key))
    }

    fn series(&self) -> Section {
        let (trend, texts) = (self.trend, self.texts);
        let day = |at: usize| trend.series.get(at).map(|(day, _)| *day);
        let since_first = |at: usize| match (day(0), day(at)) {
            (Some(first), Some(day)) => (day - first).get_days(),
            _ => 0,
        };
        let count = trend.series.len();
        let span = f64::from(since_first(count.saturating_sub(1)).max(1));
        let points = trend.series.iter().enumerate();
        let points = points.map(|(at, (day, _))| (texts.day(*day), f64::from(since_first(at)) / span)).collect();
        // A severity of which there never was any is no line.
        let ranks = trend.shown_ranks().filter(|rank| trend.series.iter().any(|(_, open)| open[*rank] > 0));
        let series = ranks.map(|rank| PlotSeries {
            name: texts.severity_rank(rank),
            colour: LINE_COLOURS[rank],
            values: trend.series.iter().map(|(_, open)| open[rank]).collect(),
        });
        let plot = Plot { title: texts.get("trend-open"), kind: PlotKind::Lines, points, series: series.collect() };
        let shown = thinned(count, DAYS);
        let rows = shown.iter().filter_map(|at| trend.series.get(*at)).map(|(day, open)| {
            let cells = [Cell::Day(Some(*day))].into_iter().chain(counts(open)).collect();
            Row { cells, rank: None, is_total: false }
        });
        let mut heads = vec![self.text("trend-day")];
        heads.extend(self.figures(&COUNT_HEADS));
        let mut blocks = vec![
            Block::Note(texts.get("trend-note-open")),
            Block::Plot(plot),
            Block::Table(Table { heads, rows: rows.collect(), more: 0 }),
        ];
        blocks.extend((shown.len() < count).then(|| Block::Note(texts.get("trend-note-some"))));
        Section { title: texts.get("trend-open"), is_folded: false, blocks }
    }

    fn months(&self) -> Section {
        let (trend, texts) = (self.trend, self.texts);
        let all = |counts: &BySeverity| counts.iter().sum::<u64>();
        let last = trend.months.len().saturating_sub(1).max(1) as f64;
        let points = trend.months.iter().enumerate();
        let points = points.map(|(at, month)| (texts.month(month.first_day), at as f64 / last)).collect();
        let series = vec![
            PlotSeries {
                name: texts.get("trend-opened-all"),
                colour: LINE_COLOURS[OPENED],
                values: trend.months.iter().map(|month| all(&month.opened) + all(&month.reopened)).collect(),
            },
            PlotSeries {
                name: texts.get("trend-fixed"),
                colour: LINE_COLOURS[FIXED],
                values: trend.months.iter().map(|month| all(&month.fixed)).collect(),
            },
        ];
        let plot = Plot { title: texts.get("trend-months"), kind: PlotKind::Columns, points, series };
        let mut heads = vec![self.text("trend-month")];
        heads.extend(self.figures(&[
            "trend-opened",
            "trend-reopened",
            "trend-fixed",
            "trend-set-aside",
            "trend-unsuppressed",
            "trend-open-end",
            "severity-critical",
            "severity-high",
            "severity-medium",
            "figure-other",
        ]));
        let rows = trend.months.iter().map(|month| {
            let events = [&month.opened, &month.reopened, &month.fixed, &month.set_aside, &month.unsuppressed];
            let mut cells = vec![Cell::Month(month.first_day)];
            cells.extend(events.map(|of| Cell::Count(all(of))));
            cells.extend(counts(&month.open));
            Row { cells, rank: None, is_total: false }
        });
        let table = Table { heads, rows: rows.collect(), more: 0 };
        let args = Args::new().count("before", all(&trend.before)).text("zone", &trend.zone.1);
        let note = texts.format("trend-note-months", &args);
        let blocks = vec![Block::Plot(plot), Block::Table(table), Block::Note(note)];
        Section { title: texts.get("trend-months"), is_folded: false, blocks }
    }

    /// How long fixes took; against the targets, where there are any.
    fn fix_times(&self) -> Section {
        let (trend, texts) = (self.trend, self.texts);
        let mut heads = vec![Head::text(texts.column(Column::Severity))];
        heads.extend(self.figures(&["trend-fixed", "trend-mean", "trend-percentile"]));
        let has_targets = !trend.targets.is_empty();
        if has_targets {
            heads.extend(self.figures(&["trend-target", "trend-in-time", "trend-over"]));
        }
        let row = |name: Cell, times: &FixTimes, rank: Option<usize>| {
            let mut cells =
                vec![name, Cell::Count(times.fixed), Cell::Days(times.mean), Cell::Days(times.percentile90)];
            if has_targets {
                let target = trend.targets.iter().find(|target| Some(target.rank) == rank);
                cells.extend(match (target, rank) {
                    (Some(target), _) => {
                        let in_time = Cell::Share { part: target.in_time, whole: target.fixed };
                        [Cell::Count(target.days.into()), in_time, Cell::Count(target.overdue)]
                    }
                    (None, Some(_)) => [Cell::Empty, Cell::Empty, Cell::Empty],
                    (None, None) => [Cell::Empty, Cell::Empty, Cell::Count(trend.overdue.len() as u64)],
                });
            }
            Row { cells, rank: None, is_total: rank.is_none() }
        };
        let mut rows: Vec<Row> =
            trend.shown_ranks().map(|rank| row(Cell::Severity(rank), &trend.fix_times[rank], Some(rank))).collect();
        rows.push(row(Cell::Own(texts.get("total")), &trend.all_fix_times, None));
        let table = Table { heads, rows, more: 0 };
        let blocks = vec![Block::Table(table), Block::Note(texts.get("trend-note-fix"))];
        Section { title: texts.get("trend-fix"), is_folded: false, blocks }
    }

    fn group(&self, by: &TrendBy, groups: &[GroupStatistics]) -> Option<Section> {
        let texts = self.texts;
        let count = groups.len() as u64;
        let title = match by {
            TrendBy::Tag(key) => texts.format("trend-by-tag", &Args::new().text("key", key).count("count", count)),
            by => texts.format(&format!("trend-by-{by}"), &Args::new().count("count", count)),
        };
        let mut heads = vec![Head::text(by.kind_text(texts))];
        heads.extend(self.figures(&COUNT_HEADS));
        heads.extend(self.figures(&["trend-opened-all", "trend-fixed", "trend-mean"]));
        let has_targets = !self.trend.targets.is_empty();
        heads.extend(has_targets.then(|| Head::figure(texts.get("trend-over"))));
        let rows = groups.iter().take(self.top).map(|group| {
            let name = match (group.name.as_str(), by) {
                ("", TrendBy::Owner) => Cell::Own(texts.get("nobody")),
                ("", _) => Cell::Own(texts.get("blank")),
                (name, _) => Cell::Text(name.to_owned(), LONGEST),
            };
            let mut cells = vec![name];
            cells.extend(counts(&group.open));
            cells.extend([Cell::Count(group.opened), Cell::Count(group.fixed), Cell::Days(group.mean_days)]);
            cells.extend(has_targets.then_some(Cell::Count(group.overdue)));
            Row { cells, rank: Some(worst_rank(&group.open)), is_total: false }
        });
        let table = Table { heads, rows: rows.collect(), more: count.saturating_sub(self.top as u64) };
        (count > 0).then(|| Section { title, is_folded: false, blocks: vec![Block::Table(table)] })
    }

    fn overdue(&self) -> Option<Section> {
        let (trend, texts) = (self.trend, self.texts);
        if trend.targets.is_empty() {
            return None;
        }
        let mut heads = self.open_heads();
        heads.extend(self.figures(&["trend-days-over"]));
        let rows = trend.overdue.iter().take(self.top).map(|overdue| {
            let mut row = self.open(&overdue.finding);
            row.cells.push(Cell::Days(Some(overdue.days_over)));
            row
        });
        let count = trend.overdue.len();
        let table = Table { heads, rows: rows.collect(), more: count.saturating_sub(self.top) as u64 };
        let title = texts.format("trend-overdue", &Args::new().count("count", count as u64));
        (count > 0).then(|| Section { title, is_folded: false, blocks: vec![Block::Table(table)] })
    }

    fn oldest(&self) -> Option<Section> {
        let all = &self.trend.oldest;
        let heads = self.open_heads();
        let rows = all.iter().take(self.top).map(|finding| self.open(finding)).collect();
        let table = Table { heads, rows, more: all.len().saturating_sub(self.top) as u64 };
        let blocks = vec![Block::Table(table)];
        (!all.is_empty()).then(|| Section { title: self.texts.get("trend-oldest"), is_folded: false, blocks })
    }

    fn open_heads(&self) -> Vec<Head> {
        let texts = self.texts;
        let column = |column: Column| Head::text(texts.column(column));
        vec![
            column(Column::Severity),
            column(Column::VulnerabilityId),
            column(Column::Title),
            self.text("figure-resource"),
            column(Column::AwsAccountId),
            self.text("figure-owner"),
            self.text("trend-since"),
            Head::figure(texts.get("trend-days")),
        ]
    }

    fn open(&self, finding: &OpenFinding) -> Row {
        let text = |text: &str, most: usize| Cell::Text(text.to_owned(), most);
        let cells = vec![
            Cell::Severity(finding.rank),
            vulnerability(&finding.vulnerability),
            text(&finding.title, LONGEST),
            text(&finding.resource, LONGEST),
            text(&finding.account, 60),
            text(&finding.owner, 60),
            self.day(finding.since),
            Cell::Days(finding.days),
        ];
        Row { cells, rank: Some(finding.rank), is_total: false }
    }

    /// What was read, the newest first; folded away.
    fn reports(&self) -> Section {
        let (reports, texts) = (&self.trend.reports, self.texts);
        let mut heads = ["trend-file", "trend-date", "trend-covers-more"].map(|key| self.text(key)).to_vec();
        heads.extend(self.figures(&["trend-findings", "trend-open-now"]));
        let most = self.top.max(DAYS);
        let rows = reports.iter().rev().take(most).map(|report| {
            let more: Vec<String> = report.covers_more.iter().map(|(a, r)| format!("{a} {r}")).collect();
            let cells = vec![
                Cell::Text(report.name(texts), LONGEST),
                Cell::DateTime(report.date),
                Cell::Text(more.join(", "), LONGEST),
                Cell::Count(report.findings),
                Cell::Count(report.open),
            ];
            // The least worth in a summary that has no room.
            Row { cells, rank: Some(usize::MAX), is_total: false }
        });
        let table = Table { heads, rows: rows.collect(), more: reports.len().saturating_sub(most) as u64 };
        let title = texts.format("trend-reports", &Args::new().count("count", reports.len() as u64));
        Section { title, is_folded: true, blocks: vec![Block::Table(table)] }
    }
}

//! What a summary of a series of reports says, for every format that shows one.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{BySeverity, FixTimes, GroupFigures, OpenFinding, Trend, TrendBy, TrendReport, Uncertain};
use crate::{
    Args, Column, Digest, Loss, Settings, Texts,
    digest::{
        Block, Cell, LONGEST, PROBLEMS, Plot, PlotKind, PlotSeries, ROWS, Row, Section, TOP, Table, thinned,
        vulnerability,
    },
    figures::{Scope, worst_rank},
    value::LINE_COLOURS,
};

/// Doubts of one kind that are named one by one.
const DOUBTS: usize = 3;

/// Rows of the table beside the lines.
const DAYS: usize = 12;

/// The colours of what is opened and what is fixed.
const OPENED: usize = 1;
const FIXED: usize = 3;

impl Trend {
    /// The one sentence that must be read.
    pub fn headline(&self, texts: &Texts) -> String {
        let open = self.open();
        // What adds up: before + opened - fixed - set aside = open.
        let all = |counts: &BySeverity| counts.iter().sum::<u64>();
        let sum = |count: &dyn Fn(&super::TrendMonth) -> u64| self.months.iter().map(count).sum::<u64>();
        let opened = sum(&|month| all(&month.opened) + all(&month.reopened) + all(&month.unsuppressed));
        let aside = sum(&|month| all(&month.set_aside));
        let is_series = self.series.len() > 1 || opened + aside + self.all_fix_times.fixed > 0;
        let (from, to) = (texts.day(self.day(self.from)), texts.day(self.day(self.to)));
        // What filters leave out is not absent.
        let grave = match (open.iter().sum::<u64>(), open[0] + open[1], self.scope()) {
            (0, ..) => "none",
            (_, 0, Scope::Filtered) => "unsaid",
            _ => "said",
        };
        let args = Args::new()
            .count("open", open.iter().sum())
            .text("scope", self.scope().key())
            .text("grave", grave)
            .count("critical", open[0])
            .count("high", open[1])
            .count("before", all(&self.before))
            .count("opened", opened)
            .count("aside", aside)
            .count("fixed", self.all_fix_times.fixed)
            .text("from", &from)
            .text("to", &to);
        let open = texts.format("trend-headline", &args);
        if is_series { open + &texts.format("trend-headline-since", &args) } else { open }
    }

    /// What figures are of.
    fn scope(&self) -> Scope {
        if self.filters.is_empty() { Scope::All } else { Scope::Filtered }
    }

    /// What else must be known, in plain sentences: how long fixes take, what is overdue and whose, what is oldest, and
    /// what may not be as it seems.
    pub fn sentences(&self, texts: &Texts) -> Vec<String> {
        let mut sentences = Vec::new();
        for (rank, times) in self.fix_times.iter().enumerate().take(2) {
            let (Some(mean), Some(percentile)) = (times.mean, times.percentile90) else { continue };
            let (severity, days, most) = (texts.severity_rank(rank), texts.decimal(mean), texts.decimal(percentile));
            let args = Args::new()
                .count("fixed", times.fixed)
                // 0 where it is known of all.
                .count("timed", if times.timed == times.fixed { 0 } else { times.timed })
                .text("severity", &severity)
                .text("days", &days)
                .text("most", &most);
            sentences.push(texts.format("trend-sentence-fix", &args));
        }
        if !self.targets.is_empty() {
            let critical = self.overdue.iter().filter(|overdue| overdue.finding.rank == 0).count() as u64;
            let args = Args::new().count("overdue", self.overdue.len() as u64).count("critical", critical);
            sentences.push(texts.format("trend-sentence-overdue", &args));
            sentences.extend(self.overdue_owner(texts));
            let targeted = |finding: &&OpenFinding| self.targets.iter().any(|target| target.rank == finding.rank);
            let ageless = self.oldest.iter().filter(targeted).filter(|finding| finding.days.is_none()).count() as u64;
            if ageless > 0 {
                sentences.push(texts.format("trend-sentence-ageless", &Args::new().count("count", ageless)));
            }
        }
        if let Some((oldest, since, days)) = self.oldest.first().and_then(|f| Some((f, f.since?, f.days?))) {
            let since = texts.day(self.day(since));
            let args = Args::new()
                .count("days", days.max(0.0) as u64)
                .text("since", &since)
                .text("title", oldest.name())
                .text("resource", &oldest.resource);
            sentences.push(texts.format("trend-sentence-oldest", &args));
        }
        sentences.extend(self.doubts(texts));
        sentences
    }

    /// Who has most of what is overdue, and how much of it is nobody's.
    fn overdue_owner(&self, texts: &Texts) -> Vec<String> {
        let mut owners: BTreeMap<&str, u64> = BTreeMap::new();
        for overdue in &self.overdue {
            *owners.entry(&overdue.finding.owner).or_default() += 1;
        }
        let nobody = owners
            .remove("")
            .map(|count| texts.format("trend-sentence-overdue-nobody", &Args::new().count("count", count)));
        let highest = owners.values().max().copied();
        let mut worst = owners.into_iter().filter(|(_, count)| Some(*count) == highest);
        // Where several have as many, none has most.
        let most = worst.next().filter(|_| worst.next().is_none()).map(|(owner, count)| {
            let all = self.overdue.len() as u64;
            let args = Args::new().text("owner", owner).count("count", count).count("all", all);
            texts.format("trend-sentence-overdue-owner", &args)
        });
        most.into_iter().chain(nobody).collect()
    }

    /// What may not be as it seems: places that count as fixed altogether, places that are not in sight, reports that are
    /// left out.
    pub fn doubts(&self, texts: &Texts) -> Vec<String> {
        let mut doubts = Vec::new();
        let Uncertain { open, fixed_late, reports } = self.uncertain;
        if reports > 0 {
            let rows: u64 = self.reports.iter().map(|report| report.rows_lost).sum();
            let args = Args::new()
                .count("reports", reports)
                .count("rows", rows)
                .count("open", open.iter().sum())
                .count("late", fixed_late);
            doubts.push(texts.format("trend-sentence-lost", &args));
        }
        let vanished = self.vanished_texts(texts).map(|(_, text)| text);
        let all: [Vec<String>; 2] = [vanished.collect(), self.out_of_sight_texts(texts).collect()];
        for said in all {
            let more = said.len().saturating_sub(DOUBTS) as u64;
            doubts.extend(said.into_iter().take(DOUBTS));
            doubts.extend((more > 0).then(|| texts.format("trend-sentence-more", &Args::new().count("count", more))));
        }
        let unread: Vec<&str> = self.unread.iter().map(|(name, _)| name.as_str()).collect();
        let undated: Vec<&str> = self.undated.iter().map(String::as_str).collect();
        for (key, names) in [("trend-sentence-undated", undated), ("trend-sentence-unread", unread)] {
            if !names.is_empty() {
                let some = names.iter().take(PROBLEMS).copied().collect::<Vec<_>>().join(", ");
                let some = if names.len() > PROBLEMS { format!("{some}, …") } else { some };
                doubts.push(texts.format(key, &Args::new().count("count", names.len() as u64).text("names", &some)));
            }
        }
        doubts
    }

    /// Of each place that counts as fixed altogether, the file of the report that has nothing of it, and a sentence.
    pub fn vanished_texts(&self, texts: &Texts) -> impl Iterator<Item = (String, String)> {
        self.vanished.iter().map(move |gone| {
            let date = texts.day(self.day(gone.date));
            let args = Args::new()
                .text("file", &gone.file)
                .text("date", &date)
                .text("account", &gone.account)
                .text("region", &gone.region)
                .count("count", gone.fixed);
            (gone.file.clone(), texts.format("trend-sentence-vanished", &args))
        })
    }

    /// Of each place that is not in sight, a sentence.
    pub fn out_of_sight_texts(&self, texts: &Texts) -> impl Iterator<Item = String> {
        self.out_of_sight.iter().map(move |place| {
            let date = texts.day(self.day(place.since));
            let args = Args::new()
                .text("account", &place.account)
                .text("region", &place.region)
                .text("date", &date)
                .count("count", place.open);
            texts.format("trend-sentence-out-of-sight", &args)
        })
    }

    /// The targets that were set, in words; `None` without any.
    pub fn targets_text(&self, texts: &Texts) -> Option<String> {
        let targets = self.targets.iter().map(|target| {
            let severity = texts.severity_rank(target.rank);
            let args = Args::new().text("severity", &severity).count("days", u64::from(target.days));
            texts.format("trend-fact-target", &args)
        });
        let targets: Vec<String> = targets.collect();
        (!targets.is_empty()).then(|| targets.join(", "))
    }

    /// How many reports there are, and of when.
    pub fn period_text(&self, texts: &Texts) -> String {
        let (from, to) = (texts.day(self.day(self.from)), texts.day(self.day(self.to)));
        let args = Args::new().count("count", self.reports.len() as u64).text("from", &from).text("to", &to);
        texts.format("trend-fact-period-text", &args)
    }

    /// The digest of a series, with what was set of [`DIGEST_SETTINGS`](crate::digest::DIGEST_SETTINGS).
    pub fn digest(&self, texts: &Texts, settings: &Settings) -> Digest {
        let top = settings.get(TOP).and_then(|text| text.parse().ok()).unwrap_or(ROWS);
        let writer = Writer { trend: self, texts, top };
        let mut sections = vec![writer.series(), writer.months(), writer.fix_times()];
        sections.extend(writer.overdue());
        sections.extend(self.groups.iter().filter_map(|(by, values)| writer.group(by, values)));
        sections.extend(writer.oldest());
        sections.push(writer.reports());
        let mut facts = vec![(texts.get("trend-fact-period"), Cell::Text(self.period_text(texts), LONGEST))];
        facts.extend(self.targets_text(texts).map(|targets| (texts.get("trend-fact-targets"), Cell::Own(targets))));
        if !self.filters.is_empty() {
            facts.push((texts.get("fact-filters"), Cell::Text(self.filters.join(" "), 2_000)));
        }
        Digest {
            title: texts.get("trend-title"),
            headline: self.headline(texts),
            scope: self.scope(),
            sentences: self.sentences(texts).into_iter().map(|sentence| Cell::Text(sentence, 1_000)).collect(),
            sections,
            facts,
        }
    }
}

impl TrendReport {
    /// Its file, and whether something is or may be missing of it.
    pub fn name(&self, texts: &Texts) -> String {
        match self.loss {
            Loss::None => self.file.clone(),
            _ => texts.format("trend-file-incomplete", &Args::new().text("file", &self.file)),
        }
    }
}

impl OpenFinding {
    /// What it is: its title, or the vulnerability id of one that has none.
    pub fn name(&self) -> &str {
        if self.title.is_empty() { &self.vulnerability } else { &self.title }
    }
}

impl TrendBy {
    /// What is grouped by, in words.
    pub fn kind_text(&self, texts: &Texts) -> String {
        match self {
            TrendBy::Account => texts.get("trend-kind-account"),
            TrendBy::Owner => texts.get("trend-kind-owner"),
            TrendBy::Region => texts.get("trend-kind-region"),
            TrendBy::Tag(key) => texts.format("trend-kind-tag", &Args::new().text("key", key)),
        }
    }
}

struct Writer<'a> {
    trend: &'a Trend,
    texts: &'a Texts,
    top: usize,
}

impl Writer<'_> {
    fn number(&self, number: u64) -> Cell {
        Cell::Own(self.texts.number(number))
    }

    fn sum(&self, counts: &BySeverity) -> Cell {
        self.number(counts.iter().sum())
    }

    fn decimal(&self, number: Option<f64>) -> Cell {
        Cell::Own(number.map(|number| self.texts.decimal(number)).unwrap_or_default())
    }

    fn date(&self, time: Option<Timestamp>) -> Cell {
        Cell::Own(time.map(|time| self.texts.day(self.trend.day(time))).unwrap_or_default())
    }

    fn severity(&self, rank: usize) -> Cell {
        Cell::Severity(rank, self.texts.severity_rank(rank))
    }

    fn heads(&self, keys: &[&str]) -> Vec<String> {
        keys.iter().map(|key| self.texts.get(key)).collect()
    }

    /// Critical, high, medium, and the rest.
    fn counts(&self, counts: &BySeverity) -> [Cell; 4] {
        let [critical, high, medium, rest @ ..] = counts;
        [*critical, *high, *medium, rest.iter().sum()].map(|number| self.number(number))
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
            let mut cells = vec![Cell::Own(texts.day(*day)), self.sum(open)];
            cells.extend(self.counts(open));
            Row { cells, rank: None, is_total: false }
        });
        let heads = self.heads(&[
            "trend-day",
            "trend-open-now",
            "severity-critical",
            "severity-high",
            "severity-medium",
            "figure-other",
        ]);
        let mut blocks = vec![
            Block::Note(texts.get("trend-note-open")),
            Block::Plot(plot),
            Block::Table(Table { heads, texts: 1, rows: rows.collect(), more: 0 }),
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
        let heads = self.heads(&[
            "trend-month",
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
        ]);
        let rows = trend.months.iter().map(|month| {
            let events =
                [&month.opened, &month.reopened, &month.fixed, &month.set_aside, &month.unsuppressed, &month.open];
            let mut cells = vec![Cell::Own(texts.month(month.first_day))];
            cells.extend(events.map(|counts| self.sum(counts)));
            cells.extend(self.counts(&month.open));
            Row { cells, rank: None, is_total: false }
        });
        let table = Table { heads, texts: 1, rows: rows.collect(), more: 0 };
        let args = Args::new().count("before", all(&trend.before)).text("zone", &trend.zone.1);
        let note = texts.format("trend-note-months", &args);
        let blocks = vec![Block::Plot(plot), Block::Table(table), Block::Note(note)];
        Section { title: texts.get("trend-months"), is_folded: false, blocks }
    }

    /// How long fixes took; against the targets, where there are any.
    fn fix_times(&self) -> Section {
        let (trend, texts) = (self.trend, self.texts);
        let mut heads = vec![texts.column(Column::Severity)];
        heads.extend(self.heads(&["trend-fixed", "trend-mean", "trend-percentile"]));
        let has_targets = !trend.targets.is_empty();
        if has_targets {
            heads.extend(self.heads(&["trend-target", "trend-in-time", "trend-over"]));
        }
        let row = |name: Cell, times: &FixTimes, rank: Option<usize>| {
            let mut cells =
                vec![name, self.number(times.fixed), self.decimal(times.mean), self.decimal(times.percentile90)];
            if has_targets {
                let target = trend.targets.iter().find(|target| Some(target.rank) == rank);
                cells.extend(match (target, rank) {
                    (Some(target), _) => {
                        let share = texts.percent(target.in_time, target.fixed);
                        let in_time = if target.fixed > 0 { share } else { String::new() };
                        [self.number(target.days.into()), Cell::Own(in_time), self.number(target.overdue)]
                    }
                    (None, Some(_)) => [String::new(), String::new(), String::new()].map(Cell::Own),
                    (None, None) => {
                        let over = self.number(trend.overdue.len() as u64);
                        [Cell::Own(String::new()), Cell::Own(String::new()), over]
                    }
                });
            }
            Row { cells, rank: None, is_total: rank.is_none() }
        };
        let mut rows: Vec<Row> =
            trend.shown_ranks().map(|rank| row(self.severity(rank), &trend.fix_times[rank], Some(rank))).collect();
        rows.push(row(Cell::Own(texts.get("total")), &trend.all_fix_times, None));
        let table = Table { heads, texts: 1, rows, more: 0 };
        let blocks = vec![Block::Table(table), Block::Note(texts.get("trend-note-fix"))];
        Section { title: texts.get("trend-fix"), is_folded: false, blocks }
    }

    fn group(&self, by: &TrendBy, groups: &[GroupFigures]) -> Option<Section> {
        let texts = self.texts;
        let count = groups.len() as u64;
        let title = match by {
            TrendBy::Tag(key) => texts.format("trend-by-tag", &Args::new().text("key", key).count("count", count)),
            by => texts.format(&format!("trend-by-{by}"), &Args::new().count("count", count)),
        };
        let mut heads = vec![by.kind_text(texts)];
        heads.extend(self.heads(&[
            "trend-open-now",
            "severity-critical",
            "severity-high",
            "severity-medium",
            "figure-other",
            "trend-opened-all",
            "trend-fixed",
            "trend-mean",
        ]));
        let has_targets = !self.trend.targets.is_empty();
        heads.extend(has_targets.then(|| texts.get("trend-over")));
        let rows = groups.iter().take(self.top).map(|group| {
            let name = match (group.name.as_str(), by) {
                ("", TrendBy::Owner) => Cell::Own(texts.get("nobody")),
                ("", _) => Cell::Own(texts.get("blank")),
                (name, _) => Cell::Text(name.to_owned(), LONGEST),
            };
            let mut cells = vec![name, self.sum(&group.open)];
            cells.extend(self.counts(&group.open));
            cells.extend([self.number(group.opened), self.number(group.fixed), self.decimal(group.mean_days)]);
            cells.extend(has_targets.then(|| self.number(group.overdue)));
            Row { cells, rank: Some(worst_rank(&group.open)), is_total: false }
        });
        let table = Table { heads, texts: 1, rows: rows.collect(), more: count.saturating_sub(self.top as u64) };
        (count > 0).then(|| Section { title, is_folded: false, blocks: vec![Block::Table(table)] })
    }

    fn overdue(&self) -> Option<Section> {
        let (trend, texts) = (self.trend, self.texts);
        if trend.targets.is_empty() {
            return None;
        }
        let mut heads = self.open_heads();
        heads.extend(self.heads(&["trend-days-over"]));
        let rows = trend.overdue.iter().take(self.top).map(|overdue| {
            let mut row = self.open(&overdue.finding);
            row.cells.push(self.decimal(Some(overdue.days_over)));
            row
        });
        let count = trend.overdue.len();
        let table =
            Table { texts: heads.len() - 2, heads, rows: rows.collect(), more: count.saturating_sub(self.top) as u64 };
        let title = texts.format("trend-overdue", &Args::new().count("count", count as u64));
        (count > 0).then(|| Section { title, is_folded: false, blocks: vec![Block::Table(table)] })
    }

    fn oldest(&self) -> Option<Section> {
        let all = &self.trend.oldest;
        let heads = self.open_heads();
        let rows = all.iter().take(self.top).map(|finding| self.open(finding)).collect();
        let table = Table { texts: heads.len() - 1, heads, rows, more: all.len().saturating_sub(self.top) as u64 };
        let blocks = vec![Block::Table(table)];
        (!all.is_empty()).then(|| Section { title: self.texts.get("trend-oldest"), is_folded: false, blocks })
    }

    fn open_heads(&self) -> Vec<String> {
        let texts = self.texts;
        let mut heads = vec![
            texts.column(Column::Severity),
            texts.column(Column::VulnerabilityId),
            texts.column(Column::Title),
            texts.get("figure-resource"),
            texts.column(Column::AwsAccountId),
            texts.get("figure-owner"),
        ];
        heads.extend(self.heads(&["trend-since", "trend-days"]));
        heads
    }

    fn open(&self, finding: &OpenFinding) -> Row {
        let text = |text: &str, most: usize| Cell::Text(text.to_owned(), most);
        let cells = vec![
            self.severity(finding.rank),
            vulnerability(&finding.vulnerability),
            text(&finding.title, LONGEST),
            text(&finding.resource, LONGEST),
            text(&finding.account, 60),
            text(&finding.owner, 60),
            self.date(finding.since),
            self.decimal(finding.days),
        ];
        Row { cells, rank: Some(finding.rank), is_total: false }
    }

    /// What was read, the newest first; folded away.
    fn reports(&self) -> Section {
        let (reports, texts) = (&self.trend.reports, self.texts);
        let heads = self.heads(&["trend-file", "trend-date", "trend-covers-more", "trend-findings", "trend-open-now"]);
        let most = self.top.max(DAYS);
        let rows = reports.iter().rev().take(most).map(|report| {
            let more: Vec<String> = report.covers_more.iter().map(|(a, r)| format!("{a} {r}")).collect();
            let cells = vec![
                Cell::Text(report.name(texts), LONGEST),
                Cell::Own(texts.date_time(report.date)),
                Cell::Text(more.join(", "), LONGEST),
                self.number(report.findings),
                self.number(report.open),
            ];
            // The least worth in a summary that has no room.
            Row { cells, rank: Some(usize::MAX), is_total: false }
        });
        let table = Table { heads, texts: 3, rows: rows.collect(), more: reports.len().saturating_sub(most) as u64 };
        let title = texts.format("trend-reports", &Args::new().count("count", reports.len() as u64));
        Section { title, is_folded: true, blocks: vec![Block::Table(table)] }
    }
}

//! The tables of a report, each written once: a summary for someone with one minute shows the figures that decide, a
//! workbook all of them.

use inspector_report_analysis::{
    AGE_GROUPS, AGES, Action, Counts, OwnerStatistics, Priorities, Priority, Statistics, incomplete_texts, worst_rank,
};
use inspector_report_localizer::{Args, Localizer};
use inspector_report_model::{
    Change, Column, Comparison, View,
    value::{SEVERITIES, Severity},
};

use crate::{
    LONGEST,
    cell::{Cell, Head, Row, Table},
};

/// What the tables are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// Someone with one minute.
    Summary,
    /// A worksheet, which has room for every figure.
    Workbook,
}

/// The tables of a report.
#[derive(Clone, Copy, Debug)]
pub struct Tables<'a> {
    view: &'a View,
    texts: &'a Localizer,
    /// The most rows of a list.
    top: usize,
    detail: Detail,
}

impl<'a> Tables<'a> {
    /// The tables of a view, their lists with at most `top` rows.
    pub fn new(view: &'a View, texts: &'a Localizer, top: usize, detail: Detail) -> Tables<'a> {
        Tables { view, texts, top, detail }
    }

    fn is_workbook(&self) -> bool {
        self.detail == Detail::Workbook
    }

    fn statistics(&self) -> &'a Statistics {
        Statistics::of(self.view)
    }

    fn figure(&self, key: &str) -> Head {
        Head::figure(self.texts.get(&format!("figure-{key}")))
    }

    fn column(&self, column: Column) -> Head {
        Head::text(self.texts.column(column))
    }

    /// The headings of [`counts`], with the key of the first.
    fn count_heads(&self, all: &str) -> [Head; 5] {
        // A worksheet has room for the short names alone.
        let group = if self.is_workbook() { "figure" } else { "severity" };
        let of = |name: &str| Head::figure(self.texts.get(&format!("{group}-{name}")));
        [self.figure(all), of("critical"), of("high"), of("medium"), self.figure("other")]
    }

    /// The ranks that are shown: those of all known severities, and the rest if there is any.
    pub fn shown(&self) -> impl Iterator<Item = usize> + Clone + use<> {
        let others = self.statistics().by_severity[Severity::KNOWN.len()].findings > 0;
        0..Severity::KNOWN.len() + usize::from(others)
    }

    /// Whether the filters leave out all findings of a severity: they are not absent.
    fn is_left_out(&self, rank: usize) -> bool {
        let left_out = self.view.open_left_out().get(rank).is_some_and(|count| *count > 0);
        self.statistics().by_severity[rank].findings == 0 && left_out
    }

    /// The row of a severity that is left out.
    fn left_out(&self, rank: usize, columns: usize) -> Row {
        let mut cells = vec![Cell::Severity(rank), Cell::Own(self.texts.get("figure-left-out"))];
        cells.resize(columns, Cell::Empty);
        Row { cells, rank: None, is_total: false }
    }

    fn total(&self, cells: impl IntoIterator<Item = Cell>) -> Row {
        let name = [Cell::Own(self.texts.get("total"))];
        Row { cells: name.into_iter().chain(cells).collect(), rank: None, is_total: true }
    }

    /// A row for each severity, and one for all of them.
    fn by_severity(&self, heads: Vec<Head>, cells: impl Fn(&Counts) -> Vec<Cell>) -> Table {
        let statistics = self.statistics();
        let row = |rank: usize| match self.is_left_out(rank) {
            true => self.left_out(rank, heads.len()),
            false => {
                let cells = [Cell::Severity(rank)].into_iter().chain(cells(&statistics.by_severity[rank]));
                Row { cells: cells.collect(), rank: None, is_total: false }
            }
        };
        let rows = self.shown().map(row).chain([self.total(cells(&statistics.total))]).collect();
        Table { heads, rows, more: 0 }
    }

    /// The counts by severity. In a summary, those of suppressed, accepted and closed findings only where there are any.
    pub fn severities(&self) -> Table {
        type Count = (&'static str, fn(&Counts) -> u64);
        let total = &self.statistics().total;
        let others: Vec<Count> = if self.is_workbook() {
            let set_aside = if total.accepted > 0 { "set-aside" } else { "suppressed" };
            vec![
                (set_aside, |counts| counts.suppressed + counts.accepted),
                ("closed", |counts| counts.closed),
                ("findings", |counts| counts.findings),
            ]
        } else {
            let all: [Count; 3] = [
                ("suppressed", |counts| counts.suppressed),
                ("accepted", |counts| counts.accepted),
                ("closed", |counts| counts.closed),
            ];
            all.into_iter().filter(|(_, count)| count(total) > 0).collect()
        };
        let keys = ["open", "vulnerabilities", "resources", "fix", "exploit", "oldest"];
        let keys = keys.into_iter().chain(others.iter().map(|(key, _)| *key));
        let heads: Vec<Head> =
            [self.column(Column::Severity)].into_iter().chain(keys.map(|key| self.figure(key))).collect();
        let cells = |counts: &Counts| {
            let numbers = [counts.open, counts.vulnerabilities, counts.resources, counts.fixable(), counts.exploit];
            let mut cells = numbers.map(Cell::Count).to_vec();
            cells.push(Cell::Date(counts.oldest));
            cells.extend(others.iter().map(|(_, count)| Cell::Count(count(counts))));
            cells
        };
        self.by_severity(heads, cells)
    }

    /// What became of the findings of an earlier report, by severity.
    pub fn changes(&self, comparison: &Comparison) -> Table {
        let heads = [Head::text(self.texts.get("figure-change"))].into_iter().chain(self.count_heads("findings"));
        let is_shown = |change: &Change| *change != Change::Unknown || comparison.unknown().len() > 0;
        let rows = Change::ALL.into_iter().filter(is_shown).map(|change| {
            let cells = [Cell::Own(self.texts.get(change.key()))].into_iter().chain(counts(comparison.counts(change)));
            Row { cells: cells.collect(), rank: None, is_total: false }
        });
        Table { heads: heads.collect(), rows: rows.collect(), more: 0 }
    }

    /// What the report is compared with, and what is missing on either side.
    pub fn compared(&self, comparison: &Comparison) -> Vec<String> {
        let earlier = comparison.earlier();
        let date = earlier.data_date().map(|time| self.texts.date(time)).unwrap_or_default();
        let compared = Args::new().text("name", earlier.file_name()).text("date", &date);
        let mut said = vec![self.texts.format("changes-compared", &compared)];
        said.extend(incomplete_texts(comparison, self.view, self.texts));
        said
    }

    /// Of which accounts and Regions the report has nothing, though the earlier one had: a sentence each, at most so
    /// many, and how many more there are.
    pub fn not_covered(&self, comparison: &Comparison, most: usize) -> (Vec<String>, u64) {
        let missing = comparison.not_covered(self.view);
        let said = missing.iter().take(most).map(|(account, region, count)| {
            let args = Args::new().text("account", account).text("region", region).count("count", *count);
            self.texts.format("changes-not-covered", &args)
        });
        (said.collect(), missing.len().saturating_sub(most) as u64)
    }

    fn priorities(&self) -> &'a Priorities {
        Priorities::of(self.view)
    }

    /// The name of a priority. A configuration may give it any.
    fn priority(&self, priority: Priority) -> Cell {
        Cell::Ranked(priority.rank(), self.priorities().policy().label(priority, self.texts))
    }

    /// How much there is to do by priority, and by when: a row for each that has something, and for the first in any case.
    pub fn by_priority(&self) -> Table {
        let statistics = self.statistics();
        let heads = vec![
            Head::text(self.texts.get("priority")),
            self.figure("open"),
            Head::text(self.texts.get("figure-when")),
        ];
        let row = |priority: &Priority| {
            let policy = self.priorities().policy();
            let meaning = self.texts.get(&format!("{}.meaning", priority.key()));
            let days = policy.days(*priority).map(|days| {
                self.texts.format("priority-days", &Args::new().text("days", &self.texts.number(u64::from(days))))
            });
            let when = [Some(meaning), days].into_iter().flatten().collect::<Vec<_>>().join(&self.texts.get("between"));
            let count = Cell::Count(statistics.by_priority[priority.rank()]);
            Row { cells: vec![self.priority(*priority), count, Cell::Own(when)], rank: None, is_total: false }
        };
        let has = |priority: &&Priority| **priority == Priority::ActNow || statistics.by_priority[priority.rank()] > 0;
        Table { heads, rows: Priority::ALL.iter().filter(has).map(row).collect(), more: 0 }
    }

    /// Who has how much to do, and by when; nothing where nobody is known to be responsible for anything.
    pub fn owners(&self, most: usize) -> Option<Table> {
        let (statistics, texts) = (self.statistics(), self.texts);
        if statistics.owners.iter().all(|owner| owner.name.is_empty()) {
            return None;
        }
        let mut heads = vec![Head::text(texts.get("figure-owner")), self.figure("open")];
        let label = |priority: Priority| Head::figure(self.priorities().policy().label(priority, texts));
        heads.extend([label(Priority::ActNow), label(Priority::Soon)]);
        if statistics.due.is_some() {
            heads.extend([self.figure("overdue"), self.figure("next-due")]);
        }
        heads.push(Head::text(texts.get("figure-first-action")));
        let row = |owner: &OwnerStatistics| {
            let name = match owner.name.as_str() {
                "" => Cell::Own(texts.get("nobody")),
                name => Cell::Text(name.to_owned(), LONGEST),
            };
            let open = Cell::Count(owner.by_severity.iter().sum());
            let mut cells = vec![name, open, Cell::Count(owner.by_priority[0]), Cell::Count(owner.by_priority[1])];
            if statistics.due.is_some() {
                cells.extend([Cell::Count(owner.due.overdue), Cell::Day(owner.due.next)]);
            }
            let action = owner.action.and_then(|place| statistics.actions.get(place));
            cells.push(Cell::Text(action.map(|action| action.describe(self.view, texts)).unwrap_or_default(), LONGEST));
            Row { cells, rank: Some(worst_rank(&owner.by_severity)), is_total: false }
        };
        let rows = statistics.owners.iter().take(most).map(row).collect();
        Some(Table { heads, rows, more: statistics.owners.len().saturating_sub(most) as u64 })
    }

    /// What to do first.
    pub fn actions(&self) -> Table {
        let [settles, severities @ ..] = self.count_heads("settles");
        let resources = if self.is_workbook() { "figure-resources" } else { "md-on-resources" };
        let has_due = self.statistics().due.is_some();
        let mut heads = vec![Head::text(self.texts.get("figure-action")), Head::text(self.texts.get("priority"))];
        if has_due {
            heads.push(self.figure("due"));
        }
        heads.push(settles);
        heads.extend(severities);
        heads.extend([self.figure("exploit"), Head::figure(self.texts.get(resources))]);
        let all = &self.statistics().actions;
        let row = |action: &Action| {
            let mut cells = vec![Cell::Text(action.describe(self.view, self.texts), LONGEST)];
            cells.push(action.priority().map_or(Cell::Empty, |priority| self.priority(priority)));
            if has_due {
                cells.push(Cell::Day(action.due));
            }
            cells.extend(counts(&action.by_severity));
            cells.extend([action.exploit, action.resources].map(Cell::Count));
            Row { cells, rank: Some(action.rank()), is_total: false }
        };
        self.list(heads, all.iter().take(self.top).map(row).collect(), all.len())
    }

    /// Where it is worst.
    pub fn resources(&self) -> Table {
        let kind = [self.column(Column::ResourceType), self.column(Column::AwsAccountId)];
        let mut heads = vec![Head::text(self.texts.get("figure-resource"))];
        if self.is_workbook() {
            heads.extend(self.count_heads("open"));
            heads.extend([self.figure("exploit"), self.figure("oldest")]);
            heads.extend(kind.into_iter().rev());
        } else {
            heads.extend(kind);
            heads.extend(self.count_heads("open"));
        }
        let all = &self.statistics().resources;
        let rows = all.iter().take(self.top).filter_map(|of| {
            let resource = self.view.finding(of.row)?.resource();
            let kind = Cell::Text(self.texts.resource_type(resource.resource_type()), 60);
            let account = Cell::Text(resource.account().to_owned(), 60);
            let mut cells = vec![Cell::Text(resource.name().into_owned(), LONGEST)];
            if self.is_workbook() {
                cells.extend(counts(&of.by_severity));
                cells.extend([Cell::Count(of.exploit), Cell::Date(of.oldest), account, kind]);
            } else {
                cells.extend([kind, account]);
                cells.extend(counts(&of.by_severity));
            }
            Some(Row { cells, rank: Some(worst_rank(&of.by_severity)), is_total: false })
        });
        self.list(heads, rows.collect(), all.len())
    }

    /// Open findings by something, the worst first: by account, say. `nameless` is what stands for the blank name, and
    /// `most` how many rows there are at most.
    pub fn groups(&self, head: String, groups: &[(String, [u64; SEVERITIES])], nameless: &str, most: usize) -> Table {
        let heads = [Head::text(head)].into_iter().chain(self.count_heads("open")).collect();
        let rows = groups.iter().take(most).map(|(name, by_severity)| {
            let name = match (name.as_str(), self.detail) {
                ("", Detail::Summary) => Cell::Own(self.texts.get(nameless)),
                ("", Detail::Workbook) => Cell::Text(self.texts.get(nameless), LONGEST),
                (name, _) => Cell::Text(name.to_owned(), LONGEST),
            };
            let cells = [name].into_iter().chain(counts(by_severity)).collect();
            Row { cells, rank: Some(worst_rank(by_severity)), is_total: false }
        });
        Table { heads, rows: rows.collect(), more: groups.len().saturating_sub(most) as u64 }
    }

    /// How long findings have been open, by severity.
    pub fn ages(&self) -> Table {
        let (statistics, texts) = (self.statistics(), self.texts);
        let mut heads = vec![Head::text(texts.get("figure-age"))];
        heads.extend(self.shown().map(|rank| Head::figure(texts.severity_rank(rank))));
        heads.extend([Head::figure(texts.get("total")), self.figure("share")]);
        let is_shown = |age: &usize| *age < AGE_GROUPS - 1 || statistics.total.ages[*age] > 0;
        let rows = (0..AGE_GROUPS).filter(is_shown).map(|age| {
            let mut cells = vec![Cell::Own(texts.get(&format!("age-{age}")))];
            cells.extend(self.shown().map(|rank| match self.is_left_out(rank) {
                true => Cell::Own(texts.get("figure-left-out")),
                false => Cell::Count(statistics.by_severity[rank].ages[age]),
            }));
            let (part, whole) = (statistics.total.ages[age], statistics.total.open);
            cells.extend([Cell::Count(part), Cell::Share { part, whole }]);
            Row { cells, rank: None, is_total: false }
        });
        Table { heads, rows: rows.collect(), more: 0 }
    }

    /// What share of open findings has a fix, has an exploit, is old.
    pub fn shares(&self) -> Table {
        let texts = self.texts;
        let share = texts.get("figure-share");
        let mut heads = vec![self.column(Column::Severity), self.figure("open")];
        heads.extend(["fix", "exploit"].map(|key| Head::figure(format!("{} ({share})", self.figure(key).title))));
        for age in 0..AGES.len() {
            heads.extend([Head::figure(texts.get(&format!("older-{age}"))), Head::figure(share.clone())]);
        }
        let cells = |counts: &Counts| {
            let share = |part: u64| Cell::Share { part, whole: counts.open };
            let mut cells = vec![Cell::Count(counts.open), share(counts.fixable()), share(counts.exploit)];
            let older = (0..AGES.len()).map(|age| counts.older_than(age));
            cells.extend(older.flat_map(|older| [Cell::Count(older), share(older)]));
            cells
        };
        self.by_severity(heads, cells)
    }

    fn list(&self, heads: Vec<Head>, rows: Vec<Row>, all: usize) -> Table {
        Table { heads, rows, more: all.saturating_sub(self.top) as u64 }
    }
}

/// All, critical, high, medium, and the rest.
pub(crate) fn counts(by_severity: &[u64; SEVERITIES]) -> [Cell; 5] {
    let [critical, high, medium, rest @ ..] = by_severity;
    [by_severity.iter().sum(), *critical, *high, *medium, rest.iter().sum()].map(Cell::Count)
}

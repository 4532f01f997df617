//! A series of reports in words: sentences that every format shows.

use std::collections::BTreeMap;

use inspector_report_localizer::{Args, Localizer};
use inspector_report_model::{Loss, Scope};

use super::{BySeverity, OpenFinding, Trend, TrendBy, TrendMonth, TrendReport, Uncertain};

/// Incomplete reports that are named one by one.
const INCOMPLETE: usize = 10;

/// Doubts of one kind that are named one by one.
const DOUBTS: usize = 3;

impl Trend {
    /// The one sentence that must be read.
    pub fn headline(&self, texts: &Localizer) -> String {
        let open = self.open();
        // What adds up: before + opened - fixed - set aside = open.
        let all = |counts: &BySeverity| counts.iter().sum::<u64>();
        let sum = |count: &dyn Fn(&TrendMonth) -> u64| self.months.iter().map(count).sum::<u64>();
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
    pub fn scope(&self) -> Scope {
        if self.filters.is_empty() { Scope::All } else { Scope::Filtered }
    }

    /// What else must be known, in plain sentences: how long fixes take, what is overdue and whose, what is oldest, and
    /// what may not be as it seems.
    pub fn sentences(&self, texts: &Localizer) -> Vec<String> {
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
    fn overdue_owner(&self, texts: &Localizer) -> Vec<String> {
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
    pub fn doubts(&self, texts: &Localizer) -> Vec<String> {
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
                let some = names.iter().take(INCOMPLETE).copied().collect::<Vec<_>>().join(", ");
                let some = if names.len() > INCOMPLETE { format!("{some}, …") } else { some };
                doubts.push(texts.format(key, &Args::new().count("count", names.len() as u64).text("names", &some)));
            }
        }
        doubts
    }

    /// Of each place that counts as fixed altogether, the file of the report that has nothing of it, and a sentence.
    pub fn vanished_texts(&self, texts: &Localizer) -> impl Iterator<Item = (String, String)> {
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
    pub fn out_of_sight_texts(&self, texts: &Localizer) -> impl Iterator<Item = String> {
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
    pub fn targets_text(&self, texts: &Localizer) -> Option<String> {
        let targets = self.targets.iter().map(|target| {
            let severity = texts.severity_rank(target.rank);
            let args = Args::new().text("severity", &severity).count("days", u64::from(target.days));
            texts.format("trend-fact-target", &args)
        });
        let targets: Vec<String> = targets.collect();
        (!targets.is_empty()).then(|| targets.join(", "))
    }

    /// How many reports there are, and of when.
    pub fn period_text(&self, texts: &Localizer) -> String {
        let (from, to) = (texts.day(self.day(self.from)), texts.day(self.day(self.to)));
        let args = Args::new().count("count", self.reports.len() as u64).text("from", &from).text("to", &to);
        texts.format("trend-fact-period-text", &args)
    }
}

impl TrendReport {
    /// Its file, and whether something is or may be missing of it.
    pub fn name(&self, texts: &Localizer) -> String {
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
    pub fn kind_text(&self, texts: &Localizer) -> String {
        match self {
            TrendBy::Account => texts.get("trend-kind-account"),
            TrendBy::Owner => texts.get("trend-kind-owner"),
            TrendBy::Region => texts.get("trend-kind-region"),
            TrendBy::Tag(key) => texts.format("trend-kind-tag", &Args::new().text("key", key)),
        }
    }
}

//! Statistics in words: the sentences that every summary begins with.

use inspector_report_localizer::{Args, Localizer};
use inspector_report_model::{
    Comparison, Loss, ProblemCode, Scope, View,
    value::{SEVERITIES, Severity},
};

use crate::{AGES, Statistics, statistics::days};

impl Statistics {
    /// The one sentence that must be read: how many critical and high findings are open, and what can be done. Before it
    /// stands that something is missing of the report, behind it what filters leave out: neither is absent.
    pub fn headline(&self, report: &View, texts: &Localizer) -> String {
        let mut headline = String::new();
        let loss = match report.loss() {
            Loss::None => None,
            Loss::Possible => Some("possible"),
            Loss::Rows => Some("rows"),
            Loss::Unknown => Some("unknown"),
        };
        if let Some(loss) = loss {
            let args = Args::new().text("loss", loss).count("rows", report.rows_lost());
            headline.push_str(&texts.format("headline-incomplete", &args));
        }
        headline.push_str(&self.counts(report, texts));
        let left_out = report.open_left_out();
        let [critical, high, ..] = *left_out;
        let open: u64 = left_out.iter().sum();
        if open > 0 {
            let args = Args::new().count("open", open).count("critical", critical).count("high", high);
            headline.push_str(&texts.format("headline-left-out", &args));
        }
        headline
    }

    fn counts(&self, report: &View, texts: &Localizer) -> String {
        // A report of which nothing is left must not read as if nothing were open.
        if report.is_empty() {
            return match (report.rows_lost(), report.filtered_out()) {
                (0, 0) if report.is_whole() => texts.get("md-empty"),
                (0, filtered @ 1..) => texts.format("md-empty-filtered", &Args::new().count("filtered", filtered)),
                (lost, _) => texts.format("md-empty-lost", &Args::new().count("lost", lost)),
            };
        }
        let scope = report.scope();
        if self.total.open == 0 {
            let scope = if scope == Scope::All && !report.is_whole() { "incomplete" } else { scope.key() };
            return texts.format("headline-none", &Args::new().text("scope", scope));
        }
        let by = |severity: Severity<'_>| self.by_severity[severity.rank()];
        let (critical, high) = (by(Severity::Critical), by(Severity::High));
        if critical.open + high.open == 0 {
            let [hidden_critical, hidden_high, ..] = *report.open_left_out();
            let args = Args::new()
                .text("scope", scope.key())
                .count("hidden", hidden_critical + hidden_high)
                .count("open", self.total.open);
            return texts.format("headline-lesser", &args);
        }
        let args = Args::new()
            .count("open", self.total.open)
            .count("fix", critical.fixable() + high.fixable())
            .count("partial", critical.partial_fix + high.partial_fix)
            .count("exploit", critical.exploit + high.exploit);
        // That of one of the two none is left does not mean that there is none.
        let [hidden_critical, hidden_high, ..] = *report.open_left_out();
        let one = match (critical.open, high.open) {
            (0, count) if hidden_critical > 0 => Some((Severity::High, count)),
            (count, 0) if hidden_high > 0 => Some((Severity::Critical, count)),
            _ => None,
        };
        if let Some((severity, count)) = one {
            let severity = texts.severity(severity);
            return texts.format("headline-of-one", &args.count("count", count).text("severity", &severity));
        }
        let args = args.text("scope", scope.key()).count("critical", critical.open).count("high", high.open);
        texts.format("headline", &args)
    }

    /// What else must be known, in plain sentences for people who skip tables: what the first `actions` actions settle,
    /// how old the findings are, where it is worst, whose they are, what is not rated.
    pub fn sentences(&self, report: &View, actions: usize, texts: &Localizer) -> Vec<String> {
        let mut sentences = Vec::new();
        let lost = report.problems().iter().filter(|problem| problem.code == ProblemCode::ReportLost).count() as u64;
        if lost > 0 {
            sentences.push(texts.format("sentence-report-lost", &Args::new().count("lost", lost)));
        }
        if self.total.open == 0 {
            return sentences;
        }
        let grave = |counts: &[u64; SEVERITIES]| counts[..2].iter().sum::<u64>();
        let all_grave = self.by_severity[0].open + self.by_severity[1].open;
        let first = &self.actions[..actions.min(self.actions.len())];
        let settled = first.iter().map(|action| grave(&action.by_severity)).sum();
        if all_grave > 0 && settled > 0 {
            let args =
                Args::new().count("actions", first.len() as u64).count("settled", settled).count("grave", all_grave);
            sentences.push(texts.format("sentence-actions", &args));
        }
        if let (Some(oldest), Some(now)) = (self.total.oldest, self.data_date) {
            let since = texts.date(oldest);
            let old = self.total.older_than(2);
            let share = texts.percent(old, self.total.open);
            let args = Args::new()
                .count("old", old)
                .count("days", AGES[2])
                .text("share", &share)
                .count("oldest", days(oldest, now))
                .count("unknown", self.total.ages[AGES.len() + 1])
                .text("since", &since);
            sentences.push(texts.format("sentence-age", &args));
        }
        if let Some((worst, finding)) = self.resources.first().and_then(|of| Some((of, report.finding(of.row)?)))
            && self.resources.len() > 1
            && !finding.resource().name().trim().is_empty()
        {
            let resource = finding.resource();
            let name = resource.name();
            let args = Args::new()
                .text("name", &name)
                .text("account", resource.account())
                .count("critical", worst.by_severity[0])
                .count("high", worst.by_severity[1])
                .count("open", worst.findings());
            let hidden = report.open_left_out().iter().take(2).sum::<u64>();
            let key = match (hidden, resource.account()) {
                (1.., _) => "sentence-resource-open",
                (0, "") => "sentence-resource-no-account",
                (0, _) => "sentence-resource",
            };
            sentences.push(texts.format(key, &args));
        }
        let owned = self.owners.iter().filter(|owner| !owner.name.is_empty());
        let nobody =
            self.owners.iter().find(|owner| owner.name.is_empty()).map_or(0, |owner| grave(&owner.by_severity));
        if owned.count() > 0 && nobody > 0 {
            sentences.push(texts.format("sentence-nobody", &Args::new().count("findings", nobody)));
        }
        let untriaged = self.by_severity[Severity::Untriaged.rank()].open;
        if untriaged > 0 {
            sentences.push(texts.format("sentence-untriaged", &Args::new().count("findings", untriaged)));
        }
        sentences
    }
}

/// What rows that could not be read mean for the figures of a comparison, a sentence for each report that has any.
pub fn incomplete_texts(comparison: &Comparison, later: &View, texts: &Localizer) -> Vec<String> {
    let of = |key: &str, report: &View| {
        // That so many rows could not be read does not say how many are missing.
        let rows = if report.loss() == Loss::Unknown { 0 } else { report.rows_lost() };
        (!report.is_whole()).then(|| texts.format(key, &Args::new().count("lost", rows)))
    };
    of("changes-lost-before", comparison.earlier()).into_iter().chain(of("changes-lost-now", later)).collect()
}

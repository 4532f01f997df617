//! The counts that summaries show, computed once for all of them.
//!
//! Unless it says otherwise a count is of *open* findings: those neither suppressed, closed nor accepted
//! ([`Finding::is_open`]).

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::Timestamp;

use inspector_report_localizer::{Args, Lang, Localizer};
use inspector_report_model::{
    Comparison, Finding, Loss, ProblemCode, Scope, View, known_since,
    value::{ExploitAvailable, FindingType, FixAvailable, SEVERITIES, Severity, Status},
};

/// How many ages are told apart: up to each of [`AGES`], over the last, and not known.
pub const AGE_GROUPS: usize = AGES.len() + 2;

/// The ages that reports count by, in days.
pub const AGES: [u64; 3] = [30, 60, 90];

/// What a report comes to.
#[derive(Clone, Debug, Default)]
pub struct Statistics {
    /// All findings.
    pub total: Counts,
    /// By [`Severity::rank`]; the last is for severities that are not known.
    pub by_severity: [Counts; SEVERITIES],
    /// The vulnerabilities with open findings, the worst first.
    pub vulnerabilities: Vec<VulnerabilityStatistics>,
    /// The resources with open findings, the worst first.
    pub resources: Vec<ResourceStatistics>,
    /// What can be done about open findings, that which settles most of the worst first.
    pub actions: Vec<Action>,
    /// Open findings by account id, the worst account first.
    pub accounts: Vec<(String, [u64; SEVERITIES])>,
    /// Open findings by Region, the worst Region first.
    pub regions: Vec<(String, [u64; SEVERITIES])>,
    /// Open findings by who owns their resource ([`Resource::owner`](inspector_report_model::Resource::owner)), the worst first; empty for those without.
    pub owners: Vec<(String, [u64; SEVERITIES])>,
    /// The account ids that the report has findings of, open or not: those with the worst open ones first.
    pub covered_accounts: Vec<String>,
    /// The Regions that it has findings of, in the same order.
    pub covered_regions: Vec<String>,
    /// The date of the data: [`Report::data_date`].
    pub data_date: Option<Timestamp>,
}

/// Counts of some findings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// All, open or not.
    pub findings: u64,
    /// Open ones. The counts below are of these.
    pub open: u64,
    /// Status SUPPRESSED.
    pub suppressed: u64,
    /// Status CLOSED.
    pub closed: u64,
    /// Neither, and someone has decided to live with them.
    pub accepted: u64,
    /// Distinct vulnerability ids.
    pub vulnerabilities: u64,
    /// Distinct resources.
    pub resources: u64,
    /// Findings of which all affected packages have a fix.
    pub fix: u64,
    /// Findings of which some affected packages have a fix.
    pub partial_fix: u64,
    /// Findings with a known exploit.
    pub exploit: u64,
    /// When the oldest was first seen.
    pub oldest: Option<Timestamp>,
    /// By whole days from First Seen to the date of the data: up to 30, 31 to 60, 61 to 90, over 90, not known.
    pub ages: [u64; AGE_GROUPS],
}

/// What there is of one vulnerability id.
#[derive(Clone, Debug, PartialEq)]
pub struct VulnerabilityStatistics {
    /// The place of one of its findings, for its facts: the first in the order of [`Finding::compare`].
    pub row: usize,
    /// The rank of its worst severity.
    pub rank: usize,
    /// Open findings.
    pub findings: u64,
    /// Distinct resources.
    pub resources: u64,
    /// Whether an exploit is known.
    pub exploit: bool,
    /// Findings of which all affected packages have a fix.
    pub fix: u64,
    /// Findings of which some affected packages have a fix.
    pub partial_fix: u64,
    /// The highest Inspector score.
    pub score: Option<f64>,
    /// The highest EPSS score.
    pub epss: Option<f64>,
    /// When it was first seen.
    pub oldest: Option<Timestamp>,
    /// The places of its open findings in the report.
    pub rows: Vec<u32>,
}

/// What there is on one resource.
#[derive(Clone, Debug, PartialEq)]
pub struct ResourceStatistics {
    /// The place of one of its findings, for its facts: the first in the order of [`Finding::compare`].
    pub row: usize,
    /// The place of its worst finding: by severity, then with a known exploit, then by Inspector score.
    pub worst: usize,
    /// Open findings by rank of severity.
    pub by_severity: [u64; SEVERITIES],
    /// Open findings with a known exploit.
    pub exploit: u64,
    /// When the oldest was first seen.
    pub oldest: Option<Timestamp>,
}

/// What kind of work an action is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ActionKind {
    /// Update packages to the versions that fix the vulnerability.
    UpdatePackages,
    /// Install the vendor's update: the report names no package, as for most findings on Windows.
    InstallUpdate,
    /// Close a network path.
    CloseNetworkPath,
    /// Mend code.
    MendCode,
}

/// Something to do that settles findings.
#[derive(Clone, Debug, PartialEq)]
pub struct Action {
    /// What kind of work.
    pub kind: ActionKind,
    /// The place of a finding that it settles, for the facts: the first in the order of [`Finding::compare`].
    pub row: usize,
    /// The open findings that it settles, by rank of severity.
    pub by_severity: [u64; SEVERITIES],
    /// The distinct resources that it has to be done on.
    pub resources: u64,
    /// How many of the findings have a known exploit.
    pub exploit: u64,
    /// When the oldest of the findings was first seen.
    pub oldest: Option<Timestamp>,
    /// The places of the findings in the report.
    pub rows: Vec<u32>,
}

impl Action {
    /// The rank of the worst severity that it settles.
    pub fn rank(&self) -> usize {
        worst_rank(&self.by_severity)
    }

    /// The critical and high findings that it settles.
    pub fn grave(&self) -> u64 {
        self.by_severity[..2].iter().sum()
    }

    /// The open findings that it settles.
    pub fn findings(&self) -> u64 {
        self.by_severity.iter().sum()
    }

    /// The facts that make it one action: its kind, and what it is done to. Equal in any report.
    pub(crate) fn facts(&self, report: &View) -> Option<(ActionKind, String)> {
        report.finding(self.row).and_then(action_of)
    }

    /// The action in words: "Update openssl, openssl-libs to 3.0.1". Localizer from the report are as they are.
    pub fn describe(&self, report: &View, texts: &Localizer) -> String {
        let Some(finding) = report.finding(self.row) else { return String::new() };
        match self.kind {
            ActionKind::UpdatePackages => {
                let updates = updates(finding);
                let same_version = updates.iter().all(|(_, fixed)| *fixed == updates[0].1);
                let packages: Vec<String> = updates
                    .iter()
                    .map(|(name, fixed)| if same_version { (*name).to_owned() } else { format!("{name} {fixed}") })
                    .collect();
                let packages = packages.join(", ");
                match updates.first() {
                    Some((_, fixed)) if same_version => {
                        let args = Args::new().text("packages", &packages).text("version", fixed);
                        texts.format("action-update-to", &args)
                    }
                    _ => texts.format("action-update", &Args::new().text("packages", &packages)),
                }
            }
            ActionKind::InstallUpdate => {
                let id = finding.vulnerability_facts().id();
                let args = Args::new().text("vulnerability", if id.is_empty() { finding.title() } else { id });
                texts.format("action-install-update", &args)
            }
            ActionKind::CloseNetworkPath => {
                let Some(range) = finding.port_range() else {
                    return texts.format("action-close-path-of", &Args::new().text("title", finding.title()));
                };
                let ports = match range.split_once('-') {
                    Some((first, last)) if first == last => first,
                    _ => range,
                };
                let ports = match finding.protocol() {
                    Some(protocol) => format!("{ports}/{protocol}"),
                    None => ports.to_owned(),
                };
                texts.format("action-close-path", &Args::new().text("ports", &ports))
            }
            ActionKind::MendCode => {
                let name = finding.detector_name().unwrap_or(finding.title());
                texts.format("action-mend-code", &Args::new().text("detector", name))
            }
        }
    }
}

/// The packages of a finding that have a fix, each with its fixed version, once, in order of their names.
fn updates(finding: Finding<'_>) -> Vec<(&str, &str)> {
    let mut updates: Vec<(&str, &str)> =
        finding.packages().filter_map(|package| Some((package.name, package.fixed?))).collect();
    updates.sort_unstable();
    updates.dedup();
    updates
}

/// What settles a finding, if the report knows of anything.
fn action_of(finding: Finding<'_>) -> Option<(ActionKind, String)> {
    match finding.finding_type() {
        FindingType::NetworkReachability => {
            let port = finding.port_range().unwrap_or(finding.title());
            Some((ActionKind::CloseNetworkPath, format!("{port} {}", finding.protocol().unwrap_or_default())))
        }
        FindingType::CodeVulnerability => {
            Some((ActionKind::MendCode, finding.detector_name().unwrap_or(finding.title()).to_owned()))
        }
        _ => {
            let updates = updates(finding);
            if !updates.is_empty() {
                return Some((ActionKind::UpdatePackages, format!("{updates:?}")));
            }
            let id = finding.vulnerability_facts().id();
            matches!(finding.fix_available(), FixAvailable::Yes | FixAvailable::Partial)
                .then(|| (ActionKind::InstallUpdate, id.to_owned()))
        }
    }
}

/// Numbers keys in the order in which they come.
#[derive(Default)]
struct Groups {
    numbers: HashMap<String, u32>,
}

impl Groups {
    fn number(&mut self, key: String) -> u32 {
        let next = self.numbers.len() as u32;
        *self.numbers.entry(key).or_insert(next)
    }
}

/// The rank of the worst severity that counts have something of.
pub fn worst_rank(by_severity: &[u64; SEVERITIES]) -> usize {
    by_severity.iter().position(|count| *count > 0).unwrap_or(SEVERITIES)
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

/// Names that are not blank, each once: those of groups in their order, then the others.
fn covered<'a>(groups: &[(String, [u64; SEVERITIES])], names: impl Iterator<Item = &'a str>) -> Vec<String> {
    let all: BTreeSet<&str> = names.collect();
    let with_open: Vec<&str> = groups.iter().map(|(name, _)| name.as_str()).collect();
    let others = all.into_iter().filter(|name| !with_open.contains(name));
    let named = with_open.iter().copied().chain(others).filter(|name| !name.is_empty());
    named.map(str::to_owned).collect()
}

impl Statistics {
    /// Those of a view. They are computed on first use, once for all formats.
    pub fn of(view: &View) -> &Statistics {
        view.memo(Statistics::compute)
    }

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
        let owned = self.owners.iter().filter(|(name, _)| !name.is_empty());
        let nobody = self.owners.iter().find(|(name, _)| name.is_empty()).map_or(0, |(_, counts)| grave(counts));
        if owned.count() > 0 && nobody > 0 {
            sentences.push(texts.format("sentence-nobody", &Args::new().count("findings", nobody)));
        }
        let untriaged = self.by_severity[Severity::Untriaged.rank()].open;
        if untriaged > 0 {
            sentences.push(texts.format("sentence-untriaged", &Args::new().count("findings", untriaged)));
        }
        sentences
    }

    fn compute(report: &View) -> Statistics {
        let mut figures = Statistics { data_date: report.data_date(), ..Statistics::default() };
        // Facts that differ in one cell are stored apart; the same id on the same account is the same thing.
        let mut groups = Groups::default();
        let vulnerability_group: Vec<u32> =
            report.vulnerabilities().map(|vulnerability| groups.number(vulnerability.id().to_owned())).collect();
        let mut groups = Groups::default();
        let resource_group: Vec<u32> = report
            .resources()
            .map(|resource| groups.number(format!("{}\0{}\0{}", resource.account(), resource.region(), resource.id())))
            .collect();

        let mut vulnerabilities: BTreeMap<u32, VulnerabilityStatistics> = BTreeMap::new();
        let mut resources: BTreeMap<u32, ResourceStatistics> = BTreeMap::new();
        let mut actions: Vec<Action> = Vec::new();
        let mut action_groups: HashMap<(ActionKind, String), usize> = HashMap::new();
        let owner_of: Vec<String> =
            report.resources().map(|resource| resource.owner().unwrap_or_default().into_owned()).collect();
        let mut owners: BTreeMap<&str, [u64; SEVERITIES]> = BTreeMap::new();
        let mut accounts: BTreeMap<&str, [u64; SEVERITIES]> = BTreeMap::new();
        let mut regions: BTreeMap<&str, [u64; SEVERITIES]> = BTreeMap::new();
        let mut has_findings = vec![false; owner_of.len()];
        let mut vulnerability_pairs: Vec<(u32, u32, u8)> = Vec::new();
        let mut resource_pairs: Vec<(u32, u8)> = Vec::new();
        let mut action_pairs: Vec<(u32, u32)> = Vec::new();

        for finding in report.findings() {
            let rank = finding.severity().rank();
            // One that lies behind the date of the data says nothing of an age.
            let first_seen = known_since(finding.first_seen(), figures.data_date);
            let exploit = finding.exploit_available() == ExploitAvailable::Yes;
            let fix = finding.fix_available();
            for counts in [&mut figures.total, &mut figures.by_severity[rank]] {
                counts.add(finding, first_seen, fix, exploit);
            }
            let resource = finding.resource();
            if let Some(used) = has_findings.get_mut(resource.index() as usize) {
                *used = true;
            }
            if !finding.is_open() {
                continue;
            }
            let resource_number = resource_group.get(resource.index() as usize).copied().unwrap_or_default();
            resource_pairs.push((resource_number, rank as u8));
            accounts.entry(resource.account()).or_default()[rank] += 1;
            regions.entry(resource.region()).or_default()[rank] += 1;
            let owner = owner_of.get(resource.index() as usize).map_or("", String::as_str);
            owners.entry(owner).or_default()[rank] += 1;
            let on = resources.entry(resource_number).or_insert_with(|| ResourceStatistics::new(finding));
            on.row = report.first_of(on.row, finding);
            on.by_severity[rank] += 1;
            on.exploit += u64::from(exploit);
            if report.finding(on.worst).is_none_or(|worst| is_worse(finding, worst)) {
                on.worst = finding.row();
            }
            on.oldest = oldest(on.oldest, first_seen);
            if let Some(vulnerability) = finding.vulnerability() {
                let number = vulnerability_group.get(vulnerability.index() as usize).copied().unwrap_or_default();
                vulnerability_pairs.push((number, resource_number, rank as u8));
                let of = vulnerabilities.entry(number).or_insert_with(|| VulnerabilityStatistics::new(finding));
                of.row = report.first_of(of.row, finding);
                of.rank = of.rank.min(rank);
                of.findings += 1;
                of.exploit |= exploit;
                of.fix += u64::from(fix == FixAvailable::Yes);
                of.partial_fix += u64::from(fix == FixAvailable::Partial);
                of.score = highest(of.score, finding.inspector_score().and_then(|cvss| cvss.score));
                of.epss = highest(of.epss, vulnerability.epss());
                of.oldest = oldest(of.oldest, first_seen);
                of.rows.push(finding.row() as u32);
            }
            if let Some(key) = action_of(finding) {
                let kind = key.0;
                let place = *action_groups.entry(key).or_insert(actions.len());
                if place == actions.len() {
                    actions.push(Action {
                        kind,
                        row: finding.row(),
                        by_severity: Default::default(),
                        resources: 0,
                        exploit: 0,
                        oldest: None,
                        rows: Vec::new(),
                    });
                }
                actions[place].row = report.first_of(actions[place].row, finding);
                actions[place].by_severity[rank] += 1;
                actions[place].exploit += u64::from(exploit);
                actions[place].oldest = oldest(actions[place].oldest, first_seen);
                actions[place].rows.push(finding.row() as u32);
                action_pairs.push((place as u32, resource_number));
            }
        }

        figures.count_distinct(vulnerability_pairs, resource_pairs, &mut vulnerabilities);
        sorted(action_pairs).for_each(|(action, _)| actions[action as usize].resources += 1);
        figures.vulnerabilities = vulnerabilities.into_values().collect();
        figures.resources = resources.into_values().collect();
        figures.actions = actions;
        figures.accounts = worst_first(accounts);
        figures.regions = worst_first(regions);
        let used = || report.resources().zip(&has_findings).filter(|(_, used)| **used).map(|(resource, _)| resource);
        figures.covered_accounts = covered(&figures.accounts, used().map(|resource| resource.account()));
        figures.covered_regions = covered(&figures.regions, used().map(|resource| resource.region()));
        figures.owners = worst_first(owners);
        figures.count_ages(report);
        figures.sort(report);
        figures
    }

    /// Counts open findings by age, for which the date of the data must be known.
    fn count_ages(&mut self, report: &View) {
        for finding in report.findings().filter(|finding| finding.is_open()) {
            let first_seen = known_since(finding.first_seen(), self.data_date);
            let days = self.data_date.zip(first_seen).map(|(now, then)| days(then, now));
            let group = days.map_or(AGES.len() + 1, |days| AGES.iter().take_while(|most| days > **most).count());
            self.total.ages[group] += 1;
            self.by_severity[finding.severity().rank()].ages[group] += 1;
        }
    }

    /// Counts what findings share: vulnerabilities and resources, in all and by severity, and resources by vulnerability.
    fn count_distinct(
        &mut self,
        vulnerability_pairs: Vec<(u32, u32, u8)>,
        resource_pairs: Vec<(u32, u8)>,
        vulnerabilities: &mut BTreeMap<u32, VulnerabilityStatistics>,
    ) {
        sorted(vulnerability_pairs.iter().map(|(vulnerability, _, rank)| (*vulnerability, *rank)).collect())
            .for_each(|(_, rank)| self.by_severity[rank as usize].vulnerabilities += 1);
        sorted(vulnerability_pairs.iter().map(|(vulnerability, resource, _)| (*vulnerability, *resource)).collect())
            .for_each(|(vulnerability, _)| {
                if let Some(of) = vulnerabilities.get_mut(&vulnerability) {
                    of.resources += 1;
                }
            });
        self.total.vulnerabilities = vulnerabilities.len() as u64;
        self.total.resources = sorted(resource_pairs.iter().map(|(resource, _)| *resource).collect()).count() as u64;
        sorted(resource_pairs).for_each(|(_, rank)| self.by_severity[rank as usize].resources += 1);
    }

    /// Puts the worst first; equals in the order of their names, so that the same findings in another order of rows
    /// give the same lists.
    fn sort(&mut self, report: &View) {
        let id = |row: usize| report.finding(row).map(|finding| finding.vulnerability_facts().id());
        let resource = |row: usize| {
            report.finding(row).map(|finding| {
                let resource = finding.resource();
                (resource.id(), resource.account(), resource.region())
            })
        };
        self.vulnerabilities.sort_by(|a, b| {
            (a.rank, !a.exploit, b.resources, b.findings)
                .cmp(&(b.rank, !b.exploit, a.resources, a.findings))
                .then_with(|| id(a.row).cmp(&id(b.row)))
        });
        self.resources
            .sort_by(|a, b| b.by_severity.cmp(&a.by_severity).then_with(|| resource(a.row).cmp(&resource(b.row))));
        let texts = Localizer::new(Lang::En);
        self.actions.sort_by_cached_key(|action| {
            (
                std::cmp::Reverse((action.grave(), action.by_severity, action.exploit)),
                action.kind,
                action.describe(report, &texts),
            )
        });
    }
}

impl Counts {
    /// Findings with a fix for at least some packages.
    pub fn fixable(&self) -> u64 {
        self.fix + self.partial_fix
    }

    /// Open findings that are older than the age at this place of [`AGES`]. Those of unknown age are not counted.
    pub fn older_than(&self, age: usize) -> u64 {
        self.ages.iter().skip(age + 1).take(AGES.len().saturating_sub(age)).sum()
    }

    fn add(&mut self, finding: Finding<'_>, first_seen: Option<Timestamp>, fix: FixAvailable<'_>, exploit: bool) {
        self.findings += 1;
        match finding.status() {
            Status::Suppressed => self.suppressed += 1,
            Status::Closed => self.closed += 1,
            _ if !finding.is_open() => self.accepted += 1,
            _ => {
                self.open += 1;
                self.fix += u64::from(fix == FixAvailable::Yes);
                self.partial_fix += u64::from(fix == FixAvailable::Partial);
                self.exploit += u64::from(exploit);
                self.oldest = oldest(self.oldest, first_seen);
            }
        }
    }
}

impl VulnerabilityStatistics {
    fn new(finding: Finding<'_>) -> Self {
        VulnerabilityStatistics {
            row: finding.row(),
            rank: usize::MAX,
            findings: 0,
            resources: 0,
            exploit: false,
            fix: 0,
            partial_fix: 0,
            score: None,
            epss: None,
            oldest: None,
            rows: Vec::new(),
        }
    }
}

impl ResourceStatistics {
    fn new(finding: Finding<'_>) -> Self {
        let row = finding.row();
        ResourceStatistics { row, worst: row, by_severity: Default::default(), exploit: 0, oldest: None }
    }

    /// Open findings.
    pub fn findings(&self) -> u64 {
        self.by_severity.iter().sum()
    }
}

/// Whether a finding is worse than another: by severity, then with a known exploit, then by score. The title decides
/// between equals, so that the order of rows does not.
fn is_worse(finding: Finding<'_>, than: Finding<'_>) -> bool {
    let key = |finding: Finding<'_>| (finding.severity().rank(), finding.exploit_available() != ExploitAvailable::Yes);
    let score = |finding: Finding<'_>| finding.inspector_score().and_then(|cvss| cvss.score).unwrap_or(-1.0);
    let by_score = || score(than).total_cmp(&score(finding));
    let order = key(finding).cmp(&key(than)).then_with(by_score).then_with(|| finding.title().cmp(than.title()));
    order.then_with(|| finding.compare(than)).is_lt()
}

fn oldest(a: Option<Timestamp>, b: Option<Timestamp>) -> Option<Timestamp> {
    [a, b].into_iter().flatten().min()
}

/// Whole days from one time to another; none if it is not later.
fn days(from: Timestamp, to: Timestamp) -> u64 {
    u64::try_from(to.duration_since(from).as_secs() / 86_400).unwrap_or(0)
}

fn highest(a: Option<f64>, b: Option<f64>) -> Option<f64> {
    [a, b].into_iter().flatten().max_by(f64::total_cmp)
}

fn sorted<T: Ord>(mut items: Vec<T>) -> impl Iterator<Item = T> {
    items.sort_unstable();
    items.dedup();
    items.into_iter()
}

fn worst_first(groups: BTreeMap<&str, [u64; SEVERITIES]>) -> Vec<(String, [u64; SEVERITIES])> {
    let mut groups: Vec<_> = groups.into_iter().map(|(name, counts)| (name.to_owned(), counts)).collect();
    groups.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    groups
}

#[cfg(test)]
mod tests {
    use super::*;
    use inspector_report_localizer::Lang;
    use inspector_report_model::{Problem, Report};

    fn report() -> View {
        let rows =
            [["CRITICAL", "ACTIVE", "1"], ["HIGH", "ACTIVE", "1"], ["LOW", "ACTIVE", "2"], ["LOW", "SUPPRESSED", "2"]];
        View::of(Report::from_rows("made", &["Severity", "Status", "AWS Account Id"], rows))
    }

    fn headline(report: &View) -> String {
        Statistics::of(report).headline(report, &Localizer::new(Lang::En))
    }

    fn filtered(keep: impl Fn(Finding<'_>) -> bool) -> String {
        let report = report().report().clone();
        headline(&View::builder(report).filter(vec!["--made".to_owned()], keep).build())
    }

    #[test]
    fn what_a_filter_leaves_out_is_not_absent() {
        assert_eq!(
            filtered(|finding| finding.severity() == Severity::Low),
            "Of the findings that the filters leave: 1 finding is open. The filters leave out 2 open findings (1 critical, \
             1 high)."
        );
        assert_eq!(
            filtered(|finding| finding.severity() == Severity::High),
            "Of the findings that the filters leave: 1 finding of severity High is open, among 1 open finding in all. Of those \
             of severity High, none has a fix and none has a known exploit. The filters leave out 2 open findings (1 critical, \
             0 high)."
        );
        assert_eq!(
            filtered(|finding| finding.status() == Status::Suppressed),
            "None of the findings that the filters leave is open. The filters leave out 3 open findings (1 critical, 1 high)."
        );
        assert_eq!(
            filtered(|_| false),
            "No finding matches the filters; all 4 in the report were left out. The filters leave out 3 open findings (1 \
             critical, 1 high)."
        );
    }

    #[test]
    fn a_part_says_nothing_of_the_others() {
        let part = report().part("--split-by account (2)".to_owned(), &[2, 3], |_| true);
        assert_eq!(headline(&part), "In this part of the report: 1 finding is open, none of them critical or high.");
        let none = report().part("--split-by account (2)".to_owned(), &[3], |_| true);
        assert_eq!(headline(&none), "No finding in this part of the report is open.");
    }

    #[test]
    fn an_incomplete_report_says_so_first() {
        let report = Report::from_rows("made", &["Severity", "Status"], [["HIGH", "CLOSED"]]);
        let report = View::of(report.with_problem(Problem::new(ProblemCode::CutOff, "made", "")));
        assert_eq!(
            headline(&report),
            "This report is incomplete: part of its input is missing, and nobody knows how much. None of the findings that \
             could be read is open."
        );
    }

    /// A comparison knows of an image that was pushed again since when its findings are known; so do all figures.
    #[test]
    fn first_seen_is_that_of_both_reports_in_every_figure() {
        let headings =
            ["Severity", "Resource ID", "Resource Type", "Vulnerability Id", "First Seen", "Last Seen", "Age (Days)"];
        let image = |digest: &str| format!("arn:aws:ecr:r:1:repository/shop/sha256:{}", digest.repeat(64));
        let (a, b) = (image("a"), image("b"));
        let row = |id, first, last, age| ["HIGH", id, "AWS_ECR_CONTAINER_IMAGE", "CVE-1", first, last, age];
        let (old, new, now) = ("2026-01-02T00:00:00Z", "2026-05-31T00:00:00Z", "2026-06-01T00:00:00Z");
        let earlier = Report::from_rows("old", &headings, [row(&a, old, "2026-05-01T00:00:00Z", "119")]);
        let later = Report::from_rows("new", &headings, [row(&b, new, now, "1")]);
        assert_eq!(Statistics::of(&View::of(later.clone())).total.older_than(2), 0);
        let later = View::builder(later).compare_with(earlier).build();
        let figures = Statistics::of(&later);
        let first = inspector_report_model::timestamp::parse(old);
        assert_eq!(
            (figures.total.oldest, figures.resources[0].oldest, figures.vulnerabilities[0].oldest),
            (first, first, first)
        );
        assert_eq!(figures.total.older_than(2), 1);
        let finding = later.finding(0).unwrap();
        assert_eq!(
            (finding.age_days(), finding.timestamp(inspector_report_model::Column::FirstSeen)),
            (Some(150.0), first)
        );
        assert_eq!(finding.cell(4), new, "the input is given back as it was");
    }

    /// Ages are counted up to the date of the data, also of a finding that was first seen less than a day behind it.
    #[test]
    fn a_finding_that_is_known_since_later_has_no_age() {
        let headings = ["Severity", "Status", "First Seen", "Last Seen", "Last Updated"];
        let row = |first| ["HIGH", "ACTIVE", first, "2026-02-01T00:00:00Z", "2026-01-20T00:00:00Z"];
        let rows = [
            row("2026-01-01T00:00:00Z"),
            row("2026-02-01T23:00:00Z"),
            row("2027-03-01T00:00:00Z"),
            row("2026-03-01T00:00:00Z"),
        ];
        let total = Statistics::of(&View::of(Report::from_rows("made", &headings, rows))).total;
        assert_eq!(total.ages, [1, 1, 0, 0, 2], "that of less than a day is 0 days old");
        assert_eq!(total.oldest, Some("2026-01-01T00:00:00Z".parse().unwrap()));
        let alone = Statistics::of(&View::of(Report::from_rows("made", &headings, [rows[2]]))).total;
        assert_eq!((alone.oldest, alone.ages), (None, [0, 0, 0, 0, 1]));
    }
}

//! The counts that summaries show, computed once for all of them.
//!
//! Unless it says otherwise a count is of *open* findings: those neither suppressed, closed nor accepted
//! ([`Finding::is_open`]).

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use jiff::{Timestamp, civil::Date};

use inspector_report_localizer::{Lang, Localizer};
use inspector_report_model::{
    Finding, View, known_since,
    value::{ExploitAvailable, FixAvailable, SEVERITIES, Status},
};

use crate::{
    action::{Action, ActionKind, action_of},
    order::{Ranked, counts_worst_first, groups_worst_first},
    priority::{Due, PRIORITIES, Priorities, Priority},
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
    /// By [`Severity::rank`](inspector_report_model::value::Severity::rank); the last is for severities that are not known.
    pub by_severity: [Counts; SEVERITIES],
    /// The vulnerabilities with open findings, the worst first.
    pub vulnerabilities: Vec<VulnerabilityStatistics>,
    /// The resources with open findings, the worst first.
    pub resources: Vec<ResourceStatistics>,
    /// What can be done about open findings: first the actions that settle most of what is to be acted on first. Every open
    /// finding is in one.
    pub actions: Vec<Action>,
    /// Open findings by account id, the worst account first.
    pub accounts: Vec<(String, [u64; SEVERITIES])>,
    /// Open findings by Region, the worst Region first.
    pub regions: Vec<(String, [u64; SEVERITIES])>,
    /// Open findings by who is responsible ([`Priorities::owner`]), who has most to do first; empty for those without.
    pub owners: Vec<OwnerStatistics>,
    /// Open findings by rank of priority.
    pub by_priority: [u64; PRIORITIES],
    /// Open findings by when they are due, if targets were set.
    pub due: Option<DueStatistics>,
    /// The account ids that the report has findings of, open or not: those with the worst open ones first.
    pub covered_accounts: Vec<String>,
    /// The Regions that it has findings of, in the same order.
    pub covered_regions: Vec<String>,
    /// The date of the data: [`Report::data_date`](inspector_report_model::Report::data_date).
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

/// What somebody has to do.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OwnerStatistics {
    /// Who; empty for what belongs to nobody.
    pub name: String,
    /// Open findings by rank of severity.
    pub by_severity: [u64; SEVERITIES],
    /// The same by rank of priority.
    pub by_priority: [u64; PRIORITIES],
    /// By when they are due.
    pub due: DueStatistics,
    /// The place among [`Statistics::actions`] of the first that settles something of these.
    pub action: Option<usize>,
}

/// When open findings are due.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DueStatistics {
    /// Past their due date.
    pub overdue: u64,
    /// Due within a week, and not past.
    pub near: u64,
    /// Due later than that.
    pub later: u64,
    /// Without a due date: no target is set for them, or it is not known since when they are there.
    pub none: u64,
    /// The next due date that is not past.
    pub next: Option<Date>,
    /// How many days the longest is overdue.
    pub longest: i32,
}

impl DueStatistics {
    fn add(&mut self, due: Option<Due>) {
        match due {
            None => self.none += 1,
            Some(due) if due.is_overdue() => {
                self.overdue += 1;
                self.longest = self.longest.max(due.overdue_days);
            }
            Some(due) => {
                *(if due.is_near() { &mut self.near } else { &mut self.later }) += 1;
                self.next = Some(self.next.map_or(due.date, |next| next.min(due.date)));
            }
        }
    }
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
    /// The place of its worst finding: by severity, then in the order of findings.
    pub worst: usize,
    /// Open findings by rank of severity.
    pub by_severity: [u64; SEVERITIES],
    /// Open findings with a known exploit.
    pub exploit: u64,
    /// When the oldest was first seen.
    pub oldest: Option<Timestamp>,
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

/// Names that are not blank, each once: those of groups in their order, then the others.
fn covered<'a>(groups: &[(String, [u64; SEVERITIES])], names: impl Iterator<Item = &'a str>) -> Vec<String> {
    let all: BTreeSet<&str> = names.collect();
    let with_open: HashSet<&str> = groups.iter().map(|(name, _)| name.as_str()).collect();
    let others = all.into_iter().filter(|name| !with_open.contains(name));
    let named = groups.iter().map(|(name, _)| name.as_str()).chain(others).filter(|name| !name.is_empty());
    named.map(str::to_owned).collect()
}

impl Statistics {
    /// Those of a view. They are computed on first use, once for all formats.
    pub fn of(view: &View) -> &Statistics {
        view.memo(Statistics::compute)
    }

    fn compute(report: &View) -> Statistics {
        let mut statistics = Statistics { data_date: report.data_date(), ..Statistics::default() };
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
        // With the worst finding of each.
        let mut resources: BTreeMap<u32, (ResourceStatistics, Ranked<'_>)> = BTreeMap::new();
        let mut actions: Vec<Action> = Vec::new();
        let mut action_groups: HashMap<(ActionKind, String), usize> = HashMap::new();
        let priorities = Priorities::of(report);
        let mut owners: BTreeMap<&str, OwnerStatistics> = BTreeMap::new();
        let mut all_due = DueStatistics::default();
        // The owners of what each action settles.
        let mut action_owners: HashSet<(usize, &str)> = HashSet::new();
        let mut accounts: BTreeMap<&str, [u64; SEVERITIES]> = BTreeMap::new();
        let mut regions: BTreeMap<&str, [u64; SEVERITIES]> = BTreeMap::new();
        let mut has_findings = vec![false; report.resources().len()];
        let mut vulnerability_pairs: Vec<(u32, u32, u8)> = Vec::new();
        let mut resource_pairs: Vec<(u32, u8)> = Vec::new();
        let mut action_pairs: Vec<(u32, u32)> = Vec::new();

        for finding in report.findings() {
            let rank = finding.severity().rank();
            // One that lies behind the date of the data says nothing of an age.
            let first_seen = known_since(finding.first_seen(), statistics.data_date);
            let exploit = finding.exploit_available() == ExploitAvailable::Yes;
            let fix = finding.fix_available();
            for counts in [&mut statistics.total, &mut statistics.by_severity[rank]] {
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
            let priority = priorities.priority(finding).map_or(PRIORITIES - 1, Priority::rank);
            let due = priorities.due(finding);
            let owner = priorities.owner(finding);
            let owned = owners.entry(owner).or_default();
            owned.by_severity[rank] += 1;
            owned.by_priority[priority] += 1;
            owned.due.add(due);
            statistics.by_priority[priority] += 1;
            all_due.add(due);
            let ranked = Ranked::new(finding);
            let (on, worst) =
                resources.entry(resource_number).or_insert_with(|| (ResourceStatistics::new(finding), ranked));
            on.row = report.first_of(on.row, finding);
            on.by_severity[rank] += 1;
            on.exploit += u64::from(exploit);
            if (rank, ranked) < (worst.finding.severity().rank(), *worst) {
                *worst = ranked;
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
            let key = action_of(finding);
            let kind = key.0;
            let place = *action_groups.entry(key).or_insert(actions.len());
            if place == actions.len() {
                actions.push(Action {
                    kind,
                    row: finding.row(),
                    by_severity: Default::default(),
                    by_priority: Default::default(),
                    resources: 0,
                    exploit: 0,
                    due: None,
                    overdue: 0,
                    oldest: None,
                    rows: Vec::new(),
                });
            }
            let action = &mut actions[place];
            action.row = report.first_of(action.row, finding);
            action.by_severity[rank] += 1;
            action.by_priority[priority] += 1;
            action.exploit += u64::from(exploit);
            action.due = [action.due, due.map(|due| due.date)].into_iter().flatten().min();
            action.overdue += u64::from(due.is_some_and(Due::is_overdue));
            action.oldest = oldest(action.oldest, first_seen);
            action.rows.push(finding.row() as u32);
            action_owners.insert((place, owner));
            action_pairs.push((place as u32, resource_number));
        }

        statistics.count_distinct(vulnerability_pairs, resource_pairs, &mut vulnerabilities);
        sorted(action_pairs).for_each(|(action, _)| actions[action as usize].resources += 1);
        statistics.vulnerabilities = vulnerabilities.into_values().collect();
        statistics.resources = resources.into_values().map(|(resource, _)| resource).collect();
        statistics.actions = actions;
        statistics.accounts = groups_worst_first(accounts);
        statistics.regions = groups_worst_first(regions);
        let used = || report.resources().zip(&has_findings).filter(|(_, used)| **used).map(|(resource, _)| resource);
        statistics.covered_accounts = covered(&statistics.accounts, used().map(|resource| resource.account()));
        statistics.covered_regions = covered(&statistics.regions, used().map(|resource| resource.region()));
        statistics.due = priorities.policy().targets.is_some().then_some(all_due);
        statistics.count_ages(report);
        let places = statistics.sort(report);
        for (action, owner) in action_owners {
            if let (Some(owned), Some(place)) = (owners.get_mut(owner), places.get(action)) {
                owned.action = Some(owned.action.map_or(*place, |first| first.min(*place)));
            }
        }
        let named = |(name, owned): (&str, OwnerStatistics)| OwnerStatistics { name: name.to_owned(), ..owned };
        statistics.owners = owners.into_iter().map(named).collect();
        statistics.owners.sort_by(|a, b| {
            b.by_priority
                .cmp(&a.by_priority)
                .then_with(|| counts_worst_first(&a.by_severity, &b.by_severity))
                .then_with(|| a.name.cmp(&b.name))
        });
        statistics
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
    /// give the same lists. Gives the new place of each action.
    fn sort(&mut self, report: &View) -> Vec<usize> {
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
        self.resources.sort_by(|a, b| {
            counts_worst_first(&a.by_severity, &b.by_severity).then_with(|| resource(a.row).cmp(&resource(b.row)))
        });
        let texts = Localizer::shared(Lang::En);
        let mut numbered: Vec<(usize, Action)> = std::mem::take(&mut self.actions).into_iter().enumerate().collect();
        numbered.sort_by_cached_key(|(_, action)| {
            (
                std::cmp::Reverse(action.by_priority),
                std::cmp::Reverse((action.by_severity, action.exploit)),
                action.kind,
                action.describe(report, texts),
            )
        });
        let mut places = vec![0; numbered.len()];
        numbered.iter().enumerate().for_each(|(place, (number, _))| places[*number] = place);
        self.actions = numbered.into_iter().map(|(_, action)| action).collect();
        places
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

fn oldest(a: Option<Timestamp>, b: Option<Timestamp>) -> Option<Timestamp> {
    [a, b].into_iter().flatten().min()
}

/// Whole days from one time to another; none if it is not later.
pub(crate) fn days(from: Timestamp, to: Timestamp) -> u64 {
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

#[cfg(test)]
mod tests {
    use super::*;
    use inspector_report_localizer::Lang;
    use inspector_report_model::{Problem, ProblemCode, Report, value::Severity};

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
             of severity High, none has a fix and none has a public exploit. The filters leave out 2 open findings (1 critical, \
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
        let statistics = Statistics::of(&later);
        let first = inspector_report_model::timestamp::parse(old);
        assert_eq!(
            (statistics.total.oldest, statistics.resources[0].oldest, statistics.vulnerabilities[0].oldest),
            (first, first, first)
        );
        assert_eq!(statistics.total.older_than(2), 1);
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

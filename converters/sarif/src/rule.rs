//! The rules of a report: what its open findings have in common.
//!
//! GitHub shares the texts of a rule across all uploads to a repository, so a rule is made of the whole report's
//! findings, whichever run it stands in; and it holds nothing that names a resource.

use std::collections::{BTreeSet, HashMap};

use inspector_report_analysis::{Priorities, Priority};
use inspector_report_model::{
    Finding, Vulnerability,
    jiff::Timestamp,
    value::{Cvss, ExploitAvailable, FixAvailable, Severity},
};
use rayon::prelude::*;

use crate::{
    fingerprint,
    rule_id::{RuleNumber, Subject, weaknesses},
    severity,
    source::Source,
};

/// The facts of one vulnerability can differ by the vendor whose platform it is on. More than this many are not shown.
const ACCOUNTS: usize = 16;

/// Findings of which a thread names the rules at a time.
const AT_A_TIME: usize = 8_192;

/// Once this many packages of a vulnerability are known, no more are looked for.
const PACKAGES: usize = 200;

/// What a rule says.
#[derive(Debug)]
pub(crate) struct Rule<'a> {
    pub(crate) id: String,
    /// A hash of the id.
    pub(crate) hash: u64,
    pub(crate) subject: Subject<'a>,
    pub(crate) severity: Severity<'a>,
    /// The highest `security-severity` of the rule's findings.
    pub(crate) security_severity: f64,
    /// The highest Inspector score, as it is, with its vector.
    pub(crate) score: Option<Cvss<'a>>,
    /// Whether any of them has a known exploit.
    pub(crate) exploit: bool,
    pub(crate) exploit_known: bool,
    pub(crate) last_exploited: Option<Timestamp>,
    pub(crate) epss: Option<f64>,
    /// The most urgent priority of its findings.
    pub(crate) priority: Option<Priority>,
    /// Every answer that the findings give, in the order of [`FixAvailable::KNOWN`].
    pub(crate) fixes: [bool; 3],
    pub(crate) weaknesses: BTreeSet<u32>,
    /// Pages on what to do.
    pub(crate) pages: BTreeSet<&'a str>,
    /// The names of the packages that have it, in order: the first of them, and how many there are.
    pub(crate) packages: BTreeSet<&'a str>,
    /// The packages that were taken in last, by number.
    last_packages: Option<u32>,
    /// What is said of the vulnerability, the longest description first. Empty for anything but vulnerabilities.
    pub(crate) facts: Vec<Vulnerability<'a>>,
    description: Agreed<'a>,
    remediation: Agreed<'a>,
}

/// A text that all findings of a rule have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Agreed<'a> {
    NotSeen,
    All(&'a str),
    /// They differ, or the text names a resource.
    None,
}

impl<'a> Agreed<'a> {
    fn add(&mut self, text: &'a str, finding: Finding<'_>) {
        *self = match *self {
            Agreed::NotSeen | Agreed::All(_) if names_resource(text, finding) => Agreed::None,
            Agreed::NotSeen => Agreed::All(text),
            Agreed::All(known) if known == text => Agreed::All(known),
            _ => Agreed::None,
        };
    }

    fn get(self) -> Option<&'a str> {
        match self {
            Agreed::All(text) if !text.trim().is_empty() => Some(text),
            _ => None,
        }
    }
}

/// Whether a text names the resource, its account, its network or its file.
fn names_resource(text: &str, finding: Finding<'_>) -> bool {
    if text.is_empty() {
        return false;
    }
    let resource = finding.resource();
    let name = resource.name();
    let names = |part: &str| part.len() >= 3 && text.contains(part);
    names(resource.id())
        || names(&name)
        || names(resource.account())
        || finding.file_path().is_some_and(names)
        || finding.network_path().any(names)
}

/// All rules of a report.
#[derive(Debug, Default)]
pub(crate) struct Rules<'a>(Vec<Rule<'a>>);

impl<'a> Rules<'a> {
    /// Makes the rules, and tells each source which its findings have.
    pub(crate) fn collect(sources: &mut [Source<'a>]) -> Rules<'a> {
        let mut rules = Rules::name(sources);
        let findings = Findings::of(sources, rules.len());
        rules.par_iter_mut().enumerate().for_each(|(number, rule)| {
            findings.of_rule(number).iter().filter_map(|at| at.finding(sources)).for_each(|finding| rule.add(finding));
            rule.finish();
        });
        let places = sort(&mut rules);
        for number in sources.iter_mut().flat_map(|source| &mut source.rules) {
            *number = places.get(*number as usize).copied().unwrap_or(*number);
        }
        Rules(rules)
    }

    /// The rules that there are, still without what their findings say.
    fn name(sources: &mut [Source<'a>]) -> Vec<Rule<'a>> {
        let mut numbers: HashMap<String, RuleNumber> = HashMap::new();
        let mut rules: Vec<Rule<'a>> = Vec::new();
        for source in sources.iter_mut() {
            let named: Vec<Named<'a>> =
                source.rows().par_chunks(AT_A_TIME).map(|rows| Named::new(source, rows)).collect();
            source.rules = Vec::with_capacity(source.len());
            for named in named {
                let global = named.rules.into_iter().map(|rule| match numbers.get(&rule.id) {
                    Some(number) => *number,
                    None => {
                        let number = rules.len() as RuleNumber;
                        numbers.insert(rule.id.clone(), number);
                        rules.push(rule);
                        number
                    }
                });
                let global: Vec<RuleNumber> = global.collect();
                source.rules.extend(named.of_rows.iter().map(|local| global[*local as usize]));
            }
        }
        rules
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn get(&self, number: RuleNumber) -> Option<&Rule<'a>> {
        self.0.get(number as usize)
    }
}

/// The rules of some findings of a source, one after the other.
struct Named<'a> {
    rules: Vec<Rule<'a>>,
    /// The place in `rules` of that of each finding.
    of_rows: Vec<u32>,
}

impl<'a> Named<'a> {
    fn new(source: &Source<'a>, rows: &[u32]) -> Named<'a> {
        let (mut known, mut rules) = (HashMap::new(), Vec::new());
        let mut of_rows = Vec::with_capacity(rows.len());
        for finding in rows.iter().filter_map(|row| source.report.finding(*row as usize)) {
            let (subject, severity) = (Subject::of(finding), finding.severity());
            let id = subject.rule_id(severity);
            of_rows.push(*known.entry(id).or_insert_with_key(|id| {
                rules.push(Rule::new(id.clone(), subject, severity));
                rules.len() as u32 - 1
            }));
        }
        Named { rules, of_rows }
    }
}

/// Where a finding is: its source, and its place there.
#[derive(Clone, Copy, Debug, Default)]
struct At {
    source: u32,
    place: u32,
}

impl At {
    fn finding<'a>(self, sources: &[Source<'a>]) -> Option<Finding<'a>> {
        Some(sources.get(self.source as usize)?.finding(self.place as usize)?.0)
    }
}

/// The findings of each rule, in the order of the report: what a rule takes in must not depend on threads.
struct Findings {
    all: Vec<At>,
    /// Where those of each rule end.
    ends: Vec<usize>,
}

impl Findings {
    fn of(sources: &[Source<'_>], rules: usize) -> Findings {
        let numbers = || sources.iter().flat_map(|source| &source.rules).map(|number| *number as usize);
        let mut ends = vec![0; rules];
        numbers().for_each(|number| ends[number] += 1);
        let mut before = 0;
        for end in &mut ends {
            before += std::mem::replace(end, before);
        }
        let mut all = vec![At::default(); before];
        for (source, findings) in (0..).zip(sources) {
            for (place, number) in (0..).zip(&findings.rules) {
                let end = &mut ends[*number as usize];
                all[*end] = At { source, place };
                *end += 1;
            }
        }
        Findings { all, ends }
    }

    fn of_rule(&self, number: usize) -> &[At] {
        let start = number.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.all[start..self.ends[number]]
    }
}

/// Sorts the rules, the worst first; gives the new number of each.
fn sort(rules: &mut Vec<Rule<'_>>) -> Vec<RuleNumber> {
    let mut order: Vec<usize> = (0..rules.len()).collect();
    let key = |place: &usize| rules.get(*place).map(|rule| (rule.severity.rank(), rule.id.as_str()));
    order.sort_by(|a, b| key(a).cmp(&key(b)));
    let mut places = vec![0; rules.len()];
    for (new, old) in order.iter().enumerate() {
        if let Some(place) = places.get_mut(*old) {
            *place = new as RuleNumber;
        }
    }
    let mut numbered: Vec<(RuleNumber, Rule<'_>)> = places.iter().copied().zip(rules.drain(..)).collect();
    numbered.sort_by_key(|(new, _)| *new);
    rules.extend(numbered.into_iter().map(|(_, rule)| rule));
    places
}

impl<'a> Rule<'a> {
    fn new(id: String, subject: Subject<'a>, severity: Severity<'a>) -> Rule<'a> {
        Rule {
            id,
            hash: 0,
            subject,
            severity,
            security_severity: 0.0,
            score: None,
            exploit: false,
            exploit_known: false,
            last_exploited: None,
            epss: None,
            priority: None,
            fixes: [false; 3],
            weaknesses: BTreeSet::new(),
            pages: BTreeSet::new(),
            packages: BTreeSet::new(),
            last_packages: None,
            facts: Vec::new(),
            description: Agreed::NotSeen,
            remediation: Agreed::NotSeen,
        }
    }

    /// Takes in a finding. The rule must not hide the worst of its findings.
    fn add(&mut self, finding: Finding<'a>) {
        let score = finding.inspector_score();
        let number = score.and_then(|cvss| cvss.score);
        self.security_severity = self.security_severity.max(severity::security_severity(finding.severity(), number));
        if worse(score, self.score) {
            self.score = score;
        }
        let exploit = finding.exploit_available();
        self.exploit |= exploit == ExploitAvailable::Yes;
        self.exploit_known |= ExploitAvailable::KNOWN.contains(&exploit);
        self.last_exploited = self.last_exploited.max(finding.last_exploited_at());
        let fix = finding.fix_available();
        for (known, answer) in FixAvailable::KNOWN.iter().zip(&mut self.fixes) {
            *answer |= *known == fix;
        }
        let facts = finding.vulnerability_facts();
        let priorities = finding.view().map(Priorities::of);
        let epss = priorities.and_then(|priorities| priorities.epss(finding)).or_else(|| facts.epss());
        if epss > self.epss {
            self.epss = epss;
        }
        let priority = priorities.and_then(|priorities| priorities.priority(finding));
        self.priority = [self.priority, priority].into_iter().flatten().min();
        if matches!(self.subject, Subject::Vulnerability(_)) {
            let packages = Some(finding.packages_index());
            if self.last_packages != packages && self.packages.len() < PACKAGES {
                self.packages.extend(finding.packages().map(|package| package.name));
                self.last_packages = packages;
            }
            if self.facts.last().is_none_or(|last| last.index() != facts.index()) {
                self.facts.push(facts);
            }
        } else {
            if matches!(self.subject, Subject::Code(_)) {
                self.weaknesses.extend(weaknesses(finding));
            }
            self.description.add(finding.description(), finding);
        }
        self.remediation.add(finding.remediation().unwrap_or_default(), finding);
        if self.pages.len() < ACCOUNTS {
            self.pages.extend(finding.remediation_url());
        }
    }

    fn finish(&mut self) {
        self.hash = fingerprint::hash(&self.id);
        self.facts.sort_by_key(|facts| facts.index());
        self.facts.dedup_by_key(|facts| facts.index());
        self.facts.sort_by(|a, b| {
            let key = |facts: &Vulnerability<'a>| (facts.description(), facts.vendor(), facts.advisory());
            b.description().len().cmp(&a.description().len()).then_with(|| key(a).cmp(&key(b)))
        });
        self.facts.truncate(ACCOUNTS);
        self.facts.shrink_to_fit();
    }

    /// What the rule is about, where the report says it and no resource is named.
    pub(crate) fn description(&self) -> Option<&'a str> {
        match self.facts.first() {
            Some(facts) => Some(facts.description()).filter(|text| !text.trim().is_empty()),
            None => self.description.get(),
        }
    }

    /// What to do, where all findings say the same and no resource is named.
    pub(crate) fn remediation(&self) -> Option<&'a str> {
        self.remediation.get()
    }
}

/// Whether a score is higher than another. Of equal scores the vector decides, so that the order of rows does not.
fn worse(score: Option<Cvss<'_>>, than: Option<Cvss<'_>>) -> bool {
    match (score, than) {
        (Some(a), Some(b)) => match a.score.unwrap_or(-1.0).total_cmp(&b.score.unwrap_or(-1.0)) {
            std::cmp::Ordering::Equal => a.vector > b.vector,
            order => order.is_gt(),
        },
        (score, _) => score.is_some(),
    }
}

#[cfg(test)]
mod tests {
    use inspector_report_format::NO_FILES;
    use inspector_report_model::{Report, View};

    use super::*;
    use crate::options::Options;

    const HEADINGS: [&str; 8] = [
        "Severity",
        "Finding Type",
        "Vulnerability Id",
        "Inspector Score",
        "Exploit Available",
        "Fix Available",
        "Epss Score",
        "Status",
    ];

    #[test]
    fn a_rule_does_not_hide_the_worst_of_its_findings() {
        let rows = [
            ["HIGH", "PACKAGE_VULNERABILITY", "CVE-1", "7.1", "NO", "YES", "0.1", "ACTIVE"],
            ["HIGH", "PACKAGE_VULNERABILITY", "CVE-1", "8.4", "YES", "NO", "0.5", "ACTIVE"],
            ["HIGH", "PACKAGE_VULNERABILITY", "CVE-1", "", "", "", "", ""],
            ["CRITICAL", "PACKAGE_VULNERABILITY", "CVE-1", "9.9", "NO", "YES", "0.1", "ACTIVE"],
            ["CRITICAL", "PACKAGE_VULNERABILITY", "CVE-2", "9.9", "NO", "YES", "0.1", "CLOSED"],
        ];
        let report = View::of(Report::from_rows("made", &HEADINGS, rows));
        let options = Options::default();
        let mut sources = Source::all(&report, &options, &NO_FILES);
        let rules = Rules::collect(&mut sources);
        assert_eq!(sources[0].rules, [1, 1, 1, 0]);
        let high = rules.get(1).unwrap();
        assert_eq!((high.id.as_str(), high.security_severity), ("CVE-1-high", 8.4));
        assert_eq!((high.exploit, high.fixes, high.epss), (true, [true, false, true], Some(0.5)));
        assert_eq!(high.facts.len(), 3);
        assert_eq!((rules.get(0).unwrap().exploit, rules.get(2).is_none()), (false, true));
    }

    #[test]
    fn a_rule_says_nothing_that_names_a_resource() {
        let headings = ["Finding Type", "Detector Name", "Resource ID", "Description", "Remediation"];
        let of = |rows: &[[&str; 5]]| {
            let report = View::of(Report::from_rows("made", &headings, rows.iter()));
            let options = Options::default();
            let rules = Rules::collect(&mut Source::all(&report, &options, &NO_FILES));
            let rule = rules.get(0).unwrap();
            (rule.description().map(str::to_owned), rule.remediation().map(str::to_owned))
        };
        let row = |id, description| ["CODE_VULNERABILITY", "Log injection", id, description, "Clean it."];
        let clean = Some("Clean it.".to_owned());
        assert_eq!(of(&[row("fn-1", "Same."), row("fn-2", "Same.")]), (Some("Same.".into()), clean.clone()));
        assert_eq!(of(&[row("fn-1", "One."), row("fn-2", "Two.")]), (None, clean.clone()));
        assert_eq!(of(&[row("fn-1", "In fn-1.")]), (None, clean.clone()));
        assert_eq!(of(&[row("fn-1", ""), row("fn-2", "")]), (None, clean));
    }
}

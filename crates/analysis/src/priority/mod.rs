//! What to do first: one of five priorities for each open finding, from a decision table that people can read and argue with.
//!
//! The way is that of SSVC (CERT/CC): is it exploited, can it be, how bad is it, is it exposed, is there a fix. No standard
//! prescribes a table for what Inspector tells; the rows say where each comes from, and which are our own choice.
//!
//! *Exploit Available* says that an exploit exists, not that anybody uses it; EPSS is a probability, no evidence. Only CISA's
//! Known Exploited Vulnerabilities catalogue (KEV) says that a vulnerability is exploited, and no export has it: without the
//! file, KEV is *not checked*, which is not the same as *not listed*.
//!
//! | module | holds |
//! | --- | --- |
//! | `table` | the rules, and the decision |
//! | `facts` | what a finding says of the points that rules ask for |
//! | `policy` | thresholds, days, and what else a configuration changes |
//! | `due` | until when a finding is to be settled |
//! | `owner` | who has to do it |
//! | `words` | the table in words |

use std::fmt;

use inspector_report_localizer::{Args, Localizer};
use inspector_report_model::{Finding, View, jiff::civil::Date};

mod due;
mod facts;
mod owner;
mod policy;
mod table;
mod words;

pub use due::{Due, DueTargets, TargetsBy};
pub use facts::{Exposure, Facts, Fix, Kev};
pub use owner::{OwnerPolicy, Owners};
pub use policy::{Labels, Places, Policy, RuleSetting};
pub use table::{Decision, RULES, Rule, decide};
pub use words::RuleWords;

use facts::{OfReport, OfVulnerability};

/// How many priorities there are.
pub const PRIORITIES: usize = Priority::ALL.len();

/// When to act on a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Priority {
    /// Outside any cycle; leadership knows.
    ActNow,
    /// Before the next regular maintenance.
    Soon,
    /// With a date, in the next maintenance.
    Planned,
    /// With the regular updates.
    Routine,
    /// Nothing of its own: when a fix or a signal comes.
    Watch,
}

impl Priority {
    /// All, the first to act on first.
    pub const ALL: [Priority; 5] =
        [Priority::ActNow, Priority::Soon, Priority::Planned, Priority::Routine, Priority::Watch];

    /// The name that files and options have: `act-now`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Priority::ActNow => "act-now",
            Priority::Soon => "soon",
            Priority::Planned => "planned",
            Priority::Routine => "routine",
            Priority::Watch => "watch",
        }
    }

    /// The priority of a name, in any case.
    pub fn parse(text: &str) -> Option<Priority> {
        Priority::ALL.into_iter().find(|priority| priority.as_str().eq_ignore_ascii_case(text.trim()))
    }

    /// 0 for what to act on first, one more for each step down.
    pub const fn rank(self) -> usize {
        self as usize
    }

    /// One step nearer to acting now.
    fn raised(self) -> Priority {
        Priority::ALL[self.rank().saturating_sub(1)]
    }

    /// One step farther from it.
    fn lowered(self) -> Priority {
        Priority::ALL[(self.rank() + 1).min(PRIORITIES - 1)]
    }

    /// The key of its text: its name, and as `.meaning` what to do.
    pub const fn key(self) -> &'static str {
        match self {
            Priority::ActNow => "priority-act-now",
            Priority::Soon => "priority-soon",
            Priority::Planned => "priority-planned",
            Priority::Routine => "priority-routine",
            Priority::Watch => "priority-watch",
        }
    }
}

impl fmt::Display for Priority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Why a finding has its priority.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// In CISA's catalogue.
    KnownExploited,
    /// In CISA's catalogue as used by ransomware.
    Ransomware,
    /// The package itself is an attack.
    MaliciousPackage,
    /// An exploit exists.
    ExploitAvailable,
    /// The EPSS score reaches the threshold.
    Epss,
    /// A network path from the internet is open.
    Reachable,
    /// The resource has a public IP address.
    PublicIp,
    /// The configuration says that the resource faces the internet.
    InternetFacing,
    /// The configuration says that it does not.
    Internal,
    /// The configuration says that the system is important.
    Important,
    /// The severity.
    Severity,
    /// No vendor has rated it.
    Unrated,
    /// The platform gets no updates any more.
    EndOfLife,
    /// All packages have a fix.
    FixAvailable,
    /// Some have.
    PartialFix,
    /// None has.
    NoFix,
    /// Nothing that runs reaches it, or the image is not in use.
    Idle,
}

impl Reason {
    /// All, in the order in which they are told.
    pub const ALL: [Reason; 17] = [
        Reason::KnownExploited,
        Reason::Ransomware,
        Reason::MaliciousPackage,
        Reason::ExploitAvailable,
        Reason::Epss,
        Reason::Reachable,
        Reason::PublicIp,
        Reason::InternetFacing,
        Reason::Internal,
        Reason::Important,
        Reason::Severity,
        Reason::Unrated,
        Reason::EndOfLife,
        Reason::FixAvailable,
        Reason::PartialFix,
        Reason::NoFix,
        Reason::Idle,
    ];

    /// The name that files have.
    pub const fn as_str(self) -> &'static str {
        match self {
            Reason::KnownExploited => "known-exploited",
            Reason::Ransomware => "ransomware",
            Reason::MaliciousPackage => "malicious-package",
            Reason::ExploitAvailable => "exploit-available",
            Reason::Epss => "epss",
            Reason::Reachable => "reachable",
            Reason::PublicIp => "public-ip",
            Reason::InternetFacing => "internet-facing",
            Reason::Internal => "internal",
            Reason::Important => "important",
            Reason::Severity => "severity",
            Reason::Unrated => "unrated",
            Reason::EndOfLife => "end-of-life",
            Reason::FixAvailable => "fix-available",
            Reason::PartialFix => "partial-fix",
            Reason::NoFix => "no-fix",
            Reason::Idle => "idle",
        }
    }

    /// The key of its text.
    const fn key(self) -> &'static str {
        match self {
            Reason::KnownExploited => "reason-known-exploited",
            Reason::Ransomware => "reason-ransomware",
            Reason::MaliciousPackage => "reason-malicious-package",
            Reason::ExploitAvailable => "reason-exploit-available",
            Reason::Epss => "reason-epss",
            Reason::Reachable => "reason-reachable",
            Reason::PublicIp => "reason-public-ip",
            Reason::InternetFacing => "reason-internet-facing",
            Reason::Internal => "reason-internal",
            Reason::Important => "reason-important",
            Reason::Severity => "reason-critical",
            Reason::Unrated => "reason-unrated",
            Reason::EndOfLife => "reason-end-of-life",
            Reason::FixAvailable => "reason-fix-available",
            Reason::PartialFix => "reason-partial-fix",
            Reason::NoFix => "reason-no-fix",
            Reason::Idle => "reason-idle",
        }
    }
}

/// Some of the reasons.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Reasons(u32);

impl Reasons {
    fn add(&mut self, reason: Reason, holds: bool) {
        self.0 |= u32::from(holds) << reason as u32;
    }

    /// Whether this is one of them.
    pub const fn has(self, reason: Reason) -> bool {
        self.0 & 1 << reason as u32 != 0
    }

    /// Each, in the order in which they are told.
    pub fn iter(self) -> impl Iterator<Item = Reason> {
        Reason::ALL.into_iter().filter(move |reason| self.has(*reason))
    }
}

/// The priorities of a report, its owners and due dates, as a [`Policy`] has them.
///
/// They are decided on the whole report: a filter takes away no network path from the resources that it leaves.
#[derive(Debug)]
pub struct Priorities {
    policy: Policy,
    of_report: OfReport,
    /// By the row in the report; none for what asks for no work.
    decisions: Vec<Option<Decision>>,
}

impl Priorities {
    /// Those of a view: decided on first use, once for the whole report and all of its parts. Without a policy, by default.
    pub fn of(view: &View) -> &Priorities {
        view.memo_of_whole(|whole| {
            let policy = whole.policy::<Policy>().cloned().unwrap_or_default();
            let of_report = OfReport::new(whole, &policy);
            let decide = |finding: Finding<'_>| finding.is_open().then(|| decide(&of_report.facts(finding), &policy));
            let decisions = whole.findings().map(decide).collect();
            Priorities { policy, of_report, decisions }
        })
    }

    /// How findings are judged.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// What was decided for a finding; nothing for one that asks for no work: suppressed, closed or accepted.
    pub fn decision(&self, finding: Finding<'_>) -> Option<Decision> {
        self.decisions.get(finding.row_in_report()).copied().flatten()
    }

    /// The priority of a finding that asks for work.
    pub fn priority(&self, finding: Finding<'_>) -> Option<Priority> {
        self.decision(finding).map(|decision| decision.priority)
    }

    /// The EPSS score that counts for a finding: that of the file, else that of the report.
    pub fn epss(&self, finding: Finding<'_>) -> Option<f64> {
        self.of_vulnerability(finding)?.epss
    }

    /// Whether a finding is in CISA's catalogue.
    pub fn kev(&self, finding: Finding<'_>) -> Kev {
        self.of_vulnerability(finding).map_or(self.of_report.kev_of_none(), |of| of.kev)
    }

    /// The last day of CISA's own due date for a finding in its catalogue. It says nothing of a server built last week.
    pub fn kev_due(&self, finding: Finding<'_>) -> Option<Date> {
        self.of_vulnerability(finding)?.kev_due
    }

    fn of_vulnerability(&self, finding: Finding<'_>) -> Option<&OfVulnerability> {
        self.of_report.vulnerability(finding)
    }

    /// Who is responsible for a finding; empty if nobody is known to be.
    pub fn owner(&self, finding: Finding<'_>) -> &str {
        self.of_report.owners.of(finding.resource())
    }

    /// Until when a finding is to be settled; nothing where no target was set for it, or it asks for no work.
    pub fn due(&self, finding: Finding<'_>) -> Option<Due> {
        let targets = self.policy.targets.as_ref()?;
        let decision = self.decision(finding)?;
        due::due(targets, decision, finding, self.of_vulnerability(finding), &self.policy, self.of_report.today)
    }

    /// The reasons of a decision in words, worst first.
    pub fn reasons(&self, finding: Finding<'_>, texts: &Localizer) -> Vec<String> {
        let Some(decision) = self.decision(finding) else { return Vec::new() };
        let text = |reason: Reason| match reason {
            Reason::Epss => {
                let percent = self.epss(finding).unwrap_or_default() * 100.0;
                texts.format(reason.key(), &Args::new().text("percent", &shown_percent(percent, texts)))
            }
            Reason::Severity => {
                let rank = finding.severity().rank();
                let keys = ["reason-critical", "reason-high", "reason-medium", "reason-low", "reason-informational"];
                texts.get(keys.get(rank).copied().unwrap_or("reason-unrated"))
            }
            _ => texts.get(reason.key()),
        };
        decision.reasons.iter().map(text).collect()
    }

    /// How many vulnerabilities of the report are in CISA's catalogue, and how many it cannot tell of, having no CVE id.
    pub fn kev_counts(&self) -> (u64, u64) {
        self.of_report.kev_counts()
    }

    /// How many vulnerabilities of the report the file of EPSS scores has.
    pub fn epss_matched(&self) -> u64 {
        self.of_report.epss_matched()
    }
}

/// A percentage with a decimal only where it is below ten: `0.4`, `42`.
fn shown_percent(percent: f64, texts: &Localizer) -> String {
    match percent < 10.0 {
        true => texts.decimal(percent),
        false => texts.number(percent.round() as u64),
    }
}

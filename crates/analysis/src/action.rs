//! What can be done about findings: the update, the closed path, the mended code that settles several of them.

use inspector_report_localizer::{Args, Localizer};
use inspector_report_model::{
    Finding, View,
    jiff::{Timestamp, civil::Date},
    value::{FindingType, FixAvailable, SEVERITIES},
};

use crate::{
    order::{Ranked, worst_rank},
    priority::{PRIORITIES, Priority},
};

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
    /// There is no fix yet: mitigate, isolate, or accept the risk in writing (SSVC; FedRAMP, vendor dependencies).
    Mitigate,
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
    /// The open findings that it settles, by rank of priority.
    pub by_priority: [u64; PRIORITIES],
    /// How many of the findings have an exploit that is public.
    pub exploit: u64,
    /// The earliest day on which one of the findings is due, and how many are past theirs.
    pub due: Option<Date>,
    /// How many of the findings are past their due date.
    pub overdue: u64,
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

    /// The most urgent priority that it settles.
    pub fn priority(&self) -> Option<Priority> {
        Priority::ALL.into_iter().find(|priority| self.by_priority[priority.rank()] > 0)
    }

    /// The place of the finding to act on first, of those that it settles.
    pub fn first(&self, report: &View) -> usize {
        let findings = self.rows.iter().filter_map(|row| report.finding(*row as usize));
        let first = findings.map(Ranked::new).min();
        first.map_or(self.row, |ranked| ranked.finding.row())
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
        report.finding(self.row).map(action_of)
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
            ActionKind::Mitigate => {
                let id = finding.vulnerability_facts().id();
                let args = Args::new().text("vulnerability", if id.is_empty() { finding.title() } else { id });
                texts.format("action-mitigate", &args)
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

/// What settles a finding: every one has an action.
pub(crate) fn action_of(finding: Finding<'_>) -> (ActionKind, String) {
    match finding.finding_type() {
        FindingType::NetworkReachability => {
            let port = finding.port_range().unwrap_or(finding.title());
            (ActionKind::CloseNetworkPath, format!("{port} {}", finding.protocol().unwrap_or_default()))
        }
        FindingType::CodeVulnerability => {
            (ActionKind::MendCode, finding.detector_name().unwrap_or(finding.title()).to_owned())
        }
        _ => {
            let updates = updates(finding);
            if !updates.is_empty() {
                return (ActionKind::UpdatePackages, format!("{updates:?}"));
            }
            let id = finding.vulnerability_facts().id();
            match finding.fix_available() {
                FixAvailable::Yes | FixAvailable::Partial => (ActionKind::InstallUpdate, id.to_owned()),
                _ => (ActionKind::Mitigate, if id.is_empty() { finding.title() } else { id }.to_owned()),
            }
        }
    }
}

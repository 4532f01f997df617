//! What became of findings over a series of reports: how many were open when, what was opened and fixed each month, how
//! long fixes took, what has been open longest, and what is over its target.
//!
//! A report is a *snapshot*: what Inspector knew at one time. [`TrendBuilder`] is fed snapshots in order of their dates
//! and keeps a compact track of each finding, never a whole report; [`Trend`] is what it comes to.
//!
//! What a report does not have is fixed only where the report covers its account and Region and was read whole. Reports of
//! one account and Region on one day are one picture: two halves of an export, or an export in the morning and one in the
//! evening. Days and months are those of one time zone, UTC unless another is [chosen](TrendBuilder::in_zone).

mod builder;
mod places;
mod texts;
mod tracks;

use std::{collections::BTreeSet, fmt, sync::Arc};

use jiff::{Timestamp, civil::Date, tz::TimeZone};

pub use builder::TrendBuilder;
pub use places::latest as latest_reports;

use crate::priority::{DueTargets, OwnerPolicy, TargetsBy};
use inspector_report_model::{Loss, Place, Report, Resource, TriageEntry, value::SEVERITIES, value::Severity};

/// Counts by [`Severity::rank`]; the last is for severities that are not known.
pub type BySeverity = [u64; SEVERITIES];

/// What must be known of a report before it can be put in its place in the series.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// The name of its file, without folders.
    pub file: String,
    /// The date of its data.
    pub date: Timestamp,
    /// The accounts with Regions that it has findings of, open or not: its own places.
    pub places: BTreeSet<Place>,
    /// How many of its rows could not be read, as far as that is known.
    pub rows_lost: u64,
    /// What is missing of it. If anything is, that a finding is not in it says nothing.
    pub loss: Loss,
}

impl Snapshot {
    /// What is to be known of a report. It has to be asked before findings are filtered out, for a filter changes neither
    /// the date nor what the report covers. `None` for a report without a date, which has no place in a series.
    pub fn new(report: &Report) -> Option<Snapshot> {
        let date = report.data_date()?;
        let places = report.coverage().iter().flat_map(|input| &input.places).cloned().collect();
        let (file, rows_lost, loss) = (report.file_name().to_owned(), report.rows_lost(), report.loss());
        Some(Snapshot { file, date, places, rows_lost, loss })
    }
}

/// What findings are grouped by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum TrendBy {
    /// The account.
    Account,
    /// Who owns the resource ([`Resource::owner`]).
    Owner,
    /// The Region.
    Region,
    /// A tag of the resource, by its key.
    Tag(String),
}

impl TrendBy {
    /// What is grouped by unless something else is said.
    pub const USUAL: [TrendBy; 2] = [TrendBy::Account, TrendBy::Owner];

    /// Reads `account`, `owner`, `region` or `tag:KEY`.
    pub fn parse(text: &str) -> Option<TrendBy> {
        match text {
            "account" => Some(TrendBy::Account),
            "owner" => Some(TrendBy::Owner),
            "region" => Some(TrendBy::Region),
            _ => text.strip_prefix("tag:").filter(|key| !key.is_empty()).map(|key| TrendBy::Tag(key.to_owned())),
        }
    }

    /// The name of the group that a resource belongs to; empty where it is not known.
    fn name(&self, resource: Resource<'_>, owners: &OwnerPolicy) -> String {
        match self {
            TrendBy::Account => resource.account().to_owned(),
            TrendBy::Region => resource.region().to_owned(),
            TrendBy::Owner => owners.owner(resource).unwrap_or_default(),
            TrendBy::Tag(wanted) => {
                let tag = resource.tags().into_iter().find(|(key, _)| key == wanted);
                tag.map(|(_, value)| value.into_owned()).unwrap_or_default()
            }
        }
    }
}

impl fmt::Display for TrendBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TrendBy::Account => f.write_str("account"),
            TrendBy::Owner => f.write_str("owner"),
            TrendBy::Region => f.write_str("region"),
            TrendBy::Tag(key) => write!(f, "tag:{key}"),
        }
    }
}

/// In how many days findings of each severity are to be fixed, by rank; `None` where nothing is asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Targets([Option<u32>; SEVERITIES]);

impl Targets {
    /// The longest target, in days: a hundred years.
    const LONGEST: u32 = 36_500;

    /// Reads `critical=7,high=30`.
    ///
    /// # Errors
    /// A sentence that says what is wrong.
    pub fn parse(text: &str) -> Result<Targets, String> {
        let mut targets = Targets::default();
        for item in text.split(',').map(str::trim) {
            let (name, days) =
                item.split_once('=').ok_or_else(|| format!("{item:?} is not of the form severity=days"))?;
            let severity = Severity::KNOWN.iter().find(|severity| severity.as_str().eq_ignore_ascii_case(name.trim()));
            let rank = severity.ok_or_else(|| format!("no severity {:?}", name.trim()))?.rank();
            let days = days.trim().parse().ok().filter(|days| (1..=Targets::LONGEST).contains(days));
            let days =
                days.ok_or_else(|| format!("{item:?}: days are a whole number from 1 to {}", Targets::LONGEST))?;
            if targets.0[rank].replace(days).is_some() {
                return Err(format!("{} has two targets", name.trim()));
            }
        }
        Ok(targets)
    }

    /// Those of due dates that go by severity.
    pub fn of_severities(due: &DueTargets) -> Option<Targets> {
        match &due.by {
            TargetsBy::Severity(days) => Some(Targets(*days)),
            TargetsBy::Priority(_) => None,
        }
    }

    /// The target of a severity, by rank.
    pub fn days(&self, rank: usize) -> Option<u32> {
        self.0.get(rank).copied().flatten()
    }

    /// Whether nothing is asked.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(Option::is_none)
    }
}

/// A report of the series.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrendReport {
    /// The name of its file.
    pub file: String,
    /// The date of its data.
    pub date: Timestamp,
    /// Its findings, as far as filters left them.
    pub findings: u64,
    /// The open ones.
    pub open: u64,
    /// The accounts with Regions that it covers and has no finding of.
    pub covers_more: Vec<(String, String)>,
    /// Rows that could not be read, as far as that is known.
    pub rows_lost: u64,
    /// What is missing of it.
    pub loss: Loss,
}

/// What happened in a month.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrendMonth {
    /// Its first day.
    pub first_day: Date,
    /// Findings seen for the first time.
    pub opened: BySeverity,
    /// Findings that were fixed and are open again.
    pub reopened: BySeverity,
    /// Findings that were closed, or are in the reports no more.
    pub fixed: BySeverity,
    /// Findings that were suppressed or accepted.
    pub set_aside: BySeverity,
    /// Findings that were set aside and are open again.
    pub unsuppressed: BySeverity,
    /// What was open when it ended, as the last report until then says.
    pub open: BySeverity,
}

/// How long fixes took.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct FixTimes {
    /// How many findings were fixed.
    pub fixed: u64,
    /// Of how many of them it is known since when they were open.
    pub timed: u64,
    /// The mean of these, in days.
    pub mean: Option<f64>,
    /// The days within which nine of ten of these were fixed (nearest rank).
    pub percentile90: Option<f64>,
}

/// The figures of findings that belong together.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupStatistics {
    /// The name of the group; empty where it is not known.
    pub name: String,
    /// What is open at the end.
    pub open: BySeverity,
    /// What was opened, or opened again, since the first report.
    pub opened: u64,
    /// What was fixed since the first report.
    pub fixed: u64,
    /// How long that took on average, in days.
    pub mean_days: Option<f64>,
    /// What is open for longer than its target.
    pub overdue: u64,
}

/// How a target was met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TargetStatistics {
    /// The severity, by rank.
    pub rank: usize,
    /// The target in days.
    pub days: u32,
    /// What is open for longer.
    pub overdue: u64,
    /// What was fixed, as far as it is known how long that took.
    pub fixed: u64,
    /// What was fixed within the target.
    pub in_time: u64,
}

/// A finding that is open at the end.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenFinding {
    /// Its severity, by rank.
    pub rank: usize,
    /// Its vulnerability id; empty for findings without one.
    pub vulnerability: Arc<str>,
    /// Its title.
    pub title: Arc<str>,
    /// The name of its resource.
    pub resource: Arc<str>,
    /// The account.
    pub account: Arc<str>,
    /// The Region.
    pub region: Arc<str>,
    /// Who owns the resource.
    pub owner: Arc<str>,
    /// Since when it is open: first seen, or opened again.
    pub since: Option<Timestamp>,
    /// How many days that is, up to the date of the last report.
    pub days: Option<f64>,
    /// Its ARN.
    pub arn: String,
    /// What people filled in of it, in the newest report that has anything.
    pub triage: TriageEntry,
}

/// A finding that is open for longer than its target.
#[derive(Clone, Debug, PartialEq)]
pub struct Overdue {
    /// The finding.
    pub finding: OpenFinding,
    /// The target in days.
    pub target: u32,
    /// How many days it is over.
    pub days_over: f64,
}

/// An account and Region of which a report has nothing any more, so that what was open there counts as fixed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vanished {
    /// The account.
    pub account: String,
    /// The Region.
    pub region: String,
    /// How many findings count as fixed for it.
    pub fixed: u64,
    /// The file of the report.
    pub file: String,
    /// Its date.
    pub date: Timestamp,
}

/// An account and Region that no report has covered for a while; what was open there counts as open still.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutOfSight {
    /// The account.
    pub account: String,
    /// The Region.
    pub region: String,
    /// How many findings count as open.
    pub open: u64,
    /// The date of the last report that covers it.
    pub since: Timestamp,
}

/// What cannot be told since reports are incomplete. None of it counts as fixed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Uncertain {
    /// Findings that count as open, and that a later report of their account and Region does not have, of which something
    /// is missing.
    pub open: BySeverity,
    /// Findings that were seen to be fixed by a later report, since one between was incomplete: how long their fixes took
    /// is counted up to the later one.
    pub fixed_late: u64,
    /// Reports of which something is missing.
    pub reports: u64,
}

/// What a series of reports comes to.
#[derive(Clone, Debug, PartialEq)]
pub struct Trend {
    /// The reports, in order of date; at least one.
    pub reports: Vec<TrendReport>,
    /// The date of the first report.
    pub from: Timestamp,
    /// The date of the last report: the end, up to which ages are counted.
    pub to: Timestamp,
    /// What was open after each day that has a report.
    pub series: Vec<(Date, BySeverity)>,
    /// What was open before the first report, or was older than that when it came in sight.
    pub before: BySeverity,
    /// The months, from that of the first report to that of the last.
    pub months: Vec<TrendMonth>,
    /// How long fixes took, by rank of severity.
    pub fix_times: [FixTimes; SEVERITIES],
    /// How long they took altogether.
    pub all_fix_times: FixTimes,
    /// The groups, by each thing that was asked for; of each the worst first.
    pub groups: Vec<(TrendBy, Vec<GroupStatistics>)>,
    /// The targets that were set, the worst severity first.
    pub targets: Vec<TargetStatistics>,
    /// What is open at the end, the oldest first; what has no date comes last.
    pub oldest: Vec<OpenFinding>,
    /// What is open for longer than its target, the most days over first.
    pub overdue: Vec<Overdue>,
    /// Accounts and Regions that count as fixed altogether.
    pub vanished: Vec<Vanished>,
    /// Accounts and Regions that have not been in sight lately.
    pub out_of_sight: Vec<OutOfSight>,
    /// What cannot be told since reports are incomplete.
    pub uncertain: Uncertain,
    /// The time zone of days and months, with its name.
    pub zone: (TimeZone, String),
    /// Reports that are left out, since they have no date.
    pub undated: Vec<String>,
    /// Files that could not be read, each with the reason in English.
    pub unread: Vec<(String, String)>,
    /// The filters that were applied, as the person who set them would write them.
    pub filters: Vec<String>,
}

impl Trend {
    /// What is open at the end.
    pub fn open(&self) -> BySeverity {
        self.series.last().map(|(_, open)| *open).unwrap_or_default()
    }

    /// The day of a moment, in the time zone of the trend.
    pub fn day(&self, time: Timestamp) -> Date {
        time.to_zoned_datetime(self.zone.0.clone()).date()
    }

    /// The ranks of severity that the figures show: all that are known, and the rest where there is any.
    pub fn shown_ranks(&self) -> impl Iterator<Item = usize> + Clone + use<> {
        let last = Severity::KNOWN.len();
        let counted = |counts: &BySeverity| counts[last] > 0;
        let has_others = counted(&self.before)
            || self.months.iter().any(|month| {
                [&month.opened, &month.reopened, &month.fixed, &month.set_aside, &month.unsuppressed, &month.open]
                    .into_iter()
                    .any(counted)
            });
        0..last + usize::from(has_others)
    }
}

#[cfg(test)]
mod tests;

//! Until when a finding is to be settled: so many calendar days from when it was first seen.

use inspector_report_model::{
    Finding,
    jiff::{ToSpan, civil::Date},
    value::SEVERITIES,
};

use super::{Decision, Kev, PRIORITIES, Policy, Priority, facts::OfVulnerability, facts::rank_named};

/// In how many days findings are to be settled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueTargets {
    /// The days, by priority or by severity.
    pub by: TargetsBy,
    /// The days for what is in CISA's catalogue, from when it was listed there; else those of its priority.
    pub kev: Option<u32>,
    /// Whether CISA's own due date binds, where it is later than the day on which the finding was first seen.
    pub is_capped_by_kev: bool,
}

/// What days go by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TargetsBy {
    /// By rank of the priority.
    Priority([Option<u32>; PRIORITIES]),
    /// By rank of the severity.
    Severity([Option<u32>; SEVERITIES]),
}

impl DueTargets {
    /// The longest target, in days: a hundred years.
    pub const LONGEST: u32 = 36_500;

    /// By priority: 3, 14, 30 and 90 days. BOD 26-04 has 3 and 14, FedRAMP Rev5 and PCI DSS 30, DefectDojo 90.
    pub const PRIORITY: DueTargets = DueTargets {
        by: TargetsBy::Priority([Some(3), Some(14), Some(30), Some(90), None]),
        kev: None,
        is_capped_by_kev: false,
    };

    /// Those of a name, by severity, if there are such.
    fn named(name: &str) -> Option<DueTargets> {
        let by_severity = |days: [u32; 4], untriaged: u32| {
            let [critical, high, medium, low] = days.map(|days| Some(days).filter(|days| *days > 0));
            let untriaged = Some(untriaged).filter(|days| *days > 0);
            let by = TargetsBy::Severity([critical, high, medium, low, None, untriaged, None]);
            Some(DueTargets { by, kev: None, is_capped_by_kev: false })
        };
        match name {
            "priority" => Some(DueTargets::PRIORITY),
            "severity" => by_severity([14, 30, 90, 180], 30),
            "fedramp-rev5" => by_severity([30, 30, 90, 180], 30),
            "defectdojo" => by_severity([7, 30, 90, 120], 30),
            "cyber-essentials" => by_severity([14, 14, 0, 0], 14),
            _ => None,
        }
    }

    /// Reads `critical=7,high=30` or `act-now=3,soon=14`, each with `kev=14` or without, or the name of a usual set:
    /// `priority`, `severity`, `fedramp-rev5`, `defectdojo`, `cyber-essentials`.
    ///
    /// # Errors
    /// A sentence that says what is wrong.
    pub fn parse(text: &str) -> Result<DueTargets, String> {
        if let Some(targets) = DueTargets::named(text.trim()) {
            return Ok(targets);
        }
        let (mut severity, mut priority, mut kev) = ([None; SEVERITIES], [None; PRIORITIES], None);
        for item in text.split(',').map(str::trim) {
            let (name, days) =
                item.split_once('=').ok_or_else(|| format!("{item:?} is not of the form severity=days"))?;
            let name = name.trim();
            let days = days.trim().parse().ok().filter(|days| (1..=DueTargets::LONGEST).contains(days));
            let days =
                days.ok_or_else(|| format!("{item:?}: days are a whole number from 1 to {}", DueTargets::LONGEST))?;
            let untriaged = name.eq_ignore_ascii_case("untriaged").then_some(UNTRIAGED);
            let place = match (rank_named(name).or(untriaged), Priority::parse(name)) {
                _ if name.eq_ignore_ascii_case("kev") => &mut kev,
                (Some(rank), _) => &mut severity[rank],
                (_, Some(of)) => &mut priority[of.rank()],
                _ => return Err(format!("{name:?} is no severity, no priority and not kev")),
            };
            if place.replace(days).is_some() {
                return Err(format!("{name} has two targets"));
            }
        }
        let has = |days: &[Option<u32>]| days.iter().any(Option::is_some);
        let by = match (has(&severity), has(&priority)) {
            (true, true) => return Err("targets are by severity or by priority, not by both".to_owned()),
            (false, _) if !has(&priority) && kev.is_some() => {
                return Err("kev alone is no target: add others".to_owned());
            }
            (true, _) => TargetsBy::Severity(severity),
            _ => TargetsBy::Priority(priority),
        };
        Ok(DueTargets { by, kev, is_capped_by_kev: false })
    }

    /// The days of a finding with this priority.
    fn days(&self, priority: Priority, finding: Finding<'_>) -> Option<u32> {
        match &self.by {
            TargetsBy::Priority(days) => days[priority.rank()],
            TargetsBy::Severity(days) => days.get(finding.severity().rank()).copied().flatten(),
        }
    }
}

/// The rank of UNTRIAGED.
const UNTRIAGED: usize = 5;

/// Until when a finding is to be settled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Due {
    /// The last day that is in time.
    pub date: Date,
    /// How many days after it the data is; negative while it is in time.
    pub overdue_days: i32,
}

impl Due {
    /// How many days before its due date a finding is told to be due soon.
    pub const NEAR: i32 = 7;

    /// Whether it is past.
    pub const fn is_overdue(self) -> bool {
        self.overdue_days > 0
    }

    /// Whether it is in time, and will not be in a week.
    pub const fn is_near(self) -> bool {
        self.overdue_days <= 0 && self.overdue_days >= -Due::NEAR
    }
}

/// Until when a finding is to be settled, if days are set for it, and it is known since when it has been there.
///
/// What is in CISA's catalogue is due by the earlier of two days: the one that it would have without the catalogue, and the
/// days of its priority from when it was listed, or first seen if that was later.
pub(super) fn due(
    targets: &DueTargets,
    decision: Decision,
    finding: Finding<'_>,
    of: Option<&OfVulnerability>,
    policy: &Policy,
    today: Option<Date>,
) -> Option<Due> {
    let view_date = today?;
    let first = finding.first_seen()?.to_zoned_datetime(policy.zone.clone()).date();
    // What lies behind the date of the data says nothing.
    let first = (first <= view_date).then_some(first)?;
    let after = |day: Date, days: u32| day.checked_add(i64::from(days).days()).ok();
    let usual = targets.days(decision.without_kev, finding).and_then(|days| after(first, days));
    let listed = of.filter(|of| matches!(of.kev, Kev::Listed { .. })).and_then(|of| {
        let days = targets.kev.or_else(|| targets.days(decision.priority, finding))?;
        after(of.kev_added.map_or(first, |added| added.max(first)), days)
    });
    let cap = of.filter(|_| targets.is_capped_by_kev).and_then(|of| of.kev_due).filter(|due| *due > first);
    let date = [usual, listed, cap].into_iter().flatten().min()?;
    Some(Due { date, overdue_days: date.until(view_date).ok()?.get_days() })
}

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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use inspector_report_model::{
        KevCatalog, KevEntry, Report, View,
        jiff::{civil::date, tz::TimeZone},
    };

    use super::*;
    use crate::Priorities;

    const HEADINGS: [&str; 6] =
        ["Severity", "Exploit Available", "Vulnerability Id", "First Seen", "Last Seen", "Fix Available"];

    /// What is said of a finding on a day: its priority, its due date and the days overdue.
    fn judged(row: [&str; 3], first: &str, today: &str, policy: Policy) -> (Priority, Option<(Date, i32)>) {
        let [severity, exploit, id] = row;
        let last = format!("{today}T03:00:00Z");
        let report = Report::from_rows("made", &HEADINGS, [[severity, exploit, id, first, &last, "YES"]]);
        let view = View::builder(report).policy(Arc::new(policy)).build();
        let priorities = Priorities::of(&view);
        let finding = view.finding(0).unwrap();
        let due = priorities.due(finding).map(|due| (due.date, due.overdue_days));
        (priorities.priority(finding).unwrap(), due)
    }

    fn policy() -> Policy {
        let zone = TimeZone::get("Asia/Tokyo").unwrap();
        Policy { targets: Some(DueTargets::PRIORITY), zone, ..Policy::default() }
    }

    fn listed(added: Date, due: Date) -> Policy {
        let mut catalog = KevCatalog::new("kev.json");
        let entry = KevEntry { date_added: Some(added), due_date: Some(due), ..KevEntry::default() };
        assert!(catalog.insert("CVE-2026-0001", entry));
        Policy { kev: Some(Arc::new(catalog)), ..policy() }
    }

    /// Worked out by hand, with a calendar.
    #[test]
    fn due_dates_are_days_of_the_reports_zone() {
        use Priority::{ActNow, Soon, Watch};
        const TODAY: &str = "2026-11-25";
        let exploitable = ["HIGH", "YES", ""];
        let seen = |today: &str| judged(exploitable, "2026-11-01T03:00:00Z", today, policy());
        let due = date(2026, 11, 15);
        assert_eq!(seen("2026-11-15"), (Soon, Some((due, 0))), "the due day is in time");
        assert_eq!(seen("2026-11-16"), (Soon, Some((due, 1))));
        // It is November in Tokyo already.
        let late = |policy| judged(["CRITICAL", "YES", ""], "2026-10-31T16:00:00Z", TODAY, policy);
        assert_eq!(late(policy()), (ActNow, Some((date(2026, 11, 4), 21))));
        assert_eq!(late(Policy { zone: TimeZone::UTC, ..policy() }).1, Some((date(2026, 11, 3), 22)));
        // What CISA lists is due by the earlier of two days.
        let since = listed(date(2026, 11, 20), date(2026, 12, 11));
        let of = |severity: &'static str, first, policy| judged([severity, "", "CVE-2026-0001"], first, TODAY, policy);
        let high = of("HIGH", "2026-06-01T03:00:00Z", since.clone());
        assert_eq!(high, (ActNow, Some((date(2026, 7, 1), 147))));
        let medium = of("MEDIUM", "2026-11-10T03:00:00Z", since);
        assert_eq!(medium, (Soon, Some((date(2026, 12, 4), -9))));
        // CISA's own date of years ago says nothing of a server of last week; where it binds, it must be later.
        let old = listed(date(2021, 12, 10), date(2021, 12, 24));
        let capped = |policy: Policy| {
            let targets = DueTargets { is_capped_by_kev: true, ..DueTargets::PRIORITY };
            Policy { targets: Some(targets), ..policy }
        };
        for policy in [old.clone(), capped(old)] {
            assert_eq!(of("HIGH", "2026-11-20T03:00:00Z", policy).1, Some((date(2026, 11, 23), 2)));
        }
        let capped = capped(listed(date(2026, 11, 20), date(2026, 11, 30)));
        assert_eq!(of("MEDIUM", "2026-11-10T03:00:00Z", capped).1, Some((date(2026, 11, 30), -5)));
        assert_eq!(judged(["LOW", "", ""], "2020-01-01T00:00:00Z", TODAY, policy()), (Watch, None));
        // Of what is not known since when it is there, or is seen after the report, there is none.
        for first in ["", "soon", "2026-12-24T00:00:00Z"] {
            assert_eq!(judged(exploitable, first, TODAY, policy()).1.filter(|_| first != "2026-12-24T00:00:00Z"), None);
        }
    }

    #[test]
    fn targets_are_by_severity_or_by_priority() {
        let parse = |text: &str| DueTargets::parse(text);
        let by = |text: &str| parse(text).unwrap().by;
        assert_eq!(by("critical=7, HIGH=30"), TargetsBy::Severity([Some(7), Some(30), None, None, None, None, None]));
        assert_eq!(by("act-now=3,watch=365"), TargetsBy::Priority([Some(3), None, None, None, Some(365)]));
        let kev = parse("high=30,kev=14").unwrap();
        assert_eq!(kev.kev, Some(14));
        let days = |name: &str| match by(name) {
            TargetsBy::Severity(days) => days.map(Option::unwrap_or_default),
            TargetsBy::Priority(_) => [0; SEVERITIES],
        };
        assert_eq!(days("severity"), [14, 30, 90, 180, 0, 30, 0]);
        assert_eq!(days("fedramp-rev5"), [30, 30, 90, 180, 0, 30, 0]);
        assert_eq!(days("defectdojo"), [7, 30, 90, 120, 0, 30, 0]);
        assert_eq!(days("cyber-essentials"), [14, 14, 0, 0, 0, 14, 0]);
        for (text, words) in [
            ("high", "not of the form"),
            ("grave=1", "no severity, no priority"),
            ("high=0", "from 1 to 36500"),
            ("high=1,HIGH=2", "has two targets"),
            ("high=1,soon=2", "not by both"),
            ("kev=1", "kev alone"),
        ] {
            assert!(parse(text).unwrap_err().contains(words), "{text}: {:?}", parse(text));
        }
    }

    /// Over pushes of an image First Seen begins anew; the earlier report knows better.
    #[test]
    fn a_due_date_is_carried_over_from_an_earlier_report() {
        let headings = ["Severity", "Finding ARN", "First Seen", "Last Seen"];
        let of = |first: &str, last: &str| {
            let arn = "arn:aws:inspector2:us-east-1:111122223333:finding/1";
            Report::from_rows("made", &headings, [["HIGH", arn, first, last]])
        };
        let earlier = of("2026-10-01T03:00:00Z", "2026-10-20T03:00:00Z");
        let later = of("2026-11-20T03:00:00Z", "2026-11-25T03:00:00Z");
        let view = View::builder(later).policy(Arc::new(policy())).compare_with(earlier).build();
        let due = Priorities::of(&view).due(view.finding(0).unwrap()).unwrap();
        assert_eq!((due.date, due.overdue_days), (date(2026, 10, 31), 25));
    }
}

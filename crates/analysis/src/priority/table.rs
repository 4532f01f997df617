//! The decision table: the first rule that holds decides.
//!
//! Sources: BOD 26-04 (CISA, 2026: days by catalogue, exposure, automatable, technical impact), SSVC (CERT/CC and CISA),
//! FedRAMP Rev5 and VDR, PCI DSS 4.0.1, Cyber Essentials 3.3, Grype's risk score, DefectDojo's default targets. Severity
//! stands for technical impact, *attackable* for automatable. With that, and before the step for what is idle, no finding
//! of medium severity or worse gets later a date than BOD 26-04 gives it.

use super::{
    Policy, Priority, Reason, Reasons,
    facts::{Exposure, Facts, Fix, Kev},
    policy::RuleSetting,
};

/// A rule of the table.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Its number, from 1: the order in which rules are tried.
    pub number: u8,
    /// What it comes to, unless the configuration says otherwise.
    pub priority: Priority,
    /// The key of its text; `.source` says where it comes from.
    pub key: &'static str,
    holds: fn(&Facts, &Policy) -> bool,
}

/// The rules, in order. The last always holds.
pub const RULES: [Rule; 11] = [
    Rule { number: 1, priority: Priority::ActNow, key: "priority-rule-1", holds: |facts, _| facts.is_malicious },
    Rule {
        number: 2,
        priority: Priority::ActNow,
        key: "priority-rule-2",
        holds: |facts, _| match facts.kev {
            Kev::Listed { ransomware, .. } => ransomware || facts.is_grave() || facts.is_exposed(),
            _ => false,
        },
    },
    Rule {
        number: 3,
        priority: Priority::Soon,
        key: "priority-rule-3",
        holds: |facts, _| matches!(facts.kev, Kev::Listed { .. }),
    },
    Rule {
        number: 4,
        priority: Priority::ActNow,
        key: "priority-rule-4",
        holds: |facts, policy| {
            facts.is_attackable(policy) && facts.rank == CRITICAL && facts.exposure != Exposure::Internal
        },
    },
    Rule {
        number: 5,
        priority: Priority::ActNow,
        key: "priority-rule-5",
        holds: |facts, policy| facts.is_attackable(policy) && facts.is_exposed() && facts.rank == HIGH,
    },
    Rule {
        number: 6,
        priority: Priority::Soon,
        key: "priority-rule-6",
        holds: |facts, policy| {
            facts.is_attackable(policy) && (facts.is_grave() || (facts.is_exposed() && facts.rank == MEDIUM))
        },
    },
    Rule {
        number: 7,
        priority: Priority::Soon,
        key: "priority-rule-7",
        holds: |facts, _| facts.is_exposed() && facts.is_grave(),
    },
    Rule {
        number: 8,
        priority: Priority::Planned,
        key: "priority-rule-8",
        holds: |facts, _| facts.is_grave() || facts.is_end_of_life,
    },
    Rule {
        number: 9,
        priority: Priority::Planned,
        key: "priority-rule-9",
        holds: |facts, policy| facts.rank == MEDIUM && (facts.is_attackable(policy) || facts.is_exposed()),
    },
    Rule {
        number: 10,
        priority: Priority::Routine,
        key: "priority-rule-10",
        holds: |facts, policy| {
            (facts.rank == MEDIUM && facts.fix != Fix::No)
                || (facts.rank == LOW && (facts.is_attackable(policy) || facts.is_exposed()))
        },
    },
    Rule { number: 11, priority: Priority::Watch, key: "priority-rule-11", holds: |_, _| true },
];

/// What is idle is lowered from this rule on: never what is malicious or exploited.
const FIRST_LOWERED: u8 = 4;

pub(super) const CRITICAL: usize = 0;
pub(super) const HIGH: usize = 1;
pub(super) const MEDIUM: usize = 2;
pub(super) const LOW: usize = 3;

/// What was decided for a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The priority.
    pub priority: Priority,
    /// The rule that decided, by its number.
    pub rule: u8,
    /// Why.
    pub reasons: Reasons,
    /// The priority that the same facts have without CISA's catalogue: a due date counts from when it was listed.
    pub(super) without_kev: Priority,
}

/// Decides.
pub fn decide(facts: &Facts, policy: &Policy) -> Decision {
    let (priority, rule) = apply(facts, policy);
    let without_kev = match facts.kev {
        Kev::Listed { .. } => apply(&Facts { kev: Kev::NotListed, ..*facts }, policy).0,
        _ => priority,
    };
    Decision { priority, rule, reasons: reasons(facts, policy), without_kev }
}

/// The priority, and the number of the rule.
fn apply(facts: &Facts, policy: &Policy) -> (Priority, u8) {
    let outcome = |rule: &Rule| match policy.rules[usize::from(rule.number) - 1] {
        RuleSetting::Usual => Some(rule.priority),
        RuleSetting::Outcome(priority) => Some(priority),
        RuleSetting::Off => None,
    };
    let found = RULES.iter().filter(|rule| (rule.holds)(facts, policy)).find_map(|rule| Some((outcome(rule)?, rule)));
    let (mut priority, number) = found.map_or((Priority::Watch, 11), |(priority, rule)| (priority, rule.number));
    if number == 8 && facts.has_no_signal(policy) {
        priority = priority.max(Priority::Routine);
    }
    if facts.is_idle && policy.idle && number >= FIRST_LOWERED {
        priority = priority.lowered();
    }
    if facts.is_important {
        priority = priority.raised();
    }
    (priority, number)
}

fn reasons(facts: &Facts, policy: &Policy) -> Reasons {
    let mut reasons = Reasons::default();
    let kev = match facts.kev {
        Kev::Listed { ransomware, .. } => Some(ransomware),
        _ => None,
    };
    reasons.add(Reason::KnownExploited, kev.is_some());
    reasons.add(Reason::Ransomware, kev == Some(true));
    reasons.add(Reason::MaliciousPackage, facts.is_malicious);
    reasons.add(Reason::ExploitAvailable, facts.has_exploit);
    reasons.add(Reason::Epss, facts.epss_reaches(policy));
    reasons.add(Reason::Reachable, facts.exposure == Exposure::NetworkPath);
    reasons.add(Reason::PublicIp, facts.exposure == Exposure::PublicIp);
    reasons.add(Reason::InternetFacing, facts.exposure == Exposure::Set);
    reasons.add(Reason::Internal, facts.exposure == Exposure::Internal);
    reasons.add(Reason::Important, facts.is_important);
    reasons.add(Reason::Severity, !facts.is_unrated);
    reasons.add(Reason::Unrated, facts.is_unrated);
    reasons.add(Reason::EndOfLife, facts.is_end_of_life);
    reasons.add(Reason::FixAvailable, facts.fix == Fix::Yes);
    reasons.add(Reason::PartialFix, facts.fix == Fix::Partial);
    reasons.add(Reason::NoFix, facts.fix == Fix::No);
    reasons.add(Reason::Idle, facts.is_idle);
    reasons
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const LISTED: Kev = Kev::Listed { ransomware: false, forensic_triage: false };
    const RANSOMWARE: Kev = Kev::Listed { ransomware: true, forensic_triage: false };

    fn of(rank: usize) -> Facts {
        Facts { rank, fix: Fix::Yes, ..Facts::default() }
    }

    fn decided(facts: Facts) -> (Priority, u8) {
        let decision = decide(&facts, &Policy::default());
        (decision.priority, decision.rule)
    }

    /// Thirty findings, with what a person who reads the table expects of each.
    #[test]
    fn findings_have_the_priority_that_the_table_gives_them() {
        use Exposure::{Internal, NetworkPath, PublicIp, Set, Unknown};
        use Priority::{ActNow, Planned, Routine, Soon, Watch};
        let ex = |rank| Facts { has_exploit: true, ..of(rank) };
        let cases = [
            (Facts { epss: Some(0.94), kev: LISTED, exposure: NetworkPath, ..ex(CRITICAL) }, ActNow, 2),
            (ex(CRITICAL), ActNow, 4),
            (Facts { epss: Some(0.02), exposure: Internal, ..ex(CRITICAL) }, Soon, 6),
            (Facts { epss: Some(0.01), fix: Fix::No, ..of(CRITICAL) }, Planned, 8),
            (Facts { epss: Some(0.02), exposure: NetworkPath, ..ex(HIGH) }, ActNow, 5),
            (Facts { epss: Some(0.0004), ..ex(HIGH) }, Soon, 6),
            (Facts { epss: Some(0.10), ..of(HIGH) }, Soon, 6),
            (Facts { epss: Some(0.0999), ..of(HIGH) }, Planned, 8),
            (Facts { epss: Some(0.002), exposure: PublicIp, fix: Fix::No, ..of(HIGH) }, Soon, 7),
            (Facts { epss: Some(0.3), is_idle: true, ..ex(HIGH) }, Planned, 6),
            (Facts { epss: Some(0.3), kev: LISTED, is_idle: true, ..ex(HIGH) }, ActNow, 2),
            (Facts { kev: LISTED, ..ex(MEDIUM) }, Soon, 3),
            (Facts { kev: RANSOMWARE, fix: Fix::No, ..ex(MEDIUM) }, ActNow, 2),
            (Facts { exposure: PublicIp, ..ex(MEDIUM) }, Soon, 6),
            (ex(MEDIUM), Planned, 9),
            (Facts { epss: Some(0.003), fix: Fix::Partial, ..of(MEDIUM) }, Routine, 10),
            (Facts { epss: Some(0.003), fix: Fix::No, ..of(MEDIUM) }, Watch, 11),
            (Facts { is_unrated: true, ..of(HIGH) }, Planned, 8),
            (ex(LOW), Routine, 10),
            (of(LOW), Watch, 11),
            (Facts { is_malicious: true, is_idle: true, ..of(HIGH) }, ActNow, 1),
            // Network paths, exposed by definition.
            (Facts { exposure: NetworkPath, ..of(HIGH) }, Soon, 7),
            (Facts { exposure: NetworkPath, ..of(MEDIUM) }, Planned, 9),
            (Facts { exposure: NetworkPath, ..of(LOW) }, Routine, 10),
            (Facts { exposure: NetworkPath, ..of(4) }, Watch, 11),
            (Facts { exposure: Set, ..of(CRITICAL) }, Soon, 7),
            (Facts { is_end_of_life: true, ..of(4) }, Planned, 8),
            (Facts { kev: LISTED, exposure: PublicIp, ..of(LOW) }, ActNow, 2),
            (Facts { kev: LISTED, exposure: Internal, ..of(LOW) }, Soon, 3),
            (Facts { fix: Fix::Unknown, exposure: Unknown, ..of(MEDIUM) }, Routine, 10),
        ];
        for (facts, priority, rule) in cases {
            assert_eq!(decided(facts), (priority, rule), "{facts:?}");
        }
    }

    #[test]
    fn a_policy_changes_thresholds_outcomes_and_steps() {
        let with = |change: &dyn Fn(&mut Policy), facts: Facts| {
            let mut policy = Policy::default();
            change(&mut policy);
            decide(&facts, &policy).priority
        };
        let attackable = Facts { epss: Some(0.3), ..of(HIGH) };
        assert_eq!(with(&|policy| policy.epss = Some(0.5), attackable), Priority::Planned);
        assert_eq!(with(&|policy| policy.epss = None, attackable), Priority::Planned);
        assert_eq!(with(&|policy| policy.idle = false, Facts { is_idle: true, ..attackable }), Priority::Soon);
        let rule = |number: usize, setting| move |policy: &mut Policy| policy.rules[number - 1] = setting;
        assert_eq!(with(&rule(6, RuleSetting::Off), attackable), Priority::Planned);
        assert_eq!(with(&rule(6, RuleSetting::Outcome(Priority::Watch)), attackable), Priority::Watch);
        assert_eq!(with(&rule(11, RuleSetting::Off), of(LOW)), Priority::Watch, "something is always said");
        let quiet = |policy: &mut Policy| policy.epss_routine = Some(0.01);
        assert_eq!(with(&quiet, Facts { epss: Some(0.009), ..of(HIGH) }), Priority::Routine);
        for facts in [
            of(HIGH),
            Facts { epss: Some(0.01), ..of(HIGH) },
            Facts { epss: Some(0.001), ..of(CRITICAL) },
            Facts { epss: Some(0.001), is_end_of_life: true, ..of(HIGH) },
        ] {
            assert_eq!(with(&quiet, facts), Priority::Planned, "{facts:?}");
        }
        assert_eq!(with(&|_| (), Facts { is_important: true, ..of(HIGH) }), Priority::Soon);
        assert_eq!(with(&|_| (), Facts { is_important: true, is_malicious: true, ..of(LOW) }), Priority::ActNow);
    }

    fn facts() -> impl Strategy<Value = Facts> {
        let kev = prop_oneof![Just(Kev::NotChecked), Just(Kev::NotListed), Just(LISTED), Just(RANSOMWARE)];
        let exposure = prop_oneof![
            Just(Exposure::Unknown),
            Just(Exposure::NetworkPath),
            Just(Exposure::PublicIp),
            Just(Exposure::Internal)
        ];
        let fix = prop_oneof![Just(Fix::Yes), Just(Fix::Partial), Just(Fix::No), Just(Fix::Unknown)];
        let flags = (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>());
        (0..5_usize, kev, exposure, fix, prop::option::of(0.0..1.0), flags).prop_map(
            |(rank, kev, exposure, fix, epss, (has_exploit, is_idle, is_malicious, is_end_of_life))| Facts {
                rank,
                kev,
                exposure,
                fix,
                epss,
                has_exploit,
                is_idle,
                is_malicious,
                is_end_of_life,
                ..Facts::default()
            },
        )
    }

    proptest! {
        /// Nothing that makes a finding worse lowers its priority.
        #[test]
        fn a_fact_more_never_lowers_a_priority(facts in facts()) {
            let before = decided(facts).0;
            let worse = [
                Facts { rank: facts.rank.saturating_sub(1), ..facts },
                Facts { kev: LISTED, ..facts },
                Facts { kev: RANSOMWARE, ..facts },
                Facts { has_exploit: true, ..facts },
                Facts { epss: Some(0.5), ..facts },
                Facts { is_malicious: true, ..facts },
                Facts { is_end_of_life: true, ..facts },
                Facts { is_idle: false, ..facts },
                Facts { exposure: Exposure::NetworkPath, ..facts },
            ];
            for worse in worse {
                let is_less = (facts.kev == RANSOMWARE && worse.kev == LISTED) || facts.epss > worse.epss;
                prop_assert!(is_less || decided(worse).0 <= before, "{facts:?} and {worse:?}");
            }
        }

        /// BOD 26-04, table 1, with *attackable* for automatable, and CRITICAL or HIGH for total impact. LOW is looser.
        #[test]
        fn no_date_is_later_than_that_of_bod_26_04(facts in facts()) {
            let facts = Facts { is_idle: false, ..facts };
            prop_assume!(facts.rank < LOW && facts.exposure != Exposure::Internal);
            let policy = Policy::default();
            let (automatable, total) = (facts.is_attackable(&policy), facts.is_grave());
            let days = match (matches!(facts.kev, Kev::Listed { .. }), facts.is_exposed(), total, automatable) {
                (true, true, false, false) => 14,
                (true, true, _, _) => 3,
                (true, false, true, true) => 3,
                (true, false, _, _) => 14,
                (false, true, true, true) => 3,
                (false, true, false, false) => 60,
                (false, true, _, _) => 14,
                (false, false, _, true) => 60,
                (false, false, _, false) => u32::MAX,
            };
            let ours = [3, 14, 30, 90, u32::MAX][decided(facts).0.rank()];
            prop_assert!(ours <= days, "{facts:?}: {ours} and {days}");
        }
    }
}

//! What a configuration changes of how findings are judged.

use std::{borrow::Cow, sync::Arc};

use inspector_report_localizer::{Lang, Localizer};
use inspector_report_model::{EpssScores, KevCatalog, jiff::tz::TimeZone};

use super::{DueTargets, OwnerPolicy, PRIORITIES, Priority, table::HIGH};

/// How findings are judged. The default is the table as it stands, without due dates, and with what the report says alone.
#[derive(Clone, Debug)]
pub struct Policy {
    /// The EPSS score from which on a finding counts as attackable; `None` ignores EPSS. A probability, 0 to 1; FIRST names
    /// no threshold, and 0.10 is our choice.
    pub epss: Option<f64>,
    /// The EPSS score below which a high finding without any other signal is routine; by default none is.
    pub epss_routine: Option<f64>,
    /// Whether a public IPv4 address counts as exposed.
    pub public_ip: bool,
    /// Whether what is idle is lowered by a step.
    pub idle: bool,
    /// The rank of the severity of what neither the vendor nor a score rates.
    pub untriaged: usize,
    /// Important systems: their findings are raised by a step.
    pub raise: Places,
    /// What faces the internet.
    pub internet: Places,
    /// What does not, whatever its addresses say.
    pub internal: Places,
    /// What each rule comes to.
    pub rules: [RuleSetting; 11],
    /// The names of the priorities.
    pub labels: Labels,
    /// In how many days findings are to be settled, if that is asked for.
    pub targets: Option<DueTargets>,
    /// CISA's catalogue of exploited vulnerabilities.
    pub kev: Option<Arc<KevCatalog>>,
    /// FIRST's scores, which come before those of the report.
    pub epss_scores: Option<Arc<EpssScores>>,
    /// Who is responsible for what.
    pub owners: OwnerPolicy,
    /// The zone whose days count.
    pub zone: TimeZone,
}

impl Policy {
    /// The EPSS score from which on a finding is attackable, unless a configuration says otherwise.
    pub const EPSS: f64 = 0.10;

    /// The name of a priority, as people are to read it.
    pub fn label(&self, priority: Priority, texts: &Localizer) -> String {
        match &self.labels {
            Labels::Usual => texts.get(priority.key()),
            Labels::Ssvc => ["Act", "Attend", "Track*", "Track", "Track"][priority.rank()].to_owned(),
            Labels::Levels => {
                let names = match texts.lang() {
                    Lang::Ja => ["緊急", "高", "中", "低", "対応不要"],
                    _ => ["Urgent", "High", "Medium", "Low", "None"],
                };
                names[priority.rank()].to_owned()
            }
            Labels::Own(names) => names[priority.rank()].clone(),
        }
    }
}

impl Default for Policy {
    fn default() -> Policy {
        Policy {
            epss: Some(Policy::EPSS),
            epss_routine: None,
            public_ip: true,
            idle: true,
            untriaged: HIGH,
            raise: Places::default(),
            internet: Places::default(),
            internal: Places::default(),
            rules: [RuleSetting::Usual; 11],
            labels: Labels::Usual,
            targets: None,
            kev: None,
            epss_scores: None,
            owners: OwnerPolicy::default(),
            zone: TimeZone::UTC,
        }
    }
}

/// What a rule comes to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RuleSetting {
    /// What the table says.
    #[default]
    Usual,
    /// This priority.
    Outcome(Priority),
    /// Nothing: the next rule that holds decides.
    Off,
}

/// The names of the priorities.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Labels {
    /// Act now, soon, planned, routine, watch.
    #[default]
    Usual,
    /// Those of CISA's SSVC.
    Ssvc,
    /// Levels, as Japanese guidelines have them.
    Levels,
    /// The configuration's own, the first to act on first.
    Own([String; PRIORITIES]),
}

/// Resources, by their tags or accounts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Places {
    /// A key, with a value or any.
    pub tags: Vec<(String, Option<String>)>,
    /// Account ids.
    pub accounts: Vec<String>,
}

impl Places {
    /// Whether a resource of this account with these tags is one of them.
    pub(super) fn has(&self, account: &str, tags: &[(Cow<'_, str>, Cow<'_, str>)]) -> bool {
        let fits = |(key, value): &(String, Option<String>)| {
            let value_fits = |tag: &str| value.as_ref().is_none_or(|value| value.eq_ignore_ascii_case(tag.trim()));
            tags.iter().any(|(k, v)| k.eq_ignore_ascii_case(key) && value_fits(v))
        };
        self.accounts.iter().any(|id| id == account) || self.tags.iter().any(fits)
    }
}

//! What a finding says of the points that rules ask for.
//!
//! What is the same for all findings of a vulnerability or on a resource is looked at once for each.

use std::collections::HashSet;

use inspector_report_model::{
    Column, Finding, KevEntry, Resource, View, Vulnerability,
    jiff::civil::Date,
    value::{ExploitAvailable, FindingType, FixAvailable, Severity, Status},
};

use super::{
    Policy,
    owner::Owners,
    table::{CRITICAL, HIGH, LOW, MEDIUM},
};

/// The points that rules ask for.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Facts {
    /// The rank of the severity: 0 for critical, 4 for informational. Of what no vendor has rated, that of its scores.
    pub rank: usize,
    /// Whether no vendor has rated it.
    pub is_unrated: bool,
    /// Whether the package itself is an attack: an id `MAL-`, of the OpenSSF's malicious packages.
    pub is_malicious: bool,
    /// Whether the platform gets no updates any more: an id `IN-DISCONTINUED-`.
    pub is_end_of_life: bool,
    /// Whether it is in CISA's catalogue.
    pub kev: Kev,
    /// Exploit Available is YES.
    pub has_exploit: bool,
    /// The EPSS score; `None` where it is not known.
    pub epss: Option<f64>,
    /// Whether somebody on the internet may reach it.
    pub exposure: Exposure,
    /// Whether nothing that runs reaches it, or the image is not in use.
    pub is_idle: bool,
    /// Whether there is a fix.
    pub fix: Fix,
    /// Whether the configuration says that the system is important.
    pub is_important: bool,
}

/// Whether a vulnerability is in CISA's catalogue of those that are exploited.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Kev {
    /// No catalogue was given.
    #[default]
    NotChecked,
    /// It has no CVE id, and none is known to go with it: the catalogue cannot tell.
    NoCve,
    /// It is not in it.
    NotListed,
    /// It is in it.
    Listed {
        /// Used by ransomware.
        ransomware: bool,
        /// CISA asks to look for signs of a break-in.
        forensic_triage: bool,
    },
}

impl Kev {
    /// The name that files have.
    pub const fn as_str(self) -> &'static str {
        match self {
            Kev::NotChecked => "not-checked",
            Kev::NoCve => "no-cve",
            Kev::NotListed => "not-listed",
            Kev::Listed { .. } => "listed",
        }
    }
}

/// Whether somebody on the internet may reach a resource.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Exposure {
    /// Nothing says so, and nothing says otherwise: of images and functions, Inspector knows no network.
    #[default]
    Unknown,
    /// Inspector has found an open network path to it.
    NetworkPath,
    /// It has a public IPv4 address. A security group may close it all the same.
    PublicIp,
    /// The configuration says so.
    Set,
    /// The configuration says that it is internal.
    Internal,
}

/// Whether a fix is available.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Fix {
    /// The report does not say, as for code and network paths. It counts as a fix.
    #[default]
    Unknown,
    /// For all packages.
    Yes,
    /// For some.
    Partial,
    /// For none.
    No,
}

impl Facts {
    /// Critical or high.
    pub(super) fn is_grave(&self) -> bool {
        self.rank <= HIGH
    }

    /// Whether somebody on the internet is known to be able to reach it.
    pub(super) fn is_exposed(&self) -> bool {
        matches!(self.exposure, Exposure::NetworkPath | Exposure::PublicIp | Exposure::Set)
    }

    /// Whether the EPSS score reaches the threshold.
    pub(super) fn epss_reaches(&self, policy: &Policy) -> bool {
        self.epss.zip(policy.epss).is_some_and(|(epss, least)| epss >= least)
    }

    /// Whether an exploit exists, or exploitation is likely.
    pub(super) fn is_attackable(&self, policy: &Policy) -> bool {
        self.has_exploit || self.epss_reaches(policy)
    }

    /// Whether a high finding has no signal at all, where the policy asks for one.
    pub(super) fn has_no_signal(&self, policy: &Policy) -> bool {
        let is_below = self.epss.zip(policy.epss_routine).is_some_and(|(epss, least)| epss < least);
        is_below && self.rank == HIGH && !self.is_end_of_life
    }
}

/// What is known of each vulnerability and resource of a report.
#[derive(Debug)]
pub(super) struct OfReport {
    vulnerabilities: Vec<OfVulnerability>,
    resources: Vec<OfResource>,
    pub(super) owners: Owners,
    untriaged: usize,
    has_kev: bool,
    /// The day of the data.
    pub(super) today: Option<Date>,
}

/// What is known of a vulnerability.
#[derive(Clone, Debug, Default)]
pub(super) struct OfVulnerability {
    is_malicious: bool,
    is_end_of_life: bool,
    has_exploit: bool,
    pub(super) kev: Kev,
    /// When CISA listed it, and until when it wants it settled.
    pub(super) kev_added: Option<Date>,
    pub(super) kev_due: Option<Date>,
    pub(super) epss: Option<f64>,
    /// Whether the score is that of the file.
    has_epss_of_file: bool,
    /// The severity that NVD's or the vendor's score stands for.
    rank: Option<usize>,
}

/// What is known of a resource.
#[derive(Clone, Copy, Debug, Default)]
struct OfResource {
    exposure: Exposure,
    is_unused: bool,
    is_important: bool,
}

impl OfReport {
    pub(super) fn new(whole: &View, policy: &Policy) -> OfReport {
        let key = |resource: Resource<'_>| {
            (resource.account().to_owned(), resource.region().to_owned(), resource.id().to_owned())
        };
        // What was closed is open to nobody any more; what is suppressed or accepted is.
        let is_path = |finding: &Finding<'_>| {
            finding.finding_type() == FindingType::NetworkReachability && finding.status() != Status::Closed
        };
        let reached: HashSet<_> = whole.findings().filter(is_path).map(|finding| key(finding.resource())).collect();
        let of_resource = |resource: Resource<'_>| {
            let tags = resource.tags();
            let exposure = match () {
                () if policy.internal.has(resource.account(), &tags) => Exposure::Internal,
                () if !reached.is_empty() && reached.contains(&key(resource)) => Exposure::NetworkPath,
                () if policy.public_ip && !resource.get(Column::ResourcePublicIpv4).trim().is_empty() => {
                    Exposure::PublicIp
                }
                () if policy.internet.has(resource.account(), &tags) => Exposure::Set,
                () => Exposure::Unknown,
            };
            OfResource {
                exposure,
                is_unused: resource.get(Column::ImageInUseCount).trim().parse() == Ok(0.0),
                is_important: policy.raise.has(resource.account(), &tags),
            }
        };
        OfReport {
            vulnerabilities: whole.vulnerabilities().map(|of| OfVulnerability::new(of, policy)).collect(),
            resources: whole.resources().map(of_resource).collect(),
            owners: Owners::new(whole, &policy.owners),
            untriaged: policy.untriaged,
            has_kev: policy.kev.is_some(),
            today: whole.data_date().map(|date| date.to_zoned_datetime(policy.zone.clone()).date()),
        }
    }

    pub(super) fn vulnerability(&self, finding: Finding<'_>) -> Option<&OfVulnerability> {
        self.vulnerabilities.get(finding.vulnerability()?.index() as usize)
    }

    /// What is said of findings without a vulnerability: network paths and code.
    pub(super) fn kev_of_none(&self) -> Kev {
        if self.has_kev { Kev::NoCve } else { Kev::NotChecked }
    }

    pub(super) fn facts(&self, finding: Finding<'_>) -> Facts {
        let none = OfVulnerability { kev: self.kev_of_none(), ..OfVulnerability::default() };
        let of = self.vulnerability(finding).unwrap_or(&none);
        let on = self.resources.get(finding.resource().index() as usize).copied().unwrap_or_default();
        let severity = finding.severity();
        let is_unrated = severity.rank() > LAST_RATED;
        let score = || finding.inspector_score().and_then(|cvss| cvss.score).map(rank_of_score).or(of.rank);
        let is_path = finding.finding_type() == FindingType::NetworkReachability;
        Facts {
            rank: if is_unrated { score().unwrap_or(self.untriaged) } else { severity.rank() },
            is_unrated,
            is_malicious: of.is_malicious,
            is_end_of_life: of.is_end_of_life,
            kev: of.kev,
            has_exploit: of.has_exploit || finding.exploit_available() == ExploitAvailable::Yes,
            epss: of.epss,
            // The finding itself is that there is a way in.
            exposure: if is_path { Exposure::NetworkPath } else { on.exposure },
            is_idle: on.is_unused || finding.is_not_reachable(),
            fix: match finding.fix_available() {
                FixAvailable::Yes => Fix::Yes,
                FixAvailable::Partial => Fix::Partial,
                FixAvailable::No => Fix::No,
                _ => Fix::Unknown,
            },
            is_important: on.is_important,
        }
    }

    pub(super) fn kev_counts(&self) -> (u64, u64) {
        let count = |fits: &dyn Fn(Kev) -> bool| self.vulnerabilities.iter().filter(|of| fits(of.kev)).count() as u64;
        (count(&|kev| matches!(kev, Kev::Listed { .. })), count(&|kev| kev == Kev::NoCve))
    }

    pub(super) fn epss_matched(&self) -> u64 {
        self.vulnerabilities.iter().filter(|of| of.has_epss_of_file).count() as u64
    }
}

/// The last rank of severities that somebody has rated: informational.
const LAST_RATED: usize = 4;

/// The severity of a CVSS score, by the bands of CVSS 3 and 4 (FIRST, "Qualitative Severity Rating Scale").
fn rank_of_score(score: f64) -> usize {
    match score {
        score if score >= 9.0 => CRITICAL,
        score if score >= 7.0 => HIGH,
        score if score >= 4.0 => MEDIUM,
        score if score > 0.0 => LOW,
        _ => LAST_RATED,
    }
}

impl OfVulnerability {
    fn new(vulnerability: Vulnerability<'_>, policy: &Policy) -> OfVulnerability {
        let id = vulnerability.id();
        let begins = |start: &str| id.get(..start.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(start));
        let ids: Vec<&str> = std::iter::once(id).chain(vulnerability.related()).filter(|id| is_cve(id)).collect();
        let entries = || policy.kev.iter().flat_map(|catalog| ids.iter().filter_map(|id| catalog.get(id)));
        let kev = match &policy.kev {
            None => Kev::NotChecked,
            Some(_) if entries().next().is_some() => Kev::Listed {
                ransomware: entries().any(|entry| entry.ransomware),
                forensic_triage: entries().any(|entry| entry.forensic_triage),
            },
            Some(_) if ids.is_empty() => Kev::NoCve,
            Some(_) => Kev::NotListed,
        };
        let first = |date: fn(&KevEntry) -> Option<Date>| entries().filter_map(date).min();
        let of_file = policy
            .epss_scores
            .as_ref()
            .and_then(|scores| ids.iter().filter_map(|id| scores.get(id)).max_by(f64::total_cmp));
        OfVulnerability {
            is_malicious: begins("MAL-"),
            is_end_of_life: begins("IN-DISCONTINUED-"),
            has_exploit: vulnerability.exploit_available() == ExploitAvailable::Yes,
            kev,
            kev_added: first(|entry| entry.date_added),
            kev_due: first(|entry| entry.due_date),
            epss: of_file.or_else(|| vulnerability.epss()),
            has_epss_of_file: of_file.is_some(),
            rank: vulnerability.scores().find_map(|cvss| cvss.score).map(rank_of_score),
        }
    }
}

/// Whether an id is one that CISA's catalogue and EPSS know by.
fn is_cve(id: &str) -> bool {
    id.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("CVE-"))
}

/// The rank of a severity by its name.
pub(super) fn rank_named(name: &str) -> Option<usize> {
    let rank = Severity::KNOWN.iter().find(|severity| severity.as_str().eq_ignore_ascii_case(name.trim()))?.rank();
    (rank <= LAST_RATED).then_some(rank)
}

//! What the JSON says, field by field. The names are those of the Amazon Inspector API where it has the same thing.
//!
//! A field without a value is left out. Values of enumerations, packages and addresses are texts as the report has
//! them; times are RFC 3339 in UTC, and left out where the text is no time (the cell has it as it was written).

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap, HashSet},
};

use inspector_report_analysis::{Priorities, priority::Reason};
use inspector_report_model::{
    Change, Column, Comparison, Finding, Loss, Problem, ResourceDetails, View,
    jiff::Timestamp,
    timestamp,
    value::{Cvss, ScoreSource, Severity},
};
use serde::{Serialize, Serializer, ser::SerializeMap};

use crate::SCHEMA_VERSION;

/// The fields of a report before its findings.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Head<'a> {
    schema_version: &'static str,
    generator: Generator,
    source: Source<'a>,
    /// The headings, in the input's order.
    columns: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    comparison: Option<ComparisonModel<'a>>,
}

/// What the report was compared with, and what came of it.
#[derive(Debug, Serialize)]
struct ComparisonModel<'a> {
    earlier: Earlier<'a>,
    counts: BTreeMap<&'static str, BTreeMap<String, u64>>,
}

#[derive(Debug, Serialize)]
struct Earlier<'a> {
    file: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    date: Option<String>,
}

impl<'a> ComparisonModel<'a> {
    fn new(comparison: &'a Comparison) -> ComparisonModel<'a> {
        let earlier = comparison.earlier();
        let counts = |change| {
            let names = Severity::KNOWN.iter().map(|severity| severity.as_str().to_lowercase());
            names.chain(["other".to_owned()]).zip(comparison.counts(change).iter().copied()).collect()
        };
        ComparisonModel {
            earlier: Earlier { file: earlier.file_name(), date: earlier.data_date().map(timestamp::write) },
            counts: Change::ALL.into_iter().map(|change| (change_key(change), counts(change))).collect(),
        }
    }
}

fn change_key(change: Change) -> &'static str {
    match change {
        Change::New => "new",
        Change::Reopened => "reopened",
        Change::SeverityChanged => "severityChanged",
        Change::StillOpen => "stillOpen",
        Change::Suppressed => "suppressed",
        Change::Fixed => "fixed",
        Change::Unknown => "unknown",
    }
}

fn change_name(change: Change) -> &'static str {
    match change {
        Change::SeverityChanged => "severity-changed",
        Change::StillOpen => "still-open",
        other => change_key(other),
    }
}

/// The program that wrote it.
#[derive(Debug, Serialize)]
pub(crate) struct Generator {
    name: &'static str,
    version: &'static str,
}

impl Generator {
    pub(crate) fn new(version: &'static str) -> Generator {
        Generator { name: "inspector-report", version }
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Source<'a> {
    file: &'a str,
    rows_read: u64,
    rows_lost: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    incomplete: Option<&'static str>,
    filtered_out: u64,
    #[serde(skip_serializing_if = "is_zero")]
    repeated: u64,
    filters: &'a [String],
    notes: &'a [String],
}

impl<'a> Head<'a> {
    pub(crate) fn new(report: &'a View, version: &'static str) -> Head<'a> {
        Head {
            schema_version: SCHEMA_VERSION,
            generator: Generator::new(version),
            source: Source {
                file: report.file_name(),
                rows_read: report.rows_read(),
                rows_lost: report.rows_lost(),
                incomplete: match report.loss() {
                    Loss::None => None,
                    Loss::Possible => Some("possible"),
                    Loss::Rows => Some("rows"),
                    Loss::Unknown => Some("unknown"),
                },
                filtered_out: report.filtered_out(),
                repeated: report.repeated(),
                filters: report.filters(),
                notes: report.notes(),
            },
            columns: report.columns().iter().map(|column| column.heading.as_ref()).collect(),
            comparison: report.comparison().map(ComparisonModel::new),
        }
    }
}

/// A finding as a line of its own.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Line<'a> {
    schema_version: &'static str,
    source: &'a str,
    #[serde(flatten)]
    finding: FindingModel<'a>,
}

impl<'a> Line<'a> {
    pub(crate) fn new(report: &'a View, finding: FindingModel<'a>) -> Line<'a> {
        Line { schema_version: SCHEMA_VERSION, source: report.file_name(), finding }
    }
}

/// Something that could not be read as it should.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ProblemModel<'a> {
    code: &'static str,
    line: u64,
    last_line: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<&'a str>,
    count: u64,
    loses_row: bool,
    message: &'a str,
}

impl<'a> ProblemModel<'a> {
    pub(crate) fn new(problem: &'a Problem) -> ProblemModel<'a> {
        ProblemModel {
            code: problem.code.as_str(),
            line: problem.line,
            last_line: problem.last_line,
            column: problem.column.as_deref(),
            count: problem.count,
            loses_row: problem.code.loses_row(),
            message: &problem.message,
        }
    }
}

/// A text that is left out when it is blank.
type Text<'a> = Cow<'a, str>;

fn is_blank(text: &str) -> bool {
    text.is_empty()
}

/// A finding.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FindingModel<'a> {
    #[serde(skip_serializing_if = "is_blank")]
    arn: Text<'a>,
    #[serde(skip_serializing_if = "is_blank")]
    title: Text<'a>,
    #[serde(skip_serializing_if = "is_blank")]
    description: Text<'a>,
    #[serde(rename = "type", skip_serializing_if = "is_blank")]
    finding_type: Text<'a>,
    severity: Text<'a>,
    #[serde(skip_serializing_if = "is_blank")]
    status: Text<'a>,
    #[serde(skip_serializing_if = "is_blank")]
    fix_available: Text<'a>,
    #[serde(skip_serializing_if = "is_blank")]
    exploit_available: Text<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    inspector_score: Option<Score<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_seen: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_seen: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_updated: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_exploited_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    age_days: Option<f64>,
    resource: Resource<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    vulnerability: Option<Vulnerability<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    packages: Vec<Package<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    network: Option<Network<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<Code<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    remediation: Option<Remediation<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    accepted: Option<Accepted<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    priority: Option<&'static str>,
    /// The number of the rule that decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    priority_rule: Option<u8>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    reasons: Vec<&'static str>,
    /// Whether it is in CISA's catalogue: `listed`, `not-listed`, `no-cve` or `not-checked`.
    #[serde(skip_serializing_if = "Option::is_none")]
    kev: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kev_due: Option<String>,
    #[serde(skip_serializing_if = "is_blank")]
    owner: Text<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    due: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    overdue_days: Option<i32>,
    /// Another row of the same finding counts in its place.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    repeated: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    change: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<Before<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_seen_ever: Option<String>,
    cells: Cells<'a>,
}

/// That someone has decided to live with a finding.
#[derive(Debug, Serialize)]
struct Accepted<'a> {
    reason: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<String>,
    #[serde(skip_serializing_if = "str::is_empty")]
    until: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    by: &'a str,
}

/// The finding in the earlier report.
#[derive(Debug, Serialize)]
struct Before<'a> {
    severity: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    status: &'a str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Score<'a> {
    /// Who gave it: `NVD`, or the vendor's name. Not with Inspector's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<&'a str>,
    version: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    score: Option<f64>,
    #[serde(skip_serializing_if = "is_blank")]
    vector: &'a str,
}

impl<'a> Score<'a> {
    fn new(cvss: Cvss<'a>) -> Score<'a> {
        let source = match cvss.source {
            ScoreSource::Inspector => None,
            ScoreSource::Nvd => Some("NVD"),
            ScoreSource::Vendor(vendor) => Some(vendor).filter(|vendor| !vendor.is_empty()),
        };
        Score { source, version: cvss.version, score: cvss.score, vector: cvss.vector }
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Resource<'a> {
    id: &'a str,
    #[serde(rename = "type", skip_serializing_if = "is_blank")]
    resource_type: &'a str,
    /// The name that people know it by; the id where there is none.
    name: Text<'a>,
    #[serde(skip_serializing_if = "is_blank")]
    account_id: &'a str,
    #[serde(skip_serializing_if = "is_blank")]
    region: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    platform: Option<&'a str>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    tags: BTreeMap<Cow<'a, str>, Cow<'a, str>>,
    #[serde(flatten)]
    details: Details<'a>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
enum Details<'a> {
    #[serde(rename = "ec2Instance", rename_all = "camelCase")]
    Instance { ami: &'a str, vpc: &'a str },
    #[serde(rename = "ecrContainerImage", rename_all = "camelCase")]
    Image {
        repository: &'a str,
        digest: &'a str,
        tags: Vec<&'a str>,
        #[serde(skip_serializing_if = "is_blank")]
        architecture: &'a str,
    },
    #[serde(rename = "lambdaFunction", rename_all = "camelCase")]
    Function { name: &'a str, qualifier: &'a str },
    #[serde(untagged)]
    None {},
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Vulnerability<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    vendor: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    vendor_severity: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    advisory: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    published: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    epss: Option<f64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    cvss: Vec<Score<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    references: Vec<&'a str>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Package<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    installed: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fixed: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    remediation: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    manager: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'a str>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Network<'a> {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    path: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    port_range: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    protocol: Option<&'a str>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Code<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    file_path: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    detector_name: Option<&'a str>,
    #[serde(skip_serializing_if = "is_blank")]
    detector_id: Text<'a>,
    #[serde(skip_serializing_if = "is_blank")]
    rule_id: Text<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    cwes: Vec<&'a str>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Remediation<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
}

impl<'a> FindingModel<'a> {
    /// The model of a finding; `keys` are those of [`keys`].
    pub(crate) fn new(finding: Finding<'a>, keys: &'a [Cow<'a, str>]) -> FindingModel<'a> {
        let time = |time: Option<Timestamp>| time.map(timestamp::write);
        let (text, url) = (finding.remediation(), finding.remediation_url());
        FindingModel {
            arn: finding.arn(),
            title: finding.title().into(),
            description: finding.description().into(),
            finding_type: finding.finding_type().as_str().into(),
            severity: finding.severity().as_str().into(),
            status: finding.status().as_str().into(),
            fix_available: finding.fix_available().as_str().into(),
            exploit_available: finding.exploit_available().as_str().into(),
            inspector_score: finding.inspector_score().map(Score::new),
            first_seen: time(finding.first_observed_at()),
            last_seen: time(finding.last_seen()),
            last_updated: time(finding.last_updated()),
            last_exploited_at: time(finding.last_exploited_at()),
            age_days: finding.age_days(),
            resource: Resource::new(finding),
            vulnerability: Vulnerability::new(finding),
            packages: packages(finding),
            network: Network::new(finding),
            code: Code::new(finding),
            remediation: (text.is_some() || url.is_some()).then_some(Remediation { text, url }),
            accepted: finding.acceptance().map(|accepted| Accepted {
                reason: &accepted.reason,
                since: accepted.since.map(|since| since.to_string()),
                until: &accepted.until,
                by: &accepted.by,
            }),
            priority: None,
            priority_rule: None,
            reasons: Vec::new(),
            kev: None,
            kev_due: None,
            owner: Text::default(),
            due: None,
            overdue_days: None,
            repeated: finding.is_repeated(),
            change: None,
            before: None,
            first_seen_ever: None,
            cells: Cells { finding, keys },
        }
    }

    /// With what is to be done about it, by whom and until when.
    pub(crate) fn judged(mut self, finding: Finding<'a>, priorities: &'a Priorities) -> FindingModel<'a> {
        if finding.is_repeated() {
            return self;
        }
        self.owner = priorities.owner(finding).into();
        self.kev = Some(priorities.kev(finding).as_str());
        self.kev_due = priorities.kev_due(finding).map(|day| day.to_string());
        if let (Some(vulnerability), epss @ Some(_)) = (&mut self.vulnerability, priorities.epss(finding)) {
            vulnerability.epss = epss;
        }
        if let Some(decision) = priorities.decision(finding) {
            self.priority = Some(decision.priority.as_str());
            self.priority_rule = Some(decision.rule);
            self.reasons = decision.reasons.iter().map(Reason::as_str).collect();
        }
        if let Some(due) = priorities.due(finding) {
            self.due = Some(due.date.to_string());
            self.overdue_days = Some(due.overdue_days.max(0));
        }
        self
    }

    /// With what became of it since the earlier report.
    pub(crate) fn compared(mut self, finding: Finding<'a>, comparison: Option<&'a Comparison>) -> FindingModel<'a> {
        let Some(comparison) = comparison.filter(|_| !finding.is_repeated()) else { return self };
        self.change = comparison.change(finding).map(change_name);
        self.before = comparison
            .before(finding)
            .map(|before| Before { severity: before.severity().as_str(), status: before.status().as_str() });
        self.first_seen_ever = finding.first_seen().map(timestamp::write);
        self
    }

    /// One that the earlier report has, and the later one has not: it is fixed, or nothing is known of it.
    pub(crate) fn gone(mut self, change: Change) -> FindingModel<'a> {
        self.change = Some(change_name(change));
        self
    }
}

fn is_zero(number: &u64) -> bool {
    *number == 0
}

impl<'a> Resource<'a> {
    fn new(finding: Finding<'a>) -> Resource<'a> {
        let resource = finding.resource();
        let details = match resource.details() {
            ResourceDetails::Ec2Instance { ami, vpc } => Details::Instance { ami, vpc },
            ResourceDetails::EcrContainerImage { repository, digest } => Details::Image {
                repository,
                digest,
                tags: resource.image_tags().collect(),
                architecture: resource.get(Column::ImageArchitecture),
            },
            ResourceDetails::LambdaFunction { name, qualifier } => Details::Function { name, qualifier },
            _ => Details::None {},
        };
        Resource {
            id: resource.id(),
            resource_type: resource.resource_type().as_str(),
            name: resource.name(),
            account_id: resource.account(),
            region: resource.region(),
            platform: resource.platform(),
            tags: resource.tags().into_iter().collect(),
            details,
        }
    }
}

impl<'a> Vulnerability<'a> {
    fn new(finding: Finding<'a>) -> Option<Vulnerability<'a>> {
        let vulnerability = finding.vulnerability()?;
        Some(Vulnerability {
            id: vulnerability.id(),
            vendor: vulnerability.vendor(),
            vendor_severity: vulnerability.vendor_severity(),
            advisory: vulnerability.advisory(),
            published: vulnerability.published().map(timestamp::write),
            epss: vulnerability.epss(),
            cvss: vulnerability.scores().map(Score::new).collect(),
            references: vulnerability.references(),
        })
    }
}

fn packages(finding: Finding<'_>) -> Vec<Package<'_>> {
    finding
        .packages()
        .map(|package| Package {
            name: package.name,
            installed: package.installed,
            fixed: package.fixed,
            remediation: package.remediation,
            manager: package.manager,
            path: package.path,
        })
        .collect()
}

impl<'a> Network<'a> {
    fn new(finding: Finding<'a>) -> Option<Network<'a>> {
        let path: Vec<&str> = finding.network_path().collect();
        let (port_range, protocol) = (finding.port_range(), finding.protocol());
        let any = !path.is_empty() || port_range.is_some() || protocol.is_some();
        any.then_some(Network { path, port_range, protocol })
    }
}

impl<'a> Code<'a> {
    /// What a finding says of code; the file of a package is said of the package.
    fn new(finding: Finding<'a>) -> Option<Code<'a>> {
        let lines = finding.lines();
        let (detector_name, cwes) = (finding.detector_name(), finding.weaknesses().collect::<Vec<_>>());
        let any = lines.is_some() || detector_name.is_some() || !cwes.is_empty();
        any.then(|| Code {
            file_path: finding.file_path(),
            start_line: lines.map(|(first, _)| first),
            end_line: lines.map(|(_, last)| last),
            detector_name,
            detector_id: finding.get(Column::DetectorId),
            rule_id: finding.get(Column::RuleId),
            cwes,
        })
    }
}

/// The names of the columns as keys: of several with one heading, the later ones get a number.
pub(crate) fn keys(report: &View) -> Vec<Cow<'_, str>> {
    let mut keys: Vec<Cow<'_, str>> = Vec::new();
    let mut taken: HashSet<Cow<'_, str>> = HashSet::new();
    // Of each heading the number to try next.
    let mut next: HashMap<&str, u64> = HashMap::new();
    for column in report.columns() {
        let heading = column.heading.as_ref();
        let mut key = Cow::Borrowed(heading);
        let number = next.entry(heading).or_insert(2);
        while !taken.insert(key.clone()) {
            key = Cow::Owned(format!("{heading} ({number})"));
            *number += 1;
        }
        keys.push(key);
    }
    keys
}

/// Every cell that is not blank, as it was written.
#[derive(Debug)]
struct Cells<'a> {
    finding: Finding<'a>,
    keys: &'a [Cow<'a, str>],
}

impl Serialize for Cells<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (place, key) in self.keys.iter().enumerate() {
            let cell = self.finding.cell(place);
            if !cell.is_empty() {
                map.serialize_entry(key, &cell)?;
            }
        }
        map.end()
    }
}

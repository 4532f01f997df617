//! A finding as a result.
//!
//! A result has what is its own alone: what all findings of a vulnerability and severity have in common stands in the rule,
//! and what is known of the resource and its packages in the run's logical locations ([`LogicalLocations`]). There are
//! many results, so they are written from structs that borrow; those of serde_sarif own each of their parts.

use std::borrow::Cow;

use inspector_report_analysis::{Priorities, Priority};
use inspector_report_localizer::Localizer;
use inspector_report_model::{
    Change, Column, Finding, timestamp,
    value::{Cvss, ExploitAvailable, FixAvailable, Status},
};
use serde::Serialize;
use serde_sarif::sarif::{ResultLevel, Suppression};

use crate::{
    context::Context,
    fingerprint,
    group::Entry,
    locations::Place,
    logical::LogicalLocations,
    message::{self, Words},
    rule::Rule,
    rule_id::Subject,
    severity,
    source::Source,
    text::clip,
    uri,
};

/// The length of a cell in the properties.
const CELL: usize = 1_024;

/// `result` (SARIF 3.27), what is written of it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ResultObject<'a> {
    rule_id: &'a str,
    rule_index: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<&'static str>,
    level: ResultLevel,
    message: Message,
    locations: [Location; 1],
    partial_fingerprints: Fingerprints,
    #[serde(skip_serializing_if = "Option::is_none")]
    suppressions: Option<[Suppression; 1]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    baseline_state: Option<&'static str>,
    #[serde(skip_serializing_if = "Provenance::is_empty")]
    provenance: Provenance,
    #[serde(skip_serializing_if = "Option::is_none")]
    hosted_viewer_uri: Option<String>,
    properties: Properties<'a>,
}

#[derive(Serialize)]
struct Message {
    text: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    physical_location: PhysicalLocation,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    logical_locations: Vec<Reference>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    region: Region,
}

#[derive(Serialize)]
struct ArtifactLocation {
    uri: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_line: Option<u32>,
}

/// The number of a logical location of the run.
#[derive(Serialize)]
struct Reference {
    index: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Fingerprints {
    primary_location_line_hash: String,
}

/// When the finding was seen. SARIF 3.9: at most milliseconds are sure to be understood.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Provenance {
    #[serde(skip_serializing_if = "Option::is_none")]
    first_detection_time_utc: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_detection_time_utc: Option<String>,
}

impl Provenance {
    fn is_empty(&self) -> bool {
        self.first_detection_time_utc.is_none() && self.last_detection_time_utc.is_none()
    }
}

/// What has no place elsewhere in a result. What is not there is as the rule says it.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Properties<'a> {
    /// Always there, so that whoever looks for it need not ask whether it is.
    finding_arn: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    priority: Option<&'static str>,
    /// The last day that is in time.
    #[serde(skip_serializing_if = "Option::is_none")]
    due: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    overdue_days: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fix_available: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exploit_available: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    inspector_score: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    inspector_score_vector: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    protocol: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    detector_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    inspector_rule_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cwes: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    remediation_url: Option<String>,
}

/// The result of an entry; `rule_index` is the place of its rule in the run.
pub(crate) fn result<'a>(
    context: &'a Context<'_>,
    logical: &LogicalLocations,
    words: &Words,
    entry: &Entry,
    rule: &'a Rule<'_>,
    rule_index: usize,
) -> Option<ResultObject<'a>> {
    let source = context.sources.get(usize::from(entry.source))?;
    let finding = source.report.finding(entry.row as usize)?;
    let subject = Subject::of(finding);
    let place = source.places.finding(finding);
    // What is closed was looked for and is not there (SARIF 3.27.9); such a result has no level (3.27.10).
    let is_closed = finding.status() == Status::Closed;
    let suppression = match (finding.acceptance(), finding.status()) {
        (Some(accepted), _) => {
            let mut accepting = suppression(context.texts);
            accepting.justification = Some(accepted.line());
            Some(accepting)
        }
        (None, Status::Suppressed) => Some(suppression(context.texts)),
        _ => None,
    };
    let time = |time: Option<_>| time.map(timestamp::write);
    Some(ResultObject {
        rule_id: &rule.id,
        rule_index,
        kind: is_closed.then_some("pass"),
        level: if is_closed { ResultLevel::None } else { severity::level(finding.severity()) },
        message: Message { text: message::message(entry.source, finding, &subject, rule, words, context.texts) },
        locations: [location(place, finding, logical.numbers(entry.source, finding))],
        partial_fingerprints: Fingerprints {
            primary_location_line_hash: fingerprint::text(&entry.fingerprint, entry.number),
        },
        suppressions: suppression.map(|suppression| [suppression]),
        baseline_state: baseline_state(source, finding),
        provenance: Provenance {
            first_detection_time_utc: time(finding.first_seen()),
            // GitHub keeps the time of each upload itself.
            last_detection_time_utc: time(finding.last_seen().filter(|_| context.is_for_viewers)),
        },
        hosted_viewer_uri: context.is_for_viewers.then(|| uri::console(&finding.arn())).flatten(),
        properties: properties(finding, &subject, rule),
    })
}

/// What became of the finding since the report that this one is compared with (SARIF 3.27.24).
fn baseline_state(source: &Source<'_>, finding: Finding<'_>) -> Option<&'static str> {
    if !source.is_later {
        return Some("absent");
    }
    let comparison = source.comparison()?;
    Some(match comparison.change(finding) {
        Some(Change::New) => "new",
        Some(Change::StillOpen) => "unchanged",
        Some(_) => "updated",
        None if comparison.before(finding).is_some() => "unchanged",
        None => "new",
    })
}

/// Inspector suppresses by rules of its own; which one it was its reports do not say.
fn suppression(texts: &Localizer) -> Suppression {
    let mut suppression = Suppression::builder().kind("external").build();
    suppression.status = Some("accepted".into());
    suppression.justification = Some(texts.get("sarif-suppressed"));
    suppression
}

/// GitHub shows the physical location; the logical ones are for other readers (SARIF 3.33.7).
fn location(place: Place, finding: Finding<'_>, logical: impl Iterator<Item = u32>) -> Location {
    // The CSV has no lines; GitHub wants one all the same. A file that stands in for the resource has none of them.
    let lines = finding.lines().filter(|_| place.is_exact);
    let (first, last) = lines.map_or((1, None), |(first, last)| (first, Some(last)));
    let region = Region { start_line: first, end_line: last.filter(|last| *last > first) };
    Location {
        physical_location: PhysicalLocation { artifact_location: ArtifactLocation { uri: place.uri }, region },
        logical_locations: logical.map(|index| Reference { index }).collect(),
    }
}

fn properties<'a>(finding: Finding<'a>, subject: &Subject<'_>, rule: &Rule<'_>) -> Properties<'a> {
    let given = |text: &'a str| Some(cell(text)).filter(|text| !text.trim().is_empty());
    let mut properties =
        Properties { finding_arn: Cow::Owned(cell(&finding.arn()).into_owned()), ..Properties::default() };
    if let Some(priorities) = finding.view().map(Priorities::of) {
        let priority = priorities.priority(finding);
        properties.priority = priority.filter(|_| priority != rule.priority).map(Priority::as_str);
        let due = priorities.due(finding);
        properties.due = due.map(|due| due.date.to_string());
        properties.overdue_days = due.filter(|due| due.is_overdue()).map(|due| due.overdue_days);
    }
    properties.status = given(finding.status().as_str()).filter(|_| finding.status() != Status::Active);
    let fix = finding.fix_available();
    let answers = FixAvailable::KNOWN.iter().zip(rule.fixes).filter(|(_, answer)| *answer);
    if answers.map(|(known, _)| *known).ne([fix]) {
        properties.fix_available = given(fix.as_str());
    }
    let exploit = finding.exploit_available();
    if !rule.exploit_known || rule.exploit != (exploit == ExploitAvailable::Yes) {
        properties.exploit_available = given(exploit.as_str());
    }
    if let Some(score) = finding.inspector_score().filter(|score| !is_like(score, rule.score)) {
        properties.inspector_score = score.score;
        properties.inspector_score_vector = given(score.vector);
    }
    if !matches!(subject, Subject::Vulnerability(_)) {
        let of = |column| Some(cell(&finding.get(column)).into_owned()).filter(|text| !text.trim().is_empty());
        properties.protocol = of(Column::Protocol);
        properties.detector_id = of(Column::DetectorId);
        properties.inspector_rule_id = of(Column::RuleId);
        properties.cwes = of(Column::Cwes);
    }
    let page = finding.remediation_url().filter(|page| !rule.pages.contains(page));
    properties.remediation_url = page.map(|page| cell(page).into_owned());
    properties
}

/// Whether the rule says the same score.
fn is_like(score: &Cvss<'_>, of_rule: Option<Cvss<'_>>) -> bool {
    of_rule.is_some_and(|other| other.score == score.score && other.vector == score.vector)
}

/// A cell, cut where it is out of all measure.
pub(crate) fn cell(text: &str) -> Cow<'_, str> {
    clip(text, CELL)
}

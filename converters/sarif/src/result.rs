//! A finding as a result.

use std::collections::BTreeMap;

use inspector_report_core::{Column, Finding, jiff::Timestamp, timestamp};
use serde_json::{Value, json};
use serde_sarif::sarif::{
    ArtifactLocation, Location, LogicalLocation, Message, PhysicalLocation, PropertyBag, Region, Result,
    ResultProvenance,
};

use crate::{fingerprint, message, plan::Entry, rule::Rule, rule_id::Subject, run::Context, severity, text::clip, uri};

/// Packages that are named as locations and in the properties.
const PACKAGES: usize = 20;

/// The length of a cell in the properties.
const CELL: usize = 1_024;

/// The result of a finding; `rule_index` is the place of its rule in the run.
pub(crate) fn result(
    context: &Context<'_>,
    finding: Finding<'_>,
    entry: &Entry,
    rule: &Rule<'_>,
    rule_index: usize,
) -> Result {
    let subject = Subject::of(finding);
    let fingerprint = fingerprint::text(&entry.fingerprint, entry.number);
    let mut result = Result::builder()
        .rule_id(rule.id.clone())
        .rule_index(i64::try_from(rule_index).unwrap_or(-1))
        .level(severity::level(finding.severity()))
        .message(Message::builder().text(message::message(finding, &subject, rule, context.texts)).build())
        .locations(vec![location(context, finding)])
        .partial_fingerprints(BTreeMap::from([("primaryLocationLineHash".to_owned(), fingerprint)]))
        .properties(properties(finding))
        .build();
    result.hosted_viewer_uri = uri::console(&finding.arn());
    result.provenance = provenance(finding.first_seen(), finding.last_seen());
    result
}

/// GitHub shows the physical location; the logical ones are for other readers (SARIF 3.33.7).
fn location(context: &Context<'_>, finding: Finding<'_>) -> Location {
    let file = ArtifactLocation::builder().uri(context.places.finding(finding)).build();
    // The CSV has no lines; GitHub wants one all the same.
    let (first, last) = finding.lines().map_or((1, None), |(first, last)| (first, Some(last)));
    let mut region = Region::builder().start_line(i64::from(first)).build();
    region.end_line = last.filter(|last| *last > first).map(i64::from);
    let mut logical = Vec::new();
    let id = finding.resource().id();
    if !id.is_empty() {
        let name = cell(&finding.resource().name());
        logical.push(LogicalLocation::builder().kind("resource").name(name).fully_qualified_name(cell(id)).build());
    }
    let mut names: Vec<&str> = Vec::new();
    for package in finding.packages().take(PACKAGES) {
        if !names.contains(&package.name) {
            names.push(package.name);
            logical.push(LogicalLocation::builder().kind("package").name(cell(package.name)).build());
        }
    }
    let mut location = Location::builder()
        .physical_location(PhysicalLocation::builder().artifact_location(file).region(region).build())
        .build();
    location.logical_locations = Some(logical).filter(|logical| !logical.is_empty());
    location
}

fn provenance(first: Option<Timestamp>, last: Option<Timestamp>) -> Option<ResultProvenance> {
    if first.is_none() && last.is_none() {
        return None;
    }
    let mut provenance = ResultProvenance::builder().build();
    // SARIF 3.9: at most milliseconds are sure to be understood.
    provenance.first_detection_time_utc = first.map(timestamp::write);
    provenance.last_detection_time_utc = last.map(timestamp::write);
    Some(provenance)
}

/// What has no place elsewhere in a result.
fn properties(finding: Finding<'_>) -> PropertyBag {
    let resource = finding.resource();
    let mut facts = BTreeMap::new();
    let mut add = |name: &str, text: &str| {
        if !text.trim().is_empty() {
            facts.insert(name.to_owned(), Value::from(cell(text)));
        }
    };
    add("findingArn", &finding.arn());
    add("severity", finding.severity().as_str());
    add("fixAvailable", finding.fix_available().as_str());
    add("exploitAvailable", finding.exploit_available().as_str());
    add("accountId", resource.account());
    add("region", resource.region());
    add("resourceType", resource.resource_type().as_str());
    add("resourceId", resource.id());
    add("platform", resource.platform().unwrap_or_default());
    add("imageTags", resource.get(Column::ContainerImageTags));
    for (name, column) in [
        ("imageDigest", Column::ImageDigest),
        ("imageArchitecture", Column::ImageArchitecture),
        ("protocol", Column::Protocol),
        ("detectorId", Column::DetectorId),
        ("inspectorRuleId", Column::RuleId),
        ("cwes", Column::Cwes),
        ("remediationUrl", Column::RemediationUrl),
    ] {
        add(name, &finding.get(column));
    }
    if let Some(cvss) = finding.inspector_score() {
        add("inspectorScoreVector", cvss.vector);
        if let Some(score) = cvss.score {
            facts.insert("inspectorScore".to_owned(), score.into());
        }
    }
    let packages: Vec<Value> = finding
        .packages()
        .take(PACKAGES)
        .map(|package| {
            let mut facts = serde_json::Map::new();
            for (name, text) in [
                ("name", Some(package.name)),
                ("installedVersion", package.installed),
                ("fixedInVersion", package.fixed),
                ("packageManager", package.manager),
                ("filePath", package.path),
            ] {
                facts.extend(text.map(|text| (name.to_owned(), cell(text).into())));
            }
            json!(facts)
        })
        .collect();
    if !packages.is_empty() {
        facts.insert("packages".to_owned(), packages.into());
    }
    PropertyBag::builder().additional_properties(facts).build()
}

fn cell(text: &str) -> String {
    clip(text, CELL).into_owned()
}

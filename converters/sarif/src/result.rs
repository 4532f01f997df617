//! A finding as a result.

use std::collections::BTreeMap;

use inspector_report_localizer::Localizer;
use inspector_report_model::{
    Change, Column, Finding,
    jiff::Timestamp,
    timestamp,
    value::{ResourceType, Status},
};
use serde_json::{Value, json};
use serde_sarif::sarif::{
    ArtifactLocation, Location, LogicalLocation, Message, PhysicalLocation, PropertyBag, Region, Result, ResultKind,
    ResultLevel, ResultProvenance, Suppression,
};

use crate::{
    context::Context, fingerprint, group::Entry, locations::Place, message, rule::Rule, rule_id::Subject, severity,
    source::Source, text::clip, uri,
};

/// Packages that are named as locations and in the properties.
const PACKAGES: usize = 20;

/// The length of a cell in the properties.
const CELL: usize = 1_024;

/// The result of an entry; `rule_index` is the place of its rule in the run.
pub(crate) fn result(context: &Context<'_>, entry: &Entry, rule: &Rule<'_>, rule_index: usize) -> Option<Result> {
    let source = context.sources.get(usize::from(entry.source))?;
    let finding = source.report.finding(entry.row as usize)?;
    let subject = Subject::of(finding);
    let fingerprint = fingerprint::text(&entry.fingerprint, entry.number);
    let mut result = Result::builder()
        .rule_id(rule.id.clone())
        .rule_index(i64::try_from(rule_index).unwrap_or(-1))
        .level(severity::level(finding.severity()))
        .message(Message::builder().text(message::message(finding, &subject, rule, context.texts)).build())
        .locations(vec![location(source.places.finding(finding), finding)])
        .partial_fingerprints(BTreeMap::from([("primaryLocationLineHash".to_owned(), fingerprint)]))
        .properties(properties(finding))
        .build();
    result.hosted_viewer_uri = uri::console(&finding.arn());
    result.provenance = provenance(finding.first_seen(), finding.last_seen());
    match finding.status() {
        Status::Suppressed => result.suppressions = Some(vec![suppression(context.texts)]),
        // What is closed was looked for and is not there (SARIF 3.27.9); such a result has no level (3.27.10).
        Status::Closed => {
            result.kind = Some(ResultKind::Pass);
            result.level = Some(ResultLevel::None);
        }
        _ => {}
    }
    if let Some(accepted) = finding.acceptance() {
        let mut accepting = suppression(context.texts);
        accepting.justification = Some(accepted.line());
        result.suppressions = Some(vec![accepting]);
    }
    result.baseline_state = baseline_state(source, finding).map(Value::from);
    Some(result)
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
fn location(place: Place, finding: Finding<'_>) -> Location {
    let file = ArtifactLocation::builder().uri(place.uri).build();
    // The CSV has no lines; GitHub wants one all the same. A file that stands in for the resource has none of them.
    let lines = finding.lines().filter(|_| place.is_exact);
    let (first, last) = lines.map_or((1, None), |(first, last)| (first, Some(last)));
    let mut region = Region::builder().start_line(i64::from(first)).build();
    region.end_line = last.filter(|last| *last > first).map(i64::from);
    let mut logical = Vec::new();
    let resource = finding.resource();
    let id = resource.id();
    if !id.is_empty() {
        let name = cell(&resource.name());
        let kind = if resource.resource_type() == ResourceType::LambdaFunction { "function" } else { "resource" };
        logical.push(LogicalLocation::builder().kind(kind).name(name).fully_qualified_name(cell(id)).build());
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
    add("status", finding.status().as_str());
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
    // Always there, so that whoever looks for it need not ask whether it is.
    facts.insert("findingArn".to_owned(), Value::from(cell(&finding.arn())));
    PropertyBag::builder().additional_properties(facts).build()
}

fn cell(text: &str) -> String {
    clip(text, CELL).into_owned()
}

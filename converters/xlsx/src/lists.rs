//! The sheets between the summary and the findings: what to do, about which vulnerabilities, on which resources. They
//! count open findings; the figures are those of [`inspector_report_model::Statistics`], as in every summary.

use std::collections::BTreeSet;

use inspector_report_analysis::{
    Action, OwnerStatistics, Priorities, Priority, ResourceStatistics, Statistics, Triage, VulnerabilityStatistics,
};
use inspector_report_localizer::Localizer;
use inspector_report_model::{
    Column, Finding, Package, Resource, View, Vulnerability,
    value::{ExploitAvailable, FixAvailable},
};
use rust_xlsxwriter::{Workbook, Worksheet, XlsxError};

use crate::{
    cell::Cuts,
    columns::Columns,
    format::Formats,
    table::{Sheet, names},
};

/// The most rows of a list: 1,048,576 (Microsoft, "Excel specifications and limits") less the header.
pub(crate) const MOST_ROWS: usize = 1_048_575;

/// What the lists say of resources again and again, found out once.
pub(crate) struct Resources {
    names: Vec<String>,
    owners: Vec<String>,
}

impl Resources {
    pub(crate) fn new(report: &View) -> Resources {
        let owned = &Priorities::of(report).policy().owners;
        let names = report.resources().map(|resource| resource.name().into_owned()).collect();
        let owners = report.resources().map(|resource| owned.owner(resource).unwrap_or_default()).collect();
        Resources { names, owners }
    }

    /// The name of the resource that a finding is on.
    pub(crate) fn name(&self, finding: Finding<'_>) -> &str {
        self.names.get(finding.resource().index() as usize).map_or("", String::as_str)
    }

    /// Who it belongs to; empty where the tags do not say.
    pub(crate) fn owner(&self, finding: Finding<'_>) -> &str {
        self.owners.get(finding.resource().index() as usize).map_or("", String::as_str)
    }

    /// The names of the resources that these findings are on, in their order.
    fn names<'a>(&'a self, report: &View, rows: &[u32]) -> BTreeSet<&'a str> {
        distinct(findings(report, rows).map(|finding| self.name(finding)))
    }

    /// Who they belong to.
    fn owners<'a>(&'a self, report: &View, rows: &[u32]) -> BTreeSet<&'a str> {
        distinct(findings(report, rows).map(|finding| self.owner(finding)))
    }
}

/// What each list needs.
pub(crate) struct Context<'a> {
    pub(crate) report: &'a View,
    pub(crate) resources: &'a Resources,
    pub(crate) texts: &'a Localizer,
    pub(crate) formats: &'a Formats,
    pub(crate) cuts: &'a mut Cuts,
    /// What is filled in of the columns to fill in, if there are any, where the list is one of things to do.
    pub(crate) triage: Option<&'a Triage>,
}

impl Context<'_> {
    /// A sheet of this name, whose first column stays in sight.
    pub(crate) fn sheet(&mut self, name: String) -> Sheet<'_> {
        Sheet { name, frozen: 1, texts: self.texts, formats: self.formats, cuts: self.cuts }
    }
}

/// The findings at these places.
fn findings<'a>(report: &'a View, rows: &'a [u32]) -> impl Iterator<Item = Finding<'a>> + 'a {
    rows.iter().filter_map(|row| report.finding(*row as usize))
}

/// Distinct texts in their order.
fn distinct<'a>(texts: impl Iterator<Item = &'a str>) -> BTreeSet<&'a str> {
    texts.filter(|text| !text.trim().is_empty()).collect()
}

/// The packages of findings; those of findings with the same packages are looked at once.
fn packages<'a>(report: &'a View, rows: &'a [u32]) -> impl Iterator<Item = Package<'a>> + 'a {
    let mut seen = BTreeSet::new();
    let new = findings(report, rows).filter(move |finding| seen.insert(finding.packages_index()));
    new.flat_map(|finding| finding.packages().collect::<Vec<_>>())
}

/// Packages with their versions, each once, in their order.
fn versioned<'a>(packages: impl Iterator<Item = (&'a str, &'a str)>) -> Vec<String> {
    let distinct: BTreeSet<(&str, &str)> = packages.collect();
    distinct.into_iter().map(|(name, version)| format!("{name} {version}")).collect()
}

/// The accounts that findings are in.
fn accounts<'a>(report: &'a View, rows: &'a [u32]) -> BTreeSet<&'a str> {
    distinct(findings(report, rows).map(|finding| finding.resource().account()))
}

fn yes_no(answer: bool, texts: &Localizer) -> String {
    texts.exploit_available(if answer { ExploitAvailable::Yes } else { ExploitAvailable::No })
}

/// One row for each owner: who has most to do first.
pub(crate) fn owners(workbook: &mut Workbook, mut context: Context<'_>) -> Result<Option<Worksheet>, XlsxError> {
    let (report, texts) = (context.report, context.texts);
    let statistics = Statistics::of(report);
    let policy = Priorities::of(report).policy();
    if statistics.owners.iter().all(|owner| owner.name.is_empty()) {
        return Ok(None);
    }
    let action = |owner: &OwnerStatistics| owner.action.and_then(|place| statistics.actions.get(place));
    let mut columns = Columns::<&OwnerStatistics>::new(texts)
        .text("derived-owner", 28.0, |owner| match owner.name.as_str() {
            "" => texts.get("nobody"),
            name => name.to_owned(),
        })
        .count("figure-open", 10.0, |owner| owner.by_severity.iter().sum());
    for priority in Priority::ALL {
        let label = policy.label(priority, texts);
        columns = columns.count_named(label, 11.0, move |owner| owner.by_priority[priority.rank()]);
    }
    let columns = columns
        .when(policy.targets.is_some(), |columns| {
            columns
                .count("figure-overdue", 11.0, |owner| owner.due.overdue)
                .count("figure-longest", 13.0, |owner| owner.due.longest.max(0).unsigned_abs().into())
                .count("figure-near", 13.0, |owner| owner.due.near)
                .day("figure-next-due", 13.0, |owner| owner.due.next)
        })
        .count("figure-critical", 10.0, |owner| owner.by_severity[0])
        .count("figure-high", 10.0, |owner| owner.by_severity[1])
        .text("figure-first-action", 60.0, |owner| {
            action(owner).map(|action| action.describe(report, texts)).unwrap_or_default()
        });
    let sheet = context.sheet(texts.get("xlsx-owners-sheet"));
    columns.write(workbook, sheet, "Owners", statistics.owners.iter().take(MOST_ROWS)).map(Some)
}

/// One row for each action: first those that settle most of what is to be acted on first.
pub(crate) fn actions(workbook: &mut Workbook, mut context: Context<'_>) -> Result<Option<Worksheet>, XlsxError> {
    let (report, texts, resources, triage) = (context.report, context.texts, context.resources, context.triage);
    let actions = &Statistics::of(report).actions;
    let priorities = Priorities::of(report);
    let policy = priorities.policy();
    if actions.is_empty() {
        return Ok(None);
    }
    let columns = Columns::<(usize, &Action)>::new(texts)
        .text("derived-priority", 12.0, |(_, action)| {
            action.priority().map(|priority| policy.label(priority, texts)).unwrap_or_default()
        })
        .text("figure-action", 60.0, |(_, action)| action.describe(report, texts))
        .text("derived-reasons", 40.0, |(_, action)| {
            let reasons = report.finding(action.first(report)).map(|finding| priorities.reasons(finding, texts));
            reasons.unwrap_or_default().join(&texts.get("reason-separator"))
        })
        .text("xlsx-owners", 30.0, |(_, action)| names(resources.owners(report, &action.rows), texts))
        .when(policy.targets.is_some(), |columns| {
            columns
                .day("derived-due", 12.0, |(_, action)| action.due)
                .count("figure-overdue", 11.0, |(_, action)| action.overdue)
        })
        .severity("xlsx-worst", |(_, action)| action.rank())
        .count("figure-settles", 11.0, |(_, action)| action.findings())
        .count("figure-critical", 10.0, |(_, action)| action.by_severity[0])
        .count("figure-high", 10.0, |(_, action)| action.by_severity[1])
        .count("figure-medium", 10.0, |(_, action)| action.by_severity[2])
        .count("xlsx-lesser", 10.0, |(_, action)| action.by_severity[3..].iter().sum())
        .count("figure-exploits", 11.0, |(_, action)| action.exploit)
        .count("figure-resources", 11.0, |(_, action)| action.resources)
        .text("xlsx-on", 60.0, |(_, action)| names(resources.names(report, &action.rows), texts))
        .text("xlsx-accounts", 30.0, |(_, action)| names(accounts(report, &action.rows), texts))
        .date("figure-oldest", 13.0, |(_, action)| action.oldest)
        .text("xlsx-commands", 50.0, |(_, action)| {
            let commands = packages(report, &action.rows).filter_map(|package| package.remediation);
            names(distinct(commands), texts)
        })
        .when(triage.is_some(), |columns| {
            columns.filled(true, move |(place, _)| triage.and_then(|triage| triage.action(*place)))
        });
    // The priority, and what to do.
    let sheet = Sheet { frozen: 2, ..context.sheet(texts.get("xlsx-actions")) };
    columns.write(workbook, sheet, "Actions", actions.iter().enumerate().take(MOST_ROWS)).map(Some)
}

/// One row for each vulnerability id, the worst first.
pub(crate) fn vulnerabilities(
    workbook: &mut Workbook,
    mut context: Context<'_>,
) -> Result<Option<Worksheet>, XlsxError> {
    let (report, texts, resources) = (context.report, context.texts, context.resources);
    let all = &Statistics::of(report).vulnerabilities;
    if all.is_empty() {
        return Ok(None);
    }
    let columns = Columns::<(&VulnerabilityStatistics, Vulnerability<'_>)>::new(texts)
        .link("column-vulnerability-id", 20.0, |(_, facts)| (facts.id(), facts.page()))
        .severity("xlsx-worst", |(of, _)| of.rank)
        .text("figure-exploit", 11.0, |(of, _)| yes_no(of.exploit, texts))
        .number("column-epss-score", 11.0, |(of, _)| of.epss)
        .number("xlsx-highest-score", 11.0, |(of, _)| of.score)
        .count("figure-findings-open", 11.0, |(of, _)| of.findings)
        .count("figure-resources", 11.0, |(of, _)| of.resources)
        .text("xlsx-on", 60.0, |(of, _)| names(resources.names(report, &of.rows), texts))
        .text("column-affected-packages", 40.0, move |(of, _)| {
            names(distinct(packages(report, &of.rows).map(|package| package.name)), texts)
        })
        .text("column-package-installed-version", 30.0, move |(of, _)| {
            let installed = packages(report, &of.rows).filter_map(|package| Some((package.name, package.installed?)));
            names(versioned(installed), texts)
        })
        .text("column-fixed-in-version", 30.0, move |(of, _)| {
            let fixed = packages(report, &of.rows).filter_map(|package| Some((package.name, package.fixed?)));
            names(versioned(fixed), texts)
        })
        .text("figure-fix", 14.0, |(of, _)| {
            texts.fix_available(match (of.fix, of.partial_fix) {
                (fix, _) if fix == of.findings => FixAvailable::Yes,
                (0, 0) => FixAvailable::No,
                _ => FixAvailable::Partial,
            })
        })
        .date("figure-oldest", 13.0, |(of, _)| of.oldest)
        .text("xlsx-owners", 30.0, |(of, _)| names(resources.owners(report, &of.rows), texts))
        .text("xlsx-accounts", 30.0, |(of, _)| names(accounts(report, &of.rows), texts))
        .text("column-vendor", 18.0, |(_, facts)| facts.vendor().unwrap_or_default())
        .text("column-vendor-severity", 18.0, |(_, facts)| facts.vendor_severity().unwrap_or_default())
        .link("column-vendor-advisory", 40.0, |(_, facts)| (facts.advisory().unwrap_or_default(), facts.advisory()))
        .text("column-description", 60.0, |(_, facts)| facts.description());
    let sheet = context.sheet(texts.get("xlsx-vulnerabilities"));
    let rows = all.iter().take(MOST_ROWS);
    let rows = rows.filter_map(|of| Some((of, report.finding(of.row)?.vulnerability_facts())));
    columns.write(workbook, sheet, "Vulnerabilities", rows).map(Some)
}

/// A resource with its first and its worst finding.
struct Of<'a> {
    statistics: &'a ResourceStatistics,
    finding: Finding<'a>,
    resource: Resource<'a>,
    worst: Finding<'a>,
}

/// One row for each resource, the worst first.
pub(crate) fn resources(workbook: &mut Workbook, mut context: Context<'_>) -> Result<Option<Worksheet>, XlsxError> {
    let (report, texts, known) = (context.report, context.texts, context.resources);
    let all = &Statistics::of(report).resources;
    if all.is_empty() {
        return Ok(None);
    }
    let by_severity = |rank: usize| move |of: &Of<'_>| of.statistics.by_severity[rank];
    let columns = Columns::<Of<'_>>::new(texts)
        .text("figure-resource", 40.0, |of| known.name(of.finding))
        .text("xlsx-owner", 24.0, |of| known.owner(of.finding))
        .text("column-resource-type", 24.0, |of| texts.resource_type(of.resource.resource_type()))
        .text("column-aws-account-id", 15.0, |of| of.resource.account())
        .text("column-region", 17.0, |of| of.resource.region())
        .severity("xlsx-worst", |of| of.worst.severity().rank())
        .count("figure-open", 10.0, |of| of.statistics.findings())
        .count("figure-critical", 10.0, by_severity(0))
        .count("figure-high", 10.0, by_severity(1))
        .count("figure-medium", 10.0, by_severity(2))
        .count("severity-low", 10.0, by_severity(3))
        .count("severity-informational", 18.0, by_severity(4))
        .count("severity-untriaged", 13.0, by_severity(5))
        .count("other-severity", 10.0, by_severity(6))
        .count("figure-exploits", 11.0, |of| of.statistics.exploit)
        .text("xlsx-worst-finding", 50.0, |of| of.worst.title())
        .date("figure-oldest", 13.0, |of| of.statistics.oldest)
        .text("column-platform", 22.0, |of| of.resource.platform().unwrap_or_default())
        .text("column-resource-id", 60.0, |of| of.resource.id())
        .text("column-resource-tags", 50.0, |of| of.resource.get(Column::ResourceTags));
    let sheet = context.sheet(texts.get("xlsx-resources"));
    let rows = all.iter().take(MOST_ROWS).filter_map(|statistics| {
        let (finding, worst) = (report.finding(statistics.row)?, report.finding(statistics.worst)?);
        Some(Of { statistics, finding, resource: finding.resource(), worst })
    });
    columns.write(workbook, sheet, "Resources", rows).map(Some)
}

//! The sheets between the summary and the findings: what to do, about which vulnerabilities, on which resources. They
//! count open findings; the figures are those of [`inspector_report_model::Statistics`], as in every summary.

use std::collections::BTreeSet;

use inspector_report_analysis::Statistics;
use inspector_report_analysis::Triage;
use inspector_report_localizer::Localizer;
use inspector_report_model::{
    Column, Finding, Package, TriageField, View,
    value::{ExploitAvailable, FixAvailable},
};
use rust_xlsxwriter::{Workbook, Worksheet, XlsxError};

use crate::{
    cell::Cuts,
    format::Formats,
    layout,
    table::{Table, TableColumn, names},
    triage,
};

/// The most rows of a list: 1,048,576 (Microsoft, "Excel specifications and limits") less the header.
pub(crate) const MOST_ROWS: usize = 1_048_575;

/// The columns that hold counts, numbers and dates.
const FIGURES: [&str; 19] = [
    "column-first-seen",
    "xlsx-accepted-until",
    "xlsx-first-seen-ever",
    "figure-settles",
    "figure-critical",
    "figure-high",
    "figure-medium",
    "figure-open",
    "figure-findings-open",
    "figure-resources",
    "figure-exploits",
    "figure-oldest",
    "xlsx-lesser",
    "xlsx-highest-score",
    "column-epss-score",
    "severity-low",
    "severity-informational",
    "severity-untriaged",
    "other-severity",
];

/// What the lists say of resources again and again, found out once.
pub(crate) struct Resources {
    names: Vec<String>,
    owners: Vec<String>,
}

impl Resources {
    pub(crate) fn new(report: &View) -> Resources {
        let names = report.resources().map(|resource| resource.name().into_owned()).collect();
        let owners = report.resources().map(|resource| resource.owner().unwrap_or_default().into_owned()).collect();
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
    /// A list with these columns, each the key of its heading and its width in characters.
    pub(crate) fn table(
        &mut self,
        workbook: &mut Workbook,
        name: String,
        columns: &[(&str, f64)],
        triage: &[TriageField],
    ) -> Result<Table<'_>, XlsxError> {
        let new = |(key, width): &(&str, f64)| {
            let is_figure = FIGURES.contains(key);
            let width = match *key {
                "xlsx-worst" | "column-severity" | "xlsx-severity-before" => layout::severity_width(self.texts),
                _ => *width,
            };
            TableColumn { heading: self.texts.get(key), width, is_figure, triage: None }
        };
        let mut columns: Vec<TableColumn> = columns.iter().map(new).collect();
        for field in triage {
            let (heading, width) = (self.texts.get(field.key()), triage::width(*field));
            columns.push(TableColumn { heading, width, is_figure: false, triage: Some(*field) });
        }
        let sheet = workbook.new_worksheet_with_low_memory()?;
        Table::new(sheet, name, columns, 1, self.texts, self.formats, self.cuts)
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

fn yes_no(answer: bool, texts: &Localizer) -> String {
    texts.exploit_available(if answer { ExploitAvailable::Yes } else { ExploitAvailable::No })
}

/// One row for each thing to do, that which settles most of the worst first.
pub(crate) fn actions(workbook: &mut Workbook, mut context: Context<'_>) -> Result<Option<Worksheet>, XlsxError> {
    let (report, texts, resources) = (context.report, context.texts, context.resources);
    let actions = &Statistics::of(report).actions;
    if actions.is_empty() {
        return Ok(None);
    }
    let columns = [
        ("figure-action", 60.0),
        ("xlsx-worst", 16.0),
        ("figure-settles", 11.0),
        ("figure-critical", 10.0),
        ("figure-high", 10.0),
        ("figure-medium", 10.0),
        ("xlsx-lesser", 10.0),
        ("figure-exploits", 11.0),
        ("figure-resources", 11.0),
        ("xlsx-on", 60.0),
        ("xlsx-owners", 30.0),
        ("xlsx-accounts", 30.0),
        ("figure-oldest", 13.0),
        ("xlsx-commands", 50.0),
    ];
    let triage = context.triage;
    let to_fill_in = if triage.is_some() { TriageField::ALL.as_slice() } else { &[] };
    let mut table = context.table(workbook, texts.get("xlsx-actions"), &columns, to_fill_in)?;
    for (place, action) in actions.iter().enumerate().take(MOST_ROWS) {
        table.text(&action.describe(report, texts))?;
        table.severity(action.rank())?;
        table.count(action.findings())?;
        let [critical, high, medium, ..] = action.by_severity;
        for count in [critical, high, medium, action.by_severity[3..].iter().sum(), action.exploit, action.resources] {
            table.count(count)?;
        }
        let rows = || findings(report, &action.rows);
        table.text(&names(resources.names(report, &action.rows), texts))?;
        table.text(&names(resources.owners(report, &action.rows), texts))?;
        table.text(&names(distinct(rows().map(|finding| finding.resource().account())), texts))?;
        table.date(action.oldest)?;
        let commands = packages(report, &action.rows).filter_map(|package| package.remediation);
        table.text(&names(distinct(commands), texts))?;
        if let Some(triage) = triage {
            table.filled(triage.action(place))?;
        }
        table.next_row()?;
    }
    table.finish(workbook, "Actions").map(Some)
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
    let columns = [
        ("column-vulnerability-id", 20.0),
        ("xlsx-worst", 16.0),
        ("figure-exploit", 11.0),
        ("column-epss-score", 11.0),
        ("xlsx-highest-score", 11.0),
        ("figure-findings-open", 11.0),
        ("figure-resources", 11.0),
        ("xlsx-on", 60.0),
        ("column-affected-packages", 40.0),
        ("column-package-installed-version", 30.0),
        ("column-fixed-in-version", 30.0),
        ("figure-fix", 14.0),
        ("figure-oldest", 13.0),
        ("xlsx-owners", 30.0),
        ("xlsx-accounts", 30.0),
        ("column-vendor", 18.0),
        ("column-vendor-severity", 18.0),
        ("column-vendor-advisory", 40.0),
        ("column-description", 60.0),
    ];
    let mut table = context.table(workbook, texts.get("xlsx-vulnerabilities"), &columns, &[])?;
    for of in all.iter().take(MOST_ROWS) {
        let Some(finding) = report.finding(of.row) else { continue };
        let facts = finding.vulnerability_facts();
        let rows = || findings(report, &of.rows);
        let packages = || packages(report, &of.rows);
        table.link(facts.id(), facts.page().as_deref())?;
        table.severity(of.rank)?;
        table.text(&yes_no(of.exploit, texts))?;
        table.number(of.epss)?;
        table.number(of.score)?;
        table.count(of.findings)?;
        table.count(of.resources)?;
        table.text(&names(resources.names(report, &of.rows), texts))?;
        table.text(&names(distinct(packages().map(|package| package.name)), texts))?;
        let installed = packages().filter_map(|package| Some((package.name, package.installed?)));
        table.text(&names(versioned(installed), texts))?;
        let fixed = packages().filter_map(|package| Some((package.name, package.fixed?)));
        table.text(&names(versioned(fixed), texts))?;
        let fix = match (of.fix, of.partial_fix) {
            (fix, _) if fix == of.findings => FixAvailable::Yes,
            (0, 0) => FixAvailable::No,
            _ => FixAvailable::Partial,
        };
        table.text(&texts.fix_available(fix))?;
        table.date(of.oldest)?;
        table.text(&names(resources.owners(report, &of.rows), texts))?;
        table.text(&names(distinct(rows().map(|finding| finding.resource().account())), texts))?;
        table.text(facts.vendor().unwrap_or_default())?;
        table.text(facts.vendor_severity().unwrap_or_default())?;
        table.link(facts.advisory().unwrap_or_default(), facts.advisory())?;
        table.text(facts.description())?;
        table.next_row()?;
    }
    table.finish(workbook, "Vulnerabilities").map(Some)
}

/// One row for each resource, the worst first.
pub(crate) fn resources(workbook: &mut Workbook, mut context: Context<'_>) -> Result<Option<Worksheet>, XlsxError> {
    let (report, texts, known) = (context.report, context.texts, context.resources);
    let all = &Statistics::of(report).resources;
    if all.is_empty() {
        return Ok(None);
    }
    let columns = [
        ("figure-resource", 40.0),
        ("xlsx-owner", 24.0),
        ("column-resource-type", 24.0),
        ("column-aws-account-id", 15.0),
        ("column-region", 17.0),
        ("xlsx-worst", 16.0),
        ("figure-open", 10.0),
        ("figure-critical", 10.0),
        ("figure-high", 10.0),
        ("figure-medium", 10.0),
        ("severity-low", 10.0),
        ("severity-informational", 18.0),
        ("severity-untriaged", 13.0),
        ("other-severity", 10.0),
        ("figure-exploits", 11.0),
        ("xlsx-worst-finding", 50.0),
        ("figure-oldest", 13.0),
        ("column-platform", 22.0),
        ("column-resource-id", 60.0),
        ("column-resource-tags", 50.0),
    ];
    let mut table = context.table(workbook, texts.get("xlsx-resources"), &columns, &[])?;
    for of in all.iter().take(MOST_ROWS) {
        let (Some(finding), Some(worst)) = (report.finding(of.row), report.finding(of.worst)) else { continue };
        let resource = finding.resource();
        table.text(known.name(finding))?;
        table.text(known.owner(finding))?;
        table.text(&texts.resource_type(resource.resource_type()))?;
        table.text(resource.account())?;
        table.text(resource.region())?;
        table.severity(worst.severity().rank())?;
        table.count(of.findings())?;
        for count in of.by_severity {
            table.count(count)?;
        }
        table.count(of.exploit)?;
        table.text(worst.title())?;
        table.date(of.oldest)?;
        table.text(resource.platform().unwrap_or_default())?;
        table.text(resource.id())?;
        table.text(resource.get(Column::ResourceTags))?;
        table.next_row()?;
    }
    table.finish(workbook, "Resources").map(Some)
}

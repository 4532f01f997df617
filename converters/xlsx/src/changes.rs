//! The sheets of findings of which something is to be told: what became of them since an earlier report, and that
//! someone has accepted them. A row has what people ask for first; the sheets of the severities have the rest.

use inspector_report_analysis::order::sort_worst_first;
use inspector_report_localizer::{Args, Localizer};
use inspector_report_model::{
    Change, Comparison, Finding, View,
    value::{ExploitAvailable, Severity},
};
use rust_xlsxwriter::{Workbook, Worksheet, XlsxError};

use crate::{
    lists::{Context, MOST_ROWS, Resources},
    table::Table,
};

/// A sheet with what the contents say of it.
pub(crate) type Listed = (Worksheet, (String, String));

/// The columns of every row, behind those that a sheet has of its own.
const COLUMNS: [(&str, f64); 15] = [
    ("column-title", 60.0),
    ("column-vulnerability-id", 20.0),
    ("figure-resource", 40.0),
    ("xlsx-owner", 24.0),
    ("column-resource-type", 24.0),
    ("column-aws-account-id", 15.0),
    ("column-region", 17.0),
    ("xlsx-first-seen-ever", 20.0),
    ("figure-exploit", 11.0),
    ("column-affected-packages", 30.0),
    ("column-fixed-in-version", 24.0),
    ("column-remediation", 50.0),
    ("column-status", 14.0),
    ("column-resource-id", 60.0),
    ("column-finding-arn", 60.0),
];

/// The sheets of what became of findings: one for each change that there is, more where one sheet cannot hold it.
pub(crate) fn changes(workbook: &mut Workbook, context: &mut Context<'_>) -> Result<Vec<Listed>, XlsxError> {
    let Some(comparison) = context.report.comparison() else { return Ok(Vec::new()) };
    let earlier = Resources::new(comparison.earlier());
    let mut sheets = Vec::new();
    for change in Change::ALL {
        let findings = of(context.report, comparison, change);
        for (part, findings) in findings.chunks(MOST_ROWS).enumerate() {
            sheets.push(sheet(workbook, context, &earlier, change, part, findings)?);
        }
    }
    Ok(sheets)
}

fn sheet(
    workbook: &mut Workbook,
    context: &mut Context<'_>,
    earlier: &Resources,
    change: Change,
    part: usize,
    findings: &[(Finding<'_>, bool)],
) -> Result<Listed, XlsxError> {
    let (texts, report, resources) = (context.texts, context.report, context.resources);
    let mut name = texts.get(&format!("xlsx-{}", change.key()));
    let mut range = format!("Changes_{}", name_of_range(change));
    if part > 0 {
        name.push_str(&format!(" ({})", part + 1));
        range.push_str(&format!("_{}", part + 1));
    }
    let before = (change == Change::SeverityChanged).then_some(("xlsx-severity-before", 16.0));
    let columns: Vec<(&str, f64)> = [("column-severity", 16.0)].into_iter().chain(before).chain(COLUMNS).collect();
    let mut table = context.table(workbook, name.clone(), &columns, &[])?;
    let comparison = report.comparison();
    for (finding, is_gone) in findings {
        let paired = comparison.filter(|_| !is_gone).and_then(|comparison| comparison.before(*finding));
        table.severity(shown_severity(change, *finding, paired))?;
        if before.is_some() {
            table.severity(paired.map_or(Severity::KNOWN.len(), |before| before.severity().rank()))?;
        }
        row(&mut table, *finding, *is_gone, if *is_gone { earlier } else { resources }, texts)?;
        table.next_row()?;
    }
    let date = comparison.and_then(|comparison| comparison.earlier().data_date());
    let date = date.map(|date| texts.date(date)).unwrap_or_default();
    let args = Args::new().count("findings", findings.len() as u64).text("date", &date);
    let contents = texts.format(&format!("xlsx-contents-{}", change.key()), &args);
    Ok((table.finish(workbook, &range)?, (name, contents)))
}

/// What is fixed is shown, as it is counted, by the severity that it had.
fn shown_severity(change: Change, finding: Finding<'_>, before: Option<Finding<'_>>) -> usize {
    before.filter(|_| change == Change::Fixed).unwrap_or(finding).severity().rank()
}

/// The sheet of findings that someone has accepted; more than one where one cannot hold them.
pub(crate) fn accepted(workbook: &mut Workbook, context: &mut Context<'_>) -> Result<Vec<Listed>, XlsxError> {
    let (texts, report, resources) = (context.texts, context.report, context.resources);
    let mut findings: Vec<(Finding<'_>, bool)> =
        report.findings().filter(|finding| finding.acceptance().is_some()).map(|finding| (finding, false)).collect();
    sort_worst_first(&mut findings);
    let mut sheets = Vec::new();
    for (part, findings) in findings.chunks(MOST_ROWS).enumerate() {
        let number = if part > 0 { format!("{}", part + 1) } else { String::new() };
        let name = texts.get("xlsx-accepted");
        let name = if part > 0 { format!("{name} ({number})") } else { name };
        let own = [
            ("column-severity", 16.0),
            ("xlsx-accepted-reason", 50.0),
            ("xlsx-accepted-since", 13.0),
            ("xlsx-accepted-until", 13.0),
            ("xlsx-accepted-by", 20.0),
        ];
        let columns: Vec<(&str, f64)> = own
            .into_iter()
            .chain(COLUMNS)
            .map(|(key, width)| match key {
                "xlsx-first-seen-ever" => ("column-first-seen", width),
                _ => (key, width),
            })
            .collect();
        let mut table = context.table(workbook, name.clone(), &columns, &[])?;
        for (finding, _) in findings {
            let Some(acceptance) = finding.acceptance() else { continue };
            table.severity(finding.severity().rank())?;
            table.wrapped(&acceptance.reason)?;
            match acceptance.since {
                Some(day) => table.day(day)?,
                None => table.text("")?,
            }
            match acceptance.until.parse() {
                Ok(day) => table.day(day)?,
                Err(_) => table.text(&acceptance.until)?,
            }
            table.text(&acceptance.by)?;
            row(&mut table, *finding, false, resources, texts)?;
            table.next_row()?;
        }
        sheets
            .push((table.finish(workbook, &format!("Accepted{number}"))?, (name, texts.get("xlsx-contents-accepted"))));
    }
    Ok(sheets)
}

/// The cells of [`COLUMNS`].
fn row(
    table: &mut Table<'_>,
    finding: Finding<'_>,
    is_gone: bool,
    resources: &Resources,
    texts: &Localizer,
) -> Result<(), XlsxError> {
    let (resource, facts) = (finding.resource(), finding.vulnerability_facts());
    let packages: Vec<_> = finding.packages().collect();
    let mut fixed: Vec<&str> = packages.iter().filter_map(|package| package.fixed).collect();
    fixed.sort_unstable();
    fixed.dedup();
    table.text(finding.title())?;
    table.link(facts.id(), facts.page().as_deref())?;
    table.text(resources.name(finding))?;
    table.text(resources.owner(finding))?;
    table.text(&texts.resource_type(resource.resource_type()))?;
    table.text(resource.account())?;
    table.text(resource.region())?;
    table.date_time(finding.first_seen())?;
    table.text(&texts.exploit_available(match finding.exploit_available() {
        ExploitAvailable::Yes => ExploitAvailable::Yes,
        _ => ExploitAvailable::No,
    }))?;
    let names: Vec<&str> = packages.iter().map(|package| package.name).collect();
    table.text(&names.join(", "))?;
    table.text(&fixed.join(", "))?;
    table.text(finding.remediation().unwrap_or_default())?;
    // Of what is not in the report any more, its last status is not its status.
    table.text(&if is_gone { texts.get("xlsx-gone") } else { texts.status(finding.status()) })?;
    table.text(resource.id())?;
    table.text(&finding.arn())
}

/// The findings that changed so, the worst first, each with whether it is one of the earlier report that is gone.
fn of<'a>(report: &'a View, comparison: &'a Comparison, change: Change) -> Vec<(Finding<'a>, bool)> {
    let mut findings: Vec<(Finding<'a>, bool)> = report
        .findings()
        .filter(|finding| comparison.change(*finding) == Some(change))
        .map(|finding| (finding, false))
        .collect();
    match change {
        Change::Fixed => findings.extend(comparison.gone().map(|finding| (finding, true))),
        Change::Unknown => findings.extend(comparison.unknown().map(|finding| (finding, true))),
        _ => {}
    }
    sort_worst_first(&mut findings);
    findings
}

/// The name of a change in ranges, the same in every language.
fn name_of_range(change: Change) -> &'static str {
    match change {
        Change::New => "New",
        Change::Reopened => "Reopened",
        Change::SeverityChanged => "Severity",
        Change::StillOpen => "Still_Open",
        Change::Suppressed => "Suppressed",
        Change::Fixed => "Fixed",
        Change::Unknown => "Unknown",
    }
}

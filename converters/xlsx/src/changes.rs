//! The sheets of findings of which something is to be told: what became of them since an earlier report, and that
//! someone has accepted them. A row has what people ask for first; the sheets of the severities have the rest.

use inspector_report_analysis::order::sort_worst_first;
use inspector_report_localizer::{Args, Localizer};
use inspector_report_model::{
    Acceptance, Change, Comparison, Finding, View,
    value::{ExploitAvailable, Severity},
};
use rust_xlsxwriter::{Workbook, Worksheet, XlsxError};

use crate::{
    columns::Columns,
    lists::{Context, MOST_ROWS, Resources},
};

/// A sheet with what the contents say of it.
pub(crate) type NamedSheet = (Worksheet, (String, String));

/// A finding to list.
struct Listed<'a> {
    finding: Finding<'a>,
    /// What the earlier report had of it, if it was compared and is not gone.
    before: Option<Finding<'a>>,
    /// Whether it is one of the earlier report that is gone.
    is_gone: bool,
}

/// The columns of every row, behind those that a sheet has of its own.
fn common<'a>(
    columns: Columns<'a, Listed<'a>>,
    resources: impl Fn(&Listed<'_>) -> &'a Resources + Copy + 'a,
    first_seen: &str,
    texts: &'a Localizer,
) -> Columns<'a, Listed<'a>> {
    columns
        .text("column-title", 60.0, |row| row.finding.title())
        .link("column-vulnerability-id", 20.0, |row| {
            let facts = row.finding.vulnerability_facts();
            (facts.id(), facts.page())
        })
        .text("figure-resource", 40.0, move |row| resources(row).name(row.finding))
        .text("xlsx-owner", 24.0, move |row| resources(row).owner(row.finding))
        .text("column-resource-type", 24.0, |row| texts.resource_type(row.finding.resource().resource_type()))
        .text("column-aws-account-id", 15.0, |row| row.finding.resource().account())
        .text("column-region", 17.0, |row| row.finding.resource().region())
        .date_time(first_seen, 20.0, |row| row.finding.first_seen())
        .text("figure-exploit", 11.0, |row| {
            texts.exploit_available(match row.finding.exploit_available() {
                ExploitAvailable::Yes => ExploitAvailable::Yes,
                _ => ExploitAvailable::No,
            })
        })
        .text("column-affected-packages", 30.0, |row| {
            row.finding.packages().map(|package| package.name).collect::<Vec<_>>().join(", ")
        })
        .text("column-fixed-in-version", 24.0, |row| {
            let mut fixed: Vec<&str> = row.finding.packages().filter_map(|package| package.fixed).collect();
            fixed.sort_unstable();
            fixed.dedup();
            fixed.join(", ")
        })
        .text("column-remediation", 50.0, |row| row.finding.remediation().unwrap_or_default())
        // Of what is not in the report any more, its last status is not its status.
        .text("column-status", 14.0, |row| match row.is_gone {
            true => texts.get("xlsx-gone"),
            false => texts.status(row.finding.status()),
        })
        .text("column-resource-id", 60.0, |row| row.finding.resource().id())
        .text("column-finding-arn", 60.0, |row| row.finding.arn())
}

/// The sheets of what became of findings: one for each change that there is, more where one sheet cannot hold it.
pub(crate) fn changes(workbook: &mut Workbook, context: &mut Context<'_>) -> Result<Vec<NamedSheet>, XlsxError> {
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
) -> Result<NamedSheet, XlsxError> {
    let (texts, report, resources) = (context.texts, context.report, context.resources);
    let mut name = texts.get(&format!("xlsx-{}", change.key()));
    let mut range = format!("Changes_{}", name_of_range(change));
    if part > 0 {
        name.push_str(&format!(" ({})", part + 1));
        range.push_str(&format!("_{}", part + 1));
    }
    let comparison = report.comparison();
    let of = move |row: &Listed<'_>| if row.is_gone { earlier } else { resources };
    let columns = Columns::new(texts)
        .severity("column-severity", move |row: &Listed<'_>| shown_severity(change, row))
        .when(change == Change::SeverityChanged, |columns| {
            let rank = |before: Finding<'_>| before.severity().rank();
            columns.severity("xlsx-severity-before", move |row| row.before.map_or(Severity::KNOWN.len(), rank))
        });
    let columns = common(columns, of, "xlsx-first-seen-ever", texts);
    let rows = findings.iter().map(|(finding, is_gone)| {
        let before = comparison.filter(|_| !is_gone).and_then(|comparison| comparison.before(*finding));
        Listed { finding: *finding, before, is_gone: *is_gone }
    });
    let sheet = columns.write(workbook, context.sheet(name.clone()), &range, rows)?;
    let date = comparison.and_then(|comparison| comparison.earlier().data_date());
    let date = date.map(|date| texts.date(date)).unwrap_or_default();
    let args = Args::new().count("findings", findings.len() as u64).text("date", &date);
    let contents = texts.format(&format!("xlsx-contents-{}", change.key()), &args);
    Ok((sheet, (name, contents)))
}

/// What is fixed is shown, as it is counted, by the severity that it had.
fn shown_severity(change: Change, row: &Listed<'_>) -> usize {
    row.before.filter(|_| change == Change::Fixed).unwrap_or(row.finding).severity().rank()
}

/// The sheet of findings that someone has accepted; more than one where one cannot hold them.
pub(crate) fn accepted(workbook: &mut Workbook, context: &mut Context<'_>) -> Result<Vec<NamedSheet>, XlsxError> {
    let (texts, report, resources) = (context.texts, context.report, context.resources);
    let mut findings: Vec<(Finding<'_>, bool)> =
        report.findings().filter(|finding| finding.acceptance().is_some()).map(|finding| (finding, false)).collect();
    sort_worst_first(&mut findings);
    let mut sheets = Vec::new();
    for (part, findings) in findings.chunks(MOST_ROWS).enumerate() {
        let number = if part > 0 { format!("{}", part + 1) } else { String::new() };
        let name = texts.get("xlsx-accepted");
        let name = if part > 0 { format!("{name} ({number})") } else { name };
        fn acceptance<'a>(row: &Listed<'a>) -> Option<&'a Acceptance> {
            row.finding.acceptance()
        }
        let columns = Columns::new(texts)
            .severity("column-severity", |row: &Listed<'_>| row.finding.severity().rank())
            .wrapped("xlsx-accepted-reason", 50.0, move |row| acceptance(row).map_or("", |of| of.reason.as_str()))
            .cells(texts.get("xlsx-accepted-since"), 13.0, false, move |table, row| {
                match acceptance(row).and_then(|of| of.since) {
                    Some(day) => table.day(day),
                    None => table.text(""),
                }
            })
            .cells(texts.get("xlsx-accepted-until"), 13.0, true, move |table, row| {
                let until = acceptance(row).map_or("", |of| of.until.as_str());
                match until.parse() {
                    Ok(day) => table.day(day),
                    Err(_) => table.text(until),
                }
            })
            .text("xlsx-accepted-by", 20.0, move |row| acceptance(row).map_or("", |of| of.by.as_str()));
        let columns = common(columns, move |_| resources, "column-first-seen", texts);
        let rows = findings.iter().map(|(finding, _)| Listed { finding: *finding, before: None, is_gone: false });
        let sheet = columns.write(workbook, context.sheet(name.clone()), &format!("Accepted{number}"), rows)?;
        sheets.push((sheet, (name, texts.get("xlsx-contents-accepted"))));
    }
    Ok(sheets)
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

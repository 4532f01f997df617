//! What the JSON of a series of reports says, field by field. Unlike in a report, every field is always there: programs
//! that draw it need no defaults. Times are RFC 3339 in UTC.

use inspector_report_analysis::{
    Trend,
    trend::{
        BySeverity, FixTimes, GroupStatistics, OpenFinding, OutOfSight, Overdue, TargetStatistics, TrendBy, TrendMonth,
        TrendReport, Vanished,
    },
};
use inspector_report_model::{Loss, timestamp, value::Severity};
use serde::{Serialize, Serializer, ser::SerializeMap};

use crate::{TREND_SCHEMA_VERSION, model::Generator};

/// A whole trend.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TrendModel<'a> {
    schema_version: &'static str,
    /// Tells it from the JSON of a report, close to the beginning.
    kind: &'static str,
    generator: Generator,
    from: String,
    to: String,
    /// The time zone of days and months.
    timezone: &'a str,
    reports: Vec<ReportModel<'a>>,
    series: Vec<DayModel>,
    before: Severities,
    months: Vec<MonthModel>,
    days_to_fix: DaysToFix<'a>,
    groups: Vec<GroupsModel<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    targets: Vec<TargetModel>,
    oldest: Vec<OpenModel<'a>>,
    overdue: Vec<OverdueModel<'a>>,
    vanished: Vec<VanishedModel<'a>>,
    out_of_sight: Vec<OutOfSightModel<'a>>,
    uncertain: UncertainModel,
    undated: &'a [String],
    unread: Vec<UnreadModel<'a>>,
    filters: &'a [String],
}

impl<'a> TrendModel<'a> {
    pub(crate) fn new(trend: &'a Trend, version: &'static str) -> TrendModel<'a> {
        TrendModel {
            schema_version: TREND_SCHEMA_VERSION,
            kind: "trend",
            generator: Generator::new(version),
            from: timestamp::write(trend.from),
            to: timestamp::write(trend.to),
            timezone: &trend.zone.1,
            reports: trend.reports.iter().map(ReportModel::new).collect(),
            series: trend
                .series
                .iter()
                .map(|(day, open)| DayModel { date: day.to_string(), open: Severities(*open) })
                .collect(),
            before: Severities(trend.before),
            months: trend.months.iter().map(MonthModel::new).collect(),
            days_to_fix: DaysToFix(trend),
            groups: trend.groups.iter().map(|(by, values)| GroupsModel::new(by, values)).collect(),
            targets: trend.targets.iter().map(TargetModel::new).collect(),
            oldest: trend.oldest.iter().map(OpenModel::new).collect(),
            overdue: trend.overdue.iter().map(OverdueModel::new).collect(),
            vanished: trend.vanished.iter().map(VanishedModel::new).collect(),
            out_of_sight: trend.out_of_sight.iter().map(OutOfSightModel::new).collect(),
            uncertain: UncertainModel {
                open: Severities(trend.uncertain.open),
                fixed_late: trend.uncertain.fixed_late,
                reports: trend.uncertain.reports,
            },
            undated: &trend.undated,
            unread: trend.unread.iter().map(|(file, reason)| UnreadModel { file, reason }).collect(),
            filters: &trend.filters,
        }
    }
}

/// The name of a severity as a field.
fn field(rank: usize) -> String {
    Severity::KNOWN.get(rank).map_or_else(|| "other".to_owned(), |severity| severity.as_str().to_lowercase())
}

/// Counts by severity, all of them.
#[derive(Debug)]
struct Severities(BySeverity);

impl Serialize for Severities {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().enumerate().map(|(rank, count)| (field(rank), count)))
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ReportModel<'a> {
    file: &'a str,
    date: String,
    findings: u64,
    open: u64,
    covers_more: &'a [(String, String)],
    rows_lost: u64,
    /// Something is or may be missing of it.
    incomplete: bool,
}

impl<'a> ReportModel<'a> {
    fn new(report: &'a TrendReport) -> ReportModel<'a> {
        let TrendReport { file, date, findings, open, covers_more, rows_lost, loss } = report;
        ReportModel {
            file,
            date: timestamp::write(*date),
            findings: *findings,
            open: *open,
            covers_more,
            rows_lost: *rows_lost,
            incomplete: *loss != Loss::None,
        }
    }
}

#[derive(Debug, Serialize)]
struct DayModel {
    date: String,
    open: Severities,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct MonthModel {
    month: String,
    opened: Severities,
    reopened: Severities,
    fixed: Severities,
    set_aside: Severities,
    unsuppressed: Severities,
    open: Severities,
}

impl MonthModel {
    fn new(month: &TrendMonth) -> MonthModel {
        MonthModel {
            month: month.first_day.strftime("%Y-%m").to_string(),
            opened: Severities(month.opened),
            reopened: Severities(month.reopened),
            fixed: Severities(month.fixed),
            set_aside: Severities(month.set_aside),
            unsuppressed: Severities(month.unsuppressed),
            open: Severities(month.open),
        }
    }
}

/// How long fixes took, by severity and in all.
#[derive(Debug)]
struct DaysToFix<'a>(&'a Trend);

impl Serialize for DaysToFix<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (rank, times) in self.0.fix_times.iter().enumerate() {
            map.serialize_entry(&field(rank), &FixTimesModel::new(times))?;
        }
        map.serialize_entry("all", &FixTimesModel::new(&self.0.all_fix_times))?;
        map.end()
    }
}

#[derive(Debug, Serialize)]
struct FixTimesModel {
    fixed: u64,
    timed: u64,
    mean: Option<f64>,
    percentile90: Option<f64>,
}

impl FixTimesModel {
    fn new(times: &FixTimes) -> FixTimesModel {
        let FixTimes { fixed, timed, mean, percentile90 } = *times;
        FixTimesModel { fixed, timed, mean, percentile90 }
    }
}

#[derive(Debug, Serialize)]
struct GroupsModel<'a> {
    by: String,
    values: Vec<GroupModel<'a>>,
}

impl<'a> GroupsModel<'a> {
    fn new(by: &TrendBy, values: &'a [GroupStatistics]) -> GroupsModel<'a> {
        GroupsModel { by: by.to_string(), values: values.iter().map(GroupModel::new).collect() }
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct GroupModel<'a> {
    name: &'a str,
    open: Severities,
    opened: u64,
    fixed: u64,
    mean_days: Option<f64>,
    overdue: u64,
}

impl<'a> GroupModel<'a> {
    fn new(group: &'a GroupStatistics) -> GroupModel<'a> {
        let GroupStatistics { name, open, opened, fixed, mean_days, overdue } = group;
        GroupModel {
            name,
            open: Severities(*open),
            opened: *opened,
            fixed: *fixed,
            mean_days: *mean_days,
            overdue: *overdue,
        }
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct TargetModel {
    severity: String,
    days: u32,
    overdue: u64,
    fixed: u64,
    in_time: u64,
}

impl TargetModel {
    fn new(target: &TargetStatistics) -> TargetModel {
        let TargetStatistics { rank, days, overdue, fixed, in_time } = *target;
        TargetModel { severity: field(rank), days, overdue, fixed, in_time }
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct OpenModel<'a> {
    severity: String,
    vulnerability_id: &'a str,
    title: &'a str,
    resource: &'a str,
    account: &'a str,
    region: &'a str,
    owner: &'a str,
    since: Option<String>,
    days: Option<f64>,
    arn: &'a str,
}

impl<'a> OpenModel<'a> {
    fn new(finding: &'a OpenFinding) -> OpenModel<'a> {
        OpenModel {
            severity: field(finding.rank),
            vulnerability_id: &finding.vulnerability,
            title: &finding.title,
            resource: &finding.resource,
            account: &finding.account,
            region: &finding.region,
            owner: &finding.owner,
            since: finding.since.map(timestamp::write),
            days: finding.days,
            arn: &finding.arn,
        }
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct OverdueModel<'a> {
    #[serde(flatten)]
    finding: OpenModel<'a>,
    target: u32,
    days_over: f64,
}

impl<'a> OverdueModel<'a> {
    fn new(overdue: &'a Overdue) -> OverdueModel<'a> {
        OverdueModel { finding: OpenModel::new(&overdue.finding), target: overdue.target, days_over: overdue.days_over }
    }
}

/// An account and Region that counts as fixed altogether.
#[derive(Debug, Serialize)]
struct VanishedModel<'a> {
    account: &'a str,
    region: &'a str,
    fixed: u64,
    file: &'a str,
    date: String,
}

impl<'a> VanishedModel<'a> {
    fn new(of: &'a Vanished) -> VanishedModel<'a> {
        let Vanished { account, region, fixed, file, date } = of;
        VanishedModel { account, region, fixed: *fixed, file, date: timestamp::write(*date) }
    }
}

/// An account and Region that no report has covered lately.
#[derive(Debug, Serialize)]
struct OutOfSightModel<'a> {
    account: &'a str,
    region: &'a str,
    open: u64,
    since: String,
}

impl<'a> OutOfSightModel<'a> {
    fn new(of: &'a OutOfSight) -> OutOfSightModel<'a> {
        let OutOfSight { account, region, open, since } = of;
        OutOfSightModel { account, region, open: *open, since: timestamp::write(*since) }
    }
}

/// What cannot be told since reports are incomplete; none of it counts as fixed.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct UncertainModel {
    open: Severities,
    fixed_late: u64,
    reports: u64,
}

/// A file that could not be read.
#[derive(Debug, Serialize)]
struct UnreadModel<'a> {
    file: &'a str,
    reason: &'a str,
}

//! The semantics, by hand: what is expected follows from what a person would say of each history, not from the code.

use proptest::prelude::*;

use super::*;
use inspector_report_model::{Finding, Report, View};

const HEADINGS: [&str; 13] = [
    "Finding ARN",
    "Severity",
    "Status",
    "AWS Account Id",
    "Region",
    "Resource ID",
    "Resource Type",
    "Vulnerability Id",
    "Affected Packages",
    "First Seen",
    "Last Seen",
    "Last Updated",
    "Resource Tags",
];

/// A row of a report.
#[derive(Clone, Debug)]
struct Made {
    arn: String,
    severity: &'static str,
    status: &'static str,
    account: &'static str,
    resource: String,
    kind: &'static str,
    first_seen: String,
    last_updated: String,
    tags: &'static str,
}

/// An open finding of severity HIGH in account 1, on a resource of its own.
fn open(arn: &str, first_seen: &str) -> Made {
    Made {
        arn: arn.to_owned(),
        severity: "HIGH",
        status: "ACTIVE",
        account: "1",
        resource: format!("i-{arn}"),
        kind: "AWS_EC2_INSTANCE",
        first_seen: time(first_seen),
        last_updated: String::new(),
        tags: "",
    }
}

/// A day as a time, at noon; a time as it is.
fn time(text: &str) -> String {
    if text.is_empty() || text.contains('T') { text.to_owned() } else { format!("{text}T12:00:00Z") }
}

impl Made {
    fn status(self, status: &'static str) -> Made {
        Made { status, ..self }
    }

    fn severity(self, severity: &'static str) -> Made {
        Made { severity, ..self }
    }

    fn account(self, account: &'static str) -> Made {
        Made { account, ..self }
    }

    fn tags(self, tags: &'static str) -> Made {
        Made { tags, ..self }
    }

    fn updated(self, last_updated: &str) -> Made {
        Made { last_updated: time(last_updated), ..self }
    }

    fn image(self, digest: char) -> Made {
        let resource = format!("arn:aws:ecr:r:1:repository/shop/sha256:{}", digest.to_string().repeat(64));
        Made { resource, kind: "AWS_ECR_CONTAINER_IMAGE", ..self }
    }
}

/// A report of this day. Its last row is one that only gives it its date: closed, in the first account that it has.
fn report(day: &str, rows: &[Made]) -> Report {
    let date = time(day);
    let account = rows.first().map_or("1", |row| row.account);
    let clock = Made {
        arn: format!("clock-{account}"),
        status: "CLOSED",
        account,
        resource: "clock".to_owned(),
        last_updated: date.clone(),
        ..open("clock", "")
    };
    let rows = rows.iter().chain([&clock]).map(|row| {
        vec![
            row.arn.as_str(),
            row.severity,
            row.status,
            row.account,
            "r",
            row.resource.as_str(),
            row.kind,
            "CVE-1",
            "curl",
            row.first_seen.as_str(),
            "",
            row.last_updated.as_str(),
            row.tags,
        ]
    });
    Report::from_rows(&format!("{day}.csv"), &HEADINGS, rows)
}

fn trend_by<R: Clone + Into<View>>(reports: &[R], targets: &str, by: Vec<TrendBy>) -> Trend {
    let mut builder = TrendBuilder::new(by);
    for report in reports {
        let view: View = report.clone().into();
        builder.add(&Snapshot::new(view.report()).unwrap(), view);
    }
    let targets = if targets.is_empty() { Targets::default() } else { Targets::parse(targets).unwrap() };
    builder.finish(&targets).unwrap()
}

fn trend<R: Clone + Into<View>>(reports: &[R]) -> Trend {
    trend_by(reports, "", TrendBy::USUAL.to_vec())
}

fn sum(counts: &BySeverity) -> u64 {
    counts.iter().sum()
}

/// Of each month: opened, reopened, fixed, set aside, unsuppressed, open at the end.
fn months(trend: &Trend) -> Vec<(String, [u64; 6])> {
    let counts = |m: &TrendMonth| [&m.opened, &m.reopened, &m.fixed, &m.set_aside, &m.unsuppressed, &m.open].map(sum);
    trend.months.iter().map(|month| (month.first_day.strftime("%Y-%m").to_string(), counts(month))).collect()
}

fn month(name: &str, counts: [u64; 6]) -> (String, [u64; 6]) {
    (name.to_owned(), counts)
}

#[test]
fn what_is_older_than_the_first_report_was_there_before() {
    let trend = trend(&[
        report("2026-01-10", &[open("a", "2025-12-01"), open("b", "2026-01-05")]),
        // c was missed by the first report, d came in the same month, e later.
        report(
            "2026-02-10",
            &[
                open("a", "2025-12-01"),
                open("b", "2026-01-05"),
                open("c", "2026-01-07"),
                open("d", "2026-01-20"),
                open("e", "2026-02-03").severity("CRITICAL"),
            ],
        ),
    ]);
    assert_eq!(sum(&trend.before), 3, "a, b and c");
    assert_eq!(
        months(&trend),
        [month("2026-01", [1, 0, 0, 0, 0, 2]), month("2026-02", [1, 0, 0, 0, 0, 5])],
        "d counts in January, but the last that was known at its end are a and b"
    );
    assert_eq!(trend.months[1].opened[0], 1, "e is critical");
    assert_eq!(trend.open(), [1, 4, 0, 0, 0, 0, 0]);
}

#[test]
fn the_moment_of_the_first_report_is_before() {
    let trend = trend(&[report("2026-01-10", &[open("a", "2026-01-10")])]);
    assert_eq!((sum(&trend.before), sum(&trend.months[0].opened)), (1, 0));
}

#[test]
fn a_closed_finding_was_fixed_when_it_was_updated_if_that_can_be() {
    let closed = |day: &str| {
        let first = report("2026-01-10", &[open("a", "2026-01-01")]);
        let second = report("2026-02-10", &[open("a", "2026-01-01").status("CLOSED").updated(day)]);
        let trend = trend(&[first, second]);
        let times = trend.fix_times[1];
        assert_eq!((times.fixed, times.timed, times.mean), (1, 1, times.percentile90));
        (times.mean.unwrap(), sum(&trend.months[0].fixed), sum(&trend.months[1].fixed))
    };
    assert_eq!(closed("2026-01-21"), (20.0, 1, 0));
    assert_eq!(closed("2026-02-10"), (40.0, 0, 1), "the date of the report itself");
    assert_eq!(closed("2026-01-10"), (40.0, 0, 1), "not after it was seen last, so the date of the report");
    assert_eq!(closed(""), (40.0, 0, 1));
}

#[test]
fn what_is_gone_was_fixed_by_the_date_of_the_report() {
    let trend = trend(&[
        report("2026-01-10", &[open("a", "2026-01-01"), open("b", "2026-01-01")]),
        report("2026-01-17", &[open("b", "2026-01-01")]),
    ]);
    assert_eq!(months(&trend), [month("2026-01", [0, 0, 1, 0, 0, 1])]);
    assert_eq!(trend.fix_times[1].mean, Some(16.0));
    assert!(trend.vanished.is_empty(), "the account is still there");
}

#[test]
fn accounts_that_come_in_files_of_their_own_do_not_fix_each_other() {
    let (a, b) = (open("a", "2026-01-01"), open("b", "2026-01-01").account("2"));
    let trend = trend(&[
        report("2026-01-10", std::slice::from_ref(&a)),
        report("2026-01-11", std::slice::from_ref(&b)),
        report("2026-01-17", &[a]),
        report("2026-01-18", &[b]),
    ]);
    assert_eq!(trend.all_fix_times.fixed, 0);
    assert_eq!(trend.series.iter().map(|(_, open)| sum(open)).collect::<Vec<_>>(), [1, 2, 2, 2]);
    assert!(trend.reports.iter().all(|report| report.covers_more.is_empty()));
    assert_eq!((trend.vanished.len(), trend.out_of_sight.len()), (0, 0));
}

#[test]
fn an_account_that_is_gone_from_the_report_of_an_organization_is_fixed_and_told() {
    let rows = || vec![open("a", "2026-01-01"), open("b", "2026-01-01").account("2")];
    let trend = trend(&[report("2026-01-10", &rows()), report("2026-01-17", &rows()[..1])]);
    assert_eq!(trend.reports[1].covers_more, [("2".to_owned(), "r".to_owned())]);
    assert_eq!(trend.all_fix_times.fixed, 1);
    let gone = &trend.vanished[0];
    assert_eq!((gone.account.as_str(), gone.fixed, gone.file.as_str()), ("2", 1, "2026-01-17.csv"));
}

#[test]
fn a_place_that_nothing_covers_any_more_stays_as_it_was_and_is_told() {
    let others: Vec<Made> = ["2", "3", "4"].map(|account| open(account, "2026-01-01").account(account)).to_vec();
    let all: Vec<Made> = [open("a", "2026-01-01")].into_iter().chain(others).collect();
    let later = trend(&[report("2026-01-10", &all), report("2026-01-17", &all[..1]), report("2026-01-18", &all[..1])]);
    assert_eq!(sum(&later.open()), 4, "one of four accounts is another scope");
    assert_eq!(later.out_of_sight.len(), 3);
    assert_eq!(later.out_of_sight[0].since, later.from);
    let same_week = trend(&[report("2026-01-10", &all), report("2026-01-17", &all[..1])]);
    assert!(same_week.out_of_sight.is_empty(), "seven days are within sight");
}

#[test]
fn what_comes_back_is_reopened_and_its_age_counts_from_then() {
    let a = open("a", "2026-01-01");
    let trend = trend_by(
        &[
            report("2026-01-10", std::slice::from_ref(&a)),
            report("2026-02-10", &[]),
            report("2026-03-10", std::slice::from_ref(&a)),
            report("2026-03-20", &[]),
        ],
        "",
        vec![TrendBy::Account],
    );
    assert_eq!(
        months(&trend),
        [
            month("2026-01", [0, 0, 0, 0, 0, 1]),
            month("2026-02", [0, 0, 1, 0, 0, 0]),
            month("2026-03", [0, 1, 1, 0, 0, 0]),
        ]
    );
    // 40 days, then 10.
    assert_eq!((trend.fix_times[1].mean, trend.fix_times[1].percentile90), (Some(25.0), Some(40.0)));
    let group = &trend.groups[0].1[0];
    assert_eq!((group.name.as_str(), group.opened, group.fixed, group.mean_days), ("1", 1, 2, Some(25.0)));
}

#[test]
fn what_was_suppressed_and_is_open_again_keeps_its_age() {
    let a = open("a", "2026-01-01");
    let trend = trend(&[
        report("2026-01-10", std::slice::from_ref(&a)),
        report("2026-01-17", &[a.clone().status("SUPPRESSED")]),
        report("2026-01-31", &[a]),
    ]);
    assert_eq!(months(&trend), [month("2026-01", [0, 0, 0, 1, 1, 1])]);
    assert_eq!(trend.oldest[0].days, Some(30.0));
    assert_eq!(trend.series.iter().map(|(_, open)| sum(open)).collect::<Vec<_>>(), [1, 0, 1]);
}

#[test]
fn what_is_known_as_suppressed_or_closed_first_is_no_event() {
    let (a, b) = (open("a", "2026-01-01"), open("b", "2026-01-01"));
    let trend = trend(&[
        report("2026-01-10", &[a.clone().status("SUPPRESSED"), b.clone().status("CLOSED")]),
        // Suppressed and gone is forgotten, without an event.
        report("2026-01-17", &[]),
        report("2026-01-24", &[a, b]),
    ]);
    assert_eq!(sum(&trend.before), 0);
    assert_eq!(months(&trend), [month("2026-01", [0, 2, 0, 0, 0, 2])], "both are open again");
    assert_eq!(trend.oldest.iter().map(|finding| finding.days).collect::<Vec<_>>(), [Some(0.0); 2]);
}

#[test]
fn a_push_of_an_image_keeps_the_finding_and_its_first_seen() {
    let trend = trend(&[
        report("2026-01-10", &[open("a1", "2026-01-01").image('a')]),
        report("2026-01-20", &[open("a2", "2026-01-15").image('b')]),
        report("2026-01-31", &[open("a3", "2026-01-25").image('c')]),
    ]);
    assert_eq!((trend.all_fix_times.fixed, sum(&trend.before), sum(&trend.months[0].opened)), (0, 1, 0));
    assert_eq!((trend.oldest.len(), trend.oldest[0].days, trend.oldest[0].arn.as_str()), (1, Some(30.0), "a3"));
}

#[test]
fn of_two_images_each_is_one_finding() {
    // One is pushed again, the other stays: only the one whose ARN is gone can be the new one.
    let stays = open("b", "2026-01-03").image('b');
    let trend = trend(&[
        report("2026-01-10", &[open("a", "2026-01-02").image('a'), stays.clone()]),
        report("2026-01-20", &[stays, open("c", "2026-01-12").image('c')]),
    ]);
    assert_eq!(trend.all_fix_times.fixed, 0);
    let since: Vec<(&str, String)> =
        trend.oldest.iter().map(|f| (f.arn.as_str(), f.since.unwrap().to_string())).collect();
    assert_eq!(since, [("c", "2026-01-02T12:00:00Z".to_owned()), ("b", "2026-01-03T12:00:00Z".to_owned())]);
}

#[test]
fn a_finding_that_a_report_has_twice_counts_once() {
    let trend = trend(&[report("2026-01-10", &[open("a", "2026-01-01"), open("a", "2026-01-01")])]);
    assert_eq!((sum(&trend.open()), trend.reports[0].findings), (1, 3), "with the clock three rows");
}

#[test]
fn months_without_a_report_keep_the_state() {
    let a = open("a", "2025-12-01");
    let trend =
        trend(&[report("2025-12-10", std::slice::from_ref(&a)), report("2026-03-10", &[a, open("b", "2026-02-05")])]);
    assert_eq!(
        months(&trend),
        [
            month("2025-12", [0, 0, 0, 0, 0, 1]),
            month("2026-01", [0, 0, 0, 0, 0, 1]),
            month("2026-02", [1, 0, 0, 0, 0, 1]),
            month("2026-03", [0, 0, 0, 0, 0, 2]),
        ]
    );
}

#[test]
fn reports_of_one_day_are_one_picture() {
    let rows = |names: &[&str]| names.iter().map(|name| open(name, "2026-01-01")).collect::<Vec<_>>();
    let first = || report("2026-01-05", &rows(&["a", "b", "c"]));
    // Two halves of an export: nothing is fixed.
    let halves =
        [first(), report("2026-01-12T10:00:00Z", &rows(&["a"])), report("2026-01-12T18:00:00Z", &rows(&["b", "c"]))];
    let trend = trend(&halves);
    assert_eq!((sum(&trend.open()), trend.all_fix_times.fixed), (3, 0));
    let days: Vec<(String, u64)> = trend.series.iter().map(|(day, open)| (day.to_string(), sum(open))).collect();
    assert_eq!(days, [("2026-01-05".to_owned(), 3), ("2026-01-12".to_owned(), 3)]);
    // What no report of the day has is fixed, by the last that covers it.
    let gone = [first(), report("2026-01-12T10:00:00Z", &rows(&["a"])), report("2026-01-12T18:00:00Z", &rows(&["c"]))];
    let trend = super::tests::trend(&gone);
    assert_eq!((sum(&trend.open()), trend.all_fix_times.fixed), (2, 1));
    assert_eq!(trend.all_fix_times.mean, Some(11.25), "1 January at noon to 12 January at 18:00");
    // Another image of a repository that a report of the same day has is no push of that one.
    let image = |arn: &str, digest| open(arn, "2026-01-01").image(digest);
    let two = [
        report("2026-01-05", &[image("a", 'a')]),
        report("2026-01-12T10:00:00Z", &[image("a", 'a')]),
        report("2026-01-12T18:00:00Z", &[image("b", 'b')]),
    ];
    assert_eq!(sum(&super::tests::trend(&two).open()), 2);
}

#[test]
fn days_are_those_of_the_zone() {
    let reports = [report("2026-01-31T20:00:00Z", &[open("a", "2026-01-31T16:00:00Z")])];
    let (zone, name) = inspector_report_model::timestamp::zone("Asia/Tokyo").unwrap();
    let mut builder = TrendBuilder::new(Vec::new()).in_zone(zone, &name);
    builder.add(&Snapshot::new(&reports[0]).unwrap(), reports[0].clone());
    let trend = builder.finish(&Targets::default()).unwrap();
    assert_eq!(trend.series[0].0.to_string(), "2026-02-01");
    assert_eq!(trend.months[0].first_day.to_string(), "2026-02-01");
}

/// An ARN, by which rows of one finding are known in one picture.
const ARN: &str = "arn:aws:inspector2:r:1:finding/a";

/// A report of which an unknown number of rows is missing.
fn cut(day: &str, rows: &[Made]) -> Report {
    let report = report(day, rows);
    let problem =
        inspector_report_model::Problem::new(inspector_report_model::ProblemCode::CutOff, report.source(), "");
    report.with_problem(problem)
}

#[test]
fn what_an_incomplete_report_does_not_have_is_not_fixed() {
    let rows = |names: &[&str]| names.iter().map(|name| open(name, "2026-01-01")).collect::<Vec<_>>();
    let first = || report("2026-01-05", &rows(&["a", "b", "c"]));
    // What it has counts: b is closed, d is new.
    let second = || cut("2026-01-12", &[open("b", "2026-01-01").status("CLOSED"), open("d", "2026-01-10")]);
    let trend = trend(&[first(), second()]);
    assert_eq!((sum(&trend.open()), trend.all_fix_times.fixed), (3, 1), "a, c and d");
    assert_eq!((sum(&trend.uncertain.open), trend.uncertain.fixed_late, trend.uncertain.reports), (2, 0, 1));
    // The next whole one tells: a is fixed, when is not known exactly.
    let trend = super::tests::trend(&[first(), second(), report("2026-01-19", &rows(&["c", "d"]))]);
    assert_eq!((sum(&trend.open()), trend.all_fix_times.fixed), (2, 2));
    assert_eq!((sum(&trend.uncertain.open), trend.uncertain.fixed_late, trend.uncertain.reports), (0, 1, 1));
    // Half of an export of a day is cut: the whole half does not fix what the other may have had.
    let halves = [first(), report("2026-01-12T10:00:00Z", &rows(&["a"])), cut("2026-01-12T18:00:00Z", &rows(&["b"]))];
    let trend = super::tests::trend(&halves);
    assert_eq!((sum(&trend.open()), trend.all_fix_times.fixed, sum(&trend.uncertain.open)), (3, 0, 1));
}

#[test]
fn a_row_that_was_updated_earlier_is_not_the_last_word() {
    let row = |status, updated: &str| open(ARN, "2026-01-01").status(status).updated(updated);
    let clock = |day: &str, row: Made| report(day, &[row]);
    // Delivered again in a later file.
    let trend =
        trend(&[clock("2026-01-10", row("CLOSED", "2026-01-09")), clock("2026-01-12", row("ACTIVE", "2026-01-02"))]);
    assert_eq!(sum(&trend.open()), 0);
}

/// Whatever the files of a day are called, and in however many parts it comes, the figures are those of one file.
#[test]
fn how_a_day_is_shared_out_among_files_changes_nothing() {
    let before = || report("2026-01-05", &[open(ARN, "2026-01-02")]);
    let (open_row, closed) = (
        open(ARN, "2026-01-02").updated("2026-02-02T09:00:00Z"),
        open(ARN, "2026-01-02").status("CLOSED").updated("2026-02-01"),
    );
    let files = |hours: [&str; 2]| {
        let reports = [
            before(),
            report(&format!("2026-02-02T{}:00:00Z", hours[0]), std::slice::from_ref(&open_row)),
            report(&format!("2026-02-02T{}:00:00Z", hours[1]), std::slice::from_ref(&closed)),
        ];
        let mut reports = reports.to_vec();
        reports.sort_by_key(Report::data_date);
        let trend = trend(&reports);
        (sum(&trend.open()), trend.all_fix_times.fixed, trend.oldest[0].since)
    };
    let since = inspector_report_model::timestamp::parse("2026-01-02T12:00:00Z");
    assert_eq!(files(["10", "12"]), (1, 0, since));
    assert_eq!(files(["12", "10"]), (1, 0, since), "neither fixed nor opened again");
}

/// A later report counts, although a spreadsheet has cut off the seconds of its times, or one of its times is wrong.
#[test]
fn the_later_report_is_the_last_word() {
    let with = |day: &str, row: Made, seen: &str| {
        let mut texts = vec![row.arn.clone(), row.severity.into(), row.status.into(), "1".into(), "r".into()];
        texts.extend([row.resource.clone(), row.kind.into(), "CVE-1".into(), "curl".into(), row.first_seen.clone()]);
        texts.extend([time(seen), row.last_updated.clone(), String::new()]);
        let clock = ["clock", "LOW", "CLOSED", "1", "r", "clock", "", "", "", "", "", &time(day), ""];
        let rows = [texts.iter().map(String::as_str).collect::<Vec<_>>(), clock.to_vec()];
        Report::from_rows(&format!("{day}.csv"), &HEADINGS, rows)
    };
    let row = |status, updated: &str| open("a", "2026-01-01").status(status).updated(updated);
    let open_at_end = |first: Report, second: Report| sum(&trend(&[first, second]).open());
    let closed = || with("2026-02-01T12:00:00Z", row("CLOSED", "2026-02-01T09:00:30Z"), "2026-02-01");
    assert_eq!(open_at_end(closed(), with("2026-02-02", row("ACTIVE", "2026-02-01T09:00:00Z"), "2026-02-02")), 1);
    let wrong = with("2026-02-01T12:00:00Z", row("CLOSED", "2031-02-01"), "2026-02-01");
    assert_eq!(open_at_end(wrong, with("2026-02-02", row("ACTIVE", "2026-02-02"), "2026-02-02")), 1);
    // Delivered again: older in both.
    assert_eq!(open_at_end(closed(), with("2026-02-03", row("ACTIVE", "2026-01-20"), "2026-01-20")), 0);
}

#[test]
fn what_is_accepted_is_set_aside_since_then() {
    let accepted = |day: &str, since: &str| {
        let report = report(day, &[open("a", "2026-01-01")]);
        let since = Some(since.parse().unwrap());
        let acceptance = inspector_report_model::Acceptance {
            reason: "known".to_owned(),
            since,
            ..inspector_report_model::Acceptance::default()
        };
        let which = |finding: Finding<'_>| (finding.arn() == "a").then_some(0);
        let acceptances = inspector_report_model::Acceptances::new(&report, vec![acceptance], which);
        View::builder(report).accept(acceptances).build()
    };
    let trend =
        trend(&[View::of(report("2026-01-05", &[open("a", "2026-01-01")])), accepted("2026-03-02", "2026-02-20")]);
    assert_eq!(
        months(&trend)[1..],
        [month("2026-02", [0, 0, 0, 1, 0, 1]), month("2026-03", [0, 0, 0, 0, 0, 0])],
        "told of in March, decided in February"
    );
}

#[test]
fn severity_is_the_newest_known() {
    let trend = trend(&[
        report("2026-01-10", &[open("a", "2026-01-01")]),
        report("2026-01-17", &[open("a", "2026-01-01").severity("LOW")]),
        report("2026-01-24", &[]),
    ]);
    assert_eq!(trend.before, [0, 1, 0, 0, 0, 0, 0]);
    assert_eq!(trend.months[0].fixed, [0, 0, 0, 1, 0, 0, 0]);
}

#[test]
fn the_percentile_is_the_nearest_rank() {
    let days = |n: u32| FixTimes::new(u64::from(n), (1..=n).rev().map(f64::from).collect());
    assert_eq!(days(1).percentile90, Some(1.0));
    assert_eq!(days(9).percentile90, Some(9.0), "8.1 is the ninth");
    assert_eq!(days(10).percentile90, Some(9.0));
    assert_eq!(days(11).percentile90, Some(10.0));
    assert_eq!(days(20).percentile90, Some(18.0));
    assert_eq!(FixTimes::new(2, Vec::new()).percentile90, None);
    assert_eq!(days(4).mean, Some(2.5));
}

#[test]
fn exactly_at_the_target_is_in_time() {
    let seen = |time: &str| open("a", time);
    let overdue = |time: &str| trend_by(&[report("2026-01-31", &[seen(time)])], "high=7", Vec::new()).overdue;
    assert!(overdue("2026-01-24T12:00:00Z").is_empty());
    let over = overdue("2026-01-24T11:59:59Z");
    assert_eq!((over.len(), over[0].target), (1, 7));
    assert!((over[0].days_over - 1.0 / 86_400.0).abs() < 1e-9);
    // Fixed on the very last day, and a second later.
    let fixed = |time: &str| {
        let second = seen("2026-01-01").status("CLOSED").updated(time);
        trend_by(&[report("2026-01-02", &[seen("2026-01-01")]), report("2026-01-31", &[second])], "high=7", Vec::new())
            .targets
    };
    let target = TargetStatistics { rank: 1, days: 7, overdue: 0, fixed: 1, in_time: 1 };
    assert_eq!(fixed("2026-01-08T12:00:00Z"), [target]);
    assert_eq!(fixed("2026-01-08T12:00:01Z"), [TargetStatistics { in_time: 0, ..target }]);
}

#[test]
fn what_is_overdue_is_told_by_owner() {
    let rows = [
        open("a", "2026-01-01").tags("Owner:web"),
        open("b", "2026-01-02").tags("Team:data").severity("CRITICAL"),
        open("c", "2026-01-20").severity("CRITICAL"),
        open("d", "2025-01-01").severity("LOW"),
        open("e", "").severity("CRITICAL"),
    ];
    let trend = trend_by(&[report("2026-01-31", &rows)], "critical=7,high=30", vec![TrendBy::Owner]);
    let over: Vec<(&str, &str, f64)> =
        trend.overdue.iter().map(|o| (o.finding.arn.as_str(), &*o.finding.owner, o.days_over)).collect();
    assert_eq!(
        over,
        [("b", "data", 22.0), ("c", "", 4.0)],
        "a is open for exactly 30 days, d has no target, e no start"
    );
    let groups: Vec<(&str, u64)> = trend.groups[0].1.iter().map(|g| (g.name.as_str(), g.overdue)).collect();
    assert_eq!(groups, [("", 1), ("data", 1), ("web", 0)]);
    assert_eq!(trend.oldest.iter().map(|f| f.arn.as_str()).collect::<Vec<_>>(), ["d", "a", "b", "c", "e"]);
    assert_eq!((trend.oldest[4].since, trend.oldest[4].days), (None, None));
}

#[test]
fn groups_are_of_what_was_asked_for() {
    let rows = [open("a", "2026-01-01").tags("App:shop"), open("b", "2026-01-01").account("2")];
    let by = ["account", "region", "tag:App"].map(|text| TrendBy::parse(text).unwrap());
    let trend = trend_by(&[report("2026-01-31", &rows)], "", by.to_vec());
    let names = |at: usize| trend.groups[at].1.iter().map(|group| group.name.as_str()).collect::<Vec<_>>();
    assert_eq!([names(0), names(1), names(2)], [vec!["1", "2"], vec!["r"], vec!["", "shop"]]);
    assert_eq!(["tag:", "owners", ""].map(TrendBy::parse), [None, None, None]);
}

#[test]
fn targets_are_read_or_refused() {
    let targets = Targets::parse("critical=7, High=30").unwrap();
    assert_eq!([0, 1, 2].map(|rank| targets.days(rank)), [Some(7), Some(30), None]);
    for wrong in ["", "critical", "critical=0", "critical=x", "worst=7", "high=1,HIGH=2", "high=1.5", "high=7,"] {
        assert!(Targets::parse(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn a_report_without_a_time_has_no_place() {
    let none = Report::from_rows("x", &["Severity", "First Seen"], [["HIGH", ""]]);
    assert_eq!(Snapshot::new(&none), None);
    assert!(TrendBuilder::new(Vec::new()).finish(&Targets::default()).is_none());
}

/// A filter sets aside what it leaves out, and says nothing of when a finding that it leaves was accepted.
#[test]
fn a_filter_does_not_move_when_a_finding_was_accepted() {
    let accepted = |day: &str| {
        let report = report(day, &[open("a", "2026-01-01")]);
        let since = Some("2026-02-20".parse().unwrap());
        let acceptance = inspector_report_model::Acceptance { since, ..Default::default() };
        let which = |finding: Finding<'_>| (finding.arn() == "a").then_some(0);
        let acceptances = inspector_report_model::Acceptances::new(&report, vec![acceptance], which);
        View::builder(report).accept(acceptances)
    };
    let first = || View::of(report("2026-01-05", &[open("a", "2026-01-01")]));
    let unfiltered = trend(&[first(), accepted("2026-03-02").build()]);
    let filtered = trend(&[first(), accepted("2026-03-02").filter(vec!["--severity high".into()], |_| true).build()]);
    assert_eq!(months(&filtered), months(&unfiltered));
}

#[test]
fn filters_change_neither_date_nor_places() {
    let later = report("2026-01-17", &[open("b", "2026-01-01").account("2").severity("LOW")]);
    let snapshot = Snapshot::new(&later).unwrap();
    let later = View::builder(later)
        .filter(vec!["--severity high".into()], |finding| finding.severity().rank() == 1 && finding.is_open())
        .build();
    let first = report("2026-01-10", &[open("a", "2026-01-01").account("2")]);
    let mut builder = TrendBuilder::new(Vec::new());
    builder.add(&Snapshot::new(&first).unwrap(), first);
    builder.add(&snapshot, later);
    let trend = builder.finish(&Targets::default()).unwrap();
    assert_eq!(
        (trend.reports[1].findings, trend.all_fix_times.fixed),
        (2, 1),
        "a is gone from a place that is covered"
    );
    assert!(trend.vanished.is_empty());
}

/// What a history may have of a finding in a report.
fn row() -> impl Strategy<Value = Option<(usize, usize)>> {
    prop_oneof![2 => Just(None), 5 => (0..3usize, 0..3usize).prop_map(Some)]
}

proptest! {
    /// Whatever happens, what is open is what was there and came, less what went; and the parts agree with the whole.
    #[test]
    fn the_figures_balance(
        histories in prop::collection::vec((prop::collection::vec(row(), 6), 0..3usize, 0..200i64), 0..12),
        gaps in prop::collection::vec(1..40i64, 6),
        scopes in prop::collection::vec(0..7u8, 6),
    ) {
        let mut day: Date = "2026-01-15".parse().unwrap();
        let mut reports = Vec::new();
        for (number, (gap, scope)) in gaps.iter().zip(&scopes).enumerate() {
            day = day.checked_add(jiff::Span::new().days(*gap)).unwrap();
            let mut rows = Vec::new();
            for (finding, (sightings, account, age)) in histories.iter().enumerate() {
                // A report has some of the accounts.
                let Some((status, severity)) = sightings[number].filter(|_| scope >> account & 1 == 0) else { continue };
                let seen = "2026-01-15".parse::<Date>().unwrap().checked_add(jiff::Span::new().days(age - 60)).unwrap().min(day);
                // Every second is an image, whose ARN changes each time.
                let made = open(&format!("{finding}"), &seen.to_string()).account(["1", "2", "3"][*account]);
                let made = made.status(["ACTIVE", "SUPPRESSED", "CLOSED"][status]).severity(["HIGH", "LOW", "odd"][severity]);
                rows.push(if finding % 2 == 0 { made } else { Made { arn: format!("{finding}-{number}"), ..made.image('a') } });
            }
            reports.push(report(&day.to_string(), &rows));
        }
        let trend = trend_by(&reports, "high=10", vec![TrendBy::Account]);
        let total = |of: fn(&TrendMonth) -> &BySeverity| trend.months.iter().map(|month| sum(of(month))).sum::<u64>();
        let came = sum(&trend.before) + total(|m| &m.opened) + total(|m| &m.reopened) + total(|m| &m.unsuppressed);
        let went = total(|m| &m.fixed) + total(|m| &m.set_aside);
        prop_assert_eq!(sum(&trend.open()), came - went);
        prop_assert_eq!(trend.oldest.len() as u64, sum(&trend.open()));
        prop_assert_eq!(trend.months.last().map(|month| month.open), Some(trend.open()));
        prop_assert_eq!(total(|m| &m.fixed), trend.all_fix_times.fixed);
        let groups = &trend.groups[0].1;
        prop_assert_eq!(groups.iter().map(|group| sum(&group.open)).sum::<u64>(), sum(&trend.open()));
        prop_assert_eq!(groups.iter().map(|group| group.fixed).sum::<u64>(), trend.all_fix_times.fixed);
        prop_assert_eq!(groups.iter().map(|group| group.overdue).sum::<u64>(), trend.overdue.len() as u64);
        let mut by_severity = BySeverity::default();
        trend.oldest.iter().for_each(|finding| by_severity[finding.rank] += 1);
        prop_assert_eq!(by_severity, trend.open());
        // What is open in the last report itself is open.
        prop_assert!(trend.reports.last().unwrap().open <= sum(&trend.open()));
    }
}

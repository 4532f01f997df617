//! The date of the data: up to when a report tells, and up to which ages are counted.
//!
//! It is the newest time at which a finding was last seen or updated; First Seen counts only where the report has no
//! other time. One wrong date must not move it, and with it every age. So a time counts only where it is *not alone*:
//! a time of another finding (of any of the three columns) lies within 366 days before it. What is newer and alone is
//! passed over, and named in the problems of the report, as is a First Seen more than a day behind the date of the
//! data: the age of that finding is not known.
//!
//! Where no time has one of another finding near it, as in a report of one or two findings, a time of the same finding
//! will do; where there is none either, the newest time counts if it is the only one, else the one before it.
//!
//! The first days of 1970 and all before them are what programs write for a time that they do not have: they count as
//! none.

use std::cmp::Reverse;

use jiff::{SignedDuration, Timestamp};

use crate::{Column, Report, packed::Packed, store::Store};

/// How long before a time another one must lie.
const NEAR: SignedDuration = SignedDuration::from_hours(366 * 24);

/// How long after the date of the data a finding may be seen first: clocks and time zones differ.
const TOLERANCE: SignedDuration = SignedDuration::from_hours(24);

/// The last time, in seconds since 1970, that stands for none.
const LAST_NONE: i64 = 86_400;

/// The columns of the times that the date of the data is one of.
const SEEN: [Column; 2] = [Column::LastUpdated, Column::LastSeen];

/// Times of one column that lie ahead of the date of the data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ahead {
    pub(crate) column: Column,
    /// The first finding with such a time.
    pub(crate) row: usize,
    pub(crate) count: u64,
}

/// First Seen, as far as an age can be counted from it up to the date of the data.
pub fn known_since(first_seen: Option<Timestamp>, date: Option<Timestamp>) -> Option<Timestamp> {
    first_seen.filter(|first| date.is_none_or(|date| !is_ahead(Column::FirstSeen, *first, date)))
}

fn is_ahead(column: Column, time: Timestamp, date: Timestamp) -> bool {
    let tolerance = if column == Column::FirstSeen { TOLERANCE } else { SignedDuration::ZERO };
    time.duration_since(date) > tolerance
}

fn is_near(time: Timestamp, other: Timestamp) -> bool {
    other <= time && time.duration_since(other) <= NEAR
}

/// The times of a column, each with the place of its finding.
fn times(report: &Report, column: Column) -> impl Iterator<Item = (Timestamp, usize)> {
    let cells = report.store.own.get(column.slot()).map_or(&[][..], Vec::as_slice);
    let cells = cells.iter().take(report.len()).enumerate();
    cells
        .filter_map(|(row, cell)| Some((cell.timestamp(&report.store.texts)?, row)))
        .filter(|(time, _)| time.as_second() > LAST_NONE)
}

fn all_times(report: &Report) -> impl Iterator<Item = (Column, Timestamp, usize)> {
    let columns = SEEN.into_iter().chain([Column::FirstSeen]);
    columns.flat_map(|column| times(report, column).map(move |(time, row)| (column, time, row)))
}

/// The date of the data of a report, and whether times lie ahead of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) date: Option<Timestamp>,
    pub(crate) has_ahead: bool,
}

/// Finds the date of the data of a report, by its findings.
pub(crate) fn find(report: &Report) -> Found {
    let newest = SEEN.map(|column| times(report, column).max()).into_iter().flatten().max();
    let newest_first = times(report, Column::FirstSeen).max();
    let Some((time, row)) = newest.or(newest_first) else { return Found::default() };
    // Nearly always the newest time is not alone, and one of the first findings shows it.
    let is_alone = !all_times(report).any(|(_, other, of)| of != row && is_near(time, other));
    let date = if is_alone { among_lonely(report, newest.is_some()) } else { Some(time) };
    let is_before = |date| newest_first.is_some_and(|(first, _)| is_ahead(Column::FirstSeen, first, date));
    Found { date, has_ahead: date.is_some_and(|date| date < time || is_before(date)) }
}

/// The date of the data where the newest time is alone.
fn among_lonely(report: &Report, has_seen: bool) -> Option<Timestamp> {
    let counts = |column: Column| !has_seen || column != Column::FirstSeen;
    // The newest first; of equals those that may be the date, so that a time that is near one comes behind it.
    let mut all: Vec<(Timestamp, bool, usize)> =
        all_times(report).map(|(column, time, row)| (time, counts(column), row)).collect();
    all.sort_unstable_by_key(|(time, counts, row)| (Reverse(*time), !counts, *row));
    let candidates = || all.iter().enumerate().filter(|(_, (_, counts, _))| *counts);
    let near_other = |(place, (time, _, row)): &(usize, &(Timestamp, bool, usize))| {
        let next = all[place + 1..].iter().find(|(_, _, of)| of != row);
        next.is_some_and(|(other, ..)| is_near(*time, *other))
    };
    let near_any = |(place, (time, ..)): &(usize, &(Timestamp, bool, usize))| {
        all.get(place + 1).is_some_and(|(other, ..)| is_near(*time, *other))
    };
    let found = candidates().find(near_other).or_else(|| candidates().find(near_any));
    found.or_else(|| candidates().take(2).last()).map(|(_, (time, ..))| *time)
}

/// The times that lie ahead of the date of the data, by column.
pub(crate) fn ahead(report: &Report) -> Vec<Ahead> {
    let Some(date) = report.data_date() else { return Vec::new() };
    let mut found: Vec<Ahead> = Vec::new();
    for (column, _, row) in all_times(report).filter(|(column, time, _)| is_ahead(*column, *time, date)) {
        match found.iter_mut().find(|known| known.column == column) {
            Some(known) => known.count += 1,
            None => found.push(Ahead { column, row, count: 1 }),
        }
    }
    found
}

impl Report {
    /// The date of the data: the newest time at which a finding of the input was last seen or updated; up to then ages are
    /// counted. A time that is years ahead of all others is passed over.
    pub fn data_date(&self) -> Option<Timestamp> {
        *self.data_date.get_or_init(|| find(self).date)
    }

    /// Fills in the ages that the input does not tell.
    pub(crate) fn compute_ages(&mut self) {
        let Some(date) = self.data_date() else { return };
        let Store { own, texts, .. } = &mut self.store;
        let first_seen = own.get(Column::FirstSeen.slot()).cloned().unwrap_or_default();
        let Some(ages) = own.get_mut(Column::AgeDays.slot()) else { return };
        for (cell, first_seen) in ages.iter_mut().zip(first_seen) {
            let since = known_since(first_seen.timestamp(texts), Some(date));
            if let (true, Some(since)) = (*cell == Packed::default(), since) {
                let days = (date.duration_since(since).as_secs() / 86_400).max(0);
                *cell = Packed::new(&days.to_string(), texts);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{ProblemCode, View};

    /// Since when each finding is known, as far as ages are counted from it.
    fn since(report: &Report) -> Vec<Option<String>> {
        let known = |finding: crate::Finding<'_>| known_since(finding.first_seen(), report.data_date());
        report.findings().map(|finding| known(finding).map(|time| time.to_string())).collect()
    }

    const HEADINGS: [&str; 5] = ["Severity", "First Seen", "Last Seen", "Last Updated", "Status"];

    fn report(rows: &[[&str; 3]]) -> Report {
        Report::from_rows("made", &HEADINGS, rows.iter().map(|[a, b, c]| ["HIGH", *a, *b, *c, "ACTIVE"]))
    }

    fn date(rows: &[[&str; 3]]) -> Option<String> {
        report(rows).data_date().map(|time| time.to_string())
    }

    fn named(report: &Report) -> Vec<(String, u64, u64, String)> {
        let ahead = report.problems().iter().filter(|problem| problem.code == ProblemCode::TimeAhead);
        ahead.map(|p| (p.column.clone().unwrap().to_string(), p.count, p.line, p.example.clone())).collect()
    }

    const ROW: [&str; 3] = ["2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z", "2026-01-20T00:00:00Z"];

    #[test]
    fn one_time_that_is_ahead_of_all_others_is_passed_over_and_named() {
        for (place, column) in [(1, "Last Seen"), (2, "Last Updated")] {
            let mut wrong = ROW;
            wrong[place] = "2036-02-01T00:00:00Z";
            let report = report(&[ROW, wrong, ROW]);
            assert_eq!(report.data_date(), Some("2026-02-01T00:00:00Z".parse().unwrap()));
            assert_eq!(named(&report), [(column.to_owned(), 1, 3, wrong[place].to_owned())]);
            assert!(report.is_whole(), "no finding is missing for it");
        }
        // A whole row, also with times that fit together.
        let wrong = ["2036-01-01T00:00:00Z", "2036-02-01T00:00:00Z", "2036-01-20T00:00:00Z"];
        let report = report(&[ROW, wrong, ROW]);
        assert_eq!(report.data_date(), Some("2026-02-01T00:00:00Z".parse().unwrap()));
        assert_eq!(named(&report).len(), 3);
        let first = Some("2026-01-01T00:00:00Z".to_owned());
        assert_eq!(since(&report), [first.clone(), None, first]);
    }

    #[test]
    fn a_finding_seen_first_behind_the_date_of_the_data_has_no_age() {
        let ahead = |first| [first, ROW[1], ROW[2]];
        let rows = [ROW, ahead("2026-02-01T23:00:00Z"), ahead("2027-03-01T00:00:00Z"), ahead("2026-03-01T00:00:00Z")];
        let report = report(&rows);
        assert_eq!(report.data_date(), Some("2026-02-01T00:00:00Z".parse().unwrap()));
        assert_eq!(
            named(&report),
            [("First Seen".to_owned(), 2, 4, "2027-03-01T00:00:00.000Z".to_owned().replace(".000", ""))]
        );
        assert_eq!(since(&report).iter().map(Option::is_some).collect::<Vec<_>>(), [true, true, false, false]);
        let alone = super::tests::report(&[ahead("2027-03-01T00:00:00Z")]);
        assert_eq!(since(&alone), [None]);
    }

    #[test]
    fn few_times_are_what_there_is() {
        assert_eq!(date(&[]), None);
        assert_eq!(date(&[["", "2026-02-01T00:00:00Z", ""]]), Some("2026-02-01T00:00:00Z".to_owned()));
        // Seen for years.
        assert_eq!(date(&[["2020-01-01T00:00:00Z", ROW[1], ""]]), Some(ROW[1].to_owned()));
        assert_eq!(date(&[["2020-01-01T00:00:00Z", "", ""]]), Some("2020-01-01T00:00:00Z".to_owned()));
        // Two findings of different years, each with times that fit together.
        let old = ["2023-01-01T00:00:00Z", "2023-02-01T00:00:00Z", "2023-02-01T00:00:00Z"];
        assert_eq!(date(&[old, ROW]), Some(ROW[1].to_owned()));
        // Two times, and nothing tells which is wrong: the one that makes nothing older counts.
        assert_eq!(date(&[["", ROW[1], ""], ["", "2036-01-01T00:00:00Z", ""]]), Some(ROW[1].to_owned()));
        // First Seen counts where there is nothing else.
        let first = |time| [time, "", ""];
        assert_eq!(date(&[first(ROW[0]), first("2036-01-01T00:00:00Z"), first(ROW[1])]), Some(ROW[1].to_owned()));
    }

    #[test]
    fn filters_parts_and_merging_follow_the_same_rule() {
        let mut ahead = ROW;
        ahead[1] = "2036-02-01T00:00:00Z";
        let older = ["2025-01-01T00:00:00Z", "2025-12-01T00:00:00Z", "2025-12-01T00:00:00Z"];
        let expected = Some(ROW[1].parse().unwrap());
        let whole = report(&[older, ROW, ahead]);
        assert_eq!(View::of(whole.clone()).part(String::new(), &[0], |_| true).data_date(), expected);
        assert_eq!(whole.rows(&[0]).data_date(), Some(older[1].parse().unwrap()), "a report of its own");
        let filtered = View::builder(whole).filter(Vec::new(), |finding| finding.row() == 0).build();
        assert_eq!(filtered.data_date(), expected);
        let merged = Report::merge("all", vec![report(&[ahead]), report(&[older, ROW, ahead]), report(&[older])]);
        assert_eq!(merged.data_date(), Some(ahead[1].parse().unwrap()), "two findings agree");
        let merged = Report::merge("all", vec![report(&[older, ROW, ahead]), report(&[older])]);
        assert_eq!((merged.data_date(), named(&merged).len()), (expected, 1));
    }

    #[test]
    fn what_stands_for_no_time_is_none() {
        let none = ["0001-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "0001-01-01T00:00:00Z"];
        assert_eq!(date(&[none, ROW, none]), Some(ROW[1].to_owned()));
        assert_eq!(date(&[none, none]), None);
        // As seconds, milliseconds, and with an offset.
        let other = ["1767225600", "1769904000000", "2026-02-01T01:00:00+01:00"];
        assert_eq!(date(&[other, other]), Some(ROW[1].to_owned()));
    }

    proptest! {
        /// Neither the order of rows nor a row that comes twice changes the date of the data or what is named; and every
        /// time is at or before it, or named.
        #[test]
        fn no_order_of_rows_changes_the_date(
            rows in prop::collection::vec(prop::array::uniform3(prop::option::of(0i64..8)), 1..8),
            seed in 0usize..8,
            twice in 0usize..8,
        ) {
            let time = |half_year: &Option<i64>| match half_year {
                Some(number) => Timestamp::from_second(1_500_000_000 + number * 15_778_800).unwrap().to_string(),
                None => String::new(),
            };
            let headings = ["Severity", "Finding ARN", "First Seen", "Last Seen", "Last Updated"];
            let texts: Vec<[String; 5]> = rows
                .iter()
                .enumerate()
                .map(|(place, [a, b, c])| {
                    let arn = format!("arn:aws:inspector2:us-east-1:000123456789:finding/{place}");
                    ["HIGH".to_owned(), arn, time(a), time(b), time(c)]
                })
                .collect();
            let build = |rows: &[[String; 5]]| {
                Report::from_rows("made", &headings, rows.iter().map(|row| row.each_ref().map(String::as_str)))
            };
            let one = build(&texts);
            let mut other = texts.clone();
            let rotated = seed % texts.len();
            other.rotate_left(rotated);
            other.push(texts[twice % texts.len()].clone());
            let other = build(&other);
            prop_assert_eq!(one.data_date(), other.data_date());
            let counts = |report: &Report| {
                let mut counts: Vec<(String, u64)> = named(report).into_iter().map(|(a, b, ..)| (a, b)).collect();
                counts.sort();
                counts
            };
            prop_assert_eq!(counts(&one), counts(&other));
            let Some(date) = one.data_date() else { return Ok(()) };
            let later = all_times(&one).filter(|(column, time, _)| is_ahead(*column, *time, date)).count() as u64;
            prop_assert_eq!(later, counts(&one).iter().map(|(_, count)| count).sum::<u64>());
        }
    }
}

//! The same finding in several rows: events that are delivered again, pages that overlap, exports of two days in one file.
//!
//! One rule for every command and format: *of the rows with one ARN the one that was updated last counts, then the one
//! that was seen last; of equals the open and more severe one.* (A time ahead of the date of the data says nothing.) What is still equal is put in order by its cells, so that
//! the order of rows has no part in it. (Amazon EventBridge delivers at least once and in any order: "deduplicate by
//! findingArn".) The other rows are kept behind those that count, for outputs that give back the input.

use std::{
    borrow::Cow,
    cmp::{Ordering, Reverse},
    collections::HashMap,
    sync::OnceLock,
};

use crate::{Column, Finding, Report};

/// A row that does not count, since another row of the same finding does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Repeated {
    /// Its place among all rows of the input.
    pub(crate) position: u32,
    /// The row of the same finding that counts.
    pub(crate) counts: u32,
}

/// Which of two rows of the same finding counts: the greater one.
fn by_age(a: Finding<'_>, b: Finding<'_>) -> Ordering {
    let key = |finding: Finding<'_>| {
        (finding.believed_update(), finding.last_seen(), finding.status().is_open(), Reverse(finding.severity().rank()))
    };
    key(a).cmp(&key(b)).then_with(|| a.compare(b))
}

/// The cells of a row: those of Inspector's columns, and the others with their headings.
type Cells<'a> = (Vec<Cow<'a, str>>, Vec<(&'a str, Cow<'a, str>)>);

/// What a row holds, in an order that the input's order of columns has no part in.
fn cells(finding: Finding<'_>) -> Cells<'_> {
    let columns = finding.columns().iter().enumerate().filter(|(_, column)| column.column.is_none());
    let mut others: Vec<(&str, Cow<'_, str>)> =
        columns.map(|(place, column)| (column.heading.as_ref(), finding.cell(place))).collect();
    others.sort_unstable();
    (Column::ALL.iter().map(|column| finding.get(*column)).collect(), others)
}

/// Whether a text is the ARN of a finding: `arn:aws:inspector2:REGION:ACCOUNT:finding/ID`. What else stands in that
/// column may be the same for all.
pub(crate) fn is_arn(text: &str) -> bool {
    text.starts_with("arn:") && text.contains(":finding/")
}

impl Report {
    /// How many rows are not counted because another row of the same finding is.
    pub fn repeated(&self) -> u64 {
        self.repeated_rows.len() as u64
    }

    /// The rows of the store in the input's order.
    pub(crate) fn row_order(&self) -> impl Iterator<Item = usize> {
        let mut repeated = self.repeated_rows.iter().zip(self.len()..).peekable();
        let mut counted = 0..self.len();
        (0..self.store.len()).filter_map(move |position| {
            match repeated.next_if(|(repeated, _)| repeated.position as usize == position) {
                Some((_, row)) => Some(row),
                None => counted.next(),
            }
        })
    }

    /// Every row, in the input's order, those among them that do not count ([`Finding::is_repeated`]).
    pub fn all_rows(&self) -> impl Iterator<Item = Finding<'_>> {
        self.row_order().map(|row| Finding::read(self, row))
    }

    /// The rows that do not count, each with the row that counts instead, the newest first.
    pub(crate) fn replaced(&self) -> Vec<(usize, usize)> {
        let rows = self.repeated_rows.iter().zip(self.len()..);
        let mut rows: Vec<_> = rows.map(|(repeated, row)| (repeated.counts as usize, row)).collect();
        rows.sort_by(|(_, a), (_, b)| by_age(Finding::read(self, *b), Finding::read(self, *a)));
        rows
    }

    /// Puts the rows that do not count behind those that do. Gives of each row where it was.
    pub(crate) fn part_repeated(&mut self) -> Vec<u32> {
        let counts = self.counting_rows();
        if counts.is_empty() {
            return (0..self.store.len() as u32).collect();
        }
        let kept: Vec<u32> = (0..self.store.len() as u32).filter(|row| !counts.contains_key(row)).collect();
        let mut positions: Vec<u32> = counts.keys().copied().collect();
        positions.sort_unstable();
        let place = |row: &u32| kept.binary_search(row).unwrap_or_default() as u32;
        let repeated = |position: u32| {
            let counts = counts.get(&position).map(place).unwrap_or_default();
            Repeated { position, counts }
        };
        self.repeated_rows = positions.iter().copied().map(repeated).collect();
        self.data_date = OnceLock::new();
        let order = [kept, positions].concat();
        self.store.reorder(&order);
        order
    }

    /// Of each row that does not count the row that counts instead.
    fn counting_rows(&self) -> HashMap<u32, u32> {
        let mut counts = HashMap::new();
        let mut keys: Vec<(u64, u32)> = self.store.arns.iter().map(|arn| arn.key()).zip(0..).collect();
        keys.sort_unstable();
        for alike in keys.chunk_by(|a, b| a.0 == b.0).filter(|alike| alike.len() > 1) {
            // Two ARNs could have the same key.
            let mut rows: Vec<u32> = alike.iter().map(|(_, row)| *row).collect();
            rows.sort_by_key(|row| self.store.arns.get(*row as usize).map(|arn| arn.parts()));
            for same in rows.chunk_by(|a, b| self.store.arns.get(*a as usize) == self.store.arns.get(*b as usize)) {
                let findings = same.iter().map(|row| Finding::read(self, *row as usize));
                let Some(newest) = findings.max_by(|a, b| by_age(*a, *b)) else { continue };
                if same.len() > 1 && is_arn(&newest.arn()) {
                    let others = same.iter().filter(|row| **row as usize != newest.stored);
                    counts.extend(others.map(|row| (*row, newest.stored as u32)));
                }
            }
        }
        counts
    }

    /// The rows of a part of the report that has these of those that count: with them come the rows that repeat them.
    /// Gives the rows of the store in the part's order, and what is repeated in the part.
    pub(crate) fn with_repeated(&self, rows: &[u32]) -> (Vec<u32>, Vec<Repeated>) {
        if self.repeated_rows.is_empty() {
            return (rows.to_vec(), Vec::new());
        }
        let places: HashMap<u32, u32> = rows.iter().copied().zip(0..).collect();
        let mut all = rows.to_vec();
        let mut repeated = Vec::new();
        let (mut counted, mut position) = (0u32, 0u32);
        // In the input's order, to know the place of each in the part.
        for row in self.row_order() {
            let of = row.checked_sub(self.len()).and_then(|place| self.repeated_rows.get(place));
            match of {
                None if places.contains_key(&counted) => position += 1,
                None => {}
                Some(of) => {
                    if let Some(counts) = places.get(&of.counts) {
                        all.push(row as u32);
                        repeated.push(Repeated { position, counts: *counts });
                        position += 1;
                    }
                }
            }
            counted += u32::from(of.is_none());
        }
        (all, repeated)
    }
}

impl<'a> Finding<'a> {
    /// Orders findings by what they hold, whatever their places in the input: by ARN, then by every cell. It
    /// decides between findings that are alike in all that matters, so that the order of rows changes no output.
    pub fn compare(self, other: Finding<'_>) -> Ordering {
        let arn = |finding: Finding<'_>| finding.report.store.arns.get(finding.stored).copied();
        let by_arn = match (arn(self), arn(other)) {
            (Some(a), Some(b)) => a.compare(&self.report.store.texts, b, &other.report.store.texts),
            (a, b) => a.is_some().cmp(&b.is_some()),
        };
        by_arn.then_with(|| cells(self).cmp(&cells(other)))
    }

    /// Whether another row of the same finding counts in its place: outputs that give back the input have it and mark it,
    /// no figure has a part of it.
    pub fn is_repeated(self) -> bool {
        self.stored >= self.report.len()
    }
}

#[cfg(test)]
mod tests {
    use crate::View;
    use proptest::prelude::*;

    use super::*;

    const HEADINGS: [&str; 7] =
        ["Finding ARN", "Last Updated", "Last Seen", "Status", "Severity", "Resource ID", "Note"];

    fn arn(id: &str) -> String {
        format!("arn:aws:inspector2:us-east-1:000123456789:finding/{id}")
    }

    fn rows(report: &Report) -> Vec<String> {
        report
            .all_rows()
            .map(|finding| format!("{}{}", finding.cell(6), if finding.is_repeated() { "*" } else { "" }))
            .collect()
    }

    fn counted(report: &Report) -> Vec<String> {
        report.findings().map(|finding| finding.cell(6).into_owned()).collect()
    }

    #[test]
    fn the_row_that_was_updated_last_counts() {
        let (a, b) = (arn("a"), arn("b"));
        let (old, new) = ("2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z");
        let report = Report::from_rows(
            "made",
            &HEADINGS,
            [
                [a.as_str(), old, new, "ACTIVE", "CRITICAL", "i-1", "1"],
                [&b, new, old, "ACTIVE", "LOW", "i-1", "2"],
                [&a, new, old, "CLOSED", "LOW", "i-1", "3"],
                ["-", "", "", "", "", "i-1", "4"],
                [&b, new, new, "CLOSED", "LOW", "i-1", "5"],
                ["-", "", "", "", "", "i-1", "6"],
                [&a, "", "", "ACTIVE", "CRITICAL", "i-1", "7"],
            ],
        );
        assert_eq!(counted(&report), ["3", "4", "5", "6"]);
        assert_eq!(rows(&report), ["1*", "2*", "3", "4", "5", "6", "7*"]);
        assert_eq!((report.len(), report.rows_read(), report.repeated()), (4, 7, 3));
        assert_eq!(report.findings().filter(|finding| finding.is_open()).count(), 2);
    }

    #[test]
    fn of_equals_the_open_and_more_severe_one_counts() {
        let a = arn("a");
        let row = |status, severity, note| [a.as_str(), "", "", status, severity, "i-1", note];
        let of = |rows: &[[&str; 7]]| counted(&Report::from_rows("made", &HEADINGS, rows));
        assert_eq!(of(&[row("CLOSED", "CRITICAL", "1"), row("ACTIVE", "LOW", "2")]), ["2"]);
        assert_eq!(of(&[row("ACTIVE", "HIGH", "1"), row("ACTIVE", "LOW", "2")]), ["1"]);
    }

    #[test]
    fn a_part_has_the_rows_that_repeat_its_findings() {
        let (a, b) = (arn("a"), arn("b"));
        let row = |arn, severity, note| [arn, "", "", "ACTIVE", severity, "i-1", note];
        let all =
            [row(&b, "LOW", "1"), row(&a, "LOW", "2"), row(&a, "HIGH", "3"), row(&b, "HIGH", "4"), row(&a, "LOW", "5")];
        let report = Report::from_rows("made", &HEADINGS, all.map(|row| row));
        let part = report.rows(&[0]);
        assert_eq!(rows(&part), ["2*", "3", "5*"]);
        let report = View::builder(report).filter(Vec::new(), |finding| finding.cell(6) == "4").build();
        let marked = |finding: Finding<'_>| (finding.cell(6).into_owned(), finding.is_repeated(), finding.row());
        let all: Vec<_> = report.all_rows().map(marked).collect();
        assert_eq!(all, [("1".to_owned(), true, 1), ("4".to_owned(), false, 0)]);
        assert_eq!(
            (report.filtered_out(), report.repeated(), report.rows_read()),
            (1, 3, 5),
            "each row is told of once"
        );
    }

    proptest! {
        /// Which rows count, and what they say, does not depend on the order of rows; every row is there.
        #[test]
        fn no_order_of_rows_changes_what_counts(
            cells in prop::collection::vec(("[ab]|", "[12]?", "[12]?", "ACTIVE|CLOSED", "HIGH|LOW", "i-[12]", "[xyz]"), 0..12),
            seed in any::<u64>(),
        ) {
            let time = |day: &String| if day.is_empty() { String::new() } else { format!("2026-01-0{day}T00:00:00Z") };
            let texts: Vec<[String; 7]> = cells
                .iter()
                .map(|(id, updated, seen, status, severity, resource, note)| {
                    let arn = if id.is_empty() { String::new() } else { arn(id) };
                    [arn, time(updated), time(seen), status.clone(), severity.clone(), resource.clone(), note.clone()]
                })
                .collect();
            let mut other: Vec<(u64, [String; 7])> = texts
                .iter()
                .enumerate()
                .map(|(place, row)| ((place as u64 + 1).wrapping_mul(seed | 1).rotate_left(29), row.clone()))
                .collect();
            other.sort();
            let of = |rows: &[&[String; 7]]| {
                let texts: Vec<Vec<&str>> = rows.iter().map(|row| row.iter().map(String::as_str).collect()).collect();
                let report = Report::from_rows("made", &HEADINGS, texts);
                let cells = |finding: Finding<'_>| (0..7).map(|at| finding.cell(at).into_owned()).collect::<Vec<_>>();
                let mut counted: Vec<_> = report.findings().map(cells).collect();
                counted.sort();
                let all: Vec<_> = report.all_rows().map(cells).collect();
                assert!(all.iter().map(Vec::as_slice).eq(rows.iter().map(|row| row.as_slice())));
                (counted, report.repeated())
            };
            let one = of(&texts.iter().collect::<Vec<_>>());
            prop_assert_eq!(of(&other.iter().map(|(_, row)| row).collect::<Vec<_>>()), one);
        }
    }
}

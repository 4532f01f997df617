//! What every reader asks of headings: how many are Inspector's, and whether those are there that a report needs.

use std::collections::{HashMap, HashSet};

use inspector_report_model::{Column, Header};

use super::error::ReadErrorKind;

/// How many headings of Inspector's a row must have to be the one with the headings.
pub(super) const FEWEST: usize = 2;

/// How many of Inspector's columns these headings are; one that stands twice counts once.
pub(super) fn known<T: AsRef<str>>(headings: impl IntoIterator<Item = T>) -> usize {
    let mut columns: Vec<Column> = Vec::new();
    for column in headings.into_iter().filter_map(|heading| Column::from_heading(heading.as_ref())) {
        if !columns.contains(&column) {
            columns.push(column);
        }
    }
    columns.len()
}

/// Whether the columns are there without which there is nothing to report: how bad, what and where. `line` is that of
/// the headings, from 1.
pub(super) fn check(header: &Header, line: u64) -> Result<(), ReadErrorKind> {
    let has = |column| header.columns().iter().any(|c| c.column == Some(column));
    let mut missing = Vec::new();
    missing.extend((!has(Column::Severity)).then_some(Column::Severity.name()));
    missing.extend((!has(Column::ResourceId)).then_some(Column::ResourceId.name()));
    missing.extend((!has(Column::Title) && !has(Column::VulnerabilityId)).then_some(Column::VulnerabilityId.name()));
    if missing.is_empty() { Ok(()) } else { Err(ReadErrorKind::MissingColumns { line, missing }) }
}

/// Whether these are the headings of a findings report.
pub(super) fn are_of_a_report(headings: &[String]) -> bool {
    known(headings) >= FEWEST && check(&Header::new(headings.iter().map(String::as_str)), 0).is_ok()
}

/// A column as it is known again among other headings: one of Inspector's, or a heading with how many like it stand
/// before it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Key<'a> {
    Known(Column),
    Other(&'a str, usize),
}

fn keys<'a>(headings: impl IntoIterator<Item = &'a str>) -> Vec<Key<'a>> {
    let (mut known, mut others) = (HashSet::new(), HashMap::new());
    let key = |heading: &'a str| match Column::from_heading(heading).filter(|column| known.insert(*column)) {
        Some(column) => Key::Known(column),
        None => {
            let before = others.entry(heading).or_insert(0);
            *before += 1;
            Key::Other(heading, *before)
        }
    };
    headings.into_iter().map(key).collect()
}

/// The columns of several tables in one file: those of the first, then what the others have besides.
pub(super) fn union(tables: &[impl AsRef<[String]>]) -> Vec<String> {
    let (mut all, mut seen) = (Vec::new(), HashSet::new());
    for headings in tables.iter().map(AsRef::as_ref) {
        for (heading, key) in headings.iter().zip(keys(headings.iter().map(String::as_str))) {
            if seen.insert(key) {
                all.push(heading.clone());
            }
        }
    }
    all
}

/// Of each column the place where it stands under these headings.
pub(super) fn places(columns: &[&str], headings: &[String]) -> Vec<Option<usize>> {
    let places: HashMap<Key<'_>, usize> = keys(headings.iter().map(String::as_str)).into_iter().zip(0..).collect();
    keys(columns.iter().copied()).iter().map(|key| places.get(key).copied()).collect()
}

/// The columns with a heading of Inspector's that another column has already, and those with another heading that stands
/// again; each heading once.
pub(super) fn repeated(header: &Header) -> Vec<usize> {
    let (mut seen, mut named) = (HashSet::new(), HashSet::new());
    let mut places = Vec::new();
    for (place, column) in header.columns().iter().enumerate() {
        let heading = column.heading.as_ref();
        let is_second = !seen.insert(heading) || (column.column.is_none() && Column::from_heading(heading).is_some());
        if is_second && !heading.trim().is_empty() && named.insert(heading) {
            places.push(place);
        }
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(headings: &[&str]) -> Vec<String> {
        headings.iter().map(|heading| (*heading).to_owned()).collect()
    }

    #[test]
    fn columns_are_known_again_in_another_order_and_number() {
        let a = texts(&["Severity", "Note", "Title", "Note", "Resource ID"]);
        let b = texts(&["resource_id", "Status", "Note", "severity", "Title", "severity"]);
        let all = union(&[&a, &b]);
        assert_eq!(all, ["Severity", "Note", "Title", "Note", "Resource ID", "Status", "severity"]);
        let columns: Vec<&str> = all.iter().map(String::as_str).collect();
        let expected = [Some(3), Some(2), Some(4), None, Some(0), Some(1), Some(5)];
        assert_eq!(places(&columns, &b), expected);
        assert!(are_of_a_report(&a) && !are_of_a_report(&texts(&["Severity", "Title", "Status"])));
    }

    #[test]
    fn a_heading_that_stands_again_is_named_once() {
        let header = Header::new(["Severity", "x", "severity", "", "x", "Title", "x", "", "SEVERITY"]);
        assert_eq!(repeated(&header), [2, 4, 8]);
    }
}

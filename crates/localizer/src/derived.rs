//! The headings of the columns that a workbook has beside those of the report: what was computed of a finding.

use std::sync::LazyLock;

use crate::{Lang, Localizer};

/// A column of what is computed of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DerivedColumn {
    /// When to act on it.
    Priority,
    /// The name that people know the resource by.
    Resource,
    /// Who is responsible.
    Owner,
    /// The last day that is in time.
    Due,
    /// How many days it is overdue.
    Overdue,
    /// Why it has its priority.
    Reasons,
    /// Its row in the report, from 1, without the headings.
    Row,
}

impl DerivedColumn {
    /// All.
    pub const ALL: [DerivedColumn; 7] = [
        DerivedColumn::Priority,
        DerivedColumn::Resource,
        DerivedColumn::Owner,
        DerivedColumn::Due,
        DerivedColumn::Overdue,
        DerivedColumn::Reasons,
        DerivedColumn::Row,
    ];

    /// The key of its heading.
    pub const fn key(self) -> &'static str {
        match self {
            DerivedColumn::Priority => "derived-priority",
            DerivedColumn::Resource => "derived-resource",
            DerivedColumn::Owner => "derived-owner",
            DerivedColumn::Due => "derived-due",
            DerivedColumn::Overdue => "derived-overdue",
            DerivedColumn::Reasons => "derived-reasons",
            DerivedColumn::Row => "derived-row",
        }
    }

    /// Its heading; another where the report has a column of this name, in any language, already.
    pub fn heading<'h>(self, texts: &Localizer, mut of_report: impl Iterator<Item = &'h str>) -> String {
        let name = texts.get(self.key());
        match of_report.any(|heading| DerivedColumn::from_heading(heading) == Some(self)) {
            true => format!("{name}{}", marks()[usize::from(texts.lang() == Lang::Ja)]),
            false => name,
        }
    }

    /// The column that has this heading, in any language and case.
    pub fn from_heading(heading: &str) -> Option<DerivedColumn> {
        static HEADINGS: LazyLock<Vec<(String, DerivedColumn)>> = LazyLock::new(|| {
            let of =
                |texts: &Localizer| DerivedColumn::ALL.map(|column| (texts.get(column.key()).to_lowercase(), column));
            Lang::ALL.map(Localizer::shared).into_iter().flat_map(of).collect()
        });
        let heading = heading.trim();
        let heading = marks().iter().find_map(|mark| heading.strip_suffix(mark)).unwrap_or(heading).to_lowercase();
        HEADINGS.iter().find(|(known, _)| *known == heading).map(|(_, column)| *column)
    }
}

/// What stands behind the name of a column that the report has one of too.
fn marks() -> [&'static str; 2] {
    [" (computed)", " (算出)"]
}

/// The places of the columns among these headings that a workbook of this program has beside those of the report. A sheet has
/// them only where it has that of the row: others may have a column Owner of their own. Of several with one heading it is the
/// first.
pub fn derived_places<'h>(headings: impl Iterator<Item = &'h str>) -> Vec<usize> {
    let is_marked = |heading: &str| marks().iter().any(|mark| heading.trim().ends_with(mark));
    let all = headings
        .enumerate()
        .filter_map(|(place, heading)| Some((DerivedColumn::from_heading(heading)?, !is_marked(heading), place)));
    // A column of the report comes after ours of the same name, or ours has the mark.
    let mut found: Vec<(DerivedColumn, bool, usize)> = all.collect();
    found.sort_by_key(|(column, is_plain, place)| (*column as usize, *is_plain, *place));
    found.dedup_by_key(|(column, ..)| *column);
    match found.iter().any(|(column, ..)| *column == DerivedColumn::Row) {
        true => found.into_iter().map(|(.., place)| place).collect(),
        false => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_ours_only_beside_that_of_the_row() {
        let places = |headings: &[&str]| derived_places(headings.iter().copied());
        assert_eq!(places(&["Severity", "Owner", "Priority"]), [0; 0]);
        let ours = ["Priority", "Severity", "Owner", "Owner (computed)", "Row of the report"];
        assert_eq!(places(&ours), [0, 3, 4]);
        let texts = Localizer::shared(Lang::En);
        let heading = |of_report: &[&str]| DerivedColumn::Owner.heading(texts, of_report.iter().copied());
        assert_eq!((heading(&["Severity"]), heading(&["担当"])), ("Owner".to_owned(), "Owner (computed)".to_owned()));
        assert_eq!(places(&["対応優先度", "重大度", "担当", "レポートの行"]), [0, 2, 3]);
    }
}

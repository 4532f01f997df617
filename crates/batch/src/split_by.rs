//! Reports in parts, one for each person or team that is responsible.

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashSet},
    fmt,
};

use crate::core::{Policy, Priorities, Resource, View};

/// What the findings of a part have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SplitBy {
    /// The account.
    Account,
    /// The Region.
    Region,
    /// Who is responsible for the resource, as the [`Policy`] has it.
    Owner,
    /// The type of the resource.
    ResourceType,
}

impl SplitBy {
    /// Every way.
    pub const ALL: &[SplitBy] = &[SplitBy::Account, SplitBy::Region, SplitBy::Owner, SplitBy::ResourceType];

    /// The name on the command line: `owner`, once `owner-tag`.
    pub const fn as_str(self) -> &'static str {
        match self {
            SplitBy::Account => "account",
            SplitBy::Region => "region",
            SplitBy::Owner => "owner",
            SplitBy::ResourceType => "resource-type",
        }
    }
}

impl fmt::Display for SplitBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A part of a report.
#[derive(Debug, PartialEq, Eq)]
pub struct Part {
    /// A name for its outputs, which no other part has, in whatever case: letters, digits, `-`, `_` and `.`.
    pub name: String,
    /// What its findings have in common, as the report says; `none` if it says nothing.
    pub value: String,
    /// The places of its findings in the report.
    pub rows: Vec<u32>,
}

/// The most characters of a value in the name of a file.
const MOST_IN_NAME: usize = 60;

/// What findings are put under that the report says nothing of.
const NONE: &str = "none";

impl SplitBy {
    /// The parts of a report, in the order of their values. Every finding is in one of them, and so is every one of an
    /// earlier report that is gone: who has fixed all gets a part too. Values that differ in case
    /// alone are two: tags of AWS are. A report without findings is one part.
    pub fn parts(self, report: &View) -> Vec<Part> {
        let policy = Priorities::of(report).policy();
        let values: Vec<String> = report.resources().map(|resource| self.value(resource, policy)).collect();
        let mut parts: BTreeMap<Cow<'_, str>, Vec<u32>> = BTreeMap::new();
        for finding in report.findings() {
            let value = values.get(finding.resource().index() as usize).map_or(NONE, String::as_str);
            parts.entry(Cow::Borrowed(value)).or_default().push(finding.row() as u32);
        }
        for gone in report.comparison().into_iter().flat_map(|comparison| comparison.gone()) {
            parts.entry(Cow::Owned(self.value(gone.resource(), policy))).or_default();
        }
        if parts.is_empty() {
            parts.insert(Cow::Borrowed(NONE), Vec::new());
        }
        let mut taken = HashSet::new();
        let mut named = Vec::new();
        for (value, rows) in parts {
            let plain = file_name(&value);
            let numbered = (2_u64..).map(|number| format!("{plain}-{number}"));
            // The names that are given are taken too: `a`, `A` and `a-2` are three.
            let mut names = std::iter::once(plain.clone()).chain(numbered);
            let name = names.find(|name| taken.insert(name.to_lowercase())).unwrap_or_default();
            named.push(Part { name, value: value.into_owned(), rows });
        }
        named
    }

    /// The value that the findings on a resource are put under.
    pub fn value(self, resource: Resource<'_>, policy: &Policy) -> String {
        let value = match self {
            SplitBy::Account => resource.account().to_owned(),
            SplitBy::Region => resource.region().to_owned(),
            SplitBy::Owner => policy.owners.owner(resource).unwrap_or_default(),
            SplitBy::ResourceType => resource.resource_type().as_str().to_owned(),
        };
        let value = value.trim();
        if value.is_empty() { NONE.to_owned() } else { value.to_owned() }
    }
}

/// A value as a part of the name of a file on any system.
fn file_name(value: &str) -> String {
    let plain = |c: char| if c.is_alphanumeric() || "-_.".contains(c) { c } else { '_' };
    let name: String = value.chars().take(MOST_IN_NAME).map(plain).collect();
    // Windows drops dots at the end.
    let name = name.trim_matches('.');
    if name.is_empty() { "_".to_owned() } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use inspector_report_model::Report;

    use super::*;

    #[test]
    fn every_finding_is_in_one_part_and_names_never_meet() {
        let owners = ["Owner:web/shop", "Owner:Web_Shop", "Owner:web_shop-2", "", "Team:..", "Owner:web/shop"];
        let rows: Vec<[&str; 3]> = owners.iter().map(|tags| ["HIGH", "i-1", *tags]).collect();
        let report = View::of(Report::from_rows("made", &["Severity", "Resource ID", "Resource Tags"], rows));
        let parts = SplitBy::Owner.parts(&report);
        let seen: Vec<(&str, &str, &[u32])> =
            parts.iter().map(|part| (part.name.as_str(), part.value.as_str(), part.rows.as_slice())).collect();
        assert_eq!(
            seen,
            [
                ("_", "..", &[4][..]),
                ("Web_Shop", "Web_Shop", &[1]),
                ("none", "none", &[3]),
                ("web_shop-2", "web/shop", &[0, 5]),
                ("web_shop-2-2", "web_shop-2", &[2]),
            ]
        );
        let empty = SplitBy::Region.parts(&Report::from_rows("made", &["Severity"], [[""; 0]; 0]).into());
        assert_eq!(empty, [Part { name: "none".to_owned(), value: "none".to_owned(), rows: Vec::new() }]);
        let part = report.part("web".to_owned(), &parts[3].rows, |_| true);
        assert_eq!((part.len(), part.filtered_out(), part.filters()), (2, 4, &["web".to_owned()][..]));
        assert_eq!(Priorities::of(&part).owner(part.finding(1).unwrap()), "web/shop");
    }
}

//! Categories: what a run is known by. A new upload of a category replaces the one before, so that alerts which are not
//! in it any more are closed (GitHub Docs, "SARIF support for code scanning", `runAutomationDetails`).
//!
//! So a category is made of what stays the same from week to week. The text ends in `/`: what follows the last one
//! would be the id of the single run.

use std::sync::Arc;

use inspector_report_model::{Place, Resource, View};
use serde::{Deserialize, Serialize};

use crate::{place, uri};

/// What a category stands for: the findings of one account, Region, type of resource, or of any list of these. Of none:
/// those of the report.
///
/// Each category repeats its rules and is a run of its own, of which GitHub takes 20 at a time, so they are few. Two
/// reports that share a category close each other's alerts, so each holds all that one report has of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct CategoryBy {
    pub(crate) account: bool,
    pub(crate) region: bool,
    pub(crate) resource_type: bool,
}

impl CategoryBy {
    /// One category for all of the report.
    pub(crate) const REPORT: CategoryBy = CategoryBy { account: false, region: false, resource_type: false };
    pub(crate) const REGION: CategoryBy = CategoryBy { region: true, ..CategoryBy::REPORT };
    /// One for each account, Region and type of resource: that of all states until version 2.
    pub(crate) const ALL: CategoryBy = CategoryBy { account: true, region: true, resource_type: true };

    /// `account,region`, in any order.
    pub(crate) fn parse(text: &str) -> Result<CategoryBy, String> {
        let mut by = CategoryBy::REPORT;
        if text == "report" {
            return Ok(by);
        }
        for name in text.split(',') {
            let part = match name.trim() {
                "account" => &mut by.account,
                "region" => &mut by.region,
                "resource-type" => &mut by.resource_type,
                _ => return Err("a list of account, region and resource-type, or report".to_owned()),
            };
            *part = true;
        }
        Ok(by)
    }

    /// What a report goes by if nobody says it.
    ///
    /// Reports of single accounts are uploaded to one repository one by one. One of several accounts comes from a
    /// delegated administrator, and is alone. A state means that one report is all that the repository gets.
    pub(crate) fn of(report: &View, has_state: bool) -> CategoryBy {
        // A part covers what the whole report does, and others have the rest of it.
        let is_part = |by: &str| {
            let words = format!("--split-by {by} (");
            report.filters().iter().any(|filter| filter.starts_with(&words))
        };
        if has_state {
            return CategoryBy::REPORT;
        }
        let account = is_part("account") || !has_several_accounts(report);
        CategoryBy { account, region: true, resource_type: is_part("resource-type") }
    }

    /// Whether parts of a report by `split_by` have no category in common.
    pub(crate) fn divides(self, split_by: &str) -> bool {
        match split_by {
            "account" => self.account,
            "region" => self.region,
            "resource-type" => self.resource_type,
            _ => false,
        }
    }

    /// `<prefix>/<account>/<region>/<resource type>/`, of these what it goes by.
    pub(crate) fn category(self, prefix: &str, resource: Resource<'_>) -> String {
        let mut category = prefix.to_owned();
        if self.account {
            uri::push_segment(&mut category, place::account(resource));
        }
        if self.region {
            uri::push_segment(&mut category, &place::region(resource));
        }
        if self.resource_type {
            uri::push_segment(&mut category, &place::kind(resource));
        }
        category = uri::bounded(category);
        category.push('/');
        category
    }

    /// What a category covers that has findings of this place.
    pub(crate) fn scope(self, place: &Place) -> Scope {
        Scope {
            account: self.account.then(|| place.account.clone()),
            region: self.region.then(|| place.region.clone()),
        }
    }
}

impl std::fmt::Display for CategoryBy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let parts = [(self.account, "account"), (self.region, "region"), (self.resource_type, "resource-type")];
        let named: Vec<&str> = parts.into_iter().filter(|(is, _)| *is).map(|(_, name)| name).collect();
        f.write_str(&if named.is_empty() { "report".to_owned() } else { named.join(",") })
    }
}

impl TryFrom<String> for CategoryBy {
    type Error = String;

    fn try_from(text: String) -> Result<CategoryBy, String> {
        CategoryBy::parse(&text)
    }
}

impl From<CategoryBy> for String {
    fn from(by: CategoryBy) -> String {
        by.to_string()
    }
}

/// Whether a report has findings of several accounts, before filters.
fn has_several_accounts(report: &View) -> bool {
    let covered = report.coverage().iter().flat_map(|input| &input.places).map(|place| &*place.account);
    let mut accounts = covered.filter(|account| !account.is_empty());
    accounts.next().is_some_and(|first| accounts.any(|other| other != first))
}

/// What a category covers: an account, a Region, both, or whatever the report does.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Scope {
    pub(crate) account: Option<Arc<str>>,
    pub(crate) region: Option<Arc<str>>,
}

impl Scope {
    /// All that cover findings of a place.
    pub(crate) fn all_of(place: &Place) -> [Scope; 4] {
        let [account, region] = [&place.account, &place.region].map(|part| Some(part.clone()));
        [
            Scope { account: account.clone(), region: region.clone() },
            Scope { account, region: None },
            Scope { account: None, region },
            Scope::default(),
        ]
    }

    /// As messages have it, of a category.
    pub(crate) fn describe(&self, category: &str) -> String {
        match (&self.account, &self.region) {
            (Some(account), Some(region)) => format!("{account}/{region}"),
            (Some(one), None) | (None, Some(one)) => one.to_string(),
            (None, None) => category.to_owned(),
        }
    }
}

/// The category of the report as a whole; also of one without a single finding, where there is nothing to name.
pub(crate) fn report(prefix: &str) -> String {
    format!("{prefix}/")
}

/// The whole category that this one is a part of; itself if it is none.
pub(crate) fn base(category: &str) -> &str {
    whole(category).map_or(category, |(whole, _)| whole)
}

/// The bits that name a part of a category; none for a whole one.
pub(crate) fn bits(category: &str) -> &str {
    whole(category).map_or("", |(_, bits)| bits)
}

/// What stands before the bits that name a part.
const PART: &str = "part-";

/// The part of a whole category that these bits name.
pub(crate) fn part(whole: &str, bits: &str) -> String {
    if bits.is_empty() { whole.to_owned() } else { format!("{whole}{PART}{bits}/") }
}

/// A half of a category, or of a part of one: that of the findings whose hash has this bit next.
pub(crate) fn half(category: &str, bit: bool) -> String {
    part(base(category), &format!("{}{}", bits(category), u8::from(bit)))
}

/// The category that a part is of, and the bits that name the part; `None` for a whole one.
fn whole(part: &str) -> Option<(&str, &str)> {
    let (whole, bits) = part.strip_suffix('/')?.rsplit_once('/')?;
    let bits = bits.strip_prefix(PART).filter(|bits| bits.bytes().all(|bit| matches!(bit, b'0' | b'1')))?;
    Some((&part[..whole.len() + 1], bits))
}

/// What a part is a half of, and that, up to the whole category.
pub(crate) fn wholes(category: &str) -> Vec<String> {
    let (base, bits) = (base(category), bits(category));
    (0..bits.len()).map(|length| part(base, &bits[..length])).collect()
}

#[cfg(test)]
mod tests {
    use inspector_report_model::Report;

    use super::*;

    #[test]
    fn a_category_ends_in_a_slash_and_has_no_other_parts_in_its_parts() {
        let headings = ["AWS Account Id", "Region", "Resource Type"];
        let rows = [
            ["012345678901", "US-East-1", "AWS_EC2_INSTANCE"],
            ["", "", ""],
            ["a/b", "x y", "Microsoft.Compute/virtualMachines"],
        ];
        let report = View::of(Report::from_rows("made", &headings, rows));
        let categories = |by: &str| -> Vec<String> {
            let by = CategoryBy::parse(by).unwrap();
            report.resources().map(|resource| by.category("amazon-inspector", resource)).collect()
        };
        assert_eq!(
            categories("resource-type,account,region"),
            [
                "amazon-inspector/012345678901/us-east-1/ec2-instance/",
                "amazon-inspector/unknown/unknown/unknown/",
                "amazon-inspector/a%2Fb/x%20y/microsoft-compute-virtualmachines/",
            ]
        );
        assert_eq!(
            categories("region"),
            ["amazon-inspector/us-east-1/", "amazon-inspector/unknown/", "amazon-inspector/x%20y/"]
        );
        assert_eq!(categories("report"), ["amazon-inspector/"; 3]);
    }

    #[test]
    fn what_a_category_stands_for_is_read_as_it_is_written() {
        for text in ["report", "account", "region", "account,region", "account,region,resource-type"] {
            assert_eq!(CategoryBy::parse(text).map(|by| by.to_string()), Ok(text.to_owned()));
        }
        for wrong in ["", "report,region", "Account", "account,", "owner-tag"] {
            assert!(CategoryBy::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_nobody_says_depends_on_the_accounts_of_the_report_before_filters() {
        let headings = ["AWS Account Id", "Region", "Severity"];
        let of = |rows: &[[&str; 3]]| Report::from_rows("made", &headings, rows.iter().copied());
        let one = of(&[["1", "a", "HIGH"], ["1", "b", "HIGH"], ["", "b", "HIGH"]]);
        let two = of(&[["1", "a", "HIGH"], ["2", "a", "LOW"]]);
        let default = |view: &View| [false, true].map(|has_state| CategoryBy::of(view, has_state).to_string());
        assert_eq!(default(&View::of(one)), ["account,region", "report"]);
        assert_eq!(default(&View::of(of(&[]))), ["account,region", "report"]);
        let filtered =
            View::builder(two).filter(vec!["--severity high".to_owned()], |finding| finding.row() == 0).build();
        assert_eq!(default(&filtered), ["region", "report"]);
        let part = filtered.part("--split-by account (1)".to_owned(), &[0], |_| true);
        assert_eq!(CategoryBy::of(&part, false).to_string(), "account,region");
        let part = filtered.part("--split-by resource-type (unknown)".to_owned(), &[0], |_| true);
        assert_eq!(CategoryBy::of(&part, false).to_string(), "region,resource-type");
    }

    #[test]
    fn parts_are_named_by_their_bits() {
        let half =
            |category: &str, bits: &[bool]| bits.iter().fold(category.to_owned(), |name, bit| super::half(&name, *bit));
        assert_eq!(half("c/", &[true, false, false]), "c/part-100/");
        assert_eq!(wholes("c/part-100/"), ["c/", "c/part-1/", "c/part-10/"]);
        assert_eq!(wholes("c/d/"), [""; 0]);
        assert_eq!(wholes("c/part-of/"), [""; 0]);
        assert_eq!([base("c/part-100/"), base("c/"), base("c/part-of/")], ["c/", "c/", "c/part-of/"]);
        assert_eq!([bits("c/part-100/"), bits("c/"), bits("c/part-of/")], ["100", "", ""]);
    }
}

//! Categories: what a run is known by. A new upload of a category replaces the one before, so that alerts which are not
//! in it any more are closed (GitHub Docs, "SARIF support for code scanning", `runAutomationDetails`).
//!
//! So a category is made of what stays the same from week to week. The text ends in `/`: what follows the last one
//! would be the id of the single run.

use inspector_report_model::{Place, Resource};

use crate::{place, uri};

/// `<prefix>/<account>/<region>/<resource type>/`.
pub(crate) fn category(prefix: &str, resource: Resource<'_>) -> String {
    let mut category = prefix.to_owned();
    for part in [place::account(resource), &place::region(resource), &place::kind(resource)] {
        uri::push_segment(&mut category, part);
    }
    category = uri::bounded(category);
    category.push('/');
    category
}

/// The category of a report without a single finding: there is nothing to name.
pub(crate) fn nothing(prefix: &str) -> String {
    format!("{prefix}/")
}

/// The whole category that this one is a part of; itself if it is none.
pub(crate) fn base(category: &str) -> &str {
    whole(category).map_or(category, |(whole, _)| whole)
}

/// Whether a category, or the whole one that it is a part of, is one of those with this prefix, and not with a longer one
/// that begins with it.
pub(crate) fn has_prefix(category: &str, prefix: &str) -> bool {
    let rest = base(category).strip_prefix(prefix).and_then(|rest| rest.strip_prefix('/'));
    rest.is_some_and(|rest| rest.matches('/').count() <= 3)
}

/// The account and the Region that a category with this prefix names; none if the category was cut.
pub(crate) fn place(category: &str, prefix: &str) -> Option<Place> {
    let rest = base(category).strip_prefix(prefix)?.strip_prefix('/')?.strip_suffix('/')?;
    let parts: Vec<&str> = rest.split('/').collect();
    match parts.as_slice() {
        [account, region, _] => {
            Some(Place { account: uri::decoded(account).into(), region: uri::decoded(region).into() })
        }
        _ => None,
    }
}

/// What stands before the bits that name a part.
const PART: &str = "part-";

/// A half of a category, or of a part of one: that of the findings whose hash has this bit next.
pub(crate) fn half(category: &str, bit: bool) -> String {
    let bit = u8::from(bit);
    match whole(category) {
        Some((whole, bits)) => format!("{whole}{PART}{bits}{bit}/"),
        None => format!("{category}{PART}{bit}/"),
    }
}

/// The category that a part is of, and the bits that name the part; `None` for a whole one.
fn whole(part: &str) -> Option<(&str, &str)> {
    let (whole, bits) = part.strip_suffix('/')?.rsplit_once('/')?;
    let bits = bits.strip_prefix(PART).filter(|bits| bits.bytes().all(|bit| matches!(bit, b'0' | b'1')))?;
    Some((&part[..whole.len() + 1], bits))
}

/// What a part is a half of, and that, up to the whole category.
pub(crate) fn wholes(part: &str) -> Vec<String> {
    let Some((whole, bits)) = whole(part) else { return Vec::new() };
    let longer = (1..bits.len()).map(|length| format!("{whole}{PART}{}/", &bits[..length]));
    std::iter::once(whole.to_owned()).chain(longer).collect()
}

#[cfg(test)]
mod tests {
    use inspector_report_model::{Report, View};

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
        let categories: Vec<String> =
            report.resources().map(|resource| category("amazon-inspector", resource)).collect();
        assert_eq!(
            categories,
            [
                "amazon-inspector/012345678901/us-east-1/ec2-instance/",
                "amazon-inspector/unknown/unknown/unknown/",
                "amazon-inspector/a%2Fb/x%20y/microsoft-compute-virtualmachines/",
            ]
        );
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
    }

    #[test]
    fn the_place_of_a_category_is_in_its_name() {
        let of = |category: &str, prefix: &str| {
            place(category, prefix).map(|place| (place.account.to_string(), place.region.to_string()))
        };
        let expected = Some(("a/b".to_owned(), "x y%".to_owned()));
        assert_eq!(of("team/prod/a%2Fb/x%20y%25/ec2-instance/", "team/prod"), expected);
        assert_eq!(of("team/prod/a%2Fb/x%20y%25/ec2-instance/part-01/", "team/prod"), expected);
        for other in ["team/prod/", "team/prod/1/us-east-1~0123/", "team/1/2/3/"] {
            assert_eq!(of(other, "team/prod"), None, "{other}");
        }
    }

    #[test]
    fn a_prefix_that_begins_another_is_not_the_same() {
        assert!(has_prefix("team/1/us-east-1/ec2-instance/part-0/", "team") && has_prefix("team/", "team"));
        assert!(!has_prefix("team/prod/1/us-east-1/ec2-instance/part-0/", "team"));
        assert!(!has_prefix("teams/1/us-east-1/ec2-instance/", "team"));
    }
}

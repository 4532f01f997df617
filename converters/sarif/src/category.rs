//! Categories: what a run is known by. A new upload of a category replaces the one before, so that alerts which are not
//! in it any more are closed (GitHub Docs, "SARIF support for code scanning", `runAutomationDetails`).
//!
//! So a category is made of what stays the same from week to week. The text ends in `/`: what follows the last one
//! would be the id of the single run.

use inspector_report_core::Resource;

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
    use inspector_report_core::Report;

    use super::*;

    #[test]
    fn a_category_ends_in_a_slash_and_has_no_other_parts_in_its_parts() {
        let headings = ["AWS Account Id", "Region", "Resource Type"];
        let rows = [
            ["012345678901", "US-East-1", "AWS_EC2_INSTANCE"],
            ["", "", ""],
            ["a/b", "x y", "Microsoft.Compute/virtualMachines"],
        ];
        let report = Report::from_rows("made", &headings, rows);
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
    }
}

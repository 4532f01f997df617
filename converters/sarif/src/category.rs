//! Categories: what a run is known by. A new upload of a category replaces the one before, so that alerts which are not
//! in it any more are closed (GitHub Docs, "SARIF support for code scanning", `runAutomationDetails`).
//!
//! So a category is made of what stays the same from week to week. The text ends in `/`: what follows the last one
//! would be the id of the single run.

use inspector_report_core::Resource;

use crate::{place, uri};

/// The category of a report without a single finding: there is nothing to name.
pub(crate) const NOTHING: &str = "amazon-inspector/";

/// `amazon-inspector/<account>/<region>/<resource type>/`.
pub(crate) fn category(resource: Resource<'_>) -> String {
    let mut category = "amazon-inspector".to_owned();
    for part in [place::account(resource), &place::region(resource), &place::kind(resource)] {
        uri::push_segment(&mut category, part);
    }
    category = uri::bounded(category);
    category.push('/');
    category
}

/// Part `k` (from 0) of `n` of a category.
pub(crate) fn part(category: &str, k: u64, n: u64) -> String {
    if n == 1 { category.to_owned() } else { format!("{category}part-{}-of-{n}/", k + 1) }
}

/// Slice `k` (from 0) of `n` of a part that is too large, in bytes, for a file.
pub(crate) fn slice(part: &str, k: u64, n: u64) -> String {
    format!("{part}slice-{}-of-{n}/", k + 1)
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
        let categories: Vec<String> = report.resources().map(category).collect();
        assert_eq!(
            categories,
            [
                "amazon-inspector/012345678901/us-east-1/ec2-instance/",
                "amazon-inspector/unknown/unknown/unknown/",
                "amazon-inspector/a%2Fb/x%20y/microsoft-compute-virtualmachines/",
            ]
        );
        assert_eq!(part("c/", 0, 1), "c/");
        assert_eq!(part("c/", 3, 4), "c/part-4-of-4/");
        assert_eq!(slice("c/", 0, 2), "c/slice-1-of-2/");
    }
}

//! Which findings of two reports are the same.
//!
//! A finding is the same as an earlier one when it has the same ARN. Inspector gives a finding another ARN whenever a
//! container image is pushed again (its digest is the resource), so what is left is known by what stays: account, Region,
//! [`Resource::identity`](crate::Resource::identity) (for an image its repository), file (without the version in its name), packages, and vulnerability, port
//! or detector ([`key`]). Where several are alike in all of that (the images of one repository), they are paired in the
//! order in which they were first seen ([`in_order`]), each once.

use std::{
    collections::BTreeSet,
    hash::{DefaultHasher, Hasher},
};

use crate::Finding;

/// Open findings before others, and those that were seen first before later ones: the order in which likes are paired.
pub fn in_order(mut findings: Vec<Finding<'_>>) -> Vec<Finding<'_>> {
    let key = |finding: &Finding<'_>| (!finding.is_open(), finding.first_seen());
    findings.sort_by(|a, b| key(a).cmp(&key(b)).then_with(|| a.compare(*b)));
    findings
}

/// What stays the same of a finding when it gets another ARN, as a number of 128 bits: that two of ten million findings had
/// the same by chance would be less likely than one in 10^24. It is the same within a run of the program alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key(u128);

/// The [`Key`] of a finding.
pub fn key(finding: Finding<'_>) -> Key {
    let resource = finding.resource();
    let id = finding.vulnerability_facts().id();
    // The title of a package finding lists packages, not always in the same order; that of others says what it is.
    let subject = if id.is_empty() { finding.title().trim() } else { id };
    let packages: BTreeSet<&str> = finding.packages().map(|package| package.name).collect();
    let facts = [
        resource.account(),
        resource.region(),
        resource.identity(),
        &finding.file_identity().unwrap_or_default(),
        finding.finding_type().as_str(),
        subject,
        finding.port_range().unwrap_or_default(),
        finding.detector_name().unwrap_or_default(),
    ];
    let mut halves = [DefaultHasher::new(), DefaultHasher::new()];
    // What makes two hashes of one.
    halves[1].write_u8(1);
    for fact in facts.into_iter().chain(packages) {
        for half in &mut halves {
            half.write(fact.as_bytes());
            // No byte of UTF-8, so that no two lists of facts read the same.
            half.write_u8(0xff);
        }
    }
    let [high, low] = halves.map(|half| half.finish());
    Key(u128::from(high) << 64 | u128::from(low))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Report;

    fn of(cells: [&str; 8]) -> Key {
        let headings = [
            "Severity",
            "AWS Account Id",
            "Region",
            "Resource ID",
            "Resource Type",
            "Vulnerability Id",
            "Affected Packages",
            "Finding ARN",
        ];
        key(Report::from_rows("made", &headings, [cells]).finding(0).unwrap())
    }

    #[test]
    fn what_identifies_a_finding_changes_its_key_and_nothing_else() {
        let image = |digest: &str| format!("arn:aws:ecr:r:1:repository/shop/sha256:{}", digest.repeat(64));
        let (first, second) = (image("a"), image("b"));
        let kind = "AWS_ECR_CONTAINER_IMAGE";
        let one = of(["HIGH", "1", "r", &first, kind, "CVE-1", "curl, bash", "a"]);
        assert_eq!(of(["LOW", "1", "r", &second, kind, "CVE-1", "bash, curl", "b"]), one, "pushed again");
        for other in [
            ["HIGH", "2", "r", &first, kind, "CVE-1", "curl, bash", "a"],
            ["HIGH", "1", "s", &first, kind, "CVE-1", "curl, bash", "a"],
            ["HIGH", "1", "r", "i-1", kind, "CVE-1", "curl, bash", "a"],
            ["HIGH", "1", "r", &first, kind, "CVE-2", "curl, bash", "a"],
            ["HIGH", "1", "r", &first, kind, "CVE-1", "curl", "a"],
            ["HIGH", "1r", "", &first, kind, "CVE-1", "curl, bash", "a"],
        ] {
            assert_ne!(of(other), one, "{other:?}");
        }
    }
}

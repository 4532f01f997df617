//! Where findings are: the location of results, which GitHub wants to be a path.
//!
//! A resource that is mapped to a file of the repository is there ([`locations`](crate::locations)). Any other has no
//! path, so it gets one that stays the same: an alert is known by it. So no digest, tag, version or alias is in it, which
//! change with every push; nor is the version of a package in the name of its file.

use inspector_report_format::FileSystem;
use inspector_report_model::{self as core, Finding, Resource, View, value::ResourceType};

use rayon::prelude::*;

use crate::{
    fingerprint,
    locations::{Locations, Place},
    text::slug,
    uri,
};

/// The places of all resources of a report, by [`Resource::index`].
#[derive(Debug)]
pub(crate) struct Places<'a> {
    paths: Vec<String>,
    /// A hash of each.
    hashes: Vec<u64>,
    /// Which mapping each has.
    mapped: Vec<Option<usize>>,
    locations: &'a Locations,
    /// Where mapped files are looked up.
    files: &'a dyn FileSystem,
}

impl<'a> Places<'a> {
    pub(crate) fn new(report: &View, locations: &'a Locations, files: &'a dyn FileSystem) -> Places<'a> {
        let paths: Vec<String> = report.resources().map(path).collect();
        Places {
            hashes: paths.par_iter().map(|path| fingerprint::hash(path)).collect(),
            paths,
            mapped: report.resources().map(|resource| locations.find(resource)).collect(),
            locations,
            files,
        }
    }

    /// `aws/<account>/<region>/<type>/<resource>`, percent-encoded.
    pub(crate) fn resource(&self, resource: Resource<'_>) -> &str {
        self.paths.get(resource.index() as usize).map_or("aws/-", String::as_str)
    }

    /// A hash of the path of a resource.
    pub(crate) fn hash(&self, resource: Resource<'_>) -> u64 {
        self.hashes.get(resource.index() as usize).copied().unwrap_or_default()
    }

    /// The path of the resource, and of the file inside it where the finding is about one: what a finding is known by,
    /// wherever it is shown.
    pub(crate) fn path(&self, finding: Finding<'_>) -> String {
        let mut path = self.resource(finding.resource()).to_owned();
        if let Some(file) = finding.file_identity() {
            uri::push_path(&mut path, &file);
        }
        uri::bounded(path)
    }

    /// Whether the finding's resource is mapped to a file of the repository.
    pub(crate) fn is_mapped(&self, resource: Resource<'_>) -> bool {
        self.mapping(resource).is_some()
    }

    fn mapping(&self, resource: Resource<'_>) -> Option<usize> {
        self.mapped.get(resource.index() as usize).copied().flatten()
    }

    /// Where the finding is shown.
    pub(crate) fn finding(&self, finding: Finding<'_>) -> Place {
        let mapped =
            self.mapping(finding.resource()).and_then(|mapping| self.locations.place(mapping, finding, self.files));
        mapped.unwrap_or_else(|| Place { uri: self.path(finding), is_exact: true })
    }
}

/// An account and a Region as paths and categories have them.
pub(crate) fn normal(place: &core::Place) -> core::Place {
    core::Place {
        account: or_unknown(&place.account).into(),
        region: or_unknown(&place.region).to_ascii_lowercase().into(),
    }
}

/// The account of a resource, as a part of a path or a category.
pub(crate) fn account<'a>(resource: Resource<'a>) -> &'a str {
    or_unknown(resource.account())
}

/// The Region of a resource, as a part of a path or a category.
pub(crate) fn region(resource: Resource<'_>) -> String {
    or_unknown(resource.region()).to_ascii_lowercase()
}

/// The type of a resource, as a part of a path or a category: `ec2-instance`.
pub(crate) fn kind(resource: Resource<'_>) -> String {
    let written = resource.resource_type();
    match written {
        ResourceType::Other(_) => Some(slug(written.as_str())).filter(|slug| !slug.is_empty()),
        _ => Some(slug(written.as_str().trim_start_matches(resource.provider().type_prefix()))),
    }
    .unwrap_or_else(|| or_unknown("").to_owned())
}

fn or_unknown(text: &str) -> &str {
    if text.is_empty() { "unknown" } else { text }
}

fn path(resource: Resource<'_>) -> String {
    let mut path = resource.provider().name().to_owned();
    uri::push_segment(&mut path, account(resource));
    uri::push_segment(&mut path, &region(resource));
    uri::push_segment(&mut path, &kind(resource));
    let before = path.len();
    uri::push_path(&mut path, resource.identity());
    if path.len() == before {
        uri::push_segment(&mut path, or_unknown(""));
    }
    path
}

#[cfg(test)]
mod tests {
    use inspector_report_format::NO_FILES;
    use inspector_report_model::Report;

    use super::*;

    fn place(kind: &str, id: &str, file: &str) -> String {
        let headings = ["AWS Account Id", "Region", "Resource Type", "Resource ID", "File Path"];
        let report = View::of(Report::from_rows("made", &headings, [["012345678901", "us-east-1", kind, id, file]]));
        Places::new(&report, &Locations::default(), &NO_FILES).finding(report.finding(0).unwrap()).uri
    }

    #[test]
    fn digests_tags_and_versions_are_not_in_a_place() {
        let image = |digest: char| {
            let digest = digest.to_string().repeat(64);
            format!("arn:aws:ecr:us-east-1:012345678901:repository/shop/api/sha256:{digest}")
        };
        let expected = "aws/012345678901/us-east-1/ecr-container-image/shop/api";
        assert_eq!(place("AWS_ECR_CONTAINER_IMAGE", &image('a'), ""), expected);
        assert_eq!(place("AWS_ECR_CONTAINER_IMAGE", &image('b'), ""), expected);
        assert_eq!(place("", &image('b'), ""), "aws/012345678901/us-east-1/unknown/shop/api");

        let function = "arn:aws:lambda:us-east-1:012345678901:function:resize";
        for qualifier in ["", ":$LATEST", ":7", ":live"] {
            let expected = "aws/012345678901/us-east-1/lambda-function/resize/src/app.py";
            assert_eq!(place("AWS_LAMBDA_FUNCTION", &format!("{function}{qualifier}"), "src/app.py"), expected);
        }
    }

    #[test]
    fn every_resource_has_a_relative_place() {
        let at = |rest: &str| format!("aws/012345678901/us-east-1/{rest}");
        assert_eq!(place("AWS_EC2_INSTANCE", "i-0abc", ""), at("ec2-instance/i-0abc"));
        assert_eq!(
            place("AWS_EC2_INSTANCE", "i-0abc", "vol-0e47:/p1:usr/bin/kubelet"),
            at("ec2-instance/i-0abc/vol-0e47%3A/p1%3Ausr/bin/kubelet")
        );
        assert_eq!(place("AWS_EC2_INSTANCE", "", ""), at("ec2-instance/unknown"));
        assert_eq!(place("AWS_EC2_INSTANCE", "///", ""), at("ec2-instance/unknown"));
        assert_eq!(
            place("Microsoft.Compute/virtualMachines", "a:b", ""),
            at("microsoft-compute-virtualmachines/a%3Ab")
        );
        assert_eq!(
            place("CODE_REPOSITORY", "arn:aws:inspector2:us-east-1:012345678901:codesecurity/x-1", ""),
            at("code-repository/codesecurity/x-1")
        );
        assert_eq!(place("", "app:latest", ""), at("unknown/app%3Alatest"));
    }
}

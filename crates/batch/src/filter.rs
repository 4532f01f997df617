//! Which findings to keep: the filters that Inspector's own export has, on a report that is exported already.

use crate::core::{
    Column, Finding, Priorities, Priority, ResourceDetails,
    value::{ExploitAvailable, FindingType, FixAvailable, Severity, Status},
};

/// A filter on findings. Empty lists and `None` let everything pass; what is set must all hold.
///
/// In a list it is enough that one value fits. Values of the lists of text compare without regard to case; a `*` at the
/// end stands for any text, and a `!` in front turns the value round: a finding that fits it is left out. (Inspector's
/// `EQUALS`, `PREFIX` and `NOT_EQUALS`.)
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    /// Severities.
    pub severity: Vec<Severity<'static>>,
    /// Whether there is a fix.
    pub fix_available: Vec<FixAvailable<'static>>,
    /// Finding types.
    pub finding_type: Vec<FindingType<'static>>,
    /// Statuses.
    pub status: Vec<Status<'static>>,
    /// Whether there is an exploit.
    pub exploit_available: Option<ExploitAvailable<'static>>,
    /// Resource types, as in the column.
    pub resource_type: Vec<String>,
    /// Account ids.
    pub account: Vec<String>,
    /// Regions.
    pub region: Vec<String>,
    /// Machine images of EC2 instances.
    pub ami: Vec<String>,
    /// Repositories, tags or digests of container images, or `repository:tag`.
    pub image: Vec<String>,
    /// Names of Lambda functions.
    pub function: Vec<String>,
    /// Vulnerability ids.
    pub vulnerability: Vec<String>,
    /// Tags of resources: a key with a value, or with any.
    pub tag: Vec<(String, Option<String>)>,
    /// Priorities.
    pub priority: Vec<Priority>,
    /// The least Inspector score. A finding without a score does not pass.
    pub min_score: Option<f64>,
    /// The least EPSS score. A finding without one does not pass.
    pub min_epss: Option<f64>,
}

impl Filter {
    /// Whether every finding passes.
    pub fn is_empty(&self) -> bool {
        *self == Filter::default()
    }

    /// Whether a finding passes.
    pub fn matches(&self, finding: Finding<'_>) -> bool {
        let resource = finding.resource();
        one_of(&self.severity, finding.severity())
            && one_of(&self.fix_available, finding.fix_available())
            && one_of(&self.finding_type, finding.finding_type())
            && one_of(&self.status, finding.status())
            && self.exploit_available.is_none_or(|exploit| exploit == finding.exploit_available())
            && fits(&self.resource_type, || [resource.resource_type().as_str()])
            && fits(&self.account, || [resource.account()])
            && fits(&self.region, || [resource.region()])
            && fits(&self.ami, || [resource.get(Column::Ami).trim()])
            && fits(&self.vulnerability, || [finding.vulnerability_facts().id()])
            && fits(&self.function, || match resource.details() {
                ResourceDetails::LambdaFunction { name, .. } => Some(name),
                _ => None,
            })
            && fits(&self.image, || image_names(finding))
            && self.tags_fit(finding)
            && self.priority_fits(finding)
            && self.min_score.is_none_or(|least| {
                finding.inspector_score().and_then(|cvss| cvss.score).is_some_and(|score| score >= least)
            })
            && self
                .min_epss
                .is_none_or(|least| finding.vulnerability_facts().epss().is_some_and(|score| score >= least))
    }

    /// The filters as options of the command line, for outputs to state what they leave out.
    pub fn describe(&self) -> Vec<String> {
        // Taken apart whole: a new filter must be told.
        let Filter {
            severity,
            fix_available,
            finding_type,
            status,
            exploit_available,
            resource_type,
            account,
            region,
            ami,
            image,
            function,
            vulnerability,
            tag,
            priority,
            min_score,
            min_epss,
        } = self;
        let mut options = Vec::new();
        let mut add = |name: &str, values: Vec<&str>| {
            if !values.is_empty() {
                options.push(format!("--{name} {}", values.join(",")));
            }
        };
        fn texts(values: &[String]) -> Vec<&str> {
            values.iter().map(String::as_str).collect()
        }
        add("severity", severity.iter().map(|v| v.as_str()).collect());
        add("fix-available", fix_available.iter().map(|v| v.as_str()).collect());
        add("finding-type", finding_type.iter().map(|v| v.as_str()).collect());
        add("status", status.iter().map(|v| v.as_str()).collect());
        add("exploit-available", exploit_available.iter().map(|v| v.as_str()).collect());
        add("resource-type", texts(resource_type));
        add("account", texts(account));
        add("region", texts(region));
        add("ami", texts(ami));
        add("image", texts(image));
        add("function", texts(function));
        add("vulnerability", texts(vulnerability));
        for (key, value) in tag {
            let tag = value.as_ref().map_or(key.clone(), |value| format!("{key}={value}"));
            add("tag", vec![&tag]);
        }
        add("priority", priority.iter().map(|v| v.as_str()).collect());
        add("min-score", min_score.map(|n| n.to_string()).iter().map(String::as_str).collect());
        add("min-epss", min_epss.map(|n| n.to_string()).iter().map(String::as_str).collect());
        options
    }

    /// Whether the priority is wanted; what asks for no work has none.
    fn priority_fits(&self, finding: Finding<'_>) -> bool {
        let priority = || Priorities::of(finding.view()?).priority(finding);
        self.priority.is_empty() || priority().is_some_and(|priority| self.priority.contains(&priority))
    }

    fn tags_fit(&self, finding: Finding<'_>) -> bool {
        if self.tag.is_empty() {
            return true;
        }
        let tags = finding.resource().tags();
        self.tag.iter().any(|(key, value)| {
            tags.iter().any(|(k, v)| k == key && value.as_ref().is_none_or(|value| equals(value, v)))
        })
    }
}

/// What a container image may be called: its repository, each tag, both together, its digest.
fn image_names(finding: Finding<'_>) -> Vec<String> {
    let resource = finding.resource();
    let ResourceDetails::EcrContainerImage { repository, digest } = resource.details() else { return Vec::new() };
    let tags = resource.image_tags().flat_map(|tag| [tag.to_owned(), format!("{repository}:{tag}")]);
    [repository.to_owned(), digest.to_owned()].into_iter().chain(tags).collect()
}

fn one_of<T: PartialEq>(wanted: &[T], value: T) -> bool {
    wanted.is_empty() || wanted.contains(&value)
}

/// Whether one of the names of a thing fits one of the values, and none fits a value that is turned round.
fn fits<N: AsRef<str>, I: IntoIterator<Item = N>>(values: &[String], names: impl FnOnce() -> I) -> bool {
    if values.is_empty() {
        return true;
    }
    let names: Vec<N> = names().into_iter().collect();
    let any = |value: &str| names.iter().any(|name| equals(value, name.as_ref()));
    let (refused, wanted): (Vec<&String>, Vec<&String>) = values.iter().partition(|value| value.starts_with('!'));
    !refused.iter().any(|value| any(&value[1..])) && (wanted.is_empty() || wanted.iter().any(|value| any(value)))
}

fn equals(value: &str, text: &str) -> bool {
    match value.strip_suffix('*') {
        Some(prefix) => text.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix)),
        None => value.eq_ignore_ascii_case(text),
    }
}

#[cfg(test)]
mod tests {
    use inspector_report_model::Report;

    use super::*;

    const HEADINGS: [&str; 12] = [
        "Severity",
        "Status",
        "Resource Type",
        "Resource ID",
        "Container Image Tags",
        "Resource Tags",
        "Inspector Score",
        "Epss Score",
        "Vulnerability Id",
        "AWS Account Id",
        "Exploit Available",
        "Ami",
    ];

    fn report() -> Report {
        Report::from_rows(
            "made",
            &HEADINGS,
            [
                [
                    "HIGH",
                    "ACTIVE",
                    "AWS_EC2_INSTANCE",
                    "i-1",
                    "",
                    "Name:web-1",
                    "7.5",
                    "0.2",
                    "CVE-2024-1",
                    "000000000001",
                    "YES",
                    "ami-1",
                ],
                [
                    "LOW",
                    "SUPPRESSED",
                    "AWS_ECR_CONTAINER_IMAGE",
                    "arn:aws:ecr:r:a:repository/shop/api/sha256:ab",
                    "v1,latest",
                    "",
                    "",
                    "",
                    "CVE-2024-2",
                    "000000000002",
                    "NO",
                    "",
                ],
                [
                    "HIGH",
                    "ACTIVE",
                    "AWS_LAMBDA_FUNCTION",
                    "arn:aws:lambda:r:a:function:resize-1:$LATEST",
                    "",
                    "Team:a",
                    "7.0",
                    "0",
                    "GHSA-x",
                    "000000000002",
                    "",
                    "",
                ],
            ],
        )
    }

    fn kept(filter: Filter) -> Vec<usize> {
        let report = report();
        report.findings().filter(|finding| filter.matches(*finding)).map(|finding| finding.row()).collect()
    }

    fn list(values: &[&str]) -> Vec<String> {
        values.iter().map(|value| value.to_string()).collect()
    }

    #[test]
    fn each_filter_keeps_what_it_says() {
        let all = Filter::default();
        assert_eq!(kept(all.clone()), [0, 1, 2]);
        assert_eq!(kept(Filter { severity: vec![Severity::High], ..all.clone() }), [0, 2]);
        assert_eq!(kept(Filter { status: vec![Status::Suppressed], ..all.clone() }), [1]);
        assert_eq!(kept(Filter { resource_type: list(&["aws_ec2*", "AWS_LAMBDA_FUNCTION"]), ..all.clone() }), [0, 2]);
        assert_eq!(kept(Filter { account: list(&["!000000000001"]), ..all.clone() }), [1, 2]);
        assert_eq!(kept(Filter { vulnerability: list(&["CVE-*", "!cve-2024-2"]), ..all.clone() }), [0]);
        assert_eq!(kept(Filter { function: list(&["resize-*"]), ..all.clone() }), [2]);
        assert_eq!(kept(Filter { ami: list(&["ami-1"]), ..all.clone() }), [0]);
        assert_eq!(kept(Filter { exploit_available: Some(ExploitAvailable::No), ..all.clone() }), [1]);
        assert_eq!(kept(Filter { min_score: Some(7.5), ..all.clone() }), [0]);
        assert_eq!(kept(Filter { min_epss: Some(0.0), ..all.clone() }), [0, 2]);
        for image in ["shop/api", "latest", "shop/api:v1", "sha256:ab", "shop/*"] {
            assert_eq!(kept(Filter { image: list(&[image]), ..all.clone() }), [1], "{image}");
        }
        assert_eq!(kept(Filter { tag: vec![("Team".into(), None)], ..all.clone() }), [2]);
        assert_eq!(kept(Filter { tag: vec![("Name".into(), Some("web*".into()))], ..all.clone() }), [0]);
    }

    #[test]
    fn filters_are_described_as_they_would_be_typed() {
        let filter = Filter {
            severity: vec![Severity::Critical, Severity::High],
            tag: vec![("Team".into(), Some("a".into()))],
            min_epss: Some(0.1),
            ..Filter::default()
        };
        assert_eq!(filter.describe(), ["--severity CRITICAL,HIGH", "--tag Team=a", "--min-epss 0.1"]);
    }
}

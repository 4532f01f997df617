//! The id of a finding's rule: what kind of thing it is and how severe, and nothing that names a resource.
//!
//! An alert is known by its rule's id among others, so an id stays the same from report to report. The severity ends it:
//! GitHub shows the severity of the rule, and one vulnerability has several severities in one report.

use inspector_report_model::{
    Finding,
    value::{FindingType, Severity},
};

use crate::{severity, text::slug};

/// The number of a rule; the worst come first.
pub(crate) type RuleNumber = u32;

/// What a rule is about.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Subject<'a> {
    /// A vulnerability with its id.
    Vulnerability(&'a str),
    /// Open ports, as in `22` or `8000-8080`, and the protocol.
    Network { ports: Option<String>, protocol: Option<&'a str> },
    /// A weakness in code, by its detector.
    Code(Option<&'a str>),
    /// Anything else, by the finding type as written.
    Other(&'a str),
}

impl<'a> Subject<'a> {
    pub(crate) fn of(finding: Finding<'a>) -> Subject<'a> {
        let kind = finding.finding_type();
        match kind {
            FindingType::NetworkReachability => network(finding),
            FindingType::CodeVulnerability => code(finding),
            _ => match vulnerability_id(finding) {
                Some(id) => Subject::Vulnerability(id),
                None if kind == FindingType::Other("") && finding.port_range().is_some() => network(finding),
                None if kind == FindingType::Other("") && finding.detector_name().is_some() => code(finding),
                None => Subject::Other(kind.as_str()),
            },
        }
    }

    /// The rule's id for a severity.
    pub(crate) fn rule_id(&self, severity: Severity<'_>) -> String {
        let severity = severity::suffix(severity);
        match self {
            Subject::Vulnerability(id) => format!("{}-{severity}", clean(id)),
            Subject::Network { ports, protocol } => {
                let protocol = protocol.map_or_else(|| "any".to_owned(), slug);
                format!("network-reachability/{protocol}-{}-{severity}", ports.as_deref().unwrap_or("any"))
            }
            Subject::Code(detector) => {
                let detector = detector.map(slug).filter(|slug| !slug.is_empty());
                format!("code-vulnerability/{}-{severity}", detector.as_deref().unwrap_or("unnamed"))
            }
            Subject::Other(kind) => {
                let kind = Some(slug(kind)).filter(|slug| !slug.is_empty());
                format!("unidentified/{}-{severity}", kind.as_deref().unwrap_or("unknown"))
            }
        }
    }

    /// What kind of thing it is, for `name`: a Pascal-case identifier, as SARIF 3.49.7 recommends.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Subject::Vulnerability(_) => "PackageVulnerability",
            Subject::Network { .. } => "NetworkReachability",
            Subject::Code(_) => "CodeVulnerability",
            Subject::Other(_) => "InspectorFinding",
        }
    }

    /// The same as a tag.
    pub(crate) fn tag(&self) -> &'static str {
        match self {
            Subject::Vulnerability(_) => "package-vulnerability",
            Subject::Network { .. } => "network-reachability",
            Subject::Code(_) => "code-vulnerability",
            Subject::Other(_) => "unidentified",
        }
    }
}

fn network(finding: Finding<'_>) -> Subject<'_> {
    // `Port 22 is reachable from an Internet Gateway - TCP`
    let protocol = finding.title().rsplit_once(" - ").map(|(_, protocol)| protocol.trim());
    let short =
        |protocol: &&str| (2..=8).contains(&protocol.len()) && protocol.bytes().all(|b| b.is_ascii_alphanumeric());
    let protocol = finding.protocol().or(protocol).filter(short);
    Subject::Network { ports: finding.port_range().and_then(ports), protocol }
}

/// `22-22` is one port.
fn ports(range: &str) -> Option<String> {
    let port = |text: &str| text.trim().parse::<u32>().ok().filter(|port| *port <= 65_535);
    match range.split_once('-') {
        Some((first, last)) => match (port(first)?, port(last)?) {
            (first, last) if first == last => Some(first.to_string()),
            (first, last) => Some(format!("{first}-{last}")),
        },
        None => port(range).map(|port| port.to_string()),
    }
}

fn code(finding: Finding<'_>) -> Subject<'_> {
    // Layout A has no column of detectors; `CWE-117,93 - Log injection` names it all the same.
    let titled =
        || finding.title().strip_prefix("CWE-").and_then(|rest| rest.split_once(" - ")).map(|(_, name)| name.trim());
    Subject::Code(finding.detector_name().or_else(titled).filter(|name| !name.is_empty()))
}

/// The vulnerability's id; where the column was removed, the id that begins the title: `CVE-2024-1 - curl`.
fn vulnerability_id(finding: Finding<'_>) -> Option<&str> {
    let id = finding.vulnerability_facts().id();
    if !id.is_empty() {
        return Some(id);
    }
    let start = finding.title().split(" - ").next().unwrap_or_default().trim();
    let looks = start.contains('-')
        && start.bytes().any(|b| b.is_ascii_digit())
        && start.starts_with(|c: char| c.is_ascii_uppercase())
        && start.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.:".contains(&b));
    looks.then_some(start)
}

/// The numbers of a code finding's weaknesses (CWE). In a CSV they stand in its title alone: `CWE-117,93 - Log injection`.
pub(crate) fn weaknesses(finding: Finding<'_>) -> impl Iterator<Item = u32> {
    let title = finding.title().strip_prefix("CWE-").and_then(|rest| rest.split_once(" - "));
    let titled = title.map_or("", |(numbers, _)| numbers).split(',');
    titled.chain(finding.weaknesses()).filter_map(|number| number.trim().trim_start_matches("CWE-").parse().ok())
}

/// The id as written, but for characters that an identifier should not have.
fn clean(id: &str) -> String {
    let clean = |c: char| if c.is_alphanumeric() || "-_.:/+@".contains(c) { c } else { '-' };
    id.chars().take(200).map(clean).collect()
}

#[cfg(test)]
mod tests {
    use inspector_report_model::{Report, View};

    use super::*;

    fn id(kind: &str, id: &str, title: &str, ports: &str, detector: &str) -> String {
        let headings = ["Finding Type", "Vulnerability Id", "Title", "Port Range", "Detector Name"];
        let report = View::of(Report::from_rows("made", &headings, [[kind, id, title, ports, detector]]));
        Subject::of(report.finding(0).unwrap()).rule_id(Severity::High)
    }

    #[test]
    fn ids_are_those_of_the_vulnerability_the_port_or_the_detector() {
        for (cells, expected) in [
            (["PACKAGE_VULNERABILITY", "CVE-2024-1", "CVE-2024-1 - curl", "", ""], "CVE-2024-1-high"),
            (["PACKAGE_VULNERABILITY", "", "CVE-2024-1 - curl", "", ""], "CVE-2024-1-high"),
            (["PACKAGE_VULNERABILITY", "", "Platform End Of Life", "", ""], "unidentified/package-vulnerability-high"),
            (["", "GHSA-a b\n1", "", "", ""], "GHSA-a-b-1-high"),
            (
                ["NETWORK_REACHABILITY", "", "Port 22 is reachable from an Internet Gateway - TCP", "22-22", ""],
                "network-reachability/tcp-22-high",
            ),
            (
                ["NETWORK_REACHABILITY", "", "On i-0abc - something else", "0-65535", ""],
                "network-reachability/any-0-65535-high",
            ),
            (["NETWORK_REACHABILITY", "", "", "all of i-0abc", ""], "network-reachability/any-any-high"),
            (
                ["CODE_VULNERABILITY", "", "x in function resize", "", "OS command injection"],
                "code-vulnerability/os-command-injection-high",
            ),
            (["CODE_VULNERABILITY", "", "CWE-117,93 - Log injection", "", ""], "code-vulnerability/log-injection-high"),
            (["CODE_VULNERABILITY", "", "function resize", "", ""], "code-vulnerability/unnamed-high"),
            (["", "", "", "", ""], "unidentified/unknown-high"),
        ] {
            let [kind, vulnerability, title, ports, detector] = cells;
            assert_eq!(id(kind, vulnerability, title, ports, detector), expected);
        }
    }

    #[test]
    fn weaknesses_are_read_from_the_title() {
        let of = |title: &str, cwes: &str| {
            let report = View::of(Report::from_rows("made", &["Title", "CWEs"], [[title, cwes]]));
            weaknesses(report.finding(0).unwrap()).collect::<Vec<_>>()
        };
        assert_eq!(of("CWE-117,93 - Log injection", ""), [117, 93]);
        assert_eq!(of("CWE-89, CWE-90 - x", ""), [89, 90]);
        assert_eq!(of("Log injection", "CWE-117, CWE-93"), [117, 93]);
        assert!(of("Log injection", "").is_empty());
    }
}

//! A finding of the API as the cells that Inspector's own export as CSV would have, and some more.
//!
//! Which field goes into which column is not documented by AWS; the table in the user guide ("Exporting Amazon
//! Inspector findings reports") names columns whose meaning leaves little doubt. Where several values make one cell,
//! they are joined as the export joins them, so that both forms of a report read alike.

use std::{borrow::Cow, net::Ipv4Addr};

use inspector_report_model::{Column, timestamp};

use super::finding::{
    AdjustedCvss, Code, Cvss, Details, Finding, Function, Image, Instance, List, Network, Package, Resource, Scalar,
    Tags, Text, Unknown, Vulnerability,
};

/// The heading of the column that takes the fields which are not known, as a JSON object.
pub(crate) const OTHER_FIELDS: &str = "Other Fields";

/// What Inspector writes where one of several packages has no value.
const NONE: &str = "NotAvailable";

/// The cells of a finding: those of every column that is known, and of the fields that are not.
pub(crate) struct Cells<'a> {
    known: [Cow<'a, str>; Column::ALL.len()],
    other: String,
}

/// The headings of [`Cells`], in their order.
pub(crate) fn headings() -> impl Iterator<Item = &'static str> {
    Column::ALL.iter().map(|column| column.name()).chain([OTHER_FIELDS])
}

impl<'a> Cells<'a> {
    /// The cells of a finding.
    pub(crate) fn new(finding: Finding<'a>) -> Cells<'a> {
        let mut cells = Cells { known: [const { Cow::Borrowed("") }; Column::ALL.len()], other: String::new() };
        cells.finding(finding);
        if !cells.other.is_empty() {
            cells.other.push('}');
        }
        cells
    }

    /// The cell at a place among [`headings`].
    pub(crate) fn get(&self, place: usize) -> &str {
        self.known.get(place).map_or(self.other.as_str(), Cow::as_ref)
    }

    fn set(&mut self, column: Column, text: impl Into<Cow<'a, str>>) {
        self.known[column as usize] = text.into();
    }

    /// Sets a time. In a JSON report one moment is written in many ways; Inspector's export has one.
    fn set_time(&mut self, column: Column, time: Scalar<'a>) {
        if time.0.is_empty() || timestamp::has_canonical_shape(&time.0) {
            return self.set(column, time.0);
        }
        let text = match timestamp::parse(&time.0) {
            // What is finer than a millisecond would be lost: then it stays as it was written.
            Some(parsed) if parsed.subsec_nanosecond() % 1_000_000 == 0 => Cow::Owned(timestamp::write(parsed)),
            _ => time.0,
        };
        self.set(column, text);
    }

    fn other(&mut self, parent: &str, unknown: Vec<Unknown<'a>>) {
        for (name, value) in unknown {
            self.other_field(parent, &name, value.get());
        }
    }

    /// Adds a field that has no column. `value` is JSON.
    fn other_field(&mut self, parent: &str, name: &str, value: &str) {
        if matches!(value, "null" | "\"\"" | "[]" | "{}") {
            return;
        }
        let separator = if self.other.is_empty() { '{' } else { ',' };
        self.other.push(separator);
        self.other.push_str(&quoted(&format!("{parent}{name}")));
        self.other.push(':');
        self.other.push_str(value);
    }

    fn finding(&mut self, finding: Finding<'a>) {
        let Finding { epss, exploitability, inspector_score_details: details, remediation, unknown, .. } = finding;
        self.set(Column::AwsAccountId, finding.account.0);
        self.set(Column::Severity, finding.severity.0);
        self.set(Column::FixAvailable, finding.fix_available.0);
        self.set(Column::FindingType, finding.finding_type.0);
        self.set(Column::Title, finding.title.0);
        self.set(Column::Description, finding.description.0);
        self.set(Column::FindingArn, finding.arn.0);
        self.set_time(Column::FirstSeen, finding.first_observed_at);
        self.set_time(Column::LastSeen, finding.last_observed_at);
        self.set_time(Column::LastUpdated, finding.updated_at);
        self.set(Column::Status, finding.status.0);
        self.set(Column::ExploitAvailable, finding.exploit_available.0);
        self.set_time(Column::LastExploitedAt, exploitability.last_known_exploit_at);
        self.set(Column::EpssScore, epss.score.0);
        self.set(Column::InspectorScore, finding.inspector_score.0);
        self.score(details.adjusted);
        self.set(Column::Remediation, remediation.recommendation.text.0);
        self.set(Column::RemediationUrl, remediation.recommendation.url.0);
        self.network(finding.network);
        self.vulnerability(finding.vulnerability);
        self.code(finding.code);
        self.resources(finding.resources);
        self.other("", unknown);
        self.other("epss.", epss.unknown);
        self.other("exploitabilityDetails.", exploitability.unknown);
        self.other("inspectorScoreDetails.", details.unknown);
        self.other("remediation.recommendation.", remediation.recommendation.unknown);
        self.other("remediation.", remediation.unknown);
    }

    fn score(&mut self, cvss: AdjustedCvss<'a>) {
        const PARENT: &str = "inspectorScoreDetails.adjustedCvss.";
        self.set(Column::InspectorScoreVector, cvss.vector.0);
        if self.known[Column::InspectorScore as usize].is_empty() {
            self.set(Column::InspectorScore, cvss.score.0);
        }
        if cvss.cvss_source != cvss.score_source {
            self.other_field(PARENT, "cvssSource", &quoted(&cvss.cvss_source.0));
        }
        self.set(Column::InspectorScoreSource, cvss.score_source.0);
        let adjustments = cvss.adjustments.0.iter().map(|a| Text(format!("{}: {}", a.metric.0, a.reason.0).into()));
        self.set(Column::InspectorScoreAdjustments, join(adjustments.collect(), ", "));
        cvss.adjustments.0.into_iter().for_each(|adjustment| self.other(PARENT, adjustment.unknown));
        self.other(PARENT, cvss.unknown);
    }

    fn network(&mut self, network: Network<'a>) {
        let (mut ids, mut types) = (Vec::new(), Vec::new());
        for step in network.path.steps.0 {
            ids.push(step.id);
            types.push(step.component_type);
            self.other("networkReachabilityDetails.networkPath.steps.", step.unknown);
        }
        self.set(Column::NetworkPaths, join(ids, ", "));
        if types.iter().any(|text| !text.is_empty()) {
            self.set(Column::NetworkPathTypes, join(types, ", "));
        }
        let (begin, end) = (network.ports.begin.0, network.ports.end.0);
        if !begin.is_empty() || !end.is_empty() {
            self.set(Column::PortRange, format!("{begin}-{end}"));
        }
        self.set(Column::Protocol, network.protocol.0);
        self.other("networkReachabilityDetails.networkPath.", network.path.unknown);
        self.other("networkReachabilityDetails.openPortRange.", network.ports.unknown);
        self.other("networkReachabilityDetails.", network.unknown);
    }

    fn vulnerability(&mut self, vulnerability: Vulnerability<'a>) {
        const PARENT: &str = "packageVulnerabilityDetails.";
        self.cvss(vulnerability.cvss);
        self.set(Column::ReferenceUrls, join(vulnerability.references.0, ","));
        self.set(Column::RelatedVulnerabilities, join(vulnerability.related.0, ", "));
        self.set(Column::Vendor, vulnerability.source.0);
        self.set(Column::VendorAdvisory, vulnerability.source_url.0);
        self.set_time(Column::VendorAdvisoryPublished, vulnerability.vendor_created_at);
        self.set_time(Column::VendorAdvisoryUpdated, vulnerability.vendor_updated_at);
        self.set(Column::VendorSeverity, vulnerability.vendor_severity.0);
        self.set(Column::VulnerabilityId, vulnerability.id.0);
        self.packages(vulnerability.packages);
        self.other(PARENT, vulnerability.unknown);
    }

    /// The scores that have a column: one of NVD and one of the vendor for each version of CVSS, that of the highest
    /// minor version (3.1 before 3.0). The others go to the fields without a column.
    fn cvss(&mut self, mut scores: List<Cvss<'a>>) {
        scores.0.sort_by(|a, b| b.version.0.cmp(&a.version.0));
        for cvss in scores.0 {
            let nvd = cvss.source.0.eq_ignore_ascii_case("NVD");
            let columns = match (cvss.version.0.as_bytes().first(), nvd) {
                (Some(b'4'), true) => Some((Column::NvdCvss4Score, Column::NvdCvss4Vector)),
                (Some(b'4'), false) => Some((Column::VendorCvss4Score, Column::VendorCvss4Vector)),
                (Some(b'3'), true) => Some((Column::NvdCvss3Score, Column::NvdCvss3Vector)),
                (Some(b'3'), false) => Some((Column::VendorCvss3Score, Column::VendorCvss3Vector)),
                (Some(b'2'), true) => Some((Column::NvdCvss2Score, Column::NvdCvss2Vector)),
                (Some(b'2'), false) => Some((Column::VendorCvss2Score, Column::VendorCvss2Vector)),
                _ => None,
            };
            let is_free = |column: Column| self.known[column as usize].is_empty();
            match columns {
                Some((score, vector)) if is_free(score) && is_free(vector) => {
                    self.set(score, cvss.score.0);
                    self.set(vector, cvss.vector.0);
                }
                _ => {
                    let (source, version) = (&cvss.source.0, &cvss.version.0);
                    let value = format!("{} {}", cvss.score.0, cvss.vector.0);
                    self.other_field("cvss.", &format!("{source}.{version}"), &quoted(value.trim()));
                }
            }
            self.other("packageVulnerabilityDetails.cvss.", cvss.unknown);
        }
    }

    fn packages(&mut self, packages: List<Package<'a>>) {
        let count = packages.0.len();
        let new = || Vec::with_capacity(count);
        let (mut names, mut installed, mut fixed, mut remediations) = (new(), new(), new(), new());
        let (mut managers, mut paths, mut architectures, mut layers, mut lambda_layers, mut reachability) =
            (new(), new(), new(), new(), new(), new());
        for package in packages.0 {
            installed.push(version(&package));
            names.push(package.name);
            fixed.push(package.fixed);
            remediations.push(package.remediation);
            managers.push(package.manager);
            paths.push(package.path);
            architectures.push(package.arch);
            layers.push(package.source_layer);
            lambda_layers.push(package.source_lambda_layer);
            reachability.push(package.reachability);
            self.other("packageVulnerabilityDetails.vulnerablePackages.", package.unknown);
        }
        self.set(Column::AffectedPackages, join(names, ", "));
        self.set(Column::PackageInstalledVersion, parallel(installed));
        self.set(Column::FixedInVersion, parallel(fixed));
        if remediations.iter().all(|text| text.0 == NONE) {
            remediations.truncate(1);
        }
        self.set(Column::PackageRemediation, parallel(remediations));
        for (column, values) in [
            (Column::PackageManager, managers),
            (Column::FilePath, paths),
            (Column::PackageArchitecture, architectures),
            (Column::PackageSourceLayer, layers),
            (Column::SourceLambdaLayer, lambda_layers),
            (Column::RuntimeReachability, reachability),
        ] {
            self.set(column, common(values));
        }
    }

    fn code(&mut self, code: Code<'a>) {
        const PARENT: &str = "codeVulnerabilityDetails.";
        self.set(Column::Cwes, join(code.cwes.0, ", "));
        self.set(Column::DetectorId, code.detector_id.0);
        self.set(Column::DetectorName, code.detector_name.0);
        self.set(Column::DetectorTags, join(code.detector_tags.0, ", "));
        self.set(Column::RuleId, code.rule_id.0);
        if !code.source_lambda_layer.is_empty() {
            self.set(Column::SourceLambdaLayer, code.source_lambda_layer.0);
        }
        if !code.references.0.is_empty() {
            self.set(Column::ReferenceUrls, join(code.references.0, ","));
        }
        let file = code.file;
        self.set(Column::StartLine, file.start_line.0);
        self.set(Column::EndLine, file.end_line.0);
        match (file.path.is_empty(), file.name.is_empty()) {
            (false, false) if !file.path.0.ends_with(file.name.0.as_ref()) => {
                self.other_field(PARENT, "filePath.fileName", &quoted(&file.name.0));
                self.set(Column::FilePath, file.path.0);
            }
            (false, _) => self.set(Column::FilePath, file.path.0),
            (true, false) => self.set(Column::FilePath, file.name.0),
            (true, true) => {}
        }
        self.other("codeVulnerabilityDetails.filePath.", file.unknown);
        self.other(PARENT, code.unknown);
    }

    /// The first resource is the one that the finding is on; the API allows more, and none has been seen.
    fn resources(&mut self, resources: List<Resource<'a>>) {
        for (place, resource) in resources.0.into_iter().enumerate() {
            if place > 0 {
                let (id, kind) = (quoted(&resource.id.0), quoted(&resource.resource_type.0));
                self.other_field("resources.", &place.to_string(), &format!("{{\"id\":{id},\"type\":{kind}}}"));
                continue;
            }
            self.set(Column::ResourceId, resource.id.0);
            self.set(Column::ResourceType, resource.resource_type.0);
            self.set(Column::Region, resource.region.0);
            self.set(Column::ResourcePartition, resource.partition.0);
            self.set(Column::ResourceTags, tags(&resource.tags));
            self.details(resource.details);
            self.other("resources.", resource.unknown);
        }
    }

    fn details(&mut self, details: Details<'a>) {
        details.instance.into_iter().for_each(|instance| self.instance(*instance));
        details.image.into_iter().for_each(|image| self.image(*image));
        details.function.into_iter().for_each(|function| self.function(*function));
        if let Some(repository) = details.code_repository {
            self.set(Column::CodeRepositoryProject, repository.project.0);
            self.set(Column::CodeRepositoryProvider, repository.provider.0);
            self.set(Column::CodeRepositoryIntegration, repository.integration.0);
            self.other("resources.details.codeRepository.", repository.unknown);
        }
        self.other("resources.details.", details.unknown);
    }

    fn instance(&mut self, instance: Instance<'a>) {
        let (private, public) = instance.ipv4.0.into_iter().partition(|address| is_private(&address.0));
        self.set(Column::ResourcePublicIpv4, join(public, ","));
        self.set(Column::ResourcePrivateIpv4, join(private, ","));
        self.set(Column::ResourceIpv6, join(instance.ipv6.0, ","));
        self.set(Column::Ami, instance.ami.0);
        self.set(Column::Platform, instance.platform.0);
        self.set(Column::ResourceVpc, instance.vpc.0);
        self.set(Column::ResourceSubnet, instance.subnet.0);
        self.set(Column::InstanceType, instance.instance_type.0);
        self.set(Column::InstanceKeyName, instance.key_name.0);
        self.set(Column::InstanceProfile, instance.profile.0);
        self.set_time(Column::InstanceLaunchedAt, instance.launched_at);
        self.other("resources.details.awsEc2Instance.", instance.unknown);
    }

    fn image(&mut self, image: Image<'a>) {
        self.set(Column::ContainerImageTags, join(image.tags.0, ", "));
        self.set(Column::Platform, image.platform.0);
        self.set(Column::ImageInUseCount, image.in_use_count.0);
        self.set_time(Column::ImageLastInUseAt, image.last_in_use_at);
        self.set(Column::ImageDigest, image.digest.0);
        self.set(Column::ImageRepository, image.repository.0);
        self.set(Column::ImageRegistry, image.registry.0);
        self.set(Column::ImageArchitecture, image.architecture.0);
        self.set(Column::ImageAuthor, image.author.0);
        self.set_time(Column::ImagePushedAt, image.pushed_at);
        self.other("resources.details.awsEcrContainerImage.", image.unknown);
    }

    fn function(&mut self, function: Function<'a>) {
        self.set(Column::Platform, function.runtime.0);
        self.set(Column::LambdaLayers, join(function.layers.0, ","));
        self.set(Column::LambdaPackageType, function.package_type.0);
        self.set_time(Column::LambdaLastUpdatedAt, function.last_modified_at);
        self.set(Column::LambdaFunctionName, function.name.0);
        self.set(Column::LambdaVersion, function.version.0);
        self.set(Column::LambdaCodeSha256, function.code_sha256.0);
        self.set(Column::LambdaExecutionRole, function.role.0);
        self.set(Column::LambdaArchitectures, join(function.architectures.0, ", "));
        self.set(Column::LambdaSecurityGroups, join(function.vpc.security_groups.0, ", "));
        self.set(Column::ResourceSubnet, join(function.vpc.subnets.0, ", "));
        self.set(Column::ResourceVpc, function.vpc.id.0);
        self.other("resources.details.awsLambdaFunction.vpcConfig.", function.vpc.unknown);
        self.other("resources.details.awsLambdaFunction.", function.unknown);
    }
}

/// A text as JSON.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn join<'a>(texts: Vec<Text<'a>>, separator: &str) -> Cow<'a, str> {
    let mut texts = texts.into_iter();
    let mut joined = texts.next().unwrap_or_default().0;
    for text in texts {
        let joined = joined.to_mut();
        joined.push_str(separator);
        joined.push_str(&text.0);
    }
    joined
}

/// A list with one item for each package; blank when no package has the value.
fn parallel(mut texts: Vec<Text<'_>>) -> Cow<'_, str> {
    if texts.iter().all(Text::is_empty) {
        return Cow::Borrowed("");
    }
    texts.iter_mut().filter(|text| text.is_empty()).for_each(|text| *text = Text(Cow::Borrowed(NONE)));
    join(texts, ", ")
}

/// One item for all packages where it is the same, else a list with one for each.
fn common(mut texts: Vec<Text<'_>>) -> Cow<'_, str> {
    if texts.windows(2).all(|pair| pair[0] == pair[1]) {
        texts.truncate(1);
    }
    parallel(texts)
}

/// An installed version as package managers write it: `epoch:version-release`, the epoch only where it is not 0.
fn version<'a>(package: &Package<'a>) -> Text<'a> {
    let epoch = if matches!(package.epoch.0.as_ref(), "" | "0") { "" } else { package.epoch.0.as_ref() };
    if epoch.is_empty() && package.release.is_empty() {
        return package.version.clone();
    }
    let colon = if epoch.is_empty() { "" } else { ":" };
    let dash = if package.release.is_empty() { "" } else { "-" };
    Text(Cow::Owned([epoch, colon, &package.version.0, dash, &package.release.0].concat()))
}

/// Whether an address is one of a private network (RFC 1918) or of the shared space that VPCs use too (RFC 6598).
fn is_private(address: &str) -> bool {
    address.parse::<Ipv4Addr>().is_ok_and(|ip| {
        let [a, b, ..] = ip.octets();
        ip.is_private() || ip.is_link_local() || (a == 100 && (64..128).contains(&b))
    })
}

/// Tags as `key:value,key:value`, or as a JSON object where that would be read as something else.
fn tags<'a>(tags: &Tags<'a>) -> Cow<'a, str> {
    if tags.0.is_empty() {
        return Cow::Borrowed("");
    }
    let is_plain = |(Text(key), Text(value)): &(Text<'_>, Text<'_>)| {
        let colons = |text: &str| text.contains(':');
        let trimmed = |text: &str| text.trim().len() == text.len();
        let aws = key.starts_with("aws:");
        !key.is_empty()
            && !key.contains(['=', ',', '{'])
            && !value.contains(['=', ','])
            && (if aws { !colons(value) } else { !colons(key) })
            && trimmed(key)
            && trimmed(value)
    };
    let mut text = String::new();
    if tags.0.iter().all(is_plain) {
        for (Text(key), Text(value)) in &tags.0 {
            let comma = if text.is_empty() { "" } else { "," };
            text.extend([comma, key.as_ref(), ":", value.as_ref()]);
        }
    } else {
        for (Text(key), Text(value)) in &tags.0 {
            text.extend([if text.is_empty() { "{" } else { "," }, &quoted(key), ":", &quoted(value)]);
        }
        text.push('}');
    }
    Cow::Owned(text)
}

#[cfg(test)]
mod tests {
    use inspector_report_model::tags as read_tags;
    use proptest::prelude::*;

    use super::*;

    fn cells(json: &str) -> Vec<(String, String)> {
        let cells = Cells::new(serde_json::from_str(json).unwrap());
        let named = headings().enumerate().map(|(place, heading)| (heading.to_owned(), cells.get(place).to_owned()));
        named.filter(|(_, cell)| !cell.is_empty()).collect()
    }

    fn expect(json: &str, expected: &[(&str, &str)]) {
        let cells = cells(json);
        let seen: Vec<(&str, &str)> = cells.iter().map(|(heading, cell)| (heading.as_str(), cell.as_str())).collect();
        assert_eq!(seen, expected);
    }

    /// A finding that has a value at a path and nothing else.
    fn at(path: &str, value: &str) -> String {
        path.rsplit('.').fold(value.to_owned(), |inner, field| match field.strip_suffix("[]") {
            Some(field) => format!(r#"{{"{field}":[{inner}]}}"#),
            None => format!(r#"{{"{field}":{inner}}}"#),
        })
    }

    #[test]
    fn every_column_is_read_from_where_the_api_has_it() {
        for column in Column::ALL.iter().filter(|column| !column.api_path().is_empty()) {
            let path = column.api_path();
            let (parent, field) = path.rsplit_once('.').unwrap_or(("", path));
            let finding = match column {
                Column::ResourcePublicIpv4 => at(path, r#"["8.8.8.8"]"#),
                Column::ResourcePrivateIpv4 => at(path, r#"["10.0.0.1"]"#),
                Column::PortRange => at(path, r#"{"begin":1,"end":2}"#),
                Column::ResourceTags => at(path, r#"{"a":"b"}"#),
                Column::InspectorScoreAdjustments => at(path, r#"[{"metric":"a","reason":"b"}]"#),
                _ if parent.ends_with("cvss[]") => {
                    let is_nvd = column.name().starts_with("NVD");
                    let version = column.name().bytes().find(u8::is_ascii_digit).unwrap() - b'0';
                    let source = if is_nvd { "NVD" } else { "UBUNTU_CVE" };
                    at(parent, &format!(r#"{{"{field}":"7","source":"{source}","version":"{version}.0"}}"#))
                }
                _ => at(path, r#""7""#),
            };
            // Some fields are lists. A list where a text belongs is an error.
            let listed = finding.replace(r#""7""#, r#"["7"]"#);
            let has = |finding: &&String| {
                let finding = serde_json::from_str(finding).ok();
                finding.is_some_and(|finding| !Cells::new(finding).get(*column as usize).is_empty())
            };
            assert!([&finding, &listed].iter().any(has), "{}: {finding}", column.name());
        }
    }

    #[test]
    fn a_time_in_any_encoding_is_told_in_one() {
        for time in [
            r#""2024-02-02T17:30:33.045000+01:00""#,
            r#""2024-02-02 16:30:33.045Z""#,
            r#""Fri Feb 02 16:30:33.045 UTC 2024""#,
            "1706891433.045",
            "1.706891433045E9",
        ] {
            expect(&format!(r#"{{"firstObservedAt":{time}}}"#), &[("First Seen", "2024-02-02T16:30:33.045Z")]);
        }
        expect(r#"{"updatedAt":"soon"}"#, &[("Last Updated", "soon")]);
    }

    #[test]
    fn scalars_are_kept_as_they_were_written() {
        expect(
            r#"{"awsAccountId":"000000000001","severity":"NEW","inspectorScore":7.0,"epss":{"score":null},"status":true}"#,
            &[("AWS Account Id", "000000000001"), ("Severity", "NEW"), ("Inspector Score", "7.0"), ("Status", "true")],
        );
    }

    #[test]
    fn packages_are_lists_in_the_same_order() {
        expect(
            r#"{"packageVulnerabilityDetails":{"vulnerablePackages":[
                {"name":"a","version":"1","release":"2.el7","epoch":0,"fixedInVersion":"1-3","packageManager":"OS"},
                {"name":"@b/c","version":"2","epoch":1,"packageManager":"OS","filePath":"x"}]}}"#,
            &[
                ("Affected Packages", "a, @b/c"),
                ("Package Installed Version", "1-2.el7, 1:2"),
                ("Fixed in Version", "1-3, NotAvailable"),
                ("File Path", "NotAvailable, x"),
                ("Package Manager", "OS"),
            ],
        );
    }

    #[test]
    fn scores_go_to_the_column_of_their_source_and_version() {
        let score = |source: &str, version: &str, score: &str| {
            format!(r#"{{"source":"{source}","version":"{version}","baseScore":{score},"scoringVector":"v{score}"}}"#)
        };
        let scores = [("NVD", "3.0", "1"), ("NVD", "3.1", "2"), ("REDHAT_CVE", "2.0", "3"), ("NVD", "4.0", "4")];
        let scores = scores.map(|(a, b, c)| score(a, b, c)).join(",");
        expect(
            &format!(r#"{{"packageVulnerabilityDetails":{{"cvss":[{scores}]}}}}"#),
            &[
                ("NVD CVSS3 Score", "2"),
                ("NVD CVSS3 Vector", "v2"),
                ("Vendor CVSS2 Score", "3"),
                ("Vendor CVSS2 Vector", "v3"),
                ("NVD CVSS4 Score", "4"),
                ("NVD CVSS4 Vector", "v4"),
                ("Other Fields", r#"{"cvss.NVD.3.0":"1 v1"}"#),
            ],
        );
    }

    #[test]
    fn addresses_are_told_apart() {
        expect(
            r#"{"resources":[{"details":{"awsEc2Instance":{"ipV4Addresses":["8.84.11.16","10.52.88.71","172.32.0.1","100.64.0.9"]}}}]}"#,
            &[("Resource Public Ipv4", "8.84.11.16,172.32.0.1"), ("Resource Private Ipv4", "10.52.88.71,100.64.0.9")],
        );
    }

    #[test]
    fn unknown_fields_are_kept_with_their_place() {
        expect(
            r#"{"new":[1],"none":null,"resources":[{"details":{"azureVm":{"a":{}}},"x":"}\"}"},{"id":"i-2"}]}"#,
            &[(
                "Other Fields",
                r#"{"resources.details.azureVm":{"a":{}},"resources.x":"}\"}","resources.1":{"id":"i-2","type":""},"new":[1]}"#,
            )],
        );
    }

    proptest! {
        #[test]
        fn tags_come_back(pairs in prop::collection::vec(("(aws:)?[a-z:=,{ ]{1,6}", "[a-z:=,\"\\\\ ]{0,6}"), 0..4)) {
            let mut keys = std::collections::BTreeSet::new();
            let pairs: Vec<(String, String)> = pairs.into_iter().filter(|(key, _)| keys.insert(key.clone())).collect();
            let text = |text: &String| Text(Cow::Owned(text.clone()));
            let cell = tags(&Tags(pairs.iter().map(|(key, value)| (text(key), text(value))).collect()));
            let mut read: Vec<(String, String)> =
                read_tags(&cell).into_iter().map(|(key, value)| (key.into_owned(), value.into_owned())).collect();
            let mut expected = pairs.clone();
            read.sort();
            expected.sort();
            prop_assert_eq!(read, expected, "{}", cell);
        }

        /// The cell of unknown fields is JSON, whatever they hold.
        #[test]
        fn other_fields_are_json(values in prop::collection::vec("\\PC{0,8}", 1..5)) {
            let object: serde_json::Map<String, serde_json::Value> =
                values.iter().map(|value| (format!("x{value}"), serde_json::Value::from(format!("{value}}}")))).collect();
            let json = serde_json::Value::Object(object.clone()).to_string();
            let (heading, cell) = cells(&json).pop().unwrap();
            prop_assert_eq!(heading, OTHER_FIELDS);
            prop_assert_eq!(serde_json::from_str::<serde_json::Value>(&cell).unwrap(), serde_json::Value::Object(object));
        }
    }
}

//! What a finding, a vulnerability, a resource and a package say, typed.
//!
//! Each is a few words that borrow the report; making one costs nothing. Texts are as the input has them.

use std::borrow::Cow;

use jiff::Timestamp;

use crate::{
    Acceptance, Report, ReportColumn, View,
    column::{Column, Part},
    header::Cells,
    store::at,
    value::{self, Cvss, ExploitAvailable, FindingType, FixAvailable, ResourceType, ScoreSource, Severity, Status},
};

/// One vulnerability on one resource.
#[derive(Clone, Copy, Debug)]
pub struct Finding<'a> {
    pub(crate) report: &'a Report,
    /// What is known besides the report: triage, and an earlier report.
    view: Option<&'a View>,
    /// Its row in the report.
    pub(crate) stored: usize,
    /// Its place in the view, or in the report where there is none.
    place: usize,
}

impl<'a> Finding<'a> {
    /// That of a row, as the report alone tells of it.
    pub(crate) fn read(report: &'a Report, row: usize) -> Finding<'a> {
        Finding { report, view: None, stored: row, place: row }
    }

    /// That of a row of the report which has this place in the view.
    pub(crate) fn viewed(view: &'a View, row: usize, place: usize) -> Finding<'a> {
        Finding { report: view.report(), view: Some(view), stored: row, place }
    }

    /// The place of the finding in the view or the report that gave it, from 0.
    pub fn row(self) -> usize {
        self.place
    }

    /// The columns of its cells.
    pub(crate) fn columns(self) -> &'a [ReportColumn] {
        self.view.map_or(self.report.columns(), View::columns)
    }

    /// The cell of a column of the input, by the column's place, exactly as it was written, but for account ids that were
    /// [repaired](Resource::account_as_written).
    pub fn cell(self, column: usize) -> Cow<'a, str> {
        let Some(column) = self.columns().get(column) else { return Cow::Borrowed("") };
        match self.view {
            Some(view) if column.cells == Cells::Accepted => Cow::Borrowed(view.acceptances().line(self.stored)),
            _ => self.report.cell(self.stored, column),
        }
    }

    /// The place of the decision to live with it among those that the view was given.
    pub fn acceptance_number(self) -> Option<usize> {
        self.view?.acceptances().number(self.stored)
    }

    /// The decision to live with it, if there is one.
    pub fn acceptance(self) -> Option<&'a Acceptance> {
        let acceptances = self.view?.acceptances();
        acceptances.all().get(acceptances.number(self.stored)?)
    }

    /// The same, but of an account id that was repaired what was written.
    pub(crate) fn written_cell(self, column: usize) -> Cow<'a, str> {
        let is_account = self.columns().get(column).is_some_and(|c| c.column == Some(Column::AwsAccountId));
        match self.resource().account_as_written().filter(|_| is_account) {
            Some(written) => Cow::Borrowed(written),
            None => self.cell(column),
        }
    }

    /// The cell of one of Inspector's columns, exactly as it was written; empty when the input lacks the column.
    pub fn get(self, column: Column) -> Cow<'a, str> {
        self.report.store.known(self.stored, column)
    }

    /// The cell of one of Inspector's columns as a point in time. In a report that is compared with an earlier one, First
    /// Seen is the earlier of both, as every figure and every list has it.
    pub fn timestamp(self, column: Column) -> Option<Timestamp> {
        match column {
            Column::FirstSeen => self.first_seen(),
            _ => self.written_timestamp(column),
        }
    }

    /// The cell of one of Inspector's columns as a point in time, whatever an earlier report says.
    fn written_timestamp(self, column: Column) -> Option<Timestamp> {
        match column.part() {
            Part::Own => self.report.store.own(self.stored, column).timestamp(&self.report.store.texts),
            _ => crate::timestamp::parse(self.shared(column)),
        }
    }

    /// The cell of one of Inspector's columns as a number.
    pub fn number(self, column: Column) -> Option<f64> {
        match column.part() {
            Part::Own => self.report.store.own(self.stored, column).number(&self.report.store.texts),
            _ => value::number(self.shared(column)),
        }
    }

    /// `severity`.
    pub fn severity(self) -> Severity<'a> {
        Severity::parse(self.shared(Column::Severity))
    }

    /// `status`.
    pub fn status(self) -> Status<'a> {
        Status::parse(self.shared(Column::Status))
    }

    /// Whether someone has to do something about it: it is neither suppressed nor closed, and nobody has
    /// [accepted](Finding::acceptance) it.
    pub fn is_open(self) -> bool {
        self.status().is_open() && self.acceptance().is_none()
    }

    /// `type`.
    pub fn finding_type(self) -> FindingType<'a> {
        FindingType::parse(self.shared(Column::FindingType))
    }

    /// `fixAvailable`.
    pub fn fix_available(self) -> FixAvailable<'a> {
        FixAvailable::parse(self.shared(Column::FixAvailable))
    }

    /// `exploitAvailable`.
    pub fn exploit_available(self) -> ExploitAvailable<'a> {
        ExploitAvailable::parse(self.shared(Column::ExploitAvailable))
    }

    /// `title`.
    pub fn title(self) -> &'a str {
        self.shared(Column::Title)
    }

    /// `description`: at most 1,024 characters, often several lines.
    pub fn description(self) -> &'a str {
        self.shared(Column::Description)
    }

    /// `findingArn`: unique to the finding.
    pub fn arn(self) -> Cow<'a, str> {
        self.get(Column::FindingArn)
    }

    /// When it was first seen, as this report knows and, if it is compared with one, the earlier report: the earlier of
    /// both, since Inspector's own time starts again with every new digest of a container image.
    pub fn first_seen(self) -> Option<Timestamp> {
        let own = self.first_observed_at();
        let Some(comparison) = self.view.and_then(View::comparison) else { return own };
        let before = comparison.before(self).and_then(Finding::first_observed_at);
        own.into_iter().chain(before).min()
    }

    /// `firstObservedAt`, as this report has it.
    pub fn first_observed_at(self) -> Option<Timestamp> {
        self.written_timestamp(Column::FirstSeen)
    }

    /// `lastObservedAt`.
    pub fn last_seen(self) -> Option<Timestamp> {
        self.timestamp(Column::LastSeen)
    }

    /// `updatedAt`.
    pub fn last_updated(self) -> Option<Timestamp> {
        self.timestamp(Column::LastUpdated)
    }

    /// `updatedAt`, unless it lies ahead of the date of the data: then it is wrong, and says nothing of which row is newer.
    pub fn believed_update(self) -> Option<Timestamp> {
        let date = self.report.data_date();
        self.last_updated().filter(|time| date.is_none_or(|date| *time <= date))
    }

    /// `exploitabilityDetails.lastKnownExploitAt`.
    pub fn last_exploited_at(self) -> Option<Timestamp> {
        self.timestamp(Column::LastExploitedAt)
    }

    /// The age that the report gives, in days; where an earlier report has seen it before, counted from then.
    pub fn age_days(self) -> Option<f64> {
        let age = self.number(Column::AgeDays)?;
        let (first, own) = (self.first_seen(), self.first_observed_at());
        let earlier = first.zip(own).map_or(0, |(first, own)| own.duration_since(first).as_secs() / 86_400);
        Some(age + earlier as f64)
    }

    /// Inspector's own score with its vector: the vendor's or NVD's, adjusted to the resource.
    pub fn inspector_score(self) -> Option<Cvss<'a>> {
        let vector = self.shared(Column::InspectorScoreVector);
        Cvss::new(ScoreSource::Inspector, "3", self.shared(Column::InspectorScore), vector)
    }

    /// `remediation.recommendation.text`; `None` where Inspector says `None Provided`.
    pub fn remediation(self) -> Option<&'a str> {
        some(self.shared(Column::Remediation))
    }

    /// The file that the finding is about. Of several, the first by name: their order may change.
    pub fn file(self) -> Option<&'a str> {
        let whole = self.file_path()?;
        let mut packages = self.packages().peekable();
        if packages.peek().is_none() {
            return Some(whole);
        }
        let first = packages.filter_map(|package| package.path).min();
        first.or_else(|| whole.split(',').map(str::trim).filter(|path| !path.is_empty()).min())
    }

    /// The vulnerability; `None` for network and code findings, which have no vulnerability id.
    pub fn vulnerability(self) -> Option<Vulnerability<'a>> {
        Some(self.vulnerability_facts()).filter(|vulnerability| !vulnerability.id().is_empty())
    }

    /// What the report says about the vulnerability, also where it has no id.
    pub fn vulnerability_facts(self) -> Vulnerability<'a> {
        Vulnerability { report: self.report, index: at(&self.report.store.vulnerability, self.stored) }
    }

    /// The resource that the finding is on.
    pub fn resource(self) -> Resource<'a> {
        Resource { report: self.report, index: at(&self.report.store.resource, self.stored) }
    }

    /// The number of the finding's packages: findings with the same number have the same packages, title and path.
    pub fn packages_index(self) -> u32 {
        at(&self.report.store.package, self.stored)
    }

    /// The affected packages. Blank for many package findings, on Windows above all.
    pub fn packages(self) -> impl Iterator<Item = Package<'a>> {
        let names: Vec<&'a str> = value::list(self.shared(Column::AffectedPackages)).collect();
        let count = names.len();
        let parallel = |column| parallel(self.shared(column), &names);
        let (installed, fixed, remediation) = (
            parallel(Column::PackageInstalledVersion),
            parallel(Column::FixedInVersion),
            parallel(Column::PackageRemediation),
        );
        let managers = parallel(Column::PackageManager);
        let paths = parallel(Column::FilePath);
        (0..count).map(move |i| Package {
            name: names[i],
            installed: installed[i],
            fixed: fixed[i],
            remediation: remediation[i],
            manager: managers[i],
            path: paths[i],
        })
    }

    /// The file that a package or code finding is about: inside the image, the volume or the function.
    pub fn file_path(self) -> Option<&'a str> {
        some(self.shared(Column::FilePath))
    }

    /// The components of the network path, from the internet to the instance.
    pub fn network_path(self) -> impl Iterator<Item = &'a str> {
        value::list(self.shared(Column::NetworkPaths))
    }

    /// The open ports, `22-22`.
    pub fn port_range(self) -> Option<&'a str> {
        some(self.shared(Column::PortRange))
    }

    /// The protocol of the open ports: the CSV has it at the end of the title alone (`... Internet Gateway - TCP`).
    pub fn protocol(self) -> Option<&'a str> {
        if let Some(protocol) = some(self.shared(Column::Protocol)) {
            return Some(protocol);
        }
        let (_, end) = self.title().rsplit_once(" - ")?;
        (self.finding_type() == FindingType::NetworkReachability && matches!(end, "TCP" | "UDP")).then_some(end)
    }

    /// The name of the detector that made a code finding.
    pub fn detector_name(self) -> Option<&'a str> {
        some(self.shared(Column::DetectorName))
    }

    /// `codeVulnerabilityDetails.cwes`: the kinds of weakness, `CWE-117`. JSON alone has it.
    pub fn weaknesses(self) -> impl Iterator<Item = &'a str> {
        value::list(self.shared(Column::Cwes))
    }

    /// `codeVulnerabilityDetails.filePath`: the first and the last line of a weakness in code, from 1. JSON alone has it.
    pub fn lines(self) -> Option<(u32, u32)> {
        let line = |column| self.shared(column).trim().parse().ok().filter(|line| *line > 0);
        let first = line(Column::StartLine)?;
        Some((first, line(Column::EndLine).filter(|last| *last >= first).unwrap_or(first)))
    }

    /// `remediation.recommendation.Url`. Not checked to be a URL. JSON alone has it.
    pub fn remediation_url(self) -> Option<&'a str> {
        some(self.shared(Column::RemediationUrl))
    }

    fn shared(self, column: Column) -> &'a str {
        self.report.store.shared(self.stored, column)
    }
}

/// What a report says about a vulnerability.
#[derive(Clone, Copy, Debug)]
pub struct Vulnerability<'a> {
    pub(crate) report: &'a Report,
    pub(crate) index: u32,
}

impl<'a> Vulnerability<'a> {
    /// The place among [`Report::vulnerabilities`].
    pub fn index(self) -> u32 {
        self.index
    }

    /// `vulnerabilityId`: `CVE-`, `GHSA-`, `ALAS`, ...; empty for network and code findings.
    pub fn id(self) -> &'a str {
        self.cell(Column::VulnerabilityId).trim()
    }

    /// The description.
    pub fn description(self) -> &'a str {
        self.cell(Column::Description)
    }

    /// `source`: who published the vulnerability.
    pub fn vendor(self) -> Option<&'a str> {
        some(self.cell(Column::Vendor))
    }

    /// `vendorSeverity`: free text.
    pub fn vendor_severity(self) -> Option<&'a str> {
        some(self.cell(Column::VendorSeverity))
    }

    /// `sourceUrl`: the advisory. Not checked to be a URL.
    pub fn advisory(self) -> Option<&'a str> {
        some(self.cell(Column::VendorAdvisory))
    }

    /// The page of the database that gives out the id ([`value::vulnerability_page`]); for other ids the advisory, which
    /// is not checked to be a URL.
    pub fn page(self) -> Option<Cow<'a, str>> {
        value::vulnerability_page(self.id()).map(Cow::Owned).or_else(|| self.advisory().map(Cow::Borrowed))
    }

    /// `vendorCreatedAt`: when the vendor published it.
    pub fn published(self) -> Option<Timestamp> {
        crate::timestamp::parse(self.cell(Column::VendorAdvisoryPublished))
    }

    /// The CVSS scores of NVD and of the vendor, the newer version of CVSS first.
    pub fn scores(self) -> impl Iterator<Item = Cvss<'a>> {
        let vendor = ScoreSource::Vendor(self.vendor().unwrap_or_default());
        [
            (ScoreSource::Nvd, "4", Column::NvdCvss4Score, Column::NvdCvss4Vector),
            (vendor, "4", Column::VendorCvss4Score, Column::VendorCvss4Vector),
            (ScoreSource::Nvd, "3", Column::NvdCvss3Score, Column::NvdCvss3Vector),
            (vendor, "3", Column::VendorCvss3Score, Column::VendorCvss3Vector),
            (ScoreSource::Nvd, "2", Column::NvdCvss2Score, Column::NvdCvss2Vector),
            (vendor, "2", Column::VendorCvss2Score, Column::VendorCvss2Vector),
        ]
        .into_iter()
        .filter_map(move |(source, version, score, vector)| {
            Cvss::new(source, version, self.cell(score), self.cell(vector))
        })
    }

    /// `epss.score`: the probability, 0 to 1, that it is exploited within 30 days.
    pub fn epss(self) -> Option<f64> {
        value::number(self.cell(Column::EpssScore))
    }

    /// `exploitAvailable`.
    pub fn exploit_available(self) -> ExploitAvailable<'a> {
        ExploitAvailable::parse(self.cell(Column::ExploitAvailable))
    }

    /// `referenceUrls`, each once. Not checked to be URLs.
    pub fn references(self) -> Vec<&'a str> {
        let mut urls = Vec::new();
        for url in value::list(self.cell(Column::ReferenceUrls)) {
            if !urls.contains(&url) {
                urls.push(url);
            }
        }
        urls
    }

    fn cell(self, column: Column) -> &'a str {
        self.report.store.vulnerabilities.cell(self.index, column.slot())
    }
}

/// What a report says about a resource.
#[derive(Clone, Copy, Debug)]
pub struct Resource<'a> {
    pub(crate) report: &'a Report,
    pub(crate) index: u32,
}

/// What a resource of each type has besides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ResourceDetails<'a> {
    /// An EC2 instance.
    Ec2Instance {
        /// The machine image that it was started from.
        ami: &'a str,
        /// Its network.
        vpc: &'a str,
    },
    /// A container image in ECR.
    EcrContainerImage {
        /// The repository's name, which can hold `/`.
        repository: &'a str,
        /// `sha256:` and 64 hexadecimal digits: another with every push.
        digest: &'a str,
    },
    /// A Lambda function.
    LambdaFunction {
        /// The function's name.
        name: &'a str,
        /// Version or alias, `$LATEST` mostly.
        qualifier: &'a str,
    },
    /// Any other, or an id that has not the form that its type calls for.
    Other,
}

impl<'a> Resource<'a> {
    /// The place among [`Report::resources`].
    pub fn index(self) -> u32 {
        self.index
    }

    /// `resources[].id`: an instance id or an ARN.
    pub fn id(self) -> &'a str {
        self.get(Column::ResourceId).trim()
    }

    /// `resources[].type`.
    pub fn resource_type(self) -> ResourceType<'a> {
        ResourceType::parse(self.get(Column::ResourceType))
    }

    /// What the cell of the account id held before it was repaired: blank, or a number without its leading zeros, or with
    /// most of its digits lost (`1.23457E+11`). `None` where nothing was repaired, or a blank cell was filled in.
    pub fn account_as_written(self) -> Option<&'a str> {
        Some(self.report.store.account_as_written(self.index)).filter(|written| !written.is_empty())
    }

    /// `awsAccountId`: 12 digits. Where a spreadsheet has spoilt it, it is taken from an ARN of the row.
    pub fn account(self) -> &'a str {
        self.get(Column::AwsAccountId).trim()
    }

    /// `region`.
    pub fn region(self) -> &'a str {
        self.get(Column::Region).trim()
    }

    /// The operating system or runtime.
    pub fn platform(self) -> Option<&'a str> {
        some(self.get(Column::Platform))
    }

    /// The cell of a column that describes the resource, as written; empty for any other column.
    pub fn get(self, column: Column) -> &'a str {
        if column.part() != Part::Resource {
            return "";
        }
        self.report.store.resources.cell(self.index, column.slot())
    }

    /// The resource's tags. See [`tags`] for the forms that are read.
    pub fn tags(self) -> Vec<(Cow<'a, str>, Cow<'a, str>)> {
        tags(self.get(Column::ResourceTags))
    }

    /// Who is responsible, as the tags say: the tag `Owner`, else `Team` or `Contact`, in any case.
    pub fn owner(self) -> Option<Cow<'a, str>> {
        let tags = self.tags();
        let named = |name: &str| tags.iter().find(|(key, value)| key.eq_ignore_ascii_case(name) && !value.is_empty());
        ["owner", "team", "contact"].into_iter().find_map(named).map(|(_, value)| value.clone())
    }

    /// The tags of a container image.
    pub fn image_tags(self) -> impl Iterator<Item = &'a str> {
        value::list(self.get(Column::ContainerImageTags))
    }

    /// What a resource of its type has besides.
    pub fn details(self) -> ResourceDetails<'a> {
        let id = self.id();
        match self.resource_type() {
            ResourceType::Ec2Instance => {
                ResourceDetails::Ec2Instance { ami: self.get(Column::Ami), vpc: self.get(Column::ResourceVpc) }
            }
            ResourceType::EcrContainerImage => id
                .split_once(":repository/")
                .and_then(|(_, rest)| rest.rsplit_once("/sha256:").map(|(name, _)| (name, &rest[name.len() + 1..])))
                .map_or(ResourceDetails::Other, |(repository, digest)| ResourceDetails::EcrContainerImage {
                    repository,
                    digest,
                }),
            ResourceType::LambdaFunction => id.split_once(":function:").map_or(ResourceDetails::Other, |(_, rest)| {
                let (name, qualifier) = rest.split_once(':').unwrap_or((rest, ""));
                ResourceDetails::LambdaFunction { name, qualifier }
            }),
            _ => ResourceDetails::Other,
        }
    }

    /// What it is known by from week to week: the repository of an image, without digest or tag; the name of a function,
    /// without version; else its id, of an ARN what follows account and Region.
    pub fn identity(self) -> &'a str {
        match self.details() {
            ResourceDetails::EcrContainerImage { repository, .. } => return repository,
            ResourceDetails::LambdaFunction { name, .. } => return name,
            _ => {}
        }
        // The type is blank in reports that lack the column; the id still says what it is.
        let id = self.id();
        if let Some((_, repository)) = id.split_once(":repository/") {
            return without_digest(repository);
        }
        if let Some((_, function)) = id.split_once(":function:") {
            return function.split(':').next().unwrap_or(function);
        }
        match id.strip_prefix("arn:").and_then(|rest| rest.splitn(5, ':').nth(4)) {
            Some(own) if !own.is_empty() => without_digest(own),
            _ => without_digest(id),
        }
    }

    /// The name that people know it by: the tag `Name`, the repository and tag of an image, the name of a function;
    /// else the id.
    pub fn name(self) -> Cow<'a, str> {
        match self.details() {
            ResourceDetails::EcrContainerImage { repository, digest } => {
                let version = self.image_tags().next().unwrap_or_else(|| digest.get(..19).unwrap_or(digest));
                let separator = if version.starts_with("sha256:") { '@' } else { ':' };
                Cow::Owned(format!("{repository}{separator}{version}"))
            }
            ResourceDetails::LambdaFunction { name, .. } => Cow::Borrowed(name),
            _ => {
                let name = self.tags().into_iter().find(|(key, _)| key == "Name").map(|(_, name)| name);
                name.filter(|name| !name.trim().is_empty()).unwrap_or(Cow::Borrowed(self.id()))
            }
        }
    }
}

fn without_digest(id: &str) -> &str {
    id.split_once("/sha256:").or_else(|| id.split_once("@sha256:")).map_or(id, |(name, _)| name)
}

/// An affected package of a finding. Each text is as written; `None` where the report does not say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Package<'a> {
    /// `name`.
    pub name: &'a str,
    /// `version` with epoch, release and architecture as the report joins them.
    pub installed: Option<&'a str>,
    /// `fixedInVersion`: the first version without the vulnerability.
    pub fixed: Option<&'a str>,
    /// `remediation`: the command that updates it.
    pub remediation: Option<&'a str>,
    /// `packageManager`.
    pub manager: Option<&'a str>,
    /// `filePath`: the file that the package was found in; not for packages of the operating system.
    pub path: Option<&'a str>,
}

/// Shares out a cell that is a list parallel to the names of packages.
///
/// Inspector does not document the form. Read are: one item for each name, in order; `name[item]`; one item for all.
/// Where none of these fits, no package gets a value: a wrong version is worse than none.
fn parallel<'a>(cell: &'a str, names: &[&'a str]) -> Vec<Option<&'a str>> {
    let items: Vec<&'a str> = value::list(cell).collect();
    let named = |name: &str| {
        items.iter().find_map(|item| item.strip_prefix(name)?.strip_prefix('[')?.strip_suffix(']')).and_then(some)
    };
    if !items.is_empty() && items.iter().all(|item| item.ends_with(']') && item.contains('[')) {
        return names.iter().map(|name| named(name)).collect();
    }
    match items.as_slice() {
        [one] => vec![some(one); names.len()],
        items if items.len() == names.len() => items.iter().map(|item| some(item)).collect(),
        _ => vec![None; names.len()],
    }
}

/// Reads a cell of tags: `key:value,key:value`, `key=value,...`, or a JSON object of texts.
///
/// Keys hold `:` themselves (`aws:cloudformation:stack-name`), values hold `:` and `,` now and then; the form is not
/// documented. An item without `=` is cut at the first `:`, or for a key that begins with `aws:` at the last one; an
/// item with neither is the rest of the value before it.
pub fn tags(cell: &str) -> Vec<(Cow<'_, str>, Cow<'_, str>)> {
    let cell = cell.trim();
    if let Some(tags) = json_tags(cell) {
        return tags;
    }
    let mut tags: Vec<(Cow<'_, str>, Cow<'_, str>)> = Vec::new();
    for item in cell.split(',') {
        let item = item.trim();
        let pair = match item.split_once('=') {
            Some(pair) => Some(pair),
            None if item.starts_with("aws:") => item.rsplit_once(':'),
            None => item.split_once(':'),
        };
        match (pair, tags.last_mut()) {
            (Some((key, value)), _) => tags.push((Cow::Borrowed(key.trim()), Cow::Borrowed(value.trim()))),
            (None, Some((_, value))) => *value = Cow::Owned(format!("{value},{item}")),
            (None, None) if !item.is_empty() => tags.push((Cow::Borrowed(item), Cow::Borrowed(""))),
            (None, None) => {}
        }
    }
    tags
}

fn json_tags(cell: &str) -> Option<Vec<(Cow<'_, str>, Cow<'_, str>)>> {
    if !cell.starts_with('{') {
        return None;
    }
    let object: serde_json::Map<String, serde_json::Value> = serde_json::from_str(cell).ok()?;
    let text = |value: serde_json::Value| match value {
        serde_json::Value::String(text) => text,
        other => other.to_string(),
    };
    Some(object.into_iter().map(|(key, value)| (Cow::Owned(key), Cow::Owned(text(value)))).collect())
}

fn some(text: &str) -> Option<&str> {
    let text = text.trim();
    (!value::is_none(text)).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Kind;

    fn plain(cell: &str) -> Vec<(String, String)> {
        tags(cell).into_iter().map(|(k, v)| (k.into_owned(), v.into_owned())).collect()
    }

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(k, v)| (k.to_string(), v.to_string())).collect()
    }

    /// A column whose cell is blank must not answer with another column's value.
    #[test]
    fn every_column_answers_for_itself() {
        let time = |i: usize| format!("2026-01-01T00:00:00.{i:03}Z");
        let number = |i: usize| format!("{i}.5");
        for given in Column::ALL {
            let cells: Vec<String> = Column::ALL
                .iter()
                .enumerate()
                .map(|(i, column)| match column.kind() {
                    _ if column != given => String::new(),
                    Kind::Timestamp => time(i),
                    Kind::Number => number(i),
                    Kind::Text => format!("text {i}"),
                })
                .collect();
            let names: Vec<&str> = Column::ALL.iter().map(|column| column.name()).collect();
            let row: Vec<&str> = cells.iter().map(String::as_str).collect();
            let report = Report::from_rows("made", &names, [row]);
            let finding = report.finding(0).unwrap();
            for (i, column) in Column::ALL.iter().enumerate() {
                let is_given = column == given;
                assert_eq!(finding.get(*column), cells[i], "{column:?}");
                assert_eq!(finding.cell(i), cells[i], "{column:?}");
                let expects = |kind| is_given && column.kind() == kind;
                assert_eq!(finding.timestamp(*column).is_some(), expects(Kind::Timestamp), "{given:?} {column:?}");
                assert_eq!(finding.number(*column).is_some(), expects(Kind::Number), "{given:?} {column:?}");
            }
        }
    }

    #[test]
    fn tags_are_read_in_every_known_form() {
        let expected = pairs(&[("Name", "web-1"), ("aws:cloudformation:stack-name", "stack-1")]);
        assert_eq!(plain("Name:web-1,aws:cloudformation:stack-name:stack-1"), expected);
        assert_eq!(plain("Name=web-1, aws:cloudformation:stack-name=stack-1"), expected);
        assert_eq!(plain(r#"{"Name":"web-1","aws:cloudformation:stack-name":"stack-1"}"#), expected);
        assert_eq!(plain(""), []);
    }

    #[test]
    fn a_tag_value_may_hold_a_colon_or_a_comma() {
        assert_eq!(plain("url:http://x:8080,note:a, b"), pairs(&[("url", "http://x:8080"), ("note", "a,b")]));
        assert_eq!(plain("{not json"), pairs(&[("{not json", "")]));
    }

    #[test]
    fn lists_parallel_to_the_names_are_shared_out_or_not_at_all() {
        let names = ["a", "@b/c"];
        assert_eq!(parallel("1, NotAvailable", &names), [Some("1"), None]);
        assert_eq!(parallel("@b/c[2],a[1]", &names), [Some("1"), Some("2")]);
        assert_eq!(parallel("1", &names), [Some("1"), Some("1")]);
        assert_eq!(parallel("1, 2, 3", &names), [None, None]);
        assert_eq!(parallel("", &names), [None, None]);
    }
}

//! What a finding says, typed.
//!
//! Each is a few words that borrow the report; making one costs nothing. Texts are as the input has them.

use std::borrow::Cow;

use jiff::Timestamp;

use crate::{
    Acceptance, Package, Report, ReportColumn, Resource, View, Vulnerability,
    column::{Column, Part},
    header::Cells,
    package::parallel,
    store::at,
    value::{self, Cvss, ExploitAvailable, FindingType, FixAvailable, ScoreSource, Severity, Status, some},
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

    /// The place of the finding in the whole report, from 0, whatever a view has of it.
    pub fn row_in_report(self) -> usize {
        self.stored
    }

    /// The view that gave it, if it was one and not the report alone.
    pub fn view(self) -> Option<&'a View> {
        self.view
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
        self.file_of(self.file_path()?, &self.package_names())
    }

    /// What that file is known by from week to week: its path without the installed versions of the packages in it, so that
    /// `lib/logx-2.14.1.jar` and `lib/logx-2.15.0.jar` are the same while the vulnerability is in both.
    pub fn file_identity(self) -> Option<Cow<'a, str>> {
        let (whole, names) = (self.file_path()?, self.package_names());
        let mut path = Cow::Borrowed(self.file_of(whole, &names)?);
        for version in self.of_packages(Column::PackageInstalledVersion, &names).into_iter().flatten() {
            if let Some(without) = without_version(&path, version) {
                path = Cow::Owned(without);
            }
        }
        Some(path)
    }

    /// The file among those of a cell, given the packages.
    fn file_of(self, whole: &'a str, names: &[&'a str]) -> Option<&'a str> {
        if names.is_empty() {
            return Some(whole);
        }
        let first = self.of_packages(Column::FilePath, names).into_iter().flatten().min();
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
        let names = self.package_names();
        let count = names.len();
        let parallel = |column| self.of_packages(column, &names);
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

    fn package_names(self) -> Vec<&'a str> {
        value::list(self.shared(Column::AffectedPackages)).collect()
    }

    /// What a column says of each of these packages.
    fn of_packages(self, column: Column, names: &[&'a str]) -> Vec<Option<&'a str>> {
        parallel(self.shared(column), names)
    }

    /// Whether nothing that runs reaches any of its packages: all of them are NOT_REACHABLE. Inspector says so of what it
    /// has watched (Inspector User Guide, "Runtime reachability"); it has not watched all.
    pub fn is_not_reachable(self) -> bool {
        let mut reachability = value::list(self.shared(Column::RuntimeReachability)).peekable();
        reachability.peek().is_some() && reachability.all(|of_package| of_package.eq_ignore_ascii_case("NOT_REACHABLE"))
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

/// A path without a version: where it ends a word, with what sets it apart from the word before (`logx-2.14.1.jar`), and where
/// it is a name of its own (`logx/2.14.1/`). `None` where it has none.
fn without_version(path: &str, version: &str) -> Option<String> {
    let version = version.trim();
    if version.is_empty() || !path.contains(version) {
        return None;
    }
    let mut out = String::with_capacity(path.len());
    let mut rest = path;
    while let Some(at) = rest.find(version) {
        let (before, after) = (&rest[..at], &rest[at + version.len()..]);
        let begins = before.ends_with(['-', '_', '@', '/', '\\']) || (before.is_empty() && out.is_empty());
        let ends = !after.starts_with(|c: char| c.is_alphanumeric() || c == '+' || c == '~');
        // `1.2` does not end in `1.2.3`.
        let ends = ends && !after.strip_prefix('.').is_some_and(|more| more.starts_with(|c: char| c.is_ascii_digit()));
        match begins && ends {
            true => out.push_str(before.strip_suffix(['-', '_', '@']).unwrap_or(before)),
            false => out.push_str(&rest[..at + version.len()]),
        }
        rest = after;
    }
    out.push_str(rest);
    (out != path).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Kind;
    use crate::tags;

    fn plain(cell: &str) -> Vec<(String, String)> {
        tags(cell).into_iter().map(|(k, v)| (k.into_owned(), v.into_owned())).collect()
    }

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(k, v)| (k.to_string(), v.to_string())).collect()
    }

    /// A column whose cell is blank must not answer with another column's value.
    #[test]
    fn a_version_in_a_path_is_no_part_of_what_it_is_known_by() {
        for (path, version, expected) in [
            ("opt/app/lib/logx-2.14.1.jar", "2.14.1", Some("opt/app/lib/logx.jar")),
            ("org/acme/logx/2.14.1/logx-2.14.1.jar", "2.14.1", Some("org/acme/logx//logx.jar")),
            ("site-packages/foo-1.2.dist-info/METADATA", "1.2", Some("site-packages/foo.dist-info/METADATA")),
            ("node_modules/left@1.0.0/package.json", "1.0.0", Some("node_modules/left/package.json")),
            ("lib/logx_2.jar", "2", Some("lib/logx.jar")),
            ("lib/logx-2.14.1.jar", "2.14", None),
            ("lib/logx-12.14.1.jar", "2.14.1", None),
            ("usr/lib/python3/x.py", "3", None),
            ("usr/bin/kubelet", "1.21", None),
            ("usr/bin/kubelet", "", None),
        ] {
            assert_eq!(without_version(path, version).as_deref(), expected, "{path} {version}");
        }
    }

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

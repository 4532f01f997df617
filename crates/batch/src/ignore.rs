//! Triage that is kept: which findings someone has decided to live with, `ignore.toml`.
//!
//! ```toml
//! [[accept]]
//! vulnerability = "CVE-2024-3094"            # or a list of them; * stands for anything, ? for a character
//! resource = "arn:*:repository/shop/*"       # the id or the name of the resource
//! reason = "The library is not loaded."
//! since = 2026-03-01                         # the day on which it was decided, the first on which it holds
//! until = 2026-12-31                         # the last day on which it holds
//! by = "Platform team"
//!
//! [[accept]]
//! tag = "Environment=dev*"
//! account = "111122223333"
//! severity = ["low", "informational"]
//! fix-available = "no"
//! reason = "Not reachable from outside."
//!
//! [[accept]]
//! package = "libssl3"
//! version = "3.0.*"                          # the installed one
//! file = "opt/agent/*"                       # where the package is, or the code
//! any-package = true                         # else all packages of the finding must be such
//! reason = "The agent verifies no certificates with it."
//! ```
//!
//! All that an entry names must hold of a finding; of several packages in a finding, it must hold of each, for whoever
//! accepts one of them has not looked at the others. Of the first entry that fits, the reason counts. Whether an entry holds
//! depends on the date of the report's data, not on the day of the conversion: a report gives the same outputs whenever it
//! is converted. In a report without times an entry with `since` or `until` does not hold. In a series of reports an entry
//! without `since` holds from the day of the newest report on: to accept a finding does not rewrite history.

use std::collections::{BTreeSet, HashMap};

use crate::core::{
    Acceptance, Acceptances, Finding, Package, Report, Resource,
    jiff::civil::Date,
    timestamp::utc_day,
    value::{self, FixAvailable, Severity},
};
use serde::Deserialize;
use toml::Value;
use wildmatch::WildMatch;

/// The most entries that are compared with every resource, since they name neither a vulnerability nor a resource without a
/// wildcard.
const MOST_OTHERS: usize = 1000;

/// Entries that say which findings are accepted.
#[derive(Clone, Debug)]
pub struct Ignore {
    entries: Vec<Entry>,
    index: Index,
}

#[derive(Clone, Debug)]
struct Entry {
    line: usize,
    vulnerability: Vec<WildMatch>,
    resource: Vec<WildMatch>,
    account: Vec<WildMatch>,
    region: Vec<WildMatch>,
    severity: Vec<WildMatch>,
    fix_available: Vec<WildMatch>,
    package: Vec<WildMatch>,
    version: Vec<WildMatch>,
    file: Vec<WildMatch>,
    /// Whether one package of several is enough.
    any_package: bool,
    /// The key, and what the value must be like.
    tag: Vec<(String, Option<WildMatch>)>,
    since: Option<Date>,
    until: Option<Date>,
    acceptance: Acceptance,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    #[serde(default)]
    accept: Vec<toml::Spanned<toml::Table>>,
}

/// What an entry says, by name.
#[derive(Debug, Default)]
struct Written {
    /// Patterns, each a name of [`PATTERNS`].
    patterns: [Vec<String>; PATTERNS.len()],
    reason: String,
    since: Option<String>,
    until: Option<String>,
    by: String,
    any_package: bool,
}

/// What an entry may name, with the words for it.
const PATTERNS: [(&str, &str); 10] = [
    ("vulnerability", ""),
    ("resource", "on "),
    ("account", "in account "),
    ("region", "in "),
    ("severity", "severity "),
    ("fix-available", "fix available "),
    ("package", "package "),
    ("version", "version "),
    ("file", "file "),
    ("tag", "tag "),
];

impl Written {
    fn new(table: toml::Table) -> Result<Written, String> {
        let mut written = Written::default();
        for (written_name, value) in table {
            let name = written_name.replace('_', "-");
            let wrong = |what: &str| format!("{name}: {what}");
            if let Some(place) = PATTERNS.iter().position(|(known, _)| *known == name) {
                let text = |value: Value| match value {
                    Value::String(text) => Ok(text),
                    _ => Err(wrong("must be a text in quotes, or a list of them")),
                };
                written.patterns[place] = match value {
                    Value::Array(values) => values.into_iter().map(text).collect::<Result<_, _>>()?,
                    value => vec![text(value)?],
                };
                continue;
            }
            match (name.as_str(), value) {
                ("since", Value::Datetime(day)) => written.since = Some(day.to_string()),
                ("since", Value::String(day)) => written.since = Some(day),
                ("until", Value::Datetime(day)) => written.until = Some(day.to_string()),
                ("until", Value::String(day)) => written.until = Some(day),
                ("since" | "until", _) => return Err(wrong("must be a day, such as 2026-12-31")),
                ("reason", Value::String(text)) => written.reason = text,
                ("by", Value::String(text)) => written.by = text,
                ("any-package", Value::Boolean(any)) => written.any_package = any,
                ("reason" | "by", _) => return Err(wrong("must be a text in quotes")),
                ("any-package", _) => return Err(wrong("must be true or false")),
                _ => {
                    let known: Vec<&str> = PATTERNS.iter().map(|(name, _)| *name).collect();
                    return Err(wrong(&format!(
                        "there is no such field; there are {}, any-package, reason, since, until, by",
                        known.join(", ")
                    )));
                }
            }
        }
        Ok(written)
    }
}

impl Ignore {
    /// Reads entries.
    ///
    /// # Errors
    /// A sentence that says what is wrong, and in which line.
    pub fn parse(text: &str) -> Result<Ignore, String> {
        let document: Document = toml::from_str(text).map_err(|error| error.to_string().trim_end().to_owned())?;
        // Entries come in their order.
        let (mut line, mut before) = (1, 0);
        let entry = |table: toml::Spanned<toml::Table>| {
            let start = table.span().start.clamp(before, text.len());
            line += text[before..start].matches('\n').count();
            before = start;
            let in_line = |what: String| format!("line {line}: {what}");
            Written::new(table.into_inner()).and_then(|written| Entry::new(written, line)).map_err(in_line)
        };
        let entries: Vec<Entry> = document.accept.into_iter().map(entry).collect::<Result<_, _>>()?;
        let index = Index::new(&entries);
        if let Some(entry) = index.others.get(MOST_OTHERS) {
            let line = entries[*entry].line;
            return Err(format!(
                "line {line}: over {MOST_OTHERS} entries name neither a vulnerability nor a resource without a wildcard; each \
                 of them is compared with every resource, so put some together in a list"
            ));
        }
        Ok(Ignore { entries, index })
    }

    /// What the entries say, in their order. Where in the file they stand is no part of it.
    pub(crate) fn spec(&self) -> serde_json::Value {
        let texts = |patterns: &[WildMatch]| patterns.iter().map(WildMatch::to_string).collect::<Vec<_>>();
        let entry = |entry: &Entry| {
            let Entry {
                line: _,
                vulnerability,
                resource,
                account,
                region,
                severity,
                fix_available,
                package,
                version,
                file,
                any_package,
                tag: tags,
                since,
                until,
                acceptance,
            } = entry;
            let tag =
                |(key, value): &(String, Option<WildMatch>)| (key.clone(), value.as_ref().map(WildMatch::to_string));
            let Acceptance { subject, reason, since: _, until: _, by } = acceptance;
            serde_json::json!({
                "vulnerability": texts(vulnerability),
                "resource": texts(resource),
                "account": texts(account),
                "region": texts(region),
                "severity": texts(severity),
                "fixAvailable": texts(fix_available),
                "package": texts(package),
                "version": texts(version),
                "file": texts(file),
                "anyPackage": any_package,
                "tag": tags.iter().map(tag).collect::<Vec<_>>(),
                "since": since.map(|day| day.to_string()),
                "until": until.map(|day| day.to_string()),
                "subject": subject,
                "reason": reason,
                "by": by,
            })
        };
        self.entries.iter().map(entry).collect()
    }

    /// Which findings of a report are accepted.
    pub fn acceptances(&self, report: &Report) -> Acceptances {
        self.acceptances_since(report, None)
    }

    /// The same for a report of a series, of which the newest is of this day: entries that do not say since when they hold
    /// hold from then on.
    pub fn acceptances_in_series(&self, report: &Report, newest: Date) -> Acceptances {
        self.acceptances_since(report, Some(newest))
    }

    /// Whether entries do not say since when they hold, by their lines.
    pub fn undated(&self) -> Vec<usize> {
        self.entries.iter().filter(|entry| entry.since.is_none()).map(|entry| entry.line).collect()
    }

    fn acceptances_since(&self, report: &Report, undated_since: Option<Date>) -> Acceptances {
        let date = report.data_date().map(utc_day);
        let holds = |entry: usize| self.entries[entry].holds_on(date, undated_since);
        // The patterns of resources are looked at once for each resource.
        let on_resource = |resource| -> Vec<usize> {
            let candidates = self.index.of_resource(resource).filter(|entry| holds(*entry));
            candidates.filter(|entry| self.entries[*entry].fits_resource(resource)).collect()
        };
        let on: Vec<Vec<usize>> = report.resources().map(on_resource).collect();
        let which = |finding: Finding<'_>| {
            let on = on.get(finding.resource().index() as usize)?;
            let first = on.iter().copied().find(|entry| self.entries[*entry].fits(finding));
            let of_vulnerability = self.index.of_vulnerability(finding).iter().copied();
            let earlier = of_vulnerability.take_while(|entry| first.is_none_or(|first| *entry < first));
            let fits = |entry: &Entry| entry.fits_resource(finding.resource()) && entry.fits(finding);
            earlier.filter(|entry| holds(*entry)).find(|entry| fits(&self.entries[*entry])).or(first)
        };
        let acceptance =
            |entry: &Entry| Acceptance { since: entry.since.or(undated_since), ..entry.acceptance.clone() };
        let all = self.entries.iter().map(acceptance).collect();
        Acceptances::new(report, all, which)
    }

    /// What whoever keeps the entries should know after a run: `counts` says for each how many findings it matched, and
    /// `newest` is the newest date of the reports. Each a sentence in English.
    pub fn warnings(&self, counts: &[u64], newest: Option<Date>) -> Vec<String> {
        let mut warnings = Vec::new();
        for (entry, count) in self.entries.iter().zip(counts.iter().copied().chain(std::iter::repeat(0))) {
            let what = format!("line {}: {}", entry.line, entry.acceptance.subject);
            match (entry.until, newest) {
                (Some(until), Some(newest)) if until < newest => warnings.push(format!(
                    "{what}: expired on {until}; what it was for counts as open again in reports of later days"
                )),
                _ if count == 0 && entry.since.zip(newest).is_some_and(|(since, newest)| newest < since) => {
                    warnings.push(format!("{what}: holds from a later day on than that of any report"));
                }
                (Some(until), None) if count == 0 => warnings
                    .push(format!("{what}: whether it holds until {until} cannot be told, the reports have no times")),
                _ if count == 0 && entry.names_packages() && !entry.any_package => warnings.push(format!(
                    "{what}: matches no open finding with all of its packages; say any-package = true if one is enough, \
                     or take the entry out"
                )),
                _ if count == 0 => warnings.push(format!("{what}: matches no open finding; it may be taken out")),
                _ => {}
            }
        }
        warnings
    }
}

/// Entries by what they name without a wildcard, so that a finding is not compared with each of them.
#[derive(Clone, Debug)]
struct Index {
    by_vulnerability: HashMap<String, Vec<usize>>,
    by_resource: HashMap<String, Vec<usize>>,
    /// Those that can be found by neither.
    others: Vec<usize>,
}

impl Index {
    fn new(entries: &[Entry]) -> Index {
        let (mut vulnerabilities, mut resources) = (HashMap::new(), HashMap::new());
        let count = |counts: &mut HashMap<String, usize>, patterns: &[WildMatch]| {
            patterns.iter().for_each(|pattern| *counts.entry(folded(&pattern.to_string())).or_default() += 1);
        };
        for entry in entries {
            count(&mut vulnerabilities, &entry.vulnerability);
            count(&mut resources, &entry.resource);
        }
        // Of an entry that names both, by the one that fewer entries name.
        let most = |counts: &HashMap<String, usize>, patterns: &[WildMatch]| {
            let counts = patterns.iter().map(|pattern| counts.get(&folded(&pattern.to_string())).copied().unwrap_or(0));
            if is_literal(patterns) { counts.max().unwrap_or(usize::MAX) } else { usize::MAX }
        };
        let mut index = Index { by_vulnerability: HashMap::new(), by_resource: HashMap::new(), others: Vec::new() };
        for (at, entry) in entries.iter().enumerate() {
            let of_vulnerability = most(&vulnerabilities, &entry.vulnerability);
            let of_resource = most(&resources, &entry.resource);
            let (by, patterns) = match of_vulnerability.min(of_resource) {
                usize::MAX => {
                    index.others.push(at);
                    continue;
                }
                least if least == of_resource => (&mut index.by_resource, &entry.resource),
                _ => (&mut index.by_vulnerability, &entry.vulnerability),
            };
            for pattern in patterns {
                let entries: &mut Vec<usize> = by.entry(folded(&pattern.to_string())).or_default();
                if entries.last() != Some(&at) {
                    entries.push(at);
                }
            }
        }
        index
    }

    /// The entries that may be on a resource, in their order, but for those that are found by a vulnerability.
    fn of_resource(&self, resource: Resource<'_>) -> impl Iterator<Item = usize> {
        let named = resource_names(resource).into_iter().filter_map(|name| self.by_resource.get(&folded(&name)));
        named.flatten().chain(&self.others).copied().collect::<BTreeSet<usize>>().into_iter()
    }

    /// The entries that are found by the vulnerability of a finding, in their order.
    fn of_vulnerability(&self, finding: Finding<'_>) -> &[usize] {
        self.by_vulnerability.get(&folded(vulnerability_name(finding))).map_or(&[], Vec::as_slice)
    }
}

/// Whether patterns have no wildcard, and there are some.
fn is_literal(patterns: &[WildMatch]) -> bool {
    !patterns.is_empty() && patterns.iter().all(|pattern| !pattern.to_string().contains(['*', '?']))
}

/// A text as patterns compare it, without its case.
fn folded(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).collect()
}

fn resource_names(resource: Resource<'_>) -> [String; 3] {
    [resource.id(), resource.identity(), &resource.name()].map(str::to_owned)
}

/// What has no vulnerability id is known by its title.
fn vulnerability_name(finding: Finding<'_>) -> &str {
    match finding.vulnerability_facts().id() {
        "" => finding.title(),
        id => id,
    }
}

impl Entry {
    fn new(written: Written, line: usize) -> Result<Entry, String> {
        let day = |name: &str, text: &Option<String>| match text {
            Some(text) => match text.parse::<Date>() {
                Ok(day) => Ok(Some(day)),
                Err(_) => Err(format!("{name}: {text:?} is no day; write it as 2026-12-31")),
            },
            None => Ok(None),
        };
        let (since, until) = (day("since", &written.since)?, day("until", &written.until)?);
        if since.zip(until).is_some_and(|(since, until)| since > until) {
            return Err("since is after until, so it never holds".to_owned());
        }
        let reason = written.reason.trim().to_owned();
        if reason.is_empty() {
            return Err("there is no reason; whoever reads the report must know why".to_owned());
        }
        let named = written.patterns;
        if named.iter().flatten().any(|text| text.trim().trim_start_matches('=').is_empty() || text.starts_with('=')) {
            return Err("a pattern is empty; leave it out, or write * for anything".to_owned());
        }
        let subject: Vec<String> = PATTERNS
            .iter()
            .zip(&named)
            .filter(|(_, texts)| !texts.is_empty())
            .map(|((_, what), texts)| format!("{what}{}", texts.join(", ")))
            .collect();
        if subject.is_empty() {
            return Err("nothing says which findings are accepted; name a vulnerability, resource, tag, account, \
                 region, severity, fix-available, package, version or file"
                .to_owned());
        }
        let patterns = |texts: Vec<String>| -> Vec<WildMatch> {
            texts.iter().map(|text| WildMatch::new_case_insensitive(text.trim())).collect()
        };
        let [vulnerability, resource, account, region, severity, fix_available, package, version, file, tags] = named;
        let [vulnerability, resource, account, region, severity, fix_available, package, version] =
            [vulnerability, resource, account, region, severity, fix_available, package, version].map(patterns);
        values("severity", &severity, Severity::KNOWN.iter().map(|known| known.as_str()))?;
        values("fix-available", &fix_available, FixAvailable::KNOWN.iter().map(|known| known.as_str()))?;
        // Names of files differ by case.
        let file: Vec<WildMatch> = file.iter().map(|text| WildMatch::new(text.trim())).collect();
        let tag = |text: &String| match text.split_once('=') {
            Some((key, value)) => (key.trim().to_owned(), Some(WildMatch::new(value.trim()))),
            None => (text.trim().to_owned(), None),
        };
        let acceptance = Acceptance {
            subject: subject.join(" "),
            reason,
            since,
            until: until.map(|day| day.to_string()).unwrap_or_default(),
            by: written.by.trim().to_owned(),
        };
        let tag = tags.iter().map(tag).collect();
        let entry = Entry {
            line,
            vulnerability,
            resource,
            account,
            region,
            severity,
            fix_available,
            package,
            version,
            file,
            any_package: written.any_package,
            tag,
            since,
            until,
            acceptance,
        };
        if entry.any_package && !entry.names_packages() {
            return Err("any-package: is for entries that name a package, version or file".to_owned());
        }
        Ok(entry)
    }

    /// Whether the entry holds on the day of a report; `undated_since` is since when it does if it does not say so itself.
    fn holds_on(&self, date: Option<Date>, undated_since: Option<Date>) -> bool {
        self.since.or(undated_since).is_none_or(|since| date.is_some_and(|date| since <= date))
            && self.until.is_none_or(|until| date.is_some_and(|date| date <= until))
    }

    fn fits_resource(&self, resource: Resource<'_>) -> bool {
        let tags = || resource.tags();
        let has_tag = |key: &str, value: &Option<WildMatch>| {
            tags().iter().any(|(k, v)| k == key && value.as_ref().is_none_or(|value| value.matches(v)))
        };
        any(&self.account, || [resource.account()])
            && any(&self.region, || [resource.region()])
            && any(&self.resource, || resource_names(resource))
            && (self.tag.is_empty() || self.tag.iter().any(|(key, value)| has_tag(key, value)))
    }

    fn fits(&self, finding: Finding<'_>) -> bool {
        any(&self.vulnerability, || [vulnerability_name(finding)])
            && any(&self.severity, || [finding.severity().as_str()])
            && any(&self.fix_available, || [finding.fix_available().as_str()])
            && self.fits_packages(finding)
    }

    fn names_packages(&self) -> bool {
        !self.package.is_empty() || !self.version.is_empty() || !self.file.is_empty()
    }

    /// Whether each package of a finding is one that the entry names, or one of them where that is enough. What has no
    /// packages may have files.
    fn fits_packages(&self, finding: Finding<'_>) -> bool {
        if !self.names_packages() {
            return true;
        }
        let packages: Vec<Package<'_>> = finding.packages().collect();
        let fits_file = |path: Option<&str>| any(&self.file, || path);
        // The paths of packages are known where each can be told from the others'; else they all count.
        let paths = || finding.file_path().into_iter().flat_map(value::list);
        let has_own_paths = packages.iter().any(|package| package.path.is_some());
        let fits = |package: &Package<'_>| {
            any(&self.package, || [package.name])
                && any(&self.version, || package.installed)
                && (!has_own_paths || fits_file(package.path))
        };
        let of_packages = match (packages.as_slice(), self.any_package) {
            ([], _) => self.package.is_empty() && self.version.is_empty(),
            (packages, true) => packages.iter().any(fits),
            (packages, false) => packages.iter().all(fits),
        };
        if has_own_paths || self.file.is_empty() {
            return of_packages;
        }
        let mut fitting = paths().map(|path| fits_file(Some(path)));
        let of_paths = match self.any_package {
            true => fitting.any(|fits| fits),
            false => paths().next().is_some() && fitting.all(|fits| fits),
        };
        of_packages && of_paths
    }
}

/// Whether patterns are of values that there are.
fn values<'a>(name: &str, patterns: &[WildMatch], known: impl Iterator<Item = &'a str>) -> Result<(), String> {
    let known: Vec<&str> = known.collect();
    match patterns.iter().find(|pattern| !known.iter().any(|known| pattern.matches(known))) {
        Some(pattern) => Err(format!("{name}: {pattern} is none of {}", known.join(", ").to_ascii_lowercase())),
        None => Ok(()),
    }
}

/// Whether one of some names fits one of the patterns; without patterns everything does.
fn any<N: AsRef<str>, I: IntoIterator<Item = N>>(patterns: &[WildMatch], names: impl FnOnce() -> I) -> bool {
    patterns.is_empty() || names().into_iter().any(|name| patterns.iter().any(|pattern| pattern.matches(name.as_ref())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use inspector_report_model::View;

    proptest::proptest! {
        /// However entries are found, the first in the file that fits counts.
        #[test]
        fn the_first_entry_that_fits_counts(
            entries in proptest::collection::vec(
                (
                    proptest::collection::vec("CVE-[aA*?\u{212a}k]", 0..3),
                    proptest::collection::vec("(i-[12*]|I-[12])", 0..3),
                    proptest::option::of("1|\\*"),
                ),
                1..12,
            ),
            findings in proptest::collection::vec(("(CVE-[aAbkK]|)", "[iI]-[123]", "[12]"), 1..8),
        ) {
            let mut text = String::new();
            for (vulnerabilities, resources, account) in &entries {
                text += "[[accept]]\nreason = \"x\"\n";
                text += &format!("account = \"{}\"\n", account.as_deref().unwrap_or("*"));
                for (name, patterns) in [("vulnerability", vulnerabilities), ("resource", resources)] {
                    if !patterns.is_empty() {
                        text += &format!("{name} = {patterns:?}\n");
                    }
                }
            }
            let ignore = Ignore::parse(&text.replace("\\u{212a}", "\u{212a}")).unwrap();
            let rows = findings.iter().map(|(vulnerability, resource, account)| {
                ["HIGH", resource, "AWS_EC2_INSTANCE", vulnerability, "", account, "", "2026-06-15T12:00:00Z"]
            });
            let report = Report::from_rows("a.csv", &HEADINGS, rows);
            let mut expected = vec![0; entries.len()];
            for finding in report.findings() {
                let fits = |entry: &Entry| entry.fits_resource(finding.resource()) && entry.fits(finding);
                ignore.entries.iter().position(fits).into_iter().for_each(|first| expected[first] += 1);
            }
            let found = View::builder(report.clone()).accept(ignore.acceptances(&report)).build();
            proptest::prop_assert_eq!(found.acceptances().counts().to_vec(), expected, "{}", text);
        }
    }

    #[test]
    fn entries_that_are_compared_with_everything_are_few() {
        let entries = |count: usize| "[[accept]]\naccount = \"1\"\nreason = \"x\"\n".repeat(count);
        assert!(Ignore::parse(&entries(1000)).is_ok());
        let error = Ignore::parse(&entries(1001)).unwrap_err();
        assert!(error.starts_with("line 3001: over 1000 entries name neither"), "{error}");
        let named = "[[accept]]\nvulnerability = \"CVE-1\"\nreason = \"x\"\n".repeat(2000);
        assert!(Ignore::parse(&named).is_ok());
    }

    const HEADINGS: [&str; 8] = [
        "Severity",
        "Resource ID",
        "Resource Type",
        "Vulnerability Id",
        "Resource Tags",
        "AWS Account Id",
        "Affected Packages",
        "Last Seen",
    ];

    fn report() -> Report {
        let image = "arn:aws:ecr:us-east-1:1:repository/shop/api/sha256:ab";
        let seen = "2026-06-15T12:00:00Z";
        let rows = [
            ["HIGH", image, "AWS_ECR_CONTAINER_IMAGE", "CVE-2026-1", "", "1", "curl", seen],
            ["HIGH", "i-1", "AWS_EC2_INSTANCE", "CVE-2026-1", "Env:dev-1,Name:web", "1", "curl, bash", seen],
            ["LOW", "i-2", "AWS_EC2_INSTANCE", "CVE-2026-2", "Env:prod", "2", "bash", seen],
        ];
        Report::from_rows("made", &HEADINGS, rows)
    }

    fn accepted(entry: &str) -> Vec<usize> {
        let ignore = Ignore::parse(&format!("[[accept]]\nreason = \"x\"\n{entry}")).unwrap();
        let view = View::builder(report()).accept(ignore.acceptances(&report())).build();
        view.findings().filter(|finding| !finding.is_open()).map(Finding::row).collect()
    }

    #[test]
    fn all_that_an_entry_names_must_hold() {
        assert_eq!(accepted("vulnerability = \"cve-2026-1\""), [0, 1]);
        assert_eq!(accepted("vulnerability = [\"CVE-2026-2\", \"CVE-9\"]"), [2]);
        assert_eq!(accepted("vulnerability = \"CVE-2026-*\"\naccount = \"2\""), [2]);
        assert_eq!(accepted("resource = \"arn:*:repository/shop/*\""), [0]);
        assert_eq!(accepted("resource = \"shop/api\""), [0], "by what it is known by from push to push");
        assert_eq!(accepted("resource = \"web\""), [1]);
        assert_eq!(accepted("tag = \"Env=dev*\""), [1]);
        assert_eq!(accepted("tag = \"Env\""), [1, 2]);
        assert_eq!(accepted("package = \"bash\"\nvulnerability = \"CVE-2026-1\"\nany_package = true"), [1]);
        assert_eq!(accepted("severity = \"low\""), [2]);
        assert_eq!(accepted("severity = [\"Critical\", \"HIGH\"]\naccount = \"1\""), [0, 1]);
        assert!(accepted("resource = \"i-*\"\ntag = \"Env=prod\"\naccount = \"1\"").is_empty());
    }

    /// Which findings an entry accepts, of these packages, installed versions, files and answers about a fix.
    fn accepted_of(entry: &str, cells: &[[&str; 4]]) -> Vec<usize> {
        let headings = ["Affected Packages", "Package Installed Version", "File Path", "Fix Available"];
        let report = Report::from_rows("made", &headings, cells);
        let ignore = Ignore::parse(&format!("[[accept]]\nreason = \"x\"\n{entry}")).unwrap();
        let view = View::builder(report.clone()).accept(ignore.acceptances(&report)).build();
        view.findings().filter(|finding| !finding.is_open()).map(Finding::row).collect()
    }

    #[test]
    fn of_several_packages_all_must_be_named_unless_the_entry_says_otherwise() {
        let cells = [
            ["openssl", "3.0.1", "", "YES"],
            ["libssl3, openssl", "3.0.1, 3.0.1", "", "YES"],
            ["libssl3, openssl", "3.0.1, 3.0.9", "", "NO"],
            ["", "", "", ""],
        ];
        assert_eq!(accepted_of("package = \"openssl\"", &cells), [0]);
        assert_eq!(accepted_of("package = \"openssl\"\nany-package = true", &cells), [0, 1, 2]);
        assert_eq!(accepted_of("package = [\"openssl\", \"libssl*\"]", &cells), [0, 1, 2]);
        assert_eq!(accepted_of("package = \"*ssl*\"\nversion = \"3.0.1\"", &cells), [0, 1]);
        // One package has the name and another the version: none has both.
        assert_eq!(accepted_of("package = \"libssl3\"\nversion = \"3.0.9\"\nany-package = true", &cells), [0; 0]);
        assert_eq!(accepted_of("version = \"*\"", &cells), [0, 1, 2]);
        assert_eq!(accepted_of("fix-available = \"no\"", &cells), [2]);
    }

    #[test]
    fn an_entry_that_matches_nothing_says_what_may_be_meant() {
        let warning = |entry: &str| {
            let ignore = Ignore::parse(&format!("[[accept]]\nreason = \"x\"\n{entry}")).unwrap();
            ignore.warnings(&[0], None).concat()
        };
        assert!(warning("package = \"curl\"").contains("any-package = true"));
        assert!(!warning("package = \"curl\"\nany-package = true").contains("any-package"));
        assert!(!warning("resource = \"i-9\"").contains("any-package"));
    }

    #[test]
    fn files_are_those_of_the_packages_or_of_the_code() {
        let cells = [
            ["a", "1", "app/tests/a.jar", "YES"],
            ["a, b", "1, 1", "app/tests/a.jar, app/b.jar", "YES"],
            // No package can be told to have one of them.
            ["a, b", "1, 1", "app/tests/a.jar, app/tests/b.jar, app/tests/c.jar", "YES"],
            ["a, b", "1, 1", "app/tests/a.jar, app/c.jar, app/d.jar", "YES"],
            ["", "", "app/tests/code.py", "YES"],
            ["", "", "APP/tests/code.py", "YES"],
            ["a", "1", "", "YES"],
        ];
        assert_eq!(accepted_of("file = \"app/tests/*\"", &cells), [0, 2, 4]);
        assert_eq!(accepted_of("file = \"app/tests/*\"\nany-package = true", &cells), [0, 1, 2, 3, 4]);
        assert_eq!(accepted_of("file = \"app/tests/*\"\npackage = \"a\"", &cells), [0]);
    }

    #[test]
    fn an_entry_holds_to_the_end_of_its_last_day() {
        let until = |day: &str| accepted(&format!("resource = \"i-2\"\nuntil = {day}")).len();
        assert_eq!([until("2026-06-15"), until("\"2026-06-16\""), until("2026-06-14")], [1, 1, 0]);
    }

    #[test]
    fn an_entry_does_not_rewrite_history() {
        // The report is of 15 June.
        let since = |day: &str| accepted(&format!("resource = \"i-2\"\nsince = {day}")).len();
        assert_eq!([since("2026-06-15"), since("\"2026-06-01\""), since("2026-06-16")], [1, 1, 0]);
        let in_series = |entry: &str, newest: &str| {
            let ignore = Ignore::parse(&format!("[[accept]]\nreason = \"x\"\nresource = \"i-2\"\n{entry}")).unwrap();
            ignore.acceptances_in_series(&report(), newest.parse().unwrap()).counts()[0]
        };
        assert_eq!(in_series("", "2026-06-15"), 1, "the newest report itself");
        assert_eq!(in_series("", "2026-06-22"), 0, "an earlier report of the series");
        assert_eq!(in_series("since = 2026-06-01", "2026-06-22"), 1);
    }

    #[test]
    fn the_first_entry_that_fits_counts_and_the_others_are_warned_of() {
        let text = "[[accept]]\nvulnerability = \"CVE-2026-1\"\nreason = \"first\"\nby = \"me\"\n\n\
                    [[accept]]\nresource = \"i-1\"\nreason = \"second\"\n\n\
                    [[accept]]\nresource = \"i-2\"\nreason = \"third\"\nuntil = 2026-05-01\n";
        let ignore = Ignore::parse(text).unwrap();
        let acceptances = ignore.acceptances(&report());
        let counts = acceptances.counts();
        let report = View::builder(report()).accept(acceptances).build();
        assert_eq!(counts, [2, 0, 0]);
        assert_eq!(report.finding(1).unwrap().acceptance().unwrap().line(), "first (by me)");
        let warnings = ignore.warnings(&counts, Some("2026-06-15".parse().unwrap()));
        assert_eq!(
            warnings,
            [
                "line 6: on i-1: matches no open finding; it may be taken out",
                "line 10: on i-2: expired on 2026-05-01; what it was for counts as open again in reports of later days",
            ]
        );
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line() {
        for (text, words) in [
            ("[[accept]]\nreason = \"x\"\n", "line 1: nothing says which"),
            ("\n\n[[accept]]\nresource = \"x\"\n", "line 3: there is no reason"),
            ("[[accept]]\nresource = \"x\"\nreason = \"y\"\nuntil = \"soon\"\n", "line 1: until: \"soon\" is no day"),
            ("[[accept]]\nresorce = \"x\"\nreason = \"y\"\n", "line 1: resorce: there is no such field"),
            ("[[accept]]\nresource = \"\"\nreason = \"y\"\n", "line 1: a pattern is empty"),
            ("[[accept]]\naccount = 123\nreason = \"y\"\n", "line 1: account: must be a text in quotes"),
            ("[[accept]]\nresource = \"x\"\nreason = \"y\"\nuntil = 2026\n", "line 1: until: must be a day"),
            ("[[accept]]\nresource = \"x\"\nreason = \"y\"\nsince = \"then\"\n", "line 1: since: \"then\" is no day"),
            (
                "[[accept]]\nresource = \"x\"\nreason = \"y\"\nsince = 2026-02-02\nuntil = 2026-02-01\n",
                "line 1: since is after until",
            ),
            ("[[accept]]\ntag = \"=x\"\nreason = \"y\"\n", "line 1: a pattern is empty"),
            ("[[accept]]\nseverity = \"lo\"\nreason = \"y\"\n", "line 1: severity: lo is none of critical, high"),
            ("[[accept]]\nfix-available = \"maybe\"\nreason = \"y\"\n", "line 1: fix-available: maybe is none of"),
            ("[[accept]]\nresource = \"x\"\nreason = \"y\"\nany-package = true\n", "line 1: any-package: is for"),
            ("[[accept]]\npackage = \"x\"\nreason = \"y\"\nany_package = 1\n", "any-package: must be true or false"),
            ("[[ignore]]\nresource = \"x\"\n", "unknown field `ignore`"),
            ("[[accept", "line 1"),
        ] {
            let error = Ignore::parse(text).unwrap_err();
            assert!(error.contains(words), "{error}");
        }
        assert!(Ignore::parse("").is_ok());
    }
}

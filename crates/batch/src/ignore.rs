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
//! reason = "Not reachable from outside."
//! ```
//!
//! All that an entry names must hold of a finding; of the first entry that fits, the reason counts. Whether an entry holds
//! depends on the date of the report's data, not on the day of the conversion: a report gives the same outputs whenever it
//! is converted. In a report without times an entry with `since` or `until` does not hold. In a series of reports an entry
//! without `since` holds from the day of the newest report on: to accept a finding does not rewrite history.

use std::collections::{BTreeSet, HashMap};

use crate::core::{Acceptance, Acceptances, Finding, Report, Resource, jiff::civil::Date, timestamp::utc_day};
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
    package: Vec<WildMatch>,
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
}

/// What an entry may name, with the words for it.
const PATTERNS: [(&str, &str); 6] = [
    ("vulnerability", ""),
    ("resource", "on "),
    ("account", "in account "),
    ("region", "in "),
    ("package", "package "),
    ("tag", "tag "),
];

impl Written {
    fn new(table: toml::Table) -> Result<Written, String> {
        let mut written = Written::default();
        for (name, value) in table {
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
                ("reason" | "by", _) => return Err(wrong("must be a text in quotes")),
                _ => {
                    let known: Vec<&str> = PATTERNS.iter().map(|(name, _)| *name).collect();
                    return Err(wrong(&format!(
                        "there is no such field; there are {}, reason, since, until, by",
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
                package,
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
                "package": texts(package),
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
            return Err(
                "nothing says which findings are accepted; name a vulnerability, resource, tag, account, region or package"
                    .to_owned(),
            );
        }
        let patterns = |texts: Vec<String>| -> Vec<WildMatch> {
            texts.iter().map(|text| WildMatch::new_case_insensitive(text.trim())).collect()
        };
        let [vulnerability, resource, account, region, package, tags] = named;
        let [vulnerability, resource, account, region, package] =
            [vulnerability, resource, account, region, package].map(patterns);
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
        Ok(Entry { line, vulnerability, resource, account, region, package, tag, since, until, acceptance })
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
            && any(&self.package, || finding.packages().map(|package| package.name).collect::<Vec<_>>())
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
        assert_eq!(accepted("package = \"bash\"\nvulnerability = \"CVE-2026-1\""), [1]);
        assert!(accepted("resource = \"i-*\"\ntag = \"Env=prod\"\naccount = \"1\"").is_empty());
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
            ("[[ignore]]\nresource = \"x\"\n", "unknown field `ignore`"),
            ("[[accept", "line 1"),
        ] {
            let error = Ignore::parse(text).unwrap_err();
            assert!(error.contains(words), "{error}");
        }
        assert!(Ignore::parse("").is_ok());
    }
}

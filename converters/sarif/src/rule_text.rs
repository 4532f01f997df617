//! A rule as SARIF has it: the title, the description and the help of an alert.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
};

use inspector_report_localizer::{Args, Localizer};
use inspector_report_model::{
    Column, timestamp,
    value::{self, Cvss, ExploitAvailable, FixAvailable, ScoreSource},
};
use serde_json::Value;
use serde_sarif::sarif::{MultiformatMessageString, PropertyBag, ReportingConfiguration, ReportingDescriptor};

use crate::{
    limits, markdown,
    rule::Rule,
    rule_id::Subject,
    severity, taxonomy,
    text::{clip, first_sentence, line, lines, sentences},
    uri,
};

/// The length of a title: as much as a list of alerts shows.
const TITLE: usize = 160;

/// The length of a full description where the help has all of it.
const SUMMARY: usize = 250;

/// The length of a remediation, which has no limit of its own.
const REMEDIATION: usize = 8_000;

/// The length of a short fact.
const FACT: usize = 300;

/// Packages that are named.
const PACKAGES: usize = 10;

/// Advisories that are named.
const ADVISORIES: usize = 4;

/// Other ids of a vulnerability that are named.
const RELATED: usize = 20;

/// References that are shown.
const REFERENCES: usize = 20;

/// The rule for SARIF, in a run that has these kinds of weakness.
pub(crate) fn descriptor(
    rule: &Rule<'_>,
    taxa: &BTreeSet<u32>,
    texts: &Localizer,
    is_for_viewers: bool,
) -> ReportingDescriptor {
    let about = about(rule, texts);
    // GitHub shows the help as Markdown, which has all of it.
    let full = if is_for_viewers { about.clone() } else { sentences(&about, SUMMARY) };
    let help = Help::new(rule, about, texts);
    let text = |text: String| MultiformatMessageString::builder().text(text).build();
    let mut descriptor = ReportingDescriptor::builder()
        .id(rule.id.clone())
        .name(rule.subject.name())
        .short_description(text(title(rule, texts)))
        .full_description(text(full))
        .help(MultiformatMessageString::builder().text(help.text()).markdown(help.markdown()).build())
        .default_configuration(
            ReportingConfiguration::builder().level(severity::level(rule.severity).to_string()).build(),
        )
        .help_uri(page(rule))
        .properties(properties(rule))
        .build();
    let relationships = taxonomy::relationships(&rule.weaknesses, taxa);
    descriptor.relationships = Some(relationships).filter(|relationships| !relationships.is_empty());
    descriptor
}

/// The page of the vulnerability, else that on the remediation, else the first reference that is an address, else what AWS
/// says of findings of every type. A file for programs is no page.
fn page<'a>(rule: &Rule<'a>) -> Cow<'a, str> {
    let others = rule.pages.iter().copied().chain(rule.facts.iter().flat_map(|facts| facts.references()));
    let mut others = others.filter(|address| !value::is_for_programs(address)).filter_map(uri::web);
    rule.facts
        .iter()
        .find_map(|facts| Some(Cow::Owned(uri::web(&facts.page()?)?.to_owned())))
        .or_else(|| others.next().map(Cow::Borrowed))
        .unwrap_or(Cow::Borrowed("https://docs.aws.amazon.com/inspector/latest/user/findings-types.html"))
}

fn properties(rule: &Rule<'_>) -> PropertyBag {
    let score = format!("{:.1}", rule.security_severity);
    let mut more: BTreeMap<String, Value> = BTreeMap::from([("security-severity".to_owned(), score.into())]);
    more.extend(rule.epss.map(|epss| ("epss".to_owned(), epss.into())));
    more.extend(rule.last_exploited.map(|last| ("lastExploitedAt".to_owned(), timestamp::write(last).into())));
    let related: Vec<Value> = related(rule).into_iter().map(|id| clip(id, FACT).into()).collect();
    if !related.is_empty() {
        more.insert("relatedVulnerabilities".to_owned(), related.into());
    }
    PropertyBag::builder().tags(tags(rule)).additional_properties(more).build()
}

/// `security` makes GitHub show `security-severity`; the others are for its filters.
fn tags(rule: &Rule<'_>) -> Vec<String> {
    let mut tags = vec!["security".to_owned()];
    let mut add = |tag: &str| tags.push(tag.to_owned());
    severity::tag(rule.severity).into_iter().for_each(&mut add);
    if let Some(priority) = rule.priority {
        add(&format!("priority/{priority}"));
    }
    if rule.exploit {
        add("exploit-available");
    }
    for (tag, answer) in ["fix-available", "fix-partial", "fix-unavailable"].iter().zip(rule.fixes) {
        if answer {
            add(tag);
        }
    }
    add(rule.subject.tag());
    let room = limits::TAGS_A_RULE.saturating_sub(tags.len());
    tags.extend(rule.weaknesses.iter().take(room).map(|number| format!("external/cwe/cwe-{number:03}")));
    tags
}

fn title(rule: &Rule<'_>, texts: &Localizer) -> String {
    let title = match &rule.subject {
        Subject::Vulnerability(id) => {
            let sentence = line(rule.description().unwrap_or_default());
            match first_sentence(&sentence) {
                "" => line(id),
                sentence => format!("{}: {sentence}", line(id)),
            }
        }
        subject @ Subject::Network { .. } => match port(subject) {
            Some(port) => texts.format("sarif-network-title", &Args::new().text("port", &port)),
            None => texts.get("sarif-network-title-any"),
        },
        Subject::Code(Some(detector)) => {
            texts.format("sarif-code-title", &Args::new().text("detector", &line(detector)))
        }
        Subject::Code(None) => texts.get("sarif-code-title-any"),
        Subject::Other(_) => texts.get("sarif-other-title"),
    };
    clip(&title, TITLE).into_owned()
}

/// `22 (TCP)`.
pub(crate) fn port(subject: &Subject<'_>) -> Option<String> {
    match subject {
        Subject::Network { ports: Some(ports), protocol: Some(protocol) } => Some(format!("{ports} ({protocol})")),
        Subject::Network { ports: Some(ports), .. } => Some(ports.clone()),
        _ => None,
    }
}

fn about(rule: &Rule<'_>, texts: &Localizer) -> String {
    let text = rule.description().map(lines).filter(|text| !text.is_empty()).unwrap_or_else(|| match &rule.subject {
        Subject::Vulnerability(id) => {
            texts.format("sarif-vulnerability-about", &Args::new().text("vulnerability", &line(id)))
        }
        Subject::Network { .. } => texts.get("sarif-network-about"),
        Subject::Code(_) => texts.get("sarif-code-about"),
        Subject::Other(_) => texts.get("sarif-other-about"),
    });
    clip(&text, limits::DESCRIPTION).into_owned()
}

/// The help of a rule: as Markdown all that is known, which GitHub shows; as text what decides what to do, for readers that
/// show no Markdown. These have the description in `fullDescription`, and a page in `helpUri`.
struct Help {
    heads: [String; 2],
    facts: Vec<Fact>,
    description: (String, String),
    remediation: Option<(String, String)>,
    references: (String, Vec<String>),
}

/// What is known, and under which name.
struct Fact {
    name: String,
    /// As text, where it decides what to do.
    text: Option<String>,
    markdown: String,
}

impl Help {
    fn new(rule: &Rule<'_>, about: String, texts: &Localizer) -> Help {
        let mut facts = Facts { texts, rows: Vec::new(), are_brief: true };
        facts.add(Column::Severity, texts.severity(rule.severity));
        if let Some(score) = rule.score {
            facts.add(Column::InspectorScore, cvss(&score));
            facts.shorten(cvss(&Cvss { vector: "", ..score }));
        }
        facts.in_full(|facts| facts.scores(rule));
        if let Some(epss) = rule.epss {
            let percent = percent(epss);
            facts.add(Column::EpssScore, texts.format("sarif-epss-value", &Args::new().text("percent", &percent)));
            facts.shorten(format!("{percent} %"));
        }
        facts.exploit(rule);
        let fixes = FixAvailable::KNOWN.iter().zip(rule.fixes).filter(|(_, answer)| *answer);
        facts.add_all(Column::FixAvailable, fixes.map(|(fix, _)| texts.fix_available(*fix)));
        facts.in_full(|facts| facts.packages(rule));
        if let Some(port) = port(&rule.subject) {
            facts.add(Column::PortRange, port);
        }
        if let Subject::Code(Some(detector)) = rule.subject {
            facts.add(Column::DetectorName, detector.to_owned());
        }
        facts.weaknesses(rule);
        facts.in_full(|facts| facts.vendors(rule));
        facts.related(rule);

        let remediation = rule.remediation().map(|text| clip(&lines(text), REMEDIATION).into_owned());
        Help {
            heads: [texts.get("sarif-fact"), texts.get("sarif-value")],
            facts: facts.rows,
            description: (texts.column(Column::Description), about),
            remediation: remediation.map(|text| (texts.column(Column::Remediation), text)),
            references: (texts.column(Column::ReferenceUrls), references(rule, texts)),
        }
    }

    fn text(&self) -> String {
        let facts = self.facts.iter().filter_map(|fact| Some(format!("{}: {}", fact.name, fact.text.as_ref()?)));
        let mut out = facts.collect::<Vec<_>>().join("\n");
        if let Some((heading, text)) = &self.remediation {
            out.push_str(&format!("\n\n{heading}\n{text}"));
        }
        out
    }

    fn markdown(&self) -> String {
        let mut out = format!("| {} | {} |\n| --- | --- |\n", self.heads[0], self.heads[1]);
        for Fact { name, markdown, .. } in &self.facts {
            // The name of a vendor is in some names.
            out.push_str(&format!("| {} | {markdown} |\n", markdown::inline(name)));
        }
        for (heading, text) in std::iter::once(&self.description).chain(&self.remediation) {
            out.push_str(&format!("\n### {heading}\n\n{}\n", markdown::block(text)));
        }
        let (heading, references) = &self.references;
        if !references.is_empty() {
            out.push_str(&format!("\n### {heading}\n\n"));
            references.iter().for_each(|reference| out.push_str(&format!("- {reference}\n")));
        }
        out
    }
}

/// The rows of the table of facts.
struct Facts<'t> {
    texts: &'t Localizer,
    rows: Vec<Fact>,
    /// Whether what is added is of the text too, and not of the Markdown alone.
    are_brief: bool,
}

impl Facts<'_> {
    /// Adds what stands in the Markdown alone.
    fn in_full(&mut self, add: impl FnOnce(&mut Self)) {
        self.are_brief = false;
        add(self);
        self.are_brief = true;
    }

    fn add(&mut self, column: Column, fact: String) {
        self.push(self.texts.column(column), fact);
    }

    fn add_all(&mut self, column: Column, facts: impl Iterator<Item = String>) {
        let mut seen: Vec<String> = Vec::new();
        for fact in facts {
            if !seen.contains(&fact) {
                seen.push(fact);
            }
        }
        if !seen.is_empty() {
            self.add(column, seen.join("; "));
        }
    }

    fn push(&mut self, name: String, fact: String) {
        let fact = line(&fact);
        let fact = clip(&fact, FACT);
        let markdown = markdown::inline(&fact);
        self.rows.push(Fact { name, text: self.are_brief.then(|| fact.into_owned()), markdown });
    }

    /// Says the last fact in fewer words in the text.
    fn shorten(&mut self, text: String) {
        if let Some(last) = self.rows.last_mut().filter(|_| !text.is_empty()) {
            last.text = Some(text);
        }
    }

    /// The scores of others, each once. A vector that is Inspector's, too, stands there.
    fn scores(&mut self, rule: &Rule<'_>) {
        let mut seen: Vec<(String, String)> = Vec::new();
        let vector = rule.score.map(|score| score.vector).filter(|vector| !vector.is_empty());
        for score in rule.facts.iter().flat_map(|facts| facts.scores()) {
            let args = Args::new().text("version", score.version);
            let name = match score.source {
                ScoreSource::Nvd => self.texts.format("sarif-cvss", &args.text("source", "NVD")),
                ScoreSource::Vendor(vendor) if !vendor.is_empty() => {
                    self.texts.format("sarif-cvss", &args.text("source", vendor))
                }
                _ => self.texts.format("sarif-cvss-unnamed", &args),
            };
            let is_like = vector == Some(score.vector) && score.score.is_some();
            let score = Cvss { vector: if is_like { "" } else { score.vector }, ..score };
            let row = (clip(&line(&name), FACT).into_owned(), cvss(&score));
            if !seen.contains(&row) {
                seen.push(row);
            }
        }
        seen.into_iter().for_each(|(name, score)| self.push(name, score));
    }

    fn exploit(&mut self, rule: &Rule<'_>) {
        if !rule.exploit_known {
            return;
        }
        let answer = if rule.exploit { ExploitAvailable::Yes } else { ExploitAvailable::No };
        let answer = self.texts.exploit_available(answer);
        let fact = match rule.last_exploited {
            Some(last) => {
                let date = self.texts.date(last);
                self.texts.format("sarif-exploit-last", &Args::new().text("exploit", &answer).text("date", &date))
            }
            None => answer,
        };
        self.add(Column::ExploitAvailable, fact);
    }

    /// The packages that have the vulnerability, on whichever resource.
    fn packages(&mut self, rule: &Rule<'_>) {
        let names: Vec<&str> = rule.packages.iter().take(PACKAGES).copied().collect();
        if names.is_empty() {
            return;
        }
        let names = names.join(", ");
        let fact = match rule.packages.len().saturating_sub(PACKAGES) {
            0 => names,
            more => {
                let args = Args::new().text("items", &names).count("count", more as u64);
                self.texts.format("sarif-and-more", &args)
            }
        };
        self.add(Column::AffectedPackages, fact);
    }

    fn weaknesses(&mut self, rule: &Rule<'_>) {
        if !rule.weaknesses.is_empty() {
            let all: Vec<String> = rule.weaknesses.iter().map(|number| format!("CWE-{number}")).collect();
            self.push(self.texts.get("sarif-cwe"), all.join(", "));
        }
    }

    /// Other ids that belong to the vulnerability.
    fn related(&mut self, rule: &Rule<'_>) {
        let related = related(rule);
        if !related.is_empty() {
            let all: Vec<String> = related.iter().map(|id| line(id)).collect();
            self.add(Column::RelatedVulnerabilities, all.join(", "));
        }
    }

    fn vendors(&mut self, rule: &Rule<'_>) {
        self.add_all(
            Column::VendorSeverity,
            rule.facts.iter().filter_map(|facts| match (facts.vendor(), facts.vendor_severity()) {
                (Some(vendor), Some(severity)) => Some(format!("{vendor}: {severity}")),
                (vendor, severity) => severity.or(vendor).map(str::to_owned),
            }),
        );
        let pages = advisories(rule);
        if !pages.is_empty() {
            let links: Vec<String> = pages.iter().map(|page| link(page)).collect();
            let name = self.texts.column(Column::VendorAdvisory);
            self.rows.push(Fact { name, text: None, markdown: links.join(" ") });
        }
        if let Some(published) = rule.facts.iter().filter_map(|facts| facts.published()).min() {
            self.add(Column::VendorAdvisoryPublished, self.texts.date(published));
        }
    }
}

/// The advisories that are named.
fn advisories<'a>(rule: &Rule<'a>) -> Vec<&'a str> {
    let mut pages: Vec<&str> = Vec::new();
    for page in rule.facts.iter().filter_map(|facts| facts.advisory()) {
        if !pages.contains(&page) && pages.len() < ADVISORIES {
            pages.push(page);
        }
    }
    pages
}

/// Other ids that belong to the vulnerability, in order.
fn related<'a>(rule: &Rule<'a>) -> BTreeSet<&'a str> {
    let related: BTreeSet<&str> = rule.facts.iter().flat_map(|facts| facts.related()).collect();
    related.into_iter().take(RELATED).collect()
}

/// `8.2 (CVSS:3.1/AV:N/...)`.
fn cvss(score: &Cvss<'_>) -> String {
    match (score.score, score.vector.trim()) {
        (Some(number), "") => format!("{number:.1}"),
        (Some(number), vector) => format!("{number:.1} ({vector})"),
        (None, vector) => vector.to_owned(),
    }
}

/// A probability in percent, to three decimals at most.
fn percent(probability: f64) -> String {
    let text = format!("{:.3}", probability * 100.0);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// An address as a link, if it is one; else as text.
fn link(address: &str) -> String {
    match uri::web(address) {
        Some(address) => format!("<{address}>"),
        None => markdown::inline(&clip(&line(address), FACT)),
    }
}

fn references(rule: &Rule<'_>, texts: &Localizer) -> Vec<String> {
    let mut all: Vec<&str> = Vec::new();
    let advisories = advisories(rule);
    let references = rule.facts.iter().flat_map(|facts| facts.references()).take(10 * REFERENCES);
    for reference in rule.pages.iter().copied().chain(references) {
        if !all.contains(&reference) && !advisories.contains(&reference) {
            all.push(reference);
        }
    }
    let more = all.len().saturating_sub(REFERENCES);
    let mut lines: Vec<String> = all.into_iter().take(REFERENCES).map(link).collect();
    if more > 0 {
        lines.push(texts.format("sarif-references-more", &Args::new().count("count", more as u64)));
    }
    lines
}

#[cfg(test)]
mod tests {
    use inspector_report_format::NO_FILES;
    use inspector_report_localizer::Lang;
    use inspector_report_model::{Report, View};

    use super::*;
    use crate::{options::Options, rule::Rules, source::Source};

    fn first(headings: &[&str], cells: &[&str]) -> ReportingDescriptor {
        let report = View::of(Report::from_rows("made", headings, [cells]));
        let options = Options::default();
        let rules = Rules::collect(&mut Source::all(&report, &options, &NO_FILES));
        descriptor(rules.get(0).unwrap(), &BTreeSet::new(), &crate::localizer(Lang::En), false)
    }

    #[test]
    fn descriptions_keep_githubs_limits() {
        let long = "A flaw 😀 ".repeat(400);
        let rule = first(&["Vulnerability Id", "Description"], &[&"CVE-1".repeat(300), &long]);
        for text in [&rule.short_description.unwrap().text, &rule.full_description.unwrap().text] {
            assert!(text.encode_utf16().count() <= limits::DESCRIPTION && text.ends_with('…'), "{text}");
        }
        assert!(rule.name.unwrap().len() <= 255);
        let rule = first(&["Vulnerability Id"], &["CVE-1"]);
        assert_eq!(rule.full_description.unwrap().text, "The report has no description of CVE-1.");
    }

    #[test]
    fn a_page_is_an_address() {
        let headings = ["Vulnerability Id", "Vendor Advisory", "Reference Urls"];
        let page = |advisory, references| first(&headings, &["ALAS-1", advisory, references]).help_uri;
        assert_eq!(page("https://a.example/1", "https://b.example").unwrap(), "https://a.example/1");
        assert_eq!(page("javascript:alert(1)", "x,https://b.example").unwrap(), "https://b.example");
        let of_aws = "https://docs.aws.amazon.com/inspector/latest/user/findings-types.html";
        assert_eq!(page("see the manual", "").unwrap(), of_aws);
        // A file for programs is no page.
        assert_eq!(
            page("https://a.example/1.json", "https://b.example/2.JSON?x,https://c.example").unwrap(),
            "https://c.example"
        );
        assert_eq!(page("https://a.example/1.json", "").unwrap(), of_aws);
        let known = first(&headings, &["CVE-2024-3094", "https://a.example/1.json", ""]).help_uri;
        assert_eq!(known.unwrap(), "https://nvd.nist.gov/vuln/detail/CVE-2024-3094");
    }

    #[test]
    fn tags_are_ten_at_most_and_begin_with_security() {
        let headings = ["Severity", "Finding Type", "Title", "Exploit Available", "Fix Available"];
        let title = "CWE-79,1,2,3,4,5,6,7,8,9,10,11,12 - Injection";
        let rule = first(&headings, &["UNTRIAGED", "CODE_VULNERABILITY", title, "YES", "PARTIAL"]);
        let tags = rule.properties.unwrap().tags.unwrap();
        assert_eq!(tags.len(), 10);
        assert_eq!(
            tags[..7],
            [
                "security",
                "untriaged",
                "priority/soon",
                "exploit-available",
                "fix-partial",
                "code-vulnerability",
                "external/cwe/cwe-001"
            ]
        );
    }

    #[test]
    fn hostile_text_cannot_break_the_help() {
        let hostile = "x | y\n| <img src=x> `a` ![](http://evil.example) @team #1 [l](http://evil.example)";
        let headings = [
            "Vulnerability Id",
            "Description",
            "Vendor",
            "Vendor Severity",
            "Vendor Advisory",
            "Remediation",
            "NVD CVSS3 Score",
            "Vendor CVSS3 Score",
            "Vendor CVSS3 Vector",
            "Reference Urls",
        ];
        let rule =
            first(&headings, &[hostile, hostile, hostile, hostile, hostile, hostile, "9.8", "9.8", hostile, hostile]);
        let markdown = rule.help.unwrap().markdown.unwrap();
        use pulldown_cmark::{Event, Options, Parser, Tag};
        let (mut rows, mut cells) = (0, 0);
        for event in Parser::new_ext(&markdown, Options::all()) {
            match event {
                Event::Start(Tag::Link { .. } | Tag::Image { .. })
                | Event::Html(_)
                | Event::InlineHtml(_)
                | Event::Code(_) => {
                    panic!("{event:?} in {markdown}")
                }
                Event::Start(Tag::TableRow) => rows += 1,
                Event::Start(Tag::TableCell) => cells += 1,
                _ => {}
            }
        }
        assert_eq!(cells, (rows + 1) * 2, "{markdown}");
        assert!(!markdown.contains("@team") && !markdown.contains(" #1"));
    }

    #[test]
    fn percents_are_short() {
        assert_eq!([0.00042, 0.5, 0.97538, 0.0].map(percent), ["0.042", "50", "97.538", "0"]);
    }
}

//! The message of a result. Lists of alerts show its first sentence alone, which therefore says what is vulnerable,
//! where, and what to do.

use std::collections::HashMap;

use inspector_report_localizer::{Args, Localizer};
use inspector_report_model::{
    Finding, Package, Resource, ResourceDetails,
    value::{FixAvailable, ResourceType},
};

use crate::{
    rule::Rule,
    rule_id::Subject,
    rule_text::port,
    text::{clip, line, lines},
};

/// Packages, versions and commands that are named.
const NAMED: usize = 3;

/// The length of a name.
const NAME: usize = 200;

/// The length of a description that stands in the message because no rule can have it.
const DESCRIPTION: usize = 2_000;

/// What the messages of a run say of resources and packages, once for each: many findings have them in common.
#[derive(Debug, Default)]
pub(crate) struct Words {
    /// By the source of a finding and the place of its resource among those of the report.
    resources: HashMap<(u8, u32), ResourceWords>,
    /// By the source of a finding and the number of its packages.
    packages: HashMap<(u8, u32), PackageWords>,
}

impl Words {
    /// Adds what is to be said of a finding.
    pub(crate) fn add(&mut self, source: u8, finding: Finding<'_>, texts: &Localizer) {
        let resource = finding.resource();
        self.resources.entry((source, resource.index())).or_insert_with(|| ResourceWords::new(resource, texts));
        let packages = self.packages.entry((source, finding.packages_index()));
        packages.or_insert_with(|| PackageWords::new(finding, texts));
    }
}

/// What a message says of a resource.
#[derive(Debug)]
struct ResourceWords {
    /// `EC2 instance web-1 (i-0abc)`.
    name: String,
    /// Its id, account and Region, as far as the name does not say them.
    place: String,
}

/// What a message says of packages.
#[derive(Debug)]
struct PackageWords {
    /// Names with installed versions.
    installed: String,
    /// The fixed versions; blank if there is none.
    fixed: String,
    /// Whether each of them has one.
    are_all_fixed: bool,
    /// What mends them.
    commands: String,
}

/// The message of a finding, of which the words are known.
pub(crate) fn message(
    source: u8,
    finding: Finding<'_>,
    subject: &Subject<'_>,
    rule: &Rule<'_>,
    words: &Words,
    texts: &Localizer,
) -> String {
    let resource = words.resources.get(&(source, finding.resource().index()));
    let packages = words.packages.get(&(source, finding.packages_index()));
    let mut out = sentence(finding, subject, resource.map_or("-", |words| &words.name), packages, texts);
    if let Some(resource) = resource {
        out.push('\n');
        out.push_str(&resource.place);
    }
    if let Some(packages) = packages.filter(|packages| !packages.commands.is_empty()) {
        out.push('\n');
        out.push_str(&packages.commands);
    }
    let path: Vec<String> = finding.network_path().take(20).map(name).collect();
    if !path.is_empty() {
        out.push('\n');
        out.push_str(&texts.format("sarif-path", &Args::new().text("path", &path.join(" > "))));
    }
    if !matches!(subject, Subject::Vulnerability(_)) {
        // The rule has what all its findings say alike.
        let own = |text: &str, of_rule: Option<&str>| of_rule != Some(text) && !text.trim().is_empty();
        if own(finding.description(), rule.description()) {
            push_paragraph(&mut out, finding.description());
        }
        if let Some(remediation) = finding.remediation().filter(|text| own(text, rule.remediation())) {
            push_paragraph(&mut out, remediation);
        }
    }
    out
}

fn push_paragraph(out: &mut String, text: &str) {
    out.push_str("\n\n");
    out.push_str(&clip(&lines(text), DESCRIPTION));
}

fn sentence(
    finding: Finding<'_>,
    subject: &Subject<'_>,
    resource: &str,
    packages: Option<&PackageWords>,
    texts: &Localizer,
) -> String {
    let severity = name(&texts.severity(finding.severity()));
    let args = Args::new().text("resource", resource).text("severity", &severity);
    match subject {
        Subject::Vulnerability(id) => {
            let id = name(id);
            of_packages(finding.fix_available(), packages, args.text("vulnerability", &id), texts)
        }
        Subject::Network { .. } => match port(subject) {
            Some(port) => texts.format("sarif-network", &args.text("port", &port)),
            None => texts.format("sarif-network-any", &args),
        },
        Subject::Code(detector) => {
            let detector = detector.map_or_else(|| texts.get("sarif-weakness"), name);
            let args = args.text("detector", &detector);
            match finding.file().map(name) {
                Some(file) => texts.format("sarif-code-file", &args.text("file", &file)),
                None => texts.format("sarif-code", &args),
            }
        }
        Subject::Other(_) => {
            let title = Some(name(finding.title())).filter(|title| !title.is_empty());
            let title = title.unwrap_or_else(|| texts.get("sarif-finding"));
            texts.format("sarif-other", &args.text("title", &title))
        }
    }
}

fn of_packages(answer: FixAvailable<'_>, packages: Option<&PackageWords>, args: Args<'_>, texts: &Localizer) -> String {
    let Some(packages) = packages.filter(|packages| !packages.installed.is_empty()) else {
        let key = match answer {
            FixAvailable::Yes | FixAvailable::Partial => "sarif-resource-fix",
            FixAvailable::No => "sarif-resource-no-fix",
            FixAvailable::Other(_) => "sarif-resource-see",
        };
        return texts.format(key, &args);
    };
    let args = args.text("packages", &packages.installed);
    if !packages.fixed.is_empty() {
        let all = answer != FixAvailable::Partial && packages.are_all_fixed;
        let key = if all { "sarif-package-update" } else { "sarif-package-update-some" };
        return texts.format(key, &args.text("fixed", &packages.fixed));
    }
    let key = match answer {
        FixAvailable::Yes | FixAvailable::Partial => "sarif-package-fix",
        FixAvailable::No => "sarif-package-no-fix",
        FixAvailable::Other(_) => "sarif-package-see",
    };
    texts.format(key, &args)
}

impl PackageWords {
    fn new(finding: Finding<'_>, texts: &Localizer) -> PackageWords {
        let packages: Vec<Package<'_>> = finding.packages().collect();
        let commands = distinct(packages.iter().filter_map(|package| package.remediation).map(name));
        let commands = match commands.is_empty() {
            true => String::new(),
            false => texts.format("sarif-commands", &Args::new().text("commands", &some(commands, texts))),
        };
        PackageWords {
            installed: some(distinct(packages.iter().map(|package| versioned(package, package.installed))), texts),
            fixed: some(fixes(&packages), texts),
            are_all_fixed: packages.iter().all(|package| package.fixed.is_some()),
            commands,
        }
    }
}

/// The fixed versions: the version alone where it is that of all packages.
fn fixes(packages: &[Package<'_>]) -> Vec<String> {
    let versions = distinct(packages.iter().filter_map(|package| package.fixed).map(name));
    let all = packages.iter().all(|package| package.fixed.is_some());
    match versions.len() {
        0 => versions,
        1 if all => versions,
        _ => {
            let fixed = packages.iter().filter(|package| package.fixed.is_some());
            distinct(fixed.map(|package| versioned(package, package.fixed)))
        }
    }
}

fn versioned(package: &Package<'_>, version: Option<&str>) -> String {
    match version {
        Some(version) => format!("{} {}", name(package.name), name(version)),
        None => name(package.name),
    }
}

/// A text from the report as a name in a sentence: one line, of a length, and without an end of a sentence in it.
fn name(text: &str) -> String {
    clip(&line(text), NAME).replace(". ", ".\u{a0}")
}

fn distinct(items: impl Iterator<Item = String>) -> Vec<String> {
    let mut seen: Vec<String> = Vec::new();
    for item in items.take(1_000) {
        if !seen.contains(&item) {
            seen.push(item);
        }
    }
    seen
}

/// The first of some names, and how many more there are.
fn some(mut names: Vec<String>, texts: &Localizer) -> String {
    let more = names.len().saturating_sub(NAMED);
    names.truncate(NAMED);
    let names = names.join(", ");
    match more {
        0 => names,
        more => texts.format("sarif-and-more", &Args::new().text("items", &names).count("count", more as u64)),
    }
}

impl ResourceWords {
    fn new(resource: Resource<'_>, texts: &Localizer) -> ResourceWords {
        let own = resource.name();
        let mut out = match resource.resource_type() {
            ResourceType::Other("") => String::new(),
            kind => name(&texts.resource_type(kind)) + " ",
        };
        out.push_str(&if own.trim().is_empty() { "-".to_owned() } else { name(&own) });
        let named = matches!(
            resource.details(),
            ResourceDetails::EcrContainerImage { .. } | ResourceDetails::LambdaFunction { .. }
        );
        if !named && own != resource.id() && !resource.id().is_empty() {
            out.push_str(&format!(" ({})", name(resource.id())));
        }
        let args = [resource.id(), resource.account(), resource.region()].map(|text| match name(text) {
            text if text.is_empty() => "-".to_owned(),
            text => text,
        });
        let [id, account, region] = &args;
        let key = match () {
            // An ARN names both.
            () if id.contains(account) && id.contains(region) => "sarif-where-id",
            () if out.contains(id) => "sarif-where-place",
            () => "sarif-where",
        };
        let args = Args::new().text("id", id).text("account", account).text("region", region);
        ResourceWords { name: out, place: texts.format(key, &args) }
    }
}

#[cfg(test)]
mod tests {
    use inspector_report_format::NO_FILES;
    use inspector_report_localizer::Lang;
    use inspector_report_model::{Report, View};

    use super::*;
    use crate::{options::Options, rule::Rules, source::Source, text::first_sentence};

    fn first(headings: &[&str], cells: &[&str], lang: Lang) -> String {
        let report = View::of(Report::from_rows("made", headings, [cells]));
        let finding = report.finding(0).unwrap();
        let options = Options::default();
        let rules = Rules::collect(&mut Source::all(&report, &options, &NO_FILES));
        let (texts, mut words) = (crate::localizer(lang), Words::default());
        words.add(0, finding, &texts);
        let message = message(0, finding, &Subject::of(finding), rules.get(0).unwrap(), &words, &texts);
        first_sentence(message.lines().next().unwrap()).to_owned()
    }

    const PACKAGE: [&str; 9] = [
        "Vulnerability Id",
        "Severity",
        "Resource Type",
        "Resource ID",
        "Resource Tags",
        "Affected Packages",
        "Package Installed Version",
        "Fixed in Version",
        "Fix Available",
    ];

    fn package(names: &str, installed: &str, fixed: &str, fix: &str) -> String {
        let cells = ["CVE-1", "HIGH", "AWS_EC2_INSTANCE", "i-1", "Name:web-1", names, installed, fixed, fix];
        first(&PACKAGE, &cells, Lang::En)
    }

    #[test]
    fn the_first_sentence_stands_alone() {
        assert_eq!(
            package("curl", "7.1", "7.2", "YES"),
            "CVE-1 (High) affects curl 7.1 on EC2 instance web-1 (i-1): update to 7.2."
        );
        assert_eq!(
            package("a, b, c, d, e", "1, 2, 3, 4, 5", "9, 9, 9, 9, 9", "YES"),
            "CVE-1 (High) affects a 1, b 2, c 3 and 2 more on EC2 instance web-1 (i-1): update to 9."
        );
        assert_eq!(
            package("a, b", "1, 2", "3, NotAvailable", "PARTIAL"),
            "CVE-1 (High) affects a 1, b 2 on EC2 instance web-1 (i-1): update to a 3; not all of the packages have a fixed version yet."
        );
        assert_eq!(
            package("a, b", "1, 2", "3, 4", "YES"),
            "CVE-1 (High) affects a 1, b 2 on EC2 instance web-1 (i-1): update to a 3, b 4."
        );
        assert_eq!(
            package("a", "1", "NotAvailable", "NO"),
            "CVE-1 (High) affects a 1 on EC2 instance web-1 (i-1): no fixed version is known yet."
        );
        assert_eq!(
            package("", "", "", "YES"),
            "CVE-1 (High) affects EC2 instance web-1 (i-1): install the vendor's fix."
        );
        assert_eq!(
            package("we. ird\nname [x](http://y)", "1", "", ""),
            "CVE-1 (High) affects we.\u{a0}ird name [x] (http://y) 1 on EC2 instance web-1 (i-1): see the advisory for a fix."
        );
    }

    #[test]
    fn japanese_too() {
        let cells = ["CVE-1", "HIGH", "AWS_EC2_INSTANCE", "i-1", "", "curl", "7.1", "7.2", "YES"];
        let sentence = first(&PACKAGE, &cells, Lang::Ja);
        assert!(sentence.contains("i-1 の curl 7.1 が影響を受けるため、7.2 に更新してください。"), "{sentence}");
    }

    #[test]
    fn ports_code_and_what_is_blank() {
        let headings = ["Finding Type", "Severity", "Resource ID", "Title", "Port Range", "Detector Name", "File Path"];
        assert_eq!(
            first(&headings, &["NETWORK_REACHABILITY", "HIGH", "i-1", "Port 22 - TCP", "22-22", "", ""], Lang::En),
            "Port 22 (TCP) of i-1 is reachable over the network (High): restrict the security groups or network ACLs in its path."
        );
        assert_eq!(
            first(&headings, &["CODE_VULNERABILITY", "HIGH", "fn", "t", "", "Log injection", "src/a.py"], Lang::En),
            "Log injection (High) in src/a.py of fn: mend the code."
        );
        for lang in Lang::ALL {
            assert!(!first(&headings, &[""; 7], lang).is_empty());
        }
    }
}

//! What the tests share: reports made of rows, and files in memory.
#![allow(dead_code, reason = "each test file uses a part of it")]
#![allow(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use inspector_report_format::{Context, ConvertError, Format, LocalFiles, MemoryOutputs, Settings, Summary};
use inspector_report_localizer::Lang;
use inspector_report_model::{Report, View};
use inspector_report_sarif::Sarif;
use serde_sarif::sarif;

/// The columns that findings of the tests have.
pub const HEADINGS: [&str; 30] = [
    "AWS Account Id",
    "Severity",
    "Fix Available",
    "Finding Type",
    "Title",
    "Description",
    "Finding ARN",
    "First Seen",
    "Resource ID",
    "Container Image Tags",
    "Region",
    "Affected Packages",
    "Package Installed Version",
    "Fixed in Version",
    "Package Remediation",
    "File Path",
    "Network Paths",
    "Remediation",
    "Inspector Score",
    "Inspector Score Vector",
    "Status",
    "Vulnerability Id",
    "Vendor",
    "Vendor Severity",
    "Vendor Advisory",
    "Resource Type",
    "Port Range",
    "Exploit Available",
    "Reference Urls",
    "Detector Name",
];

/// A row, given by the columns that are not blank.
#[derive(Clone, Debug)]
pub struct Row(pub Vec<String>);

impl Row {
    /// A package finding on an instance.
    pub fn new() -> Row {
        Row(vec![String::new(); HEADINGS.len()])
            .with("AWS Account Id", "012345678901")
            .with("Region", "us-east-1")
            .with("Severity", "HIGH")
            .with("Finding Type", "PACKAGE_VULNERABILITY")
            .with("Status", "ACTIVE")
            .with("Vulnerability Id", "CVE-2024-0001")
            .with("Resource Type", "AWS_EC2_INSTANCE")
            .with("Resource ID", "i-0abc")
            .with("Affected Packages", "curl")
            .with("Package Installed Version", "7.1")
            .with("Fixed in Version", "7.2")
            .with("Fix Available", "YES")
    }

    #[must_use]
    pub fn with(mut self, heading: &str, cell: &str) -> Row {
        let place = HEADINGS.iter().position(|known| *known == heading).unwrap();
        self.0[place] = cell.to_owned();
        self
    }

    /// The ARN of finding `n`.
    #[must_use]
    pub fn arn(self, n: usize) -> Row {
        self.with("Finding ARN", &format!("arn:aws:inspector2:us-east-1:012345678901:finding/{n:032x}"))
    }
}

pub fn report(rows: &[Row]) -> Report {
    let rows: Vec<Vec<&str>> = rows.iter().map(|row| row.0.iter().map(String::as_str).collect()).collect();
    Report::from_rows("made.csv", &HEADINGS, rows)
}

/// The files of a report, as text.
pub fn convert<R: Clone + Into<View>>(report: &R, lang: Lang) -> (Vec<String>, Summary) {
    let texts = inspector_report_sarif::localizer(lang);
    let mut memory = MemoryOutputs::default();
    let summary = Sarif
        .converter(&Settings::new())
        .unwrap()
        .write(&report.clone().into(), &Context::new(&texts, "0.1.0"), &mut memory)
        .unwrap();
    let files = memory.files.into_iter().map(|file| String::from_utf8(file.into_inner()).unwrap()).collect();
    (files, summary)
}

/// The files of a report, read back.
pub fn parsed<R: Clone + Into<View>>(report: &R) -> (Vec<sarif::Sarif>, Summary) {
    let (files, summary) = convert(report, Lang::En);
    (files.iter().map(|file| serde_json::from_str(file).unwrap()).collect(), summary)
}

pub fn results(run: &sarif::Run) -> &[sarif::Result] {
    run.results.as_deref().unwrap()
}

pub fn category(run: &sarif::Run) -> &str {
    run.automation_details.as_ref().unwrap().id.as_deref().unwrap()
}

pub fn uri(result: &sarif::Result) -> &str {
    let location = &result.locations.as_ref().unwrap()[0];
    location.physical_location.as_ref().unwrap().artifact_location.as_ref().unwrap().uri.as_deref().unwrap()
}

pub fn hash(result: &sarif::Result) -> &str {
    &result.partial_fingerprints.as_ref().unwrap()["primaryLocationLineHash"]
}

pub fn arn(result: &sarif::Result) -> &str {
    result.properties.as_ref().unwrap().additional_properties["findingArn"].as_str().unwrap()
}

/// Everything that GitHub rejects a delivery for, or drops without a word, and that can be seen in the files.
pub fn check(files: &[sarif::Sarif]) {
    let mut categories = std::collections::BTreeSet::new();
    for file in files {
        assert!((1..=20).contains(&file.runs.len()));
        for run in &file.runs {
            assert!(category(run).ends_with('/'));
            assert!(categories.insert(category(run).to_owned()), "{} stands twice", category(run));
            let rules = run.tool.driver.rules.as_deref().unwrap();
            assert!(results(run).len() <= 5_000 && rules.len() <= 25_000);
            rules.iter().for_each(check_rule);
            let mut hashes = std::collections::BTreeSet::new();
            for result in results(run) {
                let rule = &rules[usize::try_from(result.rule_index.unwrap()).unwrap()];
                assert_eq!(result.rule_id.as_deref(), Some(rule.id.as_str()));
                assert!(hashes.insert(hash(result)), "{} stands twice", hash(result));
                check_uri(uri(result));
                let text = result.message.text.as_deref().unwrap();
                assert!(!text.trim().is_empty() && !text.contains("]("), "{text}");
            }
        }
    }
}

fn check_rule(rule: &sarif::ReportingDescriptor) {
    let bag = rule.properties.as_ref().unwrap();
    let score = bag.additional_properties["security-severity"].as_str().unwrap();
    assert!((0.1..=10.0).contains(&score.parse::<f64>().unwrap()), "{score}");
    let tags = bag.tags.as_deref().unwrap();
    assert!(tags.len() <= 10 && tags[0] == "security", "{tags:?}");
    assert!(!rule.id.is_empty() && !rule.id.contains(char::is_whitespace));
    let help = rule.help.as_ref().unwrap();
    assert!(!help.text.is_empty() && !help.markdown.as_deref().unwrap().is_empty());
    for text in [&rule.short_description, &rule.full_description] {
        let text = &text.as_ref().unwrap().text;
        assert!(!text.is_empty() && text.encode_utf16().count() <= 1_024);
    }
    assert!(rule.help_uri.as_deref().is_none_or(|uri| uri.starts_with("http")));
}

fn check_uri(uri: &str) {
    assert!(uri.starts_with("aws/") && !uri.contains(':') && !uri.contains("//"), "{uri}");
    assert!(uri.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~/%".contains(&b)), "{uri}");
    assert!(uri.split('/').all(|segment| !["", ".", ".."].contains(&segment)), "{uri}");
}

/// The files of a report with settings, read back, and what was written besides.
pub fn with_settings<R: Clone + Into<View>>(
    report: &R,
    settings: &Settings,
) -> Result<(Vec<sarif::Sarif>, MemoryOutputs, Summary), ConvertError> {
    let texts = inspector_report_sarif::localizer(Lang::En);
    let mut memory = MemoryOutputs::default();
    let context = Context::new(&texts, "0.1.0").with_files(&LocalFiles);
    let summary = Sarif.converter(settings).map_err(ConvertError::Format)?.write(
        &report.clone().into(),
        &context,
        &mut memory,
    )?;
    let files = memory.files.iter().map(|file| serde_json::from_slice(file.get_ref()).unwrap()).collect();
    Ok((files, memory, summary))
}

/// Every result with the category of its run.
pub fn all(files: &[sarif::Sarif]) -> impl Iterator<Item = (&str, &sarif::Result)> {
    let runs = files.iter().flat_map(|file| &file.runs);
    runs.flat_map(|run| results(run).iter().map(|result| (category(run), result)))
}

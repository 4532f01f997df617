//! What GitHub needs: nothing rejected, nothing dropped, no alert opened anew.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::collections::{BTreeMap, BTreeSet};

use common::{Row, arn, category, check, convert, hash, parsed, report, results, uri, with_settings};
use flate2::{Compression, write::GzEncoder};
use inspector_report_format::Settings;
use inspector_report_localizer::Lang;
use inspector_report_model::View;

/// Alerts as GitHub knows them, with the finding that each is of.
fn alerts(rows: &[Row]) -> BTreeMap<(String, String, String, String), String> {
    let (files, _) = parsed(&report(rows));
    check(&files);
    let mut alerts = BTreeMap::new();
    for run in files.iter().flat_map(|file| &file.runs) {
        for result in results(run) {
            let rule = result.rule_id.clone().unwrap();
            let key = (category(run).to_owned(), rule, uri(result).to_owned(), hash(result).to_owned());
            assert!(alerts.insert(key, arn(result).to_owned()).is_none());
        }
    }
    alerts
}

fn identities(rows: &[Row]) -> BTreeSet<(String, String, String, String)> {
    alerts(rows).into_keys().collect()
}

fn image(repository: &str, digest: char) -> String {
    let digest = digest.to_string().repeat(64);
    format!("arn:aws:ecr:us-east-1:012345678901:repository/{repository}/sha256:{digest}")
}

fn on_image(digest: char, tag: &str) -> Row {
    Row::new()
        .with("Resource Type", "AWS_ECR_CONTAINER_IMAGE")
        .with("Resource ID", &image("shop/api", digest))
        .with("Container Image Tags", tag)
}

#[test]
fn every_open_finding_is_in_exactly_one_result() {
    let severities = ["CRITICAL", "HIGH", "MEDIUM", "LOW", "INFORMATIONAL", "UNTRIAGED", "Severe", ""];
    let statuses = ["ACTIVE", "CLOSED", "SUPPRESSED", "", "NEW"];
    let rows: Vec<Row> = (0..2_000)
        .map(|n| {
            Row::new()
                .arn(n)
                .with("AWS Account Id", ["012345678901", "210987654321", ""][n % 3])
                .with("Region", ["us-east-1", "ap-northeast-1"][n / 3 % 2])
                .with("Severity", severities[n / 7 % 8])
                .with("Status", statuses[n / 11 % 5])
                .with("Vulnerability Id", &format!("CVE-2024-{:04}", n % 97))
                .with("Resource ID", &format!("i-{:04x}", n % 13))
        })
        .collect();
    let open: BTreeSet<&str> = rows
        .iter()
        .filter(|row| !["CLOSED", "SUPPRESSED"].contains(&row.0[20].as_str()))
        .map(|row| row.0[6].as_str())
        .collect();
    let written = alerts(&rows);
    assert_eq!(written.values().map(String::as_str).collect::<BTreeSet<_>>(), open);
    assert_eq!(written.len(), open.len());
    let (_, summary) = parsed(&report(&rows));
    assert_eq!(summary.findings, open.len() as u64);
    let closed = rows.iter().filter(|row| row.0[20] == "CLOSED").count();
    let suppressed = rows.iter().filter(|row| row.0[20] == "SUPPRESSED").count();
    let expected = format!("left out {suppressed} suppressed and {closed} closed findings");
    assert!(summary.notes[0].starts_with(&expected), "{:?}", summary.notes);
    assert!(
        summary.notes[0].contains(&format!("of 2000 rows read, {} are written", open.len())),
        "{:?}",
        summary.notes
    );
}

#[test]
fn a_push_a_new_tag_or_another_description_keeps_the_alerts() {
    let before = [on_image('a', "v1").arn(1), Row::new().arn(2)];
    let after = [
        Row::new().arn(12).with("Description", "Written anew.").with("First Seen", "2026-01-01T00:00:00.000Z"),
        on_image('b', "v2, latest").arn(11).with("Fixed in Version", "7.3"),
    ];
    assert_eq!(identities(&before), identities(&after));
}

#[test]
fn another_finding_is_another_alert() {
    let base = Row::new().arn(1).with("File Path", "app/x.jar");
    let known = identities(std::slice::from_ref(&base));
    for (heading, cell) in [
        ("AWS Account Id", "210987654321"),
        ("Region", "us-east-2"),
        ("Resource ID", "i-0def"),
        ("Vulnerability Id", "CVE-2024-0002"),
        ("Affected Packages", "wget"),
        ("File Path", "app/y.jar"),
        ("Severity", "CRITICAL"),
    ] {
        assert!(known.is_disjoint(&identities(&[base.clone().with(heading, cell)])), "{heading}");
    }
}

#[test]
fn images_of_one_repository_keep_their_numbers_when_one_is_added() {
    let old = on_image('b', "v1").arn(1).with("First Seen", "2026-01-01T00:00:00.000Z");
    let new = on_image('a', "v2").arn(2).with("First Seen", "2026-02-01T00:00:00.000Z");
    let alone = alerts(std::slice::from_ref(&old));
    let both = alerts(&[new.clone(), old.clone()]);
    assert_eq!(both, alerts(&[old, new]));
    assert_eq!(both.len(), 2);
    let (identity, finding) = alone.first_key_value().unwrap();
    assert!(identity.3.ends_with(":1"));
    assert_eq!(both.get(identity), Some(finding));
}

#[test]
fn neither_the_order_of_rows_nor_the_number_of_threads_changes_the_files() {
    let mut rows: Vec<Row> = (0..600)
        .map(|n| {
            Row::new()
                .arn(n)
                .with("Region", ["us-east-1", "ap-northeast-1", "eu-west-1"][n % 3])
                .with("Severity", ["HIGH", "LOW"][n / 5 % 2])
                .with("Vulnerability Id", &format!("CVE-2024-{:04}", n % 41))
                .with("Description", ["One.", "Another, longer."][n / 2 % 2])
                .with("Inspector Score", ["7.1", "8.8", ""][n / 7 % 3])
                .with("Reference Urls", "https://b.example/2,https://a.example/1")
        })
        .collect();
    let files = convert(&report(&rows), Lang::En).0;
    rows.reverse();
    assert_eq!(convert(&report(&rows), Lang::En).0, files);
    for threads in [1, 3] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        assert_eq!(pool.install(|| convert(&report(&rows), Lang::En).0), files);
    }
}

#[test]
fn more_than_5000_results_are_divided_by_rule() {
    let rows: Vec<Row> = (0..5_001)
        .map(|n| {
            Row::new()
                .arn(n)
                .with("Resource ID", &format!("i-{:03x}", n % 50))
                .with("Vulnerability Id", &format!("CVE-2024-{:05}", n % 300))
                .with("Affected Packages", &format!("package-{n}"))
        })
        .collect();
    let split = alerts(&rows);
    assert_eq!(split.len(), 5_001);
    let mut categories: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (category, rule, ..) in split.keys() {
        categories.entry(category).or_default().insert(rule);
    }
    let base = "amazon-inspector/012345678901/us-east-1";
    let parts = [format!("{base}/part-0/"), format!("{base}/part-1/")];
    assert!(categories.keys().eq(parts.iter()), "{:?}", categories.keys());
    let rules: Vec<&&str> = categories.values().flatten().collect();
    assert_eq!(rules.len(), rules.iter().collect::<BTreeSet<_>>().len(), "a rule is in two parts");

    let (files, summary) = parsed(&report(&rows));
    let last = files[0].runs.last().unwrap();
    assert_eq!((category(last), results(last).len()), (format!("{base}/").as_str(), 0), "the whole is emptied, last");
    assert!(summary.notes.iter().any(|note| note.contains("split into 2 parts")), "{:?}", summary.notes);
    let fits = alerts(&rows[1..]);
    assert!(fits.keys().all(|(category, ..)| *category == format!("{base}/")));
}

#[test]
fn one_resource_with_more_than_5000_results_is_split_by_finding() {
    let rows: Vec<Row> =
        (0..5_001).map(|n| Row::new().arn(n).with("Vulnerability Id", &format!("CVE-2024-{n:05}"))).collect();
    assert_eq!(alerts(&rows).len(), 5_001);
    // Findings that nothing tells apart but their ARN.
    let rows: Vec<Row> = (0..5_001).map(|n| Row::new().arn(n)).collect();
    assert_eq!(alerts(&rows).len(), 5_001);
}

#[test]
fn more_than_20_runs_take_several_files() {
    let rows: Vec<Row> = (0..41).map(|n| Row::new().arn(n).with("AWS Account Id", &format!("{n:012}"))).collect();
    let (files, _) = parsed(&report(&rows));
    assert_eq!((files.len(), files[0].runs.len()), (1, 1), "of several accounts, by Region");
    let mut settings = Settings::default();
    settings.set("sarif-category-by", "account,region");
    let (files, _, summary) = with_settings(&report(&rows), &settings).unwrap();
    check(&files);
    assert_eq!(files.iter().map(|file| file.runs.len()).collect::<Vec<_>>(), [20, 20, 1]);
    assert!(summary.notes.iter().any(|note| note.contains("there are 3 files")), "{:?}", summary.notes);
    let coarser = "these are 41 runs, of which GitHub takes 20 at a time; --sarif-category-by region would give about 1, \
                   and report would give about 1; be sure first";
    assert!(summary.notes.iter().any(|note| note.starts_with(coarser)), "{:?}", summary.notes);
    let chosen = "categories stand for account,region, as --sarif-category-by says: 41 runs in 3 files";
    assert_eq!(summary.details, [chosen]);
}

/// Text that does not compress: each hexadecimal digit is four bits of a hash-like sequence.
fn noise(seed: usize, length: usize) -> String {
    let mut state = (seed as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mut text = String::with_capacity(length);
    while text.len() < length {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        text.push_str(&format!("{:08x}", state >> 32));
    }
    text
}

#[test]
fn files_stay_below_10_megabytes_compressed() {
    // What one run of 5,000 such results comes to is more than a file may have.
    let rows: Vec<Row> = (0..4_500)
        .map(|n| {
            let references: Vec<String> =
                (0..20).map(|i| format!("https://a.example/{}", noise(n * 20 + i, 240))).collect();
            Row::new()
                .arn(n)
                .with("Vulnerability Id", &format!("CVE-2024-{n:05}"))
                .with("Description", &noise(n, 1_000))
                .with("Reference Urls", &references.join(","))
        })
        .collect();
    let (texts, summary) = convert(&report(&rows), Lang::En);
    assert!(texts.len() > 1);
    assert_eq!(summary.findings, 4_500);
    for text in &texts {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
        std::io::Write::write_all(&mut gzip, text.as_bytes()).unwrap();
        let size = gzip.finish().unwrap().len();
        assert!(size < 9_900_000, "{size}");
    }
    let files: Vec<_> = texts.iter().map(|text| serde_json::from_str(text).unwrap()).collect();
    check(&files);
    let categories: Vec<&str> =
        files.iter().flat_map(|file: &serde_sarif::sarif::Sarif| &file.runs).map(category).collect();
    let (whole, parts) = categories.split_last().unwrap();
    assert!(parts.iter().all(|category| category.contains("/us-east-1/part-")), "{categories:?}");
    assert!(whole.ends_with("/us-east-1/"), "{categories:?}");
    let arns: BTreeSet<&str> =
        files.iter().flat_map(|file: &serde_sarif::sarif::Sarif| &file.runs).flat_map(results).map(arn).collect();
    assert_eq!(arns.len(), 4_500);
}

#[test]
fn a_report_without_open_findings_is_one_file_with_an_empty_run() {
    for (rows, expected) in [
        (vec![], "amazon-inspector/"),
        (vec![Row::new().arn(1).with("Status", "CLOSED")], "amazon-inspector/012345678901/us-east-1/"),
    ] {
        let (files, summary) = parsed(&report(&rows));
        check(&files);
        assert_eq!((files.len(), files[0].runs.len(), summary.findings), (1, 1, 0));
        assert!(results(&files[0].runs[0]).is_empty());
        assert_eq!(category(&files[0].runs[0]), expected);
        assert!(summary.notes.iter().any(|note| note.contains("no finding is open")));
    }
    // What a filter leaves out is open all the same.
    let report = report(&[Row::new().arn(1)]);
    let filtered = View::builder(report).filter(vec!["--severity low".to_owned()], |_| false).build();
    let notes = parsed(&filtered).1.notes;
    assert!(notes.iter().any(|note| note.starts_with("no open finding is written: ")), "{notes:?}");
}

#[test]
fn a_category_that_became_empty_is_written_so_that_its_alerts_close() {
    let rows = [Row::new().arn(1), Row::new().arn(2).with("Region", "eu-west-1").with("Status", "CLOSED")];
    let (files, _) = parsed(&report(&rows));
    check(&files);
    let runs: BTreeMap<&str, usize> = files[0].runs.iter().map(|run| (category(run), results(run).len())).collect();
    let base = "amazon-inspector/012345678901";
    let expected = [(format!("{base}/eu-west-1/"), 0), (format!("{base}/us-east-1/"), 1)];
    assert!(runs.into_iter().eq(expected.iter().map(|(category, count)| (category.as_str(), *count))));
}

#[test]
fn hostile_cells_break_nothing() {
    let cells = [
        "a | b `c` <img src=x> ![](http://evil.example) @team #1",
        "line\r\nbreak\u{0}\u{1b}[0m\u{202e}\u{2028}",
        "../../etc/passwd",
        "arn:aws:ecr:x:y:repository/",
        "https://evil.example/<script>",
        "{0} {{1}} [x](1) %s ${y}",
        "\u{feff}\u{10ffff}😀",
        "-1e400",
        ",,,",
        ":",
        "/",
        " ",
        "CVE-",
        "arn:aws:lambda:r:a:function::",
    ];
    let mut rows = Vec::new();
    for cell in &cells {
        rows.push(Row(vec![(*cell).to_owned(); common::HEADINGS.len()]));
        for kind in ["PACKAGE_VULNERABILITY", "NETWORK_REACHABILITY", "CODE_VULNERABILITY", ""] {
            for resource in ["AWS_EC2_INSTANCE", "AWS_ECR_CONTAINER_IMAGE", "AWS_LAMBDA_FUNCTION", "", cell] {
                let row = Row(vec![(*cell).to_owned(); common::HEADINGS.len()]).arn(rows.len());
                rows.push(row.with("Finding Type", kind).with("Resource Type", resource).with("Status", "ACTIVE"));
            }
        }
    }
    // A cell of any length.
    rows.push(Row(vec!["long ".repeat(20_000); common::HEADINGS.len()]));
    for lang in Lang::ALL {
        let (texts, summary) = convert(&report(&rows), lang);
        check(&texts.iter().map(|text| serde_json::from_str(text).unwrap()).collect::<Vec<_>>());
        assert_eq!(summary.findings, rows.len() as u64);
        assert!(texts.iter().all(|text| text.len() < 2_000_000));
    }
}

#[test]
fn one_vulnerability_of_several_severities_has_a_rule_for_each() {
    let rows: Vec<Row> = ["CRITICAL", "HIGH", "MEDIUM", "LOW", "INFORMATIONAL", "UNTRIAGED"]
        .iter()
        .enumerate()
        .map(|(n, severity)| Row::new().arn(n).with("Severity", severity).with("Inspector Score", "5.0"))
        .collect();
    let (files, _) = parsed(&report(&rows));
    check(&files);
    let rules: Vec<(&str, &str)> = files[0].runs[0]
        .tool
        .driver
        .rules
        .as_ref()
        .unwrap()
        .iter()
        .map(|rule| {
            let score = rule.properties.as_ref().unwrap().additional_properties["security-severity"].as_str().unwrap();
            (rule.id.as_str(), score)
        })
        .collect();
    assert_eq!(
        rules,
        [
            ("CVE-2024-0001-critical", "9.1"),
            ("CVE-2024-0001-high", "7.0"),
            ("CVE-2024-0001-medium", "5.0"),
            ("CVE-2024-0001-low", "3.9"),
            ("CVE-2024-0001-informational", "0.1"),
            ("CVE-2024-0001-untriaged", "0.1"),
        ]
    );
}

#[test]
fn rules_name_no_resource() {
    let row = Row::new()
        .arn(1)
        .with("Resource ID", "i-0secret")
        .with("Finding Type", "NETWORK_REACHABILITY")
        .with("Vulnerability Id", "")
        .with("Title", "Port 22 is reachable from an Internet Gateway - TCP")
        .with("Port Range", "22-22")
        .with("Description", "On the instance i-0secret, the port range 22-22 is reachable.")
        .with("Network Paths", "igw-1, acl-1, sg-1, eni-1, i-0secret");
    let (files, _) = parsed(&report(&[row]));
    check(&files);
    let run = &files[0].runs[0];
    let rules = serde_json::to_string(&run.tool).unwrap();
    assert!(!rules.contains("i-0secret") && !rules.contains("igw-1"), "{rules}");
    let message = results(run)[0].message.text.as_deref().unwrap();
    assert!(message.contains("On the instance i-0secret") && message.contains("igw-1 > acl-1"), "{message}");
}

#[test]
fn filters_are_told_in_every_run() {
    let report = View::builder(report(&[Row::new(), Row::new().arn(1).with("Severity", "LOW")]))
        .filter(vec!["--severity HIGH".to_owned()], |finding| finding.severity().as_str() != "LOW")
        .build();
    let (files, _) = parsed(&report);
    for run in files.iter().flat_map(|file| &file.runs) {
        let invocations = run.invocations.as_ref().unwrap();
        assert_eq!(invocations[0].arguments.as_deref(), Some(&["--severity HIGH".to_owned()][..]));
    }
}

#[test]
fn problems_of_the_report_are_told_once_without_its_folder() {
    let rows = [Row::new().arn(1).with("First Seen", "yesterday"), Row::new().arn(2).with("Region", "eu-west-1")];
    let rows: Vec<Vec<&str>> = rows.iter().map(|row| row.0.iter().map(String::as_str).collect()).collect();
    let report = inspector_report_model::Report::from_rows("/home/me/made.csv", &common::HEADINGS, rows);
    let (files, _) = parsed(&report);
    check(&files);
    let told: Vec<Vec<String>> = files[0]
        .runs
        .iter()
        .map(|run| {
            let notifications = run.invocations.as_ref().unwrap()[0].tool_execution_notifications.iter().flatten();
            notifications.map(|notification| notification.message.text.clone().unwrap()).collect()
        })
        .collect();
    assert_eq!(told.iter().map(Vec::len).collect::<Vec<_>>(), [1, 0]);
    assert!(told[0][0].starts_with("made.csv:2: ") && told[0][0].ends_with(" [not-a-time]."), "{told:?}");
}

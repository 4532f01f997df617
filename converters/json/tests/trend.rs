//! What a series of reports comes to, as a whole output.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use inspector_report_core::{
    Converter, Lang, Memory, Options, Report, Settings, Snapshot, Texts, Trend, TrendBuilder, TrendBy, trend::Targets,
};
use inspector_report_json::{Json, Ndjson};

const HEADINGS: [&str; 11] = [
    "Finding ARN",
    "Severity",
    "Status",
    "AWS Account Id",
    "Region",
    "Resource ID",
    "Vulnerability Id",
    "Title",
    "First Seen",
    "Last Updated",
    "Resource Tags",
];

/// Three reports in two months: one finding is fixed, one comes, one is suppressed, an account vanishes.
fn sample() -> Trend {
    let (seen, status) = (["2026-01-01T00:00:00Z", "2026-02-02T00:00:00Z"], ["ACTIVE", "SUPPRESSED"]);
    let old = |status| {
        ["a", "CRITICAL", status, "1", "r", "i-1", "CVE-2026-11111", "<b>old</b> | x", seen[0], "", "Owner:web"]
    };
    let row =
        |arn, account, status, seen| [arn, "HIGH", status, account, "r", "i-2", "CVE-2026-22222", "two", seen, "", ""];
    let at = |time| ["t", "LOW", "CLOSED", "1", "r", "i-9", "", "clock", "", time, ""];
    let reports = [
        (
            "jan.csv",
            vec![
                old(status[0]),
                row("b", "2", status[0], seen[0]),
                row("d", "1", status[0], seen[0]),
                at("2026-01-10T00:00:00Z"),
            ],
        ),
        (
            "feb.csv",
            vec![
                old(status[0]),
                row("c", "1", status[0], seen[1]),
                row("d", "1", status[1], seen[0]),
                at("2026-02-10T00:00:00Z"),
            ],
        ),
        ("end.csv", vec![old(status[0]), row("d", "1", status[1], seen[0]), at("2026-02-12T00:00:00Z")]),
    ];
    let mut builder = TrendBuilder::new(TrendBy::USUAL.to_vec());
    for (name, rows) in &reports {
        let report = Report::from_rows(name, &HEADINGS, rows.iter());
        builder.add(&Snapshot::new(&report).unwrap(), &report);
    }
    let mut trend = builder.finish(&Targets::parse("critical=7,high=30").unwrap()).unwrap();
    trend.undated = vec!["none.csv".to_owned()];
    trend.unread = vec![("bad.csv".to_owned(), "it is no report".to_owned())];
    trend.filters = vec!["--severity critical,high".to_owned()];
    trend
}

fn written(converter: &dyn Converter, lang: Lang, set: &[&str]) -> Vec<u8> {
    let texts = Texts::new(lang);
    let mut settings = Settings::default();
    set.iter().for_each(|name| settings.switch_on(name));
    let mut memory = Memory::default();
    let options = Options { settings: &settings, ..Options::new(&texts, "0") };
    converter.convert_trend(&sample(), &options, &mut memory).unwrap();
    memory.files.remove(0).into_inner()
}

fn close(schema: &mut serde_json::Value) {
    if let Some(object) = schema.as_object_mut() {
        if object.contains_key("properties") {
            object.insert("additionalProperties".to_owned(), false.into());
        }
        object.values_mut().for_each(close);
    }
    schema.as_array_mut().into_iter().flatten().for_each(close);
}

#[test]
fn every_figure_is_where_the_schema_says() {
    let json = String::from_utf8(written(&Json, Lang::En, &[])).unwrap();
    let mut schema: serde_json::Value = serde_json::from_str(include_str!("../schema/trend-1.schema.json")).unwrap();
    // A field that was added and not described fails.
    close(&mut schema);
    let validator = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
    let value = serde_json::from_str(&json).unwrap();
    let errors: Vec<String> = validator.iter_errors(&value).map(|error| error.to_string()).collect();
    assert_eq!(errors, [""; 0]);
    insta::assert_snapshot!(json.replace(",\"", ",\n\""));
    assert_eq!(json.lines().count(), 1);
}

#[test]
fn a_format_without_trends_says_so() {
    let texts = Texts::new(Lang::En);
    let error = Ndjson.convert_trend(&sample(), &Options::new(&texts, "0"), &mut Memory::default()).unwrap_err();
    assert!(!Ndjson.shows_trends() && error.to_string().contains("ndjson"));
    let _ = Settings::default();
}

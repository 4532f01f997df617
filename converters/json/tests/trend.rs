//! What a series of reports comes to, as a whole output.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use inspector_report_format::{Context, Format, MemoryOutputs, Settings};
use inspector_report_json::{Json, Ndjson};
use inspector_report_localizer::{Lang, Localizer};
use inspector_report_testkit::trend::sample;

fn written(format: &dyn Format, lang: Lang, set: &[&str]) -> Vec<u8> {
    let texts = Localizer::new(lang);
    let mut settings = Settings::default();
    set.iter().for_each(|name| settings.switch_on(name));
    let mut memory = MemoryOutputs::default();
    let context = Context::new(&texts, "0");
    format.converter(&settings).unwrap().trends().unwrap().write_trend(&sample(), &context, &mut memory).unwrap();
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
fn a_finding_a_line_shows_no_trend() {
    assert!(!(&Ndjson as &dyn Format).has_trends());
}

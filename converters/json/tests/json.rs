//! What the JSON says, against its schema and against the input.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use inspector_report_format::{Context, Format, MemoryOutputs, Settings};
use inspector_report_json::{Json, Ndjson};
use inspector_report_localizer::{Lang, Localizer};
use inspector_report_model::{Column, Report};
use serde_json::Value;

fn write(format: &dyn Format, report: &Report) -> (String, Vec<String>) {
    let texts = Localizer::new(Lang::En);
    let mut memory = MemoryOutputs::default();
    let summary = format
        .converter(&Settings::new())
        .unwrap()
        .write(&report.clone().into(), &Context::new(&texts, "0.0.0"), &mut memory)
        .unwrap();
    assert_eq!(summary.findings, report.len() as u64);
    (String::from_utf8(memory.files.remove(0).into_inner()).unwrap(), summary.notes)
}

/// Every column of Inspector's has something in it, also such as only the JSON has; one is not Inspector's, and twice.
fn report() -> Report {
    let mut headings: Vec<&str> = Column::ALL.iter().map(|column| column.name()).collect();
    headings.extend(["Owner", "Owner"]);
    let package: Vec<String> = Column::ALL
        .iter()
        .map(|column| match column {
            Column::Severity => "HIGH".to_owned(),
            Column::FindingType => "PACKAGE_VULNERABILITY".to_owned(),
            Column::ResourceType => "AWS_ECR_CONTAINER_IMAGE".to_owned(),
            Column::ResourceId => format!("arn:aws:ecr:x:1:repository/shop/api/sha256:{}", "a".repeat(64)),
            Column::AffectedPackages => "a, @b/c".to_owned(),
            Column::FixedInVersion => "NotAvailable, 2".to_owned(),
            Column::ResourceTags => "Name:x,Owner:基盤".to_owned(),
            Column::NvdCvss3Vector => "CVSS:3.1/AV:N".to_owned(),
            Column::LastSeen => "soon".to_owned(),
            Column::StartLine | Column::EndLine => "7".to_owned(),
            Column::ReferenceUrls => "https://a.example,https://b.example,https://a.example".to_owned(),
            column => match column.kind() {
                inspector_report_model::Kind::Number => "7.5".to_owned(),
                inspector_report_model::Kind::Timestamp => "2026-05-04T03:02:01+01:00".to_owned(),
                inspector_report_model::Kind::Text => format!("{} \"\\\n", column.name()),
            },
        })
        .chain(["first".to_owned(), "second".to_owned()])
        .collect();
    let bare: Vec<String> =
        headings.iter().map(|heading| if *heading == "Severity" { "new".to_owned() } else { String::new() }).collect();
    let rows = [package, bare];
    Report::from_rows(
        "folder/made.csv",
        &headings,
        rows.iter().map(|row| row.iter().map(String::as_str).collect::<Vec<_>>()),
    )
}

fn validator(of: &str) -> jsonschema::Validator {
    let mut schema: Value = serde_json::from_str(include_str!("../schema/findings-report-1.schema.json")).unwrap();
    if !of.is_empty() {
        schema["$ref"] = format!("#/$defs/{of}").into();
        for key in ["type", "properties", "required"] {
            schema.as_object_mut().unwrap().remove(key);
        }
    }
    jsonschema::options().should_validate_formats(true).build(&schema).unwrap()
}

#[test]
fn json_is_as_its_schema_says() {
    let (text, notes) = write(&Json, &report());
    assert!(notes.is_empty());
    let json: Value = serde_json::from_str(&text).unwrap();
    let errors: Vec<String> = validator("").iter_errors(&json).map(|error| error.to_string()).collect();
    assert_eq!(errors, [""; 0]);
    insta::assert_snapshot!("json", serde_json::to_string_pretty(&json).unwrap());

    let (text, notes) = write(&Ndjson, &report());
    assert_eq!(notes, ["a problem of the input is not in it; --format json has it"]);
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 2);
    for (line, finding) in lines.iter().zip(json["findings"].as_array().unwrap()) {
        assert!(validator("finding").is_valid(line));
        assert_eq!((&line["schemaVersion"], &line["source"]), (&"1.3".into(), &"made.csv".into()));
        assert!(finding.as_object().unwrap().iter().all(|(key, value)| line[key] == *value));
    }
}

/// The schema names every field: one that was added and not described fails.
#[test]
fn the_schema_names_every_field() {
    fn close(schema: &mut Value) {
        if let Some(object) = schema.as_object_mut() {
            if object.contains_key("properties") && !object.contains_key("additionalProperties") {
                object.insert("additionalProperties".to_owned(), false.into());
            }
            object.values_mut().for_each(close);
        } else if let Some(array) = schema.as_array_mut() {
            array.iter_mut().for_each(close);
        }
    }
    let mut schema: Value = serde_json::from_str(include_str!("../schema/findings-report-1.schema.json")).unwrap();
    close(&mut schema);
    let json: Value = serde_json::from_str(&write(&Json, &report()).0).unwrap();
    let closed = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> = closed.iter_errors(&json).map(|error| error.to_string()).collect();
    assert_eq!(errors, [""; 0]);
}

#[test]
fn every_cell_is_there_as_it_was_written() {
    let report = report();
    let json: Value = serde_json::from_str(&write(&Json, &report).0).unwrap();
    for (finding, json) in report.findings().zip(json["findings"].as_array().unwrap()) {
        let mut cells = json["cells"].as_object().unwrap().clone();
        for (place, column) in report.columns().iter().enumerate() {
            let cell = finding.cell(place);
            let key = if place == Column::ALL.len() + 1 { "Owner (2)" } else { column.heading.as_ref() };
            let found = cells.remove(key).map_or(String::new(), |cell| cell.as_str().unwrap().to_owned());
            assert_eq!(found, cell, "{key}");
        }
        assert!(cells.is_empty());
    }
}

#[test]
fn a_report_without_findings_is_json_too() {
    let report = Report::from_rows("a.csv", &["Severity"], [[""; 0]; 0]);
    let json: Value = serde_json::from_str(&write(&Json, &report).0).unwrap();
    assert!(validator("").is_valid(&json));
    assert_eq!(json["findings"], Value::Array(Vec::new()));
    assert_eq!(write(&Ndjson, &report).0, "");
}

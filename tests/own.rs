//! Which files this program wrote itself.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::fs::{self, File};

use inspector_report::{
    FORMATS, Files, Watch,
    batch::Own,
    convert,
    core::{Context, Lang, Localizer, Report, Settings, Snapshot, TrendBuilder, TrendBy, trend::Targets},
    may_be_report,
};

fn report() -> Report {
    let headings = ["Severity", "Title", "Resource ID", "AWS Account Id", "Region", "Last Seen"];
    Report::from_rows("a.csv", &headings, [["HIGH", "x", "i-1", "1", "us-east-1", "2026-05-04T00:00:00Z"]])
}

/// A new format must be known here, or it is read as a report where it lies beside one.
#[test]
fn whatever_we_write_is_known() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let report = report();
    for format in FORMATS {
        let name = format!("a.{}", format.extension());
        convert(&report.clone().into(), *format, &Settings::new(), Lang::En, &mut File::create(path(&name)).unwrap())
            .unwrap();
        let is_known = Own::of(&path(&name)).is_some();
        assert!(is_known || !may_be_report(&name) || format.name() == "csv", "{name}");
        if format.has_trends() {
            let mut builder = TrendBuilder::new(TrendBy::USUAL.to_vec());
            builder.add(&Snapshot::new(&report).unwrap(), report.clone());
            let trend = builder.finish(&Targets::default()).unwrap();
            let watch = Watch::new();
            let mut files = Files::new(folder.path(), "trend", format.extension(), &watch);
            let texts = Localizer::new(Lang::En).with_texts(format.metadata().texts);
            format
                .converter(&Settings::new())
                .unwrap()
                .trends()
                .unwrap()
                .write_trend(&trend, &Context::new(&texts, "1"), &mut files)
                .unwrap();
            let path = files.commit().unwrap().paths.remove(0);
            let name = path.display().to_string();
            assert!(Own::of(&path).is_some() || !may_be_report(&name), "{name}");
        }
    }
    assert_eq!(Own::of(&path("trend.json")), Some(Own::Trend));
    fs::copy(support::fixture_path("findings.csv"), path("findings.csv")).unwrap();
    let run = std::process::Command::new(support::PROGRAM)
        .args(["convert", "findings.csv", "-f", "csv", "-o", "out", "--summary", "summary.json"])
        .current_dir(folder.path())
        .output();
    assert!(run.unwrap().status.success());
    assert_eq!(Own::of(&path("summary.json")), Some(Own::Summary));
    let mut settings = Settings::new();
    settings.set("sarif-state", &path("state.json").display().to_string());
    let sarif = inspector_report::format("sarif").unwrap();
    let (texts, watch) = (Localizer::new(Lang::En).with_texts(sarif.metadata().texts), Watch::new());
    let context = Context::new(&texts, "1");
    let mut files = Files::new(folder.path(), "b", "sarif", &watch);
    sarif.converter(&settings).unwrap().write(&report.clone().into(), &context, &mut files).unwrap();
    files.commit().unwrap();
    assert_eq!(Own::of(&path("state.json")), Some(Own::State));
    fs::copy(path("b.sarif"), path("sarif.json")).unwrap();
    assert_eq!(Own::of(&path("sarif.json")), Some(Own::Sarif));
    // However someone has formatted them.
    for name in ["a.json", "trend.json", "summary.json", "state.json", "sarif.json"] {
        let kind = Own::of(&path(name));
        let value: serde_json::Value = serde_json::from_slice(&fs::read(path(name)).unwrap()).unwrap();
        let pretty = serde_json::to_string_pretty(&value).unwrap();
        let wide: Vec<u8> = format!("\u{feff}{pretty}").encode_utf16().flat_map(u16::to_le_bytes).collect();
        for bytes in [value.to_string().into(), format!("\u{feff}\n  {pretty}").into_bytes(), wide] {
            fs::write(path("other.json"), bytes).unwrap();
            assert_eq!(Own::of(&path("other.json")), kind, "{name}");
        }
    }
}

//! Which files this program wrote itself: in a folder of reports they are none.

use std::{fs::File, io::Read, path::Path};

use encoding_rs::{Encoding, UTF_8};
use zip::ZipArchive;

/// How much of a text is looked at.
const BEGINNING: u64 = 64 << 10;

/// A kind of file that this program writes, and that has the ending of a report. CSV is a report like any other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Own {
    Workbook,
    /// The findings, as one object or one on a line.
    Json,
    Trend,
    Summary,
    /// What `--sarif-state` remembers.
    State,
    Sarif,
    Manifest,
}

impl Own {
    /// What it is, as the end of "is ...".
    pub(crate) fn what(self) -> &'static str {
        match self {
            Own::Workbook => "a workbook that inspector-report wrote",
            Own::Json => "JSON of findings that inspector-report wrote",
            Own::Trend => "JSON of a trend that inspector-report wrote",
            Own::Summary => "a file of --summary",
            Own::State => "a file of --sarif-state",
            Own::Sarif => "SARIF that inspector-report wrote",
            Own::Manifest => "a manifest of inspector-report",
        }
    }

    /// What a file is, by its ending and its beginning, if it is one of ours.
    pub(crate) fn of(path: &Path) -> Option<Own> {
        let ending = path.extension()?.to_string_lossy().to_lowercase();
        match ending.as_str() {
            "xlsx" => is_workbook(path).then_some(Own::Workbook),
            "json" | "ndjson" | "jsonl" => {
                let mut start = Vec::new();
                File::open(path).ok()?.take(BEGINNING).read_to_end(&mut start).ok()?;
                let encoding = Encoding::for_bom(&start).map_or(UTF_8, |(encoding, _)| encoding);
                json(&encoding.decode(&start).0)
            }
            _ => None,
        }
    }
}

/// Whether a workbook names this program as its author, as it still does when someone has worked on it.
fn is_workbook(path: &Path) -> bool {
    let properties = || {
        let mut archive = ZipArchive::new(File::open(path).ok()?).ok()?;
        let mut text = String::new();
        archive.by_name("docProps/core.xml").ok()?.take(BEGINNING).read_to_string(&mut text).ok()?;
        Some(text)
    };
    properties().is_some_and(|text| text.contains("<dc:creator>inspector-report</dc:creator>"))
}

/// What JSON is, by its beginning.
fn json(text: &str) -> Option<Own> {
    let fields = fields(text);
    let value = |name: &str| fields.iter().find(|(field, _)| *field == name).map(|(_, value)| *value);
    let has = |name: &str| value(name).is_some();
    let is_ours = |value: &str| value.split('}').next().is_some_and(|object| object.contains("\"inspector-report\""));
    if has("sarifCategories") {
        Some(Own::State)
    } else if has("summaryVersion") {
        Some(Own::Summary)
    } else if has("schemaVersion") && (value("generator").is_some_and(is_ours) || has("source")) {
        let is_trend = value("kind").is_some_and(|kind| kind.starts_with("\"trend\""));
        Some(if is_trend { Own::Trend } else { Own::Json })
    } else if has("runs") && text.contains("\"inspector-report\"") {
        Some(Own::Sarif)
    } else if ["input", "content", "options"].into_iter().all(has) {
        Some(Own::Manifest)
    } else {
        None
    }
}

/// The names of the fields of the object that a text begins with, each with the text from its value on. The text may end
/// anywhere.
fn fields(text: &str) -> Vec<(&str, &str)> {
    let mut fields = Vec::new();
    if !text.trim_start_matches('\u{feff}').trim_start().starts_with('{') {
        return fields;
    }
    let mut depth = 0u32;
    let mut rest = text;
    while let Some(at) = rest.find(['"', '{', '}', '[', ']']) {
        let (mark, behind) = rest.split_at(at).1.split_at(1);
        rest = behind;
        match mark {
            "{" | "[" => depth += 1,
            "}" | "]" => depth = depth.saturating_sub(1),
            _ => {
                let Some(length) = string(rest) else { break };
                let (name, behind) = rest.split_at(length);
                rest = behind.get(1..).unwrap_or_default();
                if let Some(value) = rest.trim_start().strip_prefix(':').filter(|_| depth == 1) {
                    fields.push((name, value.trim_start()));
                }
            }
        }
        if depth == 0 {
            break;
        }
    }
    fields
}

/// The length of a string, up to the quote that ends it.
fn string(text: &str) -> Option<usize> {
    let mut is_escaped = false;
    text.bytes().position(|byte| match byte {
        _ if is_escaped => {
            is_escaped = false;
            false
        }
        b'\\' => {
            is_escaped = true;
            false
        }
        byte => byte == b'"',
    })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use inspector_report::{
        CONVERTERS, Files, Watch, convert,
        core::{Lang, Localizer, Options, Report, Settings, Snapshot, TrendBuilder, TrendBy, trend::Targets},
        may_be_report,
    };

    use super::*;
    use crate::cli::record::{self, Record};

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
        for format in CONVERTERS {
            let name = format!("a.{}", format.extension());
            convert(&report.clone().into(), *format, Lang::En, &mut File::create(path(&name)).unwrap()).unwrap();
            let is_known = Own::of(&path(&name)).is_some();
            assert!(is_known || !may_be_report(&name) || format.name() == "csv", "{name}");
            if format.shows_trends() {
                let mut builder = TrendBuilder::new(TrendBy::USUAL.to_vec());
                builder.add(&Snapshot::new(&report).unwrap(), report.clone());
                let trend = builder.finish(&Targets::default()).unwrap();
                let watch = Watch::new();
                let mut files = Files::new(folder.path(), "trend", format.extension(), &watch);
                let texts = Localizer::new(Lang::En);
                format.convert_trend(&trend, &Options::new(&texts, "1"), &mut files).unwrap();
                let path = files.commit().unwrap().paths.remove(0);
                let name = path.display().to_string();
                assert!(Own::of(&path).is_some() || !may_be_report(&name), "{name}");
            }
        }
        assert_eq!(Own::of(&path("trend.json")), Some(Own::Trend));
        record::write(&path("summary.json"), &[Record::default()], 0).unwrap();
        assert_eq!(Own::of(&path("summary.json")), Some(Own::Summary));
        let mut settings = Settings::new();
        settings.set("sarif-state", &path("state.json").display().to_string());
        let (texts, watch) = (Localizer::new(Lang::En), Watch::new());
        let options = Options { settings: &settings, ..Options::new(&texts, "1") };
        let mut files = Files::new(folder.path(), "b", "sarif", &watch);
        inspector_report::converter("sarif").unwrap().convert(&report.clone().into(), &options, &mut files).unwrap();
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

    #[test]
    fn reports_are_not_ours() {
        for text in [
            "",
            "[]",
            "{\"findings\":[{\"schemaVersion\":1,\"summaryVersion\":1}]}",
            "[{\"sarifCategories\":1}]",
            "{\"findings\":[],\"note\":\"summaryVersion\"}",
            "{\"a\\\"summaryVersion\":1}",
            "{\"version\":\"0\",\"source\":\"aws.inspector2\",\"detail\":{\"schemaVersion\":1}}",
            "{\"runs\":[{\"tool\":{\"driver\":{\"name\":\"other\"}}}]}",
            "{\"input\":1,\"con",
        ] {
            assert_eq!(json(text), None, "{text}");
        }
        assert_eq!(json("{\"x\":{\"y\":[1]},\"summaryVersion\":1"), Some(Own::Summary));
    }
}

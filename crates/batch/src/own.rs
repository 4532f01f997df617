//! Which files this program wrote itself: in a folder of reports they are none.

use std::{fs::File, io::Read, path::Path};

use encoding_rs::{Encoding, UTF_8};
use zip::ZipArchive;

/// How much of a text is looked at.
const BEGINNING: u64 = 64 << 10;

/// A kind of file that this program writes, and that has the ending of a report. CSV is a report like any other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Own {
    /// A workbook.
    Workbook,
    /// The findings, as one object or one on a line.
    Json,
    /// A trend, as one object.
    Trend,
    /// What became of each input of a run.
    Summary,
    /// What `--sarif-state` remembers.
    State,
    /// SARIF.
    Sarif,
    /// The manifest of an output folder.
    Manifest,
}

impl Own {
    /// What it is, as the end of "is ...".
    pub fn what(self) -> &'static str {
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
    pub fn of(path: &Path) -> Option<Own> {
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
    use super::*;

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

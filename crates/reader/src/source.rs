//! Where a report is, what its outputs are named, and which names a report can have.

use std::path::PathBuf;

/// Endings of names that a report can have, in an archive or a folder.
const REPORT_ENDINGS: [&str; 6] = ["csv", "tsv", "json", "jsonl", "ndjson", "xlsx"];

/// Endings of packed files, which may come behind one of those, and of archives.
const PACKED_ENDINGS: [&str; 4] = ["gz", "zst", "bz2", "xz"];
const ARCHIVE_ENDINGS: [&str; 7] = ["zip", "tar", "tgz", "tbz2", "tbz", "txz", "tzst"];

/// Where a report came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The file that was given.
    pub path: PathBuf,
    /// In an archive: the member's name in it; in an archive in it, that one's name comes first.
    pub members: Vec<String>,
}

impl Source {
    /// The name in messages: `archive.zip!path/report.csv`.
    pub fn name(&self) -> String {
        let path = [self.path.display().to_string()];
        path.iter().chain(&self.members).map(String::as_str).collect::<Vec<_>>().join("!")
    }

    /// The name for outputs, without an ending: that of the file, and for a member of an archive a folder of the
    /// archive's name with the member's folders and name in it. Nothing in a member's name leads out of that folder.
    ///
    /// ```
    /// # use inspector_report_reader::Source;
    /// let source = Source { path: "in/2024.tar.gz".into(), members: vec!["../may/findings.csv.gz".into()] };
    /// assert_eq!(source.output(), std::path::Path::new("2024/may/findings"));
    /// ```
    pub fn output(&self) -> PathBuf {
        let file = self.path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        let parts = self.members.iter().flat_map(|member| {
            let (folders, name) = member.rsplit_once(['/', '\\']).unwrap_or(("", member));
            folders.split(['/', '\\']).filter_map(safe_name).chain([output_name(name)]).collect::<Vec<_>>()
        });
        std::iter::once(output_name(&file)).chain(parts).collect()
    }
}

/// What an output is named after a file of this name. Something always is left: of ` .csv` and `...csv` the outputs go
/// into their folder too, and not beside it.
fn output_name(name: &str) -> String {
    safe_name(stem(name)).unwrap_or_else(|| NAMELESS.to_owned())
}

/// The name of outputs where nothing is left of that of their input.
const NAMELESS: &str = "unnamed";

/// A name without the endings that say what is in the file.
pub(crate) fn stem(name: &str) -> &str {
    let unpacked = name_before(name, &PACKED_ENDINGS).filter(|stem| !stem.is_empty()).unwrap_or(name);
    // Any ending goes, be it of an archive, a report or anything else: `findings.txt` gives `findings.xlsx`.
    match unpacked.rsplit_once('.') {
        Some((stem, _)) if !stem.is_empty() => stem,
        _ => unpacked,
    }
}

/// What stands before one of these endings, if a name has one.
fn name_before<'n>(name: &'n str, endings: &[&str]) -> Option<&'n str> {
    let (stem, ending) = name.rsplit_once('.')?;
    endings.iter().any(|known| ending.eq_ignore_ascii_case(known)).then_some(stem)
}

/// A text as the name of a file or folder, on every operating system; `None` where nothing is left of it. It must not
/// hold a `/` or `\\`.
pub fn safe_name(part: &str) -> Option<String> {
    let clean: String =
        part.chars().map(|c| if c.is_control() || r#"<>:"|?*"#.contains(c) { '_' } else { c }).collect();
    let clean = clean.trim_end_matches(['.', ' ']).trim_start();
    // The names of devices on Windows (Microsoft, "Naming Files, Paths, and Namespaces").
    let first = clean.split('.').next().unwrap_or_default().to_ascii_uppercase();
    let numbered = first.len() == 4 && (first.starts_with("COM") || first.starts_with("LPT"));
    let is_device = matches!(first.as_str(), "CON" | "PRN" | "AUX" | "NUL") || numbered;
    match clean {
        "" => None,
        _ if is_device => Some(format!("_{clean}")),
        _ => Some(clean.to_owned()),
    }
}

/// Whether a file of this name may be a report, or hold some.
pub fn may_be_report(name: &str) -> bool {
    let unpacked = name_before(name, &PACKED_ENDINGS).unwrap_or(name);
    [&REPORT_ENDINGS[..], &ARCHIVE_ENDINGS].iter().any(|endings| name_before(unpacked, endings).is_some())
}

/// Whether a file of this name should be a table of text, packed or not.
pub(crate) fn is_table_by_name(name: &str) -> bool {
    let unpacked = name_before(name, &PACKED_ENDINGS).unwrap_or(name);
    name_before(unpacked, &["csv", "tsv"]).is_some()
}

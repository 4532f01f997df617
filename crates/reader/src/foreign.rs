//! Files that are no findings reports, and are given for one: what each is, and what to give instead.

use super::error::{AWS_ERROR, EXPORT, Foreign, NOT_TEXT, ReadErrorKind, UNKNOWN_FINDINGS, WEB_PAGE, XML};

/// A kind of file by what stands at its beginning.
struct Kind {
    /// What must be there, all of it.
    marks: &'static [&'static str],
    what: &'static str,
    help: &'static str,
}

const OWN: &str = "Give the report that it was made from.";

/// JSON of other programs, the surer marks first.
const JSON: [Kind; 15] = [
    Kind {
        marks: &["\"SchemaVersion\"", "\"ProductArn\""],
        what: "a list of findings of AWS Security Hub (ASFF)",
        help: "Security Hub shortens what Inspector knows. Export the findings from Inspector itself: \
            aws inspector2 create-findings-report.",
    },
    Kind {
        marks: &["\"class_uid\""],
        what: "a list of findings in OCSF (of Security Hub or Security Lake)",
        help: "Export the findings from Inspector itself: aws inspector2 create-findings-report.",
    },
    Kind {
        marks: &["\"bomFormat\""],
        what: "a CycloneDX SBOM (as inspector-scan and the SBOM generator write)",
        help: EXPORT,
    },
    Kind { marks: &["\"sbom\""], what: "an SBOM (as inspector-scan writes)", help: EXPORT },
    Kind { marks: &["\"spdxVersion\""], what: "an SPDX SBOM", help: EXPORT },
    Kind { marks: &["\"ArtifactName\"", "\"SchemaVersion\""], what: "a report of Trivy", help: EXPORT },
    Kind { marks: &["\"matches\"", "\"descriptor\""], what: "a report of Grype", help: EXPORT },
    Kind { marks: &["\"matches\"", "\"vulnerability\""], what: "a report of Grype", help: EXPORT },
    Kind { marks: &["sarif", "\"runs\""], what: "SARIF", help: OWN },
    Kind { marks: &["\"sarifCategories\""], what: "what inspector-report --sarif-state remembers", help: OWN },
    Kind { marks: &["\"summaryVersion\""], what: "what inspector-report --summary wrote", help: OWN },
    Kind {
        marks: &["\"schemaVersion\"", "\"inspector-report\""],
        what: "the JSON that inspector-report itself writes",
        help: OWN,
    },
    Kind {
        marks: &["\"schemaVersion\"", "\"accountId\"", "\"cells\""],
        what: "the JSON that inspector-report itself writes",
        help: OWN,
    },
    Kind { marks: &["\"imageScanFindings\""], what: "a list of image scan findings of Amazon ECR", help: EXPORT },
    Kind {
        marks: &["\"reportId\""],
        what: "the answer to create-findings-report, not the report",
        help: "The report is in the S3 bucket that was named in the call: download it from there.",
    },
];

/// What JSON without findings is. `keys` are the names of the fields of its first object, `reason` is why the first
/// element of its list of findings is none.
pub(super) fn json(beginning: &[u8], keys: &[String], reason: Option<String>) -> ReadErrorKind {
    let text = String::from_utf8_lossy(beginning);
    let known = JSON.iter().find(|kind| kind.marks.iter().all(|mark| text.contains(mark)));
    if let (None, Some(reason)) = (known, reason) {
        return ReadErrorKind::NoFinding(reason);
    }
    let foreign = match known {
        Some(kind) => Foreign { what: kind.what.to_owned(), help: kind.help },
        None if keys.is_empty() => Foreign { what: "JSON without any finding in it".to_owned(), help: EXPORT },
        None if keys.len() < 4 && keys.iter().any(|key| key.eq_ignore_ascii_case("message")) => {
            Foreign { what: AWS_ERROR.to_owned(), help: EXPORT }
        }
        None if holds_findings(beginning) => Foreign { what: UNKNOWN_FINDINGS.to_owned(), help: EXPORT },
        None => {
            let keys = keys.iter().take(5).map(|key| format!("\"{key}\"")).collect::<Vec<_>>().join(", ");
            Foreign { what: format!("JSON of some other kind (its fields are {keys})"), help: EXPORT }
        }
    };
    ReadErrorKind::Foreign(foreign)
}

/// Whether the beginning of a file of unknown form holds findings of Inspector: it may be a report that was damaged.
pub(super) fn holds_findings(beginning: &[u8]) -> bool {
    memchr::memmem::find(beginning, b":inspector2:").is_some()
}

/// What a table without Inspector's columns is, when it is known.
pub(super) fn table(first_line: &str) -> Option<ReadErrorKind> {
    let line = first_line.trim_start_matches(['\u{feff}', '"', ' ']);
    let what = if line.starts_with("#artifact_name") {
        "the CSV of the Amazon Inspector scan action for GitHub"
    } else if line.starts_with("<!DOCTYPE") || line.starts_with("<html") {
        WEB_PAGE
    } else if line.starts_with("<?xml") || line.starts_with('<') {
        XML
    } else if line.starts_with("An error occurred (") {
        AWS_ERROR
    } else {
        return None;
    };
    Some(ReadErrorKind::Foreign(Foreign { what: what.to_owned(), help: EXPORT }))
}

/// Tells a file that is certainly no text and no archive by its first bytes.
pub(super) fn binary(start: &[u8]) -> Option<ReadErrorKind> {
    const SIGNATURES: [(&[u8], &str, &str); 8] = [
        (
            b"\xd0\xcf\x11\xe0",
            "a workbook of Excel 97-2003, or one with a password",
            "Save it as .xlsx, or as CSV UTF-8.",
        ),
        (b"%PDF", "a PDF document", EXPORT),
        (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", "Unpack it first, or pack it as .zip."),
        (b"Rar!", "a RAR archive", "Unpack it first, or pack it as .zip."),
        (b"\x89PNG", "a picture", EXPORT),
        (b"PAR1", "a Parquet file", EXPORT),
        (b"SQLite format 3", "a database", EXPORT),
        (b"\x1f\x9d", "a file compressed with the old `compress`", "Unpack it first."),
    ];
    let (_, what, help) = SIGNATURES.iter().find(|(signature, ..)| start.starts_with(signature))?;
    Some(ReadErrorKind::Foreign(Foreign { what: (*what).to_owned(), help }))
}

/// A zip archive with the parts of some other document.
pub(super) fn office(what: &'static str) -> ReadErrorKind {
    ReadErrorKind::Foreign(Foreign { what: what.to_owned(), help: "Save it as .xlsx, or as CSV UTF-8." })
}

/// A workbook of something else.
pub(super) fn workbook() -> ReadErrorKind {
    ReadErrorKind::Foreign(Foreign { what: "a workbook without a sheet of findings".to_owned(), help: EXPORT })
}

/// Text that is full of bytes that no text has.
pub(super) fn not_text() -> ReadErrorKind {
    ReadErrorKind::Foreign(Foreign { what: NOT_TEXT.to_owned(), help: EXPORT })
}

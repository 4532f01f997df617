//! CISA's Known Exploited Vulnerabilities catalogue, as JSON or CSV (cisa.gov, github.com/cisagov/kev-data).

use inspector_report_model::{KevCatalog, KevEntry, jiff::civil::Date};
use serde::Deserialize;

use super::{Reference, column, csv_reader, left_out, text};

#[derive(Deserialize)]
struct Catalog {
    #[serde(rename = "catalogVersion")]
    version: Option<String>,
    vulnerabilities: Vec<serde_json::Value>,
}

/// Reads the catalogue. `file` is its name, for outputs to state.
///
/// # Errors
/// What is wrong with the file, to stand behind its name.
pub fn read_kev(file: &str, bytes: &[u8]) -> Result<Reference<KevCatalog>, String> {
    let text = text(bytes)?;
    let mut catalog = KevCatalog::new(file);
    let wrong = |what: String| format!("is not CISA's catalogue of exploited vulnerabilities: {what}");
    let mut lost = 0;
    let mut add = |get: &dyn Fn(&str) -> String, catalog: &mut KevCatalog| {
        let entry = KevEntry {
            date_added: day(&get("dateAdded")),
            due_date: day(&get("dueDate")),
            ransomware: get("knownRansomwareCampaignUse").trim().eq_ignore_ascii_case("known"),
            forensic_triage: get("forensicTriage").trim().eq_ignore_ascii_case("yes"),
        };
        lost += u64::from(!catalog.insert(&get("cveID"), entry));
    };
    if text.trim_start().starts_with(['{', '[']) {
        let Catalog { version, vulnerabilities } =
            serde_json::from_str(&text).map_err(|error| wrong(error.to_string()))?;
        catalog.version = version.filter(|version| !version.trim().is_empty());
        for entry in &vulnerabilities {
            let get = |name: &str| entry.get(name).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned();
            add(&get, &mut catalog);
        }
    } else {
        let mut reader = csv_reader(&text);
        let headings = reader.headers().map_err(|error| wrong(error.to_string()))?.clone();
        if column(&headings, &["cveID"]).is_none() || column(&headings, &["dateAdded"]).is_none() {
            return Err(wrong("it has no columns cveID and dateAdded".to_owned()));
        }
        for record in reader.records() {
            let record = record.map_err(|error| wrong(error.to_string()))?;
            let get = |name: &str| {
                let cell = column(&headings, &[name]).and_then(|place| record.get(place));
                cell.unwrap_or_default().to_owned()
            };
            add(&get, &mut catalog);
        }
    }
    match catalog.is_empty() {
        true => Err(wrong("it lists nothing".to_owned())),
        false => Ok(Reference { value: catalog, notes: left_out(lost, "CVE id") }),
    }
}

/// A day, `2026-06-10`; of a time, its day.
fn day(text: &str) -> Option<Date> {
    text.trim().get(..10)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use inspector_report_model::jiff::civil::date;

    use super::*;

    const CSV: &str = "cveID,vendorProject,product,vulnerabilityName,dateAdded,shortDescription,requiredAction,dueDate,\
                       knownRansomwareCampaignUse,forensicTriage,notes,cwes\n\
                       CVE-2021-44228,Apache,Log4j2,\"x, \"\"y\"\"\",2021-12-10,\"two\nlines\",Apply,2021-12-24,Known,No,,\"CWE-20, CWE-400\"\n\
                       CVE-2026-1111,A,B,C,2026-06-20,d,e,2026-06-23,Unknown,Yes ,,\n";

    #[test]
    fn both_forms_say_the_same_with_and_without_forensic_triage() {
        let json = r#"{"title":"t","catalogVersion":"2026.09.29","dateReleased":"x","count":2,"vulnerabilities":[
            {"cveID":"CVE-2021-44228","dateAdded":"2021-12-10","dueDate":"2021-12-24","knownRansomwareCampaignUse":"Known",
             "cwes":["CWE-20"],"forensicTriage":"No"},
            {"cveID":"CVE-2026-1111","dateAdded":"2026-06-20","dueDate":"2026-06-23","knownRansomwareCampaignUse":"Unknown",
             "forensicTriage":"Yes"}]}"#;
        let of_json = read_kev("kev.json", json.as_bytes()).unwrap();
        let of_csv = read_kev("kev.csv", CSV.as_bytes()).unwrap();
        let log4shell = KevEntry {
            date_added: Some(date(2021, 12, 10)),
            due_date: Some(date(2021, 12, 24)),
            ransomware: true,
            forensic_triage: false,
        };
        for read in [&of_json, &of_csv] {
            assert_eq!((read.value.len(), read.value.newest, read.notes.len()), (2, Some(date(2026, 6, 20)), 0));
            assert_eq!(read.value.get("CVE-2021-44228"), Some(&log4shell));
            assert!(read.value.get("cve-2026-1111").unwrap().forensic_triage);
        }
        assert_eq!((of_json.value.version.as_deref(), of_csv.value.version), (Some("2026.09.29"), None));
        // Before June 2026, and in another order.
        let old = "dateAdded,cveID,knownRansomwareCampaignUse\n2021-12-10,CVE-2021-44228,Known\n,bad,\n";
        let old = read_kev("old.csv", old.as_bytes()).unwrap();
        let entry = old.value.get("CVE-2021-44228").unwrap();
        assert!(entry.ransomware && !entry.forensic_triage && entry.due_date.is_none());
        assert_eq!(old.notes, ["1 entry is left out: it has no CVE id"]);
    }

    #[test]
    fn what_is_no_catalogue_is_refused() {
        for text in
            ["", "{}", "[]", "a,b\n1,2\n", "{\"vulnerabilities\":[]}", "cveID,dateAdded\n", "{\"vulnerabilities\":1}"]
        {
            let error = read_kev("x", text.as_bytes()).unwrap_err();
            assert!(error.starts_with("is not CISA's catalogue"), "{text:?}: {error}");
        }
        assert!(read_kev("x", &[0x1f, 0x8b, 1, 2, 3]).unwrap_err().contains("cannot be unpacked"));
    }
}

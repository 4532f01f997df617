//! FIRST's EPSS scores of a day: `epss_scores-YYYY-MM-DD.csv`, packed or not (first.org/epss).

use inspector_report_model::EpssScores;

use super::{Reference, column, csv_reader, left_out, text};

/// Reads the scores. `file` is the name of the file, for outputs to state.
///
/// Before the headings stands a comment, `#model_version:v2026.06.15,score_date:2026-10-04T12:00:21Z`; files of other
/// sources do without.
///
/// # Errors
/// What is wrong with the file, to stand behind its name.
pub fn read_epss(file: &str, bytes: &[u8]) -> Result<Reference<EpssScores>, String> {
    let text = text(bytes)?;
    let mut scores = EpssScores::new(file);
    let wrong = |what: &str| format!("is no file of EPSS scores: {what}");
    let mut rest = text.as_str();
    while let Some(comment) = rest.strip_prefix('#') {
        let (line, behind) = comment.split_once('\n').unwrap_or((comment, ""));
        for (name, value) in line.split(',').filter_map(|part| part.split_once(':')) {
            let value = value.trim();
            match name.trim() {
                "model_version" if !value.is_empty() => scores.model = Some(value.to_owned()),
                "score_date" => scores.date = value.get(..10).and_then(|day| day.parse().ok()),
                _ => {}
            }
        }
        rest = behind;
    }
    let mut reader = csv_reader(rest);
    let headings = reader.headers().map_err(|error| wrong(&error.to_string()))?.clone();
    let (Some(id), Some(score)) = (column(&headings, &["cve"]), column(&headings, &["epss"])) else {
        return Err(wrong("it has no columns cve and epss"));
    };
    let mut lost = 0;
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record).map_err(|error| wrong(&error.to_string()))? {
        let number = record.get(score).and_then(|score| score.parse().ok()).unwrap_or(f64::NAN);
        lost += u64::from(!scores.insert(record.get(id).unwrap_or_default(), number));
    }
    match scores.is_empty() {
        true => Err(wrong("it has no scores")),
        false => Ok(Reference { value: scores, notes: left_out(lost, "CVE id or no score from 0 to 1") }),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use inspector_report_model::jiff::civil::date;

    use super::*;

    const TEXT: &str = "#model_version:v2026.06.15,score_date:2026-10-04T12:00:21Z\ncve,epss,percentile\n\
                        CVE-1999-0001,0.00995,0.57\nCVE-2024-3094,0.9423,0.99\nCVE-2024-1,0.1,0.1\n";

    #[test]
    fn scores_are_read_packed_or_not() {
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(TEXT.as_bytes()).unwrap();
        for bytes in [TEXT.as_bytes().to_vec(), packed.finish().unwrap()] {
            let Reference { value, notes } = read_epss("e.csv.gz", &bytes).unwrap();
            assert_eq!((value.model.as_deref(), value.date), (Some("v2026.06.15"), Some(date(2026, 10, 4))));
            assert_eq!((value.get("CVE-2024-3094"), value.get("CVE-1999-0002"), value.len()), (Some(0.9423), None, 2));
            assert_eq!(notes, ["1 entry is left out: it has no CVE id or no score from 0 to 1"]);
        }
        let zone = TEXT.replace("21Z", "21+0000");
        assert_eq!(read_epss("e.csv", zone.as_bytes()).unwrap().value.date, Some(date(2026, 10, 4)));
        let plain = read_epss("e.csv", b"percentile,epss,cve\n0.5,0.25,CVE-2024-0001\n").unwrap().value;
        assert_eq!((plain.model.as_ref(), plain.date, plain.get("CVE-2024-0001")), (None, None, Some(0.25)));
    }

    #[test]
    fn what_holds_no_scores_is_refused() {
        for text in ["", "#model_version:v1\n", "cve,score\nCVE-2024-0001,1\n", "cve,epss\n", "cve,epss\nx,y\n"] {
            assert!(read_epss("x", text.as_bytes()).unwrap_err().starts_with("is no file of EPSS scores"), "{text:?}");
        }
    }
}

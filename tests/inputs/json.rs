//! Reports in JSON: whole, broken, cut.

use super::*;

#[test]
fn a_last_line_of_ndjson_without_a_line_break_may_be_cut() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("report.ndjson");
    let line = r#"{"severity":"HIGH","title":"t","resources":[{"id":"i-1"}]}"#;
    let page = format!(r#"{{"findings":[{line}]}}"#);
    for (text, is_said) in [
        (format!("{line}\n{line}"), true),
        (format!("{line}\r\n{line}\r\n{line}"), true),
        (format!("{page}\n{page}  "), true),
        (format!("{line}\n{line}\n"), false),
        (format!("{line}\r\n{line}\r\n \n"), false),
        (format!("{line}{line}"), false),
        (line.to_owned(), false),
        (page.clone(), false),
    ] {
        fs::write(&path, &text).unwrap();
        let report = read(&path).unwrap();
        let found: Vec<_> = report.problems().iter().map(|p| p.code).collect();
        assert_eq!(found, vec![ProblemCode::MayBeCut; usize::from(is_said)], "{text:?}");
        let last = text.lines().filter(|line| !line.trim().is_empty()).count() as u64;
        assert!(report.problems().iter().all(|problem| problem.line == last));
    }
}

#[test]
fn broken_json_loses_what_is_broken_and_says_where() {
    let problems = |name: &str| {
        let report = read_fixture(name);
        let of = |p: &inspector_report::core::Problem| (p.code.as_str(), p.line, p.last_line, p.message.clone());
        (report.len(), report.rows_lost(), report.problems().iter().map(of).collect::<Vec<_>>())
    };
    let (findings, lost, found) = problems("json/broken-findings.json");
    assert_eq!((findings, lost), (2, 2));
    assert!(found[0].3.contains("expected a text") && found[1].3.contains("invalid escape"), "{found:?}");
    // The lines of the two elements, counted in the file.
    let text = fs::read_to_string(fixture("json/broken-findings.json")).unwrap();
    let starts: Vec<u64> =
        (1..).zip(text.lines()).filter(|(_, line)| *line == "  {").map(|(number, _)| number).collect();
    assert_eq!((found[0].1, found[1].1), (starts[1], starts[3]));
    let (findings, lost, found) = problems("json/cut-off.json");
    assert_eq!((findings, lost, found.len()), (11, 1, 2));
    assert!(found[0].3.contains("cut off") && found[1].0 == "cut-off" && found[1].3.contains("is not known"));
}

#[test]
fn odd_json_and_csv_are_read_or_refused_with_a_reason() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("odd");
    let read_bytes = |bytes: &[u8]| {
        fs::write(&path, bytes).unwrap();
        read(&path).map(|report| (report.len(), report.rows_lost())).map_err(|error| error.kind.to_string())
    };
    let finding = r#"{"severity":"HIGH","title":"t","resources":[{"id":"i-1"}]}"#;
    let json = format!(r#"{{"findings":[{finding}]}}"#);
    let utf16: Vec<u8> = format!("\u{feff}{json}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    for bytes in [format!("\u{feff}{json}").as_bytes(), &utf16, format!("\n\n{json}\n\u{feff}").as_bytes()] {
        assert_eq!(read_bytes(bytes), Ok((1, 0)));
    }
    let nulls = r#"{"findings":[{"severity":"HIGH","title":null,"epss":null,"resources":[{"id":"i-1","details":null,"tags":null}],
        "packageVulnerabilityDetails":null,"networkReachabilityDetails":{"networkPath":null}}],"nextToken":null}"#;
    assert_eq!(read_bytes(nulls.as_bytes()), Ok((1, 0)));
    assert_eq!(read_bytes(format!("{json} and more").as_bytes()), Ok((1, 1)));
    let broken = json.replace("\"t\"", r#""\ud83d""#);
    assert!(read_bytes(broken.as_bytes()).unwrap_err().contains("nothing in its list is a finding"));
    assert_eq!(read_bytes("[".repeat(100_000).as_bytes()), Ok((0, 1)));
    // A row with NULs one behind the other is damaged; with one among the headings, nothing is a table.
    assert_eq!(read_bytes(b"Severity,Title,Resource ID\nHIGH,a\0\0b,i-1\n"), Ok((0, 1)));
    assert_eq!(read_bytes(b"Severity,Title,Resource ID\nHIGH,a\0b,i-1\n"), Ok((1, 0)));
    assert!(read_bytes(b"Severity\0,Title,Resource ID\nHIGH,a,i-1\n").unwrap_err().contains("binary data"));
}

#[test]
fn every_encoding_of_a_time_is_read() {
    let report = read_fixture("json/dates.json");
    let times: Vec<_> =
        report.findings().map(|finding| finding.first_seen().map(|time| time.as_millisecond())).collect();
    let expected = Some(1_780_301_700_123);
    assert_eq!(times, [expected, expected, expected, expected, expected, Some(1_780_301_700_000), None]);
    assert_eq!(report.finding(6).unwrap().get(Column::FirstSeen), "whenever");
}

#[test]
fn what_only_the_json_has_is_in_the_model() {
    let report = read_fixture("json/report.json");
    let code = report.findings().find(|finding| finding.lines().is_some()).unwrap();
    assert_eq!(code.lines(), Some((41, 43)));
    assert_eq!(code.remediation_url(), Some("https://docs.example/detectors/log-injection"));
    assert!(code.weaknesses().all(|cwe| cwe.starts_with("CWE-")) && code.weaknesses().count() > 0);
    let network = report.findings().find(|finding| !finding.get(Column::Protocol).is_empty()).unwrap();
    assert_eq!(network.protocol(), Some("TCP"));
    let image = report.findings().find(|finding| !finding.get(Column::ImageDigest).is_empty()).unwrap();
    assert!(image.get(Column::ImageDigest).starts_with("sha256:"));
    assert_eq!(image.get(Column::ImageArchitecture), "arm64");
    // Blank columns of the JSON's own are not shown, and there is no column for unknown fields without any.
    assert!(!report.has_column(Column::NvdCvss4Score) && report.has_column(Column::ImageLastInUseAt));
    assert!(report.columns().iter().all(|column| column.column.is_some()));

    let unknown = read_fixture("json/unknown.json");
    let finding = unknown.finding(0).unwrap();
    assert_eq!(finding.severity().as_str(), "SEVERE");
    assert_eq!(finding.resource().resource_type().as_str(), "GCP_X");
    let cvss = finding.vulnerability().unwrap().scores().next().unwrap();
    assert_eq!((cvss.version, cvss.score), ("4.0", Some(9.3)));
    let other = unknown.columns().iter().position(|column| column.heading.as_ref() == "Other Fields").unwrap();
    let expected = r#"{"resources.details.gcpX":{"zone": "a"},"newField":{"a": [1]}}"#;
    let plain = |text: &str| text.split_whitespace().collect::<String>();
    assert_eq!(plain(&finding.cell(other)), plain(expected));
}

#[test]
fn the_age_that_json_lacks_is_computed() {
    let report = read_fixture("json/report.json");
    let newest = report.findings().filter_map(|finding| finding.last_updated().max(finding.last_seen())).max().unwrap();
    for finding in report.findings() {
        let days = newest.duration_since(finding.first_seen().unwrap()).as_secs() / 86_400;
        assert_eq!(finding.age_days(), Some(days as f64));
    }
}

#[test]
fn a_line_of_json_that_is_cut_is_one_lost_row() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("lines.ndjson");
    let all: Vec<String> = (0..60).map(finding).collect();
    for cut in [2, 20, 60, 100, 150, 180, 200] {
        let mut lines_of_file = all.clone();
        lines_of_file[4].truncate(cut);
        fs::write(&path, lines_of_file.join("\n") + "\n").unwrap();
        let report = read(&path).unwrap();
        assert_eq!((report.len(), report.rows_lost(), report.loss()), (59, 1, Loss::Rows), "{cut}");
        assert_eq!(lines(&report), [("not-a-finding", 5, 5)], "{cut}");
        // In a list nothing tells how many were there.
        fs::write(&path, format!("{{\"findings\": [\n{}\n]}}", lines_of_file.join(",\n"))).unwrap();
        let report = read(&path).unwrap();
        assert_eq!((report.len(), report.loss()), (59, Loss::Unknown), "{cut}");
        assert!(lines(&report).iter().all(|(_, first, last)| *first == 6 && *last <= 7), "{cut} {:?}", lines(&report));
        // The cells of the others are whole.
        let ids: Vec<String> = report.findings().map(|finding| finding.resource().id().to_owned()).collect();
        let expected: Vec<String> = (0..60).filter(|id| *id != 4).map(|id| format!("i-{id}")).collect();
        assert_eq!(ids, expected, "{cut}");
    }
}

#[test]
fn json_that_is_cut_anywhere_is_never_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cut.json");
    let all: Vec<String> = (0..3).map(finding).collect();
    let list = format!("{{\"findings\": [{}], \"nextToken\": null}}", all.join(", "));
    let pretty = format!("[\n  {}\n]\n", all.join(",\n  "));
    let ndjson = all.join("\n") + "\n";
    for whole in [&list, &pretty, &ndjson] {
        fs::write(&path, whole).unwrap();
        let expected = rows(&read(&path).unwrap());
        assert_eq!(expected.len(), 3);
        for end in 1..whole.trim_end().len() {
            fs::write(&path, &whole[..end]).unwrap();
            let Ok(report) = read(&path) else { continue };
            let found = rows(&report);
            assert!(expected.starts_with(&found), "{}", &whole[..end]);
            // Nothing tells that one document is one of several lines.
            let (first, second) = (all[0].len(), all[0].len() + 1 + all[1].len());
            let at_end_of_line = whole == &ndjson && [first, first + 1, second + 1].contains(&end);
            assert_eq!(report.is_whole(), at_end_of_line, "{}", &whole[..end]);
        }
    }
}

#[test]
fn a_hole_in_json_is_no_single_row() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("hole.json");
    let all: Vec<String> = (0..9).map(finding).collect();
    let whole = format!("{{\"findings\":[{}]}}", all.join(","));
    let ids = |report: &Report| report.findings().map(|f| f.resource().id().to_owned()).collect::<Vec<_>>();
    let length = all[0].len();
    for from in (20..length).step_by(7) {
        for to in (2 * length..4 * length).step_by(13) {
            for filling in ["", "\0\0\0", "x", "\u{fffd}"] {
                fs::write(&path, format!("{}{filling}{}", &whole[..13 + from], &whole[13 + to..])).unwrap();
                let report = read(&path).unwrap();
                let found = ids(&report);
                // The halves may fit together to one that is a finding, as far as anyone can tell.
                let text = fs::read_to_string(&path).unwrap();
                let fits = serde_json::from_str::<serde_json::Value>(&text).is_ok();
                assert!(fits || report.loss() >= Loss::Rows, "{text}");
                let last = found.iter().rev().take(4).rev().collect::<Vec<_>>();
                assert_eq!(last, ["i-5", "i-6", "i-7", "i-8"], "{text}");
            }
        }
    }
    let cut = format!("{}{}", &whole[..13 + 30], &whole[13 + 4 * length..]);
    fs::write(&path, cut).unwrap();
    assert_eq!(read(&path).unwrap().loss(), Loss::Unknown);
}

#[test]
fn one_wrong_byte_in_json_is_told_and_costs_little() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("wrong.json");
    let all: Vec<String> = (0..4).map(finding).collect();
    let list = format!("{{\"findings\":[{}]}}", all.join(","));
    let pretty = format!("[\n  {}\n]\n", all.join(",\n  "));
    let ndjson = all.join("\n") + "\n";
    for whole in [&list, &pretty, &ndjson] {
        fs::write(&path, whole).unwrap();
        let expected = rows(&read(&path).unwrap());
        for at in (1..whole.len()).step_by(7) {
            for byte in
                [None, Some(b'"'), Some(b'{'), Some(b'}'), Some(b'['), Some(b']'), Some(b','), Some(b'\n'), Some(0)]
            {
                let mut text = whole.clone().into_bytes();
                match byte {
                    None => drop(text.remove(at)),
                    Some(byte) => text[at] = byte,
                }
                fs::write(&path, &text).unwrap();
                let is_json = serde_json::Deserializer::from_slice(&text)
                    .into_iter::<serde_json::Value>()
                    .all(|document| document.is_ok());
                let Ok(report) = read(&path) else { continue };
                let shown = String::from_utf8_lossy(&text);
                let same = rows(&report).iter().filter(|row| expected.contains(row)).count();
                assert!(same >= 3 - usize::from(at < 15), "{same} of {}: {shown}", rows(&report).len());
                assert!(is_json || !report.is_whole() || rows(&report) == expected, "{shown}");
            }
        }
    }
}

#[test]
fn a_page_that_has_more_behind_it_is_not_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("page.json");
    let page = |token: &str| format!("{{\"findings\": [{}], \"nextToken\": {token}}}\n", finding(1));
    fs::write(&path, page("\"abc==\"")).unwrap();
    let report = read(&path).unwrap();
    assert_eq!((report.len(), report.rows_lost(), report.loss()), (1, 0, Loss::Unknown));
    assert_eq!(lines(&report), [("pages-missing", 1, 1)]);
    assert!(report.problems()[0].message.contains("--no-paginate"));
    for whole in [page("null"), page("\"\""), page("\"abc==\"") + &page("null")] {
        fs::write(&path, whole).unwrap();
        assert!(read(&path).unwrap().is_whole());
    }
}

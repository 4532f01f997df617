//! The limits of what is read: what is within them is read, what is beyond them is named, and takes no memory.

use std::{fs, io::Write, sync::Arc, thread};

use inspector_report::{
    InputLocation, ReadErrorKind, ReadOptions, Report, Watch,
    core::{MOST_LOSSES, ProblemCode},
    read_each,
};

const HEADINGS: &str = "Severity,Title,Description,Resource ID,Status\n";
const ROW: &str = "HIGH,title,text,i-1,ACTIVE\n";
const MEGABYTE: usize = 1 << 20;

fn read(name: &str, bytes: impl Into<Arc<[u8]>>) -> Result<Report, ReadErrorKind> {
    let mut all = Vec::new();
    read_each(InputLocation::memory(name, bytes), &ReadOptions::default(), &Watch::new(), |_, report| all.push(report));
    assert_eq!(all.len(), 1, "{name}");
    all.pop().unwrap().map_err(|error| error.kind)
}

fn csv(text: String) -> Result<Report, ReadErrorKind> {
    read("a.csv", text.into_bytes())
}

/// The problems of a report: code, line, and count.
fn problems(report: &Report) -> Vec<(ProblemCode, u64, u64)> {
    report.problems().iter().map(|problem| (problem.code, problem.line, problem.count)).collect()
}

#[test]
fn a_row_is_read_up_to_its_limit_and_named_behind_it() {
    let row = |length: usize| format!("LOW,long,{},i-2,ACTIVE\n", "a".repeat(length));
    let quoted = |length: usize| format!("LOW,long,\"{}\",i-2,ACTIVE\n", "a\n,".repeat(length / 3));
    for row in [row(2 * MEGABYTE), row(15 * MEGABYTE), quoted(15 * MEGABYTE)] {
        let report = csv(format!("{HEADINGS}{ROW}{row}{ROW}CRITICAL,last,x,i-3,ACTIVE\n")).unwrap();
        assert!(report.problems().is_empty() && report.rows_read() == 4, "{:?}", problems(&report));
        assert!(report.findings().any(|finding| finding.description().len() > MEGABYTE));
    }
    let report = csv(format!("{HEADINGS}{ROW}{}CRITICAL,last,x,i-3,ACTIVE\n", row(17 * MEGABYTE))).unwrap();
    let titles: Vec<_> = report.findings().map(|finding| finding.title().to_owned()).collect();
    assert_eq!((titles, report.rows_lost()), (vec!["title".to_owned(), "last".to_owned()], 1));
    assert_eq!(problems(&report)[0], (ProblemCode::NotAFinding, 3, 1));
    assert!(report.problems()[0].message.contains("this row is longer than 16.0 MiB"));
}

#[test]
fn a_long_row_with_other_fields_than_headings_is_told_by_their_number() {
    let report = csv(format!("{HEADINGS}{ROW}HIGH{}\n{ROW}", ",a".repeat(2 * MEGABYTE))).unwrap();
    assert_eq!((problems(&report)[0], report.rows_lost()), ((ProblemCode::FieldCount, 3, 1), 1));
    assert!(report.problems()[0].message.contains("this row has 2097153 fields, the header has 5"));
}

#[test]
fn headings_have_limits_with_messages() {
    let wide = |columns: usize| (0..columns).map(|at| format!(",c{at}")).collect::<String>();
    let table = |more: &str| format!("{}{more}\nHIGH,t,d,i-1,ACTIVE{}\n", HEADINGS.trim(), more.replace(['c'], ""));
    assert_eq!(csv(table(&wide(995))).unwrap().columns().len(), 1000);
    let error = csv(table(&wide(996))).unwrap_err();
    assert!(matches!(error, ReadErrorKind::ManyColumns { line: 1, columns: 1001, most: 1000 }), "{error:?}");
    let error = csv(format!("note\n{}", table(&format!(",{}", "x".repeat(300_000))))).unwrap_err();
    assert_eq!(error.to_string(), "line 2 has headings that are longer than 256.0 KiB together");
    // Each table has few columns, and all of them together too many.
    let tables: String = (0..1000).map(|at| format!("Severity,Title,Resource ID,x{at}\nHIGH,t,i-1,1\n")).collect();
    let error = csv(format!("{HEADINGS}{ROW}{tables}")).unwrap_err();
    assert!(matches!(error, ReadErrorKind::ManyColumns { columns: 1005, .. }), "{error:?}");
}

#[test]
fn losses_are_named_up_to_a_number_and_all_are_counted() {
    let lost = MOST_LOSSES + 7;
    let report = csv(format!("{HEADINGS}{ROW}{}{ROW}", "LOW,b\n".repeat(lost))).unwrap();
    assert_eq!(
        (report.rows_lost(), report.rows_read(), report.problems().len()),
        (lost as u64, lost as u64 + 2, MOST_LOSSES + 1)
    );
    let more = report.problems().last().unwrap();
    assert_eq!((more.line, more.last_line, more.count), (MOST_LOSSES as u64 + 3, lost as u64 + 2, 7));
    assert_eq!(
        more.message,
        "7 more rows cannot be read in these lines; the first 10000 problems are named one by one"
    );
    // One row less, and each is named.
    let report = csv(format!("{HEADINGS}{ROW}{}{ROW}", "LOW,b\n".repeat(MOST_LOSSES))).unwrap();
    assert!(report.problems().iter().all(|problem| problem.count == 1) && report.problems().len() == MOST_LOSSES);
}

fn finding(more: &str) -> String {
    format!(
        "{{\"severity\":\"HIGH\",\"title\":\"t\",\"awsAccountId\":\"111122223333\",\"resources\":[{{\"id\":\"i-1\",\
         \"type\":\"AWS_EC2_INSTANCE\"}}]{more}}}"
    )
}

#[test]
fn a_finding_beyond_a_limit_is_named_and_the_others_are_read() {
    let long = finding(&format!(",\"description\":\"{}\"", "a".repeat(17 * MEGABYTE)));
    let packages = |count: usize| {
        let list = vec!["{}"; count].join(",");
        finding(&format!(
            ",\"packageVulnerabilityDetails\":{{\"vulnerabilityId\":\"CVE-1\",\"vulnerablePackages\":[{list}]}}"
        ))
    };
    let tags = |count: usize| {
        let tags: Vec<_> = (0..count).map(|at| format!("\"k{at}\":\"\"")).collect();
        finding("").replace("EC2_INSTANCE\"", &format!("EC2_INSTANCE\",\"tags\":{{{}}}", tags.join(",")))
    };
    for (json, words) in [
        (long, "it has 17.0 MiB, and 16.0 MiB is the most that is read of a finding"),
        (packages(100_001), "a list in it has more than 100000 elements"),
        (tags(100_001), "a list in it has more than 100000 elements"),
    ] {
        let good = finding("");
        let report = read("a.json", format!("{{\"findings\":[\n{good},\n{json},\n{good}]}}\n").into_bytes()).unwrap();
        assert_eq!((report.rows_read(), report.rows_lost()), (3, 1));
        assert_eq!(problems(&report)[0], (ProblemCode::NotAFinding, 3, 1));
        assert!(report.problems()[0].message.contains(words), "{}", report.problems()[0].message);
        // Alone, it is what the report is refused for.
        let error = read("a.json", format!("{{\"findings\":[{json}]}}\n").into_bytes()).unwrap_err();
        assert!(error.to_string().contains(words), "{error}");
    }
    for json in [packages(100_000), tags(100_000)] {
        let report = read("a.json", format!("{{\"findings\":[{json}]}}\n").into_bytes()).unwrap();
        assert_eq!((report.len(), report.rows_lost()), (1, 0));
    }
}

#[test]
fn a_name_of_an_archive_has_a_limit() {
    let archive = |name: String| {
        let mut tar = tar::Builder::new(Vec::new());
        for name in ["first.csv".to_owned(), name] {
            let text = format!("{HEADINGS}{ROW}");
            let mut header = tar::Header::new_gnu();
            header.set_size(text.len() as u64);
            header.set_mode(0o644);
            tar.append_data(&mut header, name, text.as_bytes()).unwrap();
        }
        tar.into_inner().unwrap()
    };
    let read = |bytes: Vec<u8>| {
        let mut all = Vec::new();
        let location = InputLocation::memory("a.tar", bytes);
        read_each(location, &ReadOptions::default(), &Watch::new(), |source, report| {
            all.push((source.members.join("!"), report.map_err(|error| error.kind.to_string()).err()));
        });
        all
    };
    let long = format!("{}/b.csv", ["d"; 400].join("/"));
    assert_eq!(read(archive(long.clone())), [("first.csv".to_owned(), None), (long, None)]);
    let all = read(archive(format!("{}/b.csv", vec!["d"; MEGABYTE].join("/"))));
    let error = all[1].1.as_ref().unwrap();
    assert!(
        all.len() == 2 && all[0].1.is_none() && error.contains("the name of a member is longer than 1.0 MiB"),
        "{all:?}"
    );
}

#[test]
fn a_file_that_changes_while_it_is_read_is_not_taken_for_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.csv");
    let text = format!("{HEADINGS}{}", ROW.repeat(400_000));
    // Whether the change comes in time is up to the machine: one of many does.
    let is_seen = (0..20).any(|_| {
        fs::write(&path, &text).unwrap();
        let watch = Watch::new();
        let mut result = None;
        thread::scope(|scope| {
            let (watch, path) = (&watch, &path);
            scope.spawn(move || {
                while watch.bytes_read() == 0 && !watch.is_stopped() {
                    thread::yield_now();
                }
                // Half of it, up to the end of a row: nothing in it tells that there was more.
                let half = HEADINGS.len() + 200_000 * ROW.len();
                fs::OpenOptions::new().write(true).open(path).unwrap().set_len(half as u64).unwrap();
                fs::OpenOptions::new().append(true).open(path).unwrap().write_all(b"").unwrap();
            });
            read_each(path.as_path(), &ReadOptions::default(), watch, |_, report| result = Some(report));
            watch.stop();
        });
        match result.unwrap() {
            Err(error) => matches!(error.kind, ReadErrorKind::Changed),
            Ok(report) => {
                assert_eq!(report.rows_read(), 400_000, "a half is taken for the whole");
                false
            }
        }
    });
    assert!(is_seen);
}

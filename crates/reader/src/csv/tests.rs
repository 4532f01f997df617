use inspector_report_model::Loss;
use proptest::prelude::*;

use super::{
    super::{ReadOptions, seen::all},
    *,
};
use crate::location::Bytes;

const HEADINGS: [&str; 7] =
    ["Severity", "Title", "Resource ID", "First Seen", "Inspector Score", "Description", "Owner"];

fn read_text(text: &[u8], parts: u64) -> Result<Report, ReadErrorKind> {
    read_with_limit(text, parts, LONGEST_FINDING)
}

fn read_with_limit(text: &[u8], parts: u64, longest_record: u64) -> Result<Report, ReadErrorKind> {
    let bytes = Bytes::Memory(text.into());
    let (options, watch) = (ReadOptions::default(), Watch::new());
    let input = Plain { bytes: &bytes, name: "report.csv".into(), options: &options, watch: &watch };
    let report = read_limited(&input, |_| parts, longest_record)?;
    // Every row is a finding, repeats one, or is lost.
    assert_eq!(report.rows_read(), report.len() as u64 + report.rows_lost() + report.repeated());
    Ok(report)
}

fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("HIGH".to_owned()),
        Just("2024-02-02T16:30:33.045Z".to_owned()),
        "[0-9]\\.[0-9]",
        "[\"\n\r,a-c\u{e9}\u{3042}\u{1F512} ]{0,10}",
        "\\PC{0,8}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Cells as they are read equal cells as they were written, whatever the parts; so does everything else.
    #[test]
    fn any_number_of_parts_gives_the_same_report(
        rows in prop::collection::vec(prop::collection::vec(cell(), 7), 0..30),
        crlf: bool,
        quote_all: bool,
        parts in 2u64..9,
    ) {
        let mut writer = csv::WriterBuilder::new()
            .terminator(if crlf { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') })
            .quote_style(if quote_all { csv::QuoteStyle::Always } else { csv::QuoteStyle::Necessary })
            .from_writer(Vec::new());
        writer.write_record(HEADINGS).unwrap();
        rows.iter().for_each(|row| writer.write_record(row).unwrap());
        let text = writer.into_inner().unwrap();
        let one = all(&read_text(&text, 1).unwrap());
        let blank = |row: &Vec<String>| row.iter().all(String::is_empty);
        prop_assert_eq!(&one.0, &rows.iter().filter(|row| !blank(row)).cloned().collect::<Vec<_>>());
        prop_assert_eq!(all(&read_text(&text, parts).unwrap()), one);
    }

    /// Rows that no program would write: lone quotes, too few or too many fields, broken UTF-8, an open end.
    #[test]
    fn broken_rows_are_the_same_problems_whatever_the_parts(
        rows in prop::collection::vec("HIGH,[\"a\u{3042}]{0,3},i-1,x,7.5,[\"a, ]{0,6},[a\n]{0,3}\n|LOW,t,i-2,,,,\n", 1..30),
        broken in prop::collection::vec(any::<prop::sample::Index>(), 0..3),
        parts in 2u64..9,
    ) {
        let text = format!("{}\n{}", HEADINGS.join(","), rows.concat());
        let mut text = text.into_bytes();
        let start = HEADINGS.join(",").len() + 1;
        for index in broken {
            let at = start + index.index(text.len() - start);
            text[at] = 0xe3;
        }
        let one = all(&read_text(&text, 1).unwrap());
        prop_assert_eq!(all(&read_text(&text, parts).unwrap()), one);
    }
}

fn report(rows: &str) -> Report {
    read_text(format!("Severity,Title,Resource ID\n{rows}").as_bytes(), 1).unwrap()
}

fn problems(report: &Report) -> Vec<(ProblemCode, u64, u64, u64)> {
    report.problems().iter().map(|p| (p.code, p.byte, p.line, p.last_line)).collect()
}

#[test]
fn a_row_with_another_number_of_fields_is_a_problem_with_its_line() {
    let report = report("HIGH,\"a\nb\",i-1\nLOW,only two\nLOW,x,i-2,more\nHIGH,c,i-3\n");
    assert_eq!(report.len(), 2);
    assert_eq!(report.rows_read(), 4);
    let expected = [(ProblemCode::FieldCount, 42, 4, 4), (ProblemCode::FieldCount, 55, 5, 5)];
    assert_eq!(problems(&report), expected);
    assert!(report.problems()[0].message.contains("2 fields, the header has 3"));
}

#[test]
fn lines_are_exact_with_crlf_and_blank_lines() {
    let text = b"Severity,Title,Resource ID\r\n\r\nHIGH,a,i-1\r\n\r\nLOW,b\r\nLOW,c,i-2\r\n";
    let report = read_text(text, 1).unwrap();
    assert_eq!(problems(&report), [(ProblemCode::FieldCount, 44, 5, 5)]);
    assert_eq!(&text[44..47], b"LOW");
}

#[test]
fn an_open_quote_loses_its_own_row_alone() {
    let report = report("HIGH,a,i-1\nLOW,\"cut,i-2\nHIGH,c,i-3\nLOW,d,i-4\n");
    assert_eq!(problems(&report), [(ProblemCode::OpenQuote, 38, 3, 3)]);
    assert_eq!(titles(&report), ["a", "c", "d"]);
}

#[test]
fn a_file_cut_inside_a_quoted_field_names_the_last_row() {
    let report = report("HIGH,a,i-1\nLOW,b,\"i-2");
    assert_eq!(report.len(), 1);
    assert_eq!(problems(&report), [(ProblemCode::OpenQuote, 38, 3, 3), (ProblemCode::CutOff, 38, 3, 3)]);
}

fn titles(report: &Report) -> Vec<String> {
    report.findings().map(|finding| finding.title().to_owned()).collect()
}

const ARNS: &str = "Severity,Title,Description,Finding ARN,Resource ID\n";

#[test]
fn rows_behind_a_quote_that_is_closed_too_late_are_read() {
    for (rows, expected, lost) in [
        // Row 3 is quoted: its opening quote closes the one of row 2.
        ("C,t2,\"open,arn:2,i\nC,t3,\"closed\",arn:3,i\nL,t4,\"x\",arn:4,i\n", "t1 t3 t4", vec![(3, 3)]),
        // Row 3 has several lines: the csv crate's record ends in the midst of it.
        ("C,t2,\"open,arn:2,i\nC,t3,\"two\nlines\",arn:3,i\nL,t4,\"x\",arn:4,i\n", "t1 t3 t4", vec![(3, 3)]),
        // The open field has several lines of its own.
        ("C,t2,\"open\nand, on,arn:2,i\nC,t3,\"x\",arn:3,i\n", "t1 t3", vec![(3, 4)]),
        // Every field is quoted.
        ("C,t2,\"open,\"arn:2\",\"i\"\n\"C\",\"t3\",\"x\",\"arn:3\",\"i\"\n", "t1 t3", vec![(3, 3)]),
        // Nothing quoted follows, up to the end.
        ("C,t2,\"open,arn:2,i\nC,t3,x,arn:3,i\nC,t4,x,arn:4,i\n", "t1 t3 t4", vec![(3, 3)]),
        // Two of them.
        ("C,t2,\"open,arn:2,i\nC,t3,\"open,arn:3,i\nC,t4,\"x\",arn:4,i\n", "t1 t4", vec![(3, 3), (4, 4)]),
        // Lines between that are no rows.
        ("C,t2,\"open,arn:2,i\nC,t3,x,arn:3,i\nno row\nC,t4,\"x\",arn:4,i\n", "t1 t3 t4", vec![(3, 3), (5, 5)]),
    ] {
        for parts in [1, 2, 3, 7] {
            let report = read_text(format!("{ARNS}H,t1,\"x\",arn:1,i\n{rows}").as_bytes(), parts).unwrap();
            assert_eq!(titles(&report).join(" "), expected, "{rows}");
            let found: Vec<_> = report.problems().iter().map(|p| (p.line, p.last_line)).collect();
            assert_eq!(found, lost, "{rows}");
            assert!(report.problems().iter().all(|p| p.code.loses_row()), "{rows}");
        }
    }
}

#[test]
fn text_behind_a_closing_quote_is_named() {
    let report = report("HIGH,\"a\"b,i-1\nLOW,\"c\nd\"e,i-2\nLOW,6\" pipe,i-3\n");
    assert_eq!(titles(&report), ["ab", "c\nde", "6\" pipe"]);
    assert_eq!(problems(&report), [(ProblemCode::StrayQuote, 27, 2, 2)]);
    assert_eq!((report.problems()[0].count, report.is_whole()), (2, true));
}

#[test]
fn rows_inside_a_very_long_quote_are_read_without_holding_it() {
    let rows: Vec<String> = (0..2000).map(|i| format!("LOW,t{i},text,arn:{i},i-1\n")).collect();
    let closed = "CRITICAL,last,\"x\",arn:x,i-1\n";
    for end in ["", closed] {
        let text = format!("{ARNS}HIGH,\"open,x,arn:0,i-1\n{}{end}", rows.concat());
        let one = read_with_limit(text.as_bytes(), 1, 1000).unwrap();
        assert_eq!(one.len(), 2000 + usize::from(!end.is_empty()));
        assert_eq!((one.rows_lost(), one.problems().len()), (1, 1));
        for (parts, limit) in [(5, 1000), (1, LONGEST_FINDING), (3, LONGEST_FINDING)] {
            assert_eq!(all(&read_with_limit(text.as_bytes(), parts, limit).unwrap()), all(&one));
        }
    }
    // What is in it is no rows of this report: nobody knows how many were lost.
    let text = format!("{ARNS}HIGH,\"open,x,arn:0,i-1\n{}", "a line of something else\n".repeat(4000));
    let report = read_with_limit(text.as_bytes(), 1, 1000).unwrap();
    assert!(report.problems().iter().any(|p| p.code == ProblemCode::CutOff && p.message.contains("not known")));
}

#[test]
fn many_losses_are_put_together_alike_whatever_the_parts() {
    let bad: String = (0..3 * inspector_report_model::MOST_LOSSES).map(|at| format!("LOW,t{at}\n")).collect();
    let text = format!("{ARNS}{bad}HIGH,t,text,arn:1,i-1\n{bad}");
    let one = read_text(text.as_bytes(), 1).unwrap();
    assert_eq!(one.rows_lost(), 6 * inspector_report_model::MOST_LOSSES as u64);
    for parts in [2, 3, 7] {
        assert_eq!(all(&read_text(text.as_bytes(), parts).unwrap()), all(&one), "{parts}");
    }
}

#[test]
fn a_row_with_nul_bytes_is_lost() {
    let report =
        report("HIGH,a,i-1\nLOW,b\0\0,i-2\nLOW,c,i-3\0\0HIGH,d,i-4\nLOW,\"e\0\0\n\",i-5\nLOW,f\0,i-6\nLOW,\0g,i-7\n");
    assert_eq!(titles(&report), ["a", "f\0", "\0g"]);
    let found: Vec<_> = report.problems().iter().map(|p| (p.line, p.last_line, p.code.loss())).collect();
    assert_eq!(found, [(3, 3, Loss::Rows), (4, 4, Loss::Rows), (5, 6, Loss::Rows)]);
    assert!(report.problems().iter().all(|p| p.message.contains("NUL")), "{:?}", report.problems());
}

#[test]
fn headings_behind_a_row_in_its_line_are_in_force_from_there() {
    let headings = ["Severity,Title,Resource ID", "\"Severity\",\"Title\",\"Resource ID\""];
    for row in ["LOW,b,i-2", "LOW,b,\"i-2\"", "\"LOW\",\"b\",\"i-2", "LOW", "LOW,b,i-2,x", "LOW,b,i-2\u{feff}"] {
        for (heading, parts) in headings.iter().flat_map(|heading| [(heading, 1), (heading, 3)]) {
            let is_open = row.starts_with('"');
            let row = if is_open { format!("{row}\"") } else { row.to_owned() };
            let text = format!("{}\nHIGH,a,i-1\n{row}{heading}\nHIGH,c,i-3\nLOW,d,i-4\n", headings[0]);
            let report = read_text(text.as_bytes(), parts).unwrap();
            assert_eq!(titles(&report), ["a", "c", "d"], "{text}");
            let found: Vec<_> = report.problems().iter().map(|p| (p.code.as_str(), p.line)).collect();
            assert_eq!(found, [("field-count", 3), ("repeated-header", 3)], "{text}");
            assert_eq!(report.rows_lost(), 1);
        }
    }
    // Those of the other file are in another order.
    let text = "Severity,Title,Resource ID\nHIGH,a,i-1Severity,Resource ID,Note,Title\nLOW,i-2,n,b\n";
    let report = read_text(text.as_bytes(), 1).unwrap();
    assert_eq!((titles(&report), report.finding(0).unwrap().cell(2)), (vec!["b".to_owned()], "i-2".into()));
    // A heading that ends like the first one is no row.
    let text = "Severity,Title,Resource ID\nOwn Severity,Severity,Title,Resource ID\nx,LOW,b,i-2\n";
    let report = read_text(text.as_bytes(), 1).unwrap();
    assert_eq!((titles(&report), report.rows_lost()), (vec!["b".to_owned()], 0));
}

#[test]
fn rows_inside_a_field_are_named() {
    let swallowed = "H,t1,\"d,arn:1,i\nC,t2,x,arn:2,i\nC,t3,x,arn:3,i\nL,t4,d\",arn:4,i\n";
    let normal = "H,t5,\"two\nlines with arn:aws:s3:::x,\narn:1,i\n\",arn:5,i\n";
    for parts in [1, 2, 5] {
        let report = read_text(format!("{ARNS}{normal}{swallowed}{normal}").as_bytes(), parts).unwrap();
        assert_eq!(report.rows_read(), 3);
        let found: Vec<_> = report.problems().iter().map(|p| (p.code.as_str(), p.line, p.last_line)).collect();
        assert_eq!(found, [("rows-in-field", 6, 9)]);
        assert!(!report.is_whole());
    }
}

#[test]
fn the_end_of_a_file_tells_whether_it_was_cut() {
    let codes = |text: &str| report(text).problems().iter().map(|p| p.code).collect::<Vec<_>>();
    let (cut, maybe, fields) = (ProblemCode::CutOff, ProblemCode::MayBeCut, ProblemCode::FieldCount);
    assert_eq!(codes("HIGH,a,i-1"), [maybe]);
    assert_eq!(codes("HIGH,a,i-1\nLOW,b"), [fields, cut]);
    assert_eq!(codes("HIGH,a,i-1\nLOW,b\n"), [fields]);
    assert_eq!(codes("HIGH,a,i-1\nLOW,\"b\n"), [ProblemCode::OpenQuote, cut]);
    assert_eq!(codes("HIGH,a,i-1\r"), [maybe], "half a line break");
    assert_eq!(codes("HIGH,a,i-1\n\n\r\n"), []);
    assert_eq!(codes("HIGH,a,i-1\n\0\0\0"), [cut]);
    assert_eq!(codes("HIGH,a,i-1\0\0\0"), [cut]);
    assert_eq!(codes("HIGH,a\0\0\0"), [fields, cut]);
    assert_eq!(codes(""), []);
    let of_file =
        |text: &str| read_text(text.as_bytes(), 1).unwrap().problems().iter().map(|p| p.code).collect::<Vec<_>>();
    for cut in [
        "Severity,Title,Resource ID",
        "Severity;Title;Resource ID\r",
        "\"Severity\",\"Title\",\"Resource ID\"",
        "\u{feff}\"Severity\",\"Title\",\"Resource ID\",\"Finding\n",
        "x\n\nSeverity,Title,Resource ID,Fin",
        "Severity,Title,Resource ID\0\0",
    ] {
        assert_eq!(of_file(cut), [ProblemCode::CutOff], "{cut:?}");
    }
    for whole in ["Severity,Title,Resource ID\n", "\u{feff}\"Severity\",\"Title\",\"Resource ID\"\r\n"] {
        assert_eq!(of_file(whole), [], "{whole:?}");
    }
    assert!(read_text(b"Severity,Title,Resource ID\rHIGH,a,i-1\r", 1).unwrap().is_whole());
}

#[test]
fn rows_are_read_by_the_headings_above_them() {
    let text = "Severity,Title,Resource ID\nHIGH,a,i-1\nResource ID,Severity,Title\ni-2,LOW,b\n\
        Title,Status,Resource ID,Severity,Note\nc,CLOSED,i-3,CRITICAL,n\nSeverity,Title,Resource ID\nLOW,d,i-4\n";
    for parts in 1..9 {
        let report = read_text(text.as_bytes(), parts).unwrap();
        let of = |f: inspector_report_model::Finding<'_>| {
            format!("{} {} {} {}", f.severity(), f.title(), f.resource().id(), f.get(Column::Status))
        };
        let found: Vec<String> = report.findings().map(of).collect();
        assert_eq!(found, ["HIGH a i-1 ", "LOW b i-2 ", "CRITICAL c i-3 CLOSED", "LOW d i-4 "]);
        assert_eq!(report.finding(2).unwrap().cell(4), "n");
        let found: Vec<_> = report.problems().iter().map(|p| (p.code.as_str(), p.line, p.count)).collect();
        assert_eq!(found, [("repeated-header", 3, 3)]);
        assert!(report.notes()[0].contains("line 3 has other headings, and again in 2 places"), "{:?}", report.notes());
    }
}

#[test]
fn headings_that_stand_twice_are_named() {
    let report = read_text(b"Severity,Title,Resource ID,severity,x,x\nHIGH,a,i-1,LOW,1,2\n", 1).unwrap();
    let found: Vec<_> = report.problems().iter().map(|p| (p.code.as_str(), p.line, p.column.as_deref())).collect();
    assert_eq!(found, [("repeated-heading", 1, Some("severity")), ("repeated-heading", 1, Some("x"))]);
    assert_eq!(report.finding(0).unwrap().severity(), Severity::High);
    assert!(report.is_whole());
}

#[test]
fn days_and_months_that_cannot_be_told_apart_are_named_once_a_column() {
    let rows = |last: &str| {
        format!(
            "Severity,Title,Resource ID,First Seen,Last Seen\nHIGH,a,i-1,4/1/2026,5/1/2026\nLOW,b,i-2,4/2/2026,{last}\n"
        )
    };
    let report = read_text(rows("5/2/2026").as_bytes(), 1).unwrap();
    let found: Vec<_> = report.problems().iter().map(|p| (p.code.as_str(), p.column.as_deref(), p.count)).collect();
    assert_eq!(found, [("ambiguous-time", Some("First Seen"), 2), ("ambiguous-time", Some("Last Seen"), 2)]);
    assert_eq!(report.finding(0).unwrap().get(Column::FirstSeen), "4/1/2026");
    for parts in [1, 2] {
        let report = read_text(rows("5/20/2026").as_bytes(), parts).unwrap();
        assert!(report.problems().is_empty());
        assert_eq!(report.finding(0).unwrap().get(Column::FirstSeen), "2026-04-01T00:00:00.000Z");
        assert_eq!(report.notes(), ["times in First Seen, Last Seen are read as month/day/year, in UTC"]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Whatever quotes and headings are broken or change, the number of parts does not matter; no row is lost unsaid.
    #[test]
    fn broken_quotes_and_headings_are_the_same_whatever_the_parts(
        rows in prop::collection::vec(prop_oneof![
            6 => "(HIGH|LOW),t,(\"[a\n]{0,3}\"|[a ]{0,3}),arn:[0-9],i\n",
            3 => "(HIGH|LOW),t,\"[a\n,]{0,4},arn:[0-9],i\n",
            2 => "LOW,\"t\"[a\"]{0,2},\"[a,\n]{0,3}\",arn:[0-9],i\r?\n",
            1 => Just("Finding ARN,Resource ID,Title,Severity,Description\n".to_owned()),
            1 => Just("Severity,Title,Resource ID,Note\n".to_owned()),
            1 => Just("HIGH,t,i,\"n\"\n".to_owned()),
            1 => Just(ARNS.to_owned()),
            1 => "[\",\na]{0,6}\n",
        ], 1..30),
        parts in 2u64..12,
        limit in prop::sample::select(vec![40, 200, LONGEST_FINDING]),
        end in "[a\",]{0,3}|\0{1,3}",
    ) {
        let text = format!("{ARNS}{}{end}", rows.concat());
        let one = all(&read_with_limit(text.as_bytes(), 1, limit).unwrap());
        prop_assert_eq!(all(&read_with_limit(text.as_bytes(), parts, limit).unwrap()), one);
    }

    /// A file that is cut at any byte says so, unless it is cut where a line ends.
    #[test]
    fn a_cut_is_never_unseen(
        rows in prop::collection::vec(("HIGH|LOW", "[a\"\n,\u{3042}]{0,6}", "i-[0-9]"), 1..6),
        crlf: bool,
        cut in any::<prop::sample::Index>(),
    ) {
        let mut writer = csv::WriterBuilder::new()
            .terminator(if crlf { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') })
            .from_writer(b"Severity,Title,Resource ID\n".to_vec());
        let mut ends = Vec::new();
        for (severity, title, resource) in &rows {
            writer.write_record([severity, title, resource]).unwrap();
            writer.flush().unwrap();
            ends.push(writer.get_ref().len());
        }
        let text = writer.into_inner().unwrap();
        let header = "Severity,Title,Resource ID\n".len();
        let cut = cut.index(text.len() + 1);
        // Without the columns that a report must have it is none.
        let Ok(report) = read_text(&text[..cut], 1) else {
            prop_assert!(cut < header - 1);
            return Ok(());
        };
        let whole = ends.iter().filter(|end| **end <= cut).count();
        let is_at_end = cut == header || ends.contains(&cut);
        prop_assert_eq!(report.is_whole(), is_at_end, "{:?}", report.problems());
        // All rows before the cut are there, and at most the one that is cut is besides them, or lost.
        prop_assert!(report.len() >= whole && report.len() <= whole + 1, "{} of {}", report.len(), whole);
        for (finding, row) in report.findings().zip(&rows).take(whole) {
            prop_assert_eq!(finding.cell(1), row.1.as_str());
        }
    }
}

#[test]
fn bytes_that_are_not_utf_8_are_replaced_and_named() {
    let report = read_text(b"Severity,Title,Resource ID\nHIGH,caf\xe9,i-1\nHIGH,\xe3\x81,\x82\n", 1).unwrap();
    assert_eq!(report.finding(0).unwrap().title(), "caf\u{fffd}");
    let columns: Vec<_> = report.problems().iter().map(|p| (p.column.as_deref(), p.line, p.count)).collect();
    assert_eq!(columns, [(Some("Title"), 2, 2), (Some("Resource ID"), 3, 1)]);
}

#[test]
fn cells_of_the_wrong_kind_are_counted_exactly() {
    let rows = "Severity,Title,Resource ID,First Seen,Inspector Score,AWS Account Id\n\
        HIGH,a,i-1,soon,high,1.23457E+11\nHIGH,b,i-2,2024-02-02,high,000000000001\nLOW,c,i-3,never,7.5,1.23457E+11\n";
    for parts in [1, 3] {
        let report = read_text(rows.as_bytes(), parts).unwrap();
        let found: Vec<_> = report.problems().iter().map(|p| (p.code.as_str(), p.line, p.count)).collect();
        assert_eq!(found, [("not-a-time", 2, 2), ("not-a-number", 2, 2), ("account-id-lost", 2, 2)]);
        assert_eq!(report.finding(2).unwrap().get(Column::FirstSeen), "never");
    }
}

#[test]
fn inputs_that_are_no_reports_are_told_apart() {
    let error = |bytes: &[u8]| read_text(bytes, 1).unwrap_err().to_string();
    assert_eq!(error(b""), "is empty");
    assert_eq!(error(b"\xef\xbb\xbf \n"), "is empty");
    assert!(error(b"a,b\n1,2\n").contains("it begins \"a,b\""));
    assert_eq!(error(b"Title,Status,Region\n"), "line 1 lacks the columns \"Severity\", \"Resource ID\"");
    assert_eq!(error(b"x\n\nTitle,Severity\n"), "line 3 lacks the column \"Resource ID\"");
    assert!(error(b"\"#artifact_name:null\",\"Severity\"\n").contains("scan action"));
    assert!(read_text(b"Severity,Title,Resource ID\n", 1).unwrap().is_empty());
}

#[test]
fn the_delimiter_and_the_line_of_the_headings_are_found() {
    for delimiter in [",", ";", "\t", "|"] {
        let row = |cells: [&str; 4]| cells.join(delimiter);
        let table = row(["Severity", "Title", "Resource ID", "a b"]) + "\n" + &row(["HIGH", "\"x,;|\t\"", "i-1", ""]);
        for above in ["", "Report of May\n\n", "sep=;\n", "\u{feff}a,b,c;d\n\"two\nlines\"\n"] {
            let text = format!("{above}{table}\n");
            let report = read_text(text.as_bytes(), 1).unwrap();
            assert_eq!(report.len(), 1, "{text}");
            assert_eq!(report.finding(0).unwrap().get(Column::ResourceId), "i-1", "{text}");
            assert_eq!(report.notes().len(), usize::from(!above.is_empty()));
        }
    }
}

#[test]
fn a_header_that_stands_again_among_the_rows_is_no_finding() {
    let report = report("HIGH,a,i-1\nSeverity,Title,Resource ID\nLOW,b,i-2\n\u{feff}Severity,Title,Resource ID\n");
    assert_eq!((report.len(), report.rows_read()), (2, 2));
    let found: Vec<_> = report.problems().iter().map(|p| (p.code.as_str(), p.line, p.count)).collect();
    assert_eq!(found, [("repeated-header", 3, 2)]);
}

#[test]
fn reading_stops_when_asked_to() {
    let watch = Watch::new();
    watch.stop();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.csv");
    std::fs::write(&path, "Severity,Title,Resource ID\nHIGH,a,i-1\n").unwrap();
    let mut results = Vec::new();
    super::super::read_each(&path, &ReadOptions::default(), &watch, |_, result| results.push(result));
    let error = results.pop().unwrap().unwrap_err();
    assert!(matches!(error.kind, ReadErrorKind::Interrupted));
}

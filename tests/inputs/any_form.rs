//! The model does not depend on how a report is written down.

use super::*;

#[derive(Clone, Copy, Debug)]
enum Text {
    Utf8,
    Utf8Mark,
    Utf16Le,
    Utf16Be,
    ShiftJis,
}

#[derive(Clone, Copy, Debug)]
enum Packed {
    No,
    Gzip,
    Zstd,
    Bzip2,
    Xz,
    Zip,
    Tar,
    TarGzip,
}

fn encode(text: &str, encoding: Text) -> Vec<u8> {
    let marked = || format!("\u{feff}{text}");
    match encoding {
        Text::Utf8 => text.as_bytes().to_vec(),
        Text::Utf8Mark => marked().into_bytes(),
        Text::Utf16Le => marked().encode_utf16().flat_map(u16::to_le_bytes).collect(),
        Text::Utf16Be => marked().encode_utf16().flat_map(u16::to_be_bytes).collect(),
        Text::ShiftJis => Encoding::for_label(b"shift_jis").unwrap().encode(text).0.into_owned(),
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn tar(bytes: &[u8]) -> Vec<u8> {
    let mut archive = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_ustar();
    header.set_size(bytes.len() as u64);
    archive.append_data(&mut header, "a/report.csv", bytes).unwrap();
    archive.into_inner().unwrap()
}

fn pack(bytes: &[u8], packed: Packed) -> Vec<u8> {
    match packed {
        Packed::No => bytes.to_vec(),
        Packed::Gzip => gzip(bytes),
        Packed::Zstd => ruzstd::encoding::compress_to_vec(bytes, ruzstd::encoding::CompressionLevel::Fastest),
        Packed::Bzip2 => {
            let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
            encoder.write_all(bytes).unwrap();
            encoder.finish().unwrap()
        }
        Packed::Xz => {
            let options = lzma_rust2::XzOptions::with_preset(0);
            let mut encoder = lzma_rust2::XzWriter::new(Vec::new(), options).unwrap();
            encoder.write_all(bytes).unwrap();
            encoder.finish().unwrap()
        }
        Packed::Zip => {
            let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
            archive.start_file("a/report.csv", zip::write::SimpleFileOptions::default()).unwrap();
            archive.write_all(bytes).unwrap();
            archive.finish().unwrap().into_inner()
        }
        Packed::Tar => tar(bytes),
        Packed::TarGzip => gzip(&tar(bytes)),
    }
}

const CSV: &str = "Severity,Title,Resource ID,Status\nHIGH,one,i-1,ACTIVE\nLOW,two,i-2,SUPPRESSED\n\
    CRITICAL,\"three, and\nmore\",i-3,ACTIVE\nLOW,four,i-4,CLOSED\n";

fn tar_of(members: &[(&str, &str)]) -> Vec<u8> {
    let mut archive = tar::Builder::new(Vec::new());
    for (name, content) in members {
        let mut header = tar::Header::new_ustar();
        header.set_size(content.len() as u64);
        archive.append_data(&mut header, name, content.as_bytes()).unwrap();
    }
    archive.into_inner().unwrap()
}

fn read_bytes(bytes: &[u8]) -> Vec<(String, String, Result<Report, ReadErrorKind>)> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("packed");
    fs::write(&path, bytes).unwrap();
    read_all(&path, &ReadOptions::default())
}

#[test]
fn what_is_packed_and_cut_anywhere_is_never_whole() {
    let json = format!("[{},\n{}]", super::finding(1), super::finding(2));
    let two = tar_of(&[("a.csv", CSV), ("b.csv", CSV)]);
    // Blocks of zeros end an archive; one says it, the others fill it up.
    let end_of_two = two.len() - 512;
    let mut inputs: Vec<(String, Vec<u8>, usize)> = vec![
        ("two members".to_owned(), two.clone(), end_of_two),
        ("two members in gzip".to_owned(), gzip(&two), usize::MAX),
    ];
    for packed in [Packed::Gzip, Packed::Zstd, Packed::Bzip2, Packed::Xz, Packed::Zip, Packed::TarGzip] {
        for text in [CSV, &json] {
            inputs.push((format!("{packed:?} {}", &text[..2]), pack(text.as_bytes(), packed), usize::MAX));
        }
    }
    let cells =
        |report: &Report| super::cells(report).into_iter().map(|cells| format!("{cells:?}")).collect::<Vec<_>>();
    for (what, bytes, enough) in inputs {
        let whole: Vec<Vec<String>> =
            read_bytes(&bytes).into_iter().map(|(.., report)| cells(&report.unwrap())).collect();
        for end in 1..bytes.len().min(enough) {
            let all = read_bytes(&bytes[..end]);
            let is_clean = all.iter().all(|(.., report)| report.as_ref().is_ok_and(Report::is_whole));
            assert!(!is_clean && !all.is_empty(), "{what}, cut at {end} of {}", bytes.len());
            // What is read is as it was.
            for (report, whole) in all.iter().filter_map(|(.., report)| report.as_ref().ok()).zip(&whole) {
                assert!(whole.starts_with(&cells(report)), "{what}, cut at {end}");
            }
        }
    }
}

#[test]
fn what_can_be_unpacked_of_a_damaged_file_is_read() {
    // In a stream without compression each byte stands where it stood.
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::none());
    encoder.write_all(CSV.as_bytes()).unwrap();
    let mut bytes = encoder.finish().unwrap();
    let of = |bytes: &[u8]| read_bytes(bytes).pop().unwrap().2;
    let cut = of(&bytes[..bytes.len() - 20]).unwrap();
    assert_eq!((cut.len(), cut.loss()), (3, Loss::Unknown));
    let problem = cut.problems().last().unwrap();
    assert_eq!((problem.code, problem.line), (ProblemCode::CutOff, 5), "{problem}");
    assert!(problem.message.contains("cut off"), "{problem}");
    let end = bytes.len() - 8;
    bytes[end] ^= 1;
    let wrong = of(&bytes).unwrap();
    assert_eq!((wrong.len(), wrong.loss()), (4, Loss::Unknown));
    assert!(wrong.problems().last().unwrap().message.contains("checksum"));
    // So little that it is no report.
    assert!(of(&bytes[..20]).unwrap_err().to_string().contains("cut off"));
}

#[test]
fn a_member_with_a_wrong_checksum_or_size_is_not_whole() {
    let packed = pack(CSV.as_bytes(), Packed::Zip);
    let directory = packed.windows(4).rposition(|bytes| bytes == b"PK\x01\x02").unwrap();
    // In the list of members: 4 bytes of the checksum, of the packed size, and of the size.
    for (place, what) in [(16, "checksum"), (24, "size")] {
        let mut bytes = packed.clone();
        bytes[directory + place] ^= 1;
        let report = read_bytes(&bytes).pop().unwrap().2;
        match report {
            Ok(report) => {
                assert_eq!(report.loss(), Loss::Unknown, "{what}");
                assert!(report.problems().last().unwrap().message.contains(what) || what == "size");
            }
            Err(error) => assert!(matches!(error, ReadErrorKind::Damaged(_)), "{what} {error}"),
        }
    }
}

#[test]
fn a_workbook_with_a_wrong_checksum_is_not_whole() {
    let mut workbook =
        zip::ZipArchive::new(Cursor::new(fs::read(fixture("edited/saved-by-excel.xlsx")).unwrap())).unwrap();
    let mut copy = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for place in 0..workbook.len() {
        let mut part = workbook.by_index(place).unwrap();
        let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
        copy.start_file(part.name().unwrap(), options).unwrap();
        std::io::copy(&mut part, &mut copy).unwrap();
    }
    let mut bytes = copy.finish().unwrap().into_inner();
    assert!(read_bytes(&bytes).pop().unwrap().2.unwrap().is_whole());
    let cell = bytes.windows(10).position(|bytes| bytes == b">CRITICAL<").unwrap();
    bytes[cell + 1..cell + 9].copy_from_slice(b"HARMLESS");
    let report = read_bytes(&bytes).pop().unwrap().2.unwrap();
    assert_eq!(report.loss(), Loss::Unknown);
    assert!(report.problems()[0].message.contains("checksum of its part xl/worksheets/sheet1.xml"));
}

#[test]
fn a_tar_archive_that_ends_between_members_is_told() {
    let bytes = tar_of(&[("a.csv", CSV), ("b.csv", CSV)]);
    let all = read_bytes(&bytes[..1024]);
    assert!(all[0].2.as_ref().unwrap().is_whole());
    let (member, _, error) = &all[1];
    assert!(member.is_empty() && error.as_ref().unwrap_err().to_string().contains("members may be missing"));
    // Inside the second: what is there of it is read.
    let all = read_bytes(&bytes[..1024 + 512 + 60]);
    assert_eq!(all.len(), 3);
    assert_eq!(all[1].2.as_ref().unwrap().loss(), Loss::Unknown);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.tar");
    fs::write(&path, &bytes[..1024]).unwrap();
    assert!(matches!(read(&path).unwrap_err().kind, ReadErrorKind::Damaged(_)), "alone, or not at all");
}

/// A file with holes, as `tar --sparse` writes it (GNU tar, "Sparse Formats"): the header lists what is no hole.
fn sparse(name: &str, hole: usize, content: &[u8]) -> Vec<u8> {
    let mut header = tar::Header::new_gnu();
    header.set_path(name).unwrap();
    header.set_entry_type(tar::EntryType::GNUSparse);
    header.set_size(content.len() as u64);
    let gnu = header.as_gnu_mut().unwrap();
    gnu.sparse[0].offset.copy_from_slice(format!("{hole:011o}\0").as_bytes());
    gnu.sparse[0].numbytes.copy_from_slice(format!("{:011o}\0", content.len()).as_bytes());
    gnu.realsize.copy_from_slice(format!("{:011o}\0", hole + content.len()).as_bytes());
    header.set_cksum();
    let padding = content.len().next_multiple_of(512) - content.len();
    [header.as_bytes().as_slice(), content, &vec![0; padding]].concat()
}

#[test]
fn a_member_of_a_tar_archive_of_any_type_is_read_or_named() {
    let of_type = |name: &str, kind, content: &str| {
        let mut header = tar::Header::new_ustar();
        header.set_path(name).unwrap();
        header.set_entry_type(kind);
        header.set_size(content.len() as u64);
        header.set_link_name("elsewhere.csv").unwrap();
        header.set_cksum();
        let mut bytes = header.as_bytes().to_vec();
        bytes.extend(content.as_bytes());
        bytes.resize(bytes.len().next_multiple_of(512), 0);
        bytes
    };
    use tar::EntryType as T;
    let parts = [
        sparse("sparse.csv", 0, CSV.as_bytes()),
        of_type("contiguous.csv", T::Continuous, CSV),
        of_type("unknown.csv", T::new(b'Q'), CSV),
        of_type("folder.csv", T::Directory, ""),
        of_type("hard.csv", T::Link, ""),
        of_type("symbolic.json", T::Symlink, ""),
        of_type("pipe.csv", T::Fifo, ""),
        of_type("link.txt", T::Symlink, ""),
        vec![0; 1024],
    ];
    let seen = read_bytes(&parts.concat()).into_iter().map(|(member, _, report)| {
        let what = match report {
            Ok(report) => format!("{} findings, whole: {}", report.findings().count(), report.is_whole()),
            Err(error) => format!("{error:?}"),
        };
        format!("{member} {what}")
    });
    let expected = [
        "sparse.csv 4 findings, whole: true",
        "contiguous.csv 4 findings, whole: true",
        "unknown.csv 4 findings, whole: true",
        "hard.csv NotAFile",
        "symbolic.json NotAFile",
        "pipe.csv NotAFile",
        "link.txt NotByName",
    ];
    assert_eq!(seen.collect::<Vec<_>>(), expected);
}

#[test]
fn members_of_one_name_are_all_read() {
    let seen = |all: Vec<(String, String, Result<Report, ReadErrorKind>)>| {
        let of = |report: Report| report.findings().map(|f| f.severity().as_str().to_owned()).collect::<Vec<_>>();
        all.into_iter().map(|(member, output, report)| (member, output, of(report.unwrap()))).collect::<Vec<_>>()
    };
    let expected = |folder: &str, second: &str| {
        let of = |member: &str, severity: &str| {
            let output = format!("{folder}/{}", member.trim_end_matches(".csv"));
            (member.to_owned(), output, vec![severity.to_owned()])
        };
        [of("a.csv", "CRITICAL"), of("a (2).csv", second)]
    };
    let zip = seen(read_all(&fixture("packed/one-name.zip"), &ReadOptions::default()));
    let severities = [&zip[0].2, &zip[1].2];
    assert!(severities.iter().any(|of| of[0] == "CRITICAL") && severities.iter().any(|of| of[0] == "LOW"));
    assert_eq!((zip[0].0.as_str(), zip[1].0.as_str()), ("a.csv", "a (2).csv"));
    assert_eq!((zip[0].1.as_str(), zip[1].1.as_str()), ("one-name/a", "one-name/a (2)"));
    let row = |severity: &str| format!("Severity,Title,Resource ID\n{severity},t,i-1\n");
    let tar = tar_of(&[("a.csv", &row("CRITICAL")), ("a.csv", &row("MEDIUM"))]);
    assert_eq!(seen(read_bytes(&tar)), expected("packed", "MEDIUM"));
}

/// A heading as people change it.
fn heading(column: Column, style: u8, japanese: &Localizer) -> String {
    match style {
        0 => column.name().to_owned(),
        1 => column.name().to_uppercase(),
        2 => format!(" {} ", column.name().replace(' ', "  ")),
        3 => column.name().to_lowercase().replace(' ', "_"),
        _ => japanese.column(column),
    }
}

fn cell(column: Column) -> BoxedStrategy<String> {
    match (column, column.kind()) {
        (Column::Severity, _) => prop::sample::select(vec!["HIGH", "LOW", "CRITICAL"]).prop_map(str::to_owned).boxed(),
        (Column::FindingArn, _) => "arn:aws:inspector2:us-east-1:000123456789:finding/[0-9a-f]{32}".boxed(),
        (Column::AwsAccountId, _) => "[0-9]{12}".boxed(),
        (_, Kind::Number) => "[0-9]\\.[0-9]".boxed(),
        (_, Kind::Timestamp) => "2026-0[1-9]-1[0-9]T0[0-9]:[0-5][0-9]:[0-5][0-9]\\.[0-9]{3}Z".boxed(),
        // What Shift_JIS has too, in whole words, since a guess from a few letters may be wrong.
        _ => "(細工されたリクエストにより|基盤チーム|[a-zA-Z0-9,;|\"\\t /:.-]{0,12}|アプリ\\n開発部){1,3}".boxed(),
    }
}

fn report() -> impl Strategy<Value = (Vec<Column>, Vec<Vec<String>>)> {
    let columns = prop::sample::subsequence(Column::ALL[..57].to_vec(), 20..57).prop_map(|mut columns| {
        for needed in [Column::Severity, Column::Title, Column::ResourceId, Column::ResourceTags] {
            if !columns.contains(&needed) {
                columns.push(needed);
            }
        }
        columns
    });
    columns.prop_shuffle().prop_flat_map(|columns| {
        let row = columns.iter().map(|column| cell(*column)).collect::<Vec<_>>();
        (Just(columns), prop::collection::vec(row, 1..6))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn gives_the_same_model(
        (columns, rows) in report(),
        delimiter in prop::sample::select(vec![b',', b';', b'\t', b'|']),
        encoding in prop::sample::select(vec![Text::Utf8, Text::Utf8Mark, Text::Utf16Le, Text::Utf16Be, Text::ShiftJis]),
        packed in prop::sample::select(vec![
            Packed::No, Packed::Gzip, Packed::Zstd, Packed::Bzip2, Packed::Xz, Packed::Zip, Packed::Tar, Packed::TarGzip,
        ]),
        styles in prop::collection::vec(0u8..5, 61),
        crlf: bool,
        above in prop::sample::select(vec!["", "Findings of May\n\n"]),
    ) {
        let japanese = Localizer::new(Lang::Ja);
        let mut writer = csv::WriterBuilder::new()
            .delimiter(delimiter)
            .terminator(if crlf { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') })
            .from_writer(above.as_bytes().to_vec());
        writer.write_record(columns.iter().zip(&styles).map(|(c, style)| heading(*c, *style, &japanese))).unwrap();
        rows.iter().for_each(|row| writer.write_record(row).unwrap());
        let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("report");
        fs::write(&path, pack(&encode(&text, encoding), packed)).unwrap();
        let report = read(&path).unwrap();
        prop_assert_eq!(report.len(), rows.len(), "{}", text);
        for (finding, row) in report.findings().zip(&rows) {
            for (column, cell) in columns.iter().zip(row) {
                prop_assert_eq!(&finding.get(*column), cell, "{:?}", column);
            }
        }
    }
}

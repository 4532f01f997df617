//! A report in memory is read as the same report in a file.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    fs,
    path::{Path, PathBuf},
};

use inspector_report_reader::{InputLocation, ReadOptions, Watch, read_each};

/// All that is read: of each report its name, cells, notes and problems, or what is wrong with it.
fn read(location: InputLocation) -> Vec<String> {
    let mut seen = Vec::new();
    read_each(location, &ReadOptions::default(), &Watch::new(), |source, report| {
        seen.push(source.name());
        let report = match report {
            Ok(report) => report,
            Err(error) => return seen.push(error.to_string()),
        };
        let columns = report.columns().len();
        seen.extend(report.findings().map(|finding| {
            (0..columns).map(|column| finding.cell(column).into_owned()).collect::<Vec<_>>().join("\u{1f}")
        }));
        seen.extend(report.notes().iter().cloned());
        seen.extend(report.problems().iter().map(|problem| format!("{problem:?}")));
    });
    seen
}

fn files(folder: &Path, all: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files(&path, all) } else { all.push(path) }
    }
}

#[test]
fn every_fixture_reads_the_same_from_memory() {
    let mut all = Vec::new();
    files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures"), &mut all);
    assert!(all.len() > 50);
    for path in all {
        let bytes = fs::read(&path).unwrap();
        assert_eq!(read(InputLocation::memory(&path, bytes)), read(InputLocation::from(&path)), "{}", path.display());
    }
}

#[test]
fn a_packed_report_that_is_cut_off_keeps_its_whole_rows_in_memory_too() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/findings.csv");
    let folder = tempfile::tempdir().unwrap();
    let packed = folder.path().join("cut.csv.gz");
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut encoder, &fs::read(path).unwrap()).unwrap();
    let whole = encoder.finish().unwrap();
    for part in [2, 3, 5] {
        let bytes = whole[..whole.len() * (part - 1) / part].to_vec();
        fs::write(&packed, &bytes).unwrap();
        assert_eq!(read(InputLocation::memory(&packed, bytes)), read(InputLocation::from(&packed)));
    }
}

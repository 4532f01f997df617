//! Reading bytes as the program reads a file.

use std::{fs, path::PathBuf, sync::OnceLock};

use inspector_report::{ReadError, ReadOptions, Report, Watch, read_each};

/// A file of this process, in memory where the system has a file system there.
fn path() -> &'static PathBuf {
    static PATH: OnceLock<PathBuf> = OnceLock::new();
    PATH.get_or_init(|| {
        let memory = PathBuf::from("/dev/shm");
        let folder = if memory.is_dir() { memory } else { std::env::temp_dir() };
        // One thread is enough: that the number does not matter, the property tests show.
        let _ = rayon::ThreadPoolBuilder::new().num_threads(1).build_global();
        folder.join(format!("inspector-report-fuzz-{}", std::process::id()))
    })
}

/// Every report in a file of these bytes.
pub fn read(bytes: &[u8]) -> Vec<Result<Report, ReadError>> {
    fs::write(path(), bytes).expect("no space for the file");
    let options = ReadOptions { max_expanded: 4 << 20, ..ReadOptions::default() };
    let mut reports = Vec::new();
    read_each(path(), &options, &Watch::new(), |source, report| {
        assert!(source.output().is_relative());
        assert!(source.output().components().all(|part| matches!(part, std::path::Component::Normal(_))));
        reports.push(report);
    });
    reports
}

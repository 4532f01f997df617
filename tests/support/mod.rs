//! What the tests of the program share: a folder to run it in, and what it said.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]
#![allow(dead_code, reason = "not every test needs all of it")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use tempfile::TempDir;

pub const PROGRAM: &str = env!("CARGO_BIN_EXE_inspector-report");

/// A folder of our own to run in, gone with the test.
pub struct Folder(pub TempDir);

impl Folder {
    pub fn new() -> Folder {
        Folder(tempfile::tempdir().unwrap())
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Copies a fixture here.
    pub fn with(self, fixture: &str) -> Folder {
        fs::copy(fixture_path(fixture), self.path(fixture)).unwrap();
        self
    }

    pub fn write(&self, name: &str, text: &str) {
        fs::create_dir_all(self.path(name).parent().unwrap()).unwrap();
        fs::write(self.path(name), text).unwrap();
    }

    pub fn run(&self, args: &[&str]) -> Run {
        Run(Command::new(PROGRAM).args(args).current_dir(self.0.path()).output().unwrap())
    }

    /// Every file below the folder, sorted, but for what is remembered of runs.
    pub fn files(&self) -> Vec<String> {
        fn walk(folder: &Path, root: &Path, files: &mut Vec<String>) {
            for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
                if entry.file_type().unwrap().is_dir() {
                    walk(&entry.path(), root, files);
                } else if !entry.file_name().to_string_lossy().starts_with(".inspector-report.") {
                    files.push(entry.path().strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/"));
                }
            }
        }
        let mut files = Vec::new();
        walk(self.0.path(), self.0.path(), &mut files);
        files.sort();
        files
    }
}

pub struct Run(pub Output);

impl Run {
    pub fn status(&self) -> i32 {
        self.0.status.code().unwrap()
    }

    pub fn stdout(&self) -> &str {
        std::str::from_utf8(&self.0.stdout).unwrap()
    }

    pub fn stderr(&self) -> &str {
        std::str::from_utf8(&self.0.stderr).unwrap()
    }

    /// Fails unless the run ended so, with what it said.
    #[track_caller]
    pub fn expect(self, status: i32) -> Run {
        assert_eq!(self.status(), status, "{}", self.stderr());
        assert!(!self.stderr().contains("panicked"), "{}", self.stderr());
        self
    }
}

pub fn fixture_path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name)
}

pub const SMALL: &str = "Severity,Title,Resource ID,Status\n\
    CRITICAL,one,i-1,ACTIVE\nHIGH,two,i-2,ACTIVE\nCRITICAL,three,i-3,SUPPRESSED\nLOW,four,i-4,CLOSED\n";

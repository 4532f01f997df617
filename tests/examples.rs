//! The examples do what they say.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::{path::Path, process::Command};

/// Cargo builds the examples with the tests, into a folder beside them.
fn example(name: &str, arguments: &[&str]) -> String {
    let program = Path::new(support::PROGRAM).parent().unwrap().join("examples").join(name);
    let run = Command::new(program).args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
    assert!(run.status.success(), "{name}: {}", String::from_utf8_lossy(&run.stderr));
    String::from_utf8(run.stdout).unwrap()
}

#[test]
fn critical_findings_as_markdown() {
    let page = example("critical", &["fixtures/findings.csv"]);
    assert!(page.starts_with("# ") && page.contains("severity CRITICAL,HIGH"), "{page}");
}

#[test]
fn a_comparison_with_itself_changes_nothing() {
    let said = example("compare", &["fixtures/findings.csv", "fixtures/findings.csv"]);
    assert!(said.contains("New: 0") && !said.contains("StillOpen: 0"), "{said}");
}

#[test]
fn a_format_of_ones_own_is_written_by_the_engine() {
    let folder = tempfile::tempdir().unwrap();
    let output = folder.path().display().to_string();
    example("own_format", &["fixtures/findings.csv", &output]);
    let text = std::fs::read_to_string(folder.path().join("findings.txt")).unwrap();
    assert!(text.lines().count() > 1 && text.contains("Critical  "), "{text}");
}

//! Any JSON, and what is nearly JSON: nothing panics, and every element is a finding or a problem.
#![no_main]

#[path = "common.rs"]
mod common;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    // What begins otherwise is taken for CSV.
    let text = if matches!(bytes.first(), Some(b'{' | b'[')) { bytes.to_vec() } else { [b"[", bytes].concat() };
    for report in common::read(&text).into_iter().flatten() {
        assert_eq!(report.rows_read(), report.len() as u64 + report.repeated() + report.rows_lost());
        for finding in report.findings() {
            (0..report.columns().len()).for_each(|column| drop(finding.cell(column)));
            let _ = (finding.resource().tags(), finding.packages().count(), finding.lines());
        }
    }
});

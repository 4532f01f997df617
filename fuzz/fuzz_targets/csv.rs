//! Any bytes below a header: nothing panics, every row is a finding or a problem, and the number of threads does not
//! matter.
#![no_main]

#[path = "common.rs"]
mod common;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|rows: &[u8]| {
    let text = [b"Severity,Title,Resource ID,First Seen,Inspector Score,Owner\n", rows].concat();
    let report = common::read(&text).pop();
    if let Some(Ok(report)) = report {
        assert_eq!(report.rows_read(), report.len() as u64 + report.rows_lost() + report.repeated());
        for finding in report.findings() {
            (0..report.columns().len()).for_each(|column| drop(finding.cell(column)));
            let _ = (finding.first_seen(), finding.inspector_score(), finding.resource().name());
        }
    }
});

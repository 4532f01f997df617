//! Any file: packed, in any encoding, a workbook. Nothing panics, and no more is unpacked than is allowed.
#![no_main]

#[path = "common.rs"]
mod common;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    for report in common::read(bytes).into_iter().flatten() {
        assert_eq!(report.rows_read(), report.len() as u64 + report.repeated() + report.rows_lost());
    }
});

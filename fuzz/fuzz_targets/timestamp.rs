//! Any text as a time: nothing panics, and what was read is read again as the same from what is written.
#![no_main]

use inspector_report::core::timestamp::{parse, write};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Some(time) = parse(text) {
        let again = parse(&write(time)).map_or(i64::MIN, |again| again.as_millisecond());
        // Before the year 0, times have a form of their own, with a sign and six digits.
        // What is finer than a millisecond is dropped, before 1970 to the other side.
        let near = again.abs_diff(time.as_millisecond()) <= 1;
        assert!(near || time.as_millisecond() < -62_167_219_200_000, "{text:?}");
    }
});

//! Compares two reports, and says what is new and what is fixed.
//!
//!     cargo run --release --example compare -- earlier.csv later.csv

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "an example talks")]

use std::{env, error::Error};

use inspector_report::{View, core::Change, read};

fn main() -> Result<(), Box<dyn Error>> {
    let mut paths = env::args().skip(1);
    let usual = || "fixtures/findings.csv".to_owned();
    let (earlier, later) = (paths.next().unwrap_or_else(usual), paths.next().unwrap_or_else(usual));
    let view = View::builder(read(later)?).compare_with(read(earlier)?).build();
    let comparison = view.comparison().ok_or("there is nothing to compare with")?;
    for change in Change::ALL {
        let count: u64 = comparison.counts(change).iter().sum();
        println!("{change:?}: {count}");
    }
    for finding in view.findings().filter(|finding| comparison.change(*finding) == Some(Change::New)) {
        println!("new: {} {} on {}", finding.severity(), finding.title(), finding.resource().name());
    }
    for finding in comparison.gone() {
        println!("gone: {} {} on {}", finding.severity(), finding.title(), finding.resource().name());
    }
    Ok(())
}

//! Reads a report, and writes its critical and high findings as Markdown.
//!
//!     cargo run --release --example critical -- fixtures/findings.csv

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "an example talks")]

use std::{env, error::Error, io};

use inspector_report::{
    Filter, Lang, View, convert,
    core::{Settings, value::Severity},
    format, read,
};

fn main() -> Result<(), Box<dyn Error>> {
    let path = env::args().nth(1).unwrap_or_else(|| "fixtures/findings.csv".to_owned());
    let report = read(path)?;
    for problem in report.problems() {
        eprintln!("{problem}");
    }
    let filter = Filter { severity: vec![Severity::Critical, Severity::High], ..Filter::default() };
    let view = View::builder(report).filter(filter.describe(), |finding| filter.matches(finding)).build();
    let markdown = format("markdown").ok_or("built without Markdown")?;
    let mut settings = Settings::new();
    settings.set("top", "5");
    convert(&view, markdown, &settings, Lang::En, &mut io::stdout().lock())?;
    Ok(())
}

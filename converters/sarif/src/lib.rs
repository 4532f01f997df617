//! Writes a findings report as SARIF 2.1.0 for GitHub code scanning.
//!
//! Each open finding becomes one result, which GitHub shows as one alert. What GitHub needs so that nothing is rejected,
//! dropped or opened anew each week decides how:
//!
//! | part of SARIF | made of | module |
//! | --- | --- | --- |
//! | file | as many runs as GitHub takes in one upload | `delivery` |
//! | run, its category | account, Region and resource type, in parts of at most 5,000 results | `category`, `plan`, `run` |
//! | rule | vulnerability and severity; port; detector | `rule_id`, `rule`, `rule_text` |
//! | `security-severity` | Inspector's score within the band of Inspector's severity | `severity` |
//! | location | `aws/<account>/<region>/<type>/<resource>`, without digest, tag or version | `place`, `uri` |
//! | identity of an alert | SHA-256 of what stays the same from week to week | `fingerprint` |
//! | message | what is vulnerable, where, what to do | `message` |
//!
//! Suppressed and closed findings are left out: GitHub ignores `suppressions` and would show them as open.
//!
//! The driver is named `Amazon Inspector`, always, because the name is part of an alert's identity. Inspector's reports
//! state no version, so `semanticVersion` is that of this program, which wrote the texts of the rules; `run.conversion`
//! names this program, as SARIF 3.22 wants of a converter.
//!
//! More than 1,000,000 results are written, with a note that says what GitHub would do: SARIF has other readers.
//!
//! What one file cannot know is which categories an earlier upload had. A category of the report that has no open
//! findings any more gets a run without results, which closes its alerts; a category that the report does not name, or
//! that was split into another number of parts, must be emptied by who uploaded it.

mod category;
mod delivery;
mod fingerprint;
mod limits;
mod markdown;
mod message;
mod notes;
mod place;
mod plan;
mod result;
mod rule;
mod rule_id;
mod rule_text;
mod run;
mod severity;
mod text;
mod uri;

use inspector_report_core::{ConvertError, Converter, Options, Outputs, Report, Summary};

/// SARIF for GitHub code scanning.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sarif;

impl Converter for Sarif {
    fn name(&self) -> &'static str {
        "sarif"
    }

    fn extension(&self) -> &'static str {
        "sarif"
    }

    fn about(&self) -> &'static str {
        "alerts for GitHub code scanning, in files that it takes whole"
    }

    fn convert(&self, report: &Report, options: &Options, outputs: &mut dyn Outputs) -> Result<Summary, ConvertError> {
        let (rules, rule_of) = rule::Rules::collect(report);
        let places = place::Places::new(report);
        let groups = plan::groups(report);
        let context =
            run::Context { report, texts: options.texts, version: options.version, rules: &rules, places: &places };
        let mut runs = plan::Runs::new(&context, &rule_of, groups);
        let delivered = delivery::write(&mut runs, outputs)?;
        Ok(Summary { findings: delivered.results, notes: notes::notes(report, &delivered, runs.split()) })
    }
}

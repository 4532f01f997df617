//! Writes a findings report as SARIF 2.1.0 for GitHub code scanning.
//!
//! Each open finding becomes one result, which GitHub shows as one alert. What GitHub needs so that nothing is rejected,
//! dropped or opened anew each week decides how:
//!
//! | part of SARIF | made of | module |
//! | --- | --- | --- |
//! | file | as many runs as GitHub takes in one upload | `delivery` |
//! | run, its category | what `--sarif-category-by` says, in parts of at most 5,000 results; those of earlier uploads | `category`, `group`, `division`, `plan`, `run`, `state`, `coverage`, `guard` |
//! | rule | vulnerability and severity; port; detector | `rule_id`, `rule`, `rule_text`, `descriptors` |
//! | `security-severity` | Inspector's score within the band of Inspector's severity | `severity` |
//! | location | the file that `inspector-report.toml` maps the resource to, else `aws/<account>/<region>/<type>/<resource>`, without digest, tag or version | `locations`, `place`, `uri` |
//! | identity of an alert | SHA-256 of what stays the same from week to week | `fingerprint` |
//! | resource, packages | the logical locations of the run, once each | `logical` |
//! | message | what is vulnerable, where, what to do | `message` |
//!
//! Suppressed and closed findings are left out: GitHub ignores `suppressions` and would show them as open. The profile
//! `full` has them for readers that honour suppressions (SARIF 3.27.23), and with a report to compare with
//! `baselineState` (3.27.24), also of what is gone.
//!
//! The driver is named `Amazon Inspector`, always, because the name is part of an alert's identity. Inspector's reports
//! state no version, so `semanticVersion` is that of this program, which wrote the texts of the rules; `run.conversion`
//! names this program, as SARIF 3.22 wants of a converter.
//!
//! More than 1,000,000 results, our own caution, are refused for GitHub unless `--sarif-over-limit` says otherwise.
//!
//! A category of the report that has no open findings any more gets a run without results, which closes its alerts. Of
//! categories that the report does not name, a file that is kept from one time to the next knows (`--sarif-state`). It
//! also knows what covered each category, so that none is written with fewer results because an input was broken, missing,
//! narrower or filtered: modules `coverage` and `guard`.

mod category;
mod context;
mod coverage;
mod delivery;
mod descriptors;
mod division;
mod fingerprint;
mod group;
mod guard;
mod incomplete;
pub mod limits;
mod locations;
mod logical;
mod markdown;
mod message;
mod notes;
mod options;
mod place;
mod plan;
mod result;
mod rule;
mod rule_id;
mod rule_text;
mod run;
mod severity;
mod source;
mod state;
mod taxonomy;
mod text;
mod uri;

use inspector_report_format::{Context, ConvertError, Converter, Format, Metadata, Outputs, Settings, Summary};
use inspector_report_localizer::{Lang, Localizer};
use inspector_report_model::View;

pub use state::{Sent, UploadState, UploadTarget};

use category::CategoryBy;
use descriptors::Descriptors;
use options::{Options, Profile};
use source::Source;
use state::State;

/// SARIF for GitHub code scanning.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sarif;

/// What the format says itself.
const TEXTS: [(Lang, &str); 2] =
    [(Lang::En, include_str!("../texts/en.ftl")), (Lang::Ja, include_str!("../texts/ja.ftl"))];

/// The texts of a language, those of this format among them.
pub fn localizer(lang: Lang) -> Localizer {
    Localizer::new(lang).with_texts(&TEXTS)
}

/// What is known of the format.
const METADATA: Metadata =
    Metadata::new("sarif", "sarif", "alerts for GitHub code scanning, in files that it takes whole")
        .by_default()
        .in_comparisons(&[("sarif-profile", "full")])
        .of_earlier_run("do not upload it again")
        .settings(&options::SETTINGS)
        .texts(&TEXTS);

impl Format for Sarif {
    fn metadata(&self) -> &'static Metadata {
        &METADATA
    }

    fn converter(&self, settings: &Settings) -> Result<Box<dyn Converter>, String> {
        Ok(Box::new(SarifConverter { options: Options::new(settings)? }))
    }
}

/// Writes SARIF as its options say.
struct SarifConverter {
    options: Options,
}

impl Converter for SarifConverter {
    fn write(&self, view: &View, context: &Context<'_>, outputs: &mut dyn Outputs) -> Result<Summary, ConvertError> {
        let options = &self.options;
        let mut sources = Source::all(view, options, context.files);
        let results = sources.iter().map(|source| source.len() as u64).sum();
        notes::check_limit(view, results, options)?;
        let read = |path| State::read(path, context.files);
        let state = options.state.as_deref().map(read).transpose()?.unwrap_or_default();
        let rules = rule::Rules::collect(&mut sources);
        let by = options.category_by.unwrap_or_else(|| CategoryBy::of(view, options.state.is_some()));
        let mut groups = group::groups(&options.prefix, by, &sources);
        let guard = guard::Guard::new(view, options, by, &state, &mut groups)?;
        let context = context::Context {
            sources,
            prefix: options.prefix.clone(),
            by,
            is_for_viewers: options.profile == Profile::Full,
            texts: context.texts,
            version: context.version,
            rules: &rules,
            descriptors: Descriptors::new(rules.len(), groups.len() > 1),
        };
        let mut runs = plan::Runs::new(&context, &state, &guard, groups);
        let delivered = delivery::write(&mut runs, outputs)?;
        if let Some(path) = &options.state {
            state.write(path, state::Delivery::new(view, options, by), &runs, outputs)?;
        }
        let notes = notes::notes(&context, options, &delivered, &runs);
        Ok(Summary::new(delivered.results, notes).with_details(vec![notes::chosen(&context, options, &delivered)]))
    }

    fn warning_of_parts(&self, split_by: &str) -> Option<&'static str> {
        // What nobody says goes by what the report is divided by, but for owners, who share accounts and Regions.
        let divides = match self.options.category_by {
            Some(by) => by.divides(split_by),
            None => split_by != "owner",
        };
        (!divides).then_some(
            "the parts have SARIF of the same categories; upload each to a repository of its own, or one replaces the \
             other",
        )
    }
}

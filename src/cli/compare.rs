//! The command `compare`.

use inspector_report::{
    batch::{self, CompareOptions, Ending, Host},
    core::Settings,
};

use super::{
    args,
    request::{Common, formats},
};

/// What a comparison is about, unless something else is asked for: not every finding, but what became of each; in SARIF
/// with what is gone.
const USUAL: [(&str, &str); 2] = [("sheets", "summary,changes,accepted,problems,glossary"), ("sarif-profile", "full")];

/// Compares what the arguments name.
pub(super) fn compare(args: args::Compare, host: Host) -> Ending {
    let mut usual = Settings::new();
    USUAL.iter().for_each(|(name, value)| usual.set(name, value));
    let common = Common {
        formats: formats(args.format),
        settings: args.settings.0,
        usual,
        output: args.output,
        lang: args.lang,
        zone: args.zone,
        reading: args.reading,
        filters: args.filters,
        files: args.files,
        force: args.force,
        verbosity: args.verbosity.into(),
    };
    let options = CompareOptions { reports: args.reports, since: args.since, fail_on: args.fail_on };
    match common.request(&host) {
        Ok(request) => batch::compare(request, options, host),
        Err(ending) => ending,
    }
}

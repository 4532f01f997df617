//! The command `compare`.

use inspector_report::{
    FORMATS,
    batch::{self, CompareOptions, Ending, Host},
    core::Settings,
};

use super::{
    args,
    request::{Common, formats},
};

/// Compares what the arguments name.
pub(super) fn compare(args: args::Compare, host: Host) -> Ending {
    let mut usual = Settings::new();
    let of_formats = FORMATS.iter().flat_map(|format| format.metadata().comparison_settings);
    of_formats.for_each(|(name, value)| usual.set(name, value));
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
        judging: args.judging.into(),
        force: args.force,
        verbosity: args.verbosity.into(),
    };
    let options = CompareOptions { reports: args.reports, since: args.since, fail_on: args.fail_on };
    match common.request(&host) {
        Ok(request) => batch::compare(request, options, host),
        Err(ending) => ending,
    }
}

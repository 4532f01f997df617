//! The command `trend`.

use inspector_report::{
    FORMATS,
    batch::{self, Ending, Host, TrendOptions},
    core::Settings,
};

use super::{
    args,
    request::{Common, formats},
};

/// Shows what the reports that the arguments name come to.
pub(super) fn trend(args: args::Trend, host: Host) -> Ending {
    let formats = match args.format.is_empty() {
        true => FORMATS.iter().copied().filter(|format| format.metadata().is_default_of_trends).collect(),
        false => formats(args.format),
    };
    let common = Common {
        formats,
        settings: Settings::new(),
        usual: Settings::new(),
        output: args.output,
        lang: args.lang,
        zone: args.zone,
        reading: args.reading,
        filters: args.filters,
        files: args.files,
        force: args.force,
        verbosity: args.verbosity.into(),
    };
    let options = TrendOptions {
        selection: args.selection.into(),
        name: args.name,
        by: args.by,
        targets: args.sla.unwrap_or_default(),
        fails_on_overdue: args.fail_on.is_some(),
    };
    match common.request(&host) {
        Ok(mut request) => {
            args.top.iter().for_each(|top| request.settings.set("top", &top.text));
            batch::trend(request, options, host)
        }
        Err(ending) => ending,
    }
}

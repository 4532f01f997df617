//! The command `trend`.

use inspector_report::{
    batch::{self, Ending, Host, TrendOptions},
    converter,
    core::Settings,
};

use super::{
    args,
    request::{Common, formats},
};

/// The formats that are written when nobody says which.
const USUAL: [&str; 3] = ["xlsx", "markdown", "html"];

/// Shows what the reports that the arguments name come to.
pub(super) fn trend(args: args::Trend, host: Host) -> Ending {
    let formats = match args.format.is_empty() {
        true => USUAL.into_iter().filter_map(converter).collect(),
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
            args.top.iter().for_each(|top| request.settings.set("top", top));
            batch::trend(request, options, host)
        }
        Err(ending) => ending,
    }
}

//! The command `convert`.

use inspector_report::{
    batch::{self, ConvertOptions, Ending, Host},
    core::Settings,
};

use super::{
    args,
    request::{Common, formats},
};

/// Converts what the arguments name.
pub(super) fn convert(args: args::Convert, host: Host) -> Ending {
    #[cfg(feature = "upload")]
    let target = args.upload.then_some(args.target);
    let common = Common {
        formats: formats(args.format),
        settings: args.settings.0,
        usual: Settings::new(),
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
    let options = ConvertOptions {
        selection: args.selection.into(),
        name: args.name,
        split_by: args.split_by,
        merge: args.merge,
        memory: args.memory,
        watch: args.watch,
        fail_fast: args.fail_fast,
        dry_run: args.dry_run,
        summary: args.summary,
        fail_on: args.fail_on,
        previous: args.previous,
        #[cfg(feature = "upload")]
        again: target.is_some(),
        #[cfg(not(feature = "upload"))]
        again: false,
    };
    let request = match common.request(&host) {
        Ok(request) => request,
        Err(ending) => return ending,
    };
    #[cfg(feature = "upload")]
    if let Some(target) = target {
        return super::upload::convert(request, options, target, host);
    }
    batch::convert(request, options, host)
}

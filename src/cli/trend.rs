//! The command `trend`.

use inspector_report::{
    FORMATS,
    batch::{self, Ending, Host, JudgingOptions, TrendOptions},
    core::{Settings, trend::Targets},
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
        judging: JudgingOptions { targets: args.sla, ..JudgingOptions::default() },
        force: args.force,
        verbosity: args.verbosity.into(),
    };
    let mut request = match common.request(&host) {
        Ok(request) => request,
        Err(ending) => return ending,
    };
    let targets = match &request.judging.policy.targets {
        None if args.fail_on.is_some() => return host.usage("--fail-on overdue is for targets: set them with --sla"),
        None => Targets::default(),
        Some(due) => match Targets::of_severities(due) {
            Some(targets) => targets,
            None => return host.usage("the targets of a trend are by severity: --sla critical=7,high=30"),
        },
    };
    args.top.iter().for_each(|top| request.settings.set("top", &top.text));
    let options = TrendOptions {
        selection: args.selection.into(),
        name: args.name,
        by: args.by,
        targets,
        fails_on_overdue: args.fail_on.is_some(),
    };
    batch::trend(request, options, host)
}

//! What the person who uploads the files should know.

use std::collections::HashMap;

use inspector_report_format::ConvertError;
use inspector_report_model::{
    View,
    value::{ExploitAvailable, FixAvailable, Severity},
};

use crate::{
    category::{CategoryBy, Scope},
    context::Context,
    delivery::Delivered,
    division,
    guard::Guard,
    limits,
    options::{Options, Profile},
    plan::Runs,
    source::LeftOut,
};

/// Refuses what would block a repository.
///
/// # Errors
/// When GitHub would hold more alerts than it can, and nobody said that this is meant.
pub(crate) fn check_limit(report: &View, results: u64, options: &Options) -> Result<(), ConvertError> {
    if results <= limits::ALERTS_A_REPOSITORY || options.over_limit || options.profile != Profile::GitHub {
        return Ok(());
    }
    Err(ConvertError::Format(format!(
        "these are {results} alerts, and GitHub blocks all uploads to a repository that has too many, which only its \
         support can undo; it names no number, and over 1,000,000 this program asks first; for fewer, {}; \
         --sarif-over-limit writes them all the same",
        filters(report)
    )))
}

/// The notes, in the order of a reader's interest.
pub(crate) fn notes(
    context: &Context<'_>,
    options: &Options,
    delivered: &Delivered,
    runs: &Runs<'_, '_>,
) -> Vec<String> {
    let mut notes = Vec::new();
    let Some(source) = context.sources.first() else { return notes };
    notes.extend(left_out(source.report, source.left_out, delivered, context, runs.guard(), options.profile));
    notes.extend(runs.guard().notes(source.report, options, delivered.files));
    if options.profile == Profile::GitHub {
        notes.extend(size(source.report, delivered));
    }
    if delivered.results == 0 && delivered.files > 0 && runs.guard().held_findings() == 0 {
        let what = match source.report.filtered_out() + source.left_out.unmapped {
            0 => "no finding is open",
            _ => "no open finding is written",
        };
        notes.push(format!("{what}: the files close the alerts of the categories that they name, and of no others"));
    }
    if let Some(was_by) = runs.guard().was_by() {
        notes.push(format!(
            "categories stand for {} from now on, and stood for {was_by} before: those of before are written empty, and \
             alerts that moved stay open, with their numbers and dismissals",
            context.by
        ));
    }
    match runs.emptied() {
        0 => {}
        1 => notes.push("1 category of an earlier time has no findings any more, and is written empty".to_owned()),
        count => notes
            .push(format!("{count} categories of an earlier time have no findings any more, and are written empty")),
    }
    if delivered.files > 1 {
        notes.push(format!(
            "GitHub takes at most 20 runs and 10 MB at a time, so there are {} files: upload each in a step of its own, \
             not their folder, and without a category",
            delivered.files
        ));
    }
    if options.profile == Profile::GitHub {
        notes.extend(coarser(context, runs.guard(), delivered));
    }
    let split = runs.split();
    let parts: u64 = split.iter().map(|(_, parts)| parts).sum();
    if let Some((category, _)) = split.first() {
        let which = match split.len() {
            1 => format!("{category} is"),
            more => format!("{more} categories are"),
        };
        let state = match options.state {
            Some(_) => "",
            None => "; with --sarif-state, those that an earlier upload had and this one has not are emptied",
        };
        notes.push(format!(
            "{which} split into {parts} parts, since a run holds {} results; the whole is written empty{state}",
            limits::RESULTS_A_RUN
        ));
    }
    notes
}

/// What a category stands for, and what comes of it.
pub(crate) fn chosen(context: &Context<'_>, options: &Options, delivered: &Delivered) -> String {
    let why = match (options.category_by, &options.state) {
        (Some(_), _) => "as --sarif-category-by says",
        (None, Some(_)) => "since --sarif-state means that one report is all that the repository gets",
        (None, None) if context.by.account => {
            "since the report is of one account (of several, it would be region: --sarif-category-by keeps it the same)"
        }
        (None, None) => {
            "since the report is of several accounts (on a day on which one alone has findings, it would be \
             account,region: --sarif-category-by keeps it the same)"
        }
    };
    let files = if delivered.files == 1 { "1 file".to_owned() } else { format!("{} files", delivered.files) };
    let runs = if delivered.runs == 1 { "1 run".to_owned() } else { format!("{} runs", delivered.runs) };
    format!("categories stand for {}, {why}: {runs} in {files}", context.by)
}

/// What fewer categories would give, where there are more runs than GitHub takes at a time.
fn coarser(context: &Context<'_>, guard: &Guard<'_>, delivered: &Delivered) -> Option<String> {
    if delivered.runs <= limits::RUNS_A_FILE as u64 || context.by == CategoryBy::REPORT {
        return None;
    }
    let prefix = &context.prefix;
    let mut ways = Vec::new();
    for by in [CategoryBy::REGION, CategoryBy::REPORT].into_iter().filter(|by| *by != context.by) {
        let mut categories: HashMap<Scope, u64> = HashMap::new();
        for (place, alerts) in guard.all_alerts() {
            *categories.entry(by.scope(place)).or_default() += alerts;
        }
        let runs: u64 = categories.values().map(|alerts| division::about(*alerts)).sum();
        if runs < delivered.runs {
            ways.push(format!("{by} would give about {runs}"));
        }
    }
    if ways.is_empty() {
        return None;
    }
    Some(format!(
        "these are {} runs, of which GitHub takes 20 at a time; --sarif-category-by {}; be sure first that no other \
         report is uploaded to the repository under {prefix}: two that share a category close each other's alerts",
        delivered.runs,
        ways.join(", and "),
    ))
}

/// Every row is accounted for.
fn left_out(
    report: &View,
    left_out: LeftOut,
    delivered: &Delivered,
    context: &Context<'_>,
    guard: &Guard<'_>,
    profile: Profile,
) -> Option<String> {
    let LeftOut { suppressed, accepted, closed, unmapped } = left_out;
    let (repeated, held) = (report.repeated(), guard.held_findings());
    if suppressed + accepted + closed + unmapped + repeated + held == 0 {
        return None;
    }
    let mut what = Vec::new();
    if held > 0 {
        what.push(format!("{held} findings of categories that are held back"));
    }
    if suppressed + closed > 0 && profile == Profile::Full {
        what.push(format!("{closed} closed findings, which --sarif-closed writes"));
    } else if suppressed + closed > 0 {
        what.push(format!("{suppressed} suppressed and {closed} closed findings, which GitHub would show as open"));
    }
    if accepted > 0 {
        what.push(format!("{accepted} accepted findings, which GitHub would show as open"));
    }
    if unmapped > 0 {
        what.push(format!("{unmapped} findings on resources that [sarif.locations] does not map"));
    }
    if repeated > 0 {
        what.push(format!("{repeated} rows of findings that stand in the report more than once"));
    }
    let earlier: usize = context.sources.iter().skip(1).map(|source| source.len()).sum();
    let earlier = earlier as u64 - guard.held_gone();
    Some(format!(
        "left out {}; of {} rows read, {} are written, {} filtered out, {} lost to problems",
        what.join(", and "),
        report.rows_read(),
        delivered.results - earlier,
        report.filtered_out(),
        report.rows_lost()
    ))
}

fn size(report: &View, delivered: &Delivered) -> Option<String> {
    let results = delivered.results;
    if results > limits::ALERTS_A_REPOSITORY {
        return Some(format!(
            "WARNING: do not upload this to one repository: GitHub blocks all uploads to one that has too many alerts, and \
             only its support can undo that; these are {results}; for fewer, {}",
            filters(report)
        ));
    }
    (results > limits::MANY_ALERTS).then(|| {
        format!(
            "these are {results} alerts, and GitHub blocks all uploads to a repository that has too many; for fewer, {}",
            filters(report)
        )
    })
}

/// The filters that make a delivery smaller, each with how many open findings it leaves.
fn filters(report: &View) -> String {
    let mut counts = [0_u64; 4];
    for finding in report.findings().filter(|finding| finding.is_open()) {
        let worst = finding.severity().rank() <= Severity::High.rank();
        let fix = finding.fix_available() == FixAvailable::Yes;
        let exploit = finding.exploit_available() == ExploitAvailable::Yes;
        for (count, is) in counts.iter_mut().zip([worst, fix, worst && fix, exploit]) {
            *count += u64::from(is);
        }
    }
    let names = [
        "--severity critical,high",
        "--fix-available yes",
        "--severity critical,high --fix-available yes",
        "--exploit-available yes",
    ];
    let each: Vec<String> = names.iter().zip(counts).map(|(name, count)| format!("{name} leaves {count}")).collect();
    format!("{}; or spread accounts (--account) and Regions (--region) over several repositories", each.join(", "))
}

#[cfg(test)]
mod tests {
    use inspector_report_model::Report;

    use super::*;

    #[test]
    fn a_delivery_near_the_limit_names_the_filters_with_figures() {
        let headings = ["Severity", "Fix Available", "Status"];
        let rows = [["HIGH", "YES", ""], ["HIGH", "NO", ""], ["LOW", "YES", ""], ["CRITICAL", "YES", "CLOSED"]];
        let report = View::of(Report::from_rows("made", &headings, rows));
        let of = |results| size(&report, &Delivered { files: 1, runs: 1, results }).unwrap_or_default();
        assert_eq!(of(100_000), "");
        assert!(of(100_001).contains("--severity critical,high leaves 2, --fix-available yes leaves 2"));
        assert!(of(1_000_001).starts_with("WARNING"));
    }

    #[test]
    fn what_would_block_a_repository_is_refused_unless_it_is_meant() {
        let report = View::of(Report::default());
        let mut options = Options::default();
        assert!(check_limit(&report, 1_000_000, &options).is_ok());
        let error = check_limit(&report, 1_000_001, &options).unwrap_err().to_string();
        assert!(error.contains("--sarif-over-limit") && error.contains("--severity"), "{error}");
        options.profile = Profile::Full;
        assert!(check_limit(&report, 1_000_001, &options).is_ok());
        (options.profile, options.over_limit) = (Profile::GitHub, true);
        assert!(check_limit(&report, 1_000_001, &options).is_ok());
    }
}

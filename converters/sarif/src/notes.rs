//! What the person who uploads the files should know.

use inspector_report_core::{Report, value::Status};

use crate::{delivery::Delivered, limits};

/// The filters that make a delivery smaller.
const FILTERS: &str = "--severity, --fix-available, --account or --region";

/// The notes, in the order of a reader's interest.
pub(crate) fn notes(report: &Report, delivered: &Delivered, split: &[(String, u64)]) -> Vec<String> {
    let mut notes = Vec::new();
    left_out(report, delivered, &mut notes);
    size(delivered, &mut notes);
    if delivered.results == 0 {
        notes.push(
            "no finding is open: the file closes the alerts of the categories that it names, and of no others"
                .to_owned(),
        );
    }
    if delivered.files > 1 {
        notes.push(format!(
            "GitHub takes at most 20 runs and 10 MB at a time, so there are {} files: upload each in a step of its own, \
             not their folder, and without a category",
            delivered.files
        ));
    }
    for (category, parts) in split {
        notes.push(format!(
            "{category} has more than {} results and is split into {parts} categories; if it was split otherwise in an \
             earlier upload, delete the analyses of those categories, or their alerts stay open",
            limits::RESULTS_A_RUN
        ));
    }
    notes
}

/// Every row is accounted for.
fn left_out(report: &Report, delivered: &Delivered, notes: &mut Vec<String>) {
    let count = |status| report.findings().filter(|finding| finding.status() == status).count();
    let (suppressed, closed) = (count(Status::Suppressed), count(Status::Closed));
    if suppressed + closed == 0 {
        return;
    }
    notes.push(format!(
        "left out {suppressed} suppressed and {closed} closed findings, which GitHub would show as open; of {} rows read, \
         {} are written, {} filtered out, {} lost to problems",
        report.rows_read(),
        delivered.results,
        report.filtered_out(),
        report.rows_lost()
    ));
}

fn size(delivered: &Delivered, notes: &mut Vec<String>) {
    let results = delivered.results;
    if results > limits::ALERTS_A_REPOSITORY {
        notes.push(format!(
            "WARNING: do not upload this to one repository: at 1,000,000 alerts GitHub blocks all uploads to it, and only \
             its support can undo that; these are {results}; use {FILTERS}"
        ));
    } else if results > limits::MANY_ALERTS {
        notes.push(format!(
            "these are {results} alerts, and at 1,000,000 GitHub blocks all uploads to a repository; for fewer, use {FILTERS}"
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delivery_near_the_limit_names_the_filters() {
        let of = |results| {
            let delivered = Delivered { files: 1, runs: 1, results };
            notes(&Report::default(), &delivered, &[]).join("\n")
        };
        assert_eq!(of(100_000), "");
        assert!(of(100_001).contains("--severity, --fix-available, --account or --region"));
        assert!(of(1_000_001).starts_with("WARNING"));
    }
}

//! What is missing of a report, in words.

use std::collections::BTreeSet;

use inspector_report_model::{Loss, View};

/// How many names a message has.
const NAMES: usize = 5;

/// What is missing of a report, in words behind "the report"; `None` where nothing is. Folders are left out.
pub(crate) fn incomplete(report: &View) -> Option<String> {
    let broken: BTreeSet<&str> = report
        .coverage()
        .iter()
        .filter(|input| input.loss != Loss::None)
        .map(|input| input.input.rsplit(['/', '\\']).next().unwrap_or_default())
        .collect();
    let is = match report.loss() {
        Loss::None => return None,
        Loss::Possible => "may be",
        Loss::Rows | Loss::Unknown => "is",
    };
    let could = not_whole(report);
    Some(format!("{is} incomplete: {} {could}", names(broken.into_iter())))
}

/// What happened to inputs that are not whole.
pub(crate) fn not_whole(report: &View) -> &'static str {
    match report.loss() {
        Loss::None | Loss::Possible => "may not have been read whole",
        Loss::Rows | Loss::Unknown => "could not be read whole",
    }
}

/// The first names, and how many more there are.
pub(crate) fn names<'n>(all: impl ExactSizeIterator<Item = &'n str>) -> String {
    let more = all.len().saturating_sub(NAMES);
    let mut text = all.take(NAMES).collect::<Vec<_>>().join(", ");
    if more > 0 {
        text += &format!(" and {more} more");
    }
    text
}

//! What all runs of a report share.

use inspector_report_localizer::Localizer;
use inspector_report_model::{Finding, View};

use crate::{category::CategoryBy, descriptors::Descriptors, group::Entry, rule::Rules, source::Source};

/// What all runs of a report share.
#[derive(Debug)]
pub(crate) struct Context<'a> {
    /// The report, and behind it the earlier one if findings of that are written.
    pub(crate) sources: Vec<Source<'a>>,
    /// What categories begin with.
    pub(crate) prefix: String,
    /// What they stand for.
    pub(crate) by: CategoryBy,
    /// Whether what GitHub does not show is written too, for viewers that do.
    pub(crate) is_for_viewers: bool,
    pub(crate) texts: &'a Localizer,
    pub(crate) version: &'static str,
    pub(crate) rules: &'a Rules<'a>,
    pub(crate) descriptors: Descriptors,
}

impl<'a> Context<'a> {
    /// The report.
    pub(crate) fn report(&self) -> Option<&'a View> {
        self.sources.first().map(|source| source.report)
    }

    /// The finding of an entry.
    pub(crate) fn finding(&self, entry: &Entry) -> Option<Finding<'a>> {
        self.sources.get(usize::from(entry.source))?.report.finding(entry.row as usize)
    }
}

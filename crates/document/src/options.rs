//! What can be set about documents: how long their lists are, and what the worst one is of.

use inspector_report_format::{Setting, Settings};

const TOP: &str = "top";
const GROUP_BY: &str = "group-by";

/// The settings of every format that shows a document.
pub const DOCUMENT_SETTINGS: [Setting; 2] = [
    Setting::value(
        TOP,
        "N",
        |text| parse_top(text).map(drop),
        "Rows of each list in summaries (Markdown, HTML) [default: 10]",
    ),
    Setting::value(
        GROUP_BY,
        "WHAT",
        |text| GroupBy::parse(text).map(drop),
        "What the worst list of summaries is of: vulnerability, resource, account, package [default: vulnerability]",
    ),
];

/// Rows of a list unless something else is said.
const ROWS: usize = 10;

/// What the worst list is of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum GroupBy {
    /// Vulnerability ids.
    #[default]
    Vulnerability,
    /// Resources.
    Resource,
    /// Accounts.
    Account,
    /// Affected packages.
    Package,
}

impl GroupBy {
    /// Every way.
    pub const ALL: [GroupBy; 4] = [GroupBy::Vulnerability, GroupBy::Resource, GroupBy::Account, GroupBy::Package];

    /// The name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            GroupBy::Vulnerability => "vulnerability",
            GroupBy::Resource => "resource",
            GroupBy::Account => "account",
            GroupBy::Package => "package",
        }
    }

    fn parse(text: &str) -> Result<GroupBy, String> {
        let group = GroupBy::ALL.into_iter().find(|group| group.name() == text);
        group.ok_or_else(|| "vulnerability, resource, account or package".to_owned())
    }
}

fn parse_top(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(top @ 1..=100_000) => Ok(top),
        _ => Err("a number from 1 to 100000".to_owned()),
    }
}

/// [`DOCUMENT_SETTINGS`], parsed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DocumentOptions {
    /// Rows of each list.
    pub top: usize,
    /// What the worst list is of.
    pub group_by: GroupBy,
}

impl DocumentOptions {
    /// What was set.
    ///
    /// # Errors
    /// A sentence that says which values there are.
    pub fn new(settings: &Settings) -> Result<DocumentOptions, String> {
        Ok(DocumentOptions {
            top: settings.parse(TOP, parse_top)?.unwrap_or(ROWS),
            group_by: settings.parse(GROUP_BY, GroupBy::parse)?.unwrap_or_default(),
        })
    }
}

impl Default for DocumentOptions {
    fn default() -> DocumentOptions {
        DocumentOptions { top: ROWS, group_by: GroupBy::default() }
    }
}

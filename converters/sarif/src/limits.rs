//! The limits of GitHub code scanning, for what writes SARIF and for what uploads it.
//!
//! Sources: GitHub Docs, "SARIF support for code scanning" and "SARIF results exceed one or more limits".

/// GitHub takes 25,000 results a run, and keeps 5,000 of them; which ones is not to be relied on (github/docs #38085).
pub const RESULTS_A_RUN: usize = 5_000;

/// More runs than this in one upload are rejected.
pub const RUNS_A_FILE: usize = 20;

/// More rules than this in one run are rejected.
pub const RULES_A_RUN: usize = 25_000;

/// A file of more bytes, compressed with gzip, is rejected.
pub const BYTES_GITHUB_TAKES: u64 = 10_000_000;

/// What is put into a file, in bytes compressed: some is left for what compresses worse than we do.
pub(crate) const BYTES_A_FILE: u64 = 9_500_000;

/// GitHub documents a hard limit of alerts for a repository, over which it takes no upload until its support helps, and no
/// number for it. This is our own caution.
pub(crate) const ALERTS_A_REPOSITORY: u64 = 1_000_000;

/// From here on people are told about filters.
pub(crate) const MANY_ALERTS: u64 = 100_000;

/// Tags of a rule that are shown; more than 20 are rejected.
pub(crate) const TAGS_A_RULE: usize = 10;

/// The length of a rule's short and full description.
pub(crate) const DESCRIPTION: usize = 1_024;

//! The limits of GitHub code scanning.
//!
//! Sources: GitHub Docs, "SARIF support for code scanning" and "SARIF results exceed one or more limits".

/// GitHub takes 25,000 results a run, and keeps 5,000 of them; which ones is not to be relied on (github/docs #38085).
pub(crate) const RESULTS_A_RUN: usize = 5_000;

/// More runs than this in one upload are rejected.
pub(crate) const RUNS_A_FILE: usize = 20;

/// GitHub rejects more than 10 MB, compressed with gzip. Some is left for what compresses worse elsewhere.
pub(crate) const BYTES_A_FILE: u64 = 9_000_000;

/// At a million alerts a repository takes no upload any more, until GitHub's support helps.
pub(crate) const ALERTS_A_REPOSITORY: u64 = 1_000_000;

/// From here on people are told about filters.
pub(crate) const MANY_ALERTS: u64 = 100_000;

/// Tags of a rule that are shown; more than 20 are rejected.
pub(crate) const TAGS_A_RULE: usize = 10;

/// The length of a rule's short and full description.
pub(crate) const DESCRIPTION: usize = 1_024;

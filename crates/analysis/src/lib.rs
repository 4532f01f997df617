//! What is computed from findings, once for all formats: statistics, trends, and what people fill in.

mod statistics;
pub mod trend;
mod triage;

pub use statistics::{
    AGE_GROUPS, AGES, Action, ActionKind, Counts, ResourceStatistics, Statistics, VulnerabilityStatistics,
    incomplete_texts, worst_rank,
};
pub use trend::{Snapshot, Trend, TrendBuilder, TrendBy, latest_reports};
pub use triage::{Triage, triage_places, triage_shown};

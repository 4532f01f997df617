//! What is computed from findings, once for all formats: statistics, trends, and what people fill in.

mod action;
pub mod order;
pub mod priority;
mod statistics;
pub mod trend;
mod triage;
mod words;

pub use action::{Action, ActionKind};
pub use order::worst_rank;
pub use priority::{Policy, Priorities, Priority};
pub use statistics::{
    AGE_GROUPS, AGES, Counts, DueStatistics, OwnerStatistics, ResourceStatistics, Statistics, VulnerabilityStatistics,
};
pub use trend::{Snapshot, Trend, TrendBuilder, TrendBy, latest_reports};
pub use triage::{Triage, triage_places, triage_shown};
pub use words::incomplete_texts;

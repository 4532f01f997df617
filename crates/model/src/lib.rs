//! The normalized model of an Amazon Inspector findings report, and the trait that converters implement.
//!
//! Data flows one way: a reader builds a [`Report`] with a [`ReportBuilder`], a [`Converter`] writes it. Readers know
//! nothing of converters and converters nothing of readers; what several converters show is computed here, once
//! ([`Figures`]), and said in the same words ([`Texts`]).

mod accept;
mod account;
mod builder;
mod cells;
mod column;
mod compare;
mod converter;
mod coverage;
mod data_date;
pub mod digest;
mod figures;
mod finding;
mod foreign;
mod header;
mod intern;
mod merge;
mod packed;
mod problem;
mod repeated;
mod report;
mod store;
mod texts;
pub mod timestamp;
pub mod trend;
mod triage;
pub mod value;
mod view;

pub use accept::{Acceptance, Acceptances};
pub use builder::{Location, ReportBuilder};
pub use column::{Column, Kind};
pub use compare::{Change, Comparison};
pub use converter::{
    ConvertError, Converter, Memory, Options, Output, Outputs, Setting, SettingKind, Settings, Standing, Summary,
};
pub use coverage::{InputCoverage, Place};
pub use digest::Digest;
pub use figures::{
    AGE_GROUPS, AGES, Action, ActionKind, Counts, Figures, ResourceFigures, Scope, VulnerabilityFigures,
};
pub use finding::{Finding, Package, Resource, ResourceDetails, Vulnerability, tags};
pub use foreign::{ForeignDates, ForeignForms};
pub use header::{Header, ReportColumn};
pub use jiff;
pub use problem::{Loss, Problem, ProblemCode};
pub use report::Report;
pub use texts::{Args, Lang, Texts};
pub use trend::{Snapshot, Trend, TrendBuilder, TrendBy, latest_reports};
pub use triage::{TRIAGE_STATES, Triage, TriageEntry, TriageField};
pub use view::{View, ViewBuilder};

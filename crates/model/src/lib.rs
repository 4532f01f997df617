//! The normalized model of an Amazon Inspector findings report.
//!
//! A reader builds a [`Report`] with a [`ReportBuilder`]; it is read once and does not change. A [`View`] adds triage, an
//! earlier report and filters: analyses and output formats take one.

mod acceptance;
mod builder;
mod cell_problems;
mod column;
mod comparison;
mod coverage;
mod data_date;
mod finding;
mod foreign;
mod header;
pub mod identity;
mod intelligence;
mod intern;
mod memo;
mod merge;
mod package;
mod packed;
mod problem;
mod provider;
mod repeated;
mod report;
mod resource;
mod store;
pub mod timestamp;
mod triage;
pub mod value;
mod view;
mod vulnerability;

pub use acceptance::{Acceptance, Acceptances};
pub use builder::{Location, ReportBuilder};
pub use cell_problems::MOST_LOSSES;
pub use column::{Column, Export, Kind};
pub use comparison::{Change, Comparison};
pub use coverage::{InputCoverage, Place};
pub use data_date::known_since;
pub use finding::Finding;
pub use foreign::{ForeignDates, ForeignForms};
pub use header::{Header, ReportColumn};
pub use intelligence::{EpssScores, KevCatalog, KevEntry};
pub use intern::Interner;
pub use jiff;
pub use package::Package;
pub use packed::PackedArn;
pub use problem::{Loss, Problem, ProblemCode};
pub use provider::{IdKind, Provider};
pub use report::Report;
pub use resource::{Resource, ResourceDetails, tags};
pub use triage::{TriageEntry, TriageField};
pub use view::{Scope, View, ViewBuilder};
pub use vulnerability::Vulnerability;

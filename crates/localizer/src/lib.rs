//! The texts of reports in each language, and how numbers, dates and times are written in it.

mod derived;
mod localizer;
mod triage;

pub use derived::{DerivedColumn, derived_places};
pub use localizer::{Args, Lang, Localizer};
pub use triage::{TRIAGE_STATES, triage_field, triage_field_now, triage_state};

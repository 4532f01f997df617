//! The texts of reports in each language, and how numbers, dates and times are written in it.

mod localizer;
mod triage;

pub use localizer::{Args, Lang, Localizer};
pub use triage::{TRIAGE_STATES, triage_field, triage_state};

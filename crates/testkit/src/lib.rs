//! What the tests of several crates share: reports that are made, and what a format writes of them.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

pub mod server;
pub mod trend;

pub mod texts;

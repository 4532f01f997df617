//! Uploads SARIF to GitHub code scanning: posts each file, waits until GitHub has processed it, and proves from the
//! analyses that GitHub then has that all of it arrived.
//!
//! | module | holds |
//! | --- | --- |
//! | `file` | a SARIF file: what is in it, and what GitHub would reject |
//! | `target` | the repository, ref and commit that it belongs to, as options or the environment say |
//! | `http` | requests and answers, and the client |
//! | `api` | the calls, repeated where that helps |
//! | `answer` | what an answer of GitHub means, and what to do |
//! | `delivery` | one file from the request to the proof |
//!
//! Sources: GitHub Docs, "REST API endpoints for code scanning", "Rate limits for the REST API", "SARIF support for code
//! scanning".
//!
//! The token is in no message: a [`Token`] shows nothing of itself, and what a server says is shown without it.

mod answer;
mod api;
mod delivery;
mod file;
mod http;
mod target;

pub use api::Host;
pub use delivery::{Delivery, Ending, deliver, resolve};
pub use file::{Run, SarifFile};
pub use http::{Client, Http, Method, Request, Response, Token};
pub use target::{Given, Target};

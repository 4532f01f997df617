//! The calls, repeated where that helps.
//!
//! A request is sent again after a lost connection, an answer of 5xx, and a limit of requests, as its headers say (GitHub
//! Docs, "Best practices for using the REST API", "Handle rate limit errors appropriately"). To post a file twice does no
//! harm: a category replaces itself.

use std::time::Duration;

use serde::de::DeserializeOwned;

use crate::{
    answer,
    http::{Http, Method, Request, Response, Token},
};

/// How often a request is sent at most.
const TRIES: u32 = 6;

/// The first wait after a fault of the server or the network, and that after a limit which names no time. Each further wait
/// is twice as long.
const AFTER_FAULT: Duration = Duration::from_secs(2);
const AFTER_LIMIT: Duration = Duration::from_secs(60);

/// The longest wait: the primary limit is one of an hour.
const LONGEST: Duration = Duration::from_secs(3_660);

/// What an upload needs of the program that it runs in.
pub trait Host {
    /// Waits; gives `false` if the program is to stop.
    fn wait(&self, time: Duration) -> bool;
    /// The seconds since 1970.
    fn now(&self) -> u64;
    /// Tells something: a line in English.
    fn say(&self, line: &str);
}

/// Why there is no answer to use.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum CallError {
    /// GitHub said no.
    #[error("{status}: {said}")]
    Refused { status: u16, said: String },
    /// There was no answer, however often it was asked.
    #[error("{0}")]
    Lost(String),
    /// The program is to stop.
    #[error("interrupted")]
    Stopped,
}

/// The API of one server.
pub(crate) struct Api<'a> {
    pub(crate) http: &'a dyn Http,
    pub(crate) token: &'a Token,
    pub(crate) host: &'a dyn Host,
}

impl Api<'_> {
    /// Reads something.
    pub(crate) fn get<T: DeserializeOwned>(&self, url: &str) -> Result<T, CallError> {
        let answer = self.call(Method::Get, url, &[])?;
        self.parse(&answer)
    }

    /// Posts JSON, and reads the answer.
    pub(crate) fn post<T: DeserializeOwned>(&self, url: &str, body: &[u8]) -> Result<T, CallError> {
        let answer = self.call(Method::Post, url, body)?;
        self.parse(&answer)
    }

    fn parse<T: DeserializeOwned>(&self, answer: &Response) -> Result<T, CallError> {
        serde_json::from_slice(&answer.body).map_err(|_| {
            let said = answer::text(answer, self.token);
            CallError::Lost(format!("the answer is none of GitHub's API ({}: {said})", answer.status))
        })
    }

    fn call(&self, method: Method, url: &str, body: &[u8]) -> Result<Response, CallError> {
        let mut tries = 0;
        loop {
            tries += 1;
            let sent = self.http.send(&Request { method, url: url.to_owned(), body, token: self.token });
            let (why, wait) = match sent {
                Ok(answer) if (200..300).contains(&answer.status) => return Ok(answer),
                Ok(answer) => {
                    let said = answer::text(&answer, self.token);
                    let refused = CallError::Refused { status: answer.status, said };
                    match self.wait_after(&answer, tries) {
                        Some(wait) => (refused, wait),
                        None => return Err(refused),
                    }
                }
                Err(error) => (CallError::Lost(answer::shown(&error, self.token)), AFTER_FAULT * 2_u32.pow(tries - 1)),
            };
            if tries >= TRIES || wait > LONGEST {
                return Err(why);
            }
            self.host.say(&format!("{why}; asking again in {} s", wait.as_secs()));
            if !self.host.wait(wait) {
                return Err(CallError::Stopped);
            }
        }
    }

    /// How long to wait before the request is sent again; `None` where that does not help.
    fn wait_after(&self, answer: &Response, tries: u32) -> Option<Duration> {
        let seconds = |name: &str| answer.header(name).and_then(|value| value.parse::<u64>().ok());
        let is_limit = match answer.status {
            429 => true,
            403 => {
                let said = answer::text(answer, self.token).to_ascii_lowercase();
                answer.header("retry-after").is_some()
                    || answer.header("x-ratelimit-remaining") == Some("0")
                    || said.contains("secondary rate limit")
            }
            _ => false,
        };
        if (is_limit || answer.status == 503)
            && let Some(after) = seconds("retry-after")
        {
            return Some(Duration::from_secs(after));
        }
        if is_limit {
            let reset = seconds("x-ratelimit-reset").filter(|_| answer.header("x-ratelimit-remaining") == Some("0"));
            return Some(match reset {
                Some(reset) => Duration::from_secs(reset.saturating_sub(self.host.now()) + 1),
                None => AFTER_LIMIT * 2_u32.pow(tries - 1),
            });
        }
        (answer.status >= 500).then(|| AFTER_FAULT * 2_u32.pow(tries - 1))
    }
}

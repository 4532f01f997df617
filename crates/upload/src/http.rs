//! Requests and answers.

use std::{fmt, time::Duration};

use ureq::{
    Agent,
    http::Uri,
    tls::{RootCerts, TlsConfig, TlsProvider},
};

/// What answers are read of. GitHub's are small; the largest is a page of 100 analyses.
const ANSWER: u64 = 16 << 20;

/// A secret that stands for whoever uploads.
#[derive(Clone)]
pub struct Token(String);

impl Token {
    /// A token, without the blanks around it; `None` if there is nothing else, or what no header can hold.
    pub fn new(text: &str) -> Option<Token> {
        let text = text.trim();
        let fits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
        fits.then(|| Token(text.to_owned()))
    }

    /// A text without the token, wherever it stands in it.
    pub fn hide(&self, text: &str) -> String {
        text.replace(&self.0, "***")
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(***)")
    }
}

/// How a resource is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// To read it.
    Get,
    /// To add to it.
    Post,
}

/// A request.
#[derive(Clone, Debug)]
pub struct Request<'r> {
    /// How.
    pub method: Method,
    /// The whole address.
    pub url: String,
    /// JSON, of a [`Method::Post`].
    pub body: &'r [u8],
    /// Who asks.
    pub token: &'r Token,
}

/// An answer.
#[derive(Clone, Debug, Default)]
pub struct Response {
    /// The status, as 202.
    pub status: u16,
    /// The headers, their names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Response {
    /// A header, by its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(other, _)| other == name).map(|(_, value)| value.trim())
    }
}

/// Sends requests.
pub trait Http {
    /// Sends a request, and gives the answer, whatever its status.
    ///
    /// # Errors
    /// When there is no answer, in words.
    fn send(&self, request: &Request<'_>) -> Result<Response, String>;
}

/// A client for the network. It goes through the proxy that `HTTPS_PROXY`, `ALL_PROXY` or `HTTP_PROXY` names, and trusts the
/// certificates that the system does. To a server on this machine it speaks itself.
#[derive(Debug)]
pub struct Client {
    agent: Agent,
    /// Without a proxy.
    local: Agent,
}

impl Client {
    /// A client with the name and version of the program that it is a part of.
    pub fn new(version: &str) -> Client {
        // Only the first call has an effect; others find the same provider.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let tls = TlsConfig::builder().provider(TlsProvider::Rustls).root_certs(RootCerts::PlatformVerifier).build();
        let config = || {
            Agent::config_builder()
                .tls_config(tls.clone())
                .user_agent(format!("inspector-report/{version}"))
                // Else what GitHub says of an error is lost.
                .http_status_as_error(false)
                // A redirected POST would become a GET without authorization.
                .max_redirects(0)
                .timeout_connect(Some(Duration::from_secs(30)))
                .timeout_global(Some(Duration::from_secs(300)))
        };
        Client {
            agent: Agent::new_with_config(config().build()),
            // A token in the clear stays on this machine.
            local: Agent::new_with_config(config().proxy(None).build()),
        }
    }
}

impl Http for Client {
    fn send(&self, request: &Request<'_>) -> Result<Response, String> {
        let authorization = format!("Bearer {}", request.token.0);
        let headers = [
            ("authorization", authorization.as_str()),
            ("accept", "application/vnd.github+json"),
            ("x-github-api-version", "2022-11-28"),
        ];
        let is_local = request.url.parse::<Uri>().is_ok_and(|uri| is_local(&uri));
        let agent = if is_local { &self.local } else { &self.agent };
        let sent = match request.method {
            Method::Get => {
                headers.iter().fold(agent.get(&request.url), |to, (name, value)| to.header(*name, *value)).call()
            }
            Method::Post => {
                let to = headers.iter().fold(agent.post(&request.url), |to, (name, value)| to.header(*name, *value));
                to.header("content-type", "application/json").send(request.body)
            }
        };
        let mut answer = sent.map_err(|error| error.to_string())?;
        let headers = answer.headers().iter();
        let headers = headers
            .map(|(name, value)| (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned()));
        Ok(Response {
            status: answer.status().as_u16(),
            headers: headers.collect(),
            body: answer.body_mut().with_config().limit(ANSWER).read_to_vec().map_err(|error| error.to_string())?,
        })
    }
}

/// Whether an address is one that a token may be sent to: `https`, or a server on this machine.
pub(crate) fn is_safe(url: &str) -> bool {
    let Ok(uri) = url.parse::<Uri>() else { return false };
    let has_user = uri.authority().is_some_and(|authority| authority.as_str().contains('@'));
    !has_user
        && uri.host().is_some_and(|host| !host.is_empty())
        && match uri.scheme_str() {
            Some("https") => true,
            Some("http") => is_local(&uri),
            _ => false,
        }
}

/// Whether an address is on this machine.
fn is_local(uri: &Uri) -> bool {
    uri.host().is_some_and(|host| matches!(host, "localhost" | "127.0.0.1" | "[::1]"))
}

//! A server on this machine that answers as a test says.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex, PoisonError},
    thread,
};

/// A request that the server was sent.
#[derive(Clone, Debug, Default)]
pub struct Received {
    /// `GET` or `POST`.
    pub method: String,
    /// The path with the query.
    pub path: String,
    /// The headers, their names in lower case.
    pub headers: BTreeMap<String, String>,
    /// The body.
    pub body: Vec<u8>,
}

/// An answer of the server.
#[derive(Clone, Debug)]
pub enum Answer {
    /// A status, headers and a body.
    Of(u16, Vec<(&'static str, String)>, String),
    /// The connection is cut before there is one.
    Cut,
}

impl Answer {
    /// A status with JSON.
    pub fn json(status: u16, body: &str) -> Answer {
        Answer::Of(status, Vec::new(), body.to_owned())
    }

    /// The same with a header.
    #[must_use]
    pub fn with(self, name: &'static str, value: &str) -> Answer {
        match self {
            Answer::Of(status, mut headers, body) => {
                headers.push((name, value.to_owned()));
                Answer::Of(status, headers, body)
            }
            Answer::Cut => Answer::Cut,
        }
    }
}

/// A server that answers until the process ends.
#[derive(Clone, Debug)]
pub struct Server {
    /// Its address: `http://127.0.0.1:` and a port.
    pub url: String,
    received: Arc<Mutex<Vec<Received>>>,
}

impl Server {
    /// A server that answers each request as `answer` says, given the requests before.
    ///
    /// # Errors
    /// When there is no port for it.
    pub fn start(mut answer: impl FnMut(&Received, &[Received]) -> Answer + Send + 'static) -> std::io::Result<Server> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let server =
            Server { url: format!("http://{}", listener.local_addr()?), received: Arc::new(Mutex::new(Vec::new())) };
        let received = Arc::clone(&server.received);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let Some(request) = receive(&stream) else { continue };
                let mut all = received.lock().unwrap_or_else(PoisonError::into_inner);
                let reply = answer(&request, &all);
                all.push(request);
                drop(all);
                if let Answer::Of(status, headers, body) = reply {
                    let _ = respond(stream, status, &headers, &body);
                }
            }
        });
        Ok(server)
    }

    /// What it was sent.
    pub fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn receive(stream: &TcpStream) -> Option<Received> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let mut words = line.split_whitespace();
    let mut request =
        Received { method: words.next()?.to_owned(), path: words.next()?.to_owned(), ..Received::default() };
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        request.headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
    }
    let length = request.headers.get("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    request.body = vec![0; length];
    reader.read_exact(&mut request.body).ok()?;
    Some(request)
}

fn respond(mut stream: TcpStream, status: u16, headers: &[(&str, String)], body: &str) -> std::io::Result<()> {
    let mut head = format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\nconnection: close\r\n", body.len());
    headers.iter().for_each(|(name, value)| head.push_str(&format!("{name}: {value}\r\n")));
    write!(stream, "{head}\r\n{body}")
}

//! `upload` and `convert --upload` as a user runs them, against a server on this machine.
#![cfg(feature = "upload")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use std::{
    fs,
    process::{Command, Output},
};

use inspector_report_testkit::server::{Answer, Received, Server};
use serde_json::{Value, json};
use support::Folder;

const SECRET: &str = "ghp_0123456789secretsecret";
const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";
const HEADINGS: &str = "AWS Account Id,Region,Severity,Status,Vulnerability Id,Resource ID,Title,Finding ARN\n";

fn row(number: usize, account: &str) -> String {
    let arn = format!("arn:aws:inspector2:us-east-1:{account}:finding/{number:032x}");
    format!("{account},us-east-1,HIGH,ACTIVE,CVE-2024-{number},i-{number},CVE-2024-{number} - x,{arn}\n")
}

/// A server that takes everything, or answers posts as `post` says.
fn github(post: Option<Answer>) -> Server {
    let answer = move |request: &Received, before: &[Received]| match request.path.as_str() {
        _ if request.method == "POST" => post.clone().unwrap_or_else(|| Answer::json(202, r#"{"id": "1", "url": ""}"#)),
        path if path.contains("/analyses") => {
            let log = sent(before.iter().rfind(|other| other.method == "POST").unwrap());
            let runs = log["runs"].as_array().unwrap().iter();
            let analyses = runs.map(|run| {
                let category = run["automationDetails"]["id"].as_str().unwrap().trim_end_matches('/');
                json!({ "category": category, "results_count": run["results"].as_array().unwrap().len() })
            });
            Answer::json(200, &Value::from(analyses.collect::<Vec<_>>()).to_string())
        }
        _ => Answer::json(200, r#"{"processing_status": "complete"}"#),
    };
    Server::start(answer).unwrap()
}

fn sent(request: &Received) -> Value {
    use std::io::Read;

    use base64::{Engine, prelude::BASE64_STANDARD};

    let body: Value = serde_json::from_slice(&request.body).unwrap();
    let packed = BASE64_STANDARD.decode(body["sarif"].as_str().unwrap()).unwrap();
    let mut text = String::new();
    flate2::read::GzDecoder::new(packed.as_slice()).read_to_string(&mut text).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// Runs the program in the environment of GitHub Actions, and proves that it does not say the token.
fn run(folder: &Folder, server: &Server, args: &[&str], token: Option<&str>) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_inspector-report"));
    command.args(args).current_dir(folder.path("")).env_clear().env("PATH", "");
    command.env("GITHUB_REPOSITORY", "o/r").env("GITHUB_REF", "refs/heads/main").env("GITHUB_SHA", COMMIT);
    command.env("GITHUB_API_URL", &server.url);
    if let Some(token) = token {
        command.env("GH_TOKEN", token);
    }
    let output = command.output().unwrap();
    assert!(!stderr(&output).contains(SECRET) && !String::from_utf8_lossy(&output.stdout).contains(SECRET));
    output
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn state(folder: &Folder) -> Value {
    serde_json::from_slice(&fs::read(folder.path("state.json")).unwrap()).unwrap()
}

const CONVERT: &[&str] = &["convert", "in.csv", "-f", "sarif", "-o", "out", "--sarif-state", "state.json", "--upload"];

#[test]
fn a_report_is_converted_and_uploaded_and_the_state_knows_what_arrived() {
    let folder = Folder::new();
    folder.write("in.csv", &format!("{HEADINGS}{}{}", row(1, "111122223333"), row(2, "111122223333")));
    let server = github(None);
    // Also where the outputs are current.
    for times in 1..=2 {
        let output = run(&folder, &server, CONVERT, Some(SECRET));
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        assert!(stderr(&output).contains("in.sarif: uploaded, 2 results in 1 runs"), "{}", stderr(&output));
        assert_eq!(server.received().iter().filter(|request| request.method == "POST").count(), times);
        let state = state(&folder);
        assert!(state.get("before").is_none());
        assert_eq!(state["categories"]["amazon-inspector/"]["alerts"]["111122223333/us-east-1"], 2);
    }
}

#[test]
fn a_state_does_not_know_what_github_refused() {
    let folder = Folder::new();
    let all: String = (1..=20).map(|number| row(number, "111122223333")).collect();
    folder.write("in.csv", &format!("{HEADINGS}{all}"));
    let refused = github(Some(Answer::json(403, r#"{"message": "Resource not accessible by integration"}"#)));
    let output = run(&folder, &refused, CONVERT, Some(SECRET));
    assert_eq!(output.status.code(), Some(6), "{}", stderr(&output));
    assert!(stderr(&output).contains("security-events: write"), "{}", stderr(&output));
    assert_eq!((&state(&folder)["categories"], &state(&folder)["deliveries"]), (&json!({}), &json!({})));
    // What arrives the next night is known, and what is refused the night after changes nothing.
    run(&folder, &github(None), CONVERT, Some(SECRET));
    let known = state(&folder);
    let less = all.split_inclusive('\n').skip(1).collect::<String>();
    folder.write("in.csv", &format!("{HEADINGS}{less}"));
    let output = run(&folder, &refused, CONVERT, Some(SECRET));
    assert_eq!((output.status.code(), state(&folder)), (Some(6), known));
}

#[test]
fn files_are_uploaded_apart_from_their_conversion() {
    let folder = Folder::new();
    folder.write("in.csv", &format!("{HEADINGS}{}", row(1, "111122223333")));
    let server = github(None);
    run(&folder, &server, &CONVERT[..CONVERT.len() - 1], None);
    assert!(state(&folder).get("before").is_some() && server.received().is_empty(), "nothing but --upload sends");
    let upload = ["upload", "out/in.sarif", "--sarif-state", "state.json"];
    let output = run(&folder, &server, &[&upload[..], &["--dry-run"]].concat(), None);
    let said =
        format!("1 files would be sent to o/r at {} for refs/heads/main, {COMMIT}; nothing was sent", server.url);
    assert!(output.status.success() && stderr(&output).contains(&said), "{}", stderr(&output));
    let output = run(&folder, &server, &upload, None);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("set GITHUB_TOKEN") && server.received().is_empty(), "{}", stderr(&output));
    let output = run(&folder, &server, &upload, Some(SECRET));
    assert!(output.status.success() && state(&folder).get("before").is_none(), "{}", stderr(&output));
    // The same file twice would replace itself.
    let output = run(&folder, &server, &["upload", "out/in.sarif", "out/in.sarif"], Some(SECRET));
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("one would replace the other"), "{}", stderr(&output));
}

#[test]
fn what_is_not_whole_is_uploaded_only_where_that_is_meant_or_guarded() {
    let folder = Folder::new();
    folder.write("in.csv", &format!("{HEADINGS}{}111122223333,us-east-1,HI", row(1, "111122223333")));
    let server = github(None);
    let convert = &["convert", "in.csv", "-f", "sarif", "-o", "out", "--upload"];
    let output = run(&folder, &server, convert, Some(SECRET));
    assert_eq!((output.status.code(), server.received().len()), (Some(1), 0), "{}", stderr(&output));
    assert!(stderr(&output).contains("--allow-incomplete"), "{}", stderr(&output));
    let output = run(&folder, &server, &[&convert[..], &["--allow-incomplete"]].concat(), Some(SECRET));
    assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));
    assert!(stderr(&output).contains("uploaded, 1 results"), "{}", stderr(&output));
}

#[test]
fn what_makes_no_sense_with_an_upload_is_refused() {
    let folder = Folder::new();
    folder.write("in.csv", &format!("{HEADINGS}{}", row(1, "111122223333")));
    let server = github(None);
    for more in
        [&["-f", "md"][..], &["--sarif-profile", "full"], &["--split-by", "account"], &["-f", "sarif", "-o", "-"]]
    {
        let output = run(&folder, &server, &[&["convert", "in.csv", "--upload"], more].concat(), Some(SECRET));
        assert_eq!((output.status.code(), server.received().len()), (Some(2), 0), "{}", stderr(&output));
    }
}

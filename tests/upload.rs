//! `upload` and `convert --upload` as a user runs them, against a server on this machine.
#![cfg(feature = "upload")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use std::{
    fs,
    process::{Command, Output},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
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

/// A server that takes everything.
fn github() -> Server {
    github_that_refuses(Arc::default())
}

/// A server that takes everything, but while it refuses.
fn github_that_refuses(refuses: Arc<AtomicBool>) -> Server {
    let answer = move |request: &Received, before: &[Received]| match request.path.as_str() {
        _ if request.method == "POST" && refuses.load(Ordering::Relaxed) => {
            Answer::json(403, r#"{"message": "Resource not accessible by integration"}"#)
        }
        _ if request.method == "POST" => Answer::json(202, r#"{"id": "1", "url": ""}"#),
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

fn posts(server: &Server) -> usize {
    server.received().iter().filter(|request| request.method == "POST").count()
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
    let server = github();
    // Also where the outputs are current.
    for times in 1..=2 {
        let output = run(&folder, &server, CONVERT, Some(SECRET));
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        assert!(stderr(&output).contains("in.sarif: uploaded, 2 results in 1 runs"), "{}", stderr(&output));
        assert_eq!(posts(&server), times);
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
    let refuses = Arc::new(AtomicBool::new(true));
    let server = github_that_refuses(Arc::clone(&refuses));
    let night = |refused: bool, more: &[&str]| {
        refuses.store(refused, Ordering::Relaxed);
        let output = run(&folder, &server, &[CONVERT, more].concat(), Some(SECRET));
        assert_eq!(output.status.code(), Some(if refused { 6 } else { 0 }), "{}", stderr(&output));
        output
    };
    let known = |file: &Value| (file["categories"].clone(), file["deliveries"].clone());
    let before = |file: &Value| known(file.get("before").unwrap_or(file));
    assert!(stderr(&night(true, &[])).contains("security-events: write"));
    night(true, &[]);
    assert_eq!(before(&state(&folder)), (json!({}), json!({})), "the second night finds nothing");
    // What arrives the next night is known, and what is refused the night after changes nothing.
    night(false, &[]);
    let whole = state(&folder);
    let less = all.split_inclusive('\n').skip(1).collect::<String>();
    folder.write("in.csv", &format!("{HEADINGS}{less}"));
    night(true, &[]);
    night(true, &[]);
    assert_eq!(before(&state(&folder)), known(&whole));
}

#[test]
fn files_are_uploaded_apart_from_their_conversion() {
    let folder = Folder::new();
    folder.write("in.csv", &format!("{HEADINGS}{}", row(1, "111122223333")));
    let server = github();
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
    let server = github();
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
    let server = github();
    for more in
        [&["-f", "md"][..], &["--sarif-profile", "full"], &["--split-by", "account"], &["-f", "sarif", "-o", "-"]]
    {
        let output = run(&folder, &server, &[&["convert", "in.csv", "--upload"], more].concat(), Some(SECRET));
        assert_eq!((output.status.code(), server.received().len()), (Some(2), 0), "{}", stderr(&output));
    }
}

#[test]
fn a_run_that_sends_nothing_does_not_make_the_state_forget() {
    let folder = Folder::new();
    let rows: Vec<String> = (1..=20).map(|number| row(number, "111122223333")).collect();
    let of = |rows: &[String]| folder.write("in.csv", &format!("{HEADINGS}{}", rows.concat()));
    let by_account = [CONVERT, &["--sarif-category-by", "account"]].concat();
    let all = [&rows[..], &[row(21, "444455556666")]].concat();
    of(&all);
    let server = github();
    assert!(run(&folder, &server, &by_account, Some(SECRET)).status.success());
    // An account is clean, and three nights send nothing: without a token, with a wrong target, to another branch.
    of(&rows);
    let allow = [&by_account[..], &["--sarif-allow-emptying"]].concat();
    let gone = "amazon-inspector/444455556666/";
    let with = |more: &[&'static str]| [&allow[..], more].concat();
    let nights = [
        (with(&[]), None, 1),
        (with(&["--repo", "none"]), Some(SECRET), 2),
        (with(&["--ref", "refs/heads/other", "--commit", COMMIT]), Some(SECRET), 1),
    ];
    for (night, token, status) in nights {
        let output = run(&folder, &server, &night, token);
        assert_eq!(output.status.code(), Some(status), "{}", stderr(&output));
        assert_eq!(posts(&server), 1);
        assert_eq!(state(&folder)["categories"][gone]["timesEmpty"][""], 1, "{night:?}");
    }
    // The fourth arrives, and says so.
    assert!(run(&folder, &server, &with(&[]), Some(SECRET)).status.success());
    assert!(state(&folder).get("before").is_none());
    let log = sent(server.received().iter().rfind(|request| request.method == "POST").unwrap());
    let ids: Vec<&str> =
        log["runs"].as_array().unwrap().iter().map(|run| run["automationDetails"]["id"].as_str().unwrap()).collect();
    assert!(ids.contains(&gone), "{ids:?}");
}

#[test]
fn a_state_is_of_one_repository_and_one_ref() {
    let folder = Folder::new();
    folder.write("in.csv", &format!("{HEADINGS}{}", row(1, "111122223333")));
    let server = github();
    assert!(run(&folder, &server, CONVERT, Some(SECRET)).status.success());
    let upload = ["upload", "out/in.sarif", "--sarif-state", "state.json"];
    for more in [
        &["--ref", "refs/heads/other", "--commit", COMMIT][..],
        &["--repo", "o/other", "--ref", "refs/heads/main", "--commit", COMMIT],
    ] {
        let output = run(&folder, &server, &[&upload[..], more].concat(), Some(SECRET));
        let said = stderr(&output);
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains("keep a state for each") && said.contains("nothing is sent"), "{said}");
    }
    assert_eq!(posts(&server), 1);
    // The letters of a name may be large or small.
    let output = run(&folder, &server, &[&upload[..], &["--repo", "O/R"]].concat(), Some(SECRET));
    assert!(output.status.success(), "{}", stderr(&output));
    // A state that is not there, or none, is told before anything is sent.
    for (name, word) in [("missing.json", "cannot be read"), ("in.csv", "not a file that --sarif-state wrote")] {
        let output = run(&folder, &server, &["upload", "out/in.sarif", "--sarif-state", name], Some(SECRET));
        assert!(output.status.code() == Some(1) && stderr(&output).contains(word), "{}", stderr(&output));
    }
    assert_eq!(posts(&server), 2);
}

#[test]
fn a_state_that_knows_nothing_yet_guards_nothing() {
    let folder = Folder::new();
    let broken = format!("{HEADINGS}{}111122223333,us-east-1,HI", row(1, "111122223333"));
    folder.write("in.csv", &broken);
    let server = github();
    let output = run(&folder, &server, CONVERT, Some(SECRET));
    assert_eq!((output.status.code(), server.received().len()), (Some(1), 0), "{}", stderr(&output));
    assert!(stderr(&output).contains("as soon as it knows of an earlier upload"), "{}", stderr(&output));
    // After a whole night it holds back what it must, and the rest may go.
    fs::remove_file(folder.path("state.json")).unwrap();
    let by_account = [CONVERT, &["--sarif-category-by", "account"]].concat();
    folder.write("in.csv", &format!("{HEADINGS}{}", row(1, "111122223333")));
    assert!(run(&folder, &server, &by_account, Some(SECRET)).status.success());
    folder.write("in.csv", &broken.replace("111122223333", "444455556666"));
    let output = run(&folder, &server, &by_account, Some(SECRET));
    assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));
    let log = server.received();
    let last = sent(log.iter().rfind(|request| request.method == "POST").unwrap());
    assert_eq!(last["runs"][0]["automationDetails"]["id"], "amazon-inspector/444455556666/");
}

/// A token in the clear stays on this machine.
#[test]
fn a_server_on_this_machine_is_not_asked_through_a_proxy() {
    let folder = Folder::new();
    folder.write("in.csv", &format!("{HEADINGS}{}", row(1, "111122223333")));
    let (server, proxy) = (github(), github());
    let mut command = Command::new(env!("CARGO_BIN_EXE_inspector-report"));
    command.args(CONVERT).args(["--repo", "o/r", "--commit", COMMIT, "--ref", "refs/heads/main"]);
    command.current_dir(folder.path("")).env_clear().env("PATH", "").env("GH_TOKEN", SECRET);
    command.env("GITHUB_API_URL", &server.url);
    for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"] {
        command.env(name, &proxy.url);
    }
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(proxy.received().is_empty() && !server.received().is_empty());
}

/// A state that another program uploaded with, and then `upload` apart, which sends nothing four nights in a row.
#[test]
fn an_upload_apart_that_sends_nothing_does_not_make_a_state_forget() {
    let folder = Folder::new();
    let rows: Vec<String> = (1..=20).map(|number| row(number, "111122223333")).collect();
    let convert = &CONVERT[..CONVERT.len() - 1];
    let convert = [convert, &["--sarif-category-by", "account", "--sarif-allow-emptying"]].concat();
    let server = github();
    folder.write("in.csv", &format!("{HEADINGS}{}{}", rows.concat(), row(21, "444455556666")));
    run(&folder, &server, &convert, None);
    folder.write("in.csv", &format!("{HEADINGS}{}", rows.concat()));
    for _ in 0..4 {
        run(&folder, &server, &convert, None);
        let output = run(&folder, &server, &["upload", "out/in.sarif", "--sarif-state", "state.json"], None);
        assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    }
    let known = &state(&folder)["categories"]["amazon-inspector/444455556666/"]["timesEmpty"][""];
    assert_eq!(*known, 1, "it is still to be emptied");
}

//! Uploads to a server on this machine that answers as GitHub does, and as networks do.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::{collections::BTreeMap, io::Read, sync::Mutex, time::Duration};

use base64::{Engine, prelude::BASE64_STANDARD};
use flate2::read::GzDecoder;
use inspector_report_sarif::Sent;
use inspector_report_testkit::server::{Answer, Received, Server};
use inspector_report_upload::{Client, Delivery, Ending, Given, Host, SarifFile, Target, Token, deliver};
use serde_json::{Value, json};

const SECRET: &str = "ghp_0123456789secretsecret";
const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";

/// Waits for nothing, and writes down how long it would have.
#[derive(Default)]
struct Quick {
    waits: Mutex<Vec<u64>>,
    lines: Mutex<Vec<String>>,
}

impl Host for Quick {
    fn wait(&self, time: Duration) -> bool {
        self.waits.lock().unwrap().push(time.as_secs());
        true
    }

    fn now(&self) -> u64 {
        1_800_000_000
    }

    fn say(&self, line: &str) {
        self.lines.lock().unwrap().push(line.to_owned());
    }
}

/// A file with a run for each category, of so many results.
fn sarif(runs: &[(&str, usize)]) -> String {
    let runs: Vec<Value> = runs
        .iter()
        .map(|(category, results)| {
            let result = |n: usize| {
                json!({
                    "ruleId": "CVE-2024-1-high",
                    "ruleIndex": 0,
                    "message": { "text": format!("Result {n}.") },
                    "locations": [{ "physicalLocation": { "artifactLocation": { "uri": "aws/x" } } }],
                })
            };
            let rules = if *results > 0 { json!([{ "id": "CVE-2024-1-high" }]) } else { json!([]) };
            json!({
                "tool": { "driver": { "name": "Amazon Inspector", "rules": rules } },
                "automationDetails": { "id": format!("{category}/") },
                "results": (0..*results).map(result).collect::<Vec<_>>(),
            })
        })
        .collect();
    json!({ "version": "2.1.0", "runs": runs }).to_string()
}

fn file(name: &str, runs: &[(&str, usize)]) -> SarifFile {
    SarifFile::new(name, sarif(runs).as_bytes()).unwrap()
}

/// GitHub, when all is well: it takes a file, works on it a little, and has what it was sent.
fn github(request: &Received, before: &[Received]) -> Answer {
    let asked = before.iter().filter(|other| other.path == request.path).count();
    let path = request.path.split('?').next().unwrap();
    match (request.method.as_str(), path.strip_prefix("/repos/o/r").unwrap()) {
        ("POST", "/code-scanning/sarifs") => {
            let number = before.iter().filter(|other| other.method == "POST").count();
            Answer::json(202, &json!({ "id": format!("upload-{number}"), "url": "x" }).to_string())
        }
        ("GET", "/code-scanning/analyses") => Answer::json(200, &analyses(request, before, |_| {}).to_string()),
        ("GET", "") => Answer::json(200, r#"{"default_branch": "trunk"}"#),
        ("GET", "/commits/heads/trunk") => Answer::json(200, &json!({ "sha": COMMIT }).to_string()),
        ("GET", _) if asked == 0 => Answer::json(200, r#"{"processing_status": "pending"}"#),
        _ => Answer::json(200, r#"{"processing_status": "complete", "errors": null}"#),
    }
}

/// The analyses of the upload that is asked for, each changed.
fn analyses(request: &Received, before: &[Received], change: impl Fn(&mut Value)) -> Value {
    let id = request.path.split("sarif_id=upload-").nth(1).unwrap().split('&').next().unwrap();
    let posts: Vec<&Received> = before.iter().filter(|other| other.method == "POST").collect();
    let log = sent(posts[id.parse::<usize>().unwrap()]);
    let of_run = |run: &Value| {
        let mut analysis = json!({
            "category": run["automationDetails"]["id"].as_str().unwrap().trim_end_matches('/'),
            "results_count": run["results"].as_array().unwrap().len(),
            "error": "",
            "warning": "",
        });
        change(&mut analysis);
        analysis
    };
    log["runs"].as_array().unwrap().iter().map(of_run).collect()
}

/// The SARIF that a request holds.
fn sent(request: &Received) -> Value {
    let body: Value = serde_json::from_slice(&request.body).unwrap();
    assert_eq!((&body["commit_sha"], &body["tool_name"]), (&json!(COMMIT), &json!("Amazon Inspector")));
    let packed = BASE64_STANDARD.decode(body["sarif"].as_str().unwrap()).unwrap();
    let mut text = String::new();
    GzDecoder::new(packed.as_slice()).read_to_string(&mut text).unwrap();
    serde_json::from_str(&text).unwrap()
}

struct Outcome {
    delivery: Delivery,
    received: Vec<Received>,
    waits: Vec<u64>,
    said: String,
}

/// Uploads files to a server, and proves that nothing it says has the token in it.
fn upload(files: &[SarifFile], answer: impl FnMut(&Received, &[Received]) -> Answer + Send + 'static) -> Outcome {
    let server = Server::start(answer).unwrap();
    let given = Given {
        repository: Some("o/r".to_owned()),
        reference: Some("refs/heads/main".to_owned()),
        commit: Some(COMMIT.to_owned()),
        api: Some(server.url.clone()),
    };
    let (target, token) = (Target::new(&given, &|_| None).unwrap(), Token::new(SECRET).unwrap());
    let host = Quick::default();
    let delivery = deliver(files, &target, &token, &Client::new("0.0.0"), &host);
    let lines = host.lines.into_inner().unwrap();
    let said = [lines, delivery.errors.clone()].concat().join("\n");
    assert!(!said.contains(SECRET) && !format!("{token:?} {delivery:?}").contains(SECRET), "{said}");
    let received = server.received();
    for request in &received {
        assert_eq!(request.headers["authorization"], format!("Bearer {SECRET}"));
        assert!(request.headers["user-agent"].starts_with("inspector-report/"), "{request:?}");
        assert!(!request.path.contains(SECRET) && !String::from_utf8_lossy(&request.body).contains(SECRET));
    }
    Outcome { delivery, received, waits: host.waits.into_inner().unwrap(), said }
}

fn posts(received: &[Received]) -> Vec<&Received> {
    received.iter().filter(|request| request.method == "POST").collect()
}

#[test]
fn files_are_sent_in_turn_and_proven() {
    let files = [file("a.sarif", &[("p/1", 3), ("p/2", 0)]), file("b.sarif", &[("p/3", 5_000)])];
    let outcome = upload(&files, github);
    assert_eq!((outcome.delivery.ending, outcome.delivery.errors.len()), (Ending::Arrived, 0), "{}", outcome.said);
    let all: Vec<(&str, Sent)> =
        outcome.delivery.categories.iter().map(|(name, sent)| (name.as_str(), *sent)).collect();
    assert_eq!(all, ["p/1", "p/2", "p/3"].map(|name| (name, Sent::Arrived)));
    let paths: Vec<&str> = outcome.received.iter().map(|request| request.path.split('?').next().unwrap()).collect();
    let of = |id: &str| format!("/repos/o/r/code-scanning/sarifs/{id}");
    let (post, proof) = ("/repos/o/r/code-scanning/sarifs", "/repos/o/r/code-scanning/analyses");
    assert_eq!(paths, [post, &of("upload-0"), &of("upload-0"), proof, post, &of("upload-1"), &of("upload-1"), proof]);
    assert_eq!(sent(posts(&outcome.received)[0])["runs"][0]["results"].as_array().unwrap().len(), 3);
    assert!(
        outcome.said.contains("b.sarif: uploaded, 5000 results in 1 runs, all of them arrived"),
        "{}",
        outcome.said
    );
}

#[test]
fn the_head_of_the_default_branch_is_asked_for() {
    let server = Server::start(github).unwrap();
    let given = Given { repository: Some("o/r".to_owned()), api: Some(server.url.clone()), ..Given::default() };
    let target = Target::new(&given, &|_| None).unwrap();
    let delivery =
        deliver(&[file("a", &[("p", 1)])], &target, &Token::new("t").unwrap(), &Client::new("0"), &Quick::default());
    assert_eq!(delivery.ending, Ending::Arrived, "{:?}", delivery.errors);
    let body: Value = serde_json::from_slice(&posts(&server.received())[0].body).unwrap();
    assert_eq!((&body["ref"], &body["commit_sha"]), (&json!("refs/heads/trunk"), &json!(COMMIT)));
}

/// Answers the first requests in turn, and the rest as GitHub does. The server says the token, as no server should.
fn at_first(answers: Vec<Answer>) -> impl FnMut(&Received, &[Received]) -> Answer + Send + 'static {
    move |request, before| match answers.get(before.len()) {
        Some(answer) => answer.clone(),
        None => github(request, &before[answers.len()..]),
    }
}

#[test]
fn what_passes_is_tried_again_as_the_headers_say() {
    let gone = || Answer::Of(502, Vec::new(), format!("<html>Bad gateway {SECRET}</html>"));
    let limit = |status| Answer::json(status, r#"{"message": "You have exceeded a secondary rate limit"}"#);
    for (answers, waits) in [
        (vec![gone(), gone()], vec![2, 4]),
        (vec![Answer::Cut], vec![2]),
        (vec![limit(429).with("Retry-After", "7")], vec![7]),
        (vec![limit(403).with("retry-after", "9")], vec![9]),
        (vec![limit(403), limit(403)], vec![60, 120]),
        (vec![limit(429).with("x-ratelimit-remaining", "0").with("x-ratelimit-reset", "1800000030")], vec![31]),
        (vec![Answer::json(503, "{}").with("retry-after", "11")], vec![11]),
    ] {
        let outcome = upload(&[file("a.sarif", &[("p", 2)])], at_first(answers.clone()));
        assert_eq!(outcome.delivery.ending, Ending::Arrived, "{answers:?}: {}", outcome.said);
        assert_eq!(outcome.waits[..waits.len()], waits, "{answers:?}");
        assert_eq!(posts(&outcome.received).len(), waits.len() + 1);
    }
}

#[test]
fn what_does_not_pass_ends_and_is_not_known() {
    let outcome = upload(&[file("a.sarif", &[("p", 2)])], |_, _| Answer::Cut);
    assert_eq!((outcome.delivery.ending, outcome.received.len()), (Ending::Unknown, 6), "{}", outcome.said);
    assert_eq!(outcome.delivery.categories, BTreeMap::from([("p".to_owned(), Sent::Perhaps)]));
    // Nor what a gateway lost on its way.
    let outcome = upload(&[file("a.sarif", &[("p", 2)])], |_, _| Answer::json(502, "{}"));
    assert_eq!((outcome.delivery.ending, outcome.received.len()), (Ending::Unknown, 6), "{}", outcome.said);
    assert_eq!(outcome.delivery.categories, BTreeMap::from([("p".to_owned(), Sent::Perhaps)]));
    // A limit of a day is not waited for.
    let long = |_: &Received, _: &[Received]| Answer::json(429, "{}").with("retry-after", "86400");
    let outcome = upload(&[file("a.sarif", &[("p", 2)])], long);
    assert_eq!((outcome.delivery.ending, outcome.received.len(), outcome.waits.len()), (Ending::Refused, 1, 0));
}

#[test]
fn a_refusal_says_what_to_do_and_is_not_repeated() {
    let files = || [file("a.sarif", &[("p/1", 2)]), file("b.sarif", &[("p/2", 2)])];
    for (status, said, words, sent) in [
        (403, "Resource not accessible by integration", "security-events: write", 1),
        (403, "Advanced Security must be enabled for this repository to use code scanning.", "Code Security", 1),
        (401, "Bad credentials", "make a new one", 1),
        (404, "Not Found", "does not see it", 1),
        (404, "commit not found", "--commit", 1),
        (422, "ref does not match /^refs\\/(heads|pull|tags)\\/.*$/", "--ref", 1),
        (307, "Moved Permanently", "--repo", 2),
        (413, "Payload Too Large", "into more files", 2),
    ] {
        let answer = Answer::Of(status, Vec::new(), format!(r#"{{"message": "{said} {SECRET}"}}"#));
        let outcome = upload(&files(), move |_, _| answer.clone());
        assert_eq!((outcome.delivery.ending, outcome.received.len()), (Ending::Refused, sent), "{said}");
        let error = &outcome.delivery.errors[0];
        assert!(
            error.starts_with("a.sarif: ") && error.contains(words) && error.contains(&status.to_string()),
            "{error}"
        );
        assert_eq!(outcome.delivery.categories["p/1"], Sent::Refused);
    }
}

#[test]
fn a_file_that_github_cannot_process_is_refused_with_run_and_rule() {
    let failed = |said: &'static str| {
        move |request: &Received, before: &[Received]| match request.path.contains("/sarifs/") {
            true => Answer::json(200, &json!({ "processing_status": "failed", "errors": [said] }).to_string()),
            false if request.path.contains("/analyses") => Answer::json(200, "[]"),
            false => github(request, before),
        }
    };
    let files = [file("a.sarif", &[("p/1", 2), ("p/2", 0)]), file("b.sarif", &[("p/3", 1)])];
    let outcome = upload(&files, failed("could not convert rules: invalid security severity value of CVE-2024-1-high"));
    assert_eq!((outcome.delivery.ending, posts(&outcome.received).len()), (Ending::Refused, 2));
    let error = &outcome.delivery.errors[0];
    for part in ["a.sarif", "run \"p/1/\"", "rule \"CVE-2024-1-high\"", "please report it"] {
        assert!(error.contains(part), "{part}: {error}");
    }
    assert!(outcome.delivery.categories.values().all(|sent| *sent == Sent::Refused));
    let outcome = upload(&files[..1], failed("rejecting SARIF, as there are more runs than allowed (21 > 20)"));
    assert!(outcome.delivery.errors[0].contains("--sarif-category-by"), "{}", outcome.said);
}

#[test]
fn what_github_has_is_compared_with_what_was_sent() {
    type Change = fn(&mut Value);
    let cases: [(Change, &str); 3] = [
        (|analysis| analysis["results_count"] = json!(4), "GitHub has 4 of 5 results"),
        (|analysis| analysis["warning"] = json!("1 result was ignored"), "1 result was ignored"),
        (|analysis| analysis["category"] = json!("another"), "no analysis"),
    ];
    for (change, words) in cases {
        let answer = move |request: &Received, before: &[Received]| match request.path.contains("/analyses") {
            true => Answer::json(200, &analyses(request, before, change).to_string()),
            false => github(request, before),
        };
        let outcome = upload(&[file("a.sarif", &[("p/1", 5)])], answer);
        assert_eq!(outcome.delivery.ending, Ending::Refused);
        let error = &outcome.delivery.errors[0];
        assert!(error.contains(words) && error.contains("run \"p/1/\""), "{error}");
        assert_eq!(outcome.delivery.categories["p/1"], Sent::Perhaps);
    }
}

#[test]
fn nothing_is_emptied_after_a_file_that_did_not_arrive() {
    let files =
        [file("a.sarif", &[("p/1", 1)]), file("b.sarif", &[("p/2", 1)]), file("c.sarif", &[("p/3", 1), ("p", 0)])];
    let answer = |request: &Received, before: &[Received]| match (request.method.as_str(), before.is_empty()) {
        ("POST", true) => Answer::json(413, "{}"),
        _ => github(request, before),
    };
    let outcome = upload(&files[..], answer);
    // Those of the second stay where they are; what the third empties may be those of the first.
    assert_eq!(posts(&outcome.received).len(), 2);
    assert!(outcome.delivery.errors.iter().any(|error| error.starts_with("c.sarif: not sent")), "{}", outcome.said);
    assert!(!outcome.delivery.categories.contains_key("p"));
    assert_eq!(upload(&files, github).delivery.ending, Ending::Arrived);
}

#[test]
fn what_was_taken_and_may_not_be_read_is_not_known() {
    for status in ["complete", "failed"] {
        let answer = move |request: &Received, before: &[Received]| match &request.path {
            path if path.contains("/sarifs/") => {
                Answer::json(200, &json!({ "processing_status": status, "errors": ["a fault"] }).to_string())
            }
            path if path.contains("/analyses") => Answer::json(403, r#"{"message": "Forbidden"}"#),
            _ => github(request, before),
        };
        let files = [file("a.sarif", &[("p/1", 1)]), file("b.sarif", &[("p/2", 1)])];
        let outcome = upload(&files, answer);
        assert!(outcome.delivery.categories.values().all(|sent| *sent == Sent::Perhaps), "{status}: {}", outcome.said);
        // The next file is sent all the same.
        assert_eq!((outcome.delivery.categories.len(), posts(&outcome.received).len()), (2, 2));
        let ending = if status == "failed" { Ending::Refused } else { Ending::Unknown };
        assert_eq!(outcome.delivery.ending, ending);
    }
}

#[test]
fn what_github_works_on_for_long_is_not_known() {
    let pending = |request: &Received, before: &[Received]| match request.path.contains("/sarifs/") {
        true => Answer::json(200, r#"{"processing_status": "pending"}"#),
        false => github(request, before),
    };
    let outcome = upload(&[file("a.sarif", &[("p/1", 1)])], pending);
    assert_eq!(outcome.delivery.ending, Ending::Unknown);
    assert!(outcome.delivery.errors[0].contains("still working"), "{}", outcome.said);
    assert!(outcome.waits.iter().sum::<u64>() > 600, "{:?}", outcome.waits);
}

#[test]
fn what_github_would_reject_is_not_sent() {
    let of = |text: &str| SarifFile::new("a.sarif", text.as_bytes()).map(drop).unwrap_err();
    assert!(of("{}").contains("no SARIF"));
    assert!(of(r#"{"version": "2.1.0", "runs": []}"#).contains("no run"));
    let many: Vec<String> = (0..21).map(|n| format!("p/{n}")).collect();
    let runs: Vec<(&str, usize)> = many.iter().map(|name| (name.as_str(), 0)).collect();
    assert!(of(&sarif(&runs)).contains("21 runs"));
    assert!(of(&sarif(&[("p", 1), ("p", 1)])).contains("two runs of the category"));
    let large = of(&sarif(&[("p/x", 5_001)]));
    assert!(large.contains("run \"p/x/\"") && large.contains("5001 results"), "{large}");
    let absolute = of(&sarif(&[("p", 1)]).replace("aws/x", "arn:aws:x"));
    assert!(absolute.contains("CVE-2024-1-high") && absolute.contains("absolute"), "{absolute}");
    assert!(of(&sarif(&[("p", 1)]).replace("aws/x", "")).contains("no location"));
    let failed =
        sarif(&[("p", 1)]).replacen("\"results\"", "\"invocations\":[{\"executionSuccessful\":false}],\"results\"", 1);
    assert!(of(&failed).contains("executionSuccessful"));
    let told = r#""invocations":[{"executionSuccessful":true,"toolExecutionNotifications":[{"descriptor":{"id":"incomplete-report"}}]}],"results""#;
    let incomplete = sarif(&[("p", 1)]).replacen("\"results\"", told, 1);
    assert!(SarifFile::new("a", incomplete.as_bytes()).unwrap().is_incomplete());
    assert!(!file("a", &[("p", 1)]).is_incomplete());
}

#[test]
fn a_token_shows_nothing_of_itself() {
    for wrong in ["", "  ", "two words", "line\nbreak", "na\u{ef}ve"] {
        assert!(Token::new(wrong).is_none(), "{wrong}");
    }
    let token = Token::new(" abc\n").unwrap();
    assert_eq!((format!("{token:?}"), token.hide("xabcx")), ("Token(***)".to_owned(), "x***x".to_owned()));
}

//! What an answer of GitHub means, and what to do about it.
//!
//! Sources: GitHub Docs, "Troubleshooting SARIF uploads" and "Resource not accessible by integration"; the errors that
//! `github/codeql-action` knows (`src/upload-lib.ts`, `src/api-client.ts`).

use crate::http::{Response, Token};

/// The longest text of a server that is shown, in characters.
const SHOWN: usize = 500;

/// What stands in an answer, and what to do then.
const CURES: [(&str, &str); 15] = [
    (
        "Resource not accessible by",
        "the token may not upload: it wants the permission \"Code scanning alerts\" with write access (security-events: \
         write in a workflow); on pull requests from forks and of Dependabot it can only read",
    ),
    (
        "must be enabled",
        "enable code scanning for the repository: a private or internal one wants GitHub Code Security",
    ),
    ("is not enabled", "enable code scanning for the repository: a private or internal one wants GitHub Code Security"),
    ("archived", "the repository is archived, and takes no uploads"),
    ("Bad credentials", "the token is wrong or has ended: make a new one"),
    ("Requires authentication", "the token is missing or has ended: set GITHUB_TOKEN"),
    (
        "commit not found",
        "the commit is not in this repository: push it, or say --commit with one that is on the default branch",
    ),
    ("not found in this repository", "the ref is not in this repository: push it, or say --ref"),
    ("does not match /^refs", "--ref wants a whole ref, such as refs/heads/main"),
    ("At least 40 characters", "--commit wants the whole id of a commit"),
    (
        "more runs than allowed",
        "a file has more runs than GitHub takes: choose fewer categories with --sarif-category-by, and convert again",
    ),
    (
        "multiple runs with the same category",
        "a file has two runs of a category: upload what one run of this program wrote, file by file",
    ),
    (
        "too many logical alerts",
        "the repository has as many alerts as GitHub keeps: GitHub's support can remove some; upload fewer, with filters",
    ),
    (
        "could not fetch alerts from baseline",
        "this is a fault of GitHub, with large files or many runs: upload the file again, alone",
    ),
    (
        "unsuccessful execution",
        "GitHub stores nothing of a run that says that its tool failed: convert again with a current version",
    ),
];

/// What is wrong with the file itself, and no user can mend.
const OURS: [&str; 5] =
    ["invalid URI", "locationFromSarifResult", "security severity", "SARIF URI scheme", "could not convert rules"];

/// What to do about what GitHub said.
pub(crate) fn cure(status: u16, said: &str) -> &'static str {
    let has = |part: &str| said.to_ascii_lowercase().contains(&part.to_ascii_lowercase());
    if let Some((_, cure)) = CURES.iter().find(|(part, _)| has(part)) {
        return cure;
    }
    if OURS.iter().any(|part| has(part)) {
        return "the file is not as it should be: please report it, with this message";
    }
    match status {
        401 => "the token is wrong or has ended: make a new one",
        403 => "the token may not upload: it wants the permission \"Code scanning alerts\" with write access",
        404 => "there is no such repository, or the token does not see it: a private one wants a token of its own",
        410 => "this server takes the requests of this version no more: use a newer one",
        413 => "the file is too large for GitHub: convert again, into more files",
        422 => "GitHub does not take the ref or the commit: look at --ref and --commit",
        429 => "GitHub takes no more requests now: try again later",
        300..=399 => "the repository has another name now: say it with --repo",
        500.. => "GitHub has a fault: try again later",
        _ => "see GitHub's status and its documentation on uploading SARIF",
    }
}

/// What an answer says, in one line, without the token.
pub(crate) fn text(answer: &Response, token: &Token) -> String {
    let json: Option<serde_json::Value> = serde_json::from_slice(&answer.body).ok();
    let message = json.as_ref().and_then(|json| json.get("message")?.as_str());
    let text = match message {
        Some(message) => message.to_owned(),
        None => String::from_utf8_lossy(&answer.body).into_owned(),
    };
    shown(&text, token)
}

/// What a server says, as it may be shown: in one line, of a length, without the token.
pub(crate) fn shown(text: &str, token: &Token) -> String {
    let hidden = token.hide(text);
    let words: Vec<&str> =
        hidden.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()).collect();
    let line = words.join(" ");
    match line.char_indices().nth(SHOWN) {
        Some((cut, _)) => format!("{}…", &line[..cut]),
        None => line,
    }
}

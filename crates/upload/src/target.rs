//! Where a file belongs: the repository, the ref and the commit, and the address of the API.
//!
//! What no option says, the environment does: that of GitHub Actions, else that of another runner whose source is on GitHub
//! (GitHub Docs, "Variables reference"; GitLab, "Predefined CI/CD variables reference"; AWS CodeBuild, "Environment
//! variables in build environments"; Jenkins, Git plugin; Azure Pipelines, "Use predefined variables"). What is then still
//! missing, GitHub knows: the head of the default branch, which a report on the cloud belongs to.

use crate::http;

/// Where GitHub's API is if nothing says otherwise.
const API: &str = "https://api.github.com";

/// What options say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Given {
    /// `OWNER/NAME`.
    pub repository: Option<String>,
    /// A whole ref, such as `refs/heads/main`.
    pub reference: Option<String>,
    /// The whole id of a commit.
    pub commit: Option<String>,
    /// The address of the API.
    pub api: Option<String>,
}

/// Where files belong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The address of the API, without a slash at its end.
    pub api: String,
    /// `OWNER/NAME`.
    pub repository: String,
    /// The ref, if it is known: else the default branch.
    pub reference: Option<String>,
    /// The commit, if it is known: else the head of the ref.
    pub commit: Option<String>,
}

/// What was given, for a message. Before an `@` may stand a secret.
fn shown(given: &str) -> String {
    match given.rsplit_once('@') {
        Some((_, host)) => format!("\"***@{host}\""),
        None => format!("{given:?}"),
    }
}

impl Target {
    /// What options say, and the environment where they say nothing.
    ///
    /// # Errors
    /// When no repository is known, or something has not the form that GitHub wants. The text says what to do.
    pub fn new(given: &Given, environment: &dyn Fn(&str) -> Option<String>) -> Result<Target, String> {
        let variable = |name: &str| environment(name).filter(|value| !value.trim().is_empty());
        let source = source(&variable);
        let repository =
            given.repository.clone().or_else(|| source.repository.clone()).ok_or(
                "no repository is named: say --repo OWNER/NAME, or set GITHUB_REPOSITORY, as GitHub Actions does",
            )?;
        if !is_repository(&repository) {
            return Err(format!("{} is no repository: say --repo OWNER/NAME", shown(&repository)));
        }
        let api = given.api.clone().or_else(|| variable("GITHUB_API_URL")).unwrap_or_else(|| API.to_owned());
        let api = api.trim_end_matches('/').to_owned();
        if !http::is_safe(&api) {
            return Err(format!(
                "{} is no address of an API: --api-url wants https://HOST/api/v3 of an Enterprise Server, or {API}",
                shown(&api)
            ));
        }
        // A commit belongs to the ref that it came with, and both to the repository.
        let is_other = source.repository.is_some_and(|source| !source.eq_ignore_ascii_case(&repository));
        let asked = given.reference.is_some() || given.commit.is_some() || is_other;
        let reference = given.reference.clone().or(source.reference.filter(|_| !asked));
        let commit = given.commit.clone().or(source.commit.filter(|_| !asked));
        if let Some(reference) = &reference {
            check_reference(reference, given.reference.is_some())?;
        }
        if let Some(commit) = commit.as_ref().filter(|commit| !is_commit(commit)) {
            return Err(format!("{commit:?} is no commit: --commit wants its whole id, 40 hexadecimal digits"));
        }
        Ok(Target { api, repository, reference, commit })
    }

    /// The address of the repository in the API.
    pub fn address(&self) -> String {
        self.url("")
    }

    /// The address of something of the repository.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}/repos/{}{path}", self.api, self.repository)
    }
}

fn is_repository(text: &str) -> bool {
    let part = |part: &str| {
        !matches!(part, "" | "." | "..")
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
    };
    text.split_once('/').is_some_and(|(owner, name)| part(owner) && part(name))
}

fn is_commit(text: &str) -> bool {
    (text.len() == 40 || text.len() == 64) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// On a pull request an alert shows only on lines that it changes, which a resource in the cloud has none of; and GitHub
/// misses the categories of the default branch there.
fn check_reference(reference: &str, is_asked: bool) -> Result<(), String> {
    let rest = ["refs/heads/", "refs/tags/", "refs/pull/"].into_iter().find_map(|start| reference.strip_prefix(start));
    let fits = |rest: &str| !rest.is_empty() && rest.chars().all(|c| !c.is_control() && !c.is_whitespace());
    if !rest.is_some_and(fits) {
        return Err(format!("{reference:?} is no ref: --ref wants all of it, such as refs/heads/main"));
    }
    if reference.starts_with("refs/pull/") && !is_asked {
        return Err(format!(
            "this runs for a pull request ({reference}), where alerts of the cloud do not show; upload on a schedule, for \
             the default branch, or say --ref"
        ));
    }
    Ok(())
}

/// What a runner knows of the source that it works on.
#[derive(Debug, Default)]
struct Source {
    repository: Option<String>,
    reference: Option<String>,
    commit: Option<String>,
}

fn source(variable: &dyn Fn(&str) -> Option<String>) -> Source {
    let branch = |name: &str| variable(name).map(|branch| format!("refs/heads/{branch}"));
    if variable("GITHUB_ACTIONS").is_some() || variable("GITHUB_REPOSITORY").is_some() {
        Source {
            repository: variable("GITHUB_REPOSITORY"),
            reference: variable("GITHUB_REF"),
            commit: variable("GITHUB_SHA"),
        }
    } else if variable("CODEBUILD_BUILD_ID").is_some() {
        // What a pipeline hands over is no commit.
        let commit = variable("CODEBUILD_RESOLVED_SOURCE_VERSION").filter(|commit| is_commit(commit));
        let trigger = variable("CODEBUILD_WEBHOOK_TRIGGER").and_then(|trigger| {
            let (kind, name) = trigger.split_once('/')?;
            match kind {
                "branch" => Some(format!("refs/heads/{name}")),
                "tag" => Some(format!("refs/tags/{name}")),
                "pr" => Some(format!("refs/pull/{name}/head")),
                _ => None,
            }
        });
        let reference = variable("CODEBUILD_WEBHOOK_HEAD_REF").or(trigger);
        // Without a ref, the commit may be of another branch than the default one.
        let commit = commit.filter(|_| reference.is_some());
        Source { repository: of_url(variable("CODEBUILD_SOURCE_REPO_URL")), reference, commit }
    } else if variable("JENKINS_URL").is_some() {
        let reference = match variable("CHANGE_ID") {
            Some(number) => Some(format!("refs/pull/{number}/head")),
            None => branch("BRANCH_NAME").or_else(|| {
                let name = variable("GIT_BRANCH")?;
                Some(format!("refs/heads/{}", name.strip_prefix("origin/").unwrap_or(&name)))
            }),
        };
        Source { repository: of_url(variable("GIT_URL")), reference, commit: variable("GIT_COMMIT") }
    } else if variable("BUILD_REPOSITORY_PROVIDER").is_some_and(|provider| provider.eq_ignore_ascii_case("github")) {
        Source {
            repository: variable("BUILD_REPOSITORY_NAME"),
            reference: variable("BUILD_SOURCEBRANCH"),
            commit: variable("BUILD_SOURCEVERSION"),
        }
    } else if variable("GITLAB_CI").is_some() {
        // The repository is GitLab's; one on GitHub with the same commits is named by an option.
        let reference = branch("CI_COMMIT_BRANCH");
        Source { repository: None, commit: variable("CI_COMMIT_SHA").filter(|_| reference.is_some()), reference }
    } else {
        Source::default()
    }
}

/// `OWNER/NAME` of the address of a repository: `https://github.com/OWNER/NAME.git`, `git@github.com:OWNER/NAME.git`.
fn of_url(url: Option<String>) -> Option<String> {
    let url = url?;
    let path = url.trim_end_matches('/').trim_end_matches(".git");
    let mut parts = path.rsplit(['/', ':']);
    let (name, owner) = (parts.next()?, parts.next()?);
    Some(format!("{owner}/{name}")).filter(|repository| is_repository(repository))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";

    fn target(given: Given, variables: &[(&str, &str)]) -> Result<Target, String> {
        let of = |name: &str| variables.iter().find(|(other, _)| *other == name).map(|(_, value)| (*value).to_owned());
        Target::new(&given, &of)
    }

    #[test]
    fn a_secret_in_an_address_is_not_shown() {
        let api = Some("https://me:ghp_secret@ghe.example/api/v3".to_owned());
        let repository = Some("https://me:ghp_secret@github.com/o/r".to_owned());
        for given in [
            Given { repository: Some("o/r".to_owned()), api, ..Given::default() },
            Given { repository, ..Given::default() },
        ] {
            let error = target(given, &[]).unwrap_err();
            assert!(error.contains("***@g") && !error.contains("ghp_secret"), "{error}");
        }
    }

    #[test]
    fn each_runner_says_where_its_source_is() {
        /// Variables, the repository and the ref.
        type Case<'c> = (&'c [(&'c str, &'c str)], &'c str, Option<&'c str>);
        let cases: [Case<'_>; 6] = [
            (
                &[
                    ("GITHUB_ACTIONS", "true"),
                    ("GITHUB_REPOSITORY", "o/r"),
                    ("GITHUB_REF", "refs/heads/x"),
                    ("GITHUB_SHA", COMMIT),
                ],
                "o/r",
                Some("refs/heads/x"),
            ),
            (
                &[
                    ("CODEBUILD_BUILD_ID", "1"),
                    ("CODEBUILD_SOURCE_REPO_URL", "https://github.com/o/r.git"),
                    ("CODEBUILD_WEBHOOK_TRIGGER", "branch/x"),
                    ("CODEBUILD_RESOLVED_SOURCE_VERSION", COMMIT),
                ],
                "o/r",
                Some("refs/heads/x"),
            ),
            (
                &[
                    ("CODEBUILD_BUILD_ID", "1"),
                    ("CODEBUILD_SOURCE_REPO_URL", "https://github.com/o/r"),
                    ("CODEBUILD_RESOLVED_SOURCE_VERSION", COMMIT),
                ],
                "o/r",
                None,
            ),
            (
                &[
                    ("JENKINS_URL", "x"),
                    ("GIT_URL", "git@github.com:o/r.git"),
                    ("GIT_BRANCH", "origin/x"),
                    ("GIT_COMMIT", COMMIT),
                ],
                "o/r",
                Some("refs/heads/x"),
            ),
            (
                &[
                    ("BUILD_REPOSITORY_PROVIDER", "GitHub"),
                    ("BUILD_REPOSITORY_NAME", "o/r"),
                    ("BUILD_SOURCEBRANCH", "refs/heads/x"),
                    ("BUILD_SOURCEVERSION", COMMIT),
                ],
                "o/r",
                Some("refs/heads/x"),
            ),
            (&[], "given/one", None),
        ];
        for (variables, repository, reference) in cases {
            let given = Given { repository: (repository != "o/r").then(|| repository.to_owned()), ..Given::default() };
            let target = target(given, variables).unwrap();
            assert_eq!((target.repository.as_str(), target.reference.as_deref()), (repository, reference));
            assert_eq!(target.commit.as_deref(), reference.map(|_| COMMIT), "{variables:?}");
            assert_eq!(target.api, API);
        }
    }

    #[test]
    fn options_win_and_a_commit_stays_with_its_ref() {
        let variables = [
            ("GITHUB_REPOSITORY", "o/r"),
            ("GITHUB_REF", "refs/heads/x"),
            ("GITHUB_SHA", COMMIT),
            ("GITHUB_API_URL", "https://ghe.example/api/v3/"),
        ];
        let given = Given { reference: Some("refs/heads/y".to_owned()), ..Given::default() };
        let target = target(given, &variables).unwrap();
        assert_eq!((target.reference.as_deref(), target.commit.as_deref()), (Some("refs/heads/y"), None));
        assert_eq!(target.url("/code-scanning/sarifs"), "https://ghe.example/api/v3/repos/o/r/code-scanning/sarifs");
    }

    #[test]
    fn what_a_runner_knows_of_one_repository_does_not_hold_for_another() {
        let variables = [("GITHUB_REPOSITORY", "o/r"), ("GITHUB_REF", "refs/heads/x"), ("GITHUB_SHA", COMMIT)];
        let of = |repository: &str| {
            let target =
                target(Given { repository: Some(repository.to_owned()), ..Given::default() }, &variables).unwrap();
            (target.reference.is_some(), target.commit.is_some())
        };
        assert_eq!((of("o/r"), of("O/R"), of("o/security")), ((true, true), (true, true), (false, false)));
        // A pull request of this one is nothing to the other.
        let pull = [("GITHUB_REPOSITORY", "o/r"), ("GITHUB_REF", "refs/pull/7/merge"), ("GITHUB_SHA", COMMIT)];
        assert!(target(Given { repository: Some("o/security".to_owned()), ..Given::default() }, &pull).is_ok());
    }

    #[test]
    fn what_github_would_not_take_is_refused() {
        let repository = || Some("o/r".to_owned());
        for (given, words) in [
            (Given::default(), "--repo OWNER/NAME"),
            (Given { repository: Some("o".to_owned()), ..Given::default() }, "no repository"),
            (Given { repository: Some("../x".to_owned()), ..Given::default() }, "no repository"),
            (
                Given { repository: repository(), reference: Some("main".to_owned()), ..Given::default() },
                "refs/heads/main",
            ),
            (Given { repository: repository(), commit: Some("abc".to_owned()), ..Given::default() }, "40 hexadecimal"),
            (
                Given { repository: repository(), api: Some("http://ghe.example".to_owned()), ..Given::default() },
                "https://",
            ),
            (
                Given { repository: repository(), api: Some("https://u:p@ghe.example".to_owned()), ..Given::default() },
                "https://",
            ),
        ] {
            let error = target(given, &[]).unwrap_err();
            assert!(error.contains(words), "{error}");
        }
        let pull = [("GITHUB_REPOSITORY", "o/r"), ("GITHUB_REF", "refs/pull/7/merge"), ("GITHUB_SHA", COMMIT)];
        assert!(target(Given::default(), &pull).unwrap_err().contains("pull request"));
        let asked = Given { reference: Some("refs/pull/7/merge".to_owned()), ..Given::default() };
        assert!(target(asked, &pull).is_ok());
        for local in ["http://127.0.0.1:8080", "http://localhost:1", "http://[::1]:1", "https://x.ghe.com"] {
            assert!(
                target(Given { repository: repository(), api: Some(local.to_owned()), ..Given::default() }, &[])
                    .is_ok(),
                "{local}"
            );
        }
    }
}

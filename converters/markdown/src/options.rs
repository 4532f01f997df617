//! What can be set about Markdown: where it goes, how long and how plain it is.

use std::path::PathBuf;

use inspector_report_document::{DOCUMENT_SETTINGS, DocumentOptions};
use inspector_report_format::{Setting, Settings};

use crate::fit::Limit;

const LIMIT: &str = "markdown-limit";
const PLAIN: &str = "plain";
const GITHUB_SUMMARY: &str = "github-summary";

/// GitHub Docs, "Workflow commands": the file of the step's summary.
const STEP_SUMMARY: &str = "GITHUB_STEP_SUMMARY";

/// The settings of Markdown.
pub(crate) const SETTINGS: [Setting; 5] = [
    DOCUMENT_SETTINGS[0],
    DOCUMENT_SETTINGS[1],
    Setting::value(
        LIMIT,
        "SIZE",
        |text| Target::parse(text).map(drop),
        "The most that Markdown may have, in bytes or by where it goes: github-comment (65,536 characters), \
         github-step-summary (1 MiB), slack (4,000 characters, in Slack's own notation), none [default: none]",
    ),
    Setting::switch(PLAIN, "Leave the chart and the folding out of Markdown, for where they do not show"),
    Setting::switch(
        GITHUB_SUMMARY,
        "Append the Markdown to the summary of the job too, in GitHub Actions ($GITHUB_STEP_SUMMARY)",
    )
    .from_variable(STEP_SUMMARY)
    .reaching_out(),
];

/// GitHub takes 65,536 characters in a comment, an issue or the description of a pull request ("Body is too long").
const GITHUB_COMMENT: usize = 65_536;

/// GitHub Docs, "Workflow commands", Adding a job summary: 1 MiB a step.
pub(crate) const GITHUB_STEP_SUMMARY: usize = 1 << 20;

/// Slack API, `chat.postMessage`: "4,000 characters" for the best results, cut at 40,000.
const SLACK: usize = 4_000;

/// Where a summary goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    pub(crate) limit: Limit,
    /// Whether it is in Slack's notation and not in GitHub's.
    pub(crate) is_slack: bool,
}

impl Target {
    fn parse(text: &str) -> Result<Target, String> {
        let github = |limit| Target { limit, is_slack: false };
        let number = || text.parse().ok().filter(|bytes| *bytes > 0);
        let none = || "a number of bytes, or github-comment, github-step-summary, slack, none".to_owned();
        Ok(match text {
            "none" => github(Limit::None),
            "github-comment" => github(Limit::Characters(GITHUB_COMMENT)),
            "github-step-summary" => github(Limit::Bytes(GITHUB_STEP_SUMMARY)),
            "slack" => Target { limit: Limit::Characters(SLACK), is_slack: true },
            _ => github(Limit::Bytes(number().ok_or_else(none)?)),
        })
    }
}

/// The settings of Markdown, parsed.
#[derive(Clone, Debug)]
pub(crate) struct Options {
    pub(crate) document: DocumentOptions,
    pub(crate) target: Target,
    pub(crate) is_plain: bool,
    /// The file that GitHub Actions shows as the summary of the job, if the summary is to go there too.
    pub(crate) github_summary: Option<PathBuf>,
}

impl Options {
    pub(crate) fn new(settings: &Settings) -> Result<Options, String> {
        let github_summary = match settings.get(GITHUB_SUMMARY) {
            Some("") => {
                return Err(format!("--{GITHUB_SUMMARY} needs the variable {STEP_SUMMARY}, which GitHub Actions sets"));
            }
            path => path.map(PathBuf::from),
        };
        let none = Target { limit: Limit::None, is_slack: false };
        Ok(Options {
            document: DocumentOptions::new(settings)?,
            target: settings.parse(LIMIT, Target::parse)?.unwrap_or(none),
            is_plain: settings.is_on(PLAIN),
            github_summary,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_numbers_or_places() {
        let limit = |text| Target::parse(text).ok().map(|target| (target.limit, target.is_slack));
        assert_eq!(limit("5000"), Some((Limit::Bytes(5_000), false)));
        assert_eq!(limit("github-comment"), Some((Limit::Characters(65_536), false)));
        assert_eq!(limit("github-step-summary"), Some((Limit::Bytes(1_048_576), false)));
        assert_eq!(limit("slack"), Some((Limit::Characters(4_000), true)));
        assert_eq!(limit("none"), Some((Limit::None, false)));
        assert_eq!([limit("0"), limit("-1"), limit("1k"), limit("")], [None; 4]);
    }
}

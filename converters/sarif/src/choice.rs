//! What is wanted of SARIF: for whom, under which categories, where in the repository.

use std::path::PathBuf;

use inspector_report_format::{ConvertError, Setting, SettingKind, Settings};
use inspector_report_model::{Finding, value::Status};
use serde::{Deserialize, Serialize};

use crate::locations::{self, Locations};

const CATEGORY: &str = "sarif-category";
const STATE: &str = "sarif-state";
const PROFILE: &str = "sarif-profile";
const CLOSED: &str = "sarif-closed";
const ONLY_MAPPED: &str = "sarif-only-mapped";
const OVER_LIMIT: &str = "sarif-over-limit";
const LOCATIONS: &str = "sarif-locations";
const MAX_EMPTYING: &str = "sarif-max-emptying";
const ALLOW_EMPTYING: &str = "sarif-allow-emptying";

/// How much of the categories or alerts of a state may close at once, in percent, if nobody says otherwise.
const MOST: u64 = 20;

/// The settings of SARIF.
pub(crate) const SETTINGS: [Setting; 9] = [
    Setting::value(
        CATEGORY,
        "PREFIX",
        |prefix| match category_prefix(prefix) {
            true => Ok(()),
            false => {
                Err("letters, digits and - _ . / in which no part is blank, such as inspector/production".to_owned())
            }
        },
        "What categories in SARIF begin with, where one repository gets several uploads [default: amazon-inspector]",
    ),
    Setting {
        name: STATE,
        kind: SettingKind::Value("FILE"),
        check: |path| if path.is_empty() { Err("no file is named".to_owned()) } else { Ok(()) },
        help: "Remember in this file which categories were written, and what covered them: one that has no findings any \
               more is written empty, so that GitHub closes its alerts; one that a broken, missing or narrower report \
               may have findings of is held back",
        one_report: true,
        reaches_out: true,
    },
    Setting::value(
        MAX_EMPTYING,
        "PERCENT",
        |percent| parse_percent(percent).map(drop).ok_or_else(|| "a whole number from 0 to 100".to_owned()),
        "With --sarif-state, write nothing where more than so many of its alerts would close, or of its categories be \
         emptied [default: 20%]",
    ),
    Setting::switch(
        ALLOW_EMPTYING,
        "With --sarif-state, close the alerts of all that this report does not have, whatever it covers: for a single run \
         after accounts or Regions are gone or clean for good, or filters were changed on purpose. Not for a nightly job: \
         a broken report would then close alerts",
    ),
    Setting::value(
        PROFILE,
        "WHOM",
        |name| match name {
            "github" | "full" => Ok(()),
            _ => Err("github or full".to_owned()),
        },
        "Whom SARIF is for: github, or full for readers that honour suppressions and baselines: it has suppressed \
         findings too, and those that --previous has and the report has not [default: github]",
    ),
    Setting::switch(CLOSED, "Write closed findings too, as passed, with --sarif-profile full"),
    Setting::switch(
        ONLY_MAPPED,
        "Write only findings on resources that [sarif.locations] in inspector-report.toml maps to files",
    ),
    Setting::switch(OVER_LIMIT, "Write SARIF of over 1,000,000 alerts, at which GitHub blocks a repository"),
    Setting::table(LOCATIONS, locations::check, "Which file of the repository each resource is made of").reaching_out(),
];

/// `20` or `20%`.
fn parse_percent(percent: &str) -> Option<u64> {
    let digits = percent.strip_suffix('%').unwrap_or(percent);
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|percent| is_number && *percent <= 100)
}

/// The prefix if nobody says another.
const PREFIX: &str = "amazon-inspector";

fn category_prefix(prefix: &str) -> bool {
    let part = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b));
    prefix.len() <= 200 && prefix.split('/').all(part)
}

/// Whom the files are for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Profile {
    /// GitHub, which shows whatever it gets as open.
    #[default]
    GitHub,
    /// Readers of all that SARIF has: the VS Code viewer, DefectDojo, Azure DevOps.
    Full,
}

/// What is wanted.
#[derive(Debug, Default)]
pub(crate) struct Choice {
    pub(crate) prefix: String,
    pub(crate) state: Option<PathBuf>,
    pub(crate) profile: Profile,
    pub(crate) closed: bool,
    pub(crate) only_mapped: bool,
    pub(crate) over_limit: bool,
    /// How many of a hundred categories or alerts may close at once.
    pub(crate) max_emptying: u64,
    /// Whether the report is all there is, because somebody says so.
    pub(crate) allow_emptying: bool,
    pub(crate) locations: Locations,
}

impl Choice {
    pub(crate) fn new(settings: &Settings) -> Result<Choice, ConvertError> {
        let profile = if settings.get(PROFILE) == Some("full") { Profile::Full } else { Profile::GitHub };
        let choice = Choice {
            prefix: settings.get(CATEGORY).unwrap_or(PREFIX).to_owned(),
            state: settings.get(STATE).map(PathBuf::from),
            profile,
            closed: settings.is_on(CLOSED),
            only_mapped: settings.is_on(ONLY_MAPPED),
            over_limit: settings.is_on(OVER_LIMIT),
            max_emptying: settings.get(MAX_EMPTYING).and_then(parse_percent).unwrap_or(MOST),
            allow_emptying: settings.is_on(ALLOW_EMPTYING),
            locations: Locations::new(settings.get(LOCATIONS), settings.folder()).map_err(ConvertError::Format)?,
        };
        if choice.closed && profile == Profile::GitHub {
            let what = "--sarif-closed is for --sarif-profile full: GitHub would show closed findings as open";
            return Err(ConvertError::Format(what.to_owned()));
        }
        let made = [MAX_EMPTYING, ALLOW_EMPTYING].into_iter().find(|name| settings.get(name).is_some());
        if let Some(name) = made.filter(|_| choice.state.is_none()) {
            return Err(ConvertError::Format(format!(
                "--{name} is for --sarif-state, which knows what alerts there are"
            )));
        }
        if choice.only_mapped && choice.locations.is_empty() {
            let what = "--sarif-only-mapped needs [sarif.locations] in inspector-report.toml, and there is none";
            return Err(ConvertError::Format(what.to_owned()));
        }
        Ok(choice)
    }

    /// Whether findings with the status of this one are written.
    pub(crate) fn has_status(&self, finding: Finding<'_>) -> bool {
        match finding.status() {
            Status::Suppressed => self.profile == Profile::Full,
            Status::Closed => self.closed,
            _ => finding.is_open() || self.profile == Profile::Full,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, value: &str) -> Result<(), String> {
        (SETTINGS.iter().find(|setting| setting.name == name).unwrap().check)(value)
    }

    #[test]
    fn values_are_checked() {
        for good in ["inspector", "team-a/prod_1.x"] {
            assert_eq!(check(CATEGORY, good), Ok(()));
        }
        for bad in ["", "/x", "x/", "a//b", "a b", "基盤", "a:b"] {
            assert!(check(CATEGORY, bad).is_err(), "{bad}");
        }
        for (value, percent) in [("0", 0), ("20", 20), ("20%", 20), ("100%", 100)] {
            assert_eq!((check(MAX_EMPTYING, value), parse_percent(value)), (Ok(()), Some(percent)));
        }
        for bad in ["", "%", "101", "-1", "+5", "2.5", "20 %", "a fifth"] {
            assert!(check(MAX_EMPTYING, bad).is_err(), "{bad}");
        }
        assert!(check(PROFILE, "full").is_ok() && check(PROFILE, "Full").is_err() && check(STATE, "").is_err());
    }

    #[test]
    fn what_makes_no_sense_together_is_refused() {
        let mut settings = Settings::default();
        settings.switch_on(CLOSED);
        assert!(Choice::new(&settings).unwrap_err().to_string().contains("--sarif-profile full"));
        settings.set(PROFILE, "full");
        assert!(Choice::new(&settings).is_ok());
        settings.switch_on(ONLY_MAPPED);
        assert!(Choice::new(&settings).unwrap_err().to_string().contains("[sarif.locations]"));
        for (name, value) in [(MAX_EMPTYING, "50"), (ALLOW_EMPTYING, "")] {
            let mut settings = Settings::default();
            settings.set(name, value);
            let error = Choice::new(&settings).unwrap_err().to_string();
            assert!(error.starts_with(&format!("--{name} is for --sarif-state")), "{error}");
            settings.set(STATE, "state.json");
            assert!(Choice::new(&settings).is_ok());
        }
    }
}

//! What is wanted of SARIF: for whom, under which categories, where in the repository.

use std::path::PathBuf;

use inspector_report_format::{Setting, SettingKind, Settings};
use inspector_report_model::{Finding, value::Status};
use serde::{Deserialize, Serialize};

use crate::{
    category::CategoryBy,
    locations::{self, Locations},
};

const CATEGORY: &str = "sarif-category";
const CATEGORY_BY: &str = "sarif-category-by";
const STATE: &str = "sarif-state";
const PROFILE: &str = "sarif-profile";
const CLOSED: &str = "sarif-closed";
const ONLY_MAPPED: &str = "sarif-only-mapped";
const OVER_LIMIT: &str = "sarif-over-limit";
const LOCATIONS: &str = "sarif-locations";
const MAX_EMPTYING: &str = "sarif-max-emptying";
const ALLOW_EMPTYING: &str = "sarif-allow-emptying";

/// How many of the accounts and Regions, or of the alerts, of a state may close at once, in percent, if nobody says otherwise.
const MOST: u64 = 20;

/// The settings of SARIF.
pub(crate) const SETTINGS: [Setting; 10] = [
    Setting::value(
        CATEGORY,
        "PREFIX",
        |prefix| parse_prefix(prefix).map(drop),
        "What categories in SARIF begin with, where one repository gets several uploads [default: amazon-inspector]",
    ),
    Setting::value(
        CATEGORY_BY,
        "LIST",
        |list| CategoryBy::parse(list).map(drop),
        "What a category in SARIF stands for: a list of account, region and resource-type, or report. Two reports that \
         share a category close each other's alerts: a repository that gets several needs what tells them apart [default: \
         account,region; region for a report of several accounts; report with --sarif-state]",
    ),
    Setting {
        name: STATE,
        kind: SettingKind::Value("FILE"),
        check: |path| parse_state(path).map(drop),
        help: "Remember in this file which categories were written, and what covered them: one that has no findings any \
               more is written empty, so that GitHub closes its alerts; one that a broken, missing or narrower report \
               may have findings of is held back",
        one_report: true,
        reaches_out: true,
        variable: None,
    },
    Setting::value(
        MAX_EMPTYING,
        "PERCENT",
        |percent| parse_percent(percent).map(drop),
        "With --sarif-state, write nothing where more than so many of its alerts would close, or of its accounts and \
         Regions have none left [default: 20%]",
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
        |name| Profile::parse(name).map(drop),
        "Whom SARIF is for: github, or full for readers that honour suppressions and baselines: it has suppressed \
         findings too, and those that --previous has and the report has not [default: github]",
    ),
    Setting::switch(CLOSED, "Write closed findings too, as passed, with --sarif-profile full"),
    Setting::switch(
        ONLY_MAPPED,
        "Write only findings on resources that [sarif.locations] in inspector-report.toml maps to files",
    ),
    Setting::switch(
        OVER_LIMIT,
        "Write SARIF of over 1,000,000 alerts: GitHub blocks a repository that has too many, and names no number",
    ),
    Setting::table(LOCATIONS, locations::check, "Which file of the repository each resource is made of").reaching_out(),
];

/// `20` or `20%`.
fn parse_percent(text: &str) -> Result<u64, String> {
    let digits = text.strip_suffix('%').unwrap_or(text);
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let percent = digits.parse().ok().filter(|percent| is_number && *percent <= 100);
    percent.ok_or_else(|| "a whole number from 0 to 100".to_owned())
}

/// The prefix if nobody says another.
const PREFIX: &str = "amazon-inspector";

fn parse_prefix(prefix: &str) -> Result<String, String> {
    let part = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b));
    match prefix.len() <= 200 && prefix.split('/').all(part) {
        true => Ok(prefix.to_owned()),
        false => Err("letters, digits and - _ . / in which no part is blank, such as inspector/production".to_owned()),
    }
}

fn parse_state(path: &str) -> Result<PathBuf, String> {
    if path.is_empty() { Err("no file is named".to_owned()) } else { Ok(PathBuf::from(path)) }
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

impl Profile {
    fn parse(name: &str) -> Result<Profile, String> {
        match name {
            "github" => Ok(Profile::GitHub),
            "full" => Ok(Profile::Full),
            _ => Err("github or full".to_owned()),
        }
    }
}

/// The settings of SARIF, parsed.
#[derive(Debug, Default)]
pub(crate) struct Options {
    pub(crate) prefix: String,
    /// What a category stands for, if somebody says it.
    pub(crate) category_by: Option<CategoryBy>,
    pub(crate) state: Option<PathBuf>,
    pub(crate) profile: Profile,
    pub(crate) closed: bool,
    pub(crate) only_mapped: bool,
    pub(crate) over_limit: bool,
    /// How many of a hundred alerts, or accounts and Regions, may close at once.
    pub(crate) max_emptying: u64,
    /// Whether the report is all there is, because somebody says so.
    pub(crate) allow_emptying: bool,
    pub(crate) locations: Locations,
}

impl Options {
    pub(crate) fn new(settings: &Settings) -> Result<Options, String> {
        let profile = settings.parse(PROFILE, Profile::parse)?.unwrap_or_default();
        let options = Options {
            prefix: settings.parse(CATEGORY, parse_prefix)?.unwrap_or_else(|| PREFIX.to_owned()),
            category_by: settings.parse(CATEGORY_BY, CategoryBy::parse)?,
            state: settings.parse(STATE, parse_state)?,
            profile,
            closed: settings.is_on(CLOSED),
            only_mapped: settings.is_on(ONLY_MAPPED),
            over_limit: settings.is_on(OVER_LIMIT),
            max_emptying: settings.parse(MAX_EMPTYING, parse_percent)?.unwrap_or(MOST),
            allow_emptying: settings.is_on(ALLOW_EMPTYING),
            locations: Locations::new(settings.get(LOCATIONS), settings.folder())?,
        };
        if options.closed && profile == Profile::GitHub {
            return Err(
                "--sarif-closed is for --sarif-profile full: GitHub would show closed findings as open".to_owned()
            );
        }
        let made = [MAX_EMPTYING, ALLOW_EMPTYING].into_iter().find(|name| settings.is_on(name));
        if let Some(name) = made.filter(|_| options.state.is_none()) {
            return Err(format!("--{name} is for --sarif-state, which knows what alerts there are"));
        }
        if options.only_mapped && options.locations.is_empty() {
            return Err(
                "--sarif-only-mapped needs [sarif.locations] in inspector-report.toml, and there is none".to_owned()
            );
        }
        Ok(options)
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
            assert_eq!((check(MAX_EMPTYING, value), parse_percent(value)), (Ok(()), Ok(percent)));
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
        assert!(Options::new(&settings).unwrap_err().contains("--sarif-profile full"));
        settings.set(PROFILE, "full");
        assert!(Options::new(&settings).is_ok());
        settings.switch_on(ONLY_MAPPED);
        assert!(Options::new(&settings).unwrap_err().contains("[sarif.locations]"));
        for (name, value) in [(MAX_EMPTYING, "50"), (ALLOW_EMPTYING, "")] {
            let mut settings = Settings::default();
            settings.set(name, value);
            let error = Options::new(&settings).unwrap_err();
            assert!(error.starts_with(&format!("--{name} is for --sarif-state")), "{error}");
            settings.set(STATE, "state.json");
            assert!(Options::new(&settings).is_ok());
        }
    }
}

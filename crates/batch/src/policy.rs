//! How findings are judged, as a configuration file and options say: priorities, due dates, owners, and what others know of
//! vulnerabilities.
//!
//! ```toml
//! [priority]
//! epss = 0.10                       # attackable from here on; "off" ignores EPSS
//! epss-routine = 0.01               # high without a signal is routine below this; "off" is usual
//! public-ip = "exposed"             # or "ignore"
//! idle = "one-step-down"            # or "ignore"
//! untriaged = "high"                # the severity of what neither a vendor nor a score rates
//! raise = { tags = ["tier=1"], accounts = ["111122223333"] }
//! internet = { tags = ["exposure=public"] }
//! internal = { tags = ["exposure=internal"] }
//! labels = "default"                # or "ssvc", "levels", or five words of your own
//!
//! [priority.rules]                  # by number: another outcome, or "off"
//! 8 = "soon"
//!
//! [sla]                             # by priority or by severity; or preset = "severity"
//! act-now = 3
//! soon = 14
//! kev = 14
//! kev-due = "show"                  # or "cap": CISA's own due date binds
//!
//! [owner]
//! tags = ["Owner", "Team", "担当"]   # the first that a resource has
//! accounts-file = "accounts.csv"    # columns Account ID, Owner
//!
//! [owner.resources]                 # by name or id; of several that fit, the longest pattern counts
//! "shop/*" = "Shop team"
//!
//! [owner.accounts]
//! "111122223333" = "Platform team"
//!
//! [intelligence]
//! kev = "known_exploited_vulnerabilities.json"
//! epss = "epss_scores-current.csv.gz"
//! ```

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
};

use serde::Deserialize;
use toml::{Table, Value};

use crate::{
    cache::hash_text,
    core::{
        FileSystem, Policy, Priority,
        jiff::tz::TimeZone,
        priority::{DueTargets, Labels, Places, RuleSetting},
        value::Severity,
    },
};
use inspector_report_reader::{Reference, read_accounts, read_epss, read_kev};

/// A policy, with what is to be known of how it came about.
#[derive(Clone, Debug)]
pub struct Judging {
    /// The policy.
    pub policy: Arc<Policy>,
    /// The files that it was read from besides the configuration. No output replaces them.
    pub files: Vec<PathBuf>,
    /// What the person who gave these should know, in English.
    pub notes: Vec<String>,
    /// A hash of all that it depends on.
    pub(crate) spec: String,
}

impl Default for Judging {
    fn default() -> Judging {
        let policy = Arc::new(Policy::default());
        Judging { policy, files: Vec::new(), notes: Vec::new(), spec: String::new() }
    }
}

/// What options say; it comes before what the configuration says.
#[derive(Clone, Debug, Default)]
pub struct JudgingOptions {
    /// `--sla`.
    pub targets: Option<DueTargets>,
    /// `--kev`.
    pub kev: Option<PathBuf>,
    /// `--epss`.
    pub epss: Option<PathBuf>,
}

/// The tables of a configuration file that say how findings are judged, as they stand there.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Tables {
    priority: PriorityTable,
    sla: Option<BTreeMap<String, Value>>,
    owner: OwnerTable,
    intelligence: IntelligenceTable,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
struct PriorityTable {
    epss: Option<Value>,
    #[serde(alias = "epss_routine")]
    epss_routine: Option<Value>,
    #[serde(alias = "public_ip")]
    public_ip: Option<String>,
    idle: Option<String>,
    untriaged: Option<String>,
    raise: PlacesTable,
    internet: PlacesTable,
    internal: PlacesTable,
    labels: Option<Value>,
    rules: BTreeMap<String, String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct PlacesTable {
    tags: Vec<String>,
    accounts: Vec<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
struct OwnerTable {
    tags: Option<Vec<String>>,
    #[serde(alias = "accounts_file")]
    accounts_file: Option<PathBuf>,
    accounts: BTreeMap<String, String>,
    resources: BTreeMap<String, String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct IntelligenceTable {
    kev: Option<PathBuf>,
    epss: Option<PathBuf>,
}

impl Judging {
    /// The names of the tables of a configuration file that are read here.
    pub const TABLES: [&str; 4] = ["priority", "sla", "owner", "intelligence"];

    /// The policy of these tables and options. Paths in the tables are of `folder`; days are those of `zone`.
    ///
    /// # Errors
    /// A sentence that says what is wrong, and where.
    pub fn new(
        tables: Table,
        folder: &Path,
        options: JudgingOptions,
        zone: TimeZone,
        files: &dyn FileSystem,
    ) -> Result<Judging, String> {
        let spec = format!("{tables:?} {:?} {zone:?}", options.targets);
        let Tables { priority, sla, owner, intelligence } =
            tables.try_into().map_err(|error: toml::de::Error| error.message().to_owned())?;
        let mut policy = Policy { zone, ..Policy::default() };
        priority.set(&mut policy)?;
        policy.targets = match (options.targets, sla) {
            (Some(targets), None) => Some(targets),
            (given, Some(table)) => {
                let of_table = targets(table).map_err(|what| format!("[sla] {what}"))?;
                let is_capped_by_kev = of_table.is_capped_by_kev;
                Some(given.map_or(of_table, |given| DueTargets { is_capped_by_kev, ..given }))
            }
            (None, None) => None,
        };
        let mut reading = Reading { files, judging: Judging { spec, ..Judging::default() } };
        if let Some(tags) = owner.tags {
            policy.owners.tags = tags;
        }
        policy.owners.resources = owner.resources.into_iter().collect();
        // The longest pattern says most of what it is for.
        policy.owners.resources.sort_by_key(|(pattern, _)| std::cmp::Reverse(pattern.chars().count()));
        policy.owners.accounts = owner.accounts.into_iter().collect();
        if let Some(path) = owner.accounts_file {
            let listed = reading.read(&folder.join(path), |_, bytes| read_accounts(bytes))?;
            let named = listed.into_iter().filter(|account| !account.owner.is_empty());
            policy.owners.accounts.extend(named.map(|account| (account.id, account.owner)));
        }
        if let Some(path) = options.kev.or_else(|| intelligence.kev.map(|path| folder.join(path))) {
            policy.kev = Some(Arc::new(reading.read(&path, read_kev)?));
        }
        if let Some(path) = options.epss.or_else(|| intelligence.epss.map(|path| folder.join(path))) {
            policy.epss_scores = Some(Arc::new(reading.read(&path, read_epss)?));
        }
        let Judging { files, notes, spec, .. } = reading.judging;
        Ok(Judging { policy: Arc::new(policy), files, notes, spec: hash_text(&spec) })
    }
}

/// Reads files, and keeps what is to be known of them.
struct Reading<'f> {
    files: &'f dyn FileSystem,
    judging: Judging,
}

impl Reading<'_> {
    fn read<T>(
        &mut self,
        path: &Path,
        parse: impl Fn(&str, &[u8]) -> Result<Reference<T>, String>,
    ) -> Result<T, String> {
        let named = |what: String| format!("{}: {what}", path.display());
        let bytes = self.files.read(path).map_err(|error| named(format!("cannot be read: {error}")))?;
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let Reference { value, notes } = parse(&name, &bytes).map_err(named)?;
        self.judging.notes.extend(notes.into_iter().map(named));
        self.judging.spec.push_str(&format!(" {name} {}", blake3::hash(&bytes)));
        self.judging.files.push(path.to_owned());
        Ok(value)
    }
}

impl PriorityTable {
    fn set(self, policy: &mut Policy) -> Result<(), String> {
        let in_table = |key: &str, what: &str| format!("[priority] {key}: {what}");
        let score = |key: &str, value: Option<Value>, usual: Option<f64>| match value {
            None => Ok(usual),
            Some(Value::String(off)) if off == "off" => Ok(None),
            Some(Value::Float(score)) if (0.0..=1.0).contains(&score) => Ok(Some(score)),
            Some(Value::Integer(score @ 0..=1)) => Ok(Some(score as f64)),
            Some(_) => Err(in_table(key, "must be a score from 0 to 1, or \"off\"")),
        };
        policy.epss = score("epss", self.epss, policy.epss)?;
        policy.epss_routine = score("epss-routine", self.epss_routine, None)?;
        let choice = |key: &str, value: Option<String>, on: &str| match value.as_deref() {
            None => Ok(true),
            Some(value) if value == on => Ok(true),
            Some("ignore") => Ok(false),
            Some(_) => Err(in_table(key, &format!("must be \"{on}\" or \"ignore\""))),
        };
        policy.public_ip = choice("public-ip", self.public_ip, "exposed")?;
        policy.idle = choice("idle", self.idle, "one-step-down")?;
        if let Some(name) = self.untriaged {
            let severity = Severity::KNOWN.iter().find(|severity| severity.as_str().eq_ignore_ascii_case(&name));
            let rank = severity.map(|severity| severity.rank()).filter(|rank| *rank < 5);
            policy.untriaged =
                rank.ok_or_else(|| in_table("untriaged", "must be critical, high, medium, low or informational"))?;
        }
        policy.raise = self.raise.places();
        policy.internet = self.internet.places();
        policy.internal = self.internal.places();
        for (number, outcome) in self.rules {
            let rule = number.parse().ok().and_then(|number: usize| policy.rules.get_mut(number.checked_sub(1)?));
            let rule =
                rule.ok_or_else(|| in_table("rules", &format!("there is no rule {number}: they are 1 to 11")))?;
            *rule = match (outcome.as_str(), Priority::parse(&outcome)) {
                ("off", _) => RuleSetting::Off,
                (_, Some(priority)) => RuleSetting::Outcome(priority),
                _ => return Err(in_table("rules", &format!("{number} must be \"off\" or one of {}", priorities()))),
            };
        }
        policy.labels = match self.labels {
            None => Labels::Usual,
            Some(Value::String(name)) if name == "default" => Labels::Usual,
            Some(Value::String(name)) if name == "ssvc" => Labels::Ssvc,
            Some(Value::String(name)) if name == "levels" => Labels::Levels,
            Some(Value::Array(words)) => {
                let words: Option<Vec<String>> =
                    words.into_iter().map(|word| Some(word.as_str()?.to_owned())).collect();
                let words = words.and_then(|words| words.try_into().ok());
                Labels::Own(words.ok_or_else(|| in_table("labels", "must be five words"))?)
            }
            Some(_) => return Err(in_table("labels", "must be \"default\", \"ssvc\", \"levels\", or five words")),
        };
        Ok(())
    }
}

/// The names of the priorities, for a message.
fn priorities() -> String {
    Priority::ALL.map(Priority::as_str).join(", ")
}

impl PlacesTable {
    fn places(self) -> Places {
        let tag = |tag: String| match tag.split_once('=') {
            Some((key, value)) => (key.trim().to_owned(), Some(value.trim().to_owned())),
            None => (tag.trim().to_owned(), None),
        };
        Places { tags: self.tags.into_iter().map(tag).collect(), accounts: self.accounts }
    }
}

fn targets(mut table: BTreeMap<String, Value>) -> Result<DueTargets, String> {
    let kev_due = table.remove("kev-due").or_else(|| table.remove("kev_due"));
    let is_capped_by_kev = match kev_due.as_ref().map(Value::as_str) {
        None | Some(Some("show")) => false,
        Some(Some("cap")) => true,
        Some(_) => return Err("kev-due: must be \"show\" or \"cap\"".to_owned()),
    };
    let mut targets = match table.remove("preset") {
        Some(Value::String(name)) if !name.contains('=') => DueTargets::parse(&name)?,
        Some(_) => return Err("preset: must be a name in quotes".to_owned()),
        None => {
            let item = |(name, days): (String, Value)| match days {
                Value::Integer(days) => Ok(format!("{name}={days}")),
                _ => Err(format!("{name}: must be a number of days")),
            };
            let items: Result<Vec<String>, String> = std::mem::take(&mut table).into_iter().map(item).collect();
            DueTargets::parse(&items?.join(","))?
        }
    };
    if let Some(Value::Integer(days)) = table.remove("kev") {
        targets.kev = u32::try_from(days).ok().filter(|days| (1..=DueTargets::LONGEST).contains(days));
    }
    match table.keys().next() {
        Some(name) => Err(format!("{name}: a preset has all targets but kev")),
        None => Ok(DueTargets { is_capped_by_kev, ..targets }),
    }
}

#[cfg(test)]
mod tests {
    use inspector_report_format::MemoryFiles;

    use super::*;
    use crate::core::priority::TargetsBy;

    fn judging(text: &str, files: &MemoryFiles) -> Result<Judging, String> {
        Judging::new(text.parse().unwrap(), Path::new("conf"), JudgingOptions::default(), TimeZone::UTC, files)
    }

    #[test]
    fn a_configuration_says_all_of_a_policy() {
        let files = MemoryFiles::new()
            .with("conf/accounts.csv", "Account ID,Owner\n1234,基盤\n444455556666,\n")
            .with("conf/kev.csv", "cveID,dateAdded\nCVE-2024-0001,2026-01-01\nx,\n")
            .with("conf/epss.csv", "cve,epss\nCVE-2024-0001,0.5\n");
        let text = r#"
            [priority]
            epss = 0.2
            epss-routine = 0.01
            public_ip = "ignore"
            idle = "ignore"
            untriaged = "medium"
            raise = { tags = ["tier=1", "vip"], accounts = ["111122223333"] }
            labels = ["a", "b", "c", "d", "e"]
            [priority.rules]
            8 = "soon"
            4 = "off"
            [sla]
            act-now = 2
            kev = 5
            kev-due = "cap"
            [owner]
            tags = ["担当"]
            accounts-file = "accounts.csv"
            [owner.resources]
            "shop*" = "shop"
            "shop/api*" = "api"
            [owner.accounts]
            "111122223333" = "platform"
            [intelligence]
            kev = "kev.csv"
            epss = "epss.csv"
        "#;
        let Judging { policy, files, notes, .. } = judging(text, &files).unwrap();
        assert_eq!(
            (policy.epss, policy.epss_routine, policy.public_ip, policy.idle),
            (Some(0.2), Some(0.01), false, false)
        );
        assert_eq!(policy.untriaged, 2);
        let tags = [("tier".to_owned(), Some("1".to_owned())), ("vip".to_owned(), None)];
        assert_eq!((&policy.raise.tags[..], &policy.raise.accounts[..]), (&tags[..], &["111122223333".to_owned()][..]));
        assert_eq!(policy.rules[7], RuleSetting::Outcome(Priority::Soon));
        assert_eq!((policy.rules[3], policy.rules[0]), (RuleSetting::Off, RuleSetting::Usual));
        assert_eq!(policy.labels, Labels::Own(["a", "b", "c", "d", "e"].map(str::to_owned)));
        let targets = policy.targets.as_ref().unwrap();
        assert_eq!(targets.by, TargetsBy::Priority([Some(2), None, None, None, None]));
        assert_eq!((targets.kev, targets.is_capped_by_kev), (Some(5), true));
        assert_eq!(policy.owners.tags, ["担当"]);
        let owners: Vec<&str> = policy.owners.resources.iter().map(|(_, owner)| owner.as_str()).collect();
        assert_eq!(owners, ["api", "shop"], "the longest pattern first");
        let accounts = [("111122223333", "platform"), ("000000001234", "基盤")];
        assert_eq!(policy.owners.accounts, accounts.map(|(id, owner)| (id.to_owned(), owner.to_owned())));
        assert_eq!((policy.kev.as_ref().unwrap().len(), policy.epss_scores.as_ref().unwrap().len()), (1, 1));
        assert_eq!((files.len(), notes.len()), (3, 1));
        assert!(notes[0].contains("kev.csv: 1 entry is left out"), "{}", notes[0]);
    }

    #[test]
    fn what_is_wrong_is_named() {
        let none = MemoryFiles::new();
        for (text, words) in [
            ("[priority]\nepss = 2", "[priority] epss: must be a score"),
            ("[priority]\nepss = \"on\"", "[priority] epss: must be a score"),
            ("[priority]\nidle = \"no\"", "[priority] idle: must be \"one-step-down\" or \"ignore\""),
            ("[priority]\nuntriaged = \"grave\"", "must be critical, high"),
            ("[priority]\nlabels = [\"a\"]", "must be five words"),
            ("[priority]\nthreshold = 1", "unknown field `threshold`"),
            ("[priority.rules]\n12 = \"soon\"", "there is no rule 12"),
            ("[priority.rules]\n1 = \"now\"", "act-now, soon, planned"),
            ("[sla]\nhigh = \"x\"", "[sla] high: must be a number of days"),
            ("[sla]\nhigh = 0", "days are a whole number"),
            ("[sla]\nhigh = 1\nsoon = 2", "not by both"),
            ("[sla]\npreset = \"severity\"\nhigh = 1", "a preset has all targets"),
            ("[sla]\npreset = \"nist\"", "not of the form"),
            ("[sla]\nkev-due = 1\nhigh = 1", "must be \"show\" or \"cap\""),
            ("[owner]\nname = \"x\"", "unknown field `name`"),
            ("[intelligence]\nkev = \"kev.json\"", "conf/kev.json: cannot be read"),
        ] {
            let error = judging(text, &none).unwrap_err();
            assert!(error.contains(words), "{text}: {error}");
        }
    }

    #[test]
    fn options_come_before_the_configuration() {
        let options = JudgingOptions { targets: DueTargets::parse("high=1").ok(), ..JudgingOptions::default() };
        let tables: Table = "[sla]\nsoon = 2\nkev-due = \"cap\"".parse().unwrap();
        let judging = Judging::new(tables, Path::new(""), options, TimeZone::UTC, &MemoryFiles::new()).unwrap();
        let targets = judging.policy.targets.clone().unwrap();
        assert!(matches!(targets.by, TargetsBy::Severity(days) if days[1] == Some(1)) && targets.is_capped_by_kev);
    }
}

//! The table in force in words: what `priority` prints, and the Glossary of a workbook has.

use inspector_report_localizer::{Args, Localizer};

use super::{Policy, Priority, RULES, RuleSetting, TargetsBy};

/// A rule of the table in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleWords {
    /// Its number.
    pub number: u8,
    /// When it holds.
    pub condition: String,
    /// What it comes to; `None` where it is switched off.
    pub priority: Option<Priority>,
    /// Its name.
    pub label: String,
    /// Where it comes from, or that the configuration has changed it.
    pub source: String,
}

impl Policy {
    /// The rules in force, in order.
    pub fn rules_in_words(&self, texts: &Localizer) -> Vec<RuleWords> {
        let words = |rule: &super::Rule| {
            let setting = self.rules[usize::from(rule.number) - 1];
            let priority = match setting {
                RuleSetting::Usual => Some(rule.priority),
                RuleSetting::Outcome(priority) => Some(priority),
                RuleSetting::Off => None,
            };
            let source = match setting {
                RuleSetting::Usual => texts.get(&format!("{}.source", rule.key)),
                _ => {
                    let usual = self.label(rule.priority, texts);
                    texts.format("priority-rule-changed", &Args::new().text("usual", &usual))
                }
            };
            RuleWords {
                number: rule.number,
                condition: texts.get(rule.key),
                priority,
                label: priority.map_or_else(|| texts.get("priority-rule-off"), |priority| self.label(priority, texts)),
                source,
            }
        };
        RULES.iter().map(words).collect()
    }

    /// All of it, as a terminal shows it.
    pub fn table_in_words(&self, texts: &Localizer) -> String {
        let mut text = format!("{}\n\n", texts.get("priority-head"));
        for rule in self.rules_in_words(texts) {
            let RuleWords { number, condition, label, source, .. } = rule;
            text.push_str(&format!("{number:>2}. {condition}: {label}\n    {source}\n"));
        }
        text.push('\n');
        for priority in Priority::ALL {
            let days = self
                .days(priority)
                .map(|days| texts.format("priority-days", &Args::new().text("days", &texts.number(u64::from(days)))));
            let meaning = texts.get(&format!("{}.meaning", priority.key()));
            let days = days.map(|days| format!(" {days}")).unwrap_or_default();
            text.push_str(&format!("{} ({priority}): {meaning}{days}\n", self.label(priority, texts)));
        }
        text.push('\n');
        for note in self.notes_in_words(texts) {
            text.push_str(&format!("{note}\n"));
        }
        if let Some(targets) = self.targets_in_words(texts) {
            text.push_str(&texts.format("targets-in-force", &Args::new().text("targets", &targets)));
            text.push('\n');
        }
        text
    }

    /// What words of the rules mean, and what else the policy does. Sentences.
    pub fn notes_in_words(&self, texts: &Localizer) -> Vec<String> {
        let mut notes = Vec::new();
        notes.push(match self.epss {
            Some(epss) => {
                let epss = epss.to_string();
                texts.format("priority-note-attackable", &Args::new().text("epss", &epss))
            }
            None => texts.get("priority-note-attackable-exploit"),
        });
        let public_ip = if self.public_ip { "yes" } else { "no" };
        notes.push(texts.format("priority-note-exposed", &Args::new().text("publicIp", public_ip)));
        if self.idle {
            notes.push(texts.get("priority-note-idle"));
        }
        if let Some(epss) = self.epss_routine {
            let epss = epss.to_string();
            notes.push(texts.format("priority-note-routine", &Args::new().text("epss", &epss)));
        }
        notes.push(texts.get("priority-note-exploit"));
        if self.kev.is_none() {
            notes.push(texts.get("kev-not-checked"));
        }
        notes
    }

    /// The days that a priority has, if due dates go by priorities.
    pub fn days(&self, priority: Priority) -> Option<u32> {
        match &self.targets.as_ref()?.by {
            TargetsBy::Priority(days) => days[priority.rank()],
            TargetsBy::Severity(_) => None,
        }
    }

    /// The days in words: `Critical 7, High 30`; `None` without targets.
    pub fn targets_in_words(&self, texts: &Localizer) -> Option<String> {
        let targets = self.targets.as_ref()?;
        let item = |name: String, days: &Option<u32>| {
            let days = texts.number(u64::from((*days)?));
            Some(texts.format("target-days", &Args::new().text("name", &name).text("days", &days)))
        };
        let mut items: Vec<String> = match &targets.by {
            TargetsBy::Priority(days) => Priority::ALL
                .iter()
                .zip(days)
                .filter_map(|(priority, days)| item(self.label(*priority, texts), days))
                .collect(),
            TargetsBy::Severity(days) => {
                days.iter().enumerate().filter_map(|(rank, days)| item(texts.severity_rank(rank), days)).collect()
            }
        };
        items.extend(item("KEV".to_owned(), &targets.kev));
        Some(items.join(&texts.get("reason-separator")))
    }
}

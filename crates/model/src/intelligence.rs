//! What others know of vulnerabilities, besides the report: CISA's catalogue of those that are exploited, and FIRST's
//! scores. Both are by CVE id.

use std::collections::HashMap;

use jiff::civil::Date;

/// CISA's Known Exploited Vulnerabilities catalogue (KEV).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KevCatalog {
    /// The name of its file, without folders.
    pub file: String,
    /// `catalogVersion`, as `2026.09.29`; the file in CSV has none.
    pub version: Option<String>,
    /// The last `dateAdded`.
    pub newest: Option<Date>,
    entries: HashMap<u64, KevEntry>,
}

/// What the catalogue says of a vulnerability.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KevEntry {
    /// `dateAdded`: when it was listed.
    pub date_added: Option<Date>,
    /// `dueDate`: until when American federal agencies have to settle it.
    pub due_date: Option<Date>,
    /// `knownRansomwareCampaignUse` is Known.
    pub ransomware: bool,
    /// `forensicTriage` is Yes: look for signs of a break-in. Files of before June 2026 do not have it.
    pub forensic_triage: bool,
}

impl KevCatalog {
    /// That of a file, which lists nothing yet.
    pub fn new(file: &str) -> KevCatalog {
        KevCatalog { file: file.to_owned(), ..KevCatalog::default() }
    }

    /// Takes an entry in; `false` if the id is no CVE id. Of two with one id, the earlier dates and what is worse count.
    pub fn insert(&mut self, id: &str, entry: KevEntry) -> bool {
        let Some(key) = cve_number(id) else { return false };
        self.newest = self.newest.max(entry.date_added);
        let known = self.entries.entry(key).or_insert_with(|| entry.clone());
        let earlier = |one: Option<Date>, other: Option<Date>| [one, other].into_iter().flatten().min();
        known.date_added = earlier(known.date_added, entry.date_added);
        known.due_date = earlier(known.due_date, entry.due_date);
        known.ransomware |= entry.ransomware;
        known.forensic_triage |= entry.forensic_triage;
        true
    }

    /// What it says of a vulnerability, by its CVE id.
    pub fn get(&self, id: &str) -> Option<&KevEntry> {
        self.entries.get(&cve_number(id)?)
    }

    /// How many vulnerabilities it lists.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether it lists none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

/// FIRST's Exploit Prediction Scoring System (EPSS): the scores of a day.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EpssScores {
    /// The name of the file, without folders.
    pub file: String,
    /// `model_version`, as `v2026.06.15`. Scores of different models do not compare.
    pub model: Option<String>,
    /// The day of `score_date`.
    pub date: Option<Date>,
    scores: HashMap<u64, f64>,
}

impl EpssScores {
    /// Those of a file, which has none yet.
    pub fn new(file: &str) -> EpssScores {
        EpssScores { file: file.to_owned(), ..EpssScores::default() }
    }

    /// Takes a score in; `false` if the id is no CVE id, or the score is none from 0 to 1.
    pub fn insert(&mut self, id: &str, score: f64) -> bool {
        let key = cve_number(id).filter(|_| (0.0..=1.0).contains(&score));
        key.is_some_and(|key| {
            self.scores.insert(key, score);
            true
        })
    }

    /// The score of a vulnerability, by its CVE id.
    pub fn get(&self, id: &str) -> Option<f64> {
        self.scores.get(&cve_number(id)?).copied()
    }

    /// How many scores it has.
    pub fn len(&self) -> usize {
        self.scores.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.scores.is_empty()
    }
}

/// A CVE id as a number: the year, and what follows (at least four digits, with leading zeros).
fn cve_number(id: &str) -> Option<u64> {
    let id = id.trim();
    let start = id.get(..4).filter(|start| start.eq_ignore_ascii_case("CVE-"))?;
    let (year, number) = id[start.len()..].split_once('-')?;
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let is_id = year.len() == 4 && (4..=12).contains(&number.len()) && digits(year) && digits(number);
    is_id.then(|| Some(year.parse::<u64>().ok()? << 40 | number.parse::<u64>().ok()?))?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_those_of_cve_in_any_case() {
        let mut scores = EpssScores::default();
        assert!(scores.insert("CVE-2024-0001", 0.5) && scores.insert(" cve-2024-123456", 1.0));
        for id in ["CVE-2024-1", "GHSA-2024-0001", "CVE-24-0001", "CVE-2024-", "CVE-2024-00x1", "", "CVE-2024"] {
            assert!(!scores.insert(id, 0.5), "{id}");
        }
        assert!(!scores.insert("CVE-2024-0002", 1.1) && !scores.insert("CVE-2024-0002", f64::NAN));
        let of = |id: &str| scores.get(id);
        assert_eq!((of("cve-2024-0001"), of("CVE-2024-123456"), of("CVE-2025-0001")), (Some(0.5), Some(1.0), None));
        assert_eq!(scores.len(), 2);
    }

    #[test]
    fn of_two_entries_the_earlier_and_the_worse_count() {
        let day = |day: i8| Some(jiff::civil::date(2026, 1, day));
        let mut catalog = KevCatalog::default();
        let entry = |added, ransomware| KevEntry { date_added: day(added), ransomware, ..KevEntry::default() };
        assert!(catalog.insert("CVE-2024-0001", entry(2, true)) && catalog.insert("CVE-2024-0001", entry(1, false)));
        assert!(!catalog.insert("no id", entry(9, true)));
        assert_eq!(catalog.get("CVE-2024-0001"), Some(&entry(1, true)));
        assert_eq!((catalog.len(), catalog.newest), (1, day(2)));
    }
}

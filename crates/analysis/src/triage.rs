//! What people fill in: who does it, until when, how far it is, notes; beside findings and beside actions.
//!
//! A workbook has columns for it, in either language. Filled in, it is read as a report with columns of its own; those
//! that have one of these headings are what was filled in. It comes over to a later report with the finding that the
//! comparison pairs, and with the same action: the one that the same facts give (kind, packages and fixed versions, or
//! vulnerability, port, detector), else the one that settles most of the same findings, else the one with the same words.

use std::{
    borrow::Cow,
    cell::OnceCell,
    cmp::Reverse,
    collections::{BTreeMap, HashMap, HashSet},
};

use inspector_report_localizer::{Lang, Localizer, TRIAGE_STATES, triage_field, triage_field_now, triage_state};
use inspector_report_model::{Finding, ReportColumn, TriageEntry, TriageField, View};

use crate::{Action, Statistics};

/// The places of the columns to fill in among those of a report, in the order of [`TriageField::ALL`]; where a heading stands
/// twice, the first.
pub fn triage_places(columns: &[ReportColumn]) -> [Option<usize>; 4] {
    let of = |field_of: fn(&str) -> Option<TriageField>, field: TriageField| {
        let is_it = |column: &ReportColumn| column.column.is_none() && field_of(&column.heading) == Some(field);
        columns.iter().position(is_it)
    };
    TriageField::ALL.map(|field| of(triage_field_now, field).or_else(|| of(triage_field, field)))
}

/// What was filled in, with a state of the list in the language of `texts`, whichever it was chosen in.
pub fn triage_shown<'a>(entry: &'a TriageEntry, field: TriageField, texts: &Localizer) -> Cow<'a, str> {
    let written = entry.get(field);
    match triage_state(written).filter(|_| field == TriageField::State) {
        Some(key) => Cow::Owned(texts.get(key)),
        None => Cow::Borrowed(written),
    }
}

/// What was filled in of several actions that are one now: all names and notes, the earliest day, and the state that is
/// least finished.
fn join(entries: &[&TriageEntry]) -> TriageEntry {
    let all = |field| distinct(entries.iter().map(move |entry| entry.get(field)));
    let day = entries.iter().filter_map(|entry| Some((entry.due()?, entry.get(TriageField::Due)))).min();
    let due = day.map_or_else(|| all(TriageField::Due).join(", "), |(_, written)| written.to_owned());
    let state = all(TriageField::State).into_iter().min_by_key(|text| unfinished(text)).unwrap_or_default();
    let notes = all(TriageField::Notes).join("; ");
    // What is no day can be told in words alone.
    let is_day =
        |text: &&str| entries.iter().any(|entry| entry.get(TriageField::Due) == *text && entry.due().is_some());
    let words = all(TriageField::Due).into_iter().filter(|text| day.is_some() && !is_day(text));
    let notes = distinct([notes.as_str()].into_iter().chain(words)).join("; ");
    TriageEntry::new([all(TriageField::Assigned).join(", "), due, state.to_owned(), notes])
}

/// The texts that say something, each once, in their order.
fn distinct<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut seen = HashSet::new();
    texts.filter(|text| !text.is_empty() && seen.insert(*text)).collect()
}

/// How far a state is from being finished: the least is the furthest. A state of people's own comes before those of the
/// list that are an end.
fn unfinished(text: &str) -> usize {
    const OWN: usize = 2;
    let place = triage_state(text).and_then(|key| TRIAGE_STATES.iter().position(|known| *known == key));
    place.map_or(OWN, |place| if place < OWN { place } else { place + 1 })
}

/// All that was filled in of a report: in its own columns, and what comes over from the earlier report that it is compared
/// with.
#[derive(Clone, Debug, Default)]
pub struct Triage {
    /// By the place of the finding.
    findings: HashMap<usize, TriageEntry>,
    /// By the place of the action in the statistics.
    actions: BTreeMap<usize, TriageEntry>,
    left: u64,
    joined: u64,
}

impl Triage {
    /// Of a report, and of the earlier one that it is compared with, if there is one. It is computed on first use.
    pub fn of(view: &View) -> &Triage {
        view.memo(Triage::compute)
    }

    fn compute(report: &View) -> Triage {
        let mut triage = Triage { findings: filled(report), ..Triage::default() };
        let own = triage.add_actions(report, report, Some);
        let Some(comparison) = report.comparison() else {
            triage.left = own;
            return triage;
        };
        let mut pairs = HashMap::new();
        for finding in report.findings() {
            pairs.extend(comparison.before(finding).map(|before| (before.row(), finding.row())));
        }
        for (before, entry) in filled(comparison.earlier()) {
            match pairs.get(&before) {
                Some(row) => {
                    let here = triage.findings.entry(*row).or_default();
                    *here = std::mem::take(here).or(&entry);
                }
                None => triage.left += 1,
            }
        }
        triage.left += own + triage.add_actions(report, comparison.earlier(), |row| pairs.get(&row).copied());
        triage
    }

    /// Adds what `source` has beside its actions; `pair` gives the place of a finding of it in `report`. Gives how many
    /// entries belong to none of the actions of `report`.
    fn add_actions(&mut self, report: &View, source: &View, pair: impl Fn(usize) -> Option<usize>) -> u64 {
        let entries = source.action_triage();
        if entries.is_empty() {
            return 0;
        }
        let (here, there) = (of_words(report), of_words(source));
        let facts: HashMap<_, usize> = (0..)
            .zip(&Statistics::of(report).actions)
            .filter_map(|(place, action)| Some((action.facts(report)?, place)))
            .collect();
        let of_rows = OnceCell::new();
        let mut left = 0;
        let mut found: BTreeMap<usize, Vec<&TriageEntry>> = BTreeMap::new();
        for (words, entry) in entries {
            let before = there.get(words).and_then(|place| Statistics::of(source).actions.get(*place));
            let same_facts = |before: &Action| facts.get(&before.facts(source)?).copied();
            let place = before
                .and_then(|before| {
                    same_facts(before)
                        .or_else(|| same_findings(of_rows.get_or_init(|| of_rows_in(report)), before, &pair))
                })
                .or_else(|| here.get(words).copied());
            match place {
                Some(place) => {
                    let all = found.entry(place).or_default();
                    if !all.contains(&entry) {
                        all.push(entry);
                    }
                }
                None => left += 1,
            }
        }
        for (place, all) in found {
            self.joined += if all.len() > 1 { all.len() as u64 } else { 0 };
            let here = self.actions.entry(place).or_default();
            *here = std::mem::take(here).or(&join(&all));
        }
        left
    }

    /// What was filled in of the finding at this place.
    pub fn finding(&self, row: usize) -> Option<&TriageEntry> {
        self.findings.get(&row)
    }

    /// What was filled in of the action at this place of the statistics.
    pub fn action(&self, place: usize) -> Option<&TriageEntry> {
        self.actions.get(&place)
    }

    /// How many rows that were filled in belong to findings or actions that are not in the report.
    pub fn left(&self) -> u64 {
        self.left
    }

    /// How many different rows of actions were joined with others, since they are of one action now.
    pub fn joined(&self) -> u64 {
        self.joined
    }
}

/// What the columns of a report have, by the place of the finding. Where a finding stands in several rows, the row that
/// counts has what the others have where nothing was filled in beside it, the newest of them first.
pub(crate) fn filled(report: &View) -> HashMap<usize, TriageEntry> {
    let places = triage_places(report.columns());
    if places.iter().all(Option::is_none) {
        return HashMap::new();
    }
    let entry = |finding: Finding<'_>| {
        TriageEntry::new(places.map(|place| place.map_or_else(String::new, |place| finding.cell(place).into_owned())))
    };
    let mut all: HashMap<usize, TriageEntry> =
        report.findings().map(|finding| (finding.row(), entry(finding))).collect();
    for (row, repeated) in report.replaced() {
        let here = all.entry(row).or_default();
        *here = std::mem::take(here).or(&entry(repeated));
    }
    all.retain(|_, entry| !entry.is_blank());
    all
}

/// The places of the actions of a report by their words, in every language.
fn of_words(report: &View) -> HashMap<String, usize> {
    let mut places = HashMap::new();
    for texts in Lang::ALL.map(Localizer::shared) {
        for (place, action) in Statistics::of(report).actions.iter().enumerate() {
            places.entry(action.describe(report, texts)).or_insert(place);
        }
    }
    places
}

/// The actions of a report, by the rows of the findings that they settle.
fn of_rows_in(report: &View) -> HashMap<u32, Vec<usize>> {
    let mut places: HashMap<u32, Vec<usize>> = HashMap::new();
    for (place, action) in Statistics::of(report).actions.iter().enumerate() {
        action.rows.iter().for_each(|row| places.entry(*row).or_default().push(place));
    }
    places
}

/// The action that settles most of the same findings, of equals the first.
fn same_findings(
    of_rows: &HashMap<u32, Vec<usize>>,
    before: &Action,
    pair: impl Fn(usize) -> Option<usize>,
) -> Option<usize> {
    let rows: HashSet<u32> =
        before.rows.iter().filter_map(|row| pair(*row as usize)).filter_map(|row| u32::try_from(row).ok()).collect();
    let mut shared: HashMap<usize, usize> = HashMap::new();
    for place in rows.iter().filter_map(|row| of_rows.get(row)).flatten() {
        *shared.entry(*place).or_default() += 1;
    }
    shared.into_iter().max_by_key(|(place, count)| (*count, Reverse(*place))).map(|(place, _)| place)
}

#[cfg(test)]
mod tests {
    use super::*;
    use inspector_report_model::Report;

    fn compared(later: Report, earlier: Report) -> View {
        View::builder(later).compare_with(earlier).build()
    }

    const HEADINGS: [&str; 11] = [
        "Finding ARN",
        "Severity",
        "Resource ID",
        "Vulnerability Id",
        "Affected Packages",
        "Fixed in Version",
        "Finding Type",
        "Assigned to",
        "対応期限",
        "STATE",
        "Notes",
    ];

    fn row<'a>(arn: &'a str, package: &'a str, fixed: &'a str, filled: [&'a str; 4]) -> [&'a str; 11] {
        let [assigned, due, state, notes] = filled;
        [arn, "HIGH", arn, "CVE-1", package, fixed, "PACKAGE_VULNERABILITY", assigned, due, state, notes]
    }

    const NOTHING: [&str; 4] = [""; 4];

    #[test]
    fn what_was_filled_in_comes_over_with_the_same_finding() {
        let mai = ["Mai", "2026-07-01", "対応中", "=ask"];
        let earlier = Report::from_rows(
            "old",
            &HEADINGS,
            [row("a", "x", "1", mai), row("b", "y", "2", ["", "", "", "gone"]), row("c", "x", "1", NOTHING)],
        );
        let report = Report::from_rows(
            "new",
            &HEADINGS,
            [row("c", "x", "1", NOTHING), row("a", "x", "1", ["Ken", "", "", ""]), row("d", "z", "3", NOTHING)],
        );
        let filled = vec![("Update x to 1".into(), TriageEntry::new(["Al", "", "", ""].map(Into::into)))];
        let report = compared(report, earlier.with_action_triage(filled));
        let triage = Triage::of(&report);
        let entry = triage.finding(1).unwrap();
        assert_eq!(TriageField::ALL.map(|field| entry.get(field)), ["Ken", "2026-07-01", "対応中", "=ask"]);
        assert_eq!(entry.due(), Some(jiff::civil::date(2026, 7, 1).at(0, 0, 0, 0)));
        let [en, ja] = Lang::ALL.map(Localizer::new);
        assert_eq!(triage_shown(entry, TriageField::State, &ja), "対応中");
        assert_eq!(triage_shown(entry, TriageField::State, &en), en.get("triage-state-doing"));
        assert_eq!((triage.finding(0), triage.finding(2), triage.left()), (None, None, 1));
        let assigned = |place| triage.action(place).map(|entry| entry.get(TriageField::Assigned));
        let words: Vec<String> =
            Statistics::of(&report).actions.iter().map(|action| action.describe(&report, &en)).collect();
        assert_eq!(words, ["Update x to 1", "Update z to 3"]);
        assert_eq!([assigned(0), assigned(1)], [Some("Al"), None]);
    }

    #[test]
    fn an_action_is_the_same_by_facts_then_by_findings_then_by_words() {
        let notes = |text: &str| TriageEntry::new(["", "", "", text].map(Into::into));
        let ja = Localizer::new(Lang::Ja);
        let earlier = Report::from_rows(
            "old",
            &HEADINGS,
            [row("a", "x", "1", NOTHING), row("b", "y", "2", NOTHING), row("c", "z", "3", NOTHING)],
        );
        // In Japanese; the fixed version of y is another now, and z has nothing open any more.
        let earlier = View::of(earlier);
        let words: Vec<String> =
            Statistics::of(&earlier).actions.iter().map(|action| action.describe(&earlier, &ja)).collect();
        let mut entries: Vec<_> = words.iter().map(|words| (words.clone(), notes(words))).collect();
        entries.push(("Update w to 4".into(), notes("w")));
        let earlier = earlier.report().clone().with_action_triage(entries);
        let report = Report::from_rows(
            "new",
            &HEADINGS,
            [row("e", "x", "1", NOTHING), row("b", "y", "2.1", NOTHING), row("f", "w", "4", NOTHING)],
        );
        let report = compared(report, earlier);
        let triage = Triage::of(&report);
        let en = Localizer::new(Lang::En);
        let all: BTreeMap<String, String> = (0..3)
            .filter_map(|place| {
                let action = &Statistics::of(&report).actions[place];
                Some((action.describe(&report, &en), triage.action(place)?.get(TriageField::Notes).to_owned()))
            })
            .collect();
        let of = |package: &str| words.iter().find(|words| words.contains(package)).unwrap().clone();
        assert_eq!(
            all,
            [("Update x to 1", of("x")), ("Update y to 2.1", of("y")), ("Update w to 4", "w".into())]
                .map(|(action, notes)| (action.to_owned(), notes))
                .into()
        );
        assert_eq!(triage.left(), 1);
    }

    #[test]
    fn actions_that_become_one_lose_nothing() {
        let entry = |cells: [&str; 4]| TriageEntry::new(cells.map(Into::into));
        let earlier = Report::from_rows("old", &HEADINGS, [row("a", "x", "1", NOTHING), row("b", "x", "2", NOTHING)]);
        let both = [
            ("Update x to 1", entry(["Mai", "2026-07-02", "Done", "first"])),
            ("Update x to 2", entry(["Ken", "2026-07-01", "対応中", "second"])),
        ];
        let filled = both.clone().map(|(words, entry)| (words.to_owned(), entry)).into();
        let earlier = earlier.with_action_triage(filled);
        let report = Report::from_rows("new", &HEADINGS, [row("a", "x", "5", NOTHING), row("b", "x", "5", NOTHING)]);
        let report = compared(report, earlier);
        let triage = Triage::of(&report);
        assert_eq!(triage.action(0), Some(&entry(["Mai, Ken", "2026-07-01", "対応中", "first; second"])));
        assert_eq!((triage.left(), triage.joined()), (0, 2));

        // As the workbooks of two teams put together have it; the same twice is one.
        let merged = Report::from_rows("all", &HEADINGS, [row("a", "x", "1", NOTHING)]);
        let words = || "Update x to 1".to_owned();
        let teams = [
            ["Mai", "soon", "Blocked", "n"],
            ["Mai", "soon", "Blocked", "n"],
            ["Ken", "2026-07-01", "Accepted", "n"],
            ["", "", "", "more"],
        ];
        let merged = merged.with_action_triage(teams.iter().map(|cells| (words(), entry(*cells))).collect());
        let merged = View::of(merged);
        let triage = Triage::of(&merged);
        assert_eq!(triage.action(0), Some(&entry(["Mai, Ken", "2026-07-01", "Blocked", "n; more; soon"])));
        assert_eq!(triage.joined(), 3);
    }

    #[test]
    fn the_row_that_counts_takes_over_what_was_filled_in_on_others() {
        let arn = |id: &str| format!("arn:aws:inspector2:us-east-1:000123456789:finding/{id}");
        let (a, b) = (arn("a"), arn("b"));
        let headings = ["Finding ARN", "Severity", "Last Updated", "Assigned to", "State", "Notes"];
        let row = |arn, day, filled: [&'static str; 3]| [arn, "HIGH", day, filled[0], filled[1], filled[2]];
        let report = Report::from_rows(
            "all",
            &headings,
            [
                row(a.as_str(), "2026-01-02T00:00:00Z", ["Ken", "", "newer"]),
                row(&b, "2026-01-01T00:00:00Z", ["Al", "", ""]),
                row(&a, "2026-01-03T00:00:00Z", ["", "Done", ""]),
                row(&a, "2026-01-01T00:00:00Z", ["Mai", "To do", "older"]),
            ],
        );
        let report = View::of(report);
        let triage = Triage::of(&report);
        let place = |arn: &str| report.findings().position(|finding| finding.arn() == arn).unwrap();
        let entry = |cells: [&str; 4]| TriageEntry::new(cells.map(Into::into));
        assert_eq!(triage.finding(place(&a)), Some(&entry(["Ken", "", "Done", "newer"])));
        assert_eq!(triage.finding(place(&b)), Some(&entry(["Al", "", "", ""])));
    }
}

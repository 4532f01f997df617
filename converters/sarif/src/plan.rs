//! Which findings go into which run.
//!
//! A category with too many results is divided ([`division`]), and a run that is too large in bytes is halved in the same
//! way. What was divided is written empty each time, so that nothing stays open where it was written whole before.
//!
//! Runs with results come before those without: an alert that moves from one category to another is in the new one before
//! it leaves the old one, or GitHub would close and reopen it.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    io,
};

use rayon::prelude::*;

use crate::{
    category,
    context::Context,
    division::{self, BITS},
    fingerprint,
    group::{Entry, Group},
    guard::Guard,
    limits,
    rule_id::Subject,
    run::{self, Run},
    state::State,
};

/// How many runs, small ones, are made at a time for each thread.
const RUNS_A_THREAD: usize = 16;

/// A run that is to be written.
#[derive(Debug)]
struct Plan {
    category: String,
    /// By how many bits it was halved.
    depth: u32,
    entries: Vec<Entry>,
    /// Whether it is the first run of all.
    first: bool,
}

impl Plan {
    /// Writes the run, or several where it is too large for a file, which takes texts of an unusual length. `shared_out`
    /// takes the rules and resources that this shares out.
    fn write(self, context: &Context<'_>, shared_out: &mut BTreeSet<u64>) -> io::Result<Vec<Run>> {
        // A result being of limited size, the second never holds; it ends the halving whatever happens.
        let must_fit = self.entries.len() <= 1 || self.depth >= BITS;
        if let Some(run) = run::write(context, &self.category, &self.entries, self.first, must_fit)? {
            return Ok(vec![run]);
        }
        let mut runs = Vec::new();
        for half in self.halves(Some(shared_out)) {
            if !half.entries.is_empty() {
                runs.extend(half.write(context, shared_out)?);
            }
        }
        Ok(runs)
    }

    /// The parts of which none has more than `most` entries, unless they were in smaller parts before. Parts without
    /// entries are left out, but for the only one.
    fn parts(self, most: usize, state: &State, parts: &mut Vec<Plan>) {
        let is_too_large = self.entries.len() > most;
        let is_split = is_too_large || state.was_split(&self.category);
        if !is_split || self.depth >= BITS || self.entries.is_empty() {
            parts.push(self);
            return;
        }
        // Those of which a rule or resource alone has too many are shared out already.
        for half in self.halves(None) {
            if !half.entries.is_empty() {
                half.parts(most, state, parts);
            }
        }
    }

    /// Whether findings of this hash are in this part.
    fn has(&self, hash: u64) -> bool {
        self.depth > 0 && self.entries.first().is_some_and(|entry| division::is_alike(entry.hash, hash, self.depth))
    }

    /// Halves it by the next bit; where it is too large and of a single rule or resource, which no hash of its own takes
    /// apart, that is shared out first, as [`division::share_out`] does from the next delivery on.
    fn halves(mut self, shared_out: Option<&mut BTreeSet<u64>>) -> [Plan; 2] {
        if let Some(shared_out) = shared_out {
            for by in [|entry: &Entry| entry.of_resource, Entry::own_hash] {
                let Some(hash) = self.entries.first().map(|entry| entry.hash) else { break };
                if self.entries.iter().any(|entry| entry.hash != hash) {
                    break;
                }
                shared_out.insert(hash);
                self.entries.iter_mut().for_each(|entry| entry.hash = by(entry));
            }
        }
        let bit = division::bit(self.depth);
        let (ones, zeros): (Vec<Entry>, Vec<Entry>) = self.entries.into_iter().partition(|entry| entry.hash & bit != 0);
        // The first run with something in it stays the first.
        let firsts = [self.first && !zeros.is_empty(), self.first && zeros.is_empty()];
        let halves = [(false, zeros, firsts[0]), (true, ones, firsts[1])];
        halves.map(|(bit, entries, first)| Plan {
            category: category::half(&self.category, bit),
            depth: self.depth + 1,
            entries,
            first,
        })
    }
}

/// Makes the runs, some at a time.
///
/// They are made on all threads of the current rayon pool: as many at a time as together have no more results than one run
/// for each thread may have. What comes out does not depend on the number of threads.
#[derive(Debug)]
pub(crate) struct Runs<'c, 'a> {
    context: &'c Context<'a>,
    state: &'c State,
    guard: &'c Guard<'a>,
    groups: VecDeque<Group>,
    plans: VecDeque<Plan>,
    split: Vec<(String, u64)>,
    first: bool,
    /// The categories of the runs so far, with how many results each has.
    categories: BTreeMap<String, u64>,
    /// How many categories were written empty because they were not before.
    emptied: u64,
    /// The rules and resources whose findings are shared out among parts.
    shared_out: BTreeSet<u64>,
    /// Whether those without results, behind all others, are planned.
    is_last: bool,
}

impl<'c, 'a> Runs<'c, 'a> {
    pub(crate) fn new(
        context: &'c Context<'a>,
        state: &'c State,
        guard: &'c Guard<'a>,
        groups: Vec<Group>,
    ) -> Runs<'c, 'a> {
        Runs {
            context,
            state,
            guard,
            groups: groups.into(),
            plans: VecDeque::new(),
            split: Vec::new(),
            first: true,
            categories: BTreeMap::new(),
            emptied: 0,
            shared_out: BTreeSet::new(),
            is_last: false,
        }
    }

    /// The categories that were split, and into how many parts.
    pub(crate) fn split(&self) -> &[(String, u64)] {
        &self.split
    }

    /// The categories that were written, with how many results each has.
    pub(crate) fn categories(&self) -> &BTreeMap<String, u64> {
        &self.categories
    }

    /// What may be written.
    pub(crate) fn guard(&self) -> &'c Guard<'a> {
        self.guard
    }

    /// What categories begin with.
    pub(crate) fn prefix(&self) -> &str {
        &self.context.prefix
    }

    /// The rules and resources whose findings are shared out among parts.
    pub(crate) fn shared_out(&self) -> &BTreeSet<u64> {
        &self.shared_out
    }

    /// How many categories of earlier deliveries have become empty.
    pub(crate) fn emptied(&self) -> u64 {
        self.emptied
    }

    /// The next runs, in order; none after the last.
    pub(crate) fn next(&mut self) -> io::Result<Vec<Run>> {
        let mut plans = self.batch();
        if plans.is_empty() && !std::mem::replace(&mut self.is_last, true) {
            self.empty_rest();
            plans = self.batch();
        }
        let context = self.context;
        let write = |plan: Plan| {
            let mut shared_out = BTreeSet::new();
            plan.write(context, &mut shared_out).map(|runs| (runs, shared_out))
        };
        let written: io::Result<Vec<(Vec<Run>, BTreeSet<u64>)>> = plans.into_par_iter().map(write).collect();
        let (runs, shared_out): (Vec<Vec<Run>>, Vec<BTreeSet<u64>>) = written?.into_iter().unzip();
        let runs: Vec<Run> = runs.into_iter().flatten().collect();
        self.shared_out.extend(shared_out.into_iter().flatten());
        self.categories.extend(runs.iter().map(|run| (run.category.clone(), run.results)));
        Ok(runs)
    }

    /// Plans runs without results: for what was divided, and for the categories that earlier deliveries had.
    fn empty_rest(&mut self) {
        let mut written: BTreeSet<String> = self.categories.keys().cloned().collect();
        // The whole of what was in parts may have alerts too, if it was not emptied when it was divided.
        let mut parts = self.state.vanished(&self.context.prefix, &written);
        parts.retain(|name| !self.guard.is_held(category::base(name)));
        let divided: BTreeSet<String> = written.iter().chain(&parts).flat_map(|name| category::wholes(name)).collect();
        let divided: Vec<String> = divided.into_iter().filter(|name| !written.contains(name)).collect();
        written.extend(divided.iter().cloned());
        let mut vanished = self.state.vanished(&self.context.prefix, &written);
        vanished.retain(|name| !self.guard.is_held(category::base(name)));
        self.emptied = vanished.len() as u64;
        let empty = |category| Plan { category, depth: 0, entries: Vec::new(), first: false };
        self.plans.extend(divided.into_iter().chain(vanished).map(empty));
    }

    /// The plans that are written next, at the same time.
    fn batch(&mut self) -> Vec<Plan> {
        let threads = rayon::current_num_threads();
        let mut room = threads * limits::RESULTS_A_RUN;
        let mut batch = Vec::new();
        while batch.len() < threads * RUNS_A_THREAD {
            if self.plans.is_empty() {
                match self.groups.pop_front() {
                    Some(group) => self.plan(group),
                    None => break,
                }
            }
            match self.plans.pop_front() {
                Some(plan) if batch.is_empty() || plan.entries.len() <= room => {
                    room = room.saturating_sub(plan.entries.len());
                    batch.push(plan);
                }
                Some(plan) => {
                    self.plans.push_front(plan);
                    break;
                }
                None => {}
            }
        }
        batch
    }

    fn plan(&mut self, group: Group) {
        let mut entries = self.entries(&group.picks);
        let shared_out = division::share_out(&mut entries, limits::RESULTS_A_RUN, self.state);
        // The parts that these were in before they were shared out.
        let left: BTreeSet<u64> = shared_out.iter().copied().filter(|hash| !self.state.was_shared_out(*hash)).collect();
        self.shared_out.extend(shared_out);
        let first = std::mem::take(&mut self.first);
        let mut parts = Vec::new();
        let whole = Plan { category: group.category.clone(), depth: 0, entries, first };
        whole.parts(limits::RESULTS_A_RUN, self.state, &mut parts);
        if parts.len() > 1 {
            self.split.push((group.category, parts.len() as u64));
            // What moved must be where it is now before it leaves where it was.
            parts.sort_by_key(|part| left.iter().any(|hash| part.has(*hash)));
        }
        for mut plan in parts {
            // The worst first, and in an order that the order of rows has no part in.
            plan.entries.par_sort_unstable_by_key(|entry| (entry.rule, entry.fingerprint, entry.number));
            self.plans.push_back(plan);
        }
    }

    fn entries(&self, picks: &[(u8, u32)]) -> Vec<Entry> {
        let context = self.context;
        let entry = |(number, place): &(u8, u32)| {
            let source = context.sources.get(usize::from(*number))?;
            let (finding, rule) = source.finding(*place as usize)?;
            let of_rule = context.rules.get(rule)?.hash;
            Some(Entry {
                source: *number,
                row: finding.row() as u32,
                rule,
                fingerprint: fingerprint::fingerprint(finding, &Subject::of(finding), &source.places.path(finding)),
                number: 1,
                of_rule,
                // Of two numbers that are as good as random, so is this one.
                of_resource: of_rule ^ source.places.hash(finding.resource()),
                hash: of_rule,
            })
        };
        let mut entries: Vec<Entry> = picks.par_iter().filter_map(entry).collect();
        number(self.context, &mut entries);
        entries
    }
}

/// Numbers findings with the same fingerprint: those that were seen first come first, so that a new one (another image
/// in the repository) gets a new number and leaves the others theirs.
fn number(context: &Context<'_>, entries: &mut [Entry]) {
    let rest = |entry: &Entry| {
        let finding = context.finding(entry)?;
        Some((entry.source, finding.first_seen(), finding.resource().id(), finding.arn()))
    };
    // Of those that have no ARN, what else they say decides, that the order of inputs has no part in it.
    let content = |a: &Entry, b: &Entry| match (context.finding(a), context.finding(b)) {
        (Some(a), Some(b)) => a.compare(b),
        _ => std::cmp::Ordering::Equal,
    };
    entries.par_sort_unstable_by(|a, b| {
        let by_content = || content(a, b).then_with(|| a.row.cmp(&b.row));
        a.fingerprint.cmp(&b.fingerprint).then_with(|| rest(a).cmp(&rest(b))).then_with(by_content)
    });
    for group in entries.chunk_by_mut(|a, b| a.fingerprint == b.fingerprint) {
        for (number, entry) in (1..).zip(group) {
            entry.number = number;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fingerprint::Fingerprint;

    /// So many findings of each rule, on as many resources.
    fn entries(rules: &[usize]) -> Vec<Entry> {
        let mut entries = Vec::new();
        for (rule, count) in rules.iter().enumerate() {
            for i in 0..*count {
                let mut fingerprint = [0; 32];
                fingerprint[0] = rule as u8;
                fingerprint[1..9].copy_from_slice(&(i as u64).to_le_bytes());
                let of_rule = fingerprint::hash(&format!("rule {rule}"));
                let of_resource = of_rule ^ fingerprint::hash(&format!("resource {i}"));
                let hash = of_rule;
                entries.push(Entry { source: 0, row: 0, rule: 0, fingerprint, number: 1, of_rule, of_resource, hash });
            }
        }
        entries
    }

    /// The parts by name, each with the findings in it.
    fn parts(rules: &[usize], most: usize, state: &State) -> BTreeMap<String, BTreeSet<Fingerprint>> {
        let mut entries = entries(rules);
        division::share_out(&mut entries, most, state);
        let mut parts = Vec::new();
        Plan { category: "c/".to_owned(), depth: 0, entries, first: true }.parts(most, state, &mut parts);
        assert_eq!(parts.iter().filter(|plan| plan.first).count(), 1);
        let count = parts.len();
        let named: BTreeMap<_, BTreeSet<_>> = parts
            .into_iter()
            .map(|plan| (plan.category, plan.entries.iter().map(|entry| entry.fingerprint).collect()))
            .collect();
        assert_eq!(named.len(), count, "a name stands twice");
        assert_eq!(named.values().map(BTreeSet::len).sum::<usize>(), rules.iter().sum::<usize>(), "one is lost");
        named
    }

    /// The parts that a rule's findings are in.
    fn of_rule(parts: &BTreeMap<String, BTreeSet<Fingerprint>>, rule: u8) -> Vec<&str> {
        let has = |fingerprints: &BTreeSet<Fingerprint>| fingerprints.iter().any(|fingerprint| fingerprint[0] == rule);
        parts.iter().filter(|(_, fingerprints)| has(fingerprints)).map(|(name, _)| name.as_str()).collect()
    }

    #[test]
    fn what_fits_is_not_split() {
        for rules in [&[100][..], &[], &[50, 50]] {
            assert_eq!(parts(rules, 100, &State::default()).into_keys().collect::<Vec<_>>(), ["c/"]);
        }
    }

    #[test]
    fn rules_stay_whole_while_they_fit() {
        for rules in [&[10; 40], &[60; 40], &[100; 40]] {
            let parts = parts(rules, 100, &State::default());
            assert!(parts.values().all(|part| part.len() <= 100));
            assert!((0..40).all(|resource| of_rule(&parts, resource).len() == 1));
        }
    }

    #[test]
    fn a_rule_that_is_too_large_alone_is_shared_out_and_the_others_are_not() {
        let parts = parts(&[301, 3, 4], 100, &State::default());
        assert!(parts.values().all(|part| part.len() <= 100));
        assert!(of_rule(&parts, 0).len() >= 4);
        assert!((1..3).all(|resource| of_rule(&parts, resource).len() == 1));
    }

    #[test]
    fn when_one_part_outgrows_its_run_the_others_stay() {
        let mut rules = [10; 40];
        let before = parts(&rules, 100, &State::default());
        let grown = of_rule(&before, 7)[0].to_owned();
        rules[7] = 95;
        let after = parts(&rules, 100, &State::default());
        for (name, findings) in before.iter().filter(|(name, _)| **name != grown) {
            assert_eq!(after.get(name), Some(findings), "{name}");
        }
        assert!(!after.contains_key(&grown));
    }

    /// What is known after these parts were written.
    fn state(parts: &BTreeMap<String, BTreeSet<Fingerprint>>, shared_out: &[String]) -> State {
        let times: BTreeMap<&str, u32> = parts.keys().map(|name| (category::bits(name), 0)).collect();
        let text = serde_json::json!({
            "sarifCategories": 3,
            "categories": { "c/": { "prefix": "c", "timesEmpty": times } },
            "sharedOut": shared_out,
        });
        let path = std::path::Path::new("state.json");
        State::read(path, &inspector_report_format::MemoryFiles::new().with(path, text.to_string())).unwrap()
    }

    #[test]
    fn what_was_split_stays_split() {
        let before = parts(&[60, 60, 60, 60], 100, &State::default());
        let state = state(&before, &[]);
        let alone = parts(&[60], 100, &state);
        assert!(alone.keys().all(|name| before.contains_key(name)) && of_rule(&alone, 0) == of_rule(&before, 0));
        let after = parts(&[20, 20, 20, 20], 100, &state);
        assert!(after.len() > 1 && after.keys().all(|name| before.contains_key(name)), "{after:?}");
    }

    #[test]
    fn a_rule_that_was_shared_out_stays_so() {
        let before = parts(&[101, 3], 100, &State::default());
        let state = state(&before, &[format!("{:016x}", fingerprint::hash("rule 0"))]);
        let after = parts(&[95, 3], 100, &state);
        for (name, findings) in &after {
            assert!(before.get(name).is_some_and(|before| findings.is_subset(before)), "an alert moved to {name}");
        }
    }

    /// Where texts are so long that fewer results fit than a run may have.
    #[test]
    fn what_is_halved_when_it_is_written_loses_nothing_and_stays_so() {
        let whole = Plan { category: "c/".to_owned(), depth: 0, entries: entries(&[1000]), first: true };
        let (mut waiting, mut written, mut shared_out) = (vec![whole], BTreeMap::new(), BTreeSet::new());
        while let Some(plan) = waiting.pop() {
            if plan.entries.len() > 30 {
                waiting.extend(plan.halves(Some(&mut shared_out)));
            } else if !plan.entries.is_empty() {
                let findings: BTreeSet<Fingerprint> = plan.entries.iter().map(|entry| entry.fingerprint).collect();
                assert!(written.insert(plan.category, findings).is_none());
            }
        }
        assert_eq!(written.values().map(BTreeSet::len).sum::<usize>(), 1000);
        let shared_out: Vec<String> = shared_out.iter().map(|hash| format!("{hash:016x}")).collect();
        let next = parts(&[1000], 5_000, &state(&written, &shared_out));
        assert_eq!(next, written);
    }
}

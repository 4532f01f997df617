//! Which findings go into which run.
//!
//! A category holds at most 5,000 results. One with more is halved, by the first bit of a hash of the resource, and a half
//! that is still too large by the next bit: so when one half outgrows its run, the alerts of all others stay in their
//! categories. A run that is too large in bytes is halved in the same way.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, VecDeque},
    io,
};

use rayon::prelude::*;

use crate::{
    category,
    context::Context,
    fingerprint,
    group::{Entry, Group},
    guard::Guard,
    limits,
    rule_id::Subject,
    run::{self, Run},
    state::State,
};

/// How many bits of a hash there are to halve by.
const BITS: u32 = 64;

/// How many runs, small ones, are written ahead for each thread.
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
    /// Writes the run, or several where it is too large for a file, which takes texts of an unusual length.
    fn write(self, context: &Context<'_>) -> io::Result<Vec<Run>> {
        // A result being of limited size, the second never holds; it ends the halving whatever happens.
        let must_fit = self.entries.len() <= 1 || self.depth >= BITS;
        if let Some(run) = run::write(context, &self.category, &self.entries, self.first, must_fit)? {
            return Ok(vec![run]);
        }
        let mut runs = Vec::new();
        for half in self.halves(true) {
            if !half.entries.is_empty() {
                runs.extend(half.write(context)?);
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
        for half in self.halves(is_too_large) {
            if !half.entries.is_empty() {
                half.parts(most, state, parts);
            }
        }
    }

    /// Halves it by the next bit; where it is too large, also where that takes the findings of a resource apart.
    fn halves(mut self, is_too_large: bool) -> [Plan; 2] {
        let first_hash = self.entries.first().map(|entry| entry.hash);
        if is_too_large && self.entries.iter().all(|entry| Some(entry.hash) == first_hash) {
            // A single resource, which no hash of its own takes apart.
            self.entries.iter_mut().for_each(|entry| entry.hash = entry.own_hash());
        }
        let bit = 1 << (BITS - 1 - self.depth.min(BITS - 1));
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

/// Makes the runs, one after the other.
///
/// Some are written ahead, on all threads of the current rayon pool: as many as together have no more results than one
/// run for each thread may have. What comes out does not depend on the number of threads.
#[derive(Debug)]
pub(crate) struct Runs<'c, 'a> {
    context: &'c Context<'a>,
    state: &'c State,
    guard: &'c Guard<'a>,
    groups: VecDeque<Group>,
    plans: VecDeque<Plan>,
    written: VecDeque<Run>,
    split: Vec<(String, u64)>,
    first: bool,
    /// The categories of the runs so far, with how many results each has.
    categories: BTreeMap<String, u64>,
    /// How many categories were written empty because they were not before.
    emptied: u64,
    /// The resources whose findings are shared out among parts.
    shared_out: BTreeSet<u64>,
    /// Whether categories of earlier deliveries have been looked for.
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
            written: VecDeque::new(),
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

    /// The resources whose findings are shared out among parts.
    pub(crate) fn shared_out(&self) -> &BTreeSet<u64> {
        &self.shared_out
    }

    /// How many categories of earlier deliveries have become empty.
    pub(crate) fn emptied(&self) -> u64 {
        self.emptied
    }

    /// The next run; `None` after the last.
    pub(crate) fn next(&mut self) -> io::Result<Option<Run>> {
        while self.written.is_empty() {
            let plans = self.batch();
            if plans.is_empty() {
                if std::mem::replace(&mut self.is_last, true) || self.empty_vanished() == 0 {
                    return Ok(None);
                }
                continue;
            }
            let context = self.context;
            let written: io::Result<Vec<Vec<Run>>> = plans.into_par_iter().map(|plan| plan.write(context)).collect();
            self.written.extend(written?.into_iter().flatten());
        }
        let run = self.written.pop_front();
        if let Some(run) = &run {
            self.categories.insert(run.category.clone(), run.results);
        }
        Ok(run)
    }

    /// Plans runs without results for the categories that earlier deliveries had; gives how many.
    fn empty_vanished(&mut self) -> u64 {
        let written: BTreeSet<&str> = self.categories.keys().map(String::as_str).collect();
        let vanished = self.state.vanished(&self.context.prefix, &written).into_iter();
        for category in vanished.filter(|name| !self.guard.is_held(category::base(name))) {
            self.emptied += 1;
            let plan = Plan { category: category.to_owned(), depth: 0, entries: Vec::new(), first: false };
            self.plans.push_back(plan);
        }
        self.emptied
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
        self.shared_out.extend(share_out(&mut entries, limits::RESULTS_A_RUN, self.state));
        let first = std::mem::take(&mut self.first);
        let mut parts = Vec::new();
        let whole = Plan { category: group.category.clone(), depth: 0, entries, first };
        whole.parts(limits::RESULTS_A_RUN, self.state, &mut parts);
        if parts.len() > 1 {
            self.split.push((group.category, parts.len() as u64));
        }
        for mut plan in parts {
            // The worst first, and in an order that the order of rows has no part in.
            plan.entries.sort_unstable_by_key(|entry| (entry.rule, entry.fingerprint, entry.number));
            self.plans.push_back(plan);
        }
    }

    fn entries(&self, picks: &[(u8, u32)]) -> Vec<Entry> {
        let mut entries: Vec<Entry> = Vec::with_capacity(picks.len());
        let mut hashes: HashMap<(u8, u32), u64> = HashMap::new();
        for (number, place) in picks {
            let Some(source) = self.context.sources.get(usize::from(*number)) else { continue };
            let Some((finding, rule)) = source.finding(*place as usize) else { continue };
            let resource = finding.resource();
            let hash = *hashes
                .entry((*number, resource.index()))
                .or_insert_with(|| fingerprint::hash(source.places.resource(resource)));
            let fingerprint = fingerprint::fingerprint(finding, &Subject::of(finding), &source.places.path(finding));
            entries.push(Entry { source: *number, row: finding.row() as u32, rule, fingerprint, number: 1, hash });
        }
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
    entries.sort_unstable_by(|a, b| {
        a.fingerprint.cmp(&b.fingerprint).then_with(|| rest(a).cmp(&rest(b))).then_with(|| a.row.cmp(&b.row))
    });
    for group in entries.chunk_by_mut(|a, b| a.fingerprint == b.fingerprint) {
        for (number, entry) in (1..).zip(group) {
            entry.number = number;
        }
    }
}

/// Lets the findings of a resource that alone has more than `most`, or had at an earlier time, be taken apart: a hash of
/// each decides. Gives these resources.
fn share_out(entries: &mut [Entry], most: usize, state: &State) -> Vec<u64> {
    let mut of_resource: HashMap<u64, usize> = HashMap::new();
    if entries.len() > most || state.has_shared_out() {
        entries.iter().for_each(|entry| *of_resource.entry(entry.hash).or_default() += 1);
    }
    of_resource.retain(|resource, count| *count > most || state.was_shared_out(*resource));
    if !of_resource.is_empty() {
        for entry in entries.iter_mut().filter(|entry| of_resource.contains_key(&entry.hash)) {
            entry.hash = entry.own_hash();
        }
    }
    of_resource.into_keys().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fingerprint::Fingerprint;

    fn entries(resources: &[usize]) -> Vec<Entry> {
        let mut entries = Vec::new();
        for (resource, count) in resources.iter().enumerate() {
            for i in 0..*count {
                let mut fingerprint = [0; 32];
                fingerprint[0] = resource as u8;
                fingerprint[1..9].copy_from_slice(&(i as u64).to_le_bytes());
                let hash = fingerprint::hash(&format!("resource {resource}"));
                entries.push(Entry { source: 0, row: 0, rule: 0, fingerprint, number: 1, hash });
            }
        }
        entries
    }

    /// The parts by name, each with the findings in it.
    fn parts(resources: &[usize], most: usize, state: &State) -> BTreeMap<String, BTreeSet<Fingerprint>> {
        let mut entries = entries(resources);
        share_out(&mut entries, most, state);
        let mut parts = Vec::new();
        Plan { category: "c/".to_owned(), depth: 0, entries, first: true }.parts(most, state, &mut parts);
        assert_eq!(parts.iter().filter(|plan| plan.first).count(), 1);
        let count = parts.len();
        let named: BTreeMap<_, BTreeSet<_>> = parts
            .into_iter()
            .map(|plan| (plan.category, plan.entries.iter().map(|entry| entry.fingerprint).collect()))
            .collect();
        assert_eq!(named.len(), count, "a name stands twice");
        assert_eq!(named.values().map(BTreeSet::len).sum::<usize>(), resources.iter().sum::<usize>(), "one is lost");
        named
    }

    /// The parts that a resource's findings are in.
    fn of_resource(parts: &BTreeMap<String, BTreeSet<Fingerprint>>, resource: u8) -> Vec<&str> {
        let has =
            |fingerprints: &BTreeSet<Fingerprint>| fingerprints.iter().any(|fingerprint| fingerprint[0] == resource);
        parts.iter().filter(|(_, fingerprints)| has(fingerprints)).map(|(name, _)| name.as_str()).collect()
    }

    #[test]
    fn what_fits_is_not_split() {
        for resources in [&[100][..], &[], &[50, 50]] {
            assert_eq!(parts(resources, 100, &State::default()).into_keys().collect::<Vec<_>>(), ["c/"]);
        }
    }

    #[test]
    fn resources_stay_whole_while_they_fit() {
        for resources in [&[10; 40], &[60; 40], &[100; 40]] {
            let parts = parts(resources, 100, &State::default());
            assert!(parts.values().all(|part| part.len() <= 100));
            assert!((0..40).all(|resource| of_resource(&parts, resource).len() == 1));
        }
    }

    #[test]
    fn a_resource_that_is_too_large_alone_is_shared_out_and_the_others_are_not() {
        let parts = parts(&[301, 3, 4], 100, &State::default());
        assert!(parts.values().all(|part| part.len() <= 100));
        assert!(of_resource(&parts, 0).len() >= 4);
        assert!((1..3).all(|resource| of_resource(&parts, resource).len() == 1));
    }

    #[test]
    fn when_one_part_outgrows_its_run_the_others_stay() {
        let mut resources = [10; 40];
        let before = parts(&resources, 100, &State::default());
        let grown = of_resource(&before, 7)[0].to_owned();
        resources[7] = 95;
        let after = parts(&resources, 100, &State::default());
        for (name, findings) in before.iter().filter(|(name, _)| **name != grown) {
            assert_eq!(after.get(name), Some(findings), "{name}");
        }
        assert!(!after.contains_key(&grown));
    }

    fn state(text: &str) -> State {
        let path = std::path::Path::new("state.json");
        State::read(path, &inspector_report_format::MemoryFiles::new().with(path, text)).unwrap()
    }

    #[test]
    fn what_was_split_stays_split() {
        let before = parts(&[60, 60, 60, 60], 100, &State::default());
        let categories: BTreeMap<&str, u32> = before.keys().map(|name| (name.as_str(), 0)).collect();
        let text = serde_json::json!({ "sarifCategories": 1, "categories": categories }).to_string();
        let state = state(&text);
        let alone = parts(&[60], 100, &state);
        assert!(
            alone.keys().all(|name| before.contains_key(name)) && of_resource(&alone, 0) == of_resource(&before, 0)
        );
        let after = parts(&[20, 20, 20, 20], 100, &state);
        assert!(after.len() > 1 && after.keys().all(|name| before.contains_key(name)), "{after:?}");
    }

    #[test]
    fn a_resource_that_was_shared_out_stays_so() {
        let before = parts(&[101, 3], 100, &State::default());
        let categories: BTreeMap<&str, u32> = before.keys().map(|name| (name.as_str(), 0)).collect();
        let hash = format!("{:016x}", fingerprint::hash("resource 0"));
        let text =
            serde_json::json!({ "sarifCategories": 1, "categories": categories, "sharedOut": [hash] }).to_string();
        let state = state(&text);
        let after = parts(&[95, 3], 100, &state);
        for (name, findings) in &after {
            assert!(before.get(name).is_some_and(|before| findings.is_subset(before)), "an alert moved to {name}");
        }
    }

    #[test]
    fn halves_lose_nothing_even_of_one_resource() {
        let whole = Plan { category: "c/".to_owned(), depth: 0, entries: entries(&[1000]), first: true };
        let (mut waiting, mut done) = (vec![whole], Vec::new());
        while let Some(plan) = waiting.pop() {
            if plan.entries.len() > 30 { waiting.extend(plan.halves(true)) } else { done.push(plan) }
        }
        assert_eq!(done.iter().map(|plan| plan.entries.len()).sum::<usize>(), 1000);
        let names: BTreeSet<&str> = done.iter().map(|plan| plan.category.as_str()).collect();
        assert_eq!(names.len(), done.len());
    }
}

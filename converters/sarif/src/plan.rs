//! Which findings go into which run.

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    io,
};

use inspector_report_core::Report;
use rayon::prelude::*;

use crate::{
    category,
    fingerprint::{self, Fingerprint},
    limits,
    rule::RuleNumber,
    rule_id::Subject,
    run::{self, Context, Run},
};

/// The most parts of a category; this many hold five thousand million results.
const PARTS: u64 = 1 << 20;

/// How many runs, small ones, are written ahead for each thread.
const RUNS_A_THREAD: usize = 16;

/// How many times more parts than needed there may be, before findings and not resources are shared out among them.
const SPARE: u64 = 4;

/// A finding that goes into a run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry {
    pub(crate) row: u32,
    pub(crate) rule: RuleNumber,
    pub(crate) fingerprint: Fingerprint,
    /// Tells findings with the same fingerprint apart, from 1.
    pub(crate) number: u32,
    /// Decides the part: the same for all findings of a resource, as long as these fit.
    hash: u64,
}

/// The findings of one account, Region and resource type.
#[derive(Debug)]
pub(crate) struct Group {
    category: String,
    /// The open ones. None where all are suppressed or closed: a run without results closes their alerts.
    rows: Vec<u32>,
}

/// Groups the findings of a report, by category. There is a group even for a report without findings: a file without
/// a run says nothing, and GitHub rejects it.
pub(crate) fn groups(report: &Report) -> Vec<Group> {
    let mut groups: BTreeMap<String, usize> = BTreeMap::new();
    let mut rows: Vec<Vec<u32>> = Vec::new();
    let mut of_resource: HashMap<u32, usize> = HashMap::new();
    for finding in report.findings() {
        let resource = finding.resource();
        let group = *of_resource.entry(resource.index()).or_insert_with(|| {
            *groups.entry(category::category(resource)).or_insert_with(|| {
                rows.push(Vec::new());
                rows.len() - 1
            })
        });
        if let (Some(rows), true, Ok(row)) =
            (rows.get_mut(group), finding.status().is_open(), u32::try_from(finding.row()))
        {
            rows.push(row);
        }
    }
    if groups.is_empty() {
        return vec![Group { category: category::NOTHING.to_owned(), rows: Vec::new() }];
    }
    let take = |(category, group): (String, usize)| Group {
        category,
        rows: rows.get_mut(group).map(std::mem::take).unwrap_or_default(),
    };
    groups.into_iter().map(take).collect()
}

/// A run that is to be written.
#[derive(Debug)]
struct Plan {
    category: String,
    /// Which slice of the category it is: `k` of `n`.
    slice: (u64, u64),
    entries: Vec<Entry>,
    /// Whether it is the first run of all.
    first: bool,
}

impl Plan {
    /// Writes the run, or several where it is too large for a file, which takes texts of an unusual length.
    fn write(self, context: &Context<'_>) -> io::Result<Vec<Run>> {
        let (k, n) = self.slice;
        let category = if n == 1 { self.category.clone() } else { category::slice(&self.category, k, n) };
        // The second should never hold, a result being of limited size; it ends the halving whatever happens.
        let must_fit = self.entries.len() <= 1 || n >= PARTS;
        if let Some(run) = run::write(context, &category, &self.entries, self.first, must_fit)? {
            return Ok(vec![run]);
        }
        let mut runs = Vec::new();
        for half in halves(self) {
            runs.extend(half.write(context)?);
        }
        Ok(runs)
    }
}

/// Makes the runs, one after the other.
///
/// Some are written ahead, on all threads of the current rayon pool: as many as together have no more results than one
/// run for each thread may have. What comes out does not depend on the number of threads.
#[derive(Debug)]
pub(crate) struct Runs<'c, 'a> {
    context: &'c Context<'a>,
    rule_of: &'c [Option<RuleNumber>],
    groups: VecDeque<Group>,
    plans: VecDeque<Plan>,
    written: VecDeque<Run>,
    split: Vec<(String, u64)>,
    first: bool,
}

impl<'c, 'a> Runs<'c, 'a> {
    pub(crate) fn new(context: &'c Context<'a>, rule_of: &'c [Option<RuleNumber>], groups: Vec<Group>) -> Runs<'c, 'a> {
        Runs {
            context,
            rule_of,
            groups: groups.into(),
            plans: VecDeque::new(),
            written: VecDeque::new(),
            split: Vec::new(),
            first: true,
        }
    }

    /// The categories that were split, and into how many parts.
    pub(crate) fn split(&self) -> &[(String, u64)] {
        &self.split
    }

    /// The next run; `None` after the last.
    pub(crate) fn next(&mut self) -> io::Result<Option<Run>> {
        while self.written.is_empty() {
            let plans = self.batch();
            if plans.is_empty() {
                return Ok(None);
            }
            let context = self.context;
            let written: io::Result<Vec<Vec<Run>>> = plans.into_par_iter().map(|plan| plan.write(context)).collect();
            self.written.extend(written?.into_iter().flatten());
        }
        Ok(self.written.pop_front())
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
        let mut entries = self.entries(&group.rows);
        let n = share_out(&mut entries, limits::RESULTS_A_RUN);
        if n > 1 {
            self.split.push((group.category.clone(), n));
        }
        let mut parts: Vec<Vec<Entry>> = (0..n).map(|_| Vec::new()).collect();
        for entry in entries {
            if let Some(part) = usize::try_from(entry.hash % n).ok().and_then(|k| parts.get_mut(k)) {
                part.push(entry);
            }
        }
        for (k, mut entries) in (0..).zip(parts) {
            // The worst first, and in an order that the order of rows has no part in.
            entries.sort_unstable_by_key(|entry| (entry.rule, entry.fingerprint, entry.number));
            let first = std::mem::take(&mut self.first);
            self.plans.push_back(Plan {
                category: category::part(&group.category, k, n),
                slice: (0, 1),
                entries,
                first,
            });
        }
    }

    fn entries(&self, rows: &[u32]) -> Vec<Entry> {
        let report = self.context.report;
        let mut entries: Vec<Entry> = Vec::with_capacity(rows.len());
        let mut hashes: HashMap<u32, u64> = HashMap::new();
        for row in rows {
            let place = *row as usize;
            let (Some(finding), Some(Some(rule))) = (report.finding(place), self.rule_of.get(place)) else { continue };
            let uri = self.context.places.finding(finding);
            let resource = finding.resource();
            let hash = *hashes
                .entry(resource.index())
                .or_insert_with(|| fingerprint::hash(self.context.places.resource(resource)));
            let fingerprint = fingerprint::fingerprint(finding, &Subject::of(finding), &uri);
            entries.push(Entry { row: *row, rule: *rule, fingerprint, number: 1, hash });
        }
        number(report, &mut entries);
        entries
    }
}

/// Numbers findings with the same fingerprint: those that were seen first come first, so that a new one (another image
/// in the repository) gets a new number and leaves the others theirs.
fn number(report: &Report, entries: &mut [Entry]) {
    let rest = |entry: &Entry| {
        let finding = report.finding(entry.row as usize)?;
        Some((finding.first_seen(), finding.resource().id(), finding.arn()))
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

/// Finds the smallest power of two of parts of which none has more than `most` entries. An entry is in the part that
/// its hash, modulo the number of parts, says.
///
/// All findings of a resource are in one part, unless there are too many of them, or unless that would take many more
/// parts than there need be: then a hash of the finding decides.
fn share_out(entries: &mut [Entry], most: usize) -> u64 {
    if entries.len() <= most {
        return 1;
    }
    let mut of_resource: HashMap<u64, usize> = HashMap::new();
    entries.iter().for_each(|entry| *of_resource.entry(entry.hash).or_default() += 1);
    for entry in entries.iter_mut() {
        if of_resource.get(&entry.hash).is_some_and(|count| *count > most) {
            entry.hash = fingerprint::hash_of(&entry.fingerprint, entry.number);
        }
    }
    let needed = (entries.len().div_ceil(most) as u64).next_power_of_two();
    if let Some(n) = parts(entries, most, needed, needed.saturating_mul(SPARE).min(PARTS)) {
        return n;
    }
    for entry in entries.iter_mut() {
        entry.hash = fingerprint::hash_of(&entry.fingerprint, entry.number);
    }
    parts(entries, most, needed, PARTS).unwrap_or(PARTS)
}

fn parts(entries: &[Entry], most: usize, from: u64, to: u64) -> Option<u64> {
    let mut n = from;
    while n <= to {
        let mut sizes: HashMap<u64, usize> = HashMap::new();
        entries.iter().for_each(|entry| *sizes.entry(entry.hash % n).or_default() += 1);
        if sizes.values().all(|size| *size <= most) {
            return Some(n);
        }
        n *= 2;
    }
    None
}

/// Halves a run, by a hash of the finding: bit by bit, so that no two slices ever have the same name.
fn halves(plan: Plan) -> [Plan; 2] {
    let (k, n) = plan.slice;
    // The low half of the hash may have decided the part.
    let upper = |entry: &Entry| (fingerprint::hash_of(&entry.fingerprint, entry.number) >> 32) % (2 * n) >= n;
    let (second, first): (Vec<Entry>, Vec<Entry>) = plan.entries.into_iter().partition(upper);
    [(k, first, plan.first), (k + n, second, false)].map(|(k, entries, first)| Plan {
        category: plan.category.clone(),
        slice: (k, 2 * n),
        entries,
        first,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(resources: &[usize]) -> Vec<Entry> {
        let mut entries = Vec::new();
        for (resource, count) in resources.iter().enumerate() {
            for i in 0..*count {
                let mut fingerprint = [0; 32];
                fingerprint[0] = resource as u8;
                fingerprint[1..9].copy_from_slice(&(i as u64).to_le_bytes());
                let hash = fingerprint::hash(&format!("resource {resource}"));
                entries.push(Entry { row: 0, rule: 0, fingerprint, number: 1, hash });
            }
        }
        entries
    }

    fn sizes(entries: &[Entry], n: u64) -> BTreeMap<u64, usize> {
        let mut sizes = BTreeMap::new();
        entries.iter().for_each(|entry| *sizes.entry(entry.hash % n).or_default() += 1);
        sizes
    }

    #[test]
    fn what_fits_is_not_split() {
        assert_eq!(share_out(&mut entries(&[100]), 100), 1);
        assert_eq!(share_out(&mut entries(&[]), 100), 1);
    }

    #[test]
    fn resources_stay_whole_while_they_fit() {
        let mut all = entries(&[10; 40]);
        let before: Vec<u64> = all.iter().map(|entry| entry.hash).collect();
        let n = share_out(&mut all, 100);
        assert!(n >= 4 && n.is_power_of_two());
        assert_eq!(all.iter().map(|entry| entry.hash).collect::<Vec<_>>(), before);
        assert!(sizes(&all, n).values().all(|size| *size <= 100));
        assert!(sizes(&all, n / 2).values().any(|size| *size > 100), "{n} is not the smallest");
    }

    #[test]
    fn a_resource_that_is_too_large_alone_is_shared_out_and_the_others_are_not() {
        let mut all = entries(&[101, 3]);
        let n = share_out(&mut all, 100);
        assert!(sizes(&all, n).values().all(|size| *size <= 100));
        let small: Vec<u64> = all[101..].iter().map(|entry| entry.hash % n).collect();
        assert!(small.iter().all(|part| *part == small[0]));
    }

    #[test]
    fn large_resources_do_not_make_hundreds_of_empty_parts() {
        let mut all = entries(&[60; 40]);
        let n = share_out(&mut all, 100);
        assert!(sizes(&all, n).values().all(|size| *size <= 100));
        assert!(n <= 64, "{n}");
    }

    #[test]
    fn halves_have_names_of_their_own_and_lose_nothing() {
        let mut waiting = vec![Plan { category: "c/".into(), slice: (0, 1), entries: entries(&[1000]), first: true }];
        let mut done = Vec::new();
        while let Some(plan) = waiting.pop() {
            if plan.entries.len() > 30 { waiting.extend(halves(plan)) } else { done.push(plan) }
        }
        assert_eq!(done.iter().map(|plan| plan.entries.len()).sum::<usize>(), 1000);
        let mut slices: Vec<(u64, u64)> = done.iter().map(|plan| plan.slice).collect();
        slices.sort_unstable();
        slices.dedup();
        assert_eq!(slices.len(), done.len());
        assert!(slices.iter().all(|(k, n)| k < n));
    }
}

//! Which part of a category a finding is in.
//!
//! A run holds at most 5,000 results. A category with more is halved by the first bit of a hash, and a half that is
//! still too large by the next bit: so when one half outgrows its run, the alerts of all others stay in their categories.
//!
//! The hash is that of the rule, so that each rule stands in one run and its texts are written once. A rule that alone has
//! too many results is shared out by a hash of the resource, and a resource that still has too many by one of the finding.
//! What counts as too many is lowered where rules of very different sizes would make over twice as many parts as there
//! have to be.
//!
//! What was divided or shared out before stays so, as far as it is known ([`State`]).

use std::collections::{BTreeSet, HashMap};

use rayon::prelude::*;

use crate::{group::Entry, limits, state::State};

/// How many bits of a hash there are to halve by.
pub(crate) const BITS: u32 = 64;

/// Decides the hash of each entry. Gives the hashes of the rules and resources whose findings are shared out.
pub(crate) fn share_out(entries: &mut [Entry], most: usize, state: &State) -> BTreeSet<u64> {
    let mut shared = BTreeSet::new();
    if entries.len() <= most && !state.has_shared_out() {
        return shared;
    }
    let [mut rules, mut resources] = [HashMap::<u64, usize>::new(), HashMap::new()];
    for entry in entries.iter() {
        *rules.entry(entry.of_rule).or_default() += 1;
        *resources.entry(entry.of_resource).or_default() += 1;
    }
    let enough = 2 * entries.len() / most;
    let mut large = most;
    loop {
        let is_shared = |hash: u64, counts: &HashMap<u64, usize>| {
            counts.get(&hash).is_some_and(|count| *count > large) || state.was_shared_out(hash)
        };
        for entry in entries.iter_mut() {
            entry.hash = match () {
                () if !is_shared(entry.of_rule, &rules) => entry.of_rule,
                () if !is_shared(entry.of_resource, &resources) => entry.of_resource,
                () => entry.own_hash(),
            };
        }
        if large <= 1 || entries.len() <= most || parts(entries, most).with_results <= enough {
            let both = rules.keys().filter(|hash| is_shared(**hash, &rules));
            let both = both.chain(resources.keys().filter(|hash| is_shared(**hash, &resources)));
            shared.extend(both.copied());
            return shared;
        }
        large /= 2;
    }
}

/// How many runs a category takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Parts {
    pub(crate) with_results: usize,
    /// What was divided: each is written empty.
    pub(crate) divided: usize,
}

/// How many parts entries make whose hashes are decided.
fn parts(entries: &[Entry], most: usize) -> Parts {
    let mut hashes: Vec<u64> = entries.iter().map(|entry| entry.hash).collect();
    hashes.par_sort_unstable();
    let mut parts = Parts::default();
    count(&hashes, 0, most, &mut parts);
    parts
}

fn count(hashes: &[u64], depth: u32, most: usize, parts: &mut Parts) {
    if hashes.len() <= most || depth >= BITS {
        parts.with_results += usize::from(!hashes.is_empty());
        return;
    }
    parts.divided += 1;
    let ones = hashes.partition_point(|hash| hash & bit(depth) == 0);
    let (zeros, ones) = hashes.split_at(ones);
    count(zeros, depth + 1, most, parts);
    count(ones, depth + 1, most, parts);
}

/// The bit that a category halved so many times is halved by next.
pub(crate) fn bit(depth: u32) -> u64 {
    1 << (BITS - 1 - depth.min(BITS - 1))
}

/// Whether two hashes are in the same part of a category that was halved so many times.
pub(crate) fn is_alike(one: u64, other: u64, depth: u32) -> bool {
    (one ^ other).leading_zeros() >= depth
}

/// About how many runs so many findings take in one category: what rules of usual sizes make of them.
pub(crate) fn about(findings: u64) -> u64 {
    let most = limits::RESULTS_A_RUN as u64;
    match findings.div_ceil(most) {
        0 | 1 => 1,
        // Halves are some 70 % full, and each division has an empty whole.
        parts => parts * 3 - 1,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::fingerprint;

    /// A report with rules of these sizes, each on as many resources.
    fn entries(rules: &[usize], resources: usize) -> Vec<Entry> {
        let mut entries = Vec::new();
        for (rule, count) in rules.iter().enumerate() {
            let of_rule = fingerprint::hash(&format!("rule {rule}"));
            for i in 0..*count {
                let mut fingerprint = [0; 32];
                fingerprint[..8].copy_from_slice(&(rule as u64).to_le_bytes());
                fingerprint[8..16].copy_from_slice(&(i as u64).to_le_bytes());
                let of_resource = of_rule ^ fingerprint::hash(&format!("resource {}", i % resources));
                let hash = of_rule;
                entries.push(Entry { source: 0, row: 0, rule: 0, fingerprint, number: 1, of_rule, of_resource, hash });
            }
        }
        entries
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

        /// Whatever the sizes of the rules, a few large ones and many small: at most twice as many runs as there must be.
        #[test]
        fn parts_are_few(
            steepness in 0..15_u32,
            rules in 1..400_usize,
            findings in 1..20_000_usize,
            resources in prop_oneof![Just(1_usize), 2..50_usize, Just(100_000_usize)],
        ) {
            const MOST: usize = 200;
            let weight = |rule: usize| (rule as f64 + 1.0).powf(-f64::from(steepness) / 10.0);
            let all: f64 = (0..rules).map(weight).sum();
            let sizes: Vec<usize> = (0..rules).map(|rule| (findings as f64 * weight(rule) / all) as usize).collect();
            let mut entries = entries(&sizes, resources);
            let shared = share_out(&mut entries, MOST, &State::default());
            let parts = parts(&entries, MOST);
            let enough = (2 * entries.len() / MOST).max(1);
            prop_assert!(parts.with_results <= enough, "{} parts of {}", parts.with_results, entries.len());
            for entry in entries.iter().filter(|entry| !shared.contains(&entry.of_rule)) {
                prop_assert_eq!(entry.hash, entry.of_rule, "a rule is in several parts");
            }
            if entries.len() <= MOST {
                prop_assert!(shared.is_empty());
            }
        }
    }
}

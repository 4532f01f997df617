//! What reports cover: accounts with Regions, by number.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::civil::Date;

use super::Snapshot;
use inspector_report_model::{Loss, Place, timestamp::utc_day};

/// Every place that is known, and which reports had which of them.
#[derive(Debug, Default)]
pub(super) struct Places {
    names: Vec<Place>,
    numbers: HashMap<Place, u32>,
    /// The distinct sets of own places, each with the number of the last report that has it: reports of a series mostly
    /// have the same, so that there are few to compare with.
    sets: Vec<(BTreeSet<u32>, usize)>,
}

impl Places {
    /// The number of a place.
    pub(super) fn number(&mut self, place: &Place) -> u32 {
        if let Some(number) = self.numbers.get(place) {
            return *number;
        }
        let number = self.names.len() as u32;
        self.names.push(place.clone());
        self.numbers.insert(place.clone(), number);
        number
    }

    /// Account and Region of a place.
    pub(super) fn name(&self, number: u32) -> (&str, &str) {
        self.names.get(number as usize).map_or(("", ""), |place| (&*place.account, &*place.region))
    }

    /// Takes in the report of this number with its own places, and says what it covers. It must have been read whole.
    ///
    /// Reports of several accounts may come apart, or as one for an organisation. The predecessor of a report is the one
    /// with the most alike own places; a report that has at least half of its predecessor's is taken for one of the same
    /// scope, so that a place of which it has nothing has nothing open any more.
    pub(super) fn covered(&mut self, report: usize, own: &BTreeSet<u32>) -> BTreeSet<u32> {
        let alike = |set: &BTreeSet<u32>| {
            let shared = set.intersection(own).count() as u64;
            (shared, set.len() as u64 + own.len() as u64 - shared)
        };
        let mut best: Option<(u64, u64, usize, &BTreeSet<u32>)> = None;
        for (set, last) in &self.sets {
            let (shared, all) = alike(set);
            // shared / all, compared without rounding.
            let is_better = best.is_none_or(|(best_shared, best_all, best_last, _)| {
                let (this, other) = (shared * best_all, best_shared * all);
                this > other || (this == other && *last > best_last)
            });
            if shared > 0 && is_better {
                best = Some((shared, all, *last, set));
            }
        }
        let mut covered = own.clone();
        if let Some((shared, _, _, predecessor)) = best
            && 2 * shared >= predecessor.len() as u64
        {
            covered.extend(predecessor);
        }
        match self.sets.iter_mut().find(|(set, _)| set == own) {
            Some((_, last)) => *last = report,
            None => self.sets.push((own.clone(), report)),
        }
        covered
    }
}

/// Of every account with a Region, which of some reports, in order of their dates, together are the newest picture: those
/// of the last day on which a report that was read whole covers it, and what later ones, of which something is missing,
/// say besides.
pub fn latest(reports: &[Snapshot]) -> BTreeMap<Place, BTreeSet<usize>> {
    let mut places = Places::default();
    let mut latest: BTreeMap<Place, (Option<Date>, BTreeSet<usize>)> = BTreeMap::new();
    for (number, report) in reports.iter().enumerate() {
        let own: BTreeSet<u32> = report.places.iter().map(|place| places.number(place)).collect();
        let is_whole = report.loss == Loss::None;
        let covered = if is_whole { places.covered(number, &own) } else { own };
        let day = utc_day(report.date);
        for place in covered {
            let Some(place) = places.names.get(place as usize) else { continue };
            let (last, numbers) = latest.entry(place.clone()).or_default();
            if is_whole && *last != Some(day) {
                *last = Some(day);
                // What is incomplete and of the same day belongs to the same picture.
                numbers.retain(|number| reports.get(*number).is_some_and(|report| utc_day(report.date) == day));
            }
            numbers.insert(number);
        }
    }
    latest.into_iter().map(|(place, (_, numbers))| (place, numbers)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn covered(series: &[&[u32]]) -> Vec<u32> {
        let mut places = Places::default();
        let all = series.iter().enumerate().map(|(n, own)| places.covered(n, &own.iter().copied().collect()));
        all.last().unwrap_or_default().into_iter().collect()
    }

    #[test]
    fn a_report_covers_what_the_most_similar_earlier_one_has() {
        assert_eq!(covered(&[&[1, 2]]), [1, 2], "the first");
        assert_eq!(covered(&[&[1, 2, 3], &[1, 2]]), [1, 2, 3], "an account has become clean");
        assert_eq!(covered(&[&[1, 2], &[1]]), [1, 2], "half is enough");
        assert_eq!(covered(&[&[1, 2, 3], &[1]]), [1], "less than half is another scope");
        assert_eq!(covered(&[&[1], &[2], &[1]]), [1], "accounts that come apart");
        assert_eq!(covered(&[&[1, 2], &[1, 3], &[1]]), [1, 3], "of two as alike the later");
        assert_eq!(covered(&[&[1, 2, 3, 4], &[1, 2], &[1, 2, 3]]), [1, 2, 3, 4], "3/4 is more than 2/3");
    }

    #[test]
    fn only_the_own_places_of_the_predecessor_count() {
        // The second covers 3, the third follows the second, which does not have it.
        assert_eq!(covered(&[&[1, 2, 3], &[1, 2], &[1, 2]]), [1, 2]);
    }
}

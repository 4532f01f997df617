//! Findings by category: those of one account, Region and resource type.

use std::collections::{BTreeMap, HashMap};

use inspector_report_model::{Finding, Place, Resource};

use crate::{
    category,
    fingerprint::{self, Fingerprint},
    place,
    rule_id::RuleNumber,
    source::Source,
};

/// A finding that goes into a run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry {
    /// The place of its report among the sources.
    pub(crate) source: u8,
    pub(crate) row: u32,
    pub(crate) rule: RuleNumber,
    pub(crate) fingerprint: Fingerprint,
    /// Tells findings with the same fingerprint apart, from 1.
    pub(crate) number: u32,
    /// Decides the part: the same for all findings of a resource, as long as these fit.
    pub(crate) hash: u64,
}

impl Entry {
    /// A hash of the finding, and not of its resource.
    pub(crate) fn own_hash(&self) -> u64 {
        fingerprint::hash_of(&self.fingerprint, self.number)
    }
}

/// The findings of one account, Region and resource type.
#[derive(Debug)]
pub(crate) struct Group {
    pub(crate) category: String,
    /// The account and the Region; none for a report without findings.
    place: Option<Place>,
    /// Those that are written, each by its source and its place among those of the source. None where all are suppressed
    /// or closed: a run without results closes their alerts.
    pub(crate) picks: Vec<(u8, u32)>,
}

impl Group {
    pub(crate) fn category(&self) -> &str {
        &self.category
    }

    pub(crate) fn place(&self) -> Option<&Place> {
        self.place.as_ref()
    }

    /// How many findings it has.
    pub(crate) fn len(&self) -> u64 {
        self.picks.len() as u64
    }

    /// How many of them are those of an earlier report.
    pub(crate) fn gone(&self) -> u64 {
        self.picks.iter().filter(|(source, _)| *source > 0).count() as u64
    }
}

/// Groups the findings, by category. There is a group even for a report without findings: a file without a run says
/// nothing, and GitHub rejects it.
pub(crate) fn groups(prefix: &str, sources: &[Source<'_>]) -> Vec<Group> {
    let mut numbers: BTreeMap<String, usize> = BTreeMap::new();
    let mut picks: Vec<Vec<(u8, u32)>> = Vec::new();
    let mut places: Vec<Place> = Vec::new();
    for (number, source) in (0..).zip(sources) {
        let mut of_resource: HashMap<u32, usize> = HashMap::new();
        let mut group = |resource: Resource<'_>, picks: &mut Vec<Vec<(u8, u32)>>| {
            *of_resource.entry(resource.index()).or_insert_with(|| {
                *numbers.entry(category::category(prefix, resource)).or_insert_with(|| {
                    picks.push(Vec::new());
                    places.push(place::normal(&Place::of(resource)));
                    picks.len() - 1
                })
            })
        };
        // Those with findings, written or not; what a filter left out is not there to be closed.
        if source.is_later {
            for resource in source.report.findings().map(Finding::resource).filter(|resource| source.covers(*resource))
            {
                group(resource, &mut picks);
            }
        }
        for (place, finding) in (0..).zip(source.findings()) {
            let group = group(finding.resource(), &mut picks);
            if let Some(picks) = picks.get_mut(group) {
                picks.push((number, place));
            }
        }
    }
    if numbers.is_empty() {
        return vec![Group { category: category::nothing(prefix), place: None, picks: Vec::new() }];
    }
    let take = |(category, group): (String, usize)| Group {
        category,
        place: places.get(group).cloned(),
        picks: picks.get_mut(group).map(std::mem::take).unwrap_or_default(),
    };
    numbers.into_iter().map(take).collect()
}

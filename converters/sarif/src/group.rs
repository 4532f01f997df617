//! Findings by category.

use std::collections::{BTreeMap, HashMap};

use inspector_report_model::{Finding, Place, Resource};

use crate::{
    category::{self, CategoryBy, Scope},
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
    /// Hashes of the rule, and of the rule on the resource.
    pub(crate) of_rule: u64,
    pub(crate) of_resource: u64,
    /// Decides the part: that of the rule, of the resource or its own.
    pub(crate) hash: u64,
}

impl Entry {
    /// A hash of the finding alone.
    pub(crate) fn own_hash(&self) -> u64 {
        fingerprint::hash_of(&self.fingerprint, self.number)
    }
}

/// The findings of a category.
#[derive(Debug)]
pub(crate) struct Group {
    pub(crate) category: String,
    /// What it covers; nothing that is known for a report without findings.
    pub(crate) scope: Option<Scope>,
    /// How many findings are written of each account and Region.
    pub(crate) alerts: BTreeMap<Place, u64>,
    /// Those that are written, each by its source and its place among those of the source. None where all are suppressed
    /// or closed: a run without results closes their alerts.
    pub(crate) picks: Vec<(u8, u32)>,
}

impl Group {
    fn new(category: String, scope: Option<Scope>) -> Group {
        Group { category, scope, alerts: BTreeMap::new(), picks: Vec::new() }
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

/// Groups the findings, by category: those with findings first, for an alert that moves must be in its new category
/// before it leaves the old one. There is a group even for a report without findings: a file without a run says
/// nothing, and GitHub rejects it.
pub(crate) fn groups(prefix: &str, by: CategoryBy, sources: &[Source<'_>]) -> Vec<Group> {
    let mut numbers: BTreeMap<String, usize> = BTreeMap::new();
    let mut groups: Vec<Group> = Vec::new();
    for (number, source) in (0..).zip(sources) {
        let mut of_resource: HashMap<u32, (usize, Place)> = HashMap::new();
        let mut group = |resource: Resource<'_>, groups: &mut Vec<Group>| {
            let entry = of_resource.entry(resource.index());
            entry
                .or_insert_with(|| {
                    let place = place::normal(&Place::of(resource));
                    let category = by.category(prefix, resource);
                    let group = *numbers.entry(category).or_insert_with_key(|category| {
                        groups.push(Group::new(category.clone(), Some(by.scope(&place))));
                        groups.len() - 1
                    });
                    (group, place)
                })
                .clone()
        };
        // Those with findings, written or not; what a filter left out is not there to be closed.
        if source.is_later {
            for resource in source.report.findings().map(Finding::resource).filter(|resource| source.covers(*resource))
            {
                group(resource, &mut groups);
            }
        }
        for (place, finding) in (0..).zip(source.findings()) {
            let (group, at) = group(finding.resource(), &mut groups);
            if let Some(group) = groups.get_mut(group) {
                group.picks.push((number, place));
                *group.alerts.entry(at).or_default() += 1;
            }
        }
    }
    if groups.is_empty() {
        let scope = (by == CategoryBy::REPORT).then(Scope::default);
        groups.push(Group::new(category::report(prefix), scope));
    }
    groups.sort_by(|a, b| (a.picks.is_empty(), &a.category).cmp(&(b.picks.is_empty(), &b.category)));
    groups
}

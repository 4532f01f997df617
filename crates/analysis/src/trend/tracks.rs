//! The findings of a series, each a track of a hundred bytes, and which of them a finding of a report is.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;

use inspector_report_model::{
    Finding, Interner, PackedArn, View,
    identity::{Key, in_order, key},
};

/// How a finding stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// Someone has to do something about it.
    Open,
    /// It was suppressed or accepted.
    SetAside,
    /// It was closed, or is gone.
    Fixed,
}

/// What is kept of a finding.
#[derive(Clone, Debug)]
pub(super) struct Track {
    pub(super) state: State,
    /// Of its severity, the newest known.
    pub(super) rank: u8,
    /// The smallest First Seen of any sighting: it starts again with every push of an image.
    pub(super) first_seen: Option<Timestamp>,
    /// When it was opened again, last.
    pub(super) reopened: Option<Timestamp>,
    /// When the row that says how it stands was updated, and when it was seen.
    pub(super) updated: Option<Timestamp>,
    pub(super) seen: Option<Timestamp>,
    /// The number of the last report that has it.
    pub(super) sighted: u32,
    /// The number of what is known of its resource.
    pub(super) resource: u32,
    /// Localizer by number.
    pub(super) title: u32,
    pub(super) vulnerability: u32,
    pub(super) arn: PackedArn,
    /// What stays the same when it gets another ARN.
    key: Key,
}

impl Track {
    /// Since when it is open.
    pub(super) fn start(&self) -> Option<Timestamp> {
        self.reopened.or(self.first_seen)
    }
}

/// All tracks, and how they are found.
#[derive(Debug, Default)]
pub(super) struct Tracks {
    pub(super) all: Vec<Track>,
    /// Localizer of lists and ARNs.
    pub(super) texts: Interner,
    by_arn: HashMap<PackedArn, u32>,
    /// Of each key the last link of a chain.
    by_key: HashMap<Key, u32>,
    /// Each a track and the link before it. A track whose key changed is in two chains, and counts in the newer.
    links: Vec<(u32, Option<u32>)>,
}

/// A finding of a report, and the track that it belongs to.
pub(super) struct Sighting<'a> {
    pub(super) finding: Finding<'a>,
    /// The number of the track.
    pub(super) track: u32,
    /// Whether the finding was not known before.
    pub(super) is_new: bool,
    /// The report that had it before, by number.
    pub(super) before: u32,
    /// Whether it is known by its ARN, and not by what stays the same without it.
    pub(super) is_by_arn: bool,
}

impl Tracks {
    /// Finds the track of each finding of a report: by ARN, else by what stays the same without it; or a new one. Each
    /// track is one finding's alone. `first` is the number of the first report of the same day: what one of these has
    /// had is there, and is not taken for a finding with another ARN.
    pub(super) fn sight<'a>(
        &mut self,
        view: &'a View,
        number: u32,
        first: u32,
        mut each: impl FnMut(&mut Tracks, Sighting<'a>),
    ) {
        let mut left = Vec::new();
        let mut unknown = HashSet::new();
        for finding in view.findings() {
            let arn = finding.arn();
            if arn.is_empty() {
                left.push(finding);
                continue;
            }
            let arn = PackedArn::new(&arn, &mut self.texts);
            match self.by_arn.get(&arn).copied() {
                Some(track) => {
                    if let Some(sighting) = self.take(track, finding, number, true) {
                        each(self, sighting);
                    }
                }
                None if unknown.insert(arn) => left.push(finding),
                None => {}
            }
        }
        drop(unknown);
        if self.all.is_empty() {
            // Nothing to be paired with, so that the order does not matter.
            for finding in left {
                let sighting = self.add(finding, key(finding), number);
                each(self, sighting);
            }
            return;
        }
        let mut waiting: HashMap<Key, Vec<u32>> = HashMap::new();
        for finding in in_order(left) {
            let key = key(finding);
            let candidates = waiting.entry(key).or_insert_with(|| self.candidates(key, first));
            let sighting = match candidates.pop() {
                Some(track) => self.take(track, finding, number, false),
                None => Some(self.add(finding, key, number)),
            };
            if let Some(sighting) = sighting {
                each(self, sighting);
            }
        }
    }

    /// The tracks with this key that the reports from this number on have not had so far, the first to be paired last.
    fn candidates(&self, key: Key, first: u32) -> Vec<u32> {
        let mut found = Vec::new();
        let mut link = self.by_key.get(&key).copied();
        while let Some((track, before)) = link.and_then(|link| self.links.get(link as usize)) {
            link = *before;
            if self.all.get(*track as usize).is_some_and(|known| known.key == key && known.sighted < first) {
                found.push(*track);
            }
        }
        found.sort_unstable();
        found.dedup();
        // The order of `in_order`, the other way round.
        found.sort_by_cached_key(|track| {
            let known = self.all.get(*track as usize);
            std::cmp::Reverse(known.map(|known| {
                let arn = known.arn.text(&self.texts).into_owned();
                (known.state != State::Open, known.first_seen, arn, *track)
            }))
        });
        found
    }

    /// The sighting of a track by this report, unless the report has had it already.
    fn take<'a>(&mut self, track: u32, finding: Finding<'a>, number: u32, is_by_arn: bool) -> Option<Sighting<'a>> {
        let known = self.all.get_mut(track as usize)?;
        let before = std::mem::replace(&mut known.sighted, number);
        if before == number {
            return None;
        }
        let arn = PackedArn::new(&finding.arn(), &mut self.texts);
        if arn != known.arn {
            if self.by_arn.get(&known.arn) == Some(&track) {
                self.by_arn.remove(&known.arn);
            }
            known.arn = arn;
            if !finding.arn().is_empty() {
                self.by_arn.insert(arn, track);
            }
        }
        let key = key(finding);
        if key != known.key {
            known.key = key;
            self.link(key, track);
        }
        Some(Sighting { finding, track, is_new: false, before, is_by_arn })
    }

    fn add<'a>(&mut self, finding: Finding<'a>, key: Key, number: u32) -> Sighting<'a> {
        let track = self.all.len() as u32;
        let text = finding.arn();
        let arn = PackedArn::new(&text, &mut self.texts);
        if !text.is_empty() {
            self.by_arn.insert(arn, track);
        }
        self.link(key, track);
        self.all.push(Track {
            state: State::Fixed,
            rank: 0,
            first_seen: None,
            reopened: None,
            updated: None,
            seen: None,
            sighted: number,
            resource: 0,
            title: 0,
            vulnerability: 0,
            arn,
            key,
        });
        Sighting { finding, track, is_new: true, before: number, is_by_arn: false }
    }

    fn link(&mut self, key: Key, track: u32) {
        let link = self.links.len() as u32;
        let before = self.by_key.insert(key, link);
        self.links.push((track, before));
    }
}

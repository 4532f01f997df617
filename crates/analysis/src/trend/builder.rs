//! Follows findings from report to report.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};

use super::{
    BySeverity, FixTimes, GroupStatistics, OpenFinding, OutOfSight, Overdue, Snapshot, TargetStatistics, Targets,
    Trend, TrendBy, TrendMonth, TrendReport, Uncertain, Vanished,
    places::Places,
    tracks::{Sighting, State, Track, Tracks},
};
use crate::priority::OwnerPolicy;
use inspector_report_model::{
    Finding, Loss, Place, Resource, TriageEntry, View,
    value::{SEVERITIES, Status},
};

use crate::{order::counts_worst_first, triage};

/// A place is out of sight when no report has covered it for longer than this, in days: the reports of one week need not
/// all be of the same day.
const IN_SIGHT: f64 = 7.0;

/// Builds a [`Trend`] from reports, one after another in order of their dates.
#[derive(Debug)]
pub struct TrendBuilder {
    by: Vec<TrendBy>,
    owners: OwnerPolicy,
    tracks: Tracks,
    places: Places,
    /// Of each place the tracks that are open or set aside there. What is so no more goes when the place is next covered.
    live: Vec<Vec<u32>>,
    /// Of each place the date of the last report that covers it.
    covered: Vec<Option<Timestamp>>,
    /// Of each place the number of the first report of the last day on which one names it of which something is missing.
    incomplete: Vec<Option<u32>>,
    /// The day that reports are being taken in of.
    today: Option<Day>,
    zone: (TimeZone, String),
    fixed_late: u64,
    resources: Vec<ResourceFacts>,
    resource_numbers: HashMap<ResourceFacts, u32>,
    open: BySeverity,
    reports: Vec<TrendReport>,
    series: Vec<(Date, BySeverity)>,
    before: BySeverity,
    months: Vec<TrendMonth>,
    fixed: [u64; SEVERITIES],
    /// How long fixes took, in days.
    times: [Vec<f64>; SEVERITIES],
    groups: HashMap<(usize, u32), Group>,
    vanished: Vec<Vanished>,
    /// By track: what the newest report in which anything was filled in has.
    triage: HashMap<u32, TriageEntry>,
}

/// The reports of a day, of which each account and Region is one picture.
#[derive(Debug)]
struct Day {
    date: Date,
    /// The number of its first report.
    first: u32,
    /// Its reports, those together that name an account and Region in common, each with their places and their last number.
    pictures: Vec<Picture>,
    /// The places that its whole reports cover, each with the number of the last of them.
    covered: BTreeMap<u32, u32>,
    /// The places that its reports name.
    own: BTreeSet<u32>,
    /// Those that a report names of which something is missing.
    incomplete: BTreeSet<u32>,
}

/// Reports of a day that are one picture of their places.
#[derive(Debug)]
struct Picture {
    places: BTreeSet<u32>,
    last: u32,
    views: Vec<View>,
}

impl Picture {
    /// Whether another one is of places in common.
    fn meets(&self, other: &Picture) -> bool {
        self.places.intersection(&other.places).next().is_some()
    }

    fn take(&mut self, other: Picture) {
        self.places.extend(other.places);
        self.last = self.last.max(other.last);
        self.views.extend(other.views);
    }
}

/// What lists and groups need of a resource, as numbers of texts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct ResourceFacts {
    place: u32,
    name: u32,
    owner: u32,
    /// The name of its group, of each thing that is grouped by.
    groups: Box<[u32]>,
}

/// What happened in a group.
#[derive(Clone, Copy, Debug, Default)]
struct Group {
    opened: u64,
    fixed: u64,
    timed: u64,
    days: f64,
    open: BySeverity,
    overdue: u64,
}

/// What happens to a finding. A fix has the time that it is told of.
#[derive(Clone, Copy, Debug)]
enum Event {
    Opened(Timestamp),
    Reopened,
    Fixed(Timestamp),
    SetAside(Timestamp),
    Unsuppressed,
}

impl TrendBuilder {
    /// Nothing yet. `by` says what findings are grouped by.
    pub fn new(by: Vec<TrendBy>) -> TrendBuilder {
        TrendBuilder {
            by,
            owners: OwnerPolicy::default(),
            tracks: Tracks::default(),
            places: Places::default(),
            live: Vec::new(),
            covered: Vec::new(),
            incomplete: Vec::new(),
            today: None,
            zone: (TimeZone::UTC, "UTC".to_owned()),
            fixed_late: 0,
            resources: Vec::new(),
            resource_numbers: HashMap::new(),
            open: BySeverity::default(),
            reports: Vec::new(),
            series: Vec::new(),
            before: BySeverity::default(),
            months: Vec::new(),
            fixed: [0; SEVERITIES],
            times: Default::default(),
            groups: HashMap::new(),
            vanished: Vec::new(),
            triage: HashMap::new(),
        }
    }

    /// Counts days and months in this time zone, of this name.
    pub fn in_zone(mut self, zone: TimeZone, name: &str) -> TrendBuilder {
        self.zone = (zone, name.to_owned());
        self
    }

    /// The builder that knows owners by this policy.
    pub fn owned_by(mut self, owners: OwnerPolicy) -> TrendBuilder {
        self.owners = owners;
        self
    }

    /// Takes in a report. One that is older than the one before it counts as of that one's date. What filters leave out is
    /// set aside, not fixed: it may be left out because its severity is another now. Reports of a day are kept until it ends.
    pub fn add(&mut self, snapshot: &Snapshot, report: impl Into<View>) {
        let view: View = report.into();
        let number = self.reports.len() as u32;
        let date = self.reports.last().map_or(snapshot.date, |last| last.date.max(snapshot.date));
        let day = self.day(date);
        if self.today.as_ref().is_some_and(|today| today.date != day) {
            self.end_day();
        }
        let own: BTreeSet<u32> = snapshot.places.iter().map(|place| self.places.number(place)).collect();
        let is_whole = snapshot.loss == Loss::None;
        // A report of which something is missing covers nothing: that it does not have a finding says nothing.
        let covered = if is_whole { self.places.covered(number as usize, &own) } else { BTreeSet::new() };
        let name = |place: &u32| {
            let (account, region) = self.places.name(*place);
            (account.to_owned(), region.to_owned())
        };
        let mut covers_more: Vec<(String, String)> = covered.difference(&own).map(name).collect();
        covers_more.sort_unstable();
        self.reports.push(TrendReport {
            file: snapshot.file.clone(),
            date,
            findings: view.report().len() as u64,
            open: view.findings().filter(|finding| finding.is_open()).count() as u64,
            covers_more,
            rows_lost: snapshot.rows_lost,
            loss: snapshot.loss,
        });
        self.begin(day);
        let today = self.today.get_or_insert_with(|| Day {
            date: day,
            first: number,
            pictures: Vec::new(),
            covered: BTreeMap::new(),
            own: BTreeSet::new(),
            incomplete: BTreeSet::new(),
        });
        today.covered.extend(covered.iter().map(|place| (*place, number)));
        if !is_whole {
            today.incomplete.extend(&own);
        }
        today.own.extend(&own);
        let picture = Picture { places: own, last: number, views: vec![view] };
        let pictures = std::mem::take(&mut today.pictures).into_iter();
        let (met, others): (Vec<Picture>, Vec<Picture>) = pictures.partition(|other| picture.meets(other));
        today.pictures = others;
        let mut met = met.into_iter().chain([picture]);
        if let Some(mut one) = met.next() {
            met.for_each(|other| one.take(other));
            today.pictures.push(one);
        }
    }

    /// Takes in what the reports of a day say of their places: of rows of one finding the one that counts.
    fn see(&mut self, Picture { last, mut views, .. }: Picture, first: u32) {
        let Some(date) = self.reports.get(last as usize).map(|report| report.date) else { return };
        let view = match (views.pop(), views.is_empty()) {
            (Some(only), true) => only,
            (Some(other), false) => {
                views.push(other);
                View::merge("", views)
            }
            (None, _) => return,
        };
        let (kept, whole) = (view.kept(), view.whole());
        let is_left_out = |finding: Finding<'_>| finding.status().is_open() && kept.get(finding.row()) == Some(&false);
        // Each resource is looked at once.
        let mut known: Vec<Option<u32>> = vec![None; whole.resources().len()];
        let mut tracks = std::mem::take(&mut self.tracks);
        let mut filled = triage::filled(&whole);
        tracks.sight(&whole, last, first, |tracks, sighting| {
            if let Some(entry) = filled.remove(&sighting.finding.row()) {
                self.triage.insert(sighting.track, entry);
            }
            let resource = sighting.finding.resource();
            let place = resource.index() as usize;
            let resource = match known.get(place).copied().flatten() {
                Some(number) => number,
                None => {
                    let number = self.resource(tracks, resource);
                    if let Some(known) = known.get_mut(place) {
                        *known = Some(number);
                    }
                    number
                }
            };
            self.sighted(tracks, &sighting, is_left_out(sighting.finding), resource, date);
        });
        self.tracks = tracks;
    }

    /// Ends a day: what none of its reports has, at a place that they cover, is gone.
    fn end_day(&mut self) {
        let Some(Day { date, first, pictures, covered, own, incomplete }) = self.today.take() else { return };
        pictures.into_iter().for_each(|picture| self.see(picture, first));
        for (place, number) in covered {
            if incomplete.contains(&place) {
                continue;
            }
            self.sweep(place, first, number, own.contains(&place));
            let date = self.reports.get(number as usize).map(|report| report.date);
            if let Some(last) = grown(&mut self.covered, place) {
                *last = date;
            }
        }
        for place in incomplete {
            if let Some(incomplete) = grown(&mut self.incomplete, place) {
                *incomplete = Some(first);
            }
        }
        self.series.push((date, self.open));
        if let Some(month) = self.months.last_mut() {
            month.open = self.open;
        }
    }

    fn day(&self, time: Timestamp) -> Date {
        time.to_zoned_datetime(self.zone.0.clone()).date()
    }

    /// Goes on to the month of a day.
    fn begin(&mut self, day: Date) {
        let first_day = day.first_of_month();
        while self.months.last().is_none_or(|month| month.first_day < first_day) {
            // A month without a report keeps the state of before.
            let next = self.months.last().map_or(first_day, |last| next_month(last.first_day));
            self.months.push(TrendMonth { first_day: next, open: self.open, ..TrendMonth::default() });
        }
    }

    /// The number of what is to be known of a resource.
    fn resource(&mut self, tracks: &mut Tracks, resource: Resource<'_>) -> u32 {
        let mut text = |text: &str| tracks.texts.intern(text).0;
        let facts = ResourceFacts {
            place: self.places.number(&Place::of(resource)),
            name: text(&resource.name()),
            owner: text(&self.owners.owner(resource).unwrap_or_default()),
            groups: self.by.iter().map(|by| text(&by.name(resource, &self.owners))).collect(),
        };
        *self.resource_numbers.entry(facts).or_insert_with_key(|facts| {
            self.resources.push(facts.clone());
            self.resources.len() as u32 - 1
        })
    }

    /// What a report says of a finding that it has.
    fn sighted(
        &mut self,
        tracks: &mut Tracks,
        sighting: &Sighting<'_>,
        is_left_out: bool,
        resource: u32,
        date: Timestamp,
    ) {
        let finding = sighting.finding;
        let title = tracks.texts.intern(finding.title().trim()).0;
        let vulnerability = tracks.texts.intern(finding.vulnerability_facts().id()).0;
        let Some(track) = tracks.all.get_mut(sighting.track as usize) else { return };
        if sighting.is_by_arn && is_older(finding, track) && finding.acceptance().is_none() && !is_left_out {
            return;
        }
        (track.updated, track.seen) = (finding.believed_update(), finding.last_seen());
        let moved = !sighting.is_new && self.place(track.resource) != self.place(resource);
        let was = if sighting.is_new { None } else { Some(track.state) };
        if was == Some(State::Open) {
            self.open[usize::from(track.rank)] -= 1;
        }
        track.rank = finding.severity().rank() as u8;
        track.first_seen = track.first_seen.into_iter().chain(finding.first_seen()).min();
        (track.title, track.vulnerability, track.resource) = (title, vulnerability, resource);
        track.state = match (finding.is_open() && !is_left_out, finding.status()) {
            (true, _) => State::Open,
            (false, Status::Closed) => State::Fixed,
            (false, _) => State::SetAside,
        };
        // What is told of happened since the report before.
        let before = self.reports.get(sighting.before as usize).map(|report| report.date);
        let told = |time: Option<Timestamp>| time.filter(|time| Some(*time) > before && *time <= date);
        let event = match (was, track.state) {
            (None, State::Open) => Some(Event::Opened(track.first_seen.unwrap_or(date))),
            (Some(State::Fixed), State::Open) => Some(Event::Reopened),
            (Some(State::SetAside), State::Open) => Some(Event::Unsuppressed),
            (Some(State::Open), State::SetAside) => {
                let since = finding.acceptance().and_then(|acceptance| acceptance.since);
                let since = since.and_then(|day| self.zone.0.to_timestamp(day.at(0, 0, 0, 0)).ok());
                Some(Event::SetAside(told(since).unwrap_or(date)))
            }
            (Some(State::Open), State::Fixed) => Some(Event::Fixed(told(finding.last_updated()).unwrap_or(date))),
            _ => None,
        };
        if track.state == State::Open {
            self.open[usize::from(track.rank)] += 1;
        }
        if track.state != State::Fixed && (moved || matches!(was, None | Some(State::Fixed))) {
            let place = self.place(resource);
            if let Some(live) = grown(&mut self.live, place) {
                live.push(sighting.track);
            }
        }
        if let Some(event) = event {
            if let Event::Reopened = event {
                track.reopened = Some(date);
            }
            self.count(event, track.rank, track.start(), resource, date);
        }
    }

    /// Goes through what was open or set aside at a place that the report of this number covers: what no report from the
    /// `first` of the day on has is gone. `is_own` says whether they have anything at all there.
    fn sweep(&mut self, place: u32, first: u32, number: u32, is_own: bool) {
        let Some(mut live) = grown(&mut self.live, place).map(std::mem::take) else { return };
        let Some(report) = self.reports.get(number as usize) else { return };
        let (date, file) = (report.date, report.file.clone());
        let incomplete = self.incomplete.get(place as usize).copied().flatten();
        let mut tracks = std::mem::take(&mut self.tracks);
        let mut gone = 0;
        live.retain(|track| {
            let Some(track) = tracks.all.get_mut(*track as usize) else { return false };
            if track.state == State::Fixed || self.place(track.resource) != place {
                return false;
            }
            if track.sighted >= first {
                return true;
            }
            if std::mem::replace(&mut track.state, State::Fixed) == State::Open {
                gone += 1;
                self.fixed_late += u64::from(incomplete > Some(track.sighted));
                self.open[usize::from(track.rank)] -= 1;
                self.count(Event::Fixed(date), track.rank, track.start(), track.resource, date);
            }
            false
        });
        self.tracks = tracks;
        if let Some(of_place) = grown(&mut self.live, place) {
            *of_place = live;
        }
        if gone > 0 && !is_own {
            let (account, region) = self.places.name(place);
            let (account, region) = (account.to_owned(), region.to_owned());
            self.vanished.push(Vanished { account, region, fixed: gone, file, date });
        }
    }

    /// Counts an event of a finding of this severity, in its month and groups.
    fn count(&mut self, event: Event, rank: u8, start: Option<Timestamp>, resource: u32, date: Timestamp) {
        let rank = usize::from(rank);
        let is_before = match (event, self.reports.first()) {
            (Event::Opened(time), Some(first)) => time <= first.date,
            _ => false,
        };
        if is_before {
            self.before[rank] += 1;
            return;
        }
        let time = match event {
            Event::Opened(time) | Event::Fixed(time) | Event::SetAside(time) => time,
            Event::Reopened | Event::Unsuppressed => date,
        };
        let first_day = self.day(time).first_of_month();
        let month = self.months.binary_search_by_key(&first_day, |month| month.first_day);
        if let Some(month) = month.ok().and_then(|month| self.months.get_mut(month)) {
            let counts = match event {
                Event::Opened(_) => &mut month.opened,
                Event::Reopened => &mut month.reopened,
                Event::Fixed(_) => &mut month.fixed,
                Event::SetAside(_) => &mut month.set_aside,
                Event::Unsuppressed => &mut month.unsuppressed,
            };
            counts[rank] += 1;
        }
        let (is_opened, is_fixed) =
            (matches!(event, Event::Opened(_) | Event::Reopened), matches!(event, Event::Fixed(_)));
        let days = start.filter(|_| is_fixed).map(|start| days(start, time).max(0.0));
        if is_fixed {
            self.fixed[rank] += 1;
            self.times[rank].extend(days);
        }
        if let Some(facts) = self.resources.get(resource as usize).filter(|_| is_opened || is_fixed) {
            for (by, name) in facts.groups.iter().enumerate() {
                let group = self.groups.entry((by, *name)).or_default();
                group.opened += u64::from(is_opened);
                group.fixed += u64::from(is_fixed);
                group.timed += u64::from(days.is_some());
                group.days += days.unwrap_or(0.0);
            }
        }
    }

    fn place(&self, resource: u32) -> u32 {
        self.resources.get(resource as usize).map_or(0, |facts| facts.place)
    }

    /// What it all comes to; `None` if there was no report.
    pub fn finish(mut self, targets: &Targets) -> Option<Trend> {
        self.end_day();
        let (from, to) = (self.reports.first()?.date, self.reports.last()?.date);
        let mut texts = SharedTexts::default();
        let mut oldest = Vec::new();
        let mut out_of_sight: BTreeMap<(String, String), OutOfSight> = BTreeMap::new();
        let mut late = [0u64; SEVERITIES];
        let reports = self.reports.iter().filter(|report| report.loss != Loss::None).count() as u64;
        let mut uncertain = Uncertain { fixed_late: self.fixed_late, reports, ..Uncertain::default() };
        for (number, track) in (0..).zip(&self.tracks.all).filter(|(_, track)| track.state == State::Open) {
            let rank = usize::from(track.rank);
            let Some(facts) = self.resources.get(track.resource as usize) else { continue };
            let mut open = self.finding(track, facts, to, &mut texts);
            open.triage = self.triage.get(&number).cloned().unwrap_or_default();
            let is_late = over(&open, targets).is_some();
            late[rank] += u64::from(is_late);
            for (by, name) in facts.groups.iter().enumerate() {
                let group = self.groups.entry((by, *name)).or_default();
                group.open[rank] += 1;
                group.overdue += u64::from(is_late);
            }
            let incomplete = self.incomplete.get(facts.place as usize).copied().flatten();
            uncertain.open[rank] += u64::from(incomplete > Some(track.sighted));
            let covered = self.covered.get(facts.place as usize).copied().flatten();
            if let Some(since) = covered.filter(|since| days(*since, to) > IN_SIGHT) {
                let (account, region) = (open.account.to_string(), open.region.to_string());
                let key = (account.clone(), region.clone());
                out_of_sight.entry(key).or_insert(OutOfSight { account, region, open: 0, since }).open += 1;
            }
            oldest.push(open);
        }
        oldest.sort_by(|a, b| {
            (a.since.is_none(), a.since, a.rank, &a.arn).cmp(&(b.since.is_none(), b.since, b.rank, &b.arn))
        });
        let mut overdue: Vec<Overdue> = oldest
            .iter()
            .filter_map(|finding| {
                let (target, days_over) = over(finding, targets)?;
                Some(Overdue { finding: finding.clone(), target, days_over })
            })
            .collect();
        overdue.sort_by(|a, b| b.days_over.total_cmp(&a.days_over).then(a.finding.rank.cmp(&b.finding.rank)));

        let target_figures = (0..SEVERITIES).filter_map(|rank| {
            let (days, times) = (targets.days(rank)?, self.times.get(rank)?);
            let in_time = times.iter().filter(|time| **time <= f64::from(days)).count() as u64;
            Some(TargetStatistics { rank, days, overdue: late[rank], fixed: times.len() as u64, in_time })
        });
        let targets = target_figures.collect();
        let all: Vec<f64> = self.times.iter().flatten().copied().collect();
        let mut times = self.times.into_iter();
        let fix_times = self.fixed.map(|fixed| FixTimes::new(fixed, times.next().unwrap_or_default()));
        let all_fix_times = FixTimes::new(self.fixed.iter().sum(), all);
        let mut groups: Vec<(TrendBy, Vec<GroupStatistics>)> = self.by.into_iter().map(|by| (by, Vec::new())).collect();
        for ((by, name), group) in self.groups {
            if let Some((_, values)) = groups.get_mut(by) {
                values.push(GroupStatistics {
                    name: self.tracks.texts.get(name).to_owned(),
                    open: group.open,
                    opened: group.opened,
                    fixed: group.fixed,
                    mean_days: (group.timed > 0).then(|| group.days / group.timed as f64),
                    overdue: group.overdue,
                });
            }
        }
        // That which matters most first: a place with one finding becomes clean by itself.
        self.vanished.sort_by_key(|gone| std::cmp::Reverse(gone.fixed));
        for (_, values) in &mut groups {
            values.sort_by(|a, b| counts_worst_first(&a.open, &b.open).then_with(|| a.name.cmp(&b.name)));
        }
        Some(Trend {
            reports: self.reports,
            from,
            to,
            series: self.series,
            before: self.before,
            months: self.months,
            fix_times,
            all_fix_times,
            groups,
            targets,
            oldest,
            overdue,
            vanished: self.vanished,
            out_of_sight: out_of_sight.into_values().collect(),
            uncertain,
            zone: self.zone,
            undated: Vec::new(),
            unread: Vec::new(),
            filters: Vec::new(),
        })
    }

    fn finding(&self, track: &Track, facts: &ResourceFacts, to: Timestamp, texts: &mut SharedTexts) -> OpenFinding {
        let known = &self.tracks.texts;
        let (account, region) = self.places.name(facts.place);
        let mut text = |number: u32| texts.get(number, known.get(number));
        let (vulnerability, title) = (text(track.vulnerability), text(track.title));
        let (resource, owner) = (text(facts.name), text(facts.owner));
        let [account, region] = [account, region].map(Arc::from);
        let since = track.start();
        OpenFinding {
            rank: usize::from(track.rank),
            vulnerability,
            title,
            resource,
            account,
            region,
            owner,
            since,
            days: since.map(|since| days(since, to)),
            arn: track.arn.text(known).into_owned(),
            triage: TriageEntry::default(),
        }
    }
}

/// Whether a row of a finding is delivered again, after a newer one that a report of an earlier day had: it was updated
/// before that, and was not seen later. Spreadsheets save times to the minute.
fn is_older(finding: Finding<'_>, track: &Track) -> bool {
    const MINUTE: SignedDuration = SignedDuration::from_mins(1);
    let updated = finding.believed_update().zip(track.updated);
    let seen = finding.last_seen().zip(track.seen);
    updated.is_some_and(|(time, known)| known.duration_since(time) >= MINUTE)
        && seen.is_none_or(|(time, known)| time <= known)
}

/// Localizer that many findings share, each in memory once.
#[derive(Default)]
struct SharedTexts(HashMap<u32, Arc<str>>);

impl SharedTexts {
    fn get(&mut self, number: u32, text: &str) -> Arc<str> {
        Arc::clone(self.0.entry(number).or_insert_with(|| Arc::from(text)))
    }
}

impl FixTimes {
    pub(super) fn new(fixed: u64, mut days: Vec<f64>) -> FixTimes {
        days.sort_by(f64::total_cmp);
        let timed = days.len() as u64;
        let mean = (timed > 0).then(|| days.iter().sum::<f64>() / timed as f64);
        // The nearest rank: the ceil(0.9 n)-th smallest, in whole numbers so that nothing is rounded.
        let rank = (9 * days.len()).div_ceil(10);
        let percentile90 = rank.checked_sub(1).and_then(|at| days.get(at).copied());
        FixTimes { fixed, timed, mean, percentile90 }
    }
}

/// The target of an open finding, and by how many days it is over, if it is.
fn over(finding: &OpenFinding, targets: &Targets) -> Option<(u32, f64)> {
    let target = targets.days(finding.rank)?;
    let over = finding.days? - f64::from(target);
    (over > 0.0).then_some((target, over))
}

fn next_month(first_day: Date) -> Date {
    // The last month that dates know has none after it.
    first_day.last_of_month().tomorrow().unwrap_or(Date::MAX)
}

fn days(from: Timestamp, to: Timestamp) -> f64 {
    to.duration_since(from).as_secs_f64() / 86_400.0
}

/// The value at a place of a list that grows to hold it.
fn grown<T: Default>(list: &mut Vec<T>, place: u32) -> Option<&mut T> {
    let place = place as usize;
    if list.len() <= place {
        list.resize_with(place + 1, T::default);
    }
    list.get_mut(place)
}

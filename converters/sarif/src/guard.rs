//! What a run may write: no alert closes because an input was broken, missing, narrower or filtered.
//!
//! A category that the run does not [cover](crate::coverage) is held back: neither emptied nor written anew, for fewer
//! results would close the alerts of what is missing. It stays in the state as it is. One that the state does not know, or
//! knows without alerts, has nothing to close; what was written empty is written so again until it is forgotten.
//!
//! Where a category is of more than an account and a Region, and is covered, those that no input names any more are taken
//! as clean: whoever chooses such categories says that the report is all there is of them. They are told.
//!
//! A run with other filters than the state, one with any where those of the state are not known, and one that closes much
//! at once, writes nothing at all. The person who says `--sarif-allow-emptying` vouches that the report is all there is.

use std::collections::{BTreeMap, BTreeSet};

use inspector_report_format::ConvertError;
use inspector_report_model::{Place, View};

use crate::{
    category::{self, CategoryBy, Scope},
    coverage::{Doubt, Inputs, Replaced, Verdict},
    group::Group,
    incomplete::{incomplete, names, not_whole},
    options::{Options, Profile},
    state::{Delivery, Known, State, place_name},
};

/// What may be written, and what is held back.
#[derive(Debug, Default)]
pub(crate) struct Guard<'a> {
    inputs: Inputs<'a>,
    /// What each category covers.
    scopes: BTreeMap<String, Scope>,
    /// How many alerts of each account and Region the categories of the report have.
    alerts: BTreeMap<String, BTreeMap<Place, u64>>,
    /// The categories that are not written.
    held: BTreeSet<String>,
    /// How many findings these would have; apart those of an earlier report, which are gone.
    held_findings: u64,
    held_gone: u64,
    /// How many have alerts and may not be covered whole, with the inputs that were not read whole, name the account and
    /// Region no more (with these), or are missing.
    broken: Held,
    narrower: Held,
    missing: Held,
    /// How many have alerts and are not covered, with their accounts and Regions.
    not_covered: Held,
    /// How many without findings are left out, since the report is not whole.
    left_empty: u64,
    /// The accounts and Regions that no input names any more, of categories that are covered, and how many alerts these
    /// have.
    gone: BTreeMap<String, u64>,
    /// Whether anything was known of earlier deliveries, and what these were made of.
    knows: bool,
    knows_filters: bool,
    /// What the categories of these stood for, if it was something else.
    was_by: Option<CategoryBy>,
    /// The inputs in whose place others came in this run.
    replaced: Replaced,
}

#[derive(Debug, Default)]
struct Held {
    categories: u64,
    names: BTreeSet<String>,
}

impl Held {
    fn add(&mut self, name: String) {
        self.categories += 1;
        self.names.insert(name);
    }
}

/// What a run closes of what the state has, by account and Region: an alert that is in another category now is not
/// closed.
#[derive(Debug, Default)]
struct Closing {
    /// The alerts that there are of each account and Region, as far as that is known.
    all: BTreeMap<String, u64>,
    /// Those of categories that are written.
    before: BTreeMap<String, u64>,
    now: BTreeMap<String, u64>,
}

impl Closing {
    /// Takes in the alerts of a category of the state.
    fn add(&mut self, category: &str, known: &Known, is_held: bool) {
        let mut add = |place: &str, count| {
            *self.all.entry(place.to_owned()).or_default() += count;
            if !is_held {
                *self.before.entry(place.to_owned()).or_default() += count;
            }
        };
        match known.alerts() {
            Some(alerts) => {
                alerts.iter().filter(|(_, count)| **count > 0).for_each(|(place, count)| add(place, *count))
            }
            None => add(&known.scope().describe(category), 0),
        }
    }

    fn alerts(&self) -> u64 {
        self.all.values().sum()
    }

    /// How many alerts would close at least.
    fn closed(&self) -> u64 {
        let now = |place| self.now.get(place).copied().unwrap_or_default();
        self.before.iter().map(|(place, before)| before.saturating_sub(now(place))).sum()
    }

    /// The accounts and Regions that would have no alerts any more.
    fn emptied(&self) -> Vec<&str> {
        self.before.keys().filter(|place| !self.now.contains_key(*place)).map(String::as_str).collect()
    }

    fn is_over(&self, percent: u64) -> bool {
        self.emptied().len() as u64 * 100 > percent * self.all.len() as u64
            || self.closed() * 100 > percent * self.alerts()
    }

    /// The lowest limit that it is not over, in percent.
    fn least(&self) -> u64 {
        let share = |part: u64, whole: u64| (part * 100).div_ceil(whole.max(1));
        share(self.emptied().len() as u64, self.all.len() as u64).max(share(self.closed(), self.alerts()))
    }

    /// Both figures, and some of the accounts and Regions.
    fn describe(&self) -> String {
        let (emptied, places) = (self.emptied(), self.all.len() as u64);
        let mut text = format!(
            "would close at least {} of {} alerts ({}) and leave {} of {places} accounts and Regions without any ({})",
            self.closed(),
            self.alerts(),
            percent(self.closed(), self.alerts()),
            emptied.len(),
            percent(emptied.len() as u64, places)
        );
        if !emptied.is_empty() {
            text += &format!(": {}", names(emptied.iter().copied()));
        }
        text
    }
}

/// A share with one decimal. It is never rounded down to a limit.
fn percent(part: u64, whole: u64) -> String {
    let tenths = (part * 1_000).div_ceil(whole.max(1));
    format!("{}.{}%", tenths / 10, tenths % 10)
}

impl<'a> Guard<'a> {
    /// Decides for each category; takes those that are held back out of `groups`.
    ///
    /// # Errors
    /// When filters differ from those of the state, or more would close than is allowed at once.
    pub(crate) fn new(
        report: &'a View,
        options: &Options,
        by: CategoryBy,
        state: &State,
        groups: &mut Vec<Group>,
    ) -> Result<Guard<'a>, ConvertError> {
        let known: BTreeMap<&str, &Known> = state.of(&options.prefix).collect();
        let before = state.delivery(&options.prefix);
        let mut guard = Guard {
            inputs: Inputs::new(
                report.coverage(),
                &state.inputs(&options.prefix),
                before.map(|before| before.replaced.clone()).unwrap_or_default(),
            ),
            knows: !known.is_empty(),
            knows_filters: before.is_some(),
            was_by: before.map(|before| before.category_by).filter(|was| *was != by),
            ..Guard::default()
        };
        let scopes = known.iter().map(|(category, known)| ((*category).to_owned(), known.scope()));
        guard.scopes.extend(scopes);
        for group in groups.iter_mut() {
            guard.scopes.extend(group.scope.take().map(|scope| (group.category.clone(), scope)));
            guard.alerts.insert(group.category.clone(), std::mem::take(&mut group.alerts));
        }
        let mut closing = Closing::default();
        for (category, known) in &known {
            let is_held = !options.allow_emptying && guard.holds(category, known);
            closing.add(category, known, is_held);
        }
        for (_, alerts) in guard.alerts.iter().filter(|(category, _)| !guard.held.contains(*category)) {
            for (place, count) in alerts {
                *closing.now.entry(place_name(place)).or_default() += count;
            }
        }
        guard.gone = closing.before.iter().map(|(place, count)| (place.clone(), *count)).collect();
        guard.gone.retain(|place, count| *count > 0 && !guard.inputs.names_place(place));
        if !options.allow_emptying {
            refuse(&closing, report, options, by, state, guard.knows)?;
            // What a broken report does not have any more, an earlier upload may have.
            let is_whole = report.is_whole();
            let names_nothing = |group: &Group| group.category == category::report(&options.prefix);
            for group in groups.iter().filter(|group| group.len() == 0 && !known.contains_key(&*group.category)) {
                if !is_whole || (guard.knows && by != CategoryBy::REPORT && names_nothing(group)) {
                    guard.held.insert(group.category.clone());
                    guard.left_empty += u64::from(!is_whole);
                }
            }
        }
        groups.retain(|group| {
            let is_held = guard.held.contains(&group.category);
            if is_held {
                guard.held_findings += group.len() - group.gone();
                guard.held_gone += group.gone();
            }
            !is_held
        });
        Ok(guard)
    }

    /// Whether a category of the state is held back.
    fn holds(&mut self, category: &str, known: &Known) -> bool {
        if !known.has_alerts() {
            return false;
        }
        let scope = self.scopes.get(category).cloned().unwrap_or_default();
        let (held, name) = match self.inputs.judge(&scope, known.inputs()) {
            Verdict::Covered => {
                let lacking = self.inputs.lacking(&scope, known.inputs());
                if !lacking.is_empty() {
                    self.replaced.by.extend(self.inputs.new_naming(&scope, known.inputs()).map(str::to_owned));
                }
                self.replaced.names.extend(lacking.into_keys().map(str::to_owned));
                return false;
            }
            Verdict::Uncertain(Doubt::Broken(input)) => (&mut self.broken, input.to_owned()),
            Verdict::Uncertain(Doubt::Missing(input)) => (&mut self.missing, input.to_owned()),
            Verdict::Uncertain(Doubt::Narrower(input)) => {
                (&mut self.narrower, format!("{input} without {}", scope.describe(category)))
            }
            Verdict::NotCovered => (&mut self.not_covered, scope.describe(category)),
        };
        held.add(name);
        self.held.insert(category.to_owned());
        true
    }

    /// Whether a category, with its parts, is held back.
    pub(crate) fn is_held(&self, category: &str) -> bool {
        self.held.contains(category)
    }

    /// How many findings are not written for it.
    pub(crate) fn held_findings(&self) -> u64 {
        self.held_findings
    }

    /// How many findings that only an earlier report has are not written for it.
    pub(crate) fn held_gone(&self) -> u64 {
        self.held_gone
    }

    /// What a category covers.
    pub(crate) fn scope(&self, category: &str) -> Scope {
        self.scopes.get(category).cloned().unwrap_or_default()
    }

    /// How many alerts of each account and Region the report has in a category.
    pub(crate) fn alerts(&self, category: &str) -> impl Iterator<Item = (&Place, &u64)> {
        self.alerts.get(category).into_iter().flatten()
    }

    /// How many alerts the report has, by account and Region.
    pub(crate) fn all_alerts(&self) -> impl Iterator<Item = (&Place, &u64)> {
        self.alerts.values().flatten()
    }

    /// The names of the inputs that cover what a category does.
    pub(crate) fn inputs(&self, scope: &Scope) -> Vec<String> {
        self.inputs.names(scope)
    }

    /// What categories stood for before, if it was something else.
    pub(crate) fn was_by(&self) -> Option<CategoryBy> {
        self.was_by
    }

    /// The inputs in whose place others came, in this run or before.
    pub(crate) fn replaced(&self) -> Replaced {
        let mut replaced = self.inputs.replaced();
        replaced.names.extend(self.replaced.names.iter().filter(|name| !self.inputs.has(name)).cloned());
        replaced.by.extend(self.replaced.by.iter().cloned());
        replaced
    }

    /// What the person who uploads the files should know; `files` is how many there are.
    pub(crate) fn notes(&self, report: &View, options: &Options, files: u64) -> Vec<String> {
        let mut notes = Vec::new();
        if files == 0 {
            notes
                .push("no SARIF file is written: no category may be, and GitHub rejects a file without any".to_owned());
        }
        if !report.is_whole() && !self.knows && !options.allow_emptying {
            notes.push(self.warning(report, options, files));
        }
        if let Some(path) =
            options.state.as_ref().filter(|_| self.knows && !self.knows_filters && !options.allow_emptying)
        {
            notes.push(format!(
                "{} does not know yet how many alerts there are: it does from this run on, and --sarif-max-emptying \
                 limits from the next run on how many may close",
                path.display()
            ));
        }
        if !self.gone.is_empty() {
            let alerts: u64 = self.gone.values().sum();
            notes.push(format!(
                "no input names {} any more, which had alerts ({alerts}): taken as clean, since the categories that these \
                 are in are covered; they close",
                names(self.gone.keys().map(String::as_str))
            ));
        }
        let list = |held: &Held| names(held.names.iter().map(String::as_str));
        notes.extend(
            self.broken.note(|are, stay| {
                format!("{are} held back, since {} {}: {stay}", list(&self.broken), not_whole(report))
            }),
        );
        notes.extend(self.narrower.note(|are, stay| {
            format!(
                "{are} held back, since inputs that covered their accounts and Regions before do not name them any more \
                 ({}): {stay}; if that is right, run once with --sarif-allow-emptying",
                list(&self.narrower)
            )
        }));
        notes.extend(self.missing.note(|are, stay| {
            format!(
                "{are} held back, since {} covered them before and are not in this run: {stay}; if they are gone for \
                 good, run once with --sarif-allow-emptying",
                list(&self.missing)
            )
        }));
        notes.extend(self.not_covered.note(|_, _| {
            let (categories, stay) = match self.not_covered.categories {
                1 => ("1 category".to_owned(), "stays as it is"),
                count => (format!("{count} categories"), "stay as they are"),
            };
            format!(
                "{categories} of accounts and Regions that this report does not cover {stay} ({}); where an account is \
                 clean altogether, run once with --sarif-allow-emptying",
                list(&self.not_covered)
            )
        }));
        notes
    }

    /// That an incomplete report closes alerts where nothing is known of those that there are.
    fn warning(&self, report: &View, options: &Options, files: u64) -> String {
        let mut text = format!("WARNING: the report {}", incomplete(report).unwrap_or_default());
        if self.left_empty > 0 {
            text += &format!("; categories without open findings ({}) are not written", self.left_empty);
        }
        if files > 0 {
            text += "; uploading it closes the alerts of what is missing";
            match &options.state {
                Some(path) => text += &format!(", since {} does not know them yet", path.display()),
                None => text += "; --sarif-state, which remembers what was uploaded, prevents that",
            }
        }
        text
    }
}

impl Held {
    /// A note, if there is something to say: made of "13 categories are" and that their alerts stay.
    fn note(&self, make: impl FnOnce(&str, &str) -> String) -> Option<String> {
        match self.categories {
            0 => None,
            1 => Some(make("1 category is", "its alerts stay as they are")),
            count => Some(make(&format!("{count} categories are"), "their alerts stay as they are")),
        }
    }
}

/// Refuses to write anything; `knows` is whether the state has categories.
fn refuse(
    closing: &Closing,
    report: &View,
    options: &Options,
    by: CategoryBy,
    state: &State,
    knows: bool,
) -> Result<(), ConvertError> {
    let file = options.state.as_deref().map(|path| path.display().to_string()).unwrap_or_default();
    let untouched = format!("nothing was written, and {file} is as it was");
    let (now, before) = (Delivery::new(report, options, by), state.delivery(&options.prefix));
    if let Some(before) = before.filter(|before| !before.is_like(&now)) {
        return Err(ConvertError::Stopped(format!(
            "{file} knows a delivery with {}, and this one has {}: it {}; go on with the same, or name another \
             --sarif-category; if the repository is to have what this run has from now on, run once with \
             --sarif-allow-emptying; {untouched}",
            before.describe(),
            now.describe(),
            closing.describe()
        )));
    }
    let has_all = now.filters.is_empty() && now.profile == Profile::GitHub && !now.only_mapped;
    if before.is_none() && knows && !has_all {
        return Err(ConvertError::Stopped(format!(
            "{file} does not know yet what its categories were made with, and this run has {}: how many alerts it \
             would close is not known; go on without, or name another --sarif-category; if the repository has had the \
             same all along, or is to have it from now on, run once with --sarif-allow-emptying; {untouched}",
            now.describe()
        )));
    }
    if closing.is_over(options.max_emptying) {
        let several = match by.account {
            true => "",
            false => "where the repository gets a report for each account, say --sarif-category-by account,region; ",
        };
        return Err(ConvertError::Stopped(format!(
            "this {}; more than {}% of either is taken for a mistake; look whether the report has all that it should \
             have, and if it has, run once with --sarif-max-emptying {}%, or with --sarif-allow-emptying, which closes \
             the alerts of what is held back too; {several}{untouched}",
            closing.describe(),
            options.max_emptying,
            closing.least()
        )));
    }
    Ok(())
}

impl Delivery {
    /// What this run is made of.
    pub(crate) fn new(report: &View, options: &Options, category_by: CategoryBy) -> Delivery {
        Delivery {
            category_by,
            filters: report.filters().to_vec(),
            profile: options.profile,
            only_mapped: options.only_mapped,
            replaced: Replaced::default(),
        }
    }

    /// Whether the same findings go into both, whatever the categories. The order of filters, and of what each lists, does
    /// not matter.
    fn is_like(&self, other: &Delivery) -> bool {
        fn set(filters: &[String]) -> BTreeSet<(&str, BTreeSet<&str>)> {
            let parts = filters.iter().map(|filter| filter.split_once(' ').unwrap_or((filter, "")));
            parts.map(|(name, values)| (name, values.split(',').collect())).collect()
        }
        let rest = |delivery: &Delivery| (delivery.profile, delivery.only_mapped);
        set(&self.filters) == set(&other.filters) && rest(self) == rest(other)
    }

    fn describe(&self) -> String {
        let mut options = self.filters.clone();
        options.extend((self.profile == Profile::Full).then(|| "--sarif-profile full".to_owned()));
        options.extend(self.only_mapped.then(|| "--sarif-only-mapped".to_owned()));
        if options.is_empty() { "no filter".to_owned() } else { options.join(" ") }
    }
}

//! The rule by which alerts may close: which categories of earlier deliveries a run covers.
//!
//! A category that is written with fewer results closes alerts. That is right only where the run tells all there is to
//! know of the category, and an input that is broken, missing or narrower than before does not. So a category of an
//! account, a Region, both or neither, its scope, is
//!
//! 1. *uncertain* where an input that names the scope, or that covered the category before, was not read whole; or any
//!    whose name was not known before, while some that covered the category are missing: it may stand for one of them;
//! 2. else *not covered* where no input names the scope: an account without a single finding cannot be told from one that
//!    was not exported;
//! 3. else *uncertain* where an input that covered the category before does not name the scope any more: it may have been
//!    narrowed;
//! 4. else *covered* where every input that covered the category before is in the run, whole;
//! 5. else *covered* where at least as many inputs that were not known before name the scope as are missing: names
//!    change, as where they hold dates;
//! 6. else *uncertain*: some of what told of it is missing.
//!
//! Every input names the scope that is of neither, also one without findings.
//!
//! A name in whose place others came is not known any more, wherever it still stands: names come again, as those of
//! weekdays do. Where it still stands, since the category was held back or has not arrived, those others make up for it as
//! if they were new.
//!
//! Where the inputs of before are not known (a state of version 1), any input that was not read whole may have been one
//! of them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use inspector_report_model::{InputCoverage, Loss, Place};
use serde::{Deserialize, Serialize};

use crate::{category::Scope, place, state::place_name};

/// The inputs of a run, by what they cover.
#[derive(Debug, Default)]
pub(crate) struct Inputs<'a> {
    inputs: Vec<Input<'a>>,
    by_scope: HashMap<Scope, Vec<usize>>,
    /// The accounts with Regions, as a state has them.
    places: BTreeSet<String>,
    by_name: BTreeMap<&'a str, Vec<usize>>,
    replaced: Replaced,
}

/// Names of inputs, as far as some category still has one of those that were replaced: it was held back, or has not
/// arrived.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
pub(crate) struct Replaced {
    /// Those in whose place others came.
    #[serde(default, rename = "replaced", skip_serializing_if = "BTreeSet::is_empty")]
    pub(crate) names: BTreeSet<String>,
    /// These others.
    #[serde(default, rename = "replacing", skip_serializing_if = "BTreeSet::is_empty")]
    pub(crate) by: BTreeSet<String>,
}

#[derive(Debug)]
struct Input<'a> {
    /// As it stands in messages.
    shown: &'a str,
    /// Without its folders.
    name: &'a str,
    is_whole: bool,
    /// Whether the state does not know an input of this name.
    is_new: bool,
}

/// Whether alerts of a category may close.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict<'a> {
    Covered,
    Uncertain(Doubt<'a>),
    NotCovered,
}

/// Why it is uncertain whether a category is covered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Doubt<'a> {
    /// An input that covers it was not read whole.
    Broken(&'a str),
    /// An input that covered it does not name its scope any more.
    Narrower(&'a str),
    /// An input that covered it is not in this run.
    Missing(&'a str),
}

/// The name of an input without its folders, which may be others on another machine, and are nobody's business.
fn file_name(input: &str) -> &str {
    input.rsplit(['/', '\\']).next().unwrap_or(input)
}

impl<'a> Inputs<'a> {
    /// Those of a report; `known` are the names of the inputs of earlier deliveries, but for those that were replaced.
    pub(crate) fn new(coverage: &'a [InputCoverage], known: &BTreeSet<&str>, replaced: Replaced) -> Inputs<'a> {
        let mut inputs = Inputs { replaced, ..Inputs::default() };
        for (number, input) in coverage.iter().enumerate() {
            let name = file_name(&input.input);
            let is_new = !known.contains(name);
            inputs.inputs.push(Input { shown: &input.input, name, is_whole: input.loss == Loss::None, is_new });
            inputs.by_name.entry(name).or_default().push(number);
            let places: BTreeSet<Place> = input.places.iter().map(place::normal).collect();
            let scopes: BTreeSet<Scope> = places.iter().flat_map(Scope::all_of).chain([Scope::default()]).collect();
            for scope in scopes {
                inputs.by_scope.entry(scope).or_default().push(number);
            }
            inputs.places.extend(places.iter().map(place_name));
        }
        inputs
    }

    /// Whether one of them names this account and Region, as a state has them.
    pub(crate) fn names_place(&self, place: &str) -> bool {
        self.places.contains(place)
    }

    /// The names of those that name a scope, in order; one stands as often as there are inputs of this name.
    pub(crate) fn names(&self, scope: &Scope) -> Vec<String> {
        let mut names: Vec<String> = self.naming(scope).map(|input| input.name.to_owned()).collect();
        names.sort_unstable();
        names
    }

    /// Whether there is one of this name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.by_name.contains_key(name)
    }

    /// Whether alerts may close of a category with this scope, given the inputs that covered it before, if they are known.
    pub(crate) fn judge<'b>(&'b self, scope: &Scope, before: Option<&'b [String]>) -> Verdict<'b> {
        let lacking = self.lacking(scope, before);
        let may_have_covered = |input: &&Input<'_>| match before {
            Some(before) => {
                let may_stand_for_another = input.is_new || self.is_replacing(input.name, Some(before));
                before.iter().any(|name| name == input.name) || (may_stand_for_another && !lacking.is_empty())
            }
            None => true,
        };
        let broken = self.naming(scope).find(|input| !input.is_whole);
        let broken = broken.or_else(|| self.inputs.iter().filter(|input| !input.is_whole).find(may_have_covered));
        if let Some(input) = broken {
            return Verdict::Uncertain(Doubt::Broken(input.shown));
        }
        if self.naming(scope).next().is_none() {
            return Verdict::NotCovered;
        }
        // Of several of one name, from folders of their own, it cannot be told which of them covered it.
        if let Some(name) = lacking.keys().find(|name| self.count(name) > self.count_naming(name, scope)) {
            return Verdict::Uncertain(Doubt::Narrower(name));
        }
        let new = self.new_naming(scope, before).count();
        // What another category had before, and has others for since then, those make up for here too.
        let replacing =
            self.naming(scope).filter(|input| !input.is_new && self.is_replacing(input.name, before)).count();
        let is_replaced = |name: &str| self.replaced.names.contains(name);
        let of_others: usize = lacking.iter().filter(|(name, _)| !is_replaced(name)).map(|(_, times)| times).sum();
        let is_covered = of_others <= new && lacking.values().sum::<usize>() <= new + replacing;
        let missing = lacking.keys().find(|name| of_others <= new || !is_replaced(name));
        match missing {
            Some(name) if !is_covered => Verdict::Uncertain(Doubt::Missing(name)),
            _ => Verdict::Covered,
        }
    }

    /// The inputs that name a scope and are new: neither the state nor the category knew one of this name.
    pub(crate) fn new_naming<'i>(
        &'i self,
        scope: &Scope,
        before: Option<&'i [String]>,
    ) -> impl Iterator<Item = &'i str> {
        let is_new = move |input: &&Input<'_>| {
            input.is_new && before.is_none_or(|before| !before.iter().any(|name| name == input.name))
        };
        self.naming(scope).filter(is_new).map(|input| input.name)
    }

    /// Whether an input is one that came in the place of another, and did not cover the category before.
    fn is_replacing(&self, name: &str, before: Option<&[String]>) -> bool {
        self.replaced.by.contains(name) && before.is_none_or(|before| !before.iter().any(|other| other == name))
    }

    /// The inputs that covered a category before and do not name its scope now, with how many of each name there are.
    pub(crate) fn lacking<'b>(&self, scope: &Scope, before: Option<&'b [String]>) -> BTreeMap<&'b str, usize> {
        let mut lacking: BTreeMap<&str, usize> = BTreeMap::new();
        before.unwrap_or_default().iter().for_each(|name| *lacking.entry(name).or_default() += 1);
        for (name, times) in &mut lacking {
            *times = times.saturating_sub(self.count_naming(name, scope));
        }
        lacking.retain(|_, times| *times > 0);
        lacking
    }

    /// What is known of inputs in whose place others came, but for names that have come again.
    pub(crate) fn replaced(&self) -> Replaced {
        let mut replaced = self.replaced.clone();
        replaced.names.retain(|name| !self.has(name));
        replaced
    }

    /// How many inputs of this name are in the run.
    fn count(&self, name: &str) -> usize {
        self.by_name.get(name).map_or(0, Vec::len)
    }

    /// How many of them name the scope.
    fn count_naming(&self, name: &str, scope: &Scope) -> usize {
        self.naming(scope).filter(|input| input.name == name).count()
    }

    fn naming(&self, scope: &Scope) -> impl Iterator<Item = &Input<'a>> {
        let numbers = self.by_scope.get(scope).map_or(&[][..], Vec::as_slice);
        numbers.iter().filter_map(|number| self.inputs.get(*number))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An input: its name, what is missing of it, the accounts that it names.
    type Given<'t> = (&'t str, Loss, &'t [&'t str]);

    fn place(account: &str) -> Place {
        Place { account: account.into(), region: "us-east-1".into() }
    }

    /// What is said of a category of account 1.
    fn judge(inputs: &[Given<'_>], before: Option<&[&str]>, known: &[&str]) -> String {
        let coverage: Vec<InputCoverage> = inputs
            .iter()
            .map(|(input, loss, accounts)| InputCoverage {
                input: (*input).into(),
                loss: *loss,
                places: accounts.iter().map(|account| place(account)).collect(),
            })
            .collect();
        let names = |name: &str| BTreeSet::from([name.to_owned()]);
        let replaced = Replaced { names: names("old.csv"), by: names("swap.csv") };
        let inputs = Inputs::new(&coverage, &known.iter().copied().collect(), replaced);
        let before: Option<Vec<String>> = before.map(|names| names.iter().map(|name| (*name).to_owned()).collect());
        let [scope, ..] = Scope::all_of(&place("1"));
        match inputs.judge(&scope, before.as_deref()) {
            Verdict::Covered => "covered".to_owned(),
            Verdict::NotCovered => "not covered".to_owned(),
            Verdict::Uncertain(Doubt::Broken(name)) => format!("broken {name}"),
            Verdict::Uncertain(Doubt::Narrower(name)) => format!("narrower {name}"),
            Verdict::Uncertain(Doubt::Missing(name)) => format!("missing {name}"),
        }
    }

    #[test]
    fn a_category_is_covered_where_all_that_told_of_it_is_there_and_whole() {
        const WHOLE: Loss = Loss::None;
        const ALL: &[&str] = &["a.csv", "b.csv", "c.csv", "swap.csv"];
        /// What is given, the inputs that covered the category before, and what is right.
        type Case<'c> = (&'c [Given<'c>], Option<&'c [&'c str]>, &'c str);
        let cases: &[Case<'_>] = &[
            // All is there.
            (&[("in/a.csv", WHOLE, &["1"])], Some(&["a.csv"]), "covered"),
            (&[("a.csv", WHOLE, &["1"]), ("b.csv", WHOLE, &["1", "2"])], Some(&["a.csv", "b.csv"]), "covered"),
            // Broken, in whatever way; also where it does not name the place any more.
            (&[("in/a.csv", Loss::Possible, &["1"])], Some(&["a.csv"]), "broken in/a.csv"),
            (&[("a.csv", Loss::Rows, &["1"])], Some(&["a.csv"]), "broken a.csv"),
            (&[("a.csv", Loss::Unknown, &[])], Some(&["a.csv"]), "broken a.csv"),
            (&[("a.csv", Loss::Unknown, &[]), ("b.csv", WHOLE, &["1"])], Some(&["a.csv"]), "broken a.csv"),
            (&[("a.csv", WHOLE, &["1"]), ("new.csv", Loss::Rows, &["1"])], Some(&["a.csv"]), "broken new.csv"),
            (&[("a.csv", WHOLE, &["1"]), ("b.csv", Loss::Unknown, &["2"])], Some(&["a.csv"]), "covered"),
            // Broken, and of a name that was not known: it may stand for what is missing.
            (&[("4.csv", WHOLE, &["1"]), ("3.csv", Loss::Unknown, &[])], Some(&["a.csv"]), "broken 3.csv"),
            (&[("4.csv", WHOLE, &["2"]), ("3.csv", Loss::Rows, &["2"])], Some(&["a.csv"]), "broken 3.csv"),
            (&[("4.csv", WHOLE, &["1"]), ("b.csv", Loss::Unknown, &[])], Some(&["a.csv"]), "covered"),
            (&[("a.csv", WHOLE, &["1"]), ("3.csv", Loss::Unknown, &[])], Some(&["a.csv"]), "covered"),
            // Missing: what covers other categories does not make up for it.
            (&[("b.csv", WHOLE, &["2"])], Some(&["a.csv"]), "not covered"),
            (&[("b.csv", WHOLE, &["1"])], Some(&["a.csv"]), "missing a.csv"),
            (&[("b.csv", WHOLE, &["1"])], Some(&["a.csv", "b.csv"]), "missing a.csv"),
            // Of another name.
            (&[("new.csv", WHOLE, &["1"])], Some(&["a.csv"]), "covered"),
            (&[("new.csv", WHOLE, &["1"])], Some(&["a.csv", "b.csv"]), "missing a.csv"),
            (&[("new.csv", WHOLE, &["1"]), ("b.csv", WHOLE, &["1"])], Some(&["a.csv", "b.csv"]), "covered"),
            (&[("1.csv", WHOLE, &["1"]), ("2.csv", WHOLE, &["1"])], Some(&["a.csv", "b.csv"]), "covered"),
            (&[("1.csv", WHOLE, &["1"]), ("2.csv", WHOLE, &["2"])], Some(&["a.csv", "b.csv"]), "missing a.csv"),
            // In whose place another came, of which the state knows: swap.csv came for old.csv.
            (&[("swap.csv", WHOLE, &["1"])], Some(&["old.csv"]), "covered"),
            (&[("swap.csv", WHOLE, &["1"])], Some(&["a.csv"]), "missing a.csv"),
            (&[("swap.csv", WHOLE, &["1"])], Some(&["a.csv", "old.csv"]), "missing a.csv"),
            (&[("swap.csv", WHOLE, &["1"]), ("1.csv", WHOLE, &["1"])], Some(&["a.csv", "old.csv"]), "covered"),
            (&[("swap.csv", WHOLE, &["1"]), ("1.csv", WHOLE, &["2"])], Some(&["a.csv", "old.csv"]), "missing a.csv"),
            (&[("swap.csv", WHOLE, &["2"])], Some(&["old.csv"]), "not covered"),
            (&[("swap.csv", Loss::Unknown, &[]), ("b.csv", WHOLE, &["1"])], Some(&["old.csv"]), "broken swap.csv"),
            (&[("swap.csv", WHOLE, &["1"])], Some(&["swap.csv", "old.csv"]), "missing old.csv"),
            // Narrower: of the same name, and the account is not in it.
            (&[("a.csv", WHOLE, &["2"])], Some(&["a.csv"]), "not covered"),
            (&[("a.csv", WHOLE, &[])], Some(&["a.csv"]), "not covered"),
            (&[], Some(&["a.csv"]), "not covered"),
            (&[("a.csv", WHOLE, &["1"]), ("b.csv", WHOLE, &["2"])], Some(&["a.csv", "b.csv"]), "narrower b.csv"),
            (&[("a.csv", WHOLE, &["1"]), ("b.csv", WHOLE, &[])], Some(&["a.csv", "b.csv"]), "narrower b.csv"),
            (&[("new.csv", WHOLE, &["1"]), ("b.csv", WHOLE, &["2"])], Some(&["b.csv"]), "narrower b.csv"),
            // Of one name in several folders.
            (&[("x/a.csv", WHOLE, &["1"]), ("y/a.csv", WHOLE, &["2"])], Some(&["a.csv"]), "covered"),
            (&[("x/a.csv", WHOLE, &["1"]), ("y/a.csv", WHOLE, &["2"])], Some(&["a.csv", "a.csv"]), "narrower a.csv"),
            (&[("x/a.csv", WHOLE, &["1"])], Some(&["a.csv", "a.csv"]), "missing a.csv"),
            (&[("x/a.csv", WHOLE, &["1"]), ("y/a.csv", Loss::Unknown, &[])], Some(&["a.csv"]), "broken y/a.csv"),
            // Nothing is known of the inputs of before.
            (&[("a.csv", WHOLE, &["1"])], None, "covered"),
            (&[("a.csv", WHOLE, &["1"]), ("b.csv", Loss::Unknown, &[])], None, "broken b.csv"),
            (&[("a.csv", WHOLE, &["2"])], None, "not covered"),
        ];
        for (inputs, before, expected) in cases {
            assert_eq!(judge(inputs, *before, ALL), *expected, "{inputs:?} after {before:?}");
        }
    }

    #[test]
    fn places_are_known_as_categories_write_them() {
        let of = |account: &str, region: &str| Place { account: account.into(), region: region.into() };
        let input = |input: &str, account, region| InputCoverage {
            input: input.into(),
            places: BTreeSet::from([of(account, region)]),
            ..InputCoverage::default()
        };
        let coverage =
            [input("/home/x/b.csv", "1", "US-East-1"), input(r"C:\in\a.csv", "1", "us-east-1"), input("c", "", "")];
        let inputs = Inputs::new(&coverage, &BTreeSet::new(), Replaced::default());
        assert_eq!(inputs.names(&Scope::all_of(&place("1"))[0]), ["a.csv", "b.csv"]);
        assert_eq!(inputs.names(&Scope::all_of(&of("unknown", "unknown"))[0]), ["c"]);
    }
}

//! The file in its earlier versions, in which every category was of an account, a Region and a type of resource.
//!
//! In version 2, each part of a category stands for itself, with its account and Region, the number of its alerts, that of
//! the times it was written empty, and its inputs. Version 1 has of each nothing but the number of times, and nothing of
//! deliveries.

use std::collections::BTreeMap;

use inspector_report_model::Place;
use serde::Deserialize;

use super::{Delivery, File, Known, VERSION, place_name};
use crate::{
    category::{self, CategoryBy},
    uri,
};

/// What categories stood for.
pub(super) fn category_by() -> CategoryBy {
    CategoryBy::ALL
}

/// The file of version 1.
#[derive(Debug, Deserialize)]
struct First {
    categories: BTreeMap<String, u32>,
}

/// The file of version 2. What was shared out was by another hash.
#[derive(Debug, Deserialize)]
struct Second {
    #[serde(default)]
    deliveries: BTreeMap<String, Delivery>,
    categories: BTreeMap<String, Part>,
}

/// A category of version 2, or a part of one.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Part {
    account: Option<String>,
    region: Option<String>,
    alerts: Option<u64>,
    #[serde(default)]
    times_empty: u32,
    inputs: Option<Vec<String>>,
}

/// Reads a file of version 1 or 2.
pub(super) fn read(bytes: &[u8], version: u32) -> serde_json::Result<File> {
    let Second { deliveries, categories: parts } = match version {
        1 => {
            let First { categories } = serde_json::from_slice(bytes)?;
            // A category that was written empty had no alerts.
            let part = |times: u32| Part { alerts: (times > 0).then_some(0), times_empty: times, ..Part::default() };
            let categories = categories.into_iter().map(|(name, times)| (name, part(times))).collect();
            Second { deliveries: BTreeMap::new(), categories }
        }
        _ => serde_json::from_slice(bytes)?,
    };
    let mut categories: BTreeMap<String, Known> = BTreeMap::new();
    for (name, part) in parts {
        let known = part.known(&name, &deliveries);
        match categories.get_mut(category::base(&name)) {
            Some(other) => other.add(known),
            None => drop(categories.insert(category::base(&name).to_owned(), known)),
        }
    }
    Ok(File { version: VERSION, deliveries, categories, ..File::default() })
}

impl Part {
    /// It, as the category that it is or is a part of.
    fn known(self, name: &str, deliveries: &BTreeMap<String, Delivery>) -> Known {
        let base = category::base(name);
        let place = match (self.account, self.region) {
            (Some(account), Some(region)) => Some(Place { account: account.into(), region: region.into() }),
            _ => place(base),
        };
        // Of a name that was cut, the account is not known: nothing covers it.
        let place = place.unwrap_or_else(|| Place { account: base.into(), region: "".into() });
        Known {
            prefix: prefix(base, deliveries).to_owned(),
            alerts: self.alerts.map(|count| BTreeMap::from([(place_name(&place), count)])),
            account: Some(place.account.to_string()),
            region: Some(place.region.to_string()),
            inputs: self.inputs,
            times_empty: BTreeMap::from([(category::bits(name).to_owned(), self.times_empty)]),
        }
    }
}

/// The prefix of a category: the longest that a delivery has, else all but the account, the Region and the type.
fn prefix<'n>(base: &'n str, deliveries: &'n BTreeMap<String, Delivery>) -> &'n str {
    let has = |prefix: &&String| {
        let rest = base.strip_prefix(prefix.as_str()).and_then(|rest| rest.strip_prefix('/'));
        rest.is_some_and(|rest| rest.matches('/').count() <= 3)
    };
    let known = deliveries.keys().filter(has).max_by_key(|prefix| prefix.len());
    let named = || base.strip_suffix('/')?.rsplitn(4, '/').nth(3);
    known.map(String::as_str).or_else(named).unwrap_or(base.trim_end_matches('/'))
}

/// The account and the Region that a category names; none if its name was cut.
fn place(base: &str) -> Option<Place> {
    let mut parts = base.strip_suffix('/')?.rsplitn(4, '/').skip(1);
    let (region, account) = (parts.next()?, parts.next()?);
    parts.next()?;
    Some(Place { account: uri::decoded(account).into(), region: uri::decoded(region).into() })
}

impl Known {
    /// Takes another part of the same category in.
    fn add(&mut self, other: Known) {
        self.alerts = self.alerts.take().zip(other.alerts).map(|(mut one, two)| {
            two.into_iter().for_each(|(place, count)| *one.entry(place).or_default() += count);
            one
        });
        self.inputs = self.inputs.take().zip(other.inputs).map(|(one, two)| union(one, two));
        self.times_empty.extend(other.times_empty);
    }
}

/// The names of both, each as often as that has it which has it more often.
fn union(mut one: Vec<String>, two: Vec<String>) -> Vec<String> {
    let mut rest = one.clone();
    for name in two {
        match rest.iter().position(|other| *other == name) {
            Some(place) => drop(rest.swap_remove(place)),
            None => one.push(name),
        }
    }
    one.sort_unstable();
    one
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_category_of_an_earlier_version_has_its_place_and_its_prefix_in_its_name() {
        let deliveries = BTreeMap::new();
        let known = |name: &str| {
            let known = Part::default().known(name, &deliveries);
            (known.prefix, known.account.unwrap_or_default(), known.region.unwrap_or_default())
        };
        let expected = ("team/prod".to_owned(), "a/b".to_owned(), "x y%".to_owned());
        assert_eq!(known("team/prod/a%2Fb/x%20y%25/ec2-instance/"), expected);
        assert_eq!(known("team/prod/a%2Fb/x%20y%25/ec2-instance/part-01/"), expected);
    }

    #[test]
    fn a_prefix_that_begins_another_is_not_the_same() {
        let text = r#"{"sarifCategories":2,"deliveries":{"team":{"filters":[],"profile":"github","onlyMapped":false},
            "team/prod":{"filters":[],"profile":"github","onlyMapped":false}},
            "categories":{"team/1/us-east-1/ec2-instance/part-0/":{"alerts":2},
            "team/1/us-east-1/ec2-instance/part-1/":{"alerts":3,"timesEmpty":0},
            "team/prod/1/us-east-1/ec2-instance/":{"alerts":4}}}"#;
        let file = read(text.as_bytes(), 2).unwrap_or_else(|error| panic!("{error}"));
        let prefixes: Vec<&str> = file.categories.values().map(|known| known.prefix.as_str()).collect();
        assert_eq!(prefixes, ["team", "team/prod"]);
        let alerts: Vec<_> = file.categories.values().filter_map(|known| known.alerts.clone()).collect();
        let of = |count| BTreeMap::from([("1/us-east-1".to_owned(), count)]);
        assert_eq!(alerts, [of(5), of(4)]);
        assert!(file.deliveries.values().all(|delivery| delivery.category_by == CategoryBy::ALL));
    }
}

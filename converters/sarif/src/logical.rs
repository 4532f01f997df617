//! The logical locations of a run: each resource and each package stands there once, with what is known of it, and results
//! refer to it by its number (SARIF 3.14.17, 3.33.3). GitHub shows none of it; other readers do.

use std::{borrow::Cow, collections::BTreeMap, collections::HashMap, io};

use inspector_report_model::{Column, Finding, Package, Resource, value::ResourceType};
use serde::Serialize;

use crate::result::cell;

/// Packages of a finding that are named.
const PACKAGES: usize = 20;

/// Tags of a resource that are named; AWS takes 50.
const TAGS: usize = 50;

/// The resources and packages of a run.
#[derive(Debug, Default)]
pub(crate) struct LogicalLocations {
    /// As JSON, with their numbers.
    numbers: HashMap<Vec<u8>, u32>,
    /// The numbers of a resource, by its source and its place among the resources of the report.
    resources: HashMap<(u8, u32), Option<u32>>,
    /// Those of the packages of findings, by the number of these.
    packages: HashMap<(u8, u32), Vec<u32>>,
}

impl LogicalLocations {
    /// Adds those of a finding.
    pub(crate) fn add(&mut self, source: u8, finding: Finding<'_>) -> io::Result<()> {
        let resource = finding.resource();
        let key = (source, resource.index());
        if !self.resources.contains_key(&key) {
            let number = resource_location(resource).map(|location| self.number(&location)).transpose()?;
            self.resources.insert(key, number);
        }
        let key = (source, finding.packages_index());
        if !self.packages.contains_key(&key) {
            let mut numbers = Vec::new();
            for package in finding.packages().take(PACKAGES) {
                let number = self.number(&package_location(&package))?;
                if !numbers.contains(&number) {
                    numbers.push(number);
                }
            }
            self.packages.insert(key, numbers);
        }
        Ok(())
    }

    /// The numbers of the resource and the packages of a finding.
    pub(crate) fn numbers(&self, source: u8, finding: Finding<'_>) -> impl Iterator<Item = u32> {
        let resource = self.resources.get(&(source, finding.resource().index())).copied().flatten();
        let packages = self.packages.get(&(source, finding.packages_index()));
        resource.into_iter().chain(packages.into_iter().flatten().copied())
    }

    fn number(&mut self, location: &LogicalLocation<'_>) -> io::Result<u32> {
        let next = self.numbers.len() as u32;
        Ok(*self.numbers.entry(serde_json::to_vec(location)?).or_insert(next))
    }

    /// All of them as a JSON array; `None` if there is none.
    pub(crate) fn json(&self) -> Option<Vec<u8>> {
        let mut all: Vec<(&Vec<u8>, &u32)> = self.numbers.iter().collect();
        all.sort_unstable_by_key(|(_, number)| **number);
        let mut json = vec![b'['];
        for (location, number) in all {
            json.extend_from_slice(if *number > 0 { b",\n" } else { b"\n" });
            json.extend_from_slice(location);
        }
        json.push(b']');
        (!self.numbers.is_empty()).then_some(json)
    }
}

/// `logicalLocation` (SARIF 3.33).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LogicalLocation<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fully_qualified_name: Option<Cow<'a, str>>,
    kind: &'static str,
    properties: Properties<'a>,
}

/// What is known of a resource or a package, by names. What is blank is left out.
#[derive(Default, Serialize)]
#[serde(transparent)]
struct Properties<'a>(BTreeMap<&'static str, Property<'a>>);

#[derive(Serialize)]
#[serde(untagged)]
enum Property<'a> {
    Text(Cow<'a, str>),
    Texts(BTreeMap<Cow<'a, str>, Cow<'a, str>>),
}

impl<'a> Properties<'a> {
    fn add(&mut self, name: &'static str, text: &'a str) {
        if !text.trim().is_empty() {
            self.0.insert(name, Property::Text(cell(text)));
        }
    }
}

/// A cell that may be owned, cut like any other.
fn clipped(text: Cow<'_, str>) -> Cow<'_, str> {
    match cell(&text) {
        Cow::Borrowed(_) => text,
        Cow::Owned(cut) => Cow::Owned(cut),
    }
}

fn resource_location(resource: Resource<'_>) -> Option<LogicalLocation<'_>> {
    let mut properties = Properties::default();
    properties.add("accountId", resource.account());
    properties.add("region", resource.region());
    properties.add("resourceType", resource.resource_type().as_str());
    properties.add("platform", resource.platform().unwrap_or_default());
    for (name, column) in [
        ("imageTags", Column::ContainerImageTags),
        ("imageDigest", Column::ImageDigest),
        ("imageArchitecture", Column::ImageArchitecture),
        ("codeRepositoryProject", Column::CodeRepositoryProject),
        ("codeRepositoryProvider", Column::CodeRepositoryProvider),
        ("codeRepositoryIntegration", Column::CodeRepositoryIntegration),
    ] {
        properties.add(name, resource.get(column));
    }
    let tags: BTreeMap<_, _> =
        resource.tags().into_iter().take(TAGS).map(|(name, value)| (clipped(name), clipped(value))).collect();
    if !tags.is_empty() {
        properties.0.insert("resourceTags", Property::Texts(tags));
    }
    let id = Some(resource.id()).filter(|id| !id.is_empty());
    if id.is_none() && properties.0.is_empty() {
        return None;
    }
    let name = resource.name();
    let kind = if resource.resource_type() == ResourceType::LambdaFunction { "function" } else { "resource" };
    Some(LogicalLocation {
        name: id.filter(|id| *id != name).map(|_| Cow::Owned(cell(&name).into_owned())),
        fully_qualified_name: id.map(cell),
        kind,
        properties,
    })
}

fn package_location<'a>(package: &Package<'a>) -> LogicalLocation<'a> {
    let mut properties = Properties::default();
    for (name, text) in [
        ("installedVersion", package.installed),
        ("fixedInVersion", package.fixed),
        ("packageManager", package.manager),
        ("filePath", package.path),
    ] {
        properties.add(name, text.unwrap_or_default());
    }
    LogicalLocation { name: Some(cell(package.name)), fully_qualified_name: None, kind: "package", properties }
}

#[cfg(test)]
mod tests {
    use inspector_report_model::{Report, View};

    use super::*;

    #[test]
    fn what_a_report_says_at_length_is_cut_with_a_mark() {
        let long = "x".repeat(5_000);
        let tags = format!("Owner={long},{long}=y,Team=web");
        let report = View::of(Report::from_rows("made", &["Resource ID", "Resource Tags"], [["i-1", &tags]]));
        let mut logical = LogicalLocations::default();
        logical.add(0, report.finding(0).unwrap()).unwrap();
        let all: serde_json::Value = serde_json::from_slice(&logical.json().unwrap()).unwrap();
        let tags = all[0]["properties"]["resourceTags"].as_object().unwrap();
        assert_eq!((tags.len(), tags["Team"].as_str()), (3, Some("web")));
        let cut = |text: &str| text.ends_with('…') && text.chars().count() == 1_024;
        assert!(cut(tags["Owner"].as_str().unwrap()) && tags.keys().any(|name| cut(name)));
    }
}

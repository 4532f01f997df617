//! What a report says about a resource, typed.

use std::borrow::Cow;

use crate::{
    Report,
    column::{Column, Part},
    provider::{IdKind, Provider, aws},
    value::{self, ResourceType, some},
};

/// What a report says about a resource.
#[derive(Clone, Copy, Debug)]
pub struct Resource<'a> {
    pub(crate) report: &'a Report,
    pub(crate) index: u32,
}

/// What a resource of each type has besides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ResourceDetails<'a> {
    /// An EC2 instance.
    Ec2Instance {
        /// The machine image that it was started from.
        ami: &'a str,
        /// Its network.
        vpc: &'a str,
    },
    /// A container image in ECR.
    EcrContainerImage {
        /// The repository's name, which can hold `/`.
        repository: &'a str,
        /// `sha256:` and 64 hexadecimal digits: another with every push.
        digest: &'a str,
    },
    /// A Lambda function.
    LambdaFunction {
        /// The function's name.
        name: &'a str,
        /// Version or alias, `$LATEST` mostly.
        qualifier: &'a str,
    },
    /// Any other, or an id that has not the form that its type calls for.
    Other,
}

impl<'a> Resource<'a> {
    /// The place among [`Report::resources`].
    pub fn index(self) -> u32 {
        self.index
    }

    /// `resources[].id`: an instance id or an ARN.
    pub fn id(self) -> &'a str {
        self.get(Column::ResourceId).trim()
    }

    /// `resources[].type`.
    pub fn resource_type(self) -> ResourceType<'a> {
        ResourceType::parse(self.get(Column::ResourceType))
    }

    /// What the cell of the account id held before it was repaired: blank, or a number without its leading zeros, or with
    /// most of its digits lost (`1.23457E+11`). `None` where nothing was repaired, or a blank cell was filled in.
    pub fn account_as_written(self) -> Option<&'a str> {
        Some(self.report.store.account_as_written(self.index)).filter(|written| !written.is_empty())
    }

    /// `awsAccountId`: 12 digits. Where a spreadsheet has spoilt it, it is taken from an ARN of the row.
    pub fn account(self) -> &'a str {
        self.get(Column::AwsAccountId).trim()
    }

    /// `region`.
    pub fn region(self) -> &'a str {
        self.get(Column::Region).trim()
    }

    /// The operating system or runtime.
    pub fn platform(self) -> Option<&'a str> {
        some(self.get(Column::Platform))
    }

    /// The cell of a column that describes the resource, as written; empty for any other column.
    pub fn get(self, column: Column) -> &'a str {
        if column.part() != Part::Resource {
            return "";
        }
        self.report.store.resources.cell(self.index, column.slot())
    }

    /// The resource's tags. See [`tags`] for the forms that are read.
    pub fn tags(self) -> Vec<(Cow<'a, str>, Cow<'a, str>)> {
        tags(self.get(Column::ResourceTags))
    }

    /// Who is responsible, as the tags say: the tag `Owner`, else `Team` or `Contact`, in any case.
    pub fn owner(self) -> Option<Cow<'a, str>> {
        let tags = self.tags();
        let named = |name: &str| tags.iter().find(|(key, value)| key.eq_ignore_ascii_case(name) && !value.is_empty());
        ["owner", "team", "contact"].into_iter().find_map(named).map(|(_, value)| value.clone())
    }

    /// The tags of a container image.
    pub fn image_tags(self) -> impl Iterator<Item = &'a str> {
        value::list(self.get(Column::ContainerImageTags))
    }

    /// The cloud that it is in.
    pub fn provider(self) -> Provider {
        Provider::Aws
    }

    /// What its id is one of.
    pub fn id_kind(self) -> IdKind {
        match self.provider() {
            Provider::Aws => aws::id_kind(self.id()),
        }
    }

    /// What a resource of its type has besides.
    pub fn details(self) -> ResourceDetails<'a> {
        match self.provider() {
            Provider::Aws => aws::details(self),
        }
    }

    /// What it is known by from week to week: the repository of an image, without digest or tag; the name of a function,
    /// without version; else its id, of an ARN what follows account and Region.
    pub fn identity(self) -> &'a str {
        match (self.details(), self.provider()) {
            (ResourceDetails::EcrContainerImage { repository, .. }, _) => repository,
            (ResourceDetails::LambdaFunction { name, .. }, _) => name,
            (_, Provider::Aws) => aws::identity(self.id()),
        }
    }

    /// Its id as its cloud writes it in full: the ARN, also of an instance, of which Inspector gives the id alone.
    pub fn full_id(self) -> String {
        match self.provider() {
            Provider::Aws => aws::arn(self),
        }
    }

    /// The name that people know it by: the tag `Name`, the repository and tag of an image, the name of a function;
    /// else the id.
    pub fn name(self) -> Cow<'a, str> {
        match self.details() {
            ResourceDetails::EcrContainerImage { repository, digest } => {
                let version = self.image_tags().next().unwrap_or_else(|| digest.get(..19).unwrap_or(digest));
                let separator = if version.starts_with("sha256:") { '@' } else { ':' };
                Cow::Owned(format!("{repository}{separator}{version}"))
            }
            ResourceDetails::LambdaFunction { name, .. } => Cow::Borrowed(name),
            _ => {
                let name = self.tags().into_iter().find(|(key, _)| key == "Name").map(|(_, name)| name);
                name.filter(|name| !name.trim().is_empty()).unwrap_or(Cow::Borrowed(self.id()))
            }
        }
    }
}

/// Reads a cell of tags: `key:value,key:value`, `key=value,...`, or a JSON object of texts.
///
/// Keys hold `:` themselves (`aws:cloudformation:stack-name`), values hold `:` and `,` now and then; the form is not
/// documented. An item without `=` is cut at the first `:`, or for a key that begins with `aws:` at the last one; an
/// item with neither is the rest of the value before it.
pub fn tags(cell: &str) -> Vec<(Cow<'_, str>, Cow<'_, str>)> {
    let cell = cell.trim();
    if let Some(tags) = json_tags(cell) {
        return tags;
    }
    let mut tags: Vec<(Cow<'_, str>, Cow<'_, str>)> = Vec::new();
    for item in cell.split(',') {
        let item = item.trim();
        let pair = match item.split_once('=') {
            Some(pair) => Some(pair),
            None if item.starts_with("aws:") => item.rsplit_once(':'),
            None => item.split_once(':'),
        };
        match (pair, tags.last_mut()) {
            (Some((key, value)), _) => tags.push((Cow::Borrowed(key.trim()), Cow::Borrowed(value.trim()))),
            (None, Some((_, value))) => *value = Cow::Owned(format!("{value},{item}")),
            (None, None) if !item.is_empty() => tags.push((Cow::Borrowed(item), Cow::Borrowed(""))),
            (None, None) => {}
        }
    }
    tags
}

fn json_tags(cell: &str) -> Option<Vec<(Cow<'_, str>, Cow<'_, str>)>> {
    if !cell.starts_with('{') {
        return None;
    }
    let object: serde_json::Map<String, serde_json::Value> = serde_json::from_str(cell).ok()?;
    let text = |value: serde_json::Value| match value {
        serde_json::Value::String(text) => text,
        other => other.to_string(),
    };
    Some(object.into_iter().map(|(key, value)| (Cow::Owned(key), Cow::Owned(text(value)))).collect())
}

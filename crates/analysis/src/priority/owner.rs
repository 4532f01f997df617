//! Who is responsible for a resource: what its tags say, else what the configuration says of its name or its account.

use std::borrow::Cow;

use inspector_report_model::{Resource, View};

/// Where owners stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnerPolicy {
    /// The keys of tags that name an owner, the first that a resource has wins; in any case.
    pub tags: Vec<String>,
    /// Owners by the name or id of the resource, in order: a pattern with `*` and `?`, and the owner.
    pub resources: Vec<(String, String)>,
    /// Owners by account id.
    pub accounts: Vec<(String, String)>,
}

impl Default for OwnerPolicy {
    fn default() -> OwnerPolicy {
        let tags = ["Owner", "Team", "Contact"].map(str::to_owned).to_vec();
        OwnerPolicy { tags, resources: Vec::new(), accounts: Vec::new() }
    }
}

impl OwnerPolicy {
    /// The owner of a resource, if one is known.
    pub fn owner(&self, resource: Resource<'_>) -> Option<String> {
        let tags = resource.tags();
        let tagged = |name: &String| {
            let named = |(key, value): &&(Cow<'_, str>, Cow<'_, str>)| same(key, name) && !value.trim().is_empty();
            tags.iter().find(named).map(|(_, value)| value.trim().to_owned())
        };
        self.tags
            .iter()
            .find_map(tagged)
            .or_else(|| self.named(resource))
            .or_else(|| self.of_account(resource.account()))
    }

    fn named(&self, resource: Resource<'_>) -> Option<String> {
        if self.resources.is_empty() {
            return None;
        }
        let (name, id) = (resource.name(), resource.id());
        let names = [name.as_ref(), resource.identity(), id];
        let fits =
            |pattern: &str| names.iter().any(|name| wildmatch::WildMatch::new_case_insensitive(pattern).matches(name));
        self.resources.iter().find(|(pattern, _)| fits(pattern)).map(|(_, owner)| owner.clone())
    }

    fn of_account(&self, account: &str) -> Option<String> {
        self.accounts.iter().find(|(id, _)| id == account).map(|(_, owner)| owner.clone())
    }
}

/// Whether two keys are the same but for the case of their letters.
fn same(one: &str, other: &str) -> bool {
    one.trim().to_lowercase() == other.trim().to_lowercase()
}

/// The owners of the resources of a report.
#[derive(Debug, Default)]
pub struct Owners(Vec<String>);

impl Owners {
    /// Those of all resources of a view's report.
    pub fn new(view: &View, policy: &OwnerPolicy) -> Owners {
        Owners(view.resources().map(|resource| policy.owner(resource).unwrap_or_default()).collect())
    }

    /// That of a resource of the same report; empty if nobody is known.
    pub fn of(&self, resource: Resource<'_>) -> &str {
        self.0.get(resource.index() as usize).map_or("", String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use inspector_report_model::Report;

    use super::*;

    #[test]
    fn a_tag_comes_before_the_name_and_the_name_before_the_account() {
        let rows = [
            ["111122223333", "i-1", "担当:基盤,owner:web"],
            ["111122223333", "i-2", "Owner: ,team:data"],
            ["111122223333", "arn:aws:lambda:us-east-1:111122223333:function:Shop-Cart:$LATEST", ""],
            ["111122223333", "i-3", "Name:shop-9"],
            ["111122223333", "i-4", ""],
            ["444455556666", "i-5", ""],
        ];
        let report = View::of(Report::from_rows("made", &["AWS Account Id", "Resource ID", "Resource Tags"], rows));
        let owners = |policy: &OwnerPolicy| {
            let owners = Owners::new(&report, policy);
            report.resources().map(|resource| owners.of(resource).to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(owners(&OwnerPolicy::default()), ["web", "data", "", "", "", ""]);
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        let policy = OwnerPolicy {
            tags: vec!["担当".to_owned(), "TEAM".to_owned()],
            resources: vec![pair("*function:shop-*", "lambda"), pair("shop-*", "shop")],
            accounts: vec![pair("111122223333", "基盤チーム")],
        };
        assert_eq!(owners(&policy), ["基盤", "data", "lambda", "shop", "基盤チーム", ""]);
    }
}

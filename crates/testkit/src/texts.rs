//! What texts must be like: those of the localizer, and those of each format.

use std::collections::{BTreeMap, BTreeSet};

use fluent_bundle::FluentResource;

/// Each text of some files with the names of the values in it, attributes included. Fails where a file is not Fluent, or a
/// key stands twice.
pub fn texts(sources: &[&str]) -> BTreeMap<String, BTreeSet<String>> {
    let mut texts = BTreeMap::new();
    for source in sources {
        if let Err((_, errors)) = FluentResource::try_new((*source).to_owned()) {
            panic!("{errors:?}");
        }
        let mut key = String::new();
        for line in source.lines().filter(|line| !line.starts_with('#')) {
            if let Some((id, _)) = line.split_once('=').filter(|_| line.starts_with(char::is_alphabetic)) {
                key = id.trim().to_owned();
                assert!(texts.insert(key.clone(), BTreeSet::new()).is_none(), "{key} stands twice");
            }
            if let Some((name, _)) = line.trim().strip_prefix('.').and_then(|rest| rest.split_once(" =")) {
                let id = key.split('.').next().unwrap().to_owned();
                key = format!("{id}.{name}");
                texts.insert(key.clone(), BTreeSet::new());
            }
            for part in line.split('$').skip(1) {
                let name: String = part.chars().take_while(|c| c.is_alphanumeric() || *c == '-').collect();
                texts.get_mut(&key).unwrap().insert(name.trim_end_matches("-text").to_owned());
            }
        }
    }
    texts
}

/// Fails unless every text stands in both languages with the same values.
pub fn assert_same_texts(one: &[&str], other: &[&str]) {
    let (one, other) = (texts(one), texts(other));
    for (key, values) in &one {
        assert_eq!(other.get(key), Some(values), "{key}");
    }
    assert_eq!(one.len(), other.len());
}

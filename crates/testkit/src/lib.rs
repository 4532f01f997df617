//! What the tests of several crates share: reports that are made, and what a format writes of them.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

pub mod trend;

use std::collections::{BTreeMap, BTreeSet};

use inspector_report_localizer::Lang;

/// The keys of texts, each with the names of the values that are put into it.
pub fn text_keys(source: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut texts: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut key = String::new();
    for line in source.lines().filter(|line| !line.starts_with('#')) {
        if let Some((id, _)) = line.split_once('=').filter(|_| line.starts_with(char::is_alphabetic)) {
            key = id.trim().to_owned();
            assert!(texts.insert(key.clone(), BTreeSet::new()).is_none(), "{key} stands twice");
        }
        for part in line.split('$').skip(1) {
            let name: String = part.chars().take_while(|c| c.is_alphanumeric() || *c == '-').collect();
            texts.get_mut(&key).unwrap().insert(name.trim_end_matches("-text").to_owned());
        }
    }
    texts
}

/// Fails unless every text of a format stands in every language with the same values.
pub fn assert_texts_in_every_language(texts: &[(Lang, &str)]) {
    let of = |lang| text_keys(texts.iter().find(|(of, _)| *of == lang).unwrap().1);
    assert_eq!(of(Lang::En), of(Lang::Ja));
}

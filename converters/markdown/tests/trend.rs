//! What a series of reports comes to, as a whole output.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use inspector_report_format::{Context, Format, MemoryOutputs, Settings};
use inspector_report_localizer::{Lang, Localizer};
use inspector_report_markdown::Markdown;
use inspector_report_testkit::trend::sample;

fn written(format: &dyn Format, lang: Lang, set: &[&str]) -> Vec<u8> {
    let texts = Localizer::new(lang);
    let mut settings = Settings::default();
    set.iter().for_each(|name| settings.switch_on(name));
    let mut memory = MemoryOutputs::default();
    let context = Context::new(&texts, "0");
    format.converter(&settings).unwrap().trends().unwrap().write_trend(&sample(), &context, &mut memory).unwrap();
    memory.files.remove(0).into_inner()
}

fn page(lang: Lang, set: &[&str]) -> String {
    String::from_utf8(written(&Markdown, lang, set)).unwrap()
}

#[test]
fn the_summary_in_english() {
    insta::assert_snapshot!(page(Lang::En, &[]));
}

#[test]
fn the_summary_in_japanese() {
    insta::assert_snapshot!(page(Lang::Ja, &[]));
}

#[test]
fn plain_markdown_has_tables_alone() {
    let plain = page(Lang::En, &["plain"]);
    assert!(!plain.contains("mermaid") && !plain.contains("<details>") && plain.contains("| 2026-02 |"));
}

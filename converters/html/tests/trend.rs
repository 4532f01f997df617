//! What a series of reports comes to, as a whole output.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use inspector_report_format::{Context, Format, MemoryOutputs, Settings};
use inspector_report_html::Html;
use inspector_report_localizer::Lang;
use inspector_report_testkit::trend::sample;

fn written(format: &dyn Format, lang: Lang, set: &[&str]) -> Vec<u8> {
    let texts = inspector_report_html::localizer(lang);
    let mut settings = Settings::default();
    set.iter().for_each(|name| settings.switch_on(name));
    let mut memory = MemoryOutputs::default();
    let context = Context::new(&texts, "0");
    format.converter(&settings).unwrap().trends().unwrap().write_trend(&sample(), &context, &mut memory).unwrap();
    memory.files.remove(0).into_inner()
}

/// The page without its style and script, which do not depend on the reports.
fn body(lang: Lang) -> String {
    let page = String::from_utf8(written(&Html, lang, &[])).unwrap();
    let (head, rest) = page.split_once("<style>").unwrap();
    let (_, rest) = rest.split_once("</style>").unwrap();
    format!("{head}{}", rest.split_once("<script>").unwrap().0)
}

#[test]
fn the_page_in_english() {
    insta::assert_snapshot!(body(Lang::En));
}

#[test]
fn the_page_in_japanese() {
    insta::assert_snapshot!(body(Lang::Ja));
}

#[test]
fn pictures_are_named_and_need_nothing_from_elsewhere() {
    let page = body(Lang::En);
    assert_eq!(page.matches("<svg viewBox=\"0 0 960 320\" role=\"img\" aria-label=\"").count(), 2);
    assert!(page.contains("Open findings over time: Critical 1 → 1; High 2 → 0"));
    assert!(!page.contains("<image") && !page.contains("url("));
    assert!(!page.contains("<b>old"), "a title is text");
}

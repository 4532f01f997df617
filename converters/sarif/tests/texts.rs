//! What the format says itself.

use inspector_report_format::Converter;
use inspector_report_sarif::Sarif;
use inspector_report_testkit::assert_texts_in_every_language;

#[test]
fn every_text_stands_in_every_language_with_the_same_values() {
    assert_texts_in_every_language(Sarif.metadata().texts);
}

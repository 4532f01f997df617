//! What the format says itself.

use inspector_report_format::Converter;
use inspector_report_testkit::assert_texts_in_every_language;
use inspector_report_xlsx::Xlsx;

#[test]
fn every_text_stands_in_every_language_with_the_same_values() {
    assert_texts_in_every_language(Xlsx.metadata().texts);
}

//! The output formats, each registered here and nowhere else.

use crate::core::{Format, Setting};

/// Every output format that was compiled in, in the order in which they are written.
pub static FORMATS: &[&dyn Format] = &[
    #[cfg(feature = "xlsx")]
    &inspector_report_xlsx::Xlsx,
    #[cfg(feature = "sarif")]
    &inspector_report_sarif::Sarif,
    #[cfg(feature = "markdown")]
    &inspector_report_markdown::Markdown,
    #[cfg(feature = "html")]
    &inspector_report_html::Html,
    #[cfg(feature = "csv")]
    &inspector_report_csv::Csv,
    #[cfg(feature = "json")]
    &inspector_report_json::Json,
    #[cfg(feature = "json")]
    &inspector_report_json::Ndjson,
];

/// What can be set about formats, each once: several formats may share a setting.
pub fn settings() -> impl Iterator<Item = &'static Setting> {
    let all = || FORMATS.iter().flat_map(|format| format.settings());
    all()
        .enumerate()
        .filter(move |(at, setting)| all().take(*at).all(|other| other.name != setting.name))
        .map(|(_, setting)| setting)
}

/// The format with this name or alias, in any case.
pub fn format(name: &str) -> Option<&'static dyn Format> {
    let is = |other: &str| other.eq_ignore_ascii_case(name);
    FORMATS.iter().copied().find(|format| is(format.name()) || format.metadata().aliases.iter().any(|alias| is(alias)))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use inspector_report_testkit::texts::assert_same_texts;

    use super::*;
    use crate::Lang;

    #[test]
    fn names_and_extensions_are_unique() {
        let names = FORMATS.iter().flat_map(|c| [&[c.name()], c.metadata().aliases].concat());
        let extensions = FORMATS.iter().map(|c| c.extension());
        // What has the same name is the same: formats share it.
        for setting in FORMATS.iter().flat_map(|c| c.settings()) {
            let same = settings().find(|other| other.name == setting.name).unwrap();
            assert_eq!((same.help, same.kind), (setting.help, setting.kind));
        }
        assert_eq!(settings().map(|s| s.name).collect::<BTreeSet<_>>().len(), settings().count());
        assert_eq!(names.clone().collect::<BTreeSet<_>>().len(), names.count());
        assert_eq!(extensions.clone().collect::<BTreeSet<_>>().len(), extensions.count());
    }

    /// Keys are of one format alone: a format that took one of another would change what that one says.
    #[test]
    fn every_text_of_a_format_stands_in_every_language_with_a_key_of_its_own() {
        let of = |lang: Lang| {
            let of_formats = FORMATS.iter().flat_map(|format| format.metadata().texts);
            let of_formats = of_formats.filter(|(of, _)| *of == lang).map(|(_, source)| *source);
            lang.sources().iter().copied().chain(of_formats).collect::<Vec<_>>()
        };
        assert_same_texts(&of(Lang::En), &of(Lang::Ja));
    }
}

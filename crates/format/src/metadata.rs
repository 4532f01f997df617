//! What is known of a format before anything is written.

use inspector_report_localizer::Lang;

use crate::Setting;

/// What is known of a format before anything is written.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Metadata {
    /// The name on the command line: `xlsx`.
    pub name: &'static str,
    /// Other names for the same.
    pub aliases: &'static [&'static str],
    /// The ending of its files, without the dot.
    pub extension: &'static str,
    /// What it is for, in a sentence for the help.
    pub about: &'static str,
    /// Whether it is written when nobody says which formats to write.
    pub is_default: bool,
    /// Whether it is written of a series of reports when nobody says which formats to write.
    pub is_default_of_trends: bool,
    /// What is set in a comparison of two reports where nobody says otherwise, by the names of the settings.
    pub comparison_settings: &'static [(&'static str, &'static str)],
    /// What to do with an output of an earlier run that a failed one leaves in place: `do not upload it again`.
    pub of_earlier_run: &'static str,
    /// What can be set, besides what holds for every format.
    pub settings: &'static [Setting],
    /// What it says itself, in each language: Fluent, with keys that no other format has.
    pub texts: &'static [(Lang, &'static str)],
}

impl Metadata {
    /// A format that is written when it is asked for, has nothing to be set, and says nothing itself.
    pub const fn new(name: &'static str, extension: &'static str, about: &'static str) -> Metadata {
        Metadata {
            name,
            aliases: &[],
            extension,
            about,
            is_default: false,
            is_default_of_trends: false,
            comparison_settings: &[],
            of_earlier_run: "",
            settings: &[],
            texts: &[],
        }
    }

    /// The same with other names.
    pub const fn aliases(self, aliases: &'static [&'static str]) -> Metadata {
        Metadata { aliases, ..self }
    }

    /// The same, but written when nobody says which formats to write.
    pub const fn by_default(self) -> Metadata {
        Metadata { is_default: true, ..self }
    }

    /// The same, but written of a series of reports when nobody says which formats to write.
    pub const fn by_default_of_trends(self) -> Metadata {
        Metadata { is_default_of_trends: true, ..self }
    }

    /// The same with what is set in comparisons where nobody says otherwise.
    pub const fn in_comparisons(self, comparison_settings: &'static [(&'static str, &'static str)]) -> Metadata {
        Metadata { comparison_settings, ..self }
    }

    /// The same with what to do with an output of an earlier run that a failed one leaves in place.
    pub const fn of_earlier_run(self, of_earlier_run: &'static str) -> Metadata {
        Metadata { of_earlier_run, ..self }
    }

    /// The same with what can be set.
    pub const fn settings(self, settings: &'static [Setting]) -> Metadata {
        Metadata { settings, ..self }
    }

    /// The same with what it says itself.
    pub const fn texts(self, texts: &'static [(Lang, &'static str)]) -> Metadata {
        Metadata { texts, ..self }
    }
}

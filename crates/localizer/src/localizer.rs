//! Everything that the reports say themselves, in each language.
//!
//! The texts are Fluent files under `texts/<language>/`, for a translator to read; see `docs/architecture.md`.

use std::sync::LazyLock;

use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use jiff::{
    Timestamp,
    civil::Date,
    tz::{Offset, TimeZone},
};

use inspector_report_model::{
    Column, Problem,
    value::{ExploitAvailable, FindingType, FixAvailable, ResourceType, Severity, Status},
};

/// A language of the reports.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// Japanese.
    Ja,
}

impl Lang {
    /// Every language.
    pub const ALL: [Lang; 2] = [Lang::En, Lang::Ja];

    /// The code of ISO 639-1.
    pub const fn code(self) -> &'static str {
        match self {
            Lang::En => "en",
            Lang::Ja => "ja",
        }
    }

    /// The texts that all formats share, as Fluent resources. Each format adds its own.
    pub const fn sources(self) -> &'static [&'static str] {
        match self {
            Lang::En => &[
                include_str!("../texts/en/common.ftl"),
                include_str!("../texts/en/columns.ftl"),
                include_str!("../texts/en/markdown.ftl"),
                include_str!("../texts/en/trend.ftl"),
            ],
            Lang::Ja => &[
                include_str!("../texts/ja/common.ftl"),
                include_str!("../texts/ja/columns.ftl"),
                include_str!("../texts/ja/markdown.ftl"),
                include_str!("../texts/ja/trend.ftl"),
            ],
        }
    }
}

/// The values that are put into a text, by name.
#[derive(Debug, Default)]
pub struct Args<'a>(FluentArgs<'a>);

impl<'a> Args<'a> {
    /// No values yet.
    pub fn new() -> Args<'a> {
        Args::default()
    }

    /// Adds a text.
    #[must_use]
    pub fn text(mut self, name: &'a str, value: &'a str) -> Args<'a> {
        self.0.set(name, FluentValue::from(value));
        self
    }

    /// Adds a count. It chooses between singular and plural as `{ $name }`; what is shown is `{ $name-text }`, with
    /// thousands set apart.
    #[must_use]
    pub fn count(mut self, name: &'a str, value: u64) -> Args<'a> {
        self.0.set(name, value as f64);
        self.0.set(format!("{name}-text"), grouped(value));
        self
    }
}

/// The texts of one language.
pub struct Localizer {
    lang: Lang,
    zone: TimeZone,
    zone_name: String,
    bundle: FluentBundle<FluentResource>,
}

impl std::fmt::Debug for Localizer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Localizer").field(&self.lang).finish()
    }
}

impl Localizer {
    /// The texts of a language. Times are told in UTC, or for Japanese in JST.
    pub fn new(lang: Lang) -> Localizer {
        let mut bundle = FluentBundle::new_concurrent(lang.code().parse().into_iter().collect());
        // The marks that set apart texts of another direction show as boxes in terminals and workbooks.
        bundle.set_use_isolating(false);
        for source in lang.sources() {
            let resource = FluentResource::try_new((*source).to_owned()).unwrap_or_else(|(partial, _)| partial);
            bundle.add_resource_overriding(resource);
        }
        let (zone, zone_name) = match lang {
            Lang::En => (TimeZone::UTC, "UTC"),
            Lang::Ja => (TimeZone::fixed(Offset::constant(9)), "JST"),
        };
        Localizer { lang, zone, zone_name: zone_name.to_owned(), bundle }
    }

    /// The same as [`new`](Localizer::new), made once.
    pub fn shared(lang: Lang) -> &'static Localizer {
        static ALL: LazyLock<[Localizer; 2]> = LazyLock::new(|| Lang::ALL.map(Localizer::new));
        let [en, ja] = &*ALL;
        match lang {
            Lang::En => en,
            Lang::Ja => ja,
        }
    }

    /// The same with more texts, those of an output format: of each language a Fluent resource. A key that is known already
    /// gets another text.
    #[must_use]
    pub fn with_texts(mut self, texts: &[(Lang, &'static str)]) -> Localizer {
        for (_, source) in texts.iter().filter(|(lang, _)| *lang == self.lang) {
            let resource = FluentResource::try_new((*source).to_owned()).unwrap_or_else(|(partial, _)| partial);
            self.bundle.add_resource_overriding(resource);
        }
        self
    }

    /// The same texts with times in another zone.
    #[must_use]
    pub fn with_zone(mut self, zone: TimeZone, name: &str) -> Localizer {
        (self.zone, self.zone_name) = (zone, name.to_owned());
        self
    }

    /// The language.
    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// The time zone that times are told in, and its name.
    pub fn zone(&self) -> (&TimeZone, &str) {
        (&self.zone, &self.zone_name)
    }

    /// A text without values. The key of a [column](Column::key) gives its heading.
    pub fn get(&self, key: &str) -> String {
        match Column::of_key(key) {
            Some(column) => self.column(column),
            None => self.format(key, &Args::default()),
        }
    }

    /// A text with values. A text that is missing, which the tests rule out, is its key.
    pub fn format(&self, key: &str, args: &Args<'_>) -> String {
        let (id, attribute) = key.split_once('.').map_or((key, None), |(id, attribute)| (id, Some(attribute)));
        let pattern = self.bundle.get_message(id).and_then(|message| match attribute {
            Some(name) => message.get_attribute(name).map(|attribute| attribute.value()),
            None => message.value(),
        });
        debug_assert!(pattern.is_some(), "no text {key} in {}", self.lang.code());
        let Some(pattern) = pattern else { return key.to_owned() };
        let mut errors = Vec::new();
        let text = self.bundle.format_pattern(pattern, Some(&args.0), &mut errors).into_owned();
        debug_assert!(errors.is_empty(), "{key} in {}: {errors:?}", self.lang.code());
        text
    }

    /// The heading of a column in this language.
    pub fn column(&self, column: Column) -> String {
        let name = match self.lang {
            Lang::En => column.name(),
            Lang::Ja => column.japanese_name(),
        };
        name.to_owned()
    }

    /// What a column means, in a sentence or two.
    pub fn column_meaning(&self, column: Column) -> String {
        self.get(&format!("{}.meaning", column.key()))
    }

    /// What is wrong with an input. In English all that is known of it; in other languages what kind of problem it is.
    pub fn problem(&self, problem: &Problem) -> String {
        match self.lang {
            Lang::En => problem.message.clone(),
            _ => {
                let example = if problem.example.is_empty() { "blank" } else { problem.example.as_str() };
                let args = Args::new().text("example", example);
                self.format(&format!("problem-{}", problem.code.as_str()), &args)
            }
        }
    }

    /// The heading of a column of the input as a reader of this language knows it.
    pub fn heading(&self, heading: &str) -> String {
        match Column::from_heading(heading).filter(|_| self.lang != Lang::En) {
            Some(column) => self.column(column),
            None => heading.to_owned(),
        }
    }

    /// A severity in this language; what is not known is shown as written, and a blank one as "(blank)".
    pub fn severity(&self, severity: Severity<'_>) -> String {
        self.value(severity.key(), severity.as_str())
    }

    /// A severity by its [`rank`](Severity::rank): one name for all that are not known.
    pub fn severity_rank(&self, rank: usize) -> String {
        Severity::KNOWN.get(rank).map_or_else(|| self.get("other-severity"), |severity| self.severity(*severity))
    }

    /// A status in this language.
    pub fn status(&self, status: Status<'_>) -> String {
        self.value(status.key(), status.as_str())
    }

    /// A finding type in this language.
    pub fn finding_type(&self, finding_type: FindingType<'_>) -> String {
        self.value(finding_type.key(), finding_type.as_str())
    }

    /// Whether there is a fix, in this language.
    pub fn fix_available(&self, fix: FixAvailable<'_>) -> String {
        self.value(fix.key(), fix.as_str())
    }

    /// Whether there is an exploit, in this language.
    pub fn exploit_available(&self, exploit: ExploitAvailable<'_>) -> String {
        self.value(exploit.key(), exploit.as_str())
    }

    /// A resource type in this language.
    pub fn resource_type(&self, resource_type: ResourceType<'_>) -> String {
        self.value(resource_type.key(), resource_type.as_str())
    }

    fn value(&self, key: Option<&str>, written: &str) -> String {
        match key {
            Some(key) => self.get(key),
            None if written.is_empty() => self.get("blank"),
            None => written.to_owned(),
        }
    }

    /// A count, with thousands set apart: `12,345`.
    pub fn number(&self, number: u64) -> String {
        grouped(number)
    }

    /// A share of a whole: `12 %`. Less than half a percent is `< 1 %`, and only all is `100 %`.
    pub fn percent(&self, part: u64, whole: u64) -> String {
        let share = part as f64 / whole.max(1) as f64 * 100.0;
        match share.round() as u64 {
            0 if part > 0 => "< 1 %".to_owned(),
            100 if part < whole => "> 99 %".to_owned(),
            percent => format!("{percent} %"),
        }
    }

    /// A count of days with a decimal, thousands set apart: `1,234.5`.
    pub fn decimal(&self, number: f64) -> String {
        let tenths = (number.max(0.0) * 10.0).round() as u64;
        format!("{}.{}", grouped(tenths / 10), tenths % 10)
    }

    /// A day of the calendar, which is none of a zone: `2026-11-01`, in Japanese `2026/11/01`.
    pub fn day(&self, day: Date) -> String {
        day.strftime(self.day_format()).to_string()
    }

    /// A month: `2026-11`, in Japanese `2026/11`.
    pub fn month(&self, first_day: Date) -> String {
        let format = self.day_format();
        first_day.strftime(format.get(..5).unwrap_or(format)).to_string()
    }

    /// A day: `2026-11-01`, in Japanese `2026/11/01`.
    pub fn date(&self, timestamp: Timestamp) -> String {
        timestamp.to_zoned_datetime(self.zone.clone()).strftime(self.day_format()).to_string()
    }

    fn day_format(&self) -> &'static str {
        match self.lang {
            Lang::En => "%Y-%m-%d",
            Lang::Ja => "%Y/%m/%d",
        }
    }

    /// A day and time with the zone: `2026-11-01 09:30 UTC`.
    pub fn date_time(&self, timestamp: Timestamp) -> String {
        let time = timestamp.to_zoned_datetime(self.zone.clone()).strftime("%H:%M").to_string();
        format!("{} {time} {}", self.date(timestamp), self.zone_name)
    }
}

/// English and Japanese both set thousands apart with a comma.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use inspector_report_testkit::texts::assert_same_texts;

    use super::*;

    /// What is said of the files of a format holds of these too: they are read without an error.
    #[test]
    fn every_text_stands_in_every_language_with_the_same_values() {
        assert_same_texts(Lang::En.sources(), Lang::Ja.sources());
    }

    #[test]
    fn columns_and_values_have_texts() {
        for lang in Lang::ALL {
            let texts = Localizer::new(lang);
            for column in Column::ALL {
                assert!(!texts.column(*column).is_empty());
                assert!(texts.column_meaning(*column).len() > 10);
            }
            for severity in Severity::KNOWN {
                texts.severity(*severity);
            }
            for status in Status::KNOWN {
                texts.status(*status);
            }
            for finding_type in FindingType::KNOWN {
                texts.finding_type(*finding_type);
            }
            for resource_type in ResourceType::KNOWN {
                texts.resource_type(*resource_type);
            }
            texts.fix_available(FixAvailable::Other(""));
            FixAvailable::KNOWN.iter().for_each(|fix| drop(texts.fix_available(*fix)));
            ExploitAvailable::KNOWN.iter().for_each(|exploit| drop(texts.exploit_available(*exploit)));
        }
        assert_eq!(Localizer::new(Lang::En).column(Column::ResourceId), "Resource ID");
    }

    #[test]
    fn japanese_times_are_jst() {
        let timestamp = "2026-10-31T15:30:00Z".parse().unwrap();
        assert_eq!(Localizer::new(Lang::En).date_time(timestamp), "2026-10-31 15:30 UTC");
        assert_eq!(Localizer::new(Lang::Ja).date_time(timestamp), "2026/11/01 00:30 JST");
    }

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!([0, 999, 1000, 1234567].map(grouped), ["0", "999", "1,000", "1,234,567"]);
    }
}

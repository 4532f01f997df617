//! What the outputs of a report depend on besides the report.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::{VERSION, cache::hash_text, job::Job};

/// What the outputs of a report depend on besides the report. Where it is the same, and so is the report, what is there
/// need not be written again.
///
/// What changes no output is no part of it: how many threads work, how much is said, in which line of a file an entry
/// stands.
#[derive(Debug, Serialize)]
pub(crate) struct ConversionSpec {
    version: &'static str,
    formats: Vec<&'static str>,
    lang: &'static str,
    zone: String,
    split_by: Option<&'static str>,
    name: Option<String>,
    suffix: &'static str,
    settings: BTreeMap<String, String>,
    settings_folder: Option<String>,
    encoding: Option<&'static str>,
    likely_language: &'static str,
    delimiter: Option<u8>,
    max_expanded: u64,
    filter: Vec<String>,
    acceptances: Option<serde_json::Value>,
    judging: String,
    previous: Option<String>,
    source_date_epoch: Option<String>,
}

impl ConversionSpec {
    /// That of a job. A new field of the job must be named here: either the outputs depend on it or they do not.
    pub(crate) fn of(job: &Job) -> ConversionSpec {
        let Job {
            formats,
            name,
            suffix,
            texts,
            split_by,
            settings,
            reading,
            ignore,
            judging,
            filter,
            previous_path,
            source_date_epoch,
            // Where outputs go, and whether they may, changes none of them.
            output: _,
            writer: _,
            reports: _,
            is_guest: _,
            one_report: _,
            // They are as the settings say.
            converters: _,
            strict: _,
            verbosity: _,
            // Known by its path; a conversion with one is never left out as done.
            previous: _,
        } = job;
        let crate::ReadOptions { encoding, language, delimiter, max_expanded } = reading;
        ConversionSpec {
            version: VERSION,
            formats: formats.iter().map(|format| format.name()).collect(),
            lang: texts.lang().code(),
            zone: format!("{:?} {}", texts.zone().0, texts.zone().1),
            split_by: split_by.map(|by| by.as_str()),
            name: name.as_ref().map(|name| format!("{name:?}")),
            suffix,
            settings: settings.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
            settings_folder: settings.folder().map(|folder| folder.display().to_string()),
            encoding: encoding.map(|encoding| encoding.name()),
            likely_language: language.code(),
            delimiter: *delimiter,
            max_expanded: *max_expanded,
            filter: filter.describe(),
            acceptances: ignore.as_ref().map(crate::Ignore::spec),
            judging: judging.spec.clone(),
            previous: previous_path.as_ref().map(|path| path.display().to_string()),
            source_date_epoch: source_date_epoch.clone(),
        }
    }

    /// Its hash.
    pub(crate) fn hash(&self) -> String {
        // Numbers and texts alone: it cannot fail.
        hash_text(&serde_json::to_string(self).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::HashSet, path::PathBuf, sync::Mutex};

    use super::*;
    use crate::{
        Filter, Ignore, ReadOptions, SplitBy,
        core::{Lang, Localizer, Settings},
        host::Host,
        messages::Verbosity,
        names::Template,
        output::OutputLocation,
        request::Request,
    };

    fn request() -> Request {
        Request::new(vec![&inspector_report_csv::Csv], Localizer::new(Lang::En))
    }

    fn job(request: Request) -> Job {
        Job::new(request, Host::silent(), HashSet::new()).unwrap()
    }

    fn accepting(text: &str) -> String {
        let ignore = Some(Ignore::parse(text).unwrap());
        ConversionSpec::of(&job(Request { ignore, ..request() })).hash()
    }

    #[test]
    fn all_that_changes_an_output_changes_the_hash() {
        let mut settings = Settings::new();
        settings.switch_on("csv-bom");
        let mut folder = Settings::new();
        folder.set_folder(PathBuf::from("elsewhere"));
        let (zone, name) = crate::core::timestamp::zone("Europe/Paris").unwrap();
        let account = |account: &str| Filter { account: vec![account.to_owned()], ..Filter::default() };
        let reading = ReadOptions::default;
        let entry = |more: &str| Ignore::parse(&format!("[[accept]]\nresource = \"i-*\"\nreason = \"x\"\n{more}")).ok();
        let jobs = [
            job(request()),
            job(Request { formats: vec![&inspector_report_json::Json], ..request() }),
            job(Request { settings, ..request() }),
            job(Request { settings: folder, ..request() }),
            job(Request { texts: Localizer::new(Lang::Ja), ..request() }),
            job(Request { texts: Localizer::new(Lang::En).with_zone(zone, &name), ..request() }),
            job(Request { filter: account("1"), ..request() }),
            job(Request { filter: account("2"), ..request() }),
            job(Request { reading: ReadOptions { delimiter: Some(b';'), ..reading() }, ..request() }),
            job(Request { reading: ReadOptions { max_expanded: 1, ..reading() }, ..request() }),
            job(Request { reading: ReadOptions { language: Lang::Ja, ..reading() }, ..request() }),
            job(Request { reading: ReadOptions { encoding: Some(encoding_rs::UTF_8), ..reading() }, ..request() }),
            job(Request { ignore: entry(""), ..request() }),
            job(Request { ignore: entry("until = 2026-12-31"), ..request() }),
            job(Request { ignore: entry("since = 2026-12-31"), ..request() }),
            job(Request { ignore: entry("by = \"me\""), ..request() }),
            job(Request { ignore: entry("tag = \"a\""), ..request() }),
            job(Request { ignore: entry("tag = \"a=b\""), ..request() }),
            job(Request { source_date_epoch: Some("1".to_owned()), ..request() }),
            Job { split_by: Some(SplitBy::Account), ..job(request()) },
            Job { split_by: Some(SplitBy::Region), ..job(request()) },
            Job { name: Template::parse("{stem}-a").ok(), ..job(request()) },
            Job { name: Template::parse("{stem}-b").ok(), ..job(request()) },
            Job { suffix: ".changes", ..job(request()) },
            Job { previous_path: Some(PathBuf::from("old.csv")), ..job(request()) },
        ];
        let hashes: HashSet<String> = jobs.iter().map(|job| ConversionSpec::of(job).hash()).collect();
        assert_eq!(hashes.len(), jobs.len());
    }

    #[test]
    fn what_changes_no_output_does_not_change_the_hash() {
        let entry = "[[accept]]\nvulnerability = \"CVE-1\"\nreason = \"x\"\n";
        assert_eq!(accepting(&format!("# decided in May\n\n{entry}")), accepting(entry));
        assert_ne!(accepting(&entry.replace("CVE-1", "CVE-2")), accepting(entry));
        let same = Request {
            output: OutputLocation::Folder(PathBuf::from("elsewhere")),
            force: true,
            verbosity: Verbosity { quiet: false, verbose: true },
            also_read: vec![PathBuf::from("ignore.toml")],
            ..request()
        };
        let strict = Job { strict: true, previous: Mutex::default(), ..job(same) };
        assert_eq!(ConversionSpec::of(&strict).hash(), ConversionSpec::of(&job(request())).hash());
    }
}

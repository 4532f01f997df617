//! From arguments to what the engine is asked for: formats, their settings, the files that these stand in.

use std::path::{Path, PathBuf};

use inspector_report::{
    FORMATS, Format, Ignore,
    batch::{Ending, Host, Judging, JudgingOptions, OutputLocation, Request, Verbosity, clean},
    core::{LocalFiles, Localizer, Settings},
};

use super::{
    args,
    config::{self, Config},
};

/// What the arguments of a command say that all commands have.
pub(super) struct Common {
    pub(super) formats: Vec<&'static dyn Format>,
    pub(super) settings: Settings,
    /// The settings that hold where nothing is said.
    pub(super) usual: Settings,
    pub(super) output: Option<PathBuf>,
    pub(super) lang: args::Language,
    pub(super) zone: args::Zone,
    pub(super) reading: args::Reading,
    pub(super) filters: args::Filters,
    pub(super) files: args::SettingFiles,
    pub(super) judging: JudgingOptions,
    pub(super) force: bool,
    pub(super) verbosity: Verbosity,
}

impl Common {
    /// The request, with what the configuration and the triage file say.
    ///
    /// # Errors
    /// When something does not go together; it is said already.
    pub(super) fn request(self, host: &Host) -> Result<Request, Ending> {
        let Common { formats, settings, usual, output, lang, zone, reading, filters, files, judging, force, verbosity } =
            self;
        let texts = texts(&lang, zone);
        let Found { settings, ignore, config } = self::settings(&formats, settings, usual, &files, verbosity, host)?;
        let judging = self::judging(config, judging, &texts).map_err(|what| host.usage(&what))?;
        if !verbosity.quiet {
            let notes = judging.notes.iter().map(|what| format!("note: {}\n", clean(what)));
            notes.for_each(|line| host.events.say(&line));
        }
        let output = match output {
            None => OutputLocation::BesideInputs,
            Some(path) if path == Path::new("-") => OutputLocation::StandardOutput,
            Some(path) => OutputLocation::Folder(path),
        };
        let named = files.config.into_iter().chain(files.ignore).chain(settings.files().iter().cloned());
        let also_read = named.chain(judging.files.iter().cloned()).collect();
        Ok(Request {
            formats,
            settings,
            ignore,
            judging,
            reading: reading.options(lang.lang),
            filter: filters.into(),
            texts,
            output,
            force,
            verbosity,
            also_read,
            source_date_epoch: std::env::var_os("SOURCE_DATE_EPOCH").map(|time| time.to_string_lossy().into_owned()),
        })
    }
}

/// The formats to write: those that were named, each once, or the usual ones.
pub(super) fn formats(named: Vec<&'static dyn Format>) -> Vec<&'static dyn Format> {
    let mut formats: Vec<&'static dyn Format> = Vec::new();
    for format in named {
        if formats.iter().all(|other| other.name() != format.name()) {
            formats.push(format);
        }
    }
    match formats.is_empty() {
        true => FORMATS.iter().copied().filter(|format| format.metadata().is_default).collect(),
        false => formats,
    }
}

/// What files say.
struct Found {
    settings: Settings,
    ignore: Option<Ignore>,
    config: Config,
}

/// The settings of the command line and of files, checked; `usual` are those that hold where nothing is said.
fn settings(
    formats: &[&'static dyn Format],
    mut settings: Settings,
    usual: Settings,
    files: &args::SettingFiles,
    verbosity: Verbosity,
    host: &Host,
) -> Result<Found, Ending> {
    if let Some(what) = idle_setting(formats, &settings) {
        return Err(host.usage(&what));
    }
    let config = Config::find(files.config.as_deref()).map_err(|what| host.usage(&what))?;
    let ignore = config::ignore(files.ignore.as_deref()).map_err(|what| host.usage(&what))?;
    let note = |what: std::fmt::Arguments<'_>| {
        if !verbosity.quiet {
            host.events.say(&format!("note: {}\n", clean(&what.to_string())));
        }
    };
    if let Some(path) = &config.path {
        note(format_args!("settings are taken from {}", path.display()));
    }
    if let Some((path, _)) = &ignore {
        note(format_args!("findings are accepted as {} says", path.display()));
    }
    settings.or(config.settings.clone());
    settings.or(usual);
    for (setting, variable) in inspector_report::settings().filter_map(|setting| Some((setting, setting.variable?))) {
        if settings.is_on(setting.name) {
            settings.set(setting.name, &std::env::var(variable).unwrap_or_default());
        }
    }
    Ok(Found { settings, ignore: ignore.map(|(_, ignore)| ignore), config })
}

/// How findings are judged, as a configuration and options say.
pub(super) fn judging(config: Config, options: JudgingOptions, texts: &Localizer) -> Result<Judging, String> {
    let path = config.path.map(|path| format!("{}: ", path.display())).unwrap_or_default();
    let has_tables = !config.judging.is_empty();
    let judging = Judging::new(config.judging, &config.folder, options, texts.zone().0.clone(), &LocalFiles);
    judging.map_err(|what| if has_tables { format!("{path}{what}") } else { what })
}

/// The texts of a language, with the zone that was asked for.
pub(super) fn texts(lang: &args::Language, zone: args::Zone) -> Localizer {
    let texts = Localizer::new(lang.lang);
    match zone.timezone {
        Some((zone, name)) => texts.with_zone(zone, &name),
        None => texts,
    }
}

/// A setting that does nothing, since no format that it is for is written.
fn idle_setting(formats: &[&dyn Format], settings: &Settings) -> Option<String> {
    let has = |format: &&'static dyn Format, name: &str| format.settings().iter().any(|setting| setting.name == name);
    let idle = |name: &str| {
        !FORMATS.iter().any(|format| has(format, name) && formats.iter().any(|f| f.name() == format.name()))
    };
    let name =
        inspector_report::settings().map(|setting| setting.name).find(|name| settings.is_on(name) && idle(name))?;
    let of: Vec<&str> = FORMATS.iter().filter(|format| has(format, name)).map(|format| format.name()).collect();
    Some(format!("--{name} is for --format {}, which is not written", of.join(" or ")))
}

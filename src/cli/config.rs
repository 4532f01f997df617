//! The configuration file: settings of formats that are the same every time, `inspector-report.toml`.
//!
//! ```toml
//! [sarif]
//! category = "inspector/production"      # as --sarif-category
//! only-mapped = true                     # as --sarif-only-mapped
//!
//! [sarif.locations.repository]
//! "shop/api" = "services/api/Dockerfile"
//! ```

use std::{
    env, fs, io,
    path::{Path, PathBuf},
};

use inspector_report::{
    FORMATS, Format, Ignore,
    batch::Judging,
    core::{Setting, SettingKind, Settings},
};
use toml::{Table, Value};

/// The names that are looked for, in this order. Other tools have an `ignore.toml` too.
const NAMES: [&str; 1] = ["inspector-report.toml"];
const IGNORE: [&str; 2] = ["inspector-ignore.toml", "ignore.toml"];

/// A configuration file that was read.
#[derive(Debug, Default)]
pub(super) struct Config {
    pub(super) path: Option<PathBuf>,
    pub(super) settings: Settings,
    /// The tables that say how findings are judged.
    pub(super) judging: Table,
    /// The folder that its paths are of.
    pub(super) folder: PathBuf,
}

/// The triage file: the one that was named, else the first of its names in the working folder or one that holds it.
///
/// # Errors
/// A sentence that says what is wrong, and where.
pub(super) fn ignore(named: Option<&Path>) -> Result<Option<(PathBuf, Ignore)>, String> {
    let Some(path) = named.map(Path::to_owned).or_else(|| above(&IGNORE)) else { return Ok(None) };
    let in_file = |what: String| format!("{}: {what}", path.display());
    let text = fs::read_to_string(&path).map_err(|error| in_file(plain(&error)))?;
    let ignore = Ignore::parse(text.trim_start_matches('\u{feff}')).map_err(in_file)?;
    Ok(Some((path, ignore)))
}

/// The first file of these names in the working folder, else in the next one that holds it.
fn above(names: &[&str]) -> Option<PathBuf> {
    let here = env::current_dir().ok()?;
    let mut paths = here.ancestors().flat_map(|folder| names.iter().map(move |name| folder.join(name)));
    paths.find(|path| path.is_file())
}

impl Config {
    /// Reads the file that was named, else the first of its name in the working folder or one that holds it.
    ///
    /// # Errors
    /// A sentence that says what is wrong, and where.
    pub(super) fn find(named: Option<&Path>) -> Result<Config, String> {
        match named.map(Path::to_owned).or_else(|| above(&NAMES)) {
            Some(path) => Config::read(path),
            None => Ok(Config::default()),
        }
    }

    fn read(path: PathBuf) -> Result<Config, String> {
        let in_file = |what: String| format!("{}: {what}", path.display());
        let text = fs::read_to_string(&path).map_err(|error| in_file(plain(&error)))?;
        let (judging, mut settings) = settings(&text).map_err(in_file)?;
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        settings.set_folder(folder.to_owned());
        let folder = folder.to_owned();
        Ok(Config { path: Some(path), settings, judging, folder })
    }
}

/// An error of the system, without its number.
fn plain(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or_default().to_owned()
}

/// The settings in a configuration file: a table for each format, with the names of its options less the format's own; and
/// the tables that say how findings are judged.
fn settings(text: &str) -> Result<(Table, Settings), String> {
    let mut tables: Table = text.parse().map_err(|error: toml::de::Error| error.to_string().trim_end().to_owned())?;
    let mut settings = Settings::default();
    let mut judging = Table::new();
    for name in Judging::TABLES {
        judging.extend(tables.remove_entry(name));
    }
    for (name, table) in tables {
        let Some(format) = FORMATS.iter().find(|format| format.name() == name) else {
            let known: Vec<&str> = FORMATS.iter().map(|format| format.name()).chain(Judging::TABLES).collect();
            return Err(format!("there is no table {name:?}; there are {}", known.join(", ")));
        };
        let Value::Table(table) = table else { return Err(format!("{name} must be a table: [{name}]")) };
        for (key, value) in table {
            set(&mut settings, *format, &key, value).map_err(|what| format!("[{name}] {key}: {what}"))?;
        }
    }
    Ok((judging, settings))
}

fn set(settings: &mut Settings, format: &dyn Format, key: &str, value: Value) -> Result<(), String> {
    let full = format!("{}-{key}", format.name());
    let Some(setting) = format.settings().iter().find(|setting| setting.name == key || setting.name == full) else {
        let own = |setting: &Setting| setting.name.trim_start_matches(&format!("{}-", format.name())).to_owned();
        let known: Vec<String> = format.settings().iter().map(own).collect();
        return Err(format!("no such setting; there are {}", known.join(", ")));
    };
    let text = match (setting.kind, value) {
        (SettingKind::Switch, Value::Boolean(is_on)) => {
            if is_on {
                settings.switch_on(setting.name);
            }
            return Ok(());
        }
        (SettingKind::Switch, _) => return Err("must be true or false".to_owned()),
        (SettingKind::Value(_), Value::String(text)) => text,
        (SettingKind::Value(_), Value::Integer(number)) => number.to_string(),
        (SettingKind::Value(_), Value::Array(items)) => {
            let texts: Option<Vec<&str>> = items.iter().map(Value::as_str).collect();
            texts.ok_or("must be a list of texts")?.join(",")
        }
        (SettingKind::Value(_), _) => return Err("must be a text".to_owned()),
        (SettingKind::Table, Value::Table(table)) => {
            serde_json::to_string(&table).map_err(|error| error.to_string())?
        }
        (SettingKind::Table, _) => return Err("must be a table".to_owned()),
    };
    (setting.check)(&text)?;
    settings.set(setting.name, &text);
    Ok(())
}

#[cfg(all(test, feature = "sarif", feature = "xlsx"))]
mod tests {
    use super::*;

    #[test]
    fn settings_are_those_of_the_options() {
        let text = "[sarif]\ncategory = \"inspector/production\"\nonly-mapped = true\nclosed = false\n\
                    [sarif.locations.repository]\n\"shop/api\" = \"services/api/Dockerfile\"\n\
                    [xlsx]\nsheets = [\"summary\", \"severities\"]\n";
        let (judging, settings) = settings(&format!("{text}[sla]\nhigh = 30\n")).unwrap();
        assert_eq!(judging["sla"]["high"].as_integer(), Some(30));
        assert_eq!(settings.get("sarif-category"), Some("inspector/production"));
        assert_eq!(settings.get("sheets"), Some("summary,severities"));
        assert!(settings.is_on("sarif-only-mapped") && !settings.is_on("sarif-closed"));
        assert_eq!(settings.get("sarif-locations"), Some(r#"{"repository":{"shop/api":"services/api/Dockerfile"}}"#));
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (text, words) in [
            ("[sarif", "line 1"),
            ("[sariff]", "no table \"sariff\"; there are xlsx, sarif"),
            ("sarif = 1", "[sarif]"),
            ("[sarif]\nstat = \"x\"", "[sarif] stat: no such setting; there are category, category-by, state"),
            ("[sarif]\ncategory = \"a b\"", "[sarif] category: letters"),
            ("[sarif]\nonly-mapped = \"yes\"", "must be true or false"),
            ("[sarif.locations.repo]\nx = \"y\"", "[sarif] locations: unknown field `repo`"),
            ("[xlsx]\nsheets = \"histroy\"", "no sheet \"histroy\""),
        ] {
            let error = settings(text).unwrap_err();
            assert!(error.contains(words), "{error}");
        }
    }
}

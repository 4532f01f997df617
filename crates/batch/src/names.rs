//! Names of outputs that people choose: `--name TEMPLATE`.

use std::{collections::BTreeSet, path::PathBuf};

use crate::{
    Report, Source,
    core::{Finding, timestamp::utc_day},
    safe_name,
};

/// What a name can be made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    Stem,
    Date,
    Account,
    Region,
    ReportId,
}

const FIELDS: [(&str, Field); 5] = [
    ("stem", Field::Stem),
    ("date", Field::Date),
    ("account", Field::Account),
    ("region", Field::Region),
    ("report_id", Field::ReportId),
];

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    Field(Field),
}

/// A name with places to fill in: `{account}/{date}-{stem}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template(Vec<Piece>);

impl Template {
    /// Reads a template.
    ///
    /// # Errors
    /// A sentence that says what is wrong.
    pub fn parse(text: &str) -> Result<Template, String> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some((before, behind)) = rest.split_once('{') {
            let (name, behind) = behind.split_once('}').ok_or("a { is not closed")?;
            let known = FIELDS.iter().find(|(known, _)| *known == name);
            let (_, field) = known.ok_or_else(|| {
                let names: Vec<String> = FIELDS.iter().map(|(name, _)| format!("{{{name}}}")).collect();
                format!("there is no {{{name}}}; there are {}", names.join(", "))
            })?;
            if !before.is_empty() {
                pieces.push(Piece::Text(before.to_owned()));
            }
            pieces.push(Piece::Field(*field));
            rest = behind;
        }
        if !rest.is_empty() {
            pieces.push(Piece::Text(rest.to_owned()));
        }
        match pieces.iter().any(|piece| matches!(piece, Piece::Field(_))) {
            true => Ok(Template(pieces)),
            false => Err("there is nothing to fill in, so every report would have the same name".to_owned()),
        }
    }

    /// Whether the name of the input alone is filled in, so that names are known before anything is read.
    pub(crate) fn is_stem_alone(&self) -> bool {
        self.0.iter().all(|piece| matches!(piece, Piece::Text(_) | Piece::Field(Field::Stem)))
    }

    /// The name of a report's outputs, without their ending. A `/` in the template makes folders; nothing in a report
    /// does, or leads out of the folder that the outputs go to.
    pub(crate) fn fill(&self, source: &Source, report: &Report) -> PathBuf {
        self.fill_with(source, |field, source| value(field, source, report))
    }

    /// The same where [the stem alone](Template::is_stem_alone) is filled in.
    pub(crate) fn fill_stem(&self, source: &Source) -> PathBuf {
        self.fill_with(source, |_, source| stem(source))
    }

    fn fill_with(&self, source: &Source, value: impl Fn(Field, &Source) -> String) -> PathBuf {
        let plain = source.output();
        let mut name = String::new();
        for piece in &self.0 {
            match piece {
                Piece::Text(text) => name.push_str(text),
                Piece::Field(field) => name.push_str(&plain_value(&value(*field, source))),
            }
        }
        let folder = plain.parent().map(PathBuf::from).unwrap_or_default();
        // A name must be left: outputs go into the folder, and not beside it.
        let mut parts: Vec<String> = name.split(['/', '\\']).filter_map(safe_name).collect();
        if parts.is_empty() {
            parts.push(NONE.to_owned());
        }
        parts.into_iter().fold(folder, |path, part| path.join(part))
    }
}

/// What is filled in where a report does not say.
const NONE: &str = "none";

/// The most characters of a value in a name: file systems take 255 bytes.
const MOST: usize = 60;

/// A value from a report as part of the name of a file.
fn plain_value(value: &str) -> String {
    let value: String = value.replace(['/', '\\'], "_").chars().take(MOST).collect();
    safe_name(&value).unwrap_or_else(|| NONE.to_owned())
}

fn value(field: Field, source: &Source, report: &Report) -> String {
    let one = |of: fn(Finding<'_>) -> &str| {
        let all: BTreeSet<&str> = report.findings().map(of).collect();
        match all.len() {
            0 => NONE.to_owned(),
            1 => all.into_iter().find(|text| !text.is_empty()).unwrap_or(NONE).to_owned(),
            _ => "several".to_owned(),
        }
    };
    match field {
        Field::Stem => stem(source),
        Field::Date => {
            report.data_date().map_or("undated".to_owned(), |date| utc_day(date).strftime("%Y-%m-%d").to_string())
        }
        Field::Account => one(|finding| finding.resource().account()),
        Field::Region => one(|finding| finding.resource().region()),
        Field::ReportId => report_id(&stem(source)).unwrap_or(NONE).to_owned(),
    }
}

fn stem(source: &Source) -> String {
    source.output().file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}

/// The report id in the name of a file: Inspector writes `<prefix><reportId>.csv`, and the id is a UUID (Amazon
/// Inspector API Reference, CreateFindingsReport).
fn report_id(stem: &str) -> Option<&str> {
    const GROUPS: [usize; 5] = [8, 4, 4, 4, 12];
    const LENGTH: usize = 36;
    let is_id = |text: &&str| {
        let groups: Vec<&str> = text.split('-').collect();
        groups.iter().map(|group| group.len()).eq(GROUPS)
            && groups.iter().all(|group| group.bytes().all(|byte| byte.is_ascii_hexdigit()))
    };
    (0..=stem.len().checked_sub(LENGTH)?).filter_map(|at| stem.get(at..at + LENGTH)).find(is_id)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(template: &str, file: &str, rows: &[[&str; 4]]) -> String {
        let headings = ["Severity", "AWS Account Id", "Region", "Last Seen"];
        let report = Report::from_rows("made", &headings, rows);
        let source = Source { path: file.into(), members: Vec::new() };
        Template::parse(template).unwrap().fill(&source, &report).display().to_string().replace('\\', "/")
    }

    #[test]
    fn places_are_filled_in() {
        let row = |account, region| ["HIGH", account, region, "2026-05-04T23:30:00Z"];
        let id = "6f1c2a34-0b5d-4e6f-8a9b-0c1d2e3f4a5b";
        let file = format!("in/weekly-{id}.csv.gz");
        let one = [row("111122223333", "us-east-1"), row("111122223333", "eu-west-1")];
        assert_eq!(name("{date}/{account}-{region}", &file, &one), "2026-05-04/111122223333-several");
        assert_eq!(name("{report_id} {stem}", &file, &one), format!("{id} weekly-{id}"));
        assert_eq!(name("{account}{report_id}{date}", "a.csv", &[]), "nonenoneundated");
    }

    #[test]
    fn nothing_leads_out_of_the_folder() {
        let rows = [["HIGH", "../../etc", "C:\\x", ""]];
        assert_eq!(name("../{account}/{region}", "a.csv", &rows), ".._.._etc/C__x");
        for hidden in ["..", ".", " ", "/"] {
            let rows = [["HIGH", hidden, "x", ""]];
            assert!(["none", "_"].contains(&name("{account}", "a.csv", &rows).as_str()), "{hidden}");
        }
    }

    #[test]
    fn a_template_must_have_something_to_fill_in() {
        for (text, words) in
            [("report", "same name"), ("{stem", "not closed"), ("{stam}", "{stem}, {date}, {account}, {region}")]
        {
            assert!(Template::parse(text).unwrap_err().contains(words), "{text}");
        }
    }
}

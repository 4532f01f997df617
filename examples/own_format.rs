//! A format of one's own, outside of this repository: the engine writes it like any other.
//!
//!     cargo run --release --example own_format -- fixtures/findings.csv target/own-format

use std::{env, error::Error, io::Write, path::PathBuf};

use inspector_report::{
    ConvertError, Converter, Format, InputLocation, Lang, Summary, View,
    batch::{ConvertOptions, Ending, Host, OutputLocation, Request, Selection, convert},
    core::{Context, Localizer, Metadata, Outputs, Setting, Settings},
};

/// Plain text to mail: one open finding on a line.
struct Text;

/// What is known of the format: its options, such as `--text-width`, are found here too.
const METADATA: Metadata = Metadata::new("text", "txt", "plain text to mail").settings(&[Setting::value(
    WIDTH,
    "CHARACTERS",
    |text| parse_width(text).map(drop),
    "The most characters of a line [default: 100]",
)]);

const WIDTH: &str = "text-width";

fn parse_width(text: &str) -> Result<usize, String> {
    text.parse().map_err(|_| "a number of characters".to_owned())
}

impl Format for Text {
    fn metadata(&self) -> &'static Metadata {
        &METADATA
    }

    fn converter(&self, settings: &Settings) -> Result<Box<dyn Converter>, String> {
        Ok(Box::new(TextConverter { width: settings.parse(WIDTH, parse_width)?.unwrap_or(100) }))
    }
}

/// Writes text as the settings say.
struct TextConverter {
    width: usize,
}

impl Converter for TextConverter {
    fn write(&self, view: &View, context: &Context<'_>, outputs: &mut dyn Outputs) -> Result<Summary, ConvertError> {
        let mut page = outputs.create()?;
        for finding in view.findings().filter(|finding| finding.is_open()) {
            let severity = context.texts.severity(finding.severity());
            let line = format!("{severity}  {}  {}", finding.title(), finding.resource().name());
            writeln!(page, "{}", line.chars().take(self.width).collect::<String>())?;
        }
        page.flush()?;
        Ok(Summary::new(view.len() as u64, Vec::new()))
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let input = arguments.next().unwrap_or_else(|| "fixtures/findings.csv".to_owned());
    let output = arguments.next().unwrap_or_else(|| "target/own-format".to_owned());
    let output = OutputLocation::Folder(PathBuf::from(output));
    let request = Request { output, ..Request::new(vec![&Text], Localizer::new(Lang::En)) };
    let selection = Selection { inputs: vec![InputLocation::from(&input)], ..Selection::default() };
    let options = ConvertOptions { selection, ..ConvertOptions::default() };
    match convert(request, options, Host::silent()) {
        Ending::Success => Ok(()),
        ending => Err(format!("{ending:?}").into()),
    }
}

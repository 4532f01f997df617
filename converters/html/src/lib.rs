//! Writes a findings report as one HTML page: the summary that Markdown has, and the worst findings as a table that can be
//! sorted. The page needs nothing from outside, and its policy (CSP) lets it fetch nothing.

mod page;
mod plot;
mod text;

use inspector_report_analysis::Trend;
use inspector_report_document::{DOCUMENT_SETTINGS, Document};
use inspector_report_format::{ConvertError, Converter, Metadata, Options, Outputs, Setting, Summary, TrendConverter};
use inspector_report_localizer::{Lang, Localizer};
use inspector_report_model::View;

const FINDINGS: &str = "html-findings";

/// Findings in the table unless something else is said: what a browser sorts at once, in less than a megabyte.
const ROWS: usize = 1_000;

const SETTINGS: [Setting; 3] = [
    DOCUMENT_SETTINGS[0],
    DOCUMENT_SETTINGS[1],
    Setting::value(
        FINDINGS,
        "N",
        |text| match text.parse::<usize>() {
            Ok(0..=100_000) => Ok(()),
            _ => Err("a number from 0 to 100000".to_owned()),
        },
        "Findings in the table of an HTML page, the worst first [default: 1000]",
    ),
];

/// The converter for HTML.
#[derive(Clone, Copy, Debug)]
pub struct Html;

/// What the format says itself.
const TEXTS: [(Lang, &str); 2] =
    [(Lang::En, include_str!("../texts/en.ftl")), (Lang::Ja, include_str!("../texts/ja.ftl"))];

/// The texts of a language, those of this format among them.
pub fn localizer(lang: Lang) -> Localizer {
    Localizer::new(lang).with_texts(&TEXTS)
}

/// What is known of the format.
const METADATA: Metadata =
    Metadata::new("html", "html", "one HTML page to mail or to print: the summary, and the worst findings")
        .settings(&SETTINGS)
        .texts(&TEXTS);

impl Converter for Html {
    fn metadata(&self) -> &'static Metadata {
        &METADATA
    }

    fn write(&self, report: &View, options: &Options<'_>, outputs: &mut dyn Outputs) -> Result<Summary, ConvertError> {
        let document = Document::new(report, options.texts, options.settings);
        let most = options.settings.get(FINDINGS).and_then(|text| text.parse().ok()).unwrap_or(ROWS);
        let findings = inspector_report_document::findings(report, options.texts, most);
        let mut out = outputs.create()?;
        out.write_all(page::render(&document, findings.as_ref(), options).as_bytes())?;
        out.flush()?;
        Ok(Summary { findings: report.len() as u64, notes: Vec::new() })
    }

    fn trends(&self) -> Option<&dyn TrendConverter> {
        Some(self)
    }
}

impl TrendConverter for Html {
    fn write_trend(
        &self,
        trend: &Trend,
        options: &Options<'_>,
        outputs: &mut dyn Outputs,
    ) -> Result<Summary, ConvertError> {
        let document = Document::of_trend(trend, options.texts, options.settings);
        let mut out = outputs.create()?;
        out.write_all(page::render(&document, None, options).as_bytes())?;
        out.flush()?;
        Ok(Summary { findings: trend.oldest.len() as u64, notes: Vec::new() })
    }
}

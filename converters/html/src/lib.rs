//! Writes a findings report as one HTML page: the summary that Markdown has, and the worst findings as a table that can be
//! sorted. The page needs nothing from outside, and its policy (CSP) lets it fetch nothing.

mod page;
mod plot;
mod text;

use inspector_report_analysis::Trend;
use inspector_report_document::{DOCUMENT_SETTINGS, Document, DocumentOptions};
use inspector_report_format::{
    Context, ConvertError, Converter, Format, Metadata, Outputs, Setting, Settings, Summary, TrendConverter,
};
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
        |text| parse_findings(text).map(drop),
        "Findings in the table of an HTML page, the worst first [default: 1000]",
    ),
];

/// The format HTML.
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
        .by_default_of_trends()
        .settings(&SETTINGS)
        .texts(&TEXTS);

impl Format for Html {
    fn metadata(&self) -> &'static Metadata {
        &METADATA
    }

    fn converter(&self, settings: &Settings) -> Result<Box<dyn Converter>, String> {
        let findings = settings.parse(FINDINGS, parse_findings)?.unwrap_or(ROWS);
        Ok(Box::new(HtmlConverter { document: DocumentOptions::new(settings)?, findings }))
    }
}

/// Writes a page as its settings say.
struct HtmlConverter {
    document: DocumentOptions,
    /// The most rows of the table of findings.
    findings: usize,
}

impl Converter for HtmlConverter {
    fn write(&self, view: &View, context: &Context<'_>, outputs: &mut dyn Outputs) -> Result<Summary, ConvertError> {
        let document = Document::new(view, context.texts, &self.document);
        let findings = inspector_report_document::findings(view, context.texts, self.findings);
        let mut out = outputs.create()?;
        out.write_all(page::render(&document, findings.as_ref(), context).as_bytes())?;
        out.flush()?;
        Ok(Summary::new(view.len() as u64, Vec::new()))
    }

    fn trends(&self) -> Option<&dyn TrendConverter> {
        Some(self)
    }
}

impl TrendConverter for HtmlConverter {
    fn write_trend(
        &self,
        trend: &Trend,
        context: &Context<'_>,
        outputs: &mut dyn Outputs,
    ) -> Result<Summary, ConvertError> {
        let document = Document::of_trend(trend, context.texts, &self.document);
        let mut out = outputs.create()?;
        out.write_all(page::render(&document, None, context).as_bytes())?;
        out.flush()?;
        Ok(Summary::new(trend.oldest.len() as u64, Vec::new()))
    }
}

fn parse_findings(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(findings @ 0..=100_000) => Ok(findings),
        _ => Err("a number from 0 to 100000".to_owned()),
    }
}

//! Writes a findings report as a summary in GitHub-flavoured Markdown, for someone with one minute.

mod escape;
mod page;

use std::io::Write;

use inspector_report_core::{ConvertError, Converter, Options, Outputs, Report, Summary};

/// The converter for Markdown.
#[derive(Clone, Copy, Debug)]
pub struct Markdown;

impl Converter for Markdown {
    fn name(&self) -> &'static str {
        "markdown"
    }

    fn aliases(&self) -> &'static [&'static str] {
        &["md"]
    }

    fn extension(&self) -> &'static str {
        "md"
    }

    fn about(&self) -> &'static str {
        "Markdown summary: counts, what to do first, where it is worst"
    }

    fn convert(
        &self,
        report: &Report,
        options: &Options<'_>,
        outputs: &mut dyn Outputs,
    ) -> Result<Summary, ConvertError> {
        let mut out = outputs.create()?;
        out.write_all(page::render(report, options.texts).as_bytes())?;
        out.flush()?;
        Ok(Summary { findings: report.len() as u64, notes: Vec::new() })
    }
}

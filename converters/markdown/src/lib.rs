//! Writes a findings report as a summary in GitHub-flavoured Markdown, or in Slack's notation, for someone with one minute.
//! What it says is [`Digest`]'s; here is how it looks, and how it fits.

mod choice;
mod escape;
mod fit;
mod github;
mod slack;

use std::{env, fs, io, path::PathBuf};

use inspector_report_core::{ConvertError, Converter, Digest, Options, Outputs, Report, Setting, Summary, Texts};

use choice::{Choice, GITHUB_STEP_SUMMARY};
use fit::{Limit, fit};

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

    fn settings(&self) -> &'static [Setting] {
        &choice::SETTINGS
    }

    fn convert(
        &self,
        report: &Report,
        options: &Options<'_>,
        outputs: &mut dyn Outputs,
    ) -> Result<Summary, ConvertError> {
        let choice = Choice::new(options.settings);
        let digest = Digest::new(report, options.texts, options.settings);
        let (text, left_out) = match choice.target.is_slack {
            true => {
                fit(&digest, choice.target.limit, |digest, left_out| slack::render(digest, left_out, options.texts))
            }
            false => github(&digest, choice.target.limit, &choice, options.texts),
        };
        {
            let mut out = outputs.create()?;
            out.write_all(text.as_bytes())?;
            out.flush()?;
        }
        let mut notes: Vec<String> = left_out_note(left_out, "the summary").into_iter().collect();
        if choice.github_summary {
            let path = step_summary()?;
            let used = fs::metadata(&path).map_or(0, |file| usize::try_from(file.len()).unwrap_or(usize::MAX));
            let limit = Limit::Bytes(GITHUB_STEP_SUMMARY.saturating_sub(used));
            let (text, left_out) = github(&digest, limit, &choice, options.texts);
            let mut out = outputs.append_to(&path)?;
            out.write_all(text.as_bytes())?;
            out.flush()?;
            notes.extend(left_out_note(left_out, "the summary of the job"));
        }
        Ok(Summary { findings: report.len() as u64, notes })
    }
}

fn github(digest: &Digest, limit: Limit, choice: &Choice, texts: &Texts) -> (String, u64) {
    fit(digest, limit, |digest, left_out| github::render(digest, left_out, choice.is_plain, texts))
}

fn left_out_note(rows: u64, what: &str) -> Option<String> {
    (rows > 0).then(|| format!("{rows} rows, the least severe, found no room in {what} (--markdown-limit)"))
}

/// The file that GitHub Actions shows as the summary of the job.
fn step_summary() -> Result<PathBuf, ConvertError> {
    env::var_os("GITHUB_STEP_SUMMARY").filter(|path| !path.is_empty()).map(PathBuf::from).ok_or_else(|| {
        let what = "--github-summary needs the variable GITHUB_STEP_SUMMARY, which GitHub Actions sets";
        ConvertError::Io(io::Error::new(io::ErrorKind::NotFound, what))
    })
}

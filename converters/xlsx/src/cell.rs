//! Text that comes from outside, made fit for a cell.

use std::borrow::Cow;

use inspector_report_model::value::starts_like_a_formula;
use rust_xlsxwriter::{Format, Worksheet, XlsxError};

/// The most characters a cell holds, in UTF-16 code units (Microsoft, "Excel specifications and limits").
const MOST_UNITS: usize = 32_767;

/// The most line feeds a cell holds (the same source).
const MOST_LINE_FEEDS: usize = 253;

/// What stands at the end of a text that was cut.
const MARK: &str = " … [cut]";

/// A text longer than this that looks like rich text is cut: escaped, it could pass the limit of a cell.
const MOST_RICH: usize = 6_000;

/// A value that did not fit into its cell.
#[derive(Debug)]
pub(crate) struct Cut {
    pub(crate) sheet: String,
    /// From 0.
    pub(crate) row: u32,
    pub(crate) heading: String,
    /// The length of the whole text in characters.
    pub(crate) length: usize,
}

/// What did not fit: the values that were cut, of which the first are remembered, and links.
#[derive(Debug, Default)]
pub(crate) struct Cuts {
    pub(crate) count: u64,
    pub(crate) first: Vec<Cut>,
    /// Addresses that are no links, since their list holds no more.
    pub(crate) unlinked: u64,
}

impl Cuts {
    const REMEMBERED: usize = 10_000;

    pub(crate) fn add(&mut self, cut: impl FnOnce() -> Cut) {
        self.count += 1;
        if self.first.len() < Cuts::REMEMBERED {
            self.first.push(cut());
        }
    }

    /// A sentence for whoever ran the conversion.
    pub(crate) fn note(&self) -> Option<String> {
        (self.count > 0).then(|| {
            format!(
                "{} values were cut to what a cell of Excel holds (32,767 characters, 253 line breaks); the sheet Problems lists them",
                self.count
            )
        })
    }
}

/// Cuts a text to what a cell holds. Gives the text, and whether it was cut.
pub(crate) fn fit(text: &str) -> (Cow<'_, str>, bool) {
    fit_to(text, MOST_UNITS)
}

/// The same for a text that the crate writes ([`write_text`]).
pub(crate) fn fit_written(text: &str) -> (Cow<'_, str>, bool) {
    fit_to(text, if looks_rich(text) { MOST_RICH } else { MOST_UNITS })
}

fn fit_to(text: &str, limit: usize) -> (Cow<'_, str>, bool) {
    // So short a text has neither too many characters nor too many line feeds.
    if text.len() <= MOST_LINE_FEEDS {
        return (Cow::Borrowed(text), false);
    }
    let room = limit - MARK.encode_utf16().count();
    let (mut units, mut line_feeds, mut end) = (0, 0, 0);
    for (at, c) in text.char_indices() {
        units += c.len_utf16();
        line_feeds += usize::from(c == '\n');
        if units > limit || line_feeds > MOST_LINE_FEEDS {
            return (Cow::Owned(format!("{}{MARK}", &text[..end])), true);
        }
        if units <= room {
            end = at + c.len_utf8();
        }
    }
    (Cow::Borrowed(text), false)
}

/// Whether rust_xlsxwriter 0.102 would take the text for XML of its own making, and write it as it stands.
fn looks_rich(text: &str) -> bool {
    text.starts_with("<r>") && text.ends_with("</r>")
}

/// Writes text as text, whatever it looks like. What would be a formula if someone typed it is marked with the quote
/// prefix, so that it stays text.
pub(crate) fn write_text(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    text: &str,
    format: &Format,
) -> Result<(), XlsxError> {
    let quoted = starts_like_a_formula(text).then(|| format.clone().set_quote_prefix());
    let format = quoted.as_ref().unwrap_or(format);
    if looks_rich(text) {
        // As the one segment of a rich text it is escaped.
        sheet.write_rich_string_with_format(row, column, &[(&Format::default(), text)], format)?;
    } else {
        sheet.write_string_with_format(row, column, text, format)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_within_the_limits_is_left_alone() {
        for text in ["".to_owned(), "a".repeat(32_767), "\n".repeat(253), "🔒".repeat(16_383)] {
            assert_eq!(fit(&text), (Cow::Borrowed(text.as_str()), false));
        }
    }

    #[test]
    fn text_over_the_limits_is_cut_with_a_mark() {
        for text in ["a".repeat(32_768), "🔒".repeat(16_384), format!("{}{}", "a".repeat(300), "\n".repeat(254))] {
            let (cut, was_cut) = fit(&text);
            assert!(was_cut && cut.ends_with(MARK));
            assert!(cut.encode_utf16().count() <= 32_767);
            assert!(cut.matches('\n').count() <= 253);
            assert!(text.starts_with(cut.strip_suffix(MARK).unwrap()));
        }
    }
}

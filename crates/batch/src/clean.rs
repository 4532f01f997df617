//! What is said is one line that does nothing but show: names and cells of reports may hold anything.

use std::borrow::Cow;

/// A text on one line, without what a terminal would act upon: control characters, line breaks and marks that turn the
/// direction of writing are escaped as `\n` or `\u{1b}`.
///
/// Nor does it say anything to the runner of GitHub Actions, which takes a line that begins with `::`, and `##[` anywhere,
/// for a command (GitHub Docs, "Workflow commands"; `ActionCommand.cs` of actions/runner).
///
/// ```
/// assert_eq!(inspector_report_batch::clean("a\u{1b}[31mb\nc"), r"a\u{1b}[31mb\nc");
/// ```
pub fn clean(text: &str) -> Cow<'_, str> {
    let is_command = text.trim_start().starts_with("::") || text.contains("##[");
    if !is_command && !text.chars().any(acts) {
        return Cow::Borrowed(text);
    }
    let mut clean = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match acts(c) {
            true => clean.extend(c.escape_default()),
            false => clean.push(c),
        }
    }
    let clean = clean.replace("##[", r"#\u{23}[");
    match clean.trim_start().strip_prefix("::") {
        Some(rest) => Cow::Owned(format!(r"\u{{3a}}:{rest}")),
        None => Cow::Owned(clean),
    }
}

/// Whether a character does something to the line that it is on.
fn acts(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_a_terminal_or_a_runner_acts_upon_is_shown() {
        for (text, shown) in [
            ("plain, 日本語, \u{301}", "plain, 日本語, \u{301}"),
            ("\u{1b}]0;title\u{7}", r"\u{1b}]0;title\u{7}"),
            ("a\r\nb\tc\u{9b}d", r"a\r\nb\tc\u{9b}d"),
            ("\u{202e}csv.exe", r"\u{202e}csv.exe"),
            ("  ::stop-commands::x", r"\u{3a}:stop-commands::x"),
            ("a ::not at the start", "a ::not at the start"),
            ("a ##[command]x", r"a #\u{23}[command]x"),
        ] {
            assert_eq!(clean(text), shown);
        }
    }

    proptest! {
        #[test]
        fn it_is_one_line_that_does_nothing(text in "\\PC{0,20}|[\\x00-\\x1f:#\\[ ]{0,20}") {
            let shown = clean(&text);
            prop_assert!(!shown.chars().any(acts));
            prop_assert!(!shown.trim_start().starts_with("::") && !shown.contains("##["));
        }
    }
}

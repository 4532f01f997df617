//! Small work on texts from a report.

use std::borrow::Cow;

/// Whether a character shows nothing and changes how others show: control characters, and the marks that reorder text.
pub(crate) fn is_unseen(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// The text in one line: white space and unseen characters become single spaces, none at the ends.
///
/// `](` is taken apart: SARIF 3.11.6 makes a link of `[text](target)` in a message.
pub(crate) fn line(text: &str) -> String {
    if is_line(text.as_bytes()) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_whitespace() || is_unseen(c) {
            if !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
        } else {
            if c == '(' && out.ends_with(']') {
                out.push(' ');
            }
            out.push(c);
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// Whether a text is a line already, as nearly all are.
fn is_line(text: &[u8]) -> bool {
    let ends = text.first() != Some(&b' ') && text.last() != Some(&b' ');
    let pairs = text.windows(2).all(|pair| pair != b"  " && pair != b"](");
    ends && pairs && text.iter().all(|byte| matches!(byte, b' '..=b'~'))
}

/// The text in lines: as [`line`] for each, blank ones dropped at the ends and one kept between paragraphs.
pub(crate) fn lines(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut blank = false;
    for each in text.lines().map(line) {
        if each.is_empty() {
            blank = !out.is_empty();
            continue;
        }
        if !out.is_empty() {
            out.push_str(if blank { "\n\n" } else { "\n" });
        }
        blank = false;
        out.push_str(&each);
    }
    out
}

/// The text cut to a length, with an ellipsis to say so. The length is that of UTF-16, which is never less than the
/// number of characters: nobody says which of the two GitHub counts.
pub(crate) fn clip(text: &str, most: usize) -> Cow<'_, str> {
    if text.len() <= most {
        return Cow::Borrowed(text);
    }
    let mut length = 0;
    let mut cut = 0;
    for (at, c) in text.char_indices() {
        length += c.len_utf16();
        if length > most {
            return Cow::Owned(format!("{}…", &text[..cut]));
        }
        if length < most {
            cut = at + c.len_utf8();
        }
    }
    Cow::Borrowed(text)
}

/// As many whole sentences as fit, with an ellipsis where there are more; the text cut if not even one does.
pub(crate) fn sentences(text: &str, most: usize) -> String {
    let clipped = clip(text, most);
    if matches!(clipped, Cow::Borrowed(_)) {
        return clipped.into_owned();
    }
    let mut length = 0;
    let mut whole = "";
    for (at, c) in text.char_indices() {
        length += c.len_utf16();
        // Room for a space and the ellipsis.
        if length + 2 > most {
            break;
        }
        let (before, rest) = text.split_at(at + c.len_utf8());
        if c == '。' || (c == '.' && rest.starts_with([' ', '\n'])) {
            whole = before;
        }
    }
    if whole.is_empty() { clipped.into_owned() } else { format!("{whole} …") }
}

/// The first sentence of a text in one line.
pub(crate) fn first_sentence(text: &str) -> &str {
    let end = text.find(". ").map(|at| at + 1).or_else(|| text.find('。').map(|at| at + '。'.len_utf8()));
    &text[..end.unwrap_or(text.len())]
}

/// The text as a part of an identifier: letters and digits in lower case, `-` for all else. Empty when it has none.
pub(crate) fn slug(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars().take(100).flat_map(char::to_lowercase) {
        if c.is_alphanumeric() {
            out.push(c);
        } else if !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
    }
    out.truncate(out.trim_end_matches('-').len());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_no_breaks_controls_or_links() {
        assert_eq!(line(" a\r\n b\t\u{0}c \u{202e}d "), "a b c d");
        assert_eq!(line("[x](http://y)"), "[x] (http://y)");
        assert_eq!([" a", "a ", "a  b", "a b", "a\u{7f}b"].map(line), ["a", "a", "a b", "a b", "a b"]);
        assert_eq!(lines("\n a \n\n\n b\nc\u{7} \n"), "a\n\nb\nc");
    }

    #[test]
    fn sentences_are_whole_where_one_fits() {
        assert_eq!(sentences("One. Two.", 9), "One. Two.");
        assert_eq!(sentences("One. Two. Three.", 11), "One. Two. …");
        assert_eq!(sentences("One. Two. Three.", 10), "One. …");
        assert_eq!(sentences("一つ。二つ。三つ。", 8), "一つ。二つ。 …");
        assert_eq!(sentences("Without an end", 8), "Without…");
        for most in 1..14 {
            assert!(sentences("One. Two. Three.", most).chars().count() <= most);
        }
    }

    #[test]
    fn a_cut_keeps_characters_whole_and_the_length_with_the_mark() {
        assert_eq!(clip("abcdef", 6), "abcdef");
        assert_eq!(clip("abcdefg", 6), "abcde…");
        assert_eq!(clip("あいう", 3), "あいう");
        assert_eq!(clip("あいうえ", 3), "あい…");
        for most in 1..12 {
            let cut = clip("a😀b😀c😀d😀", most);
            assert!(cut.encode_utf16().count() <= most, "{most}: {cut}");
        }
        let long = "😀".repeat(2000);
        assert!(clip(&long, 1024).chars().count() <= 1024);
    }

    #[test]
    fn sentences_and_slugs() {
        assert_eq!(first_sentence("In Go 1.2, x. Then y."), "In Go 1.2, x.");
        assert_eq!(first_sentence("No end"), "No end");
        assert_eq!(slug("OS command injection!"), "os-command-injection");
        assert_eq!(slug("¡!"), "");
    }
}

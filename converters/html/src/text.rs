//! Text made harmless for HTML.

/// A text as the content of an element or the value of an attribute in double quotes (HTML, 13.3 "Escaping a string").
/// Control characters, which HTML forbids, and the marks that turn the direction of writing become spaces.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c if is_unfit(c) => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

fn is_unfit(c: char) -> bool {
    let is_noncharacter = matches!(c, '\u{FDD0}'..='\u{FDEF}') || u32::from(c) & 0xFFFE == 0xFFFE;
    c.is_control() || is_noncharacter || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The same, cut to a number of characters; the whole text is in the title of the element.
pub(crate) fn short(text: &str, most: usize) -> String {
    let text = text.trim();
    match text.char_indices().nth(most) {
        None => escape(text),
        Some((end, _)) => format!("<span title=\"{}\">{}…</span>", escape(text).trim_end(), escape(&text[..end])),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_text_is_markup() {
        assert_eq!(
            escape("<b a='1' c=\"2\">&amp;\0\u{202e}\u{fffe}x"),
            "&lt;b a=&#39;1&#39; c=&quot;2&quot;&gt;&amp;amp;   x"
        );
        assert_eq!(short(" a<b ", 3), "a&lt;b");
        assert_eq!(short("\"><i>", 2), "<span title=\"&quot;&gt;&lt;i&gt;\">&quot;&gt;…</span>");
    }
}

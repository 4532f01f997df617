//! XML text of worksheets and shared strings.

/// Appends a text as the content of an element: the characters of XML escaped, and control characters and non-characters
/// as `_xHHHH_` (ECMA-376 part 1, 22.9.2.19, `ST_Xstring`), so that a text which looks like such an escape is escaped too.
pub(crate) fn push_text(out: &mut Vec<u8>, text: &str) {
    let mut from = 0;
    for (at, byte) in text.bytes().enumerate() {
        let code = match byte {
            b'&' | b'<' | b'>' => None,
            b'_' if is_escape(text.as_bytes().get(at..).unwrap_or_default()) => Some(u32::from(b'_')),
            0..0x20 if byte != b'\t' && byte != b'\n' => Some(u32::from(byte)),
            // U+FFFE and U+FFFF, which XML has no place for, are EF BF BE and EF BF BF.
            0xEF => match text.as_bytes().get(at..at + 3) {
                Some([_, 0xBF, last @ (0xBE | 0xBF)]) => Some(0xFF00 | u32::from(last + 0x40)),
                _ => continue,
            },
            _ => continue,
        };
        out.extend_from_slice(text.as_bytes().get(from..at).unwrap_or_default());
        from = at + if byte == 0xEF { 3 } else { 1 };
        match (byte, code) {
            (b'&', _) => out.extend_from_slice(b"&amp;"),
            (b'<', _) => out.extend_from_slice(b"&lt;"),
            (b'>', _) => out.extend_from_slice(b"&gt;"),
            (_, code) => out.extend_from_slice(format!("_x{:04X}_", code.unwrap_or_default()).as_bytes()),
        }
    }
    out.extend_from_slice(text.as_bytes().get(from..).unwrap_or_default());
}

/// Whether a text begins with what would be read as an escaped character.
fn is_escape(text: &[u8]) -> bool {
    matches!(text, [b'_', b'x', a, b, c, d, b'_', ..] if [a, b, c, d].iter().all(|digit| digit.is_ascii_hexdigit()))
}

/// Appends the value of an attribute in double quotes.
pub(crate) fn push_attribute(out: &mut Vec<u8>, text: &str) {
    for byte in text.bytes() {
        match byte {
            b'&' => out.extend_from_slice(b"&amp;"),
            b'<' => out.extend_from_slice(b"&lt;"),
            b'>' => out.extend_from_slice(b"&gt;"),
            b'"' => out.extend_from_slice(b"&quot;"),
            other => out.push(other),
        }
    }
}

/// Appends the element `t` of a string. White space at its ends is kept.
pub(crate) fn push_t(out: &mut Vec<u8>, text: &str) {
    let blank = [' ', '\t', '\n'];
    let kept = text.starts_with(blank) || text.ends_with(blank);
    out.extend_from_slice(if kept { b"<t xml:space=\"preserve\">" } else { b"<t>" });
    push_text(out, text);
    out.extend_from_slice(b"</t>");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> String {
        let mut out = Vec::new();
        push_text(&mut out, text);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn what_xml_has_no_place_for_is_escaped_as_excel_does() {
        assert_eq!(text("a<b>&\"\t\nü"), "a&lt;b&gt;&amp;\"\t\nü");
        assert_eq!(text("\0x\u{1b}\r"), "_x0000_x_x001B__x000D_");
        assert_eq!(text("\u{FFFE}\u{FFFF}\u{FFFD}\u{FF21}"), "_xFFFE__xFFFF_\u{FFFD}\u{FF21}");
    }

    #[test]
    fn text_that_looks_escaped_is_escaped() {
        assert_eq!(text("_x0041_ _x004_ _x00é1_ __x000a_"), "_x005F_x0041_ _x004_ _x00é1_ __x005F_x000a_");
    }

    #[test]
    fn white_space_at_the_ends_is_kept() {
        let mut out = Vec::new();
        for text in [" a", "a\n", "a b"] {
            push_t(&mut out, text);
        }
        let preserved = "<t xml:space=\"preserve\"> a</t><t xml:space=\"preserve\">a\n</t><t>a b</t>";
        assert_eq!(String::from_utf8(out).unwrap(), preserved);
    }
}

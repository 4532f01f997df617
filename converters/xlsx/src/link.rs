//! Links to the web: which addresses become one, and how many a sheet holds.

use std::borrow::Cow;

use rust_xlsxwriter::{Format, Url, Worksheet, XlsxError};

/// A sheet's hyperlinks (Microsoft, "Excel specifications and limits": 65,530). Past them an address is text.
pub(crate) const MOST_LINKS: usize = 65_530;

/// The length of a link's address: Excel takes 2,079 characters, and so does the crate.
const LONGEST_LINK: usize = 2_000;

/// The links of a sheet so far.
#[derive(Debug, Default)]
pub(crate) struct Links {
    written: usize,
    /// How many addresses found no room.
    pub(crate) left: u64,
}

impl Links {
    /// Writes a text that leads to a page. Gives whether it did: not if the address is none of the web, or the sheet
    /// holds no more links.
    pub(crate) fn write(
        &mut self,
        sheet: &mut Worksheet,
        (row, column): (u32, u16),
        text: &str,
        address: &str,
        format: &Format,
    ) -> Result<bool, XlsxError> {
        if !is_web(address) {
            return Ok(false);
        }
        if self.written == MOST_LINKS {
            self.left += 1;
            return Ok(false);
        }
        self.written += 1;
        sheet.write_url_with_format(row, column, Url::new(address).set_text(text), format)?;
        Ok(true)
    }
}

/// Whether an address may become a link: of the web, plain, and not too long.
pub(crate) fn is_web(address: &str) -> bool {
    let rest = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"));
    rest.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphanumeric()))
        && address.len() <= LONGEST_LINK
        && !address.contains(is_unfit)
}

/// Whether a character has no place in an address or, as U+FFFE and U+FFFF, in XML.
fn is_unfit(c: char) -> bool {
    c.is_whitespace() || c.is_control() || "\"<>\\^`{|}\u{FFFE}\u{FFFF}".contains(c)
}

/// An address as the target of a relationship: what RFC 3986 has no place for is percent-encoded, what is so already
/// stays.
pub(crate) fn target(address: &str) -> Cow<'_, str> {
    let is_encoded = |at: usize| {
        let digits = address.as_bytes().get(at + 1..at + 3);
        digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    };
    let is_wrong = |at: usize, c: char| matches!(c, '[' | ']') || (c == '%' && !is_encoded(at));
    if !address.char_indices().any(|(at, c)| is_wrong(at, c)) {
        return Cow::Borrowed(address);
    }
    let mut target = String::with_capacity(address.len() + 8);
    for (at, c) in address.char_indices() {
        match c {
            '[' => target.push_str("%5b"),
            ']' => target.push_str("%5d"),
            '%' if !is_encoded(at) => target.push_str("%25"),
            other => target.push(other),
        }
    }
    Cow::Owned(target)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_addresses_of_the_web_become_links() {
        assert!(is_web("https://nvd.nist.gov/vuln/detail/CVE-2026-1") && is_web("http://a.example/?b=c&d#e"));
        let long = format!("https://{}", "a".repeat(LONGEST_LINK));
        for text in [
            "javascript:alert(1)",
            "file:///etc/passwd",
            "https://",
            "https:///x",
            "https://a b",
            "internal:'x'!A1",
            "https://a.example/\u{FFFE}",
            "https://a.example/\u{FFFF}x",
            &long,
        ] {
            assert!(!is_web(text), "{text}");
        }
    }

    #[test]
    fn addresses_are_encoded_once() {
        assert_eq!(target("https://a.example/b?c=d%2Fe"), "https://a.example/b?c=d%2Fe");
        assert_eq!(target("https://a.example/100%/[b]%zz"), "https://a.example/100%25/%5bb%5d%25zz");
    }
}

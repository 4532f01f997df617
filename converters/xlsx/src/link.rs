//! Links to the web: which addresses become one, and how many a sheet holds.

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
fn is_web(address: &str) -> bool {
    let rest = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"));
    rest.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphanumeric()))
        && address.len() <= LONGEST_LINK
        && !address.contains(|c: char| c.is_whitespace() || c.is_control() || "\"<>\\^`{|}".contains(c))
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
            &long,
        ] {
            assert!(!is_web(text), "{text}");
        }
    }
}

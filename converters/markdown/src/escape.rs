//! Text from a report, made to show as it is and to do nothing.

/// Text for a paragraph or a table cell of GitHub-flavoured Markdown.
///
/// Every character that Markdown, GitHub's own notations or HTML give a meaning is written as a character reference,
/// which is text wherever it stands (CommonMark 6.2: "cannot be used in place of symbols indicating structure").
/// GitHub looks for mentions, issue references and bare links in the text that results, so these are broken up by an
/// invisible word joiner. Line breaks, tabs and control characters become spaces: one row stays one row.
///
/// Sources: the GitHub Flavored Markdown spec; GitHub Docs, "Basic writing and formatting syntax" and "Autolinked
/// references and URLs".
pub(crate) fn text(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut before = ' ';
    for c in text.chars() {
        match c {
            // A letter before `@` or `#` is part of the notation too (`owner/repo#1`), so the mark always breaks it.
            '@' => out.push_str("&#64;\u{2060}"),
            '#' => out.push_str("&#35;\u{2060}"),
            // `https://...`, `www.` and `a@b.c` become links by themselves.
            ':' => out.push_str("&#58;\u{2060}"),
            '.' if before == 'w' || before == 'W' => out.push_str(".\u{2060}"),
            // `GH-1` is an issue.
            '-' if before == 'h' || before == 'H' => out.push_str("-\u{2060}"),
            '&' | '<' | '>' | '|' | '\\' | '`' | '*' | '_' | '~' | '[' | ']' | '!' | '$' | '^' => {
                out.push_str(&format!("&#{};", u32::from(c)));
            }
            // At the start of a line these make a list, a rule or a heading.
            '-' | '+' | '=' if before == ' ' || before == c => out.push_str(&format!("&#{};", u32::from(c))),
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') => {
                if before != ' ' {
                    out.push(' ');
                }
            }
            c => out.push(c),
        }
        before = if c.is_control() { ' ' } else { c };
    }
    break_hashes(&out)
}

/// Puts a word joiner into words that look like the hash of a commit, which GitHub links: 7 to 40 hexadecimal digits,
/// a letter among them (an account id shall be copied as it is).
fn break_hashes(text: &str) -> String {
    let is_word = |c: char| c.is_ascii_alphanumeric();
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        if (7..=40).contains(&word.len())
            && word.bytes().all(|b| b.is_ascii_hexdigit())
            && !word.bytes().all(|b| b.is_ascii_digit())
        {
            let (a, b) = word.split_at(4);
            out.push_str(a);
            out.push('\u{2060}');
            out.push_str(b);
        } else {
            out.push_str(word);
        }
        let other = after.find(is_word).unwrap_or(after.len());
        let (between, next) = after.split_at(other);
        out.push_str(between);
        rest = next;
    }
    out
}

/// [`text`], cut to a number of characters with an ellipsis.
pub(crate) fn short(text_in: &str, most: usize) -> String {
    match text_in.char_indices().nth(most) {
        None => text(text_in),
        Some(_) => {
            let cut: String = text_in.chars().take(most.saturating_sub(1)).collect();
            text(&format!("{cut}…"))
        }
    }
}

/// A vulnerability id, linked to its public page where the id can only be what it looks like.
pub(crate) fn vulnerability(id: &str) -> String {
    let page = if is_cve(id) {
        "https://nvd.nist.gov/vuln/detail/"
    } else if is_ghsa(id) {
        "https://github.com/advisories/"
    } else {
        return short(id, 60);
    };
    format!("[{id}]({page}{id})")
}

/// `CVE-` year `-` at least four digits (cve.org, "CVE record format").
fn is_cve(id: &str) -> bool {
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let parts = id.strip_prefix("CVE-").and_then(|rest| rest.split_once('-'));
    parts.is_some_and(|(year, number)| {
        year.len() == 4 && digits(year) && (4..=19).contains(&number.len()) && digits(number)
    })
}

/// `GHSA-` and three groups of four letters or digits (GitHub Docs, "About GHSA IDs").
fn is_ghsa(id: &str) -> bool {
    let group = |text: &str| text.len() == 4 && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    id.strip_prefix("GHSA-").is_some_and(|rest| rest.split('-').count() == 3 && rest.split('-').all(group))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use pulldown_cmark::{Event, Options, Parser, Tag};

    use super::*;

    /// What a reader sees of a table cell, or `None` when there is anything but text in it.
    fn rendered(cell: &str) -> Option<String> {
        let table = format!("| a | b |\n| --- | --- |\n| {cell} | end |\n");
        let mut seen = Vec::new();
        for event in Parser::new_ext(&table, Options::all() - Options::ENABLE_SMART_PUNCTUATION) {
            match event {
                Event::Start(Tag::TableCell) => seen.push(String::new()),
                Event::Text(text) => seen.last_mut()?.push_str(&text),
                Event::Start(Tag::Table(_) | Tag::TableHead | Tag::TableRow) | Event::End(_) => {}
                _ => return None,
            }
        }
        (seen.len() == 4 && seen[3] == "end").then(|| seen[2].replace('\u{2060}', ""))
    }

    #[test]
    fn hostile_text_is_shown_and_does_nothing() {
        for hostile in [
            "a | b",
            "![x](http://x/y.png)",
            "[x](javascript:alert(1))",
            "<img src=x onerror=alert(1)>",
            "<!-- -->",
            "`code`",
            "**bold** _it_ ~~no~~",
            "$\\sqrt{x}$",
            "[^1]",
            "&lt;b&gt;",
            "\\| \\",
            "https://example.com/?a=b",
            "- [ ] task",
            "1. one",
            "# h",
            ":smile:",
        ] {
            assert_eq!(rendered(&text(hostile)).as_deref(), Some(hostile), "{hostile}");
        }
    }

    #[test]
    fn what_github_links_by_itself_is_broken_up() {
        for (notation, mark) in
            [("@team", '@'), ("#1", '#'), ("owner/repo#1", '#'), ("GH-1", '-'), ("https://x", ':'), ("www.x.y", '.')]
        {
            let text = text(notation).replace("&#64;", "@").replace("&#35;", "#").replace("&#58;", ":");
            assert!(text.contains(&format!("{mark}\u{2060}")), "{text}");
        }
        assert_eq!(text("deadbeef1"), "dead\u{2060}beef1");
        assert_eq!(text("000123456789"), "000123456789");
        assert_eq!(text("line\r\nbreak\ttab"), "line break tab");
    }

    #[test]
    fn only_ids_that_are_certain_are_linked() {
        assert!(vulnerability("CVE-2024-3094").starts_with("[CVE-2024-3094](https://nvd."));
        assert!(vulnerability("GHSA-jfh8-c2jp-5v3q").starts_with("[GHSA-"));
        for id in ["CVE-2024-1)", "CVE-24-3094", "GHSA-x](y", "USN-1", "CVE-2024-123"] {
            assert!(!vulnerability(id).contains("]("), "{id}");
        }
    }

    #[test]
    fn long_text_is_cut_between_characters() {
        assert_eq!(short("あいうえお", 4), "あいう…");
        assert_eq!(short("あいうえ", 4), "あいうえ");
    }

    proptest! {
        #[test]
        fn any_text_shows_as_it_is(text_in in "[a-z@#|<>&`*_\\[\\]()!$:./\\\\-]{1,24}|[^\\pC\\pZ]{1,16}") {
            prop_assert_eq!(rendered(&text(&text_in)), Some(text_in));
        }
    }
}

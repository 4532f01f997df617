//! Text from a report in the Markdown of a rule's help: made to show as it is and to do nothing.

use crate::text::is_unseen;

/// Stands invisibly in what GitHub would make a link of.
const JOINER: char = '\u{2060}';

/// Text for a table cell, or for a paragraph of one line.
///
/// What Markdown or HTML give a meaning is written as a character reference, which is text wherever it stands
/// (CommonMark 6.2). GitHub looks for mentions, issues and bare addresses in the text that results, so a word joiner
/// breaks these up. Line breaks and control characters become spaces: a row of a table stays one row.
///
/// Sources: GitHub Flavored Markdown spec, 4 to 6 and "Autolinks (extension)"; GitHub Docs, "Autolinked references".
pub(crate) fn inline(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    let mut word = String::new();
    let mut start = true;
    for (at, c) in text.char_indices() {
        if c.is_alphanumeric() {
            word.push(c);
            start = false;
            out.push(c);
            continue;
        }
        if is_commit(&word) {
            out.insert(out.len() - 4, JOINER);
        }
        let rest = &text[at + c.len_utf8()..];
        match c {
            '@' | '#' => {
                reference(&mut out, c);
                out.push(JOINER);
            }
            ':' if rest.starts_with('/') => {
                out.push(c);
                out.push(JOINER);
            }
            '.' if word.eq_ignore_ascii_case("www") => {
                out.push(JOINER);
                out.push(c);
            }
            '-' if word.eq_ignore_ascii_case("gh") => {
                out.push(c);
                out.push(JOINER);
            }
            // At the start of a line these make a list, a rule, a heading or the second row of a table.
            '-' | '+' | '=' | ':' if start => reference(&mut out, c),
            '.' | ')' if start_of_list(&out) && !rest.starts_with(|c: char| !c.is_whitespace()) => {
                reference(&mut out, c)
            }
            // Inside a word it is no emphasis (CommonMark 6.4).
            '_' if !word.is_empty() && rest.starts_with(char::is_alphanumeric) => out.push(c),
            '&' | '<' | '>' | '|' | '\\' | '`' | '*' | '_' | '~' | '[' | ']' | '$' | '^' | '{' | '}' => {
                reference(&mut out, c)
            }
            c if c.is_whitespace() || is_unseen(c) => {
                if !out.is_empty() && !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            c => out.push(c),
        }
        start &= c.is_whitespace() || is_unseen(c);
        word.clear();
    }
    if is_commit(&word) {
        out.insert(out.len() - 4, JOINER);
    }
    out.truncate(out.trim_end().len());
    out
}

/// Text of several paragraphs, with its lines and paragraphs but nothing else of Markdown.
pub(crate) fn block(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    let mut paragraph = false;
    for line in text.lines().map(inline) {
        if line.is_empty() {
            paragraph = !out.is_empty();
            continue;
        }
        if !out.is_empty() {
            out.push_str(if paragraph { "\n\n" } else { "\n" });
        }
        paragraph = false;
        out.push_str(&line);
    }
    out
}

fn reference(out: &mut String, c: char) {
    out.push_str(&format!("&#{};", u32::from(c)));
}

/// Whether a line begins with the number of a list item.
fn start_of_list(line: &str) -> bool {
    (1..=9).contains(&line.len()) && line.bytes().all(|b| b.is_ascii_digit())
}

/// Whether GitHub takes a word for the hash of a commit: 7 to 40 hexadecimal digits. An account id shall be copied as it
/// is, so only with a letter among them.
fn is_commit(word: &str) -> bool {
    (7..=40).contains(&word.len())
        && word.bytes().all(|b| b.is_ascii_hexdigit())
        && !word.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

    use super::*;

    const HOSTILE: &[&str] = &[
        "a | b || c",
        "`code` ``x``",
        "<img src=x onerror=alert(1)>",
        "![](http://evil.example/x.png)",
        "@team, @org/team",
        "#1 and org/repo#22",
        "line\nbreak\r\n\r\nparagraph",
        "null\u{0} bell\u{7} esc\u{1b}[0m \u{202e}reversed",
        "[click](javascript:alert(1))",
        "[a]: http://evil.example",
        "<https://evil.example>",
        "http://evil.example www.evil.example",
        "mail@evil.example",
        "# heading",
        "---",
        "===",
        "- item",
        "+ item",
        "* item",
        "1. item",
        "1.",
        "2)\tx",
        "7.5",
        "12) item",
        "> quote",
        "    code",
        "~~~\nfence\n~~~",
        "```\nfence\n```",
        "a\n:-:",
        "a\n---",
        "*b* **c** _d_ ~~e~~ a_b_c _a_b_ a__b__c_",
        "&lt;b&gt; &amp; &#64;",
        "$x$ $$y$$",
        "\\",
        "\\|",
        "[^1]",
        "[^1]: note",
        "- [ ] task",
        "<!-- comment",
        "</table>",
        "&#x7c;",
        ":::",
        "|---|",
        "GH-12",
        "deadbeef1",
        "a\u{2028}b",
        "<script>",
        "<details>",
        "${{ secrets.X }}",
        "\t tab",
        "**",
        "`",
        "|",
    ];

    /// What a reader sees; `None` when there is anything but text.
    fn seen(markdown: &str, allowed: impl Fn(&Event<'_>) -> bool) -> Option<String> {
        let mut text = String::new();
        for event in Parser::new_ext(markdown, Options::all() - Options::ENABLE_SMART_PUNCTUATION) {
            match event {
                Event::Text(part) => text.push_str(&part),
                Event::SoftBreak => text.push(' '),
                Event::Start(Tag::Paragraph) => text.push(' '),
                Event::End(TagEnd::Paragraph) => {}
                event if allowed(&event) => {}
                event => {
                    eprintln!("{event:?}");
                    return None;
                }
            }
        }
        Some(text)
    }

    fn words(text: &str) -> String {
        let visible = |c: char| if c.is_whitespace() || is_unseen(c) { ' ' } else { c };
        let text: String = text.chars().filter(|c| *c != JOINER).map(visible).collect();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn hostile_text_is_text_in_a_table() {
        for hostile in HOSTILE {
            let table = format!("| a |\n| --- |\n| {} |\n", inline(hostile));
            let structure = |event: &Event<'_>| {
                matches!(
                    event,
                    Event::Start(Tag::Table(_) | Tag::TableHead | Tag::TableRow | Tag::TableCell)
                        | Event::End(TagEnd::Table | TagEnd::TableHead | TagEnd::TableRow | TagEnd::TableCell)
                )
            };
            let seen = seen(&table, structure).unwrap_or_else(|| panic!("{hostile:?} became {table}"));
            assert_eq!(words(seen.strip_prefix('a').unwrap()), words(hostile), "{table}");
        }
    }

    #[test]
    fn hostile_text_is_text_in_a_block() {
        for hostile in HOSTILE {
            for text in [(*hostile).to_owned(), format!("before\n{hostile}\nafter"), format!("{hostile}\n\n{hostile}")]
            {
                let seen = seen(&block(&text), |_| false).unwrap_or_else(|| panic!("{text:?} became {}", block(&text)));
                assert_eq!(words(&seen), words(&text));
            }
        }
    }

    #[test]
    fn nothing_is_left_that_github_links_by_itself() {
        for (hostile, notation) in [
            ("@team", "@t"),
            ("#1", "#1"),
            ("org/repo#22", "#2"),
            ("GH-12", "GH-1"),
            ("http://x.example", "://"),
            ("ftp://x.example", "://"),
            ("www.x.example", "www."),
            ("a@b.example", "@b"),
            ("deadbeef1", "deadbeef1"),
        ] {
            let shown = seen(&block(hostile), |_| false).unwrap();
            assert!(!shown.contains(notation), "{shown}");
        }
    }

    #[test]
    fn plain_text_stays_readable() {
        let plain = "In libxml2 before 2.9.14, several buffers (2.5 GB) don't check: use 2.9.15-1!";
        assert_eq!(inline(plain), plain);
        assert_eq!(block("One.\nTwo.\n\n\n\nThree."), "One.\nTwo.\n\nThree.");
        for plain in ["123456789012", "7.5 (CVSS:3.1/AV:N/AC:L)", "REDHAT_CVE: Moderate"] {
            assert_eq!(inline(plain), plain);
        }
    }
}

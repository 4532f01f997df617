//! Text from a report, made to show as it is and to do nothing.

/// What breaks up a notation of GitHub's: invisible, and never the end of a line.
const JOINER: char = '\u{2060}';

/// Text for a paragraph, a list item or a table cell of GitHub-flavoured Markdown.
///
/// Every character that Markdown or HTML gives a meaning is written as a character reference, which is text wherever
/// it stands (CommonMark 6.2: "cannot be used in place of symbols indicating structure"). GitHub looks for mentions,
/// issue references, emoji and mathematics in the text that results, where a reference is the character again: these
/// are broken up, by an invisible word joiner or an element. A joiner comes along when text is copied, so it stands in
/// these notations alone. Line breaks, control characters and the marks that turn the direction of writing become
/// spaces: one row stays one row, and shows in the order in which it is written.
///
/// Sources: the GitHub Flavored Markdown spec; GitHub Docs, "Basic writing and formatting syntax", "Autolinked
/// references and URLs" and "Writing mathematical expressions"; what cmark-gfm 0.29 makes of it.
pub(crate) fn text(text: &str) -> String {
    // Spaces in front would make code of a list item.
    let chars: Vec<char> = text.trim_start().chars().map(|c| if is_control(c) { ' ' } else { c }).collect();
    // Mathematics stands between two dollar signs of one text; GitHub Docs keep it off with an element around each.
    let mathematics = chars.iter().filter(|c| **c == '$').count() > 1;
    let mut out = String::with_capacity(text.len() + 16);
    let mut before = ' ';
    for (at, &c) in chars.iter().enumerate() {
        let (behind, ahead) = (&chars[..at], &chars[at + 1..]);
        match c {
            ' ' if before == ' ' => {}
            // `@team`, `a@b.c` and `owner@0a1b2c3`.
            '@' => out.extend(["&#64;", "\u{2060}"]),
            // `#1` and `owner/repo#1`.
            '#' => {
                out.push_str("&#35;");
                out.extend(ahead.first().filter(|next| next.is_ascii_digit()).map(|_| JOINER));
            }
            ':' if ahead.starts_with(&['/', '/']) || is_emoji(ahead) => out.extend(["&#58;", "\u{2060}"]),
            // The joiner behind the dot would leave a link: cmark-gfm takes it for a part of the name.
            '.' if ends_with(behind, "www") => out.extend([JOINER, '.']),
            // `GH-1` is an issue.
            '-' if is_issue(behind, ahead) => out.extend(['-', JOINER]),
            '$' if mathematics => out.push_str("<span>&#36;</span>"),
            '&' | '<' | '>' | '|' | '\\' | '`' | '*' | '_' | '~' | '[' | ']' | '!' | '$' | '^' => {
                reference(&mut out, c)
            }
            // At the start of a line these make a list, a rule or a heading.
            '-' | '+' | '=' if before == ' ' || before == c => reference(&mut out, c),
            '.' | ')' if !behind.is_empty() && behind.iter().all(char::is_ascii_digit) => reference(&mut out, c),
            c => out.push(c),
        }
        before = c;
    }
    break_hashes(&out)
}

fn reference(out: &mut String, c: char) {
    out.push_str(&format!("&#{};", u32::from(c)));
}

/// Controls, the separators of lines and paragraphs, and what overrides or isolates the direction of writing.
fn is_control(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Whether these are the last characters, in any case.
fn ends_with(chars: &[char], end: &str) -> bool {
    let tail = chars.iter().rev().zip(end.chars().rev());
    chars.len() >= end.len() && tail.into_iter().all(|(a, b)| a.eq_ignore_ascii_case(&b))
}

/// Whether a hyphen between these makes `GH-1`: `bash-5` shall be copied as it is.
fn is_issue(behind: &[char], ahead: &[char]) -> bool {
    ends_with(behind, "gh")
        && !behind.iter().nth_back(2).is_some_and(|c| c.is_alphanumeric())
        && ahead.first().is_some_and(char::is_ascii_digit)
}

/// Whether a colon before this begins `:smile:`.
fn is_emoji(ahead: &[char]) -> bool {
    let name = ahead.iter().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '+' | '-')).count();
    name > 0 && ahead.get(name) == Some(&':')
}

/// Puts a word joiner into words that look like the hash of a commit, which GitHub links: 7 to 40 hexadecimal digits,
/// a letter among them. Account ids and ids of EC2 instances shall be copied as they are: no chance makes the one the
/// hash of a commit, nor the other the beginning of one.
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
            && !(word.len() == 17 && is_instance(&out))
        {
            let (a, b) = word.split_at(4);
            out.push_str(a);
            out.push(JOINER);
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

/// Whether a word behind this is the number of an EC2 instance: `i-` on its own.
fn is_instance(before: &str) -> bool {
    before.strip_suffix("i-").is_some_and(|before| !before.ends_with(|c: char| c.is_alphanumeric()))
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use pulldown_cmark::{Event, Options, Parser, Tag};

    use super::*;

    /// What a reader sees of a table cell, or `None` when there is anything but text in it.
    fn rendered(cell: &str) -> Option<String> {
        seen(&format!("| a | b |\n| --- | --- |\n| {cell} | end |\n"), 4)
            .filter(|cells| cells[3] == "end")?
            .into_iter()
            .nth(2)
    }

    /// What a reader sees of a list item.
    fn item(text: &str) -> Option<String> {
        seen(&format!("- {text}\n"), 1)?.pop()
    }

    fn seen(markdown: &str, cells: usize) -> Option<Vec<String>> {
        let mut seen = Vec::new();
        for event in Parser::new_ext(markdown, Options::all() - Options::ENABLE_SMART_PUNCTUATION) {
            match event {
                Event::Start(Tag::TableCell | Tag::Item) => seen.push(String::new()),
                Event::Text(text) => seen.last_mut()?.push_str(&text.replace(JOINER, "")),
                Event::InlineHtml(html) if matches!(&*html, "<span>" | "</span>") => {}
                Event::Start(Tag::Table(_) | Tag::TableHead | Tag::TableRow | Tag::List(_)) | Event::End(_) => {}
                _ => return None,
            }
        }
        (seen.len() == cells).then_some(seen)
    }

    /// What GitHub would make something of, in the text that its parser leaves: all of it has references decoded.
    fn notation(escaped: &str) -> Option<&'static str> {
        // cmark-gfm finds links before it decodes references, GitHub the others after it: both must find nothing.
        let mut decoded = escaped.to_owned();
        for c in 0..128_u8 {
            decoded = decoded.replace(&format!("&#{c};"), &char::from(c).to_string());
        }
        let lower = decoded.to_ascii_lowercase();
        let followed = |mark: &str, next: fn(char) -> bool| {
            lower.match_indices(mark).any(|(at, _)| lower[at + mark.len()..].starts_with(next))
        };
        let emoji = lower.match_indices(':').any(|(at, _)| is_emoji(&lower[at + 1..].chars().collect::<Vec<_>>()));
        let issue = lower.match_indices("gh-").any(|(at, _)| {
            !lower[..at].ends_with(char::is_alphanumeric) && lower[at + 3..].starts_with(|c: char| c.is_ascii_digit())
        });
        [
            (lower.contains("://") || lower.contains("www."), "a link"),
            (followed("@", |c| c.is_ascii_alphanumeric()), "a mention"),
            (followed("#", |c| c.is_ascii_digit()) || issue, "an issue"),
            (emoji, "an emoji"),
            (decoded.split("<span>").any(|part| part.matches('$').count() > 1), "mathematics"),
        ]
        .into_iter()
        .find_map(|(found, what)| found.then_some(what))
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
            "$`x`$ and $$y$$",
            "[^1]",
            "&lt;b&gt;",
            "\\| \\",
            "https://example.com/?a=b",
            "www.example.com and WWW.example.com, a@b.example",
            "- [ ] task",
            "+ one",
            "===",
            "1. one",
            "12) twelve",
            "# h",
            ":smile: :+1::-1:",
            "@team #1 owner/repo#23 GH-1 gh-2",
        ] {
            let escaped = text(hostile);
            assert_eq!(rendered(&escaped).as_deref(), Some(hostile), "{hostile}");
            assert_eq!(item(&escaped).as_deref(), Some(hostile), "{hostile}");
            assert_eq!(notation(&escaped), None, "{escaped}");
        }
    }

    #[test]
    fn what_github_links_by_itself_is_broken_up() {
        assert_eq!(text("www.x.y"), "www\u{2060}.x.y");
        assert_eq!(text("https://x"), "https&#58;\u{2060}//x");
        assert_eq!(text("owner/repo#1"), "owner/repo&#35;\u{2060}1");
        assert_eq!(text("GH-1"), "GH-\u{2060}1");
        assert_eq!(text("deadbeef1"), "dead\u{2060}beef1");
        assert_eq!(text("i-deadbeef1 xi-0123456789abcdef0").matches(JOINER).count(), 2);
    }

    /// A joiner inside a name breaks what people paste it into.
    #[test]
    fn names_are_copied_as_they_are() {
        for name in [
            "000123456789",
            "i-0123456789abcdef0",
            "openssh-9.6",
            "bash-5.1",
            "shop/api:1.2.3",
            "0:2.9.1-6.el7",
            "libnew.so",
            "arn:aws",
            "function:resize",
        ] {
            assert_eq!(text(name), name);
        }
        assert_eq!(text("C#"), "C&#35;");
        assert_eq!(text("f:$LATEST"), "f:&#36;LATEST");
    }

    #[test]
    fn one_row_stays_one_row() {
        assert_eq!(text("line\r\nbreak\ttab"), "line break tab");
        assert_eq!(text("\n    code"), "code");
        assert_eq!(text("a\u{202e}b\u{2066}c\u{2028}d"), "a b c d");
    }

    #[test]
    fn long_text_is_cut_between_characters() {
        assert_eq!(short("あいうえお", 4), "あいう…");
        assert_eq!(short("あいうえ", 4), "あいうえ");
    }

    proptest! {
        #[test]
        fn any_text_shows_as_it_is_and_does_nothing(
            words in proptest::collection::vec("[a-cgwGW0-9@#|<>&`*_\\[\\]()!$^~:./\\\\=+-]{1,8}|[^\\pC\\pZ]{1,6}|www\\.a|http://a|gh-1|:a:", 1..6),
        ) {
            let given = words.join(" ");
            let escaped = text(&given);
            prop_assert_eq!(notation(&escaped), None, "{}", escaped);
            prop_assert_eq!(rendered(&escaped), Some(given.clone()));
            prop_assert_eq!(item(&escaped), Some(given));
        }
    }
}

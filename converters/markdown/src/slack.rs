//! A document in mrkdwn, the notation of Slack's messages (Slack API, "Formatting text for app surfaces"): it has neither
//! tables nor headings nor folding.

use inspector_report_document::{Block, Cell, Document, Table};
use inspector_report_localizer::{Args, Localizer};

use crate::fit::LeftOut;

/// What breaks up a notation: invisible.
const JOINER: char = '\u{2060}';

/// Renders a document, and says what of it found no room.
pub(crate) fn render(document: &Document, left_out: LeftOut, texts: &Localizer) -> String {
    let mut out = format!("*{}*\n{}\n", document.title, own(&document.headline));
    document.sentences.iter().for_each(|sentence| item(&mut out, &cell(sentence, texts)));
    for section in &document.sections {
        out.push_str(&format!("\n*{}*\n", own(&section.title)));
        for block in &section.blocks {
            match block {
                Block::Sentences(sentences) => {
                    sentences.iter().for_each(|sentence| item(&mut out, &cell(sentence, texts)))
                }
                Block::Table(rows) => table(&mut out, rows, texts),
                Block::Note(note) => out.push_str(&format!("{}\n", own(note))),
                Block::Chart(_) | Block::Plot(_) => {}
            }
        }
    }
    if !left_out.is_nothing() {
        out.push_str(&format!("\n_{}_\n", crate::left_out_text(left_out, texts)));
    }
    if !document.facts.is_empty() {
        out.push('\n');
        document
            .facts
            .iter()
            .for_each(|(label, fact)| item(&mut out, &format!("{}: {}", own(label), cell(fact, texts))));
    }
    out
}

fn item(out: &mut String, text: &str) {
    out.push_str(&format!("• {text}\n"));
}

/// A row is a line: its texts, then its numbers with their headings.
fn table(out: &mut String, table: &Table, texts: &Localizer) {
    for row in &table.rows {
        let names: Vec<String> = row
            .cells
            .iter()
            .take(table.texts())
            .map(|content| cell(content, texts))
            .filter(|text| !text.is_empty())
            .collect();
        let numbers: Vec<String> = table
            .heads
            .iter()
            .zip(&row.cells)
            .skip(table.texts())
            .filter_map(|(head, content)| match cell(content, texts) {
                text if text.is_empty() || text == "0" => None,
                text => Some(format!("{}: {text}", own(&head.title))),
            })
            .collect();
        let line = names.join(" | ");
        // A row of zeros says nothing that is worth a line.
        if !numbers.is_empty() || row.cells.len() == table.texts() {
            item(out, &if numbers.is_empty() { line } else { format!("{line} ({})", numbers.join(", ")) });
        }
    }
    if table.more > 0 {
        out.push_str(&format!("{}\n", texts.format("md-problems-more", &Args::new().count("more", table.more))));
    }
}

fn cell(cell: &Cell, texts: &Localizer) -> String {
    match cell {
        Cell::Text(text, most) => escape(text, *most),
        Cell::Vulnerability(id, Some(page)) => format!("<{page}|{id}>"),
        Cell::Ranked(_, name) => escape(name, 60),
        Cell::Vulnerability(id, None) => escape(id, 60),
        _ => own(&cell.words(texts)),
    }
}

/// Our own words: `&`, `<` and `>` are the characters that Slack wants escaped.
fn own(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// A text from the report: one line, cut to a length, in which nothing is a mention, a link, a channel, an emoji or a mark
/// for bold, italic, struck out or code.
fn escape(text: &str, most: usize) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut shown = 0;
    let mut before = ' ';
    for c in text.trim().chars() {
        let c = if c.is_control() || c.is_whitespace() || is_direction(c) { ' ' } else { c };
        if c == ' ' && before == ' ' {
            continue;
        }
        if shown == most {
            out.push('…');
            break;
        }
        shown += 1;
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '*' | '_' | '~' | '`' | '@' | '#' | ':' => out.extend([JOINER, c, JOINER]),
            // A name with a dot is a link: `evil.example`.
            '.' if before.is_alphanumeric() => out.extend([JOINER, '.', JOINER]),
            c => out.push(c),
        }
        before = c;
    }
    out
}

fn is_direction(c: char) -> bool {
    matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_report_does_anything_in_slack() {
        let hostile = "<!channel> @here #general :tada: *b* _i_ ~s~ `c` <https://evil.example|x> evil.example\nsecond";
        let text = escape(hostile, 500);
        let plain: String = text.chars().filter(|c| *c != JOINER).collect();
        let plain = plain.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
        assert_eq!(plain, hostile.replace('\n', " "), "it shows as it is");
        assert!(!text.contains(['<', '>', '\n']));
        for bad in ["@here", "#general", ":tada:", "*b*", "_i_", "~s~", "`c`", "://", "evil.example"] {
            assert!(!text.contains(bad), "{bad}");
        }
        assert_eq!(escape("abcdef", 3), "abc…");
    }
}

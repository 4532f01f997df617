//! A digest in GitHub-flavoured Markdown.

use inspector_report_core::{
    Args, Digest, Texts,
    digest::{Block, Cell, Table},
};

use crate::{
    escape::{short, text},
    fit::LeftOut,
};

/// Renders a digest, and says what of it found no room.
pub(crate) fn render(digest: &Digest, left_out: LeftOut, is_plain: bool, texts: &Texts) -> String {
    let mut page = Page { out: String::new(), is_plain, texts };
    page.line(&format!("# {}", digest.title));
    page.line(&format!("**{}**", digest.headline));
    page.list(&digest.sentences);
    if !left_out.is_nothing() {
        page.line(&crate::left_out_text(left_out, texts));
    }
    for section in &digest.sections {
        if section.is_folded && !is_plain {
            page.line(&format!("<details>\n<summary>{}</summary>", section.title));
        } else {
            page.line(&format!("## {}", section.title));
        }
        section.blocks.iter().for_each(|block| page.block(block));
        if section.is_folded && !is_plain {
            page.line("</details>");
        }
    }
    if !digest.facts.is_empty() {
        page.line("---");
        for (label, fact) in &digest.facts {
            page.out.push_str(&format!("- {label}: {}\n", cell(fact)));
        }
    }
    page.out
}

struct Page<'a> {
    out: String,
    is_plain: bool,
    texts: &'a Texts,
}

impl Page<'_> {
    /// A block on its own.
    fn line(&mut self, line: &str) {
        self.out.push_str(line);
        self.out.push_str("\n\n");
    }

    fn list(&mut self, items: &[Cell]) {
        for item in items {
            self.out.push_str(&format!("- {}\n", cell(item)));
        }
        if !items.is_empty() {
            self.out.push('\n');
        }
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Note(note) => self.line(note),
            Block::Sentences(sentences) => self.list(sentences),
            Block::Table(table) => self.table(table),
            Block::Chart(bars) => self.chart(bars),
        }
    }

    fn table(&mut self, table: &Table) {
        let rule = (0..table.heads.len()).map(|at| if at < table.texts { "---" } else { "---:" });
        self.row(table.heads.iter().cloned());
        self.row(rule.map(str::to_owned));
        for row in &table.rows {
            self.row(row.cells.iter().map(|content| match cell(content) {
                text if row.is_total && !text.is_empty() => format!("**{text}**"),
                text => text,
            }));
        }
        self.out.push('\n');
        if table.more > 0 {
            let more = self.texts.format("md-problems-more", &Args::new().count("more", table.more));
            self.line(&more);
        }
    }

    fn row(&mut self, cells: impl Iterator<Item = String>) {
        self.out.push_str(&format!("| {} |\n", cells.collect::<Vec<_>>().join(" | ")));
    }

    /// A pie of Mermaid (its documentation, "Pie chart diagrams"), which GitHub draws.
    fn chart(&mut self, bars: &[(usize, String, u64)]) {
        if self.is_plain || bars.iter().all(|(.., count)| *count == 0) {
            return;
        }
        self.out.push_str(&format!("```mermaid\npie showData\n    title {}\n", self.texts.get("md-chart")));
        for (_, name, count) in bars.iter().filter(|(.., count)| *count > 0) {
            self.out.push_str(&format!("    \"{name}\" : {count}\n"));
        }
        self.line("```");
    }
}

fn cell(cell: &Cell) -> String {
    match cell {
        Cell::Own(own) => own.replace('<', "&#60;"),
        Cell::Text(from_report, most) => short(from_report, *most),
        Cell::Vulnerability(id, Some(page)) => format!("[{id}]({page})"),
        Cell::Vulnerability(id, None) => short(id, 60),
        Cell::Severity(_, name) => text(name),
    }
}

#[cfg(test)]
mod tests {
    use inspector_report_core::value::vulnerability_page;
    use proptest::prelude::*;

    use super::*;

    fn id(id: &str) -> String {
        cell(&Cell::Vulnerability(id.to_owned(), vulnerability_page(id)))
    }

    #[test]
    fn only_ids_that_are_certain_are_linked() {
        assert!(id("CVE-2024-3094").starts_with("[CVE-2024-3094](https://nvd."));
        assert!(id("GHSA-jfh8-c2jp-5v3q").starts_with("[GHSA-"));
        for odd in ["CVE-2024-1)", "CVE-24-3094", "GHSA-x](y", "USN-1", "CVE-2024-123"] {
            assert!(!id(odd).contains("]("), "{odd}");
        }
    }

    proptest! {
        #[test]
        fn any_id_is_a_link_of_ours_or_text(odd in "(CVE-|GHSA-)?[0-9a-z()\\[\\]|-]{0,20}") {
            prop_assert_eq!(id(&odd).contains("]("), vulnerability_page(&odd).is_some());
        }
    }
}

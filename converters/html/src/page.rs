//! A document as a page.

use inspector_report_document::{Block, Cell, Document, Head, Row, Section, Table};
use inspector_report_format::Context;
use inspector_report_localizer::{Args, Localizer};
use inspector_report_model::{Scope, value::SEVERITY_COLOURS};

use crate::{
    plot,
    text::{escape, short},
};

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// What the page may do: show itself, with its own style and script, and nothing else.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// Renders a document, and a table of findings.
pub(crate) fn render(document: &Document, findings: Option<&Table>, context: &Context<'_>) -> String {
    let texts = context.texts;
    let mut page = Page { out: String::new(), texts, scope: document.scope, tables: 0 };
    page.head(document, context.version);
    page.push(&format!(
        "<h1>{}</h1>\n<p class=\"headline\">{}</p>\n",
        escape(&document.title),
        escape(&document.headline)
    ));
    page.list(&document.sentences);
    document.sections.iter().for_each(|section| page.section(section));
    if let Some(table) = findings {
        page.findings(table);
    }
    page.facts(&document.facts);
    page.push(&format!("</main>\n<script>\n{SCRIPT}</script>\n</body>\n</html>\n"));
    page.out
}

/// The columns of findings that have a filter: priority, severity, owner, resource type, account.
const FILTERS: [usize; 5] = [0, 1, 5, 6, 7];

struct Page<'a> {
    out: String,
    texts: &'a Localizer,
    /// What the page is of.
    scope: Scope,
    /// Numbers the tables, which have names.
    tables: usize,
}

impl Page<'_> {
    fn push(&mut self, html: &str) {
        self.out.push_str(html);
    }

    fn head(&mut self, document: &Document, version: &str) {
        let source = match document.facts.first() {
            Some((_, Cell::Text(name, most))) => name.chars().take(*most).collect(),
            _ => String::new(),
        };
        self.push(&format!(
            "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"generator\" content=\"inspector-report {}\">\n<meta name=\"referrer\" content=\"no-referrer\">\n\
             <title>{}: {}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n",
            self.texts.lang().code(),
            escape(version),
            escape(&document.title),
            escape(source.trim()),
        ));
    }

    fn list(&mut self, items: &[Cell]) {
        if items.is_empty() {
            return;
        }
        self.push("<ul>\n");
        for item in items {
            let item = cell(item, self.texts);
            self.push(&format!("<li>{item}</li>\n"));
        }
        self.push("</ul>\n");
    }

    fn section(&mut self, section: &Section) {
        let title = escape(&section.title);
        self.push(&match section.is_folded {
            true => format!("<details>\n<summary><h2>{title}</h2></summary>\n"),
            false => format!("<section>\n<h2>{title}</h2>\n"),
        });
        for block in &section.blocks {
            match block {
                Block::Note(note) => self.push(&format!("<p class=\"note\">{}</p>\n", escape(note))),
                Block::Sentences(sentences) => self.list(sentences),
                Block::Table(table) => self.table(table, &section.title, false),
                Block::Chart(bars) => self.chart(bars),
                Block::Plot(plot) => plot::draw(&mut self.out, plot, self.texts),
            }
        }
        self.push(if section.is_folded { "</details>\n" } else { "</section>\n" });
    }

    fn findings(&mut self, table: &Table) {
        let shown = table.rows.len() as u64;
        let args = Args::new().count("shown", shown).count("all", shown + table.more).text("scope", self.scope.key());
        let title = self.texts.format(if table.more > 0 { "html-findings-some" } else { "html-findings" }, &args);
        self.push(&format!("<section>\n<h2>{}</h2>\n", escape(&title)));
        if table.more > 0 {
            let note = self.texts.format("html-findings-where", &Args::new().count("more", table.more));
            self.push(&format!("<p class=\"note\">{}</p>\n", escape(&note)));
        }
        self.table(&Table { more: 0, ..table.clone() }, &title, true);
        self.push("</section>\n");
    }

    /// What a table has that people work in: the words for its search box, its filters and its buttons.
    fn working(&self) -> String {
        let words = ["search", "all", "shown", "copy", "copied", "clear"].map(|word| {
            let args = Args::new().text("shown", "%1").text("all", "%2");
            format!(" data-{word}=\"{}\"", escape(&self.texts.format(&format!("html-{word}"), &args)))
        });
        format!(" class=\"sortable\"{}", words.concat())
    }

    /// A table, which scrolls where the window is narrow: so it can be reached by keyboard, and has a name.
    fn table(&mut self, table: &Table, name: &str, is_sortable: bool) {
        self.tables += 1;
        let number = self.tables;
        let class = if is_sortable { self.working() } else { String::new() };
        self.push(&format!(
            "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"{} ({number})\">\n<table{class}>\n<thead>\n<tr>",
            escape(name)
        ));
        for (at, head) in table.heads.iter().enumerate() {
            let class = if head.is_figure { " class=\"figure\"" } else { "" };
            let filter = if is_sortable && FILTERS.contains(&at) { " data-filter" } else { "" };
            self.push(&format!("<th scope=\"col\"{class}{filter}>{}</th>", escape(&head.title)));
        }
        self.push("</tr>\n</thead>\n<tbody>\n");
        table.rows.iter().for_each(|row| self.row(row, &table.heads));
        self.push("</tbody>\n</table>\n</div>\n");
        if table.more > 0 {
            let more = self.texts.format("md-problems-more", &Args::new().count("more", table.more));
            self.push(&format!("<p class=\"note\">{}</p>\n", escape(&more)));
        }
    }

    fn row(&mut self, row: &Row, heads: &[Head]) {
        self.push(if row.is_total { "<tr class=\"total\">" } else { "<tr>" });
        for (at, content) in row.cells.iter().enumerate() {
            let class = if heads.get(at).is_some_and(|head| head.is_figure) { " class=\"figure\"" } else { "" };
            // Severities are sorted by how bad they are, priorities by how urgent.
            let key = match content {
                Cell::Severity(rank) | Cell::Ranked(rank, _) => format!(" data-key=\"{rank}\""),
                _ => String::new(),
            };
            let content = cell(content, self.texts);
            self.push(&format!("<td{class}{key}>{content}</td>"));
        }
        self.push("</tr>\n");
    }

    /// Bars with names and numbers: what a picture says, in text.
    fn chart(&mut self, bars: &[(usize, String, u64)]) {
        let most = bars.iter().map(|(.., count)| *count).max().unwrap_or(0);
        if most == 0 {
            return;
        }
        let title = escape(&self.texts.get("md-chart"));
        self.push(&format!("<div class=\"chart\" role=\"group\" aria-label=\"{title}\">\n"));
        for (rank, name, count) in bars {
            let width = *count as f64 * 85.0 / most as f64;
            let (fill, _) = colours(*rank);
            self.push(&format!(
                "<span>{}</span><span class=\"bar\"><i style=\"width: {width:.1}%; background: #{fill:06x}\"></i>{}</span>\n",
                escape(name),
                self.texts.number(*count)
            ));
        }
        self.push("</div>\n");
    }

    fn facts(&mut self, facts: &[(String, Cell)]) {
        self.push("<ul class=\"facts\">\n");
        for (label, fact) in facts {
            let fact = cell(fact, self.texts);
            self.push(&format!("<li>{}: {fact}</li>\n", escape(label)));
        }
        self.push("</ul>\n");
    }
}

fn colours(rank: usize) -> (u32, u32) {
    SEVERITY_COLOURS.get(rank).copied().unwrap_or((0xFFFFFF, 0))
}

fn cell(cell: &Cell, texts: &Localizer) -> String {
    match cell {
        Cell::Text(text, most) => short(text, *most),
        Cell::Vulnerability(id, Some(page)) => {
            format!("<a href=\"{}\" rel=\"noopener noreferrer\">{}</a>", escape(page), escape(id))
        }
        Cell::Ranked(_, text) => short(text, 60),
        Cell::Vulnerability(id, None) => short(id, 60),
        Cell::Severity(rank) => {
            let (fill, ink) = colours(*rank);
            format!(
                "<span class=\"severity\" style=\"background: #{fill:06x}; color: #{ink:06x}\">{}</span>",
                escape(&cell.words(texts))
            )
        }
        _ => escape(&cell.words(texts)),
    }
}

//! A document in GitHub-flavoured Markdown.

use inspector_report_document::{Block, Cell, Document, Plot, PlotKind, Table, thinned};
use inspector_report_localizer::{Args, Localizer};

use crate::{
    escape::{short, text},
    fit::LeftOut,
};

/// Points of a plot: as many labels as stand beside each other.
const POINTS: usize = 10;

/// Months of a chart of columns: their names have room.
const MONTHS: usize = 24;

/// Renders a document, and says what of it found no room.
pub(crate) fn render(document: &Document, left_out: LeftOut, is_plain: bool, texts: &Localizer) -> String {
    let mut page = Page { out: String::new(), is_plain, texts };
    page.line(&format!("# {}", document.title));
    page.line(&format!("**{}**", document.headline));
    page.list(&document.sentences);
    if !left_out.is_nothing() {
        page.line(&crate::left_out_text(left_out, texts));
    }
    for section in &document.sections {
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
    if !document.facts.is_empty() {
        page.line("---");
        for (label, fact) in &document.facts {
            page.out.push_str(&format!("- {label}: {}\n", cell(fact, texts)));
        }
    }
    page.out
}

struct Page<'a> {
    out: String,
    is_plain: bool,
    texts: &'a Localizer,
}

impl Page<'_> {
    /// A block on its own.
    fn line(&mut self, line: &str) {
        self.out.push_str(line);
        self.out.push_str("\n\n");
    }

    fn list(&mut self, items: &[Cell]) {
        for item in items {
            self.out.push_str(&format!("- {}\n", cell(item, self.texts)));
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
            Block::Plot(plot) => self.plot(plot),
        }
    }

    fn table(&mut self, table: &Table) {
        let rule = table.heads.iter().map(|head| if head.is_figure { "---:" } else { "---" });
        self.row(table.heads.iter().map(|head| head.title.clone()));
        self.row(rule.map(str::to_owned));
        let texts = self.texts;
        for row in &table.rows {
            self.row(row.cells.iter().map(|content| match cell(content, texts) {
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

    /// An xychart of Mermaid (its documentation, "XY Chart"), which GitHub draws. It has no legend, and puts columns of
    /// several series one in front of another: so the legend is a line in front of it, and of columns the first series
    /// are columns and the others lines.
    fn plot(&mut self, plot: &Plot) {
        if self.is_plain || plot.series.iter().all(|series| series.values.iter().all(|value| *value == 0)) {
            return;
        }
        // What happened in a month must be there for every month; how things stood may be told for some days.
        let all = plot.points.len();
        let shown: Vec<usize> = match plot.kind {
            // Where there are many months, the last are what counts; the table has all.
            PlotKind::Columns => (all.saturating_sub(MONTHS)..all).collect(),
            PlotKind::Lines => thinned(all, POINTS),
        };
        let legend = plot.series.iter().enumerate().map(|(at, series)| {
            let how = match (plot.kind, at) {
                (PlotKind::Lines, _) => "",
                (PlotKind::Columns, 0) => "trend-drawn-columns",
                (PlotKind::Columns, _) => "trend-drawn-line",
            };
            let how = if how.is_empty() { String::new() } else { format!(" ({})", self.texts.get(how)) };
            format!("{} {}{how}", series.colour.1, text(&series.name))
        });
        let legend: Vec<String> = legend.collect();
        self.line(&legend.join(" \u{2003}"));
        let palette: Vec<String> = plot.series.iter().map(|series| format!("#{:06X}", series.colour.0)).collect();
        let labels: Vec<String> = shown
            .iter()
            .filter_map(|at| plot.points.get(*at))
            // Every label must be another: those that are alike fall on one place. `26-05` where there are many.
            .map(|(label, _)| match shown.len() > POINTS + 2 {
                true => format!("\"{}\"", label.get(2..).unwrap_or(label)),
                false => format!("\"{label}\""),
            })
            .collect();
        let highest = plot.series.iter().flat_map(|series| &series.values).max().copied().unwrap_or(0);
        self.out.push_str(&format!(
            "```mermaid\n%%{{init: {{\"xyChart\": {{\"width\": 1000, \"height\": 400}}, \"themeVariables\": {{\"xyChart\": \
             {{\"plotColorPalette\": \"{}\"}}}}}}}}%%\nxychart-beta\n    title \"{}\"\n    x-axis [{}]\n    y-axis 0 --> {}\n",
            palette.join(", "),
            plot.title,
            labels.join(", "),
            highest + highest.div_ceil(20),
        ));
        for (at, series) in plot.series.iter().enumerate() {
            let kind = if plot.kind == PlotKind::Columns && at == 0 { "bar" } else { "line" };
            let values = shown.iter().filter_map(|at| series.values.get(*at)).map(u64::to_string);
            self.out.push_str(&format!("    {kind} [{}]\n", values.collect::<Vec<_>>().join(", ")));
        }
        self.line("```");
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

fn cell(cell: &Cell, texts: &Localizer) -> String {
    match cell {
        Cell::Text(from_report, most) => short(from_report, *most),
        Cell::Vulnerability(id, Some(page)) => format!("[{id}]({page})"),
        Cell::Ranked(_, name) => short(name, 60),
        Cell::Vulnerability(id, None) => short(id, 60),
        Cell::Severity(_) => text(&cell.words(texts)),
        _ => cell.words(texts).replace('<', "&#60;"),
    }
}

#[cfg(test)]
mod tests {
    use inspector_report_localizer::Lang;
    use inspector_report_model::value::vulnerability_page;
    use proptest::prelude::*;

    use super::*;

    fn id(id: &str) -> String {
        cell(&Cell::Vulnerability(id.to_owned(), vulnerability_page(id)), Localizer::shared(Lang::En))
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

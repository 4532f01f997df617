//! What a summary for someone with one minute says, section by section. How it looks is for the formats that show it.
//!
//! Every text of a document is either our own words ([`Cell::Own`], safe in any format but for its own escaping) or a text
//! from the report ([`Cell::Text`], which may hold anything and must be made harmless).

use std::collections::HashMap;

use jiff::Timestamp;

use inspector_report_analysis::{
    Counts, Statistics, incomplete_texts,
    order::{groups_worst_first, worst},
    worst_rank,
};
use inspector_report_localizer::{Args, Localizer};
use inspector_report_model::{
    Change, Column, Finding, View,
    value::{ExploitAvailable, FixAvailable, SEVERITIES, Severity, vulnerability_page},
};

use crate::{
    DocumentOptions, GroupBy,
    cell::{Block, Cell, Document, Row, Section, Table},
};

/// Problems that are listed.
pub(crate) const PROBLEMS: usize = 10;

/// The longest name or title that is shown whole, in characters.
pub(crate) const LONGEST: usize = 120;

/// At most so many of the places from 0 to `count`, evenly apart, with the first and the last.
pub fn thinned(count: usize, most: usize) -> Vec<usize> {
    if count <= most.max(2) {
        return (0..count).collect();
    }
    let gaps = most.max(2) - 1;
    (0..=gaps).map(|gap| gap * (count - 1) / gaps).collect()
}

impl Document {
    /// The document of a report.
    pub fn new(report: &View, texts: &Localizer, options: &DocumentOptions) -> Document {
        let DocumentOptions { top, group_by } = *options;
        Writer { report, texts, top }.document(group_by)
    }
}

/// The open findings of a report as a table, the worst first, at most so many; `None` if none is wanted or open.
pub fn findings(report: &View, texts: &Localizer, most: usize) -> Option<Table> {
    let writer = Writer { report, texts, top: most };
    let (open, more) = worst(report.findings().filter(|finding| finding.is_open()), most);
    let more = more as u64;
    let rows = open.into_iter().map(|finding| {
        let resource = finding.resource();
        let mut fixed: Vec<&str> = finding.packages().filter_map(|package| package.fixed).collect();
        fixed.sort_unstable();
        fixed.dedup();
        let text = |text: &str, most: usize| Cell::Text(text.to_owned(), most);
        let rank = finding.severity().rank();
        let cells = vec![
            writer.severity(rank),
            vulnerability(finding.vulnerability_facts().id()),
            text(finding.title(), LONGEST),
            text(&resource.name(), LONGEST),
            text(&resource.owner().unwrap_or_default(), 60),
            text(resource.account(), 60),
            text(resource.region(), 60),
            text(&fixed.join(", "), 60),
            text(&texts.exploit_available(finding.exploit_available()), 60),
            writer.date(finding.first_seen()),
        ];
        Row { cells, rank: Some(rank), is_total: false }
    });
    let heads = vec![
        texts.column(Column::Severity),
        texts.column(Column::VulnerabilityId),
        texts.column(Column::Title),
        texts.get("figure-resource"),
        texts.get("figure-owner"),
        texts.column(Column::AwsAccountId),
        texts.column(Column::Region),
        texts.column(Column::FixedInVersion),
        texts.get("figure-exploit"),
        texts.column(Column::FirstSeen),
    ];
    let table = Table { texts: heads.len(), heads, rows: rows.collect(), more };
    (!table.rows.is_empty()).then_some(table)
}

/// The page of the database that gives out an id, and the id.
pub(crate) fn vulnerability(id: &str) -> Cell {
    Cell::Vulnerability(id.to_owned(), vulnerability_page(id))
}

struct Writer<'a> {
    report: &'a View,
    texts: &'a Localizer,
    top: usize,
}

impl Writer<'_> {
    fn document(&self, group_by: GroupBy) -> Document {
        let (report, texts) = (self.report, self.texts);
        let figures = Statistics::of(report);
        let headline = figures.headline(report, texts);
        let mut sections = Vec::new();
        if figures.total.findings > 0 {
            sections.push(self.severities());
        }
        sections.extend(self.changes());
        if figures.total.findings > 0 {
            sections.extend(self.actions());
            let mut lists = [
                (GroupBy::Vulnerability, self.vulnerabilities()),
                (GroupBy::Resource, self.resources()),
                (GroupBy::Account, self.groups("md-accounts", Column::AwsAccountId, &figures.accounts)),
                (GroupBy::Package, if group_by == GroupBy::Package { self.packages() } else { None }),
            ];
            // That which is asked for comes first, in sight; the rest is folded away where another than the usual is.
            lists.sort_by_key(|(group, _)| *group != group_by);
            for (group, list) in lists {
                let is_folded = |list: &Section| list.is_folded || group_by != GroupBy::Vulnerability;
                sections.extend(list.map(|list| Section { is_folded: group != group_by && is_folded(&list), ..list }));
            }
            sections.extend(self.groups("md-regions", Column::Region, &figures.regions));
        }
        sections.extend(self.problems());
        let sentences = figures.sentences(report, self.top, texts);
        Document {
            title: texts.get("title"),
            headline,
            scope: report.scope(),
            sentences: sentences.into_iter().map(|sentence| Cell::Text(sentence, 1_000)).collect(),
            sections,
            facts: self.facts(),
        }
    }

    fn number(&self, number: u64) -> Cell {
        Cell::Own(self.texts.number(number))
    }

    fn date(&self, time: Option<Timestamp>) -> Cell {
        Cell::Own(time.map(|time| self.texts.date(time)).unwrap_or_default())
    }

    fn heads(&self, keys: &[&str]) -> Vec<String> {
        keys.iter().map(|key| self.texts.get(key)).collect()
    }

    fn severity(&self, rank: usize) -> Cell {
        Cell::Severity(rank, self.texts.severity_rank(rank))
    }

    /// The counts; the columns of suppressed, accepted and closed findings only where there are any.
    fn severities(&self) -> Section {
        let (figures, texts) = (Statistics::of(self.report), self.texts);
        let all = &figures.total;
        let others = [
            ("suppressed", all.suppressed, (|counts| counts.suppressed) as fn(&Counts) -> u64),
            ("accepted", all.accepted, |counts| counts.accepted),
            ("closed", all.closed, |counts| counts.closed),
        ];
        let others = || others.iter().filter(|(_, all, _)| *all > 0);
        let mut keys = vec!["open", "vulnerabilities", "resources", "fix", "exploit", "oldest"];
        keys.extend(others().map(|(key, ..)| *key));
        let mut heads = vec![texts.column(Column::Severity)];
        heads.extend(keys.iter().map(|key| texts.get(&format!("figure-{key}"))));
        let left_out = self.report.open_left_out();
        let row = |name: Cell, counts: &Counts, is_total: bool| {
            let numbers = [counts.open, counts.vulnerabilities, counts.resources, counts.fixable(), counts.exploit];
            // What the filters leave out is not absent.
            if let Cell::Severity(rank, _) = name
                && counts.findings == 0
                && left_out.get(rank).is_some_and(|count| *count > 0)
            {
                let mut cells = vec![name, Cell::Own(texts.get("figure-left-out"))];
                cells.resize(heads.len(), Cell::Own(String::new()));
                return Row { cells, rank: None, is_total };
            }
            let mut cells = vec![name];
            cells.extend(numbers.map(|number| self.number(number)));
            cells.push(self.date(counts.oldest));
            cells.extend(others().map(|(_, _, count)| self.number(count(counts))));
            Row { cells, rank: None, is_total }
        };
        let known = Severity::KNOWN.len();
        let shown = || (0..=known).filter(|rank| *rank < known || figures.by_severity[*rank].findings > 0);
        let mut rows: Vec<Row> =
            shown().map(|rank| row(self.severity(rank), &figures.by_severity[rank], false)).collect();
        rows.push(row(Cell::Own(texts.get("total")), &figures.total, true));
        let bars = shown().map(|rank| (rank, texts.severity_rank(rank), figures.by_severity[rank].open));
        Section {
            title: texts.get("section-severities"),
            is_folded: false,
            blocks: vec![
                Block::Table(Table { heads, texts: 1, rows, more: 0 }),
                Block::Note(texts.get("md-note-open")),
                Block::Chart(bars.collect()),
            ],
        }
    }

    /// What became of the findings of an earlier report.
    fn changes(&self) -> Option<Section> {
        let comparison = self.report.comparison()?;
        let texts = self.texts;
        let earlier = comparison.earlier();
        let date = Statistics::of(earlier).data_date.map(|time| texts.date(time)).unwrap_or_default();
        let name = texts.format("changes-compared", &Args::new().text("name", earlier.file_name()).text("date", &date));
        let mut heads = vec![texts.get("figure-change")];
        heads.push(texts.get("figure-findings"));
        heads.extend(self.heads(&["severity-critical", "severity-high", "severity-medium", "figure-other"]));
        let is_shown = |change: &Change| *change != Change::Unknown || comparison.unknown().len() > 0;
        let rows = Change::ALL.into_iter().filter(is_shown).map(|change| {
            let mut cells = vec![Cell::Own(texts.get(change.key()))];
            cells.extend(self.counts(comparison.counts(change)));
            Row { cells, rank: None, is_total: false }
        });
        let mut blocks = vec![
            Block::Sentences(
                [name]
                    .into_iter()
                    .chain(incomplete_texts(comparison, self.report, texts))
                    .map(|said| Cell::Text(said, 400))
                    .collect(),
            ),
            Block::Table(Table { heads, texts: 1, rows: rows.collect(), more: 0 }),
        ];
        let missing = comparison.not_covered(self.report);
        let said = missing.iter().take(PROBLEMS).map(|(account, region, count)| {
            let args = Args::new().text("account", account).text("region", region).count("count", *count);
            Cell::Text(texts.format("changes-not-covered", &args), 400)
        });
        let mut said: Vec<Cell> = said.collect();
        if let Some(more) = missing.len().checked_sub(PROBLEMS).filter(|more| *more > 0) {
            said.push(Cell::Own(texts.format("md-problems-more", &Args::new().count("more", more as u64))));
        }
        blocks.extend((!said.is_empty()).then_some(Block::Sentences(said)));
        let new = self
            .report
            .findings()
            .filter(|finding| matches!(comparison.change(*finding), Some(Change::New | Change::Reopened)));
        for (key, list) in [("md-new", self.findings(new)), ("md-fixed", self.findings(comparison.gone()))] {
            if let Some(table) = list {
                blocks.extend([Block::Note(texts.get(key)), Block::Table(table)]);
            }
        }
        Some(Section { title: texts.get("section-changes"), is_folded: false, blocks })
    }

    /// The worst of some findings.
    fn findings<'f>(&self, findings: impl Iterator<Item = Finding<'f>>) -> Option<Table> {
        let (findings, more) = worst(findings, self.top);
        let rows: Vec<Row> = findings.into_iter().map(|finding| self.finding(finding)).collect();
        let more = more as u64;
        let heads = vec![
            self.texts.column(Column::Severity),
            self.texts.column(Column::Title),
            self.texts.get("figure-resource"),
            self.texts.column(Column::AwsAccountId),
        ];
        (!rows.is_empty()).then_some(Table { heads, texts: 4, rows, more })
    }

    fn finding(&self, finding: Finding<'_>) -> Row {
        let resource = finding.resource();
        let id = finding.vulnerability_facts().id();
        let cells = vec![
            self.severity(finding.severity().rank()),
            Cell::Text(if finding.title().trim().is_empty() { id } else { finding.title() }.to_owned(), LONGEST),
            Cell::Text(resource.name().into_owned(), LONGEST),
            Cell::Text(resource.account().to_owned(), 60),
        ];
        Row { cells, rank: Some(finding.severity().rank()), is_total: false }
    }

    fn actions(&self) -> Option<Section> {
        let (figures, texts) = (Statistics::of(self.report), self.texts);
        let heads = self.heads(&[
            "figure-action",
            "figure-settles",
            "severity-critical",
            "severity-high",
            "severity-medium",
            "figure-other",
            "figure-exploit",
            "md-on-resources",
        ]);
        let rows = figures.actions.iter().take(self.top).map(|action| {
            let mut cells = vec![Cell::Text(action.describe(self.report, texts), LONGEST)];
            cells.extend(self.counts(&action.by_severity));
            cells.extend([action.exploit, action.resources].map(|number| self.number(number)));
            Row { cells, rank: Some(action.rank()), is_total: false }
        });
        self.list("section-actions", heads, 1, rows.collect(), figures.actions.len())
    }

    fn vulnerabilities(&self) -> Option<Section> {
        let (figures, texts) = (Statistics::of(self.report), self.texts);
        let heads = vec![
            texts.column(Column::VulnerabilityId),
            texts.column(Column::Severity),
            texts.get("md-packages"),
            texts.get("figure-resources"),
            texts.get("figure-fix"),
            texts.get("figure-exploit"),
            texts.get("md-epss"),
            texts.get("md-score"),
        ];
        let rows = figures.vulnerabilities.iter().take(self.top).filter_map(|of| {
            let finding = self.report.finding(of.row)?;
            let packages: Vec<&str> = finding.packages().map(|package| package.name).collect();
            let fix = match (of.fix, of.partial_fix) {
                (0, 0) => FixAvailable::No,
                (all, _) if all == of.findings => FixAvailable::Yes,
                _ => FixAvailable::Partial,
            };
            let exploit = if of.exploit { ExploitAvailable::Yes } else { ExploitAvailable::No };
            // The model does not check these; what cannot be a probability or a score says nothing.
            let epss = of.epss.filter(|epss| (0.0..=1.0).contains(epss)).map(percent).unwrap_or_default();
            let score = of.score.filter(|score| (0.0..=10.0).contains(score));
            let cells = vec![
                vulnerability(finding.vulnerability_facts().id()),
                self.severity(of.rank),
                Cell::Text(packages.join(", "), 60),
                self.number(of.resources),
                Cell::Own(texts.fix_available(fix)),
                Cell::Own(texts.exploit_available(exploit)),
                Cell::Own(epss),
                Cell::Own(score.map(|score| format!("{score:.1}")).unwrap_or_default()),
            ];
            Some(Row { cells, rank: Some(of.rank), is_total: false })
        });
        self.list("md-vulnerabilities", heads, 3, rows.collect(), figures.vulnerabilities.len())
    }

    fn resources(&self) -> Option<Section> {
        let (figures, texts) = (Statistics::of(self.report), self.texts);
        let mut heads =
            vec![texts.get("figure-resource"), texts.column(Column::ResourceType), texts.column(Column::AwsAccountId)];
        heads.extend(self.heads(&COUNT_HEADS));
        let rows = figures.resources.iter().take(self.top).filter_map(|of| {
            let resource = self.report.finding(of.row)?.resource();
            let mut cells = vec![
                Cell::Text(resource.name().into_owned(), LONGEST),
                Cell::Text(texts.resource_type(resource.resource_type()), 60),
                Cell::Text(resource.account().to_owned(), 60),
            ];
            cells.extend(self.counts(&of.by_severity));
            Some(Row { cells, rank: Some(worst_rank(&of.by_severity)), is_total: false })
        });
        self.list("section-resources", heads, 3, rows.collect(), figures.resources.len())
    }

    /// The counts by package, of whichever version.
    fn packages(&self) -> Option<Section> {
        let mut counts: HashMap<&str, [u64; SEVERITIES]> = HashMap::new();
        let mut names: HashMap<u32, Vec<&str>> = HashMap::new();
        for finding in self.report.findings().filter(|finding| finding.is_open()) {
            let named = names.entry(finding.packages_index()).or_insert_with(|| {
                let mut named: Vec<&str> = finding.packages().map(|package| package.name).collect();
                named.sort_unstable();
                named.dedup();
                named
            });
            for name in named {
                counts.entry(name).or_default()[finding.severity().rank()] += 1;
            }
        }
        let all = groups_worst_first(counts);
        let section = self.counted(
            "md-by-package",
            self.texts.column(Column::AffectedPackages),
            &all[..all.len().min(self.top)],
            all.len(),
        )?;
        Some(Section { is_folded: false, ..section })
    }

    /// The counts by account or Region, folded away; nothing where there is but one. All of them: that someone's is not
    /// shown must not mean that it is well.
    fn groups(&self, key: &str, column: Column, groups: &[(String, [u64; SEVERITIES])]) -> Option<Section> {
        if groups.len() < 2 {
            return None;
        }
        self.counted(key, self.texts.column(column), groups, groups.len())
    }

    fn counted(&self, key: &str, head: String, groups: &[(String, [u64; SEVERITIES])], all: usize) -> Option<Section> {
        let mut heads = vec![head];
        heads.extend(self.heads(&COUNT_HEADS));
        let rows = groups.iter().map(|(name, counts)| {
            let name =
                if name.is_empty() { Cell::Own(self.texts.get("blank")) } else { Cell::Text(name.clone(), LONGEST) };
            Row {
                cells: [name].into_iter().chain(self.counts(counts)).collect(),
                rank: Some(worst_rank(counts)),
                is_total: false,
            }
        });
        let title = self.texts.format(key, &Args::new().count("count", all as u64));
        let table = Table { heads, texts: 1, rows: rows.collect(), more: (all - groups.len()) as u64 };
        (!table.rows.is_empty()).then(|| Section { title, is_folded: true, blocks: vec![Block::Table(table)] })
    }

    fn list(&self, key: &str, heads: Vec<String>, texts: usize, rows: Vec<Row>, all: usize) -> Option<Section> {
        let more = all.saturating_sub(self.top) as u64;
        let table = Table { heads, texts, rows, more };
        let blocks = vec![Block::Table(table)];
        (all > 0).then(|| Section { title: self.texts.get(key), is_folded: false, blocks })
    }

    fn problems(&self) -> Option<Section> {
        let problems = self.report.problems();
        if problems.is_empty() {
            return None;
        }
        let mut lines: Vec<Cell> = problems
            .iter()
            .take(PROBLEMS)
            .map(|problem| {
                // The folder of the file is nobody's business.
                let column = problem.column.as_deref().map(|column| format!("{}: ", self.texts.heading(column)));
                let what = self.texts.problem(problem);
                let count = if problem.count > 1 {
                    format!(" (×{})", self.texts.number(problem.count))
                } else {
                    String::new()
                };
                let place = format!("{}:{}", problem.file_name(), problem.line);
                Cell::Text(format!("{place}: {}{what}{count}", column.unwrap_or_default()), 300)
            })
            .collect();
        if let Some(more) = problems.len().checked_sub(PROBLEMS).filter(|more| *more > 0) {
            lines.push(Cell::Own(self.texts.format("md-problems-more", &Args::new().count("more", more as u64))));
        }
        let title = self.texts.format("md-problems", &Args::new().count("count", problems.len() as u64));
        Some(Section { title, is_folded: true, blocks: vec![Block::Sentences(lines)] })
    }

    /// Where the figures come from: rows read are rows shown, left out by filters, or lost.
    fn facts(&self) -> Vec<(String, Cell)> {
        let (report, texts) = (self.report, self.texts);
        let rows = Args::new()
            .count("read", report.rows_read())
            .count("here", report.len() as u64)
            .count("filtered", report.filtered_out())
            .count("lost", report.rows_lost())
            .count("repeated", report.repeated());
        let mut facts = vec![(texts.get("fact-source"), Cell::Text(report.file_name().to_owned(), LONGEST))];
        if let Some(date) = Statistics::of(report).data_date {
            facts.push((texts.get("fact-data-date"), Cell::Own(texts.date_time(date))));
        }
        facts.push((texts.get("md-rows-label"), Cell::Own(texts.format("md-rows", &rows))));
        if !report.filters().is_empty() {
            facts.push((texts.get("fact-filters"), Cell::Text(report.filters().join(" "), 2_000)));
        }
        facts
    }

    /// All, critical, high, medium, and the rest.
    fn counts(&self, by_severity: &[u64; SEVERITIES]) -> [Cell; 5] {
        let [critical, high, medium, rest @ ..] = by_severity;
        [by_severity.iter().sum(), *critical, *high, *medium, rest.iter().sum()].map(|number| self.number(number))
    }
}

/// The headings of [`Writer::counts`].
const COUNT_HEADS: [&str; 5] = ["figure-open", "severity-critical", "severity-high", "severity-medium", "figure-other"];

/// A probability in per cent; one that is small is not shown as none.
fn percent(probability: f64) -> String {
    match probability * 100.0 {
        percent if percent > 0.0 && percent < 0.1 => "< 0.1 %".to_owned(),
        percent => format!("{percent:.1} %"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use inspector_report_format::Settings;
    use inspector_report_localizer::Lang;
    use inspector_report_model::Report;

    fn report() -> View {
        let headings = ["Severity", "Vulnerability Id", "Resource ID", "Affected Packages", "AWS Account Id", "Status"];
        let rows = [
            ["LOW", "CVE-2026-1", "i-1", "curl, bash", "1", "ACTIVE"],
            ["HIGH", "CVE-2026-2", "i-2", "bash", "2", "ACTIVE"],
            ["HIGH", "CVE-2026-3", "i-2", "bash, bash", "2", "ACTIVE"],
            ["CRITICAL", "CVE-2026-4", "i-3", "curl", "1", "CLOSED"],
        ];
        View::of(Report::from_rows("made", &headings, rows))
    }

    fn titles(settings: &[(&str, &str)]) -> Vec<(String, bool, usize)> {
        let mut all = Settings::default();
        settings.iter().for_each(|(name, value)| all.set(name, value));
        let options = DocumentOptions::new(&all).unwrap();
        let document = Document::new(&report(), &Localizer::new(Lang::En), &options);
        let rows = |section: &Section| match &section.blocks[0] {
            Block::Table(table) => table.rows.len(),
            _ => 0,
        };
        document.sections.iter().map(|section| (section.title.clone(), section.is_folded, rows(section))).collect()
    }

    #[test]
    fn the_list_that_is_asked_for_comes_first() {
        let of = |group: &str| titles(&[("group-by", group)])[1].clone();
        assert_eq!(of("vulnerability"), ("Worst vulnerabilities".to_owned(), false, 3));
        assert_eq!(of("resource"), ("Where it is worst".to_owned(), false, 2));
        assert_eq!(of("account"), ("By account (2)".to_owned(), false, 2));
        assert_eq!(of("package"), ("By package (2)".to_owned(), false, 2));
        assert_eq!(titles(&[("top", "1")])[1], ("Worst vulnerabilities".to_owned(), false, 1));
    }

    #[test]
    fn what_is_thinned_keeps_its_ends() {
        assert_eq!(thinned(3, 12), [0, 1, 2]);
        assert_eq!(thinned(0, 12), [0; 0]);
        assert_eq!(thinned(9, 3), [0, 4, 8]);
        assert_eq!((thinned(52, 12).len(), thinned(52, 12)[11]), (12, 51));
    }

    #[test]
    fn a_package_counts_each_finding_once() {
        let (report, texts) = (report(), Localizer::new(Lang::En));
        let section = Writer { report: &report, texts: &texts, top: 10 }.packages().unwrap();
        let Block::Table(table) = &section.blocks[0] else { panic!() };
        let row = |row: &Row| match row.cells.as_slice() {
            [Cell::Text(name, _), Cell::Own(open), _, Cell::Own(high), ..] => {
                (name.clone(), open.clone(), high.clone())
            }
            other => panic!("{other:?}"),
        };
        let expected =
            [("bash", "3", "2"), ("curl", "1", "0")].map(|(a, b, c)| (a.to_owned(), b.to_owned(), c.to_owned()));
        assert_eq!(table.rows.iter().map(row).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn what_changed_adds_up() {
        let later = View::builder(report().report().clone()).compare_with(report()).build();
        let document = Document::new(&later, &Localizer::new(Lang::En), &DocumentOptions::default());
        let Block::Table(table) = &document.sections[1].blocks[1] else { panic!() };
        let all: Vec<&Cell> = table.rows.iter().map(|row| &row.cells[1]).collect();
        let own = |text: &str| Cell::Own(text.to_owned());
        let (zero, three) = (own("0"), own("3"));
        assert_eq!(all, [&zero, &zero, &zero, &three, &zero, &zero]);
    }
}

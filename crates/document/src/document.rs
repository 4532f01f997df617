//! What a summary for someone with one minute says, section by section. How it looks is for the formats that show it.
//!
//! Every text of a document is either our own words ([`Cell::Own`], safe in any format but for its own escaping) or a text
//! from the report ([`Cell::Text`], which may hold anything and must be made harmless).

use std::collections::HashMap;

use inspector_report_analysis::{
    Priorities, Priority, Statistics,
    order::{groups_worst_first, worst},
};
use inspector_report_localizer::{Args, Localizer};
use inspector_report_model::{
    Change, Column, Finding, View,
    value::{ExploitAvailable, FixAvailable, SEVERITIES, vulnerability_page},
};

use crate::{
    DocumentOptions, GroupBy, LONGEST,
    cell::{Block, Cell, Document, Head, Row, Section, Table},
    tables::{Detail, Tables},
};

/// Problems that are listed.
pub(crate) const PROBLEMS: usize = 10;

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
        Writer::new(report, texts, top).document(group_by)
    }
}

/// The open findings of a report as a table, the worst first, at most so many; `None` if none is wanted or open.
pub fn findings(report: &View, texts: &Localizer, most: usize) -> Option<Table> {
    let (open, more) = worst(report.findings().filter(|finding| finding.is_open()), most);
    let more = more as u64;
    let priorities = Priorities::of(report);
    let has_due = priorities.policy().targets.is_some();
    let rows = open.into_iter().map(|finding| {
        let resource = finding.resource();
        let mut fixed: Vec<&str> = finding.packages().filter_map(|package| package.fixed).collect();
        fixed.sort_unstable();
        fixed.dedup();
        let text = |text: &str, most: usize| Cell::Text(text.to_owned(), most);
        let rank = finding.severity().rank();
        let cells = vec![
            priority(priorities, finding, texts),
            Cell::Severity(rank),
            vulnerability(finding.vulnerability_facts().id()),
            text(finding.title(), LONGEST),
            text(&resource.name(), LONGEST),
            text(priorities.owner(finding), 60),
            text(&texts.resource_type(resource.resource_type()), 60),
            text(resource.account(), 60),
            text(resource.region(), 60),
            text(&fixed.join(", "), 60),
            text(&texts.exploit_available(finding.exploit_available()), 60),
            Cell::Date(finding.first_seen()),
        ];
        let mut cells = cells;
        if has_due {
            cells.push(Cell::Day(priorities.due(finding).map(|due| due.date)));
        }
        cells.push(text(&priorities.reasons(finding, texts).join(&texts.get("reason-separator")), LONGEST));
        Row { cells, rank: Some(rank), is_total: false }
    });
    let mut heads = vec![
        texts.get("priority"),
        texts.column(Column::Severity),
        texts.column(Column::VulnerabilityId),
        texts.column(Column::Title),
        texts.get("figure-resource"),
        texts.get("figure-owner"),
        texts.column(Column::ResourceType),
        texts.column(Column::AwsAccountId),
        texts.column(Column::Region),
        texts.column(Column::FixedInVersion),
        texts.column(Column::ExploitAvailable),
        texts.column(Column::FirstSeen),
    ];
    if has_due {
        heads.push(texts.get("figure-due"));
    }
    heads.push(texts.get("reasons"));
    let table = Table { heads: heads.into_iter().map(Head::text).collect(), rows: rows.collect(), more };
    (!table.rows.is_empty()).then_some(table)
}

/// The name of the priority of a finding; none for what asks for no work.
fn priority(priorities: &Priorities, finding: Finding<'_>, texts: &Localizer) -> Cell {
    let label = |priority: Priority| Cell::Ranked(priority.rank(), priorities.policy().label(priority, texts));
    priorities.priority(finding).map_or(Cell::Empty, label)
}

/// The page of the database that gives out an id, and the id.
pub(crate) fn vulnerability(id: &str) -> Cell {
    Cell::Vulnerability(id.to_owned(), vulnerability_page(id))
}

/// What priorities and due dates rest on besides the report: CISA's catalogue, FIRST's scores, and the targets. Each a label
/// and what it says.
pub fn judged_by(report: &View, texts: &Localizer) -> Vec<(String, Cell)> {
    let priorities = Priorities::of(report);
    let policy = priorities.policy();
    let mut facts = Vec::new();
    let kev = match &policy.kev {
        None => Cell::Own(texts.get("kev-not-checked-short")),
        Some(catalog) => {
            let (listed, no_cve) = priorities.kev_counts();
            let date = catalog.newest.map(|day| texts.day(day)).unwrap_or_default();
            let args = Args::new()
                .text("file", &catalog.file)
                .text("date", &date)
                .count("all", catalog.len() as u64)
                .count("listed", listed)
                .count("unknown", no_cve);
            Cell::Text(texts.format("kev-checked", &args), 400)
        }
    };
    facts.push((texts.get("fact-kev"), kev));
    if let Some(scores) = &policy.epss_scores {
        let date = scores.date.map_or_else(|| texts.get("blank"), |day| texts.day(day));
        let args = Args::new()
            .text("file", &scores.file)
            .text("date", &date)
            .text("model", scores.model.as_deref().unwrap_or("?"))
            .count("matched", priorities.epss_matched());
        facts.push((texts.get("fact-epss"), Cell::Text(texts.format("epss-checked", &args), 400)));
    }
    if let Some(targets) = policy.targets_in_words(texts) {
        facts.push((texts.get("fact-targets"), Cell::Text(targets, 400)));
    }
    facts
}

struct Writer<'a> {
    report: &'a View,
    texts: &'a Localizer,
    top: usize,
    tables: Tables<'a>,
}

impl<'a> Writer<'a> {
    fn new(report: &'a View, texts: &'a Localizer, top: usize) -> Writer<'a> {
        Writer { report, texts, top, tables: Tables::new(report, texts, top, Detail::Summary) }
    }

    fn document(&self, group_by: GroupBy) -> Document {
        let (report, texts) = (self.report, self.texts);
        let statistics = Statistics::of(report);
        let headline = statistics.headline(report, texts);
        let mut sections = Vec::new();
        if statistics.total.findings > 0 {
            sections.push(self.priorities());
            sections.extend(self.actions());
            sections.extend(self.owners());
            sections.push(self.severities());
        }
        sections.extend(self.changes());
        if statistics.total.findings > 0 {
            let mut lists = [
                (GroupBy::Vulnerability, self.vulnerabilities()),
                (GroupBy::Resource, self.resources()),
                (GroupBy::Account, self.groups("md-accounts", Column::AwsAccountId, &statistics.accounts)),
                (GroupBy::Package, if group_by == GroupBy::Package { self.packages() } else { None }),
            ];
            // That which is asked for comes first, in sight; the rest is folded away where another than the usual is.
            lists.sort_by_key(|(group, _)| *group != group_by);
            for (group, list) in lists {
                let is_folded = |list: &Section| list.is_folded || group_by != GroupBy::Vulnerability;
                sections.extend(list.map(|list| Section { is_folded: group != group_by && is_folded(&list), ..list }));
            }
            sections.extend(self.groups("md-regions", Column::Region, &statistics.regions));
        }
        sections.extend(self.problems());
        let sentences = statistics.sentences(report, self.top, texts);
        Document {
            title: texts.get("title"),
            headline,
            scope: report.scope(),
            sentences: sentences.into_iter().map(|sentence| Cell::Text(sentence, 1_000)).collect(),
            sections,
            facts: self.facts(),
        }
    }

    fn priorities(&self) -> Section {
        let table = Block::Table(self.tables.by_priority());
        Section { title: self.texts.get("section-priorities"), is_folded: false, blocks: vec![table] }
    }

    fn owners(&self) -> Option<Section> {
        let table = self.tables.owners(self.top.max(1))?;
        Some(Section {
            title: self.texts.get("section-owners-due"),
            is_folded: false,
            blocks: vec![Block::Table(table)],
        })
    }

    fn severities(&self) -> Section {
        let (statistics, texts) = (Statistics::of(self.report), self.texts);
        let open = |rank: usize| (rank, texts.severity_rank(rank), statistics.by_severity[rank].open);
        Section {
            title: texts.get("section-severities"),
            is_folded: false,
            blocks: vec![
                Block::Table(self.tables.severities()),
                Block::Note(texts.get("md-note-open")),
                Block::Chart(self.tables.shown().map(open).collect()),
            ],
        }
    }

    /// What became of the findings of an earlier report.
    fn changes(&self) -> Option<Section> {
        let comparison = self.report.comparison()?;
        let texts = self.texts;
        let sentences = |said: Vec<String>| said.into_iter().map(|said| Cell::Text(said, 400)).collect::<Vec<_>>();
        let mut blocks = vec![
            Block::Sentences(sentences(self.tables.compared(comparison))),
            Block::Table(self.tables.changes(comparison)),
        ];
        let (said, more) = self.tables.not_covered(comparison, PROBLEMS);
        let mut said = sentences(said);
        said.extend((more > 0).then(|| Cell::Own(texts.format("md-problems-more", &Args::new().count("more", more)))));
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
            self.texts.get("priority"),
            self.texts.column(Column::Severity),
            self.texts.column(Column::Title),
            self.texts.get("figure-resource"),
            self.texts.column(Column::AwsAccountId),
        ];
        (!rows.is_empty()).then_some(Table { heads: heads.into_iter().map(Head::text).collect(), rows, more })
    }

    fn finding(&self, finding: Finding<'_>) -> Row {
        let resource = finding.resource();
        let id = finding.vulnerability_facts().id();
        let priorities = finding.view().map(Priorities::of);
        let cells = vec![
            priorities.map_or(Cell::Empty, |priorities| priority(priorities, finding, self.texts)),
            Cell::Severity(finding.severity().rank()),
            Cell::Text(if finding.title().trim().is_empty() { id } else { finding.title() }.to_owned(), LONGEST),
            Cell::Text(resource.name().into_owned(), LONGEST),
            Cell::Text(resource.account().to_owned(), 60),
        ];
        Row { cells, rank: Some(finding.severity().rank()), is_total: false }
    }

    fn actions(&self) -> Option<Section> {
        self.list("section-actions", self.tables.actions())
    }

    fn vulnerabilities(&self) -> Option<Section> {
        let (statistics, texts) = (Statistics::of(self.report), self.texts);
        let heads = vec![
            Head::text(texts.column(Column::VulnerabilityId)),
            Head::text(texts.column(Column::Severity)),
            Head::text(texts.get("md-packages")),
            Head::figure(texts.get("figure-resources")),
            Head::figure(texts.get("figure-fix")),
            Head::figure(texts.get("figure-exploit")),
            Head::figure(texts.get("md-epss")),
            Head::figure(texts.get("md-score")),
        ];
        let rows = statistics.vulnerabilities.iter().take(self.top).filter_map(|of| {
            let finding = self.report.finding(of.row)?;
            let packages: Vec<&str> = finding.packages().map(|package| package.name).collect();
            let fix = match (of.fix, of.partial_fix) {
                (0, 0) => FixAvailable::No,
                (all, _) if all == of.findings => FixAvailable::Yes,
                _ => FixAvailable::Partial,
            };
            let exploit = if of.exploit { ExploitAvailable::Yes } else { ExploitAvailable::No };
            // The model does not check these; what cannot be a probability or a score says nothing.
            let epss = of.epss.filter(|epss| (0.0..=1.0).contains(epss));
            let score = of.score.filter(|score| (0.0..=10.0).contains(score));
            let cells = vec![
                vulnerability(finding.vulnerability_facts().id()),
                Cell::Severity(of.rank),
                Cell::Text(packages.join(", "), 60),
                Cell::Count(of.resources),
                Cell::Own(texts.fix_available(fix)),
                Cell::Own(texts.exploit_available(exploit)),
                Cell::Probability(epss),
                Cell::Score(score),
            ];
            Some(Row { cells, rank: Some(of.rank), is_total: false })
        });
        let more = statistics.vulnerabilities.len().saturating_sub(self.top) as u64;
        self.list("md-vulnerabilities", Table { heads, rows: rows.collect(), more })
    }

    fn resources(&self) -> Option<Section> {
        self.list("section-resources", self.tables.resources())
    }

    /// The counts by package; versions do not matter.
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
        let section = self.counted("md-by-package", Column::AffectedPackages, &all, self.top)?;
        Some(Section { is_folded: false, ..section })
    }

    /// The counts by account or Region, folded away; nothing where there is but one. All of them: that someone's is not
    /// shown must not mean that it is well.
    fn groups(&self, key: &str, column: Column, groups: &[(String, [u64; SEVERITIES])]) -> Option<Section> {
        if groups.len() < 2 {
            return None;
        }
        self.counted(key, column, groups, groups.len())
    }

    fn counted(
        &self,
        key: &str,
        column: Column,
        groups: &[(String, [u64; SEVERITIES])],
        most: usize,
    ) -> Option<Section> {
        let table = self.tables.groups(self.texts.column(column), groups, "blank", most);
        let title = self.texts.format(key, &Args::new().count("count", groups.len() as u64));
        (!table.rows.is_empty()).then(|| Section { title, is_folded: true, blocks: vec![Block::Table(table)] })
    }

    fn list(&self, key: &str, table: Table) -> Option<Section> {
        let is_there = table.more > 0 || !table.rows.is_empty();
        is_there.then(|| Section { title: self.texts.get(key), is_folded: false, blocks: vec![Block::Table(table)] })
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
        facts.extend(judged_by(report, texts));
        if !report.filters().is_empty() {
            facts.push((texts.get("fact-filters"), Cell::Text(report.filters().join(" "), 2_000)));
        }
        facts
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
        let of = |group: &str| titles(&[("group-by", group)])[3].clone();
        assert_eq!(of("vulnerability"), ("Worst vulnerabilities".to_owned(), false, 3));
        assert_eq!(of("resource"), ("Where it is worst".to_owned(), false, 2));
        assert_eq!(of("account"), ("By account (2)".to_owned(), false, 2));
        assert_eq!(of("package"), ("By package (2)".to_owned(), false, 2));
        assert_eq!(titles(&[("top", "1")])[3], ("Worst vulnerabilities".to_owned(), false, 1));
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
        let section = Writer::new(&report, &texts, 10).packages().unwrap();
        let Block::Table(table) = &section.blocks[0] else { panic!() };
        let row = |row: &Row| match row.cells.as_slice() {
            [Cell::Text(name, _), Cell::Count(open), _, Cell::Count(high), ..] => (name.clone(), *open, *high),
            other => panic!("{other:?}"),
        };
        assert_eq!(
            table.rows.iter().map(row).collect::<Vec<_>>(),
            [("bash".to_owned(), 3, 2), ("curl".to_owned(), 1, 0)]
        );
    }

    #[test]
    fn what_changed_adds_up() {
        let later = View::builder(report().report().clone()).compare_with(report()).build();
        let document = Document::new(&later, &Localizer::new(Lang::En), &DocumentOptions::default());
        let changes = document.sections.iter().find(|section| section.title == "Since the earlier report").unwrap();
        let Block::Table(table) = &changes.blocks[1] else { panic!() };
        let all: Vec<&Cell> = table.rows.iter().map(|row| &row.cells[1]).collect();
        let (zero, three) = (Cell::Count(0), Cell::Count(3));
        assert_eq!(all, [&zero, &zero, &zero, &three, &zero, &zero]);
    }
}

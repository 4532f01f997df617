//! The summary, section by section.

use inspector_report_core::{Args, Column, Counts, Report, Texts, value::Severity};

use crate::escape::{short, text, vulnerability};

/// How many actions, vulnerabilities and resources are listed.
const SHOWN: usize = 10;

/// How many problems are listed.
const PROBLEMS_SHOWN: usize = 10;

/// The longest title, name or path that is shown whole.
const LONGEST: usize = 120;

/// Renders the summary of a report.
pub(crate) fn render(report: &Report, texts: &Texts) -> String {
    let mut page = Page { out: String::new(), report, texts };
    page.head();
    if report.figures().total.findings > 0 {
        page.severities();
        page.actions();
        page.vulnerabilities();
        page.resources();
        page.groups("md-accounts", Column::AwsAccountId, &report.figures().accounts);
        page.groups("md-regions", Column::Region, &report.figures().regions);
    }
    page.problems();
    page.source();
    page.out
}

struct Page<'a> {
    out: String,
    report: &'a Report,
    texts: &'a Texts,
}

impl Page<'_> {
    fn head(&mut self) {
        let (report, texts) = (self.report, self.texts);
        // A report of which nothing is left must not read as if nothing were open.
        let headline = match (report.is_empty(), report.rows_lost(), report.filtered_out()) {
            (false, ..) => report.figures().headline(texts),
            (true, 0, 0) => texts.get("md-empty"),
            (true, 0, filtered) => texts.format("md-empty-filtered", &Args::new().count("filtered", filtered)),
            (true, lost, _) => texts.format("md-empty-lost", &Args::new().count("lost", lost)),
        };
        self.line(&format!("# {}", texts.get("title")));
        self.line(&format!("**{headline}**"));
    }

    /// The counts; the columns of suppressed and closed findings only where there are any.
    fn severities(&mut self) {
        let figures = self.report.figures();
        let suppressed = figures.total.suppressed > 0;
        let closed = figures.total.closed > 0;
        self.section("section-severities");
        let mut heads = vec![self.texts.column(Column::Severity)];
        let mut keys = vec!["open", "vulnerabilities", "resources", "fix", "exploit", "oldest"];
        keys.extend(suppressed.then_some("suppressed").into_iter().chain(closed.then_some("closed")));
        heads.extend(keys.iter().map(|key| self.texts.get(&format!("figure-{key}"))));
        let cells = |name: String, counts: &Counts| {
            let mut cells = vec![name];
            let numbers = [counts.open, counts.vulnerabilities, counts.resources, counts.fixable(), counts.exploit];
            cells.extend(numbers.map(|number| self.texts.number(number)));
            cells.push(counts.oldest.map(|time| self.texts.date(time)).unwrap_or_default());
            let more = suppressed.then_some(counts.suppressed).into_iter().chain(closed.then_some(counts.closed));
            cells.extend(more.map(|number| self.texts.number(number)));
            cells
        };
        let known = Severity::KNOWN.len();
        let mut rows: Vec<Vec<String>> = (0..=known)
            .filter(|rank| *rank < known || figures.by_severity[*rank].findings > 0)
            .map(|rank| cells(self.texts.severity_rank(rank), &figures.by_severity[rank]))
            .collect();
        let total = cells(self.texts.get("total"), &figures.total);
        rows.push(
            total.iter().map(|cell| if cell.is_empty() { String::new() } else { format!("**{cell}**") }).collect(),
        );
        self.table(&heads, 1, rows);
        self.line(&self.texts.get("md-note-open"));
    }

    fn actions(&mut self) {
        let figures = self.report.figures();
        if figures.actions.is_empty() {
            return;
        }
        self.section("section-actions");
        let heads = [
            "figure-action",
            "figure-settles",
            "severity-critical",
            "severity-high",
            "severity-medium",
            "figure-other",
            "figure-exploit",
            "md-on-resources",
        ];
        let heads = heads.map(|key| self.texts.get(key));
        let rows = figures.actions.iter().take(SHOWN).map(|action| {
            let mut cells = vec![short(&action.describe(self.report, self.texts), LONGEST)];
            cells.extend(self.counts(&action.by_severity));
            cells.extend([action.exploit, action.resources].map(|number| self.texts.number(number)));
            cells
        });
        self.table(&heads, 1, rows.collect());
    }

    fn vulnerabilities(&mut self) {
        let figures = self.report.figures();
        if figures.vulnerabilities.is_empty() {
            return;
        }
        self.section("md-vulnerabilities");
        let texts = self.texts;
        let heads = [
            texts.column(Column::VulnerabilityId),
            texts.column(Column::Severity),
            texts.get("md-packages"),
            texts.get("figure-resources"),
            texts.get("figure-fix"),
            texts.get("figure-exploit"),
            texts.get("md-epss"),
            texts.get("md-score"),
        ];
        let rows = figures.vulnerabilities.iter().take(SHOWN).filter_map(|figures| {
            let finding = self.report.finding(figures.row)?;
            let packages: Vec<&str> = finding.packages().map(|package| package.name).collect();
            let fix = match (figures.fix, figures.partial_fix) {
                (0, 0) => "fix-no",
                (all, _) if all == figures.findings => "fix-yes",
                _ => "fix-partial",
            };
            Some(vec![
                vulnerability(finding.vulnerability_facts().id()),
                texts.severity_rank(figures.rank),
                short(&packages.join(", "), 60),
                texts.number(figures.resources),
                texts.get(fix),
                texts.get(if figures.exploit { "exploit-yes" } else { "exploit-no" }),
                // The model does not check these; what cannot be a probability or a score says nothing.
                figures.epss.filter(|epss| (0.0..=1.0).contains(epss)).map(percent).unwrap_or_default(),
                figures
                    .score
                    .filter(|score| (0.0..=10.0).contains(score))
                    .map(|score| format!("{score:.1}"))
                    .unwrap_or_default(),
            ])
        });
        self.table(&heads, 3, rows.collect());
    }

    fn resources(&mut self) {
        let figures = self.report.figures();
        if figures.resources.is_empty() {
            return;
        }
        self.section("section-resources");
        let texts = self.texts;
        let mut heads =
            vec![texts.get("figure-resource"), texts.column(Column::ResourceType), texts.column(Column::AwsAccountId)];
        let counts = ["figure-open", "severity-critical", "severity-high", "severity-medium", "figure-other"];
        heads.extend(counts.map(|key| texts.get(key)));
        let rows = figures.resources.iter().take(SHOWN).filter_map(|figures| {
            let resource = self.report.finding(figures.row)?.resource();
            let mut cells = vec![
                short(&resource.name(), LONGEST),
                short(&texts.resource_type(resource.resource_type()), 60),
                short(resource.account(), 60),
            ];
            cells.extend(self.counts(&figures.by_severity));
            Some(cells)
        });
        self.table(&heads, 3, rows.collect());
    }

    /// The counts by account or Region, folded away; nothing where there is but one.
    fn groups(&mut self, key: &str, column: Column, groups: &[(String, [u64; 7])]) {
        if groups.len() < 2 {
            return;
        }
        let mut heads = vec![self.texts.column(column)];
        let counts = ["figure-open", "severity-critical", "severity-high", "severity-medium", "figure-other"];
        heads.extend(counts.map(|key| self.texts.get(key)));
        let rows = groups.iter().map(|(name, counts)| {
            let name = if name.is_empty() { self.texts.get("blank") } else { short(name, LONGEST) };
            [name].into_iter().chain(self.counts(counts)).collect()
        });
        let rows: Vec<Vec<String>> = rows.collect();
        self.details(&self.texts.format(key, &Args::new().count("count", groups.len() as u64)), |page| {
            page.table(&heads, 1, rows);
        });
    }

    fn problems(&mut self) {
        let problems = self.report.problems();
        if problems.is_empty() {
            return;
        }
        let title = self.texts.format("md-problems", &Args::new().count("count", problems.len() as u64));
        let more = problems.len().saturating_sub(PROBLEMS_SHOWN) as u64;
        self.details(&title, |page| {
            for problem in problems.iter().take(PROBLEMS_SHOWN) {
                // The name of the file stands above; its folder is nobody's business.
                let message = problem.to_string();
                let message = message.strip_prefix(page.report.source()).unwrap_or(&message);
                let place = format!("{}{message}", page.report.file_name());
                page.out.push_str(&format!("- {}\n", short(&place, 300)));
            }
            if more > 0 {
                let more = page.texts.format("md-problems-more", &Args::new().count("more", more));
                page.out.push_str(&format!("- {more}\n"));
            }
            page.out.push('\n');
        });
    }

    /// Where the figures come from: rows read are rows shown, left out by filters, or lost.
    fn source(&mut self) {
        let (report, texts) = (self.report, self.texts);
        let args = Args::new()
            .count("read", report.rows_read())
            .count("here", report.len() as u64)
            .count("filtered", report.filtered_out())
            .count("lost", report.rows_lost());
        self.line("---");
        let mut facts = vec![format!("{}: {}", texts.get("fact-source"), short(report.file_name(), LONGEST))];
        facts.extend(
            report
                .figures()
                .data_date
                .map(|time| format!("{}: {}", texts.get("fact-data-date"), texts.date_time(time))),
        );
        facts.push(texts.format("md-rows", &args));
        if !report.filters().is_empty() {
            facts.push(format!("{}: {}", texts.get("fact-filters"), text(&report.filters().join(" "))));
        }
        facts.iter().for_each(|fact| self.out.push_str(&format!("- {fact}\n")));
    }

    /// All, critical, high, medium, and the rest.
    fn counts(&self, by_severity: &[u64; 7]) -> [String; 5] {
        let [critical, high, medium, rest @ ..] = by_severity;
        [by_severity.iter().sum(), *critical, *high, *medium, rest.iter().sum()].map(|number| self.texts.number(number))
    }

    fn section(&mut self, key: &str) {
        self.line(&format!("## {}", self.texts.get(key)));
    }

    /// A block on its own.
    fn line(&mut self, line: &str) {
        self.out.push_str(line);
        self.out.push_str("\n\n");
    }

    /// A table of which the first columns are text and the others are numbers.
    fn table(&mut self, heads: &[String], texts: usize, rows: Vec<Vec<String>>) {
        let rule = (0..heads.len()).map(|i| if i < texts { "---".to_owned() } else { "---:".to_owned() });
        let rule: Vec<String> = rule.collect();
        for cells in [heads, &rule].into_iter().chain(rows.iter().map(Vec::as_slice)) {
            self.out.push_str(&format!("| {} |\n", cells.join(" | ")));
        }
        self.out.push('\n');
    }

    fn details(&mut self, title: &str, inside: impl FnOnce(&mut Self)) {
        self.line(&format!("<details>\n<summary>{title}</summary>"));
        inside(self);
        self.line("</details>");
    }
}

/// A probability in per cent; one that is small is not shown as none.
fn percent(probability: f64) -> String {
    match probability * 100.0 {
        percent if percent > 0.0 && percent < 0.1 => "&#60; 0.1 %".to_owned(),
        percent => format!("{percent:.1} %"),
    }
}

#!/usr/bin/env python3
"""Compare the Markdown summary of a CSV report with figures computed here from the report.

    check_markdown.py report.csv report.md

Compares the table of severities in every figure, and looks, through GitHub's own Markdown parser (cmarkgfm), for
anything that text from the report could have turned into: HTML, images, links to other sites than those that the tool
itself links to, mentions, references to issues.
Prints the counts; exit status 1 on any difference.
"""
import argparse
import collections
import csv
import html.parser
import re
import sys

import cmarkgfm
from cmarkgfm.cmark import Options

SEVERITIES = ["CRITICAL", "HIGH", "MEDIUM", "LOW", "INFORMATIONAL", "UNTRIAGED"]
HEADS = {"Open": "open", "Vulnerabilities": "vulnerabilities", "Resources": "resources", "Fix available": "fix", "Public exploit": "exploit", "Oldest first seen": "oldest", "Suppressed": "SUPPRESSED", "Closed": "CLOSED"}
# What the tool itself writes, and where it links to.
TAGS = set("h1 h2 h3 p strong span br hr ul ol li a details summary table thead tbody tr th td pre code".split())
LINKS = re.compile(r"https://(nvd\.nist\.gov/vuln/detail/CVE-|github\.com/advisories/GHSA-|advisories\.example/)")
# What GitHub turns into a mention, an issue, a link or an emoji after Markdown.
ACTIVE = re.compile(r"(?<![\w/])@[A-Za-z0-9]|(?<!\w)#\d|\bGH-\d|https?://|[\w.]@[\w-]+\.\w|:[a-z_]+:")


def read_report(path):
    csv.field_size_limit(1 << 30)
    with open(path, newline="", encoding="utf-8-sig") as file:
        reader = csv.reader(file)
        names = [" ".join(name.split()).lower() for name in next(reader)]
        return [dict(zip(names, row)) for row in reader if row]


def expected(rows):
    """{severity: {figure: value}}, with TOTAL; `Other` for severities that are not known."""
    groups = collections.defaultdict(list)
    for row in rows:
        severity = row.get("severity", "").strip().upper()
        groups[severity if severity in SEVERITIES else "OTHER"].append(row)
        groups["TOTAL"].append(row)
    figures = {}
    for severity, members in groups.items():
        status = collections.Counter(row.get("status", "").strip().upper() for row in members)
        opened = [row for row in members if row.get("status", "").strip().upper() not in ("SUPPRESSED", "CLOSED")]
        figures[severity] = {
            "open": len(opened), "SUPPRESSED": status["SUPPRESSED"], "CLOSED": status["CLOSED"],
            "vulnerabilities": len({row.get("vulnerability id") for row in opened} - {"", None}),
            "resources": len({row["resource id"] for row in opened}),
            "fix": sum(row.get("fix available", "").upper() in ("YES", "PARTIAL") for row in opened),
            "exploit": sum(row.get("exploit available", "").upper() == "YES" for row in opened),
            "oldest": min((row.get("first seen", "")[:10] for row in opened if row.get("first seen")), default=""),
        }
    return figures


class Page(html.parser.HTMLParser):
    """The page as a browser gets it: its tables as rows of texts, and what it would do beyond what the tool writes."""

    def __init__(self, text):
        super().__init__()
        self.tables, self.faults, self.cell, self.linked = [], [], None, False
        self.feed(cmarkgfm.github_flavored_markdown_to_html(text, Options.CMARK_OPT_UNSAFE))

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag not in TAGS:
            self.faults.append(f"tag {tag} {attributes}")
        elif (tag, attributes) == ("pre", {"lang": "mermaid"}) or (tag, attributes) == ("code", {"class": "language-mermaid"}):
            pass  # the chart
        elif set(attributes) - {"href", "align"}:
            self.faults.append(f"attributes of {tag}: {attributes}")
        elif tag == "a":
            self.linked = True
            if not LINKS.match(attributes.get("href", "")):
                self.faults.append(f"link {attributes.get('href')}")
        elif tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][-1].append("")
            self.cell = self.tables[-1][-1]

    def handle_endtag(self, tag):
        if tag == "a":
            self.linked = False
        elif tag in ("td", "th"):
            self.cell = None

    def handle_data(self, data):
        if self.cell is not None:
            self.cell[-1] += data
        if not self.linked and ACTIVE.search(data):
            self.faults.append(f"acts on GitHub: {data!r:.100}")

    def handle_comment(self, data):
        self.faults.append(f"comment {data!r:.60}")


def check(report, markdown):
    with open(markdown, encoding="utf-8") as file:
        page = Page(file.read())
    faults, figures = check_figures(read_report(report), page.tables)
    return figures, faults + page.faults


def check_figures(rows, found):
    table = next((t for t in found if t[0][:2] == ["Severity", "Open"]), None)
    if table is None:
        return ([f"no table of severities for {len(rows)} findings"] if rows else []), 0
    wanted, faults, compared, seen = expected(rows), [], 0, set()
    for row in table[1:]:
        severity = row[0].upper()
        seen.add(severity)
        want = wanted.get(severity, collections.defaultdict(int, oldest=""))
        for head, cell in zip(table[0][1:], row[1:]):
            value = cell if HEADS[head] == "oldest" else int(cell.replace(",", ""))
            compared += 1
            if value != want[HEADS[head]]:
                faults.append(f"{row[0]}, {head}: {value}, not {want[HEADS[head]]}")
        for head in ("Suppressed", "Closed"):
            if head not in table[0] and want[HEADS[head]]:
                faults.append(f"{row[0]}: column {head} is missing")
    faults += [f"no row of {severity}" for severity in wanted if severity not in seen]
    return faults, compared


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("report")
    parser.add_argument("markdown")
    arguments = parser.parse_args()
    total, differences = check(arguments.report, arguments.markdown)
    print(f"figures {total} bad {len(differences)}")
    print("\n".join(differences[:10]))
    sys.exit(1 if differences else 0)

#!/usr/bin/env python3
"""Compare every cell of a CSV report with the workbook made from it, with a reader of its own (python-calamine).

    check_workbook.py report.csv report.xlsx [--lang en|ja]

Rows are expected on the sheet of their severity, each with its number in the report, and every column of the report. Also
wants the header frozen and an autofilter over all rows on every sheet of findings, every figure of the summary and the
lists equal to that computed here from the CSV, and shared strings rather than text that could be taken for a formula.
Prints the counts; exit status 1 on any difference.
"""
import argparse
import collections
import csv
import datetime as dt
import pathlib
import re
import sys
import zipfile

from python_calamine import CalamineWorkbook

SEVERITIES = ["CRITICAL", "HIGH", "MEDIUM", "LOW", "INFORMATIONAL", "UNTRIAGED"]
SHEETS = {
    "en": [s.capitalize() for s in SEVERITIES] + ["Other"],
    "ja": ["緊急 (CRITICAL)", "高 (HIGH)", "中 (MEDIUM)", "低 (LOW)", "情報 (INFORMATIONAL)", "未評価 (UNTRIAGED)", "その他"],
}
SUMMARY = {"en": "Summary", "ja": "概要"}
# What is computed, beside the columns of the report.
DERIVED = {"en": ["Priority", "Resource", "Owner", "Reason", "Row of the report"], "ja": ["対応優先度", "リソース", "担当", "判断理由", "レポートの行"]}
TIMES = {"First Seen", "Last Seen", "Last Updated", "Vendor Advisory Published", "Last Exploited At", "Lambda Last Updated At", "Image Last In Use At"}
NUMBERS = {"Age (Days)", "Inspector Score", "NVD CVSS3 Score", "NVD CVSS2 Score", "Vendor CVSS3 Score", "Vendor CVSS2 Score", "Epss Score", "Image In Use Count"}


def read_report(path):
    with open(path, newline="", encoding="utf-8-sig") as file:
        reader = csv.reader(file)
        header = next(reader)
        return header, [row for row in reader if any(row)]


def parse_time(text):
    try:
        return dt.datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return None


def same(found, text, column, offset):
    if text == "":
        return found in ("", None)
    if column in TIMES and parse_time(text):
        # The reader rounds to a microsecond of a float of days.
        if type(found) is dt.date:
            found = dt.datetime(found.year, found.month, found.day)
        expected = parse_time(text).astimezone(dt.timezone.utc).replace(tzinfo=None) + offset
        return isinstance(found, dt.datetime) and abs(found - expected) < dt.timedelta(milliseconds=2)
    if column in NUMBERS:
        try:
            return found == float(text) and isinstance(found, float)
        except ValueError:
            pass
    # A workbook has no carriage returns of its own: XML reads a CR LF as a line feed unless it is escaped.
    return isinstance(found, str) and found.replace("\r\n", "\n") == text.replace("\r\n", "\n")


def japanese(written, name):
    """The heading that the Japanese texts have for a column; that of a column that is not Inspector's stays."""
    table = (pathlib.Path(__file__).resolve().parents[2] / "crates/model/src/column.rs").read_text(encoding="utf-8")
    names = re.findall(r'"column-[^"]*"\s+"([^"]+)"\s+"([^"]+)"', table)
    label = next((label for english, label in names if english.lower() == name.strip().lower()), written)
    return f"{label} (JST)" if name in TIMES else label


def check(report, workbook, lang="en"):
    header, rows = read_report(report)
    names = [" ".join(h.split()) for h in header]
    severity = [n.lower() for n in names].index("severity")
    by_sheet = collections.defaultdict(list)
    for row in rows:
        level = row[severity].strip().upper()
        by_sheet[SHEETS[lang][SEVERITIES.index(level) if level in SEVERITIES else 6]].append(row)
    offset = dt.timedelta(hours=9 if lang == "ja" else 0)
    book = CalamineWorkbook.from_path(workbook)
    faults, cells = [], 0
    for name in SHEETS[lang]:
        expected = by_sheet.get(name, [])
        if bool(expected) != (name in book.sheet_names):
            faults.append(f"sheet {name}: {len(expected)} rows expected, sheets are {book.sheet_names}")
            continue
        if not expected:
            continue
        found = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        if len(found) != len(expected) + 1:
            faults.append(f"{name}: {len(found) - 1} rows, expected {len(expected)}")
        # A cell of Excel has no time zone, so the heading tells it.
        headings = [f"{written} (UTC)" if name in TIMES else written for written, name in zip(header, names)]
        # The columns that people read come first: each is found by its heading (of two alike, by their order).
        titles = headings if lang == "en" else [japanese(written, name) for written, name in zip(header, names)]
        places, taken = [], set()
        for title in titles:
            at = next((i for i, cell in enumerate(found[0]) if str(cell) == title and i not in taken), None)
            if at is None:
                faults.append(f"{name}: no column {title!r} in {found[0]}")
            taken.add(at)
            places.append(at)
        if len(found[0]) != len(header) + len(DERIVED[lang]):
            faults.append(f"{name}: {len(found[0])} columns, expected {len(header) + len(DERIVED[lang])}")
        number = found[0].index(DERIVED[lang][-1])
        in_order = sorted(found[1:], key=lambda row: row[number])
        for i, (got, want) in enumerate(zip(in_order, expected)):
            for column, text in enumerate(want):
                cells += 1
                at = places[column]
                value = got[at] if at is not None and at < len(got) else ""
                if not same(value, text, names[column], offset):
                    faults.append(f"{name} row {i + 2} {header[column]}: {value!r:.100} is not {text!r:.100}")
    named = [dict(zip(map(str.lower, names), row)) for row in rows]
    faults += check_summary(book, lang, named, offset)
    faults += check_lists(book, lang, named)
    faults += check_parts(workbook, book, lang, by_sheet, len(header) + len(DERIVED[lang]))
    return cells, faults


LISTS = {"en": ("Vulnerabilities", "Resources", "Actions"), "ja": ("脆弱性一覧", "リソース一覧", "対応一覧")}


def check_lists(book, lang, rows):
    """The figures of the lists of vulnerabilities and resources, counted here from the report; and what Actions adds up to."""
    faults = []
    rows = [row for row in rows if row.get("status", "").strip().upper() not in ("SUPPRESSED", "CLOSED")]
    rank = lambda row: SEVERITIES.index(s) if (s := row["severity"].strip().upper()) in SEVERITIES else 6
    number = lambda text: float(text) if re.fullmatch(r"-?[0-9.]+(e-?[0-9]+)?", text.strip()) else None
    resource = lambda row: (row.get("aws account id", "").strip(), row.get("region", "").strip(), row["resource id"].strip())
    by_vulnerability, by_resource = collections.defaultdict(list), collections.defaultdict(list)
    for row in rows:
        by_resource[resource(row)].append(row)
        if row.get("vulnerability id", "").strip():
            by_vulnerability[row["vulnerability id"].strip()].append(row)
    highest = lambda found, column: max((n for row in found if (n := number(row.get(column, ""))) is not None), default=None)
    severity_names = SHEETS[lang]

    def table(name):
        if name not in book.sheet_names:
            return []
        found = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        return [[None if cell == "" else cell for cell in row] for row in found[1:]]

    expected = {
        one: (severity_names[min(map(rank, found))], highest(found, "epss score"), highest(found, "inspector score"), len(found), len({resource(row) for row in found}))
        for one, found in by_vulnerability.items()
    }
    listed = {str(row[0]): (row[1], row[3], row[4], row[5], row[6]) for row in table(LISTS[lang][0])}
    faults += [f"vulnerability {one}: {listed.get(one)} is not {want}" for one, want in expected.items() if listed.get(one) != want]
    faults += [f"vulnerability {one} is not in the report" for one in listed if one not in expected]

    expected = collections.Counter()
    for (account, region, one), found in by_resource.items():
        counts = collections.Counter(map(rank, found))
        exploits = sum(row.get("exploit available", "").strip().upper() == "YES" for row in found)
        expected[(account or None, region or None, one or None, severity_names[min(counts)], len(found), *(counts[i] for i in range(7)), exploits)] += 1
    listed = collections.Counter((row[3], row[4], row[18], row[5], *(int(row[i]) for i in range(6, 15))) for row in table(LISTS[lang][1]))
    faults += [f"resources: {key} x {count}, expected x {expected[key]}" for key, count in (listed - expected).items()]
    faults += [f"resources: {key} is missing" for key in expected - listed]

    # Which findings an action settles is the program's own judgement; but none may be settled twice, nor made up.
    for place, name in ((6, 0), (7, 1), (8, 2)):
        settled = sum(row[place] for row in table(LISTS[lang][2]))
        open_findings = sum(rank(row) == name for row in rows)
        # Every open finding is in one.
        if settled != open_findings:
            faults.append(f"actions settle {settled} findings of rank {name}, of which {open_findings} are open")
    for row in table(LISTS[lang][2]):
        if row[5] != sum(row[6:10]):
            faults.append(f"action {row[1]}: {row[5]} is not the sum of {row[6:10]}")
    return faults


SUMMARY_TABLES = {
    "en": {"severity": "Severity", "age": "Days since first seen", "account": "AWS Account Id", "owner": "Owner", "total": "Total", "nobody": "(no owner)",
           "ages": ["up to 30", "31 to 60", "61 to 90", "over 90", "not known"]},
    "ja": {"severity": "重大度", "age": "経過日数", "account": "AWS アカウント ID", "owner": "担当", "total": "合計", "nobody": "(担当なし)",
           "ages": ["30 日以内", "31～60 日", "61～90 日", "90 日超", "不明"]},
}


def owner(row):
    tags = row.get("resource tags", "")
    for key in ("owner", "team", "contact"):
        found = re.search(rf"(?:^|,)\s*{key}[:=]([^,]+)", tags, re.IGNORECASE)
        if found:
            return found[1].strip()
    return ""


def check_summary(book, lang, rows, offset):
    """Every figure of the summary: by severity, by age, by account, by owner; and the first actions as on their sheet."""
    words, faults = SUMMARY_TABLES[lang], []
    sheet = book.get_sheet_by_name(SUMMARY[lang]).to_python(skip_empty_area=False)

    def tables(heading):
        found = []
        for place, row in enumerate(sheet):
            if row[0] == heading and row[1] != "":
                lines = []
                for line in sheet[place + 1:]:
                    if not isinstance(line[1], float):
                        break
                    lines.append((str(line[0]), line[1:]))
                found.append(lines)
        return found

    def expect(what, found, wanted):
        for name, want in wanted.items():
            got = dict(found).get(name)
            got = got and [cell.date() if isinstance(cell, dt.datetime) else cell for cell in got[:len(want)]]
            if got is None or any(abs(g - w) > 1e-9 if isinstance(g, float) and isinstance(w, (int, float)) else g != w for g, w in zip(got, want)):
                faults.append(f"summary, {what} {name}: {got} is not {want}")
        faults.extend(f"summary, {what} {name} is not in the report" for name, _ in found if name not in wanted)

    rank = lambda row: SEVERITIES.index(s) if (s := row["severity"].strip().upper()) in SEVERITIES else 6
    state = lambda row: row.get("status", "").strip().upper()
    is_yes = lambda row, column, values: row.get(column, "").strip().upper() in values
    time = lambda row, column: (t if t.tzinfo else t.replace(tzinfo=dt.timezone.utc)) if (t := parse_time(row.get(column, "").strip())) else None
    still_open = [row for row in rows if state(row) not in ("SUPPRESSED", "CLOSED")]
    resource = lambda row: (row.get("aws account id", ""), row.get("region", ""), row["resource id"])
    names = SHEETS[lang] if any(rank(row) == 6 for row in rows) else SHEETS[lang][:6]
    groups = {name: [row for row in rows if rank(row) == i] for i, name in enumerate(names)} | {words["total"]: rows}
    now = max((t for row in rows for c in ("last updated", "last seen", "first seen") if (t := time(row, c))), default=None)

    def age(row):
        if now is None or time(row, "first seen") is None:
            return 4
        days = (now - time(row, "first seen")) // dt.timedelta(days=1)
        return sum(days > limit for limit in (30, 60, 90))

    counts, shares = {}, {}
    for name, group in groups.items():
        live = [row for row in group if state(row) not in ("SUPPRESSED", "CLOSED")]
        fix = sum(is_yes(row, "fix available", ("YES", "PARTIAL")) for row in live)
        exploit = sum(is_yes(row, "exploit available", ("YES",)) for row in live)
        oldest = min((t for row in live if (t := time(row, "first seen"))), default=None)
        oldest = (oldest.astimezone(dt.timezone.utc).replace(tzinfo=None) + offset).date() if oldest else ""
        ids = {row.get("vulnerability id", "").strip() for row in live} - {""}
        closed = [sum(state(row) == s for row in group) for s in ("SUPPRESSED", "CLOSED")]
        counts[name] = [len(live), len(ids), len({resource(row) for row in live}), fix, exploit, oldest, *closed, len(group)]
        of = lambda part: part / len(live) if live else ""
        older = [sum(age(row) in (1, 2, 3)[limit:] for row in live) for limit in range(3)]
        shares[name] = [len(live), of(fix), of(exploit), *(cell for n in older for cell in (n, of(n)))]
    by_severity = tables(words["severity"])
    expect("severity", by_severity[0], counts)
    if still_open:
        expect("shares of", by_severity[1], shares)
        ages = {}
        for place, name in enumerate(words["ages"]):
            of = [row for row in still_open if age(row) == place]
            if of or place < 4:
                ages[name] = [*(sum(rank(row) == i for row in of) for i in range(len(names))), len(of), len(of) / len(still_open)]
        expect("age", tables(words["age"])[0], ages)
    for what, key in (("account", lambda row: row.get("aws account id", "").strip()), ("owner", owner)):
        by = collections.defaultdict(list)
        for row in still_open:
            by[key(row) or words["nobody"]].append(row)
        found = tables(words[what])
        if what == "owner" and any(owner(row) for row in still_open):
            # The first says who has how much to do.
            found = found[1:]
        if len(by) < 2:
            faults.extend(f"summary has a table of {what}s, of which there is but one" for _ in found)
            continue
        wanted = {name: [len(of), *(sum(rank(row) == i for row in of) for i in range(3)), sum(rank(row) > 2 for row in of)] for name, of in by.items()}
        listed = [name for name, _ in found[0]]
        by_rank = lambda name: tuple(-sum(rank(row) == i for row in by[name]) for i in range(7))
        if sorted(map(by_rank, listed)) != sorted(map(by_rank, by))[:10]:
            faults.append(f"summary, {what}s: not the ten worst, but {listed}")
        expect(what, found[0], {name: wanted[name] for name in listed if name in wanted})
    listed = [row for row in book.get_sheet_by_name(LISTS[lang][2]).to_python()[1:11]] if LISTS[lang][2] in book.sheet_names else []
    for row in listed:
        if not any(line[0] == row[1] and line[2] == row[5] and line[3] == row[6] and line[4] == row[7] and line[7] == row[10] for line in sheet):
            faults.append(f"summary has not the action {row[1]}")
    return faults


def check_parts(workbook, book, lang, by_sheet, columns):
    faults = []
    with zipfile.ZipFile(workbook) as archive:
        if archive.testzip():
            faults.append("broken zip")
        index = archive.read("xl/workbook.xml").decode()
        for place, name in enumerate(re.findall(r'<sheet name="([^"]*)"', index), 1):
            part = archive.read(f"xl/worksheets/sheet{place}.xml").decode()
            if "<f>" in part:
                faults.append(f"{name}: has formulas")
            if name not in by_sheet:
                continue
            if not re.search(r'<pane (xSplit="\d+" )?ySplit="1"', part):
                faults.append(f"{name}: header is not frozen")
            found = re.search(r'<autoFilter ref="A1:([A-Z]+)(\d+)"', part)
            if not found or int(found[2]) != len(by_sheet[name]) + 1 or letters(found[1]) != columns:
                faults.append(f"{name}: autofilter {found and found[0]} does not cover {columns} columns, {len(by_sheet[name])} rows")
    return faults


def letters(text):
    number = 0
    for letter in text:
        number = number * 26 + ord(letter) - 64
    return number


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("report")
    parser.add_argument("workbook")
    parser.add_argument("--lang", default="en", choices=sorted(SHEETS))
    arguments = parser.parse_args()
    total, differences = check(arguments.report, arguments.workbook, arguments.lang)
    print(f"cells {total} bad {len(differences)}")
    print("\n".join(differences[:10]))
    sys.exit(1 if differences else 0)

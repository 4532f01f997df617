#!/usr/bin/env python3
"""Priorities, owners and due dates against a reckoning of its own, from the table as people read it.

    check_priority.py --binary inspector-report [--rows N] [--work FOLDER]

Generated reports of each layout, as CSV and as JSON, are converted with a configuration, a catalogue of exploited
vulnerabilities and EPSS scores that are made here. The priority, the rule, the owner, the due date and the days overdue of
every finding, and the figures of the sheets Summary, Actions and Owners, are compared with what this file reckons from the
CSV alone. One line a check, `ok  name (figures)` or `FAIL name: why`; the last line is `N passed, M failed`.
"""
import argparse
import collections
import csv
import datetime
import fnmatch
import gzip
import json
import pathlib
import re
import shutil
import subprocess
import sys
import zoneinfo

HERE = pathlib.Path(__file__).resolve().parent
ORDER = ["act-now", "soon", "planned", "routine", "watch"]
RANK = {"CRITICAL": 0, "HIGH": 1, "MEDIUM": 2, "LOW": 3, "INFORMATIONAL": 4}
ZONE = zoneinfo.ZoneInfo("Asia/Tokyo")
DAYS = {"act-now": 3, "soon": 14, "planned": 30, "routine": 90}

CONFIGURATION = """
[priority]
raise = { tags = ["Owner=platform"] }
internet = { tags = ["Owner=security"] }
internal = { accounts = ["%s"] }

[sla]
act-now = 3
soon = 14
planned = 30
routine = 90

[owner]
tags = ["Owner"]

[owner.resources]
"ml/*" = "ml team"

[owner.accounts]
"%s" = "account team"

[intelligence]
kev = "kev.%s"
epss = "epss.csv.gz"
"""


class Fault(Exception):
    pass


def tags(cell):
    found = {}
    for item in cell.split(","):
        key, _, value = item.strip().partition(":")
        if item.startswith("aws:"):
            key, _, value = item.rpartition(":")
        if key and value:
            found.setdefault(key.lower(), value.strip())
    return found


def day(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(ZONE).date() if text else None


class Reckoning:
    """What each finding must come to, from the rows of the CSV."""

    def __init__(self, rows, internal, account, kev, epss):
        self.rows, self.internal, self.account, self.kev, self.epss = rows, internal, account, kev, epss
        self.reached = {
            (row["AWS Account Id"], row["Region"], row["Resource ID"])
            for row in rows
            if row["Finding Type"] == "NETWORK_REACHABILITY" and row["Status"] != "CLOSED"
        }
        self.today = max(day(row[column]) for row in rows for column in ("First Seen", "Last Seen", "Last Updated") if row[column])

    def facts(self, row):
        id, held = row["Vulnerability Id"].strip(), tags(row["Resource Tags"])
        severity, rated = row["Severity"], row["Severity"] in RANK
        rank = RANK.get(severity)
        if rank is None:
            scores = [row["Inspector Score"], row.get("NVD CVSS3 Score", ""), row.get("Vendor CVSS3 Score", ""), row.get("NVD CVSS2 Score", ""), row.get("Vendor CVSS2 Score", "")]
            score = next((float(score) for score in scores if score.strip()), None)
            rank = 1 if score is None else next(r for r, least in enumerate([9, 7, 4, 0.0001, -1]) if score >= least)
        epss = self.epss.get(id, float(row["Epss Score"]) if row.get("Epss Score", "").strip() else None)
        path = row["Finding Type"] == "NETWORK_REACHABILITY"
        where = (row["AWS Account Id"], row["Region"], row["Resource ID"])
        internal = row["AWS Account Id"] in self.internal and not path
        exposed = not internal and (path or where in self.reached or bool(row["Resource Public Ipv4"].strip()) or held.get("owner") == "security")
        return {
            "rank": rank, "mal": id.startswith("MAL-"), "eol": id.startswith("IN-DISCONTINUED-"), "kev": self.kev.get(id), "internal": internal, "exposed": exposed,
            "attackable": row.get("Exploit Available", "") == "YES" or (epss is not None and epss >= 0.10),
            "idle": row.get("Image In Use Count", "").strip() in ("0", "0.0"), "fix": row["Fix Available"] != "NO", "important": held.get("owner") == "platform",
        }

    def decide(self, f, kev):
        grave = f["rank"] <= 1
        rules = [
            (1, f["mal"], "act-now"),
            (2, kev and (kev["ransomware"] or grave or f["exposed"]), "act-now"),
            (3, kev, "soon"),
            (4, f["attackable"] and f["rank"] == 0 and not f["internal"], "act-now"),
            (5, f["attackable"] and f["exposed"] and f["rank"] == 1, "act-now"),
            (6, f["attackable"] and (grave or (f["exposed"] and f["rank"] == 2)), "soon"),
            (7, f["exposed"] and grave, "soon"),
            (8, grave or f["eol"], "planned"),
            (9, f["rank"] == 2 and (f["attackable"] or f["exposed"]), "planned"),
            (10, (f["rank"] == 2 and f["fix"]) or (f["rank"] == 3 and (f["attackable"] or f["exposed"])), "routine"),
            (11, True, "watch"),
        ]
        number, _, outcome = next(rule for rule in rules if rule[1])
        place = ORDER.index(outcome)
        if f["idle"] and number >= 4:
            place = min(place + 1, 4)
        if f["important"]:
            place = max(place - 1, 0)
        return ORDER[place], number

    def owner(self, row):
        owner = tags(row["Resource Tags"]).get("owner")
        if owner:
            return owner
        repository = re.search(r":repository/(.+)/sha256:", row["Resource ID"])
        if repository and fnmatch.fnmatch(repository.group(1), "ml/*"):
            return "ml team"
        return "account team" if row["AWS Account Id"] == self.account else ""

    def of(self, row):
        if row["Status"] in ("SUPPRESSED", "CLOSED"):
            return {"priority": None, "rule": None, "owner": self.owner(row), "due": None, "overdue": None}
        facts = self.facts(row)
        priority, rule = self.decide(facts, facts["kev"])
        first, due = day(row["First Seen"]), None
        if first and first <= self.today:
            after = lambda start, priority: start + datetime.timedelta(days=DAYS[priority]) if priority in DAYS else None
            dates = [after(first, self.decide(facts, None)[0])]
            if facts["kev"]:
                dates.append(after(max(first, facts["kev"]["added"]), priority))
            due = min((date for date in dates if date), default=None)
        overdue = max((self.today - due).days, 0) if due else None
        return {"priority": priority, "rule": rule, "owner": self.owner(row), "due": due and due.isoformat(), "overdue": overdue}


def run(binary, *args):
    done = subprocess.run([str(part) for part in (binary, *args)], capture_output=True, text=True)
    if done.returncode != 0:
        raise Fault(f"status {done.returncode}: {done.stderr[-400:]}")
    return done


def generate(path, rows, layout, *more):
    subprocess.run([sys.executable, HERE / "generate_report.py", "--rows", str(rows), "--layout", layout, "--seed", "11", "--accounts", "6", *more, path], check=True, capture_output=True)


def intelligence(work, rows):
    """A catalogue with every ninth vulnerability, in both forms, and scores for every third; as published."""
    ids = sorted({row["Vulnerability Id"] for row in rows if re.fullmatch(r"CVE-\d{4}-\d{4,}", row["Vulnerability Id"])})
    kev = {id: {"added": datetime.date(2026, 5, 1) + datetime.timedelta(days=n % 60), "ransomware": n % 2 == 0} for n, id in enumerate(ids[::9])}
    entries = [{"cveID": id, "vendorProject": "x", "dateAdded": e["added"].isoformat(), "dueDate": "2026-12-31", "knownRansomwareCampaignUse": "Known" if e["ransomware"] else "Unknown", "notes": "a, b\nc"} for id, e in kev.items()]
    (work / "kev.json").write_text(json.dumps({"catalogVersion": "2026.09.29", "count": len(entries), "vulnerabilities": entries}))
    with open(work / "kev.csv", "w", newline="") as file:
        writer = csv.DictWriter(file, list(entries[0]))
        writer.writeheader()
        writer.writerows(entries)
    epss = {id: round((n * 37 % 1000) / 1000, 4) for n, id in enumerate(ids[::3])}
    with gzip.open(work / "epss.csv.gz", "wt") as file:
        file.write("#model_version:v2026.06.15,score_date:2026-10-04T12:00:21Z\ncve,epss,percentile\n")
        file.writelines(f"{id},{score},0.5\n" for id, score in epss.items())
    return kev, epss


def compare(path, out, rows, reckoning, binary):
    run(binary, "convert", "-q", path, "-f", "json,xlsx", "-o", out, "--config", path.parent / "conf.toml", "--timezone", "Asia/Tokyo")
    report = json.loads(next(out.glob("*.json")).read_text())
    found = {finding["arn"]: finding for finding in report["findings"] if not finding.get("repeated")}
    counts = collections.Counter()
    for row in rows:
        finding, expected = found[row["Finding ARN"]], reckoning.of(row)
        got = {"priority": finding.get("priority"), "rule": finding.get("priorityRule"), "owner": finding.get("owner", ""), "due": finding.get("due"), "overdue": finding.get("overdueDays")}
        if got != expected:
            raise Fault(f"{row['Finding ARN']}: {got}, expected {expected}; {reckoning.facts(row)}")
        counts[expected["priority"]] += 1
        counts["overdue"] += bool(expected["overdue"])
    return counts


def sheets(out, rows, reckoning):
    """The figures of Summary, Actions and Owners."""
    import openpyxl

    book = openpyxl.load_workbook(next(out.glob("*.xlsx")), read_only=False)
    judged = [(row, reckoning.of(row)) for row in rows]
    open_ = [(row, of) for row, of in judged if of["priority"]]
    large = [cell.value for row in book["Summary"].iter_rows(max_row=8) for cell in row if isinstance(cell.value, (int, float))][:4]
    expected = [
        sum(of["priority"] == "act-now" for _, of in open_), sum(bool(of["overdue"]) for _, of in open_),
        sum(row.get("Exploit Available") == "YES" for row, _ in open_), sum(of["owner"] == "" for _, of in open_),
    ]
    if large != expected:
        raise Fault(f"Summary has {large}, expected {expected}")
    table = lambda name: [dict(zip([c.value for c in rows_[0]], [c.value for c in row])) for rows_ in [list(book[name].iter_rows())] for row in rows_[1:]]
    owners = collections.defaultdict(collections.Counter)
    for row, of in open_:
        owners[of["owner"]].update(["open", of["priority"]] + (["overdue"] if of["overdue"] else []))
    for line in table("Owners"):
        want = owners.pop("" if line["Owner"] == "(no owner)" else line["Owner"])
        got = {"open": line["Open"], "act-now": line["Act now"], "soon": line["Soon"], "overdue": line["Overdue"]}
        if any(want[key] != value for key, value in got.items()):
            raise Fault(f"Owners, {line['Owner']}: {got}, expected {dict(want)}")
    if owners:
        raise Fault(f"Owners lacks {list(owners)}")
    actions = table("Actions")
    names = {"Act now": 0, "Soon": 1, "Planned": 2, "Routine": 3, "Watch": 4}
    ranks = [names[line["Priority"]] for line in actions]
    if ranks != sorted(ranks):
        raise Fault("Actions are not in the order of priorities")
    if sum(line["Settles findings"] for line in actions) != len(open_):
        raise Fault(f"Actions settle {sum(line['Settles findings'] for line in actions)} of {len(open_)} open findings")
    worst = collections.Counter(of["priority"] for _, of in open_)
    if actions and ORDER[ranks[0]] != next(name for name in ORDER if worst[name]):
        raise Fault("the first action is not of the most urgent priority")
    per_sheet = 0
    for name in ("Critical", "High", "Medium", "Low", "Informational", "Untriaged"):
        if name not in book.sheetnames:
            continue
        ranks = [names.get(line["Priority"], 5) for line in table(name)]
        per_sheet += len(ranks)
        if ranks != sorted(ranks):
            raise Fault(f"{name} is not in the order of priorities")
    if per_sheet != len(rows):
        raise Fault(f"the sheets have {per_sheet} of {len(rows)} findings")
    return f"{len(actions)} actions, large figures {large}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--binary", required=True)
    parser.add_argument("--rows", type=int, default=2000)
    parser.add_argument("--work", type=pathlib.Path, default=pathlib.Path("target/acceptance/priority"))
    options = parser.parse_args()
    shutil.rmtree(options.work, ignore_errors=True)
    passed = failed = 0
    for layout in "ABCD":
        for form in ("csv", "json"):
            work = options.work / f"{layout}-{form}"
            work.mkdir(parents=True)
            try:
                generate(work / "report.csv", options.rows, layout)
                with open(work / "report.csv", newline="") as file:
                    rows = list(csv.DictReader(file))
                # The JSON has all that the newest layout has.
                path, judged = work / "report.csv", rows
                if form == "json":
                    generate(work / "all.csv", options.rows, "D")
                    with open(work / "all.csv", newline="") as file:
                        judged = list(csv.DictReader(file))
                    (work / "report.csv").unlink()
                    (work / "all.csv").unlink()
                    path = work / "report.json"
                    generate(path, options.rows, layout, "--json")
                accounts = sorted({row["AWS Account Id"] for row in judged})
                kev, epss = intelligence(work, judged)
                (work / "conf.toml").write_text(CONFIGURATION % (accounts[0], accounts[1], "json" if layout in "AC" else "csv"))
                reckoning = Reckoning(judged, {accounts[0]}, accounts[1], kev, epss)
                counts = compare(path, work / "out", judged, reckoning, options.binary)
                said = sheets(work / "out", judged, reckoning)
                print(f"ok  layout {layout} as {form} ({dict(counts)}; {said})", flush=True)
                passed += 1
            except (Fault, KeyError, subprocess.CalledProcessError) as fault:
                print(f"FAIL layout {layout} as {form}: {fault!r}", flush=True)
                failed += 1
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

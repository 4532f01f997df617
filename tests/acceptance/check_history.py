#!/usr/bin/env python3
"""History: what `trend` and `compare` say, against a reckoning of its own in Python.

    check_history.py --binary inspector-report [--full] [--work FOLDER]
    check_history.py --reckoning                 # without the program: the reckoning against what is written here by hand

Small histories, whose figures stand here as they must be: opened, closed, vanished, reopened, suppressed and back, images
pushed again, accounts in separate files, accounts that vanish, months without a report, targets met and missed by a second.
And a simulation of eight months: weekly reports of some 500 findings in three accounts and two Regions, as CSV and JSON, whole
and in a file for each account, in which findings are born, fixed, suppressed, rated anew, and images pushed again; every figure
of the JSON is compared (with --full of ten of them). `compare` is judged by a history written by hand and by pairs of the simulation's reports,
in JSON, on the sheets of the workbook, in SARIF and by the exit status of --fail-on.
One line a check, `ok  name (figures)` or `FAIL name: why`; the last line is `N passed, M failed`.
"""
import argparse
import collections
import csv
import datetime
import gzip
import io
import json
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import zipfile
from fractions import Fraction

import run as acceptance

Fault = acceptance.Fault
RANKS = ["critical", "high", "medium", "low", "informational", "untriaged", "other"]
DAY = 86_400_000
A, B, C = "000123456789", "111122223333", "444455556666"
EAST, WEST = "us-east-1", "us-west-2"
COLUMNS = ["AWS Account Id", "Severity", "Fix Available", "Finding Type", "Title", "Description", "Finding ARN", "First Seen", "Last Seen", "Last Updated", "Resource ID", "Container Image Tags", "Region",
           "Resource Tags", "Affected Packages", "Package Installed Version", "Fixed in Version", "File Path", "Inspector Score", "Status", "Vulnerability Id", "Resource Type", "Port Range", "Exploit Available", "Detector Name"]


# ---- Times: whole milliseconds since 1970, UTC ----------------------------------------------------------------------

def at(text):
    """`2026-01-05T12:00`, also with seconds, a fraction, Z or an offset."""
    found = re.fullmatch(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(:\d\d)?(?:\.(\d+))?(?:Z|([+-])(\d\d):?(\d\d))?", text)
    if not found:
        raise Fault(f"{text!r} is no time")
    day, minute, second, fraction, sign, hours, minutes = found.groups()
    moment = datetime.datetime.strptime(f"{day} {minute}{second or ':00'}", "%Y-%m-%d %H:%M:%S").replace(tzinfo=datetime.timezone.utc)
    offset = (int(hours) * 60 + int(minutes)) * 60_000 * (1 if sign == "+" else -1) if sign else 0
    return int(moment.timestamp()) * 1000 + int(((fraction or "") + "000")[:3]) - offset


def moment(ms):
    return datetime.datetime.fromtimestamp(ms // 1000, datetime.timezone.utc)


def stamp(ms, hours=0):
    """As Inspector writes it, in UTC or with an offset."""
    if ms is None:
        return ""
    if hours:
        return f"{moment(ms + hours * 3_600_000):%Y-%m-%dT%H:%M:%S}.{ms % 1000:03}000+{hours:02}:00"
    return f"{moment(ms):%Y-%m-%dT%H:%M:%S}.{ms % 1000:03}Z"


def day(ms):
    return f"{moment(ms):%Y-%m-%d}"


def month(ms):
    return f"{moment(ms):%Y-%m}"


# ---- Findings and reports -------------------------------------------------------------------------------------------

def arn(number, account=A, region=EAST):
    return f"arn:aws:inspector2:{region}:{account}:finding/{number:032x}"


def image(name, digest, account=A, region=EAST):
    return f"arn:aws:ecr:{region}:{account}:repository/{name}/sha256:{digest * 64}"


def f(number, severity="HIGH", status="ACTIVE", first=None, **more):
    """A finding. `number` makes its ARN, and if nothing else is said its instance and its vulnerability too."""
    account, region = more.get("account", A), more.get("region", EAST)
    finding = {"arn": arn(number, account, region), "account": account, "region": region, "severity": severity, "status": status, "first": at(first) if first else None, "last": None, "updated": None,
               "resource": f"i-{number:017x}", "tags": {}, "type": "PACKAGE_VULNERABILITY", "vulnerability": f"CVE-2026-{1000 + number}", "title": None, "packages": ["openssl"], "file": "", "port": "", "detector": ""}
    for name in ("last", "updated"):
        if name in more:
            more[name] = at(more[name])
    unknown = set(more) - set(finding)
    assert not unknown, unknown
    finding.update(more)
    finding["title"] = finding["title"] or f"{finding['vulnerability']} - {', '.join(finding['packages'])}"
    return finding


def report(file, date, *findings):
    """A report whose newest time is `date`: what has no Last Seen of its own was last seen then."""
    date = at(date)
    for one in findings:
        one["last"] = one["last"] or one["updated"] or date
        one["updated"] = one["updated"] or one["last"]
    snapshot = {"file": file, "findings": list(findings)}
    assert date_of(snapshot) == date, (file, date_of(snapshot), date)
    return snapshot


def kind_of(resource):
    return "AWS_ECR_CONTAINER_IMAGE" if ":ecr:" in resource else "AWS_LAMBDA_FUNCTION" if ":function:" in resource else "AWS_EC2_INSTANCE"


def cells(one, hours):
    package = one["type"] == "PACKAGE_VULNERABILITY"
    return {"AWS Account Id": one["account"], "Severity": one["severity"], "Fix Available": "YES" if package else "", "Finding Type": one["type"], "Title": one["title"], "Description": f"About {one['title']}.\nIn two lines, \"quoted\".",
            "Finding ARN": one["arn"], "First Seen": stamp(one["first"], hours), "Last Seen": stamp(one["last"], hours), "Last Updated": stamp(one["updated"], hours), "Resource ID": one["resource"], "Region": one["region"],
            "Resource Tags": ",".join(f"{key}:{value}" for key, value in one["tags"].items()), "Affected Packages": ", ".join(one["packages"]), "Package Installed Version": ", ".join("1.0" for _ in one["packages"]),
            "Fixed in Version": ", ".join("1.1" for _ in one["packages"]), "File Path": one["file"], "Inspector Score": "", "Status": one["status"], "Vulnerability Id": one["vulnerability"] if package else "",
            "Resource Type": kind_of(one["resource"]), "Port Range": one["port"], "Exploit Available": "NO" if package else "", "Detector Name": one["detector"]}


def record(one):
    """The finding as the API has it."""
    out = {"awsAccountId": one["account"], "description": f"About {one['title']}.", "findingArn": one["arn"], "severity": one["severity"], "status": one["status"], "title": one["title"], "type": one["type"],
           "remediation": {"recommendation": {"text": "None Provided"}}, "resources": [{"id": one["resource"], "type": kind_of(one["resource"]), "partition": "aws", "region": one["region"], "tags": one["tags"], "details": {}}]}
    for name, key in (("firstObservedAt", "first"), ("lastObservedAt", "last"), ("updatedAt", "updated")):
        if one[key] is not None:
            out[name] = stamp(one[key])
    found = re.fullmatch(r".*:repository/(.*)/(sha256:.*)", one["resource"])
    if found:
        out["resources"][0]["details"] = {"awsEcrContainerImage": {"repositoryName": found[1], "imageHash": found[2], "registry": one["account"], "imageTags": ["latest"]}}
    if one["type"] == "PACKAGE_VULNERABILITY":
        out.update(fixAvailable="YES", exploitAvailable="NO", packageVulnerabilityDetails={
            "vulnerabilityId": one["vulnerability"], "source": "NVD", "vulnerablePackages": [{"name": name, "version": "1.0", "fixedInVersion": "1.1", **({"filePath": one["file"]} if one["file"] else {})} for name in one["packages"]]})
    elif one["type"] == "NETWORK_REACHABILITY":
        low, high = one["port"].split("-")
        out["networkReachabilityDetails"] = {"openPortRange": {"begin": int(low), "end": int(high)}, "protocol": "TCP", "networkPath": {"steps": []}}
    else:
        out["codeVulnerabilityDetails"] = {"cwes": [], "detectorId": "python/x", "detectorName": one["detector"], "filePath": {"fileName": one["file"].split("/")[-1], "filePath": one["file"], "startLine": 3, "endLine": 4}}
    return out


def save(snapshot, folder, hours=0):
    """Writes a report in the form that its name says."""
    path = folder / snapshot["file"]
    path.parent.mkdir(parents=True, exist_ok=True)
    compressed = path.suffix == ".gz"
    plain = path.with_suffix("") if compressed else path
    if plain.suffix == ".json":
        plain.write_text(json.dumps({"findings": [record(one) for one in snapshot["findings"]]}, ensure_ascii=False), "utf-8")
    else:
        with open(plain, "w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, COLUMNS, restval="")
            writer.writeheader()
            writer.writerows(cells(one, hours) for one in snapshot["findings"])
    if compressed:
        path.write_bytes(gzip.compress(plain.read_bytes(), mtime=0))
        plain.unlink()
    return path


# ---- The reckoning --------------------------------------------------------------------------------------------------

def severities(counts=None, **more):
    """Counts of every severity."""
    counts = {**(counts or {}), **more}
    return {rank: counts.get(rank, 0) for rank in RANKS}


def rank(one):
    name = one["severity"].lower()
    return name if name in RANKS else "other"


def is_open(one):
    return one["status"] not in ("SUPPRESSED", "CLOSED")


def identity(resource):
    """An image is its repository, a function its name, all else its id."""
    found = re.fullmatch(r"arn:aws:ecr:[^:]*:[^:]*:repository/(.*)/sha256:[0-9a-f]*", resource) or re.fullmatch(r"arn:aws:lambda:[^:]*:[^:]*:function:([^:]*)(?::.*)?", resource)
    return found[1] if found else resource


def key_of(one):
    named = one["vulnerability"] if one["type"] == "PACKAGE_VULNERABILITY" and one["vulnerability"] else one["title"]
    return one["account"], one["region"], identity(one["resource"]), one["file"], one["type"], named, one["port"], one["detector"], frozenset(one["packages"])


def owner(one):
    return next((one["tags"][name] for name in ("Owner", "Team", "Contact") if name in one["tags"]), "")


def date_of(snapshot):
    def newest(*names):
        return max((one[name] for one in snapshot["findings"] for name in names if one[name] is not None), default=None)
    seen = newest("last", "updated")
    return newest("first") if seen is None else seen


def last_word(one):
    """Of the rows of one finding that counts for which this is the greatest: updated last, then seen last, then open, then severe."""
    least = float("-inf")
    return (least if one["updated"] is None else one["updated"], least if one["last"] is None else one["last"], is_open(one), -RANKS.index(rank(one)))


def each_once(findings):
    """Of each ARN the row that counts; what has none is a finding of its own."""
    last, alone = {}, []
    for one in findings:
        if not one["arn"]:
            alone.append(one)
        elif one["arn"] not in last or last_word(one) > last_word(last[one["arn"]]):
            last[one["arn"]] = one
    kept = {id(one) for one in last.values()} | {id(one) for one in alone}
    return [one for one in findings if id(one) in kept]


def in_order(one):
    """Open first, the oldest First Seen first; without one before all."""
    return not is_open(one), -1 if one["first"] is None else one["first"]


class Track:
    """A finding through all reports. `state` is open, aside, closed (fixed) or gone (fixed), forgotten."""

    def __init__(self, number):
        self.number, self.first, self.again, self.finding, self.sighted, self.state, self.report = number, None, None, None, None, None, -1

    def start(self):
        return self.again if self.again is not None else self.first

    def saw(self, one, date):
        self.finding, self.sighted = one, date
        if one["first"] is not None and (self.first is None or one["first"] < self.first):
            self.first = one["first"]


def by_arn(line):
    """Lists are compared in this order; whether theirs is right is looked at apart."""
    return line["arn"], line.get("title", "")


def placed(one):
    return one["account"], one["region"]


def reckon(snapshots, sla=None, by=("account", "owner")):
    """All that the JSON of `trend` says, times in milliseconds."""
    dated = sorted(((date_of(s), s["file"], s) for s in snapshots if date_of(s) is not None), key=lambda x: x[:2])
    first, end = dated[0][0], dated[-1][0]
    tracks, events, places, series, told, month_ends = [], [], [], {}, [], {}
    before = collections.Counter()

    def event(kind, track, when, days=None):
        events.append({"kind": kind, "when": when, "severity": rank(track.finding), "days": days, "finding": track.finding})

    def fixed(track, when):
        start = track.start()
        event("fixed", track, when, None if start is None else max(0, when - start) / DAY)

    unsure, late, today = {}, 0, None

    def see(rows, number, date):
        """What a picture of some places says of their findings."""
        rows = each_once(rows)
        known = {track.finding["arn"]: track for track in tracks if track.finding["arn"]}
        pairs = [(known[one["arn"]], one) for one in rows if one["arn"] and one["arn"] in known]
        taken = {track.number for track, _ in pairs}
        waiting = collections.defaultdict(list)
        for track in sorted(tracks, key=lambda t: (t.state != "open", -1 if t.first is None else t.first, t.finding["arn"], t.number)):
            if track.number not in taken and track.report < today["first"]:
                waiting[key_of(track.finding)].append(track)
        for one in sorted((one for one in rows if not (one["arn"] and one["arn"] in known)), key=in_order):
            same = waiting[key_of(one)]
            if same:
                pairs.append((same.pop(0), one))
            else:
                track = Track(len(tracks))
                tracks.append(track)
                pairs.append((track, one))

        for track, one in pairs:
            state, sighted, was = track.state, track.sighted, track.finding
            track.report, track.sighted = number, date
            # Delivered again, after a newer one.
            if one["arn"] and was and was["arn"] == one["arn"] and None not in (one["updated"], was["updated"]) and was["updated"] - one["updated"] >= 60_000:
                if None in (one["last"], was["last"]) or one["last"] <= was["last"]:
                    continue
            track.saw(one, date)
            if is_open(one):
                track.state = "open"
                if state is None:
                    opened = date if track.first is None else track.first
                    if opened > first:
                        event("opened", track, opened)
                    else:
                        before[rank(one)] += 1
                elif state == "aside":
                    event("unsuppressed", track, date)
                elif state != "open":
                    track.again = date
                    event("reopened", track, date)
            elif one["status"] == "SUPPRESSED":
                track.state = "aside"
                if state == "open":
                    event("setAside", track, date)
            else:
                track.state = "closed"
                if state == "open":
                    inside = one["updated"] is not None and sighted < one["updated"] <= date
                    fixed(track, one["updated"] if inside else date)

    def end_of_day():
        """What no report of the day has, at a place that one covers and all that name it were read whole, is gone."""
        nonlocal late
        for picture in today["pictures"]:
            see(picture["rows"], picture["number"], picture["date"])
        for track in tracks:
            where = placed(track.finding)
            if track.report < today["first"] and where in today["covered"] and where not in today["cut"]:
                if track.state == "open":
                    track.state = "gone"
                    late += unsure.get(where, -1) > track.report
                    fixed(track, today["covered"][where])
                elif track.state == "aside":
                    track.state = "forgotten"
        for where in today["cut"]:
            unsure[where] = today["first"]
        now = collections.Counter(rank(track.finding) for track in tracks if track.state == "open")
        series[today["day"]] = month_ends[today["day"][:7]] = severities(now)

    for number, (date, file, snapshot) in enumerate(dated):
        if today and today["day"] != day(date):
            end_of_day()
            today = None
        own = {placed(one) for one in snapshot["findings"]}
        covered = set()
        today = today or {"day": day(date), "first": number, "covered": {}, "cut": set(), "pictures": []}
        if snapshot.get("cut"):
            today["cut"] |= own
        else:
            covered = set(own)
            best, found = None, None
            for earlier in places:
                if own & earlier:
                    alike = Fraction(len(own & earlier), len(own | earlier))
                    if best is None or alike >= best:  # the latest of those that are as much alike
                        best, found = alike, earlier
            if found and 2 * len(own & found) >= len(found):
                covered |= found
            places.append(own)
            today["covered"].update(dict.fromkeys(covered, date))
        # Reports of the day that have a place in common are one.
        whole = {"places": set(own), "rows": list(snapshot["findings"]), "number": number, "date": date}
        for other in [other for other in today["pictures"] if other["places"] & whole["places"]]:
            today["pictures"].remove(other)
            whole = {"places": other["places"] | whole["places"], "rows": other["rows"] + whole["rows"], "number": number, "date": date}
        today["pictures"].append(whole)
        rows = each_once(snapshot["findings"])
        told.append({"file": file, "date": date, "findings": len(rows), "open": sum(map(is_open, rows)), "coversMore": sorted(covered - own), "incomplete": bool(snapshot.get("cut"))})
    end_of_day()
    uncertain = collections.Counter(rank(track.finding) for track in tracks if track.state == "open" and unsure.get(placed(track.finding), -1) > track.report)

    months, standing = [], severities()
    year, number = map(int, month(first).split("-"))
    while f"{year:04}-{number:02}" <= month(end):
        name = f"{year:04}-{number:02}"
        standing = month_ends.get(name, standing)
        of_month = [e for e in events if month(e["when"]) == name]
        months.append({"month": name, **{kind: severities(collections.Counter(e["severity"] for e in of_month if e["kind"] == kind)) for kind in ("opened", "reopened", "fixed", "setAside", "unsuppressed")}, "open": standing})
        year, number = (year + 1, 1) if number == 12 else (year, number + 1)

    def times(days):
        timed = sorted(x for x in days if x is not None)
        return {"fixed": len(days), "timed": len(timed), "mean": sum(timed) / len(timed) if timed else None, "percentile90": timed[(9 * len(timed) + 9) // 10 - 1] if timed else None}

    fixes = [e for e in events if e["kind"] == "fixed"]
    ends = [track for track in tracks if track.state == "open"]
    oldest, overdue = [], []
    for track in ends:
        one, start = track.finding, track.start()
        line = {"severity": rank(one), "vulnerabilityId": one["vulnerability"] if one["type"] == "PACKAGE_VULNERABILITY" else "", "title": one["title"], "account": one["account"], "region": one["region"], "owner": owner(one),
                "since": start, "days": None if start is None else (end - start) / DAY, "arn": one["arn"]}
        oldest.append(line)
        target = (sla or {}).get(rank(one))
        if target is not None and start is not None and end - start > target * DAY:
            overdue.append({**line, "target": target, "daysOver": line["days"] - target})

    def name_of(one, what):
        if what.startswith("tag:"):
            return one["tags"].get(what[4:], "")
        return owner(one) if what == "owner" else one[what]

    groups = {}
    overdue_arns = {line["arn"] for line in overdue}
    for what in by:
        values = collections.defaultdict(lambda: {"open": collections.Counter(), "opened": 0, "days": [], "overdue": 0})
        for e in events:
            group = values[name_of(e["finding"], what)]
            if e["kind"] in ("opened", "reopened"):
                group["opened"] += 1
            elif e["kind"] == "fixed":
                group["days"].append(e["days"])
        for track in ends:
            group = values[name_of(track.finding, what)]
            group["open"][rank(track.finding)] += 1
            group["overdue"] += track.finding["arn"] in overdue_arns
        groups[what] = {name: {"open": severities(group["open"]), "opened": group["opened"], "fixed": len(group["days"]), "meanDays": times(group["days"])["mean"], "overdue": group["overdue"]}
                        for name, group in values.items() if group["open"] or group["opened"] or group["days"]}
    result = {
        "from": first, "to": end, "reports": told, "series": [{"date": date, "open": counts} for date, counts in sorted(series.items())], "before": severities(before), "months": months,
        "daysToFix": {**{name: times([e["days"] for e in fixes if e["severity"] == name]) for name in RANKS}, "all": times([e["days"] for e in fixes])}, "groups": groups,
        "oldest": sorted(oldest, key=by_arn),
        "uncertain": {"open": severities(uncertain), "fixedLate": late, "reports": sum(bool(s.get("cut")) for _, _, s in dated)},
    }
    if sla:
        judged = {name: [e["days"] for e in fixes if e["severity"] == name and e["days"] is not None] for name in sla}
        result["targets"] = [{"severity": name, "days": sla[name], "overdue": sum(line["severity"] == name for line in overdue), "fixed": len(judged[name]), "inTime": sum(days <= sla[name] for days in judged[name])} for name in RANKS if name in sla]
        result["overdue"] = sorted(overdue, key=by_arn)
    return result


def balanced(result):
    """What was open, and came, and went, is what is open."""
    def total(kind):
        return sum(sum(one[kind].values()) for one in result["months"])
    left = sum(result["before"].values()) + total("opened") + total("reopened") + total("unsuppressed") - total("fixed") - total("setAside")
    end = sum(result["months"][-1]["open"].values())
    if left != end or end != sum(result["series"][-1]["open"].values()) or end != len(result["oldest"]):
        raise Fault(f"{left} are left by the events, {end} open at the end of the last month, {sum(result['series'][-1]['open'].values())} on the last day, {len(result['oldest'])} listed")


def as_reckoned(said):
    """What the program wrote, in the form of the reckoning."""
    def lines(found, key):
        shown = [{**{name: line[name] for name in ("title", "account", "region", "owner", "days", "arn")}, "vulnerabilityId": line["vulnerabilityId"] or "", "severity": rank(line), "since": None if line["since"] is None else at(line["since"]),
                  **{name: line[name] for name in ("target", "daysOver") if name in line}} for line in found]
        for earlier, later in zip(shown, shown[1:]):
            if key(earlier) > key(later) + 1e-6:
                raise Fault(f"{later['arn']} stands behind {earlier['arn']}")
        if any(not line["resource"] for line in found):
            raise Fault("a finding on a list has no resource")
        return sorted(shown, key=by_arn)
    result = {
        "from": at(said["from"]), "to": at(said["to"]),
        "reports": [{"file": pathlib.PurePath(one["file"]).name, "date": at(one["date"]), "findings": one["findings"], "open": one["open"], "coversMore": sorted(map(tuple, one["coversMore"])), "incomplete": one["incomplete"]} for one in said["reports"]],
        "uncertain": said["uncertain"],
        "series": said["series"], "before": said["before"], "months": said["months"], "daysToFix": said["daysToFix"],
        "groups": {group["by"]: {value["name"]: {name: value[name] for name in ("open", "opened", "fixed", "meanDays", "overdue")} for value in group["values"]} for group in said["groups"]},
        "oldest": lines(said["oldest"], lambda line: float("inf") if line["since"] is None else line["since"]),
    }
    for group in said["groups"]:
        worst = [value["open"]["critical"] for value in group["values"]]
        if worst != sorted(worst, reverse=True) or len({value["name"] for value in group["values"]}) != len(worst):
            raise Fault(f"groups by {group['by']}: not the most critical first, or a name twice")
    if "targets" in said:
        result["targets"] = said["targets"]
        result["overdue"] = lines(said["overdue"], lambda line: -line["daysOver"])
    return result


def differences(wanted, found, where=""):
    """Where two trees of figures differ. What is wanted may say less than what is found, in objects alone."""
    if isinstance(wanted, dict) and isinstance(found, dict):
        for name, value in wanted.items():
            if name in found:
                yield from differences(value, found[name], f"{where}.{name}" if where else name)
            else:
                yield f"{where}.{name} is missing"
    elif isinstance(wanted, (list, tuple)) and isinstance(found, (list, tuple)):
        if len(wanted) != len(found):
            yield f"{where} has {len(found)} elements and not {len(wanted)}"
        for n, (one, other) in enumerate(zip(wanted, found)):
            label = next((str(one[name]) for name in ("month", "file", "severity", "arn") if isinstance(one, dict) and name in one), n)
            yield from differences(one, other, f"{where}[{label}]")
    elif isinstance(wanted, float) or isinstance(found, float):
        if not isinstance(wanted, (int, float)) or not isinstance(found, (int, float)) or abs(wanted - found) > 1e-6:
            yield f"{where} is {found!r} and not {wanted!r}"
    elif wanted != found:
        yield f"{where} is {found!r} and not {wanted!r}"


def agree(what, wanted, found, whole=True):
    """`whole`: nothing may be there that is not wanted, either."""
    faults = list(differences(wanted, found))
    if whole:
        faults += [f"{text} (not reckoned)" for text in differences(found, wanted) if text.endswith(" is missing")]
    if faults:
        raise Fault(f"{what}: {len(faults)} differences: {'; '.join(faults[:6])}")


def figures(tree):
    return sum(map(figures, tree.values() if isinstance(tree, dict) else tree)) if isinstance(tree, (dict, list, tuple)) else 1


# ---- Histories written by hand --------------------------------------------------------------------------------------

SLA = {"critical": 7, "high": 30, "medium": 90}


def of_month(name, opened=None, reopened=None, fixed=None, aside=None, back=None, left=None):
    return {"month": name, "opened": severities(opened), "reopened": severities(reopened), "fixed": severities(fixed), "setAside": severities(aside), "unsuppressed": severities(back), "open": severities(left)}


def on_days(**days):
    return [{"date": name[1:].replace("_", "-"), "open": severities(counts)} for name, counts in days.items()]


def time_of(fixed, timed, mean, percentile):
    return {"fixed": fixed, "timed": timed, "mean": mean, "percentile90": percentile}


def life():
    """Each thing that can become of a finding, in one account; names of files in another order than the dates; a month without a report."""
    first = {"a": "2026-01-01T12:00", "b": "2026-01-03T00:00", "c": "2025-12-25T12:00", "d": "2025-12-01T00:00", "e": "2026-01-08T12:00", "g": "2026-01-04T00:00"}
    number = {name: n for n, name in enumerate("abcdeg", 1)}

    def one(name, *more, **named):
        return f(number[name], *more, first=first[name], **named)
    return [
        report("e.csv", "2026-01-05T12:00", one("a", "CRITICAL"), one("b", "HIGH"), one("c", "MEDIUM", "SUPPRESSED"), one("d", "LOW", "CLOSED", updated="2026-01-02T00:00")),
        report("d.json", "2026-01-12T12:00", one("a", "CRITICAL", "CLOSED", updated="2026-01-10T12:00"), one("c", "MEDIUM"), one("e", "UNTRIAGED")),
        report("c.csv.gz", "2026-03-02T12:00", one("a", "CRITICAL"), one("c", "MEDIUM", "SUPPRESSED"), one("d", "LOW"), one("e", "HIGH"), one("g", "INFORMATIONAL")),
        # Closed by a row that was updated before the one of 2 March: that one is newer, so the finding is open until it is gone.
        report("b.csv", "2026-03-12T12:00", one("a", "CRITICAL", "CLOSED", updated="2026-03-01T12:00"), one("d", "LOW"), one("e", "HIGH"), one("g", "INFORMATIONAL")),
        # Suppressed ones are forgotten when they are not listed: this one is back, and opens again.
        report("a.csv", "2026-03-20T12:00", one("c", "MEDIUM"), one("e", "HIGH"), one("g", "INFORMATIONAL")),
    ], {
        "from": at("2026-01-05T12:00"), "to": at("2026-03-20T12:00"),
        "reports": [{"file": file, "findings": n, "open": opened, "coversMore": []} for file, n, opened in (("e.csv", 4, 2), ("d.json", 3, 2), ("c.csv.gz", 5, 4), ("b.csv", 4, 3), ("a.csv", 3, 3))],
        # g was seen first before the first report, and listed later.
        "before": severities(critical=1, high=1, informational=1),
        "months": [
            of_month("2026-01", opened={"untriaged": 1}, fixed={"critical": 1, "high": 1}, back={"medium": 1}, left={"medium": 1, "untriaged": 1}),
            of_month("2026-02", left={"medium": 1, "untriaged": 1}),
            of_month("2026-03", reopened={"critical": 1, "medium": 1, "low": 1}, fixed={"critical": 1, "low": 1}, aside={"medium": 1}, left={"high": 1, "medium": 1, "informational": 1}),
        ],
        "series": on_days(_2026_01_05={"critical": 1, "high": 1}, _2026_01_12={"medium": 1, "untriaged": 1}, _2026_03_02={"critical": 1, "high": 1, "low": 1, "informational": 1},
                          _2026_03_12={"critical": 1, "high": 1, "low": 1, "informational": 1}, _2026_03_20={"high": 1, "medium": 1, "informational": 1}),
        # a: 9 days, and 18 since it was back; b: 9.5; d: 18 since it was back.
        "daysToFix": {"critical": time_of(2, 2, 13.5, 18.0), "high": time_of(1, 1, 9.5, 9.5), "medium": time_of(0, 0, None, None), "low": time_of(1, 1, 18.0, 18.0), "all": time_of(4, 4, 13.625, 18.0)},
        "oldest": [{"arn": arn(6), "severity": "informational", "since": at("2026-01-04T00:00"), "days": 75.5}, {"arn": arn(5), "severity": "high", "since": at("2026-01-08T12:00"), "days": 71.0},
                   {"arn": arn(3), "severity": "medium", "since": at("2026-03-20T12:00"), "days": 0.0}],
        "overdue": [{"arn": arn(5), "target": 30, "daysOver": 41.0}],
        "targets": [{"severity": "critical", "days": 7, "overdue": 0, "fixed": 2, "inTime": 0}, {"severity": "high", "days": 30, "overdue": 1, "fixed": 1, "inTime": 1}, {"severity": "medium", "days": 90, "overdue": 0, "fixed": 0, "inTime": 0}],
        "groups": {"account": {A: {"open": severities(high=1, medium=1, informational=1), "opened": 4, "fixed": 4, "meanDays": 13.625, "overdue": 1}}},
    }


def pushed():
    """New ARNs and First Seen for what is the same: an image, a function's version, an instance scanned anew."""
    function = "arn:aws:lambda:us-east-1:000123456789:function:resize"

    def api(number, digest, first, **more):
        return f(number, "HIGH", first=first, resource=image("shop/api", digest), vulnerability="CVE-2026-1", **more)

    def lam(number, version, first):
        return f(number, "MEDIUM", first=first, resource=f"{function}:{version}", vulnerability="CVE-2026-2", file="requirements.txt")
    return [
        report("1.csv", "2026-01-05T12:00", api(1, "a", "2026-01-01T12:00"), lam(2, "$LATEST", "2026-01-02T12:00"), f(3, "LOW", first="2026-01-03T12:00", resource="i-1", vulnerability="CVE-2026-3"),
               f(4, "CRITICAL", first="2026-01-04T12:00", resource=image("shop/web", "b"), vulnerability="CVE-2026-4")),
        report("2.json", "2026-01-12T12:00", api(11, "c", "2026-01-10T12:00"), lam(12, "7", "2026-01-10T12:00"), f(13, "LOW", first="2026-01-11T12:00", resource="i-1", vulnerability="CVE-2026-3"),
               # The same image name in another repository is another image.
               f(14, "CRITICAL", first="2026-01-09T12:00", resource=image("core/web", "b"), vulnerability="CVE-2026-4")),
        report("3.csv", "2026-01-19T12:00", api(21, "d", "2026-01-13T12:00", status="CLOSED", updated="2026-01-15T12:00"), lam(12, "7", "2026-01-10T12:00"), f(13, "LOW", first="2026-01-11T12:00", resource="i-1", vulnerability="CVE-2026-3"),
               f(14, "CRITICAL", first="2026-01-09T12:00", resource=image("core/web", "b"), vulnerability="CVE-2026-4")),
    ], {
        "before": severities(critical=1, high=1, medium=1, low=1),
        "months": [of_month("2026-01", opened={"critical": 1}, fixed={"critical": 1, "high": 1}, left={"critical": 1, "medium": 1, "low": 1})],
        # The closed one since January 1: its oldest First Seen is carried over.
        "daysToFix": {"critical": time_of(1, 1, 8.0, 8.0), "high": time_of(1, 1, 14.0, 14.0), "all": time_of(2, 2, 11.0, 14.0)},
        "oldest": [{"arn": arn(12), "since": at("2026-01-02T12:00"), "days": 17.0}, {"arn": arn(13), "since": at("2026-01-03T12:00"), "days": 16.0}, {"arn": arn(14), "since": at("2026-01-09T12:00"), "days": 10.0}],
        "overdue": [{"arn": arn(14), "daysOver": 3.0}],
        "targets": [{"severity": "critical", "days": 7, "overdue": 1, "fixed": 1, "inTime": 0}, {"severity": "high", "days": 30, "overdue": 0, "fixed": 1, "inTime": 1}, {"severity": "medium", "days": 90, "overdue": 0, "fixed": 0, "inTime": 0}],
    }


def twin(number, digest, first, **more):
    return f(number, first=first, resource=image("shop/api", digest), vulnerability="CVE-2026-1", **more)


def twins():
    """Two images of one repository have the same vulnerability; both are pushed again: the older is the older."""
    return [
        report("1.csv", "2026-01-05T12:00", twin(2, "b", "2026-01-03T12:00"), twin(1, "a", "2026-01-01T12:00")),
        report("2.csv", "2026-01-12T12:00", twin(12, "d", "2026-01-09T12:00"), twin(11, "c", "2026-01-08T12:00")),
        report("3.csv", "2026-01-19T12:00", twin(11, "c", "2026-01-08T12:00")),
    ], {
        "before": severities(high=2),
        "months": [of_month("2026-01", fixed={"high": 1}, left={"high": 1})],
        "daysToFix": {"high": time_of(1, 1, 16.0, 16.0)},
        "oldest": [{"arn": arn(11), "since": at("2026-01-01T12:00"), "days": 18.0}],
    }


def fixed_twin():
    """A fixed finding does not take the new ARN from an open one with the same key, however old it is."""
    return [
        report("1.csv", "2026-01-05T12:00", twin(1, "a", "2026-01-01T12:00"), twin(2, "b", "2026-01-03T12:00")),
        report("2.csv", "2026-01-12T12:00", twin(2, "b", "2026-01-03T12:00")),
        report("3.csv", "2026-01-19T12:00", twin(3, "c", "2026-01-18T12:00")),
    ], {
        "months": [of_month("2026-01", fixed={"high": 1}, left={"high": 1})],
        "daysToFix": {"high": time_of(1, 1, 11.0, 11.0)},
        "oldest": [{"arn": arn(3), "since": at("2026-01-03T12:00"), "days": 16.0}],
    }


def closed_and_new():
    """The old image's finding is in the report, closed, beside that of the new image: one is fixed and one opened."""
    return [
        report("1.csv", "2026-01-05T12:00", twin(1, "a", "2026-01-01T12:00")),
        report("2.csv", "2026-02-02T12:00", twin(1, "a", "2026-01-01T12:00", status="CLOSED", updated="2026-01-31T12:00"), twin(2, "b", "2026-02-01T12:00")),
    ], {
        "before": severities(high=1),
        # The end of January is as its last report has it: the fix was known in February.
        "months": [of_month("2026-01", fixed={"high": 1}, left={"high": 1}), of_month("2026-02", opened={"high": 1}, left={"high": 1})],
        "daysToFix": {"high": time_of(1, 1, 30.0, 30.0)},
        "oldest": [{"arn": arn(2), "since": at("2026-02-01T12:00"), "days": 1.0}],
        "targets": [{"severity": "critical", "days": 7, "overdue": 0, "fixed": 0, "inTime": 0}, {"severity": "high", "days": 30, "overdue": 0, "fixed": 1, "inTime": 1}, {"severity": "medium", "days": 90, "overdue": 0, "fixed": 0, "inTime": 0}],
    }


def back_by_push():
    """Fixed, and back with a new image: reopened, and counted from then."""
    anchor = {"severity": "INFORMATIONAL", "first": "2025-12-01T00:00"}
    return [
        report("1.csv", "2026-01-05T12:00", twin(1, "a", "2026-01-01T12:00"), f(9, **anchor)),
        report("2.csv", "2026-01-12T12:00", f(9, **anchor)),
        report("3.csv", "2026-01-19T12:00", twin(2, "b", "2026-01-18T12:00"), f(9, **anchor)),
        report("4.csv", "2026-01-26T12:00", f(9, **anchor)),
    ], {
        "before": severities(high=1, informational=1),
        "months": [of_month("2026-01", reopened={"high": 1}, fixed={"high": 2}, left={"informational": 1})],
        "daysToFix": {"high": time_of(2, 2, 9.0, 11.0)},
    }


def two_accounts():
    """Two accounts in separate files, on the same days; grouped by account and by owner."""
    a1 = {"first": "2026-01-01T12:00", "tags": {"Owner": "platform", "Team": "other"}}
    a2 = {"severity": "LOW", "first": "2026-01-01T12:00", "tags": {"Contact": "基盤チーム", "Name": "x"}}
    b1 = {"severity": "CRITICAL", "first": "2026-01-02T13:00", "account": B, "tags": {"Team": "platform"}}
    b2 = {"severity": "CRITICAL", "first": "2026-01-06T13:00", "account": B}
    return [
        report("a-1.csv", "2026-01-05T12:00", f(1, **a1), f(2, **a2)),
        report("b-1.csv", "2026-01-05T13:00", f(3, **b1)),
        report("a-2.csv", "2026-01-12T12:00", f(2, **a2)),
        report("b-2.csv", "2026-01-12T13:00", f(3, **b1), f(4, **b2)),
    ], {
        "reports": [{"file": file, "coversMore": []} for file in ("a-1.csv", "b-1.csv", "a-2.csv", "b-2.csv")],
        "before": severities(critical=1, high=1, low=1),
        "series": on_days(_2026_01_05={"critical": 1, "high": 1, "low": 1}, _2026_01_12={"critical": 2, "low": 1}),
        "months": [of_month("2026-01", opened={"critical": 1}, fixed={"high": 1}, left={"critical": 2, "low": 1})],
        "groups": {
            "account": {A: {"open": severities(low=1), "opened": 0, "fixed": 1, "meanDays": 11.0, "overdue": 0}, B: {"open": severities(critical=2), "opened": 1, "fixed": 0, "meanDays": None, "overdue": 1}},
            "owner": {"platform": {"open": severities(critical=1), "opened": 0, "fixed": 1, "meanDays": 11.0, "overdue": 1}, "基盤チーム": {"open": severities(low=1), "opened": 0, "fixed": 0, "meanDays": None, "overdue": 0},
                      "": {"open": severities(critical=1), "opened": 1, "fixed": 0, "meanDays": None, "overdue": 0}},
        },
        "overdue": [{"arn": arn(3, B), "daysOver": 3.0}],
    }


def vanished():
    """An account that an organisation's report has no more is clean, as long as the report has half of the places of the one before."""
    def whole(*accounts):
        return [f(n, "HIGH", first="2026-01-01T12:00", account=account) for n, account in enumerate((A, B, C), 1) if account in accounts]
    return [
        report("1.csv", "2026-01-05T12:00", *whole(A, B, C)),
        report("2.csv", "2026-01-12T12:00", *whole(A, B)),
        report("3.csv", "2026-01-19T12:00", *whole(A)),
        report("4.csv", "2026-01-26T12:00", *whole(A, B, C)),
    ], {
        "reports": [{"file": "1.csv", "coversMore": []}, {"file": "2.csv", "coversMore": [(C, EAST)]}, {"file": "3.csv", "coversMore": [(B, EAST)]}, {"file": "4.csv", "coversMore": []}],
        "series": on_days(_2026_01_05={"high": 3}, _2026_01_12={"high": 2}, _2026_01_19={"high": 1}, _2026_01_26={"high": 3}),
        "months": [of_month("2026-01", reopened={"high": 2}, fixed={"high": 2}, left={"high": 3})],
        "daysToFix": {"high": time_of(2, 2, 14.5, 18.0)},
    }


def part_of_it():
    """A report of two of five places says nothing of the three others; the same account in another Region is another place."""
    def some(*chosen):
        places = [(A, EAST), (A, WEST), (B, EAST), (B, WEST), (C, EAST)]
        return [f(n, "HIGH", first="2026-01-01T12:00", account=places[n][0], region=places[n][1]) for n in chosen]
    return [
        report("1.csv", "2026-01-05T12:00", *some(0, 1, 2, 3, 4)),
        report("2.csv", "2026-01-12T12:00", *some(0, 2)),
        # Most like the second, of which it has one of two places: it speaks for the other too.
        report("3.csv", "2026-01-19T12:00", *some(0)),
        # Like the first again: it has three of five, and the two others are clean.
        report("4.csv", "2026-01-26T12:00", *some(0, 1, 3)),
    ], {
        "reports": [{"file": "1.csv", "coversMore": []}, {"file": "2.csv", "coversMore": []}, {"file": "3.csv", "coversMore": [(B, EAST)]}, {"file": "4.csv", "coversMore": [(B, EAST), (C, EAST)]}],
        "series": on_days(_2026_01_05={"high": 5}, _2026_01_12={"high": 5}, _2026_01_19={"high": 4}, _2026_01_26={"high": 3}),
        "months": [of_month("2026-01", fixed={"high": 2}, left={"high": 3})],
        "daysToFix": {"high": time_of(2, 2, 21.5, 25.0)},
    }


def as_much_alike():
    """Of two reports that are as much like the third, the later one is that before it."""
    def some(*accounts):
        return [f(n, "HIGH", first="2026-01-01T12:00", account=account) for n, account in enumerate((A, B, C), 1) if account in accounts]
    return [
        report("1.csv", "2026-01-05T12:00", *some(A, B)),
        report("2.csv", "2026-01-12T12:00", *some(A, C)),
        report("3.csv", "2026-01-19T12:00", *some(A)),
    ], {
        # The second has half of the places of the first, and speaks for B; the third so for C, and not for B again.
        "reports": [{"file": "1.csv", "coversMore": []}, {"file": "2.csv", "coversMore": [(B, EAST)]}, {"file": "3.csv", "coversMore": [(C, EAST)]}],
        "series": on_days(_2026_01_05={"high": 2}, _2026_01_12={"high": 2}, _2026_01_19={"high": 1}),
        "before": severities(high=3),
        "daysToFix": {"high": time_of(2, 2, 14.5, 18.0)},
    }


def targets():
    """To the second: a finding is overdue when more days have gone than its target; the month is that of UTC."""
    return [
        report("1.csv", "2026-01-31T12:00", f(1, "CRITICAL", first="2026-01-31T11:00"), f(2, "CRITICAL", first="2026-01-30T12:00"), f(8, "LOW", first="2025-01-01T00:00")),
        report("2.csv", "2026-02-10T12:00",
               f(1, "CRITICAL", "CLOSED", first="2026-01-31T11:00", updated="2026-02-07T11:00"),       # 7 days: in time
               f(2, "CRITICAL", "CLOSED", first="2026-01-30T12:00", updated="2026-02-06T12:00:01"),    # and a second: late
               f(3, "CRITICAL", first="2026-02-03T12:00"), f(4, "CRITICAL", first="2026-02-03T11:59:59"),
               f(5, "HIGH", first="2026-01-11T12:00"), f(6, "HIGH", first="2026-01-11T11:59:58"),
               f(7, "MEDIUM", first="2025-11-12T11:00"), f(8, "LOW", first="2025-01-01T00:00"),
               f(10, "LOW", first="2026-01-31T23:59:59.999"), f(11, "LOW", first="2026-02-01T00:00"), f(12, "LOW", first="2026-02-01T08:59:59+09:00")),
    ], {
        "before": severities(critical=2, high=2, medium=1, low=1),
        "months": [of_month("2026-01", opened={"low": 2}, left={"critical": 2, "low": 1}), of_month("2026-02", opened={"critical": 2, "low": 1}, fixed={"critical": 2}, left={"critical": 2, "high": 2, "medium": 1, "low": 4})],
        "overdue": [{"arn": arn(7), "daysOver": 1 / 24}, {"arn": arn(6), "daysOver": 2 / 86_400}, {"arn": arn(4), "daysOver": 1 / 86_400}],
        "targets": [{"severity": "critical", "days": 7, "overdue": 1, "fixed": 2, "inTime": 1}, {"severity": "high", "days": 30, "overdue": 1, "fixed": 0, "inTime": 0}, {"severity": "medium", "days": 90, "overdue": 1, "fixed": 0, "inTime": 0}],
    }


def same_date():
    """Two reports of the same time are one picture: of rows of one finding that are as new the open one counts, else the newer."""
    anchor = f(9, "INFORMATIONAL", first="2026-01-01T00:00")
    return [
        report("a.csv", "2026-01-05T12:00", f(1, first="2026-01-01T12:00"), f(2, "LOW", "CLOSED", first="2026-01-02T12:00", updated="2026-01-04T12:00"), anchor),
        report("b.csv", "2026-01-05T12:00", f(1, "HIGH", "CLOSED", first="2026-01-01T12:00", updated="2026-01-05T12:00"), f(2, "LOW", first="2026-01-02T12:00"), dict(anchor)),
    ], {
        "from": at("2026-01-05T12:00"), "to": at("2026-01-05T12:00"),
        "before": severities(high=1, low=1, informational=1),
        "series": on_days(_2026_01_05={"high": 1, "low": 1, "informational": 1}),
        "months": [of_month("2026-01", left={"high": 1, "low": 1, "informational": 1})],
        "daysToFix": {"high": time_of(0, 0, None, None)},
        "oldest": [{"arn": arn(9)}, {"arn": arn(1), "since": at("2026-01-01T12:00"), "days": 4.0}, {"arn": arn(2), "since": at("2026-01-02T12:00"), "days": 3.0}],
    }


def without_times():
    """No First Seen: opened when it was listed first; a fix that cannot be timed is counted, and not timed."""
    return [
        report("1.csv", "2026-01-05T12:00", f(1), f(2, "LOW", first="2026-01-01T12:00")),
        report("2.csv", "2026-01-12T12:00", f(3, "CRITICAL"), f(2, "LOW", first="2026-01-01T12:00")),
        report("3.json", "2026-01-26T12:00", f(3, "CRITICAL"), f(2, "LOW", first="2026-01-01T12:00")),
    ], {
        "before": severities(high=1, low=1),
        "months": [of_month("2026-01", opened={"critical": 1}, fixed={"high": 1}, left={"critical": 1, "low": 1})],
        "daysToFix": {"high": time_of(1, 0, None, None), "all": time_of(1, 0, None, None)},
        "oldest": [{"arn": arn(2)}, {"arn": arn(3), "since": None, "days": None}],
        "overdue": [], "targets": [{"severity": name, "days": days, "overdue": 0, "fixed": 0, "inTime": 0} for name, days in SLA.items()],
    }


def aside():
    """Suppressed, and what may follow; and what is first known as suppressed or closed."""
    def one(n, *more):
        return f(n, *more, first="2026-01-01T12:00")
    closed = {"updated": "2026-01-03T12:00"}
    return [
        report("1.csv", "2026-01-05T12:00", one(1), one(2), one(3, "LOW", "SUPPRESSED"), f(4, "LOW", "CLOSED", first="2026-01-01T12:00", **closed), one(9, "INFORMATIONAL")),
        report("2.csv", "2026-01-12T12:00", one(1, "HIGH", "SUPPRESSED"), one(2, "HIGH", "SUPPRESSED"), f(3, "LOW", "CLOSED", first="2026-01-01T12:00", updated="2026-01-10T12:00"), one(4, "LOW", "SUPPRESSED"), one(9, "INFORMATIONAL")),
        # 1 is fixed while set aside, which is no event; 2 and 4 are open; 3 opens again.
        report("3.csv", "2026-01-19T12:00", f(1, "HIGH", "CLOSED", first="2026-01-01T12:00", updated="2026-01-15T12:00"), one(2), one(3, "LOW"), one(4, "LOW"), one(9, "INFORMATIONAL")),
        report("4.csv", "2026-01-26T12:00", one(1), one(9, "INFORMATIONAL")),
    ], {
        "before": severities(high=2, informational=1),
        "months": [of_month("2026-01", reopened={"high": 1, "low": 1}, fixed={"high": 1, "low": 2}, aside={"high": 2}, back={"high": 1, "low": 1}, left={"high": 1, "informational": 1})],
        # 2 and 4 since they were first seen, 3 since it was open again.
        "daysToFix": {"high": time_of(1, 1, 25.0, 25.0), "low": time_of(2, 2, 16.0, 25.0)},
        "oldest": [{"arn": arn(9)}, {"arn": arn(1), "since": at("2026-01-26T12:00")}],
    }


def rated_anew():
    """A severity counts as it was at the time; a word that is no severity is `other`; the same ARN twice is one finding, of equal rows the more severe; years turn."""
    def one(n, severity, **more):
        return f(n, severity, first="2025-11-01T12:00", **more)
    return [
        report("1.csv", "2025-11-10T12:00", one(1, "HIGH"), one(2, "UNTRIAGED"), one(3, "SEVERE"), one(4, "LOW"), one(4, "MEDIUM")),
        report("2.csv", "2025-12-10T12:00", one(1, "CRITICAL"), one(2, "LOW"), one(3, "SEVERE"), one(4, "LOW")),
        report("3.csv", "2026-02-10T12:00", one(2, "LOW"), one(4, "LOW", status="CLOSED", updated="2026-01-15T12:00"), one(3, "MEDIUM", status="CLOSED", updated="2026-02-01T12:00")),
    ], {
        "before": severities(high=1, medium=1, untriaged=1, other=1),
        "reports": [{"file": "1.csv", "findings": 4, "open": 4}, {"file": "2.csv", "findings": 4, "open": 4}, {"file": "3.csv", "findings": 3, "open": 1}],
        "months": [of_month("2025-11", left={"high": 1, "medium": 1, "untriaged": 1, "other": 1}), of_month("2025-12", left={"critical": 1, "low": 2, "other": 1}),
                   of_month("2026-01", fixed={"low": 1}, left={"critical": 1, "low": 2, "other": 1}), of_month("2026-02", fixed={"critical": 1, "medium": 1}, left={"low": 1})],
        "daysToFix": {"critical": time_of(1, 1, 101.0, 101.0), "low": time_of(1, 1, 75.0, 75.0), "medium": time_of(1, 1, 92.0, 92.0), "all": time_of(3, 3, 268 / 3, 101.0)},
    }


def ninth_of_ten():
    """The 90th percentile is a value that occurs: the ninth of ten, the tenth of eleven."""
    def many(count, severity):
        return [f(100 * count + n, severity, first=f"2026-01-{n + 1:02}T12:00") for n in range(count)]
    anchor = {"severity": "INFORMATIONAL", "first": "2025-12-01T00:00"}
    return [
        report("1.csv", "2026-01-20T12:00", f(1, **anchor), *many(10, "HIGH"), *many(11, "MEDIUM"), *many(1, "LOW")),
        report("2.csv", "2026-01-21T12:00", f(1, **anchor)),
    ], {
        # January 1 to 21 is 20 days, and so on down.
        "daysToFix": {"high": time_of(10, 10, 15.5, 19.0), "medium": time_of(11, 11, 15.0, 19.0), "low": time_of(1, 1, 20.0, 20.0), "all": time_of(22, 22, 340 / 22, 20.0)},
    }


def without_arn():
    """No ARN: the same by what it is of. Whatever part of that is another, it is another finding."""
    def one(number, **more):
        return f(number, first="2026-01-01T12:00", arn="", **more)

    def network(number, port):
        return one(number, type="NETWORK_REACHABILITY", vulnerability="", packages=[], port=port, title="A port is reachable")

    def code(number, detector, title="CWE-117 - Log injection"):
        return one(number, type="CODE_VULNERABILITY", vulnerability="", packages=[], file="src/a.py", detector=detector, title=title)
    return [
        report("1.csv", "2026-01-05T12:00", one(1), one(2, packages=["curl", "libcurl"]), one(3), one(4), one(5), one(6), one(7, packages=["zlib"]), one(8, file="a/x.jar"), network(9, "22-22"), code(10, "x"), code(11, "y"), one(12)),
        report("2.csv", "2026-01-12T12:00", one(1), one(2, packages=["libcurl", "curl"], title="In other words"),
               one(3, account=B), one(4, region=WEST), one(5, resource="i-other"), one(6, vulnerability="CVE-2025-1"), one(7, packages=["zlib", "expat"]), one(8, file="b/x.jar"), network(9, "80-80"), code(10, "z"), code(11, "y", "CWE-9 - Other"),
               one(12, resource="i-other")),
    ], {
        # Ten of them in two forms, of which the second is listed later.
        "before": severities(high=22),
        "months": [of_month("2026-01", fixed={"high": 10}, left={"high": 12})],
        "daysToFix": {"high": time_of(10, 10, 11.0, 11.0)},
    }


HISTORIES = [life, pushed, twins, fixed_twin, closed_and_new, back_by_push, two_accounts, vanished, part_of_it, as_much_alike, targets, same_date, without_times, aside, rated_anew, ninth_of_ten, without_arn]


# ---- The simulation -------------------------------------------------------------------------------------------------

class Simulation:
    """Some 500 findings over 34 weeks, and the reports of them."""
    ACCOUNTS, REGIONS = (A, B, C), ("ap-northeast-1", "us-east-1")
    OWNERS = [{"Owner": "platform"}, {"Team": "アプリ開発部"}, {"Contact": "sec@example.com"}, {}, {"Owner": "data", "Team": "platform"}]

    WEEKS, AT_FIRST, BIRTHS = 34, 470, (12, 28)

    def __init__(self, seed):
        self.r = random.Random(seed)
        self.numbers = 0
        self.start = at("2026-03-02T00:00")
        self.findings, self.keys, self.images, self.reports, self.whole = [], set(), {}, [], []
        places = [(account, region) for account in self.ACCOUNTS for region in self.REGIONS]
        self.resources = []
        for n in range(60):
            account, region = places[n % 6]
            kind = self.r.choice(["instance", "image", "image", "function"])
            name = f"i-{self.r.getrandbits(68):017x}" if kind == "instance" else f"{self.r.choice(['shop', 'core'])}/svc-{n}" if kind == "image" else f"fn-{n}"
            self.resources.append({"account": account, "region": region, "kind": kind, "name": name, "tags": {"Name": f"r-{n}", **self.r.choice(self.OWNERS), "Env": self.r.choice(["prd", "stg"])}, "version": 1})
        for _ in range(self.AT_FIRST):
            self.born(self.start - 300 * DAY, self.start)
        for week in range(self.WEEKS):
            until = self.start + 7 * week * DAY
            if week:
                self.week(until - 7 * DAY, until)
            self.report(week, until)

    def between(self, low, high):
        return self.r.randrange(low, high)

    def number(self):
        self.numbers += 1
        return self.r.getrandbits(100) << 28 | self.numbers

    def id_of(self, thing, digest):
        if thing["kind"] == "image":
            return f"arn:aws:ecr:{thing['region']}:{thing['account']}:repository/{thing['name']}/sha256:{digest}"
        return f"arn:aws:lambda:{thing['region']}:{thing['account']}:function:{thing['name']}:{thing['version']}" if thing["kind"] == "function" else thing["name"]

    def born(self, low, high):
        r, thing = self.r, self.r.choice(self.resources)
        more = {"resource": None, "account": thing["account"], "region": thing["region"], "tags": thing["tags"]}
        dice = r.random()
        if dice < .05 and thing["kind"] == "instance":
            port = r.choice([22, 80, 443, 3389])
            more.update(type="NETWORK_REACHABILITY", vulnerability="", packages=[], port=f"{port}-{port}", title=f"Port {port} is reachable from an Internet Gateway - TCP")
        elif dice < .1 and thing["kind"] == "function":
            more.update(type="CODE_VULNERABILITY", vulnerability="", packages=[], file=r.choice(["src/order.py", "src/user.py"]), detector="Log injection", title="CWE-117 - Log injection")
        else:
            names = r.sample(["openssl", "glibc", "curl", "libcurl", "zlib", "@babel/traverse"], r.randint(1, 3))
            more.update(vulnerability=f"CVE-20{r.randint(20, 26)}-{r.randint(1000, 1400)}", packages=names, file="" if r.random() < .6 else f"app/lib/{names[0].split('/')[-1]}.jar")
        copies = 2 if thing["kind"] == "image" and r.random() < .2 else 1  # two images of one repository
        severity = r.choices(["CRITICAL", "HIGH", "MEDIUM", "LOW", "INFORMATIONAL", "UNTRIAGED", "SEVERE"], [10, 35, 35, 10, 5, 4, 1])[0]
        for _ in range(copies):
            more["resource"] = self.id_of(thing, f"{r.getrandbits(256):064x}")
            one = f(self.number(), severity, **more)
            one["packages"] = list(one["packages"])
            if key_of(one) in self.keys and copies == 1:
                return
            self.keys.add(key_of(one))
            one["first"] = self.between(low, high)
            self.findings.append({"one": one, "thing": thing, "closed": None, "shown": True})
        if copies == 1:
            return

    def week(self, low, high):
        r = self.r
        for _ in range(r.randint(*self.BIRTHS)):
            self.born(low, high)
        for thing in self.resources:
            if thing["kind"] != "instance" and r.random() < .08:
                self.push(thing, low, high)
        for state in self.findings:
            one, dice = state["one"], r.random()
            if one["status"] == "ACTIVE":
                if dice < .045:
                    state["closed"] = self.between(max(low, one["first"] + 1), high) if one["first"] < high - 1 else high
                    one["status"], one["updated"], state["shown"] = "CLOSED", state["closed"], r.random() < .6
                elif dice < .065:
                    one["status"] = "SUPPRESSED"
                elif dice < .085:
                    one["severity"] = r.choice(["CRITICAL", "HIGH", "MEDIUM", "LOW"])
            elif one["status"] == "SUPPRESSED":
                if dice < .12:
                    one["status"] = "ACTIVE"
                elif dice < .16:
                    one["status"], state["closed"], state["shown"] = "CLOSED", self.between(low, high), r.random() < .5
            else:
                if high - state["closed"] > 7 * DAY:
                    state["shown"] = False
                if dice < .03:
                    one["status"], state["shown"], state["closed"] = "ACTIVE", True, None
                    if state["thing"]["kind"] == "image" and r.random() < .5:
                        self.renew(state, f"{r.getrandbits(256):064x}", low, high)
                elif dice < .035:
                    one["status"], state["shown"], state["closed"] = "SUPPRESSED", True, None

    def renew(self, state, digest, low, high):
        """Another ARN, seen first anew."""
        one = state["one"] = dict(state["one"])
        one["arn"] = arn(self.number(), one["account"], one["region"])
        one["resource"], one["first"] = self.id_of(state["thing"], digest), self.between(low, high)

    def push(self, thing, low, high):
        thing["version"] += 1
        digests = {}
        for state in self.findings:
            if state["thing"] is thing and state["one"]["status"] != "CLOSED":
                # What was one image stays one image.
                self.renew(state, digests.setdefault(state["one"]["resource"], f"{self.r.getrandbits(256):064x}"), low, high)

    def rows(self, when, wanted):
        rows = []
        for state in self.findings:
            one = state["one"]
            if state["shown"] and wanted(one):
                one = dict(one)
                if one["status"] == "CLOSED":
                    one["updated"], one["last"] = state["closed"], state["closed"] - self.between(0, DAY)
                else:
                    one["last"] = one["updated"] = max(one["first"], when - self.between(1, 10 * 3_600_000))
                rows.append(one)
        self.r.shuffle(rows)
        return rows

    def add(self, file, when, wanted, whole=False):
        rows = self.rows(when, wanted)
        if rows:
            self.reports.append({"file": file, "findings": rows})
            if whole:
                self.whole.append(self.reports[-1])

    def report(self, week, when):
        ending = ["csv", "csv.gz", "json", "csv", "json.gz"][week % 5]
        gone = {C} if week >= 27 else set()  # an account leaves
        if 13 <= week <= 18:
            return  # six weeks without a report, a whole month among them
        if week % 7 == 3:
            for n, account in enumerate(self.ACCOUNTS):
                if account not in gone:
                    self.add(f"w{week:02}-{account}.{['csv', 'json', 'csv.gz'][n]}", when - n * 7_200_000, lambda one, account=account: one["account"] == account)
        elif week == 8:
            self.add(f"w{week:02}-only-{B}.{ending}", when, lambda one: one["account"] == B)
        elif week == 22:
            self.add(f"w{week:02}-without-{C}.{ending}", when, lambda one: one["account"] != C)
        elif week in (11, 25):
            self.add(f"w{week:02}-active.{ending}", when, lambda one: one["status"] == "ACTIVE" and one["account"] not in gone)
        else:
            self.add(f"w{week:02}.{ending}", when, lambda one: one["account"] not in gone, whole=not gone)


class Archive(Simulation):
    """Three hundred reports of an organization, one a week, and what became of some of their files."""
    WEEKS, AT_FIRST, BIRTHS = 300, 120, (2, 5)
    CUT, MISSING, EMPTY, ALONE = 10, 5, 5, 5

    def report(self, week, when):
        self.add(f"w{week:03}.csv", when, lambda one: True)

    def damage(self):
        """{file: what happened to it}; the first and the last are left whole."""
        files = [snapshot["file"] for snapshot in self.reports[1:-1]]
        what = ["cut"] * self.CUT + ["missing"] * self.MISSING + ["empty"] * self.EMPTY + ["alone"] * self.ALONE
        return dict(zip(self.r.sample(files, len(what)), what))

    def spoil(self, snapshot, what, folder):
        """Spoils the file of a report; gives the report that is left of it, or None."""
        path = folder / snapshot["file"]
        if what == "missing":
            path.unlink()
        elif what == "empty":
            path.write_bytes(b"")
        elif what == "alone":
            left = {**snapshot, "findings": [one for one in snapshot["findings"] if one["account"] == B]}
            save(left, folder)
            return left
        else:
            # The cut is in the first cells of a row, so that too few fields are left of it.
            rows, ends = self.r.randrange(1, len(snapshot["findings"]) - 1), []
            text = io.StringIO(newline="")
            writer = csv.DictWriter(text, COLUMNS, restval="")
            writer.writeheader()
            for one in snapshot["findings"]:
                ends.append(len(text.getvalue().encode()))
                writer.writerow(cells(one, 0))
            whole = path.read_bytes()
            assert whole == text.getvalue().encode()
            path.write_bytes(whole[:ends[rows] + self.r.randrange(1, 20)])
            return {**snapshot, "findings": snapshot["findings"][:rows], "cut": True}
        return None


# ---- compare --------------------------------------------------------------------------------------------------------

CHANGES = {"new": "new", "reopened": "reopened", "severity-changed": "severityChanged", "still-open": "stillOpen", "suppressed": "suppressed", "fixed": "fixed", "unknown": "unknown"}
CHANGE_SHEETS = {"new": "New", "reopened": "Reopened", "severityChanged": "Severity changed", "stillOpen": "Still open", "suppressed": "Suppressed", "fixed": "Fixed", "unknown": "Not known"}


def reckon_changes(old, new):
    """{"findings": {ARN: {"change", "before", "firstSeenEver"}}, "gone": ARNs, "counts"}."""
    known = {one["arn"]: one for one in old["findings"]}
    pairs = {one["arn"]: known[one["arn"]] for one in new["findings"] if one["arn"] in known}
    waiting = collections.defaultdict(list)
    for one in sorted(old["findings"], key=in_order):
        if one["arn"] not in pairs:
            waiting[key_of(one)].append(one)
    taken = set(pairs)
    for one in sorted(new["findings"], key=in_order):
        if one["arn"] not in known and waiting[key_of(one)]:
            pairs[one["arn"]] = waiting[key_of(one)].pop(0)
            taken.add(pairs[one["arn"]]["arn"])
    counts, found = {name: collections.Counter() for name in CHANGES.values()}, {}
    for one in new["findings"]:
        before = pairs.get(one["arn"])
        was = before is not None and is_open(before)
        change = None
        if is_open(one):
            change = "new" if before is None else "reopened" if not was else "still-open" if before["severity"] == one["severity"] else "severity-changed"
        elif was:
            change = "suppressed" if one["status"] == "SUPPRESSED" else "fixed"
        if change:
            counts[CHANGES[change]][rank(before if change == "fixed" else one)] += 1
        times = [x["first"] for x in (one, before) if x is not None and x["first"] is not None]
        found[one["arn"]] = {"change": change, "before": before and {"severity": before["severity"], "status": before["status"]}, "firstSeenEver": min(times, default=None)}
    gone = [one for one in old["findings"] if one["arn"] not in taken and is_open(one)]
    counts["fixed"].update(map(rank, gone))
    return {"findings": found, "gone": sorted(one["arn"] for one in gone), "counts": {name: severities(count) for name, count in counts.items()}}


def changes_by_hand():
    """One of each; the figures stand beside it."""
    def one(n, *more, **named):
        return f(n, *more, first="2026-01-01T12:00", **named)

    def closed(n, severity="HIGH"):
        return f(n, severity, "CLOSED", first="2026-01-01T12:00", updated="2026-01-04T12:00")
    api, web = image("shop/api", "a"), image("shop/web", "a")
    old = report("before.csv", "2026-01-05T12:00", one(1), one(2, "MEDIUM"), one(3, "LOW"), one(4), one(5, "MEDIUM"), one(7, "HIGH", "SUPPRESSED"), closed(8, "MEDIUM"), one(9, "HIGH", "SUPPRESSED"), closed(10),
                 one(13, resource=api, vulnerability="CVE-2026-13"), one(14, "LOW", "SUPPRESSED"), one(15), one(16, "UNTRIAGED", resource=web, vulnerability="CVE-2026-16"))
    new = report("after.json", "2026-01-12T12:00", one(1), one(2, "CRITICAL"), one(3, "LOW", "SUPPRESSED"), closed(4), f(6, "CRITICAL", first="2026-01-10T12:00"), one(7), one(8, "MEDIUM"), one(9, "HIGH", "SUPPRESSED"), closed(10),
                 f(11, "LOW", "SUPPRESSED", first="2026-01-10T12:00"), closed(12), f(113, first="2026-01-11T12:00", resource=image("shop/api", "b"), vulnerability="CVE-2026-13"), closed(15, "LOW"),
                 f(116, first="2026-01-11T12:00", resource=image("shop/web", "b"), vulnerability="CVE-2026-16"))
    changes = {1: "still-open", 2: "severity-changed", 3: "suppressed", 4: "fixed", 6: "new", 7: "reopened", 8: "reopened", 9: None, 10: None, 11: None, 12: None, 113: "still-open", 15: "fixed", 116: "severity-changed"}
    counts = {"new": severities(critical=1), "reopened": severities(high=1, medium=1), "severityChanged": severities(critical=1, high=1), "stillOpen": severities(high=2), "suppressed": severities(low=1),
              # 4 and 15, which were high when they were open, and 5, which is gone
              "fixed": severities(high=2, medium=1)}
    first = {n: at("2026-01-01T12:00") for n in changes}
    first[6] = first[11] = at("2026-01-10T12:00")
    return old, new, {"changes": {arn(n): change for n, change in changes.items()}, "counts": counts, "gone": [arn(5)], "first": {arn(n): when for n, when in first.items()}}


# ---- The checks -----------------------------------------------------------------------------------------------------

class Checks:
    def __init__(self, options, work):
        self.options, self.work = options, work

    def run(self, *command, status=0, **environment):
        """Runs the program; returns what it said."""
        command = [str(part) for part in (self.options.binary, *command)]
        try:
            done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=300, env={**os.environ, **environment})
        except subprocess.TimeoutExpired:
            raise Fault("took over 300 s") from None
        said = (done.stderr + done.stdout).decode("utf-8", "replace")
        if done.returncode != status:
            raise Fault(f"{command[1]} ended with {done.returncode}, not {status}: {' / '.join([line for line in said.splitlines() if line.startswith('error')][:3] or said.strip().splitlines()[-6:])}")
        return said

    def folder(self, name):
        folder = self.work / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        return folder

    def trend(self, source, *more, formats="json", status=0, **environment):
        out = self.work / "out"
        shutil.rmtree(out, ignore_errors=True)
        said = self.run("trend", source, "--output", out, "--format", formats, *more, status=status, **environment)
        try:
            found = json.loads((out / "trend.json").read_bytes())
        except (OSError, ValueError) as error:
            raise Fault(f"trend.json cannot be read: {error}; there is {[path.name for path in out.glob('*')]}") from None
        if found.get("kind") != "trend" or found.get("schemaVersion") != "1.1" or found.get("generator", {}).get("name") != "inspector-report":
            raise Fault(f"trend.json says it is {found.get('kind')} {found.get('schemaVersion')} by {found.get('generator')}")
        return found, said, out

    def by_hand(self, history):
        snapshots, wanted = history()
        wanted = {name: sorted(value, key=by_arn) if name in ("oldest", "overdue") else value for name, value in wanted.items()}
        reckoned = reckon(snapshots, SLA)
        balanced(reckoned)
        agree("the reckoning itself", wanted, reckoned, whole=False)
        if self.options.reckoning:
            return f"{figures(wanted)} figures"
        folder = self.folder(history.__name__)
        for n, snapshot in enumerate(snapshots):
            # Dates are those in the reports, whatever the files' own.
            path = save(snapshot, folder, hours=9 * (n % 2))
            os.utime(path, (1_600_000_000 - n, 1_600_000_000 - n))
        # The zone of the machine has no word in it.
        found, _, _ = self.trend(folder, "--sla", "critical=7,high=30,medium=90", TZ="Asia/Tokyo")
        found = as_reckoned(found)
        agree("as it stands here", wanted, found, whole=False)
        agree("as reckoned", reckoned, found)
        return f"{figures(wanted)} figures stated, {figures(reckoned)} in all"

    def in_time(self):
        """--fail-on overdue lets a history pass in which nothing is."""
        if self.options.reckoning:
            return "not without the program"
        folder = self.folder("in-time")
        for snapshot in twins()[0]:
            save(snapshot, folder)
        self.trend(folder, "--sla", "critical=7,high=18", "--fail-on", "overdue")
        self.trend(folder, "--sla", "critical=7,high=17", "--fail-on", "overdue", status=5)
        return "18 days of 18, and of 17"

    def left_out(self):
        """Reports that cannot be placed or read are named; the figures are those of the others."""
        snapshots, wanted = twins()
        if self.options.reckoning:
            return "not without the program"
        folder = self.folder("left-out")
        for snapshot in snapshots:
            save(snapshot, folder)
        (folder / "0-no-rows.csv").write_text(",".join(COLUMNS) + "\n")
        found, said, _ = self.trend(folder)
        if "0-no-rows.csv" not in said:
            raise Fault(f"a report without findings is not named: {said.strip()[-200:]}")
        agree("beside a report without findings", reckon(snapshots), as_reckoned(found))
        if "targets" in found:
            raise Fault("there are targets, and nobody has set any")
        (folder / "4-garbage.csv").write_text("<!DOCTYPE html><html><body>Forbidden</body></html>\n")
        found, said, _ = self.trend(folder, status=3)
        if "4-garbage.csv" not in said:
            raise Fault(f"a file that is no report is not named: {said.strip()[-200:]}")
        agree("beside a file that is no report", reckon(snapshots), as_reckoned(found))
        return "one without findings, one that is no report"

    def simulated(self, seed):
        simulation = Simulation(seed)
        reports = simulation.reports
        reckoned = reckon(reports, SLA)
        balanced(reckoned)
        rows = sum(len(one["findings"]) for one in reports)
        events = {kind: sum(sum(one[kind].values()) for one in reckoned["months"]) for kind in ("opened", "reopened", "fixed", "setAside", "unsuppressed")}
        if min(events.values()) < 20 or not any(one["coversMore"] for one in reckoned["reports"]) or not any(sum(one["fixed"].values()) == 0 for one in reckoned["months"]):
            raise Fault(f"the simulation has too little in it: {events}")
        said = f"{len(reports)} reports, {rows} rows, {figures(reckoned)} figures; {', '.join(f'{n} {kind}' for kind, n in events.items())}"
        if self.options.reckoning:
            return said
        folder = self.folder("simulation")
        for n, snapshot in enumerate(reports):
            save(snapshot, folder / f"{n % 3}" if n % 4 == 1 else folder, hours=9 * (n % 2))
        sla = ["--sla", "critical=7,high=30,medium=90"]
        found, _, out = self.trend(folder, *sla, formats="json,markdown,xlsx")
        balanced(found)
        agree("figures", reckoned, as_reckoned(found))
        page = (out / "trend.md").read_text("utf-8")
        if not page.startswith("#") or not page.endswith("\n"):
            raise Fault(f"trend.md begins {page[:40]!r} and ends {page[-20:]!r}")
        import openpyxl
        openpyxl.load_workbook(out / "trend.xlsx")
        with zipfile.ZipFile(out / "trend.xlsx") as package:
            if package.testzip():
                raise Fault("trend.xlsx is not whole")
        first = (out / "trend.json").read_bytes()
        self.trend(folder, *sla)
        if (out / "trend.json").read_bytes() != first:
            raise Fault("a second run writes other bytes")
        # What is for people changes nothing of it; targets that are missed can fail a pipeline.
        found, _, _ = self.trend(folder, *sla, "--lang", "ja", "--timezone", "UTC", "--top", "1", "--fail-on", "overdue", status=5)
        agree("--lang ja --top 1", reckoned, as_reckoned(found))
        for by in ("region", "owner", "tag:Env"):
            found, _, _ = self.trend(folder, *sla, "--by", by)
            agree(f"--by {by}", reckon(reports, SLA, [by]), as_reckoned(found))
        return said

    def damaged(self):
        """An archive of which some files are cut, missing, empty or of one account alone: what they do not have is not fixed."""
        archive = Archive(7)
        damage = archive.damage()
        whole = reckon(archive.reports, SLA)
        folder = self.folder("archive")
        for snapshot in archive.reports:
            save(snapshot, folder)
        left = [archive.spoil(snapshot, damage[snapshot["file"]], folder) if snapshot["file"] in damage else snapshot for snapshot in archive.reports]
        left = [snapshot for snapshot in left if snapshot]
        reckoned = reckon(left, SLA)
        balanced(reckoned)
        fixed, late = (one["daysToFix"]["all"]["fixed"] for one in (whole, reckoned)), reckoned["uncertain"]["fixedLate"]
        fixed = tuple(fixed)
        # Since when may differ: that something was closed for a while is in the reports that are lost.
        if {line["arn"] for line in reckoned["oldest"]} != {line["arn"] for line in whole["oldest"]}:
            raise Fault("what is open at the end is not what is open in the whole archive")
        if not 0 <= fixed[0] - fixed[1] <= 60 or not late:
            raise Fault(f"{fixed[1]} fixed, {late} of them late, and {fixed[0]} in the whole archive")
        said = f"{len(archive.reports)} reports, {len(damage)} of them damaged; {fixed[1]} fixed, {late} of them seen late, {fixed[0]} in the whole archive"
        if self.options.reckoning:
            return said
        found, _, _ = self.trend(folder, "--sla", "critical=7,high=30,medium=90", status=3)
        agree("the damaged archive", reckoned, as_reckoned(found))
        if len(found["unread"]) != archive.EMPTY:
            raise Fault(f"unread are {found['unread']}")
        return said

    def compare(self, old, new, *more, formats="json", status=0):
        out = self.work / "out"
        shutil.rmtree(out, ignore_errors=True)
        self.run("compare", old, new, "--output", out, "--format", formats, *more, status=status)
        stem = re.sub(r"\.(csv|json)(\.gz)?$", "", new.name)
        return out, stem

    def judge(self, old, new, folder, wanted, status=None):
        """Every format of a comparison against the reckoning."""
        paths = save(old, folder / "old"), save(new, folder / "new", hours=9)
        out, stem = self.compare(*paths, formats="json,xlsx,markdown,sarif")
        try:
            found = json.loads((out / f"{stem}.changes.json").read_bytes())
        except (OSError, ValueError) as error:
            raise Fault(f"{stem}.changes.json cannot be read: {error}; there is {[path.name for path in out.glob('*')]}") from None
        comparison = found["comparison"]
        if pathlib.PurePath(comparison["earlier"]["file"]).name != old["file"] or at(comparison["earlier"]["date"]) != date_of(old):
            raise Fault(f"earlier is {comparison['earlier']}")
        agree("counts", wanted["counts"], comparison["counts"])
        seen = {}
        for one in found["findings"]:
            seen[one["arn"]] = {"change": one.get("change"), "before": one.get("before"), "firstSeenEver": at(one["firstSeenEver"]) if one.get("firstSeenEver") else None}
        for name, one in wanted["findings"].items():
            # Where a finding was in neither open nor in the earlier report, the field may be left out.
            if name in seen and one["before"] is None and seen[name]["firstSeenEver"] is None:
                seen[name]["firstSeenEver"] = one["firstSeenEver"]
        agree("findings", wanted["findings"], seen)
        agree("gone", wanted["gone"], sorted(one["arn"] for one in found["gone"]))
        if any(one.get("change") != "fixed" for one in found["gone"]):
            raise Fault("what is gone is not told as fixed")
        self.sheets(out / f"{stem}.changes.xlsx", old, wanted)
        page = (out / f"{stem}.changes.md").read_text("utf-8")
        if not page.strip() or not page.endswith("\n"):
            raise Fault(f"{stem}.changes.md ends {page[-20:]!r}")
        results = [result for path in out.glob(f"{stem}.changes*.sarif") for one in json.loads(path.read_bytes())["runs"] for result in one["results"]]
        states = collections.Counter(result.get("baselineState") for result in results)
        fresh = sum(wanted["counts"]["new"].values())
        if set(states) - {"new", "unchanged", "updated", "absent"} or states["new"] < fresh:
            raise Fault(f"baseline states {dict(states)} for {fresh} new findings")
        raised = any(name for name, one in wanted["findings"].items() if one["change"] in ("new", "reopened", "severity-changed") and next(x for x in new["findings"] if x["arn"] == name)["severity"] == "CRITICAL")
        self.compare(*paths, "--fail-on", "new-critical", status=5 if raised else 0)
        return states

    def sheets(self, path, old, wanted):
        import python_calamine
        book = python_calamine.CalamineWorkbook.from_path(str(path))
        for name, title in CHANGE_SHEETS.items():
            count = sum(wanted["counts"][name].values())
            if title not in book.sheet_names:
                if count:
                    raise Fault(f"no sheet {title} for {count} findings; there are {book.sheet_names}")
                continue
            rows = book.get_sheet_by_name(title).to_python()
            head = next((n for n, row in enumerate(rows) if "Finding ARN" in row), None)
            if head is None:
                raise Fault(f"{title} has no heading Finding ARN: {rows[:1]}")
            arns = rows[head].index("Finding ARN")
            found = [row for row in rows[head + 1:] if row[arns]]
            if len(found) != count or len(rows) - head - 1 != count:
                raise Fault(f"{title} has {len(rows) - head - 1} rows, {len(found)} of them findings, and not {count}")
            column = next((n for n, text in enumerate(rows[head]) if str(text).startswith("First Seen")), None)
            if column is None:
                raise Fault(f"{title} has no column First Seen")
            for row in found:
                one = wanted["findings"].get(row[arns])
                if one is None or one["firstSeenEver"] is None:
                    continue  # of what is gone there is only one date
                value = row[column]
                shown = value if isinstance(value, datetime.datetime) else datetime.datetime.combine(value, datetime.time()) if isinstance(value, datetime.date) else None
                if shown is None or abs(int(shown.replace(tzinfo=datetime.timezone.utc).timestamp() * 1000) - one["firstSeenEver"]) > 1000:
                    raise Fault(f"{title}: First Seen of {row[arns]} is {value}, not {stamp(one['firstSeenEver'])}")

    def compared_by_hand(self):
        old, new, stated = changes_by_hand()
        reckoned = reckon_changes(old, new)
        agree("the reckoning itself", {"counts": stated["counts"], "gone": stated["gone"], "findings": {name: {"change": change, "firstSeenEver": stated["first"][name]} for name, change in stated["changes"].items()}}, reckoned, whole=False)
        if self.options.reckoning:
            return f"{figures(stated)} figures"
        states = self.judge(old, new, self.folder("compare"), reckoned)
        return f"{len(new['findings'])} findings; baseline states {dict(states)}"

    def failing(self):
        """--fail-on new-critical: for each case, whether it is one."""
        if self.options.reckoning:
            return "not without the program"
        base = {"first": "2026-01-01T12:00"}
        cases = [
            ("critical before and now", [f(1, "CRITICAL", **base)], [f(1, "CRITICAL", **base)], 0),
            ("a new high one", [f(1, "CRITICAL", **base)], [f(1, "CRITICAL", **base), f(2, "HIGH", first="2026-01-10T12:00")], 0),
            ("a new critical one", [f(1, **base)], [f(1, **base), f(2, "CRITICAL", first="2026-01-10T12:00")], 5),
            ("a new critical one that is suppressed", [f(1, **base)], [f(1, **base), f(2, "CRITICAL", "SUPPRESSED", first="2026-01-10T12:00")], 0),
            ("one that was suppressed", [f(1, "CRITICAL", "SUPPRESSED", **base)], [f(1, "CRITICAL", **base)], 5),
            ("one that was closed", [f(1, "CRITICAL", "CLOSED", updated="2026-01-05T12:00", **base)], [f(1, "CRITICAL", **base)], 5),
            ("one that was high", [f(1, "HIGH", **base)], [f(1, "CRITICAL", **base)], 5),
            ("one that is high now", [f(1, "CRITICAL", **base)], [f(1, "HIGH", **base)], 0),
            ("one that is closed", [f(1, "CRITICAL", **base), f(2, **base)], [f(1, "CRITICAL", "CLOSED", updated="2026-01-11T12:00", **base), f(2, **base)], 0),
            ("one that is gone", [f(1, "CRITICAL", **base), f(2, **base)], [f(2, **base)], 0),
            ("a critical image pushed again", [f(1, "CRITICAL", resource=image("shop/api", "a"), vulnerability="CVE-2026-1", **base)], [f(2, "CRITICAL", resource=image("shop/api", "b"), vulnerability="CVE-2026-1", first="2026-01-11T12:00")], 0),
        ]
        folder = self.folder("failing")
        for name, before, after, status in cases:
            old, new = report("old.csv", "2026-01-05T12:00", *before), report("new.csv", "2026-01-12T12:00", *after)
            try:
                self.compare(save(old, folder), save(new, folder), "--fail-on", "new-critical", status=status)
            except Fault as fault:
                raise Fault(f"{name}: {fault}") from None
        return f"{len(cases)} cases"

    def compared_simulation(self):
        whole = Simulation(1).whole
        pairs = [(n, m) for n, m in ((0, 1), (1, 2), (4, 6), (7, 8), (2, 15), (9, 5)) if m < len(whole)]
        shown = []
        for n, m in pairs:
            old, new = whole[n], whole[m]
            wanted = reckon_changes(old, new)
            shown.append("/".join(str(sum(count.values())) for count in wanted["counts"].values()))
            if not self.options.reckoning:
                folder = self.folder("compare-simulation")
                try:
                    self.judge(old, new, folder, wanted)
                except Fault as fault:
                    raise Fault(f"{old['file']} and {new['file']}: {fault}") from None
        return f"{len(pairs)} pairs; {'/'.join(CHANGES)}: {', '.join(shown)}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", type=pathlib.Path, default=acceptance.TARGET / "release" / "inspector-report")
    parser.add_argument("--work", type=pathlib.Path, default=acceptance.TOOLS / "history", help="folder for reports and outputs, emptied first")
    parser.add_argument("--full", action="store_true", help="ten simulations")
    parser.add_argument("--reckoning", action="store_true", help="without the program: only whether the reckoning gives what is written here by hand")
    parser.add_argument("--only", default="", help="the checks whose name has this in it")
    options = parser.parse_args()
    options.binary = options.binary.resolve()
    shutil.rmtree(options.work, ignore_errors=True)
    options.work.mkdir(parents=True)
    checks = Checks(options, options.work.resolve())
    steps = [(f"trend, {history.__name__.replace('_', ' ')}", checks.by_hand, (history,)) for history in HISTORIES]
    steps += [("trend, reports that are left out", checks.left_out, ()), ("trend, --fail-on overdue", checks.in_time, ())]
    steps += [(f"trend, simulation {seed}", checks.simulated, (seed,)) for seed in range(1, 11 if options.full else 2)]
    steps += [("trend, a damaged archive of 300 reports", checks.damaged, ())]
    steps += [("compare, one of each", checks.compared_by_hand, ()), ("compare, --fail-on new-critical", checks.failing, ()), ("compare, reports of the simulation", checks.compared_simulation, ())]
    # A field that is not there or is something else.
    errors = (KeyError, TypeError, AttributeError, OSError, ImportError)
    return acceptance.check_all(((name, method, *arguments) for name, method, arguments in steps if options.only in name), errors)


if __name__ == "__main__":
    sys.exit(main())

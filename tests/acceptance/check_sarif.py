#!/usr/bin/env python3
"""Check the SARIF made from a CSV report against the report and against what GitHub code scanning takes.

    check_sarif.py report.csv report.sarif [report.002.sarif ...]

Needs no schema (the SARIF Multitool has that): this looks at what GitHub rejects, drops or opens anew without a schema
saying so, and at whether every open finding is in exactly one result. Give all files of a report at once.
Prints the counts; exit status 1 on any fault. Python 3.9 or newer, standard library alone.
"""
import argparse
import collections
import csv
import gzip
import json
import re
import sys
import urllib.parse

RUNS, RESULTS, RULES, LOCATIONS, TAGS, GZIP, NAME, DESCRIPTION = 20, 5_000, 25_000, 100, 10, 10_000_000, 255, 1_024
# What GitHub shows as the same severity; it knows nothing below low.
BANDS = {"CRITICAL": (9.1, 10), "HIGH": (7, 8.9), "MEDIUM": (4, 6.9), "LOW": (.1, 3.9), "INFORMATIONAL": (0, 3.9), "UNTRIAGED": (0, 3.9)}
GUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", re.I)
NOT_IN_URIS = re.compile(r"[^A-Za-z0-9\-._~!$&'()*+,;=:@/%]|%(?![0-9A-Fa-f]{2})")


def read_report(path):
    """Open findings as a list of (ARN, severity), and the ARNs of those that are not open."""
    csv.field_size_limit(1 << 30)
    with open(path, newline="", encoding="utf-8-sig") as file:
        reader = csv.reader(file)
        names = [" ".join(name.split()).lower() for name in next(reader)]
        rows = [dict(zip(names, row)) for row in reader if row]
    opened, others = [], set()
    for row in rows:
        arn, severity = row.get("finding arn", ""), row.get("severity", "").strip().upper()
        if row.get("status", "").strip().upper() in ("SUPPRESSED", "CLOSED"):
            others.add(arn)
        else:
            opened.append((arn, severity))
    return opened, others - {""}


def parse(text):
    """JSON, without the liberties that Python takes by default."""
    def unique(pairs):
        keys = [key for key, _ in pairs]
        if len(set(keys)) != len(keys):
            raise ValueError(f"doubled property in {keys}")
        return dict(pairs)

    def constant(name):
        raise ValueError(f"{name} is no JSON")

    return json.loads(text, object_pairs_hook=unique, parse_constant=constant)


def check(report, files):
    """Returns the figures, and the faults as texts."""
    opened, others = read_report(report)
    checker = Checker(opened, others)
    for path in files:
        checker.file(path)
    checker.whole()
    return checker.figures, checker.faults


class Checker:
    def __init__(self, opened, others):
        self.opened, self.others = opened, others
        self.severity = {arn: severity for arn, severity in opened if arn}
        self.faults, self.figures = [], collections.Counter()
        self.arns, self.identities, self.categories = collections.Counter(), {}, {}
        self.without_arn = 0

    def fault(self, where, what):
        self.faults.append(f"{where}: {what}")

    def file(self, path):
        with open(path, "rb") as file:
            data = file.read()
        size = len(gzip.compress(data, 6))
        self.figures["files"] += 1
        self.figures["gzip kB"] += size // 1000
        if size > GZIP:
            self.fault(path, f"gzip size {size} over {GZIP}")
        try:
            document = parse(data.decode("utf-8"))
        except ValueError as error:
            return self.fault(path, f"not JSON: {error}")
        if document.get("version") != "2.1.0" or "sarif" not in document.get("$schema", ""):
            self.fault(path, "version or $schema missing")
        runs = document.get("runs")
        if not isinstance(runs, list):
            return self.fault(path, "no runs")
        if len(runs) > RUNS:
            self.fault(path, f"{len(runs)} runs, over {RUNS}")
        for number, run in enumerate(runs):
            self.run(f"{path} run {number}", run)

    def run(self, where, run):
        self.figures["runs"] += 1
        driver = run.get("tool", {}).get("driver", {})
        if driver.get("name") != "Amazon Inspector":
            self.fault(where, f"driver name {driver.get('name')!r}: part of an alert's identity, must never change")
        if not driver.get("semanticVersion") or not driver.get("informationUri"):
            self.fault(where, "driver has no semanticVersion or informationUri")
        category = run.get("automationDetails", {}).get("id", "")
        category = category[:category.rfind("/") + 1]
        if not category:
            self.fault(where, "no category in automationDetails.id")
        elif category in self.categories:
            self.fault(where, f"category {category} doubled: also {self.categories[category]}")
        self.categories[category] = where
        rules, results = driver.get("rules", []), run.get("results")
        if not isinstance(results, list):
            return self.fault(where, "no results array: alerts of the category would not be closed")
        if len(results) > RESULTS:
            self.fault(where, f"{len(results)} results, over {RESULTS}")
        if len(rules) > RULES:
            self.fault(where, f"{len(rules)} rules, over {RULES}")
        ids = [rule.get("id") for rule in rules]
        for rule_id, count in collections.Counter(ids).items():
            if count > 1:
                self.fault(where, f"rule id {rule_id} {count} times")
        for rule in rules:
            self.rule(f"{where} rule {rule.get('id')}", rule)
        self.figures["rules"] += len(rules)
        self.figures["results"] += len(results)
        used = set()
        for number, result in enumerate(results):
            used.add(result.get("ruleIndex"))
            self.result(f"{where} result {number}", result, rules)
        if len(rules) > len(used):
            self.fault(where, f"{len(rules) - len(used)} rules that no result uses")

    def rule(self, where, rule):
        if not rule.get("id"):
            self.fault(where, "rule has no id")
        if len(rule.get("name", "")) > NAME:
            self.fault(where, f"name over {NAME} characters")
        for key in ("shortDescription", "fullDescription"):
            text = rule.get(key, {}).get("text", "")
            if not text.strip() or len(text) > DESCRIPTION:
                self.fault(where, f"{key} has {len(text)} characters, not 1 to {DESCRIPTION}")
        if not rule.get("help", {}).get("text", "").strip():
            self.fault(where, "no help.text")
        properties = rule.get("properties", {})
        tags = properties.get("tags", [])
        if "security" not in tags or len(tags) > TAGS or len(set(tags)) != len(tags):
            self.fault(where, f"tags {tags}: want security, at most {TAGS}, none twice")
        number = properties.get("security-severity")
        if not isinstance(number, str) or not re.fullmatch(r"\d\d?(\.\d+)?", number) or not 0 <= float(number) <= 10:
            self.fault(where, f"security-severity {number!r} is no string of a number from 0.0 to 10.0")
        uri = rule.get("helpUri")
        if uri is not None and not re.fullmatch(r"https?://[^\s<>\"]+", uri):
            self.fault(where, f"helpUri {uri!r}")
        self.guid(where, rule)

    def guid(self, where, thing):
        for key in ("guid", "correlationGuid"):
            if key in thing and not GUID.fullmatch(str(thing[key])):
                self.fault(where, f"{key} {thing[key]!r} is no UUID of version 1 to 5")

    def result(self, where, result, rules):
        index, rule_id = result.get("ruleIndex"), result.get("ruleId")
        rule = rules[index] if isinstance(index, int) and 0 <= index < len(rules) else {}
        if not rule_id or rule.get("id") != rule_id:
            self.fault(where, f"ruleId {rule_id!r} is not that of its rule, {rule.get('id')!r}")
        if result.get("level") not in ("error", "warning", "note"):
            self.fault(where, f"level {result.get('level')!r}")
        if not result.get("message", {}).get("text", "").strip():
            self.fault(where, "no message.text")
        if "suppressions" in result:
            self.fault(where, "suppressions: GitHub ignores them and shows an open alert")
        self.guid(where, result)
        locations = result.get("locations", [])
        if not 1 <= len(locations) <= LOCATIONS:
            self.fault(where, f"{len(locations)} locations, not 1 to {LOCATIONS}")
        uris = [self.location(where, location) for location in locations]
        fingerprints = result.get("partialFingerprints", {})
        if not fingerprints.get("primaryLocationLineHash"):
            self.fault(where, "no partialFingerprints.primaryLocationLineHash")
        identity = (rule_id, uris[0] if uris else None, fingerprints.get("primaryLocationLineHash"))
        if identity in self.identities:
            self.fault(where, f"same alert as {self.identities[identity]}: rule, path and fingerprint are equal")
        self.identities[identity] = where
        arn = result.get("properties", {}).get("findingArn")
        if not arn:
            self.without_arn += 1
            return
        self.arns[arn] += 1
        if arn not in self.severity:
            return self.fault(where, f"{arn} is {'not open' if arn in self.others else 'not in the report'}")
        low, high = BANDS.get(self.severity[arn], (0, 10))
        number = rule.get("properties", {}).get("security-severity")
        try:
            if not low <= float(number) <= high:
                self.fault(where, f"security-severity {number} is shown as another severity than {self.severity[arn]}")
        except (TypeError, ValueError):
            pass  # the rule's fault, said there

    def location(self, where, location):
        physical = location.get("physicalLocation", {})
        uri = physical.get("artifactLocation", {}).get("uri")
        if not isinstance(uri, str) or not uri:
            self.fault(where, "empty uri")
            return uri
        parts = urllib.parse.urlsplit(uri)
        if re.match(r"[A-Za-z][A-Za-z0-9+.\-]*:", uri) or ":" in uri.split("/")[0]:
            self.fault(where, f"uri {uri} has a scheme")
        if parts.netloc or uri.startswith("/"):
            self.fault(where, f"uri {uri} is not relative")
        if NOT_IN_URIS.search(uri) or {"", ".", ".."} & set(uri.split("/")):
            self.fault(where, f"uri {uri} has characters to encode, or segments that are resolved away")
        if re.search(r"sha256|[0-9a-f]{64}", uri, re.I):
            self.fault(where, f"uri {uri} has a digest, so the alert opens anew at every push")
        region = physical.get("region", {})
        if not isinstance(region.get("startLine"), int) or region["startLine"] < 1:
            self.fault(where, f"startLine {region.get('startLine')!r}")
        return uri

    def whole(self):
        for arn, count in self.arns.items():
            if count > 1:
                self.fault("all files", f"{arn} in {count} results")
        missing = [arn for arn in self.severity if arn not in self.arns]
        if missing:
            self.fault("all files", f"{len(missing)} open findings in no result: {missing[:3]}")
        blank = sum(1 for arn, _ in self.opened if not arn)
        if self.without_arn != blank:
            self.fault("all files", f"{self.without_arn} results without findingArn, {blank} open findings without ARN")
        self.figures["open"] = len(self.opened)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("report")
    parser.add_argument("sarif", nargs="+")
    arguments = parser.parse_args()
    counts, found = check(arguments.report, arguments.sarif)
    print(", ".join(f"{value} {name}" for name, value in counts.items()), f"{len(found)} faults", sep=", ")
    print("\n".join(found[:10]))
    sys.exit(1 if found else 0)

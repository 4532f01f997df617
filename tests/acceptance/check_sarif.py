#!/usr/bin/env python3
"""Check SARIF files made from a CSV report against what GitHub accepts, and against the report.

    check_sarif.py report.csv report.sarif [report.002.sarif ...]

Checks what the SARIF Multitool does not: GitHub's limits (docs.github.com, "SARIF support for code scanning" and "SARIF
results exceed limit"), categories that differ across the delivery, every rule found where its results point, severities
equal to Inspector's, fingerprints that tell alerts apart, and every open finding of the report in exactly one result.
"""
import csv
import gzip
import json
import re
import sys
import urllib.parse

BANDS = {"CRITICAL": (9.01, 10.0), "HIGH": (7.0, 8.99), "MEDIUM": (4.0, 6.99), "LOW": (0.1, 3.99)}
MOST_BYTES = 10 * 1000 * 1000


def open_findings(report):
    with open(report, newline="", encoding="utf-8-sig") as file:
        reader = csv.reader(file)
        names = [" ".join(h.split()).lower() for h in next(reader)]
        rows = [dict(zip(names, row)) for row in reader if any(row)]
    return [r for r in rows if r.get("status", "").strip().upper() not in ("SUPPRESSED", "CLOSED")], len(rows)


def check(report, files):
    faults = []
    fault = faults.append
    wanted, _ = open_findings(report)
    severity_of = {r["finding arn"]: r["severity"].strip().upper() for r in wanted}
    seen, categories, results_count = {}, set(), 0
    for name in files:
        raw = open(name, "rb").read()
        if len(gzip.compress(raw, 6)) > MOST_BYTES:
            fault(f"{name}: over 10 MB compressed")
        document = json.loads(raw)
        if document.get("version") != "2.1.0" or "$schema" not in document:
            fault(f"{name}: version or $schema")
        runs = document["runs"]
        if not 1 <= len(runs) <= 20:
            fault(f"{name}: {len(runs)} runs")
        for run in runs:
            category = run.get("automationDetails", {}).get("id", "").rpartition("/")[0]
            if not category or category in categories:
                fault(f"{name}: category {category!r} is missing or used twice")
            categories.add(category)
            rules = run["tool"]["driver"].get("rules", [])
            if len(rules) > 25_000 or len(run["results"]) > 5_000:
                fault(f"{category}: {len(rules)} rules, {len(run['results'])} results")
            if len({r["id"] for r in rules}) != len(rules):
                fault(f"{category}: a rule stands twice")
            for rule in rules:
                check_rule(rule, fault)
            fingerprints = set()
            for result in run["results"]:
                results_count += 1
                check_result(result, rules, severity_of, seen, fingerprints, fault)
    missing = set(severity_of) - set(seen)
    if missing:
        fault(f"{len(missing)} open findings have no result, such as {sorted(missing)[0]}")
    if results_count != len(wanted):
        fault(f"{results_count} results for {len(wanted)} open findings")
    return results_count, len(categories), faults


def check_rule(rule, fault):
    properties = rule.get("properties", {})
    tags = properties.get("tags", [])
    if "security" not in tags or len(tags) > 10 or len(set(tags)) != len(tags):
        fault(f"rule {rule['id']}: tags {tags}")
    if not re.fullmatch(r"\d+\.\d", properties.get("security-severity", "")):
        fault(f"rule {rule['id']}: security-severity {properties.get('security-severity')!r}")
    for key in ("shortDescription", "fullDescription"):
        if not 0 < len(rule[key]["text"]) <= 1024:
            fault(f"rule {rule['id']}: {key} has {len(rule[key]['text'])} characters")
    if len(rule.get("name", "")) > 255 or not rule["help"]["text"] or not rule["help"]["markdown"]:
        fault(f"rule {rule['id']}: name or help")
    if re.search(r"!\[|<img|<script", rule["help"]["markdown"], re.I):
        fault(f"rule {rule['id']}: help has an image or HTML")


def check_result(result, rules, severity_of, seen, fingerprints, fault):
    arn = result.get("properties", {}).get("findingArn", "")
    if arn not in severity_of:
        fault(f"result of {arn!r}, which is no open finding")
    if arn in seen:
        fault(f"{arn} has two results")
    seen[arn] = True
    rule = rules[result["ruleIndex"]]
    if rule["id"] != result["ruleId"]:
        fault(f"{arn}: ruleId {result['ruleId']} points to {rule['id']}")
    score = float(rule["properties"]["security-severity"])
    severity = severity_of.get(arn)
    low, high = BANDS.get(severity, (0.0, 3.99))
    if not low <= score <= high:
        fault(f"{arn}: {severity} is shown with {score}")
    if result.get("level") not in ("error", "warning", "note"):
        fault(f"{arn}: level {result.get('level')!r}")
    place = result["locations"][0]["physicalLocation"]
    uri = place["artifactLocation"]["uri"]
    if not uri or urllib.parse.urlsplit(uri).scheme or uri.startswith("/") or ":" in uri or " " in uri:
        fault(f"{arn}: uri {uri!r}")
    if re.search(r"sha256|[0-9a-f]{64}", uri):
        fault(f"{arn}: uri {uri!r} changes at every push")
    if place["region"]["startLine"] < 1:
        fault(f"{arn}: startLine")
    identity = (result["ruleId"], uri, result["partialFingerprints"]["primaryLocationLineHash"])
    if identity in fingerprints:
        fault(f"{arn}: same identity as another result: {identity}")
    fingerprints.add(identity)


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    count, runs, found = check(sys.argv[1], sys.argv[2:])
    print(f"results {count} runs {runs} files {len(sys.argv) - 2} faults {len(found)}")
    print("\n".join(found[:10]))
    sys.exit(1 if found else 0)

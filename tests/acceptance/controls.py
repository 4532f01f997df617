"""Negative controls: outputs spoilt on purpose, each with words of the fault that its check must find.

A check that cannot fail proves nothing. `run.py` spoils the outputs of one report in each of these ways.
"""
import base64
import copy
import json
import os
import re
import zipfile


def sarif(document, suppressed_arn):
    """Yields (name, text of the spoilt file, words of the fault)."""
    for name, words, spoil in SARIF:
        spoilt = copy.deepcopy(document)
        run = next(run for run in spoilt["runs"] if run["results"])
        result = run["results"][0]
        spoil(spoilt, run, result, run["tool"]["driver"]["rules"][result["ruleIndex"]])
        text = json.dumps(spoilt, ensure_ascii=False)
        yield name, text.replace("A SUPPRESSED FINDING", suppressed_arn), words
    text = json.dumps(document, ensure_ascii=False)
    yield "a property twice", text.replace('"version"', '"version": "2.1.0", "version"', 1), "doubled property"
    yield "cut off", text[:-10], "not JSON"
    yield "NaN", text.replace('"startLine": 1', '"startLine": NaN', 1), "not JSON"


def put(place, key, value):
    place[key] = value


def artifact(result):
    return result["locations"][0]["physicalLocation"]["artifactLocation"]


SARIF = [
    ("a level that is none", "level 'severe'", lambda d, run, result, rule: put(result, "level", "severe")),
    ("no level", "level None", lambda d, run, result, rule: result.pop("level")),
    ("an empty uri", "empty uri", lambda d, run, result, rule: put(artifact(result), "uri", "")),
    ("an ARN as uri", "has a scheme", lambda d, run, result, rule: put(artifact(result), "uri", "arn:aws:ec2/i-1")),
    ("an absolute path", "is not relative", lambda d, run, result, rule: put(artifact(result), "uri", "/aws/i-1")),
    ("a space in a uri", "characters to encode", lambda d, run, result, rule: put(artifact(result), "uri", "aws/i 1")),
    ("a parent folder in a uri", "resolved away", lambda d, run, result, rule: put(artifact(result), "uri", "aws/../i-1")),
    ("a digest in a uri", "has a digest", lambda d, run, result, rule: put(artifact(result), "uri", "aws/app/sha256/" + "0a" * 32)),
    ("no location", "0 locations", lambda d, run, result, rule: put(result, "locations", [])),
    ("101 locations", "101 locations", lambda d, run, result, rule: put(result, "locations", result["locations"] * 101)),
    ("line 0", "startLine 0", lambda d, run, result, rule: put(result["locations"][0]["physicalLocation"], "region", {"startLine": 0})),
    ("a severity as a number", "is no string of a number", lambda d, run, result, rule: put(rule["properties"], "security-severity", 7.5)),
    ("a severity in words", "is no string of a number", lambda d, run, result, rule: put(rule["properties"], "security-severity", "high")),
    ("a severity of 10.1", "is no string of a number", lambda d, run, result, rule: put(rule["properties"], "security-severity", "10.1")),
    ("a severity of another band", "shown as another severity", lambda d, run, result, rule: put(rule["properties"], "security-severity", other_band(rule))),
    ("eleven tags", "tags", lambda d, run, result, rule: put(rule["properties"], "tags", ["security"] + [f"t{n}" for n in range(10)])),
    ("no tag security", "tags", lambda d, run, result, rule: put(rule["properties"], "tags", ["vulnerability"])),
    ("a rule id that is not the rule's", "is not that of its rule", lambda d, run, result, rule: put(result, "ruleId", "CVE-0000-0000")),
    ("a rule index out of range", "is not that of its rule", lambda d, run, result, rule: put(result, "ruleIndex", 99_999)),
    ("a rule twice", "2 times", lambda d, run, result, rule: run["tool"]["driver"]["rules"].append(rule)),
    ("a long description", "shortDescription has 1025", lambda d, run, result, rule: put(rule, "shortDescription", {"text": "x" * 1025})),
    ("no help", "no help.text", lambda d, run, result, rule: rule.pop("help")),
    ("a script as help", "helpUri", lambda d, run, result, rule: put(rule, "helpUri", "javascript:alert(1)")),
    ("no message", "no message.text", lambda d, run, result, rule: put(result, "message", {"text": " "})),
    ("no fingerprint", "no partialFingerprints", lambda d, run, result, rule: result.pop("partialFingerprints")),
    ("a guid that is none", "is no UUID", lambda d, run, result, rule: put(result, "guid", "00000000-0000-0000-0000-000000000000")),
    ("a suppression", "suppressions", lambda d, run, result, rule: put(result, "suppressions", [{"kind": "external"}])),
    ("a suppressed finding", "is not open", lambda d, run, result, rule: put(result["properties"], "findingArn", "A SUPPRESSED FINDING")),
    ("a finding of another report", "not in the report", lambda d, run, result, rule: put(result["properties"], "findingArn", "arn:aws:x")),
    ("a result without its ARN", "results without findingArn", lambda d, run, result, rule: result["properties"].pop("findingArn")),
    ("a finding left out", "in no result", lambda d, run, result, rule: run["results"].pop()),
    ("a finding twice", "in 2 results", lambda d, run, result, rule: run["results"].append(result)),
    ("two alerts that are one", "same alert as", lambda d, run, result, rule: run["results"].append(result)),
    ("a category twice", "doubled", lambda d, run, result, rule: d["runs"].append(dict(run, results=[]))),
    ("no category", "no category", lambda d, run, result, rule: run.pop("automationDetails")),
    ("no results", "no results array", lambda d, run, result, rule: run.pop("results")),
    ("21 runs", "21 runs", lambda d, run, result, rule: put(d, "runs", d["runs"] + [run] * (21 - len(d["runs"])))),
    ("5,001 results", "5001 results", lambda d, run, result, rule: put(run, "results", [result] * 5_001)),
    ("another tool's name", "driver name", lambda d, run, result, rule: put(run["tool"]["driver"], "name", "inspector-report")),
    ("a rule that nothing uses", "that no result uses", lambda d, run, result, rule: run["tool"]["driver"]["rules"].append(dict(rule, id="x"))),
    ("no version", "version or $schema", lambda d, run, result, rule: d.pop("version")),
    ("over 10 MB compressed", "gzip size", lambda d, run, result, rule: put(result["properties"], "x", base64.b64encode(os.urandom(11_000_000)).decode())),
]


def other_band(rule):
    return "2.0" if float(rule["properties"]["security-severity"]) >= 4 else "9.5"


def multitool(document):
    """A file that the SARIF Multitool, with GitHub's rules on, must find fault with: no region in any location."""
    spoilt = copy.deepcopy(document)
    for run in spoilt["runs"]:
        for result in run["results"]:
            result["locations"][0]["physicalLocation"].pop("region", None)
    return json.dumps(spoilt)


def markdown(page):
    """Yields (name, text of the spoilt page, words of the fault)."""
    yield "another count", re.sub(r"^(\| Critical \| )(\d)", lambda m: m[1] + str(9 - int(m[2])), page, count=1, flags=re.M), "Critical, Open"
    yield "a row left out", re.sub(r"^\| Untriaged .*\n", "", page, count=1, flags=re.M), "no row of UNTRIAGED"
    yield "no table", page.replace("| Severity | Open |", "| Severity | Count |"), "no table of severities"
    for name, text, words in [("HTML", "<img src=x>", "tag img"), ("a link", "[x](https://evil.example)", "link"), ("a bare link", "www.evil.example", "link"), ("emphasis", "_x_", "tag em"),
                              ("a mention", "see @team", "acts on GitHub"), ("an issue", "fixes #1", "acts on GitHub"), ("a comment", "<!-- x -->", "comment")]:
        yield name, page + "\n" + text + "\n", words


def workbook(path, spoilt):
    """Yields (name, words of the fault) with the workbook spoilt so."""
    for name, part, old, new, words in [
        ("another text", "xl/sharedStrings.xml", r">ACTIVE<", ">CLOSED<", "is not 'ACTIVE'"),
        ("no autofilter", "xl/worksheets/sheet6.xml", r"<autoFilter[^>]*/>", "", "autofilter"),
        ("a header not frozen", "xl/worksheets/sheet6.xml", r"<pane [^>]*/>", "", "not frozen"),
        ("a number as text", "xl/worksheets/sheet6.xml", r'(<c r="P2"[^>]*>)<v>[^<]*</v>', r'\1<v>1</v>', "Inspector Score"),
        ("another count of a vulnerability", "xl/worksheets/sheet4.xml", r'(<c r="F2"[^>]*>)<v>[^<]*</v>', r'\1<v>999</v>', "vulnerability "),
        ("another count of a resource", "xl/worksheets/sheet5.xml", r'(<c r="G2"[^>]*>)<v>[^<]*</v>', r'\1<v>999</v>', "resources: "),
        ("another count of an action", "xl/worksheets/sheet2.xml", r'(<c r="F2"[^>]*>)<v>[^<]*</v>', r'\1<v>999</v>', "action "),
        ("another figure of the summary", "xl/worksheets/sheet1.xml", r'(<c r="C[0-9]+" s="[0-9]+">)<v>[^<]*</v>', r'\1<v>999</v>', "summary"),
        ("another age", "xl/worksheets/sheet1.xml", r'(<v>0\.[0-9]+</v></c></row>)', "<v>0.999</v></c></row>", "summary, "),
        ("a formula", "xl/worksheets/sheet6.xml", r'(<c r="P2"[^>]*>)(<v>)', r"\1<f>1+1</f>\2", "has formulas"),
    ]:
        with zipfile.ZipFile(path) as source, zipfile.ZipFile(spoilt, "w", zipfile.ZIP_DEFLATED) as target:
            for item in source.namelist():
                data = source.read(item).decode() if item == part else source.read(item)
                target.writestr(item, re.sub(old, new, data, count=1) if item == part else data)
        yield name, words

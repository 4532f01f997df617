#!/usr/bin/env python3
"""Check what the program writes with programs that had no part in making it.

    run.py --program target/release/inspector-report [--rows 20000] [--variant-rows 2000] [--tools FOLDER]

Converts the fixtures, and reports of the generator in ../shared where that is present, and reads the outputs back:
workbooks with calamine, openpyxl, openxml-audit, xmllint and LibreOffice; SARIF with the Multitool, sarif-tools and the
rules of check_sarif.py; Markdown by the counts in its table. One line a check; exit status 1 when one fails.
README.md beside this file says how to set up the tools.
"""
import argparse
import csv
import glob
import json
import os
import re
import subprocess
import sys
import tempfile

import check_sarif
import check_workbook

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
GENERATOR = os.path.join(ROOT, "..", "shared", "data-generator", "generate_report.py")
FIXTURES = ["layout-a", "layout-b", "layout-c", "layout-d", "crlf", "bom", "quote-all", "shuffled-columns", "unknown-column", "findings", "header-only"]
VARIANTS = [("--crlf",), ("--bom",), ("--quote-all",), ("--shuffle-columns",), ("--extra-column", "Owner")]

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--program", default=os.path.join(ROOT, "target", "release", "inspector-report"))
parser.add_argument("--rows", type=int, default=20000, help="rows of the report of each layout")
parser.add_argument("--variant-rows", type=int, default=2000, help="rows of the other generated reports")
parser.add_argument("--tools", default=os.path.join(ROOT, "target", "acceptance"), help="where the tools are installed")
arguments = parser.parse_args()
multitool = glob.glob(os.path.join(arguments.tools, "node_modules", "@microsoft", "sarif-multitool-linux", "Sarif.Multitool"))
scripts = os.path.dirname(sys.executable)
passed = failed = 0


def report(name, fault, figures=""):
    """Print the line of a check. `fault` is None or says what is wrong."""
    global passed, failed
    if fault is None:
        passed += 1
        print(f"ok    {name}" + (f" ({figures})" if figures else ""), flush=True)
    else:
        failed += 1
        print(f"FAIL  {name}: {fault}", flush=True)


def run(*command):
    return subprocess.run(command, capture_output=True, text=True)


def convert(source, folder, *options):
    done = run(arguments.program, "convert", source, "--output", folder, *options)
    stem = os.path.join(folder, os.path.splitext(os.path.basename(source))[0])
    sarif = sorted(glob.glob(stem + ".sarif") + glob.glob(stem + ".[0-9]*.sarif"))
    complete = os.path.exists(stem + ".xlsx") and os.path.exists(stem + ".md") and sarif
    fault = None if done.returncode == 0 and complete else f"status {done.returncode}: {done.stderr.strip()[-300:]}"
    report(f"convert {os.path.basename(source)} {' '.join(options)}".strip(), fault)
    return stem, sarif


def check_markdown(source, path):
    """The counts of open, suppressed and closed findings of each severity in the table, and their sum."""
    _, rows = check_workbook.read_report(source)
    with open(source, newline="", encoding="utf-8-sig") as file:
        names = [h.strip().lower() for h in next(csv.reader(file))]
    severity, status = names.index("severity"), names.index("status")
    lines = open(path, encoding="utf-8").read().splitlines()
    tables = [[c.strip().strip("*") for c in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    head = next((t for t in tables if t[:2] == ["Severity", "Open"]), None)
    if not rows:
        return None if any("No finding is open" in line for line in lines) else "does not say that nothing is open"
    for level in check_workbook.SEVERITIES + ["Total"]:
        states = [r[status].strip().upper() for r in rows if level == "Total" or r[severity].strip().upper() == level]
        expected = {"Open": sum(s not in ("SUPPRESSED", "CLOSED") for s in states), "Suppressed": states.count("SUPPRESSED"), "Closed": states.count("CLOSED")}
        row = next((t for t in tables if t[0] == level.capitalize() and len(t) == len(head)), None)
        for name, count in expected.items():
            found = int(row[head.index(name)].replace(",", "")) if row and name in head else 0
            if found != count:
                return f"{level} {name}: {found} is not {count}"
    return None


def check_package(path):
    """Every part is well-formed XML; a strict second reader opens the workbook."""
    listed = run("unzip", "-tq", path)
    if listed.returncode:
        return listed.stdout
    for part in run("unzip", "-Z1", path).stdout.split():
        content = subprocess.run(["unzip", "-p", path, part.replace("[", "\\[")], capture_output=True).stdout
        done = subprocess.run(["xmllint", "--noout", "-"], input=content, capture_output=True)
        if done.returncode:
            return f"{part}: {done.stderr.decode()[:200]}"
    import openpyxl

    book = openpyxl.load_workbook(path, read_only=True)
    return None if sum(1 for sheet in book for _ in sheet.iter_rows()) else "openpyxl finds no rows"


def check_multitool(files):
    """GitHub's rules and those of SARIF: no error, no warning. Levels count as the rules say, so read its own output."""
    for path in files:
        with tempfile.TemporaryDirectory() as folder:
            out = os.path.join(folder, "out.sarif")
            run(multitool[0], "validate", path, "-c", os.path.join(HERE, "sarif-multitool.xml"), "--rule-kind", "Sarif;Ghas", "--level", "Error;Warning;Note",
                "--max-file-size-in-kb", "1000000", "--output", out, "--log", "ForceOverwrite")
            if not os.path.exists(out):
                return "wrote nothing"
            result = json.load(open(out, encoding="utf-8-sig"))["runs"][0]
            if not result.get("artifacts") and not result.get("results") and not result.get("tool"):
                return "read nothing"
            rules = {r["id"]: r.get("defaultConfiguration", {}).get("level", "warning") for r in result["tool"]["driver"].get("rules", [])}
            bad = [r for r in result.get("results", []) if r.get("level", rules.get(r["ruleId"], "warning")) in ("error", "warning")]
            if bad:
                return f"{len(bad)} faults, such as {bad[0]['ruleId']}: {json.dumps(bad[0]['message'])[:300]}"
    return None


def check_all(source, folder, *, strict=False):
    name = os.path.basename(source)
    stem, sarif = convert(source, folder)
    if not sarif:
        return
    cells, faults = check_workbook.check(source, stem + ".xlsx")
    report(f"workbook of {name}", faults[0] if faults else None, f"{cells} cells")
    results, runs, faults = check_sarif.check(source, sarif)
    report(f"SARIF of {name} and GitHub's limits", faults[0] if faults else None, f"{results} results, {runs} runs, {len(sarif)} files")
    report(f"SARIF of {name} and the Multitool", check_multitool(sarif))
    report(f"Markdown of {name}", check_markdown(source, stem + ".md"))
    if strict:
        done = run(os.path.join(scripts, "sarif"), "summary", *sarif)
        report(f"sarif-tools reads {name}", None if done.returncode == 0 else done.stderr[-300:])
        report(f"package of {name}", check_package(stem + ".xlsx"))


def check_rendering(folder):
    """What a person sees: the summary in both languages, rendered by LibreOffice."""
    for lang, title in (("en", "Amazon Inspector findings"), ("ja", "Amazon Inspector 検出結果")):
        out = os.path.join(folder, "render-" + lang)
        source = os.path.join(ROOT, "fixtures", "findings.csv")
        stem, _ = convert(source, out, "--lang", lang)
        cells, faults = check_workbook.check(source, stem + ".xlsx", lang)
        report(f"workbook of findings.csv, {lang}", faults[0] if faults else None, f"{cells} cells")
        done = run(os.path.join(scripts, "openxml-audit"), "-f", "microsoft365", stem + ".xlsx")
        report(f"openxml-audit, {lang}", None if done.returncode == 0 else done.stdout[-500:])
        run("soffice", f"-env:UserInstallation=file://{out}/profile", "--headless", "--convert-to", "pdf", "--outdir", out, stem + ".xlsx")
        text = run("pdftotext", "-layout", stem + ".pdf", "-").stdout
        report(f"LibreOffice renders, {lang}", None if title in text else f"{title!r} is not in its text")
        report(f"no column of the summary is too narrow, {lang}", "###" if "###" in text.split("\f")[0] else None)


with tempfile.TemporaryDirectory() as folder:
    if not multitool:
        sys.exit(f"the SARIF Multitool is not in {arguments.tools}; see tests/acceptance/README.md")
    os.chmod(multitool[0], 0o755)
    for name in FIXTURES:
        check_all(os.path.join(ROOT, "fixtures", name + ".csv"), os.path.join(folder, "fixtures"), strict=name in ("layout-d", "findings", "header-only"))
    for name in ("formulas", "lone-quotes", "unknown-values"):
        source = os.path.join(ROOT, "fixtures", name + ".csv")
        stem, sarif = convert(source, os.path.join(folder, "traps"))
        cells, faults = check_workbook.check(source, stem + ".xlsx")
        report(f"workbook of {name}.csv", faults[0] if faults else None, f"{cells} cells")
        report(f"SARIF of {name}.csv and the Multitool", check_multitool(sarif))
        report(f"package of {name}.csv", check_package(stem + ".xlsx"))
    stem, sarif = convert(os.path.join(ROOT, "fixtures", "hostile-markdown.csv"), os.path.join(folder, "traps"))
    report("SARIF of hostile-markdown.csv and the Multitool", check_multitool(sarif))
    check_rendering(folder)
    if os.path.exists(GENERATOR):
        reports = [((layout,), ("--layout", layout), arguments.rows) for layout in "ABCD"]
        reports += [((layout, *v), ("--layout", layout, *v), arguments.variant_rows) for layout in "ABCD" for v in VARIANTS]
        for words, options, rows in reports:
            path = os.path.join(folder, "-".join(w.strip("-").lower() for w in words) + f"-{rows}.csv")
            subprocess.run([sys.executable, GENERATOR, "--rows", str(rows), *options, path], check=True)
            check_all(path, os.path.join(folder, "generated"))
            os.remove(path)
    else:
        print("      reports of the generator: left out, ../shared is not there")
print(f"{passed} passed, {failed} failed")
sys.exit(1 if failed else 0)

#!/usr/bin/env python3
"""Acceptance checks: convert reports with the release binary, and judge the outputs with programs of others.

    run.py [--rows 20000] [--variant-rows 2000] [--only TEXT]

Reports are the fixtures, and generated ones in every layout and disguise (generate_report.py).
Each check prints one line, `ok  name (figures)` or `FAIL name: why`; the last line is `N passed, M failed`.
Exit status 1 if one failed. See README.md beside this file for what must be installed.
"""
import argparse
import collections
import concurrent.futures
import csv
import filecmp
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time
import zipfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
TARGET = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
TOOLS = ROOT / "target" / "acceptance"
TITLE = {"en": "Amazon Inspector findings", "ja": "Amazon Inspector 検出結果"}

# Reports of the generator: name -> its arguments. Each layout is full size, the disguises may have fewer rows.
GENERATED = {
    "generated-c": ["--layout", "C"],
    "generated-a": ["--layout", "A"],
    "generated-b": ["--layout", "B"],
    "generated-d": ["--layout", "D"],
    "plain": [],
    "crlf": ["--crlf"],
    "bom": ["--bom"],
    "quote-all": ["--quote-all"],
    "shuffle-columns": ["--shuffle-columns"],
    "extra-column": ["--extra-column", "Owner"],
}
# The same findings as "plain": they must become the same alerts.
DISGUISES = ["crlf", "bom", "quote-all", "shuffle-columns", "extra-column"]

# Fixtures, with the exit status that their conversion has.
FIXTURES = {
    **{f"layout-{layout}": 0 for layout in "abcd"}, "findings": 0, "crlf": 0, "bom": 0, "quote-all": 0, "shuffled-columns": 0,
    "unknown-column": 0, "unknown-values": 0, "lone-quotes": 0, "formulas": 0, "hostile-markdown": 0, "account-scientific": 0,
    "header-only": 0, "odd-dates": 0, "latin1": 0, "ragged-rows": 3, "open-quote-at-end": 3,
}
REFUSED = ["empty-file", "not-a-report", "missing-columns"]
# What the odd dates mean, said once more by hand.
ODD_DATES = {
    "2025-12-26 14:21:44.742000+01:00": "2025-12-26T13:21:44.742Z", "2024-02-02T16:30:33.045000+01:00": "2024-02-02T15:30:33.045Z",
    "Oct 11, 2023, 5:13:49 AM": "2023-10-11T05:13:49Z", "Thu Sep 05 13:06:56.334 UTC 2024": "2024-09-05T13:06:56.334Z",
    "1748629505.465": "2025-05-30T18:25:05.465Z", "1.663703546405E9": "2022-09-20T19:52:26.405Z", "2024/02/02 16:30": "2024-02-02T16:30:00Z",
}
# Small reports whose workbooks are audited and rendered, in both languages.
LOOKED_AT = ["findings", "layout-d", "formulas", "header-only"]


class Fault(Exception):
    """Why a check failed."""


def check_all(steps, errors=()):
    """Makes each check, by its name; says what became of it, and returns the exit status.

    `errors` are those that a field or an output that is not there, or is something else, leads to: faults too.
    """
    counts = collections.Counter()
    for name, method, *arguments in steps:
        try:
            verdict, said = "ok", f"({method(*arguments)})"
        except Fault as fault:
            verdict, said = "FAIL", str(fault)
        except errors as error:
            verdict, said = "FAIL", repr(error)
        counts[verdict] += 1
        print(f"{verdict}  {name}{':' if verdict == 'FAIL' else ''} {' '.join(said.split())[:1500]}", flush=True)
    print(f"{counts['ok']} passed, {counts['FAIL']} failed")
    return 1 if counts["FAIL"] else 0


def run(*command, status=0, timeout=900, **options):
    """Runs a program; returns what it printed."""
    try:
        done = subprocess.run([str(part) for part in command], stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", timeout=timeout, **options)
    except FileNotFoundError:
        raise Fault(f"{command[0]} is not installed (.ci/run does it)") from None
    except subprocess.TimeoutExpired:
        raise Fault(f"{pathlib.Path(command[0]).name} took over {timeout} s") from None
    if done.returncode != status:
        said = " / ".join((done.stderr + done.stdout).strip().split("\n")[-8:])
        raise Fault(f"{pathlib.Path(command[0]).name} ended with {done.returncode}, not {status}: {said}")
    return done.stdout + done.stderr


class Report:
    """A report, and the outputs made from it."""

    def __init__(self, name, path, work, status=0, lang="en", generated=False):
        self.name, self.path, self.status, self.lang, self.generated = name, path, status, lang, generated
        self.folder = work / "out" / name.replace(" ", "-")
        self.work = work
        self.reference = path

    def output(self, extension):
        return self.folder / f"{self.path.stem}.{extension}"

    def sarif(self):
        """The SARIF files, in order."""
        whole = self.output("sarif")
        found = [whole] if whole.exists() else sorted(self.folder.glob(f"{self.path.stem}.[0-9]*.sarif"))
        if not found:
            raise Fault("no SARIF was written")
        return found

    def temporary(self, name):
        folder = self.work / "tmp" / f"{self.name}-{name}".replace(" ", "-")
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        return folder


def outputs(folder):
    """What a run has written, but for what the program remembers of it, which has times in it."""
    return sorted(file for file in folder.iterdir() if file.name not in (".inspector-report.manifest", ".inspector-report.lock"))


class Checks:
    """Every check, as a method that returns figures or raises a Fault."""

    def __init__(self, options, work):
        self.options, self.work = options, work

    def convert(self, report):
        shutil.rmtree(report.folder, ignore_errors=True)
        started = time.monotonic()
        run(self.options.binary, "convert", report.path, "-o", report.folder, "--lang", report.lang, status=report.status)
        took = time.monotonic() - started
        sizes = sum(file.stat().st_size for file in outputs(report.folder))
        return f"{len(outputs(report.folder))} files, {sizes / 1e6:.1f} MB, {took:.1f} s"

    def same_bytes(self, report):
        """One thread or several, today or tomorrow: the same files."""
        for jobs in ("1", "3"):
            folder = report.temporary(f"jobs-{jobs}")
            run(self.options.binary, "convert", report.path, "-o", folder, "--lang", report.lang, "-j", jobs, status=report.status)
            names = [file.name for file in outputs(report.folder)]
            if [file.name for file in outputs(folder)] != names:
                raise Fault(f"other files with {jobs} threads")
            _, differing, errors = filecmp.cmpfiles(report.folder, folder, names, shallow=False)
            if differing or errors:
                raise Fault(f"with {jobs} threads other bytes in {differing + errors}")
        return f"{len(names)} files"

    def workbook(self, report):
        said = run(sys.executable, HERE / "check_workbook.py", report.reference, report.output("xlsx"), "--lang", report.lang)
        return said.strip()

    def openpyxl(self, report):
        import openpyxl
        book = openpyxl.load_workbook(report.output("xlsx"), read_only=report.generated)
        rows = [sum(1 for _ in sheet.iter_rows(values_only=True)) for sheet in book.worksheets]
        wanted = len(list(csv.reader(open(report.reference, newline="", encoding="utf-8-sig")))) - 1
        # Under the summary each sheet has a header and its findings; the sheets before and after hold no findings.
        names = [s.capitalize() for s in ("CRITICAL", "HIGH", "MEDIUM", "LOW", "INFORMATIONAL", "UNTRIAGED", "OTHER")]
        found = sum(n - 1 for sheet, n in zip(book.worksheets, rows) if sheet.title in names)
        if report.lang == "en" and found != wanted:
            raise Fault(f"{found} rows of findings, not {wanted}")
        return f"{len(rows)} sheets, {sum(rows)} rows"

    def parts(self, report):
        """Every part is well-formed XML."""
        folder = report.temporary("parts")
        run("unzip", "-tq", report.output("xlsx"))
        with zipfile.ZipFile(report.output("xlsx")) as archive:
            archive.extractall(folder)
        parts = sorted(file for file in folder.rglob("*") if file.suffix in (".xml", ".rels", ".vml"))
        run("xmllint", "--noout", "--nonet", *parts)
        shutil.rmtree(folder)
        return f"{len(parts)} parts"

    def audit(self, report):
        run(pathlib.Path(sys.executable).with_name("openxml-audit"), "-f", "microsoft365", report.output("xlsx"))
        return "Open XML SDK's rules"

    def render(self, report):
        folder = report.temporary("pdf")
        profile = f"-env:UserInstallation=file://{folder}/profile"
        run("soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", folder, report.output("xlsx"), timeout=300)
        pdf = folder / f"{report.path.stem}.pdf"
        if not pdf.exists():
            raise Fault("LibreOffice made no PDF of it")
        text = run("pdftotext", "-layout", pdf, "-")
        if TITLE[report.lang] not in re.sub(r"\s+", " ", text):
            raise Fault(f"{TITLE[report.lang]!r} is not in {text[:100]!r}")
        if "###" in text:
            raise Fault("a column is too narrow for its number: ###")
        shutil.rmtree(folder / "profile", ignore_errors=True)
        return f"{text.count(chr(12))} pages"

    def sarif(self, report):
        return run(sys.executable, HERE / "check_sarif.py", report.reference, *report.sarif()).strip()

    def multitool(self, report):
        counts = collections.Counter()
        faults = validate(self.options.multitool, report.sarif(), report.temporary("multitool") / "found.sarif", counts)
        if faults:
            raise Fault(f"{len(faults)} findings: {faults[:5]}")
        return f"{len(report.sarif())} files, no error, no warning, {counts['note']} notes"

    def sarif_tools(self, report):
        """A second reader counts the same as we do."""
        levels = collections.Counter(result["level"] for file in report.sarif() for run_ in json.loads(file.read_bytes())["runs"] for result in run_["results"])
        said = run(pathlib.Path(sys.executable).with_name("sarif"), "summary", *report.sarif())
        read = collections.Counter()
        for level, number in re.findall(r"^(error|warning|note): (\d+)", said, flags=re.M):
            read[level] += int(number)
        if +read != +levels:
            raise Fault(f"sarif summary reads {dict(read)}, not {dict(levels)}")
        return ", ".join(f"{number} {level}" for level, number in sorted(levels.items())) or "no results"

    def markdown(self, report):
        return run(sys.executable, HERE / "check_markdown.py", report.reference, report.output("md")).strip()

    def same_alerts(self, report, plain):
        """Another disguise of the same findings becomes the same alerts."""
        one, other = alerts(plain), alerts(report)
        if one != other:
            raise Fault(f"{len(one ^ other)} of {len(one)} alerts differ: {sorted(one ^ other)[:2]}")
        return f"{len(one)} alerts"

    def refused(self, report):
        said = run(self.options.binary, "convert", report.path, "-o", report.folder, status=1)
        written = outputs(report.folder) if report.folder.exists() else []
        if written:
            raise Fault(f"was refused, and wrote {written}")
        return said.strip().split("\n")[0].replace(str(report.path), report.path.name)

    def controls(self, report):
        """Spoils the outputs in every way of controls.py; each must be found."""
        import controls
        folder = report.temporary("controls")
        with open(report.path, newline="", encoding="utf-8") as file:
            suppressed = next(row["Finding ARN"] for row in csv.DictReader(file) if row["Status"] == "SUPPRESSED")
        document = json.loads(report.sarif()[0].read_bytes())
        cases = []
        for name, text, words in controls.sarif(document, suppressed):
            cases.append(("SARIF, " + name, "check_sarif.py", text, words))
        for name, text, words in controls.markdown(report.output("md").read_text()):
            cases.append(("Markdown, " + name, "check_markdown.py", text, words))
        spoilt, missed = folder / "spoilt", []
        for name, script, text, words in cases:
            spoilt.write_text(text)
            self.control(name, script, report, spoilt, words, missed)
        workbooks = 0
        for name, words in controls.workbook(report.output("xlsx"), spoilt):
            workbooks += 1
            self.control("workbook, " + name, "check_workbook.py", report, spoilt, words, missed)
        unfit = folder / "spoilt.sarif"
        unfit.write_text(controls.multitool(document))
        if not validate(self.options.multitool, [unfit], folder / "found.sarif", collections.Counter()):
            missed.append("Multitool, no regions")
        if missed:
            raise Fault(f"not found: {missed}")
        return f"{len(cases) + workbooks + 1} spoilt outputs found"

    def control(self, name, script, report, spoilt, words, missed):
        done = subprocess.run([sys.executable, HERE / script, report.reference, spoilt], capture_output=True, text=True)
        if done.returncode != 1 or "Traceback" in done.stderr or words not in done.stdout:
            missed.append(f"{name} ({words!r} is not in {(done.stdout + done.stderr)[:300]!r})")


def validate(multitool, files, found, counts):
    """What the SARIF Multitool finds with GitHub's rules on: errors and warnings as texts, notes counted."""
    if not multitool.exists():
        raise Fault(f"{multitool} is not installed (.ci/run does it)")
    multitool.chmod(multitool.stat().st_mode | 0o100)
    environment = dict(os.environ, DOTNET_SYSTEM_GLOBALIZATION_INVARIANT="1")
    try:
        run(multitool, "validate", *files, "-c", HERE / "sarif-multitool.xml", "--rule-kind", "Sarif;Ghas", "--level", "Error;Warning;Note",
            "--max-file-size-in-kb", "1000000", "--output", found, "--log", "ForceOverwrite", env=environment)
    except Fault:
        # Its exit status says too little; what counts is the file. Without one it has not run.
        if not found.exists():
            raise
    document, faults = json.loads(found.read_bytes().decode("utf-8-sig")), []
    if not document["runs"]:
        raise Fault("the Multitool checked nothing")
    for one in document["runs"]:
        rules = {rule["id"]: rule for part in [one["tool"]["driver"], *one["tool"].get("extensions", [])] for rule in part.get("rules", [])}
        for result in one.get("results", []):
            level = result.get("level") or rules.get(result.get("ruleId"), {}).get("defaultConfiguration", {}).get("level", "warning")
            counts[level] += 1
            if level in ("error", "warning"):
                faults.append(f"{level} {result.get('ruleId')} {json.dumps(result.get('message'))[:200]}")
        for invocation in one.get("invocations", []):
            for note in invocation.get("toolExecutionNotifications", []) + invocation.get("toolConfigurationNotifications", []):
                # That it says which rules our configuration switches off is no fault of the file. That it skipped a
                # file is only a note, and without it the file would pass.
                if "RuleExplicitlyDisabled" not in note.get("descriptor", {}).get("id", ""):
                    faults.append(f"notification {json.dumps(note.get('message'))[:200]}")
    return faults


def alerts(report):
    """What GitHub tells alerts apart by, and the finding."""
    found = set()
    for file in report.sarif():
        for one in json.loads(file.read_bytes())["runs"]:
            for result in one["results"]:
                uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
                found.add((one["automationDetails"]["id"], result["ruleId"], uri, result["partialFingerprints"]["primaryLocationLineHash"], result["properties"]["findingArn"]))
    return found


def reference(report):
    """What can be read of a fixture that is not all well: whole rows, dates in one form, other encodings as they are."""
    text = report.path.read_bytes().decode("cp1252" if report.path.stem == "latin1" else "utf-8-sig")
    rows = list(csv.reader(text.splitlines(keepends=True)))
    if report.path.stem == "open-quote-at-end":
        rows.pop()
    rows = [[ODD_DATES.get(cell, cell) for cell in row] for row in rows if len(row) == len(rows[0])]
    report.reference = report.work / "reference" / report.path.name
    report.reference.parent.mkdir(parents=True, exist_ok=True)
    with open(report.reference, "w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def generate(options, work, name):
    rows = options.rows if name.startswith("generated-") else options.variant_rows
    path = work / "in" / f"{name}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    run(sys.executable, options.generator, "--rows", rows, "--seed", "7", *GENERATED[name], path)
    return Report(name, path, work, generated=True)


def plan(options, work, checks):
    """Yields (name, check, arguments of the check) in groups: a group's first converts, the others look at the outputs."""
    plain = None
    for name in GENERATED:
        report = generate(options, work, name)
        plain = report if name == "plain" else plain
        methods = [checks.convert, checks.workbook, checks.parts, checks.openpyxl, checks.sarif, checks.multitool, checks.sarif_tools, checks.markdown]
        if name == "generated-c":
            methods.insert(1, checks.same_bytes)
        group = [(f"{name}: {label(method)}", method, (report,)) for method in methods]
        if name in DISGUISES:
            group.append((f"{name}: same alerts as plain", checks.same_alerts, (report, plain)))
        yield group
    for name, status in FIXTURES.items():
        report = Report(f"fixture {name}", ROOT / "fixtures" / f"{name}.csv", work, status)
        reference(report)
        methods = [checks.convert, checks.same_bytes, checks.workbook, checks.parts, checks.openpyxl, checks.sarif, checks.multitool, checks.sarif_tools, checks.markdown]
        if name in LOOKED_AT:
            methods += [checks.audit, checks.render]
        if name == "findings":
            methods.append(checks.controls)
        yield [(f"{report.name}: {label(method)}", method, (report,)) for method in methods]
    for name in LOOKED_AT:
        report = Report(f"fixture {name} ja", ROOT / "fixtures" / f"{name}.csv", work, lang="ja")
        reference(report)
        methods = [checks.convert, checks.workbook, checks.parts, checks.sarif, checks.multitool, checks.audit, checks.render]
        yield [(f"{report.name}: {label(method)}", method, (report,)) for method in methods]
    for name in REFUSED:
        report = Report(f"fixture {name}", ROOT / "fixtures" / f"{name}.csv", work)
        yield [(f"{report.name}: refused", checks.refused, (report,))]


def label(method):
    return {
        "convert": "converts", "same_bytes": "same bytes with any number of threads", "workbook": "workbook, cell by cell (calamine)", "openpyxl": "workbook (openpyxl)", "parts": "workbook's parts (xmllint)",
        "audit": "workbook (openxml-audit)", "render": "workbook rendered (LibreOffice)", "sarif": "SARIF, GitHub's limits and every finding", "multitool": "SARIF (Multitool)",
        "sarif_tools": "SARIF (sarif-tools)", "markdown": "Markdown, figures and nothing active (cmark-gfm)", "controls": "negative controls",
    }[method.__name__]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=20_000, help="rows of the report of each layout (default 20,000)")
    parser.add_argument("--variant-rows", type=int, default=2_000, help="rows of the other generated reports (default 2,000)")
    parser.add_argument("--only", default="", help="only reports and checks whose name contains this")
    parser.add_argument("--binary", type=pathlib.Path, default=TARGET / "release" / "inspector-report")
    parser.add_argument("--generator", type=pathlib.Path, default=ROOT / "tests" / "acceptance" / "generate_report.py")
    parser.add_argument("--multitool", type=pathlib.Path, default=TOOLS / "node_modules" / "@microsoft" / "sarif-multitool-linux" / "Sarif.Multitool")
    parser.add_argument("--work", type=pathlib.Path, default=TOOLS / "work", help="folder for reports and outputs, emptied first")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="checks at a time")
    options = parser.parse_args()
    shutil.rmtree(options.work, ignore_errors=True)
    options.work.mkdir(parents=True)
    work = options.work.resolve()
    options.binary = options.binary.resolve()
    counts = collections.Counter()

    def attempt(name, method, arguments):
        try:
            return "ok", f"({method(*arguments)})"
        except Fault as fault:
            return "FAIL", str(fault)
        except Exception as error:  # a check that breaks has failed
            return "FAIL", f"{type(error).__name__}: {error}"

    def tell(name, outcome):
        verdict, said = outcome
        counts[verdict] += 1
        said = " ".join(said.split())[:1500]
        print(f"FAIL {name}: {said}" if verdict == "FAIL" else f"{verdict}  {name} {said}", flush=True)

    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for group in plan(options, work, Checks(options, work)):
            wanted = [step for step in group if options.only in step[0]]
            if not wanted:
                continue
            first, rest = group[0], [step for step in wanted if step is not group[0]]
            outcome = attempt(*first)
            tell(first[0], outcome)
            if outcome[0] == "ok":
                for name, result in [(step[0], pool.submit(attempt, *step)) for step in rest]:
                    tell(name, result.result())
    print(f"{counts['ok']} passed, {counts['FAIL']} failed")
    return 1 if counts["FAIL"] or not counts["ok"] else 0


if __name__ == "__main__":
    sys.exit(main())

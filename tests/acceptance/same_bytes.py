#!/usr/bin/env python3
"""Whether two builds of the program write the same.

    same_bytes.py BEFORE AFTER REPORTS... [--keep FOLDER]

Runs every command of a corpus with both programs, each in a folder of its own, and compares what is written, what is
said, and the status. REPORTS are more reports to convert, beside the fixtures: generated ones, say. It is for a change
that must not change an output: it exits with 1 where one differs, and names it.
"""

import argparse
import hashlib
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "fixtures"
ALL = "xlsx,sarif,markdown,html,csv,json,ndjson"
IGNORE = """[[accept]]
vulnerability = "CVE-202*-1*"
reason = "The library is not loaded."
since = 2024-03-01

[[accept]]
resource = "i-*"
reason = "Goes in March."
until = 2027-03-31
by = "Platform team"
"""


def commands(reports):
    """What is run, each with the folder `in` beside it, which has the reports."""
    for lang in ("en", "ja"):
        yield "all-" + lang, ["convert", "in", "-o", "out", "-f", ALL, "--lang", lang]
    yield "split", ["convert", "in", "-o", "out", "-f", ALL, "--split-by", "account"]
    yield "split-owner", ["convert", "in", "-o", "out", "-f", "xlsx,markdown,json", "--split-by", "owner"]
    yield "filter", ["convert", "in", "-o", "out", "-f", ALL, "--severity", "critical,high"]
    yield "ignore", ["convert", "in", "-o", "out", "-f", ALL, "--ignore", "ignore.toml"]
    yield "merge", ["convert", "in", "-o", "out", "-f", ALL, "--merge", "all"]
    yield "triage", ["convert", "in", "-o", "out", "-f", "xlsx", "--triage"]
    yield "github", ["convert", "in", "-o", "out", "-f", "markdown", "--markdown-limit", "github-comment"]
    yield "slack", ["convert", "in", "-o", "out", "-f", "markdown", "--markdown-limit", "slack", "--group-by", "resource", "--top", "3"]
    yield "trend", ["trend", "in", "-o", "out", "-f", "xlsx,markdown,html,json"]
    yield "trend-ja", ["trend", "in", "-o", "out", "-f", "xlsx,markdown,html,json", "--lang", "ja", "--sla", "critical=7,high=30"]
    yield "trend-filter", ["trend", "in", "-o", "out", "-f", "markdown,json", "--severity", "critical,high"]
    yield "trend-ignore", ["trend", "in", "-o", "out", "-f", "markdown,json", "--ignore", "ignore.toml"]
    yield "check", ["check", "in", "-v"]
    if len(reports) > 1:
        old, new = reports[0].name, reports[1].name
        yield "compare", ["compare", f"in/{old}", f"in/{new}", "-o", "out", "-f", ALL]
        yield "previous", ["convert", f"in/{new}", "--previous", f"in/{old}", "-o", "out", "-f", ALL, "--ignore", "ignore.toml"]
        yield "previous-filter", ["convert", f"in/{new}", "--previous", f"in/{old}", "-o", "out", "-f", ALL, "--severity", "critical"]
        yield "previous-split", ["convert", f"in/{new}", "--previous", f"in/{old}", "-o", "out", "-f", ALL, "--split-by", "region"]


def outcome(program, args, inputs):
    """The files that a run writes, by name, and what it says."""
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "bin").mkdir()
        named = folder / "bin" / "inspector-report"
        named.symlink_to(pathlib.Path(program).resolve())
        shutil.copytree(inputs, folder / "in")
        (folder / "ignore.toml").write_text(IGNORE)
        env = {"SOURCE_DATE_EPOCH": "1767225600", "PATH": "/usr/bin:/bin"}
        run = subprocess.run([named, *args], cwd=folder, env=env, capture_output=True, check=False)
        said = re.sub(r"\b\d+\.\d+ s\b", "N s", run.stderr.decode().replace(str(folder), "FOLDER"))
        files = {}
        for path in sorted((folder / "out").rglob("*")):
            # The manifest has times and hashes of the program itself.
            if path.is_file() and not path.name.startswith("."):
                files[str(path.relative_to(folder))] = path.read_bytes()
        return {**files, "stdout": run.stdout, "stderr": said.encode(), "status": str(run.returncode).encode()}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("before")
    parser.add_argument("after")
    parser.add_argument("reports", nargs="*", type=pathlib.Path)
    parser.add_argument("--keep", type=pathlib.Path, help="where to put what differs")
    args = parser.parse_args()
    fixtures = sorted(path for path in FIXTURES.rglob("*") if path.is_file() and path.suffix in {".csv", ".json", ".xlsx", ".gz", ".zip", ".txt"})
    count = differing = 0
    with tempfile.TemporaryDirectory() as work:
        sets = []
        for number, reports in enumerate((args.reports, fixtures)):
            if not reports:
                continue
            inputs = pathlib.Path(work, str(number))
            inputs.mkdir()
            names = []
            for at, path in enumerate(reports):
                name = path.name if number == 0 else f"{at:03}-{path.name}"
                shutil.copy(path, inputs / name)
                names.append(inputs / name)
            sets.append((inputs, names))
        for inputs, names in sets:
            for name, command in commands(names):
                before, after = (outcome(program, command, inputs) for program in (args.before, args.after))
                for key in sorted(before.keys() | after.keys()):
                    count += 1
                    one, other = before.get(key), after.get(key)
                    if one == other:
                        continue
                    differing += 1
                    short = [hashlib.sha256(text).hexdigest()[:12] if text is not None else "none" for text in (one, other)]
                    print(f"differs: {inputs.name} {name} {key}: {short[0]} {short[1]}")
                    if args.keep:
                        for side, text in (("before", one), ("after", other)):
                            if text is not None:
                                path = args.keep / side / inputs.name / name / key
                                path.parent.mkdir(parents=True, exist_ok=True)
                                path.write_bytes(text)
    print(f"{count} outputs compared, {differing} differ")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())

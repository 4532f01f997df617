#!/usr/bin/env python3
"""Give the program one report in many forms, written by Python's own libraries, and compare what it reads.

    check_inputs.py [--rows 2000] [--binary target/release/inspector-report]

The reference is the report as plain CSV. Each form is converted with `--format csv`, and every cell is compared: other
encodings, delimiters and orders, compressed, in archives, as JSON, as a workbook of the program's own and back. Exit
status 1 on any difference.
"""
import argparse
import bz2
import collections
import csv
import gzip
import io
import json
import lzma
import pathlib
import subprocess
import sys
import tarfile
import tempfile
import zipfile

ROOT = pathlib.Path(__file__).resolve().parents[2]


def table(path):
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    return [dict(zip(rows[0], row)) for row in rows[1:]]


def compare(found, expected, ignore):
    faults = []
    if len(found) != len(expected):
        faults.append(f"{len(found)} rows, expected {len(expected)}")
    for number, (got, want) in enumerate(zip(found, expected)):
        for column, text in want.items():
            if ignore(column, want):
                continue
            value = got.get(column)
            if value != text and not same_number(value, text):
                faults.append(f"row {number + 1}, {column}: {value!r:.80} is not {text!r:.80}")
    return faults


def same_number(a, b):
    """A workbook keeps numbers: `0.92110` comes back as `0.9211`."""
    try:
        return ("." in b or "e" in b) and float(a) == float(b)
    except (TypeError, ValueError):
        return False


def forms(text, name):
    """The report in other forms, each as (file name, bytes)."""
    data = text.encode()
    rows = list(csv.reader(io.StringIO(text, newline="")))

    def written(delimiter, end="\n"):
        out = io.StringIO(newline="")
        csv.writer(out, delimiter=delimiter, lineterminator=end).writerows(rows)
        return out.getvalue()

    yield f"{name}.csv", data
    yield "bom.csv", b"\xef\xbb\xbf" + data
    yield "utf16le.csv", b"\xff\xfe" + text.encode("utf-16-le")
    yield "utf16be.csv", b"\xfe\xff" + text.encode("utf-16-be")
    yield "utf16-without-mark.csv", text.encode("utf-16-le")
    for what, delimiter in (("semicolon", ";"), ("tab", "\t"), ("pipe", "|")):
        yield f"{what}.csv", written(delimiter, "\r\n").encode()
    yield "unicode-text.txt", written("\t", "\r\n").encode("utf-16")
    yield "r.csv.gz", gzip.compress(data)
    yield "r.csv.bz2", bz2.compress(data)
    yield "r.csv.xz", lzma.compress(data)
    yield "r.csv.lzma-crc32.xz", lzma.compress(data, check=lzma.CHECK_CRC32)
    for method, label in ((zipfile.ZIP_STORED, "stored"), (zipfile.ZIP_DEFLATED, "deflated")):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", method) as archive:
            archive.writestr("a/b/report.csv", data)
        yield f"{label}.zip", out.getvalue()
    for mode, label in (("w", "tar"), ("w:gz", "tar.gz"), ("w:bz2", "tar.bz2"), ("w:xz", "tar.xz")):
        for form, form_name in ((tarfile.PAX_FORMAT, "pax"), (tarfile.GNU_FORMAT, "gnu")):
            out = io.BytesIO()
            with tarfile.open(fileobj=out, mode=mode, format=form) as archive:
                info = tarfile.TarInfo("a/" + "long/" * 40 + "report.csv")
                info.size = len(data)
                archive.addfile(info, io.BytesIO(data))
            yield f"{form_name}.{label}", out.getvalue()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=2_000)
    parser.add_argument("--binary", type=pathlib.Path, default=ROOT / "target" / "release" / "inspector-report")
    parser.add_argument("--generator", type=pathlib.Path, default=ROOT / "tests" / "acceptance" / "generate_report.py")
    options = parser.parse_args()
    failed = passed = 0
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        plain, as_json = work / "plain.csv", work / "findings.json"
        for path, more in ((plain, ["--layout", "D"]), (as_json, ["--json"])):
            subprocess.run([sys.executable, options.generator, "--rows", str(options.rows), "--seed", "7", *more, path], check=True)
        expected = table(plain)

        def convert(path, out, form="csv"):
            run = subprocess.run([options.binary, "convert", "-q", "-f", form, "-o", out, path], capture_output=True, text=True)
            if run.returncode:
                raise RuntimeError(f"status {run.returncode}: {run.stderr}")
            made = [p for p in out.rglob(f"*.{form}")]
            if len(made) != 1:
                raise RuntimeError(f"{len(made)} outputs")
            return made[0]

        def check(name, path, expected=expected, ignore=lambda column, row: False):
            nonlocal failed, passed
            try:
                faults = compare(table(convert(path, work / "out" / name)), expected, ignore)
            except Exception as error:
                faults = [str(error)]
            if faults:
                failed += 1
                print(f"FAIL {name}: {len(faults)} differences: {'; '.join(faults[:3])}")
            else:
                passed += 1
                print(f"ok  {name}: {len(expected)} rows, every cell")

        # Text that CP932 has: the rest of the report is not compared against a file that cannot hold it.
        narrow = plain.read_text(encoding="utf-8").encode("cp932", errors="ignore").decode("cp932")
        (work / "narrow.csv").write_text(narrow, encoding="utf-8", newline="")
        (work / "cp932.csv").write_bytes(narrow.encode("cp932"))
        check("cp932", work / "cp932.csv", table(work / "narrow.csv"))
        for name, data in forms(plain.read_bytes().decode(), "again"):
            (work / name).write_bytes(data)
            check(name, work / name)

        # A JSON report of a function has its runtime where the generator's CSV has a platform of its own, and no age.
        def ignore(column, row):
            return column == "Age (Days)" or (column == "Platform" and row["Resource Type"] == "AWS_LAMBDA_FUNCTION")

        findings = json.loads(as_json.read_text(encoding="utf-8"))["findings"]
        dump = lambda value, **more: json.dumps(value, ensure_ascii=False, **more)
        shapes = {
            "report.json": as_json.read_text(encoding="utf-8"),
            "indented.json": dump({"nextToken": None, "findings": findings}, indent=4),
            "ascii.json": json.dumps({"findings": findings}),
            "array.json": dump(findings),
            "lines.ndjson": "\n".join(dump(f) for f in findings),
            "events.ndjson": "\n".join(dump({"version": "0", "detail-type": "Inspector2 Finding", "resources": ["arn:x"], "detail": f}) for f in findings),
            "pages.json": "\n".join(dump({"findings": findings[i : i + 100]}, indent=1) for i in range(0, len(findings), 100)),
        }
        for name, text in shapes.items():
            (work / name).write_text(text, encoding="utf-8")
            check(name, work / name, ignore=ignore)

        # A workbook has the rows by severity.
        order = ["CRITICAL", "HIGH", "MEDIUM", "LOW", "INFORMATIONAL", "UNTRIAGED"]
        by_severity = collections.defaultdict(list)
        for row in expected:
            by_severity[row["Severity"]].append(row)
        rows = [row for severity in order for row in by_severity[severity]]
        for lang in ("en", "ja"):
            out = work / "workbook" / lang
            subprocess.run([options.binary, "convert", "-q", "-f", "xlsx", "--sort", "input", "--lang", lang, "-o", out, plain], check=True)
            check(f"workbook-{lang}", out / "plain.xlsx", rows)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())

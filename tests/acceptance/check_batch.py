#!/usr/bin/env python3
"""A folder of hundreds of reports in one command: all that can be converted is, a second run does only what is due, and
nothing is lost or half-written when the program is killed.

    check_batch.py --binary inspector-report [--full] [--kills N] [--work FOLDER]

Makes an archive of reports (60 of up to 3,000 findings; with --full 1,000 of up to 20,000, which takes some 15 GB of disk and
an hour or two) in every layout, form and encoding, in folders by year and month, a tenth of them packed, some broken in ways
that leave nothing to convert and one cut in the middle; it is kept in the work folder, so that the next run is quick. Then:

  converted   one command; every row is counted, every output is whole, exactly the broken ones have failed
  again       nothing is touched; then only what has changed, was deleted, added or mended, or what another option asks for
  killed      kill -9 at random moments: no output is ever half-written, and the run that completes gives the same bytes
  at once     two runs into one folder
  threads     one thread and several give the same bytes; with --full how much faster several are
  memory      --memory gives the same bytes; with --full the peak with a report of 1,000,000 findings among 30 others

Reports are made by generate_report.py, beside this file.
One line a check, `ok  name (figures)` or `FAIL name: why`; the last line is `N passed, M failed`.
"""
import argparse
import collections
import concurrent.futures
import csv
import gzip
import hashlib
import importlib.util
import io
import json
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tarfile
import threading
import time
import zipfile

import run as acceptance

Fault = acceptance.Fault
SHEETS = {"CRITICAL": "Critical", "HIGH": "High", "MEDIUM": "Medium", "LOW": "Low", "INFORMATIONAL": "Informational", "UNTRIAGED": "Untriaged"}
DISGUISES = [[], ["--json"], ["--crlf"], ["--bom"], ["--quote-all"], ["--shuffle-columns"], ["--encoding", "utf-16"], ["--encoding", "shift_jis"], ["--json"], []]


# ---- The archive ----------------------------------------------------------------------------------------------------

def plan(count, most, broken):
    """What the archive holds: [{"path", "members": [{"name", "rows", "arguments"}]}], and the names of the broken files.

    `name` is the name inside of a zip, "" for a file that is the report itself.
    """
    chance = random.Random(2026)
    files = []
    for n in range(count - broken):
        folder = f"{2024 + n % 3}/{1 + n // 3 % 12:02}"
        packed = {3: "gz", 7: "zip"}.get(n % 20)
        parts = 3 if n % 40 == 7 else 1
        members = []
        for part in range(parts):
            # Most reports are small, a few are large.
            dice = chance.random()
            low, high = (10, most // 12) if dice < .9 else (most // 12, most // 3) if dice < .98 else (most // 3, most)
            rows = int(low * (high / low) ** chance.random())
            if n == 0:
                rows = most
            elif n == 1:
                rows = 10
            disguise = DISGUISES[(n + part) % len(DISGUISES)]
            layout = "ABCD"[(n // len(DISGUISES) + n + part) % 4]
            ending = "json" if "--json" in disguise else "csv"
            arguments = ["--rows", rows, "--seed", 100 * n + part, "--layout", layout, "--vulnerabilities", min(4000, 20 + rows), "--resources", min(1500, 80 + rows // 4), *disguise]
            name = "" if packed != "zip" else f"{'inner/' if part == 2 else ''}part-{part + 1}.{ending}"
            members.append({"name": name, "rows": rows, "ending": ending, "arguments": [str(a) for a in arguments]})
        name = f"inspector-{n:04}" if n % 2 else f"検出結果 {n:04}"
        path = f"{folder}/{name}.{'zip' if packed == 'zip' else members[0]['ending'] + ('.gz' if packed else '')}"
        files.append({"path": path, "members": members})
    return files


def zipped(members):
    """A zip, the same bytes every time."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for name, data in members:
            file.writestr(zipfile.ZipInfo(name, (2026, 11, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def broken_files(good):
    """Files with the endings of reports of which nothing at all can be converted: {name: bytes}. The first ten are the worst."""
    noise = random.Random(1)
    noise = bytes(noise.getrandbits(8) for _ in range(20_000))
    locked = bytearray(zipped([("secret.csv", good)]))
    locked[6] |= 1  # the flag "encrypted", in the member's own header and in the directory
    locked[locked.find(b"PK\x01\x02") + 8] |= 1
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        folder = tarfile.TarInfo("reports")
        folder.type = tarfile.DIRTYPE
        tar.addfile(folder)
    heading, _, rest = good.partition(b"\n")
    return {
        "broken-empty.csv": b"",
        "broken-noise.csv": noise,
        "broken-cut.csv.gz": gzip.compress(good, mtime=0)[:40],
        "broken-cut.zip": zipped([("report.csv", good)])[:-60],
        "broken-noise.csv.gz": gzip.compress(noise, mtime=0),
        "broken-page.csv": b"<!DOCTYPE html>\n<html><head><title>403 Forbidden</title></head>\n<body><h1>Access denied</h1>, <p>sign in</p></body></html>\n",
        # A cut behind the bracket would be a report that lost rows, and no failure.
        "broken-cut.json": b'{"findi',
        "broken-security-hub.csv": b"Id,ProductArn,GeneratorId,CreatedAt,Compliance\n1,arn:aws:securityhub:::product/x,rule,2026-01-01,PASSED\n",
        "broken-locked.zip": bytes(locked),
        "broken-no-report.zip": zipped([("README.txt", "Nothing yet.\n"), ("logo.png", b"\x89PNG\r\n")]),
        "broken-folder.tar": buffer.getvalue(),
        "broken-document.csv": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n",
        "broken-classic.csv": b"Severity,Date,Finding,Target,Template,Rules Package,Rules Version,Description,Recommendation\nHigh,2019-01-01,Instance i-1 is vulnerable,t,t,CVE,1.1,d,r\n",
        "broken-zeros.csv": bytes(50_000),
        "broken-asff.json": b'{"Findings": [{"SchemaVersion": "2018-10-08", "Id": "x", "Severity": {"Label": "HIGH"}}]}',
        "broken-sbom.json": b'{"sbom": {"bomFormat": "CycloneDX", "specVersion": "1.5", "components": []}}',
        "broken-denied.json": b'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>',
        "broken-pointer.csv": b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"a" * 64 + b"\nsize 12345\n",
        "broken-no-severity.csv": heading.replace(b"Severity,", b"Grade,", 1) + b"\n" + rest,
        "broken-blank.csv.gz": gzip.compress(b"\n\n  \n", mtime=0),
    }


GENERATOR = None


def generate(generator, arguments, path):
    """Runs the generator in this process."""
    global GENERATOR
    if GENERATOR is None:
        found = importlib.util.spec_from_file_location("generate_report", generator)
        GENERATOR = importlib.util.module_from_spec(found)
        found.loader.exec_module(GENERATOR)
    before = sys.argv
    sys.argv = ["generate_report.py", *arguments, str(path)]
    try:
        GENERATOR.main()
    finally:
        sys.argv = before


def make(generator, entry, folder):
    """One file of the archive."""
    path = pathlib.Path(folder) / entry["path"]
    path.parent.mkdir(parents=True, exist_ok=True)
    made = []
    for n, member in enumerate(entry["members"]):
        plain = path.with_name(f"{path.name}.{n}.making")
        generate(generator, member["arguments"], plain)
        made.append(plain)
    if path.suffix == ".zip":
        path.write_bytes(zipped([(member["name"], plain.read_bytes()) for member, plain in zip(entry["members"], made)]))
    elif path.suffix == ".gz":
        path.write_bytes(gzip.compress(made[0].read_bytes(), 6, mtime=0))
    else:
        os.replace(made.pop(0), path)
    for plain in made:
        plain.unlink()


class Archive:
    """The reports, what is known of each, and a copy to work on."""

    def __init__(self, options, work):
        count, most, broken = (1000, 20_000, 20) if options.full else (60, 3_000, 10)
        self.files = plan(count, most, broken)
        rough = {"path": "2026/cut/report-cut.json", "members": [{"name": "", "rows": 40, "ending": "json", "arguments": ["--rows", "40", "--seed", "9", "--json", "--vulnerabilities", "20", "--resources", "80"]}]}
        key = hashlib.sha256(options.generator.read_bytes() + pathlib.Path(__file__).read_bytes().split(b"\nclass Checks")[0]).hexdigest()[:12]
        self.cache = work / f"archive-{count}-{key}"
        self.folder = work / "archive"
        self.new = self.cache / "new.csv"  # one that is not in the archive at first
        self.generator = options.generator
        if not self.cache.exists():
            for old in work.glob(f"archive-{count}-*"):
                shutil.rmtree(old)
            making = work / f"archive-{count}-making"
            with concurrent.futures.ProcessPoolExecutor() as pool:
                list(pool.map(make, *zip(*((str(options.generator), entry, str(making / "files")) for entry in [*self.files, rough]))))
            generate(options.generator, ["--rows", "25", "--seed", "77", "--vulnerabilities", "20", "--resources", "80"], making / "new.csv")
            cut = making / "files" / rough["path"]
            cut.write_bytes(cut.read_bytes()[:-400])
            for n, (name, data) in enumerate(list(broken_files((making / "new.csv").read_bytes()).items())[:broken]):
                path = making / "files" / f"{2024 + n % 3}/{1 + n // 3:02}" / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
            making.rename(self.cache)
        self.broken = sorted(path.relative_to(self.cache / "files").as_posix() for path in (self.cache / "files").rglob("broken-*"))
        self.partial = rough["path"]
        if len(self.broken) != broken:
            raise SystemExit(f"{self.cache} is not whole: delete it")
        # {input, as the summary names it: (rows, where its outputs go, without the ending)}
        self.good = {}
        for entry in self.files:
            stem = re.sub(r"\.(csv|json)(\.gz)?$|\.zip$", "", entry["path"])
            for member in entry["members"]:
                if member["name"]:
                    self.good[f"{entry['path']}!{member['name']}"] = (member["rows"], f"{stem}/{member['name'].rsplit('.', 1)[0]}")
                else:
                    self.good[entry["path"]] = (member["rows"], stem)
        self.reset()

    def reset(self):
        """The archive as it was at first. Files are links to those of the cache, so nothing may be written into them."""
        shutil.rmtree(self.folder, ignore_errors=True)
        for path in sorted((self.cache / "files").rglob("*")):
            copy = self.folder / path.relative_to(self.cache / "files")
            if path.is_dir():
                copy.mkdir(parents=True, exist_ok=True)
            else:
                try:
                    os.link(path, copy)
                except OSError:  # a file system without links
                    shutil.copy2(path, copy)

    def write(self, name, data):
        """Puts another file in the place of one of the copy's, with a time of its own."""
        path = self.folder / name
        path.unlink(missing_ok=True)
        path.write_bytes(data)
        later = time.time() + 10
        os.utime(path, (later, later))

    def plain(self, nth):
        """The nth plain report: CSV in UTF-8 with neither BOM nor CRLF."""
        names = [entry["path"] for entry in self.files if entry["path"].endswith(".csv") and not set(entry["members"][0]["arguments"]) & {"--bom", "--crlf", "--encoding", "--quote-all", "--shuffle-columns"}]
        return names[nth]

    def findings(self, name):
        """[(severity, status, ARN)] of a report of the archive, read with Python."""
        file, _, member = name.partition("!")
        data = (self.cache / "files" / file).read_bytes()
        if member:
            with zipfile.ZipFile(io.BytesIO(data)) as packed:
                data = packed.read(member)
        elif file.endswith(".gz"):
            data = gzip.decompress(data)
        if (member or file).split(".gz")[0].endswith(".json"):
            return [(f["severity"], f["status"], f["findingArn"]) for f in json.loads(data)["findings"]]
        for encoding in ("utf-16", "utf-8-sig", "shift_jis"):
            if (encoding == "utf-16") == (data[:2] in (b"\xff\xfe", b"\xfe\xff")):
                try:
                    text = data.decode(encoding)
                    break
                except UnicodeDecodeError:
                    pass
        csv.field_size_limit(1 << 30)
        return [(row["Severity"], row["Status"], row["Finding ARN"]) for row in csv.DictReader(io.StringIO(text, newline=""))]


# ---- Outputs --------------------------------------------------------------------------------------------------------

def hidden(relative):
    return any(part.startswith(".") for part in relative.parts)


def outputs(folder):
    """The files of a folder that people see, by their path in it."""
    found = {}
    for path in folder.rglob("*"):
        relative = path.relative_to(folder)
        if not hidden(relative) and path.is_file():
            found[relative.as_posix()] = path
    return found


def stamps(folder):
    """What changes when a file is written again."""
    return {name: (s.st_ino, s.st_mtime_ns, s.st_size) for name, s in ((name, path.stat()) for name, path in outputs(folder).items())}


def digest(path):
    value = hashlib.sha256()
    with open(path, "rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            value.update(block)
    return value.hexdigest()


def digests(folder):
    found = outputs(folder)
    with concurrent.futures.ThreadPoolExecutor() as pool:
        return dict(zip(found, pool.map(digest, found.values())))


def half(path):
    """Why an output is not whole, or nothing."""
    try:
        if path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as package:
                bad = package.testzip()
                if bad or "[Content_Types].xml" not in package.namelist():
                    return f"{path.name}: {bad or 'no content types'}"
        elif path.suffix == ".sarif":
            if "runs" not in json.loads(path.read_bytes()):
                return f"{path.name}: no runs"
        elif path.suffix == ".md":
            data = path.read_bytes()
            if not data.strip() or not data.endswith(b"\n"):
                return f"{path.name}: {len(data)} bytes, the last of them {data[-10:]!r}"
        else:
            return f"{path.name}: nobody asked for it"
    except Exception as error:  # whatever a damaged file does to a reader
        return f"{path.name}: {error!r:.200}"
    return None


def all_whole(folder):
    found = list(outputs(folder).values())
    with concurrent.futures.ProcessPoolExecutor() as pool:
        faults = [fault for fault in pool.map(half, found, chunksize=8) if fault]
    if faults:
        raise Fault(f"{len(faults)} of {len(found)} outputs are not whole: {faults[:5]}")
    return len(found)


def temporary(folder):
    return [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.name.endswith(".tmp")]


def few(names):
    names = sorted(names)
    return f"{', '.join(names[:6])}{f' and {len(names) - 6} more' if len(names) > 6 else ''}" or "none"


def same(what, found, wanted):
    """Compares two folders by the digests of their files."""
    if found != wanted:
        other = [name for name in found if name in wanted and found[name] != wanted[name]]
        raise Fault(f"{what}: missing {few(set(wanted) - set(found))}; too many {few(set(found) - set(wanted))}; other bytes in {few(other)}")


class Checks:
    def __init__(self, options, work):
        self.options, self.work = options, work
        self.archive = Archive(options, work)
        self.out = work / "out"
        self.chance = random.Random(options.seed)
        self.wanted = self.first = self.left = None
        self.took = 0

    # -- running

    def start(self, out, *more, source=None, summary="summary.json"):
        spare = self.work / "tmp"
        spare.mkdir(exist_ok=True)
        (self.work / summary).unlink(missing_ok=True)
        log = open(self.work / f"{summary}.log", "w+b")
        command = [self.options.binary, "convert", source or self.archive.folder, "--output", out, "--summary", self.work / summary, "--strict", *more]
        process = subprocess.Popen([str(part) for part in command], stdin=subprocess.DEVNULL, stdout=log, stderr=log, env={**os.environ, "TMPDIR": str(spare)})
        process.log = log
        return process

    def finish(self, process, status=3, summary="summary.json", timeout=7200):
        """Waits; returns the summary, with `said` (standard error) and `byName` (inputs by their path in the archive) in it."""
        try:
            process.wait(timeout)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise Fault(f"took over {timeout} s") from None
        process.log.seek(0)
        said = process.log.read().decode("utf-8", "replace")
        process.log.close()
        if process.returncode != status:
            raise Fault(f"ended with {process.returncode}, not {status}: {' / '.join(said.strip().splitlines()[-6:])}")
        try:
            report = json.loads((self.work / summary).read_bytes())
        except (OSError, ValueError) as error:
            raise Fault(f"the summary cannot be read: {error}") from None
        source = pathlib.Path(str(process.args[2])).as_posix() + "/"
        report["said"], report["byName"] = said, {}
        for one in report["inputs"]:
            name = one["input"].replace("\\", "/")
            name = name[len(source):] if name.startswith(source) else name
            if name in report["byName"]:
                raise Fault(f"the summary has {name} twice")
            report["byName"][name] = one
        if report["exitStatus"] != status:
            raise Fault(f"the summary says exit status {report['exitStatus']}, it was {status}")
        return report

    def convert(self, out, *more, status=3, source=None):
        return self.finish(self.start(out, *more, source=source), status=status)

    def done(self, report):
        """The inputs that were not skipped; says so if the summary's own count is another."""
        skipped = {name for name, one in report["byName"].items() if one["skipped"]}
        if len(skipped) != report["skipped"]:
            raise Fault(f"skipped is {report['skipped']}, and {len(skipped)} inputs are")
        return set(report["byName"]) - skipped

    def statuses(self, report):
        """As the archive has it: exactly the broken ones have failed."""
        failed = {name.partition("!")[0] for name, one in report["byName"].items() if one["status"] == "failed"}
        if failed != set(self.archive.broken):
            raise Fault(f"failed and should not: {few(failed - set(self.archive.broken))}; should have: {few(set(self.archive.broken) - failed)}")
        partly = {name for name, one in report["byName"].items() if one["status"] == "partial"}
        if partly != {self.archive.partial}:
            raise Fault(f"partial: {few(partly)}, not {self.archive.partial} alone")
        for name in self.archive.broken:
            if name not in report["said"].replace("\\", "/"):
                raise Fault(f"standard error does not name {name}")

    def no_temporary(self):
        left = temporary(self.out)
        if left:
            raise Fault(f"{len(left)} temporary files are left: {few(left)}")

    # -- the checks

    def converted(self):
        shutil.rmtree(self.out, ignore_errors=True)
        started = time.monotonic()
        report = self.convert(self.out)
        self.took = time.monotonic() - started
        self.statuses(report)
        good = self.archive.good
        names = set(report["byName"]) - {self.archive.partial}
        names = {name for name in names if name.partition("!")[0] not in self.archive.broken}
        if names != set(good):
            raise Fault(f"inputs that are missing: {few(set(good) - names)}; unknown: {few(names - set(good))}")
        counts = collections.Counter(one["status"] for one in report["byName"].values())
        if any(report[status] != counts[status] for status in ("converted", "partial", "failed")) or report["skipped"]:
            raise Fault(f"the summary counts {report['converted']}, {report['partial']}, {report['failed']}, {report['skipped']} skipped; its inputs are {dict(counts)}")
        found, listed = outputs(self.out), set()
        for name, (rows, stem) in [*good.items(), (self.archive.partial, (40, "2026/cut/report-cut"))]:
            one = report["byName"][name]
            lost = one["rowsLost"]
            if one["rowsRead"] != rows or one["findings"] != rows - lost or lost != (name == self.archive.partial) or one["filteredOut"]:
                raise Fault(f"{name}: {one['rowsRead']} rows, {one['findings']} findings, {lost} lost, and not {rows}")
            wanted = {f"{stem}.xlsx", f"{stem}.md"}
            sarif = {file for file in found if re.fullmatch(re.escape(stem) + r"(\.\d{3})?\.sarif", file)}
            if not wanted <= set(found) or not sarif:
                raise Fault(f"{name}: of {few(wanted)} and SARIF there is {few((wanted & set(found)) | sarif)}")
            said = {pathlib.Path(os.path.relpath(path, self.out)).as_posix() for path in one["outputs"]}
            if said != wanted | sarif:
                raise Fault(f"{name}: the summary names {few(said)}, and there is {few(wanted | sarif)}")
            listed |= said
        if listed != set(found):
            raise Fault(f"outputs of no input: {few(set(found) - listed)}")
        all_whole(self.out)
        self.no_temporary()
        self.wanted, self.first = digests(self.out), report
        rows = sum(rows for rows, _ in good.values())
        return f"{len(report['byName'])} inputs, {len(self.archive.broken)} of them failed; {rows} rows; {len(found)} whole outputs; {self.took:.1f} s"

    def contents(self):
        """What is in the outputs of 20 reports, the largest and the smallest among them, read with calamine."""
        import python_calamine
        self.need()
        chosen = list(self.archive.good)[:2] + self.chance.sample(list(self.archive.good)[2:], 18)
        # Packed ones and the encodings must be among them.
        chosen += [name for name in self.archive.good if "!" in name][:2]
        total = 0
        for name in chosen:
            stem = self.archive.good[name][1]
            findings = self.archive.findings(name)
            book = python_calamine.CalamineWorkbook.from_path(str(self.out / f"{stem}.xlsx"))
            severities = collections.Counter(severity for severity, _, _ in findings)
            for severity, sheet in SHEETS.items():
                # A header, then a row for each finding.
                rows = sum(len(book.get_sheet_by_name(title).to_python()) - 1 for title in book.sheet_names if title == sheet or title.startswith(f"{sheet} ("))
                if rows != severities[severity]:
                    raise Fault(f"{name}: {rows} rows on {sheet}, not {severities[severity]}")
            alerts = collections.Counter(result["properties"]["findingArn"] for path in self.out.glob("**/*.sarif")
                                         if re.fullmatch(re.escape(stem) + r"(\.\d{3})?\.sarif", path.relative_to(self.out).as_posix())
                                         for one in json.loads(path.read_bytes())["runs"] for result in one["results"])
            opened = collections.Counter(arn for _, status, arn in findings if status == "ACTIVE")
            if alerts != opened:
                raise Fault(f"{name}: {sum(alerts.values())} alerts for {sum(opened.values())} open findings")
            total += len(findings)
        return f"{len(chosen)} reports, {total} findings on their sheets, the open ones in SARIF"

    def need(self):
        if self.wanted is None:
            raise Fault("there is no first run to compare with")

    def expect(self, what, report, due, before):
        """Only the inputs `due` were done, and the outputs of all others are as they were."""
        done = self.done(report)
        if done != set(due):
            raise Fault(f"{what}: done though nothing asked for it: {few(done - set(due))}; not done: {few(set(due) - done)}")
        now = stamps(self.out)
        mine = re.compile("|".join(re.escape(self.stem(name)) + r"(\.\d{3})?\.(xlsx|sarif|md)" for name in due) or "(?!)")
        touched = {name for name in set(before) | set(now) if before.get(name) != now.get(name)}
        strange = {name for name in touched if not mine.fullmatch(name)}
        if strange:
            raise Fault(f"{what}: outputs of others were touched: {few(strange)}")
        for name in due:
            if report["byName"][name]["status"] != "failed" and not any(file.startswith(self.stem(name) + ".") for file in touched):
                raise Fault(f"{what}: the outputs of {name} were not written")
        return now

    def stem(self, name):
        if name in self.archive.good:
            return self.archive.good[name][1]
        return re.sub(r"\.(csv|json)(\.gz)?$|\.zip$|\.tar$", "", name.partition("!")[0])

    def again(self):
        self.need()
        before = stamps(self.out)
        started = time.monotonic()
        report = self.convert(self.out)
        took = time.monotonic() - started
        self.expect("nothing changed", report, [], before)
        self.statuses(report)
        if report["skipped"] != len(self.first["byName"]):
            raise Fault(f"{report['skipped']} of {len(self.first['byName'])} inputs are skipped")
        if not re.search(r"skip|unchanged|not changed|nothing (?:has |was )?changed|up to date|already", report["said"], re.I):
            raise Fault(f"standard error does not say that inputs were skipped: {report['said'].strip().splitlines()[-3:]}")
        return f"{report['skipped']} skipped in {took:.2f} s, {took / self.took:.0%} of the first run"

    def changed(self):
        """One thing after the other, each in its own run."""
        self.need()
        archive, said = self.archive, []
        before = stamps(self.out)

        longer, letter, touched, deleted = (archive.plain(n) for n in range(4))
        # A row more.
        data = (archive.folder / longer).read_bytes()
        text = io.StringIO(newline="")
        csv.writer(text, lineterminator="\n").writerow(list(csv.reader(io.StringIO(data.decode(), newline="")))[-1])
        archive.write(longer, data + text.getvalue().encode())
        report = self.convert(self.out)
        before = self.expect("a row more", report, [longer], before)
        if report["byName"][longer]["rowsRead"] != archive.good[longer][0] + 1:
            raise Fault(f"a row more: {report['byName'][longer]['rowsRead']} rows of {longer}")
        said.append("a row more")

        # As many bytes as before, one of them another one: a title, so that every output changes.
        data = (archive.folder / letter).read_bytes()
        place = data.index(b"CVE-", data.index(b"\n"))
        archive.write(letter, data[:place] + b"CVX-" + data[place + 4:])
        before = self.expect("one letter", self.convert(self.out), [letter], before)
        said.append("one letter")

        # The same bytes, with another time.
        data = (archive.folder / touched).read_bytes()
        archive.write(touched, data)
        before = self.expect("another time", self.convert(self.out), [], before)
        said.append("another time")

        # Each kind of output, one after the other.
        for ending in ("xlsx", "md"):
            gone = self.out / f"{self.stem(deleted)}.{ending}"
            gone.unlink()
            before = self.expect(f"a deleted .{ending}", self.convert(self.out), [deleted], before)
            if digest(gone) != self.wanted[gone.relative_to(self.out).as_posix()]:
                raise Fault(f"a deleted .{ending}: it came back otherwise")
        said.append("deleted outputs")

        # One of a zip with three.
        one = next(name for name in archive.good if "!inner/" in name)
        (self.out / f"{self.stem(one)}.xlsx").unlink()
        report = self.convert(self.out)
        done = self.done(report)
        # The zip may be done as a whole; nothing else may.
        if one not in done or any(name.partition("!")[0] != one.partition("!")[0] for name in done):
            raise Fault(f"an output of a zip was deleted: {few(done)} done, not {one}")
        if digests(self.out)[f"{self.stem(one)}.xlsx"] != self.wanted[f"{self.stem(one)}.xlsx"]:
            raise Fault("an output of a zip was deleted: it came back otherwise")
        before = stamps(self.out)
        said.append("one of a zip")

        # A new one, and one that was broken and is mended.
        (archive.folder / "2026/new").mkdir()
        archive.write("2026/new/report-new.csv", archive.new.read_bytes())
        before = self.expect("a new report", self.convert(self.out), ["2026/new/report-new.csv"], before)
        said.append("a new one")
        mended = next(name for name in archive.broken if name.endswith("/broken-page.csv"))
        archive.write(mended, archive.new.read_bytes())
        report = self.convert(self.out)
        before = self.expect("a mended report", report, [mended], before)
        if report["byName"][mended]["status"] != "converted" or report["byName"][mended]["rowsRead"] != 25:
            raise Fault(f"a mended report is {report['byName'][mended]['status']}, {report['byName'][mended]['rowsRead']} rows")
        before = self.expect("after all that", self.convert(self.out), [], before)
        said.append("a mended one")

        # Back to what it was, by the other way: the files of the archive as they were first.
        archive.reset()
        for name in ("2026/new/report-new", self.stem(mended)):
            for ending in ("xlsx", "sarif", "md"):
                (self.out / f"{name}.{ending}").unlink()
        report = self.convert(self.out)
        self.statuses(report)
        # The broken one may be known still, by the bytes that failed before.
        if self.done(report) - {mended} != {longer, letter}:
            raise Fault(f"the archive as it was: {few(self.done(report))} done, not {few([longer, letter])}")
        same("the archive as it was", digests(self.out), self.wanted)
        said.append("back again")
        return "; ".join(said)

    def options_changed(self):
        """Another option, and --force: all is due."""
        self.need()
        self.archive.reset()
        shown = []
        for what, more in (("--lang ja", ["--lang", "ja"]), ("--lang en", []), ("--force", ["--force"])):
            before = stamps(self.out)
            report = self.convert(self.out, *more)
            kept = set(self.first["byName"]) - self.done(report)
            if what == "--lang en":
                # Broken ones have left no output that the run in between could have replaced.
                kept = {name for name in kept if report["byName"][name]["status"] != "failed"}
            if kept:
                raise Fault(f"{what}: {len(kept)} of {len(report['byName'])} inputs are skipped: {few(kept)}")
            now = stamps(self.out)
            kept = {name for name in now if now[name] == before.get(name)}
            if kept:
                raise Fault(f"{what}: not written again: {few(kept)}")
            all_whole(self.out)
            if what == "--lang ja":
                if not any("検出" in (self.out / name).read_text("utf-8") for name in list(now) if name.endswith(".md")):
                    raise Fault("--lang ja: no Japanese in any .md")
                report = self.convert(self.out, *more)
                if self.done(report):
                    raise Fault(f"--lang ja once more: {few(self.done(report))} done again")
            else:
                same(what, digests(self.out), self.wanted)
            shown.append(what)
        self.no_temporary()
        return ", ".join(shown)

    def killed(self):
        """A chain is: into an empty folder, killed again and again, until a run comes to its end."""
        self.need()
        self.archive.reset()
        out = self.work / "killed"
        kills = chains = checked = 0
        known, notes, left = {}, [], []
        shutil.rmtree(self.work / "tmp", ignore_errors=True)
        while kills < self.options.kills or chains == 0 or known:
            if not known:
                shutil.rmtree(out, ignore_errors=True)
                known, early = {"": None}, 0  # the folder is under way
            before = self.complete(out)
            process = self.start(out)
            if kills < self.options.kills:
                # Mostly in the middle of its work, at times when it has hardly begun.
                time.sleep(self.chance.random() * self.took * self.chance.choice([.02, .3, .3, .9]))
                if process.poll() is None:
                    process.kill()
                    process.wait()
                    process.log.close()
                    kills += 1
                    early += 1
                    checked += self.look(out, known, f"kill {kills}")
                    continue
            report = self.finish(process)
            skipped = {name for name, one in report["byName"].items() if one["skipped"] and one["status"] != "failed"}
            self.statuses(report)
            same(f"after {early} kills", digests(out), self.wanted)
            if skipped - before:
                raise Fault(f"skipped though an output was missing: {few(skipped - before)}")
            if len(before) >= 4 and not skipped:
                raise Fault(f"{len(before)} of {len(report['byName'])} inputs were complete after {early} kills, and none was skipped")
            left += temporary(out)
            notes.append(f"after {early}: {len(skipped)} skipped of {len(before)} complete")
            chains += 1
            known = {}
        shutil.rmtree(out)
        spare = [path for path in (self.work / "tmp").rglob("*") if path.is_file()]
        self.left = left, len(spare), chains
        return f"{kills} kills in {chains} chains, {checked} outputs looked at; {', '.join(notes[:12])}"

    def left_behind(self):
        """What killed runs leave in the folder of the outputs, the next run takes away."""
        if self.left is None:
            raise Fault("no chain of killed runs came to its end")
        left, spare, chains = self.left
        if left:
            raise Fault(f"{len(left)} temporary files are left after {chains} runs that came to their end: {few(left)}; {spare} unpacked inputs are left in TMPDIR")
        return f"none among the outputs of {chains} runs; {spare} unpacked inputs in TMPDIR"

    def complete(self, out):
        """The inputs of which every output is there."""
        there = set(outputs(out)) if out.exists() else set()
        missing = set(self.wanted) - there
        ready = set()
        for name in [*self.archive.good, self.archive.partial]:
            mine = re.compile(re.escape(self.stem(name)) + r"(\.\d{3})?\.(xlsx|sarif|md)")
            if not any(mine.fullmatch(file) for file in missing):
                ready.add(name)
        return ready

    def look(self, out, known, when):
        """Every output that was not looked at yet is whole; those that the undisturbed run wrote too are so by their digest."""
        if not out.exists():
            return 0
        fresh = 0
        for name, path in outputs(out).items():
            try:
                s = path.stat()
                stamp = (s.st_ino, s.st_mtime_ns, s.st_size)
                if known.get(name) == stamp:
                    continue
                if digest(path) != self.wanted.get(name):
                    fault = half(path)
                    raise Fault(f"{when}: {name} is {'half-written: ' + fault if fault else 'not what an undisturbed run writes'}")
            except FileNotFoundError:
                raise Fault(f"{when}: {name} was there and is gone") from None
            known[name] = stamp
            fresh += 1
        return fresh

    def at_once(self):
        self.need()
        self.archive.reset()
        out = self.work / "at-once"
        shutil.rmtree(out, ignore_errors=True)
        both = [self.start(out, summary=f"at-once-{n}.json") for n in (1, 2)]
        # What is there while they work is whole too.
        known, seen, faults = {}, 0, []
        while any(process.poll() is None for process in both):
            try:
                seen += self.look(out, known, "meanwhile")
            except Fault as fault:
                faults.append(str(fault))
            time.sleep(.02)
        reports = [self.finish(process, summary=f"at-once-{n}.json") for n, process in enumerate(both, 1)]
        if faults:
            raise Fault(f"{len(faults)} times: {faults[0]}")
        for report in reports:
            self.statuses(report)
        same("two at once", digests(out), self.wanted)
        left = temporary(out)
        if left:
            raise Fault(f"{len(left)} temporary files are left: {few(left)}")
        report = self.convert(out)
        if self.done(report):
            raise Fault(f"the run after them did {few(self.done(report))} again")
        shutil.rmtree(out)
        return f"both ended with 3, looked at {seen} outputs meanwhile; skipped {reports[0]['skipped']} and {reports[1]['skipped']}; then all"

    def threads(self):
        self.need()
        out = self.work / "threads"
        times = {"1": [], "": []}
        for n in range(3 if self.options.full else 1):
            for jobs in ("1", "") if n % 2 == 0 else ("", "1"):
                shutil.rmtree(out, ignore_errors=True)
                started = time.monotonic()
                self.convert(out, *(["--jobs", jobs] if jobs else []))
                times[jobs].append(time.monotonic() - started)
                if n == 0:
                    same(f"--jobs {jobs}", digests(out), self.wanted)
        shutil.rmtree(out)
        ratio = min(times[""]) / min(times["1"])
        verdict = f", {'at most' if ratio <= .6 else 'OVER'} 0.6" if self.options.full else ""
        return f"{os.cpu_count()} cores: {min(times['']):.2f} s, with --jobs 1 {min(times['1']):.2f} s: {ratio:.2f} of it{verdict}"

    def peak(self, process):
        """Waits for a process; its peak of memory in MB, all and without mapped files, as Linux says it, or None."""
        peaks = {"VmHWM": 0, "RssAnon": 0}

        def watch():
            while process.poll() is None:
                try:
                    text = pathlib.Path(f"/proc/{process.pid}/status").read_text()
                except OSError:
                    return
                for key in peaks:
                    found = re.search(rf"^{key}:\s+(\d+) kB", text, re.M)
                    if found:
                        peaks[key] = max(peaks[key], int(found[1]) * 1024)
                time.sleep(.02)
        thread = threading.Thread(target=watch)
        thread.start()
        thread.join()
        return peaks["VmHWM"] / 1e6, peaks["RssAnon"] / 1e6

    def memory(self):
        """--memory changes no output. It is told in decimal MB, as 512MB is."""
        self.need()
        self.archive.reset()
        out, shown = self.work / "memory", []
        for size in ("1GB", "512MB"):
            shutil.rmtree(out, ignore_errors=True)
            process = self.start(out, "--memory", size)
            peak, anonymous = self.peak(process)
            self.statuses(self.finish(process))
            same(f"--memory {size}", digests(out), self.wanted)
            shown.append(f"{size}: peak {peak:.0f} MB")
        shutil.rmtree(out)
        return "; ".join(shown)

    def large(self):
        """A report of 1,000,000 findings among 30 others."""
        big = self.archive.cache / "large"
        if not (big / "million.csv").exists():
            big.mkdir(exist_ok=True)
            generate(self.options.generator, ["--rows", "1000000", "--seed", "4", "--vulnerabilities", "9000", "--resources", "8000"], big / "making")
            (big / "making").rename(big / "million.csv")
            chosen = [name for name in self.archive.good if "!" not in name][:30]
            for n, name in enumerate(chosen):
                shutil.copy2(self.archive.cache / "files" / name, big / f"other-{n:02}{''.join(pathlib.Path(name).suffixes)}")
        out, shown, first = self.work / "large", [], None
        for size, limit in (("1GB", 1000), ("512MB", 512)):
            shutil.rmtree(out, ignore_errors=True)
            started = time.monotonic()
            process = self.start(out, "--memory", size, source=big)
            peak, anonymous = self.peak(process)
            report = self.finish(process, status=0)
            took = time.monotonic() - started
            if report["byName"]["million.csv"]["rowsRead"] != 1_000_000 or report["converted"] != 31:
                raise Fault(f"{size}: {report['byName']['million.csv']['rowsRead']} rows, {report['converted']} converted")
            all_whole(out)
            found = digests(out)
            first = first or found
            same(f"--memory {size}", found, first)
            shown.append(f"--memory {size}: peak {peak:.0f} MB ({anonymous:.0f} without mapped files), {'below' if peak <= limit else 'NOT BELOW'}; {took:.0f} s")
        shutil.rmtree(out)
        return "; ".join(shown)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", type=pathlib.Path, default=acceptance.TARGET / "release" / "inspector-report")
    parser.add_argument("--generator", type=pathlib.Path, default=acceptance.ROOT / "tests" / "acceptance" / "generate_report.py")
    parser.add_argument("--work", type=pathlib.Path, default=acceptance.TOOLS / "batch", help="folder for reports and outputs; the reports stay in it")
    parser.add_argument("--full", action="store_true", help="1,000 reports, 50 kills, times and memory")
    parser.add_argument("--kills", type=int, help="how often a run is killed [6, with --full 50]")
    parser.add_argument("--seed", type=int, default=1, help="of the moments of the kills and of what is looked into")
    parser.add_argument("--only", default="", help="the checks whose name has this in it, and the first")
    options = parser.parse_args()
    options.binary = options.binary.resolve()
    options.kills = (50 if options.full else 6) if options.kills is None else options.kills
    options.work.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    checks = Checks(options, options.work.resolve())
    if time.monotonic() - started > 2:
        print(f"made the archive in {time.monotonic() - started:.0f} s", flush=True)
    steps = [("converted", checks.converted), ("looked into", checks.contents), ("again", checks.again), ("changed", checks.changed), ("other options", checks.options_changed),
             ("killed", checks.killed), ("left by those killed", checks.left_behind), ("two at once", checks.at_once), ("threads", checks.threads), ("memory", checks.memory)]
    if options.full:
        steps.append(("1,000,000 findings", checks.large))
    chosen = [(f"many reports, {name}", method) for name, method in steps if method == checks.converted or options.only in name]
    return acceptance.check_all(chosen, (KeyError, OSError, ImportError))  # a field of the summary, an output, a module that is not there


if __name__ == "__main__":
    sys.exit(main())

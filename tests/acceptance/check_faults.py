#!/usr/bin/env python3
"""What the program does where the input, the disk, the memory or the operator is against it.

    check_faults.py --binary inspector-report [--kills N] [--only NAME] [--work FOLDER]

  bombs     half a gigabyte packed into a megabyte, in every form: the peak stays under 300 MB, and an error says what is wrong
  full      a file system of 1 MB: every writer that meets its end says so, and what was there stays (needs the right to mount)
  starved   no room for the stacks of threads: fewer do the work
  signals   `nohup`, an ignored SIGINT, SIGTERM while it waits for reports
  pipes     standard input, a named pipe, a process substitution, in every form: the outputs are those of the file
  killed    kill -9 at random moments: no report stays unpacked, and the next run removes what was not complete
  names     the longest names that a file system takes

One line a check, `ok  name (figures)` or `FAIL name: why`; the last line is `N passed, M failed`.
"""
import argparse
import bz2
import gzip
import hashlib
import io
import json
import os
import pathlib
import random
import resource
import shutil
import signal
import subprocess
import sys
import tarfile
import time
import zipfile

import run as acceptance

Fault = acceptance.Fault
HEADINGS = b"Severity,Title,Description,Resource ID,Status\n"
ROW = b"HIGH,title,text,i-1,ACTIVE\n"
MEGABYTE = b"a" * (1 << 20)
MOST = 300
FINDING = (
    b'{"findings":[{"severity":"HIGH","title":"t","findingArn":"arn:aws:inspector2:us-east-1:111122223333:finding/a",'
    b'"resources":[{"id":"i-1","type":"AWS_EC2_INSTANCE"}],'
)


# ---- Bombs ----------------------------------------------------------------------------------------------------------

def bombs():
    """Each bomb: its name, the pieces of what is packed into it, and words of the error; no words where it is only slow to say."""
    quote = b'HIGH,t,"'
    packages = b'"packageVulnerabilityDetails":{"vulnerabilityId":"CVE-1","vulnerablePackages":['
    yield "field.csv.gz", [HEADINGS, quote] + [MEGABYTE] * 500, "longer than 16.0 MiB"
    yield "quote.csv.gz", [HEADINGS, quote] + [b"some text\n" * 100_000] * 300, "a quote is opened here"
    yield "cells.csv.gz", [HEADINGS, b"HIGH,t"] + [b",a" * 500_000] * 300, "longer than 16.0 MiB"
    yield "wide.csv.gz", [HEADINGS, b"HIGH,t" + b",a" * 5_000_000 + b"\n"], "has 5000002 fields"
    yield "headings.csv.gz", [b"Severity,Title,Resource ID"] + [b",a" * 500_000] * 300, "headings that are longer than 256.0 KiB"
    yield "columns.csv.gz", [b"Severity,Title,Resource ID" + b",a" * 2000 + b"\n", ROW], "2003 columns"
    yield "tables.csv.gz", [HEADINGS, ROW] + [b"Severity,Title,Resource ID,x%d\nHIGH,t,i,1\n" % i for i in range(20_000)], "columns, and 1000 at most"
    yield "rows.csv.gz", [HEADINGS] + [b"a,b\n" * 250_000] * 20, "4990000 more rows cannot be read"
    yield "blank.csv.gz", [HEADINGS, b"a,b\n"] + [b"\n" * (1 << 20)] * 500, "has 2 fields"
    yield "empty.json.gz", [b'{"findings":['] + [b"{}," * 350_000] * 10 + [b"{}]}"], "nothing in its list is a finding"
    yield "damaged.json.gz", [b'{"findings":['] + [b"{]}," * 200_000] * 5 + [b"{}]}"], None
    yield "text.json.gz", [FINDING, b'"description":"'] + [MEGABYTE] * 500 + [b'"}]}'], "16.0 MiB is the most"
    yield "packages.json.gz", [FINDING, packages] + [b"{}," * 350_000] * 14 + [b"{}]}}]}"], "more than 100000 elements"
    yield "cut.ndjson.gz", [b'{"severity":"HIGH"\n' * 50_000] * 4, None


def tar_with_long_name(path, kind):
    """An archive whose member has a name of half a gigabyte (GNU tar, POSIX pax)."""
    header = tarfile.TarInfo("././@LongLink")
    header.type, header.size = kind, len(MEGABYTE) * 500
    member = tarfile.TarInfo("x.csv")
    member.size = len(HEADINGS)
    with gzip.open(path, "wb") as file:
        file.write(header.tobuf(tarfile.GNU_FORMAT))
        for _ in range(500):
            file.write(MEGABYTE)
        file.write(member.tobuf() + HEADINGS.ljust(512, b"\0") + bytes(1024))


def workbook_bombs(folder, binary):
    """Workbooks with one part that grows when it is unpacked."""
    (folder / "small.csv").write_bytes(HEADINGS + ROW)
    acceptance.run(binary, "convert", "-q", "-f", "xlsx", "-o", folder, folder / "small.csv")
    strings, styles = "xl/sharedStrings.xml", "xl/styles.xml"
    with zipfile.ZipFile(folder / "small.xlsx") as source:
        parts = {name: source.read(name) for name in source.namelist()}
    sheet = next(name for name in parts if name.startswith("xl/worksheets/sheet") and b"<row" in parts[name])
    cell = b'<c r="XFD9" t="inlineStr"><is>%s</is></c>'
    for name, part, before, pieces, words in [
        ("string", strings, b"<si>", [b"<si><t>"] + [MEGABYTE] * 400 + [b"</t></si>"], "a text in its part"),
        ("strings", strings, b"</sst>", [b"<si/>" * 200_000] * 200, "takes more than"),
        ("cell", sheet, b"</row>", [cell.split(b"%s")[0]] + [b"<r><t>aaaaaaaa</t></r>" * 50_000] * 200 + [cell.split(b"%s")[1]], "a text in its part"),
        ("attribute", sheet, b"<sheetData", [b'<x a="'] + [MEGABYTE] * 400 + [b'"/>'], "a text in its part"),
        ("formats", styles, b"</cellXfs>", [b'<xf numFmtId="0"/>' * 50_000] * 200, "takes more than"),
    ]:
        path = folder / f"{name}.xlsx"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
            for other, data in parts.items():
                start = data.index(before) if other == part else len(data)
                with target.open(other, "w") as file:
                    file.write(data[:start])
                    for piece in pieces if other == part else []:
                        file.write(piece)
                    file.write(data[start:])
        yield path, words


def peak(command):
    """Runs a program; its exit status, its greatest resident set in MB, and what it said."""
    with subprocess.Popen([str(part) for part in command], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as child:
        said = child.stderr.read().decode(errors="replace")
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    return child.returncode, usage.ru_maxrss / 1024, said


class Faults:
    def __init__(self, options):
        self.binary, self.work, self.kills = options.binary.resolve(), options.work.resolve(), options.kills

    def folder(self, name):
        folder = self.work / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        return folder

    def bombs(self):
        folder, most, count = self.folder("bombs"), (0, ""), 0
        inputs = []
        for name, pieces, words in bombs():
            with gzip.open(folder / name, "wb", compresslevel=1) as file:
                for piece in pieces:
                    file.write(piece)
            inputs.append((folder / name, words))
        for name, kind in [("gnu.tar.gz", b"L"), ("pax.tar.gz", b"x")]:
            tar_with_long_name(folder / name, kind)
            inputs.append((folder / name, "the name of a member is longer than 1.0 MiB"))
        inputs += workbook_bombs(folder, self.binary)
        for path, words in inputs:
            command = [self.binary, "convert", "-v", "-f", "csv,json,markdown,sarif,xlsx", "-o", folder / "out", path]
            status, used, said = peak(command)
            if status not in (1, 3):
                raise Fault(f"{path.name} ends with {status}: {said[-300:]}")
            if words and words not in said:
                raise Fault(f"{path.name}: nothing says {words!r}: {said[:300]}")
            if used > MOST:
                raise Fault(f"{path.name} takes {used:.0f} MB")
            most, count = max(most, (used, path.name)), count + 1
        return f"{count} bombs, at most {most[0]:.0f} MB, for {most[1]}"

    # ---- A full disk -------------------------------------------------------------------------------------------------

    def full(self):
        folder = self.folder("full")
        disk = folder / "disk"
        disk.mkdir()
        dated = b"Severity,Title,Resource ID,Status,Last Seen\n%sHIGH,t,i-1,ACTIVE,2026-05-%02dT00:00:00Z\n"
        rows = b"".join(b"HIGH,title %d,i-%d,ACTIVE,2026-04-04T00:00:00Z\n" % (i, i) for i in range(20_000))
        (folder / "in.csv").write_bytes(dated % (rows, 4))
        (folder / "small.csv").write_bytes(dated % (b"", 3))
        with gzip.open(folder / "large.csv.gz", "wb") as file:
            file.write(HEADINGS + ROW * 3_000_000)
        b, disk_, i, s, g = self.binary, disk, folder / "in.csv", folder / "small.csv", folder / "large.csv.gz"
        # What fills the disk up to its last block, and the command that meets its end. The old file must stay as it is.
        cases = [(f"convert to {name}", f"{b} convert -f {name} -o {disk_} --force {i}", f"in.{end}") for name, end in
                 [("csv", "csv"), ("json", "json"), ("html", "html"), ("sarif", "sarif"), ("xlsx", "xlsx"), ("markdown", "md")]]
        cases += [
            ("the summary", f"{b} convert -f csv -o {folder}/out --summary {disk_}/s.json {s}", "s.json"),
            ("the state of SARIF", f"{b} convert -f sarif -o {folder}/out --sarif-state {disk_}/state.json {s}", "state.json"),
            ("the comparison", f"{b} compare -f json -o {disk_} --force {s} {i}", None),
            ("the trend", f"{b} trend -f json -o {disk_} --force {s} {i}", None),
            ("standard output", f"{b} convert -f csv -o - {i} > /dev/full", None),
            ("an unpacked report", f"TMPDIR={disk_} {b} convert -f csv -o {folder}/out {g}", None),
        ]
        lines = [f"mount -t tmpfs -o size=1m tmpfs {disk}"]
        for number, (_, command, old) in enumerate(cases):
            lines += [f"rm -rf {disk}/* {folder}/out"]
            if old in ("s.json", "state.json"):
                # Such a file is replaced only if it is one of ours.
                lines += [f"{command} 2> /dev/null", f"rm -rf {folder}/out"]
            elif old:
                lines += [f"printf old > {disk}/{old}"]
            lines += [f"cat {disk}/{old} > {folder}/{number}.before"] if old else []
            lines += [f"head -c 2000000 /dev/zero > {disk}/fill 2>/dev/null", f"{command} 2> {folder}/{number}.err; echo $? > {folder}/{number}.status"]
            lines += [f"cat {disk}/{old} > {folder}/{number}.old"] if old else []
            lines += [f"ls -A {disk} > {folder}/{number}.ls"]
        script = folder / "script.sh"
        script.write_text("\n".join(lines) + "\n")
        for unshare in (["unshare", "-m"], ["unshare", "-Urm"]):
            tried = subprocess.run([*unshare, "sh", "-c", f"mount -t tmpfs -o size=1m tmpfs {disk}"], capture_output=True)
            if tried.returncode == 0:
                break
        else:
            return "not tried: no right to mount a file system"
        subprocess.run([*unshare, "sh", script], check=False)
        for number, (name, _, old) in enumerate(cases):
            status = (folder / f"{number}.status").read_text().strip()
            said = (folder / f"{number}.err").read_text()
            if status in ("0", "101", "134") or "No space left on device" not in said:
                raise Fault(f"{name}: status {status}: {said[:300]}")
            if old and (folder / f"{number}.old").read_bytes() != ((folder / f"{number}.before").read_bytes() or None):
                raise Fault(f"{name}: the old file is gone")
            left = [line for line in (folder / f"{number}.ls").read_text().split() if line not in ("fill", old, ".inspector-report")]
            if any(".inspector-report.tmp" in line for line in left):
                raise Fault(f"{name}: left behind: {left}")
        return f"{len(cases)} writers"

    # ---- Starved -----------------------------------------------------------------------------------------------------

    def starved(self):
        folder = self.folder("starved")
        for name in "abc":
            (folder / f"{name}.csv").write_bytes(HEADINGS + ROW * 100)
        fewer = 0
        for megabytes in (100, 200, 400):
            limit = lambda: resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
            done = subprocess.run([self.binary, "convert", "-j", "500", "-f", "csv", "-o", folder / str(megabytes), folder], preexec_fn=limit, capture_output=True, text=True)
            if done.returncode != 0 or len(list((folder / str(megabytes)).glob("*.csv"))) != 3:
                raise Fault(f"{megabytes} MB: status {done.returncode}: {done.stderr[-300:]}")
            fewer += "the system gives few threads" in done.stderr
        if fewer != 3:
            raise Fault("nothing is said of fewer threads")
        for jobs in ("0", "1025", "100000000000"):
            done = subprocess.run([self.binary, "check", "-j", jobs, folder], capture_output=True, text=True)
            if done.returncode != 2 or "1..=1024" not in done.stderr:
                raise Fault(f"--jobs {jobs}: status {done.returncode}: {done.stderr[:200]}")
        return "100, 200 and 400 MB of addresses for 500 threads"

    # ---- Signals -----------------------------------------------------------------------------------------------------

    def signals(self):
        folder = self.folder("signals")
        (folder / "in").mkdir()
        (folder / "in" / "a.csv").write_bytes(HEADINGS + ROW)

        def watch(ignored, sent, seconds):
            """Ignores signals, begins to wait for reports, and sends signals; gives the exit status, or that it runs."""
            # In the background of a script this very program ignores SIGINT, and what it starts does too.
            handle = lambda each: signal.signal(each, signal.SIG_IGN if each in ignored else signal.SIG_DFL)
            ignore = lambda: [handle(each) for each in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM)]
            command = [self.binary, "convert", "--watch", "-f", "csv", "-o", folder / "out", folder / "in"]
            with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, preexec_fn=ignore) as child:
                for line in child.stderr:
                    if line.startswith("waiting"):
                        break
                for each in sent:
                    child.send_signal(each)
                    time.sleep(0.3)
                try:
                    return child.wait(seconds)
                except subprocess.TimeoutExpired:
                    return "runs"
                finally:
                    child.kill()

        hup, interrupt, term = signal.SIGHUP, signal.SIGINT, signal.SIGTERM
        for ignored, sent, expected in [
            ([], [interrupt], 0), ([], [term], 0), ([], [hup], 0), ([hup], [hup], "runs"), ([hup], [hup, term], 0),
            ([interrupt], [interrupt], "runs"), ([interrupt, hup], [interrupt, hup, term], 0),
        ]:
            found = watch(ignored, sent, 1 if expected == "runs" else 30)
            if found != expected:
                raise Fault(f"ignoring {[each.name for each in ignored]}, {[each.name for each in sent]} gives {found}, not {expected}")
        return "SIGINT, SIGTERM and SIGHUP, ignored and not"

    # ---- Pipes -------------------------------------------------------------------------------------------------------

    def pipes(self):
        folder = self.folder("pipes")
        plain = HEADINGS + b"".join(b"HIGH,title %d,text,i-%d,ACTIVE\n" % (i, i) for i in range(3000))
        names = ["one.csv", "two.csv"]
        tar, packed = io.BytesIO(), io.BytesIO()
        with tarfile.open(fileobj=tar, mode="w") as archive:
            for name in names:
                member = tarfile.TarInfo(name)
                member.size = len(plain)
                archive.addfile(member, io.BytesIO(plain))
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in names:
                archive.writestr(name, plain)
        finding = {"severity": "HIGH", "title": "t", "findingArn": "arn:aws:inspector2:us-east-1:111122223333:finding/a", "resources": [{"id": "i-1", "type": "AWS_EC2_INSTANCE"}]}
        forms = {
            "a.csv": plain, "a.csv.gz": gzip.compress(plain), "a.csv.bz2": bz2.compress(plain), "a.tar": tar.getvalue(),
            "a.tar.gz": gzip.compress(tar.getvalue()), "a.zip": packed.getvalue(), "a.json": json.dumps({"findings": [finding]}).encode(),
        }
        (folder / "x.csv").write_bytes(plain)
        acceptance.run(self.binary, "convert", "-q", "-f", "xlsx", "-o", folder, folder / "x.csv")
        forms["a.xlsx"] = (folder / "x.xlsx").read_bytes()

        def outputs(out):
            return {str(path.relative_to(out)): hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(out.rglob("*")) if path.is_file() and not path.name.startswith(".")}

        count = 0
        for name, data in forms.items():
            path = folder / name
            path.write_bytes(data)
            command = f"'{self.binary}' convert -f csv,markdown -o"
            acceptance.run("bash", "-c", f"{command} '{folder}/file' --force '{path}'")
            expected = outputs(folder / "file")
            if not expected:
                raise Fault(f"{name}: nothing was written")
            os.mkfifo(folder / "fifo")
            given = f"--input-name {name}"
            for way, line in {
                "-": f"cat '{path}' | {command} out {given} -",
                "/dev/stdin": f"cat '{path}' | {command} out {given} /dev/stdin",
                "a file as standard input": f"{command} out {given} - < '{path}'",
                "a named pipe": f"cat '{path}' > fifo & {command} out {given} fifo",
                "a process substitution": f"{command} out {given} <(cat '{path}')",
            }.items():
                acceptance.run("bash", "-c", line, cwd=folder)
                found = outputs(folder / "out")
                if found != expected:
                    raise Fault(f"{name} as {way}: {sorted(set(found.items()) ^ set(expected.items()))[:4]}")
                shutil.rmtree(folder / "out")
                count += 1
            shutil.rmtree(folder / "file")
            (folder / "fifo").unlink()
        return f"{count} ways of {len(forms)} forms"

    # ---- Killed ------------------------------------------------------------------------------------------------------

    def killed(self):
        folder = self.folder("killed")
        scratch, reports = folder / "tmp", folder / "in"
        scratch.mkdir()
        reports.mkdir()
        text = HEADINGS + b"".join(b"HIGH,title %d,text,i-%d,ACTIVE\n" % (i, i) for i in range(100_000))
        for name in ("a", "b"):
            with gzip.open(reports / f"{name}.csv.gz", "wb", compresslevel=1) as file:
                file.write(text)
        # Outputs beside the inputs, where nothing is known of earlier runs.
        command = [self.binary, "convert", "-f", "json,html,sarif", "--force", reports]
        environment = {**os.environ, "TMPDIR": str(scratch)}
        started = time.time()
        subprocess.run(command, env=environment, capture_output=True, check=True)
        whole = time.time() - started
        left_at_kill, chance = 0, random.Random(2026)

        def incomplete():
            return {path.name for path in reports.iterdir() if path.name.endswith(".tmp")}

        for kill in range(self.kills):
            before = incomplete()
            with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as child:
                if kill % 3:
                    time.sleep(chance.uniform(0.1, 0.9) * whole)
                else:
                    # However slow the machine is: as soon as an output has begun.
                    while incomplete() <= before and child.poll() is None:
                        time.sleep(0.001)
                # As a second Ctrl-C does, every other time.
                if chance.random() < 0.5:
                    child.send_signal(signal.SIGINT)
                    child.send_signal(signal.SIGINT)
                child.kill()
            unpacked = [path.name for path in scratch.iterdir()]
            if unpacked:
                raise Fault(f"stays in the folder for temporary files: {unpacked}")
            left_at_kill += len(incomplete())
        subprocess.run(command, env=environment, capture_output=True, check=True)
        left = incomplete()
        if left:
            raise Fault(f"stays beside the reports: {left}")
        if not left_at_kill:
            raise Fault("no kill came while an output was written")
        return f"{self.kills} kills, {left_at_kill} incomplete files seen after them, none after the next run"

    # ---- Names -------------------------------------------------------------------------------------------------------

    def names(self):
        folder = self.folder("names")
        stems = [letter * (length // len(letter.encode())) for length in range(200, 252, 3) for letter in ("n", "名")]
        for stem in stems:
            (folder / f"{stem}.csv").write_bytes(HEADINGS + ROW)
        found = acceptance.run(self.binary, "convert", "-f", "md", "-o", folder / "out", folder)
        outputs = {path.stem for path in (folder / "out").glob("*.md")}
        if outputs != set(stems):
            raise Fault(f"missing: {[len(stem.encode()) for stem in set(stems) - outputs]}: {found[-300:]}")
        return f"{len(outputs)} names of up to {max(len(stem.encode()) for stem in stems)} bytes"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", type=pathlib.Path, default=acceptance.TARGET / "release" / "inspector-report")
    parser.add_argument("--kills", type=int, default=12, help="how often the program is killed (default 12)")
    parser.add_argument("--only", default="", help="only checks whose name contains this")
    parser.add_argument("--work", type=pathlib.Path, default=acceptance.TOOLS / "faults", help="folder for inputs and outputs")
    options = parser.parse_args()
    faults = Faults(options)
    steps = [(name, getattr(faults, name)) for name in ("bombs", "full", "starved", "signals", "pipes", "killed", "names")]
    return acceptance.check_all([step for step in steps if options.only in step[0]], (OSError, ValueError, subprocess.SubprocessError))


if __name__ == "__main__":
    sys.exit(main())

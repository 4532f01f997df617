#!/usr/bin/env python3
"""SARIF as a nightly upload: nothing lost whatever the size, the same alerts a week later, places in a repository.

    check_delivery.py --binary inspector-report [--full]

Sizes: reports of 0, 1, 5,000 and 5,001 open findings of one account, Region and type, judged by check_sarif.py, the SARIF
Multitool and sarif-tools; with --full also 120,000 and 300,000 generated ones.
Shape: reports of 0 to 300,000 findings in 1, 24 and 300 accounts, as CSV and as JSON: every open finding in exactly one run, within
GitHub's limits, and in as few runs as there have to be. Those of 300,000 all with --full (a quarter of an hour).
A week later: the images are pushed again (other digests, other ARNs, First Seen anew), rows come in another order,
descriptions are edited, some findings are fixed and some are new, and an account vanishes: its alerts stay until
somebody says that the report is all there is.
Nights: the same report as an input for each account, merged; one is cut, missing or alone, a filter is added, a Region
is all there is: no category is written with fewer results than the state has.
One line a check, `ok  name (figures)` or `FAIL name: why`; the last line is `N passed, M failed`.
"""
import argparse
import collections
import csv
import json
import pathlib
import random
import re
import shutil
import subprocess
import sys
import time

import run as acceptance

HERE = pathlib.Path(__file__).resolve().parent
# Where each account and Region is a category, what a report lacks is held back, and the rest is written.
BY = ("--sarif-category-by", "account,region,resource-type")
OPEN = ("SUPPRESSED", "CLOSED")
HOSTILE = [
    "| a | b |\n|---|---|\n# Heading\n[link](javascript:alert(1)) ![x](https://evil.example/x.png) @team #1 <b>bold</b> `code`",
    "<script>alert(1)</script><img src=x onerror=alert(1)> &amp; &#x41; <!-- x -->",
    "\x00\x01\x07\x1b[31mred\x1b[0m\u202Ereversed\u2028line\ufffe\uffff",
    "脆弱性🔒" * 256,
    "100% of {0} {1} %s %20 %zz ${jndi:ldap://x} ]( x",
]


def read(path):
    csv.field_size_limit(1 << 30)
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def write(path, rows, headings=None):
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, headings or list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


class Checks:
    def __init__(self, options, work):
        self.options, self.work = options, work
        self.counts = collections.Counter()

    def convert(self, path, out, *more, status=0):
        shutil.rmtree(out, ignore_errors=True)
        started = time.monotonic()
        acceptance.run("/usr/bin/env", self.options.binary, "convert", "-q", path, "-f", "sarif", "-o", out, *more, status=status)
        return sorted(out.glob("*.sarif")), time.monotonic() - started

    def judge(self, name, path, files, multitool=True):
        """Everything that judges a delivery: our own reading of GitHub's limits, the Multitool, sarif-tools."""
        said = acceptance.run(sys.executable, HERE / "check_sarif.py", path, *files).strip()
        if multitool:
            faults = acceptance.validate(self.options.multitool, files, self.work / f"{name}-found.sarif", collections.Counter())
            if faults:
                raise acceptance.Fault(f"Multitool: {faults[:4]}")
            acceptance.run(pathlib.Path(sys.executable).with_name("sarif"), "summary", *files)
        return said

    def one_category(self, count):
        """So many open findings of one account, Region and type, on 60 instances, in hostile words."""
        rows = []
        for n in range(count):
            rows.append({
                "AWS Account Id": "000123456789", "Region": "us-east-1", "Severity": ["CRITICAL", "HIGH", "MEDIUM", "LOW", "INFORMATIONAL", "UNTRIAGED"][n % 6], "Status": "ACTIVE",
                "Finding Type": "PACKAGE_VULNERABILITY", "Title": HOSTILE[n % len(HOSTILE)], "Description": HOSTILE[n % len(HOSTILE)], "Finding ARN": f"arn:aws:inspector2:us-east-1:000123456789:finding/{n:032x}",
                "Resource ID": f"i-{n % 60:03x} %20 of 100%", "Resource Type": "AWS_EC2_INSTANCE", "Vulnerability Id": f"CVE-2026-{n:06}", "Affected Packages": "curl|x", "Vendor": HOSTILE[n % 2],
                "Inspector Score": ["", "9.8", "3.1"][n % 3], "Reference Urls": "https://a.example/x,javascript:alert(1)", "Fix Available": "YES",
            })
        headings = list(rows[0]) if rows else ["AWS Account Id", "Severity", "Status", "Title", "Resource ID", "Finding ARN"]
        path = self.work / f"size-{count}.csv"
        write(path, rows, headings)
        files, _ = self.convert(path, self.work / f"size-{count}")
        said = self.judge(f"size-{count}", path, files)
        runs = [run for file in files for run in json.loads(file.read_bytes())["runs"]]
        sizes = sorted(len(run["results"]) for run in runs)
        if sum(sizes) != count or (1 if count <= 5_000 else 3) != len(runs):
            raise acceptance.Fault(f"{len(runs)} runs with {sizes} results")
        return f"runs of {sizes}; {said}"

    def large(self, count):
        path = self.work / f"large-{count}.csv"
        acceptance.run(sys.executable, self.options.generator, "--rows", count, "--seed", 3, "--vulnerabilities", 9000, "--resources", 4000, path)
        files, took = self.convert(path, self.work / f"large-{count}")
        said = self.judge(f"large-{count}", path, files, multitool=count <= 120_000)
        shutil.rmtree(self.work / f"large-{count}")
        path.unlink()
        return f"{took:.1f} s, {len(files)} files, {said}"

    def shape(self, count, accounts, form):
        """As few runs as GitHub's limits allow, by default and as one category."""
        path = self.work / f"shape.{form}"
        # What is open is read from the CSV: the generator makes the same findings in both forms.
        table = self.work / "shape.csv"
        for one in {path, table}:
            acceptance.run(sys.executable, self.options.generator, "--rows", count, "--seed", 6, "--accounts", accounts, *(["--json"] if one.suffix == ".json" else []), one)
        said = []
        for by in ("", "report"):
            out = self.work / "shape"
            files, took = self.convert(path, out, *(("--sarif-category-by", by) if by else ()))
            judged = self.judge("shape", table, files, multitool=accounts == 24 and (count <= 5_000 or (count, form) == (30_000, "csv")))
            runs = [(run["automationDetails"]["id"], len(run["results"])) for file in files for run in json.loads(file.read_bytes())["runs"]]
            whole = collections.defaultdict(list)
            for name, results in runs:
                whole[re.sub(r"/part-[01]+/$", "/", name)].append(results)
            for name, parts in whole.items():
                most = max(1, 2 * sum(parts) // 5_000)
                filled = [results for results in parts if results]
                if len(filled) > most or (len(filled) > 1) != (len(parts) > 1):
                    raise acceptance.Fault(f"{name}: {len(filled)} of {len(parts)} runs have the {sum(parts)} results, and {most} are enough")
            # The generator has five Regions.
            if len(whole) > (1 if by else 5) or (count <= 27_000 and len(files) > 1):
                raise acceptance.Fault(f"{len(whole)} categories in {len(files)} files")
            filled = [name for name, results in runs if results]
            if filled != [name for name, _ in runs[:len(filled)]]:
                raise acceptance.Fault("a run without results stands before one with results")
            said.append(f"{by or 'default'}: {len(files)} files, {len(runs)} runs, {took:.1f} s, {judged.split(' faults')[0].rsplit(', ', 1)[-1]} faults")
            shutil.rmtree(out)
        for one in {path, table}:
            one.unlink()
        return "; ".join(said)

    def alerts(self, files):
        """GitHub's identity of each alert -> (category, the finding)."""
        found = {}
        for file in files:
            for one in json.loads(file.read_bytes())["runs"]:
                for result in one["results"]:
                    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
                    key = (result["ruleId"], uri, result["partialFingerprints"]["primaryLocationLineHash"])
                    if key in found:
                        raise acceptance.Fault(f"{key} stands twice")
                    found[key] = (one["automationDetails"]["id"], result["properties"]["findingArn"])
        return found

    def written(self, files):
        """Category -> how many results it is written with."""
        return {run["automationDetails"]["id"]: len(run["results"]) for file in files for run in json.loads(file.read_bytes())["runs"]}

    def remembered(self, state):
        """What a state has of the categories with alerts."""
        return {name: known for name, known in json.loads(state.read_text())["categories"].items() if sum(known["alerts"].values())}

    def nights(self):
        """What is lost of a night closes nothing."""
        report = self.work / "nights.csv"
        acceptance.run(sys.executable, self.options.generator, "--rows", 3000, "--seed", 7, report)
        rows = read(report)
        by_account = collections.defaultdict(list)
        for row in rows:
            by_account[row["AWS Account Id"]].append(row)
        accounts = sorted(by_account)
        inputs, state = self.work / "nights", self.work / "nights.json"
        shutil.rmtree(inputs, ignore_errors=True)
        inputs.mkdir()

        def put(account, some=None):
            write(inputs / f"{account}.csv", by_account[account] if some is None else some, list(rows[0]))

        def night(*more, status=0):
            return self.written(self.convert(inputs, self.work / "night", "--merge", "all", "--sarif-state", state, *BY, *more, status=status)[0])

        state.unlink(missing_ok=True)
        for account in accounts:
            put(account)
        first, before = night(), self.remembered(state)
        opened = collections.Counter((row["AWS Account Id"], row["Region"].lower()) for row in rows if row["Status"] not in OPEN)
        if sum(first.values()) != opened.total():
            raise acceptance.Fault(f"{sum(first.values())} results for {opened.total()} open findings")
        lost = max(accounts, key=lambda account: len(by_account[account]))
        path = inputs / f"{lost}.csv"
        whole = path.read_bytes()

        def check(what, written, gone):
            worse = [name for name, count in written.items() if count < first.get(name, 0)]
            # Where nothing was open, an empty run more or less closes nothing.
            other = {name for name, count in first.items() if count and not gone(*name.split("/")[1:3])} ^ {name for name in written if first.get(name)}
            if worse or other or self.remembered(state) != before:
                raise acceptance.Fault(f"{what}: {len(worse)} categories have fewer results, {len(other)} are not as they should be, or the state is not: {sorted(other)[:3]}")

        for share in (0, 1, 30, 60, 99):
            # Within a row, for a cut between two rows leaves nothing to be seen.
            path.write_bytes(whole[:len(whole) * share // 100].rstrip(b"\r\n"))
            check(f"{share}% of an input", night(status=3), lambda account, _: account == lost)
        path.write_bytes(b"\x1f\x8b\x08" + bytes(100))
        check("an unreadable input", night(status=3), lambda account, _: account == lost)
        path.unlink()
        check("a missing input", night(), lambda account, _: account == lost)
        for other in inputs.iterdir():
            other.unlink()
        put(lost)
        check("an account alone", night(), lambda account, _: account != lost)
        region = max((key for key in opened if key[0] == lost), key=lambda key: opened[key])[1]
        for account in accounts:
            put(account, [row for row in by_account[account] if row["Region"].lower() == region])
        check("a Region alone", night(), lambda _, other: other != region)
        for account in accounts:
            put(account)
        check("a filter", night("--severity", "critical,high", status=1), lambda *_: True)
        # What is really fixed closes: all of one type in one account, which is small against the whole.
        small = min((name for name in first if first[name] and any(name != other and name.split("/")[1:3] == other.split("/")[1:3] for other in first)), key=lambda name: first[name])
        account, place, kind = small.split("/")[1:4]
        slug = lambda row: row["Resource Type"].removeprefix("AWS_").lower().replace("_", "-")
        put(account, [row for row in by_account[account] if (row["Region"].lower(), slug(row)) != (place, kind)])
        times = 0
        while night().get(small) == 0:
            times += 1
        if times != 3 or small in json.loads(state.read_text())["categories"]:
            raise acceptance.Fault(f"{small} is emptied {times} times")
        return f"{len(first)} categories of {len(accounts)} accounts, {sum(first.values())} alerts"

    def later(self):
        """The same report a week later."""
        chance = random.Random(11)
        first = self.work / "week-1.csv"
        acceptance.run(sys.executable, self.options.generator, "--rows", 6000, "--seed", 5, first)
        rows = read(first)
        digest, arns, second = {}, {}, []
        fixed = new = 0
        vanished = rows[0]["AWS Account Id"]
        for row in rows:
            if row["AWS Account Id"] == vanished or chance.random() < .05:
                fixed += row["Status"] not in OPEN
                continue
            row = dict(row)
            image = re.search(r"sha256:([0-9a-f]{64})", row["Resource ID"])
            old = row["Finding ARN"]
            if image:
                fresh = digest.setdefault(image[1], "%064x" % chance.getrandbits(256))
                row["Resource ID"] = row["Resource ID"].replace(image[1], fresh)
                row["Container Image Tags"] = "pushed-again"
                row["Finding ARN"] = re.sub(r"[0-9a-f]{32}$", "%032x" % chance.getrandbits(128), old)
            row["Description"] = "Edited. " + row["Description"][:900]
            row["Last Seen"] = row["Last Updated"] = "2026-11-08T00:00:00.000Z"
            arns[row["Finding ARN"]] = old
            second.append(row)
        for n in range(50):
            row = dict(chance.choice(second), **{"Vulnerability Id": f"CVE-2031-{n:05}", "Status": "ACTIVE", "Finding Type": "PACKAGE_VULNERABILITY"})
            row["Finding ARN"] = row["Finding ARN"][:-32] + "%032x" % chance.getrandbits(128)
            second.append(row)
            new += 1
        chance.shuffle(second)
        path = self.work / "week-2.csv"
        write(path, second)
        state = self.work / "state.json"
        state.unlink(missing_ok=True)
        before, _ = self.convert(first, self.work / "week-1", "--sarif-state", state, *BY)
        known = set(json.loads(state.read_text())["categories"])
        remembered = state.read_bytes()
        guarded, _ = self.convert(path, self.work / "week-2-guarded", "--sarif-state", state, *BY)
        written = self.written(guarded)
        stay = self.remembered(state)
        if any(f"/{vanished}/" in name for name in written) or not any(f"/{vanished}/" in name for name in stay):
            raise acceptance.Fault("the account that vanished does not stay as it is")
        state.write_bytes(remembered)
        after, _ = self.convert(path, self.work / "week-2", "--sarif-state", state, *BY, "--sarif-allow-emptying")
        self.judge("week-2", path, after)
        one, two = self.alerts(before), self.alerts(after)
        kept = set(one) & set(two)
        if len(set(two) - set(one)) != new or len(set(one) - set(two)) != fixed:
            # Findings that only their image tells apart swap numbers when one of them goes; that is no new alert.
            raise acceptance.Fault(f"{len(set(two) - set(one))} alerts opened for {new} new findings, {len(set(one) - set(two))} closed for {fixed} fixed")
        moved = [key for key in kept if one[key][0] != two[key][0]]
        if moved:
            raise acceptance.Fault(f"{len(moved)} alerts wander to another category")
        if {name: count for name, count in self.written(after).items() if f"/{vanished}/" not in name} != written:
            raise acceptance.Fault("the other accounts are written otherwise while one is missing")
        written = self.written(after)
        if known - set(written):
            raise acceptance.Fault(f"{len(known - set(written))} categories of week 1 are not written in week 2")
        emptied = [name for name in known if written[name] == 0 and f"/{vanished}/" in name]
        if not emptied:
            raise acceptance.Fault("the account that vanished has no empty run")
        same = sum(1 for key in kept if arns.get(two[key][1]) == one[key][1])
        return f"{len(one)} alerts, {len(kept)} kept ({same} of the very same finding), {new} opened, {fixed} closed, {len(emptied)} categories emptied"

    def json_is_csv(self):
        """The same findings as JSON are the same alerts."""
        table, document = self.work / "same.csv", self.work / "same.json"
        for path, more in ((table, []), (document, ["--json"])):
            acceptance.run(sys.executable, self.options.generator, "--rows", 4000, "--seed", 9, *more, path)
        one, two = (self.alerts(self.convert(path, self.work / f"same-{path.suffix[1:]}")[0]) for path in (table, document))
        if one != two:
            raise acceptance.Fault(f"{len(set(one.items()) ^ set(two.items()))} of {len(one)} alerts differ")
        return f"{len(one)} alerts"

    def placed(self):
        """Resources at their files, read back by the Multitool and sarif-tools."""
        path = self.work / "placed.csv"
        acceptance.run(sys.executable, self.options.generator, "--rows", 1500, "--seed", 2, path)
        config = self.work / "inspector-report.toml"
        config.write_text('[sarif.locations.repository]\n"shop/*" = "services/shop/Dockerfile"\n[sarif.locations.function]\n"resize-*" = "functions/resize of images/handler.py"\n'
                          '[sarif.locations.tag]\n"Owner=platform" = "infra/プラットフォーム.tf"\n')
        files, _ = self.convert(path, self.work / "placed", "--config", config)
        self.judge("placed", path, files)
        only, _ = self.convert(path, self.work / "only", "--config", config, "--sarif-only-mapped")
        full, _ = self.convert(path, self.work / "full", "--config", config, "--sarif-profile", "full", "--sarif-closed", "--previous", path)
        for name, delivery in (("only", only), ("full", full)):
            faults = acceptance.validate(self.options.multitool, delivery, self.work / f"{name}-found.sarif", collections.Counter())
            if faults:
                raise acceptance.Fault(f"{name}: Multitool: {faults[:4]}")
        wanted = collections.Counter()
        for row in read(path):
            if row["Status"] in OPEN:
                continue
            image = re.search(r":repository/(.*)/sha256:", row["Resource ID"])
            function = re.search(r":function:([^:]*)", row["Resource ID"])
            if image and image[1].startswith("shop/"):
                wanted["services/shop/Dockerfile"] += 1
            elif function and function[1].startswith("resize-"):
                code = row["Finding Type"] == "CODE_VULNERABILITY" and row["File Path"]
                wanted["functions/resize%20of%20images/" + (code or "handler.py")] += 1
            elif re.search(r"Owner[:=]platform(,|$)", row["Resource Tags"]):
                wanted["infra/%E3%83%97%E3%83%A9%E3%83%83%E3%83%88%E3%83%95%E3%82%A9%E3%83%BC%E3%83%A0.tf"] += 1
        for name, delivery in (("all", files), ("only", only)):
            found = collections.Counter(uri for _, uri, _ in self.alerts(delivery))
            mapped = collections.Counter({uri: count for uri, count in found.items() if not uri.startswith("aws/")})
            if mapped != wanted or (name == "only" and mapped != found):
                raise acceptance.Fault(f"{name}: {dict(mapped)} and not {dict(wanted)}")
        states = collections.Counter(r["baselineState"] for f in full for one in json.loads(f.read_bytes())["runs"] for r in one["results"])
        if set(states) != {"unchanged"} or states.total() != 1500:
            raise acceptance.Fault(f"compared with itself: {dict(states)}")
        return f"{wanted.total()} findings at {len(wanted)} files"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", type=pathlib.Path, default=acceptance.TARGET / "release" / "inspector-report")
    parser.add_argument("--generator", type=pathlib.Path, default=acceptance.ROOT / "tests" / "acceptance" / "generate_report.py")
    parser.add_argument("--multitool", type=pathlib.Path, default=acceptance.TOOLS / "node_modules" / "@microsoft" / "sarif-multitool-linux" / "Sarif.Multitool")
    parser.add_argument("--work", type=pathlib.Path, default=acceptance.TOOLS / "delivery", help="folder for reports and outputs, emptied first")
    parser.add_argument("--full", action="store_true", help="also 120,000 findings, and 300,000 in each number of accounts and each form")
    options = parser.parse_args()
    options.binary = options.binary.resolve()
    shutil.rmtree(options.work, ignore_errors=True)
    options.work.mkdir(parents=True)
    checks = Checks(options, options.work.resolve())
    steps = [(f"{count} findings of one category", checks.one_category, (count,)) for count in (0, 1, 5_000, 5_001)]
    steps += [("a week later", checks.later, ()), ("nights", checks.nights, ()), ("CSV and JSON", checks.json_is_csv, ()), ("places in the repository", checks.placed, ())]
    sizes = [(count, accounts, form) for count in (0, 1, 50, 5_000, 30_000) for accounts in (1, 24, 300) for form in ("csv", "json")]
    sizes += [(300_000, 24, "csv")]
    if options.full:
        sizes += [(300_000, accounts, form) for accounts, form in ((1, "csv"), (300, "csv"), (1, "json"), (24, "json"), (300, "json"))]
    steps += [(f"{count} findings of {accounts} accounts in {form}", checks.shape, (count, accounts, form)) for count, accounts, form in sizes]
    if options.full:
        steps += [(f"{count} findings", checks.large, (count,)) for count in (120_000, 300_000)]
    return acceptance.check_all((f"SARIF, {name}", method, *arguments) for name, method, arguments in steps)


if __name__ == "__main__":
    sys.exit(main())

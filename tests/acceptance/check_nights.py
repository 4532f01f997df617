#!/usr/bin/env python3
"""Uploads SARIF night after night, as GitHub would take it, while inputs are cut, missing, empty, of one account or Region alone, or filtered.

Each night the reports of all accounts and Regions are merged with `--sarif-state`, and what is written replaces the categories that it
names, as an upload does. What should be open is known from the same reports before they were damaged. No alert of a finding that is still
open may close; a night with all reports must bring everything up to date.

    check_nights.py --binary PROGRAM
"""
import argparse
import collections
import json
import pathlib
import shutil
import subprocess

import check_history as history

# Where each account and Region is a category, what is damaged is held back, and the rest is brought up to date.
BY = ["--sarif-category-by", "account,region,resource-type"]
DAMAGES = ["cut", "missing", "empty", "alone", "region", "filtered"]


class Nights(history.Simulation):
    """Reports of each account and Region apart, every week."""
    WEEKS, AT_FIRST, BIRTHS = 20, 260, (6, 14)

    def __init__(self, seed):
        self.nights = []
        super().__init__(seed)

    def report(self, week, when):
        places = sorted({(thing["account"], thing["region"]) for thing in self.resources})
        self.nights.append({place: self.rows(when, lambda one, place=place: history.placed(one) == place) for place in places})


def results(folder):
    """{category: {fingerprint}} of the files of a run."""
    found = {}
    for path in sorted(folder.glob("*.sarif")):
        for run in json.loads(path.read_bytes())["runs"]:
            category = run["automationDetails"]["id"]
            if category in found:
                raise history.Fault(f"{category} is written twice")
            found[category] = {result["partialFingerprints"]["primaryLocationLineHash"] for result in run["results"]}
    return found


def alerts(categories):
    return {(category, one) for category, ones in categories.items() for one in ones}


class Repository:
    """What GitHub knows: the alerts that are open, by category."""

    def __init__(self):
        self.categories = {}

    def upload(self, written):
        self.categories.update(written)


def convert(options, inputs, out, *more):
    shutil.rmtree(out, ignore_errors=True)
    command = [options.binary, "convert", *inputs, "--merge", "all", "--format", "sarif", "--output", out, *more]
    done = subprocess.run([str(part) for part in command], stdin=subprocess.DEVNULL, capture_output=True, timeout=300)
    if done.returncode not in (0, 1, 3):
        raise history.Fault(f"status {done.returncode}: {done.stderr.decode()[-300:]}")
    return done.returncode, done.stderr.decode()


def damaged(simulation, what, paths):
    """Damages the files of a night; gives those that are left, and options."""
    r = simulation.r
    if what == "cut":
        path = r.choice(paths)
        whole = path.read_bytes()
        # In the first cells of a row.
        line = whole.rindex(b"\r\n", 0, r.randrange(len(whole) // 3, len(whole) - 1)) + 2
        path.write_bytes(whole[:line + r.randrange(1, 12)])
    elif what == "missing":
        paths = [path for path in paths if path != r.choice(paths)] or paths[1:]
    elif what == "empty":
        r.choice(paths).write_bytes(b"")
    elif what == "alone":
        account = r.choice(simulation.ACCOUNTS)
        paths = [path for path in paths if account in path.name]
    elif what == "region":
        region = r.choice(simulation.REGIONS)
        paths = [path for path in paths if region in path.name]
    return paths, ["--severity", "critical,high"] if what == "filtered" else []


def nights(options, seed, has_stable_names):
    simulation = Nights(seed)
    work = options.work / f"{seed}-{has_stable_names}"
    repository, state = Repository(), work / "state.json"
    said, counts = [], collections.Counter()
    for night, reports in enumerate(simulation.nights):
        folder = work / f"{night:02}"
        folder.mkdir(parents=True)
        paths = []
        for (account, region), rows in reports.items():
            if rows:
                name = f"{account}-{region}.csv" if has_stable_names else f"{night:02}-{account}-{region}.csv"
                paths.append(history.save({"file": name, "findings": rows}, folder))
        convert(options, paths, work / "whole", *BY)
        wanted = alerts(results(work / "whole"))
        what = DAMAGES[night // 2 % len(DAMAGES)] if night % 2 else "none"
        paths, more = damaged(simulation, what, paths)
        before = alerts(repository.categories)
        more = [*more, *BY]
        status, errors = convert(options, paths, work / "out", "--sarif-state", state, *more)
        written = results(work / "out")
        repository.upload(written)
        after = alerts(repository.categories)
        wrong = (before & wanted) - after
        if wrong:
            raise history.Fault(f"night {night} ({what}): {len(wrong)} alerts of open findings closed, such as {sorted(wrong)[:2]}")
        if what == "none" and after != wanted:
            raise history.Fault(f"night {night}: {len(after - wanted)} alerts too many and {len(wanted - after)} too few with all reports: {errors[-600:]}")
        if what == "filtered" and written:
            raise history.Fault(f"night {night}: filters that the state does not have, and {len(written)} categories were written")
        if what == "cut" and status != 3:
            raise history.Fault(f"night {night}: a report is cut, and the status is {status}")
        counts[what] += 1
        said.append(len(after))
    return f"{len(simulation.nights)} nights, {dict(counts)}; {min(said)} to {max(said)} alerts"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", type=pathlib.Path, default=history.acceptance.TARGET / "release" / "inspector-report")
    parser.add_argument("--work", type=pathlib.Path, default=history.acceptance.TOOLS / "nights", help="folder for reports and outputs, emptied first")
    options = parser.parse_args()
    options.binary, options.work = options.binary.resolve(), options.work.resolve()
    shutil.rmtree(options.work, ignore_errors=True)
    return history.acceptance.check_all(
        (f"nights, {names} each night", nights, options, seed, has_stable_names)
        for seed, has_stable_names, names in ((1, True, "the same names"), (2, False, "other names"))
    )


if __name__ == "__main__":
    raise SystemExit(main())

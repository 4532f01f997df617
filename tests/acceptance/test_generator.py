#!/usr/bin/env python3
"""Tests of the generator of reports: what other checks rely on."""

import csv
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

GENERATOR = pathlib.Path(__file__).with_name("generate_report.py")
COLUMNS = {"A": 52, "B": 54, "C": 55, "D": 57}


class Generated(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def make(self, *arguments, rows=60, seed=3):
        path = pathlib.Path(self.folder.name, "report")
        subprocess.run([sys.executable, GENERATOR, "--rows", str(rows), "--seed", str(seed), *arguments, path], check=True)
        return path.read_bytes()

    def table(self, *arguments, **more):
        return list(csv.reader(self.make(*arguments, **more).decode("utf-8-sig").splitlines(keepends=True)))

    def test_the_same_arguments_give_the_same_bytes(self):
        self.assertEqual(self.make("--layout", "D"), self.make("--layout", "D"))
        self.assertNotEqual(self.make(seed=3), self.make(seed=4))

    def test_each_layout_has_its_columns_and_the_same_findings(self):
        arns = set()
        for layout, count in COLUMNS.items():
            heading, *rows = self.table("--layout", layout)
            self.assertEqual({len(row) for row in [heading, *rows]}, {count}, layout)
            self.assertEqual(len(rows), 60)
            arns.add(tuple(row[heading.index("Finding ARN")] for row in rows))
        self.assertEqual(len(arns), 1)
        self.assertEqual(len(set(arns.pop())), 60)

    def test_json_has_the_findings_of_the_csv(self):
        heading, *rows = self.table()
        findings = json.loads(self.make("--json"))["findings"]
        place = heading.index("Finding ARN")
        self.assertEqual([finding["findingArn"] for finding in findings], [row[place] for row in rows])

    def test_disguises_change_no_finding(self):
        heading, *rows = self.table()
        other, *shuffled = self.table("--shuffle-columns", "--crlf", "--bom", "--quote-all", "--extra-column", "Ticket")
        self.assertEqual(sorted(other), sorted([*heading, "Ticket"]))
        for row, other_row in zip(rows, shuffled, strict=True):
            self.assertEqual(dict(zip(heading, row)), {k: v for k, v in zip(other, other_row) if k != "Ticket"})


if __name__ == "__main__":
    unittest.main()

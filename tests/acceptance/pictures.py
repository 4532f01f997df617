#!/usr/bin/env python3
"""Pictures of every sheet of a workbook, in English and Japanese, to look at.

    pictures.py [REPORT.csv] [--binary PROGRAM] [--out FOLDER] [--dpi 90]

Without a report, one of 5,000 findings is made by the generator (see README.md beside this file). Each sheet is written
alone with --sheets, printed by LibreOffice as it would be on paper, and its first pages become PNG files:
FOLDER/en/summary-1.png, ... The picture in the project's README is summary-1.png of fixtures/findings.csv.
"""
import argparse
import os
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
TARGET = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
SHEETS = ["summary", "actions", "owners", "vulnerabilities", "resources", "critical", "high", "problems", "glossary"]
# Fonts of Windows and the Mac, and the free one that stands in for them here.
JAPANESE = ["Yu Gothic", "游ゴシック", "Meiryo"]
PAGES = 4


def fonts(folder):
    aliases = "".join(f'<alias binding="same"><family>{name}</family><prefer><family>Noto Sans CJK JP</family></prefer></alias>' for name in JAPANESE)
    path = folder / "fonts.conf"
    path.write_text(f'<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><include ignore_missing="yes">/etc/fonts/fonts.conf</include>{aliases}</fontconfig>', encoding="utf-8")
    return path


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("report", nargs="?", type=pathlib.Path)
    parser.add_argument("--binary", default=TARGET / "release" / "inspector-report")
    parser.add_argument("--generator", type=pathlib.Path, default=ROOT / "tests/acceptance/generate_report.py")
    parser.add_argument("--out", type=pathlib.Path, default=TARGET / "pictures")
    parser.add_argument("--dpi", default="90")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        work = pathlib.Path(work)
        report = options.report
        if report is None:
            report = work / "report.csv"
            subprocess.run([sys.executable, options.generator, "--rows", "5000", report], check=True, stdout=subprocess.DEVNULL)
        environment = dict(os.environ, FONTCONFIG_FILE=str(fonts(work)))
        for lang in ("en", "ja"):
            pictures = options.out / lang
            pictures.mkdir(parents=True, exist_ok=True)
            for sheet in SHEETS:
                folder = work / lang / sheet
                subprocess.run([options.binary, "convert", "-q", "-f", "xlsx", "--lang", lang, "--triage", "--sheets", sheet, "-o", folder, report], check=True)
                subprocess.run(["soffice", f"-env:UserInstallation=file://{work}/profile", "--headless", "--convert-to", "pdf", "--outdir", folder, folder / f"{report.stem}.xlsx"],
                               check=True, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                subprocess.run(["pdftoppm", "-r", options.dpi, "-l", str(PAGES), "-png", folder / f"{report.stem}.pdf", pictures / sheet], check=True)
            print(f"{pictures}: {len(list(pictures.glob('*.png')))} pictures")


if __name__ == "__main__":
    main()

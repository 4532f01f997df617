#!/usr/bin/env python3
"""Whether no dependency asks for a newer Rust than this project promises: cargo metadata on standard input."""

import json
import pathlib
import re
import sys

MANIFEST = pathlib.Path(__file__).resolve().parents[2] / "Cargo.toml"


def version(text):
    return tuple(int(part) for part in (text.split(".") + ["0", "0"])[:3])


def main():
    promised = re.search(r'^rust-version = "(.*)"', MANIFEST.read_text(encoding="utf-8"), re.MULTILINE)[1]
    packages = [package for package in json.load(sys.stdin)["packages"] if package.get("rust_version")]
    newer = [package for package in packages if version(package["rust_version"]) > version(promised)]
    for package in newer:
        print(f"{package['name']} {package['version']} needs Rust {package['rust_version']}, and {promised} is promised")
    return 1 if newer else 0


if __name__ == "__main__":
    sys.exit(main())

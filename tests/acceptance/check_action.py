#!/usr/bin/env python3
"""The action: its parts are well-formed, and its upload script posts each file whole and believes GitHub's answers.

    check_action.py --binary inspector-report

GitHub is a stand-in for `gh` that writes down what it is sent. Exit status 1 on a fault; the last line counts.
"""
import argparse
import base64
import gzip
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import yaml

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
GH = r"""#!/usr/bin/env bash
# gh api --method POST repos/.../sarifs --input BODY --jq .id, and gh api repos/.../sarifs/ID
if [ "$2" = --method ]; then
    number=$(ls "$SENT" | grep -c body)
    [ "$number" != "${REFUSE_AT:-none}" ] || { echo "HTTP 413" >&2; exit 1; }
    cp "$6" "$SENT/body-$number"
    echo "id-$number"
else
    echo x >> "$SENT/asked"
    count=$(wc -l < "$SENT/asked")
    if [ "$count" = 1 ]; then echo '{"processing_status": "pending"}'
    elif [ "$count" = 2 ]; then echo '{"message": "Server Error"}'; echo "HTTP 502" >&2; exit 1
    elif [ "$count" = 3 ]; then echo '<html>Bad gateway</html>'
    elif [ "$(basename "$2")" = "${FAIL_ID:-none}" ]; then echo '{"processing_status": "failed", "errors": ["rejecting SARIF, because"]}'
    else echo '{"processing_status": "complete"}'; fi
fi
"""


def shells(action):
    """The scripts of the action's steps, each of which must say its shell."""
    for step in yaml.safe_load(action)["runs"]["steps"]:
        if "run" in step:
            if step.get("shell") != "bash":
                raise SystemExit(f"FAIL action: a step without a shell: {step}")
            yield step["run"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", type=pathlib.Path, required=True)
    options = parser.parse_args()
    faults = []
    action = (ROOT / "action.yml").read_text()
    scripts = list(shells(action))
    readme = (ROOT / "README.md").read_text()
    workflows = [yaml.safe_load(block.split("```")[0]) for block in readme.split("```yaml\n")[1:]]
    inputs = set(yaml.safe_load(action)["inputs"])
    for step in (step for workflow in workflows for job in workflow["jobs"].values() for step in job["steps"]):
        if "inspector-report" in step.get("uses", "") and not set(step["with"]) <= inputs:
            faults.append(f"the workflow of the README gives {set(step['with']) - inputs}, which are no inputs")
    for script in scripts + [(ROOT / ".github/upload-sarif").read_text()]:
        done = subprocess.run(["bash", "-n"], input=script, text=True, capture_output=True)
        if done.returncode:
            faults.append(f"a script of the action: {done.stderr.strip()}")
        if "${{" in script:
            faults.append("an expression stands in a script, where its text could be a command")
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "bin").mkdir()
        (folder / "bin/gh").write_text(GH)
        (folder / "bin/gh").chmod(0o755)
        out = folder / "out put"
        subprocess.run([options.binary.resolve(), "convert", "-q", ROOT / "fixtures/layout-a.csv", ROOT / "fixtures/findings.csv", "-f", "sarif", "-o", out], check=True)
        files = sorted(out.glob("*.sarif"))

        def upload(*command, **more):
            sent = pathlib.Path(tempfile.mkdtemp(dir=folder))
            environment = dict(os.environ, PATH=f"{folder}/bin:{os.environ['PATH']}", SENT=str(sent), UPLOAD_PAUSE="0", GITHUB_REPOSITORY="o/r", GITHUB_REF="refs/heads/main", GITHUB_SHA="a" * 40, **more)
            done = subprocess.run(command or [ROOT / ".github/upload-sarif", *files], env=environment, capture_output=True, text=True)
            return done, [json.loads(path.read_text()) for path in sorted(sent.glob("body-*"))]

        done, bodies = upload()
        if done.returncode or len(bodies) != len(files) or done.stdout.count("uploaded") != len(files):
            faults.append(f"{len(bodies)} of {len(files)} files posted: {done.stderr}")
        for body, file in zip(bodies, files):
            if gzip.decompress(base64.b64decode(body["sarif"])) != file.read_bytes() or body["ref"] != "refs/heads/main":
                faults.append(f"{file.name} was not posted whole")
        done, _ = upload(FAIL_ID="id-1")
        if done.returncode != 1 or "because" not in done.stderr:
            faults.append(f"a file that GitHub refuses passes: {done.stdout} {done.stderr}")
        done, bodies = upload(REFUSE_AT="0")
        if done.returncode != 1:
            faults.append("a file that cannot be posted passes")
        step = ["bash", "-e", "-o", "pipefail", "-c", next(script for script in scripts if "upload-sarif" in script)]
        (folder / "none").mkdir()
        done, bodies = upload(*step, SOURCE=str(ROOT), FOLDER=str(folder / "none"), STATE="state.json")
        if done.returncode or bodies:
            faults.append(f"no file is not nothing to do: {done.stderr}")
        whole = (ROOT / "fixtures/findings.csv").read_bytes()
        (folder / "cut.csv").write_bytes(whole[:len(whole) * 3 // 4])
        subprocess.run([options.binary.resolve(), "convert", "-q", folder / "cut.csv", "-f", "sarif", "-o", folder / "cut"], stderr=subprocess.DEVNULL)
        for state, status, count in (("", 3, 0), ("state.json", 0, 1)):
            done, bodies = upload(*step, SOURCE=str(ROOT), FOLDER=str(folder / "cut"), STATE=state)
            if (done.returncode, len(bodies)) != (status, count):
                faults.append(f"a report that is not whole, with the state {state!r}: status {done.returncode}, {len(bodies)} posted: {done.stderr}")
    for fault in faults:
        print(f"FAIL action: {fault}")
    print(f"{len(scripts) + 6 - len(faults)} passed, {len(faults)} failed")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""The action: its parts are well-formed and pinned, and it uploads, remembers what arrived and passes refusals on.

    check_action.py --binary inspector-report

GitHub is a server on this machine that speaks the API of code scanning. Exit status 1 on a fault; the last line counts.
"""
import argparse
import base64
import gzip
import http.server
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import threading

import yaml

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
COMMIT = "a" * 40


class GitHub(http.server.BaseHTTPRequestHandler):
    """Code scanning's API: takes what it is sent, or refuses it."""
    bodies, refuse = [], False

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        if GitHub.refuse:
            return self.answer(403, {"message": "Resource not accessible by integration"})
        GitHub.bodies.append(json.loads(body))
        self.answer(202, {"id": str(len(GitHub.bodies) - 1), "url": ""})

    def do_GET(self):
        if "/analyses" not in self.path:
            return self.answer(200, {"processing_status": "complete"})
        number = int(re.search(r"sarif_id=(\d+)", self.path)[1])
        runs = json.loads(gzip.decompress(base64.b64decode(GitHub.bodies[number]["sarif"])))["runs"]
        self.answer(200, [{"category": run["automationDetails"]["id"].rstrip("/"), "results_count": len(run["results"])} for run in runs])

    def answer(self, status, what):
        body = json.dumps(what).encode()
        self.send_response(status)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


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
    for script in scripts:
        done = subprocess.run(["bash", "-n"], input=script, text=True, capture_output=True)
        if done.returncode:
            faults.append(f"a script of the action: {done.stderr.strip()}")
        if "${{" in script:
            faults.append("an expression stands in a script, where its text could be a command")
    for text in (action, readme):
        for use in re.findall(r"uses: (\S+)", text):
            if not re.fullmatch(r"(\S+@[0-9a-f]{40}|OWNER/\S+)", use):
                faults.append(f"{use} is not pinned by its commit")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), GitHub)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "inspector-report/bin").mkdir(parents=True)
        shutil.copy(options.binary, folder / "inspector-report/bin/inspector-report")
        step = next(script for script in scripts if "--upload" in script)

        def run(report, refuse=False, upload="true", **more):
            GitHub.bodies, GitHub.refuse = [], refuse
            inputs = dict(REPORT=str(report), CATEGORY="", CATEGORY_BY="", STATE="", UPLOAD=upload, ARGS="")
            inputs.update(more)
            environment = dict(os.environ, RUNNER_TEMP=str(folder), GITHUB_OUTPUT=str(folder / "output"), GITHUB_ACTIONS="true", GITHUB_REPOSITORY="o/r", GITHUB_REF="refs/heads/main",
                               GITHUB_SHA=COMMIT, GITHUB_API_URL=f"http://127.0.0.1:{server.server_port}", GITHUB_TOKEN="secret-token", **inputs)
            done = subprocess.run(["bash", "-e", "-o", "pipefail", "-c", step], env=environment, cwd=folder, capture_output=True, text=True)
            if "secret-token" in done.stdout + done.stderr:
                faults.append("the token is said")
            return done, GitHub.bodies

        report = ROOT / "fixtures/findings.csv"
        done, bodies = run(report, ARGS="--severity critical,high\n  --lang en")
        if done.returncode or len(bodies) != 1 or bodies[0]["ref"] != "refs/heads/main" or bodies[0]["commit_sha"] != COMMIT:
            faults.append(f"a report is not uploaded: {len(bodies)} files, {done.stderr}")
        done, bodies = run(report, upload="false")
        if done.returncode or bodies:
            faults.append(f"a report that is only to be converted: {len(bodies)} files, {done.stderr}")
        state = folder / "state.json"

        def known():
            """The categories that a state knows GitHub to have: those that were not refused."""
            file = json.loads(state.read_text())
            return [name for name in file["categories"] if file["uploads"]["categories"].get(name.rstrip("/")) != "refused"]

        done, bodies = run(report, refuse=True, STATE=str(state), CATEGORY_BY="report")
        if done.returncode != 6 or known():
            faults.append(f"what GitHub refuses is remembered: {done.returncode} {done.stderr}")
        done, bodies = run(report, STATE=str(state), CATEGORY_BY="report", CATEGORY="team")
        if done.returncode or known() != ["team/"]:
            faults.append(f"what GitHub takes is not remembered: {done.returncode} {done.stderr}")
        whole = report.read_bytes()
        (folder / "cut.csv").write_bytes(whole[:len(whole) * 3 // 4])
        known_state = folder / "known.json"
        run(report, STATE=str(known_state))
        # A state that knows of no upload guards nothing; one that does holds the category back.
        for state, status, count in (("", 1, 0), (str(folder / "new.json"), 1, 0), (str(known_state), 3, 0)):
            shutil.copy(folder / "cut.csv", folder / "findings.csv")
            done, bodies = run(folder / "findings.csv", STATE=state)
            if (done.returncode, len(bodies)) != (status, count):
                faults.append(f"a report that is not whole, with the state {state!r}: status {done.returncode}, {len(bodies)} posted: {done.stderr}")
    for fault in faults:
        print(f"FAIL action: {fault}")
    print(f"{len(scripts) + 6 - len(faults)} passed, {len(faults)} failed")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())

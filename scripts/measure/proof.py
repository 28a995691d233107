"""Runs the items of make proof that did not yet pass with this build and these sizes, one after the other, and keeps what came out.

    .build-proof/state.json     the last result of each item, whatever its sizes: what a second run resumes from
    docs/measurements.json      the last full-size results, from which the tables between markers in docs/*.md are made

Variables: PROOF_ITEMS (all), PROOF_AGAIN=1 (repeat what passed), PROOF_MINUTES (60, the limit of one item), and those of items.py and bench.py.
"""
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import report
from services import ROOT, commit, machine, say, variable

ITEMS = ["log-tansu", "log-embedded", "kill-ingest", "kill-project", "garbage", "mixed", "record-fuzz", "fleet", "replay-faults", "replay", "backfill", "export-day",
         "exports", "bench", "formats", "json-simdjson", "speed"]
STATE = ROOT / ".build-proof"
# At these sizes a result counts for the documents.
FULL = {"PROOF_EVENTS": 1_000_000, "PROOF_KILLS": 20}
JSON_FULL = {"PROOF_DOCUMENTS": 10_000_000}
FUZZED_FULL = {"PROOF_FUZZED": 10_000_000}
FLEET_FULL = {"PROOF_DEVICES": 1_000_000, "PROOF_FLEET_EVENTS": 10_000_000}
FORMATS_FULL = {"BENCH_RECORDS": 200_000, "BENCH_ROUNDS": 9}
SPEED_FULL = {"BENCH_MESSAGES": 1_000_000}
REPLAY_FAULTS_FULL = {"PROOF_EVENTS": 1_000_000, "PROOF_REPLAY_KILLS": 50}
DAY_FULL = {"PROOF_DAY_DEVICES": 2000, "PROOF_DAY_HOURS": 24}
EXPORTS_FULL = {"BENCH_ROUNDS": 3, "BENCH_EXPORT_EVENTS": 500_000}
REPLAY_FULL = {"BENCH_ROUNDS": 3, "BENCH_REPLAY_EVENTS": 5_000_000}
BENCH_FULL = {"BENCH_ROUNDS": 3, "BENCH_EVENTS": 300_000, "BENCH_BACKLOG": 1_000_000, "BENCH_SECONDS": 20, "BENCH_RATE": 500}


def full(name):
    return {"bench": BENCH_FULL, "json-simdjson": JSON_FULL, "record-fuzz": FUZZED_FULL, "speed": SPEED_FULL, "formats": FORMATS_FULL, "fleet": FLEET_FULL,
            "replay-faults": REPLAY_FAULTS_FULL, "replay": REPLAY_FULL, "export-day": DAY_FULL, "exports": EXPORTS_FULL}.get(name, FULL)


def sizes(name):
    return {key: variable(key, value) for key, value in full(name).items()}


def is_full(name):
    """Whether a result is worth keeping: full size, and of a commit that is known."""
    return commit() != "unknown" and all(value >= full(name)[key] for key, value in sizes(name).items())


def program(name):
    """What is proved: the programs and the scripts that try them, by digest, so that an edit without a commit counts too."""
    digest = hashlib.sha256()
    built = {"json-simdjson": [ROOT / ".build-measuring/differ"], "speed": [ROOT / ".build-measuring/speed"],
             "export-day": [os.environ.get("HINDCAST_TESTS", "/dev/null")]}.get(name)
    for path in [*(built or [os.environ["HINDCAST_PROGRAM"], os.environ["HINDCAST_LOAD_PROGRAM"]]), *sorted(Path(__file__).parent.glob("*.py"))]:
        digest.update(Path(path).read_bytes())
    return digest.hexdigest()[:16]


def run(name):
    output = STATE / f"{name}.json"
    output.unlink(missing_ok=True)
    shutil.rmtree(STATE / name, ignore_errors=True)
    environment = {**os.environ, "HINDCAST_WITH_BROKER": "0" if name in ("log-embedded", "export-day") else "1"}
    script = {"bench": ["bench.py"], "replay": ["replay.py"], "exports": ["exports.py"], "export-day": ["export_day.py"], "json-simdjson": ["differ.py"],
              "speed": ["speed.py"], "formats": ["formats.py"]}.get(name, ["items.py", name])
    services = [] if name in ("json-simdjson", "speed", "formats") else [ROOT / "scripts/with-services"]
    began = time.monotonic()
    process = subprocess.Popen(
        [*services, sys.executable, ROOT / "scripts/measure" / script[0], *script[1:], output], env=environment)
    try:
        status = process.wait(variable("PROOF_MINUTES", 60) * 60)
    except subprocess.TimeoutExpired:
        process.terminate()
        process.wait()
        status = "time"
    figures = json.loads(output.read_text()) if output.exists() else {}
    failure = figures.pop("failure", None)
    if status == "time":
        failure = f"took longer than {variable('PROOF_MINUTES', 60)} minutes"
    elif status == 75:
        failure = "skipped, which is a failure here: the independent broker could not be had"
    elif status and not failure:
        failure = f"ended with {status}"
    return {
        "passed": failure is None, "failure": failure, "date": time.strftime("%Y-%m-%d"), "commit": commit(), "program": program(name),
        "minutes": round((time.monotonic() - began) / 60, 1), "sizes": sizes(name), "machine": machine(), "figures": figures,
    }


def main():
    STATE.mkdir(exist_ok=True)
    path = STATE / "state.json"
    state = json.loads(path.read_text()) if path.exists() else {}
    names = os.environ.get("PROOF_ITEMS", "").replace(",", " ").split() or ITEMS
    unknown = [name for name in names if name not in ITEMS]
    if unknown:
        sys.exit(f"proof: there is no item {unknown[0]}; there are {', '.join(ITEMS)}")
    failed = []
    for name in names:
        last = state.get(name)
        if last and last["passed"] and last["program"] == program(name) and last["sizes"] == sizes(name) and os.environ.get("PROOF_AGAIN") != "1":
            say(f"{name}: passed already, {last['date']}")
            continue
        result = run(name)
        state[name] = result
        path.write_text(json.dumps(state, indent=1) + "\n")
        print(json.dumps({"item": name, **{key: result[key] for key in ("passed", "failure", "minutes", "sizes", "figures")}}), flush=True)
        if is_full(name):
            report.keep(name, result)
        if not result["passed"]:
            failed.append(name)
            say(f"{name}: FAILED: {result['failure']}; its logs are in .build-proof/{name}")
    if failed:
        sys.exit(f"proof: failed: {', '.join(failed)}")
    say("proof: all passed")


if __name__ == "__main__":
    main()

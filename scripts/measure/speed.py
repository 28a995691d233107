"""Speed of reading and checking one message, per second of processor time on one core: contenders take turns, round by round, each in a process of its own.

    speed.py OUTPUT

Variables: BENCH_ROUNDS (3; at least 5 are run here), BENCH_MESSAGES (1000000), HINDCAST_CONFORMANCE (a folder with device-models-v2.jsonl.gz).
"""
import gzip
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import services
from services import ROOT, say, variable

BUILD = ROOT / ".build-measuring"
sys.path.insert(0, str(ROOT / "Measuring/speed"))
import message  # noqa: E402
# Contender, what it does, and where it is worth something: how many times as fast Hindcast is to be.
VALIDATORS = {"hindcast": None, "msgspec": 2, "rapidjson": None, "jsonschema-rs": 3}
READERS = ["hindcast", "simdjson", "orjson"]
MODELS = "device-models-v2.jsonl.gz"


class Contenders:
    def __init__(self, directory):
        self.directory = directory
        self.count = variable("BENCH_MESSAGES", 1_000_000)
        self.message = self.write("message.json", message.message())
        self.refused = [self.write(f"refused-{number}.json", text) for number, text in enumerate(message.refused())]
        self.template = self.write("template.json", json.dumps(message.template()).encode())
        self.schema = self.write("schema.json", json.dumps(message.schema()).encode())

    def write(self, name, content):
        path = self.directory / name
        path.write_bytes(content)
        return path

    def run(self, *command, **environment):
        finished = subprocess.run([str(word) for word in command], capture_output=True, text=True, env={**os.environ, **environment})
        if finished.returncode:
            raise SystemExit(f"bench: {command[0]} {command[1]} ended with {finished.returncode}: {finished.stderr.strip()[-500:]}")
        return json.loads(finished.stdout)

    def python(self, name):
        return self.run(sys.executable, ROOT / "Measuring/speed/peers.py", name, self.message, self.count // 3,
                        PYTHONPATH=os.environ["HINDCAST_PEER_PACKAGES"])["per_s"]

    def validate(self, name):
        if name == "hindcast":
            return self.run(BUILD / "speed", "validate", self.message, self.count, self.template, *self.refused)["per_s"]
        if name == "rapidjson":
            return self.run(BUILD / "peers", "rapidjson", self.message, self.count // 2, self.schema, *self.refused)["per_s"]
        return self.python(name)

    def read(self, name):
        if name == "hindcast":
            return self.run(BUILD / "speed", "parse", self.message, self.count)["per_s"]
        return self.run(BUILD / "peers", "simdjson", self.message, self.count)["per_s"] if name == "simdjson" else self.python(name)

    def models(self):
        folder = os.environ.get("HINDCAST_CONFORMANCE")
        if not folder or not Path(folder, MODELS).exists():
            return None
        return self.run(BUILD / "speed", "models", self.write("models.jsonl", gzip.decompress(Path(folder, MODELS).read_bytes())))


def measure(contenders, rounds):
    kept = []
    for number in range(rounds):
        say(f"speed: round {number + 1} of {rounds}")
        kept.append({
            "validate": {name: contenders.validate(name) for name in VALIDATORS}, "read": {name: contenders.read(name) for name in READERS},
            "models": contenders.models(),
        })
    return kept


def rows(kept):
    results = []
    for measure_name, names in (("validate", VALIDATORS), ("read", READERS)):
        for name in names:
            row = {
                "measure": measure_name, "who": name, "per_s": round(statistics.median(r[measure_name][name] for r in kept)),
                "hindcast_ratio": round(statistics.median(r[measure_name]["hindcast"] / r[measure_name][name] for r in kept), 2),
            }
            if measure_name == "validate" and VALIDATORS[name]:
                row["goal_ratio"] = VALIDATORS[name]
            results.append(row)
    if kept[0]["models"]:
        results.append({
            "measure": "models", **kept[0]["models"], "goal_load_s": 1,
            **{name: round(statistics.median(r["models"][name] for r in kept), 3) for name in ("load_s", "check_s")},
        })
    else:
        say("speed: loading models is not measured: HINDCAST_CONFORMANCE names no folder with " + MODELS)
    return results


def main(output):
    rounds = max(5, variable("BENCH_ROUNDS", 3))
    with tempfile.TemporaryDirectory(prefix="hindcast-speed.") as directory:
        contenders = Contenders(Path(directory))
        kept = measure(contenders, rounds)
    results = rows(kept)
    fields = os.environ.get("HINDCAST_CONFORMANCE_PROGRAM")
    if fields:
        results.append({"measure": "fields", **json.loads(subprocess.run([fields, "bench-fields"], capture_output=True, check=True).stdout)})
    head = {"measure": "machine", "commit": services.commit(), "date": time.strftime("%Y-%m-%d"), "rounds": rounds, "messages": contenders.count,
            "message_bytes": len(message.message()), "peers": os.environ.get("HINDCAST_PEER_VERSIONS", ""), **services.machine()}
    for result in [head, *results]:
        print(json.dumps(result), flush=True)
    Path(output).parent.mkdir(parents=True, exist_ok=True)
    Path(output).write_text(json.dumps({"machine": head, "results": results, "rounds": kept}, indent=1) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])

"""make bench: the processor time that decoding and judging a record takes, for each wire format, as medians of rounds in which the formats take turns.

    formats.py OUTPUT.json

Variables: BENCH_RECORDS (200000 of each format and round), BENCH_ROUNDS (9).
"""
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import services
from services import variable


def main(output):
    rounds = variable("BENCH_ROUNDS", 9)
    arguments = [os.environ["HINDCAST_LOAD_PROGRAM"], "mixed-cost", "--events", variable("BENCH_RECORDS", 200_000), "--rounds", rounds]
    lines = subprocess.run(list(map(str, arguments)), capture_output=True, text=True, check=True).stdout.splitlines()
    results = [json.loads(line) for line in lines]
    cheapest = min(result["nanoseconds"] for result in results)
    for result in results:
        result["of_cheapest"] = round(result["nanoseconds"] / cheapest, 2)
        print(json.dumps({"measure": "format", **result}))
    head = {"commit": services.commit(), "date": time.strftime("%Y-%m-%d"), "rounds": rounds, **services.machine()}
    Path(output).parent.mkdir(parents=True, exist_ok=True)
    Path(output).write_text(json.dumps({"machine": head, "results": results}, indent=1) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])

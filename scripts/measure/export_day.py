"""The item of make proof about the gaps of a whole day: the test of the simulated day, at the size that the issue names.

    export_day.py FIGURES.json

Variables: PROOF_DAY_DEVICES (2000), PROOF_DAY_HOURS (24), PROOF_SEED (drawn and printed where not given).
"""
import json
import os
import random
import re
import subprocess
import sys
from pathlib import Path

from services import ROOT, say, variable

SUITE = "SimulatedDay(Tests|Figures)"


def main(output):
    seed = variable("PROOF_SEED", random.SystemRandom().randrange(10**9))
    devices, hours = variable("PROOF_DAY_DEVICES", 2000), variable("PROOF_DAY_HOURS", 24)
    directory = Path(output).with_suffix("")
    directory.mkdir(parents=True, exist_ok=True)
    figures, log = directory / "figures.json", directory / "test.log"
    say(f"export-day: {devices} devices, {hours} hours, seed {seed}")
    environment = {
        **os.environ, "HINDCAST_EXPORT_DAY": f"{devices}x{hours}", "HINDCAST_EXPORT_SEED": str(seed), "HINDCAST_EXPORT_DAY_FIGURES": str(figures)}
    with open(log, "wb") as stream:
        status = subprocess.run(
            ["swift", "test", "--skip-build", "--disable-xctest", "--filter", SUITE], cwd=ROOT, env=environment, stdout=stream, stderr=stream).returncode
    said = log.read_text(errors="replace")
    result = {"seed": seed, **(json.loads(figures.read_text()) if figures.exists() else {})}
    passed = re.search(r"Test run with (\d+) tests? in .*passed after ([\d.]+) seconds", said)
    if status or not passed or not figures.exists():
        issues = [line for line in said.splitlines() if "recorded an issue" in line]
        result["failure"] = issues[0][:500] if issues else f"swift test ended with {status}: {said.strip()[-300:]}"
    else:
        result["seconds"] = float(passed.group(2))
    Path(output).write_text(json.dumps(result, indent=1) + "\n")
    sys.exit("failure" in result)


if __name__ == "__main__":
    main(sys.argv[1])

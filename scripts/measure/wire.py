"""The items of make proof about wire formats and findings."""
import json
import os

from services import Failure, say, variable

FUZZED = variable("PROOF_FUZZED", 10_000_000)
# A run of its own for each part, so that one which hangs or grows is seen, and none holds up the others.
PARTS = 20


def record_fuzz(item, seed):
    """Mutated records of every wire format, decoded and judged: no crash, no hang, no memory that grows with their number."""
    part = max(1, FUZZED // PARTS)
    totals, envelopes, rules, slowest, peaks, done = {"findings": 0}, {}, {}, 0.0, [], 0
    while done < FUZZED:
        count = min(part, FUZZED - done)
        arguments = ["mixed-fuzz", "--events", count, "--from", done, "--seed", seed]
        # A record takes microseconds: this is a limit for a hang and not for speed.
        result = json.loads(item.programs.run(arguments, item.programs.environment(), item.programs.load, seconds=900).output)
        if result["events"] != count:
            raise Failure(f"{result['events']} records were judged, expected {count}")
        done += count
        totals["findings"] += result["findings"]
        slowest = max(slowest, result["slowest_ms"])
        peaks.append(result["peak_kib"] / 1024)
        for whole, counted in ((envelopes, result["envelopes"]), (rules, result["rules"])):
            for name, number in counted.items():
                whole[name] = whole.get(name, 0) + number
        say(f"{done} records")
    if max(peaks) > 256:
        raise Failure(f"a part took {max(peaks):.0f} MiB, expected less than 256")
    return {
        "records": done, **totals, "formats": len(envelopes), "rules": len(rules), "slowest_ms": round(slowest, 1), "peak_mib": round(max(peaks), 1),
    }

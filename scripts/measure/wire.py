"""The items of make proof about wire formats and findings."""
import json
import os
import time

from services import Failure, say, variable

FUZZED = variable("PROOF_FUZZED", 10_000_000)
TOPIC = "mixed"
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


def mixed(item, events, seed):
    """Records of every wire format, 5% of them with a fault, judged offline from a capture and through Kafka, log and projection: the same findings."""
    programs, bootstrap = item.programs, os.environ["HINDCAST_TEST_TANSU"]
    end = time.time_ns() // 1_000_000 * 1000
    template = programs.directory / "mixed-template.json"
    template.write_text(programs.run(["template", "--mixed"], programs.environment(), programs.load).output)
    capture = programs.directory / "mixed.jsonl"
    arguments = ["mixed-capture", "--events", events, "--seed", seed, "--end", end, "--output", capture]
    programs.run(arguments, programs.environment(), programs.load)
    say(f"capture: {capture.stat().st_size / 2**20:.0f} MiB")
    programs.run(["template", "publish", template], programs.environment("proof"))
    # Single templates serve every device offline; here that has to be said.
    programs.run(["template", "assign", "dtmi:hindcast:load:Station;1", "--devices", "*"], programs.environment("proof"))
    produced = programs.produce(bootstrap, TOPIC, events=events, seed=seed, partitions=1, end=end, mixed=True)
    environment = item.environment(bootstrap, INGEST_TOPICS=TOPIC)
    programs.run(["ingest", "--exit-at-end"], environment)
    figures = {"events": item.logged(), "payload_mib": round(produced["bytes"] / 2**20, 1)}
    if figures["events"] != events:
        raise Failure(f"the log holds {figures['events']} events, expected {events}")
    project = programs.run(["project", "--exit-at-end"], environment)
    source, = [row[0] for row in item.session().rows("SELECT source_id FROM diagnostics.ingest_progress WHERE topic = 'mixed'")]
    count, lane0, lane1 = item.session().rows(
        "SELECT coalesce(sum(count), 0)::bigint, hindcast.wrap64(coalesce(sum(lane0), 0)), hindcast.wrap64(coalesce(sum(lane1), 0)) "
        "FROM hindcast.finding WHERE generation = (SELECT generation FROM hindcast.live_generation)")[0]
    logged = f"digest {count} {int(lane0) % 2**64:016x} {int(lane1) % 2**64:016x}"
    say(f"log and projection: {logged}")
    validate = programs.start(
        ["validate", "--template", template, "--capture", capture, "--output", "/dev/null", "--digest", "--digest-offsets", "origin",
         "--digest-source", source], programs.environment())
    finished = validate.wait()
    capture.unlink()
    if finished.status != 1:
        raise Failure(f"validate ended with {finished.status}, expected 1: {validate.last_words()}")
    offline = [line for line in validate.last_words().splitlines() if line.startswith("digest ")]
    if offline != [logged]:
        raise Failure(f"validate says {offline}, log and projection say {logged}")
    if int(count) < events // 25:
        raise Failure(f"there are {count} findings, expected at least {events // 25} of {events} events")
    return {
        **figures, "findings": int(count), "validate_seconds": round(finished.seconds, 1), "validate_peak_mib": round(finished.peak_bytes / 2**20, 1),
        "project_seconds": round(project.seconds, 1),
    }

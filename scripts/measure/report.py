"""Keeps full-size results in docs/measurements.json and makes the tables between markers in docs/reliability.md and docs/performance.md of them."""
import json
import re

from services import ROOT

MEASUREMENTS = ROOT / "docs/measurements.json"
CLAIMS = {
    "log-tansu": "1,000,000 events through the independent broker: equal by digest, the chain verifies, a changed byte is named",
    "log-embedded": "the same through the embedded broker, its producer held back by lag",
    "kill-ingest": "`kill -9` of ingest at random moments: nothing lost, nothing twice",
    "kill-project": "`kill -9` of project at random moments: every folded table equal to an undisturbed run's",
    "json-simdjson": "10,000,000 mutated documents: the JSON reader and simdjson agree in verdict and content, or differ for a reason that is named",
    "garbage": "a million records of garbage: every process still there, all in the log, all projected",
    "mixed": "1,000,000 records in every wire format, 5% with a fault: `validate` on a capture, and Kafka, log and projection, find the same, by digest",
    "replay-faults": "replays whose workers are killed, whose server restarts, whose disk is full, promoted against ingest: digests equal to an undisturbed run's, "
                     "one live generation for every reader, nothing left behind",
    "backfill": "1,000,000 events that an export missed, given back by processes that are killed at random moments: each delivered at least once and under its id, "
                "nothing else sent, and a comparison finds nothing missing",
    "export-day": "a day of 2,000 devices with forty planted incidents, seen through seven sets of evidence: every gap as the table says, and no others",
    "record-fuzz": "10,000,000 mutated records of every wire format, decoded and judged: no crash, no hang, no memory that grows",
}


def keep(name, result):
    kept = json.loads(MEASUREMENTS.read_text()) if MEASUREMENTS.exists() else {}
    kept[name] = result
    MEASUREMENTS.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n")
    if name == "bench":
        if result["passed"]:
            replace("performance.md", "bench", performance(result))
    elif name == "formats":
        if result["passed"]:
            replace("performance.md", "formats", formats(result))
    elif name == "speed":
        if result["passed"]:
            replace("performance.md", "speed", speed(result))
    elif name == "fleet":
        if result["passed"]:
            replace("performance.md", "fleet", fleet(result))
    elif name == "replay":
        if result["passed"]:
            replace("performance.md", "replay", replay(result))
    elif name == "exports":
        if result["passed"]:
            replace("performance.md", "exports", exports(result))
    else:
        replace("reliability.md", "proof", reliability(kept))


def replace(document, marker, text):
    """Puts text between a document's markers."""
    path = ROOT / "docs" / document
    old = path.read_text()
    begin, end = f"<!-- {marker}:begin -->", f"<!-- {marker}:end -->"
    if begin not in old or end not in old:
        raise SystemExit(f"docs/{document} has no markers {begin} and {end}")
    path.write_text(re.sub(f"{re.escape(begin)}.*{re.escape(end)}", lambda _: f"{begin}\n{text}\n{end}", old, flags=re.DOTALL))


def reliability(kept):
    lines = ["| claim | result | figures | date, commit |", "|---|---|---|---|"]
    for name, claim in CLAIMS.items():
        result = kept.get(name)
        if not result:
            lines.append(f"| {claim} | never run at full size | | |")
            continue
        shown = ", ".join(f"{key.replace('_', ' ')} {value}" for key, value in result["figures"].items() if key not in ("kinds", "findings_md5"))
        outcome = f"passed in {result['minutes']} minutes" if result["passed"] else f"FAILED: {result['failure']}"
        lines.append(f"| {claim} | {outcome} | {shown} | {result['date']}, {result['commit']} |")
    return "\n".join(lines)


def performance(result):
    figures = result["figures"]
    head = figures["machine"]
    by_measure = {}
    for row in figures["results"]:
        by_measure.setdefault(row["measure"], []).append(row)
    names = {"hindcast": "`hindcast ingest`", "copy": "`psql \\copy` of the same rows", "peer": "Python: confluent-kafka, psycopg COPY"}
    lines = [
        f"{head['cores']} cores of {head['processor']}, {head['memory_gib']} GiB, {head['system']}; {head['date']}, commit {head['commit']}; "
        f"medians of {head['rounds']} interleaved rounds.", "",
        "| drain a backlog | rows/s | of `\\copy` | client µs/row | Postgres µs/row | broker µs/row | rows a batch | peak MiB |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row in by_measure["drain"]:
        lines.append(
            f"| {names[row['who']]} | {row['rows_per_s']:,.0f} | {row['ratio_to_copy']:.2f} | {row['client_us']:.1f} | {row['server_us']:.1f} | "
            f"{cell(row, 'broker_us', '.1f')} | {cell(row, 'rows_per_batch', ',.0f')} | {row['peak_mib']:.0f} |")
    memory, fresh = by_measure["memory"][0], by_measure["freshness"][0]
    lines += [
        "", "| | measured | goal |", "|---|---|---|",
        f"| drain, of `\\copy` | {by_measure['drain'][0]['ratio_to_copy']:.2f} | {by_measure['drain'][0]['goal_ratio']} |",
        f"| peak memory of ingest at a backlog of {memory['backlog']:,} | {memory['peak_mib']:.0f} MiB | under {memory['goal_mib']} MiB |",
        f"| produced to visible in `validation_findings`, {fresh['rate']} events/s, p50 | {fresh['p50_ms']:.0f} ms | |",
        f"| the same, p99 | {fresh['p99_ms']:.0f} ms | under {fresh['goal_p99_ms']} ms |",
    ]
    return "\n".join(lines)


def formats(result):
    head = result["figures"]["machine"]
    lines = [
        f"{head['cores']} cores of {head['processor']}; {head['date']}, commit {head['commit']}; medians of {head['rounds']} interleaved rounds.", "",
        "| record | bytes with headers | ns to decode and judge | of the cheapest |", "|---|---|---|---|",
    ]
    for row in result["figures"]["results"]:
        lines.append(f"| {row['format']} | {row['bytes']} | {row['nanoseconds']:,} | {row['of_cheapest']:.2f} |")
    return "\n".join(lines)


def fleet(result):
    figures, machine = result["figures"], result["machine"]
    lines = [
        f"{machine['cores']} cores of {machine['processor']}; {result['date']}, commit {result['commit']}; {figures['devices']:,} devices, "
        f"{figures['events']:,} events, one run. The load average before it was {figures['load_before']}: above about 1, others worked on the machine too.", "",
        "| | measured | goal |", "|---|---|---|",
        f"| ingest, events/s | {figures['ingest_per_s']:,} | |",
        f"| projection alone over the finished log, events/s | {figures['project_per_s']:,} | |",
        f"| ratio of the two | {figures['project_ratio_to_ingest']:.2f} | {figures['goal_ratio']} |",
        f"| processor µs per event of `hindcast project`, of Postgres | {figures['project_client_us']}, {figures['project_server_us']} | |",
        f"| from the last event projected until every device's health is up to date | {figures['snapshot_seconds_after']:,.0f} s | |",
        f"| times that a device was derived, on average | {figures['derived_per_device']} | |",
        f"| peak memory of `hindcast project` | {figures['project_peak_mib']:.0f} MiB | |",
        f"| WAL bytes per event: ingest, projection | {figures['ingest_wal_bytes_per_event']:,}, {figures['project_wal_bytes_per_event']:,} | |",
    ]
    if counted := figures.get("exports"):
        # All gaps are counted in one reading of the log.
        gaps = ", ".join(f"{gap['events']:,} events of {gap['devices']:,} devices" for gap in counted["gaps"])
        events = max(gap["events"] for gap in counted["gaps"])
        lines += [
            f"| gaps of exports found and counted in the log ({gaps}) | {counted['seconds']:,.0f} s, {events / counted['seconds']:,.0f} events/s | |",
            f"| processor µs per event of it in hindcast, in Postgres | {counted['client_us']}, {counted['server_us']} | |",
        ]
    lines += [
        "", "| view (goal: " + str(figures["goal_view_ms"]) + " ms) | median ms | greatest ms | first in its session, ms |", "|---|---|---|---|",
    ]
    for name, row in figures["views"].items():
        lines.append(f"| {name.replace('_', ' ')} | {row['median_ms']} | {row['max_ms']} | {row['first_ms']} |")
    lines += ["", "| table | MiB with indexes | updates | of them in place (HOT) |", "|---|---|---|---|"]
    for name, row in sorted(figures["tables"].items(), key=lambda entry: -entry[1]["mib"]):
        hot = f"{row['hot_percent']} %" if "hot_percent" in row else ""
        lines.append(f"| {name} | {row['mib']:,} | {row['updates']:,} | {hot} |")
    return "\n".join(lines)


def replay(result):
    head, by_measure = result["figures"]["machine"], {}
    for row in result["figures"]["results"]:
        by_measure.setdefault(row["measure"], []).append(row)
    names = {"copy": "`COPY … TO STDOUT (FORMAT binary)`, thrown away by psql", "one": "`hindcast replay run`, one worker", "two": "the same, two workers"}
    lines = [
        f"{head['cores']} cores of {head['processor']}, {head['memory_gib']} GiB, {head['system']}; {head['date']}, commit {head['commit']}; "
        f"medians of {head['rounds']} interleaved rounds; every event is read, decoded and judged.", "",
        "| the past again | events/s | of `COPY` | goal | while loading | client µs/event | Postgres µs/event | peak MiB |", "|---|---|---|---|---|---|---|---|",
    ]
    for row in by_measure["replay"]:
        lines.append(
            f"| {names[row['who']]}, {row['events']:,} events | {row['events_per_s']:,.0f} | {row['ratio_to_copy']:.2f} | {row.get('goal_ratio', '')} | "
            f"{cell(row, 'loading_per_s', ',.0f')} | {row['client_us']:.1f} | {row['server_us']:.1f} | {cell(row, 'peak_mib', '.0f')} |")
    size, memory = by_measure["size"][0], by_measure["memory"][0]
    costs = ", ".join(f"{int(events):,}: {cost}" for events, cost in size["us_per_event"].items())
    lines += ["", "| | measured | goal |", "|---|---|---|",
              f"| µs an event by size of the log, one worker | {costs} (spread {size['spread']:.0%}) | within {size['goal_spread']:.0%} |"]
    for row in by_measure["promotion"]:
        lines.append(
            f"| promote, roll back at {row['events']:,} events | {row['promote_ms']} ms, {row['rollback_ms']} ms; a reader waited {row['reader_wait_ms']} ms at most, "
            f"{row['reader_idle_ms']} ms without | under {row['goal_ms']} ms |")
    lines.append(f"| peak memory of any `hindcast replay run` | {memory['peak_mib']:.0f} MiB | under {memory['goal_mib']} MiB |")
    return "\n".join(lines)


def exports(result):
    head = result["figures"]["machine"]
    names = {
        "copy": "a plain copy of the topic: Python, confluent-kafka", "backfill": "`hindcast export backfill --into kafka://…`",
        "reconcile": "`hindcast export reconcile` of its destination",
    }
    rows = result["figures"]["results"]
    lines = [
        f"{head['cores']} cores of {head['processor']}, {head['memory_gib']} GiB, {head['system']}; {head['date']}, commit {head['commit']}; "
        f"medians of {head['rounds']} interleaved rounds; {rows[0]['events']:,} events of {rows[0]['bytes_per_event']} bytes.", "",
        "| exports | events/s | of the copy | client µs/event | Postgres µs/event | broker µs/event | peak MiB |", "|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        lines.append(
            f"| {names[row['who']]} | {row['events_per_s']:,.0f} | {row['ratio_to_copy']:.2f} | {row['client_us']:.1f} | {row['server_us']:.1f} | "
            f"{row['broker_us']:.1f} | {row['peak_mib']:.0f} |")
    return "\n".join(lines)


def speed(result):
    head, rows = result["figures"]["machine"], result["figures"]["results"]
    lines = [
        f"{head['processor']}; {head['date']}, commit {head['commit']}; medians of {head['rounds']} interleaved rounds; a message of {head['message_bytes']} bytes.", "",
        "| parse and validate twelve typed fields | messages per CPU-second | Hindcast is so many times as fast | goal |", "|---|---|---|---|",
    ]
    names = {
        ("validate", "hindcast"): "Hindcast", ("validate", "msgspec"): "msgspec, into structs", ("validate", "rapidjson"): "RapidJSON's schema validator",
        ("validate", "jsonschema-rs"): "orjson + jsonschema-rs", ("read", "hindcast"): "Hindcast", ("read", "simdjson"): "simdjson 3.0.1, DOM",
        ("read", "orjson"): "orjson",
    }
    begun = False
    for row in rows:
        if row["measure"] == "read" and not begun:
            lines += ["", "| read only | messages per CPU-second | Hindcast is so many times as fast | |", "|---|---|---|---|"]
            begun = True
        if (row["measure"], row.get("who")) in names:
            ratio = "" if row["who"] == "hindcast" else f"{row['hindcast_ratio']:.2f}"
            lines.append(f"| {names[row['measure'], row['who']]} | {row['per_s']:,} | {ratio} | {row.get('goal_ratio', '')} |")
        if row["measure"] == "models":
            lines += ["", f"Loading the {row['models']} published device models, {row['capabilities']:,} capabilities: {row['load_s']} s of processor time "
                      f"to parse, resolve and compile (goal: under {row['goal_load_s']} s); {row['check_s']} s to check them by the letter of the specification."]
        if row["measure"] == "fields":
            lines += ["", "Per field, template of 10 and of 300 capabilities: `" + json.dumps({k: v for k, v in row.items() if k != "measure"}) + "`."]
    return "\n".join(lines)


def cell(row, name, form):
    return format(row[name], form) if name in row else ""

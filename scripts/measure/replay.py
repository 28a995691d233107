"""make bench, part replay: the past judged again, against a COPY of the very rows thrown away by psql, in the same rounds; medians as JSON lines.

    replay      every event read, decoded, judged and folded by one and by two workers; COPY (…) TO STDOUT (FORMAT binary) of the same rows in log order
    size        what an event costs at several sizes of the log
    promotion   how long promote and rollback take at the least and at the greatest size, and how long a reader in a loop waits meanwhile
    memory      the largest resident set of any `hindcast replay run`

Variables: BENCH_REPLAY_EVENTS (5000000), BENCH_REPLAY_SIZES ("1000000 5000000 20000000"), BENCH_ROUNDS (3), BENCH_SEED, BENCH_REPLAY_SLICE (500000).
"""
import json
import os
import re
import statistics
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path

import replays
import services
from bench import SETTINGS
from services import Failure, Programs, Server, say, variable

# The log's columns that a replay reads.
COLUMNS = (
    "source_offset, event_time, ingest_time, device_time, broker_time, device_key, kind, envelope, decoder, timestamp_type, module, component, "
    "template_ref, key, headers, payload"
)
GOALS = {"ratio_one": 0.8, "ratio_two": 1.2, "spread": 0.25, "promotion_ms": 50, "memory_mib": 256}


STATEMENT = re.compile(r"^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}) UTC \[(\d+)\] bench LOG:  duration: [\d.]+ ms  [^:]*: (.*)$", re.MULTILINE)


def pointing_time(log):
    """Milliseconds of the one transaction in a stretch of the server's log that moves the pointer to the live generation."""
    begun, moves, found = {}, set(), []
    for at, session, text in STATEMENT.findall(log):
        at = datetime.fromisoformat(at)
        if text.startswith("BEGIN"):
            begun[session] = at
        elif "UPDATE hindcast.live_generation" in text:
            moves.add(session)
        elif text.startswith("COMMIT"):
            if session in moves and session in begun:
                found.append((at - begun[session]).total_seconds() * 1000)
            moves.discard(session)
            begun.pop(session, None)
    if len(found) != 1:
        raise Failure(f"the server's log has {len(found)} transactions that move the pointer, expected one")
    return found[0]


class ReplayBench:
    def __init__(self, directory):
        self.server = Server()
        self.server.configure(SETTINGS)
        self.programs = Programs(self.server, Path(directory, "logs"))
        self.directory = Path(directory)
        self.bootstrap = os.environ["HINDCAST_TEST_TANSU"]
        self.rounds = variable("BENCH_ROUNDS", 3)
        self.events = variable("BENCH_REPLAY_EVENTS", 5_000_000)
        self.slice = variable("BENCH_REPLAY_SLICE", 500_000)
        self.seed = variable("BENCH_SEED", 20261129)
        given = os.environ.get("BENCH_REPLAY_SIZES") or "1000000 5000000 20000000"
        if not all(word.isdigit() for word in given.split()):
            raise SystemExit(f"BENCH_REPLAY_SIZES is {given!r}, expected whole numbers")
        self.sizes = sorted({*map(int, given.split()), self.events})
        self.logged = 0
        self.peaks = []

    def run(self):
        self.programs.migrate("bench")
        self.programs.publish("bench")
        self.replays = replays.Replays(self.programs, self.programs.environment("bench", LOG_LEVEL="warning"), "bench")
        self.template = replays.template(self.programs, replays.corrected)
        measured, promotions = {}, []
        for size in self.sizes:
            self.grow(size)
            rounds, wanted = [], self.rounds if size == self.events else 1
            for number in range(1, wanted + 1):
                copied = self.copy(size)
                one, run = self.replay(size, 1)
                self.replays.command("abort", run)
                two, run = self.replay(size, 2)
                rounds.append({"copy": copied, "one": one, "two": two})
                say(f"{size} events, round {number}: " + ", ".join(f"{who} {row['events_per_s']:,.0f}/s" for who, row in rounds[-1].items()))
                if number == wanted and size in (self.sizes[0], self.sizes[-1]):
                    promotions.append({"events": size, **self.promotion(run)})
                    say(f"promotion: {promotions[-1]}")
                self.replays.command("abort", run)
            measured[size] = rounds
        return self.summary(measured, promotions)

    def grow(self, size):
        """Sends and ingests slice by slice, then projects: a topic of its own a slice, because the broker looks through all batches of a partition.

        The next slice is sent while one is ingested.
        """
        slices = [(start, min(self.slice, size - start)) for start in range(self.logged, size, self.slice)]
        sending = [self.send(*slices[0])] if slices else []
        for number, (start, events) in enumerate(slices):
            sent = sending.pop()
            if sent.wait().status:
                raise Failure(f"produce exited with {sent.finished.status}: {sent.last_words() or sent.finished.output[:300]}")
            if number + 1 < len(slices):
                sending.append(self.send(*slices[number + 1]))
            topic = f"replay-{start}"
            environment = self.programs.environment(
                "bench", self.bootstrap, preload=True, INGEST_TOPICS=topic, KAFKA_GROUP_ID=topic, LOG_LEVEL="warning",
                KAFKA_PROPERTIES="session.timeout.ms=6000")
            self.programs.run(["ingest", "--exit-at-end"], environment)
            self.logged += events
            say(f"{self.logged} of {size} events in the log")
        self.programs.run(["project", "--exit-at-end"], self.programs.environment("bench", LOG_LEVEL="warning"), seconds=3600)
        for statement in ("VACUUM (FREEZE, ANALYZE) hindcast.event", "CHECKPOINT"):
            self.server.rows("bench", statement)

    def send(self, start, events):
        arguments = self.programs.produce_arguments(
            self.bootstrap, f"replay-{start}", events=events, partitions=4, seed=self.seed + start, devices=5000, faulty=5)
        return self.programs.start(arguments, self.programs.environment(preload=True), self.programs.load)

    def copy(self, size):
        script = self.directory / "copy.psql"
        # psql asks the server for COPY … TO STDOUT, and throws away what comes.
        script.write_text(f"\\copy (SELECT {COLUMNS} FROM hindcast.event ORDER BY source_id, source_offset) TO '/dev/null' (FORMAT binary)\n")
        server, began = self.server.processor_seconds(), time.monotonic()
        finished = self.programs.run(
            ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", self.server.url("bench"), "-f", script], self.programs.environment(), self.server.psql)
        seconds = time.monotonic() - began
        return {
            "events_per_s": size / seconds, "client_us": finished.processor_seconds * 1e6 / size,
            "server_us": (self.server.processor_seconds() - server) * 1e6 / size,
        }

    def replay(self, size, workers):
        """From the first chunk's claim until the run is ready: with indexes, the comparison and catching up. Every event is read. The run is left as it is."""
        run = self.replays.plan("--template", self.template, "--full")
        server = self.server.processor_seconds()
        finished = self.replays.command("run", run, "--workers", workers)
        self.peaks.append(finished.peak_bytes / 2**20)
        shown = self.replays.show(run)
        if shown["events_done"] != size:
            raise Failure(f"replay {run} folded {shown['events_done']} events, expected {size}")
        seconds, loading = map(float, self.server.rows("bench", (
            "SELECT extract(epoch FROM r.finished_at - r.started_at), extract(epoch FROM (SELECT max(c.done_at) FROM hindcast.replay_chunk c "
            f"WHERE c.run_id = r.run_id) - r.started_at) FROM hindcast.replay_run r WHERE r.run_id = {run}"))[0])
        result = {
            "events_per_s": size / seconds, "loading_per_s": size / loading, "client_us": finished.processor_seconds * 1e6 / size,
            "server_us": (self.server.processor_seconds() - server) * 1e6 / size, "peak_mib": finished.peak_bytes / 2**20,
            "changes": shown["appeared"] + shown["disappeared"] + shown["changed"], "digest": shown["diff_digest"],
        }
        return result, run

    def promotion(self, run):
        """How long the transactions of `promote` and `rollback` are open, by the server's own log: from the end of BEGIN to the end of COMMIT."""
        digest = self.replays.show(run)["diff_digest"]
        self.server.rows("bench", "ALTER DATABASE bench SET log_min_duration_statement = 0")
        try:
            reader = replays.Reader(self.server.session("bench"))
            time.sleep(1)
            idle = reader.longest(0, time.monotonic())
            promoted, promote_span = self.timed("promote", run, "--diff", digest)
            back, rollback_span = self.timed("rollback", run)
            reader.end()
        finally:
            self.server.rows("bench", "ALTER DATABASE bench RESET log_min_duration_statement")
        return {
            "promote_ms": round(promoted, 1), "rollback_ms": round(back, 1),
            "reader_wait_ms": round(max(reader.longest(*promote_span), reader.longest(*rollback_span)), 1), "reader_idle_ms": round(idle, 1),
            "reads": len(reader.waits), "generations_seen": len(reader.seen),
        }

    def timed(self, *arguments):
        log = Path(self.server.data).parent / "postgres.log"
        with log.open(encoding="utf-8", errors="replace") as lines:
            lines.seek(0, os.SEEK_END)
            began = time.monotonic()
            self.replays.command(*arguments)
            ended = time.monotonic()
            return pointing_time(lines.read()), (began, ended)

    def summary(self, measured, promotions):
        def median(size, who, name):
            return round(statistics.median(r[who][name] for r in measured[size]), 3)
        digests = {size: {r[who]["digest"] for r in rounds for who in ("one", "two")} for size, rounds in measured.items()}
        for size, found in digests.items():
            if len(found) != 1:
                raise Failure(f"replays of the same {size} events have {len(found)} digests, expected one")
        results = []
        for who, workers, goal in (("copy", None, None), ("one", 1, GOALS["ratio_one"]), ("two", 2, GOALS["ratio_two"])):
            names = [name for name in measured[self.events][0][who] if name not in ("digest", "changes")]
            results.append({
                "measure": "replay", "who": who, "workers": workers, "events": self.events, **{name: median(self.events, who, name) for name in names},
                "ratio_to_copy": round(statistics.median(r[who]["events_per_s"] / r["copy"]["events_per_s"] for r in measured[self.events]), 3),
                **({"goal_ratio": goal} if goal else {}),
            })
        costs = {size: 1e6 / median(size, "one", "events_per_s") for size in self.sizes}
        results.append({
            "measure": "size", "us_per_event": {str(size): round(cost, 2) for size, cost in costs.items()},
            "spread": round(max(costs.values()) / min(costs.values()) - 1, 3), "goal_spread": GOALS["spread"],
        })
        results += [{"measure": "promotion", **row, "goal_ms": GOALS["promotion_ms"]} for row in promotions]
        results.append({"measure": "memory", "peak_mib": round(max(self.peaks), 1), "goal_mib": GOALS["memory_mib"]})
        return {"results": results, "rounds": {str(size): rounds for size, rounds in measured.items()}, "seed": self.seed}


def main(output):
    with tempfile.TemporaryDirectory(prefix="hindcast-bench.", dir=os.environ.get("TMPDIR")) as directory:
        bench = ReplayBench(directory)
        try:
            summary = bench.run()
        except Failure as failure:
            raise SystemExit(f"bench: {failure}")
        finally:
            bench.programs.stop()
    head = {"measure": "machine", "commit": services.commit(), "date": time.strftime("%Y-%m-%d"), "rounds": bench.rounds, "seed": bench.seed,
            **services.machine()}
    print(json.dumps(head))
    for result in summary["results"]:
        print(json.dumps(result))
    Path(output).parent.mkdir(parents=True, exist_ok=True)
    Path(output).write_text(json.dumps({"machine": head, **summary}, indent=1) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])

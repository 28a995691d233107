"""make bench, part exports: comparing a destination with the log, and giving everything back into a topic, beside a plain copy of that topic by the Python client, in the
same rounds; medians as JSON lines.

    copy        confluent-kafka reads the topic and sends each message on, and waits for the broker's word at the end
    backfill    `hindcast export backfill --into kafka://…` of the same events out of the log, each chunk counted once the broker has it
    reconcile   `hindcast export reconcile` of that destination, event by event

A backfill's seconds are those from when it was begun to when it was ended, by the database; a comparison's those of its process; the copy's those from its first message on.

Variables: BENCH_EXPORT_EVENTS (500000), BENCH_ROUNDS (3), BENCH_SEED.
"""
import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

import services
from backfill import SECOND, rfc3339, run_python
from bench import SETTINGS
from services import Failure, Programs, Server, say, variable

TOPIC = "exports-log"
PARTITIONS = 4


class ExportBench:
    def __init__(self, directory):
        self.server = Server()
        self.server.configure(SETTINGS)
        self.programs = Programs(self.server, Path(directory, "logs"))
        self.bootstrap = os.environ["HINDCAST_TEST_TANSU"]
        self.broker = services.process_with(f"tcp://{self.bootstrap}")
        self.rounds = variable("BENCH_ROUNDS", 3)
        # A destination for each round: what a comparison has found there says what is left to give back.
        self.numbers = range(1, self.rounds + 1)
        self.events = variable("BENCH_EXPORT_EVENTS", 500_000)
        self.seed = variable("BENCH_SEED", 20261129)
        self.environment = self.programs.environment(
            "bench", self.bootstrap, preload=True, INGEST_TOPICS=TOPIC, KAFKA_GROUP_ID=TOPIC, LOG_LEVEL="warning",
            KAFKA_PROPERTIES="session.timeout.ms=6000,fetch.wait.max.ms=20")

    def run(self):
        self.prepare()
        rounds = []
        for number in self.numbers:
            copy, backfill, reconcile = self.copy(number), self.backfill(number), self.reconcile(number)
            rounds.append({"copy": copy, "backfill": backfill, "reconcile": reconcile})
            say(f"round {number}: " + ", ".join(f"{who} {row['events_per_s']:,.0f}/s" for who, row in rounds[-1].items()))
        return self.summary(rounds)

    def prepare(self):
        """A finished log of which an export should have sent everything."""
        self.programs.migrate("bench")
        last = time.time_ns() // 1_000_000 * 1000 - 600 * SECOND
        self.times = ("--from", rfc3339(last - self.events * 1000 - SECOND), "--to", rfc3339(last + SECOND))
        self.produced = self.programs.produce(
            self.bootstrap, TOPIC, events=self.events, partitions=PARTITIONS, seed=self.seed, faulty=0, end=last)
        for command in ("ingest", "project"):
            self.programs.run([command, "--exit-at-end"], self.environment)
        tenant = self.server.rows("bench", "SELECT DISTINCT tenant FROM hindcast.device")[0][0]
        self.tenant = tenant
        file = self.programs.directory / "exports.json"
        file.write_text(json.dumps({
            "exports": [{"id": "e", "enabled": True, "source": "telemetry", "destinations": [{"id": f"d{number}"} for number in self.numbers]}],
            "destinations": [{"id": f"d{number}", "type": "kafka@v1", "topic": "exported"} for number in self.numbers]}))
        self.programs.run(["export", "import", file, "--tenant", tenant, "--at", "2020-01-01T00:00:00Z"], self.environment)
        for statement in ("VACUUM (FREEZE, ANALYZE) hindcast.event", "CHECKPOINT"):
            self.server.rows("bench", statement)

    def route(self, number):
        return "--tenant", self.tenant, "--destination", f"d{number}"

    def topic(self, name, number):
        topic = f"exports-{name}-{number}"
        self.programs.make_topic(self.bootstrap, topic, PARTITIONS)
        return topic

    def measured(self, finished, seconds, server, broker, client_seconds=None):
        return {
            "events_per_s": self.events / seconds, "client_us": (client_seconds or finished.processor_seconds) * 1e6 / self.events,
            "server_us": (self.server.processor_seconds() - server) * 1e6 / self.events,
            "broker_us": (services.process_ticks(self.broker) - broker) / services.TICKS * 1e6 / self.events, "peak_mib": finished.peak_bytes / 2**20,
        }

    def begin(self):
        return self.server.processor_seconds(), services.process_ticks(self.broker)

    def copy(self, number):
        topic, used = self.topic("copy", number), self.begin()
        finished = run_python(self.programs, "topic_copy", self.bootstrap, TOPIC, topic)
        said = json.loads(finished.output)
        if said["copied"] != self.events:
            raise Failure(f"{said['copied']} messages were copied, expected {self.events}")
        return self.measured(finished, said["seconds"], *used, client_seconds=said["busy_seconds"])

    def backfill(self, number):
        topic, used = self.topic("backfill", number), self.begin()
        finished = self.programs.run(
            ["export", "backfill", "--export", "e", *self.route(number), *self.times, "--into", f"kafka://{topic}"], self.environment)
        seconds, sent = self.server.rows("bench", (
            "SELECT extract(epoch FROM finished_at - started_at), sent FROM hindcast.export_backfill ORDER BY backfill_id DESC LIMIT 1"))[0]
        if int(sent) != self.events:
            raise Failure(f"{sent} events were given back, expected {self.events}")
        return self.measured(finished, float(seconds), *used)

    def reconcile(self, number):
        used = self.begin()
        finished = self.programs.run(
            ["export", "reconcile", "e", *self.route(number), *self.times, "--topic", f"exports-backfill-{number}", "--format", "json"], self.environment)
        said = json.loads(finished.output)
        if (said["delivered"], said["missing"], said["repeated"], said["unexpected"]) != (self.events, 0, 0, 0):
            raise Failure(f"reconcile says {said}, expected {self.events} delivered and no more")
        return self.measured(finished, finished.seconds, *used)

    def summary(self, rounds):
        results = []
        for who in rounds[0]:
            results.append({
                "measure": "export", "who": who, "events": self.events, "bytes_per_event": round(self.produced["bytes"] / self.events),
                **{name: round(statistics.median(r[who][name] for r in rounds), 3) for name in rounds[0][who]},
                "ratio_to_copy": round(statistics.median(r[who]["events_per_s"] / r["copy"]["events_per_s"] for r in rounds), 3),
            })
        return {"results": results, "rounds": rounds, "seed": self.seed}


def main(output):
    with tempfile.TemporaryDirectory(prefix="hindcast-bench.", dir=os.environ.get("TMPDIR")) as directory:
        bench = ExportBench(directory)
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

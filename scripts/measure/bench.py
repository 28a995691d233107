"""make bench: what the log, the projections and their peers do, in interleaved rounds; medians as JSON lines.

    drain       a full backlog through Kafka into the log, psql's \\copy of the very rows, and the Python peer, in rates and processor time
    memory      the largest resident set of `hindcast ingest` over a backlog
    freshness   from when a message is due to be sent to when its finding can be read

Variables: BENCH_ROUNDS (3), BENCH_EVENTS (300000), BENCH_BACKLOG (1000000), BENCH_SECONDS (20), BENCH_RATE (500), BENCH_PARTITIONS (4), BENCH_SEED.
"""
import json
import os
import signal
import statistics
import sys
import tempfile
import time
from pathlib import Path

import services
from services import Failure, Programs, Server, say, variable, wait_until

COLUMNS = (
    "source_offset, event_time, ingest_time, device_time, broker_time, source_id, device_key, segment, kind, envelope, decoder, timestamp_type, "
    "module, component, template_ref, key, headers, payload"
)
BATCH = 5000
SETTINGS = {"shared_buffers": "512MB", "max_wal_size": "8GB", "fsync": "on", "synchronous_commit": "on"}
# Hard goals are none of these: what is missed is reported with where the time goes.
GOALS = {"drain_ratio": 0.9, "memory_mib": 128, "freshness_p99_ms": 250}


class Bench:
    def __init__(self, directory):
        self.server = Server()
        self.server.configure(SETTINGS)
        self.programs = Programs(self.server, Path(directory, "logs"))
        self.directory = Path(directory)
        self.bootstrap = os.environ["HINDCAST_TEST_TANSU"]
        self.broker = services.process_with(f"tcp://{self.bootstrap}")
        self.rounds = variable("BENCH_ROUNDS", 3)
        self.events = variable("BENCH_EVENTS", 300_000)
        self.backlog = variable("BENCH_BACKLOG", 1_000_000)
        self.seconds = variable("BENCH_SECONDS", 20)
        self.rate = variable("BENCH_RATE", 500)
        self.partitions = variable("BENCH_PARTITIONS", 4)
        self.seed = variable("BENCH_SEED", 20261123)

    def run(self):
        self.programs.migrate("template_bench")
        # Nothing faulty: the peer's jsonb column would refuse it.
        drained = self.produce("bench-drain", self.events, faulty=0)
        self.produce("bench-backlog", self.backlog)
        files, segments = self.encode()
        rounds = []
        for number in range(self.rounds):
            say(f"round {number + 1} of {self.rounds}")
            rounds.append({
                "hindcast": self.drain("bench-drain", self.events), "copy": self.copy(files, segments), "peer": self.peer(),
                "memory": self.drain("bench-backlog", self.backlog), "freshness": self.freshness(number),
            })
        return self.summary(rounds, drained)

    def produce(self, topic, events, **options):
        say(f"producing {events} events to {topic}")
        return self.programs.produce(self.bootstrap, topic, partitions=self.partitions, events=events, seed=self.seed, **options)

    def fresh_database(self):
        self.server.copy_database("template_bench", "bench")
        self.server.rows("postgres", "CHECKPOINT")
        return "bench"

    def environment(self, database, topic):
        return self.programs.environment(
            database, self.bootstrap, preload=True, INGEST_TOPICS=topic, KAFKA_GROUP_ID=f"bench-{self.programs.count}", LOG_LEVEL="warning",
            KAFKA_PROPERTIES="session.timeout.ms=6000")

    # What each contender does

    def drain(self, topic, events):
        """From when the first batch was begun to when the last one was committed, without joining the group."""
        database = self.fresh_database()
        session = self.server.session(database)
        server, broker = self.server.processor_seconds(), services.process_ticks(self.broker)
        running = self.programs.start(["ingest", "--exit-at-end"], self.environment(database, topic))
        wait_until(
            lambda: session.number("SELECT sum(n) FROM hindcast.ingest_batch") == events, 1800, f"{events} events are in the log",
            interval=0.01)
        end = time.time()
        finished = running.wait(120)
        if finished.status != 0:
            raise Failure(f"ingest exited with {finished.status}: {running.last_words()}")
        began, batches = session.rows("SELECT extract(epoch FROM min(ingest_time)), count(*) FROM hindcast.ingest_batch")[0]
        session.close()
        return {
            "rows_per_s": events / (end - float(began)), "client_us": finished.processor_seconds * 1e6 / events,
            "server_us": (self.server.processor_seconds() - server) * 1e6 / events,
            "broker_us": (services.process_ticks(self.broker) - broker) / services.TICKS * 1e6 / events,
            "rows_per_batch": events / int(batches), "peak_mib": finished.peak_bytes / 2**20, "process_s": finished.seconds,
        }

    def encode(self):
        """The rows of the log as binary COPY files of one batch each, encoded beforehand by the server."""
        say("encoding the rows")
        self.drain("bench-drain", self.events)
        session = self.server.session("bench")
        segments = [row[0] for row in session.rows("SELECT DISTINCT segment FROM hindcast.event")]
        files, script = [], []
        for source, count in session.rows("SELECT source_id, count(*) FROM hindcast.event GROUP BY 1 ORDER BY 1"):
            for start in range(0, int(count), BATCH):
                path = self.directory / f"rows-{len(files):04}.copy"
                files.append(path)
                script.append(
                    f"\\copy (SELECT {COLUMNS} FROM hindcast.event WHERE source_id = {source} ORDER BY source_offset LIMIT {BATCH} OFFSET {start}) "
                    f"TO '{path}' (FORMAT binary)")
        session.close()
        self.psql_script("bench", script, "encode.psql")
        return files, segments

    def copy(self, files, segments):
        """psql, one transaction a file, into a partition with the same indexes, checks and triggers."""
        database = self.fresh_database()
        for segment in segments:
            self.server.rows(database, f"SELECT hindcast.make_segment({segment}::smallint)")
        server = self.server.processor_seconds()
        script = [f"\\copy hindcast.event ({COLUMNS}) FROM '{path}' (FORMAT binary)" for path in files]
        finished = self.psql_script(database, script, "copy.psql")
        count = int(self.server.rows(database, "SELECT count(*) FROM hindcast.event")[0][0])
        if count != self.events:
            raise Failure(f"\\copy left {count} rows, expected {self.events}")
        return {
            "rows_per_s": self.events / finished.seconds, "client_us": finished.processor_seconds * 1e6 / self.events,
            "server_us": (self.server.processor_seconds() - server) * 1e6 / self.events, "peak_mib": finished.peak_bytes / 2**20,
        }

    def psql_script(self, database, lines, name):
        path = self.directory / name
        path.write_text("\n".join(lines) + "\n")
        return self.programs.run(
            ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", self.server.url(database), "-f", path], self.programs.environment(), self.server.psql)

    def peer(self):
        database = self.fresh_database()
        server, broker = self.server.processor_seconds(), services.process_ticks(self.broker)
        finished = self.programs.run(
            [Path(__file__).with_name("peer.py"), self.server.url(database), self.bootstrap, "bench-drain", self.events],
            {**self.programs.environment(), "PYTHONPATH": os.environ["HINDCAST_PEER_PACKAGES"]}, sys.executable)
        said = json.loads(finished.output)
        count = int(self.server.rows(database, "SELECT count(*) FROM peer_event")[0][0])
        if count != self.events:
            raise Failure(f"the peer left {count} rows, expected {self.events}")
        # It joins the group too, and what it uses meanwhile is taken off, as is starting Python.
        return {
            "rows_per_s": self.events / said["seconds"], "client_us": said["busy_seconds"] * 1e6 / self.events,
            "server_us": (self.server.processor_seconds() - server) * 1e6 / self.events,
            "broker_us": (services.process_ticks(self.broker) - broker) / services.TICKS * 1e6 / self.events,
            "rows_per_batch": self.events / said["batches"], "peak_mib": finished.peak_bytes / 2**20,
        }

    def freshness(self, number):
        database, topic = self.fresh_database(), f"bench-freshness-{number}"
        self.programs.publish(database)
        self.programs.make_topic(self.bootstrap, topic, self.partitions)
        environment = self.environment(database, topic)
        services_under_test = [self.programs.start([name], environment) for name in ("ingest", "project")]
        finished = self.programs.run(
            ["freshness", "--bootstrap", self.bootstrap, "--topic", topic, "--partitions", self.partitions, "--postgres", self.server.url(database),
             "--rate", self.rate, "--seconds", self.seconds, "--seed", self.seed + number], self.programs.environment(preload=True),
            self.programs.load, expected=(0, 1))
        for running in services_under_test:
            if not running.is_running():
                raise Failure(f"{running.name} ended with {running.finished.status}: {running.last_words()}")
            running.signal(signal.SIGTERM)
        for running in services_under_test:
            if running.wait(60).status != 0:
                raise Failure(f"{running.name} ended with {running.finished.status} when it was asked to: {running.last_words()}")
        return json.loads(finished.output)

    # Medians

    def summary(self, rounds, drained):
        def median(contender, name):
            return round(statistics.median(r[contender][name] for r in rounds), 3)
        copy = median("copy", "rows_per_s")
        results = []
        for contender in ("hindcast", "copy", "peer"):
            names = [name for name in rounds[0][contender] if name != "process_s"]
            results.append({
                "measure": "drain", "who": contender, "events": self.events, "bytes_per_event": round(drained["bytes"] / self.events),
                **{name: median(contender, name) for name in names},
                "ratio_to_copy": round(statistics.median(r[contender]["rows_per_s"] / r["copy"]["rows_per_s"] for r in rounds), 3),
            })
        results[0]["goal_ratio"] = GOALS["drain_ratio"]
        results.append({
            "measure": "memory", "backlog": self.backlog, "peak_mib": median("memory", "peak_mib"), "goal_mib": GOALS["memory_mib"],
            "rows_per_s": median("memory", "rows_per_s"),
        })
        results.append({
            "measure": "freshness", "rate": self.rate, "seconds": self.seconds,
            **{name: median("freshness", name) for name in ("p50_ms", "p90_ms", "p99_ms", "max_ms")},
            "not_seen": sum(r["freshness"]["not_seen"] for r in rounds), "goal_p99_ms": GOALS["freshness_p99_ms"],
        })
        return {"results": results, "rounds": rounds, "seed": self.seed, "copy_rows_per_s": copy}


def main(output):
    with tempfile.TemporaryDirectory(prefix="hindcast-bench.", dir=os.environ.get("TMPDIR")) as directory:
        bench = Bench(directory)
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

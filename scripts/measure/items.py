"""The items of make proof, one function each; it returns figures, or raises Failure with what did not hold.

    items.py NAME FIGURES.json

Variables: PROOF_EVENTS (1000000), PROOF_KILLS (20), PROOF_SEED (drawn and printed where not given).
"""
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import backfill
import fleet
import replay_faults
import wire
from services import Failure, Programs, Server, peak_memory, say, variable, wait_until

EVENTS = variable("PROOF_EVENTS", 1_000_000)
KILLS = variable("PROOF_KILLS", 20)
SEED = variable("PROOF_SEED", random.SystemRandom().randrange(10**9))
TOPIC = "proof"
# Every table that the projections write and that says nothing about when or by whom.
FOLDED = (
    "finding", "finding_hour", "device_verdict", "verdict_hour", "source_verdict_hour", "device_state", "device_life", "device_hour", "source_hour",
    "device_property", "device_error", "export_event")


class Item:
    def __init__(self, directory):
        self.random = random.Random(SEED)
        self.server = Server()
        self.programs = Programs(self.server, directory)
        self.programs.migrate("proof")
        self.sessions = {}

    def session(self, database="proof"):
        if database not in self.sessions:
            self.sessions[database] = self.server.session(database)
        return self.sessions[database]

    def close_sessions(self):
        for session in self.sessions.values():
            session.close()
        self.sessions = {}

    def close(self):
        self.close_sessions()
        self.programs.stop()

    def environment(self, bootstrap, database="proof", preload=True, **settings):
        defaults = {
            "INGEST_TOPICS": TOPIC, "LOG_LEVEL": "notice", "PROJECT_LEASE_SECONDS": 2,
            # A member that was killed is missed by its group after so long.
            "KAFKA_PROPERTIES": "session.timeout.ms=6000,heartbeat.interval.ms=1000,fetch.wait.max.ms=20",
        }
        return self.programs.environment(database, bootstrap, preload, **{**defaults, **settings})

    def logged(self, database="proof"):
        return self.session(database).number("SELECT sum(n) FROM hindcast.ingest_batch")

    # What is asked of a log

    def check_log(self, produced, database="proof"):
        """The digest of what was sent is the digest of what is there, the count is the count, and the chain verifies."""
        if produced["failed"]:
            raise Failure(f"{produced['failed']} records were not delivered: {produced['first_failure']}")
        logged = self.programs.digest(database, TOPIC)
        if logged["partitions"] != produced["partitions"]:
            wrong = [(a, b) for a, b in zip(produced["partitions"], logged["partitions"]) if a != b]
            raise Failure(f"the log differs from what was produced: {len(logged['partitions'])} partitions, first difference {wrong[:1]}")
        count = self.session(database).number("SELECT count(*) FROM hindcast.event")
        if count != produced["events"]:
            raise Failure(f"the log holds {count} rows, expected {produced['events']}")
        holes = self.session(database).rows("SELECT * FROM diagnostics.log_holes")
        if holes:
            raise Failure(f"the log has holes: {holes[:3]}")
        self.verify(database)
        return {"events": count, "payload_mib": round(produced["bytes"] / 2**20, 1)}

    def verify(self, database="proof", expected=(0,)):
        return self.programs.run(["log", "verify"], self.programs.environment(database), expected=expected).output

    def check_tampering(self, database="proof"):
        """Changes one byte of one event as the superuser: its batch has to be named, and no other source has to suffer."""
        session = self.session(database)
        total = session.number("SELECT count(*) FROM hindcast.event WHERE length(payload) > 0")
        source, offset, length, leaf = session.rows(
            f"SELECT source_id, source_offset, length(payload), tableoid::regclass FROM hindcast.event WHERE length(payload) > 0 "
            f"ORDER BY segment, source_id, source_offset OFFSET {self.random.randrange(total)} LIMIT 1")[0]
        first, last = session.rows(
            f"SELECT first_offset, last_offset FROM hindcast.ingest_batch WHERE source_id = {source} AND {offset} BETWEEN first_offset AND last_offset")[0]
        place, bit = self.random.randrange(int(length)), 1 << self.random.randrange(8)
        session.rows("BEGIN")
        session.rows(f"ALTER TABLE {leaf} DISABLE TRIGGER event_immutable")
        changed = session.rows(
            f"UPDATE {leaf} SET payload = set_byte(payload, {place}, get_byte(payload, {place}) # {bit}) "
            f"WHERE source_id = {source} AND source_offset = {offset} RETURNING 1")
        session.rows(f"ALTER TABLE {leaf} ENABLE ALWAYS TRIGGER event_immutable")
        session.rows("COMMIT")
        if len(changed) != 1:
            raise Failure(f"the tampering changed {len(changed)} rows, expected 1")
        lines = self.verify(database, expected=(1,)).splitlines()
        faults = [line for line in lines if ": whole, " not in line]
        if len(faults) != 1 or not faults[0].startswith(f"source {source}: NOT WHOLE, batch {first} to {last}: "):
            raise Failure(f"byte {place} of event {source}:{offset} was changed, in batch {first} to {last}, and log verify says {faults}")
        return {"tampered": f"{source}:{offset} byte {place}", "named": faults[0].split(": ")[1]}

    def digests(self, database):
        """A digest of every row that was folded, in an order that the rows themselves decide."""
        return {
            table: tuple(self.session(database).rows(
                f"SELECT count(*), md5(coalesce(string_agg(r::text, E'\\n' ORDER BY r::text COLLATE \"C\"), '')) FROM hindcast.{table} r")[0])
            for table in FOLDED
        }

    def projected(self, database="proof"):
        """How many events the projections that are behind the most have done."""
        return self.session(database).number(
            "SELECT min(done) FROM (SELECT sum(next_offset) AS done FROM hindcast.projection_checkpoint GROUP BY projection, generation) c")


# The items

def log_tansu(item):
    """Through the independent broker: produced first, then drained."""
    bootstrap = os.environ["HINDCAST_TEST_TANSU"]
    produced = item.programs.produce(bootstrap, TOPIC, events=EVENTS, seed=SEED, partitions=4)
    say(f"produced {produced['events']}")
    finished = item.programs.run(["ingest", "--exit-at-end"], item.environment(bootstrap))
    say("drained")
    return {
        **item.check_log(produced), "ingest_seconds": round(finished.seconds, 1), "ingest_peak_mib": round(finished.peak_bytes / 2**20, 1),
        **item.check_tampering(),
    }


def log_embedded(item):
    """Through the embedded broker, which keeps 5 MiB a partition: the producer is held back by the log's lag."""
    broker = item.programs.start(["embedded-broker", "--topic", f"{TOPIC}:16"], item.programs.environment(), stdin=subprocess.PIPE)
    bootstrap = wait_until(lambda: announced(broker), 20, "the embedded broker says where it is", [broker])
    ingest = item.programs.start(["ingest"], item.environment(bootstrap, preload=False))
    arguments = item.programs.produce_arguments(
        bootstrap, TOPIC, events=EVENTS, seed=SEED, partitions=16, existing=True, lag_from=item.server.url("proof"), max_lag_mib=2)
    began = time.monotonic()
    load = item.programs.start(arguments, item.programs.environment(), item.programs.load)
    wait_until(lambda: not load.is_running(), 3000, "everything is produced", [broker, ingest], interval=0.1)
    if load.finished.status:
        raise Failure(f"produce exited with {load.finished.status}: {load.last_words() or load.finished.output[:300]}")
    produced = json.loads(load.finished.output)
    say(f"produced {produced['events']}")
    wait_until(lambda: item.logged() >= produced["events"], 300, "everything is in the log", [broker, ingest])
    seconds = time.monotonic() - began
    end(ingest)
    broker.process.stdin.close()
    if broker.wait(30).status:
        raise Failure(f"the embedded broker exited with {broker.finished.status}: {broker.last_words()}")
    return {**item.check_log(produced), "seconds": round(seconds, 1), **item.check_tampering()}


def kill_ingest(item):
    """kill -9 of ingest at random moments while a producer sends steadily, then to the end: nothing lost, nothing twice."""
    bootstrap = os.environ["HINDCAST_TEST_TANSU"]
    environment = item.environment(bootstrap)
    # A member that was killed is away for about ten seconds; the producer goes on for as long as there are kills to come.
    rate = max(200, EVENTS // (12 * KILLS))
    # Fewer and larger batches: this broker looks through all batches of a partition for every fetch.
    arguments = item.programs.produce_arguments(
        bootstrap, TOPIC, events=EVENTS, seed=SEED, partitions=4, rate=rate, property="linger.ms=250")
    item.programs.make_topic(bootstrap, TOPIC, 4)
    load = item.programs.start(arguments, item.programs.environment(preload=True), item.programs.load)
    kills = {"while starting": 0, "while writing": 0}
    for number in range(KILLS):
        before = item.logged()
        ingest = item.programs.start(["ingest"], environment)
        if number % 4 == 3:
            # Joining, taking the sources over, reading the last record again.
            pause(item.random.uniform(0, 6), ingest)
        else:
            wait_until(lambda: item.logged() > before, 120, "ingest goes on where it was killed", [ingest], interval=0.002)
            pause(item.random.uniform(0, 2), ingest)
        ingest.signal(signal.SIGKILL)
        kills["while writing" if item.logged() > before else "while starting"] += 1
        ingest.wait(10)
        say(f"kill {number + 1}: {item.logged()} events in the log")
    load.wait(3600)
    if load.finished.status:
        raise Failure(f"produce exited with {load.finished.status}: {load.last_words() or load.finished.output[:300]}")
    produced = json.loads(load.finished.output)
    at_last_kill = item.logged()
    item.programs.run(["ingest", "--exit-at-end"], environment)
    return {**item.check_log(produced), "kills": KILLS, **{f"killed_{k.replace(' ', '_')}": v for k, v in kills.items()}, "in_log_at_last_kill": at_last_kill}


def kill_project(item):
    """kill -9 of project at random moments; its tables are those of an undisturbed run over the same log."""
    bootstrap = os.environ["HINDCAST_TEST_TANSU"]
    produced = item.programs.produce(bootstrap, TOPIC, events=EVENTS, seed=SEED, partitions=4, faulty=20)
    item.programs.publish("proof")
    item.programs.run(["ingest", "--exit-at-end"], item.environment(bootstrap))
    figures = item.check_log(produced)
    item.close()
    item.server.copy_database("proof", "undisturbed")
    began = time.monotonic()
    item.programs.run(["project", "--exit-at-end"], item.environment(bootstrap, "undisturbed"))
    undisturbed = time.monotonic() - began
    expected = item.digests("undisturbed")
    say(f"undisturbed: {undisturbed:.1f} s, {expected}")
    environment = item.environment(bootstrap)
    kills = 0
    while kills < KILLS:
        before = item.projected()
        # At most an even share of the log between two kills, so that there is something left to disturb.
        limit = (kills + 1) * EVENTS // (KILLS + 1)
        project = item.programs.start(["project"], environment)
        if kills % 4 == 3:
            patience = item.random.uniform(0, 3)
        else:
            wait_until(lambda: item.projected() > before, 60, "project goes on where it was killed", [project], interval=0.002)
            patience = item.random.uniform(0, undisturbed / 4)
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline and item.projected() < limit and project.is_running():
            time.sleep(0.001)
        if not project.is_running():
            raise Failure(f"project ended with {project.finished.status}: {project.last_words()}")
        project.signal(signal.SIGKILL)
        project.wait(10)
        kills += 1
        say(f"kill {kills}: {item.projected()} of {EVENTS} projected")
    done = item.projected()
    if done >= EVENTS:
        raise Failure(f"everything was projected before kill {KILLS}, so that it disturbed nothing; take more events")
    item.programs.run(["project", "--exit-at-end"], environment)
    actual = item.digests("proof")
    if actual != expected:
        raise Failure(f"the tables differ from an undisturbed run's: {[(t, expected[t], actual[t]) for t in FOLDED if expected[t] != actual[t]]}")
    return {
        **figures, "kills": kills, "projected_at_last_kill": done, "findings": int(expected["finding"][0]), "findings_md5": expected["finding"][1],
        "undisturbed_seconds": round(undisturbed, 1),
    }


def garbage(item):
    """A million records of garbage: every process is still there, every record is in the log, and is projected."""
    bootstrap = os.environ["HINDCAST_TEST_TANSU"]
    item.programs.publish("proof")
    item.programs.make_topic(bootstrap, TOPIC, 4)
    environment = item.environment(bootstrap)
    processes = [item.programs.start([name], environment) for name in ("ingest", "project")]
    arguments = item.programs.produce_arguments(bootstrap, TOPIC, events=EVENTS, seed=SEED, partitions=4, garbage=True)
    load = item.programs.start(arguments, item.programs.environment(preload=True), item.programs.load)
    wait_until(lambda: not load.is_running(), 3000, "everything is produced", processes, interval=0.1)
    if load.finished.status:
        raise Failure(f"produce exited with {load.finished.status}: {load.last_words() or load.finished.output[:300]}")
    produced = json.loads(load.finished.output)
    wanted = 2 * 2**30 * EVENTS // 1_000_000
    if EVENTS >= 1_000_000 and produced["bytes"] < wanted:
        raise Failure(f"the garbage is {produced['bytes']} bytes, expected {wanted} at least")
    say(f"produced {produced['events']} records, {produced['bytes'] / 2**20:.0f} MiB")
    wait_until(lambda: item.logged() >= produced["events"], 3000, "everything is in the log", processes, interval=0.1)
    say("in the log")
    wait_until(lambda: item.projected() >= produced["events"], 3000, "everything is projected", processes, interval=0.1)
    states = item.session().rows("SELECT DISTINCT state, coalesce(failure, '') FROM diagnostics.projection_progress")
    if any(state == "paused" or failure for state, failure in states):
        raise Failure(f"a projection is not well: {states}")
    peaks = {f"{p.name.split()[1]}_peak_mib": round(peak_memory(p.pid) / 2**20, 1) for p in processes}
    for process in processes:
        end(process)
    figures = item.check_log(produced)
    kinds = item.session().rows("SELECT kind, count(*) FROM diagnostics.raw_events GROUP BY 1 ORDER BY 2 DESC") if EVENTS <= 100_000 else []
    findings = item.session().number("SELECT count(*) FROM hindcast.finding")
    return {**figures, **peaks, "findings": findings, **({"kinds": dict(kinds)} if kinds else {})}


ITEMS = {
    "log-tansu": log_tansu, "log-embedded": log_embedded, "kill-ingest": kill_ingest, "kill-project": kill_project, "garbage": garbage,
    "mixed": lambda item: wire.mixed(item, EVENTS, SEED), "record-fuzz": lambda item: wire.record_fuzz(item, SEED),
    "fleet": lambda item: fleet.fleet(item, SEED),
    "replay-faults": lambda item: replay_faults.faults(item, EVENTS, SEED),
    "backfill": lambda item: backfill.backfill(item, EVENTS, KILLS, SEED),
}


# Parts

def announced(broker):
    try:
        return json.loads(Path(f"{broker.log}.out").read_text())["bootstrapServers"]
    except (ValueError, KeyError):
        return None


def pause(seconds, process):
    """A random moment: waits, and fails if the process ends by itself."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not process.is_running():
            raise Failure(f"{process.name} ended with {process.finished.status}: {process.last_words()}")
        time.sleep(0.001)


def end(process):
    """Asks a process to end, which it has to do well."""
    if not process.is_running():
        raise Failure(f"{process.name} ended by itself with {process.finished.status}: {process.last_words()}")
    process.signal(signal.SIGTERM)
    if process.wait(60).status:
        raise Failure(f"{process.name} exited with {process.finished.status} when it was asked to end: {process.last_words()}")


def main(name, output):
    say(f"{name}: {EVENTS} events, seed {SEED}")
    item = Item(Path(output).with_suffix(""))
    result = {"seed": SEED}
    try:
        result.update(ITEMS[name](item))
    except Failure as failure:
        result["failure"] = str(failure)
    finally:
        item.close()
    Path(output).write_text(json.dumps(result, indent=1) + "\n")
    sys.exit("failure" in result)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])

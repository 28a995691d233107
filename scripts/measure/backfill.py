"""The item of make proof about giving back what an export did not deliver: whatever becomes of the processes that do it, everything missing arrives, under its id.

Variables: PROOF_EVENTS (1000000), PROOF_KILLS (20).
"""
import json
import os
import signal
import sys
import time
from pathlib import Path

from services import Failure, say, wait_until

TOPIC = "proof"
EXPORTED = "exported"
PARTITIONS = 4
SECOND = 1_000_000
# One more that was delivered for so many that were missed.
DELIVERED = 10


class Backfill:
    def __init__(self, item, events, kills, seed):
        if not os.environ.get("HINDCAST_PEER_PACKAGES"):
            raise Failure("skipped, which is a failure here: the Python client that reads the destination back could not be had")
        self.item, self.programs, self.random = item, item.programs, item.random
        self.events, self.kills, self.seed = events, kills, seed
        self.bootstrap = os.environ["HINDCAST_TEST_TANSU"]
        self.environment = item.environment(self.bootstrap)
        self.figures = {"killed_while_starting": 0, "killed_while_sending": 0}

    # The log, and what the export made of it

    def prepare(self):
        """A log whose last part an export missed, since it was off, and a destination that has the first part."""
        # Everything is older than the grace period, and the export was off for longer than that.
        self.last = time.time_ns() // 1_000_000 * 1000 - 600 * SECOND
        self.off, self.on = self.last - self.events * 1000 - 300 * SECOND, self.last + 300 * SECOND
        self.before = max(1, self.events // DELIVERED)
        ends = ((self.before, self.off - SECOND), (self.events, self.last))
        self.programs.make_topic(self.bootstrap, TOPIC, PARTITIONS)
        for number, (events, end) in enumerate(ends):
            self.programs.produce(
                self.bootstrap, TOPIC, events=events, seed=self.seed + number, partitions=PARTITIONS, existing=True, faulty=0, end=end)
        self.programs.run(["ingest", "--exit-at-end"], self.environment)
        if self.item.logged() != self.before + self.events:
            raise Failure(f"the log holds {self.item.logged()} events, expected {self.before + self.events}")
        self.tenant = self.item.session().rows("SELECT DISTINCT tenant FROM hindcast.device")[0][0]
        for is_on, at in ((True, self.off - 86400 * SECOND), (False, self.off), (True, self.on)):
            file = self.programs.directory / "exports.json"
            file.write_text(json.dumps({
                "exports": [{"id": "e", "enabled": is_on, "source": "telemetry", "destinations": [{"id": "d"}]}],
                "destinations": [{"id": "d", "type": "kafka@v1", "topic": EXPORTED}]}))
            self.export("import", file, "--tenant", self.tenant, "--at", rfc3339(at))
        self.programs.make_topic(self.bootstrap, EXPORTED, PARTITIONS)
        copied = self.python("topic_copy", self.bootstrap, TOPIC, EXPORTED, self.off // 1000)["copied"]
        if copied != self.before:
            raise Failure(f"{copied} messages were copied to the destination, expected {self.before}")
        self.project()
        found = self.gap()
        if (found["cause"], found["certainty"], found["events"]) != ("disabled", "counted", self.events):
            raise Failure(f"the gap is {found}, expected {self.events} events, disabled, counted")
        say(f"{self.events} events missed, {self.before} delivered before")

    def export(self, *arguments, expected=(0,)):
        return self.programs.run(["export", *arguments], self.environment, expected=expected)

    def python(self, module, *arguments):
        return json.loads(run_python(self.programs, module, *arguments).output)

    def project(self):
        self.programs.run(["project", "--exit-at-end"], self.environment)

    def gap(self):
        """The one gap there is."""
        names = ("gap_id", "cause", "certainty", "state", "events", "backfilled_events")
        rows = self.item.session().rows(f"SELECT {', '.join(names)} FROM diagnostics.export_gaps")
        if len(rows) != 1:
            raise Failure(f"there are {len(rows)} gaps, expected one: {rows[:5]}")
        found = dict(zip(names, rows[0]))
        return {**found, "events": int(found["events"] or 0), "backfilled_events": int(found["backfilled_events"])}

    def reconcile(self, **wanted):
        finished = self.export(
            "reconcile", "e", "--tenant", self.tenant, "--destination", "d", "--topic", EXPORTED, "--format", "json",
            expected=(1,) if wanted["missing"] else (0,))
        said = json.loads(finished.output)
        wrong = {name: said[name] for name, value in wanted.items() if said[name] != value}
        if wrong:
            raise Failure(f"reconcile says {wrong}, expected {wanted}")
        return finished

    # The backfill

    def sent(self):
        return self.item.session().number("SELECT sum(sent) FROM hindcast.export_backfill")

    def start(self, *arguments):
        return self.programs.start(["export", "backfill", self.gap_id, "--into", f"kafka://{EXPORTED}", *arguments], self.environment)

    def wait_for_chunk(self, process, before):
        # Whoever does not take over waits for the end of a lease first.
        wait_until(lambda: self.sent() > before, 120, "the backfill goes on where it was killed", [process], interval=0.002)

    def kill(self, rate):
        """kill -9 at random moments, with an even share at most of the events between two of them, so that there is something left to disturb."""
        for number in range(self.kills):
            before, limit = self.sent(), (number + 1) * self.events // (self.kills + 1)
            process = self.start("--rate", rate, *(["--take-over"] if number % 5 != 4 else []))
            if number % 4 == 3:
                patience = self.random.uniform(0, 0.2)
            else:
                self.wait_for_chunk(process, before)
                patience = self.random.uniform(0, 1)
            deadline = time.monotonic() + patience
            while time.monotonic() < deadline and self.sent() < limit and process.is_running():
                time.sleep(0.001)
            if not process.is_running():
                raise Failure(f"the backfill ended with {process.finished.status} before kill {number + 1}: {process.last_words()}; take more events")
            process.signal(signal.SIGKILL)
            process.wait(10)
            self.figures["killed_while_sending" if self.sent() > before else "killed_while_starting"] += 1
            say(f"kill {number + 1}: {self.sent()} of {self.events} sent")
        self.figures["sent_at_last_kill"] = self.sent()
        if self.sent() >= self.events:
            raise Failure("everything was sent before the last kill, so that it disturbed nothing; take more events")

    def sleep_through(self, rate):
        """A process that is stopped while another one takes over, and then wakes, counts nothing and ends with 7."""
        before = self.sent()
        sleeper = self.start("--rate", rate, "--take-over")
        self.wait_for_chunk(sleeper, before)
        while True:
            sleeper.signal(signal.SIGSTOP)
            # In the middle of a transaction it would hold up the other one, as a process that is killed does not.
            time.sleep(0.05)
            if not self.item.session().number("SELECT count(*) FROM pg_stat_activity WHERE datname = 'proof' AND state LIKE 'idle in transaction%'"):
                break
            sleeper.signal(signal.SIGCONT)
            time.sleep(0.01)
        before = self.sent()
        owner = self.start("--rate", rate, "--take-over")
        self.wait_for_chunk(owner, before)
        sleeper.signal(signal.SIGCONT)
        if sleeper.wait(60).status != 7:
            raise Failure(f"a backfill that was taken over ended with {sleeper.finished.status}, expected 7: {sleeper.last_words()}")
        owner.signal(signal.SIGTERM)
        if owner.wait(60).status not in (0, 3):
            raise Failure(f"the backfill ended with {owner.finished.status} when it was asked to: {owner.last_words()}")

    def give_back(self):
        self.gap_id = self.gap()["gap_id"]
        # A second's worth goes at once at every start.
        rate = max(100, self.events // (2 * self.kills + 10))
        project = self.programs.start(["project"], self.environment)
        self.kill(rate)
        self.sleep_through(rate)
        finished = self.programs.run(["export", "backfill", self.gap_id, "--into", f"kafka://{EXPORTED}"], self.environment)
        say(finished.output.strip())
        project.signal(signal.SIGTERM)
        if project.wait(60).status:
            raise Failure(f"project exited with {project.finished.status} when it was asked to end: {project.last_words()}")
        self.figures["backfill_peak_mib"] = round(finished.peak_bytes / 2**20, 1)
        if self.sent() != self.events:
            raise Failure(f"{self.sent()} events are counted as sent, expected {self.events}")

    def check(self):
        """What the destination has, by another client; what a comparison says; what has become of the gap."""
        source = self.item.session().rows(f"SELECT DISTINCT cluster, life FROM hindcast.source WHERE topic = '{TOPIC}'")
        if len(source) != 1:
            raise Failure(f"the topic's sources are {source}, expected one cluster and life")
        seen = self.python("given_back", json.dumps({
            "bootstrap": self.bootstrap, "topic": TOPIC, "cluster": source[0][0], "life": int(source[0][1]), "destination": EXPORTED,
            "route": [self.tenant, "e", "d"], "missing_from": self.off // 1000, "missing_to": self.on // 1000}))
        say(f"the destination: {seen}")
        wanted = {
            "missing": self.events, "given_back": self.events, "not_given_back": 0, "without_id": 0, "not_missing": 0, "unknown": 0, "changed": 0,
            "delivered_before": self.before}
        wrong = {name: seen[name] for name, value in wanted.items() if seen[name] != value}
        if wrong:
            raise Failure(f"the destination has {wrong}, expected {wanted}")
        self.reconcile(missing=0, delivered=self.events + self.before, repeated=seen["repeats"], unexpected=0)
        self.project()
        gap = self.gap()
        if gap["state"] != "filled" or gap["backfilled_events"] != self.events:
            raise Failure(f"the gap is {gap}, expected it filled with {self.events} events")
        self.figures.update(given_back=seen["given_back"], repeats=seen["repeats"], without_id=seen["without_id"], gap=gap["state"])


def backfill(item, events, kills, seed):
    """1. an export misses events; 2. its destination is compared; 3. what is missing is given back under kills; 4. the destination is read and compared."""
    proof = Backfill(item, events, kills, seed)
    proof.prepare()
    compared = proof.reconcile(missing=events, delivered=proof.before, repeated=0, unexpected=0)
    proof.project()
    gap = proof.gap()
    if (gap["cause"], gap["certainty"], gap["events"]) != ("disabled", "reconciled", events):
        raise Failure(f"the gap is {gap}, expected {events} events, disabled, reconciled")
    proof.give_back()
    proof.check()
    return {
        "events": events, "delivered_before": proof.before, "kills": kills, **proof.figures, "reconcile_seconds": round(compared.seconds, 1),
        "reconcile_peak_mib": round(compared.peak_bytes / 2**20, 1),
    }


def run_python(programs, module, *arguments):
    """Runs a program of this directory that needs the peer's packages."""
    paths = os.pathsep.join((os.environ["HINDCAST_PEER_PACKAGES"], str(Path(__file__).parent)))
    return programs.run(["-m", module, *arguments], {**programs.environment(), "PYTHONPATH": paths}, sys.executable)


def rfc3339(microseconds):
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(microseconds // SECOND)) + f".{microseconds % SECOND:06}Z"

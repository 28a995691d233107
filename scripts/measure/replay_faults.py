"""The item of make proof about faults during replays: whatever is killed, restarted, published or full, the end is that of an undisturbed run, by digest.

Variables: PROOF_EVENTS (1000000), PROOF_REPLAY_KILLS (50).
"""
import os
import signal
import time

import replays
from services import Failure, say, variable, wait_until

KILLS = variable("PROOF_REPLAY_KILLS", 50)
# So many kills between two ends, so that there is something left to disturb each time.
KILLS_PER_RUN = 10
TOPIC = "proof"
ABORTED = (1, 2, 3)


class ReplayFaults:
    def __init__(self, item, events, seed):
        self.item = item
        self.events = events
        self.bootstrap = os.environ["HINDCAST_TEST_TANSU"]
        self.produced = item.programs.produce(self.bootstrap, TOPIC, events=events, seed=seed, partitions=4, faulty=20)
        item.programs.publish("proof")
        self.environment = item.environment(self.bootstrap)
        item.programs.run(["ingest", "--exit-at-end"], self.environment)
        item.programs.run(["project", "--exit-at-end"], self.environment)
        self.replays = replays.Replays(item.programs, self.environment, "proof")
        # Published, so that every run names the same version.
        template = replays.template(item.programs, replays.corrected)
        item.programs.run(["template", "publish", template], self.environment)
        self.version = "dtmi:hindcast:load:Meter;1@2"
        self.kills = {"while loading": 0, "later": 0}
        self.readers = []

    def reader(self):
        reader = replays.Reader(self.item.server.session("proof"))
        self.readers.append(reader)
        return reader

    def plan(self):
        return self.replays.plan("--template", self.version, "--full")

    def outcome(self, run):
        """What a run came to: the digest of its diff, and of every row of its generation."""
        shown = self.replays.show(run)
        if shown["state"] != "ready":
            raise Failure(f"replay {run} is {shown['state']}, expected ready: {shown['failure']}")
        return shown["diff_digest"], replays.generation_digest(self.item.session(), shown["generation"])

    def settle(self, run, what, workers=2):
        """Brings a run to its end and compares it."""
        self.replays.command("resume", run, "--workers", workers)
        outcome = self.outcome(run)
        if outcome != self.expected:
            raise Failure(f"{what}: the digests differ from an undisturbed run's: {outcome}, expected {self.expected}")
        self.replays.command("abort", run)
        say(f"{what}: equal to an undisturbed run")

    # Each fault

    def undisturbed(self):
        run = self.plan()
        began = time.monotonic()
        self.replays.command("run", run)
        self.seconds = time.monotonic() - began
        self.expected = self.outcome(run)
        self.replays.command("abort", run)
        say(f"undisturbed: {self.seconds:.1f} s, {self.expected}")

    def killed_workers(self):
        kills = 0
        while kills < KILLS:
            run, here = self.plan(), 0
            while here < min(KILLS_PER_RUN, KILLS - kills):
                # Two processes, so that one is killed while the other goes on.
                workers = [self.replays.start(run), self.replays.start(run)]
                # One in three anywhere, since what comes after loading is short and late; the others early, so that there is something left to kill.
                time.sleep(self.item.random.uniform(0, self.seconds if here % 3 == 2 else 0.3 + self.seconds / 4))
                victims = workers if here % 2 else workers[:1]
                state = self.replays.show(run)["state"]
                alive = [worker for worker in victims if worker.is_running()]
                for worker in alive:
                    worker.signal(signal.SIGKILL)
                    worker.wait(10)
                    self.kills["while loading" if state in ("planned", "loading") else "later"] += 1
                here += len(alive)
                for worker in workers:
                    worker.signal(signal.SIGTERM)
                    worker.wait(120)
                if not alive:
                    break
            kills += here
            self.settle(run, f"{kills} of {KILLS} kills")

    def killed_coordinators(self):
        """Plans, promotions and aborts that are killed anywhere: done, or not done."""
        for number in range(6):
            before = len(self.replays.list())
            program = self.item.programs.start(["replay", "plan", "--template", self.version, "--full"], self.environment)
            time.sleep(self.item.random.uniform(0, 0.5))
            program.signal(signal.SIGKILL)
            program.wait(10)
            runs = self.replays.list()
            if len(runs) > before:
                self.settle(runs[-1]["run_id"], f"kill {number + 1} of a plan that was done already")
        run = self.plan()
        self.replays.command("run", run)
        digest = self.replays.show(run)["diff_digest"]
        for number in range(6):
            program = self.item.programs.start(["replay", "promote", run, "--diff", digest], self.environment)
            time.sleep(self.item.random.uniform(0, 0.2))
            program.signal(signal.SIGKILL)
            program.wait(10)
            if self.replays.show(run)["state"] == "live":
                self.replays.command("rollback", run)
        program = self.item.programs.start(["replay", "abort", run], self.environment)
        time.sleep(self.item.random.uniform(0, 0.1))
        program.signal(signal.SIGKILL)
        program.wait(10)
        self.replays.command("abort", run)

    def restarted_server(self, mode):
        run = self.plan()
        program = self.replays.start(run, "--share", "50%")
        self.wait_for_chunks(run, program)
        # Sessions end with the server.
        for reader in self.readers:
            reader.end()
        self.readers = []
        self.item.close_sessions()
        self.item.server.restart(mode)
        program.wait(300)
        if program.finished.status:
            raise Failure(f"replay run exited with {program.finished.status} after the server was started anew ({mode}): {program.last_words()}")
        self.reader()
        self.settle(run, f"server started anew ({mode})")

    def aborted(self):
        run = self.plan()
        program = self.replays.start(run, "--share", "20%")
        self.wait_for_chunks(run, program)
        self.replays.command("abort", run)
        if program.wait(120).status not in ABORTED:
            raise Failure(f"replay run exited with {program.finished.status} when its run was aborted: {program.last_words()}")
        # What was being written when it was aborted is dropped by asking again.
        self.replays.command("abort", run)

    def full_disk(self):
        """The indexes' sorts are given less room than they need, which fails as a full disk does: class 53. The log's own disk is left alone."""
        run = self.plan()
        session = self.item.session()
        for setting in ("temp_file_limit = '64kB'", "work_mem = '64kB'", "maintenance_work_mem = '1MB'"):
            session.rows(f"ALTER DATABASE proof SET {setting}")
        status = self.replays.command("run", run, expected=(0, 3, 5)).status
        state = self.replays.show(run)["state"]
        for setting in ("temp_file_limit", "work_mem", "maintenance_work_mem"):
            session.rows(f"ALTER DATABASE proof RESET {setting}")
        if status and state not in ("failed", "loading", "indexing"):
            raise Failure(f"replay {run} ended with {status} for want of room and is {state}, expected failed")
        self.room_ran_out = bool(status)
        self.settle(run, "no room" if status else "little room")

    def published(self):
        run = self.plan()
        program = self.replays.start(run, "--share", "50%")
        self.wait_for_chunks(run, program)
        template = replays.template(self.item.programs, lambda contents: contents.pop())
        self.item.programs.run(["template", "publish", template], self.environment)
        if program.wait(600).status:
            raise Failure(f"replay run exited with {program.finished.status}: {program.last_words()}")
        self.settle(run, "template published in mid-run")

    def promoted_against_ingest(self):
        """Promoted, promoted twice, rolled back, while records come in; then what is live is built again, whichever it is."""
        run = self.plan()
        programs = self.item.programs
        rate = max(200, self.events // 200)
        more = self.events // 10
        services = [programs.start([name], self.environment) for name in ("ingest", "project")]
        load = programs.start(
            programs.produce_arguments(
                self.bootstrap, TOPIC, events=more, seed=1, partitions=4, rate=rate, existing=True, faulty=20),
            programs.environment(preload=True), programs.load)
        wait_until(lambda: self.item.logged() > self.events, 120, "more records are in the log", services)
        self.replays.command("run", run, "--share", "50%")
        digest = self.replays.show(run)["diff_digest"]
        reader = self.reader()
        promoted = 0
        for _ in range(5):
            self.promote(run, digest)
            promoted += 1
            if self.replays.command("promote", run, "--diff", digest, expected=(0, 1, 2, 7)).status == 0:
                raise Failure("a run was promoted twice")
            self.replays.command("rollback", run, expected=(0,))
        self.promote(run, digest)
        load.wait(600)
        if load.finished.status:
            raise Failure(f"produce exited with {load.finished.status}: {load.last_words()}")
        total = self.events + more
        wait_until(lambda: self.item.logged() >= total, 300, "everything is in the log", services, interval=0.1)
        wait_until(lambda: self.item.projected() >= total, 300, "everything is projected", services, interval=0.1)
        for service in services:
            service.signal(signal.SIGTERM)
            service.wait(60)
        reader.end()
        self.readers.remove(reader)
        if len(reader.seen) != 2 * promoted + 2:
            raise Failure(f"a reader saw generations {reader.seen}, expected {2 * promoted + 2} turns")
        self.replays.command("verify")
        self.replays.command("rollback", run)
        self.replays.command("verify")
        self.replays.command("abort", run)
        return {"promoted_against_ingest": promoted + 1, "reads": len(reader.waits)}

    def promote(self, run, digest):
        """A candidate that is a batch behind is refused, and tried again."""
        deadline = time.monotonic() + 60
        while self.replays.command("promote", run, "--diff", digest, expected=(0, 7)).status:
            if time.monotonic() > deadline:
                raise Failure(f"replay {run} could not be promoted within a minute")

    def wait_for_chunks(self, run, program):
        wait_until(
            lambda: self.item.session().number(f"SELECT count(done_at) FROM hindcast.replay_chunk WHERE run_id = {run}") > 0, 300,
            "a chunk is done", [program])


def faults(item, events, seed):
    """Each fault in turn; readers in a loop see one live generation throughout, and nothing is left behind."""
    proof = ReplayFaults(item, events, seed)
    proof.undisturbed()
    proof.reader()
    proof.killed_workers()
    proof.killed_coordinators()
    for mode in ("fast", "immediate"):
        proof.restarted_server(mode)
    proof.aborted()
    proof.full_disk()
    proof.published()
    figures = proof.promoted_against_ingest()
    reads = sum(len(reader.end().waits) for reader in proof.readers)
    left = replays.leftovers(item.session())
    if left:
        raise Failure(f"this was left behind: {left}")
    proof.replays.command("verify")
    return {
        "events": events, "kills": sum(proof.kills.values()), **{f"killed_{name.replace(' ', '_')}": count for name, count in proof.kills.items()},
        **figures, "reads_in_all": reads + figures["reads"], "room_ran_out": proof.room_ran_out, "undisturbed_seconds": round(proof.seconds, 1),
        "diff_digest": proof.expected[0],
    }

"""What the bench and the faults of replay share: runs, a generation's digest, a reader in a loop."""
import json
import re
import threading
import time

from services import Failure

# What a generation is made of; the tables that this program's schema has.
GENERATION_TABLES = ("finding", "finding_hour", "device_verdict", "verdict_hour", "source_verdict_hour")


class Replays:
    """`hindcast replay` on one database."""

    def __init__(self, programs, environment, database):
        self.programs = programs
        self.environment = environment
        self.database = database

    def command(self, *arguments, expected=(0,), seconds=3600):
        return self.programs.run(["replay", *arguments], self.environment, expected=expected, seconds=seconds)

    def plan(self, *arguments):
        """Plans a run; its number."""
        return json.loads(self.command("plan", "--format", "json", *arguments).output.splitlines()[0])["run_id"]

    def show(self, run):
        return json.loads(self.command("show", run, "--format", "json").output)

    def list(self):
        return [json.loads(line) for line in self.command("list", "--format", "json").output.splitlines()]

    def start(self, run, *arguments):
        return self.programs.start(["replay", "run", run, *arguments], self.environment)


def template(programs, change):
    """The load's own template as a file, changed."""
    document = json.loads(programs.run(["template"], programs.environment(), programs.load).output)
    change(document["contents"])
    path = programs.directory / f"template-{programs.count}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document))
    return path


def corrected(contents):
    """What is in it is found missing: the battery's voltage. What was right is wrong: the mode."""
    contents.append({"@type": "Telemetry", "name": "batteryVoltage", "schema": "double"})
    next(c for c in contents if c["name"] == "mode")["schema"] = "integer"


def generation_digest(session, generation):
    """A digest of every row of a generation, in an order that the rows themselves decide."""
    tables = [row[0] for row in session.rows(
        "SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'hindcast' AND c.relkind = 'p'")]
    return {
        table: tuple(session.rows(
            f"SELECT count(*), md5(coalesce(string_agg(r, E'\\n' ORDER BY r COLLATE \"C\"), '')) FROM ("
            f"SELECT (to_jsonb(t) - 'generation')::text AS r FROM hindcast.{table} t WHERE t.generation = {generation}) x")[0])
        for table in GENERATION_TABLES if table in tables
    }


def leftovers(session):
    """Tables of runs, and of generations that nobody keeps; rows that only a run at work has."""
    tables = [row[0] for row in session.rows(
        "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'hindcast' AND c.relkind IN ('r', 'p') "
        "AND (c.relname ~ '^replay_.*_r[0-9]+$' OR substring(c.relname FROM '_g([0-9]+)(?:_d.*)?$')::int IN ("
        "SELECT generation FROM hindcast.generation WHERE state NOT IN ('live', 'ready', 'catching_up'))) ORDER BY 1")]
    rows = session.rows(
        "SELECT r.run_id, r.state FROM hindcast.replay_run r WHERE r.state = 'aborted' AND (EXISTS (SELECT FROM hindcast.replay_chunk c WHERE c.run_id = r.run_id) "
        "OR EXISTS (SELECT FROM hindcast.replay_change c WHERE c.run_id = r.run_id) OR EXISTS (SELECT FROM hindcast.replay_device d WHERE d.run_id = r.run_id))")
    drafts = session.rows("SELECT template_version_key FROM hindcast.template_draft")
    return tables + [f"rows of run {run}" for run, _ in rows] + [f"draft {key}" for (key,) in drafts]


class Reader:
    """Asks on a thread of its own, over and over, which generation is live and what it says; keeps how long that took and what was seen."""

    SQL = (
        "SELECT (SELECT count(*) FROM hindcast.live_generation), (SELECT count(DISTINCT generation) FROM (SELECT generation FROM diagnostics.validation_findings LIMIT 100) f), "
        "(SELECT generation FROM hindcast.live_generation)")

    def __init__(self, session):
        self.session = session
        self.waits, self.seen, self.wrong, self.failures = [], [], [], []
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self.read, daemon=True)
        self.thread.start()

    def read(self):
        while not self.stopping.is_set():
            began = time.monotonic()
            try:
                pointers, generations, live = map(int, self.session.rows(self.SQL)[0])
            except (Failure, OSError, ValueError) as failure:
                # A server that is started anew takes its sessions with it.
                self.failures.append(str(failure))
                return
            self.waits.append((began, (time.monotonic() - began) * 1000))
            if pointers != 1 or generations > 1:
                self.wrong.append((pointers, generations))
            if not self.seen or self.seen[-1] != live:
                self.seen.append(live)

    def longest(self, since, until):
        """The longest wait, in milliseconds, of a question that was open in a stretch of time."""
        return max((wait for began, wait in self.waits if began <= until and began + wait / 1000 >= since), default=0.0)

    def end(self):
        self.stopping.set()
        self.thread.join(60)
        self.session.close()
        if self.wrong:
            raise Failure(f"a reader saw other than one live generation {len(self.wrong)} times, first (pointers, generations) {self.wrong[0]}")
        return self


def digest_of(output):
    return re.search(r"^digest ([0-9a-f]{64})$", output, re.MULTILINE).group(1)

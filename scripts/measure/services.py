"""What `make bench` and `make proof` share: the private server, the program under test, processor time and memory.

Runs inside scripts/with-services, which starts the services and cleans up, whatever becomes of us.
"""
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TICKS = os.sysconf("SC_CLK_TCK")


class Failure(Exception):
    """Why an item did not pass, in one sentence."""


def say(text):
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


def variable(name, fallback):
    """A whole number from the environment."""
    text = os.environ.get(name) or str(fallback)
    if not text.isdigit():
        raise SystemExit(f"{name} is {text!r}, expected a whole number")
    return int(text)


def process_ticks(pid, with_children=False):
    """Processor time of a process in clock ticks, and of those of its children that have ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    except OSError:
        return 0
    return sum(map(int, fields[11:15] if with_children else fields[11:13]))


def peak_memory(pid):
    """The largest resident set of a running process so far, in bytes."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+) kB", status).group(1)) * 1024


def process_with(word):
    """The process that has a word among its arguments."""
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if word.encode() in Path(entry, "cmdline").read_bytes().split(b"\0"):
                return int(entry.name)
        except OSError:
            continue
    raise Failure(f"there is no process with the argument {word}")


class Session:
    """A psql that answers question after question, so that asking often costs little."""

    END = "--end-of-answer--"

    def __init__(self, conninfo, psql):
        self.process = subprocess.Popen(
            [psql, "-XAtq", "-F", "\t", conninfo], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def rows(self, sql):
        self.process.stdin.write(f"{sql};\n\\echo {self.END}\n")
        self.process.stdin.flush()
        rows = []
        while True:
            line = self.process.stdout.readline()
            if not line:
                raise Failure(f"psql ended: {rows}")
            line = line.rstrip("\n")
            if line == self.END:
                return rows
            if line.startswith(("ERROR:", "FATAL:")):
                raise Failure(f"{line} in: {sql}")
            rows.append(line.split("\t"))

    def number(self, sql):
        rows = self.rows(sql)
        return int(rows[0][0] or 0)

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class Server:
    """The private Postgres that scripts/with-services started."""

    def __init__(self):
        self.conninfo = os.environ["HINDCAST_TEST_POSTGRES"]
        self.programs = subprocess.check_output([ROOT / "scripts/private-postgres", "programs"], text=True).strip()
        self.psql = f"{self.programs}/psql"
        self.data = self.rows("postgres", "SHOW data_directory")[0][0]

    def url(self, database):
        return re.sub(r"dbname=\S+", f"dbname={database}", self.conninfo)

    def session(self, database):
        return Session(self.url(database), self.psql)

    def rows(self, database, sql):
        session = self.session(database)
        try:
            return session.rows(sql)
        finally:
            session.close()

    def configure(self, settings):
        """Changes settings and starts the server anew."""
        for name, value in settings.items():
            self.rows("postgres", f"ALTER SYSTEM SET {name} = '{value}'")
        directory = str(Path(self.data).parent)
        subprocess.check_call([ROOT / "scripts/private-postgres", "stop", directory])
        subprocess.check_call([ROOT / "scripts/private-postgres", "start", directory])
        self.conninfo = Path(directory, "conninfo").read_text().strip()

    def restart(self, mode):
        """Starts the server anew at the same address: `fast` bids its sessions farewell, `immediate` ends as a crash does, and is recovered from."""
        account = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
        # What it prints goes nowhere: the server would keep our pipe.
        subprocess.check_call(
            [f"{self.programs}/pg_ctl", "restart", "--silent", "--wait", f"--mode={mode}", "--timeout=120", f"--pgdata={self.data}"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/", **account)

    def copy_database(self, template, name):
        self.rows("postgres", f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        self.rows("postgres", f"CREATE DATABASE {name} TEMPLATE {template}")

    def drop_database(self, name):
        self.rows("postgres", f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def processor_seconds(self):
        """What the whole server has used: backends, writers, checkpoints. A child's time is its parent's once it has ended."""
        master = int(Path(self.data, "postmaster.pid").read_text().split()[0])
        while True:
            # A child that ends while we add up would be counted twice or not at all.
            ended, children = process_ticks(master, with_children=True), children_of(master)
            total = ended + sum(process_ticks(child) for child in children)
            if children_of(master) == children and process_ticks(master, with_children=True) - ended <= 1:
                return total / TICKS


def children_of(parent):
    children = set()
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if int(Path(entry, "stat").read_text().rpartition(") ")[2].split()[1]) == parent:
                children.add(entry.name)
        except (OSError, IndexError):
            continue
    return children


class Finished:
    """A process that has ended, with what it used."""

    def __init__(self, status, usage, seconds, output):
        self.status = status
        self.processor_seconds = usage.ru_utime + usage.ru_stime
        self.peak_bytes = usage.ru_maxrss * 1024
        self.seconds = seconds
        self.output = output


class Running:
    """A process under test. Its output goes to files, which are there to look at when something went wrong."""

    def __init__(self, arguments, environment, log, stdin=subprocess.DEVNULL):
        self.name = Path(arguments[0]).name + " " + " ".join(arguments[1:2])
        self.log = Path(log)
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self.began = time.monotonic()
        with open(f"{log}.out", "wb") as out, open(log, "ab") as err:
            self.process = subprocess.Popen(arguments, env=environment, stdin=stdin, stdout=out, stderr=err)
        self.pid = self.process.pid
        self.finished = None

    def is_running(self):
        if self.finished is None:
            pid, status, usage = os.wait4(self.pid, os.WNOHANG)
            if pid:
                self._end(status, usage)
        return self.finished is None

    def _end(self, status, usage):
        code = os.waitstatus_to_exitcode(status)
        self.process.returncode = code
        output = Path(f"{self.log}.out").read_text(errors="replace")
        self.finished = Finished(code, usage, time.monotonic() - self.began, output)

    def signal(self, number):
        if self.finished is None:
            os.kill(self.pid, number)

    def wait(self, seconds=3600):
        deadline = time.monotonic() + seconds
        while self.is_running():
            if time.monotonic() > deadline:
                self.signal(9)
                raise Failure(f"{self.name} did not end within {seconds} s; see {self.log}")
            time.sleep(0.002)
        return self.finished

    def last_words(self):
        return self.log.read_text(errors="replace").strip()[-600:]


class Programs:
    """Starts hindcast and hindcast-load with the settings of an item."""

    def __init__(self, server, directory):
        self.server = server
        self.directory = Path(directory)
        self.hindcast = os.environ["HINDCAST_PROGRAM"]
        self.load = os.environ["HINDCAST_LOAD_PROGRAM"]
        self.started = []
        self.count = 0

    def environment(self, database=None, bootstrap=None, preload=False, **settings):
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("HINDCAST_", "PG"))}
        if database:
            environment["HINDCAST_POSTGRES_URL"] = self.server.url(database)
        if bootstrap:
            environment["HINDCAST_KAFKA_BOOTSTRAP_SERVERS"] = bootstrap
        if preload:
            environment["LD_PRELOAD"] = os.environ["HINDCAST_TEST_LIBRDKAFKA"]
        environment.update({f"HINDCAST_{name}": str(value) for name, value in settings.items()})
        return environment

    def start(self, arguments, environment, program=None, stdin=subprocess.DEVNULL):
        self.count += 1
        log = self.directory / f"{self.count:03}-{Path(program or self.hindcast).name}-{arguments[0]}.log"
        running = Running([program or self.hindcast, *map(str, arguments)], environment, log, stdin)
        self.started.append(running)
        return running

    def run(self, arguments, environment, program=None, seconds=3600, expected=(0,)):
        running = self.start(arguments, environment, program)
        finished = running.wait(seconds)
        if finished.status not in expected:
            raise Failure(f"{running.name} exited with {finished.status}, expected {expected}: {running.last_words() or finished.output[-600:]}")
        return finished

    def produce(self, bootstrap, topic, preload=True, **options):
        """Sends records; what was delivered."""
        return json.loads(self.run(self.produce_arguments(bootstrap, topic, **options), self.environment(preload=preload), self.load).output)

    def make_topic(self, bootstrap, topic, partitions):
        """Makes a topic before anybody subscribes to it."""
        self.run(
            ["topic", "--bootstrap", bootstrap, "--topic", topic, "--partitions", partitions], self.environment(preload=True), self.load)

    @staticmethod
    def produce_arguments(bootstrap, topic, **options):
        arguments = ["produce", "--bootstrap", bootstrap, "--topic", topic]
        for name, value in options.items():
            arguments += [f"--{name.replace('_', '-')}"] if value is True else [f"--{name.replace('_', '-')}", value]
        return arguments

    def digest(self, database, topic):
        """What the log holds."""
        arguments = ["digest", "--postgres", self.server.url(database), "--topic", topic]
        return json.loads(self.run(arguments, self.environment(), self.load).output)

    def migrate(self, database):
        self.server.drop_database(database)
        self.server.rows("postgres", f"CREATE DATABASE {database}")
        self.run(["migrate"], self.environment(database))

    def publish(self, database):
        template = self.directory / "template.json"
        template.write_text(self.run(["template"], self.environment(), self.load).output)
        self.run(["template", "publish", template], self.environment(database))

    def stop(self):
        """Ends what an item left running, by process id."""
        for running in self.started:
            if running.is_running():
                running.signal(9)
                running.wait(30)


def wait_until(condition, seconds, what, running=(), interval=0.01):
    """Waits for a condition, and fails when it takes too long or a process that has to be there is not."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        for process in running:
            if not process.is_running():
                raise Failure(f"{process.name} ended with {process.finished.status} while waiting until {what}: {process.last_words()}")
        if time.monotonic() > deadline:
            raise Failure(f"waited {seconds} s in vain until {what}")
        time.sleep(interval)


def machine():
    """What figures are worth nothing without."""
    model = re.search(r"model name\s*:\s*(.*)", Path("/proc/cpuinfo").read_text())
    memory = re.search(r"MemTotal:\s+(\d+)", Path("/proc/meminfo").read_text())
    system = Path("/etc/os-release").read_text()
    return {
        "cores": os.cpu_count(),
        "processor": model.group(1) if model else os.uname().machine,
        "memory_gib": round(int(memory.group(1)) / 2**20, 1),
        "system": re.search(r'PRETTY_NAME="(.*)"', system).group(1),
    }


def commit():
    """The commit that is measured, and a mark where what is built or run from differs from it."""
    if os.environ.get("HINDCAST_PROGRAM_COMMIT"):
        return os.environ["HINDCAST_PROGRAM_COMMIT"]
    def git(*arguments):
        return subprocess.run(["git", "-C", ROOT, *arguments], capture_output=True, text=True).stdout.strip()
    head = git("rev-parse", "--short=12", "HEAD") or "unknown"
    changed = git("status", "--porcelain", "--", "Sources", "migrations", "scripts", "Package.swift")
    return head + ("+changes" if changed else "")

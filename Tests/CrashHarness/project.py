"""The project that is killed: every stage, each layer a table of its own."""
import os
import shutil
import signal
import subprocess

NOW = "2026-11-20T12:00:00Z"

PROJECT = """\
store: assay.db
assets:
  bronze: {delta: data/bronze}
  silver: {delta: data/silver}
  kept: {delta: data/kept}
  hourly: {delta: data/hourly}
  visits: {delta: data/visits}
pipelines:
  events:
    source:
      files: landing
      settle: 0s
      columns: {price: float64}
    batch: {max_files: 1}
    trigger: 1s
    bronze: {asset: bronze}
    silver:
      asset: silver
      partition_by: country
      select:
        ts: timestamp(ts)
        cents: "int64(round(price * 100))"
        kind: upper(kind)
      filter: "kind <> 'TEST'"
      deduplicate: {by: event_id, within: 1d, column: ts}
      gate: {suite: events}
    gold:
      - asset: hourly
        window: {column: ts, size: 2m, slide: 1m, lateness: 1m}
        group_by: [country]
        aggregate: {records: "count(*)", revenue: "sum(cents)", users: "count_distinct(user_id)"}
      - asset: visits
        window: {column: ts, gap: 10s}
        group_by: [kind]
        aggregate: {records: "count(*)", most: "max(price)"}
    quarantine: {asset: kept}
"""

SUITE = """\
suite: events
columns:
  event_id: {required: true, matches: "^e[0-9a-f]{16}$"}
  price: {between: [0, null]}
  kind: {in: [VIEW, CLICK, PURCHASE], on_fail: quarantine}
  country: {in: [DE, NL, FR, BE], on_fail: drop}
"""

LAYERS = ["bronze", "silver", "kept", "kept_late", "hourly", "visits"]


class Project:
    """A folder with the project, and the binary that runs it there."""

    def __init__(self, binary, folder, threads=2):
        self.binary, self.folder, self.threads = binary, folder, threads
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(f"{folder}/expectations")
        for name, text in [("assay.yaml", PROJECT), ("expectations/events.yaml", SUITE)]:
            with open(f"{folder}/{name}", "w") as file:
                file.write(text)
        self.landing = f"{folder}/landing"
        os.makedirs(self.landing)

    def layer(self, name):
        return f"{self.folder}/data/{name}"

    @property
    def state(self):
        return f"{self.folder}/pipelines/events"

    def start(self, die_at=None):
        environment = dict(os.environ)
        environment.pop("ASSAY_DIE_AT", None)
        if die_at:
            environment["ASSAY_DIE_AT"] = die_at
        self.errors = open(f"{self.folder}/errors.txt", "ab")
        return subprocess.Popen(
            [self.binary, "run", "--once", "--quiet", "--now", NOW, "--threads", str(self.threads)],
            cwd=self.folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=self.errors)

    def finish(self, process):
        """The exit status; negative for a signal."""
        status = process.wait()
        self.errors.close()
        return status

    def run(self, die_at=None):
        return self.finish(self.start(die_at))

    def run_and_kill(self, after):
        """Kills a run after so many seconds, unless it ended before."""
        process = self.start()
        try:
            process.wait(timeout=after)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
        return self.finish(process)

    def complaints(self):
        """What was said on standard error, but for what became of the batch before, and of files that were replaced."""
        expected = ["when the process before this one ended", "it is read again [changed]"]
        with open(f"{self.folder}/errors.txt", errors="replace") as file:
            return "".join(line for line in file if not any(text in line for text in expected))

    def take_complaints(self):
        """The same, once."""
        complaints = self.complaints()
        os.truncate(f"{self.folder}/errors.txt", 0)
        return complaints

"""Kills `assay run` at every named step of its protocol and at random instants, until it has caught up, again and again.

At the end of each round every layer, the quarantine and the counts must equal those of an uninterrupted run, byte by byte and row
by row, also as other programs read them (deltalake and DuckDB, where they are installed). After each kill, before the next run
recovers, a reader must see whole batches only. A failure names the seed to repeat it with, and keeps the folder.
"""
import argparse
import os
import random
import shutil
import signal
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(__file__))
from disk import check_disks
from landing import Landing, land, store, store_replacements
from layers import Difference, Reference, deltalake, duckdb, unfinished
from project import LAYERS, Project
from spool import check_spools

# Each step of the protocol, and the how many-eth time that a process comes there it dies. Before the commit point a first time would
# always be that of the same batch: every other process gets through to the next one. Layers are several to a batch.
TURNS = {point: [2, 1, 2] for point in ["before-plan", "planned", "ran", "checked", "keys-written"]}
TURNS |= {point: [1, 1, 2] for point in ["prepared", "files-published", "published", "finished"]}
TURNS["layer-committed"] = [1, 3, 6, 8]
TURNS["table-made"] = [1, 2]


class Harness:
    def __init__(self, options):
        self.options = options
        self.folder = tempfile.mkdtemp(prefix="assay-crash-")
        parquet = deltalake is not None or None
        landing = Landing(options.seed, options.files, options.rows, parquet)
        # Before the others: what a file is, its node included, must not tell which of its contents came last.
        replacements = store_replacements(f"{self.folder}/replacements", landing.replacements())
        self.landed = store(f"{self.folder}/files", landing.contents())
        # One after the other, when what landed before is where it belongs.
        self.replacements = [[path] for path in replacements]
        self.kills = 0
        self.by_point = {}
        reference = Project(options.binary, f"{self.folder}/reference")
        begin = time.monotonic()
        for wave in [self.landed, *self.replacements]:
            land(reference.landing, wave)
            if status := reference.run():
                raise Difference(f"the uninterrupted run ended with {status}:\n{reference.complaints()}")
        self.duration = time.monotonic() - begin
        self.reference = Reference(reference, LAYERS)
        self.show_reference()

    def show_reference(self):
        hops = self.reference.counts["select * from hops order by batch, hop"]
        silver = [sum(row[place] for row in hops if row[1] == "silver") for place in range(2, 9)]
        words = ["records", "to silver", "quarantined", "dropped", "filtered", "repeated", "late"]
        told = ", ".join(f"{count} {word}" for count, word in zip(silver, words))
        print(f"uninterrupted: {len(self.landed)} files, {told}; {self.duration:.2f} s", flush=True)
        if not all(silver[:3]) or not silver[4] or not silver[5]:
            raise Difference("the landing files don't reach every stage")

    def round_at(self, point):
        """One project, killed wherever the point is reached, for the time whose turn it is."""
        project = Project(self.options.binary, f"{self.folder}/project")
        turn, middle = 0, len(self.landed) // 2
        for wave in [self.landed[:middle], self.landed[middle:], *self.replacements]:
            land(project.landing, wave)
            while True:
                count = TURNS[point][turn % len(TURNS[point])]
                turn += 1
                if turn > 20 * len(self.landed):
                    raise Difference(f"{point}: no progress")
                if not self.is_to_go_on(project, project.run(die_at=f"{point}:{count}"), point):
                    break
        self.end(project)

    def round_at_random(self, numbers):
        """One project, killed at random instants until there is nothing left to do."""
        project = Project(self.options.binary, f"{self.folder}/project")
        first = numbers.randrange(1, len(self.landed))
        # Short lives at first, so that kills fall into the beginnings; longer ones where nothing gets done.
        mean = min(self.duration, 0.25)
        for wave in [self.landed[:first], self.landed[first:], *self.replacements]:
            land(project.landing, wave)
            while self.is_to_go_on(project, project.run_and_kill(numbers.uniform(0, 2 * mean)), "random"):
                pass
        self.end(project)

    def is_to_go_on(self, project, status, point):
        """Whether the process was killed, and is to be started again."""
        if status == -signal.SIGKILL:
            self.kills += 1
            self.by_point[point] = self.by_point.get(point, 0) + 1
            self.reference.check_whole_batches(project)
            return True
        if status != 0:
            raise Difference(f"a run ended with {status}:\n{project.complaints()}")
        return False

    def end(self, project, waves=(), is_quiet=True):
        """Lets the rest land, and compares."""
        # What a killed writer left in a table's log may be another writer's for an hour.
        for path in unfinished(f"{project.folder}/data"):
            if "_delta_log" in path:
                os.utime(path, (0, 0))
        # What is replaced was read before, as in the uninterrupted run.
        for wave in [[], *waves, []]:
            land(project.landing, wave)
            if status := project.run():
                raise Difference(f"a last run ended with {status}:\n{project.complaints()}")
        self.reference.check_end(project)
        if is_quiet and (complaints := project.complaints()):
            raise Difference(f"it complained:\n{complaints}")

    def run(self):
        numbers = random.Random(self.options.seed)
        begin = time.monotonic()
        check_disks(self)
        check_spools(self, numbers)
        for point in TURNS:
            self.round_at(point)
        while self.kills < self.options.kills:
            if self.options.seconds and time.monotonic() - begin > self.options.seconds:
                print("the time is over", flush=True)
                break
            self.round_at_random(numbers)
        seconds = time.monotonic() - begin
        told = ", ".join(f"{count} at {point}" for point, count in self.by_point.items())
        print(f"{self.kills} kills in {seconds:.0f} s, nothing lost, nothing twice: {told}")
        shutil.rmtree(self.folder)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", required=True, help="the program to kill")
    parser.add_argument("--kills", type=int, default=300, help="how many kills at least")
    parser.add_argument("--seconds", type=float, help="begin no other round after so many seconds")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32), help="of data and instants")
    parser.add_argument("--files", type=int, default=12, help="files that land")
    parser.add_argument("--rows", type=int, default=300, help="records of each file")
    options = parser.parse_args()
    options.binary = os.path.abspath(options.binary)
    readers = " and ".join(name for name, module in [("deltalake", deltalake), ("DuckDB", duckdb)] if module)
    print(f"seed {options.seed}; other readers: {readers or 'none are installed'}", flush=True)
    harness = None
    try:
        harness = Harness(options)
        harness.run()
    except Difference as difference:
        print(f"seed {options.seed}: {difference}", file=sys.stderr)
        if harness is not None:
            print(f"the folder is kept: {harness.folder}", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()

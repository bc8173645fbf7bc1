"""Runs two instances of `assay serve` over one store, kills them at random instants, breaks and mends the data meanwhile, and lets the
receiver of alerts behave badly.

In the end no slot of a schedule may have been done twice, each failure that the ledger has seen must have been told once and its end
once, in order, and the receiver must have what the ledger says was delivered. Pages and interface answer. A failure names the seed to
repeat it with, and keeps the folder.
"""
import argparse
import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections import defaultdict

sys.path.insert(0, os.path.dirname(__file__))
from sink import Sink


class Failure(Exception):
    pass


class Project:
    """Assets whose one number is good or bad, validated each second."""

    def __init__(self, folder, count, url):
        self.folder = folder
        self.assets = [f"asset_{n}" for n in range(count)]
        os.makedirs(f"{folder}/expectations")
        lines = ["store: assay.db", "reports: reports", "assets:"]
        for asset in self.assets:
            lines.append(f"  {asset}: {{csv: {asset}.csv, columns: {{n: int64}}}}")
            self.write(f"expectations/{asset}.yaml", f"suite: {asset}\nasset: {asset}\ncolumns: {{n: {{between: [0, 9]}}}}\n")
            self.set(asset, True)
        lines.append("validations:")
        lines += [f"  - {{suite: {asset}, every: 1s, catch_up: all}}" for asset in self.assets]
        lines.append("alerts:")
        lines.append(f'  team: {{webhook: {{url: "{url}", secret: s, allow_private: true}}, remind_every: never}}')
        self.write("assay.yaml", "\n".join(lines) + "\n")

    def write(self, name, text):
        path = f"{self.folder}/{name}"
        with open(path + ".new", "w") as file:
            file.write(text)
        os.rename(path + ".new", path)

    def set(self, asset, good):
        self.write(f"{asset}.csv", f"n\n{1 if good else 99}\n")

    def rows(self, question, *values):
        database = sqlite3.connect(f"file:{self.folder}/assay.db?mode=ro", uri=True, timeout=20)
        try:
            return database.execute(question, values).fetchall()
        finally:
            database.close()


class Instance:
    def __init__(self, options, project, name):
        self.options, self.project, self.name = options, project, name
        self.process = None
        self.begin()

    def begin(self):
        log = open(f"{self.project.folder}/{self.name}.log", "ab")
        self.process = subprocess.Popen(
            [self.options.binary, "serve", "--listen", "127.0.0.1:0"], cwd=self.project.folder, stdout=log, stderr=log)
        log.close()

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise Failure(f"{self.name} did not end within a minute of SIGTERM")

    def check(self):
        if (status := self.process.poll()) is not None:
            with open(f"{self.project.folder}/{self.name}.log") as log:
                raise Failure(f"{self.name} ended by itself with {status}:\n{log.read()[-2000:]}")

    def ask(self, path):
        with open(f"{self.project.folder}/{self.name}.log") as log:
            port = re.findall(r"event=listening .*port=(\d+)", log.read())[-1]
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=60) as answer:
                return answer.read()
        except (urllib.error.URLError, OSError) as error:
            raise Failure(f"{self.name} did not answer {path}: {error}") from error


def check_pages(project, instances):
    """Whoever has served all this answers every question, too."""
    asset = project.assets[0]
    paths = ["/", "/runs", "/alerts", "/pipelines", f"/assets/{asset}", "/metrics", "/readyz", "/api/v1/runs", "/api/v1/assets",
             "/api/v1/alerts", "/api/v1/openapi.json"]
    for instance in instances:
        for path in paths:
            if not instance.ask(path):
                raise Failure(f"{instance.name} answered {path} with nothing")
        instance.check()


def check_slots(project):
    doubled = project.rows("SELECT suite, slot, count(*) FROM slots GROUP BY suite, asset, slot HAVING count(*) > 1")
    if doubled:
        raise Failure(f"slots done twice: {doubled[:5]}")
    lost = project.rows(
        "SELECT suite, slot FROM slots WHERE finished_at IS NOT NULL AND run IS NOT NULL AND run NOT IN (SELECT id FROM runs)")
    if lost:
        raise Failure(f"slots whose runs are not there: {lost[:5]}")
    several = project.rows("SELECT run, count(*) FROM slots WHERE run IS NOT NULL GROUP BY run HAVING count(*) > 1")
    if several:
        raise Failure(f"runs of more than one slot: {several[:5]}")


def episodes(project, asset):
    """How often the asset broke, as its runs in the ledger say."""
    outcomes = [row[0] for row in project.rows("SELECT success FROM runs WHERE asset = ? ORDER BY number", asset)]
    return sum(1 for before, now in zip([1] + outcomes, outcomes) if before and not now)


def check_messages(project, sink):
    taken = sink.taken()
    if sink.differing:
        raise Failure(f"messages that were sent again with other contents: {sink.differing[:5]}")
    stored = {row[0]: row[1] for row in project.rows("SELECT id, state FROM outbox")}
    waiting = [key for key, state in stored.items() if state != 1]
    if waiting:
        raise Failure(f"messages that were not delivered: {waiting[:5]}")
    if set(stored) != set(taken):
        raise Failure(f"delivered and received differ: {sorted(set(stored) ^ set(taken))[:5]}")
    incidents = defaultdict(list)
    for message in taken.values():
        incidents[message["incident"]].append(message)
    told = defaultdict(int)
    for incident, messages in incidents.items():
        sequence = [message["sequence"] for message in messages]
        if sequence != list(range(1, len(messages) + 1)):
            raise Failure(f"incident {incident} was told in the order {sequence}")
        reasons = [message["reason"] for message in messages]
        if reasons != ["firing", "resolved"]:
            raise Failure(f"incident {incident} was told as {reasons}")
        told[messages[0]["asset"]] += 1
    for asset in project.assets:
        broken = episodes(project, asset)
        if broken != told[asset]:
            raise Failure(f"{asset} broke {broken} times, and was told {told[asset]} times")
    return len(incidents)


def settle(project, instances, sink, deadline):
    """Until all is good again and nothing is to be sent."""
    while time.monotonic() < deadline:
        for instance in instances:
            instance.check()
        latest = project.rows(
            "SELECT asset, success, max(number) FROM runs GROUP BY asset HAVING success = 0")
        open_incidents = project.rows("SELECT count(*) FROM incidents WHERE closed_at IS NULL")[0][0]
        waiting = project.rows("SELECT count(*) FROM outbox WHERE state = 0")[0][0]
        if not latest and not open_incidents and not waiting:
            return
        time.sleep(0.3)
    raise Failure(f"it did not come to rest: {len(latest)} fail, {open_incidents} incidents are open, {waiting} messages wait")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", required=True)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--assets", type=int, default=12)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32))
    options = parser.parse_args()
    options.binary = os.path.abspath(options.binary)
    pick = random.Random(options.seed)
    folder = tempfile.mkdtemp(prefix="assay-service-")
    sink = Sink(options.seed)
    project = Project(folder, options.assets, sink.url)
    instances = []
    try:
        instances = [Instance(options, project, name) for name in ("first", "second")]
        # An asset that changes too often is told of as flapping: each breaks once.
        breaks = {asset: pick.randrange(options.kills) for asset in project.assets}
        for kill in range(options.kills):
            for asset, when in breaks.items():
                if when == kill:
                    project.set(asset, False)
                elif when + 3 == kill:
                    project.set(asset, True)
            time.sleep(pick.uniform(0.2, 2.5))
            victim = pick.choice(instances)
            victim.check()
            victim.kill()
            if pick.random() < 0.5:
                time.sleep(pick.uniform(0, 1.5))
            victim.begin()
        for asset in project.assets:
            project.set(asset, True)
        sink.badness = 0
        # What a killed instance was sending is held for five minutes.
        settle(project, instances, sink, time.monotonic() + 400)
        check_pages(project, instances)
        for instance in instances:
            if status := instance.stop():
                raise Failure(f"{instance.name} ended with {status}")
        check_slots(project)
        count = check_messages(project, sink)
        runs = project.rows("SELECT count(*) FROM runs")[0][0]
        print(
            f"{options.kills} kills of two instances: {runs} runs, no slot twice; {count} incidents told in order, each failure and "
            f"each end once; {sink.repetitions} repetitions told apart by their keys (seed {options.seed})")
        shutil.rmtree(folder)
    except Failure as failure:
        print(f"FAILED: {failure}\nrepeat with --seed {options.seed}; the folder is {folder}", file=sys.stderr)
        sys.exit(1)
    finally:
        for instance in instances:
            if instance.process.poll() is None:
                instance.kill()
        sink.stop()


main()

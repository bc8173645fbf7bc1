"""Kills pipelines that are fed through a pipe or over HTTP, and fills their disks: what was acknowledged is there, once and whole.

A producer at a pipe hears nothing back: what is there after a death must be a beginning of what it sent, record by record, and
it goes on behind it. A client of HTTP sends a request again, under the same key, until it is acknowledged.
"""
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import threading
import time

from disk import SmallDisk
from layers import Difference

PROJECT = """\
store: assay.db
assets:
  bronze: {delta: data/bronze}
  silver: {delta: data/silver}
  kept: {delta: data/kept}
pipelines:
  events:
    source: {SOURCE: true}
    bronze: {asset: bronze}
    silver: {asset: silver, gate: {suite: events}}
    quarantine: {asset: kept}
"""
SUITE = "suite: events\ncolumns: {id: {required: true}, n: {between: [0, null]}}\n"
POINTS = ["planned", "ran", "checked", "keys-written", "prepared", "files-published", "table-made", "layer-committed",
          "published", "finished"]


def records(count, numbers):
    """Lines of records, one in ten of which doesn't pass."""
    return [json.dumps({"id": f"e{place:06d}", "n": -1 if numbers.random() < 0.1 else place, "pad": "x" * numbers.randrange(90)})
            for place in range(count)]


class FedProject:
    """A project whose pipeline is fed."""

    def __init__(self, binary, folder, source, lines):
        self.binary, self.folder, self.lines = binary, folder, lines
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(f"{folder}/expectations")
        for name, text in [("assay.yaml", PROJECT.replace("SOURCE", source)), ("expectations/events.yaml", SUITE)]:
            with open(f"{folder}/{name}", "w") as file:
                file.write(text)

    def start(self, *arguments, die_at=None, stdin=subprocess.DEVNULL):
        environment = {key: value for key, value in os.environ.items() if key != "ASSAY_DIE_AT"}
        if die_at:
            environment["ASSAY_DIE_AT"] = die_at
        self.errors = open(f"{self.folder}/errors.txt", "ab")
        return subprocess.Popen([self.binary, "run", "--quiet", *arguments], cwd=self.folder, env=environment, stdin=stdin,
                                stdout=subprocess.DEVNULL, stderr=self.errors)

    def finish(self):
        """Carries through what is there."""
        status = self.start("--once").wait()
        if status:
            with open(f"{self.folder}/errors.txt", errors="replace") as file:
                raise Difference(f"a run ended with {status}:\n{file.read()[-2000:]}")

    def rows(self, layer):
        if not os.path.isdir(f"{self.folder}/data/{layer}"):
            return []
        output = subprocess.run([self.binary, "inspect", f"data/{layer}", "--rows", str(10 * len(self.lines))],
                                cwd=self.folder, capture_output=True, check=True).stdout
        return [json.loads(line) for line in output.decode().splitlines()]

    def check(self, what):
        """Every record is in bronze once, and behind the gate where it belongs."""
        sent = [json.loads(line) for line in self.lines]
        kept = [json.loads(row["record"])["id"] for row in self.rows("kept")]
        for layer, found, wanted in [
            ("bronze", [row["id"] for row in self.rows("bronze")], [record["id"] for record in sent]),
            ("silver", [row["id"] for row in self.rows("silver")], [r["id"] for r in sent if r["n"] >= 0]),
            ("kept", kept, [r["id"] for r in sent if r["n"] < 0]),
        ]:
            if sorted(found) != sorted(wanted):
                lost, more = len(set(wanted) - set(found)), len(found) - len(set(found))
                raise Difference(f"{what}: {layer} has {len(found)} records of {len(wanted)}, {lost} lost, {more} twice")
        if left := [name for name in os.listdir(f"{self.folder}/pipelines/events/spool")
                    if name.startswith("segment-") and os.path.getsize(f"{self.folder}/pipelines/events/spool/{name}")]:
            raise Difference(f"{what}: segments are left over: {left[:5]}")


def check_pipe(harness, numbers, kills):
    """A producer at a pipe, whose reader dies."""
    project = FedProject(harness.options.binary, f"{harness.folder}/piped", "stdin", records(3_000, numbers))
    done, deaths, turn = 0, 0, 0
    while done < len(project.lines):
        die_at = POINTS[turn // 2 % len(POINTS)] if turn % 2 and deaths < kills else None
        turn += 1
        process = project.start(die_at=die_at and f"{die_at}:{numbers.randrange(1, 3)}", stdin=subprocess.PIPE)
        last = len(project.lines) if deaths >= kills else min(len(project.lines), done + numbers.randrange(1, 400))
        feeder = threading.Thread(target=feed, args=(process, project.lines[done:last]))
        feeder.start()
        if deaths < kills:
            try:
                process.wait(timeout=numbers.uniform(0.02, 0.4))
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
        deaths += process.wait() == -signal.SIGKILL
        feeder.join()
        project.finish()
        found = [row["id"] for row in project.rows("bronze")]
        if found != [json.loads(line)["id"] for line in project.lines[:len(found)]]:
            raise Difference("what came through the pipe is no beginning of what was sent")
        if len(found) < done:
            raise Difference("records that were there are gone")
        done = len(found)
    project.check("a pipe")
    harness.kills += deaths
    harness.by_point["a pipe"] = deaths


def feed(process, lines):
    """Writes lines, cut anywhere."""
    data = "".join(line + "\n" for line in lines).encode()
    try:
        for start in range(0, len(data), 3_001):
            process.stdin.write(data[start:start + 3_001])
            process.stdin.flush()
        process.stdin.close()
    except (BrokenPipeError, OSError):
        pass


class Client:
    """Sends requests of some records each, in order, until each is acknowledged."""

    def __init__(self, port, lines, size):
        self.port, self.refusals, self.repetitions = port, 0, 0
        self.requests = [lines[start:start + size] for start in range(0, len(lines), size)]
        self.next = 0

    def send_some(self, until):
        """Sends until the time is over, or everything is in, or nobody listens."""
        while self.next < len(self.requests) and time.monotonic() < until:
            status, answer = self.post(self.next)
            if status == 202:
                self.repetitions += "repeated" in answer
                self.next += 1
            elif status in (429, 503):
                self.refusals += 1
                return
            elif status is None:
                time.sleep(0.01)
            else:
                raise Difference(f"a request was answered with {status}: {answer}")

    def post(self, number):
        body = "".join(line + "\n" for line in self.requests[number]).encode()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("POST", "/ingest/events", body, {
                "Content-Type": "application/x-ndjson", "Idempotency-Key": f"request-{number}"})
            answer = connection.getresponse()
            return answer.status, answer.read().decode(errors="replace")
        except (OSError, http.client.HTTPException):
            return None, ""
        finally:
            connection.close()


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def check_http(harness, numbers, kills):
    """A client whose server dies."""
    project = FedProject(harness.options.binary, f"{harness.folder}/posted", "http", records(4_000, numbers))
    client = Client(free_port(), project.lines, 7)
    deaths = 0
    while client.next < len(client.requests):
        point = f"{numbers.choice(POINTS)}:{numbers.randrange(1, 4)}" if deaths % 2 and deaths < kills else None
        process = project.start("--listen", f"127.0.0.1:{client.port}", die_at=point)
        lasts = numbers.uniform(0.1, 0.6) if deaths < kills else 60
        client.send_some(time.monotonic() + lasts)
        process.send_signal(signal.SIGKILL if deaths < kills else signal.SIGTERM)
        status = process.wait()
        if status not in (0, -signal.SIGKILL):
            raise Difference(f"a server ended with {status}")
        deaths += status == -signal.SIGKILL
    project.finish()
    project.check("http")
    harness.kills += deaths
    harness.by_point["http"] = deaths
    print(f"http: {len(client.requests)} requests, {deaths} deaths, {client.repetitions} sent again after they were in",
          flush=True)


def check_small_disk(harness, numbers):
    """A spool on a disk that is too small at first: requests are refused, and taken when there is room."""
    if not SmallDisk.is_possible():
        return
    project = FedProject(harness.options.binary, f"{harness.folder}/small", "http", records(2_000, numbers))
    kilobytes = 256
    disk = SmallDisk(f"{project.folder}/pipelines", kilobytes)
    try:
        client = Client(free_port(), project.lines, 100)
        process = project.start("--listen", f"127.0.0.1:{client.port}")
        for _ in range(200):
            client.send_some(time.monotonic() + 5)
            if client.next == len(client.requests):
                break
            if process.poll() is not None:
                process = project.start("--listen", f"127.0.0.1:{client.port}")
            kilobytes += 64
            disk.resize(kilobytes)
        process.send_signal(signal.SIGTERM)
        process.wait()
        disk.resize(1 << 16)
        project.finish()
        project.check("http on a small disk")
        print(f"http on a full disk: {client.refusals} requests refused up to {kilobytes} KiB, nothing lost", flush=True)
    finally:
        disk.unmount()


def check_spools(harness, numbers):
    kills = max(10, harness.options.kills // 10)
    check_pipe(harness, numbers, kills)
    check_http(harness, numbers, kills)
    check_small_disk(harness, numbers)

"""How long an event that is posted over HTTP takes until a reader of silver sees it.

    latency.py ASSAY [EVENTS_A_SECOND] [SECONDS] [EVENTS_A_REQUEST]       needs: pyarrow

Posts at a steady rate whatever the answers (a request that is late is counted from when it should have been sent), follows
the log of the silver table, and reads each data file that a commit adds. The numbers are of events, from the instant at which a request
was due to the instant at which the commit that has it was there to be read.
"""
import http.client
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

import pyarrow.parquet as parquet

assay, *numbers = sys.argv[1:]
rate, seconds, size = (int(number) for number in (numbers + ["20000", "20", "100"][len(numbers):])[:3])
senders = 8

SUITE = """suite: clicks
columns:
  event_id: {required: true}
  sent: {type: int64, required: true}
  user_id: {matches: "^u[0-9]{6}$"}
  event_type: {in: [page_view, click, add_to_cart, purchase, search]}
  price: {type: float64, between: [0, null]}
  url: {matches: "^http"}
"""
PROJECT = """store: assay.db
assets:
  bronze.clicks: {delta: lake/bronze}
  silver.clicks: {delta: lake/silver}
pipelines:
  clicks:
    source: {http: true}
    bronze: {asset: bronze.clicks}
    silver: {asset: silver.clicks, gate: {suite: clicks}}
"""


def body(start):
    """One request: all its events are due at `start`, in microseconds since 1970."""
    lines = []
    for index in range(size):
        lines.append('{"event_id":"%016x%06x","sent":%d,"user_id":"u%06d","event_type":"click","price":12.5,"url":"https://shop.example/p/%d",'
                     '"session_id":"0123456789abcdef","country":"DE","ua":"Mozilla/5.0 (X11; Linux x86_64)"}' % (start, index, start, index, index))
    return ("\n".join(lines) + "\n").encode()


class Sender(threading.Thread):
    def __init__(self, port, number, start, count):
        super().__init__()
        self.port, self.number, self.start_at, self.count, self.answers, self.refused = port, number, start, count, [], 0

    def run(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        for index in range(self.number, self.count, senders):
            due = self.start_at + index * size / rate
            pause = due - time.time()
            if pause > 0:
                time.sleep(pause)
            while True:
                connection.request("POST", "/ingest/clicks", body(int(due * 1e6)), {"Content-Type": "application/x-ndjson"})
                answer = connection.getresponse()
                answer.read()
                if answer.status < 300:
                    break
                self.refused += 1
                time.sleep(0.05)
            self.answers.append(time.time() - due)


class Reader(threading.Thread):
    """Follows a table's log."""

    def __init__(self, table):
        super().__init__(daemon=True)
        self.table, self.version, self.seen, self.files, self.done = table, 0, 0, [], False

    def run(self):
        while not self.done:
            path = f"{self.table}/_delta_log/{self.version:020d}.json"
            if not os.path.exists(path):
                time.sleep(0.002)
                continue
            now = time.time()
            for line in open(path):
                add = json.loads(line).get("add")
                if add:
                    self.seen += json.loads(add["stats"])["numRecords"]
                    self.files.append((now, add["path"]))
            self.version += 1


def quantile(values, share):
    return values[min(len(values) - 1, int(len(values) * share))] * 1000


folder = tempfile.mkdtemp(prefix="assay-latency-")
os.makedirs(f"{folder}/expectations")
open(f"{folder}/expectations/clicks.yaml", "w").write(SUITE)
open(f"{folder}/assay.yaml", "w").write(PROJECT)
log = open(f"{folder}/log", "w+")
service = subprocess.Popen([assay, "serve", "--listen", "0"], cwd=folder, stderr=log, stdout=log)
try:
    port = None
    while port is None:
        time.sleep(0.1)
        found = re.search(r"port=(\d+)", open(f"{folder}/log").read())
        port = int(found.group(1)) if found else None
        if service.poll() is not None:
            sys.exit(open(f"{folder}/log").read())
    reader = Reader(f"{folder}/lake/silver")
    reader.start()
    time.sleep(1)
    count = rate * seconds // size
    threads = [Sender(port, number, time.time() + 1, count) for number in range(senders)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    deadline = time.time() + 60
    while reader.seen < count * size and time.time() < deadline:
        time.sleep(0.05)
    reader.done = True
    reader.join()
    delays = []
    for now, path in reader.files:
        column = parquet.read_table(f"{folder}/lake/silver/{path}", columns=["sent"])["sent"].to_pylist()
        delays += [now - int(sent) / 1e6 for sent in column]
    delays.sort()
    answers = sorted(answer for thread in threads for answer in thread.answers)
    cpu = open(f"/proc/{service.pid}/stat").read().rsplit(")")[1].split()
    usage = (int(cpu[11]) + int(cpu[12])) / os.sysconf("SC_CLK_TCK")
    peak = re.search(r"VmHWM:\s+(\d+)", open(f"/proc/{service.pid}/status").read()).group(1)
    print(f"posted {count * size} events in requests of {size} at {rate}/s for {seconds} s; in silver {len(delays)}; "
          f"refused and repeated {sum(thread.refused for thread in threads)}")
    for name, values in [("durable answer", answers), ("seen in silver", delays)]:
        print(f"{name}: median {quantile(values, 0.5):.0f} ms  p90 {quantile(values, 0.9):.0f}  p99 {quantile(values, 0.99):.0f}  "
              f"longest {values[-1] * 1000:.0f}")
    print(f"{reader.version} commits; {usage:.1f} s of processor time; {int(peak) // 1024} MB at most")
    if len(delays) != count * size:
        sys.exit("not all events are in silver")
finally:
    service.send_signal(signal.SIGTERM)
    service.wait(30)
    shutil.rmtree(folder, ignore_errors=True)

"""Splits click events into silver and quarantine, beside DuckDB, which splits the same files in one query and commits nothing.

    split.py ASSAY [ROWS] [RUNS]                needs: duckdb for the peer; without it Assay is measured alone

Three in a hundred events break a rule or are no JSON. Measured in turns, medians of RUNS: the pipeline (landing folder, gate, Delta
tables, exactly once), the same with exact deduplication over a day, `assay gate` from a pipe, and DuckDB. Seconds are those of whole
processes; DuckDB's are without Python and its imports. Ends with 1 where a count is not as the data was made.
"""
import json
import os
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

assay = os.path.abspath(sys.argv[1])
rows = int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
runs = int(sys.argv[3]) if len(sys.argv) > 3 else 3
files = 20

SUITE = """suite: clicks
columns:
  event_id: {required: true}
  user_id: {required: true, matches: "^u[0-9]{6}$"}
  event_type: {required: true, in: [page_view, click, add_to_cart, purchase, search]}
  price: {type: float64, required: true, between: [0, null]}
  url: {required: true, matches: "^http"}
"""
PROJECT = """store: assay.db
assets:
  silver: {delta: lake/silver}
pipelines:
  clicks:
    source: {files: ../landing}
    silver:
      asset: silver
      select: {ts: "timestamp(ts)"}
      %s
      gate: {suite: clicks}
"""
DEDUPLICATE = "deduplicate: {by: [event_id], column: ts, within: 24h}"
TYPES = ["page_view", "click", "add_to_cart", "purchase", "search"]


def make(folder):
    """Writes the files; says how many of their events are bad."""
    os.makedirs(folder)
    source, bad = random.Random(11), 0
    for number in range(files):
        with open(f"{folder}/{number:03d}.jsonl", "w") as file:
            for index in range(rows * number // files, rows * (number + 1) // files):
                seconds, millis = divmod(index * 80, 1000)
                event = {
                    "event_id": "%032x" % source.getrandbits(128),
                    "ts": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(1_790_000_000 + seconds)) + ".%03dZ" % millis,
                    "user_id": "u%06d" % source.randrange(200_000), "session_id": "%016x" % source.getrandbits(64),
                    "event_type": source.choice(TYPES), "url": "https://shop.example/p/%d" % source.randrange(50_000),
                    "price": round(source.random() * 500, 2), "country": source.choice(["US", "DE", "GB", "FR", "BR"]),
                    "ua": source.choice(["Mozilla/5.0 (X11; Linux x86_64)", "okhttp/4.12"])}
                fault = source.randrange(1000)
                if fault < 30:
                    name, value = [("event_id", None), ("ts", "21/11/2026 10:00"), ("user_id", "anon"), ("event_type", "clik"),
                                   ("price", -1), ("url", "ftp://x")][fault // 5]
                    event[name] = value
                line = json.dumps(event)
                file.write((line[:100] if fault == 30 else line) + "\n")
                bad += fault <= 30
    return bad


def pipeline(folder, more):
    """A fresh project; seconds, megabytes, good and bad."""
    project = f"{folder}/project"
    shutil.rmtree(project, ignore_errors=True)
    os.makedirs(f"{project}/expectations")
    open(f"{project}/expectations/clicks.yaml", "w").write(SUITE)
    open(f"{project}/assay.yaml", "w").write(PROJECT % more)
    start = time.time()
    process = subprocess.Popen([assay, "run", "--once"], cwd=project, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    process.stdout.read()
    _, _, usage = os.wait4(process.pid, 0)
    seconds = time.time() - start
    shown = json.loads(subprocess.run([assay, "pipelines", "--format", "json"], cwd=project, capture_output=True, check=True).stdout)
    counts = shown["pipelines"][0]["hops"][0]
    return seconds, usage.ru_maxrss / 1024, counts["out"], counts["quarantined"]


def gate(folder):
    if os.path.exists(f"{folder}/bad"):
        os.remove(f"{folder}/bad")
    open(f"{folder}/clicks.yaml", "w").write(SUITE)
    start = time.time()
    reader = subprocess.Popen("cat landing/*.jsonl", shell=True, cwd=folder, stdout=subprocess.PIPE)
    with open(f"{folder}/good", "wb") as good:
        process = subprocess.Popen(
            [assay, "gate", "--suite", "clicks.yaml", "--bad", "bad"], cwd=folder, stdin=reader.stdout, stdout=good, stderr=subprocess.DEVNULL)
        reader.stdout.close()
        _, _, usage = os.wait4(process.pid, 0)
    seconds = time.time() - start
    reader.wait()
    return (seconds, usage.ru_maxrss / 1024, sum(1 for _ in open(f"{folder}/good", "rb")), sum(1 for _ in open(f"{folder}/bad", "rb")))


DUCKDB = r"""
import duckdb, os, resource, time
connection = duckdb.connect()
connection.execute("set threads = 2")
connection.execute("set enable_progress_bar = false")
start = time.time()
shape = '{"event_id":"VARCHAR","ts":"VARCHAR","user_id":"VARCHAR","session_id":"VARCHAR","event_type":"VARCHAR","url":"VARCHAR","price":"DOUBLE","country":"VARCHAR","ua":"VARCHAR"}'
connection.execute(f'''create table judged as with lines as (
    select line, case when json_valid(line) then json_transform(line, '{shape}') end as e
    from read_csv('landing/*.jsonl', columns={{'line': 'VARCHAR'}}, delim='\x01', quote='', escape='', header=false, auto_detect=false))
  select line, e, list_filter([case when e is null then 'malformed' end, case when e.event_id is null then 'event_id' end,
    case when try_cast(e.ts as timestamp) is null then 'ts' end,
    case when not coalesce(regexp_matches(e.user_id, '^u[0-9]{{6}}$'), false) then 'user_id' end,
    case when not coalesce(e.event_type in ('page_view','click','add_to_cart','purchase','search'), false) then 'event_type' end,
    case when not coalesce(e.price >= 0, false) then 'price' end,
    case when not coalesce(starts_with(e.url, 'http'), false) then 'url' end], lambda x: x is not null) as rules from lines''')
connection.execute("copy (select e.* from judged where len(rules) = 0) to 'good.parquet' (compression zstd)")
connection.execute("copy (select line, rules from judged where len(rules) > 0) to 'bad.parquet' (compression zstd)")
good, bad = connection.execute("select count(*) filter (len(rules) = 0), count(*) filter (len(rules) > 0) from judged").fetchone()
print(time.time() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, good, bad)
"""


def duckdb(folder):
    text = subprocess.run([sys.executable, "-c", DUCKDB], cwd=folder, stdout=subprocess.PIPE, text=True, check=True).stdout.split()
    return float(text[0]), float(text[1]), int(text[2]), int(text[3])


folder = tempfile.mkdtemp(prefix="assay-split-")
try:
    bad = make(f"{folder}/landing")
    parts = [("pipeline", lambda: pipeline(folder, "")), ("pipeline, deduplicating", lambda: pipeline(folder, DEDUPLICATE)),
             ("assay gate", lambda: gate(folder))]
    try:
        import duckdb as _  # noqa: F401
        parts.append(("DuckDB", lambda: duckdb(folder)))
    except ImportError:
        print("DuckDB is not installed: Assay alone")
    results, wrong = {name: [] for name, _ in parts}, False
    for _ in range(runs):
        for name, measure in parts:
            results[name].append(measure())
    print(f"{rows} events, {bad} of them bad; medians of {runs}")
    for name, values in results.items():
        seconds, peak = statistics.median(v[0] for v in values), max(v[1] for v in values)
        print(f"{name:<26} {seconds:6.2f} s {rows / seconds:12,.0f} events/s {peak:7.0f} MB")
        # `assay gate` has no ts rule of its own: the suite doesn't type that column.
        expected = None if name == "assay gate" else bad
        if any(v[2] + v[3] != rows or (expected is not None and v[3] != expected) for v in values):
            print(f"{name}: wrong counts {[v[2:] for v in values]}", file=sys.stderr)
            wrong = True
    sys.exit(1 if wrong else 0)
finally:
    shutil.rmtree(folder, ignore_errors=True)

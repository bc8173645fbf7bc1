"""A small landing folder with the faults that real feeds have: the same files from the same seed, byte by byte."""
import csv
import datetime
import gzip
import io
import json
import os
import random

START = datetime.datetime(2026, 11, 20, tzinfo=datetime.timezone.utc)
# Files land in this order, a second after each other; columns are new from the evolution on.
FIRST_TIME = 1_790_000_000


class Landing:
    """Makes the files of a landing folder, in the order in which they land."""

    def __init__(self, seed, files, rows, parquet=None):
        self.random = random.Random(seed)
        self.files, self.rows, self.parquet = files, rows, parquet
        self.sent = []

    def contents(self):
        """Pairs of a name and the file's bytes."""
        for number in range(self.files):
            records = [self.record(number) for _ in range(self.rows)]
            kind = ["jsonl", "csv", "jsonl.gz", "jsonl", "parquet"][number % 5]
            if kind == "parquet" and self.parquet is None:
                kind = "jsonl"
            name = f"events-{number:04d}.{kind}"
            yield name, getattr(self, "_" + kind.replace(".", "_"))(records, number)

    def replacements(self):
        """Pairs of a name and the bytes that the file has later: some more of one, less of it after that, another one's."""
        for number, rows in [(0, 2 * self.rows), (0, self.rows // 3), (3, self.rows)]:
            name = f"events-{number:04d}.jsonl"
            yield name, self._jsonl([self.record(number) for _ in range(rows)], number)

    def record(self, number):
        chance = self.random.random()
        if self.sent and chance < 0.10:
            return dict(self.random.choice(self.sent))
        time = START + datetime.timedelta(seconds=number * 60 + self.random.randrange(60))
        if chance < 0.13:
            time -= datetime.timedelta(days=3)
        record = {
            "event_id": f"e{self.random.getrandbits(64):016x}",
            "ts": time.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "user_id": f"u{self.random.randrange(100_000):06d}",
            "kind": self.random.choice(["view", "click", "purchase"]),
            "price": round(self.random.random() * 500, 2),
            "country": self.random.choice(["DE", "NL", "FR"]),
        }
        if number >= self.files // 2:
            record["campaign"] = self.random.choice(["spring", "autumn"])
        self._spoil(record, self.random.random())
        self.sent.append(record)
        return record

    def _spoil(self, record, chance):
        if chance < 0.02:
            record["price"] = -1
        elif chance < 0.04:
            record["kind"] = "unheard of"
        elif chance < 0.06:
            record["ts"] = "21/11/2026 10:00"
        elif chance < 0.07:
            record["price"] = "free"
        elif chance < 0.08:
            record["event_id"] = None
        elif chance < 0.10:
            record["kind"] = "test"

    def _jsonl(self, records, number):
        lines = [json.dumps(record, separators=(",", ":")) for record in records]
        for place in range(0, len(lines), 50):
            lines.insert(place, self.random.choice(['{"event_id": "cut', "[1, 2]", "", '{"a": "\\ud800"}']))
        return ("\n".join(lines) + "\n").encode()

    def _jsonl_gz(self, records, number):
        return gzip.compress(self._jsonl(records, number), mtime=0)

    def _csv(self, records, number):
        text = io.StringIO()
        writer = csv.DictWriter(text, list(records[0]), extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(records)
        return (text.getvalue() + "one,cell,too,many,for,the,header,of,this,file\n").encode()

    def _parquet(self, records, number):
        import pyarrow
        import pyarrow.parquet

        columns = {name: [str(r.get(name)) if name == "price" else r.get(name) for r in records] for name in records[0]}
        sink = io.BytesIO()
        pyarrow.parquet.write_table(pyarrow.table(columns), sink)
        return sink.getvalue()


def store(folder, contents):
    """Writes the files once, with the times that give their order; their paths."""
    os.makedirs(folder)
    paths = []
    for number, (name, data) in enumerate(contents):
        paths.append(os.path.join(folder, name))
        with open(paths[-1], "wb") as file:
            file.write(data)
        os.utime(paths[-1], (FIRST_TIME + number, FIRST_TIME + number))
    return paths


def store_replacements(folder, contents):
    """The same for what files become later, newer than all that land at first; the last of them are written first."""
    os.makedirs(folder)
    paths = []
    for number, (name, data) in reversed(list(enumerate(contents))):
        paths.insert(0, os.path.join(folder, str(number), name))
        os.makedirs(os.path.dirname(paths[0]))
        with open(paths[0], "wb") as file:
            file.write(data)
        os.utime(paths[0], (FIRST_TIME + 100_000 + number, FIRST_TIME + 100_000 + number))
    return paths


def land(folder, paths):
    """Lets files land in one step each, in the place of those that have their names.

    They are the same ones everywhere, since what they are is part of a record's identity.
    """
    for path in paths:
        new = os.path.join(folder, f".{os.path.basename(path)}")
        os.link(path, new)
        os.replace(new, os.path.join(folder, os.path.basename(path)))

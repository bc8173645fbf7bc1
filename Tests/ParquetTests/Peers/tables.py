"""Writes random tables as Parquet files with pyarrow, DuckDB and Polars, and beside each its rows as tagged JSON lines.

usage: tables.py FOLDER SEED COUNT
Rows are what pyarrow reads back. DuckDB and Polars are left out where they are not installed.
"""
import base64
import datetime
import decimal
import json
import math
import os
import random
import string
import sys

import pyarrow as pa
import pyarrow.parquet as pq

folder, seed, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
DIGITS = {"s": 0, "ms": 3, "us": 6, "ns": 9}


def tagged(scalar):
    """A value as JSON; objects with one key that begins with $ say what JSON can't."""
    kind = scalar.type
    if not scalar.is_valid:
        return None
    if isinstance(kind, pa.BaseExtensionType):
        return tagged(scalar.value)
    if pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind):
        return [tagged(x) for x in scalar.values]
    if pa.types.is_struct(kind):
        return {kind.field(i).name: tagged(scalar[i]) for i in range(kind.num_fields)}
    if pa.types.is_map(kind):
        return {"$map": [[tagged(x[0]), tagged(x[1])] for x in scalar.values]}
    if pa.types.is_floating(kind):
        value = float(scalar.as_py())
        return value if math.isfinite(value) else {"$float": "NaN" if value != value else "Infinity" if value > 0 else "-Infinity"}
    if pa.types.is_decimal(kind):
        return {"$decimal": format(scalar.as_py(), "f")}
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind):
        return {"$binary": base64.b64encode(scalar.as_py()).decode()}
    if pa.types.is_date(kind):
        return {"$date": scalar.as_py().isoformat()}
    if pa.types.is_time(kind):
        return {"$time": clock(scalar.value, kind.unit), "unit": kind.unit}
    if pa.types.is_timestamp(kind):
        day, rest = divmod(scalar.value, 86400 * 10 ** DIGITS[kind.unit])
        date = datetime.date(1970, 1, 1) + datetime.timedelta(days=day)
        return {"$timestamp": f"{date.isoformat()}T{clock(rest, kind.unit)}", "unit": kind.unit, "tz": kind.tz}
    return scalar.as_py()


def clock(ticks, unit):
    seconds, fraction = divmod(ticks, 10 ** DIGITS[unit])
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{fraction:0{DIGITS[unit]}}"


def makers(r):
    """By name, a type and a maker of values."""
    text = lambda: "".join(r.choice(string.ascii_letters + "äß水🙂 \"\\\n") for _ in range(r.choice([0, 1, 5, 30])))
    whole = lambda bits, signed: r.choice([0, 1, r.getrandbits(bits - signed), r.getrandbits(bits // 2), (1 << bits - signed) - 1]) * (
        r.choice([1, -1]) if signed else 1)
    real = lambda: r.choice([0.0, -0.0, 1.5, float("nan"), float("inf"), -float("inf"), r.gauss(0, 1), r.uniform(-1e300, 1e300), 5e-324])
    narrow = lambda: r.choice([0.0, -0.0, 1.5, float("nan"), -float("inf"), round(r.gauss(0, 10), 2)])
    number = lambda p, s: decimal.Decimal(r.choice([0, 1, -1, r.randrange(10 ** p), -r.randrange(10 ** p)])).scaleb(-s, decimal.Context(prec=100))
    ticks = lambda per: r.choice([0, -1, 1, r.randrange(-2 ** 35, 2 ** 35) * per + r.randrange(per)])
    result = {"bool": (pa.bool_(), lambda: r.random() < 0.5)}
    for bits in (8, 16, 32, 64):
        result[f"int{bits}"] = (getattr(pa, f"int{bits}")(), lambda bits=bits: whole(bits, 1))
        result[f"uint{bits}"] = (getattr(pa, f"uint{bits}")(), lambda bits=bits: whole(bits, 0))
    result |= {
        "counter": (pa.int64(), lambda c=iter(range(10 ** 9)): next(c) * 7),
        "half": (pa.float16(), lambda: __import__("numpy").float16(narrow())),
        "float": (pa.float32(), narrow), "double": (pa.float64(), real),
        "string": (pa.string(), text), "binary": (pa.binary(), lambda: r.randbytes(r.choice([0, 1, 7, 40]))),
        "url": (pa.string(), lambda c=iter(range(10 ** 9)): f"https://example.com/shop/{next(c) // 3:06}/item?id={r.randrange(50)}"),
        "fixed": (pa.binary(5), lambda: r.randbytes(5)), "date": (pa.date32(), lambda: datetime.date.fromordinal(r.randrange(1, 3_000_000))),
        "null": (pa.null(), lambda: None),
    }
    for precision, scale in ((3, 0), (9, 2), (18, 18), (19, 4), (38, 10)):
        result[f"decimal_{precision}_{scale}"] = (pa.decimal128(precision, scale), lambda p=precision, s=scale: number(p, s))
    result["decimal_76_20"] = (pa.decimal256(76, 20), lambda: number(76, 20))
    for unit in ("ms", "us", "ns"):
        per = 10 ** DIGITS[unit] if unit != "ns" else 10 ** 7
        result[f"time_{unit}"] = (pa.time32(unit) if unit == "ms" else pa.time64(unit), lambda per=10 ** DIGITS[unit]: r.randrange(86400 * per))
        result[f"timestamp_{unit}"] = (pa.timestamp(unit), lambda per=per: ticks(per))
        result[f"timestamp_{unit}_utc"] = (pa.timestamp(unit, "UTC"), lambda per=per: ticks(per))
    return result


def nested(r, flat):
    """A nested type and a maker of its values."""
    def some(depth):
        choice = r.choice(["leaf", "list", "struct", "map"]) if depth > 0 else "leaf"
        if choice == "leaf":
            kind, make = flat[r.choice([n for n in flat if n != "null"])]
            return kind, lambda: None if r.random() < 0.2 else make()
        if choice == "list":
            kind, make = some(depth - 1)
            return pa.list_(kind), lambda: None if r.random() < 0.2 else [make() for _ in range(r.choice([0, 0, 1, 2, 5]))]
        if choice == "struct":
            parts = {f"f{i}": some(depth - 1) for i in range(r.choice([1, 2, 3]))}
            fields = [pa.field(n, k) for n, (k, _) in parts.items()]
            return pa.struct(fields), lambda: None if r.random() < 0.2 else {n: m() for n, (_, m) in parts.items()}
        kind, make = some(depth - 1)
        return pa.map_(pa.string(), kind), lambda: None if r.random() < 0.2 else [
            (f"k{i}", make()) for i in range(r.choice([0, 1, 3]))]
    while True:
        kind, make = some(3)
        if pa.types.is_nested(kind):
            return kind, make


def table(r):
    flat = makers(r)
    rows = r.choice([0, 1, 7, 64, 500, 1500])
    fields, columns = [], []
    for name in r.sample(sorted(flat), 9) + ["nested0", "nested1", "nested2"]:
        kind, make = flat[name] if name in flat else nested(r, flat)
        missing = r.choice([0, 0, 0.1, 0.9, 1])
        values = [make() for _ in range(rows)]
        if r.random() < 0.4 and rows:
            few = values[:r.choice([1, 3, 20])]
            values = [r.choice(few) for _ in range(rows)]
        values = [None if r.random() < missing else v for v in values]
        nullable = name == "null" or name.startswith("nested") or None in values or r.random() < 0.5
        fields.append(pa.field(name, kind, nullable=nullable))
        columns.append(pa.array(values, kind))
    return pa.table(columns, schema=pa.schema(fields))


PLAIN = {
    "int": ["PLAIN", "DELTA_BINARY_PACKED", "BYTE_STREAM_SPLIT"], "float": ["PLAIN", "BYTE_STREAM_SPLIT"],
    "bytes": ["PLAIN", "DELTA_LENGTH_BYTE_ARRAY", "DELTA_BYTE_ARRAY"], "fixed": ["PLAIN", "BYTE_STREAM_SPLIT", "DELTA_BYTE_ARRAY"],
    "bool": ["PLAIN", "RLE"],
}
FAMILY = {"BOOLEAN": "bool", "INT32": "int", "INT64": "int", "FLOAT": "float", "DOUBLE": "float", "BYTE_ARRAY": "bytes", "FIXED_LEN_BYTE_ARRAY": "fixed"}


def options(r, frame, path):
    dictionary = r.random() < 0.5
    chosen = dict(
        compression=r.choice(["none", "snappy", "gzip", "zstd", "brotli", "lz4"]), use_dictionary=dictionary,
        data_page_version=r.choice(["1.0", "2.0"]), data_page_size=r.choice([64, 512, 4096, 1 << 20]), write_batch_size=r.choice([1, 16, 1024]),
        row_group_size=r.choice([3, 100, 333, 1 << 20]), write_page_index=r.random() < 0.5, write_page_checksum=r.random() < 0.5,
        use_compliant_nested_type=r.random() < 0.5, store_decimal_as_integer=r.random() < 0.5, version=r.choice(["1.0", "2.4", "2.6"]),
        dictionary_pagesize_limit=r.choice([64, 1 << 20]), store_schema=False, write_statistics=r.random() < 0.7)
    if chosen["version"] != "2.6":
        chosen |= dict(coerce_timestamps=r.choice(["ms", "us"]), allow_truncated_timestamps=True)
    elif r.random() < 0.3 and "timestamp[us" not in str(frame.schema) and "timestamp[ms" not in str(frame.schema):
        # Nanoseconds alone: pyarrow reads what 64 bits of them don't hold as something else.
        chosen["use_deprecated_int96_timestamps"] = True
    if not dictionary:
        # The stored types are known from a first writing.
        pq.write_table(frame.slice(0, 1), path, **chosen)
        schema = pq.ParquetFile(path).schema
        chosen["column_encoding"] = {
            schema.column(i).path: r.choice(PLAIN[FAMILY[schema.column(i).physical_type]])
            for i in range(len(schema)) if schema.column(i).physical_type in FAMILY}
    return chosen


def write(path, frame):
    with open(path + ".jsonl", "w") as file:
        columns = [[tagged(x) for x in column] for column in frame.columns]
        for row in range(frame.num_rows):
            file.write(json.dumps({n: c[row] for n, c in zip(frame.column_names, columns)}, ensure_ascii=False) + "\n")


def finish(path):
    """Writes the rows of a file beside it; takes the file away where pyarrow can't read it.

    It can't read some pages of differences without a value (DuckDB writes them too), and some nested columns of its own.
    """
    try:
        write(path, pq.read_table(path, arrow_extensions_enabled=False))
    except (OSError, pa.ArrowException) as error:
        print(path, "left out:", str(error)[:100])
        os.remove(path)


for number in range(count):
    r = random.Random(f"{seed}/{number}")
    frame = table(r)
    path = f"{folder}/{number}.parquet"
    try:
        chosen = options(r, frame, path)
        pq.write_table(frame, path, **chosen)
    except (pa.ArrowNotImplementedError, pa.ArrowInvalid, OSError) as error:
        print(number, "left out:", str(error)[:100])
        if os.path.exists(path):
            os.remove(path)
        continue
    finish(path)
    if number % 3 == 0:
        simple = frame.select([n for n in frame.column_names if n not in ("null", "half", "decimal_76_20") and not n.startswith("nested")])
        try:
            import duckdb
            peer = f"{folder}/{number}.duckdb.parquet"
            codec = r.choice(["uncompressed", "snappy", "gzip", "zstd", "brotli", "lz4_raw"])
            duckdb.sql(f"copy simple to '{peer}' (format parquet, codec '{codec}', parquet_version '{r.choice(['V1', 'V2'])}')")
            finish(peer)
        except ImportError:
            pass
        except duckdb.Error as error:
            print(number, "DuckDB declined:", str(error)[:100])
        try:
            import polars
            peer = f"{folder}/{number}.polars.parquet"
            codec = r.choice(["uncompressed", "snappy", "gzip", "zstd", "brotli", "lz4"])
            data = polars.from_arrow(frame.select([n for n in frame.column_names if n not in ("null", "half", "decimal_76_20")]))
            data.write_parquet(peer, compression=codec, data_page_size=r.choice([64, 4096]))
            finish(peer)
        except ImportError:
            pass
        except BaseException as error:  # Polars panics at types that it lacks.
            print(number, "Polars declined:", str(error)[:100])
            if os.path.exists(peer):
                os.remove(peer)

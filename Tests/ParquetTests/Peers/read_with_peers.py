"""Reads Parquet files with other programs and compares what they see with what was written.

usage: read_with_peers.py folder

Each `<name>.parquet` stands beside a `<name>.json` with a list of values a field, in the form that `plain` gives. Prints one line a
disagreement, then `<n> files, <m> disagreements`.
"""

import glob
import json
import math
import struct
import sys

import duckdb
import polars
import pyarrow
import pyarrow.parquet


def plain(array):
    """The values of an Arrow array, in a form that JSON holds exactly."""
    if isinstance(array, pyarrow.ChunkedArray):
        return [value for chunk in array.chunks for value in plain(chunk)]
    if isinstance(array, pyarrow.ExtensionArray):
        array = array.storage
    kind = array.type
    valid = array.is_valid().to_pylist()
    if pyarrow.types.is_dictionary(kind):
        return plain(array.dictionary_decode())
    if pyarrow.types.is_list(kind) or pyarrow.types.is_large_list(kind) or pyarrow.types.is_map(kind):
        offsets = array.offsets.to_pylist()
        if pyarrow.types.is_map(kind):
            items = [list(pair) for pair in zip(plain(array.keys), plain(array.items))]
        else:
            items = plain(array.values)
        return [items[a:b] if ok else None for ok, a, b in zip(valid, offsets, offsets[1:])]
    if pyarrow.types.is_struct(kind):
        fields = [plain(array.field(index)) for index in range(kind.num_fields)]
        return [[field[row] for field in fields] if ok else None for row, ok in enumerate(valid)]
    if pyarrow.types.is_boolean(kind):
        return array.to_pylist()
    if pyarrow.types.is_floating(kind):
        return [None if value is None else double(value) for value in array.to_pylist()]
    if pyarrow.types.is_integer(kind):
        return [None if value is None else str(value) for value in array.to_pylist()]
    if pyarrow.types.is_decimal(kind):
        return [None if value is None else decimal(value) for value in array.to_pylist()]
    if pyarrow.types.is_date32(kind):
        return plain(array.cast(pyarrow.int32()))
    if pyarrow.types.is_time64(kind) or pyarrow.types.is_timestamp(kind):
        ticks = plain(array.cast(pyarrow.int64()))
        per = 1000 if kind.unit == "ns" else 1
        return [None if tick is None else str(int(tick) // per) for tick in ticks]
    if pyarrow.types.is_binary(kind) or pyarrow.types.is_large_binary(kind) or pyarrow.types.is_fixed_size_binary(kind):
        return [None if value is None else value.hex() for value in array.to_pylist()]
    if pyarrow.types.is_binary_view(kind):
        return plain(array.cast(pyarrow.large_binary()))
    if pyarrow.types.is_string_view(kind):
        return plain(array.cast(pyarrow.large_string()))
    if pyarrow.types.is_null(kind):
        return [None] * len(array)
    return array.to_pylist()


def double(value):
    return "nan" if math.isnan(value) else struct.pack(">d", value).hex()


def decimal(value):
    sign, digits, exponent = value.as_tuple()
    unscaled = int("".join(map(str, digits)))
    return f"{-unscaled if sign else unscaled}e{exponent}"


def with_pyarrow(path):
    file = pyarrow.parquet.ParquetFile(path, page_checksum_verification=True)
    table = file.read()
    table.validate(full=True)
    return table


def with_duckdb(path):
    return duckdb.sql("select * from read_parquet(?)", params=[path]).to_arrow_table()


def with_polars(path):
    return polars.read_parquet(path).to_arrow()


def statistics(path, columns):
    """What pyarrow sees of the bounds, compared with the truth of each row group."""
    file = pyarrow.parquet.ParquetFile(path)
    metadata = file.metadata
    for group in range(metadata.num_row_groups):
        table = file.read_row_group(group)
        for index in range(metadata.num_columns):
            chunk = metadata.row_group(group).column(index)
            name = chunk.path_in_schema
            if not chunk.has_offset_index:
                yield f"row group {group}, {name}: no offset index"
            if "." in name:
                continue
            array = table.column(name).combine_chunks()
            if isinstance(array, pyarrow.ChunkedArray):
                array = array.chunk(0) if array.num_chunks else pyarrow.array([], array.type)
            found = chunk.statistics
            if found.null_count != array.null_count:
                yield f"row group {group}, {name}: {found.null_count} missing, really {array.null_count}"
            values = [value for value in truth(array) if value is not None]
            # Readers differ in where NaN stands in the order, so that there must be no bounds beside it.
            if any(value != value for value in values):
                values = []
            if bool(values) != found.has_min_max:
                yield f"row group {group}, {name}: bounds {found.has_min_max}, values {bool(values)}"
            if not values or not found.has_min_max:
                continue
            least, greatest = bound(found.min_raw, chunk, array), bound(found.max_raw, chunk, array)
            exact = not isinstance(values[0], bytes) or max(map(len, values)) <= 64
            wrong = (least, greatest) != (min(values), max(values)) if exact else least > min(values) or greatest < max(values)
            if wrong:
                yield f"row group {group}, {name}: {least!r} to {greatest!r}, really {min(values)!r} to {max(values)!r}"


def truth(array):
    """Values that compare as the format wants: numbers as numbers, texts and bytes as bytes."""
    kind = array.type
    if pyarrow.types.is_date32(kind):
        return array.cast(pyarrow.int32()).to_pylist()
    if pyarrow.types.is_time64(kind) or pyarrow.types.is_timestamp(kind):
        return array.cast(pyarrow.int64()).to_pylist()
    if pyarrow.types.is_string(kind):
        return [None if value is None else value.encode() for value in array.to_pylist()]
    if pyarrow.types.is_decimal(kind):
        return [None if value is None else int(decimal(value).split("e")[0]) for value in array.to_pylist()]
    return array.to_pylist()


def bound(raw, chunk, array):
    """A bound as pyarrow gives it, of the physical type."""
    if isinstance(raw, bytes) and pyarrow.types.is_decimal(array.type):
        return int.from_bytes(raw, "big", signed=True)
    if pyarrow.types.is_unsigned_integer(array.type) and raw < 0:
        return raw + (1 << (64 if chunk.physical_type == "INT64" else 32))
    return raw


def pushdown(path, columns):
    """Counts with a filter, which DuckDB answers with the help of bounds, against counts of all values."""
    for name, values in columns.items():
        if not name.startswith("c"):
            continue
        kind = duckdb.execute(f'select typeof("{name}") from read_parquet(?) limit 1', [path]).fetchall()
        if not kind or kind[0][0] in ("BOOLEAN", "BLOB"):
            continue
        duckdb.execute(f'create or replace temp table everything as select "{name}" as v from read_parquet(?)', [path])
        for (value,) in duckdb.execute("select distinct v from everything where v is not null using sample 5 rows (reservoir, 1)").fetchall():
            for operator in ("=", "<", ">=", "is distinct from"):
                found = duckdb.execute(f'select count(*) from read_parquet(?) where "{name}" {operator} ?', [path, value]).fetchall()
                really = duckdb.execute(f"select count(*) from everything where v {operator} ?", [value]).fetchall()
                if found != really:
                    yield f"{name} {operator} {value!r}: {found[0][0]} rows, really {really[0][0]}"


def disagreements(path):
    with open(path[: -len("parquet")] + "json") as file:
        expected = json.load(file)
    for reader in (with_pyarrow, with_duckdb, with_polars):
        table = reader(path)
        if table.column_names != list(expected):
            yield f"{reader.__name__}: columns {table.column_names}"
            continue
        for name, values in expected.items():
            found = plain(table.column(name))
            if found != values:
                row = next((row for row, pair in enumerate(zip(found, values)) if pair[0] != pair[1]), min(len(found), len(values)))
                yield (
                    f"{reader.__name__}: {name} ({table.schema.field(name).type}), row {row}: "
                    f"{str(found[row:row + 1])[:200]}, written {str(values[row:row + 1])[:200]}"
                )
    yield from statistics(path, expected)
    yield from pushdown(path, expected)


def main(folder):
    count = wrong = 0
    for path in sorted(glob.glob(folder + "/*.parquet")):
        count += 1
        for line in disagreements(path):
            wrong += 1
            print(f"{path.rsplit('/', 1)[1]}: {line}")
    print(f"{count} files, {wrong} disagreements")


main(sys.argv[1])

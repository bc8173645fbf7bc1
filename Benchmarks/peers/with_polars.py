"""Judges a suite with Polars: one lazy query on the streaming engine. It counts what is unexpected and keeps none of it."""
import polars

import peer


def aggregate(kind, arguments):
    column = polars.col(arguments["column"])
    low, high = arguments.get("min_value"), arguments.get("max_value")

    def outside(what):
        tests = ([what < low] if low is not None else []) + ([what > high] if high is not None else [])
        return polars.any_horizontal(tests).sum()

    match kind:
        case "expect_column_values_to_not_be_null": return column.null_count()
        case "expect_column_values_to_be_between": return outside(column)
        case "expect_column_value_lengths_to_be_between": return outside(column.str.len_chars())
        case "expect_column_values_to_be_in_set": return (~column.is_in(arguments["value_set"])).sum()
        case "expect_column_values_to_match_regex": return (~column.str.contains(arguments["regex"])).sum()
        case "expect_column_values_to_be_unique":
            return column.len() - column.null_count() + (column.null_count() > 0).cast(int) - column.n_unique()
        case "expect_column_mean_to_be_between": return column.mean()
        case "expect_column_min_to_be_between": return column.min()
        case "expect_column_max_to_be_between": return column.max()
        case "expect_column_stdev_to_be_between": return column.std()
    raise SystemExit(f"with_polars.py knows nothing of {kind}")


def scan(data, numeric):
    if data.endswith(".jsonl"):
        return polars.scan_ndjson(data)
    if data.endswith(".parquet"):
        return polars.scan_parquet(data)
    # Where every field is quoted, Polars takes a column with missing values for text unless it is told otherwise.
    return polars.scan_csv(data, try_parse_dates=True, schema_overrides={column: polars.Float64 for column in numeric})


def work(expectations, data):
    table = scan(data, {arguments["column"] for kind, arguments in expectations if kind.startswith("expect_column_stdev")})
    columns = [aggregate(*e).alias(str(index)) for index, e in enumerate(expectations)]
    row = table.select(columns).collect(engine="streaming").row(0)
    return [
        value == 0 if kind.startswith("expect_column_value") else peer.within(value, arguments)
        for value, (kind, arguments) in zip(row, expectations)
    ]


peer.judge("Polars", polars.__version__, work)

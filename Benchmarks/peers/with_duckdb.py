"""Judges a suite with DuckDB: one query, one aggregate an expectation. It counts what is unexpected and keeps none of it."""
import duckdb

import peer


def quoted(values):
    return ", ".join("'" + str(value).replace("'", "''") + "'" for value in values)


def aggregate(kind, arguments):
    column = arguments["column"]
    low, high = arguments.get("min_value"), arguments.get("max_value")

    def outside(what):
        tests = [f"{what} < {low}"] * (low is not None) + [f"{what} > {high}"] * (high is not None)
        return f"count(*) filter ({' or '.join(tests)})"

    match kind:
        case "expect_column_values_to_not_be_null": return f"count(*) filter ({column} is null)"
        case "expect_column_values_to_be_between": return outside(column)
        case "expect_column_value_lengths_to_be_between": return outside(f"length({column})")
        case "expect_column_values_to_be_in_set": return f"count(*) filter ({column} not in ({quoted(arguments['value_set'])}))"
        case "expect_column_values_to_match_regex":
            return f"count(*) filter (not regexp_matches({column}, {quoted([arguments['regex']])}))"
        case "expect_column_values_to_be_unique": return f"count({column}) - count(distinct {column})"
        case "expect_column_mean_to_be_between": return f"avg({column})"
        case "expect_column_min_to_be_between": return f"min({column})"
        case "expect_column_max_to_be_between": return f"max({column})"
        case "expect_column_stdev_to_be_between": return f"stddev_samp({column})"
    raise SystemExit(f"with_duckdb.py knows nothing of {kind}")


def work(expectations, data):
    reader = {"jsonl": "read_json", "parquet": "read_parquet"}.get(data.rsplit(".")[-1], "read_csv")
    table = f"{reader}('{data}')"
    row = duckdb.sql(f"select {', '.join(aggregate(*e) for e in expectations)} from {table}").fetchall()[0]
    return [
        value == 0 if kind.startswith("expect_column_value") else peer.within(value, arguments)
        for value, (kind, arguments) in zip(row, expectations)
    ]


peer.judge("DuckDB", duckdb.__version__, work)

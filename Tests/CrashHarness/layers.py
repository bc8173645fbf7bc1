"""What the layers hold: as files, as other programs read them, and as the pipeline counts them."""
import json
import os
import sqlite3

try:
    import deltalake
    import pyarrow
except ImportError:
    deltalake = None
try:
    import duckdb
except ImportError:
    duckdb = None


class Difference(Exception):
    """The layers are not what they should be."""


def data_files(layer):
    """Paths, relative to the layer, of all that a plain listing of data shows, and of hidden files."""
    seen, hidden = {}, []
    for folder, folders, names in os.walk(layer):
        if "_delta_log" in folders:
            folders.remove("_delta_log")
        for name in names:
            path = os.path.join(folder, name)
            if name.startswith("."):
                hidden.append(path)
            else:
                with open(path, "rb") as file:
                    seen[os.path.relpath(path, layer)] = file.read()
    return seen, hidden


def commits(layer):
    """The table's commits, without what is made by chance: its identity."""
    folder = os.path.join(layer, "_delta_log")
    names = sorted(name for name in os.listdir(folder) if name[:20].isdigit() and name.endswith(".json")) \
        if os.path.isdir(folder) else []
    result = []
    for number, name in enumerate(names):
        if name != f"{number:020d}.json":
            raise Difference(f"{layer}: the log has a gap before {name}")
        with open(os.path.join(folder, name)) as file:
            actions = [json.loads(line) for line in file]
        for action in actions:
            if "metaData" in action:
                action["metaData"].pop("id")
        result.append(actions)
    return result


def unfinished(folder):
    """All files under hidden names."""
    return [os.path.join(f, name) for f, _, names in os.walk(folder) for name in names
            if name.startswith(".") or name.endswith(".tmp")]


class Reference:
    """What an uninterrupted run made, to compare others with."""

    def __init__(self, project, layers):
        self.layers = layers
        self.files = {name: data_files(project.layer(name))[0] for name in layers}
        self.commits = {name: commits(project.layer(name)) for name in layers}
        self.counts = counts(project.state)
        self.rows = {name: rows(project.layer(name)) for name in layers}

    def check_whole_batches(self, project):
        """At any instant: what is there is a beginning of what will be, commit by commit, byte by byte."""
        for name in self.layers:
            layer = project.layer(name)
            seen, _ = data_files(layer)
            for path, data in seen.items():
                if self.files[name].get(path) != data:
                    raise Difference(f"{name}: a reader sees {path}, which is not what an uninterrupted run makes")
            log = commits(layer)
            for number, (commit, expected) in enumerate(zip(log, self.commits[name])):
                if commit != expected:
                    raise Difference(f"{name}: version {number} of the log is not that of an uninterrupted run: {commit}, not {expected}")
            if len(log) > len(self.commits[name]):
                raise Difference(f"{name}: the log goes on after that of an uninterrupted run")
            for action in (action for commit in log for action in commit if "add" in action):
                if action["add"]["path"] not in seen and not _decoded(action["add"]["path"]) in seen:
                    raise Difference(f"{name}: the log has {action['add']['path']}, which isn't there")

    def check_end(self, project):
        """At the end: everything is the same, and nothing is left over."""
        self.check_whole_batches(project)
        for name in self.layers:
            seen, _ = data_files(project.layer(name))
            if seen.keys() != self.files[name].keys():
                raise Difference(f"{name}: other files than those of an uninterrupted run")
            if len(commits(project.layer(name))) != len(self.commits[name]):
                raise Difference(f"{name}: another number of commits")
            if self.rows[name] is not None and rows(project.layer(name)) != self.rows[name]:
                raise Difference(f"{name}: another reader sees other rows")
        if (found := counts(project.state)) != self.counts:
            raise Difference(f"the counts are {found}, and should be {self.counts}")
        if left := unfinished(f"{project.folder}/data") + unfinished(f"{project.state}/keys"):
            raise Difference(f"files are left over: {left[:5]}")


def _decoded(path):
    from urllib.parse import unquote
    return unquote(path)


def rows(layer):
    """All rows as another program reads them, sorted; `None` without one."""
    if deltalake is None:
        return None
    table = deltalake.DeltaTable(layer)
    result = sorted(map(repr, table.to_pyarrow_table().to_pylist()))
    files = table.file_uris()
    if duckdb is not None and files:
        found = duckdb.execute("select count(*) from read_parquet(?)", [files]).fetchone()[0]
        if found != len(result):
            raise Difference(f"{layer}: DuckDB sees {found} rows, deltalake {len(result)}")
    return result


def counts(state):
    """What the pipeline counted, and what it has of its batches and files."""
    database = sqlite3.connect(f"{state}/state.db")
    try:
        return {query: database.execute(query).fetchall() for query in [
            "select number, kind, state, record_count, byte_count from batches order by number",
            "select name, byte_count, state, batch from sources order by name",
            "select * from hops order by batch, hop",
            "select * from rule_counts order by batch, rule, action",
            "select watermark, schema, breaker from pipeline",
            "select memory, count(*) from key_files group by memory",
        ]}
    finally:
        database.close()

import Expectations
import Tables

/// A table in memory with the history that a fixture gives it.
struct CommittedTable: VersionedSource {
    let table: MemoryTable
    let commits: Commits

    /// `{version: 5, added: ["3 2024-06-01T09:00:00Z 10", …], since: TIME}`: the newest commit first, each with its version, its
    /// time and the rows it added, `?` for an unknown number; `since` is where the log begins, where that isn't version 0.
    struct Commits {
        let version: Int
        let added: [TableAddition]
        let since: Int64?

        init(_ node: Argument, instant: (Argument) throws -> Int64) throws {
            try node.refuse(besides: ["version", "added", "since"])
            version = try node.required("version").number.map { Int($0.unscaled) } ?? 0
            added = try node.required("added").list().map { item in
                let words = try item.text().split(separator: " ").map(String.init)
                guard words.count == 3, let version = Int(words[0]) else {
                    throw FixtureError("a version, a time and rows were expected", item)
                }
                let time = try instant(Argument(.text(words[1]), mark: item.mark))
                return TableAddition(version: version, time: time, rowCount: Int(words[2]))
            }
            since = try node["since"].map(instant)
        }
    }

    var version: TableVersion { TableVersion(number: commits.version, committed: 0) }
    var schema: Schema { table.schema }
    var partitions: [Partition] { table.partitions }
    var typeOrigins: [TypeOrigin] { table.typeOrigins }

    func additions(after time: Int64) throws(SourceError) -> TableAdditions {
        var told: [TableAddition] = []
        for commit in commits.added {
            told.append(commit)
            if commit.time <= time, commit.rowCount != 0 {
                return TableAdditions(commits: told, isComplete: true, isWhole: true)
            }
        }
        return TableAdditions(
            commits: told, isComplete: commits.since.map { $0 <= time } ?? true, isWhole: commits.since == nil)
    }

    func open(_ projection: Projection, ordinals: Set<Int>?) throws(SourceError) -> any BatchReader {
        try table.open(projection, ordinals: ordinals)
    }

    func retyping(_ types: [Int: LogicalType], origin: TypeOrigin) -> (any BatchSource)? { nil }
}

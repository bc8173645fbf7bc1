public import Statistics
public import Tables

/// Values that are to differ from row to row.
public struct UniqueKey: Sendable, Hashable {
    /// By the schema's index.
    public let columns: [Int]
    public let ignoring: IgnoreRowIf

    public init(columns: [Int], ignoring: IgnoreRowIf) {
        self.columns = columns
        self.ignoring = ignoring
    }

    /// The same with the columns in the order of their names: keys of the same columns have equal hashes then, in whatever order a
    /// suite lists them.
    public func ordered(by schema: Schema) -> UniqueKey {
        UniqueKey(columns: columns.sorted { schema.fields[$0].name < schema.fields[$1].name }, ignoring: ignoring)
    }

    /// The rows that must differ, and a hash for each row: equal for equal keys, where missing equals missing.
    ///
    /// Without a seed the hashes are those that a scan groups rows by, and of this process only; with one they may be kept.
    public func hashes(of batch: Batch, seed: UInt64? = nil) -> (considered: Bitmap, hashes: [Hash128]) {
        let keys = columns.map { batch.column($0) }
        let hasher = seed.map { RowHasher(keys, seed: $0, isLasting: true) } ?? RowHasher(keys)
        return (ignoring.considered(keys, rowCount: batch.rowCount), hasher.hashes(rowCount: batch.rowCount))
    }
}

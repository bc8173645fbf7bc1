import Statistics
public import Tables

/// The columns by which repetitions are told.
public struct DeduplicationKey: Sendable, Hashable {
    /// By the schema's index.
    public let columns: [Int]

    public init(columns: [Int]) { self.columns = columns }

    /// The rows that have the whole key, and a hash for each row: equal for equal keys, in this process and any other.
    ///
    /// A row in which a part of the key is missing repeats nothing: who it is can't be told, and it must not be lost.
    public func hashes(of batch: Batch, seed: UInt64) -> (rows: Bitmap, hashes: [Hash128]) {
        let keys = columns.map { batch.column($0) }
        var rows = Bitmap(repeating: true, count: batch.rowCount)
        for key in keys { rows.formIntersection(key.present) }
        return (rows, RowHasher(keys, seed: seed, isLasting: true).hashes(rowCount: batch.rowCount))
    }
}

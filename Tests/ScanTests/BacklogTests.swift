import Expectations
import Foundation
import Scan
import Suites
import Synchronization
import Tables
import Testing

@Suite struct BacklogTests {
    /// A thread that stalls holds up the others before what they gathered fills the memory.
    @Test func nobodyRunsAwayFromAStalledThread() async throws {
        let table = MemoryTable(
            Schema([Field("a", .int64)]), columns: [(0..<3_000).map { .integer(Int128($0)) }], batchSize: 1)
        let source = StallingTable(table: table)
        let expectations = try expectations("expectations:\n  - expect_column_values_to_be_unique: {column: a}")
        let report = await Scanner(threads: 4).judge(expectations, source: source, now: noon)
        #expect(report.rowCount == 3_000)
        #expect(report.outcomes == ["passed"])
        let taken = source.takenMeanwhile.withLock { $0 }
        #expect(taken > 3 && taken < 300, "\(taken) batches were taken while the first was held up")
    }
}

/// A table whose first batch comes late: others may take theirs meanwhile.
private final class StallingTable: BatchSource {
    private let table: MemoryTable
    private let taken = Mutex(0)
    /// Batches that others had taken when the first one came.
    let takenMeanwhile = Mutex(0)

    init(table: MemoryTable) { self.table = table }

    var schema: Schema { table.schema }
    var partitions: [Partition] { table.partitions }
    var typeOrigins: [TypeOrigin] { table.typeOrigins }

    func retyping(_ types: [Int: LogicalType], origin: TypeOrigin) -> (any BatchSource)? { nil }

    func open(_ projection: Projection, ordinals: Set<Int>?) throws(SourceError) -> any BatchReader {
        StallingReader(table: self, reader: try table.open(projection, ordinals: ordinals))
    }

    fileprivate func pass(_ batch: Batch) -> Batch {
        taken.withLock { $0 += 1 }
        if batch.ordinal == 0 {
            var patience = 200_000
            while patience > 0, taken.withLock({ $0 }) < 1_000 {
                sched_yield()
                patience -= 1
            }
            takenMeanwhile.withLock { meanwhile in meanwhile = taken.withLock { $0 } }
        }
        return batch
    }
}

private struct StallingReader: BatchReader {
    let table: StallingTable
    let reader: any BatchReader

    func makeWorker() -> any BatchWorker { StallingWorker(table, reader.makeWorker()) }
}

private final class StallingWorker: BatchWorker {
    private let table: StallingTable
    private let worker: any BatchWorker

    init(_ table: StallingTable, _ worker: any BatchWorker) {
        self.table = table
        self.worker = worker
    }

    var widenings: [Int: LogicalType] { [:] }

    func next() throws(SourceError) -> Batch? { try worker.next().map { table.pass($0) } }
}

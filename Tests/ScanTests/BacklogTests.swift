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

    /// Whoever holds the batch that all others wait for may hold those behind it as well.
    @Test(.timeLimit(.minutes(10))) func nobodyWaitsForABatchOfItsOwn() async throws {
        let table = MemoryTable(
            Schema([Field("a", .int64)]), columns: [(0..<900).map { .integer(Int128($0)) }], batchSize: 1)
        let source = StretchedTable(table: table, stretch: 300)
        let expectations = try expectations("expectations:\n  - expect_column_values_to_not_be_null: {column: a}")
        let report = await Scanner(threads: 3).judge(expectations, source: source, now: noon)
        #expect(report.rowCount == 900)
        #expect(report.outcomes == ["passed"])
    }
}

/// A table whose batches are taken by stretches, of which the first goes on when the others have come far.
private final class StretchedTable: BatchSource {
    private let table: MemoryTable
    let stretch: Int
    private let state = Mutex((stretches: 0, batches: 0))

    init(table: MemoryTable, stretch: Int) {
        self.table = table
        self.stretch = stretch
    }

    var schema: Schema { table.schema }
    var partitions: [Partition] { table.partitions }
    var typeOrigins: [TypeOrigin] { table.typeOrigins }

    func retyping(_ types: [Int: LogicalType], origin: TypeOrigin) -> (any BatchSource)? { nil }

    func open(_ projection: Projection, ordinals: Set<Int>?) throws(SourceError) -> any BatchReader {
        StretchedReader(table: self, projection: projection)
    }

    fileprivate func takeStretch() -> Range<Int> {
        state.withLock { state in
            defer { state.stretches += 1 }
            return state.stretches * stretch..<(state.stretches + 1) * stretch
        }
    }

    /// A batch, when its turn has come: the second one of all when others have taken so many that nobody takes another.
    fileprivate func batch(_ ordinal: Int, _ projection: Projection) throws(SourceError) -> Batch? {
        if ordinal == 1 { while state.withLock({ $0.batches < 257 }) { sched_yield() } }
        state.withLock { $0.batches += 1 }
        return Batch(ordinal: ordinal, rowCount: 1, columns: [Column(.int64, [.integer(Int128(ordinal))])])
    }
}

private struct StretchedReader: BatchReader {
    let table: StretchedTable
    let projection: Projection

    func makeWorker() -> any BatchWorker { StretchedWorker(table, projection) }
}

private final class StretchedWorker: BatchWorker {
    private let table: StretchedTable
    private let projection: Projection
    private var stretch = 0..<0

    init(_ table: StretchedTable, _ projection: Projection) {
        self.table = table
        self.projection = projection
    }

    var widenings: [Int: LogicalType] { [:] }

    func next() throws(SourceError) -> Batch? {
        if stretch.isEmpty { stretch = table.takeStretch() }
        guard let first = stretch.first, first < 900 else { return nil }
        stretch = (first + 1)..<stretch.upperBound
        return try table.batch(first, projection)
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

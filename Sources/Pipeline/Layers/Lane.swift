import Delta
import Expectations
import Foundation
import Suites
import Synchronization
import Tables

/// Writes its share of a batch's chunks, in their order, into data files of their layers.
///
/// Chunks are handed over in order; whoever has time writes them, one thread at a time.
final class Lane: Sendable {
    private let layers: PipelineLayers
    private let plan: BatchPlan
    private let number: Int
    private let queue = Mutex<[Settlement.Settled]>([])
    private let writers: Mutex<Writers>

    private struct Writers {
        var bronze: DataFileWriter?
        var silver: DataFileWriter?
        var quarantine: DataFileWriter?
        var late: DataFileWriter?
        var failure: PipelineError?
    }

    init(_ layers: PipelineLayers, plan: BatchPlan, number: Int) {
        self.layers = layers
        self.plan = plan
        self.number = number
        writers = Mutex(Writers())
    }

    /// Chunks that wait to be written, and their bytes as they were read.
    var backlog: (chunks: Int, byteCount: Int) {
        queue.withLock { ($0.count, $0.reduce(0) { $0 + $1.judged.source.byteCount }) }
    }

    var failure: PipelineError? { writers.withLock { $0.failure } }

    func take(_ chunk: Settlement.Settled) { queue.withLock { $0.append(chunk) } }

    /// Writes what waits, unless another thread does so already.
    func work() {
        while queue.withLock({ !$0.isEmpty }) {
            let isMine: ()? = writers.withLockIfAvailable { writers in
                while let chunk = next() {
                    guard writers.failure == nil else { continue }
                    do throws(PipelineError) { try write(chunk, &writers) } catch { writers.failure = error }
                }
            }
            guard isMine != nil else { return }
        }
    }

    /// Writes what waits still, and makes the files of each layer durable; to be called when nobody else is at work.
    func finish() throws(PipelineError) -> [String: [DataFile]] {
        work()
        return try writers.withLock { writers throws(PipelineError) in
            if let failure = writers.failure { throw failure }
            var made: [String: [DataFile]] = [:]
            let all: [(LayerTable?, DataFileWriter?)] = [
                (layers.bronze, writers.bronze), (layers.silver, writers.silver),
                (layers.quarantine, writers.quarantine),
                (layers.late, writers.late),
            ]
            for case (let layer?, let writer?) in all {
                do throws(DeltaError) { made[layer.name] = try writer.finish() } catch { throw PipelineError(error) }
            }
            return made
        }
    }

    private func next() -> Settlement.Settled? {
        queue.withLock { $0.isEmpty ? nil : $0.removeFirst() }
    }

    private func write(_ chunk: Settlement.Settled, _ writers: inout Writers) throws(PipelineError) {
        let judged = chunk.judged
        let count = judged.source.rowCount
        let lineage = LineageColumns(judged.source, judged.rescue, plan: plan, firstRow: chunk.firstRow)
        if let bronze = layers.bronze, plan.replayed.isEmpty {
            let columns = judged.source.columns.compactMap(\.self) + lineage.all
            try append(bronze.fitted(columns), count, to: &writers.bronze, of: bronze)
        }
        if !chunk.passed.isEmpty {
            let columns = judged.silver.columns.compactMap(\.self)
            let passed = chunk.passed.count == count ? columns : columns.map { $0.selecting(chunk.passed) }
            try append(layers.silver.fitted(passed), chunk.passed.count, to: &writers.silver, of: layers.silver)
        }
        let apart = chunk.quarantined + chunk.late
        if !apart.isEmpty {
            let rows = QuarantineRows(chunk, apart, lineage, plan: plan, layers: layers)
            try append(rows.columns, apart.count, to: &writers.quarantine, of: layers.quarantine)
        }
        guard let late = layers.late else { return }
        for table in chunk.apart {
            let rows = QuarantineRows(chunk, of: table, lineage, plan: plan, layers: layers)
            try append(rows.columns, rows.count, to: &writers.late, of: late)
        }
    }

    private func append(
        _ columns: [Column], _ count: Int, to writer: inout DataFileWriter?, of layer: LayerTable
    ) throws(PipelineError) {
        let open: DataFileWriter
        if let writer {
            open = writer
        } else {
            open = try layer.writer(layers.table(of: layer), pipeline: layers.pipeline, plan: plan, lane: number)
            writer = open
        }
        do throws(DeltaError) {
            try open.append(Batch(ordinal: 0, rowCount: count, columns: columns))
        } catch { throw PipelineError(error) }
    }
}

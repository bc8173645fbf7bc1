import Delta
import Expectations
import Intake
import Scan
import Synchronization
import Tables

/// Reads a plan's files, judges their records and writes them under hidden names; without lanes, judges them and no more.
///
/// Threads read, judge and write; what depends on earlier records is settled in the order of the input, under one lock. The same plan
/// gives the same files, however many threads there are.
final class BatchRun: Sendable {
    private let source: IntakeSource
    private let stage: RecordStage
    private let plan: BatchPlan
    private let lanes: [Lane]
    private let state: Mutex<State>
    private let backlog = Backlog()
    /// Whether somebody wants the run to end.
    private let isCancelled: @Sendable () -> Bool
    /// So many chunks, or bytes of them, may be in memory beyond those at hand.
    private static let mostWaiting = 6
    private static let mostWaitingBytes = 16 << 20

    private struct State {
        var settlement: Settlement
        var order = InputOrder<RecordStage.Judged>()
        var earlyBytes = 0
        /// Batches that the lanes were given.
        var given = 0
        var failure: BatchFailure?
        /// Columns whose values want wider types, by the source's index: nothing is judged any more, only read.
        var widenings: [Int: LogicalType] = [:]
    }

    init(
        _ source: IntakeSource, stage: RecordStage, plan: BatchPlan, settlement: Settlement, lanes: [Lane],
        isCancelled: @escaping @Sendable () -> Bool
    ) {
        self.source = source
        self.stage = stage
        self.plan = plan
        self.lanes = lanes
        self.isCancelled = isCancelled
        state = Mutex(State(settlement: settlement))
    }

    /// Runs the plan on so many threads; replayed records are few, and read by one.
    func run(threads: Int) async throws(BatchFailure) -> (settlement: Settlement, files: [String: [DataFile]]) {
        let reader: any BatchReader
        do throws(SourceError) { reader = try source.open(stage.projection, ordinals: nil) } catch {
            throw BatchFailure(error)
        }
        let count = plan.replayed.isEmpty ? max(1, threads) : 1
        await WorkerThreads.run(count) { [self] _ in work(reader.makeWorker()) }
        if let failure = state.withLock({ $0.failure }) { throw failure }
        let widenings = state.withLock { $0.widenings }
        guard widenings.isEmpty else {
            let names = stage.columns.source.names
            throw .tooNarrow(widenings.sorted { $0.key < $1.key }.map { Field(names[$0.key], $0.value) })
        }
        guard state.withLock({ $0.order.isComplete }) else {
            throw .pipeline(
                PipelineError(.imbalance, "chunks of the input are missing", place: "batch \(plan.number)"))
        }
        do throws(SourceError) { try source.check() } catch { throw BatchFailure(error) }
        let files = try await finish()
        return (state.withLock { $0.settlement }, files)
    }

    /// The files of each layer, in the order of the lanes.
    private func finish() async throws(BatchFailure) -> [String: [DataFile]] {
        let made = Mutex<[Int: Result<[String: [DataFile]], PipelineError>]>([:])
        await WorkerThreads.run(lanes.count) { [lanes] number in
            let result = Result { () throws(PipelineError) in try lanes[number].finish() }
            made.withLock { $0[number] = result }
        }
        var files: [String: [DataFile]] = [:]
        for (_, result) in made.withLock({ $0.sorted { $0.key < $1.key } }) {
            do throws(PipelineError) { files.merge(try result.get(), uniquingKeysWith: +) } catch {
                throw .pipeline(error)
            }
        }
        return files
    }

    private func work(_ worker: any BatchWorker) {
        // Of the file at hand; right where one thread reads everything.
        var place = (partition: 0, rows: 0)
        var next = InputOrder<RecordStage.Judged>.Place.first
        while waitForTurn(next) {
            do throws(SourceError) {
                guard let batch = try worker.next() else { return }
                next = .init(after: batch)
                guard !isTooNarrow(worker.widenings) else {
                    backlog.hasShrunk()
                    continue
                }
                if batch.partition != place.partition { place = (batch.partition, 0) }
                let rescue = source.rescue(batch)
                let lineage = LineageColumns(batch, rescue, plan: plan, firstRow: place.rows)
                submit(stage.judge(batch, rescue, lineage: lineage))
                place.rows += batch.rowCount
                write()
            } catch {
                state.withLock { $0.failure = $0.failure ?? BatchFailure(error) }
                backlog.hasShrunk()
            }
        }
    }

    /// Whether the plan's types are too narrow, by what this worker or another one found.
    ///
    /// All of the input is read then, so that the next plan has the types that all of it needs. Records that are judged again are few,
    /// and change no types but those of columns that had no value yet.
    private func isTooNarrow(_ widenings: [Int: LogicalType]) -> Bool {
        let isFirst = { [source] (column: Int) in source.typeOrigins[column] == .unknown }
        let wanted = plan.order == nil ? widenings : widenings.filter { isFirst($0.key) }
        return state.withLock { state in
            for (column, type) in wanted {
                let known = state.widenings[column] ?? type
                state.widenings[column] = known.widened(toInclude: type) ?? (isFirst(column) ? .string : type)
            }
            guard !state.widenings.isEmpty else { return false }
            state.order.drop()
            state.earlyBytes = 0
            return true
        }
    }

    /// Whether to take another chunk, as soon as not too many are in memory, or the next part of one that all others wait for.
    private func waitForTurn(_ next: InputOrder<RecordStage.Judged>.Place) -> Bool {
        backlog.wait {
            state.withLock { state in
                state.failure == nil && state.widenings.isEmpty && state.order.next != next
                    && Self.isMuch(state.order.count, state.earlyBytes)
            }
        }
        guard !isCancelled() else {
            state.withLock { $0.failure = $0.failure ?? .cancelled }
            return false
        }
        return state.withLock { $0.failure == nil }
    }

    private func submit(_ judged: RecordStage.Judged) {
        state.withLock { state in
            guard state.widenings.isEmpty else { return }
            state.order.add(judged, of: judged.source)
            state.earlyBytes += judged.source.byteCount
            while state.failure == nil, let next = state.order.take() {
                state.earlyBytes -= next.source.byteCount
                let settled = state.settlement.settle(next)
                if !lanes.isEmpty { lanes[state.given % lanes.count].take(settled) }
                state.given += 1
            }
        }
        backlog.hasShrunk()
    }

    /// Writes what waits; a thread that finds others at it goes on reading, unless there is too much.
    private func write() {
        repeat {
            for lane in lanes {
                lane.work()
                if let failure = lane.failure {
                    state.withLock { $0.failure = $0.failure ?? .pipeline(failure) }
                    backlog.hasShrunk()
                    return
                }
            }
        } while isBehind
    }

    /// Whether more waits to be written than may.
    private var isBehind: Bool {
        let waiting = lanes.map(\.backlog)
        return Self.isMuch(waiting.reduce(0) { $0 + $1.chunks } - 1, waiting.reduce(0) { $0 + $1.byteCount })
    }

    private static func isMuch(_ chunks: Int, _ byteCount: Int) -> Bool {
        chunks >= mostWaiting || byteCount >= mostWaitingBytes
    }
}

/// Why a batch could not be run.
enum BatchFailure: Error, Sendable {
    /// One of the plan's files, by its place there, can't be read.
    case file(Int, SourceError)
    case source(SourceError)
    case pipeline(PipelineError)
    /// Values want wider types of columns than the plan's.
    case tooNarrow([Field])
    /// Somebody wanted the run to end.
    case cancelled

    init(_ error: SourceError) {
        self = error.partition.map { .file($0, error) } ?? .source(error)
    }
}

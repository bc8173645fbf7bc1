import Expectations
import Scan
import Statistics
import Synchronization
public import Tables

/// Sends records through a gate: those that pass to one sink, those that are kept apart to another, in their order.
///
/// Threads read and judge; what they found is written in the order of the input, under one lock. A batch is written as soon as those
/// before it were, so that nothing waits for input that doesn't come.
public final class GateStream: Sendable {
    /// Takes whole lines; called in order, by one thread at a time.
    ///
    /// An error says how many it took as ``SourceError/rowsIntoBatch``.
    public typealias Sink = @Sendable ([UInt8]) throws(SourceError) -> Void

    private let gate: Gate
    private let partitions: [Partition]
    private let quarantine: QuarantineWriter
    /// Of all rules, each once.
    private let columnsRead: [GateRule.ReadColumn]
    private let good: Sink
    private let bad: Sink
    private let state: Mutex<State>
    private let backlog = Backlog()
    /// So many batches may wait for an earlier one: they hold their records.
    private static let mostEarly = 16

    private struct State {
        var memory: GateMemory
        var report: GateReport
        var order = InputOrder<Judged>()
        /// Rows of the partition at hand that were written.
        var rows = 0
        var partition = 0
        var failure: SourceError?

        var isDone: Bool { failure != nil || report.stoppedBy != nil }
    }

    private struct Judged {
        let batch: Batch
        let verdicts: GateVerdicts
        /// Where the rows go; `nil` where a rule has to remember what came before.
        let split: Split?
    }

    /// Where the rows of a batch go, and what is written of them.
    private struct Split {
        let rows: GateSplit
        let good: [UInt8]
        let bad: QuarantinedLines
    }

    public init(_ gate: Gate, partitions: [Partition], good: @escaping Sink, bad: @escaping Sink) {
        self.gate = gate
        self.partitions = partitions
        quarantine = QuarantineWriter(gate, partitions)
        var named: Set<Int> = []
        columnsRead = gate.rules.flatMap(\.columnsRead).filter { named.insert($0.index).inserted }
        self.good = good
        self.bad = bad
        state = Mutex(State(memory: GateMemory(gate.rules), report: GateReport(ruleCount: gate.rules.count)))
    }

    /// Reads and judges on so many threads until the input ends, a rule stops the stream, or something can't be read or written.
    ///
    /// The reader gives batches with records, of the gate's projection.
    public func run(_ reader: any BatchReader, threads: Int) async {
        await WorkerThreads.run(threads) { [self] _ in work(reader.makeWorker()) }
    }

    private func work(_ worker: any BatchWorker) {
        var next = InputOrder<Judged>.Place.first
        while waitForTurn(next) {
            do throws(SourceError) {
                guard let batch = try worker.next() else { return }
                next = .init(after: batch)
                let verdicts = gate.judge(batch)
                submit(Judged(batch: batch, verdicts: verdicts, split: gate.hasMemory ? nil : split(batch, verdicts)))
            } catch {
                state.withLock { $0.failure = $0.failure ?? error }
                backlog.hasShrunk()
            }
        }
    }

    /// Whether to take another batch, as soon as not too many wait for one before them: who holds that one is not here, or is to
    /// take it from a chunk that it has already, behind the batch it took last.
    private func waitForTurn(_ next: InputOrder<Judged>.Place) -> Bool {
        backlog.wait {
            state.withLock { !$0.isDone && $0.order.next != next && $0.order.count >= Self.mostEarly }
        }
        return state.withLock { !$0.isDone }
    }

    private func submit(_ judged: Judged) {
        state.withLock { state in
            state.order.add(judged, of: judged.batch)
            while !state.isDone, let next = state.order.take() {
                do throws(SourceError) { try write(next, &state) } catch { state.failure = error }
            }
        }
        backlog.hasShrunk()
    }

    private func write(_ judged: Judged, _ state: inout State) throws(SourceError) {
        let batch = judged.batch
        var verdicts = judged.verdicts
        state.memory.settle(&verdicts)
        if batch.partition != state.partition { (state.partition, state.rows) = (batch.partition, 0) }
        let split = judged.split ?? split(batch, verdicts)
        state.report.note(columnsRead, of: batch, split.rows)
        // What was to be kept apart is safe before anything goes on.
        let kept = split.bad.numbered(after: state.rows)
        if !kept.isEmpty {
            do throws(SourceError) { try bad(kept) } catch {
                state.report.add(split.rows, verdicts, kept: error.rowsIntoBatch ?? 0)
                throw error
            }
        }
        if !split.good.isEmpty {
            do throws(SourceError) { try good(split.good) } catch {
                state.report.add(split.rows, verdicts, delivered: error.rowsIntoBatch ?? 0)
                throw error
            }
        }
        state.rows += batch.rowCount
        state.report.add(split.rows, verdicts)
    }

    private func split(_ batch: Batch, _ verdicts: GateVerdicts) -> Split {
        let rows = GateSplit(verdicts, gate.rules)
        return Split(
            rows: rows, good: Self.lines(of: batch, rows.passed),
            bad: quarantine.lines(of: rows.quarantined, in: batch, verdicts))
    }

    /// Some rows' records, a line each; those that lie together with line feeds between them are copied together.
    private static func lines(of batch: Batch, _ rows: Bitmap) -> [UInt8] {
        guard let records = batch.records else { return [] }
        var lines: [UInt8] = []
        records.withCells { bytes, starts, lengths in
            lines.reserveCapacity(bytes.count + 1)
            var run = 0..<0
            rows.forEach { row in
                let (start, end) = (Int(starts[row]), Int(starts[row]) + Int(lengths[row]))
                if start == run.upperBound + 1, !run.isEmpty, bytes[run.upperBound] == 0x0A {
                    run = run.lowerBound..<end
                    return
                }
                append(bytes, run, to: &lines)
                run = start..<end
            }
            append(bytes, run, to: &lines)
        }
        return lines
    }

    private static func append(_ bytes: UnsafeRawBufferPointer, _ run: Range<Int>, to lines: inout [UInt8]) {
        guard !run.isEmpty else { return }
        lines.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[run]))
        lines.append(0x0A)
    }

    /// What was done, and what ended it before the input's end; to be asked for when the run has ended.
    public var outcome: (report: GateReport, failure: SourceError?) { state.withLock { ($0.report, $0.failure) } }
}

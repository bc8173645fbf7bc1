import Expectations
import Expressions
import Statistics
import Synchronization
import Tables

/// One pass over a table: workers take batches and gather partial metrics, which are joined in input order under one lock.
final class ScanPass: Sendable {
    private let plan: ScanPlan
    private let reader: any BatchReader
    private let shortcuts: Shortcuts
    private let progress: @Sendable (ScanProgress) -> Void
    private let conditions: Conditions
    private let state: Mutex<State>
    /// Rows that were told of last.
    private let told = Mutex(0)
    private let backlog = Backlog()
    /// So many parts wait for that of an earlier batch before nobody takes another: a thread that stalls costs time, not memory.
    private static let mostEarly = 256

    /// Where a batch lies in the table.
    struct BatchPlace: Sendable {
        let partition: Int
        let firstRow: Int
        var rowCount: Int
    }

    private struct State {
        var totals: [any Accumulator]
        /// What the parts of batches that nobody has taken yet begin with.
        var empties: [any Accumulator]
        /// How many samples of each total the empty ones leave out.
        var fullSamples: [Int]
        /// Partial metrics, in the order in which they are joined.
        var partials = InputOrder<Partial>()
        var places: [BatchPlace] = []
        var rowCount = 0
        var byteCount = 0
        var widenings = LateTypes()
        var sightings = ColumnSightings()
        var failure: SourceError?
        var shouldStop = false

        /// Notes where the rows of a batch lie.
        mutating func add(_ batch: Partial) {
            if batch.continues {
                places[places.count - 1].rowCount += batch.rowCount
            } else {
                places.append(
                    BatchPlace(partition: batch.partition, firstRow: rowCount, rowCount: batch.rowCount))
            }
        }
    }

    /// What was gathered of a batch.
    private struct Partial {
        let accumulators: [any Accumulator]
        let partition: Int
        let rowCount: Int
        let byteCount: Int
        /// Whether the rows follow others of the same place in input order.
        let continues: Bool
    }

    struct Outcome {
        let totals: [any Accumulator]
        let places: [BatchPlace]
        let rowCount: Int
        let byteCount: Int
        /// Columns whose guessed types were too narrow: nothing else of the outcome counts then.
        let widenings: [Int: LogicalType]
        /// Which columns the table turned out to have.
        let sightings: ColumnSightings
        let failure: SourceError?
    }

    /// `reader` leaves out what `shortcuts` make needless.
    init(
        _ plan: ScanPlan, _ reader: any BatchReader, _ shortcuts: Shortcuts,
        progress: @escaping @Sendable (ScanProgress) -> Void
    ) {
        self.plan = plan
        self.reader = reader
        self.shortcuts = shortcuts
        self.progress = progress
        conditions = Conditions(plan.gatherings)
        let empties = plan.gatherings.map(\.empty)
        state = Mutex(
            State(totals: empties, empties: empties, fullSamples: [Int](repeating: 0, count: empties.count)))
    }

    /// What one thread does.
    func work() {
        let worker = reader.makeWorker()
        defer { state.withLock { $0.sightings.merge(worker.sightings) } }
        var last: Int?
        while waitForTurn(after: last) {
            do throws(SourceError) {
                guard let batch = try worker.next() else { return }
                last = batch.ordinal
                guard !isTooNarrow(worker.widenings, batch) else { continue }
                submit(gather(batch), batch)
            } catch {
                state.withLock { state in
                    state.failure = state.failure ?? error
                    state.shouldStop = true
                }
                backlog.hasShrunk()
            }
        }
    }

    /// Has all workers end before their next batches; the outcome is a failure then.
    func cancel() {
        state.withLock { state in
            state.failure =
                state.failure
                ?? SourceError(
                    code: "cancelled", message: "the reading was ended before the data was read",
                    place: plan.source.partitions.first?.name ?? "the data")
            state.shouldStop = true
        }
        backlog.hasShrunk()
    }

    /// Whether a worker is to take another batch, as soon as not too many parts wait to be joined; `last` is the one it took before.
    ///
    /// Workers may hold several batches in a row and take them one by one: that which the parts wait for is the next one of
    /// a worker whose last part was joined, so that none such waits.
    private func waitForTurn(after last: Int?) -> Bool {
        backlog.wait {
            state.withLock { state in
                let isEarly = last.map { $0 >= state.places.count } ?? true
                return !state.shouldStop && isEarly && state.partials.count >= Self.mostEarly
            }
        }
        return state.withLock { state in
            !state.shouldStop && (last.map { state.widenings.wants($0) } ?? true)
        }
    }

    /// Whether the table is to be read again with other types, by what this worker or another one found: nothing else counts then.
    private func isTooNarrow(_ widenings: [Int: LogicalType], _ batch: Batch) -> Bool {
        let isTooNarrow = state.withLock { state in
            state.widenings.note(widenings, batch: batch.ordinal)
            if !state.widenings.isEmpty { state.partials.drop() }
            return !state.widenings.isEmpty
        }
        if isTooNarrow { backlog.hasShrunk() }
        return isTooNarrow
    }

    private func gather(_ batch: Batch) -> Partial {
        let selections = conditions.evaluate(batch)
        var accumulators = state.withLock { $0.empties }
        for index in accumulators.indices {
            shortcuts.update(
                &accumulators[index], of: index, batch, rows: conditions.selection(of: index, selections))
        }
        return Partial(
            accumulators: accumulators, partition: batch.partition, rowCount: batch.rowCount,
            byteCount: batch.byteCount, continues: batch.part.firstRow > 0)
    }

    private func submit(_ partial: Partial, _ batch: Batch) {
        let reached = state.withLock { state -> ScanProgress? in
            guard state.widenings.isEmpty else { return nil }
            state.partials.add(partial, of: batch)
            while let next = state.partials.take() {
                for index in state.totals.indices { Self.join(&state.totals[index], next.accumulators[index]) }
                Self.leaveOutFullSamples(&state)
                state.add(next)
                state.rowCount += next.rowCount
                state.byteCount += next.byteCount
            }
            return ScanProgress(
                bytes: Int64(state.byteCount), totalBytes: plan.source.unpackedByteCount, rows: state.rowCount)
        }
        backlog.hasShrunk()
        if let reached { tell(reached) }
    }

    /// Tells how far the scan has come, in order.
    ///
    /// Whoever shows it may be slow: meanwhile the others go on untold.
    private func tell(_ reached: ScanProgress) {
        told.withLockIfAvailable { rows in
            guard reached.rows > rows else { return }
            rows = reached.rows
            progress(reached)
        }
    }

    private static func join<Total: Accumulator>(_ total: inout Total, _ part: any Accumulator) {
        guard let part = part as? Total else { preconditionFailure("equal metrics have one accumulator") }
        total.merge(part)
    }

    /// Has the parts of later batches leave out samples that no longer have room.
    ///
    /// All batches that a total doesn't have yet come behind those that it has.
    private static func leaveOutFullSamples(_ state: inout State) {
        for index in state.totals.indices {
            let count = state.totals[index].fullSampleCount
            guard count != state.fullSamples[index] else { continue }
            state.fullSamples[index] = count
            follow(&state.empties[index], state.totals[index])
        }
    }

    private static func follow<Total: Accumulator>(_ empty: inout Total, _ total: any Accumulator) {
        guard let total = total as? Total else { preconditionFailure("equal metrics have one accumulator") }
        empty.follow(total)
    }

    /// What was gathered; to be asked for when all threads have ended.
    func outcome() -> Outcome {
        let outcome = finished()
        tell(
            ScanProgress(
                bytes: Int64(outcome.byteCount), totalBytes: plan.source.unpackedByteCount, rows: outcome.rowCount))
        return outcome
    }

    private func finished() -> Outcome {
        state.withLock { state in
            Outcome(
                totals: state.totals, places: state.places, rowCount: state.rowCount, byteCount: state.byteCount,
                widenings: state.widenings.types, sightings: state.sightings, failure: state.failure)
        }
    }
}

/// The row conditions of a plan, each evaluated once a batch.
private struct Conditions: Sendable {
    private let conditions: [RowSelection]
    /// For each gathering, its condition's place.
    private let places: [Int?]

    init(_ gatherings: [Gathering]) {
        var conditions: [RowSelection] = []
        var known: [RowSelection: Int] = [:]
        places = gatherings.map { gathering in
            guard let condition = gathering.condition else { return nil }
            if let place = known[condition] { return place }
            known[condition] = conditions.count
            conditions.append(condition)
            return conditions.count - 1
        }
        self.conditions = conditions
    }

    func evaluate(_ batch: Batch) -> [Bitmap] { conditions.map { $0.evaluate(batch) } }

    func selection(of gathering: Int, _ selections: [Bitmap]) -> Bitmap? { places[gathering].map { selections[$0] } }
}

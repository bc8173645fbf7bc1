public import Expectations
public import Statistics
public import Tables

/// How far a scan has come.
public struct ScanProgress: Sendable, Equatable {
    public let bytes: Int64
    /// `nil` where it isn't known, as with packed files.
    public let totalBytes: Int64?
    public let rows: Int
}

/// What a scan came to.
public struct ScanReport: Sendable {
    /// The table's schema, with types that were guessed widened to what its values need.
    public let schema: Schema
    public let files: [FileResult]
    /// Of a table whose format keeps versions.
    public let tableVersion: TableVersion?
    public let rowCount: Int
    public let byteCount: Int
    /// In the suite's order.
    public let results: [ExpectationResult]
    public let metrics: [MetricReading]
    /// Why the data could not be read to the end.
    public let failure: RunFailure?
    /// How often the data was read from the beginning.
    public let passes: Int
}

/// Judges tables: plans, reads, gathers, and lets the expectations speak.
public struct Scanner: Sendable {
    /// Threads that read and gather; the result is the same for any number.
    public var threads: Int
    /// What the metrics of a pass may take together before they go to disk; the result is the same for any budget.
    public var memory: MemoryBudget
    /// Whether rows are left unread of which the source's own statistics tell enough; the verdicts are the same either way.
    public var usesStatistics: Bool
    /// Called now and then, from any thread.
    public var progress: @Sendable (ScanProgress) -> Void

    public init(
        threads: Int, memory: MemoryBudget = .unlimited, usesStatistics: Bool = true,
        progress: @escaping @Sendable (ScanProgress) -> Void = { _ in }
    ) {
        self.threads = max(1, threads)
        self.memory = memory
        self.usesStatistics = usesStatistics
        self.progress = progress
    }

    /// Judges a table by expectations, in one pass.
    ///
    /// Cancelling the task ends it before the next batches, with a failure `cancelled`. A second one follows where repeated rows are to be shown. Where the type of a column was guessed too narrow, or its
    /// first value comes late, the reading begins again with another type; so where expectations ask something of a column that
    /// nobody knew of before the table was read.
    public func judge(
        _ expectations: [Expectation], source: any BatchSource, now: Int64, previousSchema: PreviousSchema = .none
    ) async -> ScanReport {
        var source = source
        var passes = 0
        while true {
            let plan = ScanPlan(
                expectations, source: source, now: now, previousSchema: previousSchema, memory: memory.renewed())
            if let retyped = plan.retypedSource() {
                source = retyped
                continue
            }
            do throws(SourceError) {
                let shortcuts = shortcuts(of: plan)
                if let deferred = source as? any DeferredSource {
                    let needed =
                        usesStatistics
                        ? shortcuts.partitions(needing: plan.projection, among: deferred.unopened)
                        : deferred.unopened
                    if !needed.isEmpty {
                        source = try deferred.opening(needed)
                        continue
                    }
                }
                passes += 1
                let outcome = try await read(plan, shortcuts)
                if !outcome.widenings.isEmpty, let wider = source.retyping(outcome.widenings, origin: .inferred) {
                    source = wider
                    continue
                }
                if outcome.failure == nil, let settled = source.settling(outcome.sightings) {
                    let again = ScanPlan(
                        expectations, source: settled, now: now, previousSchema: previousSchema, memory: memory)
                    guard let answered = again.answered(by: plan) else {
                        source = settled
                        continue
                    }
                    return await report(answered, outcome, shortcuts, passes: passes)
                }
                return await report(plan, outcome, shortcuts, passes: passes)
            } catch {
                return failed(plan, error, passes: max(1, passes))
            }
        }
    }

    private func read(_ plan: ScanPlan, _ shortcuts: Shortcuts) async throws(SourceError) -> ScanPass.Outcome {
        let reader: any BatchReader
        if usesStatistics, let source = plan.source as? any OutlinedSource {
            reader = try source.open(plan.projection, narrowed: shortcuts.narrowed)
        } else {
            reader = try plan.source.open(plan.projection, ordinals: nil)
        }
        let pass = ScanPass(plan, reader, shortcuts, progress: progress)
        await withTaskCancellationHandler {
            await WorkerThreads.run(threads) { _ in pass.work() }
        } onCancel: {
            pass.cancel()
        }
        let outcome = pass.outcome()
        if outcome.failure == nil { try plan.source.checkUnchanged() }
        return outcome
    }

    private func shortcuts(of plan: ScanPlan) -> Shortcuts {
        guard usesStatistics, let source = plan.source as? any OutlinedSource else {
            return Shortcuts(gatherings: plan.gatherings.count)
        }
        return Shortcuts(source, plan.gatherings)
    }

    private func report(
        _ plan: ScanPlan, _ outcome: ScanPass.Outcome, _ shortcuts: Shortcuts, passes: Int
    ) async -> ScanReport {
        let partitions = PartitionPlaces(plan.source.partitions, outcome.places)
        if let failure = outcome.failure { return failed(plan, failure, passes: passes, partitions, outcome) }
        var finished: [MetricKey: any Sendable] = [:]
        finished.reserveCapacity(plan.metrics.count)
        var rowsUnread: [MetricKey: Int] = [:]
        for (place, (gathering, total)) in zip(plan.gatherings, outcome.totals).enumerated() {
            for (index, result) in zip(gathering.metrics, gathering.results(of: total)) {
                let key = plan.metrics[index].key
                finished[key] = result
                if shortcuts.rowsUnread[place] > 0 { rowsUnread[key] = shortcuts.rowsUnread[place] }
            }
        }
        var readings: [MetricReading] = []
        var known: Set<MetricReading> = []
        for metric in plan.metrics {
            guard let result = finished[metric.key] else { continue }
            for reading in metric.readings(of: result) where known.insert(reading).inserted { readings.append(reading) }
        }
        var measurements = Measurements(
            results: finished, partitions: partitions.readings, rowsUnread: rowsUnread,
            storedRow: { [source = plan.source] row, partition in source.storedRow(row, in: partition) })
        var passes = passes
        do throws(SourceError) {
            if try await revisit(plan, outcome, &measurements) { passes += 1 }
        } catch {
            return failed(plan, error, passes: passes + 1, partitions, outcome)
        }
        let results = plan.expectations.compactMap { planned -> ExpectationResult? in
            let result =
                switch planned.binding {
                case .success(let bound): bound.result(measurements)
                case .failure(let error): planned.expectation.result(error)
                }
            return planned.isImplied && result.success ? nil : result
        }
        return ScanReport(
            schema: plan.settledSchema, files: partitions.files, tableVersion: plan.tableVersion,
            rowCount: outcome.rowCount,
            byteCount: outcome.byteCount, results: results, metrics: readings, failure: nil, passes: passes)
    }

    /// What is left to say where the data could not be read.
    private func failed(
        _ plan: ScanPlan, _ error: SourceError, passes: Int, _ partitions: PartitionPlaces? = nil,
        _ outcome: ScanPass.Outcome? = nil
    ) -> ScanReport {
        let partitions = partitions ?? PartitionPlaces(plan.source.partitions, [])
        let failure = RunFailure(error, partitions)
        let nothing = Measurements(results: [:], partitions: partitions.readings)
        let results = plan.expectations.compactMap { planned -> ExpectationResult? in
            switch planned.binding {
            case .failure(let error): return planned.expectation.result(error)
            case .success(let bound) where bound.plan.metrics.isEmpty: return bound.result(nothing)
            case .success:
                return planned.isImplied
                    ? nil
                    : planned.expectation.errored(
                        reason: "the data could not be read: \(failure.message)", code: failure.code)
            }
        }
        return ScanReport(
            schema: plan.settledSchema, files: partitions.files, tableVersion: plan.tableVersion,
            rowCount: outcome?.rowCount ?? 0,
            byteCount: outcome?.byteCount ?? 0, results: results, metrics: [], failure: failure, passes: passes)
    }
}

extension RunFailure {
    /// With the row number where it is known: of its file, from 1.
    fileprivate init(_ error: SourceError, _ partitions: PartitionPlaces) {
        var message = "\(error.place): \(error.message)"
        if let partition = error.partition, let rows = error.rowsIntoBatch, partition < partitions.readings.count {
            message += ", in row \(partitions.readings[partition].rowCount + rows + 1)"
        }
        self.init(code: error.code, message: message, hint: error.hint)
    }
}

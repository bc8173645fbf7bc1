import Foundation
import Intake
public import Suites
import Tables

/// What a replay or release would come to: its records are judged by the stages and memories of a replay, and nothing is kept of it.
///
/// The pipeline may be running: what it settles meanwhile isn't known here. Records' lines lie in a folder of the machine's temporary
/// files, which this user alone can read, as long as it takes.
public struct ReplayRehearsal: Sendable {
    public private(set) var outcome = RequestOutcome()
    /// Records that would be kept apart again, by each rule that they break, as the quarantine names it.
    public private(set) var brokenRules: [String: Int] = [:]

    /// - Throws: `PipelineError`; `SuiteProblems` where stages or suites don't fit the records.
    public init(
        of request: QuarantineRequest, _ definition: PipelineDefinition, _ table: QuarantineTable,
        _ state: PipelineState, options: PipelineOptions
    ) async throws {
        guard let kept = try state.schema() else { return }
        let scratch = FileManager.default.temporaryDirectory.appendingPathComponent("assay-replay-\(UUID().uuidString)")
        do {
            try FileManager.default.createDirectory(
                at: scratch, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw PipelineError(.unwritable, "the folder can't be made", place: scratch.path)
        }
        defer { try? FileManager.default.removeItem(at: scratch) }
        let schema = definition.columnsJudgedAgain(kept, options).settled
        var number = try state.lastBatch()
        var stored = StoredRequest(
            number: 0, request: request, outcome: RequestOutcome(), isDone: false, failure: nil, next: .beginning)
        var opened: StreamMemory?
        while true {
            number += 1
            let batch = try ReplayBatch(
                stored, of: table, state: state, number: number, schema: schema, intake: options.intake,
                pipeline: definition.name, in: ReplayFolder(scratch.path))
            outcome.stayed += batch.stayed
            if let plan = try batch.plan(
                stored, number: number, schema: schema, fingerprint: definition.fingerprint, clock: options.clock())
            {
                let stage = try RecordStage(
                    definition, source: schema, plan: plan, keySeed: try state.hashKey(), zone: options.zone)
                // Its keys are those of all batches: nothing is committed between them.
                let memory =
                    try opened ?? StreamMemory(state, stage: stage, definition.silver, clock: plan.clock)
                opened = memory
                let settlement = Settlement(stage: stage, plan: plan, memory: memory)
                add(try await Self.judged(plan, schema, settlement, definition.silver.place, options.intake))
            } else if !batch.isFull {
                // Its counts are those of all batches, too.
                outcome.add(opened?.gold.map(\.counts) ?? [])
                return
            }
            stored = stored.continuing(at: batch.next)
        }
    }

    private static func judged(
        _ plan: BatchPlan, _ schema: KeptSchema, _ settlement: Settlement, _ silver: LayerPlace, _ intake: IntakeOptions
    ) async throws -> Settlement {
        do throws(BatchFailure) {
            let source: IntakeSource
            do throws(SourceError) { source = try plan.open(schema, intake) } catch { throw BatchFailure(error) }
            try settlement.memory.recall(whatRepeats: source, plan, settlement.stage, silver: silver)
            return try await BatchRun(
                source, stage: settlement.stage, plan: plan, settlement: settlement, lanes: [], isCancelled: { false }
            ).run(threads: 1).settlement
        } catch {
            switch error {
            case .file(_, let error), .source(let error): throw PipelineError(error)
            case .pipeline(let error): throw error
            case .cancelled: preconditionFailure("nobody can cancel it")
            case .tooNarrow: preconditionFailure("records that are judged again change no types")
            }
        }
    }

    private mutating func add(_ settlement: Settlement) {
        for fate in settlement.fates.all {
            outcome.resolved += 1
            outcome.fates[fate, default: 0] += 1
        }
        brokenRules.merge(settlement.brokenAgain, uniquingKeysWith: +)
    }
}

extension StoredRequest {
    /// The same request, of which what comes before a place is done.
    fileprivate func continuing(at next: QuarantineTable.Place) -> StoredRequest {
        StoredRequest(
            number: number, request: request, outcome: outcome, isDone: isDone, failure: failure, next: next)
    }
}

import Expectations
import Files
import Statistics
import Tables

/// The keys that a pipeline has seen, between batches and in one.
///
/// A reference, since the keys may be many and are never copied. Between the beginning of a batch and its end, `commit()` or
/// `rollBack()`, it holds that batch's keys besides.
// @unchecked: a batch's run touches it under its lock, and the driver only before and after the run.
final class StreamMemory: @unchecked Sendable {
    private let state: PipelineState
    var keys: KeyMemory?
    var gate: GateMemory
    let gold: [GoldMemory]
    private let names: [String]
    private let silver: Schema
    private let within: Int64?

    private static let deduplication = "deduplicate"

    /// Opens what the state lists, for a stage's rules; changes nothing.
    init(_ state: PipelineState, stage: RecordStage, within: Int64?) throws(PipelineError) {
        self.state = state
        self.within = within
        names = Self.names(stage)
        silver = stage.columns.silver
        gold = try stage.gold.map { table throws(PipelineError) in try GoldMemory(table, state) }
        let watermark = try state.watermark()
        func open(_ name: String) throws -> KeyMemory {
            try KeyMemory(
                folder: state.keyFolder, name: name, within: within, seed: stage.keySeed,
                files: state.keyFiles(of: name), watermark: watermark)
        }
        do {
            keys = stage.deduplication == nil ? nil : try open(Self.deduplication)
            gate = try GateMemory(stage.gate.rules) { rule in try open(Self.name(of: rule)) }
        } catch { throw PipelineError(keys: error, place: state.keyFolder) }
    }

    /// Removes files that no transaction listed: for the process that runs the pipeline.
    func sweep() {
        keys?.sweep()
        gate.sweep()
    }

    /// Whether it is that of a stage's rules, in their order.
    func fits(_ stage: RecordStage) -> Bool {
        names == Self.names(stage) && (keys != nil) == (stage.deduplication != nil) && silver == stage.columns.silver
    }

    private static func names(_ stage: RecordStage) -> [String] { stage.gate.rules.map { name(of: $0) } }

    private static func name(of rule: GateRule) -> String { "unique-\(rule.expectation.fingerprint)" }

    /// Whether keys that count for a record of that time may have been forgotten.
    func hasForgotten(_ time: Int64) -> Bool { keys?.hasForgotten(time) ?? false }

    /// The time in which records may be that records of some time repeat.
    func reach(of times: ClosedRange<Int64>) -> ClosedRange<Int64> {
        // With the room that keys are remembered longer for.
        let reach = (within ?? 0).addingClamped((within ?? 0) / 16).addingClamped(2_000_000)
        return times.lowerBound.addingClamped(-reach)...times.upperBound.addingClamped(reach)
    }

    /// Remembers a key that was forgotten once more, for the batch at hand.
    func recall(_ key: RecordStage.Key, _ time: Int64) {
        switch key.memory {
        case .deduplication: keys?.recall(key.hash, time)
        case .rule(let rule): gate.recall(key.hash, time, rule: rule)
        }
    }

    /// Makes the batch's keys durable; what it gives belongs into the transaction that commits the batch.
    func prepare(batch: Int, watermark: Int64?) throws(PipelineError) -> [KeyFileChange] {
        var changes: [KeyFileChange] = []
        func add(_ name: String, _ change: KeyChange) {
            changes += change.removed.map { KeyFileChange(memory: name, name: $0.name, description: nil) }
            changes += change.added.map { KeyFileChange(memory: name, name: $0.name, description: $0.json) }
        }
        do {
            if let change = try keys?.prepare(batch: Int64(batch), watermark: watermark) {
                add(Self.deduplication, change)
            }
            for (rule, change) in try gate.prepare(batch: Int64(batch), watermark: watermark) {
                add(names[rule], change)
            }
        } catch { throw PipelineError(keys: error, place: state.keyFolder) }
        return changes
    }

    /// The batch is committed.
    func commit() {
        for table in gold { table.commit() }
        keys?.commit()
        gate.commit()
    }

    /// Forgets the batch.
    func rollBack() {
        for table in gold { table.rollBack() }
        keys?.rollBack()
        gate.rollBack()
    }
}

extension PipelineError {
    /// What went wrong with files of keys.
    fileprivate init(keys error: any Error, place: String) {
        switch error {
        case let error as PipelineError: self = error
        case let error as OutputError: self.init(error)
        case let error as SourceError where error.code == "unreadable": self.init(error)
        case let error as SourceError: self.init(.corrupt, error.message, place: error.place, hint: error.hint)
        default: self.init(.internal, "the keys that were seen: \(String(describing: error))", place: place)
        }
    }
}

import Expectations
import Files
import Statistics
import Suites
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
    private let memories: KeyMemories
    private let silver: Schema
    private let within: Int64?
    /// As of the last batch that was committed; `nil` where keys count for ever, or no record has had a time yet.
    private(set) var watermark: KeyWatermark?
    private var prepared: KeyWatermark?
    /// Whether the state lists memories that nothing uses any more.
    private var hasDisused: Bool

    /// Opens what the state lists, for a stage's rules, and fills what it doesn't know with the keys of silver; changes nothing.
    ///
    /// Costs the reading of all keys that count; where there is something to fill, of silver's columns of keys as well.
    ///
    /// - clock: of the batch that it is opened for.
    init(
        _ state: PipelineState, stage: RecordStage, _ definition: SilverDefinition, clock: Int64
    ) throws(PipelineError) {
        self.state = state
        let memories = KeyMemories(stage, definition)
        self.memories = memories
        let within = definition.deduplicate?.within
        self.within = within
        silver = stage.columns.silver
        gold = try stage.gold.map { table throws(PipelineError) in try GoldMemory(table, state) }
        let known = try state.keyMemories()
        hasDisused = !known.isSubset(of: memories.names)
        let watermark = try KeyWatermark(state, stage, definition, clock: clock)
        self.watermark = watermark
        func open(_ name: String) throws -> KeyMemory {
            try KeyMemory(
                folder: state.keyFolder, name: name, within: within, seed: stage.keySeed,
                files: state.keyFiles(of: name), watermark: watermark?.time)
        }
        do {
            keys = try memories.deduplication.map(open)
            gate = try GateMemory(stage.gate.rules, names: memories.rules, open: open)
        } catch { throw PipelineError(keys: error, place: state.keyFolder) }
        try fill(memories.names.subtracting(known), stage, definition.place)
    }

    /// The names of its memories of keys.
    var names: Set<String> { memories.names }

    /// Removes files that no transaction listed: for the process that runs the pipeline.
    func sweep() throws(PipelineError) { KeyFolder.sweep(state.keyFolder, keeping: try state.keyFileNames()) }

    /// Whether it is that of a stage's rules, in their order.
    func fits(_ stage: RecordStage, _ definition: SilverDefinition) -> Bool {
        memories == KeyMemories(stage, definition) && silver == stage.columns.silver
    }

    /// Fills some memories with the keys of silver's records, as far as they count still.
    private func fill(
        _ names: Set<String>, _ stage: RecordStage, _ place: LayerPlace
    ) throws(PipelineError) {
        guard !names.isEmpty, let rows = try KeyRows(place, stage, columns: stage.keyProjection) else { return }
        let buckets = KeyBuckets(within: within)
        let firstLive = buckets.firstLive(watermark?.time)
        func isLive(_ time: Int64) -> Bool { buckets.bucket(of: time) >= firstLive }
        func time(_ file: KeyRows.File) -> Int64 { watermark?.time(ofPastBatch: file.written) ?? file.written }
        let files = rows.files.filter { isLive(time($0)) || $0.newest.map(isLive) ?? (stage.timeColumn != nil) }
        var filled: Set<String> = []
        try rows.read(files) { (file, silver, times) throws(PipelineError) in
            let keyTimes = times?.keyTimes(otherwise: time(file)) ?? .same(time(file))
            filled.removeAll()
            for (memory, considered, hashes) in stage.keys(of: silver) {
                // Rules may share a memory.
                guard let name = memories.name(of: memory), names.contains(name), filled.insert(name).inserted else {
                    continue
                }
                switch memory {
                case .deduplication: keys?.fill(considered, hashes: hashes, times: keyTimes)
                case .rule(let rule): gate.fill(considered, hashes: hashes, times: keyTimes, rule: rule)
                }
            }
        }
    }

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
    ///
    /// - watermark: the one behind the batch; `nil` where there is none still.
    func prepare(batch: Int, watermark: KeyWatermark?) throws(PipelineError) -> [KeyFileChange] {
        var changes: [KeyFileChange] = []
        func add(_ name: String, _ change: KeyChange) {
            changes += change.removed.map { KeyFileChange(memory: name, name: $0.name, description: nil) }
            changes += change.added.map { KeyFileChange(memory: name, name: $0.name, description: $0.json) }
        }
        do {
            if let name = memories.deduplication,
                let change = try keys?.prepare(batch: Int64(batch), watermark: watermark?.time)
            {
                add(name, change)
            }
            for (name, change) in try gate.prepare(batch: Int64(batch), watermark: watermark?.time) {
                add(name, change)
            }
        } catch { throw PipelineError(keys: error, place: state.keyFolder) }
        prepared = watermark
        return changes
    }

    /// The batch is committed.
    func commit() {
        for table in gold { table.commit() }
        keys?.commit()
        gate.commit()
        watermark = prepared
        guard hasDisused else { return }
        hasDisused = false
        KeyFolder.sweep(state.keyFolder, keeping: Set((keys?.fileNames ?? []) + gate.fileNames))
    }

    /// Forgets the batch.
    func rollBack() {
        for table in gold { table.rollBack() }
        keys?.rollBack()
        gate.rollBack()
    }
}

extension KeyWatermark {
    /// The one that the state has, if it goes by the time that a stage does; else what it would be if it always had.
    ///
    /// `nil` where keys count for ever, and where silver has no record with such a time.
    fileprivate init?(
        _ state: PipelineState, _ stage: RecordStage, _ definition: SilverDefinition, clock: Int64
    ) throws(PipelineError) {
        guard let same = definition.deduplicate, same.within != nil else { return nil }
        if let known = try state.watermark(), known.column == same.timeColumn {
            self = known
            return
        }
        guard let column = stage.timeColumn else {
            self.init(column: nil, time: clock, clock: clock)
            return
        }
        var projection = Projection()
        projection.add(.values, of: column)
        let horizon = clock.addingClamped(stage.futureTolerance)
        var newest: Int64?
        guard let rows = try KeyRows(definition.place, stage, columns: projection) else { return nil }
        try rows.read(rows.files) { (_, _, times) throws(PipelineError) in
            times?.rows.forEach { row in
                if let time = times?.ticks[row], time <= horizon { newest = max(newest ?? time, time) }
            }
        }
        guard let newest else { return nil }
        self.init(column: same.timeColumn, time: newest.subtractingClamped(same.lateness), clock: clock)
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

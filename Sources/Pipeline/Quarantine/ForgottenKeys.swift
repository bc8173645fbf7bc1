import Intake
import Suites
import Tables

extension StreamMemory {
    /// Remembers what records that are judged again may repeat, however old they are, for the batch at hand.
    ///
    /// Memories forget keys that no record can repeat which comes in time. Records that are judged again may be older: what they may
    /// repeat is then read from silver, which has every record that went on. Costs a second reading of the records; where some are as
    /// old as that, the columns of silver's keys besides, in the files whose records are of the time.
    func recall(
        whatRepeats source: IntakeSource, _ plan: BatchPlan, _ stage: RecordStage, silver place: LayerPlace
    ) throws(BatchFailure) {
        var asked = AskedKeys()
        do throws(SourceError) { asked = try AskedKeys(source, plan, stage, self) } catch { throw BatchFailure(error) }
        guard let times = asked.times.map({ reach(of: $0) }) else { return }
        do throws(PipelineError) {
            guard let rows = try KeyRows(place, stage, columns: stage.keyProjection) else { return }
            let files = rows.files.filter { file in
                file.oldest.map { $0 <= times.upperBound } ?? true && file.newest.map { $0 >= times.lowerBound } ?? true
            }
            try rows.read(files) { (_, silver, own) throws(PipelineError) in
                guard let own else { return }
                for (memory, considered, hashes) in stage.keys(of: silver) {
                    considered.intersection(own.rows).forEach { row in
                        let key = RecordStage.Key(memory: memory, hash: hashes[row])
                        if times.contains(own.ticks[row]), asked.keys.contains(key) { recall(key, own.ticks[row]) }
                    }
                }
            }
        } catch { throw .pipeline(error) }
    }
}

/// The keys of records so old that what they repeat may be forgotten.
private struct AskedKeys {
    private(set) var keys: Set<RecordStage.Key> = []
    /// Of those records; `nil` where there are none.
    private(set) var times: ClosedRange<Int64>?

    init() {}

    init(
        _ source: IntakeSource, _ plan: BatchPlan, _ stage: RecordStage, _ memory: StreamMemory
    ) throws(SourceError) {
        guard stage.timeColumn != nil else { return }
        let worker = try source.open(stage.projection, ordinals: nil).makeWorker()
        var rows = 0
        while let batch = try worker.next() {
            let rescue = source.rescue(batch)
            let lineage = LineageColumns(batch, rescue, plan: plan, firstRow: rows)
            add(stage.judge(batch, rescue, lineage: lineage), stage, memory)
            rows += batch.rowCount
        }
    }

    private mutating func add(_ judged: RecordStage.Judged, _ stage: RecordStage, _ memory: StreamMemory) {
        guard let own = judged.times else { return }
        let old = Bitmap(count: own.rows.count) { own.rows[$0] && memory.hasForgotten(own.ticks[$0]) }
        old.forEach { row in
            let time = own.ticks[row]
            times = min(times?.lowerBound ?? time, time)...max(times?.upperBound ?? time, time)
        }
        for (memory, rows, hashes) in stage.keys(of: judged) {
            rows.intersection(old).forEach { keys.insert(RecordStage.Key(memory: memory, hash: hashes[$0])) }
        }
    }
}

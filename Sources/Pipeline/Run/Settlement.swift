import Expectations
import Intake
import Statistics
import Tables

/// Decides in input order what depends on earlier records, and counts: one for each batch.
struct Settlement {
    let stage: RecordStage
    private let plan: BatchPlan
    let memory: StreamMemory
    private(set) var silver = HopCounts("silver")
    private var broken: BrokenRules
    private(set) var stageFailures = 0
    private(set) var newColumns: NewColumns
    /// The rule that stops the batch.
    private(set) var stoppedBy: Int?
    private(set) var byteCount: Int64 = 0
    /// Of records that are judged again.
    private(set) var fates = RecordFates()
    /// Of those that are kept apart again, by each rule that they break, as the quarantine names it.
    private(set) var brokenAgain: [String: Int] = [:]
    /// The time of records that have none of their own.
    private let batchTime: Int64
    /// The newest of the records' times, those aside that are too far in the future.
    private(set) var newest: Int64?
    private var partition = 0
    private var rows = 0

    /// Rows of silver that a gold table could not take.
    struct Apart: Sendable {
        let table: String
        let late: [Int]
        let problems: [Int]
        let input: WindowInput
    }

    /// A chunk whose every record has its place.
    struct Settled: Sendable {
        let judged: RecordStage.Judged
        let passed: [Int]
        let quarantined: [Int]
        /// Rows that came too late to be known as repetitions or not.
        let late: [Int]
        /// Rows that passed, and that a gold table could not take.
        let apart: [Apart]
        /// Of the chunk's first row in its file, from 0.
        let firstRow: Int
    }

    init(stage: RecordStage, plan: BatchPlan, memory: StreamMemory) {
        self.stage = stage
        self.plan = plan
        self.memory = memory
        batchTime = memory.watermark?.time(ofBatch: plan.clock) ?? plan.clock
        broken = BrokenRules(stage.gate.rules, releases: stage.releases)
        newColumns = NewColumns(plan.schema)
    }

    /// Takes in the next chunk of the input.
    mutating func settle(_ judged: RecordStage.Judged) -> Settled {
        var judged = judged
        let count = judged.source.rowCount
        if judged.source.partition != partition { (partition, rows) = (judged.source.partition, 0) }
        defer { rows += count }
        byteCount += Int64(judged.source.byteCount)
        newColumns.take(judged.rescue.newColumns, of: partition)
        let aside = judged.problems.rows.union(judged.filtered)
        let old = old(judged)
        let times = judged.times?.keyTimes(otherwise: batchTime) ?? .same(batchTime)
        let repeated = memory.gate.settle(
            &judged.verdicts,
            GateMemory.Going(
                times: times, excluded: aside.union(old), isReleased: stage.releases, keys: judged.keys), &memory.keys)
        let ruled = ruled(judged)
        var passed = ruled.passed
        let late = passed.intersection(old)
        note(judged, passed)
        passed.subtract(late)
        passed.subtract(repeated)
        silver.input += count
        silver.output += passed.population
        silver.quarantined += ruled.quarantined.population
        silver.dropped += ruled.dropped.population
        silver.filtered += judged.filtered.population
        silver.deduplicated += repeated.population
        silver.late += late.population
        stageFailures += judged.problems.rows.population
        let settled = Settled(
            judged: judged, passed: passed.first(count), quarantined: ruled.quarantined.first(count),
            late: late.first(count), apart: aggregate(judged, passed), firstRow: rows)
        if plan.order != nil {
            fates.add(
                count: count, passed: passed, quarantined: ruled.quarantined, dropped: ruled.dropped,
                filtered: judged.filtered, late: late)
            for row in settled.quarantined {
                for rule in RecordError.rules(settled.errors(at: row, stage).map(\.name)) {
                    brokenAgain[rule, default: 0] += 1
                }
            }
        }
        return settled
    }

    /// What the gate's rules make of the rows, those with problems included: whatever else is wrong with a record, it breaks the rules
    /// that the quarantine names.
    ///
    /// What is to be kept apart is never dropped.
    private mutating func ruled(
        _ judged: RecordStage.Judged
    ) -> (passed: Bitmap, quarantined: Bitmap, dropped: Bitmap) {
        let considered = judged.filtered.inverted
        let failures = judged.verdicts.failures.map { failure in
            (rule: failure.rule, rows: failure.rows.intersection(considered))
        }
        broken.add(failures)
        var quarantined = judged.problems.rows
        var dropped = Bitmap(repeating: false, count: judged.source.rowCount)
        for (rule, rows) in failures where !stage.releases {
            switch stage.gate.rules[rule].action {
            case .quarantine: quarantined.formUnion(rows)
            case .stop:
                guard !rows.isEmpty else { continue }
                quarantined.formUnion(rows)
                stoppedBy = stoppedBy ?? rule
            case .drop: dropped.formUnion(rows)
            case .warn: break
            }
        }
        dropped.subtract(quarantined)
        return (considered.subtracting(quarantined).subtracting(dropped), quarantined, dropped)
    }

    /// Takes the rows into gold; those that a table could not take.
    private func aggregate(_ judged: RecordStage.Judged, _ passed: Bitmap) -> [Apart] {
        let count = judged.source.rowCount
        return zip(memory.gold, judged.windows).compactMap { table, input in
            let (late, problems) = table.take(input, passed)
            guard !late.isEmpty || !problems.isEmpty else { return nil }
            return Apart(
                table: table.stage.name, late: late.first(count), problems: problems.first(count), input: input)
        }
    }

    /// Rows so old that their repetitions are not remembered any more; for those that are judged again the memory was reminded.
    private func old(_ judged: RecordStage.Judged) -> Bitmap {
        guard let watermark = memory.watermark?.time, let times = judged.times, plan.order == nil else {
            return Bitmap(repeating: false, count: judged.source.rowCount)
        }
        return Bitmap(count: times.rows.count) { times.rows[$0] && times.ticks[$0] < watermark }
    }

    /// Notes the newest of the rows' times; one that is too far in the future moves nothing.
    private mutating func note(_ judged: RecordStage.Judged, _ rows: Bitmap) {
        guard let times = judged.times else { return }
        let horizon = plan.clock.addingClamped(stage.futureTolerance)
        rows.intersection(times.rows).forEach { row in
            let time = times.ticks[row]
            if time <= horizon { newest = max(newest ?? time, time) }
        }
    }

    /// Records that break each rule; those that are malformed or have a value that can't be made count as one.
    var ruleCounts: [BatchManifest.RuleCount] {
        var counts = broken.counts
        if stageFailures > 0 {
            counts.append(
                BatchManifest.RuleCount(
                    rule: "records can be read, and their values made", action: .quarantine, count: stageFailures))
        }
        return counts.sorted { left, right in
            (left.rule, left.action?.rawValue ?? "") < (right.rule, right.action?.rawValue ?? "")
        }
    }
}

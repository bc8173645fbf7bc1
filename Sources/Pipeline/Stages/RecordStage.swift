import Expectations
import Expressions
import Intake
import Suites
import Tables

/// What a pipeline makes of a batch of records before it asks what it remembers: pure, on any thread, in any order.
struct RecordStage: Sendable {
    let columns: SilverColumns
    let gate: Gate
    /// Columns of silver, by index, in which the gate judges each value by its own type.
    private let guessed: Set<Int>
    let deduplication: DeduplicationKey?
    /// Rules of the gate that deduplication keeps by itself, for rows that have a key.
    let keptRules: Set<Int>
    /// Of the silver columns, the one with the records' time for repetitions.
    let timeColumn: Int?
    /// Microseconds: times farther ahead of the batch's clock make no other record late.
    let futureTolerance: Int64
    let gold: [GoldStage]
    /// Columns of the source that make the partitions of bronze.
    private let sourcePartitions: [Int]
    /// Columns of silver that make its partitions, or those of gold.
    private let silverPartitions: [Int]
    let keySeed: UInt64
    /// Where times are meant that name no zone.
    let zone: ZoneRule
    let clock: Int64
    let batchNumber: Int
    /// Whether records go on although they break rules.
    let releases: Bool

    /// A chunk of records, judged as far as it can be by itself.
    struct Judged: Sendable {
        let source: Batch
        let rescue: RescuedRows
        /// With silver's columns.
        let silver: Batch
        let problems: StageProblems
        let filtered: Bitmap
        var verdicts: GateVerdicts
        /// Rows that have a key, and their keys.
        let keys: (rows: Bitmap, hashes: [Hash128])?
        /// The rows' own times; `nil` where none counts.
        let times: RecordTimes?
        /// By gold table, what its windows take of the rows.
        let windows: [WindowInput]
    }

    /// Ties a pipeline's stages to its source's columns.
    ///
    /// - Throws: everything that doesn't fit them, at its place.
    init(
        _ definition: PipelineDefinition, source: KeptSchema, plan: BatchPlan, keySeed: UInt64, zone: ZoneRule
    ) throws(SuiteProblems) {
        columns = try SilverColumns(definition.silver, source: source, zone: zone)
        clock = plan.clock
        batchNumber = plan.number
        releases = plan.kind == .release
        self.keySeed = keySeed
        self.zone = zone
        let gateDefinition = definition.silver.gate
        let expectations = gateDefinition?.suite.expectations ?? []
        do throws(GateProblems) {
            guessed = columns.guessed.union(columns.textsAlike(for: expectations, now: plan.clock, zone: zone))
            gate = try Gate(
                expectations, schema: columns.silver, guessed: guessed, now: plan.clock, timeZone: zone,
                keySeed: keySeed, defaultAction: gateDefinition?.onFail)
        } catch {
            throw SuiteProblems(
                error.problems.map {
                    SuiteError(
                        code: $0.error.code, message: $0.error.message,
                        location: $0.expectation.arguments.mark ?? gateDefinition?.mark, hint: $0.error.hint)
                })
        }
        futureTolerance =
            definition.silver.deduplicate?.futureTolerance ?? DeduplicationDefinition.usualFutureTolerance
        let silver = columns.silver
        gold = try definition.gold.map { table throws(SuiteProblems) in
            try GoldStage(table, silver: silver, seed: keySeed, zone: zone)
        }
        sourcePartitions = (definition.bronze?.partitionColumns ?? []).compactMap { source.schema.index(of: $0) }
        let grouped = definition.gold.flatMap { table in
            table.place.partitionColumns.filter { table.groupBy.contains($0) }
        }
        silverPartitions = Set(definition.silver.place.partitionColumns + grouped).compactMap { silver.index(of: $0) }
            .sorted()
        guard let same = definition.silver.deduplicate else {
            (deduplication, timeColumn, keptRules) = (nil, nil, [])
            return
        }
        let schema = columns.silver
        let key = try same.columns.map { name throws(SuiteProblems) in
            try Self.column(name, "deduplicate.by", same.mark, schema)
        }
        // In whatever order they are listed, keys of the same columns have equal hashes.
        deduplication = DeduplicationKey(columns: key.sorted { schema.fields[$0].name < schema.fields[$1].name })
        // What agrees in all columns of such a rule agrees in the key, too: one of them goes on.
        let rules = gate.rules
        keptRules = Set(rules.indices.filter { rules[$0].hasMemory && Set(key).isSubset(of: rules[$0].columns) })
        timeColumn = try same.timeColumn.map { name throws(SuiteProblems) in
            let column = try Self.column(name, "deduplicate.column", same.mark, schema)
            guard schema.fields[column].type == .timestamp else {
                throw SuiteProblems([
                    SuiteError(
                        code: "wrong-type",
                        message: "deduplicate.column: \"\(name)\" holds \(schema.fields[column].type), not times",
                        location: same.mark, hint: "make it one: select: {\(name): \"timestamp(\(name))\"}")
                ])
            }
            return column
        }
    }

    static func column(
        _ name: String, _ subject: String, _ mark: SourceMark, _ schema: Schema
    ) throws(SuiteProblems) -> Int {
        if let index = schema.index(of: name) { return index }
        throw SuiteProblems([
            SuiteError(
                code: "unknown-column", message: "\(subject): silver has no column \"\(name)\"", location: mark,
                hint: Suggestion.nearest(to: name, among: schema.names).map { "did you mean \($0)?" })
        ])
    }

    /// What to tell of rules that can't be asked of values of their column's type: each such value breaks them.
    var notes: [String] {
        gate.rules.filter { !$0.hasMemory }.flatMap { rule in
            rule.estranged.keys.sorted().filter { !columns.awaited.silver.contains($0) }.map { column in
                let field = columns.silver.fields[column]
                return "\"\(field.name)\" is \(field.type), of which can't be asked whether \(rule.expectation.rule): "
                    + "such values break the rule; where they are right, declare the column's type"
            }
        }
    }

    /// What must be read of the source.
    var projection: Projection {
        var projection = Projection()
        for index in columns.source.fields.indices { projection.add([.values, .text], of: index) }
        for case .source(let index) in guessed.map({ columns.origins[$0] }) {
            projection.add(.strays, of: index)
        }
        projection.wantsRecords = true
        return projection
    }

    /// Judges a chunk; `origin` says where its rows come from.
    func judge(_ batch: Batch, _ rescue: RescuedRows, lineage: LineageColumns) -> Judged {
        let input = Batch(
            ordinal: batch.ordinal, partition: batch.partition, rowCount: batch.rowCount,
            columns: batch.columns + lineage.columns(columns.lineage), offsets: batch.offsets,
            problems: batch.problems)
        let derived = columns.projector.columns(of: input, clock: clock)
        var problems = StageProblems(batch)
        for (field, made) in zip(columns.projector.schema.fields, derived) {
            problems.add(made.problems, of: "select.\(field.name)")
        }
        let values = zip(columns.silver.fields, columns.origins).map { field, origin in
            switch origin {
            case .source(let index):
                let column = batch.column(index)
                problems.add(unfitting: column, named: field.name)
                return column
            case .rescued: return rescue.column
            case .derived(let place): return derived[place].column
            }
        }
        for index in sourcePartitions {
            problems.add(unpartitionable: batch.column(index), named: columns.source.fields[index].name)
        }
        for index in silverPartitions {
            problems.add(unpartitionable: values[index], named: columns.silver.fields[index].name)
        }
        var filtered = Bitmap(repeating: false, count: batch.rowCount)
        if let filter = columns.filter {
            let (kept, undecided) = filter.rows(of: input, made: derived.map(\.column), clock: clock)
            problems.add(undecided, of: "filter")
            filtered = kept.inverted.subtracting(problems.rows)
        }
        let silver = Batch(
            ordinal: batch.ordinal, partition: batch.partition, rowCount: batch.rowCount, columns: values,
            offsets: batch.offsets, problems: batch.problems, records: batch.records)
        let keys = deduplication?.hashes(of: silver, seed: keySeed)
        var verdicts = gate.judge(silver)
        if let keys { verdicts.excuse(keys.rows, from: keptRules) }
        return Judged(
            source: batch, rescue: rescue, silver: silver, problems: problems, filtered: filtered,
            verdicts: verdicts, keys: keys, times: timeColumn.map { RecordTimes(silver.column($0)) },
            windows: gold.map { WindowInput(silver, $0.plan, clock: clock) })
    }
}

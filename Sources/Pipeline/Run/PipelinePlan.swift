public import Expectations
import Expressions
public import Intake
public import Suites
public import Tables

/// What a pipeline would make of its next batch, as far as the beginnings of files and what it remembers tell.
///
/// Nothing is judged, and nothing is written.
public struct PipelinePlan: Sendable {
    /// A column, and how it came by its type.
    public struct Column: Sendable {
        public let field: Field
        /// `nil` for columns that every record gets.
        public let origin: TypeOrigin?
        /// The expression that makes it; `nil` where it is the source's.
        public let expression: String?
    }

    /// The stages, tied to the source's columns.
    public struct Stages: Sendable {
        /// What the gate sees and silver gets.
        public let silver: [Column]
        /// In the suite's order.
        public let rules: [GateRule]
        /// Expectations of the gate's suite about the records that pass as a whole: a batch that isn't as they want it is held.
        public let batchExpectations: [Expectation]
        /// Expectations of the gate's suite that no record can break, and that hold no batch: they aren't checked.
        public let tableExpectations: [Expectation]
        /// In the definition's order: the layer's name, as in `gold.revenue_hourly`, and the table's columns.
        public let gold: [(name: String, schema: Schema)]
    }

    /// A table that would be written.
    public struct Table: Sendable {
        /// As in `bronze`, `silver`, `quarantine`, `gold.revenue_hourly`.
        public let layer: String
        public let place: LayerPlace
        /// Whether it is there; else the first batch that is committed makes it.
        public let isThere: Bool
    }

    /// A batch that is held: its files are the next batch, and nothing behind it is read before.
    public struct Hold: Sendable {
        public let batch: Int
        public let reason: String
        /// Since when, and when it is tried again: microseconds since 1970-01-01T00:00:00Z.
        public let since: Int64
        public let until: Int64
        /// Whether somebody has let it pass.
        public let isLetPass: Bool
        /// Whether the rules are other ones than those that it was held by: then it is tried when the pipeline begins.
        public let hasOtherRules: Bool
    }

    /// The batch's number.
    public let batch: Int
    /// What it would read.
    public let files: [IntakeFile]
    /// Files that have arrived and may be written to still.
    public let waiting: Int
    /// The batch that has to go through first; `nil` where none is held.
    public let hold: Hold?
    public let source: [Column]
    /// Files that would be set aside, with the reason.
    public let unreadable: [(file: String, reason: String)]
    /// Why the batch would be held: the source has new columns, and must not.
    public let change: SourceError?
    /// What else a run would tell.
    public let notes: [String]
    /// What of the definition doesn't fit the source's columns, at its place, where they aren't there; `nil` where nothing is known of
    /// the columns, because nothing ever arrived.
    public let stages: Result<Stages, SuiteProblems>?
    /// Why the tables couldn't be written, where they aren't there; empty where the stages don't fit.
    public let tables: Result<[Table], PipelineError>

    /// - found: what has arrived and was not read, as far as that is known.
    /// - state: what the pipeline remembers; `nil` for one that never ran.
    /// - Throws: `PipelineError` where the files or the state can't be read; `SuiteProblems` for declared types that columns can't have.
    public init(
        _ definition: PipelineDefinition, found: Arrived, state: PipelineState?, options: PipelineOptions
    ) throws {
        batch = (try state?.lastBatch() ?? 0) + 1
        files = definition.trigger.batch(of: found.files.filter { !options.intake.holdsNothing($0) })
        waiting = found.waiting
        hold = try state?.hold(of: definition) ?? nil
        let kept = try state?.schema()
        let columns: BatchColumns
        do {
            columns = try BatchColumns(definition, files, state, options)
        } catch let error as SourceError { throw PipelineError(error) }
        source = zip(columns.schema.schema.fields, columns.schema.origins).map { field, origin in
            Column(field: field, origin: origin, expression: nil)
        }
        unreadable = columns.unreadable.map { ($0.file.name, $0.reason) }
        change = columns.change
        var told =
            found.notes.map(\.text) + columns.retyped + columns.notes.map(\.text)
            + (try state?.strandedWindows(of: definition) ?? []).map(\.note)
        let plan = BatchPlan(
            number: batch, kind: .normal, files: files, schema: columns.schema, fingerprint: definition.fingerprint,
            clock: options.clock(), lanes: 1)
        guard kept != nil || !files.isEmpty else {
            (stages, tables, notes) = (nil, .success([]), told)
            return
        }
        let stage = Result { () throws(SuiteProblems) in
            try RecordStage(
                definition, source: columns.schema, plan: plan, keySeed: 0, zone: options.zone)
        }
        if case .success(let stage) = stage {
            told += stage.notes
            if let state, let note = try KeyMemories(stage, definition.silver).note(state, definition.silver.place) {
                told.append(note)
            }
        }
        notes = told
        stages = stage.map { [source] in Stages($0, definition, source) }
        tables = Result { [batch] () throws(PipelineError) in
            guard case .success(let stage) = stage else { return [] }
            let layers = try PipelineLayers(
                definition, stage: stage, state: state, lastBatch: batch - 1, now: plan.clock)
            for table in stage.gold { try table.check(begunAs: state?.windowFingerprint(of: table.name)) }
            return layers.all.map { layer in
                Table(layer: layer.name, place: layer.place, isThere: layers.table(of: layer).isThere)
            }
        }
    }
}

extension PipelinePlan.Stages {
    fileprivate init(_ stage: RecordStage, _ definition: PipelineDefinition, _ source: [PipelinePlan.Column]) {
        silver = zip(stage.columns.silver.fields, stage.columns.origins).map { field, origin in
            switch origin {
            case .source(let index): source[index]
            case .rescued: PipelinePlan.Column(field: field, origin: nil, expression: nil)
            case .derived(let place):
                PipelinePlan.Column(
                    field: field, origin: nil, expression: definition.silver.select[place].value.canonicalText)
            }
        }
        rules = stage.gate.rules
        batchExpectations = stage.gate.tableExpectations.filter(\.holdsBatches)
        tableExpectations = stage.gate.tableExpectations.filter { !$0.holdsBatches }
        gold = stage.gold.map { ($0.name, $0.plan.schema) }
    }
}

extension PipelineState {
    /// The batch that is held, for as long as it is.
    fileprivate func hold(of definition: PipelineDefinition) throws(PipelineError) -> PipelinePlan.Hold? {
        let breaker = try breaker()
        guard let open = try heldBatch(), case .open(let since, let until, let reason) = breaker.state
        else { return nil }
        return PipelinePlan.Hold(
            batch: open.plan.number, reason: reason, since: since, until: until, isLetPass: breaker.passesNext,
            hasOtherRules: open.plan.fingerprint != definition.fingerprint)
    }
}

import Delta
import Expectations
import Intake
import Suites
import Tables

/// Which columns of a source get the other types that values need or somebody declares: those that everything made of them can follow.
struct SchemaWidening {
    /// The columns as they can be: types that were needed and can't be are final as they were.
    private(set) var schema: KeptSchema
    /// What to tell of columns whose type changes, as soon as a batch with them is committed.
    private(set) var changes: [String] = []
    /// What to tell of columns whose type was wanted to change.
    private(set) var notes: [String] = []
    /// Columns that had no value before.
    private let awaited: Set<ColumnName>

    /// Tries the new types one by one, against the stages, open windows, and every value of the tables.
    ///
    /// - kept: the columns of earlier batches, with those that are awaited.
    /// - Throws: `SuiteProblems` for declared types that can't be; `PipelineError` where tables can't be read.
    init(
        _ definition: PipelineDefinition, from kept: KeptSchema, to wanted: KeptSchema, state: PipelineState?,
        _ options: PipelineOptions
    ) throws {
        schema = wanted
        awaited = Set(named: kept.awaited)
        let retypings = wanted.retypings(since: kept)
        guard !retypings.isEmpty else { return }
        for change in retypings { schema = schema.retyping(change.name, as: change.before) }
        let obstacles = WideningObstacles(definition, state: state, options: options)
        for change in retypings {
            guard let reason = try adopt(change, obstacles) else { continue }
            if change.isDeclared { throw SuiteProblems([Self.mistake(change, reason, definition)]) }
            schema = schema.fixing(change.name, as: change.before)
            notes.append(
                "values of \"\(change.name)\" want \(change.after), and it stays \(change.before): \(reason); those that "
                    + "don't fit are rescued and kept apart")
        }
    }

    /// Gives a column the new type, or the one that is next in line; else why it can't have it.
    private mutating func adopt(_ change: KeptSchema.Retyping, _ obstacles: WideningObstacles) throws -> String? {
        var reason: String?
        for type in change.candidates {
            let candidate = schema.retyping(change.name, as: type)
            if let obstacle = try obstacles.first(against: candidate, change) {
                reason = reason ?? obstacle
                continue
            }
            schema = candidate
            // What a column was awaited as, nobody has seen.
            guard !awaited.contains(column: change.name) else { return nil }
            changes.append("the column \"\(change.name)\" is \(type) from now on, and was \(change.before)")
            return nil
        }
        return reason
    }

    private static func mistake(
        _ change: KeptSchema.Retyping, _ reason: String, _ definition: PipelineDefinition
    ) -> SuiteError {
        SuiteError(
            code: "wrong-type",
            message: "\"\(change.name)\" is declared \(change.after), and was kept as \(change.before): \(reason)",
            location: definition.markOfType(change.name),
            hint: "declare \(change.before) and cast it in a stage, as in select: {new_\(change.name): "
                + "\"cast(\(change.name) as \(change.after))\"}; or begin anew with other tables and another state")
    }
}

extension KeptSchema.Retyping {
    /// The types to try: whole numbers that are no doubles may be decimals.
    fileprivate var candidates: [LogicalType] {
        guard !isDeclared, before == .int64, after == .float64 else { return [after] }
        return [after, .decimal(precision: DecimalNumber.maximumDigits, scale: 0)]
    }
}

/// What can be against another type of a source's column.
private struct WideningObstacles {
    let definition: PipelineDefinition
    let state: PipelineState?
    let options: PipelineOptions

    init(_ definition: PipelineDefinition, state: PipelineState?, options: PipelineOptions) {
        self.definition = definition
        self.state = state
        self.options = options
    }

    /// The first thing that is against columns of which one has another type than before; `nil` where nothing is.
    func first(against schema: KeptSchema, _ change: KeptSchema.Retyping) throws -> String? {
        let last = try state?.lastBatch() ?? 0
        let plan = BatchPlan(
            number: last + 1, kind: .normal, files: [], schema: schema, fingerprint: definition.fingerprint,
            clock: options.clock(), lanes: 1)
        let stage: RecordStage
        do throws(SuiteProblems) {
            stage = try RecordStage(definition, source: schema, plan: plan, keySeed: 0, zone: options.zone)
        } catch { return error.errors.first?.message ?? "the stages don't fit" }
        for table in stage.gold {
            if let begun = try state?.windowFingerprint(of: table.name), begun != table.plan.fingerprint {
                return "windows of \(table.name) were begun with \(change.before)"
            }
        }
        let layers: PipelineLayers
        do throws(PipelineError) {
            layers = try PipelineLayers(definition, stage: stage, state: state, lastBatch: last, now: plan.clock)
        } catch {
            guard error.code == .schemaMismatch else { throw error }
            return error.message
        }
        for layer in layers.all where layers.table(of: layer).isThere {
            do throws(DeltaError) {
                guard let field = try DeltaTable(layer.place.folder).unheldColumn(layer.schema.fields) else { continue }
                return "\"\(field.name)\" of \(layer.name) has values that are no \(field.type) as they are"
            } catch { throw PipelineError(error) }
        }
        return nil
    }
}

extension PipelineDefinition {
    /// Where the type of a source's column is declared.
    fileprivate func markOfType(_ column: String) -> SourceMark {
        if source.records.declaredTypes[ColumnName(column)] != nil { return source.records.columnsMark ?? source.mark }
        let expectation = silver.gate?.suite.expectations.first { $0.declaredTypes[ColumnName(column)] != nil }
        return expectation?.arguments.mark ?? silver.gate?.mark ?? source.mark
    }
}

import Expectations
import Intake
import Suites
import Tables

/// The columns that a batch of files has: those that were kept so far, what the beginnings of the files bring, and what stages name.
struct BatchColumns {
    let schema: KeptSchema
    /// What is new and not wanted; where somebody lets the batch pass all the same, it is rescued.
    let change: SourceError?
    /// Files of which nothing can be read.
    let unreadable: [BatchInHand.UnreadableFile]
    /// What to tell of types that change, as soon as the batch is committed.
    let retyped: [String]
    /// What files have of the columns that there were and that are wanted.
    private let names: BatchNames
    /// What to tell of types that were wanted to change.
    private let refused: [String]

    /// - state: with the columns of earlier batches; `nil` where there is none.
    /// - wider: columns, with types that a run found values of.
    /// - Throws: `SourceError`; `SuiteProblems` for declared types that columns can't have; `PipelineError`.
    init(
        _ definition: PipelineDefinition, _ files: [IntakeFile], _ state: PipelineState?, wider: [Field] = [],
        _ options: PipelineOptions
    ) throws {
        let declared = options.declared.sorted { $0.key < $1.key }.map { (name: $0.key.text, type: $0.value) }
        let known = try state?.schema()
        let kept = (known?.declaring(declared) ?? KeptSchema(declared: declared)).widened(toInclude: wider)
        let mode = SchemaEvolution(rawValue: definition.source.evolution.rawValue) ?? .rescue
        let evolved = try Self.evolved(kept, files, mode, options)
        let (admitted, taken) = try definition.admitting(evolved.schema, since: kept)
        change = evolved.change
        let unreadable = zip(files, evolved.looks).compactMap { file, look in
            look.error.map { BatchInHand.UnreadableFile(file: file, error: $0) }
        }
        self.unreadable = unreadable
        let readable = files.filter { file in !unreadable.contains { $0.file == file } }
        let mayBeNew = (known != nil || !files.isEmpty) && options.intake.mayHaveKeys(readable)
        let awaited = definition.columnsAwaited(of: admitted, mayBeNew: mayBeNew, options)
        names = BatchNames(
            known: known, looks: zip(files, evolved.looks).map { ($0.name, $1.columns) }, awaited: awaited.map(\.name),
            declared: declared.map(\.name), always: definition.columnsMeant, refused: evolved.refused + taken)
        try definition.checkSelect(neverHad: names.neverHad)
        try definition.checkKeys(neverHad: names.neverHad)
        let before = (known ?? KeptSchema()).awaiting(awaited)
        let first = FirstTypes(
            definition, of: admitted.awaiting(awaited).widened(toInclude: wider), since: before, options)
        let widening = try SchemaWidening(
            definition, from: before, to: first.schema.widened(toInclude: wider), state: state, options)
        (retyped, refused) = (widening.changes, first.notes + widening.notes)
        schema = widening.schema
    }

    /// What the beginnings of files bring; where that is not wanted, what there was, and what is new.
    private static func evolved(
        _ kept: KeptSchema, _ files: [IntakeFile], _ mode: SchemaEvolution, _ options: PipelineOptions
    ) throws(SourceError) -> (
        schema: KeptSchema, refused: [KeptSchema.Refusal], looks: [FileSample.Look], change: SourceError?
    ) {
        do throws(SourceError) {
            let evolved = try kept.evolving(with: files, mode: mode, options: options.intake)
            return (evolved.schema, evolved.refused, evolved.looks, nil)
        } catch  where error.code == "schema-changed" {
            let evolved = try kept.evolving(with: files, mode: .rescue, options: options.intake)
            return (evolved.schema, evolved.refused, evolved.looks, error)
        }
    }

    /// What to tell of types that can't change, and of columns that records don't have or can't have.
    var notes: [ArrivalNote] { refused.map { ArrivalNote($0) } + names.notes }
}

extension StreamTrigger {
    /// As many of some files as a batch takes, one at least.
    func batch(of files: [IntakeFile]) -> [IntakeFile] {
        var bytes: Int64 = 0
        var taken: [IntakeFile] = []
        for file in files.prefix(maximumFiles) {
            bytes = bytes.addingClamped(file.byteCount)
            guard taken.isEmpty || bytes <= maximumBytes else { break }
            taken.append(file)
        }
        return taken
    }
}

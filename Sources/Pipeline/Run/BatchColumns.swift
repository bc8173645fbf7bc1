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
    /// Columns that stages name and no record has had: they are missing in all of them.
    let awaited: [String]

    /// - kept: the columns of earlier batches; `nil` before the first.
    init(
        _ definition: PipelineDefinition, _ files: [IntakeFile], kept: KeptSchema?, _ options: PipelineOptions
    ) throws(SourceError) {
        let declared = options.declared.sorted { $0.key < $1.key }.map { (name: $0.key.text, type: $0.value) }
        let kept = kept ?? KeptSchema(declared: declared)
        let mode = SchemaEvolution(rawValue: definition.source.evolution.rawValue) ?? .rescue
        var evolved: (schema: KeptSchema, added: [Field], looks: [FileSample.Look])
        var change: SourceError?
        do throws(SourceError) {
            evolved = try kept.evolving(with: files, mode: mode, options: options.intake)
        } catch  where error.code == "schema-changed" {
            change = error
            evolved = try kept.evolving(with: files, mode: .rescue, options: options.intake)
        }
        self.change = change
        unreadable = zip(files, evolved.looks).compactMap { file, look in
            look.error.map { BatchInHand.UnreadableFile(file: file, error: $0) }
        }
        let mayCome = definition.settlesUnknownColumns(options.intake, files)
        awaited = mayCome ? definition.columnsRead(notMadeBy: evolved.schema) : []
        schema = mayCome ? evolved.schema.settling(awaited) : evolved.schema
    }

    /// What to tell of columns that no record has had, but one of nearly the same name: they may be meant.
    var notes: [String] {
        let names = schema.schema.names.filter { !awaited.contains($0) }
        return awaited.compactMap { name in
            Suggestion.nearest(to: name, among: names).map { near in
                "no record has had the column \"\(name)\", which the stages read: it is missing in all of them; "
                    + "did you mean \"\(near)\"?"
            }
        }
    }
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

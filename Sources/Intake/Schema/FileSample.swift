import Files
import Formats
public import Tables

/// The columns that the beginnings of files show.
public enum FileSample {
    /// How much of all files together is looked at, unpacked: of the first ones, by which the schema is made, and of later ones.
    private static let firstBytes = 64 << 20
    private static let laterBytes = 8 << 20

    /// A file that was looked at.
    public struct Look: Sendable {
        public let columns: SeenColumns
        /// Why nothing can be read of it: it is to be set aside.
        public let error: SourceError?
    }

    /// Looks at the beginning of each file; one that can't be read doesn't stand in the way of others.
    ///
    /// The more files, the less of each, but 4 KiB at least. `isFirst` where there is no schema yet.
    public static func look(at files: [IntakeFile], isFirst: Bool, options: IntakeOptions) -> [Look] {
        var options = options
        let budget = (isFirst ? firstBytes : laterBytes) / max(1, files.count)
        let size = min(1 << 18, max(1 << 12, budget))
        (options.csv.sampleBytes, options.json.sampleBytes) = (size, size)
        return files.enumerated().map { number, file in
            do throws(SourceError) {
                return Look(columns: try columns(of: file, options), error: nil)
            } catch {
                var error = error
                error.partition = number
                return Look(columns: SeenColumns(), error: error)
            }
        }
    }

    private static func columns(of file: IntakeFile, _ options: IntakeOptions) throws(SourceError) -> SeenColumns {
        let (format, input) = try IntakeSource.format(of: file, options)
        var seen = SeenColumns()
        switch format {
        case .csv: take(try CSVSource([input], options: options.csv), &seen)
        case .json: take(try JSONSource([input], options: options.json), &seen)
        case .parquet:
            let table = try StoredTable([input])
            for column in table.topLevelColumns {
                let field = table.source.schema.fields[column]
                seen.take(field.name, .type(field.type))
            }
        }
        return seen
    }

    private static func take(_ source: any BatchSource, _ seen: inout SeenColumns) {
        // What somebody declared and no row has is nothing that was seen.
        for (index, field) in source.schema.fields.enumerated() where !source.awaitedColumns.contains(index) {
            seen.take(field.name, source.typeOrigins[index] == .unknown ? .nothing : .type(field.type))
        }
    }
}

extension KeptSchema {
    /// The schema after the beginnings of files, one after another.
    ///
    /// Files that can't be read add nothing. Error: `schema-changed`, with the file's partition.
    public func evolving(
        with files: [IntakeFile], mode: SchemaEvolution, options: IntakeOptions
    ) throws(SourceError) -> (schema: KeptSchema, refused: [Refusal], looks: [FileSample.Look]) {
        // Nothing new would be taken in.
        guard isInitial || mode != .rescue || columns.contains(where: { $0.type == nil || $0.mayWiden }) else {
            return (self, [], [])
        }
        let looks = FileSample.look(at: files, isFirst: isInitial, options: options)
        // The first files make the schema together: types that differ between them widen, as they do within one file.
        guard !isInitial else {
            var all = SeenColumns()
            for look in looks { all.merge(look.columns) }
            let first = try evolving(with: all, mode: mode, file: files.first?.name ?? "")
            return (first.schema, first.refused, looks)
        }
        var schema = self
        var refused: [Refusal] = []
        for (number, (file, look)) in zip(files, looks).enumerated() {
            let evolved = try IntakeSource.located(number) { () throws(SourceError) in
                try schema.evolving(with: look.columns, mode: mode, file: file.name)
            }
            schema = evolved.schema
            refused += evolved.refused
        }
        return (schema, refused, looks)
    }
}

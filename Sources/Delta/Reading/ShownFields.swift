import Parquet

/// The fields of a table's data files as the table has them, whenever a file was written.
///
/// Names are the table's, and so is all inside of nested columns: their fields and the order of those, widths and scales.
struct ShownFields: Sendable {
    private let names: MappedNames?
    /// The nested columns; `nil` where there are none.
    private let nested: ParquetSchema?

    init(_ snapshot: Snapshot, _ mapping: ColumnMapping) throws(DeltaError) {
        names = MappedNames(snapshot.schema, mapping)
        // Values of columns with a foreign type inside are not read.
        let fields = snapshot.schema.fields.filter { !$0.type.isPrimitive && $0.type.foreignName == nil }
        guard !fields.isEmpty else {
            nested = nil
            return
        }
        do throws(ParquetError) { nested = try ParquetSchema(writing: fields.map(\.stored)) } catch {
            throw DeltaError(error.located(in: snapshot.table))
        }
    }

    func of(_ file: ParquetFile) -> ParquetFile {
        let file = names?.renamed(file) ?? file
        return nested.map { file.showing($0) } ?? file
    }
}

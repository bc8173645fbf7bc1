import Files
import Parquet
import Tables

/// The columns of a table as batches have them.
///
/// Those of the schema, in its order, each nested one as JSON text, followed by a column for each value inside of it by its
/// dotted path, where nothing on the path repeats and the name is free: as `ParquetSource` has them.
struct DeltaColumns: Sendable {
    struct Column: Sendable {
        let field: Field
        /// Names from the schema's root on.
        let path: [String]
        /// The name that a data file has it under, mapped names being the table's then.
        let storedName: String
        /// The name and type of a partition column; `nil` for columns of data files.
        let partition: (name: String, type: DeltaType)?
        /// The name of the type for which its values can't be read; `nil` where they can.
        let foreignType: String?
    }

    let columns: [Column]
    /// How data files' fields become the table's.
    let shown: ShownFields

    /// The places of the schema's fields, in its order.
    var fieldPlaces: [Int] { columns.indices.filter { columns[$0].path.count == 1 } }

    var schema: Schema { Schema(columns.map(\.field)) }

    init(_ snapshot: Snapshot) throws(DeltaError) {
        let mapping = ColumnMapping(snapshot.metadata)
        if case .unknown(let mode) = mapping {
            throw DeltaError(
                .unsupportedFeature, "the table maps columns by \"\(mode)\", which is not known here",
                place: snapshot.table)
        }
        var taken = Set(snapshot.schema.fields.map { ColumnName($0.name) })
        var columns: [Column] = []
        for field in snapshot.schema.fields {
            let partitionName = mapping == .none ? field.name : field.physicalName ?? field.name
            let isPartition = snapshot.metadata.partitionColumns.contains(column: field.name)
            columns.append(
                Column(
                    field: field.logical, path: [field.name], storedName: field.name,
                    partition: isPartition ? (partitionName, field.type) : nil, foreignType: field.type.foreignName))
            for (path, inner) in Self.leaves(of: field, [field.name]) {
                let name = path.joined(separator: ".")
                guard taken.insert(ColumnName(name)).inserted else { continue }
                columns.append(
                    Column(
                        field: Field(name, inner.type.logical), path: path, storedName: name, partition: nil,
                        foreignType: inner.type.foreignName))
            }
        }
        self.columns = columns
        shown = try ShownFields(snapshot, mapping)
    }

    /// Values inside of a structure that don't repeat, with their paths.
    private static func leaves(of field: DeltaField, _ path: [String]) -> [(path: [String], field: DeltaField)] {
        guard case .structure(let fields) = field.type else { return [] }
        return fields.flatMap { inner in
            inner.type.isPrimitive
                ? [(path + [inner.name], inner)] : leaves(of: inner, path + [inner.name])
        }
    }

    /// By column, where a data file has it among the columns of its source; `nil` where the file lacks it.
    ///
    /// A name that the file doesn't have may stand there in another case: writers take names that differ in nothing else for
    /// the same. Of several such columns none is meant more than the others, which is an error.
    ///
    /// With `wanted`, only those columns are looked for.
    func places(
        in file: ParquetFile, _ source: ParquetSource, only wanted: Set<Int>? = nil
    ) throws(DeltaError) -> [Int?] {
        let names = source.schema.names
        let exact = Dictionary(names.enumerated().map { (Array($1.utf8), $0) }) { first, _ in first }
        var folded: [[UInt8]: [Int]]?
        var places: [Int?] = []
        for (index, column) in columns.enumerated() {
            guard column.partition == nil, wanted?.contains(index) ?? true else {
                places.append(nil)
                continue
            }
            let name = column.storedName
            if let place = exact[Array(name.utf8)] {
                places.append(place)
                continue
            }
            let all = folded ?? Dictionary(grouping: names.indices) { Array(names[$0].lowercased().utf8) }
            folded = all
            let similar = all[Array(name.lowercased().utf8)] ?? []
            guard similar.count < 2 else {
                throw DeltaError(
                    .schemaMismatch,
                    "the file has \(similar.count) columns whose names differ from \"\(name)\" only in case",
                    place: file.name)
            }
            places.append(similar.first)
        }
        return places
    }
}

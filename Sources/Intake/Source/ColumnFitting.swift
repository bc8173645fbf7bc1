import Formats
import Tables

/// From the columns of a file that knows its own types to those of a kept schema.
///
/// A column of the kept type is taken as it is. Of another one, each value is read again from its text; what is no value of the
/// kept type is uncomparable, and rescued. Nested values fit only the very same type.
struct ColumnFitting: Sendable {
    /// By the kept schema's index: the file's column.
    private let places: [Int?]
    private let fields: [Field]
    private let fileFields: [Field]
    /// Columns that the kept schema hasn't.
    private let surplus: [Int]

    init(_ file: Schema, to kept: Schema, topLevel: [Int]) {
        var known: [[UInt8]: Int] = [:]
        for (index, field) in file.fields.enumerated().reversed() { known[Array(field.name.utf8)] = index }
        places = kept.fields.map { known[Array($0.name.utf8)] }
        fields = kept.fields
        fileFields = file.fields
        let taken = Set(places.compactMap { $0 })
        surplus = topLevel.filter { !taken.contains($0) }
    }

    /// What to ask of the file for a projection of the kept schema.
    func projection(_ projection: Projection) -> Projection {
        var wanted = Projection()
        for (column, need) in projection.needs {
            guard let place = places[column] else { continue }
            wanted.add(fileFields[place].type == fields[column].type ? need : [.values, .text], of: place)
        }
        if projection.wantsRecords { for column in surplus { wanted.add([.values, .text], of: column) } }
        return wanted
    }

    /// A batch of the file as one of the kept schema.
    func fit(_ batch: Batch, _ projection: Projection, zone: ZoneRule) -> (columns: [Column?], surplus: [SurplusColumn])
    {
        var columns = [Column?](repeating: nil, count: fields.count)
        for (column, _) in projection.needs {
            let type = fields[column].type
            guard let place = places[column], let found = batch.columns[place] else {
                columns[column] = Column(missing: type, count: batch.rowCount)
                continue
            }
            columns[column] = found.type == type ? found : Self.refit(found, to: type, zone)
        }
        guard projection.wantsRecords else { return (columns, []) }
        let rest = surplus.compactMap { place in
            batch.columns[place].flatMap { column in
                column.present.isEmpty ? nil : SurplusColumn(name: fileFields[place].name, column: column)
            }
        }
        return (columns, rest)
    }

    private static func refit(_ column: Column, to type: LogicalType, _ zone: ZoneRule) -> Column {
        switch (column.type, type) {
        case (_, .list), (_, .structure), (_, .map), (_, .binary):
            return Column(
                type: type, present: column.present, uncomparable: column.present, values: .text(column.texts),
                lexemes: column.texts)
        default:
            let parsed = TextColumn.parse(column.texts, present: column.present, as: type, timeZone: zone)
            guard let odd = parsed.uncomparable, column.type.isNumeric else { return parsed }
            return parsed.keeping([StrayValues(rows: odd, column: column)])
        }
    }
}

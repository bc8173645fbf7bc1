import Tables

/// The first rows of a table as JSON Lines.
enum FirstRows {
    /// Prints rows of some columns, in their order; nested ones as JSON, bytes in hexadecimal, missing ones as null, and NaN as
    /// it is.
    ///
    /// `local` are the columns whose times have no zone.
    static func print(
        _ source: any BatchSource, columns: [Int], local: Set<Int> = [], count: Int
    ) throws(SourceError) {
        let needs = Projection(Dictionary(uniqueKeysWithValues: columns.map { ($0, [.values, .text]) }))
        let worker = try source.open(needs, ordinals: nil).makeWorker()
        var left = count
        while left > 0, let batch = try worker.next() {
            for row in 0..<min(left, batch.rowCount) {
                let members = columns.map { column in
                    JSON.Member(
                        source.schema.fields[column].name,
                        value(batch.column(column), row, isLocal: local.contains(column)))
                }
                Console.standardOutput(JSON.object(members).text())
            }
            left -= min(left, batch.rowCount)
        }
    }

    private static func value(_ column: Column, _ row: Int, isLocal: Bool) -> JSON {
        if case .float64(let numbers) = column.values, !column.present[row], numbers[row].isNaN {
            return .string("NaN")
        }
        if column.type == .binary, column.present[row], case .text(let cells) = column.values {
            let start = Int(cells.starts[row])
            let bytes = cells.bytes[start..<start + Int(cells.lengths[row])]
            return .string(bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined())
        }
        let value = column.value(at: row)
        switch (column.type, value) {
        case (.list, .text(let text)), (.structure, .text(let text)), (.map, .text(let text)):
            return JSON(text: text) ?? .string(text)
        case (.timestamp, .timestamp) where isLocal:
            let text = value.description
            return .string(text.hasSuffix("Z") ? String(text.dropLast()) : text)
        default: return value.json
        }
    }
}

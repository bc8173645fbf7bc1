import Expectations
import Tables

/// The numbers that a run gathered of whole columns, as the facet of metrics has them.
struct LineageMetrics {
    let run: RunResult
    /// Whether values may be shown of columns that aren't personal.
    let showsValues: Bool

    /// Numbers under a row condition are none of the column's, and are left out; so are numbers that aren't finite.
    var members: [JSON.Member] {
        [
            .init("rowCount", .integer(run.rowCount)), .init("bytes", .integer(run.byteCount)),
            .init("fileCount", .integer(run.files.count)), .init("columnMetrics", .object(columns)),
        ]
    }

    private static let names = [
        "missing_count": "nullCount", "distinct_count": "distinctCount", "sum": "sum", "min": "min", "max": "max",
    ]

    private var columns: [JSON.Member] {
        run.schema.fields.compactMap { field in
            let isShown = showsValues && !run.personalColumns.contains(field.name)
            var numbers: [JSON.Member] = []
            for reading in run.metrics where reading.column == field.name && reading.condition == nil {
                guard let name = Self.names[reading.name], reading.value.isFinite else { continue }
                let isCount = reading.name.hasSuffix("_count")
                // Extremes are values of a row, and those of times are no numbers to anybody else.
                guard isCount || (isShown && field.type.isNumeric) else { continue }
                guard !numbers.contains(where: { $0.name == name }) else { continue }
                guard let number = Self.number(reading.value, isWhole: isCount || Self.isWhole(field.type)) else {
                    continue
                }
                numbers.append(.init(name, number))
            }
            return numbers.isEmpty ? nil : JSON.Member(field.name, .object(numbers))
        }
    }

    /// `nil` for a whole number that a reading doesn't hold exactly.
    private static func number(_ value: Double, isWhole: Bool) -> JSON? {
        guard isWhole else { return .number(value.description) }
        guard value.magnitude < 0x1p53 else { return nil }
        return Int64(exactly: value).map { .integer($0) }
    }

    private static func isWhole(_ type: LogicalType) -> Bool {
        switch type {
        case .int64, .uint64, .decimal(precision: _, scale: 0): true
        default: false
        }
    }
}

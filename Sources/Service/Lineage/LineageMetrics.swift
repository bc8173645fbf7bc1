import Expectations
import Tables

/// The numbers that a run gathered of whole columns, as the facet of metrics has them.
struct LineageMetrics {
    let run: RunResult

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
            let isPersonal = run.personalColumns.contains(field.name)
            var numbers: [JSON.Member] = []
            for reading in run.metrics where reading.column == field.name && reading.condition == nil {
                guard let name = Self.names[reading.name], reading.value.isFinite else { continue }
                let isCount = reading.name.hasSuffix("_count")
                // Extremes are values of someone, and those of times are no numbers to anybody else.
                guard isCount || (!isPersonal && field.type.isNumeric) else { continue }
                guard !numbers.contains(where: { $0.name == name }) else { continue }
                numbers.append(
                    .init(name, isCount ? .integer(Int64(reading.value)) : .number(reading.value.description)))
            }
            return numbers.isEmpty ? nil : JSON.Member(field.name, .object(numbers))
        }
    }
}

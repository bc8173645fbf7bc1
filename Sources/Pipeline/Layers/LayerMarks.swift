import Expectations
import Suites
import Tables

/// Where a project writes down what a layer's table looks like: for messages.
struct LayerMarks: Sendable {
    /// Of columns that somebody makes or declares; others are as the records have them.
    private(set) var columns: [ColumnName: SourceMark] = [:]
    /// Of what decides about partitions.
    private(set) var layout: SourceMark?

    /// Of tables whose columns nobody chooses.
    static let none = LayerMarks()

    private init() {}

    static func bronze(_ definition: PipelineDefinition) -> LayerMarks {
        var marks = LayerMarks()
        marks.layout = definition.mark
        marks.columns = definition.source.records.declaredTypes.mapValues { _ in
            definition.source.records.columnsMark ?? definition.source.mark
        }
        return marks
    }

    static func silver(_ definition: PipelineDefinition) -> LayerMarks {
        var marks = bronze(definition)
        for column in definition.silver.select { marks.columns[ColumnName(column.name)] = column.mark }
        return marks
    }

    static func gold(_ table: GoldDefinition) -> LayerMarks {
        var marks = LayerMarks()
        marks.layout = table.mark
        for name in ["window_start", "window_end"] + table.groupBy { marks.columns[ColumnName(name)] = table.mark }
        for aggregate in table.aggregates { marks.columns[ColumnName(aggregate.name)] = aggregate.mark }
        return marks
    }

    subscript(_ column: String) -> SourceMark? { columns[ColumnName(column)] }
}

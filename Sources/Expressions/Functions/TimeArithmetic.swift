import Tables

/// `+`, `-` and `*` of dates, timestamps and intervals.
enum TimeArithmetic {
    /// `nil` where the operator knows no such types.
    static func bind(
        _ operation: OperatorFunctions.Operation, _ first: LogicalType, _ second: LogicalType, _ site: inout CallSite
    ) throws(ExpressionError) -> BoundNode? {
        switch (operation, first, second) {
        case (.plus, .int64, .date), (.plus, .duration, .date), (.plus, .duration, .timestamp):
            site.arguments.swapAt(0, 1)
            return try bind(operation, second, first, &site)
        case (.times, .int64, .duration):
            site.arguments.swapAt(0, 1)
            return try bind(operation, second, first, &site)
        case (.plus, .date, .int64): return site.call(.date, days { $0.addingReportingOverflow($1) })
        case (.minus, .date, .int64): return site.call(.date, days { $0.subtractingReportingOverflow($1) })
        case (.minus, .date, .date):
            return site.call(.int64) { call in
                .int64(Rows.map(call.arguments[0].days, call.arguments[1].days) { Int64($0) - Int64($1) })
            }
        case (.plus, .date, .duration), (.minus, .date, .duration), (.minus, .date, .timestamp):
            site.arguments[0] = try timestamp(site.arguments[0])
            return try bind(operation, .timestamp, second, &site)
        case (.minus, .timestamp, .date):
            site.arguments[1] = try timestamp(site.arguments[1])
            return try bind(operation, first, .timestamp, &site)
        case (.plus, .timestamp, .duration):
            return site.call(.timestamp, ticks(.timestamp, ColumnValues.timestamp) { $0.addingReportingOverflow($1) })
        case (.minus, .timestamp, .duration):
            return site.call(
                .timestamp, ticks(.timestamp, ColumnValues.timestamp) { $0.subtractingReportingOverflow($1) })
        case (.minus, .timestamp, .timestamp), (.minus, .duration, .duration), (.minus, .time, .time):
            return site.call(.duration, ticks(.duration, ColumnValues.duration) { $0.subtractingReportingOverflow($1) })
        case (.plus, .duration, .duration):
            return site.call(.duration, ticks(.duration, ColumnValues.duration) { $0.addingReportingOverflow($1) })
        case (.times, .duration, .int64):
            return site.call(
                .duration, ticks(.duration, ColumnValues.duration) { $0.multipliedReportingOverflow(by: $1) })
        default: return nil
        }
    }

    private static func timestamp(_ node: BoundNode) throws(ExpressionError) -> BoundNode {
        try Cast.node(node, to: .timestamp, isTry: false, text: node.text, at: node.offset)
    }

    private static func days(
        _ body: @escaping @Sendable (Int64, Int64) -> (partialValue: Int64, overflow: Bool)
    ) -> Kernel {
        { call in
            let (values, failed) = Rows.attempt(
                call.present, call.arguments[0].days, call.arguments[1].int64s, filler: Int32(0)
            ) { day, count in
                let (result, isBeyond) = body(Int64(day), count)
                return isBeyond ? nil : Int32(exactly: result)
            }
            call.fail(failed, .overflow, "the result doesn't fit in date")
            return .date(values)
        }
    }

    private static func ticks(
        _ type: LogicalType, _ make: @escaping @Sendable ([Int64]) -> ColumnValues,
        _ body: @escaping @Sendable (Int64, Int64) -> (partialValue: Int64, overflow: Bool)
    ) -> Kernel {
        { call in
            let (values, failed) = Rows.attempt(
                call.present, call.arguments[0].int64s, call.arguments[1].int64s, filler: Int64(0)
            ) { left, right in
                let (value, isBeyond) = body(left, right)
                return isBeyond ? nil : value
            }
            call.fail(failed, .overflow, "the result doesn't fit in \(type)")
            return make(values)
        }
    }
}

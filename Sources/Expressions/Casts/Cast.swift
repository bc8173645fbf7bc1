import Tables

/// Values of one type made of another's.
enum Cast {
    /// The node's values as another type; the node itself where they are that already.
    ///
    /// Texts of timestamps without zone are in `zone`, but for those that the author wrote: they are in UTC everywhere.
    static func node(
        _ node: BoundNode, to type: LogicalType, isTry: Bool, text: String, at offset: Int?, zone: ZoneRule = .utc
    ) throws(ExpressionError) -> BoundNode {
        guard let source = node.type, let value = node.literal, !value.isMissing else {
            guard let source = node.type, node.literal == nil else {
                return BoundNode(.constant(.missing), type, canBeMissing: true, text: text, offset: offset)
            }
            return try call(node, from: source, to: type, isTry: isTry, text: text, at: offset, zone)
        }
        if source == type { return node }
        // What is written out is cast once; what can't be is the author's mistake and not the rows'.
        let cast = try call(node, from: source, to: type, isTry: isTry, text: text, at: offset, .utc)
        var frame = Frame(batch: Batch(ordinal: 0, rowCount: 1, columns: []), clock: 0, slots: [])
        let evaluated = cast.evaluate(&frame)
        if !isTry, let failure = evaluated.failures.first {
            throw ExpressionError(
                code: "wrong-type", message: "\(value.kindAndText) \(failure.reason)", offset: node.offset)
        }
        return BoundNode(
            .constant(evaluated.column.value(at: 0)), type, canBeMissing: isTry, text: text, offset: offset)
    }

    private static func call(
        _ node: BoundNode, from source: LogicalType, to type: LogicalType, isTry: Bool, text: String, at offset: Int?,
        _ zone: ZoneRule
    ) throws(ExpressionError) -> BoundNode {
        if source == type { return node }
        guard let kernel = kernel(from: source, to: type, zone) else {
            throw .type("\(node.subject) is \(source), of which no \(type) can be made", at: offset)
        }
        return BoundNode(
            .call([node], BoundNode.Site(subjects: [node.text, text], isTry: isTry), kernel), type,
            canBeMissing: node.canBeMissing || isTry, text: text, offset: offset)
    }

    /// `nil` where the types have nothing to do with each other.
    private static func kernel(from source: LogicalType, to type: LogicalType, _ zone: ZoneRule) -> Kernel? {
        switch (source, type) {
        case (.string, .binary), (.binary, .string), (.list, .string), (.structure, .string), (.map, .string):
            return { call in call.arguments[0].values }
        case (.string, _): return TextCast.kernel(to: type, zone)
        case (_, .string): return TextCast.kernel(from: source)
        case (.boolean, .int64), (.boolean, .uint64), (.boolean, .float64), (.boolean, .decimal),
            (.int64, .boolean), (.uint64, .boolean), (.float64, .boolean), (.decimal, .boolean):
            return NumberCast.kernel(from: source, to: type)
        case _ where source.isNumeric && type.isNumeric: return NumberCast.kernel(from: source, to: type)
        case (.date, .timestamp):
            return { call in
                call.attempt(call.arguments[0].days, filler: 0, make: ColumnValues.timestamp, type) { day in
                    let (ticks, isBeyond) = Int64(day).multipliedReportingOverflow(by: CivilTime.microsecondsPerDay)
                    return isBeyond ? nil : ticks
                }
            }
        case (.timestamp, .date):
            return { call in .date(Rows.map(call.arguments[0].int64s) { Int32(truncatingIfNeeded: Clock.day(of: $0)) })
            }
        case (.timestamp, .time):
            return { call in .time(Rows.map(call.arguments[0].int64s) { Clock.timeOfDay($0) }) }
        case (.time, .duration): return { call in .duration(call.arguments[0].int64s) }
        default: return nil
        }
    }
}

extension Call {
    /// A value for each row of the first argument; where there is none, it is no value of the type.
    @inline(__always)
    mutating func attempt<Source, Result>(
        _ source: [Source], filler: Result, make: ([Result]) -> ColumnValues, _ type: LogicalType,
        _ body: (Source) -> Result?
    ) -> ColumnValues {
        let (values, failed) = Rows.attempt(present, source, filler: filler, body)
        fail(failed, .badCast, "doesn't fit in \(type)", argument: 0)
        return make(values)
    }
}

/// Days and times of day of instants, before 1970 too.
enum Clock {
    @inline(__always)
    static func day(of microseconds: Int64) -> Int64 {
        let (day, rest) = microseconds.quotientAndRemainder(dividingBy: CivilTime.microsecondsPerDay)
        return rest < 0 ? day &- 1 : day
    }

    @inline(__always)
    static func timeOfDay(_ microseconds: Int64) -> Int64 {
        let rest = microseconds % CivilTime.microsecondsPerDay
        return rest < 0 ? rest &+ CivilTime.microsecondsPerDay : rest
    }
}

import Tables

/// Whether a value is one of a set.
///
/// Missing values are not judged; uncomparable ones are unexpected.
struct SetTest: RowTest {
    let column: Int
    let name: String
    let set: ValueSet
    let wantsMember: Bool
    /// The set in a canonical spelling.
    let spelling: String

    var key: MetricKey {
        MetricKey(wantsMember ? "values_in_set" : "values_not_in_set", columns: [name], arguments: spelling)
    }
    var projection: Projection { Projection([column: .values]) }
    var shownColumns: [Int] { [column] }
    var valueColumn: Int? { column }

    func consideredCount(ifDecidedBy summary: ColumnSummary) -> Int? { summary.presentCount == 0 ? 0 : nil }

    func evaluate(_ batch: Batch) -> RowVerdicts {
        let column = batch.column(column)
        let members = set.members(of: column)
        var unexpected = wantsMember ? column.present.subtracting(members) : members.intersection(column.present)
        if let uncomparable = column.uncomparable { unexpected.formUnion(uncomparable) }
        return RowVerdicts(considered: column.present, unexpected: unexpected)
    }
}

/// A set of values in the terms of a column's type.
enum ValueSet: Sendable {
    /// Whole numbers in the unit that the column stores.
    case integers(Set<Int128>)
    case floats(Set<Double>)
    case texts(TextSet)

    /// What the values mean for a column of the type.
    ///
    /// A value of another type is in no such column, as in GX; where that is so of all of them, it is the author's
    /// mistake.
    init(_ values: [Value], words: String, type: LogicalType, column: String) throws(PlanError) {
        let wanted = values.filter { !$0.isMissing }
        let found: Int
        switch type {
        case .string:
            let texts = wanted.compactMap { if case .text(let text) = $0 { Array(text.utf8) } else { nil } }
            self = .texts(TextSet(texts))
            found = texts.count
        case .float64:
            let numbers = wanted.compactMap { Self.number($0) }
            self = .floats(Set(numbers.compactMap(\.equalDouble)))
            found = numbers.count
        case .int64, .uint64, .decimal:
            var scale = 0
            if case .decimal(_, let digits) = type { scale = digits }
            let numbers = wanted.compactMap { Self.number($0) }
            self = .integers(Set(numbers.compactMap { Self.exact($0)?.rescaled(to: scale)?.unscaled }))
            found = numbers.count
        case .boolean:
            let bits = wanted.compactMap { Self.number($0) }
            self = .integers(Set(bits.compactMap { $0.exactNumber?.integer }.filter { $0 == 0 || $0 == 1 }))
            found = bits.count
        case .date, .time, .timestamp, .duration:
            let unit = type == .date ? CivilTime.microsecondsPerDay : 1
            let ticks = wanted.compactMap { TemporalLiteral.microseconds($0, of: type) }
            self = .integers(Set(ticks.filter { $0 % unit == 0 }.map { Int128($0 / unit) }))
            found = ticks.count
        default:
            throw PlanError(code: "wrong-type", message: "\(column) is of type \(type), whose values are in no set")
        }
        guard found > 0 || wanted.isEmpty else {
            throw PlanError(
                code: "wrong-type",
                message: "\(column) is of type \(type), but no value of the set is: \(words)",
                hint: "write numbers without quotes and texts in quotes, or declare the column's type in the suite")
        }
    }

    /// Numbers, and Booleans as 0 and 1.
    private static func number(_ value: Value) -> Value? {
        if case .boolean(let bit) = value { return .integer(bit ? 1 : 0) }
        return value.double == nil ? nil : value
    }

    private static func exact(_ value: Value) -> DecimalNumber? {
        if case .float(let number) = value { return DecimalNumber(number.description) }
        return value.exactNumber
    }

    /// A bit for each row whose value is in the set.
    ///
    /// Rows that are not typed may have any.
    func members(of column: Column) -> Bitmap {
        switch (self, column.values) {
        case (.texts(let set), .text(let cells)): return set.members(of: cells)
        case (.floats(let set), .float64(let values)): return Self.members(values, set)
        case (.integers(let set), .int64(let values)): return Self.members(values, Self.narrowed(set))
        case (.integers(let set), .uint64(let values)): return Self.members(values, Self.narrowed(set))
        case (.integers(let set), .decimal(let values, _)): return Self.members(values, Self.narrowed(set))
        case (.integers(let set), .wideDecimal(let values, _)): return Self.members(values, set)
        case (.integers(let set), .date(let values)): return Self.members(values, Self.narrowed(set))
        case (.integers(let set), .time(let values)), (.integers(let set), .timestamp(let values)),
            (.integers(let set), .duration(let values)):
            return Self.members(values, Self.narrowed(set))
        case (.integers(let set), .boolean(let bits)):
            var members = Bitmap(repeating: false, count: bits.count)
            if set.contains(1) { members.formUnion(bits) }
            if set.contains(0) { members.formUnion(bits.inverted) }
            return members
        default: preconditionFailure("the set was made for the column's type")
        }
    }

    private static func narrowed<Number: FixedWidthInteger>(_ set: Set<Int128>) -> Set<Number> {
        Set(set.compactMap { Number(exactly: $0) })
    }

    private static func members<Number: Hashable>(_ values: [Number], _ set: Set<Number>) -> Bitmap {
        let few = Array(set)
        return values.withUnsafeBufferPointer { values in
            // A handful of comparisons beats hashing.
            few.count <= 16
                ? few.withUnsafeBufferPointer { few in
                    Bitmap(count: values.count) { row in
                        var isMember = false
                        for index in few.indices where few[index] == values[row] { isMember = true }
                        return isMember
                    }
                }
                : Bitmap(count: values.count) { set.contains(values[$0]) }
        }
    }
}

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
    /// Whole numbers in the unit and the width that the column stores.
    case integers(NumberSet<Int64>)
    case days(NumberSet<Int32>)
    case unsignedIntegers(NumberSet<UInt64>)
    case wideIntegers(NumberSet<Int128>)
    case booleans(Set<Bool>)
    case floats(NumberSet<Double>)
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
            self = .floats(NumberSet(numbers.compactMap(\.equalDouble)))
            found = numbers.count
        case .int64, .uint64, .decimal:
            var scale = 0
            if case .decimal(_, let digits) = type { scale = digits }
            let numbers = wanted.compactMap { Self.number($0) }
            let units = numbers.compactMap { Self.exact($0)?.rescaled(to: scale)?.unscaled }
            self =
                switch type {
                case .uint64: .unsignedIntegers(NumberSet(fitting: units))
                case .decimal(let precision, _) where precision > 18: .wideIntegers(NumberSet(units))
                default: .integers(NumberSet(fitting: units))
                }
            found = numbers.count
        case .boolean:
            let bits = wanted.compactMap { Self.number($0) }
            self = .booleans(
                Set(bits.compactMap { $0.exactNumber?.integer }.filter { $0 == 0 || $0 == 1 }.map { $0 == 1 }))
            found = bits.count
        case .date, .time, .timestamp, .duration:
            let ticks = wanted.compactMap { TemporalLiteral.microseconds($0, of: type) }
            if type == .date {
                let day = CivilTime.microsecondsPerDay
                self = .days(NumberSet(fitting: ticks.filter { $0 % day == 0 }.map { Int128($0 / day) }))
            } else {
                self = .integers(NumberSet(ticks))
            }
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
        case (.floats(let set), .float64(let values)): return set.members(of: values)
        case (.integers(let set), .int64(let values)), (.integers(let set), .decimal(let values, _)),
            (.integers(let set), .time(let values)), (.integers(let set), .timestamp(let values)),
            (.integers(let set), .duration(let values)):
            return set.members(of: values)
        case (.days(let set), .date(let values)): return set.members(of: values)
        case (.unsignedIntegers(let set), .uint64(let values)): return set.members(of: values)
        case (.wideIntegers(let set), .wideDecimal(let values, _)): return set.members(of: values)
        case (.booleans(let set), .boolean(let bits)):
            var members = Bitmap(repeating: false, count: bits.count)
            if set.contains(true) { members.formUnion(bits) }
            if set.contains(false) { members.formUnion(bits.inverted) }
            return members
        default: preconditionFailure("the set was made for the column's type")
        }
    }
}

/// Numbers as a column stores them, made once and asked by every batch.
struct NumberSet<Number: Hashable & Sendable>: Sendable {
    let numbers: Set<Number>
    /// All of them where they are a handful, whose comparison beats hashing; else `nil`.
    private let few: [Number]?

    init(_ numbers: [Number]) {
        self.numbers = Set(numbers)
        few = self.numbers.count <= 16 ? Array(self.numbers) : nil
    }

    /// A bit for each value that is among the numbers.
    func members(of values: [Number]) -> Bitmap {
        values.withUnsafeBufferPointer { values in
            guard let few else { return Bitmap(count: values.count) { numbers.contains(values[$0]) } }
            return few.withUnsafeBufferPointer { few in
                Bitmap(count: values.count) { row in
                    var isMember = false
                    for index in few.indices where few[index] == values[row] { isMember = true }
                    return isMember
                }
            }
        }
    }
}

extension NumberSet where Number: FixedWidthInteger {
    /// Those of the numbers that the column's width holds: it has none of the others.
    init(fitting numbers: [Int128]) { self.init(numbers.compactMap { Number(exactly: $0) }) }
}

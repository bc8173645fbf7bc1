import Tables

/// What a function does with the columns of a batch: made when binding, run once a batch.
///
/// It gives a value for every row; those of rows outside of `call.present` mean nothing.
typealias Kernel = @Sendable (inout Call) -> ColumnValues

/// One call of a function for all rows of a batch.
struct Call {
    /// Without uncomparable cells, and of the types that the function was bound for.
    let arguments: [Column]
    let count: Int
    /// The batch's time, in microseconds since 1970-01-01T00:00:00Z.
    let clock: Int64
    /// Rows that get a value: at first those in which no argument is missing.
    var present: Bitmap
    private let subjects: [String]
    private(set) var failures: [Failure] = []

    init(_ arguments: [Column], subjects: [String], count: Int, clock: Int64) {
        self.arguments = arguments
        self.subjects = subjects
        self.count = count
        self.clock = clock
        var present = arguments.first?.present ?? Bitmap(repeating: true, count: count)
        for argument in arguments.dropFirst() { present.formIntersection(argument.present) }
        self.present = present
    }

    /// Takes rows out of those with a value, and remembers why.
    ///
    /// - argument: which argument's value is shown; `nil` for the function as a whole, the last of its subjects.
    mutating func fail(_ rows: Bitmap, _ code: ValueProblem.Code, _ reason: String, argument: Int? = nil) {
        let rows = rows.intersection(present)
        guard !rows.isEmpty else { return }
        present.subtract(rows)
        let shown = argument.map { arguments[$0] } ?? Column(missing: .string, count: count)
        let subject = argument.map { subjects[$0] } ?? subjects[subjects.count - 1]
        failures.append(Failure(code: code, subject: subject, reason: reason, rows: rows, argument: shown))
    }

    func cells(_ argument: Int) -> TextCells { arguments[argument].cells }
}

/// The typed storage of a column that is known to be of a type.
extension Column {
    var cells: TextCells {
        guard case .text(let cells) = values else { preconditionFailure("the binder lets only texts here") }
        return cells
    }

    var bits: Bitmap {
        guard case .boolean(let bits) = values else { preconditionFailure("the binder lets only booleans here") }
        return bits
    }

    var doubles: [Double] {
        guard case .float64(let values) = values else { preconditionFailure("the binder lets only doubles here") }
        return values
    }

    var days: [Int32] {
        guard case .date(let days) = values else { preconditionFailure("the binder lets only dates here") }
        return days
    }

    /// Integers, and all times in microseconds.
    var int64s: [Int64] {
        switch values {
        case .int64(let values), .time(let values), .timestamp(let values), .duration(let values): return values
        default: preconditionFailure("the binder lets only integers and times here")
        }
    }

    /// Exact numbers, unscaled.
    var units: [Int128] {
        switch values {
        case .int64(let values), .decimal(let values, _): return values.map { Int128($0) }
        case .uint64(let values): return values.map { Int128($0) }
        case .wideDecimal(let values, _): return values
        default: preconditionFailure("the binder lets only exact numbers here")
        }
    }

    /// The same value in every row; it is one of the type, or missing.
    init(repeating value: Value, _ type: LogicalType, count: Int) {
        guard !value.isMissing else {
            self.init(missing: type, count: count)
            return
        }
        let single = Column(type, [value])
        let values: ColumnValues =
            switch single.values {
            case .none: .none
            case .boolean(let bits): .boolean(Bitmap(repeating: bits[0], count: count))
            case .int64(let one): .int64([Int64](repeating: one[0], count: count))
            case .uint64(let one): .uint64([UInt64](repeating: one[0], count: count))
            case .float64(let one): .float64([Double](repeating: one[0], count: count))
            case .decimal(let one, let scale): .decimal([Int64](repeating: one[0], count: count), scale: scale)
            case .wideDecimal(let one, let scale): .wideDecimal([Int128](repeating: one[0], count: count), scale: scale)
            case .date(let one): .date([Int32](repeating: one[0], count: count))
            case .time(let one): .time([Int64](repeating: one[0], count: count))
            case .timestamp(let one): .timestamp([Int64](repeating: one[0], count: count))
            case .duration(let one): .duration([Int64](repeating: one[0], count: count))
            case .text(let one):
                // One copy of the bytes serves all rows.
                .text(
                    TextCells(
                        bytes: one.bytes, starts: [UInt32](repeating: 0, count: count),
                        lengths: [UInt32](repeating: one.lengths[0], count: count)))
            }
        self.init(type: type, present: Bitmap(repeating: true, count: count), values: values)
    }
}

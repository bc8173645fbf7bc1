public import Tables

/// An aggregate of the rows of a group, parsed but not yet tied to a table: `sum(amount * quantity)`, `count(*)`.
///
/// What stands inside is a ``ValueExpression``. `docs/expressions.md` lists the aggregates.
public struct AggregateExpression: Sendable {
    public let function: AggregateFunction
    /// What is aggregated; `nil` for the rows themselves.
    public let argument: ValueExpression?
    /// Of a percentile and the median, 0 through 1; else `nil`.
    public let fraction: Double?
    /// As text that reads back as the same aggregate.
    public let canonicalText: String

    init(_ function: AggregateFunction, _ argument: Syntax?, fraction: DecimalNumber? = nil) {
        self.function = function
        self.argument = argument.map { ValueExpression(canonicalText: $0.canonical, syntax: $0) }
        self.fraction = function == .median ? 0.5 : fraction?.double
        let inner = argument?.canonical ?? "*"
        canonicalText = "\(function.rawValue)(\(inner)\(fraction.map { ", \($0.reduced)" } ?? ""))"
    }

    /// Reads an aggregate.
    ///
    /// Texts of more than 64 KiB, and more than 200 levels, are refused.
    ///
    /// - Throws: `bad-expression` and `unknown-function`, with the offset of what was not understood.
    public static func parse(_ text: String) throws(ExpressionError) -> AggregateExpression {
        try Parser.aggregate(of: text)
    }

    /// The names of the columns that are used, each once, in the order they are first named.
    public func columns() -> [String] { argument?.columns() ?? [] }

    /// Ties the aggregate to a table: finds its columns, decides its type and checks those of its parts.
    ///
    /// - Throws: as ``ValueExpression/bound(to:zone:)``, and `wrong-type` for values that the aggregate isn't made of.
    public func bound(to schema: Schema, zone: ZoneRule = .utc) throws(ExpressionError) -> BoundAggregate {
        guard let argument else {
            return BoundAggregate(function, nil, fraction: nil, type: .int64)
        }
        let value =
            function == .countIf
            ? try argument.boundAsCondition(to: schema, zone: zone) : try argument.bound(to: schema, zone: zone)
        guard let type = function.type(of: value.type) else {
            throw .type(
                "\(function.rawValue) takes \(function.wanted), and \(argument.canonicalText.excerpt) is \(value.type)",
                at: argument.syntax.offset,
                hint: value.type == .string && function != .min && function != .max
                    ? "write decimal(…, 12, 2), int64(…) or float64(…)" : nil)
        }
        guard fraction != nil, value.type != .float64 else {
            return BoundAggregate(function, value, fraction: fraction, type: type)
        }
        let number = Syntax(.cast(argument.syntax, .float64, isTry: false), at: argument.syntax.offset)
        let double = try ValueExpression(canonicalText: number.canonical, syntax: number).bound(
            to: schema, zone: zone)
        return BoundAggregate(function, double, fraction: fraction, type: type)
    }
}

extension AggregateExpression: Hashable {
    public static func == (left: AggregateExpression, right: AggregateExpression) -> Bool {
        left.canonicalText.utf8.elementsEqual(right.canonicalText.utf8)
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(canonicalText) }
}

extension AggregateExpression: CustomStringConvertible {
    public var description: String { canonicalText }
}

/// An aggregate tied to a table's columns: what to gather, and what comes of it.
public struct BoundAggregate: Sendable {
    public let function: AggregateFunction
    /// Gives what is aggregated of each row, of percentiles as `float64`; `nil` for the rows themselves.
    public let argument: BoundValue?
    /// Of a percentile and the median, 0 through 1.
    public let fraction: Double?
    /// What the aggregate's values are.
    public let type: LogicalType

    init(_ function: AggregateFunction, _ argument: BoundValue?, fraction: Double?, type: LogicalType) {
        self.function = function
        self.argument = argument
        self.fraction = fraction
        self.type = type
    }

    /// The columns that must be in a batch, and what is needed of each.
    public var projection: Projection { argument?.projection ?? Projection() }
    /// Counts are there even of nothing; everything else is missing where there is no value.
    public var canBeMissing: Bool { !function.isCount }
}

extension AggregateFunction {
    /// What comes of values of a type; `nil` where nothing does.
    fileprivate func type(of argument: LogicalType) -> LogicalType? {
        switch self {
        case .count, .countIf: .int64
        case .countDistinct: argument.isScalar ? .int64 : nil
        case .sum: argument.sum
        case .avg: argument.mean
        case .min, .max: argument.isOrdered ? argument : nil
        case .percentile, .median: argument.isNumeric ? .float64 : nil
        }
    }

    /// What it is made of, for messages.
    fileprivate var wanted: String {
        switch self {
        case .sum, .avg: "numbers or durations"
        case .min, .max: "values that have an order"
        case .countDistinct: "single values"
        default: "numbers"
        }
    }
}

extension LogicalType {
    fileprivate var isScalar: Bool {
        switch self {
        case .list, .structure, .map: false
        default: true
        }
    }

    fileprivate var isOrdered: Bool { isNumeric || isTemporal || self == .string || self == .boolean }

    fileprivate var sum: LogicalType? {
        switch self {
        case .int64, .uint64, .float64, .duration: self
        case .decimal(let precision, let scale):
            .decimal(precision: min(precision + 10, DecimalNumber.maximumDigits), scale: scale)
        default: nil
        }
    }

    fileprivate var mean: LogicalType? {
        switch self {
        case .int64, .uint64, .float64: .float64
        case .duration: .duration
        case .decimal(let precision, let scale):
            CommonType.Shape(precision: precision + 4, scale: scale + 4).fitted.type
        default: nil
        }
    }
}

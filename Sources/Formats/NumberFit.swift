import Tables

/// Which inferred types hold numbers as they are written: none that would make two different numbers equal.
///
/// A double holds a number of up to 15 digits, and one with more where that is how the double itself is written; a whole number
/// without exponent only through ±2^53. A decimal holds 38 digits, of which at most ``greatestScale`` stand after the point.
struct NumberFit: Equatable {
    private var isInt64: Bool
    private(set) var isFloat64: Bool
    /// Digits after the point, at most, of the numbers that decimals hold; `nil` where those hold none of them.
    private var scale: Int?

    /// More digits after the point are not inferred: or else one number could leave too few before it for all others.
    static let greatestScale = 20

    /// Of a number without spaces around it; `nil` where no type holds it.
    init?(_ number: UnsafeRawBufferPointer) {
        if NumberText.hasPlainDigits(number) {
            let value = NumberText.int64(number)
            guard value != nil || DecimalNumber(bytes: number) != nil else { return nil }
            (isInt64, scale) = (value != nil, 0)
            isFloat64 = value.map { $0.magnitude <= FloatText.greatestWhole } ?? false
        } else {
            isInt64 = false
            isFloat64 = NumberText.float64(number).map { FloatText.holds($0, number) } ?? false
            let digits = DecimalNumber(bytes: number).map(\.reduced.scale)
            scale = digits.flatMap { $0 <= Self.greatestScale ? $0 : nil }
            guard isFloat64 || scale != nil else { return nil }
        }
    }

    /// Takes in what holds other numbers.
    mutating func formUnion(_ other: NumberFit) {
        isInt64 = isInt64 && other.isInt64
        isFloat64 = isFloat64 && other.isFloat64
        if let digits = other.scale { scale = max(scale ?? digits, digits) }
    }

    /// The narrowest type that holds all of the numbers that some decimal or, if there is none, any type holds.
    var type: LogicalType {
        if isInt64 { return .int64 }
        return isFloat64 ? .float64 : decimal ?? .float64
    }

    /// The type of one number by itself, which leaves no other too few digits: a decimal with as many behind the point as it has, where
    /// no inferred type holds it; `nil` where 38 digits aren't enough.
    static func type(of number: UnsafeRawBufferPointer) -> LogicalType? {
        if let fit = NumberFit(number) { return fit.type }
        return DecimalNumber(bytes: number).map {
            .decimal(precision: DecimalNumber.maximumDigits, scale: $0.reduced.scale)
        }
    }

    /// The decimal type with room for all digits after the point; `nil` where decimals hold none of the numbers.
    var decimal: LogicalType? { scale.map { .decimal(precision: DecimalNumber.maximumDigits, scale: $0) } }
}

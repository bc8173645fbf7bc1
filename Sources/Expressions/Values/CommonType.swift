import Tables

/// The types that values of different types meet in.
enum CommonType {
    /// Digits in all and after the point, of exact numbers.
    struct Shape: Sendable, Equatable {
        var precision: Int
        var scale: Int

        var wholeDigits: Int { precision - scale }
        var type: LogicalType { .decimal(precision: precision, scale: scale) }

        /// The shape itself where it fits in 38 digits; else as many whole digits, and of the fraction what is left, but not
        /// fewer than 6 digits where it has that many.
        var fitted: Shape {
            guard precision > DecimalNumber.maximumDigits else { return self }
            let scale = max(DecimalNumber.maximumDigits - wholeDigits, min(self.scale, 6))
            return Shape(precision: DecimalNumber.maximumDigits, scale: scale)
        }
    }

    static func shape(of type: LogicalType) -> Shape? {
        switch type {
        case .int64: Shape(precision: 19, scale: 0)
        case .uint64: Shape(precision: 20, scale: 0)
        case .decimal(let precision, let scale): Shape(precision: precision, scale: scale)
        default: nil
        }
    }

    /// Of a number that is written out, its own digits.
    static func shape(of node: BoundNode) -> Shape? {
        if let number = node.literal?.exactNumber {
            return Shape(precision: max(digits(number.unscaled), number.scale, 1), scale: number.scale)
        }
        return node.type.flatMap { shape(of: $0) }
    }

    static func digits(_ number: Int128) -> Int {
        var digits = 0
        var rest = number.magnitude
        while rest > 0 {
            rest /= 10
            digits += 1
        }
        return digits
    }

    /// The type that holds the values of all; `nil` where there is none, or (`isKnown` false) where all are `NULL`.
    static func of(_ nodes: [BoundNode]) -> (type: LogicalType?, isKnown: Bool) {
        let typed = nodes.filter { $0.type != nil }
        let types = typed.compactMap(\.type)
        guard let first = types.first else { return (nil, false) }
        if types.allSatisfy({ $0 == first }) { return (first, true) }
        if types.allSatisfy(\.isNumeric) {
            if types.contains(.float64) { return (.float64, true) }
            let shapes = typed.compactMap { shape(of: $0) }
            let whole = shapes.map(\.wholeDigits).max() ?? 0
            let scale = shapes.map(\.scale).max() ?? 0
            return (Shape(precision: whole + scale, scale: scale).fitted.type, true)
        }
        // A text that is written out is what it stands beside.
        let others = typed.filter { node in if case .text? = node.literal { false } else { true } }.compactMap(\.type)
        if let other = others.first, others.allSatisfy({ $0 == other }), other.isTemporal, others.count < types.count {
            return (other, true)
        }
        if others.allSatisfy({ $0 == .date || $0 == .timestamp }) { return (.timestamp, true) }
        return (nil, true)
    }
}

extension Value {
    /// The type of a value that is written out; `nil` of a missing one.
    var ownType: LogicalType? {
        switch self {
        case .missing: nil
        case .boolean: .boolean
        case .integer(let number):
            if Int64(exactly: number) != nil {
                .int64
            } else if UInt64(exactly: number) != nil {
                .uint64
            } else {
                .decimal(precision: CommonType.digits(number), scale: 0)
            }
        case .decimal(let number):
            .decimal(precision: max(CommonType.digits(number.unscaled), number.scale, 1), scale: number.scale)
        case .float: .float64
        case .text: .string
        case .date: .date
        case .time: .time
        case .timestamp: .timestamp
        case .duration: .duration
        }
    }
}

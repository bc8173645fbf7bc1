import Tables

extension Condition {
    /// The same condition in the form that equal conditions share.
    ///
    /// Literals stand right of columns, equals are compared by name, `NOT` is folded into what it negates where the
    /// three-valued meaning stays the same, and nested `AND`s and `OR`s are flat. Comparisons of two literals are decided.
    func normalized() -> Condition {
        switch self {
        case .constant, .column, .like, .missing: return self
        case .comparison(let left, let comparison, let right): return Self.compare(left, comparison, right)
        case .membership(let column, let literals):
            return literals.isEmpty ? .constant(false) : .membership(column, literals)
        case .distinct(let left, let right): return Self.distinguish(left, right)
        case .truth(let inner, let wanted):
            let inner = inner.normalized()
            if case .constant(let known) = inner { return .constant(known == wanted) }
            return .truth(inner, wanted)
        case .not(let inner): return inner.normalized().negated
        case .and(let parts): return Self.join(parts, isAnd: true)
        case .or(let parts): return Self.join(parts, isAnd: false)
        }
    }

    private var negated: Condition {
        switch self {
        case .constant(let known): .constant(known.map { !$0 })
        case .comparison(let left, let comparison, let right): .comparison(left, comparison.complement, right)
        case .not(let inner): inner
        default: .not(self)
        }
    }

    private static func join(_ parts: [Condition], isAnd: Bool) -> Condition {
        var flat: [Condition] = []
        for part in parts.map({ $0.normalized() }) {
            switch part {
            case .and(let inner) where isAnd: flat += inner
            case .or(let inner) where !isAnd: flat += inner
            default: flat.append(part)
            }
        }
        if flat.isEmpty { return .constant(isAnd) }
        if flat.count == 1 { return flat[0] }
        return isAnd ? .and(flat) : .or(flat)
    }

    private static func compare(_ left: Operand, _ comparison: Comparison, _ right: Operand) -> Condition {
        switch (left, right) {
        case (.literal(let first), .literal(let second)):
            if first.value.isMissing || second.value.isMissing { return .constant(nil) }
            // Values of different kinds are left for the type check to refuse.
            guard let order = Order.of(first.value, second.value) else { return .comparison(left, comparison, right) }
            return .constant(comparison.holds(isLess: order == .less, isEqual: order == .equal))
        case (.literal, .column): return .comparison(right, comparison.mirrored, left)
        default: return .comparison(left, comparison, right)
        }
    }

    private static func distinguish(_ left: Operand, _ right: Operand) -> Condition {
        switch (left, right) {
        case (.literal(let first), .literal(let second)):
            let isOneMissing = first.value.isMissing || second.value.isMissing
            if isOneMissing { return .constant(first.value.isMissing != second.value.isMissing) }
            guard let order = Order.of(first.value, second.value) else { return .comparison(left, .notEqual, right) }
            return .constant(order != .equal)
        case (.literal(let literal), .column(let column)), (.column(let column), .literal(let literal)):
            if literal.value.isMissing { return .not(.missing(column)) }
            return .distinct(.column(column), .literal(literal))
        case (.column, .column): return .distinct(left, right)
        }
    }
}

/// How two literals stand to each other.
enum Order {
    case less
    case equal
    case greater

    /// `nil` where a value is missing or the values are of different kinds.
    static func of(_ left: Value, _ right: Value) -> Order? {
        switch (left, right) {
        case (.boolean(let first), .boolean(let second)): of(first ? 1 : 0, second ? 1 : 0)
        case (.text(let first), .text(let second)):
            first.utf8.elementsEqual(second.utf8)
                ? .equal : first.utf8.lexicographicallyPrecedes(second.utf8) ? .less : .greater
        case (.date(let first), .date(let second)): of(first, second)
        case (.time(let first), .time(let second)): of(first, second)
        case (.timestamp(let first), .timestamp(let second)): of(first, second)
        case (.duration(let first), .duration(let second)): of(first, second)
        default: ofNumbers(left, right)
        }
    }

    private static func ofNumbers(_ left: Value, _ right: Value) -> Order? {
        if let first = left.exactNumber, let second = right.exactNumber { return of(first, second) }
        guard let first = left.double, let second = right.double else { return nil }
        return of(first, second)
    }

    private static func of<Element: Comparable>(_ left: Element, _ right: Element) -> Order {
        left == right ? .equal : left < right ? .less : .greater
    }
}

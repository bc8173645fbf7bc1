import Tables

/// Turns a condition as pandas means it into one that means the same by SQL's three values.
///
/// In pandas a missing value differs from everything, is nothing's equal and stands in no order, and `not` turns all that
/// round. So negations are pushed down to single tests, and a test that pandas passes for a missing value says so.
/// Uncomparable values stay unknown either way.
enum PandasMeaning {
    static func lower(_ condition: Condition, isNegated: Bool = false) -> Condition {
        switch condition {
        case .constant(let known): return .constant((known ?? false) != isNegated)
        case .column(let column):
            return isNegated ? .or([.missing(column), .not(condition)]) : condition
        case .comparison(let left, let comparison, let right):
            return lower(
                left, isNegated ? comparison.complement : comparison, right,
                isTrueOfMissing: isNegated != (comparison == .notEqual))
        case .membership(let column, let literals): return lower(column, literals, isNegated: isNegated)
        case .not(let inner): return lower(inner, isNegated: !isNegated)
        case .and(let parts):
            let lowered = parts.map { lower($0, isNegated: isNegated) }
            return isNegated ? .or(lowered) : .and(lowered)
        case .or(let parts):
            let lowered = parts.map { lower($0, isNegated: isNegated) }
            return isNegated ? .and(lowered) : .or(lowered)
        // These are never unknown of a missing value, or not to be written in pandas.
        case .missing, .distinct, .truth, .like: return isNegated ? .not(condition) : condition
        }
    }

    private static func lower(
        _ left: Operand, _ comparison: Comparison, _ right: Operand, isTrueOfMissing: Bool
    ) -> Condition {
        for case .literal(let literal) in [left, right] where literal.value.isMissing {
            return .constant(isTrueOfMissing)
        }
        let plain = Condition.comparison(left, comparison, right)
        guard isTrueOfMissing else { return plain }
        switch (left, right) {
        case (.literal, .literal): return plain
        case (.column(let column), .literal), (.literal, .column(let column)):
            return comparison == .notEqual ? .distinct(left, right) : .or([.missing(column), plain])
        case (.column(let first), .column(let second)): return .or([.missing(first), .missing(second), plain])
        }
    }

    private static func lower(_ column: ColumnReference, _ literals: [Literal], isNegated: Bool) -> Condition {
        let test = Condition.membership(column, literals.filter { !$0.value.isMissing })
        let holdsMissing = literals.contains { $0.value.isMissing }
        switch (holdsMissing, isNegated) {
        case (false, false): return test
        case (true, false): return .or([.missing(column), test])
        case (false, true): return .or([.missing(column), .not(test)])
        case (true, true): return .and([.not(.missing(column)), .not(test)])
        }
    }
}

import Expressions
import Tables

/// The plain meaning of a condition, row by row, written without a look at the room's own.
extension Sketch {
    enum Cell {
        case missing
        case uncomparable
        case value(Value)
    }

    /// Whether a row satisfies the condition; `nil` is unknown.
    func holds(_ row: [Value], _ dialect: Dialect) -> Bool? {
        let isSQL = dialect == .sql
        func cell(_ column: Int) -> Cell {
            let value = row[column]
            if value.isMissing { return .missing }
            if case .text = value, Table.schema.fields[column].type != .string { return .uncomparable }
            return .value(value)
        }
        /// In SQL a missing value leaves a test undecided; in pandas it decides it.
        func test(_ cells: [Cell], ifMissing: Bool, _ body: ([Value]) -> Bool) -> Bool? {
            var values: [Value] = []
            for case .missing in cells { return isSQL ? nil : ifMissing }
            for cell in cells {
                guard case .value(let value) = cell else { return nil }
                values.append(value)
            }
            return body(values)
        }
        switch self {
        case .flag(let column): return test([cell(column)], ifMissing: false) { $0[0] == .boolean(true) }
        case .compare(let column, let comparison, let literal):
            return test([cell(column)], ifMissing: comparison == .notEqual) {
                Self.compare($0[0], comparison, literal)
            }
        case .pair(let left, let comparison, let right):
            return test([cell(left), cell(right)], ifMissing: comparison == .notEqual) {
                Self.compare($0[0], comparison, $0[1], isLiteral: false)
            }
        case .among(let column, let literals, let isNegated):
            let holdsMissing = literals.contains(where: \.isMissing)
            let answer = test([cell(column)], ifMissing: holdsMissing) { values in
                literals.contains { !$0.isMissing && Self.compare(values[0], .equal, $0) }
            }
            let final = isSQL && holdsMissing && answer == false ? nil : answer
            return final.map { $0 != isNegated }
        case .missing(let column, let isNegated): return row[column].isMissing != isNegated
        case .between(let column, let low, let high, let isNegated):
            return test([cell(column)], ifMissing: false) {
                (Self.compare($0[0], .greaterOrEqual, low) && Self.compare($0[0], .lessOrEqual, high)) != isNegated
            }
        case .distinct(let left, let right, let isNegated):
            switch (cell(left), cell(right)) {
            case (.missing, .missing): return isNegated
            case (.missing, _), (_, .missing): return !isNegated
            case (.value(let first), .value(let second)):
                return
                    Self.compare(first, .notEqual, second, isLiteral: false) != isNegated
            default: return nil
            }
        case .truth(let inner, let wanted): return inner.holds(row, dialect) == wanted
        case .not(let inner): return inner.holds(row, dialect).map { !$0 }
        case .and(let parts):
            let answers = parts.map { $0.holds(row, dialect) }
            return answers.contains(false) ? false : answers.contains(nil) ? nil : true
        case .or(let parts):
            let answers = parts.map { $0.holds(row, dialect) }
            return answers.contains(true) ? true : answers.contains(nil) ? nil : false
        }
    }

    private static func compare(
        _ left: Value, _ comparison: Comparison, _ right: Value, isLiteral: Bool = true
    ) -> Bool {
        let (isLess, isEqual) = order(left, right, isLiteral: isLiteral)
        return switch comparison {
        case .equal: isEqual
        case .notEqual: !isEqual
        case .less: isLess
        case .lessOrEqual: isLess || isEqual
        case .greater: !(isLess || isEqual)
        case .greaterOrEqual: !isLess
        }
    }

    /// How a column's double stands to a whole number of another column, both as they are.
    private static func wholeOrder(_ double: Double, _ number: Value) -> (isLess: Bool, isEqual: Bool)? {
        guard let whole = number.exactNumber?.integer, let exact = Int128(exactly: double) else { return nil }
        return (exact < whole, exact == whole)
    }

    private static func order(_ left: Value, _ right: Value, isLiteral: Bool) -> (isLess: Bool, isEqual: Bool) {
        switch (left, right) {
        case (.text(let first), .text(let second)):
            let bytes = (Array(first.utf8), Array(second.utf8))
            return (bytes.0.lexicographicallyPrecedes(bytes.1), bytes.0 == bytes.1)
        case (.boolean(let first), .boolean(let second)): return (!first && second, first == second)
        case (.date(let first), .date(let second)): return (first < second, first == second)
        case (.time(let first), .time(let second)): return (first < second, first == second)
        case (.timestamp(let first), .timestamp(let second)): return (first < second, first == second)
        case (.float(let first), _):
            let second = right.double ?? .nan
            if !isLiteral, first == second, let order = wholeOrder(first, right) { return order }
            return (first < second, first == second)
        case (_, .float(let second)):
            // A literal is the decimal number that its digits say; a column of doubles is not.
            if isLiteral, let exact = DecimalNumber(second.description), let first = left.exactNumber {
                return (first < exact, first == exact)
            }
            let first = left.double ?? .nan
            if first == second, let order = wholeOrder(second, left) {
                return (!order.isLess && !order.isEqual, order.isEqual)
            }
            return (first < second, first == second)
        default:
            guard let first = left.exactNumber, let second = right.exactNumber else { return (false, false) }
            return (first < second, first == second)
        }
    }
}

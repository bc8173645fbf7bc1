import Expressions
import Tables
import TestSupport

/// A random condition that can be written in a dialect and, quite independently, asked of a row.
indirect enum Sketch {
    case flag(Int)
    case compare(Int, Comparison, Value)
    case pair(Int, Comparison, Int)
    case among(Int, [Value], isNegated: Bool)
    case missing(Int, isNegated: Bool)
    case between(Int, Value, Value, isNegated: Bool)
    case distinct(Int, Int, isNegated: Bool)
    case truth(Sketch, Bool?)
    case not(Sketch)
    case and([Sketch])
    case or([Sketch])

    static func random(depth: Int, _ dialect: Dialect, _ random: inout SeededGenerator) -> Sketch {
        if depth > 0, random.chance(60) {
            let parts = (0..<Int.random(in: 2...3, using: &random)).map { _ in
                Sketch.random(depth: depth - 1, dialect, &random)
            }
            switch Int.random(in: 0..<(dialect == .sql ? 4 : 3), using: &random) {
            case 0: return .and(parts)
            case 1: return .or(parts)
            case 2: return .not(parts[0])
            default: return .truth(parts[0], random.pick([true, false, nil]))
            }
        }
        return leaf(dialect, &random)
    }

    /// What asks a few columns for many values, between other questions.
    static func chain(_ dialect: Dialect, _ random: inout SeededGenerator) -> Sketch {
        let columns = (0..<2).map { _ in Int.random(in: 0..<Table.schema.fields.count, using: &random) }
        let isOr = random.chance(50)
        let parts = (0..<Int.random(in: 2...20, using: &random)).map { _ in
            let column = random.pick(columns)
            let value = literal(Table.schema.fields[column].type, &random)
            return switch Int.random(in: 0..<8, using: &random) {
            case 0: Sketch.random(depth: 1, dialect, &random)
            case 1: Sketch.among(column, random.chance(20) ? [value, .missing] : [value], isNegated: !isOr)
            default: Sketch.compare(column, isOr ? .equal : .notEqual, value)
            }
        }
        return random.chance(30) ? .not(isOr ? .or(parts) : .and(parts)) : isOr ? .or(parts) : .and(parts)
    }

    private static func leaf(_ dialect: Dialect, _ random: inout SeededGenerator) -> Sketch {
        let column = Int.random(in: 0..<Table.schema.fields.count, using: &random)
        let type = Table.schema.fields[column].type
        let isNegated = random.chance(50)
        let comparison = random.pick(Comparison.allCases)
        switch Int.random(in: 0..<(dialect == .sql ? 7 : 5), using: &random) {
        case 0 where type == .boolean: return .flag(column)
        case 0, 1: return .compare(column, comparison, literal(type, &random))
        case 2: return .pair(column, comparison, partner(of: column, &random))
        case 3:
            var values = (0..<Int.random(in: 1...12, using: &random)).map { _ in literal(type, &random) }
            if random.chance(20) { values.append(.missing) }
            return .among(column, values, isNegated: isNegated)
        case 4: return .missing(column, isNegated: isNegated)
        case 5: return .between(column, literal(type, &random), literal(type, &random), isNegated: isNegated)
        default: return .distinct(column, partner(of: column, &random), isNegated: isNegated)
        }
    }

    /// A column of the same family.
    private static func partner(of column: Int, _ random: inout SeededGenerator) -> Int {
        let types = Table.schema.fields.map(\.type)
        return random.pick(
            types.indices.filter { types[$0] == types[column] || (types[$0].isNumeric && types[column].isNumeric) })
    }

    /// Numbers of every kind for a number; infinities can't be written.
    private static func literal(_ type: LogicalType, _ random: inout SeededGenerator) -> Value {
        let chosen = type.isNumeric ? random.pick([.int64, .float64, .decimal(precision: 9, scale: 2), type]) : type
        while true {
            let value = Table.value(chosen, &random)
            if case .float(let number) = value, number.isInfinite { continue }
            return value
        }
    }

    // MARK: Writing

    func text(_ dialect: Dialect) -> String {
        let isSQL = dialect == .sql
        switch self {
        case .flag(let column): return Self.name(column)
        case .compare(let column, let comparison, let value):
            return "\(Self.name(column)) \(Self.symbol(comparison, dialect)) \(Self.literal(value, dialect))"
        case .pair(let left, let comparison, let right):
            return "\(Self.name(left)) \(Self.symbol(comparison, dialect)) \(Self.name(right))"
        case .among(let column, let values, let isNegated):
            let list = values.map { Self.literal($0, dialect) }.joined(separator: ", ")
            let not = isNegated ? (isSQL ? "NOT " : "not ") : ""
            return "\(Self.name(column)) \(not)\(isSQL ? "IN (\(list))" : "in [\(list)]")"
        case .missing(let column, let isNegated):
            if isSQL { return "\(Self.name(column)) IS \(isNegated ? "NOT " : "")NULL" }
            return "\(Self.name(column)).\(isNegated ? "notnull" : "isnull")()"
        case .between(let column, let low, let high, let isNegated):
            let bounds = "\(Self.literal(low, dialect)) AND \(Self.literal(high, dialect))"
            return "\(Self.name(column)) \(isNegated ? "NOT " : "")BETWEEN \(bounds)"
        case .distinct(let left, let right, let isNegated):
            return "\(Self.name(left)) IS \(isNegated ? "NOT " : "")DISTINCT FROM \(Self.name(right))"
        case .truth(let inner, let wanted):
            return "(\(inner.text(dialect))) IS \(wanted.map { $0 ? "TRUE" : "FALSE" } ?? "UNKNOWN")"
        case .not(let inner): return "\(isSQL ? "NOT" : "not") (\(inner.text(dialect)))"
        case .and(let parts):
            return parts.map { "(\($0.text(dialect)))" }.joined(separator: isSQL ? " AND " : " & ")
        case .or(let parts):
            return parts.map { part in
                if case .and = part { return part.text(dialect) }
                return "(\(part.text(dialect)))"
            }.joined(separator: isSQL ? " OR " : " | ")
        }
    }

    private static func name(_ column: Int) -> String { Table.schema.fields[column].name }

    private static func symbol(_ comparison: Comparison, _ dialect: Dialect) -> String {
        switch comparison {
        case .equal where dialect != .sql: "=="
        case .notEqual where dialect != .sql: "!="
        default: comparison.rawValue
        }
    }

    private static func literal(_ value: Value, _ dialect: Dialect) -> String {
        let isSQL = dialect == .sql
        func quoted(_ text: String) -> String {
            isSQL
                ? "'\(text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''"))'"
                : "\"\(text)\""
        }
        switch value {
        case .missing: return isSQL ? "NULL" : "None"
        case .boolean(let bit): return isSQL ? (bit ? "TRUE" : "FALSE") : (bit ? "True" : "False")
        case .text(let text): return quoted(text)
        case .date, .timestamp, .time: return quoted(value.description)
        default: return value.description
        }
    }
}

import Tables

extension Condition {
    /// The condition as ANSI SQL, with as few parentheses as its meaning allows.
    var sql: String { sql(inside: .or) }

    /// How tightly a condition holds together, loosest first.
    private enum Binding: Int {
        case or
        case and
        case not
        case test
    }

    private func sql(inside outer: Binding) -> String {
        let (text, binding) = rendering
        return binding.rawValue < outer.rawValue ? "(\(text))" : text
    }

    private var rendering: (String, Binding) {
        switch self {
        case .constant(let known): (SQLText.truth(known, unknown: "NULL"), .test)
        case .column(let column): (SQLText.name(column.name), .test)
        case .comparison(let left, let comparison, let right):
            ("\(SQLText.operand(left)) \(comparison.rawValue) \(SQLText.operand(right))", .test)
        case .truth(let inner, let wanted): (Self.truth(inner, wanted, isNegated: false), .test)
        case .not(let inner): inner.negatedRendering
        case .and(let parts): (parts.map { $0.sql(inside: .not) }.joined(separator: " AND "), .and)
        case .or(let parts): (parts.map { $0.sql(inside: .and) }.joined(separator: " OR "), .or)
        case .membership, .like, .distinct, .missing: (predicate(isNegated: false), .test)
        }
    }

    private var negatedRendering: (String, Binding) {
        switch self {
        case .membership, .like, .distinct, .missing: (predicate(isNegated: true), .test)
        case .truth(let inner, let wanted): (Self.truth(inner, wanted, isNegated: true), .test)
        default: ("NOT \(sql(inside: .not))", .not)
        }
    }

    private func predicate(isNegated: Bool) -> String {
        let not = isNegated ? "NOT " : ""
        switch self {
        case .membership(let column, let literals):
            let list = literals.map { SQLText.literal($0.value) }.joined(separator: ", ")
            return "\(SQLText.name(column.name)) \(not)IN (\(list))"
        case .like(let column, let pattern, let escape):
            let tail = escape.map { " ESCAPE \(SQLText.text(String($0)))" } ?? ""
            return "\(SQLText.name(column.name)) \(not)LIKE \(SQLText.text(pattern))\(tail)"
        case .distinct(let left, let right):
            return "\(SQLText.operand(left)) IS \(not)DISTINCT FROM \(SQLText.operand(right))"
        case .missing(let column): return "\(SQLText.name(column.name)) IS \(not)NULL"
        default: return sql
        }
    }

    private static func truth(_ inner: Condition, _ wanted: Bool?, isNegated: Bool) -> String {
        let subject = if case .column = inner { inner.sql } else { "(\(inner.sql))" }
        return "\(subject) IS \(isNegated ? "NOT " : "")\(SQLText.truth(wanted, unknown: "UNKNOWN"))"
    }
}

/// Names and values as ANSI SQL writes them.
enum SQLText {
    static func name(_ name: String) -> String { quoted(name, "\"") }

    static func text(_ text: String) -> String { quoted(text, "'") }

    static func truth(_ known: Bool?, unknown: String) -> String { known.map { $0 ? "TRUE" : "FALSE" } ?? unknown }

    static func operand(_ operand: Operand) -> String {
        switch operand {
        case .column(let column): name(column.name)
        case .literal(let value): literal(value.value)
        }
    }

    /// Equal numbers give equal texts: `1.50` is written `1.5`.
    static func literal(_ value: Value) -> String {
        switch value {
        case .missing: "NULL"
        case .boolean(let bit): truth(bit, unknown: "NULL")
        case .integer(let number): String(number)
        case .decimal(let number): number.reduced.description
        case .float(let number): float(number)
        case .text(let text): self.text(text)
        case .date(let days): "DATE '\(CivilTime.format(days: days))'"
        case .time(let microseconds): "TIME '\(CivilTime.format(timeOfDay: microseconds))'"
        case .timestamp(let microseconds): "TIMESTAMP '\(timestamp(microseconds))'"
        case .duration(let microseconds): "INTERVAL '\(microseconds)' MICROSECOND"
        }
    }

    private static func float(_ number: Double) -> String {
        if number.isInfinite { return "CAST('\(number < 0 ? "-" : "")Infinity' AS DOUBLE PRECISION)" }
        return DecimalNumber(number.description)?.reduced.description ?? number.description
    }

    private static func timestamp(_ microseconds: Int64) -> String {
        let iso = CivilTime.format(microseconds: microseconds)
        return iso.dropLast().split(separator: "T").joined(separator: " ") + "+00:00"
    }

    private static func quoted(_ text: String, _ quote: Unicode.Scalar) -> String {
        var scalars = String.UnicodeScalarView([quote])
        for scalar in text.unicodeScalars {
            if scalar == quote { scalars.append(quote) }
            scalars.append(scalar)
        }
        scalars.append(quote)
        return String(scalars)
    }
}

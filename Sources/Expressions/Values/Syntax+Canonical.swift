import Tables

extension Syntax {
    /// The expression as text that reads back as itself, with as few parentheses as its meaning allows.
    var canonical: String { text(inside: .or) }

    /// How tightly an expression holds together, loosest first.
    private enum Binding: Int {
        case or, and, not, test, join, sum, product, sign, cast, primary

        var tighter: Binding { Binding(rawValue: rawValue + 1) ?? .primary }
    }

    private static let operators: [String: Binding] = [
        "||": .join, "+": .sum, "-": .sum, "*": .product, "/": .product, "%": .product,
    ]

    private func text(inside outer: Binding) -> String {
        let (text, binding) = rendering
        return binding.rawValue < outer.rawValue ? "(\(text))" : text
    }

    private var rendering: (String, Binding) {
        switch kind {
        case .literal(let value): (SQLText.literal(value), Self.isNegative(value) ? .sign : .primary)
        case .column(let name, _): (SQLText.name(name), .primary)
        case .call(let function, let arguments, let isTry): Self.call(function, arguments, isTry)
        case .cast(let inner, let type, let isTry):
            ("\(isTry ? "TRY_CAST" : "CAST")(\(inner.canonical) AS \(type))", .primary)
        case .attempt(let inner): ("try(\(inner.canonical))", .primary)
        case .cases(let subject, let arms, let otherwise): (Self.cases(subject, arms, otherwise), .primary)
        case .comparison(let left, let comparison, let right):
            ("\(left.text(inside: .join)) \(comparison.rawValue) \(right.text(inside: .join))", .test)
        case .truth(let inner, let wanted):
            ("\(inner.text(inside: .join)) IS \(SQLText.truth(wanted, unknown: "UNKNOWN"))", .test)
        case .not(let inner): inner.negated
        case .and(let parts): (parts.map { $0.text(inside: .not) }.joined(separator: " AND "), .and)
        case .or(let parts): (parts.map { $0.text(inside: .and) }.joined(separator: " OR "), .or)
        case .between, .membership, .like, .distinct, .missing: (predicate(isNegated: false), .test)
        }
    }

    private static func isNegative(_ value: Value) -> Bool {
        switch value {
        case .integer(let number): number < 0
        case .decimal(let number): number.unscaled < 0
        case .float(let number): number < 0
        default: false
        }
    }

    private var negated: (String, Binding) {
        switch kind {
        case .between, .membership, .like, .distinct, .missing: (predicate(isNegated: true), .test)
        case .truth(let inner, let wanted):
            ("\(inner.text(inside: .join)) IS NOT \(SQLText.truth(wanted, unknown: "UNKNOWN"))", .test)
        default: ("NOT \(text(inside: .not))", .not)
        }
    }

    private static func call(_ function: Function, _ arguments: [Syntax], _ isTry: Bool) -> (String, Binding) {
        if let binding = operators[function.name], arguments.count == 2, !isTry {
            // Operators of equal binding are read from the left.
            return (
                "\(arguments[0].text(inside: binding)) \(function.name) \(arguments[1].text(inside: binding.tighter))",
                binding
            )
        }
        let list = arguments.map(\.canonical).joined(separator: ", ")
        return ("\(isTry ? "try_" : "")\(function.name)(\(list))", .primary)
    }

    private static func cases(_ subject: Syntax?, _ arms: [Arm], _ otherwise: Syntax?) -> String {
        var text = "CASE"
        if let subject { text += " \(subject.canonical)" }
        for arm in arms { text += " WHEN \(arm.when.canonical) THEN \(arm.then.canonical)" }
        if let otherwise { text += " ELSE \(otherwise.canonical)" }
        return text + " END"
    }

    private func predicate(isNegated: Bool) -> String {
        let not = isNegated ? "NOT " : ""
        switch kind {
        case .between(let subject, let low, let high):
            return "\(subject.text(inside: .join)) \(not)BETWEEN \(low.text(inside: .join)) AND "
                + high.text(inside: .join)
        case .membership(let subject, let items):
            let list = items.map(\.canonical).joined(separator: ", ")
            return "\(subject.text(inside: .join)) \(not)IN (\(list))"
        case .like(let subject, let pattern, let escape, let ignoresCase):
            let tail = escape.map { " ESCAPE \(SQLText.text(String($0)))" } ?? ""
            return
                "\(subject.text(inside: .join)) \(not)\(ignoresCase ? "ILIKE" : "LIKE") \(SQLText.text(pattern))\(tail)"
        case .distinct(let left, let right):
            return "\(left.text(inside: .join)) IS \(not)DISTINCT FROM \(right.text(inside: .join))"
        case .missing(let subject): return "\(subject.text(inside: .join)) IS \(not)NULL"
        default: return canonical
        }
    }
}

import Expressions
import Tables

/// GX 1.x's row conditions: a tree of comparisons in place of a text.
///
/// A comparison with a missing value is unknown, as in SQL, and selects no row. GX allows `and` inside of `or` alone; here
/// both may hold either.
enum RowConditionTree {
    static func expression(_ argument: Argument) throws(SuiteError) -> Expression {
        let condition = try condition(argument)
        do { return try Expression(condition) } catch {
            throw SuiteError(
                code: error.code, message: "row_condition: \(error.message)", location: argument.mark, hint: error.hint)
        }
    }

    private enum Kind: String, CaseIterable {
        case comparison, nullity, and, or
    }

    private enum Operator: String, CaseIterable {
        case equal = "=="
        case notEqual = "!="
        case less = "<"
        case lessOrEqual = "<="
        case greater = ">"
        case greaterOrEqual = ">="
        case isIn = "IN"
        case isNotIn = "NOT_IN"
    }

    private static func condition(_ node: Argument) throws(SuiteError) -> Condition {
        guard case .map = node.content else { throw node.wrong("a row condition", wanted: "a mapping") }
        let kind: Kind = try node.required("type", of: "a row condition").choice("type")
        switch kind {
        case .comparison:
            try node.refuseOthers("a comparison", known: ["type", "column", "operator", "parameter"])
            return try comparison(node)
        case .nullity:
            try node.refuseOthers("a nullity", known: ["type", "column", "is_null"])
            let flag = try node.required("is_null", of: "a nullity")
            guard case .boolean(let isMissing) = flag.content else {
                throw flag.wrong("is_null", wanted: "true or false")
            }
            let missing = Condition.missing(try column(node, of: "a nullity"))
            return isMissing ? missing : .not(missing)
        case .and, .or:
            let name = "an \"\(kind.rawValue)\""
            try node.refuseOthers(name, known: ["type", "conditions"])
            let list = try node.required("conditions", of: name)
            guard case .list(let items) = list.content, !items.isEmpty else {
                throw list.wrong("conditions", wanted: "a list of one condition or more")
            }
            var parts: [Condition] = []
            for item in items { parts.append(try condition(item)) }
            return kind == .and ? .and(parts) : .or(parts)
        }
    }

    private static func comparison(_ node: Argument) throws(SuiteError) -> Condition {
        let column = ColumnReference(try column(node, of: "a comparison"))
        let sign: Operator = try node.required("operator", of: "a comparison").choice("operator")
        if sign == .isIn || sign == .isNotIn {
            let list = try node.required("parameter", of: "a comparison")
            guard case .list(let items) = list.content, !items.isEmpty else {
                throw list.wrong("parameter", wanted: "a list of one value or more")
            }
            var literals: [Literal] = []
            for item in items { literals.append(Literal(try literal(item))) }
            let membership = Condition.membership(column, literals)
            return sign == .isIn ? membership : .not(membership)
        }
        guard let comparison = Comparison(symbol: sign.rawValue) else {
            preconditionFailure("every operator but IN and NOT_IN is a comparison's symbol")
        }
        return .comparison(.column(column), comparison, .literal(Literal(try literal(try node.parameter()))))
    }

    private static func literal(_ argument: Argument) throws(SuiteError) -> Value {
        guard let value = argument.value else { throw argument.wrong("parameter", wanted: "a single value") }
        if value.isMissing {
            throw SuiteError(
                code: "bad-argument", message: "parameter must be a value, got nothing", location: argument.mark,
                hint: "nothing is equal to a missing value: ask for it with type: nullity, is_null: true")
        }
        return value
    }

    private static func column(_ node: Argument, of what: String) throws(SuiteError) -> String {
        let column = try node.required("column", of: what)
        guard case .map = column.content else {
            throw column.wrong("column", wanted: "a mapping with the column's name")
        }
        try column.refuseOthers("column", known: ["name"])
        return try column.required("name", of: "column").asText("name")
    }
}

extension Argument {
    /// A member that must be there and be no null.
    fileprivate func required(_ name: String, of what: String) throws(SuiteError) -> Argument {
        guard let member = self[name] else {
            throw SuiteError(code: "missing-argument", message: "row_condition: \(what) needs \(name)", location: mark)
        }
        if case .null = member.content {
            throw SuiteError(
                code: "missing-argument", message: "row_condition: \(what) needs \(name)", location: member.mark ?? mark
            )
        }
        return member
    }

    /// The `parameter` of a comparison, be it a null.
    fileprivate func parameter() throws(SuiteError) -> Argument {
        if let parameter = self["parameter"] { return parameter }
        return try required("parameter", of: "a comparison")
    }

    fileprivate func refuseOthers(_ what: String, known: [String]) throws(SuiteError) {
        guard case .map(let members) = content else { return }
        guard let other = members.first(where: { !known.contains($0.name) }) else { return }
        throw SuiteError(
            code: "unknown-argument", message: "row_condition: \(what) has no key \"\(other.name)\"",
            location: other.mark ?? mark,
            hint: Suggestion.nearest(to: other.name, among: known).map { "did you mean \($0)?" }
                ?? "it has \(known.joined(separator: ", "))")
    }
}

import Tables

/// Row conditions are the part of the language that needs no arithmetic and no functions.
extension Condition {
    /// - Throws: `bad-expression` where a part is no condition, or a side of a comparison is one.
    init(_ syntax: Syntax, dialect: Dialect) throws(ExpressionError) {
        let offset = syntax.offset
        switch syntax.kind {
        case .literal(.boolean(let bit)): self = .constant(bit)
        case .literal(.missing): self = .constant(nil)
        case .literal(let value): throw .syntax("\(value.kindAndText) is no condition", at: offset)
        case .column(let name, let isDoubleQuoted):
            self = .column(ColumnReference(name, offset: offset, isDoubleQuoted: isDoubleQuoted))
        case .comparison(let left, let comparison, let right):
            self = .comparison(try Operand(left, dialect), comparison, try Operand(right, dialect))
        case .between(let subject, let low, let high):
            let subject = try Operand(subject, dialect)
            self = .and([
                .comparison(subject, .greaterOrEqual, try Operand(low, dialect)),
                .comparison(subject, .lessOrEqual, try Operand(high, dialect)),
            ])
        case .membership(let subject, let items):
            let column = try subject.column(before: dialect.isSQL ? "IN" : "in")
            var literals: [Literal] = []
            for item in items { literals.append(try item.listedLiteral()) }
            self = .membership(column, literals)
        case .like(let subject, let pattern, let escape, _):
            self = .like(try subject.column(before: "LIKE"), pattern: pattern, escape: escape)
        case .distinct(let left, let right): self = .distinct(try Operand(left, dialect), try Operand(right, dialect))
        case .missing(let subject):
            switch subject.kind {
            case .literal(let value): self = .constant(value.isMissing)
            case .column: self = .missing(try subject.column(before: "IS"))
            // A condition has no value where it is unknown.
            default: self = .truth(try Condition(subject, dialect: dialect), nil)
            }
        case .truth(let inner, let wanted): self = .truth(try Condition(inner, dialect: dialect), wanted)
        case .not(let inner): self = .not(try Condition(inner, dialect: dialect))
        case .and(let parts): self = .and(try Self.list(parts, dialect))
        case .or(let parts): self = .or(try Self.list(parts, dialect))
        case .call, .cast, .attempt, .cases:
            throw .syntax("conditions on rows compare columns and values as they are", at: offset)
        }
    }

    private static func list(_ parts: [Syntax], _ dialect: Dialect) throws(ExpressionError) -> [Condition] {
        var conditions: [Condition] = []
        for part in parts { conditions.append(try Condition(part, dialect: dialect)) }
        return conditions
    }
}

extension Operand {
    fileprivate init(_ syntax: Syntax, _ dialect: Dialect) throws(ExpressionError) {
        switch syntax.kind {
        case .literal(let value): self = .literal(Literal(value, offset: syntax.offset))
        case .column(let name, let isDoubleQuoted):
            self = .column(ColumnReference(name, offset: syntax.offset, isDoubleQuoted: isDoubleQuoted))
        default:
            throw .syntax(
                "a condition can't be compared with a value", at: syntax.offset,
                hint: dialect.isSQL ? "write (…) IS TRUE or (…) IS FALSE" : nil)
        }
    }
}

extension Syntax {
    func column(before purpose: String) throws(ExpressionError) -> ColumnReference {
        switch kind {
        case .column(let name, let isDoubleQuoted):
            return ColumnReference(name, offset: offset, isDoubleQuoted: isDoubleQuoted)
        case .literal(let value):
            throw .syntax("a column was expected before \(purpose), found \(value.kindAndText)", at: offset)
        default: throw .syntax("a column was expected before \(purpose)", at: offset)
        }
    }

    fileprivate func listedLiteral() throws(ExpressionError) -> Literal {
        guard case .literal(let value) = kind else {
            throw .syntax("a list holds values, not columns or conditions", at: offset)
        }
        return Literal(value, offset: offset)
    }
}

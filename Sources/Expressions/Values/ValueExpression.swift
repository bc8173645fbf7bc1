public import Tables

/// An expression that makes a value of a row, parsed but not yet tied to a table.
///
/// Its language is SQL's: arithmetic, functions, casts, cases, and the conditions that ``Expression`` knows, which are its
/// boolean values. `docs/expressions.md` lists what there is.
public struct ValueExpression: Sendable {
    /// As text that reads back as the same expression; those that differ only in layout, in the case of keywords and
    /// functions, or in the spelling of numbers share it.
    public let canonicalText: String
    let syntax: Syntax

    /// Reads an expression.
    ///
    /// Texts of more than 64 KiB, and more than 200 levels, are refused.
    ///
    /// - Throws: `bad-expression` and `unknown-function`, with the offset of what was not understood.
    public static func parse(_ text: String) throws(ExpressionError) -> ValueExpression {
        let syntax = try Parser.syntax(of: text, dialect: .sql, grammar: .values)
        return ValueExpression(canonicalText: syntax.canonical, syntax: syntax)
    }

    /// The names of the columns that are used, each once, in the order they are first named.
    public func columns() -> [String] {
        var names: [String] = []
        var seen: Set<[UInt8]> = []
        syntax.forEachColumn { if seen.insert(Array($0.utf8)).inserted { names.append($0) } }
        return names
    }

    /// Ties the expression to a table: finds its columns, decides its type and checks those of its parts.
    ///
    /// - zone: where timestamps without zone are meant that the expression reads out of texts; those that it writes out are in UTC.
    /// - Throws: `unknown-column`, `wrong-type`, `bad-pattern` and `bad-expression`, with the offset of the part.
    public func bound(to schema: Schema, zone: ZoneRule = .utc) throws(ExpressionError) -> BoundValue {
        var binder = ValueBinder(schema: schema, zone: zone)
        let node = try binder.bind(syntax)
        guard let type = node.type else {
            throw .type("NULL alone has no type", at: syntax.offset, hint: "write CAST(NULL AS …)")
        }
        return BoundValue(node, type, projection: binder.projection, slotCount: binder.slotCount)
    }

    /// The same of an expression that is to decide about rows.
    ///
    /// - Throws: also `wrong-type` where its values aren't boolean.
    public func boundAsCondition(to schema: Schema, zone: ZoneRule = .utc) throws(ExpressionError) -> BoundValue {
        let bound = try bound(to: schema, zone: zone)
        guard bound.type == .boolean else {
            throw .type(
                "the expression gives \(bound.type) values and is no condition", at: syntax.offset,
                hint: "compare it with something")
        }
        return bound
    }
}

extension ValueExpression: Hashable {
    public static func == (left: ValueExpression, right: ValueExpression) -> Bool {
        left.canonicalText.utf8.elementsEqual(right.canonicalText.utf8)
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(canonicalText) }
}

extension ValueExpression: CustomStringConvertible {
    public var description: String { canonicalText }
}

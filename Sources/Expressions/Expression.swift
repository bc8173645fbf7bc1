public import Tables

/// A condition on a row, parsed but not yet tied to a table.
///
/// A row satisfies it where it is true; where it is false or, for want of a value, unknown, the row doesn't.
public struct Expression: Sendable {
    /// What is asked, by SQL's three-valued meaning, in the form that equal conditions share.
    public let condition: Condition
    /// The condition as ANSI SQL.
    ///
    /// Conditions that differ only in layout, in the case of keywords or in the spelling of
    /// numbers give the same text. As a key it is to be compared by its bytes, as `==` of expressions does: Swift's
    /// `String` takes composed and decomposed letters for equal, and data doesn't.
    public let canonicalText: String
    /// Whether values of different kinds are unequal, as in pandas, rather than a mistake.
    let isLenient: Bool

    private init(normalizing condition: Condition, isLenient: Bool) {
        self.condition = condition.normalized()
        self.isLenient = isLenient
        canonicalText = self.condition.sql
    }

    /// A condition that was built rather than written, with SQL's meaning.
    ///
    /// - Throws: `bad-expression` where conditions are nested more than 200 deep.
    public init(_ condition: Condition) throws(ExpressionError) {
        guard condition.isNested(within: Parser.maximumDepth) else {
            throw .syntax("conditions are nested more than \(Parser.maximumDepth) deep", at: nil)
        }
        self.init(normalizing: condition, isLenient: false)
    }

    /// Reads a condition.
    ///
    /// Texts of more than 64 KiB, and more than 200 nested parentheses, are refused.
    ///
    /// - Throws: `bad-expression`, with the offset of what was not understood.
    public static func parse(_ text: String, dialect: Dialect) throws(ExpressionError) -> Expression {
        let condition = try Parser.parse(text, dialect: dialect)
        guard dialect == .pandas else { return Expression(normalizing: condition, isLenient: false) }
        return Expression(normalizing: PandasMeaning.lower(condition), isLenient: true)
    }

    /// The names of the columns that are used, each once, in the order they are first named.
    public func columns() -> [String] {
        var names: [String] = []
        var seen: Set<[UInt8]> = []
        condition.forEachColumn { if seen.insert(Array($0.name.utf8)).inserted { names.append($0.name) } }
        return names
    }

    /// What it asks, question by question: it fits a table where each of them does.
    public var parts: [Expression] {
        condition.simplest.map { Expression(normalizing: $0, isLenient: isLenient) }
    }

    /// Ties the condition to a table: finds its columns and checks their types.
    ///
    /// Texts and dates that are compared with timestamps are clock times of `timeZone`, where they name no zone.
    ///
    /// - Throws: `unknown-column` and `wrong-type`, with the offset of the column or the value.
    public func bound(to schema: Schema, timeZone: ZoneRule = .utc) throws(ExpressionError) -> Predicate {
        var binder = Binder(schema: schema, timeZone: timeZone, isLenient: isLenient)
        let bound = try binder.bind(condition)
        return Predicate(self, bound, projection: binder.projection, schema: schema)
    }
}

extension Expression: Hashable {
    public static func == (left: Expression, right: Expression) -> Bool {
        left.isLenient == right.isLenient && left.canonicalText.utf8.elementsEqual(right.canonicalText.utf8)
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(canonicalText) }
}

extension Expression: CustomStringConvertible {
    public var description: String { canonicalText }
}

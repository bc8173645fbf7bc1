import Tables

/// Finds a condition's columns in a schema and checks that what is compared can be compared.
struct Binder {
    let schema: Schema
    /// Where texts and dates are meant that are compared with timestamps, written out or in a column.
    let timeZone: ZoneRule
    /// Whether values of different kinds are unequal rather than a mistake.
    let isLenient: Bool
    private(set) var projection = Projection()

    init(schema: Schema, timeZone: ZoneRule = .utc, isLenient: Bool) {
        self.schema = schema
        self.timeZone = timeZone
        self.isLenient = isLenient
    }

    mutating func bind(_ condition: Condition) throws(ExpressionError) -> BoundCondition {
        switch condition {
        case .constant(let known): return .constant(known)
        case .column(let column): return try flag(column)
        case .comparison(let left, let comparison, let right): return try compare(left, comparison, right)
        case .membership(let column, let literals): return try membership(column, literals)
        case .like(let column, let pattern, let escape): return try like(column, pattern, escape)
        case .distinct(let left, let right): return try distinct(left, right)
        case .missing(let column): return .missing(try index(of: column, needing: .presence))
        case .truth(let inner, let wanted): return .truth(try bind(inner), wanted)
        case .not(let inner): return .not(try bind(inner))
        case .and(let parts): return .and(try bind(Condition.joiningInequalities(parts)))
        case .or(let parts): return .or(try bind(Condition.joiningEqualities(parts)))
        }
    }

    private mutating func bind(_ parts: [Condition]) throws(ExpressionError) -> [BoundCondition] {
        var bound: [BoundCondition] = []
        for part in parts { bound.append(try bind(part)) }
        return bound
    }

    // MARK: Columns

    /// Where the column stands; `nil` need leaves the projection as it is.
    mutating func index(of column: ColumnReference, needing need: ColumnNeed?) throws(ExpressionError) -> Int {
        guard let index = schema.index(of: column.name) else {
            throw ExpressionError(
                code: "unknown-column", message: "the table has no column \"\(column.name.excerpt)\"",
                offset: column.offset, hint: hint(for: column))
        }
        if let need { projection.add(need, of: index) }
        return index
    }

    private func hint(for column: ColumnReference) -> String? {
        let nearest = Suggestion.nearest(to: column.name, among: schema.names).map { "did you mean \"\($0)\"?" }
        if column.isDoubleQuoted {
            let quoting = "texts stand in single quotes: \(SQLText.text(column.name.excerpt))"
            return nearest.map { "\($0) \(quoting)" } ?? quoting
        }
        if let nearest { return nearest }
        let names = schema.names
        if names.isEmpty { return "the table has no columns" }
        return "its columns are \(names.prefix(8).joined(separator: ", "))\(names.count > 8 ? ", …" : "")"
    }

    private mutating func flag(_ column: ColumnReference) throws(ExpressionError) -> BoundCondition {
        let place = try index(of: column, needing: .values)
        let type = schema.fields[place].type
        guard type == .boolean else {
            throw .type(
                "the column \"\(column.name.excerpt)\" holds \(type) values and is no condition by itself",
                at: column.offset, hint: "compare it with something, or ask whether it is missing")
        }
        return .test(place, .boolean(whenFalse: false, whenTrue: true))
    }

    // MARK: Comparisons

    private mutating func compare(
        _ left: Operand, _ comparison: Comparison, _ right: Operand
    ) throws(ExpressionError) -> BoundCondition {
        switch (left, right) {
        case (.column(let column), .literal(let literal)): return try compare(column, comparison, literal)
        case (.literal(let literal), .column(let column)): return try compare(column, comparison.mirrored, literal)
        case (.column(let first), .column(let second)): return try pair(first, comparison, second)
        case (.literal(let first), .literal(let second)):
            if isLenient, comparison.isEquality { return .constant(comparison == .notEqual) }
            throw .type(
                "\(first.value.kindAndText) can't be compared with \(second.value.kindAndText)", at: second.offset)
        }
    }

    private mutating func compare(
        _ column: ColumnReference, _ comparison: Comparison, _ literal: Literal
    ) throws(ExpressionError) -> BoundCondition {
        let place = try index(of: column, needing: nil)
        guard !literal.value.isMissing else { return .constant(nil) }
        let type = schema.fields[place].type
        switch CellTest.comparing(type, comparison, meaning(literal, type), isLenient: isLenient) {
        case .test(let test):
            projection.add(.values, of: place)
            return .test(place, test)
        case .mismatch(let reason):
            if isLenient, comparison.isEquality { return .constant(comparison == .notEqual) }
            throw mismatch(column, type, literal, reason)
        }
    }

    private func meaning(_ literal: Literal, _ type: LogicalType) -> Value {
        timeZone.meaning(of: literal.value, as: type)
    }

    private mutating func membership(
        _ column: ColumnReference, _ literals: [Literal]
    ) throws(ExpressionError) -> BoundCondition {
        let place = try index(of: column, needing: nil)
        let type = schema.fields[place].type
        var values: [Value] = []
        for literal in literals where !literal.value.isMissing {
            let value = meaning(literal, type)
            switch CellTest.comparing(type, .equal, value, isLenient: isLenient) {
            case .test: values.append(value)
            case .mismatch(let reason): if !isLenient { throw mismatch(column, type, literal, reason) }
            }
        }
        let isUnknownElse = literals.contains { $0.value.isMissing }
        guard !values.isEmpty else { return .constant(isUnknownElse ? nil : false) }
        projection.add(.values, of: place)
        let test = BoundCondition.test(place, CellTest.membership(type, values))
        return isUnknownElse ? .or([test, .constant(nil)]) : test
    }

    private mutating func like(
        _ column: ColumnReference, _ pattern: String, _ escape: Unicode.Scalar?
    ) throws(ExpressionError) -> BoundCondition {
        let place = try index(of: column, needing: .values)
        let type = schema.fields[place].type
        guard type == .string else {
            throw .type(
                "the column \"\(column.name.excerpt)\" holds \(type) values, LIKE asks of texts", at: column.offset)
        }
        guard let like = LikePattern(pattern, escape: escape) else {
            throw .syntax(
                "the escape character of LIKE stands before something other than %, _ or itself", at: column.offset)
        }
        return .test(place, .like(like))
    }

    private mutating func distinct(_ left: Operand, _ right: Operand) throws(ExpressionError) -> BoundCondition {
        let differ = try compare(left, .notEqual, right)
        switch (left, right) {
        case (.column(let column), .literal), (.literal, .column(let column)):
            if case .constant(true) = differ { return differ }
            return .or([.missing(try index(of: column, needing: .presence)), differ])
        case (.column(let first), .column(let second)):
            if case .constant(true) = differ { return differ }
            let isFirstMissing = BoundCondition.missing(try index(of: first, needing: .presence))
            let isSecondMissing = BoundCondition.missing(try index(of: second, needing: .presence))
            return .or([
                .and([isFirstMissing, .not(isSecondMissing)]), .and([.not(isFirstMissing), isSecondMissing]),
                .and([.not(isFirstMissing), .not(isSecondMissing), differ]),
            ])
        case (.literal, .literal): return differ
        }
    }

    private mutating func pair(
        _ left: ColumnReference, _ comparison: Comparison, _ right: ColumnReference
    ) throws(ExpressionError) -> BoundCondition {
        let first = try index(of: left, needing: nil)
        let second = try index(of: right, needing: nil)
        let types = (schema.fields[first].type, schema.fields[second].type)
        guard ColumnPair.areComparable(types.0, types.1) else {
            let areNearlyAlike = types.0.isNumeric && types.1 == .boolean || types.0 == .boolean && types.1.isNumeric
            if isLenient, comparison.isEquality, !areNearlyAlike { return .constant(comparison == .notEqual) }
            throw .type(
                "the column \"\(left.name.excerpt)\" holds \(types.0) values, which can't be compared with the \(types.1) "
                    + "values of \"\(right.name.excerpt)\"", at: right.offset ?? left.offset)
        }
        projection.add(.values, of: first)
        projection.add(.values, of: second)
        return .pair(first, comparison, second, timeZone)
    }

    private func mismatch(
        _ column: ColumnReference, _ type: LogicalType, _ literal: Literal, _ reason: String?
    ) -> ExpressionError {
        let value = literal.value
        let subject = "the column \"\(column.name.excerpt)\" holds \(type) values"
        let what = reason ?? "which can't be compared with \(value.kindAndText)"
        let hint: String? =
            switch (type, value) {
            case (.string, .integer), (.string, .decimal): "texts stand in quotes: '\(SQLText.literal(value))'"
            case (_, .text(let text)) where type.isNumeric && DecimalNumber(text) != nil: "write \(text) without quotes"
            default: nil
            }
        return .type("\(subject), \(what)", at: literal.offset ?? column.offset, hint: hint)
    }
}

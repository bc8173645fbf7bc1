import Tables

extension Condition {
    /// The parts of an `OR` in which all that ask whether a column has certain values are one question.
    ///
    /// `a = 1 OR b = 2 OR a = 3` means `a IN (1, 3) OR b = 2`, by all three values. Two thousand such parts are one look at each row.
    static func joiningEqualities(_ parts: [Condition]) -> [Condition] {
        joining(parts) { part in
            switch part {
            case .comparison(.column(let column), .equal, .literal(let literal)): Values(column, [literal])
            case .membership(let column, let literals): Values(column, literals)
            default: nil
            }
        } as: {
            .membership($0.column, $0.literals)
        }
    }

    /// The parts of an `AND` in which all that ask whether a column has none of certain values are one question.
    ///
    /// What is distinct from a value is missing or another, and asked by itself.
    static func joiningInequalities(_ parts: [Condition]) -> [Condition] {
        let unequal = joining(parts) { part in
            switch part {
            case .comparison(.column(let column), .notEqual, .literal(let literal)): Values(column, [literal])
            case .not(.membership(let column, let literals)): Values(column, literals)
            default: nil
            }
        } as: {
            .not(.membership($0.column, $0.literals))
        }
        return joining(unequal) { part in
            guard case .distinct(.column(let column), .literal(let literal)) = part, !literal.value.isMissing else {
                return nil
            }
            return Values(column, [literal])
        } as: {
            .or([.missing($0.column), .not(.membership($0.column, $0.literals))])
        }
    }

    /// A column, and what it is compared with.
    private struct Values {
        let column: ColumnReference
        var literals: [Literal]
        /// Where the question stands that they are all asked in.
        var place = 0
        /// How many parts asked.
        var parts = 1

        init(_ column: ColumnReference, _ literals: [Literal]) {
            self.column = column
            self.literals = literals
        }
    }

    /// The question about a column stands where its first part stood; what asks alone stays as it is.
    private static func joining(
        _ parts: [Condition], _ values: (Condition) -> Values?, as question: (Values) -> Condition
    ) -> [Condition] {
        var joined: [Condition] = []
        var asked: [ColumnName: Values] = [:]
        for part in parts {
            guard var found = values(part) else {
                joined.append(part)
                continue
            }
            let name = ColumnName(found.column.name)
            if asked[name] == nil {
                found.place = joined.count
                asked[name] = found
                joined.append(part)
            } else {
                asked[name]?.literals += found.literals
                asked[name]?.parts += 1
            }
        }
        for values in asked.values where values.parts > 1 { joined[values.place] = question(values) }
        return joined
    }
}

import Tables

extension Syntax {
    /// The parts of an `OR` in which neighbours that ask whether a column has certain values are one question.
    ///
    /// `a = 1 OR a = 2 OR b = 3` means `a IN (1, 2) OR b = 3`. Only neighbours: what fails right of a part that decides isn't looked at.
    static func joiningEqualities(_ parts: [Syntax]) -> [Syntax] {
        joining(parts) { part in
            switch part.kind {
            case .comparison(let left, .equal, let right): Values(left, right)
            case .membership(let subject, let items): Values(subject, items)
            default: nil
            }
        } as: {
            Syntax(.membership($0.column, $0.items), at: $0.offset)
        }
    }

    /// The parts of an `AND` in which neighbours that ask whether a column has none of certain values are one question.
    static func joiningInequalities(_ parts: [Syntax]) -> [Syntax] {
        joining(parts) { part in
            switch part.kind {
            case .comparison(let left, .notEqual, let right): return Values(left, right)
            case .not(let inner):
                guard case .membership(let subject, let items) = inner.kind else { return nil }
                return Values(subject, items)
            default: return nil
            }
        } as: {
            Syntax(.not(Syntax(.membership($0.column, $0.items), at: $0.offset)), at: $0.offset)
        }
    }

    /// A column, and the values that it is compared with.
    private struct Values {
        let column: Syntax
        let name: ColumnName
        var items: [Syntax]
        var offset: Int? { column.offset }

        /// `nil` where it isn't a column that is compared with values.
        init?(_ column: Syntax, _ items: [Syntax]) {
            guard case .column(let name, _) = column.kind, items.allSatisfy(\.isLiteral) else { return nil }
            self.column = column
            self.name = ColumnName(name)
            self.items = items
        }

        init?(_ left: Syntax, _ right: Syntax) {
            if left.isLiteral { self.init(right, [left]) } else { self.init(left, [right]) }
        }
    }

    private var isLiteral: Bool {
        if case .literal = kind { true } else { false }
    }

    /// What has no neighbour to be asked with stays as it is.
    private static func joining(
        _ parts: [Syntax], _ values: (Syntax) -> Values?, as question: (Values) -> Syntax
    ) -> [Syntax] {
        var runs: [(part: Syntax, values: Values?, count: Int)] = []
        for part in parts {
            let found = values(part)
            if let found, runs.last?.values?.name == found.name {
                runs[runs.count - 1].values?.items += found.items
                runs[runs.count - 1].count += 1
            } else {
                runs.append((part, found, 1))
            }
        }
        return runs.map { run in
            guard let values = run.values, run.count > 1 else { return run.part }
            return question(values)
        }
    }
}

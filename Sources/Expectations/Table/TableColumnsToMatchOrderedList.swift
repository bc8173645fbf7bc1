import Tables

extension ExpectationKind {
    /// The table has these columns in this order, and no others.
    static let tableColumnsToMatchOrderedList = ExpectationKind.table(
        "expect_table_columns_to_match_ordered_list", .schema, summary: "the table has these columns, in this order",
        details: """
            Names must match exactly. The result has GX's list of positions that differ (mismatched), and besides the real \
            difference (changes): a column that was inserted is one change.
            """,
        parameters: [Parameter("column_list", .columns, isRequired: true, "the columns' names, in order")]
    ) { arguments throws(SuiteError) in
        let isOpen = arguments["column_list"] == nil && arguments.names("column_list")
        let wanted = isOpen ? nil : try arguments.differentTexts("column_list")
        let claim = Claim(
            "the table", holds: "has its columns in the order they should have",
            fails: "has not its columns in the order they should have")
        return Plan(columns: [], claim: claim) { table throws(PlanError) in
            let found = table.schema.names
            guard let wanted, !wanted.elementsEqual(found, by: { $0.utf8.elementsEqual($1.utf8) }) else {
                var judgement = Judgement(.passed)
                judgement.observedValue = .array(found.map { .string($0) })
                return .decided(judgement)
            }
            return .decided(Judgement(columns: found, wanted: wanted))
        }
    }
}

extension Judgement {
    fileprivate init(columns found: [String], wanted: [String]) {
        self.init(.failed)
        observedValue = .array(found.map { .string($0) })
        let mismatched = (0..<max(found.count, wanted.count)).compactMap { position -> JSON? in
            let expected = position < wanted.count ? wanted[position] : nil
            let actual = position < found.count ? found[position] : nil
            if let expected, let actual, expected.utf8.elementsEqual(actual.utf8) { return nil }
            return .object([
                .init("Expected Column Position", .integer(position)),
                .init("Expected", expected.map { .string($0) } ?? .null),
                .init("Found", actual.map { .string($0) } ?? .null),
            ])
        }
        let difference = SchemaDifference(
            from: wanted.map { ($0, .string) }, to: found.map { ($0, .string) })
        details = [
            JSON.Member("mismatched", .array(mismatched)),
            JSON.Member(
                "changes",
                .array(
                    difference.changes.map { change in
                        .object([
                            .init("change", .string(change.kind.rawValue)), .init("column", .string(change.column)),
                            .init("from", change.kind == .moved ? change.from.map { .string($0) } ?? .null : .null),
                            .init("to", change.kind == .moved ? change.to.map { .string($0) } ?? .null : .null),
                        ])
                    })),
        ]
        let told = difference.changes.map { change in
            switch change.kind {
            case .added: "\(change.column) is there besides"
            case .removed: "\(change.column) is not there"
            case .moved, .retyped:
                "\(change.column) stands at position \(change.to ?? "?"), not at \(change.from ?? "?")"
            }
        }
        statement = "The columns are not as they should be: \(told.prefix(6).joined(separator: ", "))."
    }
}

import Tables

extension ExpectationKind {
    /// The table has exactly these columns, or at least these.
    static let tableColumnsToMatchSet = ExpectationKind.table(
        "expect_table_columns_to_match_set", .schema, summary: "the table has these columns, in any order",
        details: "Names must match exactly. With exact_match: false, columns besides are allowed.",
        parameters: [
            Parameter("column_set", .columns, isRequired: true, "the columns' names"),
            Parameter("exact_match", .flag, "no other columns may be there; true when absent"),
        ]
    ) { arguments throws(SuiteError) in
        let isExact = try arguments.flag("exact_match", default: true)
        let isOpen = arguments["column_set"] == nil && arguments.names("column_set")
        let wanted = isOpen ? [] : try arguments.texts("column_set")
        let claim = Claim(
            "the table", holds: "has the columns it should have", fails: "has not the columns it should have")
        return Plan(columns: [], claim: claim) { table throws(PlanError) in
            let found = table.schema.names
            let missing = wanted.names(besides: found)
            let unexpected = found.names(besides: wanted)
            var judgement = Judgement(missing.isEmpty && (!isExact || unexpected.isEmpty) ? .passed : .failed)
            judgement.observedValue = .array(found.map { .string($0) })
            var mismatched: [JSON.Member] = []
            if !unexpected.isEmpty { mismatched.append(.init("unexpected", .array(unexpected.map { .string($0) }))) }
            if !missing.isEmpty { mismatched.append(.init("missing", .array(missing.map { .string($0) }))) }
            judgement.details = [JSON.Member("mismatched", .object(mismatched))]
            if judgement.outcome == .failed {
                let parts = [
                    missing.isEmpty ? nil : "lacks \(missing.joined(separator: ", "))",
                    unexpected.isEmpty || !isExact ? nil : "has besides \(unexpected.joined(separator: ", "))",
                ]
                judgement.statement = "The table \(parts.compactMap { $0 }.joined(separator: " and "))."
            }
            return .decided(judgement)
        }
    }
}

extension [String] {
    /// Those that the other list lacks, each once, in order; compared by their bytes.
    fileprivate func names(besides other: [String]) -> [String] {
        let known = Set(other.map { [UInt8]($0.utf8) })
        return Set(map { [UInt8]($0.utf8) }).subtracting(known).sorted { $0.lexicographicallyPrecedes($1) }
            .map { String(decoding: $0, as: UTF8.self) }
    }
}

import Tables

extension Plan {
    /// A plan that wants each value to be in a set, or none.
    static func membership(_ arguments: Arguments, wantsMember: Bool) throws(SuiteError) -> Plan {
        let column = try arguments.text("column")
        let values = try arguments.values("value_set")
        let words = try arguments.words("value_set")
        let (isIn, isOut) = ("are \(words)", "are not \(words)")
        let claim = Claim(
            "values of \(column)", holds: wantsMember ? isIn : isOut, fails: wantsMember ? isOut : isIn)
        let spelling = values.map { $0.json.text() }.sorted().joined(separator: ",")
        return try .rows(arguments, columns: [column], claim: claim) { table throws(PlanError) in
            let field = try table.field(column)
            let meant = values.map { table.timeZone.meaning(of: $0, as: field.type) }
            let set = try ValueSet(meant, words: words, type: field.type, column: column)
            return SetTest(column: field.index, name: column, set: set, wantsMember: wantsMember, spelling: spelling)
        }
    }
}

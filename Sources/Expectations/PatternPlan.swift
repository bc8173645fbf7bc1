import Expressions

extension Plan {
    /// A plan that wants a regular expression to match each value, or none.
    static func pattern(_ arguments: Arguments, wantsMatch: Bool) throws(SuiteError) -> Plan {
        let column = try arguments.text("column")
        let pattern = try arguments.text("regex")
        let shown = arguments["regex"]?.written ?? pattern
        let expression = try arguments.regularExpression("regex")
        let (match, noMatch) = ("match /\(shown)/", "do not match /\(shown)/")
        let claim = Claim(
            "values of \(column)", holds: wantsMatch ? match : noMatch, fails: wantsMatch ? noMatch : match)
        return try .rows(arguments, columns: [column], claim: claim) { table throws(PlanError) in
            PatternTest(
                column: try table.index(of: column), name: column, pattern: pattern, expression: expression,
                wantsMatch: wantsMatch)
        }
    }
}

extension Arguments {
    /// A regular expression that compiles and isn't empty, as one that all texts match is.
    func regularExpression(_ name: String) throws(SuiteError) -> RegularExpression {
        let pattern = try text(name)
        guard !pattern.isEmpty else {
            throw SuiteError(
                code: "bad-argument", message: "\(name) must not be empty: every text matches that",
                location: self[name]?.mark)
        }
        do { return try RegularExpression(pattern) } catch {
            throw SuiteError(
                code: error.code, message: "\(name): \(error.message)", location: self[name]?.mark, hint: error.hint)
        }
    }
}

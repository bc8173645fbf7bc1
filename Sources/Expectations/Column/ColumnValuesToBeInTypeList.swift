import Tables

extension ExpectationKind {
    /// Values are of one of several types.
    static let columnValuesToBeInTypeList = ExpectationKind.rows(
        "expect_column_values_to_be_in_type_list", .schema, summary: "values are of one of several types",
        details: """
            Missing values are not judged. Where the column's type is in the list, values that don't read as it are unexpected; \
            where it isn't, all values are. A null in place of the list means that any type will do.
            """,
        parameters: [.column, Parameter("type_list", .typeNames, "the types; any when null")]
    ) { arguments throws(SuiteError) in
        let column = try arguments.text("column")
        guard let list = arguments["type_list"] else {
            if !arguments.names("type_list") { _ = try arguments.required("type_list") }
            return .anyType(column)
        }
        let types = try list.asTypeNames("type_list")
        let words = types.map(\.text).joined(separator: " or ")
        let claim = Claim("values of \(column)", holds: "are of type \(words)", fails: "are not of type \(words)")
        return try .types(arguments, column, types, claim)
    }
}

extension Plan {
    fileprivate static func anyType(_ column: String) -> Plan {
        Plan(columns: [column], claim: Claim("values of \(column)", holds: "are of any type", fails: "")) {
            table throws(PlanError) in
            _ = try table.index(of: column)
            return .decided(Judgement(.passed))
        }
    }
}

extension Argument {
    /// A list of types, one or more.
    func asTypeNames(_ name: String) throws(SuiteError) -> [TypeName] {
        guard case .list(let items) = content else { throw wrong(name, wanted: "a list of types") }
        guard !items.isEmpty else { throw lacking(name, "a type") }
        var types: [TypeName] = []
        for item in items { types.append(try item.asTypeName(name)) }
        return types
    }
}

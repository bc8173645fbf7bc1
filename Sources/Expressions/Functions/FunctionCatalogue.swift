/// All functions of the language, a family a file; this is the only list.
enum FunctionCatalogue {
    static let families: [(title: String, functions: [Function])] = [
        ("Operators", OperatorFunctions.all),
        ("Conditional", ConditionalFunctions.all),
        ("Text", TextFunctions.all + TextSearchFunctions.all),
        ("Number", NumberFunctions.all),
        ("Time", TimeFunctions.all + TimeTextFunctions.all),
        ("JSON", JSONFunctions.all),
        ("Digest", DigestFunctions.all),
    ]

    /// Which of several entries of a name is meant can't be told from a name: names are unique.
    private static let byName: [String: Function] = {
        var table: [String: Function] = [:]
        for family in families {
            for function in family.functions {
                for name in [function.name] + function.aliases { table[name] = function }
            }
        }
        return table
    }()

    /// Names are compared without regard to case.
    static func function(named name: String) -> Function? { byName[name.lowercased()] }

    /// What can stand before a parenthesis, for suggestions.
    static let names: [String] =
        byName.keys.filter { $0.first?.isLetter ?? false }.sorted()
        + [
            "cast", "try_cast", "try", "extract", "int64", "float64", "decimal", "string", "boolean", "date",
            "timestamp", "time",
        ]
}

/// The reference page of the language's functions, written from the list.
public enum FunctionReference {
    /// In Markdown: a table a family.
    public static var markdown: String {
        var page = ""
        for family in FunctionCatalogue.families {
            page += "## \(family.title)\n\n| function | gives |\n|---|---|\n"
            for function in family.functions {
                let signature = function.signature.replacing("|", with: "\\|")
                var summary = function.summary.replacing("|", with: "\\|")
                if !function.aliases.isEmpty {
                    summary += "; also \(function.aliases.map { "`\($0)`" }.joined(separator: ", "))"
                }
                page += "| `\(signature)` | \(summary) |\n"
            }
            page += "\n"
        }
        page += "## Aggregates\n\n| aggregate | gives | of no values |\n|---|---|---|\n"
        for function in AggregateFunction.allCases {
            var summary = function.summary
            if !function.aliases.isEmpty {
                summary += "; also \(function.aliases.map { "`\($0)`" }.joined(separator: ", "))"
            }
            page += "| `\(function.signature)` | \(summary) | \(function.isCount ? "0" : "missing") |\n"
        }
        return page + "\n"
    }
}

import Tables

extension Parser {
    /// What was found instead of what was expected, with a hint where the mistake is a common one.
    func unexpected(_ expected: String) -> ExpressionError {
        let hint: String? =
            switch token.kind {
            case .symbol(let symbol): symbolHint(symbol)
            case .word(let word): wordHint(word)
            default: nil
            }
        return .syntax("\(shown(expected)) was expected, found \(token.found)", at: token.offset, hint: hint)
    }

    private func shown(_ expected: String) -> String {
        dialect.isSQL ? expected : expected == "AND, OR or the end" ? "and, or or the end" : expected
    }

    func symbolHint(_ symbol: String) -> String? {
        switch symbol {
        case "&", "&&": dialect.isSQL ? "write AND" : "write and"
        case "|" where grammar == .values: "write OR, or || to join texts"
        case "|", "||": dialect.isSQL ? "write OR" : "write or"
        case "~" where grammar == .values: nil
        case "~", "!": dialect.isSQL ? "write NOT" : "write not"
        case "=": dialect.isSQL ? nil : "equality is written =="
        case "<>": dialect.isSQL ? nil : "inequality is written !="
        case "^" where grammar == .values: "write power(x, y)"
        case "->", "->>": "write json_extract or json_extract_text"
        case "+", "-", "*", "/", "%", "^": grammar == .values ? nil : "conditions do no arithmetic"
        case "--", "/*", "#": "\(grammar.noun)s hold no comments"
        case "@": "variables of Python are not at hand here: write the value"
        case ".": "a name with a point stands in \(dialect.isSQL ? "double quotes" : "backticks")"
        case ";": "one \(grammar.noun), without a semicolon"
        case "(": grammar == .values ? nil : "conditions call no functions"
        case "[": dialect.isSQL ? "a list stands in parentheses" : nil
        default: nil
        }
    }

    private func wordHint(_ word: String) -> String? {
        let capitals = word.uppercased()
        if dialect.isSQL {
            return switch capitals {
            case "ISNULL": "write IS NULL"
            case "NOTNULL": "write IS NOT NULL"
            case "REGEXP" where grammar == .values, "RLIKE" where grammar == .values:
                "write x ~ 'pattern' or regexp_like(x, 'pattern')"
            case "ILIKE", "SIMILAR", "REGEXP", "RLIKE": "only LIKE is understood"
            case "SELECT", "WHERE", "FROM": "write only the \(grammar.noun), without \(capitals)"
            case "OVER": "there are no windows in an expression on a row"
            default: nil
            }
        }
        return switch capitals {
        case "AND", "OR", "NOT", "IN": "write \(word.lowercased())"
        case "IS", "NULL": dialect == .pandas ? "write x.isnull() or x.notnull()" : "write col(\"x\").isNull()"
        case "LIKE", "BETWEEN": "\(capitals) is SQL"
        default: nil
        }
    }
}

extension Value {
    /// As in `the number 5` and `the text 'abc'`, for messages.
    var kindAndText: String {
        switch self {
        case .missing: "a missing value"
        case .boolean: "the boolean \(self)"
        case .integer, .decimal, .float: "the number \(SQLText.literal(self))"
        case .text(let text): "the text '\(text.excerpt)'"
        case .date: "the date \(self)"
        case .time: "the time \(self)"
        case .timestamp: "the timestamp \(self)"
        case .duration: "the duration \(self)"
        }
    }
}

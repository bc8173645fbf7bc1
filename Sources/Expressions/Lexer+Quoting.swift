extension Lexer {
    /// Reads what stands in quotes, from the opening quote through the closing one.
    ///
    /// A doubled quote stands for one in SQL and in every name in backticks; the other dialects escape with backslashes,
    /// as Python does.
    mutating func quoted() throws(ExpressionError) -> String {
        let start = index
        let quote = scalars[index]
        let isDoubling = dialect.isSQL || quote == "`"
        var view = String.UnicodeScalarView()
        index += 1
        while let scalar = current {
            index += 1
            if scalar == quote {
                guard isDoubling, current == quote else { return try checked(String(view), quote, start) }
                view.append(quote)
                index += 1
            } else if scalar == "\\", !isDoubling {
                try takeEscape(into: &view)
            } else {
                view.append(scalar)
            }
        }
        throw .syntax(
            "the \(Self.noun(quote, dialect)) that begins here has no closing \(quote)", at: start,
            hint: isDoubling && quote == "'" ? "a quote inside a text is doubled: 'it''s'" : nil)
    }

    private static func noun(_ quote: Unicode.Scalar, _ dialect: Dialect) -> String {
        quote == "`" || (quote == "\"" && dialect.isSQL) ? "name" : "text"
    }

    private func checked(_ text: String, _ quote: Unicode.Scalar, _ start: Int) throws(ExpressionError) -> String {
        if text.isEmpty, Self.noun(quote, dialect) == "name" {
            throw .syntax(
                "a name is empty", at: start, hint: quote == "\"" ? "the empty text is written ''" : nil)
        }
        return text
    }

    /// Reads what follows a backslash; unknown escapes keep their backslash.
    private mutating func takeEscape(into view: inout String.UnicodeScalarView) throws(ExpressionError) {
        guard let scalar = current else { return }
        index += 1
        switch scalar {
        case "\\", "'", "\"": view.append(scalar)
        case "n": view.append("\n")
        case "t": view.append("\t")
        case "r": view.append("\r")
        case "x": view.append(try codePoint(digits: 2))
        case "u": view.append(try codePoint(digits: 4))
        case "U": view.append(try codePoint(digits: 8))
        default:
            view.append("\\")
            view.append(scalar)
        }
    }

    private mutating func codePoint(digits: Int) throws(ExpressionError) -> Unicode.Scalar {
        let end = min(index + digits, scalars.count)
        let text = string(index..<end)
        guard text.utf8.count == digits, text.utf8.allSatisfy({ $0 != 0x2B && $0 != 0x2D }),
            let value = UInt32(text, radix: 16), let scalar = Unicode.Scalar(value)
        else { throw .syntax("the escape is no character: \(digits) hexadecimal digits were expected", at: index - 2) }
        index = end
        return scalar
    }
}

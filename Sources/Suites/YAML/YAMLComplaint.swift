import Expectations

/// A complaint of libyaml's, and what it means to a person.
struct YAMLComplaint {
    let problem: String
    /// What libyaml was doing, as in `while scanning a simple key`.
    let context: String
    let offset: Int
    /// Where that began.
    let contextOffset: Int

    func error(in source: SourceText) -> SuiteError {
        let (message, hint, place) = wording(source.scalar(at: offset), source)
        return SuiteError(code: "yaml-syntax", message: message, location: source.mark(at: place), hint: hint)
    }

    private func wording(
        _ scalar: Unicode.Scalar?, _ source: SourceText
    ) -> (message: String, hint: String?, offset: Int) {
        if scalar == "\t", problem.contains("cannot start any token") || problem.contains("tab character") {
            return ("a tab stands where only spaces may", "indent with spaces", offset)
        }
        if scalar == "{", offset > 0, source.scalar(at: offset - 1) == "$" {
            return ("${…} in brackets or braces needs quotes", "put it in quotes", offset - 1)
        }
        switch problem {
        case "found character that cannot start any token":
            return ("a text can't begin with \(shown(scalar))", "put it in quotes", offset)
        case "found unknown escape character":
            let escape = source.scalar(at: offset + 1).map { "\\\(String($0))" } ?? "\\"
            return (
                "\(quoted(escape)) means nothing in double quotes", "in single quotes a backslash is a backslash",
                offset
            )
        case "found invalid Unicode character escape code":
            return ("the escape stands for no character", escapeHint(source), offset)
        case "found unexpected end of stream" where context.contains("quoted scalar"):
            return ("the quote that opens here is never closed", nil, contextOffset)
        case "found unexpected document indicator" where context.contains("quoted scalar"):
            return ("the quote that opens here is not closed before the next document", nil, contextOffset)
        case "mapping values are not allowed in this context":
            return (
                "a colon can't stand here", "put a text that has a colon in quotes, or check the indentation", offset
            )
        case "block sequence entries are not allowed in this context":
            return ("an item of a list can't stand here", "check the indentation", offset)
        case "could not find expected ':'":
            return ("a colon is missing after this key", nil, contextOffset)
        case "did not find expected key":
            return ("a key was expected here", "check the indentation, and the quotes before", offset)
        case "did not find expected '-' indicator":
            return ("an item of the list, beginning with \"-\", was expected here", "check the indentation", offset)
        case "did not find expected ',' or ']'":
            return ("\",\" or \"]\" was expected here", "the list begins at \(place(source))", offset)
        case "did not find expected ',' or '}'":
            return ("\",\" or \"}\" was expected here", "the mapping begins at \(place(source))", offset)
        case "did not find expected node content":
            return ("a value was expected here", nil, offset)
        case "did not find expected <document start>":
            return ("nothing more was expected here", "a file holds one mapping; check the indentation", offset)
        case "did not find expected alphabetic or numeric character":
            return (
                "\"*\" and \"&\" at the beginning of a text have a meaning in YAML", "put it in quotes", contextOffset
            )
        case "control characters are not allowed":
            let isControl = scalar?.properties.generalCategory == .control
            return ("the \(isControl ? "control " : "")character \(shown(scalar)) is not allowed", nil, offset)
        default:
            return (problem + (context.isEmpty ? "" : " " + context), nil, offset)
        }
    }

    /// What to write in place of an escape by a number that no character has; `offset` is behind its `\u`.
    private func escapeHint(_ source: SourceText) -> String {
        if JSONEscapes.apply(to: source.text, file: source.file) { return "a surrogate stands in a pair only" }
        let written = String(String.UnicodeScalarView(source.text.unicodeScalars.dropFirst(offset - 2).prefix(12)))
        guard let character = JSONEscapes.pair(Array(written.utf8), at: 0) else { return "write the character itself" }
        let digits = String(character.value, radix: 16, uppercase: true)
        let zeros = String(repeating: "0", count: max(0, 8 - digits.count))
        return "pairs of surrogates are JSON's: write \\U\(zeros)\(digits), or the character itself"
    }

    private func place(_ source: SourceText) -> String {
        let mark = source.mark(at: contextOffset)
        return "\(mark.line):\(mark.column)"
    }

    private func shown(_ scalar: Unicode.Scalar?) -> String {
        guard let scalar else { return "the end of the file" }
        if scalar.value >= 0x20, scalar.value < 0x7F { return "\"\(scalar)\"" }
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}

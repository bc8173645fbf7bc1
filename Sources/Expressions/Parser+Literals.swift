import Tables

extension Parser {
    /// A number, perhaps with a sign, or `nil` where none begins here.
    mutating func numberLiteral() throws(ExpressionError) -> Syntax? {
        let offset = token.offset
        var sign = ""
        if token.isSymbol("-") || token.isSymbol("+") {
            guard case .number = following.kind else {
                advance()
                throw unexpected("a number")
            }
            if token.isSymbol("-") { sign = "-" }
            advance()
        }
        guard case .number(let digits) = token.kind else { return nil }
        let value = try Self.number(sign + digits, at: offset)
        advance()
        return literal(value, at: offset)
    }

    /// Exact where 38 digits hold the number, else the nearest double, which only very large and very small numbers need.
    private static func number(_ text: String, at offset: Int) throws(ExpressionError) -> Value {
        let mantissa = text.prefix { $0 != "e" && $0 != "E" }.filter { $0 != "-" && $0 != "." }
        let significant = mantissa.drop { $0 == "0" }.count
        guard significant <= DecimalNumber.maximumDigits else {
            throw .syntax(
                "a number of \(significant) digits is too long, at most \(DecimalNumber.maximumDigits) are allowed",
                at: offset)
        }
        if let exact = DecimalNumber(text) {
            return exact.scale == 0 ? .integer(exact.unscaled) : .decimal(exact)
        }
        guard let nearest = Double(text), nearest.isFinite else {
            throw .syntax("\(text.excerpt) is too large a number", at: offset)
        }
        // No digit but zeros, and very many of them.
        return significant == 0 ? .integer(0) : .float(nearest)
    }

    /// A date, a time of day or a timestamp, as in `DATE '…'`, or `nil` where none begins here.
    ///
    /// The words are keywords only before a text.
    mutating func temporalLiteral() throws(ExpressionError) -> Syntax? {
        guard case .word(let word) = token.kind, case .text(let text) = following.kind else { return nil }
        let value: Value?
        let noun: String
        switch word.uppercased() {
        case "DATE": (value, noun) = (Temporal.date(text), "date, as in DATE '2024-01-31'")
        case "TIME": (value, noun) = (Temporal.time(text), "time of day, as in TIME '10:00:00'")
        case "TIMESTAMP":
            (value, noun) = (Temporal.timestamp(text), "timestamp, as in TIMESTAMP '2024-01-31 10:00:00'")
        case "INTERVAL" where grammar == .values: return try intervalLiteral()
        default: return nil
        }
        let offset = token.offset
        advance()
        guard let value else { throw .syntax("'\(text.excerpt)' is no \(noun)", at: token.offset) }
        advance()
        return literal(value, at: offset)
    }

    /// The items of a list, after its opening parenthesis or bracket, through the closing one.
    mutating func list(closing: String) throws(ExpressionError) -> [Syntax] {
        var items: [Syntax] = []
        while !token.isSymbol(closing) {
            items.append(try listItem())
            guard take(symbol: ",") else { break }
        }
        guard take(symbol: closing) else { throw unexpected(", or \(closing)") }
        return items
    }

    private mutating func listItem() throws(ExpressionError) -> Syntax {
        try deeper { parser throws(ExpressionError) in
            if parser.grammar == .values { return try parser.disjunction() }
            return try parser.dialect.isSQL ? parser.sqlPrimary() : parser.pythonPrimary()
        }
    }
}

/// Dates and times out of texts that a person wrote.
enum Temporal {
    static func date(_ text: String) -> Value? {
        bytes(text) { CivilTime.parseDate($0) }.map { .date(days: Int($0)) }
    }

    static func time(_ text: String) -> Value? {
        bytes(text) { CivilTime.parseTime($0) }.map { .time(microseconds: $0) }
    }

    /// A text without a zone is in UTC, and one without a time of day means midnight.
    static func timestamp(_ text: String) -> Value? {
        bytes(text) { CivilTime.parseTimestamp($0) }.map { reading in
            .timestamp(microseconds: reading.local - Int64(reading.offset ?? 0) * CivilTime.microsecondsPerSecond)
        }
    }

    private static func bytes<Result>(_ text: String, _ body: (UnsafeRawBufferPointer) -> Result?) -> Result? {
        var text = text
        return text.withUTF8 { body(UnsafeRawBufferPointer($0)) }
    }
}

import Tables

/// What values can do and conditions can't: operators, functions, casts and cases.
extension Parser {
    /// The operators between two values, loosest first.
    private static let operators: [(symbol: String, binding: Int)] = [
        ("||", 0), ("+", 1), ("-", 1), ("*", 2), ("/", 2), ("%", 2),
    ]

    /// What stands on a side of a comparison.
    mutating func sqlOperand() throws(ExpressionError) -> Syntax {
        grammar == .values ? try sqlOperation(binding: 0) : try sqlPrimary()
    }

    private mutating func sqlOperation(binding: Int) throws(ExpressionError) -> Syntax {
        var left = try sqlSigned()
        while let operation = Self.operators.first(where: { token.isSymbol($0.symbol) }), operation.binding >= binding {
            let offset = token.offset
            advance()
            let right = try deeper { parser throws(ExpressionError) in
                try parser.sqlOperation(binding: operation.binding + 1)
            }
            left = try call(operation.symbol, [left, right], at: offset)
        }
        return left
    }

    private mutating func sqlSigned() throws(ExpressionError) -> Syntax {
        let offset = token.offset
        guard token.isSymbol("-") || token.isSymbol("+") else { return try sqlCasted() }
        if case .number = following.kind { return try sqlCasted() }
        let isNegated = token.isSymbol("-")
        advance()
        let inner = try deeper { parser throws(ExpressionError) in try parser.sqlSigned() }
        return try call(isNegated ? "negate" : "plus", [inner], at: offset)
    }

    /// A value with the casts and the time zone behind it.
    private mutating func sqlCasted() throws(ExpressionError) -> Syntax {
        var value = try sqlPrimary()
        while true {
            let offset = token.offset
            if take(symbol: "::") {
                value = try node(.cast(value, try sqlType(), isTry: false), at: offset)
            } else if isAt("AT"), following.isKeyword("TIME") {
                advance()
                advance()
                try expect("ZONE")
                value = try call("from_utc_timestamp", [value, try sqlPrimary()], at: offset)
            } else {
                return value
            }
        }
    }

    /// `x ~ 'pattern'`.
    mutating func sqlMatch(_ left: Syntax) throws(ExpressionError) -> Syntax {
        let offset = token.offset
        advance()
        return try call("regexp_like", [left, try sqlOperand()], at: offset)
    }

    // MARK: Cases

    mutating func sqlCase() throws(ExpressionError) -> Syntax {
        let offset = token.offset
        return try deeper { parser throws(ExpressionError) in
            parser.advance()
            let subject = parser.isAt("WHEN") ? nil : try parser.disjunction()
            var arms: [Syntax.Arm] = []
            while parser.take("WHEN") {
                let when = try parser.disjunction()
                try parser.expect("THEN")
                arms.append(Syntax.Arm(when: when, then: try parser.disjunction()))
            }
            guard !arms.isEmpty else { throw parser.unexpected("WHEN") }
            let otherwise = parser.take("ELSE") ? try parser.disjunction() : nil
            guard parser.take("END") else { throw parser.unexpected("WHEN, ELSE or END") }
            return try parser.node(.cases(subject: subject, arms, otherwise: otherwise), at: offset)
        }
    }

    // MARK: Calls

    private func call(_ name: String, _ arguments: [Syntax], at offset: Int) throws(ExpressionError) -> Syntax {
        guard let function = FunctionCatalogue.function(named: name) else { throw unknown(name, at: offset) }
        return try node(.call(function, arguments, isTry: false), at: offset)
    }

    /// What begins with a word and a parenthesis.
    mutating func sqlCall(_ word: String) throws(ExpressionError) -> Syntax {
        let offset = token.offset
        return try deeper { parser throws(ExpressionError) in
            parser.advance()
            parser.advance()
            let name = word.lowercased()
            switch name {
            case "cast", "try_cast":
                let inner = try parser.disjunction()
                try parser.expect("AS")
                let type = try parser.sqlType()
                try parser.expect(symbol: ")")
                return try parser.node(.cast(inner, type, isTry: name == "try_cast"), at: offset)
            case "try":
                let inner = try parser.disjunction()
                try parser.expect(symbol: ")")
                return try parser.node(.attempt(inner), at: offset)
            case "extract":
                guard case .word(let unit) = parser.token.kind else { throw parser.unexpected("a unit, as in YEAR") }
                let place = parser.token.offset
                parser.advance()
                try parser.expect("FROM")
                let inner = try parser.disjunction()
                try parser.expect(symbol: ")")
                return try parser.call("date_part", [parser.literal(.text(unit), at: place), inner], at: offset)
            case "position":
                // As SQL has it, or as any function.
                var arguments = [try parser.sqlOperand()]
                if parser.take(symbol: ",") {
                    arguments += try parser.list(closing: ")")
                } else {
                    if parser.take("IN") { arguments.append(try parser.disjunction()) }
                    try parser.expect(symbol: ")")
                }
                return try parser.call(name, arguments, at: offset)
            default: return try parser.sqlFunction(name, at: offset)
            }
        }
    }

    private mutating func sqlFunction(_ name: String, at offset: Int) throws(ExpressionError) -> Syntax {
        let isTry = name.hasPrefix("try_")
        let plain = isTry ? String(name.dropFirst(4)) : name
        let function = FunctionCatalogue.function(named: plain)
        guard function != nil || TypeName(plain) != nil else { throw unknown(name, at: offset) }
        let arguments = try list(closing: ")")
        guard let function else { return try shortCast(plain, arguments, isTry: isTry, at: offset) }
        return try node(.call(function, arguments, isTry: isTry), at: offset)
    }

    /// `decimal(x, 12, 2)`: the type's name, the value and the type's parameters.
    private func shortCast(
        _ name: String, _ arguments: [Syntax], isTry: Bool, at offset: Int
    ) throws(ExpressionError) -> Syntax {
        guard let value = arguments.first else { throw .syntax("\(name)() has nothing to make \(name) of", at: offset) }
        var parameters: [String] = []
        for argument in arguments.dropFirst() {
            guard case .literal(.integer(let number)) = argument.kind else {
                throw .syntax("the parameters of a type are whole numbers", at: argument.offset)
            }
            parameters.append(String(number))
        }
        return try node(.cast(value, try type(name, parameters, at: offset), isTry: isTry), at: offset)
    }

    private func unknown(_ name: String, at offset: Int) -> ExpressionError {
        if AggregateFunction(named: name) != nil {
            return ExpressionError(
                code: "unknown-function", message: "there is no function \(name.excerpt) of a row", offset: offset,
                hint: "it aggregates rows, and stands alone: \(name.excerpt)(…)")
        }
        let nearest = Suggestion.nearest(to: name, among: FunctionCatalogue.names)
        return ExpressionError(
            code: "unknown-function", message: "there is no function \(name.excerpt)", offset: offset,
            hint: nearest.map { "did you mean \($0)?" })
    }

    // MARK: Types

    private mutating func sqlType() throws(ExpressionError) -> LogicalType {
        let offset = token.offset
        guard case .word(var name) = token.kind else { throw unexpected("a type") }
        advance()
        if name.lowercased() == "double", take("PRECISION") { name = "double" }
        var parameters: [String] = []
        if take(symbol: "(") {
            repeat {
                guard case .number(let digits) = token.kind else { throw unexpected("a whole number") }
                parameters.append(digits)
                advance()
            } while take(symbol: ",")
            try expect(symbol: ")")
        }
        if isAt("WITH") || isAt("WITHOUT"), following.isKeyword("TIME") {
            advance()
            advance()
            try expect("ZONE")
        }
        return try type(name, parameters, at: offset)
    }

    private func type(_ name: String, _ parameters: [String], at offset: Int) throws(ExpressionError) -> LogicalType {
        let text = parameters.isEmpty ? name : "\(name)(\(parameters.joined(separator: ",")))"
        if let type = TypeName(text) { return type.type }
        guard TypeName(name) == nil else {
            throw .syntax("\(text.excerpt) is no type: its parameters are not understood", at: offset)
        }
        let nearest = Suggestion.nearest(to: name, among: TypeName.known)
        throw .syntax("\(text.excerpt) is no type", at: offset, hint: nearest.map { "did you mean \($0)?" })
    }

    // MARK: Intervals

    /// `INTERVAL '90s'`, `INTERVAL '1 day 2 hours'`, `INTERVAL '5' MINUTE`.
    mutating func intervalLiteral() throws(ExpressionError) -> Syntax? {
        let offset = token.offset
        advance()
        guard case .text(let text) = token.kind else { throw unexpected("a text in single quotes") }
        let place = token.offset
        advance()
        var written = text
        if case .word(let word) = token.kind, IntervalText.microseconds(ofUnit: word) != nil {
            written += " " + word
            advance()
        }
        guard let microseconds = IntervalText.parse(written) else {
            throw .syntax(
                "'\(text.excerpt)' is no interval, as in INTERVAL '90 minutes'", at: place,
                hint: IntervalText.namesMonths(written) ? "months have no length: date_add(x, 1, 'month')" : nil)
        }
        return literal(.duration(microseconds: microseconds), at: offset)
    }
}

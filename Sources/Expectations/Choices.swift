import Tables

extension Arguments {
    /// One of a few words; the fallback where the argument is absent.
    func choice<Choice: RawRepresentable & CaseIterable>(
        _ name: String, _ fallback: Choice
    ) throws(SuiteError) -> Choice where Choice.RawValue == String {
        guard let argument = self[name] else { return fallback }
        return try argument.choice(name)
    }
}

extension Argument {
    func choice<Choice: RawRepresentable & CaseIterable>(
        _ name: String
    ) throws(SuiteError) -> Choice where Choice.RawValue == String {
        let words = Choice.allCases.map(\.rawValue)
        guard case .text(let text) = content else {
            throw wrong(name, wanted: "one of \(words.joined(separator: ", "))")
        }
        if let choice = Choice(rawValue: text) { return choice }
        throw SuiteError(
            code: "bad-argument", message: "\(name) must be one of \(words.joined(separator: ", ")), got \"\(text)\"",
            location: mark, hint: Suggestion.nearest(to: text, among: words).map { "did you mean \($0)?" })
    }

    /// The member of a mapping; `nil` where it is absent.
    subscript(name: String) -> Argument? {
        guard case .map(let members) = content else { return nil }
        return members.first { $0.name == name }?.value
    }
}

extension ResultFormat {
    /// `result_format` in either form: a level, or a mapping, of which every mistake is told.
    init(_ arguments: Arguments) throws(SuiteProblems) {
        self.init()
        guard let argument = arguments["result_format"] else { return }
        var errors: [SuiteError] = []
        func check(_ body: () throws(SuiteError) -> Void) {
            do { try body() } catch { errors.append(error) }
        }
        if case .map(let members) = argument.content {
            for member in members {
                check { () throws(SuiteError) in try read(member, of: argument) }
            }
        } else {
            check { () throws(SuiteError) in level = try argument.choice("result_format") }
        }
        if !errors.isEmpty { throw SuiteProblems(errors) }
    }

    private mutating func read(_ member: Argument.Member, of argument: Argument) throws(SuiteError) {
        switch member.name {
        case "result_format": level = try member.value.choice("result_format")
        case "partial_unexpected_count":
            guard case .number(let number) = member.value.content, let count = number.integer,
                (0...1_000_000).contains(count)
            else { throw member.value.wrong(member.name, wanted: "a whole number, 0 through 1,000,000") }
            partialUnexpectedCount = Int(count)
        case "unexpected_index_column_names":
            guard case .list(let items) = member.value.content else {
                throw member.value.wrong(member.name, wanted: "a list of columns' names")
            }
            unexpectedIndexColumnNames = []
            for item in items { unexpectedIndexColumnNames.append(try item.asText(member.name)) }
        case "exclude_unexpected_values":
            guard case .boolean(let flag) = member.value.content else {
                throw member.value.wrong(member.name, wanted: "true or false")
            }
            excludeUnexpectedValues = flag
        case "include_unexpected_rows", "return_unexpected_index_query", "map_expectation_unexpected_rows_as_dict":
            break
        default:
            let known = [
                "result_format", "partial_unexpected_count", "unexpected_index_column_names",
                "exclude_unexpected_values",
            ]
            throw SuiteError(
                code: "unknown-argument", message: "result_format has no key \"\(member.name)\"",
                location: member.mark ?? argument.mark,
                hint: Suggestion.nearest(to: member.name, among: known).map { "did you mean \($0)?" })
        }
    }
}

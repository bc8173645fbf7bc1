public import Tables

/// The arguments of one expectation, as written, with typed readers that complain with a place.
public struct Arguments: Sendable {
    public let kind: String
    public let members: [Argument.Member]
    /// Where the expectation stands.
    public let mark: SourceMark?

    public init(kind: String, _ members: [Argument.Member], mark: SourceMark? = nil) {
        self.kind = kind
        self.members = members
        self.mark = mark
    }

    /// The argument of that name; `nil` where it is absent or null.
    public subscript(name: String) -> Argument? {
        guard let member = members.first(where: { $0.name == name }) else { return nil }
        if case .null = member.value.content { return nil }
        return member.value
    }

    /// With those of some names that it lacks and others have.
    func completed(by others: Arguments, _ names: [String]) -> Arguments {
        let lacking = names.filter { self[$0] == nil }
        let members = members.filter { !lacking.contains($0.name) }
        return Arguments(
            kind: kind, members + others.members.filter { lacking.contains($0.name) }, mark: mark)
    }

    /// Whether the name was written at all, be it with a null.
    func names(_ name: String) -> Bool { members.contains { $0.name == name } }

    func required(_ name: String) throws(SuiteError) -> Argument {
        guard let argument = self[name] else {
            throw SuiteError(
                code: "missing-argument", message: "\(kind) needs \(name)",
                location: members.first { $0.name == name }?.mark ?? mark)
        }
        return argument
    }

    func text(_ name: String) throws(SuiteError) -> String { try required(name).asText(name) }

    func flag(_ name: String, default fallback: Bool = false) throws(SuiteError) -> Bool {
        guard let argument = self[name] else { return fallback }
        guard case .boolean(let value) = argument.content else { throw argument.wrong(name, wanted: "true or false") }
        return value
    }

    /// A list of names, one or more.
    func texts(_ name: String) throws(SuiteError) -> [String] {
        let argument = try required(name)
        guard case .list(let items) = argument.content else { throw argument.wrong(name, wanted: "a list of names") }
        guard !items.isEmpty else { throw argument.lacking(name, "a name") }
        var texts: [String] = []
        for item in items { texts.append(try item.asText(name)) }
        return texts
    }

    /// A list of names, none of which stands there twice.
    func differentTexts(_ name: String) throws(SuiteError) -> [String] {
        let texts = try texts(name)
        if let repeated = texts.first(where: { text in texts.count { $0.utf8.elementsEqual(text.utf8) } > 1 }) {
            throw SuiteError(
                code: "bad-argument", message: "\(name) names \"\(repeated)\" twice", location: self[name]?.mark)
        }
        return texts
    }

    /// A list of values, of which one is no null at least.
    func values(_ name: String) throws(SuiteError) -> [Value] {
        let argument = try required(name)
        guard case .list(let items) = argument.content else { throw argument.wrong(name, wanted: "a list of values") }
        var values: [Value] = []
        for item in items {
            guard let value = item.value else { throw item.wrong(name, wanted: "a single value") }
            values.append(value)
        }
        guard values.contains(where: { !$0.isMissing }) else { throw argument.lacking(name, "a value") }
        return values
    }

    /// A list of values as a sentence tells it, nulls left out.
    func words(_ name: String) throws(SuiteError) -> String {
        guard case .list(let items) = try required(name).content else { return "" }
        return Wording.list(items.filter { $0.value != .missing }.map(\.words))
    }

    /// A whole number, 0 or more.
    func count(_ name: String) throws(SuiteError) -> Int {
        let argument = try required(name)
        guard case .number(let number) = argument.content, let integer = number.integer, integer >= 0,
            let count = Int(exactly: integer)
        else { throw argument.wrong(name, wanted: "a whole number, 0 or more") }
        return count
    }

    /// `mostly`: 0 through 1, and 1 where it is absent.
    func mostly() throws(SuiteError) -> Mostly {
        guard let argument = self["mostly"] else { return Mostly() }
        guard case .number(let number) = argument.content else {
            throw argument.wrong("mostly", wanted: "a number between 0 and 1")
        }
        guard let mostly = Mostly(number) else {
            let percent = number.integer.map { (2...100).contains($0) } ?? (number > DecimalNumber(1))
            throw SuiteError(
                code: "bad-argument", message: "mostly must be between 0 and 1, got \(number)", location: argument.mark,
                hint: percent ? "it is a share, not a percentage: 0.95 stands for ninety-five percent" : nil)
        }
        return mostly
    }

    /// `90s`, `15m`, `2h`, `1d`, `1w`, several in a row as in `1h30m`, or a number of seconds.
    func duration(_ name: String) throws(SuiteError) -> Int64 {
        let argument = try required(name)
        switch argument.content {
        case .number(let number):
            if let integer = number.integer, integer >= 0, integer < 1 << 40 { return Int64(integer) * 1_000_000 }
        case .text(let text):
            if let duration = DurationText.parse(text) { return duration }
        default: break
        }
        throw argument.wrong(name, wanted: "a duration such as 90s, 15m, 2h or 1d")
    }
}

extension Argument {
    func wrong(_ name: String, wanted: String) -> SuiteError {
        SuiteError(code: "bad-argument", message: "\(name) must be \(wanted), got \(found)", location: mark)
    }

    /// A list that has nothing in it that counts.
    func lacking(_ name: String, _ what: String) -> SuiteError {
        SuiteError(code: "bad-argument", message: "\(name) must have \(what) in it", location: mark)
    }

    func asText(_ name: String) throws(SuiteError) -> String {
        guard case .text(let text) = content else {
            let isScalar = value != nil
            throw SuiteError(
                code: "bad-argument", message: "\(name) must be text, got \(found)", location: mark,
                hint: isScalar ? "put it in quotes" : nil)
        }
        return text
    }
}

/// The share of considered rows that must be as expected, compared exactly: never through binary floating point.
public struct Mostly: Sendable, Hashable {
    public let share: DecimalNumber

    /// All of them.
    public init() { share = DecimalNumber(1) }

    /// `nil` outside of 0 through 1.
    public init?(_ share: DecimalNumber) {
        guard share >= DecimalNumber(0), share <= DecimalNumber(1) else { return nil }
        self.share = share.reduced
    }

    /// Whether `considered − unexpected ≥ share × considered`.
    public func isMet(considered: Int, unexpected: Int) -> Bool {
        let reached = Int128(considered - unexpected).multipliedFullWidth(by: DecimalNumber.powerOfTen(share.scale))
        let wanted = Int128(considered).multipliedFullWidth(by: share.unscaled)
        return (reached.high, reached.low) >= (wanted.high, wanted.low)
    }
}

import Tables

/// `min_value`, `max_value`, `strict_min` and `strict_max` as they were written.
struct Bounds: Sendable {
    var minimum: BoundValue?
    var maximum: BoundValue?
    /// The bounds as written, where the environment filled them in.
    var minimumWritten: String?
    var maximumWritten: String?
    var isMinimumStrict = false
    var isMaximumStrict = false

    /// The bounds as messages tell them.
    var minimumWords: String { minimumWritten ?? minimum?.words ?? "" }
    var maximumWords: String { maximumWritten ?? maximum?.words ?? "" }

    var isEmpty: Bool { minimum == nil && maximum == nil }

    /// As in `between 0 and 10`, `at least 0`, `above 0`.
    var words: String {
        let low = minimum.map { (isMinimumStrict ? "above " : "at least ") + (minimumWritten ?? $0.words) }
        let high = maximum.map { (isMaximumStrict ? "below " : "at most ") + (maximumWritten ?? $0.words) }
        if let minimum, let maximum, !isMinimumStrict, !isMaximumStrict {
            return minimum == maximum
                ? (minimumWritten ?? minimum.words)
                : "between \((minimumWritten ?? minimum.words)) and \((maximumWritten ?? maximum.words))"
        }
        return [low, high].compactMap { $0 }.joined(separator: " and ").isEmpty
            ? "anything" : [low, high].compactMap { $0 }.joined(separator: " and ")
    }

    /// The bounds with what they mean beside values of a type, where times without zone are those of a zone.
    func meant(in zone: ZoneRule, as type: LogicalType) -> Bounds {
        var bounds = self
        bounds.minimum = minimum?.meant(in: zone, as: type)
        bounds.maximum = maximum?.meant(in: zone, as: type)
        return bounds
    }

    /// A stable spelling, for telling metrics apart.
    var key: String {
        "\(isMinimumStrict ? "(" : "[")\(minimum?.key ?? ""),\(maximum?.key ?? "")\(isMaximumStrict ? ")" : "]")"
    }
}

/// A bound: a value, or a time that hangs on the clock of the run.
enum BoundValue: Sendable, Equatable {
    case value(Value)
    /// Microseconds after the run's clock.
    case afterNow(Int64)

    var words: String {
        switch self {
        case .value(.text(let text)): text
        case .value(let value): Wording.value(value)
        case .afterNow(0): "now"
        case .afterNow(let ticks):
            "\(CivilTime.format(duration: Int64(ticks.magnitude))) \(ticks < 0 ? "before" : "after") now"
        }
    }

    var key: String {
        switch self {
        case .value(.text(let text)): JSON.string(text).text()
        case .value(let value): value.exactNumber.map { $0.reduced.description } ?? value.description
        case .afterNow(let ticks): "now+\(ticks)"
        }
    }

    fileprivate var isNumber: Bool {
        if case .value(let value) = self { value.double != nil } else { false }
    }

    fileprivate func meant(in zone: ZoneRule, as type: LogicalType) -> BoundValue {
        guard case .value(let value) = self else { return self }
        return .value(zone.meaning(of: value, as: type))
    }

    func resolved(now: Int64) -> Value {
        switch self {
        case .value(let value): value
        case .afterNow(let ticks): .timestamp(microseconds: now + ticks)
        }
    }
}

extension Arguments {
    /// The bounds.
    ///
    /// `isRequired`: one of them must be there. `isOrderChecked`: a minimum above the maximum is a mistake. Bounds of which one
    /// is a number and the other isn't always are.
    func bounds(isRequired: Bool = false, isOrderChecked: Bool = true) throws(SuiteError) -> Bounds {
        var bounds = Bounds()
        bounds.minimum = try bound("min_value")
        bounds.maximum = try bound("max_value")
        bounds.minimumWritten = self["min_value"]?.written
        bounds.maximumWritten = self["max_value"]?.written
        bounds.isMinimumStrict = try flag("strict_min")
        bounds.isMaximumStrict = try flag("strict_max")
        if isRequired, bounds.isEmpty {
            throw SuiteError(
                code: "missing-argument", message: "\(kind) needs min_value or max_value", location: mark)
        }
        guard let low = bounds.minimum, let high = bounds.maximum else { return bounds }
        let mark = self["min_value"]?.mark ?? mark
        if low.isNumber != high.isNumber {
            throw SuiteError(
                code: "bad-argument",
                message:
                    "min_value \(bounds.minimumWords) and max_value \(bounds.maximumWords) can't be compared with each other",
                location: mark)
        }
        guard isOrderChecked, case .value(let low) = low, case .value(let high) = high, let low = low.exactNumber,
            let high = high.exactNumber
        else { return bounds }
        if low > high {
            throw SuiteError(
                code: "bad-argument", message: "min_value \(low) is above max_value \(high)", location: mark)
        }
        return bounds
    }

    /// Bounds that must be numbers.
    func numericBounds(isRequired: Bool = false, isOrderChecked: Bool = true) throws(SuiteError) -> Bounds {
        let bounds = try bounds(isRequired: isRequired, isOrderChecked: isOrderChecked)
        for (name, bound) in [("min_value", bounds.minimum), ("max_value", bounds.maximum)] {
            guard case .value(let value) = bound, value.double == nil, let argument = self[name] else { continue }
            throw argument.wrong(name, wanted: "a number")
        }
        return bounds
    }

    private func bound(_ name: String) throws(SuiteError) -> BoundValue? {
        try self[name]?.asBound(name)
    }
}

extension Argument {
    func asBound(_ name: String) throws(SuiteError) -> BoundValue {
        if case .map(let members) = content, members.count == 1, members[0].name == "$PARAMETER" {
            let text = try members[0].value.asText("$PARAMETER")
            guard let bound = SuiteParameter.evaluate(text) else {
                throw SuiteError(
                    code: "bad-argument", message: "the parameter \"\(text)\" is not understood",
                    location: members[0].value.mark ?? mark,
                    hint: "now(), timedelta(days=1), datetime(2024, 1, 31) and sums and differences of them are")
            }
            return bound
        }
        guard let value else { throw wrong(name, wanted: "a number, text, date or time") }
        if case .text(let text) = value, text.utf8.first.map({ $0 < 0x40 }) == true, Double(text)?.isInfinite == true {
            throw wrong(name, wanted: "a number of at most 1.8e308")
        }
        if case .float(let number) = value, number.isNaN { throw wrong(name, wanted: "a number") }
        if case .boolean = value { throw wrong(name, wanted: "a number, text, date or time") }
        return .value(value)
    }
}

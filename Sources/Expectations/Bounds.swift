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
    /// The bounds, of a shape.
    ///
    /// `isRequired`: one of them must be there. Bounds between which nothing can lie are a mistake, and so are bounds of which one is a
    /// number and the other isn't.
    func bounds(_ shape: Parameter.Shape, isRequired: Bool = false) throws(SuiteError) -> Bounds {
        var bounds = Bounds()
        bounds.minimum = try bound("min_value", shape)
        bounds.maximum = try bound("max_value", shape)
        bounds.minimumWritten = self["min_value"]?.written
        bounds.maximumWritten = self["max_value"]?.written
        bounds.isMinimumStrict = try flag("strict_min")
        bounds.isMaximumStrict = try flag("strict_max")
        if isRequired, bounds.isEmpty {
            throw SuiteError(
                code: "missing-argument", message: "\(kind) needs min_value or max_value", location: mark)
        }
        if let emptiness = bounds.emptiness(shape) {
            throw SuiteError(
                code: "bad-argument", message: emptiness,
                location: (self["min_value"] ?? self["max_value"])?.mark ?? mark)
        }
        return bounds
    }

    func bound(_ name: String, _ shape: Parameter.Shape) throws(SuiteError) -> BoundValue? {
        try self[name]?.asBound(name, shape)
    }
}

extension Argument {
    func asBound(_ name: String, _ shape: Parameter.Shape = .bound) throws(SuiteError) -> BoundValue {
        if case .map(let members) = content, members.count == 1, members[0].name == "$PARAMETER" {
            let text = try members[0].value.asText("$PARAMETER")
            guard let bound = SuiteParameter.evaluate(text) else {
                throw SuiteError(
                    code: "bad-argument", message: "the parameter \"\(text)\" is not understood",
                    location: members[0].value.mark ?? mark,
                    hint: "now(), timedelta(days=1), datetime(2024, 1, 31) and sums and differences of them are")
            }
            guard shape == .bound else { throw wrong(name, wanted: shape.rawValue) }
            return bound
        }
        guard let value else { throw wrong(name, wanted: shape.rawValue) }
        if case .text(let text) = value, text.utf8.first.map({ $0 < 0x40 }) == true, Double(text)?.isInfinite == true {
            throw wrong(name, wanted: "a number of at most 1.8e308")
        }
        if case .float(let number) = value, number.isNaN { throw wrong(name, wanted: "a number") }
        guard shape.admits(value) else { throw wrong(name, wanted: shape.rawValue) }
        return .value(value)
    }
}

extension Parameter.Shape {
    /// Whether a value may be a bound of the shape.
    fileprivate func admits(_ value: Value) -> Bool {
        switch self {
        case .number: value.double != nil
        case .magnitude: value.double.map { $0 >= 0 } ?? false
        case .count:
            value.exactNumber.map { $0.integer.map { $0 >= 0 } ?? false }
                ?? value.double.map { $0.isFinite && $0 >= 0 && $0 == $0.rounded() } ?? false
        case .proportion:
            value.exactNumber.map { Mostly($0) != nil } ?? value.double.map { (0...1).contains($0) } ?? false
        default: if case .boolean = value { false } else { true }
        }
    }

    /// What is measured is never below that.
    fileprivate var least: BoundValue {
        .value([.magnitude, .count, .proportion].contains(self) ? .integer(0) : .float(-.infinity))
    }

    /// What is measured is never above that.
    fileprivate var greatest: BoundValue { .value(self == .proportion ? .integer(1) : .float(.infinity)) }
}

extension Bounds {
    /// Why nothing can lie between the bounds of a measure of the shape; `nil` where something may.
    fileprivate func emptiness(_ shape: Parameter.Shape) -> String? {
        let (low, high) = ("min_value \(minimumWords)", "max_value \(maximumWords)")
        if let minimum, isMinimumStrict, minimum.isEqual(to: shape.greatest) {
            return "nothing lies above \(low), which strict_min leaves out"
        }
        if let maximum, isMaximumStrict, maximum.isEqual(to: shape.least) {
            return "nothing lies below \(high), which strict_max leaves out"
        }
        guard let minimum, let maximum else { return nil }
        if minimum.isNumber != maximum.isNumber { return "\(low) and \(high) can't be compared with each other" }
        if minimum.isAbove(maximum) { return "\(low) is above \(high)" }
        let between = "nothing lies between \(low) and \(high)"
        switch (isMinimumStrict, isMaximumStrict) {
        case (true, false): return minimum.isEqual(to: maximum) ? "\(between), as strict_min leaves it out" : nil
        case (false, true): return minimum.isEqual(to: maximum) ? "\(between), as strict_max leaves it out" : nil
        case (true, true):
            let isEmpty = minimum.isEqual(to: maximum) || shape == .count && minimum.next?.isEqual(to: maximum) ?? false
            return isEmpty ? "\(between), as strict_min and strict_max leave both out" : nil
        case (false, false): return nil
        }
    }

    /// Whether the lower bound is above the upper one.
    var isReversed: Bool {
        guard let minimum, let maximum else { return false }
        return minimum.isAbove(maximum)
    }
}

extension BoundValue {
    fileprivate func isEqual(to other: BoundValue) -> Bool {
        guard case .value(let first) = self, case .value(let second) = other else { return self == other }
        if let left = first.exactNumber, let right = second.exactNumber { return left == right }
        if let left = first.double, let right = second.double { return left == right }
        return key == other.key
    }

    /// The whole number behind this one.
    fileprivate var next: BoundValue? {
        guard case .value(let value) = self, let whole = value.exactNumber?.integer, whole < .max else { return nil }
        return .value(.integer(whole + 1))
    }

    /// Whether it is above another bound, as whatever type both may be meant.
    ///
    /// Texts that are dates or times are so only by a day, as a zone may be named by one of them.
    fileprivate func isAbove(_ other: BoundValue) -> Bool {
        switch (self, other) {
        case (.afterNow(let first), .afterNow(let second)): return first > second
        case (.value(let first), .value(let second)):
            if let left = first.exactNumber, let right = second.exactNumber { return left > right }
            if let left = first.double, let right = second.double { return left > right }
            var answers: [Bool] = []
            if case .text(let left) = first, case .text(let right) = second {
                answers.append(right.utf8.lexicographicallyPrecedes(left.utf8))
            }
            for (type, margin) in [
                (LogicalType.timestamp, CivilTime.microsecondsPerDay), (.time, 1), (.duration, 1),
            ] {
                guard let left = TemporalLiteral.microseconds(first, of: type),
                    let right = TemporalLiteral.microseconds(second, of: type)
                else { continue }
                answers.append(left.subtractingClamped(right) >= margin)
            }
            return !answers.isEmpty && !answers.contains(false)
        default: return false
        }
    }
}

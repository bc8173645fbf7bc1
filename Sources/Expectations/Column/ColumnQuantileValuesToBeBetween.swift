import Statistics
import Tables

extension ExpectationKind {
    /// Quantiles of a column lie between two bounds each.
    static let columnQuantileValuesToBeBetween = ExpectationKind.aggregate(
        "expect_column_quantile_values_to_be_between", .ranges,
        summary: "quantiles of a column lie between two bounds each",
        details: """
            A quantile is one of the column's values: that at the rank q × (n − 1), from 0, rounded half to even. A bound may be \
            null, which is none; bounds that are numbers are met within a ten-thousandth of themselves (or 1e-8), as in Great \
            Expectations, those that are dates or times exactly. Missing values are left out, and values that are none of the \
            column's type (they are counted as uncomparable_count). Undefined without values, which fails where there are bounds. \
            Exact; memory grows with the values, and beyond the budget they go to disk.
            """,
        parameters: [
            .column,
            Parameter(
                "quantile_ranges", .quantileRanges, isRequired: true,
                "as in {quantiles: [0.5, 0.9], value_ranges: [[1, 2], [null, 10]]}: quantiles, 0 through 1, and the bounds of each"
            ),
            Parameter("allow_relative_error", .flag, "false, and nothing else: quantiles are exact; false when absent"),
        ]
    ) { arguments throws(SuiteError) in
        let column = try arguments.text("column")
        let ranges = try arguments.quantileRanges()
        if try arguments.flag("allow_relative_error"), let argument = arguments["allow_relative_error"] {
            throw SuiteError(
                code: "bad-argument", message: "allow_relative_error must be false: quantiles are exact here",
                location: argument.mark)
        }
        let claim = Claim(
            "the quantiles of \(column)", holds: "lie in their ranges", fails: "do not lie in their ranges")
        return Plan(columns: [column], claim: claim) { table throws(PlanError) in
            let (metric, type) = try ColumnMetrics.quantiles(of: column, table)
            var bound: [QuantileRange.Bound] = []
            for range in ranges {
                let values = try ValueRange(range.bounds, type: type, column: column, in: table)
                bound.append(QuantileRange.Bound(range: range, values: values))
            }
            return BoundPlan(metrics: [metric]) { [bound] measurements in
                Judgement(measurements.result(metric.key, as: Quantiles.Result.self), bound, column: column)
            }
        }
    }
}

/// A quantile, and what it has to lie between.
private struct QuantileRange: Sendable {
    let quantile: DecimalNumber
    let bounds: Bounds

    /// With its bounds in the terms of the column's type.
    struct Bound: Sendable {
        let range: QuantileRange
        let values: ValueRange

        /// Whether a quantile is as expected; one that is undefined only where there are no bounds.
        func accepts(_ value: Value?) -> Bool {
            guard let value else { return values.isUnbounded }
            return values.contains(value) || range.isNear(value)
        }
    }

    /// Whether a value is a bound, give or take a ten-thousandth of it.
    private func isNear(_ value: Value) -> Bool {
        guard let number = value.double, number.isFinite else { return false }
        return [bounds.minimum, bounds.maximum].contains { bound in
            guard case .value(let bound) = bound, let bound = bound.double, bound.isFinite else { return false }
            return (number - bound).magnitude <= 1e-8 + 1e-4 * bound.magnitude
        }
    }
}

extension Judgement {
    fileprivate init(_ quantiles: Quantiles.Result, _ bound: [QuantileRange.Bound], column: String) {
        var values = [Value?](repeating: nil, count: bound.count)
        do throws(Quantiles.Failure) {
            let ranks = bound.compactMap { quantiles.rank(nearestTo: $0.range.quantile) }
            if !ranks.isEmpty { values = try quantiles.values(at: ranks) }
        } catch {
            self.init(.errored(spilling: error.reason))
            return
        }
        let successes = zip(bound, values).map { $0.accepts($1) }
        let hasPassed = !successes.contains(false)
        self.init(
            hasPassed ? (quantiles.count == 0 ? .vacuous(reason: "there are no values") : .passed) : .failed)
        observedValue = .object([
            JSON.Member("quantiles", .array(bound.map { .number($0.range.quantile.description) })),
            JSON.Member("values", .array(values.map { $0?.json ?? .null })),
        ])
        tellsValue = true
        discreetStatement = "The quantiles of \(column) are \(hasPassed ? "" : "not ")where they should be."
        details = [JSON.Member("success_details", .array(successes.map { .boolean($0) }))]
        let found = zip(bound, values).map { bound, value in
            (
                bound: bound,
                text:
                    "the quantile \(bound.range.quantile) of \(column) is \(value.map { Wording.value($0) } ?? "undefined")"
            )
        }
        let parts =
            hasPassed
            ? found.map { "\($0.text) (expected: \($0.bound.range.bounds.words))" }
            : zip(found, successes).filter { !$1 }.map { "\($0.0.text), but must be \($0.0.bound.range.bounds.words)" }
        var sentence = parts.joined(separator: "; ")
        if quantiles.count == 0 { sentence += " (there are no values)" }
        if quantiles.uncomparable > 0 {
            details.append(JSON.Member("uncomparable_count", .integer(quantiles.uncomparable)))
            sentence += " (\(Wording.count(quantiles.uncomparable, "value")) of another type left out)"
        }
        statement = sentence.prefix(1).uppercased() + sentence.dropFirst() + "."
    }
}

extension Arguments {
    /// `quantile_ranges`: as many quantiles as ranges, one at least.
    fileprivate func quantileRanges() throws(SuiteError) -> [QuantileRange] {
        var mistakes: [SuiteError] = []
        let ranges = quantileRanges(&mistakes)
        if let mistake = mistakes.first { throw mistake }
        return ranges
    }

    /// All that is wrong with `quantile_ranges`.
    func mistakesInQuantileRanges() -> [SuiteError] {
        var mistakes: [SuiteError] = []
        _ = quantileRanges(&mistakes)
        return mistakes
    }

    private func quantileRanges(_ mistakes: inout [SuiteError]) -> [QuantileRange] {
        func check<Value>(_ body: () throws(SuiteError) -> Value) -> Value? {
            do { return try body() } catch {
                mistakes.append(error)
                return nil
            }
        }
        let name = "quantile_ranges"
        guard let argument = check({ () throws(SuiteError) in try required(name) }) else { return [] }
        guard case .map(let members) = argument.content else {
            mistakes.append(argument.wrong(name, wanted: "a mapping with quantiles and value_ranges"))
            return []
        }
        let known = ["quantiles", "value_ranges"]
        mistakes += members.filter { !known.contains($0.name) }.map { unknown in
            SuiteError(
                code: "unknown-argument", message: "\(name) has no key \"\(unknown.name)\"",
                location: unknown.mark ?? argument.mark,
                hint: Suggestion.nearest(to: unknown.name, among: known).map { "did you mean \($0)?" })
        }
        let listed = check { () throws(SuiteError) in
            try argument.list("quantiles", of: name, wanted: "a list of numbers between 0 and 1")
        }
        let pairs = check { () throws(SuiteError) in
            try argument.list("value_ranges", of: name, wanted: "a list of pairs of bounds")
        }
        if let listed, let pairs, listed.count != pairs.count || listed.isEmpty {
            mistakes.append(
                SuiteError(
                    code: "bad-argument",
                    message:
                        "quantiles and value_ranges must be of one length, 1 or more, got \(listed.count) and \(pairs.count)",
                    location: argument.mark))
        }
        let quantiles = (listed ?? []).compactMap { item in check { () throws(SuiteError) in try item.quantile() } }
        let bounds = (pairs ?? []).compactMap { item in check { () throws(SuiteError) in try item.pairOfBounds() } }
        return zip(quantiles, bounds).map { QuantileRange(quantile: $0, bounds: $1) }
    }
}

extension Argument {
    fileprivate func list(_ name: String, of owner: String, wanted: String) throws(SuiteError) -> [Argument] {
        guard let argument = self[name] else {
            throw SuiteError(code: "missing-argument", message: "\(owner) needs \(name)", location: mark)
        }
        guard case .list(let items) = argument.content else { throw argument.wrong(name, wanted: wanted) }
        return items
    }

    fileprivate func quantile() throws(SuiteError) -> DecimalNumber {
        guard case .number(let number) = content, let share = Mostly(number)?.share else {
            throw wrong("a quantile", wanted: "a number between 0 and 1")
        }
        return share
    }

    /// `[low, high]`, either of which may be null.
    fileprivate func pairOfBounds() throws(SuiteError) -> Bounds {
        guard case .list(let items) = content, items.count == 2 else {
            throw wrong("a range", wanted: "a list of two bounds, as in [0, 10] or [null, 10]")
        }
        var bounds = Bounds()
        bounds.minimum = try items[0].boundOrNone()
        bounds.maximum = try items[1].boundOrNone()
        (bounds.minimumWritten, bounds.maximumWritten) = (items[0].written, items[1].written)
        if bounds.isReversed {
            throw SuiteError(
                code: "bad-argument",
                message: "a range must be an ordered pair, got \(bounds.minimumWords) above \(bounds.maximumWords)",
                location: mark)
        }
        return bounds
    }

    private func boundOrNone() throws(SuiteError) -> BoundValue? {
        if case .null = content { return nil }
        return try asBound("a bound")
    }
}

import Statistics
import Tables

extension Plan {
    /// A plan that judges rows by a test, and passes where enough of them are as expected.
    static func rows(
        _ arguments: Arguments, columns: [String], claim: Claim, reportsMissing: Bool = true,
        test make: @escaping @Sendable (TableContext) throws(PlanError) -> any RowTest
    ) throws(SuiteError) -> Plan {
        let mostly = try arguments.mostly()
        return Plan(columns: columns, claim: claim) { table throws(PlanError) in
            let test = try make(table)
            let strays = StrayTests(test, table) { types in try? make(table.retyping(types)) }
            let format = table.resultFormat
            let sample = try SampleSpecification(format, table)
            var projection = test.projection
            for column in strays?.columns ?? [] { projection.add(.strays, of: column) }
            projection.formUnion(sample.projection)
            if sample.limit > 0, sample.keepsValues {
                for column in test.shownColumns { projection.add([.values, .text], of: column) }
            }
            var key = test.key
            key = MetricKey(
                key.name, columns: key.columns,
                arguments: "\(key.arguments) sample=\(sample.limit),\(sample.indexColumns),\(sample.keepsValues)")
            let metric = Metric(
                key, projection: projection, condition: table.condition,
                empty: RowTestTally(test, strays, sample, table.memory)
            ) { tally in
                reportsMissing && test.key.columns.count == 1
                    ? [("missing_count", Double(tally.elements - tally.considered))] : []
            }
            return BoundPlan(metrics: [metric], rowTest: test) { measurements in
                let tally = measurements.result(metric.key, as: RowTally.self)
                let shown = test.shownColumns.map { table.schema.fields[$0].name }
                return Judgement(
                    rows: tally, mostly: mostly, reportsMissing: reportsMissing, shown: shown,
                    index: format.unexpectedIndexColumnNames, measurements: measurements)
            }
        }
    }

    /// A plan that compares a number of the table or a column with bounds.
    ///
    /// `gather` gives the metric and what its value has to lie in; `observe` picks the value out of the finished metric.
    static func number<Result: Sendable>(
        columns: [String], claim: Claim,
        gather: @escaping @Sendable (TableContext) throws(PlanError) -> (metric: Metric, range: ValueRange),
        observe: @escaping @Sendable (Result) -> Observation
    ) -> Plan {
        Plan(columns: columns, claim: claim) { table throws(PlanError) in
            let (metric, range) = try gather(table)
            return BoundPlan(metrics: [metric]) { measurements in
                Judgement(observe(measurements.result(metric.key, as: Result.self)), range: range)
            }
        }
    }
}

/// What an aggregate came to.
struct Observation: Sendable {
    /// `nil` where it is undefined, as the mean of nothing.
    var value: Value?
    /// The value as it is shown, where it is judged in another unit.
    var shown: Value?
    /// Whether the value is in its range, where more is known of it than its nearest double.
    var isInRange: Bool?
    /// Why nothing was checked, where that is so.
    var emptyReason: String?
    /// Why the value is undefined though there were values, where that is so.
    var undefinedReason: String?
    /// Values that were left out because they are none of the column's type.
    var uncomparable = 0
    /// Why nothing is known, where a spill file could not be written or read.
    var failure: String?
    /// Whether the value is one of the column's own, as a maximum is or the mean of a single value.
    var tellsValue = false
    var details: [JSON.Member] = []
}

extension Judgement {
    /// The verdict on an aggregate.
    ///
    /// One that is undefined fails where there are bounds, as in GX.
    init(_ observation: Observation, range: ValueRange) {
        if let failure = observation.failure {
            self.init(.errored(spilling: failure))
            return
        }
        let isInRange =
            observation.isInRange ?? observation.value.map { range.contains($0) } ?? range.isUnbounded
        if let reason = observation.emptyReason, isInRange {
            self.init(.vacuous(reason: reason))
        } else {
            self.init(isInRange ? .passed : .failed)
        }
        observedValue = (observation.shown ?? observation.value)?.json ?? .null
        tellsValue = observation.tellsValue && observation.value != nil
        observedText =
            (observation.shown.map { Wording.value($0) } ?? observation.value.map { range.words(for: $0) })
            ?? "undefined (\(observation.emptyReason ?? observation.undefinedReason ?? "no values"))"
        if observation.uncomparable > 0 {
            details.append(JSON.Member("uncomparable_count", .integer(observation.uncomparable)))
            observedText? +=
                " (\(Wording.count(observation.uncomparable, "value")) of another type left out)"
        }
        details += observation.details
    }

    /// The verdict on a tally of rows.
    init(
        rows tally: RowTally, mostly: Mostly, reportsMissing: Bool, shown: [String], index: [String],
        measurements: Measurements
    ) {
        let counts = RowCounts(
            elementCount: tally.elements, missingCount: tally.elements - tally.considered,
            unexpectedCount: tally.unexpected, reportsMissing: reportsMissing)
        self.init(
            counts, mostly: mostly,
            hasCondition: tally.rows > tally.elements)
        if tally.undecided > 0 {
            outcome = .errored(
                reason: "\(Wording.count(tally.undecided, "row")) could not be decided: the pattern gave up on them")
        }
        unexpectedRows = UnexpectedRows(tally.sample, values: shown, index: index, measurements.places)
        unexpectedCounts = tally.counts.top(20).map { entries in
            entries.map { entry in
                UnexpectedCount(
                    values: zip(shown, entry.values).map { UnexpectedRow.Cell(column: $0, $1) },
                    count: entry.count)
            }
        }
    }

    /// The verdict on counts of rows.
    init(_ counts: RowCounts, mostly: Mostly, hasCondition: Bool) {
        if counts.elementCount == 0 {
            self.init(.vacuous(reason: hasCondition ? "the row condition selects no row" : "there are no rows"))
        } else if counts.consideredCount == 0 {
            self.init(.vacuous(reason: "there are no values"))
        } else {
            self.init(
                mostly.isMet(considered: counts.consideredCount, unexpected: counts.unexpectedCount) ? .passed : .failed
            )
        }
        rows = counts
        if mostly.share < DecimalNumber(1) {
            let allowed = DecimalNumber(
                unscaled: DecimalNumber.powerOfTen(mostly.share.scale) - mostly.share.unscaled,
                scale: mostly.share.scale)
            self.allowed = Wording.percent(ofShare: allowed)
        }
    }
}

extension ValueRange {
    /// A value as a sentence shows it, rounded only where the rounded one would be judged alike: never "5, but must be
    /// at most 5".
    fileprivate func words(for value: Value) -> String {
        let words = Wording.value(value)
        guard case .float = value, let shown = DecimalNumber(words.filter { $0 != "," }) else { return words }
        return contains(.float(shown.double)) == contains(value) ? words : value.description
    }

    /// Whether every value lies in it.
    var isUnbounded: Bool {
        switch self {
        case .integers(let low, let high): low == .min && high == .max
        case .floats(let low, let high, let isLowStrict, let isHighStrict):
            low == -.infinity && high == .infinity && !isLowStrict && !isHighStrict
        case .texts(let low, let high, _, _): low == nil && high == nil
        }
    }
}

extension SampleSpecification {
    init(_ format: ResultFormat, _ table: TableContext) throws(PlanError) {
        var columns: [Int] = []
        for name in format.unexpectedIndexColumnNames { columns.append(try table.index(of: name)) }
        self.init(limit: format.sampleLimit, indexColumns: columns, keepsValues: !format.excludeUnexpectedValues)
    }
}

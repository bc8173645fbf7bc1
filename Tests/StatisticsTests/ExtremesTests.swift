import Statistics
import Tables
import Testing

@Suite struct ExtremesTests {
    static let cases: [(LogicalType, [Value], Value?, Value?)] = [
        (.int64, [], nil, nil), (.int64, [.missing, .text("x")], nil, nil),
        (.int64, [.integer(3), .missing, .integer(-7), .text("x")], .integer(-7), .integer(3)),
        (
            .int64, [.integer(Int128(Int64.min)), .integer(Int128(Int64.max))], .integer(Int128(Int64.min)),
            .integer(Int128(Int64.max))
        ),
        (.uint64, [.integer(Int128(UInt64.max)), .integer(1)], .integer(1), .integer(Int128(UInt64.max))),
        (.float64, [.float(.nan), .float(2.5), .float(-.infinity)], .float(-.infinity), .float(2.5)),
        (.float64, [.float(-0.0)], .float(0), .float(0)),
        (.boolean, [.boolean(true), .boolean(true)], .boolean(true), .boolean(true)),
        (.boolean, [.boolean(true), .boolean(false)], .boolean(false), .boolean(true)),
        (.string, [.text("b"), .text(""), .text("é"), .text("z")], .text(""), .text("é")),
        (.string, [.text("a"), .text("a\u{0}")], .text("a"), .text("a\u{0}")),
        (.date, [.date(days: 5), .date(days: -5)], .date(days: -5), .date(days: 5)),
        (.time, [.time(microseconds: 5)], .time(microseconds: 5), .time(microseconds: 5)),
        (
            .timestamp, [.timestamp(microseconds: 5), .timestamp(microseconds: -5)], .timestamp(microseconds: -5),
            .timestamp(microseconds: 5)
        ),
        (
            .decimal(precision: 5, scale: 2), [.integer(1), .decimal(DecimalNumber(unscaled: -150, scale: 2))],
            .decimal(DecimalNumber(unscaled: -150, scale: 2)), .decimal(DecimalNumber(1))
        ),
        (
            .decimal(precision: 38, scale: 0), [.integer(1 << 100), .integer(-(1 << 100))],
            .decimal(DecimalNumber(unscaled: -(1 << 100))), .decimal(DecimalNumber(unscaled: 1 << 100))
        ),
    ]

    @Test(arguments: cases) func findsTheSmallestAndTheLargest(
        _ type: LogicalType, _ values: [Value], _ low: Value?, _ high: Value?
    ) {
        var extremes = Extremes(column: 0, type: type)
        extremes.update(Batch(ordinal: 0, rowCount: values.count, columns: [Column(type, values)]), rows: nil)
        let result = extremes.finish()
        #expect(result.minimum == low)
        #expect(result.maximum == high)
        #expect(result.rows == values.count)
    }

    @Test func negativeZeroIsShownAsZero() {
        var extremes = Extremes(column: 0, type: .float64)
        extremes.update(Batch(ordinal: 0, rowCount: 1, columns: [Column(.float64, [.float(-0.0)])]), rows: nil)
        #expect(extremes.finish().minimum?.description == "0.0")
    }
}

@Suite struct NewestTests {
    private func newest(_ type: LogicalType, _ values: [Value], limit: Int64) -> Newest.Result {
        var newest = Newest(column: 0, type: .timestamp, limit: limit)
        newest.update(Batch(ordinal: 0, rowCount: values.count, columns: [Column(type, values)]), rows: nil)
        return newest.finish()
    }

    @Test func leavesOutTheFuture() {
        let values = [10, 30, 20, 31, 99].map { Value.timestamp(microseconds: $0) } + [.missing, .text("soon")]
        let result = newest(.timestamp, values, limit: 30)
        #expect([result.newest, result.farthest] == [30, 99])
        #expect([result.rows, result.missing, result.uncomparable, result.future] == [7, 1, 1, 2])
    }

    @Test func aDateCountsAsItsMidnight() {
        #expect(newest(.date, [.date(days: 1), .date(days: 2)], limit: 100_000_000_000).newest == 86_400_000_000)
    }

    @Test func thereIsNoneWithoutValues() {
        let result = newest(.timestamp, [.missing], limit: 0)
        #expect(result.newest == nil)
        #expect(result.farthest == nil)
    }
}

@Suite struct SampleTests {
    private func tally(_ texts: [String]) -> RowTally { RowTally(unexpected: texts, sampled: 10_000) }

    @Test func longTextsAreCutWhereTheyAreKept() {
        let sample = Array(
            tally([String(repeating: "é", count: 1_000), String(repeating: "é", count: 100_000)]).sample)
        #expect(sample[0].values == [ShownValue(.text(String(repeating: "é", count: 1_000)))])
        #expect(sample[0].values[0].wholeLength == nil)
        #expect(sample[1].values[0].value == .text(String(repeating: "é", count: 1_000)))
        #expect(sample[1].values[0].wholeLength == 100_000)
    }

    @Test func manyLongTextsTakeNoMoreMemoryThanSome() {
        let texts = (0..<5_000).map { "\($0) " + String(repeating: "x", count: 2_000) }
        let whole = tally(texts)
        #expect(whole.sample.count == 5_000)
        #expect(whole.sample.reduce(0) { $0 + $1.values[0].byteCount } < 2_500_000)
        #expect(Array(whole.sample)[4_999].values[0].wholeLength == 2_005)
        for cut in [1, 2_000, 2_200, 4_999] {
            var joined = tally(Array(texts.prefix(cut)))
            joined.merge(tally(Array(texts.dropFirst(cut))))
            #expect(joined == whole)
        }
    }
}

@Suite struct ValueCountsTests {
    private func tally(_ texts: [String]) -> RowTally { RowTally(unexpected: texts, sampled: 2) }

    @Test func theMostFrequentComeFirstAndTheEarlierOfEquals() {
        let top = tally(["a", "b", "c", "b", "c", "d"]).counts.top(3)
        #expect(top?.map { "\($0.values[0].value) \($0.count)" } == ["b 2", "c 2", "a 1"])
    }

    @Test func tooManyDifferentValuesAreNotCounted() {
        let distinct = (0..<ValueCounts.limit).map { "v\($0)" }
        #expect(tally(distinct).counts.top(1)?.count == 1)
        #expect(tally(distinct + ["one more"]).counts.top(1) == nil)
        var merged = tally(distinct)
        merged.merge(tally(distinct))
        #expect(merged.counts.top(1)?.map(\.count) == [2])
        merged.merge(tally(["one more"]))
        #expect(merged.counts.top(1) == nil)
        #expect(merged.sample.map(\.position) == [0, 1])
    }
}

extension RowTally {
    /// A tally over texts, every one of them unexpected, of which so many rows are kept.
    fileprivate init(unexpected texts: [String], sampled limit: Int) {
        self.init(SampleSpecification(limit: limit))
        let all = Bitmap(repeating: true, count: texts.count)
        update(
            Batch(ordinal: 0, rowCount: texts.count, columns: [Column(.string, texts.map { .text($0) })]),
            selected: nil, considered: all, unexpected: all, undecided: nil, shown: ShownColumns([0]))
    }
}

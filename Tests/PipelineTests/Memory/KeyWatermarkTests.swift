import Testing

@testable import Pipeline

/// Time between batches goes on as their clocks do, and never back.
@Suite struct KeyWatermarkTests {
    private static let hour: Int64 = 3_600_000_000

    @Test func standsStillWhileTheClockGoesBack() {
        var watermark = KeyWatermark(column: nil, time: 12 * Self.hour, clock: 12 * Self.hour)
        var times: [Int64] = []
        // On, back by two hours, on, far ahead, and back again.
        for clock: Int64 in [13, 11, 12, 1_000, 14, 15] {
            watermark = watermark.advanced(toClock: clock * Self.hour, reached: nil)
            times.append(watermark.time / Self.hour)
        }
        #expect(times == [13, 13, 14, 1_002, 1_002, 1_003])
    }

    @Test func knowsPastBatchesByTheClockOfNow() {
        let watermark = KeyWatermark(column: nil, time: 20 * Self.hour, clock: 12 * Self.hour)
        #expect([10, 12, 99].map { watermark.time(ofPastBatch: $0 * Self.hour) / Self.hour } == [18, 20, 20])
        let ofColumn = KeyWatermark(column: "at", time: 20 * Self.hour, clock: 12 * Self.hour)
        #expect(ofColumn.time(ofPastBatch: 10 * Self.hour) == 10 * Self.hour)
    }

    @Test func goesByTheRecordsOfAColumn() {
        let watermark = KeyWatermark(column: "at", time: 20, clock: 5)
        #expect(watermark.advanced(toClock: 6, reached: nil) == KeyWatermark(column: "at", time: 20, clock: 6))
        #expect(watermark.advanced(toClock: 6, reached: 19).time == 20)
        #expect(watermark.advanced(toClock: 6, reached: 21).time == 21)
        // Records without a time are never older than those that may be forgotten.
        #expect(watermark.time(ofBatch: 6) == 20)
        #expect(watermark.time(ofBatch: 30) == 30)
    }
}

/// Time cut into buckets of a sixteenth of the time within which a key must not come twice, and of a second at least.
///
/// Buckets count from the year 2000 on in 32 bits: times before 1932 are in the first bucket, ones after 2068 in the last, unless buckets are
/// longer than a second.
struct KeyBuckets: Sendable, Equatable {
    /// No bucket has this number.
    static let none = Int32.min
    private static let first = none + 1
    private static let year2000: Int64 = 946_684_800_000_000
    private static let second: Int64 = 1_000_000

    /// In microseconds; `nil` for one bucket that holds all time.
    let width: Int64?
    /// Buckets at most so many apart may hold times that are less than the whole time apart.
    let reach: UInt32

    /// - within: in microseconds, above 0; `nil` for ever.
    init(within: Int64?) {
        guard let within = within.map({ max(1, $0) }) else {
            (width, reach) = (nil, 0)
            return
        }
        let width = max(Self.second, within / 16 + (within % 16 == 0 ? 0 : 1))
        self.width = width
        reach = UInt32(within / width + (within % width == 0 ? 0 : 1))
    }

    @inline(__always)
    func bucket(of time: Int64) -> Int32 {
        guard let width else { return 0 }
        let distance = time.subtractingReportingOverflow(Self.year2000)
        guard !distance.overflow else { return Self.first }
        let quotient = distance.partialValue / width
        // Rounded down, also before 2000.
        let bucket = distance.partialValue % width < 0 ? quotient &- 1 : quotient
        return Int32(truncatingIfNeeded: max(Int64(Self.first), min(bucket, Int64(Int32.max))))
    }

    /// The first bucket whose keys still count when nothing earlier than the watermark comes any more.
    func firstLive(_ watermark: Int64?) -> Int32 {
        guard width != nil, let watermark else { return Self.first }
        return Int32(truncatingIfNeeded: max(Int64(Self.first), Int64(bucket(of: watermark)) - Int64(reach)))
    }
}

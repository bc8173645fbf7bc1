/// Windows of one size that begin every `slide`, and the panes that they are made of.
///
/// A pane is the largest piece of time that no window's border cuts, so that a record is aggregated once however many windows cover it.
/// All lengths and times are in microseconds, and times lie within ``WindowTime/range``.
struct Panes: Sendable, Hashable {
    let size: Int64
    let slide: Int64
    let width: Int64

    init(size: Int64, slide: Int64) {
        self.size = size
        self.slide = slide
        var (greatest, rest) = (size, slide)
        while rest > 0 { (greatest, rest) = (rest, greatest % rest) }
        width = greatest
    }

    @inline(__always)
    func pane(of time: Int64) -> Int64 { WindowTime.floor(time, to: width) }

    /// When the last window that covers a time ends.
    @inline(__always)
    func lastEnd(of time: Int64) -> Int64 { WindowTime.floor(time, to: slide) &+ size }

    /// The beginnings of the windows that cover a pane, latest first, as long as their end lies behind `watermark`.
    func starts(covering pane: Int64, endingAfter watermark: Int64?) -> [Int64] {
        var starts: [Int64] = []
        var start = WindowTime.floor(pane, to: slide)
        while start + size > pane, watermark.map({ start + size > $0 }) ?? true {
            starts.append(start)
            start -= slide
        }
        return starts
    }
}

/// What windows take for a time.
enum WindowTime {
    /// Far enough from the ends of 64 bits for every sum that is made here: the years −34,000 to 38,000.
    static let range: ClosedRange<Int64> = -(1 << 60)...(1 << 60)

    /// Rounded down, also before 1970.
    @inline(__always)
    static func floor(_ time: Int64, to length: Int64) -> Int64 {
        let rest = time % length
        return time &- (rest < 0 ? rest &+ length : rest)
    }
}

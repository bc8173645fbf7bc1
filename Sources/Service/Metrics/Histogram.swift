/// How often durations fell below bounds, as Prometheus wants it.
struct Histogram: Sendable {
    static let requestBounds = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]
    static let batchBounds = [0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1_800]

    let bounds: [Double]
    private(set) var counts: [Int]
    private(set) var sum = 0.0
    private(set) var count = 0

    init(bounds: [Double]) {
        self.bounds = bounds
        counts = Array(repeating: 0, count: bounds.count)
    }

    mutating func observe(_ seconds: Double) {
        count += 1
        sum += seconds
        if let place = bounds.firstIndex(where: { seconds <= $0 }) { counts[place] += 1 }
    }

    func write(_ name: String, _ labels: [(name: String, value: String)], to text: inout MetricsText) {
        var below = 0
        for (bound, count) in zip(bounds, counts) {
            below += count
            text.sample(name + "_bucket", labels + [("le", MetricsText.number(bound))], Double(below))
        }
        text.sample(name + "_bucket", labels + [("le", "+Inf")], Double(count))
        text.sample(name + "_sum", labels, sum)
        text.sample(name + "_count", labels, Double(count))
    }
}

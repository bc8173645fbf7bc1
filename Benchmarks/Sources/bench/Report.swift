import Foundation

/// The results of a lane: all runs, in their order.
struct LaneResult {
    let lane: Workload.Lane
    let bytes: Int
    let seconds: [Double]
    let cpuSeconds: [Double]
    let peakMegabytes: [Double]

    init(lane: Workload.Lane, bytes: Int, runs: [Measurement], countsStart: Bool) {
        self.lane = lane
        self.bytes = bytes
        seconds = runs.map { countsStart ? $0.processSeconds : $0.workSeconds }
        cpuSeconds = runs.map(\.cpuSeconds)
        peakMegabytes = runs.map(\.peakMegabytes)
    }

    var megabytesPerSecond: Double { Double(bytes) / 1e6 / seconds.median }
}

/// The results of a workload.
struct WorkloadResult {
    let workload: Workload
    let lanes: [LaneResult]

    /// A part of the table, in which the others are compared with the first lane.
    var rows: String {
        guard let first = lanes.first else { return "" }
        let sizes = lanes.map { ByteText.megabytes($0.bytes) }
        let size = Set(sizes).count == 1 ? sizes[0] : "\(sizes[0]) to \(sizes[sizes.count - 1])"
        var text = "| **\(workload.title)**, \(size) | | | | | | |\n"
        for lane in lanes {
            let seconds = lane.seconds
            let cells = [
                lane.lane.title,
                "\(seconds.median.short) (\((seconds.min() ?? 0).short)–\((seconds.max() ?? 0).short))",
                (seconds.median / first.seconds.median).short,
                lane.megabytesPerSecond.formatted(places: lane.megabytesPerSecond < 10 ? 1 : 0),
                lane.cpuSeconds.median.short,
                lane.peakMegabytes.median.formatted(places: 0),
                (lane.peakMegabytes.median / first.peakMegabytes.median).short,
            ]
            text += "| \(cells.joined(separator: " | ")) |\n"
        }
        return text
    }

    /// What was found of the bars, a sentence each for those that were missed or could not be checked.
    func sentences(_ pick: (Bar.Finding) -> String?) -> [String] {
        workload.bars.flatMap { $0.check(lanes) }.compactMap(pick).map { "\(workload.title): \($0)" }
    }

    var barCount: Int { workload.bars.flatMap { $0.check(lanes) }.count }
}

/// The table and what is said about it.
struct Report {
    let machine: Machine
    let versions: [String]
    let rows: Int
    let runs: Int
    let results: [WorkloadResult]
    let skipped: [String]

    var markdown: String {
        let date = Date().formatted(.iso8601.year().month().day())
        var text = """
            \(date), \(machine.description). \(versions.joined(separator: ", ")).
            The main data has \(rows.formatted(.number.locale(Locale(identifier: "en_US")))) rows; medians of \(runs) \(runs == 1 ? "run" : "runs"), taken in turns.

            """
        if machine.load > 0.5 {
            text += """
                The machine was not idle (load \(machine.load.formatted(places: 1)) before the start): \
                trust the seconds of processor time more than those on the clock.

                """
        }
        text += """

            | | seconds (lowest–highest) | × the first | MB/s | CPU seconds | peak MB | × the first |
            |---|---:|---:|---:|---:|---:|---:|

            """
        text += results.map(\.rows).joined()
        let missed = results.flatMap { $0.sentences { if case .missed(let text) = $0 { text } else { nil } } }
        let unknown = results.flatMap { $0.sentences { if case .unknown(let text) = $0 { text } else { nil } } }
        let checked = results.reduce(0) { $0 + $1.barCount } - unknown.count
        text += "\n### Where it falls short\n\n"
        text += list(missed.isEmpty ? ["Nowhere: all of the \(checked) bars that were checked are reached."] : missed)
        let unmeasured = skipped + unknown
        if !unmeasured.isEmpty { text += "\n### Not measured\n\n" + list(unmeasured) }
        return text
    }

    private func list(_ lines: [String]) -> String { lines.map { "- \($0)\n" }.joined() }

    /// Puts the results between their two marks in a page, and leaves the rest of it alone.
    func write(to path: String) throws {
        let (begin, end) = ("<!-- results: written by scripts/bench -->\n", "<!-- end of results -->")
        let page = try String(contentsOfFile: path, encoding: .utf8)
        guard let first = page.range(of: begin), let last = page.range(of: end), first.upperBound <= last.lowerBound
        else { throw Failure("\(path) has no place for results, between two marks") }
        let text = page[..<first.upperBound] + "\n" + markdown + "\n" + page[last.lowerBound...]
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    }
}

private enum ByteText {
    static func megabytes(_ bytes: Int) -> String {
        let megabytes = Double(bytes) / 1e6
        return megabytes < 1
            ? "\((Double(bytes) / 1e3).formatted(places: 0)) kB" : "\(megabytes.formatted(places: 0)) MB"
    }
}

extension [Double] {
    var median: Double {
        let sorted = sorted()
        guard !sorted.isEmpty else { return 0 }
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }
}

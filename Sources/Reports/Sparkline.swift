import Expectations
import Ledger

/// The latest runs as bars, oldest first: how high says what share of expectations was no success.
struct Sparkline {
    static let height = 36
    private static let barWidth = 8
    private static let step = 10

    /// What the template draws; empty for fewer than two runs, which show no course.
    static func model(_ newestFirst: [StoredRun]) -> [String: Any] {
        guard newestFirst.count > 1 else { return [:] }
        let runs = newestFirst.reversed()
        let bars = runs.enumerated().map { index, run -> [String: Any] in
            let share =
                run.failure != nil
                ? 1 : run.counts.evaluated == 0 ? 0 : Double(run.counts.unsuccessful) / Double(run.counts.evaluated)
            // A success still has a foot to stand on, and a failure is seen however small.
            let barHeight = share == 0 ? 4 : max(10, Int((share * Double(height)).rounded()))
            return [
                "barX": index * step, "barY": height - barHeight, "barHeight": barHeight, "barWidth": barWidth,
                "barOutcome": run.outcomeName, "barTitle": title(run),
            ]
        }
        let good = newestFirst.count(where: \.success)
        return [
            "bars": bars, "sparkWidth": runs.count * step - (step - barWidth), "sparkHeight": height,
            "sparkLabel":
                "\(Wording.count(good)) of the last \(Wording.count(newestFirst.count, "run")) succeeded",
        ]
    }

    private static func title(_ run: StoredRun) -> String {
        let counts = run.counts
        let verdict =
            run.failure.map { _ in "the data could not be read" }
            ?? (counts.unsuccessful == 0
                ? "\(Headline.word(run.outcomeName).lowercased())"
                : "\(Wording.count(counts.unsuccessful)) of \(Wording.count(counts.evaluated)) failed or not decided")
        return "\(PageWording.time(run.startedAt)): \(verdict)"
    }
}

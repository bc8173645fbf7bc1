import Alerts
import Expectations
import Ledger
import Pipeline
import Suites
import Synchronization
import Tables

/// What pipelines tell, as signals of alerts: only what changes is handed on.
final class PipelineAlerts: Sendable {
    /// What can be wrong with a pipeline.
    private enum Trouble: String, CaseIterable {
        case held, ended, setAside = "set-aside", imbalanced

        var severity: Severity { self == .setAside ? .warning : .critical }
    }

    /// The name by which alerts know a pipeline.
    static func subject(_ pipeline: String) -> AlertSubject { AlertSubject(asset: "pipeline \(pipeline)", suite: "") }

    private let states: [String: String]
    private let backlog: SignalBacklog
    /// What may be wrong with each pipeline: all, until a batch has gone through in this process.
    private let troubles = Mutex<[String: Set<Trouble>]>([:])

    init(_ pipelines: [PipelineDefinition], backlog: SignalBacklog) {
        states = Dictionary(pipelines.map { ($0.name, $0.state) }) { first, _ in first }
        self.backlog = backlog
    }

    func hear(_ news: ServedStreams.News, of pipeline: String, at now: Int64) {
        switch news {
        case .failed(let reason, _):
            begin(.ended, "The pipeline ended: \(reason)", of: pipeline, occasion: "ended \(now)", at: now)
        case .event(.held(let batch, let reason, _)):
            begin(
                .held, "Batch \(batch) is held, and nothing behind it is read: \(reason)", of: pipeline,
                occasion: "held \(batch) \(now)", at: now)
        case .event(.setAside(let file, let reason)):
            begin(
                .setAside, "\(file) could not be read, and was set aside: \(reason)", of: pipeline,
                occasion: "set aside \(file) \(now)", at: now)
        case .event(.committed(let summary)): committed(summary, pipeline, at: now)
        case .standingBy, .event(.began), .event(.recovering), .event(.note), .event(.retrying): break
        }
    }

    private func begin(_ trouble: Trouble, _ sentence: String, of pipeline: String, occasion: String, at now: Int64) {
        troubles.withLock { troubles in
            _ = troubles[pipeline, default: Set(Trouble.allCases)].insert(trouble)
        }
        backlog.take(
            [signal(trouble, .failing, sentence)], of: Self.subject(pipeline),
            occasion: self.occasion(occasion, at: now))
    }

    /// A batch that went through ends what kept batches from going through.
    private func committed(_ summary: BatchSummary, _ pipeline: String, at now: Int64) {
        let known = troubles.withLock { $0[pipeline] } ?? Set(Trouble.allCases)
        guard !known.isEmpty else { return }
        var left = known
        var signals: [AlertSignal] = []
        for trouble in [Trouble.held, .ended] where left.remove(trouble) != nil {
            signals.append(signal(trouble, .succeeding, "Batches go through again."))
        }
        let overview = overview(of: pipeline)
        if let overview, overview.setAsideCount == 0, left.remove(.setAside) != nil {
            signals.append(signal(.setAside, .succeeding, "No file is set aside."))
        }
        if let overview {
            if overview.imbalanced.isEmpty {
                left.remove(.imbalanced)
                signals.append(signal(.imbalanced, .succeeding, "The records of all batches add up."))
            } else {
                let numbers = overview.imbalanced.prefix(10).map { String($0) }.joined(separator: ", ")
                left.insert(.imbalanced)
                signals.append(signal(.imbalanced, .failing, "The records of these batches don't add up: \(numbers)"))
            }
        }
        troubles.withLock { [left] in $0[pipeline] = left }
        backlog.take(
            signals, of: Self.subject(pipeline), occasion: occasion("batch \(summary.batch)", at: now))
    }

    private func overview(of pipeline: String) -> PipelineOverview? {
        guard let folder = states[pipeline], let state = try? PipelineState(readingFrom: folder) else { return nil }
        defer { try? state.close() }
        return try? state.overview()
    }

    private func signal(_ trouble: Trouble, _ news: AlertSignal.News, _ sentence: String) -> AlertSignal {
        AlertSignal(key: trouble.rawValue, news: news, type: "pipeline", severity: trouble.severity, sentence: sentence)
    }

    private func occasion(_ id: String, at now: Int64) -> AlertOccasion {
        AlertOccasion(id: id, startedAt: now, isComplete: false)
    }
}

extension Project {
    /// What each asset is made of, with the pipelines that write it: a pipeline that stands still explains much.
    var causes: [String: [String]] {
        var causes = lineage
        for pipeline in pipelines {
            for place in [pipeline.bronze, pipeline.silver.place].compactMap(\.self) + pipeline.gold.map(\.place) {
                causes[place.name, default: []].append(PipelineAlerts.subject(pipeline.name).asset)
            }
        }
        return causes
    }
}

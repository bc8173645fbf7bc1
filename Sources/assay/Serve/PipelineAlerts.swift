import Alerts
import Expectations
import Ledger
import Pipeline
import Suites
import Synchronization
import Tables

/// What pipelines tell, as signals of alerts: only what changes is handed on.
///
/// What could not be stored before the process ended isn't lost: pipelines' own states still say it (`recall`).
final class PipelineAlerts: Sendable {
    /// What can be wrong with a pipeline.
    private enum Trouble: String, CaseIterable {
        case held, ended, waiting, setAside = "set-aside", imbalanced

        var severity: Severity { self == .setAside ? .warning : .critical }
    }

    private let states: [String: String]
    private let backlog: SignalBacklog
    /// What may be wrong with each pipeline: all, until it has gone on in this process.
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
                .held, Self.held(batch, reason), of: pipeline, occasion: "held \(batch) \(now)", at: now)
        case .event(.setAside(let file, let reason)):
            begin(
                .setAside, Self.setAside(file, reason), of: pipeline, occasion: "set aside \(file) \(now)", at: now)
        case .event(.stalled(let error, let since)):
            begin(
                .waiting, Self.waiting(since, error.summary), of: pipeline, occasion: "waiting \(since)", at: now)
        case .event(.committed(let summary)): goOn(pipeline, occasion: "batch \(summary.batch)", at: now)
        case .event(.caughtUp): goOn(pipeline, occasion: "caught up \(now)", at: now)
        case .standingBy, .event(.began), .event(.recovering), .event(.note), .event(.retrying): break
        }
    }

    private func begin(_ trouble: Trouble, _ sentence: String, of pipeline: String, occasion: String, at now: Int64) {
        expect(trouble, of: pipeline)
        backlog.take(
            [signal(trouble, .failing, sentence)], of: AlertSubject.pipeline(pipeline),
            occasion: self.occasion(occasion, at: now))
    }

    /// A batch that went through, or that there is nothing left to read, ends what kept batches from going through.
    private func goOn(_ pipeline: String, occasion: String, at now: Int64) {
        let known = troubles.withLock { $0[pipeline] } ?? Set(Trouble.allCases)
        guard !known.isEmpty else { return }
        var left = known
        var signals: [AlertSignal] = []
        for trouble in [Trouble.held, .ended, .waiting] where left.remove(trouble) != nil {
            signals.append(signal(trouble, .succeeding, "The pipeline goes on."))
        }
        let overview = overview(of: pipeline)
        if let overview, overview.setAsideCount == 0, left.remove(.setAside) != nil { signals.append(aside(overview)) }
        if let overview {
            if overview.imbalanced.isEmpty { left.remove(.imbalanced) } else { left.insert(.imbalanced) }
            signals.append(balance(overview))
        }
        troubles.withLock { [left] in $0[pipeline] = left }
        backlog.take(signals, of: AlertSubject.pipeline(pipeline), occasion: self.occasion(occasion, at: now))
    }

    /// Hands on what pipelines' states say is wrong and alerts don't know: a batch that is held, files that are set aside, records that
    /// don't add up.
    ///
    /// In a transaction, which holds up what pipelines tell meanwhile. What is over is left to what pipelines tell: at its start one tries
    /// anew what it held or set aside, so that a state may be fine for a moment. That it ended or waits for long is told anew by the process that
    /// runs it.
    func recall(
        at now: Int64, in transaction: LedgerTransaction,
        take: ([AlertSignal], AlertSubject, AlertOccasion) throws -> Void
    ) throws {
        for pipeline in states.keys.sorted() {
            guard let overview = overview(of: pipeline) else { continue }
            let subject = AlertSubject.pipeline(pipeline)
            let alerts = try transaction.alertSubject(subject)?.alerts ?? [:]
            let news = [batch(overview), aside(overview), balance(overview)].filter { signal in
                signal.news == .failing && alerts[signal.key]?.phase != .firing
            }
            guard !news.isEmpty else { continue }
            for trouble in news.compactMap({ Trouble(rawValue: $0.key) }) { expect(trouble, of: pipeline) }
            try take(news, subject, occasion("recalled \(now)", at: now))
        }
    }

    /// It may be wrong from now on, until the pipeline goes on.
    private func expect(_ trouble: Trouble, of pipeline: String) {
        troubles.withLock { troubles in
            _ = troubles[pipeline, default: Set(Trouble.allCases)].insert(trouble)
        }
    }

    private func batch(_ overview: PipelineOverview) -> AlertSignal {
        guard let open = overview.open, open.state == "held" else {
            return signal(.held, .succeeding, "No batch is held.")
        }
        return signal(.held, .failing, Self.held(open.number, open.reason ?? ""))
    }

    private func aside(_ overview: PipelineOverview) -> AlertSignal {
        guard let first = overview.setAside.first else {
            return signal(.setAside, .succeeding, "No file is set aside.")
        }
        let others = overview.setAsideCount > 1 ? "; so were \(overview.setAsideCount - 1) more" : ""
        return signal(.setAside, .failing, Self.setAside(first.file, first.reason) + others)
    }

    private func balance(_ overview: PipelineOverview) -> AlertSignal {
        guard !overview.imbalanced.isEmpty else {
            return signal(.imbalanced, .succeeding, "The records of all batches add up.")
        }
        let numbers = overview.imbalanced.prefix(10).map { String($0) }.joined(separator: ", ")
        return signal(.imbalanced, .failing, "The records of these batches don't add up: \(numbers)")
    }

    private static func held(_ batch: Int, _ reason: String) -> String {
        "Batch \(batch) is held, and nothing behind it is read: \(reason)"
    }

    private static func waiting(_ since: Int64, _ reason: String) -> String {
        "The pipeline waits since \(CivilTime.format(microseconds: since)): \(reason)"
    }

    private static func setAside(_ file: String, _ reason: String) -> String {
        "\(file) could not be read, and was set aside: \(reason)"
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
                causes[place.name, default: []].append(AlertSubject.pipeline(pipeline.name).asset)
            }
        }
        return causes
    }
}

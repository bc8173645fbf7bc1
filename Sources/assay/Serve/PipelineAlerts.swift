import Alerts
import Ledger
import Pipeline
import Suites
import Synchronization
import Tables

/// What pipelines tell, as signals of alerts: only what changes is handed on.
///
/// What could not be stored before the process ended isn't lost: pipelines' own states still say it (`recall`).
final class PipelineAlerts: Sendable {
    private let states: [String: String]
    private let backlog: SignalBacklog
    private let others: OtherPipelines
    /// What may be wrong with each pipeline: all, until it has gone on in this process.
    private let troubles = Mutex<[String: Set<PipelineTrouble>]>([:])

    /// `others` are those that this process doesn't run.
    init(_ pipelines: [PipelineDefinition], others: Set<String>, backlog: SignalBacklog) {
        self.others = OtherPipelines(pipelines, others: others)
        states = Dictionary(pipelines.map { ($0.name, $0.state) }) { first, _ in first }
        self.backlog = backlog
    }

    func hear(_ news: ServedStreams.News, of pipeline: String, at now: Int64) {
        if case .standingBy = news { others.add(pipeline) } else { others.remove(pipeline) }
        switch news {
        case .failed(let reason, _):
            begin(.ended, "The pipeline ended: \(reason)", of: pipeline, occasion: "ended \(now)", at: now)
        case .event(.held(let batch, let reason, _)):
            begin(
                .held, PipelineTrouble.held(batch, reason), of: pipeline, occasion: "held \(batch) \(now)", at: now)
        case .event(.setAside(let file, let reason)):
            begin(
                .setAside, PipelineTrouble.setAside(file, reason), of: pipeline, occasion: "set aside \(file) \(now)",
                at: now)
        case .event(.stalled(let error, let since)):
            begin(
                .waiting, PipelineTrouble.waiting(since, error.summary), of: pipeline, occasion: "waiting \(since)",
                at: now)
        case .event(.committed(let summary)): goOn(pipeline, occasion: "batch \(summary.batch)", at: now)
        case .event(.caughtUp): goOn(pipeline, occasion: "caught up \(now)", at: now)
        case .standingBy, .event(.began), .event(.recovering), .event(.note), .event(.retrying): break
        }
    }

    private func begin(
        _ trouble: PipelineTrouble, _ sentence: String, of pipeline: String, occasion: String, at now: Int64
    ) {
        expect(trouble, of: pipeline)
        backlog.take(
            [trouble.signal(.failing, sentence)], of: AlertSubject.pipeline(pipeline),
            occasion: self.occasion(occasion, at: now))
    }

    /// A batch that went through, or that there is nothing left to read, ends what kept batches from going through.
    private func goOn(_ pipeline: String, occasion: String, at now: Int64) {
        let known = troubles.withLock { $0[pipeline] } ?? Set(PipelineTrouble.allCases)
        guard !known.isEmpty else { return }
        var left = known
        var signals: [AlertSignal] = []
        for trouble in [PipelineTrouble.held, .ended, .waiting] where left.remove(trouble) != nil {
            signals.append(trouble.signal(.succeeding, "The pipeline goes on."))
        }
        let overview = overview(of: pipeline)
        if let overview, overview.setAsideCount == 0, left.remove(.setAside) != nil {
            signals.append(overview.asideSignal)
        }
        if let overview {
            if overview.imbalanced.isEmpty { left.remove(.imbalanced) } else { left.insert(.imbalanced) }
            signals.append(overview.balanceSignal)
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
            let news = overview.signals.filter { signal in
                signal.news == .failing && alerts[signal.key]?.phase != .firing
            }
            guard !news.isEmpty else { continue }
            for trouble in news.compactMap({ PipelineTrouble(rawValue: $0.key) }) { expect(trouble, of: pipeline) }
            try take(news, subject, occasion("recalled \(now)", at: now))
        }
    }

    /// What pipelines of other processes have to tell, as their states have it: to be handed to `take` in a transaction.
    func findings(at now: Int64) -> [OtherPipelines.Finding] { others.look(at: now) }

    /// Hands on what is news to alerts: what is wrong and not told, and what was told and is over.
    func take(
        _ findings: [OtherPipelines.Finding], at now: Int64, in transaction: LedgerTransaction,
        take: ([AlertSignal], AlertSubject, AlertOccasion) throws -> Void
    ) throws {
        for finding in findings {
            let subject = AlertSubject.pipeline(finding.pipeline)
            let alerts = try transaction.alertSubject(subject)?.alerts ?? [:]
            let news = finding.signals.filter { ($0.news == .failing) != (alerts[$0.key]?.phase == .firing) }
            if !news.isEmpty { try take(news, subject, occasion("looked at \(now)", at: now)) }
        }
    }

    /// It may be wrong from now on, until the pipeline goes on.
    private func expect(_ trouble: PipelineTrouble, of pipeline: String) {
        troubles.withLock { troubles in
            _ = troubles[pipeline, default: Set(PipelineTrouble.allCases)].insert(trouble)
        }
    }

    private func overview(of pipeline: String) -> PipelineOverview? {
        guard let folder = states[pipeline], let state = try? PipelineState(readingFrom: folder) else { return nil }
        defer { try? state.close() }
        return try? state.overview()
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

import Alerts
import Pipeline
import Suites
import Synchronization
import Tables

/// Pipelines that other processes run, as `assay run` beside a service: none of them tells the service anything, but their states do.
///
/// A process that begins anew tries again what it held or set aside, and may be back in a moment. So that a state is fine, or that nobody runs
/// a pipeline any more, counts when it has been so for a minute.
final class OtherPipelines: Sendable {
    /// What is known of a pipeline: what is wrong with it, and what is not, be it news or not.
    struct Finding: Sendable {
        let pipeline: String
        let signals: [AlertSignal]
    }

    fileprivate struct Subject {
        /// Since when each was fine; of what is wrong there is nothing.
        var fineSince: [PipelineTrouble: Int64] = [:]
        var goneSince: Int64?
    }

    private struct State {
        var names: Set<String>
        var subjects: [String: Subject] = [:]
    }

    private let folders: [String: String]
    private let state: Mutex<State>

    fileprivate static let patience: Int64 = 60_000_000
    /// How long a pipeline may wait for the machine before somebody is told, as its own process does it.
    fileprivate static let longestWait: Int64 = 5 * 60_000_000

    /// `others` are those that this process doesn't run.
    init(_ pipelines: [PipelineDefinition], others: Set<String>) {
        folders = Dictionary(pipelines.map { ($0.name, $0.state) }) { first, _ in first }
        state = Mutex(State(names: others))
    }

    /// Another process has it.
    func add(_ pipeline: String) { state.withLock { _ = $0.names.insert(pipeline) } }

    /// This process runs it, and hears what it tells.
    func remove(_ pipeline: String) {
        state.withLock { state in
            state.names.remove(pipeline)
            state.subjects[pipeline] = nil
        }
    }

    /// Reads the states of all of them.
    func look(at now: Int64) -> [Finding] {
        state.withLock { $0.names }.sorted().compactMap { name in
            guard let folder = folders[name], let standing = Standing(folder) else { return nil }
            let signals = state.withLock { state in
                state.subjects[name, default: Subject()].signals(standing, at: now)
            }
            return signals.isEmpty ? nil : Finding(pipeline: name, signals: signals)
        }
    }

    /// What a state says at a moment.
    fileprivate struct Standing {
        let overview: PipelineOverview
        let wait: PipelineWait?
        /// When the run began that hasn't come to its end.
        let openRun: Int64?
        let isRunning: Bool

        /// `nil` where nothing can be read.
        init?(_ folder: String) {
            isRunning = PipelineState.isRunning(folder)
            guard let state = try? PipelineState(readingFrom: folder) else { return nil }
            defer { try? state.close() }
            do {
                overview = try state.overview()
                wait = try state.wait()
                openRun = try state.openRun()
            } catch { return nil }
        }
    }
}

extension OtherPipelines.Subject {
    fileprivate mutating func signals(_ standing: OtherPipelines.Standing, at now: Int64) -> [AlertSignal] {
        (standing.overview.signals + [waiting(standing, at: now), ended(standing, at: now)]).filter { signal in
            guard let trouble = PipelineTrouble(rawValue: signal.key) else { return false }
            guard signal.news == .succeeding else {
                fineSince[trouble] = nil
                return true
            }
            let since = min(fineSince[trouble] ?? now, now)
            fineSince[trouble] = since
            return CivilTime.age(of: since, at: now) >= OtherPipelines.patience
        }
    }

    private func waiting(_ standing: OtherPipelines.Standing, at now: Int64) -> AlertSignal {
        guard standing.isRunning, let wait = standing.wait,
            CivilTime.age(of: wait.since, at: now) >= OtherPipelines.longestWait
        else { return PipelineTrouble.waiting.signal(.succeeding, "The pipeline goes on.") }
        return PipelineTrouble.waiting.signal(.failing, PipelineTrouble.waiting(wait.since, wait.reason))
    }

    private mutating func ended(_ standing: OtherPipelines.Standing, at now: Int64) -> AlertSignal {
        let fine = PipelineTrouble.ended.signal(.succeeding, "The pipeline goes on.")
        guard !standing.isRunning, let began = standing.openRun else {
            goneSince = nil
            return fine
        }
        let since = min(goneSince ?? now, now)
        goneSince = since
        guard CivilTime.age(of: since, at: now) >= OtherPipelines.patience else { return fine }
        return PipelineTrouble.ended.signal(
            .failing,
            "The run that began at \(CivilTime.format(microseconds: began)) ended by an error or was killed, and nobody runs the pipeline."
        )
    }
}

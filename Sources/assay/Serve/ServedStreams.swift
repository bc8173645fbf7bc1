import Expectations
import Foundation
import Intake
import Pipeline
import Service
import Suites
import Synchronization
import Tables

/// The pipelines of a service: each runs on its own until all are stopped, and begins again after whatever else ended it.
final class ServedStreams: Sendable {
    /// What a service is told of its pipelines.
    enum News: Sendable {
        case event(PipelineEvent)
        /// It ended, and begins again after so many microseconds.
        case failed(reason: String, again: Int64)
        /// Another process runs it; this one takes over when that has ended.
        case standingBy
    }

    private let project: Project
    private let threads: Int
    private let tell: @Sendable (News, _ pipeline: String) -> Void
    private let offer: @Sendable (IngestPipeline?, _ pipeline: String) -> Void
    private let state = Mutex(State())

    private struct State {
        var isStopping = false
        var running: [String: RunningStream] = [:]
        /// Whoever waits to begin again.
        var pauses: [Task<Void, Never>] = []
    }

    /// How a run of a pipeline ended.
    private enum Ending {
        case stopped
        case takenByAnother
        case failed(String)
    }

    private static let shortestPause: Int64 = 5_000_000
    private static let longestPause: Int64 = 600_000_000

    /// `tell` hears of what they do, from any thread; `offer` gets what takes records over the network, `nil` while nothing does.
    init(
        _ project: Project, threads: Int, tell: @escaping @Sendable (News, String) -> Void,
        offer: @escaping @Sendable (IngestPipeline?, String) -> Void
    ) {
        self.project = project
        self.threads = threads
        self.tell = tell
        self.offer = offer
    }

    /// Those that a service can run: it has no standard input.
    static func served(_ project: Project) -> [PipelineDefinition] {
        project.pipelines.filter { if case .standardInput = $0.source.kind { false } else { true } }
    }

    /// Runs all of them until they are stopped; once.
    func run() async {
        await withTaskGroup(of: Void.self) { group in
            for definition in Self.served(project) { group.addTask { await self.keepRunning(definition) } }
        }
    }

    /// Batches at hand are carried through, or given up whole after some seconds.
    func stop() {
        let (running, pauses) = state.withLock { state in
            state.isStopping = true
            return (Array(state.running.values), state.pauses)
        }
        for stream in running { stream.stop() }
        for pause in pauses { pause.cancel() }
    }

    private var isStopping: Bool { state.withLock { $0.isStopping } }

    private func keepRunning(_ definition: PipelineDefinition) async {
        var pause = Self.shortestPause
        var standsBy = false
        while !isStopping {
            let began = RunClock.system.microseconds
            switch await run(definition) {
            case .stopped: return
            case .takenByAnother:
                if !standsBy { tell(.standingBy, definition.name) }
                standsBy = true
                await rest(Self.shortestPause)
            case .failed(let reason):
                standsBy = false
                // One that ran for a while deserves another quick start.
                if RunClock.system.microseconds - began > Self.longestPause { pause = Self.shortestPause }
                guard !isStopping else { return }
                tell(.failed(reason: reason, again: pause), definition.name)
                await rest(pause)
                pause = min(pause * 2, Self.longestPause)
            }
        }
    }

    /// Runs a pipeline until it ends.
    private func run(_ definition: PipelineDefinition) async -> Ending {
        let name = definition.name
        var options = PipelineOptions(
            clock: { RunClock.system.microseconds }, machineClock: { RunClock.system.microseconds })
        options.threads = threads
        options.report = { [tell] event in tell(.event(event), name) }
        options.probe = RunCommand.probe
        do {
            let stream = try RunningStream(definition, of: project, options)
            let mayRun = state.withLock { state in
                if !state.isStopping { state.running[name] = stream }
                return !state.isStopping
            }
            if !mayRun { stream.stop() }
            if let pipeline = stream.intake.posted { offer(pipeline, name) }
            defer {
                offer(nil, name)
                state.withLock { $0.running[name] = nil }
            }
            _ = try await stream.run(once: false)
            return isStopping ? .stopped : .failed("it ended")
        } catch let problems as SuiteProblems {
            return .failed(problems.errors.map(\.message).joined(separator: "; "))
        } catch let error as PipelineError {
            return error.code == .isRunning ? .takenByAnother : .failed(error.summary)
        } catch let error as SpoolError {
            return .failed(error.summary)
        } catch {
            return .failed("\(error)")
        }
    }

    private func rest(_ pause: Int64) async {
        let resting = Task { _ = try? await Task.sleep(for: .microseconds(pause)) }
        state.withLock { state in
            if state.isStopping { resting.cancel() } else { state.pauses.append(resting) }
        }
        await resting.value
        state.withLock { state in state.pauses.removeAll { $0 == resting } }
    }
}

extension StreamSource {
    /// Whether records come over the network.
    var isPosted: Bool { if case .http = kind { true } else { false } }
}

extension StreamIntake {
    /// What takes records over the network; `nil` for other sources.
    var posted: IngestPipeline? {
        guard case .http(_, let spool, let source) = self else { return nil }
        return IngestPipeline(spool, keepsAttributes: source.keepsAttributes)
    }
}

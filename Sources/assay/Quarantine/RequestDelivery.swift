import Foundation
import Pipeline
import Suites
import Tables

/// Leaves a request in a pipeline's state, and sees to it that somebody carries it out.
struct RequestDelivery {
    private let definition: PipelineDefinition
    private let project: Project
    private let options: RequestOptions

    /// A process that runs the pipeline gets so long before the command goes without an answer, in microseconds.
    private static let patience: Int64 = 3_000_000

    init(_ definition: PipelineDefinition, of project: Project, _ options: RequestOptions) {
        self.definition = definition
        self.project = project
        self.options = options
    }

    /// The request as it stands in the end.
    ///
    /// Whoever is killed meanwhile leaves it behind: the next process that runs the pipeline carries it out.
    func deliver(_ request: QuarantineRequest) async throws -> StoredRequest {
        let number = try OpenQuarantine.shown { () throws(PipelineError) in
            try PipelineState.leave(request, in: definition.state)
        }
        let end = RunClock.system.microseconds + Self.patience
        while true {
            if let stored = try stored(number), stored.isDone { return stored }
            if let state = try openedState() {
                do { try await carryOut(state) } catch {
                    try tellOfLeft(number)
                    throw error
                }
                guard let stored = try stored(number) else { break }
                return stored
            }
            if !options.wait, RunClock.system.microseconds > end, let stored = try stored(number) { return stored }
            try await Task.sleep(for: .milliseconds(100))
        }
        throw ExitStatus.undecided.code
    }

    /// What was asked for isn't forgotten where it fails.
    private func tellOfLeft(_ number: Int) throws {
        guard let stored = try stored(number), !stored.isDone else { return }
        Console.complain(
            "request \(number) stays: the next process that runs the pipeline carries it out, or what is left of it",
            hint: "or take it back: assay quarantine withdraw \(definition.name) \(number) --reason TEXT",
            of: definition.name)
    }

    private func stored(_ number: Int) throws -> StoredRequest? {
        try OpenQuarantine.shown { () throws(PipelineError) in
            let state = try PipelineState(readingFrom: definition.state)
            defer { try? state?.close() }
            return try state?.request(number)
        }
    }

    /// The state, open for writing; `nil` where another process has it.
    private func openedState() throws -> PipelineState? {
        guard !PipelineState.isRunning(definition.state) else { return nil }
        do throws(PipelineError) { return try PipelineState(folder: definition.state) } catch {
            if error.code == .isRunning { return nil }
            Console.complain(error.summary, hint: error.hint)
            throw ExitStatus.undecided.code
        }
    }

    /// Runs the pipeline for nothing but what was asked for.
    private func carryOut(_ state: PipelineState) async throws {
        let clock: @Sendable () -> Int64 = { [clock = options.clock] in clock.microseconds }
        var run = PipelineOptions(clock: clock, machineClock: { RunClock.system.microseconds })
        run.threads = ProcessInfo.processInfo.activeProcessorCount
        run.onlyRequests = true
        run.probe = RunCommand.probe
        let telling = PipelineTelling(format: .table, isQuiet: true, namesPipelines: true)
        run.report = { [name = definition.name] event in telling.tell(event, of: name) }
        let stream = try RunningStream.opened(definition, of: project, run, state: state)
        let signals = StopSignals { [stream] in stream.stop() }
        defer { signals.cancel() }
        let ending = await stream.run(once: true, telling)
        if ending != .passed, ending != .failed { throw ending.code }
    }
}

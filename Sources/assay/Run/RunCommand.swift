import ArgumentParser
import Dispatch
import Foundation
import Pipeline
import Service
import Suites
import Tables

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract:
            "Runs the project's pipelines: what arrives goes to bronze, through the gate to silver, and on to gold.",
        discussion: """
            Without names all pipelines of the project run, until they are told to stop (SIGTERM, SIGINT: the batch at hand is \
            carried through, or given up whole after five seconds). With --once each runs until all that has arrived is where it belongs. \
            The time of --now is the clock of all batches with --once, and where the clock begins without it.

            It may be killed at any instant: the next run goes on where this one ended, and nothing is lost or written twice. \
            Exit status: 0 all is where it belongs, 1 a batch is held, 2 a mistake in the project or the command, 3 something could \
            not be read or written.
            """)

    @ArgumentParser.Argument(help: ArgumentHelp("Names of pipelines; all when absent.", valueName: "pipeline"))
    var pipelines: [String] = []

    @Flag(help: "Stop when all that has arrived is where it belongs.")
    var once = false

    @Flag(help: "With --once: close the windows that are still open when nothing more has arrived.")
    var closeWindows = false

    @OptionGroup var threads: ThreadOptions

    @OptionGroup var clock: ClockOptions

    @Option(
        help: ArgumentHelp(
            "Where records are posted, for pipelines with a source of http: host:port, or a port of this machine.",
            valueName: "address"))
    var listen = "127.0.0.1:8080"

    @Option(help: "How batches are told of, on standard output: table or json, a line each.")
    var format = ListFormat.table

    @Flag(help: "Tell only of what is wrong.")
    var quiet = false

    @OptionGroup var project: ProjectOptions

    func validate() throws {
        if closeWindows, !once { throw ValidationError("--close-windows goes with --once") }
    }

    func run() async throws {
        let project = try self.project.load()
        let chosen = try Self.chosen(pipelines, of: project)
        signal(SIGPIPE, SIG_IGN)
        let telling = PipelineTelling(format: format, isQuiet: quiet, namesPipelines: chosen.count > 1)
        var streams: [RunningStream] = []
        // A time that is named stands still in a run that ends, and is where the clock begins in one that goes on.
        let begin = RunClock.system.microseconds
        let clock: @Sendable () -> Int64 = { [now = self.clock.now, once] in
            let machine = RunClock.system.microseconds
            return now.map { once ? $0.microseconds : $0.microseconds + max(0, machine - begin) } ?? machine
        }
        for definition in chosen {
            var options = PipelineOptions(clock: clock, machineClock: { RunClock.system.microseconds })
            options.threads = threads.count
            options.report = { event in telling.tell(event, of: definition.name) }
            options.probe = Self.probe
            options.closesWindows = closeWindows
            streams.append(try RunningStream.opened(definition, of: project, options))
        }
        let endings = await Self.run(
            streams, try once ? nil : PostedStreams(streams, at: .read(listen)), once: once, telling)
        if let worst = endings.max(), worst != .passed { throw worst.code }
    }

    /// Runs all of them, with what fills them, until they have ended.
    private static func run(
        _ streams: [RunningStream], _ server: PostedStreams?, once: Bool, _ telling: PipelineTelling
    ) async -> [ExitStatus] {
        let signals = StopSignals {
            // Requests in hand are answered first; what they bring is in the spools then, for the next run at the latest.
            Task {
                await server?.stop()
                for stream in streams { stream.stop() }
            }
        }
        defer { signals.cancel() }
        return await withTaskGroup(of: ExitStatus.self) { group in
            if let server {
                group.addTask {
                    let ending = await server.run()
                    // Who can't be posted to must not look as if they were running.
                    if ending != .passed { for stream in streams { stream.stop() } }
                    return ending
                }
            }
            var endings: [ExitStatus] = []
            await withTaskGroup(of: ExitStatus.self) { running in
                for stream in streams { running.addTask { await stream.run(once: once, telling) } }
                for await ending in running { endings.append(ending) }
            }
            await server?.stop()
            for await ending in group { endings.append(ending) }
            return endings
        }
    }

    /// Pipelines by name, each once; all where none is named.
    static func chosen(_ names: [String], of project: Project) throws -> [PipelineDefinition] {
        guard !project.pipelines.isEmpty else {
            throw UserMistake("there is nothing to run: \(project.file) has no pipelines")
        }
        guard !names.isEmpty else { return project.pipelines }
        var seen: Set<String> = []
        return try names.filter { seen.insert($0).inserted }.map { name in
            if let pipeline = project.pipeline(named: name) { return pipeline }
            let near = Suggestion.nearest(to: name, among: project.pipelines.map(\.name))
            throw UserMistake(
                "there is no pipeline \"\(name)\" in \(project.file)" + (near.map { "; did you mean \($0)?" } ?? ""))
        }
    }

    /// Where tests want the process to die: `ASSAY_DIE_AT=prepared:3` is the third time that point is reached.
    static let probe: @Sendable (ProtocolPoint, Int) -> Void = {
        guard let text = ProcessInfo.processInfo.environment["ASSAY_DIE_AT"] else { return { _, _ in } }
        let parts = text.split(separator: ":")
        let wanted = parts.first.flatMap { ProtocolPoint(rawValue: String($0)) }
        let left = DeathCounter(parts.count > 1 ? Int(parts[1]) ?? 1 : 1)
        return { point, _ in if point == wanted, left.isDue { kill(getpid(), SIGKILL) } }
    }()
}

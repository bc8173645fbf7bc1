import ArgumentParser
import Dispatch
import Foundation
import Ledger
import Service
import Suites
import Synchronization
import Tables

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract:
            "Runs the service: validates on schedule, runs pipelines, alerts people, serves pages and an interface.",
        discussion: """
            It runs until it is told to stop (SIGTERM, SIGINT), and reads its project again on SIGHUP: one with mistakes is refused, \
            and the old one stays. It may be killed at any instant: nothing that was stored is lost, no message is forgotten, and what \
            was cut off is done again. Several may share one store.

            Exit status: 0 it was told to stop, 2 a mistake in the project or the command, 3 the store can't be used or the address not be \
            listened on.
            """)

    @Option(
        help: ArgumentHelp(
            "Where it listens: host:port, or a port of this machine, 0 for any; the project's when absent.",
            valueName: "address"))
    var listen: String?

    @OptionGroup var threads: ThreadOptions

    @Option(
        help: ArgumentHelp(
            "Memory for values that must be kept until the end of a run; a quarter of the machine's when absent.",
            valueName: "size"), transform: MemorySize.parse)
    var memory: MemorySize?

    @Flag(inversion: .prefixedNo, help: "Whether the project's pipelines run, too.")
    var pipelines = true

    @OptionGroup var log: LogOptions

    @OptionGroup var project: ProjectOptions

    func run() async throws {
        signal(SIGPIPE, SIG_IGN)
        let project = try self.project.loadWhole()
        let options = ServiceOptions(
            listen: try listen.map { try BindAddress.read($0) },
            threads: threads.count, memory: memory ?? .quarterOfTheMachine,
            runsPipelines: pipelines)
        let entrance = try Mistakes.shown { try ServiceEntrance(of: project, listen: options.listen) }
        let ledger = try Self.ledger(of: project)
        for pipeline in project.pipelines {
            guard case .standardInput = pipeline.source.kind, pipelines else { continue }
            Console.standardError(
                "note: the pipeline \(pipeline.name) reads standard input, which a service has none of: it doesn't run")
        }
        let secrets = KnownSecrets(of: project)
        let logger = log.logger(hiding: { secrets.all })
        let house = ServiceHouse(
            project, at: entrance, options, ledger: ledger, log: logger,
            refusals: RefusedProject(log: logger)
        ) { [options = self.project] in
            let project = try options.readWhole()
            secrets.add(of: project)
            return project
        }
        let signals = StopSignals {
            LastResort.endProcess(after: .microseconds(house.longestStop), telling: logger)
            Task { await house.stop() }
        }
        let reloads = ReloadSignal { house.reload() }
        defer {
            signals.cancel()
            reloads.cancel()
        }
        let status = await house.run()
        if status != .passed { throw status.code }
    }

    /// The store, made where it isn't there; errors are shown and end the process.
    private static func ledger(of project: Project) throws -> Ledger {
        let store = Store(path: project.store)
        if let ledger = store.ledger { return ledger }
        if let error = store.error {
            Console.complain(error.summary, hint: error.hint)
        }
        throw ExitStatus.undecided.code
    }
}

/// What must not be told: all secrets of all projects that the process has read.
final class KnownSecrets: Sendable {
    private let secrets: Mutex<Secrets>

    init(of project: Project) { secrets = Mutex(Secrets(of: project)) }

    var all: Secrets { secrets.withLock { $0 } }

    func add(of project: Project) { secrets.withLock { $0 = $0.with(Secrets(of: project)) } }
}

/// Calls somebody on SIGHUP, instead of ending the process.
final class ReloadSignal {
    private let source: any DispatchSourceSignal

    init(_ body: @escaping @Sendable () -> Void) {
        signal(SIGHUP, SIG_IGN)
        source = DispatchSource.makeSignalSource(signal: SIGHUP, queue: .global())
        source.setEventHandler(handler: body)
        source.resume()
    }

    func cancel() { source.cancel() }
}

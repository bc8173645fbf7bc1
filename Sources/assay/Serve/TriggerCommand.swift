import ArgumentParser
import Foundation
import Ledger
import Suites
import Tables

struct TriggerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trigger",
        abstract: "Asks the service to run validations now.",
        discussion: """
            The wish is left in the store, where the service finds it within a second; where none runs, the next one does. With --wait the \
            command ends when the runs have, with their outcome: 0 all passed, 1 one failed, 3 one could not be decided or none came in time.
            """)

    @ArgumentParser.Argument(help: ArgumentHelp("A suite of the project's validations.", valueName: "suite"))
    var suite: String

    @Option(
        help: ArgumentHelp("The asset, where the suite judges several; all of them when absent.", valueName: "asset"))
    var asset: String?

    @OptionGroup var actor: ActorOptions

    @Flag(help: "Wait until the runs have ended.")
    var wait = false

    @Option(help: ArgumentHelp("How long to wait, as in 90s or 10m.", valueName: "duration"))
    var timeout = "10m"

    @OptionGroup var project: ProjectOptions

    func validate() throws {
        guard DurationText.parse(timeout) != nil else {
            throw ValidationError("--timeout takes a duration such as 90s or 10m, not \(timeout)")
        }
    }

    func run() async throws {
        let project = try self.project.load()
        let validations = try chosen(project)
        let now = RunClock.system.microseconds
        let requests = validations.map { validation in
            RunRequest(
                id: "request-\(RunID.make())", validation: Validation(suite: validation.suite, asset: validation.asset),
                actor: actor.person, requestedAt: now)
        }
        let store = Store(path: project.store)
        let ledger = try StoreErrors.shown {
            if let error = store.error { throw error }
            guard let ledger = store.ledger else { preconditionFailure("a store with a path opens, or has an error") }
            try ledger.transaction { transaction in for request in requests { _ = try transaction.request(request) } }
            return ledger
        }
        for request in requests where !wait {
            Console.standardOutput(
                "\(request.validation.suite) on \(request.validation.asset): asked for, \(request.id)")
        }
        guard wait else { return }
        try await follow(requests, in: ledger, until: now.addingClamped(DurationText.parse(timeout) ?? 0))
    }

    private func chosen(_ project: Project) throws -> [Project.Validation] {
        let ofSuite = project.validations.filter { $0.suite == suite }
        guard !ofSuite.isEmpty else {
            let near = Suggestion.nearest(to: suite, among: project.validations.map(\.suite))
            throw UserMistake(
                "no validation of \(project.file) has the suite \"\(suite)\""
                    + (near.map { "; did you mean \($0)?" } ?? ""))
        }
        guard let asset else { return ofSuite }
        let found = ofSuite.filter { $0.asset == asset }
        guard !found.isEmpty else {
            let near = Suggestion.nearest(to: asset, among: ofSuite.map(\.asset))
            throw UserMistake(
                "\(suite) isn't validated against \"\(asset)\"" + (near.map { "; did you mean \($0)?" } ?? ""))
        }
        return found
    }

    private func follow(_ requests: [RunRequest], in ledger: Ledger, until end: Int64) async throws {
        var open = requests
        var status = ExitStatus.passed
        while !open.isEmpty {
            var left: [RunRequest] = []
            for request in open {
                guard let found = try StoreErrors.shown({ try ledger.request(id: request.id) }),
                    found.state == .finished
                else {
                    left.append(request)
                    continue
                }
                status = max(status, try tell(found, ledger))
            }
            open = left
            guard !open.isEmpty else { break }
            guard RunClock.system.microseconds < end else {
                for request in open {
                    Console.standardError(
                        Diagnostics.neutral(
                            "\(request.validation.suite) on \(request.validation.asset): no run yet; does the service run?"
                        ))
                }
                throw ExitStatus.undecided.code
            }
            try await Task.sleep(for: .milliseconds(200))
        }
        if status != .passed { throw status.code }
    }

    private func tell(_ request: RunRequest, _ ledger: Ledger) throws -> ExitStatus {
        let name = Diagnostics.neutral("\(request.validation.suite) on \(request.validation.asset)")
        guard let id = request.run, let run = try StoreErrors.shown({ try ledger.run(id: id) }) else {
            Console.standardOutput("\(name): ended without a run")
            return .undecided
        }
        Console.standardOutput("\(name): \(run.outcomeName), run \(run.id)")
        if run.failure != nil || run.counts.errored > 0 { return .undecided }
        return run.success ? .passed : .failed
    }
}

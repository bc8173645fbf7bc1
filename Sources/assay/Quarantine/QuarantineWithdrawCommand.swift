import ArgumentParser
import Expectations
import Pipeline
import Suites
import Tables

struct QuarantineWithdrawCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "withdraw",
        abstract: "Takes a request back that isn't carried out to its end, as where it fails again and again.",
        discussion: """
            assay pipelines names the requests that wait. What was done of one stays done; a batch of it that was begun and not \
            decided is given up. Who withdrew it and why is kept.
            """)

    @ArgumentParser.Argument(help: "The pipeline's name.")
    var pipeline: String

    @ArgumentParser.Argument(help: "The request's number.")
    var request: Int

    @OptionGroup var options: RequestOptions

    func run() throws {
        let project = try options.project.load()
        guard let definition = try RunCommand.chosen([pipeline], of: project).first else { return }
        let withdrawal = Withdrawal(
            actor: options.person, reason: options.reason, time: options.clock.microseconds)
        let stored = try OpenQuarantine.shown { () throws(PipelineError) in
            guard try PipelineState(readingFrom: definition.state) != nil else {
                throw PipelineError(.notFound, "the pipeline never ran, and has no requests", place: pipeline)
            }
            return try PipelineState.withdraw(request, withdrawal, in: definition.state)
        }
        let done = stored.outcome.resolved
        switch options.output.format {
        case .table:
            let rest = done > 0 ? "; what became of \(Wording.count(done, "record")) by it stays" : ""
            Console.standardOutput("\(pipeline): request \(request) is withdrawn\(rest)")
        case .json:
            Console.standardOutput(
                JSON.object([
                    JSON.Member("version", .integer(1)), JSON.Member("pipeline", .string(pipeline)),
                    JSON.Member("kind", .string(stored.request.kind.rawValue)),
                    JSON.Member("state", .string("withdrawn")), JSON.Member("request", .integer(request)),
                    JSON.Member("outcome", stored.outcome.json),
                ]).text(isIndented: true))
        }
    }
}

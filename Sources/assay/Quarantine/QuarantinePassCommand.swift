import ArgumentParser
import Pipeline
import Suites
import Tables

struct QuarantinePassCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pass",
        abstract: "Lets a pipeline's held batch pass, whatever is wrong with it.",
        discussion: """
            The next batch goes through although it would be held: its bad records are kept apart one by one as ever, and rules about \
            the batch as a whole are passed over, once. A process that runs the pipeline tries at once; without one, the next run does.
            """)

    @ArgumentParser.Argument(help: "The pipeline's name.")
    var pipeline: String

    @OptionGroup var request: RequestOptions

    func run() async throws {
        let project = try request.project.load()
        guard let definition = try RunCommand.chosen([pipeline], of: project).first else { return }
        let breaker = try OpenQuarantine.shown { () throws(PipelineError) in
            try PipelineState(readingFrom: definition.state)?.breaker() ?? CircuitBreaker()
        }
        guard breaker.state != .closed else { throw UserMistake("no batch of \(pipeline) is held") }
        let pass = QuarantineRequest(
            kind: .pass, selector: QuarantineSelector(), version: 0, actor: request.person, reason: request.reason,
            time: request.clock.microseconds)
        let number = try OpenQuarantine.shown { () throws(PipelineError) in
            try PipelineState.leave(pass, in: definition.state)
        }
        switch request.output.format {
        case .table: Console.standardOutput("\(pipeline): the held batch passes as soon as the pipeline runs")
        case .json:
            Console.standardOutput(
                JSON.object([
                    JSON.Member("version", .integer(1)), JSON.Member("pipeline", .string(pipeline)),
                    JSON.Member("kind", .string("pass")), JSON.Member("state", .string("waiting")),
                    JSON.Member("request", .integer(number)),
                ]).text(isIndented: true))
        }
    }
}

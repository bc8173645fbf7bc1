import ArgumentParser
import Pipeline
import Tables

struct PipelinesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pipelines",
        abstract: "How pipelines fare: whether they run or are held, their last batch, counts, backlog and quarantine.",
        discussion: """
            Exit status: 0, also where a batch is held; 1 where the records of a batch don't add up, which is a mistake of Assay's; \
            2 a mistake in the project or the command; 3 something could not be read.
            """)

    @ArgumentParser.Argument(help: "A pipeline's name. All pipelines when absent.")
    var pipeline: String?

    @OptionGroup var output: FormatOptions

    @OptionGroup var project: ProjectOptions

    func run() throws {
        let project = try self.project.load()
        var statuses: [PipelineStatus] = []
        for definition in try RunCommand.chosen(pipeline.map { [$0] } ?? [], of: project) {
            statuses.append(try OpenQuarantine.shown { () throws(PipelineError) in try PipelineStatus(definition) })
        }
        switch output.format {
        case .table: for status in statuses { Console.standardOutput(status.text) }
        case .json:
            Console.standardOutput(
                JSON.object([
                    JSON.Member("version", .integer(1)), JSON.Member("pipelines", .array(statuses.map(\.json))),
                ]).text(isIndented: true))
        }
        if statuses.contains(where: \.isImbalanced) { throw ExitStatus.failed.code }
    }
}

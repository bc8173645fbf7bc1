import ArgumentParser
import Foundation

/// Who wants it and why, and how it is carried out.
struct RequestOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Why; it is kept with each record.", valueName: "text"))
    var reason: String

    @Option(help: ArgumentHelp("On whose behalf; the user of the process when absent.", valueName: "name"))
    var actor: String?

    @Flag(help: "Where another process runs the pipeline: return only when it has carried the request out.")
    var wait = false

    @Option(
        help: ArgumentHelp("The batches' clock in ISO 8601; the machine's when absent.", valueName: "time"),
        transform: RunClock.parse)
    var now: RunClock?

    @Option(help: "How the outcome is printed: table or json.")
    var format = ListFormat.table

    @OptionGroup var project: ProjectOptions

    func validate() throws {
        guard reason.contains(where: { !$0.isWhitespace }) else {
            throw ValidationError("--reason is empty: say why")
        }
        if let actor, !actor.contains(where: { !$0.isWhitespace }) {
            throw ValidationError("--actor is empty: say who")
        }
    }

    /// Who asks.
    var person: String { Person.named(actor) }
}

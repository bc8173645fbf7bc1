import ArgumentParser
import Foundation

/// Who wants it and why, and how it is carried out.
struct RequestOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Why; it is kept with each record.", valueName: "text"))
    var reason: String

    @OptionGroup var actor: ActorOptions

    @Flag(help: "Where another process runs the pipeline: return only when it has carried the request out.")
    var wait = false

    @OptionGroup var clock: ClockOptions

    @OptionGroup var output: FormatOptions

    @OptionGroup var project: ProjectOptions

    func validate() throws {
        guard reason.contains(where: { !$0.isWhitespace }) else {
            throw ValidationError("--reason is empty: say why")
        }
    }

    /// Who asks.
    var person: String { actor.person }
}

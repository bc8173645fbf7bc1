import ArgumentParser

/// On whose behalf a command does something.
struct ActorOptions: ParsableArguments {
    @Option(
        name: .customLong("actor"),
        help: ArgumentHelp("On whose behalf; the user of the process when absent.", valueName: "name"))
    var name: String?

    func validate() throws {
        if let name, !name.contains(where: { !$0.isWhitespace }) {
            throw ValidationError("--actor is empty: say who")
        }
    }

    var person: String { Person.named(name) }
}

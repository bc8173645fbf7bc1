import ArgumentParser

/// Which store a command is about, where it isn't the project's.
struct StoreOptions: ParsableArguments {
    @Option(
        name: .customLong("store"),
        help: ArgumentHelp("The results' database; the project's when absent.", valueName: "file"))
    var path: String?
}

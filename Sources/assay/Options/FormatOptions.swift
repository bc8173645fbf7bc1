import ArgumentParser

/// How a command prints what it found.
struct FormatOptions: ParsableArguments {
    @Option(help: "How it is printed: table or json.")
    var format = ListFormat.table
}

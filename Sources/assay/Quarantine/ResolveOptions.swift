import ArgumentParser

/// The arguments of commands that decide about records.
struct ResolveOptions: ParsableArguments {
    @ArgumentParser.Argument(help: "The pipeline's name.")
    var pipeline: String

    @ArgumentParser.Argument(help: ArgumentHelp("Records by id, as the list tells them.", valueName: "id"))
    var ids: [String] = []

    @OptionGroup var selection: SelectorOptions

    @Flag(help: "Tell which records are meant and what would become of them, and do nothing.")
    var dryRun = false

    @OptionGroup var request: RequestOptions

    static let mostIDs = 10_000

    func validate() throws {
        guard ids.count <= Self.mostIDs else {
            throw ValidationError("\(ids.count) ids are more than \(Self.mostIDs): choose by --rule, --file or time")
        }
    }
}

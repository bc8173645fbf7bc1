import ArgumentParser
import Foundation

/// How many threads a command works with.
struct ThreadOptions: ParsableArguments {
    @Option(
        name: .customLong("threads"),
        help: ArgumentHelp(
            "Threads that read and judge; one a core when absent. The results are the same.", valueName: "count"))
    var wanted: Int?

    func validate() throws {
        if let wanted, !(1...1_024).contains(wanted) {
            throw ValidationError("--threads takes a number from 1 through 1024, not \(wanted)")
        }
    }

    var count: Int { wanted ?? ProcessInfo.processInfo.activeProcessorCount }
}

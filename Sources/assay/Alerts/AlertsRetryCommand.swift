import ArgumentParser
import Ledger
import Suites
import Tables

struct AlertsRetryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry",
        abstract: "Has messages that were given up sent again, by the service.",
        discussion: """
            They wait as if they had just been written, with the keys that they had. A superseded message is not sent again: its \
            receiver has had a later one of the incident, and would take for new what is over.
            """)

    @ArgumentParser.Argument(help: ArgumentHelp("Ids as 'assay alerts dead' lists them.", valueName: "id"))
    var ids: [String] = []

    @Flag(help: "All of them.")
    var all = false

    @OptionGroup var clock: ClockOptions

    @OptionGroup var project: ProjectOptions

    func validate() throws {
        if ids.isEmpty != all { throw ValidationError("name messages, or say --all") }
    }

    func run() throws {
        let store = try project.store()
        let revived = try StoreErrors.shown {
            try Ledger.existing(at: store).revive(all ? nil : ids, at: clock.microseconds)
        }
        let stale = revived.superseded.count
        guard all || revived.superseded.isEmpty else {
            Console.standardError(
                """
                error: \(revived.superseded.joined(separator: ", ")): the receiver has had a later message of the incident \
                [superseded-message]
                  hint: 'assay alerts show' tells how the incident stands
                """)
            throw ExitStatus.mistake.code
        }
        guard all || revived.count == Set(ids).count else {
            Console.standardError(
                """
                error: only \(revived.count) of \(Set(ids).count) messages are among those that were given up [unknown-message]
                  hint: 'assay alerts dead' lists them
                """)
            throw ExitStatus.mistake.code
        }
        Console.standardOutput(Self.told(revived.count) + (stale > 0 ? ", \(stale) superseded" : ""))
    }

    private static func told(_ count: Int) -> String {
        count == 1 ? "1 message waits to be sent again" : "\(count) messages wait to be sent again"
    }
}

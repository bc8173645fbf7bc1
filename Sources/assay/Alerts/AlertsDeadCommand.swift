import ArgumentParser
import Ledger
import Suites
import Tables

struct AlertsDeadCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dead",
        abstract: "Lists the messages that could not be delivered, the latest first.",
        discussion: """
            'assay alerts retry' has them sent again, but for those that are superseded: their receiver has had a later message of \
            the incident.
            """)

    @OptionGroup var project: ProjectOptions

    @Option(help: ArgumentHelp("How many at most.", valueName: "count"))
    var limit = 100

    @OptionGroup var output: FormatOptions

    func validate() throws {
        guard limit > 0 else { throw ValidationError("--limit takes a number above 0, not \(limit)") }
    }

    func run() throws {
        let store = try project.store()
        let letters = try StoreErrors.shown {
            try Ledger(readingFrom: store).deadLetters(limit: limit)
        }
        switch output.format {
        case .table:
            Console.standardOutput(
                letters.isEmpty ? "no message was given up" : letters.map { Self.text($0) }.joined(separator: "\n"))
        case .json:
            Console.standardOutput(
                JSON.object([
                    JSON.Member("version", .integer(1)), JSON.Member("dead", .array(letters.map { Self.json($0) })),
                ]).text(isIndented: true))
        }
    }

    private static func text(_ letter: DeadLetter) -> String {
        let entry = letter.entry
        let attempts = letter.attempts == 1 ? "1 attempt" : "\(letter.attempts) attempts"
        let receiver = Diagnostics.neutral("\(entry.route), \(entry.channelName)")
        let standing = letter.isSuperseded ? ", superseded" : ""
        return """
            \(Diagnostics.neutral(entry.id))  \(receiver)\(standing)
              \(Diagnostics.neutral(letter.errorMessage)) [\(letter.errorCode)]
              written \(CivilTime.format(microseconds: entry.createdAt)), given up \
            \(CivilTime.format(microseconds: letter.diedAt)) after \(attempts)
            """
    }

    private static func json(_ letter: DeadLetter) -> JSON {
        let entry = letter.entry
        return .object([
            JSON.Member("id", .string(entry.id)), JSON.Member("route", .string(entry.route)),
            JSON.Member("channel", .string(entry.channelName)), JSON.Member("incident", .string(entry.incident)),
            JSON.Member("sequence", .integer(entry.sequence)),
            JSON.Member("created_at", .string(CivilTime.format(microseconds: entry.createdAt))),
            JSON.Member("died_at", .string(CivilTime.format(microseconds: letter.diedAt))),
            JSON.Member("attempts", .integer(letter.attempts)), JSON.Member("code", .string(letter.errorCode)),
            JSON.Member("message", .string(letter.errorMessage)),
            JSON.Member("superseded", .boolean(letter.isSuperseded)),
        ])
    }
}

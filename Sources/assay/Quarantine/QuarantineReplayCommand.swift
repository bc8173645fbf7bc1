import ArgumentParser
import Expressions
import Pipeline

struct QuarantineReplayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Judges quarantined records again, by the stages and rules of now.",
        discussion: """
            What passes goes to silver, unless silver has it already; what doesn't is kept apart again, as the next attempt of the \
            same record. Each attempt is replayed once, however often the command is given. Without ids and options all that \
            nothing became of yet is meant, as with --all.

            --set mends records first: --set "amount=abs(amount)". Records that can't be read as records stay, unless they are mended.
            """)

    @OptionGroup var options: ResolveOptions

    @Flag(help: "All records that nothing became of yet, as without ids and options.")
    var all = false

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp(
            "A column's value before the record is judged, as column=expression.", valueName: "assignment"))
    var assignments: [String] = []

    func validate() throws { try options.checkMeansAll(all) }

    func run() async throws {
        var patch: [RecordPatch.Assignment] = []
        for assignment in assignments {
            guard let sign = assignment.firstIndex(of: "="), sign > assignment.startIndex else {
                throw UserMistake("--set takes column=expression, not \"\(assignment)\"")
            }
            let column = String(assignment[..<sign])
            guard !patch.contains(where: { $0.column == column }) else {
                throw UserMistake("--set: \(column) has two values")
            }
            do throws(ExpressionError) {
                patch.append(
                    try RecordPatch.Assignment(
                        column: column, text: String(assignment[assignment.index(after: sign)...])))
            } catch {
                throw UserMistake("--set \(column): \(error.message)", hint: error.hint)
            }
        }
        try await RequestRunner(.replay, options, patch: patch).run()
    }
}

struct QuarantineReleaseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "release",
        abstract: "Lets quarantined records go on to silver although they break rules.",
        discussion: """
            Records that can't be read, or for which a column's value can't be made, can't go on even so: they stay. What silver has \
            already is not written twice. Name records by id or by options, or say --all.
            """)

    @OptionGroup var options: ResolveOptions

    @Flag(help: "All records that nothing became of yet.")
    var all = false

    func validate() throws { try options.checkNamesRecords(all) }

    func run() async throws { try await RequestRunner(.release, options).run() }
}

struct QuarantineDiscardCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "discard",
        abstract: "Gives quarantined records up: nothing more becomes of them.",
        discussion: """
            The records stay in the quarantine's table, marked with who gave them up and why. Name records by id or by options, or \
            say --all.
            """)

    @OptionGroup var options: ResolveOptions

    @Flag(help: "All records that nothing became of yet.")
    var all = false

    func validate() throws { try options.checkNamesRecords(all) }

    func run() async throws { try await RequestRunner(.discard, options).run() }
}

extension ResolveOptions {
    /// What can't be taken back is never done to all records by leaving something out.
    func checkNamesRecords(_ all: Bool) throws {
        guard all || !ids.isEmpty || !selection.isEmpty else {
            throw ValidationError("say which records: their ids, --rule, --file, --since, --until, or --all")
        }
        try checkMeansAll(all)
    }

    func checkMeansAll(_ all: Bool) throws {
        guard !all || (ids.isEmpty && selection.isEmpty) else {
            throw ValidationError("--all means all records: leave out ids and options that choose some")
        }
    }
}

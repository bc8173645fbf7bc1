import ArgumentParser
import Pipeline
import Suites
import Tables

struct QuarantineShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "One record whole: every rule that it broke, its bytes, its attempts and what became of them.",
        discussion: """
            Values of columns tagged pii are masked, and with them the raw bytes are left out; --unmasked shows both.
            """)

    @ArgumentParser.Argument(help: "The record's id, as 'assay quarantine list' tells it.")
    var id: String

    @Option(help: ArgumentHelp("The pipeline that kept it apart; all are asked when absent.", valueName: "name"))
    var pipeline: String?

    @Flag(help: "Show values of columns tagged pii.")
    var unmasked = false

    @OptionGroup var output: FormatOptions

    @OptionGroup var project: ProjectOptions

    func run() throws {
        let project = try self.project.load()
        var selector = QuarantineSelector()
        selector.ids = [id]
        for definition in try RunCommand.chosen(pipeline.map { [$0] } ?? [], of: project) {
            guard let quarantine = try OpenQuarantine(definition) else { continue }
            var attempts: [NewestRecords.Entry] = []
            try quarantine.forEach(selector, .whole) { attempts.append(($0, $1)) }
            guard !attempts.isEmpty else { continue }
            attempts.sort { $0.record.attempt < $1.record.attempt }
            let mask = unmasked ? .nothing : RecordMask(definition, of: project)
            switch output.format {
            case .json: Console.standardOutput(json(definition.name, attempts, mask).text(isIndented: true))
            case .table: Console.standardOutput(text(definition.name, attempts, mask))
            }
            return
        }
        throw UserMistake("no quarantined record has the id \"\(id)\"")
    }

    private func json(_ name: String, _ attempts: [NewestRecords.Entry], _ mask: RecordMask) -> JSON {
        .object([
            JSON.Member("version", .integer(1)), JSON.Member("pipeline", .string(name)),
            JSON.Member(
                "attempts",
                .array(
                    attempts.map { entry in
                        let record = entry.record
                        let values = record.record.flatMap { JSON(text: $0) } ?? .null
                        return .object(
                            RecordText.key(record) + [
                                JSON.Member("errors", mask.errors(record.errors ?? .array([]))),
                                JSON.Member("values", mask.values(values)),
                                JSON.Member(
                                    "raw", mask.hidesSomething ? .null : record.raw.map { .string($0) } ?? .null),
                                JSON.Member(
                                    "raw_base64",
                                    mask.hidesSomething ? .null : record.rawBase64.map { .string($0) } ?? .null),
                                JSON.Member("suite", record.suite.map { .string($0) } ?? .null),
                                JSON.Member("suite_fingerprint", record.suiteFingerprint.map { .string($0) } ?? .null),
                                JSON.Member("resolution", entry.resolution.map { RecordText.json($0) } ?? .null),
                            ])
                    })),
        ])
    }

    private func text(_ name: String, _ attempts: [NewestRecords.Entry], _ mask: RecordMask) -> String {
        guard let first = attempts.first?.record else { return "" }
        var lines = ["\(first.id) of \(name), from \(first.file):\(first.row)"]
        if let offset = first.offset { lines[0] += ", byte \(offset)" }
        for (record, resolution) in attempts {
            lines.append(
                "attempt \(record.attempt), \(CivilTime.format(microseconds: record.quarantinedAt)), batch \(record.batch)"
                    + (record.suite.map { ", suite \($0)" } ?? ""))
            for error in mask.errors(record.errors ?? .array([])).items ?? [] {
                let values = (error["values"]?.members ?? []).map { "\($0.name)=\($0.value.text())" }
                let label = error["id"]?.string ?? error["rule"]?.string ?? ""
                lines.append(
                    "  \(label): \(error["message"]?.string ?? "")"
                        + (values.isEmpty ? "" : " (\(values.joined(separator: ", ")))"))
            }
            lines.append("  \(Self.sentence(resolution))")
        }
        if let last = attempts.last?.record {
            let values = last.record.flatMap { JSON(text: $0) } ?? .null
            lines.append("values  \(mask.values(values).text())")
            if mask.hidesSomething {
                lines.append("raw     not shown, since columns are tagged pii: --unmasked shows it")
            } else if let raw = last.raw {
                lines.append("raw     \(raw)")
            } else if let base64 = last.rawBase64 {
                lines.append("raw     \(base64) (Base64)")
            }
        }
        return lines.map { Diagnostics.neutral($0) }.joined(separator: "\n")
    }

    private static func sentence(_ resolution: Resolution?) -> String {
        guard let resolution else { return "quarantined" }
        let fate = resolution.fate == .discarded ? "" : " → \(resolution.fate.rawValue)"
        return "\(resolution.status.rawValue)\(fate), by \(resolution.actor) at "
            + "\(CivilTime.format(microseconds: resolution.time)): \(resolution.reason)"
    }
}

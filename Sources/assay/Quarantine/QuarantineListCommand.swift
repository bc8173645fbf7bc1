public import ArgumentParser
import Expectations
public import Pipeline
import Suites
import Tables

extension QuarantineStatus: ExpressibleByArgument {}

struct QuarantineListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Who broke what since when: counts by rule, then the newest records.",
        discussion: """
            Values of columns tagged pii are masked. Whatever the quarantine's size it is read once, in bounded memory.
            """)

    @ArgumentParser.Argument(help: "A pipeline's name. All pipelines when absent.")
    var pipeline: String?

    @OptionGroup var selection: SelectorOptions

    @Option(help: "What became of the records: quarantined (nothing yet), released, replayed, discarded, or all.")
    var status = QuarantineStatus.quarantined

    @Option(help: ArgumentHelp("How many records at most, newest first.", valueName: "count"))
    var limit = 20

    @OptionGroup var output: FormatOptions

    @OptionGroup var project: ProjectOptions

    func validate() throws {
        guard (0...100_000).contains(limit) else {
            throw ValidationError("--limit takes a number from 0 through 100000, not \(limit)")
        }
    }

    func run() throws {
        let project = try self.project.load()
        var documents: [JSON] = []
        var check = SelectorCheck(selection)
        var (isAny, wasAny) = (false, false)
        for definition in try RunCommand.chosen(pipeline.map { [$0] } ?? [], of: project) {
            var tally = QuarantineTally()
            var newest = NewestRecords(limit: limit)
            if let quarantine = try OpenQuarantine(definition) {
                wasAny = true
                try quarantine.forEach(selection.selector(), .errors) { record, resolution in
                    guard status.fits(resolution) else { return }
                    tally.add(record)
                    newest.add(record, resolution)
                }
                isAny = isAny || tally.count > 0
                if !isAny { try check.look(at: quarantine) }
            }
            let mask = RecordMask(definition, of: project)
            switch output.format {
            case .json: documents.append(json(definition.name, tally, newest.sorted, mask))
            case .table: show(definition.name, tally, newest.sorted, mask)
            }
        }
        if wasAny, !isAny { try check.refuseUnknown() }
        if output.format == .json { Console.standardOutput(JSON.array(documents).text(isIndented: true)) }
    }

    private func show(_ name: String, _ tally: QuarantineTally, _ records: [NewestRecords.Entry], _ mask: RecordMask) {
        let word = status == .all ? "kept apart" : status.rawValue
        guard tally.count > 0 else { return Console.standardOutput("\(name): nothing is \(word)") }
        let paint = Paint(isOn: Console.usesColors(isTerminal: Console.outputIsTerminal))
        var lines = tally.grid("\(name): \(Wording.count(tally.count, "record")) \(word)").lines(paint)
        if !records.isEmpty {
            let states = status == .all ? ["status"] : []
            let grid = TextGrid(
                "newest records", heads: ["id", "attempt"] + states + ["when", "file:row", "rules", "values"],
                numbers: ["attempt"],
                rows: records.map { entry in
                    let record = entry.record
                    let state = entry.resolution?.status.rawValue ?? QuarantineStatus.quarantined.rawValue
                    return [record.id, String(record.attempt)] + states.map { _ in state } + [
                        CivilTime.format(microseconds: record.quarantinedAt), "\(record.file):\(record.row)",
                        record.rules.joined(separator: ", "), Self.values(record, mask),
                    ]
                }, rest: tally.count > records.count ? "and \(Wording.count(tally.count - records.count)) more" : nil)
            lines += grid.lines(paint)
        }
        Console.standardOutput(lines.joined(separator: "\n"))
    }

    /// What was found in the columns at fault, as in `amount=-1`.
    private static func values(_ record: QuarantinedRecord, _ mask: RecordMask) -> String {
        let errors = mask.errors(record.errors ?? .array([])).items ?? []
        var seen: Set<String> = []
        return errors.flatMap { $0["values"]?.members ?? [] }.map { "\($0.name)=\($0.value.text())" }
            .filter { seen.insert($0).inserted }.joined(separator: " ")
    }

    private func json(
        _ name: String, _ tally: QuarantineTally, _ records: [NewestRecords.Entry], _ mask: RecordMask
    ) -> JSON {
        .object([
            JSON.Member("version", .integer(1)), JSON.Member("pipeline", .string(name)),
            JSON.Member("status", .string(status.rawValue)), JSON.Member("count", .integer(tally.count)),
            JSON.Member("rules", tally.json),
            JSON.Member(
                "records",
                .array(
                    records.map { entry in
                        .object(
                            RecordText.key(entry.record) + [
                                JSON.Member("errors", mask.errors(entry.record.errors ?? .array([]))),
                                JSON.Member("resolution", entry.resolution.map { RecordText.json($0) } ?? .null),
                            ])
                    })),
        ])
    }
}

/// The newest of many records, of which the others are forgotten.
struct NewestRecords {
    typealias Entry = (record: QuarantinedRecord, resolution: Resolution?)

    private let limit: Int
    private var entries: [Entry] = []

    init(limit: Int) { self.limit = limit }

    mutating func add(_ record: QuarantinedRecord, _ resolution: Resolution?) {
        guard limit > 0 else { return }
        entries.append((record, resolution))
        // Now and then, so that each record costs little.
        if entries.count >= 2 * limit + 1_000 { entries = sorted }
    }

    /// Newest first, the table's order among equals.
    var sorted: [Entry] {
        let order = entries.indices.sorted { left, right in
            let (first, second) = (entries[left].record, entries[right].record)
            return (-first.quarantinedAt, -first.batch, left) < (-second.quarantinedAt, -second.batch, right)
        }
        return order.prefix(limit).map { entries[$0] }
    }
}

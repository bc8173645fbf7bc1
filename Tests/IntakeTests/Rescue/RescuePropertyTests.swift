import Formats
import Foundation
import Intake
import Tables
import TestSupport
import Testing

/// Whatever a record has is in its columns or in `_rescued`: against the reader of whole documents.
@Suite struct RescuePropertyTests {
    private let scratch: Scratch
    private let schema = KeptSchema(declared: [
        ("a", .int64), ("b", .string), ("c.a", .float64), ("c.b", .boolean), ("d", .date), ("e", .string),
        ("e.a", .int64),
    ])

    init() throws { scratch = try Scratch() }

    @Test(arguments: 1...4 as ClosedRange<UInt64>) func losesNothingOfJSON(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let records = (0..<1_500).map { _ in RecordSketch.object(&random, depth: 0) }
        try scratch.file(records.joined(separator: "\n"), "a.jsonl")
        var options = IntakeOptions()
        options.json.chunkBytes = 4_096
        let source = try IntakeSource.open([scratch.planned("a.jsonl")], schema: schema, options: options)
        var row = 0
        for batch in try source.batches() {
            let rescued = source.rescue(batch).column
            for place in 0..<batch.rowCount {
                let record = records[row]
                row += 1
                let kept = KeptRecord(batch, place, source.schema, rescued.text(at: place))
                guard let document = JSON(text: record) else {
                    Issue.record("seed \(seed): the sketch made no JSON: \(record)")
                    return
                }
                if let lost = kept.lost(of: document) {
                    Issue.record(
                        "seed \(seed): \(lost) is lost of \(record): \(rescued.text(at: place) ?? "nothing rescued")")
                    return
                }
            }
        }
        #expect(row == records.count)
    }

    @Test(arguments: 1...4 as ClosedRange<UInt64>) func losesNothingOfFields(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let header = ["a", "x", "b", "y"]
        let rows = (0..<800).map { _ in
            (0..<Int.random(in: 1...7, using: &random)).map { _ in
                random.pick(["1", "text", "", "é", "a,b", "\"q\"", "line\nbreak", "1.5", "2026-01-01"])
            }
        }.filter { $0 != [""] }
        func written(_ cell: String) -> String {
            cell.contains { ",\"\n".contains($0) } ? "\"" + cell.replacing("\"", with: "\"\"") + "\"" : cell
        }
        let text = ([header] + rows).map { $0.map(written).joined(separator: ",") }.joined(separator: "\r\n")
        try scratch.file(text, "a.csv")
        var options = IntakeOptions()
        options.csv.chunkBytes = 512
        options.csv.delimiter = 0x2C
        options.csv.header = .present
        let source = try IntakeSource.open([scratch.planned("a.csv")], schema: schema, options: options)
        var row = 0
        for batch in try source.batches() {
            let rescued = source.rescue(batch).column
            for place in 0..<batch.rowCount {
                let object = rescued.text(at: place).flatMap { JSON(text: $0) }
                var found: [String] = []
                for (index, name) in header.enumerated() {
                    let column = source.schema.index(of: name).map { batch.column($0) }
                    let isFit = column.map { $0.present[place] && !($0.uncomparable?[place] ?? false) } ?? false
                    #expect(!isFit || object?[name] == nil)
                    let cell = isFit ? column?.text(at: place) : object?[name]?.string
                    if index < rows[row].count { found.append(cell ?? "") }
                }
                found += object?["_extra"]?.items?.compactMap(\.string) ?? []
                #expect(found == rows[row])
                row += 1
            }
        }
        #expect(row == rows.count)
    }
}

/// What was kept of a record.
private struct KeptRecord {
    /// By name: the texts of cells that are values of their column's type.
    private var cells: [String: String] = [:]
    private let rescued: JSON

    init(_ batch: Batch, _ row: Int, _ schema: Schema, _ rescued: String?) {
        self.rescued = rescued.flatMap { JSON(text: $0) } ?? .object([])
        for (index, field) in schema.fields.enumerated() {
            let column = batch.column(index)
            guard column.present[row], !(column.uncomparable?[row] ?? false) else { continue }
            cells[field.name] = column.text(at: row)
        }
    }

    /// The first path whose value is nowhere; `nil` where nothing is lost.
    func lost(of document: JSON) -> String? {
        lost(of: document.members ?? [], path: "", parents: nil)
    }

    private func lost(of members: [JSON.Member], path: String, parents: JSON?) -> String? {
        for (place, member) in members.enumerated() {
            let name = path + member.name.replacing("\\", with: "\\\\").replacing(".", with: "\\.")
            let isRepeated = members[(place + 1)...].contains { $0.name == member.name }
            if isRepeated {
                let values = rescued["_duplicates"]?[name]?.items ?? []
                if !values.contains(member.value) { return name }
            } else if !member.value.isNull, rescued[name] != member.value, !isCell(member.value, name) {
                guard let inner = member.value.members else { return name }
                if let lost = lost(of: inner, path: name + ".", parents: member.value) { return lost }
            }
        }
        return nil
    }

    private func isCell(_ value: JSON, _ name: String) -> Bool {
        guard let cell = cells[name] else { return false }
        switch value {
        case .string(let text): return cell == text
        case .number(let digits): return cell == digits
        case .boolean(let bit): return cell == (bit ? "true" : "false")
        case .array, .object: return JSON(text: cell) == value
        case .null: return true
        }
    }
}

/// Records that were made up: some keys are columns, some values fit.
private enum RecordSketch {
    static func object(_ random: inout SeededGenerator, depth: Int) -> String {
        let members = (0..<Int.random(in: 0...5, using: &random)).map { _ in
            let key = random.pick(["a", "b", "c", "d", "e", "x", "a.b", "\\u0061", "é", "", "_extra2", "A"])
            return space(&random) + "\"\(key)\"" + space(&random) + ":" + value(&random, depth: depth + 1)
        }
        return "{" + members.joined(separator: ",") + space(&random) + "}"
    }

    private static func value(_ random: inout SeededGenerator, depth: Int) -> String {
        switch Int.random(in: 0..<10, using: &random) {
        case 0: return "null"
        case 1: return random.pick(["true", "false"])
        case 2, 3: return random.pick(["0", "-17", "1.50", "1e3", "12345678901234567890123", "0.1"])
        case 4, 5: return random.pick(["\"\"", "\"text\"", "\"2026-11-21\"", "\"\\\"\\n\\u00e9\"", "\"1\"", "\"{}\""])
        case 6:
            return "["
                + (0..<Int.random(in: 0...2, using: &random)).map { _ in value(&random, depth: depth + 1) }
                .joined(separator: ", ") + "]"
        default: return depth < 4 ? object(&random, depth: depth) : "{}"
        }
    }

    private static func space(_ random: inout SeededGenerator) -> String { random.pick(["", "", " ", "\t "]) }
}

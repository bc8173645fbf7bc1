import Formats
import Foundation
import Intake
import Tables
import TestSupport
import Testing

/// Records of any bytes: what is rescued of them is JSON, whatever they are, and malformed ones are rescued byte by byte.
@Suite struct RescueFuzzTests {
    private let scratch: Scratch
    private let schema = KeptSchema(declared: [("a", .int64), ("b.c", .string), ("d", .timestamp)])

    init() throws { scratch = try Scratch() }

    private static let seeds = [
        #"{"a":1,"b":{"c":"x\u00e9"},"d":"2026-01-01T00:00:00Z"}"#, #"{"a":1,"a":"\ud83d\ude00","z":[{}]}"#,
        #"a,b.c,"d""#, #"1,"x ""y""",2026-01-01,zz"#,
    ]

    private static func records(_ random: inout SeededGenerator) -> [[UInt8]] {
        (0..<400).map { _ in
            var record = Array(random.pick(seeds).utf8)
            for _ in 0..<Int.random(in: 0...4, using: &random) {
                let place = Int.random(in: 0..<record.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: record[place] = UInt8.random(in: 0...255, using: &random)
                case 1: record.remove(at: place)
                default: record.insert(random.pick(Array("{}[],:\"\\ 0e\u{7F}".utf8)), at: place)
                }
                if record.isEmpty { record = [0x30] }
            }
            return record.filter { $0 != 0x0A && $0 != 0x0D }
        }
    }

    @Test(arguments: 1...6 as ClosedRange<UInt64>) func rescuesJSON(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for name in ["a.jsonl", "a.csv"] {
            let bytes = [UInt8](Self.records(&random).joined(separator: [0x0A]))
            try scratch.file(bytes, name)
            var options = IntakeOptions()
            options.csv.header = .names(["a", "b.c", "x"])
            options.csv.delimiter = 0x2C
            options.csv.quote = seed % 2 == 0 ? nil : 0x22
            let source = try IntakeSource.open([scratch.planned(name)], schema: schema, options: options)
            do throws(SourceError) {
                for batch in try source.batches() { check(batch, source, "seed \(seed), \(name)") }
            } catch {
                // The only thing that may end it: a quote without its other half.
                #expect(error.code == "unclosed-quote" && error.partition == 0)
            }
        }
    }

    private func check(_ batch: Batch, _ source: IntakeSource, _ place: String) {
        let column = source.rescue(batch).column
        for row in 0..<batch.rowCount {
            let text = column.text(at: row)
            let object = text.flatMap { JSON(text: $0) }
            if text != nil, object?.members?.isEmpty ?? true { Issue.record("\(place): row \(row): \(text ?? "")") }
            guard batch.problems.contains(where: { $0.row == row && [.invalidJSON, .invalidUTF8].contains($0.kind) })
            else {
                continue
            }
            let base64 = object?["_corrupt_record_base64"]?.string.flatMap { Data(base64Encoded: $0) }
            let found = base64.map { Array($0) } ?? object?["_corrupt_record"]?.string.map { Array($0.utf8) }
            let record = batch.records.map { cells in
                Array(cells.bytes[Int(cells.starts[row])..<Int(cells.starts[row] + cells.lengths[row])])
            }
            #expect(found == record, "\(place): row \(row)")
        }
    }
}

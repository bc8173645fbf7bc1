import Foundation
import Tables
import TestSupport
import Testing

@testable import Formats

/// The beginning of a file, of which types are inferred.
@Suite struct CSVSampleTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    @Test(arguments: 11...14 as ClosedRange<UInt64>) func infersFromTheCellsOfThePlainReader(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed ^ Fuzz.seed)
        for round in 0..<Fuzz.cases(800, share: 100) / 4 {
            let sketch = CSVSketch(&random)
            var options = CSVOptions()
            options.delimiter = sketch.delimiter
            options.quote = sketch.quote
            options.header = sketch.hasHeader ? .present : .absent
            let twin = CSVTwin(sketch.bytes, delimiter: sketch.delimiter, quote: sketch.quote)
            guard twin.unclosed == nil, let reading = twin.reading(sketch.bytes, hasHeader: sketch.hasHeader) else {
                continue
            }
            guard let dialect = try? CSVDialect(head: sketch.bytes, isWhole: true, options: options, path: "t.csv")
            else {
                continue
            }
            let wanted = reading.names.indices.map { column in
                var inference = TypeInference()
                for row in reading.texts { row[column]?.withUnsafeBytes { inference.take($0) } }
                return inference.result
            }
            #expect(dialect.columns == reading.names, "seed \(seed), round \(round): \(sketch)")
            #expect(dialect.inferred.map(\.result) == wanted, "seed \(seed), round \(round): \(sketch)")
        }
    }

    /// A row of many names and 100,000 of one cell each: what is kept goes with the cells that are there.
    @Test func shortRowsOfManyColumnsTakeLittleMemory() throws {
        let names = (0..<1_000).map { "c\($0)" }.joined(separator: ",")
        let path = try scratch.file(names + "\n" + String(repeating: "1\n", count: 100_000))
        let before = Self.peakMemory()
        let source = try CSVSource([path])
        #expect(source.schema.fields[0].type == .int64)
        #expect(source.schema.fields[999].type == .string)
        if let before, let after = Self.peakMemory() { #expect(after - before < 400_000_000) }
    }

    /// The most memory that the process has held, in bytes; `nil` where the system doesn't say.
    private static func peakMemory() -> Int? {
        guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
            let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") })
        else { return nil }
        return Int(line.filter { $0.isNumber }).map { $0 * 1_024 }
    }
}

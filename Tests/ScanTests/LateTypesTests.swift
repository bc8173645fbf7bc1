import Formats
import Tables
import TestSupport
import Testing

@testable import Scan

@Suite struct LateTypesTests {
    @Test func theFirstBatchDecidesAndFarOnesSayNothing() {
        var types = LateTypes()
        #expect(types.isEmpty && types.wants(1_000_000))
        types.note([1: .string, 2: .date], batch: 20)
        #expect(types.wants(34) && !types.wants(35))
        types.note([1: .float64, 3: .boolean], batch: 10)
        types.note([1: .int64], batch: 11)
        #expect(types.wants(19) && !types.wants(20))
        #expect(types.types == [1: .float64, 3: .boolean])
    }

    /// Columns that begin one after another need few readings, not one each.
    @Test(arguments: [1, 3]) func manyLateColumnsAreLearntTogether(_ threads: Int) async throws {
        let scratch = try Scratch()
        let rows = (0..<400).map { "{\"id\":\($0),\"k\($0 / 10)\":\($0)}" }
        var options = JSONOptions()
        (options.sampleBytes, options.chunkBytes) = (64, 64)
        options.expectedColumns = Set(named: (0..<40).map { "k\($0)" })
        let source = try JSONSource([scratch.file(rows.joined(separator: "\n"), "t.jsonl")], options: options)
        let contracts = (0..<40).map { "  k\($0): {between: [0, 399]}" }.joined(separator: "\n")
        let report = await Scanner(threads: threads).judge(
            try expectations("columns:\n\(contracts)"), source: source, now: noon)
        #expect(report.schema.fields.allSatisfy { $0.type == .int64 })
        #expect(Set(report.outcomes) == ["passed"])
        #expect(report.passes <= 10)
    }
}

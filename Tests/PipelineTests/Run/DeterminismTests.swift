import Foundation
import Pipeline
import TestSupport
import Testing

/// The same plan makes the same files, byte by byte, whoever runs it and how often.
@Suite struct DeterminismTests {
    private func pipeline() throws -> TestPipeline {
        try TestPipeline(
            silver: """
                partition_by: country
                select: {at: timestamp(at), twice: "int64(amount) * 2"}
                deduplicate: {by: id, within: 1h, column: at}
                gate: {suite: events}
                """,
            suite: "columns: {id: {required: true}, amount: {type: int64, between: [0, 90]}, key: {unique: true}}")
    }

    /// Large enough for many chunks, and for two data files of a batch.
    private func records(_ seed: UInt64) -> [String] {
        var random = SeededGenerator(seed: seed)
        let pad = String(repeating: "x", count: 250)
        return (0..<60_000).map { number in
            let id = random.chance(5) ? "null" : String(Int.random(in: 0..<80_000, using: &random))
            let country = random.pick(["DE", "NL"])
            return
                "{\"id\": \(id), \"key\": \(number % 58_000), \"amount\": \(Int.random(in: 0..<100, using: &random)), "
                + "\"country\": \"\(country)\", \"at\": \"2026-11-20T1\(number % 10):00:00Z\", \"pad\": \"\(number * 7_919)\(pad)\"}"
                + (random.chance(1) ? "}" : "")
        }
    }

    @Test func doesNotDependOnThreads() async throws {
        let first = try pipeline()
        let path = try first.land(records(7))
        var wanted: [String: [String: Data]]?
        for threads in [1, 2, 4] {
            let pipeline = threads == 1 ? first : try self.pipeline()
            if threads > 1 { try pipeline.land(linking: path) }
            // Planned by a process of three threads, run by one of another number.
            #expect(try await pipeline.run(threads: 3, stoppingAt: .planned) == .stopped)
            #expect(try pipeline.files("silver").isEmpty)
            #expect(try await pipeline.run(threads: threads) == .caughtUp)
            var files: [String: [String: Data]] = [:]
            for layer in ["bronze", "silver", "kept"] { files[layer] = try pipeline.files(layer) }
            #expect(files["bronze"]?.count == 2)
            #expect(pipeline.counts.imbalance == 0)
            #expect(pipeline.counts.deduplicated > 0 && pipeline.counts.quarantined > 0)
            let known = wanted ?? files
            wanted = known
            for (layer, files) in files {
                #expect(files.keys.sorted() == known[layer]?.keys.sorted(), "\(layer), \(threads) threads")
                for (name, data) in files {
                    // Not the bytes: nobody reads so long a message.
                    #expect((data == known[layer]?[name]) == true, "\(layer)/\(name), \(threads) threads")
                }
            }
        }
    }
}

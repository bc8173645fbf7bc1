import Foundation
import Pipeline
import TestSupport
import Testing

/// What a record takes from those behind it: nothing where it doesn't go on, be it for a rule or as a repetition.
@Suite struct TakenKeysTests {
    private static let suite = """
        columns:
          email: {unique: true}
          phone: {unique: true, on_fail: drop}
          badge: {unique: true, on_fail: warn}
          amount: {type: int64, between: [0, 10]}

        """
    private static let silver = "deduplicate: {by: [id]}\ngate: {suite: events}"

    @Test func aRepetitionTakesNoValue() async throws {
        let pipeline = try TestPipeline(silver: Self.silver, suite: Self.suite)
        try pipeline.land([#"{"id": 1, "email": "a"}"#, #"{"id": 1, "email": "b"}"#])
        try pipeline.land([#"{"id": 1, "email": "c"}"#, #"{"id": 3, "email": "b"}"#, #"{"id": 4, "email": "c"}"#])
        #expect(try await pipeline.run() == .caughtUp)
        #expect(try pipeline.cells("silver", "email") == ["a", "b", "c"])
        #expect((pipeline.counts.deduplicated, pipeline.counts.quarantined) == (2, 0))
    }

    @Test func aRedeliveryIsARepetition() async throws {
        let pipeline = try TestPipeline(silver: Self.silver, suite: Self.suite)
        let line = #"{"id": 1, "email": "a", "phone": "p", "badge": "b"}"#
        try pipeline.land([line, line])
        try pipeline.land([line])
        #expect(try await pipeline.run() == .caughtUp)
        #expect((pipeline.counts.output, pipeline.counts.deduplicated) == (1, 2))
        #expect((pipeline.counts.quarantined, pipeline.counts.dropped) == (0, 0))
    }

    @Test func aRecordThatRepeatsAValueTakesNoKey() async throws {
        let pipeline = try TestPipeline(silver: Self.silver, suite: Self.suite)
        try pipeline.land([
            #"{"id": 1, "email": "a", "phone": "p"}"#, #"{"id": 2, "email": "a", "phone": "q"}"#,
            #"{"id": 2, "email": "b", "phone": "p"}"#, #"{"id": 2, "email": "b", "phone": "q"}"#,
        ])
        #expect(try await pipeline.run() == .caughtUp)
        #expect(try pipeline.cells("silver", "phone") == ["p", "q"])
        #expect((pipeline.counts.quarantined, pipeline.counts.dropped, pipeline.counts.deduplicated) == (1, 1, 0))
    }

    // MARK: Against a model

    private struct Record {
        let id: Int?
        let email: Int?
        let phone: Int?
        let amount: Int

        init(_ random: inout SeededGenerator, of few: Int) {
            func key() -> Int? { random.chance(10) ? nil : random.pick(Array(0..<few)) }
            (id, email, phone) = (key(), key(), key())
            amount = random.chance(20) ? 99 : 5
        }

        var line: String {
            func member(_ name: String, _ value: Int?) -> String? { value.map { "\"\(name)\": \($0)" } }
            return "{"
                + [member("id", id), member("email", email), member("phone", phone), member("amount", amount)]
                .compactMap(\.self).joined(separator: ", ") + "}"
        }
    }

    private struct Model {
        private var ids: Set<Int> = []
        private var emails: Set<Int> = []
        private var phones: Set<Int> = []
        private(set) var passed: [String] = []
        private(set) var repeated = 0
        private(set) var quarantined = 0
        private(set) var dropped = 0

        mutating func take(_ record: Record) {
            func isTaken(_ key: Int?, _ taken: Set<Int>) -> Bool { key.map { taken.contains($0) } ?? false }
            if record.amount == 99 {
                quarantined += 1
            } else if isTaken(record.id, ids) {
                repeated += 1
            } else if isTaken(record.email, emails) {
                quarantined += 1
            } else if isTaken(record.phone, phones) {
                dropped += 1
            } else {
                if let id = record.id { ids.insert(id) }
                if let email = record.email { emails.insert(email) }
                if let phone = record.phone { phones.insert(phone) }
                passed.append("\(record.id ?? -1) \(record.email ?? -1) \(record.phone ?? -1)")
            }
        }
    }

    @Test(arguments: 1...12 as ClosedRange<UInt64>) func eachRecordTakesWhatAModelSays(_ seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        let few = random.pick([10, 200, 2_000])
        let records = (0..<1_500).map { _ in Record(&random, of: few) }
        var model = Model()
        for record in records { model.take(record) }
        let pipeline = try TestPipeline(silver: Self.silver, suite: Self.suite)
        var place = 0
        while place < records.count {
            let end = min(records.count, place + random.pick([1, 40, 700]))
            try pipeline.land(records[place..<end].map(\.line), as: String(format: "%05d.jsonl", place))
            if random.chance(20) { #expect(try await pipeline.run(threads: random.pick([1, 3])) == .caughtUp) }
            place = end
        }
        #expect(try await pipeline.run(threads: random.pick([1, 3])) == .caughtUp)
        let passed = try pipeline.rows("silver").map { row in
            "\(row["id"] ?? "-1") \(row["email"] ?? "-1") \(row["phone"] ?? "-1")"
        }
        #expect(passed.sorted() == model.passed.sorted(), "seed \(seed)")
        let counts = pipeline.counts
        #expect(counts.deduplicated == model.repeated, "seed \(seed)")
        #expect((counts.quarantined, counts.dropped) == (model.quarantined, model.dropped), "seed \(seed)")
        #expect(counts.imbalance == 0)
    }
}

import Foundation
import Testing

/// Replays of records that are older than the pipeline's keys: they are judged by what silver has.
@Suite struct OldRecordsTests {
    private let assay: Assay

    /// Orders 1 and 2 were kept apart on a day whose keys are forgotten; silver has a good copy of 2.
    init() throws {
        assay = try Assay()
        try assay.write(
            """
            assets:
              silver.orders: {delta: silver}
              gold.hourly: {delta: hourly}
            pipelines:
              orders:
                source: {files: landing, settle: 0s, columns: {at: timestamp, slot: time}}
                silver:
                  asset: silver.orders
                  deduplicate: {by: [id, slot], within: 1h, column: at, lateness: 10m}
                  gate: {suite: orders}
                gold:
                  - asset: gold.hourly
                    window: {column: at, size: 1h, lateness: 10m}
                    aggregate: {orders: "count(*)"}
            """, to: "assay.yaml")
        try suite(minimum: 0)
        try land("a", (1, "2026-03-01T10:00:00Z", -1, "one@"), (2, "2026-03-01T10:10:00Z", -2, "other@"))
        try land("b", (1, "2026-03-01T10:05:00Z", -1, "another@"), (4, "2026-03-01T10:20:00Z", -4, "two@"))
        try land("c", (2, "2026-03-01T10:30:00Z", 2, "two@"))
        // The same far away in time is another one.
        try land("d", (1, "2026-03-03T10:00:00Z", 1, "one@"))
        try land("e", (9, "2026-03-05T00:00:00Z", 9, "nine@"))
        // So late that repetitions of it were forgotten when it came.
        try land("f", (3, "2026-03-01T10:00:00Z", 3, "three@"))
        #expect(try silver() == ["1 2026-03-03T10:00:00Z", "2 2026-03-01T10:30:00Z", "9 2026-03-05T00:00:00Z"])
    }

    private func suite(minimum: Int) throws {
        try assay.write(
            """
            suite: orders
            columns:
              amount: {between: [\(minimum), null]}
              email: {unique: true}
            """, to: "expectations/orders.yaml")
    }

    private func land(_ name: String, _ records: (id: Int, at: String, amount: Int, email: String)...) throws {
        let lines = records.map {
            #"{"id": \#($0.id), "at": "\#($0.at)", "slot": "10:00:00", "amount": \#($0.amount), "email": "\#($0.email)"}"#
        }
        try assay.write(lines.map { "\($0)\n" }.joined(), to: "landing/\(name).jsonl")
        let run = try assay("run", "--once")
        try #require(run.status == 0, "\(run.errors)")
    }

    private func silver() throws -> [String] {
        try assay("inspect", "silver", "--rows", "1000").output.split(separator: "\n").compactMap { line in
            guard line.hasPrefix("{") else { return nil }
            let row = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            return "\(row?["id"] as? Int ?? 0) \(row?["at"] as? String ?? "-")"
        }.sorted()
    }

    private func replay(_ options: String...) throws -> String {
        let run = try assay.run(["quarantine", "replay", "orders", "--reason", "the rule was wrong"] + options)
        #expect(run.status == 0, "\(run.errors)")
        return run.output
    }

    private static let outcome =
        "5 records replayed: 2 to silver, 1 quarantined again, 2 repeated; gold.hourly: 2 late"

    @Test func theyGoOnUnlessSilverHasThem() throws {
        defer { assay.remove() }
        try suite(minimum: -100)
        let forecast = try replay("--dry-run")
        #expect(
            forecast.hasSuffix(
                "\nas things stand: \(Self.outcome)\n  1 would break expect_column_values_to_be_unique again\n"),
            "\(forecast)")
        #expect(try replay() == "orders: \(Self.outcome)\n")
        #expect(
            try silver() == [
                "1 2026-03-01T10:00:00Z", "1 2026-03-03T10:00:00Z", "2 2026-03-01T10:30:00Z", "3 2026-03-01T10:00:00Z",
                "9 2026-03-05T00:00:00Z",
            ])
    }

    /// What one command brought to silver another one finds there, however long its key is forgotten.
    @Test(arguments: ["replay", "release"]) func aSecondCommandFindsWhatTheFirstBrought(_ second: String) throws {
        defer { assay.remove() }
        try suite(minimum: -100)
        #expect(
            try replay("--file", "a.jsonl")
                == "orders: 2 records replayed: 1 to silver, 1 repeated; gold.hourly: 1 late\n")
        let run = try assay(
            "quarantine", second, "orders", "--file", "b.jsonl", "--rule", "expect_column_values_to_be_between",
            "--reason", "known")
        #expect(
            run.output
                == (second == "replay"
                    ? "orders: 2 records replayed: 1 quarantined again, 1 repeated\n"
                    : "orders: 2 records released: 1 to silver, 1 repeated; gold.hourly: 1 late\n"))
    }

    @Test(arguments: ["planned", "ran", "keys-written", "prepared", "published"])
    func deathDoublesNone(_ point: String) throws {
        defer { assay.remove() }
        try suite(minimum: -100)
        let killed = try assay(
            "quarantine", "replay", "orders", "--reason", "fixed", environment: ["ASSAY_DIE_AT": point])
        #expect(killed.status == SIGKILL)
        #expect(try assay("run", "--once").status == 0)
        #expect(try silver().count == 5)
        #expect(try replay("--file", "f.jsonl") == "orders: no record is meant that nothing became of yet\n")
        #expect(try silver().count == 5)
    }
}

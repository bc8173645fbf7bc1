import Foundation
import Testing

/// What a pipeline would make of its next batch, with the built binary.
@Suite struct PipelinePlanTests {
    private func project(select: String = "amount * 0.8", settle: String = "0s") throws -> Assay {
        let assay = try Assay()
        try assay.write(
            """
            assets:
              bronze.orders: {delta: bronze}
              silver.orders: {delta: silver}
              gold.hourly: {delta: hourly}
            pipelines:
              orders:
                source: {files: landing, settle: \(settle)}
                bronze: {asset: bronze.orders}
                silver:
                  asset: silver.orders
                  select: {net: "\(select)"}
                  drop: [note]
                  filter: amount > 0
                  deduplicate: {by: [id], within: 7d, column: at, lateness: 1h}
                  gate: {suite: orders, stop_above: 0.5}
                gold:
                  - asset: gold.hourly
                    window: {size: 1h, column: at, lateness: 10m}
                    group_by: [country]
                    aggregate: {revenue: "sum(net)"}
            """, to: "assay.yaml")
        try assay.write(
            """
            suite: orders
            columns:
              amount: {type: "decimal(12,2)"}
              at: {type: timestamp}
            expectations:
              - expect_column_values_to_be_unique: {column: id, on_fail: drop}
              - expect_column_values_to_be_in_set: {column: country, value_set: [NL, DE], on_fail: warn, id: known}
              - expect_table_row_count_to_be_between: {min_value: 1}
            """, to: "expectations/orders.yaml")
        return assay
    }

    private static let record = #"{"id": 1, "amount": 5, "at": "2026-11-20T10:00:00Z", "country": "NL", "note": "x"}"#

    private func paths(_ assay: Assay) -> Set<String> {
        Set(FileManager.default.enumerator(atPath: assay.folder.path)?.compactMap { $0 as? String } ?? [])
    }

    @Test func showsEveryStageWithTypes() throws {
        let assay = try project()
        defer { assay.remove() }
        try assay.write("\(Self.record)\n", to: "landing/a.jsonl")
        let before = paths(assay)
        let plan = try assay("plan")
        #expect(plan.status == 0, "\(plan.errors)")
        #expect(
            plan.output == """
                orders: what batch 1 would do

                source
                  files that land in landing: 1 file (83 B) of what has arrived
                  amount   decimal(12,2)  declared
                  at       timestamp      declared
                  id       int64          inferred
                  country  string         inferred
                  note     string         inferred

                filter
                  "amount" > 0

                silver
                  amount    decimal(12,2)  declared
                  at        timestamp      declared
                  id        int64          inferred
                  country   string         inferred
                  net       decimal(14,3)  "amount" * 0.8
                  _rescued  string         what fits no column

                gate orders
                  quarantine  values of amount are of type decimal(12,2)
                  quarantine  values of at are of type timestamp
                  drop        values of id occur once
                  warn        values of country are "NL" or "DE"
                  hold        the column amount is there
                  hold        the column at is there
                  hold        the number of rows is at least 1
                  a batch of 1 record or more is held where a share of more than 0.5 breaks rules

                deduplicate
                  by id within 7d of at, records more than 1h old are late

                gold.hourly
                  windows of 1h of at, open for 10m, by country
                  window_start  timestamp
                  window_end    timestamp
                  country       string
                  revenue       decimal(24,3)  sum("net")

                tables
                  bronze       bronze                       is made
                  silver       silver                       is made
                  quarantine   data/quarantine/orders       is made
                  late         data/quarantine/orders_late  is made
                  gold.hourly  hourly                       is made

                """)
        #expect(paths(assay) == before)
    }

    @Test func knowsWhatWasReadAndKept() throws {
        let assay = try project()
        defer { assay.remove() }
        try assay.write("\(Self.record)\n", to: "landing/a.jsonl")
        #expect(try assay("run", "--once").status == 0)
        let plan = try assay("plan", "--pipeline", "orders", "--format", "json")
        #expect(plan.status == 0, "\(plan.errors)")
        let document = try JSONSerialization.jsonObject(with: Data(plan.output.utf8)) as? [String: Any]
        let pipeline = try #require((document?["pipelines"] as? [[String: Any]])?.first)
        #expect(pipeline["batch"] as? Int == 2)
        let source = try #require(pipeline["source"] as? [String: Any])
        #expect(source["files"] as? Int == 0)
        #expect((source["columns"] as? [[String: Any]])?.compactMap { $0["name"] as? String }.contains("note") == true)
        #expect((pipeline["tables"] as? [[String: Any]])?.allSatisfy { $0["exists"] as? Bool == true } == true)
        let gate = try #require(pipeline["gate"] as? [String: Any])
        #expect(
            (gate["rules"] as? [[String: Any]])?.compactMap { $0["action"] as? String }
                == ["quarantine", "quarantine", "drop", "warn"])
        #expect((pipeline["mistakes"] as? [Any])?.isEmpty == true)
    }

    @Test func pointsAtWhatDoesNotFit() throws {
        let assay = try project(select: "amount * country")
        defer { assay.remove() }
        try assay.write("\(Self.record)\n", to: "landing/a.jsonl")
        let plan = try assay("plan", "--pipeline", "orders")
        #expect(plan.status == 2)
        #expect(plan.output.hasSuffix("\nthe stages don't fit the columns\n"))
        #expect(
            plan.errors.hasPrefix(
                "assay.yaml:11:28: error: select.net: * takes no decimal(12,2) and string [wrong-type]\n"),
            "\(plan.errors)")
        let json = try assay("plan", "--pipeline", "orders", "--format", "json")
        #expect(json.status == 2)
        #expect(json.output.contains(#""place": "assay.yaml:11:28""#))
    }

    /// What a run would stop at: windows that another definition began.
    @Test func pointsAtATableOfAnotherDefinition() throws {
        let assay = try project()
        defer { assay.remove() }
        try assay.write("\(Self.record)\n", to: "landing/a.jsonl")
        #expect(try assay("run", "--once").status == 0)
        let changed = try assay.read("assay.yaml").replacing("size: 1h", with: "size: 2h")
        try assay.write(changed, to: "assay.yaml")
        let plan = try assay("plan", "--pipeline", "orders")
        #expect(plan.status == 2)
        let told =
            """
            gold.hourly: the table's definition has changed since it was begun [schema-mismatch]
                hint: close its windows with the old definition (assay run --once --close-windows), \
            then name another table for the new one

            """
        #expect(plan.output.hasSuffix("tables\n  \(told)"), "\(plan.output)")
        try assay.write("\(Self.record)\n", to: "landing/b.jsonl")
        let run = try assay("run", "--once")
        #expect(run.status == 2)
        #expect(run.errors.hasPrefix("error: gold.hourly: the table's definition has changed since it was begun"))
    }

    @Test func saysThatNothingHasArrived() throws {
        let assay = try project()
        defer { assay.remove() }
        try FileManager.default.createDirectory(
            at: assay.folder.appendingPathComponent("landing"), withIntermediateDirectories: true)
        let plan = try assay("plan")
        #expect(plan.status == 0, "\(plan.errors)")
        #expect(plan.output.contains("\nnothing has arrived yet, so that the columns are not known\n"))
        #expect(try assay("plan", "--pipeline", "nosuch").status == 2)
    }

    @Test func saysThatABatchIsHeld() throws {
        let assay = try project()
        defer { assay.remove() }
        try assay.write("\(Self.record)\n".replacing("\"amount\": 5", with: "\"amount\": \"x\""), to: "landing/a.jsonl")
        let now = "2026-11-20T12:00:00Z"
        #expect(try assay("run", "--once", "--now", now).status == 1)
        // What lands behind it waits.
        try assay.write("\(Self.record)\n", to: "landing/b.jsonl")
        func lines() throws -> [Substring] {
            let plan = try assay("plan")
            #expect(plan.status == 0, "\(plan.errors)")
            return Array(plan.output.split(separator: "\n").prefix(5))
        }
        let reason = "1 of 1 records would be quarantined, more than the share 0.5"
        var wanted: [Substring] = [
            "orders: what batch 2 would do", "source",
            "  files that land in landing: 1 file (85 B) of what has arrived",
            "  batch 1 is held since 2026-11-20T12:00:00Z, and nothing behind it is read: \(reason)",
            "    it is tried again when the pipeline runs, at 2026-11-20T12:05:00Z or later, or let it pass: assay quarantine pass orders --reason TEXT",
        ]
        #expect(try lines() == wanted)
        let json = try assay("plan", "--format", "json").output
        let document = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
        let hold = (document?["pipelines"] as? [[String: Any]])?.first?["hold"] as? NSDictionary
        #expect(
            hold == [
                "batch": 1, "reason": reason, "since": "2026-11-20T12:00:00Z", "until": "2026-11-20T12:05:00Z",
                "passes_next": false, "rules_changed": false,
            ])
        let suite = try assay.read("expectations/orders.yaml")
        try assay.write(suite.replacing("[NL, DE]", with: "[NL]"), to: "expectations/orders.yaml")
        wanted[4] = "    the rules have changed since: it is tried as soon as the pipeline is started"
        #expect(try lines() == wanted)
    }

    @Test func saysThatFilesWaitToSettle() throws {
        let assay = try project(settle: "1h")
        defer { assay.remove() }
        try assay.write("\(Self.record)\n", to: "landing/a.jsonl")
        let plan = try assay("plan")
        #expect(plan.status == 0, "\(plan.errors)")
        #expect(
            plan.output == """
                orders: what batch 1 would do

                source
                  files that land in landing: 0 files (0 B) of what has arrived
                  1 file waits until nobody has written for 1h
                  amount  decimal(12,2)  declared
                  at      timestamp      declared

                nothing can be read yet, so that the columns are not known

                """)
    }
}

import Foundation
import Tables
import Testing

/// What a service tells of lineage, whatever is killed.
@Suite(.serialized) struct ServedLineageTests {
    private static let project = """
        store: assay.db
        reports: reports
        service: {lineage: {file: lineage.jsonl}}
        assets:
          bronze: {delta: bronze}
          silver: {delta: silver}
          gold.sums: {delta: sums}
          slow: {delta: table}
        validations:
          - {suite: slow, schedule: manual}
        pipelines:
          orders:
            source: {files: landing, settle: 0s}
            bronze: {asset: bronze}
            silver:
              asset: silver
              select: {at: "timestamp(at)", amount: "decimal(amount, 12, 2)"}
              gate: {suite: sound, on_fail: quarantine}
            gold:
              - asset: gold.sums
                window: {column: at, size: 1h, lateness: 0s}
                aggregate: {total: "sum(amount)"}

        """

    private func assay() throws -> Assay {
        let assay = try Assay()
        try assay.write(Self.project, to: "assay.yaml")
        try assay.write(
            "suite: sound\nasset: silver\ncolumns: {amount: {between: [0, 100]}}\n", to: "expectations/sound.yaml")
        try assay.write("suite: slow\nasset: slow\ncolumns: {id: {unique: true}}\n", to: "expectations/slow.yaml")
        try FileManager.default.createDirectory(
            at: assay.folder.appendingPathComponent("landing"), withIntermediateDirectories: false)
        return assay
    }

    private func events(_ assay: Assay) -> [JSON] {
        ((try? assay.read("lineage.jsonl")) ?? "").split(separator: "\n").compactMap { JSON(text: String($0)) }
    }

    /// The types of a job's events, once there are so many; after two minutes, as they are then.
    private func types(_ job: String, count: Int, _ assay: Assay) -> [String] {
        for _ in 0..<1_200 {
            let types = events(assay).filter { $0["job"]?["name"]?.string == job }.compactMap {
                $0["eventType"]?.string
            }
            if types.count >= count { return types }
            Thread.sleep(forTimeInterval: 0.1)
        }
        return events(assay).filter { $0["job"]?["name"]?.string == job }.compactMap { $0["eventType"]?.string }
    }

    @Test func batchesAreToldFromLandingToGold() throws {
        let assay = try assay()
        defer { assay.remove() }
        let service = try RunningService(assay)
        defer { service.kill() }
        try assay.write(
            """
            {"at":"2026-11-01T10:10:00Z","amount":5}
            {"at":"2026-11-01T10:20:00Z","amount":-5}
            {"at":"2026-11-01T12:20:00Z","amount":7}

            """, to: "landing/1.jsonl")
        #expect(types("orders.gold.sums", count: 2, assay) == ["START", "COMPLETE"])
        #expect(types("orders.silver", count: 2, assay) == ["START", "COMPLETE"])
        #expect(types("orders", count: 2, assay) == ["START", "COMPLETE"])
        let complete = events(assay).filter { $0["eventType"]?.string == "COMPLETE" }
        func ends(_ job: String, _ key: String) -> [String] {
            let event = complete.first { $0["job"]?["name"]?.string == job }
            return (event?[key]?.items ?? []).compactMap {
                $0["name"]?.string?.split(separator: "/").last.map(String.init)
            }
        }
        #expect(ends("orders.bronze", "inputs") == ["landing"] && ends("orders.bronze", "outputs") == ["bronze"])
        #expect(ends("orders.silver", "inputs") == ["bronze"] && ends("orders.silver", "outputs").first == "silver")
        #expect(ends("orders.gold.sums", "inputs") == ["silver"] && ends("orders.gold.sums", "outputs") == ["sums"])
        let silver = complete.first { $0["job"]?["name"]?.string == "orders.silver" }
        let rows = (silver?["outputs"]?.items ?? []).map {
            $0["outputFacets"]?["outputStatistics"]?["rowCount"]?.integer
        }
        #expect(rows == [2, 1])
        let assertions = silver?["inputs"]?.items?.first?["inputFacets"]?["dataQualityAssertions"]?["assertions"]?.items
        #expect(assertions?.map { $0["success"] } == [.boolean(false)])
        // The window of ten o'clock is closed, that of twelve isn't.
        let gold = complete.first { $0["job"]?["name"]?.string == "orders.gold.sums" }
        let sums = gold?["outputs"]?.items?.first?["outputFacets"]?["outputStatistics"]
        #expect(sums?["rowCount"]?.integer == 1 && (sums?["size"]?.integer ?? 0) > 0)
        #expect(try service.stop() == 0)
    }

    @Test func aBatchOfAnotherProcessIsToldByTheNextService() throws {
        let assay = try assay()
        defer { assay.remove() }
        let first = try RunningService(assay)
        // What was committed before anybody asked isn't told; what comes from now on is.
        Thread.sleep(forTimeInterval: 1)
        #expect(try first.stop() == 0)
        try assay.write("{\"at\":\"2026-11-01T10:10:00Z\",\"amount\":5}\n", to: "landing/1.jsonl")
        #expect(try assay("run", "--once").status == 0)
        let next = try RunningService(assay, "--no-pipelines")
        defer { next.kill() }
        #expect(types("orders.silver", count: 2, assay) == ["START", "COMPLETE"])
        #expect(try next.stop() == 0)
    }

    /// A run that hangs shows that it began; once its process is gone, it is aborted.
    @Test func aRunThatIsKilledHasBegunAndIsAborted() throws {
        let assay = try assay()
        defer { assay.remove() }
        // A table whose log nobody writes to: reading it doesn't end.
        let log = assay.folder.appendingPathComponent("table/_delta_log")
        try FileManager.default.createDirectory(at: log, withIntermediateDirectories: true)
        #expect(mkfifo(log.appendingPathComponent("00000000000000000000.json").path, 0o600) == 0)
        let service = try RunningService(assay, "--no-pipelines")
        defer { service.kill() }
        #expect(try assay("trigger", "slow").status == 0)
        #expect(types("slow.slow", count: 1, assay) == ["START"])
        service.kill()
        try FileManager.default.removeItem(at: assay.folder.appendingPathComponent("table"))
        let next = try RunningService(assay, "--no-pipelines")
        defer { next.kill() }
        #expect(types("slow.slow", count: 4, assay) == ["START", "ABORT", "START", "FAIL"])
        let runs = events(assay).filter { $0["job"]?["name"]?.string == "slow.slow" }.map { $0["run"]?["runId"] }
        #expect(runs[0] == runs[1] && runs[2] == runs[3] && runs[0] != runs[2])
        #expect(try next.stop() == 0)
    }
}

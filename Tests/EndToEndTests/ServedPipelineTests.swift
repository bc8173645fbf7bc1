import Foundation
import Tables
import Testing

/// Pipelines of a service: what follows on them, and what is told where something is in their way.
@Suite(.serialized) struct ServedPipelineTests {
    private func assay() throws -> Assay {
        let assay = try Assay()
        try assay.write(
            "suite: arrived\nasset: silver\ncolumns: {id: {required: true}}\n", to: "expectations/arrived.yaml")
        try assay.write("suite: seen\nasset: watched\ncolumns: {id: {required: true}}\n", to: "expectations/seen.yaml")
        try assay.write(
            """
            store: assay.db
            reports: reports
            validations:
              - {suite: arrived, schedule: manual, after: [arrivals]}
              - {suite: seen, schedule: manual, watch: 1s}
            pipelines:
              arrivals:
                source: {files: landing, settle: 0s}
                silver: {asset: silver}
            assets:
              silver: {delta: silver}
              watched: {csv: "watched/*.csv"}
            alerts:
              team:
                webhook: {url: "http://127.0.0.1:1/", allow_private: true}

            """, to: "assay.yaml")
        for folder in ["landing", "watched"] {
            try FileManager.default.createDirectory(
                at: assay.folder.appendingPathComponent(folder), withIntermediateDirectories: false)
        }
        return assay
    }

    private func move(_ name: String, to other: String, in assay: Assay) throws {
        try FileManager.default.moveItem(
            at: assay.folder.appendingPathComponent(name), to: assay.folder.appendingPathComponent(other))
    }

    /// Asks until the answer has some words; after a minute, gives what it is then.
    private func ask(until words: String, _ question: () async throws -> String) async throws -> String {
        for _ in 0..<600 {
            let answer = try await question()
            if answer.contains(words) { return answer }
            try await Task.sleep(for: .milliseconds(100))
        }
        return try await question()
    }

    @Test func aRunFollowsThoughTheStoreWasLockedWhenTheBatchWasCommitted() throws {
        let assay = try assay()
        defer { assay.remove() }
        let service = try RunningService(assay)
        defer { service.kill() }
        let lock = try LockedStore(assay.folder.appendingPathComponent("assay.db").path)
        try assay.write("{\"id\":1}\n", to: "landing/1.jsonl")
        try service.waitForLog("the runs that follow on arrivals were not noted yet")
        lock.open()
        try service.waitForLog("\"event\":\"validated\"")
        #expect(try service.stop() == 0)
    }

    @Test func aRunFollowsOnABatchOfAnotherProcess() throws {
        let assay = try assay()
        defer { assay.remove() }
        let service = try RunningService(assay, "--no-pipelines")
        defer { service.kill() }
        // The service knows that the pipeline never ran.
        Thread.sleep(forTimeInterval: 1)
        try assay.write("{\"id\":1}\n", to: "landing/1.jsonl")
        let run = try assay("run", "--once")
        #expect(run.status == 0, "\(run.errors)")
        try service.waitForLog("\"event\":\"validated\"")
        #expect(try service.stop() == 0)
    }

    @Test func whatIsInTheWayIsShown() async throws {
        let assay = try assay()
        defer { assay.remove() }
        let service = try RunningService(assay)
        defer { service.kill() }
        func metrics() async throws -> String { try await service.get("/metrics").text }
        let waiting = "assay_pipeline_waiting{pipeline=\"arrivals\"} "
        #expect(try await ask(until: "\(waiting)0") { try await metrics() }.contains("\(waiting)0"))
        try move("landing", to: "away", in: assay)
        #expect(try await ask(until: "\(waiting)1") { try await metrics() }.contains("\(waiting)1"))
        let entry = try await service.get("/api/v1/pipelines/arrivals").json
        #expect(entry?["state"]?.string == "waiting")
        #expect(entry?["reason"]?.string?.contains("there is no such folder") == true)
        let command = try assay("pipelines")
        #expect(command.output.contains("arrivals: waiting\n  waits since "), "\(command.output)")
        try move("away", to: "landing", in: assay)
        #expect(try await ask(until: "\(waiting)0") { try await metrics() }.contains("\(waiting)0"))
        #expect(try assay("pipelines").output.contains("arrivals: running"))
        #expect(try service.stop() == 0)
    }

    /// A pipeline with nothing to read is as well as one with a batch.
    @Test func anEndIsOverOnceThePipelineHasNothingLeftToDo() async throws {
        let assay = try assay()
        defer { assay.remove() }
        let service = try RunningService(assay)
        defer { service.kill() }
        try assay.write("{\"id\":1}\n", to: "landing/1.jsonl")
        try service.waitForLog("batch committed")
        // The run that follows on it reads silver.
        try service.waitForLog("\"event\":\"validated\"")
        try move("silver", to: "away", in: assay)
        try assay.write("{\"id\":2}\n", to: "landing/2.jsonl")
        try service.waitForLog("pipeline ended")
        #expect(
            try await ask(until: "pipeline arrivals") { try assay("alerts", "list").output }.contains(
                "pipeline arrivals"))
        try FileManager.default.removeItem(at: assay.folder.appendingPathComponent("landing/2.jsonl"))
        try move("away", to: "silver", in: assay)
        // That the file is gone is told, and is no more than a warning.
        let after = try await ask(until: "warning") { try assay("alerts", "list").output }
        #expect(after.contains("warning") && !after.contains("critical"), "\(after)")
        #expect(try service.stop() == 0)
    }

    @Test func watchedDataThatIsGoneIsAChange() throws {
        let assay = try assay()
        defer { assay.remove() }
        try assay.write("id\n1\n", to: "watched/a.csv")
        let service = try RunningService(assay, "--no-pipelines")
        defer { service.kill() }
        // The first look is what later ones are held against.
        Thread.sleep(forTimeInterval: 3)
        try FileManager.default.removeItem(at: assay.folder.appendingPathComponent("watched/a.csv"))
        let line = try service.waitForLog("\"event\":\"validated\"")
        #expect(line.contains("not-found"), "\(line)")
        #expect(try service.stop() == 0)
    }
}

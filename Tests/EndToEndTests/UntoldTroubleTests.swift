import Foundation
import Ledger
import Tables
import Testing

/// What a pipeline told while the store took nothing, and the service was killed.
@Suite struct UntoldTroubleTests {
    private func assay() throws -> Assay {
        let assay = try Assay()
        try assay.write(
            """
            store: assay.db
            reports: reports
            validations: []
            pipelines:
              arrivals:
                source: {files: landing, settle: 0s}
                silver: {asset: silver.arrivals}
            assets:
              silver.arrivals: {delta: silver}
            alerts:
              team:
                webhook: {url: "http://127.0.0.1:1/", allow_private: true}

            """, to: "assay.yaml")
        try FileManager.default.createDirectory(
            at: assay.folder.appendingPathComponent("landing"), withIntermediateDirectories: false)
        return assay
    }

    /// Returns once a file says something; after ten minutes it is an error.
    private func wait(for words: String, in file: URL) throws {
        for _ in 0..<12_000 {
            if try String(contentsOf: file, encoding: .utf8).contains(words) { return }
            Thread.sleep(forTimeInterval: 0.05)
        }
        throw RunningService.Failure(description: try String(contentsOf: file, encoding: .utf8))
    }

    /// `assay run` in a process of its own, which has set aside what is broken.
    private func run(_ assay: Assay) throws -> Process {
        let errors = assay.folder.appendingPathComponent("run-\(UUID().uuidString).log")
        try Data().write(to: errors)
        let process = Process()
        process.executableURL = Assay.binary
        process.arguments = ["run"]
        process.currentDirectoryURL = assay.folder
        process.standardOutput = FileHandle.nullDevice
        process.standardError = try FileHandle(forWritingTo: errors)
        try process.run()
        try wait(for: "is set aside", in: errors)
        return process
    }

    private static let broken = Data([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 0xFF, 0xFF])

    /// A service that runs no pipelines looks at those of the process beside it; that one is gone counts after a minute.
    @Test func ofAnotherProcessIsToldByAServiceWithoutPipelines() async throws {
        let assay = try assay()
        defer { assay.remove() }
        let service = try RunningService(assay, "--no-pipelines")
        defer { service.kill() }
        try assay.write(Self.broken, to: "landing/broken.jsonl.gz")
        let other = try run(assay)
        defer { other.terminate() }
        func alerts() throws -> [String] {
            let open = try JSON(text: assay("alerts", "list", "--format", "json").output)?["incidents"]?.items ?? []
            return open.flatMap { $0["alerts"]?.items ?? [] }.compactMap { $0["key"]?.string }.sorted()
        }
        func wait(for keys: [String]) async throws {
            for _ in 0..<1_800 where try alerts() != keys { try await Task.sleep(for: .milliseconds(100)) }
            #expect(try alerts() == keys)
        }
        try await wait(for: ["set-aside"])
        let running = try await service.get("/api/v1/pipelines/arrivals").json
        #expect(running?["state"]?.string == "running" && running?["reason"] == .null)

        kill(other.processIdentifier, SIGKILL)
        try await wait(for: ["ended", "set-aside"])
        let gone = try await service.get("/api/v1/pipelines/arrivals").json
        #expect(gone?["state"]?.string == "stopped")
        #expect(gone?["reason"]?.string?.contains("ended by an error or was killed") == true, "\(gone as Any)")
        #expect(try assay("pipelines").output.contains("arrivals: stopped\n  the run that began at "))
        #expect(try service.stop() == 0)
    }

    @Test func isToldAfterARestart() throws {
        let assay = try assay()
        defer { assay.remove() }
        let check = try assay("check")
        try #require(check.status == 0, "\(check.errors)")
        let first = try RunningService(assay)
        defer { first.kill() }
        let lock = try LockedStore(assay.folder.appendingPathComponent("assay.db").path)
        try assay.write(Self.broken, to: "landing/broken.jsonl.gz")
        try first.waitForLog("what is wrong with pipeline arrivals was not noted yet")
        first.kill()
        lock.open()

        // Somebody else runs the pipeline, so that the service itself hears nothing of it.
        let other = try run(assay)
        defer { other.terminate() }

        let second = try RunningService(assay)
        defer { second.kill() }
        try second.waitForLog("another process runs the pipeline")
        try second.waitForLog("\"route\":\"team\"")
        let alerts = try assay("alerts", "list")
        #expect(alerts.output.contains("pipeline arrivals"), "\(alerts.output)\(alerts.errors)")
        #expect(try second.stop() == 0)
    }
}

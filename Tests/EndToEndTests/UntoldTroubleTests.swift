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

    @Test func isToldAfterARestart() throws {
        let assay = try assay()
        defer { assay.remove() }
        let check = try assay("check")
        try #require(check.status == 0, "\(check.errors)")
        let first = try RunningService(assay)
        defer { first.kill() }
        let lock = try LockedStore(assay.folder.appendingPathComponent("assay.db").path)
        try assay.write(Data([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 0xFF, 0xFF]), to: "landing/broken.jsonl.gz")
        try first.waitForLog("what is wrong with pipeline arrivals was not noted yet")
        first.kill()
        lock.open()

        // Somebody else runs the pipeline, so that the service itself hears nothing of it.
        let errors = assay.folder.appendingPathComponent("run.log")
        try Data().write(to: errors)
        let other = Process()
        other.executableURL = Assay.binary
        other.arguments = ["run"]
        other.currentDirectoryURL = assay.folder
        other.standardOutput = FileHandle.nullDevice
        other.standardError = try FileHandle(forWritingTo: errors)
        try other.run()
        defer { other.terminate() }
        try wait(for: "is set aside", in: errors)

        let second = try RunningService(assay)
        defer { second.kill() }
        try second.waitForLog("another process runs the pipeline")
        try second.waitForLog("\"route\":\"team\"")
        let alerts = try assay("alerts", "list")
        #expect(alerts.output.contains("pipeline arrivals"), "\(alerts.output)\(alerts.errors)")
        #expect(try second.stop() == 0)
    }
}

import Foundation
import Tables
import Testing

/// `assay serve` over data that never comes.
@Suite(.serialized) struct HangingDataTests {
    /// `waiting` is a table whose log nobody writes to: reading it doesn't end.
    private func assay() throws -> Assay {
        let assay = try Assay()
        try assay.write("id\n1\n", to: "orders.csv")
        for name in ["orders", "waiting", "pipe"] {
            try assay.write(
                "suite: \(name)\nasset: \(name)\ncolumns:\n  id: {required: true}\n",
                to: "expectations/\(name).yaml")
        }
        let log = assay.folder.appendingPathComponent("table/_delta_log")
        try FileManager.default.createDirectory(at: log, withIntermediateDirectories: true)
        for path in [log.appendingPathComponent("00000000000000000000.json").path, assay.folder.path + "/pipe.csv"] {
            #expect(mkfifo(path, 0o600) == 0)
        }
        try assay.write(
            """
            store: assay.db
            reports: reports
            assets:
              orders: {csv: orders.csv}
              pipe: {csv: "pi*.csv"}
              waiting: {delta: table}
            validations:
              - {suite: waiting, every: 2s, timeout: 1s}
              - {suite: orders, every: 2s}
              - {suite: pipe, schedule: manual}
            service: {validations_at_once: 1, grace: 1s}

            """, to: "assay.yaml")
        return assay
    }

    @Test func holdsUpNeitherOthersNorAReloadNorTheEnd() throws {
        let assay = try assay()
        defer { assay.remove() }
        let service = try RunningService(assay)
        defer { service.kill() }
        try service.waitForLog("validation doesn't end, and is left behind")
        let done = "\"outcome\":\"passed\""
        try service.waitForLog(done, times: try service.count(done) + 1)
        try service.waitForLog("an earlier run still waits for the data, which doesn't come")
        service.signal(SIGHUP)
        try service.waitForLog("the project was read again")
        try service.waitForLog(done, times: try service.count(done) + 2)
        #expect(try service.stop() == 0)
        #expect(try service.count("validation doesn't end, and is left behind") == 1)
    }

    @Test func aPipeIsNoDataOfAService() throws {
        let assay = try assay()
        defer { assay.remove() }
        let service = try RunningService(assay)
        defer { service.kill() }
        #expect(try assay("trigger", "pipe", "--wait").status == 3)
        let event = JSON(text: try service.waitForLog("not-regular"))
        #expect(event?["error"]?.string == "pipe.csv: a service reads regular files only [not-regular]")
        #expect(try service.stop() == 0)
    }
}

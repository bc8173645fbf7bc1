import Foundation
import Tables
import Testing

/// `assay serve` told to read a project whose `service` or store is another: all of it is taken, or none.
@Suite(.serialized) struct ReloadTests {
    private static let more = "  - {suite: more, schedule: manual}\n"

    private func assay(_ service: String) throws -> Assay {
        let assay = try Assay()
        try assay.write("id,amount\n1,2\n", to: "orders.csv")
        for name in ["orders", "more"] {
            try assay.write(
                "suite: \(name)\nasset: orders\ncolumns:\n  amount: {required: true}\n",
                to: "expectations/\(name).yaml")
        }
        try assay.write(RunningService.orders + service, to: "assay.yaml")
        return assay
    }

    @Test func whatCannotBeServedIsRefusedAndTheOldServiceStays() async throws {
        let assay = try assay("service: {listen: \"127.0.0.1:0\"}\n")
        defer { assay.remove() }
        let busy = try RunningService(assay)
        defer { busy.kill() }
        let service = try RunningService(assay, listen: nil)
        defer { service.kill() }
        try assay.write("no PEM", to: "damaged.pem")
        let unusable = [
            ("listen: \"127.0.0.1:99999\"", "unusable-address"), ("listen: \"0.0.0.0:0\"", "token-required"),
            ("listen: \"127.0.0.1:0\", tls: {certificate: gone.pem, key: gone.pem}", "is not there"),
            ("listen: \"127.0.0.1:0\", tls: {certificate: damaged.pem, key: damaged.pem}", "has no certificate"),
            ("listen: \"127.0.0.1:\(busy.port)\"", "127.0.0.1:\(busy.port)"),
            ("listen: \"192.0.2.1:8080\", tokens: [{token: read-token-0123456789, role: read}]", "192.0.2.1:8080"),
        ]
        for (index, (keys, words)) in unusable.enumerated() {
            try assay.write(RunningService.orders + Self.more + "service: {\(keys)}\n", to: "assay.yaml")
            if index < 4 {
                let check = try assay("check")
                #expect(check.status == 2 && check.errors.contains("assay.yaml:8:"), "\(check.errors)")
            }
            service.signal(SIGHUP)
            try service.waitForLog("the old one stays", times: index + 1)
            let log = try service.log()
            #expect(log.contains(words), "\(words): \(log)")
            let kept = try await service.get("/api/v1/validations")
            #expect(kept.json?["validations"]?.items?.count == 1, "\(keys)")
        }
        #expect(try service.stop() == 0)
    }

    @Test(arguments: ["text", "json"]) func eachMistakeIsOneLineOfTheLog(_ format: String) throws {
        let assay = try assay("")
        defer { assay.remove() }
        let service = try RunningService(assay, format: format)
        defer { service.kill() }
        try assay.write(RunningService.orders + "service: {lissen: 1}\nstores: 2\n", to: "assay.yaml")
        service.signal(SIGHUP)
        try service.waitForLog("the project has mistakes, the old one stays")
        try FileManager.default.removeItem(at: assay.folder.appendingPathComponent("assay.yaml"))
        service.signal(SIGHUP)
        let line = try service.waitForLog("the project can't be read, the old one stays")
        #expect(line.contains("there is no project file") && line.contains("hint") && !line.contains("\\n"))
        #expect(try service.stop() == 0)
        let lines = try service.log().split(separator: "\n")
        #expect(lines.allSatisfy { $0.hasPrefix(format == "json" ? "{\"ts\":" : "ts=") }, "\(lines)")
        #expect(lines.count { $0.contains("a mistake in the project") && $0.contains("unknown-key") } == 2)
    }

    @Test func listensElsewhereOnceThatIsPossible() async throws {
        let assay = try assay("service: {listen: \"127.0.0.1:0\"}\n")
        defer { assay.remove() }
        let service = try RunningService(assay, listen: nil)
        defer { service.kill() }
        // The same port of another host of this machine: the old server has to go first.
        let tokens = "tokens: [{token: read-token-0123456789, role: read}]"
        try assay.write(
            RunningService.orders + "service: {listen: \"0.0.0.0:\(service.port)\", \(tokens)}\n", to: "assay.yaml")
        service.signal(SIGHUP)
        try service.waitForLog("the project was read again")
        #expect(try await service.get("/api/v1/runs").status == 401)

        let before = service.port
        try assay.write(RunningService.orders + "service: {listen: \"127.0.0.1:0\"}\n", to: "assay.yaml")
        service.signal(SIGHUP)
        try service.waitForLog("the project was read again", times: 2)
        try service.findPort()
        #expect(service.port != before)
        #expect(try await service.get("/api/v1/runs").status == 200)

        try assay.write(
            RunningService.orders + "service: {listen: \"192.0.2.1:\(service.port)\", \(tokens)}\n", to: "assay.yaml")
        service.signal(SIGHUP)
        try service.waitForLog("the old one stays")
        try service.findPort()
        #expect(try await service.get("/api/v1/runs").status == 200)
        #expect(try service.stop() == 0)
    }

    /// What is in hand ends by the project of before, whatever it takes; everything else goes on by the new one at once.
    @Test func aRunThatTakesLongHoldsUpNobody() async throws {
        let assay = try assay("")
        defer { assay.remove() }
        try assay.write(
            "suite: waiting\nasset: waiting\ncolumns:\n  id: {required: true}\n", to: "expectations/waiting.yaml")
        let log = assay.folder.appendingPathComponent("table/_delta_log")
        try FileManager.default.createDirectory(at: log, withIntermediateDirectories: true)
        let pipe = log.appendingPathComponent("00000000000000000000.json").path
        #expect(mkfifo(pipe, 0o600) == 0)
        let project =
            RunningService.orders.replacing("assets:", with: "assets:\n  waiting: {delta: table}")
            + "  - {suite: waiting, schedule: manual}\nservice: {grace: 10m}\n"
        try assay.write(project, to: "assay.yaml")
        let service = try RunningService(assay)
        defer { service.kill() }
        #expect(try assay("trigger", "waiting").status == 0)
        while try await !service.get("/metrics").text.contains("assay_validations_in_flight 1\n") {
            try await Task.sleep(for: .milliseconds(20))
        }
        try assay.write(project.replacing("service:", with: Self.more + "service:"), to: "assay.yaml")
        service.signal(SIGHUP)
        try service.waitForLog("the project was read again")
        #expect(try assay("trigger", "more", "--wait").status == 0)
        #expect(try service.count("\"suite\":\"waiting\"") == 0)
        // The data comes, and is no table's log.
        try Data("{}\n".utf8).write(to: URL(fileURLWithPath: pipe))
        try service.waitForLog("\"suite\":\"waiting\"")
        #expect(try service.stop() == 0)
    }

    @Test func aStoreIsChangedByARestart() async throws {
        let assay = try assay("")
        defer { assay.remove() }
        let service = try RunningService(assay)
        defer { service.kill() }
        try assay.write(
            RunningService.orders.replacing("assay.db", with: "other.db") + Self.more, to: "assay.yaml")
        service.signal(SIGHUP)
        let event = JSON(text: try service.waitForLog("the project has another store, the old one stays"))
        #expect(event?["store"]?.string == "other.db" && event?["was"]?.string == "assay.db")
        #expect(event?["hint"]?.string == "a store is changed by a restart")
        #expect(try await service.get("/api/v1/validations").json?["validations"]?.items?.count == 1)
        #expect(try service.stop() == 0)
    }

    @Test func whatCannotKeepItsReportsIsRefused() async throws {
        let assay = try assay("")
        defer { assay.remove() }
        let service = try RunningService(assay)
        defer { service.kill() }
        try assay.write("", to: "blocked")
        try assay.write(
            RunningService.orders.replacing("reports: reports", with: "reports: blocked/reports") + Self.more,
            to: "assay.yaml")
        service.signal(SIGHUP)
        let event = JSON(text: try service.waitForLog("the project's reports can't be written, the old one stays"))
        #expect(event?["reports"]?.string == "blocked/reports")
        #expect(event?["error"]?.string == "it is no folder")
        #expect(try await service.get("/api/v1/validations").json?["validations"]?.items?.count == 1)
        #expect(try service.stop() == 0)
    }

    @Test func anAddressThatAnotherProcessHasIsNamed() async throws {
        let assay = try assay("")
        defer { assay.remove() }
        let service = try RunningService(assay)
        defer { service.kill() }
        let late = try assay("serve", "--log-format", "json", "--listen", "\(service.port)")
        #expect(late.status == 3)
        let events = late.errors.split(separator: "\n").compactMap { JSON(text: String($0)) }
        let event = events.first { $0["level"]?.string == "error" }
        #expect(event?["event"]?.string == "the server can't be run")
        #expect(
            event?["error"]?.string
                == "127.0.0.1:\(service.port): the address can't be listened on: address already in use [unusable-address]"
        )
        #expect(event?["hint"]?.string == "name another, or stop who has it")
        #expect(try await service.get("/api/v1/validations").status == 200)
        #expect(try service.stop() == 0)
    }

    @Test func aTokenThatIsTakenAwayLetsNobodyIn() async throws {
        func project(_ token: String, _ values: String) -> String {
            RunningService.orders.replacing("reports: reports", with: "reports: {path: reports, values: \(values)}")
                .replacing("assets:", with: "assets:\n  silver.arrivals: {delta: silver}") + """
                      - {suite: arrived, schedule: manual}
                    pipelines:
                      arrivals:
                        source: {http: {token: \(token)}}
                        silver: {asset: silver.arrivals}

                    """
        }
        let assay = try assay("")
        defer { assay.remove() }
        try assay.write(
            "suite: arrived\nasset: silver.arrivals\ncolumns:\n  id: {required: true}\n",
            to: "expectations/arrived.yaml")
        try assay.write(project("first-token-0123456789", "masked"), to: "assay.yaml")
        let check = try assay("check")
        try #require(check.status == 0, "\(check.errors)")
        let service = try RunningService(assay)
        defer { service.kill() }
        func status(_ token: String) async throws -> Int { try await service.post("/ingest/arrivals", token: token) }
        #expect(try await status("first-token-0123456789") != 401)
        try assay.write(project("second-token-0123456789", "shown"), to: "assay.yaml")
        service.signal(SIGHUP)
        try service.waitForLog("the project was read again")
        #expect(try await status("first-token-0123456789") == 401)
        #expect(try await status("second-token-0123456789") != 401)
        #expect(try service.stop() == 0)
    }

    @Test func pipelinesOfFilesAreReadyAfterAReload() async throws {
        let assay = try assay("")
        defer { assay.remove() }
        try assay.write(
            RunningService.orders.replacing("assets:", with: "assets:\n  silver.arrivals: {delta: silver}") + """
                pipelines:
                  arrivals:
                    source: {files: landing, settle: 0s}
                    silver: {asset: silver.arrivals}

                """, to: "assay.yaml")
        try assay.write("{\"id\":1}\n", to: "landing/1.jsonl")
        let service = try RunningService(assay)
        defer { service.kill() }
        try service.waitForLog("\"event\":\"batch committed\"")
        service.signal(SIGHUP)
        try service.waitForLog("the project was read again")
        // Those of before have ended where another batch goes through.
        try assay.write("{\"id\":2}\n", to: "landing/2.jsonl")
        try service.waitForLog("\"event\":\"batch committed\"", times: 2)
        #expect(try await service.get("/readyz").status == 200)
        #expect(try await service.post("/ingest/arrivals", token: "a-token-0123456789") == 404)
        #expect(try service.stop() == 0)
    }

    @Test(.enabled(if: Self.hasOpenSSL, "no openssl is there")) func speaksTLSFromAReloadOn() throws {
        let assay = try assay("service: {listen: \"127.0.0.1:0\"}\n")
        defer { assay.remove() }
        let service = try RunningService(assay, listen: nil)
        defer { service.kill() }
        let url = "http://127.0.0.1:\(service.port)/readyz"
        #expect(try assay("health", "--url", url).status == 0)
        _ = try Self.openssl(
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                "-subj", "/CN=assay.example.com", "-out", "server.pem", "-keyout", "server.key",
            ], in: assay.folder)
        try assay.write(
            RunningService.orders
                + "service: {listen: \"127.0.0.1:0\", tls: {certificate: server.pem, key: server.key}}\n",
            to: "assay.yaml")
        service.signal(SIGHUP)
        try service.waitForLog("the project was read again")
        let health = try assay("health", "--url", url)
        #expect(health.status == 0, "\(health.errors)")
        let strict = try assay("health", "--url", url.replacing("http:", with: "https:"))
        #expect(strict.status == 3 && strict.errors.contains("[tls-failed]"), "\(strict.errors)")
        #expect(try service.stop() == 0)
    }

    private static let hasOpenSSL = (try? openssl(["version"], in: URL(fileURLWithPath: "/"))) == 0

    private static func openssl(_ arguments: [String], in folder: URL) throws -> Int32 {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["openssl"] + arguments
        process.currentDirectoryURL = folder
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
    }
}

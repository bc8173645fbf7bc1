import Foundation
import FoundationNetworking
import Tables
import TestServers
import Testing

/// One validation that runs when it is asked for; keys may follow.
private let orders = """
    store: assay.db
    reports: reports
    assets:
      orders: {csv: orders.csv}
    validations:
      - {suite: orders, schedule: manual}

    """

/// `assay serve` as it runs in production: asked for work, told of a new project, and told to stop.
@Suite(.serialized) struct RunningServiceTests {
    private func assay() throws -> Assay {
        let assay = try Assay()
        try assay.write("id,amount\n1,2\n2,\n", to: "orders.csv")
        try assay.write(
            "suite: orders\nasset: orders\ncolumns:\n  amount: {required: true}\n", to: "expectations/orders.yaml")
        try assay.write(orders, to: "assay.yaml")
        return assay
    }

    @Test func doesWhatItIsAskedForShowsItAndStops() async throws {
        let assay = try assay()
        defer { assay.remove() }
        let service = try RunningService(assay)
        defer { service.kill() }
        #expect(try await service.get("/healthz").status == 200)
        #expect(try await service.get("/readyz").status == 200)
        #expect(try await service.get("/api/v1/runs").json?["runs"]?.items?.isEmpty == true)
        let planned = try #require(try await service.get("/api/v1/validations").json?["validations"]?.items?.first)
        #expect(planned["state"]?.string == "never_run" && planned["schedule"]?.string == "when somebody asks")
        #expect(try await service.get("/").text.contains("The only validation never ran"))

        let asked = try assay("trigger", "orders", "--wait")
        #expect(asked.status == 1, "\(asked.output)\(asked.errors)")
        let runs = try await service.get("/api/v1/runs")
        let run = try #require(runs.json?["runs"]?.items?.first)
        #expect(run["suite"]?.string == "orders" && run["outcome"]?.string == "failed")
        let page = try await service.get("/runs/\(run["id"]?.string ?? "")")
        #expect(page.status == 200 && page.text.contains("amount"))
        #expect(try await service.get("/metrics").text.contains("assay_runs_total"))
        #expect(try await service.get("/../assay.yaml").status == 404)

        #expect(try service.stop() == 0)
        #expect(throws: (any Error).self) { try RunningService.connect(port: service.port) }
        #expect(try assay("history").output.contains("orders"))
    }

    @Test func aProjectWithMistakesIsRefusedAndTheOldOneStays() async throws {
        let assay = try assay()
        defer { assay.remove() }
        let service = try RunningService(assay)
        defer { service.kill() }
        try assay.write(orders + "colour: blue\n", to: "assay.yaml")
        service.signal(SIGHUP)
        try service.waitForLog("the project has mistakes, the old one stays")
        let mistake = JSON(text: try service.waitForLog("a mistake in the project"))
        #expect(mistake?["error"]?.string == "a project has no key \"colour\"")
        #expect(mistake?["code"]?.string == "unknown-key" && mistake?["place"]?.string == "assay.yaml:7:1")
        #expect(try service.log().split(separator: "\n").allSatisfy { JSON(text: String($0)) != nil })
        let kept = try await service.get("/api/v1/validations")
        #expect(kept.json?["validations"]?.items?.count == 1)

        try assay.write(
            "suite: more\nasset: orders\ncolumns:\n  id: {unique: true}\n", to: "expectations/more.yaml")
        try assay.write(orders + "  - {suite: more, schedule: manual}\n", to: "assay.yaml")
        service.signal(SIGHUP)
        try service.waitForLog("the project was read again")
        #expect(try assay("trigger", "more", "--wait").status == 0)
        #expect(try service.stop() == 0)
    }

    @Test func elsewhereThanHereItListensWithATokenOnly() throws {
        let assay = try assay()
        defer { assay.remove() }
        let open = try assay("serve", "--listen", "0.0.0.0:0")
        #expect(open.status == 2 && open.errors.contains("token"), "\(open.errors)")
    }

    @Test func aTakenAddressIsNamed() throws {
        let assay = try assay()
        defer { assay.remove() }
        let service = try RunningService(assay)
        defer { service.kill() }
        let second = try assay("serve", "--listen", "127.0.0.1:\(service.port)")
        #expect(second.status == 3 && second.errors.contains("127.0.0.1:\(service.port)"), "\(second.errors)")
    }
}

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
        try assay.write(orders + service, to: "assay.yaml")
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
            try assay.write(orders + Self.more + "service: {\(keys)}\n", to: "assay.yaml")
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

    @Test func listensElsewhereOnceThatIsPossible() async throws {
        let assay = try assay("service: {listen: \"127.0.0.1:0\"}\n")
        defer { assay.remove() }
        let service = try RunningService(assay, listen: nil)
        defer { service.kill() }
        // The same port of another host of this machine: the old server has to go first.
        let tokens = "tokens: [{token: read-token-0123456789, role: read}]"
        try assay.write(
            orders + "service: {listen: \"0.0.0.0:\(service.port)\", \(tokens)}\n", to: "assay.yaml")
        service.signal(SIGHUP)
        try service.waitForLog("the project was read again")
        #expect(try await service.get("/api/v1/runs").status == 401)

        let before = service.port
        try assay.write(orders + "service: {listen: \"127.0.0.1:0\"}\n", to: "assay.yaml")
        service.signal(SIGHUP)
        try service.waitForLog("the project was read again", times: 2)
        try service.findPort()
        #expect(service.port != before)
        #expect(try await service.get("/api/v1/runs").status == 200)

        try assay.write(
            orders + "service: {listen: \"192.0.2.1:\(service.port)\", \(tokens)}\n", to: "assay.yaml")
        service.signal(SIGHUP)
        try service.waitForLog("the old one stays")
        try service.findPort()
        #expect(try await service.get("/api/v1/runs").status == 200)
        #expect(try service.stop() == 0)
    }

    @Test func aStoreIsChangedByARestart() async throws {
        let assay = try assay("")
        defer { assay.remove() }
        let service = try RunningService(assay)
        defer { service.kill() }
        try assay.write(
            orders.replacing("assay.db", with: "other.db") + Self.more, to: "assay.yaml")
        service.signal(SIGHUP)
        let event = JSON(text: try service.waitForLog("the project has another store, the old one stays"))
        #expect(event?["store"]?.string == "other.db" && event?["was"]?.string == "assay.db")
        #expect(event?["hint"]?.string == "a store is changed by a restart")
        #expect(try await service.get("/api/v1/validations").json?["validations"]?.items?.count == 1)
        #expect(try service.stop() == 0)
    }

    @Test func aTokenThatIsTakenAwayLetsNobodyIn() async throws {
        func project(_ token: String, _ values: String) -> String {
            orders.replacing("reports: reports", with: "reports: {path: reports, values: \(values)}")
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
            orders + "service: {listen: \"127.0.0.1:0\", tls: {certificate: server.pem, key: server.key}}\n",
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

/// A service in a process of its own, listening on a port of this machine.
private final class RunningService {
    struct Answer {
        let status: Int
        let text: String

        var json: JSON? { JSON(text: text) }
    }

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private let process = Process()
    private let events: URL
    private(set) var port = 0

    /// Without `listen` it listens where the project says.
    init(_ assay: Assay, listen: String? = "0") throws {
        events = assay.folder.appendingPathComponent("service-\(UUID().uuidString).log")
        try Data().write(to: events)
        process.executableURL = Assay.binary
        process.arguments = ["serve", "--log-format", "json"] + (listen.map { ["--listen", $0] } ?? [])
        process.currentDirectoryURL = assay.folder
        process.standardError = try FileHandle(forWritingTo: events)
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        try waitForLog("\"event\":\"listening\"")
        try findPort()
    }

    /// Goes by the last port that it says it listens at.
    func findPort() throws {
        let line = try log().split(separator: "\n").last { $0.contains("\"event\":\"listening\"") }
        port = line.flatMap { JSON(text: String($0))?["port"]?.string }.flatMap { Int($0) } ?? 0
    }

    /// Lines that say something.
    func count(_ words: String) throws -> Int { try log().split(separator: "\n").count { $0.contains(words) } }

    func log() throws -> String { try String(contentsOf: events, encoding: .utf8) }

    /// The first line that says something, or that of so many, once it is there; half a minute at most.
    @discardableResult
    func waitForLog(_ words: String, times: Int = 1) throws -> String {
        for _ in 0..<600 {
            let lines = try log().split(separator: "\n").filter { $0.contains(words) }
            if lines.count >= times { return String(lines[times - 1]) }
            guard process.isRunning else { break }
            Thread.sleep(forTimeInterval: 0.05)
        }
        throw Failure(description: "nothing was said of '\(words)':\n\(try log())")
    }

    func get(_ path: String) async throws -> Answer {
        guard let url = URL(string: "http://127.0.0.1:\(port)\(path)") else { throw Failure(description: path) }
        let (data, response) = try await URLSession.shared.data(from: url)
        return Answer(
            status: (response as? HTTPURLResponse)?.statusCode ?? 0, text: String(decoding: data, as: UTF8.self))
    }

    /// Posts a record, and gives the answer's status.
    func post(_ path: String, token: String) async throws -> Int {
        guard let url = URL(string: "http://127.0.0.1:\(port)\(path)") else { throw Failure(description: path) }
        var request = URLRequest(url: url)
        request.httpMethod = "POST"
        request.setValue("Bearer \(token)", forHTTPHeaderField: "Authorization")
        request.setValue("application/x-ndjson", forHTTPHeaderField: "Content-Type")
        request.httpBody = Data("{\"id\":1}\n".utf8)
        let (_, response) = try await URLSession.shared.data(for: request)
        return (response as? HTTPURLResponse)?.statusCode ?? 0
    }

    func signal(_ number: Int32) { Foundation.kill(process.processIdentifier, number) }

    /// Tells it to stop, and says how it ended.
    func stop() throws -> Int32 {
        process.terminate()
        process.waitUntilExit()
        guard process.terminationReason == .exit else {
            throw Failure(description: "ended by signal \(process.terminationStatus):\n\(try log())")
        }
        return process.terminationStatus
    }

    func kill() { if process.isRunning { signal(SIGKILL) } }

    /// Throws where nobody listens.
    static func connect(port: Int) throws {
        let socket = Foundation.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(socket) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Foundation.connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw Failure(description: "nobody listens") }
    }
}

import Foundation
import FoundationNetworking
import Tables
import TestServers
import Testing

/// `assay serve` as it runs in production: asked for work, told of a new project, and told to stop.
@Suite(.serialized) struct RunningServiceTests {
    private static let project = """
        store: assay.db
        reports: reports
        assets:
          orders: {csv: orders.csv}
        validations:
          - {suite: orders, schedule: manual}

        """

    private func assay() throws -> Assay {
        let assay = try Assay()
        try assay.write("id,amount\n1,2\n2,\n", to: "orders.csv")
        try assay.write(
            "suite: orders\nasset: orders\ncolumns:\n  amount: {required: true}\n", to: "expectations/orders.yaml")
        try assay.write(Self.project, to: "assay.yaml")
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
        try assay.write(Self.project + "colour: blue\n", to: "assay.yaml")
        service.signal(SIGHUP)
        try service.waitForLog("the project has mistakes, the old one stays")
        #expect(try service.log().contains("a project has no key \"colour\" [unknown-key]"))
        let kept = try await service.get("/api/v1/validations")
        #expect(kept.json?["validations"]?.items?.count == 1)

        try assay.write(
            "suite: more\nasset: orders\ncolumns:\n  id: {unique: true}\n", to: "expectations/more.yaml")
        try assay.write(Self.project + "  - {suite: more, schedule: manual}\n", to: "assay.yaml")
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

    init(_ assay: Assay) throws {
        events = assay.folder.appendingPathComponent("service.log")
        try Data().write(to: events)
        process.executableURL = Assay.binary
        process.arguments = ["serve", "--listen", "0", "--log-format", "json"]
        process.currentDirectoryURL = assay.folder
        process.standardError = try FileHandle(forWritingTo: events)
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        let line = try waitForLog("\"event\":\"listening\"")
        port = JSON(text: line)?["port"]?.string.flatMap { Int($0) } ?? 0
    }

    func log() throws -> String { try String(contentsOf: events, encoding: .utf8) }

    /// The first line that says something, once it is there; half a minute at most.
    @discardableResult
    func waitForLog(_ words: String) throws -> String {
        for _ in 0..<600 {
            if let line = try log().split(separator: "\n").first(where: { $0.contains(words) }) { return String(line) }
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

import Foundation
import FoundationNetworking
import Tables

/// A service in a process of its own, listening on a port of this machine.
final class RunningService {
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
    init(_ assay: Assay, listen: String? = "0", format: String = "json", _ others: String...) throws {
        events = assay.folder.appendingPathComponent("service-\(UUID().uuidString).log")
        try Data().write(to: events)
        process.executableURL = Assay.binary
        process.arguments = ["serve", "--log-format", format] + (listen.map { ["--listen", $0] } ?? []) + others
        process.currentDirectoryURL = assay.folder
        process.standardError = try FileHandle(forWritingTo: events)
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        try waitForLog(format == "json" ? "\"event\":\"listening\"" : "event=listening")
        if format == "json" { try findPort() }
    }

    /// Goes by the last port that it says it listens at.
    func findPort() throws {
        let line = try log().split(separator: "\n").last { $0.contains("\"event\":\"listening\"") }
        port = line.flatMap { JSON(text: String($0))?["port"]?.string }.flatMap { Int($0) } ?? 0
    }

    /// Lines that say something.
    func count(_ words: String) throws -> Int { try log().split(separator: "\n").count { $0.contains(words) } }

    func log() throws -> String { try String(contentsOf: events, encoding: .utf8) }

    /// The first line that says something, or that of so many, once it is there; ten minutes at most, for a machine that has much else to do.
    @discardableResult
    func waitForLog(_ words: String, times: Int = 1) throws -> String {
        for _ in 0..<12_000 {
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

extension RunningService {
    /// A project with one validation that runs when it is asked for; keys may follow.
    static let orders = """
        store: assay.db
        reports: reports
        assets:
          orders: {csv: orders.csv}
        validations:
          - {suite: orders, schedule: manual}

        """
}

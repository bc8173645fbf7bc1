public import Foundation
import Synchronization
public import Tables
import TestSupport

/// A server in Python, for a test to send to: it runs on a free port of this machine until it is let go.
public final class TestServer {
    private let process = Process()
    private let records: URL
    public let port: Int

    /// Whether the servers can be run here, and the words for when they can't.
    public static let isThere = (try? Python.run(["-c", "import aiosmtpd, cryptography"])) != nil
    public static let absence = "there is no python3 with aiosmtpd and cryptography"

    /// Receives requests; with the certificate of a name over TLS.
    public static func http(_ certificate: String? = nil, _ certificates: Certificates? = nil) throws -> TestServer {
        try TestServer("http_sink.py", [], certificate.flatMap { certificates?.files($0) } ?? [])
    }

    /// Receives mails.
    public static func mail(
        _ mode: String, _ options: [String] = [], certificate: String? = nil, _ certificates: Certificates? = nil
    ) throws -> TestServer {
        try TestServer("mail_sink.py", [mode], (certificate.flatMap { certificates?.files($0) } ?? []) + options)
    }

    private init(_ script: String, _ first: [String], _ rest: [String]) throws {
        records = FileManager.default.temporaryDirectory.appending(path: "assay-sink-\(UUID().uuidString)")
        process.executableURL = Python.executable
        process.arguments =
            Python.arguments + [Python.folder.appending(path: script).path, records.path] + first + rest
        let output = Pipe()
        process.standardOutput = output
        try Python.start(process)
        var line = Data()
        while !line.contains(0x0A) {
            let more = output.fileHandleForReading.arrived()
            guard !more.isEmpty else { throw Python.Failure(output: "\(script) did not start") }
            line += more
        }
        let text = String(decoding: line, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        guard let port = Int(text) else { throw Python.Failure(output: text) }
        self.port = port
    }

    /// What it has received so far, in order.
    public func received() throws -> [JSON] {
        guard let text = try? String(contentsOf: records, encoding: .utf8) else { return [] }
        return text.split(separator: "\n").compactMap { JSON(text: String($0)) }
    }

    /// Stops it, whereafter nobody answers at its port.
    public func stop() {
        guard process.isRunning else { return }
        kill(process.processIdentifier, SIGKILL)
        // Foundation's own waiting would wait for other servers as well; what ended is left for it to clear away.
        var information = siginfo_t()
        waitid(P_PID, id_t(process.processIdentifier), &information, WEXITED | WNOWAIT)
    }

    deinit {
        stop()
        try? FileManager.default.removeItem(at: records)
    }
}

/// Certificates of an authority that nobody knows, in a folder of their own.
public final class Certificates {
    public let folder: URL

    public init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "assay-certificates-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Python.run([Python.folder.appending(path: "certificates.py").path, folder.path])
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    public var authority: String { folder.appending(path: "ca.pem").path }

    func files(_ name: String) -> [String] {
        [folder.appending(path: "\(name).pem").path, folder.appending(path: "\(name).key").path]
    }
}

/// The Python of the tests' peers where it was set up, or else the machine's.
enum Python {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Peers")

    private static let own = (0..<3).reduce(URL(filePath: #filePath)) { url, _ in url.deletingLastPathComponent() }
        .appending(path: ".build/peers/bin/python3")

    private static var hasOwn: Bool { FileManager.default.isExecutableFile(atPath: own.path) }

    static var executable: URL { hasOwn ? own : URL(fileURLWithPath: "/usr/bin/env") }

    static var arguments: [String] { hasOwn ? [] : ["python3"] }

    struct Failure: Error {
        let output: String
    }

    private static let starting = Mutex(())

    /// One at a time: a process that is started meanwhile would inherit the pipes of this one and keep them open.
    static func start(_ process: Process) throws { try starting.withLock { _ in try process.run() } }

    @discardableResult
    static func run(_ script: [String]) throws -> String {
        let process = Process()
        process.executableURL = executable
        process.arguments = arguments + script
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try start(process)
        let output = String(decoding: pipe.fileHandleForReading.everything(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failure(output: output) }
        return output
    }
}

import Expectations
import Foundation
import Tables
import TestSupport

/// Python, with packages that others wrote to read what servers say.
enum PythonPeer {
    static func has(_ package: String) -> Bool { (try? run(["-c", "import \(package)"])) != nil }

    /// What it printed; throws where it failed.
    @discardableResult
    static func run(_ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3"] + arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.everything(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failure(output: text) }
        return text
    }

    struct Failure: Error { let output: String }
}

/// A run whose names have what formats must escape.
enum HostileNames {
    static let run = RunResult(
        id: "hostile", suite: " back\\slash \"quote\"\nline", asset: "a{b=\"c\"} 1", startedAt: 0, durationSeconds: 0.5,
        engineVersion: "", suiteFingerprint: "", dataFingerprint: "", schema: Schema([]), files: [], rowCount: 0,
        byteCount: 0, results: [], metrics: [])
}

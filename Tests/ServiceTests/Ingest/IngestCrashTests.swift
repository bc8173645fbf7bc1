import Foundation
import Intake
import Synchronization
import TestSupport
import Testing

/// A server that is killed at random moments while clients post, and every time started again on the same folder.
struct IngestCrashTests {
    /// `ASSAY_CRASH_ROUNDS` for more.
    private static let rounds = ProcessInfo.processInfo.environment["ASSAY_CRASH_ROUNDS"].flatMap { Int($0) } ?? 12

    @Test func losesNothingAndTakesNothingTwice() async throws {
        let scratch = try Scratch()
        let folder = scratch.path("spool")
        let clients = (0..<4).map { Client(number: $0) }
        for round in 0...Self.rounds {
            let victim = try Victim(folder)
            let isLast = round == Self.rounds
            let end = Flag()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for client in clients {
                    group.addTask {
                        try await blocking {
                            client.post(to: victim.port, until: { isLast ? client.hasSent(20) : end.isRaised })
                        }
                    }
                }
                if !isLast {
                    try await blocking {
                        // The moment is what is random here; nothing depends on its length.
                        usleep(.random(in: 5_000...150_000))
                        victim.kill()
                        end.raise()
                    }
                }
                try await group.waitForAll()
            }
            victim.kill()
        }
        let spool = try Spool(folder) { 1_795_000_000_000_000_000 }
        #expect(spool.recovery.damage.isEmpty)
        let files = spool.seal()
        var found: [String: Int] = [:]
        for file in files {
            let lines = try String(contentsOfFile: file.path, encoding: .utf8).split(separator: "\n")
            // Every segment is made of whole requests: a request says how many lines it has.
            var index = 0
            while index < lines.count {
                let parts = lines[index].split(separator: " ")
                let count = try #require(parts.count == 4 ? Int(parts[2]) : nil)
                let begin = parts.prefix(3).joined(separator: " ") + " "
                let own = lines[index...].prefix(count)
                #expect(own.count == count)
                #expect(own.allSatisfy { $0.hasPrefix(begin) })
                found[parts.prefix(2).joined(separator: " "), default: 0] += 1
                index += count
            }
        }
        for client in clients {
            let acknowledged = client.acknowledged
            #expect(acknowledged.count >= 20)
            for request in acknowledged { #expect(found[request] == 1, "\(request)") }
        }
        #expect(found.values.allSatisfy { $0 == 1 })
        let acknowledged = clients.map(\.acknowledged.count).reduce(0, +)
        #expect(found.count == acknowledged)
    }

    /// Sends one request after the other, and each again until it is acknowledged.
    private final class Client: Sendable {
        private let number: Int
        private let state = Mutex<(next: Int, lines: Int, acknowledged: [String], sent: Int)>((0, 0, [], 0))

        init(number: Int) { self.number = number }

        var acknowledged: [String] { state.withLock { $0.acknowledged } }

        /// Whether so many were acknowledged, and none is open.
        func hasSent(_ count: Int) -> Bool { state.withLock { $0.acknowledged.count >= count && $0.lines == 0 } }

        func post(to port: Int, until isDone: () -> Bool) {
            guard let connection = try? RawClient(port: port) else { return }
            while !isDone() {
                let (name, lines) = state.withLock { state in
                    if state.lines == 0 { state.lines = .random(in: 1...40) }
                    return ("c\(number) \(state.next)", state.lines)
                }
                // The length follows from the name: a retry is the same request.
                let filler = String(repeating: "x", count: (name.utf8.count * lines * 7) % 400)
                let body = (0..<lines).map { "\(name) \(lines) \($0)\(filler)\n" }.joined()
                do {
                    try connection.send(TestServer.request(Array(body.utf8), fields: ["Idempotency-Key: \(name)"]))
                    guard try connection.answer().status == 202 else { return }
                } catch { return }
                state.withLock { state in
                    state.acknowledged.append(name)
                    state.next += 1
                    state.lines = 0
                }
            }
        }
    }

    private final class Flag: Sendable {
        private let state = Mutex(false)

        var isRaised: Bool { state.withLock { $0 } }

        func raise() { state.withLock { $0 = true } }
    }

    /// The process.
    // @unchecked: process is only touched by the first who kills it.
    private final class Victim: @unchecked Sendable {
        let port: Int
        private let process: Process
        private let isKilled = Mutex(false)

        init(_ folder: String) throws {
            let output = Pipe()
            let process = Process()
            process.executableURL = try Self.executable()
            process.arguments = [folder]
            process.standardOutput = output
            try process.run()
            self.process = process
            let line = String(decoding: output.fileHandleForReading.arrived(), as: UTF8.self)
            port = try #require(Int(line.trimmingCharacters(in: .whitespacesAndNewlines)))
        }

        deinit { kill() }

        func kill() {
            let isFirst = isKilled.withLock { isKilled in
                defer { isKilled = true }
                return !isKilled
            }
            guard isFirst else { return }
            Foundation.kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }

        private static func executable() throws -> URL {
            // Beside the tests' own executable.
            let tests = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
            let url = tests.deletingLastPathComponent().appendingPathComponent("IngestVictim")
            try #require(FileManager.default.isExecutableFile(atPath: url.path), "\(url.path) is built with the tests")
            return url
        }
    }
}

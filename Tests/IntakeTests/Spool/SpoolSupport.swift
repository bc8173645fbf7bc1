import Foundation
import Synchronization
import TestSupport

@testable import Intake

extension Scratch {
    func names(_ folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: path(folder))) ?? []).sorted()
    }
}

/// A clock that stands still until it is told to go on.
final class TestClock: Sendable {
    private let seconds: Mutex<Int64>

    init(_ seconds: Int64 = 1_795_000_000) { self.seconds = Mutex(seconds) }

    func advance(_ seconds: Int64) { self.seconds.withLock { $0 += seconds } }

    var now: @Sendable () -> Int64 { { self.seconds.withLock { $0 * 1_000_000_000 } } }
}

extension Spool {
    func append(_ text: String, key: String? = nil) async throws -> SpoolReceipt {
        let key = key.map { RequestKey(idempotencyKey: $0) }
        return try await append(SpoolRequest(lines: Array(text.utf8), key: key, limits: limits))
    }

    /// What a batch would read now.
    func text() throws -> String { try seal().map { try $0.text() }.joined() }

    func code(appending text: String, key: String? = nil) async -> String? {
        do {
            _ = try await append(text, key: key)
            return nil
        } catch { return (error as? SpoolError)?.code }
    }
}

extension IntakeFile {
    /// What a batch reads: so many bytes, whatever the file has.
    func text() throws -> String {
        let data = try Data(contentsOf: URL(fileURLWithPath: path)).prefix(Int(byteCount))
        return String(decoding: data, as: UTF8.self)
    }
}

/// Something that a `@Sendable` closure counts.
final class Counter: Sendable {
    private let count = Mutex(0)

    var value: Int { count.withLock { $0 } }

    @discardableResult
    func increase() -> Int {
        count.withLock { count in
            count += 1
            return count
        }
    }
}

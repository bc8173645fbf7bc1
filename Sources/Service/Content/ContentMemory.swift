import Ledger
import NIOCore
import Synchronization

/// Answers that were made of the ledger, as long as nothing is written to it.
///
/// Bounded: beyond 256 answers or 32 MiB everything is forgotten and made anew.
final class ContentMemory: Sendable {
    private static let most = 256
    private static let mostBytes = 32 << 20
    private let watch: LedgerWatch
    private let held = Mutex(Held())

    private struct Held {
        var version: Int64 = -1
        var contents: [String: Content] = [:]
        var bytes = 0
    }

    init(_ ledger: Ledger) throws(LedgerError) { watch = try LedgerWatch(ledger) }

    /// The ledger's version, to be asked before the ledger is read, and what is remembered of an address at that version.
    func recall(_ address: String) throws(LedgerError) -> (version: Int64, content: Content?) {
        let version = try watch.version()
        return (version, held.withLock { $0.version == version ? $0.contents[address] : nil })
    }

    func remember(_ content: Content, of address: String, at version: Int64) {
        let size = content.bytes.readableBytes + address.utf8.count
        guard size <= Self.mostBytes / 8 else { return }
        held.withLock { held in
            // A later version may be known already: this answer is of the past then.
            if held.version != version || held.contents.count >= Self.most || held.bytes + size > Self.mostBytes {
                held = Held(version: version)
            }
            if held.contents.updateValue(content, forKey: address) == nil { held.bytes += size }
        }
    }
}

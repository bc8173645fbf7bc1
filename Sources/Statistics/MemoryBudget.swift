import Synchronization

/// How much memory the growing accumulators of one pass may take together before they spill to disk.
public final class MemoryBudget: Sendable {
    public let limitBytes: Int
    /// Where spill files go.
    public let directory: String
    private let used = Mutex(0)
    private let log: SpillLog

    public init(limitBytes: Int, directory: String) {
        self.limitBytes = limitBytes
        self.directory = directory
        log = SpillLog(in: directory)
    }

    /// The same limit and folder with nothing used yet, for the next pass: what a pass counted in, it never counts out.
    public func renewed() -> MemoryBudget { MemoryBudget(limitBytes: limitBytes, directory: directory) }

    /// Counts memory in, or out where negative; tells whether the limit is passed.
    func add(_ bytes: Int) -> Bool {
        used.withLock { used in
            used += bytes
            return used > limitBytes
        }
    }

    /// Puts bytes on disk, into one file with all that come so.
    func spill(_ bytes: [UInt8]) throws(SpillFile.Failure) -> SpilledBytes { try log.append(bytes) }

    /// Memory without a limit, for tables that fit.
    public static let unlimited = MemoryBudget(limitBytes: .max, directory: "/tmp")
}

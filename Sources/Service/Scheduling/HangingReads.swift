import Ledger
import Synchronization

/// Readings of data that were left behind because they didn't end when they were cancelled: their file system doesn't answer.
///
/// Each holds a thread until it does, so no more than `most` are taken easily. One for a process: a reading outlives the scheduler that began it.
public final class HangingReads: Sendable {
    /// What is read.
    enum Subject: Hashable, Sendable {
        case run(Validation)
        /// A look at whether an asset's data has changed.
        case look(asset: String)
    }

    /// How many there may be before each further one costs the service a run at a time.
    public static let most = 8
    private let subjects = Mutex<Set<Subject>>([])

    public init() {}

    public var count: Int { subjects.withLock { $0.count } }

    /// How many there are beyond `most`.
    public var excess: Int { max(0, count - Self.most) }

    func contains(_ subject: Subject) -> Bool { subjects.withLock { $0.contains(subject) } }

    /// From now on it counts, until the work ends; then `answered` is called with what that came to.
    func leave<Value: Sendable>(
        _ work: LooseWork<Value>, reading subject: Subject, answered: @escaping @Sendable (Value) -> Void
    ) {
        subjects.withLock { _ = $0.insert(subject) }
        work.whenEnded { [self] value in
            subjects.withLock { _ = $0.remove(subject) }
            answered(value)
        }
    }
}

public import Ledger
import Synchronization

/// Brings signals to whoever stores them, and keeps those that can't be stored until they can be.
///
/// For signals that nobody gives a second time in this process. Of each thing that can break the latest news is kept, so it holds no more
/// than there are such things; it is gone with the process, and who gave it must find it out again. Calls come from any thread and take turns: each lasts as long as storing.
public final class SignalBacklog: Sendable {
    public typealias Store = @Sendable ([AlertSignal], AlertSubject, AlertOccasion) throws -> Void

    private struct Telling {
        var signals: [AlertSignal] = []
        var occasion: AlertOccasion

        mutating func join(_ later: [AlertSignal], _ occasion: AlertOccasion) {
            let keys = Set(later.map(\.key))
            signals = signals.filter { !keys.contains($0.key) } + later
            self.occasion = occasion
        }
    }

    private let store: Store
    private let onFailure: @Sendable (AlertSubject, any Error) -> Void
    private let waiting = Mutex<[AlertSubject: Telling]>([:])

    /// `onFailure` hears of every time that `store` threw.
    public init(store: @escaping Store, onFailure: @escaping @Sendable (AlertSubject, any Error) -> Void) {
        self.store = store
        self.onFailure = onFailure
    }

    /// Stores signals, with those of the subject that could not be stored before.
    public func take(_ signals: [AlertSignal], of subject: AlertSubject, occasion: AlertOccasion) {
        waiting.withLock { waiting in
            waiting[subject, default: Telling(occasion: occasion)].join(signals, occasion)
            tryToStore(subject, of: &waiting)
        }
    }

    /// Tries again what could not be stored, until that fails once more.
    public func retry() {
        waiting.withLock { waiting in
            for subject in Array(waiting.keys) where !tryToStore(subject, of: &waiting) { return }
        }
    }

    @discardableResult
    private func tryToStore(_ subject: AlertSubject, of waiting: inout [AlertSubject: Telling]) -> Bool {
        guard let telling = waiting[subject] else { return true }
        do {
            try store(telling.signals, subject, telling.occasion)
            waiting[subject] = nil
            return true
        } catch {
            onFailure(subject, error)
            return false
        }
    }
}

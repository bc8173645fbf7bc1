public import Ledger
import Synchronization
import Tables

/// Whether a service does its work: its store can be written and read, and its scheduler looks for what is due.
public final class Readiness: Sendable {
    private let ledger: Ledger
    private let metrics: ServiceMetrics
    private let latest = Mutex<(at: ContinuousClock.Instant, obstacles: [String])?>(nil)

    /// How long an answer is given again: whoever asks all the time opens the store once a second.
    private static let memory = Duration.seconds(1)
    /// How long the scheduler may be without a look.
    ///
    /// It looks every second, but not while runs in hand come to their end before another reading of the project counts.
    static let longestSilence = Duration.seconds(120)

    public init(ledger: Ledger, metrics: ServiceMetrics) {
        self.ledger = ledger
        self.metrics = metrics
    }

    /// What is in the way, in words; empty where nothing is.
    ///
    /// May block for half a second where the store is locked.
    public func obstacles() -> [String] { obstacles(at: .now) }

    func obstacles(at now: ContinuousClock.Instant) -> [String] {
        latest.withLock { latest in
            if let latest, now - latest.at < Self.memory { return latest.obstacles }
            let found = look(at: now)
            latest = (now, found)
            return found
        }
    }

    private func look(at now: ContinuousClock.Instant) -> [String] {
        var obstacles = ledger.obstacle().map { [$0.summary] } ?? []
        if now - metrics.snapshot.schedulerLookedAt > Self.longestSilence {
            obstacles.append("nobody has looked for what is due in \(Self.longestSilence.components.seconds) s")
        }
        return obstacles
    }
}

public import Ledger

/// Sends the events that wait in the ledger: of each job in their order, each at least once, until its task is cancelled.
///
/// What fails waits longer after each attempt (half a minute to an hour) and holds back its own job only. What a receiver refuses for good,
/// and what waited for a week, is forgotten and told: a catalogue that is down for long must not fill the store.
public struct LineageSender: Sendable {
    public enum Event: Sendable, Equatable {
        case postponed(job: String, attempt: Int, because: String)
        case refused(job: String, because: String)
        case tooOld(count: Int)
        /// The ledger couldn't be read or written.
        case failed(String)
    }

    /// Microseconds.
    public static let longestWait: Int64 = 7 * 24 * 3_600 * 1_000_000
    private static let hold: Int64 = 120_000_000
    private static let longestPause: Int64 = 3_600_000_000
    private static let batch = 64

    private let ledger: Ledger
    private let target: LineageTarget
    private let holder: String
    private let now: @Sendable () -> Int64
    private let sleep: @Sendable (Duration) async throws -> Void
    private let tell: @Sendable (Event) -> Void

    /// `holder` is this process's name among those that share the ledger; `now` gives microseconds since 1970.
    public init(
        ledger: Ledger, target: LineageTarget, holder: String, now: @escaping @Sendable () -> Int64,
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) },
        tell: @escaping @Sendable (Event) -> Void
    ) {
        self.ledger = ledger
        self.target = target
        self.holder = holder
        self.now = now
        self.sleep = sleep
        self.tell = tell
    }

    public func run() async {
        while !Task.isCancelled {
            let sent = await sendDue()
            // Behind what was sent the job's next event may be due.
            if sent > 0 { continue }
            do { try await sleep(.seconds(2)) } catch { return }
        }
    }

    /// Sends what is due now, an event of each job; the answer is how many arrived.
    func sendDue() async -> Int {
        var sent = 0
        do throws(LedgerError) {
            let dropped = try ledger.dropLineage(before: now() - Self.longestWait, limit: 1_000)
            if dropped > 0 { tell(.tooOld(count: dropped)) }
            let taken = try ledger.takeLineage(
                holder: holder, at: now(), hold: Self.hold, longestPause: Self.longestPause, limit: Self.batch)
            for entry in taken {
                // Nothing is sent that somebody else may have begun to send meanwhile.
                guard !Task.isCancelled else { break }
                if try await send(entry) { sent += 1 }
            }
        } catch {
            tell(.failed(error.summary))
        }
        return sent
    }

    private func send(_ entry: LineageEntry) async throws(LedgerError) -> Bool {
        do throws(LineageTarget.Failure) {
            try await target.send(entry.event)
        } catch {
            if error.mayHelpToRetry {
                let wait = Self.wait(after: entry.attempts + 1, number: entry.number)
                try ledger.postponeLineage(entry.number, holder: holder, until: now() + wait)
                tell(.postponed(job: entry.job, attempt: entry.attempts + 1, because: error.words))
            } else {
                try ledger.forgetLineage(entry.number, holder: holder)
                tell(.refused(job: entry.job, because: error.words))
            }
            return false
        }
        try ledger.forgetLineage(entry.number, holder: holder)
        return true
    }

    /// Microseconds: 30 s, doubled with each attempt up to an hour, shortened by up to a half so that jobs don't all come back at once.
    static func wait(after attempt: Int, number: Int64) -> Int64 {
        let doublings = min(max(attempt, 1) - 1, 10)
        let whole: Int64 = min(30_000_000 << doublings, longestPause)
        // A multiplicative hash: the same for the same attempt, spread over all.
        let bits: UInt64 = (UInt64(bitPattern: number) &+ UInt64(attempt)) &* 0x9E37_79B9_7F4A_7C15
        let share = Int64(bits >> 54)
        return whole - whole / 2 * share / 1_024
    }
}

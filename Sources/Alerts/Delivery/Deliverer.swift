public import Ledger
public import Suites
import Synchronization
import Tables

/// Sends what is in the outbox, until every message is delivered or given up.
///
/// Each channel is served by itself, so that a slow receiver holds up nobody else, and each of its incidents in order. A message is
/// claimed before it is sent and settled after; whoever is killed in between has it sent again, with the same key. Several
/// instances may work over one ledger, also with different routes: each sends to the receivers that its project has, and leaves alone
/// those that another one has declared.
public struct Deliverer: Sendable {
    let ledger: Ledger
    let routes: [String: AlertRoute]
    let courier: Courier
    let backoff: Backoff
    let holder: String
    let settings: Settings
    let onEvent: @Sendable (DeliveryEvent) -> Void

    public struct Settings: Sendable {
        /// Messages of one channel that are being sent at once.
        public let lanes: Int
        /// Microseconds for which a message is claimed, again and again while it is being sent.
        public let hold: Int64
        /// Between two looks at the outbox, which other processes write to; what this process writes is seen at once.
        public let pause: Duration

        public init(lanes: Int = 4, hold: Int64 = 300_000_000, pause: Duration = .seconds(2)) {
            self.lanes = max(1, lanes)
            self.hold = hold
            self.pause = pause
        }
    }

    /// `holder` is a name that no other instance has, as a process number with a random part.
    public init(
        ledger: Ledger, routes: [AlertRoute], courier: Courier, holder: String, backoff: Backoff = Backoff(),
        settings: Settings = Settings(), onEvent: @escaping @Sendable (DeliveryEvent) -> Void = { _ in }
    ) {
        self.ledger = ledger
        self.routes = Dictionary(routes.map { ($0.name, $0) }) { first, _ in first }
        self.courier = courier
        self.holder = holder
        self.backoff = backoff
        self.settings = settings
        self.onEvent = onEvent
    }

    /// Delivers until the task is cancelled.
    ///
    /// Then what is being sent is broken off, free again at once, and sent with the same key when somebody delivers again. `clock` gives
    /// microseconds since 1970.
    public func run(
        clock: @escaping @Sendable () -> Int64,
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) async {
        let served = ServedChannels()
        let (looks, look) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let news = ledger.outboxNews()
        await withDiscardingTaskGroup { group in
            group.addTask { for await _ in news { look.yield() } }
            group.addTask {
                while !Task.isCancelled {
                    look.yield()
                    do { try await sleep(settings.pause) } catch { break }
                }
            }
            for await _ in looks {
                for errand in dueErrands(at: clock()) where served.begin(errand.channel) {
                    group.addTask {
                        await carryOut(errand, clock: clock)
                        served.end(errand.channel)
                    }
                }
            }
            group.cancelAll()
        }
    }

    /// Delivers all that is due at a time, once, and returns when that is over.
    public func deliverDue(at now: Int64) async {
        await withDiscardingTaskGroup { group in
            for errand in dueErrands(at: now) { group.addTask { await carryOut(errand) { now } } }
        }
    }

    private func dueErrands(at now: Int64) -> [Errand] {
        do {
            try ledger.forgetFuture(
                ofOutboxAt: now, holder: holder, longestPause: backoff.longestPause, longestHold: settings.hold)
            return try ledger.outboxChannels(dueAt: now).compactMap { channel in
                let route = routes[channel.route]
                if let errand = try route?.errand(channel) { return errand }
                let declaration = Declaration.receiver(route: channel.route, key: channel.channel)
                guard try !ledger.isDeclared(declaration, at: now) else { return nil }
                if let errand = try route?.errandToStandIn(channel) { return errand }
                try giveUp(channel, at: now)
                return nil
            }
        } catch {
            storeFailed(error)
            return []
        }
    }

    /// Sends an errand's messages until none is due.
    private func carryOut(_ errand: Errand, clock: @escaping @Sendable () -> Int64) async {
        await withDiscardingTaskGroup { group in
            for _ in 0..<settings.lanes {
                group.addTask {
                    while !Task.isCancelled, let claim = claim(errand, at: clock()) {
                        await deliver(claim, errand, clock: clock)
                    }
                }
            }
        }
    }

    private func claim(_ errand: Errand, at now: Int64) -> OutboxClaim? {
        let limit = errand.route.rateLimit
        do {
            return try ledger.claimFromOutbox(
                errand.channel, pace: limit.map { OutboxPace(count: $0.count, period: $0.period) }, holder: holder,
                at: now,
                until: CivilTime.sum(now, settings.hold))
        } catch {
            storeFailed(error)
            return nil
        }
    }
}

/// The channels that are being served.
private final class ServedChannels: Sendable {
    private let channels = Mutex<Set<OutboxChannel>>([])

    /// False where it is already.
    func begin(_ channel: OutboxChannel) -> Bool { channels.withLock { $0.insert(channel).inserted } }

    func end(_ channel: OutboxChannel) { channels.withLock { _ = $0.remove(channel) } }
}

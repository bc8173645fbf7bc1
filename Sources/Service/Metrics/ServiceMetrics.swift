public import Ledger
import Synchronization

/// What happens in this process, counted for monitoring; all of it begins anew with the process.
///
/// Calls cost a lock and a look into a table, and may come from any thread. Bounded: beyond 2,000 combinations of labels of a kind
/// further ones are counted as "other".
public final class ServiceMetrics: Sendable {
    /// When the process began: microseconds since 1970-01-01T00:00:00Z.
    let startedAt: Int64
    private let state = Mutex(State())

    struct State {
        var schedulerLookedAt = ContinuousClock.now
        var validationsInFlight = 0
        var schedulerLag: [Validation: Double] = [:]
        var batches: [String: Histogram] = [:]
        var deliveries: [Delivery: Int] = [:]
        var requests: [RequestKey: Int] = [:]
        var requestSeconds: [String: Histogram] = [:]
    }

    struct Delivery: Hashable {
        let channel: String
        let result: String
    }

    struct RequestKey: Hashable {
        let route: String
        let method: String
        let status: Int
    }

    private static let most = 2_000

    public init(startedAt: Int64) { self.startedAt = startedAt }

    public func validationBegan() { state.withLock { $0.validationsInFlight += 1 } }

    public func validationEnded() { state.withLock { $0.validationsInFlight -= 1 } }

    /// The scheduler has looked for what is due.
    public func schedulerLooked(at instant: ContinuousClock.Instant = .now) {
        state.withLock { $0.schedulerLookedAt = instant }
    }

    /// How long after its slot a validation was begun.
    public func noteLag(seconds: Double, of validation: Validation) {
        state.withLock { state in
            guard state.schedulerLag[validation] != nil || state.schedulerLag.count < Self.most else { return }
            state.schedulerLag[validation] = seconds
        }
    }

    /// How long a pipeline took for a batch.
    public func noteBatch(seconds: Double, of pipeline: String) {
        state.withLock { state in
            let name = state.batches[pipeline] != nil || state.batches.count < Self.most ? pipeline : "other"
            state.batches[name, default: Histogram(bounds: Histogram.batchBounds)].observe(seconds)
        }
    }

    /// An attempt to deliver a message; the result is a word, as in `delivered`, `retried`, `dead`.
    public func noteDelivery(channel: String, result: String) {
        state.withLock { state in
            let key = Delivery(channel: channel, result: result)
            let isKnown = state.deliveries[key] != nil || state.deliveries.count < Self.most
            state.deliveries[isKnown ? key : Delivery(channel: "other", result: result), default: 0] += 1
        }
    }

    /// A request that was answered; its route is a pattern, never an address that a client made up.
    func noteRequest(route: String, method: String, status: Int, seconds: Double) {
        state.withLock { state in
            let key = RequestKey(route: route, method: method, status: status)
            let isKnown = state.requests[key] != nil || state.requests.count < Self.most
            state.requests[isKnown ? key : RequestKey(route: "other", method: "other", status: 0), default: 0] += 1
            state.requestSeconds[route, default: Histogram(bounds: Histogram.requestBounds)].observe(seconds)
        }
    }

    /// All of it at one point in time.
    var snapshot: State { state.withLock { $0 } }
}

import Ledger
import Synchronization
import Tables
import Testing
import Transport

@testable import Alerts

/// Receivers that fail as they like, processes that are killed between sending and noting it, two instances: whatever happens, every
/// message arrives, in order, and once for who looks at the key.
@Suite("Laws of delivery")
struct DeliveryLawTests {
    /// A receiver that keeps what it got, and whose answers get lost.
    private final class Receiver: Sendable {
        private let state: Mutex<(generator: Generator, taken: [String], isCalm: Bool)>

        init(seed: UInt64) { state = Mutex((Generator(state: seed), [], false)) }

        /// Keys as they came in, each where it came first.
        var firsts: [String] {
            var seen: Set<String> = []
            return state.withLock { $0.taken.filter { seen.insert($0).inserted } }
        }

        func calm() { state.withLock { $0.isCalm = true } }

        func take(_ key: String) throws(TransportError) -> HTTPResponse {
            let fate = state.withLock { $0.isCalm ? 9 : Int.random(in: 0..<10, using: &$0.generator) }
            if fate > 2 { state.withLock { $0.taken.append(key) } }
            switch fate {
            case 0: return HTTPResponse(status: 500)
            case 1: return HTTPResponse(status: 429, headers: [HTTPField("Retry-After", "30")])
            case 2: throw DeliveryBench.unreachable
            // It was taken, but its sender never hears of it.
            case 3: throw TransportError(code: "closed-early", message: "closed", place: "a:443", mayHelpToRetry: true)
            case 4: return HTTPResponse(status: 502)
            default: return HTTPResponse(status: 200)
            }
        }
    }

    struct Generator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }

    @Test(arguments: 1...12) func hold(seed: Int) async throws {
        let receiver = Receiver(seed: UInt64(seed))
        let bench = try DeliveryBench { call throws(TransportError) in try receiver.take(call.key) }
        let other = try Ledger(path: bench.ledger.path)
        var generator = Generator(state: UInt64(seed) &* 77)
        var written: [String: Int] = [:]
        var now = DeliveryBench.start
        for step in 0..<60 {
            if step < 40 {
                let incident = "i\(Int.random(in: 0..<5, using: &generator))"
                let sequence = written[incident, default: 0] + 1
                written[incident] = sequence
                try bench.put(incident, sequence, at: now)
            }
            if Int.random(in: 0..<4, using: &generator) == 0 { try killedProcess(bench, receiver, at: now) }
            let moment = now
            async let one: Void = bench.deliverer(holder: "one").deliverDue(at: moment)
            async let two: Void = bench.deliverer(holder: "two", ledger: other).deliverDue(at: moment)
            _ = await (one, two)
            now += Int64.random(in: 1...120, using: &generator) * DeliveryBench.second
        }
        receiver.calm()
        for _ in 0..<10 {
            now += DeliveryBench.hour
            await bench.deliverer().deliverDue(at: now)
        }
        #expect(try bench.ledger.outboxCounts() == OutboxCounts(waiting: 0, dead: 0, oldest: nil), "seed \(seed)")
        for (incident, count) in written {
            let keys = receiver.firsts.filter { $0.hasPrefix("\(incident).") }
            #expect(keys == (1...count).map { "\(incident).\($0)/0" }, "seed \(seed)")
        }
    }

    /// Takes a message, sends it perhaps, and is never heard of again.
    private func killedProcess(_ bench: DeliveryBench, _ receiver: Receiver, at now: Int64) throws {
        let channel = DeliveryBench.channel
        let until = now + 60 * DeliveryBench.second
        guard let claim = try bench.ledger.claimFromOutbox(channel, pace: nil, holder: "killed", at: now, until: until)
        else { return }
        _ = try? receiver.take(claim.entry.id)
    }
}

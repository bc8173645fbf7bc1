import Expectations
import Ledger
import Synchronization
import Testing

@testable import Alerts

@Suite struct SignalBacklogTests {
    private struct Locked: Error {}

    /// A store that takes nothing while it is locked.
    private final class Stage: Sendable {
        struct State {
            var isLocked = false
            var stored: [String] = []
            var failures: [String] = []
        }

        let state = Mutex(State())

        var stored: [String] { state.withLock { $0.stored } }
        var failures: [String] { state.withLock { $0.failures } }

        func lock(_ isLocked: Bool) { state.withLock { $0.isLocked = isLocked } }

        var backlog: SignalBacklog {
            SignalBacklog { [self] signals, subject, occasion in
                try state.withLock { state in
                    guard !state.isLocked else { throw Locked() }
                    let news = signals.map { "\($0.key) \($0.news)" }.joined(separator: ", ")
                    state.stored.append("\(subject.asset), \(occasion.id): \(news)")
                }
            } onFailure: { [self] subject, error in
                state.withLock { $0.failures.append("\(subject.asset): \(error)") }
            }
        }
    }

    private let stage = Stage()

    private func take(
        _ key: String, _ news: AlertSignal.News, _ id: String, of asset: String, to backlog: SignalBacklog
    ) {
        backlog.take(
            [AlertSignal(key: key, news: news, type: "pipeline", severity: .critical, sentence: "It is held.")],
            of: AlertSubject(asset: asset, suite: ""),
            occasion: AlertOccasion(id: id, startedAt: 1, isComplete: false))
    }

    @Test func storesAtOnceWhatCanBeStored() {
        let backlog = stage.backlog
        take("held", .failing, "1", of: "a", to: backlog)
        backlog.retry()
        #expect(stage.stored == ["a, 1: held failing"])
        #expect(stage.failures.isEmpty)
    }

    @Test func keepsWhatCouldNotBeStored() {
        let backlog = stage.backlog
        stage.lock(true)
        take("held", .failing, "1", of: "a", to: backlog)
        backlog.retry()
        #expect(stage.failures == ["a: Locked()", "a: Locked()"])
        stage.lock(false)
        backlog.retry()
        backlog.retry()
        #expect(stage.stored == ["a, 1: held failing"])
    }

    @Test func keepsTheLatestNewsOfEachThing() {
        let backlog = stage.backlog
        stage.lock(true)
        take("held", .failing, "1", of: "a", to: backlog)
        take("set-aside", .failing, "2", of: "a", to: backlog)
        take("held", .failing, "3", of: "b", to: backlog)
        stage.lock(false)
        take("held", .succeeding, "4", of: "a", to: backlog)
        #expect(stage.stored == ["a, 4: set-aside failing, held succeeding"])
        backlog.retry()
        #expect(stage.stored.last == "b, 3: held failing")
    }
}

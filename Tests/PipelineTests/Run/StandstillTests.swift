import Suites
import Synchronization
import Testing

@testable import Pipeline

/// What a pipeline tells of a machine that is in its way.
@Suite struct StandstillTests {
    private struct Heard {
        var words: [String] = []
        /// What the state says each time that something is told.
        var waits: [PipelineWait?] = []
    }

    /// What is told until all that arrived is where it belongs; between two tries the clock goes on by so many minutes.
    private func heard(failures: Int, minutes: Int64) async throws -> Heard {
        let pipeline = try TestPipeline()
        let state = try PipelineState(folder: pipeline.definition.state)
        defer { try? state.close() }
        let begin = TestPipeline.machineNow
        let now = Mutex(begin)
        let heard = Mutex(Heard())
        let running = Mutex<PipelineDriver?>(nil)
        var options = PipelineOptions(clock: { begin }, machineClock: { now.withLock { $0 } })
        options.report = { event in
            let wait = try? state.wait()
            heard.withLock { heard in
                heard.waits.append(wait)
                switch event {
                case .retrying: heard.words.append("retrying")
                case .stalled(let error, let since):
                    heard.words.append(
                        "stalled after \((now.withLock { $0 } - since) / 60_000_000) min: \(error.message)")
                case .caughtUp: heard.words.append("caught up")
                default: heard.words.append("something else")
                }
            }
            switch event {
            case .retrying: now.withLock { $0 += minutes * 60_000_000 }
            case .caughtUp: running.withLock { $0 }?.stop()
            default: break
            }
        }
        let driver = PipelineDriver(
            pipeline.definition, state: state, arrivals: HealingArrivals(failures: failures), options: options)
        running.withLock { $0 = driver }
        #expect(try await driver.run(once: false) == .stopped)
        running.withLock { $0 = nil }
        return heard.withLock { $0 }
    }

    @Test func isToldOnceAfterFiveMinutes() async throws {
        let heard = try await heard(failures: 3, minutes: 6)
        #expect(
            heard.words == [
                "retrying", "retrying", "stalled after 12 min: the disk is ill", "retrying", "caught up",
            ])
        let wait = PipelineWait(since: TestPipeline.machineNow, reason: "landing: the disk is ill [unreadable]")
        #expect(heard.waits == [wait, wait, wait, wait, nil])
    }

    @Test func isNotToldOfAShortWait() async throws {
        #expect(try await heard(failures: 2, minutes: 2).words == ["retrying", "retrying", "caught up"])
    }

    @Test func nothingInTheWayIsToldOnce() async throws {
        #expect(try await heard(failures: 0, minutes: 1).words == ["caught up"])
    }
}

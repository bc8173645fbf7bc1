import Foundation
import Ledger
import Synchronization
import TestSupport
import Testing

@testable import Service

@Suite struct LineageSenderTests {
    private let scratch: Scratch
    private let ledger: Ledger

    init() throws {
        scratch = try Scratch()
        ledger = try Ledger(path: scratch.path("assay.db"))
    }

    private func enqueue(_ events: [String], job: String = "a", at: Int64 = 0) throws {
        try ledger.transaction { try $0.enqueueLineage(events, job: job, at: at) }
    }

    /// What a receiver got, and how it answers.
    private final class Receiver: Sendable {
        let got = Mutex<[String]>([])
        let answer = Mutex<LineageTarget.Failure?>(nil)
        let broken = Mutex<Set<String>>([])
        let told = Mutex<[LineageSender.Event]>([])
        let time = Mutex<Int64>(1_000)

        var events: [String] { got.withLock { $0 } }

        func target() -> LineageTarget {
            LineageTarget(send: { event async throws(LineageTarget.Failure) in
                if let failure = self.answer.withLock({ $0 }) { throw failure }
                if self.broken.withLock({ $0.contains(event) }) {
                    throw LineageTarget.Failure(words: "no", mayHelpToRetry: true)
                }
                self.got.withLock { $0.append(event) }
            })
        }
    }

    private func sender(_ receiver: Receiver, holder: String = "me") -> LineageSender {
        LineageSender(
            ledger: ledger, target: receiver.target(), holder: holder, now: { receiver.time.withLock { $0 } },
            tell: { event in receiver.told.withLock { $0.append(event) } })
    }

    private func drain(_ sender: LineageSender) async { while await sender.sendDue() > 0 {} }

    @Test func eventsArriveInTheOrderOfTheirJob() async throws {
        try enqueue(["a1", "a2"])
        try enqueue(["b1", "b2"], job: "b")
        try enqueue(["a3"])
        let receiver = Receiver()
        await drain(sender(receiver))
        #expect(receiver.events.filter { $0.hasPrefix("a") } == ["a1", "a2", "a3"])
        #expect(receiver.events.filter { $0.hasPrefix("b") } == ["b1", "b2"])
        #expect(try ledger.lineageCount() == 0)
    }

    @Test func whatFailsHoldsBackItsOwnJobAndComesAgain() async throws {
        try enqueue(["a1", "a2"])
        try enqueue(["b1"], job: "b")
        let receiver = Receiver()
        receiver.broken.withLock { $0 = ["a1"] }
        await drain(sender(receiver))
        #expect(receiver.events == ["b1"])
        #expect(receiver.told.withLock { $0 } == [.postponed(job: "a", attempt: 1, because: "no")])
        receiver.broken.withLock { $0 = [] }
        await drain(sender(receiver))
        #expect(receiver.events == ["b1"])
        receiver.time.withLock { $0 += 30_000_000 }
        await drain(sender(receiver))
        #expect(receiver.events == ["b1", "a1", "a2"])
    }

    @Test func whatIsRefusedForGoodIsForgotten() async throws {
        try enqueue(["a1", "a2"])
        let receiver = Receiver()
        receiver.answer.withLock { $0 = LineageTarget.Failure(words: "it answered 400", mayHelpToRetry: false) }
        _ = await sender(receiver).sendDue()
        receiver.answer.withLock { $0 = nil }
        await drain(sender(receiver))
        #expect(receiver.events == ["a2"])
        #expect(receiver.told.withLock { $0 } == [.refused(job: "a", because: "it answered 400")])
    }

    @Test func whatWaitedTooLongIsForgotten() async throws {
        try enqueue(["old"], at: 0)
        try enqueue(["young"], at: 2_000_000)
        let receiver = Receiver()
        receiver.time.withLock { $0 = LineageSender.longestWait + 1_000_000 }
        await drain(sender(receiver))
        #expect(receiver.events == ["young"])
        #expect(receiver.told.withLock { $0 } == [.tooOld(count: 1)])
    }

    /// Two services over one store: what one sends, the other leaves alone, until it must take it for dead.
    @Test func anEventIsHeldByOneSender() throws {
        try enqueue(["a1", "a2"])
        #expect(
            try ledger.takeLineage(holder: "one", at: 10, hold: 100, longestPause: 100, limit: 9).map(\.event) == ["a1"]
        )
        #expect(try ledger.takeLineage(holder: "two", at: 20, hold: 100, longestPause: 100, limit: 9).isEmpty)
        let taken = try ledger.takeLineage(holder: "two", at: 110, hold: 100, longestPause: 100, limit: 9)
        #expect(taken.map(\.event) == ["a1"])
        // The first, come back, no longer decides.
        try ledger.forgetLineage(taken[0].number, holder: "one")
        #expect(try ledger.lineageCount() == 2)
        try ledger.forgetLineage(taken[0].number, holder: "two")
        #expect(try ledger.lineageCount() == 1)
    }

    @Test(arguments: [3, 960]) func aClockThatIsSetBackHoldsNothingUp(_ hours: Int64) throws {
        let hour: Int64 = 3_600_000_000
        func take(_ holder: String, at now: Int64) throws -> [LineageEntry] {
            try ledger.takeLineage(holder: holder, at: now, hold: 100, longestPause: hour, limit: 9)
        }
        try enqueue(["a1", "a2"], at: hours * hour)
        try enqueue(["b1"], job: "b", at: hours * hour)
        let taken = try take("killed", at: hours * hour)
        try ledger.postponeLineage(taken[0].number, holder: "killed", until: hours * hour + hour)
        #expect(try take("two", at: 0).map(\.event) == ["a1", "b1"])
    }

    @Test func eventsAreOneTransactionWithTheirRun() throws {
        #expect(throws: CancellationError.self) {
            try ledger.transaction { transaction in
                try transaction.record(LineageSamples.run())
                try transaction.enqueueLineage(["a1"], job: "a", at: 0)
                throw CancellationError()
            }
        }
        #expect(try ledger.lineageCount() == 0)
        #expect(try ledger.runs(limit: 9).isEmpty)
    }

    @Test func waitsGrowAndDiffer() {
        let waits = (1...12).map { LineageSender.wait(after: $0, number: 5) }
        #expect(waits.allSatisfy { (15_000_000...3_600_000_000).contains($0) })
        #expect(waits[11] >= 1_800_000_000)
        #expect(Set((1...50).map { LineageSender.wait(after: 3, number: $0) }).count > 40)
    }

    @Test func aFileGrowsByWholeLines() async throws {
        let path = scratch.path("lineage.jsonl")
        let target = LineageTarget(appendingTo: path)
        try await target.send("{\"a\":1}")
        // As a crash would leave it.
        let handle = try #require(FileHandle(forWritingAtPath: path))
        try handle.seekToEnd()
        try handle.write(contentsOf: Data("{\"a\":".utf8))
        try handle.close()
        try await target.send("{\"a\":2}")
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "{\"a\":1}\n{\"a\":\n{\"a\":2}\n")
    }

    @Test func aFileThatCannotBeWrittenIsTriedAgain() async throws {
        let target = LineageTarget(appendingTo: scratch.path("absent/lineage.jsonl"))
        let error = await #expect(throws: LineageTarget.Failure.self) { try await target.send("{}") }
        #expect(error?.mayHelpToRetry == true)
        #expect(error?.words.hasSuffix("no such file or directory") == true)
    }
}

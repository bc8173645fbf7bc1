import Ledger
import Testing

@testable import Service

/// Work that is waited for, and left behind where it doesn't end.
@Suite(.timeLimit(.minutes(20))) struct LooseWorkTests {
    @Test func tellsWhatItCameTo() async {
        let work = LooseWork(on: OwnExecutor()) { 7 }
        #expect(await work.value() == 7)
        #expect(await work.value() == 7)
        #expect(await work.ends(by: 1, SimulatedClock(at: 0).clock))
    }

    @Test func whoeverWaitsIsNotHeldUp() async {
        let (ends, end) = AsyncStream<Void>.makeStream()
        let work = LooseWork { await Task { for await _ in ends {} }.value }
        let waiting = Task { await work.value() }
        waiting.cancel()
        #expect(await waiting.value == nil)
        #expect(await !work.ends(by: 5, SimulatedClock(at: 5).clock))
        end.finish()
        #expect(await work.value() != nil)
    }

    @Test func ofManyThatHangEachCostsATurn() async {
        let (ends, end) = AsyncStream<Void>.makeStream()
        let gate = Task { for await _ in ends {} }
        let hanging = HangingReads()
        var all: [LooseWork<Void>] = []
        for number in 0..<HangingReads.most + 2 {
            #expect(hanging.excess == max(0, number - HangingReads.most))
            let work = LooseWork { await gate.value }
            hanging.leave(work, reading: .look(asset: "\(number)")) {}
            all.append(work)
        }
        #expect(hanging.excess == 2 && hanging.contains(.look(asset: "1")))
        end.finish()
        for work in all { _ = await work.value() }
        while hanging.count > 0 { await Task.yield() }
        #expect(!hanging.contains(.look(asset: "1")))
    }
}

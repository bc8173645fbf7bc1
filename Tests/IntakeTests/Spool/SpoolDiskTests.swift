import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Intake

/// Disks that fail, and a disk that is full.
struct SpoolDiskTests {
    let scratch: Scratch
    let clock = TestClock()

    init() throws { scratch = try Scratch() }

    /// Fails at chosen calls, counted from 1, with the error of a broken disk.
    private func failing(at calls: Set<Int>) -> SpoolFile.Synchronise {
        let counter = Counter()
        return { descriptor in
            guard calls.contains(counter.increase()) else { return SpoolFile.system(descriptor) }
            errno = EIO
            return -1
        }
    }

    // The calls: 1 the log's header, then two for each request (its bytes, its entry).
    @Test(arguments: 2...9)
    func givesUpTheSegmentWhoseSynchronisationFails(_ call: Int) async throws {
        var acknowledged = ""
        do {
            let spool = try Spool(
                scratch.path("spool"), limits: SpoolLimits(), now: clock.now, synchronise: failing(at: [call]))
            for number in 1...4 {
                let code = await spool.code(appending: "\(number)", key: "\(number)")
                if code == nil { acknowledged += "\(number)\n" } else { #expect(code == "input-output") }
            }
            #expect(try spool.text() == acknowledged)
            #expect(spool.seal().count == (call < 4 ? 1 : call > 7 ? 1 : 2))
            spool.close()
        }
        #expect(acknowledged.utf8.count == 6)
        let spool = try Spool(scratch.path("spool"), now: clock.now)
        #expect(try spool.text() == acknowledged)
        #expect(spool.recovery.damage.isEmpty)
        // What was refused is not remembered.
        for number in 1...4 {
            let isIn = acknowledged.contains("\(number)")
            #expect(try await spool.append("\(number)", key: "\(number)").isRepeated == isIn)
        }
    }

    @Test func refusesAGroupAsAWhole() async throws {
        let isBroken = Mutex(true)
        let spool = try Spool(scratch.path("spool"), limits: SpoolLimits(), now: clock.now) { descriptor in
            guard isBroken.withLock({ $0 }) else { return SpoolFile.system(descriptor) }
            errno = EIO
            return -1
        }
        let codes = await withTaskGroup(of: String?.self) { group in
            for number in 0..<100 { group.addTask { await spool.code(appending: "\(number)", key: "\(number % 50)") } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(codes.allSatisfy { $0 == "input-output" })
        isBroken.withLock { $0 = false }
        #expect(await spool.code(appending: "1") == nil)
        #expect(try spool.text() == "1\n")
    }
}

@Suite(.enabled(if: SmallDisk.isPossible, "mounting needs root")) struct SpoolFullDiskTests {
    @Test func refusesWhileTheDiskIsFullAndGoesOnWhenThereIsRoom() async throws {
        let scratch = try Scratch()
        let clock = TestClock()
        let disk = try SmallDisk(scratch.path("small"), kilobytes: 512)
        defer { disk.unmount() }
        let spool = try Spool(disk.path + "/spool", now: clock.now)
        let line = String(repeating: "x", count: 60_000)
        var acknowledged = 0
        var refusals = 0
        for _ in 0..<20 {
            switch await spool.code(appending: line) {
            case nil: acknowledged += 1
            case "disk-full": refusals += 1
            case let code?: Issue.record("unexpected: \(code)")
            }
        }
        #expect(acknowledged >= 6 && refusals >= 10)
        let text = try spool.text()
        #expect(text == String(repeating: line + "\n", count: acknowledged))
        try spool.remove(spool.seal())
        #expect(await spool.code(appending: "1") == nil)
        spool.close()
        let again = try Spool(disk.path + "/other", now: clock.now)
        #expect(await again.code(appending: "1") == nil)
    }
}

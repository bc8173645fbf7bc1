import Foundation
import Intake
import Tables
import TestSupport
import Testing

/// Half a million files: what it takes is counted in calls and bytes.
@Suite struct ManyFilesTests {
    @Test func keepsThirtyTwoBytesAFile() {
        var seen = SeenFiles()
        for number in 0..<500_000 as Range<UInt64> {
            let name = number &* 0x9E37_79B9_7F4A_7C15
            seen.insert(SeenMark(name: name, version: number, node: UInt32(truncatingIfNeeded: number)))
            if number > 1_000 { #expect(seen.byteCount <= 32 * seen.count) }
        }
        #expect(seen.count == 500_000)
        for number in 0..<500_000 as Range<UInt64> {
            let name = number &* 0x9E37_79B9_7F4A_7C15
            let mark = SeenMark(name: name, version: number, node: UInt32(truncatingIfNeeded: number))
            if !seen.contains(mark) { Issue.record("\(number) is lost") }
            if seen.contains(SeenMark(name: name, version: number + 1, node: 0)) {
                Issue.record("\(number) is another")
            }
        }
    }

    @Test func looksAtNewFilesOnly() throws {
        let scratch = try Scratch()
        let count = 20_000
        for number in 0..<count { close(open(scratch.path("\(number).jsonl"), O_WRONLY | O_CREAT, 0o644)) }
        let options = LandingOptions(folder: scratch.directory, settle: .zero)
        let folder = LandingFolder(options)
        let now = Clock.now
        // The first time each is looked at, and those that are handed out once more.
        let first = try folder.discover(now: now, files: 100)
        #expect(first.ready.count == 100 && first.readyCount == count)
        #expect(first.cost == Discovery.Cost(listings: 1, entries: count, looks: count + 100))
        // The queue is not listed again.
        folder.planned(first.ready)
        let second = try folder.discover(now: now + Clock.second, files: 100)
        #expect(second.readyCount == count - 100)
        #expect(second.cost.looks == 100)
        // Nor when its folder is.
        folder.planned(second.ready)
        let third = try folder.discover(now: now + 60 * Clock.second, files: 100)
        #expect(third.cost == Discovery.Cost(listings: 1, entries: count, looks: 100))
        folder.planned(try folder.discover(now: now + 60 * Clock.second).ready)
        #expect(folder.seen.count == count && folder.seen.byteCount <= 32 * count)
        // What is known costs nothing; what is new costs two looks, and one more for its event.
        try scratch.file("{}\n", "new.jsonl")
        let fourth = try folder.discover(now: now + 120 * Clock.second)
        #expect(fourth.ready.map(\.name) == ["new.jsonl"])
        #expect(fourth.cost.entries == count + 1 && fourth.cost.looks <= 3)
    }
}

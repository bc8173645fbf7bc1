import Foundation
import Intake
import Tables
import TestSupport
import Testing

/// When a file is taken to be complete.
@Suite struct ReadinessTests {
    private let scratch: Scratch
    private let folder: LandingFolder

    init() throws {
        scratch = try Scratch()
        let options = LandingOptions(folder: scratch.directory, settle: .seconds(10))
        folder = LandingFolder(options)
    }

    private func ready(_ now: Int64) throws -> [String] {
        let found = try folder.discover(now: now)
        folder.planned(found.ready)
        return found.ready.map(\.name)
    }

    @Test func waitsUntilAFileIsLeftAlone() throws {
        try scratch.file("x\n", "a.csv")
        let now = Clock.now
        let found = try folder.discover(now: now)
        #expect(found.ready.isEmpty && found.waitingCount == 1 && found.waitingBytes == 2)
        #expect(found.waiting.map(\.name) == ["a.csv"])
        #expect(found.oldestWaiting.map { abs(now - $0 / 1_000) < 60 * Clock.second } ?? false)
        let next = try #require(found.nextLook)
        #expect(next > .zero && next <= .seconds(10))
        #expect(try ready(now + 5 * Clock.second).isEmpty)
        try scratch.append("y\n", to: "a.csv")
        // By the file's own times it is settled ten seconds after the last write.
        #expect(try ready(Clock.now + 11 * Clock.second) == ["a.csv"])
        #expect(try folder.discover(now: now).nextLook == nil)
    }

    @Test func goesByWhatItSawWhereTimesAreInTheFuture() throws {
        try scratch.file("x\n", "a.csv")
        let past = Clock.now - 86_400 * Clock.second
        #expect(try ready(past).isEmpty)
        #expect(try ready(past + 9 * Clock.second).isEmpty)
        let writer = try FileHandle(forWritingTo: URL(fileURLWithPath: scratch.path("a.csv")))
        try writer.write(contentsOf: Data("longer\n".utf8))
        #expect(try ready(past + 10 * Clock.second).isEmpty)
        #expect(try ready(past + 19 * Clock.second).isEmpty)
        try writer.close()
        #expect(try ready(past + 20 * Clock.second) == ["a.csv"])
    }

    @Test func waitsOnWhenTheClockGoesBack() throws {
        try scratch.file("x\n", "a.csv")
        let past = Clock.now - 86_400 * Clock.second
        #expect(try ready(past).isEmpty)
        #expect(try ready(past - 1_000 * Clock.second).isEmpty)
        #expect(try ready(past - 991 * Clock.second).isEmpty)
        #expect(try ready(past - 990 * Clock.second) == ["a.csv"])
    }

    @Test func takesAMarkerForAnAnswer() throws {
        try scratch.file("x\n", "a.csv")
        try scratch.file("x\n", "b.csv")
        try scratch.file("", "a.csv.done")
        #expect(try ready(Clock.now) == ["a.csv"])
    }

    @Test func takesZeroForAnAnswer() throws {
        let options = LandingOptions(folder: scratch.directory, settle: .zero)
        try scratch.file("x\n", "a.csv")
        #expect(try LandingFolder(options).discover(now: Clock.now - 1_000 * Clock.second).readyCount == 1)
    }

    #if os(Linux)
        @Test func takesRenamingForAnAnswer() throws {
            let now = Clock.now
            #expect(try ready(now).isEmpty)
            try scratch.file("x\n", "a.csv.tmp")
            #expect(try ready(now).isEmpty)
            try scratch.rename("a.csv.tmp", to: "a.csv")
            #expect(try ready(now) == ["a.csv"])
        }

        @Test func takesClosingForAnAnswer() throws {
            let now = Clock.now
            #expect(try ready(now).isEmpty)
            let descriptor = open(scratch.path("a.csv"), O_WRONLY | O_CREAT, 0o644)
            #expect(write(descriptor, "x\n", 2) == 2)
            #expect(try ready(now).isEmpty)
            #expect(try folder.discover(now: now).waitingCount == 1)
            close(descriptor)
            #expect(try ready(now) == ["a.csv"])
        }

        /// However long its writer pauses, up to a minute.
        @Test func waitsForAFileThatIsOpenToBeClosed() throws {
            let now = Clock.now
            #expect(try ready(now).isEmpty)
            for name in ["a.csv", "b.csv"] {
                let descriptor = open(scratch.path(name), O_WRONLY | O_CREAT, 0o644)
                #expect(write(descriptor, "x\n1", 3) == 3)
                #expect(try ready(now).isEmpty)
                // By its own times it is settled.
                #expect(try ready(Clock.now + 30 * Clock.second).isEmpty)
                #expect(write(descriptor, "23\n", 3) == 3)
                if name == "b.csv" {
                    let found = try folder.discover(now: Clock.now + 59 * Clock.second)
                    let next = try #require(found.nextLook)
                    #expect(found.waitingCount == 1 && next > .zero && next <= .seconds(60))
                    #expect(try ready(Clock.now + 61 * Clock.second) == ["b.csv"])
                }
                close(descriptor)
                #expect(try ready(now) == (name == "a.csv" ? ["a.csv"] : []))
            }
        }

        @Test func aMarkerSaysMoreThanAnOpenFile() throws {
            let now = Clock.now
            #expect(try ready(now).isEmpty)
            let descriptor = open(scratch.path("a.csv"), O_WRONLY | O_CREAT, 0o644)
            defer { close(descriptor) }
            #expect(write(descriptor, "x\n", 2) == 2)
            try scratch.file("", "a.csv.done")
            #expect(try ready(now) == ["a.csv"])
        }

        @Test func doesNotTakeAnEarlierClosingForAnAnswer() throws {
            let now = Clock.now
            #expect(try ready(now).isEmpty)
            try scratch.file("x\n", "a.csv")
            try scratch.remove("a.csv")
            let descriptor = open(scratch.path("a.csv"), O_WRONLY | O_CREAT, 0o644)
            defer { close(descriptor) }
            #expect(try ready(now).isEmpty)
        }

        @Test func watchesNewSubfolders() throws {
            var options = LandingOptions(folder: scratch.directory, settle: .seconds(10))
            options.isRecursive = true
            let folder = LandingFolder(options)
            let now = Clock.now
            #expect(try folder.discover(now: now).readyCount == 0)
            try scratch.folder("x/y")
            #expect(try folder.discover(now: now).readyCount == 0)
            try scratch.file("x\n", "x/y/a.csv")
            #expect(try folder.discover(now: now).ready.map(\.name) == ["x/y/a.csv"])
        }
    #endif
}

/// Files that change after they were read, or before.
@Suite struct ChangedFilesTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func folder(_ onChange: LandingOptions.OnChange) -> LandingFolder {
        var options = LandingOptions(folder: scratch.directory, settle: .zero)
        options.onChange = onChange
        return LandingFolder(options)
    }

    @Test func readsAChangedFileAgain() throws {
        let folder = folder(.read)
        try scratch.file("x\n", "a.csv")
        let first = try folder.discover(now: Clock.now)
        #expect(first.changed.isEmpty)
        folder.planned(first.ready)
        try scratch.append("y\n", to: "a.csv")
        let second = try folder.discover(now: Clock.now)
        #expect(second.ready.map(\.name) == ["a.csv"] && second.changed == ["a.csv"])
        #expect(second.ready[0].byteCount == 4)
        folder.planned(second.ready)
        #expect(try folder.discover(now: Clock.now).ready.isEmpty)
    }

    @Test func readsAFileThatTookThePlaceOfAnother() throws {
        let folder = folder(.read)
        try scratch.file("x\n", "a.csv")
        folder.planned(try folder.discover(now: Clock.now).ready)
        try scratch.file("y\n", "b.tmp")
        try scratch.rename("b.tmp", to: "a.csv")
        #expect(try folder.discover(now: Clock.now).changed == ["a.csv"])
    }

    @Test func ignoresChanges() throws {
        let folder = folder(.ignore)
        try scratch.file("x\n", "a.csv")
        folder.planned(try folder.discover(now: Clock.now).ready)
        try scratch.append("y\n", to: "a.csv")
        let found = try folder.discover(now: Clock.now)
        #expect(found.ready.isEmpty && found.ignoredChanges == 1)
        #expect(try folder.discover(now: Clock.now).ignoredChanges == 1)
    }

    @Test func failsOnChanges() throws {
        let folder = folder(.fail)
        try scratch.file("x\n", "a.csv")
        folder.planned(try folder.discover(now: Clock.now).ready)
        try scratch.append("y\n", to: "a.csv")
        for _ in 0..<2 {
            let error = #expect(throws: SourceError.self) { try folder.discover(now: Clock.now) }
            #expect(error?.summary == "a.csv: the file has changed since it was read [changed]")
        }
    }

    @Test func findsChangesThatNobodyToldOf() throws {
        let folder = folder(.read)
        let now = Clock.now
        try scratch.file("xx\n", "a.csv")
        folder.planned(try folder.discover(now: now).ready)
        // A change without an event: by the file's times alone.
        let time = Date(timeIntervalSince1970: 1_700_000_000)
        try FileManager.default.setAttributes([.modificationDate: time], ofItemAtPath: scratch.path("a.csv"))
        #expect(try folder.discover(now: now + 60 * Clock.second).ready.isEmpty)
        #expect(try folder.discover(now: now + 1_000 * Clock.second).changed == ["a.csv"])
    }

    @Test func handsOutAFileAsItIsNow() throws {
        let folder = folder(.read)
        try scratch.file("x\n", "a.csv")
        try scratch.file("x\n", "b.csv")
        #expect(try folder.discover(now: Clock.now).readyBytes == 4)
        try scratch.append("y\n", to: "a.csv")
        try scratch.remove("b.csv")
        let found = try folder.discover(now: Clock.now)
        #expect(found.ready.map(\.name) == ["a.csv"] && found.ready[0].byteCount == 4)
        #expect(found.readyCount == 1 && found.readyBytes == 4 && found.changed.isEmpty)
    }
}

import Foundation
import Tables
import TestSupport
import Testing

@testable import Intake

struct SpoolFeederTests {
    let scratch: Scratch
    let clock = TestClock()

    init() throws { scratch = try Scratch() }

    /// Writes to the other end of a pipe from a thread of its own, in pieces, and closes it.
    private func pipe(_ pieces: [String]) throws -> FileHandle {
        let pipe = Pipe()
        Thread {
            for piece in pieces { try? pipe.fileHandleForWriting.write(contentsOf: Data(piece.utf8)) }
            try? pipe.fileHandleForWriting.close()
        }.start()
        return pipe.fileHandleForReading
    }

    private func feed(_ pieces: [String], _ spool: Spool, wait: @escaping @Sendable (Duration) async throws -> Void)
        async throws -> SpoolFeeder.Summary
    {
        let input = try pipe(pieces)
        let summary = try await SpoolFeeder(input.fileDescriptor, name: "standard input", into: spool, wait: wait).run()
        try input.close()
        return summary
    }

    @Test func copiesWholeLinesAndTheLastOneWithoutItsEnd() async throws {
        let spool = try Spool(scratch.path("spool"), now: clock.now)
        let summary = try await feed(["{\"a\":1}\n\n{\"b\"", ":2}\r\n{bro", "ken"], spool) { _ in }
        #expect(summary.records == 3 && summary.longRecords == 0)
        #expect(try spool.text() == "{\"a\":1}\n{\"b\":2}\r\n{broken\n")
    }

    @Test func copiesNothingOfNothing() async throws {
        let spool = try Spool(scratch.path("spool"), now: clock.now)
        #expect(try await feed([], spool) { _ in } == SpoolFeeder.Summary())
        #expect(spool.seal().isEmpty)
    }

    /// Whoever starts a process may have closed its standard input.
    @Test func saysThatAClosedInputIsClosed() async throws {
        let spool = try Spool(scratch.path("spool"), now: clock.now)
        let feeder = SpoolFeeder(-1, name: "standard input", into: spool)
        let error = await #expect(throws: SourceError.self) { try await feeder.run() }
        #expect(error?.summary == "standard input: it is closed [unreadable]")
    }

    @Test func givesALongLineASegmentOfItsOwn() async throws {
        var limits = SpoolLimits()
        limits.maximumRecordBytes = 1_000
        let spool = try Spool(scratch.path("spool"), limits: limits, now: clock.now)
        let long = String(repeating: "x", count: 700_000)
        let summary = try await feed(["1\n" + long, long + "\n2\n", long], spool) { _ in }
        #expect(summary.records == 4 && summary.longRecords == 2)
        #expect(try spool.seal().map { try $0.text() } == ["1\n", long + long + "\n", "2\n", long + "\n"])
        spool.close()
        let again = try Spool(scratch.path("spool"), limits: limits, now: clock.now)
        #expect(try again.text() == "1\n" + long + long + "\n2\n" + long + "\n")
    }

    @Test func stopsReadingWhileTheSpoolIsFull() async throws {
        var limits = SpoolLimits()
        limits.maximumBytes = 40_000
        limits.maximumRecordBytes = 10_000
        let spool = try Spool(scratch.path("spool"), limits: limits, now: clock.now)
        let lines = (0..<20_000).map { "{\"n\":\($0)}\n" }
        let taken = Counter()
        let collected = Collected()
        // Whenever it has to wait, a batch comes by.
        _ = try await feed([lines.joined()], spool) { _ in
            taken.increase()
            let files = spool.seal()
            for file in files { collected.add(try file.text()) }
            try spool.remove(files)
        }
        collected.add(try spool.text())
        #expect(taken.value > 3)
        #expect(collected.text == lines.joined())
    }

    /// What is in the spool and what is still in the pipe are together what was written, and whole lines.
    @Test func stopsWhereALineEnds() async throws {
        let spool = try Spool(scratch.path("spool"), now: clock.now)
        let pipe = Pipe()
        let (input, output) = (pipe.fileHandleForReading, pipe.fileHandleForWriting)
        let feeding = Task {
            try await SpoolFeeder(
                input.fileDescriptor, name: "standard input", into: spool, lastLineWait: .seconds(600)
            ).run()
        }
        try output.write(contentsOf: Data("1\n{\"half\"".utf8))
        while spool.bytesWaiting == 0 { try await Task.sleep(for: .milliseconds(1)) }
        feeding.cancel()
        try await Task.sleep(for: .milliseconds(400))
        try output.write(contentsOf: Data(":2}\n3\n4\n".utf8))
        #expect(try await feeding.value.records == 2)
        #expect(try spool.text() == "1\n{\"half\":2}\n")
        try output.close()
        #expect(try input.readToEnd() == Data("3\n4\n".utf8))
    }

    /// Nobody else has what was read: a spool that is full takes it all the same.
    @Test func keepsWhatWasReadWhereTheSpoolIsFull() async throws {
        var limits = SpoolLimits()
        limits.maximumBytes = 40_000
        limits.maximumRecordBytes = 10_000
        let spool = try Spool(scratch.path("spool"), limits: limits, now: clock.now)
        let lines = (0..<20_000).map { "{\"n\":\($0)}\n" }
        let input = try pipe([lines.joined()])
        let feeding = Task {
            try await SpoolFeeder(input.fileDescriptor, name: "standard input", into: spool).run()
        }
        while spool.bytesWaiting < 20_000 { try await Task.sleep(for: .milliseconds(1)) }
        feeding.cancel()
        _ = try await feeding.value
        let left = try String(decoding: input.readToEnd() ?? Data(), as: UTF8.self)
        #expect(try spool.text() + left == lines.joined())
        #expect(left.isEmpty || left.hasPrefix("{"))
    }

    @Test func cutsAnywhere() {
        let text = Array("a\nbb\n\ncccccccccc\ndd\neeeeee".utf8)
        for first in 0...text.count {
            for second in first...text.count {
                var cutter = LineCutter(maximumBytes: 4)
                let parts =
                    cutter.cut(Array(text[..<first])) + cutter.cut(Array(text[first..<second]))
                    + cutter.cut(Array(text[second...])) + cutter.end()
                var joined: [UInt8] = []
                var long = 0
                for part in parts {
                    switch part {
                    case .lines(let bytes), .longPart(let bytes): joined += bytes
                    case .longEnd: long += 1
                    }
                    if case .lines(let bytes) = part { #expect(bytes.last == 0x0A && bytes.count <= 5) }
                }
                #expect(joined == text + [0x0A] && long == 2)
            }
        }
    }
}

private final class Collected: @unchecked Sendable {
    // @unchecked: text is only touched by the one task that feeds, and afterwards.
    private(set) var text = ""

    func add(_ part: String) { text += part }
}

import Foundation
import TestSupport
import Testing

@testable import Intake

/// A folder as a crash left it, made by cutting and changing files byte by byte.
struct SpoolRecoveryTests {
    let scratch: Scratch
    let clock = TestClock()
    /// Three groups of one request; the second has two lines.
    static let requests = ["{\"a\":1}\n", "{\"b\":22}\n{\"b\":23}\n", "{\"c\":333}\n"]
    static let segment = "segment-0000000001.jsonl"
    static let log = "requests-0000000001.log"

    init() throws { scratch = try Scratch() }

    /// A folder whose process was killed: the segment was never closed.
    private func makeFolder() async throws {
        let spool = try Spool(scratch.path("original"), now: clock.now)
        for (index, text) in Self.requests.enumerated() { _ = try await spool.append(text, key: "key \(index)") }
        spool.close()
    }

    private func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: scratch.path("original/\(name)"))))
    }

    private func open(segment: [UInt8]?, log: [UInt8]?) throws -> Spool {
        let folder = scratch.path(UUID().uuidString)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        if let segment { try Data(segment).write(to: URL(fileURLWithPath: "\(folder)/\(Self.segment)")) }
        if let log { try Data(log).write(to: URL(fileURLWithPath: "\(folder)/\(Self.log)")) }
        return try Spool(folder, now: clock.now)
    }

    /// Every text that whole requests make, from none to all.
    private static let wholes = (0...requests.count).map { requests.prefix($0).joined() }

    @Test func takesUpWhatWasThere() async throws {
        try await makeFolder()
        let spool = try open(segment: bytes(Self.segment), log: bytes(Self.log))
        #expect(spool.recovery == SpoolRecovery(segments: 1, byteCount: 36))
        #expect(try spool.text() == Self.wholes[3])
        #expect(try await spool.append(Self.requests[1], key: "key 1").isRepeated)
        #expect(try await spool.append("4").segment == "segment-0000000002.jsonl")
    }

    @Test func keepsWholeRequestsOfASegmentCutAnywhere() async throws {
        try await makeFolder()
        let (segment, log) = (try bytes(Self.segment), try bytes(Self.log))
        for length in 0...segment.count {
            let spool = try open(segment: Array(segment[..<length]), log: log)
            let text = try spool.text()
            // The last group alone can have been torn: of those before it everything that is there is kept.
            let torn = length >= Self.wholes[2].utf8.count
            #expect(
                torn ? Self.wholes.contains(text) : Array(text.utf8) == Array(segment[..<length]), "cut at \(length)")
            #expect(spool.recovery.damage.isEmpty == torn, "cut at \(length)")
            spool.close()
        }
    }

    @Test func keepsWholeRequestsOfALogCutAnywhere() async throws {
        try await makeFolder()
        let (segment, log) = (try bytes(Self.segment), try bytes(Self.log))
        for length in 0...log.count {
            let spool = try open(segment: segment, log: Array(log[..<length]))
            let entries = max(0, length - 64) / 64
            let text = try spool.text()
            // Without a log nobody knows: the bytes are kept for the gate.
            #expect(text == (length < 64 ? Self.wholes[3] : Self.wholes[entries]), "cut at \(length)")
            #expect(spool.recovery.damage.isEmpty == (length >= 64), "cut at \(length)")
            // What a torn request brings later is not mixed with what it left.
            _ = try await spool.append("{\"next\":1}")
            #expect(try spool.text() == text + "{\"next\":1}\n", "cut at \(length)")
            spool.close()
        }
    }

    @Test func passesOverGarbageAtTheEnds() async throws {
        try await makeFolder()
        var generator = SystemRandomNumberGenerator()
        for count in [1, 63, 64, 65, 500] {
            let garbage = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
            let zeros = [UInt8](repeating: 0, count: count)
            for tail in [garbage, zeros] {
                let spool = try open(segment: bytes(Self.segment) + tail, log: bytes(Self.log) + tail)
                #expect(try spool.text() == Self.wholes[3])
                #expect(spool.recovery.bytesDropped == Int64(count))
                #expect(spool.recovery.damage.isEmpty)
                spool.close()
            }
        }
    }

    @Test func neverDropsWhatWasAcknowledgedWhenABitFlips() async throws {
        try await makeFolder()
        let (segment, log) = (try bytes(Self.segment), try bytes(Self.log))
        for place in 64..<log.count {
            var flipped = log
            flipped[place] ^= 0x10
            let spool = try open(segment: segment, log: flipped)
            let isLastGroup = place >= log.count - 64
            #expect(try spool.text() == Self.wholes[isLastGroup ? 2 : 3], "flipped at \(place)")
            #expect(spool.recovery.damage.isEmpty == isLastGroup, "flipped at \(place)")
            _ = try await spool.append("{\"next\":1}")
            spool.close()
        }
    }

    @Test func saysThatALogIsNone() async throws {
        try await makeFolder()
        var log = try bytes(Self.log)
        log[3] ^= 1
        let error = #expect(throws: SpoolError.self) { _ = try open(segment: bytes(Self.segment), log: log) }
        #expect(error?.code == "spool-damaged")
    }

    @Test func removesWhatACrashLeftOnTheWay() async throws {
        try await makeFolder()
        for name in ["_long-1.jsonl", "segment-0000000002.jsonl", "requests-0000000002.log"] {
            try Data("torn".utf8).write(to: URL(fileURLWithPath: scratch.path("original/\(name)")))
        }
        let spool = try Spool(scratch.path("original"), now: clock.now)
        #expect(scratch.names("original") == [".lock", Self.log, Self.segment])
        #expect(try spool.text() == Self.wholes[3])
        #expect(try await spool.append("4").segment == "segment-0000000003.jsonl")
    }
}

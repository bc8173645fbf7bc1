import Foundation
import TestSupport
import Testing

@testable import Intake

struct SpoolTests {
    let scratch: Scratch
    let clock = TestClock()

    init() throws { scratch = try Scratch() }

    func spool(_ limits: SpoolLimits = SpoolLimits()) throws -> Spool {
        try Spool(scratch.path("spool"), limits: limits, now: clock.now)
    }

    @Test func takesLinesByteForByte() async throws {
        let spool = try spool()
        let first = try await spool.append("{\"a\": 1}\r\n\n  \t\n{broken\n")
        let second = try await spool.append("\u{FEFF}{\"b\":2}")
        #expect(
            first == SpoolReceipt(segment: "segment-0000000001.jsonl", byteOffset: 0, records: 2, isRepeated: false))
        #expect(
            second == SpoolReceipt(segment: "segment-0000000001.jsonl", byteOffset: 18, records: 1, isRepeated: false))
        #expect(try spool.text() == "{\"a\": 1}\r\n{broken\n{\"b\":2}\n")
    }

    @Test func handsOverSegmentsInOrderAndRemovesThem() async throws {
        let spool = try spool()
        #expect(spool.seal().isEmpty)
        _ = try await spool.append("1")
        let first = spool.seal()
        #expect(first.map(\.name) == ["segment-0000000001.jsonl"])
        #expect(first.map(\.byteCount) == [2])
        #expect(spool.seal() == first)
        clock.advance(5)
        _ = try await spool.append("22")
        #expect(spool.bytesWaiting == 5)
        #expect(spool.oldestWaiting == 1_795_000_000_000_000_000)
        #expect(spool.seal().map(\.name) == ["segment-0000000001.jsonl", "segment-0000000002.jsonl"])
        try spool.remove(first)
        try spool.remove(first)
        #expect(spool.bytesWaiting == 3)
        #expect(spool.oldestWaiting == 1_795_000_005_000_000_000)
        #expect(try spool.text() == "22\n")
    }

    @Test func neverGivesANumberTwice() async throws {
        for number in 1...3 {
            let spool = try spool()
            let receipt = try await spool.append("\(number)")
            #expect(receipt.segment == "segment-000000000\(number).jsonl")
            try spool.remove(spool.seal())
            spool.close()
        }
    }

    @Test func beginsAnotherSegmentWhenOneIsFull() async throws {
        var limits = SpoolLimits()
        limits.segmentBytes = 4
        let spool = try spool(limits)
        for text in ["1", "2", "3", "4"] { _ = try await spool.append(text) }
        #expect(try spool.seal().map { try $0.text() } == ["1\n2\n", "3\n4\n"])
    }

    @Test func refusesWhatIsBeyondTheLimitsWholly() async throws {
        var limits = SpoolLimits()
        limits.maximumBytes = 10
        limits.maximumRecordBytes = 6
        limits.maximumRequestBytes = 8
        let spool = try spool(limits)
        #expect(await spool.code(appending: "1\n1234567") == "record-too-long")
        #expect(await spool.code(appending: "12345\n12345\n") == "request-too-large")
        #expect(await spool.code(appending: "1\n123456") == nil)
        #expect(await spool.code(appending: "12") == "spool-full")
        try spool.remove(spool.seal())
        #expect(await spool.code(appending: "12") == nil)
        #expect(try spool.text() == "12\n")
    }

    @Test func oneProcessHasAFolder() throws {
        let first = try spool()
        #expect(throws: SpoolError.self) { _ = try spool() }
        first.close()
    }

    @Test func takesNothingWhenClosed() async throws {
        let spool = try spool()
        _ = try await spool.append("1")
        spool.close()
        #expect(await spool.code(appending: "2") == "spool-closed")
        #expect(try spool.text() == "1\n")
    }

    @Test func givesARetryTheSameAnswerOnce() async throws {
        let spool = try spool()
        _ = try await spool.append("0")
        let first = try await spool.append("1\n2", key: "a")
        let again = try await spool.append("1\n2", key: "a")
        #expect(!first.isRepeated && again.isRepeated)
        #expect((again.segment, again.byteOffset, again.records) == (first.segment, first.byteOffset, first.records))
        #expect(await spool.code(appending: "1\n3", key: "a") == "key-reused")
        #expect(await spool.code(appending: "1\n3", key: "b") == nil)
        #expect(try spool.text() == "0\n1\n2\n1\n3\n")
    }

    @Test func remembersKeysWhenSegmentsAreGoneAndAfterARestart() async throws {
        for _ in 0..<3 {
            let spool = try spool()
            #expect(try await spool.append("1", key: "a").segment == "segment-0000000001.jsonl")
            try spool.remove(spool.seal())
            #expect(try await spool.append("1", key: "a").segment == "segment-0000000001.jsonl")
            #expect(spool.seal().isEmpty)
            spool.close()
        }
    }

    @Test func manyUnderOneKeyAtOnceAreOne() async throws {
        let spool = try spool()
        let receipts = try await withThrowingTaskGroup(of: SpoolReceipt.self) { group in
            for _ in 0..<50 { group.addTask { try await spool.append("1", key: "a") } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(receipts.count { !$0.isRepeated } == 1)
        #expect(try spool.text() == "1\n")
    }

    @Test func forgetsOldKeysAndTheirLogs() async throws {
        var limits = SpoolLimits()
        limits.rememberedSeconds = 7_200
        let spool = try spool(limits)
        _ = try await spool.append("1", key: "a")
        for _ in 0..<3 {
            try spool.remove(spool.seal())
            clock.advance(3_601)
            _ = try await spool.append("2")
        }
        #expect(scratch.names("spool").filter { $0.hasSuffix(".log") }.count == 1)
        #expect(try await !spool.append("1", key: "a").isRepeated)
    }

    @Test func tellsThatDataArrived() async throws {
        let spool = try spool()
        let arrivals = Counter()
        let signal = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        spool.whenDataArrives {
            arrivals.increase()
            signal.continuation.yield()
        }
        _ = try await spool.append("1", key: "a")
        for await _ in signal.stream { break }
        _ = try await spool.append("1", key: "a")
        spool.close()
        #expect(arrivals.value == 1)
    }

    @Test func manyAtOnceShareSynchronisations() async throws {
        let syncs = Counter()
        let spool = try Spool(scratch.path("spool"), limits: SpoolLimits(), now: clock.now) { descriptor in
            syncs.increase()
            return SpoolFile.system(descriptor)
        }
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<1_000 { group.addTask { _ = try? await spool.append("\(number)") } }
        }
        #expect(syncs.value < 1_000)
        let numbers = try spool.text().split(separator: "\n").compactMap { Int($0) }
        #expect(numbers.sorted() == Array(0..<1_000))
    }
}

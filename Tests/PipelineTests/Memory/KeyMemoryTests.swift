import Foundation
import Tables
import TestSupport
import Testing

@testable import Pipeline

/// A memory of keys tells repetitions, through restarts, batches given up, expiry and merged files.
struct KeyMemoryTests {
    private static let second: Int64 = 1_000_000
    private let scratch: Scratch
    private var folder: String { scratch.directory }

    init() throws { scratch = try Scratch() }

    private static func key(_ number: Int, seed: UInt64 = 7) -> Hash128 { Hash128(Int128(number), seed: seed) }

    private func open(
        _ files: [KeyFile] = [], within: Int64? = 1_600_000_000, watermark: Int64? = nil, name: String = "t"
    ) throws -> KeyMemory {
        try KeyMemory(folder: folder, name: name, within: within, seed: 7, files: files, watermark: watermark)
    }

    private func fileNames() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    }

    @Test func yieldsOneOfTwoWithinTheTime() {
        var memory = KeyMemory(within: 1_600_000_000)
        let isNew1 = memory.insert(Self.key(1), 10_000 * Self.second)
        #expect(isNew1)
        for time: Int64 in [10_000, 8_401, 11_599] {
            #expect(memory.contains(Self.key(1), time * Self.second))
            let isNew2 = memory.insert(Self.key(1), time * Self.second)
            #expect(!isNew2)
        }
        #expect(!memory.contains(Self.key(2), 10_000 * Self.second))
        // From 17/16 of the time on they are two.
        let isNew3 = memory.insert(Self.key(1), 11_700 * Self.second)
        #expect(isNew3)
        let isNew4 = memory.insert(Self.key(1), 8_299 * Self.second)
        #expect(isNew4)
        #expect(memory.count == 3)
    }

    /// What goes on although it is a repetition counts for others by its own time.
    @Test func remembersWhatIsLetThrough() throws {
        var memory = try open()
        memory.remember(Self.key(1), 10_000 * Self.second)
        memory.remember(Self.key(1), 11_500 * Self.second)
        memory.remember(Self.key(1), 11_500 * Self.second)
        #expect(memory.contains(Self.key(1), 13_000 * Self.second))
        #expect(memory.count == 2)
        let change = try memory.prepare(batch: 1, watermark: nil)
        #expect(change.added.map(\.keyCount) == [2])
        memory.rollBack()
        #expect(memory.count == 0)
    }

    /// What is recalled is there as long as the batch, and leaves no trace in the files.
    @Test(arguments: [false, true]) func recallsForABatch(_ isCommitted: Bool) throws {
        let hour = 3_600 * Self.second
        var memory = try open(watermark: 10 * hour)
        #expect(memory.hasForgotten(hour))
        #expect(!memory.hasForgotten(10 * hour))
        memory.recall(Self.key(1), hour)
        // This one would be remembered if it had ever been there.
        memory.recall(Self.key(2), 10 * hour)
        #expect(memory.contains(Self.key(1), hour))
        #expect(!memory.contains(Self.key(2), 10 * hour))
        let isNew = memory.insert(Self.key(1), hour)
        #expect(!isNew)
        let isOldNew = memory.insert(Self.key(3), hour)
        #expect(isOldNew)
        let change = try memory.prepare(batch: 1, watermark: nil)
        #expect(change.isEmpty)
        if isCommitted { memory.commit() } else { memory.rollBack() }
        #expect(memory.count == 0)
    }

    @Test func remembersForEverWithoutATime() {
        var memory = KeyMemory()
        let isNew5 = memory.insert(Self.key(1), .min)
        #expect(isNew5)
        let isNew6 = memory.insert(Self.key(1), .max)
        #expect(!isNew6)
    }

    @Test(arguments: [Int64.min, .min + 1, -1, 0, 1, .max - 1, .max]) func takesAnyTime(_ time: Int64) {
        for within: Int64 in [1, 15, 16, 17, 86_400_000_000, .max] {
            var memory = KeyMemory(within: within)
            let isNew7 = memory.insert(Self.key(1), time)
            #expect(isNew7)
            let isNew8 = memory.insert(Self.key(1), time)
            #expect(!isNew8)
        }
    }

    @Test func firstCopyOfABatchWins() {
        var memory = KeyMemory()
        let hashes = [1, 2, 1, 3, 2, 1].map { Self.key($0) }
        let rows = Bitmap([false, true, true, true, true, true])
        let repetitions = memory.settle(rows, hashes: hashes, times: .same(0))
        #expect(repetitions.first(9) == [4, 5])
        let second = memory.settle(rows, hashes: hashes, times: .same(0))
        #expect(second == rows)
    }

    @Test func forgetsABatchThatIsGivenUp() throws {
        var memory = try open()
        _ = memory.insert(Self.key(1), 0)
        _ = try memory.prepare(batch: 1, watermark: nil)
        memory.commit()
        _ = memory.insert(Self.key(2), 0)
        memory.rollBack()
        #expect(memory.contains(Self.key(1), 0))
        #expect(!memory.contains(Self.key(2), 0))
        _ = memory.insert(Self.key(3), 0)
        let change = try memory.prepare(batch: 2, watermark: nil)
        memory.rollBack()
        #expect(memory.count == 1)
        #expect(change.added.map(\.name) == ["keys-t-2.bin"])
        #expect(try fileNames() == ["keys-t-1.bin"])
    }

    @Test func sweepsWhatNobodyListed() throws {
        var memory = try open()
        _ = memory.insert(Self.key(1), 0)
        let change = try memory.prepare(batch: 1, watermark: nil)
        for name in [".keys-t-9.bin.tmp", "keys-t-2.bin", "keys-t-3m.bin", "keys-u-1p2.bin", "keys", "notes.bin"] {
            _ = try scratch.file("junk", name)
        }
        // Who only reads leaves what another process may be writing.
        let again = try open(change.added)
        #expect(try fileNames().count == 7)
        KeyFolder.sweep(folder, keeping: Set(again.fileNames))
        #expect(try fileNames() == ["keys", "keys-t-1.bin", "notes.bin"])
    }

    /// A memory that is filled is another one's equal: what was filled in outlives batches that are given up, and the process.
    @Test func isFilledWithWhatWentOnBefore() throws {
        let hour = 3_600 * Self.second
        func new() throws -> KeyMemory {
            var memory = try KeyMemory(
                folder: folder, name: "t", within: hour, seed: 7, files: nil, watermark: 10 * hour)
            memory.fill(
                Bitmap([true, true, false, true]), hashes: [1, 2, 3, 1].map { Self.key($0) },
                times: .each([10 * hour, hour, 10 * hour, 10 * hour + 1]))
            return memory
        }
        var memory = try new()
        #expect(memory.count == 1)
        _ = memory.insert(Self.key(4), 10 * hour)
        _ = try memory.prepare(batch: 1, watermark: 10 * hour)
        memory.rollBack()
        #expect(try fileNames().isEmpty)
        #expect(memory.contains(Self.key(1), 10 * hour) && !memory.contains(Self.key(4), 10 * hour))
        let isNew = memory.insert(Self.key(5), 10 * hour)
        #expect(isNew)
        let change = try memory.prepare(batch: 2, watermark: 10 * hour)
        memory.commit()
        #expect(change.added.map(\.name) == ["keys-t-2.bin"])
        let again = try open(change.added, within: hour, watermark: 10 * hour)
        #expect(again.contains(Self.key(1), 10 * hour) && again.contains(Self.key(5), 10 * hour))
        #expect(again.count == 2)
        // From now on a batch writes its own.
        _ = memory.insert(Self.key(6), 10 * hour)
        let next = try memory.prepare(batch: 3, watermark: 10 * hour)
        #expect(next.added.map(\.keyCount) == [1])
    }

    @Test func writesWhatWasFilledInPieces() throws {
        let count = 1_100_000
        var memory = try KeyMemory(folder: folder, name: "t", within: nil, seed: 7, files: nil, watermark: nil)
        memory.fill(
            Bitmap(repeating: true, count: count), hashes: (0..<count).map { Self.key($0) }, times: .same(0))
        let change = try memory.prepare(batch: 1, watermark: nil)
        memory.commit()
        #expect(change.added.map(\.name) == ["keys-t-1.bin", "keys-t-1p2.bin"])
        #expect(change.added.map(\.keyCount) == [1 << 20, count - (1 << 20)])
        let again = try open(change.added, within: nil)
        #expect(again.count == count)
    }

    @Test func namesAnyMemory() throws {
        var memory = try open(name: "gold/é *")
        _ = memory.insert(Self.key(1), 0)
        let change = try memory.prepare(batch: 1, watermark: nil)
        #expect(change.added.map(\.name) == ["keys-gold%2F%C3%A9%20%2A-1.bin"])
        let again = try open(change.added, name: "gold/é *")
        #expect(again.contains(Self.key(1), 0))
    }

    @Test func givesTheSameBytesForTheSameBatch() throws {
        func bytes(_ name: String) throws -> Data {
            var memory = try open(name: name)
            var random = SeededGenerator(seed: 3)
            for _ in 0..<5_000 {
                _ = memory.insert(
                    Self.key(Int.random(in: 0..<9_000, using: &random)),
                    Int64.random(in: 0..<3_000, using: &random) * Self.second)
            }
            let change = try memory.prepare(batch: 1, watermark: nil)
            return try Data(contentsOf: URL(fileURLWithPath: scratch.path(change.added[0].name)))
        }
        #expect(try bytes("a") == bytes("b"))
    }

    @Test func filesReadBackFromTheirJSON() throws {
        var memory = try open()
        _ = memory.insert(Self.key(1), (946_684_800 - 5_000) * Self.second)
        _ = memory.insert(Self.key(2), (946_684_800 + 5_000) * Self.second)
        let file = try memory.prepare(batch: 1, watermark: nil).added[0]
        #expect(JSON(text: file.json.text()).flatMap { KeyFile($0) } == file)
        #expect(
            file.json.text() == #"{"name":"keys-t-1.bin","bytes":120,"keys":2,"first_bucket":-50,"last_bucket":50}"#)
        #expect(KeyFile(.object([])) == nil)
        #expect(JSON(text: file.json.text().replacing("keys-t", with: "../t")).flatMap { KeyFile($0) } == nil)
    }

    // MARK: A model

    /// Every key with the buckets it was let through in.
    private struct Model {
        var seen: [Int: [Int64]] = [:]
        let width: Int64?

        func bucket(_ time: Int64) -> Int64 {
            width.map { Int64((Double(time - 946_684_800_000_000) / Double($0)).rounded(.down)) } ?? 0
        }

        mutating func insert(_ key: Int, _ time: Int64) -> Bool {
            let bucket = bucket(time)
            if seen[key, default: []].contains(where: { abs($0 - bucket) <= 16 }) { return false }
            seen[key, default: []].append(bucket)
            return true
        }

        mutating func expire(_ watermark: Int64) {
            guard width != nil else { return }
            seen = seen.mapValues { $0.filter { $0 >= bucket(watermark) - 16 } }.filter { !$0.value.isEmpty }
        }
    }

    @Test(arguments: 1...24 as ClosedRange<UInt64>) func doesWhatAModelDoes(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let within: Int64? = random.chance(25) ? nil : 1_600_000_000
        var model = Model(width: within.map { $0 / 16 })
        var listed: [KeyFile] = []
        var watermark: Int64?
        var memory = try open(within: within)
        // Before and after 2000.
        var clock: Int64 = (946_684_800 - 3_000) * Self.second
        var merged = false
        for batch: Int64 in 1...120 {
            clock += Int64.random(in: 0...90, using: &random) * Self.second
            var tried = model
            for _ in 0..<Int.random(in: 0...40, using: &random) {
                let key = Int.random(in: 0..<400, using: &random)
                let time = max(watermark ?? .min, clock + Int64.random(in: -700...200, using: &random) * Self.second)
                let (isNew, isNewToModel) = (memory.insert(Self.key(key), time), tried.insert(key, time))
                try #require(isNew == isNewToModel, "seed \(seed), batch \(batch)")
            }
            if random.chance(15) {
                if random.chance(50) { _ = try memory.prepare(batch: batch, watermark: clock - 500 * Self.second) }
                memory.rollBack()
                continue
            }
            let change = try memory.prepare(batch: batch, watermark: clock - 500 * Self.second)
            if random.chance(10) {
                // Killed before the commit.
                memory = try open(listed, within: within, watermark: watermark)
                continue
            }
            merged = merged || change.added.contains { $0.name.hasSuffix("m.bin") }
            listed = listed.filter { !change.removed.contains($0) } + change.added
            watermark = max(watermark ?? .min, clock - 500 * Self.second)
            model = tried
            model.expire(clock - 500 * Self.second)
            if random.chance(10) {
                // Killed behind it.
                memory = try open(listed, within: within, watermark: watermark)
            } else {
                memory.commit()
            }
            try #require(memory.count == model.seen.reduce(0) { $0 + $1.value.count }, "seed \(seed), batch \(batch)")
            #expect(listed.count < 40)
        }
        #expect(merged || within != nil, "seed \(seed)")
        memory = try open(listed, within: within, watermark: watermark)
        KeyFolder.sweep(folder, keeping: Set(memory.fileNames))
        #expect(try Set(fileNames()) == Set(listed.map(\.name)))
        #expect(memory.count == model.seen.reduce(0) { $0 + $1.value.count })
    }

    // MARK: Size

    @Test func takesAtMostThirtyTwoBytesAKey() throws {
        var memory = try open(within: 86_400_000_000)
        var number = 0
        for batch: Int64 in 1...5 {
            for _ in 0..<200_000 {
                _ = memory.insert(Self.key(number), Int64(number) * 1_000)
                number += 1
            }
            _ = try memory.prepare(batch: batch, watermark: nil)
            memory.commit()
            #expect(memory.byteCount <= 32 * memory.count, "\(memory.byteCount) bytes for \(memory.count) keys")
        }
        #expect(memory.count == 1_000_000)
    }

    @Test func givesMemoryBack() throws {
        var memory = try open()
        for number in 0..<100_000 { _ = memory.insert(Self.key(number), Int64(number / 10) * Self.second) }
        _ = try memory.prepare(batch: 1, watermark: nil)
        memory.commit()
        let full = memory.byteCount
        _ = try memory.prepare(batch: 2, watermark: 9_900 * Self.second)
        memory.commit()
        #expect(memory.count == 17_000)
        #expect(memory.byteCount < full / 4)
    }

    // MARK: Damage

    @Test func refusesDamagedFiles() throws {
        var memory = try open()
        for number in 0..<50 { _ = memory.insert(Self.key(number), Int64(number) * 100 * Self.second) }
        let file = try memory.prepare(batch: 1, watermark: nil).added[0]
        let url = URL(fileURLWithPath: scratch.path(file.name))
        let sound = try Data(contentsOf: url)
        func outcome(_ bytes: Data) throws -> String {
            try bytes.write(to: url)
            do {
                _ = try open([file])
                return "read"
            } catch let error as SourceError {
                return scratch.line(error.summary)
            }
        }
        #expect(try outcome(sound) == "read")
        #expect(
            try outcome(sound.dropLast(1))
                == "keys-t-1.bin: the file of keys is damaged: it has \(sound.count - 1) bytes, and \(sound.count) were written [corrupt]"
        )
        var random = SeededGenerator(seed: 1)
        for _ in 0..<300 {
            var bytes = sound
            let place = Int.random(in: 0..<bytes.count, using: &random)
            bytes[place] ^= UInt8.random(in: 1...255, using: &random)
            let said = try outcome(bytes)
            // Four bytes behind the head's check sum are there for alignment.
            let head = 32 + 24 * 50
            #expect(
                said.hasPrefix("keys-t-1.bin: the file of keys is damaged: it")
                    || (head + 4..<head + 8).contains(place), "\(said) \(place)")
        }
        try FileManager.default.removeItem(at: url)
        #expect(throws: SourceError.self) { try open([file]) }
    }

    @Test func refusesKeysOfAnotherKind() throws {
        var memory = try open()
        _ = memory.insert(Self.key(1), 0)
        let files = try memory.prepare(batch: 1, watermark: nil).added
        func message(_ body: () throws -> KeyMemory) -> String {
            do { return "\(try body().count)" } catch { return (error as? SourceError)?.message ?? "" }
        }
        #expect(
            message { try open(files, within: 3_200_000_000) }
                == "the file of keys is damaged: its time buckets are 100000000 µs wide, and 200000000 µs are wanted")
        #expect(
            message {
                try KeyMemory(folder: folder, name: "t", within: 1_600_000_000, seed: 8, files: files, watermark: nil)
            } == "the file of keys is damaged: its keys are hashes of another seed")
    }
}

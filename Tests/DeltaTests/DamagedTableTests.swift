import Foundation
import Tables
import TestSupport
import Testing

@testable import Delta

/// Damaged logs, checkpoints and deletion vectors: whatever their bytes say, a table is read or refused, soon and in little memory.
///
/// A fiftieth of `ASSAY_FUZZ_CASES` is tried (400 where it isn't set), and `ASSAY_FUZZ_SEED` is the first; the seed that is
/// tried is in `assay-fuzz-delta-seed` in the directory of temporary files, for the case that the process dies of it.
@Suite("Damaged Delta tables") struct DamagedTableTests {
    private let folder: Scratch
    private var path: String { folder.directory + "/t" }

    init() throws { folder = try Scratch() }

    @Test func areReadOrRefused() throws {
        let environment = ProcessInfo.processInfo.environment
        let count = environment["ASSAY_FUZZ_CASES"].flatMap { Int($0) }.map { max(1, $0 / 50) } ?? 400
        let first = environment["ASSAY_FUZZ_SEED"].flatMap { UInt64($0) } ?? 1
        let originals = try table()
        let note = try FileHandle(forWritingTo: Self.note())
        let clock = ContinuousClock()
        var refused = 0
        for seed in first..<(first + UInt64(count)) {
            var random = SeededGenerator(seed: seed)
            let name = originals.keys.sorted()[Int.random(in: 0..<originals.count, using: &random)]
            let whole = originals[name] ?? []
            try folder.file(Self.damaged(whole, &random), name)
            try note.seek(toOffset: 0)
            note.write(Data("\(seed)          ".utf8))
            let time = clock.measure { if !read() { refused += 1 } }
            #expect(time < .seconds(180), "seed \(seed), of \(name), took \(time)")
            try folder.file(whole, name)
        }
        #expect(read(), "the table is whole again")
        #expect(refused > 0)
    }

    /// A table with all that a log can have; by name, the files that are damaged.
    private func table() throws -> [String: [UInt8]] {
        let schema = DeltaSchema([
            DeltaField("n", .integer), DeltaField("day", .date), DeltaField("s", .string),
            DeltaField("l", .array(.structure([DeltaField("x", .double)]), containsNull: true)),
        ])
        let table = try DeltaTable.create(path, schema: schema, partitionedBy: ["day"], now: WrittenTable.now)
        for batch in 0..<3 {
            let writer = try DataFileWriter(
                table: table, schema: schema, partitionedBy: ["day"], stem: "b\(batch)", time: Int64(batch))
            let rows: [[Value]] = (0..<20).map { row in
                [.integer(Int128(row)), .date(days: batch), .text("é\(row)"), .text(#"[{"x":1.5},null]"#)]
            }
            try writer.append(WrittenTable.batch(rows, schema))
            let files = try writer.finish()
            for file in files { try file.publish() }
            _ = try table.commit(files.map(\.add), of: AppTransaction(appID: "a", version: Int64(batch)), now: 1)
            if batch == 1 { try table.checkpoint(now: 1) }
        }
        let file = try #require(try table.snapshot().files.first)
        let vectors = VectorWriter.file([
            VectorWriter.bytes([1, 3, 19]), VectorWriter.bytes(Set(0..<7), runs: true),
        ])
        let name = "deletion_vector_00070e15-1c23-2a31-383f-464d545b6269.bin"
        try folder.file(vectors.bytes, "t/\(name)")
        let vector = DeletionVectorDescriptor(
            storage: .relative, pathOrInline: Z85.encode((0..<16).map { $0 * 7 }), offset: vectors.offsets[1],
            sizeInBytes: Int32(VectorWriter.bytes(Set(0..<7), runs: true).count), cardinality: 7)
        let again = AddFile(
            path: file.path, partitionValues: file.partitionValues, size: file.size, modificationTime: 9,
            stats: file.stats, deletionVector: vector)
        try folder.file(
            [
                LogFixture.version(3, 7, features: ["deletionVectors"]),
                Action.remove(RemoveFile(file, at: 1)).json.text(), Action.add(again).json.text(),
            ].joined(separator: "\n"), "t/" + LogFixture.name(4))
        var originals: [String: [UInt8]] = [:]
        let log = try FileManager.default.contentsOfDirectory(atPath: path + "/_delta_log").map { "t/_delta_log/\($0)" }
        for name in log + ["t/\(name)"] {
            originals[name] = Array(try Data(contentsOf: URL(fileURLWithPath: "\(folder.directory)/\(name)")))
        }
        return originals
    }

    /// Everything that is asked of a table; whether it was read to the end.
    private func read() -> Bool {
        do {
            let table = try DeltaTable(path)
            _ = try table.history()
            for choice in [DeltaTable.VersionChoice.latest, .version(2), .timestamp(microseconds: .max)] {
                let snapshot = try table.snapshot(choice)
                _ = (snapshot.rowCount, snapshot.byteCount, snapshot.writingRefusal)
                for file in snapshot.files.prefix(50) { _ = snapshot.statistics(of: file) }
                let source = try DeltaSource(snapshot)
                _ = (source.outlines.count, source.descriptions, try source.additions(after: 0))
                let needs = source.schema.fields.indices.map { ($0, [.values, .text] as ColumnNeed) }
                let worker = try source.open(Projection(Dictionary(uniqueKeysWithValues: needs)), ordinals: nil)
                    .makeWorker()
                for _ in 0..<20 { _ = try worker.next() }
            }
            _ = try table.vacuum(isRehearsal: true, now: 1)
            return true
        } catch { return false }
    }

    private static func note() throws -> URL {
        let url = FileManager.default.temporaryDirectory.appending(path: "assay-fuzz-delta-seed")
        try Data().write(to: url)
        return url
    }

    /// Bytes changed, put in, taken out and moved; of text also numbers that are too large.
    private static func damaged(_ original: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
        var bytes = original
        for _ in 0...Int.random(in: 0...3, using: &random) where !bytes.isEmpty {
            let place = Int.random(in: bytes.indices, using: &random)
            let end = min(bytes.count, place + Int.random(in: 1...24, using: &random))
            switch Int.random(in: 0..<8, using: &random) {
            case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            case 1:
                bytes[place] = [0, 0x22, 0x30, 0x39, 0x5B, 0x7B, 0x7F, 0x80, 0xFF].randomElement(using: &random) ?? 0
            case 2: bytes.removeSubrange(place..<end)
            case 3: bytes.insert(contentsOf: bytes[place..<end], at: place)
            case 4: bytes.insert(contentsOf: "99999999999999999999".utf8, at: place)
            case 5: bytes.insert(contentsOf: "-1".utf8, at: place)
            case 6: bytes.removeLast(bytes.count - place)
            default:
                let number = UInt32.random(in: .min ... .max, using: &random) | 0x4000_0000
                for (offset, byte) in withUnsafeBytes(of: number, { Array($0) }).enumerated()
                where place + offset < bytes.count { bytes[place + offset] = byte }
            }
        }
        return bytes
    }
}

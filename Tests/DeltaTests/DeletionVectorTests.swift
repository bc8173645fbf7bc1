import Foundation
import Tables
import TestSupport
import Testing

@testable import Delta

/// Writes vectors as the format's specification has them, for tests.
enum VectorWriter {
    /// The rows as a portable RoaringBitmapArray; `runs` for containers of runs where they are possible.
    static func bytes(_ rows: Set<UInt64>, runs: Bool = false) -> [UInt8] {
        var bytes: [UInt8] = []
        append(UInt32(1_681_511_377), to: &bytes)
        let groups = Dictionary(grouping: rows) { $0 >> 32 }
        append(UInt64(groups.count), to: &bytes)
        for (key, rows) in groups.sorted(by: { $0.key < $1.key }) {
            append(UInt32(key), to: &bytes)
            bytes += bitmap(rows.map { UInt32(truncatingIfNeeded: $0) }.sorted(), runs: runs)
        }
        return bytes
    }

    private static func bitmap(_ rows: [UInt32], runs: Bool) -> [UInt8] {
        let containers = Dictionary(grouping: rows) { $0 >> 16 }.sorted { $0.key < $1.key }
        var head: [UInt8] = []
        if runs {
            append(UInt32(12_347) | UInt32(containers.count - 1) << 16, to: &head)
            // Every other container is one of runs.
            var flags = [UInt8](repeating: 0, count: (containers.count + 7) / 8)
            for place in stride(from: 0, to: containers.count, by: 2) { flags[place / 8] |= 1 << UInt8(place % 8) }
            head += flags
        } else {
            append(UInt32(12_346), to: &head)
            append(UInt32(containers.count), to: &head)
        }
        for (key, rows) in containers {
            append(UInt16(key), to: &head)
            append(UInt16(rows.count - 1), to: &head)
        }
        let bodies = containers.enumerated().map { place, container in
            body(container.value.map { UInt16(truncatingIfNeeded: $0) }, runs: runs && place % 2 == 0)
        }
        if !runs || containers.count >= 4 {
            var offset = head.count + 4 * containers.count
            for body in bodies {
                append(UInt32(offset), to: &head)
                offset += body.count
            }
        }
        return head + bodies.flatMap(\.self)
    }

    private static func body(_ rows: [UInt16], runs: Bool) -> [UInt8] {
        var bytes: [UInt8] = []
        if runs {
            var found: [(UInt16, UInt16)] = []
            for row in rows {
                if let last = found.last, last.1 &+ 1 == row, row > 0 {
                    found[found.count - 1].1 = row
                } else {
                    found.append((row, row))
                }
            }
            append(UInt16(found.count), to: &bytes)
            for (first, last) in found {
                append(first, to: &bytes)
                append(last - first, to: &bytes)
            }
        } else if rows.count > 4_096 {
            var words = [UInt64](repeating: 0, count: 1_024)
            for row in rows { words[Int(row) / 64] |= 1 << UInt64(row % 64) }
            for word in words { append(word, to: &bytes) }
        } else {
            for row in rows { append(row, to: &bytes) }
        }
        return bytes
    }

    static func append(_ number: some FixedWidthInteger, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: number.littleEndian) { bytes += $0 }
    }

    /// A file of vectors, and the offset of each.
    static func file(_ vectors: [[UInt8]]) -> (bytes: [UInt8], offsets: [Int32]) {
        var bytes: [UInt8] = [1]
        var offsets: [Int32] = []
        for vector in vectors {
            offsets.append(Int32(bytes.count))
            withUnsafeBytes(of: UInt32(vector.count).bigEndian) { bytes += $0 }
            bytes += vector
            withUnsafeBytes(of: CRC32.checksum(vector).bigEndian) { bytes += $0 }
        }
        return (bytes, offsets)
    }
}

@Suite struct DeletionVectorTests {
    private func rows(_ set: RowSet, below limit: Int) -> [Int] { set.bitmap(from: 0, count: limit).first(limit) }

    @Test func codesZ85() {
        // The example of RFC 32.
        let bytes: [UInt8] = [0x86, 0x4F, 0xD2, 0x6F, 0xB5, 0x59, 0xF7, 0x5B]
        #expect(Z85.encode(bytes) == "HelloWorld")
        #expect(Z85.decode("HelloWorld") == bytes)
        for text in ["Hello", "", "0000000000"] { #expect(Z85.decode(text).map { Z85.encode($0) } == text) }
        for text in ["Hell", "Hell\u{E9}", "Hel~o", "#####", "%nSc1"] { #expect(Z85.decode(text) == nil, "\(text)") }
    }

    @Test func sumsAsGzipDoes() { #expect(CRC32.checksum(Array("123456789".utf8)) == 0xCBF4_3926) }

    @Test func namesTheFileByItsUUID() throws {
        // The example of the protocol.
        let vector = DeletionVectorDescriptor(
            storage: .relative, pathOrInline: "ab^-aqEH.-t@S}K{vb[*k^", offset: 4, sizeInBytes: 40, cardinality: 6)
        #expect(
            try vector.path(table: "/t") == "/t/ab/deletion_vector_d2c639aa-8816-431a-aaf6-d3fe2512ff61.bin")
        #expect(vector.uniqueID == "uab^-aqEH.-t@S}K{vb[*k^@4")
    }

    @Test func readsAnInlineVectorOfAnotherWriter() throws {
        let vector = DeletionVectorDescriptor(
            storage: .inline, pathOrInline: "^Bg9^0rr910000000000iXQKl0rr91000f55c8Xg0@@D72lkbi5=-{L", offset: nil,
            sizeInBytes: 44, cardinality: 6)
        #expect(rows(try DeletionVector.read(vector, table: "t"), below: 100) == [3, 4, 7, 11, 18, 29])
    }

    static let sets: [[UInt64]] = [
        [], [0], [65_535, 65_536], Array(0..<5_000), Array(stride(from: 0, to: 200_000, by: 2)),
        Array(60_000..<400_000),
        [1, 1 << 32, 1 << 32 + 5, 1 << 33], [UInt64(UInt32.max)],
    ]

    @Test(arguments: sets, [false, true]) func readsWhatIsWritten(_ numbers: [UInt64], _ runs: Bool) throws {
        guard !numbers.isEmpty || !runs else { return }
        let bytes = VectorWriter.bytes(Set(numbers), runs: runs)
        let set = try RoaringReader.rows(bytes)
        #expect(set.count == numbers.count)
        #expect(set.last == numbers.max().map { Int($0) })
        let small = numbers.filter { $0 < 500_000 }.map(Int.init)
        #expect(rows(set, below: 500_000) == small)
        let inSet = Set(small)
        let others = (0..<500_000).filter { !inSet.contains($0) }
        for index in [0, 1, 2_499, 65_534, 99_999] where numbers.allSatisfy({ $0 < 500_000 }) {
            #expect(set.complement(index) == (index < others.count ? others[index] : index + small.count))
        }
        // Any window gives the same.
        for (first, count) in [(0, 0), (1, 63), (65_000, 1_000), (100_001, 4_096), (1 << 32, 10)] {
            let window = set.bitmap(from: first, count: count).first(count).map { $0 + first }
            #expect(window == numbers.map(Int.init).filter { $0 >= first && $0 < first + count })
        }
    }

    @Test func readsFromAFile() throws {
        let folder = try Scratch()
        let vectors = [VectorWriter.bytes([1, 2, 3]), VectorWriter.bytes([9], runs: true)]
        let (bytes, offsets) = VectorWriter.file(vectors)
        let uuid: [UInt8] = (0..<16).map { $0 * 7 }
        try folder.file(bytes, "pre/deletion_vector_00070e15-1c23-2a31-383f-464d545b6269.bin")
        func descriptor(_ index: Int, cardinality: Int64, offset: Int32? = nil) -> DeletionVectorDescriptor {
            DeletionVectorDescriptor(
                storage: .relative, pathOrInline: "pre" + Z85.encode(uuid), offset: offset ?? offsets[index],
                sizeInBytes: Int32(vectors[index].count), cardinality: cardinality)
        }
        let place = "\(folder.directory)/pre/deletion_vector_00070e15-1c23-2a31-383f-464d545b6269.bin"
        #expect(
            rows(try DeletionVector.read(descriptor(0, cardinality: 3), table: folder.directory), below: 9) == [
                1, 2, 3,
            ])
        #expect(rows(try DeletionVector.read(descriptor(1, cardinality: 1), table: folder.directory), below: 10) == [9])
        #expect(
            throws: DeltaError(.corrupt, "a deletion vector has 3 rows, and the log says 4", place: place)
        ) { try DeletionVector.read(descriptor(0, cardinality: 4), table: folder.directory) }
        #expect(throws: DeltaError(.corrupt, "a deletion vector doesn't match its length", place: place)) {
            try DeletionVector.read(descriptor(0, cardinality: 3, offset: 2), table: folder.directory)
        }
        #expect(throws: DeltaError(.truncated, "a deletion vector ends early", place: place)) {
            try DeletionVector.read(descriptor(0, cardinality: 3, offset: 99), table: folder.directory)
        }
        var damaged = bytes
        damaged[8] ^= 1
        try folder.file(damaged, "pre/deletion_vector_00070e15-1c23-2a31-383f-464d545b6269.bin")
        #expect(throws: DeltaError(.corrupt, "a deletion vector doesn't match its checksum", place: place)) {
            try DeletionVector.read(descriptor(0, cardinality: 3), table: folder.directory)
        }
    }

    @Test func neverFailsOnDamage() {
        var random = SeededGenerator(seed: 11)
        let whole = [
            VectorWriter.bytes(Set(0..<300).union([70_000, 1 << 32])),
            VectorWriter.bytes(Set(0..<90_000).union(200_000..<200_100), runs: true),
        ]
        for round in 0..<4_000 {
            var bytes = whole[round % 2]
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                // Mostly the heads, where the lengths are.
                let place = Int.random(
                    in: 0..<(Bool.random(using: &random) ? min(48, bytes.count) : bytes.count), using: &random)
                bytes[place] = UInt8.random(in: .min ... .max, using: &random)
            }
            if round % 3 == 0 { bytes.removeLast(Int.random(in: 0..<bytes.count, using: &random)) }
            guard let set = try? RoaringReader.rows(bytes) else { continue }
            _ = (set.count, set.bitmap(from: 65_000, count: 5_000))
        }
    }
}

import Files
import Testing

@Suite("Codecs of blocks")
struct BlockCodecTests {
    private static let blocks: [[UInt8]] = [
        [], [42], Array("abcabcabcabcabcabcabcabcabc".utf8),
        (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 3) },
    ]

    private func unpacked(_ codec: BlockCodec, _ packed: [UInt8], count: Int) throws(BlockCodecError) -> [UInt8] {
        let room = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 1)
        defer { room.deallocate() }
        let input = UnsafeMutableRawBufferPointer.allocate(byteCount: packed.count, alignment: 1)
        defer { input.deallocate() }
        input.copyBytes(from: packed)
        try BlockUnpacker(codec).unpack(UnsafeRawBufferPointer(input), into: room)
        return Array(room)
    }

    private func packed(_ codec: BlockCodec, _ block: [UInt8]) throws -> [UInt8] {
        try block.withUnsafeBytes { try BlockPacker(codec).pack($0) }
    }

    @Test(arguments: BlockCodec.allCases) func whatIsPackedUnpacks(_ codec: BlockCodec) throws {
        for block in Self.blocks {
            let packed = try packed(codec, block)
            #expect(try unpacked(codec, packed, count: block.count) == block)
            if let most = codec.maximumUnpackedCount(packed.count) { #expect(block.count <= most) }
        }
    }

    @Test(arguments: BlockCodec.allCases) func refusesOtherSizesThanAnnounced(_ codec: BlockCodec) throws {
        let block = Self.blocks[2]
        let packed = try packed(codec, block)
        for count in [block.count - 1, block.count + 1] {
            #expect(throws: BlockCodecError.self) { try unpacked(codec, packed, count: count) }
        }
        #expect(throws: BlockCodecError.self) { try unpacked(codec, Array(packed.dropLast()), count: block.count) }
        #expect(throws: BlockCodecError.self) { try unpacked(codec, [], count: 1) }
    }

    @Test func gzipHasMembers() throws {
        let packed = try packed(.gzip, [1, 2]) + packed(.gzip, []) + packed(.gzip, [3])
        #expect(try unpacked(.gzip, packed, count: 3) == [1, 2, 3])
    }

    @Test func hadoopFramesSeveralBlocks() throws {
        let first = Self.blocks[2]
        let packed = try packed(.lz4, first) + packed(.lz4, [7, 7])
        #expect(try unpacked(.lz4, packed, count: first.count + 2) == first + [7, 7])
        // Others write a block without a frame by the same name.
        #expect(try unpacked(.lz4, try self.packed(.lz4Raw, first), count: first.count) == first)
    }

    @Test func checksumsAreThoseOfGzip() {
        #expect(Array("123456789".utf8).withUnsafeBytes { crc32(of: $0) } == 0xCBF4_3926)
    }
}
